//! Ports of hormone axes: the stress axis of Karin 2020; and the cortisol of a day, which is of this project.

mod support;

use insilin::simulate::Options;
use support::ports::{Case, check_derivatives, check_trajectory, tight};

const KARIN: Case = Case {
    folder: "karin_2020_stress",
    model: "published/karin_2020.ant",
    unit: "d",
    protocol: &[r#"{ hold = "stress_load", at = "2", from = 0, to = 60 }"#],
    departures: &[],
};

const CORTISOL_DAY: Case = Case {
    folder: "cortisol_day_three_days",
    model: "published/cortisol_day.ant",
    unit: "min",
    protocol: &[
        r#"{ hold = "sleep_asleep", at = "1", from = 0, to = 420 }"#,
        r#"{ hold = "sleep_asleep", at = "1", from = 1680, to = 1920 }"#,
        r#"{ hold = "sleep_quality", at = "0.5", from = 1860, to = 1920 }"#,
        r#"{ hold = "sleep_asleep", at = "1", from = 2820, to = 3300 }"#,
        r#"{ hold = "stress_acute", at = "1", from = 3840, to = 3855 }"#,
        r#"{ hold = "cortisol_infusion", at = "2 ug/kg/min", from = 4020, to = 4200 }"#,
    ],
    departures: &[],
};

#[test]
fn derivatives_are_those_of_the_equations() {
    check_derivatives(&KARIN);
    check_derivatives(&CORTISOL_DAY);
}

/// Bounds as in `ports/trajectories.rs`: 1e-9 is what the references are worth, 1e-5 ten times the default tolerance.
#[test]
fn trajectories_are_those_of_the_equations() {
    for case in [&KARIN, &CORTISOL_DAY] {
        check_trajectory(case, &tight(), 1e-9);
        check_trajectory(case, &Options::default(), 1e-5);
    }
}
