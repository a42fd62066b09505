//! `insilin compare`: runs beside each other, as figures, as a table, as a check.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use insilin::diag::{Diagnostic, SourceMap};
use insilin::observe::Allowance;
use insilin::render::DISCLAIMER;
use insilin::render::number::significant;
use insilin::render::table::{Align, Table};
use insilin::store::{Folder, sha256};
use serde_json::{Value, json};

use super::args::Compare;
use super::comparison::{Comparison, Curve, Group, Row, member_names};
use super::runs::{self, Runs};
use super::terminal::{Exit, Terminal};
use super::{Ended, figures, overlay, results, tolerance};

/// The comparison as data, in its folder.
pub const COMPARISON: &str = "compare.json";

/// Longest head of a column of numbers, in characters.
const LONGEST_HEAD: usize = 20;

/// Most names in the name of a folder.
const MOST_NAMES: usize = 3;

/// Compares what was asked for.
pub fn compare(arguments: &Compare, terminal: Terminal) -> Ended {
    let limits = tolerance::read(&arguments.tolerance, terminal)?;
    let members = fetch_all(arguments, terminal)?;
    let comparison = Comparison::of(&members, &arguments.select, &limits, terminal)?;
    say_left_out(&comparison.left_out, terminal);
    let as_json = to_json(&comparison, &members, arguments);
    let folder = folder(&comparison, &members, arguments, &as_json, terminal);
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => default_folder(&members),
    };
    results::replace(&folder, &recorded_files(&out), &out, terminal)?;
    if arguments.json {
        terminal.data(&format!("{as_json:#}\n"))?;
    } else {
        terminal.data(&text(&comparison, &members, !limits.is_empty()))?;
    }
    terminal.say(&format!("written to {}", out.display()));
    answer(&comparison, terminal)
}

fn fetch_all(arguments: &Compare, terminal: Terminal) -> Result<Vec<Runs>, Exit> {
    let models = arguments.models.as_deref();
    let one = |what: &String| runs::fetch(what, models, arguments.units, terminal);
    let members: Vec<Runs> = arguments.what.iter().map(one).collect::<Result<_, _>>()?;
    let n_runs: usize = members.iter().map(Runs::count).sum();
    if n_runs > 1 {
        return Ok(members);
    }
    let message = format!(
        "`{}` is one run, and one alone cannot be compared",
        arguments.what[0]
    );
    let hint = "give a second one: a result folder, a manifest or a scenario";
    terminal.failure("cli/compare", &message, hint);
    Err(Exit::Input)
}

/// Says what all runs but one have, once.
fn say_left_out(left_out: &[String], terminal: Terminal) {
    if left_out.is_empty() {
        return;
    }
    let message = format!("not compared: {}", left_out.join("; "));
    let found = Diagnostic::warning("cli/not-compared", message);
    terminal.findings(&found.into(), &SourceMap::new());
}

/// Whether all is within its limit; the worst that is not is said.
fn answer(comparison: &Comparison, terminal: Terminal) -> Ended {
    let beyond = comparison.beyond();
    let Some((_, worst)) = beyond.first() else {
        return Ok(());
    };
    let message = format!(
        "{} of {} differences are beyond tolerance; the worst: {worst}",
        beyond.len(),
        comparison.limited()
    );
    let hint = "the table marks all of them";
    terminal.failure("cli/beyond-tolerance", &message, hint);
    Err(Exit::No)
}

/// Where a comparison goes when nothing else is said.
pub fn default_folder(members: &[Runs]) -> PathBuf {
    let names = member_names(members);
    let mut parts: Vec<String> = names
        .iter()
        .take(MOST_NAMES)
        .map(|name| plain(name))
        .collect();
    if names.len() > MOST_NAMES {
        parts.push(format!("and-{}-more", names.len() - MOST_NAMES));
    }
    Path::new("results").join(format!("compare-{}", parts.join("-")))
}

fn plain(name: &str) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() || c == '.' {
            c
        } else {
            '-'
        }
    };
    let plain: String = name.chars().map(letter).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

/// Files of an earlier comparison in a folder, with their fingerprints.
fn recorded_files(out: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(out.join(COMPARISON)).unwrap_or_default();
    let whole: Value = serde_json::from_str(&text).unwrap_or_default();
    let files = whole["outputs"].as_object();
    let file = |(path, print): (&String, &Value)| Some((path.clone(), print.as_str()?.to_string()));
    files.into_iter().flatten().filter_map(file).collect()
}

