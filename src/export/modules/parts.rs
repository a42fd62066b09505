//! What a module has of its own, beside what its submodules bring.
//!
//! Compared are two flat models: that of the module and that of each submodule. What is in both, unchanged, stays in the
//! submodule. All else is the module's own: what is new in it, what it changes, what it makes one, and every element that
//! any of this mentions. Its elements that a submodule has too replace those; what the submodule has beside is deleted.

use indexmap::{IndexMap, IndexSet};

use crate::model::hierarchy::{Hierarchy, Module};
use crate::model::{Constraint, ExprKind, Formula, Model, Rule, Stoichiometry, Symbol};

use super::alike::Instance;
use super::own::own_model;

/// A module's own part.
pub(in super::super) struct Part {
    /// Its own elements, rules, reactions and events as a model.
    pub model: Model,
    /// Ids of own elements that it offers to others.
    pub ports: Vec<String>,
    /// Its submodules.
    pub submodels: Vec<Inner>,
}

/// A submodule of a part.
pub(in super::super) struct Inner {
    /// Its name.
    pub name: String,
    /// Its module.
    pub module: String,
    /// Own ids with the elements that they stand for.
    pub replaced: Vec<(String, Path)>,
    /// What goes without a replacement.
    pub deleted: Vec<Deleted>,
}

/// Where an element of a submodule is written.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Path {
    /// Submodels below the one that was named, outermost first.
    pub below: Vec<String>,
    /// The module of the innermost.
    pub module: String,
    /// The element's id there.
    pub id: String,
}

/// What is left out of a submodule.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Deleted {
    /// An element.
    Element(Path),
    /// The assignment rule of an element.
    Assignment(Path),
    /// The rate rule of an element.
    Rate(Path),
    /// The start formula of an element.
    Start(Path),
    /// An algebraic rule by its name.
    Algebraic(Path),
    /// A constraint by its name.
    Constraint(Path),
}

impl Deleted {
    /// The same as seen from around a submodule.
    fn within(mut self, submodel: &str) -> Self {
        let path = match &mut self {
            Self::Element(path)
            | Self::Assignment(path)
            | Self::Rate(path)
            | Self::Start(path)
            | Self::Algebraic(path)
            | Self::Constraint(path) => path,
        };
        path.below.insert(0, submodel.to_string());
        self
    }
}

fn has_assignment(model: &Model, id: &str) -> bool {
    let is_of = |rule: &Rule| matches!(rule, Rule::Assignment(symbol, _) if model.identity(*symbol).id == id);
    model.rules.iter().any(is_of)
}

fn has_rate(model: &Model, id: &str) -> bool {
    let is_of =
        |rule: &Rule| matches!(rule, Rule::Rate(symbol, _) if model.identity(*symbol).id == id);
    model.rules.iter().any(is_of)
}

fn has_start(model: &Model, id: &str) -> bool {
    let mut starts = model.initial_assignments.iter();
    starts.any(|start| model.identity(start.symbol).id == id)
}

/// What of a flat model is its own.
#[derive(Default)]
pub(super) struct Own {
    pub symbols: IndexSet<Symbol>,
    pub rules: IndexSet<usize>,
    pub starts: IndexSet<usize>,
    pub events: IndexSet<usize>,
    pub constraints: IndexSet<usize>,
}

/// The own part of every module, in the hierarchy's order.
pub(in super::super) fn parts(hierarchy: &Hierarchy) -> IndexMap<String, Part> {
    let mut parts: IndexMap<String, Part> = IndexMap::new();
    for (name, module) in &hierarchy.modules {
        let instances: Vec<Instance> = module
            .submodels
            .iter()
            .map(|submodel| {
                Instance::new(
                    submodel,
                    &hierarchy.modules[&submodel.module],
                    &module.model,
                )
            })
            .collect();
        let own = own(&module.model, &instances);
        let finder = Finder {
            hierarchy,
            parts: &parts,
        };
        let submodels = instances
            .iter()
            .enumerate()
            .map(|(at, _)| finder.inner(&instances, at, &own))
            .collect();
        let part = Part {
            model: own_model(&module.model, &own),
            ports: own_ports(module, &own),
            submodels,
        };
        parts.insert(name.clone(), part);
    }
    parts
}

