//! Bounded nonlinear least squares: plain numbers in, values with their uncertainty out.
//!
//! The minimiser is MINPACK's Levenberg–Marquardt (the crate `levenberg-marquardt`), which knows no bounds. A bounded
//! parameter x in `[lower, upper]` is therefore searched as u with `x = lower + (upper − lower) · (1 + sin u) / 2`
//! (on the logarithms of the three where the parameter's scale is [`Scale::Log`]), the transformation of MINUIT: every
//! u is allowed, the bounds themselves can be reached, and there the derivative is zero, which is how a parameter at its
//! bound is recognised. Uncertainties are those of x, never of u.
//!
//! Source: James and Roos 1975, Computer Physics Communications 10:343–367 (MINUIT), section on limits.

mod bounds;
mod problem;
mod student;
mod uncertainty;

use std::fmt;

pub use student::two_sided_95;

/// A parameter to be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Free {
    /// Its name, for messages.
    pub name: String,
    /// Where the search starts.
    pub start: f64,
    /// Lowest value, finite; above 0 on a logarithmic scale.
    pub lower: f64,
    /// Highest value, finite, above the lowest.
    pub upper: f64,
    /// How distances between values are judged.
    pub scale: Scale,
}

/// How distances between values of a parameter are judged: in search, differences and intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// By difference.
    Linear,
    /// By ratio; for rates and sensitivities.
    Log,
}

/// What is known of the errors of the measured points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// Residuals are already divided by the standard deviation of their point.
    Known,
    /// Residuals are divided by what is proportional to it; the factor follows from how well the curve fits.
    Estimated,
}

/// A parameter that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Standard error of the value; NaN at a bound.
    pub standard_error: f64,
    /// Ends of the 95 % confidence interval; NaN at a bound.
    pub interval: (f64, f64),
    /// What the data say about it.
    pub verdict: Verdict,
}

/// What the data say about one parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its standard error is at most half of its value.
    Identified,
    /// Its standard error is more than half of its value, or it cannot be told apart from others.
    Uncertain,
    /// It ended at a bound: the data want it beyond, and its uncertainty is not known.
    AtBound,
}

/// The outcome of a fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// One per parameter, in the order asked.
    pub parameters: Vec<Fitted>,
    /// Correlations between the estimates, rows and columns in the order of the parameters; NaN at a bound.
    pub correlation: Vec<Vec<f64>>,
    /// Residuals at the end, as the caller weights them.
    pub residuals: Vec<f64>,
    /// Points less parameters.
    pub degrees_of_freedom: usize,
    /// Condition number of JᵀJ with columns of J scaled to length 1: 1 when every parameter has its own effect, beyond
    /// 1e8 when some cannot be told apart. Infinite when JᵀJ is singular.
    pub condition: f64,
    /// Whether the search ended at a minimum rather than for lack of patience.
    pub converged: bool,
    /// How often residuals were computed.
    pub evaluations: usize,
}

impl Fit {
    /// Whether every parameter is identified.
    pub fn is_identified(&self) -> bool {
        let mut all = self.parameters.iter();
        self.converged && all.all(|one| one.verdict == Verdict::Identified)
    }

    /// The parameter of a name.
    pub fn parameter(&self, name: &str) -> Option<&Fitted> {
        self.parameters.iter().find(|one| one.name == name)
    }

    /// Sum of the squared residuals.
    pub fn sum_of_squares(&self) -> f64 {
        self.residuals.iter().map(|r| r * r).sum()
    }
}

/// Why there is no fit.
#[derive(Clone, Debug, PartialEq)]
pub enum FitError {
    /// A parameter's start, bounds or scale do not go together.
    Bounds(String),
    /// Not more points than parameters.
    TooFewPoints {
        /// How many points.
        points: usize,
        /// How many parameters.
        parameters: usize,
    },
    /// The model has no finite answer where the search has to go.
    NotFinite,
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bounds(name) => write!(
                f,
                "the bounds of `{name}` are not two finite, rising numbers"
            ),
            Self::TooFewPoints { points, parameters } => {
                write!(
                    f,
                    "{points} points do not determine {parameters} parameters"
                )
            }
            Self::NotFinite => write!(f, "the model has no finite answer where the search led"),
        }
    }
}

/// What the minimiser asks for: for each set of parameter values its residuals, or none where the model fails.
///
/// Several sets come at once, so that they can be computed side by side.
pub type Residuals<'a> = dyn FnMut(&[Vec<f64>]) -> Vec<Option<Vec<f64>>> + 'a;

/// Finds the parameter values with the least sum of squared residuals.
///
/// * `free` — the parameters; at least one
/// * `residuals` — (model − measured) ÷ weight, always the same number of them
///
/// Derivatives are central differences: each of its steps asks for one set, then for two per parameter.
///
/// # Errors
/// When bounds make no sense, points are too few, or the model has no finite answer at the start or around the end.
pub fn least_squares(
    free: &[Free],
    errors: Errors,
    residuals: &mut Residuals<'_>,
) -> Result<Fit, FitError> {
    for one in free {
        bounds::check(one)?;
    }
    let outcome = problem::minimise(free, residuals)?;
    Ok(uncertainty::judged(free, errors, outcome))
}

#[cfg(test)]
mod tests;
