//! The figures of a comparison: runs laid over each other.

use insilin::render::build::{self, Arm, BuildError, Curve, Happenings};
use insilin::render::{Axis, Figure, Panel};

use super::comparison::{Compared, Comparison, Group, Row};
use super::figures::{self, MOST_PANELS};
use super::results::slug;
use super::runs::Runs;
use super::terminal::Terminal;

/// Most curves in one panel: there are as many colours.
const MOST_CURVES: usize = 7;

/// Most groups that get figures of their own.
const MOST_GROUPS: usize = 6;

/// All figures with their file stems; says what is not drawn.
pub fn all(comparison: &Comparison, members: &[Runs], terminal: Terminal) -> Vec<(String, Figure)> {
    let n_groups = comparison.groups.len();
    if comparison.groups.iter().all(|group| group.value.is_some()) {
        return against_varied(comparison, members);
    }
    if n_groups > MOST_GROUPS {
        terminal.say(&format!(
            "note: figures are drawn of the first {MOST_GROUPS} of {n_groups} comparisons; the table has all"
        ));
    }
    let mut figures = Vec::new();
    for (at, group) in comparison.groups.iter().take(MOST_GROUPS).enumerate() {
        let stem = if n_groups == 1 {
            "compare".to_string()
        } else {
            format!("compare-{}", slug(&group.label, at))
        };
        for (number, figure) in of_group(group, members).into_iter().enumerate() {
            match figure {
                Ok(figure) => figures.push((format!("{stem}-{}", number + 1), figure)),
                Err(error) => terminal.say(&format!("note: a figure is not drawn: {error}")),
            }
        }
    }
    figures
}

fn of_group(group: &Group, members: &[Runs]) -> Vec<Result<Figure, BuildError>> {
    let happenings = shared_happenings(group, members);
    let runs = drawn(group);
    let arms: Vec<Arm<'_>> = runs
        .iter()
        .map(|run| Arm {
            label: &run.label,
            trajectory: &run.trajectory,
        })
        .collect();
    let ids: Vec<&str> = group
        .columns()
        .iter()
        .map(|column| column.id.as_str())
        .collect();
    let one = |ids: &[&str]| {
        let mut panels = Vec::new();
        for id in ids {
            let mut panel = build::time_panel(&arms, &[id], &[])?;
            build::add_happenings(&mut panel, &happenings, panels.is_empty());
            panels.push(panel);
        }
        let mut figure = Figure::new(title(group, members), panels);
        figure.subtitle = subtitle(group, runs.len());
        build::in_readable_time(&mut figure);
        Ok(figure)
    };
    ids.chunks(MOST_PANELS).map(one).collect()
}

/// Metrics against the quantity that every scenario varies: a panel per metric, a curve per run and arm.
fn against_varied(comparison: &Comparison, members: &[Runs]) -> Vec<(String, Figure)> {
    let Some(vary) = &members[0].loaded.scenario.vary else {
        return Vec::new();
    };
    let mut dose = Axis::new(vary.name.clone(), vary.unit.clone());
    dose.log = vary.log;
    let mut panels = Vec::new();
    for row in distinct_metrics(comparison) {
        let axis = Axis::new(format!("{}, {}", row.label, row.words), row.unit.clone());
        let curves = responses(row, comparison, &vary.values);
        panels.extend(build::dose_response("", dose.clone(), axis, &curves).panels);
    }
    let title = title(&comparison.groups[0], members);
    let figure = |(at, panels): (usize, &[Panel])| {
        let figure = Figure::new(title.clone(), panels.to_vec());
        (format!("compare-{}", at + 1), figure)
    };
    panels.chunks(MOST_PANELS).enumerate().map(figure).collect()
}

/// The first row of every metric of every quantity.
fn distinct_metrics(comparison: &Comparison) -> Vec<&Row> {
    let mut found: Vec<&Row> = Vec::new();
    for row in comparison.groups.iter().flat_map(|group| &group.rows) {
        if !found
            .iter()
            .any(|known| known.id == row.id && known.metric == row.metric)
        {
            found.push(row);
        }
    }
    found
}

/// One metric against the varied value, for every run of every arm.
fn responses(of: &Row, comparison: &Comparison, values: &[f64]) -> Vec<Curve> {
    let mut curves: Vec<Curve> = Vec::new();
    let mut add = |label: String, dose: f64, response: f64| match curves
        .iter_mut()
        .find(|curve| curve.label == label)
    {
        Some(curve) => {
            curve.dose.push(dose);
            curve.response.push(response);
        }
        None => curves.push(Curve {
            label,
            dose: vec![dose],
            response: vec![response],
            spread: Vec::new(),
            measured: false,
        }),
    };
    for group in &comparison.groups {
        let dose = group.value.map_or(f64::NAN, |value| values[value]);
        let label = |run: usize| {
            let parts = [group.runs[run].label.as_str(), group.arm.as_str()];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            parts.join(", ")
        };
        let rows = group.rows.iter();
        for row in rows.filter(|row| row.id == of.id && row.metric == of.metric) {
            if row.run == 1 {
                add(label(0), dose, row.change.reference);
            }
            add(label(row.run), dose, row.change.value);
        }
    }
    curves
}

/// The reference and as many others as there are colours, evenly spaced, the last among them.
fn drawn(group: &Group) -> Vec<&Compared> {
    let n = group.runs.len();
    if n <= MOST_CURVES {
        return group.runs.iter().collect();
    }
    let last = MOST_CURVES - 1;
    let spaced = |at: usize| (at * (n - 1) + last / 2) / last;
    (0..MOST_CURVES).map(|at| &group.runs[spaced(at)]).collect()
}

fn title(group: &Group, members: &[Runs]) -> String {
    if let [only] = members {
        return only.loaded.scenario.title.clone();
    }
    let labels: Vec<&str> = group.runs.iter().map(|run| run.label.as_str()).collect();
    match labels[..] {
        [reference, other] => format!("{other} against {reference}"),
        [reference, ..] => format!("{} runs against {reference}", labels.len() - 1),
        [] => String::new(),
    }
}

fn subtitle(group: &Group, n_drawn: usize) -> String {
    let mut parts = Vec::new();
    if !group.label.is_empty() {
        parts.push(group.label.clone());
    }
    if n_drawn < group.runs.len() {
        parts.push(format!("{n_drawn} of {} runs", group.runs.len()));
    }
    parts.join(" · ")
}

/// What happened in every run alike; nothing when it differs, because nobody could tell what belongs to which curve.
fn shared_happenings(group: &Group, members: &[Runs]) -> Happenings {
    let of = |run: &Compared| {
        let arm = &members[run.member].loaded.scenario.arms[run.arm];
        (figures::happenings(arm), arm.time.unit.clone())
    };
    let first = of(&group.runs[0]);
    let alike = group.runs.iter().all(|run| of(run) == first);
    // Marks are in the model's unit of time, which display units never change.
    if alike {
        first.0
    } else {
        Happenings::default()
    }
}
