//! Every scenario of `models/scenarios` and the one that `insilin new` writes, read with the models that they name.

use std::path::{Path, PathBuf};

use insilin::diag::{
    Diagnostics, ReadFailure, Severity, SourceFile, SourceMap, Sources, Warned, render_all,
};
use insilin::model::lower;
use insilin::scenario::{self, Change, Entry, ExpectedAt, Scenario};
use insilin::syntax::expr::ExprKind;

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// Files below `models/`, also as seen from the file that names them.
struct Folder;

impl Sources for Folder {
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let beside = importer
            .and_then(|importer| Path::new(importer).parent())
            .map(|folder| folder.join(name));
        let candidates = [beside, Some(PathBuf::from(name))];
        let found = candidates.into_iter().flatten().find_map(|path| {
            let text = std::fs::read_to_string(models().join(&path)).ok()?;
            let name = path.to_string_lossy().into_owned();
            Some(SourceFile { name, text })
        });
        found.ok_or_else(|| ReadFailure::NotFound {
            looked_in: vec!["models".to_string()],
        })
    }
}

fn load(name: &str, text: &str, map: &mut SourceMap) -> Result<Warned<Scenario>, Diagnostics> {
    scenario::load(name, text, &Folder, map, &mut |path, map| {
        lower::load(path, &Folder, map)
    })
}

/// Scenarios that may say more than that a model lacks an input: each with the code, and why it is there on purpose.
const ON_PURPOSE: [(&str, &str); 1] = [
    // Driven past what the model was fitted to, and its note says what comes of it.
    ("interval-session", "scenario/range"),
];

fn is_on_purpose(name: &str, code: &str) -> bool {
    code == "scenario/input-absent" || ON_PURPOSE.contains(&(name, code))
}

fn read(name: &str, text: &str) -> Scenario {
    let mut map = SourceMap::new();
    match load(name, text, &mut map) {
        Ok(read) => {
            let loud: Vec<_> = read
                .warnings
                .0
                .into_iter()
                .filter(|found| found.severity > Severity::Note && !is_on_purpose(name, found.code))
                .collect();
            assert!(
                loud.is_empty(),
                "{name}:\n{}",
                render_all(&Diagnostics(loud), &map)
            );
            read.value
        }
        Err(findings) => panic!("{name}:\n{}", render_all(&findings, &map)),
    }
}

fn shipped(name: &str) -> Scenario {
    let path = models().join("scenarios").join(format!("{name}.toml"));
    read(
        name,
        &std::fs::read_to_string(path).expect("a shipped scenario"),
    )
}

#[test]
fn every_shipped_scenario_is_read_without_a_warning_but_for_absent_inputs_and_written_back() {
    let entries =
        std::fs::read_dir(models().join("scenarios")).expect("the folder is part of the package");
    let mut count = 0;
    for path in entries.map(|entry| entry.expect("a readable entry").path()) {
        let stem = path
            .file_stem()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let scenario = shipped(&stem);
        assert_eq!(scenario.name, stem, "the name is the file's");
        assert!(!scenario.expectations.is_empty(), "{stem} expects nothing");
        let text = scenario::expand(&scenario);
        let again = read(&stem, &text);
        assert_eq!(scenario::expand(&again), text);
        assert_eq!(again.vary, scenario.vary);
        for (one, other) in scenario.arms.iter().zip(&again.arms) {
            assert_eq!(
                (&one.time, &one.departures),
                (&other.time, &other.departures)
            );
        }
        count += 1;
    }
    assert!(count >= 15, "only {count} scenarios were found");
}

