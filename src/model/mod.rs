//! The model with SBML's meaning: flat, resolved, by id. Everything downstream reads this and nothing earlier.
//!
//! A reader (`syntax`) gives a tree; `lower` resolves names, flattens submodules and checks units; the result is a
//! [`Model`]. Symbols are indices into its lists, so a model is a value that can be changed, exported and compiled.

pub mod hierarchy;
pub mod lower;
pub mod qualifiers;
pub mod text;
pub mod units_check;

mod quantity_units;
mod rename;

use indexmap::IndexMap;

use crate::diag::Span;
use crate::syntax::expr::Expr;
use crate::units::Unit;

/// A formula of a model.
pub type Formula = Expr<Symbol>;

// `compile` reads formulas but imports `model` alone.
pub use crate::syntax::expr::{Constant, Distribution, ExprKind, Function, Trig};

/// A named quantity of a model: an index into one of its lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A compartment: its size.
    Compartment(usize),
    /// A species: its concentration, or its amount when `only_substance_units`.
    Species(usize),
    /// A parameter.
    Parameter(usize),
    /// A reaction: its rate, extent per time.
    Reaction(usize),
    /// A named stoichiometry.
    Stoichiometry(usize),
    /// An argument of the function definition that the formula is the body of.
    Argument(usize),
}

/// One model, flat.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Its id.
    pub id: String,
    /// Display name, empty when none was given.
    pub name: String,
    /// Model-wide units, as far as declared.
    pub units: ModelUnits,
    /// Unit definitions by name, for display and export.
    pub unit_definitions: IndexMap<String, Unit>,
    /// Functions defined by the user, by name.
    pub functions: IndexMap<String, FunctionDefinition>,
    /// Compartments.
    pub compartments: Vec<Compartment>,
    /// Species.
    pub species: Vec<Species>,
    /// Parameters, submodels' and reactions' local ones included.
    pub parameters: Vec<Parameter>,
    /// Named stoichiometries.
    pub stoichiometries: Vec<NamedStoichiometry>,
    /// Reactions.
    pub reactions: Vec<Reaction>,
    /// Rules, at most one per symbol.
    pub rules: Vec<Rule>,
    /// Values at the start given by formulas; they take precedence over plain values.
    pub initial_assignments: Vec<InitialAssignment>,
    /// Events in the order of the file.
    pub events: Vec<Event>,
    /// Conditions that should hold.
    pub constraints: Vec<Constraint>,
    /// Notes and controlled-vocabulary terms by id; the model's own under its id.
    pub annotations: IndexMap<String, Vec<Annotation>>,
    /// Factor from extent to substance for species without one of their own.
    pub conversion_factor: Option<usize>,
}

/// Units that hold for the whole model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelUnits {
    /// Time.
    pub time: Option<Unit>,
    /// Amounts of species.
    pub substance: Option<Unit>,
    /// Reaction extent.
    pub extent: Option<Unit>,
    /// Sizes of three-dimensional compartments.
    pub volume: Option<Unit>,
    /// Sizes of two-dimensional compartments.
    pub area: Option<Unit>,
    /// Sizes of one-dimensional compartments.
    pub length: Option<Unit>,
}

/// What all named things share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identity {
    /// Unique id.
    pub id: String,
    /// Display name, empty when none was given.
    pub name: String,
    /// Where it was first named.
    pub span: Span,
    /// SBO term number, if any.
    pub sbo: Option<u32>,
}

/// A well-mixed space.
#[derive(Clone, Debug, PartialEq)]
pub struct Compartment {
    /// Id, name, place.
    pub identity: Identity,
    /// Size at the start, when given as a plain number.
    pub size: Option<f64>,
    /// Dimensions of space, 3 unless said otherwise.
    pub dimensions: f64,
    /// Not changed by rules or events.
    pub constant: bool,
    /// Unit of the size.
    pub unit: Option<Unit>,
}

/// A plain start value of a species.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InitialValue {
    /// Substance.
    Amount(f64),
    /// Substance per size of the compartment.
    Concentration(f64),
}

/// A chemical or other quantity in a compartment.
#[derive(Clone, Debug, PartialEq)]
pub struct Species {
    /// Id, name, place.
    pub identity: Identity,
    /// Index of its compartment.
    pub compartment: usize,
    /// Plain start value.
    pub initial: Option<InitialValue>,
    /// The symbol means the amount, not the concentration.
    pub only_substance_units: bool,
    /// Reactions do not change it.
    pub boundary: bool,
    /// Nothing changes it.
    pub constant: bool,
    /// Index of the parameter that converts extent to its substance.
    pub conversion_factor: Option<usize>,
    /// Unit of its amount.
    pub substance_unit: Option<Unit>,
}

/// A number with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Id, name, place.
    pub identity: Identity,
    /// Plain value; none when only a rule or initial assignment gives one.
    pub value: Option<f64>,
    /// Not changed by rules or events.
    pub constant: bool,
    /// Declared `var` by its author without rule or event: an input that a scenario drives.
    pub input: bool,
    /// Its unit.
    pub unit: Option<Unit>,
}

/// A stoichiometry with a name, so that rules and events can change it.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedStoichiometry {
    /// Id, name, place.
    pub identity: Identity,
    /// Plain value.
    pub value: Option<f64>,
    /// Not changed by rules or events.
    pub constant: bool,
}

