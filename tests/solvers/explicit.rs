//! The explicit methods.

use insilin::math;
use insilin::solve::explicit::{ExplicitControl, ExplicitFailure, ExplicitMethod, integrate};

const BOTH: [ExplicitMethod; 2] = [ExplicitMethod::Dopri5, ExplicitMethod::Dop853];

/// A nonlinear problem with y = e^(sin t): y′ = y cos t, scaled by 1000, beside a clock.
fn wave(t: f64, y: &[f64], out: &mut [f64]) {
    out[0] = y[0] * math::cos(t);
    out[1] = 1.0 - 0.0 * y[1];
}

fn exact(t: f64) -> f64 {
    1000.0 * math::exp(math::sin(t))
}

/// Largest errors at the end and at times between, and accepted steps.
fn errors(method: ExplicitMethod, rtol: f64, max_step: f64) -> (f64, f64, usize) {
    let control = ExplicitControl {
        max_step,
        ..ExplicitControl::new(rtol, rtol, vec![1000.0, 1.0])
    };
    let (from, to) = (-3.0, 4.0);
    let mut y = [exact(from), from];
    let times: Vec<f64> = (0..=50)
        .map(|k| from + (to - from) * f64::from(k) / 50.0)
        .collect();
    let mut between = 0.0f64;
    let mut seen = Vec::new();
    let statistics = integrate(
        method,
        &control,
        &mut wave,
        [from, to],
        &mut y,
        &times,
        &mut |k, t, y| {
            assert_eq!(t, times[k]);
            seen.push(k);
            assert!(
                (y[1] - t).abs() < 1e-12,
                "{method:?} {rtol} {t} {}",
                y[1] - t
            );
            between = between.max((y[0] / exact(t) - 1.0).abs());
        },
    )
    .expect("the wave is smooth");
    assert_eq!(seen, (0..=50).collect::<Vec<_>>());
    ((y[0] / exact(to) - 1.0).abs(), between, statistics.accepted)
}

#[test]
fn errors_at_the_end_and_between_keep_to_the_tolerance() {
    for method in BOTH {
        for rtol in [1e-4, 1e-6, 1e-9] {
            let (end, between, _) = errors(method, rtol, f64::INFINITY);
            assert!(
                end < 20.0 * rtol && between < 20.0 * rtol,
                "{method:?} {rtol}: {end} {between}"
            );
        }
    }
}

#[test]
fn dopri5_is_of_order_five_and_dop853_of_order_eight() {
    for (method, steps, order) in [
        (ExplicitMethod::Dopri5, [0.1, 0.05], 4.8),
        (ExplicitMethod::Dop853, [0.5, 0.25], 7.5),
    ] {
        // Tolerances too wide to matter: every step but the first is the longest.
        let [coarse, fine] = steps.map(|h| errors(method, 1e3, h).0);
        let slope = math::ln(coarse / fine) / math::ln(2.0);
        assert!(
            slope > order,
            "{method:?}: {slope} from {coarse} and {fine}"
        );
    }
}

#[test]
fn stiffness_is_found_and_rodas5p_offered() {
    for method in BOTH {
        let control = ExplicitControl::new(1e-6, 1e-9, vec![1.0]);
        let mut y = [1.0];
        let mut fast = |t: f64, y: &[f64], out: &mut [f64]| out[0] = -1e6 * (y[0] - math::cos(t));
        let failure = integrate(
            method,
            &control,
            &mut fast,
            [0.0, 10.0],
            &mut y,
            &[],
            &mut |_, _, _| {},
        )
        .unwrap_err();
        assert!(
            matches!(failure, ExplicitFailure::Stiff { t } if t < 0.1),
            "{failure:?}"
        );
        assert!(failure.to_string().contains("Rodas5P"));
        assert_eq!(y, [1.0], "the state is as it was");
    }
}

#[test]
fn numbers_that_are_not_finite_end_the_call_with_the_state() {
    for method in BOTH {
        let control = ExplicitControl::new(1e-6, 1e-9, vec![1.0; 2]);
        let mut y = [1.0, 0.0];
        let mut leaves =
            |t: f64, _: &[f64], out: &mut [f64]| out.copy_from_slice(&[0.0, (1.0 - t).sqrt()]);
        let failure = integrate(
            method,
            &control,
            &mut leaves,
            [0.0, 2.0],
            &mut y,
            &[],
            &mut |_, _, _| {},
        )
        .unwrap_err();
        assert!(
            matches!(failure, ExplicitFailure::NotFinite { t, state: 1 } if t >= 1.0),
            "{method:?} {failure:?}"
        );
    }
}

#[test]
fn what_switches_at_the_end_is_not_seen() {
    for method in BOTH {
        let control = ExplicitControl::new(1e-6, 1e-9, vec![1.0]);
        let mut y = [0.0];
        let mut switched =
            |t: f64, _: &[f64], out: &mut [f64]| out[0] = if t < 0.7 { 1.0 } else { -50.0 };
        let statistics = integrate(
            method,
            &control,
            &mut switched,
            [0.1, 0.7],
            &mut y,
            &[],
            &mut |_, _, _| {},
        )
        .unwrap();
        assert!(
            (y[0] - 0.6).abs() < 1e-14 && statistics.rejected == 0,
            "{y:?} {statistics:?}"
        );
    }
}
