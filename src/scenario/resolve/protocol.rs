//! Entries of the protocol as edges in time.

use crate::diag::{Diagnostic, Span};
use crate::model::{Formula, Symbol};
use crate::syntax::expr::{Expr, ExprKind};
use crate::units::conversion_factor;

use super::super::contract::{Agreed, contract};
use super::super::inputs::{Input, InputKind, Step};
use super::super::quantity::{amount_unit, unit_of};
use super::super::raw::{self, At, EntryKind, Given, Scalar};
use super::super::{Action, Change, Clamp, Entry, MarkKind, Protocol};
use super::context::{self, Context};
use super::edges::{Edge, Interval, Plan};

/// What the protocol does, and what the calendar adds to it.
///
/// What the model needs for it (hidden parameters of flows) is added to the context's model.
///
/// * `more` — gets the plan and the turn of the first thing that it adds
pub(super) fn resolve(
    context: &mut Context,
    written: &[raw::Entry],
    more: impl FnOnce(&mut Context, &mut Plan, usize),
) -> Protocol {
    let mut plan = Plan::default();
    for (order, entry) in written.iter().enumerate() {
        // Each reports its own mistakes; the others are looked at all the same.
        let _ = plan.add(context, order, entry);
    }
    more(context, &mut plan, written.len());
    plan.refuse_overlaps(context);
    plan.refuse_sets_of_held(context);
    plan.finish(context)
}

impl Plan {
    /// Adds what one entry does; none when it has mistakes, which are reported.
    fn add(&mut self, context: &mut Context, order: usize, entry: &raw::Entry) -> Option<()> {
        let span = entry.span;
        match &entry.kind {
            EntryKind::Give {
                input,
                amount,
                time,
                meal,
            } => {
                let label = if *meal {
                    "glucose".to_string()
                } else {
                    input.value.replace('_', " ")
                };
                let label = format!("{} {label}", amount.value.shown());
                let kind = kind_of(&input.value);
                self.give(context, order, (input, amount, time), (label, kind))
            }
            EntryKind::Hold {
                target,
                at,
                from,
                to,
            } => {
                let interval = context.interval(from.as_ref(), to.as_ref(), span);
                let symbol = context.find_level(target, "held")?;
                let value = level_value(context, target, symbol, at)?;
                self.hold(order, symbol, value, interval?, span);
                Some(())
            }
            EntryKind::Rate {
                target,
                at,
                from,
                to,
            } => {
                let interval = context.interval(from.as_ref(), to.as_ref(), span);
                let symbol = context.find(target, context::can_flow, "given a rate")?;
                let unit = amount_unit(&context.model, symbol)
                    .zip(context.model.units.time)
                    .map(|(amount, time)| amount.per(time));
                let molar_mass = context.molar_mass(symbol);
                let flow = context.value(at, &target.value, unit, molar_mass)?;
                self.flow(order, symbol, flow, interval?, span);
                Some(())
            }
            EntryKind::Bolus {
                target,
                amount,
                time,
            } => {
                let when = context.time_in_run(time);
                let symbol = context.find(target, context::can_flow, "given a bolus")?;
                let amount = bolus_amount(context, target, symbol, amount)?;
                self.bolus(order, symbol, amount, when?, span);
                Some(())
            }
            EntryKind::Set {
                target,
                value,
                from,
            } => {
                let when = match from {
                    Some(from) => context.time_in_run(from),
                    None => Some(context.axis.start),
                };
                let symbol = context.find(target, context::can_set, "set")?;
                let value = set_value(context, target, symbol, value)?;
                self.set(order, symbol, value, when?, span);
                Some(())
            }
            EntryKind::Clamp(written) => self.clamp(context, order, written, span),
            EntryKind::Mark {
                label,
                kind,
                from,
                to,
            } => {
                let from = context.time_in_run(from)?;
                let to = to.as_ref().and_then(|to| context.time(to)).unwrap_or(from);
                let (label, kind) = (label.value.clone(), *kind);
                self.entries.push(Entry::Mark {
                    label,
                    kind,
                    from,
                    to,
                });
                Some(())
            }
        }
    }

