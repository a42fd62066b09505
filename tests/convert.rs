//! `insilin convert`: models and scenarios to SBML and Antimony, whole files or none.
#![cfg(feature = "cli")]

mod support;

use support::command::{Home, decay};
use support::files::{shipped_models, shipped_scenarios};

#[test]
fn the_form_is_that_of_the_file_or_as_was_said() {
    let home = decay();
    home.expect(0, "convert decay.ant -o decay.xml");
    let sbml = home.read("decay.xml");
    assert!(
        sbml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml "),
        "{sbml}"
    );
    home.expect(0, "convert decay.xml -o again.ant");
    assert!(home.read("again.ant").contains("// reactions"));
    home.expect(0, "convert decay.ant -o decay.sbml");
    assert_eq!(home.read("decay.sbml"), sbml);
    home.expect(0, "convert decay.ant -o decay.txt --to sbml");
    assert_eq!(home.read("decay.txt"), sbml);
    assert_eq!(home.expect(0, "convert decay.ant --to sbml").out, sbml);
    assert_eq!(home.expect(0, "convert decay.ant --to sbml -o -").out, sbml);
    let there_and_back = home.expect(0, "convert again.ant --to sbml").out;
    assert_eq!(there_and_back, sbml);
}

#[test]
fn without_a_form_nothing_is_written() {
    let home = decay();
    for line in [
        "convert decay.ant",
        "convert decay.ant -o decay.txt",
        "convert decay.ant -o -",
    ] {
        let said = home.expect(2, line);
        assert!(
            said.err.contains("cli/language") && said.out.is_empty(),
            "{}",
            said.err
        );
        assert!(said.err.contains("--to sbml"), "{}", said.err);
    }
    assert!(!home.path("decay.txt").exists());
}

#[test]
fn what_cannot_be_said_is_named_and_the_old_file_stays() {
    let home = Home::with(&[("draw.ant", "k = normal(1, 2)\nJ: A -> ; k*A\nA = 1\n")]);
    home.write("draw.xml", "old");
    let said = home.expect(2, "convert draw.ant -o draw.xml");
    assert!(
        said.err.contains("export/no-counterpart") && said.err.contains("`k`"),
        "{}",
        said.err
    );
    assert_eq!(home.read("draw.xml"), "old");
    assert_eq!(home.files("."), ["draw.ant", "draw.xml"]);
}

#[test]
fn wrong_input_and_places_that_cannot_be_written_have_their_exit_codes() {
    let home = decay();
    home.write("wrong.ant", "A -> B; k*\n");
    home.expect(2, "convert wrong.ant -o out.xml");
    home.expect(4, "convert nowhere.ant -o out.xml");
    home.expect(4, "convert nowhere.toml -o out.xml");
    home.expect(4, "convert decay.ant -o out.xml --models nowhere");
    home.write("file", "");
    home.expect(4, "convert decay.ant -o file/out.xml");
    home.expect(2, "convert decay.ant -o out.xml --arm a");
    home.expect(2, "convert");
    assert!(!home.path("out.xml").exists());
}

#[test]
fn annotations_that_are_not_kept_are_told() {
    let home = decay();
    home.expect(0, "convert decay.ant -o decay.xml");
    let foreign = "<annotation><x xmlns=\"urn:other\"/></annotation></compartment>";
    let text = home.read("decay.xml").replacen(
        "constant=\"true\"/>",
        &format!("constant=\"true\">{foreign}"),
        1,
    );
    home.write("foreign.xml", &text);
    let said = home.expect(0, "convert foreign.xml -o again.xml");
    assert!(said.err.contains("the compartment `cell`"), "{}", said.err);
    assert!(
        home.expect(0, "check foreign.xml --strict")
            .err
            .contains("good")
    );
    assert!(
        home.expect(0, "convert decay.xml -o again.xml")
            .err
            .lines()
            .count()
            == 1
    );
}

