//! `list`, `new`, `check`, `completions`, `man`.

use std::process::Command;

use insilin::syntax::head::TOPICS;
use serde_json::Value;

use crate::support::command::{Home, decay, finish};
use crate::support::files::{self, shipped_models, shipped_scenarios};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

fn names(listed: &Value) -> Vec<String> {
    let entries = listed.as_array().expect("a list").iter();
    entries
        .map(|entry| entry["name"].as_str().expect("a text").to_string())
        .collect()
}

#[test]
fn everything_shipped_is_listed_with_its_origin() {
    let home = Home::new();
    let models = parsed(&home.expect(0, "list models --json").out);
    let mut listed = names(&models);
    listed.sort();
    assert_eq!(listed, shipped_models());
    let scenarios = parsed(&home.expect(0, "list scenarios --json").out);
    let bare = |path: &String| {
        path.trim_start_matches("scenarios/")
            .trim_end_matches(".toml")
            .to_string()
    };
    assert_eq!(
        names(&scenarios),
        shipped_scenarios().iter().map(bare).collect::<Vec<_>>()
    );
    let all = parsed(&home.expect(0, "list --json").out);
    assert_eq!(
        names(&all).len(),
        names(&models).len() + names(&scenarios).len()
    );
    for entry in all.as_array().expect("a list") {
        assert_eq!(entry["origin"], "built in");
        assert!(
            entry["about"]
                .as_str()
                .is_some_and(|about| about.len() > 20),
            "{entry}"
        );
    }
    let table = home.expect(0, "list").out;
    assert!(
        table.contains("mixed-meal") && table.contains("built in"),
        "{table}"
    );
}

/// The topics of listed models, each once per run of neighbours.
fn topics(listed: &Value) -> Vec<&str> {
    let entries = listed.as_array().expect("a list").iter();
    let mut topics: Vec<&str> = entries
        .map(|entry| entry["topic"].as_str().expect("a text"))
        .collect();
    topics.dedup();
    topics
}

#[test]
fn models_are_listed_by_what_they_are_about() {
    let home = decay();
    let listed = parsed(&home.expect(0, "list models --json --models .").out);
    let topics = topics(&listed);
    let known: Vec<&str> = TOPICS
        .into_iter()
        .filter(|topic| topics.contains(topic))
        .collect();
    assert_eq!(topics[..known.len()], known, "in the order of reading");
    assert_eq!(topics[known.len()..], [""], "what says nothing comes last");
    let table = home.expect(0, "list models").out;
    assert_eq!(
        table.matches("body weight").count(),
        1,
        "a topic stands once above its models:\n{table}"
    );
}

#[test]
fn files_of_a_folder_are_listed_beside_the_built_in_ones() {
    let home = decay();
    let all = parsed(&home.expect(0, "list --json --models .").out);
    let own: Vec<&Value> = all
        .as_array()
        .expect("a list")
        .iter()
        .filter(|e| e["origin"] != "built in")
        .collect();
    let names: Vec<&str> = own
        .iter()
        .filter_map(|entry| entry["name"].as_str())
        .collect();
    assert_eq!(names, ["./decay.toml", "./family.toml", "./decay.ant"]);
    home.expect(4, "list --models nowhere");
}

#[test]
fn inputs_and_observables_of_every_shipped_model_have_units() {
    let home = Home::new();
    for model in shipped_models() {
        let declared = files::model(&model);
        let is_number = |entry: &Value| {
            let symbol = entry["id"].as_str().and_then(|id| declared.symbol(id));
            let unit = symbol.and_then(|symbol| declared.unit_of(symbol));
            unit.is_some_and(|unit| unit.is_dimensionless())
        };
        for what in ["inputs", "observables"] {
            let listed = parsed(&home.expect(0, &format!("list {what} {model} --json")).out);
            let listed = listed.as_array().expect("a list");
            assert!(listed.len() > 2, "{what} of {model}");
            // Pure numbers show none.
            let known = |entry: &&Value| {
                entry["unit"].as_str().is_some_and(|unit| !unit.is_empty()) || is_number(entry)
            };
            let share = listed.iter().filter(known).count();
            assert!(
                2 * share > listed.len(),
                "{share} of {} {what} of {model}",
                listed.len()
            );
        }
    }
}