fn own_ports(module: &Module, own: &Own) -> Vec<String> {
    let ids: IndexSet<&str> = own
        .symbols
        .iter()
        .map(|symbol| module.model.identity(*symbol).id.as_str())
        .collect();
    let ports = module.ports.iter();
    ports
        .filter(|id| ids.contains(id.as_str()))
        .cloned()
        .collect()
}

fn own(model: &Model, instances: &[Instance]) -> Own {
    let mut own = Own::default();
    for symbol in model.symbols() {
        let mut sources = sources(instances, symbol);
        let is_inherited = match (sources.next(), sources.next()) {
            (Some((instance, inner)), None) => {
                // What has a name of the module's own keeps it.
                let prefix = format!("{}_", instance.submodel.name);
                let is_nameless = model.identity(symbol).id.starts_with(&prefix);
                is_nameless && instance.symbol(inner, symbol)
            }
            _ => false,
        };
        // Species without a place share one: it belongs to the outermost.
        let is_shared = model.identity(symbol).id == "default_compartment";
        if !is_inherited || is_shared {
            own.symbols.insert(symbol);
        }
    }
    for (at, rule) in model.rules.iter().enumerate() {
        if rule_source(instances, rule).is_none() {
            own.rules.insert(at);
        }
    }
    for (at, start) in model.initial_assignments.iter().enumerate() {
        if start_source(instances, start.symbol, &start.value).is_none() {
            own.starts.insert(at);
        }
    }
    for (at, event) in model.events.iter().enumerate() {
        if event_source(instances, &event.identity.id).is_none() {
            own.events.insert(at);
        }
    }
    for (at, constraint) in model.constraints.iter().enumerate() {
        if constraint_source(instances, constraint).is_none() {
            own.constraints.insert(at);
        }
    }
    close(model, &mut own);
    own
}

/// Instances with their symbols that a symbol comes from.
fn sources<'i, 'a>(
    instances: &'i [Instance<'a>],
    symbol: Symbol,
) -> impl Iterator<Item = (&'i Instance<'a>, Symbol)> {
    instances.iter().flat_map(move |instance| {
        let same = instance.same.iter();
        let found = same.filter(move |(_, outer)| **outer == symbol);
        found.map(move |(inner, _)| (instance, *inner))
    })
}

/// The submodule and its rule that a rule is.
fn rule_source(instances: &[Instance], rule: &Rule) -> Option<(usize, usize)> {
    first(instances, |instance| {
        let mut rules = instance.inner.rules.iter();
        rules.position(|inner| match (inner, rule) {
            (Rule::Assignment(a, one), Rule::Assignment(b, other))
            | (Rule::Rate(a, one), Rule::Rate(b, other)) => {
                instance.same.get(a) == Some(b) && instance.formula(one, other)
            }
            (Rule::Algebraic(a, one), Rule::Algebraic(b, other)) => {
                instance.submodel.same.get(a) == Some(b) && instance.formula(one, other)
            }
            _ => false,
        })
    })
}

fn start_source(instances: &[Instance], symbol: Symbol, value: &Formula) -> Option<(usize, usize)> {
    first(instances, |instance| {
        let mut starts = instance.inner.initial_assignments.iter();
        starts.position(|inner| {
            instance.same.get(&inner.symbol) == Some(&symbol)
                && instance.formula(&inner.value, value)
        })
    })
}

fn event_source(instances: &[Instance], id: &str) -> Option<(usize, usize)> {
    let found = first(instances, |instance| {
        let mut events = instance.inner.events.iter();
        events.position(|inner| {
            let same = instance.submodel.same.get(&inner.identity.id);
            same.is_some_and(|same| same == id)
        })
    })?;
    let (at, inner) = found;
    let outer = instances[at].outer.events.iter();
    let mut outer = outer.filter(|event| event.identity.id == id);
    let event = outer.next()?;
    instances[at]
        .event(&instances[at].inner.events[inner], event)
        .then_some(found)
}

fn constraint_source(instances: &[Instance], constraint: &Constraint) -> Option<(usize, usize)> {
    first(instances, |instance| {
        let mut constraints = instance.inner.constraints.iter();
        constraints.position(|inner| {
            let same = instance.submodel.same.get(&inner.id);
            let names = same == Some(&constraint.id) || constraint.id.is_empty();
            names && instance.formula(&inner.condition, &constraint.condition)
        })
    })
}

fn first(
    instances: &[Instance],
    find: impl Fn(&Instance) -> Option<usize>,
) -> Option<(usize, usize)> {
    let mut all = instances.iter().enumerate();
    all.find_map(|(at, instance)| Some((at, find(instance)?)))
}

