//! The input contract: its page, and subjects that fill a model with a person.

use std::path::Path;

use approx::assert_relative_eq;
use insilin::diag::{Diagnostics, ReadFailure, SourceFile, SourceMap, Sources, Warned, render_all};
use insilin::model::lower;
use insilin::scenario::contract::contract;
use insilin::scenario::subject::{self, Sex};
use insilin::scenario::{self, Scenario};

const PAGE: &str = "docs/inputs.md";
const BEGIN: &str = "<!-- made from models/contract.toml -->\n";
const END: &str = "<!-- end -->\n";

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    std::fs::read_to_string(path).expect("the page is there")
}

/// The tables of the page.
fn tables() -> String {
    let mut text = String::from("\n| name | entry | unit | range | limit | at rest | meaning |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    let contract = contract();
    for (name, agreed) in &contract.inputs {
        let entry = if agreed.amount { "give" } else { "hold" };
        let rest = agreed.rest.map_or(String::new(), |rest| rest.to_string());
        text.push_str(&format!(
            "| `{name}` | {entry} | {} | {} to {} | {} to {} | {rest} | {} |\n",
            agreed.unit_text,
            agreed.range.0,
            agreed.range.1,
            agreed.limit.0,
            agreed.limit.1,
            agreed.meaning
        ));
    }
    text.push_str("\n## Version 1: what is read off a body\n\n| name | unit | meaning |\n| --- | --- | --- |\n");
    for (name, (meaning, unit)) in &contract.outputs {
        text.push_str(&format!("| `{name}` | {unit} | {meaning} |\n"));
    }
    text.push('\n');
    text
}

/// `INSILIN_BLESS=1` writes the page anew.
#[test]
fn the_page_shows_the_contract_as_it_is() {
    let page = page();
    let (head, rest) = page
        .split_once(BEGIN)
        .expect("the page says where the tables begin");
    let (shown, tail) = rest.split_once(END).expect("and where they end");
    if std::env::var_os("INSILIN_BLESS").is_some() {
        let text = format!("{head}{BEGIN}{}{END}{tail}", tables());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
        std::fs::write(path, text).expect("the page can be written");
    } else {
        assert!(
            shown == tables(),
            "{PAGE} is stale: INSILIN_BLESS=1 cargo test --test inputs_contract"
        );
    }
}

/// The shipped models, with files of the test laid over them.
struct Laid(Vec<(&'static str, String)>);

impl Sources for Laid {
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let beside = importer.and_then(|importer| Path::new(importer).parent());
        let beside = beside.map(|folder| folder.join(name).to_string_lossy().into_owned());
        let names = [Some(name.to_string()), beside];
        let found = names.into_iter().flatten().find_map(|name| {
            let own = self.0.iter().find(|(path, _)| *path == name);
            let own = own.map(|(_, text)| text.clone());
            let text = own.or_else(|| std::fs::read_to_string(models.join(&name)).ok())?;
            Some(SourceFile { name, text })
        });
        found.ok_or_else(|| ReadFailure::NotFound {
            looked_in: vec!["models".to_string()],
        })
    }
}

fn load(laid: &Laid, text: &str) -> Result<Warned<Scenario>, String> {
    let mut map = SourceMap::new();
    let read = scenario::load("test.toml", text, laid, &mut map, &mut |path, map| {
        lower::load(path, laid, map)
    });
    read.map_err(|findings| render_all(&findings, &map))
}

fn departure(scenario: &Scenario, id: &str) -> Option<(f64, String)> {
    let arm = &scenario.arms[0];
    let found = arm
        .departures
        .iter()
        .find(|departure| arm.model.identity(departure.symbol).id == id)?;
    Some((found.value, found.why.clone()))
}

const SUBJECT: &str = r#"
schema = 1
name = "somebody"
title = "somebody"
model = "published/dalla_man_2007.ant"
[person]
sex = "female"
age = "40 years"
mass = { value = "62 kg", source = "a scale" }
height = "168 cm"
fat = "25 %"
fitness = "36 mL/kg/min"
[parameters]
Vmx = { value = "0.05 mg/kg/min/(pmol/L)", why = "trained" }
"#;

const SCENARIO: &str = r#"
schema = 1
name = "t"
subject = "somebody"
time = { unit = "min", span = [0, 60], every = 1 }
"#;

fn somebody(text: &str) -> Laid {
    Laid(vec![("subjects/somebody.toml", text.to_string())])
}

#[test]
fn a_subject_brings_its_model_and_what_follows_from_the_person() {
    let scenario = load(&somebody(SUBJECT), SCENARIO).expect("it reads").value;
    assert_eq!(scenario.arms[0].model_path, "published/dalla_man_2007.ant");
    // The rule beside the model: the body weight is the person's.
    assert_eq!(departure(&scenario, "BW").expect("it follows").0, 62.0);
    let (value, why) = departure(&scenario, "Vmx").expect("the subject's own");
    assert_relative_eq!(value, 0.05, max_relative = 1e-12);
    assert_eq!(why, "trained");
    let subject = scenario.arms[0].subject.as_ref().expect("it is kept");
    assert_eq!(subject.person.sex, Some(Sex::Female));
    assert_eq!(subject.sources["mass"], "a scale");
    // 62 kg less a quarter; Du Bois by hand: 0.007184 · 62^0.425 · 168^0.725 = 1.704 m².
    assert_relative_eq!(
        subject.person.fat_free_mass().expect("known"),
        46.5,
        max_relative = 1e-12
    );
    assert_relative_eq!(
        subject.person.surface_area().expect("known"),
        1.704,
        max_relative = 1e-3
    );
}

#[test]
fn the_scenario_has_the_last_word_about_a_parameter() {
    let text = format!(
        "{SCENARIO}[parameters]\nBW = {{ value = \"70 kg\", why = \"weighed\" }}\nVmx = {{ value = \"0.06 mg/kg/min/(pmol/L)\", why = \"asked\" }}\n"
    );
    let scenario = load(&somebody(SUBJECT), &text).expect("it reads").value;
    assert_eq!(
        departure(&scenario, "BW"),
        Some((70.0, "weighed".to_string()))
    );
    assert_eq!(
        departure(&scenario, "Vmx").map(|found| found.1),
        Some("asked".to_string())
    );
    assert_eq!(scenario.arms[0].departures.len(), 2);
}

#[test]
fn what_a_rule_needs_and_nobody_says_leaves_the_models_value_with_a_note() {
    let without = SUBJECT.replace("mass = { value = \"62 kg\", source = \"a scale\" }\n", "");
    let read = load(&somebody(&without), SCENARIO).expect("it reads");
    assert_eq!(departure(&read.value, "BW"), None);
    let noted = read
        .warnings
        .0
        .iter()
        .any(|found| found.message.contains("`BW` keeps the model's value"));
    assert!(noted, "{:?}", read.warnings);
}

#[test]
fn mistakes_in_a_subject_are_all_told_with_their_remedy() {
    let wrong = SUBJECT
        .replace("\"62 kg\"", "\"62 L\"")
        .replace("\"40 years\"", "\"40 min\"")
        .replace("\"25 %\"", "\"95 %\"")
        .replace("\"female\"", "\"f\"")
        .replace(
            "[person]",
            "traits = [\"a\", \"b\", \"c\", \"d\"]\n[person]",
        )
        .replace("fitness", "fitnes");
    let told = load(&somebody(&wrong), SCENARIO).expect_err("nothing fits");
    for part in [
        "`62 L` is not in kg",
        "`40 min` is no age",
        "`fat` cannot be 95 %",
        "`sex` cannot be `f`",
        "4 disease traits",
        "at most three are declared",
        "did you mean `fitness`?",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
}

#[test]
fn a_trait_has_to_be_one_that_the_model_carries() {
    let healthy = SUBJECT.replace("[person]", "traits = [\"type-2-diabetes\"]\n[person]");
    let told = load(&somebody(&healthy), SCENARIO).expect_err("the healthy model carries none");
    assert!(told.contains("which the model does not carry"), "{told}");
    let diabetic = healthy.replace("2007.ant", "2007_t2d.ant");
    load(&somebody(&diabetic), SCENARIO).expect("the other one does");
    let misspelt = diabetic.replace("type-2-diabetes", "type-2-diabets");
    let told = load(&somebody(&misspelt), SCENARIO).expect_err("a letter is missing");
    assert!(told.contains("did you mean `type-2-diabetes`?"), "{told}");
}

#[test]
fn a_subject_that_is_not_there_is_told_where_it_was_looked_for() {
    let told = load(&Laid(Vec::new()), SCENARIO).expect_err("there is none");
    assert!(
        told.contains("`subjects/somebody.toml` is not there"),
        "{told}"
    );
}

#[test]
fn every_shipped_subject_reads_without_a_finding_and_says_where_its_numbers_come_from() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/subjects");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("there are subjects") {
        let path = entry.expect("it can be listed").path();
        let text = std::fs::read_to_string(&path).expect("text");
        let mut map = SourceMap::new();
        let source = map.add("subject", text.clone());
        let mut findings = Diagnostics::new();
        let subject = subject::read(&text, source, &mut findings).expect("it reads");
        assert!(findings.0.is_empty(), "{}", render_all(&findings, &map));
        assert_eq!(
            Some(subject.name.as_str()),
            path.file_stem().and_then(|stem| stem.to_str())
        );
        for key in ["sex", "age", "mass", "height", "fat", "fitness"] {
            assert!(
                subject.sources.contains_key(key),
                "{}: {key} has no source",
                subject.name
            );
        }
        let scenario = SCENARIO.replace("somebody", &subject.name);
        let read = load(&Laid(Vec::new()), &scenario).expect("its model takes it");
        assert!(read.warnings.0.is_empty(), "{:?}", read.warnings);
        seen += 1;
    }
    assert!(seen >= 4);
}

#[test]
fn an_inputs_file_keeps_the_contract() {
    let wrong = "schema = 1\n[inputs.glucose_infusion]\nmeaning = \"x\"\nunit = \"mmol/L\"\nkind = \"level\"\nparameter = \"k\"\n\
        [inputs.meal_fibre]\nmeaning = \"x\"\nunit = \"g\"\nkind = \"level\"\nparameter = \"k\"\n[outputs]\nplasma_glucos = \"k\"\n";
    let laid = Laid(vec![
        ("tiny.ant", "k = 1\n".to_string()),
        ("tiny.inputs.toml", wrong.to_string()),
    ]);
    let text = "schema = 1\nname = \"t\"\nmodel = \"tiny.ant\"\ntime = { unit = \"min\", span = [0, 1], every = 1 }\n";
    let told = load(&laid, text).expect_err("none of it agrees");
    for part in [
        "`glucose_infusion` is in mg/kg/min in the contract",
        "`meal_fibre` is an amount in the contract",
        "did you mean `plasma_glucose`?",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
}
