//! Which of several simultaneous events goes first.

use crate::support::{run, run_with, tight};
use insilin::simulate::{EventOrder, Options};

const TWO: &str = "time = { span = [0, 2], every = 1 }";

/// Two events that overwrite one another: the last one stays.
const RIVALS: &str = "x = 0; first: at time >= 1: x = 1; second: at time >= 1: x = 2;";

fn last_of(seed: u64) -> f64 {
    let options = Options {
        event_order: EventOrder::Random,
        seed,
        ..tight()
    };
    run_with(RIVALS, TWO, &options).at("x", 2.0)
}

#[test]
fn equals_come_in_either_order_over_the_seeds_and_in_the_same_order_for_one_seed() {
    let ends: Vec<f64> = (0..64).map(last_of).collect();
    let ones = ends.iter().filter(|&&end| end == 1.0).count();
    // 64 fair draws leave 12 to 52 but for one in a million sets of seeds; these seeds are fixed.
    assert!((12..=52).contains(&ones), "{ones} of 64");
    assert_eq!(ends, (0..64).map(last_of).collect::<Vec<_>>());
}

#[test]
fn the_fixed_order_is_that_of_the_file() {
    run(RIVALS, TWO).check_at("x", 0.0, &[(2.0, 2.0)]);
    let turned = "x = 0; second: at time >= 1: x = 2; first: at time >= 1: x = 1;";
    run(turned, TWO).check_at("x", 0.0, &[(2.0, 1.0)]);
}

#[test]
fn priorities_decide_whatever_the_order_of_the_file() {
    for model in [
        "x = 0; at time >= 1, priority = 1: x = 2; at time >= 1, priority = 5: x = 1;",
        "x = 0; at time >= 1, priority = 5: x = 1; at time >= 1, priority = 1: x = 2;",
    ] {
        for seed in 0..8 {
            let options = Options {
                event_order: EventOrder::Random,
                seed,
                ..tight()
            };
            run_with(model, TWO, &options).check_at("x", 0.0, &[(2.0, 2.0)]);
        }
    }
}

#[test]
fn a_priority_is_what_it_is_when_the_event_is_due() {
    // The first event turns the order of the other two around.
    let model = "p = 1; x = 0;
        at time >= 1, priority = 10: p = 5;
        at time >= 1, priority = p: x = x * 10 + 1;
        at time >= 1, priority = 3: x = x * 10 + 2;";
    let model = model.replace("priority = p:", "priority = p, fromTrigger = false:");
    let model = model.replace("priority = 3:", "priority = 3, fromTrigger = false:");
    run(&model, TWO).check_at("x", 0.0, &[(2.0, 12.0)]);
}

#[test]
fn values_from_trigger_time_are_those_before_any_of_the_simultaneous_events() {
    let model = "x = 1; y = 0; z = 0;
        at time >= 1, priority = 3: x = 10;
        at time >= 1, priority = 2: y = x;
        at time >= 1, priority = 1, fromTrigger = false: z = x;";
    let table = run(model, TWO);
    table.check_at("y", 0.0, &[(2.0, 1.0)]);
    table.check_at("z", 0.0, &[(2.0, 10.0)]);
}

#[test]
fn delayed_events_of_different_origin_that_meet_are_simultaneous() {
    let model = "x = 0;
        at 1.5 after time >= 0.5, priority = 1: x = 1;
        at 1 after time >= 1, priority = 2: x = 2;";
    run(model, "time = { span = [0, 3], every = 1 }").check_at("x", 0.0, &[(2.0, 1.0)]);
}
