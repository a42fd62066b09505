//! The runs that a figure shows, with their words.

use insilin::render::build::Arm;
use insilin::render::number::significant;
use insilin::scenario::Scenario;
use insilin::trajectory::Trajectory;

use super::super::results::Results;

/// Most curves of a family that are drawn beside each other, one colour each.
const MOST_CURVES: usize = 6;

/// One run: of an arm, at one value of what is varied.
pub(super) struct Run<'a> {
    /// Which arm.
    pub arm: usize,
    /// Words for legends; empty for the only one.
    pub label: String,
    /// In display units.
    pub trajectory: &'a Trajectory,
}

impl Run<'_> {
    /// As builders of figures take it.
    pub fn arm(&self) -> Arm<'_> {
        Arm {
            label: &self.label,
            trajectory: self.trajectory,
        }
    }
}

/// The runs of one arm that are drawn, named by the varied value where there is one, else by the arm.
pub(super) fn of_arm<'a>(scenario: &Scenario, results: &'a Results, arm: usize) -> Vec<Run<'a>> {
    let shown = &results.arms[arm].shown;
    let label = |run: usize| match &scenario.vary {
        Some(vary) => {
            let value = format!("{} {}", significant(vary.values[run], 3), vary.unit);
            value.trim().to_string()
        }
        None => scenario.arms[arm].label.clone(),
    };
    let run = |run: usize| Run {
        arm,
        label: label(run),
        trajectory: &shown[run],
    };
    chosen(shown.len()).into_iter().map(run).collect()
}

/// All runs that are drawn beside each other, each with all of its words.
pub(super) fn all<'a>(scenario: &Scenario, results: &'a Results) -> Vec<Run<'a>> {
    let mut all = Vec::new();
    for arm in 0..scenario.arms.len() {
        let label = &scenario.arms[arm].label;
        for mut run in of_arm(scenario, results, arm) {
            if scenario.vary.is_some() && !label.is_empty() {
                run.label = format!("{label}, {}", run.label);
            }
            all.push(run);
        }
    }
    all
}

/// Those runs that have every quantity, or all when none has: arms of different models need not share each.
pub(super) fn able<'a, 'b>(runs: &'b [Run<'a>], ids: &[&str]) -> Vec<&'b Run<'a>> {
    let has = |run: &&Run<'a>| ids.iter().all(|id| run.trajectory.column(id).is_some());
    let able: Vec<&Run<'a>> = runs.iter().filter(has).collect();
    if able.is_empty() {
        runs.iter().collect()
    } else {
        able
    }
}

/// Which runs of a family are drawn: all of a few, else some evenly spaced, the ends among them.
fn chosen(n: usize) -> Vec<usize> {
    if n <= MOST_CURVES {
        return (0..n).collect();
    }
    (0..MOST_CURVES)
        .map(|at| (at * (n - 1) + (MOST_CURVES - 1) / 2) / (MOST_CURVES - 1))
        .collect()
}
