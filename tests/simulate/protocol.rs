//! What a scenario does to a model: closed forms of one-compartment kinetics.

use crate::support::{run, run_with, tight};
use insilin::math::exp;
use insilin::simulate::{Method, Options};

/// Elimination at 0.1 per unit of time from a compartment of size 5.
const DRUG: &str = "compartment body = 5; species D in body; D = 0; k = 0.1; J: D -> ; k * D * body; amount := D * body;";
const HOUR: &str = "time = { span = [0, 60], every = 5 }";

fn given(protocol: &str) -> String {
    format!("{HOUR}\nprotocol = [{protocol}]")
}

#[test]
fn a_bolus_at_a_sample_time_is_counted_once_and_seen_there() {
    let table = run(DRUG, &given("{ bolus = \"D\", amount = 20, time = 10 }"));
    table.check("amount", 1e-8, |t| {
        if t < 10.0 {
            0.0
        } else {
            20.0 * exp(-0.1 * (t - 10.0))
        }
    });
}

#[test]
fn boluses_at_one_time_add() {
    let both =
        "{ bolus = \"D\", amount = 20, time = 10 }, { bolus = \"D\", amount = 5, time = 10 }";
    let table = run(DRUG, &given(both));
    table.check_at("amount", 1e-8, &[(10.0, 25.0)]);
}

#[test]
fn an_infusion_is_an_amount_per_time_over_its_interval() {
    let table = run(DRUG, &given("{ rate = \"D\", at = 3, from = 10, to = 30 }"));
    table.check("amount", 1e-8, |t| {
        let during = 30.0 * (1.0 - exp(-0.1 * (t.min(30.0) - 10.0).max(0.0)));
        during * exp(-0.1 * (t - 30.0).max(0.0))
    });
}

#[test]
fn overlapping_infusions_add() {
    let both =
        "{ rate = \"D\", at = 3, from = 0, to = 30 }, { rate = \"D\", at = 2, from = 20, to = 40 }";
    let table = run(DRUG, &given(both));
    let part = |rate: f64, from: f64, to: f64, t: f64| {
        let during = 10.0 * rate * (1.0 - exp(-0.1 * (t.min(to) - from).max(0.0)));
        during * exp(-0.1 * (t - to).max(0.0))
    };
    table.check("amount", 1e-8, |t| {
        part(3.0, 0.0, 30.0, t) + part(2.0, 20.0, 40.0, t)
    });
}

#[test]
fn a_hold_covers_its_beginning_and_not_its_end() {
    let model = "var u; u = 7; x = 0; x' = u;";
    let table = run(
        model,
        &given("{ hold = \"u\", at = 2, from = 10, to = 20 }"),
    );
    table.check_at(
        "u",
        0.0,
        &[
            (5.0, 7.0),
            (10.0, 2.0),
            (15.0, 2.0),
            (20.0, 7.0),
            (25.0, 7.0),
        ],
    );
    table.check("x", 1e-9, |t| 7.0 * t - 5.0 * (t.min(20.0) - 10.0).max(0.0));
}

#[test]
fn a_hold_from_the_start_is_there_for_the_initial_values() {
    let model = "var u; u = 7; x = 3 * u; x' = 0;";
    let table = run(model, &given("{ hold = \"u\", at = 2, from = 0, to = 20 }"));
    table.check("x", 0.0, |_| 6.0);
    table.check_at("u", 0.0, &[(0.0, 2.0), (20.0, 7.0)]);
}

#[test]
fn a_set_lasts_and_may_use_what_is() {
    let model = "k = 1; k has dimensionless; x = 0; x' = k;";
    let protocol = "{ set = \"k\", formula = \"2 * k + x\", from = 10 }";
    let table = run(
        &model.replace("k has dimensionless; ", ""),
        &given(protocol),
    );
    // At 10, x is 10 and k becomes 12.
    table.check("x", 1e-9, |t| {
        if t < 10.0 {
            t
        } else {
            10.0 + 12.0 * (t - 10.0)
        }
    });
}

#[test]
fn a_parameter_that_is_set_at_the_start_from_its_own_value_is_set_once() {
    let model = "var u, v; u = 3; v = 2 * u; x = 0; x' = u; y = v; y' = 0;";
    let twice = "{ set = \"u\", formula = \"2 * u\", from = 0 }, { set = \"u\", formula = \"u + 1\", from = 0 }";
    let table = run(model, &given(twice));
    table.check("x", 1e-9, |t| 7.0 * t);
    // What is computed from it at the start is computed from the value that is set.
    table.check("y", 1e-9, |_| 14.0);
}

#[test]
fn a_concentration_that_is_set_is_a_concentration() {
    let table = run(DRUG, &given("{ set = \"D\", at = 4, from = 10 }"));
    table.check_at("D", 1e-12, &[(5.0, 0.0), (10.0, 4.0)]);
    table.check_at("amount", 1e-12, &[(10.0, 20.0)]);
}

