//! Ports of models of exercise: Roy and Parker 2007, Coccimiglio and Clarke 2020.

mod support;

use insilin::simulate::Options;
use insilin::trajectory::Trajectory;
use support::files::arm;
use support::numbers::largest;
use support::ports::{Case, check_derivatives, check_trajectory, column, near, points, run, tight};

const ROY_PARKER: Case = Case {
    folder: "roy_parker_2007_60min",
    model: "published/roy_parker_2007.ant",
    unit: "min",
    protocol: &[r#"{ hold = "activity_aerobic", at = "48 %", from = 0, to = 60 }"#],
    departures: &[],
};

const COCCIMIGLIO: Case = Case {
    folder: "coccimiglio_2020_bout",
    model: "published/coccimiglio_2020.ant",
    unit: "s",
    protocol: &[r#"{ hold = "activity_aerobic", at = "65 %", from = 0, to = "60 min" }"#],
    departures: &[],
};

#[test]
fn derivatives_are_those_of_the_published_equations() {
    check_derivatives(&ROY_PARKER);
    check_derivatives(&COCCIMIGLIO);
}

#[test]
fn trajectories_are_those_of_the_published_equations() {
    check_trajectory(&ROY_PARKER, &tight(), 1e-9);
    check_trajectory(&ROY_PARKER, &Options::default(), 1e-5);
    check_trajectory(&COCCIMIGLIO, &tight(), 1e-9);
    check_trajectory(&COCCIMIGLIO, &Options::default(), 1e-5);
}

/// Bouts at a share of VO2max above rest, which is 8 %: each from and to these minutes.
fn bouts(above_rest: f64, when: &[(f64, f64)], end: f64) -> Trajectory {
    let bout = |(from, to): &(f64, f64)| {
        let share = above_rest + 8.0;
        format!("{{ hold = \"activity_aerobic\", at = \"{share} %\", from = {from}, to = {to} }}")
    };
    let protocol: Vec<String> = when.iter().map(bout).collect();
    let time = format!("span = [0, {end}], every = 0.1");
    run(&arm(ROY_PARKER.model, &time, &protocol, &[]), &tight())
}

fn last(trajectory: &Trajectory, id: &str) -> f64 {
    *column(trajectory, id).last().expect("a run has rows")
}

/// The first time from `after` on at which the liver has begun to give way.
fn gives_way(trajectory: &Trajectory, after: f64) -> f64 {
    let lost = column(trajectory, "G_glycogen");
    let rows = trajectory.time.iter().zip(lost);
    let mut later = rows.filter(|&(&time, lost)| time >= after && lost > 1e-6);
    *later.next().expect("it gives way").0
}

#[test]
fn an_hour_of_exercise_adds_production_and_uptake() {
    // Half a unit of the last digit; 1.51497 is quoted as 1.51.
    for (above_rest, production, uptake) in
        [(30.0, 0.81, 1.14), (40.0, 1.09, 1.51), (60.0, 1.63, 2.27)]
    {
        let run = bouts(above_rest, &[(0.0, 60.0)], 60.0);
        near("production", last(&run, "G_production"), production, 0.005);
        near("uptake", last(&run, "G_uptake"), uptake, 0.005);
    }
}

#[test]
fn an_hour_of_exercise_lowers_insulin_and_glucose() {
    // A unit of the last digit: they are quoted from a run at looser tolerances.
    for (above_rest, insulin, glucose) in [(40.0, 10.6, 76.7), (60.0, 8.3, 72.6)] {
        let run = bouts(above_rest, &[(0.0, 60.0)], 60.0);
        near("insulin", last(&run, "I"), insulin, 0.1);
        near("glucose", last(&run, "G"), glucose, 0.1);
    }
}

#[test]
fn the_liver_gives_way_the_sooner_the_harder_the_exercise() {
    for (above_rest, minutes) in [(30.0, 53.0), (40.0, 41.0), (60.0, 18.0)] {
        let run = bouts(above_rest, &[(0.0, 60.0)], 60.0);
        near("time", gives_way(&run, 0.0), minutes, 0.5);
    }
}

#[test]
fn the_clock_of_glycogen_starts_afresh_with_every_bout() {
    let run = bouts(40.0, &[(0.0, 60.0), (180.0, 240.0)], 240.0);
    let threshold = 87.471 - 1.1521 * 40.0;
    near("first", gives_way(&run, 0.0), threshold, 0.101);
    near("second", gives_way(&run, 180.0), 180.0 + threshold, 0.101);
}

/// A form of the published start.
const FORMS: [&str; 8] = [
    "AMPK",
    "AMPK_ATP",
    "AMPK_ADP",
    "AMPK_AMP",
    "AMPK_p",
    "AMPK_p_ATP",
    "AMPK_p_ADP",
    "AMPK_p_AMP",
];

#[test]
fn the_more_atp_is_used_the_more_ampk_is_phosphorylated() {
    // From the published start, 20 000 s: creatine phosphate, ADP and phosphorylated share. Half a unit of the last digit;
    // a share of 0.304 499 is quoted as 0.305.
    for (used, phosphate, adp, share) in [
        ("0.001 1/s", 32.6, (0.0083, 5e-5), 0.107),
        ("0.002 1/s", 30.3, (0.0122, 5e-5), 0.142),
        ("0.005 1/s", 26.8, (0.0193, 5e-5), 0.197),
        ("0.01 1/s", 23.9, (0.0271, 5e-5), 0.246),
        ("0.02 1/s", 20.4, (0.0388, 5e-5), 0.305),
        ("0.05 1/s", 13.9, (0.0768, 5e-5), 0.424),
        ("0.1 1/s", 3.3, (0.431, 5e-4), 0.668),
        ("0.15 1/s", 1.4, (0.963, 5e-4), 0.759),
    ] {
        let mut departures = vec![
            ("k_hydrolysis", used),
            ("ATP", "7.66 mmol/L"),
            ("ADP", "0.0568 mmol/L"),
            ("AMP", "4.44e-4 mmol/L"),
            ("PCr", "22.1 mmol/L"),
        ];
        departures.extend(FORMS.map(|form| (form, "0.075 mmol/L")));
        let time = points(&[0.0, 20_000.0 / 60.0]);
        let arm = arm(COCCIMIGLIO.model, &time, &[], &departures);
        let run = run(&arm, &tight());
        near(used, last(&run, "PCr"), phosphate, 0.05);
        near(used, last(&run, "ADP"), adp.0, adp.1);
        near(used, last(&run, "AMPK_p_share"), share, 5.1e-4);
    }
}

#[test]
fn resting_muscle_stays_as_it_is() {
    let time = points(&[0.0, 60.0, 600.0]);
    let run = run(&arm(COCCIMIGLIO.model, &time, &[], &[]), &tight());
    for id in ["ATP", "ADP", "AMP", "PCr", "AMPK_p_share"] {
        let values = column(&run, id);
        let drift = largest(values.iter().map(|value| value - values[0]));
        assert!(
            drift <= 1e-7 * values[0],
            "{id} drifts by {drift:e} from {}",
            values[0]
        );
    }
}

#[test]
fn most_phosphorylated_ampk_of_working_muscle_has_adp_bound() {
    let hold = r#"{ hold = "activity_aerobic", at = "65 %", from = 0, to = 60 }"#.to_string();
    let time = points(&[0.0, 60.0]);
    let run = run(&arm(COCCIMIGLIO.model, &time, &[hold], &[]), &tight());
    let share = last(&run, "AMPK_p_ADP") / last(&run, "AMPK_p_total");
    assert!((0.9..1.0).contains(&share), "ADP is on {share}");
}
