//! Reads numbers off a program at one time and state, between the steps of an integrator.

use crate::compile::program::{Block, OpCode, Program, Target};
use crate::diag::Span;
use crate::kernel::{Fault, Tape};
use crate::solve::consistent::{Inconsistent, InconsistentKind, Place, make_consistent};
use crate::solve::{At, Control, Dynamics, Past};

use super::failure::{Failure, shown};
use super::fast;
use super::options::Options;
use super::rows::{Rows, rows};

/// A scalar back-end for the single numbers that a run needs between steps.
pub struct Evaluator<'p> {
    program: &'p Program,
    tape: Tape<'p, f64>,
    rows: Option<Box<dyn Rows + 'p>>,
    control: Control,
    has_algebraic_rows: bool,
}

/// What made a rate infinite or undefined.
#[derive(Clone, Debug, PartialEq)]
pub struct Culprit {
    /// The state whose rate it is.
    pub state: usize,
    /// What went wrong, in words; empty when nothing better than "not finite" is known.
    pub why: String,
    /// The formula.
    pub span: Option<Span>,
}

/// Points tried on the way ahead when looking for what is not finite, each twice as far as the one before.
const POINTS_AHEAD: u32 = 160;

impl<'p> Evaluator<'p> {
    /// An evaluator of a program.
    pub fn new(program: &'p Program, options: &Options) -> Self {
        Self {
            program,
            tape: Tape::new(program),
            rows: None,
            control: control(program, options),
            has_algebraic_rows: program.states.iter().any(|state| state.mass == 0.0),
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

    /// Computes rows of several times of a step; made at the first call.
    pub fn rows(&mut self) -> &mut (dyn Rows + 'p) {
        let rows = self.rows.get_or_insert_with(|| rows(self.program));
        &mut **rows
    }

    /// The program.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// Whether anything is to be kept at equilibrium.
    pub fn has_fast_reactions(&self) -> bool {
        !self.program.fast.extents.is_empty()
    }

    /// The tolerances.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// The tape itself, for its derivatives.
    pub fn tape(&mut self) -> &mut Tape<'p, f64> {
        &mut self.tape
    }

    /// What is not finite in the rates at a time and state, or a little ahead of it along the flow.
    pub fn culprit(&mut self, t: f64, y: &[f64], p: &[f64], past: &dyn Past) -> Option<Culprit> {
        if let Some(found) = self.culprit_at(t, y, p, past) {
            return Some(found);
        }
        let mut rates = vec![0.0; y.len()];
        self.tape.derivative(&At { t, y, p, past }, &mut rates);
        let mut ahead = f64::EPSILON * t.abs().max(f64::EPSILON);
        for _ in 0..POINTS_AHEAD {
            let moved: Vec<f64> = y.iter().zip(&rates).map(|(y, f)| y + ahead * f).collect();
            let found = self.culprit_at(t + ahead, &moved, p, past);
            if found.is_some() {
                return found;
            }
            ahead *= 2.0;
        }
        None
    }

    fn culprit_at(&mut self, t: f64, y: &[f64], p: &[f64], past: &dyn Past) -> Option<Culprit> {
        let at = At { t, y, p, past };
        let block = &self.program.derivative;
        (0..block.outputs.len()).find_map(|state| {
            let fault = self.tape.find_fault(block, &at, 0, state)?;
            let span = match fault {
                Fault::Operation { span, .. } => Some(span),
                Fault::State(_) | Fault::Parameter(_) | Fault::Past(_) | Fault::Other => None,
            };
            let why = self.told(&fault);
            Some(Culprit { state, why, span })
        })
    }

    fn told(&self, fault: &Fault) -> String {
        match *fault {
            Fault::Operation { code, operands, .. } => told_operation(code, operands),
            Fault::State(at) => format!("`{}` is not finite itself", self.program.states[at].id),
            Fault::Parameter(at) => {
                format!("`{}` is not finite itself", self.program.parameters[at].id)
            }
            Fault::Past(_) => "a delayed value is not finite".to_string(),
            Fault::Other => String::new(),
        }
    }

    /// Moves the algebraic states so that their rules hold, and fast reactions to equilibrium; does nothing where there
    /// are none.
    fn make_consistent(
        &mut self,
        t: f64,
        y: &mut [f64],
        p: &[f64],
        past: &dyn Past,
    ) -> Result<(), Failure> {
        if !self.has_algebraic_rows {
            return Ok(());
        }
        if self.has_fast_reactions() {
            return fast::settle(self, &mut fast::Here { t, y, p, past }).map(|_| ());
        }
        let place = Place { t, p, past };
        make_consistent::<f64, _>(&mut self.tape, &self.control, 0, place, y)
            .map_err(|bad| inconsistent(self.program, t, &bad))
    }
}

fn told_operation(code: OpCode, operands: [f64; 3]) -> String {
    let [a, b, _] = operands.map(shown);
    match code {
        OpCode::Div => format!("{a} is divided by {b}"),
        OpCode::Ln | OpCode::Log10 => format!("the logarithm of {a} is asked for"),
        OpCode::Sqrt => format!("the square root of {a} is asked for"),
        OpCode::Pow => format!("{a} to the power {b} is asked for"),
        OpCode::Exp => format!("e to the power {a} is too large"),
        OpCode::Add | OpCode::Sub | OpCode::Mul | OpCode::AddMul | OpCode::SubMul => {
            "the numbers grow beyond all bounds".to_string()
        }
        _ => format!("a function is asked for outside of its domain, at {a}"),
    }
}

/// Says which algebraic rule has no solution.
pub fn inconsistent(program: &Program, t: f64, bad: &Inconsistent) -> Failure {
    let state = &program.states[bad.row];
    let why = match bad.kind {
        InconsistentKind::Singular => "the algebraic rules do not determine it",
        InconsistentKind::NotFinite => "its algebraic rule is not a finite number",
        InconsistentKind::NoZero => "its algebraic rule has no solution near its value",
    };
    Failure {
        t,
        code: "simulate/inconsistent",
        message: format!("no value for `{}` at time {}: {why}", state.id, shown(t)),
        state: Some(state.id.clone()),
        span: Some(state.span),
        hint: "give it a start value nearer to the solution".to_string(),
    }
}

/// Tolerances of the integrator: the absolute ones follow the size that the author gave each state.
pub fn control(program: &Program, options: &Options) -> Control {
    let atol = program
        .states
        .iter()
        .map(|state| options.atol * state.nominal)
        .collect();
    Control {
        max_step: options.max_step,
        ..Control::new(options.rtol, atol)
    }
}

/// The present of one run, to compute with and to change.
pub struct Present<'a, 'p> {
    /// Computes.
    pub evaluator: &'a mut Evaluator<'p>,
    /// For delayed values.
    pub past: &'a dyn Past,
    /// Time.
    pub t: f64,
    /// States.
    pub y: &'a mut [f64],
    /// Parameters.
    pub p: &'a mut [f64],
}

impl<'p> Present<'_, 'p> {
    /// The program.
    pub fn program(&self) -> &'p Program {
        self.evaluator.program
    }

    /// The only output of a block.
    pub fn value(&mut self, block: &Block) -> f64 {
        self.value_seen_at(block, self.t)
    }

    /// The only output of a block, with another time than the present.
    pub fn value_seen_at(&mut self, block: &Block, t: f64) -> f64 {
        self.evaluator.value(block, t, self.y, self.p, self.past)
    }

    /// The outputs of a block.
    pub fn values(&mut self, block: &Block, out: &mut [f64]) {
        self.evaluator
            .values(block, self.t, self.y, self.p, self.past, out);
    }

    /// Gives a state or a parameter a value.
    pub fn assign(&mut self, target: Target, value: f64) {
        match target {
            Target::State(state) => self.y[state] = value,
            Target::Parameter(slot) => self.p[slot] = value,
        }
    }

    /// A state or a parameter.
    pub fn read(&self, target: Target) -> f64 {
        match target {
            Target::State(state) => self.y[state],
            Target::Parameter(slot) => self.p[slot],
        }
    }

    /// Moves the algebraic states so that their rules hold, and fast reactions to equilibrium; does nothing where there
    /// are none.
    ///
    /// # Errors
    /// The rule that has no solution near the present values.
    pub fn make_consistent(&mut self) -> Result<(), Failure> {
        self.evaluator
            .make_consistent(self.t, self.y, self.p, self.past)
    }
}
