//! What Antimony texts mean: the model that comes out, with SBML's meaning.

#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod antimony_snippets;

use antimony_snippets::SNIPPETS;
use insilin::diag::{Diagnostics, MemorySources, Severity, SourceMap, Warned, render_all};
use insilin::model::lower::load;
use insilin::model::text::formula_text;
use insilin::model::{
    Formula, InitialValue, Model, Reaction, Rule, Species, Stoichiometry, Symbol,
};
use insilin::units::{Unit, parse_unit};

fn read<const N: usize>(files: [(&str, &str); N]) -> Result<Warned<Model>, Diagnostics> {
    load(
        files[0].0,
        &MemorySources::new(files),
        &mut SourceMap::new(),
    )
}

fn model_of(text: &str) -> Model {
    let mut map = SourceMap::new();
    match load("t.ant", &MemorySources::new([("t.ant", text)]), &mut map) {
        Ok(model) => model.value,
        Err(found) => panic!("{}", render_all(&found, &map)),
    }
}

fn snippet(name: &str) -> Model {
    let (_, text) = SNIPPETS.iter().find(|(own, _)| *own == name).unwrap();
    model_of(text)
}

/// Codes of what is said about a text, errors or not, without notes.
fn codes(text: &str) -> Vec<&'static str> {
    let found = match read([("t.ant", text)]) {
        Ok(model) => model.warnings,
        Err(found) => found,
    };
    let told = found.into_iter().filter(|d| d.severity != Severity::Note);
    told.map(|d| d.code).collect()
}

/// Asserts that a text is refused for one reason; gives its message and hint.
fn refused(text: &str, code: &str) -> String {
    let found = read([("t.ant", text)]).expect_err("the text is wrong");
    let error = found.0.iter().find(|d| d.code == code);
    let error = error.unwrap_or_else(|| panic!("no {code} in {found:?}"));
    assert!(error.span.is_some(), "{code} has no place");
    format!(
        "{} | {}",
        error.message,
        error.hint.as_deref().unwrap_or("")
    )
}

fn warned(text: &str, code: &str) {
    let model = read([("t.ant", text)]).expect("the text is accepted");
    assert!(
        model.warnings.0.iter().any(|d| d.code == code),
        "{code}: {:?}",
        model.warnings
    );
}

fn ids(model: &Model) -> Vec<&str> {
    model
        .symbols()
        .map(|s| model.identity(s).id.as_str())
        .collect()
}

fn species<'m>(model: &'m Model, id: &str) -> &'m Species {
    model.species.iter().find(|s| s.identity.id == id).unwrap()
}

fn reaction<'m>(model: &'m Model, id: &str) -> &'m Reaction {
    model
        .reactions
        .iter()
        .find(|r| r.identity.id == id)
        .unwrap()
}

fn value(model: &Model, id: &str) -> Option<f64> {
    match model.symbol(id).unwrap_or_else(|| panic!("no {id}")) {
        Symbol::Parameter(at) => model.parameters[at].value,
        Symbol::Compartment(at) => model.compartments[at].size,
        Symbol::Stoichiometry(at) => model.stoichiometries[at].value,
        other => panic!("{id} is {other:?}"),
    }
}

fn is_constant(model: &Model, id: &str) -> bool {
    match model.symbol(id).unwrap() {
        Symbol::Parameter(at) => model.parameters[at].constant,
        Symbol::Compartment(at) => model.compartments[at].constant,
        other => panic!("{id} is {other:?}"),
    }
}

fn text(model: &Model, formula: &Formula) -> String {
    formula_text(formula, &|symbol| match symbol {
        Symbol::Argument(at) => format!("#{at}"),
        symbol => model.identity(*symbol).id.clone(),
    })
}

fn rate(model: &Model, id: &str) -> String {
    text(model, reaction(model, id).rate.as_ref().unwrap())
}

