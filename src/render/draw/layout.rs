//! Where everything stands: heading, panels in a grid with aligned axes, small print.

use super::legend::{self, Legend};
use super::panel::{self, CAPTION_LINE, Frame, TICK_SIZE};
use super::scale::{self, Scale};
use super::scene::{Anchor, Rect, SOFT_INK, Scene, Shape, Text, WHITE};
use super::text::{LEADING, width, wrap};
use crate::render::ticks::Tick;
use crate::render::{Figure, Panel};

const MARGIN: f64 = 18.0;
const TITLE_SIZE: f64 = 18.0;
const SUBTITLE_SIZE: f64 = 12.5;
const HEADING_SIZE: f64 = 13.5;
const NOTE_SIZE: f64 = 10.5;
const EVENT_LINE: f64 = 15.0;
/// Between panels, and right of a plot for half of its last number.
const GAP: f64 = 14.0;
const RIGHT: f64 = 16.0;
/// Below a plot: ticks alone, with numbers, with numbers and caption.
const BARE_AXIS: f64 = 8.0;
const NUMBERED_AXIS: f64 = 26.0;
const LABELLED_AXIS: f64 = 44.0;

/// All shapes of a figure.
pub(super) fn scene(figure: &Figure) -> Scene {
    let (right, bottom) = (f64::from(figure.size.0), f64::from(figure.size.1));
    let page = Rect {
        left: 0.0,
        top: 0.0,
        right,
        bottom,
    };
    let mut scene = vec![page.fill(WHITE, 1.0)];
    let top = header(&mut scene, figure);
    let bottom = footer(&mut scene, figure);
    let area = Rect {
        left: MARGIN,
        top,
        right: right - MARGIN,
        bottom,
    };
    if !figure.panels.is_empty() {
        panels(&mut scene, figure, area);
    }
    scene
}

/// Draws title and subtitle; returns where the panels may begin.
fn header(scene: &mut Scene, figure: &Figure) -> f64 {
    let room = f64::from(figure.size.0) - 2.0 * MARGIN;
    let mut y = MARGIN - 4.0;
    for line in wrap(&figure.title, TITLE_SIZE, true, room, 3) {
        scene.push(Shape::Text(
            Text::new((MARGIN, y + TITLE_SIZE), line, TITLE_SIZE).bold(),
        ));
        y += LEADING * TITLE_SIZE;
    }
    for line in wrap(&figure.subtitle, SUBTITLE_SIZE, false, room, 3) {
        let text = Text::new((MARGIN, y + SUBTITLE_SIZE), line, SUBTITLE_SIZE);
        scene.push(Shape::Text(text.coloured(SOFT_INK)));
        y += LEADING * SUBTITLE_SIZE;
    }
    y + 10.0
}

/// Draws the small print; returns where the panels must end.
fn footer(scene: &mut Scene, figure: &Figure) -> f64 {
    let room = f64::from(figure.size.0) - 2.0 * MARGIN;
    let lines = wrap(&figure.footnote, NOTE_SIZE, false, room, 4);
    let leading = LEADING * NOTE_SIZE;
    let top = f64::from(figure.size.1) - 10.0 - leading * lines.len() as f64;
    for (index, line) in lines.into_iter().enumerate() {
        let at = (MARGIN, top + NOTE_SIZE + leading * index as f64);
        scene.push(Shape::Text(
            Text::new(at, line, NOTE_SIZE).coloured(SOFT_INK),
        ));
    }
    top - 6.0
}

/// What a panel needs around its plot.
struct Surround<'a> {
    panel: &'a Panel,
    legend: Legend<'a>,
    heading: Vec<String>,
    x: Scale,
    event_rows: usize,
    caption_lines: usize,
    labelled_x: bool,
}

impl Surround<'_> {
    fn above(&self) -> f64 {
        LEADING * HEADING_SIZE * self.heading.len() as f64
            + self.legend.height
            + EVENT_LINE * self.event_rows as f64
            + 6.0
    }

    fn below(&self) -> f64 {
        match (self.labelled_x, self.panel.x.caption().is_empty()) {
            (false, _) => BARE_AXIS,
            (true, true) => NUMBERED_AXIS,
            (true, false) => LABELLED_AXIS,
        }
    }
}

