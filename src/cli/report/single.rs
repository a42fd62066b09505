//! The page of the runs of one scenario.

use insilin::render::number::significant;
use insilin::render::table::metric_words;
use insilin::report::{Block, Page, Section, Table, calendar};
use insilin::scenario::Scenario;
use insilin::trajectory::points;

use super::super::comparison::spaced;
use super::super::figures;
use super::super::run::Answer;
use super::super::runs::Runs;
use super::super::summary::{Line, Verdict};
use super::super::terminal::{Exit, Terminal};
use super::{model, paragraphs, picture, repeat};

/// The page.
///
/// # Errors
/// Exit code 2 when a figure of the scenario cannot be drawn; that has been said.
pub fn page(runs: &Runs, terminal: Terminal) -> Result<Page, Exit> {
    let scenario = &runs.loaded.scenario;
    let (question, about) = head(runs);
    let figures = figures::all(scenario, &runs.results, terminal)?;
    let figures = figures.iter().map(|(_, figure)| picture(figure)).collect();
    let mut first = about;
    first.extend(numbers(runs, &runs.answer()));
    let mut sections = vec![
        Section::new("Results", first),
        Section::new("Figures", figures),
        Section::new("What was done", done(scenario)),
    ];
    sections.extend(model::sections(&[runs]));
    sections.extend(measured(scenario));
    sections.push(Section::new("How to repeat this", repeat::blocks(runs)));
    sections.retain(|section| !section.blocks.is_empty());
    Ok(Page {
        title: scenario.title.clone(),
        question,
        sections,
        program: repeat::program(runs),
    })
}

/// The question in the first line of the scenario's file, and what else its head says.
pub fn head(runs: &Runs) -> (String, Vec<Block>) {
    let is_scenario = |name: &str| name.ends_with(".toml") && !name.ends_with(".inputs.toml");
    let file = runs
        .loaded
        .files
        .first()
        .filter(|file| is_scenario(&file.name));
    let text = file.map_or("", |file| file.text.as_str());
    let comment = |line: &str| {
        line.trim_start()
            .strip_prefix('#')
            .map(|line| line.trim().to_string())
    };
    let mut lines = text.lines().map_while(comment);
    let question = lines.next().unwrap_or_default();
    let about = lines.collect::<Vec<_>>().join("\n");
    (question, paragraphs(&about))
}

/// Every metric and every expectation, and what the author says about them.
fn numbers(runs: &Runs, answer: &Answer) -> Vec<Block> {
    let scenario = &runs.loaded.scenario;
    let mut blocks = paragraphs(&scenario.note);
    if !answer.lines.is_empty() {
        blocks.push(Block::Table(metrics(runs, &answer.lines)));
    }
    if !answer.verdicts.is_empty() {
        let met = answer.verdicts.iter().filter(|verdict| verdict.met).count();
        let n = answer.verdicts.len();
        blocks.push(Block::Text(format!(
            "{met} of {n} expectations of the scenario are met."
        )));
        blocks.push(Block::Table(expectations(&answer.verdicts)));
    }
    blocks
}

fn metrics(runs: &Runs, lines: &[Line]) -> Table {
    let scenario = &runs.loaded.scenario;
    let varied = scenario.vary.as_ref();
    let mut heads = vec!["quantity".to_string(), "metric".to_string()];
    if scenario.arms.len() > 1 {
        heads.push("arm".to_string());
    }
    if let Some(vary) = varied {
        let unit = if vary.unit.is_empty() {
            String::new()
        } else {
            format!(" ({})", vary.unit)
        };
        heads.push(format!("#{}{unit}", vary.name));
    }
    heads.extend(["#value", "unit"].map(String::from));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new("What was read off", &heads);
    for line in lines {
        let mut row = vec![line.label.clone(), words(line, runs)];
        if scenario.arms.len() > 1 {
            row.push(line.arm.clone());
        }
        row.extend(line.varied.map(|value| significant(value, 4)));
        row.extend([significant(line.value, 4), line.unit.clone()]);
        table.rows.push(row);
    }
    table
}

