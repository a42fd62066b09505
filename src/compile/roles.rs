//! What each symbol of a model is to the program: a parameter slot, a state, or a formula of others.

use super::algebraic;
use super::fast::{self, Extent};
use super::formula::symbols_in;
use super::{Options, ParameterDerivatives};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{ExprKind, Formula, Function, InitialValue, Model, Rule, Stoichiometry, Symbol};

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A number that runs may set: which slot.
    Slot(usize),
    /// A plain number for good: the size of a compartment that nobody asked to change. Most are 1 and cost nothing so.
    Fixed,
    /// Given for good by an initial assignment that only uses what never changes: which assignment.
    Derived(usize),
    /// Given by an assignment rule: which rule.
    Assigned(usize),
    /// A state of the integrator: which.
    State(usize),
    /// A reaction's rate.
    Rate,
}

/// What a parameter slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// The value in the symbol's own meaning.
    Value,
    /// The amount of a species whose symbol means its concentration.
    Amount,
    /// The value that a state starts from, in the symbol's own meaning.
    Start,
}

/// A parameter slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) symbol: Symbol,
    pub(super) content: Content,
}

/// What drives a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Equation {
    /// A rate rule.
    Rule(usize),
    /// The reactions of [`Roles::participations`].
    Reactions,
    /// An algebraic rule.
    Algebraic(usize),
    /// The balance of one of [`Roles::extents`].
    Fast(usize),
}

/// A state.
#[derive(Clone, Copy, Debug)]
pub(super) struct StateRole {
    pub(super) symbol: Symbol,
    pub(super) equation: Equation,
}

/// How often a species takes part in one reaction, made counting positive.
#[derive(Clone, Debug)]
pub(super) struct Participation {
    pub(super) reaction: usize,
    /// Sum of the plain stoichiometries.
    pub(super) number: f64,
    /// Named stoichiometries and whether they count as made.
    pub(super) named: Vec<(usize, bool)>,
}

/// Dense numbers for symbols, in the order of [`Model::symbols`].
#[derive(Clone, Debug)]
pub(super) struct Places {
    starts: [usize; 6],
}

impl Places {
    fn new(model: &Model) -> Self {
        let counts = [
            model.species.len(),
            model.compartments.len(),
            model.parameters.len(),
            model.stoichiometries.len(),
            model.reactions.len(),
        ];
        let mut starts = [0; 6];
        for (at, count) in counts.into_iter().enumerate() {
            starts[at + 1] = starts[at] + count;
        }
        Self { starts }
    }

    /// The place of a symbol of the model.
    pub(super) fn of(&self, symbol: Symbol) -> usize {
        match symbol {
            Symbol::Species(at) => at,
            Symbol::Compartment(at) => self.starts[1] + at,
            Symbol::Parameter(at) => self.starts[2] + at,
            Symbol::Stoichiometry(at) => self.starts[3] + at,
            Symbol::Reaction(at) => self.starts[4] + at,
            Symbol::Argument(_) => {
                unreachable!("function bodies are read with their arguments at hand")
            }
        }
    }

    fn count(&self) -> usize {
        self.starts[5]
    }
}

/// What every symbol of a model is.
#[derive(Clone, Debug)]
pub(super) struct Roles {
    places: Places,
    roles: Vec<Role>,
    constant: Vec<bool>,
    changed: Vec<bool>,
    given: Vec<bool>,
    start_given: Vec<bool>,
    initial: Vec<Option<usize>>,
    start_slots: Vec<Option<usize>>,
    /// The parameter slots.
    pub(super) slots: Vec<Slot>,
    /// The states.
    pub(super) states: Vec<StateRole>,
    /// For each species, the reactions that change it.
    pub(super) participations: Vec<Vec<Participation>>,
    /// Extents of fast reactions; they are the last of the states, in this order.
    pub(super) extents: Vec<Extent>,
}

impl Roles {
    /// What `symbol` is.
    pub(super) fn of(&self, symbol: Symbol) -> Role {
        self.roles[self.places.of(symbol)]
    }

    /// Whether the symbol is a state.
    pub(super) fn is_state(&self, symbol: Symbol) -> bool {
        matches!(self.of(symbol), Role::State(_))
    }

