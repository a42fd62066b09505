//! Modules written apart from each other mean the same as the flat model.

use insilin::diag::{MemorySources, ReadFailure, SourceFile, SourceMap, Sources, render_all};
use insilin::export::{antimony_modules, sbml_modules};
use insilin::model::Model;
use insilin::model::hierarchy::Hierarchy;
use insilin::model::lower::{load, load_modules};
use insilin::scenario::{Arm, Protocol, Start, TimeAxis};
use insilin::simulate::{self, EventOrder, Options};
use insilin::trajectory::Trajectory;

fn read(name: &str, text: &str) -> Model {
    let mut map = SourceMap::new();
    match load(name, &MemorySources::new([(name, text)]), &mut map) {
        Ok(model) => model.value,
        Err(found) => panic!("{}\n{text}", render_all(&found, &map)),
    }
}

fn hierarchy(text: &str) -> Hierarchy {
    let mut map = SourceMap::new();
    match load_modules("model", &MemorySources::new([("model", text)]), &mut map) {
        Ok(read) => read.value,
        Err(found) => panic!("{}", render_all(&found, &map)),
    }
}

/// Some models of the test suite grow beyond all numbers later.
fn run(model: Model) -> Trajectory {
    let arm = Arm {
        label: String::new(),
        model_path: "model".to_string(),
        subject: None,
        inputs: insilin::scenario::inputs::Inputs::default(),
        source_model: model.clone(),
        model,
        time: TimeAxis {
            unit: String::new(),
            start: 0.0,
            end: 5.0,
            grid: (0..=40).map(|step| 0.125 * f64::from(step)).collect(),
            start_clock: None,
        },
        start: Start::Model,
        departures: Vec::new(),
        protocol: Protocol::default(),
        absent: Vec::new(),
        observe: Vec::new(),
    };
    let options = Options {
        rtol: 1e-9,
        atol: 1e-12,
        event_order: EventOrder::File,
        ..Options::default()
    };
    match simulate::run(&arm, &options) {
        Ok(run) => run.value.trajectory,
        Err(found) => panic!("{:?}", found.0[0].message),
    }
}

/// Ids of flat models alike, however their readers join names of submodels.
fn joined(id: &str) -> String {
    id.replace('_', "")
}

fn check_curves(what: &str, text: &str, expected: &Trajectory, found: &Trajectory) {
    let expected_ids: Vec<String> = expected.columns.iter().map(|c| joined(&c.id)).collect();
    let found_ids: Vec<String> = found.columns.iter().map(|c| joined(&c.id)).collect();
    for (at, id) in expected_ids.iter().enumerate() {
        let other = found_ids.iter().position(|other| other == id);
        let Some(other) = other else {
            // The compartment of what has none is called otherwise.
            assert!(
                id.ends_with("default_compartment"),
                "{what}: no `{id}`\n{text}"
            );
            continue;
        };
        let (expected, found) = (expected.data.column(at), found.data.column(other));
        let largest = expected.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        for (expected, found) in expected.iter().zip(found) {
            let is_same = expected.is_nan() && found.is_nan();
            assert!(
                is_same || (expected - found).abs() <= 1e-7 * largest,
                "{what}: `{id}` is {found} instead of {expected}\n{text}"
            );
        }
    }
}

/// The text read flat, and through its modules in both languages.
fn check(what: &str, text: &str) {
    let expected = run(read("model", text));
    let modules = hierarchy(text);
    let antimony = antimony_modules(&modules);
    let found = run(read("modules.ant", &antimony));
    check_curves(&format!("{what}, Antimony"), &antimony, &expected, &found);
    let again = antimony_modules(&hierarchy(&antimony));
    assert_eq!(again, antimony, "{what}: the text is not stable");
    let sbml = match sbml_modules(&modules) {
        Ok(written) => written.value,
        Err(found) => panic!("{what}: {found:?}"),
    };
    if let Some(folder) = std::env::var_os("INSILIN_KEEP_MODULES") {
        let folder = std::path::Path::new(&folder);
        std::fs::write(folder.join(format!("{what}.xml")), &sbml).expect("readable");
        std::fs::write(folder.join(format!("{what}.flat.ant")), text).expect("readable");
    }
    let found = run(read("modules.xml", &sbml));
    check_curves(&format!("{what}, SBML"), &sbml, &expected, &found);
    check_sbml(&format!("{what}, from SBML"), &sbml, &expected);
}

/// The modules of a document, written in both languages.
fn check_sbml(what: &str, sbml: &str, expected: &Trajectory) {
    check_modules(what, &hierarchy(sbml), expected);
}

fn check_modules(what: &str, modules: &Hierarchy, expected: &Trajectory) {
    let antimony = antimony_modules(modules);
    let found = run(read("modules.ant", &antimony));
    check_curves(&format!("{what}, Antimony"), &antimony, expected, &found);
    let again = match sbml_modules(modules) {
        Ok(written) => written.value,
        Err(found) => panic!("{what}: {found:?}"),
    };
    let found = run(read("modules.xml", &again));
    check_curves(&format!("{what}, SBML"), &again, expected, &found);
}

/// A module with one of nearly everything.
const CELL: &str = "
model inner(x, k)
  x = 3; k = 0.1; x' = -k * x
