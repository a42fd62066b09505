//! A scenario compiled for many runs: where the axes' values go, where the metrics come from.

use crate::diag::{Diagnostic, Diagnostics, Span, Warned, did_you_mean};
use crate::observe::Metric;
use crate::scenario::sweep::{Axis, Binding, Value, bind};
use crate::scenario::{Arm, Scenario};
use crate::simulate::{Curves, Experiment};
use crate::units::{Unit, parse_quantity, parse_unit};

/// One number that is read off every run.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricColumn {
    /// Id of the quantity.
    pub id: String,
    /// The metric as written, unit included.
    pub metric: String,
    /// Its unit as displayed: that of the first arm.
    pub unit: String,
    /// Display name of the quantity; empty when it has none.
    pub label: String,
}

impl MetricColumn {
    /// The column's name, `quantity.metric`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.id, self.metric)
    }
}

/// What is kept of the curves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptCurves {
    /// Ids of the quantities.
    pub of: Vec<String>,
    /// Time between rows in the first arm's unit of time; every row when absent.
    pub every: Option<f64>,
}

/// A scenario ready for many runs.
#[derive(Debug)]
pub struct Variant {
    /// The scenario.
    pub scenario: Scenario,
    /// One per arm.
    pub arms: Vec<ArmPlan>,
}

/// An arm ready for many runs.
#[derive(Debug)]
pub struct ArmPlan {
    /// The compiled arm.
    pub experiment: Experiment,
    /// For each axis over a quantity: where it is bound, its slot, and the factor to how the slot keeps it.
    settings: Vec<Option<(Binding, usize, f64)>>,
    /// For each metric: the quantity's place in a row, the metric in the arm's units, and the factor to the column's unit.
    metrics: Vec<(usize, Metric, f64)>,
    /// Places of the kept quantities in a row.
    kept: Vec<usize>,
    /// Time between kept rows.
    every: Option<f64>,
}

impl Variant {
    /// Compiles all arms of a scenario.
    ///
    /// # Errors
    /// What compilation refuses; axes and metrics that an arm does not have.
    pub fn new(
        scenario: Scenario,
        axes: &[Axis],
        metrics: &[MetricColumn],
        curves: Option<&KeptCurves>,
    ) -> Result<Warned<Self>, Diagnostics> {
        let mut findings = Diagnostics::new();
        let mut arms = Vec::new();
        for arm in &scenario.arms {
            arms.extend(plan(arm, axes, Some(metrics), curves, &mut findings));
        }
        findings.into_result(Self { scenario, arms })
    }

    /// The same for runs that write down all that there is.
    ///
    /// # Errors
    /// What compilation refuses; axes that an arm does not have.
    pub fn whole(scenario: Scenario, axes: &[Axis]) -> Result<Warned<Self>, Diagnostics> {
        let mut findings = Diagnostics::new();
        let mut arms = Vec::new();
        for arm in &scenario.arms {
            arms.extend(plan(arm, axes, None, None, &mut findings));
        }
        findings.into_result(Self { scenario, arms })
    }
}

fn plan(
    arm: &Arm,
    axes: &[Axis],
    asked: Option<&[MetricColumn]>,
    curves: Option<&KeptCurves>,
    findings: &mut Diagnostics,
) -> Option<ArmPlan> {
    let metrics = asked.unwrap_or_default();
    let bound: Vec<Option<Binding>> = axes.iter().map(|axis| bind(axis, arm, findings)).collect();
    if findings.has_errors() {
        return None;
    }
    let varied = bound.iter().flatten().map(|binding| binding.symbol);
    let read = metrics.iter().map(|metric| &metric.id);
    let kept_ids = curves.into_iter().flat_map(|kept| &kept.of);
    // Runs write down nothing else: what is not read need not be computed.
    let symbols = read.chain(kept_ids).filter_map(|id| arm.model.symbol(id));
    let compiled = match asked {
        Some(_) => Experiment::reading(arm, varied, symbols),
        None => Experiment::varying(arm, varied),
    };
    let experiment = match compiled {
        Ok(Warned { value, warnings }) => {
            findings.extend(warnings);
            value
        }
        Err(found) => {
            findings.extend(found);
            return None;
        }
    };
    let setting = |binding: Binding| {
        let (slot, factor) = experiment.setting(arm, binding.symbol);
        (binding, slot, factor)
    };
    let settings = bound.into_iter().map(|one| one.map(setting)).collect();
    let mut places = |ids: Vec<&str>| -> Vec<usize> {
        let place = |id: &str| place_of(&experiment, arm, id, findings);
        ids.into_iter().filter_map(place).collect()
    };
    let places_of_metrics = places(metrics.iter().map(|metric| metric.id.as_str()).collect());
    let ids = curves.map_or_else(Vec::new, |kept| {
        kept.of.iter().map(String::as_str).collect()
    });
    let kept = places(ids);
    if findings.has_errors() {
        return None;
    }
    let read = |(column, place): (&MetricColumn, usize)| {
        let (metric, factor) = metric_in(arm, column, findings)?;
        Some((place, metric, factor))
    };
    let metrics: Option<Vec<_>> = metrics.iter().zip(places_of_metrics).map(read).collect();
    Some(ArmPlan {
        experiment,
        settings,
        metrics: metrics?,
        kept,
        every: curves.and_then(|kept| kept.every),
    })
}

