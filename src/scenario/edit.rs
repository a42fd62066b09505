//! Changes from the command line to a resolved scenario.

use crate::diag::{Diagnostic, Diagnostics, SourceMap, Span, did_you_mean};
use crate::model::{Model, Symbol};
use crate::units::Unit;

use super::quantity::{Wanted, quantity, unit_of};
use super::raw::{At, Scalar};
use super::resolve::{depart, evenly};
use super::{Arm, Departure, Entry, Overrides, Scenario, TimeAxis};

/// Changes from the command line, as if they stood in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edits {
    /// `NAME=VALUE` with the value's unit, in every arm whose model has the name.
    pub set: Vec<String>,
    /// Another end, with its unit or in the model's; what would happen later is left out.
    pub end: Option<String>,
    /// This many evenly spaced times instead of the file's; at least 2.
    pub points: Option<usize>,
    /// What was put in place of the file's words before it was resolved; see [`super::load_with`].
    pub overrides: Overrides,
}

impl Edits {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Applies the changes; `map` gets their texts, so that findings can point into them.
pub fn edit(
    scenario: &mut Scenario,
    edits: &Edits,
    map: &mut SourceMap,
    findings: &mut Diagnostics,
) {
    for text in &edits.set {
        let source = map.add("--set", text.clone());
        set(scenario, text, Span::new(source, 0, text.len()), findings);
    }
    if let Some(text) = &edits.end {
        let source = map.add("--end", text.clone());
        let span = Span::new(source, 0, text.len());
        for arm in &mut scenario.arms {
            end(arm, text, span, findings);
        }
    }
    if let Some(points) = edits.points {
        for arm in &mut scenario.arms {
            let (start, end) = (arm.time.start, arm.time.end);
            arm.time.grid = evenly(
                start,
                end,
                (end - start) / points.saturating_sub(1).max(1) as f64,
            );
        }
    }
}

fn set(scenario: &mut Scenario, text: &str, span: Span, findings: &mut Diagnostics) {
    let Some((name, value)) = text
        .split_once('=')
        .map(|(name, value)| (name.trim(), value.trim()))
    else {
        let found = Diagnostic::error("scenario/edit", format!("`{text}` sets nothing")).at(span);
        findings.push(found.hint("write NAME=VALUE, for example `Vmx=0.03`"));
        return;
    };
    let mut known = false;
    for arm in &mut scenario.arms {
        if let Some(symbol) = arm.model.symbol(name) {
            known = true;
            set_in(
                arm,
                symbol,
                name,
                At {
                    value: Scalar::Text(value.to_string()),
                    span,
                },
                findings,
            );
        }
    }
    if !known {
        findings.push(unknown(scenario, name, span));
    }
}

fn unknown(scenario: &Scenario, name: &str, span: Span) -> Diagnostic {
    let ids = |arm: &Arm| -> Vec<String> {
        arm.model
            .symbols()
            .map(|symbol| arm.model.identity(symbol).id.clone())
            .collect()
    };
    let ids: Vec<String> = scenario.arms.iter().flat_map(ids).collect();
    let found =
        Diagnostic::error("scenario/unknown", format!("no model here has `{name}`")).at(span);
    match did_you_mean(name, ids.iter().map(String::as_str)) {
        Some(near) => found.hint(format!("did you mean `{near}`?")),
        None => found.hint("`insilin list inputs MODEL` shows the parameters of a model"),
    }
}

fn set_in(
    arm: &mut Arm,
    symbol: Symbol,
    name: &str,
    value: At<Scalar>,
    findings: &mut Diagnostics,
) {
    if let Err(why) = settable(&arm.model, symbol) {
        let found = Diagnostic::error("scenario/edit", format!("`{name}` cannot be set: {why}"))
            .at(value.span);
        findings.push(found.hint("set what it is computed from"));
        return;
    }
    let unit = unit_of(&arm.model, symbol);
    let wanted = Wanted {
        of: name,
        unit,
        names: &arm.model.unit_definitions,
        molar_mass: None,
        bare: true,
    };
    if let Some(value) = wanted.read(&value, findings) {
        depart(&mut arm.model, symbol, value);
        arm.departures
            .retain(|departure| departure.symbol != symbol);
        arm.departures.push(Departure {
            symbol,
            value,
            why: "set on the command line".to_string(),
        });
    }
}

fn settable(model: &Model, symbol: Symbol) -> Result<(), &'static str> {
    match (symbol, model.rule_of(symbol)) {
        (Symbol::Reaction(_) | Symbol::Argument(_), _) => Err("it is the rate of a reaction"),
        (_, Some(crate::model::Rule::Assignment(..))) => Err("a formula gives it"),
        _ => Ok(()),
    }
}

