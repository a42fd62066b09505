//! Derivatives at the scenario's own values.

use insilin::diag::Warned;
use insilin::observe::Metric;
use insilin::scenario::Arm;
use insilin::simulate::sensitivity::{self, Request, Sensitivities, per};
use insilin::trajectory::{Column, Trajectory};
use serde::Serialize;

use super::{Job, Wanted};
use crate::cli::results;
use crate::cli::summary::metric_of;
use crate::cli::terminal::{Exit, Terminal};

/// How one metric moves with one parameter.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Arm, empty when there is one.
    pub arm: String,
    /// `quantity.metric`.
    pub metric: String,
    /// Value of the metric.
    pub metric_value: f64,
    /// Its unit.
    pub metric_unit: String,
    /// Id of the parameter.
    pub parameter: String,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// Derivative of the metric by the parameter; none where `why` says why.
    pub derivative: Option<f64>,
    /// Unit of the metric per unit of the parameter.
    pub derivative_unit: String,
    /// `p / M · dM/dp`: change of the metric per change of the parameter, both as shares; none at zero.
    pub normalised: Option<f64>,
    /// To first order, the change of the metric, in its unit, when the parameter grows by the share asked for.
    pub change: Option<f64>,
    /// Why there is no derivative.
    pub why: Option<String>,
}

/// All rows, and the curves behind them.
pub struct Rows {
    /// By arm and metric, and by the size of the normalised sensitivity within.
    pub rows: Vec<Row>,
    /// File name and curves of the looked-at quantities: `X by p`.
    pub curves: Vec<(String, Trajectory)>,
    /// Steps taken for all derivatives.
    pub steps: u64,
    /// How many parameters were moved, summed over arms.
    pub parameters: usize,
}

/// Computes all rows.
///
/// # Errors
/// The exit code of what went wrong, which has been said.
pub fn run(job: &Job, terminal: Terminal) -> Result<Rows, Exit> {
    let mut all = Rows {
        rows: Vec::new(),
        curves: Vec::new(),
        steps: 0,
        parameters: 0,
    };
    let scenario = &job.loaded.scenario;
    for (at, arm) in scenario.arms.iter().enumerate() {
        let made = of_arm(job, arm, terminal)?;
        let wanted: Vec<&Wanted> = job.metrics_of(arm).collect();
        for wanted in &wanted {
            all.rows.extend(rows(job, arm, &made, wanted, terminal)?);
        }
        let name = match scenario.arms.len() {
            1 => "curves.csv".to_string(),
            _ => format!("curves-{}.csv", results::slug(&arm.label, at)),
        };
        all.curves.push((name, curves(&made, &wanted)));
        all.steps += made.work.accepted + made.work.rejected;
        all.parameters += made.parameters.len();
    }
    Ok(all)
}

fn of_arm(job: &Job, arm: &Arm, terminal: Terminal) -> Result<Sensitivities, Exit> {
    let request = Request {
        parameters: job.parameters_of(arm, terminal)?,
    };
    match sensitivity::run(arm, &request, &job.options) {
        Ok(Warned { value, warnings }) => {
            terminal.findings(&warnings, &job.loaded.sources);
            Ok(value)
        }
        Err(findings) => {
            terminal.findings(&findings, &job.loaded.sources);
            let numbers = findings.0.iter().any(|f| f.code.starts_with("simulate/"));
            Err(if numbers { Exit::Numbers } else { Exit::Input })
        }
    }
}

fn rows(
    job: &Job,
    arm: &Arm,
    made: &Sensitivities,
    wanted: &Wanted,
    terminal: Terminal,
) -> Result<Vec<Row>, Exit> {
    let run = &made.run.trajectory;
    let metric = metric_of(&wanted.metric, run, &wanted.id);
    let (Some(metric), Some(values)) = (metric, run.values(&wanted.id)) else {
        let message = format!(
            "`{}.{}` cannot be read off the run",
            wanted.id, wanted.metric
        );
        let hint = "its number needs a unit of the right kind, and what stays as it is through the run has no curve";
        terminal.failure("cli/metric", &message, hint);
        return Err(Exit::Input);
    };
    let column = run.column(&wanted.id);
    let unit = column.map_or("", |column| column.unit.as_str());
    let about = About {
        arm: arm.label.clone(),
        name: format!("{}.{}", wanted.id, wanted.metric),
        value: metric.evaluate(&run.time, &values),
        unit: metric.unit(unit, &run.time_unit),
        metric,
    };
    let each = made.parameters.iter();
    let mut rows: Vec<Row> = each
        .map(|one| {
            let tangent = one.derivatives.values(&wanted.id).unwrap_or_default();
            about.row(&run.time, [&values, &tangent], one, job.share)
        })
        .collect();
    let size = |row: &Row| row.normalised.map_or(-1.0, f64::abs);
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    Ok(rows)
}

/// A metric of a run.
struct About {
    arm: String,
    name: String,
    metric: Metric,
    value: f64,
    unit: String,
}

impl About {
    fn row(
        &self,
        time: &[f64],
        [values, tangent]: [&[f64]; 2],
        one: &sensitivity::Sensitivity,
        share: f64,
    ) -> Row {
        let derivative = self.metric.derivative(time, values, tangent);
        let why = derivative.err().map(|why| why.to_string());
        let derivative = derivative.ok();
        let scaled = derivative.map(|slope| slope * one.value);
        let normalised = scaled.map(|scaled| scaled / self.value);
        Row {
            arm: self.arm.clone(),
            metric: self.name.clone(),
            metric_value: self.value,
            metric_unit: self.unit.clone(),
            parameter: one.id.clone(),
            value: one.value,
            unit: one.unit.clone(),
            derivative,
            derivative_unit: per(&self.unit, &one.unit),
            normalised: normalised.filter(|n| n.is_finite() && one.value != 0.0),
            change: scaled.map(|scaled| scaled * share),
            why,
        }
    }
}

/// How the looked-at quantities move over time, one column per quantity and parameter.
fn curves(made: &Sensitivities, wanted: &[&Wanted]) -> Trajectory {
    let run = &made.run.trajectory;
    let mut curves = Trajectory::of_times(run.time.clone(), &run.time_unit);
    let mut done: Vec<&str> = Vec::new();
    for wanted in wanted {
        if done.contains(&wanted.id.as_str()) {
            continue;
        }
        done.push(&wanted.id);
        for one in &made.parameters {
            let column = one.derivatives.column(&wanted.id);
            let values = one.derivatives.values(&wanted.id);
            if let (Some(column), Some(values)) = (column, values) {
                let id = format!("{} by {}", wanted.id, one.id);
                let column = Column::new(id, column.unit.clone(), column.kind);
                curves = curves.with_column(column, &values);
            }
        }
    }
    curves
}
