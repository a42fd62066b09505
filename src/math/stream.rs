//! Random numbers that are the same everywhere.

/// A small seeded stream (SplitMix64) for choices between equals and for samples.
///
/// Source: Steele, Lea, Flood 2014, OOPSLA, *Fast splittable pseudorandom number generators*.
#[derive(Clone, Debug)]
pub struct Stream(u64);

impl Stream {
    /// The stream called `name` of a seed.
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a keeps streams of different names apart under one seed.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed ^ hash)
    }

    /// The stream of that number below the name: each run, row or column can have its own, at any time.
    pub fn numbered(seed: u64, name: &str, number: u64) -> Self {
        // The named stream, moved forward by the number in one step; what it gives there starts the other.
        let mut named = Self::new(seed, name);
        named.0 = named.0.wrapping_add(GAMMA.wrapping_mul(number));
        Self(named.next())
    }

    /// A number from `0..n`; `n` > 0. The bias of the multiplication is below n / 2⁶⁴.
    pub fn below(&mut self, n: usize) -> usize {
        let wide = u128::from(self.next()) * n as u128;
        usize::try_from(wide >> 64).expect("below n, which is a usize")
    }

    /// A number from (0, 1), never its ends.
    pub fn uniform(&mut self) -> f64 {
        // The upper 52 bits, moved by half of a step: exact, and neither 0 nor 1.
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// A draw from the standard normal distribution (mean 0, variance 1).
    ///
    /// Source: Box and Muller 1958, Annals of Mathematical Statistics 29:610–611.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * super::ln(self.uniform())).sqrt();
        radius * super::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    /// The next 64 random bits.
    #[allow(
        clippy::should_implement_trait,
        reason = "it never ends, and is no iterator"
    )]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        mix(self.0)
    }
}

/// SplitMix64's scrambling of a counter: one-to-one, each bit of the result depends on all bits of the argument.
pub fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// SplitMix64's step, 2⁶⁴ over the golden ratio, odd.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_that_of_its_seed_and_name_and_even() {
        let counts = |seed, name| {
            let mut stream = Stream::new(seed, name);
            let mut counts = [0_u32; 3];
            (0..30_000).for_each(|_| counts[stream.below(3)] += 1);
            counts
        };
        // Five standard deviations of a binomial with n = 30 000 and p = 1/3 are 408.
        assert!(
            counts(0, "a")
                .iter()
                .all(|count| count.abs_diff(10_000) < 408)
        );
        assert_eq!(counts(7, "a"), counts(7, "a"));
        assert_ne!(counts(7, "a"), counts(7, "b"));
        assert_ne!(counts(7, "a"), counts(8, "a"));
    }

    #[test]
    fn numbered_streams_differ_and_are_even() {
        // Their first numbers, in tenths: five standard deviations of a binomial with n = 30 000 and p = 1/10 are 260.
        let mut counts = [0_u32; 10];
        for number in 0..30_000 {
            counts[Stream::numbered(3, "runs", number).below(10)] += 1;
        }
        assert!(
            counts.iter().all(|count| count.abs_diff(3_000) < 260),
            "{counts:?}"
        );
        let first = |seed, name, number| Stream::numbered(seed, name, number).next();
        assert_eq!(first(3, "runs", 7), first(3, "runs", 7));
        assert_ne!(first(3, "runs", 7), first(3, "runs", 8));
        assert_ne!(first(3, "runs", 7), first(4, "runs", 7));
        assert_ne!(first(3, "runs", 7), first(3, "rows", 7));
    }

    #[test]
    fn normal_draws_have_the_moments_and_tails_of_their_distribution() {
        let mut stream = Stream::new(5, "normal");
        let n = 40_000;
        let draws: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let moment = |power: i32| {
            let powers = draws
                .iter()
                .map(|x| (0..power).fold(1.0, |product, _| product * x));
            powers.sum::<f64>() / f64::from(n)
        };
        // Four standard errors: the variances of the first, second and fourth power are 1, 2 and 96.
        let reach = 4.0 / f64::from(n).sqrt();
        assert!(moment(1).abs() < reach);
        assert!((moment(2) - 1.0).abs() < reach * 2.0_f64.sqrt());
        assert!((moment(4) - 3.0).abs() < reach * 96.0_f64.sqrt());
        let beyond = draws.iter().filter(|x| x.abs() > 1.96).count();
        assert!(beyond.abs_diff(2_000) < 180, "{beyond}");
    }

    #[test]
    fn the_generator_is_splitmix64() {
        // First outputs for the state 1234567, as published with the algorithm.
        let mut stream = Stream(1_234_567);
        assert_eq!(stream.next(), 6_457_827_717_110_365_317);
        assert_eq!(stream.next(), 3_203_168_211_198_807_973);
    }
}
