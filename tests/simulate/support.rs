//! Runs a model and a scenario given as text.

use insilin::diag::{MemorySources, SourceMap, render_all};
use insilin::model::lower;
use insilin::scenario::{self, Arm};
use insilin::simulate::{self, EventOrder, Options, Run};
use insilin::trajectory::Trajectory;

/// One arm made from a model and the part of a scenario that follows its head.
pub struct Case {
    pub arm: Arm,
    pub map: SourceMap,
}

impl Case {
    /// * `scenario` — everything after `model`, `time` first
    pub fn new(model: &str, scenario: &str) -> Self {
        let sources = MemorySources::new([("model.ant", model)]);
        let text = format!("schema = 1\nname = \"case\"\nmodel = \"model.ant\"\n{scenario}\n");
        let mut map = SourceMap::new();
        let mut load = |path: &str, map: &mut SourceMap| lower::load(path, &sources, map);
        match scenario::load("case.toml", &text, &sources, &mut map, &mut load) {
            Ok(mut read) => Self {
                arm: read.value.arms.remove(0),
                map,
            },
            Err(findings) => panic!("{}", render_all(&findings, &map)),
        }
    }

    /// The run, or what is said about its failure.
    pub fn run(&self, options: &Options) -> Result<Run, String> {
        match simulate::run(&self.arm, options) {
            Ok(run) => Ok(run.value),
            Err(findings) => Err(render_all(&findings, &self.map)),
        }
    }
}

/// Tolerances at which closed forms are compared; simultaneous events in the order of the file.
pub fn tight() -> Options {
    Options {
        rtol: 1e-9,
        atol: 1e-12,
        event_order: EventOrder::File,
        ..Options::default()
    }
}

pub fn run(model: &str, scenario: &str) -> Table {
    run_with(model, scenario, &tight())
}

pub fn run_with(model: &str, scenario: &str, options: &Options) -> Table {
    match Case::new(model, scenario).run(options) {
        Ok(run) => Table(run),
        Err(said) => panic!("{said}"),
    }
}

/// What is said about a run that fails.
pub fn failure(model: &str, scenario: &str, options: &Options) -> String {
    match Case::new(model, scenario).run(options) {
        Ok(_) => panic!("the run came to its end"),
        Err(said) => said,
    }
}

/// A run to read numbers off.
pub struct Table(pub Run);

impl Table {
    /// The value of a quantity at a time of the grid.
    pub fn at(&self, id: &str, time: f64) -> f64 {
        at(&self.0.trajectory, id, time)
    }

    pub fn events(&self) -> u64 {
        self.0.work.events
    }

    /// Checks a quantity against a function of time at all times of the grid, within `tolerance`.
    pub fn check(&self, id: &str, tolerance: f64, expected: impl Fn(f64) -> f64) {
        for &time in &self.0.trajectory.time {
            near(id, time, self.at(id, time), expected(time), tolerance);
        }
    }

    /// Checks single values, `(time, expected)`.
    pub fn check_at(&self, id: &str, tolerance: f64, expected: &[(f64, f64)]) {
        for &(time, expected) in expected {
            near(id, time, self.at(id, time), expected, tolerance);
        }
    }
}

fn near(id: &str, time: f64, value: f64, expected: f64, tolerance: f64) {
    assert!(
        (value - expected).abs() <= tolerance,
        "{id} at {time}: {value} instead of {expected}, off by {:.2e}",
        (value - expected).abs()
    );
}

pub fn at(trajectory: &Trajectory, id: &str, time: f64) -> f64 {
    let row = trajectory.time.iter().position(|&t| t == time);
    let row = row.unwrap_or_else(|| panic!("{time} is not on the grid"));
    let column = trajectory.index_of(id);
    trajectory.data[(row, column.unwrap_or_else(|| panic!("no `{id}`")))]
}
