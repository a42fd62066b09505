//! Steady states as starts.

use crate::compile::program::Program;
use crate::solve::steady::{SteadyControl, SteadyFailure, steady_state};

use super::evaluator::{Evaluator, control};
use super::failure::Failure;
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
    let found = steady_state(evaluator.tape(), &wanted, p, experiment.from, &y);
    found
        .map(|steady| steady.y)
        .map_err(|failure| refused(&failure, program, experiment.from))
}

fn refused(failure: &SteadyFailure, program: &Program, t: f64) -> Failure {
    let id = |state: usize| program.states[state].id.as_str();
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
    no_steady_state(program, t, state, message, hint)
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
