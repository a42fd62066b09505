//! A scenario as written: names are text, numbers have the units of the file, nothing is resolved.

pub(super) mod calendar;
mod entry;
mod figures;
mod programme;
mod sections;
pub(super) mod table;

pub(super) use entry::{Clamp, Entry, EntryKind, Given};
pub(super) use figures::band_word;
pub(super) use sections::{departures, said};
pub(super) use table::{At, Scalar, document, listed, suggestion};

pub(super) use programme::{Menu, MenuMeal, Phase, block};
use table::{Node, Table};

use crate::diag::{Diagnostic, Diagnostics, SourceId, SourceMap, Span};

use super::{FigureKind, Overrides, Start};

/// The form of files about models and subjects.
pub(super) const SCHEMA: f64 = 1.0;
/// The newest form of scenarios that is understood.
const NEWEST: f64 = 2.0;

/// A scenario file.
#[derive(Clone, Debug, Default)]
pub(super) struct Scenario {
    pub name: String,
    pub title: String,
    pub note: String,
    /// Bare numbers are in the model's units and need none written.
    pub model_units: bool,
    /// Seed of the random draws.
    pub seed: u64,
    pub phases: Vec<Phase>,
    pub menus: Vec<Menu>,
    /// What holds for every arm that does not say otherwise.
    pub common: Arm,
    pub arms: Vec<Arm>,
    pub vary: Option<Vary>,
    pub figures: Vec<Figure>,
    pub expectations: Vec<Expectation>,
    pub measured: Vec<Measured>,
    /// Its first line, for what is missing.
    pub span: Span,
}

impl Scenario {
    /// Puts other things in place of what was written.
    pub fn replace(&mut self, overrides: &Overrides, map: &mut SourceMap) {
        self.seed = overrides.seed.unwrap_or(self.seed);
        let Some(name) = &overrides.subject else {
            return;
        };
        let source = map.add("--subject", name.clone());
        let subject = At {
            value: name.clone(),
            span: Span::new(source, 0, name.len()),
        };
        for arm in self.arms.iter_mut().chain([&mut self.common]) {
            // The subject brings its own model.
            arm.model = None;
            arm.says.0 = true;
            arm.subject = Some(subject.clone());
        }
    }
}

