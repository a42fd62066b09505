//! Explicit methods.

use super::drive::Steps;
use super::failure::Failure;
use super::machine::Machine;
use super::options::{Method, Options};

/// Runs one machine.
pub fn drive(
    machine: &mut Machine<'_>,
    _method: Method,
    _options: &Options,
) -> Result<Steps, Failure> {
    Err(Failure::other(machine.t, "x", "x".into(), "x"))
}
