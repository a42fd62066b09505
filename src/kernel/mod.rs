//! Runs programs: over single numbers, and over packs of 4 or 8 trajectories in the widest registers at hand.

mod lanes;

pub use lanes::{LaneJob, LaneKind, with_best_lanes, with_lanes};
