//! The vectors of one attempt and what is done with them.

use super::loops::{Loops, Terms};
use super::stages::{self, Sparse, mask_of};
use super::tableau::{D, GAMMA, H, NODES, STAGES};
use super::{Control, within};
use crate::math::{Lane, LaneMask};
use crate::solve::linear::DenseLu;
use crate::solve::{At, Dynamics, Past};

/// A solution whose equations fail by more than this share of their terms is not used.
///
/// A sound factorisation leaves 1e-15 to 1e-12; a method of this kind loses its order when its matrix is wrong by
/// more than about the tolerance. Chosen between, by feel.
const BACKWARD_ERROR: f64 = 1e-8;

/// Buffers, one entry per state and padding unless said otherwise.
pub struct Work<L: Lane> {
    loops: Box<dyn Loops<L>>,
    /// Number of states, and with padding.
    n: usize,
    padded: usize,
    /// Absolute tolerances and the diagonal of M.
    atol: Vec<f64>,
    mass: Vec<f64>,
    /// f at the start of the step.
    f: Vec<L>,
    /// ∂f/∂t at the start of the step.
    time_derivative: Vec<L>,
    /// Stored entries of ∂f/∂y at the start of the step.
    jacobian: Vec<L>,
    lags: Vec<L>,
    /// Increments, stage by stage; before it is solved, the right-hand side of a stage.
    u: Vec<L>,
    /// The argument of a stage; after the last the new state.
    argument: Vec<L>,
    sum: Vec<L>,
    kept_b: Vec<L>,
    /// k₁, k₂, k₃ of the dense output, if they were asked for since the last attempt.
    bends: Vec<L>,
    has_bends: bool,
    fallback: Vec<Fallback>,
    shift: L,
}

/// The dense factors of one lane, and whether the attempt under way uses them.
struct Fallback {
    used: bool,
    lu: Option<DenseLu>,
    b: Vec<f64>,
}

/// What all stages of an attempt share.
#[derive(Clone, Copy)]
pub struct Stage<'a, L: Lane> {
    pub t: L,
    pub h: L,
    pub latest: L,
    pub p: &'a [L],
    pub past: &'a dyn Past,
}

impl<L: Lane> Work<L> {
    pub fn new(n: usize, atol: &[f64], loops: Box<dyn Loops<L>>) -> Self {
        let padded = loops.padded(n);
        let zeros = |stages: usize| vec![L::splat(0.0); stages * padded];
        // In the padding the error is 0 of a tolerance of 1.
        let mut padded_atol = atol.to_vec();
        padded_atol.resize(padded, 1.0);
        Self {
            n,
            padded,
            atol: padded_atol,
            mass: Vec::new(),
            f: zeros(1),
            time_derivative: zeros(1),
            jacobian: Vec::new(),
            lags: Vec::new(),
            u: zeros(STAGES),
            argument: zeros(1),
            sum: zeros(1),
            kept_b: zeros(1),
            bends: zeros(H.len()),
            has_bends: false,
            fallback: (0..L::WIDTH)
                .map(|_| Fallback {
                    used: false,
                    lu: None,
                    b: vec![0.0; n],
                })
                .collect(),
            shift: L::splat(1.0),
            loops,
        }
    }

    /// Length of a vector of states with its padding.
    pub fn padded(&self) -> usize {
        self.padded
    }

    /// Makes room for what only the system knows the size of.
    pub fn fit<D: Dynamics<L> + ?Sized>(&mut self, dynamics: &D) {
        assert_eq!(
            dynamics.n_states(),
            self.n,
            "the system has as many states as the integrator"
        );
        if self.mass.is_empty() {
            self.mass.extend_from_slice(dynamics.mass());
            self.mass.resize(self.padded, 0.0);
        }
        self.jacobian
            .resize(dynamics.columns().len(), L::splat(0.0));
        self.lags.resize(dynamics.n_lags(), L::splat(0.0));
    }

