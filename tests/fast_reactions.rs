//! Fast reactions: at equilibrium at all times, which equilibrium, and what is refused.

#[path = "simulate/support.rs"]
#[allow(dead_code)]
mod support;

use insilin::kernel::{LaneJob, LaneKind, with_lanes};
use insilin::math::{Lane, exp, ln};
use insilin::simulate::{Experiment, Failure, Method, Options, run_lanes, run_with as run_set};
use insilin::trajectory::Trajectory;
use support::{Case, failure, run, run_with, tight};

const TEN: &str = "time = { span = [0, 10], every = 0.5 }";

/// A ⇌ B at equilibrium, B decays: A + B falls with the rate that B's share of it has.
const DECAY: &str = "A = 3; B = 1; C = 0; kf = 2; kr = 3; k = 0.5;
    J: A -> B; kf*A - kr*B; J.fast = true;
    D: B -> C; k*B;";

fn remaining(t: f64) -> f64 {
    4.0 * exp(-0.5 * 0.4 * t)
}

#[test]
fn a_fast_equilibrium_follows_the_slow_reactions() {
    let table = run(DECAY, TEN);
    table.check("A", 1e-8, |t| 0.6 * remaining(t));
    table.check("B", 1e-8, |t| 0.4 * remaining(t));
    table.check("C", 1e-8, |t| 4.0 - remaining(t));
    // The reaction's value is its law's, which is zero at equilibrium.
    table.check("J", 1e-7, |_| 0.0);
}

#[test]
fn the_error_stays_at_the_level_of_the_tolerance() {
    for rtol in [1e-4, 1e-6, 1e-8] {
        let options = Options {
            rtol,
            atol: 1e-3 * rtol,
            ..tight()
        };
        let table = run_with(DECAY, "time = { span = [0, 100], every = 1 }", &options);
        table.check("A", 10.0 * rtol, |t| 0.6 * remaining(t));
        table.check("B", 10.0 * rtol, |t| 0.4 * remaining(t));
    }
}

#[test]
fn a_large_finite_rate_comes_near_in_proportion_to_its_reciprocal() {
    let fast = run(DECAY, TEN);
    let off = |factor: f64| {
        let slow = format!(
            "A = 2.4; B = 1.6; C = 0; f = {factor}; J: A -> B; f*(2*A - 3*B); D: B -> C; 0.5*B;"
        );
        let slow = run(&slow, TEN);
        (slow.at("C", 10.0) - fast.at("C", 10.0)).abs()
    };
    let (near, nearer) = (off(1e2), off(1e3));
    let order = ln(near / nearer) / ln(10.0);
    assert!(
        near > 1e-5 && (order - 1.0).abs() < 0.05,
        "{near:e} {nearer:e}: order {order}"
    );
}

#[test]
fn a_reverse_written_as_a_reaction_of_its_own_counts_as_the_same_equilibrium() {
    let model = "A = 3; B = 1; C = 0;
        F: A -> B; 2*A; F.fast = true; R: B -> A; 3*B; R.fast = true; D: B -> C; 0.5*B;";
    let table = run(model, TEN);
    table.check("A", 1e-8, |t| 0.6 * remaining(t));
    table.check("C", 1e-8, |t| 4.0 - remaining(t));
}

#[test]
fn a_fast_cycle_comes_to_a_steady_flow() {
    // a A = b B = c C with rates 1, 2, 4: shares 4/7, 2/7, 1/7, and C decays.
    let model = "A = 7; B = 0; C = 0;
        X: A -> B; A; X.fast = true; Y: B -> C; 2*B; Y.fast = true; Z: C -> A; 4*C; Z.fast = true;
        D: C -> ; 0.7*C;";
    let table = run(model, TEN);
    let total = |t: f64| 7.0 * exp(-0.1 * t);
    table.check("A", 1e-8, |t| total(t) * 4.0 / 7.0);
    table.check("B", 1e-8, |t| total(t) * 2.0 / 7.0);
    table.check("C", 1e-8, |t| total(t) / 7.0);
}

