//! Triggers, delays, persistence: SBML Level 3 Version 2, section 4.11.

use crate::support::{run, run_with, tight};
use insilin::math;
use insilin::simulate::Options;

const TEN: &str = "time = { span = [0, 10], every = 0.5 }";

#[test]
fn a_condition_that_includes_its_border_shows_the_new_value_there_and_a_strict_one_the_old() {
    let table = run(
        "a = 0; b = 0; at time >= 1: a = 1; at time > 1: b = 1;",
        TEN,
    );
    table.check_at("a", 0.0, &[(0.5, 0.0), (1.0, 1.0), (1.5, 1.0)]);
    table.check_at("b", 0.0, &[(0.5, 0.0), (1.0, 0.0), (1.5, 1.0)]);
}

#[test]
fn a_condition_that_holds_at_the_start_fires_only_when_its_author_says_it_did_not_before() {
    let table = run(
        "a = 0; b = 0; at time >= 0: a = 1; at time >= 0, t0 = false: b = 1;",
        TEN,
    );
    table.check("a", 0.0, |_| 0.0);
    table.check("b", 0.0, |_| 1.0);
}

#[test]
fn a_trigger_whose_solved_time_is_a_rounding_off_still_fires_in_time() {
    // 5 + 2.1 · 0.3 and 0.1 · 3 are rounded; the conditions as computed change a little before or after.
    for (condition, time) in [
        ("(time - 5) / 0.3 > 2.1", 5.63),
        ("time / 3 >= 0.1", 0.3),
        ("time / 0.7 > 1.1", 0.77),
        ("0.1 * time >= 0.3", 3.0),
        ("2.2 - time / 1.3 < 0.1", 2.73),
    ] {
        let model = format!("x = 0; x' = 1; caught = 0; at {condition}: caught = x;");
        let table = run(&model, TEN);
        table.check_at("caught", 1e-12, &[(10.0, time)]);
        assert_eq!(table.events(), 1, "{condition}");
    }
}

#[test]
fn a_trigger_fires_again_only_after_it_has_stopped_holding() {
    let model = "n = 0; x := sin(2 * 3.141592653589793 * time); at x > 0.5: n = n + 1;";
    let table = run(model, TEN);
    // Ten periods, one rise through a half in each.
    table.check_at("n", 0.0, &[(0.5, 1.0), (9.5, 10.0), (10.0, 10.0)]);
}

#[test]
fn a_delay_puts_the_assignment_off() {
    let table = run("a = 0; at 2.5 after time >= 1: a = 1;", TEN);
    table.check_at("a", 0.0, &[(3.0, 0.0), (3.5, 1.0), (4.0, 1.0)]);
}

#[test]
fn a_delay_is_what_it_was_when_triggered() {
    let model = "d = 1; a = 0; at d after time >= 1: a = 1; at time >= 1.5: d = 7;";
    run(model, TEN).check_at("a", 0.0, &[(1.5, 0.0), (2.0, 1.0)]);
}

#[test]
fn values_are_those_of_the_trigger_or_of_the_execution_as_the_author_says() {
    let model = "x = 0; x' = 1; a = 0; b = 0;
        at 2 after time >= 1: a = x;
        at 2 after time >= 1, fromTrigger = false: b = x;";
    let table = run(model, TEN);
    table.check_at("a", 1e-12, &[(3.0, 1.0)]);
    table.check_at("b", 1e-12, &[(3.0, 3.0)]);
}

#[test]
fn a_delayed_event_is_cancelled_when_its_condition_ends_unless_it_persists() {
    let model = "a = 0; b = 0; pulse := piecewise(1, time >= 1 && time < 2, 0);
        at 3 after pulse > 0.5: a = 1;
        at 3 after pulse > 0.5, persistent = false: b = 1;";
    let table = run(model, TEN);
    table.check_at("a", 0.0, &[(3.5, 0.0), (4.0, 1.0)]);
    table.check("b", 0.0, |_| 0.0);
}

#[test]
fn an_event_may_wait_several_times_at_once() {
    let model = "n = 0; at 5 after sin(2 * 3.141592653589793 * time) > 0.5: n = n + 1,
        last = time; last = 0;";
    let table = run(model, TEN);
    // The rises at 1/12 + k come five later; values are those of the trigger, when n was still 0 for the first five.
    table.check_at("n", 0.0, &[(5.0, 0.0), (5.5, 1.0), (9.5, 1.0)]);
    table.check_at("last", 1e-9, &[(9.5, 4.0 + 1.0 / 12.0)]);
    assert_eq!(table.events(), 5);
}

