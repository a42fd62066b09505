//! Steady states as starts.

use super::evaluator::Evaluator;
use super::failure::Failure;
use super::machine::Machine;
use super::options::Options;

/// The steady state that belongs to a machine's present values.
pub fn state(
    machine: &Machine<'_>,
    _evaluator: &mut Evaluator<'_>,
    _options: &Options,
) -> Result<Vec<f64>, Failure> {
    Ok(machine.y.clone())
}
