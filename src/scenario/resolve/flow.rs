//! Changes to the model that a protocol needs: inflows into states, and leave to change what was constant.

use crate::model::{
    Identity, Model, Parameter, Reaction, Rule, SpeciesReference, Stoichiometry, Symbol,
};
use crate::syntax::expr::{Expr, Function};

use super::super::quantity::amount_unit;

/// Adds an inflow to the equation of a state; gives the hidden parameter that is its size (0 at first).
///
/// Amount per time for species, the state's own unit per time for others.
pub(super) fn add_inflow(model: &mut Model, target: Symbol) -> Symbol {
    let id = model.identity(target).id.clone();
    let unit = amount_unit(model, target)
        .zip(model.units.time)
        .map(|(amount, time)| amount.per(time));
    let hidden = Symbol::Parameter(model.parameters.len());
    let identity = free_identity(model, &format!("insilin_rate_{id}"));
    model.parameters.push(Parameter {
        identity,
        value: Some(0.0),
        constant: false,
        input: true,
        unit,
    });
    if model.rule_of(target).is_some() {
        add_to_rule(model, target, hidden);
    } else {
        add_reaction(model, target, hidden, &id);
    }
    hidden
}

fn add_to_rule(model: &mut Model, target: Symbol, hidden: Symbol) {
    let inflow = match target {
        // The rule is about concentration, the inflow about amount.
        Symbol::Species(at) if !model.species[at].only_substance_units => {
            let size = Symbol::Compartment(model.species[at].compartment);
            Expr::call(
                Function::Divide,
                vec![Expr::symbol(hidden), Expr::symbol(size)],
            )
        }
        _ => Expr::symbol(hidden),
    };
    for rule in &mut model.rules {
        if let Rule::Rate(symbol, formula) = rule
            && *symbol == target
        {
            let own = formula.clone();
            *formula = Expr::new(
                own.span,
                Expr::call(Function::Plus, vec![own, inflow.clone()]).kind,
            );
        }
    }
}

fn add_reaction(model: &mut Model, target: Symbol, hidden: Symbol, id: &str) {
    let Symbol::Species(species) = target else {
        unreachable!("a state without a rule is a species");
    };
    let own_factor = model.species[species].conversion_factor;
    let rate = match own_factor.or(model.conversion_factor) {
        // A reaction's extent is turned into amount by the factor, so that the extent has to be amount over factor.
        Some(factor) => {
            let factor = Expr::symbol(Symbol::Parameter(factor));
            Expr::call(Function::Divide, vec![Expr::symbol(hidden), factor])
        }
        None => Expr::symbol(hidden),
    };
    let identity = free_identity(model, &format!("insilin_flow_{id}"));
    model.reactions.push(Reaction {
        identity,
        reactants: Vec::new(),
        products: vec![SpeciesReference {
            species,
            stoichiometry: Stoichiometry::Number(1.0),
        }],
        modifiers: Vec::new(),
        reversible: false,
        fast: false,
        rate: Some(rate),
        compartment: None,
    });
}

/// The id, with underscores behind it where the model has one like it already.
fn free_identity(model: &Model, wanted: &str) -> Identity {
    let mut id = wanted.to_string();
    while model.symbol(&id).is_some() {
        id.push('_');
    }
    Identity {
        id,
        ..Identity::default()
    }
}

/// Lets a symbol change during the run: a protocol does what an event of the model would.
pub(super) fn may_change(model: &mut Model, symbol: Symbol) {
    match symbol {
        Symbol::Parameter(at) => model.parameters[at].constant = false,
        Symbol::Compartment(at) => model.compartments[at].constant = false,
        Symbol::Species(at) => model.species[at].constant = false,
        Symbol::Stoichiometry(at) => model.stoichiometries[at].constant = false,
        Symbol::Reaction(_) | Symbol::Argument(_) => {}
    }
}
