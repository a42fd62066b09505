//! Angles brought to within an eighth of a turn of zero, for every finite double.

use crate::math::bits::round;
use crate::math::dd::{Double, two_prod, two_sum};
use crate::math::{Lane, LaneMask};
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// What the double nearest to π/2 lacks.
pub(super) const FRAC_PI_2_REST: f64 = 6.123_233_995_736_766e-17;

/// Above it an angle goes through the long table, lane by lane: 2²⁰ quarter turns.
const LONG_WAY: f64 = 1_647_099.0;

/// π/2 in four parts; the first three have 33 bits, so their products with a count below 2²⁰ are exact.
const QUARTER: [f64; 4] = [
    1.570_796_326_734_125_6,
    6.077_100_506_303_966e-11,
    2.022_266_248_711_166_5e-21,
    8.478_427_660_368_9e-32,
];

/// `(n, r)` with x = n π/2 + r, |r| ≤ π/4 and n an integer, modulo 4 where x is large; x ≥ 0.
///
/// `r` carries at least 70 significant bits. NaN for infinite and NaN x.
#[inline(always)]
pub(super) fn quarter_turns<L: Lane>(x: L) -> (L, Double<L>) {
    let (n, r) = near_zero(x);
    let far = x.gt(L::splat(LONG_WAY));
    if !far.any() {
        return (n, r);
    }
    let (n_far, r_far) = far_lanes(x);
    let pick = |far_value: L, near_value: L| L::select(far, far_value, near_value);
    (
        pick(n_far, n),
        Double {
            hi: pick(r_far.hi, r.hi),
            lo: pick(r_far.lo, r.lo),
        },
    )
}

/// Cody and Waite: the parts of π/2 are taken off one after the other, with what each step rounds away.
#[inline(always)]
fn near_zero<L: Lane>(x: L) -> (L, Double<L>) {
    let n = round(x * L::splat(FRAC_2_PI));
    let first = x - n * L::splat(QUARTER[0]);
    let second = two_sum(first, -(n * L::splat(QUARTER[1])));
    let third = two_sum(second.hi, -(n * L::splat(QUARTER[2])));
    let low = (second.lo + third.lo) - n * L::splat(QUARTER[3]);
    (n, two_sum(third.hi, low))
}

/// [`quarter_turns`] in the lanes above [`LONG_WAY`], zeros in the others.
///
/// Out of line: a large angle is a rare thing, and its code long.
#[inline(never)]
fn far_lanes<L: Lane>(x: L) -> (L, Double<L>) {
    let zero = L::splat(0.0);
    let (mut n, mut r) = (zero, Double { hi: zero, lo: zero });
    for i in 0..L::WIDTH {
        if x.lane(i) > LONG_WAY {
            let (n_i, hi, lo) = long_way(x.lane(i));
            n = n.with_lane(i, n_i);
            r = Double {
                hi: r.hi.with_lane(i, hi),
                lo: r.lo.with_lane(i, lo),
            };
        }
    }
    (n, r)
}

/// 2/π in words of 64 bits, after one word of zeros.
const TWO_OVER_PI: [u64; 21] = [
    0,
    0xa2f9_836e_4e44_1529,
    0xfc27_57d1_f534_ddc0,
    0xdb62_9599_3c43_9041,
    0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0,
    0x0649_2eea_09d1_921c,
    0xfe1d_eb1c_b129_a73e,
    0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41,
    0x3991_d639_8353_39f4,
    0x9c84_5f8b_bdf9_283b,
    0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f,
    0x6d36_7ecf_27cb_09b7,
    0x4f46_3f66_9e5f_ea2d,
    0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea,
    0x6bfb_5fb1_1f8d_5d08,
    0x5603_3046_fc7b_6bab,
    0xf0cf_bc20_9af4_361d,
];

/// `(n, hi, lo)` for one angle above [`LONG_WAY`], in integers.
///
/// x = M · 2ᵉ times the 192 bits of 2/π whose product with it is neither a multiple of 4 nor below 2⁻¹³⁷;
/// no double comes nearer to a multiple of π/2 than 2⁻⁶².
/// Source: Payne and Hanek 1983, ACM SIGNUM Newsletter 18:19–24.
fn long_way(x: f64) -> (f64, f64, f64) {
    if !x.is_finite() {
        return (0.0, f64::NAN, f64::NAN);
    }
    let significand = (x.to_bits() & ((1 << 52) - 1)) | (1 << 52);
    let exponent = (x.to_bits() >> 52) as i32 - 1075;
    let [high, middle, low] = product(significand, window((62 + exponent) as u32));
    // Two bits of quarter turns, then the fraction, which from its upper half on counts back from the next.
    let up = (high >> 61) & 1;
    let n = ((high >> 62) + up) & 3;
    let mut fraction = [
        (high << 2) | (middle >> 62),
        (middle << 2) | (low >> 62),
        low << 2,
    ];
    if up == 1 {
        fraction = negated(fraction);
    }
    let (hi, lo) = to_angle(fraction);
    let sign = if up == 1 { -1.0 } else { 1.0 };
    (n as f64, sign * hi, sign * lo)
}

/// 192 bits of [`TWO_OVER_PI`] from bit `start` on, counted from the highest.
fn window(start: u32) -> [u64; 3] {
    let (word, bit) = ((start / 64) as usize, start % 64);
    let at = |i: usize| {
        let pair = (u128::from(TWO_OVER_PI[i]) << 64) | u128::from(TWO_OVER_PI[i + 1]);
        (pair >> (64 - bit)) as u64
    };
    [at(word), at(word + 1), at(word + 2)]
}

/// The lowest 192 bits of `m` times a number of 192 bits, highest word first.
fn product(m: u64, w: [u64; 3]) -> [u64; 3] {
    let wide = |a: u64, b: u64| u128::from(a) * u128::from(b);
    let low = wide(m, w[2]);
    let middle = wide(m, w[1]) + (low >> 64);
    let high = m.wrapping_mul(w[0]).wrapping_add((middle >> 64) as u64);
    [high, middle as u64, low as u64]
}

/// The negative, modulo 2¹⁹².
fn negated([high, middle, low]: [u64; 3]) -> [u64; 3] {
    let low_negated = low.wrapping_neg();
    let (middle_negated, carry) = (!middle).overflowing_add(u64::from(low == 0));
    [
        (!high).wrapping_add(u64::from(carry)),
        middle_negated,
        low_negated,
    ]
}

/// A fraction of a quarter turn, as 192 bits below the point and not 0, in radians.
fn to_angle([high, middle, low]: [u64; 3]) -> (f64, f64) {
    // An angle this large is never so near a quarter turn that more than one word is zero.
    let (words, skipped) = if high == 0 {
        ([middle, low, 0], 64)
    } else {
        ([high, middle, low], 0)
    };
    let zeros = words[0].leading_zeros();
    let moved = |i: usize| {
        let pair = (u128::from(words[i]) << 64) | u128::from(words[i + 1]);
        (pair >> (64 - zeros)) as u64
    };
    let bits = (u128::from(moved(0)) << 64) | u128::from(moved(1));
    let unit = |down: u32| f64::from_bits(u64::from(1023 - down) << 52);
    let hi = (bits >> 75) as f64 * unit(53 + skipped + zeros);
    let lo = ((bits >> 11) as u64) as f64 * unit(117 + skipped + zeros);
    let p = two_prod(hi, FRAC_PI_2);
    let angle = two_sum(p.hi, p.lo + (hi * FRAC_PI_2_REST + lo * FRAC_PI_2));
    (angle.hi, angle.lo)
}
