//! Tangents: how everything in a program moves when its parameters and start values are moved in one direction.
//!
//! A program with tangents has, behind its `n` states `y`, their tangents `s`, and behind its parameter slots a slot with
//! the tangent of each slot that may have one, and one with that of time. The tangent of any value `v` is then
//! `∂v/∂y · s + ∂v/∂p · ṗ + ∂v/∂t · ṫ`, an expression like any other; the states' own rows become
//! `s′ = ∂f/∂y · s + ∂f/∂p · ṗ`. The direction is chosen at run time, by the tangents of the slots at the start.
//!
//! The tangent of time is zero but for moments whose time itself depends on the parameters (`simulate::tangent`).
//! Source: Dickinson and Gelinas 1976, J Comput Phys 21:123–143 (the sensitivity equations); Griewank and Walther 2008,
//! *Evaluating Derivatives*, 2nd ed., chapter 3 (tangents of programs).

use std::collections::HashMap;

use super::Options;
use super::assemble::mass;
use super::derivative::directional;
use super::emit::{Handle, Hoisting, Wanted};
use super::events::EventDraft;
use super::formula::has_delay;
use super::graph::{Graph, Leaf, Node};
use super::meaning::Meaning;
use super::program::{Block, EventTangents, Moiety, ParameterSlot, State, Tangents};
use super::roles::{Content, StateRole};
use crate::diag::{Diagnostic, Span};
use crate::model::{Formula, Model, Rule};

/// Where the tangents of leaves are.
pub(super) struct Directions {
    n_states: usize,
    n_slots: usize,
    /// For each slot that of its tangent, where it may have one.
    slots: Vec<Option<usize>>,
    /// The slot of the tangent of time.
    time: usize,
}

impl Directions {
    /// The tangents that were asked for; none when none were.
    pub(super) fn new(meaning: &Meaning<'_>, options: &Options) -> Option<Self> {
        if options.tangents.is_empty() {
            return None;
        }
        let roles = &meaning.roles;
        let mut next = roles.slots.len();
        let slots = roles.slots.iter().map(|slot| {
            let moves = options.tangents.contains(&slot.symbol)
                || roles.is_changed(slot.symbol)
                || (slot.content != Content::Start && meaning.is_computed_at_start(slot.symbol));
            moves.then(|| {
                next += 1;
                next - 1
            })
        });
        let slots = slots.collect();
        Some(Self {
            n_states: roles.states.len(),
            n_slots: roles.slots.len(),
            slots,
            time: next,
        })
    }

    /// How many slots there are, those of tangents included.
    pub(super) fn n_all_slots(&self) -> usize {
        self.time + 1
    }

    /// Tangents of nodes at a fixed time.
    pub(super) fn held(&self, graph: &mut Graph, nodes: &[Node]) -> Vec<Node> {
        self.of(graph, nodes, false)
    }

    /// Tangents of nodes at a time that moves as well.
    pub(super) fn moving(&self, graph: &mut Graph, nodes: &[Node]) -> Vec<Node> {
        self.of(graph, nodes, true)
    }

    fn of(&self, graph: &mut Graph, nodes: &[Node], time_moves: bool) -> Vec<Node> {
        let mut tangents: HashMap<Leaf, Node> = HashMap::new();
        for leaf in graph.leaves(nodes) {
            let tangent = match leaf {
                Leaf::State(at) if at < self.n_states => Some(Leaf::State(self.n_states + at)),
                Leaf::Parameter(at) if at < self.n_slots => self.slots[at].map(Leaf::Parameter),
                Leaf::Time if time_moves => Some(Leaf::Parameter(self.time)),
                _ => None,
            };
            tangents.extend(tangent.map(|tangent| (leaf, graph.leaf(tangent))));
        }
        directional(graph, nodes, |leaf| tangents.get(&leaf).copied())
    }

    /// The slots of the tangents, all zero: nothing moves unless a run says so.
    pub(super) fn extra_slots(&self, slots: &[ParameterSlot]) -> Vec<ParameterSlot> {
        let named = |id: String| ParameterSlot { id, value: 0.0 };
        let moving = self.slots.iter().zip(slots).filter(|(at, _)| at.is_some());
        moving
            .map(|(_, slot)| named(format!("tangent of {}", slot.id)))
            .chain([named("tangent of time".to_owned())])
            .collect()
    }

    /// The slots of the tangents of some slots, and the tangents of what these slots get.
    pub(super) fn of_slots(
        &self,
        graph: &mut Graph,
        slots: &[usize],
        values: &[Node],
    ) -> (Vec<usize>, Vec<Node>) {
        let tangents = self.held(graph, values);
        let pairs = slots.iter().zip(tangents);
        pairs
            .filter_map(|(&slot, node)| Some((self.slots[slot]?, node)))
            .unzip()
    }
}

/// Blocks of tangents that are still to be emitted.
pub(super) struct TangentDraft {
    slots: Vec<Option<usize>>,
    n_states: usize,
    time: usize,
    roots: Handle,
    steps: Vec<usize>,
    events: Vec<[Option<Handle>; 3]>,
    extras: Vec<Handle>,
    targets: Vec<Handle>,
}

/// What has tangents of its own in a program.
pub(super) struct Moving<'a> {
    /// The root functions.
    pub(super) roots: &'a [Node],
    /// Roots at which the rates may jump.
    pub(super) steps: Vec<usize>,
    pub(super) events: &'a [EventDraft],
    pub(super) extras: &'a [Node],
    /// The two scales of each target.
    pub(super) targets: Vec<[Node; 2]>,
}