    /// f, J, ∂f/∂t; gives the shortest lag above zero, infinite if there is none.
    #[inline(always)]
    pub fn evaluate<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        control: &Control,
        at: &At<'_, L>,
        working: L::Mask,
    ) -> L {
        let n = self.n;
        dynamics.derivative(at, &mut self.f[..n]);
        dynamics.jacobian(at, &mut self.jacobian);
        let wrong = stages::finite(&self.jacobian).not().and(working);
        if wrong.any() {
            self.repair_jacobian(dynamics, control, at, wrong);
        }
        let none = L::splat(f64::INFINITY);
        if self.lags.is_empty() {
            dynamics.time_derivative(at, &mut self.time_derivative[..n]);
            return none;
        }
        dynamics.lags(at, &mut self.lags);
        self.lags.iter().fold(none, |shortest, lag| {
            let present = lag.gt(L::splat(0.0));
            L::select(present.and(lag.lt(shortest)), *lag, shortest)
        })
    }

    /// Puts differences of f where an entry of J is not finite, and zero where they are not either.
    ///
    /// Laws such as x^0.5 have a finite value and an infinite slope at zero, which is where many states begin.
    /// Any finite slope will do to leave that point: the error estimate guards the step.
    #[cold]
    fn repair_jacobian<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        control: &Control,
        at: &At<'_, L>,
        lanes: L::Mask,
    ) {
        // Infinity times zero is NaN, and NaN stays.
        let wrong = |entry: L| (entry * L::splat(0.0)).is_nan();
        for column in 0..at.y.len() {
            let of_column = |place: &usize| dynamics.columns()[*place] == column;
            let places = 0..self.jacobian.len();
            if !places
                .filter(of_column)
                .any(|place| wrong(self.jacobian[place]).and(lanes).any())
            {
                continue;
            }
            let threshold =
                L::splat(1e-3 * control.atol[column] / control.rtol + f64::MIN_POSITIVE);
            self.argument[..self.n].copy_from_slice(at.y);
            self.argument[column] =
                at.y[column] + (at.y[column].abs() * L::splat(1e-6) + threshold);
            let moved = self.argument[column] - at.y[column];
            dynamics.derivative(
                &At {
                    y: &self.argument[..self.n],
                    ..*at
                },
                &mut self.sum[..self.n],
            );
            for row in 0..at.y.len() {
                for place in dynamics.row_starts()[row]..dynamics.row_starts()[row + 1] {
                    if dynamics.columns()[place] == column {
                        let slope = (self.sum[row] - self.f[row]) / moved;
                        let slope = L::select(wrong(slope), L::splat(0.0), slope);
                        let entry = self.jacobian[place];
                        self.jacobian[place] = L::select(wrong(entry), slope, entry);
                    }
                }
            }
        }
    }

    /// ∂f/∂t by a difference of f, with the change of the delayed values in it, which the method needs.
    pub fn time_difference<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        at: &At<'_, L>,
        ahead: L,
    ) {
        let later = At {
            t: at.t + ahead,
            ..*at
        };
        dynamics.derivative(&later, &mut self.time_derivative[..self.n]);
        for (out, f) in self.time_derivative.iter_mut().zip(&self.f) {
            *out = (*out - *f) / ahead;
        }
    }

    #[inline(always)]
    pub fn curvature<D: Dynamics<L> + ?Sized>(
        &self,
        dynamics: &D,
        control: &Control,
        y: &[L],
    ) -> L {
        let system = sparse(dynamics, &self.jacobian);
        stages::scaled_curvature(
            &system,
            control.rtol,
            &control.atol,
            y,
            &self.f,
            &self.time_derivative,
        )
    }

    /// Factors the matrix of the step, solves the first stage and checks it; dense where that fails.
    ///
    /// Gives the lanes in which the first stage is solved.
    #[inline(always)]
    pub fn factor<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        h: L,
        working: L::Mask,
    ) -> L::Mask {
        self.shift = L::splat(1.0) / (h * L::splat(GAMMA));
        for fallback in &mut self.fallback {
            fallback.used = false;
        }
        let factored = dynamics.factor(&self.jacobian, self.shift);
        let b = &mut self.u[..self.padded];
        self.loops
            .first_right_side(h * L::splat(D[0]), &self.f, &self.time_derivative, b);
        self.kept_b.copy_from_slice(b);
        dynamics.solve(&mut b[..self.n]);
        let solved = stages::is_solution(
            &sparse(dynamics, &self.jacobian),
            self.shift,
            &b[..self.n],
            &self.kept_b,
            BACKWARD_ERROR,
        );
        let sound = factored.and(solved);
        if !working.and(sound.not()).any() {
            return sound;
        }
        let repaired = mask_of::<L>(|lane| {
            working.bit(lane) && !sound.bit(lane) && self.factor_dense(dynamics, lane)
        });
        sound.or(repaired)
    }

    /// Factors the matrix of one lane densely and solves the first stage with it; whether that worked.
    #[cold]
    fn factor_dense<D: Dynamics<L> + ?Sized>(&mut self, dynamics: &D, lane: usize) -> bool {
        let n = self.n;
        let fallback = &mut self.fallback[lane];
        let lu = fallback.lu.get_or_insert_with(|| DenseLu::new(n));
        let matrix = lu.clear();
        for (row, mass) in dynamics.mass().iter().enumerate() {
            for place in dynamics.row_starts()[row]..dynamics.row_starts()[row + 1] {
                matrix[row * n + dynamics.columns()[place]] = -self.jacobian[place].lane(lane);
            }
            matrix[row * n + row] += self.shift.lane(lane) * mass;
        }
        if lu.factor().is_err() {
            return false;
        }
        fallback.used = true;
        fallback.hold(&self.kept_b, lane);
        fallback.solve_into(&mut self.u, lane);
        true
    }

    /// Stages 2 to 8; afterwards `argument` holds the argument of the last.
    ///
    /// Gives the state whose derivative is the first not to be finite in the lane to `watch`, if any.
    #[inline(always)]
    pub fn run_stages<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        y: &[L],
        stage: Stage<'_, L>,
        watch: Option<usize>,
    ) -> Option<usize> {
        let (n, padded) = (self.n, self.padded);
        let mut found = None;
        self.has_bends = false;
        for s in 1..STAGES {
            let (before, b) = self.u.split_at_mut(s * padded);
            let b = &mut b[..padded];
            self.loops
                .prepare(s, y, before, &mut self.argument, &mut self.sum);
            let t = stage.t + stage.h * L::splat(NODES[s]);
            let at = At {
                t: t.min(stage.latest),
                y: &self.argument[..n],
                p: stage.p,
                past: stage.past,
            };
            dynamics.derivative(&at, &mut b[..n]);
            found = found.or_else(|| stages::first_not_finite(&b[..n], watch?));
            let terms = Terms {
                h: stage.h,
                d: D[s],
                mass: &self.mass,
                sum: &self.sum,
                time_derivative: &self.time_derivative,
            };
            self.loops.right_side(&terms, b);
            // A step too short for its inverse to be finite must not leave NaN there.
            b[n..].fill(L::splat(0.0));
            solve(dynamics, &mut self.fallback, &mut b[..n]);
        }
        found
    }

    /// Completes the new state; gives the largest scaled error, NaN if something is not finite.
    #[inline(always)]
    pub fn finish(&mut self, control: &Control, y: &[L]) -> L {
        let error = &self.u[(STAGES - 1) * self.padded..];
        self.loops
            .finish(control.rtol, &self.atol, y, error, &mut self.argument)
    }

    /// In the lanes of `accepted`, moves to the new state; `start` gets where all lanes stood.
    #[inline(always)]
    pub fn accept(&self, accepted: L::Mask, y: &mut [L], start: &mut [L]) {
        stages::accept(accepted, &self.argument, y, start);
    }

    /// Makes k₁, k₂, k₃ of the dense output of the attempt made last, for all states and lanes at once.
    pub fn make_bends(&mut self) {
        if !self.has_bends {
            self.loops.bends(&self.u, &mut self.bends);
            self.has_bends = true;
        }
    }

    /// y₀, y₁, k₁, k₂, k₃ of every state over the attempt made last, which began at `start`.
    ///
    /// To be called within [`Lane::vectorize`]: reading one lane is a call of its own elsewhere, a third of the time of many
    /// lanes' runs.
    #[inline(always)]
    pub fn coefficients(&self, lane: usize, start: &[L], mut take: impl FnMut(usize, [f64; 5])) {
        let (n, padded) = (self.n, self.padded);
        let (start, end) = (&start[..n], &self.argument[..n]);
        if self.has_bends {
            let bend = |number: usize| &self.bends[number * padded..][..n];
            let (k1, k2, k3) = (bend(0), bend(1), bend(2));
            for at in 0..n {
                let packs = [start[at], end[at], k1[at], k2[at], k3[at]];
                let mut numbers = [0.0; 5];
                for (number, pack) in numbers.iter_mut().zip(packs) {
                    *number = pack.lane(lane);
                }
                take(at, numbers);
            }
            return;
        }
        for at in 0..n {
            let mut numbers = [start[at].lane(lane), end[at].lane(lane), 0.0, 0.0, 0.0];
            for (k, weights) in numbers[2..].iter_mut().zip(&H) {
                for (stage, weight) in weights.iter().enumerate() {
                    *k += weight * self.u[stage * padded + at].lane(lane);
                }
            }
            take(at, numbers);
        }
    }

    /// The states at time `t` of the attempt made last, as [`interpolate`](super::interpolate) gives them.
    pub fn dense(&self, lane: usize, start: &[L], [from, to]: [f64; 2], t: f64, out: &mut [f64]) {
        if t == to {
            return read_lane(&self.argument, lane, out);
        }
        let theta = (t - from) / (to - from);
        L::vectorize(
            #[inline(always)]
            || {
                self.coefficients(
                    lane,
                    start,
                    #[inline(always)]
                    |at, c| out[at] = within(&c, theta),
                );
            },
        );
    }

    pub fn is_dense(&self, lane: usize) -> bool {
        self.fallback[lane].used
    }

    /// The first state with an f, ∂f/∂t, row of J (in this order) that is not finite at the start of the step.
    pub fn first_not_finite_at_start(&self, lane: usize, row_starts: &[usize]) -> Option<usize> {
        let first = |values: &[L]| stages::first_not_finite(values, lane);
        let row_of = |place: usize| {
            row_starts
                .partition_point(|start| *start <= place)
                .saturating_sub(1)
        };
        first(&self.f)
            .or_else(|| first(&self.time_derivative))
            .or_else(|| first(&self.jacobian).map(row_of))
    }

    /// The first state that is not finite after the attempt.
    pub fn first_not_finite_at_end(&self, lane: usize) -> Option<usize> {
        stages::first_not_finite(&self.argument[..self.n], lane)
    }

    /// The state with the largest scaled error in the attempt just made.
    pub fn worst_state(&self, lane: usize, control: &Control, y: &[L]) -> usize {
        let scaled = |i: usize| {
            let size = y[i].lane(lane).abs().max(self.argument[i].lane(lane).abs());
            self.u[(STAGES - 1) * self.padded + i].lane(lane).abs()
                / (control.atol[i] + control.rtol * size)
        };
        (0..self.n).fold(
            0,
            |worst, i| if scaled(i) > scaled(worst) { i } else { worst },
        )
    }
}

