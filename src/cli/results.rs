//! What a run leaves behind: trajectories, the files of its folder, and reading them again.

use std::path::{Path, PathBuf};

use insilin::diag::SourceFile;
use insilin::export;
use insilin::render::DISCLAIMER;
use insilin::render::number::significant;
use insilin::scenario::{self, Scenario, Vary};
use insilin::simulate::{EventOrder, Method, Options, Work};
use insilin::store::{Folder, Manifest, ManifestArm, RunOptions, StoreError, sha256};
use insilin::trajectory::{Trajectory, csv};
use serde_json::{Value, json};

use super::args::Format;
use super::terminal::{Exit, Terminal};

/// All trajectories of a scenario.
pub struct Results {
    /// One per arm of the scenario.
    pub arms: Vec<ArmResults>,
}

/// One arm's trajectories: one, or one per value of the varied quantity.
pub struct ArmResults {
    /// In the model's units.
    pub trajectories: Vec<Trajectory>,
    /// In display units.
    pub shown: Vec<Trajectory>,
    /// What they cost.
    pub work: Vec<Work>,
}

/// What to keep of the data, and in which form.
#[derive(Clone, Debug)]
pub struct DataForm {
    /// Columns; all when empty.
    pub select: Vec<String>,
    /// Form.
    pub format: Format,
}

/// File names of an arm: its model and its data.
pub fn arm_files(scenario: &Scenario, at: usize, format: Format) -> (String, String) {
    let ending = match format {
        Format::Csv => "csv",
        Format::Json => "json",
    };
    if scenario.arms.len() == 1 {
        return ("model.ant".to_string(), format!("trajectory.{ending}"));
    }
    let slug = slug(&scenario.arms[at].label, at);
    (
        format!("model-{slug}.ant"),
        format!("trajectory-{slug}.{ending}"),
    )
}

/// A label as part of a file name; the arm's number stands in where nothing is left of it, or twins would collide.
fn slug(label: &str, at: usize) -> String {
    let plain: String = label
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    format!("{}-{}", at + 1, parts.join("-"))
        .trim_end_matches('-')
        .to_string()
}

/// The scenario as a file of primitives, its models and data beside it.
fn stored_scenario(scenario: &Scenario, format: Format) -> (String, Vec<(String, String)>) {
    let mut stored = scenario.clone();
    let mut files = Vec::new();
    for at in 0..stored.arms.len() {
        let (model, _) = arm_files(scenario, at, format);
        files.push((
            model.clone(),
            export::antimony(&scenario.arms[at].source_model),
        ));
        stored.arms[at].model_path = model;
    }
    for (at, measured) in stored.measured.iter_mut().enumerate() {
        let base = measured
            .path
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or("data.csv")
            .to_string();
        measured.path = format!("measured/{}-{base}", at + 1);
        files.push((measured.path.clone(), measured.text.clone()));
    }
    (scenario::expand(&stored), files)
}

/// All files of a result folder but the figures and the summary, and the manifest that goes with them.
pub fn folder(
    scenario: &Scenario,
    results: &Results,
    files_read: &[SourceFile],
    options: &Options,
    form: &DataForm,
) -> (Folder, Manifest) {
    let mut folder = Folder::new();
    let (text, inputs) = stored_scenario(scenario, form.format);
    let notice = DISCLAIMER.to_string();
    let mut manifest = Manifest::new(
        scenario.name.clone(),
        "scenario.toml".into(),
        run_options(options, form),
        notice,
    );
    manifest
        .inputs
        .insert("scenario.toml".into(), sha256(text.as_bytes()));
    folder.add("scenario.toml", text);
    for (path, text) in inputs {
        manifest
            .inputs
            .insert(path.clone(), sha256(text.as_bytes()));
        folder.add(path, text);
    }
    for (at, arm) in scenario.arms.iter().enumerate() {
        let (model, data) = arm_files(scenario, at, form.format);
        let text = data_text(scenario.vary.as_ref(), &results.arms[at].trajectories, form);
        manifest
            .outputs
            .insert(data.clone(), sha256(text.as_bytes()));
        folder.add(data.clone(), text);
        let (label, written) = (arm.label.clone(), arm.model_path.clone());
        manifest.arms.push(ManifestArm {
            label,
            written,
            model,
            trajectory: data,
        });
    }
    for (at, file) in files_read.iter().enumerate() {
        let base = file.name.rsplit(['/', '\\', ':']).next().unwrap_or("file");
        folder.add(format!("originals/{}-{base}", at + 1), file.text.clone());
    }
    (folder, manifest)
}

fn run_options(options: &Options, form: &DataForm) -> RunOptions {
    RunOptions {
        method: method_name(options.method).to_string(),
        rtol: options.rtol,
        atol: options.atol,
        seed: options.seed,
        event_order: if options.event_order == EventOrder::File {
            "file"
        } else {
            "random"
        }
        .to_string(),
        format: if form.format == Format::Csv {
            "csv"
        } else {
            "json"
        }
        .to_string(),
        select: form.select.clone(),
    }
}

/// The integrator's name as typed.
pub fn method_name(method: Method) -> &'static str {
    match method {
        Method::Rodas5P => "rodas5p",
        Method::Dopri5 => "dopri5",
        Method::Dop853 => "dop853",
    }
}

