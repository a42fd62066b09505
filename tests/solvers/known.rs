//! Rodas5P on problems with known answers, and its bookkeeping.

use crate::toys::{Alone, Decay, Robertson, System, Toy, VanDerPol, distance};
use insilin::math::{self, Lane, Pack};
use insilin::solve::consistent::{InconsistentKind, Place, make_consistent};
use insilin::solve::roots::RootSearch;
use insilin::solve::{At, Control, Dynamics, History, NoPast, Outcome, Past, Rodas5P, StepFailure};

/// Rows of numbers of a reference file; lines with `#` are remarks.
fn table(text: &str) -> Vec<Vec<f64>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            line.split_whitespace()
                .map(|word| word.parse().expect("a reference table holds numbers"))
                .collect()
        })
        .collect()
}

/// Largest error relative to the reference along a table of times and states.
fn worst_against<T: Toy>(alone: &mut Alone<T>, y0: &[f64], rows: &[Vec<f64>]) -> f64 {
    alone.solver.start(0, 0.0, y0, rows[0][0]);
    let mut worst = 0.0f64;
    for row in rows {
        alone.solver.set_stop(0, row[0]);
        let y = alone.run();
        for (y, reference) in y.iter().zip(&row[1..]) {
            worst = worst.max((y / reference - 1.0).abs());
        }
    }
    worst
}

#[test]
fn robertson_to_ten_thousand_agrees_with_radau_at_high_precision() {
    let rows = table(include_str!("../golden/solvers/robertson.txt"));
    for (rtol, bound) in [(1e-4, 1e-4), (1e-6, 3e-6), (1e-9, 1e-8)] {
        let mut alone = Alone::<Robertson>::at(rtol, 1e-6 * rtol, &[]);
        let worst = worst_against(&mut alone, &[1.0, 0.0, 0.0], &rows);
        assert!(worst < bound, "rtol {rtol}: {worst}");
        let statistics = alone.solver.statistics(0);
        assert!(statistics.accepted < 1000, "{statistics:?}");
    }
}

#[test]
fn van_der_pol_with_a_thousandfold_stiffness_agrees_with_radau_at_high_precision() {
    let rows = table(include_str!("../golden/solvers/vanderpol.txt"));
    let mut alone = Alone::<VanDerPol>::at(1e-8, 1e-10, &[1000.0]);
    let worst = worst_against(&mut alone, &[2.0, 0.0], &rows);
    // Between the rows lie two jumps, so an error in time of a millionth counts fully in the states.
    assert!(worst < 1e-5, "{worst}");
}

#[test]
fn a_stop_is_reached_to_the_bit_and_dense_output_meets_both_ends() {
    let mut alone = Alone::<Decay>::at(1e-6, 1e-9, &[1.0]);
    alone.solver.start(0, 0.1, &[1.0], 0.3);
    while let Outcome::Accepted { from, to } = alone.attempt() {
        let mut y = [0.0];
        alone.solver.dense(0, to, &mut y);
        assert_eq!(y[0].to_bits(), alone.state()[0].to_bits());
        alone.solver.dense(0, from, &mut y);
        assert!((y[0] - math::exp(0.1 - from)).abs() < 1e-6);
        assert_eq!(alone.solver.step_start(0), from);
    }
    assert_eq!(alone.solver.time(0).to_bits(), 0.3f64.to_bits());
    assert!((alone.state()[0] - math::exp(-0.2)).abs() < 1e-7);
}