    /// Whether the symbol has one value throughout a run.
    pub(super) fn is_constant(&self, symbol: Symbol) -> bool {
        self.constant[self.places.of(symbol)]
    }

    /// Whether events or the caller change the symbol.
    pub(super) fn is_changed(&self, symbol: Symbol) -> bool {
        self.changed[self.places.of(symbol)]
    }

    /// Whether the caller gives the symbol's value, at the start or later.
    pub(super) fn is_given(&self, symbol: Symbol) -> bool {
        self.given[self.places.of(symbol)]
    }

    /// Whether the caller gives the value from which the symbol starts.
    pub(super) fn is_start_given(&self, symbol: Symbol) -> bool {
        self.start_given[self.places.of(symbol)]
    }

    /// The initial assignment of the symbol, unless the caller gives its start.
    pub(super) fn initial_assignment(&self, symbol: Symbol) -> Option<usize> {
        self.initial[self.places.of(symbol)]
    }

    /// The slot from which a state starts, when the caller gives it.
    pub(super) fn start_slot(&self, symbol: Symbol) -> Option<usize> {
        self.start_slots[self.places.of(symbol)]
    }
}

/// Finds the role of every symbol; findings go to `findings`.
pub(super) fn find(model: &Model, options: &Options, findings: &mut Diagnostics) -> Roles {
    let places = Places::new(model);
    let rules = rules_by_place(model, &places);
    let participations = participations(model);
    let unknowns = algebraic::unknowns(
        model,
        |symbol| rules[places.of(symbol)],
        |symbol| is_free(model, &rules, &places, &participations, symbol),
        |symbol| is_event_target(model, symbol) || options.targets.contains(&symbol),
        findings,
    );
    let mut finder = Finder {
        model,
        derivatives: &options.parameter_derivatives,
        roles: Roles {
            roles: vec![Role::Rate; places.count()],
            constant: vec![true; places.count()],
            changed: changed(model, options, &places),
            given: marks(&places, options.targets.iter().chain(&options.starts)),
            start_given: marks(&places, options.starts.iter()),
            initial: initial_by_place(model, options, &places),
            start_slots: vec![None; places.count()],
            places,
            slots: Vec::new(),
            states: Vec::new(),
            extents: fast::extents(model, &participations),
            participations,
        },
        rules,
        unknowns,
    };
    finder.find_constants();
    for symbol in model.symbols() {
        finder.assign(symbol);
    }
    finder.add_extents();
    finder.add_start_slots(options, findings);
    finder.roles
}

fn marks<'a>(places: &Places, symbols: impl Iterator<Item = &'a Symbol>) -> Vec<bool> {
    let mut marks = vec![false; places.count()];
    for symbol in symbols {
        marks[places.of(*symbol)] = true;
    }
    marks
}

fn changed(model: &Model, options: &Options, places: &Places) -> Vec<bool> {
    let by_events = model.events.iter().flat_map(|event| &event.assignments);
    marks(
        places,
        by_events.map(|(symbol, _)| symbol).chain(&options.targets),
    )
}

fn is_event_target(model: &Model, symbol: Symbol) -> bool {
    let mut assignments = model.events.iter().flat_map(|event| &event.assignments);
    assignments.any(|(target, _)| *target == symbol)
}

fn rules_by_place(model: &Model, places: &Places) -> Vec<Option<usize>> {
    let mut rules = vec![None; places.count()];
    for (at, rule) in model.rules.iter().enumerate() {
        if let Rule::Assignment(symbol, _) | Rule::Rate(symbol, _) = rule {
            rules[places.of(*symbol)] = Some(at);
        }
    }
    rules
}

fn initial_by_place(model: &Model, options: &Options, places: &Places) -> Vec<Option<usize>> {
    let mut initial = vec![None; places.count()];
    for (at, assignment) in model.initial_assignments.iter().enumerate() {
        if !options.starts.contains(&assignment.symbol) {
            initial[places.of(assignment.symbol)] = Some(at);
        }
    }
    initial
}

