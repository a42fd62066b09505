//! A block as lines on values that are made once: which registers need to be written at all, and when.

use crate::compile::program::{Block, OpCode, Program, Register};
use crate::kernel::interpret::operand_count;

use super::assembler::{Base, ONE};

/// A number of each trajectory; its index in [`Lines::values`].
pub(super) type Value = u32;

/// What a block reads and leaves, besides its outputs, which go to the caller's slice in their order.
pub(super) struct Task<'a> {
    pub(super) block: &'a Block,
    /// Registers whose values the caller's second slice holds, in its order.
    pub(super) inputs: &'a [Register],
    /// Registers that others read later.
    pub(super) kept: &'a [Register],
    /// The only output tells instead whether all of the block's outputs are finite and not zero: 1, else 0.
    pub(super) judges: bool,
    /// Both slices are the same.
    pub(super) is_in_place: bool,
}

/// A place in memory that holds a pack, counted in packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) base: Base,
    pub(super) at: usize,
}

/// Where a value is kept when no vector register holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home {
    pub(super) place: Place,
    /// It is there from the start.
    pub(super) is_given: bool,
    /// Somebody reads it there when the block is done.
    pub(super) is_kept: bool,
}

/// What a line does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Act {
    /// An operation of the program.
    Op(OpCode),
    /// The second operand's verdict, taken away from the first where the second is zero or not finite.
    Judge,
    /// Writes the operand down.
    Store(Place),
}

/// One line. Nothing but stores goes without a result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) act: Act,
    pub(super) to: Option<Value>,
    from: [Value; 3],
    count: usize,
}

impl Line {
    /// The operands.
    pub(super) fn from(&self) -> &[Value] {
        &self.from[..self.count]
    }

    fn store(value: Value, place: Place) -> Self {
        Self {
            act: Act::Store(place),
            to: None,
            from: [value, 0, 0],
            count: 1,
        }
    }
}

/// A block rewritten.
pub(super) struct Lines {
    pub(super) lines: Vec<Line>,
    pub(super) values: Vec<Home>,
}

/// Rewrites a block; nothing when it writes where only its caller may.
pub(super) fn rewrite(program: &Program, task: &Task<'_>) -> Option<Lines> {
    let mut writer = Writer::new(program, task);
    for op in &program.ops[task.block.ops.clone()] {
        if op.to < program.layout.scratch {
            return None;
        }
        let mut from = [0; 3];
        let count = operand_count(op.code);
        for (from, register) in from.iter_mut().zip([op.a, op.b, op.c]).take(count) {
            *from = writer.value_in(register);
        }
        let to = writer.new_value(file(op.to));
        writer.holds[op.to as usize] = Some(to);
        writer.lines.push(Line {
            act: Act::Op(op.code),
            to: Some(to),
            from,
            count,
        });
    }
    writer.finish(task)
}

struct Writer {
    lines: Vec<Line>,
    values: Vec<Home>,
    /// The value that each register holds now, if it was looked at.
    holds: Vec<Option<Value>>,
    /// For each register, where in the caller's slice its value comes from.
    given: Vec<Option<usize>>,
}

impl Writer {
    fn new(program: &Program, task: &Task<'_>) -> Self {
        let mut given = vec![None; program.layout.total];
        for (at, register) in task.inputs.iter().enumerate() {
            given[*register as usize] = Some(at);
        }
        Self {
            lines: Vec::new(),
            values: Vec::new(),
            holds: vec![None; program.layout.total],
            given,
        }
    }

    fn new_value(&mut self, place: Place) -> Value {
        self.values.push(Home {
            place,
            is_given: false,
            is_kept: false,
        });
        u32::try_from(self.values.len() - 1).expect("there are no more values than operations")
    }

    fn value_in(&mut self, named: Register) -> Value {
        let register = named as usize;
        if let Some(value) = self.holds[register] {
            return value;
        }
        let place = match self.given[register] {
            Some(at) => Place {
                base: Base::Input,
                at,
            },
            None => file(named),
        };
        let value = self.new_value(place);
        self.values[value as usize].is_given = true;
        self.holds[register] = Some(value);
        value
    }

