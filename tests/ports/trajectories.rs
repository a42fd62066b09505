//! Trajectories against golden tables, at tight and at default tolerances.

use insilin::simulate::Options;

use crate::cases::{CASES, tight};
use crate::support::ports::check_trajectory;

/// Bound at rtol 1e-9, of each column's largest value: errors of steps add up to about the tolerance, and the tables
/// err by up to 2e-10 themselves.
const TIGHT: f64 = 1e-9;
/// Bound at rtol 1e-6, of each column's largest value: ten times the tolerance.
const DEFAULT: f64 = 1e-5;

#[test]
fn tight_runs_follow_the_published_equations_to_nine_digits() {
    for case in &CASES {
        check_trajectory(case, &tight(), TIGHT);
    }
}

#[test]
fn default_runs_follow_the_published_equations_to_five_digits() {
    for case in &CASES {
        check_trajectory(case, &Options::default(), DEFAULT);
    }
}
