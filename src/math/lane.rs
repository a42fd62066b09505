//! The lane types: packs of `f64` that do the same IEEE operations on every member.
//!
//! Everything numeric below `simulate` is written once over [`Lane`]. Each operation here is exact or
//! correctly rounded, so a pack gives in lane `i` the bits that plain `f64` would give, on every machine.
//! One thing is left open, because hardware leaves it open: which NaN it is. Sign and payload of a NaN
//! carry no meaning and may differ between lane types; that a lane is NaN never does.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// One truth value per lane.
pub trait LaneMask: Copy + Debug {
    /// The same value in every lane.
    fn splat(value: bool) -> Self;
    /// Lane `i` from bit `i`; bits beyond the width are ignored.
    fn from_bits(bits: u32) -> Self;
    /// Bit `i` from lane `i`; bits beyond the width are 0.
    fn bits(self) -> u32;
    /// True where both are.
    fn and(self, other: Self) -> Self;
    /// True where at least one is.
    fn or(self, other: Self) -> Self;
    /// True where this is false.
    fn not(self) -> Self;
    /// Whether some lane is true.
    fn any(self) -> bool;
    /// Whether every lane is true.
    fn all(self) -> bool;

    /// The value in lane `i`; `i` must be below the width.
    #[inline(always)]
    fn bit(self, i: usize) -> bool {
        (self.bits() >> i) & 1 == 1
    }
}

/// A pack of `WIDTH` numbers, one per trajectory, on which one instruction does the same to each.
///
/// Arithmetic and `sqrt` are IEEE 754 double precision, rounded to nearest, in the order written: no
/// implementation may contract a product and a sum. Comparisons with NaN are false, but for `ne`.
pub trait Lane:
    Copy
    + Debug
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    /// What a comparison gives.
    type Mask: LaneMask;

    /// How many numbers the pack holds.
    const WIDTH: usize;

    /// The same number in every lane.
    fn splat(value: f64) -> Self;
    /// Lane `i` from `f(i)`, called for 0, 1, … `WIDTH` − 1.
    fn from_fn(f: impl FnMut(usize) -> f64) -> Self;
    /// The number in lane `i`; `i` must be below `WIDTH`.
    fn lane(self, i: usize) -> f64;
    /// The pack with lane `i` replaced; `i` must be below `WIDTH`.
    #[must_use]
    fn with_lane(self, i: usize, value: f64) -> Self;
    /// The first `WIDTH` numbers of a slice, which must be that long.
    fn load(from: &[f64]) -> Self;
    /// Writes the lanes to the first `WIDTH` places of a slice, which must be that long.
    fn store(self, to: &mut [f64]);

    /// Square root, correctly rounded; NaN below zero, −0 at −0.
    fn sqrt(self) -> Self;
    /// Magnitude: the sign bit cleared.
    fn abs(self) -> Self;
    /// Largest integer not above; keeps infinities, NaN and the sign of zero.
    fn floor(self) -> Self;
    /// Smallest integer not below; keeps infinities, NaN and the sign of zero.
    fn ceil(self) -> Self;
    /// Integer part, towards zero; keeps infinities, NaN and the sign of zero.
    fn trunc(self) -> Self;
    /// `self` where it is less or NaN, else `other`: NaN if either is, and `other` of two zeros.
    ///
    /// Unlike `f64::min`, which drops a NaN: a wrong number must not turn into a bound.
    fn min(self, other: Self) -> Self;
    /// `self` where it is greater or NaN, else `other`: NaN if either is, and `other` of two zeros.
    fn max(self, other: Self) -> Self;
    /// The magnitude of `self` with the sign bit of `sign`.
    fn copysign(self, sign: Self) -> Self;

    /// Less than.
    fn lt(self, other: Self) -> Self::Mask;
    /// Less than or equal.
    fn le(self, other: Self) -> Self::Mask;
    /// Greater than.
    fn gt(self, other: Self) -> Self::Mask;
    /// Greater than or equal.
    fn ge(self, other: Self) -> Self::Mask;
    /// Equal; the two zeros are.
    fn eq(self, other: Self) -> Self::Mask;
    /// Not equal; true where either is NaN.
    fn ne(self, other: Self) -> Self::Mask;
    /// Where the bit patterns are the same: unlike `eq` it tells the zeros apart and knows a NaN again.
    fn same_bits(self, other: Self) -> Self::Mask;
    /// `yes` where the mask is true, else `no`.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    /// The bit patterns and-ed with one pattern.
    #[must_use]
    fn bits_and(self, pattern: u64) -> Self;
    /// The bit patterns or-ed with one pattern.
    #[must_use]
    fn bits_or(self, pattern: u64) -> Self;
    /// The bit patterns of two packs, exclusive-or-ed.
    #[must_use]
    fn bits_xor(self, other: Self) -> Self;
    /// The bit patterns plus one pattern, as 64-bit integers that wrap round.
    #[must_use]
    fn bits_add(self, pattern: u64) -> Self;
    /// The bit patterns moved up by `N` < 64 places, zeros coming in.
    #[must_use]
    fn bits_shl<const N: u32>(self) -> Self;
    /// The bit patterns moved down by `N` < 64 places, zeros coming in.
    #[must_use]
    fn bits_shr<const N: u32>(self) -> Self;

    /// Runs `f` compiled for the instructions this pack needs, and gives what it gives.
    ///
    /// Enter it once around a whole loop, never around one operation. `f` must be written
    /// `#[inline(always)] || …` and call only `#[inline(always)]` code, or that code is compiled without
    /// the instructions: still right, but slow.
    fn vectorize<R>(f: impl FnOnce() -> R) -> R;

    /// Whether each lane is NaN.
    #[inline(always)]
    fn is_nan(self) -> Self::Mask {
        self.ne(self)
    }

    /// A scalar function of each lane: for work that has no common shape across lanes.
    #[inline(always)]
    #[must_use]
    fn map(self, mut f: impl FnMut(f64) -> f64) -> Self {
        Self::from_fn(|i| f(self.lane(i)))
    }

    /// Remainder of the division truncated to an integer, exact, with the sign of `self` (C's `fmod`).
    ///
    /// NaN when `self` is infinite or `other` is zero.
    #[inline(always)]
    #[must_use]
    fn rem(self, other: Self) -> Self {
        Self::from_fn(|i| self.lane(i) % other.lane(i))
    }
}

