//! A module while it is being put together: elements by dotted name, submodules already copied in.

use indexmap::IndexMap;

use crate::diag::Span;
use crate::model::{Annotation, ModelUnits};
use crate::syntax::expr::{Constant, Expr, ExprKind, Function};
use crate::units::Unit;

/// Position of an element in [`Draft::elements`].
pub(super) type Id = usize;

/// A formula over elements of a draft.
pub(super) type Formula = Expr<Id>;

/// What an element is, as far as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing said so far; a parameter if it stays so.
    Unknown,
    /// A species.
    Species,
    /// A compartment.
    Compartment,
    /// A parameter, declared as one.
    Parameter,
    /// A reaction.
    Reaction,
    /// An event.
    Event,
    /// An interaction with a name.
    Interaction,
    /// An algebraic rule.
    Algebraic,
    /// A constraint.
    Constraint,
    /// An instance of a module.
    Submodule,
}

impl Role {
    /// The word for messages, with its article.
    pub(super) fn word(self) -> &'static str {
        match self {
            Role::Unknown | Role::Parameter => "a parameter",
            Role::Species => "a species",
            Role::Compartment => "a compartment",
            Role::Reaction => "a reaction",
            Role::Event => "an event",
            Role::Interaction => "an interaction",
            Role::Algebraic => "an algebraic rule",
            Role::Constraint => "a constraint",
            Role::Submodule => "a submodule",
        }
    }
}

/// A value with where it was given.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The value.
    pub formula: Formula,
    /// The statement or declaration that gives it.
    pub span: Span,
    /// Given inside a submodule: an outer one replaces it without a word.
    pub inherited: bool,
}

/// Assignment or rate rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuleKind {
    /// `:=`.
    Assignment,
    /// `' =`.
    Rate,
}

/// A rule of an element.
#[derive(Clone, Debug)]
pub(super) struct DraftRule {
    /// Which.
    pub kind: RuleKind,
    /// The right side.
    pub setting: Setting,
    /// Place among the rules of the model.
    pub order: usize,
}

/// A conversion factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Factor {
    /// Written as a number.
    Number(f64),
    /// The value of an element.
    Symbol(Id),
}

impl Factor {
    fn formula(self) -> Formula {
        match self {
            Factor::Number(value) => Expr::number(value),
            Factor::Symbol(id) => Expr::symbol(id),
        }
    }
}

/// This element is another one, up to a factor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alias {
    /// The element that stays.
    pub target: Id,
    /// `value(this) = value(target) · factor` or, with `false`, `value(target) / factor`.
    pub scale: Option<(Factor, bool)>,
}

/// A unit with the place where it was given.
pub(super) type PlacedUnit = (Unit, Span);

/// One named thing.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// Dotted name in the module under construction.
    pub name: String,
    /// Where it was first named.
    pub span: Span,
    /// What it is.
    pub role: Role,
    /// Where that was said.
    pub role_span: Span,
    /// `var` (false) or `const` (true).
    pub constant: Option<bool>,
    /// Written with `$`.
    pub boundary: bool,
    /// Declared `substanceOnly`.
    pub substance_only: bool,
    /// Attribute `constant = true` of a species or `fast = true` of a reaction, which plain Antimony cannot say.
    pub fixed: bool,
    /// A reaction that has been written, not just named.
    pub written: bool,
    /// Where it is placed.
    pub compartment: Option<Id>,
    /// `=`: start value, or the rate of a reaction.
    pub initial: Option<Setting>,
    /// `:=` or `'`.
    pub rule: Option<DraftRule>,
    /// Its unit.
    pub unit: Option<PlacedUnit>,
    /// Dimensions of space of a compartment, when said.
    pub dimensions: Option<f64>,
    /// Display name.
    pub display: String,
    /// SBO term.
    pub sbo: Option<u32>,
    /// Notes and terms.
    pub annotations: Vec<Annotation>,
    /// `S.conversionFactor`.
    pub conversion_factor: Option<Id>,
    /// Synchronised with another element.
    pub same_as: Option<Alias>,
    /// Removed, and where that was said.
    pub deleted: Option<Span>,
    /// Compartments that this element had in modules it was synchronised from.
    pub other_compartments: Vec<Id>,
}

impl Element {
    pub(super) fn new(name: String, span: Span) -> Self {
        Self {
            name,
            span,
            role: Role::Unknown,
            role_span: span,
            constant: None,
            boundary: false,
            substance_only: false,
            fixed: false,
            written: false,
            compartment: None,
            initial: None,
            rule: None,
            unit: None,
            dimensions: None,
            display: String::new(),
            sbo: None,
            annotations: Vec::new(),
            conversion_factor: None,
            same_as: None,
            deleted: None,
            other_compartments: Vec::new(),
        }
    }
}

/// How many of a species take part.
#[derive(Clone, Copy, Debug)]
pub(super) enum DraftStoichiometry {
    /// A number.
    Number(f64),
    /// The value of an element.
    Symbol(Id),
}

