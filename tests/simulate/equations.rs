//! Delays, algebraic rules, compartments that change.

use crate::support::{run, run_with, tight};
use insilin::math::{exp, sin};
use insilin::simulate::Options;

#[test]
fn a_constant_delay_follows_the_method_of_steps() {
    // x' = −x(t − 1), x = 1 before: polynomials piece by piece, Σ (−1)^k (t − k + 1)^k / k!.
    let model = "x = 1; x' = -delay(x, 1);";
    let expected = |t: f64| {
        let mut sum = 1.0;
        let mut factorial = 1.0;
        for k in 1..=8 {
            let k = f64::from(k);
            factorial *= k;
            let base = t - k + 1.0;
            if base > 0.0 {
                let power = (0..k as usize).fold(1.0, |product, _| product * base);
                sum += if k % 2.0 == 0.0 { power } else { -power } / factorial;
            }
        }
        sum
    };
    let table = run(model, "time = { span = [0, 6], every = 0.25 }");
    table.check("x", 1e-8, expected);
    let options = Options {
        rtol: 1e-6,
        atol: 1e-9,
        ..tight()
    };
    let coarse = run_with(model, "time = { span = [0, 6], every = 0.25 }", &options);
    coarse.check("x", 1e-5, expected);
    // Each echo of the start is stepped onto: nothing is tried twice in search of it.
    assert!(coarse.0.work.rejected <= 3, "{:?}", coarse.0.work);
}

#[test]
fn a_jump_is_seen_again_after_the_delay() {
    let model = "x = 0; y = 0; y' = delay(x, 2); at time >= 1: x = 3;";
    let table = run(model, "time = { span = [0, 6], every = 0.5 }");
    table.check("y", 1e-9, |t| 3.0 * (t - 3.0).max(0.0));
}

#[test]
fn a_delay_that_moves_nothing_costs_no_step() {
    let model = "x = 1; x' = cos(2 * time); at time >= 1: x = 3;";
    let with_delay = format!("{model} late := delay(x, 2);");
    let time = "time = { span = [0, 10], every = 0.5 }";
    let (plain, seen) = (run(model, time), run(&with_delay, time));
    seen.check("late", 1e-8, |t| match t {
        t if t < 2.0 => 1.0,
        t if t < 3.0 => 1.0 + sin(2.0 * (t - 2.0)) / 2.0,
        t => 3.0 + (sin(2.0 * (t - 2.0)) - sin(2.0)) / 2.0,
    });
    // The jump would be stepped onto again at 3, 5, 7 and 9 if the states felt it.
    assert_eq!(plain.0.work, seen.0.work);
}

#[test]
fn a_delayed_value_can_trigger() {
    let model = "x = 0; x' = 1; caught = 0; at delay(x, 2) > 1.5: caught = time;";
    let table = run(model, "time = { span = [0, 6], every = 1 }");
    table.check_at("caught", 1e-9, &[(6.0, 3.5)]);
}

#[test]
fn an_algebraic_rule_holds_at_all_times() {
    // x + y² = 5 with x decaying from 4: y = √(5 − 4 e^−t).
    let model = "x = 4; x' = -x; var y; y = 1; 0 = x + y^2 - 5;";
    let table = run(model, "time = { span = [0, 5], every = 0.5 }");
    table.check("x", 1e-8, |t| 4.0 * exp(-t));
    table.check("y", 1e-8, |t| (5.0 - 4.0 * exp(-t)).sqrt());
}

#[test]
fn an_algebraic_rule_holds_again_right_after_an_event() {
    let model = "x = 4; x' = 0; var y; y = 1; 0 = x + y^2 - 5; seen = 0;
        at time >= 1, priority = 2: x = 1; at y > 1.5: seen = y;";
    let table = run(model, "time = { span = [0, 2], every = 0.5 }");
    table.check_at("y", 1e-9, &[(0.5, 1.0), (1.0, 2.0), (2.0, 2.0)]);
    table.check_at("seen", 1e-9, &[(1.0, 2.0)]);
}

#[test]
fn a_compartment_that_changes_size_keeps_amounts() {
    let model = "compartment c = 2; species S in c; S = 3; J: S -> ; 0; amount := S * c; at time >= 1: c = 6;";
    let table = run(model, "time = { span = [0, 2], every = 0.5 }");
    table.check("amount", 1e-12, |_| 6.0);
    table.check_at("S", 1e-12, &[(0.5, 3.0), (1.0, 1.0)]);
}

