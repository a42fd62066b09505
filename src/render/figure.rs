//! A figure as a plain value: what is drawn, not how.

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
        }
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
    /// Spans of x that are shaded.
    pub bands: Vec<Band>,
    /// Moments on x that an arrow points at.
    pub marks: Vec<Mark>,
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
    /// Whether it is logarithmic.
    pub log: bool,
    /// Names in place of numbers: name `i` stands at `i`. Empty for a plain axis.
    pub categories: Vec<String>,
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
}

impl Dash {
    /// The n-th stroke, repeating after three.
    pub fn nth(index: usize) -> Self {
        [Self::Solid, Self::Dashed, Self::Dotted][index % 3]
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
        let (spread, base) = (Vec::new(), Vec::new());
        Self {
            label: label.into(),
            kind,
            x,
            y,
            spread,
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

/// A shaded span of x: a bout of exercise, a night.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Start, in the unit of the x axis.
    pub from: f64,
    /// End, in the unit of the x axis.
    pub to: f64,
    /// Words above it; may be empty.
    pub label: String,
}

/// A moment that an arrow points at: a meal, a dose.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Position, in the unit of the x axis.
    pub at: f64,
    /// Words above it; may be empty.
    pub label: String,
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
