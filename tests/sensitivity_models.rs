//! Local sensitivities of published models against differences of accurate runs, for every parameter.

mod support;

use insilin::model::Symbol;
use insilin::scenario::Arm;
use insilin::simulate::sensitivity::{self, Request, Sensitivity};
use insilin::simulate::{Experiment, Options, run_with};
use insilin::trajectory::Trajectory;

use support::files::{arm_in, told};

/// Share of a parameter by which it is moved in the differences. With Richardson's extrapolation what they leave out is
/// of the fourth order, 1e-12 · 5; what tolerances of 1e-11 leave in is 1e-8 of a quantity.
const STEP: f64 = 1e-3;
/// How far a sensitivity may be from the difference, of the largest one of the quantity, …
const OF_DERIVATIVE: f64 = 2e-6;
/// … and in terms of the quantity per parameter, for those to which it hardly responds.
const OF_QUANTITY: f64 = 2e-7;

fn accurate() -> Options {
    Options {
        rtol: 1e-11,
        atol: 1e-14,
        ..Options::default()
    }
}

/// The run with one parameter at a value.
fn moved(experiment: &Experiment, arm: &Arm, symbol: Symbol, value: f64) -> Trajectory {
    let set = &experiment.overrides(arm, symbol, &[value])[0];
    let run = run_with(experiment, arm, set, &accurate());
    run.unwrap_or_else(|failure| panic!("{failure:?}"))
        .trajectory
}

/// Richardson's extrapolation of central differences at two distances.
fn difference(experiment: &Experiment, arm: &Arm, one: &Sensitivity) -> ndarray::Array2<f64> {
    let at = |value: f64| moved(experiment, arm, one.symbol, value).data;
    let central = |h: f64| (at(one.value + h) - at(one.value - h)) / (2.0 * h);
    let h = STEP * one.value.abs();
    (4.0 * central(0.5 * h) - central(h)) / 3.0
}

fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |most, v| most.max(v.abs()))
}

/// Compares all columns of one parameter; gives the worst as a share of what is allowed.
fn worst(experiment: &Experiment, arm: &Arm, run: &Trajectory, one: &Sensitivity) -> f64 {
    let expected = difference(experiment, arm, one);
    let made = &one.derivatives.data;
    let mut worst = 0.0_f64;
    for (at, column) in run.columns.iter().enumerate() {
        let off = largest((&made.column(at) - &expected.column(at)).iter().copied());
        let size = largest(expected.column(at).iter().copied());
        let quantity = largest(run.data.column(at).iter().copied()) / one.value.abs();
        let allowed = OF_DERIVATIVE * size + OF_QUANTITY * quantity;
        assert!(
            off <= allowed || (off == 0.0 && allowed == 0.0),
            "d{}/d{}: off by {off:e} of {size:e}, allowed is {allowed:e}",
            column.id,
            one.id
        );
        if allowed > 0.0 {
            worst = worst.max(off / allowed);
        }
    }
    worst
}

/// Every plain parameter of a model that is not zero; at least as many as said.
///
/// * `on_border` — those on whose values a condition stands at the start: differences see both of its sides
fn check(arm: &Arm, at_least: usize, on_border: &[&str]) {
    let request = Request {
        parameters: sensitivity::parameters(arm),
    };
    let options = Options {
        rtol: 1e-9,
        atol: 1e-12,
        ..Options::default()
    };
    let made = sensitivity::run(arm, &request, &options);
    let made = made.unwrap_or_else(|wrong| panic!("{}", told(&wrong)));
    let warned = made.warnings.0.iter();
    let warned = warned.filter(|found| found.code == "simulate/on-border");
    let named = |id: &&str| warned.clone().any(|found| found.message.contains(*id));
    assert!(on_border.iter().all(named) && warned.clone().count() == on_border.len());
    let made = made.value;
    let experiment = Experiment::new(arm).expect("it compiles").value;
    let is_compared = |one: &&Sensitivity| one.value != 0.0 && !on_border.contains(&&*one.id);
    let moving = made.parameters.iter().filter(is_compared);
    let shares = moving.map(|one| worst(&experiment, arm, &made.run.trajectory, one));
    let shares: Vec<f64> = shares.collect();
    assert!(shares.len() >= at_least, "only {} parameters", shares.len());
    let worst = largest(shares);
    assert!(
        worst <= 1.0,
        "{}: {worst:.2e} of what is allowed",
        arm.model_path
    );
}

fn pulse(model: &str) -> Arm {
    let protocol = [r#"{ hold = "insulin", at = "100 nmol/L", from = 0, to = 15 }"#.to_owned()];
    arm_in("min", model, "span = [0, 60], every = 5", &protocol, &[])
}

#[test]
fn the_insulin_cascade_of_a_fat_cell_under_a_pulse() {
    let arm = pulse("published/sedaghat_2002.ant");
    check(&arm, 20, &["IR_in_switch"]);
}

#[test]
fn a_meal_in_a_healthy_adult() {
    let protocol = [r#"{ meal = "78 g", time = 0 }"#.to_owned()];
    let arm = arm_in(
        "min",
        "published/dalla_man_2007.ant",
        "span = [0, 300], every = 20",
        &protocol,
        &[],
    );
    check(&arm, 30, &[]);
}
