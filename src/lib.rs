//! insilin: insulin in silico. A simulator of how a person becomes insulin resistant, and of what reverses it.

pub mod clinic;
pub mod compile;
pub mod diag;
pub mod ensemble;
pub mod export;
pub mod fit;
pub mod kernel;
pub mod math;
pub mod model;
pub mod observe;
pub mod render;
pub mod report;
pub mod scenario;
pub mod simulate;
pub mod solve;
pub mod store;
pub mod syntax;
pub mod trajectory;
pub mod units;