/// For each species, the reactions that change its amount. Boundary and constant species take part without change.
fn participations(model: &Model) -> Vec<Vec<Participation>> {
    let mut all: Vec<Vec<Participation>> = vec![Vec::new(); model.species.len()];
    for (at, reaction) in model.reactions.iter().enumerate() {
        let used = reaction.reactants.iter().map(|used| (used, false));
        for (part, made) in used.chain(reaction.products.iter().map(|product| (product, true))) {
            let species = &model.species[part.species];
            if !species.boundary && !species.constant {
                note(&mut all[part.species], at, &part.stoichiometry, made);
            }
        }
    }
    for list in &mut all {
        list.retain(|part| part.number != 0.0 || !part.named.is_empty());
    }
    all
}

fn note(list: &mut Vec<Participation>, reaction: usize, stoichiometry: &Stoichiometry, made: bool) {
    if list.last().is_none_or(|last| last.reaction != reaction) {
        list.push(Participation {
            reaction,
            number: 0.0,
            named: Vec::new(),
        });
    }
    let part = list.last_mut().expect("one was pushed if there was none");
    match stoichiometry {
        Stoichiometry::Number(number) => part.number += if made { *number } else { -number },
        Stoichiometry::Named(name) => part.named.push((*name, made)),
    }
}

/// Whether nothing but an algebraic rule could give the symbol its value over time.
fn is_free(
    model: &Model,
    rules: &[Option<usize>],
    places: &Places,
    participations: &[Vec<Participation>],
    symbol: Symbol,
) -> bool {
    let free = match symbol {
        Symbol::Species(at) => !model.species[at].constant && participations[at].is_empty(),
        Symbol::Compartment(at) => !model.compartments[at].constant,
        Symbol::Parameter(at) => !model.parameters[at].constant,
        Symbol::Stoichiometry(at) => !model.stoichiometries[at].constant,
        Symbol::Reaction(_) | Symbol::Argument(_) => false,
    };
    free && rules[places.of(symbol)].is_none()
}

struct Finder<'m> {
    model: &'m Model,
    derivatives: &'m ParameterDerivatives,
    roles: Roles,
    rules: Vec<Option<usize>>,
    unknowns: Vec<(Symbol, usize)>,
}