/// One participant.
#[derive(Clone, Copy, Debug)]
pub(super) struct DraftParticipant {
    /// Which.
    pub species: Id,
    /// How many.
    pub stoichiometry: DraftStoichiometry,
}

/// A reaction; its rate is the `initial` of its element.
#[derive(Clone, Debug)]
pub(super) struct DraftReaction {
    /// Its element.
    pub element: Id,
    /// Left of the arrow.
    pub reactants: Vec<DraftParticipant>,
    /// Right of the arrow.
    pub products: Vec<DraftParticipant>,
    /// The flag.
    pub reversible: bool,
    /// Given inside a submodule.
    pub inherited: bool,
}

/// An event.
#[derive(Clone, Debug)]
pub(super) struct DraftEvent {
    /// Its element.
    pub element: Id,
    /// The condition.
    pub trigger: Formula,
    /// Time to execution.
    pub delay: Option<Formula>,
    /// Precedence.
    pub priority: Option<Formula>,
    /// Not cancelled when the condition stops holding.
    pub persistent: bool,
    /// The condition's value before the start; `None` when not written.
    pub initial_value: Option<bool>,
    /// Values computed when triggered.
    pub from_trigger: bool,
    /// What it does.
    pub assignments: Vec<(Id, Formula, Span)>,
}

/// `0 = formula`.
#[derive(Clone, Debug)]
pub(super) struct DraftEquation {
    /// Its element.
    pub element: Id,
    /// What is zero.
    pub formula: Formula,
    /// Place among the rules of the model.
    pub order: usize,
}

/// A constraint.
#[derive(Clone, Debug)]
pub(super) struct DraftConstraint {
    /// Its element, if it has a name.
    pub element: Option<Id>,
    /// What should hold.
    pub condition: Formula,
}

/// An interaction.
#[derive(Clone, Debug)]
pub(super) struct DraftInteraction {
    /// Its element, if it has a name.
    pub element: Option<Id>,
    /// What acts.
    pub sources: Vec<(Id, Span)>,
    /// On which reactions.
    pub targets: Vec<(Id, Span)>,
    /// SBO term of how.
    pub sbo: u32,
}

/// Conversion of time and extent between a submodule and what holds it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conversion {
    /// One time unit inside is this many outside.
    pub time: Option<Factor>,
    /// One unit of extent inside is this many outside.
    pub extent: Option<Factor>,
}

/// A module under construction, or a finished one to be copied.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// Name of the module.
    pub id: String,
    /// Everything named.
    pub elements: Vec<Element>,
    /// Elements by dotted name.
    pub names: IndexMap<String, Id>,
    /// The export list.
    pub ports: Vec<Id>,
    /// Reactions in order of definition.
    pub reactions: Vec<DraftReaction>,
    /// Events in order.
    pub events: Vec<DraftEvent>,
    /// Algebraic rules.
    pub equations: Vec<DraftEquation>,
    /// Constraints.
    pub constraints: Vec<DraftConstraint>,
    /// Interactions.
    pub interactions: Vec<DraftInteraction>,
    /// Unit definitions by name.
    pub units: IndexMap<String, Unit>,
    /// Units of the whole model.
    pub model_units: ModelUnits,
    /// Display name of the module.
    pub display: String,
    /// Notes and terms about the module.
    pub annotations: Vec<Annotation>,
    /// Factor from extent to substance.
    pub conversion_factor: Option<Id>,
    /// Next number of automatic names by prefix.
    pub automatic: IndexMap<&'static str, usize>,
    /// Number of rules so far.
    pub n_rules: usize,
    /// Submodules of its own, in order.
    pub instances: Vec<Instance>,
}

/// A module that has been copied in.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// Its name here.
    pub name: String,
    /// Which module it is.
    pub module: String,
    /// The place of its first element; the others follow in their order.
    pub offset: Id,
}

impl Draft {
    /// The element called `name`, made if there is none.
    pub(super) fn element(&mut self, name: &str, span: Span) -> Id {
        if let Some(&id) = self.names.get(name) {
            return id;
        }
        let id = self.elements.len();
        self.elements.push(Element::new(name.to_string(), span));
        self.names.insert(name.to_string(), id);
        id
    }

    /// The element that stands for `id` after synchronisation.
    pub(super) fn representative(&self, mut id: Id) -> Id {
        while let Some(alias) = &self.elements[id].same_as {
            id = alias.target;
        }
        id
    }

    /// The value of `id` as a formula over the elements that stay.
    pub(super) fn value_of(&self, id: Id, span: Span) -> Formula {
        let Some(alias) = self.elements[id].same_as else {
            return Expr::new(span, ExprKind::Symbol(id));
        };
        let value = self.value_of(alias.target, span);
        match alias.scale {
            None => value,
            Some((factor, times)) => scale(value, self.resolved(factor), times),
        }
    }

    /// What the representative of `id` must be when `id` itself is `value`.
    pub(super) fn value_for_representative(&self, id: Id, value: Formula) -> Formula {
        let Some(alias) = self.elements[id].same_as else {
            return value;
        };
        let value = match alias.scale {
            None => value,
            Some((factor, times)) => scale(value, self.resolved(factor), !times),
        };
        self.value_for_representative(alias.target, value)
    }

