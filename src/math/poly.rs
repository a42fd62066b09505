//! Polynomials with constant coefficients.

use crate::math::Lane;

/// `c[0] + c[1] x + … `, in two interleaved Horner chains: half the waiting of one.
#[inline(always)]
pub(super) fn poly<L: Lane, const N: usize>(x: L, c: &[f64; N]) -> L {
    const { assert!(N >= 3, "two chains need a start each and a step") };
    let square = x * x;
    let mut last = L::splat(c[N - 1]);
    let mut before = L::splat(c[N - 2]);
    let mut i = N - 2;
    while i >= 2 {
        last = last * square + L::splat(c[i - 1]);
        before = before * square + L::splat(c[i - 2]);
        i -= 2;
    }
    if i == 0 {
        before + last * x
    } else {
        (last * square + L::splat(c[0])) + before * x
    }
}
