//! A figure as a plain value: what is drawn, not how.

use super::happening::{Band, Mark, Naming};
use super::many::{Bundle, Cloud, Field, Guide, Lying, Name};
use super::{Colour, DISCLAIMER};

/// A whole figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Heading; wrapped when it is wider than the figure.
    pub title: String,
    /// Second line, smaller: model, scenario, subject. May be empty.
    pub subtitle: String,
    /// Width and height in pixels at scale 1.
    pub size: (u32, u32),
    /// Panels in reading order.
    pub panels: Vec<Panel>,
    /// Panels side by side in one row, at least 1; 1 stacks them.
    pub columns: usize,
    /// Whether panels above one another share their x axis, which is then labelled once below.
    pub share_x: bool,
    /// Small print below.
    pub footnote: String,
    /// How large type and lines are, relative to a page that is read at arm's length.
    pub zoom: f64,
}

impl Figure {
    /// A figure of stacked panels with the disclaimer below, as high as its panels need.
    pub fn new(title: impl Into<String>, panels: Vec<Panel>) -> Self {
        let rows = u32::try_from(panels.len())
            .expect("far fewer panels than u32 holds")
            .max(1);
        let height = if rows == 1 { 560 } else { 130 + 270 * rows };
        Self {
            title: title.into(),
            subtitle: String::new(),
            size: (900, height),
            panels,
            columns: 1,
            share_x: rows > 1,
            footnote: DISCLAIMER.into(),
            zoom: 1.0,
        }
    }

    /// The same figure for a lecture hall: 16:9, type and lines larger, many panels side by side.
    pub fn on_projector(mut self) -> Self {
        let (columns, zoom) = match self.panels.len() {
            0..=1 => (1, 1.7),
            2 => (1, 1.5),
            3..=4 => (2, 1.45),
            5..=6 => (3, 1.35),
            _ => (4, 1.35),
        };
        self.size = (1280, 720);
        let stacked = std::mem::replace(&mut self.columns, columns);
        // Headings stand over columns, of which there are more now.
        for at in stacked.max(1)..columns.min(self.panels.len()) {
            if self.panels[at].title.is_empty() && stacked > 1 {
                self.panels[at].title = self.panels[at - stacked].title.clone();
            }
        }

        self.zoom = zoom;
        self
    }
}

/// One pair of axes with what is drawn between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// Heading of the panel; may be empty.
    pub title: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// What is drawn, first below.
    pub series: Vec<Series>,
    /// Rows of colour instead of series, the first on top.
    pub strips: Vec<Strip>,
    /// What their colours stand for.
    pub colour_bar: Option<ColourBar>,
    /// A field of numbers over both axes, below everything else.
    pub field: Option<Field>,
    /// Bundles of thin curves, below the series.
    pub bundles: Vec<Bundle>,
    /// Clouds of dots, below the series.
    pub clouds: Vec<Cloud>,
    /// Bars along the x axis.
    pub lying: Vec<Lying>,
    /// Lines to read by.
    pub guides: Vec<Guide>,
    /// Names beside points; the first find their place first.
    pub names: Vec<Name>,
    /// What the colours of field, bundles and clouds stand for: drawn as a bar right of the plot.
    pub colours: Option<Axis>,
    /// Where the data end that are drawn already, in the unit of the x axis. Scales are those of all data.
    pub shown_to: Option<f64>,
    /// Spans of x that are shaded.
    pub bands: Vec<Band>,
    /// Moments on x.
    pub marks: Vec<Mark>,
    /// Where bands and marks are named.
    pub naming: Naming,
    /// Whether zero on the y axis is within view and drawn as a line.
    pub zero_line: bool,
}

/// One axis. On a logarithmic axis, what is not positive is not drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// What is along it.
    pub label: String,
    /// Display form of its unit; empty when dimensionless.
    pub unit: String,
    /// Ends, low then high; fitted to the data when `None` or not ascending.
    pub range: Option<(f64, f64)>,
    /// What has to be within view beside the data, so that panels can be compared; ends are still rounded to ticks.
    pub covers: Option<(f64, f64)>,
    /// Whether it is logarithmic.
    pub log: bool,
    /// Names in place of numbers: name `i` stands at `i`. Empty for a plain axis.
    pub categories: Vec<String>,
    /// Whether it shows the time of day, its numbers being hours after a midnight.
    pub clock: bool,
}

