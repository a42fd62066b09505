//! Runs programs: over single numbers, and over packs of 4 or 8 trajectories in the widest registers at hand.
//!
//! The [`Tape`] is the interpreter, portable, and the yardstick for every faster way to run a program. It hands blocks
//! over to machine code where it is given some ([`Code`]). The only `unsafe` of the package is in `lanes`, for vector
//! instructions, and in `native`, which makes and calls that code.

mod fault;
mod interpret;
mod lanes;
#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "generated machine code is called; what makes that sound stands at each place"
)]
mod native;
#[cfg(not(target_arch = "x86_64"))]
#[path = "no_native.rs"]
mod native;
mod past;
mod tape;
#[cfg(test)]
mod tests;

pub use fault::Fault;
pub use lanes::{LaneJob, LaneKind, with_best_lanes, with_lanes};
pub use native::Code;
pub use tape::Tape;
