//! Shapes with exact positions: what both formats draw. Pixels, origin at the top left, y downwards.

use crate::render::Rgb;

pub(super) type Point = (f64, f64);

pub(super) const INK: Rgb = Rgb(34, 34, 34);
pub(super) const SOFT_INK: Rgb = Rgb(95, 95, 95);
pub(super) const AXIS: Rgb = Rgb(90, 90, 90);
pub(super) const GRID: Rgb = Rgb(232, 232, 232);
pub(super) const WHITE: Rgb = Rgb(255, 255, 255);

/// Where a text stands relative to its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A run of text; `at` is on its baseline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub at: Point,
    pub words: String,
    /// Height of an em in pixels.
    pub size: f64,
    pub bold: bool,
    /// Whether it reads upwards.
    pub upwards: bool,
    pub anchor: Anchor,
    pub colour: Rgb,
}

impl Text {
    pub fn new(at: Point, words: impl Into<String>, size: f64) -> Self {
        let words = words.into();
        Self {
            at,
            words,
            size,
            bold: false,
            upwards: false,
            anchor: Anchor::Start,
            colour: INK,
        }
    }

    pub fn anchored(mut self, anchor: Anchor) -> Self {
        self.anchor = anchor;
        self
    }

    pub fn coloured(mut self, colour: Rgb) -> Self {
        self.colour = colour;
        self
    }

    pub fn bold(mut self) -> Self {
        self.bold = true;
        self
    }
}

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// Joined straight strokes.
    Line {
        points: Vec<Point>,
        width: f64,
        colour: Rgb,
    },
    /// Joined straight strokes that let through what lies below.
    Thread {
        points: Vec<Point>,
        width: f64,
        colour: Rgb,
        alpha: f64,
    },
    /// Filled circles of one size; where they overlap they are no darker.
    Dots {
        centres: Vec<Point>,
        radius: f64,
        colour: Rgb,
        alpha: f64,
    },
    /// A filled outline; `alpha` is its opacity.
    Fill {
        points: Vec<Point>,
        colour: Rgb,
        alpha: f64,
    },
    /// A filled circle.
    Disc {
        centre: Point,
        radius: f64,
        colour: Rgb,
    },
    /// Words.
    Text(Text),
}

impl Shape {
    /// Makes the shape and its distance from the origin larger.
    pub fn grow(&mut self, factor: f64) {
        let move_out = |at: &mut Point| *at = (factor * at.0, factor * at.1);
        match self {
            Self::Line { points, width, .. } | Self::Thread { points, width, .. } => {
                points.iter_mut().for_each(move_out);
                *width *= factor;
            }
            Self::Fill { points, .. } => points.iter_mut().for_each(move_out),
            Self::Dots {
                centres, radius, ..
            } => {
                centres.iter_mut().for_each(move_out);
                *radius *= factor;
            }
            Self::Disc { centre, radius, .. } => {
                move_out(centre);
                *radius *= factor;
            }
            Self::Text(text) => {
                move_out(&mut text.at);
                text.size *= factor;
            }
        }
    }
}

/// Shapes, first below.
pub(super) type Scene = Vec<Shape>;

/// A rectangle by its edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Upper left first, then clockwise.
    pub fn corners(&self) -> [Point; 4] {
        [
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        ]
    }

    pub fn fill(&self, colour: Rgb, alpha: f64) -> Shape {
        Shape::Fill {
            points: self.corners().into(),
            colour,
            alpha,
        }
    }
}
