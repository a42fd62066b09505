//! Nodes to operations: which registers, in which order, with scratch used again as soon as it is free.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::graph::{Form, Graph, Leaf, Node, arity};
use super::program::{Block, Layout, Op, OpCode, Register};
use crate::diag::Span;

/// Where a wanted block will be in what [`emit`] returns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handle(pub(super) usize);

/// How a block treats what depends on parameters alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hoisting {
    /// Runs often: have it made beforehand.
    Ask,
    /// Runs seldom: use what was made for others.
    Use,
    /// Runs before anything is made beforehand.
    Without,
}

/// The blocks that a program needs, by the nodes of their outputs.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    blocks: Vec<(Vec<Node>, Hoisting)>,
}

impl Wanted {
    /// Asks for a block with these outputs.
    pub(super) fn add(&mut self, outputs: Vec<Node>, hoisting: Hoisting) -> Handle {
        self.blocks.push((outputs, hoisting));
        Handle(self.blocks.len() - 1)
    }
}

/// How many of each group of leaves there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    pub(super) parameters: usize,
    pub(super) states: usize,
    pub(super) past: usize,
}

/// Operations under construction.
pub(super) struct Emitter<'g> {
    graph: &'g Graph,
    pub(super) ops: Vec<Op>,
    pub(super) spans: Vec<Span>,
    pub(super) constants: Vec<f64>,
    pub(super) layout: Layout,
    /// Register of every node that has one at all times: constants, leaves, hoisted results.
    fixed: Vec<Option<Register>>,
    hoisted: Vec<Node>,
    first_scratch: Register,
}

/// Emits all wanted blocks: registers are laid out, then the hoisted part, then each block in order.
///
/// `extra_constants` get registers as well, for operations that the caller writes itself.
pub(super) fn emit<'g>(
    graph: &'g Graph,
    wanted: &Wanted,
    counts: Counts,
    extra_constants: &[Node],
) -> (Emitter<'g>, Block, Vec<Block>) {
    let mut emitter = Emitter::new(graph, wanted, counts, extra_constants);
    let hoisted = emitter.hoisted.clone();
    let hoist = emitter.hoist(&hoisted);
    let blocks = wanted
        .blocks
        .iter()
        .map(|(outputs, hoisting)| emitter.block(outputs, *hoisting))
        .collect();
    (emitter, hoist, blocks)
}

impl<'g> Emitter<'g> {
    fn new(graph: &'g Graph, wanted: &Wanted, counts: Counts, extra_constants: &[Node]) -> Self {
        let mut roots: Vec<Node> = extra_constants.to_vec();
        roots.extend(wanted.blocks.iter().flat_map(|(outputs, _)| outputs));
        let mut fixed = vec![None; graph.len()];
        let mut constants = Vec::new();
        for node in graph.reachable(&roots) {
            if let Some(value) = graph.number(node) {
                fixed[node.index()] = Some(register(constants.len()));
                constants.push(value);
            }
        }
        let layout = layout(constants.len(), counts);
        for (index, fixed) in fixed.iter_mut().enumerate() {
            if let Form::Leaf(leaf) = graph.form(Node(register(index))) {
                *fixed = Some(place(&layout, leaf));
            }
        }
        let hoisted = hoisted(graph, wanted);
        for (at, node) in hoisted.iter().enumerate() {
            fixed[node.index()] = Some(layout.scratch + register(at));
        }
        let first_scratch = layout.scratch + register(hoisted.len());
        let layout = Layout {
            total: first_scratch as usize,
            ..layout
        };
        Self {
            graph,
            ops: Vec::new(),
            spans: Vec::new(),
            constants,
            layout,
            fixed,
            hoisted,
            first_scratch,
        }
    }

    /// The register that a node has at all times.
    pub(super) fn fixed_register(&self, node: Node) -> Option<Register> {
        self.fixed[node.index()]
    }

    /// Adds one operation.
    pub(super) fn push(
        &mut self,
        code: OpCode,
        to: Register,
        [a, b, c]: [Register; 3],
        span: Span,
    ) {
        self.ops.push(Op { code, to, a, b, c });
        self.spans.push(span);
    }

    fn hoist(&mut self, hoisted: &[Node]) -> Block {
        let start = self.ops.len();
        let body = Body::new(self.graph, hoisted, |_| false);
        self.write(&body, true);
        Block {
            ops: start..self.ops.len(),
            outputs: Vec::new(),
        }
    }

