//! Models as text that other tools read.

mod antimony;
mod antimony_units;

pub use antimony::antimony;
