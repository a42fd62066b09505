//! insilin: insulin in silico. A simulator of how a person becomes insulin resistant, and of what reverses it.

pub mod diag;
pub mod syntax;
