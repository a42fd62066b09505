//! Rules and events of the model.

use crate::diag::{Diagnostic, Span};
use crate::model::{Event, Rule, Symbol};

use super::draft::{Formula, Id, RuleKind};
use super::finish::Finish;

impl Finish<'_> {
    /// All rules, in the order in which they were written.
    pub(super) fn rules(&mut self) {
        let mut rules: Vec<(usize, Rule)> = Vec::new();
        for id in self.staying() {
            let Some(rule) = &self.draft.elements[id].rule else {
                continue;
            };
            let span = rule.setting.span;
            let Some(symbol) = self.references.symbol(id, span, self.found) else {
                continue;
            };
            if matches!(symbol, Symbol::Reaction(_)) {
                let told = Diagnostic::error(
                    "model/two-roles",
                    format!("`{}` is a reaction: its rate is set with `=`", self.ids[id]),
                );
                self.found.push(told.at(span));
                continue;
            }
            if let Some(formula) = self.references.formula(&rule.setting.formula, self.found) {
                let made = match rule.kind {
                    RuleKind::Assignment => Rule::Assignment(symbol, formula),
                    RuleKind::Rate => Rule::Rate(symbol, formula),
                };
                rules.push((rule.order, made));
            }
        }
        for equation in &self.draft.equations {
            let id = self.ids[equation.element].clone();
            if let Some(formula) = self.references.formula(&equation.formula, self.found) {
                rules.push((equation.order, Rule::Algebraic(id, formula)));
            }
            self.identity(equation.element);
        }
        rules.sort_by_key(|(order, _)| *order);
        self.model.rules = rules.into_iter().map(|(_, rule)| rule).collect();
    }

    /// All events.
    pub(super) fn events(&mut self) {
        for event in &self.draft.events {
            let identity = self.identity(event.element);
            let mut optional = |formula: &Option<Formula>| {
                let formula = formula.as_ref()?;
                self.references.formula(formula, self.found)
            };
            let delay = optional(&event.delay);
            let priority = optional(&event.priority);
            let Some(trigger) = self.references.formula(&event.trigger, self.found) else {
                continue;
            };
            let mut assignments = Vec::new();
            for (target, value, span) in &event.assignments {
                let target = self.event_target(*target, *span);
                let value = self.references.formula(value, self.found);
                if let (Some(target), Some(value)) = (target, value) {
                    assignments.push((target, value));
                }
            }
            self.model.events.push(Event {
                identity,
                trigger,
                initial_value: event.initial_value.unwrap_or(true),
                persistent: event.persistent,
                delay,
                priority,
                values_from_trigger_time: event.from_trigger,
                assignments,
            });
        }
    }

    fn event_target(&mut self, id: Id, span: Span) -> Option<Symbol> {
        let symbol = self.references.symbol(id, span, self.found)?;
        let element = &self.draft.elements[self.draft.representative(id)];
        let why = if matches!(symbol, Symbol::Reaction(_)) {
            "it is a reaction"
        } else if element
            .rule
            .as_ref()
            .is_some_and(|rule| rule.kind == RuleKind::Assignment)
        {
            "it has an assignment rule, which holds at all times"
        } else if element.fixed {
            "it is constant"
        } else {
            return Some(symbol);
        };
        let told = Diagnostic::error(
            "model/event-target",
            format!("an event cannot set `{}`: {why}", element.name),
        );
        self.found.push(told.at(span));
        None
    }
}
