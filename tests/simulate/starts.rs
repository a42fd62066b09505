//! Steady starts and varied starts.

use crate::support::{Case, at, failure, run, tight};
use insilin::math::{Pack, exp};
use insilin::simulate::{Experiment, Options, run_lanes, run_with};

const STEADY: &str = "time = { span = [0, 10], every = 1 }\ninitial = \"steady-state\"\n";

/// A ⇌ B at 2 and 3, the total of A and B being 10.
const RING: &str =
    "species A, B; A = 10; B = 0; u = 2; J0: A -> B; u * A; J1: B -> A; 3 * B; total := A + B;";

#[test]
fn a_steady_start_keeps_totals_and_stays_where_it_is() {
    let table = run(RING, STEADY);
    table.check("A", 1e-8, |_| 6.0);
    table.check("B", 1e-8, |_| 4.0);
}

#[test]
fn a_steady_start_is_that_of_the_first_values_of_the_protocol() {
    let scenario = format!("{STEADY}protocol = [{{ hold = \"u\", at = 7, from = 0, to = 5 }}]");
    let table = run(RING, &scenario);
    table.check_at("A", 1e-8, &[(0.0, 3.0), (4.0, 3.0)]);
    // Afterwards towards 6 at the rate 2 + 3.
    table.check_at("A", 1e-7, &[(6.0, 6.0 - 3.0 * exp(-5.0))]);
}

#[test]
fn a_bolus_at_the_start_comes_on_top_of_the_steady_state() {
    let model = "species A; A = 0; J0: -> A; 4; J1: A -> ; 2 * A;";
    let scenario = format!("{STEADY}protocol = [{{ bolus = \"A\", amount = 5, time = 0 }}]");
    run(model, &scenario).check("A", 1e-8, |t| 2.0 + 5.0 * exp(-2.0 * t));
}

#[test]
fn a_model_that_oscillates_has_no_steady_start() {
    // The Brusselator beyond its Hopf point, B > 1 + A².
    let model = "x = 1.2; y = 3; x' = 1 + x^2 * y - 4 * x; y' = 3 * x - x^2 * y;";
    let said = failure(model, STEADY, &Options::default());
    assert!(said.contains("simulate/no-steady-state"), "{said}");
    assert!(said.contains("oscillates"), "{said}");
}

#[test]
fn a_model_that_fills_up_has_no_steady_start() {
    let said = failure("x = 1; x' = 2;", STEADY, &Options::default());
    assert!(
        said.contains("simulate/no-steady-state") && said.contains("`x`"),
        "{said}"
    );
}

#[test]
fn start_values_of_states_can_be_varied() {
    let model =
        "compartment c = 2; species S in c; S = 1; double = 2 * S; k = 0.5; J: S -> ; k * S * c;";
    let case = Case::new(model, "time = { span = [0, 2], every = 1 }");
    let symbol = case.arm.model.symbol("S").expect("it is in the model");
    let made = Experiment::varying(&case.arm, Some(symbol));
    let experiment = made.expect("it compiles").value;
    let sets = experiment.overrides(&case.arm, symbol, &[3.0, 5.0]);
    for (set, start) in sets.iter().zip([3.0, 5.0]) {
        let run = run_with(&experiment, &case.arm, set, &tight()).expect("it runs");
        // A concentration, and what is computed from it at the start follows.
        assert!((at(&run.trajectory, "S", 2.0) - start * exp(-1.0)).abs() < 1e-8);
        assert_eq!(at(&run.trajectory, "double", 0.0), 2.0 * start);
    }
}

#[test]
fn parameters_can_be_varied_and_those_made_of_them_follow() {
    let case = Case::new(
        "a = 1; b = 3 * a; x = 0; x' = b;",
        "time = { span = [0, 2], every = 1 }",
    );
    let symbol = case.arm.model.symbol("a").expect("it is in the model");
    let made = Experiment::varying(&case.arm, Some(symbol));
    let experiment = made.expect("it compiles").value;
    let sets = experiment.overrides(&case.arm, symbol, &[1.0, 2.0, 4.0]);
    let runs = run_lanes::<Pack<4>>(&experiment, &case.arm, &sets, &tight());
    for (run, a) in runs.iter().zip([1.0, 2.0, 4.0]) {
        let trajectory = run.as_ref().expect("it runs");
        assert!((at(trajectory, "x", 2.0) - 6.0 * a).abs() < 1e-9);
    }
}
