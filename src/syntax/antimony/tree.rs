//! What an Antimony file says, as written: names are text, nothing is resolved.

use crate::diag::Span;
use crate::syntax::expr::Expr;

/// A formula over dotted names as written (`"A.B.x"`).
pub type Formula = Expr<String>;

/// One file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// Everything in the file, in order.
    pub items: Vec<Item>,
}

/// One thing at the top level of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `import "path"`: the path without its quotes and where it stands.
    Import(Text),
    /// `model … end`.
    Module(Module),
    /// `function … end`.
    Function(FunctionDefinition),
    /// A statement outside of any module: belongs to `__main`, unless it annotates a module by its name.
    Statement(Statement),
}

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The word.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A string with its place (quotes excluded from the text, included in the span).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The content.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A name that may reach into submodules and may carry a `$`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Written with a leading `$`: a boundary species.
    pub boundary: bool,
    /// The parts between the dots, at least one.
    pub parts: Vec<Ident>,
    /// All of it.
    pub span: Span,
}

impl Path {
    /// The parts joined by dots.
    pub fn dotted(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| part.text.as_str()).collect();
        parts.join(".")
    }
}

/// A name with the compartment it is put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name.
    pub name: Path,
    /// After `in`.
    pub compartment: Option<Path>,
}

/// `model [*]name[(ports)] … end`.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// Its name.
    pub name: Ident,
    /// Marked with `*`.
    pub main: bool,
    /// Its export list.
    pub ports: Vec<Path>,
    /// What it says.
    pub statements: Vec<Statement>,
    /// From the first word to `end`.
    pub span: Span,
}

/// `function name(arguments) body end`.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionDefinition {
    /// Its name.
    pub name: Ident,
    /// Names of its arguments.
    pub arguments: Vec<Ident>,
    /// What it computes; none where the body could not be read.
    pub body: Option<Formula>,
    /// From the first word to `end`.
    pub span: Span,
}

/// One statement with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: StatementKind,
}

/// The kinds of statement.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// A reaction.
    Reaction(Reaction),
    /// `[name:] sources -o targets;`
    Interaction(Interaction),
    /// `x = …`, `x := …`, `x' = …` with an optional `in`; a missing formula removes the construct.
    Assignment {
        /// What is assigned.
        target: Place,
        /// Which of the three.
        kind: AssignmentKind,
        /// The value, or none for a blank.
        value: Option<Formula>,
    },
    /// A declaration of one or several names.
    Declaration(Declaration),
    /// A submodule.
    Submodule(Submodule),
    /// `x has unit`.
    HasUnit {
        /// What has the unit.
        target: Place,
        /// The unit as a formula over unit names.
        unit: Formula,
    },
    /// `left is right`, `left is right / factor`, `left * factor is right`.
    Synchronise {
        /// The left-hand name, which goes.
        left: Path,
        /// The right-hand name, which stays.
        right: Path,
        /// The conversion factor, in the sense of `left * factor is right`.
        factor: Option<Path>,
        /// Written as `right / factor` instead of `left * factor`.
        divided: bool,
    },
    /// `x is "name"`.
    DisplayName {
        /// What is named.
        target: Path,
        /// How.
        name: Text,
    },
    /// `delete a, b.c`.
    Delete(Vec<Path>),
    /// An event.
    Event(Box<Event>),
    /// `unit name = …`; without a definition a mere declaration. The reserved names set model-wide units.
    UnitDefinition {
        /// The unit's name.
        name: Ident,
        /// Its meaning.
        unit: Option<Formula>,
    },
    /// `[name:] 0 = formula`.
    Algebraic {
        /// The rule's name.
        name: Option<Path>,
        /// What must be zero.
        value: Formula,
    },
    /// `constraint [name]: formula`.
    Constraint {
        /// The constraint's name.
        name: Option<Path>,
        /// What must hold.
        condition: Formula,
    },
    /// `x keyword "text", "text"`: controlled-vocabulary terms, notes, and `model created "…"`.
    Annotation(Annotation),
    /// `x.attribute = value`, for attributes that are not elements of a submodule (sboTerm, mean, position, …). Lowering decides.
    Attribute {
        /// Owner and attribute.
        path: Path,
        /// The value.
        value: AttributeValue,
    },
    /// A construct outside of our scope (DNA strands, flux objectives, genes): named once, kept out of the model.
    OutOfScope {
        /// What it is, for the message.
        what: String,
    },
}