impl Axis {
    /// A linear axis fitted to its data.
    pub fn new(label: impl Into<String>, unit: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            unit: unit.into(),
            ..Self::default()
        }
    }

    /// The same axis, logarithmic.
    pub fn logarithmic(mut self) -> Self {
        self.log = true;
        self
    }

    /// Label with the unit in brackets.
    pub fn caption(&self) -> String {
        match (self.label.is_empty(), self.unit.is_empty()) {
            (_, true) => self.label.clone(),
            (true, false) => self.unit.clone(),
            (false, false) => format!("{} ({})", self.label, self.unit),
        }
    }
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesKind {
    /// Points joined by straight lines; a value that is not finite leaves a gap.
    Line,
    /// Each value held until the next.
    Steps,
    /// Dots, with error bars where there is a spread.
    Points,
    /// Dots joined by lines, with error bars where there is a spread.
    LinePoints,
    /// Bars from zero; several bar series stand side by side.
    Bars,
    /// Filled from `base` (from zero when it is empty) to the value.
    Area,
    /// Lightly filled from `base` to the value: where something lies between.
    Range,
}

/// Stroke of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// Dashes and dots in turn.
    DashDotted,
}

impl Dash {
    /// The n-th stroke, repeating after four.
    pub fn nth(index: usize) -> Self {
        [Self::Solid, Self::Dashed, Self::Dotted, Self::DashDotted][index % 4]
    }
}

/// Numbers drawn in one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Words for the legend; a series without them is not in the legend.
    pub label: String,
    /// How it is drawn.
    pub kind: SeriesKind,
    /// Positions, in the unit of the x axis.
    pub x: Vec<f64>,
    /// Values, in the unit of the y axis, one per position.
    pub y: Vec<f64>,
    /// Half-length of the error bar per point, or empty; NaN for a point without one.
    pub spread: Vec<f64>,
    /// Half-length of the level error bar per point, in the unit of the x axis, or empty; NaN for a point without one.
    pub x_spread: Vec<f64>,
    /// Lower edge of an area per point, or empty for zero.
    pub base: Vec<f64>,
    /// What its colour stands for.
    pub colour: Colour,
    /// Stroke of its line.
    pub dash: Dash,
}

impl Series {
    /// A series without spread.
    pub fn new(
        label: impl Into<String>,
        kind: SeriesKind,
        x: Vec<f64>,
        y: Vec<f64>,
        colour: Colour,
    ) -> Self {
        let (spread, x_spread, base) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            label: label.into(),
            kind,
            x,
            y,
            spread,
            x_spread,
            base,
            colour,
            dash: Dash::Solid,
        }
    }

    /// The same series with error bars of half-length `spread`, in the unit of the y axis.
    pub fn with_spread(mut self, spread: Vec<f64>) -> Self {
        self.spread = spread;
        self
    }

    /// The same series with another stroke.
    pub fn with_dash(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }
}

/// One row of a heat strip: a quantity whose size is shown by colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    /// Words left of it.
    pub label: String,
    /// Words right of it, such as the range that its colours span; may be empty.
    pub note: String,
    /// Positions, in the unit of the x axis, ascending.
    pub x: Vec<f64>,
    /// Values, one per position; straight lines between them.
    pub values: Vec<f64>,
    /// Values of the lightest and of the darkest colour.
    pub range: (f64, f64),
}

/// What the colours of heat strips stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct ColourBar {
    /// Text at its light end.
    pub low: String,
    /// Text at its dark end, with the unit.
    pub high: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_carry_the_unit_in_brackets() {
        assert_eq!(
            Axis::new("plasma glucose", "mg/dL").caption(),
            "plasma glucose (mg/dL)"
        );
        assert_eq!(Axis::new("surface share", "").caption(), "surface share");
        assert_eq!(Axis::new("", "min").caption(), "min");
    }

    #[test]
    fn every_figure_says_what_it_is_not() {
        assert!(
            Figure::new("t", vec![])
                .footnote
                .contains("not diagnosis, advice or prediction for any person")
        );
    }
}
