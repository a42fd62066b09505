//! The one home of exp, ln, pow, sin, tanh and their kin, written once over [`Lane`].
//!
//! They are made of + − × ÷ √, comparisons, selects and bit moves in program order, without fused
//! multiply-add and without the C library, so a given argument gives the same bits in every lane type, on
//! every machine, in WebAssembly too. Every such function takes any lane type; a plain `f64` is a pack of one:
//! ```
//! use insilin::math::{self, Lane, Pack};
//! let alone = math::exp(1.5);
//! let together = math::exp(Pack::<4>::splat(1.5));
//! assert_eq!(together.lane(3).to_bits(), alone.to_bits());
//! ```
//!
//! Every function states its largest error in units in the last place of the exact result; the tests hold
//! it against references of 60 digits.

mod bits;
mod dd;
mod exp;
mod factorial;
mod hyperbolic;
mod inverse;
mod lane;
mod log;
mod pack;
mod poly;
mod pow;
mod reduce;
mod stream;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod trig;

pub use exp::exp;
pub use factorial::factorial;
pub use hyperbolic::{acosh, asinh, atanh, cosh, sinh, tanh};
pub use inverse::{acos, asin, atan};
pub use lane::{Lane, LaneMask};
pub use log::{ln, log10};
pub use pack::{Pack, PackMask};
pub use pow::pow;
pub use stream::{Stream, mix};
pub use trig::{cos, sin, tan};
