//! Before any trajectory: the derivative at stated states.

use insilin::compile::program::{Program, Target};
use insilin::compile::{Options, compile};
use insilin::kernel::Tape;
use insilin::simulate::target_of;
use insilin::solve::{At, Dynamics, NoPast};

use crate::cases::{CASES, Case};
use crate::support::files::model;
use crate::support::numbers::largest;

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
        match target_of(program, id) {
            Some(Target::Parameter(slot)) => p[slot] = *value,
            other => panic!("input `{id}` is {other:?}"),
        }
    }
    for row in &point.states {
        y[state(program, &row.id)] = row.value;
    }
}

fn state(program: &Program, id: &str) -> usize {
    match target_of(program, id) {
        Some(Target::State(state)) => state,
        other => panic!("state `{id}` is {other:?}"),
    }
}

/// Slots as they stand once the initial assignments of the model are made.
fn parameters(program: &Program, tape: &mut Tape<'_, f64>) -> Vec<f64> {
    let mut p: Vec<f64> = program.parameters.iter().map(|slot| slot.value).collect();
    let mut computed = vec![0.0; program.initial_parameter_slots.len()];
    let unknown = vec![f64::NAN; program.states.len()];
    let at = At {
        t: 0.0,
        y: &unknown,
        p: &p,
        past: &NoPast,
    };
    tape.run_block(&program.initial_parameters, &at, &mut computed);
    for (&slot, value) in program.initial_parameter_slots.iter().zip(computed) {
        p[slot] = value;
    }
    p
}

#[test]
fn derivatives_are_those_of_the_published_equations() {
    for case in &CASES {
        let program = compile(&model(case.model), &[], &Options::default())
            .expect("a shipped model compiles")
            .value;
        let mut tape = Tape::<f64>::new(&program);
        let points = read(case);
        assert!(
            points.len() >= 3,
            "{}: a start, a moved state and one more",
            case.folder
        );
        let start = parameters(&program, &mut tape);
        for point in &points {
            assert_eq!(
                point.states.len(),
                program.states.len(),
                "{}: every state, no other",
                case.folder
            );
            let (mut y, mut p) = (vec![f64::NAN; program.states.len()], start.clone());
            place(&program, point, &mut y, &mut p);
            let mut got = vec![0.0; y.len()];
            tape.derivative(
                &At {
                    t: 0.0,
                    y: &y,
                    p: &p,
                    past: &NoPast,
                },
                &mut got,
            );
            for row in &point.states {
                let of_state = |point: &Point| {
                    point
                        .states
                        .iter()
                        .find(|r| r.id == row.id)
                        .map_or(0.0, |r| r.value)
                };
                let size = largest(points.iter().map(of_state));
                let got = got[state(&program, &row.id)];
                let bound = RELATIVE * row.derivative.abs() + OF_STATE * size;
                assert!(
                    (got - row.derivative).abs() <= bound,
                    "{} at {}: d{}/dt is {got:e}, the equations give {:e} (bound {bound:e})",
                    case.folder,
                    point.name,
                    row.id,
                    row.derivative,
                );
            }
        }
    }
}
