//! `insilin run`: a scenario, a model or a manifest in; table, data and figures out.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use insilin::diag::{SourceMap, did_you_mean};
use insilin::render::DISCLAIMER;
use insilin::scenario::{Edits, Scenario};
use insilin::simulate::{self, Experiment, Options};
use insilin::store::{Folder, Manifest, sha256};
use serde_json::{Value, json};

use super::args::Run;
use super::load::{self, Loaded};
use super::results::{self, ArmResults, DataForm, Results};
use super::summary::{self, Line, Verdict};
use super::terminal::{Exit, Terminal};
use super::{Ended, display, figures};

/// Runs what was asked for.
pub fn run(arguments: &Run, terminal: Terminal) -> Ended {
    let mut clock = Clock::start();
    let job = Job::from(arguments, terminal)?;
    let loaded = load::scenario(&job.what, &job.edits, arguments.models.as_deref(), terminal)?;
    check_names(&loaded, &job.form, terminal)?;
    clock.lap("load");
    let results = simulate_all(&loaded, &job.options, arguments, terminal)?;
    clock.lap("compile and run");
    let lines = summary::lines(&loaded.scenario, &results);
    let verdicts = summary::verdicts(&loaded.scenario, &results);
    let (mut folder, mut manifest) = results::folder(
        &loaded.scenario,
        &results,
        &loaded.files,
        &job.options,
        &job.form,
    );
    if !arguments.no_figures {
        figures::add(&loaded.scenario, &results, &mut folder, terminal)?;
    }
    clock.lap("figures");
    finish(&mut folder, &mut manifest, &lines, &verdicts);
    let out = job
        .out
        .unwrap_or_else(|| results::default_folder(&loaded.scenario));
    folder
        .write(&out)
        .map_err(|error| results::store_failure(&error, terminal))?;
    clock.lap("write");
    clock.save(&out, terminal)?;
    print(
        &loaded.scenario,
        &results,
        &lines,
        &verdicts,
        arguments,
        terminal,
    )?;
    terminal.say(&format!(
        "{} in {:.0} ms; written to {}",
        results::work_line(&results),
        clock.total(),
        out.display()
    ));
    same_as_recorded(job.recorded.as_ref(), &manifest, terminal)?;
    let failed = verdicts.iter().any(|verdict| !verdict.met);
    if arguments.check && failed {
        Err(Exit::No)
    } else {
        Ok(())
    }
}

/// What to run and how, from the arguments and, when one is repeated, a manifest.
struct Job {
    what: String,
    edits: Edits,
    options: Options,
    form: DataForm,
    out: Option<PathBuf>,
    recorded: Option<Manifest>,
}

impl Job {
    fn from(arguments: &Run, terminal: Terminal) -> Result<Self, Exit> {
        let edits = Edits {
            set: arguments.set.clone(),
            end: arguments.end.clone(),
            points: arguments.points.map(|points| points as usize),
        };
        let path = Path::new(&arguments.what);
        let is_manifest = path.extension().is_some_and(|ending| ending == "json");
        let (what, options, form, out, recorded) = if is_manifest {
            let manifest = read_manifest(path, terminal)?;
            let folder = path.parent().unwrap_or(Path::new(".")).to_path_buf();
            check_inputs(&manifest, &folder, terminal)?;
            let Some((options, form)) = results::recorded(&manifest.options) else {
                terminal.failure(
                    "cli/manifest",
                    "the manifest names an unknown integrator",
                    "run the scenario itself",
                );
                return Err(Exit::Input);
            };
            let what = folder.join(&manifest.scenario).display().to_string();
            (what, options, form, Some(folder), Some(manifest))
        } else {
            let form = DataForm {
                select: arguments.select.clone(),
                format: arguments.format,
            };
            (arguments.what.clone(), Options::default(), form, None, None)
        };
        // An edited run is another run: there is nothing recorded to compare it with.
        let edited = !edits.is_empty()
            || arguments.rtol.is_some()
            || arguments.atol.is_some()
            || arguments.method.is_some();
        let recorded = recorded.filter(|_| !edited);
        let out = arguments.out.clone().or(out);
        Ok(Self {
            what,
            edits,
            options: changed(options, arguments),
            form,
            out,
            recorded,
        })
    }
}

