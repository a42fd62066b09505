//! Logarithms, in one double and in two.

use crate::math::Lane;
use crate::math::bits::split;
use crate::math::dd::{Double, fast_two_sum, two_prod};
use crate::math::exp::{LN_2_HI, LN_2_LO};
use crate::math::poly::poly;

/// (2 artanh(s) − 2 s) / s³ in z = s², 0 ≤ z ≤ 0.0295, to 2⁻⁵⁸·⁵ of 1 / z.
const LN: [f64; 7] = [
    0.666_666_666_666_673_4,
    0.399_999_999_994_141_93,
    0.285_714_287_425_192_4,
    0.222_221_985_576_070_29,
    0.181_835_652_313_567_94,
    0.153_140_251_554_918_84,
    0.147_962_246_019_562_34,
];

/// ((artanh(s) / s − 1) / z − ⅓) / z in z = s², 0 ≤ z ≤ 0.0295, to 2⁻⁸⁰ of 1 / z².
const ARTANH: [f64; 9] = [
    0.2,
    0.142_857_142_857_141_88,
    0.111_111_111_111_452_25,
    0.090_909_090_846_340_94,
    0.076_923_083_760_893_43,
    0.066_666_202_387_968_87,
    0.058_843_364_116_715_084,
    0.052_114_579_628_330_944,
    0.055_066_283_293_610_185,
];

/// Natural logarithm, below 1 unit in the last place.
///
/// −∞ at both zeros, NaN below zero, infinite at infinity, NaN at NaN.
/// ```
/// assert_eq!(insilin::math::ln(1.0), 0.0);
/// ```
#[inline(always)]
pub fn ln<L: Lane>(x: L) -> L {
    let (k, m) = split(x);
    let f = m - L::splat(1.0);
    let s = f / (L::splat(2.0) + f);
    let z = s * s;
    let rest = z * poly(z, &LN);
    // ln(1 + f) = f − s (f − rest), rearranged so that the large part of s · f is exact in f² / 2
    // (Ng 1993, the log of FDLIBM).
    let half_square = L::splat(0.5) * f * f;
    let low = s * (half_square + rest) + k * L::splat(LN_2_LO);
    let y = k * L::splat(LN_2_HI) - ((half_square - low) - f);
    outside_range(x, y)
}

/// Logarithm to base 10, below 1 unit in the last place; the exponent exactly at exact powers of ten.
///
/// −∞ at both zeros, NaN below zero, infinite at infinity, NaN at NaN.
/// ```
/// assert_eq!(insilin::math::log10(1000.0), 3.0);
/// ```
#[inline(always)]
pub fn log10<L: Lane>(x: L) -> L {
    const INVERSE_LN_10_HI: f64 = std::f64::consts::LOG10_E;
    const INVERSE_LN_10_LO: f64 = 1.098_319_650_216_765e-17;
    let l = ln_double(x);
    let p = two_prod(l.hi, L::splat(INVERSE_LN_10_HI));
    let low = l.hi * L::splat(INVERSE_LN_10_LO) + l.lo * L::splat(INVERSE_LN_10_HI);
    outside_range(x, p.hi + (p.lo + low))
}

/// ln x for finite x > 0 to within 2⁻⁶³ of its size; any numbers otherwise.
#[inline(always)]
pub(super) fn ln_double<L: Lane>(x: L) -> Double<L> {
    let (k, m) = split(x);
    let l = artanh_double(m);
    let two = L::splat(2.0);
    let sum = fast_two_sum(k * L::splat(LN_2_HI), two * l.hi);
    fast_two_sum(sum.hi, sum.lo + (two * l.lo + k * L::splat(LN_2_LO)))
}

/// artanh s = ½ ln m for s = (m − 1) / (m + 1), √½ ≤ m ≤ √2.
#[inline(always)]
fn artanh_double<L: Lane>(m: L) -> Double<L> {
    const THIRD_HI: f64 = 0.333_333_333_333_333_3;
    const THIRD_LO: f64 = 1.850_371_707_708_594e-17;
    let f = m - L::splat(1.0);
    let d = fast_two_sum(L::splat(2.0), f);
    let s = f / d.hi;
    let back = two_prod(s, d.hi);
    let s_lo = (((f - back.hi) - back.lo) - s * d.lo) / d.hi;
    let square = two_prod(s, s);
    let z = Double {
        hi: square.hi,
        lo: square.lo + L::splat(2.0) * s * s_lo,
    };
    // z (⅓ + z (⅕ + …)): the bracket needs one double, its sum with ⅓ needs two.
    let p = fast_two_sum(L::splat(THIRD_HI), z.hi * poly(z.hi, &ARTANH));
    let p = Double {
        hi: p.hi,
        lo: p.lo + L::splat(THIRD_LO),
    };
    let u = two_prod(z.hi, p.hi);
    let u_lo = u.lo + (z.hi * p.lo + z.lo * p.hi);
    let w = two_prod(s, u.hi);
    let w_lo = w.lo + (s * u_lo + s_lo * u.hi);
    let sum = fast_two_sum(s, w.hi);
    Double {
        hi: sum.hi,
        lo: sum.lo + (s_lo + w_lo),
    }
}

/// ln(1 + u) for a double-double u ≥ 0, finite.
#[inline(always)]
pub(super) fn ln_1p<L: Lane>(u: Double<L>) -> L {
    let sum = crate::math::dd::two_sum(L::splat(1.0), u.hi);
    ln(sum.hi) + (sum.lo + u.lo) / sum.hi
}

/// `y` for finite x > 0, and the special values elsewhere.
#[inline(always)]
fn outside_range<L: Lane>(x: L, y: L) -> L {
    let zero = L::splat(0.0);
    let y = L::select(x.lt(L::splat(f64::INFINITY)), y, x);
    let y = L::select(x.eq(zero), L::splat(f64::NEG_INFINITY), y);
    L::select(x.lt(zero), L::splat(f64::NAN), y)
}