#[test]
fn all_assignments_of_an_event_use_the_old_values() {
    let table = run("a = 1; b = 2; at time >= 1: a = b, b = a;", TEN);
    table.check_at("a", 0.0, &[(0.5, 1.0), (1.0, 2.0), (10.0, 2.0)]);
    table.check_at("b", 0.0, &[(0.5, 2.0), (1.0, 1.0), (10.0, 1.0)]);
}

#[test]
fn events_set_off_by_events_happen_at_the_same_time() {
    let model = "a = 0; b = 0; c = 0; when = 0;
        at c > 0.5: when = time;
        at b > 0.5: c = 1;
        at a > 0.5: b = 1;
        at time >= 2: a = 1;";
    let table = run(model, TEN);
    table.check_at("when", 0.0, &[(1.5, 0.0), (2.0, 2.0)]);
    assert_eq!(table.events(), 4);
}

#[test]
fn an_event_without_delay_that_loses_its_condition_before_its_turn_does_not_happen_unless_it_persists()
 {
    let model = "x = 0; a = 0; b = 0;
        at time >= 1, priority = 2: x = 1;
        at time >= 1 && x < 0.5, priority = 1, persistent = false: a = 1;
        at time >= 1 && x < 0.5, priority = 1: b = 1;";
    let table = run(model, TEN);
    table.check("a", 0.0, |_| 0.0);
    table.check_at("b", 0.0, &[(1.0, 1.0)]);
}

#[test]
fn a_threshold_of_a_state_is_located_far_better_than_the_step() {
    // x = 1 − e^−t passes 1/2 at ln 2; the grid has no point near.
    let model = "x = 0; x' = 1 - x; caught = 0; at x > 0.5: caught = time;";
    for (rtol, tolerance) in [(1e-6, 1e-5), (1e-9, 1e-9), (1e-11, 1e-11)] {
        let options = Options {
            rtol,
            atol: rtol * 1e-3,
            ..tight()
        };
        let table = run_with(model, "time = { span = [0, 10], every = 5 }", &options);
        table.check_at("caught", tolerance, &[(10.0, math::ln(2.0))]);
    }
}

#[test]
fn a_pulse_shorter_than_a_step_is_seen() {
    // Nothing else moves, so that steps would be long: x is a slow line, and the pulse is a twentieth of the run.
    let model = "x = 0; x' = 1; n = 0; at abs(x - 3.33) < 0.3: n = n + 1;";
    let table = run(model, "time = { span = [0, 10], every = 10 }");
    assert_eq!(table.events(), 1);
}

#[test]
fn a_pulse_in_time_alone_is_seen_however_short() {
    let model = "n = 0; x = 0; x' = 1; at time > 3.3 && time < 3.3000001: n = n + 1;";
    let table = run(model, "time = { span = [0, 1000], every = 1000 }");
    assert_eq!(table.events(), 1);
}

#[test]
fn a_condition_of_equality_with_time_fires() {
    let table = run("a = 0; at time == 3: a = 1;", TEN);
    table.check_at("a", 0.0, &[(2.5, 0.0), (3.0, 1.0)]);
}

#[test]
fn a_threshold_that_moves_with_a_parameter_is_found_where_it_is() {
    let model = "limit = 2; n = 0; when = 0; at time >= limit: n = n + 1, when = time, limit = limit + 1.5;";
    let table = run(model, TEN);
    // Each execution moves the time on: 2, 3.5, 5, 6.5, 8, 9.5.
    table.check_at("n", 0.0, &[(10.0, 6.0)]);
    table.check_at("when", 1e-12, &[(10.0, 9.5)]);
}

#[test]
fn a_ball_bounces_as_often_and_as_high_as_it_should() {
    // Dropped from 1 at g = 9.81 with restitution 0.9: bounce k + 1 comes 2 e^k v0 / g after bounce k.
    let model = "h = 1; v = 0; g = 9.81; e = 0.9; n = 0; h' = v; v' = -g; last = 0;
        at h <= 0: v = -e * v, n = n + 1, last = time;";
    let (g, e) = (9.81_f64, 0.9_f64);
    let v0 = (2.0 * g).sqrt();
    let mut time = v0 / g;
    let mut speed = e * v0;
    for _ in 1..20 {
        time += 2.0 * speed / g;
        speed *= e;
    }
    let end = time + 0.5 * speed / g;
    let scenario = format!("time = {{ span = [0, {end:?}], every = {end:?} }}");
    let table = run(model, &scenario);
    table.check_at("n", 0.0, &[(end, 20.0)]);
    table.check_at("last", 1e-8, &[(end, time)]);
    // Half way up: v is half of what the last bounce left, and the energy is that of the last bounce.
    table.check_at("v", 1e-7, &[(end, 0.5 * speed)]);
    let energy = 0.5 * speed * speed;
    let (h, v) = (table.at("h", end), table.at("v", end));
    assert!((g * h + 0.5 * v * v - energy).abs() < 1e-7);
}

