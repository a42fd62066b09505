//! What cannot be simulated right is refused, with the element named.

use crate::compile::testing::Build;
use crate::compile::{Options, compile};
use crate::model::{Distribution, Formula, Function};

/// The one finding: its code and message.
#[track_caller]
fn refusal(build: &Build) -> (&'static str, String) {
    let findings = build.refusal();
    assert_eq!(findings.0.len(), 1, "{findings:?}");
    (findings.0[0].code, findings.0[0].message.clone())
}

#[test]
fn a_loop_of_assignment_rules_is_named_in_full() {
    let mut build = Build::new(1.0);
    let symbols = ["a", "b", "d"].map(|id| build.parameter(id, None));
    build.assign(symbols[0], "b + 1");
    build.assign(symbols[1], "d*2");
    build.assign(symbols[2], "a");
    let (code, message) = refusal(&build);
    assert_eq!(code, "compile/cycle");
    assert_eq!(message, "`a` depends on itself: `a` → `b` → `d` → `a`");
}

#[test]
fn a_reaction_that_needs_its_own_effect_is_a_loop() {
    let mut build = Build::new(1.0);
    build.at("S", 1.0);
    build.reaction("J", &[("S", "1")], &[], "1 + rateOf(S)");
    assert_eq!(refusal(&build).0, "compile/cycle");
}

#[test]
fn start_values_in_a_loop_say_that_they_are_start_values() {
    let mut build = Build::new(1.0);
    let a = build.parameter("a", 1.0);
    let b = build.parameter("b", 1.0);
    build.rate(a, "1");
    build.rate(b, "1");
    build.initially(a, "b");
    build.initially(b, "a");
    let (code, message) = refusal(&build);
    assert_eq!(code, "compile/cycle");
    assert!(message.starts_with("the start value of `"), "{message}");
}

#[test]
fn a_missing_value_names_its_user() {
    let mut build = Build::new(1.0);
    build.at("S", 1.0);
    build.parameter("k", None);
    build.reaction("J", &[("S", "1")], &[], "k*S");
    assert_eq!(
        refusal(&build),
        (
            "compile/no-value",
            "`k` has no value, and `J` needs it".to_owned()
        )
    );
}

#[test]
fn a_missing_value_is_fine_when_nobody_needs_it_or_the_caller_gives_it() {
    let mut build = Build::new(1.0);
    build.at("S", 1.0);
    build.parameter("unused", None);
    let k = build.parameter("k", None);
    build.reaction("J", &[("S", "1")], &[], "k*S");
    for options in [
        Options {
            targets: vec![k],
            ..Options::default()
        },
        Options {
            starts: vec![k],
            ..Options::default()
        },
    ] {
        let program = build.program_with(&options);
        assert!(
            program
                .parameters
                .iter()
                .any(|slot| slot.id == "k" && slot.value.is_nan())
        );
    }
}

#[test]
fn a_species_without_start_value_is_refused() {
    let mut build = Build::new(1.0);
    build.species("S", None);
    build.reaction("J", &[("S", "1")], &[], "S");
    let (code, message) = refusal(&build);
    assert_eq!(code, "compile/no-value");
    assert!(message.starts_with("`S` has no value"), "{message}");
}

#[test]
fn a_compartment_without_size_is_refused_when_a_concentration_needs_it() {
    let mut build = Build::default();
    build.compartment("c", None, true);
    build.at("S", 1.0);
    build.reaction("J", &[("S", "1")], &[], "S");
    let findings = build.refusal();
    assert!(
        findings
            .0
            .iter()
            .any(|finding| finding.message.starts_with("`c` has no value"))
    );
}

#[test]
fn an_algebraic_rule_over_determined_quantities_is_refused() {
    let mut build = Build::new(1.0);
    build.at("S", 1.0);
    build.reaction("J", &[("S", "1")], &[], "S");
    build.algebraic("S - 1");
    let (code, message) = refusal(&build);
    assert_eq!(code, "compile/nothing-to-determine");
    assert!(message.contains("`algebraic0`"), "{message}");
}

