//! Running a manifest again: the same bytes, whatever became of the originals.

use std::fs;

use crate::support::command::{DECAY, FAMILY_SCENARIO, Home, decay};
use crate::support::files::package;

/// Runs something with options, repeats it from its manifest and compares every file but the wall times.
fn repeats(home: &Home, what: &str, options: &str) {
    let folder = "results/first";
    home.expect(0, &format!("run {what} {options} --out {folder} -q"));
    let first = home.contents(folder);
    assert!(first.len() > 4, "{} files", first.len());
    let said = home.expect(0, &format!("run {folder}/manifest.json"));
    assert!(said.err.contains("recorded bytes"), "{}", said.err);
    same(&first, &home.contents(folder), &format!("{what} {options}"));
    let elsewhere = home.expect(0, &format!("run {folder}/manifest.json --out again"));
    assert!(
        elsewhere.err.contains("recorded bytes"),
        "{}",
        elsewhere.err
    );
    let first: Vec<_> = first
        .into_iter()
        .filter(|(path, _)| !path.starts_with("originals/"))
        .collect();
    same(
        &first,
        &home.contents("again"),
        &format!("{what} {options}, elsewhere"),
    );
    fs::remove_dir_all(home.path("again")).expect("the folder is ours");
    fs::remove_dir_all(home.path(folder)).expect("the folder is ours");
}

fn same(one: &[(String, Vec<u8>)], other: &[(String, Vec<u8>)], what: &str) {
    let paths = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(paths(one), paths(other), "{what}");
    for ((path, one), (_, other)) in one.iter().zip(other) {
        assert!(one == other, "{what}: {path} differs");
    }
}

#[test]
fn every_option_is_in_the_record() {
    let home = decay();
    for options in [
        "",
        "--set \"k=0.3 1/min\" --set \"A=3 mM\"",
        "--select A",
        "--format json",
        "--units si",
        "--end 33",
        "--points 12",
        "--rtol 1e-9 --atol 1e-12",
        "--method dop853",
        "--seed 42 --event-order file",
        "--no-figures",
    ] {
        repeats(&home, "decay.toml", options);
    }
    repeats(&home, "family.toml", "");
    repeats(&home, "family.toml", "--format json --select A");
    repeats(&home, "decay.ant", "--end 7");
}

#[test]
fn every_shipped_scenario_repeats_itself() {
    let home = Home::new();
    for path in crate::support::files::shipped_scenarios() {
        let name = path
            .trim_start_matches("scenarios/")
            .trim_end_matches(".toml");
        repeats(&home, name, "");
    }
}

#[test]
fn two_runs_write_the_same_bytes() {
    let home = decay();
    home.expect(0, "run decay.toml --out a -q");
    home.expect(0, "run decay.toml --out b -q");
    same(&home.contents("a"), &home.contents("b"), "two runs");
}

#[test]
fn wall_times_lie_in_a_file_of_their_own() {
    let home = decay();
    home.expect(0, "run decay.toml -q");
    let total = home.json("results/decay/timing.json")["milliseconds"]["until written"].as_f64();
    assert!(total.is_some_and(|total| total > 0.0));
    let manifest = home.json("results/decay/manifest.json");
    assert!(manifest["outputs"].get("timing.json").is_none());
    assert!(manifest["outputs"].get("trajectory.csv").is_some());
}

#[test]
fn the_originals_may_change_or_go() {
    let home = Home::new();
    let models = package().join("models");
    for path in [
        "scenarios/mixed-meal.toml",
        "published/dalla_man_2007.ant",
        "published/dalla_man_2007.inputs.toml",
        "data/dalla_man_2007_meal_78g.csv",
    ] {
        home.write(
            &format!("models/{path}"),
            fs::read(models.join(path)).expect("it is shipped"),
        );
    }
    home.expect(0, "run models/scenarios/mixed-meal.toml -q");
    let first = home.contents("results/mixed-meal");
    home.write("models/published/dalla_man_2007.ant", DECAY);
    home.write("models/scenarios/mixed-meal.toml", FAMILY_SCENARIO);
    fs::remove_file(home.path("models/data/dalla_man_2007_meal_78g.csv")).expect("ours");
    home.expect(0, "run results/mixed-meal/manifest.json -q");
    same(
        &first,
        &home.contents("results/mixed-meal"),
        "changed originals",
    );
    fs::remove_dir_all(home.path("models")).expect("ours");
    home.expect(0, "run results/mixed-meal/manifest.json -q");
    same(&first, &home.contents("results/mixed-meal"), "no originals");
}

