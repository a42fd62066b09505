//! Models as text that other tools read; scenarios as models that do by themselves what was done to them.

mod antimony;
mod antimony_units;
mod losses;
mod modules;
mod names;
mod replay;
mod sbml;

pub use antimony::{antimony, antimony_modules};
pub use losses::antimony_losses;
pub use replay::{Starts, replay};
pub use sbml::{sbml, sbml_modules};
