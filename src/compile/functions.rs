//! Built-in functions as operations on nodes.

use super::graph::{Graph, Node};
use super::program::OpCode;
use crate::model::{Constant, Function, Trig};

/// The node of a constant of the language. Time is the caller's.
pub(super) fn constant(graph: &mut Graph, constant: Constant) -> Option<Node> {
    let value = match constant {
        Constant::Time => return None,
        Constant::Avogadro => 6.022_141_79e23,
        Constant::Pi => std::f64::consts::PI,
        Constant::E => std::f64::consts::E,
        Constant::True => 1.0,
        Constant::False => 0.0,
        Constant::Infinity => f64::INFINITY,
        Constant::NotANumber => f64::NAN,
    };
    Some(graph.constant(value))
}

/// The node of a function of plain values; `None` for a wrong number of arguments and for `Delay`, `RateOf`, `Draw`,
/// which mean more than an operation on present values.
pub(super) fn call(graph: &mut Graph, function: Function, arguments: &[Node]) -> Option<Node> {
    use Function as F;
    use OpCode as C;
    let node = match function {
        F::Plus => left_to_right(graph, C::Add, Graph::ZERO, arguments),
        F::Times => left_to_right(graph, C::Mul, Graph::ONE, arguments),
        F::And => of_truths(graph, C::And, Graph::ONE, arguments),
        F::Or => of_truths(graph, C::Or, Graph::ZERO, arguments),
        F::Xor => of_truths(graph, C::Xor, Graph::ZERO, arguments),
        F::Min | F::Max => {
            let code = if function == F::Min { C::Min } else { C::Max };
            let (first, rest) = arguments.split_first()?;
            left_to_right(graph, code, *first, rest)
        }
        F::Equal | F::Less | F::LessEqual | F::Greater | F::GreaterEqual => {
            chain(graph, function, arguments)
        }
        F::Piecewise => piecewise(graph, arguments),
        F::Trig(trig) => trigonometric(graph, trig, *exactly::<1>(arguments)?.first()?),
        F::Delay | F::RateOf | F::Draw(_) => return None,
        _ if arguments.len() == 1 => of_one(graph, function, arguments[0])?,
        _ => of_two(graph, function, exactly(arguments)?)?,
    };
    Some(node)
}

fn exactly<const N: usize>(arguments: &[Node]) -> Option<[Node; N]> {
    arguments.try_into().ok()
}

fn left_to_right(graph: &mut Graph, code: OpCode, empty: Node, arguments: &[Node]) -> Node {
    let Some((first, rest)) = arguments.split_first() else {
        return empty;
    };
    if matches!(code, OpCode::Min | OpCode::Max) {
        return arguments
            .iter()
            .fold(empty, |made, next| graph.op(code, &[made, *next]));
    }
    rest.iter()
        .fold(*first, |made, next| graph.op(code, &[made, *next]))
}

fn of_truths(graph: &mut Graph, code: OpCode, empty: Node, arguments: &[Node]) -> Node {
    let truths = arguments.iter().map(|&argument| graph.condition(argument));
    let truths: Vec<Node> = truths.collect();
    left_to_right(graph, code, empty, &truths)
}

fn of_one(graph: &mut Graph, function: Function, a: Node) -> Option<Node> {
    use Function as F;
    let code = match function {
        F::Minus | F::Negate => OpCode::Neg,
        F::Not => {
            let truth = graph.condition(a);
            return Some(graph.op(OpCode::Not, &[truth]));
        }
        F::Abs => OpCode::Abs,
        F::Ceiling => OpCode::Ceil,
        F::Floor => OpCode::Floor,
        F::Exp => OpCode::Exp,
        F::Ln => OpCode::Ln,
        F::Log10 => OpCode::Log10,
        F::Sqrt => OpCode::Sqrt,
        F::Factorial => OpCode::Factorial,
        _ => return None,
    };
    Some(graph.op(code, &[a]))
}

fn of_two(graph: &mut Graph, function: Function, [a, b]: [Node; 2]) -> Option<Node> {
    use Function as F;
    let node = match function {
        F::Minus => graph.sub(a, b),
        F::Divide => graph.div(a, b),
        F::Power => graph.op(OpCode::Pow, &[a, b]),
        F::NotEqual => graph.op(OpCode::Ne, &[a, b]),
        F::Implies => {
            let (a, b) = (graph.condition(a), graph.condition(b));
            let not = graph.op(OpCode::Not, &[a]);
            graph.op(OpCode::Or, &[not, b])
        }
        F::Quotient => quotient(graph, a, b),
        F::Remainder => {
            let whole = quotient(graph, a, b);
            let taken = graph.mul(b, whole);
            graph.sub(a, taken)
        }
        F::LogBase => logarithm(graph, a, b),
        F::Root => root(graph, a, b),
        _ => return None,
    };
    Some(node)
}