impl Finder<'_> {
    /// What drives the symbol, if it is a state.
    fn equation(&self, symbol: Symbol) -> Option<Equation> {
        if let Some((_, rule)) = self.unknowns.iter().find(|(unknown, _)| *unknown == symbol) {
            return Some(Equation::Algebraic(*rule));
        }
        if let Some(rule) = self.rules[self.roles.places.of(symbol)] {
            return matches!(self.model.rules[rule], Rule::Rate(..))
                .then_some(Equation::Rule(rule));
        }
        match symbol {
            Symbol::Species(at) if !self.roles.participations[at].is_empty() => {
                Some(Equation::Reactions)
            }
            _ => None,
        }
    }

    /// The formula that gives a symbol that is no state: its assignment rule, initial assignment or rate.
    fn formula(&self, symbol: Symbol) -> Option<&Formula> {
        let place = self.roles.places.of(symbol);
        if let Symbol::Reaction(at) = symbol {
            return self.model.reactions[at].rate.as_ref();
        }
        if let Some(Rule::Assignment(_, formula)) =
            self.rules[place].map(|at| &self.model.rules[at])
        {
            return Some(formula);
        }
        self.roles.initial[place].map(|at| &self.model.initial_assignments[at].value)
    }

    /// Spreads "varies" from states, changed symbols and time to all that is made of them.
    fn find_constants(&mut self) {
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.roles.places.count()];
        let mut varying = Vec::new();
        for symbol in self.model.symbols() {
            let place = self.roles.places.of(symbol);
            if self.roles.changed[place] || self.equation(symbol).is_some() {
                varying.push(place);
                continue;
            }
            for used in self.uses(symbol) {
                users[self.roles.places.of(used)].push(place);
            }
            if self.formula(symbol).is_some_and(varies_by_itself) {
                varying.push(place);
            }
        }
        while let Some(place) = varying.pop() {
            if std::mem::replace(&mut self.roles.constant[place], false) {
                varying.append(&mut users[place]);
            }
        }
    }

    fn uses(&self, symbol: Symbol) -> Vec<Symbol> {
        let mut used = self.formula(symbol).map(symbols_in).unwrap_or_default();
        if let Symbol::Species(at) = symbol {
            let species = &self.model.species[at];
            let is_amount = species.only_substance_units
                && !matches!(species.initial, Some(InitialValue::Concentration(_)));
            if !is_amount {
                used.push(Symbol::Compartment(species.compartment));
            }
        }
        used
    }

    fn assign(&mut self, symbol: Symbol) {
        let place = self.roles.places.of(symbol);
        self.roles.roles[place] = if matches!(symbol, Symbol::Reaction(_)) {
            Role::Rate
        } else if let Some(equation) = self.equation(symbol) {
            self.roles.states.push(StateRole { symbol, equation });
            Role::State(self.roles.states.len() - 1)
        } else if let Some(rule) = self.rules[place] {
            Role::Assigned(rule)
        } else {
            self.plain(symbol)
        };
    }

    fn plain(&mut self, symbol: Symbol) -> Role {
        let place = self.roles.places.of(symbol);
        match self.roles.initial[place] {
            Some(assignment) if self.roles.constant[place] => Role::Derived(assignment),
            None if self.is_fixed(symbol) => Role::Fixed,
            _ => {
                let content = self.content(symbol);
                self.roles.slots.push(Slot { symbol, content });
                Role::Slot(self.roles.slots.len() - 1)
            }
        }
    }

    fn is_fixed(&self, symbol: Symbol) -> bool {
        let Symbol::Compartment(at) = symbol else {
            return false;
        };
        let compartment = &self.model.compartments[at];
        let is_free = self.roles.is_constant(symbol) && !self.roles.is_given(symbol);
        is_free
            && compartment.size.is_some()
            && !self.derivatives.includes(&compartment.identity.id)
    }

    /// A species that nothing changes keeps its amount when its compartment changes, else what its author gave.
    fn content(&self, symbol: Symbol) -> Content {
        let Symbol::Species(at) = symbol else {
            return Content::Value;
        };
        let species = &self.model.species[at];
        let fixed = self
            .roles
            .is_constant(Symbol::Compartment(species.compartment));
        let by_amount = matches!(species.initial, Some(InitialValue::Amount(_)))
            && !self.roles.is_given(symbol)
            && self.roles.initial_assignment(symbol).is_none();
        if species.only_substance_units || (fixed && !by_amount) {
            Content::Value
        } else {
            Content::Amount
        }
    }

    fn add_extents(&mut self) {
        for (at, extent) in self.roles.extents.iter().enumerate() {
            self.roles.states.push(StateRole {
                symbol: Symbol::Reaction(extent.reaction),
                equation: Equation::Fast(at),
            });
        }
    }

    fn add_start_slots(&mut self, options: &Options, findings: &mut Diagnostics) {
        for symbol in &options.starts {
            let place = self.roles.places.of(*symbol);
            match self.roles.roles[place] {
                Role::State(_) if self.roles.start_slots[place].is_none() => {
                    self.roles.start_slots[place] = Some(self.roles.slots.len());
                    self.roles.slots.push(Slot {
                        symbol: *symbol,
                        content: Content::Start,
                    });
                }
                Role::Assigned(_) | Role::Rate => findings.push(has_rule(self.model, *symbol)),
                Role::State(_) | Role::Slot(_) | Role::Fixed | Role::Derived(_) => {}
            }
        }
    }
}

/// "This symbol cannot be set: a formula gives it."
pub(super) fn has_rule(model: &Model, symbol: Symbol) -> Diagnostic {
    let identity = model.identity(symbol);
    let id = &identity.id;
    Diagnostic::error(
        "compile/target-has-formula",
        format!("`{id}` cannot be set: a formula gives its value at all times"),
    )
    .at(identity.span)
    .hint("set what the formula is made of, or remove the formula")
}

fn varies_by_itself(formula: &Formula) -> bool {
    let mut varies = false;
    formula.walk(&mut |part| {
        varies |= matches!(
            part.kind,
            ExprKind::Constant(crate::model::Constant::Time)
                | ExprKind::Call(Function::Delay | Function::RateOf | Function::Draw(_), _)
        );
    });
    varies
}
