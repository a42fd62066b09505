//! One panel: bands, grid, series, axes, within a frame whose size is known.

use super::geometry::{clip, dashes, simplify};
use super::scale::Scale;
use super::scene::{AXIS, Anchor, GRID, INK, Point, Rect, SOFT_INK, Scene, Shape, Text, WHITE};
use super::text::{shorten, width, wrap};
use crate::render::ticks::Tick;
use crate::render::{Axis, Dash, Panel, Rgb, Series, SeriesKind};

pub(super) const LINE_WIDTH: f64 = 2.2;
pub(super) const ERROR_WIDTH: f64 = 1.4;
pub(super) const DOT_RADIUS: f64 = 3.6;
pub(super) const TICK_SIZE: f64 = 11.5;
pub(super) const CAPTION_SIZE: f64 = 12.5;
pub(super) const CAPTION_LINE: f64 = 16.0;
const CAP: f64 = 4.0;
const BAND: Rgb = Rgb(240, 228, 66);

/// Where a panel is drawn, and on which scales.
pub(super) struct Frame {
    /// Between the axes.
    pub plot: Rect,
    /// Horizontal scale.
    pub x: Scale,
    /// Vertical scale.
    pub y: Scale,
    /// Ticks of the x axis.
    pub x_ticks: Vec<Tick>,
    /// Ticks of the y axis.
    pub y_ticks: Vec<Tick>,
    /// Left edge of the caption of the y axis.
    pub left: f64,
    /// Lines that the caption of the y axis may take.
    pub caption_lines: usize,
    /// Whether the x axis has numbers and a caption.
    pub labelled_x: bool,
}

impl Frame {
    fn x_of(&self, value: f64) -> Option<f64> {
        Some(self.plot.left + self.x.share(value)? * self.plot.width())
    }

    fn y_of(&self, value: f64) -> Option<f64> {
        Some(self.plot.bottom - self.y.share(value)? * self.plot.height())
    }

    fn point(&self, x: f64, y: f64) -> Option<Point> {
        Some((self.x_of(x)?, self.y_of(y)?))
    }

    /// Pixel row of zero, or of the edge nearest to it.
    fn zero(&self) -> f64 {
        self.y_of(0.0).map_or(self.plot.bottom, |y| {
            y.clamp(self.plot.top, self.plot.bottom)
        })
    }

    fn holds(&self, (x, y): Point) -> bool {
        let slack = 0.5;
        let plot = &self.plot;
        (plot.left - slack..=plot.right + slack).contains(&x)
            && (plot.top - slack..=plot.bottom + slack).contains(&y)
    }
}

