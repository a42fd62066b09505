//! A model written as SBML reads back to the same model.

mod antimony_snippets;
mod round_trip;

use antimony_snippets::SNIPPETS;
use insilin::export::sbml;
use insilin::model::{Annotation, ExprKind, Formula, Model, Rule, Stoichiometry, Symbol};
use proptest::prelude::*;
use round_trip::{RICH, formula, read, said, shipped, suite};

/// Names of the definitions that model-wide units need in SBML; in Antimony they are no definitions of their own.
const WIDE: [&str; 6] = [
    "time_unit",
    "substance",
    "extent",
    "volume",
    "area",
    "length",
];

/// The model without what SBML says otherwise: definitions of units without a name, the order of annotations.
fn plain(model: &Model, of: &Model) -> Model {
    let mut model = model.clone();
    let is_own = |name: &String| of.unit_definitions.contains_key(name);
    let is_made = |name: &str| WIDE.contains(&name) || name.starts_with("unit_");
    model
        .unit_definitions
        .retain(|name, _| is_own(name) || !is_made(name));
    stoichiometries_by_place(&mut model);
    // Names that the reader makes up count all rules, those of stoichiometries among them.
    for rule in &mut model.rules {
        if let Rule::Algebraic(id, _) = rule
            && id.starts_with("rule ")
        {
            id.truncate("rule ".len());
        }
    }
    model.annotations.sort_keys();
    for annotations in model.annotations.values_mut() {
        annotations.sort_by(|a: &Annotation, b: &Annotation| a.keyword.cmp(&b.keyword));
    }
    model
}

/// SBML lists stoichiometries where they stand, in the order of reactions.
fn stoichiometries_by_place(model: &mut Model) {
    let mut order: Vec<usize> = Vec::new();
    for reaction in &mut model.reactions {
        for reference in reaction.reactants.iter_mut().chain(&mut reaction.products) {
            if let Stoichiometry::Named(at) = &mut reference.stoichiometry {
                let known = order.iter().position(|other| other == at);
                let place = known.unwrap_or(order.len());
                if known.is_none() {
                    order.push(*at);
                }
                *at = place;
            }
        }
    }
    assert_eq!(order.len(), model.stoichiometries.len());
    let sorted = order.iter().map(|&at| model.stoichiometries[at].clone());
    model.stoichiometries = sorted.collect();
    let moved = |symbol: Symbol| match symbol {
        Symbol::Stoichiometry(old) => {
            let place = order.iter().position(|other| *other == old);
            Symbol::Stoichiometry(place.expect("all are in the order"))
        }
        symbol => symbol,
    };
    let again = |formula: &mut Formula| {
        let map = |symbol: &Symbol, _| Ok::<_, ()>(ExprKind::Symbol(moved(*symbol)));
        *formula = formula.try_map(&mut { map }).expect("nothing fails");
    };
    for start in &mut model.initial_assignments {
        start.symbol = moved(start.symbol);
        again(&mut start.value);
    }
    for rule in &mut model.rules {
        if let Rule::Assignment(symbol, value) | Rule::Rate(symbol, value) = rule {
            *symbol = moved(*symbol);
            again(value);
        }
    }
    model
        .reactions
        .iter_mut()
        .filter_map(|r| r.rate.as_mut())
        .for_each(again);
    for (symbol, value) in model.events.iter_mut().flat_map(|e| &mut e.assignments) {
        *symbol = moved(*symbol);
        again(value);
    }
}

fn written(name: &str, model: &Model) -> String {
    match sbml(model) {
        Ok(text) => {
            let said = text.warnings.0.iter().map(|w| w.message.as_str());
            let said: Vec<&str> = said.collect();
            assert!(said.is_empty(), "{name}: {said:?}");
            text.value
        }
        Err(found) => panic!("{name}: {found:?}"),
    }
}

fn check_round_trip(name: &str, model: &Model) {
    let text = written(name, model);
    let again = read(&format!("{name} exported"), &text);
    let (first, second) = (said(&plain(model, model)), said(&plain(&again, model)));
    if let Some((left, right)) = first.lines().zip(second.lines()).find(|(a, b)| a != b) {
        panic!("{name}: `{left}` became `{right}` through\n{text}");
    }
    assert_eq!(
        first.len(),
        second.len(),
        "{name}: cut short through\n{text}"
    );
    assert_eq!(
        written(name, &again),
        text,
        "{name}: the text is not stable"
    );
}

#[test]
fn every_snippet_reads_back_from_its_sbml() {
    for (name, text) in SNIPPETS {
        let model = read(name, text);
        if name == "s26" {
            let found = sbml(&model).expect_err("random draws are no part of core");
            assert_eq!(found.0[0].code, "export/no-counterpart");
        } else {
            check_round_trip(name, &model);
        }
    }
}

#[test]
fn every_shipped_model_reads_back_from_its_sbml() {
    for (name, model) in shipped() {
        check_round_trip(&name, &model);
    }
}

#[test]
fn every_model_of_the_test_suite_reads_back_from_its_sbml() {
    for (name, model) in suite() {
        check_round_trip(&name, &model);
    }
}

#[test]
fn a_rich_model_reads_back_from_its_sbml() {
    // Random draws are no part of core.
    let text = RICH.replace("d = lognormal(0, 0.2)", "");
    check_round_trip("rich", &read("rich", &text));
}

proptest! {
    #[test]
    fn every_formula_reads_back_from_its_mathml(formula in formula()) {
        let text = format!("x := {formula}\na = 1; b = 2");
        check_round_trip(&formula, &read("formula", &text));
    }
}
