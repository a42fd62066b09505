//! A number of each run against what was drawn for it: for designs that are no grid.

use crate::render::{Axis, Cloud, Figure, Panel};

/// One run of a random design.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// What was drawn for it, in the unit of the x axis.
    pub x: f64,
    /// Its number, in the unit of the y axis; `None` when the run failed.
    pub y: Option<f64>,
    /// What colours it, in the unit of the colour axis; NaN without one.
    pub colour: f64,
}

/// A dot for every run; runs that failed are crossed at the lower edge.
///
/// * `colours` — what a second number of each run is, linear or logarithmic; `None` for dots of one colour
pub fn scatter(
    title: &str,
    (x, y): (Axis, Axis),
    colours: Option<Axis>,
    samples: &[Sample],
) -> Figure {
    let value = |sample: &Sample| sample.y.unwrap_or(f64::NAN);
    let failed = samples.iter().filter(|it| !value(it).is_finite()).count();
    let cloud = Cloud {
        label: format!("{} runs", samples.len()),
        x: samples.iter().map(|sample| sample.x).collect(),
        y: samples.iter().map(value).collect(),
        value: match colours {
            Some(_) => samples.iter().map(|sample| sample.colour).collect(),
            None => Vec::new(),
        },
        missing: format!("no value ({failed} of {} runs)", samples.len()),
    };
    let panel = Panel {
        x,
        y,
        clouds: vec![cloud],
        colours,
        ..Panel::default()
    };
    Figure::new(title, vec![panel])
}