#[test]
fn two_independent_equilibria_in_a_row() {
    // A = B = C at all times, C is used: the total of three falls at a third of the rate.
    let model = "A = 6; B = 0; C = 0;
        X: A -> B; A - B; X.fast = true; Y: B -> C; 5*(B - C); Y.fast = true; D: C -> ; 0.3*C;";
    let table = run(model, TEN);
    for id in ["A", "B", "C"] {
        table.check(id, 1e-8, |t| 2.0 * exp(-0.1 * t));
    }
}

/// Amount of complex of totals `e` and `s` with dissociation constant 1.
fn complex(e: f64, s: f64) -> f64 {
    let b = e + s + 1.0;
    0.5 * (b - (b * b - 4.0 * e * s).sqrt())
}

#[test]
fn an_enzyme_at_equilibrium_with_its_substrate() {
    let model = "E = 1; S = 5; ES = 0; P = 0;
        J: E + S -> ES; E*S - ES; J.fast = true; K: ES -> E + P; 0.8*ES;";
    let table = run(model, "time = { span = [0, 10], every = 1 }");
    // The substrate, free and bound, by the classical Runge–Kutta method at steps of 1e-3: error below 1e-12.
    let rate = |s: f64| -0.8 * complex(1.0, s);
    let (mut s, h) = (5.0, 1e-3);
    for time in 0..=10 {
        let bound = complex(1.0, s);
        let expected = [(f64::from(time), s - bound)];
        table.check_at("S", 1e-8, &expected);
        table.check_at("ES", 1e-8, &[(f64::from(time), bound)]);
        table.check_at("P", 1e-8, &[(f64::from(time), 5.0 - s)]);
        for _ in 0..1000 {
            let k1 = rate(s);
            let k2 = rate(s + 0.5 * h * k1);
            let k3 = rate(s + 0.5 * h * k2);
            let k4 = rate(s + h * k3);
            s += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
        }
    }
}

#[test]
fn what_flows_into_an_irreversible_fast_reaction_goes_on_at_once() {
    let model = "A = 2; B = 0; I: -> A; 0.5; J: A -> 3 B; 7*A; J.fast = true; D: B -> ; 0.1*B;";
    let table = run(model, TEN);
    table.check("A", 1e-9, |_| 0.0);
    table.check("B", 1e-7, |t| 15.0 - 9.0 * exp(-0.1 * t));
}

#[test]
fn a_reactant_is_used_up_whatever_the_order_of_the_law() {
    for law in ["4*A^2", "4*A*A", "-3*A*(-A)", "2*sqrt(A)", "A^1.5/(1 + A)"] {
        let model = format!("A = 2; B = 0; I: -> A; 0.5; J: 2 A -> B; {law}; J.fast = true;");
        let table = run(&model, TEN);
        table.check("A", 1e-9, |_| 0.0);
        table.check("B", 1e-8, |t| 1.0 + 0.25 * t);
    }
}

#[test]
fn the_reactant_in_short_supply_is_used_up() {
    // A falls from 3 to 1 at once; B, at 0, is made at rate 1 and taken with A until A is gone at time 1.
    let model = "A = 3; B = 2; C = 0; I: -> B; 1; J: A + B -> C; 2*A*B; J.fast = true;";
    let table = run(model, "time = { span = [0, 0.9], every = 0.1 }");
    table.check("A", 1e-8, |t| 1.0 - t);
    table.check("B", 1e-8, |_| 0.0);
    table.check("C", 1e-8, |t| 2.0 + t);
}

#[test]
fn of_several_equilibria_the_one_that_the_reaction_runs_into_is_found() {
    for (start, end) in [(1.99, 1.0), (2.01, 3.0), (0.1, 1.0), (50.0, 3.0)] {
        let model = format!("A = {start}; J: -> A; -(A - 1)*(A - 2)*(A - 3); J.fast = true;");
        run(&model, TEN).check("A", 1e-8, |_| end);
    }
}

