//! The JSON Schema of scenario files and the reader of scenario files accept the same keys.
#![cfg(feature = "schema")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use insilin::diag::{MemorySources, SourceMap};
use insilin::scenario::{self, schema, sweep};
use serde_json::Value;

mod snapshots;
mod support;

use support::json_schema::faults;

fn the_schema() -> Value {
    serde_json::to_value(schema::scenario()).expect("a schema is plain data")
}

/// A scenario's text as the data that a validator sees.
fn data(text: &str) -> Value {
    let table: toml::Table = text.parse().expect("TOML");
    serde_json::to_value(table).expect("TOML without dates is JSON")
}

fn scenarios() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/scenarios");
    let entries = std::fs::read_dir(folder).expect("shipped scenarios");
    entries
        .map(|entry| entry.expect("a readable entry").path())
        .collect()
}

#[test]
fn every_shipped_scenario_satisfies_the_schema() {
    let schema = the_schema();
    for path in scenarios() {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        assert_eq!(
            faults(&schema, &data(&text)),
            Vec::<String>::new(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn the_form_of_mistakes_that_the_reader_tells_of_keys_is_told_by_the_schema_too() {
    let schema = the_schema();
    let mut count = 0;
    for case in snapshots::cases("toml") {
        let told = std::fs::read_to_string(case.with_extension("expected")).unwrap_or_default();
        if !told.contains("[scenario/unknown-key]") {
            continue;
        }
        let text = std::fs::read_to_string(&case).expect("a readable case");
        let Ok(table) = text.parse::<toml::Table>() else {
            continue;
        };
        let data = serde_json::to_value(table).expect("TOML without dates is JSON");
        assert!(
            !faults(&schema, &data).is_empty(),
            "{} satisfies the schema",
            case.display()
        );
        count += 1;
    }
    assert!(count >= 4, "only {count} cases");
}

#[test]
fn a_wrong_type_a_wrong_word_and_a_missing_key_do_not_satisfy_the_schema() {
    let schema = the_schema();
    let good = "schema = 2\nname = \"x\"\n";
    assert!(faults(&schema, &data(good)).is_empty());
    for wrong in [
        "schema = 3\nname = \"x\"\n",
        "name = \"x\"\n",
        "schema = 2\nname = \"X y\"\n",
        "schema = 2\nname = \"x\"\ninitial = \"settled\"\n",
        "schema = 2\nname = \"x\"\ntime = 5\n",
        "schema = 2\nname = \"x\"\ntime = { span = [0] }\n",
        "schema = 2\nname = \"x\"\ncalendar = [{ meal = true }]\n",
        "schema = 2\nname = \"x\"\ncalendar = [{ bout = \"skydiving\", met = 3 }]\n",
        "schema = 2\nname = \"x\"\ncalendar = [{ at = \"07:30\" }]\n",
        "schema = 2\nname = \"x\"\n[parameters]\nk = { value = 1 }\n",
    ] {
        assert!(!faults(&schema, &data(wrong)).is_empty(), "{wrong}");
    }
}

/// A key that nothing is near to, so that the reader lists what it accepts.
const STRANGER: &str = "xqzxqzxqzxqzxqz";

/// For each table of the format: its name in the schema (empty for the file), and a file in which it has a strange key.
fn tables() -> Vec<(&'static str, String)> {
    let file = |rest: &str| format!("schema = 2\nname = \"x\"\nvalues = \"model-units\"\n{rest}\n");
    let item = |list: &str, entry: &str| file(&format!("{list} = [{{ {entry}, {STRANGER} = 1 }}]"));
    let section = |rest: &str| file(&format!("{rest}\n{STRANGER} = 1"));
    let axis = |entry: &str| file(&format!("[sweep]\naxes = [{{ {entry} }}]"));
    let mut tables = vec![
        ("", file(&format!("{STRANGER} = 1"))),
        ("Arm", section("[[arm]]\nlabel = \"a\"")),
        ("Time", section("[time]")),
        ("Departure", section("[parameters.k]")),
        ("Varied", section("[varied]")),
        ("Measured", section("[[measured]]")),
        ("Expect", section("[[expect]]")),
        ("Vary", section("[vary]")),
        ("Range", section("[vary]\nof = \"k\"\n[vary.values]")),
        ("Sweep", section("[sweep]")),
        ("SweepZip", axis(&format!("zip = [], {STRANGER} = 1"))),
        (
            "SweepAxis",
            axis(&format!("of = \"k\", values = [1], {STRANGER} = 1")),
        ),
        (
            "SweepRange",
            axis(&format!("of = \"k\", values = {{ {STRANGER} = 1 }}")),
        ),
        ("SweepCurves", section("[sweep]\naxes = []\n[sweep.curves]")),
        (
            "SweepFigure",
            section("[sweep]\naxes = []\n[[sweep.figure]]"),
        ),
        ("Phase", section("[[phase]]")),
        ("Menu", section("[[menu]]")),
        (
            "MenuMeal",
            section("[[menu]]\nname = \"m\"\n[[menu.meals]]"),
        ),
        (
            "Nutrients",
            file(&format!("calendar = [{{ meal = {{ {STRANGER} = 1 }} }}]")),
        ),
        (
            "DietParts",
            file(&format!("calendar = [{{ diet = {{ {STRANGER} = 1 }} }}]")),
        ),
    ];
    let protocol = [
        ("MealGiven", "meal = 1"),
        ("Give", "give = \"x\""),
        ("Hold", "hold = \"x\""),
        ("Rate", "rate = \"x\""),
        ("Bolus", "bolus = \"x\""),
        ("Set", "set = \"x\""),
        ("Clamp", "clamp = \"x\""),
        ("MarkGiven", "mark = \"x\""),
    ];
    let calendar = [
        ("Meal", "meal = 1"),
        ("Courses", "courses = []"),
        ("Plate", "plate = \"x\""),
        ("MenuOfDay", "menu = \"x\""),
        ("Bout", "bout = \"walk\""),
        ("Sleep", "sleep = \"23:00\""),
        ("Stress", "stress = \"x\""),
        ("Practice", "practice = \"x\""),
        ("Dose", "dose = \"x\""),
        ("Infusion", "infusion = \"x\""),
        ("Light", "light = 1"),
        ("Diet", "diet = {}"),
        ("Mark", "mark = \"x\""),
        ("Block", "block = \"x\""),
    ];
    // Each kind of figure has keys of its own.
    let kinds = [
        "course",
        "day",
        "week",
        "month",
        "long",
        "stacked",
        "heat",
        "small-multiples",
        "dose-response",
        "bars",
    ];
    tables.extend(kinds.map(|kind| ("Figure", section(&format!("[[figure]]\nkind = \"{kind}\"")))));
    tables.extend(protocol.map(|(name, entry)| (name, item("protocol", entry))));
    tables.extend(calendar.map(|(name, entry)| (name, item("calendar", entry))));
    tables
}

/// The keys that the reader accepts where the strange one stands.
fn accepted_by_reader(name: &str, text: &str) -> BTreeSet<String> {
    let mut map = SourceMap::new();
    let sources = MemorySources::default();
    let read = scenario::load("file.toml", text, &sources, &mut map, &mut |_, _| {
        panic!("a file with mistakes in its form asks for no model")
    });
    let mut findings = read.err().unwrap_or_default();
    // What is in a sweep is read apart.
    let source = map.find("file.toml").expect("it was read");
    sweep::read(text, source, &mut findings);
    let strange = format!("has no key `{STRANGER}`");
    let found = findings
        .0
        .iter()
        .find(|found| found.message.contains(&strange));
    let found = found.unwrap_or_else(|| panic!("{name}: {findings:?}"));
    let hint = found
        .hint
        .as_deref()
        .and_then(|hint| hint.strip_prefix("accepted: "));
    let keys = hint
        .unwrap_or_else(|| panic!("{name}: {found:?}"))
        .split(", ");
    keys.map(|key| key.trim_matches('`').to_string()).collect()
}

#[test]
fn the_reader_and_the_schema_know_the_same_keys_in_every_table() {
    let schema = the_schema();
    let mut accepted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in tables() {
        let keys = accepted_by_reader(name, &text);
        accepted.entry(name).or_default().extend(keys);
    }
    for (name, reader) in accepted {
        let part = match name {
            "" => &schema,
            _ => &schema["definitions"][name],
        };
        let keys = part["properties"].as_object();
        let keys = keys.unwrap_or_else(|| panic!("no definition `{name}`"));
        let keys: BTreeSet<String> = keys.keys().cloned().collect();
        assert_eq!(keys, reader, "{name}: the schema at the left");
    }
}

#[test]
fn every_table_of_the_schema_is_compared_with_the_reader() {
    let schema = the_schema();
    let compared: BTreeSet<&str> = tables().iter().map(|(name, _)| *name).collect();
    for (name, part) in schema["definitions"].as_object().expect("definitions") {
        if part["type"] == "object" {
            assert_eq!(
                part["additionalProperties"],
                Value::Bool(false),
                "{name} takes any key"
            );
            assert!(compared.contains(name.as_str()), "{name} is not compared");
        }
    }
}
