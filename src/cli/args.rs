//! What can be typed.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use insilin::clinic::Procedure;
use insilin::simulate::{EventOrder, Method};

/// Simulates how a person becomes insulin resistant, and how diet, movement, sleep and stress reverse it.
///
/// Simulated average physiology for teaching and research; not diagnosis, advice or prediction for any person.
#[derive(Debug, Parser)]
#[command(
    name = "insilin",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 done; 1 done, and the answer is no; 2 the input is wrong; 3 the numbers failed; \
    4 files or network; 130 interrupted."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say nothing but errors; data still goes to standard output.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say also what is merely worth knowing, such as undeclared units.
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario (or a model, or a manifest again): table, data, figures.
    Run(Run),
    /// Run a scenario at many values of its numbers: grids and samples, rows of metrics, curves, maps.
    Sweep(Sweep),
    /// Run a scenario or a clinical test on many virtual people: percentiles, bands, published spreads beside them.
    Population(Population),
    /// Join the parts of a sweep that were made apart.
    Merge(Merge),
    /// Draw figures from a result folder.
    Plot(Plot),
    /// Compare runs or scenarios: figures laid over each other, differences and ratios, a check within tolerance.
    Compare(Compare),
    /// Write a run or a comparison as one page that opens anywhere: figures, tables, calendar, model, how to repeat it.
    Report(Report),
    /// Read models and scenarios and say what is wrong with them; runs nothing.
    Check(Check),
    /// Show scenarios, models, and the inputs and observables of a model.
    List(List),
    /// Print the JSON Schema of scenario files, for editors.
    Schema,
    /// Do a standard clinical test on a subject: samples, indices, published ranges beside them.
    Test(Test),
    /// Show which parameters a metric depends on, and how strongly.
    Sensitivity(Sensitivity),
    /// Write a commented scenario that runs, to start from.
    New(New),
    /// Write a model as SBML or Antimony, or a scenario as a model that replays it.
    Convert(Convert),
    /// Run one case of the SBML Test Suite: a model and its settings in, a table out.
    SbmlTest(SbmlTest),
    /// Print completions for a shell.
    Completions(Completions),
    /// Print the manual page, or write one page per verb into a folder.
    Man(Man),
}