#[test]
fn a_state_that_starts_on_a_threshold_does_not_keep_the_run_from_going_on() {
    // From exactly 1 the state leaves so slowly that it does not move within roundings of time.
    let model = "x = 1; x' = 1e-3; a = 0; at x > 1: a = 1;";
    let table = run(model, "time = { span = [100, 200], every = 100 }");
    table.check_at("a", 0.0, &[(200.0, 1.0)]);
    assert!(table.0.work.accepted < 200);
}

#[test]
fn a_regular_dose_by_an_event_keeps_its_times() {
    let model = "x = 0; n = 0; next = 0; x' = -x; at time >= next, t0 = false: x = x + 1, next = next + 2, n = n + 1;";
    let table = run(model, "time = { span = [0, 10], every = 1 }");
    table.check_at("n", 0.0, &[(0.0, 1.0), (1.0, 1.0), (2.0, 2.0), (10.0, 6.0)]);
    let dose = |k: f64, t: f64| if t >= k { math::exp(k - t) } else { 0.0 };
    table.check("x", 1e-8, |t| {
        (0..6).map(|k| dose(2.0 * f64::from(k), t)).sum()
    });
}

#[test]
fn a_trigger_that_is_a_value_of_a_state_is_noticed() {
    // No comparison: truth is being other than zero. It is noticed after the step in which it changes.
    let model = "x = 0; x' = piecewise(1, time > 2, 0); a = 0; at x: a = 1;";
    run(model, TEN).check_at("a", 0.0, &[(2.0, 0.0), (10.0, 1.0)]);
}

#[test]
fn what_happens_at_the_last_time_of_a_run_is_seen_there() {
    let table = run(
        "a = 0; b = 0; at time >= 10: a = 1; at time > 10: b = 1;",
        TEN,
    );
    table.check_at("a", 0.0, &[(9.5, 0.0), (10.0, 1.0)]);
    table.check_at("b", 0.0, &[(10.0, 0.0)]);
}

#[test]
fn a_run_may_begin_before_zero() {
    let model = "x = 0; x' = 1; a = 0; at time >= 0: a = x; b = 0; b' = piecewise(1, time > 0, 0);";
    let table = run(model, "time = { span = [-5, 5], every = 1 }");
    table.check_at("a", 1e-12, &[(-1.0, 0.0), (0.0, 5.0), (5.0, 5.0)]);
    table.check("b", 1e-10, |t| t.max(0.0));
}

#[test]
fn a_ball_may_come_to_rest_by_an_event_of_its_own() {
    let model = "h = 1; v = 0; g = 9.81; h' = v; v' = -g;
        bounce: at h <= 0: v = -0.9 * v; rest: at v < 0.05 && h <= 0 && time > 1: v = 0, h = 0, g = 0;";
    let table = run(model, "time = { span = [0, 100], every = 10 }");
    table.check_at("h", 0.0, &[(100.0, 0.0)]);
}

#[test]
fn pulses_far_shorter_than_a_step_are_caught() {
    // x = sin t is above 1 − 10⁻⁷ for 9e-4 of each period of 6.28; at 1e-9 a step takes about 0.1.
    let model = "x = 0; y = 1; x' = y; y' = -x; n = 0; first = 0;
        at x > 1 - 1e-7: n = n + 1; at x > 1 - 1e-7 && n == 0: first = time;";
    let table = run(model, "time = { span = [0, 188], every = 188 }");
    table.check_at("n", 0.0, &[(188.0, 30.0)]);
    let rise = math::asin(1.0 - 1e-7);
    table.check_at("first", 1e-5, &[(188.0, rise)]);
    // Its square is near zero that shortly, and a quotient is no polynomial.
    let model = "x = 0; y = 1; x' = y; y' = -x; n = 0; m = 0;
        at x^2 < 1e-6: n = n + 1; at 1/(2 - y) > 1 - 1e-6: m = m + 1;";
    let table = run(model, "time = { span = [0, 188], every = 188 }");
    table.check_at("n", 0.0, &[(188.0, 59.0)]);
    table.check_at("m", 0.0, &[(188.0, 29.0)]);
}

#[test]
fn resets_to_a_fixed_value_pass_over_the_point_where_they_accumulate() {
    // `low` falls onto the value to which `high` is reset, at t = 4; each interval is half of the one before. Behind that
    // point the condition holds for good.
    let model = "low = 4; low' = -1; high = 0; high' = 1; at high > low: high = 0;";
    let table = run(model, TEN);
    table.check_at(
        "high",
        1e-6,
        &[(4.0, 0.0), (4.5, 0.5), (7.0, 3.0), (10.0, 6.0)],
    );
    table.check_at("high", 1e-9, &[(1.5, 1.5), (2.5, 0.5)]);
}