    pub(super) fn hold(
        &mut self,
        order: usize,
        target: Symbol,
        value: f64,
        (from, to): (f64, f64),
        span: Span,
    ) {
        let value_held = Some(value);
        let interval = Interval {
            from,
            to,
            value: value_held,
            span,
            order,
        };
        self.held.entry(target).or_default().push(interval);
        self.entries.push(Entry::Hold {
            target,
            value,
            from,
            to,
        });
    }

    fn flow(
        &mut self,
        order: usize,
        target: Symbol,
        flow: f64,
        (from, to): (f64, f64),
        span: Span,
    ) {
        let interval = Interval {
            from,
            to,
            value: Some(flow),
            span,
            order,
        };
        self.flows.entry(target).or_default().push(interval);
        self.entries.push(Entry::Rate {
            target,
            flow,
            from,
            to,
        });
    }

    pub(super) fn bolus(
        &mut self,
        order: usize,
        target: Symbol,
        amount: Formula,
        time: f64,
        span: Span,
    ) {
        self.begin(order, time, target, Change::Add(amount.clone()), span);
        self.entries.push(Entry::Bolus {
            target,
            amount,
            time,
        });
    }

    pub(super) fn set(
        &mut self,
        order: usize,
        target: Symbol,
        value: Formula,
        from: f64,
        span: Span,
    ) {
        self.sets.entry(target).or_insert(span);
        self.begin(order, from, target, Change::Set(value.clone()), span);
        self.entries.push(Entry::Set {
            target,
            value,
            from,
        });
    }

    fn begin(&mut self, order: usize, time: f64, target: Symbol, change: Change, span: Span) {
        let action = Action {
            target,
            change,
            span,
        };
        self.edges.push(Edge {
            time,
            begins: true,
            order,
            action,
        });
    }

    /// A named amount: what its author says that it does, at one instant.
    fn give(
        &mut self,
        context: &mut Context,
        order: usize,
        (input, amount, time): (&At<String>, &At<Scalar>, &At<Scalar>),
        (label, kind): (String, MarkKind),
    ) -> Option<()> {
        let when = context.time_in_run(time);
        let (declared, steps) = find_amount(context, input)?;
        let value = context.value(
            amount,
            &input.value,
            Some(declared.unit),
            declared.molar_mass,
        )?;
        refuse_negative(context, value, &input.value, amount.span)?;
        warn_outside(context, declared, value, &input.value, amount.span);
        let when = when?;
        let given = given_alone(&input.value, declared, value);
        self.entries.push(Entry::Mark {
            label,
            kind,
            from: when,
            to: when,
        });
        for step in steps {
            let name = At {
                value: step.target.clone(),
                span: step.span,
            };
            let formula = context.bind(&step.formula, &given)?;
            if step.adds {
                let target = context.find(&name, context::can_flow, "given a bolus")?;
                self.bolus(order, target, formula, when, amount.span);
            } else {
                let target = context.find(&name, context::can_set, "set")?;
                self.set(order, target, formula, when, amount.span);
            }
        }
        Some(())
    }

    fn clamp(
        &mut self,
        context: &mut Context,
        order: usize,
        written: &raw::Clamp,
        span: Span,
    ) -> Option<()> {
        let interval = context.interval(written.from.as_ref(), written.to.as_ref(), span);
        let measured = context.find(&written.measured, |_, _| Ok(()), "measured");
        let actuator = context.find_level(&written.actuator, "driven by a clamp");
        let every = clamp_every(context, &written.every);
        let (measured, actuator) = (measured?, actuator?);
        let unit = unit_of(&context.model, measured);
        let molar_mass = context.molar_mass(measured);
        let target = context.value(&written.target, &written.measured.value, unit, molar_mass);
        let start = level_value(context, &written.actuator, actuator, &written.start);
        let low = level_value(context, &written.actuator, actuator, &written.limits.0);
        let high = level_value(context, &written.actuator, actuator, &written.limits.1);
        let limits = ordered_limits(context, low?, high?, written)?;
        let (from, to) = interval?;
        let clamp = Clamp {
            measured,
            target: target?,
            actuator,
            from,
            to,
            every: every?,
            start: start?,
            gain: written.gain.value,
            integral: written
                .integral
                .as_ref()
                .map_or(0.0, |integral| integral.value),
            limits,
            span,
        };
        let interval = Interval {
            from,
            to,
            value: None,
            span,
            order,
        };
        self.held.entry(actuator).or_default().push(interval);
        self.entries.push(Entry::Clamp(clamp.clone()));
        self.clamps.push(clamp);
        Some(())
    }