#[test]
fn a_fast_transport_equals_concentrations_of_compartments_of_different_size() {
    let model = "compartment c = 2, d = 3; species A in c, B in d; A = 5; B = 0;
        J: A -> B; A - B; J.fast = true; D: B -> ; 0.2*d*B; at time >= 5: c = 7;";
    let table = run(model, TEN);
    // The amount 10 is in 2 + 3, later in 7 + 3; the outflow is 0.6 of the concentration.
    let half = 10.0 * exp(-0.12 * 5.0);
    let amount = |t: f64| {
        if t < 5.0 {
            10.0 * exp(-0.12 * t)
        } else {
            half * exp(-0.06 * (t - 5.0))
        }
    };
    let size = |t: f64| if t < 5.0 { 5.0 } else { 10.0 };
    table.check("A", 1e-8, |t| amount(t) / size(t));
    table.check("B", 1e-8, |t| amount(t) / size(t));
}

#[test]
fn a_compartment_that_grows_moves_the_equilibrium() {
    // A in c of size 1 + t, B in 1: equal concentrations, 6 in all.
    let model = "compartment c = 1, d = 1; c' = 1; species A in c, B in d; A = 6; B = 0;
        J: A -> B; A - B; J.fast = true;";
    let table = run(model, TEN);
    table.check("A", 1e-8, |t| 6.0 / (2.0 + t));
    table.check("B", 1e-8, |t| 6.0 / (2.0 + t));
}

#[test]
fn a_stoichiometry_that_changes_counts_for_what_runs_from_then_on() {
    // Each B takes 1 + t of A, of which one is made per unit of time: B = ln(1 + t).
    let model = "A = 0; B = 0; n := 1 + time; I: -> A; 1; J: n A -> B; 3*A; J.fast = true;";
    let table = run(model, TEN);
    table.check("A", 1e-9, |_| 0.0);
    table.check("B", 1e-8, |t| ln(1.0 + t));
}

#[test]
fn species_that_reactions_do_not_change_set_the_equilibrium() {
    let model = "$A = 2; B = 0; A' = 1; J: $A -> B; 3*A - 2*B; J.fast = true;";
    run(model, TEN).check("B", 1e-8, |t| 1.5 * (2.0 + t));
    let model = "$A = 2; $B = 5; C = 1; J: $A -> $B; 3*A - 2*B; J.fast = true; D: C -> ; 0.1*C;";
    let table = run(model, TEN);
    table.check("B", 0.0, |_| 5.0);
    table.check("C", 1e-8, |t| exp(-0.1 * t));
}

#[test]
fn events_meet_the_equilibrium_and_move_it() {
    // At 2, A gets 10: the second event, of the same time, sees the equilibrium that follows, A = B = 5.5.
    let model = "A = 2; B = 0; seen = 0; J: A -> B; A - B; J.fast = true;
        first: at time >= 2, priority = 2: A = 10; second: at time >= 2, priority = 1, fromTrigger = false: seen = B;
        third: at B > 5: high = time; high = 0;";
    let table = run(model, TEN);
    table.check("A", 1e-9, |t| if t < 2.0 { 1.0 } else { 5.5 });
    table.check("B", 1e-9, |t| if t < 2.0 { 1.0 } else { 5.5 });
    table.check_at("seen", 1e-9, &[(1.5, 0.0), (2.0, 5.5)]);
    table.check_at("high", 1e-9, &[(10.0, 2.0)]);
}

#[test]
fn a_trigger_on_a_fast_species_is_located() {
    // B = 0.4 · 4 e^(−t/5) passes 1 at 5 ln 1.6.
    let model = format!("{DECAY} at B < 1: when = time; when = 0;");
    run(&model, TEN).check_at("when", 1e-8, &[(10.0, 5.0 * ln(1.6))]);
}

