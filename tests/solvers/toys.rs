//! Small systems with known solutions, and a driver, for the tests of the solvers.

use std::marker::PhantomData;

use insilin::math::{self, Lane, LaneMask};
use insilin::solve::{At, Control, Dynamics, NoPast, Outcome, Past, Rodas5P};

/// A system written down once for every lane type; the Jacobian is dense, by rows.
pub trait Toy {
    const N: usize;
    const N_PARAMETERS: usize = 0;
    const N_LAGS: usize = 0;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]);
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]);
    fn mass() -> Vec<f64> {
        vec![1.0; Self::N]
    }
    fn time_derivative<L: Lane>(_at: &At<'_, L>, out: &mut [L]) {
        out.fill(L::splat(0.0));
    }
    fn lags<L: Lane>(_at: &At<'_, L>, _out: &mut [L]) {}
    fn parameter_derivative<L: Lane>(_at: &At<'_, L>, _parameter: usize, out: &mut [L]) {
        out.fill(L::splat(f64::NAN));
    }
}

/// A toy as [`Dynamics`], with an elimination that never exchanges rows.
pub struct System<T, L> {
    mass: Vec<f64>,
    row_starts: Vec<usize>,
    columns: Vec<usize>,
    lu: Vec<L>,
    toy: PhantomData<T>,
}

impl<T: Toy, L: Lane> System<T, L> {
    pub fn new() -> Self {
        Self {
            mass: T::mass(),
            row_starts: (0..=T::N).map(|row| row * T::N).collect(),
            columns: (0..T::N * T::N).map(|place| place % T::N).collect(),
            lu: vec![L::splat(0.0); T::N * T::N],
            toy: PhantomData,
        }
    }
}

impl<T: Toy, L: Lane> Dynamics<L> for System<T, L> {
    fn n_states(&self) -> usize {
        T::N
    }
    fn n_parameters(&self) -> usize {
        T::N_PARAMETERS
    }
    fn n_roots(&self) -> usize {
        0
    }
    fn n_lags(&self) -> usize {
        T::N_LAGS
    }
    fn mass(&self) -> &[f64] {
        &self.mass
    }
    fn row_starts(&self) -> &[usize] {
        &self.row_starts
    }
    fn columns(&self) -> &[usize] {
        &self.columns
    }
    fn derivative(&mut self, at: &At<'_, L>, out: &mut [L]) {
        T::f(at, out);
    }
    fn jacobian(&mut self, at: &At<'_, L>, out: &mut [L]) {
        T::jacobian(at, out);
    }
    fn time_derivative(&mut self, at: &At<'_, L>, out: &mut [L]) {
        T::time_derivative(at, out);
    }
    fn parameter_derivative(&mut self, at: &At<'_, L>, parameter: usize, out: &mut [L]) {
        T::parameter_derivative(at, parameter, out);
    }
    fn factor(&mut self, jacobian: &[L], shift: L) -> L::Mask {
        let n = T::N;
        let mut sound = L::Mask::splat(true);
        for (lu, j) in self.lu.iter_mut().zip(jacobian) {
            *lu = -*j;
        }
        for k in 0..n {
            self.lu[k * n + k] = self.lu[k * n + k] + shift * L::splat(self.mass[k]);
        }
        for k in 0..n {
            sound = sound.and(self.lu[k * n + k].abs().gt(L::splat(0.0)));
            for row in k + 1..n {
                let factor = self.lu[row * n + k] / self.lu[k * n + k];
                self.lu[row * n + k] = factor;
                for column in k + 1..n {
                    self.lu[row * n + column] =
                        self.lu[row * n + column] - factor * self.lu[k * n + column];
                }
            }
        }
        sound
    }
    fn solve(&mut self, b: &mut [L]) {
        let n = T::N;
        for row in 0..n {
            for k in 0..row {
                b[row] = b[row] - self.lu[row * n + k] * b[k];
            }
        }
        for row in (0..n).rev() {
            for k in row + 1..n {
                b[row] = b[row] - self.lu[row * n + k] * b[k];
            }
            b[row] = b[row] / self.lu[row * n + row];
        }
    }
    fn roots(&mut self, _at: &At<'_, L>, _out: &mut [L]) {}
    fn lags(&mut self, at: &At<'_, L>, out: &mut [L]) {
        T::lags(at, out);
    }
}

/// y′ = −p₀ y: the plainest.
pub struct Decay;
impl Toy for Decay {
    const N: usize = 1;
    const N_PARAMETERS: usize = 1;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = -(at.p[0] * at.y[0]);
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = -at.p[0];
    }
}

/// Kaps: ε y₁′ = −(1 + 2ε) y₁ + y₂², y₂′ = y₁ − y₂ − y₂², with ε = p₀. From (1, 1): y₁ = e^(−2t), y₂ = e^(−t).
///
/// Divided by ε here; stiff for small ε, smooth along the solution.
pub struct Kaps;
impl Toy for Kaps {
    const N: usize = 2;
    const N_PARAMETERS: usize = 1;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let (one, two, epsilon) = (L::splat(1.0), L::splat(2.0), at.p[0]);
        let [a, b] = [at.y[0], at.y[1]];
        out[0] = (b * b - (one + two * epsilon) * a) / epsilon;
        out[1] = a - b - b * b;
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let (one, two, epsilon) = (L::splat(1.0), L::splat(2.0), at.p[0]);
        out[0] = -((one + two * epsilon) / epsilon);
        out[1] = two * at.y[1] / epsilon;
        out[2] = one;
        out[3] = -one - two * at.y[1];
    }
}

