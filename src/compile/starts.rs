//! Values at the start, from plain numbers, initial assignments and what the caller gives.

use super::formula::{Scope, When};
use super::graph::{Graph, Leaf, Node};
use super::meaning::{Key, Meaning};
use super::roles::{Content, Equation, Role, StateRole};
use crate::model::{Formula, InitialValue, Model, Symbol};

impl<'m> Meaning<'m> {
    /// What must be made before a start value; may grow once these have been made.
    pub(super) fn start_needs(&self, symbol: Symbol) -> Vec<Key> {
        let mut needs = match self.start_formula(symbol) {
            Some(formula) => self.formula_start_needs(formula),
            None => Vec::new(),
        };
        let compartment = self.start_sized_by(symbol);
        needs.extend(compartment.map(Key::Start));
        needs
    }

    /// The compartment whose size a stored start value is made with, if one is.
    fn start_sized_by(&self, symbol: Symbol) -> Option<Symbol> {
        if !matches!(self.roles.of(symbol), Role::State(_) | Role::Slot(_)) {
            return None;
        }
        let Symbol::Species(at) = symbol else {
            return None;
        };
        let species = &self.model.species[at];
        let is_by_size = !species.only_substance_units
            || matches!(species.initial, Some(InitialValue::Concentration(_)));
        is_by_size.then_some(Symbol::Compartment(species.compartment))
    }

    fn formula_start_needs(&self, formula: &Formula) -> Vec<Key> {
        let mut needs = self.keys_in(formula, When::Start);
        for at in 0..needs.len() {
            if let Key::Rate(_) = needs[at] {
                let behind = self.starts_behind(self.made(needs[at]));
                needs.extend(behind);
            }
        }
        needs
    }

