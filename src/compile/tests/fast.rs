//! Extents of fast reactions: which there are, and what the program makes of them.

use crate::compile::testing::{Build, Machine, assert_near};
use crate::compile::{Options, ParameterDerivatives};

/// `A → B`, `B → C` and so on as fast reactions in an order of the letters given.
fn network(reactions: &[(&str, &str)]) -> Build {
    let mut build = Build::new(2.0);
    for id in ["A", "B", "C"] {
        build.at(id, 1.0);
    }
    for (at, (from, to)) in reactions.iter().enumerate() {
        let law = format!("{}*{from}", at + 1);
        build.reaction(&format!("J{at}"), &[(from, "1")], &[(to, "1")], &law);
        build.model.reactions[at].fast = true;
    }
    build
}

fn extents(reactions: &[(&str, &str)]) -> usize {
    network(reactions).program().fast.extents.len()
}

#[test]
fn reverses_and_cycles_share_extents() {
    assert_eq!(extents(&[("A", "B")]), 1);
    assert_eq!(extents(&[("A", "B"), ("B", "A")]), 1);
    assert_eq!(extents(&[("A", "B"), ("B", "C"), ("C", "A")]), 2);
    assert_eq!(extents(&[("A", "B"), ("A", "B"), ("B", "C")]), 2);
}

#[test]
fn laws_of_a_cycle_are_balanced_against_the_reaction_that_closes_it() {
    let program = network(&[("A", "B"), ("B", "C"), ("C", "A")]).program();
    let mut machine = Machine::new(&program);
    // Amounts 4, 6, 10 in a size of 2: laws 2, 6, 15.
    machine.set_states(&[4.0, 6.0, 10.0, 0.0, 0.0]);
    let rows = machine.run(&program.derivative);
    assert_near(&rows[3..], &[2.0 - 15.0, 6.0 - 15.0], 1e-15);
    assert_near(&rows[..3], &[0.0; 3], 0.0);
}

#[test]
fn amounts_are_states_and_what_the_extents_make() {
    let program = network(&[("A", "B"), ("B", "C")]).program();
    let mut machine = Machine::new(&program);
    machine.set_states(&[4.0, 6.0, 10.0, 1.0, 0.5]);
    assert_eq!(program.fast.moved, [0, 1, 2]);
    assert_near(
        &machine.run(&program.fast.amounts),
        &[3.0, 6.5, 10.5],
        1e-15,
    );
}

#[test]
fn rows_with_extents_are_differentiated() {
    let mut build = Build::new(2.0);
    build.at("A", 1.0);
    build.at("B", 3.0);
    build.parameter("k", 0.7);
    let n = build.stoichiometry("n", 2.0);
    build.rate(n, "0.3*time");
    build.reaction("J", &[("A", "n")], &[("B", "1")], "k*A^3 - time*B");
    build.reaction("D", &[("B", "1")], &[], "k*B^2");
    build.model.reactions[0].fast = true;
    let program = build.program_with(&Options {
        parameter_derivatives: ParameterDerivatives::All,
        ..Options::default()
    });
    let mut machine = Machine::new(&program);
    machine.set_time(0.6);
    let point = [1.9, 5.2, 2.1, 0.25];
    machine.set_states(&point);
    let size = program.states.len();
    assert_eq!(size, point.len());
    let entries = machine.run(&program.jacobian);
    let by_parameter = machine.run(&program.parameter_derivatives[machine.slot("k")]);
    let mut dense = vec![vec![0.0; size]; size];
    for ((row, column), value) in program.pattern.entries().zip(entries) {
        dense[column][row] = value;
    }
    const STEP: f64 = 1e-6;
    for (column, symbolic) in dense.iter().enumerate() {
        let mut side = |step: f64| {
            let mut states = point;
            states[column] += step;
            machine.set_states(&states);
            machine.run(&program.derivative)
        };
        let (above, below) = (side(STEP), side(-STEP));
        let slope = above
            .iter()
            .zip(&below)
            .map(|(a, b)| (a - b) / (2.0 * STEP));
        assert_near(symbolic, &slope.collect::<Vec<f64>>(), 1e-7);
    }
    machine.set_states(&point);
    let mut side = |step: f64| {
        machine.set_parameter("k", 0.7 + step);
        machine.run(&program.derivative)
    };
    let (above, below) = (side(STEP), side(-STEP));
    let slope = above
        .iter()
        .zip(&below)
        .map(|(a, b)| (a - b) / (2.0 * STEP));
    assert_near(&by_parameter, &slope.collect::<Vec<f64>>(), 1e-7);
}
