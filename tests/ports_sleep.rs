//! The port of Phillips and Robinson 2007, sleep and waking, with constants of 2008.

mod support;

use insilin::simulate::Options;
use insilin::trajectory::Trajectory;
use support::files::arm_in;
use support::ports::{Case, check_derivatives, check_trajectory, column, near, points, run, tight};
use support::{outside, shared};

const SLEEP: Case = Case {
    folder: "phillips_robinson_2007_night_missed",
    model: "published/phillips_robinson_2007.ant",
    unit: "h",
    protocol: &[r#"{ hold = "wake_kept", at = 1, from = "39 h", to = "71 h" }"#],
    departures: &[],
};

#[test]
fn derivatives_are_those_of_the_published_equations() {
    check_derivatives(&SLEEP);
}

#[test]
fn trajectories_are_those_of_the_published_equations() {
    check_trajectory(&SLEEP, &tight(), 1e-9);
    check_trajectory(&SLEEP, &Options::default(), 1e-5);
}

/// The constants of 2007, where they are not those of 2008.
const OF_2007: [(&str, &str); 8] = [
    ("v_vm", "-1.9 mV s"),
    ("v_mv", "-1.9 mV s"),
    ("A", "1 mV"),
    ("v_vc", "-6.3 mV"),
    ("v_vh", "0.19 mV L/nmol"),
    ("mu", "3.6 nmol s/L"),
    ("chi", "10.8 h"),
    ("c0", "1"),
];

/// Rows of a run in an hour.
const IN_AN_HOUR: usize = 100;

/// Hours from midnight, in steps of 0.01.
fn nights(hours: u32, protocol: &[&str], departures: &[(&str, &str)]) -> Trajectory {
    let protocol: Vec<String> = protocol.iter().map(|entry| entry.to_string()).collect();
    let time = format!("span = [0, {hours}], every = 0.01");
    run(
        &arm_in("h", SLEEP.model, &time, &protocol, departures),
        &tight(),
    )
}

/// When one falls asleep (1) or wakes (0), in hours.
fn turns(run: &Trajectory) -> Vec<(f64, f64)> {
    let asleep = column(run, "asleep");
    let rows = run.time.iter().zip(asleep.windows(2));
    let changed = rows.filter(|(_, pair)| pair[0] != pair[1]);
    changed.map(|(time, pair)| (time + 0.01, pair[1])).collect()
}

fn hours_asleep_a_day(run: &Trajectory, from_row: usize) -> f64 {
    let asleep = &column(run, "asleep")[from_row..];
    24.0 * asleep.iter().sum::<f64>() / asleep.len() as f64
}

#[test]
fn one_sleeps_eight_and_a_half_hours_from_eleven_at_night() {
    let run = nights(240, &[], &[]);
    near("hours asleep", hours_asleep_a_day(&run, 1), 8.5, 0.05);
    for (at, (time, asleep)) in turns(&run).into_iter().enumerate() {
        let day = 24.0 * (at / 2) as f64;
        let want = if asleep == 1.0 { 23.0 } else { 7.52 };
        near("clock", time - day, want, 0.02);
    }
}

#[test]
fn with_the_constants_of_2007_one_sleeps_five_hours() {
    let run = nights(480, &[], &OF_2007);
    // After ten days to settle.
    near(
        "hours asleep",
        hours_asleep_a_day(&run, 240 * IN_AN_HOUR),
        4.9,
        0.05,
    );
}

#[test]
fn a_night_missed_is_made_good_by_two_hours_more() {
    let kept = r#"{ hold = "wake_kept", at = 1, from = "39 h", to = "71 h" }"#;
    let turns = turns(&nights(96, &[kept], &[]));
    let after: Vec<(f64, f64)> = turns.into_iter().filter(|turn| turn.0 > 39.0).collect();
    assert_eq!((after[0].1, after[1].1), (1.0, 0.0), "sleep, then waking");
    near("sleep begins", after[0].0, 71.02, 0.02);
    near("hours asleep", after[1].0 - after[0].0, 10.5, 0.03);
}

#[test]
fn whoever_is_put_to_sleep_sleeps_even_if_kept_awake_otherwise() {
    let kept = r#"{ hold = "wake_kept", at = 1, from = 0, to = "48 h" }"#;
    let bed = r#"{ hold = "sleep_asleep", at = 1, from = "9 h", to = "17 h" }"#;
    let run = nights(48, &[kept, bed], &[]);
    let turns = turns(&run);
    let times: Vec<f64> = turns.iter().map(|turn| turn.0).collect();
    assert_eq!(
        times.len(),
        3,
        "wakes at once, is put to bed, gets up: {times:?}"
    );
    for (got, want) in times.into_iter().zip([0.0, 9.0, 17.0]) {
        near("hour", got, want, 0.02);
    }
    let need = column(&run, "H");
    assert!(
        need[17 * IN_AN_HOUR] < need[9 * IN_AN_HOUR]
            && need[40 * IN_AN_HOUR] > need[17 * IN_AN_HOUR],
        "the need for sleep falls in bed and rises after it"
    );
}

/// Columns of an encoding and of the port that are the same. The equations come from two places, the integrator, at rtol
/// 1e-9, from one.
fn follows(theirs: &Trajectory, ours: &Trajectory, pairs: &[(&str, &str)], bound: f64) {
    for (their, our) in pairs {
        outside::same(theirs, their, ours, our, bound);
    }
}

/// The port from an encoding's start, whose time is counted from the circadian peak. Times in hours.
fn brain(times: &[f64], more: &[String], start: &[(&str, &str)]) -> Trajectory {
    let clock = r#"{ hold = "clock_hour", at = "16.25 h", from = 0, to = "1000 h" }"#.to_string();
    let protocol = [vec![clock], more.to_vec()].concat();
    run(
        &arm_in("h", SLEEP.model, &points(times), &protocol, start),
        &tight(),
    )
}

const START_OF_2008: [(&str, &str); 3] = [("V_v", "-12.5 mV"), ("V_m", "0 mV"), ("H", "15 nmol/L")];
const FILE_OF_2008: &str = "MODEL1006230115_Phillips2008_sleep_deprivation.xml";

#[test]
fn sleep_with_the_constants_of_2008_follows_its_encoding() {
    let Some(folder) = shared::folder("reference-models") else {
        return;
    };
    // Days and nights, away from their turns, and before that encoding keeps its brain awake.
    let times = [0.0, 3.0, 12.0, 27.0, 36.0, 51.0, 60.0, 99.0, 108.0, 156.0];
    let theirs = outside::encoding(&folder.join(FILE_OF_2008), &points(&times));
    let pairs = [
        ("Vv", "V_v"),
        ("Vm", "V_m"),
        ("H", "H"),
        ("D", "drive"),
        ("Qm", "Q_m"),
        ("Qv", "Q_v"),
    ];
    let ours = brain(&times, &[], &START_OF_2008);
    follows(&theirs, &ours, &pairs, 1e-6);
}

#[test]
fn the_need_for_sleep_of_a_night_missed_follows_the_encoding_of_2008() {
    let Some(folder) = shared::folder("reference-models") else {
        return;
    };
    let times = [0.0, 60.0, 160.0, 180.0, 200.0, 239.0, 245.0, 260.0, 300.0];
    let theirs = outside::encoding(&folder.join(FILE_OF_2008), &points(&times));
    // That encoding stops the voltage where it is at 160 h.
    let awake = format!("{} mV", column(&theirs, "Vm")[2]);
    let kept = r#"{ hold = "wake_kept", at = 1, from = "160 h", to = "240 h" }"#.to_string();
    let start = [&START_OF_2008[..], &[("V_kept_awake", awake.as_str())]].concat();
    let ours = brain(&times, &[kept], &start);
    // Its other voltage stands still until 240 h, so that sleep comes half a minute apart: at 0.4 nmol/L an hour.
    follows(&theirs, &ours, &[("H", "H")], 2e-4);
}

#[test]
fn sleep_with_the_constants_of_2007_follows_its_encoding() {
    let Some(folder) = shared::folder("reference-models") else {
        return;
    };
    let times = [0.0, 3.0, 12.0, 27.0, 36.0, 51.0, 60.0, 99.0, 108.0, 156.0];
    let file = "BIOMD0000000917_Phillips2007_sleepwake.xml";
    let theirs = outside::encoding(&folder.join(file), &points(&times));
    let pairs = [
        ("Ventrolateral_preopticarea__VLPO__voltage", "V_v"),
        ("Monoaminergic__MA__voltage", "V_m"),
        ("Somnogen_level_H", "H"),
        ("D", "drive"),
        ("Qm", "Q_m"),
        ("Qv", "Q_v"),
    ];
    let start = [("V_v", "-10 mV"), ("V_m", "1 mV"), ("H", "10 nmol/L")];
    let ours = brain(&times, &[], &[&start[..], &OF_2007].concat());
    follows(&theirs, &ours, &pairs, 1e-6);
}
