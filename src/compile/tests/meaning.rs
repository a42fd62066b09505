//! SBML's meaning of amounts, concentrations, compartments, rules and start values, against closed forms.

use crate::compile::program::Target;
use crate::compile::testing::{Build, Machine, assert_near};
use crate::compile::{Options, ParameterDerivatives, compile};
use crate::model::InitialValue;

#[test]
fn species_are_amounts_inside_and_concentrations_outside() {
    let mut build = Build::new(4.0);
    build.at("S", 3.0);
    build.species("A", Some(InitialValue::Amount(10.0)));
    build.last().only_substance_units = true;
    build.reaction("J", &[("S", "1")], &[("A", "2")], "S + A");
    let program = build.program();
    let mut machine = Machine::new(&program);
    assert_eq!(machine.states(), [12.0, 10.0]);
    assert_eq!(
        [
            machine.observe("S"),
            machine.observe("A"),
            machine.observe("J")
        ],
        [3.0, 10.0, 13.0]
    );
    assert_eq!(machine.run(&program.derivative), [-13.0, 26.0]);
}

#[test]
fn stoichiometries_on_both_sides_are_netted_and_boundaries_stay() {
    let mut build = Build::new(1.0);
    build.at("S", 2.0);
    build.at("B", 5.0);
    build.last().boundary = true;
    build.reaction("J", &[("S", "1"), ("B", "1")], &[("S", "3")], "S*B");
    let program = build.program();
    assert_eq!(program.states.len(), 1);
    assert_eq!(Machine::new(&program).run(&program.derivative), [20.0]);
}

#[test]
fn named_stoichiometries_and_conversion_factors_scale_the_flow() {
    let mut build = Build::new(1.0);
    build.at("S", 2.0);
    build.at("P", 1.0);
    let n = build.stoichiometry("n", 3.0);
    build.parameter("k", 0.5);
    build.parameter("factor", 10.0);
    build.assign(n, "1 + k");
    build.reaction("J", &[("S", "n")], &[("P", "2")], "S");
    build.model.species[1].conversion_factor = Some(1);
    let program = build.program();
    assert_eq!(
        Machine::new(&program).run(&program.derivative),
        [-3.0, 40.0]
    );
    assert!(
        program.moieties.is_empty(),
        "a named stoichiometry may change"
    );
}

#[test]
fn a_rate_rule_on_a_concentration_in_a_growing_compartment_keeps_the_product_rule() {
    // [S]' = −[S], c' = 2: amount' = −[S]·c + [S]·2.
    let mut build = Build::default();
    let c = build.compartment("c", Some(5.0), false);
    let s = build.at("S", 3.0);
    build.rate(c, "2");
    build.rate(s, "-S");
    let program = build.program();
    let mut machine = Machine::new(&program);
    let ids: Vec<&str> = program
        .states
        .iter()
        .map(|state| state.id.as_str())
        .collect();
    assert_eq!(ids, ["S", "c"]);
    assert_eq!(machine.states(), [15.0, 5.0]);
    assert_eq!(
        machine.run(&program.derivative),
        [-3.0 * 5.0 + 3.0 * 2.0, 2.0]
    );
}

#[test]
fn a_compartment_under_an_assignment_rule_changes_along_the_flow() {
    // c = 1 + w·time with w' = −w: c' = w − w·time. At time 2, w = 0.5: c = 2, c' = −0.5.
    let mut build = Build::default();
    let c = build.compartment("c", None, false);
    let s = build.at("S", 3.0);
    let w = build.parameter("w", 0.5);
    let r = build.parameter("r", None);
    build.rate(w, "-w");
    build.assign(c, "1 + w*time");
    build.rate(s, "7");
    build.assign(r, "rateOf(c)");
    let program = build.program();
    let mut machine = Machine::new(&program);
    machine.set_time(2.0);
    machine.set_states(&[8.0, 0.5]);
    assert_eq!(machine.observe("S"), 4.0);
    assert_eq!(machine.observe("r"), -0.5);
    assert_eq!(
        machine.run(&program.derivative),
        [7.0 * 2.0 + 4.0 * -0.5, -0.5]
    );
}

