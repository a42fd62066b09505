//! Sampled controllers as events with a counter.
//!
//! A clamp keeps what it has put out, its last error and how many samples it has taken. The event of the next sample
//! waits for `time >= from + samples · every`, computed from the counter and not by adding up, as the simulator does.

use crate::model::{Formula, Function, Identity, Parameter, Symbol};
use crate::scenario::Clamp;

use super::{FIRST, Happening, Replay, call, time};

/// Below every group of what happens at known times, above the model's own events.
const CLAMPS: f64 = FIRST - 1e6;

/// What a clamp remembers.
struct Memory {
    samples: Symbol,
    error: Symbol,
    output: Symbol,
}

impl Replay<'_> {
    pub(super) fn clamps(&mut self) {
        for (at, clamp) in self.arm.protocol.clamps.iter().enumerate() {
            let priority = CLAMPS - at as f64;
            self.clamp(clamp, &format!("clamp_{}", at + 1), priority);
        }
    }

    fn clamp(&mut self, clamp: &Clamp, name: &str, priority: f64) {
        let memory = Memory {
            samples: self.remembered(&format!("{name}_samples")),
            error: self.remembered(&format!("{name}_error")),
            output: self.remembered(&format!("{name}_output")),
        };
        let priority = Some(priority);
        let begin = self.time(clamp.from);
        let first = limited(clamp, Formula::number(clamp.start));
        self.event(
            &format!("{name}_begin"),
            Happening {
                trigger: self.from(begin),
                at_start: begin <= 0.0,
                priority,
                assignments: sample(clamp, &memory, first),
            },
        );
        self.event(
            &format!("{name}_sample"),
            Happening {
                trigger: self.next_sample(clamp, &memory),
                at_start: false,
                priority,
                assignments: sample(clamp, &memory, next_output(clamp, &memory)),
            },
        );
        let restored = Formula::number(self.restored(clamp.actuator));
        self.event(
            &format!("{name}_end"),
            Happening {
                trigger: self.from(self.time(clamp.to)),
                at_start: false,
                priority,
                assignments: vec![(clamp.actuator, restored)],
            },
        );
    }

    /// A parameter of the replay's own that starts from 0.
    fn remembered(&mut self, id: &str) -> Symbol {
        let id = self.free(id);
        self.model.parameters.push(Parameter {
            identity: Identity {
                id,
                ..Identity::default()
            },
            value: Some(0.0),
            constant: false,
            input: false,
            unit: None,
        });
        Symbol::Parameter(self.model.parameters.len() - 1)
    }

    fn next_sample(&self, clamp: &Clamp, memory: &Memory) -> Formula {
        let samples = Formula::symbol(memory.samples);
        let elapsed = call(
            Function::Times,
            [samples.clone(), self.instant(clamp.every)],
        );
        let begin = self.instant(self.time(clamp.from));
        let due = call(Function::Plus, [begin, elapsed]);
        let end = self.instant(self.time(clamp.to));
        call(
            Function::And,
            [
                call(Function::GreaterEqual, [samples, Formula::number(1.0)]),
                call(Function::GreaterEqual, [time(), due]),
                call(Function::Less, [time(), end]),
            ],
        )
    }
}

fn error(clamp: &Clamp) -> Formula {
    let target = Formula::number(clamp.target);
    call(Function::Minus, [target, Formula::symbol(clamp.measured)])
}

/// u + gain · (e − e₋₁) + integral · every · e, limited.
fn next_output(clamp: &Clamp, memory: &Memory) -> Formula {
    let step = call(
        Function::Minus,
        [error(clamp), Formula::symbol(memory.error)],
    );
    let gain = Formula::number(clamp.gain);
    let integral = Formula::number(clamp.integral * clamp.every);
    let output = call(
        Function::Plus,
        [
            Formula::symbol(memory.output),
            call(Function::Times, [gain, step]),
            call(Function::Times, [integral, error(clamp)]),
        ],
    );
    limited(clamp, output)
}

fn limited(clamp: &Clamp, output: Formula) -> Formula {
    let (low, high) = clamp.limits;
    let above = call(Function::Max, [output, Formula::number(low)]);
    call(Function::Min, [above, Formula::number(high)])
}

fn sample(clamp: &Clamp, memory: &Memory, output: Formula) -> Vec<(Symbol, Formula)> {
    let samples = Formula::symbol(memory.samples);
    let counted = call(Function::Plus, [samples, Formula::number(1.0)]);
    vec![
        (clamp.actuator, output.clone()),
        (memory.output, output),
        (memory.error, error(clamp)),
        (memory.samples, counted),
    ]
}
