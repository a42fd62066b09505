//! Algebra that keeps the value of an operation, and sugar for making operations.
//!
//! Every rewrite gives the same number for all operands, infinite ones included, but for the sign of a zero:
//! `x + 0` and `0 − x` become `x` and `−x`, and `x^½` becomes `√x`, which differ at `x = ±0` (and at −∞ for the root).
//! Powers with small whole exponents become products; they may differ from `pow` in the last bits.
//! `0 · x` stays, because it is NaN where `x` is not finite: only derivatives drop terms with a factor that is
//! identically zero, and they do so before they get here.

use super::graph::{Form, Graph, Node};
use super::program::OpCode;

/// Whole exponents up to here are expanded; beyond, repeated products lose accuracy against `pow`.
const LARGEST_EXPANDED_EXPONENT: f64 = 8.0;

/// `1 ÷ value` for powers of two, by which multiplying gives the bits of the division.
fn exact_reciprocal(value: f64) -> Option<f64> {
    const MANTISSA: u64 = (1 << 52) - 1;
    let reciprocal = 1.0 / value;
    let is_power = value.to_bits() & MANTISSA == 0;
    (is_power && value.is_normal() && reciprocal.is_normal()).then_some(reciprocal)
}

impl Graph {
    /// A simpler form of an operation, if there is one. Operands of commuting codes are in order of their numbers.
    pub(super) fn simplified(&mut self, code: OpCode, [a, b, c]: [Node; 3]) -> Option<Node> {
        match code {
            OpCode::Add => self.simpler_sum(a, b),
            OpCode::Sub => self.simpler_difference(a, b),
            OpCode::Mul => self.simpler_product(a, b),
            OpCode::Div => self.simpler_quotient(a, b),
            OpCode::Neg => self.opposite_of(a),
            OpCode::Pow => self.simpler_power(a, b),
            OpCode::Select => self.simpler_choice(a, b, c),
            OpCode::And | OpCode::Or => self.simpler_truth(code, a, b),
            OpCode::Min | OpCode::Max if a == b => Some(a),
            OpCode::Lt | OpCode::Xor if a == b => Some(Self::ZERO),
            OpCode::Copy => Some(a),
            _ => None,
        }
    }

    /// What a node is the opposite of, if it is made so.
    fn opposite_of(&self, node: Node) -> Option<Node> {
        match self.form(node) {
            Form::Op(OpCode::Neg, [inner, ..]) => Some(inner),
            _ => None,
        }
    }

    fn simpler_sum(&mut self, a: Node, b: Node) -> Option<Node> {
        if self.is(a, 0.0) {
            return Some(b);
        }
        if self.is(b, 0.0) {
            return Some(a);
        }
        if let Some(inner) = self.opposite_of(b) {
            return Some(self.sub(a, inner));
        }
        self.opposite_of(a).map(|inner| self.sub(b, inner))
    }

    fn simpler_difference(&mut self, a: Node, b: Node) -> Option<Node> {
        if self.is(b, 0.0) {
            return Some(a);
        }
        if self.is(a, 0.0) {
            return Some(self.neg(b));
        }
        self.opposite_of(b).map(|inner| self.add(a, inner))
    }

    fn simpler_product(&mut self, a: Node, b: Node) -> Option<Node> {
        for (one, other) in [(a, b), (b, a)] {
            if self.is(one, 1.0) {
                return Some(other);
            }
            if self.is(one, -1.0) {
                return Some(self.neg(other));
            }
        }
        match (self.opposite_of(a), self.opposite_of(b)) {
            (Some(a), Some(b)) => Some(self.mul(a, b)),
            _ => None,
        }
    }

    fn simpler_quotient(&mut self, a: Node, b: Node) -> Option<Node> {
        if self.is(b, 1.0) {
            return Some(a);
        }
        if self.is(b, -1.0) {
            return Some(self.neg(a));
        }
        if let Some(reciprocal) = self.number(b).and_then(exact_reciprocal) {
            let reciprocal = self.constant(reciprocal);
            return Some(self.mul(a, reciprocal));
        }
        match (self.opposite_of(a), self.opposite_of(b)) {
            (Some(a), Some(b)) => Some(self.div(a, b)),
            _ => None,
        }
    }