#[test]
fn rate_of_is_the_derivative_of_the_symbol_itself() {
    let mut build = Build::new(2.0);
    build.at("S", 3.0);
    build.reaction("J", &[("S", "1")], &[], "S*4");
    let product = build.parameter("product", None);
    build.assign(product, "S*S*time");
    for (id, formula) in [
        ("a", "rateOf(S)"),
        ("b", "rateOf(product)"),
        ("d", "rateOf(J)"),
        ("e", "rateOf(c)"),
    ] {
        let symbol = build.parameter(id, None);
        build.assign(symbol, formula);
    }
    let program = build.program();
    let mut machine = Machine::new(&program);
    machine.set_time(5.0);
    // S' = −4 S / 2 = −6; (S² t)' = 2 S S' t + S² = −180 + 9; J' = 4 S' = −24.
    let values = ["a", "b", "d", "e"].map(|id| machine.observe(id));
    assert_near(&values, &[-6.0, -171.0, -24.0, 0.0], 1e-14);
}

#[test]
fn species_that_nothing_changes_keep_their_amount_when_the_compartment_grows() {
    let mut build = Build::default();
    let c = build.compartment("c", Some(2.0), false);
    build.at("S", 3.0);
    build.rate(c, "1");
    let program = build.program();
    let mut machine = Machine::new(&program);
    assert_eq!(machine.parameter("S"), 6.0);
    machine.set_states(&[4.0]);
    assert_eq!(machine.observe("S"), 1.5);
}

#[test]
fn initial_assignments_that_use_constants_alone_follow_their_parameters() {
    let mut build = Build::new(1.0);
    build.parameter("k", 3.0);
    let twice = build.parameter("twice", 99.0);
    build.initially(twice, "2*k");
    let x = build.parameter("x", 1.0);
    build.rate(x, "-twice*x");
    let program = build.program();
    assert!(program.parameters.iter().all(|slot| slot.id != "twice"));
    let mut machine = Machine::new(&program);
    machine.set_parameter("k", 5.0);
    assert_eq!(machine.run(&program.derivative), [-10.0]);
}

#[test]
fn initial_assignments_of_changed_symbols_are_computed_at_the_start_only() {
    let mut build = Build::new(1.0);
    build.parameter("k", 3.0);
    let s = build.at("S", 0.25);
    let p = build.parameter("p", 99.0);
    let q = build.parameter("q", None);
    build.initially(p, "2*k + time");
    build.initially(q, "p + S");
    build.reaction("J", &[("S", "1")], &[], "p*q*S");
    build.event("S < 0.1", &[(p, "1"), (s, "4")]);
    let program = build.program();
    let mut machine = Machine::new(&program);
    machine.set_time(1.0);
    machine.restart();
    assert_eq!(
        [machine.parameter("p"), machine.parameter("q")],
        [7.0, 7.25]
    );
    assert_eq!(machine.states(), [0.25]);
}

#[test]
fn start_values_depend_on_each_other_in_any_order() {
    let mut build = Build::new(2.0);
    let s = build.at("S", 1.0);
    let t = build.at("T", 1.0);
    let k = build.parameter("k", 1.0);
    build.reaction("J", &[("S", "1")], &[("T", "1")], "k*S");
    let total = build.parameter("total", None);
    build.assign(total, "S + T");
    build.initially(k, "total - 1");
    build.initially(s, "T + 1");
    build.initially(t, "3");
    let program = build.program();
    let mut machine = Machine::new(&program);
    assert_eq!(machine.states(), [8.0, 6.0]);
    assert_eq!(machine.observe("total"), 7.0);
    // k = total − 1 = 6 at the start and stays: J = 6·4.
    assert_eq!(machine.observe("J"), 24.0);
}

#[test]
fn rate_of_in_a_start_value_uses_the_start_values_of_the_states() {
    let mut build = Build::new(1.0);
    let x = build.parameter("x", 3.0);
    build.rate(x, "-2*x");
    let v = build.parameter("v", None);
    build.initially(v, "rateOf(x)");
    let program = build.program();
    assert_eq!(Machine::new(&program).parameter("v"), -6.0);
}

