//! Why a run could not go on, in terms of the model.

use crate::compile::program::{EventProgram, Program};
use crate::diag::{Diagnostic, Span};
use crate::solve::StepFailure;

/// A run that the numbers ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// Model time at which it happened.
    pub t: f64,
    /// Stable code, `simulate/problem`.
    pub code: &'static str,
    /// What happened, in words.
    pub message: String,
    /// State at fault, if one is.
    pub state: Option<String>,
    /// The model line at fault, if known.
    pub span: Option<Span>,
    /// What can be done.
    pub hint: String,
}

impl Failure {
    /// The failure as a finding about the model.
    pub fn diagnostic(&self) -> Diagnostic {
        let mut finding =
            Diagnostic::error(self.code, self.message.clone()).hint(self.hint.clone());
        // A default span belongs to a formula that nobody wrote.
        if let Some(span) = self.span.filter(|span| span.end > span.start) {
            finding = finding.at(span);
            if let Some(state) = &self.state {
                finding = finding.here(format!("drives `{state}`"));
            }
        }
        finding
    }

    pub(super) fn of_step(failure: &StepFailure, program: &Program, law: Option<Span>) -> Self {
        let state_of = |at: usize| program.states.get(at).map(|state| state.id.clone());
        let span_of = |at: usize| law.or_else(|| program.states.get(at).map(|state| state.span));
        match *failure {
            StepFailure::StepTooSmall { t, h, state } => Self {
                t,
                code: "simulate/step-too-small",
                message: format!(
                    "the step size fell to {h:.3e} at time {t} while `{}` changed too abruptly",
                    state_of(state).unwrap_or_default()
                ),
                state: state_of(state),
                span: span_of(state),
                hint: "look for a division that goes to zero or a rate that jumps there; a looser `--rtol` may pass it".to_string(),
            },
            StepFailure::NotFinite { t, state } => Self {
                t,
                code: "simulate/not-finite",
                message: format!(
                    "the rate of `{}` is not a finite number at time {t}",
                    state_of(state).unwrap_or_default()
                ),
                state: state_of(state),
                span: span_of(state),
                hint: "a division by zero, or a logarithm or root of a negative number, in this formula".to_string(),
            },
            StepFailure::Singular { t } => Self {
                t,
                code: "simulate/singular",
                message: format!("the linear system of a step is singular at time {t}"),
                state: None,
                span: law,
                hint: "an algebraic rule may not determine its unknown there".to_string(),
            },
        }
    }

    pub(super) fn too_many_steps(t: f64, limit: u64, program: &Program, state: usize) -> Self {
        let id = program.states.get(state).map(|state| state.id.clone());
        Self {
            t,
            code: "simulate/too-many-steps",
            message: format!("{limit} steps were taken and time is only {t}"),
            span: program.states.get(state).map(|state| state.span),
            state: id,
            hint: "a quantity may be switching back and forth; loosen `--rtol` or shorten the run"
                .to_string(),
        }
    }

    pub(super) fn endless_events(t: f64, program: &Program) -> Self {
        let first = program.events.first();
        Self {
            t,
            code: "simulate/endless-events",
            message: format!("events set each other off without end at time {t}"),
            state: None,
            span: first.map(|event| event.span),
            hint: "make the assignments of an event end the condition that triggers it".to_string(),
        }
    }

    pub(super) fn bad_delay(t: f64, delay: f64, event: &EventProgram) -> Self {
        Self {
            t,
            code: "simulate/bad-delay",
            message: format!("the delay of event `{}` is {delay} at time {t}", event.id),
            state: None,
            span: Some(event.span),
            hint: "a delay is a number from 0 on".to_string(),
        }
    }

    pub(super) fn other(t: f64, code: &'static str, message: String, hint: &str) -> Self {
        Self {
            t,
            code,
            message,
            state: None,
            span: None,
            hint: hint.to_string(),
        }
    }
}