/// `=`, `:=` or `'=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignmentKind {
    /// A value at the start.
    Initial,
    /// A value at all times.
    Rule,
    /// A rate of change.
    Rate,
}

/// `[name [in c]:] reactants arrow products; [rate] [in c]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaction {
    /// Its name, none for an automatic one, and compartment.
    pub place: Option<Place>,
    /// Left of the arrow.
    pub reactants: Vec<Participant>,
    /// `->` and `<==>` are reversible, `=>` is not.
    pub reversible: bool,
    /// Right of the arrow.
    pub products: Vec<Participant>,
    /// The rate law.
    pub rate: Option<Formula>,
    /// Compartment named behind the rate.
    pub compartment: Option<Path>,
}

/// One participant of a reaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    /// How many of it.
    pub stoichiometry: Stoichiometry,
    /// Which species.
    pub species: Path,
}

/// How many of a species take part.
#[derive(Clone, Debug, PartialEq)]
pub enum Stoichiometry {
    /// Nothing was written: one.
    One,
    /// A number.
    Number(f64),
    /// A name whose value is the number.
    Symbol(Path),
}

/// `[name:] sources -o|-||-( targets;`
#[derive(Clone, Debug, PartialEq)]
pub struct Interaction {
    /// Its name.
    pub place: Option<Place>,
    /// The species that act.
    pub sources: Vec<Path>,
    /// How.
    pub kind: InteractionKind,
    /// The reactions acted on.
    pub targets: Vec<Path>,
}

/// How an interaction acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InteractionKind {
    /// `-o`, SBO:0000459.
    Activates,
    /// `-|`, SBO:0000020.
    Inhibits,
    /// `-(`, SBO:0000019.
    Influences,
}

/// `[var|const] [substanceOnly] [species|compartment|formula|reaction|event|unit…] names`.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// `var` (false) or `const`/`ext` (true), when written.
    pub constant: Option<bool>,
    /// `substanceOnly` was written.
    pub substance_only: bool,
    /// The type, when written.
    pub kind: Option<DeclaredKind>,
    /// The names.
    pub entries: Vec<Declared>,
}

/// The types that can be declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclaredKind {
    /// A species.
    Species,
    /// A compartment.
    Compartment,
    /// A parameter.
    Formula,
    /// A reaction.
    Reaction,
}

/// One name of a declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// The name and its compartment.
    pub place: Place,
    /// A value or rule given in place.
    pub value: Option<(AssignmentKind, Option<Formula>)>,
    /// A unit given in place.
    pub unit: Option<Formula>,
}

/// `[name [in c]:] module(arguments), timeconv = …, extentconv = …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Submodule {
    /// Its name (an automatic one when none was written) and compartment.
    pub place: Option<Place>,
    /// The module it is made of.
    pub module: Ident,
    /// Arguments by position.
    pub arguments: Vec<Argument>,
    /// `timeconv`.
    pub time_conversion: Option<Argument>,
    /// `extentconv`.
    pub extent_conversion: Option<Argument>,
}

/// A symbol or a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A name.
    Symbol(Path),
    /// A number and its place.
    Number(f64, Span),
}

/// `[name:] at [delay after] trigger, options: assignments`.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name.
    pub place: Option<Place>,
    /// Time between trigger and assignments.
    pub delay: Option<Formula>,
    /// What sets it off when it turns true.
    pub trigger: Formula,
    /// Higher goes first.
    pub priority: Option<Formula>,
    /// `persistent = …`.
    pub persistent: Option<Formula>,
    /// `t0 = …`: the trigger's value before the start.
    pub initially: Option<Formula>,
    /// `fromTrigger = …`: values computed when triggered.
    pub from_trigger: Option<Formula>,
    /// What it does.
    pub assignments: Vec<(Path, Formula)>,
}

/// `x keyword "text", …` or `x keyword.qualifier "text"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// What it speaks of (`model` for the module itself).
    pub target: Path,
    /// `identity`, `hasPart`, `notes`, `created`, `creator1.name`, `sboTerm`, …
    pub keyword: String,
    /// Its texts.
    pub values: Vec<Text>,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeValue {
    /// A formula.
    Formula(Formula),
    /// A string.
    Text(Text),
    /// `{a, b, …}`.
    List(Vec<AttributeValue>),
    /// `SBO:0000247`, `on`, or another bare word that is no formula.
    Word(Text),
}