/// `insilin run`.
#[derive(Debug, Args)]
pub struct Run {
    /// A scenario file, the name of a shipped scenario, a model file, or a `manifest.json` to repeat.
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub what: String,
    /// Who it is: the name of a subject or its file, in place of the scenario's model or subject.
    #[arg(long, value_name = "NAME")]
    pub subject: Option<String>,
    /// Set a parameter or start value of the model, with its unit: `--set "Vmx=0.03"`, `--set "insulin=100 pmol/L"`.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// End the run at this time, in the model's time unit or with its own: `--end 300`, `--end "5 h"`.
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub end: Option<String>,
    /// Write down this many evenly spaced times.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=10_000_000))]
    pub points: Option<u32>,
    /// Columns of the data to keep, separated by commas; all when absent.
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Folder for the results; `results/NAME` when absent.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Form of the data; CSV when absent.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Units of tables and figures; the model's own when absent.
    #[arg(long, value_enum)]
    pub units: Option<UnitSystem>,
    /// Relative tolerance of the integrator.
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub rtol: Option<f64>,
    /// Absolute tolerance of the integrator, relative to the size of each state.
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub atol: Option<f64>,
    /// Integrator.
    #[arg(long, value_enum)]
    pub method: Option<MethodName>,
    /// Seed of random choices, and of what varies in the scenario's calendar instead of the file's.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Order of simultaneous events of equal priority.
    #[arg(long, value_enum)]
    pub event_order: Option<EventOrderName>,
    /// Exit with 1 when an expectation of the scenario is not met.
    #[arg(long)]
    pub check: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    /// Leave out the figures.
    #[arg(long)]
    pub no_figures: bool,
    /// Figures for a lecture hall: 16:9, larger type, thicker lines.
    #[arg(long)]
    pub projector: bool,
    /// Folder with models, looked at after the scenario's own and before what is built in.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// `insilin sweep`.
#[derive(Debug, Default, Args)]
pub struct Sweep {
    /// A scenario file, the name of a shipped scenario, or a model file.
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub what: String,
    /// An axis, besides those of the file: `--over "insulin=0.01..100 nM:25:log"`, `--over "Vmx=0.02,0.04 mg/kg/min/(pmol/L)"`,
    /// `--over "calendar.breakfast.meal.carbohydrate=20..100 g:9"`. One that the file has too takes its place.
    #[arg(long, value_name = "NAME=VALUES")]
    pub over: Vec<String>,
    /// What to read off, such as `G_plasma.peak`; what the file says when absent.
    #[arg(long, value_name = "NAME.METRIC")]
    pub metric: Vec<String>,
    /// How points are chosen; a grid, or what the file says, when absent.
    #[arg(long, value_enum)]
    pub design: Option<DesignName>,
    /// How many points to draw.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000_000))]
    pub runs: Option<u64>,
    /// Seed of the points that are drawn.
    #[arg(long, value_name = "N")]
    pub design_seed: Option<u64>,
    /// Keep the curves of the observed quantities too.
    #[arg(long)]
    pub curves: bool,
    /// Keep curves, with a row no more often than this: `--every "5 min"`.
    #[arg(long, value_name = "TIME")]
    pub every: Option<String>,
    /// Threads; as many as the machine runs at once when absent. No number depends on it.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub jobs: Option<u32>,
    /// Go on with what an interrupted sweep left in the folder.
    #[arg(long, conflicts_with = "overwrite")]
    pub resume: bool,
    /// Begin anew, whatever an earlier sweep left in the folder.
    #[arg(long)]
    pub overwrite: bool,
    /// Make only this part of the runs, such as `3/16`; `insilin merge` joins the parts.
    #[arg(long, value_name = "K/N", value_parser = shard)]
    pub shard: Option<Shard>,
    /// Also write all rows into one file.
    #[arg(long)]
    pub single: bool,
    /// Also write the tables in this form.
    #[arg(long, value_enum)]
    pub format: Option<TableFormat>,
    /// Say how much there is to do, and stop.
    #[arg(long)]
    pub estimate: bool,
    /// Run also what is very much.
    #[arg(long)]
    pub force: bool,
    /// Who it is: the name of a subject or its file, in place of the scenario's model or subject.
    #[arg(long, value_name = "NAME")]
    pub subject: Option<String>,
    /// Set a parameter or start value of the model in all runs, with its unit.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// End the runs at this time, in the model's time unit or with its own.
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub end: Option<String>,
    /// Relative tolerance of the integrator.
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub rtol: Option<f64>,
    /// Absolute tolerance of the integrator, relative to the size of each state.
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub atol: Option<f64>,
    /// Seed of random choices among equal events.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Folder for the results; `results/NAME-sweep` when absent.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    /// Leave out the figures.
    #[arg(long)]
    pub no_figures: bool,
    /// Figures for a lecture hall: 16:9, larger type, thicker lines.
    #[arg(long)]
    pub projector: bool,
    /// Folder with models, looked at after the scenario's own and before what is built in.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// `insilin population`.
#[derive(Debug, Args)]
pub struct Population {
    /// A scenario file, the name of a shipped scenario, or a clinical test such as `ogtt`; `test mixed-meal` says that the
    /// test is meant where a scenario has its name.
    #[arg(required = true, num_args = 1..=2, value_parser = NonEmptyStringValueParser::new())]
    pub what: Vec<String>,
    /// Who: the name of a shipped population, or a file.
    #[arg(long, value_name = "NAME", default_value = "healthy-adults")]
    pub of: String,
    /// How many people. Nobody changes when others come along.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub people: u64,
    /// Seed from which the people are drawn.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// What to read off besides what has a published spread, such as `G_plasma.peak`; what the scenario says when absent.
    #[arg(long, value_name = "NAME.METRIC")]
    pub metric: Vec<String>,
    /// Keep no curves, and make no bands of them.
    #[arg(long)]
    pub no_curves: bool,
    /// Keep curves with a row no more often than this; about 150 rows when absent.
    #[arg(long, value_name = "TIME", conflicts_with = "no_curves")]
    pub every: Option<String>,
    /// Threads; as many as the machine runs at once when absent. No number depends on it.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub jobs: Option<u32>,
    /// Go on with what an interrupted run left in the folder.
    #[arg(long, conflicts_with = "overwrite")]
    pub resume: bool,
    /// Begin anew, whatever an earlier run left in the folder.
    #[arg(long)]
    pub overwrite: bool,
    /// Make only this part of the people, such as `3/16`; `insilin merge` joins the parts.
    #[arg(long, value_name = "K/N", value_parser = shard)]
    pub shard: Option<Shard>,
    /// Also write all rows into one file.
    #[arg(long)]
    pub single: bool,
    /// Also write the tables in this form.
    #[arg(long, value_enum)]
    pub format: Option<TableFormat>,
    /// Say how much there is to do, and stop.
    #[arg(long)]
    pub estimate: bool,
    /// Run also what is very much.
    #[arg(long)]
    pub force: bool,
    /// Of a clinical test: add assay errors, drawn for each person from this seed.
    #[arg(long, value_name = "SEED")]
    pub noise: Option<u64>,
    /// Of an oral test: carbohydrate.
    #[arg(long, value_name = "GRAMS")]
    pub dose: Option<String>,
    /// Of a clamp: insulin infusion.
    #[arg(long, value_name = "RATE")]
    pub insulin: Option<String>,
    /// Of a clamp: glucose that is held, or `fasting`.
    #[arg(long, value_name = "GLUCOSE")]
    pub target: Option<String>,
    /// Of a clamp: length of it, or of each of its steps.
    #[arg(long, value_name = "TIME")]
    pub minutes: Option<String>,
    /// Of a sensor: menu that is eaten every day.
    #[arg(long, value_name = "NAME", default_value = "mediterranean")]
    pub menu: String,
    /// Relative tolerance of the integrator.
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub rtol: Option<f64>,
    /// Absolute tolerance of the integrator, relative to the size of each state.
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub atol: Option<f64>,
    /// Folder for the results; `results/NAME-population` when absent.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    /// Leave out the figures.
    #[arg(long)]
    pub no_figures: bool,
    /// Figures for a lecture hall: 16:9, larger type, thicker lines.
    #[arg(long)]
    pub projector: bool,
    /// Folder with models, subjects and populations, looked at before what is built in.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// One of several parts of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Its number, from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// Designs of sweeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DesignName {
    /// Every value with every other.
    Grid,
    /// Points drawn independently.
    Random,
    /// Each axis in as many strata as there are points.
    LatinHypercube,
    /// Points of low discrepancy.
    Sobol,
    /// Walks for elementary effects; `--runs` is their number.
    Morris,
    /// Rows for shares of the variance; `--runs` is the number of base rows.
    Saltelli,
}

/// Other forms of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// Comma-separated values.
    Csv,
    /// Parquet alone.
    Parquet,
}

/// `insilin merge`.
#[derive(Debug, Args)]
pub struct Merge {
    /// Folders of parts of one sweep.
    #[arg(required = true)]
    pub folders: Vec<PathBuf>,
    /// Folder for the whole; it may be one of those with parts.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Also write all rows into one file.
    #[arg(long)]
    pub single: bool,
    /// Also write the tables in this form.
    #[arg(long, value_enum)]
    pub format: Option<TableFormat>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    /// Leave out the figures.
    #[arg(long)]
    pub no_figures: bool,
    /// Figures for a lecture hall: 16:9, larger type, thicker lines.
    #[arg(long)]
    pub projector: bool,
}

/// `insilin plot`.
#[derive(Debug, Args)]
pub struct Plot {
    /// A result folder.
    pub folder: PathBuf,
    /// Columns to draw, separated by commas, one panel each; the scenario's figures when absent.
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Folder for the figures; the result folder itself when absent.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Form of the figures; both when absent.
    #[arg(long, value_enum)]
    pub format: Option<FigureFormat>,
    /// Units of the axes; the model's own when absent.
    #[arg(long, value_enum)]
    pub units: Option<UnitSystem>,
    /// For a lecture hall: 16:9, larger type, thicker lines.
    #[arg(long)]
    pub projector: bool,
}

/// `insilin compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// Result folders, manifests, scenario files or names of shipped scenarios (these are run first); the others are
    /// compared with the first. One alone is compared within: its arms, or the values that it varies.
    #[arg(required = true, value_parser = NonEmptyStringValueParser::new())]
    pub what: Vec<String>,
    /// Exit with 1 when a number or a curve differs by more: `--tolerance 5%` for all, `--tolerance "G.peak=2 mg/dL"`
    /// for one metric, `G=1%` for all of a quantity, `G.curve=3%` for its whole curve (a share of its range).
    #[arg(long, value_name = "LIMIT")]
    pub tolerance: Vec<String>,
    /// Quantities to compare, separated by commas; those that the scenarios observe when absent.
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Folder for the results; `results/compare-A-B` when absent.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Units of tables and figures; those of the first run when absent.
    #[arg(long, value_enum)]
    pub units: Option<UnitSystem>,
    /// Print the comparison as JSON.
    #[arg(long)]
    pub json: bool,
    /// Leave out the figures.
    #[arg(long)]
    pub no_figures: bool,
    /// Figures for a lecture hall: 16:9, larger type, thicker lines.
    #[arg(long)]
    pub projector: bool,
    /// Folder with models.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// `insilin report`.
#[derive(Debug, Args)]
pub struct Report {
    /// A result folder, a manifest, a folder of `compare`, a scenario file or the name of a shipped scenario (these are
    /// run first); several are compared with the first.
    #[arg(required = true, value_parser = NonEmptyStringValueParser::new())]
    pub what: Vec<String>,
    /// The file to write; `report.html` in the folder, or `results/NAME.html` of what is run first.
    #[arg(long, short, value_name = "FILE.html")]
    pub out: Option<PathBuf>,
    /// Units of tables and figures; the model's own when absent.
    #[arg(long, value_enum)]
    pub units: Option<UnitSystem>,
    /// Folder with models.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// `insilin sensitivity`.
#[derive(Debug, Args)]
pub struct Sensitivity {
    /// A scenario file, the name of a shipped scenario, or a model file.
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub what: String,
    /// Metric to look at: `--metric G_plasma.peak`, `--metric "arm: G_plasma.at 120 min"`; may be given several times; all
    /// that the scenario observes when absent.
    #[arg(long, value_name = "QUANTITY.METRIC")]
    pub metric: Vec<String>,
    /// Parameters and start values to move, separated by commas; all parameters when absent.
    #[arg(long, value_name = "IDS|all", value_delimiter = ',')]
    pub parameters: Vec<String>,
    /// How to move them.
    #[arg(long, value_enum, default_value_t = SensitivityMethod::Local)]
    pub method: SensitivityMethod,
    /// For Morris and Sobol: a range to move a parameter over, or any number of the scenario: `--over "Vmx=0.02..0.08
    /// mg/kg/min/(pmol/L)"`, `--over "calendar.breakfast.meal.carbohydrate=20..100 g"`.
    #[arg(long, value_name = "NAME=FROM..TO")]
    pub over: Vec<String>,
    /// For Morris and Sobol, of parameters without a range of their own: this far to both sides of their value.
    #[arg(long, value_name = "SHARE", default_value = "20%")]
    pub spread: String,
    /// Number of walks (Morris, 20 when absent) or of base rows (Sobol, 512 when absent, best a power of two).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub runs: Option<u64>,
    /// Seed of the points that Morris and Sobol draw.
    #[arg(long, value_name = "N")]
    pub design_seed: Option<u64>,
    /// Threads for Morris and Sobol; as many as the machine runs at once when absent.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub jobs: Option<u32>,
    /// Go on with what an interrupted run of Morris or Sobol left in the folder.
    #[arg(long, conflicts_with = "overwrite")]
    pub resume: bool,
    /// Begin anew, whatever an earlier one left in the folder.
    #[arg(long)]
    pub overwrite: bool,
    /// Leave out the figures.
    #[arg(long)]
    pub no_figures: bool,
    /// Figures for a lecture hall: 16:9, larger type, thicker lines.
    #[arg(long)]
    pub projector: bool,
    /// Tell the change of the metric for this change of each parameter.
    #[arg(
        long,
        value_name = "SHARE",
        default_value = "1%",
        allow_negative_numbers = true
    )]
    pub relative: String,
    /// Print this many parameters per metric.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub top: u32,
    /// Set a parameter or start value of the model first, with its unit.
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// End the run at this time, in the model's time unit or with its own.
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub end: Option<String>,
    /// Write down this many evenly spaced times.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=10_000_000))]
    pub points: Option<u32>,
    /// Relative tolerance of the integrator.
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub rtol: Option<f64>,
    /// Absolute tolerance of the integrator, relative to the size of each state.
    #[arg(long, value_name = "X", value_parser = tolerance)]
    pub atol: Option<f64>,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
    /// Folder for the results; `results/NAME-sensitivity` when absent.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Folder with models.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// Ways to move parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SensitivityMethod {
    /// Derivatives at the scenario's own values, exact.
    Local,
    /// Elementary effects over a range (Morris).
    Morris,
    /// Shares of the variance over a range (Sobol).
    Sobol,
}

