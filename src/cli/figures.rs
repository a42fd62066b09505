//! The figures of a scenario: those that its author asked for, or standard ones.

use insilin::render::build::{self, Arm, BuildError, Curve, Happenings};
use insilin::render::number::significant;
use insilin::render::{Axis, Band, Figure, Mark, Panel, to_png, to_svg};
use insilin::scenario::{Against, Entry, FigureRequest, Scenario};
use insilin::trajectory::{Measured, Trajectory, points};

use super::args::FigureFormat;
use super::display;
use super::results::Results;
use super::summary::metric_of;
use super::terminal::{Exit, Terminal};

/// Pixels per unit of a PNG: sharp on a page and on a projector.
const SCALE: f64 = 2.0;

/// Most panels of a figure that nobody asked for.
pub const MOST_PANELS: usize = 4;

/// Most curves of a family that are drawn beside each other, one colour each.
const MOST_CURVES: usize = 6;

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
    let measured = measured(scenario, results, terminal);
    let mut figures = Vec::new();
    for request in &requests {
        let made = match request.against {
            Against::Time => time_figure(request, scenario, results, &measured),
            Against::Varied => varied_figure(request, scenario, results),
        };
        match made {
            Ok(mut figure) => {
                figure.subtitle = subtitle(scenario);
                figures.push((request.name.clone(), figure));
            }
            Err(error) => {
                let message = format!("figure `{}` cannot be drawn: {error}", request.name);
                terminal.failure("render/figure", &message, "change its `panels`");
                return Err(Exit::Input);
            }
        }
    }
    Ok(figures)
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
        against: Against::Time,
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
pub fn standard_ids(arm: &insilin::scenario::Arm) -> Vec<String> {
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

fn subtitle(scenario: &Scenario) -> String {
    let mut models: Vec<&str> = scenario
        .arms
        .iter()
        .map(|arm| arm.model_path.as_str())
        .collect();
    models.dedup();
    format!("{} · {}", scenario.name, models.join(", "))
}

fn time_figure(
    request: &FigureRequest,
    scenario: &Scenario,
    results: &Results,
    measured: &[Measured],
) -> Result<Figure, BuildError> {
    let happenings = happenings(&scenario.arms[0]);
    let labels: Vec<Vec<String>> = (0..scenario.arms.len())
        .map(|at| run_labels(scenario, at))
        .collect();
    let runs = |at: usize| -> Vec<Arm<'_>> {
        let shown = chosen(&results.arms[at].shown).into_iter();
        shown
            .map(|run| Arm {
                label: &labels[at][run],
                trajectory: &results.arms[at].shown[run],
            })
            .collect()
    };
    let arms = 0..scenario.arms.len();
    // A family of curves per arm gets a panel of its own; single curves are compared in one.
    let families: Vec<(&str, Vec<Arm<'_>>)> = if scenario.vary.is_some() {
        arms.map(|at| (scenario.arms[at].label.as_str(), runs(at)))
            .collect()
    } else {
        vec![("", arms.flat_map(runs).collect())]
    };
    let mut panels: Vec<Panel> = Vec::new();
    for group in &request.panels {
        let ids: Vec<&str> = group.iter().map(String::as_str).collect();
        for (title, arms) in &families {
            // Arms of different models need not share every quantity: a panel shows those that have it.
            let able = |arm: &&Arm<'_>| ids.iter().all(|id| arm.trajectory.column(id).is_some());
            let able: Vec<Arm<'_>> = arms.iter().filter(able).copied().collect();
            let arms = if able.is_empty() { arms } else { &able };
            let mut panel = build::time_panel(arms, &ids, measured)?;
            panel.title = (*title).to_string();
            build::add_happenings(&mut panel, &happenings, panels.is_empty());
            panels.push(panel);
        }
    }
    Ok(Figure::new(request.title.clone(), panels))
}

/// Which runs of a family are drawn: all of a few, else some evenly spaced, the ends among them.
fn chosen(shown: &[Trajectory]) -> Vec<usize> {
    let n = shown.len();
    if n <= MOST_CURVES {
        return (0..n).collect();
    }
    (0..MOST_CURVES)
        .map(|at| (at * (n - 1) + (MOST_CURVES - 1) / 2) / (MOST_CURVES - 1))
        .collect()
}

/// Legend words of an arm's runs: its label, or the varied value where there is one.
fn run_labels(scenario: &Scenario, at: usize) -> Vec<String> {
    let Some(vary) = &scenario.vary else {
        return vec![scenario.arms[at].label.clone()];
    };
    let value = |value: &f64| format!("{} {}", significant(*value, 3), vary.unit);
    vary.values
        .iter()
        .map(|v| value(v).trim().to_string())
        .collect()
}

