//! Four numbers in one 256-bit register.
//!
//! Soundness: the instructions exist only where AVX2 was found. [`F64x4`] is visible in `lanes` alone, whose
//! dispatch looks for AVX2 before it hands the type to anyone; code that has no value and no name of the type
//! cannot reach its functions. All `unsafe` below rests on that and on nothing else, but for the loads and
//! stores, which check their slice first.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::math::{Lane, LaneMask};

/// Four numbers; needs AVX2.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(super) struct F64x4(__m256d);

/// Four truth values: all bits of a lane set, or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct M64x4(__m256d);

const EVERY: u32 = 0b1111;

#[inline(always)]
fn pattern_of(bits: u64) -> __m256d {
    unsafe { _mm256_castsi256_pd(_mm256_set1_epi64x(bits as i64)) }
}

#[inline(always)]
fn integers(x: F64x4) -> __m256i {
    unsafe { _mm256_castpd_si256(x.0) }
}

#[inline(always)]
fn from_integers(x: __m256i) -> F64x4 {
    F64x4(unsafe { _mm256_castsi256_pd(x) })
}

impl LaneMask for M64x4 {
    #[inline(always)]
    fn splat(value: bool) -> Self {
        Self(pattern_of(if value { u64::MAX } else { 0 }))
    }
    #[inline(always)]
    fn from_bits(bits: u32) -> Self {
        let lane = |i: u32| -i64::from((bits >> i) & 1);
        Self(unsafe { _mm256_castsi256_pd(_mm256_setr_epi64x(lane(0), lane(1), lane(2), lane(3))) })
    }
    #[inline(always)]
    fn bits(self) -> u32 {
        (unsafe { _mm256_movemask_pd(self.0) }) as u32
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(unsafe { _mm256_and_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(unsafe { _mm256_or_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn not(self) -> Self {
        Self(unsafe { _mm256_xor_pd(self.0, pattern_of(u64::MAX)) })
    }
    #[inline(always)]
    fn any(self) -> bool {
        self.bits() != 0
    }
    #[inline(always)]
    fn all(self) -> bool {
        self.bits() == EVERY
    }
}

macro_rules! comparisons {
    ($($f:ident $predicate:ident;)*) => {$(
        #[inline(always)]
        fn $f(self, other: Self) -> M64x4 {
            M64x4(unsafe { _mm256_cmp_pd::<$predicate>(self.0, other.0) })
        }
    )*};
}

impl Lane for F64x4 {
    type Mask = M64x4;

    const WIDTH: usize = 4;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self(unsafe { _mm256_set1_pd(value) })
    }
    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f64) -> Self {
        let lanes = [f(0), f(1), f(2), f(3)];
        Self::load(&lanes)
    }
    #[inline(always)]
    fn lane(self, i: usize) -> f64 {
        let mut lanes = [0.0; 4];
        self.store(&mut lanes);
        lanes[i]
    }
    #[inline(always)]
    fn with_lane(self, i: usize, value: f64) -> Self {
        let mut lanes = [0.0; 4];
        self.store(&mut lanes);
        lanes[i] = value;
        Self::load(&lanes)
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let from = &from[..4];
        Self(unsafe { _mm256_loadu_pd(from.as_ptr()) })
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        let to = &mut to[..4];
        unsafe { _mm256_storeu_pd(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(unsafe { _mm256_sqrt_pd(self.0) })
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.bits_and(!(1 << 63))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(unsafe { _mm256_floor_pd(self.0) })
    }
    #[inline(always)]
    fn ceil(self) -> Self {
        Self(unsafe { _mm256_ceil_pd(self.0) })
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        Self(unsafe { _mm256_round_pd::<{ _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC }>(self.0) })
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self::select(self.lt(other).or(self.is_nan()), self, other)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self::select(self.gt(other).or(self.is_nan()), self, other)
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        Self(unsafe { _mm256_or_pd(self.abs().0, sign.bits_and(1 << 63).0) })
    }

    comparisons! {
        lt _CMP_LT_OQ;
        le _CMP_LE_OQ;
        gt _CMP_GT_OQ;
        ge _CMP_GE_OQ;
        eq _CMP_EQ_OQ;
        ne _CMP_NEQ_UQ;
    }
    #[inline(always)]
    fn same_bits(self, other: Self) -> M64x4 {
        M64x4(from_integers(unsafe { _mm256_cmpeq_epi64(integers(self), integers(other)) }).0)
    }
    #[inline(always)]
    fn select(mask: M64x4, yes: Self, no: Self) -> Self {
        Self(unsafe { _mm256_blendv_pd(no.0, yes.0, mask.0) })
    }

    #[inline(always)]
    fn bits_and(self, pattern: u64) -> Self {
        Self(unsafe { _mm256_and_pd(self.0, pattern_of(pattern)) })
    }
    #[inline(always)]
    fn bits_or(self, pattern: u64) -> Self {
        Self(unsafe { _mm256_or_pd(self.0, pattern_of(pattern)) })
    }
    #[inline(always)]
    fn bits_xor(self, other: Self) -> Self {
        Self(unsafe { _mm256_xor_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn bits_add(self, pattern: u64) -> Self {
        from_integers(unsafe {
            _mm256_add_epi64(integers(self), _mm256_set1_epi64x(pattern as i64))
        })
    }
    #[inline(always)]
    fn bits_shl<const N: u32>(self) -> Self {
        from_integers(unsafe { _mm256_sll_epi64(integers(self), _mm_cvtsi32_si128(N as i32)) })
    }
    #[inline(always)]
    fn bits_shr<const N: u32>(self) -> Self {
        from_integers(unsafe { _mm256_srl_epi64(integers(self), _mm_cvtsi32_si128(N as i32)) })
    }

    #[inline(always)]
    fn vectorize<R>(f: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx2")]
        fn with_avx2<R>(f: impl FnOnce() -> R) -> R {
            f()
        }
        unsafe { with_avx2(f) }
    }
}

macro_rules! operators {
    ($($name:ident $f:ident $instruction:ident;)*) => {$(
        impl $name for F64x4 {
            type Output = Self;
            #[inline(always)]
            fn $f(self, other: Self) -> Self {
                Self(unsafe { $instruction(self.0, other.0) })
            }
        }
    )*};
}

operators! {
    Add add _mm256_add_pd;
    Sub sub _mm256_sub_pd;
    Mul mul _mm256_mul_pd;
    Div div _mm256_div_pd;
}

impl Neg for F64x4 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(unsafe { _mm256_xor_pd(self.0, pattern_of(1 << 63)) })
    }
}
