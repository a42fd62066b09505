//! Text to tree. Readers never fail: they return a tree and diagnostics.

pub mod antimony;
pub mod expr;
pub mod head;
pub mod sbml;
