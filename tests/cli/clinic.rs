//! `insilin test`: what lies in its folder, and that it is a run like any other.

use crate::support::command::Home;

#[test]
fn a_test_leaves_a_run_that_repeats_itself_and_keeps_its_samples() {
    let home = Home::new();
    home.expect(0, "test ogtt --noise 7 --quiet");
    let files = home.files("results/test-ogtt-normal");
    for file in [
        "scenario.toml",
        "manifest.json",
        "trajectory.csv",
        "plasma.svg",
        "fluxes.png",
        "test.json",
        "samples.csv",
    ] {
        assert!(files.iter().any(|one| one == file), "{file} of {files:?}");
    }
    let before = home.contents("results/test-ogtt-normal");
    let said = home.expect(0, "run results/test-ogtt-normal/manifest.json");
    assert!(said.err.contains("recorded bytes"), "{}", said.err);
    assert_eq!(before, home.contents("results/test-ogtt-normal"));
}

#[test]
fn the_data_of_a_test_are_those_of_its_table() {
    let home = Home::new();
    let said = home.expect(0, "test clamp --json --no-figures --quiet --out here");
    let printed: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(printed, home.json("here/test.json"));
    assert_eq!(printed["test"], "clamp");
    assert_eq!(printed["subject"], "normal");
    let notice = printed["notice"].as_str().unwrap_or_default();
    assert!(notice.contains("not diagnosis"), "{notice}");
    let indices = printed["indices"].as_array().expect("a list");
    let m = indices
        .iter()
        .find(|index| index["id"] == "m-40")
        .expect("an M");
    assert_eq!(m["unit"], "mg/kg/min");
    let beside = m["beside"].as_str().unwrap_or_default();
    assert!(beside.starts_with("lies "), "{beside}");
    // The samples as text are the same numbers.
    let samples = home.read("here/samples.csv");
    let glucose = &printed["samples"][0];
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let (minute, value) = (
        number(&glucose["minutes"][0]),
        number(&glucose["values"][0]),
    );
    let first = format!("plasma_glucose,{minute},min,{value},mmol/L\n");
    assert!(samples.contains(&first), "{first}\n{samples}");
}

#[test]
fn one_seed_gives_one_laboratory_and_another_another() {
    let home = Home::new();
    let out = |line: &str| home.expect(0, line).out;
    let one = out("test fasting --noise 1 --no-figures --quiet --out a");
    assert_eq!(
        one,
        out("test fasting --noise 1 --no-figures --quiet --out b")
    );
    assert_ne!(
        one,
        out("test fasting --noise 2 --no-figures --quiet --out c")
    );
    let exact = out("test fasting --no-figures --quiet --out d");
    let none =
        out("test fasting --noise 1 --cv-glucose 0 --cv-insulin 0 --no-figures --quiet --out e");
    let numbers =
        |text: &str| -> Vec<String> { text.lines().skip(2).map(str::to_string).collect() };
    assert_eq!(numbers(&exact), numbers(&none));
}
