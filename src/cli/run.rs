//! `insilin run`: a scenario, a model or a manifest in; table, data and figures out.

use std::path::{Path, PathBuf};
use std::time::Instant;

use insilin::diag::{Diagnostics, did_you_mean};
use insilin::render::DISCLAIMER;
use insilin::scenario::{Edits, Overrides, Scenario};
use insilin::simulate::{self, Experiment};
use insilin::store::{Folder, Manifest};
use serde_json::{Value, json};

use super::args::Run;
use super::load::{self, Loaded};
use super::record::{MANIFEST, Record, Settings};
use super::results::{self, ArmResults, Results};
use super::summary::{self, Line, Verdict};
use super::terminal::{Exit, Terminal};
use super::{Ended, display, figures};

/// Runs what was asked for.
pub fn run(arguments: &Run, terminal: Terminal) -> Ended {
    let mut clock = Clock::start();
    let job = Job::from(arguments, terminal)?;
    let loaded = job.load(arguments, terminal)?;
    check_selection(&loaded.scenario, &job.settings, terminal)?;
    let experiments = experiments(&loaded, terminal)?;
    check_columns(&experiments, &job.settings, terminal)?;
    clock.lap("load and compile");
    let results = simulate_all(&loaded, &experiments, &job.settings, terminal)?;
    clock.lap("run");
    let answer = Answer::of(&loaded.scenario, &results);
    let (mut folder, manifest) = folder(&loaded, &results, &answer, &job.settings, terminal)?;
    clock.lap("figures");
    folder.add("timing.json", clock.to_json());
    let out = job.out(&loaded.scenario, arguments);
    let changed = job.changed(&manifest);
    if changed.is_empty() || arguments.out.is_some() {
        results::keep(&folder, &out, terminal)?;
        terminal.data(&answer.text(&loaded.scenario, &results, arguments.json))?;
        terminal.say(&format!(
            "{} in {:.0} ms; written to {}",
            results::work_line(&results),
            clock.total(),
            out.display()
        ));
    }
    job.say_compared(&changed, terminal)?;
    if arguments.check && answer.verdicts.iter().any(|verdict| !verdict.met) {
        return Err(Exit::No);
    }
    Ok(())
}

/// What to run and how, from the arguments and, when one is repeated, a manifest.
struct Job {
    edits: Edits,
    settings: Settings,
    record: Option<Record>,
}

impl Job {
    fn from(arguments: &Run, terminal: Terminal) -> Result<Self, Exit> {
        let path = Path::new(&arguments.what);
        let is_manifest = path.extension().is_some_and(|ending| ending == "json");
        let edits = Edits {
            set: arguments.set.clone(),
            end: arguments.end.clone(),
            points: arguments.points.map(|points| points as usize),
            overrides: Overrides {
                subject: arguments.subject.clone(),
                // What was drawn is drawn: a record holds primitives.
                seed: arguments.seed.filter(|_| !is_manifest),
            },
        };
        if arguments.subject.is_some() && (is_manifest || load::is_model(&arguments.what)) {
            let message = "`--subject` changes who a scenario is about, and this is none";
            let hint = "a recorded run keeps its subject, and a subject brings its own model: give the scenario";
            terminal.failure("cli/subject", message, hint);
            return Err(Exit::Input);
        }
        let record = is_manifest.then(|| Record::read(path, terminal));
        let record = record.transpose()?;
        let settings = record.as_ref().map(|record| record.settings.clone());
        Ok(Self {
            edits,
            settings: settings.unwrap_or_default().changed(arguments),
            record,
        })
    }

    fn load(&self, arguments: &Run, terminal: Terminal) -> Result<Loaded, Exit> {
        let models = arguments.models.as_deref();
        match &self.record {
            Some(record) => record.load(&self.edits, terminal),
            None => load::scenario(&arguments.what, &self.edits, models, terminal),
        }
    }

    /// Where the results go: where it was said, where the repeated ones lie, or to a folder of the scenario's name.
    fn out(&self, scenario: &Scenario, arguments: &Run) -> PathBuf {
        let recorded = self.record.as_ref().map(|record| record.folder.clone());
        let out = arguments.out.clone().or(recorded);
        out.unwrap_or_else(|| results::default_folder(scenario))
    }

