//! A scenario as a model: what is done to it becomes events, so that any tool for SBML replays it.
//!
//! * A hold, set, rate or bolus is an event at its time; all that happens at one time is one event where the order makes
//!   no difference, else several by falling priority.
//! * A clamp is an event that repeats by a counter of its samples (`clamps`).
//! * What is held from the start is a start value; a steady start is written as numbers.
//! * Time begins at 0: where the scenario begins at another, the model's formulas count from there.

mod clamps;
mod own_events;
mod stops;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span, Warned};
use crate::model::{
    Annotation, Constant, Event, ExprKind, Formula, Function, Identity, Model, Rule, Symbol,
};
use crate::scenario::{Arm, Change, Start, depart};
use crate::units::base_unit;

/// Events beyond which other tools become slow.
const MANY: usize = 500;

/// Priority of the first thing that the protocol does at an instant: before all events of the model.
const FIRST: f64 = 1e9;

/// Start values, in the meaning and unit of each symbol, as the solver computes them.
#[derive(Clone, Debug, Default)]
pub struct Starts {
    /// Everything, before anything happens.
    pub start: IndexMap<Symbol, f64>,
    /// What the protocol changes, as it restores it.
    pub restored: IndexMap<Symbol, f64>,
}

/// The model of one arm that does by itself what the protocol does.
///
/// Its run from 0 to the length of the scenario has the scenario's curves. What would happen at the end or after it
/// still happens, just after the end.
/// * `title` — what the model's notes call the scenario
///
/// # Errors
/// None so far: what a protocol can do, events can.
pub fn replay(arm: &Arm, starts: &Starts, title: &str) -> Result<Warned<Model>, Diagnostics> {
    let mut replay = Replay {
        arm,
        starts,
        model: arm.model.clone(),
        found: Diagnostics::new(),
        orders: false,
    };
    replay.initial_values();
    replay.stops();
    replay.clamps();
    replay.rank_events();
    replay.count_from_start();
    replay.note(title);
    replay.warn_of_many();
    replay.found.into_result(replay.model)
}

struct Replay<'a> {
    arm: &'a Arm,
    starts: &'a Starts,
    model: Model,
    found: Diagnostics,
    /// Whether the order of events at one time makes a difference.
    orders: bool,
}

