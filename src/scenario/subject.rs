//! Who is simulated: a file that names a model, says who the person is, and what of the model differs, with reasons.
//!
//! ```toml
//! schema = 1
//! name = "normal"
//! title = "healthy adult"
//! model = "published/dalla_man_2007.ant"
//! traits = []                         # at most three declared disease traits
//! [person]                            # a quantity, or a quantity with its source
//! sex = "male"
//! mass = { value = "78 kg", source = "mean of the study" }
//! height = "1.75 m"
//! [parameters]                        # departures from the model, each with its reason
//! ```
//!
//! What follows from who the person is stands beside the model, as rules (`[person.NAME]` of `NAME.inputs.toml`), the
//! same for every subject.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};
use crate::math;
use crate::syntax::expr::{Expr, ExprKind};
use crate::units::{Quantity, parse_unit};

use super::Arm;
use super::arithmetic;
use super::inputs::{Inputs, Rule};
use super::quantity::quantity;
use super::raw::table::{At, Node, Scalar, Table, document};
use super::raw::{Departure, departures, listed, one_of, said, suggestion};

/// A subject as written.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// Name in lower case with hyphens.
    pub name: String,
    /// One line.
    pub title: String,
    /// Longer words; may be empty.
    pub note: String,
    /// Path of the model.
    pub model: String,
    /// Declared disease traits, at most three.
    pub traits: Vec<String>,
    /// Who it is.
    pub person: Person,
    /// Where each of the person's numbers comes from, by its name; what has no source is left out.
    pub sources: IndexMap<String, String>,
    /// Departures from the model.
    pub(super) parameters: Vec<Departure>,
    /// Where the model and each trait were written.
    pub(super) spans: (Span, Vec<Span>),
}

/// Who a person is; what is not known is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// Sex in the sense of the equations that ask for it.
    pub sex: Option<Sex>,
    /// Years, > 0.
    pub age: Option<f64>,
    /// Body mass, kg, > 0.
    pub mass: Option<f64>,
    /// Height, m, > 0.
    pub height: Option<f64>,
    /// Body fat as a fraction of the mass, in (0, 1).
    pub fat: Option<f64>,
    /// Maximal oxygen uptake, mL per kg and min, > 0.
    pub fitness: Option<f64>,
}

/// Sex in the sense of the equations that ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Names that rules may use.
pub const PERSON_NAMES: &[&str] = &[
    "age",
    "male",
    "mass",
    "height",
    "fat",
    "fitness",
    "fat_free_mass",
    "surface_area",
];

impl Person {
    /// The number behind a name of [`PERSON_NAMES`]: years, 0 or 1, kg, m, fraction, mL/kg/min, kg, m².
    pub fn value(&self, name: &str) -> Option<f64> {
        match name {
            "age" => self.age,
            "male" => self.sex.map(|sex| f64::from(u8::from(sex == Sex::Male))),
            "mass" => self.mass,
            "height" => self.height,
            "fat" => self.fat,
            "fitness" => self.fitness,
            "fat_free_mass" => self.fat_free_mass(),
            "surface_area" => self.surface_area(),
            _ => None,
        }
    }

    /// Mass without its fat, kg.
    pub fn fat_free_mass(&self) -> Option<f64> {
        Some(self.mass? * (1.0 - self.fat?))
    }

    /// Body surface, m².
    ///
    /// Source: Du Bois and Du Bois 1916, Arch Intern Med 17:863–871: 0.007184 · kg^0.425 · cm^0.725.
    /// ```
    /// # use insilin::scenario::subject::Person;
    /// let person = Person { mass: Some(70.0), height: Some(1.7), ..Person::default() };
    /// assert!((person.surface_area().unwrap() - 1.81).abs() < 0.005); // 0.007184 · 6.083 · 41.42
    /// ```
    pub fn surface_area(&self) -> Option<f64> {
        let centimetres = 100.0 * self.height?;
        Some(0.007184 * math::pow(self.mass?, 0.425) * math::pow(centimetres, 0.725))
    }
}

/// Where a subject of this name lies: `subjects/NAME.toml`; a path that ends in `.toml` is taken as it is.
pub fn path_of(name: &str) -> String {
    if name.ends_with(".toml") {
        name.to_string()
    } else {
        format!("subjects/{name}.toml")
    }
}

const MOST_TRAITS: usize = 3;

/// Reads a subject; findings are added to `findings`, and none comes back where the model is not clear.
pub fn read(text: &str, source: SourceId, findings: &mut Diagnostics) -> Option<Subject> {
    document(text, source, "the subject", findings, |root, findings| {
        subject(&root, findings)
    })?
}

