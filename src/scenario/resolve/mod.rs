//! From as written to as meant: models read, names found, units converted, edges of the protocol in order.

pub(super) mod calendar;
mod clock;
mod context;
mod edges;
mod figures;
mod flow;
mod models;
mod protocol;
mod results;
pub(super) mod vary;

use indexmap::IndexSet;

use crate::diag::{Diagnostic, Diagnostics, SourceMap, Sources, Span, Warned};
use crate::model::{InitialValue, Model, Symbol};

use super::contract::contract;
use super::inputs::Inputs;
use super::quantity::unit_of;
use super::raw::{self, At};
use super::subject::{self, Subject};
use super::{Arm, ClockStart, Departure, Observed, Scenario, Start};

pub(super) use clock::evenly;
use context::Context;
use edges::Plan;
use models::Library;
pub(super) use results::HALF_MAXIMAL;

/// Reads the model at a path, as the scenario writes it.
pub type LoadModel<'a> = dyn FnMut(&str, &mut SourceMap) -> Result<Warned<Model>, Diagnostics> + 'a;

/// Everything outside of the scenario's text that it refers to.
pub(super) struct World<'a, 'f> {
    pub path_shown: &'a str,
    pub sources: &'a dyn Sources,
    pub map: &'a mut SourceMap,
    pub load_model: &'a mut LoadModel<'f>,
}

/// The scenario as meant; none when an arm could not be resolved, with the reasons in `findings`.
pub(super) fn scenario(
    raw: &raw::Scenario,
    world: World,
    findings: &mut Diagnostics,
) -> Option<Scenario> {
    let written = written_arms(raw, findings);
    let mut library = Library::new(world);
    let mut arms = Vec::new();
    for arm in &written {
        arms.extend(resolve_arm(raw, arm, &mut library, findings));
    }
    let measured = results::measured(raw, &written, &mut library, findings);
    let complete = arms.len() == written.len();
    let vary = match &raw.vary {
        Some(vary) if complete => vary::resolve(raw, vary, &written, &arms, findings),
        _ => None,
    };
    let figures = figures::figures(raw, &arms, complete, findings);
    let resolved = results::Resolved {
        written: &written,
        arms: &arms,
        complete,
        vary: vary.as_ref(),
    };
    let expectations = results::expectations(raw, &resolved, findings);
    complete.then(|| Scenario {
        name: raw.name.clone(),
        title: raw.title.clone(),
        note: raw.note.clone(),
        arms,
        vary,
        figures,
        expectations,
        measured,
    })
}

/// The arms with what holds for all of them filled in; one without a label when the file has none.
fn written_arms(raw: &raw::Scenario, findings: &mut Diagnostics) -> Vec<raw::Arm> {
    if raw.arms.is_empty() {
        return vec![raw::Arm {
            label: None,
            span: raw.span,
            ..raw.common.clone()
        }];
    }
    refuse_colons(raw, findings);
    let labels: Vec<&At<String>> = raw
        .arms
        .iter()
        .filter_map(|arm| arm.label.as_ref())
        .collect();
    refuse_duplicates(&labels, "arm", findings);
    raw.arms
        .iter()
        .map(|arm| with_common(&raw.common, arm))
        .collect()
}

/// A colon ends the label where an expectation names its arm.
fn refuse_colons(raw: &raw::Scenario, findings: &mut Diagnostics) {
    for label in raw.arms.iter().filter_map(|arm| arm.label.as_ref()) {
        if label.value.contains(':') || label.value.trim() != label.value || label.value.is_empty()
        {
            let message = format!("`{}` cannot label an arm", label.value);
            let found = Diagnostic::error("scenario/name", message).at(label.span);
            findings.push(found.hint("use a few words without a colon"));
        }
    }
}

fn with_common(common: &raw::Arm, own: &raw::Arm) -> raw::Arm {
    let mut parameters = common.parameters.clone();
    // What an arm says of a parameter takes the place of what all arms say of it.
    parameters.retain(|shared| {
        own.parameters
            .iter()
            .all(|p| p.name.value != shared.name.value)
    });
    parameters.extend(own.parameters.iter().cloned());
    raw::Arm {
        label: own.label.clone(),
        // A subject of its own brings its own model.
        model: own.model.clone().or_else(|| {
            let common = common.model.clone();
            common.filter(|_| own.subject.is_none())
        }),
        subject: own.subject.clone().or_else(|| common.subject.clone()),
        time: own.time.clone().or_else(|| common.time.clone()),
        says: (own.says.0 || common.says.0, own.says.1 || common.says.1),
        initial: own.initial.or(common.initial),
        protocol: own.protocol.clone().or_else(|| common.protocol.clone()),
        calendar: own.calendar.clone().or_else(|| common.calendar.clone()),
        absent: own.absent.clone(),
        parameters,
        observe: own.observe.clone().or_else(|| common.observe.clone()),
        varied: own.varied.clone(),
        span: own.span,
    }
}

