//! The vectors of one attempt and what is done with them.

use super::Control;
use super::stages::{self, Increments, Polynomial, Sparse, mask_of};
use super::tableau::{D, GAMMA, NODES, STAGES};
use crate::math::{Lane, LaneMask};
use crate::solve::linear::DenseLu;
use crate::solve::{At, Dynamics, Past};

/// A solution whose equations fail by more than this share of their terms is not used.
///
/// A sound factorisation leaves 1e-15 to 1e-12; a method of this kind loses its order when its matrix is wrong by
/// more than about the tolerance. Chosen between, by feel.
const BACKWARD_ERROR: f64 = 1e-8;

/// Buffers, one entry per state unless said otherwise.
pub struct Work<L: Lane> {
    /// f at the start of the step.
    f: Vec<L>,
    /// ∂f/∂t at the start of the step.
    time_derivative: Vec<L>,
    /// Stored entries of ∂f/∂y at the start of the step.
    jacobian: Vec<L>,
    lags: Vec<L>,
    u: Vec<Increments<L>>,
    /// The argument of a stage; after the last the new state.
    argument: Vec<L>,
    sum: Vec<L>,
    /// Right-hand side and solution of the system of a stage.
    b: Vec<L>,
    kept_b: Vec<L>,
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
    pub fn new(n: usize) -> Self {
        let zeros = || vec![L::splat(0.0); n];
        Self {
            f: zeros(),
            time_derivative: zeros(),
            jacobian: Vec::new(),
            lags: Vec::new(),
            u: vec![[L::splat(0.0); STAGES]; n],
            argument: zeros(),
            sum: zeros(),
            b: zeros(),
            kept_b: zeros(),
            fallback: (0..L::WIDTH)
                .map(|_| Fallback {
                    used: false,
                    lu: None,
                    b: vec![0.0; n],
                })
                .collect(),
            shift: L::splat(1.0),
        }
    }

    /// Makes room for what only the system knows the size of.
    pub fn fit<D: Dynamics<L> + ?Sized>(&mut self, dynamics: &D) {
        assert_eq!(
            dynamics.n_states(),
            self.f.len(),
            "the system has as many states as the integrator"
        );
        self.jacobian
            .resize(dynamics.columns().len(), L::splat(0.0));
        self.lags.resize(dynamics.n_lags(), L::splat(0.0));
    }

    /// f, J, ∂f/∂t; gives the shortest lag above zero, infinite if there is none.
    pub fn evaluate<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        control: &Control,
        at: &At<'_, L>,
        working: L::Mask,
    ) -> L {
        dynamics.derivative(at, &mut self.f);
        dynamics.jacobian(at, &mut self.jacobian);
        let wrong = stages::finite(&self.jacobian).not().and(working);
        if wrong.any() {
            self.repair_jacobian(dynamics, control, at, wrong);
        }
        let none = L::splat(f64::INFINITY);
        if self.lags.is_empty() {
            dynamics.time_derivative(at, &mut self.time_derivative);
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
            self.argument.copy_from_slice(at.y);
            self.argument[column] =
                at.y[column] + (at.y[column].abs() * L::splat(1e-6) + threshold);
            let moved = self.argument[column] - at.y[column];
            dynamics.derivative(
                &At {
                    y: &self.argument,
                    ..*at
                },
                &mut self.b,
            );
            for row in 0..at.y.len() {
                for place in dynamics.row_starts()[row]..dynamics.row_starts()[row + 1] {
                    if dynamics.columns()[place] == column {
                        let slope = (self.b[row] - self.f[row]) / moved;
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
        dynamics.derivative(&later, &mut self.time_derivative);
        for (out, f) in self.time_derivative.iter_mut().zip(&self.f) {
            *out = (*out - *f) / ahead;
        }
    }

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
        stages::first_right_side(
            h * L::splat(D[0]),
            &self.f,
            &self.time_derivative,
            &mut self.b,
        );
        self.kept_b.copy_from_slice(&self.b);
        dynamics.solve(&mut self.b);
        let error = stages::backward_error(
            &sparse(dynamics, &self.jacobian),
            self.shift,
            &self.b,
            &self.kept_b,
        );
        let sound = factored.and(error.le(L::splat(BACKWARD_ERROR)));
        let mut solved = sound;
        if working.and(sound.not()).any() {
            let repaired = mask_of::<L>(|lane| {
                working.bit(lane) && !sound.bit(lane) && self.factor_dense(dynamics, lane)
            });
            solved = solved.or(repaired);
        }
        stages::keep(0, &self.b, &mut self.u);
        solved
    }

    /// Factors the matrix of one lane densely and solves the first stage with it; whether that worked.
    #[cold]
    fn factor_dense<D: Dynamics<L> + ?Sized>(&mut self, dynamics: &D, lane: usize) -> bool {
        let n = self.f.len();
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
        fallback.solve_into(&mut self.b, lane);
        true
    }

    /// Stages 2 to 8; afterwards `argument` holds the argument of the last.
    ///
    /// Gives the state whose derivative is the first not to be finite in the lane to `watch`, if any.
    pub fn run_stages<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        y: &[L],
        stage: Stage<'_, L>,
        watch: Option<usize>,
    ) -> Option<usize> {
        let mut found = None;
        for s in 1..STAGES {
            stages::prepare(s, y, &self.u, &mut self.argument, &mut self.sum);
            let t = stage.t + stage.h * L::splat(NODES[s]);
            let at = At {
                t: t.min(stage.latest),
                y: &self.argument,
                p: stage.p,
                past: stage.past,
            };
            dynamics.derivative(&at, &mut self.b);
            found = found.or_else(|| stages::first_not_finite(&self.b, watch?));
            stages::right_side(
                stage.h,
                D[s],
                dynamics.mass(),
                &self.sum,
                &self.time_derivative,
                &mut self.b,
            );
            self.solve(dynamics);
            stages::keep(s, &self.b, &mut self.u);
        }
        found
    }

    fn solve<D: Dynamics<L> + ?Sized>(&mut self, dynamics: &mut D) {
        for (lane, fallback) in self.fallback.iter_mut().enumerate().filter(|(_, f)| f.used) {
            fallback.hold(&self.b, lane);
        }
        dynamics.solve(&mut self.b);
        for (lane, fallback) in self.fallback.iter_mut().enumerate().filter(|(_, f)| f.used) {
            fallback.solve_into(&mut self.b, lane);
        }
    }

    /// Completes the new state; gives the largest scaled error, NaN if something is not finite.
    pub fn finish(&mut self, control: &Control, y: &[L]) -> L {
        stages::finish(control.rtol, &control.atol, y, &self.u, &mut self.argument)
    }

    pub fn accept(&self, accepted: L::Mask, y: &mut [L], polynomials: &mut [Polynomial<L>]) {
        stages::accept(accepted, &self.argument, &self.u, y, polynomials);
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
        stages::first_not_finite(&self.argument, lane)
    }

    /// The state with the largest scaled error in the attempt just made.
    pub fn worst_state(&self, lane: usize, control: &Control, y: &[L]) -> usize {
        let scaled = |i: usize| {
            let size = y[i].lane(lane).abs().max(self.argument[i].lane(lane).abs());
            self.u[i][STAGES - 1].lane(lane).abs() / (control.atol[i] + control.rtol * size)
        };
        (0..y.len()).fold(
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
