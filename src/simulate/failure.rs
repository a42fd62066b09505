//! Why a run could not go on, in terms of the model.

use crate::compile::program::{EventProgram, Program};
use crate::diag::{Diagnostic, Span};
use crate::solve::StepFailure;

use super::evaluator::Culprit;

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

    /// A step that failed; `culprit` is what was found not to be finite near it.
    pub(super) fn of_step(
        failure: &StepFailure,
        program: &Program,
        culprit: Option<Culprit>,
    ) -> Self {
        match *failure {
            StepFailure::StepTooSmall { t, h, state } => Self {
                t,
                code: "simulate/step-too-small",
                message: format!(
                    "the step size fell to {} at time {} while `{}` changed too abruptly",
                    shown(h),
                    shown(t),
                    id_of(program, state)
                ),
                state: Some(id_of(program, state)),
                span: Some(program.states[state].span),
                hint: "look for a division that goes to zero or growth without bounds; a looser `--rtol` may pass it".to_string(),
            },
            StepFailure::NotFinite { t, state } => Self::not_finite(t, state, program, culprit),
            StepFailure::Singular { t } => Self {
                t,
                code: "simulate/singular",
                message: format!("the linear system of a step is singular at time {}", shown(t)),
                state: None,
                span: culprit.and_then(|culprit| culprit.span),
                hint: "an algebraic rule may not determine its unknown there".to_string(),
            },
        }
    }

    /// A rate that is infinite or undefined.
    pub(super) fn not_finite(
        t: f64,
        state: usize,
        program: &Program,
        culprit: Option<Culprit>,
    ) -> Self {
        let culprit = culprit.unwrap_or(Culprit {
            state,
            why: String::new(),
            span: None,
        });
        let id = id_of(program, culprit.state);
        let mut message = format!(
            "the rate of `{id}` is not a finite number at time {}",
            shown(t)
        );
        if !culprit.why.is_empty() {
            message = format!("{message}: {}", culprit.why);
        }
        Self {
            t,
            code: "simulate/not-finite",
            message,
            span: culprit.span.or(Some(program.states[culprit.state].span)),
            state: Some(id),
            hint: "keep what is divided by, or what a logarithm or root is taken of, above zero"
                .to_string(),
        }
    }

    pub(super) fn too_many_steps(t: f64, limit: u64) -> Self {
        Self {
            t,
            code: "simulate/too-many-steps",
            message: format!("{limit} steps were taken and time is only {}", shown(t)),
            state: None,
            span: None,
            hint: "a quantity may be switching back and forth; loosen `--rtol` or shorten the run"
                .to_string(),
        }
    }

    /// Equations that switch back and forth over a root.
    pub(super) fn stuck(t: f64, program: &Program, root: usize) -> Self {
        Self {
            t,
            code: "simulate/sliding",
            message: format!(
                "at time {} the equations begin to switch back and forth without end: each side of a condition leads to the other",
                shown(t)
            ),
            state: None,
            span: formula_of(program, root),
            hint: "make the change smooth, or use events with a gap between on and off".to_string(),
        }
    }

    /// A root reached without being crossed at any speed, where the time of the crossing has no derivative.
    pub(super) fn grazing(t: f64, program: &Program, root: usize) -> Self {
        Self {
            t,
            code: "simulate/grazing",
            message: format!(
                "at time {} a condition is only touched: when it changes has no derivative by the parameters",
                shown(t)
            ),
            state: None,
            span: formula_of(program, root),
            hint: "sensitivities exist where conditions are crossed; move a value a little, or vary the parameter in runs of their own".to_string(),
        }
    }

    pub(super) fn endless_events(t: f64, last: Option<&EventProgram>) -> Self {
        Self {
            t,
            code: "simulate/endless-events",
            message: format!("events set each other off without end at time {}", shown(t)),
            state: None,
            span: last.map(|event| event.span),
            hint: "make the assignments of an event end the condition that triggers it".to_string(),
        }
    }

    pub(super) fn ever_faster_events(t: f64, limit: f64, event: &EventProgram) -> Self {
        Self {
            t,
            code: "simulate/ever-faster-events",
            message: format!(
                "the event `{}` happens ever faster, without end before time {}",
                event.id,
                shown(limit)
            ),
            state: None,
            span: Some(event.span),
            hint: "end the run before, or let the event stop what it repeats once that is small"
                .to_string(),
        }
    }

    pub(super) fn bad_delay(t: f64, delay: f64, event: &EventProgram) -> Self {
        Self {
            t,
            code: "simulate/bad-delay",
            message: format!(
                "the delay of event `{}` is {} at time {}",
                event.id,
                shown(delay),
                shown(t)
            ),
            state: None,
            span: Some(event.span),
            hint: "a delay is a number from 0 on".to_string(),
        }
    }

    pub(super) fn bad_value(t: f64, event: &EventProgram, state: &str, value: f64) -> Self {
        Self {
            t,
            code: "simulate/not-finite",
            message: format!(
                "the event `{}` sets `{state}` to {value} at time {}",
                event.id,
                shown(t)
            ),
            state: None,
            span: Some(event.span),
            hint: "what is integrated has to be a finite number".to_string(),
        }
    }
}

/// Where the formula stands that changes at a root.
pub(super) fn formula_of(program: &Program, root: usize) -> Option<Span> {
    let register = program.roots.outputs[root];
    let made = program.roots.ops.clone();
    let op = made.rev().find(|&op| program.ops[op].to == register)?;
    Some(program.op_spans[op])
}

fn id_of(program: &Program, state: usize) -> String {
    program.states[state].id.clone()
}

/// A number to six digits: messages are for people.
pub(super) fn shown(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    if rounded == 0.0 || (1e-4..1e7).contains(&rounded.abs()) || !rounded.is_finite() {
        format!("{rounded}")
    } else {
        format!("{rounded:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_to_six_digits() {
        let check = |value: f64, expected: &str| assert_eq!(shown(value), expected);
        check(2.999_999_999_999_995_6, "3");
        check(0.1 + 0.2, "0.3");
        check(1234.5678, "1234.57");
        check(-8.881_784_197e-16, "-8.88178e-16");
        check(1e9, "1e9");
        check(0.0, "0");
        check(f64::INFINITY, "inf");
    }
}
