//! Cases of the SBML Test Suite in process: the model ready to run, its table, the suite's own score.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use insilin::diag::{Diagnostics, ReadFailure, SourceFile, SourceMap, Sources};
use insilin::model::{Formula, Function, Identity, Model, Parameter, Rule, Symbol, lower};
use insilin::scenario::{Arm, Protocol, Start, TimeAxis};
use insilin::simulate::{Experiment, Options, run_with};

/// One case: its files and its settings.
pub struct Case {
    /// Its number.
    pub id: String,
    model: PathBuf,
    settings: String,
    results: PathBuf,
}

/// All time courses of the folder that `SBML_TEST_SUITE` names, by rising number.
pub fn cases() -> Option<Vec<Case>> {
    let root = PathBuf::from(env::var_os("SBML_TEST_SUITE")?);
    let inner = root.join("cases");
    let folder = if inner.is_dir() { inner } else { root };
    let entries = fs::read_dir(folder).ok()?;
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut cases: Vec<Case> = folders.filter_map(|path| Case::read(&path)).collect();
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    (!cases.is_empty()).then_some(cases)
}

impl Case {
    fn read(folder: &Path) -> Option<Self> {
        let id = folder.file_name()?.to_str()?.to_string();
        let file = |ending: &str| folder.join(format!("{id}-{ending}"));
        let tags = fs::read_to_string(file("tags.txt")).ok()?;
        if value(&tags, "testType") != "TimeCourse" {
            return None;
        }
        let levels = ["l3v2", "l3v1", "l2v5", "l2v4", "l2v3", "l2v2", "l2v1"];
        let mut models = levels
            .iter()
            .map(|level| file(&format!("sbml-{level}.xml")));
        Some(Self {
            model: models.find(|path| path.is_file())?,
            settings: fs::read_to_string(file("settings.txt")).ok()?,
            results: file("results.csv"),
            id,
        })
    }

    fn number(&self, key: &str) -> f64 {
        value(&self.settings, key).parse().unwrap_or(f64::NAN)
    }

    fn list(&self, key: &str) -> Vec<&str> {
        let names = value(&self.settings, key).split(',').map(str::trim);
        names.filter(|name| !name.is_empty()).collect()
    }

    fn times(&self) -> Vec<f64> {
        let (start, duration, steps) = (
            self.number("start"),
            self.number("duration"),
            self.number("steps"),
        );
        (0..=steps as u32)
            .map(|row| start + f64::from(row) * duration / steps.max(1.0))
            .collect()
    }

    /// The suite's rule on a table of this case.
    ///
    /// # Errors
    /// The first value outside.
    pub fn compare(&self, table: &[Vec<f64>]) -> Result<(), String> {
        let text = fs::read_to_string(&self.results).map_err(|error| error.to_string())?;
        let (absolute, relative) = (self.number("absolute"), self.number("relative"));
        let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
        for (row, line) in lines.enumerate() {
            for (column, text) in line.split(',').skip(1).enumerate() {
                let wanted = text.trim().parse().unwrap_or(f64::NAN);
                let got = table[row][column];
                if !agrees(wanted, got, absolute, relative) {
                    return Err(format!(
                        "row {row}, column {column}: {got} instead of {wanted}"
                    ));
                }
            }
        }
        Ok(())
    }
}

fn agrees(wanted: f64, got: f64, absolute: f64, relative: f64) -> bool {
    if wanted.is_finite() && got.is_finite() {
        return (wanted - got).abs() <= absolute + relative * wanted.abs();
    }
    wanted == got || (wanted.is_nan() && got.is_nan())
}

/// A case made ready.
pub struct Prepared {
    arm: Arm,
    experiment: Experiment,
    columns: Vec<String>,
}

