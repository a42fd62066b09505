//! Formulas in scenario files: read by the model language's own reader, bound to a model, written back.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::text::formula_text;
use crate::model::{Formula, Model, Symbol};
use crate::syntax::antimony::{self, tree};
use crate::syntax::expr::{Constant, Expr, ExprKind, Function};

use super::raw::{At, suggestion};

/// What stands before a formula so that the reader of model files takes it as the right side of a rule.
const LEAD: &str = "formula_at_hand := ";

/// Reads a formula of the file; reports what is wrong with it, at its place in the file.
pub(super) fn read(text: &At<String>, findings: &mut Diagnostics) -> Option<Expr<String>> {
    let line = format!("{LEAD}{}\n", text.value);
    let (file, found) = antimony::read(&line, text.span.source);
    let wrong = found.has_errors();
    for mut found in found.0 {
        found.span = found.span.map(|span| moved(span, text));
        for label in &mut found.labels {
            label.span = moved(label.span, text);
        }
        findings.push(found);
    }
    if wrong {
        return None;
    }
    let formula = only_formula(file);
    if formula.is_none() {
        let found = Diagnostic::error("scenario/formula", "this is not one formula").at(text.span);
        findings.push(found.hint("for example `\"2 * k + 1\"`"));
    }
    formula.map(|formula| placed(&formula, text))
}

fn only_formula(file: tree::File) -> Option<Expr<String>> {
    let mut items = file.items.into_iter();
    let (first, second) = (items.next()?, items.next());
    match (first, second) {
        (tree::Item::Statement(statement), None) => match statement.kind {
            tree::StatementKind::Assignment { value, .. } => value,
            _ => None,
        },
        _ => None,
    }
}

/// The formula with its places in the scenario file.
fn placed(formula: &Expr<String>, text: &At<String>) -> Expr<String> {
    let kind = match &formula.kind {
        ExprKind::Call(function, arguments) => ExprKind::Call(
            *function,
            arguments
                .iter()
                .map(|argument| placed(argument, text))
                .collect(),
        ),
        ExprKind::User(name, arguments) => {
            let arguments = arguments
                .iter()
                .map(|argument| placed(argument, text))
                .collect();
            ExprKind::User(name.clone(), arguments)
        }
        leaf => leaf.clone(),
    };
    Expr::new(moved(formula.span, text), kind)
}

/// The place in the scenario file; all of the text when it has escapes in it, as then places do not correspond.
fn moved(span: Span, text: &At<String>) -> Span {
    let quotes = (text.span.end - text.span.start) as usize
        - text
            .value
            .len()
            .min((text.span.end - text.span.start) as usize);
    if quotes != 2 {
        return text.span;
    }
    let lead = LEAD.len() as u32;
    let last = text.value.len() as u32;
    let at = |byte: u32| text.span.start + 1 + byte.saturating_sub(lead).min(last);
    Span {
        source: text.span.source,
        start: at(span.start),
        end: at(span.end),
    }
}

/// The formula over a model's symbols; those names in it that are `given` are numbers.
pub(super) fn bind(
    written: &Expr<String>,
    model: &Model,
    names: &IndexMap<String, Symbol>,
    given: &[(&str, f64)],
    findings: &mut Diagnostics,
) -> Option<Formula> {
    let before = findings.0.len();
    written.walk(&mut |part| check(part, model, names, given, findings));
    if findings.0.len() > before {
        return None;
    }
    let bound = written.try_map(&mut |name: &String, _| match number(name, given) {
        Some(number) => Ok(ExprKind::Number(number, None)),
        None => names
            .get(name)
            .map(|symbol| ExprKind::Symbol(*symbol))
            .ok_or(()),
    });
    bound.ok()
}

fn number(name: &str, given: &[(&str, f64)]) -> Option<f64> {
    let mut all = given.iter();
    all.find(|(known, _)| *known == name)
        .map(|(_, number)| *number)
}

fn check(
    part: &Expr<String>,
    model: &Model,
    names: &IndexMap<String, Symbol>,
    given: &[(&str, f64)],
    findings: &mut Diagnostics,
) {
    match &part.kind {
        ExprKind::Symbol(name) if number(name, given).is_some() => {}
        ExprKind::Symbol(name) if !names.contains_key(name) => {
            let message = format!("nothing in the model is called `{name}`");
            let found = Diagnostic::error("scenario/unknown-name", message).at(part.span);
            let near = crate::diag::did_you_mean(name, names.keys().map(String::as_str));
            findings.push(match near {
                Some(near) => found.hint(format!("did you mean `{near}`?")),
                None => found.hint("a formula is made of the model's names, numbers and functions"),
            });
        }
        ExprKind::User(name, arguments) => {
            check_call(part.span, name, arguments.len(), model, findings)
        }
        ExprKind::Call(Function::Delay | Function::RateOf | Function::Draw(_), _) => {
            let message = "this function has no meaning in a value that is taken at one time";
            let found = Diagnostic::error("scenario/formula", message).at(part.span);
            findings.push(found.hint("leave out `delay`, `rateOf` and random draws"));
        }
        ExprKind::Constant(Constant::Infinity | Constant::NotANumber) => {
            let found =
                Diagnostic::error("scenario/number", "this is no finite number").at(part.span);
            findings.push(found.hint("nothing can be set to it"));
        }
        _ => {}
    }
}

fn check_call(span: Span, name: &str, count: usize, model: &Model, findings: &mut Diagnostics) {
    let Some(function) = model.functions.get(name) else {
        let known: Vec<&str> = model.functions.keys().map(String::as_str).collect();
        let found = Diagnostic::error(
            "scenario/formula",
            format!("no function is called `{name}`"),
        );
        let hint = if known.is_empty() {
            "the model defines no functions; `exp`, `ln`, `min`, `max`, `piecewise` … are there"
                .to_string()
        } else {
            suggestion(name, &known)
        };
        findings.push(found.at(span).hint(hint));
        return;
    };
    let wanted = function.arguments.len();
    if wanted != count {
        let message = format!("`{name}` takes {wanted} arguments, not {count}");
        let found = Diagnostic::error("scenario/formula", message).at(span);
        findings.push(found.hint(format!(
            "its arguments are {}",
            function.arguments.join(", ")
        )));
    }
}

/// The formula as text that reads back as the same tree; numbers keep every bit.
pub(super) fn write(formula: &Formula, model: &Model) -> String {
    formula_text(formula, &|symbol| model.identity(*symbol).id.clone())
}
