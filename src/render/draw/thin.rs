//! Long series down to what a page can show, without losing a peak.
//!
//! In each column, narrower than a line, the first, last, lowest and highest point stay: the drawn line covers the pixels of that
//! of all points (Jugel et al. 2014, *M4: a visualization-oriented time series data aggregation*, VLDB 7:797–808).

use std::borrow::Cow;
use std::ops::Range;

use super::scale;
use crate::render::{Figure, Panel, Series, SeriesKind};

/// Points per column that may stay; below that there is nothing to gain.
const PER_COLUMN: usize = 4;

/// Width of a column, in pixels: narrower than a line, so that what is left out lies under what is drawn.
const COLUMN: f64 = 2.0;

/// The figure with every long series thinned to the columns that it may have.
pub(super) fn thinned(figure: &Figure) -> Cow<'_, Figure> {
    let columns = columns(figure);
    let long = |series: &Series| {
        let line = matches!(
            series.kind,
            SeriesKind::Line | SeriesKind::Steps | SeriesKind::Area | SeriesKind::Range
        );
        line && series.x.len() > PER_COLUMN * columns
    };
    if !figure
        .panels
        .iter()
        .flat_map(|panel| &panel.series)
        .any(long)
    {
        return Cow::Borrowed(figure);
    }
    let panel = |panel: &Panel| {
        let x = scale::horizontal(panel);
        let thin = |series: &Series| {
            if long(series) {
                picked(series, &kept(series, |at| x.place(at, columns as f64)))
            } else {
                series.clone()
            }
        };
        Panel {
            series: panel.series.iter().map(thin).collect(),
            ..bare(panel)
        }
    };
    Cow::Owned(Figure {
        panels: figure.panels.iter().map(panel).collect(),
        ..without_panels(figure)
    })
}

/// Columns of the widest plot that the figure may have.
fn columns(figure: &Figure) -> usize {
    let width = f64::from(figure.size.0) / figure.zoom;
    let side = figure.columns.clamp(1, figure.panels.len().max(1));
    (width / side as f64 / COLUMN).ceil().max(1.0) as usize
}

/// The panel without its series, which are the long part.
fn bare(panel: &Panel) -> Panel {
    Panel {
        title: panel.title.clone(),
        x: panel.x.clone(),
        y: panel.y.clone(),
        series: Vec::new(),
        strips: panel.strips.clone(),
        colour_bar: panel.colour_bar.clone(),
        field: panel.field.clone(),
        bundles: panel.bundles.clone(),
        clouds: panel.clouds.clone(),
        lying: panel.lying.clone(),
        guides: panel.guides.clone(),
        names: panel.names.clone(),
        colours: panel.colours.clone(),
        shown_to: panel.shown_to,
        bands: panel.bands.clone(),
        marks: panel.marks.clone(),
        naming: panel.naming,
        zero_line: panel.zero_line,
    }
}

fn without_panels(figure: &Figure) -> Figure {
    Figure {
        title: figure.title.clone(),
        subtitle: figure.subtitle.clone(),
        footnote: figure.footnote.clone(),
        panels: Vec::new(),
        ..*figure
    }
}

/// Indices of the points that stay, rising.
///
/// * `place` — column of a position, NaN for what the axis cannot show
///
/// Neighbours in one column are a group; those that cannot be drawn are one of their own, so that gaps stay gaps.
fn kept(series: &Series, place: impl Fn(f64) -> f64) -> Vec<usize> {
    let (x, y, base) = (&series.x, &series.y, &series.base);
    let column = |index: usize| {
        let y = y.get(index).copied().unwrap_or(f64::NAN);
        // NaN is unlike itself, and so stays as every other column would.
        if y.is_finite() {
            place(x[index]).floor()
        } else {
            f64::INFINITY
        }
    };
    let mut kept = Vec::new();
    let mut start = 0;
    let mut here = if x.is_empty() { 0.0 } else { column(0) };
    for index in 1..=x.len() {
        let next = if index < x.len() {
            column(index)
        } else {
            f64::NAN
        };
        if next == here {
            continue;
        }
        let group = start..index;
        let mut ends = vec![group.start, group.end - 1];
        ends.extend(extremes(y, group.clone()));
        ends.extend(extremes(base, group));
        ends.sort_unstable();
        ends.dedup();
        kept.extend(ends);
        (start, here) = (index, next);
    }
    kept
}

/// Indices of the lowest and the highest of some values; none of a list that is not so long.
fn extremes(values: &[f64], group: Range<usize>) -> impl Iterator<Item = usize> {
    let inside = values.get(group.clone()).unwrap_or_default();
    let (mut low, mut high) = (0, 0);
    for (at, value) in inside.iter().enumerate() {
        if *value < inside[low] {
            low = at;
        }
        if *value > inside[high] {
            high = at;
        }
    }
    let found = [group.start + low, group.start + high];
    found.into_iter().filter(move |_| !values.is_empty())
}

fn picked(series: &Series, kept: &[usize]) -> Series {
    let pick = |values: &[f64]| -> Vec<f64> {
        let picked = kept.iter().filter_map(|&index| values.get(index));
        picked.copied().collect()
    };
    Series {
        label: series.label.clone(),
        x: pick(&series.x),
        y: pick(&series.y),
        spread: pick(&series.spread),
        x_spread: pick(&series.x_spread),
        base: pick(&series.base),
        ..*series
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Colour;

    fn figure(y: Vec<f64>) -> Figure {
        let x = (0..y.len()).map(|at| at as f64).collect();
        let series = Series::new("", SeriesKind::Line, x, y, Colour::Series(0));
        let panel = Panel {
            series: vec![series],
            ..Panel::default()
        };
        Figure::new("", vec![panel])
    }

    #[test]
    fn a_spike_of_one_point_in_a_hundred_thousand_stays_where_it_is() {
        let mut y = vec![0.0; 120_000];
        y[77_777] = 5.0;
        y[77_901] = -3.0;
        let figure = figure(y);
        let thin = thinned(&figure);
        let series = &thin.panels[0].series[0];
        assert!(series.x.len() <= PER_COLUMN * columns(&figure) + 4);
        let points: Vec<(f64, f64)> = series.x.iter().copied().zip(series.y.clone()).collect();
        assert!(points.contains(&(77_777.0, 5.0)) && points.contains(&(77_901.0, -3.0)));
        assert_eq!(points[0].0, 0.0);
        assert_eq!(points[points.len() - 1].0, 119_999.0);
    }

    #[test]
    fn a_gap_stays_a_gap() {
        let mut y = vec![1.0; 50_000];
        y[20_000..30_000].fill(f64::NAN);
        let figure = figure(y);
        let thin = thinned(&figure);
        assert!(thin.panels[0].series[0].y.iter().any(|y| y.is_nan()));
    }

    #[test]
    fn a_short_series_is_left_as_it_is() {
        let figure = figure(vec![1.0; 1440]);
        assert!(matches!(thinned(&figure), Cow::Borrowed(_)));
    }
}
