//! Rates alone: decay, branches, protocols, clamps.

use insilin::math::exp;

use crate::moved::{moved, try_moved};
use crate::support::tight;

const TIME: &str = "time = { span = [0, 10], every = 0.5 }";

#[test]
fn decay_moves_with_its_rate_and_its_start() {
    let made = moved(
        "A = 8; k = 0.3; A' = -k * A; half := A / 2;",
        TIME,
        &["k", "A"],
    );
    made.check(["A", "k"], 1e-8, |t| -8.0 * t * exp(-0.3 * t));
    made.check(["A", "A"], 1e-8, |t| exp(-0.3 * t));
    made.check(["half", "k"], 1e-8, |t| -4.0 * t * exp(-0.3 * t));
}

#[test]
fn the_run_itself_has_the_bytes_of_a_plain_one() {
    let case = crate::support::Case::new("A = 8; k = 0.3; A' = -k * A;", TIME);
    let plain = case.run(&tight()).expect("it runs");
    let made = moved("A = 8; k = 0.3; A' = -k * A;", TIME, &["k"]);
    assert_eq!(made.0.run.trajectory, plain.trajectory);
}

#[test]
fn a_parameter_that_is_zero_has_a_sensitivity() {
    let made = moved("A = 8; k = 0; A' = -k * A;", TIME, &["k"]);
    made.check(["A", "k"], 1e-8, |t| -8.0 * t);
}

#[test]
fn species_move_as_concentrations_with_compartments_of_any_size() {
    let model = "compartment c = 4; species A in c; A = 2; v = 3; J: -> A; v - 0.5 * A;";
    let made = moved(model, TIME, &["v", "A", "c"]);
    // Amount' = v − A / 2, so that A' = (v − A / 2) / c.
    let fade = |t: f64| exp(-t / 8.0);
    made.check(["A", "v"], 1e-8, |t| 2.0 * (1.0 - fade(t)));
    made.check(["A", "A"], 1e-8, fade);
    // A(t) = 2 v + (A(0) − 2 v) e^(−t / 2 c)
    made.check(["A", "c"], 1e-8, |t| -4.0 * t / 32.0 * fade(t));
}

#[test]
fn a_rate_that_jumps_at_a_time_moves_with_that_time() {
    let model = "x = 0; a = 3; b = 1; T = 4.25; x' = piecewise(a, time < T, b);";
    let made = moved(model, TIME, &["T", "a", "b"]);
    made.check(["x", "T"], 1e-8, |t| if t < 4.25 { 0.0 } else { 2.0 });
    made.check(["x", "a"], 1e-8, |t| t.min(4.25));
    made.check(["x", "b"], 1e-8, |t| (t - 4.25).max(0.0));
}

#[test]
fn a_rate_that_jumps_at_a_state_moves_with_the_border() {
    // x reaches c at c, then goes on twice as fast: x = 2 t − c, whether or not the border is on the grid.
    for c in ["4.3", "4.5"] {
        let model = format!("x = 0; c = {c}; s = 1; x' = piecewise(s, x < c, 2);");
        let made = moved(
            &model,
            "time = { span = [0, 10], every = 0.75 }",
            &["c", "x", "s"],
        );
        let c: f64 = c.parse().expect("a number");
        // At the border itself there are two answers.
        let at_border = |t: f64, x: &str| made.at("x", x, t);
        made.check(["x", "c"], 1e-8, |t| match t {
            t if t == c => at_border(t, "c"),
            t if t < c => 0.0,
            _ => -1.0,
        });
        made.check(["x", "x"], 1e-8, |t| match t {
            t if t == c => at_border(t, "x"),
            t if t < c => 1.0,
            _ => 2.0,
        });
        // x = c + 2 (t − c / s)
        made.check(["x", "s"], 1e-8, |t| match t {
            t if t == c => at_border(t, "s"),
            t if t < c => t,
            _ => 2.0 * c,
        });
    }
}

#[test]
fn kinks_leave_no_jump() {
    // x = t, y' = max(x − c, 0): y = (t − c)² / 2 beyond c. The same with the branch written out.
    let model = "x = 0; y = 0; z = 0; c = 3.2; x' = 1; y' = max(x - c, 0); z' = piecewise(x - c, x > c, 0);";
    let made = moved(model, TIME, &["c"]);
    made.check(["y", "c"], 1e-7, |t| -(t - 3.2).max(0.0));
    made.check(["z", "c"], 1e-7, |t| -(t - 3.2).max(0.0));
}

#[test]
fn whole_steps_of_time_and_of_states_move_the_times_of_their_jumps() {
    // x' = floor(t / w): at the k-th step, at k w, the rate grows by 1.
    let model =
        "x = 0; w = 1.3; x' = floor(time / w); y = 0; r = 0.8; y' = r; z = 0; z' = floor(y);";
    let made = moved(model, TIME, &["w", "r"]);
    let sum = |end: f64| (1..=20).map(f64::from).filter(|k| *k <= end).sum::<f64>();
    made.check(["x", "w"], 1e-7, |t| -sum(t / 1.3));
    // z = Σ (t − k / r) over steps passed: dz/dr = Σ k / r².
    let inside = |t: f64| (0.8 * t - (0.8 * t).round()).abs() > 1e-9;
    for t in made
        .0
        .run
        .trajectory
        .time
        .clone()
        .into_iter()
        .filter(|t| inside(*t))
    {
        let (value, expected) = (made.at("z", "r", t), sum(0.8 * t) / 0.64);
        assert!(
            (value - expected).abs() < 1e-7,
            "{t}: {value} not {expected}"
        );
    }
}

