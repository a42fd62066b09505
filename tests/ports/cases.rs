//! The golden cases and the experiments behind them.

pub use crate::support::ports::{column, golden, points, run, tight};

use std::path::{Path, PathBuf};

use crate::support::files::{package, shipped};
use crate::support::ports::Case;

/// Every case with a `trajectory.csv` and a `derivatives.csv`.
pub const CASES: [Case; 7] = [
    Case {
        folder: "bergman_1979_injection",
        model: "published/bergman_1979.ant",
        unit: "min",
        protocol: &[
            r#"{ give = "glucose_bolus", amount = "300 mg/kg", time = 0 }"#,
            r#"{ hold = "insulin_slope", at = "60 pmol/L/min", from = 0, to = 5 }"#,
            r#"{ hold = "insulin_slope", at = "-12 pmol/L/min", from = 5, to = 25 }"#,
            r#"{ hold = "insulin_slope", at = "-0.5 pmol/L/min", from = 120 }"#,
            r#"{ hold = "glucose_infusion", at = "2 mg/kg/min", from = 60, to = 120 }"#,
        ],
        departures: &[],
    },
    Case {
        folder: "sedaghat_2002_100nM_15min",
        model: "published/sedaghat_2002.ant",
        unit: "min",
        protocol: &[r#"{ hold = "insulin", at = "100 nmol/L", from = 0, to = 15 }"#],
        departures: &[],
    },
    Case {
        folder: "sedaghat_2002_feedback_100nM_15min",
        model: "published/sedaghat_2002_feedback.ant",
        unit: "min",
        protocol: &[r#"{ hold = "insulin", at = "100 nmol/L", from = 0, to = 15 }"#],
        departures: &[],
    },
    Case {
        folder: "brannmark_2013_10nM",
        model: "published/brannmark_2013.ant",
        unit: "min",
        protocol: &[r#"{ hold = "insulin", at = "10 nmol/L", from = 0, to = 30 }"#],
        departures: &[],
    },
    Case {
        folder: "brannmark_2013_t2d_10nM",
        model: "published/brannmark_2013_t2d.ant",
        unit: "min",
        protocol: &[r#"{ hold = "insulin", at = "10 nmol/L", from = 0, to = 30 }"#],
        departures: &[],
    },
    Case {
        folder: "dalla_man_2007_meal_78g",
        model: "published/dalla_man_2007.ant",
        unit: "min",
        protocol: &[r#"{ meal = "78 g", time = 0 }"#],
        departures: &[],
    },
    Case {
        folder: "dalla_man_2007_t2d_meal_78g",
        model: "published/dalla_man_2007_t2d.ant",
        unit: "min",
        protocol: &[r#"{ meal = "78 g", time = 0 }"#],
        departures: &[],
    },
];

/// Whether a folder below `tests/golden` says that it is about the model and has both tables.
fn is_case_of(folder: &Path, model: &str) -> bool {
    let origin = std::fs::read_to_string(folder.join("ORIGIN.md")).unwrap_or_default();
    let tables = ["derivatives.csv", "trajectory.csv"];
    origin.contains(&format!("`models/{model}`"))
        && tables.iter().all(|table| folder.join(table).is_file())
}

#[test]
fn every_published_model_has_a_golden_case() {
    let golden = package().join("tests/golden");
    let entries = std::fs::read_dir(golden).expect("it is in the checkout");
    let folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    for model in shipped(".ant") {
        let covered = folders.iter().any(|folder| is_case_of(folder, &model));
        assert!(
            covered || !model.starts_with("published/"),
            "`{model}` has none"
        );
    }
}