/// Reports every name that stands a second time.
fn refuse_duplicates(names: &[&At<String>], what: &str, findings: &mut Diagnostics) {
    for (at, name) in names.iter().enumerate() {
        if let Some(first) = names[..at].iter().find(|other| other.value == name.value) {
            let message = format!("two {what}s are called `{}`", name.value);
            let found = Diagnostic::error("scenario/duplicate", message).at(name.span);
            findings.push(
                found
                    .label(first.span, "the first")
                    .hint("give each its own name"),
            );
        }
    }
}

fn resolve_arm(
    raw: &raw::Scenario,
    written: &raw::Arm,
    library: &mut Library,
    findings: &mut Diagnostics,
) -> Option<Arm> {
    let missing = |what: &str, example: &str| {
        let message = format!("the scenario does not say `{what}`");
        let found = Diagnostic::error("scenario/missing", message).at(written.span);
        found.hint(format!("for example `{example}`"))
    };
    if !written.says.0 {
        findings.push(missing("model", "model = \"published/name.ant\""));
    }
    if !written.says.1 {
        findings.push(missing(
            "time",
            "time = { unit = \"min\", span = [0, 420], every = 1 }",
        ));
    }
    let subject = match &written.subject {
        Some(name) => Some(library.subject(name, findings)?),
        None => None,
    };
    let path = model_of(written, subject.as_ref())?;
    let loaded = library.load(&path, findings)?;
    let time = written.time.as_ref()?;
    let (clock, mut axis) = clock::read(time, &loaded.model, raw.model_units, findings)?;
    if written.calendar.is_some() || raw.phases.iter().any(|phase| !phase.calendar.is_empty()) {
        // Time 0 is Monday, midnight, where nothing else is said.
        let monday = ClockStart {
            weekday: 0,
            minute: 0.0,
        };
        axis.start_clock.get_or_insert(monday);
    }
    let mut context = Context::new(&loaded, clock, &axis, raw.model_units, findings);
    let all = all_departures(written, subject.as_ref(), &loaded.inputs, context.findings);
    let departures = departures(&mut context, &all);
    let observe = observed(&mut context, written.observe.as_deref().unwrap_or_default());
    let entries = written.protocol.as_deref().unwrap_or_default();
    let fitness = subject.as_ref().and_then(|subject| subject.person.fitness);
    let mut absent = written.absent.clone();
    let protocol = protocol::resolve(&mut context, entries, |context, plan, order| {
        let more = live(raw, written, context, library, fitness, (plan, order));
        absent.extend(more);
    });
    let absent = in_order(absent, &context.absent);
    let label = written.label.as_ref();
    Some(Arm {
        label: label.map_or_else(String::new, |label| label.value.clone()),
        model_path: path.value,
        subject,
        inputs: loaded.inputs.clone(),
        source_model: loaded.model.clone(),
        model: context.model,
        time: axis,
        start: written.initial.unwrap_or(Start::Model),
        departures,
        protocol,
        absent,
        observe,
    })
}

/// Adds what the calendar does; gives the names of what the model does not take.
fn live(
    raw: &raw::Scenario,
    written: &raw::Arm,
    context: &mut Context,
    library: &mut Library,
    fitness: Option<f64>,
    (plan, order): (&mut Plan, usize),
) -> Vec<String> {
    let Some(start) = context.axis.start_clock else {
        return Vec::new();
    };
    let items = written.calendar.as_deref().unwrap_or_default();
    let time_unit = context.clock.unit();
    let calendar = calendar::Written {
        items,
        phases: &raw.phases,
        menus: &raw.menus,
        seed: raw.seed,
        fitness,
        time_unit,
        start,
        span: items.first().map_or(written.span, |item| item.span),
    };
    calendar::clock_hour(context, start, order, plan);
    if items.is_empty() && raw.phases.is_empty() {
        return Vec::new();
    }
    calendar::add(context, library, &calendar, plan, order + 1)
}

/// Names of the contract, each once, in its order.
fn in_order(absent: Vec<String>, more: &[&str]) -> Vec<String> {
    let all: Vec<&str> = absent.iter().map(String::as_str).collect();
    let names = contract().inputs.keys();
    names
        .filter(|name| all.contains(&name.as_str()) || more.contains(&name.as_str()))
        .cloned()
        .collect()
}

