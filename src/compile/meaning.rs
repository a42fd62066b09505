//! The values, rates and start values of all symbols, each made once and after what it is made of.

use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;

use super::formula::{Scope, When, has_delay};
use super::graph::{Graph, Leaf, Node};
use super::roles::{Content, Equation, Roles};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Formula, Model, Symbol};

/// Something about a symbol that a formula may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Its value at the present time and state.
    Value(Symbol),
    /// The time derivative of its value.
    Rate(Symbol),
    /// Its value at the start.
    Start(Symbol),
    /// Its value at a time before the start, as a formula of that time.
    Before(Symbol),
    /// The time derivative of a state, which for a species is an amount.
    Flow(usize),
}

/// A model being turned into nodes.
pub(super) struct Meaning<'m> {
    pub(super) model: &'m Model,
    pub(super) roles: Roles,
    pub(super) graph: Graph,
    /// `(lag, value, value before the start)` of each past value.
    pub(super) delays: IndexSet<(Node, Node, Node)>,
    /// Whether a function definition looks into the past.
    pub(super) functions_look_back: bool,
    pub(super) findings: Diagnostics,
    // Looked up, never iterated.
    made: HashMap<Key, Node>,
    complained: HashSet<Symbol>,
    /// What the key being made is for: the key that asked, or words for what stands outside (an event).
    pub(super) user: Option<String>,
}

/// A key being worked on, what it needs, and how much of that was looked at.
struct Frame {
    key: Key,
    needs: Vec<Key>,
    next: usize,
}

impl<'m> Meaning<'m> {
    /// Nothing made yet.
    pub(super) fn new(model: &'m Model, roles: Roles, findings: Diagnostics) -> Self {
        Self {
            model,
            roles,
            graph: Graph::new(),
            delays: IndexSet::new(),
            functions_look_back: model.functions.values().any(|f| has_delay(&f.body)),
            findings,
            made: HashMap::new(),
            complained: HashSet::new(),
            user: None,
        }
    }

    /// The node of a key that was made before.
    pub(super) fn made(&self, key: Key) -> Node {
        // A key that its own formula needs was reported as a cycle and stands as 0.
        self.made.get(&key).copied().unwrap_or(Graph::ZERO)
    }

    /// The node of a formula at present, with all it needs. `user` says whose it is, in messages.
    pub(super) fn formula(&mut self, formula: &Formula, user: &str) -> Node {
        for key in self.keys_in(formula, When::Now) {
            self.user = Some(user.to_owned());
            self.demand(key);
        }
        self.read(formula, Scope::top(When::Now))
    }

    /// The node of `key`, made now if need be together with all it needs.
    ///
    /// Depth first with its own stack: chains of rules may be thousands long.
    pub(super) fn demand(&mut self, key: Key) -> Node {
        if let Some(node) = self.made.get(&key) {
            return *node;
        }
        let outside = self.user.take();
        let mut frames = vec![self.frame(key)];
        let mut open = HashSet::from([key]);
        while let Some(frame) = frames.last_mut() {
            if let Some(&need) = frame.needs.get(frame.next) {
                frame.next += 1;
                self.enter(need, &mut frames, &mut open);
                continue;
            }
            let key = frame.key;
            let more = self.missing(key);
            if !more.is_empty() {
                // Some needs show only when others have been made: rates of formulas need their states' rates.
                frames.push(Frame {
                    key,
                    needs: more,
                    next: 0,
                });
                frames.swap_remove(frames.len() - 2);
                continue;
            }
            frames.pop();
            let asker = frames.last().map(|frame| self.name(frame.key));
            self.user = asker.or_else(|| outside.clone());
            let node = self.build(key);
            self.made.insert(key, node);
            open.remove(&key);
        }
        self.made(key)
    }

    fn frame(&self, key: Key) -> Frame {
        Frame {
            key,
            needs: self.missing(key),
            next: 0,
        }
    }

    fn missing(&self, key: Key) -> Vec<Key> {
        let mut needs = self.needs(key);
        needs.retain(|need| !self.made.contains_key(need));
        needs
    }

    fn enter(&mut self, need: Key, frames: &mut Vec<Frame>, open: &mut HashSet<Key>) {
        if self.made.contains_key(&need) {
            return;
        }
        if !open.insert(need) {
            self.report_cycle(need, frames);
            self.made.insert(need, Graph::ZERO);
            return;
        }
        frames.push(self.frame(need));
    }