#[test]
fn a_new_scenario_runs_for_every_shipped_model_and_never_overwrites() {
    let home = Home::new();
    for (at, model) in shipped_models().iter().enumerate() {
        let file = format!("mine-{at}.toml");
        home.expect(0, &format!("new {file} --model {model}"));
        let text = home.read(&file);
        assert!(
            text.matches("\n#").count() > 5 && text.contains(model),
            "{text}"
        );
        let said = home.expect(0, &format!("run {file}"));
        assert!(
            said.out.contains("unit") && !said.err.contains("warning"),
            "{}",
            said.err
        );
        home.expect(0, &format!("check {file} --strict"));
        home.write(&file, "mine");
        home.expect(4, &format!("new {file}"));
        assert_eq!(home.read(&file), "mine");
    }
    home.expect(4, "new other.toml --model nowhere.ant");
    assert!(!home.path("other.toml").exists());
}

/// What may be said about shipped files: their models may lack inputs, which their notes tell, and one is driven on
/// purpose past what its model was made for.
fn may_be_said(finding: &Value) -> bool {
    let codes = ["scenario/input-absent", "scenario/range"];
    let warning = finding["severity"] == "warning";
    finding["severity"] == "note" || warning && codes.iter().any(|code| finding["code"] == *code)
}

#[test]
fn everything_shipped_is_good() {
    let home = Home::new();
    let mut line = "check".to_string();
    for file in shipped_models().iter().chain(&shipped_scenarios()) {
        line.push_str(&format!(" {}", file.trim_start_matches("scenarios/")));
    }
    let said = home.expect(0, &format!("{line} --json"));
    assert!(said.err.is_empty());
    let all = parsed(&said.out);
    for finding in all.as_array().expect("a list") {
        assert!(may_be_said(finding), "{finding}");
    }
    let models = shipped_models().join(" ");
    let said = home.expect(0, &format!("check {models} --strict"));
    let good = said.err.matches(": good").count();
    assert_eq!(good, said.err.lines().count(), "{}", said.err);
}

#[test]
fn completions_name_every_verb_in_every_shell() {
    let home = Home::new();
    let verbs = [
        "run",
        "plot",
        "check",
        "convert",
        "list",
        "new",
        "completions",
        "man",
    ];
    for shell in ["bash", "zsh", "fish"] {
        let script = home.expect(0, &format!("completions {shell}")).out;
        for word in verbs.iter().chain(&["event-order", "quiet"]) {
            assert!(script.contains(word), "{word} for {shell}");
        }
        home.write(&format!("script.{shell}"), &script);
        // Where the shell is installed, it reads its script.
        let there = Command::new(shell).arg("--version").output().is_ok();
        if there {
            let mut command = Command::new(shell);
            command
                .args(["-n", &format!("script.{shell}")])
                .current_dir(home.path(""));
            let said = finish(&mut command);
            assert_eq!(said.code, Some(0), "{shell}: {}", said.err);
        }
    }
}

#[test]
fn every_verb_has_a_manual_page() {
    let home = Home::new();
    let page = home.expect(0, "man").out;
    assert!(
        page.contains(".TH insilin 1") && page.contains("not diagnosis"),
        "{page}"
    );
    home.expect(0, "man --out pages");
    let verbs = [
        "",
        "-check",
        "-compare",
        "-convert",
        "-completions",
        "-list",
        "-man",
        "-new",
        "-plot",
        "-report",
        "-run",
        "-sweep",
        "-merge",
        "-sensitivity",
        "-population",
        "-sbml-test",
        "-schema",
        "-test",
    ];
    let pages: Vec<String> = verbs
        .iter()
        .map(|verb| format!("insilin{verb}.1"))
        .collect();
    let mut listed = home.files("pages");
    listed.sort();
    let mut wanted = pages.clone();
    wanted.sort();
    assert_eq!(listed, wanted);
    assert!(home.read("pages/insilin-run.1").contains("event\\-order"));
}