/// How many of a species take part.
#[derive(Clone, Debug, PartialEq)]
pub enum Stoichiometry {
    /// A plain number.
    Number(f64),
    /// The value of a named stoichiometry.
    Named(usize),
}

/// One participant of a reaction.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeciesReference {
    /// Index of the species.
    pub species: usize,
    /// How many.
    pub stoichiometry: Stoichiometry,
}

/// A process that turns species into others.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaction {
    /// Id, name, place.
    pub identity: Identity,
    /// What is used.
    pub reactants: Vec<SpeciesReference>,
    /// What is made.
    pub products: Vec<SpeciesReference>,
    /// Species that act without taking part, with the SBO term of how (0 for none).
    pub modifiers: Vec<(usize, u32)>,
    /// A flag for readers of the model; no rate is checked against it.
    pub reversible: bool,
    /// At equilibrium at all times.
    pub fast: bool,
    /// Extent per time; none for a reaction without kinetics.
    pub rate: Option<Formula>,
    /// Index of the compartment it is placed in.
    pub compartment: Option<usize>,
}

/// An equation that always holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// `symbol := formula`.
    Assignment(Symbol, Formula),
    /// `symbol' = formula`, in the symbol's own meaning (concentration per time for most species).
    Rate(Symbol, Formula),
    /// `0 = formula`, with its name.
    Algebraic(String, Formula),
}

/// A start value given by a formula.
#[derive(Clone, Debug, PartialEq)]
pub struct InitialAssignment {
    /// What gets the value.
    pub symbol: Symbol,
    /// The value at the start.
    pub value: Formula,
}

/// Something that happens when a condition turns true.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Id, name, place.
    pub identity: Identity,
    /// The condition.
    pub trigger: Formula,
    /// The condition's value just before the start: with `false`, a condition true at the start fires at once.
    pub initial_value: bool,
    /// Once triggered it happens even if the condition stops holding before the delay is over.
    pub persistent: bool,
    /// Time from trigger to assignments.
    pub delay: Option<Formula>,
    /// Higher goes first among simultaneous ones.
    pub priority: Option<Formula>,
    /// Values are computed when triggered, not when executed.
    pub values_from_trigger_time: bool,
    /// What it does, all at once.
    pub assignments: Vec<(Symbol, Formula)>,
}

/// A condition that should hold throughout.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Its name, empty when none.
    pub id: String,
    /// What should hold.
    pub condition: Formula,
}

/// A function of its arguments alone.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionDefinition {
    /// Names of its arguments.
    pub arguments: Vec<String>,
    /// Its value; arguments appear as [`Symbol::Argument`].
    pub body: Formula,
    /// Where it was defined.
    pub span: Span,
}

/// A note or a term about an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// `notes`, `identity`, `hasPart`, `taxon`, `created`, `creator1.name`, …
    pub keyword: String,
    /// Its texts.
    pub values: Vec<String>,
}

impl Model {
    /// The symbol called `id`, if any. Looks through all of them: for many questions make a map of [`Model::symbols`].
    pub fn symbol(&self, id: &str) -> Option<Symbol> {
        self.symbols()
            .find(|symbol| self.identity(*symbol).id == id)
    }

    /// Id, name and place of a symbol.
    ///
    /// # Panics
    /// When the symbol is a function's argument or belongs to another model.
    pub fn identity(&self, symbol: Symbol) -> &Identity {
        match symbol {
            Symbol::Compartment(at) => &self.compartments[at].identity,
            Symbol::Species(at) => &self.species[at].identity,
            Symbol::Parameter(at) => &self.parameters[at].identity,
            Symbol::Reaction(at) => &self.reactions[at].identity,
            Symbol::Stoichiometry(at) => &self.stoichiometries[at].identity,
            Symbol::Argument(_) => panic!("arguments live in function bodies only"),
        }
    }

    /// All symbols in the order species, compartments, parameters, stoichiometries, reactions.
    pub fn symbols(&self) -> impl Iterator<Item = Symbol> + '_ {
        let species = (0..self.species.len()).map(Symbol::Species);
        species
            .chain((0..self.compartments.len()).map(Symbol::Compartment))
            .chain((0..self.parameters.len()).map(Symbol::Parameter))
            .chain((0..self.stoichiometries.len()).map(Symbol::Stoichiometry))
            .chain((0..self.reactions.len()).map(Symbol::Reaction))
    }

    /// Whether its author declared that neither rules nor events change the symbol.
    pub fn is_constant(&self, symbol: Symbol) -> bool {
        match symbol {
            Symbol::Compartment(at) => self.compartments[at].constant,
            Symbol::Species(at) => self.species[at].constant,
            Symbol::Parameter(at) => self.parameters[at].constant,
            Symbol::Stoichiometry(at) => self.stoichiometries[at].constant,
            Symbol::Reaction(_) | Symbol::Argument(_) => false,
        }
    }

    /// The assignment or rate rule of a symbol, if any.
    pub fn rule_of(&self, symbol: Symbol) -> Option<&Rule> {
        self.rules.iter().find(|rule| match rule {
            Rule::Assignment(target, _) | Rule::Rate(target, _) => *target == symbol,
            Rule::Algebraic(..) => false,
        })
    }
}
