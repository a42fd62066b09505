//! What each key is made of and how: SBML's meaning of species, compartments, rules and reactions.
//!
//! A species that is a state is integrated as its amount, so that reactions need no thought of compartments and
//! a compartment that changes size changes concentrations by itself.

use super::derivative::directional;
use super::formula::{Scope, When};
use super::graph::{Graph, Leaf, Node};
use super::meaning::{Key, Meaning};
use super::roles::{Content, Equation, Role};
use crate::diag::Diagnostic;
use crate::model::{Formula, Model, Rule, Symbol};

impl<'m> Meaning<'m> {
    /// What must be made before `key`; may grow once these have been made.
    pub(super) fn needs(&self, key: Key) -> Vec<Key> {
        match key {
            Key::Value(symbol) => self.value_needs(symbol),
            Key::Flow(state) => self.flow_needs(state),
            Key::Rate(symbol) => self.rate_needs(symbol),
            Key::Start(symbol) => self.start_needs(symbol),
            Key::Before(symbol) => self.before_needs(symbol),
        }
    }

    /// The node of `key`, whose needs have been made.
    pub(super) fn build(&mut self, key: Key) -> Node {
        self.graph.span = crate::diag::Span::default();
        match key {
            Key::Value(symbol) => self.value(symbol),
            Key::Flow(state) => self.flow(state),
            Key::Rate(symbol) => self.rate(symbol),
            Key::Start(symbol) => self.start(symbol),
            Key::Before(symbol) => self.before(symbol),
        }
    }

    /// The compartment whose size turns the symbol's value into an amount, if one does.
    pub(super) fn sized_by(&self, symbol: Symbol) -> Option<Symbol> {
        match symbol {
            Symbol::Species(at) if !self.model.species[at].only_substance_units => {
                Some(Symbol::Compartment(self.model.species[at].compartment))
            }
            _ => None,
        }
    }

    /// The same where the compartment may change during a run.
    fn resized_by(&self, symbol: Symbol) -> Option<Symbol> {
        self.sized_by(symbol)
            .filter(|compartment| !self.roles.is_constant(*compartment))
    }

