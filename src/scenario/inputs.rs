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
//! ```

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};
use crate::syntax::expr::Expr;
use crate::units::{Unit, conversion_factor, parse_unit};

use super::quantity;
use super::raw::table::{At, Node, Table, document};
use super::raw::{SCHEMA, Scalar, listed, suggestion};

/// The inputs of a model by name, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs(pub IndexMap<String, Input>);

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
            root.refuse_unknown(&["schema", "inputs"], findings);
            check_schema(&root, findings);
            let section = root.require("inputs", "[inputs.insulin]", findings)?;
            let section = section.table("this section", findings)?;
            let one = |node: &Node, findings: &mut Diagnostics| {
                Some((node.key.to_string(), input(node, findings)?))
            };
            Some(
                section
                    .nodes()
                    .iter()
                    .filter_map(|node| one(node, findings))
                    .collect(),
            )
        },
    );
    Inputs(inputs.flatten().unwrap_or_default())
}

fn check_schema(root: &Table, findings: &mut Diagnostics) {
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
    Some(Input {
        meaning: meaning?.value,
        unit: unit.ok()?,
        unit_text: unit_text.value,
        range: table.get("range").and_then(|node| range(&node, findings)),
        molar_mass: table
            .get("molar_mass")
            .and_then(|node| molar_mass(&node, findings)),
        kind: kind?,
        span: node.key_span,
    })
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
