//! Machine code for the blocks that a run spends its time in, made from a program in a fraction of a millisecond.
//!
//! For x86-64 with AVX2; elsewhere there is none and the tape does all. The code works on the tape's register file and
//! gives the tape's bits: the same operations in the same order, functions by calls of the same functions. What it
//! spares is the decoding of operations, most loads, and all stores of what nobody reads later: values stay in vector
//! registers as long as there is room (`vectors`). Packs of eight are two registers each.
//!
//! A general code generator (Cranelift) was measured first: it takes 4 to 18 ms per model instead of a tenth of one, knows
//! no registers of four numbers on this processor family, and costs minutes of building.

mod assembler;
mod lines;
mod memory;
mod shims;
mod steps;
#[cfg(test)]
mod tests;
mod vectors;
mod write;

use crate::compile::program::{Block, Op, Program, Register};
use crate::kernel::interpret::operand_count;
use crate::kernel::lanes::is_plain;
use crate::math::Lane;

use assembler::{Assembler, Shape};
use lines::Task;
use memory::Executable;
use steps::Spread;

/// Machine code of a program for packs of one width; immutable, to be shared by any number of tapes and threads.
pub struct Code {
    memory: Executable,
    width: usize,
    total: usize,
    /// The operations that it was made of.
    ops: Vec<Op>,
    entries: Entries,
    /// Blocks that users may ask for by themselves, by where they start.
    blocks: Vec<(Block, Entry)>,
}

/// Where a block's code begins, and what it works on.
#[derive(Clone, Copy, Debug)]
pub(in crate::kernel) struct Entry {
    start: usize,
    n_out: usize,
    n_input: usize,
    is_in_place: bool,
}

/// The blocks that are always run from the same place; none where there is no code for one.
#[derive(Clone, Copy, Debug)]
pub(in crate::kernel) struct Entries {
    pub(in crate::kernel) hoist: Option<Entry>,
    pub(in crate::kernel) derivative: Option<Entry>,
    pub(in crate::kernel) jacobian: Option<Entry>,
    pub(in crate::kernel) time_derivative: Option<Entry>,
    pub(in crate::kernel) roots: Option<Entry>,
    pub(in crate::kernel) factor: Option<Entry>,
    pub(in crate::kernel) solve: Option<Entry>,
}

impl Code {
    /// Code for packs of `width` numbers (1, 4 or 8); none where the processor or the system does not allow it.
    ///
    /// Panics, as a tape does, for operations on registers that the program does not have.
    pub fn generate(program: &Program, width: usize) -> Option<Self> {
        let bytes_of_file = program.layout.total.checked_mul(width * size_of::<f64>())?;
        if !is_supported(width) || i32::try_from(bytes_of_file).is_err() {
            return None;
        }
        // Checks the operations.
        crate::kernel::interpret::Checked::new(&program.ops, program.layout.total);
        let mut writer = Writer::new(program, width);
        let entries = writer.entries();
        let blocks = writer.blocks(&entries);
        Some(Self {
            memory: Executable::new(&writer.assembler.into_bytes())?,
            width,
            total: program.layout.total,
            ops: program.ops.clone(),
            entries,
            blocks,
        })
    }

    /// Numbers in a pack.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether it may be run in place of a program's operations on packs of type `L`.
    pub(in crate::kernel) fn fits<L: Lane>(&self, program: &Program) -> bool {
        self.width == L::WIDTH
            && is_plain::<L>()
            && self.total == program.layout.total
            && self.ops == program.ops
    }

    pub(in crate::kernel) fn entries(&self) -> Entries {
        self.entries
    }

    /// The code of a block of the equations or of what is read off them, if there is some.
    pub(in crate::kernel) fn find(&self, block: &Block) -> Option<Entry> {
        let start = |(known, _): &(Block, Entry)| known.ops.start;
        let at = self
            .blocks
            .binary_search_by_key(&block.ops.start, start)
            .ok()?;
        let (known, entry) = &self.blocks[at];
        (known == block).then_some(*entry)
    }

    /// Runs a block.
    ///
    /// * `out` — a place for each output
    /// * `input` — states, or the Jacobian
    ///
    /// Panics on other lengths.
    #[inline]
    pub(in crate::kernel) fn run<L: Lane>(
        &self,
        entry: Entry,
        registers: &mut [L],
        out: &mut [L],
        input: &[L],
    ) {
        assert!(!entry.is_in_place, "input and output are apart");
        self.check::<L>(entry, [registers.len(), out.len(), input.len()]);
        // SAFETY: as below, and `input` is read only.
        unsafe { self.call(entry, registers, out.as_mut_ptr(), input.as_ptr()) }
    }

    /// Runs a block that replaces its inputs by its outputs.
    #[inline]
    pub(in crate::kernel) fn run_in_place<L: Lane>(
        &self,
        entry: Entry,
        registers: &mut [L],
        values: &mut [L],
    ) {
        assert!(entry.is_in_place, "input and output are the same");
        self.check::<L>(entry, [registers.len(), values.len(), values.len()]);
        let values = values.as_mut_ptr();
        // SAFETY: as below; both pointers come from one mutable borrow.
        unsafe { self.call(entry, registers, values, values) }
    }

    #[inline]
    fn check<L: Lane>(&self, entry: Entry, lengths: [usize; 3]) {
        assert!(
            self.width == L::WIDTH && is_plain::<L>(),
            "code is for packs of one width"
        );
        assert_eq!(
            lengths,
            [self.total, entry.n_out, entry.n_input],
            "registers, outputs, inputs"
        );
    }

