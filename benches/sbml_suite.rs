//! The SBML Test Suite as a measure of speed: each case from its file to a program that can run, and from there to its
//! table, one after the other on one thread.
//!
//! `SBML_TEST_SUITE` names the folder of cases (docs/sbml-test-suite.md). Without arguments the totals are printed;
//! `--json` prints one entry per case, which `peers/suite.py` holds beside other programs.
#![allow(clippy::print_stdout, reason = "a table is what this program is for")]

mod shared;

use std::fs;
use std::time::Instant;

use serde_json::{Value, json};
use shared::suite::{self, Case};

/// Relative and absolute tolerance: all cases pass.
const TOLERANCES: (f64, f64) = (1e-8, 1e-11);

fn main() {
    let Some(cases) = suite::cases() else {
        println!(
            "skipped: SBML_TEST_SUITE names no folder with the suite; see docs/sbml-test-suite.md"
        );
        return;
    };
    // The first call pays for code and memory that all others find in place.
    drop(cases.first().map(measure));
    let measured: Vec<Measured> = cases.iter().map(measure).collect();
    if std::env::args().any(|argument| argument == "--json") {
        println!("{}", as_json(&cases, &measured));
    } else {
        totals(&measured);
    }
}

/// What one case took, and whether its table is right.
struct Measured {
    load: Cost,
    simulate: Cost,
    verdict: Result<(), String>,
}

/// Time on the wall and of the processor, ms.
#[derive(Clone, Copy, Default)]
struct Cost {
    wall: f64,
    processor: f64,
}

/// When something began.
struct Begin {
    wall: Instant,
    processor: Option<f64>,
}

impl Begin {
    fn now() -> Self {
        let processor = processor_ms();
        Self {
            wall: Instant::now(),
            processor,
        }
    }

    /// What has been spent since; wall time stands for that of the processor where the system does not tell it.
    fn cost(&self) -> Cost {
        let wall = self.wall.elapsed().as_secs_f64() * 1e3;
        let spent = self
            .processor
            .and_then(|begin| Some(processor_ms()? - begin));
        Cost {
            wall,
            processor: spent.unwrap_or(wall),
        }
    }
}

/// Time that the processor has spent on this thread, ms, where the system tells it.
fn processor_ms() -> Option<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e6)
}

fn measure(case: &Case) -> Measured {
    let begin = Begin::now();
    let prepared = suite::prepare(case);
    let load = begin.cost();
    let begin = Begin::now();
    let table = prepared.and_then(|prepared| suite::simulate(&prepared, TOLERANCES));
    let simulate = begin.cost();
    Measured {
        load,
        simulate,
        verdict: table.and_then(|table| case.compare(&table)),
    }
}

fn as_json(cases: &[Case], measured: &[Measured]) -> Value {
    let cost = |cost: Cost| json!({ "wall": cost.wall, "processor": cost.processor });
    let entry = |(case, measured): (&Case, &Measured)| {
        json!({
            "id": case.id,
            "load": cost(measured.load),
            "simulate": cost(measured.simulate),
            "passed": measured.verdict.is_ok(),
            "why": measured.verdict.as_ref().err(),
        })
    };
    cases.iter().zip(measured).map(entry).collect()
}

fn totals(measured: &[Measured]) {
    let passed: Vec<&Measured> = measured.iter().filter(|m| m.verdict.is_ok()).collect();
    let sum = |cost: &dyn Fn(&Measured) -> f64| passed.iter().map(|m| cost(m)).sum::<f64>();
    println!("| cases passed | time, ms | load | simulate |\n| --- | --- | --- | --- |");
    let count = format!("{} of {}", passed.len(), measured.len());
    let wall = [sum(&|m| m.load.wall), sum(&|m| m.simulate.wall)];
    let processor = [sum(&|m| m.load.processor), sum(&|m| m.simulate.processor)];
    for (name, [load, simulate]) in [("wall", wall), ("processor", processor)] {
        println!("| {count} | {name} | {load:.0} | {simulate:.0} |");
    }
}
