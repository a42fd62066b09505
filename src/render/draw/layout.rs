//! Where everything stands: heading, panels in a grid with aligned axes, small print.

use super::colour_bar;
use super::heat;
use super::lanes::{self, Lanes};
use super::legend::{self, Legend};
use super::panel::{self, CAPTION_LINE, Frame, NAME_WIDTH, TICK_SIZE};
use super::scale::{self, Scale};
use super::scene::{Rect, SOFT_INK, Scene, Shape, Text, WHITE};
use super::text::{LEADING, width, wrap};
use super::thin::thinned;
use crate::render::ticks::Tick;
use crate::render::{Figure, Panel};

const MARGIN: f64 = 18.0;
const TITLE_SIZE: f64 = 18.0;
const SUBTITLE_SIZE: f64 = 12.5;
const HEADING_SIZE: f64 = 13.5;
const NOTE_SIZE: f64 = 10.5;
/// Between panels, and right of a plot for half of its last number.
const GAP: f64 = 14.0;
const RIGHT: f64 = 16.0;
/// Height of a plot beside which captions are not broken before it is known.
const CAPTION_GUESS: f64 = 166.0;
/// Below this height a caption may have three lines.
const LOW_PLOT: f64 = 110.0;
/// Below a plot: ticks alone, with numbers, with numbers and caption.
const BARE_AXIS: f64 = 8.0;
const NUMBERED_AXIS: f64 = 26.0;
const LABELLED_AXIS: f64 = 44.0;

/// All shapes of a figure: laid out on a page of normal type, then enlarged.
pub(super) fn scene(figure: &Figure) -> Scene {
    let figure = &*thinned(figure);
    let mut scene = page(figure);
    if figure.zoom != 1.0 {
        scene.iter_mut().for_each(|shape| shape.grow(figure.zoom));
    }
    scene
}

/// Width and height of the page before it is enlarged.
fn page_size(figure: &Figure) -> (f64, f64) {
    (
        f64::from(figure.size.0) / figure.zoom,
        f64::from(figure.size.1) / figure.zoom,
    )
}

fn page(figure: &Figure) -> Scene {
    let (right, bottom) = page_size(figure);
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
    let room = page_size(figure).0 - 2.0 * MARGIN;
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
    let room = page_size(figure).0 - 2.0 * MARGIN;
    let lines = wrap(&figure.footnote, NOTE_SIZE, false, room, 4);
    let leading = LEADING * NOTE_SIZE;
    let top = page_size(figure).1 - 10.0 - leading * lines.len() as f64;
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
    lanes: Lanes,
    caption_lines: usize,
    labelled_x: bool,
}

impl Surround<'_> {
    fn above(&self) -> f64 {
        LEADING * HEADING_SIZE * self.heading.len() as f64
            + self.legend.height
            + self.lanes.height
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

/// Sizes that all panels share.
struct Plan<'a> {
    columns: usize,
    cell_width: f64,
    /// Room left of each plot that its own axis needs.
    axis_widths: Vec<f64>,
    /// Room left of every plot: those above one another share their left edge.
    axis_width: f64,
    plot_width: f64,
    plot_height: f64,
    surrounds: Vec<Surround<'a>>,
}

impl<'a> Plan<'a> {
    /// Shares out `area`, captions of y axes beside plots of the height `expected`.
    fn new(figure: &'a Figure, area: &Rect, numbers: &[f64], expected: f64, legends: bool) -> Self {
        let columns = figure.columns.clamp(1, figure.panels.len());
        let cell_width = (area.width() - GAP * (columns - 1) as f64) / columns as f64;
        let lines = |panel: &Panel| {
            let room = panel::caption_room(panel, expected);
            let most = if expected < LOW_PLOT { 3 } else { 2 };
            panel::caption(&panel.y, room, most).len()
        };
        let own = |(panel, numbers): (&Panel, &f64)| {
            let captions = CAPTION_LINE * lines(panel) as f64;
            (numbers + 14.0 + captions).max(lanes::names_width(panel))
        };
        let axis_widths: Vec<f64> = figure.panels.iter().zip(numbers).map(own).collect();
        let axis_width = axis_widths.iter().copied().fold(0.0, f64::max);
        let notes = figure.panels.iter().map(|panel| {
            let bar = colour_bar::room(panel, expected);
            heat::notes_width(panel).max(bar)
        });
        let right = notes.fold(RIGHT, f64::max);
        let plot_width = (cell_width - axis_width - right).max(20.0);
        let surround = |(index, panel)| {
            let mut surround = surround(figure, columns, index, plot_width, lines(panel));
            if !legends {
                surround.legend = Legend::none();
            }
            surround
        };
        let surrounds = figure.panels.iter().enumerate().map(surround);
        let mut plan = Self {
            columns,
            cell_width,
            axis_widths,
            axis_width,
            plot_width,
            plot_height: 0.0,
            surrounds: surrounds.collect(),
        };
        let taken: f64 = plan.rows().map(|row| above(row) + below(row)).sum();
        let n_rows = plan.rows().count() as f64;
        let gaps = GAP * (n_rows - 1.0);
        plan.plot_height = ((area.height() - taken - gaps) / n_rows).max(20.0);
        plan
    }