#[test]
fn a_law_that_is_zero_for_a_while_stands_still() {
    let model = "A = 1; B = 0; k = 0; J: A -> B; k*A; J.fast = true; I: -> A; 0.5;
        on: at time >= 2: k = 1; off: at time >= 4: k = 0;";
    let table = run(model, "time = { span = [0, 6], every = 0.5 }");
    table.check("A", 1e-9, |t| match t {
        t if t < 2.0 => 1.0 + 0.5 * t,
        t if t < 4.0 => 0.0,
        t => 0.5 * (t - 4.0),
    });
    table.check("B", 1e-8, |t| {
        if t < 2.0 {
            0.0
        } else {
            2.0 + 0.5 * (t.min(4.0) - 2.0)
        }
    });
}

#[test]
fn a_rate_constant_that_grows_from_zero_acts_right_after_the_start() {
    let model =
        "A = 3; B = 1; k = 0; k' = 1; J: A -> B; k*(A - B); J.fast = true; D: B -> ; 0.1*B;";
    let table = run(model, TEN);
    table.check_at("A", 1e-9, &[(0.0, 3.0)]);
    for t in [0.5, 1.0, 5.0, 10.0] {
        table.check_at("A", 1e-8, &[(t, 2.0 * exp(-0.05 * t))]);
        table.check_at("B", 1e-8, &[(t, 2.0 * exp(-0.05 * t))]);
    }
}

#[test]
fn a_law_that_changes_its_sign_leaves_alone_what_is_used_up() {
    // Backwards it would make A from B as fast as there is A: none.
    for k in ["k := 4.5 - time", "k = 4.5; k' = -1"] {
        let model = format!(
            "A = 3; B = 3; {k}; J: A -> B; k*A; J.fast = true; x = 0; at time > 7.25: x = 1;"
        );
        let table = run(&model, TEN);
        table.check("A", 1e-12, |_| 0.0);
        table.check("B", 1e-12, |_| 6.0);
    }
    // With A made all the time there is no equilibrium then.
    let model = "A = 3; B = 3; k := 4.5 - time; I: -> A; 0.1; J: A -> B; k*A; J.fast = true;";
    check_refused(model, "the fast reaction `J`");
}

#[test]
fn a_law_that_changes_its_branch_jumps_to_the_new_equilibrium() {
    // Until X passes 1 (at ln 2) equal amounts, then A three times B; X is a state, so that the time has to be found.
    for condition in ["X < 1", "X <= 1"] {
        let model = format!(
            "X = 0; X' = 2 - X; A = 4; B = 0;
             J: A -> B; piecewise(A - B, {condition}, A - 3*B); J.fast = true; high = 0; at A > 2.5: high = time;"
        );
        let table = run(&model, "time = { span = [0, 2], every = 0.25 }");
        table.check("A", 1e-9, |t| if t < ln(2.0) { 2.0 } else { 3.0 });
        table.check_at("high", 1e-9, &[(2.0, ln(2.0))]);
    }
    let model = "A = 4; B = 0; J: A -> B; piecewise(A - B, time < 1, A - 3*B); J.fast = true;";
    let table = run(model, "time = { span = [0, 2], every = 0.25 }");
    table.check("A", 1e-9, |t| if t < 1.0 { 2.0 } else { 3.0 });
}

#[test]
fn an_equilibrium_that_depends_on_the_past_follows_it() {
    // A = x(t − 1) · B with A + B = 6 and x = t, zero before the start.
    let model = "x = 0; x' = 1; A = 6; B = 0; J: A -> B; A - delay(x, 1)*B; J.fast = true;";
    let table = run(model, TEN);
    table.check("B", 1e-8, |t| 6.0 / (1.0 + (t - 1.0).max(0.0)));
}

