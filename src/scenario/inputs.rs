//! What a model offers to be driven: the file `NAME.inputs.toml` beside `NAME.ant`.
//!
//! ```toml
//! schema = 1
//! [inputs.meal_glucose]                 # given once at a time
//! meaning = "glucose eaten"
//! unit = "mg"
//! range = [0, 200000]
//! molar_mass = "180.156 g/mol"          # optional: amounts of substance are accepted too
//! kind = "amount"
//! do = [                                # in this order, at one instant; `amount` is the given value in `unit`
//!   { set = "Dose", to = "Q_sto1 + Q_sto2 + amount" },
//!   { bolus = "Q_sto1", by = "amount" },
//! ]
//! [inputs.insulin]                      # held over an interval
//! meaning = "insulin in the medium"
//! unit = "nmol/L"
//! kind = "level"
//! parameter = "insulin"
//! [outputs]                             # which quantity of the model is what, by the names of the contract
//! plasma_glucose = "G_plasma"
//! [person.BW]                           # how a parameter follows from who the person is
//! formula = "mass"
//! unit = "kg"
//! why = "the body weight is the person's"
//! ```

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};
use crate::syntax::expr::Expr;
use crate::units::{Unit, conversion_factor, parse_unit};

use super::contract;
use super::quantity;
use super::raw::table::{At, Node, Table, document};
use super::raw::{SCHEMA, Scalar, listed, suggestion};

/// What a model offers to the world around it, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// What can be driven, by name.
    pub inputs: IndexMap<String, Input>,
    /// Which quantity of the model is what: names of the contract with ids of the model.
    pub outputs: IndexMap<String, Output>,
    /// Parameters that follow from who the person is, by id.
    pub rules: IndexMap<String, Rule>,
    /// Disease traits that the model carries.
    pub traits: Vec<String>,
}

/// A quantity of the model under its name of the contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Its id in the model.
    pub id: String,
    /// Where it was declared.
    pub span: Span,
}

/// How a parameter follows from who the person is.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Over the names of [`super::subject::Person::value`].
    pub formula: Expr<String>,
    /// The unit of what the formula gives.
    pub unit_text: String,
    /// The reason, with its source.
    pub why: String,
    /// Where it was declared.
    pub span: Span,
}

/// One input.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// What it is, in words.
    pub meaning: String,
    /// Its unit.
    pub unit: Unit,
    /// Its unit as written.
    pub unit_text: String,
    /// Lowest and highest value that the model was made for, in `unit`.
    pub range: Option<(f64, f64)>,
    /// g/mol, when mass and amount of substance may be exchanged.
    pub molar_mass: Option<f64>,
    /// How it is driven.
    pub kind: InputKind,
    /// Where it was declared.
    pub span: Span,
}

/// How an input is driven.
#[derive(Clone, Debug, PartialEq)]
pub enum InputKind {
    /// Given once at a time; the steps happen at one instant, in order.
    Amount(Vec<Step>),
    /// Held over an interval: the id of the parameter that it is.
    Level(String),
}

/// One step of what giving an amount does.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The id of what changes.
    pub target: String,
    /// Whether it jumps by the formula (a bolus) or takes its value.
    pub adds: bool,
    /// The formula over the model's ids and `amount`.
    pub formula: Expr<String>,
    /// Where it was written.
    pub span: Span,
}

/// Where the inputs of a model are declared: `published/x.inputs.toml` for `published/x.ant`.
///
/// None for a path without an ending.
pub fn beside(model_path: &str) -> Option<String> {
    let (stem, ending) = model_path.rsplit_once('.')?;
    (!ending.contains('/')).then(|| format!("{stem}.inputs.toml"))
}

/// Reads an inputs file. Findings are added to `findings`; inputs with mistakes are left out.
pub fn read(text: &str, source: SourceId, findings: &mut Diagnostics) -> Inputs {
    let inputs = document(
        text,
        source,
        "the inputs file",
        findings,
        |root, findings| {
            let known = ["schema", "traits", "inputs", "outputs", "person"];
            root.refuse_unknown(&known, findings);
            check_schema(&root, findings);
            root.require("inputs", "[inputs.insulin]", findings);
            let traits = root.get("traits").and_then(|node| node.texts(findings));
            Inputs {
                traits: traits
                    .unwrap_or_default()
                    .into_iter()
                    .map(|name| name.value)
                    .collect(),
                inputs: section(&root, "inputs", input, findings),
                outputs: section(&root, "outputs", output, findings),
                rules: section(&root, "person", rule, findings),
            }
        },
    );
    inputs.unwrap_or_default()
}

