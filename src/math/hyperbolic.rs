//! Hyperbolic functions and their inverses.

use crate::math::Lane;
use crate::math::dd::{Double, fast_two_sum, two_prod, two_sum};
use crate::math::exp::{exp, exp_scaled};
use crate::math::log::{ln, ln_1p};
use crate::math::poly::poly;

/// (tanh x − x) / x³ in z = x², x ≤ artanh ½, to 2⁻⁶⁰ of 1 / z.
const TANH: [f64; 11] = [
    -0.333_333_333_333_333,
    0.133_333_333_333_269_63,
    -0.053_968_253_963_957_36,
    0.021_869_488_391_437_247,
    -0.008_863_232_692_334_147,
    0.003_592_092_945_132_461_7,
    -0.001_455_548_725_087_759_9,
    0.000_588_468_672_052_195_6,
    -0.000_233_443_177_834_834_16,
    8.340_496_159_754_207e-5,
    -1.954_950_866_362_023_3e-5,
];

/// (sinh x − x) / x³ in z = x², x ≤ 1, to 2⁻⁶³ of 1 / z.
const SINH: [f64; 7] = [
    0.166_666_666_666_666_69,
    0.008_333_333_333_333_139,
    0.000_198_412_698_414_377_65,
    2.755_731_915_530_86e-6,
    2.505_212_340_322_394_8e-8,
    1.605_723_996_570_866_7e-10,
    7.759_323_929_654_684e-13,
];

/// Hyperbolic tangent, below 2 units in the last place; keeps the sign of zero, ±1 at the infinities.
/// ```
/// assert_eq!(insilin::math::tanh(f64::INFINITY), 1.0);
/// ```
#[inline(always)]
pub fn tanh<L: Lane>(x: L) -> L {
    const ARTANH_HALF: f64 = 0.549_306_144_334_054_8;
    // From here on the result is 1, and its exponential must not overflow.
    const SATURATED: f64 = 22.0;
    let [one, two, saturated] = [1.0, 2.0, SATURATED].map(L::splat);
    let size = x.abs();
    let z = size * size;
    let small = size + size * z * poly(z, &TANH);
    let bounded = L::select(size.gt(saturated), saturated, size);
    let large = one - two / (exp(two * bounded) + one);
    L::select(size.lt(L::splat(ARTANH_HALF)), small, large).copysign(x)
}

/// Hyperbolic sine, below 2 units in the last place; keeps the sign of zero.
/// ```
/// assert_eq!(insilin::math::sinh(0.0), 0.0);
/// ```
#[inline(always)]
pub fn sinh<L: Lane>(x: L) -> L {
    let size = x.abs();
    let z = size * size;
    let small = size + size * z * poly(z, &SINH);
    let half_exp = exp_scaled(size, L::splat(0.0), -1.0);
    let large = half_exp - L::splat(0.25) / half_exp;
    L::select(size.lt(L::splat(1.0)), small, large).copysign(x)
}

/// Hyperbolic cosine, below 2 units in the last place.
/// ```
/// assert_eq!(insilin::math::cosh(0.0), 1.0);
/// ```
#[inline(always)]
pub fn cosh<L: Lane>(x: L) -> L {
    let half_exp = exp_scaled(x.abs(), L::splat(0.0), -1.0);
    half_exp + L::splat(0.25) / half_exp
}

/// Above it √(x² ± 1) is x, and squares may overflow: 2²⁸.
const LARGE: f64 = 268_435_456.0;

/// Inverse hyperbolic sine, below 2 units in the last place; keeps the sign of zero.
/// ```
/// assert_eq!(insilin::math::asinh(0.0), 0.0);
/// ```
#[inline(always)]
pub fn asinh<L: Lane>(x: L) -> L {
    let one = L::splat(1.0);
    let size = x.abs();
    let square = size * size;
    // arsinh x = ln(1 + x + x² / (1 + √(1 + x²))) loses nothing near zero.
    let excess = square / (one + (square + one).sqrt());
    let near = ln_1p(fast_two_sum(size, excess));
    L::select(size.lt(L::splat(LARGE)), near, ln_of_double(size)).copysign(x)
}

/// Inverse hyperbolic cosine, ≥ 0, below 2 units in the last place; NaN below 1.
/// ```
/// assert_eq!(insilin::math::acosh(1.0), 0.0);
/// ```
#[inline(always)]
pub fn acosh<L: Lane>(x: L) -> L {
    let [zero, one, two] = [0.0, 1.0, 2.0].map(L::splat);
    // With t = x − 1: arcosh x = ln(1 + t + √(t (t + 2))), the root to two doubles.
    let t = x - one;
    let v = two_sum(t, two);
    let square = two_prod(t, v.hi);
    let root = square.hi.sqrt();
    let back = two_prod(root, root);
    let rest = ((square.hi - back.hi) - back.lo) + (square.lo + t * v.lo);
    let root_lo = L::select(root.eq(zero), zero, rest / (two * root));
    let sum = two_sum(t, root);
    let near = ln_1p(Double {
        hi: sum.hi,
        lo: sum.lo + root_lo,
    });
    let y = L::select(x.gt(L::splat(LARGE)), ln_of_double(x), near);
    L::select(x.lt(one), L::splat(f64::NAN), y)
}

/// Inverse hyperbolic tangent, below 2 units in the last place; keeps the sign of zero, ±∞ at ±1, NaN
/// beyond.
/// ```
/// assert_eq!(insilin::math::atanh(1.0), f64::INFINITY);
/// ```
#[inline(always)]
pub fn atanh<L: Lane>(x: L) -> L {
    let one = L::splat(1.0);
    let size = x.abs();
    // artanh x = ½ ln(1 + 2x / (1 − x)), the quotient to two doubles.
    let numerator = L::splat(2.0) * size;
    let d = fast_two_sum(one, -size);
    let hi = numerator / d.hi;
    let back = two_prod(hi, d.hi);
    let lo = (((numerator - back.hi) - back.lo) - hi * d.lo) / d.hi;
    let inside = L::splat(0.5) * ln_1p(Double { hi, lo });
    let edge = L::select(size.eq(one), L::splat(f64::INFINITY), L::splat(f64::NAN));
    L::select(size.lt(one), inside, edge).copysign(x)
}

/// ln 2x for x ≥ 1.
#[inline(always)]
fn ln_of_double<L: Lane>(x: L) -> L {
    ln(x) + L::splat(std::f64::consts::LN_2)
}