/// The path of the model: as written, or the subject's.
pub(super) fn model_of(written: &raw::Arm, subject: Option<&Subject>) -> Option<At<String>> {
    let own = subject
        .zip(written.subject.as_ref())
        .map(|(subject, name)| At {
            value: subject.model.clone(),
            span: name.span,
        });
    written.model.clone().or(own)
}

/// What follows from who the subject is, then the subject's own departures, then the scenario's, the last word winning.
fn all_departures(
    written: &raw::Arm,
    subject: Option<&Subject>,
    inputs: &Inputs,
    findings: &mut Diagnostics,
) -> Vec<raw::Departure> {
    let Some(subject) = subject else {
        return written.parameters.clone();
    };
    if written.model.is_none() {
        subject::check_traits(subject, inputs, findings);
    }
    let names = |of: &[raw::Departure]| -> Vec<String> {
        of.iter()
            .map(|departure| departure.name.value.clone())
            .collect()
    };
    let by_scenario = names(&written.parameters);
    // Another model's parameters are not those that the subject departs from.
    let own = subject
        .parameters
        .iter()
        .filter(|_| written.model.is_none());
    let own: Vec<raw::Departure> = own
        .filter(|departure| !by_scenario.contains(&departure.name.value))
        .cloned()
        .collect();
    let by_subject = names(&own);
    let spoken_for: Vec<&str> = by_scenario
        .iter()
        .chain(&by_subject)
        .map(String::as_str)
        .collect();
    let mut all = subject::followed(&subject.person, inputs, &spoken_for, findings);
    all.extend(own);
    all.extend(written.parameters.iter().cloned());
    all
}

/// Applies the departures to the model and lists them.
fn departures(context: &mut Context, written: &[raw::Departure]) -> Vec<Departure> {
    let mut departures = Vec::new();
    for departure in written {
        let Some(symbol) = context.find(&departure.name, context::can_start, "given a value")
        else {
            continue;
        };
        let unit = unit_of(&context.model, symbol);
        let molar_mass = context.molar_mass(symbol);
        let value = context.value(&departure.value, &departure.name.value, unit, molar_mass);
        let Some(value) = value else {
            continue;
        };
        depart(&mut context.model, symbol, value);
        departures.push(Departure {
            symbol,
            value,
            why: departure.why.clone(),
        });
    }
    departures
}

/// Gives a parameter, or the start of a species or compartment, another value, in its own unit.
///
/// A formula for its start gives way; values that other symbols get from it at the start follow.
///
/// # Panics
/// When the symbol is a reaction, which has no start value, or belongs to another model.
pub fn depart(model: &mut Model, symbol: Symbol, value: f64) {
    model
        .initial_assignments
        .retain(|initial| initial.symbol != symbol);
    match symbol {
        Symbol::Parameter(at) => model.parameters[at].value = Some(value),
        Symbol::Compartment(at) => model.compartments[at].size = Some(value),
        Symbol::Stoichiometry(at) => model.stoichiometries[at].value = Some(value),
        Symbol::Species(at) => {
            let species = &mut model.species[at];
            species.initial = Some(if species.only_substance_units {
                InitialValue::Amount(value)
            } else {
                InitialValue::Concentration(value)
            });
        }
        Symbol::Reaction(_) | Symbol::Argument(_) => {
            panic!("only what has a start value can be given another")
        }
    }
}

fn observed(context: &mut Context, written: &[raw::Observed]) -> Vec<Observed> {
    let one = |observed: &raw::Observed| {
        context.find(&observed.id, |_, _| Ok(()), "observed")?;
        Some(Observed {
            id: observed.id.value.clone(),
            metrics: observed
                .metrics
                .iter()
                .map(|metric| context.clock.metric(&metric.value))
                .collect(),
            span: observed.id.span,
            metric_spans: observed.metrics.iter().map(|metric| metric.span).collect(),
        })
    };
    written.iter().filter_map(one).collect()
}

/// Arms share most of what is written, and so its mistakes: each is said once.
pub(super) fn once_each(findings: &mut Diagnostics) {
    let mut seen: IndexSet<(&'static str, Option<Span>, String)> = IndexSet::new();
    findings.0.retain(|found| {
        // What a model lacks is the same news for every arm that is about it.
        let span = found.span.filter(|_| found.code != "scenario/input-absent");
        seen.insert((found.code, span, found.message.clone()))
    });
}
