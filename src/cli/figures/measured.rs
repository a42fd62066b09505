//! Measured points in the units of what is shown.

use insilin::scenario::Scenario;
use insilin::trajectory::{Measured, points};

use super::super::display;
use super::super::results::Results;
use super::super::terminal::Terminal;

/// Measured series of all files in the units of what is shown; those that nothing shown measures are left out.
pub(super) fn all(scenario: &Scenario, results: &Results, terminal: Terminal) -> Vec<Measured> {
    let mut all = Vec::new();
    for file in &scenario.measured {
        let at = file
            .arm
            .as_ref()
            .and_then(|label| scenario.arms.iter().position(|arm| &arm.label == label));
        let (arm, runs) = (
            &scenario.arms[at.unwrap_or(0)],
            &results.arms[at.unwrap_or(0)],
        );
        let Some(shown) = runs.shown.first() else {
            continue;
        };
        for series in points::read(&file.text).unwrap_or_default() {
            let converted =
                display::factor(&series.time_unit, &shown.time_unit).and_then(|factor| {
                    let mut measured = display::measured(&series.measured, shown, &arm.model)?;
                    measured.time.iter_mut().for_each(|time| *time *= factor);
                    Some(measured)
                });
            match converted {
                Some(measured) => all.push(measured),
                None => terminal.say(&format!(
                    "note: `{}` of {} is not drawn: no column of that name and kind of unit",
                    series.measured.observable, file.path
                )),
            }
        }
    }
    all
}
