//! Lines in the order in which they are run, for every part of a pack that one register holds.

use crate::compile::program::OpCode;

use super::assembler::{Address, Base, POOL_ENTRY};
use super::lines::{Act, Line, Lines, Place, Value};
use super::shims;

/// One part of one value; parts of a value follow one another.
pub(super) type Unit = usize;

/// One thing to do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// A line for one part.
    Line { line: Line, part: usize },
    /// A function of whole packs.
    Call { code: OpCode, line: Line },
}

/// How packs are spread over registers and memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    /// Numbers in a pack.
    pub(super) width: usize,
    /// Registers that a pack fills.
    pub(super) parts: usize,
}

impl Spread {
    pub(super) fn unit(self, value: Value, part: usize) -> Unit {
        value as usize * self.parts + part
    }

    pub(super) fn address(self, place: Place, part: usize) -> Address {
        let offset = match place.base {
            Base::Pool => place.at * POOL_ENTRY,
            _ => (place.at * self.parts + part) * (self.width / self.parts) * size_of::<f64>(),
        };
        Address {
            base: place.base,
            offset: i32::try_from(offset).expect("files that are too large were refused"),
        }
    }
}

/// How many lines are written for one part before the next part has its turn.
///
/// Both parts in turn keep more independent work in sight of the processor, one after the other keeps more values in
/// registers.
const CHUNK: usize = 8;

/// The steps of some lines.
pub(super) fn order(lines: &Lines, spread: Spread) -> Vec<Step> {
    let mut steps = Vec::with_capacity(lines.lines.len() * spread.parts);
    for group in lines.lines.chunk_by(|a, b| !is_call(a) && !is_call(b)) {
        if let [line] = group
            && let Act::Op(code) = line.act
            && is_call(line)
        {
            steps.push(Step::Call { code, line: *line });
            continue;
        }
        for chunk in group.chunks(CHUNK) {
            for part in 0..spread.parts {
                steps.extend(chunk.iter().map(|line| Step::Line { line: *line, part }));
            }
        }
    }
    steps
}

fn is_call(line: &Line) -> bool {
    matches!(line.act, Act::Op(code) if shims::is_function(code))
}

/// When each unit is read, as indices of steps: all lists in one, and where each begins.
pub(super) struct Uses {
    pub(super) steps: Vec<u32>,
    pub(super) starts: Vec<u32>,
}

/// Collects the uses of `n_units` units.
pub(super) fn uses(steps: &[Step], n_units: usize, spread: Spread) -> Uses {
    let mut starts = vec![0_u32; n_units + 1];
    for_each_use(steps, spread, |_, unit| starts[unit + 1] += 1);
    for unit in 0..n_units {
        starts[unit + 1] += starts[unit];
    }
    let mut next = starts.clone();
    let mut all = vec![0; starts[n_units] as usize];
    for_each_use(steps, spread, |step, unit| {
        all[next[unit] as usize] = step;
        next[unit] += 1;
    });
    Uses { steps: all, starts }
}

fn for_each_use(steps: &[Step], spread: Spread, mut each: impl FnMut(u32, Unit)) {
    for (step, at) in steps.iter().zip(0..) {
        match step {
            Step::Line { line, part } => {
                for value in line.from() {
                    each(at, spread.unit(*value, *part));
                }
            }
            Step::Call { line, .. } => {
                for value in line.from() {
                    (0..spread.parts).for_each(|part| each(at, spread.unit(*value, part)));
                }
            }
        }
    }
}
