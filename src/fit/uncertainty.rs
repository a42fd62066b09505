//! How well the data determine what was found.

use nalgebra::DMatrix;

use super::problem::Outcome;
use super::{Errors, Fit, Fitted, Free, Scale, Verdict, bounds, two_sided_95};

/// Largest standard error, relative to the value, of a parameter that counts as identified. The minimal model's users
/// take the same: Pillonetto et al. 2002, American Journal of Physiology 282:E564–E573.
const LARGEST_RELATIVE_ERROR: f64 = 0.5;

/// Beyond this condition of JᵀJ some parameters cannot be told apart: half of the digits of the numbers are gone.
const LARGEST_CONDITION: f64 = 1e8;

/// The parameters with their uncertainty.
pub fn judged(free: &[Free], errors: Errors, outcome: Outcome) -> Fit {
    let inside: Vec<usize> = (0..free.len())
        .filter(|&at| !bounds::is_at_bound(&free[at], outcome.u[at]))
        .collect();
    let jacobian = scaled_jacobian(free, &outcome, &inside);
    let degrees_of_freedom = outcome.residuals.len() - free.len();
    let sum: f64 = outcome.residuals.iter().map(|r| r * r).sum();
    let variance = match errors {
        Errors::Known => 1.0,
        Errors::Estimated => sum / degrees_of_freedom as f64,
    };
    let condition = condition(&jacobian);
    let covariance = (jacobian.transpose() * &jacobian)
        .cholesky()
        .map(|cholesky| cholesky.inverse() * variance);
    let apart = condition <= LARGEST_CONDITION;
    let parameters = (0..free.len()).map(|at| {
        let place = inside.iter().position(|&one| one == at);
        let error = place.map(|place| match &covariance {
            Some(covariance) => covariance[(place, place)].sqrt(),
            None => f64::INFINITY,
        });
        fitted(&free[at], outcome.u[at], error, degrees_of_freedom, apart)
    });
    Fit {
        parameters: parameters.collect(),
        correlation: correlation(free.len(), &inside, covariance.as_ref()),
        degrees_of_freedom,
        condition,
        converged: outcome.converged,
        evaluations: outcome.evaluations,
        residuals: outcome.residuals,
    }
}

/// Derivatives of the residuals by the parameters inside of their bounds, on each one's scale.
fn scaled_jacobian(free: &[Free], outcome: &Outcome, inside: &[usize]) -> DMatrix<f64> {
    DMatrix::from_fn(outcome.residuals.len(), inside.len(), |row, column| {
        let at = inside[column];
        outcome.jacobian[(row, at)] / bounds::slope(&free[at], outcome.u[at])
    })
}

/// Of JᵀJ, columns of J scaled to length 1.
fn condition(jacobian: &DMatrix<f64>) -> f64 {
    if jacobian.ncols() == 0 {
        return 1.0;
    }
    let mut normed = jacobian.clone();
    for mut column in normed.column_iter_mut() {
        let length = column.norm();
        if length == 0.0 {
            return f64::INFINITY;
        }
        column /= length;
    }
    let eigenvalues = (normed.transpose() * &normed).symmetric_eigenvalues();
    let (least, most) = (eigenvalues.min(), eigenvalues.max());
    if least > 0.0 {
        most / least
    } else {
        f64::INFINITY
    }
}

/// * `error` — standard error on the parameter's scale; none at a bound
fn fitted(free: &Free, u: f64, error: Option<f64>, degrees: usize, apart: bool) -> Fitted {
    let scaled = bounds::inward(free, u);
    let value = bounds::unscaled(free, scaled);
    let error = error.unwrap_or(f64::NAN);
    let reach = two_sided_95(degrees) * error;
    let standard_error = match free.scale {
        Scale::Linear => error,
        Scale::Log => error * value,
    };
    let verdict = if error.is_nan() {
        Verdict::AtBound
    } else if apart && standard_error <= LARGEST_RELATIVE_ERROR * value.abs() {
        Verdict::Identified
    } else {
        Verdict::Uncertain
    };
    Fitted {
        name: free.name.clone(),
        value,
        standard_error,
        interval: (
            bounds::unscaled(free, scaled - reach),
            bounds::unscaled(free, scaled + reach),
        ),
        verdict,
    }
}

fn correlation(n: usize, inside: &[usize], covariance: Option<&DMatrix<f64>>) -> Vec<Vec<f64>> {
    let mut all = vec![vec![f64::NAN; n]; n];
    if let Some(covariance) = covariance {
        for (i, &row) in inside.iter().enumerate() {
            for (j, &column) in inside.iter().enumerate() {
                let scale = (covariance[(i, i)] * covariance[(j, j)]).sqrt();
                all[row][column] = covariance[(i, j)] / scale;
            }
        }
    }
    all
}
