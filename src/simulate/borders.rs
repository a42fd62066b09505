//! A run with fast reactions: looks after them, and gets over the borders at which their equilibrium jumps.

use crate::solve::part::Part;
use crate::solve::{Dynamics, Past};

use super::evaluator::Evaluator;
use super::failure::Failure;
use super::fast::{self, Here, slopes};
use super::machine::{Machine, SWITCH_ULPS, apart};

/// The least distance by which time goes on from 0, whose units in the last place are too small to divide by.
const NEAREST: f64 = 1e-100;

impl Machine<'_> {
    /// Brings fast reactions to equilibrium; whether that moved anything. What is rounding is left as it is.
    pub fn settle_fast(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
    ) -> Result<bool, Failure> {
        if !evaluator.has_fast_reactions() {
            return Ok(false);
        }
        fast::settle(evaluator, &mut self.here(past))
    }

    /// Goes on a little where the law of a fast reaction is zero at this very moment only (a rate constant that grows
    /// from 0): right after it, the reaction is at equilibrium. Whether time went on.
    pub fn start_laws(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) -> bool {
        if !evaluator.has_fast_reactions() || self.is_over() {
            return false;
        }
        let ahead = (apart(self.t, SWITCH_ULPS) - self.t).max(NEAREST);
        let Some(y) = starts_ahead(evaluator, &self.here(past), ahead) else {
            return false;
        };
        self.y = y;
        self.t += ahead;
        true
    }

    /// Takes the amounts that fast reactions have made into the states, and checks that they are at equilibrium.
    ///
    /// # Errors
    /// When they are not.
    pub fn watch_fast(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
    ) -> Result<(), Failure> {
        fast::watch(evaluator, &mut self.here(past))
    }

    /// Goes on to where a branch of a fast law has changed, if that is less than `most` and before `stop`.
    pub fn over_border(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        most: f64,
        stop: f64,
    ) -> bool {
        let experiment = self.experiment;
        let (block, fast) = (&experiment.program.roots, &experiment.program.fast.roots);
        if fast.is_empty() {
            return false;
        }
        let Some(rates) = rates(evaluator, &self.here(past)) else {
            return false;
        };
        let mut roots = |t: f64, y: &[f64]| {
            let mut values = vec![0.0; block.outputs.len()];
            evaluator.values(block, t, y, &self.p, past, &mut values);
            values
        };
        let before = roots(self.t, &self.y);
        let mut ahead = (apart(self.t, 1.0) - self.t).max(NEAREST);
        while ahead <= most && self.t + ahead < stop {
            let moved = self.y.iter().zip(&rates);
            let y: Vec<f64> = moved.map(|(y, rate)| y + ahead * rate).collect();
            let after = roots(self.t + ahead, &y);
            if fast.iter().any(|&root| before[root] * after[root] < 0.0) {
                (self.t, self.y) = (self.t + ahead, y);
                return true;
            }
            ahead *= 2.0;
        }
        false
    }

    fn here<'a>(&'a mut self, past: &'a dyn Past) -> Here<'a> {
        Here {
            t: self.t,
            y: &mut self.y,
            p: &self.p,
            past,
        }
    }
}

/// Rates of change of all states, extents and algebraic unknowns included, at an equilibrium.
///
/// The unknowns' rows stay zero: `K x′ = −(∂f/∂y y′ + ∂f/∂t)`. None where that does not determine them.
fn rates(evaluator: &mut Evaluator<'_>, here: &Here<'_>) -> Option<Vec<f64>> {
    let (at, tape) = (here.at(), evaluator.tape());
    let unknown: Vec<usize> = (0..at.y.len()).filter(|i| tape.mass()[*i] == 0.0).collect();
    let mut rates = vec![0.0; at.y.len()];
    let mut by_time = rates.clone();
    let mut entries = vec![0.0; tape.columns().len()];
    tape.derivative(&at, &mut rates);
    tape.time_derivative(&at, &mut by_time);
    tape.jacobian(&at, &mut entries);
    let change = |row: usize| {
        let places = tape.row_starts()[row]..tape.row_starts()[row + 1];
        places.fold(by_time[row], |sum, place| {
            let column = tape.columns()[place];
            sum + entries[place] * rates[column] * tape.mass()[column]
        })
    };
    let mut of_unknown: Vec<f64> = unknown.iter().map(|row| change(*row)).collect();
    let mass = vec![0.0; unknown.len()];
    let mut part = Part::new(tape, here.place(), here.y, unknown.clone(), mass);
    part.solve_slopes(&mut of_unknown)?;
    for (row, rate) in unknown.into_iter().zip(of_unknown) {
        rates[row] = rate;
    }
    Some(rates)
}

/// Whether a law that has no slope now gets one right after, `ahead` later along the flow.
fn starts_ahead(evaluator: &mut Evaluator<'_>, here: &Here<'_>, ahead: f64) -> Option<Vec<f64>> {
    let now = slopes(evaluator, here);
    if now.iter().all(|(_, has_slope)| *has_slope) {
        return None;
    }
    let mass: Vec<f64> = evaluator.tape().mass().to_vec();
    let mut rates = vec![0.0; here.y.len()];
    evaluator.tape().derivative(&here.at(), &mut rates);
    let moved = here.y.iter().zip(&rates).zip(mass);
    let mut y: Vec<f64> = moved.map(|((y, f), mass)| y + mass * ahead * f).collect();
    let later = Here {
        t: here.t + ahead,
        y: &mut y,
        p: here.p,
        past: here.past,
    };
    let then = slopes(evaluator, &later);
    let starts = now.iter().zip(&then).any(|(now, then)| !now.1 && then.1);
    starts.then_some(y)
}
