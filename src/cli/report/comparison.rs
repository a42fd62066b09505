//! The page of a comparison.

use insilin::render::number::significant;
use insilin::report::{Block, Page, Section, Table};

use super::super::compare::{curve_numbers, heading, verdict};
use super::super::comparison::{Comparison, member_names};
use super::super::overlay;
use super::super::runs::Runs;
use super::super::terminal::Terminal;
use super::{model, picture, repeat, single};

/// The page.
pub fn page(comparison: &Comparison, members: &[Runs], checked: bool, terminal: Terminal) -> Page {
    let figures = overlay::all(comparison, members, terminal);
    let figures = figures.iter().map(|(_, figure)| picture(figure)).collect();
    let mut sections = vec![
        Section::new("What is compared", compared(members)),
        Section::new("Figures", figures),
        Section::new("Differences", differences(comparison, checked)),
        Section::new("What was done", done(members)),
    ];
    sections.extend(model::sections(&members.iter().collect::<Vec<_>>()));
    sections.push(Section::new("How to repeat this", repeated(members)));
    sections.retain(|section| !section.blocks.is_empty());
    Page {
        title: heading(members),
        question: String::new(),
        sections,
        program: format!("insilin {}", env!("CARGO_PKG_VERSION")),
    }
}

fn compared(members: &[Runs]) -> Vec<Block> {
    let mut table = Table::new(
        "What is compared; the others with the first",
        &["name", "what it is", "models", "question"],
    );
    for (name, runs) in member_names(members).iter().zip(members) {
        let scenario = &runs.loaded.scenario;
        let mut models: Vec<&str> = scenario
            .arms
            .iter()
            .map(|arm| arm.model_path.as_str())
            .collect();
        models.dedup();
        let (question, _) = single::head(runs);
        table.push([name, &scenario.title, &models.join(", "), &question]);
    }
    vec![Block::Table(table)]
}

fn differences(comparison: &Comparison, checked: bool) -> Vec<Block> {
    let mut blocks = Vec::new();
    if checked {
        blocks.push(Block::Text(format!("{}.", verdict(comparison))));
    }
    if !comparison.left_out.is_empty() {
        blocks.push(Block::Text(format!(
            "Not compared: {}.",
            comparison.left_out.join("; ")
        )));
    }
    blocks.push(Block::Table(numbers(comparison, checked)));
    blocks.push(Block::Table(curves(comparison, checked)));
    blocks
}

/// Words of a column that stands there only when it says something.
fn heads(named: bool, checked: bool, heads: &[&str]) -> Table {
    let mut all: Vec<&str> = heads.to_vec();
    if named {
        all.insert(1, "of");
    }
    if checked {
        all.push("within tolerance");
    }
    Table::new("", &all)
}

fn within(excess: Option<f64>) -> String {
    let word = match excess {
        None => "",
        Some(excess) if excess > 1.0 => "no",
        Some(_) => "yes",
    };
    word.to_string()
}

fn numbers(comparison: &Comparison, checked: bool) -> Table {
    let named = comparison.groups.len() > 1;
    let all = [
        "quantity",
        "metric",
        "run",
        "#reference",
        "#value",
        "#difference",
        "#ratio",
        "unit",
    ];
    let mut table = heads(named, checked, &all);
    table.caption = "Numbers beside those of the reference".to_string();
    for group in &comparison.groups {
        for row in &group.rows {
            let mut cells = vec![row.label.clone()];
            cells.extend(named.then(|| group.label.clone()));
            cells.extend([row.words.clone(), group.runs[row.run].label.clone()]);
            let change = row.change;
            let numbers = [
                change.reference,
                change.value,
                change.difference(),
                change.ratio(),
            ];
            cells.extend(numbers.map(|value| significant(value, 4)));
            cells.push(row.unit.clone());
            cells.extend(checked.then(|| within(row.excess())));
            table.rows.push(cells);
        }
    }
    table
}

fn curves(comparison: &Comparison, checked: bool) -> Table {
    let named = comparison.groups.len() > 1;
    let all = [
        "quantity",
        "run",
        "#largest difference",
        "unit",
        "#at",
        "unit of time",
        "#% of the reference's range",
    ];
    let mut table = heads(named, checked, &all);
    table.caption = "Whole curves: where they part most".to_string();
    for group in &comparison.groups {
        for curve in &group.curves {
            let mut cells = vec![curve.label.clone()];
            cells.extend(named.then(|| group.label.clone()));
            let [difference, at, share] = curve_numbers(curve);
            cells.push(group.runs[curve.run].label.clone());
            cells.extend([
                difference,
                curve.unit.clone(),
                at,
                curve.time_unit.clone(),
                share,
            ]);
            cells.extend(checked.then(|| within(curve.excess())));
            table.rows.push(cells);
        }
    }
    table
}

fn done(members: &[Runs]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (name, runs) in member_names(members).iter().zip(members) {
        blocks.push(Block::Heading(name.clone()));
        blocks.extend(single::done(&runs.loaded.scenario));
    }
    blocks
}

fn repeated(members: &[Runs]) -> Vec<Block> {
    let words: Vec<String> = members
        .iter()
        .map(|runs| repeat::shell_word(&runs.what))
        .collect();
    let mut blocks = vec![Block::Code(format!("insilin compare {}", words.join(" ")))];
    for (name, runs) in member_names(members).iter().zip(members) {
        blocks.push(Block::Heading(name.clone()));
        blocks.extend(repeat::blocks(runs));
    }
    blocks
}
