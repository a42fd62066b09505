//! Observed orders of convergence.

use crate::toys::{Alone, Driven, Kaps, KapsLimit, Toy, distance};
use insilin::math;
use insilin::solve::Control;

/// Errors at the end and of the dense output, at `n` equal steps from 0 to `end`.
fn errors<T: Toy>(p: &[f64], end: f64, n: u32, exact: fn(f64) -> [f64; 2]) -> [f64; 2] {
    // Tolerances too wide to matter: the steps are what the stops make them, but for the first few.
    let mut alone = Alone::<T>::new(Control::new(1e6, vec![1e6; T::N]), p);
    // Twenty short steps first, for the control to grow its step: their error does not count beside the rest.
    alone.solver.start(0, -0.02, &exact(-0.02), -0.019);
    for k in (0..20).rev() {
        alone.solver.set_stop(0, -0.001 * f64::from(k));
        alone.run();
    }
    let mut dense = 0.0f64;
    for k in 1..=n {
        alone.solver.set_stop(0, end * f64::from(k) / f64::from(n));
        alone.run();
        let (from, to) = (alone.solver.step_start(0), alone.solver.time(0));
        for share in [0.25, 0.5, 0.8] {
            let t = from + share * (to - from);
            let mut y = [0.0; 2];
            alone.solver.dense(0, t, &mut y);
            dense = dense.max(distance(&y, &exact(t)));
        }
    }
    [distance(&alone.state(), &exact(end)), dense]
}

/// The slope of log error between `n` and `2n` steps, at the end and of the dense output.
fn slopes<T: Toy>(p: &[f64], end: f64, n: u32, exact: fn(f64) -> [f64; 2]) -> [f64; 2] {
    let coarse = errors::<T>(p, end, n, exact);
    let fine = errors::<T>(p, end, 2 * n, exact);
    [0, 1].map(|i| math::ln(coarse[i] / fine[i]) / math::ln(2.0))
}

fn kaps(t: f64) -> [f64; 2] {
    [math::exp(-2.0 * t), math::exp(-t)]
}

fn circle(t: f64) -> [f64; 2] {
    [math::sin(t), math::cos(t)]
}

#[test]
fn order_five_and_dense_order_four_on_a_smooth_stiff_problem() {
    for epsilon in [1.0, 0.1] {
        let found = slopes::<Kaps>(&[epsilon], 2.0, 80, kaps);
        assert!(
            found[0] > 4.8 && found[1] > 3.8,
            "epsilon {epsilon}: {found:?}"
        );
    }
}

#[test]
fn order_five_when_far_stiffer_than_the_step() {
    // As ε goes to 0 the problem turns into the algebraic one; between, all such methods lose some order.
    let found = slopes::<Kaps>(&[1e-8], 2.0, 10, kaps);
    assert!(found[0] > 4.8 && found[1] > 3.4, "{found:?}");
}

#[test]
fn order_five_and_dense_order_four_on_an_algebraic_row() {
    let found = slopes::<KapsLimit>(&[], 2.0, 40, kaps);
    assert!(found[0] > 4.8 && found[1] > 3.8, "{found:?}");
}

#[test]
fn order_five_on_a_problem_driven_by_time() {
    let found = slopes::<Driven>(&[1.0], 3.0, 20, circle);
    assert!(found[0] > 4.8 && found[1] > 3.8, "{found:?}");
}

#[test]
fn the_error_falls_with_the_tolerance() {
    let mut last = f64::INFINITY;
    for exponent in 3..=11 {
        let rtol = 1.0 / (0..exponent).fold(1.0, |p, _| p * 10.0);
        let end = Alone::<Kaps>::at(rtol, 1e-3 * rtol, &[1e-3]).go(0.0, &[1.0, 1.0], 2.0);
        let error = distance(&end, &kaps(2.0));
        assert!(error < rtol, "rtol {rtol}: error {error}");
        assert!(
            error < last,
            "rtol {rtol}: error {error} is not below {last}"
        );
        last = error;
    }
}
