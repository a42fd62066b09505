//! How much a result depends on each parameter: tornado plots and bars of Sobol indices.

use crate::render::number::significant;
use crate::render::{Axis, Colour, Figure, Guide, Lying, Panel, RowPart, Series, SeriesKind};

/// A result with one parameter at its low end and at its high end, all others as they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The parameter.
    pub name: String,
    /// Its two ends in words: `("0.5 ×", "2 ×")`, `("60 pmol/L", "240 pmol/L")`; may be empty.
    pub ends: (String, String),
    /// The result at the low end, in the unit of the axis; `None` when the run failed.
    pub low: Option<f64>,
    /// The result at the high end.
    pub high: Option<f64>,
}

impl Effect {
    /// The larger of its two changes from `base`; 0 when both runs failed.
    fn size(&self, base: f64) -> f64 {
        let change = |end: Option<f64>| end.map_or(0.0, |value| (value - base).abs());
        change(self.low).max(change(self.high))
    }
}

/// Bars from the base value to the result at either end of each parameter, the largest effect on top.
///
/// * `result` — the axis of the result, with its unit
/// * `base` — the result with every parameter as it is
///
/// Where both ends change the result to the same side, each has half of the row.
pub fn tornado(title: &str, result: Axis, base: f64, effects: &[Effect]) -> Figure {
    let mut sorted: Vec<&Effect> = effects.iter().collect();
    sorted.sort_by(|one, other| other.size(base).total_cmp(&one.size(base)));
    let mut lying = Vec::new();
    for (from_top, effect) in sorted.iter().enumerate() {
        let row = sorted.len() - 1 - from_top;
        let parts = parts(effect, base);
        let ends = [
            (effect.low, &effect.ends.0, parts.0, 0),
            (effect.high, &effect.ends.1, parts.1, 1),
        ];
        lying.extend(ends.map(|(end, words, part, colour)| Lying {
            row,
            from: base,
            to: end.unwrap_or(f64::NAN),
            part,
            interval: None,
            words: match end {
                Some(_) => words.clone(),
                None => format!("{words} failed").trim().to_string(),
            },
            colour: Colour::Series(colour),
        }));
    }
    let unit = &result.unit;
    let base_words = format!("unchanged: {} {unit}", significant(base, 3));
    let n = sorted.len() as f64;
    let panel = Panel {
        y: names(sorted.iter().map(|effect| effect.name.as_str())),
        x: result,
        lying,
        guides: vec![Guide {
            from: (base, -0.5),
            to: (base, n - 0.5),
            label: String::new(),
        }],
        series: vec![
            sample("parameter at its low end", 0),
            sample("at its high end", 1),
            Series {
                kind: SeriesKind::Line,
                dash: crate::render::Dash::Dashed,
                colour: Colour::Muted,
                ..sample(base_words.trim_end(), 0)
            },
        ],
        ..Panel::default()
    };
    rows(title, panel)
}

/// Which part of the row each end has: the whole of it when they go to different sides.
fn parts(effect: &Effect, base: f64) -> (RowPart, RowPart) {
    match (effect.low, effect.high) {
        (Some(low), Some(high)) if (low - base) * (high - base) < 0.0 => {
            (RowPart::Whole, RowPart::Whole)
        }
        _ => (RowPart::Upper, RowPart::Lower),
    }
}

/// A Sobol index with its confidence interval, dimensionless.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Index {
    /// Its estimate.
    pub value: f64,
    /// Ends of its interval, low then high; `None` when not known.
    pub interval: Option<(f64, f64)>,
}

/// The Sobol indices of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Indices {
    /// The parameter.
    pub name: String,
    /// Share of the variance that it makes alone.
    pub first: Index,
    /// Share of the variance that it has a part in.
    pub total: Index,
}

/// First-order and total index of each parameter with their intervals, the largest total on top.
///
/// * `of` — the result whose variance is shared out, for the caption
pub fn sobol(title: &str, of: &str, indices: &[Indices]) -> Figure {
    let mut sorted: Vec<&Indices> = indices.iter().collect();
    sorted.sort_by(|one, other| other.total.value.total_cmp(&one.total.value));
    let mut lying = Vec::new();
    for (from_top, parameter) in sorted.iter().enumerate() {
        let row = sorted.len() - 1 - from_top;
        let bars = [
            (parameter.first, RowPart::Upper, 0),
            (parameter.total, RowPart::Lower, 1),
        ];
        lying.extend(bars.map(|(index, part, colour)| Lying {
            row,
            from: 0.0,
            to: index.value,
            part,
            interval: index.interval,
            words: String::new(),
            colour: Colour::Series(colour),
        }));
    }
    let label = match of {
        "" => "share of the variance".to_string(),
        of => format!("share of the variance of {of}"),
    };
    let intervals = indices.iter().any(|it| it.total.interval.is_some());
    let whiskers = if intervals {
        ", whiskers: intervals"
    } else {
        ""
    };
    let panel = Panel {
        guides: vec![Guide {
            from: (0.0, -0.5),
            to: (0.0, sorted.len() as f64 - 0.5),
            label: String::new(),
        }],
        x: Axis {
            covers: Some((0.0, 1.0)),
            ..Axis::new(label, "")
        },
        y: names(sorted.iter().map(|indices| indices.name.as_str())),
        lying,
        series: vec![
            sample("first order: alone", 0),
            sample(&format!("total: with all others{whiskers}"), 1),
        ],
        ..Panel::default()
    };
    rows(title, panel)
}

/// Names of rows, the first on top: categories are counted from below.
fn names<'a>(names: impl DoubleEndedIterator<Item = &'a str>) -> Axis {
    Axis {
        categories: names.rev().map(String::from).collect(),
        ..Axis::default()
    }
}

/// An entry of the legend: bars that lie are not series.
fn sample(label: &str, colour: usize) -> Series {
    let none = (Vec::new(), Vec::new());
    Series::new(
        label,
        SeriesKind::Bars,
        none.0,
        none.1,
        Colour::Series(colour),
    )
}

/// A figure as high as its rows.
fn rows(title: &str, panel: Panel) -> Figure {
    let n = u32::try_from(panel.y.categories.len()).unwrap_or(u32::MAX);
    let mut figure = Figure::new(title, vec![panel]);
    figure.size.1 = (190 + 34 * n.min(200)).max(320);
    figure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(name: &str, low: Option<f64>, high: Option<f64>) -> Effect {
        Effect {
            name: name.into(),
            ends: (String::new(), String::new()),
            low,
            high,
        }
    }

    #[test]
    fn the_largest_effect_is_on_top_and_failed_ends_are_said() {
        let effects = [
            effect("small", Some(4.9), Some(5.1)),
            effect("large", Some(9.0), Some(3.0)),
            effect("same side", Some(6.0), Some(7.0)),
            effect("failed", None, Some(5.5)),
        ];
        let figure = tornado("", Axis::new("glucose", "mmol/L"), 5.0, &effects);
        let panel = &figure.panels[0];
        // Counted from below.
        assert_eq!(
            panel.y.categories,
            ["small", "failed", "same side", "large"]
        );
        let of = |row: usize| -> Vec<&Lying> {
            panel.lying.iter().filter(|bar| bar.row == row).collect()
        };
        assert_eq!((of(3)[0].to, of(3)[0].part), (9.0, RowPart::Whole));
        assert_eq!((of(2)[1].to, of(2)[1].part), (7.0, RowPart::Lower));
        assert!(of(1)[0].to.is_nan());
        assert_eq!(of(1)[0].words, "failed");
    }
}