fn words(line: &Line, runs: &Runs) -> String {
    let arms = &runs.loaded.scenario.arms;
    let arm = arms
        .iter()
        .position(|arm| arm.label == line.arm)
        .unwrap_or(0);
    let shown = &runs.results.arms[arm].shown[0];
    let unit = shown
        .column(&line.observable)
        .map_or("", |column| column.unit.as_str());
    metric_words(line.metric, unit, &shown.time_unit)
}

fn expectations(verdicts: &[Verdict]) -> Table {
    let heads = [
        "expected", "#from", "#to", "#found", "unit", "met", "source",
    ];
    let mut table = Table::new("What was expected", &heads);
    for verdict in verdicts {
        let [low, high, found] =
            [verdict.low, verdict.high, verdict.value].map(|value| significant(value, 5));
        let met = if verdict.met { "met" } else { "NOT MET" };
        table.push([
            &verdict.metric,
            &low,
            &high,
            &found,
            &verdict.unit,
            met,
            &verdict.source,
        ]);
    }
    table
}

/// What was done, once for arms to which the same is done.
pub fn done(scenario: &Scenario) -> Vec<Block> {
    let mut blocks = Vec::new();
    let arms = &scenario.arms;
    let time = &arms[0].time;
    blocks.push(Block::Text(format!(
        "The run goes from {} to {}{}{}.",
        significant(time.start, 6),
        significant(time.end, 6),
        spaced(&time.unit),
        match arms[0].start {
            insilin::scenario::Start::Model => ", from the model's start values",
            insilin::scenario::Start::SteadyState => ", from a steady state",
        }
    )));
    let same = arms.iter().all(|arm| {
        arm.protocol.entries == arms[0].protocol.entries && arm.model_path == arms[0].model_path
    });
    if same {
        let mut arm = arms[0].clone();
        arm.label.clear();
        blocks.extend(calendar::blocks(&arm));
    } else {
        blocks.extend(arms.iter().flat_map(calendar::blocks));
    }
    if let Some(vary) = &scenario.vary {
        let values: Vec<String> = vary
            .values
            .iter()
            .map(|value| significant(*value, 4))
            .collect();
        blocks.push(Block::Text(format!(
            "Run at each of these values of {}: {}{}.",
            vary.name,
            values.join(", "),
            spaced(&vary.unit)
        )));
    }
    blocks
}

/// Where measured points come from, and under which terms.
fn measured(scenario: &Scenario) -> Option<Section> {
    let mut blocks = Vec::new();
    for file in &scenario.measured {
        let mut sources: Vec<String> = Vec::new();
        for series in points::read(&file.text).unwrap_or_default() {
            if !sources.contains(&series.measured.source) {
                sources.push(series.measured.source.clone());
            }
        }
        let comments = file.text.lines().map_while(|line| line.strip_prefix('#'));
        let told = comments.map(str::trim).collect::<Vec<_>>().join(" ");
        let said = told.to_lowercase();
        let terms = ["licence", "license", "public domain", "cc by"];
        let terms = if terms.iter().any(|word| said.contains(word)) {
            "as the file says above"
        } else {
            "the file states no licence: ask the authors before publishing the data again"
        };
        let base = file.path.rsplit(['/', '\\']).next().unwrap_or(&file.path);
        blocks.push(Block::Heading(base.to_string()));
        if !told.is_empty() {
            blocks.push(Block::Text(told));
        }
        let facts = [
            ("source", sources.join("; ")),
            ("licence", terms.to_string()),
        ];
        blocks.push(Block::Facts(
            facts.map(|(name, said)| (name.to_string(), said)).to_vec(),
        ));
    }
    (!blocks.is_empty()).then(|| Section::new("Measured data and their licence", blocks))
}