/// Everything that a comparison leaves behind: figures, table, data, and the runs themselves.
fn folder(
    comparison: &Comparison,
    members: &[Runs],
    arguments: &Compare,
    as_json: &Value,
    terminal: Terminal,
) -> Folder {
    let mut folder = Folder::new();
    folder.add("table.csv", csv(comparison));
    if !arguments.no_figures {
        for (name, figure) in overlay::all(comparison, members, terminal) {
            let figure = figures::look(figure, arguments.projector);
            for (path, content) in figures::drawn(&name, &figure, None) {
                folder.add(path, content);
            }
        }
    }
    for (at, runs) in members.iter().enumerate() {
        let (files, _) = runs.folder();
        for path in files.paths() {
            let content = files.content(path).expect("it is listed");
            folder.add(format!("{}/{path}", run_folder(members, at)), content);
        }
    }
    let print = |path: &str| sha256(folder.content(path).expect("it is listed"));
    let outputs: BTreeMap<&str, String> = folder.paths().map(|path| (path, print(path))).collect();
    let mut as_json = as_json.clone();
    as_json["outputs"] = json!(outputs);
    folder.add(COMPARISON, format!("{as_json:#}\n"));
    folder
}

/// Where the runs of a member lie in the comparison's folder.
fn run_folder(members: &[Runs], at: usize) -> String {
    let name = plain(&member_names(members)[at]);
    format!("runs/{}-{name}", at + 1)
}

// ---- text

/// For standard output.
fn text(comparison: &Comparison, members: &[Runs], checked: bool) -> String {
    let mut parts = vec![format!("{}\n", heading(members))];
    parts.push(numbers_table(comparison));
    parts.push(curves_table(comparison));
    if checked {
        parts.push(format!("{}\n", verdict(comparison)));
    }
    parts.push(format!("{DISCLAIMER}\n"));
    parts.join("\n")
}

/// What is compared with what.
pub fn heading(members: &[Runs]) -> String {
    match &member_names(members)[..] {
        [only] => format!("{only}: compared with the first"),
        [reference, other] => format!("{other} against {reference}"),
        [reference, others @ ..] => format!("{} against {reference}", others.join(", ")),
        [] => String::new(),
    }
}

/// Whether the limits hold, in words.
pub fn verdict(comparison: &Comparison) -> String {
    let (beyond, limited) = (comparison.beyond(), comparison.limited());
    match beyond.first() {
        None => format!("all {limited} differences are within tolerance"),
        Some((_, worst)) => format!(
            "{} of {limited} differences are beyond tolerance; the worst: {worst}",
            beyond.len()
        ),
    }
}

/// Words of a row that need not be repeated below each other, and what they become.
struct Words(Vec<String>);

impl Words {
    /// The words, those left out that stand in the row above behind the same words.
    fn less(&mut self, words: &[&str]) -> Vec<String> {
        let same = |at: &usize| self.0.get(*at).is_some_and(|last| last == words[*at]);
        let n_same = (0..words.len()).take_while(same).count();
        self.0 = words.iter().map(|word| (*word).to_string()).collect();
        let shown = |(at, word): (usize, &&str)| {
            if at < n_same {
                String::new()
            } else {
                (*word).to_string()
            }
        };
        words.iter().enumerate().map(shown).collect()
    }
}

/// Columns of words in front of the numbers: what tells the rows apart.
fn leading(comparison: &Comparison, group: &Group, of: [&str; 2], run: usize) -> Vec<String> {
    let mut words = vec![of[0].to_string(), of[1].to_string()];
    if comparison.groups.len() > 1 {
        words.insert(0, group.label.clone());
    }
    if !pairs_alone(comparison) {
        words.push(group.runs[run].label.clone());
    }
    words
}

