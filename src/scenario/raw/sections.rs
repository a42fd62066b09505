//! The other sections of a scenario as written.

use crate::diag::{Diagnostic, Diagnostics};

use super::table::{At, Node, Scalar, Table};
use super::{
    Bounds, Departure, Expectation, Measured, Observed, Time, Values, Varied, Vary, one_of,
};

pub(in crate::scenario) const TIME_KEYS: &[&str] = &["unit", "span", "every", "points", "start"];

/// `time = { unit, span, every | points, start }`.
pub(super) fn time(node: &Node, findings: &mut Diagnostics) -> Option<Time> {
    let table = node.table("the time", findings)?;
    table.refuse_unknown(TIME_KEYS, findings);
    let read = Time {
        unit: table.get("unit").and_then(|node| node.text(findings)),
        span_ends: table.get("span").and_then(|node| pair(&node, findings)),
        every: table.get("every").and_then(|node| node.scalar(findings)),
        start: table.get("start").and_then(|node| node.text(findings)),
        points: table.get("points").and_then(|node| node.scalars(findings)),
        span: table.span,
    };
    if let (Some(every), Some(points)) = (table.get("every"), table.get("points")) {
        let both = Diagnostic::error("scenario/time", "the time says both `every` and `points`");
        let both = both.at(points.key_span).label(every.key_span, "");
        findings.push(both.hint("leave one of them out"));
    }
    if table.get("points").is_none() {
        table.require("span", "span = [0, 420]", findings);
        table.require("every", "every = 1", findings);
    }
    Some(read)
}

/// A list of two.
pub(super) fn pair(node: &Node, findings: &mut Diagnostics) -> Option<(At<Scalar>, At<Scalar>)> {
    let items = node.list(findings)?;
    if let [low, high] = items.as_slice() {
        let (low, high) = (low.scalar(findings), high.scalar(findings));
        return Some((low?, high?));
    }
    let wrong = Diagnostic::error(
        "scenario/type",
        format!("`{}` takes a list of two, found {}", node.key, items.len()),
    );
    findings.push(
        wrong
            .at(node.span)
            .hint("a first and a last value: `[0, 420]`"),
    );
    None
}

/// `[parameters]`: every departure with its reason.
pub(crate) fn departures(table: &Table, findings: &mut Diagnostics) -> Vec<Departure> {
    let section = table
        .get("parameters")
        .and_then(|node| node.table("this section", findings));
    let nodes = section.map_or_else(Vec::new, |section| section.nodes());
    nodes
        .iter()
        .filter_map(|node| departure(node, findings))
        .collect()
}

fn departure(node: &Node, findings: &mut Diagnostics) -> Option<Departure> {
    let table = node.table("the departure", findings)?;
    table.refuse_unknown(&["value", "why"], findings);
    let value = table.require("value", "value = \"800 pmol/L\"", findings);
    let why = table.require("why", "why = \"reduced sensitivity, assumed\"", findings);
    let value = value.and_then(|node| node.scalar(findings));
    let why = why.and_then(|node| node.text(findings));
    let why = why.filter(|why| said(why, "why", "the reason for this value", findings));
    Some(Departure {
        name: At {
            value: node.key.to_string(),
            span: node.key_span,
        },
        value: value?,
        why: why?.value,
    })
}

/// Whether the text holds anything; reports it when not.
pub(crate) fn said(text: &At<String>, key: &str, wanted: &str, findings: &mut Diagnostics) -> bool {
    let empty = text.value.trim().is_empty();
    if empty {
        let found = Diagnostic::error("scenario/missing", format!("`{key}` is empty"));
        findings.push(found.at(text.span).hint(format!("write {wanted}")));
    }
    !empty
}

/// `[observe]`: quantities with the metrics wanted of each.
pub(super) fn observed(table: &Table, findings: &mut Diagnostics) -> Option<Vec<Observed>> {
    let section = table.get("observe")?.table("this section", findings)?;
    let one = |node: &Node, findings: &mut Diagnostics| Observed {
        id: At {
            value: node.key.to_string(),
            span: node.key_span,
        },
        metrics: node.texts(findings).unwrap_or_default(),
    };
    Some(
        section
            .nodes()
            .iter()
            .map(|node| one(node, findings))
            .collect(),
    )
}

/// `[[measured]]`.
pub(super) fn measured(root: &Table, findings: &mut Diagnostics) -> Vec<Measured> {
    let tables = root
        .get("measured")
        .map_or_else(Vec::new, |node| node.tables("the measured data", findings));
    let one = |table: &Table, findings: &mut Diagnostics| {
        table.refuse_unknown(&["file", "arm"], findings);
        let file = table.require("file", "file = \"data/meal.csv\"", findings);
        let arm = table.get("arm").and_then(|node| node.text(findings));
        let file = file.and_then(|node| node.text(findings))?;
        Some(Measured { file, arm })
    };
    tables
        .iter()
        .filter_map(|table| one(table, findings))
        .collect()
}