/// `insilin check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Scenario and model files, or names of shipped scenarios.
    #[arg(required = true)]
    pub files: Vec<String>,
    /// Warnings count as errors.
    #[arg(long)]
    pub strict: bool,
    /// Print the findings as JSON.
    #[arg(long)]
    pub json: bool,
    /// Folder with models.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// `insilin list`.
#[derive(Debug, Args)]
pub struct List {
    /// What to show.
    #[arg(value_enum, default_value_t = Listed::All)]
    pub what: Listed,
    /// The model whose inputs or observables to show, or the word that foods have to have.
    pub model: Option<String>,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
    /// Folder with models.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// Scenarios and models.
    All,
    /// Scenarios.
    Scenarios,
    /// Models.
    Models,
    /// What a scenario can drive in a model.
    Inputs,
    /// What can be read off a model.
    Observables,
    /// Foods that a meal can be made of; with a word behind it those that have it.
    Foods,
    /// Plates: foods eaten together.
    Plates,
    /// Menus: what is eaten on one day.
    Menus,
    /// Blocks of a calendar, such as a week of training.
    Blocks,
    /// Subjects: who the body belongs to.
    Subjects,
    /// Populations: how people differ.
    Populations,
}

/// `insilin test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Which test.
    #[arg(value_enum)]
    pub procedure: Examination,
    /// Who is tested: the name of a subject or its file.
    #[arg(long, value_name = "NAME", default_value = "normal")]
    pub subject: String,
    /// Another model for the same person.
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Add assay errors, drawn from this seed.
    #[arg(long, value_name = "SEED")]
    pub noise: Option<u64>,
    /// Coefficient of variation of glucose under `--noise`; 2 % when absent.
    #[arg(long, value_name = "PERCENT", requires = "noise")]
    pub cv_glucose: Option<String>,
    /// Coefficient of variation of insulin and all other analytes under `--noise`; 5 % when absent.
    #[arg(long, value_name = "PERCENT", requires = "noise")]
    pub cv_insulin: Option<String>,
    /// Carbohydrate of an oral test: `--dose "50 g"`.
    #[arg(long, value_name = "GRAMS")]
    pub dose: Option<String>,
    /// Insulin infusion of a clamp: `--insulin "120 mU/m2/min"`, `--insulin "6 pmol/kg/min"`.
    #[arg(long, value_name = "RATE")]
    pub insulin: Option<String>,
    /// Glucose that a euglycaemic clamp holds: `--target "5 mmol/L"`, or `fasting`; 90 mg/dL when absent.
    #[arg(long, value_name = "GLUCOSE")]
    pub target: Option<String>,
    /// Length of a clamp, or of each of its steps: `--minutes 180`, `--minutes "3 h"`; 120 when absent.
    #[arg(long, value_name = "TIME")]
    pub minutes: Option<String>,
    /// Menu that is eaten every day while a sensor is worn; 2000 kcal of it.
    #[arg(long, value_name = "NAME", default_value = "mediterranean")]
    pub menu: String,
    /// Inject insulin 20 min after the glucose of an intravenous test, 0.03 U/kg.
    #[arg(long)]
    pub insulin_at_20: bool,
    /// Units of the tables and figures; of the clinic in the tables when absent.
    #[arg(long, value_enum)]
    pub units: Option<UnitSystem>,
    /// Print samples and indices as JSON.
    #[arg(long)]
    pub json: bool,
    /// Folder for the results; `results/test-TEST-SUBJECT` when absent.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Leave out the figures.
    #[arg(long)]
    pub no_figures: bool,
    /// Folder with models and subjects, looked at before what is built in.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// The clinical tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Examination {
    /// Oral glucose tolerance test.
    Ogtt,
    /// Mixed-meal tolerance test.
    MixedMeal,
    /// Intravenous glucose tolerance test, read by the minimal model.
    Ivgtt,
    /// Euglycaemic hyperinsulinaemic clamp, 40 mU/m2/min.
    Clamp,
    /// The same in steps of 20, 40 and 80 mU/m2/min.
    ClampSteps,
    /// Hyperglycaemic clamp, fasting glucose and 125 mg/dL.
    HyperglycaemicClamp,
    /// Three samples after a night's fast.
    Fasting,
    /// A glucose sensor for 14 days.
    Cgm14,
}