#[test]
fn starts_given_by_the_caller_carry_through_to_what_depends_on_them() {
    let mut build = Build::new(2.0);
    let s = build.at("S", 1.0);
    let k = build.parameter("k", None);
    build.initially(k, "10*S");
    build.initially(s, "7");
    build.reaction("J", &[("S", "1")], &[], "k*S");
    let options = Options {
        starts: vec![s],
        ..Options::default()
    };
    let program = build.program_with(&options);
    let mut machine = Machine::new(&program);
    assert_eq!(
        machine.states(),
        [2.0],
        "the plain value serves until the caller gives another"
    );
    machine.set_parameter("S", 5.0);
    machine.restart();
    assert_eq!(machine.states(), [10.0]);
    assert_eq!(machine.parameter("k"), 50.0);
    assert_eq!(program.targets.len(), 1);
    let slot = machine.slot("S");
    assert_eq!(program.targets[0].target, Target::Parameter(slot));
}

#[test]
fn targets_stay_settable_and_say_how_values_and_amounts_are_kept() {
    let mut build = Build::new(4.0);
    let s = build.at("S", 1.0);
    let input = build.at("input", 3.0);
    build.last().boundary = true;
    let k = build.parameter("k", 2.0);
    build.initially(k, "1 + 1");
    build.reaction("J", &[("S", "1")], &[], "k*S*input");
    let options = Options {
        targets: vec![s, input, k],
        ..Options::default()
    };
    let program = build.program_with(&options);
    let mut machine = Machine::new(&program);
    let scales: Vec<Vec<f64>> = program
        .targets
        .iter()
        .map(|target| machine.run(&target.scale))
        .collect();
    assert_eq!(scales, [[4.0, 1.0], [1.0, 0.25], [1.0, 1.0]]);
    assert_eq!(program.targets[0].target, Target::State(0));
    assert_eq!(
        [machine.parameter("input"), machine.parameter("k")],
        [3.0, 2.0]
    );
    machine.set_parameter("input", 5.0);
    assert_eq!(machine.observe("J"), 10.0);
}

#[test]
fn events_set_concentrations_as_amounts_in_the_size_before_they_happen() {
    let mut build = Build::new(2.0);
    let c = build.model.symbol("c").expect("the compartment");
    let s = build.at("S", 1.0);
    let k = build.parameter("k", 1.0);
    build.reaction("J", &[("S", "1")], &[], "k*S");
    build.event("S < 0.5", &[(s, "3"), (c, "10"), (k, "k + S")]);
    let program = build.program();
    let mut machine = Machine::new(&program);
    let event = &program.events[0];
    // As case 01780 of the SBML Test Suite has it: the amount is set first, the size then changes the concentration.
    assert_eq!(machine.run(&event.values), [3.0, 10.0, 2.0]);
    assert_eq!(machine.run(&event.scales), [2.0, 1.0, 1.0]);
    let slots = [machine.slot("c"), machine.slot("k")].map(Target::Parameter);
    assert_eq!(event.targets, [Target::State(0), slots[0], slots[1]]);
    assert_eq!(machine.run(&event.trigger), [0.0]);
    assert_eq!(event.roots, [0]);
}

#[test]
fn options_of_events_are_carried_over() {
    let mut build = Build::new(1.0);
    let k = build.parameter("k", 2.0);
    let x = build.parameter("x1", 1.0);
    build.rate(x, "-k*x1");
    build.event("x1 < 0.5", &[(k, "3*x1")]);
    let number = |value| Some(crate::model::Formula::number(value));
    let event = &mut build.model.events[0];
    event.delay = Some(crate::model::Formula::symbol(k));
    event.priority = number(7.0);
    event.persistent = false;
    event.initial_value = false;
    event.values_from_trigger_time = false;
    let program = build.program();
    let mut machine = Machine::new(&program);
    let event = &program.events[0];
    assert_eq!(event.id, "event0");
    assert!(!event.persistent && !event.initial_value && !event.values_from_trigger_time);
    let delay = event.delay.as_ref().map(|block| machine.run(block));
    let priority = event.priority.as_ref().map(|block| machine.run(block));
    assert_eq!((delay, priority), (Some(vec![2.0]), Some(vec![7.0])));
    assert_eq!(machine.run(&event.values), [3.0]);
}

