//! Trajectories against golden tables, at tight and at default tolerances.

use insilin::simulate::Options;

use crate::cases::{CASES, Case, column, points, run, tight};
use crate::support::numbers::largest;

/// Bound at rtol 1e-9, of each column's largest value: errors of steps add up to about the tolerance, and the tables
/// err by up to 2e-10 themselves.
const TIGHT: f64 = 1e-9;
/// Bound at rtol 1e-6, of each column's largest value: ten times the tolerance.
const DEFAULT: f64 = 1e-5;

/// The worst column of a run and by how much of its largest value it departs.
fn worst(case: &Case, options: &Options) -> (String, f64) {
    let table = case.table("trajectory.csv");
    let trajectory = run(&case.arm(&points(&table.numbers("time"))), options);
    assert_eq!(trajectory.time, table.numbers("time"), "{}", case.folder);
    let mut worst = (String::new(), 0.0);
    for id in table.header.iter().filter(|id| *id != "time") {
        let (want, got) = (table.numbers(id), column(&trajectory, id));
        // A column of zeros, such as excretion below its threshold, is to be zero.
        let size = largest(want.iter().copied()).max(f64::MIN_POSITIVE);
        let off = largest(want.iter().zip(&got).map(|(want, got)| want - got)) / size;
        if off.is_nan() || off > worst.1 {
            worst = (id.clone(), off);
        }
    }
    worst
}

fn check(options: &Options, bound: f64) {
    for case in &CASES {
        let (id, off) = worst(case, options);
        assert!(
            off <= bound,
            "{}: `{id}` is off by {off:e} of its largest value, more than {bound:e}",
            case.folder
        );
    }
}

#[test]
fn tight_runs_follow_the_published_equations_to_nine_digits() {
    check(&tight(), TIGHT);
}

#[test]
fn default_runs_follow_the_published_equations_to_five_digits() {
    check(&Options::default(), DEFAULT);
}