impl From<Examination> for Procedure {
    fn from(name: Examination) -> Self {
        match name {
            Examination::Ogtt => Self::Ogtt,
            Examination::MixedMeal => Self::MixedMeal,
            Examination::Ivgtt => Self::Ivgtt,
            Examination::Clamp => Self::Clamp,
            Examination::ClampSteps => Self::ClampSteps,
            Examination::HyperglycaemicClamp => Self::HyperglycaemicClamp,
            Examination::Fasting => Self::Fasting,
            Examination::Cgm14 => Self::Cgm14,
        }
    }
}

/// `insilin new`.
#[derive(Debug, Args)]
pub struct New {
    /// The file to write; it must not exist yet.
    pub file: PathBuf,
    /// The model it is about.
    #[arg(
        long,
        value_name = "MODEL",
        default_value = "published/dalla_man_2007.ant"
    )]
    pub model: String,
    /// Folder with models.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// `insilin convert`.
#[derive(Debug, Args)]
pub struct Convert {
    /// A model in Antimony or SBML, a scenario file, or the name of a shipped scenario.
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub what: String,
    /// The file to write: SBML for `.xml` and `.sbml`, Antimony for `.ant`; standard output when absent or `-`.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What to write, whatever the file is called.
    #[arg(long, value_enum)]
    pub to: Option<Language>,
    /// The arm of the scenario, by its label.
    #[arg(long, value_name = "LABEL")]
    pub arm: Option<String>,
    /// The value of what the scenario varies, as its file writes it or as a bare number.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    pub varied: Option<String>,
    /// Keep modules apart instead of flattening them.
    #[arg(long)]
    pub hierarchical: bool,
    /// End the replay at this time, in the model's time unit or with its own: `--until "7 d"`.
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub until: Option<String>,
    /// Folder with models.
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// Languages of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// SBML Level 3.
    Sbml,
    /// Antimony.
    Antimony,
}

