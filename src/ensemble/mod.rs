//! Many runs of one scenario: points of a design, variants of the scenario, rows of a table.
//!
//! [`Study`] knows what is varied and what is read off; [`pool`] makes its runs on threads, in lanes, and hands them over in
//! whole parts whose borders depend on nothing but the number of the run.

mod points;
#[cfg(feature = "ensemble")]
pub mod pool;
mod row;
mod study;
mod variant;

pub use points::{Grid, Points};
pub use row::{Refusal, Row};
pub use study::{Ask, Study};
pub use variant::{ArmPlan, KeptCurves, MetricColumn, Variant};
