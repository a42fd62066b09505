//! Which vector register holds which value.
//!
//! The value that is needed again last makes room (Belady 1966, IBM Systems Journal 5:78–101); it is written to memory if
//! it is not there yet.

use super::assembler::{Address, Assembler, Operand, Vector};
use super::lines::Lines;
use super::steps::{Spread, Step, Unit, uses};

/// Registers that hold values; the last two are for what an operation needs on the way.
const HELD: usize = 14;

/// Never again.
const NEVER: u32 = u32::MAX;

struct State {
    address: Address,
    /// What is at the address is the value.
    is_home: bool,
    /// The value must get to its address.
    is_kept: bool,
    register: Option<u8>,
    /// Uses to come, in the list of all.
    next: u32,
    end: u32,
}

/// The registers while code is written.
pub(super) struct Vectors {
    holders: [Option<Unit>; HELD],
    units: Vec<State>,
    uses: Vec<u32>,
    locked: [bool; HELD],
}

impl Vectors {
    pub(super) fn new(lines: &Lines, steps: &[Step], spread: Spread) -> Self {
        let n_units = lines.values.len() * spread.parts;
        let uses = uses(steps, n_units, spread);
        let state = |unit: Unit| {
            let home = lines.values[unit / spread.parts];
            State {
                address: spread.address(home.place, unit % spread.parts),
                is_home: home.is_given,
                is_kept: home.is_kept,
                register: None,
                next: uses.starts[unit],
                end: uses.starts[unit + 1],
            }
        };
        Self {
            holders: [None; HELD],
            units: (0..n_units).map(state).collect(),
            uses: uses.steps,
            locked: [false; HELD],
        }
    }

    /// Tells that a step's operands are about to be read.
    pub(super) fn begin(&mut self, step: u32, operands: &[Unit]) {
        self.locked = [false; HELD];
        for unit in operands {
            let state = &mut self.units[*unit];
            while state.next < state.end && self.uses[state.next as usize] <= step {
                state.next += 1;
            }
            // What is read in this step must not make room for another operand of it.
            if let Some(register) = state.register {
                self.locked[register as usize] = true;
            }
        }
    }

    fn next_use(&self, unit: Unit) -> u32 {
        let state = &self.units[unit];
        if state.next < state.end {
            self.uses[state.next as usize]
        } else {
            NEVER
        }
    }

    /// Where a unit is kept in memory.
    pub(super) fn address(&self, unit: Unit) -> Address {
        self.units[unit].address
    }

    /// The register that holds a unit, if one does.
    pub(super) fn held(&self, unit: Unit) -> Option<Vector> {
        self.units[unit].register.map(Vector)
    }

    /// A unit in a register, for the present step.
    pub(super) fn fetch(&mut self, assembler: &mut Assembler, unit: Unit) -> Vector {
        let register = match self.held(unit) {
            Some(register) => register,
            None => {
                let register = self.make_room(assembler);
                assembler.load(register, self.units[unit].address);
                self.hold(register, unit);
                register
            }
        };
        self.locked[register.0 as usize] = true;
        register
    }

    /// A unit wherever it is best read from, for the present step.
    pub(super) fn operand(&mut self, assembler: &mut Assembler, unit: Unit) -> Operand {
        if self.held(unit).is_some() || self.is_worth_holding(unit) {
            Operand::Register(self.fetch(assembler, unit))
        } else {
            Operand::Memory(self.units[unit].address)
        }
    }

    /// Whether a value in memory is needed again, and sooner than one that could make room at no cost.
    fn is_worth_holding(&self, unit: Unit) -> bool {
        let next = self.next_use(unit);
        next != NEVER
            && (0..HELD).any(|register| match self.holders[register] {
                None => true,
                Some(held) => {
                    !self.locked[register] && self.units[held].is_home && self.next_use(held) > next
                }
            })
    }

    /// A register for the result of a step whose operands are known: one of theirs if they are not needed any more.
    pub(super) fn result(&mut self, assembler: &mut Assembler, operands: &[Unit]) -> Vector {
        self.locked = [false; HELD];
        self.release(operands);
        self.make_room(assembler)
    }

    /// Frees the registers of operands that are not needed any more.
    pub(super) fn release(&mut self, operands: &[Unit]) {
        for unit in operands {
            if self.next_use(*unit) == NEVER {
                self.drop(*unit);
            }
        }
    }

    /// Tells that a register holds a new result, and writes it down if somebody wants it there.
    pub(super) fn made(&mut self, assembler: &mut Assembler, register: Vector, unit: Unit) {
        self.hold(register, unit);
        if self.units[unit].is_kept {
            self.write(assembler, unit);
        }
        self.release(&[unit]);
    }

    /// Tells that a function wrote a result to its address.
    pub(super) fn made_at_home(&mut self, unit: Unit) {
        self.units[unit].is_home = true;
    }

    /// Writes a unit to its address if it is not there.
    pub(super) fn write(&mut self, assembler: &mut Assembler, unit: Unit) {
        let state = &mut self.units[unit];
        if let Some(register) = state.register
            && !state.is_home
        {
            assembler.store(state.address, Vector(register));
            state.is_home = true;
        }
    }

    /// Writes down all that is needed again.
    pub(super) fn write_all(&mut self, assembler: &mut Assembler) {
        for register in 0..HELD {
            if let Some(unit) = self.holders[register]
                && self.next_use(unit) != NEVER
            {
                self.write(assembler, unit);
            }
        }
    }

    /// Forgets all registers: a call used them.
    pub(super) fn forget_all(&mut self) {
        for register in 0..HELD {
            if let Some(unit) = self.holders[register] {
                self.drop(unit);
            }
        }
    }

    fn hold(&mut self, register: Vector, unit: Unit) {
        self.holders[register.0 as usize] = Some(unit);
        self.units[unit].register = Some(register.0);
    }

    fn drop(&mut self, unit: Unit) {
        if let Some(register) = self.units[unit].register.take() {
            self.holders[register as usize] = None;
        }
    }

    fn make_room(&mut self, assembler: &mut Assembler) -> Vector {
        let free = (0..HELD).find(|register| self.holders[*register].is_none());
        let register = free.unwrap_or_else(|| {
            let unlocked = (0..HELD).filter(|register| !self.locked[*register]);
            let by_next_use = |register: &usize| {
                let unit = self.holders[*register].expect("no register is free");
                (self.next_use(unit), self.units[unit].is_home)
            };
            unlocked
                .max_by_key(by_next_use)
                .expect("a step has three operands and there are more registers")
        });
        if let Some(unit) = self.holders[register] {
            if self.next_use(unit) != NEVER {
                self.write(assembler, unit);
            }
            self.drop(unit);
        }
        Vector(register as u8)
    }
}
