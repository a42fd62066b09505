//! Antimony text to tree.

pub mod tree;