/// `x := …`, `x' = …`, `0 = …` in order.
fn rules(model: &Model) -> Vec<String> {
    let id = |symbol: &Symbol| model.identity(*symbol).id.clone();
    let write = |rule: &Rule| match rule {
        Rule::Assignment(symbol, f) => format!("{} := {}", id(symbol), text(model, f)),
        Rule::Rate(symbol, f) => format!("{}' = {}", id(symbol), text(model, f)),
        Rule::Algebraic(name, f) => format!("{name}: 0 = {}", text(model, f)),
    };
    model.rules.iter().map(write).collect()
}

fn starts(model: &Model) -> Vec<String> {
    let write = |start: &insilin::model::InitialAssignment| {
        format!(
            "{} = {}",
            model.identity(start.symbol).id,
            text(model, &start.value)
        )
    };
    model.initial_assignments.iter().map(write).collect()
}

fn side(model: &Model, participants: &[insilin::model::SpeciesReference]) -> Vec<(String, f64)> {
    let number = |s: &Stoichiometry| match s {
        Stoichiometry::Number(value) => *value,
        Stoichiometry::Named(_) => f64::NAN,
    };
    participants
        .iter()
        .map(|p| {
            let id = model.species[p.species].identity.id.clone();
            (id, number(&p.stoichiometry))
        })
        .collect()
}

fn modifiers(model: &Model, id: &str) -> Vec<(String, u32)> {
    let modifiers = &reaction(model, id).modifiers;
    let named = |(at, sbo): &(usize, u32)| (model.species[*at].identity.id.clone(), *sbo);
    modifiers.iter().map(named).collect()
}

fn same_unit(unit: Option<Unit>, text: &str) -> bool {
    unit.is_some_and(|unit| unit.same(&parse_unit(text).unwrap()))
}

#[test]
fn s01_bare_statements_make_the_implicit_module() {
    let model = snippet("s01");
    assert_eq!(model.id, "__main");
    assert_eq!(
        ids(&model),
        ["S1", "S2", "default_compartment", "k1", "_J0"]
    );
    assert_eq!(model.compartments[0].size, Some(1.0));
    assert_eq!(model.compartments[0].dimensions, 3.0);
    assert!(model.compartments[0].constant && is_constant(&model, "k1"));
    assert!(model.reactions[0].reversible);
    assert_eq!(
        species(&model, "S1").initial,
        Some(InitialValue::Concentration(10.0))
    );
    assert_eq!(species(&model, "S2").initial, None);
    assert_eq!(codes(SNIPPETS[0].1), ["model/no-value"]);
}

#[test]
fn s02_and_s03_stoichiometry_and_empty_sides() {
    let model = snippet("s02");
    assert!(!reaction(&model, "bind").reversible);
    let reactants = side(&model, &reaction(&model, "bind").reactants);
    assert_eq!(
        reactants,
        [("IR".to_string(), 1.0), ("Ins".to_string(), 2.0)]
    );
    assert_eq!(rate(&model, "bind"), "kon*IR*Ins^2");
    let model = snippet("s03");
    assert!(reaction(&model, "syn").reactants.is_empty());
    assert!(reaction(&model, "deg").products.is_empty());
    let twice = model_of("S + S -> ; k\nS = 1; k = 1");
    assert_eq!(twice.reactions[0].reactants.len(), 2);
}

#[test]
fn s04_to_s06_modifiers_are_species_in_the_law_and_interactions() {
    let model = snippet("s04");
    assert_eq!(modifiers(&model, "trans"), [("Akt".to_string(), 0)]);
    let model = snippet("s05");
    assert!(matches!(model.symbol("Akt"), Some(Symbol::Parameter(_))));
    assert!(modifiers(&model, "trans").is_empty());
    let model = snippet("s06");
    let expected = [("IR", 459), ("JNK", 20), ("X", 19)];
    let expected = expected.map(|(id, sbo)| (id.to_string(), sbo));
    assert_eq!(modifiers(&model, "J0"), expected);
    warned(SNIPPETS[5].1, "model/not-in-rate");
}

