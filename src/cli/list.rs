//! `insilin list`: what there is to run, to drive and to read off.

use std::path::{Path, PathBuf};

use insilin::diag::SourceMap;
use insilin::model::{Model, Rule, Symbol};
use insilin::render::table::{Align, Table};
use insilin::scenario::contract::{Agreed, contract};
use insilin::scenario::inputs::InputKind;
use insilin::syntax::head::{TOPICS, head};
use serde_json::{Value, json};

use super::args::{List, Listed};
use super::library::{self, Library};
use super::terminal::{Exit, Terminal};
use super::{Ended, display, list_foods, load};

/// Lists what was asked for.
pub fn list(arguments: &List, terminal: Terminal) -> Ended {
    let library = Library::new(arguments.models.as_deref(), terminal)?;
    match (arguments.what, &arguments.model) {
        (Listed::Inputs, None) => list_contract(arguments.json, terminal),
        (Listed::Observables, None) => {
            let message = "which model? its observables are its own";
            terminal.failure(
                "cli/list",
                message,
                "for example `insilin list observables published/dalla_man_2007.ant`",
            );
            Err(Exit::Input)
        }
        (Listed::Inputs, Some(model)) => list_inputs(model, &library, arguments.json, terminal),
        (Listed::Observables, Some(model)) => {
            list_observables(model, &library, arguments.json, terminal)
        }
        (
            Listed::Foods
            | Listed::Plates
            | Listed::Menus
            | Listed::Blocks
            | Listed::Subjects
            | Listed::Populations,
            _,
        ) => list_foods::list(arguments, &library, terminal),
        (what, _) => list_files(what, arguments, terminal),
    }
}

/// One scenario or model.
struct Entry {
    kind: &'static str,
    /// What a model is about, when its head says so.
    topic: String,
    name: String,
    about: String,
    origin: String,
}

impl Entry {
    fn new(kind: &'static str, name: String, origin: String, text: &str) -> Self {
        Self {
            kind,
            topic: head(text).topic().unwrap_or_default(),
            name,
            about: about(text),
            origin,
        }
    }

    /// Models of one topic stand together, topics in their order; those without one come last.
    fn place(&self) -> usize {
        let known = TOPICS.iter().position(|topic| *topic == self.topic);
        known.unwrap_or(TOPICS.len() + usize::from(self.topic.is_empty()))
    }
}

fn list_files(what: Listed, arguments: &List, terminal: Terminal) -> Ended {
    let mut entries = Vec::new();
    if what != Listed::Models {
        entries.extend(built_in("scenario", ".toml", |path| {
            path.starts_with("scenarios/")
        }));
        entries.extend(in_folder(arguments.models.as_deref(), "scenario", "toml"));
    }
    if what != Listed::Scenarios {
        let mut models = built_in("model", ".ant", |_| true);
        models.extend(in_folder(arguments.models.as_deref(), "model", "ant"));
        models.sort_by_key(Entry::place);
        entries.extend(models);
    }
    if arguments.json {
        let all: Vec<Value> = entries
            .iter()
            .map(|entry| json!({ "kind": entry.kind, "topic": entry.topic, "name": entry.name, "about": entry.about, "origin": entry.origin }))
            .collect();
        return terminal.data(&format!("{:#}\n", Value::from(all)));
    }
    terminal.data(&grouped(&entries).render())
}

/// A table in which a topic stands once above what belongs to it; without topics it has no column for them.
fn grouped(entries: &[Entry]) -> Table {
    let with_topics = entries.iter().any(|entry| !entry.topic.is_empty());
    let heads: &[&str] = match with_topics {
        true => &["", "topic", "name", "about", "origin"],
        false => &["", "name", "about", "origin"],
    };
    let heads: Vec<(&str, Align)> = heads.iter().map(|head| (*head, Align::Left)).collect();
    let mut table = Table::new(&heads);
    let mut above = "";
    for entry in entries {
        let Entry { kind, topic, .. } = entry;
        let (name, about, origin) = (&entry.name, &entry.about, &entry.origin);
        let shown = if topic == above { "" } else { topic };
        match with_topics {
            true => table.push([kind, shown, name, about, origin]),
            false => table.push([kind, name, about, origin]),
        }
        above = topic;
    }
    table
}

