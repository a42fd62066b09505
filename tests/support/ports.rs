//! What tests of ports share: golden cases, and how a model is held against one.

use insilin::compile::program::Program;
use insilin::kernel::Tape;
use insilin::scenario::Arm;
use insilin::simulate::{self, Options};
use insilin::trajectory::Trajectory;

use super::files::{arm_in, package, told};
use super::numbers::largest;
use super::program::{derivative, shipped_program, slot_of, start, state_of};
use super::table::Table;

/// Share of a derivative that may be wrong: the tables hold all digits, sums in another order lose a few.
const RELATIVE: f64 = 1e-10;
/// Share of the state's size per unit of time: where large opposite flows all but cancel, what is left holds fewer digits.
const OF_STATE: f64 = 1e-9;

/// A golden case: its folder, its model and what is done to it.
pub struct Case {
    pub folder: &'static str,
    pub model: &'static str,
    /// The model's unit of time, in which the tables and the protocol count.
    pub unit: &'static str,
    pub protocol: &'static [&'static str],
    /// Start values that differ from the model's.
    pub departures: &'static [(&'static str, &'static str)],
}

impl Case {
    /// One of its tables.
    pub fn table(&self, name: &str) -> Table {
        golden(self.folder, name)
    }

    /// Its experiment, written down at some times.
    pub fn arm(&self, time: &str) -> Arm {
        let protocol: Vec<String> = self
            .protocol
            .iter()
            .map(|entry| entry.to_string())
            .collect();
        arm_in(self.unit, self.model, time, &protocol, self.departures)
    }
}

/// A run that errs by less than the reference tables do.
pub fn tight() -> Options {
    Options {
        rtol: 1e-9,
        atol: 1e-12,
        ..Options::default()
    }
}

/// A table below `tests/golden`.
pub fn golden(folder: &str, name: &str) -> Table {
    Table::read(&package().join("tests/golden").join(folder).join(name))
}

/// `points = [...]` of a scenario.
pub fn points(times: &[f64]) -> String {
    format!("points = {times:?}")
}

/// Runs the experiment.
pub fn run(arm: &Arm, options: &Options) -> Trajectory {
    let run = simulate::run(arm, options);
    run.unwrap_or_else(|wrong| panic!("{}: {}", arm.model_path, told(&wrong)))
        .value
        .trajectory
}

/// A column of a trajectory.
pub fn column(trajectory: &Trajectory, id: &str) -> Vec<f64> {
    trajectory
        .values(id)
        .unwrap_or_else(|| panic!("the model has no `{id}`"))
}

/// Fails when a number is not near another.
pub fn near(what: &str, got: f64, want: f64, bound: f64) {
    assert!(
        (got - want).abs() <= bound,
        "{what} is {got}, not {want} ± {bound}"
    );
}

/// The worst column of a run and by how much of its largest value it departs.
fn worst(case: &Case, options: &Options) -> (String, f64) {
    let table = case.table("trajectory.csv");
    let trajectory = run(&case.arm(&points(&table.numbers("time"))), options);
    assert_eq!(trajectory.time, table.numbers("time"), "{}", case.folder);
    let mut worst = (String::new(), 0.0);
    for id in table.header.iter().filter(|id| *id != "time") {
        let (want, got) = (table.numbers(id), column(&trajectory, id));
        // A column of zeros, such as excretion below its threshold, is to be zero.
        let size = largest(want.iter().copied()).max(f64::MIN_POSITIVE);
        let off = largest(want.iter().zip(&got).map(|(want, got)| want - got)) / size;
        if off.is_nan() || off > worst.1 {
            worst = (id.clone(), off);
        }
    }
    worst
}

/// Every column within a share of its largest value of the case's `trajectory.csv`.
pub fn check_trajectory(case: &Case, options: &Options, bound: f64) {
    let (id, off) = worst(case, options);
    assert!(
        off <= bound,
        "{}: `{id}` is off by {off:e} of its largest value, more than {bound:e}",
        case.folder
    );
}

/// A row of kind `state`.
struct Row {
    id: String,
    value: f64,
    derivative: f64,
}

/// A named point: what is held, and each state with its derivative.
struct Point {
    name: String,
    inputs: Vec<(String, f64)>,
    states: Vec<Row>,
}

fn read(case: &Case) -> Vec<Point> {
    let table = case.table("derivatives.csv");
    let mut points: Vec<Point> = Vec::new();
    for (at, row) in table.rows.iter().enumerate() {
        if points.last().is_none_or(|point| point.name != row[0]) {
            points.push(Point {
                name: row[0].clone(),
                inputs: Vec::new(),
                states: Vec::new(),
            });
        }
        let point = points.last_mut().expect("one was just put there");
        let (id, value) = (row[2].clone(), table.number(at, 3));
        match row[1].as_str() {
            "input" => point.inputs.push((id, value)),
            "state" => point.states.push(Row {
                id,
                value,
                derivative: table.number(at, 4),
            }),
            other => panic!("{}: `{other}` is neither input nor state", table.name),
        }
    }
    points
}

/// States and parameters of a point. Everything that the table does not name keeps the model's value.
fn place(program: &Program, point: &Point, y: &mut [f64], p: &mut [f64]) {
    for (id, value) in &point.inputs {
        let slot = slot_of(program, id).unwrap_or_else(|| panic!("`{id}` is no input"));
        p[slot] = *value;
    }
    for row in &point.states {
        y[state(program, &row.id)] = row.value;
    }
}

fn state(program: &Program, id: &str) -> usize {
    state_of(program, id).unwrap_or_else(|| panic!("`{id}` is no state"))
}

/// The largest size of a state over the points of a table.
fn size(points: &[Point], id: &str) -> f64 {
    let rows = points.iter().flat_map(|point| &point.states);
    largest(rows.filter(|row| row.id == id).map(|row| row.value))
}

/// dy/dt at a point, by the tape.
fn derivative_at(point: &Point, program: &Program) -> Vec<f64> {
    let mut here = start(program);
    // A state that the table leaves out spoils the result, instead of adding its start value to it.
    here.y.fill(f64::NAN);
    place(program, point, &mut here.y, &mut here.p);
    derivative(&mut Tape::new(program), &here)
}

/// Before any trajectory: the derivative at the states of the case's `derivatives.csv`.
pub fn check_derivatives(case: &Case) {
    let (folder, program, points) = (case.folder, shipped_program(case.model), read(case));
    assert!(
        points.len() >= 3,
        "{folder}: a start, a moved state and one more"
    );
    for point in &points {
        let name = &point.name;
        assert_eq!(
            point.states.len(),
            program.states.len(),
            "{folder}, {name}: every state, no other"
        );
        let got = derivative_at(point, &program);
        for Row {
            id,
            derivative: want,
            ..
        } in &point.states
        {
            let got = got[state(&program, id)];
            let bound = RELATIVE * want.abs() + OF_STATE * size(&points, id);
            let off = (got - want).abs();
            assert!(
                off <= bound,
                "{folder}, {name}: {id}' is {got:e}, not {want:e} ± {bound:e}"
            );
        }
    }
}
