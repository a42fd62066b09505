//! Figures: a long run beside a day, as SVG and as PNG.
#![allow(
    missing_docs,
    reason = "criterion's macros write functions without words"
)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use insilin::render::build::{self, Arm, Happenings};
use insilin::render::{Figure, to_png, to_svg};
use insilin::trajectory::{Column, ColumnKind, Trajectory};
use ndarray::Array2;

/// Glucose and insulin of days with three meals, a point a minute, with a fast ripple on top.
fn life(points: usize) -> Trajectory {
    let time: Vec<f64> = (0..points).map(|at| at as f64).collect();
    let columns = vec![
        Column::new("G", "mmol/L", ColumnKind::Species),
        Column::new("I", "pmol/L", ColumnKind::Species),
    ];
    let data = Array2::from_shape_fn((points, 2), |(row, column)| {
        let turn = time[row] / 1440.0 * 3.0 * std::f64::consts::TAU;
        let rise = 1.0 + insilin::math::sin(turn) + 0.1 * insilin::math::sin(37.0 * turn);
        [5.0 + 1.5 * rise, 40.0 + 120.0 * rise][column]
    });
    Trajectory::new(time, "min", columns, data)
}

fn figure(trajectory: &Trajectory) -> Figure {
    let arms = [Arm {
        label: "",
        trajectory,
    }];
    let groups = [vec!["G"], vec!["I"]];
    build::time_course("Life", &arms, &groups, &[], &Happenings::default()).expect("both are there")
}

fn figures(criterion: &mut Criterion) {
    for points in [1_440, 120_000] {
        let trajectory = life(points);
        let mut group = criterion.benchmark_group(format!("{points} points"));
        group.bench_function("SVG", |bench| {
            bench.iter(|| to_svg(&figure(black_box(&trajectory))));
        });
        group.bench_function("SVG and PNG", |bench| {
            bench.iter(|| {
                let figure = figure(black_box(&trajectory));
                (to_svg(&figure), to_png(&figure, 2.0))
            });
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(2))
        .sample_size(20);
    targets = figures
}
criterion_main!(benches);
