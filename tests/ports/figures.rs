//! Figures that the publications and their public encodings are known by.
//!
//! Each bound is half a unit of the last digit quoted. Two kinds of figures get a tenth of a unit more, because the version
//! that they were read from runs at looser tolerances and reads up to 0.05 mg/dL higher: glucose with a decimal, and the
//! insulin of the small meal, which lies on the border of rounding.

use insilin::scenario::Arm;

use crate::cases::{column, points, run, tight};
use crate::support::files::arm;
use crate::support::ports::near;

/// The highest value of a column, when it is reached, and the lowest value.
struct Extremes {
    peak: f64,
    time: f64,
    low: f64,
}

fn extremes(time: &[f64], values: &[f64]) -> Extremes {
    let (mut at, mut low) = (0, f64::INFINITY);
    for (row, &value) in values.iter().enumerate() {
        at = if value > values[at] { row } else { at };
        low = low.min(value);
    }
    Extremes {
        peak: values[at],
        time: time[at],
        low,
    }
}

fn sedaghat(model: &str, times: &[f64], percent: &[f64]) {
    let hold = r#"{ hold = "insulin", at = "100 nmol/L", from = 0, to = 15 }"#.to_string();
    let mut all = vec![0.0];
    all.extend(times);
    let arm = arm(
        &format!("published/{model}.ant"),
        &points(&all),
        &[hold],
        &[],
    );
    let surface = column(&run(&arm, &tight()), "GLUT4_pm");
    for ((time, &want), got) in times.iter().zip(percent).zip(&surface[1..]) {
        near(
            &format!("{model}: surface GLUT4 after {time} min"),
            *got,
            want,
            0.05,
        );
    }
}

#[test]
fn sedaghat_without_feedback_brings_39_percent_of_glut4_to_the_surface() {
    let times = [1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 45.0, 60.0];
    sedaghat(
        "sedaghat_2002",
        &times,
        &[8.3, 15.8, 29.4, 37.3, 39.3, 37.6, 31.6, 23.7, 7.6, 4.4],
    );
}

#[test]
fn sedaghat_with_feedback_brings_29_percent_of_glut4_to_the_surface() {
    sedaghat(
        "sedaghat_2002_feedback",
        &[5.0, 7.5, 15.0],
        &[27.9, 28.5, 29.4],
    );
}

/// A meal at time 0, seven hours in steps of 0.1 min.
fn meal(model: &str, grams: u32, departures: &[(&str, &str)]) -> Arm {
    let meal = format!("{{ meal = \"{grams} g\", time = 0 }}");
    arm(
        &format!("published/{model}.ant"),
        "span = [0, 420], every = 0.1",
        &[meal],
        departures,
    )
}

/// Peak and its time of one column, with a bound for each; times lie on a grid of 0.1 min.
fn peak(arm: &Arm, id: &str, value: (f64, f64), time: (f64, f64)) {
    let run = run(arm, &tight());
    let found = extremes(&run.time, &column(&run, id));
    near(
        &format!("{}: peak of {id}", arm.model_path),
        found.peak,
        value.0,
        value.1,
    );
    near(
        &format!("{}: time of the peak of {id}", arm.model_path),
        found.time,
        time.0,
        time.1,
    );
}

fn low(arm: &Arm, id: &str, value: f64, bound: f64) {
    let run = run(arm, &tight());
    near(
        &format!("{}: lowest {id}", arm.model_path),
        extremes(&run.time, &column(&run, id)).low,
        value,
        bound,
    );
}

/// A column at a time of the grid.
fn at(arm: &Arm, id: &str, time: f64) -> f64 {
    let run = run(arm, &tight());
    let row = run
        .time
        .iter()
        .position(|t| (t - time).abs() < 1e-6)
        .expect("on the grid");
    column(&run, id)[row]
}

