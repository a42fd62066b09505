//! insilin: insulin in silico. A simulator of how a person becomes insulin resistant, and of what reverses it.

pub mod compile;
pub mod diag;
pub mod math;
pub mod model;
pub mod scenario;
pub mod solve;
pub mod syntax;
pub mod units;