impl Fallback {
    fn hold<L: Lane>(&mut self, b: &[L], lane: usize) {
        for (to, from) in self.b.iter_mut().zip(b) {
            *to = from.lane(lane);
        }
    }

    fn solve_into<L: Lane>(&mut self, b: &mut [L], lane: usize) {
        let lu = self
            .lu
            .as_mut()
            .expect("dense factors were made before they are used");
        lu.solve(&mut self.b);
        for (to, from) in b.iter_mut().zip(&self.b) {
            *to = to.with_lane(lane, *from);
        }
    }
}

/// One lane of a vector.
pub fn read_lane<L: Lane>(from: &[L], lane: usize, out: &mut [f64]) {
    L::vectorize(
        #[inline(always)]
        || {
            for (out, from) in out.iter_mut().zip(from) {
                *out = from.lane(lane);
            }
        },
    );
}

/// Solves with the factors made last, lane by lane with the dense ones where those are used.
fn solve<L: Lane, D: Dynamics<L> + ?Sized>(
    dynamics: &mut D,
    fallback: &mut [Fallback],
    b: &mut [L],
) {
    for (lane, fallback) in fallback.iter_mut().enumerate().filter(|(_, f)| f.used) {
        fallback.hold(b, lane);
    }
    dynamics.solve(b);
    for (lane, fallback) in fallback.iter_mut().enumerate().filter(|(_, f)| f.used) {
        fallback.solve_into(b, lane);
    }
}

fn sparse<'a, L: Lane, D: Dynamics<L> + ?Sized>(
    dynamics: &'a D,
    jacobian: &'a [L],
) -> Sparse<'a, L> {
    Sparse {
        mass: dynamics.mass(),
        row_starts: dynamics.row_starts(),
        columns: dynamics.columns(),
        jacobian,
    }
}
