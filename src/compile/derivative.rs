//! Symbolic derivatives over the graph.
//!
//! Forward, one variable at a time, with every partial derivative of an operation made once: what two rows of a
//! Jacobian share is shared in the graph. Branches (`Select`, `Abs`, `Min`, `Max`) have the derivative of the branch
//! taken; steps (`Floor`, comparisons, whole-number `Factorial`) have derivative 0.

use super::graph::{Form, Graph, Leaf, Node};
use super::program::OpCode;

/// Derivatives of a fixed set of expressions by any leaf.
pub(super) struct Differentiator {
    /// Nodes of the expressions, children before parents.
    order: Vec<Node>,
    /// `parents[starts[i]..starts[i + 1]]` use node `i`; ranks in `order`.
    starts: Vec<usize>,
    parents: Vec<usize>,
    /// Rank in `order` of each node; `usize::MAX` for others.
    ranks: Vec<usize>,
    /// Derivative by the present leaf, by rank; `None` where zero.
    tangents: Vec<Option<Node>>,
}

impl Differentiator {
    /// Prepares for derivatives of `roots`.
    pub(super) fn new(graph: &Graph, roots: &[Node]) -> Self {
        let order = graph.reachable(roots);
        let mut ranks = vec![usize::MAX; graph.len()];
        for (rank, node) in order.iter().enumerate() {
            ranks[node.index()] = rank;
        }
        let (starts, parents) = parents_of(graph, &order, &ranks);
        let tangents = vec![None; order.len()];
        Self {
            order,
            starts,
            parents,
            ranks,
            tangents,
        }
    }

    /// `∂root/∂leaf` for those of `roots` where it is not identically zero, as `(index in roots, derivative)`.
    pub(super) fn by_leaf(
        &mut self,
        graph: &mut Graph,
        leaf: Leaf,
        roots: &[Node],
    ) -> Vec<(usize, Node)> {
        let leaf = graph.leaf(leaf);
        let Some(&rank) = self
            .ranks
            .get(leaf.index())
            .filter(|rank| **rank != usize::MAX)
        else {
            return Vec::new();
        };
        let touched = self.dependents(rank);
        self.tangents[rank] = Some(Graph::ONE);
        for &rank in &touched[1..] {
            let (ranks, tangents) = (&self.ranks, &self.tangents);
            self.tangents[rank] = tangent(graph, self.order[rank], |operand| {
                // Operands that a code does not use may lie outside of the expressions.
                tangents.get(ranks[operand.index()]).copied().flatten()
            });
        }
        let found = (roots.iter().enumerate())
            .filter_map(|(at, root)| Some((at, self.tangents[self.ranks[root.index()]]?)))
            .collect();
        for rank in touched {
            self.tangents[rank] = None;
        }
        found
    }

    /// Ranks of all nodes that depend on the one at `rank`, itself first, rising.
    fn dependents(&self, rank: usize) -> Vec<usize> {
        let mut found = vec![rank];
        let mut seen = vec![false; self.order.len()];
        seen[rank] = true;
        let mut next = 0;
        while next < found.len() {
            for &parent in &self.parents[self.starts[found[next]]..self.starts[found[next] + 1]] {
                if !std::mem::replace(&mut seen[parent], true) {
                    found.push(parent);
                }
            }
            next += 1;
        }
        found.sort_unstable();
        found
    }
}

fn parents_of(graph: &Graph, order: &[Node], ranks: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut starts = vec![0; order.len() + 1];
    for operand in order.iter().flat_map(|node| graph.operands(*node)) {
        starts[ranks[operand.index()] + 1] += 1;
    }
    for at in 0..order.len() {
        starts[at + 1] += starts[at];
    }
    let mut fill = starts.clone();
    let mut parents = vec![0; starts[order.len()]];
    for (rank, node) in order.iter().enumerate() {
        for operand in graph.operands(*node) {
            let at = &mut fill[ranks[operand.index()]];
            parents[*at] = rank;
            *at += 1;
        }
    }
    (starts, parents)
}

