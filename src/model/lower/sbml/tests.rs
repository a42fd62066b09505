use crate::diag::{Diagnostics, MemorySources, SourceMap, Warned};
use crate::model::{ExprKind, InitialValue, Model, Rule, Stoichiometry, Symbol};
use crate::syntax::expr::{Constant, Function};

const THREE: &str =
    r#"xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2""#;
const TWO: &str = r#"xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4""#;

/// Two species in a compartment, and room for more.
fn text(level: &str, more: &str) -> String {
    let (size, flags, constant) = if level == TWO {
        ("size=\"2\"", "", "")
    } else {
        (
            "size=\"2\" constant=\"true\"",
            "hasOnlySubstanceUnits=\"false\" boundaryCondition=\"false\" constant=\"false\"",
            "constant=\"false\"",
        )
    };
    format!(
        "<sbml {level}><model id=\"m\">\n\
         <listOfCompartments><compartment id=\"c\" {size}/></listOfCompartments>\n\
         <listOfSpecies><species id=\"A\" compartment=\"c\" initialAmount=\"4\" {flags}/>\n\
         <species id=\"B\" compartment=\"c\" initialConcentration=\"0.5\" {flags}/></listOfSpecies>\n\
         <listOfParameters><parameter id=\"k\" value=\"3\" {constant}/></listOfParameters>\n\
         {more}</model></sbml>"
    )
}

fn math(inner: &str) -> String {
    format!("<math xmlns=\"http://www.w3.org/1998/Math/MathML\">{inner}</math>")
}

fn load(text: &str) -> Result<Warned<Model>, Diagnostics> {
    let sources = MemorySources::new([("m.xml", text)]);
    crate::model::lower::load("m.xml", &sources, &mut SourceMap::new())
}

fn model(level: &str, more: &str) -> Model {
    match load(&text(level, more)) {
        Ok(loaded) => loaded.value,
        Err(findings) => panic!("refused: {findings:?}"),
    }
}

/// The only error of a text, with the line it points to.
fn error(level: &str, more: &str) -> (&'static str, usize) {
    let text = text(level, more);
    let sources = MemorySources::new([("m.xml", text.as_str())]);
    let mut map = SourceMap::new();
    let findings = crate::model::lower::load("m.xml", &sources, &mut map).expect_err("refused");
    let error = &findings.0[0];
    let line = error.span.map_or(0, |span| map.line_column(span).0);
    (error.code, line)
}

fn rule(inner: &str) -> String {
    let math = math(inner);
    format!("<listOfRules><assignmentRule variable=\"k\">{math}</assignmentRule></listOfRules>")
}

#[test]
fn start_values_keep_whether_they_are_amounts() {
    let model = model(THREE, "");
    let starts: Vec<_> = model.species.iter().map(|s| s.initial).collect();
    assert_eq!(
        starts,
        [
            Some(InitialValue::Amount(4.0)),
            Some(InitialValue::Concentration(0.5))
        ]
    );
}

#[test]
fn flags_that_level_two_leaves_out_have_its_defaults() {
    let model = model(TWO, "");
    assert!(model.compartments[0].constant && model.parameters[0].constant);
    let species = &model.species[0];
    assert!(!species.constant && !species.boundary && !species.only_substance_units);
    // Level 2 counts in moles and seconds unless the file says otherwise.
    assert!(model.units.time.is_some_and(|unit| unit.factor == 1.0));
}

#[test]
fn level_three_wants_its_flags_written() {
    let more = "<listOfConstraints/><listOfReactions><reaction id=\"J\"/></listOfReactions>";
    assert_eq!(error(THREE, more), ("syntax/sbml-missing-attribute", 6));
}

#[test]
fn a_local_parameter_hides_the_global_one_in_its_law_alone() {
    let law = math("<apply><times/><ci>k</ci><ci>A</ci></apply>");
    let more = format!(
        "<listOfReactions><reaction id=\"J\" reversible=\"false\">\
         <listOfReactants><speciesReference species=\"A\" stoichiometry=\"1\" constant=\"true\"/></listOfReactants>\
         <kineticLaw>{law}<listOfLocalParameters><localParameter id=\"k\" value=\"7\"/></listOfLocalParameters>\
         </kineticLaw></reaction></listOfReactions>"
    );
    let model = model(THREE, &more);
    let rate = model.reactions[0].rate.as_ref().expect("a rate");
    let ExprKind::Symbol(Symbol::Parameter(at)) = rate.arguments()[0].kind else {
        panic!("{rate:?}");
    };
    assert_eq!(model.parameters[at].identity.id, "J_k");
    assert_eq!(
        (model.parameters[at].value, model.parameters[0].value),
        (Some(7.0), Some(3.0))
    );
}

