//! The port of Kubota 2012, insulin in a liver cell.

mod support;

use insilin::simulate::Options;
use support::files::arm;
use support::ports::{Case, check_derivatives, check_trajectory, column, near, points, run, tight};
use support::{outside, shared};

const KUBOTA: Case = Case {
    folder: "kubota_2012_10nM",
    model: "published/kubota_2012.ant",
    unit: "min",
    protocol: &[r#"{ hold = "insulin", at = "10 nmol/L", from = 0, to = 120 }"#],
    departures: &[],
};

#[test]
fn derivatives_are_those_of_the_published_equations() {
    check_derivatives(&KUBOTA);
}

#[test]
fn trajectories_are_those_of_the_published_equations() {
    check_trajectory(&KUBOTA, &tight(), 1e-9);
    check_trajectory(&KUBOTA, &Options::default(), 1e-5);
}

/// A pool under insulin from the start, at some times in minutes.
fn under(nanomolar: f64, id: &str, times: &[f64]) -> Vec<f64> {
    let hold = format!("{{ hold = \"insulin\", at = \"{nanomolar} nmol/L\", from = 0, to = 481 }}");
    let mut all = vec![0.0];
    all.extend(times);
    let arm = arm(KUBOTA.model, &points(&all), &[hold], &[]);
    column(&run(&arm, &tight()), id).split_off(1)
}

#[test]
fn insulin_takes_the_message_of_glucose_6_phosphatase_down_within_the_hour_and_lets_it_come_back() {
    for (dose, after_an_hour) in [
        (0.01, 32.1),
        (0.1, 20.7),
        (1.0, 8.5),
        (10.0, 5.5),
        (100.0, 5.2),
    ] {
        let message = under(dose, "G6Pase_mRNA", &[60.0, 480.0]);
        near(&format!("{dose} nmol/L"), message[0], after_an_hour, 0.05);
        // Quoted as a range, 28 to 36.
        assert!(
            (27.0..36.0).contains(&message[1]),
            "{dose} nmol/L: {} after 8 h",
            message[1]
        );
    }
}

#[test]
fn s6_kinase_answers_to_the_rise_of_insulin_alone() {
    let kinase = under(100.0, "S6K_p", &[30.0, 240.0]);
    near("after 30 min", kinase[0], 0.0187, 5e-5);
    near("after 240 min", kinase[1], 0.002, 5e-4);
}

#[test]
fn without_insulin_nothing_moves() {
    // The constants are rounded: the message falls by 1e-5 per minute at first.
    let message = under(0.0, "G6Pase_mRNA", &[480.0]);
    near("message", message[0], 38.540_29, 3e-4);
    near("Akt", under(0.0, "AKT_p", &[480.0])[0], 0.0, 1e-12);
}

/// Every state of Kubota's cell but what flows into the four sinks.
const POOLS: [(&str, &str); 18] = [
    ("proIR_complex", "IR_pro"),
    ("IR_complex", "IR"),
    ("p1IR_complex", "IR_ins"),
    ("p1p2IR_complex", "IR_ins_pS"),
    ("p2IR_complex", "IR_pS"),
    ("AKT", "AKT"),
    ("pAKT", "AKT_p"),
    ("mTOR", "mTOR"),
    ("pmTOR", "mTOR_p"),
    ("X", "X"),
    ("pX", "X_p"),
    ("S6K", "S6K"),
    ("pS6K", "S6K_p"),
    ("GSK3b", "GSK3b"),
    ("pGSK3b", "GSK3b_p"),
    ("FOX01", "FOXO1"),
    ("pFOX01", "FOXO1_p"),
    ("G6Pase", "G6Pase_mRNA"),
];

#[test]
fn kubota_follows_its_public_encoding_when_that_keeps_its_insulin() {
    let Some(folder) = shared::folder("reference-models") else {
        return;
    };
    let times = [0.0, 1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0];
    let as_written = "id=\"insulin\" initialAmount=\"1\"";
    let text = outside::text(&folder.join("MODEL1204060000_Kubota2012.xml"));
    assert!(
        text.contains(as_written),
        "insulin is a species that binding uses up"
    );
    for dose in [0.01, 1.0, 100.0] {
        let kept = format!("id=\"insulin\" boundaryCondition=\"true\" initialAmount=\"{dose}\"");
        let theirs = outside::encoding_of(&text.replace(as_written, &kept), &points(&times));
        let hold = format!("{{ hold = \"insulin\", at = \"{dose} nmol/L\", from = 0, to = 481 }}");
        let arm = arm(KUBOTA.model, &points(&times), &[hold], &[]);
        let ours = run(&arm, &tight());
        // The equations come from two places, the integrator, at rtol 1e-9, from one.
        for (their, our) in POOLS {
            outside::same(&theirs, their, &ours, our, 1e-6);
        }
    }
}
