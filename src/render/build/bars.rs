//! Numbers beside each other: metrics by arm.

use crate::render::{Axis, Colour, Figure, Panel, Series, SeriesKind};

/// One metric in every arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// Words for it.
    pub label: String,
    /// Its value in each arm, in the unit of the y axis; NaN where it is not defined.
    pub values: Vec<f64>,
}

/// One group of metrics: arms along x, or metrics along x when there is one arm only.
///
/// * `arms` — labels, one per value of each metric
/// * `y` — what all metrics of the group have in common
pub fn bar_panel(arms: &[&str], y: Axis, metrics: &[Bars]) -> Panel {
    let across = |n: usize| (0..n).map(|at| at as f64).collect::<Vec<f64>>();
    let series = |label: &str, y: Vec<f64>, index| {
        let x = across(y.len());
        Series::new(label, SeriesKind::Bars, x, y, Colour::Series(index))
    };
    let (categories, series): (Vec<String>, Vec<Series>) = if arms.len() > 1 {
        let one = |(at, bars): (usize, &Bars)| {
            let label = if metrics.len() == 1 { "" } else { &bars.label };
            series(label, bars.values.clone(), at)
        };
        (
            arms.iter().map(|arm| (*arm).to_string()).collect(),
            metrics.iter().enumerate().map(one).collect(),
        )
    } else {
        let values = metrics.iter().filter_map(|bars| bars.values.first());
        (
            metrics.iter().map(|bars| bars.label.clone()).collect(),
            vec![series("", values.copied().collect(), 0)],
        )
    };
    Panel {
        x: Axis {
            categories,
            ..Axis::default()
        },
        y,
        series,
        ..Panel::default()
    }
}

/// Panels of bars, side by side when there are several.
pub fn bars(title: &str, panels: Vec<Panel>) -> Figure {
    let columns = panels.len().clamp(1, 3);
    let mut figure = super::small_multiples(title, panels, columns);
    figure.size.1 = figure.size.1.max(420);
    figure
}