#[test]
fn a_stoichiometry_by_formula_follows_the_formula() {
    let count = math("<apply><times/><cn>2</cn><ci>k</ci></apply>");
    let one = math("<cn type=\"rational\">3<sep/>2</cn>");
    let more = format!(
        "<listOfReactions><reaction id=\"J\"><listOfReactants><speciesReference species=\"A\">\
         <stoichiometryMath>{count}</stoichiometryMath></speciesReference></listOfReactants>\
         <listOfProducts><speciesReference species=\"B\"><stoichiometryMath>{one}</stoichiometryMath>\
         </speciesReference></listOfProducts></reaction></listOfReactions>"
    );
    let model = model(TWO, &more);
    let reaction = &model.reactions[0];
    assert_eq!(reaction.reactants[0].stoichiometry, Stoichiometry::Named(0));
    assert_eq!(
        reaction.products[0].stoichiometry,
        Stoichiometry::Number(1.5)
    );
    assert!(matches!(
        model.rules[0],
        Rule::Assignment(Symbol::Stoichiometry(0), _)
    ));
}

#[test]
fn numbers_of_all_types_are_read() {
    let check = |attributes: &str, inner: &str, expected: f64| {
        let model = model(THREE, &rule(&format!("<cn {attributes}>{inner}</cn>")));
        let Rule::Assignment(_, formula) = &model.rules[0] else {
            panic!("a rule");
        };
        assert_eq!(formula.kind, ExprKind::Number(expected, None), "{inner}");
    };
    check("", " 1.5 ", 1.5);
    check("type=\"integer\"", "-12", -12.0);
    check("type=\"integer\" base=\"16\"", "ff", 255.0);
    check("type=\"e-notation\"", "1.25 <sep/> -3", 1.25e-3);
    check("type=\"rational\"", "1<sep/>8", 0.125);
}

#[test]
fn symbols_of_sbml_are_told_from_names() {
    let url = "http://www.sbml.org/sbml/symbols";
    let time = format!("<csymbol encoding=\"text\" definitionURL=\"{url}/time\">k</csymbol>");
    let delay = format!("<csymbol encoding=\"text\" definitionURL=\"{url}/delay\">d</csymbol>");
    let inner = format!("<apply>{delay}<ci>A</ci>{time}</apply>");
    let model = model(THREE, &rule(&inner));
    let Rule::Assignment(_, formula) = &model.rules[0] else {
        panic!("a rule");
    };
    let ExprKind::Call(Function::Delay, arguments) = &formula.kind else {
        panic!("{formula:?}");
    };
    assert_eq!(arguments[0].kind, ExprKind::Symbol(Symbol::Species(0)));
    assert_eq!(arguments[1].kind, ExprKind::Constant(Constant::Time));
}

#[test]
fn logarithms_and_roots_know_their_usual_base_and_degree() {
    let check = |inner: &str, function: Function, first: ExprKind<Symbol>| {
        let model = model(THREE, &rule(inner));
        let Rule::Assignment(_, formula) = &model.rules[0] else {
            panic!("a rule");
        };
        assert!(
            matches!(&formula.kind, ExprKind::Call(found, _) if *found == function),
            "{formula:?}"
        );
        assert_eq!(formula.arguments()[0].kind, first);
    };
    let number = |value| ExprKind::Number(value, None);
    let a = ExprKind::Symbol(Symbol::Species(0));
    check(
        "<apply><log/><ci>A</ci></apply>",
        Function::Log10,
        a.clone(),
    );
    check(
        "<apply><log/><logbase><cn>2</cn></logbase><ci>A</ci></apply>",
        Function::LogBase,
        number(2.0),
    );
    check("<apply><root/><ci>A</ci></apply>", Function::Sqrt, a);
    check(
        "<apply><root/><degree><cn>3</cn></degree><ci>A</ci></apply>",
        Function::Root,
        number(3.0),
    );
}

#[test]
fn an_unknown_name_is_told_with_its_line() {
    let inner = "<apply><plus/><ci>A</ci>\n<ci>AA</ci></apply>";
    assert_eq!(error(THREE, &rule(inner)), ("model/sbml-unknown-name", 7));
}

