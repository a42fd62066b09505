//! What must or should hold in a finished model, beyond names and roles.

use indexmap::IndexSet;

use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Formula, Model, Rule, Symbol};
use crate::syntax::expr::{Constant, Expr, ExprKind, Function};

use super::cycles;

/// Looks for circles and for what was probably not meant.
///
/// * `compared` — reactions whose rate has been compared with extent per time
pub(super) fn check(model: &Model, compared: &IndexSet<usize>, found: &mut Diagnostics) {
    let index = Index::new(model);
    refuse_circles(model, &index, found);
    warn_of_missing_values(model, &index, found);
    warn_of_triggers(model, &index, found);
    warn_of_rates(model, compared, found);
}

/// Position of every symbol in one row, with its rule and start formula.
struct Index<'a> {
    symbols: Vec<Symbol>,
    /// Assignment or rate rule by position.
    rules: Vec<Option<&'a Rule>>,
    /// Initial assignment by position.
    starts: Vec<Option<&'a Formula>>,
    offsets: [usize; 4],
}

impl<'a> Index<'a> {
    fn new(model: &'a Model) -> Self {
        let symbols: Vec<Symbol> = model.symbols().collect();
        let species = model.species.len();
        let compartments = species + model.compartments.len();
        let parameters = compartments + model.parameters.len();
        let offsets = [
            species,
            compartments,
            parameters,
            parameters + model.stoichiometries.len(),
        ];
        let mut index = Self {
            rules: vec![None; symbols.len()],
            starts: vec![None; symbols.len()],
            symbols,
            offsets,
        };
        for rule in &model.rules {
            if let Rule::Assignment(target, _) | Rule::Rate(target, _) = rule {
                let at = index.at(*target);
                index.rules[at] = Some(rule);
            }
        }
        for start in &model.initial_assignments {
            let at = index.at(start.symbol);
            index.starts[at] = Some(&start.value);
        }
        index
    }

    /// Position of a symbol in the order of [`Model::symbols`].
    fn at(&self, symbol: Symbol) -> usize {
        match symbol {
            Symbol::Species(at) => at,
            Symbol::Compartment(at) => self.offsets[0] + at,
            Symbol::Parameter(at) => self.offsets[1] + at,
            Symbol::Stoichiometry(at) => self.offsets[2] + at,
            Symbol::Reaction(at) => self.offsets[3] + at,
            Symbol::Argument(_) => unreachable!("arguments live in function bodies only"),
        }
    }
}

/// The formula that gives a symbol at all times.
fn standing<'a>(model: &'a Model, index: &Index<'a>, at: usize) -> Option<&'a Formula> {
    if let Symbol::Reaction(reaction) = index.symbols[at] {
        return model.reactions[reaction].rate.as_ref();
    }
    match index.rules[at] {
        Some(Rule::Assignment(_, formula)) => Some(formula),
        _ => None,
    }
}

/// Positions a formula needs now: what stands under `delay` or `rateOf` belongs to another time.
fn needs(formula: &Formula, index: &Index<'_>, needed: &mut Vec<usize>) {
    match &formula.kind {
        ExprKind::Symbol(symbol) => needed.push(index.at(*symbol)),
        ExprKind::Call(Function::RateOf, _) => {}
        ExprKind::Call(Function::Delay, arguments) => {
            for lag in arguments.iter().skip(1) {
                needs(lag, index, needed);
            }
        }
        _ => {
            for argument in formula.arguments() {
                needs(argument, index, needed);
            }
        }
    }
}

fn refuse_circles<'m>(model: &'m Model, index: &Index<'m>, found: &mut Diagnostics) {
    let edges_by = |formula: &dyn Fn(usize) -> Option<&'m Formula>| -> Vec<Vec<usize>> {
        (0..index.symbols.len())
            .map(|at| {
                let mut needed = Vec::new();
                if let Some(formula) = formula(at) {
                    needs(formula, index, &mut needed);
                }
                needed
            })
            .collect()
    };
    let always = edges_by(&|at| standing(model, index, at));
    if let Some(circle) = cycles::find(&always) {
        tell_circle(model, index, &circle, "model/rule-cycle", "rules", found);
        return;
    }
    let at_start = edges_by(&|at| standing(model, index, at).or(index.starts[at]));
    if let Some(circle) = cycles::find(&at_start) {
        tell_circle(
            model,
            index,
            &circle,
            "model/value-cycle",
            "start values",
            found,
        );
    }
}

