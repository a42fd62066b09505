//! From numbers on an axis to pixels.

use crate::math::{log10, pow};
use crate::render::number::decade;
use crate::render::ticks::{self, Tick, ten_to};
use crate::render::{Axis, FieldLook, Panel, Series, SeriesKind};

/// An axis with its ends fixed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    pub low: f64,
    pub high: f64,
    log: bool,
    /// Between ticks, where the ends were chosen to lie on them.
    step: Option<f64>,
}

impl Scale {
    fn new(low: f64, high: f64, log: bool) -> Self {
        Self {
            low,
            high,
            log,
            step: None,
        }
    }

    /// Whether equal factors are equal lengths.
    pub fn is_log(&self) -> bool {
        self.log
    }

    /// Share of the way from low to high, 0 … 1 within the axis; `None` for what the axis cannot show.
    pub fn share(&self, value: f64) -> Option<f64> {
        if !value.is_finite() || (self.log && value <= 0.0) {
            return None;
        }
        let share = if self.log {
            (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        } else {
            // Halved first: the ends may lie so far apart that their difference overflows.
            (0.5 * value - 0.5 * self.low) / (0.5 * self.high - 0.5 * self.low)
        };
        // Pixels stay small numbers even when a value lies far outside a range that the caller chose.
        Some(share.clamp(-100.0, 100.0))
    }

    /// Place of a value on an axis of `length`; not finite for what the axis cannot show.
    pub fn place(&self, value: f64, length: f64) -> f64 {
        if self.log {
            return self.share(value).map_or(f64::NAN, |share| share * length);
        }
        (value - self.low) * (length / (self.high - self.low))
    }

    /// Ticks for an axis with room for `most` labels.
    pub fn ticks(&self, axis: &Axis, most: usize) -> Vec<Tick> {
        if !axis.categories.is_empty() {
            let names = axis.categories.iter().enumerate();
            return names
                .map(|(index, name)| Tick {
                    at: index as f64,
                    label: name.clone(),
                })
                .collect();
        }
        if self.log {
            return ticks::logarithmic(self.low, self.high, most);
        }
        if axis.clock {
            return ticks::clock(self.low, self.high, most);
        }
        let fitting = || ticks::step(self.high - self.low, most, &axis.unit);
        ticks::linear(self.low, self.high, self.step.unwrap_or_else(fitting))
    }
}

/// The x axis of a panel: just the data, for bars with room at both ends.
pub(super) fn horizontal(panel: &Panel) -> Scale {
    if !panel.x.categories.is_empty() {
        return Scale::new(-0.5, panel.x.categories.len() as f64 - 0.5, false);
    }
    if let Some(scale) = given(&panel.x) {
        return scale;
    }
    if let Some(field) = &panel.field {
        return around(&field.x, panel.x.log, field.look);
    }
    let (low, high) = extent(along_x(panel).into_iter(), panel.x.log);
    if !panel.lying.is_empty() {
        return lying(panel, low, high);
    }
    let bars = panel
        .series
        .iter()
        .any(|series| series.kind == SeriesKind::Bars);
    let dots = panel.strips.is_empty()
        && panel.bundles.is_empty()
        && panel
            .series
            .iter()
            .all(|series| matches!(series.kind, SeriesKind::Points | SeriesKind::LinePoints));
    let (low, high) = widened(low, high, panel.x.log);
    if !panel.clouds.is_empty() {
        return with_margins(low, high, panel.x.log);
    }
    match (panel.x.log, bars || dots) {
        (true, true) => Scale::new(low / 1.5, high * 1.5, true),
        (false, true) => {
            let margin = if bars { 0.08 } else { 0.03 } * (high - low);
            Scale::new(low - margin, high + margin, false)
        }
        (log, false) => Scale::new(low, high, log),
    }
}

/// Everything that stands somewhere on the x axis, but for a field.
fn along_x(panel: &Panel) -> Vec<f64> {
    let mut values: Vec<f64> = panel.x.covers.map_or(vec![], |(low, high)| vec![low, high]);
    for series in &panel.series {
        values.extend(&series.x);
        let spread = series.x.iter().zip(&series.x_spread);
        values.extend(spread.flat_map(|(x, half)| [x - half, x + half]));
    }
    values.extend(panel.strips.iter().flat_map(|strip| &strip.x));
    let strands = panel.bundles.iter().flat_map(|bundle| &bundle.strands);
    values.extend(strands.flat_map(|strand| &strand.x));
    values.extend(panel.clouds.iter().flat_map(|cloud| &cloud.x));
    for bar in &panel.lying {
        values.extend([bar.from, bar.to]);
        values.extend(bar.interval.into_iter().flat_map(|(low, high)| [low, high]));
    }
    values
}

/// Ends with a little room beyond both.
fn with_margins(low: f64, high: f64, log: bool) -> Scale {
    const ROOM: f64 = 0.03;
    if log {
        let factor = pow(high / low, ROOM);
        return Scale::new(low / factor, high * factor, true);
    }
    let room = ROOM * (high - low);
    Scale::new(low - room, high + room, false)
}

/// The x axis of lying bars: room beyond both ends for their words, but none beyond a zero that all start from.
fn lying(panel: &Panel, low: f64, high: f64) -> Scale {
    const WORDS: f64 = 0.14;
    let (low, high) = widened(low, high, panel.x.log);
    if panel.x.log {
        return Scale::new(low / 1.5, high * 1.5, true);
    }
    let room = |words: bool| if words { WORDS } else { 0.03 } * (high - low);
    let worded = panel.lying.iter().any(|bar| !bar.words.is_empty());
    let from_zero = low == 0.0 && panel.lying.iter().all(|bar| bar.from == 0.0);
    let left = if from_zero { 0.0 } else { room(worded) };
    Scale::new(low - left, high + room(worded), false)
}

/// The axis of a field: to the edges of its cells, or to its outer nodes where there are none.
fn around(nodes: &[f64], log: bool, look: FieldLook) -> Scale {
    let edges = match look {
        FieldLook::Cells => cell_edges(nodes, log),
        FieldLook::Bands | FieldLook::Lines => nodes.to_vec(),
    };
    let (low, high) = extent(edges.into_iter(), log);
    let (low, high) = widened(low, high, log);
    Scale::new(low, high, log)
}

/// Edges of the cells around nodes: halfway between neighbours, outside as far as inside.
pub(super) fn cell_edges(nodes: &[f64], log: bool) -> Vec<f64> {
    let to = |node: f64| if log { log10(node) } else { node };
    let back = |at: f64| if log { pow(10.0, at) } else { at };
    let places: Vec<f64> = nodes.iter().map(|&node| to(node)).collect();
    let half = |from: usize, next: usize| match (places.get(from), places.get(next)) {
        (Some(from), Some(next)) => 0.5 * (next - from),
        // A single node: a cell of any width, chosen by feel.
        _ => 0.15 * places[0].abs().max(1.0),
    };
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return Vec::new();
    };
    let before_last = places.len().wrapping_sub(2);
    let mut edges = vec![back(first - half(0, 1))];
    edges.extend(
        places
            .windows(2)
            .map(|pair| back(0.5 * (pair[0] + pair[1]))),
    );
    edges.push(back(last + half(before_last, places.len() - 1)));
    edges
}

