//! Text to program: what reading, lowering and compiling each shipped model costs, and what a year's calendar costs beside
//! its simulation.
#![allow(
    missing_docs,
    reason = "criterion's macros write functions without words"
)]

mod shared;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use insilin::compile::{self, compile};
use insilin::diag::{ReadFailure, SourceFile, SourceMap, Sources};
use insilin::model::lower;
use insilin::scenario::{self, Scenario};
use insilin::simulate::{Experiment, Options, run_with};
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

/// Everything below `models/`.
struct Shipped;

impl Sources for Shipped {
    fn read(&self, name: &str, _: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let text = std::fs::read_to_string(models.join(name));
        let text = text.map_err(|_| ReadFailure::NotFound {
            looked_in: vec!["models".to_string()],
        })?;
        let name = name.to_string();
        Ok(SourceFile { name, text })
    }
}

/// 52 weeks of meals, nights, a programme of training, work days and practice: more than 3,000 occurrences.
const YEAR: &str = r#"
schema = 2
name = "year"
model = "published/dalla_man_2007.ant"
seed = 1
time = { unit = "min", span = [0, "364 d"], every = "1 h" }
calendar = [
  { meal = { carbohydrate = "50 g ± 10 %", gi = 60, protein = "15 g", fat = "10 g" }, at = "07:30 ± 20 min", repeat = "every day" },
  { meal = ["180 g boiled lentils", "60 g whole-wheat bread"], at = "12:30", repeat = "every day" },
  { meal = ["150 g apple"], at = "15:30", repeat = "every day" },
  { plate = "salmon-quinoa", at = "19:30", energy = "2500 kJ", repeat = "every day" },
  { sleep = "23:00", to = "07:00", quality = 0.9, repeat = "every day" },
  { light = "500 lux", from = "07:00", to = "22:00", repeat = "every day" },
  { stress = "work", level = 0.3, at = "09:00", for = "3 h", repeat = "weekdays" },
  { practice = "mindfulness", at = "21:00", for = "20 min", repeat = "every day" },
  { block = "weekly-exercise" },
]
"#;

fn load(text: &str) -> Scenario {
    let mut map = SourceMap::new();
    let mut model = |path: &str, map: &mut SourceMap| lower::load(path, &Shipped, map);
    match scenario::load("year.toml", text, &Shipped, &mut map, &mut model) {
        Ok(read) => read.value,
        Err(found) => panic!("{found:?}"),
    }
}

fn year(criterion: &mut Criterion) {
    let year = load(YEAR);
    let arm = &year.arms[0];
    let marks = |entry: &&scenario::Entry| matches!(entry, scenario::Entry::Mark { .. });
    assert!(arm.protocol.entries.iter().filter(marks).count() > 3_000);
    let mut group = criterion.benchmark_group("a year of a calendar");
    // What a year costs beside a day is the calendar's; reading the model is the same for both.
    let day = YEAR.replace("364 d", "1 d");
    group.bench_function("read a day", |bench| bench.iter(|| load(black_box(&day))));
    group.bench_function("read", |bench| bench.iter(|| load(black_box(YEAR))));
    group.bench_function("expand", |bench| bench.iter(|| scenario::expand(&year)));
    group.sample_size(10);
    group.bench_function("compile", |bench| bench.iter(|| shared::compiled(arm)));
    let experiment: Experiment = shared::compiled(arm);
    group.bench_function("simulate", |bench| {
        bench.iter(|| run_with(&experiment, arm, &[], &Options::default()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(500))
        .sample_size(20);
    targets = pipeline, year
}
criterion_main!(benches);
