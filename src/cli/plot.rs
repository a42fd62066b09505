//! `insilin plot`: figures again from a result folder, without running anything.

use std::path::Path;

use insilin::render::Figure;
use insilin::render::build::{self, Arm};
use insilin::scenario::{Edits, Scenario};
use insilin::store::{Folder, Manifest};

use super::args::{Plot, UnitSystem};
use super::results::{self, ArmResults, Results};
use super::terminal::{Exit, Terminal};
use super::{Ended, display, figures, library, load, run};

/// Draws what was asked for.
pub fn plot(arguments: &Plot, terminal: Terminal) -> Ended {
    let folder = &arguments.folder;
    let manifest = run::read_manifest(&folder.join("manifest.json"), terminal)?;
    let path = folder.join(&manifest.scenario).display().to_string();
    let scenario = load::scenario(&path, &Edits::default(), None, terminal)?.scenario;
    let results = read_results(folder, &manifest, &scenario, arguments.units, terminal)?;
    let figures = if arguments.select.is_empty() {
        figures::all(&scenario, &results, terminal)?
    } else {
        vec![(
            "selection".to_string(),
            selection(&arguments.select, &scenario, &results, terminal)?,
        )]
    };
    let mut made = Folder::new();
    for (name, figure) in &figures {
        figures::add_one(name, figure, arguments.format, &mut made);
    }
    let out = arguments.out.as_ref().unwrap_or(folder);
    made.write(out)
        .map_err(|error| results::store_failure(&error, terminal))?;
    let written: Vec<String> = made
        .paths()
        .map(|path| out.join(path).display().to_string())
        .collect();
    terminal.data(&format!("{}\n", written.join("\n")))
}

fn read_results(
    folder: &Path,
    manifest: &Manifest,
    scenario: &Scenario,
    units: Option<UnitSystem>,
    terminal: Terminal,
) -> Result<Results, Exit> {
    let mut arms = Vec::new();
    for (arm, recorded) in scenario.arms.iter().zip(&manifest.arms) {
        let path = folder.join(&recorded.trajectory);
        let shown = path.display().to_string();
        if manifest.options.format != "csv" {
            terminal.failure(
                "cli/plot",
                &format!("`{shown}` is not CSV"),
                "run the scenario again with `--format csv`",
            );
            return Err(Exit::Input);
        }
        let file = library::read_file(&path)
            .map_err(|failure| load::unreadable(&shown, &failure, terminal))?;
        let mut trajectories =
            results::read_csv(&file.text, scenario.vary.as_ref()).map_err(|why| {
                terminal.failure(
                    "cli/plot",
                    &format!("`{shown}` is no trajectory: {why}"),
                    "run the scenario again",
                );
                Exit::Input
            })?;
        for trajectory in &mut trajectories {
            relabel(trajectory, arm);
        }
        let display =
            |trajectory: &_| display::trajectory(Clone::clone(trajectory), &arm.model, units);
        arms.push(ArmResults {
            shown: trajectories.iter().map(display).collect(),
            trajectories,
            work: Vec::new(),
        });
    }
    Ok(Results { arms })
}

/// Names for people are not in the data; the model has them.
fn relabel(trajectory: &mut insilin::trajectory::Trajectory, arm: &insilin::scenario::Arm) {
    for column in &mut trajectory.columns {
        let symbol = arm.model.symbol(&column.id);
        if let Some(name) = symbol
            .map(|symbol| &arm.model.identity(symbol).name)
            .filter(|name| !name.is_empty())
        {
            column.label.clone_from(name);
        }
    }
}

/// One panel per column, all runs in it.
fn selection(
    ids: &[String],
    scenario: &Scenario,
    results: &Results,
    terminal: Terminal,
) -> Result<Figure, Exit> {
    let runs = results.arms.iter().zip(&scenario.arms);
    let arms: Vec<Arm<'_>> = runs
        .flat_map(|(runs, arm)| {
            runs.shown.iter().map(|trajectory| Arm {
                label: &arm.label,
                trajectory,
            })
        })
        .collect();
    let groups: Vec<Vec<&str>> = ids.iter().map(|id| vec![id.as_str()]).collect();
    build::time_course(
        &scenario.title,
        &arms,
        &groups,
        &[],
        &build::Happenings::default(),
    )
    .map_err(|error| {
        let columns: Vec<&str> = arms
            .iter()
            .flat_map(|arm| &arm.trajectory.columns)
            .map(|column| column.id.as_str())
            .collect();
        let near = ids.iter().find_map(|id| {
            let missing = !columns.contains(&id.as_str());
            missing
                .then(|| insilin::diag::did_you_mean(id, columns.iter().copied()))
                .flatten()
        });
        let hint = near.map_or_else(
            || "see the head of the CSV file".to_string(),
            |n| format!("did you mean `{n}`?"),
        );
        terminal.failure("cli/plot", &error.to_string(), &hint);
        Exit::Input
    })
}
