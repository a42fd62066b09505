//! `[sweep]`: which numbers of a scenario take which values, and what is kept of the runs.
//!
//! An axis is about a quantity of the model, which gets its value for the whole run, or about a place of the scenario's text,
//! such as the grams of a meal, where each value is written before the scenario is read anew.

mod bind;
mod over;
mod place;
mod read;
mod values;

pub use bind::{Binding, bind};
pub use over::over;
pub use place::{Place, locate, write};
pub use read::{check, read};
pub use values::{Form, Value};

use crate::diag::Span;

/// A whole sweep as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// How points are chosen among the axes' values.
    pub scheme: Scheme,
    /// Axes; those of one group take their values together, the first with the first.
    pub groups: Vec<Vec<Axis>>,
    /// What to read off, `NAME.metric`; what the scenario observes when empty.
    pub metrics: Vec<(String, Span)>,
    /// What of the curves is kept; nothing but the metrics when absent.
    pub curves: Option<Curves>,
    /// Figures.
    pub figures: Vec<SweepFigure>,
    /// Where it was written.
    pub span: Span,
}

impl Sweep {
    /// All axes, group after group.
    pub fn axes(&self) -> impl Iterator<Item = &Axis> {
        self.groups.iter().flatten()
    }
}

/// How points are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Every value of every group with every other.
    Grid,
    /// So many points drawn from all of the space.
    Sampled {
        /// How.
        sampling: Sampling,
        /// How many.
        runs: u64,
        /// Of the draws.
        seed: u64,
    },
}

/// Ways to draw points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Each independent of all others.
    Random,
    /// Each axis cut in as many strata as there are points, each used once.
    LatinHypercube,
    /// Points of low discrepancy, by Sobol.
    Sobol,
    /// Walks that change one axis after the other, by Morris; their number is that of the walks.
    Morris,
    /// Rows for shares of the variance, by Saltelli; their number is that of the base rows.
    Saltelli,
}

impl Sampling {
    /// Every way with its word in files and on the command line.
    pub const WORDS: &[(&str, Sampling)] = &[
        ("random", Sampling::Random),
        ("latin-hypercube", Sampling::LatinHypercube),
        ("sobol", Sampling::Sobol),
        ("morris", Sampling::Morris),
        ("saltelli", Sampling::Saltelli),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        let mut words = Self::WORDS.iter();
        let known = words.find(|(_, one)| *one == self);
        known.map_or("", |(word, _)| word)
    }
}

/// One number (or word) that takes several values.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The name of its column.
    pub name: String,
    /// What takes the values.
    pub target: Target,
    /// How its values are written.
    pub form: Form,
    /// The values.
    pub values: Values,
    /// Whether they are evenly spaced by their logarithm, and drawn so.
    pub log: bool,
    /// Where it was written.
    pub span: Span,
}

/// What an axis is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A quantity of the model or an input of it, by its name.
    Quantity(String),
    /// A place of the scenario's text: keys, numbers of list items from 1 or their names.
    Place(Vec<String>),
    /// Nothing: the column alone is wanted, such as a person's age.
    Column,
}

impl Target {
    /// The target of a name as written: with dots in it a place, else a quantity or a key of the file's head.
    pub fn of(written: &str) -> Self {
        const HEAD: [&str; 3] = ["subject", "model", "seed"];
        if written.contains('.') || HEAD.contains(&written) {
            Self::Place(written.split('.').map(str::to_string).collect())
        } else {
            Self::Quantity(written.to_string())
        }
    }
}

/// The values of an axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// These numbers.
    Numbers(Vec<f64>),
    /// These words.
    Words(Vec<String>),
    /// Anything between two numbers.
    Between(f64, f64),
}

impl Values {
    /// How many there are; none when there is no end of them.
    pub fn len(&self) -> Option<usize> {
        match self {
            Self::Numbers(values) => Some(values.len()),
            Self::Words(words) => Some(words.len()),
            Self::Between(..) => None,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }
}

/// What of the curves is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// Quantities; those that the scenario observes when empty.
    pub of: Vec<String>,
    /// Time between kept rows, with its unit or in the scenario's; every row when absent.
    pub every: Option<String>,
}

/// A figure of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepFigure {
    /// Name of its file.
    pub name: String,
    /// Title; made from what it shows when empty.
    pub title: String,
    /// What kind it is.
    pub kind: SweepFigureKind,
    /// Axis along the horizontal; the first when absent.
    pub x: Option<String>,
    /// Axis along the vertical of maps, or that tells lines apart; the second when absent.
    pub y: Option<String>,
    /// The metric, or for curves the quantity, that is shown.
    pub of: String,
    /// A value to draw a line at, with its unit.
    pub level: Option<String>,
    /// The arm; the first when absent.
    pub arm: Option<String>,
    /// Where it was written.
    pub span: Span,
}

/// Kinds of figures of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepFigureKind {
    /// A metric against an axis, a line for each value of the second.
    Lines,
    /// Colours over two axes.
    Heat,
    /// Lines of equal values over two axes.
    Contour,
    /// Curves over time, coloured by an axis.
    Family,
    /// A metric against a drawn axis, a point for each run.
    Scatter,
    /// All curves over time, thin, with their median.
    Spaghetti,
    /// Percentiles of the curves over time.
    Bands,
    /// A family as one picture per value, for an animation.
    Frames,
}

impl SweepFigureKind {
    /// Every kind with its word in files.
    pub const WORDS: &[(&str, SweepFigureKind)] = &[
        ("lines", SweepFigureKind::Lines),
        ("heat", SweepFigureKind::Heat),
        ("contour", SweepFigureKind::Contour),
        ("family", SweepFigureKind::Family),
        ("scatter", SweepFigureKind::Scatter),
        ("spaghetti", SweepFigureKind::Spaghetti),
        ("bands", SweepFigureKind::Bands),
        ("frames", SweepFigureKind::Frames),
    ];

    /// Whether it shows curves, which have to be kept, rather than metrics.
    pub fn shows_curves(self) -> bool {
        matches!(
            self,
            Self::Family | Self::Spaghetti | Self::Bands | Self::Frames
        )
    }
}
