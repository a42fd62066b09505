//! Many runs of one scenario: points of a design, variants of the scenario, rows of a table.
//!
//! [`Study`] knows what is varied and what is read off; [`pool`] makes its runs on threads, in lanes, and hands them over in
//! whole parts whose borders depend on nothing but the number of the run.
//!
//! The mathematics of designs is plain numbers: [`Sampler`] gives points in the unit cube, [`Distribution`] and [`Copula`]
//! make parameters of people of them, [`Morris`] and [`Saltelli`] say which inputs an output depends on.

mod copula;
mod distribution;
mod moments;
mod morris;
mod normal;
mod people;
mod permutation;
mod points;
#[cfg(feature = "ensemble")]
pub mod pool;
mod resample;
mod row;
mod sampler;
mod sobol;
mod spread;
mod study;
#[cfg(test)]
mod testing;
mod variance;
mod variant;

pub use copula::{Copula, CopulaError, of_rank_correlation};
pub use distribution::{Distribution, DistributionError};
pub use morris::{Effect, Morris};
pub use normal::{probability as normal_probability, quantile as normal_quantile};
pub use people::People;
pub use points::{Draws, Grid, Points, points};
pub use row::{Refusal, Row};
pub use sampler::{DesignError, Sampler, Sampling};
pub use spread::{Comparison, Spread, compare, spread};
pub use study::{Ask, Study};
pub use variance::{Index, Indices, Saltelli};
pub use variant::{
    ArmPlan, KeptCurves, MetricColumn, Variant, factor as display_factor, kept_rows,
};
