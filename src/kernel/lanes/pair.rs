//! Two packs side by side as one of twice the width.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::math::{Lane, LaneMask};

/// A pack of `2 · L::WIDTH` numbers: more independent work per operation than the registers are wide, which
/// hides waiting times.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Pair<L>(L, L);

/// The masks of the two halves.
#[derive(Clone, Copy, Debug)]
pub(super) struct PairMask<L: Lane>(L::Mask, L::Mask);

impl<L: Lane> LaneMask for PairMask<L> {
    #[inline(always)]
    fn splat(value: bool) -> Self {
        Self(L::Mask::splat(value), L::Mask::splat(value))
    }
    #[inline(always)]
    fn from_bits(bits: u32) -> Self {
        Self(
            L::Mask::from_bits(bits),
            L::Mask::from_bits(bits >> L::WIDTH),
        )
    }
    #[inline(always)]
    fn bits(self) -> u32 {
        self.0.bits() | (self.1.bits() << L::WIDTH)
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(self.0.and(other.0), self.1.and(other.1))
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0), self.1.or(other.1))
    }
    #[inline(always)]
    fn not(self) -> Self {
        Self(self.0.not(), self.1.not())
    }
    #[inline(always)]
    fn any(self) -> bool {
        self.0.or(self.1).any()
    }
    #[inline(always)]
    fn all(self) -> bool {
        self.0.and(self.1).all()
    }
}

macro_rules! halves {
    ($($f:ident($($other:ident)?) -> $out:ident;)*) => {$(
        #[inline(always)]
        fn $f(self $(, $other: Self)?) -> halves!(@out $out) {
            halves!(@make $out)(self.0.$f($($other.0)?), self.1.$f($($other.1)?))
        }
    )*};
    (@out Pair) => { Self };
    (@out Mask) => { PairMask<L> };
    (@make Pair) => { Pair };
    (@make Mask) => { PairMask };
}

impl<L: Lane> Lane for Pair<L> {
    type Mask = PairMask<L>;

    const WIDTH: usize = 2 * L::WIDTH;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self(L::splat(value), L::splat(value))
    }
    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f64) -> Self {
        let low = L::from_fn(&mut f);
        Self(low, L::from_fn(|i| f(i + L::WIDTH)))
    }
    #[inline(always)]
    fn lane(self, i: usize) -> f64 {
        if i < L::WIDTH {
            self.0.lane(i)
        } else {
            self.1.lane(i - L::WIDTH)
        }
    }
    #[inline(always)]
    fn with_lane(self, i: usize, value: f64) -> Self {
        if i < L::WIDTH {
            Self(self.0.with_lane(i, value), self.1)
        } else {
            Self(self.0, self.1.with_lane(i - L::WIDTH, value))
        }
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        Self(L::load(from), L::load(&from[L::WIDTH..]))
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        self.0.store(to);
        self.1.store(&mut to[L::WIDTH..]);
    }

    halves! {
        sqrt() -> Pair;
        abs() -> Pair;
        floor() -> Pair;
        ceil() -> Pair;
        trunc() -> Pair;
        min(other) -> Pair;
        max(other) -> Pair;
        copysign(other) -> Pair;
        bits_xor(other) -> Pair;
        lt(other) -> Mask;
        le(other) -> Mask;
        gt(other) -> Mask;
        ge(other) -> Mask;
        eq(other) -> Mask;
        ne(other) -> Mask;
        same_bits(other) -> Mask;
    }

    #[inline(always)]
    fn select(mask: PairMask<L>, yes: Self, no: Self) -> Self {
        Self(
            L::select(mask.0, yes.0, no.0),
            L::select(mask.1, yes.1, no.1),
        )
    }
    #[inline(always)]
    fn bits_and(self, pattern: u64) -> Self {
        Self(self.0.bits_and(pattern), self.1.bits_and(pattern))
    }
    #[inline(always)]
    fn bits_or(self, pattern: u64) -> Self {
        Self(self.0.bits_or(pattern), self.1.bits_or(pattern))
    }
    #[inline(always)]
    fn bits_add(self, pattern: u64) -> Self {
        Self(self.0.bits_add(pattern), self.1.bits_add(pattern))
    }
    #[inline(always)]
    fn bits_shl<const N: u32>(self) -> Self {
        Self(self.0.bits_shl::<N>(), self.1.bits_shl::<N>())
    }
    #[inline(always)]
    fn bits_shr<const N: u32>(self) -> Self {
        Self(self.0.bits_shr::<N>(), self.1.bits_shr::<N>())
    }

    #[inline(always)]
    fn vectorize<R>(f: impl FnOnce() -> R) -> R {
        L::vectorize(f)
    }
}

macro_rules! operators {
    ($($name:ident $f:ident;)*) => {$(
        impl<L: Lane> $name for Pair<L> {
            type Output = Self;
            #[inline(always)]
            fn $f(self, other: Self) -> Self {
                Self(self.0.$f(other.0), self.1.$f(other.1))
            }
        }
    )*};
}

operators! { Add add; Sub sub; Mul mul; Div div; }

impl<L: Lane> Neg for Pair<L> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}