fn subject(root: &Table, findings: &mut Diagnostics) -> Option<Subject> {
    let known = [
        "schema",
        "name",
        "title",
        "note",
        "model",
        "traits",
        "person",
        "parameters",
    ];
    root.refuse_unknown(&known, findings);
    super::inputs::check_schema(root, findings);
    let word = |key: &str, findings: &mut Diagnostics| {
        let text = root.get(key).and_then(|node| node.text(findings));
        text.map_or_else(String::new, |text| text.value)
    };
    let model = root.require(
        "model",
        "model = \"published/dalla_man_2007.ant\"",
        findings,
    );
    let model = model.and_then(|node| node.text(findings));
    let traits = traits(root, findings);
    let mut subject = Subject {
        name: word("name", findings),
        title: word("title", findings),
        note: word("note", findings),
        parameters: departures(root, findings),
        ..Subject::default()
    };
    if let Some(node) = root.get("person")
        && let Some(table) = node.table("the person", findings)
    {
        person(&table, &mut subject, findings);
    }
    let model = model?;
    subject.spans = (model.span, traits.iter().map(|name| name.span).collect());
    subject.traits = traits.into_iter().map(|name| name.value).collect();
    subject.model = model.value;
    Some(subject)
}

fn traits(root: &Table, findings: &mut Diagnostics) -> Vec<At<String>> {
    let Some(node) = root.get("traits") else {
        return Vec::new();
    };
    let traits = node.texts(findings).unwrap_or_default();
    if traits.len() > MOST_TRAITS {
        let message = format!("a subject has {} disease traits", traits.len());
        let found = Diagnostic::error("scenario/subject", message).at(node.span);
        findings.push(
            found.hint("at most three are declared; all else follows from who the person is"),
        );
    }
    traits
}

const PERSON_KEYS: &[&str] = &["sex", "age", "mass", "height", "fat", "fitness"];

fn person(table: &Table, subject: &mut Subject, findings: &mut Diagnostics) {
    table.refuse_unknown(PERSON_KEYS, findings);
    for node in table.nodes() {
        if !PERSON_KEYS.contains(&node.key) {
            continue;
        }
        let Some((value, source)) = sourced(&node, findings) else {
            continue;
        };
        if let Some(source) = source {
            subject.sources.insert(node.key.to_string(), source);
        }
        let person = &mut subject.person;
        match node.key {
            "sex" => person.sex = sex(&value, findings),
            "age" => person.age = number(&value, "age", "years", 130.0, findings),
            "mass" => person.mass = number(&value, "mass", "kg", 600.0, findings),
            "height" => person.height = number(&value, "height", "m", 3.0, findings),
            "fat" => {
                person.fat =
                    number(&value, "fat", "%", 80.0, findings).map(|percent| percent / 100.0)
            }
            _ => person.fitness = number(&value, "fitness", "mL/kg/min", 120.0, findings),
        }
    }
}

/// `"78 kg"`, or `{ value = "78 kg", source = "…" }`.
fn sourced(node: &Node, findings: &mut Diagnostics) -> Option<(At<Scalar>, Option<String>)> {
    if !node.is_table() {
        return Some((node.scalar(findings)?, None));
    }
    let table = node.table("this number", findings)?;
    table.refuse_unknown(&["value", "source"], findings);
    let value = table.require("value", "value = \"78 kg\"", findings);
    let source = table.require("source", "source = \"mean of the study\"", findings);
    let value = value.and_then(|node| node.scalar(findings));
    let source = source.and_then(|node| node.text(findings));
    let source =
        source.filter(|text| said(text, "source", "where the number comes from", findings));
    Some((value?, source.map(|text| text.value)))
}

fn sex(written: &At<Scalar>, findings: &mut Diagnostics) -> Option<Sex> {
    let word = At {
        value: written.value.shown(),
        span: written.span,
    };
    one_of(
        &word,
        "sex",
        &[("female", Sex::Female), ("male", Sex::Male)],
        findings,
    )
}

/// A number of a person in `unit`, above zero and not above `most`.
fn number(
    written: &At<Scalar>,
    key: &str,
    unit: &str,
    most: f64,
    findings: &mut Diagnostics,
) -> Option<f64> {
    let value = match &written.value {
        Scalar::Number(value) if key == "age" => *value,
        Scalar::Number(value) => {
            let message = format!("`{key}` is in {unit}: the number needs a unit");
            let found = Diagnostic::error("scenario/needs-unit", message).at(written.span);
            findings.push(found.hint(format!("for example `\"{value} {unit}\"`")));
            return None;
        }
        Scalar::Text(text) => in_unit(text, unit, written.span, findings)?,
    };
    if value > 0.0 && value <= most {
        return Some(value);
    }
    let message = format!("`{key}` cannot be {}", written.value.shown());
    let found = Diagnostic::error("scenario/subject", message).at(written.span);
    findings.push(found.hint(format!("above 0 and at most {most} {unit}")));
    None
}

