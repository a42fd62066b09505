//! Heat strips: rows whose colour shows a quantity over time.

use super::panel::Frame;
use super::scene::{AXIS, Rect, SOFT_INK, Scene, Shape, Text};
use super::text::width;
use crate::render::{Panel, Strip, heat};

const SIZE: f64 = 11.5;
/// Pixels of one cell: below that a screen shows no more and a file only grows.
const CELL: f64 = 2.0;
/// Colours that are told apart; neighbours of one colour become one rectangle.
const LEVELS: f64 = 64.0;

/// Room right of the plot for what stands there.
pub(super) fn notes_width(panel: &Panel) -> f64 {
    let widest = |widest: f64, strip: &Strip| widest.max(width(&strip.note, SIZE, false));
    match panel.strips.iter().fold(0.0, widest) {
        0.0 => 0.0,
        widest => widest + 8.0,
    }
}

/// Draws all strips, the first on top; says whether any had a value to show.
pub(super) fn draw(scene: &mut Scene, panel: &Panel, frame: &Frame) -> bool {
    let height = frame.plot.height() / panel.strips.len().max(1) as f64;
    let mut drawn = false;
    for (index, strip) in panel.strips.iter().enumerate() {
        let top = frame.plot.top + height * index as f64;
        let row = Rect {
            top: top + 1.0,
            bottom: top + height - 1.0,
            ..frame.plot
        };
        drawn |= cells(scene, strip, frame, &row);
        let at = (frame.plot.right + 8.0, top + 0.5 * height + 0.36 * SIZE);
        let note = Text::new(at, strip.note.as_str(), SIZE).coloured(SOFT_INK);
        scene.push(Shape::Text(note));
    }
    drawn
}

fn cells(scene: &mut Scene, strip: &Strip, frame: &Frame, row: &Rect) -> bool {
    // The unseen part of an animation is left blank.
    let shown = ((frame.right - row.left) / row.width()).clamp(0.0, 1.0);
    let count = (row.width() / CELL).floor().max(1.0) as usize;
    let levels = levels(strip, frame, count);
    let cell = row.width() / count as f64;
    let count = (shown * count as f64).round() as usize;
    let mut start = 0;
    let mut drawn = false;
    for end in 1..=count {
        if end < count && levels[end] == levels[start] {
            continue;
        }
        if let Some(level) = levels[start] {
            drawn = true;
            let right = row.left + cell * end as f64;
            let rect = Rect {
                left: row.left + cell * start as f64,
                // The next one begins below the end of this: no hairline of paper between them.
                right: (right + 0.5).min(row.right),
                ..*row
            };
            scene.push(rect.fill(heat(f64::from(level) / LEVELS), 1.0));
        }
        start = end;
    }
    drawn
}

/// Colour level of each cell: that of the mean over the cell; `None` where there is no value.
fn levels(strip: &Strip, frame: &Frame, count: usize) -> Vec<Option<u8>> {
    let (low, high) = strip.range;
    let level = |mean: f64| {
        let share = if high > low {
            (mean - low) / (high - low)
        } else {
            0.5
        };
        (share.clamp(0.0, 1.0) * LEVELS).round() as u8
    };
    let means = means(strip, frame, count).into_iter();
    means
        .map(|mean| mean.is_finite().then(|| level(mean)))
        .collect()
}

/// Mean of the strip over each cell, straight lines between its values.
fn means(strip: &Strip, frame: &Frame, count: usize) -> Vec<f64> {
    let place = |x: f64| frame.x.share(x).map(|share| share * count as f64);
    let mut sums = vec![(0.0, 0.0); count];
    let points: Vec<(f64, f64)> = strip
        .x
        .iter()
        .zip(&strip.values)
        .filter_map(|(&x, &value)| Some((place(x)?, value)))
        .collect();
    for pair in points.windows(2) {
        let ((from, first), (to, last)) = (pair[0], pair[1]);
        if !first.is_finite() || !last.is_finite() || to <= from {
            continue;
        }
        let (begin, end) = (from.max(0.0), to.min(count as f64));
        let mut at = begin;
        while at < end {
            let cell = (at as usize).min(count - 1);
            let next = (cell as f64 + 1.0).min(end);
            let middle = (0.5 * (at + next) - from) / (to - from);
            let weight = next - at;
            sums[cell].0 += weight * (first + middle * (last - first));
            sums[cell].1 += weight;
            at = next;
        }
    }
    sums.into_iter().map(|(sum, weight)| sum / weight).collect()
}

/// A sample of all colours, light at the left.
pub(super) fn gradient(scene: &mut Scene, rect: &Rect) {
    let count = LEVELS as usize;
    let cell = rect.width() / count as f64;
    for level in 0..count {
        let left = rect.left + cell * level as f64;
        let part = Rect {
            left,
            right: (left + cell + 0.5).min(rect.right),
            ..*rect
        };
        scene.push(part.fill(heat((level as f64 + 0.5) / LEVELS), 1.0));
    }
    let corners = rect.corners();
    scene.push(Shape::Line {
        points: corners.into_iter().chain([corners[0]]).collect(),
        width: 1.0,
        colour: AXIS,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Axis, draw::scale};

    fn frame(panel: &Panel) -> Frame {
        Frame {
            plot: Rect {
                left: 0.0,
                top: 0.0,
                right: 20.0,
                bottom: 10.0,
            },
            x: scale::horizontal(panel),
            y: scale::vertical(panel, 5),
            x_ticks: vec![],
            y_ticks: vec![],
            right: 20.0,
            left: 0.0,
            caption_lines: 1,
            labelled_x: false,
        }
    }

    #[test]
    fn a_cell_shows_the_mean_over_its_time() {
        let strip = Strip {
            label: String::new(),
            note: String::new(),
            x: vec![0.0, 5.0, 10.0],
            values: vec![0.0, 10.0, 10.0],
            range: (0.0, 10.0),
        };
        let panel = Panel {
            x: Axis {
                range: Some((0.0, 10.0)),
                ..Axis::default()
            },
            strips: vec![strip.clone()],
            ..Panel::default()
        };
        let found = means(&strip, &frame(&panel), 4);
        // Over 0 … 2.5 the line 2 t has the mean 2.5, over 2.5 … 5 it has 7.5.
        let expected = [2.5, 7.5, 10.0, 10.0];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
        }
    }
}