/// Kaps at ε = 0, an algebraic row of index 1: 0 = y₂² − y₁.
pub struct KapsLimit;
impl Toy for KapsLimit {
    const N: usize = 2;
    fn mass() -> Vec<f64> {
        vec![0.0, 1.0]
    }
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let [a, b] = [at.y[0], at.y[1]];
        out[0] = b * b - a;
        out[1] = a - b - b * b;
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let (one, two) = (L::splat(1.0), L::splat(2.0));
        out[0] = -one;
        out[1] = two * at.y[1];
        out[2] = one;
        out[3] = -one - two * at.y[1];
    }
}

/// The circle y₁ = sin t, y₂ = cos t, with a pull p₀ towards it that depends on time and state.
pub struct Driven;
impl Toy for Driven {
    const N: usize = 2;
    const N_PARAMETERS: usize = 1;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let (s, c) = (math::sin(at.t), math::cos(at.t));
        out[0] = at.y[1] - at.p[0] * (at.y[0] - s);
        out[1] = -at.y[0] - at.p[0] * (at.y[1] - c) * at.y[1] * at.y[1];
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let (two, c, y) = (L::splat(2.0), math::cos(at.t), at.y[1]);
        out[0] = -at.p[0];
        out[1] = L::splat(1.0);
        out[2] = -L::splat(1.0);
        out[3] = -(at.p[0] * (y * y + two * (y - c) * y));
    }
    fn time_derivative<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = at.p[0] * math::cos(at.t);
        out[1] = -(at.p[0] * math::sin(at.t) * at.y[1] * at.y[1]);
    }
}

/// Robertson's kinetics, rates 0.04, 1e4, 3e7.
pub struct Robertson;
impl Toy for Robertson {
    const N: usize = 3;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let [a, b, c] = [at.y[0], at.y[1], at.y[2]];
        let (slow, back, fast) = (
            L::splat(0.04) * a,
            L::splat(1e4) * b * c,
            L::splat(3e7) * b * b,
        );
        out[0] = back - slow;
        out[1] = slow - back - fast;
        out[2] = fast;
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let [b, c] = [at.y[1], at.y[2]];
        let (k1, k2, k3) = (L::splat(0.04), L::splat(1e4), L::splat(6e7));
        out.copy_from_slice(&[
            -k1,
            k2 * c,
            k2 * b,
            k1,
            -(k2 * c) - k3 * b,
            -(k2 * b),
            L::splat(0.0),
            k3 * b,
            L::splat(0.0),
        ]);
    }
}

/// Van der Pol: y₁′ = y₂, y₂′ = p₀ (1 − y₁²) y₂ − y₁.
pub struct VanDerPol;
impl Toy for VanDerPol {
    const N: usize = 2;
    const N_PARAMETERS: usize = 1;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let [x, v] = [at.y[0], at.y[1]];
        out[0] = v;
        out[1] = at.p[0] * (L::splat(1.0) - x * x) * v - x;
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let [x, v] = [at.y[0], at.y[1]];
        let one = L::splat(1.0);
        out[0] = L::splat(0.0);
        out[1] = one;
        out[2] = -(L::splat(2.0) * at.p[0] * x * v) - one;
        out[3] = at.p[0] * (one - x * x);
    }
    fn parameter_derivative<L: Lane>(at: &At<'_, L>, _parameter: usize, out: &mut [L]) {
        let [x, v] = [at.y[0], at.y[1]];
        out[0] = L::splat(0.0);
        out[1] = (L::splat(1.0) - x * x) * v;
    }
}

/// One lane at work: the plain way to run a toy.
pub struct Alone<T: Toy> {
    pub solver: Rodas5P<f64>,
    pub system: System<T, f64>,
    pub p: Vec<f64>,
}

impl<T: Toy> Alone<T> {
    pub fn new(control: Control, p: &[f64]) -> Self {
        Self {
            solver: Rodas5P::new(T::N, control),
            system: System::new(),
            p: p.to_vec(),
        }
    }

    /// At these tolerances, the absolute the same for every state.
    pub fn at(rtol: f64, atol: f64, p: &[f64]) -> Self {
        Self::new(Control::new(rtol, vec![atol; T::N]), p)
    }

    pub fn attempt(&mut self) -> Outcome {
        self.attempt_with(&NoPast)
    }

    pub fn attempt_with(&mut self, past: &dyn Past) -> Outcome {
        let mut outcomes = [Outcome::Idle];
        self.solver
            .attempt(&mut self.system, &self.p, past, &mut outcomes);
        outcomes[0]
    }

    /// Runs to the stop and gives the state there.
    pub fn run(&mut self) -> Vec<f64> {
        loop {
            match self.attempt() {
                Outcome::Idle => return self.state(),
                Outcome::Failed(failure) => panic!("{failure:?}"),
                Outcome::Accepted { .. } | Outcome::Rejected => {}
            }
        }
    }

    pub fn go(&mut self, t: f64, y: &[f64], stop: f64) -> Vec<f64> {
        self.solver.start(0, t, y, stop);
        self.run()
    }

    pub fn state(&self) -> Vec<f64> {
        let mut y = vec![0.0; T::N];
        self.solver.state(0, &mut y);
        y
    }
}

/// Largest difference.
pub fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter()
        .zip(b)
        .fold(0.0, |most, (a, b)| f64::max(most, (a - b).abs()))
}