fn built_in(kind: &'static str, ending: &str, wanted: fn(&str) -> bool) -> Vec<Entry> {
    let paths = library::built_in_paths(ending)
        .into_iter()
        .filter(|path| wanted(path));
    let entry = |path: String| {
        let text = library::built_in(&path)
            .map(|file| file.text)
            .unwrap_or_default();
        let name = library::bare(&path).unwrap_or_else(|| path.clone());
        Entry::new(kind, name, "built in".to_string(), &text)
    };
    paths.map(entry).collect()
}

fn in_folder(folder: Option<&Path>, kind: &'static str, ending: &str) -> Vec<Entry> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut folders: Vec<PathBuf> = folder.iter().map(|folder| folder.to_path_buf()).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending)
                && !path.to_string_lossy().ends_with(".inputs.toml")
            {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let entry = |path: PathBuf| {
        let text = library::read_file(&path)
            .map(|file| file.text)
            .unwrap_or_default();
        let name = path.display().to_string();
        Entry::new(kind, name.clone(), name, &text)
    };
    paths.into_iter().map(entry).collect()
}

/// The first line of a file's head comment.
pub fn about(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let comment = line.strip_prefix("//").or_else(|| line.strip_prefix('#'));
    comment
        .map(|text| text.trim().to_string())
        .unwrap_or_default()
}

/// The names by which the world reaches any body, and what each means.
fn list_contract(as_json: bool, terminal: Terminal) -> Ended {
    let contract = contract();
    if as_json {
        let inputs = contract.inputs.iter().map(|(name, agreed)| {
            json!({ "name": name, "entry": entry(agreed), "unit": agreed.unit_text, "meaning": agreed.meaning,
                "range": agreed.range, "limit": agreed.limit, "rest": agreed.rest })
        });
        let outputs = contract.outputs.iter().map(
            |(name, (meaning, unit))| json!({ "name": name, "unit": unit, "meaning": meaning }),
        );
        let inputs: Vec<Value> = inputs.collect();
        let outputs: Vec<Value> = outputs.collect();
        let all = json!({ "version": contract.version, "inputs": inputs, "outputs": outputs });
        return terminal.data(&format!("{all:#}\n"));
    }
    let heads = ["input", "entry", "unit", "range", "about"].map(|head| (head, Align::Left));
    let mut table = Table::new(&heads);
    for (name, agreed) in &contract.inputs {
        let range = format!("{} to {}", agreed.range.0, agreed.range.1);
        table.push([
            name,
            entry(agreed),
            &agreed.unit_text,
            &range,
            &agreed.meaning,
        ]);
    }
    terminal.data(&format!(
        "Input contract, version {}: `insilin list inputs MODEL` shows which of them a model takes.\n\n{}",
        contract.version,
        table.render()
    ))
}

fn entry(agreed: &Agreed) -> &'static str {
    if agreed.amount { "give" } else { "hold" }
}

/// One thing that a scenario can drive.
struct Input {
    id: String,
    entry: &'static str,
    unit: String,
    about: String,
    origin: String,
}

fn list_inputs(path: &str, library: &Library, as_json: bool, terminal: Terminal) -> Ended {
    let mut sources = SourceMap::new();
    let model = load::model(path, library, &mut sources, terminal)?;
    let mut found = named_inputs(path, library, &mut sources, terminal)?;
    let named: Vec<String> = found.iter().map(|input| input.id.clone()).collect();
    let declared = declared_inputs(&model).filter(|input| !named.contains(&input.id));
    found.extend(declared);
    found.extend(plain_parameters(&model));
    if as_json {
        let all: Vec<Value> = found
            .iter()
            .map(|i| json!({ "id": i.id, "entry": i.entry, "unit": i.unit, "about": i.about, "origin": i.origin }))
            .collect();
        return terminal.data(&format!("{:#}\n", Value::from(all)));
    }
    let heads = ["input", "entry", "unit", "about", "origin"].map(|head| (head, Align::Left));
    let mut table = Table::new(&heads);
    for input in &found {
        table.push([
            &input.id,
            input.entry,
            &input.unit,
            &input.about,
            &input.origin,
        ]);
    }
    terminal.data(&table.render())
}

