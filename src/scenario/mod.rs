//! What is done to a model: TOML to a scenario, `raw` (as written) then `resolve` (as meant).
//!
//! A resolved scenario is in the model's own units and symbols and holds all it needs: models, measured data, edges of
//! the protocol as times. `expand` writes it back as a file of primitives that means exactly the same run.

mod arithmetic;
pub mod contract;
mod edit;
mod expand;
mod figure;
pub mod foods;
mod formula;
pub mod inputs;
pub mod population;
mod quantity;
mod raw;
mod resolve;
#[cfg(feature = "schema")]
pub mod schema;
pub mod subject;
pub mod sweep;
mod template;

pub use edit::{Edits, edit};
pub use expand::expand;
pub use figure::{FigureKind, FigureRequest, HeatRange};
pub use resolve::{LoadModel, depart};
pub use template::template;

use crate::diag::{Diagnostic, Diagnostics, SourceMap, Sources, Span, Warned};
use crate::model::{Formula, Model, Symbol};

/// Longest scenario that is read, in bytes: far beyond any that a person or a script writes.
const LONGEST: usize = 16 << 20;

/// Reads a scenario file and everything that it refers to.
///
/// * `path_shown` — the file's name as messages show it, and as `sources` takes it for the importer
/// * `sources` — where measured data and `NAME.inputs.toml` files come from
/// * `map` — gets every text that was read, so that findings can be drawn
/// * `load_model` — reads the model at a path as the scenario writes it; called once for each path
///
/// # Errors
/// Everything that is wrong with the file, as far as it can be told at once.
pub fn load(
    path_shown: &str,
    text: &str,
    sources: &dyn Sources,
    map: &mut SourceMap,
    load_model: &mut LoadModel,
) -> Result<Warned<Scenario>, Diagnostics> {
    let as_written = Overrides::default();
    load_with(path_shown, text, &as_written, sources, map, load_model)
}

/// What takes the place of what the file says, before anything is looked up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// Another subject, for all arms.
    pub subject: Option<String>,
    /// Another seed for what varies in the calendar.
    pub seed: Option<u64>,
}

/// As [`load`], with something else in place of what the file says.
///
/// # Errors
/// As [`load`].
pub fn load_with(
    path_shown: &str,
    text: &str,
    overrides: &Overrides,
    sources: &dyn Sources,
    map: &mut SourceMap,
    load_model: &mut LoadModel,
) -> Result<Warned<Scenario>, Diagnostics> {
    if text.len() > LONGEST || text.contains('\0') {
        let (why, hint) = if text.len() > LONGEST {
            ("is longer than 16 MiB", "is this the right file?")
        } else {
            ("is not text", "a scenario is a TOML file")
        };
        let found = Diagnostic::error("scenario/file", format!("`{path_shown}` {why}"));
        return Err(found.hint(hint).into());
    }
    let source = map.add(path_shown, text);
    let mut findings = Diagnostics::new();
    let world = resolve::World {
        path_shown,
        sources,
        map,
        load_model,
    };
    let resolved = raw::read(text, source, &mut findings).and_then(|mut raw| {
        raw.replace(overrides, world.map);
        resolve::scenario(&raw, world, &mut findings)
    });
    resolve::once_each(&mut findings);
    match resolved {
        Some(scenario) => findings.into_result(scenario),
        None => Err(findings),
    }
}

/// A scenario as meant.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name in lower case with hyphens; names the result folder.
    pub name: String,
    /// One line for figures and tables; the name when none was given.
    pub title: String,
    /// Longer words of its author; may be empty.
    pub note: String,
    /// One or more arms: the same experiment on different models, parameters or protocols.
    pub arms: Vec<Arm>,
    /// One quantity given a list of values; every arm is run at each.
    pub vary: Option<Vary>,
    /// Figures its author asked for; when empty, standard ones are made.
    pub figures: Vec<FigureRequest>,
    /// What its author expects.
    pub expectations: Vec<Expectation>,
    /// Measured data to overlay.
    pub measured: Vec<MeasuredFile>,
}

