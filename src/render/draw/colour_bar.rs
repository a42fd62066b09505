//! What colours stand for: from value to colour, and the bar right of the plot that says it.

use super::panel::{CAPTION_LINE, CAPTION_SIZE, Frame, TICK_SIZE, caption};
use super::scale::{self, Scale};
use super::scene::{AXIS, Anchor, INK, Rect, Scene, Shape, Text};
use super::text::width;
use crate::render::ticks::Tick;
use crate::render::{Axis, Bundle, FieldLook, Panel, Rgb, heat, heat_line};

/// From the plot to the bar, and the width of the bar.
const GAP: f64 = 14.0;
const BAR: f64 = 14.0;
const TICK: f64 = 5.0;
/// Colours that are told apart: neighbours of one colour become one shape.
const LEVELS: f64 = 64.0;
/// Lines that the caption may take.
const LINES: usize = 2;

/// The colours of a panel.
pub(super) struct Colours<'a> {
    axis: &'a Axis,
    pub scale: Scale,
    ramp: fn(f64) -> Rgb,
    /// Shares of the scale where one colour ends and the next begins; empty when they flow.
    steps: Vec<f64>,
}

impl<'a> Colours<'a> {
    /// The colours of `panel`, whether or not it has a bar; `None` when it has none.
    pub fn new(panel: &'a Panel) -> Option<Self> {
        let axis = panel.colours.as_ref()?;
        let scale = scale::colours(panel, axis);
        let ramp = if panel.field.is_some() {
            heat
        } else {
            heat_line
        };
        let mut colours = Self {
            axis,
            scale,
            ramp,
            steps: Vec::new(),
        };
        let bands = panel.field.as_ref();
        if let Some(field) = bands.filter(|field| field.look == FieldLook::Bands) {
            let levels = colours.levels(field.levels);
            let shares = levels
                .iter()
                .filter_map(|tick| colours.scale.share(tick.at));
            colours.steps = shares.collect();
        }
        Some(colours)
    }

    /// Share of the colours, 0 … 1, of a value; `None` for one that they cannot show.
    pub fn share(&self, value: f64) -> Option<f64> {
        Some(self.scale.share(value)?.clamp(0.0, 1.0))
    }

    /// Colour of a value; alike for values that the eye does not tell apart.
    pub fn of(&self, value: f64) -> Option<Rgb> {
        let share = (self.share(value)? * LEVELS).round() / LEVELS;
        Some((self.ramp)(share))
    }

    /// Colour of a share.
    pub fn ramp(&self, share: f64) -> Rgb {
        (self.ramp)(share)
    }

    /// About `count` round levels within the scale, with their words.
    pub fn levels(&self, count: usize) -> Vec<Tick> {
        if count == 0 {
            return Vec::new();
        }
        let inside = |tick: &Tick| {
            let share = self.scale.share(tick.at);
            share.is_some_and(|share| (1e-9..=1.0 - 1e-9).contains(&share))
        };
        let mut ticks = self.scale.ticks(self.axis, count + 1);
        ticks.retain(|tick| !tick.label.is_empty() && inside(tick));
        ticks
    }

    /// Shares between which the colour is one: from, to.
    pub fn parts(&self) -> Vec<(f64, f64)> {
        let ends: Vec<f64> = if self.steps.is_empty() {
            (0..=LEVELS as usize).map(|at| at as f64 / LEVELS).collect()
        } else {
            let inner = self.steps.iter().copied();
            std::iter::once(0.0).chain(inner).chain([1.0]).collect()
        };
        ends.windows(2).map(|pair| (pair[0], pair[1])).collect()
    }

    fn shown(&self, height: f64) -> Vec<Tick> {
        let most = ((height / 36.0) as usize).clamp(2, 8);
        self.scale.ticks(self.axis, most)
    }
}

