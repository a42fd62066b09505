//! The tape: a program's operations, run over a file of registers that hold one pack each.

use std::sync::Arc;

use crate::compile::program::{Block, Program, Register};
use crate::kernel::interpret::Checked;
use crate::kernel::native::{Code, Entry};
use crate::kernel::past::{Lookup, past_values_read};
use crate::math::{Lane, LaneMask};
use crate::solve::{At, Dynamics};

/// A program ready to run on packs of type `L`, one trajectory per lane.
///
/// Lanes never mix: what lane `i` gives depends on lane `i` of time, states and parameters alone, and is the
/// same in every lane type. Nothing here allocates after [`Tape::new`]. What depends on parameters alone is
/// computed again only when some parameter's bits have changed since the last call.
///
/// With machine code ([`Tape::with_code`]) the same bits are made faster; which blocks it is used for is nobody's concern.
pub struct Tape<'p, L: Lane> {
    program: &'p Program,
    ops: Checked<'p>,
    code: Option<Arc<Code>>,
    present: RegisterFile<L>,
    lookup: Lookup<L>,
    mass: Vec<f64>,
    /// Address and length of the parameters that the caller promised not to change ([`Dynamics::hold`]).
    held: Option<(usize, usize)>,
}

/// Registers, and whether the hoisted ones belong to the parameters that are in them.
pub(super) struct RegisterFile<L> {
    pub(super) registers: Vec<L>,
    pub(super) hoisted: bool,
}

impl<'p, L: Lane> Tape<'p, L> {
    /// Panics when the program names registers or operations that it does not have (`compile` makes none
    /// such).
    pub fn new(program: &'p Program) -> Self {
        let ops = Checked::new(&program.ops, program.layout.total);
        check_layout(program);
        Self {
            program,
            ops,
            code: None,
            present: RegisterFile::new(program),
            lookup: Lookup::new(program),
            mass: program.states.iter().map(|state| state.mass).collect(),
            held: None,
        }
    }

    /// A tape that uses machine code made of the same program for packs of this width; see [`Tape::new`].
    pub fn with_code(program: &'p Program, code: Option<Arc<Code>>) -> Self {
        let mut tape = Self::new(program);
        if let Some(code) = code {
            tape.use_code(code);
        }
        tape
    }

    /// Goes on with machine code from now on; all that was computed stays as it is.
    ///
    /// Panics when the code was made of another program or for another width.
    pub fn use_code(&mut self, code: Arc<Code>) {
        assert!(
            code.fits::<L>(self.program),
            "code of another program or for packs of another width"
        );
        self.code = Some(code);
    }

    /// Whether it uses machine code.
    pub fn has_code(&self) -> bool {
        self.code.is_some()
    }

    /// The program it runs.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// Runs one block of the tape's own program at a time, state and parameters; its outputs go to `out`.
    ///
    /// * `at` — `y` and `p` with one entry per state and per parameter slot of the program
    /// * `out` — one entry per output of the block
    ///
    /// Panics on other lengths. Not for the blocks of the linear algebra, which [`Dynamics::factor`] and
    /// [`Dynamics::solve`] run.
    pub fn run_block(&mut self, block: &Block, at: &At<'_, L>, out: &mut [L]) {
        assert_eq!(
            out.len(),
            block.outputs.len(),
            "one place per output of the block"
        );
        let entry = self.code.as_ref().and_then(|code| code.find(block));
        self.run_entry(entry, block, at, out);
    }

    /// Runs a block by its machine code, if there is some.
    fn run_entry(&mut self, entry: Option<Entry>, block: &Block, at: &At<'_, L>, out: &mut [L]) {
        if let Some(entry) = entry {
            self.enter(at, block, States::WhereNeeded);
            if let Some(code) = &self.code {
                code.run(entry, &mut self.present.registers, out, at.y);
            }
            return;
        }
        self.enter(at, block, States::Copied);
        let (ops, registers) = (self.ops, &mut self.present.registers);
        L::vectorize(
            #[inline(always)]
            || {
                ops.run(&block.ops, registers);
                read_all(registers, &block.outputs, out);
            },
        );
    }

    /// How many of the first delays the rates and the triggers look back through; what the others give is written down
    /// and assigned, but moves nothing.
    pub fn n_moving_lags(&self) -> usize {
        let program = self.program;
        let blocks = [&program.derivative, &program.roots];
        let counts = blocks.map(|block| past_values_read(program, block));
        counts.into_iter().max().unwrap_or(0)
    }