#[test]
fn the_note_of_a_scenario_says_what_its_model_does_not_take() {
    for name in [
        "healthy-day",
        "white-bread-or-lentils",
        "carbohydrate-last-or-first",
        "mediterranean-lowgl-western",
        "walk-after-dinner",
        "short-night",
        "exam-morning",
        "cortisol-infusion-24h",
        "lipid-infusion-clamp",
        "weekly-programme",
    ] {
        let scenario = shipped(name);
        let absent = scenario.arms.iter().any(|arm| !arm.absent.is_empty());
        assert!(
            absent,
            "{name} lacks nothing any more: its note has to change"
        );
        assert!(
            scenario.note.contains("reported"),
            "{name}: {}",
            scenario.note
        );
    }
}

#[test]
fn the_meal_changes_the_dose_and_fills_the_stomach() {
    let meal = shipped("mixed-meal");
    let arm = &meal.arms[0];
    let actions = &arm.protocol.stops[0].actions;
    let ids: Vec<&str> = actions
        .iter()
        .map(|action| arm.model.identity(action.target).id.as_str())
        .collect();
    assert_eq!(
        ids,
        ["Dose", "absorption_speed", "emptying_factor", "Q_sto1"]
    );
    let Change::Add(amount) = &actions[3].change else {
        panic!("the last is a bolus");
    };
    // 78 g in the model's milligrams.
    assert_eq!(amount.kind, ExprKind::Number(78_000.0, None));
    assert_eq!(arm.time.grid.len(), 421);
    assert_eq!(meal.measured.len(), 1);
}

#[test]
fn the_dose_response_covers_five_decades_in_both_models() {
    let dose = shipped("insulin-dose-glut4");
    let vary = dose.vary.expect("it varies");
    assert_eq!(vary.per_arm.len(), 2);
    for (arm, (symbol, values)) in dose.arms.iter().zip(&vary.per_arm) {
        assert_eq!(arm.model.identity(*symbol).id, "insulin");
        assert_eq!(
            (values.len(), values[0], values[4], values[20]),
            (21, 0.001, 0.01, 100.0)
        );
    }
    assert_eq!(dose.expectations[0].at, ExpectedAt::Value(20));
    assert_eq!(dose.expectations[1].at, ExpectedAt::HalfMaximal);
}

/// What `insilin new` writes about each shipped model, with the model's path.
fn templates() -> Vec<(String, String)> {
    let entries = std::fs::read_dir(models().join("published")).expect("shipped models");
    let names = entries.map(|entry| entry.expect("a readable entry").file_name());
    let mut templates = Vec::new();
    for name in names
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.ends_with(".ant"))
    {
        let path = format!("published/{name}");
        let mut map = SourceMap::new();
        let model = lower::load(&path, &Folder, &mut map)
            .expect("a shipped model")
            .value;
        let beside = scenario::inputs::beside(&path).and_then(|path| Folder.read(&path, None).ok());
        let text = beside.expect("inputs of a shipped model").text;
        let source = map.add("inputs", text.clone());
        let inputs = scenario::inputs::read(&text, source, &mut Diagnostics::new());
        templates.push((scenario::template("My Meal!", &path, &model, &inputs), path));
    }
    templates
}

#[test]
fn what_new_writes_is_read() {
    let templates = templates();
    assert!(templates.len() >= 6, "{} models", templates.len());
    for (template, path) in templates {
        let scenario = read(&path, &template);
        assert_eq!(scenario.name, "my-meal");
        assert!(
            !scenario.arms[0].protocol.stops.is_empty(),
            "{path} does nothing"
        );
        assert!(
            !scenario.arms[0].observe.is_empty(),
            "{path} observes nothing"
        );
    }
}

#[test]
fn the_entries_that_new_comments_out_are_right_too() {
    for (template, path) in templates() {
        let entries = template.matches("# {").count();
        let scenario = read(&path, &template.replace("# {", "{"));
        let marks = |entry: &&Entry| matches!(entry, Entry::Mark { .. } | Entry::Hold { .. });
        let done = scenario.arms[0]
            .protocol
            .entries
            .iter()
            .filter(marks)
            .count();
        assert!(done > entries, "{path}: {done} of {} entries", entries + 1);
    }
}
