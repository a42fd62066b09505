//! `insilin sbml-test`: one case of the SBML Test Suite, from model and settings to a table.

use std::fmt::Write as _;
use std::fs;

use insilin::diag::{Diagnostics, SourceMap, Sources, Warned};
use insilin::model::{Formula, Function, Identity, Model, Parameter, Rule, Symbol, lower};
use insilin::scenario::inputs::Inputs;
use insilin::scenario::{Arm, Protocol, Start, TimeAxis};
use insilin::simulate::{self, Experiment, Options};
use insilin::store::write_file;

use super::args::SbmlTest;
use super::library::Library;
use super::results::store_failure;
use super::terminal::{Exit, Terminal};
use super::{Ended, interrupt, load};

/// Relative tolerance of the integrator: the suite compares at 1e-4 for the most part.
const RTOL: f64 = 1e-9;

/// Absolute tolerance, relative to each state's size; the suite's own go down to 1e-12 for amounts near zero.
const ATOL: f64 = 1e-12;

/// Codes of findings that say "understood, but not simulated" rather than "wrong".
const UNSUPPORTED: [&str; 2] = ["syntax/sbml-package", "syntax/sbml-level"];

/// Runs a case and writes its table.
pub fn sbml_test(arguments: &SbmlTest, terminal: Terminal) -> Ended {
    let path = arguments.settings.display().to_string();
    let text = fs::read_to_string(&arguments.settings).map_err(|error| {
        terminal.failure(
            "cli/not-readable",
            &format!("`{path}` cannot be read: {error}"),
            "check the path and its rights",
        );
        Exit::Files
    })?;
    let mut sources = SourceMap::new();
    // The model first: settings for another kind of model (flux balance) hold no times.
    let model = read_model(&arguments.model, &mut sources, terminal)?;
    let settings = Settings::read(&text).map_err(|wrong| {
        let hint = "a case needs `start`, `duration`, `steps` and `variables`";
        terminal.failure("cli/settings", &format!("{path}: {wrong}"), hint);
        Exit::Input
    })?;
    let table = table(model, &settings, arguments.seed, &sources, terminal)?;
    interrupt::whole(|| write_file(&arguments.out, table.as_bytes()))
        .map_err(|error| store_failure(&error, None, terminal))
}

/// What a case asks for.
struct Settings {
    /// First time.
    start: f64,
    /// From the first to the last time.
    duration: f64,
    /// Intervals between rows.
    steps: u32,
    /// Ids to report, in order.
    variables: Vec<String>,
    /// Species to report as amounts.
    amounts: Vec<String>,
    /// Species to report as concentrations.
    concentrations: Vec<String>,
}

impl Settings {
    fn read(text: &str) -> Result<Self, String> {
        let value = |key: &str| -> Option<&str> {
            let mut lines = text.lines().filter_map(|line| line.split_once(':'));
            lines
                .find(|(name, _)| name.trim() == key)
                .map(|(_, value)| value.trim())
        };
        let number = |key: &str| -> Result<f64, String> {
            let text = value(key).unwrap_or_default();
            text.parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())
                .ok_or_else(|| format!("`{key}` is `{text}`, which is not a number"))
        };
        let list = |key: &str| -> Vec<String> {
            let names = value(key).unwrap_or_default().split(',').map(str::trim);
            names
                .filter(|name| !name.is_empty())
                .map(str::to_string)
                .collect()
        };
        let steps = value("steps").unwrap_or_default();
        Ok(Self {
            start: number("start")?,
            duration: number("duration")?,
            steps: steps
                .parse()
                .map_err(|_| format!("`steps` is `{steps}`, which is not a whole number"))?,
            variables: list("variables"),
            amounts: list("amount"),
            concentrations: list("concentration"),
        })
    }

    fn times(&self) -> Vec<f64> {
        let steps = f64::from(self.steps.max(1));
        (0..=self.steps)
            .map(|row| self.start + f64::from(row) * self.duration / steps)
            .collect()
    }
}

fn read_model(path: &str, sources: &mut SourceMap, terminal: Terminal) -> Result<Model, Exit> {
    let library = Library::new(None, terminal)?;
    let found = library
        .read(path, None)
        .map_err(|failure| load::unreadable(path, &failure, terminal))?;
    let loaded = lower::load(&found.name, &library, sources);
    expect(loaded, sources, terminal)
}

