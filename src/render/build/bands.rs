//! Many people at once: thin curves with their median, or bands between percentiles.

use super::family::{MOST_CURVES, evenly, said};
use super::in_readable_time;
use crate::observe::percentile;
use crate::render::{Axis, Bundle, Colour, Figure, Panel, Series, SeriesKind, Strand};

/// The runs of a population along one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// The axis they share, mostly time.
    pub x: Axis,
    /// Positions on it, in its unit.
    pub along: Vec<f64>,
    /// What was computed.
    pub y: Axis,
    /// One curve per run, `None` for one that failed; each has as many values as there are positions.
    pub runs: Vec<Option<Vec<f64>>>,
}

/// Every run as a thin line (300 of them at most, evenly), with the median of all.
///
/// * `measured` — series laid over them, in the units of the axes
pub fn spaghetti(title: &str, spread: &Spread, measured: Vec<Series>) -> Figure {
    let bands = bands(spread, &[50.0]);
    let whole: Vec<&Vec<f64>> = spread.runs.iter().flatten().collect();
    let chosen = evenly(whole.len(), MOST_CURVES);
    let failed = spread.runs.len() - whole.len();
    let drawn = said(spread.runs.len(), failed, chosen.len());
    let strand = |&at: &usize| Strand {
        x: spread.along.clone(),
        y: whole[at].clone(),
        value: f64::NAN,
    };
    let bundle = Bundle {
        label: drawn,
        strands: chosen.iter().map(strand).collect(),
        colour: Some(Colour::Series(0)),
        picked: None,
    };
    let mut panel = panel(spread);
    panel.bundles.push(bundle);
    panel.series.push(median(spread, &bands, 0));
    finished(title, panel, measured)
}

/// Median, the middle half (25–75 %) and nine tenths (5–95 %) of all runs.
///
/// * `measured` — series laid over them, in the units of the axes
///
/// A run that failed, or has a value that is not finite, is left out and counted in the legend.
pub fn percentile_bands(title: &str, spread: &Spread, measured: Vec<Series>) -> Figure {
    let bands = bands(spread, &[5.0, 25.0, 50.0, 75.0, 95.0]);
    let range = |low: usize, high: usize, label: &str| {
        let (x, y) = (spread.along.clone(), bands.curves[high].clone());
        let mut range = Series::new(label, SeriesKind::Range, x, y, Colour::Series(0));
        range.base = bands.curves[low].clone();
        range
    };
    let mut panel = panel(spread);
    panel.series = vec![
        range(0, 4, "5th to 95th percentile"),
        range(1, 3, "25th to 75th"),
        median(spread, &bands, 2),
    ];
    finished(title, panel, measured)
}

fn bands(spread: &Spread, percents: &[f64]) -> percentile::Bands {
    let n = spread.along.len();
    let runs = spread.runs.iter().map(Option::as_deref);
    // What does not fit the axis cannot be put on it.
    percentile::bands(runs.map(|run| run.filter(|run| run.len() == n)), percents)
}

fn panel(spread: &Spread) -> Panel {
    Panel {
        x: spread.x.clone(),
        y: spread.y.clone(),
        ..Panel::default()
    }
}

fn median(spread: &Spread, bands: &percentile::Bands, at: usize) -> Series {
    let mut label = format!("median, n = {}", bands.n);
    // Where each run is a line, the lines say what failed.
    if bands.failed > 0 && bands.percents.len() > 1 {
        label.push_str(&format!(" ({} failed)", bands.failed));
    }
    let (x, y) = (spread.along.clone(), bands.curves[at].clone());
    Series::new(label, SeriesKind::Line, x, y, Colour::Series(1))
}

fn finished(title: &str, mut panel: Panel, measured: Vec<Series>) -> Figure {
    panel.series.extend(measured);
    let mut figure = Figure::new(title, vec![panel]);
    in_readable_time(&mut figure);
    figure
}
