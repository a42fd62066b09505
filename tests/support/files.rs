//! The files of `models/`, read as the program reads them.

use std::fs;
use std::path::{Path, PathBuf};

use insilin::diag::{Diagnostics, ReadFailure, SourceFile, SourceMap, Sources};
use insilin::model::{Model, lower};
use insilin::scenario::inputs::{self, Inputs};
use insilin::scenario::{self, Arm, Scenario};

/// The package's folder.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `models/` as a source of text: names are relative to the file that asks, else to `models/`.
pub struct Folder;

impl Sources for Folder {
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let root = package().join("models");
        let beside = importer.and_then(|importer| Path::new(importer).parent());
        let places = [
            beside.map(|folder| root.join(folder).join(name)),
            Some(root.join(name)),
        ];
        let places: Vec<PathBuf> = places.into_iter().flatten().collect();
        let Some(found) = places.iter().find(|place| place.is_file()) else {
            let looked_in = places.iter().map(|place| place.display().to_string());
            return Err(ReadFailure::NotFound {
                looked_in: looked_in.collect(),
            });
        };
        let text = fs::read_to_string(found).map_err(|error| ReadFailure::Io(error.to_string()))?;
        let name = below(&root, found);
        Ok(SourceFile { name, text })
    }
}

/// Paths below `models/` of all files with an ending, sorted.
pub fn shipped(ending: &str) -> Vec<String> {
    let root = package().join("models");
    let mut paths = Vec::new();
    collect(&root, &mut |path| {
        let name = below(&root, path);
        if name.ends_with(ending) {
            paths.push(name);
        }
    });
    paths.sort();
    paths
}

/// Paths below `models/` of all models. Fails when the published ones are not among them.
pub fn shipped_models() -> Vec<String> {
    let models = shipped(".ant");
    assert!(
        models.len() >= 6,
        "the six published models are there: {models:?}"
    );
    models
}

/// Paths below `models/` of all scenarios. Fails when there is none.
pub fn shipped_scenarios() -> Vec<String> {
    let mut scenarios = shipped(".toml");
    scenarios.retain(|path| path.starts_with("scenarios/"));
    assert!(!scenarios.is_empty(), "no scenario is shipped");
    scenarios
}

fn collect(folder: &Path, take: &mut impl FnMut(&Path)) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry
            .expect("a folder of the checkout can be listed")
            .path();
        if path.is_dir() {
            collect(&path, take);
        } else {
            take(&path);
        }
    }
}

fn below(root: &Path, path: &Path) -> String {
    let path = path
        .strip_prefix(root)
        .expect("it was found below the root");
    path.to_string_lossy().replace('\\', "/")
}

/// A shipped model by its path below `models/`.
pub fn model(path: &str) -> Model {
    let mut map = SourceMap::new();
    let read = lower::load(path, &Folder, &mut map);
    read.unwrap_or_else(|wrong| panic!("{path}: {}", told(&wrong)))
        .value
}

/// What can be driven in a shipped model.
pub fn inputs_of(model_path: &str) -> Inputs {
    let Some(file) = inputs::beside(model_path).and_then(|path| Folder.read(&path, None).ok())
    else {
        return Inputs::default();
    };
    let mut map = SourceMap::new();
    let source = map.add(file.name, file.text.clone());
    let mut wrong = Diagnostics::new();
    let inputs = inputs::read(&file.text, source, &mut wrong);
    assert!(!wrong.has_errors(), "{model_path}: {}", told(&wrong));
    inputs
}

/// A scenario from its text, as if the file lay at `path` below `models/`.
pub fn scenario(path: &str, text: &str) -> Scenario {
    let mut map = SourceMap::new();
    let mut load = |model: &str, map: &mut SourceMap| lower::load(model, &Folder, map);
    let read = scenario::load(path, text, &Folder, &mut map, &mut load);
    read.unwrap_or_else(|wrong| panic!("{path}: {}\n{text}", told(&wrong)))
        .value
}

/// A shipped scenario by its path below `models/`.
pub fn shipped_scenario(path: &str) -> Scenario {
    let file = Folder
        .read(path, None)
        .expect("a path from the listing can be read");
    scenario(path, &file.text)
}

/// The only arm of a scenario on a shipped model: its times in minutes, the entries of its protocol, and departures.
pub fn arm(model: &str, time: &str, protocol: &[String], departures: &[(&str, &str)]) -> Arm {
    arm_in("min", model, time, protocol, departures)
}

/// The same with times in another unit.
pub fn arm_in(
    unit: &str,
    model: &str,
    time: &str,
    protocol: &[String],
    departures: &[(&str, &str)],
) -> Arm {
    let mut text = format!(
        "schema = 1\nname = \"case\"\nmodel = \"{model}\"\ntime = {{ unit = \"{unit}\", {time} }}\nprotocol = [\n"
    );
    for entry in protocol {
        text.push_str(&format!("  {entry},\n"));
    }
    text.push_str("]\n[parameters]\n");
    for (id, value) in departures {
        text.push_str(&format!(
            "{id} = {{ value = \"{value}\", why = \"the test\" }}\n"
        ));
    }
    scenario("case.toml", &text).arms.remove(0)
}

/// Findings in a line each.
pub fn told(found: &Diagnostics) -> String {
    let lines = found
        .0
        .iter()
        .map(|found| format!("[{}] {}", found.code, found.message));
    lines.collect::<Vec<_>>().join("\n")
}
