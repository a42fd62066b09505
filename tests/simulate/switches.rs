//! Branches of the equations: in time, in states, and along the border between two.

use crate::support::{Table, failure, run_with, tight};
use insilin::math;
use insilin::simulate::Options;

fn at_tolerance(model: &str, scenario: &str, rtol: f64) -> Table {
    let options = Options {
        rtol,
        atol: 1e-3 * rtol,
        ..tight()
    };
    run_with(model, scenario, &options)
}

const FOUR: &str = "time = { span = [0, 4], every = 1 }";

#[test]
fn a_jump_of_a_rate_in_time_costs_no_accuracy() {
    // x' = −x, from t = 1.3 on 2 − x.
    let model = "x = 1; x' = piecewise(2, time > 1.3, 0) - x;";
    let table = at_tolerance(model, FOUR, 1e-8);
    let at_switch = math::exp(-1.3);
    let expected = |t: f64| {
        if t <= 1.3 {
            math::exp(-t)
        } else {
            2.0 + (at_switch - 2.0) * math::exp(1.3 - t)
        }
    };
    table.check("x", 1e-8, expected);
    let smooth = at_tolerance("x = 1; x' = -x;", FOUR, 1e-8);
    let (steps, plain) = (table.0.work, smooth.0.work);
    // Two smooth stretches, no search for the edge.
    assert!(
        steps.accepted + steps.rejected <= 3 * (plain.accepted + plain.rejected),
        "{steps:?} against {plain:?}"
    );
}

#[test]
fn strict_and_other_borders_in_time_integrate_alike() {
    for condition in ["time > 1", "time >= 1", "!(time < 1)", "!(time <= 1)"] {
        let model = format!("x = 0; x' = piecewise(1, {condition}, 0);");
        at_tolerance(&model, FOUR, 1e-8).check("x", 1e-10, |t| (t - 1.0).max(0.0));
    }
}

#[test]
fn steps_of_time_are_stepped_onto() {
    // x' = floor(10 t): the integral to n/10 is Σ k/10.
    let model = "x = 0; x' = floor(10 * time); y = 0; y' = ceil(time / 0.1);";
    let table = at_tolerance(model, "time = { span = [0, 2], every = 0.1 }", 1e-8);
    table.check("x", 1e-9, |t| {
        let n = (10.0 * t).round();
        0.1 * n * (n - 1.0) / 2.0
    });
    table.check("y", 1e-9, |t| {
        let n = (10.0 * t).round();
        0.1 * n * (n + 1.0) / 2.0
    });
}

#[test]
fn a_square_wave_through_the_remainder_of_time_is_exact() {
    // On for the first half of each unit of time.
    let model = "x = 0; x' = piecewise(1, rem(time, 1) < 0.5, 0);";
    let table = at_tolerance(model, "time = { span = [0, 4], every = 0.25 }", 1e-8);
    table.check("x", 1e-9, |t| 0.5 * t.floor() + (t - t.floor()).min(0.5));
}

#[test]
fn a_kink_of_a_rate_in_time_that_no_formula_solves_is_found() {
    // x' = |sin t| over two periods: 4 each.
    let model = "x = 0; x' = abs(sin(time));";
    let end = 4.0 * std::f64::consts::PI;
    let scenario = format!("time = {{ span = [0, {end:?}], every = {end:?} }}");
    at_tolerance(model, &scenario, 1e-8).check_at("x", 1e-7, &[(end, 8.0)]);
}

