//! What happens at known times.

use indexmap::{IndexMap, IndexSet};

use crate::model::{ExprKind, Formula, Function, Symbol};
use crate::scenario::{Action, Change, Stop};

use super::{FIRST, Happening, Replay, call, time};

/// How far behind the end of a run its last changes lie, in units in the last place.
const ROUNDINGS: f64 = 64.0;

/// Changes that can be made all at once.
type Group = IndexMap<Symbol, Formula>;

impl Replay<'_> {
    pub(super) fn stops(&mut self) {
        let protocol = &self.arm.protocol;
        let has_others = !protocol.clamps.is_empty() || !self.model.events.is_empty();
        self.orders = has_others && !(protocol.stops.is_empty() && protocol.clamps.is_empty());
        for stop in protocol.stops.iter().chain(&protocol.later) {
            self.stop(stop);
        }
    }

    fn stop(&mut self, stop: &Stop) {
        let at = self.time(stop.time);
        let at_start = at <= 0.0;
        let (is_last, end) = (stop.time == self.arm.time.end, self.arm.time.end);
        let is_later = stop.time >= end && end > self.arm.time.start;
        // The last row of a run still shows what is held until its end, also where a step ends a few roundings before it.
        let trigger = if is_later && is_last {
            let beyond = at + ROUNDINGS * (at.abs().next_up() - at.abs());
            call(Function::Greater, [time(), self.instant(beyond)])
        } else {
            self.from(at)
        };
        let groups = self.groups(stop);
        let is_ordered = self.orders || groups.len() > 1;
        self.orders |= groups.len() > 1;
        for (rank, group) in groups.into_iter().enumerate() {
            let assignments: Vec<(Symbol, Formula)> = group
                .into_iter()
                .filter(|(target, value)| !(at_start && self.is_start_value(*target, value)))
                .collect();
            if assignments.is_empty() {
                continue;
            }
            let happening = Happening {
                trigger: trigger.clone(),
                at_start,
                priority: is_ordered.then_some(FIRST - rank as f64),
                assignments,
            };
            self.event("protocol", happening);
        }
    }

    /// Whether the target starts from the value that it is set to.
    fn is_start_value(&self, target: Symbol, value: &Formula) -> bool {
        let ExprKind::Number(value, _) = value.kind else {
            return false;
        };
        self.is_held_from_start(target) && self.starts.start.get(&target) == Some(&value)
    }

    /// The changes of one time in order, as few groups as may be: what sees an earlier change begins a new one.
    fn groups(&self, stop: &Stop) -> Vec<Group> {
        let mut groups = vec![Group::new()];
        for action in &stop.actions {
            let group = groups.last().expect("there is one from the start");
            if self.sees(action, group) {
                groups.push(Group::new());
            }
            let group = groups.last_mut().expect("there is one from the start");
            let before = group.get(&action.target).cloned();
            let value = self.value(action, before);
            group.insert(action.target, value);
        }
        groups
    }

    /// Whether a change depends on what the group has changed already, other than by adding to it.
    fn sees(&self, action: &Action, group: &Group) -> bool {
        if group.is_empty() {
            return false;
        }
        let mut symbols: IndexSet<Symbol> = IndexSet::new();
        if let Change::Set(formula) | Change::Add(formula) = &action.change {
            formula.walk(&mut |part| {
                if let ExprKind::Symbol(symbol) = part.kind {
                    symbols.insert(symbol);
                }
            });
        }
        symbols.extend(self.size_of(action));
        let moves = |symbol: &Symbol| {
            let is_computed =
                matches!(symbol, Symbol::Reaction(_)) || self.model.rule_of(*symbol).is_some();
            is_computed || group.contains_key(symbol)
        };
        // A concentration changes with the size of its compartment.
        let sizes = group
            .keys()
            .any(|target| matches!(target, Symbol::Compartment(_)));
        sizes || symbols.iter().any(moves)
    }

    /// The compartment whose size turns an amount into the target's concentration.
    fn size_of(&self, action: &Action) -> Option<Symbol> {
        match (&action.change, action.target) {
            (Change::Add(_), Symbol::Species(at)) => {
                let species = &self.model.species[at];
                let is_amount = species.only_substance_units;
                (!is_amount).then_some(Symbol::Compartment(species.compartment))
            }
            _ => None,
        }
    }

    /// * `before` — what the target has become at this time already
    fn value(&self, action: &Action, before: Option<Formula>) -> Formula {
        match &action.change {
            Change::Set(value) => value.clone(),
            Change::Restore => Formula::number(self.restored(action.target)),
            Change::Add(amount) => {
                let added = match self.size_of(action) {
                    Some(size) => {
                        let size = Formula::symbol(size);
                        call(Function::Divide, [amount.clone(), size])
                    }
                    None => amount.clone(),
                };
                let before = before.unwrap_or_else(|| Formula::symbol(action.target));
                call(Function::Plus, [before, added])
            }
        }
    }

    pub(super) fn restored(&self, target: Symbol) -> f64 {
        let restored = self.starts.restored.get(&target);
        restored.copied().unwrap_or(f64::NAN)
    }
}
