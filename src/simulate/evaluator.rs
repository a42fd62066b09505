//! Reads numbers off a program at one time and state, between the steps of an integrator.

use crate::compile::program::{Block, Program};
use crate::diag::Span;
use crate::kernel::{Fault, Tape};
use crate::solve::consistent::{InconsistentKind, Place, make_consistent};
use crate::solve::{At, Past};

use super::drive::control;
use super::failure::Failure;
use super::machine::Machine;
use super::options::Options;

/// A scalar back-end for the single numbers that a run needs between steps.
pub struct Evaluator<'p> {
    program: &'p Program,
    tape: Tape<'p, f64>,
}

impl<'p> Evaluator<'p> {
    /// An evaluator of a program.
    pub fn new(program: &'p Program) -> Self {
        Self {
            program,
            tape: Tape::new(program),
        }
    }

    /// The outputs of a block.
    pub fn values(
        &mut self,
        block: &Block,
        t: f64,
        y: &[f64],
        p: &[f64],
        past: &dyn Past,
        out: &mut [f64],
    ) {
        self.tape.run_block(block, &At { t, y, p, past }, out);
    }

    /// The only output of a block.
    pub fn value(&mut self, block: &Block, t: f64, y: &[f64], p: &[f64], past: &dyn Past) -> f64 {
        let mut out = [0.0];
        self.values(block, t, y, p, past, &mut out);
        out[0]
    }

    /// The tape itself, for its derivatives.
    pub fn tape(&mut self) -> &mut Tape<'p, f64> {
        &mut self.tape
    }

    /// The first state whose rate is not finite, and the place of the formula that made it so.
    pub fn blame(
        &mut self,
        t: f64,
        y: &[f64],
        p: &[f64],
        past: &dyn Past,
    ) -> Option<(usize, Option<Span>)> {
        let at = At { t, y, p, past };
        let block = &self.program.derivative;
        (0..block.outputs.len()).find_map(|state| {
            let fault = self.tape.find_fault(block, &at, 0, state)?;
            Some((
                state,
                if let Fault::Operation { span, .. } = fault {
                    Some(span)
                } else {
                    None
                },
            ))
        })
    }

    /// Moves the algebraic states of a machine so that their rules hold; does nothing where there are none.
    ///
    /// # Errors
    /// The rule that has no solution near the present values.
    pub fn make_consistent(
        &mut self,
        machine: &mut Machine<'_>,
        options: &Options,
        past: &dyn Past,
    ) -> Result<(), Failure> {
        let control = control(self.program, options);
        let place = Place {
            t: machine.t,
            p: &machine.p,
            past,
        };
        make_consistent::<f64, _>(&mut self.tape, &control, 0, place, &mut machine.y).map_err(
            |bad| {
                let state = &self.program.states[bad.row];
                let why = match bad.kind {
                    InconsistentKind::Singular => "the algebraic rules do not determine it",
                    InconsistentKind::NotFinite => "its algebraic rule is not a finite number",
                    InconsistentKind::NoZero => "its algebraic rule has no solution near its value",
                };
                let message = format!("no value for `{}` at time {}: {why}", state.id, machine.t);
                let mut failure = Failure::other(
                    machine.t,
                    "simulate/inconsistent",
                    message,
                    "give it a start value nearer to the solution",
                );
                failure.span = Some(state.span);
                failure.state = Some(state.id.clone());
                failure
            },
        )
    }
}
