//! Our own cases in the form of the SBML Test Suite, `tests/sbml/*`: tight tolerances, expectations in closed form.
//!
//! `tests/sbml/ORIGIN.md` tells where the numbers come from.
#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use support::files::package;
use support::sbml::{self, Case};

mod support;

/// Component tags of the suite, those of flux balance apart.
const COMPONENT_TAGS: &str = "AlgebraicRule AssignmentRule CSymbolAvogadro CSymbolDelay CSymbolRateOf CSymbolTime Compartment \
    EventNoDelay EventPriority EventWithDelay FunctionDefinition InitialAssignment Parameter RateRule Reaction Species \
    StoichiometryMath comp:Deletion comp:ExternalModelDefinition comp:ModelDefinition comp:Port comp:ReplacedBy \
    comp:ReplacedElement comp:SBaseRef comp:Submodel";

/// Test tags of the suite, those of flux balance apart.
const TEST_TAGS: &str = "0D-Compartment Amount AssignedConstantStoichiometry AssignedVariableStoichiometry BoolNumericSwap \
    BoundaryCondition Concentration ConstantSpecies ConversionFactors DefaultValue DelayInEventAssignment DelayInTrigger \
    EventIsNotPersistent EventIsPersistent EventT0Firing EventUsesAssignmentTimeValues EventUsesTriggerTimeValues FastReaction \
    HasOnlySubstanceUnits InitialValueReassigned L3v2MathML LocalParameters MultiCompartment MultipleFastReactions NoMathML \
    NonConstantCompartment NonConstantParameter NonUnityCompartment NonUnityStoichiometry RandomEventExecution \
    ReversibleReaction SpeciesReferenceInMath UncommonMathML VolumeConcentrationRates comp:ConversionFactor \
    comp:ExtentConversionFactor comp:SubmodelOutput comp:TimeConversionFactor";

const LEVELS: [&str; 7] = ["2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2"];

#[test]
fn every_case_gives_the_expected_table() {
    let cases = cases();
    let out = tempfile::tempdir().expect("a folder for tables");
    let verdicts = sbml::score_all(&cases, out.path());
    let failing: Vec<String> = cases
        .iter()
        .zip(&verdicts)
        .filter_map(|(case, verdict)| Some(format!("{}: {}", case.name, verdict.as_ref().err()?)))
        .collect();
    assert!(
        failing.is_empty(),
        "{} of {} cases fail\n{}",
        failing.len(),
        cases.len(),
        failing.join("\n")
    );
}

#[test]
fn the_cases_cover_every_tag_and_level() {
    let cases = cases();
    assert!(cases.len() >= 160, "{} cases", cases.len());
    let covered: BTreeSet<String> = cases.iter().flat_map(Case::tags).collect();
    let known: BTreeSet<String> = [COMPONENT_TAGS, TEST_TAGS]
        .iter()
        .flat_map(|tags| tags.split_whitespace().map(str::to_string))
        .collect();
    assert_eq!(covered, known);
    let levels: BTreeSet<String> = cases.iter().map(|case| said(case, "levels")).collect();
    assert_eq!(levels, LEVELS.map(str::to_string).into());
}

#[test]
fn every_case_says_what_it_is_and_where_its_numbers_come_from() {
    for case in cases() {
        for key in ["synopsis", "source"] {
            assert!(!said(&case, key).is_empty(), "{} has no {key}", case.name);
        }
    }
}

fn said(case: &Case, key: &str) -> String {
    sbml::value(&case.header, key)
}

fn cases() -> Vec<Case> {
    let mut folders = sbml::folders(&package().join("tests/sbml"));
    let is_case = |folder: &PathBuf| !folder.ends_with("generator");
    folders.retain(is_case);
    folders
        .iter()
        .map(|folder| Case::of_package(folder))
        .collect()
}
