//! Reading a population's file.

use crate::diag::{Diagnostic, Diagnostics, Severity, SourceId, Span, did_you_mean};
use crate::units::parse_unit;

use super::super::formula;
use super::super::inputs::check_schema;
use super::super::raw::table::{At, Node, Table, document};
use super::super::raw::{one_of, said, suggestion};
use super::super::subject::PERSON_NAMES;
use super::numbers::{Numbers, everyday, ground};
use super::{Correlation, Derived, PERSON, Place, Population, Role, Spread, Trait};

/// Reads a population; findings are added to `findings`, and none comes back where something is wrong.
pub fn read(text: &str, source: SourceId, findings: &mut Diagnostics) -> Option<Population> {
    let before = findings.0.len();
    let read = document(
        text,
        source,
        "the population",
        findings,
        |root, findings| population(&root, findings),
    )?;
    let is_error = |found: &Diagnostic| found.severity == Severity::Error;
    let wrong = findings.0[before..].iter().any(is_error);
    read.filter(|_| !wrong)
}

const KEYS: &[&str] = &[
    "schema",
    "name",
    "title",
    "note",
    "subject",
    "trait",
    "derived",
    "correlation",
    "spread",
];

fn population(root: &Table, findings: &mut Diagnostics) -> Option<Population> {
    root.refuse_unknown(KEYS, findings);
    check_schema(root, findings);
    let word = |key: &str, findings: &mut Diagnostics| {
        let text = root.get(key).and_then(|node| node.text(findings));
        text.map_or_else(String::new, |text| text.value)
    };
    let name = root.require("name", "name = \"healthy-adults\"", findings);
    let name = name.and_then(|node| super::super::raw::file_stem(&node, findings));
    let subject = root.require("subject", "subject = \"normal\"", findings);
    let subject = subject.and_then(|node| node.text(findings));
    let traits = all(root, "trait", "the trait", findings, one_trait);
    if root.get("trait").is_none() {
        let found = Diagnostic::error("population/trait", "nobody differs from anybody here");
        findings.push(
            found
                .at(root.span)
                .hint("a population has at least one `[[trait]]`"),
        );
    }
    let derived = all(root, "derived", "what is derived", findings, one_derived);
    refuse_twice(&traits, &derived, findings);
    let correlations = all(root, "correlation", "the correlation", findings, {
        |table, findings| correlation(table, &traits, findings)
    });
    refuse_pairs_twice(&correlations, &traits, findings);
    let spreads = all(root, "spread", "the spread", findings, spread);
    Some(Population {
        name: name?.value,
        title: word("title", findings),
        note: word("note", findings),
        subject: subject?.value,
        traits,
        derived,
        correlations,
        spreads,
        span: root.span,
    })
}

fn all<T>(
    root: &Table,
    key: &str,
    what: &'static str,
    findings: &mut Diagnostics,
    read: impl Fn(&Table, &mut Diagnostics) -> Option<T>,
) -> Vec<T> {
    let Some(node) = root.get(key) else {
        return Vec::new();
    };
    let tables = node.tables(what, findings);
    let one = |table: &Table| read(table, findings);
    tables.iter().filter_map(one).collect()
}

