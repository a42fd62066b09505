//! Which symbol each algebraic rule determines.

use indexmap::IndexSet;

use super::formula::symbols_in;
use super::matching;
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Formula, Model, Rule, Symbol};

/// Pairs every algebraic rule with a symbol of its formula that nothing else determines: `(symbol, rule)`.
///
/// Symbols that events or the caller change are chosen last: an algebraic rule would undo the change at once. Boundary
/// species come before them: their author set them apart from what follows from the model.
/// * `rule_of` — index of a symbol's assignment or rate rule
/// * `is_free` — whether the symbol may be an unknown
/// * `is_changed` — whether events or the caller change it
pub(super) fn unknowns(
    model: &Model,
    rule_of: impl Fn(Symbol) -> Option<usize>,
    is_free: impl Fn(Symbol) -> bool,
    is_changed: impl Fn(Symbol) -> bool,
    findings: &mut Diagnostics,
) -> Vec<(Symbol, usize)> {
    let mut names: IndexSet<Symbol> = IndexSet::new();
    let mut rules = Vec::new();
    let mut choices: Vec<Vec<usize>> = Vec::new();
    for (at, rule) in model.rules.iter().enumerate() {
        let Rule::Algebraic(_, formula) = rule else {
            continue;
        };
        let mut free = reach(model, formula, &rule_of);
        free.retain(|symbol| is_free(*symbol));
        free.sort_by_key(|symbol| (is_changed(*symbol), is_boundary(model, *symbol)));
        rules.push(at);
        choices.push(
            free.iter()
                .map(|symbol| names.insert_full(*symbol).0)
                .collect(),
        );
    }
    let matched = matching::maximum(&choices, names.len(), 0..choices.len());
    report(model, &rules, &choices, &matched, &names, findings);
    let pairs = rules.into_iter().zip(matched);
    pairs
        .filter_map(|(rule, column)| Some((names[column?], rule)))
        .collect()
}

fn is_boundary(model: &Model, symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Species(at) if model.species[at].boundary)
}

/// All symbols that a formula depends on, through assignment rules and reactions, nearest first.
fn reach(
    model: &Model,
    formula: &Formula,
    rule_of: &impl Fn(Symbol) -> Option<usize>,
) -> Vec<Symbol> {
    let mut found: IndexSet<Symbol> = symbols_in(formula).into_iter().collect();
    let mut next = 0;
    while let Some(symbol) = found.get_index(next).copied() {
        next += 1;
        let inner = match (symbol, rule_of(symbol).map(|at| &model.rules[at])) {
            (Symbol::Reaction(at), _) => model.reactions[at].rate.as_ref(),
            (_, Some(Rule::Assignment(_, formula))) => Some(formula),
            _ => None,
        };
        found.extend(inner.map(symbols_in).unwrap_or_default());
    }
    found.into_iter().collect()
}

fn report(
    model: &Model,
    rules: &[usize],
    choices: &[Vec<usize>],
    matched: &[Option<usize>],
    names: &IndexSet<Symbol>,
    findings: &mut Diagnostics,
) {
    for ((rule, choices), column) in rules.iter().zip(choices).zip(matched) {
        let Rule::Algebraic(name, formula) = &model.rules[*rule] else {
            continue;
        };
        let Some(column) = column else {
            findings.push(nothing_left(name, formula));
            continue;
        };
        let spare = choices
            .iter()
            .find(|other| !matched.contains(&Some(**other)));
        if let Some(spare) = spare {
            let chosen = &model.identity(names[*column]).id;
            let other = &model.identity(names[*spare]).id;
            findings.push(two_ways(name, formula, chosen, other));
        }
    }
}

fn nothing_left(name: &str, formula: &Formula) -> Diagnostic {
    Diagnostic::error(
        "compile/nothing-to-determine",
        format!("the algebraic rule `{name}` has nothing left to determine"),
    )
    .at(formula.span)
    .here("everything here is constant, or given by other rules and reactions")
    .hint("declare the unknown as `var` and give it no other rule, or write the rule as `:=`")
}

fn two_ways(name: &str, formula: &Formula, chosen: &str, other: &str) -> Diagnostic {
    Diagnostic::warning(
        "compile/ambiguous-unknown",
        format!("the algebraic rule `{name}` could determine `{chosen}` or `{other}`; it is used for `{chosen}`"),
    )
    .at(formula.span)
    .hint(format!("declare `{other}` as `const` if it does not vary"))
}