/// Metrics against the varied quantity: one panel per group, one curve per metric and arm.
fn varied_figure(
    request: &FigureRequest,
    scenario: &Scenario,
    results: &Results,
) -> Result<Figure, BuildError> {
    let Some(vary) = &scenario.vary else {
        return Err(BuildError::Empty);
    };
    let mut panels = Vec::new();
    for group in &request.panels {
        let mut curves = Vec::new();
        let mut response: Option<Axis> = None;
        for wanted in group {
            let (arm, id, text) = parts(wanted, scenario);
            for at in (0..results.arms.len()).filter(|at| arm.is_none_or(|arm| arm == *at)) {
                if let Some((axis, curve)) = response_curve(at, id, text, scenario, results)? {
                    response.get_or_insert(axis);
                    curves.push(curve);
                }
            }
        }
        let response = response.ok_or(BuildError::Empty)?;
        let mut dose = Axis::new(vary.name.clone(), vary.unit.clone());
        dose.log = vary.log;
        panels.extend(build::dose_response("", dose, response, &curves).panels);
    }
    Ok(Figure::new(request.title.clone(), panels))
}

/// One metric of one arm against the varied quantity, with its axis; none when the arm has no such quantity.
fn response_curve(
    at: usize,
    id: &str,
    metric: &str,
    scenario: &Scenario,
    results: &Results,
) -> Result<Option<(Axis, Curve)>, BuildError> {
    let runs = &results.arms[at].shown;
    let Some((first, column)) = runs.first().and_then(|run| Some((run, run.column(id)?))) else {
        return Ok(None);
    };
    let metric = metric_of(metric, first, id).ok_or_else(|| BuildError::Unknown {
        id: format!("{id}.{metric}"),
    })?;
    let measure = |run: &Trajectory| insilin::observe::measure(run, id, metric);
    let unit = metric.unit(&column.unit, &first.time_unit);
    let label = match scenario.arms.len() {
        1 => &column.label,
        _ => &scenario.arms[at].label,
    };
    let vary = scenario.vary.as_ref();
    let curve = Curve {
        label: label.clone(),
        dose: vary.map(|vary| vary.values.clone()).unwrap_or_default(),
        response: runs.iter().filter_map(measure).collect(),
        spread: Vec::new(),
        measured: false,
    };
    Ok(Some((Axis::new(column.label.clone(), unit), curve)))
}

/// `arm: observable.metric` taken apart.
fn parts<'a>(wanted: &'a str, scenario: &Scenario) -> (Option<usize>, &'a str, &'a str) {
    let (arm, rest) = match wanted.split_once(':') {
        Some((label, rest)) => (
            scenario
                .arms
                .iter()
                .position(|arm| arm.label == label.trim()),
            rest.trim(),
        ),
        None => (None, wanted),
    };
    let (id, metric) = rest.split_once('.').unwrap_or((rest, "final"));
    (arm, id, metric)
}

/// Marks and bands of an arm's protocol.
pub fn happenings(arm: &insilin::scenario::Arm) -> Happenings {
    let mut happenings = Happenings::default();
    for entry in &arm.protocol.entries {
        let Entry::Mark {
            label, from, to, ..
        } = entry
        else {
            continue;
        };
        if to > from {
            happenings.bands.push(Band {
                label: label.clone(),
                from: *from,
                to: *to,
            });
        } else {
            happenings.marks.push(Mark {
                label: label.clone(),
                at: *from,
            });
        }
    }
    happenings
}

/// Measured series of all files in the units of what is shown; those that nothing shown measures are left out.
fn measured(scenario: &Scenario, results: &Results, terminal: Terminal) -> Vec<Measured> {
    let mut all = Vec::new();
    for file in &scenario.measured {
        let at = file
            .arm
            .as_ref()
            .and_then(|label| scenario.arms.iter().position(|arm| &arm.label == label));
        let (arm, runs) = (
            &scenario.arms[at.unwrap_or(0)],
            &results.arms[at.unwrap_or(0)],
        );
        let Some(shown) = runs.shown.first() else {
            continue;
        };
        for series in points::read(&file.text).unwrap_or_default() {
            let converted =
                display::factor(&series.time_unit, &shown.time_unit).and_then(|factor| {
                    let mut measured = display::measured(&series.measured, shown, &arm.model)?;
                    measured.time.iter_mut().for_each(|time| *time *= factor);
                    Some(measured)
                });
            match converted {
                Some(measured) => all.push(measured),
                None => terminal.say(&format!(
                    "note: `{}` of {} is not drawn: no column of that name and kind of unit",
                    series.measured.observable, file.path
                )),
            }
        }
    }
    all
}
