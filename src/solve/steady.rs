//! Steady states: where f = 0, reached from a given state.
//!
//! Two ways lead there. The flow (time stepping with ever longer spans) stays in the basin of the start, also when there are
//! several steady states, and sees when there is none. Newton's method makes the answer exact. Newton alone is faster
//! and is tried first if asked for.

use nalgebra::{DMatrix, Schur};

use super::dynamics::{At, Dynamics, NoPast, Past};
use super::linear::DenseLu;
use super::rodas5p::{Control, Outcome, Rodas5P, StepFailure};

/// What to look for, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct SteadyControl {
    /// Tolerances of the flow; also what counts as a small change of a state.
    pub control: Control,
    /// Conserved totals: each a list of states and their weights. They keep the value they have at the start.
    pub moieties: Vec<Vec<(usize, f64)>>,
    /// States that must not fall below zero, one entry per state, or empty for none.
    pub positive: Vec<bool>,
    /// Try Newton's method from the start before the flow. It may find another steady state than the flow would.
    pub newton_first: bool,
    /// How long to follow the flow, in units of time; infinite to leave it to `max_doublings`.
    pub horizon: f64,
    /// How often the span of the flow is doubled, beginning with the fastest change of a state at the start.
    pub max_doublings: usize,
}

impl SteadyControl {
    /// The flow with Newton at its end, at these tolerances.
    pub fn new(control: Control, moieties: Vec<Vec<(usize, f64)>>) -> Self {
        Self {
            control,
            moieties,
            positive: Vec::new(),
            newton_first: false,
            horizon: f64::INFINITY,
            max_doublings: 60,
        }
    }
}

/// Whether the flow returns after a small push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stability {
    /// All eigenvalues have a negative real part.
    Stable,
    /// Some real part is zero to rounding.
    Neutral,
    /// Some real part is positive.
    Unstable,
    /// The eigenvalues could not be computed.
    Unknown,
}

/// A steady state.
#[derive(Clone, Debug, PartialEq)]
pub struct Steady {
    /// The state.
    pub y: Vec<f64>,
    /// Largest |f| of a row beside the sum of the magnitudes of its terms, taken as Σ |∂f/∂y| max(|y|, threshold); dimensionless.
    pub residual: f64,
    /// Whether it attracts.
    pub stability: Stability,
    /// How long the flow was followed, in units of time; 0 when Newton's method alone did it.
    pub followed: f64,
}

/// Why there is no steady state to give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SteadyFailure {
    /// Delayed values: not supported.
    Delays,
    /// f is not finite at the start.
    NotFinite {
        /// The first state concerned.
        state: usize,
    },
    /// The flow goes round without settling.
    Oscillates {
        /// The state that changes most.
        state: usize,
        /// The time of one round, estimated.
        period: f64,
    },
    /// After the longest span the flow still moves, without going round: growth, or something filling up.
    NotSettled {
        /// The state that changes most.
        state: usize,
        /// Its rate of change, in its units per unit of time.
        rate: f64,
    },
    /// The flow stands at a steady state that repels: a watershed, from which any push leads away.
    Repelling,
    /// The flow could not be followed.
    Flow(StepFailure),
}

/// A residual above this is no zero.
const RESIDUAL: f64 = 1e-9;
/// How far Newton's answer may lie from the flow's end, as a share of each state's size.
const NEAR: f64 = 0.1;
/// The flow has settled without Newton's help when what it would change in the time followed is below this share.
const SETTLED: f64 = 1e-7;
/// Spans in a row that must show as much motion as the ones before, for a cycle.
const CYCLE_SPANS: usize = 4;
/// Changes of direction within each of these spans, at least.
const CYCLE_TURNS: usize = 6;
const MAX_NEWTON: usize = 50;
const MAX_ATTEMPTS: usize = 1_000_000;