fn end(arm: &mut Arm, text: &str, span: Span, findings: &mut Diagnostics) {
    let Some(end) = end_time(arm, text, span, findings) else {
        return;
    };
    if end <= arm.time.start {
        let message = format!(
            "the run would end at {end}, at or before its start at {}",
            arm.time.start
        );
        findings.push(
            Diagnostic::error("scenario/edit", message)
                .at(span)
                .hint("give a later `--end`"),
        );
        return;
    }
    if end > arm.time.end && arm.time.start_clock.is_some() {
        let message = "the calendar ends where the file's run does: nothing more is done after it";
        let found = Diagnostic::warning("scenario/edit", message).at(span);
        findings.push(found.hint("make the `span` of the file longer instead"));
    }
    regrid(&mut arm.time, end);
    let protocol = &mut arm.protocol;
    protocol.stops.append(&mut protocol.later);
    let within = protocol.stops.partition_point(|stop| stop.time < end);
    protocol.later = protocol.stops.split_off(within);
    protocol.clamps.retain(|clamp| clamp.from < end);
    protocol
        .clamps
        .iter_mut()
        .for_each(|clamp| clamp.to = clamp.to.min(end));
    protocol.entries.retain_mut(|entry| cut(entry, end));
}

fn end_time(arm: &Arm, text: &str, span: Span, findings: &mut Diagnostics) -> Option<f64> {
    let quantity = quantity(text, span, findings)?;
    let unit = arm.model.units.time.unwrap_or(Unit::ONE);
    if quantity.unit_text.is_empty() {
        return Some(quantity.value);
    }
    let time = quantity.value_in(&unit);
    if time.is_none() {
        let found = Diagnostic::error(
            "scenario/unit",
            format!("`{text}` is no time of this model"),
        )
        .at(span);
        findings.push(found.hint("write a time with its unit, for example `--end \"5 h\"`"));
    }
    time
}

/// The same spacing up to the new end.
fn regrid(time: &mut TimeAxis, end: f64) {
    let last = time
        .grid
        .windows(2)
        .last()
        .map_or(end - time.end, |pair| pair[1] - pair[0]);
    time.grid.retain(|&at| at <= end);
    let from = time.grid.last().copied().unwrap_or(time.start);
    let mut steps = 1.0;
    while last > 0.0 && from + steps * last < end {
        time.grid.push(from + steps * last);
        steps += 1.0;
    }
    if time.grid.last() != Some(&end) {
        time.grid.push(end);
    }
    time.end = end;
}

/// Shortens an entry to the new end; whether anything of it is left.
fn cut(entry: &mut Entry, end: f64) -> bool {
    match entry {
        Entry::Hold { from, to, .. }
        | Entry::Rate { from, to, .. }
        | Entry::Mark { from, to, .. } => {
            *to = to.min(end);
            *from < end
        }
        Entry::Bolus { time, .. } => *time < end,
        Entry::Set { from, .. } => *from < end,
        Entry::Clamp(clamp) => {
            clamp.to = clamp.to.min(end);
            clamp.from < end
        }
    }
}