fn table(
    mut model: Model,
    settings: &Settings,
    seed: u64,
    sources: &SourceMap,
    terminal: Terminal,
) -> Result<String, Exit> {
    let reported = report_all(&mut model, settings).map_err(|name| {
        let hint =
            "variables are ids of species, compartments, parameters, reactions and stoichiometries";
        let message = format!("the model has nothing called `{name}`");
        terminal.failure("cli/no-such-variable", &message, hint);
        Exit::Input
    })?;
    let arm = arm(model, settings);
    let experiment = Experiment::new(&arm).map_err(|findings| refused(&findings, terminal))?;
    let options = Options {
        rtol: RTOL,
        atol: ATOL,
        seed,
        ..Options::default()
    };
    let run = simulate::run_with(&experiment.value, &arm, &[], &options).map_err(|failure| {
        terminal.findings(&Diagnostics::from(failure.diagnostic()), sources);
        Exit::Numbers
    })?;
    Ok(csv(settings, &reported, &run.trajectory))
}

/// The model, or what kept it from being had, said as the suite's users want it.
fn expect(
    loaded: Result<Warned<Model>, Diagnostics>,
    sources: &SourceMap,
    terminal: Terminal,
) -> Result<Model, Exit> {
    match loaded {
        Ok(loaded) => Ok(loaded.value),
        Err(findings) => {
            let is_unsupported = |code| UNSUPPORTED.contains(&code);
            if findings.0.iter().any(|found| is_unsupported(found.code)) {
                return Err(refused(&findings, terminal));
            }
            terminal.findings(&findings, sources);
            Err(Exit::Input)
        }
    }
}

fn refused(findings: &Diagnostics, terminal: Terminal) -> Exit {
    let errors = findings.0.iter();
    let errors = errors.filter(|finding| finding.severity == insilin::diag::Severity::Error);
    for finding in errors {
        terminal.say(&format!(
            "unsupported: {} [{}]",
            finding.message, finding.code
        ));
    }
    Exit::Numbers
}

/// Adds one parameter per variable that always has the reported value; their ids, or the first variable not found.
fn report_all(model: &mut Model, settings: &Settings) -> Result<Vec<String>, String> {
    let mut ids = Vec::new();
    for (at, name) in settings.variables.iter().enumerate() {
        let symbol = model.symbol(name).ok_or_else(|| name.clone())?;
        let formula = reported(model, symbol, name, settings);
        // No id of SBML holds a space, so these meet none.
        let id = format!("column {at}");
        let parameter = Symbol::Parameter(model.parameters.len());
        model.parameters.push(Parameter {
            identity: Identity {
                id: id.clone(),
                ..Identity::default()
            },
            value: None,
            constant: false,
            input: false,
            unit: None,
        });
        model.rules.push(Rule::Assignment(parameter, formula));
        ids.push(id);
    }
    Ok(ids)
}

/// A species as the settings want it, whatever its id means in the model; everything else as it is.
fn reported(model: &Model, symbol: Symbol, name: &str, settings: &Settings) -> Formula {
    let value = Formula::symbol(symbol);
    let Symbol::Species(at) = symbol else {
        return value;
    };
    let species = &model.species[at];
    let size = || Formula::symbol(Symbol::Compartment(species.compartment));
    let lists = |names: &[String]| names.iter().any(|listed| listed == name);
    if species.only_substance_units && lists(&settings.concentrations) {
        return Formula::call(Function::Divide, vec![value, size()]);
    }
    if !species.only_substance_units && lists(&settings.amounts) {
        return Formula::call(Function::Times, vec![value, size()]);
    }
    value
}

fn arm(model: Model, settings: &Settings) -> Arm {
    let grid = settings.times();
    Arm {
        label: String::new(),
        model_path: String::new(),
        subject: None,
        inputs: Inputs::default(),
        source_model: model.clone(),
        model,
        time: TimeAxis {
            unit: String::new(),
            start: settings.start,
            end: settings.start + settings.duration,
            grid,
            start_clock: None,
        },
        start: Start::Model,
        departures: Vec::new(),
        protocol: Protocol::default(),
        absent: Vec::new(),
        observe: Vec::new(),
    }
}

fn csv(
    settings: &Settings,
    columns: &[String],
    trajectory: &insilin::trajectory::Trajectory,
) -> String {
    let mut text = format!("time,{}\n", settings.variables.join(","));
    let places: Vec<usize> = columns
        .iter()
        .map(|id| {
            let mut all = trajectory.columns.iter();
            all.position(|column| column.id == *id)
                .expect("what a rule gives is always written down")
        })
        .collect();
    for (row, time) in settings.times().into_iter().enumerate() {
        let _ = write!(text, "{time}");
        for &place in &places {
            let _ = write!(text, ",{}", number(trajectory.data[[row, place]]));
        }
        text.push('\n');
    }
    text
}

fn number(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_string()
    } else if value.is_infinite() {
        if value > 0.0 { "INF" } else { "-INF" }.to_string()
    } else {
        format!("{value:?}")
    }
}
