//! Text to program: what reading, lowering and compiling each shipped model costs.
#![allow(
    missing_docs,
    reason = "criterion's macros write functions without words"
)]

mod shared;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use insilin::compile::{self, compile};
use insilin::syntax::antimony;

fn pipeline(criterion: &mut Criterion) {
    let texts = shared::texts();
    for case in shared::cases() {
        let mut group = criterion.benchmark_group(&case.name);
        let file = texts.0.iter().find(|file| file.name == case.file());
        let text = &file.expect("a shipped model").text;
        group.bench_function("read", |bench| {
            bench.iter(|| antimony::read(black_box(text), insilin::diag::SourceId(0)));
        });
        group.bench_function("read and lower", |bench| {
            bench.iter(|| shared::read(black_box(&case), &texts));
        });
        let model = shared::read(&case, &texts);
        let options = compile::Options::default();
        group.bench_function("compile", |bench| {
            bench.iter(|| compile(black_box(&model), &[], &options));
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500))
        .sample_size(20);
    targets = pipeline
}
criterion_main!(benches);
