//! Models as text that other tools read.

mod antimony;
mod antimony_units;
mod names;
mod sbml;

pub use antimony::antimony;
pub use sbml::sbml;