    /// The formula that gives a symbol which is neither state nor slot.
    pub(super) fn formula_of(&self, symbol: Symbol) -> Option<&'m Formula> {
        let model: &'m Model = self.model;
        match (symbol, self.roles.of(symbol)) {
            (Symbol::Reaction(at), _) => model.reactions[at].rate.as_ref(),
            (_, Role::Assigned(rule)) => rule_formula(model, rule),
            (_, Role::Derived(at)) => Some(&model.initial_assignments[at].value),
            _ => None,
        }
    }

    fn value_needs(&self, symbol: Symbol) -> Vec<Key> {
        let stored_as_amount = match self.roles.of(symbol) {
            Role::State(_) => true,
            Role::Slot(at) => self.roles.slots[at].content == Content::Amount,
            Role::Fixed => false,
            Role::Derived(_) | Role::Assigned(_) | Role::Rate => {
                let formula = self.formula_of(symbol);
                return formula
                    .map(|formula| self.keys_in(formula, When::Now))
                    .unwrap_or_default();
            }
        };
        let size = self.sized_by(symbol).filter(|_| stored_as_amount);
        let mut needs = self.amount_needs(symbol);
        needs.extend(size.map(Key::Value));
        needs
    }

    fn value(&mut self, symbol: Symbol) -> Node {
        let (stored, is_amount) = match self.roles.of(symbol) {
            Role::State(at) => (self.amount(symbol, at), true),
            Role::Fixed => return self.plain_or_guess(symbol),
            Role::Slot(at) => {
                if self.plain_value(symbol).is_none()
                    && self.roles.initial_assignment(symbol).is_none()
                {
                    self.complain_of_no_value(symbol);
                }
                (
                    self.graph.leaf(Leaf::Parameter(at)),
                    self.roles.slots[at].content == Content::Amount,
                )
            }
            Role::Derived(_) | Role::Assigned(_) | Role::Rate => {
                return match self.formula_of(symbol) {
                    Some(formula) => self.read(formula, Scope::top(When::Now)),
                    None => self.no_rate(symbol),
                };
            }
        };
        match self.sized_by(symbol) {
            Some(compartment) if is_amount => {
                let size = self.made(Key::Value(compartment));
                self.graph.div(stored, size)
            }
            _ => stored,
        }
    }

    fn no_rate(&mut self, symbol: Symbol) -> Node {
        let identity = self.model.identity(symbol);
        let finding = Diagnostic::warning(
            "compile/no-rate",
            format!(
                "the reaction `{}` has no rate and does not run",
                identity.id
            ),
        )
        .at(identity.span);
        self.findings.push(finding);
        Graph::ZERO
    }

    fn flow_needs(&self, state: usize) -> Vec<Key> {
        let role = self.roles.states[state];
        match role.equation {
            Equation::Rule(rule) => {
                let formula = rule_formula(self.model, rule);
                let mut needs = formula
                    .map(|formula| self.keys_in(formula, When::Now))
                    .unwrap_or_default();
                needs.extend(self.sized_by(role.symbol).map(Key::Value));
                if let Some(compartment) = self.resized_by(role.symbol) {
                    needs.extend([Key::Value(role.symbol), Key::Rate(compartment)]);
                }
                needs
            }
            Equation::Reactions => self.reaction_needs(role.symbol),
            Equation::Algebraic(_) | Equation::Fast(_) => Vec::new(),
        }
    }

    fn reaction_needs(&self, symbol: Symbol) -> Vec<Key> {
        let Symbol::Species(species) = symbol else {
            return Vec::new();
        };
        let mut needs = Vec::new();
        for part in &self.roles.participations[species] {
            let named = part.named.iter();
            let named = named.map(|(name, _)| Symbol::Stoichiometry(*name));
            if self.model.reactions[part.reaction].fast {
                needs.extend(named.map(Key::Rate));
            } else {
                needs.push(Key::Value(Symbol::Reaction(part.reaction)));
                needs.extend(named.map(Key::Value));
            }
        }
        needs.extend(self.conversion_factor(species).map(Key::Value));
        needs
    }

    pub(super) fn conversion_factor(&self, species: usize) -> Option<Symbol> {
        let own = self.model.species[species].conversion_factor;
        own.or(self.model.conversion_factor).map(Symbol::Parameter)
    }

    fn flow(&mut self, state: usize) -> Node {
        let role = self.roles.states[state];
        match role.equation {
            Equation::Rule(rule) => self.ruled_flow(role.symbol, rule),
            Equation::Reactions => self.reaction_flow(role.symbol),
            Equation::Algebraic(_) => {
                let identity = self.model.identity(role.symbol);
                let finding = Diagnostic::error(
                    "compile/rate-of",
                    format!(
                        "the rate of change of `{}` is not known: an algebraic rule gives it",
                        identity.id
                    ),
                )
                .hint("`rateOf` takes what a rate rule or reactions change");
                self.refuse(finding.at(identity.span))
            }
            Equation::Fast(at) => {
                let reaction = self.roles.extents[at].reaction;
                self.refuse_fast_rate(role.symbol, reaction)
            }
        }
    }

    /// `rule · size + concentration · size′` for a species that means a concentration, else the rule itself.
    fn ruled_flow(&mut self, symbol: Symbol, rule: usize) -> Node {
        let Some(formula) = rule_formula(self.model, rule) else {
            return Graph::ZERO;
        };
        let rate = self.read(formula, Scope::top(When::Now));
        self.graph.span = formula.span;
        let Some(compartment) = self.sized_by(symbol) else {
            return rate;
        };
        let size = self.made(Key::Value(compartment));
        let flow = self.graph.mul(rate, size);
        if self.resized_by(symbol).is_none() {
            return flow;
        }
        let value = self.made(Key::Value(symbol));
        let growth = self.made(Key::Rate(compartment));
        let by_size = times(&mut self.graph, value, growth);
        self.graph.add(flow, by_size)
    }

    /// `Σ stoichiometry · rate` of the slow reactions, times the conversion factor from extent to substance.
    fn reaction_flow(&mut self, symbol: Symbol) -> Node {
        let Symbol::Species(species) = symbol else {
            return Graph::ZERO;
        };
        let drift = self.drift(symbol);
        let mut flow = Graph::ZERO;
        for part in self.roles.participations[species].clone() {
            if self.model.reactions[part.reaction].fast {
                continue;
            }
            self.graph.span = self.model.reactions[part.reaction].identity.span;
            let rate = self.made(Key::Value(Symbol::Reaction(part.reaction)));
            if let Some(formula) = &self.model.reactions[part.reaction].rate {
                self.graph.span = formula.span;
            }
            let count = self.count(&part);
            let term = self.graph.mul(count, rate);
            flow = self.graph.add(flow, term);
        }
        if !self.graph.is(drift, 0.0) {
            flow = self.graph.sub(flow, drift);
        }
        self.converted(symbol, flow)
    }

    fn rate_needs(&self, symbol: Symbol) -> Vec<Key> {
        match self.roles.of(symbol) {
            Role::State(state) => {
                let mut needs = vec![Key::Flow(state)];
                needs.extend(self.sized_by(symbol).map(Key::Value));
                needs.extend(self.size_change_needs(symbol));
                needs
            }
            Role::Slot(_) => self.size_change_needs(symbol),
            Role::Fixed | Role::Derived(_) => Vec::new(),
            Role::Assigned(_) | Role::Rate => {
                let value = Key::Value(symbol);
                let mut needs = vec![value];
                let leaves = self.graph.leaves(&[self.made(value)]).into_iter();
                needs.extend(leaves.filter_map(|leaf| match leaf {
                    Leaf::State(state) => Some(Key::Flow(state)),
                    Leaf::Parameter(_) | Leaf::Time | Leaf::Past(_) => None,
                }));
                needs
            }
        }
    }

    fn size_change_needs(&self, symbol: Symbol) -> Vec<Key> {
        let compartment = self.resized_by(symbol).into_iter();
        compartment
            .flat_map(|compartment| {
                [
                    Key::Value(symbol),
                    Key::Value(compartment),
                    Key::Rate(compartment),
                ]
            })
            .collect()
    }

    fn rate(&mut self, symbol: Symbol) -> Node {
        match self.roles.of(symbol) {
            Role::State(state) => {
                if let Some((_, part)) = self.roles.extents_of(symbol).first() {
                    let reaction = part.reaction;
                    return self.refuse_fast_rate(symbol, reaction);
                }
                let flow = self.made(Key::Flow(state));
                self.rate_from_flow(symbol, flow)
            }
            Role::Slot(at) if self.roles.slots[at].content == Content::Amount => {
                self.rate_from_flow(symbol, Graph::ZERO)
            }
            Role::Slot(_) | Role::Fixed | Role::Derived(_) => Graph::ZERO,
            Role::Assigned(_) | Role::Rate => {
                let value = self.made(Key::Value(symbol));
                self.along_the_flow(symbol, value)
            }
        }
    }

    /// `(flow − concentration · size′) ÷ size` for a species that means a concentration, else the flow.
    fn rate_from_flow(&mut self, symbol: Symbol, flow: Node) -> Node {
        let Some(compartment) = self.sized_by(symbol) else {
            return flow;
        };
        let mut change = flow;
        if self.resized_by(symbol).is_some() {
            let value = self.made(Key::Value(symbol));
            let growth = self.made(Key::Rate(compartment));
            let by_size = times(&mut self.graph, value, growth);
            change = self.graph.sub(change, by_size);
        }
        if self.graph.is(change, 0.0) {
            return Graph::ZERO;
        }
        let size = self.made(Key::Value(compartment));
        self.graph.div(change, size)
    }

    /// Total time derivative of a node: along time and along the flow of the states.
    fn along_the_flow(&mut self, symbol: Symbol, value: Node) -> Node {
        let leaves = self.graph.leaves(&[value]);
        if leaves.iter().any(|leaf| matches!(leaf, Leaf::Past(_))) {
            let identity = self.model.identity(symbol);
            let finding = Diagnostic::error(
                "compile/rate-of",
                format!(
                    "the rate of change of `{}` is not known: it depends on a delayed value",
                    identity.id
                ),
            );
            return self.refuse(finding.at(identity.span));
        }
        let flows: Vec<(Leaf, Node)> = leaves
            .into_iter()
            .filter_map(|leaf| match leaf {
                Leaf::State(state) => Some((leaf, self.made(Key::Flow(state)))),
                Leaf::Time => Some((leaf, Graph::ONE)),
                Leaf::Parameter(_) | Leaf::Past(_) => None,
            })
            .collect();
        directional(&mut self.graph, &[value], |leaf| {
            let found = flows.binary_search_by_key(&leaf, |(leaf, _)| *leaf).ok()?;
            Some(flows[found].1)
        })[0]
    }
}

/// `a · b`, nothing when `b` is identically zero.
fn times(graph: &mut Graph, a: Node, b: Node) -> Node {
    if graph.is(b, 0.0) {
        Graph::ZERO
    } else {
        graph.mul(a, b)
    }
}

/// The right side of a rule.
pub(super) fn rule_formula(model: &Model, rule: usize) -> Option<&Formula> {
    match &model.rules[rule] {
        Rule::Assignment(_, formula) | Rule::Rate(_, formula) | Rule::Algebraic(_, formula) => {
            Some(formula)
        }
    }
}