impl Replay<'_> {
    /// A steady start as numbers; else only what is held from the start.
    fn initial_values(&mut self) {
        let is_steady = self.arm.start == Start::SteadyState;
        let by_formula: Vec<Symbol> = self
            .arm
            .model
            .initial_assignments
            .iter()
            .map(|a| a.symbol)
            .collect();
        for (&symbol, &value) in &self.starts.start {
            let is_ruled = matches!(self.model.rule_of(symbol), Some(Rule::Assignment(..)));
            let moves = by_formula.contains(&symbol) || !self.arm.model.is_constant(symbol);
            let is_free = !matches!(symbol, Symbol::Reaction(_)) && !is_ruled;
            if is_free && (is_steady && moves || self.is_held_from_start(symbol)) {
                depart(&mut self.model, symbol, value);
            }
        }
    }

    /// Whether the protocol sets something at the start that counts as set before anything is computed from it.
    ///
    /// A state is set at the first instant only: it starts from its own value.
    fn is_held_from_start(&self, symbol: Symbol) -> bool {
        let is_level =
            matches!(symbol, Symbol::Parameter(_)) && self.model.rule_of(symbol).is_none();
        let start = self.starts.start.get(&symbol);
        self.sets_at_start()
            .filter(|(target, _)| *target == symbol)
            .any(|(_, value)| match value.kind {
                ExprKind::Number(value, _) => start == Some(&value),
                _ => is_level,
            })
    }

    fn sets_at_start(&self) -> impl Iterator<Item = (Symbol, &Formula)> + '_ {
        let stops = self.arm.protocol.stops.iter();
        let first = stops.filter(|stop| stop.time <= self.arm.time.start);
        let actions = first.flat_map(|stop| &stop.actions);
        actions.filter_map(|action| match &action.change {
            Change::Set(value) => Some((action.target, value)),
            _ => None,
        })
    }

    /// A time of the scenario as the model counts.
    fn time(&self, time: f64) -> f64 {
        time - self.arm.time.start
    }

    /// `time >= at`
    fn from(&self, at: f64) -> Formula {
        call(Function::GreaterEqual, [time(), self.instant(at)])
    }

    /// A time as a number, with the model's unit of time where that has a name.
    fn instant(&self, at: f64) -> Formula {
        let unit = self.model.units.time;
        let mut defined = self.model.unit_definitions.iter();
        let named = defined.find(|(_, defined)| unit == Some(**defined));
        let name = named.map(|(name, _)| name.clone());
        let is_second = unit == base_unit("second");
        let name = name.or_else(|| is_second.then(|| "second".to_string()));
        Formula::new(Span::default(), ExprKind::Number(at, name))
    }

    /// Adds an event that nothing else is called like.
    fn event(&mut self, id: &str, event: Happening) {
        let id = self.free(id);
        self.model.events.push(Event {
            identity: Identity {
                id,
                ..Identity::default()
            },
            trigger: event.trigger,
            initial_value: !event.at_start,
            persistent: true,
            delay: None,
            priority: event.priority.map(Formula::number),
            values_from_trigger_time: event.priority.is_none(),
            assignments: event.assignments,
        });
    }

    fn free(&self, wanted: &str) -> String {
        let is_taken = |id: &String| {
            let event = |event: &Event| event.identity.id == *id;
            self.model.symbol(id).is_some()
                || self.model.events.iter().any(event)
                || self.model.functions.contains_key(id)
        };
        let names = (2..).map(|number| format!("{wanted}_{number}"));
        std::iter::once(wanted.to_string())
            .chain(names)
            .find(|id| !is_taken(id))
            .expect("numbers do not run out before names do")
    }

    /// Formulas of the model that know the time get the scenario's.
    fn count_from_start(&mut self) {
        let start = self.arm.time.start;
        if start == 0.0 {
            return;
        }
        let own = self.arm.model.events.len();
        let shift = |formula: &mut Formula| *formula = shifted(formula, start);
        for assignment in &mut self.model.initial_assignments {
            shift(&mut assignment.value);
        }
        for rule in &mut self.model.rules {
            match rule {
                Rule::Assignment(_, value) | Rule::Rate(_, value) | Rule::Algebraic(_, value) => {
                    shift(value);
                }
            }
        }
        for reaction in &mut self.model.reactions {
            reaction.rate.iter_mut().for_each(shift);
        }
        for constraint in &mut self.model.constraints {
            shift(&mut constraint.condition);
        }
        for (at, event) in self.model.events.iter_mut().enumerate() {
            // What the protocol does at a time counts from 0 already, but for the formulas of its values.
            if at < own {
                shift(&mut event.trigger);
                event
                    .delay
                    .iter_mut()
                    .chain(&mut event.priority)
                    .for_each(shift);
            }
            event
                .assignments
                .iter_mut()
                .for_each(|(_, value)| shift(value));
        }
        let unit = &self.arm.time.unit;
        let message = format!("time 0 of the file is the scenario's {start} {unit}");
        let told = Diagnostic::warning("export/time-moved", message.trim_end().to_string());
        self.found.push(told.hint("runs of SBML begin at 0"));
    }

    /// Says in the model's notes what it is and how long it runs.
    fn note(&mut self, title: &str) {
        let length = self.time(self.arm.time.end);
        let unit = &self.arm.time.unit;
        let text = format!("Replay of the scenario {title}: run it from 0 to {length} {unit}");
        let note = Annotation {
            keyword: "notes".to_string(),
            values: vec![text.trim_end().to_string()],
        };
        let of_model = self.model.annotations.entry(self.model.id.clone());
        of_model.or_default().insert(0, note);
    }

    fn warn_of_many(&mut self) {
        let count = self.model.events.len();
        if count > MANY {
            let message = format!("the replay has {count} events, which other tools run slowly");
            let told = Diagnostic::warning("export/many-events", message);
            self.found
                .push(told.hint("`--until` writes the first part alone"));
        }
    }
}

/// What an event of the protocol is.
struct Happening {
    trigger: Formula,
    /// The condition holds at the start and counts as turning true there.
    at_start: bool,
    priority: Option<f64>,
    assignments: Vec<(Symbol, Formula)>,
}

fn time() -> Formula {
    Formula::new(
        crate::diag::Span::default(),
        ExprKind::Constant(Constant::Time),
    )
}

fn call(function: Function, arguments: impl Into<Vec<Formula>>) -> Formula {
    Formula::call(function, arguments.into())
}

/// The formula with `time` counted from `start`.
fn shifted(formula: &Formula, start: f64) -> Formula {
    let all = |arguments: &[Formula]| arguments.iter().map(|a| shifted(a, start)).collect();
    let kind = match &formula.kind {
        ExprKind::Constant(Constant::Time) => {
            let sum = call(Function::Plus, [formula.clone(), Formula::number(start)]);
            sum.kind
        }
        ExprKind::Call(function, arguments) => ExprKind::Call(*function, all(arguments)),
        ExprKind::User(name, arguments) => ExprKind::User(name.clone(), all(arguments)),
        kind => kind.clone(),
    };
    Formula::new(formula.span, kind)
}
