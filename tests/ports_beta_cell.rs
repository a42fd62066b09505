//! Ports of beta-cell models: Topp 2000, Ha, Satin and Sherman 2016.

mod support;

use insilin::simulate::Options;
use support::files::arm_in;
use support::ports::{Case, check_derivatives, check_trajectory, column, near, points, run, tight};
use support::{outside, shared};

const TOPP: Case = Case {
    folder: "topp_2000_recovery",
    model: "published/topp_2000.ant",
    unit: "d",
    protocol: &[],
    departures: &[
        ("G", "250 mg/dL"),
        ("I", "2.8 uU/mL"),
        ("beta_mass", "37 mg"),
    ],
};

const HA_SHERMAN: Case = Case {
    folder: "ha_sherman_2016_rescue",
    model: "published/ha_sherman_2016.ant",
    unit: "d",
    protocol: &[
        r#"{ hold = "SI_target", at = "0.468 mL/uU/d", from = 1100 }"#,
        r#"{ hold = "SI_rate", at = "0.014 1/d", from = 1100 }"#,
    ],
    departures: &[],
};

#[test]
fn derivatives_are_those_of_the_published_equations() {
    check_derivatives(&TOPP);
    check_derivatives(&HA_SHERMAN);
}

/// Both models start near a threshold that amplifies what a step errs by, the second for a thousand days: the references
/// themselves are worth 4e-9 and 2e-8 (`ORIGIN.md`).
#[test]
fn trajectories_are_those_of_the_published_equations() {
    check_trajectory(&TOPP, &tight(), 1e-8);
    check_trajectory(&TOPP, &Options::default(), 1e-4);
    check_trajectory(&HA_SHERMAN, &tight(), 1e-7);
    check_trajectory(&HA_SHERMAN, &Options::default(), 1e-3);
}

/// The state of a run at its end.
fn end(model: &str, to: f64, protocol: &[String], departures: &[(&str, &str)]) -> [f64; 3] {
    let arm = arm_in("d", model, &points(&[0.0, to]), protocol, departures);
    let run = run(&arm, &tight());
    ["G", "I", "beta_mass"].map(|id| column(&run, id)[1])
}

#[test]
fn topp_has_three_fixed_points_and_the_middle_one_is_no_rest() {
    let from = |glucose: &str, insulin: &str, mass: &str| {
        let departures = [("G", glucose), ("I", insulin), ("beta_mass", mass)];
        end(TOPP.model, 1000.0, &[], &departures)
    };
    let [glucose, insulin, mass] = from("110 mg/dL", "12 uU/mL", "320 mg");
    near("glucose at rest", glucose, 100.0, 0.1);
    near("insulin at rest", insulin, 10.0, 0.1);
    near("mass at rest", mass, 300.0, 1.0);
    let [glucose, insulin, mass] = from("300 mg/dL", "1 uU/mL", "20 mg");
    near("glucose without beta cells", glucose, 600.0, 0.1);
    near("insulin without beta cells", insulin, 0.0, 0.001);
    near("mass without beta cells", mass, 0.0, 0.01);
}

#[test]
fn topp_recovers_from_a_reduced_mass_within_400_days() {
    let [glucose, _, mass] = end(TOPP.model, 400.0, &[], TOPP.departures);
    near("glucose", glucose, 103.0, 0.5);
    near("mass", mass, 279.0, 0.5);
}

#[test]
fn topp_follows_its_public_encoding() {
    let Some(folder) = shared::folder("reference-models") else {
        return;
    };
    let times: Vec<f64> = (0..=40).map(|at| 10.0 * f64::from(at)).collect();
    let theirs = outside::encoding(
        &folder.join("BIOMD0000000341_Topp2000_betacell_mass.xml"),
        &points(&times),
    );
    let ours = run(&TOPP.arm(&points(&times)), &tight());
    for (their, our) in [("G", "G"), ("I", "I"), ("B", "beta_mass")] {
        outside::same(&theirs, their, &ours, our, 1e-7);
    }
}

/// Raises the target of insulin sensitivity on a day.
fn raised(day: f64, target: f64, rate: f64) -> Vec<String> {
    vec![
        format!("{{ hold = \"SI_target\", at = \"{target} mL/uU/d\", from = {day} }}"),
        format!("{{ hold = \"SI_rate\", at = \"{rate} 1/d\", from = {day} }}"),
    ]
}

/// The end states that the authors keep in their own files, by XPP with CVODE at 1e-10. Their step across the day of the
/// change is not landed on, which moves the ends by up to 2e-6.
#[test]
fn ha_sherman_ends_where_the_authors_own_runs_end() {
    let cases = [
        (
            raised(1100.0, 0.468, 0.014),
            [104.0787909256388, 14.66191678911286, 854.7991010481144],
        ),
        (
            raised(1400.0, 0.468, 0.014),
            [434.5082944026002, 1.172073857809838, 485.6051696897693],
        ),
        (
            raised(300.0, 0.245, 0.028),
            [108.8245036082017, 26.5283738740164, 1278.903949069947],
        ),
    ];
    for (protocol, want) in cases {
        let got = end(HA_SHERMAN.model, 1799.986, &protocol, &[]);
        for (got, want) in got.into_iter().zip(want) {
            near(&protocol[0], got, want, 2e-6 * want);
        }
    }
}

#[test]
fn ha_sherman_left_alone_becomes_diabetic_in_three_years() {
    let times = [0.0, 180.0, 365.0, 730.0, 1100.0, 1400.0];
    let arm = arm_in("d", HA_SHERMAN.model, &points(&times), &[], &[]);
    let glucose = column(&run(&arm, &tight()), "G");
    for (got, want) in glucose[1..].iter().zip([107.0, 122.0, 133.0, 176.0, 316.0]) {
        near("glucose", *got, want, 0.5);
    }
}