    fn refuse_overlaps(&mut self, context: &mut Context) {
        for (target, intervals) in &mut self.held {
            intervals.sort_by(|a, b| a.from.total_cmp(&b.from));
            // The one that lasts longest so far: an earlier one may still hold when later ones have ended.
            let mut longest = intervals[0];
            for next in &intervals[1..] {
                if next.from < longest.to {
                    let id = &context.model.identity(*target).id;
                    let message = format!("`{id}` is held twice at one time");
                    let (earlier, later) = if next.order < longest.order {
                        (next, &longest)
                    } else {
                        (&longest, next)
                    };
                    let found = Diagnostic::error("scenario/overlap", message).at(later.span);
                    let found = found.here("this overlaps").label(earlier.span, "with this");
                    context.findings.push(
                        found.hint("intervals are `[from, to)`: end one where the next begins"),
                    );
                }
                if next.to > longest.to {
                    longest = *next;
                }
            }
        }
    }

    fn refuse_sets_of_held(&self, context: &mut Context) {
        for (target, span) in &self.sets {
            let Some(held) = self.held.get(target) else {
                continue;
            };
            let id = &context.model.identity(*target).id;
            let message = format!("`{id}` is both held and set");
            let found = Diagnostic::error("scenario/overlap", message).at(*span);
            let found = found.here("set here").label(held[0].span, "held here");
            context.findings.push(
                found.hint("the end of a hold would undo the set: use one kind for one target"),
            );
        }
    }
}

/// What kind of thing giving an input is.
fn kind_of(input: &str) -> MarkKind {
    if input.starts_with("meal_") {
        MarkKind::Meal
    } else if input.starts_with("dose_") || input.ends_with("_bolus") {
        MarkKind::Dose
    } else {
        MarkKind::Other
    }
}

/// The names that formulas of an input may use: its amount, and those of the meal's other streams, of which there is none.
fn given_alone<'n>(name: &str, declared: &Input, value: f64) -> Vec<(&'n str, f64)> {
    let mut given = vec![("amount", value)];
    for (meal, agreed) in &contract().inputs {
        if !meal.starts_with("meal_") {
            continue;
        }
        let own = (meal == name)
            .then(|| conversion_factor(&declared.unit, &agreed.unit))
            .flatten();
        given.push((meal, own.map_or(0.0, |factor| value * factor)));
    }
    given
}

/// Says that the model does not take an input of the contract, once; whether the name is one of the contract.
///
/// * `amount` — whether it is given rather than held
pub(super) fn tell_absent(context: &mut Context, name: &At<String>, amount: bool) -> bool {
    let known = contract().inputs.get_key_value(&name.value);
    let Some((known, agreed)) = known.filter(|(_, agreed)| agreed.amount == amount) else {
        return false;
    };
    if context.model_units || context.names.contains_key(&name.value) {
        return false;
    }
    if !context.absent.contains(&known.as_str()) {
        context.absent.push(known);
        context
            .findings
            .push(input_absent(known, agreed, name.span));
    }
    true
}

/// The model does not take an input of the contract.
fn input_absent(name: &str, agreed: &Agreed, span: Span) -> Diagnostic {
    let message = format!("the model does not take `{name}`");
    let found = Diagnostic::warning("scenario/input-absent", message).at(span);
    found.hint(format!(
        "nothing is done for it ({}); the file may stay as it is for models that take it",
        agreed.meaning
    ))
}

fn find_amount<'a>(
    context: &mut Context<'a>,
    input: &At<String>,
) -> Option<(&'a Input, &'a [Step])> {
    let inputs = context.inputs;
    let Some(declared) = inputs.inputs.get(&input.value) else {
        if tell_absent(context, input, true) {
            return None;
        }
        let message = format!("the model has no input `{}` that can be given", input.value);
        let found = Diagnostic::error("scenario/unknown-name", message).at(input.span);
        let amounts = inputs
            .inputs
            .iter()
            .filter(|(_, input)| matches!(input.kind, InputKind::Amount(_)));
        let known: Vec<&str> = amounts.map(|(name, _)| name.as_str()).collect();
        let hint = if known.is_empty() {
            "its author declares none in a `.inputs.toml` beside it; a `bolus` reaches every state"
                .to_string()
        } else {
            raw::suggestion(&input.value, &known)
        };
        context.findings.push(found.hint(hint));
        return None;
    };
    match &declared.kind {
        InputKind::Amount(steps) => Some((declared, steps)),
        InputKind::Level(_) => {
            let message = format!("`{}` is a level and cannot be given at once", input.value);
            let found = Diagnostic::error("scenario/not-drivable", message).at(input.span);
            let hint = format!(
                "write `{{ hold = \"{}\", at = …, from = …, to = … }}`",
                input.value
            );
            context.findings.push(found.hint(hint));
            None
        }
    }
}

