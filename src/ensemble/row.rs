//! What one run leaves behind.

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::scenario::sweep::Value;
use crate::simulate::Failure;

/// One run of an ensemble.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number, from 0.
    pub run: u64,
    /// Which arm of the scenario.
    pub arm: usize,
    /// The value of each axis.
    pub point: Vec<Value>,
    /// The metrics; NaN where one is not defined, all of them when the run failed.
    pub metrics: Vec<f64>,
    /// Why there are no numbers.
    pub failure: Option<Refusal>,
    /// Kept curves: times and one list of values for each kept quantity.
    pub curves: Option<(Vec<f64>, Vec<Vec<f64>>)>,
}

/// Why a run gave no numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Code of the finding.
    pub code: String,
    /// What was found, in one line.
    pub message: String,
}

impl From<&Diagnostic> for Refusal {
    fn from(found: &Diagnostic) -> Self {
        Self {
            code: found.code.to_string(),
            message: found.message.replace('\n', " "),
        }
    }
}

impl From<&Diagnostics> for Refusal {
    /// The first error.
    fn from(findings: &Diagnostics) -> Self {
        let mut errors = findings.0.iter();
        let first = errors.find(|found| found.severity == Severity::Error);
        first.or(findings.0.first()).map_or_else(
            || Self {
                code: "sweep/refused".to_string(),
                message: "the scenario was refused".to_string(),
            },
            Self::from,
        )
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::from(&failure.diagnostic())
    }
}