    /// Brings the register file to a time, state and parameters, with hoisted values and the past values of a block.
    pub(super) fn enter(&mut self, at: &At<'_, L>, block: &Block, states: States) {
        // Looking back costs more than going through the block.
        let count = if self.program.delays.is_empty() {
            0
        } else {
            past_values_read(self.program, block)
        };
        self.enter_with(at, count, states);
    }

    fn enter_with(&mut self, at: &At<'_, L>, n_past: usize, states: States) {
        let program = self.program;
        assert_eq!(at.y.len(), program.states.len(), "one entry per state");
        self.take_parameters(at.p);
        let registers = &mut self.present.registers;
        registers[program.layout.time as usize] = at.t;
        if states == States::Copied || n_past > 0 {
            let to = &mut registers[program.layout.states as usize..][..at.y.len()];
            L::vectorize(
                #[inline(always)]
                || copy_all(to, at.y),
            );
        }
        if n_past > 0 {
            self.lookup
                .fill(program, self.ops, &mut self.present, at.past, n_past);
        }
    }

    /// Brings parameters and hoisted values up to date.
    fn take_parameters(&mut self, p: &[L]) {
        let program = self.program;
        if self.held == Some((p.as_ptr().addr(), p.len())) {
            return;
        }
        assert_eq!(
            p.len(),
            program.parameters.len(),
            "one entry per parameter slot"
        );
        let first = program.layout.parameters as usize;
        let registers = &mut self.present.registers[first..][..p.len()];
        let hoisted = self.present.hoisted;
        let changed = L::vectorize(
            #[inline(always)]
            || {
                let changed = !(hoisted && same_all(registers, p));
                if changed {
                    copy_all(registers, p);
                }
                changed
            },
        );
        if !changed {
            return;
        }
        // The file does not hold the held ones any more.
        self.held = None;
        match self.code.as_ref().map(|code| (code, code.entries().hoist)) {
            Some((code, Some(entry))) => {
                code.run(entry, &mut self.present.registers, &mut [], &[]);
                self.present.hoisted = true;
            }
            _ => self.present.hoist(program, self.ops),
        }
    }

    /// The registers and the operations, for a closer look at a failure.
    pub(super) fn parts(&mut self) -> (&mut [L], Checked<'p>) {
        (&mut self.present.registers, self.ops)
    }
}

impl<L: Lane> RegisterFile<L> {
    pub(super) fn new(program: &Program) -> Self {
        let mut registers = vec![L::splat(0.0); program.layout.total];
        let first = program.layout.constants as usize;
        for (register, &value) in registers[first..].iter_mut().zip(&program.constants) {
            *register = L::splat(value);
        }
        Self {
            registers,
            hoisted: false,
        }
    }

    /// Computes what depends on the parameters in the file.
    pub(super) fn hoist(&mut self, program: &Program, ops: Checked<'_>) {
        let registers = &mut self.registers;
        L::vectorize(
            #[inline(always)]
            || ops.run(&program.hoist.ops, registers),
        );
        self.hoisted = true;
    }

    /// Runs a block with one output and gives it.
    pub(super) fn run_one(&mut self, ops: Checked<'_>, block: &Block) -> L {
        let registers = &mut self.registers;
        L::vectorize(
            #[inline(always)]
            || ops.run(&block.ops, registers),
        );
        self.registers[block.outputs[0] as usize]
    }
}

/// Whether a block finds the states in the register file or takes them from the caller's slice.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum States {
    /// In the file.
    Copied,
    /// From the slice, but for delays, which are looked up by the tape.
    WhereNeeded,
}

