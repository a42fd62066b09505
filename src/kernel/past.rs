//! Values of the past that the equations use.
//!
//! A delayed formula runs in a register file of its own, at the past time and with the states and parameters of
//! then. Where it contains a delay itself, that one runs in a further file, seen from that past time.

use crate::compile::program::{Block, Program};
use crate::kernel::interpret::{Checked, operand_count};
use crate::kernel::tape::RegisterFile;
use crate::math::{Lane, LaneMask};
use crate::solve::Past;

/// What the look-up of past values needs, allocated once.
pub(super) struct Lookup<L> {
    /// One file per depth of delays within delays.
    files: Vec<RegisterFile<L>>,
    /// For each delay, how many of the first delays its formula may read.
    inner: Vec<usize>,
    lags: Vec<L>,
    /// States, then parameters, of one lane after the other.
    numbers: Vec<f64>,
}

impl<L: Lane> Lookup<L> {
    pub(super) fn new(program: &Program) -> Self {
        let inner: Vec<usize> = program
            .delays
            .iter()
            .map(|delay| past_values_read(program, &delay.value))
            .collect();
        let mut depths: Vec<usize> = Vec::new();
        for (i, &count) in inner.iter().enumerate() {
            assert!(
                count <= i,
                "a delayed formula reads earlier past values only"
            );
            depths.push(1 + depths[..count].iter().copied().max().unwrap_or(0));
        }
        let n_files = depths.iter().copied().max().unwrap_or(0);
        let per_lane = program.states.len() + program.parameters.len();
        Self {
            files: (0..n_files).map(|_| RegisterFile::new(program)).collect(),
            lags: vec![L::splat(0.0); inner.len()],
            numbers: vec![
                0.0;
                if inner.is_empty() {
                    0
                } else {
                    per_lane * L::WIDTH
                }
            ],
            inner,
        }
    }

    /// The lags of the last [`Lookup::fill`] of all.
    pub(super) fn lags(&self) -> &[L] {
        &self.lags
    }

    /// Fills the first `count` past registers of a file from its time, states and parameters.
    pub(super) fn fill(
        &mut self,
        program: &Program,
        ops: Checked<'_>,
        present: &mut RegisterFile<L>,
        past: &dyn Past,
        count: usize,
    ) {
        for i in 0..count {
            let mut view = View {
                program,
                ops,
                past,
                inner: &self.inner,
                numbers: &mut self.numbers,
            };
            self.lags[i] = view.look_up(i, present, &mut self.files);
        }
    }
}

struct View<'a> {
    program: &'a Program,
    ops: Checked<'a>,
    past: &'a dyn Past,
    inner: &'a [usize],
    numbers: &'a mut [f64],
}

impl View<'_> {
    /// Fills past register `i` of the file `now`, with `files` for deeper looks; gives the lag.
    fn look_up<L: Lane>(
        &mut self,
        i: usize,
        now: &mut RegisterFile<L>,
        files: &mut [RegisterFile<L>],
    ) -> L {
        let delay = &self.program.delays[i];
        let lag = now.run_one(self.ops, &delay.lag);
        let (then, deeper) = files
            .split_first_mut()
            .expect("a file for every depth of delays");
        let is_before = self.go_back(lag, now, then);
        for j in 0..self.inner[i] {
            self.look_up(j, then, deeper);
        }
        let mut value = then.run_one(self.ops, &delay.value);
        if is_before.any()
            && let Some(block) = &delay.before
        {
            value = L::select(is_before, then.run_one(self.ops, block), value);
        }
        now.registers[self.program.layout.past as usize + i] = value;
        lag
    }

    /// Brings `then` to the time, states and parameters of a lag before `now`.
    ///
    /// Tells the lanes in which that time lies before the start. A lag of zero means now. A lag that is negative or no
    /// number has no past: NaN, which stops the run instead of misleading it.
    fn go_back<L: Lane>(
        &mut self,
        lag: L,
        now: &RegisterFile<L>,
        then: &mut RegisterFile<L>,
    ) -> L::Mask {
        let layout = &self.program.layout;
        let (n_states, n_parameters) = (self.program.states.len(), self.program.parameters.len());
        let states = layout.states as usize..layout.states as usize + n_states;
        let parameters = layout.parameters as usize..layout.parameters as usize + n_parameters;
        let present_time = now.registers[layout.time as usize];
        let time = present_time - lag;
        let mut is_before = 0;
        for lane in 0..L::WIDTH {
            let row =
                &mut self.numbers[lane * (n_states + n_parameters)..][..n_states + n_parameters];
            let (y, p) = row.split_at_mut(n_states);
            if lag.lane(lane) > 0.0 {
                is_before |= u32::from(self.past.at(lane, time.lane(lane), y, p)) << lane;
            } else if lag.lane(lane) == 0.0 {
                let present = now.registers[states.clone()]
                    .iter()
                    .chain(&now.registers[parameters.clone()]);
                row.iter_mut()
                    .zip(present)
                    .for_each(|(to, from)| *to = from.lane(lane));
            } else {
                row.fill(f64::NAN);
            }
        }
        then.registers[layout.time as usize] = time;
        let numbers = &*self.numbers;
        let gather = |i: usize| L::from_fn(|lane| numbers[lane * (n_states + n_parameters) + i]);
        for (i, register) in states.enumerate() {
            then.registers[register] = gather(i);
        }
        let mut same = then.hoisted;
        for (i, register) in parameters.enumerate() {
            let value = gather(n_states + i);
            same &= value.same_bits(then.registers[register]).all();
            then.registers[register] = value;
        }
        if !same {
            then.hoist(self.program, self.ops);
        }
        L::Mask::from_bits(is_before)
    }
}

/// One more than the last past register that a block reads; 0 if it reads none.
pub(super) fn past_values_read(program: &Program, block: &Block) -> usize {
    let first = program.layout.past;
    let last = first as usize + program.delays.len();
    let ops = &program.ops[block.ops.clone()];
    let read = ops
        .iter()
        .flat_map(|op| [op.a, op.b, op.c].into_iter().take(operand_count(op.code)));
    read.chain(block.outputs.iter().copied())
        .filter(|&register| register >= first && (register as usize) < last)
        .map(|register| (register - first) as usize + 1)
        .max()
        .unwrap_or(0)
}
