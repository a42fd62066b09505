//! Fast reactions: at equilibrium at all times, beside the slow rest of the model.
//!
//! The extent to which a fast reaction has run since the last look is an algebraic unknown ξ of index 1, fixed by
//! `law = 0`. The states of the species hold what the slow equations and past looks made of them; their amounts are
//! those states + stoichiometry · ξ. A look moves ξ into the states, so that between looks nothing is large and at a
//! look the states are the amounts. No law is differentiated by time, so laws may contain delays and algebraic unknowns.

use std::collections::BTreeMap;

use super::graph::{Form, Graph, Leaf, Node};
use super::meaning::{Key, Meaning};
use super::moieties::{Row, reduce};
use super::program::OpCode;
use super::ratio::Ratio;
use super::roles::{Participation, Roles};
use crate::diag::Diagnostic;
use crate::model::{Model, Symbol};

/// A law is balanced against its extent times this number, which is nothing beside any law that runs.
///
/// A law that is zero whatever the amounts are (a rate constant of 0) leaves `0 = −STILL · ξ`: the reaction stands still.
pub(super) const STILL: f64 = 1e-200;

/// A fast reaction with an extent of its own, and those whose stoichiometries are multiples and sums of such.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Extent {
    pub(super) reaction: usize,
    /// `(reaction, how often its stoichiometry contains this one's)`. A fast reaction that is another's reverse, or
    /// closes a cycle, does not have to be balanced itself: what the species feel is the sum.
    pub(super) dependent: Vec<(usize, f64)>,
}

/// The extents of a model's fast reactions. Reactions without a law or without effect have none.
pub(super) fn extents(model: &Model, participations: &[Vec<Participation>]) -> Vec<Extent> {
    let mut pivots: BTreeMap<usize, (Row, Row)> = BTreeMap::new();
    let mut extents: Vec<Extent> = Vec::new();
    for (at, reaction) in model.reactions.iter().enumerate() {
        let column = column(model, participations, at);
        if !reaction.fast || reaction.rate.is_none() || column.as_ref().is_some_and(Row::is_empty) {
            continue;
        }
        let mut combination = Row::from([(at, Ratio::ONE)]);
        let left = column.and_then(|mut left| {
            reduce(&mut left, &mut combination, &pivots)?;
            Some(left)
        });
        match left.as_ref().map(|left| left.keys().next().copied()) {
            Some(None) => add_dependent(&mut extents, at, &combination),
            first => {
                if let (Some(Some(first)), Some(left)) = (first, left) {
                    pivots.insert(first, (left, combination));
                }
                extents.push(Extent {
                    reaction: at,
                    dependent: Vec::new(),
                });
            }
        }
    }
    extents
}

/// The stoichiometry of a reaction: plain numbers by species, each named stoichiometry by species and name.
///
/// `None` when a number is no fraction of moderate size.
fn column(model: &Model, participations: &[Vec<Participation>], reaction: usize) -> Option<Row> {
    let width = model.stoichiometries.len() + 1;
    let mut column = Row::new();
    for (species, parts) in participations.iter().enumerate() {
        for part in parts.iter().filter(|part| part.reaction == reaction) {
            let mut add = |at: usize, number: f64| {
                let before = column.get(&at).copied().unwrap_or(Ratio::ZERO);
                let minus = Ratio::ZERO.minus(Ratio::from_f64(number)?)?;
                match before.minus(minus)? {
                    Ratio::ZERO => column.remove(&at),
                    sum => column.insert(at, sum),
                };
                Some(())
            };
            add(species * width, part.number)?;
            for (name, is_made) in &part.named {
                add(
                    species * width + name + 1,
                    if *is_made { 1.0 } else { -1.0 },
                )?;
            }
        }
    }
    Some(column)
}

/// `combination` of stoichiometries is zero, and contains `reaction` once.
fn add_dependent(extents: &mut [Extent], reaction: usize, combination: &Row) {
    for extent in extents {
        if let Some(share) = combination.get(&extent.reaction) {
            extent.dependent.push((reaction, -share.to_f64()));
        }
    }
}

