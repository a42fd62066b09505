//! A model of some elements of another.

use indexmap::{IndexMap, IndexSet};

use crate::model::{
    ExprKind, Formula, FunctionDefinition, Model, Rule, SpeciesReference, Stoichiometry, Symbol,
};

use super::parts::Own;

/// The model of what is own in another; everything that it mentions is among that.
pub(super) fn own_model(model: &Model, own: &Own) -> Model {
    let moved = Moved::new(model, own);
    let mut part = Model {
        id: model.id.clone(),
        name: model.name.clone(),
        units: model.units.clone(),
        unit_definitions: model.unit_definitions.clone(),
        conversion_factor: model.conversion_factor.map(|at| moved.parameter(at)),
        ..Model::default()
    };
    quantities(model, own, &moved, &mut part);
    drop_idle_values(model, &moved, &mut part);
    reactions(model, own, &moved, &mut part);
    happenings(model, own, &moved, &mut part);
    let ids: IndexSet<&str> = part
        .symbols()
        .map(|symbol| part.identity(symbol).id.as_str())
        .chain(part.events.iter().map(|event| event.identity.id.as_str()))
        .chain(part.constraints.iter().map(|c| c.id.as_str()))
        .chain([model.id.as_str()])
        .collect();
    let annotations = model.annotations.iter();
    let annotations = annotations.filter(|(id, _)| ids.contains(id.as_str()));
    let annotations = annotations.map(|(id, all)| (id.clone(), all.clone()));
    part.annotations = annotations.collect();
    part.functions = functions(model, &part);
    part
}

fn quantities(model: &Model, own: &Own, moved: &Moved, part: &mut Model) {
    let has = |symbol: Symbol| own.symbols.contains(&symbol);
    for (at, compartment) in model.compartments.iter().enumerate() {
        if has(Symbol::Compartment(at)) {
            part.compartments.push(compartment.clone());
        }
    }
    for (at, parameter) in model.parameters.iter().enumerate() {
        if has(Symbol::Parameter(at)) {
            part.parameters.push(parameter.clone());
        }
    }
    for (at, stoichiometry) in model.stoichiometries.iter().enumerate() {
        if has(Symbol::Stoichiometry(at)) {
            part.stoichiometries.push(stoichiometry.clone());
        }
    }
    for (at, species) in model.species.iter().enumerate() {
        if has(Symbol::Species(at)) {
            let mut species = species.clone();
            species.compartment = moved.compartment(species.compartment);
            species.conversion_factor = species.conversion_factor.map(|at| moved.parameter(at));
            part.species.push(species);
        }
    }
}

/// Values that a rule or a start formula puts others in the place of, wherever that is written, say nothing.
fn drop_idle_values(model: &Model, moved: &Moved, part: &mut Model) {
    let starts = model.initial_assignments.iter().map(|start| start.symbol);
    let ruled = model.rules.iter().filter_map(|rule| match rule {
        Rule::Assignment(symbol, _) => Some(*symbol),
        _ => None,
    });
    for symbol in starts.chain(ruled) {
        match moved.0.get(&symbol) {
            Some(Symbol::Compartment(at)) => part.compartments[*at].size = None,
            Some(Symbol::Species(at)) => part.species[*at].initial = None,
            Some(Symbol::Parameter(at)) => part.parameters[*at].value = None,
            Some(Symbol::Stoichiometry(at)) => part.stoichiometries[*at].value = None,
            _ => {}
        }
    }
}

fn reactions(model: &Model, own: &Own, moved: &Moved, part: &mut Model) {
    for (at, reaction) in model.reactions.iter().enumerate() {
        if !own.symbols.contains(&Symbol::Reaction(at)) {
            continue;
        }
        let mut reaction = reaction.clone();
        reaction.compartment = reaction.compartment.map(|at| moved.compartment(at));
        let sides = reaction.reactants.iter_mut().chain(&mut reaction.products);
        for SpeciesReference {
            species,
            stoichiometry,
        } in sides
        {
            *species = moved.species(*species);
            if let Stoichiometry::Named(at) = stoichiometry {
                *at = moved.stoichiometry(*at);
            }
        }
        for (species, _) in &mut reaction.modifiers {
            *species = moved.species(*species);
        }
        reaction.rate = reaction.rate.as_ref().map(|rate| moved.formula(rate));
        part.reactions.push(reaction);
    }
}