#[test]
fn kinks_in_states_cost_no_accuracy() {
    // y = sin t drives max, min and abs; closed forms over one period.
    let model = "y = 0; z = 1; y' = z; z' = -y; a = 0; b = 0; c = 0;
        a' = max(y, 0); b' = min(y, 0); c' = abs(y);";
    let end = 2.0 * std::f64::consts::PI;
    let scenario = format!("time = {{ span = [0, {end:?}], every = {end:?} }}");
    let table = at_tolerance(model, &scenario, 1e-8);
    table.check_at("a", 4e-7, &[(end, 2.0)]);
    table.check_at("b", 4e-7, &[(end, -2.0)]);
    table.check_at("c", 4e-7, &[(end, 4.0)]);
    let tighter = at_tolerance(model, &scenario, 1e-10);
    tighter.check_at("c", 4e-9, &[(end, 4.0)]);
    let smooth = at_tolerance("y = 0; z = 1; y' = z; z' = -y;", &scenario, 1e-8);
    let (kinked, plain) = (table.0.work, smooth.0.work);
    assert!(
        kinked.accepted + kinked.rejected < 2 * (plain.accepted + plain.rejected) + 20,
        "{kinked:?} against {plain:?}"
    );
}

#[test]
fn the_order_survives_a_jump_of_a_rate_in_a_state() {
    // x rises at 1 to the border 1 (t = 1), then at 3.
    let model = "x = 0; x' = piecewise(1, x < 1, 3); y = 1; y' = -y * x;";
    let mut errors = Vec::new();
    for rtol in [1e-5, 1e-7, 1e-9] {
        let table = at_tolerance(model, FOUR, rtol);
        errors.push((table.at("x", 4.0) - 10.0).abs());
        let work = table.0.work;
        assert!(work.accepted + work.rejected < 400, "{work:?}");
    }
    assert!(
        errors[0] < 1e-3 && errors[1] < 1e-5 && errors[2] < 1e-7,
        "{errors:?}"
    );
}

#[test]
fn a_floor_of_a_state_is_stepped_onto() {
    // x = t, so that y' = floor(x): 0 + 1 + 2 + 3.
    let model = "x = 0; x' = 1; y = 0; y' = floor(x);";
    at_tolerance(model, FOUR, 1e-8).check_at("y", 1e-6, &[(4.0, 6.0)]);
}

#[test]
fn resting_on_a_border_is_no_trouble() {
    // A model at its basal state stands exactly on the kinks of max(G − basal, 0).
    let model = "G = 5; basal = 5; G' = 0.1 * (basal - G) - 0.5 * max(G - basal, 0) + 0.2 * max(basal - G, 0);";
    let table = at_tolerance(model, "time = { span = [0, 10000], every = 1000 }", 1e-6);
    table.check("G", 1e-9, |_| 5.0);
    // And coming to rest on one, where roundings throw the difference to and fro.
    let model = "x = 3; x' = -max(x - 1, 0) + max(1 - x, 0); y = 0; y' = cos(time) - y;";
    let table = at_tolerance(model, "time = { span = [0, 2000], every = 1000 }", 1e-6);
    table.check_at("x", 1e-6, &[(1000.0, 1.0), (2000.0, 1.0)]);
}

#[test]
fn sliding_along_a_border_is_refused_soon_and_said() {
    let model = "x = 1;\nx' = piecewise(-1, x > 0, 1);";
    let said = failure(
        model,
        "time = { span = [0, 10], every = 1 }",
        &Options::default(),
    );
    assert!(said.contains("simulate/sliding"), "{said}");
    assert!(said.contains("model.ant:2"), "{said}");
}

#[test]
fn a_thermostat_with_a_gap_runs() {
    // Heats at 1 up to 21, cools at −1 down to 19.
    let model = "T = 20; on = 1; T' = piecewise(1, on > 0.5, -1); n = 0;
        at T > 21: on = 0, n = n + 1; at T < 19: on = 1, n = n + 1;";
    let table = at_tolerance(model, "time = { span = [0, 100], every = 1 }", 1e-8);
    // A triangle of period 4 from 20 upwards.
    table.check("T", 1e-6, |t| {
        let phase = (t + 1.0) % 4.0;
        if phase < 2.0 {
            19.0 + phase
        } else {
            23.0 - phase
        }
    });
}