/// A level in the unit of the parameter that it is.
fn level_value(
    context: &mut Context,
    name: &At<String>,
    symbol: Symbol,
    scalar: &At<Scalar>,
) -> Option<f64> {
    let unit = unit_of(&context.model, symbol);
    let molar_mass = context.molar_mass(symbol);
    let value = context.value(scalar, &name.value, unit, molar_mass)?;
    let inputs = context.inputs;
    if let (Some(input), Some(unit)) = (inputs.inputs.get(&name.value), unit)
        && let Some(factor) = conversion_factor(&unit, &input.unit)
    {
        warn_outside(context, input, value * factor, &name.value, scalar.span);
    }
    Some(value)
}

fn set_value(
    context: &mut Context,
    name: &At<String>,
    symbol: Symbol,
    value: &Given,
) -> Option<Formula> {
    match value {
        Given::Value(scalar) => {
            let unit = unit_of(&context.model, symbol);
            let molar_mass = context.molar_mass(symbol);
            context
                .value(scalar, &name.value, unit, molar_mass)
                .map(Expr::number)
        }
        Given::Formula(text) => context.formula(text),
    }
}

fn bolus_amount(
    context: &mut Context,
    name: &At<String>,
    symbol: Symbol,
    amount: &Given,
) -> Option<Formula> {
    let scalar = match amount {
        Given::Formula(text) => return context.formula(text),
        Given::Value(scalar) => scalar,
    };
    let unit = amount_unit(&context.model, symbol);
    let molar_mass = context.molar_mass(symbol);
    let value = context.value(scalar, &name.value, unit, molar_mass)?;
    if matches!(symbol, Symbol::Species(_)) {
        // Other states may mean anything, a temperature or an index, and fall as well as rise.
        refuse_negative(context, value, &name.value, scalar.span)?;
    }
    Some(Expr::new(scalar.span, ExprKind::Number(value, None)))
}

fn refuse_negative(context: &mut Context, value: f64, name: &str, span: Span) -> Option<()> {
    if value < 0.0 {
        let message = format!("a negative amount of `{name}` cannot be given");
        let found = Diagnostic::error("scenario/negative", message).at(span);
        context
            .findings
            .push(found.hint("an outflow is a `rate` below zero"));
        return None;
    }
    Some(())
}

/// A file of primitives has what was warned of when it was read first.
pub(super) fn warn_outside(
    context: &mut Context,
    input: &Input,
    value: f64,
    name: &str,
    span: Span,
) {
    let Some((low, high)) = input.range.filter(|_| !context.model_units) else {
        return;
    };
    if value < low || value > high {
        let message = format!("`{name}` lies outside of what the model was made for");
        let found = Diagnostic::warning("scenario/range", message).at(span);
        let hint = format!("its author gives {low} to {high} {}", input.unit_text);
        context.findings.push(found.hint(hint.trim_end()));
    }
}

fn clamp_every(context: &mut Context, scalar: &At<Scalar>) -> Option<f64> {
    let every = context.time(scalar)?;
    if every <= 0.0 {
        let found = Diagnostic::error("scenario/time", "`every` is not above zero").at(scalar.span);
        context
            .findings
            .push(found.hint("for example `every = \"5 min\"`"));
        return None;
    }
    Some(every)
}

fn ordered_limits(
    context: &mut Context,
    low: f64,
    high: f64,
    written: &raw::Clamp,
) -> Option<(f64, f64)> {
    if low > high {
        let span = written.limits.0.span.to(written.limits.1.span);
        let found = Diagnostic::error(
            "scenario/interval",
            "the lower limit is above the upper one",
        )
        .at(span);
        context
            .findings
            .push(found.hint("write the lower limit first"));
        return None;
    }
    Some((low, high))
}