    fn report_cycle(&mut self, need: Key, frames: &[Frame]) {
        let from = frames
            .iter()
            .position(|frame| frame.key == need)
            .unwrap_or(0);
        let keys = frames[from..].iter().map(|frame| frame.key);
        let mut symbols: Vec<Symbol> = keys.map(|key| self.symbol(key)).collect();
        symbols.dedup();
        if symbols.len() > 1 && symbols.first() == symbols.last() {
            // Several parts of one symbol, its value and its rate of change, are one part of the loop.
            symbols.pop();
        }
        let first = self.model.identity(symbols[0]);
        let names = symbols.iter().chain([&symbols[0]]);
        let loop_text: Vec<String> = names
            .map(|symbol| format!("`{}`", self.model.identity(*symbol).id))
            .collect();
        let what = if matches!(need, Key::Start(_)) {
            "the start value of "
        } else {
            ""
        };
        let message = format!(
            "{what}`{}` depends on itself: {}",
            first.id,
            loop_text.join(" → ")
        );
        let mut finding = Diagnostic::error("compile/cycle", message)
            .at(first.span)
            .hint("break the loop, or write it as an algebraic rule `0 = …` for one of them");
        for symbol in &symbols[1..] {
            finding = finding.label(self.model.identity(*symbol).span, "part of the loop");
        }
        self.findings.push(finding);
    }

    /// The symbol that a key is about.
    fn symbol(&self, key: Key) -> Symbol {
        match key {
            Key::Value(symbol) | Key::Rate(symbol) | Key::Start(symbol) | Key::Before(symbol) => {
                symbol
            }
            Key::Flow(state) => self.roles.states[state].symbol,
        }
    }

    fn name(&self, key: Key) -> String {
        let id = &self.model.identity(self.symbol(key)).id;
        match key {
            Key::Value(_) => format!("`{id}`"),
            Key::Rate(_) | Key::Flow(_) => format!("the rate of change of `{id}`"),
            Key::Start(_) => format!("the start value of `{id}`"),
            Key::Before(_) => format!("the value of `{id}` before the start"),
        }
    }

    /// Says once that a symbol which something needs has no value.
    pub(super) fn complain_of_no_value(&mut self, symbol: Symbol) {
        let Some(user) = &self.user else {
            return;
        };
        if self.roles.is_given(symbol) || !self.complained.insert(symbol) {
            return;
        }
        let identity = self.model.identity(symbol);
        let id = &identity.id;
        let finding = Diagnostic::error(
            "compile/no-value",
            format!("`{id}` has no value, and {user} needs it"),
        )
        .at(identity.span)
        .hint(format!("give it one, such as `{id} = 1`"));
        self.findings.push(finding);
    }

    /// A formula of the present with its states, time kept, put at their start values. States must have been started.
    pub(super) fn at_start(&mut self, node: Node) -> Node {
        let mut starts = HashMap::new();
        for leaf in self.graph.leaves(&[node]) {
            match leaf {
                Leaf::State(at) => {
                    starts.insert(leaf, self.start_of_state(at));
                }
                Leaf::Parameter(at) => {
                    let start = self.made.get(&Key::Start(self.roles.slots[at].symbol));
                    let is_own = matches!(self.roles.slots[at].content, Content::Value);
                    starts.extend(start.filter(|_| is_own).map(|start| (leaf, *start)));
                }
                Leaf::Time | Leaf::Past(_) => {}
            }
        }
        self.graph
            .substitute(node, |leaf| starts.get(&leaf).copied())
    }

    /// The start values that [`Meaning::at_start`] of a made node needs.
    pub(super) fn starts_behind(&self, node: Node) -> Vec<Key> {
        let leaves = self.graph.leaves(&[node]).into_iter();
        leaves
            .filter_map(|leaf| match leaf {
                Leaf::State(at) => {
                    let state = self.roles.states[at];
                    let is_extent = matches!(state.equation, Equation::Fast(_));
                    (!is_extent).then_some(Key::Start(state.symbol))
                }
                Leaf::Parameter(at) => {
                    let symbol = self.roles.slots[at].symbol;
                    let computed = self.roles.initial_assignment(symbol).is_some();
                    computed.then_some(Key::Start(symbol))
                }
                Leaf::Time | Leaf::Past(_) => None,
            })
            .collect()
    }
}
