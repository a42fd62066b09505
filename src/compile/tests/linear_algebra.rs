//! Factorisation and solution against the residual of the dense system, conserved moieties, and the register file.

use crate::compile::program::Program;
use crate::compile::testing::{Build, Machine, assert_near};

/// A reproducible stream of numbers in (−1, 1): a linear congruential generator, Knuth's MMIX constants.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn below(&mut self, limit: usize) -> usize {
        ((self.next() + 1.0) / 2.0 * limit as f64) as usize % limit
    }
}

/// Largest entry of `b − (shift · M − J) x`.
fn residual(program: &Program, jacobian: &[f64], shift: f64, x: &[f64], b: &[f64]) -> f64 {
    let mut left = b.to_vec();
    for (row, state) in program.states.iter().enumerate() {
        left[row] -= shift * state.mass * x[row];
    }
    for ((row, column), value) in program.pattern.entries().zip(jacobian) {
        left[row] += value * x[column];
    }
    left.iter()
        .fold(0.0, |worst: f64, entry| worst.max(entry.abs()))
}

/// `x'_i = Σ_j S_j` over a few random j each: only the pattern matters.
fn random_network(n: usize, numbers: &mut Numbers) -> Program {
    let mut build = Build::new(1.0);
    let symbols: Vec<_> = (0..n)
        .map(|i| build.parameter(&format!("v{i}"), 1.0))
        .collect();
    for symbol in symbols {
        let terms: Vec<String> = (0..3)
            .map(|_| format!("v{}*v{}", numbers.below(n), numbers.below(n)))
            .collect();
        build.rate(symbol, &terms.join(" + "));
    }
    build.program()
}

#[test]
fn solutions_satisfy_the_system_on_random_patterns() {
    let mut numbers = Numbers(7);
    for n in [1, 2, 3, 8, 20, 40] {
        for _ in 0..5 {
            let program = random_network(n, &mut numbers);
            let jacobian: Vec<f64> = program
                .pattern
                .columns
                .iter()
                .map(|_| numbers.next())
                .collect();
            let b: Vec<f64> = (0..n).map(|_| numbers.next()).collect();
            // A shift of 10 dominates rows of at most seven entries, so static pivots are safe.
            let (x, pivots) = Machine::new(&program).solve(&jacobian, 10.0, &b);
            assert!(
                pivots
                    .iter()
                    .all(|pivot| pivot.is_finite() && *pivot != 0.0)
            );
            let worst = residual(&program, &jacobian, 10.0, &x, &b);
            assert!(worst < 1e-13, "n = {n}: residual {worst}");
        }
    }
}

#[test]
fn an_arrow_matrix_fills_nothing() {
    // Every state acts on the first and the first on every state: eliminating the first one first would fill all.
    let n = 30;
    let mut build = Build::new(1.0);
    let symbols: Vec<_> = (0..n)
        .map(|i| build.parameter(&format!("v{i}"), 1.0))
        .collect();
    let all: Vec<String> = (0..n).map(|i| format!("v{i}")).collect();
    build.rate(symbols[0], &all.join("+"));
    for (i, symbol) in symbols.iter().enumerate().skip(1) {
        build.rate(*symbol, &format!("v0 - v{i}"));
    }
    let program = build.program();
    // Per step but the last: one division, one multiplier, one update; besides, one shift per row.
    assert_eq!(program.lu.factor.ops.len(), n + 3 * (n - 1) + 1);
}

#[test]
fn algebraic_rows_without_a_diagonal_are_solved_with_pivots_elsewhere() {
    // 0 = a + b − 3 and 0 = a − u, for unknowns a and b: the second row has no entry for b.
    let mut build = Build::new(1.0);
    let u = build.parameter("u", 2.0);
    build.parameter("a", 1.0);
    build.parameter("b", 1.0);
    build.rate(u, "-b*u");
    build.algebraic("a - u");
    build.algebraic("a + b - 3");
    let program = build.program();
    let masses: Vec<f64> = program.states.iter().map(|state| state.mass).collect();
    assert_eq!(masses, [1.0, 0.0, 0.0]);
    let mut machine = Machine::new(&program);
    let jacobian = machine.run(&program.jacobian);
    let b = [0.3, -0.4, 0.5];
    let (x, pivots) = machine.solve(&jacobian, 4.0, &b);
    assert!(
        pivots
            .iter()
            .all(|pivot| pivot.is_finite() && *pivot != 0.0)
    );
    assert!(residual(&program, &jacobian, 4.0, &x, &b) < 1e-14);
}

#[test]
fn a_column_without_a_diagonal_anywhere_near_is_matched_through_a_chain() {
    // Unknowns p, q, r; rules mention (q), (q, p), (p, r): every row but one leaves the diagonal it would like.
    let mut build = Build::new(1.0);
    let s = build.parameter("s", 1.0);
    for id in ["p", "q", "r"] {
        build.parameter(id, 1.0);
    }
    build.rate(s, "-r*s");
    build.algebraic("q - s");
    build.algebraic("q*2 - p");
    build.algebraic("p + r - 5");
    let program = build.program();
    let mut machine = Machine::new(&program);
    let jacobian = machine.run(&program.jacobian);
    let (x, _) = machine.solve(&jacobian, 1.0, &[1.0, 2.0, 3.0, 4.0]);
    assert!(residual(&program, &jacobian, 1.0, &x, &[1.0, 2.0, 3.0, 4.0]) < 1e-13);
}

