//! Every operation on every lane type, and small programs whose results are known.

use super::*;
use crate::compile::program::*;
use crate::diag::Span;
use crate::math::testing::{Numbers, same};
use crate::math::{self, Lane, LaneMask, Pack};
use crate::solve::{At, Dynamics, NoPast, Past};

pub(super) const ALL: [OpCode; 41] = {
    use OpCode::*;
    [
        Copy, Add, Sub, Mul, Div, SubMul, AddMul, Neg, Abs, Sqrt, Floor, Ceil, Trunc, Min, Max,
        Exp, Ln, Log10, Pow, Sin, Cos, Tan, Asin, Acos, Atan, Sinh, Cosh, Tanh, Asinh, Acosh,
        Atanh, Factorial, Lt, Le, Eq, Ne, And, Or, Xor, Not, Select,
    ]
};

/// What an operation means, on single numbers.
fn meaning(code: OpCode, a: f64, b: f64, c: f64) -> f64 {
    let truth = |value: bool| if value { 1.0 } else { 0.0 };
    match code {
        OpCode::Copy => a,
        OpCode::Add => a + b,
        OpCode::Sub => a - b,
        OpCode::Mul => a * b,
        OpCode::Div => a / b,
        OpCode::SubMul => a - b * c,
        OpCode::AddMul => a + b * c,
        OpCode::Neg => -a,
        OpCode::Abs => a.abs(),
        OpCode::Sqrt => a.sqrt(),
        OpCode::Floor => a.floor(),
        OpCode::Ceil => a.ceil(),
        OpCode::Trunc => a.trunc(),
        OpCode::Min => {
            if a < b || a.is_nan() {
                a
            } else {
                b
            }
        }
        OpCode::Max => {
            if a > b || a.is_nan() {
                a
            } else {
                b
            }
        }
        OpCode::Exp => math::exp(a),
        OpCode::Ln => math::ln(a),
        OpCode::Log10 => math::log10(a),
        OpCode::Pow => math::pow(a, b),
        OpCode::Sin => math::sin(a),
        OpCode::Cos => math::cos(a),
        OpCode::Tan => math::tan(a),
        OpCode::Asin => math::asin(a),
        OpCode::Acos => math::acos(a),
        OpCode::Atan => math::atan(a),
        OpCode::Sinh => math::sinh(a),
        OpCode::Cosh => math::cosh(a),
        OpCode::Tanh => math::tanh(a),
        OpCode::Asinh => math::asinh(a),
        OpCode::Acosh => math::acosh(a),
        OpCode::Atanh => math::atanh(a),
        OpCode::Factorial => math::factorial(a),
        OpCode::Lt => truth(a < b),
        OpCode::Le => truth(a <= b),
        OpCode::Eq => truth(a == b),
        OpCode::Ne => truth(a != b),
        OpCode::And => truth(a != 0.0 && b != 0.0),
        OpCode::Or => truth(a != 0.0 || b != 0.0),
        OpCode::Xor => truth((a != 0.0) != (b != 0.0)),
        OpCode::Not => truth(a == 0.0),
        OpCode::Select => {
            if a != 0.0 {
                b
            } else {
                c
            }
        }
    }
}

/// Builds programs by hand: 2 constants, then parameters, time, states, past values, scratch.
pub(super) struct Builder(pub(super) Program);

const CONSTANTS: [f64; 2] = [2.0, -1.0];