    fn finish(mut self, task: &Task<'_>) -> Option<Lines> {
        let value_in = |register: &Register| self.value_in(*register);
        let outputs: Vec<Value> = task.block.outputs.iter().map(value_in).collect();
        let mut stores = self.keep(task.kept);
        if task.judges {
            let verdict = self.judge(&outputs);
            self.deliver(&[verdict], &mut stores);
        } else if task.is_in_place {
            // What is handed through could be overwritten before it is read; no program does that.
            if outputs.iter().any(|value| self.is_input(*value)) {
                return None;
            }
            stores.extend(outputs.into_iter().zip((0..).map(out)));
        } else {
            self.deliver(&outputs, &mut stores);
        }
        self.insert(&stores);
        self.drop_unused();
        Some(Lines {
            lines: self.lines,
            values: self.values,
        })
    }

    fn is_input(&self, value: Value) -> bool {
        self.values[value as usize].place.base == Base::Input
    }

    /// Sees to it that these registers hold their last values in memory; gives what has to be written besides.
    fn keep(&mut self, registers: &[Register]) -> Vec<(Value, Place)> {
        let mut stores = Vec::new();
        for register in registers {
            let value = self.value_in(*register);
            let home = &mut self.values[value as usize];
            let place = file(*register);
            if home.place != place {
                stores.push((value, place));
            } else if !home.is_given {
                home.is_kept = true;
            }
        }
        stores
    }

    /// Brings values where results go: what is kept nowhere else lives there from the beginning.
    fn deliver(&mut self, outputs: &[Value], stores: &mut Vec<(Value, Place)>) {
        for (at, value) in outputs.iter().enumerate() {
            let home = &mut self.values[*value as usize];
            if home.is_given || home.is_kept {
                stores.push((*value, out(at)));
            } else {
                home.place = out(at);
                home.is_kept = true;
            }
        }
    }

    /// Appends the judgement of some values; gives the verdict.
    fn judge(&mut self, outputs: &[Value]) -> Value {
        let one = self.new_value(Place {
            base: Base::Pool,
            at: ONE,
        });
        self.values[one as usize].is_given = true;
        outputs.iter().fold(one, |verdict, output| {
            let to = self.new_value(out(0));
            self.lines.push(Line {
                act: Act::Judge,
                to: Some(to),
                from: [verdict, *output, 0],
                count: 2,
            });
            to
        })
    }

    /// Puts every store right behind the line that makes its value, or where nobody needs any more what it overwrites.
    fn insert(&mut self, stores: &[(Value, Place)]) {
        let mut made = vec![0; self.values.len()];
        let mut read = vec![0; self.values.len()];
        for (line, after) in self.lines.iter().zip(1..) {
            for value in line.from() {
                read[*value as usize] = after;
            }
            if let Some(to) = line.to {
                made[to as usize] = after;
            }
        }
        let homes = self.values.iter().zip(&read);
        let mut inputs: Vec<(Place, usize)> = homes
            .filter(|(home, _)| home.place.base == Base::Input)
            .map(|(home, read)| (home.place, *read))
            .collect();
        inputs.sort_unstable_by_key(|(place, _)| place.at);
        let overwritten = |place: Place| {
            let found = inputs.binary_search_by_key(&place.at, |(input, _)| input.at);
            found.map_or(0, |found| inputs[found].1)
        };
        let mut behind: Vec<Vec<Line>> = vec![Vec::new(); self.lines.len() + 1];
        for &(value, place) in stores {
            let at = if self.values[value as usize].is_given {
                // Fetched for other reasons before.
                read[value as usize]
            } else if place.base == Base::Out {
                made[value as usize].max(overwritten(place))
            } else {
                made[value as usize]
            };
            behind[at].push(Line::store(value, place));
        }
        let lines = std::mem::take(&mut self.lines);
        let mut behind = behind.into_iter();
        self.lines.extend(behind.next().into_iter().flatten());
        for (line, stores) in lines.into_iter().zip(behind) {
            self.lines.push(line);
            self.lines.extend(stores);
        }
    }

    fn drop_unused(&mut self) {
        let mut is_used: Vec<bool> = self.values.iter().map(|home| home.is_kept).collect();
        let mut lines = std::mem::take(&mut self.lines);
        lines.reverse();
        lines.retain(|line| {
            let is_needed = line.to.is_none_or(|to| is_used[to as usize]);
            if is_needed {
                line.from()
                    .iter()
                    .for_each(|value| is_used[*value as usize] = true);
            }
            is_needed
        });
        lines.reverse();
        self.lines = lines;
    }
}

fn out(at: usize) -> Place {
    Place {
        base: Base::Out,
        at,
    }
}

fn file(register: Register) -> Place {
    Place {
        base: Base::File,
        at: register as usize,
    }
}
