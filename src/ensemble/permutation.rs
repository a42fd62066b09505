//! A random order of `0..n` whose places are computed one by one, in memory that does not grow with `n`.

use crate::math::{Stream, mix};

/// Rounds of the network; four make it hard to tell from chance for large halves, halves of a bit or two need more.
const ROUNDS: usize = 8;

/// A seeded one-to-one map of `0..n` onto itself.
///
/// A Feistel network permutes `0..4ᵏ`, the smallest such range that holds `0..n`; what falls outside of `0..n` goes round
/// again (fewer than four times on average).
/// Source: Black and Rogaway 2002, CT-RSA, *Ciphers with arbitrary finite domains*, methods 2 and 3.
#[derive(Clone, Debug)]
pub(super) struct Permutation {
    n: u64,
    half: u32,
    keys: [u64; ROUNDS],
}

impl Permutation {
    /// An order of `0..n`, `n` from 1 to 2⁶², with keys from a stream.
    pub fn new(n: u64, stream: &mut Stream) -> Self {
        let bits = (u64::BITS - n.saturating_sub(1).leading_zeros()).max(2);
        Self {
            n,
            half: bits.div_ceil(2),
            keys: std::array::from_fn(|_| stream.next()),
        }
    }

    /// What stands at a place below `n`.
    pub fn at(&self, place: u64) -> u64 {
        let mut value = self.round_trip(place);
        while value >= self.n {
            value = self.round_trip(value);
        }
        value
    }

    fn round_trip(&self, value: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (mut left, mut right) = (value >> self.half, value & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        left << self.half | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_stands_at_one_place() {
        for n in [1, 2, 3, 5, 16, 17, 1000] {
            let order = Permutation::new(n, &mut Stream::new(4, "order"));
            let mut values: Vec<u64> = (0..n).map(|place| order.at(place)).collect();
            values.sort_unstable();
            assert_eq!(values, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn all_orders_of_few_numbers_are_about_as_frequent() {
        // 24 orders of 4 numbers from 24 000 seeds: χ² with 23 degrees of freedom is below 49.7 with probability 0.999.
        let mut counts = std::collections::BTreeMap::new();
        for seed in 0..24_000 {
            let order = Permutation::new(4, &mut Stream::new(seed, "order"));
            let values: Vec<u64> = (0..4).map(|place| order.at(place)).collect();
            *counts.entry(values).or_insert(0_i32) += 1;
        }
        assert_eq!(counts.len(), 24);
        let square = |count: &i32| f64::from(count - 1000) * f64::from(count - 1000) / 1000.0;
        let chi: f64 = counts.values().map(square).sum();
        assert!(chi < 49.7, "{chi}");
    }
}
