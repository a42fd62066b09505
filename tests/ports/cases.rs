//! The golden cases and the experiments behind them.

use insilin::scenario::Arm;
use insilin::simulate::{self, Options};
use insilin::trajectory::Trajectory;

use crate::support::files::{arm, package, shipped};
use crate::support::table::Table;

/// A golden case: its folder, its model and what is done to it.
pub struct Case {
    pub folder: &'static str,
    pub model: &'static str,
    protocol: &'static str,
}

/// Every case with a `trajectory.csv` and a `derivatives.csv`.
pub const CASES: [Case; 6] = [
    Case {
        folder: "sedaghat_2002_100nM_15min",
        model: "published/sedaghat_2002.ant",
        protocol: r#"{ hold = "insulin", at = "100 nmol/L", from = 0, to = 15 }"#,
    },
    Case {
        folder: "sedaghat_2002_feedback_100nM_15min",
        model: "published/sedaghat_2002_feedback.ant",
        protocol: r#"{ hold = "insulin", at = "100 nmol/L", from = 0, to = 15 }"#,
    },
    Case {
        folder: "brannmark_2013_10nM",
        model: "published/brannmark_2013.ant",
        protocol: r#"{ hold = "insulin", at = "10 nmol/L", from = 0, to = 30 }"#,
    },
    Case {
        folder: "brannmark_2013_t2d_10nM",
        model: "published/brannmark_2013_t2d.ant",
        protocol: r#"{ hold = "insulin", at = "10 nmol/L", from = 0, to = 30 }"#,
    },
    Case {
        folder: "dalla_man_2007_meal_78g",
        model: "published/dalla_man_2007.ant",
        protocol: r#"{ meal = "78 g", time = 0 }"#,
    },
    Case {
        folder: "dalla_man_2007_t2d_meal_78g",
        model: "published/dalla_man_2007_t2d.ant",
        protocol: r#"{ meal = "78 g", time = 0 }"#,
    },
];

/// A run that errs by less than the reference tables do.
pub fn tight() -> Options {
    Options {
        rtol: 1e-9,
        atol: 1e-12,
        ..Options::default()
    }
}

impl Case {
    /// One of its tables.
    pub fn table(&self, name: &str) -> Table {
        golden(self.folder, name)
    }

    /// Its experiment, written down at some times.
    pub fn arm(&self, time: &str) -> Arm {
        arm(self.model, time, &[self.protocol.to_string()], &[])
    }
}

/// A table below `tests/golden`.
pub fn golden(folder: &str, name: &str) -> Table {
    Table::read(&package().join("tests/golden").join(folder).join(name))
}

/// `points = [...]` of a scenario.
pub fn points(times: &[f64]) -> String {
    format!("points = {times:?}")
}

/// Runs the experiment.
pub fn run(arm: &Arm, options: &Options) -> Trajectory {
    let run = simulate::run(arm, options);
    run.unwrap_or_else(|wrong| {
        panic!(
            "{}: {}",
            arm.model_path,
            crate::support::files::told(&wrong)
        )
    })
    .value
    .trajectory
}

/// A column of a trajectory.
pub fn column(trajectory: &Trajectory, id: &str) -> Vec<f64> {
    trajectory
        .values(id)
        .unwrap_or_else(|| panic!("the model has no `{id}`"))
}

#[test]
fn every_published_model_has_a_golden_case() {
    for model in shipped(".ant")
        .iter()
        .filter(|path| path.starts_with("published/"))
    {
        assert!(
            CASES.iter().any(|case| case.model == model),
            "`{model}` has none"
        );
    }
}
