//! Runs programs: over single numbers, and over packs of 4 or 8 trajectories in the widest registers at hand.
//!
//! The [`Tape`] is the interpreter, portable, and the yardstick for every faster way to run a program. The only
//! `unsafe` of the package is in `lanes`, for vector instructions.

mod fault;
mod interpret;
mod lanes;
mod past;
mod tape;
#[cfg(test)]
mod tests;

pub use fault::Fault;
pub use lanes::{LaneJob, LaneKind, with_best_lanes, with_lanes};
pub use tape::Tape;