#[test]
fn an_algebraic_rule_and_a_fast_reaction_hold_together() {
    // K = 4 − A and A = K · B, while A is used.
    let model = "A = 4; B = 0; var K; K = 1; 0 = K + A - 4; J: A -> B; A - K*B; J.fast = true; D: A -> ; 0.1*A;";
    let table = run(model, TEN);
    for &t in &table.0.trajectory.time {
        let (a, b, k) = (table.at("A", t), table.at("B", t), table.at("K", t));
        assert!(
            (k + a - 4.0).abs() < 1e-9 && (a - k * b).abs() < 1e-8,
            "at {t}: {a} {b} {k}"
        );
    }
    // At the start A + B = 4, hence K = B, A = B² and B² + B = 4.
    table.check_at("B", 1e-9, &[(0.0, 0.5 * (17f64.sqrt() - 1.0))]);
}

#[test]
fn totals_are_conserved() {
    let table = run(DECAY, "time = { span = [0, 1000], every = 10 }");
    for &t in &table.0.trajectory.time {
        let total = table.at("A", t) + table.at("B", t) + table.at("C", t);
        assert!((total - 4.0).abs() < 1e-12, "{total} at {t}");
    }
}

#[test]
fn a_fast_reaction_without_a_law_does_not_run() {
    let model = "A = 3; B = 1; J: A -> B;\n J.fast = true; D: A -> ; 0.1*A;";
    run(model, TEN).check("A", 1e-8, |t| 3.0 * exp(-0.1 * t));
}

fn said(model: &str) -> String {
    failure(model, TEN, &tight())
}

fn check_refused(model: &str, words: &str) {
    let said = said(model);
    assert!(
        said.contains("simulate/fast-reaction") && said.contains(words),
        "{said}"
    );
}

#[test]
fn a_law_that_is_never_zero_is_refused() {
    check_refused(
        "A = 3; B = 1; J: A -> B; 2; J.fast = true;",
        "the fast reaction `J` finds no equilibrium",
    );
}

#[test]
fn fast_reactions_that_compete_for_one_species_are_refused() {
    let model = "A = 0; B = 0; C = 0; I: -> A; 1; J: A -> B; A; J.fast = true; K: A -> C; 2*A; K.fast = true;";
    check_refused(model, "that the laws do not determine");
}

#[test]
fn reactants_of_equal_amount_use_each_other_up() {
    let model = "A = 2; B = 2; C = 1; J: A + B -> C; 3*A*B; J.fast = true; D: C -> ; 0.1*C;";
    let table = run(model, TEN);
    table.check("A", 1e-9, |_| 0.0);
    table.check("B", 1e-9, |_| 0.0);
    table.check("C", 1e-8, |t| 3.0 * exp(-0.1 * t));
}

#[test]
fn an_inflow_after_reactants_have_used_each_other_up_is_refused() {
    let model = "A = 1; B = 1; C = 0; I: -> A; 1; J: A + B -> C; 2*A*B; J.fast = true;";
    check_refused(model, "the fast reaction `J`");
}

#[test]
fn an_equilibrium_that_ends_or_repels_on_the_way_is_refused() {
    // A = √m until m is 0 at 1, and nowhere then.
    let fold = "m = 1; m' = -1; A = 1; J: -> A; m - A^2; J.fast = true;";
    // A = m until m is 0 at 1; then that equilibrium repels, and A = 0 attracts.
    let exchange = "m = 1; m' = -1; A = 1; J: -> A; A*(m - A); J.fast = true;";
    for model in [fold, exchange] {
        let said = said(model);
        assert!(
            said.contains("J") && said.contains("error[simulate/"),
            "{said}"
        );
    }
}

#[test]
fn a_rate_of_change_that_a_fast_reaction_takes_part_in_is_refused() {
    let model =
        "A = 3; B = 1; J: A -> B; A - B; J.fast = true; D: B -> ; B; x = 0; x' = rateOf(A);";
    let said = said(model);
    assert!(
        said.contains("compile/fast-reaction") && said.contains("`J`"),
        "{said}"
    );
}