/// Contour lines alone have no colours.
fn has_bar(panel: &Panel) -> bool {
    let field = panel.field.as_ref();
    field.is_none_or(|field| field.look != FieldLook::Lines)
}

/// Room right of the plot for the bar with its numbers and its caption, beside a plot of about `height`.
pub(super) fn room(panel: &Panel, height: f64) -> f64 {
    let Some(colours) = Colours::new(panel).filter(|_| has_bar(panel)) else {
        return 0.0;
    };
    let lines = caption(colours.axis, height, LINES).len();
    numbers(&colours) + GAP + BAR + 4.0 + TICK + 8.0 + CAPTION_LINE * lines as f64
}

/// Widest number that any height may bring.
fn numbers(colours: &Colours) -> f64 {
    let widest = |most: usize| {
        let ticks = colours.scale.ticks(colours.axis, most);
        let widths = ticks
            .iter()
            .map(|tick| width(&tick.label, TICK_SIZE, false));
        widths.fold(0.0, f64::max)
    };
    (2..=8).map(widest).fold(0.0, f64::max)
}

/// Draws the bar beside the plot.
pub(super) fn draw(scene: &mut Scene, panel: &Panel, frame: &Frame) {
    let Some(colours) = Colours::new(panel).filter(|_| has_bar(panel)) else {
        return;
    };
    let bar = Rect {
        left: frame.plot.right + GAP,
        right: frame.plot.right + GAP + BAR,
        ..frame.plot
    };
    let at = |share: f64| bar.bottom - share * bar.height();
    for (from, to) in colours.parts() {
        let part = Rect {
            // The next one begins below the end of this: no hairline of paper between them.
            top: (at(to) - 0.5).max(bar.top),
            bottom: at(from),
            ..bar
        };
        scene.push(part.fill(colours.ramp(0.5 * (from + to)), 1.0));
    }
    let mut line = |points, width, colour| {
        scene.push(Shape::Line {
            points,
            width,
            colour,
        });
    };
    let corners = bar.corners();
    let around = corners.into_iter().chain([corners[0]]).collect();
    line(around, 1.0, AXIS);
    let shown = colours.shown(bar.height());
    let placed = |tick: &Tick| colours.scale.share(tick.at).map(at);
    for tick in &shown {
        let reach = if tick.label.is_empty() { 3.0 } else { TICK };
        if let Some(y) = placed(tick) {
            line(vec![(bar.right, y), (bar.right + reach, y)], 1.2, AXIS);
        }
    }
    let thresholds = panel.field.iter().flat_map(|field| &field.thresholds);
    let picked = panel.bundles.iter().filter_map(Bundle::picked_value);
    let marked = thresholds.map(|threshold| threshold.level).chain(picked);
    for share in marked.filter_map(|level| colours.scale.share(level)) {
        if (0.0..=1.0).contains(&share) {
            line(
                vec![(bar.left - 4.0, at(share)), (bar.right, at(share))],
                2.6,
                INK,
            );
        }
    }
    for tick in &shown {
        if let Some(y) = placed(tick) {
            let place = (bar.right + TICK + 4.0, y + 0.36 * TICK_SIZE);
            let text = Text::new(place, tick.label.as_str(), TICK_SIZE);
            scene.extend((!tick.label.is_empty()).then_some(Shape::Text(text)));
        }
    }
    words(scene, &colours, &bar);
}

fn words(scene: &mut Scene, colours: &Colours, bar: &Rect) {
    let left = bar.right + TICK + 4.0 + numbers(colours) + 8.0;
    let middle = 0.5 * (bar.top + bar.bottom);
    let lines = caption(colours.axis, bar.height(), LINES);
    for (index, line) in lines.into_iter().enumerate() {
        let at = (left + CAPTION_SIZE + CAPTION_LINE * index as f64, middle);
        scene.push(Shape::Text(Text {
            upwards: true,
            ..Text::new(at, line, CAPTION_SIZE).anchored(Anchor::Middle)
        }));
    }
}
