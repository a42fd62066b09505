//! Bars along the x axis, one row for each name: effects of parameters, indices.

use super::panel::Frame;
use super::pattern::Pattern;
use super::scene::{Anchor, INK, Rect, SOFT_INK, Scene, Shape, Text, WHITE};
use super::series::{ERROR_WIDTH, fill_opacity};
use super::text::width;
use crate::render::{Lying, Panel, RowPart, SeriesKind};

const SIZE: f64 = 11.0;
const HATCH: f64 = 8.0;
/// Share of a row that its bars take.
const FILLED: f64 = 0.72;
const CAP: f64 = 3.5;

/// Draws the lying bars of `panel`; says whether there was any.
pub(super) fn draw(scene: &mut Scene, panel: &Panel, frame: &Frame) -> bool {
    for bar in &panel.lying {
        one(scene, bar, frame);
    }
    !panel.lying.is_empty()
}

/// Place of a bar across its row.
fn across(bar: &Lying, frame: &Frame) -> Option<(f64, f64)> {
    let middle = frame.y_of(bar.row as f64)?;
    let half = 0.5 * FILLED * frame.plot.height() / (frame.y.high - frame.y.low);
    Some(match bar.part {
        RowPart::Whole => (middle - half, middle + half),
        RowPart::Upper => (middle - half, middle),
        RowPart::Lower => (middle, middle + half),
    })
}

fn one(scene: &mut Scene, bar: &Lying, frame: &Frame) {
    let (Some((top, bottom)), Some(from)) = (across(bar, frame), frame.x_of(bar.from)) else {
        return;
    };
    let within = |at: f64| at.clamp(frame.plot.left, frame.plot.right);
    let from = within(from);
    let middle = 0.5 * (top + bottom);
    let Some(to) = frame.x_of(bar.to).map(within) else {
        let at = (from + 6.0, middle + 0.36 * SIZE);
        let text = Text::new(at, bar.words.as_str(), SIZE).coloured(SOFT_INK);
        scene.push(Shape::Text(text));
        return;
    };
    let rect = Rect {
        left: from.min(to),
        right: from.max(to),
        top,
        bottom,
    };
    scene.push(rect.fill(bar.colour.rgb(), fill_opacity(SeriesKind::Bars)));
    Pattern::of_series(bar.colour).draw(scene, &rect.corners(), HATCH, WHITE);
    let (mut low, mut high) = (rect.left, rect.right);
    if let Some((start, end)) = bar.interval
        && let (Some(start), Some(end)) = (frame.x_of(start), frame.x_of(end))
    {
        whisker(scene, (within(start), within(end)), middle);
        (low, high) = (low.min(within(start)), high.max(within(end)));
    }
    words(scene, bar, (low, high), middle, to < from, frame);
}

fn whisker(scene: &mut Scene, (start, end): (f64, f64), y: f64) {
    let mut line = |points| {
        scene.push(Shape::Line {
            points,
            width: ERROR_WIDTH,
            colour: INK,
        });
    };
    line(vec![(start, y), (end, y)]);
    for x in [start, end] {
        line(vec![(x, y - CAP), (x, y + CAP)]);
    }
}

/// Words beyond the end of a bar, left of one that goes to the left.
fn words(
    scene: &mut Scene,
    bar: &Lying,
    (low, high): (f64, f64),
    middle: f64,
    leftwards: bool,
    frame: &Frame,
) {
    if bar.words.is_empty() {
        return;
    }
    let wide = width(&bar.words, SIZE, false);
    let fits_left = low - 5.0 - wide >= frame.plot.left;
    let (x, anchor) = if leftwards && fits_left {
        (low - 5.0, Anchor::End)
    } else {
        (high + 5.0, Anchor::Start)
    };
    let at = (x, middle + 0.36 * SIZE);
    let text = Text::new(at, bar.words.as_str(), SIZE).anchored(anchor);
    scene.push(Shape::Text(text.coloured(SOFT_INK)));
}
