//! The exponential.

use crate::math::Lane;
use crate::math::bits::{round, scale};
use crate::math::poly::poly;

/// ln 2 in two parts: the first has 42 bits, so its product with an exponent is exact.
pub(super) const LN_2_HI: f64 = 0.693_147_180_559_890_3;
pub(super) const LN_2_LO: f64 = 5.497_923_018_708_371e-14;

/// (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2, to 2⁻⁵⁷·⁹ of eʳ. Minimax, found with the Remez exchange in 66
/// digits and rounded to double; so are all polynomials of this room.
const EXP: [f64; 10] = [
    0.500_000_000_000_001_1,
    0.166_666_666_666_664_13,
    0.041_666_666_666_530_16,
    0.008_333_333_333_494_397,
    0.001_388_888_894_362_991_4,
    0.000_198_412_695_066_887_9,
    2.480_149_309_891_668_4e-5,
    2.755_758_629_264_369_7e-6,
    2.763_024_844_140_549e-7,
    2.500_008_346_212_402e-8,
];

/// eˣ, below 1 unit in the last place (below 2 where the result is subnormal).
///
/// 0 below −745.14, infinite above 709.79, 1 at both zeros, NaN at NaN.
/// ```
/// assert_eq!(insilin::math::exp(0.0), 1.0);
/// ```
#[inline(always)]
pub fn exp<L: Lane>(x: L) -> L {
    exp_scaled(x, L::splat(0.0), 0.0)
}

/// `exp(hi + lo) · 2ⁿ` without a spill before the last rounding, for |lo| ≪ 1 and n = 0 or −1.
///
/// Beyond the range of the result only `hi` counts, and it may be infinite; `lo` must be finite.
#[inline(always)]
pub(super) fn exp_scaled<L: Lane>(hi: L, lo: L, n: f64) -> L {
    // Past these limits the result is 0 or infinite for n = 0 and n = −1 alike. NaN passes both.
    let hi = L::select(hi.gt(L::splat(712.0)), L::splat(712.0), hi);
    let hi = L::select(hi.lt(L::splat(-747.0)), L::splat(-747.0), hi);
    let k = round(hi * L::splat(std::f64::consts::LOG2_E));
    let r_hi = hi - k * L::splat(LN_2_HI);
    let r_lo = k * L::splat(LN_2_LO) - lo;
    let r = r_hi - r_lo;
    let rest = (r_hi - r) - r_lo;
    let y = L::splat(1.0) + (r + (r * r * poly(r, &EXP) + rest));
    scale(y, k + L::splat(n))
}
