//! One panel: bands, grid, series, axes, within a frame whose size is known.

use super::scale::Scale;
use super::scene::{AXIS, Anchor, GRID, Point, Rect, SOFT_INK, Scene, Shape, Text};
use super::series;
use super::text::{shorten, width, wrap};
use super::{bundle, colour_bar, field, heat, lanes, lying, names};
use crate::render::ticks::Tick;
use crate::render::{Axis, FieldLook, Naming, Panel};

pub(super) const TICK_SIZE: f64 = 11.5;
pub(super) const CAPTION_SIZE: f64 = 12.5;
pub(super) const CAPTION_LINE: f64 = 16.0;
/// Most room of a name on the y axis.
pub(super) const NAME_WIDTH: f64 = 230.0;

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
    /// Right edge of what is drawn already: that of the plot, but in an animation.
    pub right: f64,
    /// Left edge of the caption of the y axis.
    pub left: f64,
    /// Lines that the caption of the y axis may take.
    pub caption_lines: usize,
    /// Whether the x axis has numbers and a caption.
    pub labelled_x: bool,
}

impl Frame {
    pub fn x_of(&self, value: f64) -> Option<f64> {
        Some(self.plot.left + self.x.share(value)? * self.plot.width())
    }

    pub fn y_of(&self, value: f64) -> Option<f64> {
        Some(self.plot.bottom - self.y.share(value)? * self.plot.height())
    }

    pub fn point(&self, x: f64, y: f64) -> Option<Point> {
        Some((self.x_of(x)?, self.y_of(y)?))
    }

    /// Pixel row of zero, or of the edge nearest to it.
    pub fn zero(&self) -> f64 {
        self.y_of(0.0).map_or(self.plot.bottom, |y| {
            y.clamp(self.plot.top, self.plot.bottom)
        })
    }

    pub fn holds(&self, (x, y): Point) -> bool {
        let slack = 0.5;
        let plot = &self.plot;
        (plot.left - slack..=plot.right + slack).contains(&x)
            && (plot.top - slack..=plot.bottom + slack).contains(&y)
    }
}

/// Draws `panel` within `frame`; its heading and legend are not part of it.
pub(super) fn draw(scene: &mut Scene, panel: &Panel, frame: &Frame) {
    lanes::shade(scene, panel, &frame.x, &frame.plot);
    let mut drawn = field::draw(scene, panel, frame);
    if !drawn
        || panel
            .field
            .as_ref()
            .is_some_and(|field| field.look == FieldLook::Lines)
    {
        grid(scene, panel, frame);
    }
    field::contours(scene, panel, frame);
    // Below the series: a flux that is zero throughout still shows on the axis.
    axes(scene, panel, frame);
    let taken = names::guides(scene, panel, frame);
    drawn |= bundle::draw(scene, panel, frame);
    drawn |= lying::draw(scene, panel, frame);
    drawn |= bundle::clouds(scene, panel, frame);
    drawn |= if panel.strips.is_empty() {
        series::draw(scene, panel, frame)
    } else {
        heat::draw(scene, panel, frame)
    };
    names::draw(scene, panel, frame, taken);
    colour_bar::draw(scene, panel, frame);
    if !drawn && panel.shown_to.is_none() {
        let middle = (
            0.5 * (frame.plot.left + frame.plot.right),
            0.5 * (frame.plot.top + frame.plot.bottom),
        );
        let text = Text::new(middle, "no data to show", CAPTION_SIZE);
        scene.push(Shape::Text(
            text.anchored(Anchor::Middle).coloured(SOFT_INK),
        ));
    }
    lanes::trace(scene, panel, &frame.x, &frame.plot);
    x_labels(scene, panel, frame);
    y_labels(scene, panel, frame);
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
    if panel.y.categories.is_empty() {
        for tick in frame.y_ticks.iter().filter(|tick| !tick.label.is_empty()) {
            if let Some(y) = frame.y_of(tick.at) {
                line([(left, y), (right, y)], GRID, 1.0);
            }
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
    // Rows of names are counted, not measured.
    let zero_inside = panel.y.categories.is_empty() && frame.y.low < 0.0 && frame.y.high > 0.0;
    if let Some(y) = frame.y_of(0.0).filter(|_| zero_inside || panel.zero_line) {
        line([(left, y), (right, y)], AXIS, 1.0);
    }
}

fn axes(scene: &mut Scene, panel: &Panel, frame: &Frame) {
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
        .filter(|_| panel.y.categories.is_empty())
        .filter_map(|tick| Some((tick, frame.y_of(tick.at)?)))
    {
        line(vec![
            (left - if tick.label.is_empty() { 3.0 } else { 5.0 }, y),
            (left, y),
        ]);
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
            let words = shorten(&tick.label, TICK_SIZE, false, NAME_WIDTH);
            scene.push(Shape::Text(
                Text::new(at, words, TICK_SIZE).anchored(Anchor::End),
            ));
        }
    }
    let room = caption_room(panel, frame.plot.height());
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

/// Length that the caption of the y axis may have beside a plot: lanes above it want their own.
pub(super) fn caption_room(panel: &Panel, plot_height: f64) -> f64 {
    let happens = !panel.bands.is_empty() || !panel.marks.is_empty();
    let beyond = if happens && panel.naming == Naming::Lanes {
        4.0
    } else {
        24.0
    };
    plot_height + beyond
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