    fn block(&mut self, outputs: &[Node], hoisting: Hoisting) -> Block {
        let start = self.ops.len();
        let uses_hoisted = hoisting != Hoisting::Without;
        let body = Body::new(self.graph, outputs, |node| {
            uses_hoisted && self.fixed[node.index()].is_some()
        });
        let registers = self.write(&body, false);
        let outputs = outputs
            .iter()
            .map(|node| {
                let at = body.rank(*node).map(|rank| registers[rank]);
                at.or(self.fixed[node.index()])
                    .expect("an output is made in the block or has a fixed register")
            })
            .collect();
        Block {
            ops: start..self.ops.len(),
            outputs,
        }
    }

    /// Writes the operations of a body; gives the register of each of its nodes.
    fn write(&mut self, body: &Body, to_fixed: bool) -> Vec<Register> {
        let mut registers = vec![Register::MAX; body.order.len()];
        let mut scratch = Scratch::new(self.first_scratch);
        for (rank, (node, step)) in body.order.iter().zip(&body.steps).enumerate() {
            let Some((code, operands)) = step else {
                continue;
            };
            let mut sources = [0; 3];
            for (source, operand) in sources.iter_mut().zip(&operands[..arity(*code)]) {
                *source = match body.rank(*operand) {
                    Some(rank) => registers[rank],
                    None => {
                        self.fixed[operand.index()].expect("what a block does not make is given")
                    }
                };
            }
            for dead in &body.last_uses[rank] {
                scratch.free(registers[*dead]);
            }
            let fixed = self.fixed[node.index()].filter(|_| to_fixed);
            registers[rank] = fixed.unwrap_or_else(|| scratch.take());
            self.push(*code, registers[rank], sources, self.graph.span_of(*node));
        }
        self.layout.total = self.layout.total.max(scratch.end as usize);
        registers
    }
}

/// Free scratch registers; the lowest is taken first, so that the working set stays small.
struct Scratch {
    free: BinaryHeap<Reverse<Register>>,
    end: Register,
}

impl Scratch {
    fn new(first: Register) -> Self {
        Self {
            free: BinaryHeap::new(),
            end: first,
        }
    }

    fn take(&mut self) -> Register {
        match self.free.pop() {
            Some(Reverse(register)) => register,
            None => {
                self.end += 1;
                self.end - 1
            }
        }
    }

    fn free(&mut self, register: Register) {
        self.free.push(Reverse(register));
    }
}

/// What one block computes, in order.
struct Body {
    order: Vec<Node>,
    // Sorted by node: where it stands in `order`.
    ranks: Vec<(Node, usize)>,
    /// Operation per rank; none where another operation does its work (a product inside `AddMul`).
    steps: Vec<Option<(OpCode, [Node; 3])>>,
    /// Ranks that nothing needs after this one.
    last_uses: Vec<Vec<usize>>,
    outputs: Vec<Node>,
}

impl Body {
    /// The nodes to compute for `outputs`, depth first so that results are used soon after they are made.
    fn new(graph: &Graph, outputs: &[Node], is_given: impl Fn(Node) -> bool) -> Self {
        let mut order = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for output in outputs {
            let mut open = vec![(*output, false)];
            while let Some((node, is_ready)) = open.pop() {
                if is_ready {
                    order.push(node);
                    continue;
                }
                let is_leaf = !matches!(graph.form(node), Form::Op(..));
                if is_leaf || is_given(node) || !seen.insert(node) {
                    continue;
                }
                open.push((node, true));
                let operands: Vec<Node> = graph.operands(node).into_iter().collect();
                open.extend(operands.into_iter().rev().map(|operand| (operand, false)));
            }
        }
        let mut ranks: Vec<(Node, usize)> = order.iter().copied().zip(0..).collect();
        ranks.sort_unstable();
        let steps = order
            .iter()
            .map(|node| match graph.form(*node) {
                Form::Op(code, operands) => Some((code, operands)),
                Form::Constant(_) | Form::Leaf(_) => None,
            })
            .collect();
        Self {
            order,
            ranks,
            steps,
            last_uses: Vec::new(),
            outputs: outputs.to_vec(),
        }
        .finish()
    }

    fn finish(mut self) -> Self {
        self.fuse();
        self.find_last_uses();
        self
    }

