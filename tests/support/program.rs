//! A compiled model at places along a run of its own: start values, inputs that are not at rest, states on the way.

use insilin::compile::program::Program;
use insilin::compile::{Options, ParameterDerivatives, compile};
use insilin::kernel::Tape;
use insilin::model::{Model, Symbol};
use insilin::scenario::inputs::InputKind;
use insilin::solve::{At, Control, Dynamics, NoPast, Outcome, Rodas5P};

use super::files::{inputs_of, model};
use super::numbers::Draws;

/// Time, states and parameters.
#[derive(Clone)]
pub struct Place {
    pub t: f64,
    pub y: Vec<f64>,
    pub p: Vec<f64>,
}

impl Place {
    /// The same for a tape.
    pub fn at(&self) -> At<'_, f64> {
        At {
            t: self.t,
            y: &self.y,
            p: &self.p,
            past: &NoPast,
        }
    }
}

/// A model's program with every derivative, in which `driven` may change.
pub fn program(model: &Model, driven: Vec<Symbol>) -> Program {
    let options = Options {
        parameter_derivatives: ParameterDerivatives::All,
        targets: driven,
        ..Options::default()
    };
    let compiled = compile(model, &[], &options);
    compiled
        .unwrap_or_else(|wrong| panic!("{}", super::files::told(&wrong)))
        .value
}

/// The program of a shipped model, in which every level that its author declared may be held.
pub fn shipped_program(path: &str) -> Program {
    let model = model(path);
    let inputs = inputs_of(path).inputs;
    let levels = inputs.values().filter_map(|input| match &input.kind {
        InputKind::Level(id) => model.symbol(id),
        InputKind::Amount(_) => None,
    });
    let driven = levels.collect();
    program(&model, driven)
}

/// The state called `id`.
pub fn state_of(program: &Program, id: &str) -> Option<usize> {
    program.states.iter().position(|state| state.id == id)
}

/// The parameter slot called `id`.
pub fn slot_of(program: &Program, id: &str) -> Option<usize> {
    program.parameters.iter().position(|slot| slot.id == id)
}

/// Where the model starts, with nothing done to it.
pub fn start(program: &Program) -> Place {
    let p = program.parameters.iter().map(|slot| slot.value).collect();
    let mut place = Place {
        t: 0.0,
        y: vec![f64::NAN; program.states.len()],
        p,
    };
    let mut tape = Tape::<f64>::new(program);
    let mut computed = vec![0.0; program.initial_parameter_slots.len()];
    tape.run_block(&program.initial_parameters, &place.at(), &mut computed);
    for (&slot, value) in program.initial_parameter_slots.iter().zip(computed) {
        place.p[slot] = value;
    }
    let mut y = vec![0.0; place.y.len()];
    tape.run_block(&program.initial_states, &place.at(), &mut y);
    Place { y, ..place }
}

/// The start with every state moved off its place and every held input at a tenth of its range, so that all flows flow.
pub fn disturbed(path: &str, program: &Program) -> Place {
    let mut place = start(program);
    let mut draws = Draws(0x5eed);
    for (y, state) in place.y.iter_mut().zip(&program.states) {
        *y = *y * draws.between(0.9, 1.1) + draws.between(0.0, 0.05) * state.nominal;
    }
    for input in inputs_of(path).inputs.values() {
        if let (InputKind::Level(id), Some((low, high))) = (&input.kind, input.range)
            && let Some(slot) = slot_of(program, id)
        {
            place.p[slot] = low + 0.1 * (high - low);
        }
    }
    place
}

/// The states after each of `n` accepted steps from a place, at default tolerances.
pub fn walk(program: &Program, from: &Place, n: usize) -> Vec<Place> {
    let atol = program
        .states
        .iter()
        .map(|state| 1e-9 * state.nominal)
        .collect();
    let mut stepper = Rodas5P::<f64>::new(program.states.len(), Control::new(1e-6, atol));
    let mut tape = Tape::<f64>::new(program);
    stepper.start(0, from.t, &from.y, 1e9);
    let (mut places, mut outcome) = (Vec::new(), [Outcome::Idle]);
    for _ in 0..20 * n {
        stepper.attempt(&mut tape, &from.p, &NoPast, &mut outcome);
        match outcome[0] {
            Outcome::Accepted { to, .. } => {
                let mut place = Place {
                    t: to,
                    ..from.clone()
                };
                stepper.state(0, &mut place.y);
                places.push(place);
            }
            Outcome::Rejected => {}
            other => panic!("the walk ends: {other:?}"),
        }
        if places.len() == n {
            return places;
        }
    }
    panic!("{n} steps were not taken in {} attempts", 20 * n);
}

/// dy/dt at a place.
pub fn derivative(tape: &mut Tape<'_, f64>, place: &Place) -> Vec<f64> {
    let mut out = vec![0.0; place.y.len()];
    tape.derivative(&place.at(), &mut out);
    out
}