impl Builder {
    pub(super) fn new(n_parameters: u32, n_states: u32, n_delays: u32) -> Self {
        let parameters = CONSTANTS.len() as Register;
        let time = parameters + n_parameters;
        let past = time + 1 + n_states;
        let scratch = past + n_delays;
        let layout = Layout {
            constants: 0,
            parameters,
            time,
            states: time + 1,
            past,
            scratch,
            total: scratch as usize,
        };
        let state = |i| State {
            id: format!("y{i}"),
            mass: 1.0,
            nominal: 1.0,
            span: Span::default(),
        };
        let slot = |i| ParameterSlot {
            id: format!("p{i}"),
            value: 0.0,
        };
        Self(Program {
            constants: CONSTANTS.to_vec(),
            layout,
            states: (0..n_states).map(state).collect(),
            parameters: (0..n_parameters).map(slot).collect(),
            ..Program::default()
        })
    }
    pub(super) fn p(&self, i: u32) -> Register {
        self.0.layout.parameters + i
    }
    pub(super) fn y(&self, i: u32) -> Register {
        self.0.layout.states + i
    }
    pub(super) fn past(&self, i: u32) -> Register {
        self.0.layout.past + i
    }
    pub(super) fn time(&self) -> Register {
        self.0.layout.time
    }
    pub(super) fn scratch(&mut self) -> Register {
        self.0.layout.total += 1;
        self.0.layout.total as Register - 1
    }
    pub(super) fn op(&mut self, code: OpCode, [a, b, c]: [Register; 3]) -> Register {
        let to = self.scratch();
        self.0.ops.push(Op { code, to, a, b, c });
        self.0.op_spans.push(Span::default());
        to
    }
    pub(super) fn block(&mut self, build: impl FnOnce(&mut Self) -> Vec<Register>) -> Block {
        let start = self.0.ops.len();
        let outputs = build(self);
        Block {
            ops: start..self.0.ops.len(),
            outputs,
        }
    }
}

pub(super) fn on_every_kind<J: LaneJob + Clone>(job: J) {
    for kind in LaneKind::ALL.into_iter().filter(|kind| kind.is_available()) {
        with_lanes(kind, job.clone());
    }
}

pub(super) fn here<'a, L: Lane>(t: f64, y: &'a [L], p: &'a [L]) -> At<'a, L> {
    At {
        t: L::splat(t),
        y,
        p,
        past: &NoPast,
    }
}

#[test]
fn the_list_of_operations_is_whole() {
    for (i, code) in ALL.into_iter().enumerate() {
        assert_eq!(code as usize, i);
    }
    assert_eq!(ALL.len(), OpCode::Select as usize + 1);
}

#[derive(Clone)]
struct EveryOperation;

impl LaneJob for EveryOperation {
    type Output = ();
    fn run<L: Lane>(self) {
        let mut builder = Builder::new(0, 3, 0);
        let operands = [builder.y(0), builder.y(1), builder.y(2)];
        let block = builder.block(|b| ALL.map(|code| b.op(code, operands)).to_vec());
        let mut tape = Tape::<L>::new(&builder.0);
        let mut numbers = Numbers::new(9);
        let mut out = vec![L::splat(0.0); ALL.len()];
        for _ in 0..20_000 / L::WIDTH {
            let y = [numbers.pack::<L>(), numbers.pack(), numbers.pack()];
            tape.run_block(&block, &here(0.0, &y, &[]), &mut out);
            for (code, out) in ALL.into_iter().zip(&out) {
                for i in 0..L::WIDTH {
                    let [a, b, c] = y.map(|y| y.lane(i));
                    let expected = meaning(code, a, b, c);
                    assert!(
                        same(out.lane(i), expected),
                        "{code:?}({a:e}, {b:e}, {c:e}) = {:e}",
                        out.lane(i)
                    );
                }
            }
        }
    }
}

#[test]
fn every_operation_gives_the_same_bits_on_every_lane_type() {
    on_every_kind(EveryOperation);
}

/// y0′ = −k y0 + e^(−t), y1′ = k y0 − y1² with k = 2 p0, hoisted; root y0 − y1.
pub(super) fn two_states() -> Program {
    let mut b = Builder::new(1, 2, 0);
    let (p, t, y0, y1) = (b.p(0), b.time(), b.y(0), b.y(1));
    let mut k = 0;
    b.0.hoist = b.block(|b| {
        k = b.op(OpCode::Mul, [0, p, 0]);
        vec![]
    });
    b.0.derivative = b.block(|b| {
        let flow = b.op(OpCode::Mul, [k, y0, 0]);
        let minus_t = b.op(OpCode::Neg, [t, 0, 0]);
        let source = b.op(OpCode::Exp, [minus_t, 0, 0]);
        vec![
            b.op(OpCode::Sub, [source, flow, 0]),
            b.op(OpCode::SubMul, [flow, y1, y1]),
        ]
    });
    b.0.jacobian = b.block(|b| {
        let zero = b.op(OpCode::Sub, [0, 0, 0]);
        let twice = b.op(OpCode::Mul, [0, y1, 0]);
        vec![
            b.op(OpCode::Neg, [k, 0, 0]),
            zero,
            k,
            b.op(OpCode::Neg, [twice, 0, 0]),
        ]
    });
    b.0.pattern = Pattern {
        n: 2,
        row_starts: vec![0, 2, 4],
        columns: vec![0, 1, 0, 1],
    };
    b.0.time_derivative = b.block(|b| {
        let minus_t = b.op(OpCode::Neg, [t, 0, 0]);
        let source = b.op(OpCode::Exp, [minus_t, 0, 0]);
        vec![
            b.op(OpCode::Neg, [source, 0, 0]),
            b.op(OpCode::Sub, [0, 0, 0]),
        ]
    });
    let by_p = b.block(|b| {
        let twice = b.op(OpCode::Mul, [0, y0, 0]);
        vec![b.op(OpCode::Neg, [twice, 0, 0]), twice]
    });
    b.0.parameter_derivatives = vec![by_p];
    b.0.roots = b.block(|b| vec![b.op(OpCode::Sub, [y0, y1, 0])]);
    b.0.root_is_time_only = vec![false];
    b.0.lu = lu_of_two(&mut b);
    b.0
}

