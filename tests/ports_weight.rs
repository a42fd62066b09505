//! Ports of models of body weight: Hall 2011, Chow and Hall 2008.

mod support;

use insilin::simulate::Options;
use support::ports::{Case, check_derivatives, check_trajectory, tight};

const HALL: Case = Case {
    folder: "hall_2011_diets",
    model: "published/hall_2011.ant",
    unit: "d",
    protocol: &[
        r#"{ hold = "diet_energy", at = "7700 kJ/d", from = 30, to = 400 }"#,
        r#"{ hold = "diet_carbohydrate", at = "60 g/d", from = 200, to = 400 }"#,
        r#"{ hold = "diet_sodium", at = "2300 mg/d", from = 200, to = 400 }"#,
        r#"{ hold = "PAL", at = "1.7", from = 300 }"#,
        r#"{ hold = "diet_energy", at = "11000 kJ/d", from = 400 }"#,
        r#"{ hold = "activity_met", at = "6", from = 500, to = 500.0625 }"#,
    ],
    departures: &[],
};

const CHOW_HALL: Case = Case {
    folder: "chow_hall_2008_fat_removal",
    model: "published/chow_hall_2008.ant",
    unit: "d",
    protocol: &[
        r#"{ hold = "diet_energy", at = "9.2 MJ/d" }"#,
        r#"{ bolus = "fat_mass", amount = "-10 kg", time = 100 }"#,
    ],
    departures: &[],
};

#[test]
fn derivatives_are_those_of_the_published_equations() {
    check_derivatives(&HALL);
    check_derivatives(&CHOW_HALL);
}

/// Bounds as in `ports/trajectories.rs`: 1e-9 is what the references are worth, 1e-5 ten times the default tolerance.
#[test]
fn trajectories_are_those_of_the_published_equations() {
    for case in [&HALL, &CHOW_HALL] {
        check_trajectory(case, &tight(), 1e-9);
        check_trajectory(case, &Options::default(), 1e-5);
    }
}
