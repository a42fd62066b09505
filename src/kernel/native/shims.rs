//! The elementary functions as generated code calls them: by the System V convention on every system.
//!
//! They go through the tape's own `function`: a copy of each function for every shim would be a nanosecond faster per call
//! and take minutes more to build.
//!
//! Soundness: the addresses are called by generated code alone, which hands over what the signatures say.

use std::slice::{from_raw_parts, from_raw_parts_mut};

use crate::compile::program::OpCode;
use crate::kernel::interpret::function;
use crate::kernel::lanes::{LaneJob, LaneKind, with_lanes};
use crate::math::Lane;

macro_rules! shims {
    ($($code:ident)*) => {
        /// Whether an operation is a function that is called.
        pub(super) fn is_function(code: OpCode) -> bool {
            matches!(code, $(OpCode::$code)|*)
        }

        /// `fn(a, b) -> value` on single numbers.
        fn on_numbers(code: OpCode) -> usize {
            match code {
                $(OpCode::$code => {
                    extern "sysv64" fn shim(a: f64, b: f64) -> f64 {
                        function(OpCode::$code, a, b)
                    }
                    shim as *const () as usize
                })*
                _ => unreachable!("what is no function is computed in place"),
            }
        }

        impl LaneJob for OnPacks {
            type Output = usize;

            /// `fn(to, a, b)` on packs in memory; `b` is not read by functions of one number.
            fn run<L: Lane>(self) -> usize {
                match self.0 {
                    $(OpCode::$code => {
                        unsafe extern "sysv64" fn shim<L: Lane>(to: *mut f64, a: *const f64, b: *const f64) {
                            // SAFETY: the caller hands over packs that it may write and read.
                            unsafe { on_packs::<L>(OpCode::$code, to, a, b) }
                        }
                        shim::<L> as *const () as usize
                    })*
                    _ => unreachable!("what is no function is computed in place"),
                }
            }
        }
    };
}

shims! {
    Exp Ln Log10 Pow Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh Atanh Factorial
}

struct OnPacks(OpCode);

/// Where the shim of a function on packs of a width is.
pub(super) fn address(code: OpCode, width: usize) -> usize {
    match width {
        1 => on_numbers(code),
        _ => with_lanes(LaneKind::best(width), OnPacks(code)),
    }
}

/// # Safety
/// `to` must be a pack that may be written and `a` one that may be read; for functions of two numbers `b` too.
#[inline(always)]
unsafe fn on_packs<L: Lane>(code: OpCode, to: *mut f64, a: *const f64, b: *const f64) {
    // SAFETY: by the contract. `to` may be the same as `a` or `b`: both are read before it is written.
    unsafe {
        L::vectorize(
            #[inline(always)]
            || {
                let left = L::load(from_raw_parts(a, L::WIDTH));
                let right = if code == OpCode::Pow {
                    L::load(from_raw_parts(b, L::WIDTH))
                } else {
                    left
                };
                function(code, left, right).store(from_raw_parts_mut(to, L::WIDTH));
            },
        );
    }
}
