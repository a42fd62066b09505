//! Entries of a protocol: what is done to quantities of the model.

use schemars::JsonSchema;

use super::{Pair, Quantity};

/// An entry of a protocol; its first key says what it does.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum ProtocolEntry {
    Meal(MealGiven),
    Give(Give),
    Hold(Hold),
    Rate(Rate),
    Bolus(Bolus),
    Set(Set),
    Clamp(Clamp),
    Mark(MarkGiven),
}

/// Glucose eaten at one instant.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MealGiven {
    meal: Quantity,
    time: Quantity,
}

/// An amount of an input of the model.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Give {
    /// The input.
    give: String,
    amount: Quantity,
    time: Quantity,
}

/// A value over `[from, to)`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Hold {
    /// A level among the inputs, a parameter or a boundary species.
    hold: String,
    at: Quantity,
    from: Option<Quantity>,
    to: Option<Quantity>,
}

/// A flow into a state over `[from, to)`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Rate {
    /// The state.
    rate: String,
    at: Quantity,
    from: Option<Quantity>,
    to: Option<Quantity>,
}

/// A jump of a state: an `amount`, or a `formula`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Bolus {
    /// The state.
    bolus: String,
    amount: Option<Quantity>,
    /// Over names of the model.
    formula: Option<String>,
    time: Quantity,
}

/// A value from a time on: `at`, or a `formula`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Set {
    /// What is set.
    set: String,
    at: Option<Quantity>,
    /// Over names of the model.
    formula: Option<String>,
    from: Option<Quantity>,
}

/// A controller that measures, compares and acts at a fixed interval.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Clamp {
    /// What is measured.
    clamp: String,
    /// What it should be.
    target: Quantity,
    /// The parameter that is driven.
    by: String,
    every: Quantity,
    from: Option<Quantity>,
    to: Option<Quantity>,
    /// First value of what is driven.
    start: Quantity,
    /// Unit of what is driven per unit measured.
    gain: f64,
    /// The same per unit of the model's time.
    integral: Option<f64>,
    /// Lowest and highest value of what is driven.
    limits: Pair,
}

/// Words for the figures; changes nothing.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MarkGiven {
    /// The words.
    mark: String,
    kind: Option<MarkKind>,
    from: Quantity,
    to: Option<Quantity>,
}

/// What a mark is about: how figures draw it.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub(super) enum MarkKind {
    Meal,
    Bout,
    Sleep,
    Stress,
    Practice,
    Dose,
    Infusion,
    Phase,
    Other,
}
