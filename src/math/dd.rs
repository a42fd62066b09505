//! Double-double arithmetic: numbers as unevaluated sums of two, for what needs more than 53 bits.
//!
//! Source: Dekker 1971, Numer. Math. 18:224–242; Knuth, *The Art of Computer Programming* 2, 4.2.2.

use crate::math::Lane;

/// `hi + lo` with |lo| at most about half a unit in the last place of `hi`.
#[derive(Clone, Copy)]
pub(super) struct Double<L> {
    pub(super) hi: L,
    pub(super) lo: L,
}

/// `a + b` exactly, for any order of magnitudes.
#[inline(always)]
pub(super) fn two_sum<L: Lane>(a: L, b: L) -> Double<L> {
    let hi = a + b;
    let b_seen = hi - a;
    let a_seen = hi - b_seen;
    Double {
        hi,
        lo: (a - a_seen) + (b - b_seen),
    }
}

/// `a + b` exactly, for |a| ≥ |b| or a = 0.
#[inline(always)]
pub(super) fn fast_two_sum<L: Lane>(a: L, b: L) -> Double<L> {
    let hi = a + b;
    Double {
        hi,
        lo: b - (hi - a),
    }
}

/// `a · b` to within 2⁻¹⁰⁵ of its size, where neither product nor rest leaves the normal range.
#[inline(always)]
pub(super) fn two_prod<L: Lane>(a: L, b: L) -> Double<L> {
    let hi = a * b;
    let (a_top, a_rest) = halves(a);
    let (b_top, b_rest) = halves(b);
    let lo = ((a_top * b_top - hi) + (a_top * b_rest + a_rest * b_top)) + a_rest * b_rest;
    Double { hi, lo }
}

/// The upper 26 significant bits of a number and the rest. Masking, unlike Dekker's product with 2²⁷ + 1,
/// cannot overflow.
#[inline(always)]
fn halves<L: Lane>(a: L) -> (L, L) {
    let top = a.bits_and(!((1 << 27) - 1));
    (top, a - top)
}