end
model cell(S, P, k)
  compartment c = 2
  species S in c = 5, P in c = 0
  k = 0.3; twice := 2 * k; start = S * 3; unit mM = 1e-3 mole/litre
  J: S -> P; k * S * c
  E: at time > 4: P = P + 1
  i: inner(); i.k is k; y := i.x + 1
  z = 0; z' = twice
  law: 0 = free - twice; var free
end
";

/// Files of one folder.
struct Folder(std::path::PathBuf);

impl Sources for Folder {
    fn read(&self, name: &str, _: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let text = std::fs::read_to_string(self.0.join(name));
        let text = text.map_err(|error| ReadFailure::Io(error.to_string()))?;
        let name = name.to_string();
        Ok(SourceFile { name, text })
    }
}

#[test]
fn every_hierarchical_model_of_the_test_suite_keeps_its_curves() {
    let Some(root) = std::env::var_os("SBML_TEST_SUITE") else {
        let required = std::env::var("INSILIN_REQUIRE_SHARED").is_ok_and(|v| v == "1");
        assert!(!required, "SBML_TEST_SUITE is not set");
        tell("skipped: SBML_TEST_SUITE is not set");
        return;
    };
    let root = std::path::PathBuf::from(root);
    let root = Some(root.join("cases"))
        .filter(|cases| cases.is_dir())
        .unwrap_or(root);
    let mut cases: Vec<_> = std::fs::read_dir(root)
        .expect("readable")
        .map(|e| e.expect("readable").path())
        .collect();
    cases.sort();
    let mut count = 0;
    for case in cases {
        let id = case
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let name = format!("{id}-sbml-l3v2.xml");
        let text = std::fs::read_to_string(case.join(&name)).unwrap_or_default();
        if !text.contains("listOfSubmodels") {
            continue;
        }
        let folder = Folder(case);
        let Ok(flat) = load(&name, &folder, &mut SourceMap::new()) else {
            continue;
        };
        let expected = run(flat.value);
        let modules = load_modules(&name, &folder, &mut SourceMap::new());
        let modules = modules
            .unwrap_or_else(|found| panic!("{id}: {found:?}"))
            .value;
        check_modules(&id, &modules, &expected);
        count += 1;
    }
    assert!(count > 0, "no hierarchical models in SBML_TEST_SUITE");
}

#[test]
fn a_module_used_twice_stays_one_module() {
    let text = format!("{CELL} model *main()\n A: cell(); B: cell()\n sum := A.P + B.P\nend");
    check("twice", &text);
    let text = antimony_modules(&hierarchy(&text));
    assert_eq!(text.matches("model cell(").count(), 1, "{text}");
    assert_eq!(text.matches("model inner(").count(), 1, "{text}");
}

#[test]
fn what_is_synchronised_is_one() {
    let text = format!(
        "{CELL} model *main()\n species X; X = 9; A: cell(X); B: cell(Y, X); A.c is c; B.c is c\n compartment c = 4
         X in c; Y in c; Y = 2; A.k is B.k\nend"
    );
    check("synchronised", &text);
}

#[test]
fn what_is_changed_is_changed_where_it_is_used() {
    for (name, change) in [
        ("value", "A.k = 0.7"),
        ("rule", "A.twice := ; A.twice := 3 * A.k"),
        ("start", "A.start = 17"),
        ("start_formula", "A.start = A.k * 5"),
        ("deep", "A.i.x = 20"),
        ("reaction", "delete A.J; J2: A.S -> A.P; 0.5 * A.S"),
        ("event", "delete A.E; at time > 2: A.P = 7, A.S = 3"),
        ("rate", "A.z' = ; A.z = 4"),
        ("port", "q = 0.05; A.k is q; q' = 0.01"),
        ("constant", "at time > 3: A.k = 0.9"),
        ("algebraic", "delete A.law; A.free = 3"),
        ("used", "R: A.S -> ; A.k * B.k * A.S; w := A.J + B.i.x"),
    ] {
        let text = format!("{CELL} model *main()\n A: cell(); B: cell(); {change}\nend");
        check(name, &text);
    }
}

#[test]
fn clocks_and_extents_that_differ_are_converted() {
    let text = format!(
        "{CELL} model *main()\n A: cell(), timeconv = 2; B: cell(), extentconv = 3\n t = 60; C: cell(), timeconv = t, extentconv = 0.5\nend"
    );
    check("converted", &text);
    let text = format!("{CELL} model *main()\n f = 3; A: cell(); A.S * f is X; X = 4\nend");
    check("scaled", &text);
}

#[test]
fn species_without_a_place_share_one() {
    let text = "model m()\n S -> T; k*S; S = 3; T = 0; k = 1\nend
model *main()\n A: m(); B: m(); A.T is B.S\n U -> A.S; 0.1*U; U = 8\nend";
    check("placeless", text);
}

#[test]
fn statements_outside_of_modules_are_a_module() {
    let text = format!("{CELL} A: cell(); x = 3; A.k is x\n y := A.S");
    check("bare", &text);
}

#[test]
fn functions_are_written_once() {
    let text = "function f(x)\n g(x) + 1\nend\nfunction g(x)\n 2*x\nend
model m()\n x := f(time); a = 1\nend\nmodel *main()\n A: m(); B: m(); y := f(A.x); A.a = 5\nend";
    check("functions", text);
}

#[expect(
    clippy::print_stdout,
    reason = "the only way for a test that passes to say that it compared nothing"
)]
fn tell(what: &str) {
    println!("{what}");
}