/// File to program.
///
/// # Errors
/// What is wrong with the model, or not supported.
pub fn prepare(case: &Case) -> Result<Prepared, String> {
    let mut map = SourceMap::new();
    let name = case.model.display().to_string();
    let loaded = lower::load(&name, &Files, &mut map).map_err(|findings| told(&findings))?;
    let mut model = loaded.value;
    let columns = report(&mut model, case)?;
    let grid = case.times();
    let arm = Arm {
        label: String::new(),
        model_path: String::new(),
        subject: None,
        inputs: insilin::scenario::inputs::Inputs::default(),
        source_model: Model::default(),
        model,
        time: TimeAxis {
            unit: String::new(),
            start: grid[0],
            end: grid[grid.len() - 1],
            grid,
            start_clock: None,
        },
        start: Start::Model,
        departures: Vec::new(),
        protocol: Protocol::default(),
        absent: Vec::new(),
        observe: Vec::new(),
    };
    let experiment = Experiment::new(&arm)
        .map_err(|findings| told(&findings))?
        .value;
    Ok(Prepared {
        arm,
        experiment,
        columns,
    })
}

/// Program to table: a row per time, a column per variable.
///
/// # Errors
/// Why the numbers failed.
pub fn simulate(prepared: &Prepared, (rtol, atol): (f64, f64)) -> Result<Vec<Vec<f64>>, String> {
    let options = Options {
        rtol,
        atol,
        ..Options::default()
    };
    let run = run_with(&prepared.experiment, &prepared.arm, &[], &options);
    let trajectory = run
        .map_err(|failure| failure.diagnostic().message)?
        .trajectory;
    let places: Vec<usize> = prepared
        .columns
        .iter()
        .map(|id| {
            trajectory
                .columns
                .iter()
                .position(|column| column.id == *id)
        })
        .map(|place| place.expect("what a rule gives is always written down"))
        .collect();
    let rows = 0..trajectory.time.len();
    Ok(rows
        .map(|row| {
            places
                .iter()
                .map(|&place| trajectory.data[[row, place]])
                .collect()
        })
        .collect())
}

/// Adds one parameter per variable that always has the value to report; their ids.
fn report(model: &mut Model, case: &Case) -> Result<Vec<String>, String> {
    let amounts = case.list("amount");
    let concentrations = case.list("concentration");
    let mut ids = Vec::new();
    for (at, name) in case.list("variables").into_iter().enumerate() {
        let symbol = model
            .symbol(name)
            .ok_or_else(|| format!("nothing is called `{name}`"))?;
        let formula = reported(
            model,
            symbol,
            amounts.contains(&name),
            concentrations.contains(&name),
        );
        let id = format!("column {at}");
        let parameter = Symbol::Parameter(model.parameters.len());
        let identity = Identity {
            id: id.clone(),
            ..Identity::default()
        };
        model.parameters.push(Parameter {
            identity,
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

fn reported(model: &Model, symbol: Symbol, as_amount: bool, as_concentration: bool) -> Formula {
    let value = Formula::symbol(symbol);
    let Symbol::Species(at) = symbol else {
        return value;
    };
    let species = &model.species[at];
    let size = Formula::symbol(Symbol::Compartment(species.compartment));
    match (species.only_substance_units, as_amount, as_concentration) {
        (true, _, true) => Formula::call(Function::Divide, vec![value, size]),
        (false, true, _) => Formula::call(Function::Times, vec![value, size]),
        _ => value,
    }
}

/// Files by their paths, relative to the file that asks.
struct Files;

impl Sources for Files {
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let folder = importer.and_then(|importer| Path::new(importer).parent());
        let path = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
        let text = fs::read_to_string(&path).map_err(|error| ReadFailure::Io(error.to_string()))?;
        Ok(SourceFile {
            name: path.display().to_string(),
            text,
        })
    }
}

fn value<'t>(text: &'t str, key: &str) -> &'t str {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    lines
        .find(|(name, _)| name.trim() == key)
        .map_or("", |(_, value)| value.trim())
}

fn told(findings: &Diagnostics) -> String {
    let mut text = String::new();
    for finding in &findings.0 {
        let _ = write!(text, "[{}] {}; ", finding.code, finding.message);
    }
    text
}