fn tell_circle(
    model: &Model,
    index: &Index<'_>,
    circle: &[usize],
    code: &'static str,
    what: &str,
    found: &mut Diagnostics,
) {
    let names: Vec<String> = circle
        .iter()
        .map(|&at| format!("`{}`", model.identity(index.symbols[at]).id))
        .collect();
    let formula = |at: usize| standing(model, index, at).or(index.starts[at]);
    let mut told = Diagnostic::error(
        code,
        format!("{what} need each other in a circle: {}", names.join(" → ")),
    );
    for (place, &at) in circle[..circle.len() - 1].iter().enumerate() {
        let Some(formula) = formula(at) else { continue };
        told = if place == 0 {
            told.at(formula.span)
        } else {
            let text = format!("{} needs {}", names[place], names[place + 1]);
            told.label(formula.span, text)
        };
    }
    found.push(told.hint("break it: give one of them a number, or a rate of change"));
}

fn warn_of_missing_values(model: &Model, index: &Index<'_>, found: &mut Diagnostics) {
    let in_equations = symbols_in_equations(model);
    for (at, &symbol) in index.symbols.iter().enumerate() {
        let (has_value, what) = match symbol {
            Symbol::Species(at) => (model.species[at].initial.is_some(), "species"),
            Symbol::Compartment(at) => (model.compartments[at].size.is_some(), "compartment"),
            Symbol::Parameter(at) => (model.parameters[at].value.is_some(), "parameter"),
            Symbol::Stoichiometry(at) => {
                (model.stoichiometries[at].value.is_some(), "stoichiometry")
            }
            Symbol::Reaction(_) | Symbol::Argument(_) => continue,
        };
        let ruled = matches!(index.rules[at], Some(Rule::Assignment(..)));
        if has_value || ruled || index.starts[at].is_some() || in_equations.contains(&symbol) {
            continue;
        }
        let identity = model.identity(symbol);
        let told = Diagnostic::warning(
            "model/no-value",
            format!("{what} `{}` has no value", identity.id),
        );
        let told = told.at(identity.span);
        found.push(match what {
            "parameter" => told.hint(format!("give it one: `{} = …`", identity.id)),
            _ => told,
        });
    }
}

fn symbols_in_equations(model: &Model) -> IndexSet<Symbol> {
    let mut symbols = IndexSet::new();
    for rule in &model.rules {
        if let Rule::Algebraic(_, formula) = rule {
            formula.walk(&mut |part| {
                if let ExprKind::Symbol(symbol) = part.kind {
                    symbols.insert(symbol);
                }
            });
        }
    }
    symbols
}

/// Without `t0 = false` an event whose condition holds at the start waits until it turns false and true again.
fn warn_of_triggers(model: &Model, index: &Index<'_>, found: &mut Diagnostics) {
    for event in &model.events {
        let holds = plain_value(&event.trigger, model, index);
        if !event.initial_value || holds.is_none_or(|value| value == 0.0) {
            continue;
        }
        let told = Diagnostic::warning(
            "model/true-at-start",
            format!(
                "the condition of event `{}` holds at the start, which does not set it off",
                event.identity.id
            ),
        );
        let told = told.at(event.trigger.span);
        found.push(told.hint("write `t0 = false` if it is to happen at the start"));
    }
}

