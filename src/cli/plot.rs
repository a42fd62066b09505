//! `insilin plot`: figures again from a result folder, without running anything.

use insilin::diag::did_you_mean;
use insilin::scenario::{Arm, Scenario};
use insilin::store::Folder;
use insilin::trajectory::Trajectory;

use super::args::{Plot, UnitSystem};
use super::record::{MANIFEST, Record};
use super::results::{self, ArmResults, Results};
use super::terminal::{Exit, Terminal};
use super::{Ended, data, display, figures, interrupt, library, load, sweep};

/// Draws what was asked for.
pub fn plot(arguments: &Plot, terminal: Terminal) -> Ended {
    let folder = &arguments.folder;
    if folder.join(sweep::RECORD).is_file() {
        return sweep::plot(arguments, terminal);
    }
    let record = Record::read(&folder.join(MANIFEST), terminal)?;
    let mut scenario = record.load(&Default::default(), terminal)?.scenario;
    let units = arguments.units.or(record.settings.units);
    let results = read_results(&record, &scenario, units, terminal)?;
    if !arguments.select.is_empty() {
        check_selection(&arguments.select, &results, terminal)?;
        scenario.figures = vec![figures::selection(&arguments.select, &scenario)];
    }
    let mut made = Folder::new();
    let projector = arguments.projector || record.settings.projector;
    for (name, figure) in figures::all(&scenario, &results, terminal)? {
        let figure = figures::look(figure, projector);
        for (path, content) in figures::drawn(&name, &figure, arguments.format) {
            made.add(path, content);
        }
    }
    let out = arguments.out.as_ref().unwrap_or(folder);
    let way = Some("`--out DIR` says where");
    interrupt::whole(|| made.write(out))
        .map_err(|error| results::store_failure(&error, way, terminal))?;
    let written = made.paths().map(|path| out.join(path));
    let written: Vec<String> = written.map(|path| path.display().to_string()).collect();
    terminal.data(&format!("{}\n", written.join("\n")))
}

/// The trajectories of a recorded run, as they lie in its folder.
///
/// # Errors
/// Exit code 4 when one is not there, 2 when it is not what a run wrote; that has been said.
pub fn read_results(
    record: &Record,
    scenario: &Scenario,
    units: Option<UnitSystem>,
    terminal: Terminal,
) -> Result<Results, Exit> {
    let format = record.settings.form.format;
    let mut arms = Vec::new();
    for (arm, recorded) in scenario.arms.iter().zip(&record.manifest.arms) {
        let path = record.folder.join(&recorded.trajectory);
        let shown = path.display().to_string();
        let file = library::read_file(&path)
            .map_err(|failure| load::unreadable(&shown, &failure, terminal))?;
        let read = data::read(format, &file.text, scenario.vary.as_ref());
        let mut trajectories = read.map_err(|why| {
            let message = format!("`{shown}` is not what a run wrote: {why}");
            terminal.failure("cli/plot", &message, "run the scenario again");
            Exit::Input
        })?;
        trajectories.iter_mut().for_each(|one| relabel(one, arm));
        let display = |one: &Trajectory| display::trajectory(one.clone(), &arm.model, units);
        arms.push(ArmResults {
            shown: trajectories.iter().map(display).collect(),
            trajectories,
            work: Vec::new(),
        });
    }
    Ok(Results { arms })
}

/// Names for people are not in the data; the model has them.
fn relabel(trajectory: &mut Trajectory, arm: &Arm) {
    for column in &mut trajectory.columns {
        let symbol = arm.model.symbol(&column.id);
        let name = symbol.map(|symbol| &arm.model.identity(symbol).name);
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            column.label.clone_from(name);
        }
    }
}

/// What is to be drawn must be in the data of some arm.
fn check_selection(select: &[String], results: &Results, terminal: Terminal) -> Ended {
    let columns = || {
        let shown = results.arms.iter().flat_map(|arm| arm.shown.first());
        shown.flat_map(|one| one.columns.iter().map(|column| column.id.as_str()))
    };
    let Some(unknown) = select
        .iter()
        .find(|id| !columns().any(|known| known == *id))
    else {
        return Ok(());
    };
    let hint = did_you_mean(unknown, columns()).map_or_else(
        || "the first line of a data file names its columns; `--select` of `run` may have left some out".to_string(),
        |near| format!("did you mean `{near}`?"),
    );
    let message = format!("the data have no column `{unknown}`");
    terminal.failure("cli/plot", &message, &hint);
    Err(Exit::Input)
}