/// One arm: a model and what is done to it.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its label; empty for the only arm.
    pub label: String,
    /// The model's path as written in the scenario, or by its subject.
    pub model_path: String,
    /// Who it is, where the scenario names a subject.
    pub subject: Option<subject::Subject>,
    /// What the model offers, read beside it.
    pub inputs: inputs::Inputs,
    /// The model as read, flat, before anything below is applied to it.
    pub source_model: Model,
    /// The model to run: parameter departures applied, and for each `rate` target a hidden parameter in its equation.
    pub model: Model,
    /// Time axis, in the model's time unit.
    pub time: TimeAxis,
    /// Where the run starts from.
    pub start: Start,
    /// Departures from the model file.
    pub departures: Vec<Departure>,
    /// What is done.
    pub protocol: Protocol,
    /// Names of the contract for what the scenario does and the model does not take, in the contract's order.
    pub absent: Vec<String>,
    /// What to read off.
    pub observe: Vec<Observed>,
}

/// When a run starts and ends and where it is written down.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeAxis {
    /// Display name of the unit of all times of the arm (the model's), e.g. `min`; empty when undeclared.
    pub unit: String,
    /// Start.
    pub start: f64,
    /// End, not before the start.
    pub end: f64,
    /// Times to write down, rising, from start to end inclusive.
    pub grid: Vec<f64>,
    /// Weekday and clock at time 0, where the scenario has a clock.
    pub start_clock: Option<ClockStart>,
}

/// Where a run starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The model's initial values.
    Model,
    /// The steady state under the protocol's first values.
    SteadyState,
}

/// A parameter or start value that differs from the model file, with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    /// What differs.
    pub symbol: Symbol,
    /// Its value in the model's unit.
    pub value: f64,
    /// Why.
    pub why: String,
}

/// What is done, as edges in time and controllers.
#[derive(Clone, Debug, Default)]
pub struct Protocol {
    /// Rising times with what happens there, in order; all before the end of the run.
    pub stops: Vec<Stop>,
    /// What would happen at the end of the run and after it, if it were longer: ends of holds and rates.
    pub later: Vec<Stop>,
    /// Sampled controllers.
    pub clamps: Vec<Clamp>,
    /// The entries as primitives, for `expand`, tables and figures.
    pub entries: Vec<Entry>,
}

/// Things that happen at one time, one after the other.
#[derive(Clone, Debug)]
pub struct Stop {
    /// When.
    pub time: f64,
    /// What, in order: each sees what the former did.
    pub actions: Vec<Action>,
}

/// One change at one time.
#[derive(Clone, Debug)]
pub struct Action {
    /// What changes: a parameter, or a species or other state.
    pub target: Symbol,
    /// How.
    pub change: Change,
    /// Where it was written.
    pub span: Span,
}

/// How something changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Takes the value of a formula in the symbol's own unit (concentration for most species).
    Set(Formula),
    /// Goes back to its value at the start of the run.
    Restore,
    /// Grows by a formula: for species in *amount*, for other states in their own unit.
    Add(Formula),
}

/// A sampled controller with zero-order hold.
///
/// At `from`, `from + every`, … it reads `measured`, forms the error e = target − measured and sets the actuator to
/// u ← u + gain · (e − e₋₁) + integral · every · e, limited to `limits`; u starts at `start`. At `to` the actuator is
/// restored.
#[derive(Clone, Debug, PartialEq)]
pub struct Clamp {
    /// What is measured.
    pub measured: Symbol,
    /// What it should be, in its own unit.
    pub target: f64,
    /// The parameter that is driven.
    pub actuator: Symbol,
    /// First sample.
    pub from: f64,
    /// End, exclusive.
    pub to: f64,
    /// Time between samples, > 0.
    pub every: f64,
    /// Actuator's first value.
    pub start: f64,
    /// Proportional gain, actuator unit per measured unit.
    pub gain: f64,
    /// Integral gain, actuator unit per measured unit and time.
    pub integral: f64,
    /// Lowest and highest actuator value.
    pub limits: (f64, f64),
    /// Where it was written.
    pub span: Span,
}

