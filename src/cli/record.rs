//! The record of a run: how it was made, and making it again from its folder.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use insilin::scenario::Edits;
use insilin::simulate::Options;
use insilin::store::{Manifest, RunOptions, sha256};

use super::args::{EventOrderName, MethodName, Run, UnitSystem};
use super::data::DataForm;
use super::load::{self, Loaded};
use super::terminal::{Exit, Terminal};
use super::{Ended, library};

/// The name of a manifest in its folder.
pub const MANIFEST: &str = "manifest.json";

/// How a run is made, its scenario apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    method: MethodName,
    rtol: f64,
    atol: f64,
    seed: u64,
    event_order: EventOrderName,
    /// What to keep of the data.
    pub form: DataForm,
    /// Units of tables and figures; the model's own when absent.
    pub units: Option<UnitSystem>,
    /// Whether figures are made.
    pub figures: bool,
    /// Whether they are for a projector.
    pub projector: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let Options {
            rtol, atol, seed, ..
        } = Options::default();
        Self {
            method: MethodName::Rodas5p,
            rtol,
            atol,
            seed,
            event_order: EventOrderName::Random,
            form: DataForm::default(),
            units: None,
            figures: true,
            projector: false,
        }
    }
}

impl Settings {
    /// With what the command line says otherwise.
    pub fn changed(mut self, arguments: &Run) -> Self {
        self.method = arguments.method.unwrap_or(self.method);
        self.rtol = arguments.rtol.unwrap_or(self.rtol);
        self.atol = arguments.atol.unwrap_or(self.atol);
        self.seed = arguments.seed.unwrap_or(self.seed);
        self.event_order = arguments.event_order.unwrap_or(self.event_order);
        self.form.format = arguments.format.unwrap_or(self.form.format);
        if !arguments.select.is_empty() {
            self.form.select.clone_from(&arguments.select);
        }
        self.units = arguments.units.or(self.units);
        self.figures &= !arguments.no_figures;
        self.projector |= arguments.projector;
        self
    }

    /// With other units of tables and figures, when there are any.
    pub fn in_units(mut self, units: Option<UnitSystem>) -> Self {
        self.units = units.or(self.units);
        self
    }

    /// For the integrator.
    pub fn options(&self) -> Options {
        Options {
            method: self.method.into(),
            rtol: self.rtol,
            atol: self.atol,
            seed: self.seed,
            event_order: self.event_order.into(),
            ..Options::default()
        }
    }

    /// Whether both give the same data, whatever their tables and figures look like.
    fn same_data(&self, other: &Self) -> bool {
        self.options() == other.options() && self.form == other.form
    }

    /// For a manifest.
    pub fn recorded(&self) -> RunOptions {
        RunOptions {
            method: name(&self.method),
            rtol: self.rtol,
            atol: self.atol,
            seed: self.seed,
            event_order: name(&self.event_order),
            format: name(&self.form.format),
            select: self.form.select.clone(),
            units: self.units.as_ref().map(name),
            figures: self.figures,
            projector: self.projector,
        }
    }

    /// As a manifest records them.
    ///
    /// # Errors
    /// The first word that means nothing to this program.
    fn from_recorded(recorded: &RunOptions) -> Result<Self, String> {
        let units = recorded.units.as_deref().map(named).transpose()?;
        Ok(Self {
            method: named(&recorded.method)?,
            rtol: recorded.rtol,
            atol: recorded.atol,
            seed: recorded.seed,
            event_order: named(&recorded.event_order)?,
            form: DataForm {
                select: recorded.select.clone(),
                format: named(&recorded.format)?,
            },
            units,
            figures: recorded.figures,
            projector: recorded.projector,
        })
    }
}

/// A choice as it is typed.
fn name(choice: &impl ValueEnum) -> String {
    let value = choice.to_possible_value().expect("no choice is hidden");
    value.get_name().to_string()
}

fn named<T: ValueEnum>(name: &str) -> Result<T, String> {
    T::from_str(name, false).map_err(|_| name.to_string())
}

