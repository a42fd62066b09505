//! The record of a sweep, `sweep.json`: what is varied, how, and the fingerprints of what went in.
//!
//! It is written before the first run and has nothing in it that depends on how the runs were made, so that parts made
//! elsewhere, or later, belong together when their records are the same.

use std::collections::BTreeMap;

use insilin::diag::{SourceFile, SourceId, Span};
use insilin::ensemble::Study;
use insilin::ensemble::pool::Plan;
use insilin::render::DISCLAIMER;
use insilin::scenario::Arm;
use insilin::scenario::sweep::{Form, Scheme, SweepFigure, SweepFigureKind, Target, Values};
use insilin::store::sha256;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::cli::Ended;
use crate::cli::args::Shard;
use crate::cli::terminal::{Exit, Terminal};

use super::setup::Setup;

/// Form of the record that this program writes.
pub const SCHEMA: u32 = 1;

/// More runs than this are refused unless somebody insists.
const MANY: u64 = 10_000_000;

/// A whole sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SweepRecord {
    /// Form of this file.
    pub schema: u32,
    /// Name and version of the program.
    pub program: String,
    /// What the results are and are not.
    pub notice: String,
    /// The scenario's name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// `grid`, `random`, `latin-hypercube` or `sobol`.
    pub design: String,
    /// Seed of the design.
    pub design_seed: u64,
    /// What is varied.
    pub axes: Vec<AxisRecord>,
    /// Labels of the arms; one empty label for a single arm.
    pub arms: Vec<String>,
    /// What is read off.
    pub metrics: Vec<ColumnRecord>,
    /// What is kept of the curves.
    pub curves: Option<CurvesRecord>,
    /// Number of runs.
    pub n_runs: u64,
    /// Runs of one part.
    pub runs_per_part: u64,
    /// How the runs are integrated.
    pub options: OptionsRecord,
    /// Figures that the file asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<FigureRecord>,
    /// The people, when the runs are people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<PeopleRecord>,
    /// SHA-256 of every file that went in, by the order in which it was read and its name.
    pub inputs: BTreeMap<String, String>,
}

/// One axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AxisRecord {
    /// Name of its column.
    pub name: String,
    /// What takes the values.
    pub of: String,
    /// Unit of the numbers; `clock` for times of the day.
    pub unit: String,
    /// Whether it is spaced by its logarithm.
    pub log: bool,
    /// The group of axes that move together.
    pub group: usize,
    /// Listed numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<Vec<f64>>,
    /// Listed words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<String>>,
    /// Anything between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<(f64, f64)>,
}

/// A column of results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRecord {
    /// Its name.
    pub name: String,
    /// Its unit; empty without one.
    pub unit: String,
    /// Words for people; may be empty.
    pub label: String,
}

impl ColumnRecord {
    /// Of a quantity of an arm's model.
    pub fn of_quantity(arm: &Arm, id: &str) -> Self {
        let symbol = arm.model.symbol(id);
        let unit = symbol.and_then(|symbol| arm.model.unit_of(symbol));
        Self {
            name: id.to_string(),
            unit: unit.map_or_else(String::new, |unit| {
                unit.display(&arm.model.unit_definitions)
            }),
            label: symbol.map_or_else(String::new, |symbol| {
                arm.model.identity(symbol).name.clone()
            }),
        }
    }
}

/// Kept curves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurvesRecord {
    /// Unit of time.
    pub time_unit: String,
    /// Time between rows; every row when absent.
    pub every: Option<f64>,
    /// Rows of one curve.
    pub rows: u64,
    /// The quantities.
    pub columns: Vec<ColumnRecord>,
}

/// How runs are integrated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionsRecord {
    /// Relative tolerance.
    pub rtol: f64,
    /// Absolute tolerance, relative to the size of each state.
    pub atol: f64,
    /// Seed of the order of equal events.
    pub seed: u64,
}

/// A figure as the file asks for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureRecord {
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    of: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    arm: Option<String>,
}

/// People drawn from a population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleRecord {
    /// Name of the population.
    pub population: String,
    /// Its title.
    pub title: String,
    /// The clinical test that was done on them, with all that was asked of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// Published spreads of what is read off.
    pub spreads: Vec<SpreadRecord>,
}

/// A published spread in the unit of its metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpreadRecord {
    /// The metric.
    pub of: String,
    /// Mean.
    pub mean: Option<f64>,
    /// Standard deviation between persons.
    pub sd: Option<f64>,
    /// Percentages with their percentiles.
    pub percentiles: Vec<(f64, f64)>,
    /// Number of persons.
    pub n: Option<f64>,
    /// Whether the population was made from these numbers.
    pub given: bool,
    /// From where.
    pub source: String,
}

impl FigureRecord {
    /// As asked for.
    pub fn of(figure: &SweepFigure) -> Self {
        let mut words = SweepFigureKind::WORDS.iter();
        let word = words.find(|(_, kind)| *kind == figure.kind);
        Self {
            name: figure.name.clone(),
            title: figure.title.clone(),
            kind: word.map_or_else(String::new, |(word, _)| (*word).to_string()),
            x: figure.x.clone(),
            y: figure.y.clone(),
            of: figure.of.clone(),
            level: figure.level.clone(),
            arm: figure.arm.clone(),
        }
    }

