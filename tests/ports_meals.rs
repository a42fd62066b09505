//! The port of O'Donovan 2022, a mixed meal.

mod support;

use insilin::simulate::Options;
use insilin::trajectory::Trajectory;
use support::files::{arm, scenario};
use support::ports::{Case, check_derivatives, check_trajectory, column, near, points, run, tight};
use support::{outside, shared};

const ODONOVAN: Case = Case {
    folder: "odonovan_2022_mixed_meal",
    model: "published/odonovan_2022.ant",
    unit: "min",
    protocol: &[
        r#"{ give = "meal_glucose", amount = "75 g", time = 0 }"#,
        r#"{ give = "meal_fat_saturated", amount = "60 g", time = 0 }"#,
    ],
    departures: &[],
};

/// What the model takes for a meal of 75 g of glucose.
const GLUCOSE: &str = r#"{ give = "meal_glucose", amount = "75 g", time = 0 }"#;

#[test]
fn derivatives_are_those_of_the_published_equations() {
    check_derivatives(&ODONOVAN);
}

#[test]
fn trajectories_are_those_of_the_published_equations() {
    check_trajectory(&ODONOVAN, &tight(), 1e-9);
    check_trajectory(&ODONOVAN, &Options::default(), 1e-5);
}

fn eaten(meals: &[String]) -> Trajectory {
    run(
        &arm(ODONOVAN.model, "span = [0, 480], every = 0.1", meals, &[]),
        &tight(),
    )
}

fn fat(kind: &str, grams: f64) -> String {
    format!("{{ give = \"meal_fat_{kind}\", amount = \"{grams} g\", time = 0 }}")
}

/// The highest value from a time on, or the lowest with a factor of -1, and when it is reached.
fn turn(run: &Trajectory, id: &str, factor: f64, after: f64) -> (f64, f64) {
    let rows = run.time.iter().copied().zip(column(run, id));
    let mut best = (f64::NEG_INFINITY, f64::NAN);
    for (time, value) in rows.filter(|row| row.0 >= after) {
        if factor * value > best.0 {
            best = (factor * value, time);
        }
    }
    (factor * best.0, best.1)
}

fn turns(run: &Trajectory, id: &str, factor: f64, after: f64, value: (f64, f64), time: f64) {
    let found = turn(run, id, factor, after);
    near(id, found.0, value.0, value.1);
    near(&format!("time of {id}"), found.1, time, 0.5);
}

#[test]
fn glucose_insulin_fatty_acids_and_triglyceride_turn_when_they_should() {
    let run = eaten(&[GLUCOSE.to_string(), fat("saturated", 60.0)]);
    turns(&run, "G", 1.0, 0.0, (6.75, 0.005), 36.0);
    turns(&run, "I", 1.0, 0.0, (105.0, 0.5), 54.0);
    turns(&run, "NEFA", -1.0, 0.0, (0.079, 5e-4), 96.0);
    turns(&run, "NEFA", 1.0, 100.0, (0.54, 0.005), 404.0);
    turns(&run, "TG", 1.0, 0.0, (2.40, 0.005), 243.0);
}

#[test]
fn the_kinds_of_fat_in_a_meal_add() {
    let one = eaten(&[GLUCOSE.to_string(), fat("saturated", 60.0)]);
    let kinds = [
        ("saturated", 20.0),
        ("monounsaturated", 30.0),
        ("polyunsaturated", 10.0),
    ];
    let meal = kinds.map(|(kind, grams)| fat(kind, grams));
    let parts = eaten(&[vec![GLUCOSE.to_string()], meal.to_vec()].concat());
    for id in ["TG", "NEFA", "TG_lymph1"] {
        // The clock starts at 0.01 min: what came before has lost 2e-6 of itself when the next kind comes.
        outside::same(&one, id, &parts, id, 1e-5);
    }
}

#[test]
fn nothing_is_lost_of_a_second_meal_on_a_full_stomach() {
    let meals = [0, 30]
        .map(|time| format!("{{ give = \"meal_glucose\", amount = \"40 g\", time = {time} }}"));
    let run = run(
        &arm(ODONOVAN.model, "span = [0, 900], every = 0.5", &meals, &[]),
        &tight(),
    );
    let flow = column(&run, "absorption");
    let absorbed: f64 = flow.windows(2).map(|pair| (pair[0] + pair[1]) * 0.25).sum();
    near("glucose absorbed, mg", absorbed, 80_000.0, 20.0);
}

#[test]
fn a_steady_start_is_where_liver_and_lipase_balance() {
    let text = format!(
        "schema = 1\nname = \"case\"\nmodel = \"{}\"\ninitial = \"steady-state\"\n\
         time = {{ unit = \"min\", points = [0, 480] }}\n",
        ODONOVAN.model
    );
    let arm = scenario("case.toml", &text).arms.remove(0);
    let run = run(&arm, &tight());
    let triglyceride = 0.0119 / (0.00045 * 18.0);
    let fatty_acids = (3.0 * 0.30 * 0.0119 + 0.215 / (1.0 + 0.0385 * 18.0 * 18.0)) / 0.0713;
    for row in [0, 1] {
        near("TG", column(&run, "TG")[row], triglyceride, 1e-6);
        near("NEFA", column(&run, "NEFA")[row], fatty_acids, 1e-6);
    }
}

#[test]
fn the_glucose_of_the_mixed_meal_with_the_constants_of_edes_is_that_of_its_encoding() {
    let Some(folder) = shared::folder("reference-models") else {
        return;
    };
    let times = [0.0, 60.0, 61.0, 70.0, 90.0, 120.0, 180.0, 300.0, 480.0];
    let file = "MODEL2403070001_EDES1_Maas2015.xml";
    let theirs = outside::encoding(&folder.join(file), &points(&times));
    // E-DES integrates from the start on: a window that nothing leaves within the run (3e-7 of it does). Its clock starts
    // at 0, where the slope of emptying is infinite; a millionth of a minute later it is not.
    let departures = [
        ("t_window", "1e5 min"),
        ("t_start", "1e-6 min"),
        ("k1", "0.0135 1/min"),
        ("k5", "0.08 mmol/mU/min"),
        ("k6", "0.582 mU/mmol/min"),
        ("k7", "0.022 mU/mmol/min"),
        ("k8", "4 mU/mmol/min"),
        ("BW", "85 kg"),
        ("VG", "0.2 L/kg"),
    ];
    let meal = r#"{ give = "meal_glucose", amount = "75 g", time = 60 }"#.to_string();
    let ours = run(
        &arm(ODONOVAN.model, &points(&times), &[meal], &departures),
        &tight(),
    );
    let pairs = [
        ("G_PL", "G"),
        ("I_PL", "I"),
        ("I_d1", "I_remote"),
        ("M_G_gut", "M_gut"),
        ("Gint", "G_integral"),
    ];
    // The equations come from two places, the integrator, at rtol 1e-9, from one.
    for (their, our) in pairs {
        outside::same(&theirs, their, &ours, our, 1e-6);
    }
}
