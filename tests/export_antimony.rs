//! The flat text of a model reads back to the same model.

mod antimony_snippets;
mod round_trip;

use antimony_snippets::SNIPPETS;
use insilin::diag::{MemorySources, Severity, SourceMap, render};
use insilin::export::{antimony, antimony_losses};
use insilin::model::lower::load;
use insilin::model::{InitialValue, Model, Rule};
use proptest::prelude::*;
use round_trip::{RICH, formula, meant, read, said, shipped, suite};

fn check_round_trip(name: &str, model: &Model) {
    let text = antimony(model);
    let again = read(&format!("{name} exported"), &text);
    let (first, second) = (said(model), said(&again));
    if let Some((left, right)) = first.lines().zip(second.lines()).find(|(a, b)| a != b) {
        panic!("{name}: `{left}` became `{right}` through\n{text}");
    }
    assert_eq!(
        first.len(),
        second.len(),
        "{name}: cut short through\n{text}"
    );
    assert_eq!(antimony(&again), text, "{name}: the text is not stable");
}

#[test]
fn every_snippet_reads_back_from_its_flat_text() {
    for (name, text) in SNIPPETS {
        check_round_trip(name, &read(name, text));
    }
}

#[test]
fn every_shipped_model_reads_back_from_its_flat_text() {
    for (name, model) in shipped() {
        check_round_trip(&name, &model);
    }
}

fn first_difference(one: &str, other: &str) -> Option<String> {
    let mut pairs = one.lines().zip(other.lines());
    let differs = pairs.find(|(one, other)| one != other);
    differs.map(|(one, other)| format!("`{}` became `{}`", one.trim(), other.trim()))
}

fn try_read(name: &str, text: &str) -> Result<Model, String> {
    let mut map = SourceMap::new();
    let read = load(name, &MemorySources::new([(name, text)]), &mut map);
    let read = read.map_err(|found| {
        let first = found.0.into_iter().find(|f| f.severity == Severity::Error);
        render(&first.expect("an error is why it is refused"), &map)
    });
    read.map(|model| model.value)
}

#[test]
fn every_model_of_the_test_suite_reads_back_from_its_flat_text() {
    let mut wrong = Vec::new();
    for (name, model) in suite() {
        let text = antimony(&model);
        // SBML bears units that disagree, Antimony does not: no spelling of theirs is read.
        let lost = antimony_losses(&model);
        let disagree = lost.0.iter().any(|told| told.message.starts_with("units"));
        let found = match try_read("flat", &text) {
            Err(_) if disagree => None,
            Ok(again) => first_difference(&meant(&model), &meant(&again)),
            Err(found) => Some(found),
        };
        wrong.extend(found.map(|found| format!("{name}: {found}")));
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_rich_model_reads_back_from_its_flat_text() {
    check_round_trip("rich", &read("rich", RICH));
}

#[test]
fn published_listings_read_back_from_their_flat_text() {
    let Ok(shared) = std::env::var("INSILIN_SHARED") else {
        let required = std::env::var("INSILIN_REQUIRE_SHARED").is_ok_and(|v| v == "1");
        assert!(!required, "INSILIN_SHARED is not set");
        eprintln!("skipped: INSILIN_SHARED is not set");
        return;
    };
    let path = format!("{shared}/literature/signalling-model-listings.md");
    let page = std::fs::read_to_string(path).expect("the listings are there");
    let listings: Vec<&str> = page
        .split("\n## ")
        .skip(1)
        .filter_map(|section| section.split("\n```").nth(1))
        .collect();
    assert_eq!(listings.len(), 13);
    for listing in listings {
        check_round_trip("listing", &read("listing", listing));
    }
}

#[test]
fn ids_that_are_words_of_the_language_get_an_underscore() {
    let mut model = read("t", "A -> B; k1*A\nA = 1; B = 2; k1 = 3; model_ = 4");
    model.species[0].identity.id = "species".to_string();
    model.species[1].identity.id = "time".to_string();
    model.parameters[0].identity.id = "model".to_string();
    let again = read("t exported", &antimony(&model));
    let ids: Vec<&str> = again
        .symbols()
        .map(|s| again.identity(s).id.as_str())
        .collect();
    let expected = [
        "species_",
        "time_",
        "default_compartment",
        "model__",
        "model_",
        "_J0",
    ];
    assert_eq!(ids, expected);
}

#[test]
fn what_only_sbml_can_say_is_kept_in_our_own_spelling() {
    let mut model = read(
        "t",
        "J: A -> ; k\nA = 1; k = 3; compartment m = 2; species S in m = 4",
    );
    model.compartments[0].dimensions = 2.0;
    model.species[1].constant = true;
    model.species[1].boundary = true;
    model.reactions[0].fast = true;
    model.species[1].only_substance_units = true;
    model.species[1].initial = Some(InitialValue::Concentration(4.0));
    model.species[0].substance_unit = insilin::units::parse_unit("0.3 mg").ok();
    let again = read("t exported", &antimony(&model));
    assert_eq!(again.compartments[0].dimensions, 2.0);
    assert!(again.species[1].constant && again.reactions[0].fast);
    assert_eq!(
        again.species[1].initial,
        Some(InitialValue::Concentration(4.0))
    );
    let unit = again.species[0].substance_unit.unwrap();
    assert!(unit.same(&insilin::units::parse_unit("0.3 mg").unwrap()));
    assert_eq!(
        antimony(&again),
        antimony(&read("again", &antimony(&again)))
    );
}

#[test]
fn texts_with_quotes_and_lines_are_kept() {
    for text in [
        "a \"quoted\" word",
        "two\nlines",
        "back\\slash",
        "plain // no comment",
    ] {
        let mut model = read("t", "x = 1");
        model.parameters[0].identity.name = text.to_string();
        let again = read("t exported", &antimony(&model));
        assert_eq!(again.parameters[0].identity.name, text);
    }
}

proptest! {
    #[test]
    fn every_formula_reads_back_from_its_text(formula in formula()) {
        let text = format!("x := {formula}\na = 1; b = 2");
        let model = read("formula", &text);
        let Rule::Assignment(..) = &model.rules[0] else { unreachable!("one rule was written") };
        check_round_trip(&formula, &model);
    }
}
