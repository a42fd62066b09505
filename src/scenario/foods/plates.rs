//! Reads plates (`plates.toml`) and menus of a day (`menus.toml`).

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span, did_you_mean};

use super::super::raw::SCHEMA;
use super::super::raw::table::{At, Node, Table, document};
use super::{Foods, Portion};

/// Portions that are eaten together.
#[derive(Clone, Debug, PartialEq)]
pub struct Plate {
    /// Its name in the file.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// What is on it, in the order of the file.
    pub items: Vec<Portion>,
}

/// Plates by name, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plates(pub IndexMap<String, Plate>);

/// What is eaten on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Menu {
    /// Its name in the file.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// Its meals by the clock, rising.
    pub meals: Vec<Course>,
}

/// One meal of a menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// When, minutes after midnight, in `[0, 1440)`.
    pub clock_min: f64,
    /// What it is called, for figures and tables.
    pub title: String,
    /// What is eaten.
    pub items: Vec<Portion>,
}

/// Menus by name, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Menus(pub IndexMap<String, Menu>);

impl Plates {
    /// The plate of a name.
    pub fn get(&self, name: &str) -> Option<&Plate> {
        self.0.get(name)
    }

    /// What to say about a name that no plate has.
    pub fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        unknown("plate", (name, span), self.0.keys())
    }
}

impl Menus {
    /// The menu of a name.
    pub fn get(&self, name: &str) -> Option<&Menu> {
        self.0.get(name)
    }

    /// What to say about a name that no menu has.
    pub fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        unknown("menu", (name, span), self.0.keys())
    }
}

fn unknown<'a>(
    what: &str,
    (name, span): (&str, Span),
    known: impl Iterator<Item = &'a String>,
) -> Diagnostic {
    let message = format!("no {what} is called `{name}`");
    let found = Diagnostic::error("scenario/unknown-name", message).at(span);
    found.hint(match did_you_mean(name, known.map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`insilin list {what}s` shows all"),
    })
}

/// Reads plates. Findings are added to `findings`; plates with mistakes are left out.
pub fn read_plates(
    text: &str,
    source: SourceId,
    foods: &Foods,
    findings: &mut Diagnostics,
) -> Plates {
    let plates = sections(
        text,
        source,
        ("the file of plates", "plates"),
        findings,
        |node, findings| {
            let table = node.table("the plate", findings)?;
            table.refuse_unknown(&["title", "source", "items"], findings);
            let head = head(&table, node, findings);
            let items = table.require("items", "items = [\"180 g boiled lentils\"]", findings)?;
            let items = portions(&items, foods, findings)?;
            let (name, title, source) = head?;
            Some(Plate {
                name,
                title,
                source,
                items,
            })
        },
    );
    Plates(
        plates
            .into_iter()
            .map(|plate| (plate.name.clone(), plate))
            .collect(),
    )
}

/// Reads menus. Findings are added to `findings`; menus with mistakes are left out.
pub fn read_menus(
    text: &str,
    source: SourceId,
    (foods, plates): (&Foods, &Plates),
    findings: &mut Diagnostics,
) -> Menus {
    let menus = sections(
        text,
        source,
        ("the file of menus", "menus"),
        findings,
        |node, findings| {
            let table = node.table("the menu", findings)?;
            table.refuse_unknown(&["title", "source", "meals"], findings);
            let head = head(&table, node, findings);
            let meals = table.require(
                "meals",
                "meals = [{ at = \"12:30\", plate = \"lentil-salad\" }]",
                findings,
            )?;
            let tables = meals.tables("this meal", findings);
            let meals: Vec<Option<Course>> = tables
                .iter()
                .map(|table| course(table, (foods, plates), findings))
                .collect();
            let mut meals: Vec<Course> = meals.into_iter().collect::<Option<_>>()?;
            meals.sort_by(|one, other| one.clock_min.total_cmp(&other.clock_min));
            let (name, title, source) = head?;
            Some(Menu {
                name,
                title,
                source,
                meals,
            })
        },
    );
    Menus(
        menus
            .into_iter()
            .map(|menu| (menu.name.clone(), menu))
            .collect(),
    )
}

