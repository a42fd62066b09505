//! The form of `[sweep]`.

use schemars::JsonSchema;

use super::{Quantity, Scale};

/// Many runs at many values, made by `insilin sweep`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Sweep {
    /// How points are chosen; a grid when absent.
    design: Option<Design>,
    /// Of designs that draw: how many points (walks of `morris`, base rows of `saltelli`).
    #[schemars(range(min = 1))]
    runs: Option<u64>,
    /// Seed of the draws.
    seed: Option<u64>,
    /// What takes which values.
    axes: Vec<SweepGroup>,
    /// What to read off, `quantity.metric`; what the scenario observes when absent.
    metrics: Option<Vec<String>>,
    /// What is kept of the curves.
    curves: Option<SweepCurves>,
    /// Figures; standard ones when absent.
    figure: Option<Vec<SweepFigure>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum Design {
    /// Every value with every other.
    Grid,
    /// Points drawn independently.
    Random,
    /// Each axis in as many strata as there are points.
    LatinHypercube,
    /// Points of low discrepancy.
    Sobol,
    /// Walks for elementary effects.
    Morris,
    /// Rows for shares of the variance.
    Saltelli,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum SweepGroup {
    /// One axis.
    One(SweepAxis),
    /// Axes that take their values together.
    Together(SweepZip),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SweepZip {
    zip: Vec<SweepAxis>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SweepAxis {
    /// A quantity of the model or an input; or a place of this file, such as `calendar.breakfast.at`.
    of: String,
    /// Name of its column.
    name: Option<String>,
    /// A list, or a range.
    values: SweepValues,
    scale: Option<Scale>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum SweepValues {
    List(Vec<Quantity>),
    Range(SweepRange),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SweepRange {
    from: Quantity,
    to: Quantity,
    /// How many values of a grid.
    #[schemars(range(min = 2))]
    points: Option<u64>,
    scale: Option<Scale>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SweepCurves {
    /// Quantities; those that are observed when absent.
    of: Option<Vec<String>>,
    /// Time between kept rows.
    every: Option<Quantity>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SweepFigure {
    /// Names the files: lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = "^[a-z0-9][a-z0-9-]{0,99}$"))]
    name: String,
    title: Option<String>,
    kind: SweepFigureKind,
    /// Axis along the horizontal.
    x: Option<String>,
    /// Axis along the vertical, or that tells lines apart.
    y: Option<String>,
    /// `quantity.metric`, or the quantity of curves.
    of: String,
    /// A value to draw a line at: `"140 mg/dL"`.
    level: Option<String>,
    /// Label of the arm that is shown.
    arm: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum SweepFigureKind {
    /// A metric against an axis.
    Lines,
    /// Colours over two axes.
    Heat,
    /// Lines of equal values over two axes.
    Contour,
    /// Curves over time, coloured by an axis.
    Family,
    /// A point for each run.
    Scatter,
    /// All curves, thin, with their median.
    Spaghetti,
    /// Percentiles of the curves.
    Bands,
    /// A family as pictures of an animation.
    Frames,
}
