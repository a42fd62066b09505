//! Many trajectories of the timing models: how many a second, on one worker and on two, and how many fail.
//!
//! Every set moves some constants of the model by factors from 0.7 to 1.4, evenly on the logarithm. Without arguments it
//! prints a table; `--json` prints what `peers/bench.py` needs, the factors included, so that all programs run the same.
#![allow(clippy::print_stdout, reason = "a table is what this program is for")]

mod shared;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use insilin::compile;
use insilin::kernel::{LaneJob, with_best_lanes};
use insilin::math::Lane;
use insilin::scenario::Arm;
use insilin::simulate::{Experiment, Method, Options, run_lanes};
use serde_json::{Value, json};
use shared::Case;

const TOLERANCES: [f64; 5] = [1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
const WORKERS: [usize; 2] = [1, 2];
/// Sets that a worker takes at a time.
const CHUNK: usize = 8;
const LANES: usize = 8;

fn main() {
    let as_json = std::env::args().any(|argument| argument == "--json");
    let mut all = Vec::new();
    if !as_json {
        println!("| model | rtol | workers | trajectories/s | failed |");
        println!("| --- | --- | --- | --- | --- |");
    }
    for case in shared::timing_cases() {
        if case.swept.is_empty() {
            continue;
        }
        let sweep = Sweep::new(&case);
        let mut runs = Vec::new();
        for rtol in TOLERANCES {
            for workers in WORKERS {
                let (rate, failed) = sweep.run(rtol, workers);
                if !as_json {
                    println!(
                        "| {} | {rtol:e} | {workers} | {rate:.0} | {failed} |",
                        case.name
                    );
                }
                runs.push(json!({
                    "rtol": rtol, "workers": workers, "per_second": rate, "failed": failed,
                }));
            }
        }
        all.push(json!({
            "model": case.name, "swept": case.swept, "factors": sweep.factors, "runs": runs,
            "memory_mb": peak_memory(),
        }));
    }
    if as_json {
        println!("{}", Value::from(all));
    }
}

/// A model with the sets of a sweep.
struct Sweep {
    arm: Arm,
    experiment: Experiment,
    factors: Vec<Vec<f64>>,
    sets: Vec<Vec<(usize, f64)>>,
}

impl Sweep {
    fn new(case: &Case) -> Self {
        let arm = case.arm(&shared::texts());
        let experiment = states_alone(&arm);
        let slots: Vec<usize> = case
            .swept
            .iter()
            .map(|id| {
                let mut slots = experiment.program.parameters.iter();
                slots
                    .position(|slot| slot.id == *id)
                    .unwrap_or_else(|| panic!("`{id}` is no parameter of {}", arm.model_path))
            })
            .collect();
        // Two weeks take a hundred times as long as a day.
        let count = if case.end() > 10_000 { 48 } else { 800 };
        let mut draws = Draws(1);
        let factors: Vec<Vec<f64>> = (0..count)
            .map(|_| slots.iter().map(|_| draws.factor()).collect())
            .collect();
        let value = |slot: usize| experiment.program.parameters[slot].value;
        let set = |row: &Vec<f64>| {
            let pairs = slots.iter().zip(row);
            pairs
                .map(|(&slot, factor)| (slot, value(slot) * factor))
                .collect()
        };
        Self {
            sets: factors.iter().map(set).collect(),
            factors,
            arm,
            experiment,
        }
    }

    /// Trajectories per second and the number of those that failed.
    fn run(&self, rtol: f64, workers: usize) -> (f64, usize) {
        let options = shared::options(Method::Rodas5P, rtol);
        let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let begin = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    let mut chunks = self.sets.chunks(CHUNK);
                    let mut done = 0;
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(sets) = chunks.nth(at - done) else {
                            break;
                        };
                        done = at + 1;
                        let job = Job {
                            sweep: self,
                            sets,
                            options: &options,
                        };
                        failed.fetch_add(with_best_lanes(LANES, job), Ordering::Relaxed);
                    }
                });
            }
        });
        let rate = self.sets.len() as f64 / begin.elapsed().as_secs_f64();
        (rate, failed.into_inner())
    }
}

/// The arm compiled to write down its states and nothing else.
fn states_alone(arm: &Arm) -> Experiment {
    let states = shared::compiled(arm).program.states.clone();
    let observed = states
        .iter()
        .filter_map(|state| arm.model.symbol(&state.id));
    let options = compile::Options {
        observed: Some(observed.collect()),
        ..compile::Options::default()
    };
    match Experiment::with_options(arm, &options) {
        Ok(compiled) => compiled.value,
        Err(findings) => panic!("{findings:?}"),
    }
}

struct Job<'a> {
    sweep: &'a Sweep,
    sets: &'a [Vec<(usize, f64)>],
    options: &'a Options,
}

impl LaneJob for Job<'_> {
    type Output = usize;
    fn run<L: Lane>(self) -> usize {
        let Sweep {
            experiment, arm, ..
        } = self.sweep;
        let results = run_lanes::<L>(experiment, arm, self.sets, self.options);
        results.iter().filter(|result| result.is_err()).count()
    }
}

/// Seeded draws (SplitMix64).
struct Draws(u64);

impl Draws {
    /// From 0.7 to 1.4, evenly on the logarithm.
    fn factor(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let share = ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        0.7 * insilin::math::pow(2.0, share)
    }
}

/// The most memory that the process has held, MB; none where the system does not tell.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}