/// The entries of a section by key; those with mistakes are left out.
fn section<T>(
    root: &Table,
    key: &str,
    read: fn(&Node, &mut Diagnostics) -> Option<T>,
    findings: &mut Diagnostics,
) -> IndexMap<String, T> {
    let table = root
        .get(key)
        .and_then(|node| node.table("this section", findings));
    let nodes = table.map_or_else(Vec::new, |table| table.nodes());
    let one = |node: &Node| Some((node.key.to_string(), read(node, findings)?));
    nodes.iter().filter_map(one).collect()
}

fn output(node: &Node, findings: &mut Diagnostics) -> Option<Output> {
    let known = contract::contract();
    if !known.outputs.contains_key(node.key) {
        let names: Vec<&str> = known.outputs.keys().map(String::as_str).collect();
        let message = format!("the contract has no output `{}`", node.key);
        let found = Diagnostic::error("scenario/contract", message).at(node.key_span);
        findings.push(found.hint(suggestion(node.key, &names)));
        return None;
    }
    let span = node.key_span;
    Some(Output {
        id: node.text(findings)?.value,
        span,
    })
}

fn rule(node: &Node, findings: &mut Diagnostics) -> Option<Rule> {
    let table = node.table("the rule", findings)?;
    table.refuse_unknown(&["formula", "unit", "why"], findings);
    let mut text = |key: &str, example: &str| {
        table
            .require(key, example, findings)
            .and_then(|node| node.text(findings))
    };
    let formula = text("formula", "formula = \"mass\"");
    let unit = text("unit", "unit = \"kg\"");
    let why = text("why", "why = \"the body weight is the person's\"");
    let (formula, unit, why) = (formula?, unit?, why?);
    if let Err(error) = parse_unit(&unit.value) {
        findings.push(Diagnostic::from(error).at(unit.span));
        return None;
    }
    Some(Rule {
        formula: super::formula::read(&formula, findings)?,
        unit_text: unit.value,
        why: why.value,
        span: node.key_span,
    })
}

pub(super) fn check_schema(root: &Table, findings: &mut Diagnostics) {
    let schema = root.require("schema", "schema = 1", findings);
    let Some(schema) = schema.and_then(|node| node.number(findings)) else {
        return;
    };
    if schema.value != SCHEMA {
        let message = format!("schema {} is not known to this version", schema.value);
        let found = Diagnostic::error("scenario/schema", message).at(schema.span);
        findings.push(found.hint("write `schema = 1`"));
    }
}

const KEYS: &[&str] = &[
    "meaning",
    "unit",
    "range",
    "molar_mass",
    "kind",
    "do",
    "parameter",
];

fn input(node: &Node, findings: &mut Diagnostics) -> Option<Input> {
    let table = node.table("the input", findings)?;
    table.refuse_unknown(KEYS, findings);
    let text = |key: &str, example: &str, findings: &mut Diagnostics| {
        table.require(key, example, findings)?.text(findings)
    };
    let meaning = text("meaning", "meaning = \"insulin in the medium\"", findings);
    let unit_text = text("unit", "unit = \"pmol/L\"", findings);
    let kind = kind(&table, findings);
    let unit_text = unit_text?;
    let unit = parse_unit(&unit_text.value);
    let unit = unit.map_err(|error| findings.push(Diagnostic::from(error).at(unit_text.span)));
    let range = table.get("range").and_then(|node| range(&node, findings));
    let molar_mass = table.get("molar_mass");
    let molar_mass = molar_mass.and_then(|node| self::molar_mass(&node, findings));
    let (kind, unit) = (kind?, unit.ok()?);
    keeps_contract(node, &kind, unit, findings);
    Some(Input {
        meaning: meaning?.value,
        unit,
        unit_text: unit_text.value,
        range,
        molar_mass,
        kind,
        span: node.key_span,
    })
}

