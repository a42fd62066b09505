//! What elements are called in the flat model.

use crate::text::*;

fn parameter_k() -> String {
    list("Parameters", &[&constant("k", 2.0, "")])
}

#[test]
fn an_element_of_a_submodel_has_both_ids_in_its_name() {
    let inner = submodels(&["b=leaf"]);
    let text = document(
        &submodels(&["a=leaf", "n=nest"]),
        &[("leaf", &parameter_k()), ("nest", &inner)],
    );
    assert_eq!(parameter_ids(&model(&text)), ["a__k", "n__b__k"]);
}

#[test]
fn the_main_model_can_be_a_submodel_of_none_but_definitions_of_each_other() {
    let text = document(
        &(parameter_k() + &submodels(&["a=nest"])),
        &[("nest", &submodels(&["b=leaf"])), ("leaf", &parameter_k())],
    );
    assert_eq!(parameter_ids(&model(&text)), ["k", "a__b__k"]);
}

#[test]
fn a_name_that_is_taken_moves_the_whole_submodel() {
    let main = list(
        "Parameters",
        &[&constant("a__k", 1.0, ""), &constant("a1__x", 1.0, "")],
    );
    let text = document(
        &(main + &submodels(&["a=leaf", "a1=leaf"])),
        &[("leaf", &parameter_k())],
    );
    let ids = model(&text);
    // `a1__` is taken by `a1__x`, so that both submodels look further.
    assert_eq!(parameter_ids(&ids), ["a__k", "a1__x", "a2__k", "a11__k"]);
}

#[test]
fn a_submodel_whose_id_looks_like_an_element_of_another_stays_apart() {
    let text = document(
        &submodels(&["a=nest", "a__b=leaf"]),
        &[("nest", &submodels(&["b=leaf"])), ("leaf", &parameter_k())],
    );
    let model = model(&text);
    assert_eq!(parameter_ids(&model), ["a1__b__k", "a__b__k"]);
}

#[test]
fn functions_and_units_of_different_models_stay_apart() {
    let function = |factor: f64| {
        let body = apply("times", &[&cn(factor), &ci("x")]);
        let lambda = math(&format!("<lambda><bvar><ci>x</ci></bvar>{body}</lambda>"));
        let function = format!("<functionDefinition id=\"f\">{lambda}</functionDefinition>");
        let unit = format!(
            "<unitDefinition id=\"u\"><listOfUnits><unit kind=\"second\" exponent=\"1\" scale=\"0\" \
             multiplier=\"{factor}\"/></listOfUnits></unitDefinition>"
        );
        let value = format!("<apply>{}{}</apply>", ci("f"), cn(1.0));
        let y = "<parameter id=\"y\" units=\"u\" constant=\"true\"/>";
        list("FunctionDefinitions", &[&function])
            + &list("UnitDefinitions", &[&unit])
            + &list("Parameters", &[y])
            + &list("InitialAssignments", &[&start_value("y", &value)])
    };
    let text = document(
        &(function(5.0) + &submodels(&["a=m2", "b=m3"])),
        &[("m2", &function(2.0)), ("m3", &function(3.0))],
    );
    let model = model(&text);
    let units: Vec<_> = model
        .parameters
        .iter()
        .map(|p| p.unit.expect("a unit").factor)
        .collect();
    assert_eq!(units, [5.0, 2.0, 3.0]);
    let table = run(&text, 1);
    for (id, value) in [("y", 5.0), ("a__y", 2.0), ("b__y", 3.0)] {
        table.check(id, 0.0, |_| value);
    }
}

#[test]
fn a_name_that_a_submodel_lacks_is_not_found_in_the_model_around_it() {
    let rule = list("Rules", &[&assignment_rule("y", &ci("k"))]);
    let inner = list("Parameters", &[&variable("y", 0.0, "")]) + &rule;
    let text = document(
        &(parameter_k() + &submodels(&["a=leaf"])),
        &[("leaf", &inner)],
    );
    let (findings, _) = load(&text).expect_err("refused");
    assert_eq!(findings.0[0].code, "model/sbml-unknown-name");
    assert!(findings.0[0].message.contains("`a__k`"), "{findings:?}");
}

#[test]
fn a_local_parameter_hides_nothing_of_another_model() {
    // The law of the submodel means its own `q`, which is the outer `k`; its local `k` is another.
    let law = math(&apply("times", &[&ci("k"), &ci("q")]));
    let reaction = format!(
        "<reaction id=\"J\" reversible=\"false\"><listOfProducts><speciesReference species=\"S\" stoichiometry=\"1\" \
         constant=\"true\"/></listOfProducts><kineticLaw>{law}<listOfLocalParameters><localParameter id=\"k\" value=\"3\"/>\
         </listOfLocalParameters></kineticLaw></reaction>"
    );
    let inner = species(&[("S", 0.0)], "")
        + &list("Parameters", &[&constant("q", 1.0, "")])
        + &list("Reactions", &[&reaction]);
    let k = constant("k", 7.0, &replaces(&["submodelRef=a idRef=q"]));
    let text = document(
        &(list("Parameters", &[&k]) + &submodels(&["a=leaf"])),
        &[("leaf", &inner)],
    );
    run(&text, 2).check("a__S", 1e-9, |t| 21.0 * t);
}

#[test]
fn model_wide_factors_and_units_hold_for_the_elements_of_their_model() {
    let leaf = list("Parameters", &[&constant("two", 2.0, "")])
        + &species(&[("S", 0.0)], "")
        + &list("Reactions", &[&making("J", "S", &cn(1.0), "")]);
    let main = list("Parameters", &[&constant("five", 5.0, "")])
        + &species(&[("S", 0.0)], "")
        + &list("Reactions", &[&making("J", "S", &cn(1.0), "")])
        + &submodels(&["a=leaf", "b=plain"]);
    let plain = species(&[("S", 0.0)], "") + &list("Reactions", &[&making("J", "S", &cn(1.0), "")]);
    let text = document(&main, &[("leaf", &leaf), ("plain", &plain)])
        .replace("id=\"main\"", "id=\"main\" conversionFactor=\"five\"")
        .replace(
            "id=\"leaf\"",
            "id=\"leaf\" conversionFactor=\"two\" substanceUnits=\"mole\"",
        );
    let table = run(&text, 2);
    table.check("S", 1e-9, |t| 5.0 * t);
    table.check("a__S", 1e-9, |t| 2.0 * t);
    table.check("b__S", 1e-9, |t| t);
    let units: Vec<_> = model(&text)
        .species
        .iter()
        .map(|s| s.substance_unit.is_some())
        .collect();
    assert_eq!(units, [false, true, false]);
}
