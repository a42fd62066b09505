//! The one expression graph of a model: every distinct operation once, children before parents.

use std::collections::HashMap;

use super::fold;
use super::program::OpCode;
use crate::diag::Span;

/// A value in a [`Graph`]. Children have smaller numbers than what is made of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Node(pub(super) u32);

impl Node {
    /// Its place in lists with one entry per node.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a value may come from besides constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Leaf {
    /// A parameter slot.
    Parameter(usize),
    /// Time.
    Time,
    /// A state.
    State(usize),
    /// A looked-up past value.
    Past(usize),
}

/// How a value is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// A number, by its bits so that forms can be compared.
    Constant(u64),
    /// Given from outside.
    Leaf(Leaf),
    /// By an operation; operands that the code does not use are [`Graph::ZERO`].
    Op(OpCode, [Node; 3]),
}

/// Which groups of leaves a value depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    /// Any parameter.
    pub(super) parameters: bool,
    /// Time.
    pub(super) time: bool,
    /// Any state or past value.
    pub(super) states: bool,
}

impl Needs {
    fn with(self, other: Self) -> Self {
        Self {
            parameters: self.parameters || other.parameters,
            time: self.time || other.time,
            states: self.states || other.states,
        }
    }
}

/// A hash-consed directed acyclic graph: asking twice for the same operation gives the same node.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    forms: Vec<Form>,
    needs: Vec<Needs>,
    spans: Vec<Span>,
    // Looked up, never iterated: the order of nodes is the order of making.
    known: HashMap<Form, Node>,
    /// Where the formula stands that is being turned into nodes; new nodes keep it.
    pub(super) span: Span,
}

impl Graph {
    /// The number 0.
    pub(super) const ZERO: Node = Node(0);
    /// The number 1.
    pub(super) const ONE: Node = Node(1);

    /// A graph that knows 0 and 1 only.
    pub(super) fn new() -> Self {
        let mut graph = Self {
            forms: Vec::new(),
            needs: Vec::new(),
            spans: Vec::new(),
            known: HashMap::new(),
            span: Span::default(),
        };
        graph.constant(0.0);
        graph.constant(1.0);
        graph
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.forms.len()
    }

    /// How a node is made.
    pub(super) fn form(&self, node: Node) -> Form {
        self.forms[node.index()]
    }

    /// Where the formula stands that first asked for the node.
    pub(super) fn span_of(&self, node: Node) -> Span {
        self.spans[node.index()]
    }

    /// What a node depends on.
    pub(super) fn needs(&self, node: Node) -> Needs {
        self.needs[node.index()]
    }

    /// The operands of a node; empty for constants and leaves.
    pub(super) fn operands(&self, node: Node) -> Operands {
        match self.form(node) {
            Form::Op(code, nodes) => Operands {
                nodes,
                used: arity(code),
            },
            Form::Constant(_) | Form::Leaf(_) => Operands {
                nodes: [Self::ZERO; 3],
                used: 0,
            },
        }
    }

    /// The number that a node is, if it is one.
    pub(super) fn number(&self, node: Node) -> Option<f64> {
        match self.form(node) {
            Form::Constant(bits) => Some(f64::from_bits(bits)),
            Form::Leaf(_) | Form::Op(..) => None,
        }
    }

    /// Whether a node is the number `value` (either zero for 0).
    pub(super) fn is(&self, node: Node, value: f64) -> bool {
        self.number(node) == Some(value)
    }

    /// The node of a number. All NaN are one.
    pub(super) fn constant(&mut self, value: f64) -> Node {
        let value = if value.is_nan() { f64::NAN } else { value };
        self.intern(Form::Constant(value.to_bits()), Needs::default())
    }

    /// The node of a leaf.
    pub(super) fn leaf(&mut self, leaf: Leaf) -> Node {
        let needs = Needs {
            parameters: matches!(leaf, Leaf::Parameter(_)),
            time: leaf == Leaf::Time,
            states: matches!(leaf, Leaf::State(_) | Leaf::Past(_)),
        };
        self.intern(Form::Leaf(leaf), needs)
    }

