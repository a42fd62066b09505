//! The figures of a scenario: those that its author asked for, or standard ones.

mod happenings;
mod kinds;
mod measured;
mod metrics;
mod runs;

use insilin::render::build::{BuildError, Happenings};
use insilin::render::{Figure, to_png, to_svg};
use insilin::scenario::{Arm, FigureKind, FigureRequest, Scenario};

use super::args::FigureFormat;
use super::results::Results;
use super::terminal::{Exit, Terminal};

/// Pixels per unit of a PNG: sharp on a page and on a projector.
const SCALE: f64 = 2.0;

/// Most panels of a figure that nobody asked for.
pub const MOST_PANELS: usize = 4;

/// A figure's files: one form, or both.
pub fn drawn(name: &str, figure: &Figure, format: Option<FigureFormat>) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if format != Some(FigureFormat::Png) {
        files.push((format!("{name}.svg"), to_svg(figure).into()));
    }
    if format != Some(FigureFormat::Svg) {
        files.push((format!("{name}.png"), to_png(figure, SCALE)));
    }
    files
}

/// The figure as it was asked for: for a page or for a projector.
pub fn look(figure: Figure, projector: bool) -> Figure {
    if projector {
        figure.on_projector()
    } else {
        figure
    }
}

/// All figures of a scenario with their file stems.
///
/// # Errors
/// When a figure cannot be made of what the scenario asks for.
pub fn all(
    scenario: &Scenario,
    results: &Results,
    terminal: Terminal,
) -> Result<Vec<(String, Figure)>, Exit> {
    let requests = if scenario.figures.is_empty() {
        standard(scenario)
    } else {
        scenario.figures.clone()
    };
    let measured = measured::all(scenario, results, terminal);
    let world = kinds::World {
        scenario,
        results,
        measured: &measured,
    };
    let mut figures = Vec::new();
    for request in &requests {
        match kinds::make(request, &world) {
            Ok(mut figure) => {
                figure.subtitle = subtitle(scenario);
                figures.push((request.name.clone(), figure));
            }
            Err(error) => {
                let message = format!("figure `{}` cannot be drawn: {error}", request.name);
                terminal.failure("render/figure", &message, remedy(&error));
                return Err(Exit::Input);
            }
        }
    }
    Ok(figures)
}

/// What to do about a figure that cannot be made.
fn remedy(error: &BuildError) -> &'static str {
    match error {
        BuildError::Clockless { .. } | BuildError::TooManyDays { .. } => {
            "write `kind = \"course\"`"
        }
        BuildError::NoDay { .. } => "change its `day`, or leave it out",
        BuildError::NoWeek { .. } => "change its `week`, or leave it out",
        BuildError::Negative { .. } => "write `kind = \"course\"`, which draws lines",
        BuildError::Unknown { .. } | BuildError::Units { .. } | BuildError::Empty => {
            "change its `panels`"
        }
    }
}

/// One figure with a panel per column.
pub fn selection(ids: &[String], scenario: &Scenario) -> FigureRequest {
    request("selection", ids, scenario)
}

fn request(name: &str, ids: &[String], scenario: &Scenario) -> FigureRequest {
    FigureRequest {
        name: name.to_string(),
        title: scenario.title.clone(),
        panels: ids.iter().map(|id| vec![id.clone()]).collect(),
        kind: FigureKind::Course,
        span: insilin::diag::Span::default(),
    }
}

/// One panel per observed quantity, a few to a figure.
fn standard(scenario: &Scenario) -> Vec<FigureRequest> {
    let ids = standard_ids(&scenario.arms[0]);
    let groups = ids.chunks(MOST_PANELS).enumerate();
    groups
        .map(|(at, ids)| request(&format!("figure-{}", at + 1), ids, scenario))
        .collect()
}

/// What an arm observes; without that some of what changes in its model.
pub fn standard_ids(arm: &Arm) -> Vec<String> {
    if !arm.observe.is_empty() {
        return arm.observe.iter().map(|o| o.id.clone()).collect();
    }
    let species = arm
        .model
        .species
        .iter()
        .map(|species| species.identity.id.clone());
    let ruled = arm.model.rules.iter().filter_map(|rule| match rule {
        insilin::model::Rule::Assignment(symbol, _) | insilin::model::Rule::Rate(symbol, _) => {
            Some(arm.model.identity(*symbol).id.clone())
        }
        insilin::model::Rule::Algebraic(..) => None,
    });
    let mut ids: Vec<String> = species.chain(ruled).collect();
    ids.dedup();
    ids.truncate(4 * MOST_PANELS);
    ids
}

/// What happens in an arm.
pub fn happenings(arm: &Arm) -> Happenings {
    happenings::of_one(arm)
}

fn subtitle(scenario: &Scenario) -> String {
    let mut models: Vec<&str> = scenario
        .arms
        .iter()
        .map(|arm| arm.model_path.as_str())
        .collect();
    models.dedup();
    format!("{} · {}", scenario.name, models.join(", "))
}