impl Roles {
    /// The state that is the extent of a reaction, if it has one.
    pub(super) fn extent_state(&self, reaction: usize) -> Option<usize> {
        let at = self
            .extents
            .iter()
            .position(|extent| extent.reaction == reaction)?;
        Some(self.states.len() - self.extents.len() + at)
    }

    /// The extents that the amount of a species contains: the states, with how the species takes part.
    pub(super) fn extents_of(&self, symbol: Symbol) -> Vec<(usize, &Participation)> {
        let Symbol::Species(species) = symbol else {
            return Vec::new();
        };
        if self.extents.is_empty() || !self.is_state(symbol) {
            return Vec::new();
        }
        let parts = self.participations[species].iter();
        parts
            .filter_map(|part| Some((self.extent_state(part.reaction)?, part)))
            .collect()
    }
}

impl Meaning<'_> {
    /// What must be made before the amount of a species can be.
    pub(super) fn amount_needs(&self, symbol: Symbol) -> Vec<Key> {
        let extents = self.roles.extents_of(symbol);
        let named = extents.iter().flat_map(|(_, part)| &part.named);
        let mut needs: Vec<Key> = named
            .map(|(name, _)| Key::Value(Symbol::Stoichiometry(*name)))
            .collect();
        if let (false, Symbol::Species(species)) = (extents.is_empty(), symbol) {
            needs.extend(self.conversion_factor(species).map(Key::Value));
        }
        needs
    }

    /// The amount of the species that is a state, or the value of what else is one; its needs have been made.
    pub(super) fn amount(&mut self, symbol: Symbol, state: usize) -> Node {
        let mut amount = self.graph.leaf(Leaf::State(state));
        let extents: Vec<(usize, Participation)> = self
            .roles
            .extents_of(symbol)
            .into_iter()
            .map(|(extent, part)| (extent, part.clone()))
            .collect();
        for (extent, part) in extents {
            let extent = self.graph.leaf(Leaf::State(extent));
            let count = self.count(&part);
            let made = self.graph.mul(count, extent);
            let made = self.converted(symbol, made);
            amount = self.graph.add(amount, made);
        }
        amount
    }

    /// Net stoichiometry of a species in one reaction.
    pub(super) fn count(&mut self, part: &Participation) -> Node {
        let mut count = self.graph.constant(part.number);
        for (name, is_made) in &part.named {
            let named = self.made(Key::Value(Symbol::Stoichiometry(*name)));
            let code = if *is_made { OpCode::Add } else { OpCode::Sub };
            count = self.graph.op(code, &[count, named]);
        }
        count
    }

    /// From extent to the substance of a species.
    pub(super) fn converted(&mut self, symbol: Symbol, extent: Node) -> Node {
        let Symbol::Species(species) = symbol else {
            return extent;
        };
        match self.conversion_factor(species) {
            Some(factor) => {
                let factor = self.made(Key::Value(factor));
                self.graph.mul(extent, factor)
            }
            None => extent,
        }
    }

    /// What the change of named stoichiometries takes back from a species: `Σ stoichiometry′ · ξ`, before conversion.
    ///
    /// What a fast reaction has made stays made when its stoichiometry changes.
    pub(super) fn drift(&mut self, symbol: Symbol) -> Node {
        let mut drift = Graph::ZERO;
        let parts: Vec<(usize, Vec<(usize, bool)>)> = self
            .roles
            .extents_of(symbol)
            .into_iter()
            .map(|(extent, part)| (extent, part.named.clone()))
            .collect();
        for (extent, named) in parts {
            for (name, is_made) in named {
                let change = self.made(Key::Rate(Symbol::Stoichiometry(name)));
                if self.graph.is(change, 0.0) {
                    continue;
                }
                let extent = self.graph.leaf(Leaf::State(extent));
                let term = self.graph.mul(change, extent);
                let code = if is_made { OpCode::Add } else { OpCode::Sub };
                drift = self.graph.op(code, &[drift, term]);
            }
        }
        drift
    }

    /// What is zero at the equilibrium of an extent: its law and its share of dependent ones.
    pub(super) fn imbalance(&mut self, at: usize, state: usize) -> Node {
        let Extent {
            reaction,
            dependent,
        } = self.roles.extents[at].clone();
        self.user = Some(format!(
            "the equilibrium of `{}`",
            self.model.reactions[reaction].identity.id
        ));
        let mut sum = self.demand(Key::Value(Symbol::Reaction(reaction)));
        if dependent.is_empty() {
            sum = self.without_repeats(sum);
        }
        for (other, share) in dependent {
            let law = self.demand(Key::Value(Symbol::Reaction(other)));
            let share = self.graph.constant(share);
            let term = self.graph.mul(share, law);
            sum = self.graph.add(sum, term);
        }
        let extent = self.graph.leaf(Leaf::State(state));
        let still = self.graph.constant(STILL);
        let still = self.graph.mul(still, extent);
        self.graph.sub(sum, still)
    }

    /// A law with amounts and concentrations that are factors of it, in whatever power, kept as factors once.
    ///
    /// `k A²` is zero where `k A` is, and has its sign as long as there is any `A`; but it has no slope there, and `k √A`
    /// an infinite one.
    fn without_repeats(&mut self, law: Node) -> Node {
        let (mut above, mut below) = (Vec::new(), Vec::new());
        self.factors(law, &mut above, &mut below);
        let species: Vec<Node> = (0..self.model.species.len())
            .map(|at| self.made(Key::Value(Symbol::Species(at))))
            .filter(|value| *value != Graph::ZERO)
            .collect();
        let mut kept: Vec<Node> = Vec::new();
        let mut is_changed = false;
        for factor in above {
            let base = self.power_of(factor).filter(|base| species.contains(base));
            let is_species = base.is_some() || species.contains(&factor);
            let factor = base.unwrap_or(factor);
            let is_repeat = is_species && kept.contains(&factor);
            is_changed |= base.is_some() || is_repeat;
            if !is_repeat {
                kept.push(factor);
            }
        }
        if !is_changed {
            return law;
        }
        let product = |graph: &mut Graph, factors: Vec<Node>| {
            let ones = factors.into_iter();
            ones.fold(Graph::ONE, |product, factor| graph.mul(product, factor))
        };
        let above = product(&mut self.graph, kept);
        let below = product(&mut self.graph, below);
        self.graph.div(above, below)
    }

    fn factors(&mut self, node: Node, above: &mut Vec<Node>, below: &mut Vec<Node>) {
        match self.graph.form(node) {
            Form::Op(OpCode::Mul, [a, b, _]) => {
                self.factors(a, above, below);
                self.factors(b, above, below);
            }
            Form::Op(OpCode::Div, [a, b, _]) if !self.is_value(node) => {
                self.factors(a, above, below);
                below.push(b);
            }
            Form::Op(OpCode::Neg, [a, ..]) => {
                above.push(self.graph.constant(-1.0));
                self.factors(a, above, below);
            }
            _ => above.push(node),
        }
    }

    /// Whether a node is the value of a species: a quotient of amount and size is not taken apart.
    fn is_value(&self, node: Node) -> bool {
        let mut species = (0..self.model.species.len()).map(Symbol::Species);
        species.any(|species| self.made(Key::Value(species)) == node)
    }

    /// The base of a power with a constant exponent above 0.
    fn power_of(&self, node: Node) -> Option<Node> {
        match self.graph.form(node) {
            Form::Op(OpCode::Sqrt, [base, ..]) => Some(base),
            Form::Op(OpCode::Pow, [base, exponent, _]) => {
                let exponent = self.graph.number(exponent);
                exponent
                    .is_some_and(|exponent| exponent > 0.0)
                    .then_some(base)
            }
            _ => None,
        }
    }

    /// Says that a rate of change is not known because a fast reaction takes part in it.
    pub(super) fn refuse_fast_rate(&mut self, symbol: Symbol, reaction: usize) -> Node {
        let identity = self.model.identity(symbol);
        let fast = &self.model.reactions[reaction].identity;
        let finding = Diagnostic::error(
            "compile/fast-reaction",
            format!(
                "the rate of change of `{}` is not known: the fast reaction `{}` takes part in it",
                identity.id, fast.id
            ),
        )
        .at(fast.span)
        .hint("write the formula without this rate of change, or give the reaction a large finite rate");
        self.refuse(finding)
    }
}