#[test]
fn a_retracted_step_is_shortened_to_a_root_exactly() {
    let mut alone = Alone::<Decay>::at(1e-8, 1e-10, &[1.0]);
    alone.solver.start(0, 0.0, &[1.0], 5.0);
    let mut search = RootSearch::new(1);
    let crossing = loop {
        let Outcome::Accepted { from, to } = alone.attempt() else {
            continue;
        };
        let solver = &alone.solver;
        let mut y = [0.0];
        let found = search.first(from, to, 3, &mut |t, g| {
            solver.dense(0, t, &mut y);
            g[0] = y[0] - 0.5;
        });
        if let Some(crossing) = found {
            break crossing;
        }
    };
    let from = alone.solver.step_start(0);
    alone.solver.retract(0, crossing.after);
    assert_eq!(alone.solver.time(0), from);
    assert_eq!(
        alone.attempt(),
        Outcome::Accepted {
            from,
            to: crossing.after
        }
    );
    assert_eq!(alone.attempt(), Outcome::Idle);
    assert!((alone.solver.time(0) - std::f64::consts::LN_2).abs() < 1e-7);
    assert!((alone.state()[0] - 0.5).abs() < 1e-8);
    assert_eq!(alone.solver.statistics(0).retracted, 1);
}

/// y′ = 1 up to t = 1 and −1 from there on: the switch lies at a stop.
struct Switched;
impl Toy for Switched {
    const N: usize = 1;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let one = L::splat(1.0);
        out[0] = L::select(at.t.lt(one), one, -one);
    }
    fn jacobian<L: Lane>(_at: &At<'_, L>, out: &mut [L]) {
        out[0] = L::splat(0.0);
    }
}

#[test]
fn what_switches_at_a_stop_is_not_seen_before_it() {
    let mut alone = Alone::<Switched>::at(1e-6, 1e-9, &[]);
    assert!((alone.go(0.0, &[0.0], 1.0)[0] - 1.0).abs() < 1e-13);
    assert_eq!(alone.solver.statistics(0).rejected, 0);
    alone.solver.jump(0, &alone.state(), 3.0);
    let y = alone.run();
    assert!(
        (y[0] + 1.0).abs() < 1e-13,
        "{y:?} {:?}",
        alone.solver.statistics(0)
    );
    assert_eq!(alone.solver.statistics(0).rejected, 0);
}

/// y₁ = t beside y₂′ = y₂², which from 1 is 1/(1 − t) and ends at t = 1.
struct BlowUp;
impl Toy for BlowUp {
    const N: usize = 2;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = L::splat(1.0);
        out[1] = at.y[1] * at.y[1];
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out.fill(L::splat(0.0));
        out[3] = at.y[1] + at.y[1];
    }
}

#[test]
fn a_solution_that_ends_is_reported_with_its_time_and_state() {
    let mut alone = Alone::<BlowUp>::at(1e-6, 1e-9, &[]);
    alone.solver.start(0, 0.0, &[0.0, 1.0], 2.0);
    let failure = loop {
        if let Outcome::Failed(failure) = alone.attempt() {
            break failure;
        }
    };
    let (t, state) = match failure {
        StepFailure::StepTooSmall { t, state, .. } | StepFailure::NotFinite { t, state } => {
            (t, state)
        }
        StepFailure::Singular { t } => (t, 1),
    };
    assert!((t - 1.0).abs() < 1e-4 && state == 1, "{failure:?}");
    assert_eq!(alone.attempt(), Outcome::Idle);
}

/// y₁ = t (from 0), y₂′ = √(1 − y₁): not a number after t = 1.
struct Leaves;
impl Toy for Leaves {
    const N: usize = 2;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = L::splat(1.0);
        out[1] = (L::splat(1.0) - at.y[0]).sqrt();
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out.fill(L::splat(0.0));
        out[2] = -(L::splat(0.5) / (L::splat(1.0) - at.y[0]).sqrt());
    }
}

#[test]
fn numbers_that_are_not_finite_are_reported_with_their_state() {
    let mut alone = Alone::<Leaves>::at(1e-6, 1e-9, &[]);
    alone.solver.start(0, 0.0, &[0.0, 0.0], 2.0);
    let failure = loop {
        if let Outcome::Failed(failure) = alone.attempt() {
            break failure;
        }
    };
    let (StepFailure::NotFinite { t, state } | StepFailure::StepTooSmall { t, state, .. }) =
        failure
    else {
        panic!("{failure:?}")
    };
    assert!((t - 1.0).abs() < 1e-3 && state == 1, "{failure:?}");
    alone.solver.start(0, 0.0, &[2.0, 0.0], 2.0);
    assert_eq!(
        alone.attempt(),
        Outcome::Failed(StepFailure::NotFinite { t: 0.0, state: 1 })
    );
}