/// One entry of a protocol as a primitive, in model units.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A value over `[from, to)`.
    Hold {
        /// What is held.
        target: Symbol,
        /// At which value.
        value: f64,
        /// From.
        from: f64,
        /// To, exclusive.
        to: f64,
    },
    /// A flow into a state over `[from, to)`; amount per time for species.
    Rate {
        /// What it flows into.
        target: Symbol,
        /// How much per time.
        flow: f64,
        /// From.
        from: f64,
        /// To, exclusive.
        to: f64,
    },
    /// A jump of a state; amount for species.
    Bolus {
        /// What jumps.
        target: Symbol,
        /// By how much.
        amount: Formula,
        /// When.
        time: f64,
    },
    /// A value from a time on.
    Set {
        /// What is set.
        target: Symbol,
        /// To what.
        value: Formula,
        /// From.
        from: f64,
    },
    /// A controller.
    Clamp(Clamp),
    /// A mark for figures: something named was given (a meal, a dose); its primitives follow as further entries.
    Mark {
        /// What to write beside it, e.g. `78 g glucose`.
        label: String,
        /// What kind of thing it is.
        kind: MarkKind,
        /// When it begins.
        from: f64,
        /// When it ends; equal to `from` for an instant.
        to: f64,
    },
}

/// What kind of thing a mark stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkKind {
    /// Something eaten.
    Meal,
    /// An exercise bout.
    Bout,
    /// Sleep.
    Sleep,
    /// A stressor, acute or chronic.
    Stress,
    /// Stress practice.
    Practice,
    /// A dose of a hormone or drug.
    Dose,
    /// Something into a vein.
    Infusion,
    /// A phase of the scenario.
    Phase,
    /// Anything else.
    #[default]
    Other,
}

impl MarkKind {
    /// Every kind with its word in files.
    pub const WORDS: &[(&str, MarkKind)] = &[
        ("meal", MarkKind::Meal),
        ("bout", MarkKind::Bout),
        ("sleep", MarkKind::Sleep),
        ("stress", MarkKind::Stress),
        ("practice", MarkKind::Practice),
        ("dose", MarkKind::Dose),
        ("infusion", MarkKind::Infusion),
        ("phase", MarkKind::Phase),
        ("other", MarkKind::Other),
    ];

    /// Its word in files.
    pub fn word(self) -> &'static str {
        let mut words = Self::WORDS.iter();
        let known = words.find(|(_, kind)| *kind == self);
        known.map_or("other", |(word, _)| word)
    }
}

/// Weekday and clock at time 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockStart {
    /// 0 Monday … 6 Sunday.
    pub weekday: u8,
    /// Minutes after midnight, in [0, 1440).
    pub minute: f64,
}

/// One quantity to read off and the metrics wanted of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Id in the model.
    pub id: String,
    /// Metric names as written (`peak`, `at 120 min`, …); whoever computes them checks them.
    ///
    /// A bare time in one (`at 2`) has got its unit behind it where the file's differs from the model's.
    pub metrics: Vec<String>,
    /// Where the id was written.
    pub span: Span,
    /// Where each metric was written.
    pub metric_spans: Vec<Span>,
}

/// A quantity that takes a list of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// Name as written: a model parameter or input, resolved per arm.
    pub name: String,
    /// Unit as displayed for the values.
    pub unit: String,
    /// The values as displayed, in `unit`.
    pub values: Vec<f64>,
    /// Per arm: the symbol and the values in that arm's model units.
    pub per_arm: Vec<(Symbol, Vec<f64>)>,
    /// Whether figures show it on a logarithmic axis.
    pub log: bool,
}

/// One number that is expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// `observable.metric`, behind `arm:` when there are several arms.
    pub metric: String,
    /// Of which run, when a quantity is varied.
    pub at: ExpectedAt,
    /// Lowest accepted.
    pub low: f64,
    /// Highest accepted.
    pub high: f64,
    /// Unit in which low and high were given, as displayed; empty for the observable's own.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// Where it was written.
    pub span: Span,
}

/// Which run an expectation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedAt {
    /// The only one of its arm: nothing is varied.
    Run,
    /// That of the varied quantity's value at this index.
    Value(usize),
    /// None of them: low and high bound the value of the varied quantity at which the metric lies half way between
    /// its values at the first and at the last value, found on the line between neighbours (over the logarithm of the
    /// quantity on a logarithmic scale). For a dose-response that reaches rest and plateau this is the EC50.
    HalfMaximal,
}

/// Measured data, as text that was read with the scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredFile {
    /// Path as written.
    pub path: String,
    /// The content.
    pub text: String,
    /// Which arm's figures it belongs to; none for all.
    pub arm: Option<String>,
    /// The name under which messages show it, which is its name in the map of sources.
    pub name: String,
    /// Where it was written in the scenario.
    pub span: Span,
}