/// The steady state of a system at parameters `p`, time being held at `t`, from the state `y`.
///
/// Time is held, so what depends on it counts as it is at `t`. The answer is a true zero: its [`Steady::residual`] is below 1e-9,
/// or, where the Jacobian is singular beyond the `moieties` given, the flow has come to rest. From the flow only a zero near
/// its end is taken, and no unstable one, so of several steady states it is the one the start leads to.
pub fn steady_state<D: Dynamics<f64> + ?Sized>(
    dynamics: &mut D,
    control: &SteadyControl,
    p: &[f64],
    t: f64,
    y: &[f64],
) -> Result<Steady, SteadyFailure> {
    if dynamics.n_lags() > 0 {
        return Err(SteadyFailure::Delays);
    }
    let mut held = Held { dynamics, t };
    let mut search = Search::new(&mut held, control, p, y);
    let f = search.derivative(y);
    if let Some(state) = f.iter().position(|f| !f.is_finite()) {
        return Err(SteadyFailure::NotFinite { state });
    }
    if control.newton_first
        && let Some(found) = search.newton(y)
    {
        let stability = search.stability(&found.0);
        if stability != Stability::Unstable {
            return Ok(Steady {
                y: found.0,
                residual: found.1,
                stability,
                followed: 0.0,
            });
        }
    }
    search.follow(y)
}

/// A system with its time held.
struct Held<'a, D: ?Sized> {
    dynamics: &'a mut D,
    t: f64,
}

impl<D: Dynamics<f64> + ?Sized> Held<'_, D> {
    fn at<'b>(&self, at: &At<'b, f64>) -> At<'b, f64> {
        At { t: self.t, ..*at }
    }
}

impl<D: Dynamics<f64> + ?Sized> Dynamics<f64> for Held<'_, D> {
    fn n_states(&self) -> usize {
        self.dynamics.n_states()
    }
    fn n_parameters(&self) -> usize {
        self.dynamics.n_parameters()
    }
    fn n_roots(&self) -> usize {
        self.dynamics.n_roots()
    }
    fn n_lags(&self) -> usize {
        self.dynamics.n_lags()
    }
    fn mass(&self) -> &[f64] {
        self.dynamics.mass()
    }
    fn row_starts(&self) -> &[usize] {
        self.dynamics.row_starts()
    }
    fn columns(&self) -> &[usize] {
        self.dynamics.columns()
    }
    fn derivative(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.dynamics.derivative(&self.at(at), out);
    }
    fn jacobian(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.dynamics.jacobian(&self.at(at), out);
    }
    fn time_derivative(&mut self, _at: &At<'_, f64>, out: &mut [f64]) {
        out.fill(0.0);
    }
    fn parameter_derivative(&mut self, at: &At<'_, f64>, parameter: usize, out: &mut [f64]) {
        self.dynamics
            .parameter_derivative(&self.at(at), parameter, out);
    }
    fn factor(&mut self, jacobian: &[f64], shift: f64) -> bool {
        self.dynamics.factor(jacobian, shift)
    }
    fn solve(&mut self, b: &mut [f64]) {
        self.dynamics.solve(b);
    }
    fn roots(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.dynamics.roots(&self.at(at), out);
    }
    fn lags(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.dynamics.lags(&self.at(at), out);
    }
}

struct Search<'a, D: ?Sized> {
    system: &'a mut D,
    control: &'a SteadyControl,
    p: &'a [f64],
    /// For each moiety the row of f that its total replaces, and the total.
    totals: Vec<(usize, f64)>,
    lu: DenseLu,
}

impl<'a, D: Dynamics<f64>> Search<'a, D> {
    fn new(system: &'a mut D, control: &'a SteadyControl, p: &'a [f64], y: &[f64]) -> Self {
        let rows = replaced_rows(&control.moieties, y.len());
        let total = |moiety: &[(usize, f64)]| {
            moiety
                .iter()
                .fold(0.0, |sum, (i, weight)| sum + weight * y[*i])
        };
        let totals = rows
            .into_iter()
            .zip(control.moieties.iter().map(|m| total(m)))
            .collect();
        Self {
            system,
            control,
            p,
            totals,
            lu: DenseLu::new(y.len()),
        }
    }

