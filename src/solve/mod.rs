//! y′ = f(t, y, p): steppers, step control, dense output, roots, linear algebra. Knows no species.

pub mod balanced;
pub mod consistent;
pub mod dynamics;
pub mod explicit;
pub mod history;
pub mod linear;
pub mod part;
pub mod rodas5p;
pub mod roots;
pub mod steady;

mod dips;

pub use dynamics::{At, Dynamics, NoPast, Past};
pub use history::History;
pub use rodas5p::{Control, Outcome, Rodas5P, Statistics, StepFailure};