#[test]
fn s07_and_s08_compartments_boundary_and_amounts() {
    let model = snippet("s07");
    let oxygen = species(&model, "O2");
    assert!(oxygen.boundary && !oxygen.constant);
    assert_eq!(model.compartments[oxygen.compartment].identity.id, "cell");
    assert_eq!(value(&model, "plasma"), Some(3.0));
    assert_eq!(
        species(&model, "G").initial,
        Some(InitialValue::Concentration(5.0))
    );
    let model = snippet("s08");
    assert!(species(&model, "Q").only_substance_units);
    assert_eq!(
        species(&model, "Q").initial,
        Some(InitialValue::Amount(4.0))
    );
    assert_eq!(
        species(&model, "R").initial,
        Some(InitialValue::Concentration(4.0))
    );
    assert_eq!(
        species(&model, "T").initial,
        Some(InitialValue::Amount(4.0))
    );
    let quotient = model_of("compartment c = 2; substanceOnly species Q in c; Q = 4/c");
    assert_eq!(starts(&quotient), ["Q = 4/c"]);
}

#[test]
fn s09_and_s10_values_and_rules() {
    let model = snippet("s09");
    assert_eq!(value(&model, "a"), Some(1.0));
    assert_eq!(starts(&model), ["b = 2*a"]);
    assert_eq!(rules(&model), ["c := b + time", "w' = -w"]);
    assert_eq!(value(&model, "w"), Some(3.0));
    let constants = ["a", "b", "c", "w"].map(|id| is_constant(&model, id));
    assert_eq!(constants, [true, true, false, false]);
    let model = snippet("s10");
    assert!(species(&model, "Ins").boundary && !species(&model, "X").boundary);
    assert_eq!(rules(&model)[1], "X' = 0.1*(Ins - X)");
    assert_eq!(
        species(&model, "X").initial,
        Some(InitialValue::Concentration(1.0))
    );
}

#[test]
fn s11_to_s13_schedules_and_events() {
    let model = snippet("s11");
    assert_eq!(
        rules(&model),
        ["meal := piecewise(75/30, time >= 480 && time < 510, 0)"]
    );
    let model = snippet("s12");
    let event = &model.events[0];
    assert_eq!(event.identity.id, "E1");
    assert_eq!(text(&model, event.delay.as_ref().unwrap()), "2");
    assert_eq!(text(&model, &event.trigger), "G > 7");
    assert_eq!(text(&model, event.priority.as_ref().unwrap()), "1");
    assert!(!event.persistent && !event.initial_value && !event.values_from_trigger_time);
    assert_eq!(text(&model, &event.assignments[1].1), "n + 1");
    let constants = ["G", "pump", "n"].map(|id| is_constant(&model, id));
    assert_eq!(constants, [true, false, false]);
    let model = snippet("s13");
    let event = &model.events[0];
    assert_eq!(event.identity.id, "_E0");
    assert!(event.persistent && event.initial_value && event.values_from_trigger_time);
}

#[test]
fn s14_functions_are_global_and_keep_their_arguments() {
    let model = snippet("s14");
    assert_eq!(model.id, "m");
    let hill = &model.functions["hill"];
    assert_eq!(hill.arguments, ["x", "K", "n"]);
    assert_eq!(text(&model, &hill.body), "#0^#2/(#1^#2 + #0^#2)");
    assert_eq!(rules(&model), ["y := hill(time, 3, 2)"]);
}

#[test]
fn s15_ports_take_the_outer_name_and_the_outer_value() {
    let model = snippet("s15");
    assert_eq!(model.id, "body");
    let mut all = ids(&model);
    all.sort_unstable();
    let expected = [
        "default_compartment",
        "glc",
        "k1",
        "liver_G6P",
        "liver_up",
        "muscle_G6P",
        "muscle_k",
        "muscle_up",
    ];
    assert_eq!(all, expected);
    assert_eq!(rate(&model, "liver_up"), "k1*glc");
    assert_eq!(rate(&model, "muscle_up"), "muscle_k*glc");
    assert_eq!(value(&model, "muscle_k"), Some(0.9));
    assert_eq!(value(&model, "k1"), Some(0.1));
    assert_eq!(
        species(&model, "glc").initial,
        Some(InitialValue::Concentration(5.0))
    );
    assert!(
        codes(SNIPPETS[14].1)
            .iter()
            .all(|code| *code == "model/no-value")
    );
}

