//! Before any trajectory: the derivative at stated states.

use insilin::compile::program::Program;
use insilin::kernel::Tape;

use crate::cases::{CASES, Case};
use crate::support::numbers::largest;
use crate::support::program::{derivative, shipped_program, slot_of, start, state_of};

/// Share of a derivative that may be wrong: the tables hold all digits, sums in another order lose a few.
const RELATIVE: f64 = 1e-10;
/// Share of the state's size per minute: where large opposite flows all but cancel, what is left holds fewer digits.
const OF_STATE: f64 = 1e-9;

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

#[test]
fn derivatives_are_those_of_the_published_equations() {
    for case in &CASES {
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
}