    /// One that nobody asked for, of a quantity over time.
    pub fn standard(kind: SweepFigureKind, of: &str) -> Self {
        Self::of(&super::figures::request(kind, of, [None, None]))
    }

    /// As a request; none of a kind that this program does not know.
    pub fn to_request(&self) -> Option<SweepFigure> {
        let mut words = SweepFigureKind::WORDS.iter();
        let (_, kind) = words.find(|(word, _)| *word == self.kind)?;
        Some(SweepFigure {
            name: self.name.clone(),
            title: self.title.clone(),
            kind: *kind,
            x: self.x.clone(),
            y: self.y.clone(),
            of: self.of.clone(),
            level: self.level.clone(),
            arm: self.arm.clone(),
            span: Span::new(SourceId::default(), 0, 0),
        })
    }
}

impl SweepRecord {
    /// Of a study that is ready to run.
    pub fn of(setup: &Setup, study: &Study<'_>) -> Self {
        let (design, design_seed) = match setup.section.scheme {
            Scheme::Grid => ("grid", 0),
            Scheme::Sampled { sampling, seed, .. } => (sampling.word(), seed),
        };
        let curves = curves(study);
        let cells = curves
            .as_ref()
            .map_or(0, |kept| kept.rows * (kept.columns.len() as u64 + 2));
        let n_runs = study.n_runs();
        Self {
            schema: SCHEMA,
            program: format!("insilin {}", env!("CARGO_PKG_VERSION")),
            notice: DISCLAIMER.to_string(),
            name: setup.scenario.name.clone(),
            title: setup.scenario.title.clone(),
            design: design.to_string(),
            design_seed,
            axes: axes(setup),
            arms: setup
                .scenario
                .arms
                .iter()
                .map(|arm| arm.label.clone())
                .collect(),
            metrics: metrics(study),
            curves,
            n_runs,
            runs_per_part: runs_per_part(n_runs, cells),
            options: OptionsRecord {
                rtol: setup.options.rtol,
                atol: setup.options.atol,
                seed: setup.options.seed,
            },
            figures: setup.section.figures.iter().map(FigureRecord::of).collect(),
            people: None,
            inputs: inputs(&setup.files),
        }
    }

    /// As its file.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.expect("texts and finite numbers become JSON") + "\n"
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Why it is none.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let record: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if record.schema > SCHEMA {
            return Err(format!(
                "its schema {} is newer than {SCHEMA}",
                record.schema
            ));
        }
        Ok(record)
    }

    /// What differs between two records, in words; empty when nothing does.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let as_json = |record: &Self| serde_json::to_value(record).unwrap_or(Json::Null);
        let mut found = Vec::new();
        differences("", &as_json(self), &as_json(other), &mut found);
        found
    }

    /// Numbers of all parts.
    pub fn n_parts(&self) -> u32 {
        u32::try_from(Plan::n_parts(self.n_runs, self.runs_per_part)).unwrap_or(u32::MAX)
    }

    /// The parts of a shard, or all.
    pub fn parts_of(&self, shard: Option<&Shard>) -> Vec<u32> {
        let n = u64::from(self.n_parts());
        let Some(shard) = shard else {
            return (0..self.n_parts()).collect();
        };
        let border = |k: u64| (n * k / u64::from(shard.of)) as u32;
        (border(u64::from(shard.number) - 1)..border(u64::from(shard.number))).collect()
    }

    /// Refuses what nobody would wait for, unless somebody insists.
    pub fn refuse_too_many(&self, force: bool, terminal: Terminal) -> Ended {
        let parts = Plan::n_parts(self.n_runs, self.runs_per_part);
        if u32::try_from(parts).is_ok() && (force || self.n_runs <= MANY) {
            return Ok(());
        }
        let message = format!(
            "these are {} runs and about {}",
            grouped(self.n_runs),
            bytes(self.bytes())
        );
        let hint = if u32::try_from(parts).is_ok() {
            "take fewer values, or draw points with `--design sobol --runs 10000`; `--force` runs them all"
        } else {
            "take fewer values, or draw points with `--design sobol --runs 10000`"
        };
        terminal.failure("sweep/too-many", &message, hint);
        Err(Exit::Input)
    }

    /// About how many bytes the results take.
    fn bytes(&self) -> f64 {
        let columns = 1 + self.axes.len() + self.metrics.len();
        let curves = self.curves.as_ref();
        let cells = curves.map_or(0, |kept| kept.rows * (kept.columns.len() as u64 + 1));
        self.n_runs as f64 * (8.0 * (columns as f64 + cells as f64) + 1.0)
            + 2000.0 * f64::from(self.n_parts())
    }

    /// How much there is to do, in a line.
    pub fn words(&self, seconds: Option<f64>) -> String {
        let arms = self.arms.len() as u64;
        let points = self.n_runs / arms.max(1);
        let runs = if arms > 1 {
            format!(
                "{} points × {arms} arms = {} runs",
                grouped(points),
                grouped(self.n_runs)
            )
        } else {
            format!("{} runs", grouped(self.n_runs))
        };
        let parts = match self.n_parts() {
            1 => "1 part".to_string(),
            n => format!("{} parts", grouped(u64::from(n))),
        };
        let time = seconds.map_or_else(String::new, |seconds| {
            format!(", at most about {}", super::progress::duration(seconds))
        });
        format!("{runs} in {parts}; about {}{time}", bytes(self.bytes()))
    }
}