    /// The record that this run is to repeat; none when it is to be another.
    fn repeated(&self) -> Option<&Record> {
        let record = self.record.as_ref();
        record.filter(|record| record.is_repeated_by(&self.edits, &self.settings))
    }

    fn changed(&self, manifest: &Manifest) -> Vec<String> {
        let repeated = self.repeated().map(|record| record.changed(manifest));
        repeated.unwrap_or_default()
    }

    /// Says whether a repeated run gave the recorded bytes.
    fn say_compared(&self, changed: &[String], terminal: Terminal) -> Ended {
        let Some(record) = self.repeated() else {
            return Ok(());
        };
        if changed.is_empty() {
            terminal.say("repeated: every trajectory has the recorded bytes");
            return Ok(());
        }
        let (files, made_by) = (changed.join("`, `"), &record.manifest.program);
        let message = format!("the record, made by {made_by}, has other bytes in `{files}`");
        let hint = "a record is not overwritten by another run: keep both with `--out DIR`";
        terminal.failure("cli/not-repeated", &message, hint);
        Err(Exit::No)
    }
}

/// Everything that a run leaves behind, its wall times apart.
///
/// # Errors
/// When a figure cannot be made of what the scenario asks for.
pub fn folder(
    loaded: &Loaded,
    results: &Results,
    answer: &Answer,
    settings: &Settings,
    terminal: Terminal,
) -> Result<(Folder, Manifest), Exit> {
    let scenario = &loaded.scenario;
    let (mut folder, mut manifest) = results::folder(scenario, results, &loaded.files, settings);
    let figures = if settings.figures {
        figures::all(scenario, results, terminal)?
    } else {
        Vec::new()
    };
    for (name, figure) in figures {
        let figure = figures::look(figure, settings.projector);
        for (path, content) in figures::drawn(&name, &figure, None) {
            results::add_output(&mut folder, &mut manifest, &path, content);
        }
    }
    let summary = format!("{:#}\n", answer.to_json(scenario)).into_bytes();
    results::add_output(&mut folder, &mut manifest, "summary.json", summary);
    folder.add(MANIFEST, manifest.to_json());
    Ok((folder, manifest))
}

/// The columns to keep must be in every arm's data.
fn check_selection(scenario: &Scenario, settings: &Settings, terminal: Terminal) -> Ended {
    let lacks = |name: &&String| {
        let mut arms = scenario.arms.iter();
        arms.any(|arm| arm.model.symbol(name).is_none())
    };
    let Some(name) = settings.form.select.iter().find(lacks) else {
        return Ok(());
    };
    let ids = scenario.arms.iter().flat_map(|arm| {
        let symbols = arm.model.symbols();
        symbols.map(|symbol| arm.model.identity(symbol).id.as_str())
    });
    let hint = match did_you_mean(name, ids) {
        Some(near) if near != name => format!("did you mean `{near}`?"),
        _ => "`insilin list observables MODEL` shows what there is".to_string(),
    };
    let message = format!("not every model here has a quantity `{name}`");
    terminal.failure("cli/select", &message, &hint);
    Err(Exit::Input)
}

/// What stays as it is through the run has no column.
fn check_columns(experiments: &[Experiment], settings: &Settings, terminal: Terminal) -> Ended {
    let written = |experiment: &Experiment, name: &String| {
        let mut quantities = experiment.program.quantities.iter();
        quantities.any(|quantity| quantity.id == *name)
    };
    let lacks = |name: &&String| !experiments.iter().all(|one| written(one, name));
    let Some(name) = settings.form.select.iter().find(lacks) else {
        return Ok(());
    };
    let message = format!("`{name}` does not change in the run and is not in the data");
    let hint = "leave it out of `--select`; `model.ant` in the result folder has its value";
    terminal.failure("cli/select", &message, hint);
    Err(Exit::Input)
}

/// Compiles every arm; says what there is to say about scenario and models.
///
/// # Errors
/// Exit code 2 when a model or protocol cannot be used; that has been said.
pub fn experiments(loaded: &Loaded, terminal: Terminal) -> Result<Vec<Experiment>, Exit> {
    let (found, experiments) = load::experiments(&loaded.scenario, &loaded.sources);
    let findings = load::joined(loaded.warnings.clone(), found);
    terminal.findings(&findings, &loaded.sources);
    if findings.has_errors() {
        Err(Exit::Input)
    } else {
        Ok(experiments)
    }
}