/// `of`, `person` or `name`: exactly one of them.
fn role(table: &Table, findings: &mut Diagnostics) -> Option<(Role, Span)> {
    let given: Vec<Node> = ["of", "person", "name"]
        .iter()
        .filter_map(|key| table.get(key))
        .collect();
    let [node] = given.as_slice() else {
        let message = format!("{} says {} of `of`, `person` and `name`", table.what, {
            if given.is_empty() { "none" } else { "several" }
        });
        let found = Diagnostic::error("population/trait", message).at(table.span);
        findings.push(found.hint(
            "`of` names a quantity of the model, `person` a number of the person, `name` a number for formulas alone",
        ));
        return None;
    };
    let text = node.text(findings)?;
    let role = match node.key {
        "of" => Role::Quantity(text.value),
        "name" if PERSON_NAMES.contains(&text.value.as_str()) => {
            let message = format!("`{}` is a number of the person", text.value);
            let found = Diagnostic::error("population/trait", message).at(text.span);
            findings.push(found.hint("write `person = …`, or another name"));
            return None;
        }
        "name" => Role::Alone(text.value),
        _ => {
            let names: Vec<&str> = PERSON.iter().map(|(name, _)| *name).collect();
            if !names.contains(&text.value.as_str()) {
                let message = format!("people do not vary in `{}`", text.value);
                let found = Diagnostic::error("population/trait", message).at(text.span);
                findings.push(found.hint(suggestion(&text.value, &names)));
                return None;
            }
            Role::Person(text.value)
        }
    };
    Some((role, text.span))
}

const SHAPES: &[(&str, &str)] = &[
    ("normal", "normal"),
    ("lognormal", "lognormal"),
    ("uniform", "uniform"),
    ("loguniform", "loguniform"),
    ("triangular", "triangular"),
];

fn one_trait(table: &Table, findings: &mut Diagnostics) -> Option<Trait> {
    const KEYS: &[&str] = &[
        "of",
        "person",
        "name",
        "distribution",
        "mean",
        "median",
        "sd",
        "cv",
        "gsd",
        "from",
        "mode",
        "to",
        "low",
        "high",
        "kind",
        "source",
        "note",
    ];
    table.refuse_unknown(KEYS, findings);
    let (role, span) = role(table, findings)?;
    let word = table.require("distribution", "distribution = \"lognormal\"", findings);
    let word = word.and_then(|node| node.text(findings))?;
    let shape = one_of(&word, "distribution", SHAPES, findings)?;
    let of_person = match &role {
        Role::Person(name) => PERSON.iter().find(|(known, _)| known == name),
        _ => None,
    };
    let is_age = of_person.is_some_and(|(name, _)| *name == "age");
    let ground = ground(table, findings);
    let mut numbers = Numbers {
        table,
        ground,
        facts: Vec::new(),
        unit: of_person
            .filter(|_| !is_age)
            .map(|(_, unit)| everyday(unit)),
        bare: is_age,
        findings,
    };
    let shape = numbers.shape(shape, word.span);
    let (low, high) = (numbers.sized("low"), numbers.sized("high"));
    let unit = match of_person {
        Some((_, unit)) => (*unit).to_string(),
        None => numbers
            .unit
            .take()
            .map_or_else(String::new, |(text, _)| text),
    };
    Some(Trait {
        role,
        unit,
        shape: shape?,
        low,
        high,
        facts: numbers.facts,
        span,
    })
}

fn one_derived(table: &Table, findings: &mut Diagnostics) -> Option<Derived> {
    table.refuse_unknown(&["of", "name", "formula", "unit", "why"], findings);
    let (role, span) = role(table, findings)?;
    let written = table.require("formula", "formula = \"kmax\"", findings);
    let written = written.and_then(|node| node.text(findings));
    let why = table.require(
        "why",
        "why = \"the published table has both equal\"",
        findings,
    );
    let why = why.and_then(|node| node.text(findings));
    let why = why.filter(|text| said(text, "why", "the reason", findings));
    let unit = table.get("unit").and_then(|node| node.text(findings));
    let unit = unit_text(unit, findings)?;
    Some(Derived {
        role,
        formula: formula::read(&written?, findings)?,
        unit,
        why: why?.value,
        span,
    })
}

/// The text of a unit that is one; empty without.
fn unit_text(unit: Option<At<String>>, findings: &mut Diagnostics) -> Option<String> {
    let Some(unit) = unit else {
        return Some(String::new());
    };
    if unit.value.is_empty() {
        return Some(unit.value);
    }
    match parse_unit(&unit.value) {
        Ok(_) => Some(unit.value),
        Err(error) => {
            findings.push(Diagnostic::from(error).at(unit.span));
            None
        }
    }
}

