//! Seeded variation: the same draw for the same number of the same entry on the same day, whatever else the file holds.

use crate::math;

/// Draws are cut at this many standard deviations.
pub(super) const CUT: f64 = 3.0;

/// Whether numbers vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Draws {
    AsWritten,
    Seeded,
}

/// A number that may vary from one occurrence to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub mean: f64,
    /// Standard deviation; 0 for a plain number.
    pub sd: f64,
    /// What it can be.
    pub bounds: (f64, f64),
    /// Which number of its entry it is.
    pub which: u32,
}

impl Number {
    /// A number that does not vary.
    pub fn plain(mean: f64) -> Self {
        Self {
            mean,
            sd: 0.0,
            bounds: (f64::NEG_INFINITY, f64::INFINITY),
            which: 0,
        }
    }

    /// Its value in one occurrence, or as written.
    pub fn drawn(&self, draws: Draws, key: u64, day: i32) -> f64 {
        match draws {
            Draws::AsWritten => self.mean,
            Draws::Seeded => self.on(key, day),
        }
    }

    /// Its value in one occurrence.
    ///
    /// * `key` — of the entry, see [`named`]
    /// * `day` — of the occurrence
    pub fn on(&self, key: u64, day: i32) -> f64 {
        if self.sd == 0.0 {
            return self.mean;
        }
        let stream = mixed(mixed(key, day as u64), u64::from(self.which));
        let (low, high) = self.bounds;
        (self.mean + self.sd * normal(stream)).clamp(low, high)
    }
}

/// The key of the stream called `name` below another key (FNV-1a).
pub(super) fn named(key: u64, name: &str) -> u64 {
    let start = key ^ 0xcbf2_9ce4_8422_2325;
    name.bytes().fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Two keys made one (the finaliser of SplitMix64).
fn mixed(key: u64, with: u64) -> u64 {
    let mut z = key ^ with.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A draw of the standard normal distribution, cut at [`CUT`]: Box and Muller 1958, Ann Math Stat 29:610–611.
fn normal(mut state: u64) -> f64 {
    loop {
        let radius = (-2.0 * math::ln(uniform(&mut state))).sqrt();
        let z = radius * math::cos(std::f64::consts::TAU * uniform(&mut state));
        if z.abs() <= CUT {
            return z;
        }
    }
}

/// In (0, 1]: SplitMix64, 53 bits.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    ((mixed(*state, 0) >> 11) + 1) as f64 / 9_007_199_254_740_992.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_normal_cut_at_three_deviations() {
        let n = 20_000;
        let draws: Vec<f64> = (0..n).map(|i| normal(mixed(7, i))).collect();
        let mean = draws.iter().sum::<f64>() / n as f64;
        let variance = draws.iter().map(|z| (z - mean) * (z - mean)).sum::<f64>() / n as f64;
        // The variance of a normal cut at 3 is 1 − 6 φ(3) / (2 Φ(3) − 1) = 0.9733; bounds are four standard errors.
        assert!(mean.abs() < 0.028, "{mean}");
        assert!((variance - 0.9733).abs() < 0.037, "{variance}");
        assert!(draws.iter().all(|z| z.abs() <= 3.0));
        // P(|z| < 1) of the cut normal: 0.6827 / 0.9973 = 0.6845.
        let near = draws.iter().filter(|z| z.abs() < 1.0).count() as f64 / n as f64;
        assert!((near - 0.6845).abs() < 0.0132, "{near}");
    }

    #[test]
    fn a_draw_depends_on_key_day_and_number_alone() {
        let number = Number {
            mean: 60.0,
            sd: 6.0,
            bounds: (0.0, 100.0),
            which: 1,
        };
        let other = Number { which: 2, ..number };
        let key = named(1, "breakfast");
        assert_eq!(number.on(key, 5), number.on(key, 5));
        assert_ne!(number.on(key, 5), number.on(key, 6));
        assert_ne!(number.on(key, 5), other.on(key, 5));
        assert_ne!(number.on(key, 5), number.on(named(1, "lunch"), 5));
        assert_ne!(number.on(key, 5), number.on(named(2, "breakfast"), 5));
        let doubled = Number {
            mean: 120.0,
            sd: 12.0,
            bounds: (0.0, 200.0),
            ..number
        };
        assert_eq!(doubled.on(key, 5), 2.0 * number.on(key, 5));
    }

    #[test]
    fn draws_are_kept_within_what_the_number_can_be() {
        let number = Number {
            mean: 0.0,
            sd: 1.0,
            bounds: (0.0, 0.5),
            which: 0,
        };
        let draws: Vec<f64> = (0..100).map(|day| number.on(3, day)).collect();
        assert!(draws.iter().all(|draw| (0.0..=0.5).contains(draw)));
        assert!(draws.contains(&0.0) && draws.contains(&0.5));
    }
}