#[test]
fn observables_cover_all_but_parameters_that_stay() {
    let mut build = Build::new(2.0);
    build.at("S", 3.0);
    build.parameter("k", 2.0);
    let derived = build.parameter("derived", None);
    build.initially(derived, "k + 1");
    let rule = build.parameter("rule", None);
    build.assign(rule, "S*derived");
    let switch = build.parameter("switch", 1.0);
    build.reaction("J", &[("S", "1")], &[], "k*S*switch");
    build.event("S < 1", &[(switch, "0")]);
    let program = build.program();
    let ids: Vec<&str> = program
        .quantities
        .iter()
        .map(|quantity| quantity.id.as_str())
        .collect();
    assert_eq!(ids, ["S", "c", "derived", "rule", "switch", "J"]);
    let values = Machine::new(&program).run(&program.observe);
    assert_eq!(values, [3.0, 2.0, 3.0, 9.0, 1.0, 6.0]);
}

#[test]
fn algebraic_rules_find_their_unknowns_through_assignment_rules() {
    // 0 = total − 10 where total := S + free, S fixed by its reaction: the unknown is `free`.
    let mut build = Build::new(1.0);
    build.at("S", 4.0);
    build.reaction("J", &[("S", "1")], &[], "S");
    build.parameter("free", None);
    build.parameter("fixed", 10.0);
    if let Some(last) = build.model.parameters.last_mut() {
        last.constant = true;
    }
    let total = build.parameter("total", None);
    build.assign(total, "S + free");
    build.algebraic("total - fixed");
    let program = build.program();
    let rows: Vec<(&str, f64)> = program
        .states
        .iter()
        .map(|state| (state.id.as_str(), state.mass))
        .collect();
    assert_eq!(rows, [("S", 1.0), ("free", 0.0)]);
    let mut machine = Machine::new(&program);
    machine.set_states(&[4.0, 5.0]);
    assert_eq!(machine.run(&program.derivative), [-4.0, -1.0]);
}

#[test]
fn delays_are_looked_up_and_constant_lags_known() {
    let mut build = Build::new(1.0);
    let x = build.parameter("x", 2.0);
    build.parameter("tau", 3.0);
    build.rate(x, "-delay(x, 1.5) + delay(x*time, tau) + delay(x, 0)");
    let program = build.program();
    assert_eq!(program.delays.len(), 2);
    assert_eq!(program.delays[0].constant_lag, Some(1.5));
    assert_eq!(program.delays[1].constant_lag, None);
    let mut machine = Machine::new(&program);
    machine.set_time(4.0);
    let lags: Vec<Vec<f64>> = program
        .delays
        .iter()
        .map(|delay| machine.run(&delay.lag))
        .collect();
    assert_eq!(lags, [[1.5], [3.0]]);
    assert_eq!(machine.run(&program.delays[1].value), [8.0]);
    assert_eq!(program.layout.scratch - program.layout.past, 2);
}

#[test]
fn a_delayed_value_at_the_start_is_the_start_value_at_the_earlier_time() {
    let mut build = Build::new(1.0);
    let x = build.parameter("x", 2.0);
    build.rate(x, "-x");
    let start = build.parameter("start", None);
    build.initially(start, "delay(x*time, 3)");
    let program = build.program();
    let mut machine = Machine::new(&program);
    machine.set_time(5.0);
    machine.restart();
    assert_eq!(machine.parameter("start"), 4.0);
}

