//! Steps to instructions. Every result has the bits that the tape's lane types give; see `math::Lane`.

use crate::compile::program::OpCode;

use super::assembler::{
    Arithmetic, Assembler, Logic, MAGNITUDE, ONE, Operand, Predicate, Rounding, SIGN, Shape,
    Vector, ZERO, pooled,
};
use super::lines::{Act, Line, Lines};
use super::shims;
use super::steps::{Spread, Step, Unit, order};
use super::vectors::Vectors;

/// Registers for what an operation needs on the way.
const FIRST: Vector = Vector(14);
const SECOND: Vector = Vector(15);

/// Writes one function for some lines; gives where it begins.
pub(super) fn function(assembler: &mut Assembler, lines: &Lines, spread: Spread) -> usize {
    let steps = order(lines, spread);
    let start = assembler.enter();
    let mut writer = Writer {
        vectors: Vectors::new(lines, &steps, spread),
        assembler,
        spread,
    };
    for (step, at) in steps.iter().zip(0..) {
        match step {
            Step::Line { line, part } => writer.line(at, line, *part),
            Step::Call { code, line } if spread.width == 1 => writer.call(at, *code, line),
            Step::Call { code, line } => writer.call_on_packs(at, *code, line),
        }
    }
    assembler.leave();
    start
}

struct Writer<'a> {
    assembler: &'a mut Assembler,
    vectors: Vectors,
    spread: Spread,
}