/// The options and data form that a manifest records; none when it names something unknown.
pub fn recorded(options: &RunOptions) -> Option<(Options, DataForm)> {
    let method = [Method::Rodas5P, Method::Dopri5, Method::Dop853];
    let method = method
        .into_iter()
        .find(|method| method_name(*method) == options.method)?;
    let event_order = if options.event_order == "file" {
        EventOrder::File
    } else {
        EventOrder::Random
    };
    let (rtol, atol, seed) = (options.rtol, options.atol, options.seed);
    let format = if options.format == "json" {
        Format::Json
    } else {
        Format::Csv
    };
    let form = DataForm {
        select: options.select.clone(),
        format,
    };
    Some((
        Options {
            method,
            rtol,
            atol,
            seed,
            event_order,
            ..Options::default()
        },
        form,
    ))
}

/// The data of one arm as text; with a varied quantity its values come first in every row.
fn data_text(vary: Option<&Vary>, trajectories: &[Trajectory], form: &DataForm) -> String {
    let ids: Vec<&str> = form.select.iter().map(String::as_str).collect();
    let kept = trajectories.iter().map(|whole| {
        if ids.is_empty() {
            whole.clone()
        } else {
            whole.select(&ids).unwrap_or_else(|_| whole.clone())
        }
    });
    let kept: Vec<Trajectory> = kept.collect();
    match form.format {
        Format::Json => json_text(vary, &kept),
        Format::Csv => csv_text(vary, &kept),
    }
}

fn csv_text(vary: Option<&Vary>, trajectories: &[Trajectory]) -> String {
    let Some(vary) = vary else {
        return trajectories.first().map(csv::write).unwrap_or_default();
    };
    let mut text = String::new();
    for (at, trajectory) in trajectories.iter().enumerate() {
        let written = csv::write(trajectory);
        let (head, rows) = written.split_once('\n').unwrap_or((&written, ""));
        if at == 0 {
            text.push_str(&format!("{},{head}\n", varied_head(vary)));
        }
        for row in rows.lines() {
            text.push_str(&format!("{},{row}\n", vary.values[at]));
        }
    }
    text
}

fn varied_head(vary: &Vary) -> String {
    if vary.unit.is_empty() {
        vary.name.clone()
    } else {
        format!("{} [{}]", vary.name, vary.unit)
    }
}

fn json_text(vary: Option<&Vary>, trajectories: &[Trajectory]) -> String {
    let one = |(at, trajectory): (usize, &Trajectory)| {
        let columns: Vec<Value> = trajectory
            .columns
            .iter()
            .map(|column| {
                let values = trajectory.values(&column.id).unwrap_or_default();
                json!({ "id": column.id, "label": column.label, "unit": column.unit, "values": values })
            })
            .collect();
        let time = json!({ "unit": trajectory.time_unit, "values": trajectory.time });
        let mut run = json!({ "time": time, "columns": columns });
        if let Some(vary) = vary {
            run["varied"] = json!({ "id": vary.name, "unit": vary.unit, "value": vary.values[at] });
        }
        run
    };
    let runs: Vec<Value> = trajectories.iter().enumerate().map(one).collect();
    format!("{}\n", Value::from(runs))
}

/// Reads back the data of one arm: one trajectory, or one per value of the varied quantity.
///
/// # Errors
/// What is wrong with the text.
pub fn read_csv(text: &str, vary: Option<&Vary>) -> Result<Vec<Trajectory>, String> {
    let Some(vary) = vary else {
        return csv::read(text)
            .map(|trajectory| vec![trajectory])
            .map_err(|error| error.to_string());
    };
    let (head, rows) = text.split_once('\n').ok_or("it is empty")?;
    let head = head.split_once(',').ok_or("it has one column only")?.1;
    let mut parts = vec![format!("{head}\n"); vary.values.len()];
    for row in rows.lines() {
        let (value, rest) = row.split_once(',').ok_or("a row has one column only")?;
        let value: f64 = value
            .parse()
            .map_err(|_| format!("`{value}` is no number"))?;
        let at = vary.values.iter().position(|&known| known == value);
        let at =
            at.ok_or_else(|| format!("the scenario has no value {value} of `{}`", vary.name))?;
        parts[at].push_str(rest);
        parts[at].push('\n');
    }
    parts
        .iter()
        .map(|part| csv::read(part).map_err(|error| error.to_string()))
        .collect()
}

/// Says that files could not be written and gives the exit code.
pub fn store_failure(error: &StoreError, terminal: Terminal) -> Exit {
    terminal.failure("store/not-written", &error.to_string(), error.hint());
    Exit::Files
}

/// Where results go when nothing else is said.
pub fn default_folder(scenario: &Scenario) -> PathBuf {
    Path::new("results").join(&scenario.name)
}

/// What was done, for the line below the table.
pub fn work_line(results: &Results) -> String {
    let all = || results.arms.iter().flat_map(|arm| &arm.work);
    let runs = all().count();
    let accepted: u64 = all().map(|work| work.accepted).sum();
    let rejected: u64 = all().map(|work| work.rejected).sum();
    let events: u64 = all().map(|work| work.events).sum();
    let mut line = if runs == 1 {
        String::new()
    } else {
        format!("{runs} runs, ")
    };
    line.push_str(&format!(
        "{} steps ({} rejected)",
        significant(accepted as f64, 9),
        rejected
    ));
    if events > 0 {
        line.push_str(&format!(", {events} events"));
    }
    line
}
