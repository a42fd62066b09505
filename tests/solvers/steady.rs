//! Steady states.

use crate::toys::{Decay, System, Toy, distance};
use insilin::math::Lane;
use insilin::solve::steady::{Stability, Steady, SteadyControl, SteadyFailure, steady_state};
use insilin::solve::{At, Control};

fn find<T: Toy>(
    moieties: Vec<Vec<(usize, f64)>>,
    p: &[f64],
    y: &[f64],
    newton_first: bool,
) -> Result<Steady, SteadyFailure> {
    let mut control = SteadyControl::new(Control::new(1e-6, vec![1e-9; T::N]), moieties);
    control.newton_first = newton_first;
    control.positive = vec![true; T::N];
    steady_state(&mut System::<T, f64>::new(), &control, p, 0.0, y)
}

/// A ⇄ B ⇄ C with rates p: to the right 2 and 1, to the left 1 and 4; the total is kept. Rest: A:B:C = 2:4:1.
struct Chain;
impl Toy for Chain {
    const N: usize = 3;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let [a, b, c] = [at.y[0], at.y[1], at.y[2]];
        let first = L::splat(2.0) * a - b;
        let second = b - L::splat(4.0) * c;
        out[0] = -first;
        out[1] = first - second;
        out[2] = second;
    }
    fn jacobian<L: Lane>(_at: &At<'_, L>, out: &mut [L]) {
        for (out, entry) in out
            .iter_mut()
            .zip([-2.0, 1.0, 0.0, 2.0, -2.0, 4.0, 0.0, 1.0, -4.0])
        {
            *out = L::splat(entry);
        }
    }
}

#[test]
fn a_chain_settles_with_its_total_kept() {
    for newton_first in [true, false] {
        let total = vec![vec![(0, 1.0), (1, 1.0), (2, 1.0)]];
        let found = find::<Chain>(total, &[], &[7.0, 0.0, 0.0], newton_first).unwrap();
        assert!(distance(&found.y, &[2.0, 4.0, 1.0]) < 1e-12, "{found:?}");
        assert_eq!(found.stability, Stability::Stable);
        assert!(found.residual < 1e-14);
        assert_eq!(found.followed == 0.0, newton_first);
    }
}

#[test]
fn a_total_nobody_named_is_kept_by_the_flow() {
    let found = find::<Chain>(Vec::new(), &[], &[7.0, 0.0, 0.0], false).unwrap();
    assert!(distance(&found.y, &[2.0, 4.0, 1.0]) < 1e-5, "{found:?}");
    assert_eq!(found.stability, Stability::Neutral);
}

/// y′ = −(y − 1)(y − 2)(y − 4): rest at 1 and 4, a watershed at 2.
struct Switch;
impl Toy for Switch {
    const N: usize = 1;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let y = at.y[0];
        out[0] = -((y - L::splat(1.0)) * (y - L::splat(2.0)) * (y - L::splat(4.0)));
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let y = at.y[0];
        out[0] = L::splat(14.0) * y - L::splat(3.0) * y * y - L::splat(14.0);
    }
}

#[test]
fn of_two_steady_states_the_flow_finds_the_one_the_start_leads_to() {
    for (start, rest) in [
        (0.1, 1.0),
        (1.9, 1.0),
        (1.999, 1.0),
        (2.001, 4.0),
        (2.4, 4.0),
        (50.0, 4.0),
    ] {
        let found = find::<Switch>(Vec::new(), &[], &[start], false).unwrap();
        assert!((found.y[0] - rest).abs() < 1e-12, "from {start}: {found:?}");
        assert_eq!(found.stability, Stability::Stable);
    }
}

#[test]
fn a_watershed_is_refused() {
    for newton_first in [true, false] {
        let failure = find::<Switch>(Vec::new(), &[], &[2.0], newton_first).unwrap_err();
        assert_eq!(failure, SteadyFailure::Repelling);
    }
}

#[test]
fn newton_alone_does_not_stay_at_a_watershed() {
    let found = find::<Switch>(Vec::new(), &[], &[2.01], true).unwrap();
    assert!((found.y[0] - 4.0).abs() < 1e-12, "{found:?}");
}

/// The Brusselator, A = 1, B = p₀: x′ = 1 + x²y − (B + 1)x, y′ = Bx − x²y. Rest at (1, B), a cycle for B > 2.
struct Brusselator;
impl Toy for Brusselator {
    const N: usize = 2;
    const N_PARAMETERS: usize = 1;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let [x, y] = [at.y[0], at.y[1]];
        let (one, b) = (L::splat(1.0), at.p[0]);
        out[0] = one + x * x * y - (b + one) * x;
        out[1] = b * x - x * x * y;
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let [x, y] = [at.y[0], at.y[1]];
        let (one, two, b) = (L::splat(1.0), L::splat(2.0), at.p[0]);
        out.copy_from_slice(&[two * x * y - b - one, x * x, b - two * x * y, -(x * x)]);
    }
}

#[test]
fn a_cycle_is_refused_with_its_period() {
    for newton_first in [true, false] {
        let failure =
            find::<Brusselator>(Vec::new(), &[3.0], &[1.2, 3.0], newton_first).unwrap_err();
        // The period at B = 3 is 7.157 (measured with SciPy's Radau at 1e-10 between maxima of x).
        let SteadyFailure::Oscillates { period, .. } = failure else {
            panic!("{failure:?}")
        };
        assert!((period / 7.157 - 1.0).abs() < 0.05, "{failure:?}");
    }
}

#[test]
fn slowly_damped_rounds_are_followed_to_their_rest() {
    let found = find::<Brusselator>(Vec::new(), &[1.9], &[1.5, 1.0], false).unwrap();
    assert!(distance(&found.y, &[1.0, 1.9]) < 1e-12, "{found:?}");
    assert_eq!(found.stability, Stability::Stable);
}

/// y′ = 1.
struct Fills;
impl Toy for Fills {
    const N: usize = 1;
    fn f<L: Lane>(_at: &At<'_, L>, out: &mut [L]) {
        out[0] = L::splat(1.0);
    }
    fn jacobian<L: Lane>(_at: &At<'_, L>, out: &mut [L]) {
        out[0] = L::splat(0.0);
    }
}

#[test]
fn what_fills_up_for_ever_is_refused_with_its_rate() {
    let failure = find::<Fills>(Vec::new(), &[], &[0.0], false).unwrap_err();
    assert_eq!(
        failure,
        SteadyFailure::NotSettled {
            state: 0,
            rate: 1.0
        }
    );
}

#[test]
fn what_decays_settles_at_zero() {
    let found = find::<Decay>(Vec::new(), &[0.3], &[5.0], false).unwrap();
    assert!(found.y[0].abs() < 1e-12, "{found:?}");
}

#[test]
fn what_grows_for_ever_is_refused() {
    let failure = find::<Decay>(Vec::new(), &[-0.3], &[5.0], false).unwrap_err();
    assert!(
        matches!(
            failure,
            SteadyFailure::Flow(_) | SteadyFailure::NotSettled { state: 0, .. }
        ),
        "{failure:?}"
    );
}