#[test]
fn an_ambiguous_unknown_is_warned_of() {
    let mut build = Build::new(1.0);
    build.parameter("a", 1.0);
    build.parameter("b", 1.0);
    build.algebraic("a + b - 3");
    let compiled = compile(&build.model, &[], &Options::default()).expect("it compiles");
    let warnings = compiled.warnings;
    assert_eq!(warnings.0.len(), 1);
    assert_eq!(warnings.0[0].code, "compile/ambiguous-unknown");
    assert!(
        warnings.0[0].message.contains("`a` or `b`"),
        "{}",
        warnings.0[0].message
    );
}

#[test]
fn unknowns_that_cancel_out_are_refused_as_undetermined() {
    // Both rules contain both unknowns by name, but the second only as a factor of nothing.
    let mut build = Build::new(1.0);
    build.parameter("a", 1.0);
    build.parameter("b", 1.0);
    build.algebraic("a + 0*b");
    build.algebraic("a - 1 + 0*b");
    assert_eq!(refusal(&build).0, "compile/undetermined");
}

#[test]
fn a_rate_of_change_made_by_a_fast_reaction_is_refused_by_name() {
    let mut build = Build::new(1.0);
    build.at("S", 1.0);
    build.reaction("J", &[("S", "1")], &[], "S");
    build.model.reactions[0].fast = true;
    let x = build.parameter("x", 0.0);
    build.rate(x, "rateOf(S)");
    let (code, message) = refusal(&build);
    assert_eq!(code, "compile/fast-reaction");
    assert!(message.contains("`J`"));
}

#[test]
fn random_draws_are_refused() {
    let mut build = Build::new(1.0);
    let a = build.parameter("a", 1.0);
    build.initially(a, "1");
    let arguments = vec![Formula::number(0.0), Formula::number(1.0)];
    build.model.initial_assignments[0].value =
        Formula::call(Function::Draw(Distribution::Normal), arguments);
    assert_eq!(refusal(&build).0, "compile/random-draw");
}

#[test]
fn events_and_targets_cannot_set_what_a_formula_gives() {
    let mut build = Build::new(1.0);
    let a = build.parameter("a", None);
    build.assign(a, "time");
    build.event("time > 1", &[(a, "2")]);
    let (code, message) = refusal(&build);
    assert_eq!(code, "compile/target-has-formula");
    assert!(message.contains("`a`"));
    build.model.events.clear();
    let options = Options {
        targets: vec![a],
        ..Options::default()
    };
    let findings = compile(&build.model, &[], &options).expect_err("it is refused");
    assert_eq!(findings.0[0].code, "compile/target-has-formula");
}

#[test]
fn negative_delays_and_rates_of_formulas_are_refused() {
    let mut build = Build::new(1.0);
    let x = build.parameter("x1", 1.0);
    build.rate(x, "delay(x1, 0 - 1)");
    assert_eq!(refusal(&build).0, "compile/negative-lag");
    build.model.rules.clear();
    build.rate(x, "rateOf(2*x1)");
    assert_eq!(refusal(&build).0, "compile/rate-of");
}

#[test]
fn a_reaction_without_rate_does_not_run_and_says_so() {
    let mut build = Build::new(1.0);
    build.at("S", 1.0);
    build.reaction("J", &[("S", "1")], &[], "S");
    build.model.reactions[0].rate = None;
    let compiled = compile(&build.model, &[], &Options::default()).expect("it compiles");
    assert_eq!(compiled.warnings.0[0].code, "compile/no-rate");
}

#[test]
fn wrong_numbers_of_arguments_are_refused() {
    let mut build = Build::new(1.0);
    let a = build.parameter("a", None);
    build.function("f", 2, "x + y");
    build.assign(a, "f(1)");
    assert_eq!(refusal(&build).0, "compile/wrong-arguments");
    build.model.rules.clear();
    build.assign(a, "exp(1, 2)");
    assert_eq!(refusal(&build).0, "compile/wrong-arguments");
}
