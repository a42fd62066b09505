//! Events, and how runs set what they were compiled to set.

use super::emit::{Handle, Hoisting, Wanted};
use super::graph::{Graph, Leaf, Node};
use super::meaning::{Key, Meaning};
use super::program::{Block, EventProgram, Target, TargetProgram};
use super::roles::{Content, Role, has_rule};
use super::roots::Roots;
use crate::model::{Event, Formula, Symbol};

/// An event whose blocks are still to be emitted.
pub(super) struct EventDraft {
    program: EventProgram,
    trigger: Handle,
    delay: Option<Handle>,
    priority: Option<Handle>,
    values: Handle,
    scales: Handle,
    /// What its blocks are made of, for their tangents.
    pub(super) delay_node: Option<Node>,
    pub(super) value_nodes: Vec<Node>,
    pub(super) scale_nodes: Vec<Node>,
}

impl EventDraft {
    /// The event with its blocks.
    pub(super) fn finish(mut self, blocks: &[Block]) -> EventProgram {
        let block = |handle: Handle| blocks[handle.0].clone();
        self.program.trigger = block(self.trigger);
        self.program.delay = self.delay.map(block);
        self.program.priority = self.priority.map(block);
        self.program.values = block(self.values);
        self.program.scales = block(self.scales);
        self.program
    }
}

/// What an event sets, one entry per target.
#[derive(Default)]
struct Assignments {
    targets: Vec<Target>,
    values: Vec<Node>,
    scales: Vec<Node>,
}

/// A target whose block is still to be emitted.
pub(super) struct TargetDraft {
    symbol: Symbol,
    target: Target,
    scale: Handle,
    /// What its block is made of.
    pub(super) scale_nodes: [Node; 2],
}

impl TargetDraft {
    /// The target with its block.
    pub(super) fn finish(self, blocks: &[Block]) -> TargetProgram {
        TargetProgram {
            symbol: self.symbol,
            target: self.target,
            scale: blocks[self.scale.0].clone(),
        }
    }
}

impl Meaning<'_> {
    /// Makes the nodes of an event.
    pub(super) fn event(
        &mut self,
        event: &Event,
        wanted: &mut Wanted,
        roots: &mut Roots,
    ) -> EventDraft {
        let user = format!("the event `{}`", event.identity.id);
        let trigger = self.formula(&event.trigger, &user);
        let trigger = self.graph.condition(trigger);
        let mut node = |formula: &Option<Formula>| {
            let formula = formula.as_ref()?;
            Some(self.formula(formula, &user))
        };
        let (delay_node, priority) = (node(&event.delay), node(&event.priority));
        let mut seldom =
            |node: Option<Node>| node.map(|node| wanted.add(vec![node], Hoisting::Use));
        let (delay, priority) = (seldom(delay_node), seldom(priority));
        let Assignments {
            targets,
            values,
            scales,
        } = self.assignments(event, &user);
        EventDraft {
            program: EventProgram {
                id: event.identity.id.clone(),
                trigger: Block::default(),
                roots: roots.add(&mut self.graph, &[trigger]),
                initial_value: event.initial_value,
                persistent: event.persistent,
                delay: None,
                priority: None,
                values_from_trigger_time: event.values_from_trigger_time,
                values: Block::default(),
                scales: Block::default(),
                targets,
                values_follow_states: self.follows_states(&values),
                span: event.identity.span,
            },
            trigger: wanted.add(vec![trigger], Hoisting::Ask),
            delay,
            priority,
            values: wanted.add(values.clone(), Hoisting::Use),
            scales: wanted.add(scales.clone(), Hoisting::Use),
            delay_node,
            value_nodes: values,
            scale_nodes: scales,
        }
    }

    fn follows_states(&self, values: &[Node]) -> bool {
        let leaves = self.graph.leaves(values);
        leaves
            .into_iter()
            .any(|leaf| matches!(leaf, Leaf::State(_) | Leaf::Past(_)))
    }

    fn assignments(&mut self, event: &Event, user: &str) -> Assignments {
        let mut made = Assignments::default();
        for (symbol, formula) in &event.assignments {
            let value = self.formula(formula, user);
            let Some(target) = self.target(*symbol) else {
                continue;
            };
            let compartment = self.sized_by(*symbol);
            let scale = match compartment.filter(|_| self.keeps_amount(*symbol)) {
                Some(compartment) => self.demand(Key::Value(compartment)),
                None => Graph::ONE,
            };
            made.targets.push(target);
            made.values.push(value);
            made.scales.push(scale);
        }
        made
    }

    /// Where a symbol's value is kept; an error is noted when a formula gives it.
    fn target(&mut self, symbol: Symbol) -> Option<Target> {
        match self.roles.of(symbol) {
            Role::State(at) => Some(Target::State(at)),
            Role::Slot(at) => Some(Target::Parameter(at)),
            Role::Fixed | Role::Derived(_) | Role::Assigned(_) | Role::Rate => {
                let finding = has_rule(self.model, symbol);
                if !self.findings.0.contains(&finding) {
                    self.findings.push(finding);
                }
                None
            }
        }
    }

    fn keeps_amount(&self, symbol: Symbol) -> bool {
        match self.roles.of(symbol) {
            Role::State(_) => true,
            Role::Slot(at) => self.roles.slots[at].content == Content::Amount,
            Role::Fixed | Role::Derived(_) | Role::Assigned(_) | Role::Rate => false,
        }
    }

    /// Makes the nodes that set a symbol the caller changes during the run.
    pub(super) fn changed_target(
        &mut self,
        symbol: Symbol,
        wanted: &mut Wanted,
    ) -> Option<TargetDraft> {
        let target = self.target(symbol)?;
        let scale_nodes = self.scale(symbol);
        let scale = wanted.add(scale_nodes.to_vec(), Hoisting::Use);
        Some(TargetDraft {
            symbol,
            target,
            scale,
            scale_nodes,
        })
    }

    /// The same for a symbol whose start the caller gives.
    pub(super) fn start_target(
        &mut self,
        symbol: Symbol,
        wanted: &mut Wanted,
    ) -> Option<TargetDraft> {
        let Some(slot) = self.roles.start_slot(symbol) else {
            return self.changed_target(symbol, wanted);
        };
        let mut scale = [Graph::ONE; 2];
        if let Some(compartment) = self.sized_by(symbol) {
            let size = self.demand(Key::Start(compartment));
            scale[1] = self.graph.div(Graph::ONE, size);
        }
        Some(TargetDraft {
            symbol,
            target: Target::Parameter(slot),
            scale: wanted.add(scale.to_vec(), Hoisting::Use),
            scale_nodes: scale,
        })
    }

    /// What a value in the symbol's meaning and an amount are multiplied by to be kept.
    fn scale(&mut self, symbol: Symbol) -> [Node; 2] {
        let Some(compartment) = self.sized_by(symbol) else {
            return [Graph::ONE; 2];
        };
        let size = self.demand(Key::Value(compartment));
        if self.keeps_amount(symbol) {
            [size, Graph::ONE]
        } else {
            [Graph::ONE, self.graph.div(Graph::ONE, size)]
        }
    }
}