fn happenings(model: &Model, own: &Own, moved: &Moved, part: &mut Model) {
    for &at in &own.rules {
        part.rules.push(match &model.rules[at] {
            Rule::Assignment(symbol, value) => {
                Rule::Assignment(moved.symbol(*symbol), moved.formula(value))
            }
            Rule::Rate(symbol, value) => Rule::Rate(moved.symbol(*symbol), moved.formula(value)),
            Rule::Algebraic(id, value) => Rule::Algebraic(id.clone(), moved.formula(value)),
        });
    }
    for &at in &own.starts {
        let mut start = model.initial_assignments[at].clone();
        start.symbol = moved.symbol(start.symbol);
        start.value = moved.formula(&start.value);
        part.initial_assignments.push(start);
    }
    for &at in &own.events {
        let mut event = model.events[at].clone();
        event.trigger = moved.formula(&event.trigger);
        event.delay = event.delay.as_ref().map(|delay| moved.formula(delay));
        event.priority = event.priority.as_ref().map(|p| moved.formula(p));
        for (target, value) in &mut event.assignments {
            *target = moved.symbol(*target);
            *value = moved.formula(value);
        }
        part.events.push(event);
    }
    for &at in &own.constraints {
        let mut constraint = model.constraints[at].clone();
        constraint.condition = moved.formula(&constraint.condition);
        part.constraints.push(constraint);
    }
}

/// The functions that a part's formulas call, and those that they call, in the model's order.
fn functions(model: &Model, part: &Model) -> IndexMap<String, FunctionDefinition> {
    let mut called: IndexSet<String> = IndexSet::new();
    for (_, formula) in super::super::sbml::formulas(part) {
        calls(model, formula, &mut called);
    }
    let functions = model.functions.iter();
    functions
        .filter(|(name, _)| called.contains(*name))
        .map(|(name, function)| (name.clone(), function.clone()))
        .collect()
}

fn calls(model: &Model, formula: &Formula, called: &mut IndexSet<String>) {
    formula.walk(&mut |part| {
        if let ExprKind::User(name, _) = &part.kind
            && called.insert(name.clone())
            && let Some(function) = model.functions.get(name)
        {
            calls(model, &function.body, called);
        }
    });
}

/// Places of elements in the smaller model.
struct Moved(IndexMap<Symbol, Symbol>);

impl Moved {
    fn new(model: &Model, own: &Own) -> Self {
        let mut next = [0_usize; 5];
        let mut moved = IndexMap::new();
        for symbol in model
            .symbols()
            .filter(|symbol| own.symbols.contains(symbol))
        {
            let mut place = |kind: usize| {
                next[kind] += 1;
                next[kind] - 1
            };
            let there = match symbol {
                Symbol::Compartment(_) => Symbol::Compartment(place(0)),
                Symbol::Species(_) => Symbol::Species(place(1)),
                Symbol::Parameter(_) => Symbol::Parameter(place(2)),
                Symbol::Reaction(_) => Symbol::Reaction(place(3)),
                Symbol::Stoichiometry(_) => Symbol::Stoichiometry(place(4)),
                Symbol::Argument(at) => Symbol::Argument(at),
            };
            moved.insert(symbol, there);
        }
        Self(moved)
    }

    fn symbol(&self, symbol: Symbol) -> Symbol {
        match symbol {
            Symbol::Argument(_) => symbol,
            symbol => self.0[&symbol],
        }
    }

    fn compartment(&self, at: usize) -> usize {
        place(self.symbol(Symbol::Compartment(at)))
    }

    fn species(&self, at: usize) -> usize {
        place(self.symbol(Symbol::Species(at)))
    }

    fn parameter(&self, at: usize) -> usize {
        place(self.symbol(Symbol::Parameter(at)))
    }

    fn stoichiometry(&self, at: usize) -> usize {
        place(self.symbol(Symbol::Stoichiometry(at)))
    }

    fn formula(&self, formula: &Formula) -> Formula {
        let moved = formula.try_map(&mut |symbol: &Symbol, _| {
            Ok::<_, std::convert::Infallible>(ExprKind::Symbol(self.symbol(*symbol)))
        });
        match moved {
            Ok(formula) => formula,
            Err(never) => match never {},
        }
    }
}

fn place(symbol: Symbol) -> usize {
    match symbol {
        Symbol::Compartment(at)
        | Symbol::Species(at)
        | Symbol::Parameter(at)
        | Symbol::Reaction(at)
        | Symbol::Stoichiometry(at)
        | Symbol::Argument(at) => at,
    }
}