fn panels(scene: &mut Scene, figure: &Figure, area: Rect) {
    let columns = figure.columns.clamp(1, figure.panels.len());
    let cell_width = (area.width() - GAP * (columns - 1) as f64) / columns as f64;
    // One margin for all: plots above one another share their left edge.
    let axis_width = figure.panels.iter().map(y_axis_width).fold(0.0, f64::max);
    let plot_width = (cell_width - axis_width - RIGHT).max(20.0);
    let surrounds: Vec<Surround> = (0..figure.panels.len())
        .map(|index| surround(figure, columns, index, plot_width))
        .collect();

    let rows: Vec<&[Surround]> = surrounds.chunks(columns).collect();
    let above = |row: &[Surround]| row.iter().map(Surround::above).fold(0.0, f64::max);
    let below = |row: &[Surround]| row.iter().map(Surround::below).fold(0.0, f64::max);
    let taken: f64 = rows.iter().map(|row| above(row) + below(row)).sum();
    let gaps = GAP * (rows.len() - 1) as f64;
    let plot_height = ((area.height() - taken - gaps) / rows.len() as f64).max(20.0);

    let mut y = area.top;
    for row in rows {
        let top = y + above(row);
        for (column, surround) in row.iter().enumerate() {
            let plot_left = area.left + (cell_width + GAP) * column as f64 + axis_width;
            let bottom = top + plot_height;
            // Captions of panels above one another are aligned, close to the widest numbers among them.
            let own = figure.panels[column..]
                .iter()
                .step_by(columns)
                .map(y_axis_width);
            let left = plot_left - own.fold(0.0, f64::max);
            let plot = Rect {
                left: plot_left,
                top,
                right: plot_left + plot_width,
                bottom,
            };
            cell(scene, surround, left, plot);
        }
        y = top + plot_height + below(row) + GAP;
    }
}

fn surround(figure: &Figure, columns: usize, index: usize, plot_width: f64) -> Surround<'_> {
    let panel = &figure.panels[index];
    let x = scale::horizontal(panel);
    let words = panel::event_words(panel, &x, 0.0, plot_width);
    let shown_above =
        index > 0 && figure.share_x && legend::alike(panel, &figure.panels[index - 1]);
    let lowest = index + columns >= figure.panels.len();
    Surround {
        panel,
        legend: if shown_above {
            Legend::none()
        } else {
            legend::arrange(panel, plot_width)
        },
        heading: wrap(&panel.title, HEADING_SIZE, true, plot_width, 2),
        x,
        event_rows: words.iter().map(|(_, row, _)| row + 1).max().unwrap_or(0),
        caption_lines: caption_lines(panel),
        labelled_x: lowest || !figure.share_x,
    }
}

/// Draws one panel with all around it.
fn cell(scene: &mut Scene, surround: &Surround, left: f64, plot: Rect) {
    let panel = surround.panel;
    let mut y = plot.top - surround.above();
    for line in &surround.heading {
        let at = (plot.left, y + HEADING_SIZE);
        scene.push(Shape::Text(
            Text::new(at, line.as_str(), HEADING_SIZE).bold(),
        ));
        y += LEADING * HEADING_SIZE;
    }
    surround.legend.draw(scene, (plot.left, y));
    for (middle, row, words) in panel::event_words(panel, &surround.x, plot.left, plot.width()) {
        let at = (middle, plot.top - 5.0 - EVENT_LINE * row as f64);
        scene.push(Shape::Text(
            Text::new(at, words, TICK_SIZE)
                .anchored(Anchor::Middle)
                .coloured(SOFT_INK),
        ));
    }
    let most = most_y_ticks(plot.height());
    let y_scale = scale::vertical(panel, most);
    let frame = Frame {
        x_ticks: x_ticks(panel, &surround.x, plot.width()),
        y_ticks: y_scale.ticks(&panel.y, most),
        plot,
        x: surround.x.clone(),
        y: y_scale,
        left,
        caption_lines: surround.caption_lines,
        labelled_x: surround.labelled_x,
    };
    panel::draw(scene, panel, &frame);
}

/// Most intervals on a y axis: one per 40 pixels.
fn most_y_ticks(plot_height: f64) -> usize {
    ((plot_height / 40.0) as usize).clamp(2, 8)
}

/// As many ticks as have room for their numbers.
fn x_ticks(panel: &Panel, scale: &Scale, plot_width: f64) -> Vec<Tick> {
    let most = ((plot_width / 55.0) as usize).clamp(2, 12);
    let fits = |ticks: &[Tick]| {
        let ends = ticks
            .iter()
            .filter(|tick| !tick.label.is_empty())
            .filter_map(|tick| {
                let middle = scale.share(tick.at)? * plot_width;
                let half = 0.5 * width(&tick.label, TICK_SIZE, false);
                Some((middle - half, middle + half))
            });
        let ends: Vec<(f64, f64)> = ends.collect();
        ends.windows(2).all(|pair| pair[0].1 + 8.0 <= pair[1].0)
    };
    let tried = (2..=most).rev().map(|most| scale.ticks(&panel.x, most));
    tried
        .into_iter()
        .find(|ticks| fits(ticks))
        .unwrap_or_else(|| scale.ticks(&panel.x, 1))
}

/// Room left of the plot: for the widest numbers that any height of the plot may bring, and the caption.
fn y_axis_width(panel: &Panel) -> f64 {
    let widest = |most: usize| {
        let ticks = scale::vertical(panel, most).ticks(&panel.y, most);
        ticks
            .iter()
            .map(|tick| width(&tick.label, TICK_SIZE, false))
            .fold(0.0, f64::max)
    };
    let numbers = (2..=8).map(widest).fold(0.0, f64::max);
    numbers + 14.0 + CAPTION_LINE * caption_lines(panel) as f64
}

/// Lines for the caption of the y axis: two when it is longer than a low plot.
fn caption_lines(panel: &Panel) -> usize {
    panel::caption(&panel.y, 190.0, 2).len()
}
