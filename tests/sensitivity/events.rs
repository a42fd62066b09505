//! Jumps: triggers on states and times, delays, assignments from states.

use insilin::math::exp;

use crate::moved::{moved, try_moved};
use crate::support::tight;

const TIME: &str = "time = { span = [0, 10], every = 0.25 }";

#[test]
fn a_ball_that_bounces_once() {
    let model =
        "h = 5; g = 9.81; e = 0.7; y = h; v = 0; y' = v; v' = -g; at y < 0: v = -e * v, y = 0;";
    let made = moved(
        model,
        "time = { span = [0, 2], every = 0.1 }",
        &["h", "g", "e"],
    );
    let (h, g, e) = (5.0, 9.81, 0.7);
    let t1 = f64::sqrt(2.0 * h / g);
    // y = e g t1 (t − t1) − g (t − t1)² / 2 after the bounce, with t1 = √(2 h / g).
    let by_t1 = |t: f64| e * g * (t - 2.0 * t1) + g * (t - t1);
    made.check(["y", "h"], 1e-7, |t| match t < t1 {
        true => 1.0,
        false => by_t1(t) * t1 / (2.0 * h),
    });
    made.check(["y", "g"], 1e-7, |t| match t < t1 {
        true => -0.5 * t * t,
        false => e * t1 * (t - t1) - 0.5 * (t - t1) * (t - t1) - by_t1(t) * t1 / (2.0 * g),
    });
    made.check(["y", "e"], 1e-7, |t| match t < t1 {
        true => 0.0,
        false => g * t1 * (t - t1),
    });
    // v = e g t1 − g (t − t1): its jump moves too.
    made.check(["v", "h"], 1e-7, |t| match t < t1 {
        true => 0.0,
        false => (1.0 + e) * g * t1 / (2.0 * h),
    });
}

#[test]
fn a_state_that_is_assigned_from_itself_at_a_state() {
    // x reaches c at (c − x(0)) / a, then x = r c + q + a t − (c − x(0)).
    let model = "x = 1; a = 0.8; c = 4.1; r = 0.5; q = 0.3; armed = 1; x' = a; at x > c && armed > 0.5: x = r * x + q, armed = 0;";
    let made = moved(model, TIME, &["c", "r", "q", "a", "x"]);
    let is_before = |t: f64| t < 3.1 / 0.8;
    let after = |value: f64| move |t: f64| if is_before(t) { 0.0 } else { value };
    made.check(["x", "c"], 1e-8, after(0.5 - 1.0));
    made.check(["x", "r"], 1e-8, after(4.1));
    made.check(["x", "q"], 1e-8, after(1.0));
    made.check(["x", "a"], 1e-8, |t| t);
    made.check(["x", "x"], 1e-8, |_| 1.0);
}

#[test]
fn a_parameter_in_the_time_of_a_trigger() {
    for trigger in ["time >= 2 * T", "time > 2 * T", "exp(time) > exp(2 * T)"] {
        let model =
            format!("x = 3; k = 0.2; fast = 0.6; T = 1.7; x' = -k * x; at {trigger}: k = fast;");
        let made = moved(&model, TIME, &["T", "k", "fast", "x"]);
        let x = |t: f64| 3.0 * exp(-0.2 * t.min(3.4) - 0.6 * (t - 3.4).max(0.0));
        made.check(["x", "T"], 1e-7, |t| if t < 3.4 { 0.0 } else { 0.8 * x(t) });
        made.check(["x", "k"], 1e-7, |t| -x(t) * t.min(3.4));
        made.check(["x", "fast"], 1e-7, |t| -x(t) * (t - 3.4).max(0.0));
        made.check(["x", "x"], 1e-8, |t| x(t) / 3.0);
    }
}

#[test]
fn a_parameter_in_the_delay_of_an_event() {
    // Triggered at c / a, executed d · a later: from then on x falls.
    let model = "x = 0; a = 0.5; c = 1.1; d = 4; s = 0.5; x' = s; at d * a after x > c: s = -1;";
    let made = moved(model, TIME, &["a", "c", "d", "s"]);
    let then = 1.1 / 0.5 + 2.0;
    // x = s t − (s + 1) (t − then), then = c / s + d a.
    let after = |value: f64| move |t: f64| if t < then { 0.0 } else { value };
    made.check(["x", "d"], 1e-7, after(1.5 * 0.5));
    made.check(["x", "a"], 1e-7, after(1.5 * 4.0));
    made.check(["x", "c"], 1e-7, after(1.5 / 0.5));
    made.check(["x", "s"], 1e-7, |t| match t < then {
        true => t,
        false => then - 1.5 * 1.1 / 0.25,
    });
}

