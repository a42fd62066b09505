//! One figure as numbered pictures of an animation.

use super::number::significant;
use super::{Axis, Bundle, Figure};

/// The figure as `n` frames, all with the axes of the whole.
///
/// Where a panel holds a bundle coloured by value, frame after frame picks one of its curves, from the lowest value to the
/// highest, and draws the others pale. Otherwise the data grow along x, from a first part to all.
/// One frame is the end: the last curve, all data.
/// ```
/// # use insilin::render::{frames, Figure, Panel, Axis, Series, SeriesKind, Colour};
/// let line = Series::new("", SeriesKind::Line, vec![0.0, 60.0], vec![5.0, 9.0], Colour::Series(0));
/// let panel = Panel { x: Axis::new("time", "min"), series: vec![line], ..Panel::default() };
/// let shown: Vec<_> = frames(&Figure::new("", vec![panel]), 4).map(|frame| frame.panels[0].shown_to).collect();
/// assert_eq!(shown, [Some(15.0), Some(30.0), Some(45.0), Some(60.0)]);
/// ```
pub fn frames(figure: &Figure, n: usize) -> impl Iterator<Item = Figure> + '_ {
    (1..=n).map(move |at| frame(figure, at, n))
}

/// Name of the file of frame `at`, counted from 1: `frame-00001.png`, as `ffmpeg -i frame-%05d.png` reads them.
/// ```
/// assert_eq!(insilin::render::frame_name(12), "frame-00012.png");
/// ```
pub fn frame_name(at: usize) -> String {
    format!("frame-{at:05}.png")
}

fn frame(figure: &Figure, at: usize, n: usize) -> Figure {
    let mut frame = figure.clone();
    let by_value = |bundle: &Bundle| bundle.colour.is_none() && !bundle.strands.is_empty();
    let swept = figure
        .panels
        .iter()
        .flat_map(|panel| &panel.bundles)
        .any(by_value);
    for panel in &mut frame.panels {
        if swept {
            for bundle in panel.bundles.iter_mut().filter(|bundle| by_value(bundle)) {
                bundle.picked = Some(picked(bundle, at, n));
                bundle.label = named(bundle, panel.colours.as_ref());
            }
            continue;
        }
        let x = panel.series.iter().flat_map(|series| &series.x);
        let more = panel.bundles.iter().flat_map(|bundle| &bundle.strands);
        let strips = panel.strips.iter().flat_map(|strip| &strip.x);
        let x = x.chain(more.flat_map(|strand| &strand.x)).chain(strips);
        let ends = x.copied().filter(|x| x.is_finite());
        let ends = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (x.min(low), x.max(high))
        });
        let (low, high) = panel.x.range.unwrap_or(ends);
        if low < high {
            panel.shown_to = Some(low + (high - low) * (at as f64 / n as f64));
        }
    }
    frame
}

/// What the curve that stands out was computed for, in words.
fn named(bundle: &Bundle, colours: Option<&Axis>) -> String {
    let (Some(value), Some(axis)) = (bundle.picked_value(), colours) else {
        return String::new();
    };
    let said = format!("{}: {} {}", axis.label, significant(value, 3), axis.unit);
    said.trim().to_string()
}

/// Index of the curve that frame `at` of `n` picks, by the rank of its value.
fn picked(bundle: &Bundle, at: usize, n: usize) -> usize {
    let mut order: Vec<usize> = (0..bundle.strands.len()).collect();
    order.sort_by(|&one, &other| {
        bundle.strands[one]
            .value
            .total_cmp(&bundle.strands[other].value)
    });
    let last = order.len() - 1;
    let rank = if n > 1 {
        // Rounded to the nearest in whole numbers.
        (2 * (at - 1) * last + (n - 1)) / (2 * (n - 1))
    } else {
        last
    };
    order[rank]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Panel, Strand};

    #[test]
    fn curves_are_picked_from_the_lowest_value_to_the_highest() {
        let strand = |value| Strand {
            x: vec![0.0, 1.0],
            y: vec![value, value],
            value,
        };
        let bundle = Bundle {
            strands: [5.0, 1.0, 3.0].map(strand).into(),
            ..Bundle::default()
        };
        let panel = Panel {
            bundles: vec![bundle],
            ..Panel::default()
        };
        let figure = Figure::new("", vec![panel]);
        let picks = |n| -> Vec<usize> {
            let picked = frames(&figure, n).map(|frame| frame.panels[0].bundles[0].picked);
            picked
                .map(|picked| picked.expect("one is picked"))
                .collect()
        };
        assert_eq!(picks(3), [1, 2, 0]);
        assert_eq!(picks(5), [1, 2, 2, 0, 0]);
        assert_eq!(picks(1), [0]);
    }
}