fn in_unit(text: &str, unit: &str, span: Span, findings: &mut Diagnostics) -> Option<f64> {
    // A year is no unit of the model languages, and only ages are counted in it.
    if unit == "years" {
        let digits = text.trim_end_matches(|c: char| c.is_alphabetic()).trim();
        let years = digits.parse::<f64>().ok();
        let word = text.trim_start_matches(digits).trim();
        if let (Some(years), true) = (years, ["", "y", "year", "years"].contains(&word)) {
            return Some(years);
        }
        let found = Diagnostic::error("scenario/unit", format!("`{text}` is no age")).at(span);
        findings.push(found.hint("for example `age = \"56 years\"`"));
        return None;
    }
    let written: Quantity = quantity(text, span, findings)?;
    let wanted = parse_unit(unit).expect("an everyday unit");
    let value = written
        .value_in(&wanted)
        .filter(|_| !written.unit_text.is_empty());
    if value.is_none() {
        let found =
            Diagnostic::error("scenario/unit", format!("`{text}` is not in {unit}")).at(span);
        findings.push(found.hint(format!("write it in {unit}")));
    }
    value
}

/// What follows for the model from who the person is: its author's rules, but for parameters that `spoken_for` names.
pub(super) fn followed(
    person: &Person,
    inputs: &Inputs,
    spoken_for: &[&str],
    findings: &mut Diagnostics,
) -> Vec<Departure> {
    let open = inputs
        .rules
        .iter()
        .filter(|(id, _)| !spoken_for.contains(&id.as_str()));
    open.filter_map(|(id, rule)| follow(person, id, rule, findings))
        .collect()
}

fn follow(person: &Person, id: &str, rule: &Rule, findings: &mut Diagnostics) -> Option<Departure> {
    let mut missing = Vec::new();
    rule.formula.walk(&mut |part| {
        if let ExprKind::Symbol(name) = &part.kind
            && PERSON_NAMES.contains(&name.as_str())
            && person.value(name).is_none()
        {
            missing.push(name.clone());
        }
    });
    if !missing.is_empty() {
        // The model's own value stays: that of the population it was made for.
        let names: Vec<&str> = missing.iter().map(String::as_str).collect();
        let message = format!(
            "`{id}` keeps the model's value: the subject does not say {}",
            listed(&names)
        );
        findings.push(Diagnostic::note("scenario/subject", message).at(rule.span));
        return None;
    }
    let value = arithmetic::evaluate(
        &rule.formula,
        &|name| person.value(name),
        PERSON_NAMES,
        findings,
    )?;
    let written = format!("{value:?} {}", rule.unit_text);
    Some(Departure {
        name: At {
            value: id.to_string(),
            span: rule.span,
        },
        value: At {
            value: Scalar::Text(written),
            span: rule.span,
        },
        why: rule.why.clone(),
    })
}

/// A parameter that follows from who the person is.
#[derive(Clone, Debug, PartialEq)]
pub struct Follower {
    /// Its id in the model.
    pub id: String,
    /// The unit of what the rule gives.
    pub unit_text: String,
    formula: Expr<String>,
}

impl Follower {
    /// Whether the rule asks for a number of the person, or for one that is made from it.
    pub fn needs(&self, name: &str) -> bool {
        let asked: &[&str] = match name {
            "mass" => &["mass", "fat_free_mass", "surface_area"],
            "height" => &["height", "surface_area"],
            "fat" => &["fat", "fat_free_mass"],
            "age" => &["age"],
            _ => &["fitness"],
        };
        let mut found = false;
        self.formula.walk(&mut |part| {
            if let ExprKind::Symbol(symbol) = &part.kind {
                found |= asked.contains(&symbol.as_str());
            }
        });
        found
    }

    /// What follows for a person; none where something about the person is not known.
    pub fn value(&self, person: &Person) -> Option<f64> {
        let mut unsaid = Diagnostics::new();
        let known = |name: &str| person.value(name);
        arithmetic::evaluate(&self.formula, &known, PERSON_NAMES, &mut unsaid)
    }
}

/// The parameters of an arm that follow from who its subject is: those of its author's rules that neither the subject nor
/// the scenario gives another value.
pub fn followers(arm: &Arm) -> Vec<Follower> {
    let departed = |id: &str, rule: &Rule| {
        let symbol = arm.model.symbol(id);
        let mut departures = arm.departures.iter();
        departures.any(|one| Some(one.symbol) == symbol && one.why != rule.why)
    };
    let open = arm.inputs.rules.iter();
    let open = open.filter(|(id, rule)| !departed(id, rule));
    open.map(|(id, rule)| Follower {
        id: id.clone(),
        unit_text: rule.unit_text.clone(),
        formula: rule.formula.clone(),
    })
    .collect()
}

/// Reports disease traits that the model does not carry.
pub(super) fn check_traits(subject: &Subject, inputs: &Inputs, findings: &mut Diagnostics) {
    for (name, span) in subject.traits.iter().zip(&subject.spans.1) {
        if inputs.traits.contains(name) {
            continue;
        }
        let known: Vec<&str> = inputs.traits.iter().map(String::as_str).collect();
        let message = format!("the subject declares `{name}`, which the model does not carry");
        let found = Diagnostic::error("scenario/subject", message).at(*span);
        findings.push(if known.is_empty() {
            found.hint(format!(
                "`{}` declares no traits; choose another model",
                subject.model
            ))
        } else {
            found.hint(suggestion(name, &known))
        });
    }
}
