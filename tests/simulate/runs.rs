//! Properties of runs as a whole.

use crate::support::{Case, at, run, tight};
use insilin::math::Pack;
use insilin::simulate::{Experiment, Options, Run, run_lanes, run_with};

/// Something of everything: reactions, an event on a state, one in time with delay, kinks.
const MIXED: &str = "compartment c = 2; species A in c, B in c; A = 10; B = 0; k = 0.3; n = 0;
    J0: A -> B; k * A * c; J1: B -> ; 0.1 * c * max(B - 1, 0);
    at B > 2.5: n = n + 1, k = k / 2;
    at 3 after time > 4.2: A = A + 5;";

fn same_bytes(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

#[test]
fn the_output_grid_never_changes_the_numbers() {
    let coarse = run(MIXED, "time = { span = [0, 20], every = 5 }");
    let fine = run(MIXED, "time = { span = [0, 20], every = 0.25 }");
    assert_eq!(coarse.0.work, fine.0.work);
    for id in ["A", "B", "n", "k", "J1"] {
        for time in [0.0, 5.0, 10.0, 15.0, 20.0] {
            assert!(
                same_bytes(coarse.at(id, time), fine.at(id, time)),
                "{id} at {time}"
            );
        }
    }
}

#[test]
fn a_run_split_anywhere_equals_the_run_unsplit() {
    let model = "compartment c = 2; species A in c, B in c; A = 10; B = 0; k = 0.3;
        J0: A -> B; k * A * c; J1: B -> ; 0.1 * c * max(B - 1, 0); at B > 2.5: A = A + 4;";
    let whole = run(model, "time = { span = [0, 20], every = 0.25 }");
    assert_eq!(whole.events(), 1);
    for split in [0.25, 1.0, 1.75, 5.0, 13.5] {
        let (a, b) = (whole.at("A", split), whole.at("B", split));
        let rest = format!(
            "time = {{ span = [{split}, 20], points = [{split}, 20] }}
            [parameters]
            A = {{ value = {a:?}, why = \"goes on\" }}
            B = {{ value = {b:?}, why = \"goes on\" }}"
        );
        let rest = run(model, &rest);
        for id in ["A", "B"] {
            let (one, two) = (whole.at(id, 20.0), rest.at(id, 20.0));
            assert!(
                (one - two).abs() < 1e-7,
                "{id} split at {split}: {one} and {two}"
            );
        }
    }
}

#[test]
fn a_run_repeated_gives_the_same_bytes() {
    let case = Case::new(MIXED, "time = { span = [0, 20], every = 0.5 }");
    let runs: Vec<Run> = (0..2)
        .map(|_| case.run(&Options::default()).expect("it runs"))
        .collect();
    assert_eq!(runs[0].trajectory.data, runs[1].trajectory.data);
    assert_eq!(runs[0].work, runs[1].work);
}

#[test]
fn lanes_with_different_events_give_the_bytes_of_single_runs() {
    let case = Case::new(MIXED, "time = { span = [0, 20], every = 0.5 }");
    let symbol = case.arm.model.symbol("k").expect("it is in the model");
    let made = Experiment::varying(&case.arm, Some(symbol));
    let experiment = made.expect("it compiles").value;
    // Some never reach the event on B, the others do so at different times; ten sets need three packs of four.
    let values = [0.3, 0.01, 0.7, 0.05, 2.0, 0.11, 0.4, 0.31, 0.0, 5.0];
    let sets = experiment.overrides(&case.arm, symbol, &values);
    let options = Options::default();
    let four = run_lanes::<Pack<4>>(&experiment, &case.arm, &sets, &options);
    let eight = run_lanes::<Pack<8>>(&experiment, &case.arm, &sets, &options);
    let mut counts = Vec::new();
    for (at_lane, set) in sets.iter().enumerate() {
        let single = run_with(&experiment, &case.arm, set, &options).expect("it runs");
        counts.push(single.work.events);
        for lanes in [&four, &eight] {
            let lane = lanes[at_lane].as_ref().expect("it runs");
            let same = lane.data.iter().zip(&single.trajectory.data);
            assert!(
                same.into_iter().all(|(a, b)| same_bytes(*a, *b)),
                "lane {at_lane}"
            );
        }
    }
    assert!(counts.contains(&1) && counts.contains(&2), "{counts:?}");
}

#[test]
fn a_lane_that_fails_leaves_the_others_alone() {
    let case = Case::new(
        "k = 1; x = 1; x' = -k * x / (x - 0.5 * k);",
        "time = { span = [0, 0.2], every = 0.1 }",
    );
    let symbol = case.arm.model.symbol("k").expect("it is in the model");
    let made = Experiment::varying(&case.arm, Some(symbol));
    let experiment = made.expect("it compiles").value;
    let sets = experiment.overrides(&case.arm, symbol, &[0.1, 2.0, 0.2]);
    let lanes = run_lanes::<Pack<4>>(&experiment, &case.arm, &sets, &Options::default());
    assert!(lanes[0].is_ok() && lanes[1].is_err() && lanes[2].is_ok());
    let alone = run_with(&experiment, &case.arm, &sets[2], &Options::default()).expect("it runs");
    let lane = lanes[2].as_ref().expect("it runs");
    assert!(same_bytes(
        at(lane, "x", 0.2),
        at(&alone.trajectory, "x", 0.2)
    ));
}

#[test]
fn lanes_with_delays_give_the_bytes_of_single_runs() {
    let model = "k = 1; n = 0; x = 1; x' = -k * delay(x, 1); at x < 0.2: n = n + 1, x = 1;";
    let case = Case::new(model, "time = { span = [0, 8], every = 0.5 }");
    let symbol = case.arm.model.symbol("k").expect("it is in the model");
    let made = Experiment::varying(&case.arm, Some(symbol));
    let experiment = made.expect("it compiles").value;
    let sets = experiment.overrides(&case.arm, symbol, &[0.3, 1.0, 0.05]);
    let lanes = run_lanes::<Pack<4>>(&experiment, &case.arm, &sets, &tight());
    for (lane, set) in lanes.iter().zip(&sets) {
        let single = run_with(&experiment, &case.arm, set, &tight()).expect("it runs");
        assert_eq!(lane.as_ref().expect("it runs").data, single.trajectory.data);
    }
}
