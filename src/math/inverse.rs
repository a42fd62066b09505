//! Inverse trigonometric functions.

use crate::math::Lane;
use crate::math::dd::two_prod;
use crate::math::poly::poly;
use crate::math::reduce::FRAC_PI_2_REST;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// (asin x − x) / x³ in z = x², x ≤ ½, to 2⁻⁵⁹·⁸ of 1 / z.
const ASIN: [f64; 13] = [
    0.166_666_666_666_667_63,
    0.074_999_999_999_702_67,
    0.044_642_857_175_117_935,
    0.030_381_942_683_713_25,
    0.022_372_215_658_41,
    0.017_351_600_115_116_15,
    0.013_980_961_270_550_558,
    0.011_397_776_832_478_725,
    0.010_786_527_214_075_739,
    0.003_683_039_827_408_061_7,
    0.021_763_523_115_634_186,
    -0.021_077_348_857_466_774,
    0.032_676_937_506_309_005,
];

/// (atan x − x) / x³ in z = x², x ≤ 7/16, to 2⁻⁵⁷·⁷ of 1 / z.
const ATAN: [f64; 11] = [
    -0.333_333_333_333_329_26,
    0.199_999_999_998_756_62,
    -0.142_857_142_724_329_3,
    0.111_111_104_023_714_95,
    -0.090_908_870_544_548_65,
    0.076_918_749_470_419_39,
    -0.066_610_602_765_881_3,
    0.058_334_857_521_060_53,
    -0.049_765_346_145_548_76,
    0.036_523_686_323_468_196,
    -0.016_278_008_986_361_11,
];

/// Inverse sine in radians, within [−π/2, π/2], below 2 units in the last place.
///
/// Keeps the sign of zero; NaN outside [−1, 1].
/// ```
/// assert_eq!(insilin::math::asin(1.0), std::f64::consts::FRAC_PI_2);
/// ```
#[inline(always)]
pub fn asin<L: Lane>(x: L) -> L {
    let size = x.abs();
    let inner = size + asin_excess(size, size * size);
    let (root, rest) = half_angle(size);
    let outer = L::splat(FRAC_PI_2) - (L::splat(2.0) * (root + rest) - L::splat(FRAC_PI_2_REST));
    L::select(size.le(L::splat(0.5)), inner, outer).copysign(x)
}

/// Inverse cosine in radians, within [0, π], below 2 units in the last place; NaN outside [−1, 1].
/// ```
/// assert_eq!(insilin::math::acos(1.0), 0.0);
/// ```
#[inline(always)]
pub fn acos<L: Lane>(x: L) -> L {
    let size = x.abs();
    let inner = L::splat(FRAC_PI_2) - (x - (L::splat(FRAC_PI_2_REST) - asin_excess(x, x * x)));
    let (root, rest) = half_angle(size);
    let right = L::splat(2.0) * (root + rest);
    let left = L::splat(PI) - (right - L::splat(2.0 * FRAC_PI_2_REST));
    let outer = L::select(x.gt(L::splat(0.0)), right, left);
    L::select(size.le(L::splat(0.5)), inner, outer)
}

/// asin x − x for |x| ≤ ½, given z = x².
#[inline(always)]
fn asin_excess<L: Lane>(x: L, z: L) -> L {
    x * z * poly(z, &ASIN)
}

/// ½ acos x for ½ ≤ x ≤ 1, as a root and a small rest: asin √((1 − x) / 2).
#[inline(always)]
fn half_angle<L: Lane>(x: L) -> (L, L) {
    let zero = L::splat(0.0);
    let z = (L::splat(1.0) - x) * L::splat(0.5);
    let root = z.sqrt();
    let back = two_prod(root, root);
    let correction = ((z - back.hi) - back.lo) / (L::splat(2.0) * root);
    let correction = L::select(root.eq(zero), zero, correction);
    (root, correction + asin_excess(root, z))
}

/// Inverse tangent in radians, within [−π/2, π/2], below 1 unit in the last place; keeps the sign of zero.
/// ```
/// assert_eq!(insilin::math::atan(f64::INFINITY), std::f64::consts::FRAC_PI_2);
/// ```
#[inline(always)]
pub fn atan<L: Lane>(x: L) -> L {
    let one = L::splat(1.0);
    let size = x.abs();
    // atan x = atan c + atan((x − c) / (1 + x c)) for the nearest c of 0, ½, 1, 3/2, ∞.
    let two = L::splat(2.0);
    let three_halves = L::splat(1.5);
    let at = |limit: f64| size.lt(L::splat(limit));
    let [below_zero, below_half, below_one, below_more] = [0.4375, 0.6875, 1.1875, 2.4375].map(at);
    let pick = |zero: L, half: L, unit: L, more: L, far: L| {
        let y = L::select(below_more, more, far);
        let y = L::select(below_one, unit, y);
        let y = L::select(below_half, half, y);
        L::select(below_zero, zero, y)
    };
    let numerator = pick(
        size,
        two * size - one,
        size - one,
        size - three_halves,
        -one,
    );
    let denominator = pick(one, two + size, size + one, one + three_halves * size, size);
    let angle = |zero: f64, half: f64, unit: f64, more: f64, far: f64| {
        let [zero, half, unit, more, far] = [zero, half, unit, more, far].map(L::splat);
        pick(zero, half, unit, more, far)
    };
    let hi = angle(
        0.0,
        0.463_647_609_000_806_1,
        FRAC_PI_4,
        0.982_793_723_247_329,
        FRAC_PI_2,
    );
    let lo = angle(
        0.0,
        2.269_877_745_296_168_7e-17,
        0.5 * FRAC_PI_2_REST,
        1.390_331_103_123_099_8e-17,
        FRAC_PI_2_REST,
    );
    let t = numerator / denominator;
    let z = t * t;
    (hi + (t + (t * z * poly(z, &ATAN) + lo))).copysign(x)
}
