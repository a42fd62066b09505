//! Where triggers and branches change: continuous functions with a zero there.
//!
//! A comparison changes where its sides are equal, `abs`, `min` and `max` where their branches meet, `floor`, `ceil`
//! and truncation (with it `rem` and `quotient`) where their argument `a` is whole, which `sin(π a)` shows.

use indexmap::IndexMap;

use super::graph::{Form, Graph, Leaf, Node};
use super::program::OpCode;

/// How near below a whole number an argument of time counts as having reached it, when the next one is asked for.
/// Much more than the rounding of `time ÷ period`, much less than any period in a model.
const WHOLE_NUMBER_SLACK: f64 = 1e-9;

/// One root function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Root {
    /// The function.
    pub(super) function: Node,
    /// Whether it depends on time, parameters and nothing else.
    pub(super) is_time_only: bool,
    /// The time of its (next) zero when it is linear in time.
    pub(super) time: Option<Node>,
}

/// All root functions asked for so far, each once.
#[derive(Debug, Default)]
pub(super) struct Roots {
    found: IndexMap<Node, Root>,
}

impl Roots {
    /// Adds the roots of all that `nodes` are made of; gives their indices, rising.
    pub(super) fn add(&mut self, graph: &mut Graph, nodes: &[Node]) -> Vec<usize> {
        let mut indices = Vec::new();
        for node in graph.reachable(nodes) {
            graph.span = graph.span_of(node);
            if let Some(root) = root_of(graph, node) {
                indices.push(self.found.insert_full(root.function, root).0);
            }
        }
        indices.sort_unstable();
        indices.dedup();
        indices
    }

    /// Those roots, all added before, at which a comparison or a step of what `nodes` are made of changes: a value may jump
    /// there. Branches of `abs`, `min` and `max` meet.
    pub(super) fn steps(&self, graph: &mut Graph, nodes: &[Node]) -> Vec<usize> {
        use OpCode as C;
        let mut indices = Vec::new();
        for node in graph.reachable(nodes) {
            let is_smooth = matches!(
                graph.form(node),
                Form::Op(C::Abs | C::Min | C::Max, _) | Form::Leaf(_) | Form::Constant(_)
            );
            if !is_smooth && let Some(root) = root_of(graph, node) {
                indices.extend(self.found.get_index_of(&root.function));
            }
        }
        indices.sort_unstable();
        indices.dedup();
        indices
    }

    /// The root functions in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Root> {
        self.found.values()
    }
}

fn root_of(graph: &mut Graph, node: Node) -> Option<Root> {
    use OpCode as C;
    let Form::Op(code, [a, b, _]) = graph.form(node) else {
        return None;
    };
    let function = match code {
        C::Lt | C::Le | C::Eq | C::Ne | C::Min | C::Max => {
            // `a < b` and `b < a` have one root.
            let (first, second) = if a < b { (a, b) } else { (b, a) };
            graph.sub(first, second)
        }
        C::Abs => a,
        C::Floor | C::Ceil | C::Trunc => {
            let pi = graph.constant(std::f64::consts::PI);
            let angle = graph.mul(pi, a);
            graph.op(C::Sin, &[angle])
        }
        _ => return None,
    };
    let needs = graph.needs(function);
    if !needs.time && !needs.states {
        return None;
    }
    let is_time_only = !needs.states;
    let time = match code {
        _ if !is_time_only => None,
        C::Floor | C::Ceil | C::Trunc => linear(graph, a).map(|line| next_whole(graph, a, line)),
        _ => linear(graph, function).map(|line| zero(graph, line)),
    };
    Some(Root {
        function,
        is_time_only,
        time,
    })
}

/// `slope · time + rest` with both made of parameters and constants.
#[derive(Clone, Copy)]
struct Line {
    slope: Node,
    rest: Node,
}

/// A function of time as a line, if it is written as one.
fn linear(graph: &mut Graph, root: Node) -> Option<Line> {
    let order = graph.reachable(&[root]);
    let mut lines: Vec<Option<Line>> = vec![None; root.index() + 1];
    for node in order {
        lines[node.index()] = match graph.form(node) {
            _ if !graph.needs(node).time => Some(Line {
                slope: Graph::ZERO,
                rest: node,
            }),
            Form::Leaf(Leaf::Time) => Some(Line {
                slope: Graph::ONE,
                rest: Graph::ZERO,
            }),
            Form::Op(code, [a, b, _]) => {
                let first = lines[a.index()];
                first.and_then(|first| combine(graph, code, first, lines[b.index()]))
            }
            Form::Leaf(_) | Form::Constant(_) => None,
        };
    }
    lines[root.index()]
}

fn combine(graph: &mut Graph, code: OpCode, a: Line, b: Option<Line>) -> Option<Line> {
    let is_flat = |line: &Line| line.slope == Graph::ZERO;
    match code {
        OpCode::Neg => Some(each(graph, a, |graph, part| graph.neg(part))),
        OpCode::Add | OpCode::Sub => {
            let b = b?;
            Some(Line {
                slope: graph.op(code, &[a.slope, b.slope]),
                rest: graph.op(code, &[a.rest, b.rest]),
            })
        }
        OpCode::Mul => {
            let b = b?;
            let (line, flat) = if is_flat(&b) { (a, b) } else { (b, a) };
            is_flat(&flat).then(|| each(graph, line, |graph, part| graph.mul(flat.rest, part)))
        }
        OpCode::Div => {
            let b = b.filter(is_flat)?;
            Some(each(graph, a, |graph, part| graph.div(part, b.rest)))
        }
        _ => None,
    }
}

fn each(graph: &mut Graph, line: Line, mut apply: impl FnMut(&mut Graph, Node) -> Node) -> Line {
    let mut keep_zero = |graph: &mut Graph, part: Node| {
        if part == Graph::ZERO {
            part
        } else {
            apply(graph, part)
        }
    };
    Line {
        slope: keep_zero(graph, line.slope),
        rest: keep_zero(graph, line.rest),
    }
}

/// `−rest ÷ slope`
fn zero(graph: &mut Graph, line: Line) -> Node {
    let opposite = graph.neg(line.rest);
    graph.div(opposite, line.slope)
}

/// The next time at which `argument = slope · time + rest` is whole.
fn next_whole(graph: &mut Graph, argument: Node, line: Line) -> Node {
    let slack = graph.constant(WHOLE_NUMBER_SLACK);
    let ahead = graph.add(argument, slack);
    let floor = graph.op(OpCode::Floor, &[ahead]);
    let above = graph.add(floor, Graph::ONE);
    let behind = graph.sub(argument, slack);
    let ceiling = graph.op(OpCode::Ceil, &[behind]);
    let below = graph.sub(ceiling, Graph::ONE);
    let rises = graph.op(OpCode::Lt, &[Graph::ZERO, line.slope]);
    let next = graph.select(rises, above, below);
    let distance = graph.sub(next, line.rest);
    graph.div(distance, line.slope)
}
