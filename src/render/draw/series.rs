//! The series of a panel: lines, steps, dots with error bars, bars, areas.

use super::bundle::head;
use super::geometry::{clip, dashes, simplify};
use super::panel::Frame;
use super::pattern::Pattern;
use super::scene::{INK, Point, Rect, Scene, Shape, WHITE};
use crate::render::{Panel, Rgb, Series, SeriesKind};

pub(super) const LINE_WIDTH: f64 = 2.2;
pub(super) const ERROR_WIDTH: f64 = 1.4;
pub(super) const DOT_RADIUS: f64 = 3.6;
const CAP: f64 = 4.0;
const HATCH: f64 = 8.0;

/// Draws the series of `panel` within `frame`; says whether there was anything to draw.
pub(super) fn draw(scene: &mut Scene, panel: &Panel, frame: &Frame) -> bool {
    let bars = panel
        .series
        .iter()
        .filter(|series| series.kind == SeriesKind::Bars)
        .count();
    let mut bar = 0;
    let before = scene.len();
    for series in &panel.series {
        match series.kind {
            SeriesKind::Area | SeriesKind::Range => area(scene, series, frame),
            SeriesKind::Bars => {
                bar_series(scene, series, frame, bar, bars);
                bar += 1;
            }
            SeriesKind::Line | SeriesKind::Steps => lines(scene, series, frame),
            SeriesKind::Points => points(scene, series, frame),
            SeriesKind::LinePoints => {
                lines(scene, series, frame);
                points(scene, series, frame);
            }
        }
    }
    scene.len() > before
}

/// Opacity of filled shapes: what lies below an area still shows.
pub(super) fn fill_opacity(kind: SeriesKind) -> f64 {
    match kind {
        SeriesKind::Area => 0.85,
        SeriesKind::Range => 0.25,
        _ => 0.9,
    }
}

/// Draws the pattern of a filled series over `outline`, so that fills differ in grey too.
pub(super) fn hatch(scene: &mut Scene, series: &Series, outline: &[Point]) {
    Pattern::of_series(series.colour).draw(scene, outline, HATCH, WHITE);
}

/// A filled circle with a white rim, so that it stands out from a line below it.
pub(super) fn dot(scene: &mut Scene, centre: Point, radius: f64, colour: Rgb) {
    scene.push(Shape::Disc {
        centre,
        radius: radius + 1.0,
        colour: WHITE,
    });
    scene.push(Shape::Disc {
        centre,
        radius,
        colour,
    });
}