    fn resolved(&self, factor: Factor) -> Formula {
        match factor {
            Factor::Number(_) => factor.formula(),
            Factor::Symbol(id) => self.value_of(id, Span::default()),
        }
    }

    /// A name `prefix` + number that nothing has yet.
    pub(super) fn fresh_name(&mut self, prefix: &'static str) -> String {
        let next = self.automatic.entry(prefix).or_insert(0);
        loop {
            let name = format!("{prefix}{next}");
            *next += 1;
            let known = self.names.get(&name);
            // A name that was only mentioned so far is the one meant.
            if known.is_none_or(|&id| self.elements[id].role == Role::Unknown) {
                return name;
            }
        }
    }

    /// The next place among the rules.
    pub(super) fn next_rule(&mut self) -> usize {
        self.n_rules += 1;
        self.n_rules - 1
    }
}

/// `value · factor` or `value / factor`.
pub(super) fn scale(value: Formula, factor: Formula, times: bool) -> Formula {
    let span = value.span;
    let function = if times {
        Function::Times
    } else {
        Function::Divide
    };
    Expr::new(span, ExprKind::Call(function, vec![value, factor]))
}

/// Rewrites formulas of a submodule for the model that holds it.
pub(super) struct Move<'a> {
    /// Added to every id of the submodule.
    pub offset: usize,
    /// Time and extent; its ids belong to the outer model.
    pub conversion: Conversion,
    /// New names for unit definitions that clash with outer ones.
    pub unit_names: &'a IndexMap<String, String>,
    /// Elements of the submodule (ids before the move) that are reactions.
    pub is_reaction: &'a [bool],
}

impl Move<'_> {
    /// A formula whose value has no time in it.
    pub(super) fn plain(&self, formula: &Formula) -> Formula {
        let all = |arguments: &[Formula]| -> Vec<Formula> {
            arguments.iter().map(|a| self.plain(a)).collect()
        };
        let kind = match &formula.kind {
            ExprKind::Number(value, unit) => {
                let renamed = unit
                    .as_ref()
                    .map(|name| self.unit_names.get(name).unwrap_or(name).clone());
                ExprKind::Number(*value, renamed)
            }
            ExprKind::Symbol(id) => return self.symbol(*id, formula.span),
            ExprKind::Constant(Constant::Time) => {
                return self.divided_by_time(formula.clone());
            }
            ExprKind::Constant(constant) => ExprKind::Constant(*constant),
            ExprKind::Call(Function::Delay, arguments) => {
                ExprKind::Call(Function::Delay, self.delay(arguments))
            }
            ExprKind::Call(Function::RateOf, arguments) => return self.rate_of(arguments, formula),
            ExprKind::Call(function, arguments) => ExprKind::Call(*function, all(arguments)),
            ExprKind::User(name, arguments) => ExprKind::User(name.clone(), all(arguments)),
        };
        Expr::new(formula.span, kind)
    }

    /// A formula per time: a rate rule.
    pub(super) fn rate(&self, formula: &Formula) -> Formula {
        self.divided_by_time(self.plain(formula))
    }

    /// A formula in extent per time: the rate of a reaction.
    pub(super) fn extent_rate(&self, formula: &Formula) -> Formula {
        let rate = self.rate(formula);
        match self.conversion.extent {
            None => rate,
            Some(factor) => scale(rate, factor.formula(), true),
        }
    }

    /// A duration: the delay of an event.
    pub(super) fn duration(&self, formula: &Formula) -> Formula {
        self.times_time(self.plain(formula))
    }

    fn divided_by_time(&self, formula: Formula) -> Formula {
        match self.conversion.time {
            None => formula,
            Some(factor) => scale(formula, factor.formula(), false),
        }
    }

    fn times_time(&self, formula: Formula) -> Formula {
        match self.conversion.time {
            None => formula,
            Some(factor) => scale(formula, factor.formula(), true),
        }
    }

    /// A reaction's rate, seen from inside, is the outer one converted back.
    fn symbol(&self, id: Id, span: Span) -> Formula {
        let moved = Expr::new(span, ExprKind::Symbol(id + self.offset));
        if !self.is_reaction.get(id).copied().unwrap_or(false) {
            return moved;
        }
        let moved = self.times_time(moved);
        match self.conversion.extent {
            None => moved,
            Some(factor) => scale(moved, factor.formula(), false),
        }
    }

    fn delay(&self, arguments: &[Formula]) -> Vec<Formula> {
        let mut moved: Vec<Formula> = arguments.iter().map(|a| self.plain(a)).collect();
        if let Some(lag) = moved.pop() {
            moved.push(self.times_time(lag));
        }
        moved
    }

    fn rate_of(&self, arguments: &[Formula], formula: &Formula) -> Formula {
        let same = Expr::new(
            formula.span,
            ExprKind::Call(
                Function::RateOf,
                arguments.iter().map(|a| self.plain(a)).collect(),
            ),
        );
        self.times_time(same)
    }
}