/// Where a quantity stands in a row of the program.
fn place_of(
    experiment: &Experiment,
    arm: &Arm,
    id: &str,
    findings: &mut Diagnostics,
) -> Option<usize> {
    let quantities = &experiment.program.quantities;
    let place = quantities.iter().position(|quantity| quantity.id == id);
    if place.is_none() {
        let (message, hint) = if arm.model.symbol(id).is_some() {
            let message = format!("`{id}` does not change in a run and cannot be read off");
            (message, "leave it out".to_string())
        } else {
            let known = quantities.iter().map(|quantity| quantity.id.as_str());
            let hint = match did_you_mean(id, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`insilin list observables MODEL` shows what there is".to_string(),
            };
            (
                format!("the model has no quantity `{id}` to read off"),
                hint,
            )
        };
        findings.push(Diagnostic::error("sweep/metric", message).hint(hint));
    }
    place
}

/// The unit of a quantity as displayed.
fn unit_text(arm: &Arm, id: &str) -> String {
    let symbol = arm.model.symbol(id);
    let unit = symbol.and_then(|symbol| arm.model.unit_of(symbol));
    unit.map_or_else(String::new, |unit| {
        unit.display(&arm.model.unit_definitions)
    })
}

/// The column of a metric by its name, `quantity.metric`, with the unit that it has in an arm.
///
/// # Errors
/// A name that is none, an unknown quantity or metric, a unit that does not fit.
pub(super) fn metric_column(
    name: &str,
    span: Option<Span>,
    arm: &Arm,
) -> Result<MetricColumn, Box<Diagnostic>> {
    let wrong = |message: String, hint: String| {
        let found = Diagnostic::error("sweep/metric", message).hint(hint);
        Box::new(match span {
            Some(span) => found.at(span),
            None => found,
        })
    };
    let Some((id, metric)) = name.split_once('.') else {
        let message = format!("`{name}` is no quantity with a metric");
        return Err(wrong(message, format!("write `{name}.peak`, for example")));
    };
    let Some(symbol) = arm.model.symbol(id) else {
        let ids = arm
            .model
            .symbols()
            .map(|symbol| arm.model.identity(symbol).id.as_str());
        let hint = match did_you_mean(id, ids) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`insilin list observables MODEL` shows what there is".to_string(),
        };
        return Err(wrong(format!("no model here has a quantity `{id}`"), hint));
    };
    let parsed = Metric::parse(metric).map_err(|error| {
        let hint = "docs/scenarios.md lists the metrics".to_string();
        wrong(error.to_string(), hint)
    })?;
    let column = MetricColumn {
        id: id.to_string(),
        metric: metric.to_string(),
        unit: parsed.metric.unit(&unit_text(arm, id), &arm.time.unit),
        label: arm.model.identity(symbol).name.clone(),
    };
    let mut findings = Diagnostics::new();
    metric_in(arm, &column, &mut findings);
    match findings.0.into_iter().next() {
        Some(found) => Err(Box::new(match span {
            Some(span) => found.at(span),
            None => found,
        })),
        None => Ok(column),
    }
}

/// A metric in an arm's units, and the factor from its value there to the column's unit.
fn metric_in(
    arm: &Arm,
    column: &MetricColumn,
    findings: &mut Diagnostics,
) -> Option<(Metric, f64)> {
    let parsed = Metric::parse(&column.metric).ok()?;
    let own = unit_text(arm, &column.id);
    let metric = match (parsed.metric.argument(), &parsed.unit) {
        (Some(argument), Some(written)) => {
            let wanted = match parsed.metric {
                Metric::At(_) => arm.time.unit.as_str(),
                _ => own.as_str(),
            };
            let Some(factor) = factor(written, wanted) else {
                let message = format!("`{}` is no unit for `{}`", written, column.name());
                let found = Diagnostic::error("sweep/metric", message);
                findings.push(found.hint(format!("write it in {wanted}")));
                return None;
            };
            parsed.metric.with_argument(argument * factor)
        }
        _ => parsed.metric,
    };
    let unit = metric.unit(&own, &arm.time.unit);
    if unit == column.unit {
        return Some((metric, 1.0));
    }
    let Some(factor) = factor(&unit, &column.unit) else {
        let message = format!(
            "`{}` is in {unit} in one arm and in {} in another",
            column.name(),
            column.unit
        );
        let found = Diagnostic::error("sweep/metric", message);
        findings.push(found.hint("read off something that all arms have in one dimension"));
        return None;
    };
    Some((metric, factor))
}