fn refuse_twice(traits: &[Trait], derived: &[Derived], findings: &mut Diagnostics) {
    let drawn = traits.iter().map(|one| (one.role.name(), one.span));
    let followed = derived.iter().map(|one| (one.role.name(), one.span));
    let all: Vec<(&str, Span)> = drawn.chain(followed).collect();
    for (at, (name, span)) in all.iter().enumerate() {
        if all[..at].iter().any(|(before, _)| before == name) {
            let message = format!("`{name}` is given twice");
            let found = Diagnostic::error("population/twice", message).at(*span);
            findings.push(found.hint("leave one of them out"));
        }
    }
}

fn correlation(table: &Table, traits: &[Trait], findings: &mut Diagnostics) -> Option<Correlation> {
    table.refuse_unknown(&["of", "rank", "kind", "source"], findings);
    let of = table.require("of", "of = [\"Vmx\", \"beta\"]", findings);
    let rank = table.require("rank", "rank = -0.5", findings);
    let rank = rank.and_then(|node| node.number(findings));
    let ground = ground(table, findings);
    let of = of?;
    let names = of.texts(findings)?;
    let [a, b] = names.as_slice() else {
        let message = format!("a correlation is of two traits, not {}", names.len());
        let found = Diagnostic::error("population/correlation", message).at(of.span);
        findings.push(found.hint("for example `of = [\"Vmx\", \"beta\"]`"));
        return None;
    };
    let pair = (place(a, traits, findings)?, place(b, traits, findings)?);
    let rank = rank?;
    let (Some(kind), Some(source)) = (ground.kind, ground.source) else {
        let message = "the correlation does not say what kind of number it is, and its source";
        let found = Diagnostic::error("population/source", message).at(of.span);
        findings.push(found.hint("add `kind = \"assumed\"` and `source = \"…\"`, for example"));
        return None;
    };
    if pair.0 == pair.1 || rank.value.abs() > 1.0 {
        let message = if pair.0 == pair.1 {
            format!("`{}` goes with itself anyway", a.value)
        } else {
            format!(
                "a rank correlation lies from -1 to 1, not at {}",
                rank.value
            )
        };
        findings.push(
            Diagnostic::error("population/correlation", message)
                .at(rank.span)
                .hint("Spearman's ρ of two different traits is wanted"),
        );
        return None;
    }
    Some(Correlation {
        pair,
        rank: rank.value,
        kind,
        source,
        span: of.span,
    })
}

fn place(name: &At<String>, traits: &[Trait], findings: &mut Diagnostics) -> Option<usize> {
    let found = traits.iter().position(|one| one.role.name() == name.value);
    if found.is_none() {
        let known = traits.iter().map(|one| one.role.name());
        let message = format!("no trait is called `{}`", name.value);
        let wrong = Diagnostic::error("population/correlation", message).at(name.span);
        findings.push(match did_you_mean(&name.value, known) {
            Some(near) => wrong.hint(format!("did you mean `{near}`?")),
            None => wrong.hint("only what is drawn can be correlated; the rest follows"),
        });
    }
    found
}

fn refuse_pairs_twice(all: &[Correlation], traits: &[Trait], findings: &mut Diagnostics) {
    let sorted = |pair: (usize, usize)| (pair.0.min(pair.1), pair.0.max(pair.1));
    for (at, one) in all.iter().enumerate() {
        let same = |other: &Correlation| sorted(other.pair) == sorted(one.pair);
        if all[..at].iter().any(same) {
            let name = |at: usize| traits[at].role.name();
            let message = format!(
                "the correlation of `{}` and `{}` is given twice",
                name(one.pair.0),
                name(one.pair.1)
            );
            let found = Diagnostic::error("population/twice", message).at(one.span);
            findings.push(found.hint("leave one of them out"));
        }
    }
}

