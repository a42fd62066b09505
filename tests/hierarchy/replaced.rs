//! Replacements and deletions of elements of every kind.

use insilin::model::{Rule, Symbol};

use crate::support::Table;
use crate::text::*;

/// `p`, and `y := 10 p`.
fn leaf() -> String {
    let rule = assignment_rule("y", &apply("times", &[&cn(10.0), &ci("p")]));
    list(
        "Parameters",
        &[&constant("p", 1.0, ""), &variable("y", 0.0, "")],
    ) + &list("Rules", &[&rule])
}

#[test]
fn an_element_takes_the_place_of_another_everywhere() {
    let p = constant(
        "P",
        3.0,
        &replaces(&["submodelRef=a idRef=p", "submodelRef=b idRef=p"]),
    );
    let main = list("Parameters", &[&p]) + &submodels(&["a=leaf", "b=leaf"]);
    let text = document(&main, &[("leaf", &leaf())]);
    assert_eq!(parameter_ids(&model(&text)), ["P", "a__y", "b__y"]);
    let table = run(&text, 1);
    table.check("a__y", 0.0, |_| 30.0);
    table.check("b__y", 0.0, |_| 30.0);
}

#[test]
fn an_element_of_a_submodel_can_take_the_place_and_the_name() {
    let by = constant("P", 3.0, &replaced_by("submodelRef=a idRef=p"));
    let main = list("Parameters", &[&by, &variable("z", 0.0, "")])
        + &list("Rules", &[&assignment_rule("z", &ci("P"))])
        + &submodels(&["a=leaf"]);
    let text = document(&main, &[("leaf", &leaf())]);
    assert_eq!(parameter_ids(&model(&text)), ["z", "P", "a__y"]);
    let table = run(&text, 1);
    table.check("z", 0.0, |_| 1.0);
    table.check("a__y", 0.0, |_| 10.0);
}

#[test]
fn what_is_replaced_and_replaced_by_is_one_element_with_the_outer_name() {
    // `a.p` stays; `b.p` goes; both and the outer one are `P`.
    let more = replaces(&["submodelRef=b idRef=p"]) + &replaced_by("submodelRef=a idRef=p");
    let main =
        list("Parameters", &[&constant("P", 3.0, &more)]) + &submodels(&["a=leaf", "b=leaf"]);
    let text = document(&main, &[("leaf", &leaf())]);
    assert_eq!(parameter_ids(&model(&text)), ["P", "a__y", "b__y"]);
    run(&text, 1).check("b__y", 0.0, |_| 10.0);
}

#[test]
fn an_element_is_not_replaced_from_within_and_from_outside() {
    let m = constant("m", 2.0, &replaced_by("submodelRef=b idRef=p"));
    let nest = list("Parameters", &[&m]) + &submodels(&["b=leaf"]);
    let p = constant("P", 4.0, &replaces(&["submodelRef=a idRef=m"]));
    let main = list("Parameters", &[&p]) + &submodels(&["a=nest"]);
    let text = document(&main, &[("leaf", &leaf()), ("nest", &nest)]);
    let (findings, _) = load(&text).expect_err("refused");
    assert_eq!(findings.0[0].code, "syntax/sbml-comp-twice");
}

#[test]
fn references_go_through_ports_and_submodels_of_submodels() {
    let nest = submodels(&["b=leaf"])
        + "<comp:listOfPorts><comp:port comp:id=\"in\" comp:idRef=\"b\"><comp:sBaseRef comp:idRef=\"p\"/></comp:port>\
           <comp:port comp:id=\"sub\" comp:idRef=\"b\"/></comp:listOfPorts>";
    let check = |more: &str| {
        let p = constant("P", 6.0, more);
        let main = list("Parameters", &[&p]) + &submodels(&["a=nest"]);
        let text = document(&main, &[("leaf", &leaf()), ("nest", &nest)]);
        run(&text, 1).check("a__b__y", 0.0, |_| 60.0);
    };
    check(&replaces(&["submodelRef=a portRef=in"]));
    let within = |attributes: &str| {
        format!(
            "<comp:listOfReplacedElements><comp:replacedElement {}><comp:sBaseRef comp:idRef=\"p\"/>\
             </comp:replacedElement></comp:listOfReplacedElements>",
            prefixed(attributes)
        )
    };
    check(&within("submodelRef=a idRef=b"));
    check(&within("submodelRef=a portRef=sub"));
}

