//! Operations on plain numbers, with the bits that every back-end gives.

use super::graph::{Form, Graph, Leaf, Node};
use super::program::OpCode;
use crate::math;

/// The result of an operation on numbers. Operands it does not use are ignored.
pub(super) fn apply(code: OpCode, [a, b, c]: [f64; 3]) -> f64 {
    use OpCode as C;
    match code {
        C::Copy => a,
        C::Add => a + b,
        C::Sub => a - b,
        C::Mul => a * b,
        C::Div => a / b,
        C::SubMul => a - b * c,
        C::AddMul => a + b * c,
        C::Neg => -a,
        C::Abs => a.abs(),
        C::Sqrt => a.sqrt(),
        C::Floor => a.floor(),
        C::Ceil => a.ceil(),
        C::Trunc => a.trunc(),
        C::Min => smaller(a, b),
        C::Max => larger(a, b),
        C::Lt => truth(a < b),
        C::Le => truth(a <= b),
        C::Eq => truth(a == b),
        C::Ne => truth(a != b),
        C::And => truth(a != 0.0 && b != 0.0),
        C::Or => truth(a != 0.0 || b != 0.0),
        C::Xor => truth((a != 0.0) != (b != 0.0)),
        C::Not => truth(a == 0.0),
        C::Select => {
            if a != 0.0 {
                b
            } else {
                c
            }
        }
        _ => transcendental(code, a, b),
    }
}

fn transcendental(code: OpCode, a: f64, b: f64) -> f64 {
    use OpCode as C;
    match code {
        C::Exp => math::exp(a),
        C::Ln => math::ln(a),
        C::Log10 => math::log10(a),
        C::Pow => math::pow(a, b),
        C::Sin => math::sin(a),
        C::Cos => math::cos(a),
        C::Tan => math::tan(a),
        C::Asin => math::asin(a),
        C::Acos => math::acos(a),
        C::Atan => math::atan(a),
        C::Sinh => math::sinh(a),
        C::Cosh => math::cosh(a),
        C::Tanh => math::tanh(a),
        C::Asinh => math::asinh(a),
        C::Acosh => math::acosh(a),
        C::Atanh => math::atanh(a),
        C::Factorial => math::factorial(a),
        _ => unreachable!("all other codes are handled before"),
    }
}

fn truth(value: bool) -> f64 {
    if value { 1.0 } else { 0.0 }
}

fn smaller(a: f64, b: f64) -> f64 {
    math::Lane::min(a, b)
}

fn larger(a: f64, b: f64) -> f64 {
    math::Lane::max(a, b)
}

/// The numbers that `nodes` are when every leaf is what `leaf` says.
pub(super) fn evaluate(graph: &Graph, nodes: &[Node], leaf: impl Fn(Leaf) -> f64) -> Vec<f64> {
    let mut values = vec![f64::NAN; graph.len()];
    for node in graph.reachable(nodes) {
        values[node.index()] = match graph.form(node) {
            Form::Constant(bits) => f64::from_bits(bits),
            Form::Leaf(which) => leaf(which),
            Form::Op(code, operands) => {
                apply(code, operands.map(|operand| values[operand.index()]))
            }
        };
    }
    nodes.iter().map(|node| values[node.index()]).collect()
}