/// Derivatives of `roots` along a direction: `along` gives the direction's component of each leaf (`None` for zero).
pub(super) fn directional(
    graph: &mut Graph,
    roots: &[Node],
    along: impl Fn(Leaf) -> Option<Node>,
) -> Vec<Node> {
    let order = graph.reachable(roots);
    let mut tangents: Vec<Option<Node>> = vec![None; graph.len()];
    for node in order {
        tangents[node.index()] = match graph.form(node) {
            Form::Constant(_) => None,
            Form::Leaf(leaf) => along(leaf),
            Form::Op(..) => tangent(graph, node, |operand| tangents[operand.index()]),
        };
    }
    let of = |root: &Node| tangents[root.index()].unwrap_or(Graph::ZERO);
    roots.iter().map(of).collect()
}

/// The derivative of one operation from those of its operands; `None` where it is identically zero.
fn tangent(graph: &mut Graph, node: Node, of: impl Fn(Node) -> Option<Node>) -> Option<Node> {
    let Form::Op(code, [a, b, c]) = graph.form(node) else {
        return None;
    };
    graph.span = graph.span_of(node);
    match code {
        OpCode::Copy => of(a),
        OpCode::Add => sum(graph, of(a), of(b)),
        OpCode::Sub => {
            let minus = of(b).map(|b| graph.neg(b));
            sum(graph, of(a), minus)
        }
        OpCode::Select => choice(graph, a, of(b), of(c)),
        OpCode::Min | OpCode::Max => {
            let first = extremum_is_first(graph, code, a, b, &of)?;
            choice(graph, first, of(a), of(b))
        }
        OpCode::AddMul | OpCode::SubMul => {
            let first = scaled(graph, of(b), c);
            let second = scaled(graph, of(c), b);
            let mut product = sum(graph, first, second);
            if code == OpCode::SubMul {
                product = product.map(|product| graph.neg(product));
            }
            sum(graph, of(a), product)
        }
        _ => {
            let first = of(a).and_then(|along| times_partial(graph, node, 0, along));
            let second = of(b).filter(|_| uses_second(code));
            let second = second.and_then(|along| times_partial(graph, node, 1, along));
            sum(graph, first, second)
        }
    }
}

fn uses_second(code: OpCode) -> bool {
    matches!(code, OpCode::Mul | OpCode::Div | OpCode::Pow)
}

/// Truth of "the first operand is the one taken"; `None` when neither operand varies.
fn extremum_is_first(
    graph: &mut Graph,
    code: OpCode,
    a: Node,
    b: Node,
    of: &impl Fn(Node) -> Option<Node>,
) -> Option<Node> {
    of(a).or(of(b))?;
    let (low, high) = if code == OpCode::Min { (a, b) } else { (b, a) };
    Some(graph.op(OpCode::Le, &[low, high]))
}

fn sum(graph: &mut Graph, a: Option<Node>, b: Option<Node>) -> Option<Node> {
    match (a, b) {
        (Some(a), Some(b)) => {
            let sum = graph.add(a, b);
            non_zero(graph, sum)
        }
        (one, other) => one.or(other),
    }
}

fn scaled(graph: &mut Graph, along: Option<Node>, by: Node) -> Option<Node> {
    let along = along.filter(|_| !graph.is(by, 0.0))?;
    let product = graph.mul(by, along);
    non_zero(graph, product)
}

fn choice(graph: &mut Graph, condition: Node, yes: Option<Node>, no: Option<Node>) -> Option<Node> {
    if yes.is_none() && no.is_none() {
        return None;
    }
    let yes = yes.unwrap_or(Graph::ZERO);
    let slope = graph.select(condition, yes, no.unwrap_or(Graph::ZERO));
    non_zero(graph, slope)
}

fn non_zero(graph: &Graph, node: Node) -> Option<Node> {
    (!graph.is(node, 0.0)).then_some(node)
}

/// `∂node/∂operand · along` for operations that are smooth functions of one or two operands.
fn times_partial(graph: &mut Graph, node: Node, operand: usize, along: Node) -> Option<Node> {
    let Form::Op(code, [a, b, _]) = graph.form(node) else {
        return None;
    };
    let partial = match (code, operand) {
        (OpCode::Neg, _) => return Some(graph.neg(along)),
        (OpCode::Mul, 0) => b,
        (OpCode::Mul, _) => a,
        (OpCode::Div, 0) => graph.div(Graph::ONE, b),
        (OpCode::Div, _) => {
            // One reciprocal serves all variables: divisions are the dearest of the simple operations.
            let reciprocal = graph.div(Graph::ONE, b);
            let slope = graph.mul(node, reciprocal);
            graph.neg(slope)
        }
        (OpCode::Pow, 0) => power_by_base(graph, node, a, b),
        (OpCode::Pow, _) => power_by_exponent(graph, node, a),
        _ => partial_of_one(graph, code, node, a)?,
    };
    scaled(graph, Some(along), partial)
}

