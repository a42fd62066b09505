//! Places of a scenario's text: finding them by their keys, and writing other values there.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Span, did_you_mean};
use crate::units::parse_quantity;

use super::values::clock;
use super::{Axis, Value};

/// A value in a scenario's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its bytes.
    pub range: Range<usize>,
    /// What stands behind the quantity in a text and is kept: the words of a food, a standard deviation.
    pub behind: String,
    /// Whether it is a text in quotes.
    pub is_text: bool,
}

/// Finds the value that keys lead to.
///
/// * `keys` — keys of tables, and for items of lists their number from 1, their `name` or their `label`
/// * `span` — where the keys were written, for the finding
///
/// # Errors
/// Which key leads nowhere, with the near ones; a value that is no single number or text.
pub fn locate(text: &str, keys: &[String], span: Span) -> Result<Place, Box<Diagnostic>> {
    let document = DeTable::parse(text).map_err(|_| {
        Box::new(Diagnostic::error("scenario/toml", "the scenario is not TOML").at(span))
    })?;
    let mut here = Here::Table(document.get_ref());
    for (depth, key) in keys.iter().enumerate() {
        let value = here.step(key).ok_or_else(|| {
            let behind = keys[..depth].join(".");
            Box::new(lost(&here, key, &behind, span))
        })?;
        if depth + 1 == keys.len() {
            return found(value, keys, span);
        }
        here = Here::Value(value);
    }
    let message = "an axis names no place";
    Err(Box::new(Diagnostic::error("sweep/place", message).at(span)))
}

#[derive(Clone, Copy)]
enum Here<'a> {
    Table(&'a DeTable<'a>),
    Value(&'a Spanned<DeValue<'a>>),
}

impl<'a> Here<'a> {
    fn step(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        match self {
            Self::Table(table) => table.get(key),
            Self::Value(value) => match value.get_ref() {
                DeValue::Table(table) => table.get(key),
                DeValue::Array(items) => match key.parse::<usize>() {
                    Ok(number) => items.get(number.checked_sub(1)?),
                    Err(_) => items.iter().find(|item| name_of(item) == Some(key)),
                },
                _ => None,
            },
        }
    }

    /// What could be said here instead.
    fn known(&self) -> Vec<String> {
        let keys =
            |table: &DeTable<'_>| table.keys().map(|key| key.get_ref().to_string()).collect();
        match self {
            Self::Table(table) => keys(table),
            Self::Value(value) => match value.get_ref() {
                DeValue::Table(table) => keys(table),
                DeValue::Array(items) => {
                    let names = items.iter().filter_map(name_of).map(str::to_string);
                    names
                        .chain((1..=items.len()).map(|n| n.to_string()))
                        .collect()
                }
                _ => Vec::new(),
            },
        }
    }
}

/// The `name` of an item of a list, or its `label`.
fn name_of<'a>(item: &'a Spanned<DeValue<'a>>) -> Option<&'a str> {
    let DeValue::Table(table) = item.get_ref() else {
        return None;
    };
    let word = |key: &str| match table.get(key)?.get_ref() {
        DeValue::String(word) => Some(word.as_ref()),
        _ => None,
    };
    word("name").or_else(|| word("label"))
}

fn lost(here: &Here<'_>, key: &str, behind: &str, span: Span) -> Diagnostic {
    let place = if behind.is_empty() {
        "the scenario".to_string()
    } else {
        format!("`{behind}`")
    };
    let message = format!("{place} has no `{key}`");
    let found = Diagnostic::error("sweep/place", message).at(span);
    let known = here.known();
    match did_you_mean(key, known.iter().map(String::as_str)) {
        Some(near) => found.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => found.hint("nothing lies below it: leave the rest out"),
        None => {
            let some: Vec<String> = known.iter().take(8).map(|k| format!("`{k}`")).collect();
            found.hint(format!("there is {}", some.join(", ")))
        }
    }
}

fn found(
    value: &Spanned<DeValue<'_>>,
    keys: &[String],
    span: Span,
) -> Result<Place, Box<Diagnostic>> {
    let range = value.span();
    let plain = |behind: String, is_text: bool| Place {
        range: range.clone(),
        behind,
        is_text,
    };
    match value.get_ref() {
        DeValue::String(text) => Ok(plain(behind(text), true)),
        DeValue::Integer(_) | DeValue::Float(_) => Ok(plain(String::new(), false)),
        _ => {
            let message = format!("`{}` is no single number or text", keys.join("."));
            let mut found = Diagnostic::error("sweep/place", message).at(span);
            let known = Here::Value(value).known();
            if let Some(first) = known.first() {
                found = found.hint(format!(
                    "go on to what is in it, for example `{}.{first}`",
                    keys.join(".")
                ));
            }
            Err(Box::new(found))
        }
    }
}

/// What stands behind the number and unit at the beginning of a text: ` boiled lentils`, ` ± 10 %`.
fn behind(text: &str) -> String {
    let whole = |part: &str| clock(part).is_some() || parse_quantity(part).is_ok();
    if whole(text) {
        return String::new();
    }
    let ends = text.char_indices().filter(|(_, letter)| *letter == ' ');
    let head = ends
        .map(|(at, _)| at)
        .filter(|&at| whole(&text[..at]))
        .max();
    head.map_or_else(String::new, |at| text[at..].to_string())
}

/// The text with the values of axes at their places.
pub fn write(text: &str, changes: &[(&Place, &Axis, &Value)]) -> String {
    let mut ordered: Vec<_> = changes.iter().collect();
    ordered.sort_by_key(|(place, ..)| std::cmp::Reverse(place.range.start));
    let mut written = text.to_string();
    for (place, axis, value) in ordered {
        let literal = match value {
            Value::Word(word) => quoted(word),
            Value::Number(number) => {
                let text = axis.form.text(*number);
                let bare = axis.form.unit().is_empty();
                match (bare, place.is_text, place.behind.is_empty()) {
                    (true, false, _) => text,
                    (true, true, true) => text,
                    _ => quoted(&format!("{text}{}", place.behind)),
                }
            }
        };
        written.replace_range(place.range.clone(), &literal);
    }
    written
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}