#[test]
fn a_lane_that_fails_leaves_the_others_alone() {
    let mut alone = Alone::<Leaves>::at(1e-6, 1e-9, &[]);
    let expected = alone.go(0.0, &[0.0, 0.0], 0.9);
    let mut solver = Rodas5P::<Pack<4>>::new(2, Control::new(1e-6, vec![1e-9; 2]));
    let mut system = System::<Leaves, Pack<4>>::new();
    let mut outcomes = [Outcome::Idle; 4];
    solver.start(0, 0.0, &[2.0, 0.0], 0.9);
    solver.start(1, 0.0, &[0.0, 0.0], 0.9);
    solver.start(2, 0.0, &[f64::NAN, 0.0], 0.9);
    solver.attempt(&mut system, &[], &NoPast, &mut outcomes);
    assert_eq!(
        outcomes[0],
        Outcome::Failed(StepFailure::NotFinite { t: 0.0, state: 1 })
    );
    assert_eq!(
        outcomes[2],
        Outcome::Failed(StepFailure::NotFinite { t: 0.0, state: 1 })
    );
    assert_eq!(outcomes[3], Outcome::Idle);
    while outcomes[1] != Outcome::Idle {
        solver.attempt(&mut system, &[], &NoPast, &mut outcomes);
    }
    let mut y = [0.0; 2];
    solver.state(1, &mut y);
    assert_eq!(
        y.map(f64::to_bits).to_vec(),
        expected.iter().map(|y| y.to_bits()).collect::<Vec<_>>()
    );
    assert_eq!(solver.statistics(1), alone.solver.statistics(0));
}

/// 0 = b − c, 0 = a − b², c′ = −a: an elimination without row exchanges meets a zero at its first pivot.
struct ZeroPivot;
impl Toy for ZeroPivot {
    const N: usize = 3;
    fn mass() -> Vec<f64> {
        vec![0.0, 0.0, 1.0]
    }
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let [a, b, c] = [at.y[0], at.y[1], at.y[2]];
        out[0] = b - c;
        out[1] = a - b * b;
        out[2] = -a;
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        let (zero, one) = (L::splat(0.0), L::splat(1.0));
        out.copy_from_slice(&[
            zero,
            one,
            -one,
            one,
            -(at.y[1] + at.y[1]),
            zero,
            -one,
            zero,
            zero,
        ]);
    }
}

#[test]
fn a_zero_pivot_falls_back_to_row_exchanges() {
    // c′ = −c² from 1: c = 1/(1 + t).
    let mut alone = Alone::<ZeroPivot>::at(1e-8, 1e-10, &[]);
    let y = alone.go(0.0, &[1.0, 1.0, 1.0], 3.0);
    assert!(distance(&y, &[0.0625, 0.25, 0.25]) < 1e-8, "{y:?}");
    let statistics = alone.solver.statistics(0);
    assert_eq!(statistics.dense_factorisations, statistics.factorisations);
}

#[test]
fn algebraic_states_are_made_consistent_in_one_lane_only() {
    let mut system = System::<ZeroPivot, Pack<4>>::new();
    let control = Control::new(1e-8, vec![1e-10; 3]);
    let mut y = [100.0, -3.0, 0.7].map(Pack::<4>::splat);
    let place = Place {
        t: Pack::splat(0.0),
        p: &[],
        past: &NoPast,
    };
    assert_eq!(
        make_consistent(&mut system, &control, 2, place, &mut y),
        Ok(())
    );
    assert!((y[0].lane(2) - 0.49).abs() < 1e-14 && (y[1].lane(2) - 0.7).abs() < 1e-14);
    assert_eq!(y[2].lane(2), 0.7);
    assert_eq!([y[0].lane(1), y[1].lane(3)], [100.0, -3.0]);
}

