//! Steady states: where f = 0, reached from a given state.
//!
//! Two ways lead there. The flow (time stepping with ever longer spans) stays in the basin of the start, also when there are
//! several steady states, and sees when there is none. Newton's method makes the answer exact. Newton alone is faster
//! and is tried first if asked for.

mod flow;
mod held;
mod newton;

use super::dynamics::Dynamics;
use super::rodas5p::{Control, StepFailure};
use held::Held;
use newton::Search;

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

/// Whether a system at parameters `p` returns to `y`, where f = 0, after a small push; time is held at `t`.
pub fn stability<D: Dynamics<f64> + ?Sized>(
    dynamics: &mut D,
    control: &SteadyControl,
    p: &[f64],
    t: f64,
    y: &[f64],
) -> Stability {
    let mut held = Held { dynamics, t };
    Search::new(&mut held, control, p, y).stability(y)
}

/// The zero of f near `y` by Newton's method alone, conserved totals keeping the value they have in `y`; none when there
/// is none near. Whether it attracts is not asked.
pub fn zero_near<D: Dynamics<f64> + ?Sized>(
    dynamics: &mut D,
    control: &SteadyControl,
    p: &[f64],
    t: f64,
    y: &[f64],
) -> Option<Vec<f64>> {
    let mut held = Held { dynamics, t };
    let (y, _) = Search::new(&mut held, control, p, y).newton(y)?;
    Some(y)
}

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
