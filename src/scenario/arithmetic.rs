//! Formulas over plain numbers, worked out at once: rules about a person, amounts of a meal.

use crate::diag::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::math;
use crate::syntax::expr::{Constant, Expr, ExprKind, Function};

/// The value of a formula whose names `value` knows; reports what has no meaning here.
///
/// * `known` — the names, for suggestions
pub(super) fn evaluate(
    formula: &Expr<String>,
    value: &dyn Fn(&str) -> Option<f64>,
    known: &[&str],
    findings: &mut Diagnostics,
) -> Option<f64> {
    match &formula.kind {
        ExprKind::Number(number, _) => Some(*number),
        ExprKind::Constant(Constant::Pi) => Some(std::f64::consts::PI),
        ExprKind::Constant(Constant::E) => Some(std::f64::consts::E),
        ExprKind::Symbol(name) => {
            let found = value(name);
            if found.is_none() {
                findings.push(unknown(name, known, formula.span));
            }
            found
        }
        ExprKind::Call(function, arguments) => {
            let values: Option<Vec<f64>> = arguments
                .iter()
                .map(|part| evaluate(part, value, known, findings))
                .collect();
            let result = apply(*function, &values?);
            if result.is_none() {
                findings.push(no_meaning(formula.span));
            }
            result
        }
        ExprKind::Constant(_) | ExprKind::User(..) => {
            findings.push(no_meaning(formula.span));
            None
        }
    }
}

fn unknown(name: &str, known: &[&str], span: Span) -> Diagnostic {
    let message = format!("`{name}` is not known here");
    let found = Diagnostic::error("scenario/unknown-name", message).at(span);
    match did_you_mean(name, known.iter().copied()) {
        Some(near) => found.hint(format!("did you mean `{near}`?")),
        None => found.hint(format!("known are {}", known.join(", "))),
    }
}

fn no_meaning(span: Span) -> Diagnostic {
    let message = "this has no meaning in a formula over plain numbers";
    let found = Diagnostic::error("scenario/formula", message).at(span);
    found.hint("use + - * / ^, sqrt, exp, ln, min, max, piecewise and comparisons")
}

fn apply(function: Function, values: &[f64]) -> Option<f64> {
    let truth = |holds: bool| f64::from(u8::from(holds));
    let rising = |in_order: fn(&f64, &f64) -> bool| {
        truth(values.windows(2).all(|pair| in_order(&pair[0], &pair[1])))
    };
    Some(match (function, values) {
        (Function::Plus, _) => values.iter().sum(),
        (Function::Times, _) => values.iter().product(),
        (Function::Minus, [a, b]) => a - b,
        (Function::Negate, [a]) => -a,
        (Function::Divide, [a, b]) => a / b,
        (Function::Power, [a, b]) => math::pow(*a, *b),
        (Function::Sqrt, [a]) => a.sqrt(),
        (Function::Exp, [a]) => math::exp(*a),
        (Function::Ln, [a]) => math::ln(*a),
        (Function::Abs, [a]) => a.abs(),
        (Function::Min, [first, rest @ ..]) => rest.iter().fold(*first, |low, x| low.min(*x)),
        (Function::Max, [first, rest @ ..]) => rest.iter().fold(*first, |high, x| high.max(*x)),
        (Function::Less, _) => rising(|a, b| a < b),
        (Function::LessEqual, _) => rising(|a, b| a <= b),
        (Function::Greater, _) => rising(|a, b| a > b),
        (Function::GreaterEqual, _) => rising(|a, b| a >= b),
        (Function::Equal, _) => rising(|a, b| a == b),
        (Function::Piecewise, _) => return piecewise(values),
        _ => return None,
    })
}

/// Value, condition, …, and the last value for when none holds.
fn piecewise(values: &[f64]) -> Option<f64> {
    let mut pairs = values.chunks_exact(2);
    let held = pairs
        .by_ref()
        .find(|pair| pair[1] != 0.0)
        .map(|pair| pair[0]);
    held.or_else(|| pairs.remainder().first().copied())
}
