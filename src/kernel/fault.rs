//! Where in the model a number that is not finite comes from.

use crate::compile::program::{Block, Op, OpCode, Register};
use crate::diag::Span;
use crate::kernel::Tape;
use crate::kernel::interpret::{evaluate, operand_count};
use crate::kernel::tape::States;
use crate::math::Lane;
use crate::solve::At;

/// The origin of an infinite or undefined number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// An operation made it from finite operands.
    Operation {
        /// Index into `Program::ops`.
        op: usize,
        /// What it does.
        code: OpCode,
        /// The operands it uses; the rest are 0.
        operands: [f64; 3],
        /// What it gave.
        value: f64,
        /// Where it was written.
        span: Span,
    },
    /// A state was not finite already.
    State(usize),
    /// A parameter was not finite already.
    Parameter(usize),
    /// A past value was not finite.
    Past(usize),
    /// Time, or a constant of the model.
    Other,
}

/// One operation as it ran: its result, and the records of those that made its operands.
struct Record {
    /// Index into `Program::ops`.
    op: usize,
    value: f64,
    operands: [f64; 3],
    makers: [Option<usize>; 3],
}

impl<L: Lane> Tape<'_, L> {
    /// Why an output of a block is not finite in one lane; `None` when it is finite.
    ///
    /// Follows the number back from operation to operation, and of a selection only into the branch that was
    /// taken, so that the branch which a model guards against is never blamed. Allocates; for failures only.
    pub fn find_fault(
        &mut self,
        block: &Block,
        at: &At<'_, L>,
        lane: usize,
        output: usize,
    ) -> Option<Fault> {
        self.enter(at, block, States::Copied);
        let (records, makers) = self.record(block, lane);
        let register = block.outputs[output];
        let maker = makers[register as usize];
        let value = match maker {
            Some(i) => records[i].value,
            None => self.parts().0[register as usize].lane(lane),
        };
        (!value.is_finite()).then(|| self.trace(&records, register, maker))
    }

    /// Runs the hoisted operations and a block, and keeps what every operation did in one lane, and which
    /// record wrote each register last.
    fn record(&mut self, block: &Block, lane: usize) -> (Vec<Record>, Vec<Option<usize>>) {
        let hoisted = self.program().hoist.ops.clone();
        let (registers, ops) = self.parts();
        let mut makers = vec![None; registers.len()];
        let mut records = Vec::with_capacity(hoisted.len() + block.ops.len());
        for index in hoisted.chain(block.ops.clone()) {
            let op = &ops.ops()[index];
            let used = [op.a, op.b, op.c];
            let count = operand_count(op.code);
            let pick = |k: usize| {
                if k < count {
                    registers[used[k] as usize].lane(lane)
                } else {
                    0.0
                }
            };
            let operands = [pick(0), pick(1), pick(2)];
            let value = evaluate(op, |register| registers[register as usize]);
            registers[op.to as usize] = value;
            let makers_of_operands = used.map(|register| makers[register as usize]);
            makers[op.to as usize] = Some(records.len());
            records.push(Record {
                op: index,
                value: value.lane(lane),
                operands,
                makers: makers_of_operands,
            });
        }
        (records, makers)
    }

    /// From a register that is not finite back to what made it so.
    fn trace(&self, records: &[Record], register: Register, maker: Option<usize>) -> Fault {
        let (mut register, mut maker) = (register, maker);
        while let Some(i) = maker {
            let record = &records[i];
            let op = &self.program().ops[record.op];
            match bad_operand(op, &record.operands) {
                Some(k) => (register, maker) = ([op.a, op.b, op.c][k], record.makers[k]),
                None => return self.blame(record),
            }
        }
        self.input(register)
    }

    fn blame(&self, record: &Record) -> Fault {
        let (program, op) = (self.program(), record.op);
        Fault::Operation {
            op,
            code: program.ops[op].code,
            operands: record.operands,
            value: record.value,
            span: program.op_spans[op],
        }
    }

    fn input(&self, register: Register) -> Fault {
        let program = self.program();
        let layout = &program.layout;
        let within = |first: Register, count: usize| {
            let i = (register as usize).checked_sub(first as usize)?;
            (i < count).then_some(i)
        };
        if let Some(i) = within(layout.states, program.states.len()) {
            Fault::State(i)
        } else if let Some(i) = within(layout.parameters, program.parameters.len()) {
            Fault::Parameter(i)
        } else if let Some(i) = within(layout.past, program.delays.len()) {
            Fault::Past(i)
        } else {
            Fault::Other
        }
    }
}

/// Which operand, among those the result comes from, is not finite.
fn bad_operand(op: &Op, operands: &[f64; 3]) -> Option<usize> {
    let count = operand_count(op.code);
    let taken = |k: usize| match op.code {
        OpCode::Select => k == if operands[0] != 0.0 { 1 } else { 2 },
        _ => true,
    };
    (0..count).find(|&k| taken(k) && !operands[k].is_finite())
}