    /// An operation with up to three operands, folded and simplified (see `identities`).
    pub(super) fn op(&mut self, code: OpCode, operands: &[Node]) -> Node {
        let mut nodes = [Self::ZERO; 3];
        nodes[..operands.len()].copy_from_slice(operands);
        debug_assert_eq!(operands.len(), arity(code), "{code:?}");
        if let Some(value) = self.folded(code, &nodes[..operands.len()]) {
            return self.constant(value);
        }
        if commutes(code) && nodes[0] > nodes[1] {
            // Sum and product do not depend on the order of two operands, so one order serves both.
            nodes.swap(0, 1);
        }
        self.simplified(code, nodes)
            .unwrap_or_else(|| self.raw(code, nodes))
    }

    /// An operation as it stands.
    pub(super) fn raw(&mut self, code: OpCode, nodes: [Node; 3]) -> Node {
        let needs = nodes[..arity(code)]
            .iter()
            .fold(Needs::default(), |all, node| all.with(self.needs(*node)));
        self.intern(Form::Op(code, nodes), needs)
    }

    fn folded(&self, code: OpCode, operands: &[Node]) -> Option<f64> {
        let mut values = [0.0; 3];
        for (value, node) in values.iter_mut().zip(operands) {
            *value = self.number(*node)?;
        }
        Some(fold::apply(code, values))
    }

    fn intern(&mut self, form: Form, needs: Needs) -> Node {
        if let Some(node) = self.known.get(&form) {
            return *node;
        }
        let count =
            u32::try_from(self.forms.len()).expect("fewer than 2³² operations fit in memory");
        let node = Node(count);
        self.forms.push(form);
        self.needs.push(needs);
        self.spans.push(self.span);
        self.known.insert(form, node);
        node
    }

    /// All nodes that `roots` are made of, themselves included, children before parents.
    pub(super) fn reachable(&self, roots: &[Node]) -> Vec<Node> {
        let mut seen = vec![false; self.len()];
        let mut found = Vec::new();
        let mut open: Vec<Node> = roots.to_vec();
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node.index()], true) {
                found.push(node);
                open.extend(self.operands(node));
            }
        }
        found.sort_unstable();
        found
    }

    /// The leaves that `roots` depend on, in order.
    pub(super) fn leaves(&self, roots: &[Node]) -> Vec<Leaf> {
        let mut leaves: Vec<Leaf> = self
            .reachable(roots)
            .into_iter()
            .filter_map(|node| match self.form(node) {
                Form::Leaf(leaf) => Some(leaf),
                Form::Constant(_) | Form::Op(..) => None,
            })
            .collect();
        leaves.sort_unstable();
        leaves
    }

    /// `root` with leaves replaced by what `replace` gives for them.
    pub(super) fn substitute(
        &mut self,
        root: Node,
        replace: impl Fn(Leaf) -> Option<Node>,
    ) -> Node {
        let order = self.reachable(&[root]);
        let mut made: HashMap<Node, Node> = HashMap::with_capacity(order.len());
        for node in order {
            let new = match self.form(node) {
                Form::Constant(_) => node,
                Form::Leaf(leaf) => replace(leaf).unwrap_or(node),
                Form::Op(code, operands) => {
                    let operands =
                        operands.map(|operand| made.get(&operand).copied().unwrap_or(operand));
                    self.span = self.span_of(node);
                    self.op(code, &operands[..arity(code)])
                }
            };
            made.insert(node, new);
        }
        made[&root]
    }
}

/// The operands of one node, in order.
#[derive(Clone, Copy)]
pub(super) struct Operands {
    nodes: [Node; 3],
    used: usize,
}

impl IntoIterator for Operands {
    type Item = Node;
    type IntoIter = std::iter::Take<std::array::IntoIter<Node, 3>>;

    fn into_iter(self) -> Self::IntoIter {
        self.nodes.into_iter().take(self.used)
    }
}

/// How many operands a code uses.
pub(super) fn arity(code: OpCode) -> usize {
    use OpCode as C;
    match code {
        C::SubMul | C::AddMul | C::Select => 3,
        C::Add | C::Sub | C::Mul | C::Div | C::Min | C::Max | C::Pow => 2,
        C::Lt | C::Le | C::Eq | C::Ne | C::And | C::Or | C::Xor => 2,
        _ => 1,
    }
}

fn commutes(code: OpCode) -> bool {
    use OpCode as C;
    matches!(
        code,
        C::Add | C::Mul | C::Min | C::Max | C::Eq | C::Ne | C::And | C::Or | C::Xor
    )
}