/// W = shift − J by elimination without pivoting: u11 = w11, l = w21 / w11, u22 = w22 − l w12.
fn lu_of_two(b: &mut Builder) -> LuProgram {
    let j = [0; 4].map(|_: i32| b.scratch());
    let shift = b.scratch();
    let x = [b.scratch(), b.scratch()];
    let (mut l, mut u11, mut u22, mut w12) = (0, 0, 0, 0);
    let factor = b.block(|b| {
        u11 = b.op(OpCode::Sub, [shift, j[0], 0]);
        w12 = b.op(OpCode::Neg, [j[1], 0, 0]);
        let w21 = b.op(OpCode::Neg, [j[2], 0, 0]);
        let w22 = b.op(OpCode::Sub, [shift, j[3], 0]);
        l = b.op(OpCode::Div, [w21, u11, 0]);
        u22 = b.op(OpCode::SubMul, [w22, l, w12]);
        vec![u11, u22]
    });
    let solve = b.block(|b| {
        let below = b.op(OpCode::SubMul, [x[1], l, x[0]]);
        let second = b.op(OpCode::Div, [below, u22, 0]);
        let above = b.op(OpCode::SubMul, [x[0], w12, second]);
        vec![b.op(OpCode::Div, [above, u11, 0]), second]
    });
    LuProgram {
        jacobian: j.to_vec(),
        shift,
        factor,
        right_side: x.to_vec(),
        solve,
    }
}

#[derive(Clone)]
struct TwoStates;

impl LaneJob for TwoStates {
    type Output = ();
    fn run<L: Lane>(self) {
        let program = two_states();
        let mut tape = Tape::<L>::new(&program);
        let y = [L::from_fn(|i| 0.5 + i as f64), L::splat(3.0)];
        let p = [L::from_fn(|i| 0.25 * (i + 1) as f64)];
        let at = here(0.0, &y, &p);
        let mut f = [L::splat(0.0); 2];
        let mut jacobian = [L::splat(0.0); 4];
        let mut by_time = f;
        let mut by_parameter = f;
        let mut roots = [f[0]];
        tape.derivative(&at, &mut f);
        tape.jacobian(&at, &mut jacobian);
        tape.time_derivative(&at, &mut by_time);
        tape.parameter_derivative(&at, 0, &mut by_parameter);
        tape.roots(&at, &mut roots);
        let good = tape.factor(&jacobian, L::splat(1.5));
        assert!(good.all());
        let mut x = [L::splat(1.0), L::splat(-2.0)];
        tape.solve(&mut x);
        for i in 0..L::WIDTH {
            let (k, y0) = (0.5 * (i + 1) as f64, 0.5 + i as f64);
            assert_eq!([f[0].lane(i), f[1].lane(i)], [1.0 - k * y0, k * y0 - 9.0]);
            assert_eq!(jacobian.map(|x| x.lane(i)), [-k, 0.0, k, -6.0]);
            assert_eq!(by_time.map(|x| x.lane(i)), [-1.0, 0.0]);
            assert_eq!(by_parameter.map(|x| x.lane(i)), [-2.0 * y0, 2.0 * y0]);
            assert_eq!(roots[0].lane(i), y0 - 3.0);
            // W = [[1.5 + k, 0], [−k, 7.5]], right side (1, −2).
            let x0 = 1.0 / (1.5 + k);
            assert!((x[0].lane(i) - x0).abs() < 1e-15);
            assert!((x[1].lane(i) - (-2.0 + k * x0) / 7.5).abs() < 1e-15);
        }
    }
}