    fn derivative(&mut self, y: &[f64]) -> Vec<f64> {
        let mut f = vec![0.0; y.len()];
        self.system.derivative(&self.at(y), &mut f);
        f
    }

    fn at<'b>(&self, y: &'b [f64]) -> At<'b, f64>
    where
        'a: 'b,
    {
        const PAST: &dyn Past = &NoPast;
        At {
            t: 0.0,
            y,
            p: self.p,
            past: PAST,
        }
    }

    /// ∂f/∂y by rows, dense.
    fn jacobian(&mut self, y: &[f64]) -> Vec<f64> {
        let mut entries = vec![0.0; self.system.columns().len()];
        self.system.jacobian(&self.at(y), &mut entries);
        let n = y.len();
        let mut dense = vec![0.0; n * n];
        for (row, ends) in self.system.row_starts().windows(2).enumerate() {
            let places = ends[0]..ends[1];
            for (column, entry) in self.system.columns()[places.clone()]
                .iter()
                .zip(&entries[places])
            {
                dense[row * n + column] += entry;
            }
        }
        dense
    }

    /// The size of a state: below the threshold of the tolerances, that.
    fn size(&self, i: usize, y: &[f64]) -> f64 {
        let control = &self.control.control;
        y[i].abs() + control.atol[i] / control.rtol + f64::MIN_POSITIVE
    }

    fn largest(&self, change: &[f64], y: &[f64]) -> f64 {
        let shares = (0..y.len()).map(|i| change[i].abs() / self.size(i, y));
        // Not `f64::max`, which would drop a NaN.
        shares.fold(0.0, |most, share| {
            if share > most || share.is_nan() {
                share
            } else {
                most
            }
        })
    }

    /// Newton's method from `y`: the zero and its residual.
    fn newton(&mut self, y: &[f64]) -> Option<(Vec<f64>, f64)> {
        let mut y = y.to_vec();
        let mut share = 1.0f64;
        for _ in 0..MAX_NEWTON {
            self.factor(&y)?;
            let correction = self.correction(&y);
            let length = self.largest(&correction, &y);
            let (taken, next) = self.damped(&y, &correction, length, share)?;
            y = next;
            if taken == 1.0 && length < 1e-10 {
                let residual = self.residual(&y);
                return (residual <= RESIDUAL && !self.leaves(&y)).then_some((y, residual));
            }
            share = (4.0 * taken).min(1.0);
        }
        None
    }

    /// Factors the Jacobian with the rows of the moieties in the place of those they make redundant.
    fn factor(&mut self, y: &[f64]) -> Option<()> {
        let n = y.len();
        let mut matrix = self.jacobian(y);
        for ((row, _), moiety) in self.totals.iter().zip(&self.control.moieties) {
            matrix[row * n..(row + 1) * n].fill(0.0);
            moiety
                .iter()
                .for_each(|(column, weight)| matrix[row * n + column] += weight);
        }
        self.lu.clear().copy_from_slice(&matrix);
        self.lu.factor().ok()
    }

    fn correction(&mut self, y: &[f64]) -> Vec<f64> {
        let mut b = self.derivative(y);
        for ((row, total), moiety) in self.totals.iter().zip(&self.control.moieties) {
            b[*row] = moiety
                .iter()
                .fold(-total, |sum, (i, weight)| sum + weight * y[*i]);
        }
        self.lu.solve(&mut b);
        b
    }

    /// As much of the correction as keeps states positive and shortens the next correction by the same matrix.
    fn damped(
        &mut self,
        y: &[f64],
        correction: &[f64],
        length: f64,
        share: f64,
    ) -> Option<(f64, Vec<f64>)> {
        let mut share = share.min(self.room(y, correction));
        while share > 1e-8 {
            let next: Vec<f64> = y
                .iter()
                .zip(correction)
                .map(|(y, c)| y - share * c)
                .collect();
            let following = self.correction(&next);
            let following = self.largest(&following, y);
            if following <= (1.0 - 0.25 * share) * length
                || (following < 1e-12 && following.is_finite())
            {
                return Some((share, next));
            }
            share *= 0.5;
        }
        None
    }

    /// The share of the correction that leaves a tenth of every state that must stay positive.
    fn room(&self, y: &[f64], correction: &[f64]) -> f64 {
        let mut room = 1.0f64;
        for (i, _) in self
            .control
            .positive
            .iter()
            .enumerate()
            .filter(|(_, positive)| **positive)
        {
            // A state at rest at zero may stay there; only a fall through zero is held up.
            if correction[i] > y[i] && y[i] > 0.0 {
                room = room.min(0.9 * y[i] / correction[i]);
            }
        }
        room
    }

    /// Whether a state that must be positive is below zero by more than its tolerance.
    fn leaves(&self, y: &[f64]) -> bool {
        let below =
            |(i, positive): (usize, &bool)| *positive && y[i] < -self.control.control.atol[i];
        self.control.positive.iter().enumerate().any(below)
    }

    fn residual(&mut self, y: &[f64]) -> f64 {
        let n = y.len();
        let (f, jacobian) = (self.derivative(y), self.jacobian(y));
        let share = |row: usize| {
            let terms = (0..n).fold(0.0, |sum, j| {
                sum + jacobian[row * n + j].abs() * self.size(j, y)
            });
            if f[row] == 0.0 {
                0.0
            } else {
                f[row].abs() / terms
            }
        };
        (0..n).map(share).fold(0.0, |most, share| {
            if share > most || share.is_nan() {
                share
            } else {
                most
            }
        })
    }

    /// The signs of the eigenvalues of the flow on the surface where totals and algebraic rows hold.
    fn stability(&mut self, y: &[f64]) -> Stability {
        let Some(matrix) = self.reduced(y) else {
            return Stability::Unknown;
        };
        if matrix.is_empty() {
            return Stability::Stable;
        }
        let size = matrix
            .iter()
            .fold(0.0, |most, entry: &f64| f64::max(most, entry.abs()));
        let Some(schur) = Schur::try_new(matrix, f64::EPSILON, 10_000) else {
            return Stability::Unknown;
        };
        let most = schur
            .complex_eigenvalues()
            .iter()
            .fold(f64::NEG_INFINITY, |most, e| f64::max(most, e.re));
        // Eigenvalues are known to about the rounding of the largest entry.
        let rounding = 1e-13 * size;
        match most {
            most if most > rounding => Stability::Unstable,
            most if most < -rounding => Stability::Stable,
            _ => Stability::Neutral,
        }
    }

    /// The Jacobian in units of the states' sizes, dependent states eliminated.
    fn reduced(&mut self, y: &[f64]) -> Option<DMatrix<f64>> {
        let n = y.len();
        let jacobian = self.jacobian(y);
        let entry = |row: usize, column: usize| {
            jacobian[row * n + column] * self.size(column, y) / self.size(row, y)
        };
        let mut dependent: Vec<usize> = self.totals.iter().map(|(row, _)| *row).collect();
        let mut constraints: Vec<Vec<f64>> = Vec::new();
        for moiety in &self.control.moieties {
            let mut row = vec![0.0; n];
            moiety
                .iter()
                .for_each(|(i, weight)| row[*i] += weight * self.size(*i, y));
            constraints.push(row);
        }
        for row in (0..n).filter(|row| self.system.mass()[*row] == 0.0) {
            dependent.push(row);
            constraints.push((0..n).map(|column| entry(row, column)).collect());
        }
        let free: Vec<usize> = (0..n).filter(|i| !dependent.contains(i)).collect();
        let pick = |columns: &[usize]| {
            DMatrix::from_fn(constraints.len(), columns.len(), |row, k| {
                constraints[row][columns[k]]
            })
        };
        let block = |columns: &[usize]| {
            DMatrix::from_fn(free.len(), columns.len(), |r, k| entry(free[r], columns[k]))
        };
        if dependent.is_empty() {
            return Some(block(&free));
        }
        let slope = pick(&dependent).lu().solve(&pick(&free))?;
        Some(block(&free) - block(&dependent) * slope)
    }

    /// Follows the flow over spans that double, with Newton's method at the end of each.
    fn follow(&mut self, y: &[f64]) -> Result<Steady, SteadyFailure> {
        let f = self.rates(y);
        let fastest = self.largest(&f, y);
        let mut span = if fastest > 0.0 { 1.0 / fastest } else { 1.0 };
        let mut solver = Rodas5P::<f64>::new(y.len(), self.control.control.clone());
        solver.start(0, 0.0, y, span);
        let mut before = Motion::default();
        let mut n_alike = 0;
        let mut state = y.to_vec();
        for _ in 0..self.control.max_doublings {
            if let Some(found) = self.settled(&state, solver.time(0)) {
                return Ok(found);
            }
            let end = (solver.time(0) + span).min(self.control.horizon);
            if end <= solver.time(0) {
                break;
            }
            solver.set_stop(0, end);
            let motion = self.run(&mut solver, &mut state)?;
            let alike = motion.most > 0.5 * before.most && motion.turns >= CYCLE_TURNS;
            n_alike = if alike { n_alike + 1 } else { 0 };
            if n_alike >= CYCLE_SPANS {
                let period = 2.0 * motion.turning / (motion.turns - 1) as f64;
                return Err(SteadyFailure::Oscillates {
                    state: motion.state,
                    period,
                });
            }
            before = motion;
            span *= 2.0;
        }
        Err(self.unsettled(&state))
    }

    /// What to say of a flow that ends at `y` without a steady state to give.
    fn unsettled(&mut self, y: &[f64]) -> SteadyFailure {
        if let Some((zero, _)) = self.newton(y)
            && self.apart(&zero, y) <= self.control.control.rtol
        {
            return SteadyFailure::Repelling;
        }
        let rates = self.rates(y);
        let share = |i: usize| rates[i].abs() / self.size(i, y);
        let worst = (0..y.len()).fold(
            0,
            |worst, i| if share(i) > share(worst) { i } else { worst },
        );
        SteadyFailure::NotSettled {
            state: worst,
            rate: rates.get(worst).copied().unwrap_or(0.0),
        }
    }

    /// The largest distance of a state in two vectors, as a share of its size.
    fn apart(&self, a: &[f64], b: &[f64]) -> f64 {
        let way: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        self.largest(&way, b)
    }

    /// f on differential rows, zero on algebraic ones.
    fn rates(&mut self, y: &[f64]) -> Vec<f64> {
        let f = self.derivative(y);
        f.iter()
            .zip(self.system.mass())
            .map(|(f, mass)| f * mass)
            .collect()
    }

    /// The steady state next to where the flow stands, if it is one the flow goes to.
    fn settled(&mut self, y: &[f64], followed: f64) -> Option<Steady> {
        if let Some((zero, residual)) = self.newton(y) {
            let stability = self.stability(&zero);
            let near = self.apart(&zero, y) <= NEAR;
            return (near && stability != Stability::Unstable).then_some(Steady {
                y: zero,
                residual,
                stability,
                followed,
            });
        }
        // No inverse: some total is conserved that nobody named. The flow keeps it, if it comes to rest.
        let rates = self.rates(y);
        if self.largest(&rates, y) * followed > SETTLED || followed == 0.0 {
            return None;
        }
        let residual = self.residual(y);
        Some(Steady {
            y: y.to_vec(),
            residual,
            stability: Stability::Neutral,
            followed,
        })
    }

    /// Runs to the stop, watching.
    fn run(
        &mut self,
        solver: &mut Rodas5P<f64>,
        state: &mut [f64],
    ) -> Result<Motion, SteadyFailure> {
        let mut outcomes = [Outcome::Idle];
        let mut low = state.to_vec();
        let mut high = state.to_vec();
        let mut turns: Vec<Turns> = vec![Turns::default(); state.len()];
        let mut before = state.to_vec();
        for _ in 0..MAX_ATTEMPTS {
            solver.attempt(self.system, self.p, &NoPast, &mut outcomes);
            match outcomes[0] {
                Outcome::Idle => return Ok(self.motion(&low, &high, &turns)),
                Outcome::Failed(failure) => return Err(SteadyFailure::Flow(failure)),
                Outcome::Rejected => {}
                Outcome::Accepted { to, .. } => {
                    solver.state(0, state);
                    for i in 0..state.len() {
                        low[i] = low[i].min(state[i]);
                        high[i] = high[i].max(state[i]);
                        turns[i].look(to, state[i] - before[i]);
                    }
                    before.copy_from_slice(state);
                }
            }
        }
        Ok(self.motion(&low, &high, &turns))
    }

    /// How far the states went, as a share of their sizes, and how often the one that went furthest turned.
    fn motion(&self, low: &[f64], high: &[f64], turns: &[Turns]) -> Motion {
        let mut motion = Motion::default();
        for i in 0..low.len() {
            let most = (high[i] - low[i]) / (0.5 * (self.size(i, high) + self.size(i, low)));
            if most > motion.most {
                let seen = &turns[i];
                motion = Motion {
                    most,
                    state: i,
                    turns: seen.n,
                    turning: seen.last - seen.first,
                };
            }
        }
        motion
    }
}

