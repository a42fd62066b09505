//! Mean and standard deviation of what of a distribution lies between two numbers.

use super::distribution::Distribution;
use super::normal::{density, probability};
use crate::math::{exp, ln};

/// Mean and standard deviation of `whole` between `from` and `to`, which may be infinite.
///
/// Closed forms; exact to about 1e-12 over the whole, to fewer digits far out in a tail.
pub(super) fn between(whole: &Distribution, from: f64, to: f64) -> (f64, f64) {
    match whole {
        Distribution::Uniform { from: a, to: b } => uniform(a.max(from), b.min(to)),
        Distribution::LogUniform { from: a, to: b } => log_uniform(a.max(from), b.min(to)),
        Distribution::Normal { mean, sd } => {
            let (centre, spread) = normal((from - mean) / sd, (to - mean) / sd);
            (mean + sd * centre, sd * spread)
        }
        Distribution::LogNormal { median, gsd } => {
            let sigma = ln(*gsd);
            let score = |x: f64| {
                if x > 0.0 {
                    ln(x / median) / sigma
                } else {
                    f64::NEG_INFINITY
                }
            };
            let (mean, sd) = log_normal(sigma, score(from), score(to));
            (median * mean, median * sd)
        }
        Distribution::Triangular {
            from: a,
            mode,
            to: b,
        } => triangular([*a, *mode, *b], a.max(from), b.min(to)),
        Distribution::Truncated {
            base,
            from: a,
            to: b,
        } => between(base, a.max(from), b.min(to)),
    }
}

fn uniform(a: f64, b: f64) -> (f64, f64) {
    (0.5 * a + 0.5 * b, (b - a) / 12.0_f64.sqrt())
}

fn log_uniform(a: f64, b: f64) -> (f64, f64) {
    let log = ln(b / a);
    let mean = (b - a) / log;
    let square = 0.5 * (b - a) * (b + a) / log;
    (mean, (square - mean * mean).max(0.0).sqrt())
}

/// The standard normal distribution between two scores.
///
/// Source: Johnson, Kotz, Balakrishnan 1994, *Continuous Univariate Distributions* 1, 2nd ed., 10.1.
fn normal(a: f64, b: f64) -> (f64, f64) {
    let share = share(a, b);
    let edge = |x: f64| if x.is_finite() { x * density(x) } else { 0.0 };
    let mean = (density(a) - density(b)) / share;
    let variance = 1.0 + (edge(a) - edge(b)) / share - mean * mean;
    (mean, variance.max(0.0).sqrt())
}

/// The log-normal distribution of median 1 between two scores of its logarithm.
fn log_normal(sigma: f64, a: f64, b: f64) -> (f64, f64) {
    let whole = share(a, b);
    // The k-th power of the number weighs the normal density so that it stands kσ further up.
    let power =
        |k: f64| exp(0.5 * k * k * sigma * sigma) * share(a - k * sigma, b - k * sigma) / whole;
    let mean = power(1.0);
    (mean, (power(2.0) - mean * mean).max(0.0).sqrt())
}

/// Probability between two scores, from the side where it is not a difference of numbers near 1.
fn share(a: f64, b: f64) -> f64 {
    if a > 0.0 {
        probability(-a) - probability(-b)
    } else {
        probability(b) - probability(a)
    }
}

fn triangular([a, mode, b]: [f64; 3], from: f64, to: f64) -> (f64, f64) {
    // Moments about the mode, of the rising and the falling side; the density is c·(1 − |x − mode| / side).
    let sides = [
        side(mode - a, (mode - from).max(0.0), (mode - to).max(0.0)).map_odd(-1.0),
        side(b - mode, (to - mode).max(0.0), (from - mode).max(0.0)),
    ];
    let sum = |k: usize| sides[0].0[k] + sides[1].0[k];
    let mean = sum(1) / sum(0);
    let variance = sum(2) / sum(0) - mean * mean;
    (mode + mean, variance.max(0.0).sqrt())
}

/// Integrals of 1, t and t² against 1 − t / length.
struct Side([f64; 3]);

impl Side {
    fn map_odd(mut self, factor: f64) -> Self {
        self.0[1] *= factor;
        self
    }
}

/// Over t from `near` to `far`, distances from the mode.
fn side(length: f64, far: f64, near: f64) -> Side {
    if length <= 0.0 {
        return Side([0.0; 3]);
    }
    let upto = |t: f64| {
        let ratio = t / length;
        [
            t * (1.0 - ratio / 2.0),
            t * t * (0.5 - ratio / 3.0),
            t * t * t * (1.0 / 3.0 - ratio / 4.0),
        ]
    };
    let (far, near) = (upto(far), upto(near));
    Side([far[0] - near[0], far[1] - near[1], far[2] - near[2]])
}