#[test]
fn a_program_of_two_states_gives_its_derivatives_and_solves_its_system() {
    on_every_kind(TwoStates);
    let program = two_states();
    let tape = Tape::<f64>::new(&program);
    assert_eq!(
        (
            tape.n_states(),
            tape.n_parameters(),
            tape.n_roots(),
            tape.n_lags()
        ),
        (2, 1, 1, 0)
    );
    assert_eq!(
        (tape.mass(), tape.row_starts(), tape.columns()),
        (&[1.0; 2][..], &[0, 2, 4][..], &[0, 1, 0, 1][..])
    );
}

#[test]
fn a_zero_or_undefined_pivot_is_told_for_its_lane_alone() {
    let program = two_states();
    let mut tape = Tape::<Pack<4>>::new(&program);
    let one = Pack::splat(1.0);
    let jacobian = [one, Pack::splat(0.0), Pack::splat(0.0), one];
    let shift = Pack::from_fn(|i| [1.0, 2.0, f64::NAN, 3.0][i]);
    assert_eq!(tape.factor(&jacobian, shift).bits(), 0b1010);
    let infinite = [Pack::splat(f64::INFINITY), one, one, one];
    assert_eq!(tape.factor(&infinite, one).bits(), 0);
}

#[test]
fn a_parameter_changed_in_place_is_seen_down_to_the_sign_of_zero() {
    let mut b = Builder::new(1, 0, 0);
    let p = b.p(0);
    let mut inverse = 0;
    b.0.hoist = b.block(|b| {
        let negative_one = b.op(OpCode::Copy, [1, 0, 0]);
        inverse = b.op(OpCode::Div, [negative_one, p, 0]);
        vec![]
    });
    let block = b.block(|_| vec![inverse]);
    let mut tape = Tape::<f64>::new(&b.0);
    let mut p = [4.0];
    for (value, expected) in [
        (4.0, -0.25),
        (4.0, -0.25),
        (2.0, -0.5),
        (0.0, f64::NEG_INFINITY),
        (-0.0, f64::INFINITY),
        (f64::NAN, f64::NAN),
    ] {
        p[0] = value;
        let mut out = [0.0];
        tape.run_block(&block, &here(0.0, &[], &p), &mut out);
        assert!(same(out[0], expected), "{} for {value}", out[0]);
    }
}

/// y = 100 t + lane, p = 7 before t = 1 and what is given after.
pub(super) struct Line(pub(super) f64);

impl Past for Line {
    fn at(&self, lane: usize, t: f64, y: &mut [f64], p: &mut [f64]) -> bool {
        y.fill(100.0 * t + lane as f64);
        p.fill(if t < 1.0 { 7.0 } else { self.0 });
        false
    }
}

/// Past value 0: p0² · y0 at lag p1, the square hoisted. Past value 1: past value 0 + time at lag 2, so that it
/// looks back from the past.
pub(super) fn delayed() -> (Program, Block) {
    let mut b = Builder::new(2, 1, 2);
    let (p0, p1, y, t, first) = (b.p(0), b.p(1), b.y(0), b.time(), b.past(0));
    let mut square = 0;
    b.0.hoist = b.block(|b| {
        square = b.op(OpCode::Mul, [p0, p0, 0]);
        vec![]
    });
    let lag = b.block(|_| vec![p1]);
    let value = b.block(|b| vec![b.op(OpCode::Mul, [square, y, 0])]);
    let constant = b.block(|_| vec![0]);
    let nested = b.block(|b| vec![b.op(OpCode::Add, [first, t, 0])]);
    b.0.delays = vec![
        Delay {
            lag,
            value,
            before: None,
            constant_lag: None,
        },
        Delay {
            lag: constant,
            value: nested,
            before: None,
            constant_lag: Some(2.0),
        },
    ];
    let both = vec![first, b.past(1)];
    let block = b.block(|_| both);
    (b.0, block)
}

#[derive(Clone)]
struct Delayed;