/// Draws `panel` within `frame`; its heading and legend are not part of it.
pub(super) fn draw(scene: &mut Scene, panel: &Panel, frame: &Frame) {
    bands(scene, panel, frame);
    grid(scene, panel, frame);
    // Below the series: a flux that is zero throughout still shows on the axis.
    axes(scene, frame);
    let bars = panel
        .series
        .iter()
        .filter(|series| series.kind == SeriesKind::Bars)
        .count();
    let mut bar = 0;
    let mut drawn = false;
    for series in &panel.series {
        let before = scene.len();
        match series.kind {
            SeriesKind::Area => area(scene, series, frame),
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
        drawn |= scene.len() > before;
    }
    if !drawn {
        let middle = (
            0.5 * (frame.plot.left + frame.plot.right),
            0.5 * (frame.plot.top + frame.plot.bottom),
        );
        let text = Text::new(middle, "no data to show", CAPTION_SIZE);
        scene.push(Shape::Text(
            text.anchored(Anchor::Middle).coloured(SOFT_INK),
        ));
    }
    arrows(scene, panel, frame);
    x_labels(scene, panel, frame);
    y_labels(scene, panel, frame);
}

/// Words of bands and marks in rows above the plot, without overlap: middle, row (0 nearest to the plot), words.
pub(super) fn event_words(
    panel: &Panel,
    x: &Scale,
    left: f64,
    plot_width: f64,
) -> Vec<(f64, usize, String)> {
    let bands = panel.bands.iter().map(|band| {
        (
            0.5 * (x.share(band.from).unwrap_or(0.0).max(0.0)
                + x.share(band.to).unwrap_or(1.0).min(1.0)),
            &band.label,
        )
    });
    let marks = panel
        .marks
        .iter()
        .map(|mark| (x.share(mark.at).unwrap_or(-1.0), &mark.label));
    let mut wanted: Vec<(f64, &String)> = bands
        .chain(marks)
        .filter(|(share, label)| (0.0..=1.0).contains(share) && !label.is_empty())
        .collect();
    wanted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut row_ends: Vec<f64> = Vec::new();
    let mut placed = Vec::with_capacity(wanted.len());
    for (share, label) in wanted {
        let words = shorten(label, TICK_SIZE, false, plot_width);
        let half = 0.5 * width(&words, TICK_SIZE, false);
        let middle = (left + share * plot_width)
            .max(left + half)
            .min(left + plot_width - half);
        let row = row_ends
            .iter()
            .position(|&end| end + 8.0 <= middle - half)
            .unwrap_or(row_ends.len());
        if row == row_ends.len() {
            row_ends.push(0.0);
        }
        row_ends[row] = middle + half;
        placed.push((middle, row, words));
    }
    placed
}

/// Opacity of filled shapes: what lies below an area still shows.
pub(super) fn fill_opacity(kind: SeriesKind) -> f64 {
    if kind == SeriesKind::Area { 0.85 } else { 0.9 }
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

fn bands(scene: &mut Scene, panel: &Panel, frame: &Frame) {
    for band in &panel.bands {
        let (Some(from), Some(to)) = (frame.x_of(band.from), frame.x_of(band.to)) else {
            continue;
        };
        let (left, right) = (from.max(frame.plot.left), to.min(frame.plot.right));
        if left < right {
            scene.push(
                Rect {
                    left,
                    right,
                    ..frame.plot
                }
                .fill(BAND, 0.28),
            );
        }
    }
}

fn grid(scene: &mut Scene, panel: &Panel, frame: &Frame) {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = frame.plot;
    let mut line = |points: [Point; 2], colour, width| {
        scene.push(Shape::Line {
            points: points.to_vec(),
            width,
            colour,
        });
    };
    for tick in frame.y_ticks.iter().filter(|tick| !tick.label.is_empty()) {
        if let Some(y) = frame.y_of(tick.at) {
            line([(left, y), (right, y)], GRID, 1.0);
        }
    }
    if panel.x.categories.is_empty() {
        for x in frame
            .x_ticks
            .iter()
            .filter(|tick| !tick.label.is_empty())
            .filter_map(|tick| frame.x_of(tick.at))
        {
            line([(x, top), (x, bottom)], GRID, 1.0);
        }
    }
    let zero_inside = frame.y.low < 0.0 && frame.y.high > 0.0;
    if let Some(y) = frame.y_of(0.0).filter(|_| zero_inside || panel.zero_line) {
        line([(left, y), (right, y)], AXIS, 1.0);
    }
}

fn axes(scene: &mut Scene, frame: &Frame) {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = frame.plot;
    let mut line = |points: Vec<Point>| {
        scene.push(Shape::Line {
            points,
            width: 1.2,
            colour: AXIS,
        })
    };
    line(vec![(left, top), (left, bottom), (right, bottom)]);
    for (tick, x) in frame
        .x_ticks
        .iter()
        .filter_map(|tick| Some((tick, frame.x_of(tick.at)?)))
    {
        line(vec![
            (x, bottom),
            (x, bottom + if tick.label.is_empty() { 3.0 } else { 5.0 }),
        ]);
    }
    for (tick, y) in frame
        .y_ticks
        .iter()
        .filter_map(|tick| Some((tick, frame.y_of(tick.at)?)))
    {
        line(vec![
            (left - if tick.label.is_empty() { 3.0 } else { 5.0 }, y),
            (left, y),
        ]);
    }
}

fn arrows(scene: &mut Scene, panel: &Panel, frame: &Frame) {
    let plot = &frame.plot;
    for mark in &panel.marks {
        let Some(x) = frame
            .x_of(mark.at)
            .filter(|x| (plot.left..=plot.right).contains(x))
        else {
            continue;
        };
        for points in dashes(&[(x, plot.top), (x, plot.bottom)], Dash::Dotted, 1.6) {
            scene.push(Shape::Line {
                points,
                width: 1.0,
                colour: AXIS,
            });
        }
        let points = vec![
            (x - 5.0, plot.top),
            (x + 5.0, plot.top),
            (x, plot.top + 9.0),
        ];
        scene.push(Shape::Fill {
            points,
            colour: INK,
            alpha: 1.0,
        });
    }
}

fn x_labels(scene: &mut Scene, panel: &Panel, frame: &Frame) {
    if !frame.labelled_x {
        return;
    }
    let baseline = frame.plot.bottom + 8.0 + TICK_SIZE;
    let slot = match panel.x.categories.len() {
        0 => f64::INFINITY,
        n => frame.plot.width() / n as f64 - 6.0,
    };
    for tick in frame.x_ticks.iter().filter(|tick| !tick.label.is_empty()) {
        if let Some(x) = frame.x_of(tick.at) {
            let words = shorten(&tick.label, TICK_SIZE, false, slot);
            scene.push(Shape::Text(
                Text::new((x, baseline), words, TICK_SIZE).anchored(Anchor::Middle),
            ));
        }
    }
    let middle = 0.5 * (frame.plot.left + frame.plot.right);
    for line in caption(&panel.x, frame.plot.width(), 1) {
        let text = Text::new((middle, baseline + 7.0 + CAPTION_SIZE), line, CAPTION_SIZE);
        scene.push(Shape::Text(text.anchored(Anchor::Middle)));
    }
}

fn y_labels(scene: &mut Scene, panel: &Panel, frame: &Frame) {
    for tick in frame.y_ticks.iter().filter(|tick| !tick.label.is_empty()) {
        if let Some(y) = frame.y_of(tick.at) {
            let at = (frame.plot.left - 8.0, y + 0.36 * TICK_SIZE);
            scene.push(Shape::Text(
                Text::new(at, tick.label.as_str(), TICK_SIZE).anchored(Anchor::End),
            ));
        }
    }
    let room = frame.plot.height() + 24.0;
    let lines = caption(&panel.y, room, frame.caption_lines);
    let middle = 0.5 * (frame.plot.top + frame.plot.bottom);
    for (index, line) in lines.into_iter().enumerate() {
        let at = (
            frame.left + CAPTION_SIZE + CAPTION_LINE * index as f64,
            middle,
        );
        let text = Text {
            upwards: true,
            ..Text::new(at, line, CAPTION_SIZE).anchored(Anchor::Middle)
        };
        scene.push(Shape::Text(text));
    }
}

/// Caption of an axis in at most `most` lines of `room` pixels; the unit is never cut off.
pub(super) fn caption(axis: &Axis, room: f64, most: usize) -> Vec<String> {
    let whole = axis.caption();
    let fits = |words: &str| width(words, CAPTION_SIZE, false) <= room;
    let lines = wrap(&whole, CAPTION_SIZE, false, room, most.max(1));
    if axis.unit.is_empty()
        || axis.label.is_empty()
        || !lines.iter().any(|line| line.ends_with('…'))
    {
        return lines;
    }
    let unit = format!("({})", axis.unit);
    if most > 1 && fits(&unit) {
        let mut lines = wrap(&axis.label, CAPTION_SIZE, false, room, most - 1);
        lines.push(unit);
        return lines;
    }
    let left = room - width(&format!(" {unit}"), CAPTION_SIZE, false);
    vec![format!(
        "{} {unit}",
        shorten(&axis.label, CAPTION_SIZE, false, left)
    )]
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
        ..frame.plot
    };
    for run in runs(series, frame) {
        if let [only] = run[..] {
            if frame.holds(only) && series.kind != SeriesKind::LinePoints {
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
        let Some(centre) = frame.point(x, y).filter(|centre| frame.holds(*centre)) else {
            continue;
        };
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

fn area(scene: &mut Scene, series: &Series, frame: &Frame) {
    let (colour, alpha) = (series.colour.rgb(), fill_opacity(series.kind));
    let limit = |y: f64| y.clamp(frame.plot.top, frame.plot.bottom);
    let mut edge: (Vec<Point>, Vec<Point>) = (vec![], vec![]);
    let mut flush = |edge: &mut (Vec<Point>, Vec<Point>)| {
        let (top, base) = std::mem::take(edge);
        if top.len() > 1 {
            let points = top.into_iter().chain(base.into_iter().rev()).collect();
            scene.push(Shape::Fill {
                points,
                colour,
                alpha,
            });
        }
    };
    for (index, (&x, &y)) in series.x.iter().zip(&series.y).enumerate() {
        let base = series
            .base
            .get(index)
            .map_or(Some(frame.zero()), |&base| frame.y_of(base));
        match (frame.point(x, y), base) {
            (Some((px, top)), Some(base))
                if (frame.plot.left - 0.5..=frame.plot.right + 0.5).contains(&px) =>
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