#[test]
fn values_of_the_trigger_time_and_values_of_the_execution_time() {
    // x = t; triggered at c, executed at c + 2: y becomes x² there or x² of the trigger.
    let model = |flag: &str| {
        format!("x = 0; y = 0; c = 3.1; x' = 1; y' = 0; at 2 after x > c{flag}: y = x^2 + time;")
    };
    let made = moved(&model(""), TIME, &["c"]);
    made.check(["y", "c"], 1e-7, |t| {
        if t < 5.1 { 0.0 } else { 2.0 * 3.1 + 1.0 }
    });
    let made = moved(&model(", fromTrigger = false"), TIME, &["c"]);
    made.check(["y", "c"], 1e-7, |t| {
        if t < 5.1 { 0.0 } else { 2.0 * 5.1 + 1.0 }
    });
}

#[test]
fn an_event_set_off_by_another_moves_with_it() {
    let model = "x = 0; n = 0; y = 1; c = 2.3; x' = 1; y' = -0.4 * y * n; at x > c: n = 1; at n > 0.5: y = y + x;";
    let made = moved(model, TIME, &["c"]);
    // y = (1 + c) e^(−0.4 (t − c)) from c on.
    made.check(["y", "c"], 1e-7, |t| match t < 2.3 {
        true => 0.0,
        false => (1.0 + 0.4 * 3.3) * exp(-0.4 * (t - 2.3)),
    });
}

#[test]
fn an_event_and_a_jump_of_the_rates_on_one_condition() {
    // The rate is 1 below c and 3 above; the event at c adds 5.
    let model = "x = 0; c = 2.3; armed = 1; x' = piecewise(1, x < c, 3); at x >= c && armed > 0.5: x = x + 5, armed = 0;";
    let made = moved(model, TIME, &["c"]);
    made.check(["x", "c"], 1e-7, |t| if t < 2.3 { 0.0 } else { 1.0 - 3.0 });
}

#[test]
fn an_event_in_a_model_with_an_algebraic_rule() {
    // z solves z³ + z = x with x = a t; the event at z = 1, x = 2, adds z to x.
    let model = "x = 0; a = 0.5; x' = a; var z; z = 0; 0 = z^3 + z - x; armed = 1; at z > 1 && armed > 0.5: x = x + a * z, armed = 0;";
    let made = moved(model, TIME, &["a"]);
    // From t1 = 2 / a on x = 2 + a + a (t − 2 / a) = a t + a.
    let x = |t: f64| if t < 4.0 { 0.5 * t } else { 0.5 * t + 0.5 };
    let dx = |t: f64| if t < 4.0 { t } else { t + 1.0 };
    made.check(["x", "a"], 1e-6, dx);
    made.check(["z", "a"], 1e-6, |t| {
        let mut z = 1.0_f64;
        (0..60).for_each(|_| z -= (z * z * z + z - x(t)) / (3.0 * z * z + 1.0));
        dx(t) / (3.0 * z * z + 1.0)
    });
}

#[test]
fn a_concentration_that_is_set_in_a_compartment_that_grows() {
    // The size is 2 + t; at c the concentration becomes b and its amount stays from then on.
    let model =
        "compartment V = 2; species S in V; S = 0; V' = 1; b = 3; c = 1.15; at V > 2 + c: S = b;";
    let made = moved(model, TIME, &["b", "c"]);
    made.check(["S", "b"], 1e-7, |t| {
        if t < 1.15 { 0.0 } else { 3.15 / (2.0 + t) }
    });
    made.check(["S", "c"], 1e-7, |t| {
        if t < 1.15 { 0.0 } else { 3.0 / (2.0 + t) }
    });
}

#[test]
fn a_condition_that_is_only_touched_has_no_derivative() {
    // (t − 2)³ reaches 0 without any speed.
    let model = "y = 1; c = 0; y' = -y; at (time - 2)^3 > c: y = 3;";
    let scenario = "time = { span = [0, 4], every = 1 }";
    let said = try_moved(model, scenario, &["c"], &tight()).map(|_| ());
    let said = said.expect_err("it is refused");
    assert!(said.contains("simulate/grazing"), "{said}");
}

#[test]
fn many_bounces_agree_with_the_series() {
    // From the n-th bounce on: time of bounce n is t1 (1 + 2 (e + … + eⁿ⁻¹)), all times scaling with √h.
    let model =
        "h = 1; g = 8; e = 0.8; y = h; v = 0; y' = v; v' = -g; at y < 0: v = -e * v, y = 0;";
    let made = moved(model, "time = { span = [0, 3], every = 0.125 }", &["h"]);
    let (h, g, e): (f64, f64, f64) = (1.0, 8.0, 0.8);
    let t1 = (2.0 * h / g).sqrt();
    made.check(["y", "h"], 1e-6, |t| {
        let (mut start, mut speed) = (t1, e * g * t1);
        if t < t1 {
            return 1.0;
        }
        while start + 2.0 * speed / g <= t {
            start += 2.0 * speed / g;
            speed *= e;
        }
        // y = speed (t − start) − g (t − start)² / 2, both speed and start scaling with √h.
        let (d_start, d_speed) = (start / (2.0 * h), speed / (2.0 * h));
        d_speed * (t - start) - (speed - g * (t - start)) * d_start
    });
}
