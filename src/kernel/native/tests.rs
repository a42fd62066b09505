//! Machine code against the tape, bit by bit.

use std::sync::Arc;

use proptest::prelude::*;

use super::Code;
use crate::compile::program::{Block, LuProgram, OpCode, Program, Register};
use crate::kernel::tests::{ALL, Builder, Line, delayed, here, on_every_kind, two_states};
use crate::kernel::{LaneJob, Tape};
use crate::math::testing::{Numbers, same};
use crate::math::{Lane, LaneMask};
use crate::solve::{At, Dynamics};

/// A tape without and one with code; none where this processor has no code.
fn both<L: Lane>(program: &Program) -> Option<[Tape<'_, L>; 2]> {
    let Some(code) = Code::generate(program, L::WIDTH) else {
        assert!(
            !std::is_x86_feature_detected!("avx2"),
            "there is code wherever there is AVX2"
        );
        return None;
    };
    let with = Tape::with_code(program, Some(Arc::new(code)));
    assert!(with.has_code());
    Some([Tape::new(program), with])
}

fn assert_same<L: Lane>(what: &str, tape: &[L], code: &[L]) {
    for (at, (tape, code)) in tape.iter().zip(code).enumerate() {
        for lane in 0..L::WIDTH {
            let (tape, code) = (tape.lane(lane), code.lane(lane));
            assert!(
                same(tape, code),
                "{what}: {at} in lane {lane}: {code:e}, the tape has {tape:e}"
            );
        }
    }
}

/// Every operation on three states at once, and on one state three times over.
#[derive(Clone)]
struct EveryOperation;

impl LaneJob for EveryOperation {
    type Output = ();
    fn run<L: Lane>(self) {
        let mut builder = Builder::new(0, 3, 0);
        let operands = [builder.y(0), builder.y(1), builder.y(2)];
        builder.0.observe = builder.block(|b| {
            let mut outputs = ALL.map(|code| b.op(code, operands)).to_vec();
            outputs.extend(ALL.map(|code| b.op(code, [operands[1]; 3])));
            outputs
        });
        let block = builder.0.observe.clone();
        let Some([mut tape, mut code]) = both::<L>(&builder.0) else {
            return;
        };
        let mut numbers = Numbers::new(77);
        let mut outs = [(); 2].map(|()| vec![L::splat(0.0); block.outputs.len()]);
        for _ in 0..20_000 / L::WIDTH {
            let y = [numbers.pack::<L>(), numbers.pack(), numbers.pack()];
            tape.run_block(&block, &here(0.0, &y, &[]), &mut outs[0]);
            code.run_block(&block, &here(0.0, &y, &[]), &mut outs[1]);
            assert_same("every operation", &outs[0], &outs[1]);
        }
    }
}

#[test]
fn every_operation_gives_the_bits_of_the_tape() {
    on_every_kind(EveryOperation);
}

/// One operation of a random program: code, register written, registers read, all as shares of what there is.
type Draw = (usize, [usize; 4]);

/// A program of random operations over 2 parameters, 5 states and 24 scratch registers, which are used again and again;
/// every scratch register is an output, and so are some states.
fn random(draws: &[Draw], with_functions: bool) -> (Program, Block) {
    let mut b = Builder::new(2, 5, 0);
    let scratch: Vec<Register> = (0..24).map(|_| b.scratch()).collect();
    let total = b.0.layout.total;
    let start = b.0.ops.len();
    for (code, [to, x, y, z]) in draws {
        let mut code = ALL[code % ALL.len()];
        if !with_functions && super::shims::is_function(code) {
            code = OpCode::AddMul;
        }
        let operands = [x, y, z].map(|at| (at % total) as Register);
        b.op(code, operands);
        b.0.layout.total = total;
        let last = b.0.ops.last_mut().expect("just pushed");
        last.to = scratch[to % scratch.len()];
    }
    let mut outputs = scratch;
    outputs.extend([b.y(3), b.y(3), b.time(), 0]);
    let block = Block {
        ops: start..b.0.ops.len(),
        outputs,
    };
    b.0.observe = block.clone();
    (b.0, block)
}

#[derive(Clone)]
struct Random<'a>(&'a [Draw], bool);

