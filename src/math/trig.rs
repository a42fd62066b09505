//! Sine, cosine and tangent.

use crate::math::Lane;
use crate::math::bits::{ONE, ROUNDER, SIGN};
use crate::math::dd::Double;
use crate::math::poly::poly;
use crate::math::reduce::quarter_turns;

/// (sin x − x) / x³ in z = x², |x| ≤ π/4, to 2⁻⁵⁸ of 1 / z.
const SIN: [f64; 6] = [
    -0.166_666_666_666_666_32,
    0.008_333_333_333_322_413,
    -0.000_198_412_698_298_078_86,
    2.755_731_369_191_628_4e-6,
    -2.505_075_811_223_753_6e-8,
    1.589_679_536_849_230_2e-10,
];

/// (cos x − 1 + x²/2) / x⁴ in z = x², |x| ≤ π/4, to 2⁻⁶⁴ of 1 / z².
const COS: [f64; 6] = [
    0.041_666_666_666_666_6,
    -0.001_388_888_888_887_412_5,
    2.480_158_728_948_289e-5,
    -2.755_731_435_250_936e-7,
    2.087_572_329_413_826_2e-9,
    -1.135_964_875_218_832_3e-11,
];

/// Sine of an angle in radians, below 1 unit in the last place for every finite angle.
///
/// Keeps the sign of zero; NaN at infinities and NaN.
/// ```
/// assert_eq!(insilin::math::sin(0.0), 0.0);
/// ```
#[inline(always)]
pub fn sin<L: Lane>(x: L) -> L {
    let (n, r) = quarter_turns(x.abs());
    let turned = L::select(is_odd(n), cos_near_zero(r), sin_near_zero(r));
    turned
        .bits_xor(sign_of_second_bit(n))
        .bits_xor(x.bits_and(SIGN))
}

/// Cosine of an angle in radians, below 1 unit in the last place for every finite angle.
///
/// NaN at infinities and NaN.
/// ```
/// assert_eq!(insilin::math::cos(0.0), 1.0);
/// ```
#[inline(always)]
pub fn cos<L: Lane>(x: L) -> L {
    let (n, r) = quarter_turns(x.abs());
    let turned = L::select(is_odd(n), sin_near_zero(r), cos_near_zero(r));
    turned.bits_xor(sign_of_second_bit(n + L::splat(1.0)))
}

/// Tangent of an angle in radians, below 3 units in the last place for every finite angle.
///
/// Keeps the sign of zero; NaN at infinities and NaN.
/// ```
/// assert_eq!(insilin::math::tan(0.0), 0.0);
/// ```
#[inline(always)]
pub fn tan<L: Lane>(x: L) -> L {
    let (n, r) = quarter_turns(x.abs());
    let (s, c) = (sin_near_zero(r), cos_near_zero(r));
    let odd = is_odd(n);
    let quotient = L::select(odd, -c, s) / L::select(odd, s, c);
    quotient.bits_xor(x.bits_and(SIGN))
}

/// Whether an integer 0 ≤ n < 2⁵¹ is odd.
#[inline(always)]
fn is_odd<L: Lane>(n: L) -> L::Mask {
    let lowest = (n + L::splat(ROUNDER)).bits_shl::<63>();
    lowest.bits_or(ONE).lt(L::splat(0.0))
}

/// −0 where the bit of value 2 is set in an integer 0 ≤ n < 2⁵¹, else 0.
#[inline(always)]
fn sign_of_second_bit<L: Lane>(n: L) -> L {
    (n + L::splat(ROUNDER)).bits_shl::<62>().bits_and(SIGN)
}

/// sin r, |r| ≤ π/4.
#[inline(always)]
fn sin_near_zero<L: Lane>(r: Double<L>) -> L {
    let z = r.hi * r.hi;
    let slope = L::splat(1.0) - L::splat(0.5) * z;
    r.hi + (r.hi * z * poly(z, &SIN) + r.lo * slope)
}

/// cos r, |r| ≤ π/4.
#[inline(always)]
fn cos_near_zero<L: Lane>(r: Double<L>) -> L {
    let one = L::splat(1.0);
    let z = r.hi * r.hi;
    let half = L::splat(0.5) * z;
    let main = one - half;
    main + (((one - main) - half) + (z * z * poly(z, &COS) - r.hi * r.lo))
}