fn spread(table: &Table, findings: &mut Diagnostics) -> Option<Spread> {
    const KEYS: &[&str] = &[
        "of",
        "scenario",
        "test",
        "mean",
        "sd",
        "percentiles",
        "unit",
        "n",
        "given",
        "source",
    ];
    table.refuse_unknown(KEYS, findings);
    let of = table.require("of", "of = \"glucose.at 60 min\"", findings);
    let of = of.and_then(|node| node.text(findings));
    let place = spread_place(table, findings)?;
    let number = |key: &str, findings: &mut Diagnostics| {
        let node = table.get(key)?;
        let number = node.number(findings)?;
        let fits = key == "mean" || number.value > 0.0;
        if !fits {
            let message = format!("`{key}` must be above 0");
            let found = Diagnostic::error("population/spread", message).at(number.span);
            findings.push(found.hint("leave it out when it is not known"));
        }
        fits.then_some(number.value)
    };
    let (mean, sd) = (number("mean", findings), number("sd", findings));
    let n = number("n", findings);
    let percentiles = table.get("percentiles");
    let percentiles = percentiles.map(|node| percentiles_of(&node, findings));
    let percentiles = percentiles.unwrap_or_default();
    let unit = table.get("unit").and_then(|node| node.text(findings));
    let source = table.require("source", "source = \"…\"", findings);
    let source = source.and_then(|node| node.text(findings));
    let source =
        source.filter(|text| said(text, "source", "where the numbers come from", findings));
    let given = table.get("given").and_then(|node| node.text(findings));
    let given =
        given.and_then(|word| one_of(&word, "given", &[("yes", true), ("no", false)], findings));
    let of = of?;
    if sd.is_none() && percentiles.len() < 2 {
        let message = "the spread says neither `sd` nor two percentiles";
        let found = Diagnostic::error("population/spread", message).at(of.span);
        findings.push(
            found.hint("for example `mean = 178`, `sd = 36`; a standard error is not a spread"),
        );
        return None;
    }
    Some(Spread {
        of: of.value,
        place,
        mean,
        sd,
        percentiles,
        unit: unit.map_or_else(String::new, |unit| unit.value),
        n,
        given: given.unwrap_or(false),
        source: source?.value,
        span: of.span,
    })
}

fn spread_place(table: &Table, findings: &mut Diagnostics) -> Option<Place> {
    let scenario = table.get("scenario").and_then(|node| node.text(findings));
    let test = table.get("test").and_then(|node| node.text(findings));
    match (scenario, test) {
        (Some(name), None) => Some(Place::Scenario(name.value)),
        (None, Some(name)) => Some(Place::Test(name.value)),
        _ => {
            let message = "a published spread is of one scenario or of one test";
            let found = Diagnostic::error("population/spread", message).at(table.span);
            findings.push(found.hint("write `scenario = \"mixed-meal\"`, or `test = \"ogtt\"`"));
            None
        }
    }
}

/// `{ p5 = 70, p50 = 92 }`, rising.
fn percentiles_of(node: &Node, findings: &mut Diagnostics) -> Vec<(f64, f64)> {
    let Some(table) = node.table("the percentiles", findings) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for node in table.nodes() {
        let percent = node
            .key
            .strip_prefix('p')
            .and_then(|text| text.parse::<f64>().ok());
        let Some(percent) = percent.filter(|percent| (0.0..=100.0).contains(percent)) else {
            let message = format!("`{}` is no percentile", node.key);
            let found = Diagnostic::error("population/spread", message).at(node.key_span);
            findings.push(found.hint("write `p5`, `p25`, `p50`, `p75`, `p95`"));
            continue;
        };
        if let Some(value) = node.number(findings) {
            all.push((percent, value.value));
        }
    }
    all.sort_by(|a: &(f64, f64), b| a.0.total_cmp(&b.0));
    all
}
