//! `run`: what it writes, and what its options do.

use insilin::math::exp;
use insilin::render::DISCLAIMER;
use serde_json::Value;

use crate::support::command::{DECAY, Home, decay};
use crate::support::table::Table;

const MEAL: &str = "results/mixed-meal";

/// A column of a data file; its head holds the unit too.
fn column(home: &Home, path: &str, head: &str) -> Vec<f64> {
    let table = Table::read(&home.path(path));
    let at = table.index(head);
    (0..table.rows.len())
        .map(|row| table.number(row, at))
        .collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

/// Value and unit of a metric in a summary.
fn metric(summary: &str, at: usize) -> (f64, String) {
    let metric = &parsed(summary)["metrics"][at];
    let unit = metric["unit"].as_str().expect("a text").to_string();
    (metric["value"].as_f64().expect("a number"), unit)
}

#[test]
fn the_main_job_runs_from_an_empty_folder() {
    let home = Home::new();
    let said = home.expect(0, "run mixed-meal --check");
    assert!(said.out.contains(DISCLAIMER), "{}", said.out);
    let files = home.files(MEAL);
    for file in [
        "trajectory.csv",
        "manifest.json",
        "scenario.toml",
        "model.ant",
        "summary.json",
    ] {
        assert!(files.iter().any(|path| path == file), "{file} in {files:?}");
    }
    drawn(&home, &files);
    // The study and the model of the published port; numbers of tests/golden/dalla_man_2007_meal_78g.
    for row in [
        "Plasma glucose",
        "Plasma insulin",
        "157.3",
        "253.7",
        "incremental AUC",
    ] {
        assert!(said.out.contains(row), "`{row}` in\n{}", said.out);
    }
}

/// At least four figures, each as a picture of both kinds, with the notice in it.
fn drawn(home: &Home, files: &[String]) {
    let figures: Vec<&str> = files
        .iter()
        .filter_map(|path| path.strip_suffix(".svg"))
        .collect();
    assert!(figures.len() >= 4, "{figures:?}");
    for figure in figures {
        let svg = home.read(&format!("{MEAL}/{figure}.svg"));
        assert!(
            svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"),
            "{figure}"
        );
        // The notice may be broken into lines.
        for words in ["Simulated average physiology", "any person."] {
            assert!(svg.contains(words), "{figure} has no notice");
        }
        let png = home.bytes(&format!("{MEAL}/{figure}.png"));
        let (width, height) = png_size(&png);
        assert!(
            width >= 600 && height >= 400,
            "{figure} is {width} × {height}"
        );
    }
}

/// Width and height in pixels of a picture that can be decoded.
fn png_size(png: &[u8]) -> (u32, u32) {
    let decoder = png::Decoder::new(std::io::Cursor::new(png));
    let mut reader = decoder.read_info().expect("a head");
    let mut pixels = vec![0; reader.output_buffer_size()];
    let frame = reader.next_frame(&mut pixels).expect("whole data");
    let first = pixels[0];
    assert!(
        pixels.iter().any(|byte| *byte != first),
        "something is drawn"
    );
    (frame.width, frame.height)
}

#[test]
fn the_data_are_those_of_the_model() {
    let home = decay();
    home.expect(0, "run decay.toml --quiet");
    let data = "results/decay/trajectory.csv";
    let (time, found) = (
        column(&home, data, "time [min]"),
        column(&home, data, "A [mM]"),
    );
    assert_eq!(time.len(), 41);
    for (t, found) in time.iter().zip(found) {
        // 8 exp(-t/10), and from 20 min on 4 exp(-(t - 20)/10) more.
        let more = if *t >= 20.0 {
            4.0 * exp(-(t - 20.0) / 10.0)
        } else {
            0.0
        };
        let wanted = 8.0 * exp(-t / 10.0) + more;
        assert!(
            (found - wanted).abs() < 1e-5 * wanted,
            "{found} against {wanted} at {t} min"
        );
    }
}

#[test]
fn options_change_the_run() {
    let home = decay();
    let said = home.expect(
        0,
        "run decay.toml --json --set \"k=0.2 1/min\" --out a --no-figures",
    );
    let (value, _) = metric(&said.out, 1);
    assert!(
        (value - 1.0827).abs() < 1e-4,
        "8 exp(-2) is 1.0827, not {value}"
    );
    assert!(!home.files("a").iter().any(|path| path.ends_with("svg")));
    home.expect(
        0,
        "run decay.toml --end 0.5h --points 7 --select A --out b -q",
    );
    let time = column(&home, "b/trajectory.csv", "time [min]");
    assert_eq!(time, [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0]);
    let text = home.read("b/trajectory.csv");
    assert_eq!(text.lines().next(), Some("time [min],A [mM]"));
}

#[test]
fn every_method_runs_at_the_tolerance_asked_for_and_is_recorded() {
    let home = decay();
    for method in ["rodas5p", "dopri5", "dop853"] {
        let options = "--rtol 1e-9 --atol 1e-12 --seed 7 --event-order file";
        home.expect(
            0,
            &format!("run decay.toml --method {method} {options} --out {method} -q"),
        );
        let found = column(&home, &format!("{method}/trajectory.csv"), "A [mM]")[10];
        let wanted = 8.0 * exp(-1.0);
        assert!((found - wanted).abs() < 1e-7, "{method}: {found}");
        let manifest = home.json(&format!("{method}/manifest.json"));
        assert_eq!(manifest["options"]["method"], method);
        assert_eq!(manifest["options"]["rtol"], 1e-9);
        assert_eq!(manifest["options"]["atol"], 1e-12);
        assert_eq!(manifest["options"]["seed"], 7);
        assert_eq!(manifest["options"]["event_order"], "file");
    }
}

#[test]
fn data_as_json_hold_the_same_numbers_and_the_notice() {
    let home = decay();
    home.expect(0, "run decay.toml -q --out csv");
    home.expect(0, "run decay.toml -q --out json --format json");
    let json = home.json("json/trajectory.json");
    assert_eq!(json["notice"], DISCLAIMER);
    let first = &json["runs"][0]["columns"][0];
    assert_eq!(first["id"], "A");
    let values = first["values"].as_array().expect("a list");
    let values: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
    let cells = column(&home, "csv/trajectory.csv", "A [mM]");
    assert_eq!(values, cells, "the same bits");
}

#[test]
fn units_of_display_change_tables_and_figures_but_not_the_data() {
    let home = Home::new();
    let own = home.expect(0, "run mixed-meal --out own -q --json");
    let si = home.expect(0, "run mixed-meal --out si -q --json --units si");
    let clinic = home.expect(0, "run mixed-meal --out clinic -q --json --units clinic");
    let (own_glucose, _) = metric(&own.out, 0);
    let (si_glucose, unit) = metric(&si.out, 0);
    assert_eq!(unit, "mmol/L");
    // 180.156 g/mol: 1 mmol/L is 18.0156 mg/dL.
    assert!(
        (own_glucose / si_glucose - 18.0156).abs() < 1e-3,
        "{own_glucose} {si_glucose}"
    );
    let (own_insulin, _) = metric(&own.out, 5);
    let (clinic_insulin, unit) = metric(&clinic.out, 5);
    assert_eq!(unit, "µU/mL");
    assert!(
        (own_insulin / clinic_insulin - 6.0).abs() < 1e-9,
        "6 pmol/L are 1 µU/mL"
    );
    let bytes = |folder: &str| home.bytes(&format!("{folder}/trajectory.csv"));
    assert!(bytes("own") == bytes("si") && bytes("own") == bytes("clinic"));
    let svg = home.read("si/glucose-and-insulin.svg");
    assert!(svg.contains("mmol/L"));
}

#[test]
fn a_model_runs_without_a_scenario() {
    let home = Home::with(&[("my model.ant", DECAY)]);
    home.expect(0, "run \"my model.ant\" --end 20");
    let text = home.read("results/my-model/trajectory.csv");
    assert_eq!(
        text.lines().count(),
        22,
        "a row a minute, both ends, and the head"
    );
    home.expect(0, "run published/sedaghat_2002.ant -q --no-figures");
    assert!(home.path("results/sedaghat-2002/trajectory.csv").is_file());
}

#[test]
fn models_are_found_beside_the_scenario_then_in_the_given_folder_then_built_in() {
    let home = Home::with(&[
        ("lib/decay.ant", &DECAY.replace("k = 0.1", "k = 0.2")),
        ("work/decay.toml", crate::support::command::DECAY_SCENARIO),
    ]);
    home.expect(2, "run work/decay.toml");
    let at_ten = |line: &str| metric(&home.expect(0, line).out, 1).0;
    let line = "run work/decay.toml --models lib --json --no-figures";
    assert!((at_ten(line) - 1.0827).abs() < 1e-4, "8 exp(-2)");
    home.write("work/decay.ant", DECAY);
    assert!((at_ten(line) - 2.9430).abs() < 1e-4, "8 exp(-1)");
}

#[test]
fn an_unmet_expectation_matters_under_check_alone() {
    let home = decay();
    let said = home.expect(0, "run decay.toml --set \"k=1 1/min\"");
    assert!(said.out.contains("NOT MET"), "{}", said.out);
    home.expect(1, "run decay.toml --set \"k=1 1/min\" --check");
    home.expect(0, "run decay.toml --check");
    assert!(
        home.path("results/decay/trajectory.csv").is_file(),
        "written all the same"
    );
}

#[test]
fn a_family_has_a_row_block_and_a_json_run_per_value() {
    let home = decay();
    let said = home.expect(0, "run family.toml --json");
    let varied = &parsed(&said.out)["metrics"];
    for (at, k) in [0.1, 0.2, 0.4].into_iter().enumerate() {
        assert_eq!(varied[at]["varied"], k);
        let (value, wanted) = (metric(&said.out, at).0, 8.0 * exp(-10.0 * k));
        assert!(
            (value / wanted - 1.0).abs() < 1e-5,
            "{value} against {wanted} at {k}"
        );
    }
    let text = home.read("results/family/trajectory.csv");
    assert!(text.starts_with("k [1/min],time [min],A [mM]"), "{text}");
    assert_eq!(text.lines().count(), 1 + 3 * 3);
    home.expect(0, "run family.toml -q --format json --out json");
    let runs = &home.json("json/trajectory.json")["runs"];
    assert_eq!(runs[2]["varied"]["value"], 0.4);
    assert_eq!(runs.as_array().map(Vec::len), Some(3));
}