#[test]
fn anything_with_a_value_may_stand_for_a_parameter() {
    let main =
        species(&[("S", 8.0)], &replaces(&["submodelRef=a idRef=p"])) + &submodels(&["a=leaf"]);
    run(&document(&main, &[("leaf", &leaf())]), 1).check("a__y", 0.0, |_| 80.0);
}

/// A model with one of each thing that can be named by its `metaid`, which is its name.
fn everything() -> String {
    let event = event(&apply("geq", &[&time(), &cn(0.5)]), &cn(1.0), "x", &cn(9.0))
        .replace("<event ", "<event metaid=\"event\" ")
        .replace("<trigger ", "<trigger metaid=\"trigger\" ")
        .replace("<delay>", "<delay metaid=\"delay\">")
        .replace(
            "<eventAssignment ",
            "<eventAssignment metaid=\"assignment\" ",
        );
    let start = start_value("z", &cn(4.0)).replacen(
        "<initialAssignment ",
        "<initialAssignment metaid=\"start\" ",
        1,
    );
    let rule = assignment_rule("w", &cn(6.0)).replacen("Rule ", "Rule metaid=\"rule\" ", 1);
    let law = math(&apply("times", &[&ci("k"), &cn(1.0)]));
    let reaction = format!(
        "<reaction metaid=\"reaction\" id=\"J\" reversible=\"false\"><listOfProducts metaid=\"products\">\
         <speciesReference metaid=\"product\" species=\"S\" stoichiometry=\"1\" constant=\"true\"/></listOfProducts>\
         <kineticLaw metaid=\"law\">{law}<listOfLocalParameters><localParameter metaid=\"local\" id=\"k\" value=\"3\"/>\
         </listOfLocalParameters></kineticLaw></reaction>"
    );
    let limit = format!(
        "<constraint metaid=\"constraint\">{}</constraint>",
        math(&apply("lt", &[&time(), &cn(1e9)]))
    );
    let parameters = ["x", "z", "w"].map(|id| variable(id, 1.0, ""));
    let [x, z, w] = &parameters;
    species(&[("S", 0.0)], "")
        + &list("Parameters", &[&constant("k", 5.0, ""), x, z, w])
        + &list("InitialAssignments", &[&start])
        + &list("Rules", &[&rule]).replacen("<listOfRules", "<listOfRules metaid=\"rules\"", 1)
        + &list("Constraints", &[&limit])
        + &list("Reactions", &[&reaction])
        + &list("Events", &[&event])
}

/// The model of [`everything`] in a submodel `a` without the element of this `metaid`.
fn without(metaid: &str) -> String {
    let submodel = submodels(&["a=all"]);
    let deletion = format!(
        "><comp:listOfDeletions><comp:deletion comp:metaIdRef=\"{metaid}\"/></comp:listOfDeletions></comp:submodel>"
    );
    let submodel = match metaid {
        "" => submodel,
        _ => submodel.replacen("/>", &deletion, 1),
    };
    document(&submodel, &[("all", &everything())])
}

/// The value of a quantity at t = 2; one that nothing changes has no column and keeps its start.
fn last(table: &Table, text: &str, id: &str) -> f64 {
    if table.0.trajectory.index_of(id).is_some() {
        return table.at(id, 2.0);
    }
    let model = model(text);
    let value = model.parameters.iter().find(|p| p.identity.id == id);
    value
        .and_then(|p| p.value)
        .unwrap_or_else(|| panic!("no `{id}`"))
}