impl LaneJob for Random<'_> {
    type Output = ();
    fn run<L: Lane>(self) {
        let (program, block) = random(self.0, self.1);
        let Some([mut tape, mut code]) = both::<L>(&program) else {
            return;
        };
        let mut numbers = Numbers::new(self.0.len() as u64);
        let mut outs = [(); 2].map(|()| vec![L::splat(0.0); block.outputs.len()]);
        for _ in 0..3 {
            // Scratch that is read before it is written is what it was: zero in both, as it is at first.
            let p = [numbers.pack::<L>(), numbers.pack()];
            let y = [(); 5].map(|()| numbers.pack::<L>());
            for (tape, out) in [&mut tape, &mut code].into_iter().zip(&mut outs) {
                tape.parts().0[program.layout.scratch as usize..].fill(L::splat(0.0));
                let t = L::splat(0.25);
                let past = &crate::solve::NoPast;
                let (y, p) = (&y[..], &p[..]);
                tape.run_block(&block, &At { t, y, p, past }, out);
            }
            assert_same("random", &outs[0], &outs[1]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_programs_give_the_bits_of_the_tape(
        draws in prop::collection::vec((any::<usize>(), any::<[usize; 4]>()), 0..300),
        with_functions in any::<bool>(),
    ) {
        on_every_kind(Random(&draws, with_functions));
    }
}

/// The system of two states, hoisted values and all, with parameters that change.
#[derive(Clone)]
struct TwoStates;

impl LaneJob for TwoStates {
    type Output = ();
    fn run<L: Lane>(self) {
        let program = two_states();
        let Some(mut tapes) = both::<L>(&program) else {
            return;
        };
        let mut numbers = Numbers::new(5);
        for _ in 0..2_000 {
            let y = [numbers.pack::<L>(), numbers.pack()];
            let p = [numbers.pack::<L>()];
            let at = here(0.5, &y, &p);
            let (shift, b) = (numbers.pack::<L>(), [numbers.pack::<L>(), numbers.pack()]);
            let [tape, code] = tapes.each_mut().map(|tape| everything(tape, &at, shift, b));
            assert_same("two states", &tape.0, &code.0);
            assert_eq!(tape.1, code.1, "lanes that were factored");
        }
    }
}

/// All that a tape of two states and one parameter computes, and the lanes in which the factorisation worked.
fn everything<L: Lane>(
    tape: &mut Tape<'_, L>,
    at: &At<'_, L>,
    shift: L,
    mut b: [L; 2],
) -> (Vec<L>, u32) {
    let mut all = vec![L::splat(0.0); 11];
    tape.derivative(at, &mut all[..2]);
    tape.time_derivative(at, &mut all[2..4]);
    tape.parameter_derivative(at, 0, &mut all[4..6]);
    tape.roots(at, &mut all[6..7]);
    tape.jacobian(at, &mut all[7..]);
    let good = tape.factor(&all[7..], shift);
    tape.solve(&mut b);
    all.extend(b);
    (all, good.bits())
}

#[test]
fn a_system_gives_the_bits_of_the_tape() {
    on_every_kind(TwoStates);
}

#[derive(Clone)]
struct Delayed;

impl LaneJob for Delayed {
    type Output = ();
    fn run<L: Lane>(self) {
        let (mut program, block) = delayed();
        program.observe = block.clone();
        program.derivative = program.delays[0].value.clone();
        let Some(tapes) = both::<L>(&program) else {
            return;
        };
        let y = [L::splat(1000.0)];
        let p = [L::splat(3.0), L::from_fn(|i| i as f64)];
        let [tape, code] = tapes.map(|mut tape| {
            let mut out = [L::splat(0.0); 3];
            let past = &Line(3.0);
            let t = L::splat(4.0);
            let (y, p) = (&y[..], &p[..]);
            // First without a look back, so that the look back has to bring the states itself.
            tape.derivative(&At { t, y, p, past }, &mut out[2..]);
            tape.run_block(&block, &At { t, y, p, past }, &mut out[..2]);
            out
        });
        assert_same("delayed", &tape, &code);
    }
}

#[test]
fn delays_give_the_bits_of_the_tape() {
    on_every_kind(Delayed);
}

/// A solution whose outputs change places, so that a result is written where an input still has to be read.
#[derive(Clone)]
struct Swapped;

impl LaneJob for Swapped {
    type Output = ();
    fn run<L: Lane>(self) {
        let mut b = Builder::new(0, 2, 0);
        let x = [b.scratch(), b.scratch()];
        let solve = b.block(|b| {
            let double = b.op(OpCode::Add, [x[0], x[0], 0]);
            let product = b.op(OpCode::Mul, [x[1], x[0], 0]);
            vec![product, double]
        });
        b.0.lu = LuProgram {
            right_side: x.to_vec(),
            solve,
            ..LuProgram::default()
        };
        let Some([_, mut code]) = both::<L>(&b.0) else {
            return;
        };
        let mut values = [L::from_fn(|i| 1.0 + i as f64), L::splat(5.0)];
        code.solve(&mut values);
        for lane in 0..L::WIDTH {
            let first = 1.0 + lane as f64;
            assert_eq!(
                values.map(|x| x.lane(lane)),
                [5.0 * first, 2.0 * first],
                "lane {lane}"
            );
        }
    }
}

#[test]
fn a_solution_may_change_places() {
    on_every_kind(Swapped);
}

#[test]
#[should_panic(expected = "code of another program")]
fn code_of_another_program_is_refused() {
    let (one, _) = delayed();
    let other = two_states();
    let code = Code::generate(&other, 1).expect("this processor has AVX2");
    Tape::<f64>::with_code(&one, Some(Arc::new(code)));
}

#[test]
fn parameters_are_looked_at_again_when_they_are_not_held_any_more() {
    let program = two_states();
    let Some([_, mut code]) = both::<f64>(&program) else {
        return;
    };
    let mut p = [1.0];
    let derivative = |code: &mut Tape<'_, f64>, p: &[f64]| {
        let mut out = [0.0; 2];
        code.derivative(&here(0.0, &[1.0, 0.0], p), &mut out);
        out[1]
    };
    code.hold(&p);
    assert_eq!(derivative(&mut code, &p), 2.0);
    // Another slice is compared even while one is held.
    assert_eq!(derivative(&mut code, &[3.0]), 6.0);
    assert_eq!(derivative(&mut code, &p), 2.0);
    code.release();
    p[0] = 2.0;
    assert_eq!(derivative(&mut code, &p), 4.0);
}
