//! A minimal interpreter of programs for the tests of this room. The kernel's tape is what simulation uses.

use crate::compile::fold;
use crate::compile::program::{Block, Program, Register};

/// One file of registers of a program.
pub(in crate::compile) struct Machine<'p> {
    program: &'p Program,
    registers: Vec<f64>,
}

impl<'p> Machine<'p> {
    /// Registers with constants and the model's parameters, initial values and hoisted part done, at time 0.
    pub(in crate::compile) fn new(program: &'p Program) -> Self {
        let mut machine = Self {
            program,
            registers: vec![f64::NAN; program.layout.total],
        };
        let values: Vec<f64> = program.parameters.iter().map(|slot| slot.value).collect();
        machine.fill(program.layout.constants, &program.constants);
        machine.set_parameters(&values);
        machine.set_time(0.0);
        machine.restart();
        machine
    }

    /// Runs what happens at a start: computed parameters, hoisted part, initial states.
    pub(in crate::compile) fn restart(&mut self) {
        let program = self.program;
        let computed = self.run(&program.initial_parameters);
        for (slot, value) in program.initial_parameter_slots.iter().zip(computed) {
            self.registers[program.layout.parameters as usize + slot] = value;
        }
        self.run(&program.hoist);
        let states = self.run(&program.initial_states);
        self.set_states(&states);
    }

    fn fill(&mut self, from: Register, values: &[f64]) {
        self.registers[from as usize..][..values.len()].copy_from_slice(values);
    }

    /// Sets all parameters without anything that follows from them.
    pub(in crate::compile) fn set_parameters(&mut self, values: &[f64]) {
        self.fill(self.program.layout.parameters, values);
    }

    /// Sets one parameter and what is hoisted.
    pub(in crate::compile) fn set_parameter(&mut self, id: &str, value: f64) {
        let slot = self.slot(id);
        self.registers[self.program.layout.parameters as usize + slot] = value;
        self.run(&self.program.hoist);
    }

    /// Which slot has this id.
    pub(in crate::compile) fn slot(&self, id: &str) -> usize {
        let mut slots = self.program.parameters.iter();
        slots
            .position(|slot| slot.id == id)
            .expect("the slot exists")
    }

    /// A parameter.
    pub(in crate::compile) fn parameter(&self, id: &str) -> f64 {
        self.registers[self.program.layout.parameters as usize + self.slot(id)]
    }

    /// Sets the time.
    pub(in crate::compile) fn set_time(&mut self, time: f64) {
        self.fill(self.program.layout.time, &[time]);
    }

    /// Sets all states.
    pub(in crate::compile) fn set_states(&mut self, values: &[f64]) {
        self.fill(self.program.layout.states, values);
    }

    /// All states.
    pub(in crate::compile) fn states(&self) -> Vec<f64> {
        self.registers[self.program.layout.states as usize..][..self.program.states.len()].to_vec()
    }

    /// Runs a block and gives its outputs.
    pub(in crate::compile) fn run(&mut self, block: &Block) -> Vec<f64> {
        for op in &self.program.ops[block.ops.clone()] {
            let operands = [op.a, op.b, op.c].map(|register| self.registers[register as usize]);
            self.registers[op.to as usize] = fold::apply(op.code, operands);
        }
        let value = |register: &Register| self.registers[*register as usize];
        block.outputs.iter().map(value).collect()
    }

    /// A quantity by its id.
    pub(in crate::compile) fn observe(&mut self, id: &str) -> f64 {
        let mut quantities = self.program.quantities.iter();
        let at = quantities
            .position(|quantity| quantity.id == id)
            .expect("the quantity exists");
        self.run(&self.program.observe)[at]
    }

    /// Solves `(shift · M − J) x = b` with the program's operations; also gives the outputs of the factorisation.
    pub(in crate::compile) fn solve(
        &mut self,
        jacobian: &[f64],
        shift: f64,
        right_side: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let lu = &self.program.lu;
        for (register, value) in lu.jacobian.iter().zip(jacobian) {
            self.registers[*register as usize] = *value;
        }
        self.registers[lu.shift as usize] = shift;
        let pivots = self.run(&lu.factor);
        for (register, value) in lu.right_side.iter().zip(right_side) {
            self.registers[*register as usize] = *value;
        }
        (self.run(&lu.solve), pivots)
    }
}
