//! Ports of beta-cell models: Topp 2000, Ha, Satin and Sherman 2016.

mod support;

use insilin::simulate::Options;
use support::files::arm_in;
use support::ports::{Case, check_derivatives, check_trajectory, column, near, points, run, tight};
use support::shared;

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
