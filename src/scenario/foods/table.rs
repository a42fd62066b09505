//! Reads the table of foods, `foods.csv`.

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};

use super::super::raw::suggestion;
use super::{Food, Foods, GiKind, key};

/// Columns that the table must have, in any order; others are left alone.
const COLUMNS: [&str; 20] = [
    "name",
    "also",
    "group",
    "energy_kJ",
    "carbohydrate_g",
    "sugars_g",
    "starch_g",
    "fibre_g",
    "protein_g",
    "fat_g",
    "saturated_g",
    "monounsaturated_g",
    "polyunsaturated_g",
    "omega3_g",
    "gi",
    "gi_kind",
    "gi_source",
    "serving_g",
    "ndb",
    "note",
];

/// Reads a table of foods. Findings are added to `findings`; rows with mistakes are left out.
///
/// Lines that begin with `#` are words about the table. Fields are separated by commas and may be quoted with `"`.
pub fn read(text: &str, source: SourceId, findings: &mut Diagnostics) -> Foods {
    let mut foods = Foods::default();
    let mut lines = lines(text, source);
    let Some((head, span)) = lines.next() else {
        let found = wrong("the table of foods is empty", Span::new(source, 0, 0));
        let columns = COLUMNS.join(",");
        findings.push(found.hint(format!("its first row names the columns: {columns}")));
        return foods;
    };
    let Some(places) = places(head, span, findings) else {
        return foods;
    };
    let mut spans = Vec::new();
    for (line, span) in lines {
        let row = Row {
            cells: cells(line, span),
            places: &places,
            span,
        };
        if let Some(food) = food(&row, findings) {
            enter(&mut foods, food, &mut spans, span, findings);
        }
    }
    foods
}

/// Lines that are not words about the table, with their places.
fn lines(text: &str, source: SourceId) -> impl Iterator<Item = (&str, Span)> {
    let mut start = 0;
    let placed = text.split('\n').map(move |line| {
        let span = Span::new(source, start, start + line.trim_end().len());
        start += line.len() + 1;
        (line.trim_end(), span)
    });
    placed.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'))
}

/// Where each of [`COLUMNS`] stands.
fn places(head: &str, span: Span, findings: &mut Diagnostics) -> Option<Vec<usize>> {
    let cells = cells(head, span);
    let mut places = Vec::new();
    for column in COLUMNS {
        match cells.iter().position(|(cell, _)| cell == column) {
            Some(at) => places.push(at),
            None => {
                let found = wrong(format!("the table of foods has no column `{column}`"), span);
                let names: Vec<&str> = cells.iter().map(|(cell, _)| cell.as_str()).collect();
                findings.push(found.hint(match crate::diag::did_you_mean(column, names) {
                    Some(near) => format!("`{near}` stands there instead"),
                    None => format!("columns are {}", COLUMNS.join(", ")),
                }));
            }
        }
    }
    (places.len() == COLUMNS.len()).then_some(places)
}

/// Fields of a line with their places; quotes are taken off.
fn cells(line: &str, span: Span) -> Vec<(String, Span)> {
    let mut cells = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in line.char_indices().chain([(line.len(), ',')]) {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted || at == line.len() => {
                cells.push(cell(line, start, at, span));
                start = at + 1;
            }
            _ => {}
        }
    }
    cells
}

fn cell(line: &str, start: usize, end: usize, row: Span) -> (String, Span) {
    let written = &line[start..end];
    let bare = written.trim();
    let bare = bare
        .strip_prefix('"')
        .and_then(|cell| cell.strip_suffix('"'))
        .unwrap_or(bare);
    let base = row.start as usize;
    (
        bare.replace("\"\"", "\""),
        Span::new(row.source, base + start, base + end),
    )
}

struct Row<'a> {
    cells: Vec<(String, Span)>,
    places: &'a [usize],
    span: Span,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> (&str, Span) {
        let at = COLUMNS.iter().position(|known| *known == column);
        let place = self.places[at.expect("asked for by a name of the list")];
        self.cells
            .get(place)
            .map_or(("", self.span), |(text, span)| (text, *span))
    }

    fn text(&self, column: &str) -> String {
        self.cell(column).0.to_string()
    }

    /// A number at least 0; none for an empty field.
    fn known(&self, column: &str, findings: &mut Diagnostics) -> Option<f64> {
        let (text, span) = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let value = text
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite() && *value >= 0.0);
        if value.is_none() {
            let found = wrong(format!("`{column}` cannot be `{text}`"), span);
            findings
                .push(found.hint("a number per 100 g, not below 0; empty where it is not known"));
        }
        value
    }

    fn number(&self, column: &str, findings: &mut Diagnostics) -> Option<f64> {
        let (text, span) = self.cell(column);
        if text.is_empty() {
            let found = wrong(format!("`{}` has no `{column}`", self.cell("name").0), span);
            findings.push(found.hint("write it; foods without it cannot be part of a meal"));
        }
        self.known(column, findings)
    }
}

