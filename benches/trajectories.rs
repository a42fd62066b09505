//! One trajectory per model, method and tolerance: its time beside its error, or why the method refuses.
//!
//! Without arguments it prints a table. `--json` prints what `peers/peers.py` needs of our side of its comparison.
//! `--again MODEL RTOL SECONDS` runs one model over and over, for a profiler to look at.
#![allow(clippy::print_stdout, reason = "a table is what this program is for")]

mod shared;

use std::hint::black_box;
use std::time::Duration;

use insilin::compile::{self, compile};
use insilin::simulate::{Experiment, Method};
use insilin::trajectory::Trajectory;
use serde_json::{Value, json};
use shared::Case;

/// Those of the table.
const TOLERANCES: [f64; 2] = [1e-6, 1e-8];
/// Those among which each tool of the comparison may choose.
const LADDER: [f64; 5] = [1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
const REFERENCE: f64 = 1e-12;
const METHODS: [(&str, Method); 3] = [
    ("rodas5p", Method::Rodas5P),
    ("dopri5", Method::Dopri5),
    ("dop853", Method::Dop853),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if words.contains(&"--json") {
        let cases: Vec<Value> = shared::cases().iter().map(as_json).collect();
        println!("{}", Value::from(cases));
    } else if let ["--again", model, rtol, seconds, ..] = words[..] {
        let number = |text: &str| text.parse::<f64>().expect("a number");
        again(model, number(rtol), number(seconds));
    } else {
        table();
    }
}

/// One model over and over; prints the median time and what a run costs.
fn again(model: &str, rtol: f64, seconds: f64) {
    let case = shared::cases().into_iter().find(|case| case.name == model);
    let arm = case.expect("a model's name").arm(&shared::texts());
    let experiment = shared::compiled(&arm);
    let options = shared::options(Method::Rodas5P, rtol);
    let run = || shared::run(&experiment, &arm, &options).expect("the model runs");
    let time = shared::median_time(Duration::from_secs_f64(seconds), || drop(black_box(run())));
    println!("{:.4} ms, {:?}", milliseconds(time), run().work);
}

/// A model made ready, with the run that all others are held against.
struct Prepared {
    arm: insilin::scenario::Arm,
    experiment: Experiment,
    reference: Trajectory,
}

fn prepare(case: &Case) -> Prepared {
    let arm = case.arm(&shared::texts());
    let experiment = shared::compiled(&arm);
    let options = shared::options(Method::Rodas5P, REFERENCE);
    let reference = match shared::run(&experiment, &arm, &options) {
        Ok(run) => run.trajectory,
        Err(why) => panic!("{} has no reference: {why}", case.name),
    };
    Prepared {
        arm,
        experiment,
        reference,
    }
}

fn table() {
    println!("| model | method | rtol | ms | steps | max error | rms error |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for case in shared::cases() {
        let prepared = prepare(&case);
        for (name, method) in METHODS {
            for rtol in TOLERANCES {
                println!(
                    "| {} | {name} | {rtol:e} | {} |",
                    case.name,
                    cells(&prepared, method, rtol)
                );
            }
        }
    }
}

fn cells(prepared: &Prepared, method: Method, rtol: f64) -> String {
    let options = shared::options(method, rtol);
    let run = || shared::run(&prepared.experiment, &prepared.arm, &options);
    match run() {
        Ok(done) => {
            let time = shared::median_time(Duration::from_millis(100), || drop(black_box(run())));
            let error = shared::error(&prepared.experiment, &done.trajectory, &prepared.reference);
            let steps = done.work.accepted + done.work.rejected;
            format!(
                "{:.3} | {steps} | {:.1e} | {:.1e}",
                milliseconds(time),
                error.max,
                error.rms
            )
        }
        Err(why) => format!("refused: {why} | – | – | –"),
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn as_json(case: &Case) -> Value {
    let prepared = prepare(case);
    let program = &prepared.experiment.program;
    let states: Vec<Value> = program
        .states
        .iter()
        .map(|state| {
            json!({
                "id": state.id,
                "nominal": state.nominal,
                "amount": shared::is_amount(&prepared.arm.model, &state.id),
                "reference": prepared.reference.values(&state.id),
            })
        })
        .collect();
    let runs: Vec<Value> = LADDER
        .iter()
        .map(|&rtol| run_as_json(&prepared, rtol))
        .collect();
    json!({
        "model": case.name,
        "timing": shared::timing_cases().iter().any(|timing| timing.name == case.name),
        "end": case.end(),
        "intervals": case.intervals(),
        "stimulus": case.stimulus().map(|(id, value)| json!({ "id": id, "value": value })),
        "load_ms": milliseconds(load_time(case)),
        "states": states,
        "runs": runs,
    })
}

/// Time from text to program.
fn load_time(case: &Case) -> Duration {
    let texts = shared::texts();
    let options = compile::Options::default();
    shared::median_time(Duration::from_millis(200), || {
        let model = shared::read(black_box(case), &texts);
        black_box(compile(&model, &[], &options)).expect("a shipped model compiles");
    })
}

fn run_as_json(prepared: &Prepared, rtol: f64) -> Value {
    let options = shared::options(Method::Rodas5P, rtol);
    let run = || shared::run(&prepared.experiment, &prepared.arm, &options);
    let done = run().expect("the default method runs every shipped model");
    let time = shared::median_time(Duration::from_millis(200), || drop(black_box(run())));
    let error = shared::error(&prepared.experiment, &done.trajectory, &prepared.reference);
    json!({ "rtol": rtol, "ms": milliseconds(time), "max": error.max, "rms": error.rms })
}
