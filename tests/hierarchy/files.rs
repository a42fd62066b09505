//! Models of other files.

use insilin::diag::{Diagnostics, MemorySources, SourceMap, Warned, render_all};
use insilin::model::{Model, lower};

use crate::text::*;

fn external(items: &[&str]) -> String {
    let items: String = items
        .iter()
        .map(|item| format!("<comp:externalModelDefinition {}/>", prefixed(item)))
        .collect();
    format!(
        "<comp:listOfExternalModelDefinitions>{items}</comp:listOfExternalModelDefinitions></sbml>"
    )
}

/// A document with a main model, and names for models of other files.
fn with_external(main: &str, items: &[&str]) -> String {
    document(main, &[]).replace("</sbml>", &external(items))
}

fn load<const N: usize>(
    files: [(&str, &str); N],
) -> (Result<Warned<Model>, Diagnostics>, SourceMap) {
    let sources = MemorySources::new(files);
    let mut map = SourceMap::new();
    (lower::load("m.xml", &sources, &mut map), map)
}

fn refused<const N: usize>(files: [(&str, &str); N]) -> (&'static str, String) {
    let (loaded, map) = load(files);
    let findings = loaded.expect_err("refused");
    (findings.0[0].code, render_all(&findings, &map))
}

fn leaf(value: f64) -> String {
    list("Parameters", &[&constant("k", value, "")])
}

#[test]
fn a_submodel_may_stand_in_another_file_or_behind_it() {
    // `main` of b.xml, a definition of b.xml, and what b.xml calls `far`, which is in c.xml.
    let m = with_external(
        &submodels(&["x=whole", "y=part", "z=far"]),
        &[
            "id=whole source=b.xml",
            "id=part source=b.xml modelRef=inner",
            "id=far source=b.xml modelRef=away",
        ],
    );
    let b = document(&leaf(1.0), &[("inner", &leaf(2.0))]).replace(
        "</sbml>",
        &external(&["id=away source=c.xml modelRef=main"]),
    );
    let c = document(&leaf(3.0), &[]);
    let (loaded, map) = load([("m.xml", &m), ("b.xml", &b), ("c.xml", &c)]);
    let model = loaded.expect("a model").value;
    let values: Vec<_> = model
        .parameters
        .iter()
        .map(|p| (p.identity.id.as_str(), p.value))
        .collect();
    assert_eq!(
        values,
        [
            ("x__k", Some(1.0)),
            ("y__k", Some(2.0)),
            ("z__k", Some(3.0))
        ]
    );
    // Each element is found in the file that it was written in, and each file is read once.
    let places: Vec<_> = model
        .parameters
        .iter()
        .map(|p| map.file(p.identity.span.source).name.as_str())
        .collect();
    assert_eq!(places, ["b.xml", "b.xml", "c.xml"]);
    assert_eq!(map.files().len(), 3);
}

#[test]
fn a_mistake_in_another_file_is_shown_there() {
    let m = with_external(&submodels(&["x=whole"]), &["id=whole source=b.xml"]);
    let b = document(&leaf(1.0).replace("value=\"1\"", "value=\"one\""), &[]);
    let (code, said) = refused([("m.xml", &m), ("b.xml", &b)]);
    assert_eq!(code, "syntax/sbml-number");
    assert!(said.contains("b.xml:3:"), "{said}");
}

#[test]
fn a_file_that_is_not_there_is_told_with_the_model_that_it_holds() {
    let m = with_external(&submodels(&["x=whole"]), &["id=whole source=b.xml"]);
    let (code, said) = refused([("m.xml", &m)]);
    assert_eq!(code, "syntax/sbml-comp-source");
    assert!(
        said.contains("`b.xml`, which holds the model `whole`"),
        "{said}"
    );
}

#[test]
fn a_file_that_is_no_level_three_is_refused() {
    let m = with_external(&submodels(&["x=whole"]), &["id=whole source=b.xml"]);
    let two = "<sbml xmlns=\"http://www.sbml.org/sbml/level2/version4\" level=\"2\" version=\"4\"><model id=\"m\"/></sbml>";
    for text in [two, "A -> B; k*A"] {
        // A name that ends like SBML is read as such, so the second text gets another one.
        let name = if text == two { "b.xml" } else { "b.ant" };
        let m = m.replace("b.xml", name);
        let (code, _) = refused([("m.xml", &m), (name, text)]);
        assert_eq!(code, "syntax/sbml-comp-source", "{text}");
    }
}

#[test]
fn a_model_that_the_other_file_lacks_is_told() {
    let m = with_external(
        &submodels(&["x=whole"]),
        &["id=whole source=b.xml modelRef=inne"],
    );
    let b = document("", &[("inner", "")]);
    let (code, said) = refused([("m.xml", &m), ("b.xml", &b)]);
    assert_eq!(code, "syntax/sbml-comp-not-found");
    assert!(said.contains("did you mean `inner`?"), "{said}");
}

#[test]
fn files_that_name_each_other_for_ever_are_told() {
    let m = with_external(
        &submodels(&["x=one"]),
        &["id=one source=b.xml modelRef=two"],
    );
    let b = with_external("", &["id=two source=m.xml modelRef=one"]);
    assert_eq!(
        refused([("m.xml", &m), ("b.xml", &b)]).0,
        "syntax/sbml-comp-circle"
    );
    // And a file whose model holds itself.
    let m = with_external(&submodels(&["x=one"]), &["id=one source=m.xml"]);
    assert_eq!(refused([("m.xml", &m)]).0, "syntax/sbml-comp-circle");
}

#[test]
fn an_older_version_may_use_a_newer_one() {
    // Version 2 lets a rule without a formula stand; Version 1 asks for one.
    let m = with_external(&submodels(&["x=whole"]), &["id=whole source=b.xml"]).replace(
        "level3/version2/core\" level=\"3\" version=\"2\"",
        "level3/version1/core\" level=\"3\" version=\"1\"",
    );
    let rule = "<listOfRules><assignmentRule variable=\"k\"/></listOfRules>";
    let leaf = list("Parameters", &[&variable("k", 1.0, "")]);
    let b = document(&(leaf + rule), &[]);
    let (loaded, _) = load([("m.xml", &m), ("b.xml", &b)]);
    assert_eq!(loaded.expect("a model").value.parameters.len(), 1);
}