fn changed(mut options: Options, arguments: &Run) -> Options {
    options.rtol = arguments.rtol.unwrap_or(options.rtol);
    options.atol = arguments.atol.unwrap_or(options.atol);
    options.method = arguments.method.map_or(options.method, Into::into);
    options.seed = arguments.seed.unwrap_or(options.seed);
    options.event_order = arguments
        .event_order
        .map_or(options.event_order, Into::into);
    options
}

/// Reads a manifest; says what is wrong with it.
///
/// # Errors
/// Exit code 4 when it cannot be read, 2 when it is no manifest.
pub fn read_manifest(path: &Path, terminal: Terminal) -> Result<Manifest, Exit> {
    let shown = path.display().to_string();
    let file = super::library::read_file(path)
        .map_err(|failure| load::unreadable(&shown, &failure, terminal))?;
    Manifest::from_json(&file.text).map_err(|error| {
        let place = error
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        let message = format!("{shown}{place} is no manifest: {}", error.message);
        terminal.failure(
            "cli/manifest",
            &message,
            "give the `manifest.json` of a result folder",
        );
        Exit::Input
    })
}

fn check_inputs(manifest: &Manifest, folder: &Path, terminal: Terminal) -> Ended {
    for (path, recorded) in &manifest.inputs {
        let full = folder.join(path);
        let Ok(content) = fs::read(&full) else {
            let message = format!(
                "`{}` is gone; the run cannot be repeated without it",
                full.display()
            );
            terminal.failure("cli/manifest", &message, "run the scenario itself again");
            return Err(Exit::Files);
        };
        if sha256(&content) != *recorded {
            let message = format!(
                "`{}` is not what it was when the run was made",
                full.display()
            );
            terminal.failure(
                "cli/manifest",
                &message,
                "run the stored `scenario.toml` itself to use the changed file",
            );
            return Err(Exit::Input);
        }
    }
    Ok(())
}

/// Whether a repeated run gave the recorded bytes; says so.
fn same_as_recorded(recorded: Option<&Manifest>, now: &Manifest, terminal: Terminal) -> Ended {
    let Some(recorded) = recorded else {
        return Ok(());
    };
    let data = now.arms.iter().map(|arm| &arm.trajectory);
    let changed: Vec<&String> = data
        .filter(|path| recorded.outputs.get(*path) != now.outputs.get(*path))
        .collect();
    if changed.is_empty() {
        terminal.say("repeated: every trajectory has the recorded bytes");
        return Ok(());
    }
    let message = format!(
        "the repeated run differs from the record in {changed:?} (made by {})",
        recorded.program
    );
    terminal.failure(
        "cli/not-repeated",
        &message,
        "another version of insilin may have made the record",
    );
    Err(Exit::No)
}

/// Checks what only observation knows: metric names, and the columns to keep.
fn check_names(loaded: &Loaded, form: &DataForm, terminal: Terminal) -> Ended {
    let scenario = &loaded.scenario;
    let findings = summary::check_metrics(scenario);
    terminal.findings(&findings, &loaded.sources);
    if findings.has_errors() {
        return Err(Exit::Input);
    }
    let lacks = |name: &&String| {
        let mut arms = scenario.arms.iter();
        arms.any(|arm| arm.model.symbol(name).is_none())
    };
    let Some(name) = form.select.iter().find(lacks) else {
        return Ok(());
    };
    let ids = scenario.arms.iter().flat_map(|arm| {
        arm.model
            .symbols()
            .map(|symbol| arm.model.identity(symbol).id.as_str())
    });
    let hint = match did_you_mean(name, ids) {
        Some(near) if near != name => format!("did you mean `{near}`?"),
        _ => "`insilin list observables MODEL` shows what there is".to_string(),
    };
    let message = format!("not every model here has a quantity `{name}`");
    terminal.failure("cli/select", &message, &hint);
    Err(Exit::Input)
}

/// Runs every arm at every value.
///
/// # Errors
/// The exit code of the worst failure; all failures have been said.
fn simulate_all(
    loaded: &Loaded,
    options: &Options,
    arguments: &Run,
    terminal: Terminal,
) -> Result<Results, Exit> {
    let mut arms = Vec::new();
    for at in 0..loaded.scenario.arms.len() {
        arms.push(simulate_arm(
            &loaded.scenario,
            at,
            &loaded.sources,
            options,
            arguments,
            terminal,
        )?);
    }
    Ok(Results { arms })
}