#[test]
fn a_changed_or_missing_part_of_the_record_is_refused() {
    let home = decay();
    home.expect(0, "run decay.toml -q");
    for file in ["model.ant", "scenario.toml"] {
        let path = format!("results/decay/{file}");
        let good = home.read(&path);
        home.write(&path, good.replace("0.1", "0.2") + "\n");
        let before = home.contents("results/decay");
        let said = home.expect(2, "run results/decay/manifest.json");
        assert!(
            said.err.contains(file) && said.err.contains("not what it was"),
            "{}",
            said.err
        );
        home.expect(2, "plot results/decay");
        fs::remove_file(home.path(&path)).expect("ours");
        let said = home.expect(4, "run results/decay/manifest.json");
        assert!(said.err.contains("is gone"), "{}", said.err);
        home.write(&path, good);
        assert_eq!(before.len(), home.contents("results/decay").len());
    }
    home.expect(0, "run results/decay/manifest.json -q");
}

#[test]
fn a_run_with_other_bytes_does_not_overwrite_the_record() {
    let home = decay();
    home.expect(0, "run decay.toml -q");
    // As if an older program had made it.
    let mut manifest = home.json("results/decay/manifest.json");
    let other = "0".repeat(64);
    manifest["outputs"]["trajectory.csv"] = other.into();
    manifest["program"] = "insilin 0.0.1".into();
    home.write("results/decay/manifest.json", manifest.to_string());
    let before = home.contents("results/decay");
    let said = home.expect(1, "run results/decay/manifest.json");
    assert!(
        said.err.contains("insilin 0.0.1") && said.err.contains("trajectory.csv"),
        "{}",
        said.err
    );
    same(&before, &home.contents("results/decay"), "the record");
    home.expect(1, "run results/decay/manifest.json --out new -q");
    assert!(
        home.path("new/trajectory.csv").is_file(),
        "both can be kept"
    );
}

#[test]
fn a_manifest_of_another_program_is_refused() {
    let home = decay();
    home.expect(0, "run decay.toml -q");
    let good = home.json("results/decay/manifest.json");
    for (key, value) in [
        ("method", "euler"),
        ("format", "parquet"),
        ("event_order", "best"),
    ] {
        let mut manifest = good.clone();
        manifest["options"][key] = value.into();
        home.write("results/decay/manifest.json", manifest.to_string());
        let said = home.expect(2, "run results/decay/manifest.json");
        assert!(said.err.contains(&format!("`{value}`")), "{}", said.err);
    }
    let mut manifest = good.clone();
    manifest["schema"] = 99.into();
    home.write("results/decay/manifest.json", manifest.to_string());
    let said = home.expect(2, "run results/decay/manifest.json");
    assert!(said.err.contains("99"), "{}", said.err);
}

#[test]
fn a_repeated_run_can_be_changed_and_is_then_another() {
    let home = decay();
    home.expect(0, "run decay.toml -q");
    let said = home.expect(
        0,
        "run results/decay/manifest.json --end 5 --format json --out short",
    );
    assert!(!said.err.contains("recorded bytes"), "{}", said.err);
    let times = &home.json("short/trajectory.json")["runs"][0]["time"]["values"];
    assert_eq!(times.as_array().map(Vec::len), Some(6));
}

#[test]
fn files_of_an_earlier_run_go_and_files_of_people_stay() {
    let home = decay();
    home.expect(0, "run decay.toml -q");
    home.write("results/decay/notes.txt", "mine");
    home.write("results/decay/figure-1.svg", "mine too, by now");
    home.expect(0, "run decay.toml -q --format json --no-figures");
    let files = home.files("results/decay");
    let has = |name: &str| files.iter().any(|path| path == name);
    assert!(
        has("notes.txt") && has("figure-1.svg") && has("trajectory.json"),
        "{files:?}"
    );
    assert!(!has("trajectory.csv") && !has("figure-1.png"), "{files:?}");
}
