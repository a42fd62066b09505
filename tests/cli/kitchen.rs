//! `list foods`, `plates`, `menus`, `blocks`, `subjects`, and `schema`; and what all shipped scenarios expect.

use serde_json::Value;

use crate::support::command::Home;
use crate::support::files::shipped_scenarios;

fn listed(home: &Home, what: &str) -> Vec<Value> {
    let out = home.expect(0, &format!("list {what} --json")).out;
    let all: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}:\n{out}"));
    all.as_array().expect("a list").clone()
}

fn names(listed: &[Value]) -> Vec<&str> {
    listed
        .iter()
        .map(|entry| entry["name"].as_str().expect("a text"))
        .collect()
}

#[test]
fn foods_are_listed_all_or_those_with_a_word() {
    let home = Home::new();
    assert!(listed(&home, "foods").len() >= 150);
    let lentils = listed(&home, "foods lentil");
    assert_eq!(names(&lentils), ["boiled lentils"]);
    // USDA 16070: 116 kcal, 20.13 g carbohydrate of which 7.9 g fibre; glycaemic index of Atkinson 2008.
    assert_eq!(lentils[0]["energy_kJ"], 485.0);
    assert_eq!(lentils[0]["carbohydrate_g"], 12.23);
    assert_eq!(lentils[0]["gi"], 32.0);
    assert_eq!(lentils[0]["gi_kind"], "measured");
    let table = home.expect(0, "list foods BREAD").out;
    assert!(
        table.contains("white bread") && table.contains("rye bread"),
        "{table}"
    );
    assert!(!table.contains("salmon"), "{table}");
    assert!(home.expect(0, "list foods caviar").out.contains("none"));
}

#[test]
fn plates_and_menus_are_listed_with_what_is_in_them() {
    let home = Home::new();
    let plates = listed(&home, "plates");
    assert!(names(&plates).contains(&"salmon-quinoa"));
    let menus = listed(&home, "menus");
    assert_eq!(
        names(&menus),
        ["mediterranean", "low-glycaemic-load", "western"]
    );
    let energy = menus[0]["energy_kJ"].as_f64().expect("a number");
    // 2065 kcal.
    assert!((energy - 8640.0).abs() < 5.0, "{energy}");
    let table = home.expect(0, "list menus").out;
    assert!(
        table.contains("07:30") && table.contains("A Western day"),
        "{table}"
    );
}

#[test]
fn blocks_and_subjects_are_listed_with_their_heads() {
    let home = Home::new();
    home.write("models/blocks/mine.toml", "# Three walks.\nschema = 1\n");
    let blocks = listed(&home, "blocks --models models");
    assert_eq!(names(&blocks), ["weekly-exercise", "mine"]);
    assert_eq!(blocks[1]["about"], "Three walks.");
    assert_eq!(blocks[0]["origin"], "built in");
    let subjects = listed(&home, "subjects");
    let subjects = names(&subjects);
    assert!(subjects.contains(&"normal") && subjects.contains(&"type-2-diabetes"));
}

#[test]
fn a_folder_of_models_brings_its_own_foods() {
    let home = Home::new();
    let head = "name,also,group,energy_kJ,carbohydrate_g,sugars_g,starch_g,fibre_g,protein_g,fat_g,saturated_g,\
                monounsaturated_g,polyunsaturated_g,omega3_g,gi,gi_kind,gi_source,serving_g,ndb,note\n";
    home.write(
        "mine/foods.csv",
        format!("{head}manna,,grain,1000,50,,,5,4,1,,,,,60,assumed,nobody,100,,\n"),
    );
    assert_eq!(names(&listed(&home, "foods --models mine")), ["manna"]);
    home.write("foods.csv", "not a table");
    assert!(listed(&home, "foods").len() >= 150);
    home.write("mine/foods.csv", "not a table");
    let said = home.expect(2, "list foods --models mine");
    assert!(said.err.contains("error[scenario/foods]"), "{}", said.err);
}

#[test]
fn the_schema_is_json_schema() {
    let out = Home::new().expect(0, "schema").out;
    let schema: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(schema["required"], serde_json::json!(["schema", "name"]));
}

#[test]
fn every_shipped_scenario_meets_what_it_expects() {
    let home = Home::new();
    for path in shipped_scenarios() {
        let name = path
            .trim_start_matches("scenarios/")
            .trim_end_matches(".toml");
        let said = home.expect(0, &format!("run {name} --check --no-figures"));
        assert!(
            said.out.contains("met") && !said.out.contains("NOT MET"),
            "{}",
            said.out
        );
    }
}
