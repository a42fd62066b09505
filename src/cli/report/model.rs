//! What the page says about the models: their authors' words, states, parameters, departures.

use insilin::diag::SourceFile;
use insilin::model::{Model, Rule, Symbol};
use insilin::render::number::significant;
use insilin::report::facts::{Facts, facts};
use insilin::report::{Block, Section, Table};
use insilin::scenario::Arm;
use insilin::trajectory::Trajectory;

use super::super::display;
use super::super::runs::Runs;

/// Longer tables are folded away.
const MOST_OPEN: usize = 12;

/// One section per model, however many arms use it.
pub fn sections(members: &[&Runs]) -> Vec<Section> {
    let mut told: Vec<(&str, &str)> = Vec::new();
    let mut sections = Vec::new();
    for runs in members {
        for (at, arm) in runs.loaded.scenario.arms.iter().enumerate() {
            let file = source_of(arm, &runs.loaded.files);
            let text = file.map_or("", |file| file.text.as_str());
            if told.contains(&(arm.model_path.as_str(), text)) {
                continue;
            }
            told.push((&arm.model_path, text));
            let shown = &runs.results.arms[at].shown[0];
            sections.push(section(arm, text, shown));
        }
    }
    sections.extend(departures(members));
    sections
}

/// The model's file as its author wrote it, when it was kept.
fn source_of<'a>(arm: &Arm, files: &'a [SourceFile]) -> Option<&'a SourceFile> {
    let base = |path: &str| {
        path.rsplit(['/', '\\', ':'])
            .next()
            .unwrap_or_default()
            .to_string()
    };
    let wanted = base(&arm.model_path);
    files.iter().find(|file| base(&file.name) == wanted)
}

fn section(arm: &Arm, text: &str, shown: &Trajectory) -> Section {
    let found = facts(text);
    let model = &arm.model;
    let name = if model.name.is_empty() {
        &model.id
    } else {
        &model.name
    };
    let mut blocks = Vec::new();
    if !found.about.is_empty() {
        blocks.push(Block::Text(found.about.clone()));
    }
    let mut entries = vec![("file".to_string(), arm.model_path.clone())];
    entries.extend(found.entries.iter().cloned());
    blocks.push(Block::Facts(entries));
    blocks.extend(found.more.iter().cloned().map(Block::Text));
    blocks.extend(folded("states", states(model, &found, shown)));
    blocks.extend(folded("parameters", parameters(model, &found, shown)));
    if !text.is_empty() {
        let code = vec![Block::Code(text.to_string())];
        blocks.push(Block::Folded(
            "The model as its author wrote it".to_string(),
            code,
        ));
    }
    Section::new(format!("The model: {name}"), blocks)
}

fn folded(what: &str, table: Table) -> Option<Block> {
    let n = table.rows.len();
    match n {
        0 => None,
        _ if n <= MOST_OPEN => Some(Block::Table(table)),
        _ => Some(Block::Folded(
            format!("All {n} {what}"),
            vec![Block::Table(table)],
        )),
    }
}

/// What the model's author calls a quantity: its display name, else the comment behind it.
fn meaning(model: &Model, symbol: Symbol, found: &Facts) -> String {
    let identity = model.identity(symbol);
    let noted = || {
        found
            .notes
            .get(&identity.id)
            .map(|note| note.meaning.clone())
    };
    if identity.name.is_empty() {
        noted().unwrap_or_default()
    } else {
        identity.name.clone()
    }
}

/// Everything that has a history: what reactions and rate rules change.
fn states(model: &Model, found: &Facts, shown: &Trajectory) -> Table {
    let heads = ["state", "meaning", "#at the start", "#at the end", "unit"];
    let mut table = Table::new("States of the model in this run", &heads);
    let is_state = |symbol: &Symbol| match (symbol, model.rule_of(*symbol)) {
        (_, Some(Rule::Assignment(..) | Rule::Algebraic(..))) => false,
        (_, Some(Rule::Rate(..))) => true,
        (Symbol::Species(at), None) => !model.species[*at].constant,
        _ => false,
    };
    for symbol in model.symbols().filter(is_state) {
        let id = &model.identity(symbol).id;
        let (Some(column), Some(values)) = (shown.column(id), shown.values(id)) else {
            continue;
        };
        let number = |value: Option<&f64>| significant(value.copied().unwrap_or(f64::NAN), 4);
        let (first, last) = (number(values.first()), number(values.last()));
        table.push([
            id,
            &meaning(model, symbol, found),
            &first,
            &last,
            &column.unit,
        ]);
    }
    table
}

/// Every constant with its number and where it comes from.
fn parameters(model: &Model, found: &Facts, shown: &Trajectory) -> Table {
    let heads = ["parameter", "meaning", "#value", "unit", "kind", "source"];
    let mut table = Table::new(
        "Parameters of the model in this run, in its own units",
        &heads,
    );
    for (at, parameter) in model.parameters.iter().enumerate() {
        let symbol = Symbol::Parameter(at);
        if model.rule_of(symbol).is_some() {
            continue;
        }
        let id = &parameter.identity.id;
        // Without a plain number it is computed at the start, and the data may hold it.
        let first = || shown.values(id)?.first().copied();
        let value = parameter.value.or_else(first).unwrap_or(f64::NAN);
        let note = found.notes.get(id).cloned().unwrap_or_default();
        let unit = display::unit_text(model, symbol);
        let words = meaning(model, symbol, found);
        table.push([
            id,
            &words,
            &significant(value, 5),
            &unit,
            note.kind(),
            &note.source,
        ]);
    }
    table
}

/// What differs from the model files, with the reasons.
fn departures(members: &[&Runs]) -> Option<Section> {
    let several = members.len() > 1
        || members
            .iter()
            .any(|runs| runs.loaded.scenario.arms.len() > 1);
    let mut table = Table::new(
        "Numbers that differ from the model's file, and why",
        &[
            "parameter",
            "#value",
            "unit",
            "why",
            if several { "of" } else { "" },
        ],
    );
    table.heads.retain(|head| !head.words.is_empty());
    for runs in members {
        let scenario = &runs.loaded.scenario;
        for arm in &scenario.arms {
            for departure in &arm.departures {
                let id = arm.model.identity(departure.symbol).id.clone();
                let unit = display::unit_text(&arm.model, departure.symbol);
                let mut row = vec![
                    id,
                    significant(departure.value, 6),
                    unit,
                    departure.why.clone(),
                ];
                if several {
                    row.push(match arm.label.as_str() {
                        "" => scenario.name.clone(),
                        label => label.to_string(),
                    });
                }
                table.rows.push(row);
            }
        }
    }
    let section = |table| Section::new("Departures from the model", vec![Block::Table(table)]);
    (!table.rows.is_empty()).then(|| section(table))
}
