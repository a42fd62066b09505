//! `insilin sensitivity`: its table, its folder, its arms, and what it refuses.

use serde_json::Value;

use crate::support::command::{Home, decay};

/// `x = 8 e^(−k t)` by another name, with what it is compared with.
const MODEL: &str = "x = 8; k = 0.3; idle = 2; x' = -k * x; y := 2 * x;";
const SCENARIO: &str = "schema = 1\nname = \"fall\"\nmodel = \"fall.ant\"\ntime = { span = [0, 10], every = 0.5 }\n[observe]\nx = [\"at 5\", \"peak\"]\n";

fn home() -> Home {
    Home::with(&[("fall.ant", MODEL), ("fall.toml", SCENARIO)])
}

fn rows(said: &str) -> Vec<Value> {
    let data: Value = serde_json::from_str(said).expect("JSON");
    data["sensitivities"].as_array().expect("a list").clone()
}

#[test]
fn the_strongest_parameter_comes_first_with_its_closed_form() {
    let home = home();
    let said = home.expect(
        0,
        "sensitivity fall.toml --parameters all --json --relative 10% --rtol 1e-9 --quiet",
    );
    let rows = rows(&said.out);
    let names: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| {
            (
                row["metric"].as_str().unwrap_or(""),
                row["parameter"].as_str().unwrap_or(""),
            )
        })
        .collect();
    let expected = [
        ("x.at 5", "k"),
        ("x.at 5", "idle"),
        ("x.peak", "k"),
        ("x.peak", "idle"),
    ];
    assert_eq!(names, expected);
    // d ln x / d ln k = −k t
    let number = |key: &str| rows[0][key].as_f64().expect("a number");
    let x = 8.0 * insilin::math::exp(-1.5);
    assert!((number("normalised") + 1.5).abs() < 1e-6);
    assert!((number("derivative") + 5.0 * x).abs() < 1e-5);
    assert!((number("change") + 0.15 * x).abs() < 1e-5);
    assert_eq!(rows[3]["normalised"].as_f64(), Some(0.0));
    // The folder holds the same, and the curves.
    let stored = home.json("results/fall-sensitivity/sensitivity.json");
    assert_eq!(stored["sensitivities"], Value::Array(rows.clone()));
    let curves = home.read("results/fall-sensitivity/curves.csv");
    assert!(
        curves.contains("x by k") && curves.contains("x by idle"),
        "{curves}"
    );
    let table = home.read("results/fall-sensitivity/sensitivity.csv");
    assert_eq!(table.lines().count(), 5);
}

#[test]
fn start_values_count_as_parameters_and_the_table_shows_as_many_as_wanted() {
    let home = home();
    let line = "sensitivity fall.toml --metric x.final --parameters k,x --top 1 --end 4 --points 9 --set k=0.5 --atol 1e-12 --out here";
    let said = home.expect(0, line);
    // d ln x / d ln x(0) = 1, d ln x / d ln k = −2.
    assert!(
        said.out.contains("x.final = 1.083") && said.out.contains("-2"),
        "{}",
        said.out
    );
    assert!(said.out.contains("and 1 more"), "{}", said.out);
    let table = home.read("here/sensitivity.csv");
    let last = table.lines().last().expect("rows");
    assert!(last.contains(",x,8,"), "{last}");
}

#[test]
fn arms_and_metrics_without_a_derivative_are_told() {
    let home = Home::new();
    let line = "sensitivity insulin-pulse --metric GLUT4_pm.initial --metric \"with feedback: GLUT4_pm.time_of_min\" --parameters k4 --quiet --json --out here";
    let rows = rows(&home.expect(0, line).out);
    let arms: Vec<&str> = rows
        .iter()
        .map(|row| row["arm"].as_str().unwrap_or(""))
        .collect();
    assert_eq!(arms, ["without feedback", "with feedback", "with feedback"]);
    assert!(
        rows[2]["why"]
            .as_str()
            .is_some_and(|why| why.contains("end of the run")),
        "{:?}",
        rows[2]
    );
    assert!(rows[2]["derivative"].is_null());
}

#[test]
fn what_cannot_be_done_is_refused_with_the_nearest_name() {
    let home = home();
    let check = |options: &str, words: &[&str]| {
        let said = home.expect(2, &format!("sensitivity fall.toml {options}"));
        for word in words {
            assert!(said.err.contains(word), "{options}: {word} in {}", said.err);
        }
    };
    check(
        "--parameters idel",
        &["cli/parameter", "did you mean `idle`"],
    );
    check("--parameters y", &["simulate/not-a-parameter", "`y`"]);
    check("--metric x.pek", &["cli/metric", "`peak`"]);
    check("--metric z.peak", &["cli/metric", "`z`"]);
    check("--metric x", &["cli/metric", "QUANTITY.METRIC"]);
    check("--metric \"other: x.peak\"", &["cli/metric", "`other`"]);
    check("--relative much", &["cli/sensitivity"]);
    assert!(
        home.files(".")
            .iter()
            .all(|file| !file.starts_with("results"))
    );
    let said = decay().run(&["sensitivity", "decay.ant"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
}