    /// # Safety
    /// [`Code::check`] has passed for `L`, the file and the lengths behind the pointers; `out` may be written, `input`
    /// read.
    ///
    /// With that it is sound: the code was made by this module, for a processor that has the instructions. It reads and
    /// writes the register file at indices below `total` (checked when it was made), writes `out` at indices below
    /// `n_out` and reads `input` at indices below `n_input` (by construction of `lines`), keeps the registers that the
    /// System V convention asks for, and a plain `L` is `WIDTH` numbers without a gap, any of whose bits are allowed.
    #[inline]
    unsafe fn call<L: Lane>(
        &self,
        entry: Entry,
        registers: &mut [L],
        out: *mut L,
        input: *const L,
    ) {
        type Function = unsafe extern "sysv64" fn(*mut f64, *mut f64, *const f64);
        // SAFETY: see above.
        unsafe {
            let function: Function = std::mem::transmute(self.memory.at(entry.start));
            function(registers.as_mut_ptr().cast(), out.cast(), input.cast());
        }
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code")
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

fn is_supported(width: usize) -> bool {
    [1, 4, 8].contains(&width) && std::is_x86_feature_detected!("avx2")
}

struct Writer<'p> {
    program: &'p Program,
    assembler: Assembler,
    spread: Spread,
    states: Vec<Register>,
}

impl<'p> Writer<'p> {
    fn new(program: &'p Program, width: usize) -> Self {
        let first = program.layout.states;
        Self {
            program,
            assembler: Assembler::new(if width == 1 {
                Shape::Scalar
            } else {
                Shape::Four
            }),
            spread: Spread {
                width,
                parts: width.div_ceil(4),
            },
            states: (first..).take(program.states.len()).collect(),
        }
    }

    fn write(&mut self, task: &Task<'_>) -> Option<Entry> {
        let lines = lines::rewrite(self.program, task)?;
        let n_outputs = task.block.outputs.len();
        Some(Entry {
            start: write::function(&mut self.assembler, &lines, self.spread),
            n_out: if task.judges { 1 } else { n_outputs },
            n_input: task.inputs.len(),
            is_in_place: task.is_in_place,
        })
    }

    /// A block of the equations: states in, outputs out.
    fn block(&mut self, block: &Block) -> Option<Entry> {
        let states = std::mem::take(&mut self.states);
        let entry = self.write(&Task {
            block,
            inputs: &states,
            kept: &[],
            judges: false,
            is_in_place: false,
        });
        self.states = states;
        entry
    }

    fn entries(&mut self) -> Entries {
        let program = self.program;
        Entries {
            hoist: self.hoist(),
            derivative: self.block(&program.derivative),
            jacobian: self.block(&program.jacobian),
            time_derivative: self.block(&program.time_derivative),
            roots: self.block(&program.roots),
            factor: self.factor(),
            solve: self.solve(),
        }
    }

    /// What is run often besides: rows to write down, triggers, formulas of protocols, sensitivities.
    fn blocks(&mut self, entries: &Entries) -> Vec<(Block, Entry)> {
        let program = self.program;
        let others = [&program.observe, &program.fast.amounts]
            .into_iter()
            .chain(program.events.iter().map(|event| &event.trigger))
            .chain(&program.extras)
            .chain(&program.parameter_derivatives)
            // One without operations costs the tape nothing, and is told from others by no range.
            .filter(|block| !block.ops.is_empty());
        let mut blocks: Vec<(Block, Entry)> = others
            .filter_map(|block| Some((block.clone(), self.block(block)?)))
            .collect();
        let known = [
            (&program.derivative, entries.derivative),
            (&program.roots, entries.roots),
        ];
        let known = known.into_iter().filter(|(block, _)| !block.ops.is_empty());
        blocks.extend(known.filter_map(|(block, entry)| Some((block.clone(), entry?))));
        blocks.sort_by_key(|(block, _)| block.ops.start);
        blocks
    }

    /// All that it makes stays in the file.
    fn hoist(&mut self) -> Option<Entry> {
        let block = &self.program.hoist;
        let mut kept: Vec<Register> = self.program.ops[block.ops.clone()]
            .iter()
            .map(|op| op.to)
            .collect();
        kept.sort_unstable();
        kept.dedup();
        self.write(&Task {
            block,
            inputs: &[],
            kept: &kept,
            judges: false,
            is_in_place: false,
        })
    }

    /// The Jacobian in, a verdict on the pivots out; what the solution reads stays in the file.
    fn factor(&mut self) -> Option<Entry> {
        let lu = &self.program.lu;
        self.write(&Task {
            block: &lu.factor,
            inputs: &lu.jacobian,
            kept: &self.read_by_solution(),
            judges: true,
            is_in_place: false,
        })
    }

    fn solve(&mut self) -> Option<Entry> {
        let lu = &self.program.lu;
        self.write(&Task {
            block: &lu.solve,
            inputs: &lu.right_side,
            kept: &[],
            judges: false,
            is_in_place: true,
        })
    }

    /// Registers that the solution reads and neither makes itself nor gets with the right side.
    fn read_by_solution(&self) -> Vec<Register> {
        let lu = &self.program.lu;
        let mut is_made = vec![false; self.program.layout.total];
        for register in &lu.right_side {
            is_made[*register as usize] = true;
        }
        let mut read = Vec::new();
        for op in &self.program.ops[lu.solve.ops.clone()] {
            let operands = [op.a, op.b, op.c];
            for register in &operands[..operand_count(op.code)] {
                if !std::mem::replace(&mut is_made[*register as usize], true) {
                    read.push(*register);
                }
            }
            is_made[op.to as usize] = true;
        }
        read
    }
}