/// Runs every arm at every value.
///
/// # Errors
/// Exit code 3 at the first run whose numbers fail; the failure has been said.
pub fn simulate_all(
    loaded: &Loaded,
    experiments: &[Experiment],
    settings: &Settings,
    terminal: Terminal,
) -> Result<Results, Exit> {
    let scenario = &loaded.scenario;
    let mut arms = Vec::new();
    for (at, experiment) in experiments.iter().enumerate() {
        let results = simulate_arm(scenario, at, experiment, settings);
        arms.push(results.map_err(|findings| {
            terminal.findings(&findings, &loaded.sources);
            Exit::Numbers
        })?);
    }
    Ok(Results { arms })
}

fn simulate_arm(
    scenario: &Scenario,
    at: usize,
    experiment: &Experiment,
    settings: &Settings,
) -> Result<ArmResults, Diagnostics> {
    let arm = &scenario.arms[at];
    let varied = scenario.vary.as_ref().map(|vary| &vary.per_arm[at]);
    let slots = match varied {
        Some((symbol, values)) => experiment.overrides(arm, *symbol, values),
        None => vec![Vec::new()],
    };
    let mut results = ArmResults {
        trajectories: Vec::new(),
        shown: Vec::new(),
        work: Vec::new(),
    };
    let options = settings.options();
    for overrides in &slots {
        let run = simulate::run_with(experiment, arm, overrides, &options)
            .map_err(|failure| Diagnostics::from(failure.diagnostic()))?;
        let shown = display::trajectory(run.trajectory.clone(), &arm.model, settings.units);
        results.shown.push(shown);
        results.trajectories.push(run.trajectory);
        results.work.push(run.work);
    }
    Ok(results)
}

/// The numbers that the scenario asks for.
pub struct Answer {
    /// Every metric.
    pub lines: Vec<Line>,
    /// What came of every expectation.
    pub verdicts: Vec<Verdict>,
}

impl Answer {
    /// Of all runs.
    pub fn of(scenario: &Scenario, results: &Results) -> Self {
        Self {
            lines: summary::lines(scenario, results),
            verdicts: summary::verdicts(scenario, results),
        }
    }

    /// As `summary.json` holds it.
    pub fn to_json(&self, scenario: &Scenario) -> Value {
        json!({ "name": scenario.name, "notice": DISCLAIMER, "metrics": self.lines, "expectations": self.verdicts })
    }

    /// For standard output.
    fn text(&self, scenario: &Scenario, results: &Results, as_json: bool) -> String {
        if as_json {
            return format!("{:#}\n", self.to_json(scenario));
        }
        let mut parts = vec![format!("{}\n", scenario.title)];
        if !self.lines.is_empty() {
            parts.push(summary::table(scenario, results, &self.lines));
        }
        if !self.verdicts.is_empty() {
            parts.push(summary::verdict_table(&self.verdicts));
        }
        if !scenario.note.is_empty() {
            parts.push(format!("{}\n", scenario.note.trim()));
        }
        parts.push(format!("{DISCLAIMER}\n"));
        parts.join("\n")
    }
}

/// Wall times of the parts of a run, kept apart from the results because no two runs share them.
pub struct Clock {
    start: Instant,
    last: Instant,
    laps: Vec<(&'static str, f64)>,
}

impl Clock {
    /// Starts now.
    pub fn start() -> Self {
        let now = Instant::now();
        Self {
            start: now,
            last: now,
            laps: Vec::new(),
        }
    }

    /// Ends a part.
    pub fn lap(&mut self, name: &'static str) {
        let now = Instant::now();
        self.laps
            .push((name, (now - self.last).as_secs_f64() * 1e3));
        self.last = now;
    }

    /// Milliseconds since the start.
    pub fn total(&self) -> f64 {
        self.start.elapsed().as_secs_f64() * 1e3
    }

    /// For the folder.
    pub fn to_json(&self) -> String {
        let mut times = serde_json::Map::new();
        for (name, milliseconds) in &self.laps {
            times.insert((*name).to_string(), json!(milliseconds));
        }
        times.insert("until written".to_string(), json!(self.total()));
        format!("{:#}\n", json!({ "milliseconds": times }))
    }
}