/// Adds everything that what is own mentions.
fn close(model: &Model, own: &mut Own) {
    let mut mentioned: Vec<Symbol> = Vec::new();
    let mut add = |formula: &Formula| {
        formula.walk(&mut |part| {
            if let ExprKind::Symbol(symbol) = part.kind {
                mentioned.push(symbol);
            }
        });
    };
    for &at in &own.rules {
        match &model.rules[at] {
            Rule::Assignment(symbol, value) | Rule::Rate(symbol, value) => {
                add(&Formula::symbol(*symbol));
                add(value);
            }
            Rule::Algebraic(_, value) => add(value),
        }
    }
    for &at in &own.starts {
        add(&Formula::symbol(model.initial_assignments[at].symbol));
        add(&model.initial_assignments[at].value);
    }
    for &at in &own.events {
        let event = &model.events[at];
        add(&event.trigger);
        event.delay.iter().chain(&event.priority).for_each(&mut add);
        for (target, value) in &event.assignments {
            add(&Formula::symbol(*target));
            add(value);
        }
    }
    for &at in &own.constraints {
        add(&model.constraints[at].condition);
    }
    mentioned.extend(model.conversion_factor.map(Symbol::Parameter));
    mentioned.extend(own.symbols.iter().copied());
    own.symbols.clear();
    while let Some(symbol) = mentioned.pop() {
        if own.symbols.insert(symbol) {
            parts_of(model, symbol, &mut mentioned);
        }
    }
}

/// What an element cannot do without.
fn parts_of(model: &Model, symbol: Symbol, parts: &mut Vec<Symbol>) {
    match symbol {
        Symbol::Species(at) => {
            let species = &model.species[at];
            parts.push(Symbol::Compartment(species.compartment));
            parts.extend(species.conversion_factor.map(Symbol::Parameter));
        }
        Symbol::Reaction(at) => {
            let reaction = &model.reactions[at];
            parts.extend(reaction.compartment.map(Symbol::Compartment));
            for reference in reaction.reactants.iter().chain(&reaction.products) {
                parts.push(Symbol::Species(reference.species));
                if let Stoichiometry::Named(at) = reference.stoichiometry {
                    parts.push(Symbol::Stoichiometry(at));
                }
            }
            parts.extend(
                reaction
                    .modifiers
                    .iter()
                    .map(|(at, _)| Symbol::Species(*at)),
            );
            if let Some(rate) = &reaction.rate {
                rate.walk(&mut |part| {
                    if let ExprKind::Symbol(symbol) = part.kind {
                        parts.push(symbol);
                    }
                });
            }
        }
        // A stoichiometry stands in its reactions and nowhere else.
        Symbol::Stoichiometry(at) => {
            let holds = |reaction: &crate::model::Reaction| {
                let mut sides = reaction.reactants.iter().chain(&reaction.products);
                sides.any(|side| side.stoichiometry == Stoichiometry::Named(at))
            };
            let reactions = model.reactions.iter().enumerate();
            let holding = reactions.filter(|(_, reaction)| holds(reaction));
            parts.extend(holding.map(|(at, _)| Symbol::Reaction(at)));
        }
        Symbol::Compartment(_) | Symbol::Parameter(_) | Symbol::Argument(_) => {}
    }
}

/// Finds where elements of submodules are written.
struct Finder<'a> {
    hierarchy: &'a Hierarchy,
    parts: &'a IndexMap<String, Part>,
}

