//! Runs to look at: those that lie in a folder, or those that a scenario makes.

use std::path::Path;

use insilin::diag::SourceFile;
use insilin::store::{Folder, Manifest};

use super::args::UnitSystem;
use super::load::{self, Loaded};
use super::record::{MANIFEST, Record, Settings};
use super::results::{self, Results};
use super::run::{self, Answer};
use super::terminal::{Exit, Terminal};
use super::{library, plot};

/// All runs of one scenario, with what they were made from.
pub struct Runs {
    /// What was typed.
    pub what: String,
    /// The scenario and its texts.
    pub loaded: Loaded,
    /// How they were integrated and are shown.
    pub settings: Settings,
    /// Their trajectories.
    pub results: Results,
    /// The record, when they lay in a folder.
    pub record: Option<Record>,
}

/// Reads the runs of a result folder or of a manifest, or makes those of a scenario.
///
/// # Errors
/// The exit code of the worst finding; all findings have been said.
pub fn fetch(
    what: &str,
    models: Option<&Path>,
    units: Option<UnitSystem>,
    terminal: Terminal,
) -> Result<Runs, Exit> {
    let path = Path::new(what);
    if path.is_dir() {
        return match path.join(MANIFEST) {
            manifest if manifest.is_file() => recorded(what, &manifest, units, terminal),
            _ => Err(no_run(what, terminal)),
        };
    }
    if path.extension().is_some_and(|ending| ending == "json") {
        return recorded(what, path, units, terminal);
    }
    simulated(what, models, units, terminal)
}

fn no_run(folder: &str, terminal: Terminal) -> Exit {
    let message = format!("no run lies in `{folder}`: it has no `{MANIFEST}`");
    let hint = "give a folder that `insilin run` wrote, or a scenario, which is run first";
    terminal.failure("cli/no-run", &message, hint);
    Exit::Input
}

fn recorded(
    what: &str,
    manifest: &Path,
    units: Option<UnitSystem>,
    terminal: Terminal,
) -> Result<Runs, Exit> {
    let record = Record::read(manifest, terminal)?;
    let mut loaded = record.load(&Default::default(), terminal)?;
    loaded.files = originals(&record.folder);
    let settings = record.settings.clone().in_units(units);
    let results = plot::read_results(&record, &loaded.scenario, settings.units, terminal)?;
    Ok(Runs {
        what: what.to_string(),
        loaded,
        settings,
        results,
        record: Some(record),
    })
}

/// The files as their authors wrote them, which every run keeps; none where somebody took them away.
fn originals(folder: &Path) -> Vec<SourceFile> {
    let entries = std::fs::read_dir(folder.join("originals"));
    let mut files: Vec<(u32, SourceFile)> = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| original(&entry.path()))
        .collect();
    files.sort_by_key(|(number, _)| *number);
    files.into_iter().map(|(_, file)| file).collect()
}

/// A kept file under its own name, with the number in front of it, which says when it was read.
fn original(path: &Path) -> Option<(u32, SourceFile)> {
    let stored = path.file_name()?.to_string_lossy().into_owned();
    let (number, name) = stored.split_once('-')?;
    let text = library::read_file(path).ok()?.text;
    let name = name.to_string();
    Some((number.parse().ok()?, SourceFile { name, text }))
}

fn simulated(
    what: &str,
    models: Option<&Path>,
    units: Option<UnitSystem>,
    terminal: Terminal,
) -> Result<Runs, Exit> {
    let loaded = load::scenario(what, &Default::default(), models, terminal)?;
    let settings = Settings::default().in_units(units);
    let experiments = run::experiments(&loaded, terminal)?;
    let results = run::simulate_all(&loaded, &experiments, &settings, terminal)?;
    Ok(Runs {
        what: what.to_string(),
        loaded,
        settings,
        results,
        record: None,
    })
}

impl Runs {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.results.arms.iter().map(|arm| arm.shown.len()).sum()
    }

    /// The numbers that their scenario asks for.
    pub fn answer(&self) -> Answer {
        Answer::of(&self.loaded.scenario, &self.results)
    }

    /// The files that repeat them, without figures, and the manifest that goes with them.
    pub fn folder(&self) -> (Folder, Manifest) {
        let scenario = &self.loaded.scenario;
        let mut settings = self.settings.clone();
        settings.figures = false;
        let (mut folder, mut manifest) =
            results::folder(scenario, &self.results, &self.loaded.files, &settings);
        let summary = format!("{:#}\n", self.answer().to_json(scenario)).into_bytes();
        results::add_output(&mut folder, &mut manifest, "summary.json", summary);
        folder.add(MANIFEST, manifest.to_json());
        (folder, manifest)
    }
}
