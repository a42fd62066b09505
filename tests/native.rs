//! Machine code against the tape on shipped models: every block, at places along the model's way and at wild ones.

mod support;

use std::sync::Arc;

use insilin::compile::program::Program;
use insilin::kernel::{Code, LaneJob, LaneKind, Tape, with_lanes};
use insilin::math::{Lane, LaneMask};
use insilin::solve::{At, Dynamics, NoPast};
use support::files::shipped_models;
use support::numbers::Draws;
use support::program::{Place, disturbed, shipped_program};

/// Places per model and kind of lanes.
const PLACES: usize = 20;

/// Numbers at which laws break, each put in place of some state or parameter now and then.
const WILD: [f64; 8] = [
    0.0,
    -0.0,
    -1.0,
    1e300,
    5e-324,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

struct Job<'a> {
    name: &'a str,
    program: &'a Program,
    place: &'a Place,
}

impl LaneJob for Job<'_> {
    type Output = bool;

    fn run<L: Lane>(self) -> bool {
        let Some(code) = Code::generate(self.program, L::WIDTH) else {
            return false;
        };
        let mut tape = Tape::<L>::new(self.program);
        let mut code = Tape::with_code(self.program, Some(Arc::new(code)));
        let mut draws = Draws(self.name.len() as u64);
        for n in 0..PLACES {
            // Every second place is tame in all lanes.
            let mut moved = |values: &[f64]| -> Vec<L> {
                let one = |value: &f64| L::from_fn(|_| draw(&mut draws, *value, n % 2 == 1));
                values.iter().map(one).collect()
            };
            let (y, p) = (moved(&self.place.y), moved(&self.place.p));
            let t = L::from_fn(|lane| self.place.t + (n * lane) as f64);
            let at = At {
                t,
                y: &y,
                p: &p,
                past: &NoPast,
            };
            let shift = L::from_fn(|lane| 0.1 + (n + lane) as f64);
            let expected = everything(&mut tape, &at, shift);
            let got = everything(&mut code, &at, shift);
            assert_eq!(expected.len(), got.len());
            for (at, (expected, got)) in expected.iter().zip(&got).enumerate() {
                let same = expected == got || is_nan(*expected) && is_nan(*got);
                assert!(
                    same,
                    "{}, width {}: number {at} of place {n} has bits {got:x}, not {expected:x}",
                    self.name,
                    L::WIDTH
                );
            }
        }
        true
    }
}

fn is_nan(bits: u64) -> bool {
    f64::from_bits(bits).is_nan()
}

fn draw(draws: &mut Draws, value: f64, is_wild: bool) -> f64 {
    if is_wild && draws.between(0.0, 20.0) < 1.0 {
        return WILD[draws.between(0.0, WILD.len() as f64) as usize];
    }
    value * draws.between(0.8, 1.25)
}

/// The bits of all that a program computes at a place, with the lanes in which the factorisation worked.
fn everything<L: Lane>(tape: &mut Tape<'_, L>, at: &At<'_, L>, shift: L) -> Vec<u64> {
    let program = tape.program();
    let n = program.states.len();
    let mut all = Vec::new();
    let mut keep = |values: &[L]| {
        for value in values {
            all.extend((0..L::WIDTH).map(|lane| value.lane(lane).to_bits()));
        }
    };
    let zeros = |n: usize| vec![L::splat(0.0); n];
    let (mut states, mut roots) = (zeros(n), zeros(program.roots.outputs.len()));
    let mut jacobian = zeros(program.pattern.columns.len());
    tape.hold(at.p);
    tape.derivative(at, &mut states);
    keep(&states);
    let right_side = states.clone();
    tape.time_derivative(at, &mut states);
    keep(&states);
    tape.roots(at, &mut roots);
    keep(&roots);
    tape.jacobian(at, &mut jacobian);
    keep(&jacobian);
    let good = tape.factor(&jacobian, shift);
    // Several solutions with the same factors.
    for b in [&right_side, &states] {
        let mut x = b.clone();
        tape.solve(&mut x);
        keep(&x);
    }
    tape.release();
    for (slot, block) in program.parameter_derivatives.iter().enumerate() {
        if !block.outputs.is_empty() {
            tape.parameter_derivative(at, slot, &mut states);
            keep(&states);
        }
    }
    let mut row = zeros(program.observe.outputs.len());
    tape.run_block(&program.observe, at, &mut row);
    keep(&row);
    all.push(u64::from(good.bits()));
    all
}

#[test]
fn every_block_of_every_model_has_the_bits_of_the_tape() {
    for name in shipped_models() {
        let program = shipped_program(&name);
        let place = disturbed(&name, &program);
        for kind in [LaneKind::Single, LaneKind::best(4), LaneKind::best(8)] {
            let (name, program, place) = (&*name, &program, &place);
            let job = Job {
                name,
                program,
                place,
            };
            let has_code = with_lanes(kind, job);
            assert_eq!(
                has_code,
                LaneKind::Avx2x4.is_available(),
                "{name}: there is code exactly where there is AVX2"
            );
        }
    }
}