#[test]
fn modules_stay_apart_where_asked() {
    let home = Home::with(&[(
        "two.ant",
        "model cell(k)\n A -> ; k*A; A = 1; k = 2\nend\nmodel *two()\n a: cell(); b: cell(); a.k = 3\nend\n",
    )]);
    let flat = home.expect(0, "convert two.ant --to sbml").out;
    assert!(!flat.contains("comp:"), "{flat}");
    home.expect(0, "convert two.ant --hierarchical -o two.xml");
    let sbml = home.read("two.xml");
    assert_eq!(sbml.matches("<comp:submodel ").count(), 2, "{sbml}");
    assert_eq!(sbml.matches("<comp:modelDefinition ").count(), 1, "{sbml}");
    home.expect(0, "convert two.xml --hierarchical -o again.ant");
    let text = home.read("again.ant");
    assert!(
        text.contains("a: cell();") && text.contains("a.k is a_k;"),
        "{text}"
    );
    let said = home.expect(2, "convert mixed-meal --hierarchical --to sbml");
    assert!(said.err.contains("cli/hierarchical"), "{}", said.err);
    home.expect(4, "convert nowhere.ant --hierarchical --to sbml");
}

#[test]
fn one_run_of_a_scenario_is_chosen_by_arm_and_value() {
    let home = Home::new();
    let said = home.expect(2, "convert insulin-pulse -o out.xml");
    assert!(
        said.err.contains("`without feedback`, `with feedback`"),
        "{}",
        said.err
    );
    let said = home.expect(2, "convert insulin-pulse --arm both -o out.xml");
    assert!(said.err.contains("no arm `both`"), "{}", said.err);
    home.expect(
        0,
        "convert insulin-pulse --arm \"with feedback\" -o out.xml",
    );
    let line = "convert insulin-dose-glut4 --arm \"Sedaghat 2002\" -o dose.xml";
    let said = home.expect(2, line);
    assert!(
        said.err.contains("0.001 nM") && said.err.contains("100 nM"),
        "{}",
        said.err
    );
    home.expect(2, &format!("{line} --varied \"3 nM\""));
    home.expect(0, &format!("{line} --varied \"100 nM\""));
    let by_unit = home.read("dose.xml");
    home.expect(0, &format!("{line} --varied 100"));
    assert_eq!(home.read("dose.xml"), by_unit);
    home.expect(0, &format!("{line} --varied \"100000 pmol/L\""));
    assert_eq!(home.read("dose.xml"), by_unit);
    home.expect(2, "convert mixed-meal --varied 3 -o out.xml");
}

#[test]
fn until_leaves_out_what_happens_later() {
    let home = decay();
    home.write(
        "doses.toml",
        "schema = 1\nname = \"doses\"\nmodel = \"decay.ant\"\ntime = { span = [0, 100], every = 1 }\n\
         protocol = [\n { bolus = \"A\", amount = \"1 mmol\", time = 10 },\n { bolus = \"A\", amount = \"1 mmol\", time = 50 },\n]\n",
    );
    let whole = home.expect(0, "convert doses.toml --to antimony").out;
    assert_eq!(whole.matches("at time >=").count(), 2, "{whole}");
    let first = home
        .expect(0, "convert doses.toml --to antimony --until 30")
        .out;
    assert_eq!(first.matches("at time").count(), 1, "{first}");
    assert!(first.contains("0 to 30"), "{first}");
}

/// What is written runs like any model and reads without a warning.
#[test]
fn everything_shipped_converts_and_what_is_written_is_good() {
    let home = Home::new();
    for (at, model) in shipped_models().iter().enumerate() {
        home.expect(0, &format!("convert {model} -o model-{at}.xml"));
        home.expect(0, &format!("check model-{at}.xml --strict"));
        home.expect(0, &format!("convert model-{at}.xml -o model-{at}.ant"));
        home.expect(0, &format!("check model-{at}.ant --strict"));
    }
    for scenario in shipped_scenarios() {
        let name = scenario
            .trim_start_matches("scenarios/")
            .trim_end_matches(".toml");
        let said = home.run(&["convert", name, "-o", "replay.xml"]);
        if said.code == Some(0) {
            home.expect(0, "check replay.xml --strict");
        } else {
            assert!(
                said.err.contains("cli/arm") || said.err.contains("cli/varied"),
                "{}",
                said.err
            );
        }
    }
}