fn leading_heads(comparison: &Comparison, heads: [&'static str; 2]) -> Vec<&'static str> {
    let mut found = heads.to_vec();
    found.retain(|head| !head.is_empty());
    if comparison.groups.len() > 1 {
        found.insert(0, "of");
    }
    if !pairs_alone(comparison) {
        found.push("run");
    }
    found
}

/// Whether one run with one name is compared with one other throughout: then their names can head the columns.
fn pairs_alone(comparison: &Comparison) -> bool {
    let labels =
        |group: &Group| -> Vec<String> { group.runs.iter().map(|run| run.label.clone()).collect() };
    let first = labels(&comparison.groups[0]);
    first.len() == 2 && comparison.groups.iter().all(|group| labels(group) == first)
}

/// A label as the head of a column.
fn head(label: &str) -> String {
    if label.chars().count() <= LONGEST_HEAD {
        return label.to_string();
    }
    let kept: String = label.chars().take(LONGEST_HEAD - 1).collect();
    format!("{kept}…")
}

fn numbers_table(comparison: &Comparison) -> String {
    let first = &comparison.groups[0];
    let one_reference = comparison
        .groups
        .iter()
        .all(|group| group.runs[0].label == first.runs[0].label);
    let reference = if one_reference {
        head(&first.runs[0].label)
    } else {
        "reference".to_string()
    };
    let value = if pairs_alone(comparison) {
        head(&first.runs[1].label)
    } else {
        "value".to_string()
    };
    let mut columns: Vec<(&str, Align)> = leading_heads(comparison, ["quantity", "metric"])
        .into_iter()
        .map(|head| (head, Align::Left))
        .collect();
    columns.extend([&reference, &value].map(|head| (head.as_str(), Align::Point)));
    columns.extend([("difference", Align::Point), ("ratio", Align::Point)]);
    columns.extend([("unit", Align::Left), ("", Align::Left)]);
    let mut table = Table::new(&columns);
    let mut words = Words(Vec::new());
    for group in &comparison.groups {
        for row in &group.rows {
            let lead = leading(comparison, group, [&row.label, &row.words], row.run);
            let lead: Vec<&str> = lead.iter().map(String::as_str).collect();
            let mut cells = words.less(&lead);
            let change = row.change;
            let numbers = [
                change.reference,
                change.value,
                change.difference(),
                change.ratio(),
            ];
            cells.extend(numbers.map(|value| significant(value, 4)));
            cells.extend([row.unit.clone(), mark(row.excess()).to_string()]);
            table.rows.push(cells);
        }
    }
    table.render()
}

fn mark(excess: Option<f64>) -> &'static str {
    if excess.is_some_and(|excess| excess > 1.0) {
        "BEYOND"
    } else {
        ""
    }
}

fn curves_table(comparison: &Comparison) -> String {
    let mut columns: Vec<(&str, Align)> = leading_heads(comparison, ["whole curve", ""])
        .into_iter()
        .map(|head| (head, Align::Left))
        .collect();
    columns.extend([("largest difference", Align::Point), ("unit", Align::Left)]);
    columns.extend([("at", Align::Point), ("", Align::Left)]);
    columns.extend([("% of range", Align::Point), ("", Align::Left)]);
    let mut table = Table::new(&columns);
    let mut words = Words(Vec::new());
    for group in &comparison.groups {
        for curve in &group.curves {
            let mut lead = leading(comparison, group, [&curve.label, ""], curve.run);
            lead.retain(|word| !word.is_empty());
            let lead: Vec<&str> = lead.iter().map(String::as_str).collect();
            let mut cells = words.less(&lead);
            let [difference, at, share] = curve_numbers(curve);
            cells.extend([
                difference,
                curve.unit.clone(),
                at,
                curve.time_unit.clone(),
                share,
            ]);
            cells.push(mark(curve.excess()).to_string());
            table.rows.push(cells);
        }
    }
    table.render()
}

/// Largest difference, when, and its share of the reference's range in percent.
pub fn curve_numbers(curve: &Curve) -> [String; 3] {
    let found = curve.deviation.as_ref();
    let number = |value: Option<f64>, digits| significant(value.unwrap_or(f64::NAN), digits);
    [
        number(found.map(|found| found.largest), 4),
        number(found.map(|found| found.at), 4),
        number(found.map(|found| 100.0 * found.relative()), 3),
    ]
}

// ---- data

/// One row per metric and run, and one per whole curve.
fn csv(comparison: &Comparison) -> String {
    let mut text = format!("# {DISCLAIMER}\n");
    text.push_str(
        "group,quantity,metric,unit,reference,run,reference_value,value,difference,ratio,within\n",
    );
    for group in &comparison.groups {
        for row in &group.rows {
            let change = row.change;
            let numbers = [
                change.reference,
                change.value,
                change.difference(),
                change.ratio(),
            ];
            let words = [&group.label, &row.id, &row.metric.to_string(), &row.unit];
            text.push_str(&csv_row(group, row.run, words, &numbers, row.excess()));
        }
        for curve in &group.curves {
            let found = curve.deviation.as_ref();
            let largest = found.map_or(f64::NAN, |found| found.largest);
            let relative = found.map_or(f64::NAN, |found| found.relative());
            let words = [&group.label, &curve.id, &"curve".to_string(), &curve.unit];
            let numbers = [f64::NAN, f64::NAN, largest, relative];
            text.push_str(&csv_row(group, curve.run, words, &numbers, curve.excess()));
        }
    }
    text
}

fn csv_row(
    group: &Group,
    run: usize,
    words: [&String; 4],
    numbers: &[f64],
    excess: Option<f64>,
) -> String {
    let mut cells: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    cells.push(quoted(&group.runs[0].label));
    cells.push(quoted(&group.runs[run].label));
    let number = |value: &f64| {
        if value.is_nan() {
            String::new()
        } else {
            value.to_string()
        }
    };
    cells.extend(numbers.iter().map(number));
    let within = excess.map_or("", |excess| if excess > 1.0 { "no" } else { "yes" });
    cells.push(within.to_string());
    format!("{}\n", cells.join(","))
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_string()
    }
}

