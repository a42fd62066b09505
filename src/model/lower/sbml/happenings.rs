//! Start values, rules, constraints and events.

use indexmap::IndexSet;

use crate::diag::Diagnostic;
use crate::model::{Constraint, Event, Formula, Identity, InitialAssignment, Rule, Symbol};
use crate::syntax::sbml::tree::{self, Word};

use super::names::Meant;
use super::{Lowering, identity};

impl Lowering<'_> {
    pub(super) fn initial_assignments(&mut self) {
        let mut seen = IndexSet::new();
        for written in &self.tree.initial_assignments {
            let Some(symbol) = self.target(&written.target) else {
                continue;
            };
            if !seen.insert(symbol) {
                let message = format!("a second start value for `{}`", written.target.text);
                let hint = "keep one of the initial assignments";
                self.error("model/sbml-start-twice", message, written.head.span, hint);
                continue;
            }
            let value = self.value(written.value.as_ref());
            let assignment = value.map(|value| InitialAssignment { symbol, value });
            self.model.initial_assignments.extend(assignment);
        }
    }

    pub(super) fn rules(&mut self) {
        let mut seen = IndexSet::new();
        for (at, written) in self.tree.rules.iter().enumerate() {
            let rule = match written {
                tree::Rule::Assignment(assignment) => self
                    .ruled(assignment, &mut seen)
                    .map(|(symbol, value)| Rule::Assignment(symbol, value)),
                tree::Rule::Rate(assignment) => self
                    .ruled(assignment, &mut seen)
                    .map(|(symbol, value)| Rule::Rate(symbol, value)),
                tree::Rule::Algebraic(head, value) => {
                    let name = match head.id.as_str() {
                        "" => format!("rule {}", at + 1),
                        id => id.to_string(),
                    };
                    let value = self.value(value.as_ref());
                    value.map(|value| Rule::Algebraic(name, value))
                }
            };
            self.model.rules.extend(rule);
        }
    }

    fn ruled(
        &mut self,
        written: &tree::Assignment,
        seen: &mut IndexSet<Symbol>,
    ) -> Option<(Symbol, Formula)> {
        let symbol = self.target(&written.target)?;
        if !seen.insert(symbol) {
            let message = format!("a second rule for `{}`", written.target.text);
            let hint = "keep one of the rules";
            self.error("model/sbml-rule-twice", message, written.head.span, hint);
            return None;
        }
        self.refuse_constant(symbol, &written.target, "a rule");
        Some((symbol, self.value(written.value.as_ref())?))
    }

    pub(super) fn constraints(&mut self) {
        for (head, condition) in &self.tree.constraints {
            let condition = self.value(condition.as_ref());
            let constraint = condition.map(|condition| Constraint {
                id: head.id.clone(),
                condition,
            });
            self.model.constraints.extend(constraint);
        }
    }

    pub(super) fn events(&mut self) {
        for (at, written) in self.tree.events.iter().enumerate() {
            let head = &written.head;
            self.names
                .add(&head.id, Meant::Other, head.span, &mut self.found);
            let event = self.event(written, at);
            self.model.events.extend(event);
        }
    }

    /// An event without a condition never happens and is left out.
    fn event(&mut self, written: &tree::Event, at: usize) -> Option<Event> {
        let mut identity: Identity = identity(&written.head);
        if identity.id.is_empty() {
            identity.id = format!("event {}", at + 1);
        }
        let mut assignments = Vec::new();
        for assignment in &written.assignments {
            assignments.extend(self.event_assignment(assignment, &assignments));
        }
        let delay = self.value(written.delay.as_ref());
        let priority = self.value(written.priority.as_ref());
        Some(Event {
            identity,
            trigger: self.value(written.trigger.as_ref())?,
            initial_value: written.initial_value,
            persistent: written.persistent,
            delay,
            priority,
            values_from_trigger_time: written.values_from_trigger_time,
            assignments,
        })
    }

    fn event_assignment(
        &mut self,
        written: &tree::Assignment,
        before: &[(Symbol, Formula)],
    ) -> Option<(Symbol, Formula)> {
        let symbol = self.target(&written.target)?;
        if before.iter().any(|(other, _)| *other == symbol) {
            let message = format!("the event sets `{}` twice", written.target.text);
            let hint = "keep one of the assignments";
            self.error(
                "model/sbml-assigned-twice",
                message,
                written.head.span,
                hint,
            );
            return None;
        }
        self.refuse_constant(symbol, &written.target, "an event");
        Some((symbol, self.value(written.value.as_ref())?))
    }

    fn value(&mut self, written: Option<&tree::Formula>) -> Option<Formula> {
        self.formula(written?)
    }

    /// What a rule, an event or a start value may set.
    fn target(&mut self, word: &Word) -> Option<Symbol> {
        match self.names.get(&word.text) {
            Some(Meant::Symbol(symbol)) if !matches!(symbol, Symbol::Reaction(_)) => Some(symbol),
            found => {
                let message = match found {
                    Some(_) => format!("`{}` cannot be given a value", word.text),
                    None => format!("there is nothing called `{}`", word.text),
                };
                let told = Diagnostic::error("model/sbml-unknown-name", message).at(word.span);
                let ids = self.names.ids().filter(|_| !self.is_full());
                let near = crate::diag::did_you_mean(&word.text, ids);
                let near = near.filter(|near| *near != word.text);
                let told = super::super::builder::with_near(told, near);
                self.found.push(match told.hint {
                    Some(_) => told,
                    None if found.is_some() => {
                        told.hint("compartments, species, parameters and stoichiometries can")
                    }
                    None => {
                        let id = &word.text;
                        told.hint(format!("add a parameter `{id}`, or correct the name"))
                    }
                });
                None
            }
        }
    }

    fn refuse_constant(&mut self, symbol: Symbol, word: &Word, by: &str) {
        if !self.model.is_constant(symbol) {
            return;
        }
        let message = format!("`{}` is constant, and {by} sets it", word.text);
        let told = Diagnostic::error("model/sbml-constant", message).at(word.span);
        let place = self.model.identity(symbol).span;
        self.found.push(
            told.label(place, "declared here")
                .hint("declare it with `constant=\"false\"` if it is to change"),
        );
    }
}
