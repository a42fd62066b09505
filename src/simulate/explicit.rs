//! Explicit methods: one call per interval between known stops.

use crate::compile::program::Program;
use crate::solve::explicit::{ExplicitControl, ExplicitFailure, ExplicitMethod, integrate};
use crate::solve::{At, Dynamics, NoPast};

use super::drive::Steps;
use super::evaluator::Evaluator;
use super::failure::{Failure, shown};
use super::machine::Machine;
use super::options::Options;

/// Runs one machine to its end.
///
/// Events and protocol entries at known times are stepped onto. What changes with the state in a way that has to be
/// located is refused.
///
/// # Errors
/// Models with delays, algebraic rules, fast reactions or triggers that depend on states; why the numbers failed.
pub fn drive<'e>(
    machine: &mut Machine<'e>,
    evaluator: &mut Evaluator<'e>,
    method: ExplicitMethod,
    options: &Options,
) -> Result<Steps, Failure> {
    let program = &machine.experiment.program;
    refuse(program, method, machine.t)?;
    let scale = program.states.iter().map(|state| state.nominal).collect();
    let control = ExplicitControl {
        max_step: options.max_step,
        max_steps: u32::try_from(options.max_steps).unwrap_or(u32::MAX),
        ..ExplicitControl::new(options.rtol, options.atol, scale)
    };
    let codes = &machine.experiment.codes;
    if codes.wanted_after(options.kernels, 1).is_some()
        && let Some(code) = codes.get(program, 1)
    {
        evaluator.tape().use_code(code);
    }
    let mut steps = Steps::default();
    loop {
        machine.instant(evaluator, &NoPast)?;
        if machine.is_over() {
            machine.write_present(evaluator, &NoPast);
            return Ok(steps);
        }
        let horizon = machine.horizon();
        if horizon.instant <= machine.t {
            continue;
        }
        let more = interval(machine, evaluator, method, &control, horizon.stop)?;
        steps.accepted += more.accepted;
        steps.rejected += more.rejected;
        machine.t = horizon.instant;
    }
}

/// Integrates to `stop` and writes down the rows on the way.
fn interval<'e>(
    machine: &mut Machine<'e>,
    evaluator: &mut Evaluator<'e>,
    method: ExplicitMethod,
    control: &ExplicitControl,
    stop: f64,
) -> Result<Steps, Failure> {
    let times = machine.times_before(stop);
    let mut states = Vec::with_capacity(times.len() * machine.y.len());
    let mut y = machine.y.clone();
    let p = &machine.p;
    let mut f = |t: f64, y: &[f64], out: &mut [f64]| {
        let past = &NoPast;
        evaluator.tape().derivative(&At { t, y, p, past }, out);
    };
    let mut keep = |_: usize, _: f64, y: &[f64]| states.extend_from_slice(y);
    let span = [machine.t, stop];
    let done = integrate(method, control, &mut f, span, &mut y, times, &mut keep);
    let done = done.map_err(|failure| failed(&failure, machine, evaluator))?;
    let width = y.len();
    for (row, &time) in times.iter().enumerate() {
        let state = &states[row * width..(row + 1) * width];
        machine.write_row(evaluator, &NoPast, time, state);
    }
    machine.y = y;
    Ok(Steps {
        accepted: done.accepted as u64,
        rejected: done.rejected as u64,
    })
}

/// Refuses what these methods cannot do, with the element named.
fn refuse(program: &Program, method: ExplicitMethod, t: f64) -> Result<(), Failure> {
    let located = |root: &usize| program.root_time_solutions[*root].is_none();
    let algebraic = program.states.iter().find(|state| state.mass == 0.0);
    let event = program
        .events
        .iter()
        .find(|event| event.roots.is_empty() || event.roots.iter().any(located));
    let fast = program.fast.extents.first().map(|at| &program.states[*at]);
    let (message, span) = if let Some(state) = fast {
        let message = format!("the reaction `{}` is fast", state.id);
        (message, Some(state.span))
    } else if let Some(state) = algebraic {
        let message = format!("an algebraic rule gives `{}`", state.id);
        (message, Some(state.span))
    } else if let Some(event) = event {
        let message = format!("the event `{}` is triggered by states", event.id);
        (message, Some(event.span))
    } else if !program.delays.is_empty() {
        ("the equations look back in time".to_string(), None)
    } else {
        return Ok(());
    };
    Err(Failure {
        t,
        code: "simulate/method",
        message: format!("{} cannot run this model: {message}", name(method)),
        state: None,
        span,
        hint: "the default method Rodas5P can: leave `--method` out".to_string(),
    })
}

fn name(method: ExplicitMethod) -> &'static str {
    match method {
        ExplicitMethod::Dopri5 => "Dopri5",
        ExplicitMethod::Dop853 => "Dop853",
    }
}

fn failed(
    failure: &ExplicitFailure,
    machine: &Machine<'_>,
    evaluator: &mut Evaluator<'_>,
) -> Failure {
    let program = &machine.experiment.program;
    let (t, code, message) = match *failure {
        ExplicitFailure::NotFinite { t, state } => {
            let culprit = evaluator.culprit(machine.t, &machine.y, &machine.p, &NoPast);
            return Failure::not_finite(t, state, program, culprit);
        }
        ExplicitFailure::Stiff { t } => (
            t,
            "simulate/stiff",
            format!(
                "the model turns stiff at time {}, which explicit methods are slow at",
                shown(t)
            ),
        ),
        ExplicitFailure::StepTooSmall { t } => (
            t,
            "simulate/step-too-small",
            format!(
                "no step is short enough for this explicit method at time {}",
                shown(t)
            ),
        ),
        ExplicitFailure::TooManySteps { t } => (
            t,
            "simulate/too-many-steps",
            format!(
                "this explicit method took too many steps by time {}",
                shown(t)
            ),
        ),
    };
    Failure {
        t,
        code,
        message,
        state: None,
        span: None,
        hint: "the default method Rodas5P is made for that: leave `--method` out".to_string(),
    }
}
