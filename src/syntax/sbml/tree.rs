//! A document as written: attributes read, names unresolved, defaults of its level filled in.

use crate::diag::Span;
use crate::syntax::expr::Expr;

use super::composition::{Composition, Definitions};

/// A formula over names as written.
pub type Formula = Expr<String>;

/// A name with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// 2 or 3; 0 when the text is no SBML that is read.
    pub level: u32,
    /// Version within the level.
    pub version: u32,
    /// The model, when there is one.
    pub model: Option<Model>,
    /// Models that it can be made of.
    pub definitions: Definitions,
}

/// What every element may have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// Id; empty when none was given.
    pub id: String,
    /// Display name; empty when none was given.
    pub name: String,
    /// SBO term number.
    pub sbo: Option<u32>,
    /// Notes, terms, history: keyword and texts.
    pub about: Vec<(String, Vec<String>)>,
    /// The start tag.
    pub span: Span,
}

/// A model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// Id, name, place.
    pub head: Head,
    /// Model-wide units: substance, time, volume, area, length, extent.
    pub units: [Option<Word>; 6],
    /// The parameter that turns extent into substance.
    pub conversion_factor: Option<Word>,
    /// Function definitions.
    pub functions: Vec<Function>,
    /// Unit definitions.
    pub unit_definitions: Vec<UnitDefinition>,
    /// Compartments.
    pub compartments: Vec<Compartment>,
    /// Species.
    pub species: Vec<Species>,
    /// Global parameters.
    pub parameters: Vec<Parameter>,
    /// Initial assignments.
    pub initial_assignments: Vec<Assignment>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Constraints: each with its condition.
    pub constraints: Vec<(Head, Option<Formula>)>,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// Events.
    pub events: Vec<Event>,
    /// Models within it and what they share with it; empty in a flat model.
    pub composition: Composition,
}

/// A function of its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Id, name, place.
    pub head: Head,
    /// Argument names and body; none when it was left out.
    pub lambda: Option<(Vec<Word>, Formula)>,
}

/// A unit made of base units.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitDefinition {
    /// Id, name, place.
    pub head: Head,
    /// Its factors.
    pub units: Vec<UnitFactor>,
}

/// `(multiplier · 10^scale · kind)^exponent`.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitFactor {
    /// Name of the base unit.
    pub kind: Word,
    /// Power.
    pub exponent: f64,
    /// Power of ten.
    pub scale: f64,
    /// Number in front.
    pub multiplier: f64,
    /// Whether it is shifted (`offset`, Level 2 Version 1), which no product of units can be.
    pub shifted: bool,
}

/// A compartment.
#[derive(Clone, Debug, PartialEq)]
pub struct Compartment {
    /// Id, name, place.
    pub head: Head,
    /// Dimensions of space.
    pub dimensions: f64,
    /// The compartment around it (Level 2).
    pub outside: Option<Word>,
    /// Size.
    pub size: Option<f64>,
    /// Unit of the size.
    pub units: Option<Word>,
    /// Changed by nothing.
    pub constant: bool,
}

/// A species.
#[derive(Clone, Debug, PartialEq)]
pub struct Species {
    /// Id, name, place.
    pub head: Head,
    /// Where it is.
    pub compartment: Word,
    /// Amount at the start.
    pub initial_amount: Option<f64>,
    /// Concentration at the start.
    pub initial_concentration: Option<f64>,
    /// Unit of the amount.
    pub substance_units: Option<Word>,
    /// The id means the amount.
    pub only_substance_units: bool,
    /// Reactions do not change it.
    pub boundary: bool,
    /// Nothing changes it.
    pub constant: bool,
    /// The parameter that turns extent into its substance.
    pub conversion_factor: Option<Word>,
}

/// A parameter, global or of one reaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Id, name, place.
    pub head: Head,
    /// Value.
    pub value: Option<f64>,
    /// Unit.
    pub units: Option<Word>,
    /// Changed by nothing.
    pub constant: bool,
}

/// A formula for a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Id, name, place.
    pub head: Head,
    /// What gets the value.
    pub target: Word,
    /// The value; none when it was left out.
    pub value: Option<Formula>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// `target = value` always.
    Assignment(Assignment),
    /// `d target / dt = value`.
    Rate(Assignment),
    /// `0 = value`.
    Algebraic(Head, Option<Formula>),
}

/// One participant of a reaction.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeciesReference {
    /// Id, name, place.
    pub head: Head,
    /// Which species.
    pub species: Word,
    /// How many.
    pub stoichiometry: Option<f64>,
    /// How many, as a formula (Level 2).
    pub formula: Option<Formula>,
    /// Not changed by rules or events.
    pub constant: bool,
}

/// How fast a reaction runs.
#[derive(Clone, Debug, PartialEq)]
pub struct KineticLaw {
    /// The rate; none when it was left out.
    pub rate: Option<Formula>,
    /// Parameters known to this law alone.
    pub locals: Vec<Parameter>,
}

/// A reaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaction {
    /// Id, name, place.
    pub head: Head,
    /// A flag for readers.
    pub reversible: bool,
    /// At equilibrium at all times.
    pub fast: bool,
    /// Where it takes place.
    pub compartment: Option<Word>,
    /// What is used.
    pub reactants: Vec<SpeciesReference>,
    /// What is made.
    pub products: Vec<SpeciesReference>,
    /// What acts without taking part, with its SBO term.
    pub modifiers: Vec<(Word, Option<u32>)>,
    /// Its kinetics.
    pub law: Option<KineticLaw>,
}

/// An event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Id, name, place.
    pub head: Head,
    /// The condition; none when it was left out, and the event never happens.
    pub trigger: Option<Formula>,
    /// The condition's value just before the start.
    pub initial_value: bool,
    /// Happens even if the condition stops holding during the delay.
    pub persistent: bool,
    /// From trigger to assignments.
    pub delay: Option<Formula>,
    /// Higher goes first.
    pub priority: Option<Formula>,
    /// Values are computed when triggered.
    pub values_from_trigger_time: bool,
    /// What it does.
    pub assignments: Vec<Assignment>,
}