/// The scale of the colours of a panel: its range, or all that is coloured.
pub(super) fn colours(panel: &Panel, axis: &Axis) -> Scale {
    if let Some(scale) = given(axis) {
        return scale;
    }
    let cells = panel.field.iter().flat_map(|field| &field.cells);
    let coloured = panel
        .bundles
        .iter()
        .filter(|bundle| bundle.colour.is_none());
    let strands = coloured.flat_map(|bundle| &bundle.strands);
    let dots = panel.clouds.iter().flat_map(|cloud| &cloud.value);
    let values = cells.filter_map(|cell| *cell);
    let values = values.chain(strands.map(|strand| strand.value));
    let (low, high) = extent(values.chain(dots.copied()), axis.log);
    let (low, high) = widened(low, high, axis.log);
    Scale::new(low, high, axis.log)
}

/// The y axis of a panel with room for `most` intervals: the data and their spread, ending on ticks, from zero when
/// zero is near.
pub(super) fn vertical(panel: &Panel, most: usize) -> Scale {
    if !panel.y.categories.is_empty() {
        return Scale::new(-0.5, panel.y.categories.len() as f64 - 0.5, false);
    }
    if let Some(scale) = given(&panel.y) {
        return scale;
    }
    if let Some(field) = &panel.field {
        return around(&field.y, panel.y.log, field.look);
    }
    let strands = panel.bundles.iter().flat_map(|bundle| &bundle.strands);
    let dots = panel.clouds.iter().flat_map(|cloud| &cloud.y);
    let thin: Vec<f64> = strands
        .flat_map(|strand| &strand.y)
        .chain(dots)
        .copied()
        .collect();
    let covered = panel
        .y
        .covers
        .into_iter()
        .flat_map(|(low, high)| [low, high]);
    let reached = panel.series.iter().flat_map(reach).chain(covered);
    let reached = reached.chain(thin.iter().copied());
    let (mut low, high) = extent(reached, panel.y.log);
    let below_zero = |value: f64| value < 0.0;
    let said = panel.series.iter().flat_map(values);
    if low < 0.0 && !said.chain(thin.iter().copied()).any(below_zero) {
        // A spread that reaches below zero around a mean above it says nothing about negative values.
        low = 0.0;
    }
    let (mut low, mut high) = widened(low, high, panel.y.log);
    if panel.y.log {
        return Scale::new(whole_decade(low, false), whole_decade(high, true), true);
    }
    let from_zero = panel
        .series
        .iter()
        .any(|s| matches!(s.kind, SeriesKind::Bars | SeriesKind::Area));
    if low > 0.0 && (from_zero || panel.zero_line || low < 0.35 * high) {
        low = 0.0;
    } else if high < 0.0 && (from_zero || panel.zero_line) {
        high = 0.0;
    }
    let step = ticks::step(1.02 * (high - low), most, &panel.y.unit);
    let floor = if low == 0.0 {
        0.0
    } else {
        (low / step - 0.03).floor() * step
    };
    let ceiling = if high == 0.0 {
        0.0
    } else {
        (high / step + 0.03).ceil() * step
    };
    Scale {
        step: Some(step),
        ..Scale::new(floor, ceiling, false)
    }
}

