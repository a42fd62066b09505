//! What stands around a calendar, as written: seed, phases, menus, blocks of entries in files of their own.

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};

use super::calendar::{self, Item};
use super::entry::Keys;
use super::table::{At, Node, Scalar, Table, document};

/// A stretch of days with a name.
#[derive(Clone, Debug)]
pub(crate) struct Phase {
    pub name: At<String>,
    pub days: Option<At<Scalar>>,
    pub weeks: Option<At<Scalar>>,
    /// What happens in this phase only.
    pub calendar: Vec<Item>,
}

/// A day's meals with a name.
#[derive(Clone, Debug)]
pub(crate) struct Menu {
    pub name: At<String>,
    pub meals: Vec<MenuMeal>,
    pub span: Span,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct MenuMeal {
    pub title: Option<At<String>>,
    pub at: At<Scalar>,
    pub plate: Option<At<String>>,
    /// Portions; none with a plate.
    pub items: Option<Vec<At<String>>>,
    pub span: Span,
}

pub(in crate::scenario) const PHASE_KEYS: &[&str] = &["name", "days", "weeks", "calendar"];
pub(in crate::scenario) const MENU_KEYS: &[&str] = &["name", "title", "meals"];
pub(in crate::scenario) const MENU_MEAL_KEYS: &[&str] = &["title", "at", "plate", "items"];
pub(in crate::scenario) const BLOCK_KEYS: &[&str] =
    &["schema", "name", "title", "note", "source", "calendar"];

/// The largest whole number that every number of a file can stand for.
const LARGEST_SEED: f64 = 9_007_199_254_740_992.0;

/// `seed = 1`; 0 when nothing is said.
pub(super) fn seed(root: &Table, findings: &mut Diagnostics) -> u64 {
    let Some(seed) = root.get("seed").and_then(|node| node.number(findings)) else {
        return 0;
    };
    if seed.value.fract() != 0.0 || !(0.0..=LARGEST_SEED).contains(&seed.value) {
        let found = Diagnostic::error("scenario/number", "`seed` is no whole number from 0 on");
        findings.push(found.at(seed.span).hint("for example `seed = 1`"));
        return 0;
    }
    seed.value as u64
}

/// `[[phase]]`.
pub(super) fn phases(root: &Table, findings: &mut Diagnostics) -> Vec<Phase> {
    let tables = tables(root, "phase", "the phase", findings);
    tables
        .iter()
        .filter_map(|table| phase(table, findings))
        .collect()
}

fn phase(table: &Table, findings: &mut Diagnostics) -> Option<Phase> {
    table.refuse_unknown(PHASE_KEYS, findings);
    let calendar = table
        .get("calendar")
        .map_or_else(Vec::new, |node| calendar::items(&node, findings));
    let mut keys = Keys { table, findings };
    let name = keys.text("name", "name = \"training\"");
    let (days, weeks) = (keys.optional("days"), keys.optional("weeks"));
    if days.is_none() && weeks.is_none() {
        let message = "the phase does not say on which days it is";
        let found = Diagnostic::error("scenario/missing", message).at(table.span);
        findings.push(found.hint("for example `weeks = \"1-12\"` or `days = \"8-28\"`"));
        return None;
    }
    Some(Phase {
        name: name?,
        days,
        weeks,
        calendar,
    })
}

/// `[[menu]]`.
pub(super) fn menus(root: &Table, findings: &mut Diagnostics) -> Vec<Menu> {
    let tables = tables(root, "menu", "the menu", findings);
    tables
        .iter()
        .filter_map(|table| menu(table, findings))
        .collect()
}

fn menu(table: &Table, findings: &mut Diagnostics) -> Option<Menu> {
    table.refuse_unknown(MENU_KEYS, findings);
    let mut keys = Keys { table, findings };
    let name = keys.text("name", "name = \"my-day\"");
    let example = "meals = [{ at = \"07:30\", items = [\"60 g rolled oats\"] }]";
    let meals = table.require("meals", example, findings)?;
    let meals = meals.tables("the meal", findings);
    Some(Menu {
        name: name?,
        meals: meals
            .iter()
            .filter_map(|table| menu_meal(table, findings))
            .collect(),
        span: table.span,
    })
}

fn menu_meal(table: &Table, findings: &mut Diagnostics) -> Option<MenuMeal> {
    table.refuse_unknown(MENU_MEAL_KEYS, findings);
    let mut keys = Keys { table, findings };
    let at = keys.scalar("at", "at = \"07:30\"");
    let text =
        |key: &str, findings: &mut Diagnostics| table.get(key).and_then(|node| node.text(findings));
    let (title, plate) = (text("title", findings), text("plate", findings));
    let items = match plate {
        None => Some(
            table
                .require("items", "items = [\"60 g dry rolled oats\"]", findings)?
                .texts(findings)?,
        ),
        Some(_) => table.get("items").and_then(|node| node.texts(findings)),
    };
    Some(MenuMeal {
        title,
        at: at?,
        plate,
        items,
        span: table.span,
    })
}

fn tables<'a>(
    root: &Table<'a>,
    key: &str,
    what: &'static str,
    findings: &mut Diagnostics,
) -> Vec<Table<'a>> {
    root.get(key)
        .map_or_else(Vec::new, |node: Node<'a>| node.tables(what, findings))
}

/// The entries of a block's file.
pub(crate) fn block(text: &str, source: SourceId, findings: &mut Diagnostics) -> Option<Vec<Item>> {
    document(text, source, "the block", findings, |root, findings| {
        root.refuse_unknown(BLOCK_KEYS, findings);
        let example = "calendar = [{ bout = \"walk\", met = 3.5, at = \"18:00\", for = \"30 min\", repeat = \"mon\" }]";
        let node = root.require("calendar", example, findings)?;
        Some(calendar::items(&node, findings))
    })?
}

/// `absent = […]`: what `expand` writes of what a model did not take.
pub(super) fn absent(table: &Table, findings: &mut Diagnostics) -> Vec<String> {
    let names = table.get("absent").and_then(|node| node.texts(findings));
    let names = names.unwrap_or_default();
    names.into_iter().map(|name| name.value).collect()
}