/// What the flow did over one span.
#[derive(Clone, Copy, Debug, Default)]
struct Motion {
    most: f64,
    state: usize,
    turns: usize,
    /// The time from the first to the last turn.
    turning: f64,
}

/// Changes of direction of one state.
#[derive(Clone, Copy, Debug, Default)]
struct Turns {
    n: usize,
    first: f64,
    last: f64,
    direction: f64,
}

impl Turns {
    fn look(&mut self, t: f64, change: f64) {
        if change == 0.0 {
            return;
        }
        if self.direction * change < 0.0 {
            self.n += 1;
            self.last = t;
            if self.n == 1 {
                self.first = t;
            }
        }
        self.direction = change.signum();
    }
}

/// For each moiety a state whose row of f follows from the others, all different.
///
/// By elimination with the largest weight first, so that totals which share states get rows that can be told apart.
fn replaced_rows(moieties: &[Vec<(usize, f64)>], n: usize) -> Vec<usize> {
    let mut rows: Vec<Vec<f64>> = moieties
        .iter()
        .map(|moiety| {
            let mut row = vec![0.0; n];
            moiety.iter().for_each(|(i, weight)| row[*i] += weight);
            row
        })
        .collect();
    let mut picked = Vec::with_capacity(rows.len());
    for k in 0..rows.len() {
        let pivot_row = rows[k].clone();
        let pivot = (0..n).fold(0, |best, i| {
            if pivot_row[i].abs() > pivot_row[best].abs() {
                i
            } else {
                best
            }
        });
        assert!(
            pivot_row.get(pivot).is_some_and(|p| *p != 0.0),
            "conserved totals are independent"
        );
        for row in &mut rows[k + 1..] {
            let factor = row[pivot] / pivot_row[pivot];
            for (entry, p) in row.iter_mut().zip(&pivot_row) {
                *entry -= factor * p;
            }
            row[pivot] = 0.0;
        }
        picked.push(pivot);
    }
    picked
}
