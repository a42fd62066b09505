//! The model's own events beside those of the protocol.
//!
//! In a scenario the protocol acts first at each instant, and only then do events of the model see it. In a model all of
//! them are events, which SBML lets compute their values when they trigger: those that trigger by time do so together
//! with the protocol's.

use indexmap::IndexSet;

use crate::diag::Diagnostic;
use crate::model::{Constant, Event, ExprKind, Formula, Model, Rule, Symbol};

use super::Replay;

impl Replay<'_> {
    /// Lets the model's own events go last and see what the protocol has done.
    pub(super) fn rank_events(&mut self) {
        let own = self.arm.model.events.len();
        if !self.orders || own == 0 {
            return;
        }
        self.give_priorities(own);
        for at in 0..own {
            let event = &self.model.events[at];
            let is_together = knows_time(&event.trigger)
                && event.delay.is_none()
                && event.values_from_trigger_time;
            if !is_together {
                continue;
            }
            if self.depends_on_others(at, own) {
                let id = event.identity.id.clone();
                self.warn(&format!(
                    "where the event `{id}` triggers at an instant of the protocol, it computes its values before it"
                ));
            } else {
                self.model.events[at].values_from_trigger_time = false;
            }
        }
    }

    fn give_priorities(&mut self, own: usize) {
        let events = &self.model.events[..own];
        let ranked = events.iter().filter(|event| event.priority.is_some());
        let ranked = ranked.count();
        if ranked > 0 && ranked < own {
            self.warn("events of the model without a priority get the priority 0");
        }
        for event in &mut self.model.events[..own] {
            event.priority.get_or_insert_with(|| Formula::number(0.0));
        }
    }

    fn warn(&mut self, message: &str) {
        let told = Diagnostic::warning("export/event-order", message.to_string());
        self.found
            .push(told.hint("in the scenario the protocol acts first, then the model's events"));
    }

    /// Whether an event's values read what others of the model's events change: when it computes them then matters.
    fn depends_on_others(&self, at: usize, own: usize) -> bool {
        let mut read = IndexSet::new();
        for (_, value) in &self.model.events[at].assignments {
            reads(&self.model, value, &mut read);
        }
        let others = (0..own).filter(|other| *other != at);
        let mut changed = others.flat_map(|other| targets(&self.model.events[other]));
        changed.any(|target| read.contains(&target))
    }
}

fn targets(event: &Event) -> impl Iterator<Item = Symbol> + '_ {
    event.assignments.iter().map(|(target, _)| *target)
}

fn knows_time(formula: &Formula) -> bool {
    let mut knows = false;
    formula.walk(&mut |part| knows |= part.kind == ExprKind::Constant(Constant::Time));
    knows
}

/// Adds everything whose jump is one of the formula's value.
fn reads(model: &Model, formula: &Formula, read: &mut IndexSet<Symbol>) {
    let mut symbols = Vec::new();
    formula.walk(&mut |part| {
        if let ExprKind::Symbol(symbol) = part.kind {
            symbols.push(symbol);
        }
    });
    for symbol in symbols {
        if !read.insert(symbol) {
            continue;
        }
        if let Some(Rule::Assignment(_, value)) = model.rule_of(symbol) {
            reads(model, value, read);
        }
        match symbol {
            Symbol::Reaction(at) => {
                if let Some(rate) = &model.reactions[at].rate {
                    reads(model, rate, read);
                }
            }
            Symbol::Species(at) => {
                read.insert(Symbol::Compartment(model.species[at].compartment));
            }
            _ => {}
        }
    }
}
