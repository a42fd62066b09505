//! Trajectory → numbers: metrics of a column, by the names that scenario files use.
//!
//! [`Metric`] reads a name (`"peak"`, `"at 120"`), says its unit and computes the number from times and values.
//! The formulas themselves are plain functions in [`curve`]. [`Change`], [`deviation`] and [`Allowance`] put two runs side
//! by side.
//!
//! **NaN.** A metric that needs a value which is NaN or infinite is NaN, and so is a metric that is not defined for the
//! series (no points; a time outside the run; half rise of a curve that never rises). Nothing is skipped in silence.

mod compare;
pub mod curve;
pub mod daily;
pub mod indices;
mod metric;
pub mod percentile;
mod sensitivity;

pub use compare::{Allowance, Change, Deviation, deviation};
pub use metric::{Metric, MetricError, NAMES, ParsedMetric};
pub use sensitivity::NoDerivative;

use crate::trajectory::Trajectory;

/// Value of `metric` on the column called `id`, in [`Metric::unit`]; `None` when there is no such column.
/// ```
/// # use insilin::observe::{measure, Metric};
/// # use insilin::trajectory::{Column, ColumnKind, Trajectory};
/// let columns = vec![Column::new("G", "mg/dL", ColumnKind::Species)];
/// let data = ndarray::array![[90.0], [160.0], [130.0]];
/// let meal = Trajectory::new(vec![0.0, 60.0, 120.0], "min", columns, data);
/// assert_eq!(measure(&meal, "G", Metric::Peak), Some(160.0));
/// assert_eq!(measure(&meal, "G", Metric::At(90.0)), Some(145.0));
/// ```
pub fn measure(trajectory: &Trajectory, id: &str, metric: Metric) -> Option<f64> {
    let values = trajectory.values(id)?;
    Some(metric.evaluate(&trajectory.time, &values))
}
