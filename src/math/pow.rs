//! Powers.

use crate::math::bits::{ONE, SIGN};
use crate::math::dd::two_prod;
use crate::math::exp::exp_scaled;
use crate::math::log::ln_double;
use crate::math::{Lane, LaneMask};

/// xʸ, below 1 unit in the last place (below 2 where the result is subnormal).
///
/// Special values as IEEE 754 `pow`: 1 for y = 0 and for x = 1 whatever the other is, NaN included; NaN
/// for a finite negative x and a finite y that is no integer; zeros and infinities keep the sign of odd
/// powers. Integer powers go the same way as others, so that a power has one value, not two.
/// ```
/// assert_eq!(insilin::math::pow(-2.0, 3.0), -8.0);
/// assert!(insilin::math::pow(-2.0, 0.5).is_nan());
/// ```
#[inline(always)]
pub fn pow<L: Lane>(x: L, y: L) -> L {
    let [zero, one, infinity] = [0.0, 1.0, f64::INFINITY].map(L::splat);
    let size = power_of_magnitude(x.abs(), y);
    let negative = x.bits_and(SIGN).bits_or(ONE).lt(zero);
    let integer = y.trunc().eq(y);
    let half = y * L::splat(0.5);
    let odd = integer.and(half.trunc().ne(half));
    let signed = L::select(negative.and(odd), -size, size);
    let undefined = x.lt(zero).and(x.gt(-infinity)).and(integer.not());
    let result = L::select(undefined, L::splat(f64::NAN), signed);
    let unit_to_infinity = x.eq(-one).and(y.abs().eq(infinity));
    let unit = y.eq(zero).or(x.eq(one)).or(unit_to_infinity);
    L::select(unit, one, result)
}

/// xʸ for x ≥ 0; NaN for 1^∞ and where either is NaN.
#[inline(always)]
fn power_of_magnitude<L: Lane>(x: L, y: L) -> L {
    let zero = L::splat(0.0);
    let infinity = L::splat(f64::INFINITY);
    let log = ln_double(x);
    let finite = x.gt(zero).and(x.lt(infinity));
    // 0 and ∞ have themselves as bounds of the logarithm; a NaN stays one.
    let log_outside = L::select(x.eq(zero), -infinity, x);
    let log_hi = L::select(finite, log.hi, log_outside);
    let log_lo = L::select(finite, log.lo, zero);
    let product = two_prod(y, log_hi);
    let rest = product.lo + y * log_lo;
    // Where the result is 0 or infinite the rest may be NaN, and is not needed.
    let in_range = product.hi.abs().lt(L::splat(1000.0));
    exp_scaled(product.hi, L::select(in_range, rest, zero), 0.0)
}
