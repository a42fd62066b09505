//! Figures of a sweep: those that its file asks for, or what suits its axes.

mod data;
mod make;

use insilin::render::{Figure, frame_name, frames, to_png};
use insilin::scenario::sweep::{SweepFigure, SweepFigureKind};
use insilin::store::StoreError;

use crate::cli::figures::{drawn, look};

use super::folder::SweepFolder;
use super::record::{FigureRecord, SweepRecord};

use data::Rows;
pub use make::value_axis;

/// Most runs of which figures are drawn: beyond, no dot or cell could be told from its neighbours.
const MOST_RUNS: u64 = 500_000;

/// Most figures that nobody asked for.
const MOST_STANDARD: usize = 8;

/// Most pictures of an animation.
const MOST_FRAMES: usize = 600;

/// What came of the figures.
pub struct Drawn {
    /// Files below the sweep's folder.
    pub files: Vec<(String, Vec<u8>)>,
    /// What could not be drawn, in words.
    pub refused: Vec<String>,
}

/// Draws the figures.
///
/// # Errors
/// A part that cannot be read.
pub fn all(
    folder: &SweepFolder,
    record: &SweepRecord,
    projector: bool,
) -> Result<Drawn, StoreError> {
    let mut result = Drawn {
        files: Vec::new(),
        refused: Vec::new(),
    };
    if record.n_runs > MOST_RUNS {
        let words = "figures are drawn of up to 500,000 runs; the tables have them all";
        result.refused.push(words.to_string());
        return Ok(result);
    }
    let rows = Rows::read(folder.runs(), record)?;
    let asked = record.figures.iter().filter_map(FigureRecord::to_request);
    let mut requests: Vec<SweepFigure> = asked.collect();
    let standard = requests.is_empty();
    if standard {
        requests = standard_figures(record);
    }
    for request in &requests {
        let curves = match (request.kind.shows_curves(), folder.curves()) {
            (true, Some(parts)) => Some(data::Curves::read(parts, record, &request.of)?),
            _ => None,
        };
        match make::figure(request, record, &rows, curves.as_ref()) {
            Ok(mut figure) => {
                figure.subtitle = subtitle(record);
                add(&mut result.files, request, &look(figure, projector));
            }
            Err(_) if standard => {}
            Err(why) => result
                .refused
                .push(format!("figure `{}`: {why}", request.name)),
        }
    }
    Ok(result)
}

fn add(files: &mut Vec<(String, Vec<u8>)>, request: &SweepFigure, figure: &Figure) {
    if request.kind == SweepFigureKind::Frames {
        let strands = figure.panels.iter().flat_map(|panel| &panel.bundles);
        let count = strands
            .map(|bundle| bundle.strands.len())
            .max()
            .unwrap_or(1);
        for (at, frame) in frames(figure, count.clamp(1, MOST_FRAMES)).enumerate() {
            let path = format!("figures/{}/{}", request.name, frame_name(at + 1));
            files.push((path, to_png(&frame, 1.0)));
        }
        return;
    }
    for (path, content) in drawn(&request.name, figure, None) {
        files.push((format!("figures/{path}"), content));
    }
}

fn subtitle(record: &SweepRecord) -> String {
    let runs = super::record::grouped(record.n_runs);
    if let Some(people) = &record.people {
        return format!(
            "{}: {runs} runs of {}, seed {}",
            record.title, people.title, record.design_seed
        );
    }
    let design = match record.design.as_str() {
        "grid" => "a grid".to_string(),
        design => format!("a {design} design"),
    };
    format!("{}: {runs} runs over {design}", record.title)
}

/// Figures that suit the axes.
fn standard_figures(record: &SweepRecord) -> Vec<SweepFigure> {
    let axes = record.axes.iter().filter(|axis| axis.words.is_none());
    // Of axes that move together the first stands for all.
    let mut names: Vec<&str> = Vec::new();
    let mut groups: Vec<usize> = Vec::new();
    for axis in axes {
        if !groups.contains(&axis.group) {
            groups.push(axis.group);
            names.push(&axis.name);
        }
    }
    let is_grid = record.design == "grid";
    let mut figures = Vec::new();
    for metric in &record.metrics {
        match names.as_slice() {
            [] => {}
            [x] if is_grid => figures.push(request(
                SweepFigureKind::Lines,
                &metric.name,
                [Some(x), None],
            )),
            [x, y] if is_grid => {
                figures.push(request(
                    SweepFigureKind::Heat,
                    &metric.name,
                    [Some(x), Some(y)],
                ));
            }
            [x, y, ..] if is_grid => {
                figures.push(request(
                    SweepFigureKind::Lines,
                    &metric.name,
                    [Some(x), Some(y)],
                ));
            }
            names => {
                let scatter =
                    |x: &&str| request(SweepFigureKind::Scatter, &metric.name, [Some(x), None]);
                figures.extend(names.iter().map(scatter));
            }
        }
    }
    figures.truncate(MOST_STANDARD);
    for column in record
        .curves
        .iter()
        .flat_map(|kept| &kept.columns)
        .take(MOST_STANDARD / 2)
    {
        let kind = match names.as_slice() {
            [_] if is_grid => SweepFigureKind::Family,
            _ => SweepFigureKind::Bands,
        };
        figures.push(request(kind, &column.name, [names.first(), None]));
    }
    figures
}

/// A figure with a name made of what it shows.
pub fn request(kind: SweepFigureKind, of: &str, [x, y]: [Option<&&str>; 2]) -> SweepFigure {
    let word = SweepFigureKind::WORDS.iter().find(|(_, one)| *one == kind);
    let plain = |text: &str| -> String {
        let letters = text.chars().map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        });
        let text: String = letters.collect();
        let parts: Vec<&str> = text.split('-').filter(|part| !part.is_empty()).collect();
        parts.join("-")
    };
    let mut name = format!("{}-{}", word.map_or("figure", |(word, _)| word), plain(of));
    if let (SweepFigureKind::Scatter, Some(x)) = (kind, x) {
        name = format!("{name}-by-{}", plain(x));
    }
    SweepFigure {
        name,
        title: String::new(),
        kind,
        x: x.map(|x| (*x).to_string()),
        y: y.map(|y| (*y).to_string()),
        of: of.to_string(),
        level: None,
        arm: None,
        span: insilin::diag::Span::new(insilin::diag::SourceId::default(), 0, 0),
    }
}