/// Everything below `[section.NAME]` of a file with `schema = 1`.
fn sections<T>(
    text: &str,
    source: SourceId,
    (what, section): (&'static str, &'static str),
    findings: &mut Diagnostics,
    mut one: impl FnMut(&Node, &mut Diagnostics) -> Option<T>,
) -> Vec<T> {
    let read = document(text, source, what, findings, |root, findings| {
        root.refuse_unknown(&["schema", section], findings);
        let schema = root.require("schema", "schema = 1", findings);
        let schema = schema.and_then(|node| node.number(findings));
        if let Some(other) = schema.filter(|schema| schema.value != SCHEMA) {
            let message = format!("schema {} is not known to this version", other.value);
            let found = Diagnostic::error("scenario/schema", message).at(other.span);
            findings.push(found.hint("write `schema = 1`"));
        }
        let node = root.require(section, &format!("[{section}.my-lunch]"), findings)?;
        let table = node.table("this section", findings)?;
        let nodes = table.nodes();
        Some(
            nodes
                .iter()
                .filter_map(|node| one(node, findings))
                .collect(),
        )
    });
    read.flatten().unwrap_or_default()
}

/// Name, title and source.
fn head(
    table: &Table,
    node: &Node,
    findings: &mut Diagnostics,
) -> Option<(String, String, String)> {
    let title = table.require("title", "title = \"Lentil salad\"", findings);
    let source = table.require("source", "source = \"who put it together\"", findings);
    let title = title.and_then(|node| node.text(findings));
    let source = source.and_then(|node| node.text(findings));
    Some((node.key.to_string(), title?.value, source?.value))
}

fn portions(node: &Node, foods: &Foods, findings: &mut Diagnostics) -> Option<Vec<Portion>> {
    let mut portions = Vec::new();
    let texts = node.texts(findings)?;
    for text in &texts {
        match foods.portion(&text.value, text.span) {
            Ok(portion) => portions.push(portion),
            Err(found) => findings.push(*found),
        }
    }
    if texts.is_empty() {
        let found = Diagnostic::error("scenario/portion", "nothing is eaten here").at(node.span);
        findings.push(found.hint("for example `items = [\"180 g boiled lentils\"]`"));
    }
    (portions.len() == texts.len() && !texts.is_empty()).then_some(portions)
}

fn course(
    table: &Table,
    (foods, plates): (&Foods, &Plates),
    findings: &mut Diagnostics,
) -> Option<Course> {
    table.refuse_unknown(&["at", "plate", "items", "title"], findings);
    let at = table.require("at", "at = \"12:30\"", findings);
    let at = at.and_then(|node| node.text(findings));
    let clock_min = at.and_then(|at| clock(&at, findings));
    let title = table.get("title").and_then(|node| node.text(findings));
    let (title, items) = match (table.get("plate"), table.get("items")) {
        (Some(name), None) => {
            let name = name.text(findings)?;
            let Some(plate) = plates.get(&name.value) else {
                findings.push(plates.unknown(&name.value, name.span));
                return None;
            };
            let title = title.map_or_else(|| plate.title.clone(), |title| title.value);
            (title, plate.items.clone())
        }
        (None, Some(items)) => {
            let items = portions(&items, foods, findings)?;
            (
                title.map_or_else(|| "meal".to_string(), |title| title.value),
                items,
            )
        }
        _ => {
            let message = "this meal needs either `plate` or `items`";
            let found = Diagnostic::error("scenario/entry", message).at(table.span);
            findings.push(found.hint("for example `plate = \"lentil-salad\"`"));
            return None;
        }
    };
    Some(Course {
        clock_min: clock_min?,
        title,
        items,
    })
}

/// Minutes after midnight of `07:30`.
fn clock(at: &At<String>, findings: &mut Diagnostics) -> Option<f64> {
    let parts = at.value.trim().split_once(':');
    let number = |text: &str, below: u32| {
        let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|value: &u32| digits && *value < below)
    };
    let minutes =
        parts.and_then(|(hour, minute)| Some(number(hour, 24)? * 60 + number(minute, 60)?));
    if minutes.is_none() {
        let message = format!("`{}` is no time of the day", at.value);
        let found = Diagnostic::error("scenario/time", message).at(at.span);
        findings.push(found.hint("hours and minutes from `00:00` to `23:59`"));
    }
    minutes.map(f64::from)
}