impl TangentDraft {
    /// Asks for the blocks.
    pub(super) fn new(
        directions: &Directions,
        graph: &mut Graph,
        wanted: &mut Wanted,
        moving: Moving<'_>,
    ) -> Self {
        let mut block = |nodes: &[Node]| {
            let tangents = directions.moving(graph, nodes);
            wanted.add(tangents, Hoisting::Use)
        };
        let events = moving.events.iter().map(|event| {
            let delay = event.delay_node.map(|delay| block(&[delay]));
            let values = block(&event.value_nodes);
            [delay, Some(values), Some(block(&event.scale_nodes))]
        });
        Self {
            events: events.collect(),
            roots: block(moving.roots),
            extras: moving.extras.iter().map(|node| block(&[*node])).collect(),
            targets: moving.targets.iter().map(|nodes| block(nodes)).collect(),
            steps: moving.steps,
            slots: directions.slots.clone(),
            n_states: directions.n_states,
            time: directions.time,
        }
    }

    /// The tangents with their blocks.
    pub(super) fn finish(self, blocks: &[Block]) -> Tangents {
        let block = |handle: Handle| blocks[handle.0].clone();
        let event = |[delay, values, scales]: [Option<Handle>; 3]| EventTangents {
            delay: delay.map(block),
            values: values.map(block).unwrap_or_default(),
            scales: scales.map(block).unwrap_or_default(),
        };
        Tangents {
            n_states: self.n_states,
            slots: self.slots,
            time: self.time,
            roots: block(self.roots),
            steps: self.steps,
            events: self.events.into_iter().map(event).collect(),
            extras: self.extras.into_iter().map(block).collect(),
            targets: self.targets.into_iter().map(block).collect(),
        }
    }
}

/// Rows of the states' tangents. Algebraic ones hold while time moves too: their states are found at such moments.
pub(super) fn of_flows(
    directions: &Directions,
    graph: &mut Graph,
    states: &[StateRole],
    flows: &[Node],
) -> Vec<Node> {
    let held = directions.held(graph, flows);
    let moving = directions.moving(graph, flows);
    let rows = states.iter().zip(held.into_iter().zip(moving));
    rows.map(|(state, (held, moving))| match mass(state.equation) {
        0.0 => moving,
        _ => held,
    })
    .collect()
}

/// A conserved total has a conserved tangent.
pub(super) fn with_moieties(mut moieties: Vec<Moiety>, n: usize) -> Vec<Moiety> {
    let moved = moieties.iter().map(|moiety| Moiety {
        terms: (moiety.terms.iter())
            .map(|(state, factor)| (n + state, *factor))
            .collect(),
    });
    let moved: Vec<Moiety> = moved.collect();
    moieties.extend(moved);
    moieties
}

/// A tangent is as large as its state when a parameter is moved by its own size.
pub(super) fn with_states(mut states: Vec<State>) -> Vec<State> {
    let tangents = states.iter().map(|state| State {
        id: format!("sensitivity of {}", state.id),
        ..state.clone()
    });
    let tangents: Vec<State> = tangents.collect();
    states.extend(tangents);
    states
}

/// Notes what in a model has no tangents: past values and fast reactions.
pub(super) fn refuse(meaning: &mut Meaning<'_>) {
    if !meaning.delays.is_empty() {
        let (who, span) = looks_back(meaning.model);
        let message = format!("no sensitivities are computed here: {who} looks into the past");
        let finding = Diagnostic::error("compile/no-sensitivity", message)
            .at(span)
            .hint("vary the parameter in runs of their own instead, or leave `delay` out");
        meaning.findings.push(finding);
    }
    for extent in &meaning.roles.extents {
        let identity = &meaning.model.reactions[extent.reaction].identity;
        let message = format!(
            "no sensitivities are computed here: the reaction `{}` is fast",
            identity.id
        );
        let finding = Diagnostic::error("compile/no-sensitivity", message)
            .at(identity.span)
            .hint("vary the parameter in runs of their own instead, or give the reaction a rate");
        meaning.findings.push(finding);
    }
}

/// The first part of a model with a `delay`, and where it is.
fn looks_back(model: &Model) -> (String, Span) {
    let rates = model.reactions.iter().filter_map(|reaction| {
        let name = format!("the reaction `{}`", reaction.identity.id);
        Some((name, reaction.rate.as_ref()?))
    });
    let rules = model.rules.iter().map(|rule| match rule {
        Rule::Assignment(symbol, formula) | Rule::Rate(symbol, formula) => {
            let name = format!("the rule of `{}`", model.identity(*symbol).id);
            (name, formula)
        }
        Rule::Algebraic(_, formula) => ("an algebraic rule".to_owned(), formula),
    });
    let events = model.events.iter().flat_map(|event| {
        let formulas = event.assignments.iter().map(|(_, formula)| formula);
        let formulas = formulas.chain([&event.trigger]).chain(&event.delay);
        formulas.map(|formula| (format!("the event `{}`", event.identity.id), formula))
    });
    let mut all: Vec<(String, &Formula)> = rates.chain(rules).chain(events).collect();
    all.retain(|(_, formula)| has_delay(formula));
    match all.into_iter().next() {
        Some((who, formula)) => (who, formula.span),
        None => ("a formula".to_owned(), Span::default()),
    }
}
