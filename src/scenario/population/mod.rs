//! A population: how people differ from one another, which of their traits go together, and what was published of the spread.
//!
//! ```toml
//! schema = 1
//! name = "healthy-adults"
//! title = "healthy adults"
//! subject = "normal"                     # who stands in the middle: the model, and all that does not vary
//!
//! [[trait]]
//! of = "Vmx"                             # a parameter, start value or level input of the model
//! distribution = "lognormal"
//! mean = "0.047 mg/kg/min/(pmol/L)"
//! cv = { value = "59 %", kind = "sourced", source = "…" }
//! kind = "sourced"                       # of the numbers that do not say their own
//! source = "…"
//!
//! [[derived]]                            # what follows from the traits
//! of = "kgri"
//! formula = "kmax"
//! unit = "1/min"
//! why = "the published table has both equal"
//!
//! [[correlation]]
//! of = ["Vmx", "beta"]
//! rank = -0.5                            # Spearman's
//! kind = "assumed"
//! source = "…"
//!
//! [[spread]]                             # published, to lay beside what comes out
//! of = "G_plasma.at 60 min"
//! scenario = "mixed-meal"
//! mean = 178
//! sd = 36
//! unit = "mg/dL"
//! n = 204
//! source = "…"
//! ```

mod numbers;
mod read;

pub use read::read;

use crate::diag::{Diagnostics, Span};
use crate::syntax::expr::{Expr, ExprKind};

use super::arithmetic;

/// A population as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// Name in lower case with hyphens.
    pub name: String,
    /// One line.
    pub title: String,
    /// Longer words; may be empty.
    pub note: String,
    /// Name of the subject that stands in the middle, or its file.
    pub subject: String,
    /// What differs between persons.
    pub traits: Vec<Trait>,
    /// What follows from the traits, each from those before it.
    pub derived: Vec<Derived>,
    /// Which traits go together; all others are independent.
    pub correlations: Vec<Correlation>,
    /// Published spreads between persons.
    pub spreads: Vec<Spread>,
    /// All of it.
    pub span: Span,
}

/// What a drawn or derived number is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A parameter, start value or level input of the model.
    Quantity(String),
    /// Who the person is: one of [`PERSON`]. What follows for the model is its author's affair.
    Person(String),
    /// A number of its own, for formulas.
    Alone(String),
}

/// Names of a person that can vary, with the units in which they are drawn.
pub const PERSON: &[(&str, &str)] = &[
    ("age", "years"),
    ("mass", "kg"),
    ("height", "m"),
    ("fat", "%"),
    ("fitness", "mL/kg/min"),
];

impl Role {
    /// The name, which is also that of its column.
    pub fn name(&self) -> &str {
        match self {
            Self::Quantity(name) | Self::Person(name) | Self::Alone(name) => name,
        }
    }
}

/// One thing in which people differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Trait {
    /// What it is.
    pub role: Role,
    /// Unit of its numbers; empty without one.
    pub unit: String,
    /// How it is distributed.
    pub shape: Shape,
    /// Nobody lies below.
    pub low: Option<f64>,
    /// Nobody lies above.
    pub high: Option<f64>,
    /// Where each of its numbers comes from.
    pub facts: Vec<Fact>,
    /// Where it was written.
    pub span: Span,
}

/// Forms of distributions, their numbers in the trait's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// Mean and standard deviation.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// Median and geometric standard deviation.
    LogNormal {
        /// Median.
        median: f64,
        /// Geometric standard deviation.
        gsd: f64,
    },
    /// Equally likely between two ends.
    Uniform {
        /// Lower end.
        from: f64,
        /// Upper end.
        to: f64,
    },
    /// The same for the logarithm.
    LogUniform {
        /// Lower end.
        from: f64,
        /// Upper end.
        to: f64,
    },
    /// Two ends and the most likely number.
    Triangular {
        /// Lower end.
        from: f64,
        /// Most likely number.
        mode: f64,
        /// Upper end.
        to: f64,
    },
}

/// What kind of knowledge a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Published.
    Sourced,
    /// Follows from other numbers.
    Derived,
    /// Chosen so that a result comes out.
    Fitted,
    /// Nobody measured it.
    Assumed,
}

impl Kind {
    /// Every kind with its word.
    pub const WORDS: &[(&str, Kind)] = &[
        ("sourced", Kind::Sourced),
        ("derived", Kind::Derived),
        ("fitted", Kind::Fitted),
        ("assumed", Kind::Assumed),
    ];
}

/// One number with where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Which number: `mean`, `cv` and so on.
    pub number: String,
    /// As written.
    pub shown: String,
    /// What kind of knowledge it is.
    pub kind: Kind,
    /// From where.
    pub source: String,
}

/// A number that follows from the traits.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// What it is.
    pub role: Role,
    /// Over the traits, what was derived before, the person's numbers and plain parameters of the model, each as a number
    /// in the unit in which this file, or else the model, states it.
    pub formula: Expr<String>,
    /// Unit of what comes out; empty without one.
    pub unit: String,
    /// The reason.
    pub why: String,
    /// Where it was written.
    pub span: Span,
}

impl Derived {
    /// The names in the formula with their places.
    pub fn names(&self) -> Vec<(String, Span)> {
        let mut names = Vec::new();
        self.formula.walk(&mut |part| {
            if let ExprKind::Symbol(name) = &part.kind {
                names.push((name.clone(), part.span));
            }
        });
        names
    }
}

/// The number that a formula gives, by the numbers of its names; reports what has no meaning.
pub fn evaluate(
    formula: &Expr<String>,
    known: &dyn Fn(&str) -> Option<f64>,
    findings: &mut Diagnostics,
) -> Option<f64> {
    arithmetic::evaluate(formula, known, &[], findings)
}

/// Two traits that go together.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    /// Places of the two among the traits.
    pub pair: (usize, usize),
    /// Correlation of their ranks (Spearman's ρ), −1 to 1.
    pub rank: f64,
    /// What kind of knowledge it is.
    pub kind: Kind,
    /// From where.
    pub source: String,
    /// Where it was written.
    pub span: Span,
}

/// A published spread between persons of one number.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// A metric of a scenario, `quantity.metric`, or an index of a clinical test.
    pub of: String,
    /// What has to be done to see it.
    pub place: Place,
    /// Mean.
    pub mean: Option<f64>,
    /// Standard deviation between persons.
    pub sd: Option<f64>,
    /// Percentiles: percentage and value.
    pub percentiles: Vec<(f64, f64)>,
    /// Unit of these numbers; empty without one.
    pub unit: String,
    /// Number of persons.
    pub n: Option<f64>,
    /// Whether the population was made from these very numbers, so that meeting them says nothing about the model.
    pub given: bool,
    /// From where.
    pub source: String,
    /// Where it was written.
    pub span: Span,
}

/// What a published spread was seen in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The scenario of this name.
    Scenario(String),
    /// The clinical test of this name.
    Test(String),
}

/// Where a population of this name lies: `populations/NAME.toml`; a path that ends in `.toml` is taken as it is.
pub fn path_of(name: &str) -> String {
    if name.ends_with(".toml") {
        name.to_string()
    } else {
        format!("populations/{name}.toml")
    }
}