/// `insilin sbml-test`.
#[derive(Debug, Args)]
pub struct SbmlTest {
    /// The model, in SBML.
    pub model: String,
    /// The settings file of the case.
    pub settings: PathBuf,
    /// The table to write: time and the variables of the settings, separated by commas.
    #[arg(long, short, value_name = "FILE")]
    pub out: PathBuf,
    /// Seed of the order of simultaneous events.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// `insilin completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `insilin man`.
#[derive(Debug, Args)]
pub struct Man {
    /// Folder for one page per verb; the main page goes to standard output when absent.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Forms of data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values.
    #[default]
    Csv,
    /// JSON, one list per column.
    Json,
}

/// Forms of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FigureFormat {
    /// Scalable vector graphics.
    Svg,
    /// Portable network graphics.
    Png,
}

/// Display units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UnitSystem {
    /// mmol/L, pmol/L, nmol/L.
    Si,
    /// mg/dL, µU/mL, µg/dL.
    Clinic,
}

/// Names of the integrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MethodName {
    /// Rosenbrock, order 5, for everything.
    Rodas5p,
    /// Dormand–Prince 5(4), smooth non-stiff models.
    Dopri5,
    /// Dormand–Prince 8(5,3), smooth non-stiff models.
    Dop853,
}

impl From<MethodName> for Method {
    fn from(name: MethodName) -> Self {
        match name {
            MethodName::Rodas5p => Self::Rodas5P,
            MethodName::Dopri5 => Self::Dopri5,
            MethodName::Dop853 => Self::Dop853,
        }
    }
}

/// Names of the orders of equal events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventOrderName {
    /// Drawn from the seed.
    Random,
    /// As in the file.
    File,
}

impl From<EventOrderName> for EventOrder {
    fn from(name: EventOrderName) -> Self {
        match name {
            EventOrderName::Random => Self::Random,
            EventOrderName::File => Self::File,
        }
    }
}

fn tolerance(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (1e-14..=0.1).contains(&value) => Ok(value),
        _ => Err("a tolerance lies between 1e-14 and 0.1".to_string()),
    }
}

fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/');
    let numbers =
        parts.and_then(|(number, of)| Some((number.trim().parse().ok()?, of.trim().parse().ok()?)));
    match numbers {
        Some((number, of)) if (1..=of).contains(&number) && of <= 1_000_000 => {
            Ok(Shard { number, of })
        }
        _ => Err("write which part of how many, for example `3/16`".to_string()),
    }
}
