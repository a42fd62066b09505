//! The portable pack: an array and plain loops, for machines without wider registers and as the yardstick.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::math::{Lane, LaneMask};

/// `N` numbers side by side, computed one after the other; `N` ≤ 32.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(transparent)]
pub struct Pack<const N: usize>([f64; N]);

/// `N` truth values, as [`Pack`] comparisons give them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackMask<const N: usize>([bool; N]);

impl<const N: usize> Pack<N> {
    #[inline(always)]
    fn each(self, mut f: impl FnMut(f64) -> f64) -> Self {
        let mut out = self.0;
        for x in &mut out {
            *x = f(*x);
        }
        Self(out)
    }

    #[inline(always)]
    fn zip(self, other: Self, mut f: impl FnMut(f64, f64) -> f64) -> Self {
        let mut out = self.0;
        for (x, y) in out.iter_mut().zip(other.0) {
            *x = f(*x, y);
        }
        Self(out)
    }

    #[inline(always)]
    fn compare(self, other: Self, mut f: impl FnMut(f64, f64) -> bool) -> PackMask<N> {
        let mut out = [false; N];
        for ((m, x), y) in out.iter_mut().zip(self.0).zip(other.0) {
            *m = f(x, y);
        }
        PackMask(out)
    }
}

impl<const N: usize> PackMask<N> {
    #[inline(always)]
    fn zip(self, other: Self, mut f: impl FnMut(bool, bool) -> bool) -> Self {
        let mut out = self.0;
        for (x, y) in out.iter_mut().zip(other.0) {
            *x = f(*x, y);
        }
        Self(out)
    }
}

impl<const N: usize> LaneMask for PackMask<N> {
    #[inline(always)]
    fn splat(value: bool) -> Self {
        Self([value; N])
    }
    #[inline(always)]
    fn from_bits(bits: u32) -> Self {
        let mut out = [false; N];
        for (i, m) in out.iter_mut().enumerate() {
            *m = (bits >> i) & 1 == 1;
        }
        Self(out)
    }
    #[inline(always)]
    fn bits(self) -> u32 {
        let mut bits = 0;
        for (i, m) in self.0.into_iter().enumerate() {
            bits |= u32::from(m) << i;
        }
        bits
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self.zip(other, |x, y| x & y)
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self.zip(other, |x, y| x | y)
    }
    #[inline(always)]
    fn not(self) -> Self {
        self.zip(self, |x, _| !x)
    }
    #[inline(always)]
    fn any(self) -> bool {
        self.0.into_iter().fold(false, |any, m| any | m)
    }
    #[inline(always)]
    fn all(self) -> bool {
        self.0.into_iter().fold(true, |all, m| all & m)
    }
}

impl<const N: usize> Lane for Pack<N> {
    type Mask = PackMask<N>;

    const WIDTH: usize = {
        assert!(N >= 1 && N <= 32, "a mask has one bit of a u32 per lane");
        N
    };

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self([value; N])
    }
    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f64) -> Self {
        let mut out = [0.0; N];
        for (i, x) in out.iter_mut().enumerate() {
            *x = f(i);
        }
        Self(out)
    }
    #[inline(always)]
    fn lane(self, i: usize) -> f64 {
        self.0[i]
    }
    #[inline(always)]
    fn with_lane(mut self, i: usize, value: f64) -> Self {
        self.0[i] = value;
        self
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let mut out = [0.0; N];
        out.copy_from_slice(&from[..N]);
        Self(out)
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        to[..N].copy_from_slice(&self.0);
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        self.each(f64::sqrt)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.each(f64::abs)
    }
    #[inline(always)]
    fn floor(self) -> Self {
        self.each(f64::floor)
    }
    #[inline(always)]
    fn ceil(self) -> Self {
        self.each(f64::ceil)
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        self.each(f64::trunc)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        self.zip(other, <f64 as Lane>::min)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, <f64 as Lane>::max)
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        self.zip(sign, f64::copysign)
    }

    #[inline(always)]
    fn lt(self, other: Self) -> PackMask<N> {
        self.compare(other, |x, y| x < y)
    }
    #[inline(always)]
    fn le(self, other: Self) -> PackMask<N> {
        self.compare(other, |x, y| x <= y)
    }
    #[inline(always)]
    fn gt(self, other: Self) -> PackMask<N> {
        self.compare(other, |x, y| x > y)
    }
    #[inline(always)]
    fn ge(self, other: Self) -> PackMask<N> {
        self.compare(other, |x, y| x >= y)
    }
    #[inline(always)]
    fn eq(self, other: Self) -> PackMask<N> {
        self.compare(other, |x, y| x == y)
    }
    #[inline(always)]
    fn ne(self, other: Self) -> PackMask<N> {
        self.compare(other, |x, y| x != y)
    }
    #[inline(always)]
    fn same_bits(self, other: Self) -> PackMask<N> {
        self.compare(other, |x, y| x.to_bits() == y.to_bits())
    }
    #[inline(always)]
    fn select(mask: PackMask<N>, yes: Self, no: Self) -> Self {
        let mut out = no.0;
        for ((x, m), y) in out.iter_mut().zip(mask.0).zip(yes.0) {
            *x = if m { y } else { *x };
        }
        Self(out)
    }

    #[inline(always)]
    fn bits_and(self, pattern: u64) -> Self {
        self.each(|x| x.bits_and(pattern))
    }
    #[inline(always)]
    fn bits_or(self, pattern: u64) -> Self {
        self.each(|x| x.bits_or(pattern))
    }
    #[inline(always)]
    fn bits_xor(self, other: Self) -> Self {
        self.zip(other, |x, y| x.bits_xor(y))
    }
    #[inline(always)]
    fn bits_add(self, pattern: u64) -> Self {
        self.each(|x| x.bits_add(pattern))
    }
    #[inline(always)]
    fn bits_shl<const S: u32>(self) -> Self {
        self.each(|x| x.bits_shl::<S>())
    }
    #[inline(always)]
    fn bits_shr<const S: u32>(self) -> Self {
        self.each(|x| x.bits_shr::<S>())
    }

    #[inline(always)]
    fn vectorize<R>(f: impl FnOnce() -> R) -> R {
        f()
    }
}

impl<const N: usize> Add for Pack<N> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |x, y| x + y)
    }
}

impl<const N: usize> Sub for Pack<N> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |x, y| x - y)
    }
}

impl<const N: usize> Mul for Pack<N> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |x, y| x * y)
    }
}

impl<const N: usize> Div for Pack<N> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.zip(other, |x, y| x / y)
    }
}

impl<const N: usize> Neg for Pack<N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.each(|x| -x)
    }
}