/// 0 = y² + 1 − p₀: no zero for p₀ < 1.
struct NoZero;
impl Toy for NoZero {
    const N: usize = 1;
    const N_PARAMETERS: usize = 1;
    fn mass() -> Vec<f64> {
        vec![0.0]
    }
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = at.y[0] * at.y[0] + L::splat(1.0) - at.p[0];
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = at.y[0] + at.y[0];
    }
}

#[test]
fn an_algebraic_row_without_zero_is_named() {
    let mut system = System::<NoZero, f64>::new();
    let control = Control::new(1e-8, vec![1e-10]);
    let mut find = |p: f64, y: f64| {
        let mut y = [y];
        let place = Place {
            t: 0.0,
            p: &[p],
            past: &NoPast,
        };
        make_consistent(&mut system, &control, 0, place, &mut y).map(|()| y[0])
    };
    assert!((find(5.0, 30.0).unwrap() - 2.0).abs() < 1e-12);
    let failure = find(0.5, 3.0).unwrap_err();
    assert_eq!(failure.row, 0);
    assert!(failure.residual >= 0.5);
    assert_eq!(find(5.0, 0.0).unwrap_err().kind, InconsistentKind::Singular);
}

/// y′ = −y(t − 1), y = 1 before t = 0.
struct Delayed;
impl Toy for Delayed {
    const N: usize = 1;
    const N_LAGS: usize = 1;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = L::from_fn(|lane| {
            let mut y = [0.0];
            at.past.at(lane, at.t.lane(lane) - 1.0, &mut y, &mut []);
            -y[0]
        });
    }
    fn jacobian<L: Lane>(_at: &At<'_, L>, out: &mut [L]) {
        out[0] = L::splat(0.0);
    }
    fn lags<L: Lane>(_at: &At<'_, L>, out: &mut [L]) {
        out[0] = L::splat(1.0);
    }
}

#[test]
fn a_constant_delay_agrees_with_the_method_of_steps() {
    let mut alone = Alone::<Delayed>::at(1e-8, 1e-10, &[]);
    let mut history = History::new(1, 1, 1.0);
    alone.solver.start(0, 0.0, &[1.0], 3.0);
    history.start(0, 0.0, &[1.0], &[]);
    loop {
        match alone.attempt_with(&history) {
            Outcome::Accepted { from, to } => {
                assert!(to - from <= 1.0);
                history.step(0, from, to, |c| alone.solver.step_polynomial(0, c));
            }
            Outcome::Rejected => {}
            Outcome::Idle => break,
            Outcome::Failed(failure) => panic!("{failure:?}"),
        }
    }
    // 1 − t, then 1 − t + (t−1)²/2, then 1 − t + (t−1)²/2 − (t−2)³/6.
    let mut y = [0.0];
    for (t, exact) in [
        (0.5, 0.5),
        (1.0, 0.0),
        (1.5, -0.375),
        (2.0, -0.5),
        (2.5, 1.0 - 2.5 + 1.125 - 0.125 / 6.0),
    ] {
        if t >= 2.0 {
            history.at(0, t, &mut y, &mut []);
            assert!(
                (y[0] - exact).abs() < 1e-7,
                "t = {t}: {} and not {exact}",
                y[0]
            );
        }
    }
    assert!((alone.state()[0] - (1.0 - 3.0 + 2.0 - 1.0 / 6.0)).abs() < 1e-7);
    assert!(
        alone.solver.statistics(0).accepted < 60,
        "{:?}",
        alone.solver.statistics(0)
    );
}

