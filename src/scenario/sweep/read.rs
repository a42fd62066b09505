//! `[sweep]` of a scenario file.

use crate::diag::{Diagnostic, Diagnostics, SourceId};

use super::super::raw::table::{Node, Table};
use super::super::raw::{At, document, one_of};
use super::{
    Axis, Curves, Sampling, Scheme, Sweep, SweepFigure, SweepFigureKind, Target, Values, values,
};

/// Reads the `[sweep]` of a scenario's text; none when it has no such section, or when it cannot be understood, with the
/// reasons in `findings`.
pub fn read(text: &str, source: SourceId, findings: &mut Diagnostics) -> Option<Sweep> {
    document(text, source, "the scenario", findings, |root, findings| {
        let node = root.get("sweep")?;
        sweep(&node.table("the sweep", findings)?, findings)
    })?
}

const KEYS: [&str; 7] = [
    "design", "runs", "seed", "axes", "metrics", "curves", "figure",
];

fn sweep(table: &Table, findings: &mut Diagnostics) -> Option<Sweep> {
    table.refuse_unknown(&KEYS, findings);
    let before = findings.0.len();
    let scheme = scheme(table, findings)?;
    let groups = groups(table, findings);
    let metrics = table.get("metrics").and_then(|node| node.texts(findings));
    let figures = table.get("figure").map(|node| {
        let tables = node.tables("the figure", findings);
        tables
            .iter()
            .filter_map(|one| figure(one, findings))
            .collect()
    });
    let curves = table.get("curves").and_then(|node| curves(&node, findings));
    (findings.0.len() == before).then(|| Sweep {
        scheme,
        groups,
        metrics: metrics
            .unwrap_or_default()
            .into_iter()
            .map(|metric| (metric.value, metric.span))
            .collect(),
        curves,
        figures: figures.unwrap_or_default(),
        span: table.span,
    })
}

fn scheme(table: &Table, findings: &mut Diagnostics) -> Option<Scheme> {
    let word = table.get("design").and_then(|node| node.text(findings));
    let runs = table.get("runs");
    let seed = table.get("seed").and_then(|node| whole(&node, findings));
    let Some(word) = word.filter(|word| word.value != "grid") else {
        if let Some(runs) = runs {
            let message = "a grid has as many runs as it has points";
            let found = Diagnostic::error("sweep/design", message).at(runs.span);
            findings.push(found.hint("leave `runs` out, or draw points: `design = \"sobol\"`"));
            return None;
        }
        return Some(Scheme::Grid);
    };
    let sampling = one_of(&word, "design", Sampling::WORDS, findings)?;
    let runs = table
        .require("runs", "runs = 1000", findings)
        .and_then(|node| whole(&node, findings))?;
    Some(Scheme::Sampled {
        sampling,
        runs,
        seed: seed.unwrap_or(0),
    })
}

fn whole(node: &Node, findings: &mut Diagnostics) -> Option<u64> {
    let number = node.number(findings)?;
    // Whole numbers up to 2^53 are exact in what TOML numbers are read into.
    let fits =
        number.value.fract() == 0.0 && (0.0..=9.007_199_254_740_992e15).contains(&number.value);
    if !fits {
        let message = format!("`{}` takes a whole number that is not below zero", node.key);
        findings.push(
            Diagnostic::error("sweep/number", message)
                .at(number.span)
                .hint("for example `1000`"),
        );
        return None;
    }
    Some(number.value as u64)
}

fn groups(table: &Table, findings: &mut Diagnostics) -> Vec<Vec<Axis>> {
    let Some(node) = table.require(
        "axes",
        "axes = [{ of = \"insulin\", values = [\"1 nM\", \"10 nM\"] }]",
        findings,
    ) else {
        return Vec::new();
    };
    let tables = node.tables("the axis", findings);
    if tables.is_empty() {
        let found = Diagnostic::error("sweep/empty-axis", "the sweep has no axes").at(node.span);
        findings.push(
            found.hint(
                "for example `axes = [{ of = \"insulin\", values = [\"1 nM\", \"10 nM\"] }]`",
            ),
        );
    }
    tables.iter().map(|one| group(one, findings)).collect()
}

fn group(table: &Table, findings: &mut Diagnostics) -> Vec<Axis> {
    let Some(zip) = table.get("zip") else {
        return axis(table, findings).into_iter().collect();
    };
    table.refuse_unknown(&["zip"], findings);
    let tables = zip.tables("the axis", findings);
    let axes: Vec<Axis> = tables
        .iter()
        .filter_map(|one| axis(one, findings))
        .collect();
    let lengths: Vec<Option<usize>> = axes.iter().map(|axis| axis.values.len()).collect();
    if lengths.windows(2).any(|pair| pair[0] != pair[1]) {
        let shown: Vec<String> = axes
            .iter()
            .map(|axis| match axis.values.len() {
                Some(count) => format!("`{}` has {count}", axis.name),
                None => format!("`{}` has no end", axis.name),
            })
            .collect();
        let message = format!("axes side by side differ in length: {}", shown.join(", "));
        let found = Diagnostic::error("sweep/zip", message).at(zip.span);
        findings.push(found.hint("give each as many values as the others"));
    }
    axes
}