#[test]
fn an_explicit_method_refuses_with_the_reaction_named() {
    let options = Options {
        method: Method::Dopri5,
        ..tight()
    };
    let said = failure(DECAY, TEN, &options);
    assert!(said.contains("the reaction `J` is fast"), "{said}");
}

const STEADY: &str = "initial = \"steady-state\"\ntime = { span = [0, 10], every = 1 }";

#[test]
fn a_steady_start_carries_what_flows_through_the_equilibrium() {
    // 0.6 in, 0.2 B out: B = 3 and A = 1.5 B, whatever the start.
    let model = "A = 3; B = 1; I: -> A; 0.6; J: A -> B; 2*A - 3*B; J.fast = true; D: B -> ; 0.2*B;";
    let table = run(model, STEADY);
    table.check("A", 1e-8, |_| 4.5);
    table.check("B", 1e-8, |_| 3.0);
}

#[test]
fn a_steady_start_keeps_the_totals() {
    // A + B + C = 10 with A = 1.5 B by the fast reaction and C = 2 B by the slow ones.
    let model = "A = 8; B = 1; C = 1; J: A -> B; 2*A - 3*B; J.fast = true; X: B -> C; 0.2*B; Y: C -> A; 0.1*C;";
    let table = run(model, STEADY);
    let b = 10.0 / 4.5;
    table.check("A", 1e-8, |_| 1.5 * b);
    table.check("B", 1e-8, |_| b);
    table.check("C", 1e-8, |_| 2.0 * b);
}

#[test]
fn a_model_that_fills_up_through_a_fast_reaction_has_no_steady_start() {
    let said = failure(
        "A = 0; B = 0; I: -> A; 1; J: A -> B; A; J.fast = true;",
        STEADY,
        &tight(),
    );
    assert!(said.contains("simulate/no-steady-state"), "{said}");
}

struct Job<'a> {
    experiment: &'a Experiment,
    case: &'a Case,
    sets: &'a [Vec<(usize, f64)>],
}

impl LaneJob for Job<'_> {
    type Output = Vec<Result<Trajectory, Failure>>;
    fn run<L: Lane>(self) -> Self::Output {
        run_lanes::<L>(self.experiment, &self.case.arm, self.sets, &tight())
    }
}

#[test]
fn every_lane_gives_the_bits_of_a_run_alone() {
    let model = "A = 3; B = 1; kf = 2; kr = 3; J: A -> B; kf*A - kr*B; J.fast = true; I: -> A; 0.3; D: B -> ; 0.1*B^2;
        at B > 2: A = 0; X = 1; X' = -1; Y = 0; M: -> Y; piecewise(1, X > 0, 2);";
    let case = Case::new(model, TEN);
    let experiment = Experiment::new(&case.arm)
        .expect("the model is sound")
        .value;
    let slot = experiment
        .program
        .parameters
        .iter()
        .position(|slot| slot.id == "kf");
    let slot = slot.expect("`kf` is a parameter");
    let sets: Vec<_> = (0..6).map(|n| vec![(slot, 0.5 + f64::from(n))]).collect();
    let bits = |trajectory: &Trajectory| -> Vec<u64> {
        trajectory.data.iter().map(|v| v.to_bits()).collect()
    };
    for kind in [LaneKind::best(1), LaneKind::best(4), LaneKind::best(8)] {
        let job = Job {
            experiment: &experiment,
            case: &case,
            sets: &sets,
        };
        let together = with_lanes(kind, job);
        for (set, together) in sets.iter().zip(together) {
            let alone = run_set(&experiment, &case.arm, set, &tight()).expect("it runs");
            assert_eq!(bits(&alone.trajectory), bits(&together.expect("it runs")));
        }
    }
}
