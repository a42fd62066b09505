//! Root functions: where triggers and branches change.

use crate::compile::program::Program;
use crate::compile::testing::{Build, Machine, assert_near};

/// `x' = formula` with `x = 1` and parameters `k = 5`, `m = 3`.
fn program(formula: &str) -> Program {
    let mut build = Build::new(1.0);
    let x = build.parameter("x1", 1.0);
    build.parameter("k", 5.0);
    build.parameter("m", 3.0);
    build.rate(x, formula);
    build.program()
}

/// Times at which roots that are linear in time are crossed; NaN for others.
fn times(program: &Program, now: f64) -> Vec<f64> {
    let mut machine = Machine::new(program);
    machine.set_time(now);
    let solutions = program.root_time_solutions.iter();
    solutions
        .map(|solution| {
            solution
                .as_ref()
                .map_or(f64::NAN, |block| machine.run(block)[0])
        })
        .collect()
}

#[test]
fn both_directions_of_a_comparison_share_one_root() {
    let program = program("piecewise(1, x1 < k, 0) + piecewise(2, k < x1, x1 >= k, 3, 4)");
    assert_eq!(program.roots.outputs.len(), 1);
    assert_eq!(program.root_is_time_only, [false]);
    assert_eq!(program.root_time_solutions, [None]);
    let mut machine = Machine::new(&program);
    let mut sides = [4.0, 5.0, 6.0].map(|state| {
        machine.set_states(&[state]);
        machine.run(&program.roots)[0]
    });
    if sides[0] > 0.0 {
        sides.reverse();
    }
    assert_eq!(sides, [-1.0, 0.0, 1.0]);
}

#[test]
fn comparisons_linear_in_time_are_solved() {
    let program = program(
        "x1*((time >= 480) + (time - k < m) + (2*time/m + 1 > k) + (-time < m) + (k*(time - m) > 10))",
    );
    assert_eq!(program.root_is_time_only, [true; 5]);
    let mut found = times(&program, 0.0);
    found.sort_by(f64::total_cmp);
    assert_near(&found, &[-3.0, 5.0, 6.0, 8.0, 480.0], 1e-15);
}

#[test]
fn time_solutions_follow_parameters() {
    let program = program("x1*(time >= k)");
    let mut machine = Machine::new(&program);
    machine.set_parameter("k", 7.5);
    let block = program.root_time_solutions[0]
        .as_ref()
        .expect("linear in time");
    assert_eq!(machine.run(block), [7.5]);
}

#[test]
fn nonlinear_functions_of_time_are_time_only_without_a_solution() {
    let program = program("piecewise(1, time*time > 9, 0)");
    assert_eq!(program.root_is_time_only, [true]);
    assert_eq!(program.root_time_solutions, [None]);
    let mut machine = Machine::new(&program);
    machine.set_time(3.0);
    assert_eq!(machine.run(&program.roots), [0.0]);
}

#[test]
fn steps_of_time_give_their_next_jump() {
    let program = program("floor(time/24) + ceil((3 - time)/2)");
    assert_eq!(program.root_is_time_only, [true, true]);
    let next = |now| {
        let mut found = times(&program, now);
        found.sort_by(f64::total_cmp);
        found
    };
    assert_near(&next(10.0), &[11.0, 24.0], 1e-12);
    assert_near(&next(24.0), &[25.0, 48.0], 1e-12);
    assert_near(&next(47.0), &[48.0, 49.0], 1e-12);
}

#[test]
fn the_remainder_of_time_has_a_root_at_each_wrap_and_one_at_its_comparison() {
    let program = program("piecewise(1, rem(time, 24) < 8, 0)");
    assert_eq!(program.roots.outputs.len(), 2);
    let mut found = times(&program, 30.0);
    found.sort_by(f64::total_cmp);
    assert_eq!(found[0], 48.0);
    assert!(found[1].is_nan(), "the comparison is no line in time");
}

#[test]
fn kinks_of_abs_min_and_max_are_roots() {
    let program = program("abs(x1 - 2) + min(x1, k) + max(x1, m)");
    let mut machine = Machine::new(&program);
    for kink in [2.0, 5.0, 3.0] {
        machine.set_states(&[kink]);
        let zeros = machine
            .run(&program.roots)
            .iter()
            .filter(|root| **root == 0.0)
            .count();
        assert_eq!(zeros, 1, "at {kink}");
    }
}

#[test]
fn whole_numbers_of_a_state_are_roots_of_its_floor() {
    let program = program("floor(x1)");
    let mut machine = Machine::new(&program);
    let mut at = |state: f64| {
        machine.set_states(&[state]);
        machine.run(&program.roots)[0]
    };
    assert!(at(1.9) * at(2.1) < 0.0);
    assert!(at(2.0).abs() < 1e-15);
    assert!(at(2.1) * at(2.9) > 0.0);
}

#[test]
fn comparisons_of_parameters_are_no_roots() {
    let program = program("piecewise(x1, k > m, -x1)");
    assert!(program.roots.outputs.is_empty());
}

#[test]
fn triggers_know_their_roots_and_observables_add_none() {
    let mut build = Build::new(1.0);
    let x = build.parameter("x1", 1.0);
    let seen = build.parameter("seen", None);
    build.rate(x, "-x1");
    build.assign(seen, "piecewise(1, x1 > 0.9, 0)");
    build.event("and(x1 < 0.5, time > 2)", &[(x, "1")]);
    build.event("time > 2", &[(x, "2")]);
    let program = build.program();
    assert_eq!(program.roots.outputs.len(), 2);
    let mut of_first = program.events[0].roots.clone();
    of_first.sort_unstable();
    assert_eq!(of_first, [0, 1]);
    assert_eq!(program.events[1].roots.len(), 1);
    assert!(program.root_is_time_only[program.events[1].roots[0]]);
}