#[test]
fn s16_synchronised_elements_become_one_and_the_right_name_stays() {
    let model = snippet("s16");
    assert_eq!(ids(&model)[0], "B_G");
    assert_eq!(model.species.len(), 1);
    assert_eq!(rate(&model, "A_up"), "kk*B_G");
    assert_eq!(rate(&model, "B_up"), "B_k*B_G");
    assert_eq!(value(&model, "kk"), Some(1.0));
}

#[test]
fn s17_deletion_blanking_and_time_conversion() {
    let model = snippet("s17");
    assert_eq!(model.reactions.len(), 1);
    assert_eq!(rate(&model, "B_J"), "B_x");
    assert_eq!(rules(&model), ["A_x' = -A_x/60"]);
    assert!(is_constant(&model, "B_x"));
}

#[test]
fn s18_and_s19_units_of_parameters_and_species() {
    let model = snippet("s18");
    assert!(same_unit(model.parameters[0].unit, "mM"));
    assert!(same_unit(model.parameters[1].unit, "1/min"));
    assert!(same_unit(model.units.time, "min"));
    assert_eq!(value(&model, "G"), Some(5.0));
    let model = snippet("s19");
    assert!(same_unit(species(&model, "G").substance_unit, "mmol"));
    assert!(same_unit(species(&model, "Q").substance_unit, "mol"));
    let covered = model_of("unit a = 2 metre^2; unit b = 1/60 second^-1; x = 1 a; y = 1 b");
    assert_eq!(covered.unit_definitions["a"].factor, 4.0);
    assert_eq!(covered.unit_definitions["b"].factor, 60.0);
}

#[test]
fn s20_to_s22_names_and_annotations_are_kept() {
    let model = snippet("s20");
    assert_eq!(model.parameters[0].identity.name, "protein kinase B");
    assert_eq!(model.annotations["Akt"][0].keyword, "notes");
    let model = snippet("s21");
    assert_eq!(species(&model, "Glc").identity.sbo, Some(247));
    assert_eq!(
        model.annotations["Glc"][0].values,
        ["urn:miriam:obo.chebi:CHEBI%3A17234"]
    );
    let model = snippet("s22");
    assert_eq!((model.id.as_str(), model.name.as_str()), ("m", "Lesson 1"));
    let keywords: Vec<&str> = model.annotations["m"]
        .iter()
        .map(|a| a.keyword.as_str())
        .collect();
    // `taxon` is another word for `hasTaxon`.
    assert_eq!(keywords, ["created", "creator1.name", "notes", "hasTaxon"]);
}

#[test]
fn s23_to_s26_stoichiometries_equations_constraints_draws() {
    let model = snippet("s23");
    assert_eq!(
        model.reactions[0].reactants[0].stoichiometry,
        Stoichiometry::Named(0)
    );
    assert_eq!(value(&model, "n"), Some(3.0));
    assert_eq!(model.parameters.len(), 1);
    let model = snippet("s24");
    assert_eq!(rules(&model), ["_alg0: 0 = x + y - 3"]);
    assert!(!is_constant(&model, "x") && is_constant(&model, "y"));
    assert!(!model.parameters[0].input, "an equation determines it");
    let model = snippet("s25");
    assert_eq!(text(&model, &model.constraints[0].condition), "G > 0");
    let model = snippet("s26");
    assert_eq!(starts(&model), ["k = lognormal(0, 0.2)"]);
    assert_eq!(value(&model, "Vmax"), Some(3.0));
    let range = model.annotations["Vmax"]
        .iter()
        .find(|a| a.keyword == "range");
    assert_eq!(range.unwrap().values, ["1", "6"]);
}