    /// The formula that gives the start value of a symbol, if one does.
    fn start_formula(&self, symbol: Symbol) -> Option<&'m Formula> {
        let model: &'m Model = self.model;
        match self.roles.of(symbol) {
            Role::Assigned(_) | Role::Rate | Role::Derived(_) => self.formula_of(symbol),
            Role::State(_) | Role::Slot(_) | Role::Fixed => self
                .roles
                .initial_assignment(symbol)
                .map(|at| &model.initial_assignments[at].value),
        }
    }

    /// What must be made before the value of a symbol at a time before the start.
    pub(super) fn before_needs(&self, symbol: Symbol) -> Vec<Key> {
        let formula = self.start_formula(symbol);
        let mut needs = formula
            .map(|formula| self.keys_in(formula, When::Before))
            .unwrap_or_default();
        if self.may_stand_still(symbol) {
            needs.push(Key::Value(symbol));
        }
        needs
    }

    /// Value of a symbol before the start: assignment rules hold at all times, initial assignments up to the start.
    ///
    /// What these do not move is as at the start, whatever gave it its value there.
    pub(super) fn before(&mut self, symbol: Symbol) -> Node {
        let formula = self.start_formula(symbol);
        let moving = formula.map(|formula| self.read(formula, Scope::top(When::Before)));
        match moving {
            Some(node) if !self.may_stand_still(symbol) => node,
            Some(node) if self.graph.leaves(&[node]).contains(&Leaf::Time) => node,
            _ => self.made(Key::Value(symbol)),
        }
    }

    /// Whether the symbol keeps a value of its own, which a formula may give at the start.
    fn may_stand_still(&self, symbol: Symbol) -> bool {
        !matches!(self.roles.of(symbol), Role::Assigned(_) | Role::Rate)
    }

    /// Start value of a symbol in its own meaning; its needs have been made.
    pub(super) fn start(&mut self, symbol: Symbol) -> Node {
        if let Some(formula) = self.start_formula(symbol) {
            return self.read(formula, Scope::top(When::Start));
        }
        match self.roles.of(symbol) {
            Role::Rate => Graph::ZERO,
            Role::Slot(at) if self.holds_given_start(symbol) => {
                if self.plain_value(symbol).is_none() {
                    self.complain_of_no_value(symbol);
                }
                let stored = self.graph.leaf(Leaf::Parameter(at));
                match self.sized_by(symbol) {
                    Some(compartment) if self.roles.slots[at].content == Content::Amount => {
                        let size = self.made(Key::Start(compartment));
                        self.graph.div(stored, size)
                    }
                    _ => stored,
                }
            }
            _ => match self.roles.start_slot(symbol) {
                Some(slot) => self.graph.leaf(Leaf::Parameter(slot)),
                None => self.plain_start(symbol),
            },
        }
    }

    /// Whether a slot's own value is what the author gave, so that nothing computes it at the start.
    fn holds_given_start(&self, symbol: Symbol) -> bool {
        match (self.roles.of(symbol), symbol) {
            (Role::Slot(at), Symbol::Species(species)) => {
                let species = &self.model.species[species];
                let by_amount = !matches!(species.initial, Some(InitialValue::Concentration(_)));
                let holds_amount =
                    species.only_substance_units || self.roles.slots[at].content == Content::Amount;
                species.initial.is_none()
                    || by_amount == holds_amount
                    || self.roles.is_start_given(symbol)
            }
            _ => true,
        }
    }

    /// Whether a slot's value has to be computed at the start.
    pub(super) fn is_computed_at_start(&self, symbol: Symbol) -> bool {
        self.roles.initial_assignment(symbol).is_some() || !self.holds_given_start(symbol)
    }

    /// Start value from the plain number that the author gave.
    fn plain_start(&mut self, symbol: Symbol) -> Node {
        let Symbol::Species(at) = symbol else {
            return self.plain_or_guess(symbol);
        };
        let species = &self.model.species[at];
        match (species.initial, self.sized_by(symbol)) {
            (Some(InitialValue::Amount(amount)), Some(compartment)) => {
                let amount = self.graph.constant(amount);
                let size = self.made(Key::Start(compartment));
                self.graph.div(amount, size)
            }
            (Some(InitialValue::Concentration(value)), None) => {
                let value = self.graph.constant(value);
                let size = self.made(Key::Start(Symbol::Compartment(species.compartment)));
                self.graph.mul(value, size)
            }
            _ => self.plain_or_guess(symbol),
        }
    }

    pub(super) fn plain_or_guess(&mut self, symbol: Symbol) -> Node {
        if let Some(value) = self.plain_value(symbol) {
            return self.graph.constant(value);
        }
        if let Role::State(state) = self.roles.of(symbol)
            && matches!(self.roles.states[state].equation, Equation::Algebraic(_))
        {
            // A guess for the solver of the algebraic rows; not 0, by which formulas like to divide.
            return Graph::ONE;
        }
        self.complain_of_no_value(symbol);
        self.graph.constant(f64::NAN)
    }

    /// The number that the author gave a symbol, as written.
    pub(super) fn plain_value(&self, symbol: Symbol) -> Option<f64> {
        match symbol {
            Symbol::Compartment(at) => self.model.compartments[at].size,
            Symbol::Parameter(at) => self.model.parameters[at].value,
            Symbol::Stoichiometry(at) => self.model.stoichiometries[at].value,
            Symbol::Species(at) => self.model.species[at].initial.map(|initial| match initial {
                InitialValue::Amount(value) | InitialValue::Concentration(value) => value,
            }),
            Symbol::Reaction(_) | Symbol::Argument(_) => None,
        }
    }

    /// Start of a state in its own terms, an amount for species. Its symbol's start must have been made.
    pub(super) fn start_of_state(&mut self, state: usize) -> Node {
        let StateRole { symbol, equation } = self.roles.states[state];
        if matches!(equation, Equation::Fast(_)) {
            return Graph::ZERO;
        }
        self.start_as_stored(symbol, true)
    }

    /// Start value of a symbol as a slot or state stores it.
    pub(super) fn start_as_stored(&mut self, symbol: Symbol, as_amount: bool) -> Node {
        if as_amount
            && self.start_formula(symbol).is_none()
            && self.roles.start_slot(symbol).is_none()
            && let Symbol::Species(at) = symbol
            && let Some(InitialValue::Amount(amount)) = self.model.species[at].initial
        {
            // Not through the concentration, which would round twice.
            return self.graph.constant(amount);
        }
        let value = self.made(Key::Start(symbol));
        match self.sized_by(symbol) {
            Some(compartment) if as_amount => {
                let size = self.made(Key::Start(compartment));
                self.graph.mul(value, size)
            }
            _ => value,
        }
    }
}
