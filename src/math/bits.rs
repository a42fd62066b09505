//! Bit patterns and the exponent arithmetic built on them.

use crate::math::Lane;

pub(super) const SIGN: u64 = 1 << 63;
pub(super) const FRACTION: u64 = (1 << 52) - 1;
pub(super) const ONE: u64 = 0x3ff0_0000_0000_0000;

/// 1.5 · 2⁵²: adding it rounds a number below 2⁵¹ in magnitude to an integer, ties to even, which then
/// stands in the low bits of the sum in two's complement.
pub(super) const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// The nearest integer to `x`, |x| < 2⁵¹.
#[inline(always)]
pub(super) fn round<L: Lane>(x: L) -> L {
    let rounder = L::splat(ROUNDER);
    (x + rounder) - rounder
}

/// 2ⁿ, exact, for an integer −1022 ≤ n ≤ 1023; any number for other `n` and NaN.
#[inline(always)]
pub(super) fn power_of_two<L: Lane>(n: L) -> L {
    (n + L::splat(ROUNDER + 1023.0)).bits_shl::<52>()
}

/// `y · 2ⁿ` for |n| ≤ 2000, rounded once where the result is subnormal.
#[inline(always)]
pub(super) fn scale<L: Lane>(y: L, n: L) -> L {
    // In two steps, because 2ⁿ alone leaves the range before the product does.
    let half = round(n * L::splat(0.5));
    y * power_of_two(half) * power_of_two(n - half)
}

/// `(k, m)` with `x = m · 2ᵏ` and √½ ≤ m < √2, exact, for finite x > 0; any numbers otherwise.
#[inline(always)]
pub(super) fn split<L: Lane>(x: L) -> (L, L) {
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const TWO_52: u64 = 0x4330_0000_0000_0000;
    let subnormal = x.lt(L::splat(f64::MIN_POSITIVE));
    let x = L::select(subnormal, x * L::splat(TWO_54), x);
    let shift = L::select(subnormal, L::splat(1023.0 + 54.0), L::splat(1023.0));
    // The difference moves the border between exponents from 1 to √½.
    let moved = x.bits_add(ONE - SQRT_HALF);
    let k = moved.bits_shr::<52>().bits_or(TWO_52) - L::splat(4_503_599_627_370_496.0);
    (k - shift, moved.bits_and(FRACTION).bits_add(SQRT_HALF))
}

const TWO_54: f64 = 18_014_398_509_481_984.0;