    fn rank(&self, node: Node) -> Option<usize> {
        let found = self
            .ranks
            .binary_search_by_key(&node, |(node, _)| *node)
            .ok()?;
        Some(self.ranks[found].1)
    }

    /// Puts a product that only one sum or difference uses into that operation. The bits stay: both round twice.
    fn fuse(&mut self) {
        let uses = self.uses();
        for rank in 0..self.order.len() {
            let Some((code @ (OpCode::Add | OpCode::Sub), [a, b, _])) = self.steps[rank] else {
                continue;
            };
            let fused = if code == OpCode::Add {
                OpCode::AddMul
            } else {
                OpCode::SubMul
            };
            let choices = [(b, a), (a, b)];
            let allowed = if code == OpCode::Add { 2 } else { 1 };
            for (product, other) in &choices[..allowed] {
                if let Some((at, x, y)) = self.lone_product(*product, &uses)
                    && product != other
                {
                    self.steps[rank] = Some((fused, [*other, x, y]));
                    self.steps[at] = None;
                    break;
                }
            }
        }
    }

    fn lone_product(&self, node: Node, uses: &[usize]) -> Option<(usize, Node, Node)> {
        let rank = self.rank(node)?;
        match self.steps[rank] {
            Some((OpCode::Mul, [x, y, _])) if uses[rank] == 1 => Some((rank, x, y)),
            _ => None,
        }
    }

    fn uses(&self) -> Vec<usize> {
        let mut uses = vec![0; self.order.len()];
        let operands = self.steps.iter().flatten();
        let operands = operands.flat_map(|(code, operands)| &operands[..arity(*code)]);
        for node in operands.chain(&self.outputs) {
            if let Some(rank) = self.rank(*node) {
                uses[rank] += 1;
            }
        }
        uses
    }

    fn find_last_uses(&mut self) {
        let never = self.order.len();
        let mut last = vec![never; never];
        for (rank, step) in self.steps.iter().enumerate() {
            let Some((code, operands)) = step else {
                continue;
            };
            for operand in &operands[..arity(*code)] {
                if let Some(used) = self.rank(*operand) {
                    last[used] = rank;
                }
            }
        }
        for node in &self.outputs {
            if let Some(rank) = self.rank(*node) {
                last[rank] = never;
            }
        }
        self.last_uses = vec![Vec::new(); never];
        for (used, last) in last.into_iter().enumerate() {
            if last < never {
                self.last_uses[last].push(used);
            }
        }
    }
}

fn register(count: usize) -> Register {
    Register::try_from(count).expect("fewer than 2³² registers fit in memory")
}

fn layout(n_constants: usize, counts: Counts) -> Layout {
    let parameters = n_constants;
    let time = parameters + counts.parameters;
    let states = time + 1;
    let past = states + counts.states;
    let scratch = past + counts.past;
    Layout {
        constants: 0,
        parameters: register(parameters),
        time: register(time),
        states: register(states),
        past: register(past),
        scratch: register(scratch),
        total: scratch,
    }
}

fn place(layout: &Layout, leaf: Leaf) -> Register {
    match leaf {
        Leaf::Parameter(at) => layout.parameters + register(at),
        Leaf::Time => layout.time,
        Leaf::State(at) => layout.states + register(at),
        Leaf::Past(at) => layout.past + register(at),
    }
}

/// Whether a node is an operation on parameters and constants alone.
fn is_made_beforehand(graph: &Graph, node: Node) -> bool {
    let needs = graph.needs(node);
    matches!(graph.form(node), Form::Op(..)) && !needs.time && !needs.states
}

/// What often-run blocks use directly of what depends on parameters alone.
fn hoisted(graph: &Graph, wanted: &Wanted) -> Vec<Node> {
    let often = wanted
        .blocks
        .iter()
        .filter(|(_, hoisting)| *hoisting == Hoisting::Ask);
    let outputs: Vec<Node> = often.flat_map(|(outputs, _)| outputs).copied().collect();
    let mut hoisted: Vec<Node> = outputs.clone();
    for node in graph.reachable(&outputs) {
        if !is_made_beforehand(graph, node) {
            hoisted.extend(graph.operands(node));
        }
    }
    hoisted.retain(|node| is_made_beforehand(graph, *node));
    hoisted.sort_unstable();
    hoisted.dedup();
    hoisted
}