/// What can be said for all arms or for one.
#[derive(Clone, Debug, Default)]
pub(super) struct Arm {
    pub label: Option<At<String>>,
    pub model: Option<At<String>>,
    /// Who it is; the model is the subject's unless one is written too.
    pub subject: Option<At<String>>,
    pub time: Option<Time>,
    /// Whether a model (or a subject) and a time were written at all, right or wrong.
    pub says: (bool, bool),
    pub initial: Option<Start>,
    pub protocol: Option<Vec<Entry>>,
    pub calendar: Option<Vec<calendar::Item>>,
    /// What the model did not take, as `expand` writes it.
    pub absent: Vec<String>,
    pub parameters: Vec<Departure>,
    pub observe: Option<Vec<Observed>>,
    /// Values of the varied quantity in the model's units, as `expand` writes them.
    pub varied: Option<Varied>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub(super) struct Time {
    pub unit: Option<At<String>>,
    pub span_ends: Option<(At<Scalar>, At<Scalar>)>,
    pub every: Option<At<Scalar>>,
    /// Weekday and clock at time 0.
    pub start: Option<At<String>>,
    pub points: Option<Vec<At<Scalar>>>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub(super) struct Departure {
    pub name: At<String>,
    pub value: At<Scalar>,
    pub why: String,
}

#[derive(Clone, Debug)]
pub(super) struct Observed {
    pub id: At<String>,
    pub metrics: Vec<At<String>>,
}

#[derive(Clone, Debug)]
pub(super) struct Measured {
    pub file: At<String>,
    pub arm: Option<At<String>>,
}

#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub name: At<String>,
    pub title: String,
    pub panels: Vec<Vec<At<String>>>,
    pub kind: FigureKind,
    /// Ends of the colours of a heat strip.
    pub range: Option<(At<Scalar>, At<Scalar>)>,
}

#[derive(Clone, Debug)]
pub(super) struct Expectation {
    pub metric: At<String>,
    pub bounds: Bounds,
    /// The value of the varied quantity, or the word for half-maximal.
    pub varied: Option<At<Scalar>>,
    pub source: String,
    pub span: Span,
}

/// What an expectation accepts.
#[derive(Clone, Debug)]
pub(super) enum Bounds {
    Within(At<Scalar>, At<Scalar>),
    Around(At<Scalar>, At<Scalar>),
}

#[derive(Clone, Debug)]
pub(super) struct Vary {
    pub of: At<String>,
    pub values: Values,
    /// Unit of bare values, only with the model's units.
    pub unit: Option<String>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub(super) enum Values {
    List(Vec<At<Scalar>>, bool),
    Range {
        from: At<Scalar>,
        to: At<Scalar>,
        points: At<f64>,
        log: bool,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Varied {
    pub of: At<String>,
    pub values: Vec<At<Scalar>>,
}

const TOP_KEYS: &[&str] = &[
    "schema",
    "name",
    "title",
    "note",
    "values",
    "model",
    "subject",
    "time",
    "initial",
    "protocol",
    "parameters",
    "observe",
    "measured",
    "figure",
    "expect",
    "vary",
    "arm",
    "sweep",
];
const ARM_KEYS: &[&str] = &[
    "label",
    "model",
    "subject",
    "time",
    "initial",
    "protocol",
    "parameters",
    "observe",
];
/// What only a file in the model's units has: values of the varied quantity, exact, for each arm; and what the scenario
/// did to begin with and the model did not take.
const EXACT_KEYS: [&str; 2] = ["varied", "absent"];
/// Keys that came with the second form of the file.
const NEW_KEYS: &[&str] = &["seed", "calendar", "phase", "menu"];
const NEW_ARM_KEYS: &[&str] = &["calendar"];

/// Reads a scenario file; findings are added to `findings`, and none comes back where nothing can be made of the text.
pub(super) fn read(text: &str, source: SourceId, findings: &mut Diagnostics) -> Option<Scenario> {
    document(text, source, "the scenario", findings, |root, findings| {
        scenario(&root, findings)
    })?
}

fn scenario(root: &Table, findings: &mut Diagnostics) -> Option<Scenario> {
    let schema = schema(root, findings)?;
    let model_units = model_units(root, findings);
    refuse_old(root, NEW_KEYS, schema, findings);
    let known = [TOP_KEYS, NEW_KEYS].concat();
    root.refuse_unknown(&with_exact(&known, model_units), findings);
    let name = root.require("name", "name = \"my-experiment\"", findings);
    if let Some(sweep) = root.get("sweep") {
        // Another command reads what is in it.
        sweep.table("the sweep", findings);
    }
    let mut read = Scenario {
        name: name
            .and_then(|node| file_stem(&node, findings))
            .map_or_else(String::new, |name| name.value),
        title: plain_text(root, "title", findings),
        note: plain_text(root, "note", findings),
        model_units,
        seed: programme::seed(root, findings),
        phases: programme::phases(root, findings),
        menus: programme::menus(root, findings),
        common: arm(root, findings),
        vary: sections::vary(root, findings),
        figures: figures::figures(root, findings),
        expectations: sections::expectations(root, findings),
        measured: sections::measured(root, findings),
        span: root.span,
        ..Scenario::default()
    };
    if read.title.is_empty() {
        read.title.clone_from(&read.name);
    }
    if let Some(node) = root.get("arm") {
        for table in node.tables("the arm", findings) {
            refuse_old(&table, NEW_ARM_KEYS, schema, findings);
            let known = [ARM_KEYS, NEW_ARM_KEYS].concat();
            table.refuse_unknown(&with_exact(&known, model_units), findings);
            table.require("label", "label = \"type 2 diabetes\"", findings);
            read.arms.push(arm(&table, findings));
        }
    }
    Some(read)
}

fn with_exact(keys: &[&'static str], model_units: bool) -> Vec<&'static str> {
    let exact: &[&'static str] = if model_units { &EXACT_KEYS } else { &[] };
    keys.iter().chain(exact).copied().collect()
}

/// Reports keys that a file of the first form cannot have.
fn refuse_old(table: &Table, new: &[&str], schema: f64, findings: &mut Diagnostics) {
    if schema >= NEWEST {
        return;
    }
    for node in new.iter().filter_map(|key| table.get(key)) {
        let message = format!("`{}` is of the second form of scenarios", node.key);
        let found = Diagnostic::error("scenario/schema", message).at(node.key_span);
        findings.push(found.hint("write `schema = 2`"));
    }
}

/// The file's form; none for one that is not understood and so not read further, as its words may have changed.
fn schema(root: &Table, findings: &mut Diagnostics) -> Option<f64> {
    let written = root.require("schema", "schema = 2", findings);
    let Some(schema) = written.and_then(|node| node.number(findings)) else {
        return Some(NEWEST);
    };
    if schema.value == SCHEMA || schema.value == NEWEST {
        return Some(schema.value);
    }
    let found = Diagnostic::error(
        "scenario/schema",
        format!("schema {} is not known to this version", schema.value),
    );
    let hint = if schema.value > NEWEST {
        "write `schema = 2`, or use a newer insilin"
    } else {
        "write `schema = 2`"
    };
    findings.push(found.at(schema.span).hint(hint));
    None
}

fn model_units(root: &Table, findings: &mut Diagnostics) -> bool {
    let word = root.get("values").and_then(|node| node.text(findings));
    match word {
        None => false,
        Some(word) => one_of(
            &word,
            "values",
            &[("model-units", true), ("with-units", false)],
            findings,
        )
        .unwrap_or(false),
    }
}

/// What `word` stands for among `accepted`.
pub(super) fn one_of<T: Copy>(
    word: &At<String>,
    key: &str,
    accepted: &[(&str, T)],
    findings: &mut Diagnostics,
) -> Option<T> {
    let found = accepted.iter().find(|(name, _)| *name == word.value);
    if found.is_none() {
        let names: Vec<&str> = accepted.iter().map(|(name, _)| *name).collect();
        let unknown = Diagnostic::error(
            "scenario/unknown-word",
            format!("`{key}` cannot be `{}`", word.value),
        );
        findings.push(unknown.at(word.span).hint(suggestion(&word.value, &names)));
    }
    found.map(|(_, value)| *value)
}

fn plain_text(table: &Table, key: &str, findings: &mut Diagnostics) -> String {
    let text = table.get(key).and_then(|node| node.text(findings));
    text.map_or_else(String::new, |text| text.value)
}

/// A name that is also the name of a file: lower case, digits, hyphens.
pub(super) fn file_stem(node: &Node, findings: &mut Diagnostics) -> Option<At<String>> {
    let name = node.text(findings)?;
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let good = name.value.starts_with(letter)
        && name.value.chars().all(|c| letter(c) || c == '-')
        && name.value.len() <= 100;
    if !good {
        let wrong = Diagnostic::error(
            "scenario/name",
            format!("`{}` cannot name a file", name.value),
        );
        let hint = "use lower-case letters, digits and hyphens, at most 100: `insulin-step-muscle`";
        findings.push(wrong.at(name.span).hint(hint));
        return None;
    }
    Some(name)
}

fn arm(table: &Table, findings: &mut Diagnostics) -> Arm {
    let text =
        |key: &str, findings: &mut Diagnostics| table.get(key).and_then(|node| node.text(findings));
    Arm {
        label: text("label", findings),
        model: text("model", findings),
        subject: text("subject", findings),
        says: (
            table.get("model").is_some() || table.get("subject").is_some(),
            table.get("time").is_some(),
        ),
        time: table
            .get("time")
            .and_then(|node| sections::time(&node, findings)),
        initial: text("initial", findings).and_then(|word| {
            let accepted = [
                ("model", Start::Model),
                ("steady-state", Start::SteadyState),
            ];
            one_of(&word, "initial", &accepted, findings)
        }),
        protocol: table.get("protocol").map(|node| {
            let tables = node.tables("this entry", findings);
            tables
                .iter()
                .filter_map(|table| entry::read(table, findings))
                .collect()
        }),
        calendar: table
            .get("calendar")
            .map(|node| calendar::items(&node, findings)),
        absent: programme::absent(table, findings),
        parameters: sections::departures(table, findings),
        observe: sections::observed(table, findings),
        varied: sections::varied(table, findings),
        span: table.span,
    }
}
