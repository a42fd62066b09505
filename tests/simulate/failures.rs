//! What is said when the numbers fail: `tests/simulate/said/*.txt`.
//!
//! `INSILIN_BLESS=1` writes the expected texts anew; they are reviewed like code.

use std::path::Path;

use crate::support::failure;
use insilin::simulate::{Method, Options};

const TEN: &str = "time = { span = [0, 10], every = 1 }";

fn check(name: &str, model: &str, options: &Options) {
    let said = failure(model, TEN, options);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/simulate/said");
    let path = folder.join(format!("{name}.txt"));
    if std::env::var_os("INSILIN_BLESS").is_some() {
        std::fs::write(&path, &said).expect("the folder can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(said == expected, "{name} is told otherwise:\n{said}");
}

fn with(method: Method) -> Options {
    Options {
        method,
        ..Options::default()
    }
}

#[test]
fn a_division_by_zero_at_the_start() {
    check(
        "division",
        "species S; S = 0;\nJ: -> S; 1 / S;",
        &Options::default(),
    );
}

#[test]
fn a_logarithm_of_what_falls_below_zero() {
    check(
        "logarithm",
        "x = 1; y = 0;\nx' = -0.5;\ny' = ln(x);",
        &Options::default(),
    );
}

#[test]
fn a_root_of_what_becomes_negative_in_time() {
    check("root", "y = 0;\ny' = sqrt(3 - time);", &Options::default());
}

#[test]
fn growth_without_bounds() {
    check("growth", "x = 1;\nx' = x^2;", &Options::default());
}

#[test]
fn a_parameter_made_infinite_by_an_event() {
    check(
        "infinite_parameter",
        "k = 1; z = 0; x = 1;\nx' = -k * x;\nat time >= 3: k = 1 / z;",
        &Options::default(),
    );
}

#[test]
fn a_state_made_infinite_by_an_event() {
    check(
        "infinite_state",
        "z = 0; x = 1; x' = -x;\nreset: at time >= 3: x = 1 / z;",
        &Options::default(),
    );
}

#[test]
fn events_without_end() {
    check(
        "endless_events",
        "a = 0; b = 1;\non: at a > b: a = a - 2;\noff: at a < b && time >= 1: a = a + 2;",
        &Options::default(),
    );
}

#[test]
fn a_ball_that_bounces_for_ever() {
    check(
        "ever_faster_events",
        "h = 1; v = 0; h' = v; v' = -9.81;\nbounce: at h <= 0: v = -0.7 * v;",
        &Options::default(),
    );
}

#[test]
fn a_negative_delay() {
    check(
        "negative_delay",
        "d = 2; x = 0;\nlate: at 1 - d after time >= 2: x = 1;",
        &Options::default(),
    );
}

#[test]
fn an_algebraic_rule_without_a_solution() {
    check(
        "no_solution",
        "x = 1; x' = 0; var y; y = 1;\nalg: 0 = x + y^2 - 5;\nat time >= 2: x = 7;",
        &Options::default(),
    );
}

#[test]
fn too_many_steps() {
    let options = Options {
        max_steps: 20,
        ..Options::default()
    };
    check(
        "too_many_steps",
        "x = 1; v = 0; x' = v; v' = -10000 * x;",
        &options,
    );
}

#[test]
fn explicit_methods_refuse_triggers_of_states() {
    check(
        "explicit_state_event",
        "x = 0; x' = 1;\nhigh: at x > 3: x = 0;",
        &with(Method::Dopri5),
    );
}

#[test]
fn explicit_methods_refuse_algebraic_rules() {
    check(
        "explicit_algebraic",
        "x = 4; x' = -x; var y; y = 1;\n0 = x + y - 5;",
        &with(Method::Dop853),
    );
}

#[test]
fn explicit_methods_refuse_delays() {
    check(
        "explicit_delay",
        "x = 1;\nx' = -delay(x, 1);",
        &with(Method::Dopri5),
    );
}

#[test]
fn explicit_methods_say_when_a_model_turns_stiff() {
    check(
        "explicit_stiff",
        "x = 1; y = 0;\nx' = -100000 * (x - y); y' = 1 - y;",
        &with(Method::Dopri5),
    );
}

#[test]
fn explicit_methods_end_at_what_is_not_finite() {
    check(
        "explicit_not_finite",
        "y = 0;\ny' = sqrt(3 - time);",
        &with(Method::Dopri5),
    );
}
