//! Derivative, Jacobian, factorisation and solution per model, kind of lanes and back-end; times are per trajectory.
//!
//! Names end in the kind of lanes for the tape and in `+code` for machine code. `generate` is the making of that code for all
//! blocks, once per program. Parameters are held, as the integrator holds them for the length of an attempt.
#![allow(
    missing_docs,
    reason = "criterion's macros write functions without words"
)]

mod shared;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use insilin::kernel::{Code, LaneJob, LaneKind, Tape, with_lanes};
use insilin::math::Lane;
use insilin::simulate::Experiment;
use insilin::solve::{At, Dynamics, NoPast};

fn kernels(criterion: &mut Criterion) {
    let texts = shared::texts();
    for case in shared::cases() {
        let experiment = shared::compiled(&case.arm(&texts));
        let kinds = LaneKind::ALL;
        for kind in kinds.into_iter().filter(|kind| kind.is_available()) {
            for with_code in [false, true] {
                let ending = if with_code { "+code" } else { "" };
                let job = Job {
                    criterion,
                    name: format!("{}/{kind:?}{ending}", case.name),
                    experiment: &experiment,
                    with_code,
                };
                with_lanes(kind, job);
            }
        }
    }
}

struct Job<'a> {
    criterion: &'a mut Criterion,
    name: String,
    experiment: &'a Experiment,
    with_code: bool,
}

impl LaneJob for Job<'_> {
    type Output = ();

    fn run<L: Lane>(self) {
        let (p, y) = shared::start(self.experiment);
        let (p, y): (Vec<L>, Vec<L>) = (spread(&p), spread(&y));
        let program = &self.experiment.program;
        let mut tape = Tape::<L>::new(program);
        if self.with_code {
            let Some(code) = Code::generate(program, L::WIDTH) else {
                return;
            };
            tape.use_code(Arc::new(code));
        }
        tape.hold(&p);
        let at = At {
            t: L::splat(0.0),
            y: &y,
            p: &p,
            past: &NoPast,
        };
        let mut out = vec![L::splat(0.0); y.len()];
        let mut jacobian = vec![L::splat(0.0); tape.columns().len()];
        let right_side = vec![L::splat(1.0); y.len()];
        let mut group = self.criterion.benchmark_group(self.name);
        if self.with_code {
            group.bench_function("generate", |bench| {
                bench.iter(|| Code::generate(black_box(program), L::WIDTH));
            });
        }
        let mut measure = |name: &str, call: &mut dyn FnMut()| {
            group.bench_function(name, |bench| {
                bench.iter_custom(|repeats| per_trajectory::<L>(repeats, call));
            });
        };
        measure("derivative", &mut || {
            tape.derivative(black_box(&at), &mut out)
        });
        measure("jacobian", &mut || {
            tape.jacobian(black_box(&at), &mut jacobian)
        });
        measure("factor", &mut || {
            black_box(tape.factor(black_box(&jacobian), L::splat(10.0)));
        });
        measure("solve", &mut || {
            out.copy_from_slice(black_box(&right_side));
            tape.solve(&mut out);
        });
        group.finish();
    }
}

fn spread<L: Lane>(values: &[f64]) -> Vec<L> {
    values.iter().map(|value| L::splat(*value)).collect()
}

/// Time of `repeats` calls, shared among the lanes.
fn per_trajectory<L: Lane>(repeats: u64, call: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..repeats {
        call();
    }
    start.elapsed().div_f64(L::WIDTH as f64)
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(30))
        .measurement_time(Duration::from_millis(150))
        .sample_size(15);
    targets = kernels
}
criterion_main!(benches);
