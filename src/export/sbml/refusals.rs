//! What SBML core cannot say.

use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{ExprKind, Formula, Function, Model, Rule, Symbol};

/// Errors about what has no counterpart in SBML core.
pub(super) fn refusals(model: &Model) -> Diagnostics {
    let mut found = Diagnostics::new();
    for (owner, formula) in formulas(model) {
        formula.walk(&mut |part| {
            if let Some((message, hint)) = refused(model, &owner, part) {
                let told = Diagnostic::error("export/no-counterpart", message).hint(hint);
                found.push(told.at(part.span));
            }
        });
    }
    found
}

fn refused(model: &Model, owner: &str, part: &Formula) -> Option<(String, &'static str)> {
    let ExprKind::Call(function, arguments) = &part.kind else {
        return None;
    };
    match function {
        Function::Draw(_) => Some((
            format!("{owner} draws at random, which SBML core cannot say"),
            "give it a number, or write Antimony",
        )),
        Function::RateOf => {
            let ExprKind::Symbol(symbol) = arguments.first()?.kind else {
                return None;
            };
            let is_assigned = !matches!(symbol, Symbol::Argument(_))
                && matches!(model.rule_of(symbol), Some(Rule::Assignment(..)));
            is_assigned.then(|| {
                let id = &model.identity(symbol).id;
                let message = format!(
                    "{owner} takes the rate of `{id}`, which a rule assigns: SBML has no rates of those"
                );
                (message, "write the derivative of the rule, or write Antimony")
            })
        }
        _ => None,
    }
}

/// Whether a formula needs what Version 2 of Level 3 brought.
pub(super) fn has_functions_of_version_2(model: &Model) -> bool {
    let mut has = false;
    for (_, formula) in formulas(model) {
        formula.walk(&mut |part| {
            has |= matches!(
                part.kind,
                ExprKind::Call(
                    Function::Min
                        | Function::Max
                        | Function::Quotient
                        | Function::Remainder
                        | Function::Implies
                        | Function::RateOf,
                    _
                )
            );
        });
    }
    has
}

/// Every formula with what it belongs to, for messages.
pub(in crate::export) fn formulas(model: &Model) -> Vec<(String, &Formula)> {
    let id = |symbol: Symbol| &model.identity(symbol).id;
    let mut all: Vec<(String, &Formula)> = Vec::new();
    for (name, function) in &model.functions {
        all.push((format!("the function `{name}`"), &function.body));
    }
    for start in &model.initial_assignments {
        let owner = format!("the start value of `{}`", id(start.symbol));
        all.push((owner, &start.value));
    }
    for rule in &model.rules {
        all.push(match rule {
            Rule::Assignment(symbol, value) | Rule::Rate(symbol, value) => {
                (format!("the rule of `{}`", id(*symbol)), value)
            }
            Rule::Algebraic(name, value) => (format!("the rule `{name}`"), value),
        });
    }
    for reaction in &model.reactions {
        let owner = format!("the rate of `{}`", reaction.identity.id);
        all.extend(reaction.rate.as_ref().map(|rate| (owner, rate)));
    }
    for event in &model.events {
        let owner = format!("the event `{}`", event.identity.id);
        let parts = [
            Some(&event.trigger),
            event.delay.as_ref(),
            event.priority.as_ref(),
        ];
        let values = event.assignments.iter().map(|(_, value)| value);
        let parts = parts.into_iter().flatten().chain(values);
        all.extend(parts.map(|part| (owner.clone(), part)));
    }
    for constraint in &model.constraints {
        let owner = format!("the constraint `{}`", constraint.id);
        all.push((owner, &constraint.condition));
    }
    all
}