#[test]
fn an_event_sets_a_concentration_in_the_size_of_its_compartment() {
    let model = "compartment c = 2; species S in c; S = 3; J: S -> ; 0; amount := S * c; at time >= 1: S = 5;";
    let table = run(model, "time = { span = [0, 2], every = 0.5 }");
    table.check_at("S", 1e-12, &[(0.5, 3.0), (1.0, 5.0), (2.0, 5.0)]);
    table.check_at("amount", 1e-12, &[(0.5, 6.0), (1.0, 10.0)]);
}

#[test]
fn an_event_that_resizes_and_refills_at_once_means_the_old_size() {
    // As case 01780 of the SBML Test Suite has it: S = 5 in c = 2 is an amount of 10, which c = 4 then dilutes.
    let model = "compartment c = 2; species S in c; S = 3; J: S -> ; 0; amount := S * c; at time >= 1: c = 4, S = 5;";
    let table = run(model, "time = { span = [0, 2], every = 0.5 }");
    table.check_at("S", 1e-12, &[(1.0, 2.5)]);
    table.check_at("amount", 1e-12, &[(1.0, 10.0)]);
}

#[test]
fn a_compartment_that_grows_dilutes() {
    let model = "compartment c = 1; c' = c; species S in c; S = 8; J: S -> ; 0;";
    let table = run(model, "time = { span = [0, 3], every = 0.5 }");
    table.check("S", 1e-7, |t| 8.0 * exp(-t));
}

#[test]
fn a_model_without_states_still_has_its_events_and_rows() {
    let table = run(
        "a = 1; b := a * time; at time >= 2: a = 10;",
        "time = { span = [0, 4], every = 1 }",
    );
    table.check("b", 0.0, |t| if t < 2.0 { t } else { 10.0 * t });
}

#[test]
fn before_the_start_initial_assignments_follow_time_and_rules_follow_them() {
    // SBML Level 3 Version 2, 3.4.6 and 4.8: an initial assignment holds up to the start, a rule at all times.
    let model =
        "x = 3 + 2*time; var x; w := 10*x; y := delay(x, 1); z := delay(w, 1) + delay(time, 1);
        k = 4; v := delay(k*x, 2);";
    let table = run(model, "time = { span = [0, 3], every = 0.25 }");
    let x = |t: f64| if t < 0.0 { 3.0 + 2.0 * t } else { 3.0 };
    table.check("x", 1e-12, |_| 3.0);
    table.check("y", 1e-12, |t| x(t - 1.0));
    table.check("z", 1e-12, |t| 10.0 * x(t - 1.0) + t - 1.0);
    table.check("v", 1e-12, |t| 4.0 * x(t - 2.0));
}

#[test]
fn before_the_start_nothing_moves_but_what_follows_time() {
    let model = "S = 5; S' = -0.1*S; r := rateOf(S); a := delay(r, 1); b := delay(rateOf(S), 1);
        x = time^2; var x; c := delay(rateOf(x), 1);";
    let table = run(model, "time = { span = [0, 3], every = 0.25 }");
    let rate = |t: f64| if t < 0.0 { 0.0 } else { -0.5 * exp(-0.1 * t) };
    table.check("a", 1e-8, |t| rate(t - 1.0));
    table.check("b", 1e-8, |t| rate(t - 1.0));
    table.check("c", 1e-12, |t| if t < 1.0 { 2.0 * (t - 1.0) } else { 0.0 });
}

#[test]
fn delays_within_functions_and_within_delays_see_what_was_before_the_start() {
    let model = "function late(u, d)\n delay(u, d)\nend
        x = 3 + 2*time; var x; y := late(x, 1); z := delay(late(x, 1), 1); s = delay(x, 2);";
    let table = run(model, "time = { span = [0, 3], every = 0.5 }");
    let x = |t: f64| if t < 0.0 { 3.0 + 2.0 * t } else { 3.0 };
    table.check("y", 1e-12, |t| x(t - 1.0));
    table.check("z", 1e-12, |t| x(t - 2.0));
    let model = "x = 3 + 2*time; var x; s = delay(x, 2); s' = 0;";
    run(model, "time = { span = [0, 1], every = 1 }").check("s", 1e-12, |_| -1.0);
}

#[test]
fn a_lag_of_zero_is_no_look_back_at_the_start_either() {
    let model = "var s, x; s = delay(x, 0); x = 3 + 2*time; y = 0; y' = s; r := delay(x, 0);";
    let table = run(model, "time = { span = [0, 1], every = 1 }");
    table.check("y", 1e-9, |t| 3.0 * t);
    table.check("r", 1e-12, |_| 3.0);
}
