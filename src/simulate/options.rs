//! How to integrate.

use crate::math;

/// Choices of a run that do not change what is simulated, only how.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Relative tolerance per step.
    pub rtol: f64,
    /// Absolute tolerance per step, relative to each state's nominal value.
    pub atol: f64,
    /// The integrator.
    pub method: Method,
    /// Longest step, in the model's time unit.
    pub max_step: f64,
    /// Most steps, accepted and rejected, before the run is given up.
    pub max_steps: u64,
    /// Order of simultaneous events of equal priority.
    pub event_order: EventOrder,
    /// Seed of the named random streams.
    pub seed: u64,
    /// What runs the equations. Changes no bit of any number, and is in no record for that reason.
    pub kernels: Kernels,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rtol: 1e-6,
            atol: 1e-9,
            method: Method::Rodas5P,
            max_step: f64::INFINITY,
            max_steps: 10_000_000,
            event_order: EventOrder::Random,
            seed: 0,
            kernels: Kernels::Auto,
        }
    }
}

/// The integrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Rosenbrock, order 5, stiff and not, everything a model may contain.
    Rodas5P,
    /// Dormand–Prince 5(4), explicit, smooth non-stiff models only.
    Dopri5,
    /// Dormand–Prince 8(5,3), explicit, smooth non-stiff models only.
    Dop853,
}

/// What runs the equations; all give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernels {
    /// Machine code for runs side by side, and for single runs once they are long enough to repay making it.
    Auto,
    /// The interpreter.
    Tape,
    /// Machine code from the first step, where the processor has what it needs.
    Native,
}

/// The order of simultaneous events of equal priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventOrder {
    /// Drawn from the seed, as SBML asks.
    Random,
    /// As in the file.
    File,
}

/// A small seeded stream (SplitMix64) for choices between equals.
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
        let radius = (-2.0 * math::ln(self.uniform())).sqrt();
        radius * math::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

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