#[test]
fn s27_precedence_as_measured() {
    let model = snippet("s27");
    let expected = [
        "x := -a^2 + a^(b^2) - b/a/b",
        "y := (!(a > 1) || b == 3) && a != 4",
        "z := 7 % 3 + ln(100) + log10(100)",
    ];
    assert_eq!(rules(&model), expected);
}

#[test]
fn s28_the_place_of_a_reaction_is_that_of_its_unplaced_species() {
    let model = snippet("s28");
    assert_eq!(reaction(&model, "J0").compartment, Some(0));
    assert_eq!(model.compartments.len(), 1);
    assert_eq!(species(&model, "A").compartment, 0);
    // The last placed reaction counts, as libantimony does it.
    let text = "compartment c1 = 2, c2 = 3\nJ0 in c1: A -> B; 1\nJ1 in c2: A -> D; 1\nspecies X";
    let model = model_of(text);
    let place = |id: &str| {
        model.compartments[species(&model, id).compartment]
            .identity
            .id
            .clone()
    };
    assert_eq!(
        ["A", "B", "D", "X"].map(place),
        ["c2", "c1", "c2", "default_compartment"]
    );
}

#[test]
fn conversion_factors_divide_inside_and_multiply_values() {
    // libantimony 3.3.0 writes the same formulas for this text.
    let model = model_of(
        "model s()\n x = 1; y = 2*x; z := 3*x\n J: A -> B; x*A\n A = 5\nend\n\
         model *p()\n a: s(); cf = 2\n a.x * cf is k\n a.A * cf is Q\n species Q\nend",
    );
    assert_eq!(rules(&model), ["a_z := 3*(k/cf)"]);
    assert_eq!(rate(&model, "a_J"), "k/cf*(Q/cf)");
    assert_eq!(
        starts(&model)[..3],
        ["Q = 5*cf", "a_y = 2*(k/cf)", "k = 1*cf"]
    );
    // What a reaction of the submodule takes from `a.A` it takes `cf` times from `Q`.
    assert_eq!(starts(&model)[3], "a_J_Q_stoichiometry = 1*cf");
}

#[test]
fn time_and_extent_conversion_reach_every_formula() {
    let model = model_of(
        "model s()\n x = 1; x' = time; y := rateOf(x) + J; J: -> S; x; S = 0\n\
         at 3 after time > 2: x = 0\n q := delay(x, 2)\nend\n\
         model *p()\n c = 60; e = 10\n a: s(), timeconv = c, extentconv = e\nend",
    );
    let expected = [
        "a_x' = time/c/c",
        "a_y := rateOf(a_x)*c + a_J*c/e",
        "a_q := delay(a_x, 2*c)",
    ];
    assert_eq!(rules(&model), expected);
    assert_eq!(rate(&model, "a_J"), "a_x/c*e");
    assert_eq!(text(&model, &model.events[0].trigger), "time/c > 2");
    assert_eq!(text(&model, model.events[0].delay.as_ref().unwrap()), "3*c");
}

#[test]
fn inner_rules_travel_with_synchronisation_and_outer_ones_count() {
    let inner = "model s()\n w = 1; w' = -w; z := 3\nend\nmodel *p()\n a: s()\n";
    let model = model_of(&format!("{inner} k = 5; a.w is k\nend"));
    assert_eq!(rules(&model), ["k' = -k", "a_z := 3"]);
    assert_eq!(value(&model, "k"), Some(5.0));
    warned(
        &format!("{inner} k = 5; a.z is k\nend"),
        "model/rule-dropped",
    );
    refused(&format!("{inner} k := 5; a.w is k\nend"), "model/two-rules");
    refused(&format!("{inner} a.z = 4\nend"), "model/rule-and-value");
    let model = model_of(&format!("{inner} a.z := ; a.z = 4\nend"));
    assert_eq!(value(&model, "a_z"), Some(4.0));
    let model = model_of("model s()\n x = 1\nend\nmodel *p()\n a: s(); a.x := time\nend");
    assert_eq!(rules(&model), ["a_x := time"]);
}

