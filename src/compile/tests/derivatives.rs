//! Symbolic derivatives against central differences of the program's own right-hand side.

use crate::compile::program::Program;
use crate::compile::testing::{Build, Machine, assert_near};
use crate::compile::{Options, ParameterDerivatives};

/// Step of the differences, relative. The error of a central difference is then near 1e-10 of the function's size.
const STEP: f64 = 1e-5;
const BOUND: f64 = 2e-7;

/// Checks all derivatives of `x' = formula`, `y' = x − y` at a state, where the formula may use `x`, `y`, `p`, `q`, `time`.
#[track_caller]
fn check(formula: &str, x: f64, y: f64) {
    let mut build = Build::new(1.0);
    let (a, b) = (build.parameter("a", x), build.parameter("b", y));
    build.parameter("p", 1.3);
    build.parameter("q", 0.4);
    build.rate(a, formula);
    build.rate(b, "a - b");
    let options = Options {
        parameter_derivatives: ParameterDerivatives::All,
        ..Options::default()
    };
    let program = build.program_with(&options);
    let mut machine = Machine::new(&program);
    machine.set_time(0.7);

    let dense = dense_jacobian(&mut machine, &program);
    for (column, point) in [x, y].into_iter().enumerate() {
        let numeric = difference(&mut machine, &program, point, |machine, value| {
            let mut states = [x, y];
            states[column] = value;
            machine.set_states(&states);
        });
        machine.set_states(&[x, y]);
        assert_near(&[dense[0][column], dense[1][column]], &numeric, BOUND);
    }
    let by_time = machine.run(&program.time_derivative);
    let numeric = difference(&mut machine, &program, 0.7, |machine, value| {
        machine.set_time(value)
    });
    machine.set_time(0.7);
    assert_near(&by_time, &numeric, BOUND);
    for id in ["p", "q"] {
        let slot = machine.slot(id);
        let symbolic = machine.run(&program.parameter_derivatives[slot]);
        let point = machine.parameter(id);
        let numeric = difference(&mut machine, &program, point, |machine, value| {
            machine.set_parameter(id, value);
        });
        machine.set_parameter(id, point);
        assert_near(&symbolic, &numeric, BOUND);
    }
}

fn dense_jacobian(machine: &mut Machine<'_>, program: &Program) -> Vec<Vec<f64>> {
    let n = program.states.len();
    let mut dense = vec![vec![0.0; n]; n];
    let values = machine.run(&program.jacobian);
    for ((row, column), value) in program.pattern.entries().zip(values) {
        dense[row][column] = value;
    }
    dense
}

fn difference(
    machine: &mut Machine<'_>,
    program: &Program,
    point: f64,
    set: impl Fn(&mut Machine<'_>, f64),
) -> Vec<f64> {
    let step = STEP * point.abs().max(1.0);
    set(machine, point + step);
    let above = machine.run(&program.derivative);
    set(machine, point - step);
    let below = machine.run(&program.derivative);
    set(machine, point);
    let pairs = above.iter().zip(&below);
    pairs
        .map(|(above, below)| (above - below) / (2.0 * step))
        .collect()
}

#[test]
fn arithmetic_is_differentiated() {
    check("p*a + q - b/(a + p) + a*b*time - (-a)", 1.7, 0.6);
    check("(a - b)/(q*a*a + p) - 2/a", 1.7, 0.6);
    check("plus(a, b, p, time) * times(a, b, q)", 1.7, 0.6);
}

#[test]
fn powers_are_differentiated_by_base_and_exponent() {
    check(
        "a^p + p^a + a^b + a^2 - a^3 + a^-1 + a^0.5 + b^-2 + a^7.5",
        1.7,
        0.6,
    );
    check("a^(p+2)/(q^(p+2) + a^(p+2))", 1.7, 0.6);
}

#[test]
fn a_hill_term_has_its_derivative_at_zero() {
    // a² / (q² + a²) with real exponent: slope 0 at a = 0, no NaN.
    let mut build = Build::new(1.0);
    let a = build.parameter("a", 0.0);
    build.parameter("n", 2.0);
    build.rate(a, "a^n/(0.16 + a^n)");
    let options = Options {
        parameter_derivatives: ParameterDerivatives::Of(vec!["n".to_owned()]),
        ..Options::default()
    };
    let program = build.program_with(&options);
    let mut machine = Machine::new(&program);
    assert_eq!(machine.run(&program.jacobian), [0.0]);
    let slot = machine.slot("n");
    assert_eq!(machine.run(&program.parameter_derivatives[slot]), [0.0]);
    let others = program
        .parameter_derivatives
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != slot);
    assert!(
        others
            .into_iter()
            .all(|(_, block)| block.outputs.is_empty())
    );
}