impl Finder<'_> {
    fn inner(&self, instances: &[Instance], at: usize, own: &Own) -> Inner {
        let instance = &instances[at];
        let (submodel, model) = (instance.submodel, instance.inner);
        let mut inner = Inner {
            name: submodel.name.clone(),
            module: submodel.module.clone(),
            replaced: Vec::new(),
            deleted: Vec::new(),
        };
        let path = |id: &str| self.path(&submodel.module, id);
        for symbol in model.symbols() {
            let id = &model.identity(symbol).id;
            match instance.same.get(&symbol) {
                None => inner.deleted.push(Deleted::Element(path(id))),
                Some(outer) if own.symbols.contains(outer) => {
                    let outer = instance.outer.identity(*outer).id.clone();
                    inner.replaced.push((outer, path(id)));
                }
                Some(_) => {}
            }
        }
        for event in &model.events {
            let id = &event.identity.id;
            let outer = submodel.same.get(id);
            let is_there = outer
                .and_then(|outer| event_source(instances, outer))
                .is_some_and(|(provider, _)| provider == at);
            if !is_there {
                inner.deleted.push(Deleted::Element(path(id)));
            }
        }
        self.deleted_rules(instances, at, &mut inner.deleted);
        inner
    }

    /// Rules, start formulas and constraints that the module around has not, or has otherwise.
    fn deleted_rules(&self, instances: &[Instance], at: usize, deleted: &mut Vec<Deleted>) {
        let instance = &instances[at];
        let (submodel, model, outer) = (instance.submodel, instance.inner, instance.outer);
        let module = &submodel.module;
        let path = |id: &str| self.path(module, id);
        let of = |symbol: Symbol| model.identity(symbol).id.as_str();
        let used: IndexSet<(usize, usize)> = outer
            .rules
            .iter()
            .filter_map(|rule| rule_source(instances, rule))
            .collect();
        for (number, rule) in model.rules.iter().enumerate() {
            if !used.contains(&(at, number)) {
                deleted.push(match rule {
                    Rule::Assignment(symbol, _) => {
                        self.statement(module, of(*symbol), Deleted::Assignment, has_assignment)
                    }
                    Rule::Rate(symbol, _) => {
                        self.statement(module, of(*symbol), Deleted::Rate, has_rate)
                    }
                    Rule::Algebraic(id, _) => Deleted::Algebraic(path(id)),
                });
            }
        }
        let used: IndexSet<(usize, usize)> = outer
            .initial_assignments
            .iter()
            .filter_map(|start| start_source(instances, start.symbol, &start.value))
            .collect();
        for (number, start) in model.initial_assignments.iter().enumerate() {
            if !used.contains(&(at, number)) {
                let id = of(start.symbol);
                deleted.push(self.statement(module, id, Deleted::Start, has_start));
            }
        }
        let used: IndexSet<(usize, usize)> = outer
            .constraints
            .iter()
            .filter_map(|constraint| constraint_source(instances, constraint))
            .collect();
        for (number, constraint) in model.constraints.iter().enumerate() {
            if !used.contains(&(at, number)) {
                deleted.push(Deleted::Constraint(path(&constraint.id)));
            }
        }
    }

    /// Where a statement about an element of a module's flat model is written: not always where the element is.
    ///
    /// * `has` — whether a model has such a statement about an id
    fn statement(
        &self,
        module: &str,
        id: &str,
        kind: fn(Path) -> Deleted,
        has: fn(&Model, &str) -> bool,
    ) -> Deleted {
        let here = || {
            kind(Path {
                below: Vec::new(),
                module: module.to_string(),
                id: id.to_string(),
            })
        };
        let part = &self.parts[module];
        if has(&part.model, id) {
            return here();
        }
        let submodels = self.hierarchy.modules[module].submodels.iter();
        for (submodel, written) in submodels.zip(&part.submodels) {
            let inner = &self.hierarchy.modules[&submodel.module].model;
            let same = submodel.same.iter();
            for (inner_id, _) in same.filter(|(_, outer)| *outer == id) {
                let below = self.statement(&submodel.module, inner_id, kind, has);
                if has(inner, inner_id) && !written.deleted.contains(&below) {
                    return below.within(&submodel.name);
                }
            }
        }
        here()
    }

    /// Where an element of a module's flat model is written.
    fn path(&self, module: &str, id: &str) -> Path {
        let part = &self.parts[module];
        let is_own = part.model.symbol(id).is_some()
            || part
                .model
                .events
                .iter()
                .any(|event| event.identity.id == id)
            || part.model.constraints.iter().any(|c| c.id == id)
            || part
                .model
                .rules
                .iter()
                .any(|rule| matches!(rule, Rule::Algebraic(name, _) if name == id));
        let submodels = &self.hierarchy.modules[module].submodels;
        let mut below = submodels.iter().filter_map(|submodel| {
            let mut same = submodel.same.iter();
            let (inner, _) = same.find(|(_, outer)| *outer == id)?;
            Some((submodel, inner))
        });
        match below.next() {
            Some((submodel, inner)) if !is_own => {
                let mut path = self.path(&submodel.module, inner);
                path.below.insert(0, submodel.name.clone());
                path
            }
            _ => Path {
                below: Vec::new(),
                module: module.to_string(),
                id: id.to_string(),
            },
        }
    }
}