#[test]
fn a_healthy_person_peaks_at_157_mg_per_dl_after_66_min() {
    let arm = meal("dalla_man_2007", 78, &[]);
    peak(&arm, "G_plasma", (157.4, 0.1), (66.0, 0.5));
    peak(&arm, "I_plasma", (254.0, 0.5), (98.0, 0.5));
    peak(&arm, "Ra", (7.15, 0.005), (20.0, 0.5));
    peak(&arm, "G_plasma", (157.348, 5e-4), (65.6, 0.101));
    peak(&arm, "I_plasma", (253.708, 5e-4), (97.6, 0.101));
    low(&arm, "EGP", 0.66, 0.005);
    near(
        "glucose after two hours",
        at(&arm, "G_plasma", 120.0),
        133.0,
        0.5,
    );
}

#[test]
fn a_person_with_type_2_diabetes_peaks_at_278_mg_per_dl_after_124_min() {
    let arm = meal("dalla_man_2007_t2d", 78, &[]);
    peak(&arm, "G_plasma", (278.0, 0.5), (124.0, 0.5));
    peak(&arm, "I_plasma", (271.0, 0.5), (195.0, 0.5));
    peak(&arm, "Ra", (4.80, 0.005), (39.0, 0.5));
    peak(&arm, "G_plasma", (278.189, 5e-4), (124.1, 0.101));
    peak(&arm, "I_plasma", (270.634, 5e-4), (194.8, 0.101));
    low(&arm, "EGP", 0.99, 0.005);
}

#[test]
fn a_smaller_meal_gives_a_smaller_later_peak() {
    let arm = meal("dalla_man_2007", 50, &[]);
    peak(&arm, "G_plasma", (135.8, 0.1), (71.0, 0.5));
    let run = run(&arm, &tight());
    near(
        "insulin",
        extremes(&run.time, &column(&run, "I_plasma")).peak,
        156.0,
        0.6,
    );
}

#[test]
fn weaker_insulin_action_on_muscle_raises_glucose_and_insulin_after_a_meal() {
    let arm = meal(
        "dalla_man_2007",
        75,
        &[("Vmx", "0.0235 mg/kg/min/(pmol/L)")],
    );
    let run = run(&arm, &tight());
    near(
        "glucose",
        extremes(&run.time, &column(&run, "G_plasma")).peak,
        164.6,
        0.1,
    );
    near(
        "insulin",
        extremes(&run.time, &column(&run, "I_plasma")).peak,
        307.0,
        0.5,
    );
    near(
        "glucose after two hours",
        at(&arm, "G_plasma", 120.0),
        153.5,
        0.1,
    );
}

#[test]
fn weaker_insulin_action_on_liver_and_muscle_raises_fasting_glucose_too() {
    let arm = meal(
        "dalla_man_2007",
        75,
        &[
            ("Vmx", "0.01175 mg/kg/min/(pmol/L)"),
            ("kp3", "0.00225 mg/kg/min/(pmol/L)"),
        ],
    );
    let run = run(&arm, &tight());
    near("fasting glucose", column(&run, "G_plasma")[0], 109.0, 0.5);
    near(
        "glucose",
        extremes(&run.time, &column(&run, "G_plasma")).peak,
        191.0,
        0.5,
    );
    near(
        "insulin",
        extremes(&run.time, &column(&run, "I_plasma")).peak,
        380.0,
        0.5,
    );
    near(
        "glucose after two hours",
        at(&arm, "G_plasma", 120.0),
        188.0,
        0.5,
    );
}

#[test]
fn uptake_of_a_fat_cell_rises_and_settles() {
    for (model, uptake, bound) in [
        ("brannmark_2013", [1312.53, 2613.49, 2564.93], 0.005),
        ("brannmark_2013_t2d", [518.235, 1383.18, 1242.45], 0.005),
    ] {
        let hold = r#"{ hold = "insulin", at = "10 nmol/L", from = 0, to = 30 }"#.to_string();
        let arm = arm(
            &format!("published/{model}.ant"),
            &points(&[0.0, 2.0, 30.0]),
            &[hold],
            &[],
        );
        let got = column(&run(&arm, &tight()), "glucose_uptake");
        for (want, got) in uptake.iter().zip(got) {
            near(&format!("{model}: uptake"), got, *want, bound);
        }
    }
}
