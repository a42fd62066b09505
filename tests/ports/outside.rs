//! Trajectories of the public encodings by another program, which lie outside of the package.
//!
//! They hold eight digits and were made at that program's own tolerances, hence 1e-6 of each column's largest value.

use std::path::Path;

use insilin::scenario::Arm;

use crate::cases::{column, points, run, tight};
use crate::support::files::arm;
use crate::support::numbers::largest;
use crate::support::shared;
use crate::support::table::Table;

/// Bound, as a share of a column's largest value.
const BOUND: f64 = 1e-6;

/// Column of the reference, id of the port, and what one of the reference is in the port: 1 pmol/L of receptor, IRS-1 and
/// PI 3-kinase is 100 %.
const SEDAGHAT: [(&str, &str, f64); 20] = [
    ("x2", "IR_pm", 100.0),
    ("x3", "IR_pm_ins", 100.0),
    ("x4", "IR_pm_pY_ins2", 100.0),
    ("x5", "IR_pm_pY_ins", 100.0),
    ("x6", "IR_in", 100.0),
    ("x7", "IR_in_pY_ins2", 100.0),
    ("x8", "IR_in_pY_ins", 100.0),
    ("x9", "IRS1", 100.0),
    ("x10", "IRS1_pY", 100.0),
    ("x11", "PI3K", 100.0),
    ("x12", "IRS1_pY_PI3K", 100.0),
    ("PIP3", "PIP3", 1.0),
    ("PIP2", "PIP2", 1.0),
    ("PI34", "PI34P2", 1.0),
    ("x16", "AKT", 1.0),
    ("x17", "AKT_p", 1.0),
    ("x18", "PKCz", 1.0),
    ("x19", "PKCz_p", 1.0),
    ("x20", "GLUT4_in", 1.0),
    ("x21", "GLUT4_pm", 1.0),
];

/// Column of the reference, and id of the port.
const BRANNMARK: [(&str, &str); 10] = [
    ("measuredIRp", "IR_pY_signal"),
    ("measuredIRS1p", "IRS1_pY_signal"),
    ("measuredIRS1307", "IRS1_pS307_signal"),
    ("measuredPKB308p", "PKB_pT308_signal"),
    ("measuredPKB473p", "PKB_pS473_signal"),
    ("measuredAS160p", "AS160_p_signal"),
    ("measuredmTORC1a", "mTORC1_a"),
    ("measuredS6Kp", "S6K_p_signal"),
    ("measuredS6p", "S6_p_signal"),
    ("glucoseuptake", "glucose_uptake"),
];

fn compare(what: &str, want: &[f64], got: &[f64], bound: f64) {
    let size = largest(want.iter().copied());
    let off = largest(want.iter().zip(got).map(|(want, got)| want - got));
    assert!(
        off <= bound * size,
        "{what} is off by {:e} of its largest value",
        off / size
    );
}

fn held(model: &str, insulin: f64, to: f64, times: &[f64]) -> Arm {
    let hold = format!("{{ hold = \"insulin\", at = \"{insulin} nmol/L\", from = 0, to = {to} }}");
    arm(
        &format!("published/{model}.ant"),
        &points(times),
        &[hold],
        &[],
    )
}

fn check_sedaghat(folder: &Path, file: &str, model: &str, more: &[(&str, &str, f64)]) {
    let table = Table::read(&folder.join(file));
    let times = table.numbers("time_min");
    let trajectory = run(&held(model, 100.0, 15.0, &times), &tight());
    for (theirs, ours, factor) in SEDAGHAT.iter().chain(more) {
        let want: Vec<f64> = table
            .numbers(theirs)
            .iter()
            .map(|value| value * factor)
            .collect();
        compare(
            &format!("{model}: {ours}"),
            &want,
            &column(&trajectory, ours),
            BOUND,
        );
    }
}

fn check_brannmark(folder: &Path, file: &str, model: &str, bound: impl Fn(&str) -> f64) {
    let table = Table::read(&folder.join(file));
    let at = table.index("insulin_nM");
    let mut doses: Vec<String> = table.rows.iter().map(|row| row[at].clone()).collect();
    doses.dedup();
    assert_eq!(doses.len(), 9, "{file}: doses");
    for dose in doses {
        let rows = table.rows_where("insulin_nM", &dose);
        let pick = |id: &str| -> Vec<f64> {
            let all = table.numbers(id);
            rows.iter().map(|&row| all[row]).collect()
        };
        let insulin: f64 = dose.parse().expect("a dose is a number");
        let trajectory = run(&held(model, insulin, 30.0, &pick("time_min")), &tight());
        for (theirs, ours) in BRANNMARK {
            let what = format!("{model}, {dose} nmol/L: {ours}");
            compare(
                &what,
                &pick(theirs),
                &column(&trajectory, ours),
                bound(ours),
            );
        }
    }
}

#[test]
fn sedaghat_follows_its_public_encoding() {
    if let Some(folder) = shared::folder("reference-models") {
        check_sedaghat(&folder, "golden_Sedaghat2002_fb0.csv", "sedaghat_2002", &[]);
        let serine = [("x10a", "IRS1_pS", 100.0)];
        check_sedaghat(
            &folder,
            "golden_Sedaghat2002_fb1.csv",
            "sedaghat_2002_feedback",
            &serine,
        );
    }
}

#[test]
fn brannmark_follows_its_public_encodings() {
    if let Some(folder) = shared::folder("reference-models") {
        check_brannmark(
            &folder,
            "golden_Brannmark2013_normal.csv",
            "brannmark_2013",
            |_| BOUND,
        );
        // The encoding for diabetes rounds the scales of the blots to four digits; the port keeps those of the other one.
        let bound = |id: &str| if id.ends_with("_signal") { 5e-4 } else { BOUND };
        check_brannmark(
            &folder,
            "golden_Brannmark2013_T2D.csv",
            "brannmark_2013_t2d",
            bound,
        );
    }
}