#[test]
fn elements_of_every_kind_can_be_deleted() {
    // (S, x, z, w) at t = 2; x is set to 9 at 1.5.
    let check = |metaid: &str, expected: [f64; 4]| {
        let table = run(&without(metaid), 2);
        for (id, value) in ["a__S", "a__x", "a__z", "a__w"].into_iter().zip(expected) {
            let got = last(&table, &without(metaid), id);
            assert!(
                (got - value).abs() < 1e-9,
                "{metaid}: {id} is {got}, not {value}"
            );
        }
    };
    check("", [6.0, 9.0, 4.0, 6.0]);
    check("event", [6.0, 1.0, 4.0, 6.0]);
    check("trigger", [6.0, 1.0, 4.0, 6.0]);
    check("assignment", [6.0, 1.0, 4.0, 6.0]);
    check("start", [6.0, 9.0, 1.0, 6.0]);
    check("rule", [6.0, 9.0, 4.0, 1.0]);
    check("rules", [6.0, 9.0, 4.0, 1.0]);
    check("reaction", [0.0, 9.0, 4.0, 6.0]);
    check("products", [0.0, 9.0, 4.0, 6.0]);
    check("product", [0.0, 9.0, 4.0, 6.0]);
    check("law", [0.0, 9.0, 4.0, 6.0]);
    // The parameter of the model that the local one hid is seen again.
    check("local", [10.0, 9.0, 4.0, 6.0]);
    check("constraint", [6.0, 9.0, 4.0, 6.0]);
    // Without the delay the event has happened at 0.5.
    let delayed = run(&without(""), 1).at("a__x", 1.0);
    let prompt = run(&without("delay"), 1).at("a__x", 1.0);
    assert_eq!((delayed, prompt), (1.0, 9.0));
    let count = |metaid: &str| model(&without(metaid)).constraints.len();
    assert_eq!((count(""), count("constraint")), (1, 0));
}

/// `main` around `a=nest`, where `nest` holds `b=leaf` and a parameter `m` that replaces `b.p`.
fn nested(deletions: &str) -> String {
    let link = replaces(&["submodelRef=b idRef=p"]).replacen(
        "<comp:replacedElement ",
        "<comp:replacedElement metaid=\"link\" ",
        1,
    );
    let nest = list("Parameters", &[&constant("m", 2.0, &link)]) + &submodels(&["b=leaf"]);
    let submodel =
        format!("><comp:listOfDeletions>{deletions}</comp:listOfDeletions></comp:submodel>");
    let main = submodels(&["a=nest"]).replacen("/>", &submodel, 1);
    document(&main, &[("leaf", &leaf()), ("nest", &nest)])
}

#[test]
fn a_replacement_can_be_deleted() {
    let text = nested("<comp:deletion comp:metaIdRef=\"link\"/>");
    assert_eq!(parameter_ids(&model(&text)), ["a__m", "a__b__p", "a__b__y"]);
    run(&text, 1).check("a__b__y", 0.0, |_| 10.0);
}

#[test]
fn a_submodel_can_be_deleted_with_all_that_is_in_it() {
    let text = nested("<comp:deletion comp:idRef=\"b\"/>");
    assert_eq!(parameter_ids(&model(&text)), ["a__m"]);
}

#[test]
fn an_element_goes_when_what_it_is_replaced_by_is_deleted_from_outside() {
    let text = nested("<comp:deletion comp:idRef=\"b\"/>")
        .replace(
            "listOfReplacedElements><comp:replacedElement ",
            "replacedBy ",
        )
        .replace("</comp:listOfReplacedElements>", "");
    assert!(text.contains("<comp:replacedBy metaid=\"link\""), "{text}");
    assert_eq!(parameter_ids(&model(&text)), [""; 0]);
}

#[test]
fn what_a_deleted_element_replaced_goes_with_it() {
    let text = nested(
        "<comp:deletion comp:idRef=\"m\"/>\
         <comp:deletion comp:idRef=\"b\"><comp:sBaseRef comp:metaIdRef=\"rules\"/></comp:deletion>",
    )
    .replace("<listOfRules>", "<listOfRules metaid=\"rules\">");
    assert_eq!(parameter_ids(&model(&text)), ["a__b__y"]);
}

#[test]
fn a_deletion_may_be_replaced_to_say_what_came_instead() {
    let deletion = "><comp:listOfDeletions><comp:deletion comp:id=\"gone\" comp:metaIdRef=\"rules\"/>\
                    </comp:listOfDeletions></comp:submodel>";
    let y = variable("Y", 1.0, &replaces(&["submodelRef=a idRef=y"]));
    let rule = assignment_rule("Y", &cn(7.0)).replace(
        "</assignmentRule>",
        &(replaces(&["submodelRef=a deletion=gone"]) + "</assignmentRule>"),
    );
    let main = list("Parameters", &[&y])
        + &list("Rules", &[&rule])
        + &submodels(&["a=leaf"]).replacen("/>", deletion, 1);
    let leaf = leaf().replace("<listOfRules>", "<listOfRules metaid=\"rules\">");
    run(&document(&main, &[("leaf", &leaf)]), 1).check("Y", 0.0, |_| 7.0);
}