#[test]
fn powers_have_their_slopes_at_zero() {
    // d(aⁿ)/da at 0: infinite below n = 1, 1 at n = 1, 0 above.
    for (n, slope) in [(0.75, f64::INFINITY), (1.0, 1.0), (1.25, 0.0), (2.0, 0.0)] {
        let mut build = Build::new(1.0);
        let a = build.parameter("a", 0.0);
        build.parameter("n", n);
        build.rate(a, "a^n");
        let program = build.program();
        assert_eq!(
            Machine::new(&program).run(&program.jacobian),
            [slope],
            "n = {n}"
        );
    }
}

#[test]
fn powers_of_negative_numbers_are_differentiated() {
    check("a^9 + (a + b)^11", -1.2, 0.3);
}

#[test]
fn exponentials_and_logarithms_are_differentiated() {
    check(
        "exp(a*q) + ln(a + b) + log10(a*p) + log(p, a) + log(10, b) + sqrt(a*b) + root(3, a) + root(2, b)",
        1.7,
        0.6,
    );
}

#[test]
fn trigonometric_functions_are_differentiated() {
    for name in [
        "sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "sech", "csch", "coth",
    ] {
        check(&format!("{name}(a*b + q)"), 0.7, 0.6);
        check(&format!("{name}(a)"), -0.7, 0.6);
    }
}

#[test]
fn inverse_trigonometric_functions_are_differentiated() {
    for name in [
        "arcsin", "arccos", "arctan", "arccot", "arcsinh", "arctanh", "arccsch",
    ] {
        check(&format!("{name}(a*b)"), 0.7, 0.6);
        check(&format!("{name}(a)"), -0.7, 0.6);
    }
    for name in ["arcsec", "arccsc", "arccosh", "arccoth"] {
        check(&format!("{name}(a + b*b)"), 1.7, 0.6);
    }
    check("arcsech(a*b)", 0.7, 0.6);
}

#[test]
fn branches_are_differentiated_on_either_side() {
    for (a, b) in [(1.7, 0.6), (0.6, 1.7), (-1.1, -0.3)] {
        check("abs(a - b)*a + min(a*a, b, p) + max(a, b*b, q)", a, b);
        check("piecewise(a*a, a < b, b*a, b < p, time*a)", a, b);
        check("piecewise(sin(a), a >= b, p*b)", a, b);
        check(
            "a*(a > b) + b*and(a < b, b < p) + a*or(a > 2, not(b > p)) + xor(a > b, b > q)*b",
            a,
            b,
        );
    }
}

#[test]
fn steps_are_flat_between_their_jumps() {
    check(
        "a*floor(a*p) + b*ceil(b) + quotient(a, b)*a + rem(a, q)",
        1.7,
        0.6,
    );
    check("rem(time, q)*a + factorial(3)*b", 1.7, 0.6);
}

#[test]
fn functions_of_the_model_are_differentiated_through() {
    let mut build = Build::new(2.0);
    build.function("hill", 3, "x^z/(y^z + x^z)");
    build.function("twice", 1, "hill(x, 2, 3) + hill(2*x, 1, 2)");
    build.at("S", 0.8);
    build.at("T", 0.3);
    build.parameter("k", 0.9);
    build.reaction("J", &[("S", "1")], &[("T", "2")], "k*twice(S)*T*c");
    let program = build.program();
    let mut machine = Machine::new(&program);
    let dense = dense_jacobian(&mut machine, &program);
    let start = machine.states();
    assert_near(&start, &[1.6, 0.6], 1e-15);
    for column in 0..2 {
        let numeric = difference(&mut machine, &program, start[column], |machine, value| {
            let mut states = start.clone();
            states[column] = value;
            machine.set_states(&states);
        });
        assert_near(&[dense[0][column], dense[1][column]], &numeric, BOUND);
    }
}

#[test]
fn the_jacobian_stores_no_entry_that_is_identically_zero_off_the_diagonal() {
    let mut build = Build::new(1.0);
    for id in ["A", "B", "C"] {
        build.at(id, 1.0);
    }
    build.reaction("J1", &[("A", "1")], &[("B", "1")], "2*A");
    build.reaction("J2", &[("B", "1")], &[("C", "1")], "3*B");
    let program = build.program();
    let entries: Vec<_> = program.pattern.entries().collect();
    assert_eq!(entries, [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2)]);
    let values = Machine::new(&program).run(&program.jacobian);
    assert_eq!(values, [-2.0, 2.0, -3.0, 3.0, 0.0]);
}
