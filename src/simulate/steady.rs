//! Steady states as starts.

use crate::compile::program::Program;
use crate::solve::balanced::Balanced;
use crate::solve::consistent::Place;
use crate::solve::steady::{SteadyControl, SteadyFailure, steady_state, zero_near};
use crate::solve::{Control, Dynamics, NoPast};

use super::evaluator::{Evaluator, control};
use super::failure::Failure;
use super::fast;
use super::options::Options;
use super::plan::Experiment;

/// The steady state to which the states `y` lead at parameters `p`, time being held at the start of the run.
///
/// Conserved totals keep the value they have in `y`, those apart that events or the protocol change.
///
/// # Errors
/// When there is none: the states go round, grow, or could not be followed.
pub fn state(
    experiment: &Experiment,
    evaluator: &mut Evaluator<'_>,
    options: &Options,
    y: Vec<f64>,
    p: &[f64],
) -> Result<Vec<f64>, Failure> {
    let program = &experiment.program;
    if y.is_empty() {
        return Ok(y);
    }
    let moieties = program.moieties.iter();
    let moieties = moieties.map(|moiety| moiety.terms.clone()).collect();
    let wanted = SteadyControl::new(control(program, options), moieties);
    if evaluator.has_fast_reactions() {
        return with_fast_reactions(experiment, evaluator, &wanted, y, p);
    }
    let found = steady_state(evaluator.tape(), &wanted, p, experiment.from, &y);
    found
        .map(|steady| steady.y)
        .map_err(|failure| refused(&failure, program, experiment.from, &|state| state))
}

/// The tangents that belong to a steady state: `∂f/∂y · s = −∂f/∂p · ṗ`, conserved totals keeping the tangents that
/// they have at the start.
///
/// * `y` — the steady state, followed by the tangents of the states from which it was reached
///
/// # Errors
/// When the steady state does not depend on the parameters in a smooth way: it is about to turn or to branch.
pub fn tangents(
    experiment: &Experiment,
    evaluator: &mut Evaluator<'_>,
    options: &Options,
    y: &[f64],
    p: &[f64],
) -> Result<Vec<f64>, Failure> {
    let (program, t) = (&experiment.program, experiment.from);
    let moieties = program.moieties.iter();
    let moieties = moieties.map(|moiety| moiety.terms.clone()).collect();
    let wanted = SteadyControl::new(control(program, options), moieties);
    // The rows of the tangents are linear, so that one step finds them; those of the states are zero already.
    zero_near(evaluator.tape(), &wanted, p, t, y).ok_or_else(|| {
        let message =
            "the steady start has no sensitivities: it does not move smoothly with the parameters";
        let hint = "start from the model's initial values and let the run settle";
        no_steady_state(program, t, None, message.to_string(), hint)
    })
}

/// The same where fast reactions are at equilibrium all along.
fn with_fast_reactions(
    experiment: &Experiment,
    evaluator: &mut Evaluator<'_>,
    wanted: &SteadyControl,
    mut y: Vec<f64>,
    p: &[f64],
) -> Result<Vec<f64>, Failure> {
    let (program, t) = (&experiment.program, experiment.from);
    if !program.delays.is_empty() {
        return Err(refused(&SteadyFailure::Delays, program, t, &|state| state));
    }
    let past = &NoPast;
    let mut here = fast::Here {
        t,
        y: &mut y,
        p,
        past,
    };
    fast::settle(evaluator, &mut here)?;
    let directions = fast::directions(evaluator, &here)?;
    let extents = &program.fast.extents;
    let place = Place { t, p, past };
    let mut balanced = Balanced::new(evaluator.tape(), place, &y, extents, &directions)
        .expect("directions of extents whose laws determine them do not depend on each other");
    let kept = balanced.kept().to_vec();
    let wanted = in_coordinates(wanted, &balanced, &kept);
    let x = balanced.coordinates(&y);
    let found = steady_state(&mut balanced, &wanted, p, t, &x);
    let found = found.map_err(|failure| refused(&failure, program, t, &|state| kept[state]))?;
    Ok(balanced.whole(&found.y).to_vec())
}

/// Tolerances and totals in the coordinates of the balanced system. Totals contain no pivot: no extent changes them.
fn in_coordinates<D: Dynamics<f64> + ?Sized>(
    wanted: &SteadyControl,
    balanced: &Balanced<'_, D>,
    kept: &[usize],
) -> SteadyControl {
    let atol = kept.iter().map(|state| wanted.control.atol[*state]);
    let control = Control::new(wanted.control.rtol, atol.collect());
    let place = |(state, weight): &(usize, f64)| {
        let at = kept.binary_search(state).ok()?;
        (!balanced.is_pivot(at)).then_some((at, *weight))
    };
    let moieties = wanted.moieties.iter();
    let moieties = moieties.map(|moiety| moiety.iter().filter_map(place).collect());
    SteadyControl::new(control, moieties.collect())
}

/// * `whole` — the state of the program that a state in the failure is
fn refused(
    failure: &SteadyFailure,
    program: &Program,
    t: f64,
    whole: &dyn Fn(usize) -> usize,
) -> Failure {
    let id = |state: usize| program.states[whole(state)].id.as_str();
    let (state, message, hint) = match *failure {
        SteadyFailure::Delays => (
            None,
            "a steady start is not looked for in a model with delays".to_string(),
            "start from the model's initial values and let the run settle",
        ),
        SteadyFailure::NotFinite { state } => (
            Some(state),
            format!(
                "no steady start: the rate of `{}` is not a finite number",
                id(state)
            ),
            "look for a division by zero in this formula at the start",
        ),
        SteadyFailure::Oscillates { state, period } => (
            Some(state),
            format!(
                "no steady start: the model oscillates, `{}` with a period of about {period:.3}",
                id(state)
            ),
            "start from the model's initial values",
        ),
        SteadyFailure::NotSettled { state, rate } => (
            Some(state),
            format!(
                "no steady start: `{}` still changes by {rate:.3e} per unit of time",
                id(state)
            ),
            "something grows or fills up; start from the model's initial values",
        ),
        SteadyFailure::Repelling => (
            None,
            "no steady start: the initial values stand on a watershed".to_string(),
            "move an initial value to one side",
        ),
        SteadyFailure::Flow(failure) => return Failure::of_step(&failure, program, None),
    };
    no_steady_state(program, t, state.map(whole), message, hint)
}

fn no_steady_state(
    program: &Program,
    t: f64,
    state: Option<usize>,
    message: String,
    hint: &str,
) -> Failure {
    Failure {
        t,
        code: "simulate/no-steady-state",
        message,
        state: state.map(|state| program.states[state].id.clone()),
        span: state.map(|state| program.states[state].span),
        hint: hint.to_string(),
    }
}