/// A name of the contract means what the contract says: the same kind, a unit of the same dimension.
fn keeps_contract(node: &Node, kind: &InputKind, unit: Unit, findings: &mut Diagnostics) {
    let Some(agreed) = contract::contract().inputs.get(node.key) else {
        return;
    };
    let amount = matches!(kind, InputKind::Amount(_));
    let broken = if amount != agreed.amount {
        format!(
            "`{}` is {} in the contract",
            node.key,
            if agreed.amount {
                "an amount"
            } else {
                "a level"
            }
        )
    } else if !unit.same_dimension(&agreed.unit) {
        format!(
            "`{}` is in {} in the contract",
            node.key,
            agreed.unit_shown()
        )
    } else {
        return;
    };
    let found = Diagnostic::error("scenario/contract", broken).at(node.key_span);
    findings.push(
        found.hint("docs/inputs.md lists the contract; choose another name for another thing"),
    );
}

fn kind(table: &Table, findings: &mut Diagnostics) -> Option<InputKind> {
    let kind = table
        .require("kind", "kind = \"level\"", findings)?
        .text(findings)?;
    match kind.value.as_str() {
        "level" => {
            let parameter = table.require("parameter", "parameter = \"insulin\"", findings)?;
            Some(InputKind::Level(parameter.text(findings)?.value))
        }
        "amount" => {
            let steps =
                table.require("do", "do = [{ bolus = \"Q\", by = \"amount\" }]", findings)?;
            let steps = steps.tables("this step", findings);
            let steps: Option<Vec<Step>> =
                steps.iter().map(|table| step(table, findings)).collect();
            steps.map(InputKind::Amount)
        }
        other => {
            let message = format!("`kind` cannot be `{other}`");
            let found = Diagnostic::error("scenario/unknown-word", message).at(kind.span);
            findings.push(found.hint(suggestion(other, &["amount", "level"])));
            None
        }
    }
}

fn step(table: &Table, findings: &mut Diagnostics) -> Option<Step> {
    let (adds, keys, target) = match (table.get("set"), table.get("bolus")) {
        (Some(target), None) => (false, ["set", "to"], target),
        (None, Some(target)) => (true, ["bolus", "by"], target),
        _ => {
            let found = Diagnostic::error("scenario/entry", "this step does not say what it does");
            let hint = format!("one of {} begins it", listed(&["set", "bolus"]));
            findings.push(found.at(table.span).hint(hint));
            return None;
        }
    };
    table.refuse_unknown(&keys, findings);
    let target = target.text(findings);
    let formula = table.require(keys[1], "by = \"amount\"", findings);
    let formula = formula.and_then(|node| node.text(findings));
    Some(Step {
        target: target?.value,
        adds,
        formula: super::formula::read(&formula?, findings)?,
        span: table.span,
    })
}

fn range(node: &Node, findings: &mut Diagnostics) -> Option<(f64, f64)> {
    let ends: Vec<f64> = node
        .list(findings)?
        .iter()
        .filter_map(|item| item.number(findings))
        .map(|end| end.value)
        .collect();
    if let [low, high] = ends[..]
        && low <= high
    {
        return Some((low, high));
    }
    let found = Diagnostic::error(
        "scenario/type",
        "`range` takes a lowest and a highest number",
    );
    findings.push(found.at(node.span).hint("for example `range = [0, 1000]`"));
    None
}

fn molar_mass(node: &Node, findings: &mut Diagnostics) -> Option<f64> {
    let At { value, span } = node.text(findings)?;
    let quantity = quantity::quantity(&value, span, findings)?;
    let gram_per_mole = parse_unit("g/mol").expect("an everyday unit");
    let factor = conversion_factor(&quantity.unit, &gram_per_mole);
    let mass = factor
        .map(|factor| quantity.value * factor)
        .filter(|mass| *mass > 0.0);
    if mass.is_none() {
        let found = Diagnostic::error("scenario/unit", format!("`{value}` is no molar mass"));
        findings.push(found.at(span).hint("for example `\"180.156 g/mol\"`"));
    }
    mass
}

impl Scalar {
    /// As it was written, for labels.
    pub(super) fn shown(&self) -> String {
        match self {
            Scalar::Number(value) => value.to_string(),
            Scalar::Text(text) => text.trim().to_string(),
        }
    }
}
