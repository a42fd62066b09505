//! Sensitivities as a table, as JSON and as files.

use insilin::render::build::{Effect, tornado};
use insilin::render::number::significant;
use insilin::render::table::{Align, Table};
use insilin::render::{Axis, DISCLAIMER, Figure};
use insilin::store::Folder;
use insilin::trajectory::csv;
use serde_json::{Value, json};

use super::Job;
use super::local::{Row, Rows};
use crate::cli::results;

/// For standard output: one table per arm and metric, the strongest first.
pub fn text(job: &Job, rows: &Rows) -> String {
    let mut parts = vec![format!("{}\n", job.loaded.scenario.title)];
    let groups = rows
        .rows
        .chunk_by(|a, b| (&a.arm, &a.metric) == (&b.arm, &b.metric));
    for group in groups {
        parts.push(table(job, group));
    }
    parts.push(format!("{DISCLAIMER}\n"));
    parts.join("\n")
}

fn table(job: &Job, rows: &[Row]) -> String {
    let first = &rows[0];
    let arm = match first.arm.as_str() {
        "" => String::new(),
        label => format!("{label}: "),
    };
    let value = with_unit(&significant(first.metric_value, 4), &first.metric_unit);
    let mut text = format!("{arm}{} = {value}\n", first.metric);
    let change = format!("for {:+}%", significant_share(job.share));
    let mut table = Table::new(&[
        ("parameter", Align::Left),
        ("value", Align::Right),
        ("unit", Align::Left),
        ("normalised", Align::Right),
        (&change, Align::Right),
        ("unit", Align::Left),
        ("derivative", Align::Right),
        ("unit", Align::Left),
    ]);
    for row in rows.iter().take(job.top) {
        let number = |value: Option<f64>| value.map_or("–".to_string(), |v| significant(v, 4));
        let why = row.why.as_ref().map(|why| format!("({why})"));
        table.push([
            &row.parameter,
            &significant(row.value, 4),
            &row.unit,
            &number(row.normalised),
            &number(row.change),
            &row.metric_unit,
            &number(row.derivative),
            &why.unwrap_or_else(|| row.derivative_unit.clone()),
        ]);
    }
    text.push_str(&table.render());
    if rows.len() > job.top {
        let rest = rows.len() - job.top;
        text.push_str(&format!(
            "… and {rest} more in sensitivity.csv; `--top N` shows more\n"
        ));
    }
    text
}

fn significant_share(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

fn with_unit(number: &str, unit: &str) -> String {
    format!("{number} {unit}").trim_end().to_string()
}

/// What `sensitivity.json` holds.
pub fn json(job: &Job, rows: &Rows) -> Value {
    json!({
        "name": job.loaded.scenario.name,
        "notice": DISCLAIMER,
        "method": "local",
        "relative": job.share,
        "sensitivities": rows.rows,
    })
}

/// The files: rows as CSV and JSON, curves as CSV.
pub fn folder(job: &Job, rows: &Rows) -> Folder {
    let mut folder = Folder::new();
    folder.add("sensitivity.csv", table_csv(rows));
    folder.add("sensitivity.json", format!("{:#}\n", json(job, rows)));
    for (name, curves) in &rows.curves {
        folder.add(name.clone(), csv::write(curves));
    }
    folder
}

/// A tornado plot for every arm and metric: to first order, what the share asked for does both ways.
pub fn figures(job: &Job, rows: &Rows) -> Vec<(String, Figure)> {
    let groups = rows
        .rows
        .chunk_by(|a, b| (&a.arm, &a.metric) == (&b.arm, &b.metric));
    let figures = groups.enumerate().map(|(at, group)| {
        let first = &group[0];
        let percent = significant(100.0 * job.share.abs(), 3);
        let effect = |row: &Row| Effect {
            name: row.parameter.clone(),
            ends: (format!("−{percent} %"), format!("+{percent} %")),
            low: row.change.map(|change| row.metric_value - change),
            high: row.change.map(|change| row.metric_value + change),
        };
        let shown = group.iter().filter(|row| row.change.is_some());
        let effects: Vec<Effect> = shown.take(job.top).map(effect).collect();
        let axis = Axis::new(&first.metric, &first.metric_unit);
        let arm = match first.arm.as_str() {
            "" => String::new(),
            label => format!(", {label}"),
        };
        let title = format!(
            "{}{arm}: what ± {percent} % of each parameter does",
            first.metric
        );
        let mut figure = tornado(&title, axis, first.metric_value, &effects);
        figure.subtitle = format!("{}: to first order", job.loaded.scenario.title);
        (
            format!("tornado-{}", results::slug(&first.metric, at)),
            figure,
        )
    });
    figures.collect()
}

fn table_csv(rows: &Rows) -> String {
    let mut text = "arm,metric,metric_value,metric_unit,parameter,value,unit,derivative,derivative_unit,normalised,change,why\n".to_string();
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    for row in &rows.rows {
        let cells = [
            quoted(&row.arm),
            quoted(&row.metric),
            row.metric_value.to_string(),
            quoted(&row.metric_unit),
            quoted(&row.parameter),
            row.value.to_string(),
            quoted(&row.unit),
            number(row.derivative),
            quoted(&row.derivative_unit),
            number(row.normalised),
            number(row.change),
            quoted(row.why.as_deref().unwrap_or_default()),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}
