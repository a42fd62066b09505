//! The legend: above the plot, in rows, so that it never covers data.

use super::geometry::dashes;
use super::scene::{Point, Rect, Scene, Shape, Text};
use super::series::{DOT_RADIUS, ERROR_WIDTH, LINE_WIDTH, dot, fill_opacity};
use super::text::{width, wrap};
use crate::render::{Panel, Series, SeriesKind};

const SIZE: f64 = 12.0;
const LINE_HEIGHT: f64 = 16.0;
const SWATCH: f64 = 26.0;
const AFTER_SWATCH: f64 = 6.0;
const GAP: f64 = 22.0;

/// Where each entry stands, relative to the legend's top left.
pub(super) struct Legend<'a> {
    entries: Vec<Entry<'a>>,
    /// Height in pixels; 0 without entries.
    pub height: f64,
}

struct Entry<'a> {
    series: &'a Series,
    lines: Vec<String>,
    at: Point,
}

/// Whether two panels have the same legend, so that one of them is enough.
pub(super) fn alike(one: &Panel, other: &Panel) -> bool {
    let looks = |panel: &Panel| -> Vec<_> {
        let named = panel
            .series
            .iter()
            .filter(|series| !series.label.is_empty());
        named
            .map(|s| {
                (
                    s.label.clone(),
                    s.kind,
                    s.colour,
                    s.dash,
                    s.spread.is_empty(),
                )
            })
            .collect()
    };
    looks(one) == looks(other)
}

/// Flows the named series of `panel` into rows of at most `room` pixels.
pub(super) fn arrange(panel: &Panel, room: f64) -> Legend<'_> {
    let mut entries: Vec<Entry> = Vec::new();
    let (mut x, mut y, mut row_height) = (0.0, 0.0, 0.0_f64);
    for series in panel
        .series
        .iter()
        .filter(|series| !series.label.is_empty())
    {
        let lines = wrap(&series.label, SIZE, false, room - SWATCH - AFTER_SWATCH, 3);
        let widest = lines
            .iter()
            .map(|line| width(line, SIZE, false))
            .fold(0.0, f64::max);
        let extent = SWATCH + AFTER_SWATCH + widest;
        if x > 0.0 && x + extent > room {
            (x, y, row_height) = (0.0, y + row_height, 0.0);
        }
        row_height = row_height.max(LINE_HEIGHT * lines.len() as f64);
        entries.push(Entry {
            series,
            lines,
            at: (x, y),
        });
        x += extent + GAP;
    }
    let height = if entries.is_empty() {
        0.0
    } else {
        y + row_height + 6.0
    };
    Legend { entries, height }
}

impl Legend<'_> {
    /// A legend without entries.
    pub fn none() -> Self {
        Self {
            entries: Vec::new(),
            height: 0.0,
        }
    }

    /// Draws the entries with the legend's top left at `origin`.
    pub fn draw(&self, scene: &mut Scene, origin: Point) {
        for entry in &self.entries {
            let (x, y) = (origin.0 + entry.at.0, origin.1 + entry.at.1);
            swatch(scene, entry.series, (x, y + 0.5 * LINE_HEIGHT));
            for (index, line) in entry.lines.iter().enumerate() {
                let baseline = y + LINE_HEIGHT * index as f64 + 0.5 * LINE_HEIGHT + 0.36 * SIZE;
                let at = (x + SWATCH + AFTER_SWATCH, baseline);
                scene.push(Shape::Text(Text::new(at, line.as_str(), SIZE)));
            }
        }
    }
}

/// A sample of the series, its middle left at `at`.
fn swatch(scene: &mut Scene, series: &Series, at: Point) {
    let colour = series.colour.rgb();
    let middle = (at.0 + 0.5 * SWATCH, at.1);
    match series.kind {
        SeriesKind::Area | SeriesKind::Bars => {
            let (left, right) = (middle.0 - 8.0, middle.0 + 8.0);
            let alpha = fill_opacity(series.kind);
            scene.push(
                Rect {
                    left,
                    top: at.1 - 5.0,
                    right,
                    bottom: at.1 + 5.0,
                }
                .fill(colour, alpha),
            );
        }
        SeriesKind::Points => {
            if !series.spread.is_empty() {
                let mut line = |points| {
                    scene.push(Shape::Line {
                        points,
                        width: ERROR_WIDTH,
                        colour,
                    })
                };
                line(vec![(middle.0, at.1 - 7.5), (middle.0, at.1 + 7.5)]);
                for end in [at.1 - 7.5, at.1 + 7.5] {
                    line(vec![(middle.0 - 3.5, end), (middle.0 + 3.5, end)]);
                }
            }
            dot(scene, middle, DOT_RADIUS, colour);
        }
        SeriesKind::Line | SeriesKind::Steps | SeriesKind::LinePoints => {
            for points in dashes(&[at, (at.0 + SWATCH, at.1)], series.dash, LINE_WIDTH) {
                scene.push(Shape::Line {
                    points,
                    width: LINE_WIDTH,
                    colour,
                });
            }
            if series.kind == SeriesKind::LinePoints {
                dot(scene, middle, DOT_RADIUS, colour);
            }
        }
    }
}
