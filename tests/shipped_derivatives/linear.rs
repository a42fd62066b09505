//! The linear algebra of every shipped model: `(shift · M − J) x = b` is solved.

use insilin::compile::program::Program;
use insilin::kernel::Tape;
use insilin::solve::Dynamics;

use crate::for_each_model;
use crate::support::numbers::Draws;
use crate::support::program::{Place, derivative};

/// Largest residual of a row, as a share of the sum of the sizes of its terms: rounding, with growth that the guard of
/// the integrator would let pass.
const RESIDUAL: f64 = 1e-10;

/// What is left of `b` after `x`, row by row, as a share of the row's terms.
fn residuals(program: &Program, jacobian: &[f64], shift: f64, x: &[f64], b: &[f64]) -> Vec<f64> {
    let mut left: Vec<f64> = b.to_vec();
    let mut sizes: Vec<f64> = b.iter().map(|b| b.abs()).collect();
    let mut take = |row: usize, term: f64| {
        left[row] -= term;
        sizes[row] += term.abs();
    };
    for (row, state) in program.states.iter().enumerate() {
        take(row, shift * state.mass * x[row]);
    }
    for ((row, column), value) in program.pattern.entries().zip(jacobian) {
        take(row, -value * x[column]);
    }
    left.iter()
        .zip(&sizes)
        .map(|(left, size)| left.abs() / size.max(f64::MIN_POSITIVE))
        .collect()
}

fn check(path: &str, program: &Program, place: &Place, shift: f64, draws: &mut Draws) {
    let mut tape = Tape::<f64>::new(program);
    let mut jacobian = vec![0.0; program.pattern.columns.len()];
    tape.jacobian(&place.at(), &mut jacobian);
    assert!(
        tape.factor(&jacobian, shift),
        "{path}: no factors at shift {shift:e}"
    );
    // The integrator evaluates stages between factor and solve: the factors must outlast it.
    derivative(&mut tape, place);
    for _ in 0..3 {
        let sized = |state: &insilin::compile::program::State| {
            state.nominal * draws.between(-1.0, 1.0) * shift
        };
        let b: Vec<f64> = program.states.iter().map(sized).collect();
        let mut x = b.clone();
        tape.solve(&mut x);
        for (row, share) in residuals(program, &jacobian, shift, &x, &b)
            .into_iter()
            .enumerate()
        {
            let id = &program.states[row].id;
            assert!(
                share <= RESIDUAL,
                "{path}, shift {shift:e}: row `{id}` is left with {share:e}"
            );
        }
    }
}

#[test]
fn the_linear_algebra_of_every_model_leaves_no_residual() {
    let mut draws = Draws(7);
    for_each_model(|path, program, places| {
        for place in places {
            for shift in [1e-2, 1.0, 1e2, 1e4, 1e6] {
                check(path, program, place, shift, &mut draws);
            }
        }
    });
}