#[test]
fn a_submodel_can_replace_a_submodel() {
    let other = list("Parameters", &[&constant("q", 1.0, "")]);
    let nest = submodels(&["b=leaf"]) + &list("Parameters", &[&constant("m", 2.0, "")]);
    let new = format!(
        "<comp:listOfSubmodels><comp:submodel comp:id=\"c\" comp:modelRef=\"other\">{}</comp:submodel>\
         <comp:submodel comp:id=\"a\" comp:modelRef=\"nest\"/></comp:listOfSubmodels>",
        replaces(&["submodelRef=a idRef=b"])
    );
    let text = document(
        &new,
        &[("leaf", &leaf()), ("nest", &nest), ("other", &other)],
    );
    assert_eq!(parameter_ids(&model(&text)), ["c__q", "a__m"]);
}

#[test]
fn a_unit_definition_takes_the_place_of_another() {
    let unit = |factor: f64, more: &str| {
        let factor = format!(
            "<unitDefinition id=\"u\"><listOfUnits><unit kind=\"second\" exponent=\"1\" scale=\"0\" \
             multiplier=\"{factor}\"/></listOfUnits>{more}</unitDefinition>"
        );
        list("UnitDefinitions", &[&factor])
    };
    let inner = unit(60.0, "")
        + &list(
            "Parameters",
            &["<parameter id=\"p\" value=\"1\" units=\"u\" constant=\"true\"/>"],
        );
    let main = unit(3600.0, &replaces(&["submodelRef=a unitRef=u"])) + &submodels(&["a=leaf"]);
    let model = model(&document(&main, &[("leaf", &inner)]));
    assert_eq!(model.unit_definitions.len(), 1);
    assert_eq!(
        model.parameters[0].unit.map(|unit| unit.factor),
        Some(3600.0)
    );
}

#[test]
fn a_rule_takes_the_place_of_another() {
    let rule = assignment_rule("Y", &cn(7.0)).replace(
        "</assignmentRule>",
        &(replaces(&["submodelRef=a metaIdRef=r"]) + "</assignmentRule>"),
    );
    let main = list(
        "Parameters",
        &[&variable("Y", 0.0, &replaces(&["submodelRef=a idRef=y"]))],
    ) + &list("Rules", &[&rule])
        + &submodels(&["a=leaf"]);
    let leaf = leaf().replacen("Rule ", "Rule metaid=\"r\" ", 1);
    let model = model(&document(&main, &[("leaf", &leaf)]));
    let [Rule::Assignment(Symbol::Parameter(0), _)] = model.rules.as_slice() else {
        panic!("{:?}", model.rules);
    };
}

#[test]
fn a_stoichiometry_with_an_id_stands_for_another() {
    // `n` of the outer reaction is the inner stoichiometry's value too.
    let inner = species(&[("S", 0.0)], "")
        + &list("Parameters", &[&variable("y", 0.0, "")])
        + &list("Rules", &[&assignment_rule("y", &ci("n"))])
        + &list("Reactions", &[&making("J", "S", &cn(1.0), "")])
            .replace("<speciesReference ", "<speciesReference id=\"n\" ");
    let link = replaces(&["submodelRef=a idRef=n"]) + "</speciesReference>";
    let outer = making("K", "T", &cn(1.0), "")
        .replace("<speciesReference ", "<speciesReference id=\"N\" ")
        .replace(
            "stoichiometry=\"1\" constant=\"true\"/>",
            "stoichiometry=\"4\" constant=\"true\">LINK",
        )
        .replace("LINK", &link);
    let main = species(&[("T", 0.0)], "") + &list("Reactions", &[&outer]) + &submodels(&["a=leaf"]);
    let table = run(&document(&main, &[("leaf", &inner)]), 2);
    table.check("T", 1e-9, |t| 4.0 * t);
    table.check("a__y", 0.0, |_| 4.0);
    // The inner reaction has lost its only product.
    table.check("a__S", 0.0, |_| 0.0);
}