fn axes(setup: &Setup) -> Vec<AxisRecord> {
    let groups = setup.section.groups.iter().enumerate();
    let all = groups.flat_map(|(group, axes)| axes.iter().map(move |axis| (group, axis)));
    all.map(|(group, axis)| AxisRecord {
        name: axis.name.clone(),
        of: match &axis.target {
            Target::Quantity(name) => name.clone(),
            Target::Place(keys) => keys.join("."),
            Target::Column => String::new(),
        },
        unit: match &axis.form {
            Form::Clock => "clock".to_string(),
            form => form.unit().to_string(),
        },
        log: axis.log,
        group,
        numbers: match &axis.values {
            Values::Numbers(numbers) => Some(numbers.clone()),
            _ => None,
        },
        words: match &axis.values {
            Values::Words(words) => Some(words.clone()),
            _ => None,
        },
        between: match axis.values {
            Values::Between(from, to) => Some((from, to)),
            _ => None,
        },
    })
    .collect()
}

/// The columns of what is read off.
pub fn metrics(study: &Study<'_>) -> Vec<ColumnRecord> {
    let columns = study.metrics.iter();
    columns
        .map(|column| ColumnRecord {
            name: column.name(),
            unit: column.unit.clone(),
            label: column.label.clone(),
        })
        .collect()
}

/// What is kept of the curves.
pub fn curves(study: &Study<'_>) -> Option<CurvesRecord> {
    let kept = study.curves.as_ref()?;
    let arm = &study.base.scenario.arms[0];
    let length = arm.time.end - arm.time.start;
    let rows = kept.every.map_or(arm.time.grid.len() as u64, |every| {
        (length / every) as u64 + 2
    });
    Some(CurvesRecord {
        time_unit: arm.time.unit.clone(),
        every: kept.every,
        rows: rows.min(arm.time.grid.len() as u64),
        columns: (kept.of.iter())
            .map(|id| ColumnRecord::of_quantity(arm, id))
            .collect(),
    })
}

/// Fingerprints of files, by the order in which they were read and their names.
pub fn inputs(files: &[SourceFile]) -> BTreeMap<String, String> {
    let mut inputs = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let base = file.name.rsplit(['/', '\\', ':']).next().unwrap_or("file");
        inputs.insert(format!("{}-{base}", at + 1), sha256(file.text.as_bytes()));
    }
    inputs
}

/// Runs of a part: some dozens of parts for small sweeps, a thousand runs a part for large ones, and no part with more
/// numbers than fit well into memory. It depends on nothing but the sweep itself.
pub fn runs_per_part(n_runs: u64, cells_per_run: u64) -> u64 {
    const CELLS: u64 = 2_000_000;
    let even = n_runs
        .div_ceil(32)
        .clamp(25, 1000)
        .max(n_runs.div_ceil(1000).min(100_000));
    even.min((CELLS / cells_per_run.max(1)).max(1))
}

fn differences(path: &str, ours: &Json, theirs: &Json, found: &mut Vec<String>) {
    let below = |key: &str| {
        if path.is_empty() {
            key.to_string()
        } else {
            format!("{path}.{key}")
        }
    };
    match (ours, theirs) {
        (Json::Object(a), Json::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let of = |map: &serde_json::Map<String, Json>| {
                    map.get(key).cloned().unwrap_or(Json::Null)
                };
                differences(&below(key), &of(a), &of(b), found);
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                differences(&below(&(at + 1).to_string()), a, b, found);
            }
        }
        (a, b) if a == b => {}
        _ if path.starts_with("inputs.") => {
            found.push(format!("the file `{}`", &path["inputs.".len()..]))
        }
        (a, b) => found.push(format!("`{path}` ({} there, {} now)", short(b), short(a))),
    }
}

fn short(value: &Json) -> String {
    let text = match value {
        Json::Null => "nothing".to_string(),
        value => value.to_string(),
    };
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// A number with thin groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn bytes(count: f64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];
    let mut value = count;
    let mut at = 0;
    while value >= 1000.0 && at + 1 < units.len() {
        value /= 1000.0;
        at += 1;
    }
    format!(
        "{} {}",
        insilin::render::number::significant(value, 2),
        units[at]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_few_for_few_runs_and_bounded_for_long_curves() {
        assert_eq!(runs_per_part(10, 0), 25);
        assert_eq!(runs_per_part(100_000, 0), 1000);
        assert_eq!(runs_per_part(10_000_000, 0), 10_000);
        assert_eq!(runs_per_part(100_000, 40_000), 50);
        assert_eq!(runs_per_part(100, 4_000_000), 1);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(bytes(1.0e12), "1 TB");
    }
}