    fn simpler_power(&mut self, base: Node, exponent: Node) -> Option<Node> {
        if self.is(base, std::f64::consts::E) {
            // SBML's constant stands for the number itself, so `exp` is the more accurate reading.
            return Some(self.op(OpCode::Exp, &[exponent]));
        }
        let exponent = self.number(exponent)?;
        if (-LARGEST_EXPANDED_EXPONENT..0.0).contains(&exponent) {
            let positive = self.expanded_power(base, -exponent)?;
            return Some(self.div(Self::ONE, positive));
        }
        self.expanded_power(base, exponent)
    }

    fn expanded_power(&mut self, base: Node, exponent: f64) -> Option<Node> {
        if exponent == 0.5 {
            return Some(self.op(OpCode::Sqrt, &[base]));
        }
        if exponent.fract() != 0.0 || !(0.0..=LARGEST_EXPANDED_EXPONENT).contains(&exponent) {
            return None;
        }
        let mut power = Self::ONE;
        let mut square = base;
        let mut left = exponent as u32;
        while left > 0 {
            if left % 2 == 1 {
                power = self.mul(power, square);
            }
            left /= 2;
            if left > 0 {
                square = self.mul(square, square);
            }
        }
        Some(power)
    }

    fn simpler_choice(&mut self, condition: Node, yes: Node, no: Node) -> Option<Node> {
        if yes == no {
            return Some(yes);
        }
        self.number(condition)
            .map(|truth| if truth != 0.0 { yes } else { no })
    }

    fn simpler_truth(&mut self, code: OpCode, a: Node, b: Node) -> Option<Node> {
        for (one, other) in [(a, b), (b, a)] {
            let Some(value) = self.number(one) else {
                continue;
            };
            return match (code, value != 0.0) {
                (OpCode::And, true) | (OpCode::Or, false) if self.is_truth(other) => Some(other),
                (OpCode::And, false) => Some(Self::ZERO),
                (OpCode::Or, true) => Some(Self::ONE),
                _ => None,
            };
        }
        (a == b && self.is_truth(a)).then_some(a)
    }

    /// A node where a condition is asked for: a number holds where it is not zero, which changes where it meets zero.
    pub(super) fn condition(&mut self, node: Node) -> Node {
        if self.is_truth(node) {
            return node;
        }
        self.op(OpCode::Ne, &[node, Self::ZERO])
    }

    /// Whether a node can only be 0 or 1.
    fn is_truth(&self, mut node: Node) -> bool {
        // A chain of pieces may be long: a loop instead of a recursion.
        while let Form::Op(OpCode::Select, [_, yes, no]) = self.form(node) {
            if !self.is_plain_truth(yes) {
                return false;
            }
            node = no;
        }
        self.is_plain_truth(node)
    }

    fn is_plain_truth(&self, node: Node) -> bool {
        use OpCode as C;
        match self.form(node) {
            Form::Op(code, _) => matches!(
                code,
                C::Lt | C::Le | C::Eq | C::Ne | C::And | C::Or | C::Xor | C::Not
            ),
            Form::Constant(_) => self.is(node, 0.0) || self.is(node, 1.0),
            Form::Leaf(_) => false,
        }
    }

    /// `a + b`
    pub(super) fn add(&mut self, a: Node, b: Node) -> Node {
        self.op(OpCode::Add, &[a, b])
    }

    /// `a − b`
    pub(super) fn sub(&mut self, a: Node, b: Node) -> Node {
        self.op(OpCode::Sub, &[a, b])
    }

    /// `a · b`
    pub(super) fn mul(&mut self, a: Node, b: Node) -> Node {
        self.op(OpCode::Mul, &[a, b])
    }

    /// `a ÷ b`
    pub(super) fn div(&mut self, a: Node, b: Node) -> Node {
        self.op(OpCode::Div, &[a, b])
    }

    /// `−a`
    pub(super) fn neg(&mut self, a: Node) -> Node {
        self.op(OpCode::Neg, &[a])
    }

    /// `yes` where `condition` holds, else `no`.
    pub(super) fn select(&mut self, condition: Node, yes: Node, no: Node) -> Node {
        self.op(OpCode::Select, &[condition, yes, no])
    }
}
