//! Formulas of the model as nodes of the graph.

use indexmap::IndexSet;

use super::derivative::directional;
use super::functions;
use super::graph::{Graph, Leaf, Node};
use super::meaning::{Key, Meaning};
use crate::diag::Diagnostic;
use crate::model::{Constant, ExprKind, Formula, Function, Symbol};

/// How deep functions may call functions. Readers refuse recursion; this stops what slipped through.
const DEEPEST_CALL: usize = 100;

/// When a formula is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// At the present time and state.
    Now,
    /// At the start, from parameters and time alone.
    Start,
    /// At a time before the start, seen through a delay: what initial assignments and assignment rules give at that
    /// time, everything else as at the start.
    Before,
}

impl When {
    /// What a formula taken then needs of a symbol.
    fn key(self, symbol: Symbol) -> Key {
        match self {
            Self::Now => Key::Value(symbol),
            Self::Start => Key::Start(symbol),
            Self::Before => Key::Before(symbol),
        }
    }
}

/// All symbols written in a formula, in order, each once; arguments of function bodies left out.
pub(super) fn symbols_in(formula: &Formula) -> Vec<Symbol> {
    let mut found = IndexSet::new();
    formula.walk(&mut |part| {
        if let ExprKind::Symbol(symbol) = part.kind
            && !matches!(symbol, Symbol::Argument(_))
        {
            found.insert(symbol);
        }
    });
    found.into_iter().collect()
}

/// Whether a formula looks into the past, outside of the functions that it calls.
pub(super) fn has_delay(formula: &Formula) -> bool {
    let mut found = false;
    formula.walk(&mut |part| found |= matches!(part.kind, ExprKind::Call(Function::Delay, _)));
    found
}

/// Where a formula is read: when, and inside which call.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) when: When,
    arguments: &'a [Node],
    /// The arguments before the start; empty where nothing looks back.
    before: &'a [Node],
    depth: usize,
}

impl<'a> Scope<'a> {
    /// Outside all functions.
    pub(super) fn top(when: When) -> Self {
        Self {
            when,
            arguments: &[],
            before: &[],
            depth: 0,
        }
    }

    /// The same place, at a time before the start.
    fn earlier(self) -> Self {
        Self {
            when: When::Before,
            arguments: self.before,
            ..self
        }
    }
}