#[test]
fn names_of_submodules_are_flattened_without_clash() {
    let model = model_of(
        "model i()\n A -> B; 1\n A = 1; B = 1\nend\nmodel m()\n s: i()\nend\n\
         model *p()\n a: m(); i(); a_s_A = 3; a.s.A = 7\nend",
    );
    let reactions: Vec<&str> = model
        .reactions
        .iter()
        .map(|r| r.identity.id.as_str())
        .collect();
    assert_eq!(reactions, ["a_s__J0", "_sys0__J0"]);
    assert_eq!(value(&model, "a_s_A"), Some(3.0));
    assert_eq!(
        species(&model, "a_s_A_1").initial,
        Some(InitialValue::Concentration(7.0))
    );
}

#[test]
fn a_submodule_put_in_a_compartment_takes_its_species_there() {
    let model = model_of(
        "model s()\n A -> ; 1\n A = 1\nend\nmodel *p()\n compartment c = 2\n a in c: s()\nend",
    );
    assert_eq!(model.compartments.len(), 1);
    assert_eq!(model.compartments[0].identity.id, "c");
}

#[test]
fn names_and_terms_of_units_make_no_parameters() {
    let text = "unit mM = 1e-3 mole / litre; mM is \"millimolar\"; x = 1; x has mM;
        time_unit is \"time\"; mM identity \"urn:miriam:unit:UO:0000063\"";
    let model = model_of(text);
    let ids: Vec<&str> = model
        .symbols()
        .map(|symbol| model.identity(symbol).id.as_str())
        .collect();
    assert_eq!(ids, ["x"]);
    assert_eq!(codes(text), [""; 0]);
    // A thing of that name is still the one that is named.
    let model = model_of("unit k = litre; k = 2; k is \"rate\"");
    assert_eq!(model.parameters[0].identity.name, "rate");
}

#[test]
fn unit_names_that_clash_get_the_submodule_in_front() {
    let model = model_of(
        "model s()\n unit u = 2 mole; x = 1 u; y := x + 1 u\nend\n\
         model *p()\n unit u = 3 mole; a: s(); z = 2 u\nend",
    );
    assert_eq!(model.unit_definitions["u"].factor, 3.0);
    assert_eq!(model.unit_definitions["a_u"].factor, 2.0);
    assert_eq!(rules(&model), ["a_y := a_x + 1 a_u"]);
}

#[test]
fn inputs_are_declared_var_and_driven_by_nothing() {
    let model = model_of("var a = 1; var b; b := a; var c = 2; at time > 1: c = 3\nd = 4");
    let inputs: Vec<bool> = model.parameters.iter().map(|p| p.input).collect();
    assert_eq!(inputs, [true, false, false, false]);
}

#[test]
fn the_exported_module_is_the_starred_one_then_bare_text_then_the_last() {
    let pair = "model a()\n x = 1\nend\nmodel b()\n y = 1\nend\n";
    assert_eq!(model_of(pair).id, "b");
    assert_eq!(model_of(&format!("{pair}z = 1")).id, "__main");
    let starred = pair.replace("model a", "model *a");
    assert_eq!(model_of(&starred).id, "a");
    warned(&format!("{starred}z = 1"), "model/outside");
    assert_eq!(model_of(&format!("{pair}b is \"name\"")).name, "name");
}

#[test]
fn imports_are_followed_once_and_never_in_a_circle() {
    let part = "model part()\n x = 2\nend";
    let main = "import \"part.ant\"\nimport \"part.ant\"\nmodel *main()\n p: part()\nend";
    let model = read([("main.ant", main), ("part.ant", part)])
        .unwrap()
        .value;
    assert_eq!(value(&model, "p_x"), Some(2.0));
    let told = refused("import \"gone.ant\"\nx = 1", "model/not-found");
    assert!(told.contains("gone.ant"), "{told}");
    let found = read([("a.ant", "import \"b.ant\""), ("b.ant", "import \"a.ant\"")]);
    let found = found.expect_err("a circle");
    assert_eq!(found.0[0].code, "model/import-cycle");
    assert!(found.0[0].message.contains("`a.ant` → `b.ant` → `a.ant`"));
}

