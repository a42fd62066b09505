//! `[[figure]]` as written.

use crate::diag::{Diagnostic, Diagnostics};

use super::super::{FigureKind, HeatRange};
use super::sections::pair;
use super::table::{At, Node, Table};
use super::{Figure, file_stem, one_of, plain_text};

/// Keys of every figure.
const KEYS: [&str; 5] = ["name", "title", "panels", "kind", "against"];

/// Words for kinds, with the keys that each has of its own.
const KINDS: [(&str, &[&str]); 10] = [
    ("course", &[]),
    ("day", &["day"]),
    ("stacked", &[]),
    ("heat", &["scale"]),
    ("dose-response", &[]),
    ("week", &["week"]),
    ("month", &["band"]),
    ("long", &["band"]),
    ("small-multiples", &["columns", "by"]),
    ("bars", &[]),
];

/// Words for the spread of a day.
const BANDS: [(&str, Option<(f64, f64)>); 4] = [
    ("min-max", None),
    ("5-95 %", Some((5.0, 95.0))),
    ("10-90 %", Some((10.0, 90.0))),
    ("25-75 %", Some((25.0, 75.0))),
];

/// `[[figure]]`.
pub(super) fn figures(root: &Table, findings: &mut Diagnostics) -> Vec<Figure> {
    let tables = root
        .get("figure")
        .map_or_else(Vec::new, |node| node.tables("the figure", findings));
    tables
        .iter()
        .filter_map(|table| figure(table, findings))
        .collect()
}

fn figure(table: &Table, findings: &mut Diagnostics) -> Option<Figure> {
    let word = table.get("kind").and_then(|node| node.text(findings));
    let against = against(table, findings);
    let word = match (&word, against) {
        (Some(word), _) => kind_word(word, findings)?,
        (None, Some(true)) => "dose-response",
        (None, _) => "course",
    };
    if let Some(varied) = against.filter(|varied| *varied != (word == "dose-response")) {
        let axis = if varied { "varied" } else { "time" };
        let message = format!("a figure of the kind `{word}` is not against `{axis}`");
        let node = table.get("against")?;
        let found = Diagnostic::error("scenario/entry", message).at(node.span);
        findings.push(found.hint("leave `against` out: the kind says it"));
    }
    let own = KINDS.iter().find(|(name, _)| *name == word);
    let own = own.map_or(&[][..], |(_, keys)| keys);
    table.refuse_unknown(&[&KEYS[..], own].concat(), findings);
    let name = table.require("name", "name = \"glucose\"", findings);
    let name = name.and_then(|node| file_stem(&node, findings));
    let title = plain_text(table, "title", findings);
    let kind = kind(word, table, findings);
    let range = table.get("scale").filter(|node| node.is_list());
    let range = range.and_then(|node| pair(&node, findings));
    let panels = table.require("panels", "panels = [[\"G\"], [\"I\"]]", findings)?;
    let panels: Vec<Vec<At<String>>> = panels
        .list(findings)?
        .iter()
        .filter_map(|panel| panel.texts(findings))
        .collect();
    let name = name?;
    Some(Figure {
        title: if title.is_empty() {
            name.value.clone()
        } else {
            title
        },
        name,
        panels,
        kind,
        range,
    })
}

/// Whether the figure is against what is varied; none when it does not say.
fn against(table: &Table, findings: &mut Diagnostics) -> Option<bool> {
    let word = table.get("against")?.text(findings)?;
    one_of(
        &word,
        "against",
        &[("time", false), ("varied", true)],
        findings,
    )
}

fn kind_word(word: &At<String>, findings: &mut Diagnostics) -> Option<&'static str> {
    let accepted = KINDS.map(|(name, _)| (name, name));
    one_of(word, "kind", &accepted, findings)
}

fn kind(word: &str, table: &Table, findings: &mut Diagnostics) -> FigureKind {
    match word {
        "day" => FigureKind::Day {
            day: counted(table, "day", findings),
        },
        "stacked" => FigureKind::Stacked,
        "heat" => FigureKind::Heat(scale(table, findings)),
        "dose-response" => FigureKind::DoseResponse,
        "week" => FigureKind::Week {
            week: counted(table, "week", findings).unwrap_or(1),
        },
        "month" | "long" => FigureKind::Long {
            percentiles: table
                .get("band")
                .and_then(|node| node.text(findings))
                .and_then(|word| one_of(&word, "band", &BANDS, findings))
                .flatten(),
        },
        "small-multiples" => FigureKind::SmallMultiples {
            columns: counted(table, "columns", findings),
            by_arm: table
                .get("by")
                .and_then(|node| node.text(findings))
                .and_then(|word| {
                    one_of(&word, "by", &[("quantity", false), ("arm", true)], findings)
                })
                .unwrap_or(false),
        },
        "bars" => FigureKind::Bars,
        _ => FigureKind::Course,
    }
}

/// `scale` of a heat strip: a word, or two ends that are read elsewhere.
fn scale(table: &Table, findings: &mut Diagnostics) -> HeatRange {
    let accepted = [("own", false), ("common", true)];
    let word = table.get("scale").filter(|node| !node.is_list());
    let common = word
        .and_then(|node: Node| node.text(findings))
        .and_then(|word| one_of(&word, "scale", &accepted, findings));
    if common == Some(true) {
        HeatRange::Common
    } else {
        HeatRange::Own
    }
}

/// A whole number from 1.
fn counted(table: &Table, key: &str, findings: &mut Diagnostics) -> Option<u32> {
    const MOST: f64 = 100_000.0;
    let number = table.get(key)?.number(findings)?;
    if number.value.fract() == 0.0 && (1.0..=MOST).contains(&number.value) {
        return Some(number.value as u32);
    }
    let message = format!("`{key}` is no whole number from 1");
    let found = Diagnostic::error("scenario/number", message).at(number.span);
    findings.push(found.hint(format!("for example `{key} = 1`")));
    None
}

/// Word and value of the spread, as `band` is written.
pub(in crate::scenario) fn band_word(percentiles: Option<(f64, f64)>) -> &'static str {
    let found = BANDS.iter().find(|(_, value)| *value == percentiles);
    found.map_or("min-max", |(word, _)| word)
}
