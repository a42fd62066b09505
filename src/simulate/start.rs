//! Where a run starts: parameters, initial assignments, protocol values of the first instant, steady state.

use crate::compile::program::Target;
use crate::scenario::Start;
use crate::solve::{NoPast, Past};

use super::evaluator::{Evaluator, Present};
use super::failure::Failure;
use super::machine::Machine;
use super::options::Options;
use super::plan::{Experiment, PlannedAction, PlannedChange};
use super::steady;
use super::tangent;

/// A machine at its start.
///
/// * `overrides` — `(slot, value)`: parameters that this run sets before anything is computed from them
///
/// # Errors
/// When no consistent or steady start is found.
pub fn machine<'e>(
    experiment: &'e Experiment,
    overrides: &[(usize, f64)],
    options: &Options,
    evaluator: &mut Evaluator<'e>,
) -> Result<Machine<'e>, Failure> {
    machine_with(experiment, overrides, options, evaluator, None)
}

/// As [`machine`], for a program with tangents.
///
/// * `settled` — the steady state, where the run starts from one: that of the same model without tangents
///
/// # Errors
/// As [`machine`], and when a steady state has no tangents.
pub fn machine_with<'e>(
    experiment: &'e Experiment,
    overrides: &[(usize, f64)],
    options: &Options,
    evaluator: &mut Evaluator<'e>,
    settled: Option<&[f64]>,
) -> Result<Machine<'e>, Failure> {
    let base = parameters(experiment, evaluator, overrides);
    let held = held_at_start(experiment, evaluator, &base);
    let fixed: Vec<(usize, f64)> = overrides.iter().chain(&held).copied().collect();
    let p = parameters(experiment, evaluator, &fixed);
    let mut y = states(experiment, evaluator, &p);
    if let Some(settled) = settled {
        y[..settled.len()].copy_from_slice(settled);
        y = steady::tangents(experiment, evaluator, options, &y, &p)?;
    } else if experiment.start == Start::SteadyState {
        y = steady::state(experiment, evaluator, options, y, &p)?;
    }
    let past = AtStart {
        t: experiment.from,
        y: y.clone(),
        p: p.clone(),
    };
    let slots = held.iter().map(|&(slot, _)| slot).collect();
    let mut machine = Machine::new(experiment, options, y, p, base).held(slots);
    machine.present(evaluator, &past).make_consistent()?;
    machine.set_start();
    Ok(machine)
}

/// Parameters as the model gives them, with some set; what initial assignments give is computed from those, unless set.
pub fn parameters(
    experiment: &Experiment,
    evaluator: &mut Evaluator<'_>,
    set: &[(usize, f64)],
) -> Vec<f64> {
    let program = &experiment.program;
    let mut p: Vec<f64> = program.parameters.iter().map(|slot| slot.value).collect();
    for &(slot, value) in set {
        p[slot] = value;
    }
    let block = &program.initial_parameters;
    let unknown = vec![f64::NAN; program.states.len()];
    let mut computed = vec![0.0; program.initial_parameter_slots.len()];
    evaluator.values(block, experiment.from, &unknown, &p, &NoPast, &mut computed);
    for (&slot, value) in program.initial_parameter_slots.iter().zip(computed) {
        if !set.iter().any(|(fixed, _)| *fixed == slot) {
            p[slot] = value;
        }
    }
    p
}

/// States as the model gives them at the start, from parameters.
pub fn states(experiment: &Experiment, evaluator: &mut Evaluator<'_>, p: &[f64]) -> Vec<f64> {
    let program = &experiment.program;
    let unknown = vec![f64::NAN; program.states.len()];
    let mut y = vec![0.0; program.states.len()];
    let block = &program.initial_states;
    evaluator.values(block, experiment.from, &unknown, p, &NoPast, &mut y);
    y
}

/// Parameters that the protocol sets at the very start: initial values are computed with them already.
///
/// Each formula sees what those before it have set, as it does when they are carried out.
fn held_at_start(
    experiment: &Experiment,
    evaluator: &mut Evaluator<'_>,
    p: &[f64],
) -> Vec<(usize, f64)> {
    let y = states(experiment, evaluator, p);
    let first = experiment
        .stops
        .iter()
        .filter(|stop| stop.time <= experiment.from);
    let (mut p, mut held) = (p.to_vec(), Vec::new());
    for action in first.flat_map(|stop| &stop.actions) {
        let tangent = tangent_at_start(experiment, evaluator, &y, &p, action);
        if let Some((slot, value)) = value_at_start(experiment, evaluator, &y, &p, action) {
            let mut place = |slot: usize, value: f64| {
                p[slot] = value;
                held.push((slot, value));
            };
            place(slot, value);
            if let Some((slot, value)) = tangent {
                place(slot, value);
            }
        }
    }
    held
}

/// The slot and value that an action sets; none when it does something else, or needs states that do not exist yet and
/// is left to the first instant.
fn value_at_start(
    experiment: &Experiment,
    evaluator: &mut Evaluator<'_>,
    y: &[f64],
    p: &[f64],
    action: &PlannedAction,
) -> Option<(usize, f64)> {
    let (PlannedChange::Set(extra), Target::Parameter(slot)) = (action.change, action.target)
    else {
        return None;
    };
    let (t, program) = (experiment.from, &experiment.program);
    let mut scale = [1.0; 2];
    let block = &program.targets[action.scale].scale;
    evaluator.values(block, t, y, p, &NoPast, &mut scale);
    let value = scale[0] * evaluator.value(&program.extras[extra], t, y, p, &NoPast);
    value.is_finite().then_some((slot, value))
}

/// The slot and value that the tangent of what an action sets gets; none in runs without tangents.
fn tangent_at_start(
    experiment: &Experiment,
    evaluator: &mut Evaluator<'_>,
    y: &[f64],
    p: &[f64],
    action: &PlannedAction,
) -> Option<(usize, f64)> {
    let (mut y, mut p) = (y.to_vec(), p.to_vec());
    let mut now = Present {
        evaluator,
        past: &NoPast,
        t: experiment.from,
        y: &mut y,
        p: &mut p,
    };
    let is_set = matches!(action.change, PlannedChange::Set(_));
    let set = tangent::of_action(&mut now, action, |_| 0.0).filter(|_| is_set);
    match set? {
        (Target::Parameter(slot), value) => Some((slot, value)),
        (Target::State(_), _) => None,
    }
}

/// Before the start states and parameters were as they are at the start.
struct AtStart {
    t: f64,
    y: Vec<f64>,
    p: Vec<f64>,
}

impl Past for AtStart {
    fn at(&self, _lane: usize, t: f64, y: &mut [f64], p: &mut [f64]) -> bool {
        y.copy_from_slice(&self.y);
        p.copy_from_slice(&self.p);
        t < self.t
    }
}