#[test]
fn mistakes_are_refused_with_their_place_and_a_way_out() {
    let cases = [
        ("x := foo(1)", "model/unknown-function", "foo"),
        (
            "x := ifelse(1, 2, 3)",
            "model/unknown-function",
            "piecewise",
        ),
        (
            "function f(a) a end\nx := f(1, 2)",
            "model/argument-count",
            "takes 1",
        ),
        (
            "function f(a) a + b end\nx := f(1)",
            "model/function-body",
            "`b`",
        ),
        (
            "function f(a) a + time end\nx := f(1)",
            "model/function-body",
            "`time`",
        ),
        (
            "function f(a) g(a) end\nfunction g(a) f(a) end\nx := f(1)",
            "model/recursion",
            "`f` → `g` → `f`",
        ),
        (
            "A -> B; 1\ncompartment A",
            "model/two-roles",
            "a compartment",
        ),
        (
            "E: at time > 1: x = 2\nE = 4",
            "model/two-roles",
            "an event",
        ),
        ("m := n; n := m + 1", "model/rule-cycle", "`m` → `n` → `m`"),
        (
            "a = b; b = 2*c; c = a",
            "model/value-cycle",
            "`a` → `b` → `c` → `a`",
        ),
        (
            "J: A -> ; k*v\nv := J",
            "model/rule-cycle",
            "`v` → `J` → `v`",
        ),
        ("x = 3; x := 4", "model/rule-and-value", "`x`"),
        ("x := 3; x' = 4", "model/two-rules", "x := ;"),
        ("A -> ; 1\nA := 3", "model/rule-and-reaction", "$A"),
        ("const k; k := 3", "model/constant-changed", "var"),
        ("A: m()", "model/unknown-module", "`m`"),
        (
            "model m()\n x = 1\nend\nA: mm()",
            "model/unknown-module",
            "did you mean `m`",
        ),
        (
            "model m()\n glucose = 1\nend\nA: m(); A.glucse = 2",
            "model/unknown-element",
            "did you mean `A.glucose`",
        ),
        (
            "model m()\n x = 1\nend\nA: m(); B.x = 2",
            "model/unknown-submodule",
            "`B`",
        ),
        (
            "model m(x)\n x = 1\nend\nA: m(p, q)",
            "model/argument-count",
            "exports 1",
        ),
        (
            "model a()\n b: b()\nend\nmodel b()\n x = 1\nend",
            "model/module-order",
            "before",
        ),
        (
            "model a()\n x = 1\nend\nmodel a()\n y = 1\nend",
            "model/module-twice",
            "`a`",
        ),
        (
            "model m()\n x = 1\nend\nA: m(); y := A.x; delete A.x",
            "model/deleted",
            "`A.x`",
        ),
        ("compartment c = -1", "model/value", "`c`"),
        ("compartment c = inf", "model/value", "`c`"),
        ("species S = nan", "model/value", "`S`"),
        ("reaction R; x = 1", "model/no-reaction", "`R`"),
        ("at time > 1: x = 1, x = 2", "model/event-target", "twice"),
        ("x := 2; at time > 1: x = 1", "model/event-target", "rule"),
        (
            "at time > 1, persistent = k: x = 1",
            "model/event-option",
            "persistent",
        ),
        ("y := rateOf(2*x); x' = 1", "model/rate-of", "one element"),
        ("x = 3 mol", "units/unknown", "`mole`"),
        ("x has min; x = 1", "units/unknown", "60 second"),
        (
            "unit a = 2 b; unit b = 3 a; x = 1 a",
            "units/cycle",
            "itself",
        ),
    ];
    for (text, code, part) in cases {
        let told = refused(text, code);
        assert!(told.contains(part), "{code}: `{part}` is not in `{told}`");
    }
    let found = read([("t.ant", "# nothing\n")]).expect_err("there is no model");
    assert!(found.has_errors());
}