#[test]
fn a_concentration_that_is_set_is_one_in_the_present_size() {
    let model = "compartment body = 5; body' = 1; species D in body; D = 0; J: D -> ; 0; amount := D * body;";
    let table = run(
        model,
        &given("{ set = \"D\", at = 4, from = 10 }, { bolus = \"D\", amount = 30, time = 20 }"),
    );
    // The size is 15 at 10 and 25 at 20; the amount stays while the body grows.
    table.check_at("amount", 1e-9, &[(10.0, 60.0), (15.0, 60.0), (20.0, 90.0)]);
    table.check_at("D", 1e-9, &[(10.0, 4.0), (15.0, 3.0), (20.0, 3.6)]);
}

#[test]
fn a_species_that_reactions_leave_alone_can_be_held_in_a_body_that_grows() {
    let model = "compartment body = 5; body' = 1; species $D in body; D = 2; x = 0; x' = D;";
    let table = run(
        model,
        &given("{ hold = \"D\", at = 4, from = 10, to = 20 }"),
    );
    // Held at 4 when the size is 15: from then on the amount 60 is diluted.
    table.check_at("D", 1e-9, &[(0.0, 2.0), (10.0, 4.0), (15.0, 3.0)]);
}

#[test]
fn a_clamp_reaches_its_target_and_keeps_within_its_limits() {
    let model = "G = 4; infusion = 0; G' = infusion - 0.05 * G;";
    let clamp = |most: f64| {
        format!(
            "time = {{ span = [0, 200], every = 5 }}\nprotocol = [{{ clamp = \"G\", target = 6, by = \"infusion\", every = 5, start = 0, gain = 0.05, integral = 0.004, limits = [0, {most}], from = 0, to = 195 }}]"
        )
    };
    let table = run(model, &clamp(1.0));
    // At rest the infusion makes up for the loss, 0.05 · 6.
    table.check_at("G", 2e-3, &[(190.0, 6.0)]);
    table.check_at("infusion", 2e-3, &[(190.0, 0.3), (195.0, 0.0)]);
    let short = run(model, &clamp(0.1));
    let (t, infusion) = (
        &short.0.trajectory.time,
        short.0.trajectory.values("infusion"),
    );
    let infusion = infusion.expect("it is a quantity");
    assert!(
        infusion.iter().all(|&u| (0.0..=0.1).contains(&u)),
        "{t:?} {infusion:?}"
    );
    assert!(infusion.contains(&0.1), "the limit is reached");
}

#[test]
fn a_clamp_samples_and_holds_as_its_law_says() {
    // Samples at 0, 5, 10: u ← u + gain (e − e₋₁) + integral · every · e, by hand.
    let model = "G = 4; infusion = 0; G' = infusion;";
    let scenario = "time = { span = [0, 15], every = 2.5 }\nprotocol = [{ clamp = \"G\", target = 6, by = \"infusion\", every = 5, start = 0.1, gain = 0.05, integral = 0.004, limits = [-10, 10], from = 0, to = 12.5 }]";
    let table = run(model, scenario);
    let g5 = 4.0 + 5.0 * 0.1;
    let u5 = 0.1 + 0.05 * ((6.0 - g5) - 2.0) + 0.004 * 5.0 * (6.0 - g5);
    let g10 = g5 + 5.0 * u5;
    let u10 = u5 + 0.05 * ((6.0 - g10) - (6.0 - g5)) + 0.004 * 5.0 * (6.0 - g10);
    let expected = [
        (0.0, 0.1),
        (2.5, 0.1),
        (5.0, u5),
        (7.5, u5),
        (10.0, u10),
        (12.5, 0.0),
    ];
    table.check_at("infusion", 1e-9, &expected);
}

#[test]
fn events_and_protocol_at_one_time_happen_in_that_order_the_protocol_first() {
    let model = "x = 0; seen = 0; at time >= 10: seen = x;";
    let table = run(model, &given("{ set = \"x\", at = 3, from = 10 }"));
    table.check_at("seen", 0.0, &[(10.0, 3.0)]);
}

#[test]
fn a_protocol_can_set_off_an_event() {
    let model = "var dose; dose = 0; n = 0; at dose > 1: n = n + 1;";
    let twice = "{ hold = \"dose\", at = 2, from = 10, to = 20 }, { hold = \"dose\", at = 3, from = 30, to = 40 }";
    run(model, &given(twice)).check_at(
        "n",
        0.0,
        &[(5.0, 0.0), (10.0, 1.0), (25.0, 1.0), (30.0, 2.0)],
    );
}

#[test]
fn explicit_methods_do_the_same_protocols_and_timed_events() {
    let model = "compartment body = 5; species D in body; D = 0; k = 0.1; J: D -> ; k * D * body; amount := D * body;
        at time > 40: k = 0.2;";
    let scenario = given(
        "{ bolus = \"D\", amount = 20, time = 10 }, { rate = \"D\", at = 3, from = 20, to = 30 }",
    );
    let reference = run(model, &scenario);
    for method in [Method::Dopri5, Method::Dop853] {
        let options = Options { method, ..tight() };
        let table = run_with(model, &scenario, &options);
        table.check("amount", 1e-7, |t| reference.at("amount", t));
        table.check("k", 0.0, |t| if t <= 40.0 { 0.1 } else { 0.2 });
    }
}