fn axis(table: &Table, findings: &mut Diagnostics) -> Option<Axis> {
    table.refuse_unknown(&["of", "name", "values", "scale"], findings);
    let of = table
        .require("of", "of = \"insulin\"", findings)
        .and_then(|node| node.text(findings));
    let name = table.get("name").and_then(|node| node.text(findings));
    let scale = table.get("scale").and_then(|node| node.text(findings));
    let log = is_log(scale.as_ref(), findings);
    let node = table.require("values", "values = [\"1 nM\", \"10 nM\"]", findings)?;
    let (form, values, log) = if node.is_list() {
        let items = node.scalars(findings)?;
        let (form, values) = values::list(&items, log, node.span, findings)?;
        (form, values, log)
    } else {
        range(&node, log, findings)?
    };
    let of = of?;
    Some(Axis {
        name: name.map_or_else(|| of.value.clone(), |name| name.value),
        target: Target::of(&of.value),
        form,
        values,
        log,
        span: of.span,
    })
}

fn is_log(word: Option<&At<String>>, findings: &mut Diagnostics) -> bool {
    let accepted = [("linear", false), ("log", true)];
    word.and_then(|word| one_of(word, "scale", &accepted, findings))
        .unwrap_or(false)
}

fn range(
    node: &Node,
    log: bool,
    findings: &mut Diagnostics,
) -> Option<(values::Form, Values, bool)> {
    let table = node.table("the range", findings)?;
    table.refuse_unknown(&["from", "to", "points", "scale"], findings);
    let scale = table.get("scale").and_then(|node| node.text(findings));
    let log = log || is_log(scale.as_ref(), findings);
    let end = |key: &str, example: &str, findings: &mut Diagnostics| {
        let node = table.require(key, example, findings);
        node.and_then(|node| node.scalar(findings))
    };
    let from = end("from", "from = \"1 pM\"", findings);
    let to = end("to", "to = \"100 nM\"", findings);
    let points = table.get("points").and_then(|node| node.number(findings));
    let (form, values) = values::range([&from?, &to?], points.as_ref(), log, table.span, findings)?;
    Some((form, values, log))
}

fn curves(node: &Node, findings: &mut Diagnostics) -> Option<Curves> {
    let table = node.table("the curves", findings)?;
    table.refuse_unknown(&["of", "every"], findings);
    let of = table.get("of").and_then(|node| node.texts(findings));
    let every = table.get("every").and_then(|node| node.scalar(findings));
    Some(Curves {
        of: of
            .unwrap_or_default()
            .into_iter()
            .map(|id| id.value)
            .collect(),
        every: every.map(|every| match every.value {
            super::super::raw::Scalar::Text(text) => text,
            super::super::raw::Scalar::Number(number) => number.to_string(),
        }),
    })
}

fn figure(table: &Table, findings: &mut Diagnostics) -> Option<SweepFigure> {
    let keys = ["name", "title", "kind", "x", "y", "of", "level", "arm"];
    table.refuse_unknown(&keys, findings);
    let text = |key: &str, findings: &mut Diagnostics| {
        let text = table.get(key).and_then(|node| node.text(findings));
        text.map(|text| text.value)
    };
    let name = table.require("name", "name = \"peak\"", findings);
    let name = name.and_then(|node| super::super::raw::file_stem(&node, findings));
    let kind = table
        .require("kind", "kind = \"heat\"", findings)
        .and_then(|node| node.text(findings))
        .and_then(|word| one_of(&word, "kind", SweepFigureKind::WORDS, findings));
    let of = table
        .require("of", "of = \"glucose.peak\"", findings)
        .and_then(|node| node.text(findings));
    Some(SweepFigure {
        name: name?.value,
        title: text("title", findings).unwrap_or_default(),
        kind: kind?,
        x: text("x", findings),
        y: text("y", findings),
        of: of?.value,
        level: text("level", findings),
        arm: text("arm", findings),
        span: table.span,
    })
}

/// Reports what the axes of a whole sweep cannot be together.
pub fn check(scheme: &Scheme, groups: &[Vec<Axis>], findings: &mut Diagnostics) {
    refuse_grid_without_points(scheme, groups, findings);
    refuse_twice(groups, findings);
}

/// Reports axes of a grid without a number of points.
fn refuse_grid_without_points(scheme: &Scheme, groups: &[Vec<Axis>], findings: &mut Diagnostics) {
    if *scheme != Scheme::Grid {
        return;
    }
    for axis in groups.iter().flatten() {
        if axis.values.len().is_none() {
            let message = format!(
                "the grid does not know how many values of `{}` to take",
                axis.name
            );
            let found = Diagnostic::error("sweep/values", message).at(axis.span);
            findings.push(found.hint("write `points = 25`, or draw points: `design = \"sobol\"`"));
        }
    }
}

/// Reports what two axes are about.
fn refuse_twice(groups: &[Vec<Axis>], findings: &mut Diagnostics) {
    let axes: Vec<&Axis> = groups.iter().flatten().collect();
    for (at, axis) in axes.iter().enumerate() {
        let is_same = |other: &&Axis| other.target == axis.target || other.name == axis.name;
        if axes[..at].iter().any(is_same) {
            let message = format!("two axes are about `{}`", axis.name);
            let found = Diagnostic::error("sweep/twice", message).at(axis.span);
            let hint = "leave one out; `zip` lets two different quantities move together";
            findings.push(found.hint(hint));
        }
    }
}
