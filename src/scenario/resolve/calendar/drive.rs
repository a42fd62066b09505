//! What happens, in terms of the model: each input of the contract found once, then driven at each occurrence.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Span};
use crate::model::Symbol;
use crate::units::{Quantity, Unit, conversion_factor_by_mass};

use super::super::super::contract::contract;
use super::super::super::inputs::{Input, InputKind, Step};
use super::super::super::quantity::unit_of;
use super::super::super::raw::{At, listed};
use super::super::super::{ClockStart, Entry};
use super::super::context::{self, Context};
use super::super::edges::Plan;
use super::super::protocol;
use super::items::{agreed, input};
use super::meals::{ENERGY, FAST, GLUCOSE, OMEGA3, SLOW, STREAMS, Streams};
use super::plan::{Occurrence, Planned};
use super::week::Week;

/// An input of the contract in the model.
enum Sink<'a> {
    /// The model does not take it, or its file has mistakes, which have been reported.
    Absent,
    /// A parameter.
    Level(Symbol, Conversion),
    /// What its author says that giving it does.
    Amount(Vec<(Symbol, &'a Step)>, Conversion),
}

/// From the contract's unit to the model's.
#[derive(Clone, Copy)]
struct Conversion {
    from: Unit,
    to: Unit,
    /// Where mass is exchanged for amount of substance.
    by_mass: Option<f64>,
}

impl Conversion {
    fn of(self, value: f64) -> f64 {
        let unit_text = String::new();
        let quantity = Quantity {
            value,
            unit: self.from,
            unit_text,
        };
        match self.by_mass {
            Some(factor) => value * factor,
            // The contract's unit has the dimension of the model's, as is checked where the inputs are read.
            None => quantity.value_in(&self.to).unwrap_or(value),
        }
    }
}

/// Adds all occurrences to the plan; gives the names of what the model does not take, in the contract's order.
pub(super) fn drive(
    context: &mut Context,
    planned: &[Planned],
    occurrences: &[Occurrence],
    week: &Week,
    plan: &mut Plan,
) -> Vec<String> {
    let mut driver = Driver {
        sinks: IndexMap::new(),
        absent: vec![false; contract().inputs.len()],
        untold: Vec::new(),
        speeds: speeds(context),
        context,
        week,
        plan,
    };
    for entry in planned {
        driver.announce(entry);
    }
    driver.tell_untold();
    for occurrence in occurrences {
        driver.occur(&planned[occurrence.planned], occurrence);
    }
    let absent = driver.absent;
    let names = contract().inputs.keys().zip(absent);
    names
        .filter(|(_, absent)| *absent)
        .map(|(name, _)| name.clone())
        .collect()
}

struct Driver<'d, 'a> {
    context: &'d mut Context<'a>,
    week: &'d Week,
    plan: &'d mut Plan,
    sinks: IndexMap<usize, Sink<'a>>,
    absent: Vec<bool>,
    /// What the model does not take and nothing has been said of, with the entry that drives it first.
    untold: Vec<(usize, Span)>,
    speeds: Speeds,
}

/// Which forms of carbohydrate the model takes.
#[derive(Clone, Copy)]
struct Speeds {
    glucose: bool,
    fast: bool,
    slow: bool,
}

fn speeds(context: &Context) -> Speeds {
    let takes = |place: usize| context.inputs.inputs.contains_key(STREAMS[place]);
    Speeds {
        glucose: takes(GLUCOSE),
        fast: takes(FAST),
        slow: takes(SLOW),
    }
}

impl Speeds {
    /// Carbohydrate goes where the model takes it.
    fn routed(self, mut streams: Streams) -> Streams {
        let mut give = |from: usize, to: usize| {
            streams[to] += streams[from];
            streams[from] = 0.0;
        };
        if self.glucose {
            if !self.fast {
                give(FAST, GLUCOSE);
            }
            if !self.slow {
                give(SLOW, GLUCOSE);
            }
        } else if self.fast {
            give(GLUCOSE, FAST);
        }
        streams
    }
}

impl<'a> Driver<'_, 'a> {
    /// Finds what an entry drives and says what of it the model does not take.
    fn announce(&mut self, entry: &Planned) {
        let held = entry.holds.iter();
        let held = held.map(|hold| (hold.input, hold.number.mean * hold.factor));
        let given = entry.doses.iter();
        let given = given.map(|dose| (dose.input, dose.amount.mean));
        for (input, mean) in held.chain(given) {
            if self.is_said_otherwise(agreed(input).0) {
                continue;
            }
            self.find(input, entry.span);
            self.warn_outside(input, mean, entry.span);
        }
        let mut eaten = Streams::default();
        for course in &entry.courses {
            let mean = course.mean();
            eaten
                .iter_mut()
                .zip(mean)
                .for_each(|(sum, more)| *sum += more);
        }
        let routed = self.speeds.routed(eaten);
        let spoken = self.used_in_formulas();
        for (place, amount) in routed.iter().enumerate() {
            // Energy is that of what is eaten, and omega-3 a part of the polyunsaturated fat: both are there already.
            if *amount > 0.0 && place != ENERGY && place != OMEGA3 && !spoken[place] {
                self.find(input(STREAMS[place]), entry.span);
            }
            let taken = self.context.inputs.inputs.contains_key(STREAMS[place]);
            if *amount > 0.0 && taken {
                self.find(input(STREAMS[place]), entry.span);
                self.warn_outside(input(STREAMS[place]), *amount, entry.span);
            }
        }
        if eaten[SLOW] > 0.0 && routed[SLOW] == 0.0 && !spoken[SLOW] {
            self.tell_absent(input(STREAMS[SLOW]), entry.span);
        }
    }

    /// Warns where the model was not made for an amount or a level.
    fn warn_outside(&mut self, input: usize, mean: f64, span: Span) {
        let (name, agreed) = agreed(input);
        let inputs = self.context.inputs;
        if let Some(declared) = inputs.inputs.get(name) {
            let value = self
                .conversion(agreed.unit, declared.unit, declared)
                .of(mean);
            protocol::warn_outside(self.context, declared, value, name, span);
        }
    }

    /// Whether the model takes the effort of a bout in its other measure: oxygen uptake and MET say the same.
    fn is_said_otherwise(&self, name: &str) -> bool {
        let takes = |name: &str| self.context.inputs.inputs.contains_key(name);
        match name {
            "activity_aerobic" => !takes(name) && takes("activity_met"),
            "activity_met" => !takes(name) && takes("activity_aerobic"),
            _ => false,
        }
    }

    /// Streams that formulas of other meal inputs use.
    fn used_in_formulas(&self) -> [bool; STREAMS.len()] {
        let mut used = [false; STREAMS.len()];
        let meals = self.context.inputs.inputs.iter();
        let meals = meals.filter(|(name, _)| STREAMS.contains(&name.as_str()));
        for (_, meal) in meals {
            let InputKind::Amount(steps) = &meal.kind else {
                continue;
            };
            for step in steps {
                step.formula.walk(&mut |part| {
                    if let crate::syntax::expr::ExprKind::Symbol(name) = &part.kind
                        && let Some(at) = STREAMS.iter().position(|stream| stream == name)
                    {
                        used[at] = true;
                    }
                });
            }
        }
        used
    }

    fn find(&mut self, input: usize, span: Span) {
        if self.sinks.contains_key(&input) {
            return;
        }
        let (name, _) = agreed(input);
        let inputs = self.context.inputs;
        let sink = match inputs.inputs.get(name) {
            None => {
                self.tell_absent(input, span);
                Sink::Absent
            }
            Some(declared) => self.sink(name, declared, span).unwrap_or(Sink::Absent),
        };
        self.sinks.insert(input, sink);
    }

    fn tell_absent(&mut self, input: usize, span: Span) {
        if !std::mem::replace(&mut self.absent[input], true) {
            self.untold.push((input, span));
        }
    }

    /// One finding for all that the calendar drives in vain: a list of them would bury what else there is to say.
    fn tell_untold(&mut self) {
        let Some(((_, first), _)) = self.untold.split_first() else {
            return;
        };
        let names: Vec<&str> = self
            .untold
            .iter()
            .map(|(input, _)| agreed(*input).0)
            .collect();
        let message = format!("the model does not take {}", listed(&names));
        let mut found = Diagnostic::warning("scenario/input-absent", message).at(*first);
        let mut told = vec![*first];
        for (_, span) in &self.untold {
            if !told.contains(span) {
                told.push(*span);
                found = found.label(*span, "");
            }
        }
        let slow = self.speeds.glucose && names.contains(&STREAMS[SLOW]);
        let carbohydrate = if slow {
            "all available carbohydrate is given as `meal_glucose`; "
        } else {
            ""
        };
        self.context.findings.push(found.hint(format!(
            "{carbohydrate}nothing is done for what is not taken, and the file may stay as it is for models that take it"
        )));
    }

    fn sink(&mut self, name: &str, declared: &'a Input, span: Span) -> Option<Sink<'a>> {
        let unit = contract().inputs[name].unit;
        let find = |context: &mut Context, id: &str, at: Span, adds: Option<bool>| {
            let id = At {
                value: id.to_string(),
                span: at,
            };
            match adds {
                None => context.find(&id, context::can_hold, "held"),
                Some(true) => context.find(&id, context::can_flow, "given a bolus"),
                Some(false) => context.find(&id, context::can_set, "set"),
            }
        };
        Some(match &declared.kind {
            InputKind::Level(parameter) => {
                let symbol = find(self.context, parameter, span, None)?;
                let to = unit_of(&self.context.model, symbol).unwrap_or(declared.unit);
                Sink::Level(symbol, self.conversion(unit, to, declared))
            }
            InputKind::Amount(steps) => {
                let mut found = Vec::new();
                for step in steps {
                    let symbol = find(self.context, &step.target, step.span, Some(step.adds))?;
                    found.push((symbol, step));
                }
                Sink::Amount(found, self.conversion(unit, declared.unit, declared))
            }
        })
    }

    fn conversion(&self, from: Unit, to: Unit, declared: &Input) -> Conversion {
        let molar = declared.molar_mass.filter(|_| !from.same_dimension(&to));
        let by_mass = molar.and_then(|molar| conversion_factor_by_mass(&from, &to, molar));
        Conversion { from, to, by_mass }
    }

    fn occur(&mut self, entry: &Planned, at: &Occurrence) {
        let (from, to) = (self.time(at.from), self.week.time(at.to));
        let end = self.context.axis.end;
        if from >= end && end > self.context.axis.start {
            return;
        }
        self.plan.entries.push(Entry::Mark {
            label: entry.label.clone(),
            kind: entry.kind,
            from,
            to: to.max(from),
        });
        self.hold(entry, at);
        for dose in &entry.doses {
            let minutes = if dose.at_end { at.to } else { at.from };
            let amount = dose.amount.on(entry.key, at.day);
            let given = [(dose.input, amount)];
            self.give(entry, minutes, dose.input, &given);
        }
        for course in &entry.courses {
            let delay = f64::from(course.gaps) * course.gap.on(entry.key, at.day);
            let eaten = course.on(entry.key, at.day);
            self.eat(entry, at.from + delay, eaten);
        }
    }

    /// A time of the model, not before the run.
    fn time(&self, minutes: f64) -> f64 {
        self.week.time(minutes).max(self.context.axis.start)
    }

    fn hold(&mut self, entry: &Planned, at: &Occurrence) {
        let mut starts = Vec::with_capacity(entry.parts.len() + 1);
        let mut time = at.began;
        starts.push(time);
        for part in &entry.parts {
            time += part.on(entry.key, at.day);
            starts.push(time);
        }
        for hold in &entry.holds {
            let Some(Sink::Level(symbol, conversion)) = self.sinks.get(&hold.input) else {
                continue;
            };
            let (from, to) = match hold.part {
                None => (at.from, at.to),
                Some(part) => (starts[part].max(at.from), starts[part + 1]),
            };
            let interval = (self.time(from), self.week.time(to));
            // Parts before the run, and such as vanish in rounding.
            if interval.1 <= interval.0 || interval.0 >= self.context.axis.end {
                continue;
            }
            let (_, agreed) = agreed(hold.input);
            let value = hold.number.on(entry.key, at.day) * hold.factor;
            let value = conversion.of(value.clamp(agreed.limit.0, agreed.limit.1));
            self.plan
                .hold(entry.order, *symbol, value, interval, entry.span);
        }
    }

    fn eat(&mut self, entry: &Planned, minutes: f64, eaten: Streams) {
        let routed = self.speeds.routed(eaten);
        let mut given = [(0, 0.0); STREAMS.len()];
        for (place, name) in STREAMS.iter().enumerate() {
            // Formulas see the parts also where all carbohydrate is given in one.
            given[place] = (input(name), routed[place].max(eaten[place]));
        }
        for (place, amount) in routed.iter().enumerate() {
            if *amount > 0.0 {
                self.give(entry, minutes, given[place].0, &given);
            }
        }
    }

    /// Gives one input; `all` has its amount and those of what is given with it, in the contract's units.
    fn give(&mut self, entry: &Planned, minutes: f64, wanted: usize, all: &[(usize, f64)]) {
        let time = self.time(minutes);
        let (start, end) = (self.context.axis.start, self.context.axis.end);
        if time >= end && end > start {
            return;
        }
        let Some(Sink::Amount(steps, conversion)) = self.sinks.get(&wanted) else {
            return;
        };
        let amount = all.iter().find(|(input, _)| *input == wanted);
        let amount = conversion.of(amount.map_or(0.0, |(_, amount)| *amount));
        let mut names: Vec<(&str, f64)> = vec![("amount", amount)];
        names.extend(
            all.iter()
                .map(|(input, amount)| (agreed(*input).0, *amount)),
        );
        for (symbol, step) in steps {
            let Some(formula) = self.context.bind(&step.formula, &names) else {
                continue;
            };
            if step.adds {
                self.plan
                    .bolus(entry.order, *symbol, formula, time, entry.span);
            } else {
                self.plan
                    .set(entry.order, *symbol, formula, time, entry.span);
            }
        }
    }
}

/// Holds the input `clock_hour` at the clock of time 0 where the model takes it and nothing else drives it.
pub(in crate::scenario::resolve) fn clock_hour(
    context: &mut Context,
    start: ClockStart,
    order: usize,
    plan: &mut Plan,
) {
    let inputs = context.inputs;
    let Some(declared) = inputs.inputs.get("clock_hour") else {
        return;
    };
    let InputKind::Level(parameter) = &declared.kind else {
        return;
    };
    let name = At {
        value: parameter.clone(),
        span: declared.span,
    };
    let Some(symbol) = context.find(&name, context::can_hold, "held") else {
        return;
    };
    if plan.held.contains_key(&symbol) || plan.sets.contains_key(&symbol) {
        return;
    }
    let minute = Unit::base(Unit::SECOND).scaled(60.0);
    let to = unit_of(&context.model, symbol).unwrap_or(declared.unit);
    let conversion = Conversion {
        from: minute,
        to,
        by_mass: None,
    };
    let run = (context.axis.start, context.axis.end);
    if run.1 > run.0 {
        plan.hold(
            order,
            symbol,
            conversion.of(start.minute),
            run,
            declared.span,
        );
    }
}
