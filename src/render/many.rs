//! What figures of many runs hold beside series: bundles of thin curves, fields of cells, clouds, lying bars, names.

use super::Colour;

/// Many thin curves of one kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bundle {
    /// Words for the legend; a bundle without them is not in the legend.
    pub label: String,
    /// The curves, first below.
    pub strands: Vec<Strand>,
    /// Colour of all of them; by their value on the panel's colour axis when `None`.
    pub colour: Option<Colour>,
    /// The one that stands out, by its index: the others are drawn pale. For animations.
    pub picked: Option<usize>,
}

impl Bundle {
    /// Value of the curve that stands out, when there is one.
    pub fn picked_value(&self) -> Option<f64> {
        Some(self.strands.get(self.picked?)?.value)
    }
}

/// One of many curves.
#[derive(Debug, Clone, PartialEq)]
pub struct Strand {
    /// Positions, in the unit of the x axis.
    pub x: Vec<f64>,
    /// Values, in the unit of the y axis, one per position; one that is not finite leaves a gap.
    pub y: Vec<f64>,
    /// What its colour stands for, in the unit of the colour axis; NaN in a bundle of one colour.
    pub value: f64,
}

/// A number at every node of a grid over both axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Nodes along x, rising, in the unit of the x axis.
    pub x: Vec<f64>,
    /// Nodes along y, rising, in the unit of the y axis.
    pub y: Vec<f64>,
    /// Value at each node in the unit of the colour axis, row by row from the first `y`; `None` where there is none.
    pub cells: Vec<Option<f64>>,
    /// How the values are shown.
    pub look: FieldLook,
    /// About how many levels get contour lines, at round numbers; 0 for none. Those of bands end the bands.
    pub levels: usize,
    /// Levels that stand out.
    pub thresholds: Vec<Threshold>,
    /// Words for the legend about nodes without a value; used only when there are any.
    pub missing: String,
}

/// How the values of a field are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldLook {
    /// One coloured cell around each node.
    #[default]
    Cells,
    /// Coloured bands between contour levels, straight lines between nodes.
    Bands,
    /// Contour lines alone.
    Lines,
}

/// A level that stands out as a thick line with its own words.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The level, in the unit of the colour axis.
    pub level: f64,
    /// Words on the line: `7.8 mmol/L`.
    pub label: String,
}

/// Many small dots.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cloud {
    /// Words for the legend; may be empty.
    pub label: String,
    /// Positions, in the unit of the x axis.
    pub x: Vec<f64>,
    /// Values, in the unit of the y axis; a position whose value is not finite is crossed at the lower edge of the plot.
    pub y: Vec<f64>,
    /// What the colours stand for, one per dot, in the unit of the colour axis; empty for one colour.
    pub value: Vec<f64>,
    /// Words for the legend about what is crossed; used only when there is any.
    pub missing: String,
}

/// A bar along the x axis, in the row of a name on the y axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Lying {
    /// Row: an index of the names of the y axis.
    pub row: usize,
    /// One end, in the unit of the x axis.
    pub from: f64,
    /// The other end, in the unit of the x axis; one that is not finite is said in words.
    pub to: f64,
    /// Which part of the height of its row it takes.
    pub part: RowPart,
    /// Interval drawn over its end, low then high, in the unit of the x axis.
    pub interval: Option<(f64, f64)>,
    /// Words beyond its end; may be empty.
    pub words: String,
    /// What its colour stands for.
    pub colour: Colour,
}

/// Part of the height of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowPart {
    /// All of it.
    Whole,
    /// The upper half.
    Upper,
    /// The lower half.
    Lower,
}

/// A straight line to read by, which no data made.
#[derive(Debug, Clone, PartialEq)]
pub struct Guide {
    /// One end, in the units of the axes.
    pub from: (f64, f64),
    /// The other end; what lies outside of the plot is cut off.
    pub to: (f64, f64),
    /// Words at its far end within the plot; may be empty.
    pub label: String,
}

/// A name beside a point, where it covers neither points nor other names.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The point, in the units of the axes.
    pub at: (f64, f64),
    /// The words.
    pub words: String,
}