/// The value at time 0 of a formula of plain values, comparisons and the four operations; none for all else.
fn plain_value(formula: &Formula, model: &Model, index: &Index<'_>) -> Option<f64> {
    let truth = |holds: bool| Some(if holds { 1.0 } else { 0.0 });
    let (function, arguments) = match &formula.kind {
        ExprKind::Number(value, _) => return Some(*value),
        ExprKind::Constant(Constant::Time | Constant::False) => return Some(0.0),
        ExprKind::Constant(Constant::True) => return Some(1.0),
        ExprKind::Symbol(symbol) => return plain_start(*symbol, model, index),
        ExprKind::Call(function, arguments) => (*function, arguments),
        ExprKind::Constant(_) | ExprKind::User(..) => return None,
    };
    let values: Option<Vec<f64>> = arguments
        .iter()
        .map(|argument| plain_value(argument, model, index))
        .collect();
    let values = values?;
    let pairs = |holds: fn(f64, f64) -> bool| truth(values.windows(2).all(|w| holds(w[0], w[1])));
    match (function, values.as_slice()) {
        (Function::Less, _) => pairs(|a, b| a < b),
        (Function::LessEqual, _) => pairs(|a, b| a <= b),
        (Function::Greater, _) => pairs(|a, b| a > b),
        (Function::GreaterEqual, _) => pairs(|a, b| a >= b),
        (Function::Equal, _) => pairs(|a, b| a == b),
        (Function::NotEqual, _) => pairs(|a, b| a != b),
        (Function::And, all) => truth(all.iter().all(|v| *v != 0.0)),
        (Function::Or, all) => truth(all.iter().any(|v| *v != 0.0)),
        (Function::Not, [value]) => truth(*value == 0.0),
        (Function::Plus, all) => Some(all.iter().sum()),
        (Function::Times, all) => Some(all.iter().product()),
        (Function::Minus, [a, b]) => Some(a - b),
        (Function::Divide, [a, b]) => Some(a / b),
        (Function::Negate, [a]) => Some(-a),
        _ => None,
    }
}

fn plain_start(symbol: Symbol, model: &Model, index: &Index<'_>) -> Option<f64> {
    use crate::model::InitialValue;
    let at = index.at(symbol);
    if index.starts[at].is_some() || matches!(index.rules[at], Some(Rule::Assignment(..))) {
        return None;
    }
    match symbol {
        Symbol::Parameter(at) => model.parameters[at].value,
        Symbol::Compartment(at) => model.compartments[at].size,
        Symbol::Stoichiometry(at) => model.stoichiometries[at].value,
        Symbol::Species(at) => {
            let species = &model.species[at];
            match (species.initial?, species.only_substance_units) {
                (InitialValue::Amount(value), true)
                | (InitialValue::Concentration(value), false) => Some(value),
                (InitialValue::Amount(value), false) => {
                    let size = plain_start(Symbol::Compartment(species.compartment), model, index)?;
                    Some(value / size)
                }
                (InitialValue::Concentration(value), true) => {
                    let size = plain_start(Symbol::Compartment(species.compartment), model, index)?;
                    Some(value * size)
                }
            }
        }
        Symbol::Reaction(_) | Symbol::Argument(_) => None,
    }
}

/// A rate is substance per time; a law of concentrations alone in a space that is not of size 1 looks forgotten.
fn warn_of_rates(model: &Model, compared: &IndexSet<usize>, found: &mut Diagnostics) {
    for (at, reaction) in model.reactions.iter().enumerate() {
        let Some(rate) = &reaction.rate else { continue };
        if compared.contains(&at) {
            continue;
        }
        if let Some(compartment) = forgotten_size(model, rate) {
            let name = &model.compartments[compartment].identity.id;
            let told = Diagnostic::warning(
                "model/rate-per-size",
                format!(
                    "the rate of `{}` is made of concentrations, without the size of `{name}`",
                    reaction.identity.id
                ),
            );
            let hint = format!(
                "a rate is substance per time: for a law of concentrations write `{name}*(…)`"
            );
            found.push(told.at(rate.span).hint(hint));
        }
    }
}

/// The one compartment of all species in a law, when none of them counts amounts and its size is missing and not 1.
fn forgotten_size(model: &Model, rate: &Formula) -> Option<usize> {
    let mut places: IndexSet<usize> = IndexSet::new();
    let mut clear = true;
    rate.walk(&mut |part: &Expr<Symbol>| match part.kind {
        ExprKind::Symbol(Symbol::Species(at)) => {
            clear &= !model.species[at].only_substance_units;
            places.insert(model.species[at].compartment);
        }
        ExprKind::Symbol(Symbol::Compartment(_)) => clear = false,
        _ => {}
    });
    let (Some(&place), 1) = (places.first(), places.len()) else {
        return None;
    };
    let size = model.compartments[place].size?;
    (clear && size != 1.0).then_some(place)
}
