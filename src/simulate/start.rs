//! Where a run starts: parameters, initial assignments, protocol values of the first instant, steady state.

use crate::compile::program::Target;
use crate::scenario::Start;
use crate::solve::{NoPast, Past};

use super::evaluator::Evaluator;
use super::failure::Failure;
use super::machine::Machine;
use super::options::Options;
use super::plan::{Experiment, PlannedChange};
use super::steady;

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
) -> Result<Machine<'e>, Failure> {
    let mut evaluator = Evaluator::new(&experiment.program);
    let base = initial_parameters(experiment, &mut evaluator, overrides);
    let held = held_at_start(experiment, &mut evaluator, &base);
    let fixed: Vec<(usize, f64)> = overrides.iter().chain(&held).copied().collect();
    let p = initial_parameters(experiment, &mut evaluator, &fixed);
    let y = initial_states(experiment, &mut evaluator, &p);
    let mut machine = Machine::new(experiment, options, y, p);
    let past = AtStart {
        y: machine.y.clone(),
        p: machine.p.clone(),
    };
    evaluator.make_consistent(&mut machine, options, &past)?;
    if experiment.start == Start::SteadyState {
        machine.y = steady::state(&machine, &mut evaluator, options)?;
    }
    machine.set_start(base);
    Ok(machine)
}

/// Parameters as the model gives them, with some set; what initial assignments give is computed from those, unless set.
fn initial_parameters(
    experiment: &Experiment,
    evaluator: &mut Evaluator<'_>,
    set: &[(usize, f64)],
) -> Vec<f64> {
    let program = &experiment.program;
    let mut p: Vec<f64> = program.parameters.iter().map(|slot| slot.value).collect();
    for &(slot, value) in set {
        p[slot] = value;
    }
    let unknown = vec![f64::NAN; program.states.len()];
    let mut computed = vec![0.0; program.initial_parameter_slots.len()];
    evaluator.values(
        &program.initial_parameters,
        experiment.from,
        &unknown,
        &p,
        &NoPast,
        &mut computed,
    );
    for (&slot, value) in program.initial_parameter_slots.iter().zip(computed) {
        if !set.iter().any(|(fixed, _)| *fixed == slot) {
            p[slot] = value;
        }
    }
    p
}

fn initial_states(experiment: &Experiment, evaluator: &mut Evaluator<'_>, p: &[f64]) -> Vec<f64> {
    let program = &experiment.program;
    let unknown = vec![f64::NAN; program.states.len()];
    let mut y = vec![0.0; program.states.len()];
    evaluator.values(
        &program.initial_states,
        experiment.from,
        &unknown,
        p,
        &NoPast,
        &mut y,
    );
    y
}

/// Parameters that the protocol sets at the very start: initial values are computed with them already.
fn held_at_start(
    experiment: &Experiment,
    evaluator: &mut Evaluator<'_>,
    p: &[f64],
) -> Vec<(usize, f64)> {
    let y = initial_states(experiment, evaluator, p);
    let first = experiment
        .stops
        .iter()
        .filter(|stop| stop.time <= experiment.from);
    let mut held = Vec::new();
    for action in first.flat_map(|stop| &stop.actions) {
        if let (PlannedChange::Set(extra), Target::Parameter(slot)) = (action.change, action.target)
        {
            let block = &experiment.program.extras[extra];
            let value = evaluator.value(block, experiment.from, &y, p, &NoPast);
            // A value that needs states which do not exist yet is set by the first instant alone.
            if value.is_finite() {
                held.push((slot, value));
            }
        }
    }
    held
}

/// Before the start everything was as it is at the start.
struct AtStart {
    y: Vec<f64>,
    p: Vec<f64>,
}

impl Past for AtStart {
    fn at(&self, _lane: usize, _t: f64, y: &mut [f64], p: &mut [f64]) {
        y.copy_from_slice(&self.y);
        p.copy_from_slice(&self.p);
    }
}
