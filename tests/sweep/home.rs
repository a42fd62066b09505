//! A folder with a scenario that has an event on a state, a delay, an algebraic rule and a clamp; rows of its tables.

use std::collections::BTreeMap;

use crate::support::command::{Home, Said, words};

/// A folder with `all.ant` and `all.toml`.
pub fn all() -> Home {
    Home::with(&[
        ("all.ant", include_str!("all.ant")),
        ("all.toml", include_str!("all.toml")),
    ])
}

/// Sixteen parts of 25 runs, with curves.
pub const MANY: &str = "sweep all.toml --over \"k=0.1..0.5 1/min:20\" --over \"loss=0.1..0.3 1/min:20\" --curves --no-figures --quiet";

/// One row of `runs.csv`: cells by the column's name without its unit.
pub type Row = BTreeMap<String, String>;

/// The rows of a folder that was written with `--format csv`.
pub fn rows(home: &Home, folder: &str) -> Vec<Row> {
    let text = home.read(&format!("{folder}/runs.csv"));
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let names = head.iter().map(|name| match name.split_once(" [") {
        Some((name, _)) => name.to_string(),
        None => name.to_string(),
    });
    let names: Vec<String> = names.collect();
    let row = |line: &str| {
        // What failed may have commas in its last cell, the reason.
        let cells = line.splitn(names.len(), ',').map(str::to_string);
        names.iter().cloned().zip(cells).collect()
    };
    lines.map(row).collect()
}

/// A cell as a number.
pub fn number(row: &Row, name: &str) -> f64 {
    let cell = row
        .get(name)
        .unwrap_or_else(|| panic!("no `{name}` in {row:?}"));
    cell.parse()
        .unwrap_or_else(|_| panic!("`{name}` is `{cell}` in {row:?}"))
}

/// Values of a run's metrics by name, as its summary tells them.
pub fn metrics(said: &Said) -> BTreeMap<String, f64> {
    let summary: serde_json::Value = serde_json::from_str(&said.out).expect("--json prints JSON");
    let all = summary["metrics"].as_array().expect("a list");
    all.iter()
        .map(|metric| {
            let word = |key: &str| metric[key].as_str().expect("a text").to_string();
            let name = format!("{}.{}", word("observable"), word("metric"));
            (name, metric["value"].as_f64().expect("a number"))
        })
        .collect()
}

/// A line of arguments with some more.
pub fn line(parts: &[&str]) -> Vec<String> {
    words(&parts.join(" "))
}
