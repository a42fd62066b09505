//! Figures of metrics: against what is varied, and beside each other.

use insilin::render::build::{self, Bars, BuildError, Curve};
use insilin::render::{Axis, Figure};
use insilin::scenario::{FigureRequest, Scenario};
use insilin::trajectory::Trajectory;

use super::super::results::Results;
use super::super::summary::metric_of;
use super::kinds::World;
use super::runs::{self, Run};

/// Metrics against the varied quantity: one panel per group, one curve per metric and arm.
pub(super) fn dose_response(
    request: &FigureRequest,
    World {
        scenario, results, ..
    }: &World,
) -> Result<Figure, BuildError> {
    let Some(vary) = &scenario.vary else {
        return Err(BuildError::Empty);
    };
    let mut panels = Vec::new();
    for group in &request.panels {
        let mut curves = Vec::new();
        let mut response: Option<Axis> = None;
        for wanted in group {
            let (arm, id, text) = parts(wanted, scenario);
            for at in (0..results.arms.len()).filter(|at| arm.is_none_or(|arm| arm == *at)) {
                if let Some((axis, curve)) = response_curve(at, id, text, scenario, results)? {
                    response.get_or_insert(axis);
                    curves.push(curve);
                }
            }
        }
        let response = response.ok_or(BuildError::Empty)?;
        let mut dose = Axis::new(vary.name.clone(), vary.unit.clone());
        dose.log = vary.log;
        panels.extend(build::dose_response("", dose, response, &curves).panels);
    }
    Ok(Figure::new(request.title.clone(), panels))
}

/// One metric of one arm against the varied quantity, with its axis; none when the arm has no such quantity.
fn response_curve(
    at: usize,
    id: &str,
    metric: &str,
    scenario: &Scenario,
    results: &Results,
) -> Result<Option<(Axis, Curve)>, BuildError> {
    let runs = &results.arms[at].shown;
    let Some((first, column)) = runs.first().and_then(|run| Some((run, run.column(id)?))) else {
        return Ok(None);
    };
    let metric = metric_of(metric, first, id).ok_or_else(|| BuildError::Unknown {
        id: format!("{id}.{metric}"),
    })?;
    let measure = |run: &Trajectory| insilin::observe::measure(run, id, metric);
    let unit = metric.unit(&column.unit, &first.time_unit);
    let label = match scenario.arms.len() {
        1 => &column.label,
        _ => &scenario.arms[at].label,
    };
    let vary = scenario.vary.as_ref();
    let curve = Curve {
        label: label.clone(),
        dose: vary.map(|vary| vary.values.clone()).unwrap_or_default(),
        response: runs.iter().filter_map(measure).collect(),
        spread: Vec::new(),
        measured: false,
    };
    Ok(Some((Axis::new(column.label.clone(), unit), curve)))
}

/// `arm: observable.metric` taken apart.
fn parts<'a>(wanted: &'a str, scenario: &Scenario) -> (Option<usize>, &'a str, &'a str) {
    let (arm, rest) = match wanted.split_once(':') {
        Some((label, rest)) => (
            scenario
                .arms
                .iter()
                .position(|arm| arm.label == label.trim()),
            rest.trim(),
        ),
        None => (None, wanted),
    };
    let (id, metric) = rest.split_once('.').unwrap_or((rest, "final"));
    (arm, id, metric)
}

/// Bars of metrics: one panel per group, one bar per metric and run.
pub(super) fn bars(request: &FigureRequest, world: &World) -> Result<Figure, BuildError> {
    let all = runs::all(world.scenario, world.results);
    let labels: Vec<&str> = all.iter().map(|run| run.label.as_str()).collect();
    let mut panels = Vec::new();
    for group in &request.panels {
        let mut bars = Vec::new();
        let mut axis: Option<Axis> = None;
        for wanted in group {
            let (arm, id, text) = parts(wanted, world.scenario);
            let mut values = Vec::with_capacity(all.len());
            for run in &all {
                let meant = arm.is_none_or(|arm| arm == run.arm);
                let found = measured_as(run, id, text).filter(|_| meant);
                values.push(found.as_ref().map_or(f64::NAN, |(_, value)| *value));
                if let Some((own, _)) = found {
                    let axis = axis.get_or_insert_with(|| own.clone());
                    shared(axis, &own, wanted)?;
                }
            }
            let label = text.trim().replace('_', " ");
            bars.push(Bars { label, values });
        }
        let mut axis = axis.ok_or_else(|| BuildError::Unknown {
            id: group.join("`, `"),
        })?;
        if let [only] = &bars[..] {
            axis.label = format!("{}, {}", axis.label, only.label);
        }
        panels.push(build::bar_panel(&labels, axis, &bars));
    }
    Ok(build::bars(&request.title, panels))
}

/// A metric of one run with its axis; none when the run has no such quantity or the metric is none.
fn measured_as(run: &Run, id: &str, text: &str) -> Option<(Axis, f64)> {
    let column = run.trajectory.column(id)?;
    let metric = metric_of(text, run.trajectory, id)?;
    let unit = metric.unit(&column.unit, &run.trajectory.time_unit);
    let value = insilin::observe::measure(run.trajectory, id, metric)?;
    Some((Axis::new(column.label.clone(), unit), value))
}

/// Leaves of an axis what its metrics have in common.
fn shared(axis: &mut Axis, own: &Axis, wanted: &str) -> Result<(), BuildError> {
    if axis.unit != own.unit {
        return Err(BuildError::Units {
            found: (wanted.to_string(), own.unit.clone()),
            expected: axis.unit.clone(),
        });
    }
    if axis.label != own.label {
        axis.label.clear();
    }
    Ok(())
}