impl LaneJob for Delayed {
    type Output = ();
    fn run<L: Lane>(self) {
        let (program, block) = delayed();
        let mut tape = Tape::<L>::new(&program);
        let lag_of = |i: usize| [0.5, 0.0, 3.5, -1.0, f64::NAN, 1.0, 0.25, 4.0][i % 8];
        let y = [L::splat(1000.0)];
        let p = [L::splat(3.0), L::from_fn(lag_of)];
        let at = At {
            t: L::splat(4.0),
            y: &y,
            p: &p,
            past: &Line(3.0),
        };
        let mut out = [L::splat(0.0); 2];
        let mut lags = out;
        tape.run_block(&block, &at, &mut out);
        tape.lags(&at, &mut lags);
        for i in 0..L::WIDTH {
            let lag = lag_of(i);
            let square = if lag == 3.5 || lag == 4.0 { 49.0 } else { 9.0 };
            let first = match lag {
                0.0 => 9.0 * 1000.0,
                lag if lag > 0.0 => square * (100.0 * (4.0 - lag) + i as f64),
                _ => f64::NAN,
            };
            assert!(same(out[0].lane(i), first), "lag {lag}: {}", out[0].lane(i));
            assert!(same(lags[0].lane(i), lag) && lags[1].lane(i) == 2.0);
            // At t = 2 the past knows p1 = 3, so the inner look goes to t = −1, where p0 = 7.
            let nested = 49.0 * (-100.0 + i as f64) + 2.0;
            assert_eq!(out[1].lane(i), nested);
        }
    }
}

#[test]
fn delayed_formulas_see_time_states_and_parameters_of_their_past() {
    on_every_kind(Delayed);
}

#[test]
fn a_system_with_delays_but_no_history_gives_no_number() {
    let (program, block) = delayed();
    let mut tape = Tape::<f64>::new(&program);
    let mut out = [0.0; 2];
    tape.run_block(&block, &here(4.0, &[1.0], &[3.0, 0.5]), &mut out);
    assert!(out[0].is_nan() && out[1].is_nan());
}

/// select(y0 > 0: ln y0, else y1) + 1 / p0, where y0 ≤ 0 makes the branch that is not taken undefined.
fn guarded() -> (Program, Block) {
    let mut b = Builder::new(1, 2, 0);
    let (p, y0, y1) = (b.p(0), b.y(0), b.y(1));
    let mut inverse = 0;
    b.0.hoist = b.block(|b| {
        inverse = b.op(OpCode::Div, [0, p, 0]);
        vec![]
    });
    let block = b.block(|b| {
        let zero = b.op(OpCode::Sub, [0, 0, 0]);
        let positive = b.op(OpCode::Lt, [zero, y0, 0]);
        let log = b.op(OpCode::Ln, [y0, 0, 0]);
        let choice = b.op(OpCode::Select, [positive, log, y1]);
        let root = b.op(OpCode::Sqrt, [choice, 0, 0]);
        vec![b.op(OpCode::Add, [root, inverse, 0])]
    });
    (b.0, block)
}

#[test]
fn a_fault_is_followed_to_the_operation_that_made_it() {
    let (program, block) = guarded();
    let mut tape = Tape::<f64>::new(&program);
    let mut find = |y: [f64; 2], p: f64| tape.find_fault(&block, &here(0.0, &y, &[p]), 0, 0);
    assert_eq!(
        find([-1.0, 4.0], 2.0),
        None,
        "the undefined branch is not taken"
    );
    let made_by = |fault: Option<Fault>| match fault {
        Some(Fault::Operation { code, operands, .. }) => (code, operands[0]),
        other => panic!("no operation but {other:?}"),
    };
    assert_eq!(made_by(find([-1.0, -4.0], 2.0)), (OpCode::Sqrt, -4.0));
    assert_eq!(
        made_by(find([1.0, 1.0], 0.0)),
        (OpCode::Div, 2.0),
        "hoisted operations are seen"
    );
    assert_eq!(find([-1.0, f64::NAN], 2.0), Some(Fault::State(1)));
    assert_eq!(find([2.0, 1.0], f64::INFINITY), None);
    assert_eq!(find([2.0, 1.0], f64::NAN), Some(Fault::Parameter(0)));
}

#[test]
#[should_panic(expected = "names register 99")]
fn a_program_that_names_a_missing_register_is_refused() {
    let mut b = Builder::new(0, 1, 0);
    b.op(OpCode::Neg, [99, 0, 0]);
    Tape::<f64>::new(&b.0);
}