fn simulate_arm(
    scenario: &Scenario,
    at: usize,
    sources: &SourceMap,
    options: &Options,
    arguments: &Run,
    terminal: Terminal,
) -> Result<ArmResults, Exit> {
    let arm = &scenario.arms[at];
    let varied = scenario.vary.as_ref().map(|vary| &vary.per_arm[at]);
    let experiment = load::report(
        Experiment::varying(arm, varied.map(|(symbol, _)| *symbol)),
        sources,
        terminal,
    )?;
    let slots = match varied {
        Some((symbol, values)) => experiment.overrides(arm, *symbol, values),
        None => vec![Vec::new()],
    };
    let mut arm_results = ArmResults {
        trajectories: Vec::new(),
        shown: Vec::new(),
        work: Vec::new(),
    };
    for overrides in &slots {
        let run = simulate::run_with(&experiment, arm, overrides, options).map_err(|failure| {
            terminal.findings(&failure.diagnostic().into(), sources);
            Exit::Numbers
        })?;
        arm_results.shown.push(display::trajectory(
            run.trajectory.clone(),
            &arm.model,
            arguments.units,
        ));
        arm_results.trajectories.push(run.trajectory);
        arm_results.work.push(run.work);
    }
    Ok(arm_results)
}

/// Adds the summary and the manifest, which knows the fingerprints of all else.
fn finish(folder: &mut Folder, manifest: &mut Manifest, lines: &[Line], verdicts: &[Verdict]) {
    let summary = serde_json::to_string_pretty(
        &json!({ "notice": DISCLAIMER, "metrics": lines, "expectations": verdicts }),
    );
    folder.add(
        "summary.json",
        format!(
            "{}\n",
            summary.expect("numbers and strings always serialise")
        ),
    );
    let outputs: Vec<String> = folder.paths().map(str::to_string).collect();
    for path in outputs
        .into_iter()
        .filter(|path| !path.starts_with("originals/"))
    {
        if let (false, Some(content)) = (manifest.inputs.contains_key(&path), folder.content(&path))
        {
            manifest.outputs.insert(path.clone(), sha256(content));
        }
    }
    folder.add("manifest.json", manifest.to_json());
}

fn print(
    scenario: &Scenario,
    results: &Results,
    lines: &[Line],
    verdicts: &[Verdict],
    arguments: &Run,
    terminal: Terminal,
) -> Ended {
    if arguments.json {
        let all: Value = json!({ "name": scenario.name, "notice": DISCLAIMER, "metrics": lines, "expectations": verdicts });
        return terminal.data(&format!("{all:#}\n"));
    }
    let mut text = format!("{}\n\n", scenario.title);
    if !lines.is_empty() {
        text.push_str(&summary::table(scenario, results, lines));
        text.push('\n');
    }
    if !verdicts.is_empty() {
        text.push_str(&summary::verdict_table(verdicts));
        text.push('\n');
    }
    if !scenario.note.is_empty() {
        text.push_str(&format!("{}\n\n", scenario.note.trim()));
    }
    text.push_str(&format!("{DISCLAIMER}\n"));
    terminal.data(&text)
}

/// Wall times of the parts of a run, kept apart from the results because no two runs share them.
struct Clock {
    start: Instant,
    last: Instant,
    laps: Vec<(&'static str, f64)>,
}

impl Clock {
    fn start() -> Self {
        let now = Instant::now();
        Self {
            start: now,
            last: now,
            laps: Vec::new(),
        }
    }

    fn lap(&mut self, name: &'static str) {
        let now = Instant::now();
        self.laps
            .push((name, (now - self.last).as_secs_f64() * 1e3));
        self.last = now;
    }

    fn total(&self) -> f64 {
        self.start.elapsed().as_secs_f64() * 1e3
    }

    fn save(&self, folder: &Path, terminal: Terminal) -> Ended {
        let mut times = serde_json::Map::new();
        for (name, milliseconds) in &self.laps {
            times.insert((*name).to_string(), json!(milliseconds));
        }
        times.insert("total".to_string(), json!(self.total()));
        let text = format!("{:#}\n", json!({ "milliseconds": times }));
        insilin::store::write_file(&folder.join("timing.json"), text.as_bytes())
            .map_err(|error| results::store_failure(&error, terminal))
    }
}