fn quotient(graph: &mut Graph, a: Node, b: Node) -> Node {
    let ratio = graph.div(a, b);
    graph.op(OpCode::Trunc, &[ratio])
}

fn logarithm(graph: &mut Graph, base: Node, x: Node) -> Node {
    if graph.is(base, 10.0) {
        return graph.op(OpCode::Log10, &[x]);
    }
    let above = graph.op(OpCode::Ln, &[x]);
    let below = graph.op(OpCode::Ln, &[base]);
    graph.div(above, below)
}

fn root(graph: &mut Graph, degree: Node, x: Node) -> Node {
    let exponent = graph.div(Graph::ONE, degree);
    graph.op(OpCode::Pow, &[x, exponent])
}

fn chain(graph: &mut Graph, function: Function, arguments: &[Node]) -> Node {
    use Function as F;
    let mut all = Graph::ONE;
    for pair in arguments.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let holds = match function {
            F::Less => graph.op(OpCode::Lt, &[a, b]),
            F::LessEqual => graph.op(OpCode::Le, &[a, b]),
            F::Greater => graph.op(OpCode::Lt, &[b, a]),
            F::GreaterEqual => graph.op(OpCode::Le, &[b, a]),
            _ => graph.op(OpCode::Eq, &[a, b]),
        };
        all = graph.op(OpCode::And, &[all, holds]);
    }
    all
}

/// Value, condition, value, condition, …: the first whose condition holds, then the last one, then NaN.
fn piecewise(graph: &mut Graph, arguments: &[Node]) -> Node {
    let pairs = arguments.chunks_exact(2);
    let mut otherwise = match pairs.remainder() {
        [last] => *last,
        _ => graph.constant(f64::NAN),
    };
    for pair in pairs.rev() {
        let condition = graph.condition(pair[1]);
        otherwise = graph.select(condition, pair[0], otherwise);
    }
    otherwise
}

/// What is done to the argument and to the value of a plain function to get another.
enum Turn {
    /// Nothing.
    Plain(OpCode),
    /// `1 ÷ f(x)`
    Over(OpCode),
    /// `f(1 ÷ x)`
    Of(OpCode),
}

fn trigonometric(graph: &mut Graph, trig: Trig, x: Node) -> Node {
    match turn(trig) {
        Turn::Plain(code) => graph.op(code, &[x]),
        Turn::Over(code) => {
            let value = graph.op(code, &[x]);
            graph.div(Graph::ONE, value)
        }
        Turn::Of(code) => {
            let reciprocal = graph.div(Graph::ONE, x);
            graph.op(code, &[reciprocal])
        }
    }
}

fn turn(trig: Trig) -> Turn {
    use OpCode as C;
    use Turn::{Of, Over, Plain};
    match trig {
        Trig::Sin => Plain(C::Sin),
        Trig::Cos => Plain(C::Cos),
        Trig::Tan => Plain(C::Tan),
        Trig::Sec => Over(C::Cos),
        Trig::Csc => Over(C::Sin),
        Trig::Cot => Over(C::Tan),
        Trig::Sinh => Plain(C::Sinh),
        Trig::Cosh => Plain(C::Cosh),
        Trig::Tanh => Plain(C::Tanh),
        Trig::Sech => Over(C::Cosh),
        Trig::Csch => Over(C::Sinh),
        Trig::Coth => Over(C::Tanh),
        Trig::Arcsin => Plain(C::Asin),
        Trig::Arccos => Plain(C::Acos),
        Trig::Arctan => Plain(C::Atan),
        Trig::Arcsec => Of(C::Acos),
        Trig::Arccsc => Of(C::Asin),
        Trig::Arccot => Of(C::Atan),
        Trig::Arcsinh => Plain(C::Asinh),
        Trig::Arccosh => Plain(C::Acosh),
        Trig::Arctanh => Plain(C::Atanh),
        Trig::Arcsech => Of(C::Acosh),
        Trig::Arccsch => Of(C::Asinh),
        Trig::Arccoth => Of(C::Atanh),
    }
}