    fn rows(&self) -> impl Iterator<Item = &[Surround<'a>]> {
        self.surrounds.chunks(self.columns)
    }

    /// Widest axis of the panels above one another: their captions are aligned, close to their numbers.
    fn widest_in(&self, column: usize) -> f64 {
        let own = self.axis_widths[column..].iter().step_by(self.columns);
        own.copied().fold(0.0, f64::max)
    }

    fn draw(&self, scene: &mut Scene, area: &Rect) {
        let mut y = area.top;
        for row in self.rows() {
            let top = y + above(row);
            for (column, surround) in row.iter().enumerate() {
                let cell_left = area.left + (self.cell_width + GAP) * column as f64;
                let left = cell_left + self.axis_width;
                let plot = Rect {
                    left,
                    top,
                    right: left + self.plot_width,
                    bottom: top + self.plot_height,
                };
                cell(scene, surround, left - self.widest_in(column), plot);
            }
            y = top + self.plot_height + below(row) + GAP;
        }
    }
}

fn above(row: &[Surround]) -> f64 {
    row.iter().map(Surround::above).fold(0.0, f64::max)
}

fn below(row: &[Surround]) -> f64 {
    row.iter().map(Surround::below).fold(0.0, f64::max)
}

fn panels(scene: &mut Scene, figure: &Figure, mut area: Rect) {
    let common = common_legend(figure, &area);
    if let Some(legend) = &common {
        legend.draw(scene, (area.left, area.top));
        area.top += legend.height;
    }
    let numbers: Vec<f64> = figure.panels.iter().map(numbers_width).collect();
    // How long captions may be depends on the height of the plots, which the captions hardly change.
    let guess = Plan::new(figure, &area, &numbers, CAPTION_GUESS, common.is_none());
    let expected = guess.plot_height.min(CAPTION_GUESS);
    Plan::new(figure, &area, &numbers, expected, common.is_none()).draw(scene, &area);
}

/// One legend for panels side by side of which the first explains all that is in the others.
fn common_legend<'a>(figure: &'a Figure, area: &Rect) -> Option<Legend<'a>> {
    let (first, others) = figure.panels.split_first()?;
    let one = figure.columns > 1 && others.iter().all(|other| legend::explains(first, other));
    one.then(|| legend::arrange(first, area.width()))
}

fn surround(
    figure: &Figure,
    columns: usize,
    index: usize,
    plot_width: f64,
    caption_lines: usize,
) -> Surround<'_> {
    let panel = &figure.panels[index];
    let x = scale::horizontal(panel);
    let mut earlier = figure.panels[..index].iter();
    let shown_above = figure.share_x && earlier.any(|earlier| legend::explains(earlier, panel));
    let lowest = index + columns >= figure.panels.len();
    Surround {
        panel,
        legend: if shown_above {
            Legend::none()
        } else {
            legend::arrange(panel, plot_width)
        },
        heading: wrap(&panel.title, HEADING_SIZE, true, plot_width, 2),
        lanes: lanes::arrange(panel, &x, plot_width),
        x,
        caption_lines,
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
    surround.lanes.draw(scene, &plot);
    let most = most_y_ticks(plot.height());
    let y_scale = scale::vertical(panel, most);
    let shown = panel.shown_to.and_then(|end| surround.x.share(end));
    let frame = Frame {
        right: plot.left + plot.width() * shown.unwrap_or(1.0).clamp(0.0, 1.0),
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

/// Widest numbers that any height of the plot may bring to the y axis.
fn numbers_width(panel: &Panel) -> f64 {
    let widest = |most: usize| {
        let ticks = scale::vertical(panel, most).ticks(&panel.y, most);
        ticks
            .iter()
            .map(|tick| width(&tick.label, TICK_SIZE, false).min(NAME_WIDTH))
            .fold(0.0, f64::max)
    };
    (2..=8).map(widest).fold(0.0, f64::max)
}