/// What a number in one displayed unit is multiplied by to be in another; none between dimensions.
pub fn factor(from: &str, to: &str) -> Option<f64> {
    if from == to {
        return Some(1.0);
    }
    // Areas are shown with a dot, which unit texts write as a star; a stroke in front of it takes the rest with it.
    let read = |text: &str| -> Option<Unit> {
        if text.is_empty() {
            return Some(Unit::ONE);
        }
        parse_unit(&text.replace('·', "*")).ok()
    };
    let to = read(to)?;
    let one = match parse_quantity(&format!("1 {}", from.replace('·', "*"))) {
        Ok(quantity) => quantity,
        Err(_) if from.is_empty() => parse_quantity("1").ok()?,
        Err(_) => return None,
    };
    one.value_in(&to)
}

impl ArmPlan {
    /// The slots that give the axes over quantities their values.
    pub fn overrides(&self, arm: &Arm, axes: &[Axis], point: &[Value]) -> Vec<(usize, f64)> {
        let mut overrides = Vec::new();
        let mut findings = Diagnostics::new();
        for ((setting, axis), value) in self.settings.iter().zip(axes).zip(point) {
            let (Some((binding, slot, factor)), Value::Number(value)) = (setting, value) else {
                continue;
            };
            // Units were checked when the axis was bound.
            let value = binding.in_model_units(axis, arm, *value, &mut findings);
            overrides.push((*slot, value.unwrap_or(f64::NAN) * factor));
        }
        overrides
    }

    /// The metrics of a finished run, in their columns' units.
    pub(super) fn measure(&self, curves: &Curves) -> Vec<f64> {
        let width = self.experiment.program.quantities.len();
        let mut last: Option<(usize, Vec<f64>)> = None;
        let mut measured = Vec::with_capacity(self.metrics.len());
        for (place, metric, factor) in &self.metrics {
            let values = match last.take() {
                Some((held, values)) if held == *place => values,
                _ => curves.column(*place, width).collect(),
            };
            measured.push(metric.evaluate(&curves.times, &values) * factor);
            last = Some((*place, values));
        }
        measured
    }

    /// The kept quantities of a finished run, thinned.
    pub(super) fn keep(&self, curves: &Curves) -> (Vec<f64>, Vec<Vec<f64>>) {
        let width = self.experiment.program.quantities.len();
        let rows = kept_rows(&curves.times, self.every);
        let times = rows.iter().map(|&row| curves.times[row]).collect();
        let values = self.kept.iter().map(|&place| {
            let value = |&row: &usize| curves.rows[row * width + place];
            rows.iter().map(value).collect()
        });
        (times, values.collect())
    }
}

/// The rows to keep: the first, the last, and of those between the ones at which another interval has passed.
pub fn kept_rows(times: &[f64], every: Option<f64>) -> Vec<usize> {
    let Some(every) = every else {
        return (0..times.len()).collect();
    };
    let Some(&first) = times.first() else {
        return Vec::new();
    };
    let mut rows = vec![0];
    let mut due = 1.0;
    // Times of a grid are a few roundings off their multiples.
    let slack = 1e-9 * every;
    for (row, &time) in times.iter().enumerate().skip(1) {
        if time + slack >= first + due * every {
            rows.push(row);
            due = ((time + slack - first) / every).floor() + 1.0;
        }
    }
    if rows.last() != Some(&(times.len() - 1)) {
        rows.push(times.len() - 1);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_rows_are_an_interval_apart_and_hold_both_ends() {
        let times: Vec<f64> = (0..=10).map(|i| f64::from(i) * 0.1).collect();
        assert_eq!(kept_rows(&times, Some(0.3)), [0, 3, 6, 9, 10]);
        assert_eq!(kept_rows(&times, Some(0.5)), [0, 5, 10]);
        assert_eq!(kept_rows(&times, Some(7.0)), [0, 10]);
        assert_eq!(kept_rows(&times, None).len(), 11);
        assert!(kept_rows(&[], Some(1.0)).is_empty());
    }

    #[test]
    fn factors_between_displayed_units() {
        assert_eq!(factor("mg/dL", "mg/dL"), Some(1.0));
        assert_eq!(factor("h", "min"), Some(60.0));
        assert_eq!(factor("", ""), Some(1.0));
        assert_eq!(factor("h", "mg"), None);
    }
}
