//! Distributions of one number: quantiles for sampling, moments for what is told about them.

use std::fmt;

use super::moments;
use super::normal;
use crate::math::{exp, ln};

/// A distribution of one number, by the parameters that people state.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Equally likely between two numbers.
    Uniform {
        /// Lower end.
        from: f64,
        /// Upper end, above it.
        to: f64,
    },
    /// With a logarithm that is equally likely between those of two numbers.
    LogUniform {
        /// Lower end, above 0.
        from: f64,
        /// Upper end, above it.
        to: f64,
    },
    /// Gauss's.
    Normal {
        /// Mean and median.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// With a logarithm that is normal.
    LogNormal {
        /// Median, which is the geometric mean, above 0.
        median: f64,
        /// Geometric standard deviation, above 1: about two thirds lie within `median / gsd` and `median · gsd`.
        gsd: f64,
    },
    /// Rising in a line to its mode and falling in a line from there.
    Triangular {
        /// Lower end.
        from: f64,
        /// Most likely number, between the ends or at one of them.
        mode: f64,
        /// Upper end, above the lower one.
        to: f64,
    },
    /// What of a distribution lies between two numbers.
    Truncated {
        /// The whole of it.
        base: Box<Distribution>,
        /// Lower end; may be −∞.
        from: f64,
        /// Upper end, above it; may be ∞.
        to: f64,
    },
}

/// What is wrong with a distribution's parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct DistributionError {
    /// What is wrong, in words that follow a name and a colon.
    pub message: String,
}

impl fmt::Display for DistributionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DistributionError {}

impl Distribution {
    /// The log-normal distribution of this arithmetic mean and standard deviation, both above 0.
    pub fn log_normal_of(mean: f64, sd: f64) -> Self {
        let ratio = sd / mean;
        let variance = ln(1.0 + ratio * ratio);
        Self::LogNormal {
            median: mean * exp(-0.5 * variance),
            gsd: exp(variance.sqrt()),
        }
    }

    /// Whether the parameters make a distribution. The other functions mean nothing when they do not.
    ///
    /// # Errors
    /// The first parameter that does not fit, with what it must be.
    pub fn check(&self) -> Result<(), DistributionError> {
        let fault = match self {
            Self::Uniform { from, to } => ends(*from, *to),
            Self::LogUniform { from, .. } if *from <= 0.0 => {
                Some(format!("the lower end {from} must be above 0"))
            }
            Self::LogUniform { from, to } => ends(*from, *to),
            Self::Normal { mean, sd } => finite("mean", *mean).or_else(|| above("sd", *sd, 0.0)),
            Self::LogNormal { median, gsd } => {
                above("median", *median, 0.0).or_else(|| above("gsd", *gsd, 1.0))
            }
            Self::Triangular { from, mode, to } => ends(*from, *to).or_else(|| {
                let outside = !(from <= mode && mode <= to);
                outside.then(|| format!("the mode {mode} must lie from {from} to {to}"))
            }),
            Self::Truncated { base, from, to } => {
                base.check()?;
                nothing_left(base, *from, *to)
            }
        };
        fault.map_or(Ok(()), |message| Err(DistributionError { message }))
    }

    /// The number below which lies the share `u` of the distribution, 0 < `u` < 1.
    ///
    /// Rises with `u`. At 0 and 1 it gives the ends, which may be infinite.
    /// ```
    /// # use insilin::ensemble::Distribution;
    /// let doses = Distribution::LogNormal { median: 100.0, gsd: 2.0 };
    /// assert!((doses.quantile(0.5) - 100.0).abs() < 1e-10);
    /// ```
    pub fn quantile(&self, u: f64) -> f64 {
        match self {
            Self::Uniform { from, to } => from * (1.0 - u) + to * u,
            Self::LogUniform { from, to } => (from * exp(u * ln(to / from))).clamp(*from, *to),
            Self::Normal { mean, sd } => mean + sd * normal::quantile(u),
            Self::LogNormal { median, gsd } => median * exp(ln(*gsd) * normal::quantile(u)),
            Self::Triangular { from, mode, to } => {
                let (width, rise) = (to - from, mode - from);
                if u * width <= rise {
                    from + (u * width * rise).sqrt()
                } else {
                    to - ((1.0 - u) * width * (to - mode)).sqrt()
                }
            }
            Self::Truncated { base, from, to } => {
                let (low, high) = (base.probability(*from), base.probability(*to));
                base.quantile(low + u * (high - low)).clamp(*from, *to)
            }
        }
    }

    /// Share of the distribution below `x`.
    pub fn probability(&self, x: f64) -> f64 {
        match self {
            Self::Uniform { from, to } => ((x - from) / (to - from)).clamp(0.0, 1.0),
            Self::LogUniform { from, to } => {
                if x <= *from {
                    return 0.0;
                }
                (ln(x / from) / ln(to / from)).min(1.0)
            }
            Self::Normal { mean, sd } => normal::probability((x - mean) / sd),
            Self::LogNormal { median, gsd } => {
                if x <= 0.0 {
                    return 0.0;
                }
                normal::probability(ln(x / median) / ln(*gsd))
            }
            Self::Triangular { from, mode, to } => {
                let (x, width) = (x.clamp(*from, *to), to - from);
                if x < *mode {
                    (x - from) * (x - from) / (width * (mode - from))
                } else if x < *to {
                    1.0 - (to - x) * (to - x) / (width * (to - mode))
                } else {
                    1.0
                }
            }
            Self::Truncated { base, from, to } => {
                let (low, high) = (base.probability(*from), base.probability(*to));
                let share = (base.probability(x) - low) / (high - low);
                share.clamp(0.0, 1.0)
            }
        }
    }

    /// Arithmetic mean.
    pub fn mean(&self) -> f64 {
        self.moments().0
    }

    /// Standard deviation.
    pub fn sd(&self) -> f64 {
        self.moments().1
    }

    fn moments(&self) -> (f64, f64) {
        moments::between(self, f64::NEG_INFINITY, f64::INFINITY)
    }
}

fn nothing_left(base: &Distribution, from: f64, to: f64) -> Option<String> {
    if from.is_nan() || to.is_nan() || from >= to {
        return Some(format!(
            "the lower end {from} must be below the upper end {to}"
        ));
    }
    let share = base.probability(to) - base.probability(from);
    // Below this, what is left is made of rounding errors.
    (share < 1e-9).then(|| format!("only {share:e} of it lies from {from} to {to}"))
}

fn ends(from: f64, to: f64) -> Option<String> {
    if !from.is_finite() || !to.is_finite() {
        return Some(format!("both ends must be finite, not {from} and {to}"));
    }
    (from >= to).then(|| format!("the lower end {from} must be below the upper end {to}"))
}

fn finite(name: &str, value: f64) -> Option<String> {
    (!value.is_finite()).then(|| format!("{name} {value} must be finite"))
}

fn above(name: &str, value: f64, least: f64) -> Option<String> {
    let fits = value.is_finite() && value > least;
    (!fits).then(|| format!("{name} {value} must be above {least} and finite"))
}

#[cfg(test)]
mod tests;
