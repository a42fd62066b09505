//! Numbers that are random enough and the same on every machine.

/// A small seeded stream (SplitMix64).
pub struct Draws(pub u64);

impl Draws {
    /// A number in `[low, high)`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let share = ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        low + (high - low) * share
    }
}

/// The largest size in a list; 0 for none, NaN when one is NaN.
pub fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    // `f64::max` would pass over a NaN, and a comparison that finds none would hold.
    values
        .into_iter()
        .map(f64::abs)
        .fold(0.0, |largest, value| {
            if largest.is_nan() || value <= largest {
                largest
            } else {
                value
            }
        })
}
