//! y′ = f(t, y, p): steppers, step control, dense output, roots, linear algebra. Knows no species.

pub mod dynamics;

pub use dynamics::{At, Dynamics, NoPast, Past};