#[inline(always)]
fn copy_all<L: Lane>(to: &mut [L], from: &[L]) {
    // Not `copy_from_slice`: most models have a handful of states, and a call costs more than the copies.
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

#[inline(always)]
fn same_all<L: Lane>(held: &[L], given: &[L]) -> bool {
    let mut same = L::Mask::splat(true);
    for (held, given) in held.iter().zip(given) {
        same = same.and(held.same_bits(*given));
    }
    same.all()
}

#[inline(always)]
fn read_all<L: Lane>(registers: &[L], which: &[Register], out: &mut [L]) {
    for (out, &register) in out.iter_mut().zip(which) {
        *out = registers[register as usize];
    }
}

#[inline(always)]
fn write_all<L: Lane>(registers: &mut [L], which: &[Register], values: &[L]) {
    for (&register, &value) in which.iter().zip(values) {
        registers[register as usize] = value;
    }
}

/// The groups of registers must lie in the file, in their order.
fn check_layout(program: &Program) {
    let layout = &program.layout;
    let groups = [
        (layout.constants, program.constants.len(), "constants"),
        (layout.parameters, program.parameters.len(), "parameters"),
        (layout.time, 1, "time"),
        (layout.states, program.states.len(), "states"),
        (layout.past, program.delays.len(), "past values"),
    ];
    for (start, count, name) in groups {
        assert!(
            start as usize + count <= layout.scratch as usize,
            "the {name} reach into scratch"
        );
    }
    assert!(
        layout.scratch as usize <= layout.total,
        "scratch starts inside the register file"
    );
}

impl<L: Lane> Dynamics<L> for Tape<'_, L> {
    fn n_states(&self) -> usize {
        self.program.states.len()
    }
    fn n_parameters(&self) -> usize {
        self.program.parameters.len()
    }
    fn n_roots(&self) -> usize {
        self.program.roots.outputs.len()
    }
    fn n_lags(&self) -> usize {
        self.program.delays.len()
    }
    fn mass(&self) -> &[f64] {
        &self.mass
    }
    fn row_starts(&self) -> &[usize] {
        &self.program.pattern.row_starts
    }
    fn columns(&self) -> &[usize] {
        &self.program.pattern.columns
    }
    fn hold(&mut self, p: &[L]) {
        self.release();
        self.take_parameters(p);
        self.held = Some((p.as_ptr().addr(), p.len()));
    }
    fn release(&mut self) {
        self.held = None;
    }
    fn derivative(&mut self, at: &At<'_, L>, out: &mut [L]) {
        let entry = self
            .code
            .as_ref()
            .and_then(|code| code.entries().derivative);
        self.run_entry(entry, &self.program.derivative, at, out);
    }
    fn jacobian(&mut self, at: &At<'_, L>, out: &mut [L]) {
        let entry = self.code.as_ref().and_then(|code| code.entries().jacobian);
        self.run_entry(entry, &self.program.jacobian, at, out);
    }
    fn time_derivative(&mut self, at: &At<'_, L>, out: &mut [L]) {
        let entry = self
            .code
            .as_ref()
            .and_then(|code| code.entries().time_derivative);
        self.run_entry(entry, &self.program.time_derivative, at, out);
    }
    fn parameter_derivative(&mut self, at: &At<'_, L>, parameter: usize, out: &mut [L]) {
        self.run_block(&self.program.parameter_derivatives[parameter], at, out);
    }

    fn factor(&mut self, jacobian: &[L], shift: L) -> L::Mask {
        let (lu, ops) = (&self.program.lu, self.ops);
        assert_eq!(
            jacobian.len(),
            lu.jacobian.len(),
            "one entry per stored place of the Jacobian"
        );
        let registers = &mut self.present.registers;
        if let Some(code) = &self.code
            && let Some(entry) = code.entries().factor
        {
            registers[lu.shift as usize] = shift;
            let mut verdict = [L::splat(0.0)];
            code.run(entry, registers, &mut verdict, jacobian);
            return verdict[0].gt(L::splat(0.0));
        }
        L::vectorize(
            #[inline(always)]
            || {
                write_all(registers, &lu.jacobian, jacobian);
                registers[lu.shift as usize] = shift;
                ops.run(&lu.factor.ops, registers);
                are_pivots(registers, &lu.factor.outputs)
            },
        )
    }

    fn solve(&mut self, b: &mut [L]) {
        let (lu, ops) = (&self.program.lu, self.ops);
        assert_eq!(b.len(), lu.right_side.len(), "one entry per state");
        let registers = &mut self.present.registers;
        if let Some(code) = &self.code
            && let Some(entry) = code.entries().solve
        {
            return code.run_in_place(entry, registers, b);
        }
        L::vectorize(
            #[inline(always)]
            || {
                write_all(registers, &lu.right_side, b);
                ops.run(&lu.solve.ops, registers);
                read_all(registers, &lu.solve.outputs, b);
            },
        );
    }

    fn roots(&mut self, at: &At<'_, L>, out: &mut [L]) {
        let entry = self.code.as_ref().and_then(|code| code.entries().roots);
        self.run_entry(entry, &self.program.roots, at, out);
    }

    fn lags(&mut self, at: &At<'_, L>, out: &mut [L]) {
        self.enter_with(at, self.program.delays.len(), States::Copied);
        out.copy_from_slice(self.lookup.lags());
    }
}

/// In which lanes all of these registers can be divided by.
#[inline(always)]
fn are_pivots<L: Lane>(registers: &[L], which: &[Register]) -> L::Mask {
    let (zero, infinity) = (L::splat(0.0), L::splat(f64::INFINITY));
    let mut good = L::Mask::splat(true);
    for &register in which {
        let size = registers[register as usize].abs();
        good = good.and(size.gt(zero)).and(size.lt(infinity));
    }
    good
}