impl LaneMask for bool {
    #[inline(always)]
    fn splat(value: bool) -> Self {
        value
    }
    #[inline(always)]
    fn from_bits(bits: u32) -> Self {
        bits & 1 == 1
    }
    #[inline(always)]
    fn bits(self) -> u32 {
        u32::from(self)
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }
    #[inline(always)]
    fn not(self) -> Self {
        !self
    }
    #[inline(always)]
    fn any(self) -> bool {
        self
    }
    #[inline(always)]
    fn all(self) -> bool {
        self
    }
}

impl Lane for f64 {
    type Mask = bool;

    const WIDTH: usize = 1;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f64) -> Self {
        f(0)
    }
    #[inline(always)]
    fn lane(self, i: usize) -> f64 {
        debug_assert_eq!(i, 0, "a single number has one lane");
        self
    }
    #[inline(always)]
    fn with_lane(self, i: usize, value: f64) -> Self {
        debug_assert_eq!(i, 0, "a single number has one lane");
        value
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        from[0]
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        to[0] = self;
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn floor(self) -> Self {
        f64::floor(self)
    }
    #[inline(always)]
    fn ceil(self) -> Self {
        f64::ceil(self)
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        f64::trunc(self)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self < other || self.is_nan() {
            self
        } else {
            other
        }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other || self.is_nan() {
            self
        } else {
            other
        }
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        f64::copysign(self, sign)
    }

    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self < other
    }
    #[inline(always)]
    fn le(self, other: Self) -> bool {
        self <= other
    }
    #[inline(always)]
    fn gt(self, other: Self) -> bool {
        self > other
    }
    #[inline(always)]
    fn ge(self, other: Self) -> bool {
        self >= other
    }
    #[inline(always)]
    fn eq(self, other: Self) -> bool {
        self == other
    }
    #[inline(always)]
    fn ne(self, other: Self) -> bool {
        self != other
    }
    #[inline(always)]
    fn same_bits(self, other: Self) -> bool {
        self.to_bits() == other.to_bits()
    }
    #[inline(always)]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }

    #[inline(always)]
    fn bits_and(self, pattern: u64) -> Self {
        f64::from_bits(self.to_bits() & pattern)
    }
    #[inline(always)]
    fn bits_or(self, pattern: u64) -> Self {
        f64::from_bits(self.to_bits() | pattern)
    }
    #[inline(always)]
    fn bits_xor(self, other: Self) -> Self {
        f64::from_bits(self.to_bits() ^ other.to_bits())
    }
    #[inline(always)]
    fn bits_add(self, pattern: u64) -> Self {
        f64::from_bits(self.to_bits().wrapping_add(pattern))
    }
    #[inline(always)]
    fn bits_shl<const N: u32>(self) -> Self {
        f64::from_bits(self.to_bits() << N)
    }
    #[inline(always)]
    fn bits_shr<const N: u32>(self) -> Self {
        f64::from_bits(self.to_bits() >> N)
    }

    #[inline(always)]
    fn vectorize<R>(f: impl FnOnce() -> R) -> R {
        f()
    }
}