/// Runs of neighbours that can be drawn: what is not finite, or not positive on a logarithmic axis, leaves a gap.
fn runs(series: &Series, frame: &Frame) -> Vec<Vec<Point>> {
    let mut runs: Vec<Vec<Point>> = vec![vec![]];
    for (&x, &y) in series.x.iter().zip(&series.y) {
        match frame.point(x, y) {
            Some(point) => runs
                .last_mut()
                .expect("starts with one run and only grows")
                .push(point),
            None => runs.push(vec![]),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn lines(scene: &mut Scene, series: &Series, frame: &Frame) {
    let colour = series.colour.rgb();
    // Half a line of slack: a curve along the edge keeps its full width.
    let view = Rect {
        top: frame.plot.top - 1.0,
        bottom: frame.plot.bottom + 1.0,
        right: frame.right,
        ..frame.plot
    };
    for run in runs(series, frame) {
        if let [only] = run[..] {
            if frame.holds(only) && only.0 <= frame.right && series.kind != SeriesKind::LinePoints {
                scene.push(Shape::Disc {
                    centre: only,
                    radius: 0.7 * DOT_RADIUS,
                    colour,
                });
            }
            continue;
        }
        let path = if series.kind == SeriesKind::Steps {
            stairs(&run)
        } else {
            run
        };
        for part in clip(&simplify(&path), &view) {
            head(scene, &part, frame, colour);
            for points in dashes(&part, series.dash, LINE_WIDTH) {
                scene.push(Shape::Line {
                    points,
                    width: LINE_WIDTH,
                    colour,
                });
            }
        }
    }
}

fn stairs(run: &[Point]) -> Vec<Point> {
    let corners = run
        .windows(2)
        .flat_map(|pair| [pair[0], (pair[1].0, pair[0].1)]);
    corners.chain(run.last().copied()).collect()
}

fn points(scene: &mut Scene, series: &Series, frame: &Frame) {
    let colour = series.colour.rgb();
    for (index, (&x, &y)) in series.x.iter().zip(&series.y).enumerate() {
        let shown = |at: &Point| frame.holds(*at) && at.0 <= frame.right + 0.5;
        let Some(centre) = frame.point(x, y).filter(shown) else {
            continue;
        };
        let half = series.x_spread.get(index).filter(|half| half.is_finite());
        if let Some(half) = half {
            level_bar(scene, frame, centre.1, (x - half, x + half), colour);
        }
        if let Some(spread) = series.spread.get(index).filter(|spread| spread.is_finite()) {
            error_bar(scene, frame, centre.0, (y - spread, y + spread), colour);
        }
        dot(scene, centre, DOT_RADIUS, colour);
    }
}

/// A bar from `low` to `high`, a cap at each end that lies in view.
fn error_bar(scene: &mut Scene, frame: &Frame, x: f64, (low, high): (f64, f64), colour: Rgb) {
    let plot = &frame.plot;
    let mut line = |points: Vec<Point>| {
        scene.push(Shape::Line {
            points,
            width: ERROR_WIDTH,
            colour,
        })
    };
    // On a logarithmic axis a bar that reaches zero goes to the bottom without a cap.
    let bottom = frame.y_of(low).unwrap_or(plot.bottom + 1.0);
    let Some(top) = frame.y_of(high) else { return };
    line(vec![(x, bottom.min(plot.bottom)), (x, top.max(plot.top))]);
    for end in [bottom, top] {
        if (plot.top..=plot.bottom).contains(&end) {
            line(vec![(x - CAP, end), (x + CAP, end)]);
        }
    }
}

/// A level bar from `low` to `high`, a cap at each end that lies in view.
fn level_bar(scene: &mut Scene, frame: &Frame, y: f64, (low, high): (f64, f64), colour: Rgb) {
    let plot = &frame.plot;
    let left = frame.x_of(low).unwrap_or(plot.left - 1.0);
    let Some(right) = frame.x_of(high) else {
        return;
    };
    let mut line = |points: Vec<Point>| {
        scene.push(Shape::Line {
            points,
            width: ERROR_WIDTH,
            colour,
        })
    };
    line(vec![(left.max(plot.left), y), (right.min(plot.right), y)]);
    for end in [left, right] {
        if (plot.left..=plot.right).contains(&end) {
            line(vec![(end, y - CAP), (end, y + CAP)]);
        }
    }
}

fn area(scene: &mut Scene, series: &Series, frame: &Frame) {
    let (colour, alpha) = (series.colour.rgb(), fill_opacity(series.kind));
    let limit = |y: f64| y.clamp(frame.plot.top, frame.plot.bottom);
    let mut edge: (Vec<Point>, Vec<Point>) = (vec![], vec![]);
    let mut flush = |edge: &mut (Vec<Point>, Vec<Point>)| {
        let (top, base) = std::mem::take(edge);
        if top.len() > 1 {
            let edge = top.clone();
            let points: Vec<Point> = top.into_iter().chain(base.into_iter().rev()).collect();
            scene.push(Shape::Fill {
                points: points.clone(),
                colour,
                alpha,
            });
            if series.kind == SeriesKind::Area {
                hatch(scene, series, &points);
                // Paper between two parts of a whole.
                scene.push(Shape::Line {
                    points: edge,
                    width: 1.2,
                    colour: WHITE,
                });
            }
        }
    };
    for (index, (&x, &y)) in series.x.iter().zip(&series.y).enumerate() {
        let base = series
            .base
            .get(index)
            .map_or(Some(frame.zero()), |&base| frame.y_of(base));
        match (frame.point(x, y), base) {
            (Some((px, top)), Some(base))
                if (frame.plot.left - 0.5..=frame.right + 0.5).contains(&px) =>
            {
                edge.0.push((px, limit(top)));
                edge.1.push((px, limit(base)));
            }
            _ => flush(&mut edge),
        }
    }
    flush(&mut edge);
}

/// Bars of the `index`-th of `count` bar series, side by side around each position.
fn bar_series(scene: &mut Scene, series: &Series, frame: &Frame, index: usize, count: usize) {
    let mut middles: Vec<f64> = series.x.iter().filter_map(|&x| frame.x_of(x)).collect();
    middles.sort_by(f64::total_cmp);
    let spacing = middles
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|gap| *gap > 0.5);
    let slot = spacing.fold(0.3 * frame.plot.width(), f64::min);
    let bar = 0.7 * slot / count as f64;
    let offset = bar * (index as f64 - 0.5 * count as f64);
    for (row, (&x, &y)) in series.x.iter().zip(&series.y).enumerate() {
        let Some((middle, end)) = frame.point(x, y) else {
            continue;
        };
        let (left, end) = (
            middle + offset,
            end.clamp(frame.plot.top, frame.plot.bottom),
        );
        let (top, bottom) = (end.min(frame.zero()), end.max(frame.zero()));
        let rect = Rect {
            left,
            right: left + 0.94 * bar,
            top,
            bottom,
        };
        scene.push(rect.fill(series.colour.rgb(), fill_opacity(series.kind)));
        hatch(scene, series, &rect.corners());
        if let Some(spread) = series.spread.get(row).filter(|spread| spread.is_finite()) {
            error_bar(
                scene,
                frame,
                left + 0.47 * bar,
                (y - spread, y + spread),
                INK,
            );
        }
    }
}