/// The comparison as `compare.json` holds it, the fingerprints of its files apart.
fn to_json(comparison: &Comparison, members: &[Runs], arguments: &Compare) -> Value {
    let names = member_names(members);
    let member = |(at, runs): (usize, &Runs)| {
        let scenario = &runs.loaded.scenario;
        let models: Vec<&str> = scenario
            .arms
            .iter()
            .map(|arm| arm.model_path.as_str())
            .collect();
        json!({
            "name": names[at], "what": runs.what, "scenario": scenario.name, "title": scenario.title,
            "models": models, "folder": run_folder(members, at),
        })
    };
    let compared: Vec<Value> = members.iter().enumerate().map(member).collect();
    let groups: Vec<Value> = comparison.groups.iter().map(group_json).collect();
    let beyond: Vec<String> = comparison
        .beyond()
        .into_iter()
        .map(|(_, words)| words)
        .collect();
    json!({
        "schema": 1,
        "program": format!("insilin {}", env!("CARGO_PKG_VERSION")),
        "notice": DISCLAIMER,
        "compared": compared,
        "tolerance": arguments.tolerance,
        "select": arguments.select,
        "groups": groups,
        "left_out": comparison.left_out,
        "limited": comparison.limited(),
        "beyond": beyond,
    })
}

fn group_json(group: &Group) -> Value {
    let label = |run: usize| group.runs[run].label.as_str();
    let metrics: Vec<Value> = group
        .rows
        .iter()
        .map(|row| row_json(row, label(row.run)))
        .collect();
    let curves: Vec<Value> = group
        .curves
        .iter()
        .map(|c| curve_json(c, label(c.run)))
        .collect();
    let runs: Vec<&str> = group.runs.iter().map(|run| run.label.as_str()).collect();
    json!({
        "label": group.label, "reference": runs[0], "runs": runs, "metrics": metrics, "curves": curves,
    })
}

fn row_json(row: &Row, run: &str) -> Value {
    let change = row.change;
    json!({
        "run": run, "quantity": row.id, "label": row.label, "metric": row.metric.to_string(), "unit": row.unit,
        "reference": change.reference, "value": change.value, "difference": change.difference(),
        "ratio": change.ratio(), "allowed": row.allowed.map(allowance_json),
        "within": row.excess().map(|excess| excess <= 1.0),
    })
}

fn curve_json(curve: &Curve, run: &str) -> Value {
    let found = curve.deviation.as_ref();
    json!({
        "run": run, "quantity": curve.id, "label": curve.label, "unit": curve.unit, "time_unit": curve.time_unit,
        "largest_difference": found.map(|found| found.largest), "at": found.map(|found| found.at),
        "share_of_range": found.map(|found| found.relative()), "root_mean_square": found.map(|found| found.rms),
        "allowed": curve.allowed.map(allowance_json), "within": curve.excess().map(|excess| excess <= 1.0),
    })
}

fn allowance_json(allowance: Allowance) -> Value {
    match allowance {
        Allowance::Relative(share) => json!({ "share": share }),
        Allowance::Absolute(distance) => json!({ "distance": distance }),
    }
}
