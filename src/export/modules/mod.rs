//! Modules apart from each other: what each has of its own, and what it does to its submodules.

mod alike;
mod own;
mod parts;

pub(super) use parts::{Deleted, Inner, Part, Path, parts};