#[test]
fn a_singular_pivot_shows_in_the_outputs_of_the_factorisation() {
    let mut build = Build::new(1.0);
    let a = build.parameter("a", 1.0);
    build.rate(a, "2*a");
    let program = build.program();
    let (_, pivots) = Machine::new(&program).solve(&[2.0], 2.0, &[1.0]);
    assert!(!pivots[0].is_finite());
}

/// The moieties as sorted lists of `(id, coefficient)`.
fn moieties(build: &Build) -> Vec<Vec<(String, f64)>> {
    let program = build.program();
    let name = |(state, factor): &(usize, f64)| (program.states[*state].id.clone(), *factor);
    let list = program.moieties.iter();
    list.map(|moiety| {
        let mut terms: Vec<_> = moiety.terms.iter().map(name).collect();
        terms.sort_by(|a, b| a.0.cmp(&b.0));
        terms
    })
    .collect()
}

fn terms(list: &[(&str, f64)]) -> Vec<(String, f64)> {
    list.iter()
        .map(|(id, factor)| ((*id).to_owned(), *factor))
        .collect()
}

#[test]
fn a_cycle_conserves_its_sum() {
    let mut build = Build::new(1.0);
    for id in ["A", "B", "C"] {
        build.at(id, 1.0);
    }
    build.reaction("J1", &[("A", "1")], &[("B", "1")], "A");
    build.reaction("J2", &[("B", "1")], &[("C", "1")], "B");
    build.reaction("J3", &[("C", "1")], &[("A", "1")], "C");
    assert_eq!(
        moieties(&build),
        [terms(&[("A", 1.0), ("B", 1.0), ("C", 1.0)])]
    );
}

#[test]
fn enzyme_and_substrate_totals_are_found_with_their_coefficients() {
    // E + 2 S = ES, ES -> E + P2: enzyme E + ES; substrate S + 2 ES + 2 P2.
    let mut build = Build::new(1.0);
    for id in ["E", "S", "ES", "P2"] {
        build.at(id, 1.0);
    }
    build.reaction(
        "bind",
        &[("E", "1"), ("S", "2")],
        &[("ES", "1")],
        "E*S*S - ES",
    );
    build.reaction("turn", &[("ES", "1")], &[("E", "1"), ("P2", "1")], "ES");
    let program = build.program();
    assert_eq!(program.moieties.len(), 2);
    // By the definition: each combination vanishes on both columns of the stoichiometry, states in the order above.
    let columns = [[-1.0, -2.0, 1.0, 0.0], [1.0, 0.0, -1.0, 1.0]];
    for moiety in &program.moieties {
        for column in columns {
            let sum: f64 = moiety
                .terms
                .iter()
                .map(|(state, factor)| factor * column[*state])
                .sum();
            assert_eq!(sum, 0.0);
        }
        assert!(
            moiety
                .terms
                .iter()
                .all(|(_, factor)| factor.fract() == 0.0 && factor.abs() <= 2.0)
        );
    }
    let first: Vec<usize> = program
        .moieties
        .iter()
        .map(|moiety| moiety.terms[0].0)
        .collect();
    for (at, moiety) in program.moieties.iter().enumerate() {
        let others = moiety.terms[1..].iter();
        assert!(
            others.clone().all(|(state, _)| !first.contains(state)),
            "moiety {at}"
        );
    }
}

#[test]
fn events_rate_rules_and_targets_break_moieties() {
    let network = || {
        let mut build = Build::new(1.0);
        let a = build.at("A", 1.0);
        build.at("B", 1.0);
        build.reaction("J", &[("A", "1")], &[("B", "1")], "A");
        (build, a)
    };
    let (build, _) = network();
    assert_eq!(moieties(&build).len(), 1);
    let (mut build, a) = network();
    build.event("time > 1", &[(a, "2")]);
    assert!(moieties(&build).is_empty());
    let (build, a) = network();
    let options = crate::compile::Options {
        targets: vec![a],
        ..Default::default()
    };
    assert!(build.program_with(&options).moieties.is_empty());
}

#[test]
fn scratch_is_used_again() {
    // A long sum of products needs few registers at a time, however long it is.
    let mut build = Build::new(1.0);
    let symbols: Vec<_> = (0..50)
        .map(|i| build.parameter(&format!("v{i}"), 1.0))
        .collect();
    build.parameter("k", 2.0);
    for (i, symbol) in symbols.iter().enumerate() {
        build.rate(*symbol, &format!("exp(v{i}*k) - exp(v{}*k)", (i + 1) % 50));
    }
    let program = build.program();
    let lu = program.lu.jacobian.len() + 1 + 50;
    let scratch = program.layout.total - program.layout.scratch as usize - lu;
    // 50 exponentials and 50 outputs, or 100 Jacobian entries, are alive at once; 200 operations each are not.
    assert!(scratch <= 160, "{scratch} scratch registers");
}

#[test]
fn what_depends_on_parameters_alone_is_made_once_beforehand() {
    let mut build = Build::new(1.0);
    let a = build.parameter("a", 1.0);
    build.parameter("k", 2.0);
    build.rate(a, "-exp(k)*a");
    let program = build.program();
    assert_eq!(program.hoist.ops.len(), 2, "exp k and its opposite");
    assert_eq!(program.jacobian.ops.len(), 0, "the only entry is hoisted");
    let mut machine = Machine::new(&program);
    machine.set_parameter("k", 0.5);
    let expected = -crate::math::exp(0.5f64);
    assert_near(&machine.run(&program.jacobian), &[expected], 1e-15);
}