/// Inputs that the file beside the model names.
fn named_inputs(
    path: &str,
    library: &Library,
    sources: &mut SourceMap,
    terminal: Terminal,
) -> Result<Vec<Input>, Exit> {
    let inputs = load::inputs(path, library, sources, terminal)?.inputs;
    let agreed = &contract().inputs;
    let input = |(id, input): (String, insilin::scenario::inputs::Input)| Input {
        origin: if agreed.contains_key(&id) {
            "input contract".to_string()
        } else {
            "inputs file".to_string()
        },
        id,
        entry: match input.kind {
            InputKind::Amount(_) => "give",
            InputKind::Level(_) => "hold",
        },
        unit: input.unit_text,
        about: input.meaning,
    };
    Ok(inputs.into_iter().map(input).collect())
}

/// Inputs that the model itself declares.
fn declared_inputs(model: &Model) -> impl Iterator<Item = Input> {
    let parameters = model.parameters.iter().enumerate();
    parameters
        .filter(|(_, parameter)| parameter.input)
        .map(|(at, parameter)| Input {
            id: parameter.identity.id.clone(),
            entry: "hold",
            unit: display::unit_text(model, Symbol::Parameter(at)),
            about: parameter.identity.name.clone(),
            origin: "declared `var`".to_string(),
        })
}

/// Constant parameters: they can be held and set too, though their author named them no inputs.
fn plain_parameters(model: &Model) -> Vec<Input> {
    let free = |at: &usize| {
        let parameter = &model.parameters[*at];
        parameter.constant
            && parameter.value.is_some()
            && model.rule_of(Symbol::Parameter(*at)).is_none()
    };
    let input = |at: usize| Input {
        id: model.parameters[at].identity.id.clone(),
        entry: "hold, set",
        unit: display::unit_text(model, Symbol::Parameter(at)),
        about: model.parameters[at].identity.name.clone(),
        origin: "parameter".to_string(),
    };
    (0..model.parameters.len())
        .filter(free)
        .map(input)
        .collect()
}

fn list_observables(path: &str, library: &Library, as_json: bool, terminal: Terminal) -> Ended {
    let mut sources = SourceMap::new();
    let model = load::model(path, library, &mut sources, terminal)?;
    let shown = |symbol: &Symbol| match symbol {
        Symbol::Parameter(_) => model.rule_of(*symbol).is_some(),
        Symbol::Stoichiometry(_) | Symbol::Argument(_) => false,
        Symbol::Species(_) | Symbol::Compartment(_) | Symbol::Reaction(_) => true,
    };
    let rows: Vec<[String; 4]> = model
        .symbols()
        .filter(shown)
        .map(|symbol| row(&model, symbol))
        .collect();
    if as_json {
        let all: Vec<Value> = rows
            .iter()
            .map(|r| json!({ "id": r[0], "kind": r[1], "unit": r[2], "about": r[3] }))
            .collect();
        return terminal.data(&format!("{:#}\n", Value::from(all)));
    }
    let mut table = Table::new(&[
        ("observable", Align::Left),
        ("kind", Align::Left),
        ("unit", Align::Left),
        ("about", Align::Left),
    ]);
    for [id, kind, unit, about] in &rows {
        table.push([id, kind, unit, about]);
    }
    terminal.data(&table.render())
}

fn row(model: &Model, symbol: Symbol) -> [String; 4] {
    let kind = match (symbol, model.rule_of(symbol)) {
        (Symbol::Species(_), _) => "species",
        (Symbol::Compartment(_), _) => "compartment",
        (Symbol::Reaction(_), _) => "rate of a reaction",
        (_, Some(Rule::Rate(..))) => "state",
        _ => "formula",
    };
    let identity = model.identity(symbol);
    [
        identity.id.clone(),
        kind.to_string(),
        display::unit_text(model, symbol),
        identity.name.clone(),
    ]
}