/// A run that lies in a folder.
pub struct Record {
    /// Where.
    pub folder: PathBuf,
    /// What its manifest says.
    pub manifest: Manifest,
    /// How it was made.
    pub settings: Settings,
}

impl Record {
    /// Reads a manifest; says what is wrong with it or with the files that it names.
    ///
    /// # Errors
    /// Exit code 4 when something is not there or cannot be read, 2 when it is no manifest or something was changed.
    pub fn read(path: &Path, terminal: Terminal) -> Result<Self, Exit> {
        let shown = path.display().to_string();
        let file = library::read_file(path)
            .map_err(|failure| load::unreadable(&shown, &failure, terminal))?;
        let refused = |message: String| {
            let hint = "give the `manifest.json` of a result folder";
            terminal.failure("cli/manifest", &message, hint);
            Exit::Input
        };
        let manifest = Manifest::from_json(&file.text).map_err(|error| {
            let line = error.line.map(|line| format!(":{line}"));
            let line = line.unwrap_or_default();
            refused(format!("{shown}{line} is no manifest: {}", error.message))
        })?;
        let settings = Settings::from_recorded(&manifest.options)
            .map_err(|word| refused(format!("{shown}: this program knows no `{word}`")))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let record = Self {
            folder,
            manifest,
            settings,
        };
        record.check_inputs(terminal)?;
        Ok(record)
    }

    /// Nothing that the run is repeated from may have changed.
    fn check_inputs(&self, terminal: Terminal) -> Ended {
        for (path, recorded) in &self.manifest.inputs {
            let full = self.folder.join(path);
            let Ok(content) = fs::read(&full) else {
                let message = format!("`{}` is gone, and the run needs it", full.display());
                terminal.failure("cli/manifest", &message, "run the scenario itself again");
                return Err(Exit::Files);
            };
            if sha256(&content) != *recorded {
                let path = full.display();
                let message = format!("`{path}` is not what it was when the run was made");
                let hint = "run the stored `scenario.toml` itself to use the changed file";
                terminal.failure("cli/manifest", &message, hint);
                return Err(Exit::Input);
            }
        }
        Ok(())
    }

    /// The recorded scenario under the names that it had when it was run first.
    ///
    /// # Errors
    /// The exit code of the worst finding; all findings have been said.
    pub fn load(&self, edits: &Edits, terminal: Terminal) -> Result<Loaded, Exit> {
        let path = self.folder.join(&self.manifest.scenario);
        let mut loaded = load::scenario(&path.display().to_string(), edits, None, terminal)?;
        let scenario = &mut loaded.scenario;
        if scenario.arms.len() != self.manifest.arms.len() {
            let message = "the manifest does not name the arms of its scenario";
            terminal.failure("cli/manifest", message, "run the scenario itself again");
            return Err(Exit::Input);
        }
        for (arm, recorded) in scenario.arms.iter_mut().zip(&self.manifest.arms) {
            arm.model_path.clone_from(&recorded.written);
        }
        for (at, measured) in scenario.measured.iter_mut().enumerate() {
            let stored = measured.path.strip_prefix(&stored_prefix(at));
            measured.path = stored.unwrap_or(&measured.path).to_string();
        }
        // What was read now are the folder's own files; the originals lie beside them already.
        loaded.files.clear();
        Ok(loaded)
    }

    /// Whether a run with these edits and settings is this one again, whatever its tables and figures look like.
    pub fn is_repeated_by(&self, edits: &Edits, settings: &Settings) -> bool {
        edits.is_empty() && self.settings.same_data(settings)
    }

    /// Data files that a repeated run has otherwise than the record.
    pub fn changed(&self, now: &Manifest) -> Vec<String> {
        let data = now.arms.iter().map(|arm| &arm.trajectory);
        let differs = |path: &&String| self.manifest.outputs.get(*path) != now.outputs.get(*path);
        data.filter(differs).cloned().collect()
    }
}

/// How the names of stored data files begin, so that two of one name do not collide.
pub fn stored_prefix(at: usize) -> String {
    format!("measured/{}-", at + 1)
}
