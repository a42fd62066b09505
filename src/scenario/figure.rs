//! Figures that a scenario asks for.

use crate::diag::Span;

/// A figure that the scenario asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureRequest {
    /// File stem, lower case with hyphens.
    pub name: String,
    /// Title.
    pub title: String,
    /// Panels, each a list of observables or, where the kind shows metrics, of `observable.metric`.
    pub panels: Vec<Vec<String>>,
    /// What it looks like.
    pub kind: FigureKind,
    /// Where it was written.
    pub span: Span,
}

/// What a figure looks like.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum FigureKind {
    /// Quantities against time, one panel per group.
    #[default]
    Course,
    /// The same on the clock of one day.
    Day {
        /// Which day, counted from 1, the one that holds time 0; that which is whole when absent.
        day: Option<u32>,
    },
    /// Parts of a whole stacked on each other.
    Stacked,
    /// One row per quantity, its size shown by colour.
    Heat(HeatRange),
    /// Metrics against the varied quantity.
    DoseResponse,
    /// Seven days below each other.
    Week {
        /// Which week, counted from 1.
        week: u32,
    },
    /// Daily means with the spread of each day.
    Long {
        /// Percentiles of the spread, low then high; smallest and largest value when absent.
        percentiles: Option<(f64, f64)>,
    },
    /// A small panel for each quantity, or for each arm.
    SmallMultiples {
        /// Panels side by side; as many as look well when absent.
        columns: Option<u32>,
        /// Whether every arm has panels of its own.
        by_arm: bool,
    },
    /// Metrics beside each other, by arm.
    Bars,
}

impl FigureKind {
    /// The word for it in a scenario file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Course => "course",
            Self::Day { .. } => "day",
            Self::Stacked => "stacked",
            Self::Heat(_) => "heat",
            Self::DoseResponse => "dose-response",
            Self::Week { .. } => "week",
            Self::Long { .. } => "long",
            Self::SmallMultiples { .. } => "small-multiples",
            Self::Bars => "bars",
        }
    }

    /// Whether its panels list metrics rather than quantities.
    pub fn shows_metrics(&self) -> bool {
        matches!(self, Self::DoseResponse | Self::Bars)
    }
}

/// What the colours of a heat strip span.
#[derive(Clone, Debug, PartialEq)]
pub enum HeatRange {
    /// The range of each row.
    Own,
    /// The range of all rows.
    Common,
    /// Given ends.
    Given {
        /// Value of the lightest colour.
        low: f64,
        /// Value of the darkest colour.
        high: f64,
        /// Unit of both as displayed; empty for the quantities' own.
        unit: String,
    },
}