fn given(axis: &Axis) -> Option<Scale> {
    let (low, high) = axis.range?;
    let usable = low < high && low.is_finite() && high.is_finite() && (!axis.log || low > 0.0);
    usable.then_some(Scale::new(low, high, axis.log))
}

/// Everything that a series reaches on the y axis.
fn reach(series: &Series) -> impl Iterator<Item = f64> + '_ {
    let spread = |index: usize| {
        series
            .spread
            .get(index)
            .copied()
            .filter(|s| s.is_finite())
            .unwrap_or(0.0)
    };
    let ends = move |(index, &value): (usize, &f64)| [value - spread(index), value + spread(index)];
    series
        .y
        .iter()
        .enumerate()
        .flat_map(ends)
        .chain(series.base.iter().copied())
}

/// What a series says without its spread.
fn values(series: &Series) -> impl Iterator<Item = f64> + '_ {
    series.y.iter().chain(&series.base).copied()
}

/// Smallest and largest that the axis can show; NaN for none.
fn extent(values: impl Iterator<Item = f64>, log: bool) -> (f64, f64) {
    values
        .filter(|value| value.is_finite() && (!log || *value > 0.0))
        .fold((f64::NAN, f64::NAN), |(low, high), value| {
            (value.min(low), value.max(high))
        })
}

/// Ends that differ enough to draw between: one number, or numbers that differ by rounding only, get room around them.
fn widened(low: f64, high: f64, log: bool) -> (f64, f64) {
    let largest = low.abs().max(high.abs());
    match log {
        _ if low.is_nan() => {
            if log {
                (1.0, 10.0)
            } else {
                (0.0, 1.0)
            }
        }
        true if high / low < 1.2 => (low / 3.0, high * 3.0),
        true => (low, high),
        // With the margin at both ends this makes an axis from −1 to 1.
        false if largest < 1e-300 => (-0.9, 0.9),
        false if high - low < 1e-9 * largest => (low - 0.1 * largest, high + 0.1 * largest),
        false => (low, high),
    }
}

/// Power of ten at or below `value`, or at or above it.
fn whole_decade(value: f64, up: bool) -> f64 {
    let below = ten_to(decade(value));
    if up && value > below * (1.0 + 1e-9) {
        ten_to(decade(value) + 1)
    } else {
        below
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Colour;

    fn panel(y: &[f64]) -> Panel {
        let x = (0..y.len()).map(|i| i as f64).collect();
        let series = vec![Series::new(
            "",
            SeriesKind::Line,
            x,
            y.to_vec(),
            Colour::Series(0),
        )];
        Panel {
            series,
            ..Panel::default()
        }
    }

    #[test]
    fn a_y_axis_ends_on_ticks_and_starts_at_zero_when_zero_is_near() {
        let ends = |y: &[f64]| {
            let scale = vertical(&panel(y), 5);
            (scale.low, scale.high)
        };
        assert_eq!(ends(&[25.0, 250.0]), (0.0, 300.0));
        assert_eq!(ends(&[90.0, 157.0]), (80.0, 160.0));
        assert_eq!(ends(&[0.0, 0.0]), (-1.0, 1.0));
        assert_eq!(ends(&[]), (0.0, 1.25));
        let mut spread = panel(&[20.0, 300.0]);
        spread.series[0] = spread.series[0].clone().with_spread(vec![30.0, 30.0]);
        assert_eq!(vertical(&spread, 5).low, 0.0);
    }

    #[test]
    fn numbers_that_differ_by_rounding_only_are_drawn_as_a_constant() {
        let scale = vertical(&panel(&[5.0, 5.0 + 1e-15]), 5);
        assert!(scale.low <= 4.5 && scale.high >= 5.5);
    }

    #[test]
    fn a_logarithmic_axis_shares_out_decades() {
        let scale = Scale::new(1e-3, 1e2, true);
        assert!((scale.share(1.0).unwrap() - 0.6).abs() < 1e-12);
        assert_eq!(scale.share(0.0), None);
    }

    #[test]
    fn enormous_and_tiny_values_get_finite_axes() {
        for factor in [1e-300, 1e-12, 1e12, 1e307] {
            let scale = vertical(&panel(&[-factor, 2.0 * factor]), 5);
            assert!(scale.low.is_finite() && scale.high.is_finite() && scale.low < scale.high);
            assert!(
                scale
                    .share(factor)
                    .is_some_and(|share| (0.0..=1.0).contains(&share))
            );
        }
    }
}
