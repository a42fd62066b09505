//! What is written down within a step: several times of one trajectory side by side in the lanes of a wide tape.
//!
//! Every lane gives the bits of the scalar tape, so a row does not depend on how many others it shares a step with.

use crate::compile::program::Program;
use crate::kernel::{LaneJob, Tape, with_best_lanes};
use crate::math::Lane;
use crate::solve::{At, Dynamics, Past};

/// Widest pack that there is.
const WIDEST: usize = 8;

/// The states over one step.
#[derive(Clone, Copy)]
pub struct StepStates<'a> {
    /// Beginning of the step.
    pub from: f64,
    /// End of the step.
    pub to: f64,
    /// y₀, y₁, k₁, k₂, k₃ per state, as [`Rodas5P::step_polynomial`](crate::solve::Rodas5P::step_polynomial) gives them.
    pub coefficients: &'a [f64],
}

/// Computes rows.
pub trait Rows {
    /// Appends one row per time to `rows`; times lie within the step, before its end.
    fn write(
        &mut self,
        step: &StepStates<'_>,
        times: &[f64],
        p: &[f64],
        past: &dyn Past,
        rows: &mut Vec<f64>,
    );
}

/// The fastest that this processor has.
pub fn rows(program: &Program) -> Box<dyn Rows + '_> {
    with_best_lanes(WIDEST, Make(program))
}

struct Make<'p>(&'p Program);

impl<'p> LaneJob for Make<'p> {
    type Output = Box<dyn Rows + 'p>;
    fn run<L: Lane>(self) -> Self::Output {
        let program = self.0;
        let zeros = |n| vec![L::splat(0.0); n];
        Box::new(Packed::<L> {
            tape: Tape::new(program),
            program,
            y: zeros(program.states.len()),
            // No parameters stand there yet: the first call sees that they differ.
            held: Vec::new(),
            p: zeros(program.parameters.len()),
            row: zeros(program.quantities.len()),
        })
    }
}

struct Packed<'p, L: Lane> {
    program: &'p Program,
    tape: Tape<'p, L>,
    y: Vec<L>,
    /// The parameters that `p` has in every lane.
    held: Vec<f64>,
    p: Vec<L>,
    row: Vec<L>,
}

impl<L: Lane> Rows for Packed<'_, L> {
    fn write(
        &mut self,
        step: &StepStates<'_>,
        times: &[f64],
        p: &[f64],
        past: &dyn Past,
        rows: &mut Vec<f64>,
    ) {
        self.hold(p);
        for times in times.chunks(L::WIDTH) {
            // Lanes beyond the last time repeat it.
            let t = L::from_fn(|lane| times[lane.min(times.len() - 1)]);
            interpolate_all(step, t, &mut self.y);
            let at = At {
                t,
                y: &self.y,
                p: &self.p,
                past,
            };
            self.tape
                .run_block(&self.program.observe, &at, &mut self.row);
            append(&self.row, times.len(), rows);
        }
    }
}

impl<L: Lane> Packed<'_, L> {
    fn hold(&mut self, p: &[f64]) {
        let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits();
        if self.held.len() != p.len() || !self.held.iter().zip(p).all(same) {
            self.held.clear();
            self.held.extend_from_slice(p);
            for (pack, &value) in self.p.iter_mut().zip(p) {
                *pack = L::splat(value);
            }
            self.tape.hold(&self.p);
        }
    }
}

/// The states at the times of a pack; the operations of [`interpolate`](crate::solve::rodas5p::interpolate).
fn interpolate_all<L: Lane>(step: &StepStates<'_>, t: L, y: &mut [L]) {
    L::vectorize(
        #[inline(always)]
        || {
            let theta = (t - L::splat(step.from)) / L::splat(step.to - step.from);
            let rest = L::splat(1.0) - theta;
            for (y, c) in y.iter_mut().zip(step.coefficients.chunks_exact(5)) {
                let k = [L::splat(c[2]), L::splat(c[3]), L::splat(c[4])];
                let bend = rest * (k[0] + theta * (k[1] + theta * k[2]));
                *y = L::splat(c[0]) + theta * (L::splat(c[1] - c[0]) + bend);
            }
        },
    );
}

/// Turns the first `count` lanes of a pack per quantity into rows.
fn append<L: Lane>(row: &[L], count: usize, rows: &mut Vec<f64>) {
    let (width, first) = (row.len(), rows.len());
    rows.resize(first + count * width, 0.0);
    let new = &mut rows[first..];
    L::vectorize(
        #[inline(always)]
        || {
            let mut numbers = [0.0; WIDEST];
            for (column, pack) in row.iter().enumerate() {
                pack.store(&mut numbers);
                for (at, number) in numbers[..count].iter().enumerate() {
                    new[at * width + column] = *number;
                }
            }
        },
    );
}