fn food(row: &Row, findings: &mut Diagnostics) -> Option<Food> {
    if row.cell("name").0.is_empty() {
        findings.push(wrong("this food has no name", row.span).hint("write what people call it"));
        return None;
    }
    let also = row.cell("also").0.split(';').map(str::trim);
    let mut known = |column| row.known(column, findings);
    let (sugars, starch) = (known("sugars_g"), known("starch_g"));
    let mut part = |column| known(column).unwrap_or(0.0);
    let (saturated, monounsaturated) = (part("saturated_g"), part("monounsaturated_g"));
    let (polyunsaturated, omega3) = (part("polyunsaturated_g"), part("omega3_g"));
    let gi_kind = gi_kind(row, findings);
    let mut number = |column| row.number(column, findings);
    let (energy, carbohydrate) = (number("energy_kJ"), number("carbohydrate_g"));
    let (fibre, protein, fat) = (number("fibre_g"), number("protein_g"), number("fat_g"));
    let (gi, serving) = (number("gi"), number("serving_g"));
    let food = Food {
        name: row.text("name"),
        also: also
            .filter(|name| !name.is_empty())
            .map(str::to_string)
            .collect(),
        group: row.text("group"),
        energy_kj: energy?,
        carbohydrate: carbohydrate?,
        sugars,
        starch,
        fibre: fibre?,
        protein: protein?,
        fat: fat?,
        saturated,
        monounsaturated,
        polyunsaturated,
        omega3,
        gi: gi?,
        gi_kind: gi_kind?,
        gi_source: row.text("gi_source"),
        serving: serving?,
        ndb: row.text("ndb"),
        note: row.text("note"),
    };
    holds_itself(&food, row, findings).then_some(food)
}

fn gi_kind(row: &Row, findings: &mut Diagnostics) -> Option<GiKind> {
    let (word, span) = row.cell("gi_kind");
    let kinds = [GiKind::Measured, GiKind::Recalled, GiKind::Assumed];
    let found = kinds.into_iter().find(|kind| kind.word() == word);
    if found.is_none() {
        let words = kinds.map(GiKind::word);
        let unknown = wrong(format!("`gi_kind` cannot be `{word}`"), span);
        findings.push(unknown.hint(suggestion(word, &words)));
    }
    found
}

/// Rounding of a table may make the parts a little larger than the whole.
const ROUNDING_G: f64 = 0.15;

/// Whether 100 g of the food hold what they are said to; reports it when not.
fn holds_itself(food: &Food, row: &Row, findings: &mut Diagnostics) -> bool {
    let whole = food.carbohydrate + food.fibre + food.protein + food.fat;
    let kinds = food.saturated + food.monounsaturated + food.polyunsaturated;
    let mistakes = [
        (
            whole > 100.0 + ROUNDING_G,
            "fat_g",
            "holds more than 100 g in 100 g",
        ),
        (
            kinds > food.fat + ROUNDING_G,
            "fat_g",
            "has more kinds of fat than fat",
        ),
        (
            food.omega3 > food.polyunsaturated + ROUNDING_G,
            "omega3_g",
            "has more omega-3 than polyunsaturated fat",
        ),
    ];
    let mut good = true;
    for (_, column, what) in mistakes.iter().filter(|(wrong, ..)| *wrong) {
        let found = wrong(format!("`{}` {what}", food.name), row.cell(column).1);
        findings.push(found.hint("numbers are grams per 100 g of the food as eaten"));
        good = false;
    }
    good
}

/// Adds a food under all of its names; a name that another food has is reported.
fn enter(
    foods: &mut Foods,
    food: Food,
    spans: &mut Vec<Span>,
    span: Span,
    findings: &mut Diagnostics,
) {
    let at = foods.foods.len();
    for name in food.names() {
        let other = foods
            .places
            .insert(key(name), at)
            .filter(|other| *other != at);
        if let Some(other) = other {
            let found = wrong(format!("two foods are called `{name}`"), span);
            findings.push(
                found
                    .label(spans[other], "")
                    .hint("case, punctuation and the order of words do not tell them apart"),
            );
        }
    }
    foods.foods.push(food);
    spans.push(span);
}

fn wrong(message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error("scenario/foods", message).at(span)
}
