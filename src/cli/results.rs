//! What a run leaves behind: trajectories, and the files of its folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use insilin::diag::SourceFile;
use insilin::export;
use insilin::render::DISCLAIMER;
use insilin::render::number::significant;
use insilin::scenario::{self, Scenario};
use insilin::simulate::Work;
use insilin::store::{Folder, Manifest, ManifestArm, StoreError, sha256};
use insilin::trajectory::Trajectory;

use super::args::Format;
use super::record::{MANIFEST, Settings, stored_prefix};
use super::terminal::{Exit, Terminal};
use super::{Ended, interrupt};

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

/// File names of an arm: its model and its data.
fn arm_files(scenario: &Scenario, at: usize, format: Format) -> (String, String) {
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

/// A label as part of a file name, behind the arm's number, so that two labels never make one name.
pub fn slug(label: &str, at: usize) -> String {
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
        let text = export::antimony(&scenario.arms[at].source_model);
        files.push((model.clone(), text));
        stored.arms[at].model_path = model;
    }
    for (at, measured) in stored.measured.iter_mut().enumerate() {
        let base = measured.path.rsplit(['/', '\\']).next();
        measured.path = stored_prefix(at) + base.unwrap_or("data.csv");
        files.push((measured.path.clone(), measured.text.clone()));
    }
    (scenario::expand(&stored), files)
}

/// All files of a result folder but the figures and the summary, and the manifest that goes with them.
pub fn folder(
    scenario: &Scenario,
    results: &Results,
    files_read: &[SourceFile],
    settings: &Settings,
) -> (Folder, Manifest) {
    const SCENARIO: &str = "scenario.toml";
    let mut folder = Folder::new();
    let (name, notice) = (scenario.name.clone(), DISCLAIMER.to_string());
    let mut manifest = Manifest::new(name, SCENARIO.into(), settings.recorded(), notice);
    let form = &settings.form;
    let (text, mut inputs) = stored_scenario(scenario, form.format);
    inputs.push((SCENARIO.to_string(), text));
    for (path, text) in inputs {
        let fingerprint = sha256(text.as_bytes());
        manifest.inputs.insert(path.clone(), fingerprint);
        folder.add(path, text);
    }
    for (at, arm) in scenario.arms.iter().enumerate() {
        let (model, data) = arm_files(scenario, at, form.format);
        let text = form.write(scenario.vary.as_ref(), &results.arms[at].trajectories);
        let fingerprint = sha256(text.as_bytes());
        manifest.outputs.insert(data.clone(), fingerprint);
        folder.add(data.clone(), text);
        manifest.arms.push(ManifestArm {
            label: arm.label.clone(),
            written: arm.model_path.clone(),
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

/// Adds a file that a run made, and its fingerprint.
pub fn add_output(folder: &mut Folder, manifest: &mut Manifest, path: &str, content: Vec<u8>) {
    manifest.outputs.insert(path.to_string(), sha256(&content));
    folder.add(path, content);
}

/// Writes a result folder; what an earlier run left there and this one does not make is removed.
///
/// # Errors
/// Exit code 4; what is wrong has been said, and the folder is as it was.
pub fn keep(folder: &Folder, out: &Path, terminal: Terminal) -> Ended {
    let earlier = fs::read_to_string(out.join(MANIFEST)).ok();
    let earlier = earlier.and_then(|text| Manifest::from_json(&text).ok());
    let mut files = BTreeMap::new();
    if let Some(Manifest {
        inputs, outputs, ..
    }) = earlier
    {
        files.extend(inputs);
        files.extend(outputs);
    }
    replace(folder, &files, out, terminal)
}

/// Writes a folder; of the files that an earlier one recorded with their fingerprints, those not made again are removed.
///
/// # Errors
/// Exit code 4; what is wrong has been said, and the folder is as it was.
pub fn replace(
    folder: &Folder,
    earlier: &BTreeMap<String, String>,
    out: &Path,
    terminal: Terminal,
) -> Ended {
    interrupt::whole(|| {
        folder.write(out)?;
        for (path, recorded) in earlier {
            let file = out.join(path);
            // A file that somebody changed is theirs.
            let ours = || fs::read(&file).is_ok_and(|content| sha256(&content) == *recorded);
            if folder.content(path).is_none() && ours() {
                // Left where it cannot be removed: the new record does not name it.
                let _ = fs::remove_file(file);
            }
        }
        Ok(())
    })
    .map_err(|error| store_failure(&error, Some("`--out DIR` says where"), terminal))
}

/// Says that files could not be written, with another way if there is one, and gives the exit code.
pub fn store_failure(error: &StoreError, way: Option<&str>, terminal: Terminal) -> Exit {
    let hint = match way {
        Some(way) => format!("{}; {way}", error.hint()),
        None => error.hint().to_string(),
    };
    terminal.failure("store/not-written", &error.to_string(), &hint);
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
    let accepted = significant(accepted as f64, 9);
    line.push_str(&format!("{accepted} steps ({rejected} rejected)"));
    if events > 0 {
        line.push_str(&format!(", {events} events"));
    }
    line
}