#[test]
fn a_dose_at_a_known_time_moves_with_what_it_is_made_of() {
    let model = "A = 1; k = 0.3; dose = 2; A' = -k * A;";
    let scenario =
        format!("{TIME}\nprotocol = [{{ bolus = \"A\", formula = \"dose * A\", time = 4 }}]");
    let made = moved(model, &scenario, &["k", "dose", "A"]);
    // At 4 it becomes 1 + dose times what it was.
    let factor = |t: f64| if t < 4.0 { 1.0 } else { 3.0 };
    made.check(["A", "k"], 1e-8, |t| -t * factor(t) * exp(-0.3 * t));
    made.check(["A", "A"], 1e-8, |t| factor(t) * exp(-0.3 * t));
    made.check(["A", "dose"], 1e-8, |t| {
        if t < 4.0 { 0.0 } else { exp(-0.3 * t) }
    });
}

#[test]
fn a_value_set_from_the_start_follows_its_formula() {
    let model = "var u; u = 1; a = 3; x = 0; x' = u;";
    let scenario = format!(
        "{TIME}\nprotocol = [{{ set = \"u\", formula = \"2 * a\", from = 0 }}, {{ set = \"u\", at = 1, from = 4 }}]"
    );
    let made = moved(model, &scenario, &["a"]);
    made.check(["x", "a"], 1e-8, |t| 2.0 * t.min(4.0));
    let said = try_moved(model, &scenario, &["u"], &tight()).map(|_| ());
    assert!(said.unwrap_err().contains("simulate/driven-parameter"));
}

#[test]
fn a_clamp_moves_with_what_it_measures_as_its_law_says() {
    let model = "G = 4; loss = 0.1; infusion = 0; G' = infusion - loss;";
    let scenario = "time = { span = [0, 15], every = 2.5 }\nprotocol = [{ clamp = \"G\", target = 6, by = \"infusion\", every = 5, start = 0.1, gain = 0.05, integral = 0.004, limits = [-10, 10], from = 0, to = 12.5 }]";
    let made = moved(model, scenario, &["loss", "G"]);
    // dG/dloss at 5 is −5; the second sample moves by (gain + integral · every) · 5, and so on, by hand.
    let (gain, integral) = (0.05, 0.02);
    let (g5, u5) = (-5.0, (gain + integral) * 5.0);
    let g10 = g5 + 5.0 * (u5 - 1.0);
    let u10 = u5 + gain * (g5 - g10) - integral * g10;
    for (time, expected) in [(2.5, 0.0), (7.5, u5), (10.0, u10), (15.0, 0.0)] {
        let value = made.at("infusion", "loss", time);
        assert!(
            (value - expected).abs() < 1e-9,
            "{time}: {value} not {expected}"
        );
    }
    let g15 = g10 + 2.5 * u10 - 5.0;
    assert!((made.at("G", "loss", 15.0) - g15).abs() < 1e-9);
    let first = made.at("infusion", "G", 5.0);
    assert!((first - -integral).abs() < 1e-9, "{first}");
}

#[test]
fn what_a_limited_clamp_gives_does_not_move() {
    let model = "G = 4; loss = 0.1; infusion = 0; G' = infusion - loss;";
    let scenario = "time = { span = [0, 15], every = 2.5 }\nprotocol = [{ clamp = \"G\", target = 60, by = \"infusion\", every = 5, start = 0.1, gain = 0.05, integral = 0.4, limits = [0, 0.2], from = 0, to = 12.5 }]";
    let made = moved(model, scenario, &["loss"]);
    made.check(["infusion", "loss"], 0.0, |_| 0.0);
    made.check(["G", "loss"], 1e-9, |t| -t);
}

#[test]
fn units_are_those_of_the_quantity_per_that_of_the_parameter() {
    let model = "unit per_min = 1 / (60 second); unit mM = 1e-3 mole / litre; var x; x = 1; x has mM; k = 2; k has per_min; x' = -k * x;";
    let made = moved(model, TIME, &["k"]);
    let units = &made.0.parameters[0].derivatives.columns;
    let x = units.iter().find(|column| column.id == "x").expect("x");
    assert_eq!(x.unit, "mM/(1/min)");
}

#[test]
fn delays_and_fast_reactions_and_formulas_are_refused_with_their_element() {
    let refused = |model: &str, id: &str| {
        let said = try_moved(model, TIME, &[id], &tight()).map(|_| ());
        said.expect_err("it is refused")
    };
    let said = refused("x = 1; k = 1; x' = -k * delay(x, 1);", "k");
    assert!(
        said.contains("compile/no-sensitivity") && said.contains("rule of `x`"),
        "{said}"
    );
    let said = refused("x = 1; k = 1; x' = -k * x; y := 2 * x;", "y");
    assert!(
        said.contains("simulate/not-a-parameter") && said.contains("`y`"),
        "{said}"
    );
}

#[test]
fn a_power_of_what_rounding_put_below_zero_moves_with_its_exponent() {
    let model = "x = -1e-60; n = 4; y = 1; k = 0.3; x' = 0; y' = x^n - k * y;";
    let made = moved(model, TIME, &["n", "k"]);
    made.check(["y", "n"], 1e-30, |_| 0.0);
    made.check(["y", "k"], 1e-8, |t| -t * exp(-0.3 * t));
}