#[test]
fn the_jacobian_of_each_toy_agrees_with_differences() {
    fn check<T: Toy>(y: &[f64], p: &[f64]) {
        let mut system = System::<T, f64>::new();
        let at = |y: &[f64], system: &mut System<T, f64>| {
            let mut f = vec![0.0; T::N];
            system.derivative(
                &At {
                    t: 0.3,
                    y,
                    p,
                    past: &NoPast,
                },
                &mut f,
            );
            f
        };
        let mut jacobian = vec![0.0; T::N * T::N];
        system.jacobian(
            &At {
                t: 0.3,
                y,
                p,
                past: &NoPast,
            },
            &mut jacobian,
        );
        for column in 0..T::N {
            let step = 1e-6 * y[column].abs().max(1e-3);
            let (mut up, mut down) = (y.to_vec(), y.to_vec());
            up[column] += step;
            down[column] -= step;
            let (up, down) = (at(&up, &mut system), at(&down, &mut system));
            for row in 0..T::N {
                let slope = (up[row] - down[row]) / (2.0 * step);
                let entry = jacobian[row * T::N + column];
                assert!(
                    (slope - entry).abs() <= 1e-6 * (1.0 + entry.abs()),
                    "{row} {column}: {slope} {entry}"
                );
            }
        }
    }
    check::<Robertson>(&[0.9, 0.01, 0.1], &[]);
    check::<VanDerPol>(&[1.2, 0.7], &[5.0]);
    check::<crate::toys::Kaps>(&[0.8, 0.7], &[0.1]);
    check::<crate::toys::Driven>(&[0.8, 0.7], &[2.0]);
    check::<ZeroPivot>(&[0.8, 0.7, 0.3], &[]);
    check::<Leaves>(&[0.2, 0.7], &[]);
}

#[test]
fn the_slope_in_a_parameter_agrees_with_differences() {
    let mut system = System::<VanDerPol, f64>::new();
    let y = [1.2, 0.7];
    let mut f = |p: f64| {
        let mut f = [0.0; 2];
        system.derivative(
            &At {
                t: 0.0,
                y: &y,
                p: &[p],
                past: &NoPast,
            },
            &mut f,
        );
        f
    };
    let (up, down) = (f(5.001), f(4.999));
    let mut slope = [0.0; 2];
    system.parameter_derivative(
        &At {
            t: 0.0,
            y: &y,
            p: &[5.0],
            past: &NoPast,
        },
        0,
        &mut slope,
    );
    assert!(distance(&slope, &[0, 1].map(|i| (up[i] - down[i]) / 0.002)) < 1e-10);
}

/// y′ = 1 − √y: at zero the slope is infinite.
struct RootLaw;
impl Toy for RootLaw {
    const N: usize = 1;
    fn f<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = L::splat(1.0) - at.y[0].sqrt();
    }
    fn jacobian<L: Lane>(at: &At<'_, L>, out: &mut [L]) {
        out[0] = -(L::splat(0.5) / at.y[0].sqrt());
    }
}

#[test]
fn an_infinite_slope_at_the_start_is_no_obstacle() {
    // t = −2 (√y + ln(1 − √y)); at √y = 1/2 that is 2 ln 2 − 1.
    let t = 2.0 * std::f64::consts::LN_2 - 1.0;
    let mut alone = Alone::<RootLaw>::at(1e-8, 1e-11, &[]);
    let y = alone.go(0.0, &[0.0], t);
    assert!((y[0] - 0.25).abs() < 1e-7, "{y:?}");
    assert!(
        alone.solver.statistics(0).accepted < 150,
        "{:?}",
        alone.solver.statistics(0)
    );
}

#[test]
fn a_system_without_states_runs_to_its_stop() {
    let mut solver = Rodas5P::<f64>::new(0, Control::new(1e-6, Vec::new()));
    struct Nothing;
    impl Toy for Nothing {
        const N: usize = 0;
        fn f<L: Lane>(_at: &At<'_, L>, _out: &mut [L]) {}
        fn jacobian<L: Lane>(_at: &At<'_, L>, _out: &mut [L]) {}
    }
    let mut system = System::<Nothing, f64>::new();
    solver.start(0, 0.0, &[], 1.0);
    let mut outcomes = [Outcome::Idle];
    for _ in 0..10 {
        solver.attempt(&mut system, &[], &NoPast, &mut outcomes);
    }
    assert_eq!(solver.time(0), 1.0);
}
