//! What the measurements share: the shipped models, one stimulus for each family, and the yardstick of errors.

#![allow(
    dead_code,
    reason = "every bench takes up this file and none uses all of it"
)]

pub mod suite;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use insilin::diag::{MemorySources, SourceFile, SourceMap, Warned};
use insilin::kernel::Tape;
use insilin::model::{Model, Symbol, lower};
use insilin::scenario::{self, Arm};
use insilin::simulate::{Experiment, Method, Options, Run, run_with};
use insilin::solve::{At, NoPast};
use insilin::trajectory::Trajectory;

/// A model and what is done to it in every measurement.
pub struct Case {
    /// File name without its ending.
    pub name: String,
    /// Stimulus, in the form of a scenario's protocol.
    protocol: &'static str,
    /// End of the run in the model's unit of time, and the intervals between the times written down.
    end: u32,
    intervals: u32,
    unit: &'static str,
    /// Parameters that a sweep of it moves; none where it is not swept.
    pub swept: &'static [&'static str],
}

/// The models that are there for timing alone, below `benches/models`, then every model below `models/`, sorted by name.
pub fn cases() -> Vec<Case> {
    let mut names: Vec<String> = model_files()
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    let shipped = names.into_iter().map(Case::new);
    timing_cases().into_iter().chain(shipped).collect()
}

/// The models below `benches/models` with the grids that their reference trajectories have, and what a sweep moves.
pub fn timing_cases() -> Vec<Case> {
    let case = |name: &str, end, intervals, unit, swept| Case {
        name: name.to_string(),
        protocol: "",
        end,
        intervals,
        unit,
        swept,
    };
    vec![
        case("meal12", 1440, 288, "min", &MEAL_SWEPT),
        case("cascade20", 120, 120, "min", &CASCADE_SWEPT),
        case("coupled60", 20_160, 336, "min", &COUPLED_SWEPT),
        case("robertson3", 10_000, 10, "s", &[]),
    ]
}

const MEAL_SWEPT: [&str; 6] = [
    "body_meal_size",
    "body_kabs",
    "body_Vmx",
    "body_k1",
    "body_KS",
    "body_BW",
];
const CASCADE_SWEPT: [&str; 6] = [
    "dose",
    "cell_k7",
    "cell_km8",
    "cell_km13",
    "cell_PTP",
    "cell_k6",
];
const COUPLED_SWEPT: [&str; 8] = [
    "body_meal_size",
    "body_kabs",
    "body_Vmx",
    "body_k1",
    "body_KS",
    "muscle_k7",
    "fat_k7",
    "muscle_km13",
];

impl Case {
    fn new(name: String) -> Self {
        // The stimuli of the papers, from the start on, so that a tool without events can repeat them.
        let (protocol, end) = if name.starts_with("dalla_man") {
            (r#"{ bolus = "Q_sto1", amount = "78 g", time = 0 }"#, 420)
        } else if name.starts_with("sedaghat") {
            (
                r#"{ hold = "insulin", at = "100 nM", from = 0, to = 60 }"#,
                60,
            )
        } else if name.starts_with("brannmark") {
            (
                r#"{ hold = "insulin", at = "10 nM", from = 0, to = 30 }"#,
                30,
            )
        } else {
            ("", 100)
        };
        Self {
            name,
            protocol,
            end,
            intervals: INTERVALS,
            unit: "min",
            swept: &[],
        }
    }

    /// Name of the model's text in [`texts`].
    pub fn file(&self) -> String {
        format!("{}.ant", self.name)
    }

    /// The stimulus as `(quantity, value)` in the model's unit at the start; none for an undisturbed model.
    pub fn stimulus(&self) -> Option<(&'static str, f64)> {
        match self.protocol.split('"').nth(1) {
            Some("Q_sto1") => Some(("Q_sto1", 78_000.0)),
            Some("insulin") if self.name.starts_with("sedaghat") => Some(("insulin", 100.0)),
            Some("insulin") => Some(("insulin", 10.0)),
            _ => None,
        }
    }

    /// End of the run in the model's unit of time.
    pub fn end(&self) -> u32 {
        self.end
    }

    /// Intervals between the times written down.
    pub fn intervals(&self) -> u32 {
        self.intervals
    }

    /// The model and its stimulus, written down at evenly spaced times.
    pub fn arm(&self, texts: &MemorySources) -> Arm {
        let text = format!(
            "schema = 1\nname = \"bench\"\nmodel = \"{}\"\ntime = {{ unit = \"{}\", span = [0, {end}], every = {} }}\n\
             protocol = [{}]\n",
            self.file(),
            self.unit,
            f64::from(self.end) / f64::from(self.intervals),
            self.protocol,
            end = self.end,
        );
        let mut map = SourceMap::new();
        let mut load_model = |path: &str, map: &mut SourceMap| lower::load(path, texts, map);
        let loaded = scenario::load("bench.toml", &text, texts, &mut map, &mut load_model);
        match loaded {
            Ok(Warned { value, .. }) => value.arms.into_iter().next().expect("one arm"),
            Err(findings) => panic!("{}: {findings:?}", self.name),
        }
    }
}

/// Intervals between the times written down of a shipped model.
const INTERVALS: u32 = 420;

/// Texts of all models, under their file names.
pub fn texts() -> MemorySources {
    let file = |path: &PathBuf| SourceFile {
        name: path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        text: fs::read_to_string(path).expect("a readable model"),
    };
    let mut files = model_files();
    collect(&folder("benches/models"), &mut files);
    MemorySources(files.iter().map(file).collect())
}

/// Paths of all shipped models.
pub fn model_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&folder("models"), &mut files);
    files
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "ant") {
            files.push(path);
        }
    }
}