impl Meaning<'_> {
    /// What a formula needs to have been made before itself.
    pub(super) fn keys_in(&self, formula: &Formula, when: When) -> Vec<Key> {
        let mut keys = IndexSet::new();
        self.collect(formula, when, &mut keys);
        keys.into_iter().collect()
    }

    fn collect(&self, formula: &Formula, when: When, keys: &mut IndexSet<Key>) {
        match &formula.kind {
            ExprKind::Symbol(Symbol::Argument(_)) => {}
            ExprKind::Symbol(symbol) => {
                keys.insert(when.key(*symbol));
            }
            ExprKind::Call(Function::RateOf, arguments) => {
                if let [argument] = arguments.as_slice()
                    && let ExprKind::Symbol(symbol) = argument.kind
                    && !matches!(symbol, Symbol::Argument(_))
                {
                    keys.insert(match when {
                        When::Now | When::Start => Key::Rate(symbol),
                        When::Before => Key::Before(symbol),
                    });
                }
            }
            ExprKind::Call(Function::Delay, arguments) => {
                if let [value, lag] = arguments.as_slice() {
                    // As it is too: a lag of zero is no look back.
                    self.collect(value, when, keys);
                    self.collect(value, When::Before, keys);
                    self.collect(lag, when, keys);
                }
            }
            kind => {
                let looks_back = matches!(kind, ExprKind::User(..)) && self.functions_look_back;
                for argument in formula.arguments() {
                    self.collect(argument, when, keys);
                    if looks_back {
                        self.collect(argument, When::Before, keys);
                    }
                }
            }
        }
    }

    /// The node of a formula whose keys have all been made.
    pub(super) fn read(&mut self, formula: &Formula, scope: Scope<'_>) -> Node {
        let outer = std::mem::replace(&mut self.graph.span, formula.span);
        let node = match &formula.kind {
            ExprKind::Number(value, _) => self.graph.constant(*value),
            ExprKind::Constant(Constant::Time) => self.graph.leaf(Leaf::Time),
            ExprKind::Constant(constant) => functions::constant(&mut self.graph, *constant)
                .expect("time is the only constant without a number"),
            ExprKind::Symbol(symbol) => self.read_symbol(*symbol, scope),
            ExprKind::Call(function, arguments) => {
                self.read_call(formula, *function, arguments, scope)
            }
            ExprKind::User(name, arguments) => self.read_user_call(formula, name, arguments, scope),
        };
        self.graph.span = outer;
        node
    }

    fn read_symbol(&mut self, symbol: Symbol, scope: Scope<'_>) -> Node {
        match (symbol, scope.when) {
            (Symbol::Argument(at), _) => scope.arguments.get(at).copied().unwrap_or(Graph::ZERO),
            (symbol, when) => self.made(when.key(symbol)),
        }
    }

    fn read_call(
        &mut self,
        formula: &Formula,
        function: Function,
        arguments: &[Formula],
        scope: Scope<'_>,
    ) -> Node {
        match (function, arguments) {
            (Function::RateOf, [argument]) => return self.read_rate(argument, scope.when),
            (Function::Delay, [value, lag]) => return self.read_delay(formula, value, lag, scope),
            (Function::Draw(_), _) => return self.refuse(draw(formula)),
            _ => {}
        }
        let nodes: Vec<Node> = arguments
            .iter()
            .map(|part| self.read(part, scope))
            .collect();
        match functions::call(&mut self.graph, function, &nodes) {
            Some(node) => node,
            None => self.refuse(wrong_count(formula, nodes.len())),
        }
    }

    fn read_user_call(
        &mut self,
        formula: &Formula,
        name: &str,
        arguments: &[Formula],
        scope: Scope<'_>,
    ) -> Node {
        let model = self.model;
        let looks_back = self.functions_look_back;
        let Some(definition) = model.functions.get(name) else {
            return self.refuse(unknown_function(formula, name));
        };
        if definition.arguments.len() != arguments.len() || scope.depth >= DEEPEST_CALL {
            return self.refuse(wrong_count(formula, arguments.len()));
        }
        let mut read_all = |scope: Scope<'_>| -> Vec<Node> {
            let parts = arguments.iter();
            parts.map(|part| self.read(part, scope)).collect()
        };
        let nodes = read_all(scope);
        let before = if looks_back {
            read_all(scope.earlier())
        } else {
            Vec::new()
        };
        let inside = Scope {
            when: scope.when,
            arguments: &nodes,
            before: &before,
            depth: scope.depth + 1,
        };
        // Failures should point at the call, which names the quantities, not at the definition.
        let node = self.read(&definition.body, inside);
        self.graph.span = formula.span;
        node
    }

    fn read_rate(&mut self, argument: &Formula, when: When) -> Node {
        let symbol = match argument.kind {
            ExprKind::Symbol(symbol) if !matches!(symbol, Symbol::Argument(_)) => symbol,
            _ => return self.refuse(rate_of_formula(argument)),
        };
        match when {
            When::Now => self.made(Key::Rate(symbol)),
            When::Start => {
                let rate = self.made(Key::Rate(symbol));
                self.at_start(rate)
            }
            // Nothing moves before the start but what follows time itself.
            When::Before => {
                let value = self.made(Key::Before(symbol));
                let by_time = |leaf| (leaf == Leaf::Time).then_some(Graph::ONE);
                directional(&mut self.graph, &[value], by_time)[0]
            }
        }
    }

    fn read_delay(
        &mut self,
        formula: &Formula,
        value: &Formula,
        lag: &Formula,
        scope: Scope<'_>,
    ) -> Node {
        let lag = self.read(lag, scope);
        match self.graph.number(lag) {
            Some(0.0) => return self.read(value, scope),
            Some(lag) if lag.is_nan() || lag < 0.0 => {
                return self.refuse(negative_lag(formula, lag));
            }
            _ => {}
        }
        let before = self.read(value, scope.earlier());
        if scope.when != When::Now {
            let now = self.graph.leaf(Leaf::Time);
            let then = self.graph.sub(now, lag);
            return self
                .graph
                .substitute(before, |leaf| (leaf == Leaf::Time).then_some(then));
        }
        let value = self.read(value, scope);
        let at = self.delays.insert_full((lag, value, before)).0;
        self.graph.leaf(Leaf::Past(at))
    }

    /// Notes an error and stands in NaN for the formula.
    pub(super) fn refuse(&mut self, finding: Diagnostic) -> Node {
        self.findings.push(finding);
        self.graph.constant(f64::NAN)
    }
}

fn draw(formula: &Formula) -> Diagnostic {
    Diagnostic::error("compile/random-draw", "random draws cannot be simulated")
        .at(formula.span)
        .hint("write the number itself, or vary it in a sweep with a seed")
}

fn wrong_count(formula: &Formula, count: usize) -> Diagnostic {
    let plural = if count == 1 { "" } else { "s" };
    Diagnostic::error(
        "compile/wrong-arguments",
        format!("this function cannot be taken of {count} argument{plural}"),
    )
    .at(formula.span)
}

fn unknown_function(formula: &Formula, name: &str) -> Diagnostic {
    Diagnostic::error(
        "compile/unknown-function",
        format!("the function `{name}` is not defined"),
    )
    .at(formula.span)
}

fn rate_of_formula(argument: &Formula) -> Diagnostic {
    Diagnostic::error(
        "compile/rate-of",
        "`rateOf` takes the name of one quantity of the model",
    )
    .at(argument.span)
    .hint("name the quantity itself, outside of function definitions")
}

fn negative_lag(formula: &Formula, lag: f64) -> Diagnostic {
    Diagnostic::error(
        "compile/negative-lag",
        format!("a delay of {lag} would look into the future"),
    )
    .at(formula.span)
    .hint("give a delay of 0 or more")
}