#[test]
fn several_mistakes_are_told_together() {
    let found = read([("t.ant", "x := foo(1)\ny := bar(2)\nz := A.b")]);
    let found = found.expect_err("three mistakes");
    assert_eq!(
        found
            .0
            .iter()
            .filter(|d| d.severity == Severity::Error)
            .count(),
        3
    );
}

#[test]
fn what_was_probably_not_meant_is_warned_of() {
    warned("y := k*2", "model/no-value");
    warned("x = 3; x = 4", "model/duplicate");
    warned("J: A -> ; 1\nJ: A -> B; 2", "model/duplicate");
    warned("G = 9; at G > 7: p = 1", "model/true-at-start");
    warned("at time >= 0: p = 1", "model/true-at-start");
    warned(
        "compartment c = 2; species A in c; A -> ; k*A",
        "model/rate-per-size",
    );
    warned("A.position = {1, 2}; species A", "model/layout");
    let text = "model s()\n compartment c = 1; species A in c; A = 1\nend\n\
                model *p()\n a: s(); b: s(); a.A is b.A\nend";
    warned(text, "model/two-compartments");
    assert!(codes("G = 9; p = 0; at G > 7, t0 = false: p = 1").is_empty());
    assert!(codes("compartment c = 2; species A in c; A = 1; k = 1\nA -> ; c*k*A").is_empty());
    let over = "model s()\n x = 1\nend\nmodel *p()\n a: s(); a.x = 3\nend";
    assert!(codes(over).is_empty(), "an override is no duplicate");
}

#[test]
fn deep_formulas_and_many_symbols_are_no_burden() {
    let deep = format!("x := {}a{}\na = 1", "sin(".repeat(200), ")".repeat(200));
    assert_eq!(rules(&model_of(&deep)).len(), 1);
    let mut long = String::new();
    for at in 0..5000 {
        long.push_str(&format!(
            "S{at} -> S{}; k{at}*S{at}\nS{at} = 1; k{at} = 1\n",
            at + 1
        ));
    }
    let before = std::time::Instant::now();
    assert_eq!(model_of(&long).reactions.len(), 5000);
    assert!(before.elapsed().as_secs() < 10, "{:?}", before.elapsed());
}

/// Species, reactions and rules of the SBML file behind each published listing, counted in the files by element name.
const LISTINGS: [(&str, [usize; 3]); 11] = [
    ("BIOMD0000000343", [26, 0, 25]),
    ("BIOMD0000000423", [9, 11, 3]),
    ("BIOMD0000000448", [27, 34, 12]),
    ("MODEL1204060000", [23, 24, 0]),
    ("BIOMD0000000482", [23, 29, 0]),
    ("BIOMD0000000854", [4, 7, 4]),
    ("BIOMD0000000580", [39, 26, 13]),
    ("BIOMD0000000582", [40, 41, 17]),
    ("BIOMD0000000640", [45, 48, 14]),
    ("BIOMD0000000833", [61, 83, 83]),
    ("BIOMD0000000041", [10, 9, 0]),
];

#[test]
fn published_listings_lower_to_the_size_of_their_sbml_files() {
    let Ok(shared) = std::env::var("INSILIN_SHARED") else {
        let required = std::env::var("INSILIN_REQUIRE_SHARED").is_ok_and(|v| v == "1");
        assert!(!required, "INSILIN_SHARED is not set");
        eprintln!("skipped: INSILIN_SHARED is not set");
        return;
    };
    let path = format!("{shared}/literature/signalling-model-listings.md");
    let page = std::fs::read_to_string(path).expect("the listings are there");
    let mut count = 0;
    for section in page.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap();
        let Some(listing) = section.split("\n```").nth(1) else {
            continue;
        };
        let model = model_of(listing);
        count += 1;
        if let Some((_, expected)) = LISTINGS.iter().find(|(id, _)| title.contains(id)) {
            let sizes = [
                model.species.len(),
                model.reactions.len(),
                model.rules.len(),
            ];
            assert_eq!(sizes, *expected, "{title}");
        }
    }
    assert_eq!(count, 13);
}
