//! y′ = f(t, y, p): steppers, step control, dense output, roots, linear algebra. Knows no species.

pub mod dynamics;
pub mod linear;
pub mod rodas5p;

pub use dynamics::{At, Dynamics, NoPast, Past};
pub use rodas5p::{Control, Outcome, Rodas5P, Statistics, StepFailure};
