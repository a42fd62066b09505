//! Every scenario of `models/scenarios` and the one that `insilin new` writes, read with the models that they name.

use std::path::{Path, PathBuf};

use insilin::diag::{
    Diagnostics, ReadFailure, Severity, SourceFile, SourceMap, Sources, Warned, render_all,
};
use insilin::model::lower;
use insilin::scenario::{self, Change, ExpectedAt, Scenario};
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

fn read(name: &str, text: &str) -> Scenario {
    let mut map = SourceMap::new();
    match load(name, text, &mut map) {
        Ok(read) => {
            let loud: Vec<_> = read
                .warnings
                .0
                .into_iter()
                .filter(|found| found.severity > Severity::Note)
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
fn every_shipped_scenario_is_read_without_a_warning_and_written_back() {
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
        let again = read("expanded", &text);
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
    assert!(count >= 4, "only {count} scenarios were found");
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
    assert_eq!(ids, ["Dose", "Q_sto1"]);
    let Change::Add(amount) = &actions[1].change else {
        panic!("the second is a bolus");
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

#[test]
fn what_new_writes_is_read() {
    let scenario = read("new", &scenario::template("my-meal"));
    assert_eq!(scenario.name, "my-meal");
    assert_eq!(scenario.arms[0].protocol.stops.len(), 1);
}

#[test]
fn the_lines_that_new_comments_out_are_right_too() {
    let template = scenario::template("my-meal");
    let text = template.lines().map(|line| {
        let bare = line.trim_start();
        let code = ["# {", "# [", "# Vmx"]
            .iter()
            .any(|start| bare.starts_with(start));
        format!(
            "{}\n",
            if code {
                bare.trim_start_matches("# ")
            } else {
                line
            }
        )
    });
    let scenario = read("new", &text.collect::<String>());
    assert_eq!(scenario.arms[0].departures.len(), 1);
    assert!(scenario.arms[0].protocol.stops.len() > 1);
}
