//! `compare`: runs beside each other, numbers against closed forms, and what it is as a check.
#![cfg(feature = "cli")]

mod support;

use std::fs;

use insilin::math::exp;
use insilin::render::DISCLAIMER;
use serde_json::Value;

use support::command::{DECAY, DECAY_SCENARIO, Home, decay};

/// Error allowed to a simulated number beside its closed form: the integrator's tolerance is 1e-6, and errors add up.
const CLOSE: f64 = 2e-5;

/// The decay with twice the rate of loss, run into a folder.
fn with_fast() -> Home {
    let home = decay();
    home.expect(0, "run decay.toml -q --set k=0.2 --out fast");
    home
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

fn close(found: &Value, wanted: f64) {
    let found = found
        .as_f64()
        .unwrap_or_else(|| panic!("{found} is no number"));
    assert!(
        (found - wanted).abs() <= CLOSE * wanted.abs().max(1e-3),
        "{found} is not {wanted}"
    );
}

/// What is left of 8 mM after a time in min, with 4 mM more after 20 min.
fn left(rate: f64, time: f64) -> f64 {
    let later = if time < 20.0 {
        0.0
    } else {
        4.0 * exp(-rate * (time - 20.0))
    };
    8.0 * exp(-rate * time) + later
}

/// The metric of that name in the first group.
fn metric<'a>(comparison: &'a Value, name: &str) -> &'a Value {
    let metrics = comparison["groups"][0]["metrics"]
        .as_array()
        .expect("a list");
    let found = metrics.iter().find(|metric| metric["metric"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {comparison:#}"))
}

fn labels(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list").iter();
    list.map(|label| label.as_str().expect("a text")).collect()
}

#[test]
fn differences_and_ratios_are_those_of_the_closed_form() {
    let home = with_fast();
    let found = parsed(&home.expect(0, "compare decay.toml fast --json").out);
    assert_eq!(labels(&found["groups"][0]["runs"]), ["decay", "fast"]);
    for (name, time) in [("at 10", 10.0), ("at 40", 40.0)] {
        let (slow, fast) = (left(0.1, time), left(0.2, time));
        let metric = metric(&found, name);
        close(&metric["reference"], slow);
        close(&metric["value"], fast);
        close(&metric["difference"], fast - slow);
        close(&metric["ratio"], fast / slow);
        assert_eq!(metric["unit"], "mM");
    }
    assert_eq!(metric(&found, "initial")["ratio"], 1.0);
    assert_eq!(found["notice"], DISCLAIMER);
}

#[test]
fn whole_curves_are_compared_over_the_range_of_the_reference() {
    let home = with_fast();
    let found = parsed(&home.expect(0, "compare decay.toml fast --json").out);
    let curve = &found["groups"][0]["curves"][0];
    // exp(-0.1 t) − exp(-0.2 t) is largest at t = 10 ln 2 = 6.93 min; the curves are written down every minute.
    let largest = left(0.2, 7.0) - left(0.1, 7.0);
    close(&curve["largest_difference"], largest);
    assert_eq!(curve["at"], 7.0);
    close(
        &curve["share_of_range"],
        largest / (left(0.1, 0.0) - left(0.1, 40.0)),
    );
    // Between points curves are straight, and their squares are taken to be.
    let squares: Vec<f64> = (0..=40)
        .map(|t| left(0.2, f64::from(t)) - left(0.1, f64::from(t)))
        .map(|difference| difference * difference)
        .collect();
    let sum: f64 = squares
        .windows(2)
        .map(|pair| 0.5 * (pair[0] + pair[1]))
        .sum();
    close(&curve["root_mean_square"], (sum / 40.0).sqrt());
}

#[test]
fn units_are_those_of_the_first_run() {
    let home = decay();
    let micro = DECAY
        .replace("time_unit = 60 second", "time_unit = second")
        .replace("substance = 1e-3 mole", "substance = 1e-6 mole")
        .replace("extent = 1e-3 mole", "extent = 1e-6 mole")
        .replace("unit mM = 1e-3 mole / litre", "unit mM = 1e-6 mole / litre")
        .replace("A in cell = 8", "A in cell = 8000")
        .replace("per_min = 1 / (60 second)", "per_min = 1 / second")
        .replace("k = 0.1;", "k = 0.1 / 60;");
    home.write("micro.ant", micro);
    let scenario = DECAY_SCENARIO
        .replace("decay", "micro")
        .replace(
            "unit = \"min\", span = [0, 40], every = 1",
            "unit = \"s\", span = [0, 2400], every = 60",
        )
        .replace("time = 20", "time = \"20 min\"");
    home.write("micro.toml", scenario);
    let line = "compare decay.toml micro.toml --tolerance 0.01% --json";
    let found = parsed(&home.expect(0, line).out);
    for name in ["initial", "at 10", "at 40"] {
        let metric = metric(&found, name);
        assert_eq!(metric["unit"], "mM");
        close(&metric["ratio"], 1.0);
    }
    let curve = &found["groups"][0]["curves"][0];
    assert_eq!(
        (&curve["unit"], &curve["time_unit"]),
        (&"mM".into(), &"min".into())
    );
    assert_eq!(curve["within"], true);
    // The other way round everything is in the other's units.
    let found = parsed(&home.expect(0, "compare micro.toml decay.toml --json").out);
    close(&metric(&found, "at 600")["value"], 1000.0 * left(0.1, 10.0));
}

#[test]
fn what_does_not_convert_is_left_out_with_the_reason() {
    let home = decay();
    let grams = DECAY.replace("1e-3 mole", "1e-3 gram");
    home.write("grams.ant", grams);
    home.write(
        "grams.toml",
        DECAY_SCENARIO
            .replace("decay", "grams")
            .replace("mmol", "mg")
            .replace("mM", "g/L"),
    );
    let said = home.expect(2, "compare decay.toml grams.toml");
    assert!(said.err.contains("cli/nothing-in-common"), "{}", said.err);
    assert!(said.err.contains("in mM in decay, in "), "{}", said.err);
    assert!(!home.path("results").exists(), "nothing is left behind");
    // What one of them lacks is said, and the rest compared.
    home.write(
        "more.toml",
        DECAY_SCENARIO
            .replace("[observe]", "[observe]\nloss = [\"peak\"]")
            .replace("name = \"decay\"", "name = \"more\""),
    );
    home.write("other.ant", DECAY.replace("loss", "gone"));
    home.write("other.toml", DECAY_SCENARIO.replace("decay", "other"));
    let said = home.expect(0, "compare more.toml other.toml");
    assert!(
        said.err
            .contains("warning[cli/not-compared]: not compared: `loss`: other has none"),
        "{}",
        said.err
    );
}

/// Two arms that differ in their rate of loss.
fn arms(name: &str, fast: &str) -> String {
    format!(
        r#"schema = 1
name = "{name}"
title = "Slow and fast"
model = "decay.ant"
time = {{ unit = "min", span = [0, 10], every = 1 }}

[[arm]]
label = "slow"

[[arm]]
label = "fast"
[arm.parameters]
k = {{ value = "{fast} 1/min", why = "twice as fast" }}

[observe]
A = ["final"]
"#
    )
}

#[test]
fn the_arms_of_one_scenario_are_compared() {
    let home = decay();
    home.write("arms.toml", arms("arms", "0.2"));
    let found = parsed(&home.expect(0, "compare arms.toml --json").out);
    assert_eq!(labels(&found["groups"][0]["runs"]), ["slow", "fast"]);
    close(&metric(&found, "final")["ratio"], exp(-1.0));
    assert!(home.path("results/compare-arms/compare-1.svg").is_file());
}

#[test]
fn arms_of_the_same_label_are_compared_with_each_other() {
    let home = decay();
    home.write("one.toml", arms("one", "0.2"));
    home.write("two.toml", arms("two", "0.3"));
    let found = parsed(&home.expect(0, "compare one.toml two.toml --json").out);
    let groups = found["groups"].as_array().expect("a list");
    let group_labels: Vec<&Value> = groups.iter().map(|group| &group["label"]).collect();
    assert_eq!(group_labels, ["slow", "fast"]);
    assert_eq!(groups[0]["metrics"][0]["ratio"], 1.0);
    close(&groups[1]["metrics"][0]["ratio"], exp(-1.0));
    for stem in ["compare-1-slow-1", "compare-2-fast-1"] {
        assert!(
            home.path(&format!("results/compare-one-two/{stem}.svg"))
                .is_file(),
            "{stem}"
        );
    }
    // One that has other arms is compared with the first arm as a whole.
    let found = parsed(&home.expect(0, "compare one.toml decay.toml --json").out);
    assert_eq!(
        labels(&found["groups"][0]["runs"]),
        ["one: slow", "one: fast", "decay"]
    );
}

#[test]
fn families_are_compared_value_by_value() {
    let home = decay();
    let found = parsed(&home.expect(0, "compare family.toml --json").out);
    let runs = ["k = 0.1 1/min", "k = 0.2 1/min", "k = 0.4 1/min"];
    assert_eq!(labels(&found["groups"][0]["runs"]), runs);
    close(&found["groups"][0]["metrics"][1]["ratio"], exp(-3.0));
    home.expect(0, "run family.toml -q --set A=\"4 mM\" --out half");
    let found = parsed(&home.expect(0, "compare family.toml half --json").out);
    let groups = found["groups"].as_array().expect("a list");
    assert_eq!(groups.len(), 3);
    for (group, label) in groups.iter().zip(runs) {
        assert_eq!(group["label"], label);
        close(&group["metrics"][0]["ratio"], 0.5);
    }
    let svg = home.read("results/compare-family-half/compare-1.svg");
    assert!(svg.contains("k (1/min)"), "against what is varied");
}

#[test]
fn tolerance_makes_it_a_check() {
    let home = with_fast();
    home.expect(0, "compare decay.toml decay.toml --tolerance 0%");
    let said = home.expect(1, "compare decay.toml fast --tolerance 5%");
    assert!(said.out.contains("BEYOND"), "{}", said.out);
    // At 40 min 0.688 has become 0.0759 mM, a loss of 89 %, at 10 min 63 %; the curve parts by 27 % of its range.
    let worst = "3 of 4 differences are beyond tolerance; the worst: fast: A at 40 min is 0.07595 mM against 0.6879 mM";
    assert!(said.err.contains(worst), "{}", said.err);
    for (code, limits) in [
        (0, "--tolerance 90%"),
        (1, "--tolerance 88%"),
        (0, "--tolerance \"A.at 10 min=2 mmol/L\""),
        (1, "--tolerance \"A.at 10 min=1.8 mM\""),
        (0, "--tolerance A.curve=28%"),
        (1, "--tolerance A.curve=27%"),
        (1, "--tolerance \"A.curve=1.9 mM\""),
        (0, "--tolerance A=90%"),
        (0, "--tolerance A.initial=0%"),
        // The narrower limit wins.
        (1, "--tolerance 90% --tolerance \"A.at 40 min=10%\""),
        // A metric that no scenario asks for.
        (1, "--tolerance A.mean=1%"),
    ] {
        home.expect(
            code,
            &format!("compare decay.toml fast -q --no-figures {limits}"),
        );
    }
    let said = home.expect(1, "compare decay.toml fast --tolerance 5% --json -q");
    let found = parsed(&said.out);
    assert_eq!(found["beyond"].as_array().map(Vec::len), Some(3));
    assert_eq!(metric(&found, "at 40")["within"], false);
    assert_eq!(metric(&found, "initial")["within"], true);
}

#[test]
fn the_folder_holds_figures_table_data_and_the_runs_themselves() {
    let home = with_fast();
    home.expect(0, "compare decay.toml fast");
    let folder = "results/compare-decay-fast";
    let files = home.files(folder);
    for file in [
        "compare-1.svg",
        "compare-1.png",
        "compare.json",
        "table.csv",
        "runs/1-decay/trajectory.csv",
    ] {
        assert!(files.iter().any(|path| path == file), "{file} in {files:?}");
    }
    let svg = home.read(&format!("{folder}/compare-1.svg"));
    for word in [
        "fast against decay",
        "substance A (mM)",
        "time (min)",
        "Simulated average physiology",
    ] {
        assert!(svg.contains(word), "{word}");
    }
    let table = home.read(&format!("{folder}/table.csv"));
    assert!(table.starts_with(&format!("# {DISCLAIMER}\n")));
    assert_eq!(table.lines().count(), 2 + 3 + 1);
    // The same again gives the same bytes, from the folder too, after the originals are gone.
    let before = home.contents(folder);
    home.expect(0, "compare decay.toml fast -q");
    assert!(before == home.contents(folder));
    fs::remove_file(home.path("decay.ant")).expect("ours");
    let runs = format!("{folder}/runs/1-decay {folder}/runs/2-fast");
    home.expect(0, &format!("compare {runs} -q --out again"));
    let values = |path: &str| {
        let comparison = home.json(path);
        let metrics = comparison["groups"][0]["metrics"]
            .as_array()
            .expect("a list")
            .iter();
        metrics
            .map(|metric| metric["value"].clone())
            .collect::<Vec<_>>()
    };
    let first = values(&format!("{folder}/compare.json"));
    assert_eq!(values("again/compare.json"), first);
    home.expect(0, &format!("run {folder}/runs/2-fast/manifest.json -q"));
    // Files that it no longer makes go away, those of others stay.
    home.write(&format!("{folder}/notes.txt"), "mine");
    home.expect(0, &format!("compare {runs} -q --no-figures --out {folder}"));
    assert!(!home.path(&format!("{folder}/compare-1.svg")).exists());
    assert_eq!(home.read(&format!("{folder}/notes.txt")), "mine");
}

#[test]
fn shipped_scenarios_of_different_models_are_compared_in_one_line() {
    let home = Home::new();
    let said = home.expect(0, "compare mixed-meal ogtt-type-2-diabetes --units si");
    // Plasma glucose of the published port: 157.3 mg/dL at its peak are 8.73 mmol/L.
    for word in ["8.73", "mmol/L", "Plasma insulin", DISCLAIMER] {
        assert!(said.out.contains(word), "`{word}` in\n{}", said.out);
    }
}
