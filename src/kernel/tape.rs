//! The tape: a program's operations, run over a file of registers that hold one pack each.

use crate::compile::program::{Block, Program, Register};
use crate::kernel::interpret::Checked;
use crate::kernel::past::{Lookup, past_values_read};
use crate::math::{Lane, LaneMask};
use crate::solve::{At, Dynamics};

/// A program ready to run on packs of type `L`, one trajectory per lane.
///
/// Lanes never mix: what lane `i` gives depends on lane `i` of time, states and parameters alone, and is the
/// same in every lane type. Nothing here allocates after [`Tape::new`]. What depends on parameters alone is
/// computed again only when some parameter's bits have changed since the last call.
pub struct Tape<'p, L: Lane> {
    program: &'p Program,
    ops: Checked<'p>,
    present: RegisterFile<L>,
    lookup: Lookup<L>,
    mass: Vec<f64>,
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
            present: RegisterFile::new(program),
            lookup: Lookup::new(program),
            mass: program.states.iter().map(|state| state.mass).collect(),
        }
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
        self.enter(at, block);
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
    pub(super) fn enter(&mut self, at: &At<'_, L>, block: &Block) {
        let has_delays = !self.program.delays.is_empty();
        // Looking back costs more than going through the block.
        let count = if has_delays {
            past_values_read(self.program, block)
        } else {
            0
        };
        self.enter_with(at, count);
    }

    fn enter_with(&mut self, at: &At<'_, L>, n_past: usize) {
        self.present.load(self.program, self.ops, at.t, at.y, at.p);
        if n_past > 0 {
            self.lookup
                .fill(self.program, self.ops, &mut self.present, at.past, n_past);
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

    fn load(&mut self, program: &Program, ops: Checked<'_>, t: L, y: &[L], p: &[L]) {
        assert_eq!(y.len(), program.states.len(), "one entry per state");
        assert_eq!(
            p.len(),
            program.parameters.len(),
            "one entry per parameter slot"
        );
        let layout = &program.layout;
        let registers = &mut self.registers;
        let hoisted = self.hoisted;
        L::vectorize(
            #[inline(always)]
            || {
                registers[layout.time as usize] = t;
                copy_all(&mut registers[layout.states as usize..][..y.len()], y);
                let held = &mut registers[layout.parameters as usize..][..p.len()];
                if !(hoisted && same_all(held, p)) {
                    copy_all(held, p);
                    ops.run(&program.hoist.ops, registers);
                }
            },
        );
        self.hoisted = true;
    }

    /// The same from states and parameters that [`Lookup`] has already written to their registers.
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
    fn derivative(&mut self, at: &At<'_, L>, out: &mut [L]) {
        self.run_block(&self.program.derivative, at, out);
    }
    fn jacobian(&mut self, at: &At<'_, L>, out: &mut [L]) {
        self.run_block(&self.program.jacobian, at, out);
    }
    fn time_derivative(&mut self, at: &At<'_, L>, out: &mut [L]) {
        self.run_block(&self.program.time_derivative, at, out);
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
        self.run_block(&self.program.roots, at, out);
    }

    fn lags(&mut self, at: &At<'_, L>, out: &mut [L]) {
        self.enter_with(at, self.program.delays.len());
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