/// `[[expect]]`.
pub(super) fn expectations(root: &Table, findings: &mut Diagnostics) -> Vec<Expectation> {
    let tables = root
        .get("expect")
        .map_or_else(Vec::new, |node| node.tables("the expectation", findings));
    tables
        .iter()
        .filter_map(|table| expectation(table, findings))
        .collect()
}

fn expectation(table: &Table, findings: &mut Diagnostics) -> Option<Expectation> {
    table.refuse_unknown(
        &["metric", "varied", "within", "value", "tolerance", "source"],
        findings,
    );
    let metric = table.require("metric", "metric = \"G.peak\"", findings);
    let metric = metric.and_then(|node| node.text(findings));
    let source = table.require(
        "source",
        "source = \"who measured or published it\"",
        findings,
    );
    let source = source.and_then(|node| node.text(findings));
    let source =
        source.filter(|text| said(text, "source", "where the number comes from", findings));
    let bounds = bounds(table, findings);
    Some(Expectation {
        metric: metric?,
        bounds: bounds?,
        varied: table.get("varied").and_then(|node| node.scalar(findings)),
        source: source?.value,
        span: table.span,
    })
}

fn bounds(table: &Table, findings: &mut Diagnostics) -> Option<Bounds> {
    match (table.get("within"), table.get("value")) {
        (Some(within), Some(value)) => {
            let both = Diagnostic::error(
                "scenario/entry",
                "the expectation says both `within` and `value`",
            );
            let both = both.at(value.key_span).label(within.key_span, "");
            findings.push(both.hint("leave one of them out"));
            None
        }
        (None, Some(value)) => {
            let value = value.scalar(findings);
            let tolerance = table.require("tolerance", "tolerance = \"± 5 %\"", findings);
            let tolerance = tolerance.and_then(|node| node.scalar(findings));
            Some(Bounds::Around(value?, tolerance?))
        }
        _ => {
            let within = table.require(
                "within",
                "within = [\"150 mg/dL\", \"165 mg/dL\"]",
                findings,
            )?;
            let (low, high) = pair(&within, findings)?;
            Some(Bounds::Within(low, high))
        }
    }
}

/// `[vary]`.
pub(super) fn vary(root: &Table, findings: &mut Diagnostics) -> Option<Vary> {
    let table = root.get("vary")?.table("this section", findings)?;
    table.refuse_unknown(&["of", "values", "scale", "unit"], findings);
    let of = table.require("of", "of = \"insulin\"", findings);
    let of = of.and_then(|node| node.text(findings));
    let unit = table.get("unit").and_then(|node| node.text(findings));
    let log = scale(&table, findings);
    let node = table.require("values", "values = [\"1 nM\", \"10 nM\"]", findings)?;
    let values = if node.is_list() {
        Values::List(node.scalars(findings)?, log)
    } else {
        range(&node.table("the list of values", findings)?, log, findings)?
    };
    Some(Vary {
        of: of?,
        values,
        unit: unit.map(|unit| unit.value),
        span: table.span,
    })
}

fn scale(table: &Table, findings: &mut Diagnostics) -> bool {
    let word = table.get("scale").and_then(|node| node.text(findings));
    let accepted = [("linear", false), ("log", true)];
    word.and_then(|word| one_of(&word, "scale", &accepted, findings))
        .unwrap_or(false)
}

fn range(table: &Table, log: bool, findings: &mut Diagnostics) -> Option<Values> {
    table.refuse_unknown(&["from", "to", "points", "scale"], findings);
    let log = log || scale(table, findings);
    let from = table.require("from", "from = \"1 pM\"", findings);
    let to = table.require("to", "to = \"100 nM\"", findings);
    let points = table.require("points", "points = 25", findings);
    let from = from.and_then(|node| node.scalar(findings));
    let to = to.and_then(|node| node.scalar(findings));
    let points = points.and_then(|node| node.number(findings));
    Some(Values::Range {
        from: from?,
        to: to?,
        points: points?,
        log,
    })
}

/// `varied = { of, values }`: what `expand` writes for an arm.
pub(super) fn varied(table: &Table, findings: &mut Diagnostics) -> Option<Varied> {
    let node = table.get("varied")?;
    let table = node.table("the varied quantity", findings)?;
    table.refuse_unknown(&["of", "values"], findings);
    let of = table.require("of", "of = \"insulin\"", findings);
    let values = table.require("values", "values = [1, 10]", findings);
    let of = of.and_then(|node| node.text(findings));
    let values = values.and_then(|node| node.scalars(findings));
    Some(Varied {
        of: of?,
        values: values?,
    })
}