impl Writer<'_> {
    fn line(&mut self, at: u32, line: &Line, part: usize) {
        let mut operands = [0; 3];
        let count = line.from().len();
        for (unit, value) in operands.iter_mut().zip(line.from()) {
            *unit = self.spread.unit(*value, part);
        }
        let operands = &operands[..count];
        self.vectors.begin(at, operands);
        let register = match line.act {
            Act::Store(place) => {
                let from = self.fetch(operands[0]);
                let to = self.spread.address(place, part);
                self.assembler.store(to, from);
                return self.vectors.release(operands);
            }
            Act::Op(code) => self.operation(code, operands),
            Act::Judge => self.judge(operands),
        };
        if let Some(to) = line.to {
            let unit = self.spread.unit(to, part);
            self.vectors.made(self.assembler, register, unit);
        }
    }

    fn fetch(&mut self, unit: Unit) -> Vector {
        self.vectors.fetch(self.assembler, unit)
    }

    fn operand(&mut self, unit: Unit) -> Operand {
        self.vectors.operand(self.assembler, unit)
    }

    fn result(&mut self, operands: &[Unit]) -> Vector {
        self.vectors.result(self.assembler, operands)
    }

    /// Gives the register with the result.
    fn operation(&mut self, code: OpCode, operands: &[Unit]) -> Vector {
        match code {
            OpCode::Add => self.commutative(Arithmetic::Add, operands),
            OpCode::Mul => self.commutative(Arithmetic::Mul, operands),
            OpCode::Sub => self.binary(Arithmetic::Sub, operands),
            OpCode::Div => self.binary(Arithmetic::Div, operands),
            OpCode::AddMul => self.add_product(operands),
            OpCode::SubMul => self.subtract_product(operands),
            OpCode::Copy | OpCode::Neg | OpCode::Abs | OpCode::Sqrt => self.unary(code, operands),
            OpCode::Floor => self.round(Rounding::Floor, operands),
            OpCode::Ceil => self.round(Rounding::Ceil, operands),
            OpCode::Trunc => self.round(Rounding::Trunc, operands),
            OpCode::Min => self.extreme(Arithmetic::Min, operands),
            OpCode::Max => self.extreme(Arithmetic::Max, operands),
            OpCode::Lt => self.compare(Predicate::Less, operands),
            OpCode::Le => self.compare(Predicate::LessOrEqual, operands),
            OpCode::Eq => self.compare(Predicate::Equal, operands),
            OpCode::Ne => self.compare(Predicate::NotEqualOrNan, operands),
            OpCode::And => self.connective(Logic::And, operands),
            OpCode::Or => self.connective(Logic::Or, operands),
            OpCode::Xor => self.connective(Logic::Xor, operands),
            OpCode::Not => self.not(operands),
            OpCode::Select => self.select(operands),
            _ => unreachable!("functions are calls, which are other steps"),
        }
    }

    /// A sum or product: the same bits in either order, but for which NaN it is.
    fn commutative(&mut self, op: Arithmetic, operands: &[Unit]) -> Vector {
        let swapped = self.held_first([operands[0], operands[1]]);
        let left = self.fetch(swapped[0]);
        let right = self.operand(swapped[1]);
        let to = self.result(operands);
        self.assembler.arithmetic(op, to, left, right);
        to
    }

    /// Two units, the one that a register holds before the one that it does not.
    fn held_first(&self, [a, b]: [Unit; 2]) -> [Unit; 2] {
        if self.vectors.held(a).is_none() && self.vectors.held(b).is_some() {
            [b, a]
        } else {
            [a, b]
        }
    }

    fn binary(&mut self, op: Arithmetic, operands: &[Unit]) -> Vector {
        let left = self.fetch(operands[0]);
        let right = self.operand(operands[1]);
        let to = self.result(operands);
        self.assembler.arithmetic(op, to, left, right);
        to
    }

    /// The product of two units, rounded, in a register for things on the way.
    fn product(&mut self, a: Unit, b: Unit) -> Vector {
        let [a, b] = self.held_first([a, b]);
        let left = self.fetch(a);
        let right = self.operand(b);
        self.assembler
            .arithmetic(Arithmetic::Mul, SECOND, left, right);
        SECOND
    }

    fn add_product(&mut self, operands: &[Unit]) -> Vector {
        let product = self.product(operands[1], operands[2]);
        let other = self.operand(operands[0]);
        let to = self.result(operands);
        self.assembler
            .arithmetic(Arithmetic::Add, to, product, other);
        to
    }

    fn subtract_product(&mut self, operands: &[Unit]) -> Vector {
        let product = self.product(operands[1], operands[2]);
        let other = self.fetch(operands[0]);
        let to = self.result(operands);
        let product = Operand::Register(product);
        self.assembler
            .arithmetic(Arithmetic::Sub, to, other, product);
        to
    }

    fn unary(&mut self, code: OpCode, operands: &[Unit]) -> Vector {
        let from = self.fetch(operands[0]);
        let to = self.result(operands);
        match code {
            OpCode::Neg => self.assembler.logic(Logic::Xor, to, from, pooled(SIGN)),
            OpCode::Abs => {
                self.assembler
                    .logic(Logic::And, to, from, pooled(MAGNITUDE));
            }
            OpCode::Sqrt => self.assembler.sqrt(to, from),
            _ => self.assembler.copy(to, from),
        }
        to
    }

    fn round(&mut self, how: Rounding, operands: &[Unit]) -> Vector {
        let from = self.fetch(operands[0]);
        let to = self.result(operands);
        self.assembler.round(how, to, from);
        to
    }

    /// The instruction gives the second operand if either is NaN or both are zero, as the tape does, but for a NaN
    /// that comes first.
    fn extreme(&mut self, op: Arithmetic, operands: &[Unit]) -> Vector {
        let left = self.fetch(operands[0]);
        let right = self.operand(operands[1]);
        self.assembler.arithmetic(op, SECOND, left, right);
        self.assembler
            .compare(Predicate::IsNan, FIRST, left, Operand::Register(left));
        let to = self.result(operands);
        self.assembler
            .blend(to, SECOND, Operand::Register(left), FIRST);
        to
    }

    fn compare(&mut self, predicate: Predicate, operands: &[Unit]) -> Vector {
        let left = self.fetch(operands[0]);
        let right = self.operand(operands[1]);
        self.assembler.compare(predicate, SECOND, left, right);
        self.one_where(SECOND, operands)
    }

    /// 1 where the mask is set, else 0.
    fn one_where(&mut self, mask: Vector, operands: &[Unit]) -> Vector {
        let to = self.result(operands);
        self.assembler.logic(Logic::And, to, mask, pooled(ONE));
        to
    }

    /// Sets a mask where a unit counts as true.
    fn is_true(&mut self, mask: Vector, unit: Unit) {
        let from = self.fetch(unit);
        self.assembler
            .compare(Predicate::NotEqualOrNan, mask, from, pooled(ZERO));
    }

    fn connective(&mut self, op: Logic, operands: &[Unit]) -> Vector {
        self.is_true(FIRST, operands[0]);
        self.is_true(SECOND, operands[1]);
        self.assembler
            .logic(op, SECOND, FIRST, Operand::Register(SECOND));
        self.one_where(SECOND, operands)
    }

    fn not(&mut self, operands: &[Unit]) -> Vector {
        let from = self.fetch(operands[0]);
        self.assembler
            .compare(Predicate::Equal, SECOND, from, pooled(ZERO));
        self.one_where(SECOND, operands)
    }

    fn select(&mut self, operands: &[Unit]) -> Vector {
        self.is_true(SECOND, operands[0]);
        let no = self.fetch(operands[2]);
        let yes = match self.assembler.shape() {
            Shape::Four => self.operand(operands[1]),
            // A memory operand would be read beyond its eight bytes.
            Shape::Scalar => Operand::Register(self.fetch(operands[1])),
        };
        let to = self.result(operands);
        self.assembler.blend(to, no, yes, SECOND);
        to
    }

    /// The verdict so far where the other operand is finite and not zero, else 0.
    fn judge(&mut self, operands: &[Unit]) -> Vector {
        let pivot = self.fetch(operands[1]);
        let other = Operand::Register(pivot);
        // Zero for finite numbers, NaN for others, and comparisons with that fail.
        self.assembler
            .arithmetic(Arithmetic::Sub, SECOND, pivot, other);
        self.assembler.compare(
            Predicate::NotEqual,
            SECOND,
            pivot,
            Operand::Register(SECOND),
        );
        let verdict = self.fetch(operands[0]);
        let to = self.result(operands);
        self.assembler
            .logic(Logic::And, to, SECOND, Operand::Register(verdict));
        to
    }

    /// A function of one number, handed over in registers.
    fn call(&mut self, at: u32, code: OpCode, line: &Line) {
        let mut operands = [0; 2];
        let count = line.from().len();
        for (unit, value) in operands.iter_mut().zip(line.from()) {
            *unit = self.spread.unit(*value, 0);
        }
        self.vectors.begin(at, &operands[..count]);
        self.vectors.write_all(self.assembler);
        // By way of registers that hold nothing, since the arguments' own may hold each other's values.
        for (&unit, &way) in operands[..count].iter().zip(&[FIRST, SECOND]) {
            match self.vectors.held(unit) {
                Some(register) => self.assembler.copy(way, register),
                None => self.assembler.load(way, self.vectors.address(unit)),
            }
        }
        for (argument, way) in (0..).zip([FIRST, SECOND]).take(count) {
            self.assembler.copy(Vector(argument), way);
        }
        self.vectors.forget_all();
        self.assembler.call(shims::address(code, self.spread.width));
        if let Some(to) = line.to {
            self.vectors
                .made(self.assembler, Vector(0), self.spread.unit(to, 0));
        }
    }

    /// A function of whole packs, handed over in memory.
    fn call_on_packs(&mut self, at: u32, code: OpCode, line: &Line) {
        let (spread, to) = (self.spread, line.to.expect("only stores have no result"));
        let units = |value| (0..spread.parts).map(move |part| spread.unit(value, part));
        let mut addresses = vec![self.vectors.address(spread.unit(to, 0))];
        for value in line.from() {
            let operands: Vec<Unit> = units(*value).collect();
            self.vectors.begin(at, &operands);
            for unit in operands {
                self.vectors.write(self.assembler, unit);
            }
            addresses.push(self.vectors.address(spread.unit(*value, 0)));
        }
        self.vectors.write_all(self.assembler);
        self.vectors.forget_all();
        self.assembler.pass(&addresses);
        self.assembler.call(shims::address(code, spread.width));
        units(to).for_each(|unit| self.vectors.made_at_home(unit));
    }
}
