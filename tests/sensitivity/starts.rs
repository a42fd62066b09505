//! Starts: initial assignments, steady states, algebraic rules.

use insilin::math::exp;

use crate::moved::moved;

const TIME: &str = "time = { span = [0, 10], every = 1 }";
const STEADY: &str = "time = { span = [0, 10], every = 1 }\ninitial = \"steady-state\"";

#[test]
fn initial_assignments_follow_their_parameters() {
    let model = "p = 3; k = p / 10; x = p^2; x' = -k * x;";
    let made = moved(model, TIME, &["p", "k", "x"]);
    let x = |t: f64| 9.0 * exp(-0.3 * t);
    made.check(["x", "p"], 1e-7, |t| (2.0 / 3.0 - t / 10.0) * x(t));
    // What has an assignment is moved by itself.
    made.check(["x", "k"], 1e-7, |t| -t * x(t));
    made.check(["x", "x"], 1e-8, |t| x(t) / 9.0);
}

#[test]
fn a_steady_start_moves_with_parameters_and_totals() {
    let model = "species A, B; A = 10; B = 0; u = 2; d = 3; J0: A -> B; u * A; J1: B -> A; d * B;";
    let made = moved(model, STEADY, &["u", "d", "A", "B"]);
    // A = d (A + B) / (u + d)
    made.check(["A", "u"], 1e-8, |_| -30.0 / 25.0);
    made.check(["A", "d"], 1e-8, |_| 20.0 / 25.0);
    made.check(["A", "A"], 1e-8, |_| 0.6);
    made.check(["A", "B"], 1e-8, |_| 0.6);
}

#[test]
fn a_steady_start_goes_on_when_the_protocol_moves_it() {
    let model = "x = 0; s = 2; k = 0.5; n = 1; x' = s - k * n * x^2;";
    let scenario = format!("{STEADY}\nprotocol = [{{ hold = \"n\", at = 0, from = 2, to = 20 }}]");
    let made = moved(model, &scenario, &["s", "k", "x"]);
    // x = √(s / k) up to 2, then x grows by s.
    made.check(["x", "s"], 1e-7, |t| {
        0.5 / (2.0_f64 * 0.5).sqrt() + (t - 2.0).max(0.0)
    });
    made.check(["x", "k"], 1e-7, |_| -0.5 * 2.0 / 0.5);
    made.check(["x", "x"], 1e-8, |_| 0.0);
}

#[test]
fn a_steady_start_that_the_protocol_holds_from_the_beginning() {
    let model = "x = 0; k = 0.5; a = 2; var u; u = 1; x' = u - k * x;";
    let scenario = format!(
        "{STEADY}\nprotocol = [{{ set = \"u\", formula = \"3 * a\", from = 0 }}, {{ set = \"u\", at = 1, from = 4 }}]"
    );
    let made = moved(model, &scenario, &["a", "k"]);
    // x = 3 a / k up to 4, then x = 1 / k + (3 a − 1) / k · e^(−k (t − 4)).
    let fade = |t: f64| exp(-0.5 * (t - 4.0).max(0.0));
    made.check(["x", "a"], 1e-7, |t| 6.0 * fade(t));
    made.check(["x", "k"], 1e-6, |t| {
        let since = (t - 4.0).max(0.0);
        -4.0 - 20.0 * fade(t) - 10.0 * since * fade(t)
    });
}

#[test]
fn algebraic_rules_move_from_the_start_on() {
    let model = "x = 4; k = 0.2; c = 5; x' = -k * x; var y; y = 1; 0 = x + y^2 - c;";
    let made = moved(model, TIME, &["k", "c", "x"]);
    let y = |t: f64| (5.0 - 4.0 * exp(-0.2 * t)).sqrt();
    made.check(["y", "c"], 1e-7, |t| 0.5 / y(t));
    made.check(["y", "x"], 1e-7, |t| -0.5 * exp(-0.2 * t) / y(t));
    made.check(["y", "k"], 1e-7, |t| 2.0 * t * exp(-0.2 * t) / y(t));
}

#[test]
fn a_value_that_a_protocol_restores_moves_again() {
    // The value of the start is computed: u = 2 a, so it moves whenever it is not held.
    let model = "a = 3; var u; u = 2 * a; x = 0; x' = u;";
    let scenario = format!("{TIME}\nprotocol = [{{ hold = \"u\", at = 7, from = 2, to = 5 }}]");
    let made = moved(model, &scenario, &["a"]);
    let held = |t: f64| (t.min(5.0) - 2.0).max(0.0);
    made.check(["x", "a"], 1e-8, |t| 2.0 * (t - held(t)));
    let is_held = |t: f64| (2.0..5.0).contains(&t);
    made.check(["u", "a"], 1e-9, |t| if is_held(t) { 0.0 } else { 2.0 });
}
