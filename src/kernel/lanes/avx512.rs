//! Eight numbers in one 512-bit register.
//!
//! Soundness: the instructions exist only where AVX-512 was found. [`F64x8`] is visible in `lanes` alone, whose
//! dispatch looks for AVX-512 before it hands the type to anyone; code that has no value and no name of the type
//! cannot reach its functions. All `unsafe` below rests on that and on nothing else, but for the loads and
//! stores, which check their slice first.

use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::math::{Lane, LaneMask};

/// Eight numbers; needs AVX-512 F.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(super) struct F64x8(__m512d);

/// Eight truth values, one bit each.
#[derive(Clone, Copy, Debug)]
pub(super) struct M64x8(__mmask8);

#[inline(always)]
fn integers(x: F64x8) -> __m512i {
    unsafe { _mm512_castpd_si512(x.0) }
}

#[inline(always)]
fn from_integers(x: __m512i) -> F64x8 {
    F64x8(unsafe { _mm512_castsi512_pd(x) })
}

#[inline(always)]
fn pattern_of(bits: u64) -> __m512i {
    unsafe { _mm512_set1_epi64(bits as i64) }
}

impl LaneMask for M64x8 {
    #[inline(always)]
    fn splat(value: bool) -> Self {
        Self(if value { u8::MAX } else { 0 })
    }
    #[inline(always)]
    fn from_bits(bits: u32) -> Self {
        Self(bits as u8)
    }
    #[inline(always)]
    fn bits(self) -> u32 {
        u32::from(self.0)
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    #[inline(always)]
    fn not(self) -> Self {
        Self(!self.0)
    }
    #[inline(always)]
    fn any(self) -> bool {
        self.0 != 0
    }
    #[inline(always)]
    fn all(self) -> bool {
        self.0 == u8::MAX
    }
}

macro_rules! comparisons {
    ($($f:ident $predicate:ident;)*) => {$(
        #[inline(always)]
        fn $f(self, other: Self) -> M64x8 {
            M64x8(unsafe { _mm512_cmp_pd_mask::<$predicate>(self.0, other.0) })
        }
    )*};
}

impl Lane for F64x8 {
    type Mask = M64x8;

    const WIDTH: usize = 8;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Self(unsafe { _mm512_set1_pd(value) })
    }
    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> f64) -> Self {
        let lanes = [f(0), f(1), f(2), f(3), f(4), f(5), f(6), f(7)];
        Self::load(&lanes)
    }
    #[inline(always)]
    fn lane(self, i: usize) -> f64 {
        let mut lanes = [0.0; 8];
        self.store(&mut lanes);
        lanes[i]
    }
    #[inline(always)]
    fn with_lane(self, i: usize, value: f64) -> Self {
        let mut lanes = [0.0; 8];
        self.store(&mut lanes);
        lanes[i] = value;
        Self::load(&lanes)
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let from = &from[..8];
        Self(unsafe { _mm512_loadu_pd(from.as_ptr()) })
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        let to = &mut to[..8];
        unsafe { _mm512_storeu_pd(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(unsafe { _mm512_sqrt_pd(self.0) })
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.bits_and(!(1 << 63))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(unsafe {
            _mm512_roundscale_pd::<{ _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC }>(self.0)
        })
    }
    #[inline(always)]
    fn ceil(self) -> Self {
        Self(unsafe {
            _mm512_roundscale_pd::<{ _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC }>(self.0)
        })
    }
    #[inline(always)]
    fn trunc(self) -> Self {
        Self(unsafe { _mm512_roundscale_pd::<{ _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC }>(self.0) })
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
        from_integers(unsafe {
            _mm512_or_si512(integers(self.abs()), integers(sign.bits_and(1 << 63)))
        })
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
    fn same_bits(self, other: Self) -> M64x8 {
        M64x8(unsafe { _mm512_cmpeq_epi64_mask(integers(self), integers(other)) })
    }
    #[inline(always)]
    fn select(mask: M64x8, yes: Self, no: Self) -> Self {
        Self(unsafe { _mm512_mask_blend_pd(mask.0, no.0, yes.0) })
    }

    #[inline(always)]
    fn bits_and(self, pattern: u64) -> Self {
        from_integers(unsafe { _mm512_and_si512(integers(self), pattern_of(pattern)) })
    }
    #[inline(always)]
    fn bits_or(self, pattern: u64) -> Self {
        from_integers(unsafe { _mm512_or_si512(integers(self), pattern_of(pattern)) })
    }
    #[inline(always)]
    fn bits_xor(self, other: Self) -> Self {
        from_integers(unsafe { _mm512_xor_si512(integers(self), integers(other)) })
    }
    #[inline(always)]
    fn bits_add(self, pattern: u64) -> Self {
        from_integers(unsafe { _mm512_add_epi64(integers(self), pattern_of(pattern)) })
    }
    #[inline(always)]
    fn bits_shl<const N: u32>(self) -> Self {
        from_integers(unsafe { _mm512_sll_epi64(integers(self), _mm_cvtsi32_si128(N as i32)) })
    }
    #[inline(always)]
    fn bits_shr<const N: u32>(self) -> Self {
        from_integers(unsafe { _mm512_srl_epi64(integers(self), _mm_cvtsi32_si128(N as i32)) })
    }

    #[inline(always)]
    fn vectorize<R>(f: impl FnOnce() -> R) -> R {
        #[target_feature(enable = "avx512f")]
        fn with_avx512<R>(f: impl FnOnce() -> R) -> R {
            f()
        }
        unsafe { with_avx512(f) }
    }
}

macro_rules! operators {
    ($($name:ident $f:ident $instruction:ident;)*) => {$(
        impl $name for F64x8 {
            type Output = Self;
            #[inline(always)]
            fn $f(self, other: Self) -> Self {
                Self(unsafe { $instruction(self.0, other.0) })
            }
        }
    )*};
}

operators! {
    Add add _mm512_add_pd;
    Sub sub _mm512_sub_pd;
    Mul mul _mm512_mul_pd;
    Div div _mm512_div_pd;
}

impl Neg for F64x8 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        from_integers(unsafe { _mm512_xor_si512(integers(self), pattern_of(1 << 63)) })
    }
}