/// `b · aᵇ⁻¹`.
///
/// Made from the power that is there already, as `b · aᵇ ÷ a`, because a division is several times cheaper than a
/// second power; at `a = 0` its value depends on the exponent alone. An exponent that varies would need the second
/// power for that too, so there the formula is taken as it stands.
fn power_by_base(graph: &mut Graph, power: Node, base: Node, exponent: Node) -> Node {
    let less = graph.sub(exponent, Graph::ONE);
    let needs = graph.needs(exponent);
    if needs.time || needs.states {
        let power = graph.op(OpCode::Pow, &[base, less]);
        return graph.mul(exponent, power);
    }
    let limit = graph.op(OpCode::Pow, &[Graph::ZERO, less]);
    let at_zero = graph.op(OpCode::Eq, &[base, Graph::ZERO]);
    let ratio = graph.div(power, base);
    let slope = graph.select(at_zero, limit, ratio);
    graph.mul(exponent, slope)
}

/// `aᵇ · ln |a|`, with its limit 0 (for b > 0) at `a = 0`.
///
/// Below zero only whole powers exist, and this is the real part of the derivative: it keeps a state that rounding has put a
/// little below zero from having none.
fn power_by_exponent(graph: &mut Graph, power: Node, base: Node) -> Node {
    let at_zero = graph.op(OpCode::Eq, &[base, Graph::ZERO]);
    let size = graph.op(OpCode::Abs, &[base]);
    let logarithm = graph.op(OpCode::Ln, &[size]);
    let slope = graph.mul(power, logarithm);
    graph.select(at_zero, Graph::ZERO, slope)
}

/// Derivative of a function of one operand `a`, whose value is `value`; `None` for steps.
fn partial_of_one(graph: &mut Graph, code: OpCode, value: Node, a: Node) -> Option<Node> {
    use OpCode as C;
    let one = Graph::ONE;
    let reciprocal = |graph: &mut Graph, of: Node| graph.div(Graph::ONE, of);
    let slope = match code {
        C::Abs => {
            let negative = graph.op(C::Lt, &[a, Graph::ZERO]);
            let minus_one = graph.constant(-1.0);
            graph.select(negative, minus_one, one)
        }
        C::Sqrt => {
            let half = graph.constant(0.5);
            graph.div(half, value)
        }
        C::Exp => value,
        C::Ln => reciprocal(graph, a),
        C::Log10 => {
            let scale = graph.constant(std::f64::consts::LOG10_E);
            graph.div(scale, a)
        }
        C::Sin => graph.op(C::Cos, &[a]),
        C::Cos => {
            let sine = graph.op(C::Sin, &[a]);
            graph.neg(sine)
        }
        C::Tan => {
            let square = graph.mul(value, value);
            graph.add(one, square)
        }
        C::Sinh => graph.op(C::Cosh, &[a]),
        C::Cosh => graph.op(C::Sinh, &[a]),
        C::Tanh => {
            let square = graph.mul(value, value);
            graph.sub(one, square)
        }
        C::Asin | C::Acos | C::Atan | C::Asinh | C::Acosh | C::Atanh => {
            inverse_slope(graph, code, a)
        }
        _ => return None,
    };
    Some(slope)
}

/// Derivatives of the inverse trigonometric and hyperbolic functions.
///
/// `1 − a²` is written `(1 − a)(1 + a)`, which keeps its digits near ±1.
fn inverse_slope(graph: &mut Graph, code: OpCode, a: Node) -> Node {
    use OpCode as C;
    let one = Graph::ONE;
    let under = match code {
        C::Atan | C::Asinh => {
            let square = graph.mul(a, a);
            graph.add(one, square)
        }
        _ => {
            let below = if code == C::Acosh {
                graph.sub(a, one)
            } else {
                graph.sub(one, a)
            };
            let above = graph.add(one, a);
            graph.mul(below, above)
        }
    };
    let root = if matches!(code, C::Atan | C::Atanh) {
        under
    } else {
        graph.op(C::Sqrt, &[under])
    };
    let numerator = graph.constant(if code == C::Acos { -1.0 } else { 1.0 });
    graph.div(numerator, root)
}