#[test]
fn what_sbml_forbids_is_refused() {
    let check = |level: &str, more: &str, code: &str| {
        assert_eq!(error(level, more).0, code, "{more}");
    };
    check(
        TWO,
        &rule("<ci>A</ci>").replace("\"k\"", "\"c\""),
        "model/sbml-constant",
    );
    check(
        THREE,
        &rule("<apply><divide/><ci>A</ci></apply>"),
        "syntax/sbml-argument-count",
    );
    check(THREE, &rule("<ci>m</ci>"), "model/sbml-unknown-name");
    check(
        THREE,
        &rule("<apply><sine/><ci>A</ci></apply>"),
        "syntax/sbml-math",
    );
    check(THREE, "<listOfThings/>", "syntax/sbml-unknown-element");
    let twice = "<listOfReactions><reaction id=\"k\" reversible=\"false\"/></listOfReactions>";
    check(THREE, twice, "model/sbml-id-twice");
    let rules = rule("<cn>1</cn>");
    let inner = rules.replace("<listOfRules>", "");
    check(
        THREE,
        &format!("{}{inner}", rules.replace("</listOfRules>", "")),
        "model/sbml-rule-twice",
    );
}

#[test]
fn a_formula_may_be_missing_in_level_three_version_two_only() {
    let empty = "<listOfRules><assignmentRule variable=\"k\"/></listOfRules>";
    assert!(model(THREE, empty).rules.is_empty());
    assert_eq!(error(TWO, empty).0, "syntax/sbml-no-math");
}

#[test]
fn a_required_package_is_refused_by_its_name() {
    let uri = "http://www.sbml.org/sbml/level3/version1/spatial/version1";
    let level = format!("{THREE} xmlns:spatial=\"{uri}\" spatial:required=\"true\"");
    let text = text(THREE, "").replace(THREE, &level);
    let findings = load(&text).expect_err("refused");
    assert_eq!(findings.0[0].code, "syntax/sbml-package");
    assert!(findings.0[0].message.contains("`spatial`"));
    let harmless = text.replace("required=\"true\"", "required=\"false\"");
    assert!(load(&harmless).is_ok());
}

#[test]
fn functions_may_use_their_arguments_alone() {
    let lambda =
        math("<lambda><bvar><ci>x</ci></bvar><apply><times/><ci>x</ci><ci>k</ci></apply></lambda>");
    let more = format!(
        "<listOfFunctionDefinitions><functionDefinition id=\"f\">{lambda}</functionDefinition>\
         </listOfFunctionDefinitions>"
    );
    assert_eq!(error(THREE, &more).0, "model/sbml-unknown-name");
}

#[test]
fn units_that_disagree_are_warnings() {
    let more = "<listOfUnitDefinitions><unitDefinition id=\"hour\"><listOfUnits>\
        <unit kind=\"second\" exponent=\"1\" scale=\"2\" multiplier=\"36\"/></listOfUnits></unitDefinition>\
        </listOfUnitDefinitions>";
    let model = model(THREE, more);
    let hour = model.unit_definitions["hour"];
    assert_eq!(hour.factor, 3600.0);
    let unknown = text(THREE, "").replace("value=\"3\"", "value=\"3\" units=\"fortnight\"");
    let loaded = load(&unknown).expect("a warning at most");
    assert_eq!(loaded.warnings.0[0].code, "units/unknown");
}

/// A reaction from A to B, marked as fast.
fn fast(constant: &str) -> String {
    let reference = |species: &str| {
        format!("<speciesReference species=\"{species}\" stoichiometry=\"1\" {constant}/>")
    };
    let law = math("<ci>A</ci>");
    format!(
        "<listOfReactions><reaction id=\"J\" reversible=\"true\" fast=\"true\">\
         <listOfReactants>{}</listOfReactants><listOfProducts>{}</listOfProducts>\
         <kineticLaw>{law}</kineticLaw></reaction></listOfReactions>",
        reference("A"),
        reference("B")
    )
}

#[test]
fn fast_reactions_are_read_in_level_two_and_refused_where_they_do_not_exist() {
    assert!(model(TWO, &fast("")).reactions[0].fast);
    let (code, _) = error(THREE, &fast("constant=\"true\""));
    assert_eq!(code, "syntax/sbml-unknown-attribute");
}