#[test]
fn extra_formulas_get_blocks_in_order() {
    let mut build = Build::new(2.0);
    let s = build.at("S", 3.0);
    build.reaction("J", &[("S", "1")], &[], "S");
    let extras = [
        crate::model::Formula::symbol(s),
        crate::model::Formula::symbol(crate::model::Symbol::Reaction(0)),
    ];
    let program = compile(&build.model, &extras, &Options::default())
        .expect("it compiles")
        .value;
    let mut machine = Machine::new(&program);
    machine.set_states(&[10.0]);
    let values: Vec<Vec<f64>> = program
        .extras
        .iter()
        .map(|block| machine.run(block))
        .collect();
    assert_eq!(values, [[5.0], [5.0]]);
}

#[test]
fn nominal_sizes_come_from_starts_then_totals_then_partners() {
    let mut build = Build::new(2.0);
    build.at("S", 3.0);
    build.at("T", 0.0);
    build.at("waste", 0.0);
    build.at("more", 0.0);
    build.at("alone", 0.0);
    build.reaction("J1", &[("S", "1")], &[("T", "2")], "S");
    build.reaction("J2", &[("waste", "1")], &[], "waste");
    build.reaction("J3", &[("waste", "1")], &[("more", "1")], "waste");
    build.reaction("J4", &[("more", "1"), ("S", "0")], &[], "more*S");
    build.reaction("J5", &[], &[("alone", "1")], "1");
    let nominal = |build: &Build| -> Vec<f64> {
        let program = build.program();
        program.states.iter().map(|state| state.nominal).collect()
    };
    // 2 S + T = 12 bounds T; nothing is known of the rest.
    assert_eq!(nominal(&build), [6.0, 12.0, 1.0, 1.0, 1.0]);
    build.reaction("J6", &[("S", "1")], &[("more", "1")], "S");
    // Now `more` has S for a partner and `waste` has `more`.
    assert_eq!(nominal(&build), [6.0, 6.0, 6.0, 6.0, 1.0]);
}

#[test]
fn the_size_of_a_compartment_that_stays_is_a_constant_unless_asked_for() {
    let mut build = Build::new(2.0);
    build.at("S", 3.0);
    build.reaction("J", &[("S", "1")], &[], "S");
    let c = build.model.symbol("c").expect("the compartment");
    assert!(build.program().parameters.is_empty());
    let options = Options {
        starts: vec![c],
        ..Options::default()
    };
    let program = build.program_with(&options);
    let mut machine = Machine::new(&program);
    machine.set_parameter("c", 5.0);
    machine.restart();
    assert_eq!(machine.states(), [15.0]);
    let options = Options {
        parameter_derivatives: ParameterDerivatives::All,
        ..Options::default()
    };
    // S' = −amount ÷ c: by c it is amount ÷ c² = 6 ÷ 4.
    let program = build.program_with(&options);
    let by_size = Machine::new(&program).run(&program.parameter_derivatives[0]);
    assert_eq!(by_size, [1.5]);
}

#[test]
fn a_start_concentration_and_a_size_that_need_each_other_are_a_loop() {
    let mut build = Build::default();
    let c = build.compartment("c", None, false);
    build.at("S", 3.0);
    build.last().only_substance_units = true;
    build.reaction("J", &[("S", "1")], &[], "S");
    build.initially(c, "S");
    assert_eq!(build.refusal().0[0].code, "compile/cycle");
}

#[test]
fn a_chain_of_ten_thousand_rules_does_not_exhaust_the_stack() {
    let mut build = Build::new(1.0);
    let n = 10_000;
    // The first rules need the last ones, so that nothing is made before it is asked for.
    let symbols: Vec<_> = (0..=n).map(|_| build.parameter("v", None)).collect();
    for pair in symbols.windows(2) {
        let next = crate::model::Formula::symbol(pair[1]);
        let one = crate::model::Formula::number(1.0);
        let sum = crate::model::Formula::call(crate::model::Function::Plus, vec![next, one]);
        build
            .model
            .rules
            .push(crate::model::Rule::Assignment(pair[0], sum));
    }
    build.model.rules.push(crate::model::Rule::Assignment(
        symbols[n],
        crate::model::Formula::number(0.0),
    ));
    let program = build.program();
    let value = Machine::new(&program).run(&program.observe)[1];
    assert_eq!(value, n as f64);
}
