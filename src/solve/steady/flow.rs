//! The flow: time stepping over spans that double, until it rests, goes round, or is given up.

use super::newton::Search;
use super::{Stability, Steady, SteadyFailure};
use crate::solve::rodas5p::{Outcome, Rodas5P};
use crate::solve::{Dynamics, NoPast};

/// How far Newton's answer may lie from the flow's end, as a share of each state's size.
const NEAR: f64 = 0.1;
/// The flow has settled without Newton's help when what it would change in the time followed is below this share.
const SETTLED: f64 = 1e-7;
/// Spans in a row that must show as much motion as the ones before, for a cycle.
const CYCLE_SPANS: usize = 4;
/// Changes of direction within each of these spans, at least.
const CYCLE_TURNS: usize = 6;
/// Attempts in one span; a span that needs more is cut there, and the next begins.
const MAX_ATTEMPTS: usize = 1_000_000;

impl<D: Dynamics<f64>> Search<'_, D> {
    /// Follows the flow over spans that double, with Newton's method at the end of each.
    pub fn follow(&mut self, y: &[f64]) -> Result<Steady, SteadyFailure> {
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