/// A flat model from its text.
pub fn read(case: &Case, texts: &MemorySources) -> Model {
    match lower::load(&case.file(), texts, &mut SourceMap::new()) {
        Ok(read) => read.value,
        Err(findings) => panic!("{}: {findings:?}", case.name),
    }
}

/// An arm compiled.
pub fn compiled(arm: &Arm) -> Experiment {
    match Experiment::new(arm) {
        Ok(compiled) => compiled.value,
        Err(findings) => panic!("{findings:?}"),
    }
}

/// A method at a tolerance; the absolute one is a thousandth of it times each state's nominal size.
pub fn options(method: Method, rtol: f64) -> Options {
    Options {
        rtol,
        atol: 1e-3 * rtol,
        method,
        ..Options::default()
    }
}

/// One run, or why the method refuses it.
pub fn run(experiment: &Experiment, arm: &Arm, options: &Options) -> Result<Run, String> {
    run_with(experiment, arm, &[], options).map_err(|failure| failure.diagnostic().message)
}

/// Parameters and states of a compiled arm at its start, without its protocol.
pub fn start(experiment: &Experiment) -> (Vec<f64>, Vec<f64>) {
    let program = &experiment.program;
    let mut tape = Tape::<f64>::new(program);
    let mut p: Vec<f64> = program.parameters.iter().map(|slot| slot.value).collect();
    let mut y = vec![f64::NAN; program.states.len()];
    let mut computed = vec![0.0; program.initial_parameter_slots.len()];
    let at = |y: &[f64], p: &[f64], tape: &mut Tape<'_, f64>, block, out: &mut [f64]| {
        let past = &NoPast;
        tape.run_block(block, &At { t: 0.0, y, p, past }, out);
    };
    at(
        &y,
        &p,
        &mut tape,
        &program.initial_parameters,
        &mut computed,
    );
    for (&slot, &value) in program.initial_parameter_slots.iter().zip(&computed) {
        p[slot] = value;
    }
    let mut states = y.clone();
    at(&y, &p, &mut tape, &program.initial_states, &mut states);
    y.copy_from_slice(&states);
    (p, y)
}

/// Largest and root-mean-square error of the states of a program.
#[derive(Clone, Copy, Debug)]
pub struct Error {
    /// Largest.
    pub max: f64,
    /// Root mean square.
    pub rms: f64,
}

/// |y − r| ÷ max(|r|, 1e-3 · largest |r| of that state) over all states and times.
pub fn error(experiment: &Experiment, run: &Trajectory, reference: &Trajectory) -> Error {
    let (mut max, mut sum, mut count) = (0.0_f64, 0.0, 0_u32);
    for state in &experiment.program.states {
        let ours = run.view(&state.id).expect("every state is a column");
        let right = reference.view(&state.id).expect("every state is a column");
        let largest = right.iter().fold(0.0_f64, |most, r| most.max(r.abs()));
        for (y, r) in ours.iter().zip(right).filter(|_| largest > 0.0) {
            let off = (y - r).abs() / r.abs().max(1e-3 * largest);
            max = max.max(off);
            sum += off * off;
            count += 1;
        }
    }
    let rms = (sum / f64::from(count.max(1))).sqrt();
    Error { max, rms }
}

/// Whether a state of a model is written down as an amount rather than a concentration or a bare number.
pub fn is_amount(model: &Model, id: &str) -> bool {
    matches!(model.symbol(id), Some(Symbol::Species(at)) if model.species[at].only_substance_units)
}

/// Median time of one call, from repeats that fill `budget`, at least five.
pub fn median_time(budget: Duration, mut call: impl FnMut()) -> Duration {
    call();
    let start = Instant::now();
    let mut times = Vec::new();
    while times.len() < 5 || start.elapsed() < budget {
        let begin = Instant::now();
        call();
        times.push(begin.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}
