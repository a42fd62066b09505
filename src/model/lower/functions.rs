//! Functions defined by the user: global, of their arguments alone, not recursive.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::model::{Formula, FunctionDefinition, Symbol};
use crate::syntax::antimony::tree;
use crate::syntax::antimony::words::absent_function_hint;
use crate::syntax::expr::{Constant, Expr, ExprKind};

use super::builder::with_near;
use super::library::Placed;

/// All functions among the items.
pub(super) fn define(
    items: &[Placed],
    found: &mut Diagnostics,
) -> IndexMap<String, FunctionDefinition> {
    let mut functions: IndexMap<String, FunctionDefinition> = IndexMap::new();
    for placed in items {
        let tree::Item::Function(written) = &placed.item else {
            continue;
        };
        let Some(defined) = one(written, found) else {
            continue;
        };
        if let Some(before) = functions.insert(written.name.text.clone(), defined) {
            let told = Diagnostic::error(
                "model/function-twice",
                format!("a second function `{}`", written.name.text),
            );
            found.push(
                told.at(written.name.span)
                    .label(before.span, "the first one"),
            );
        }
    }
    for function in functions.values() {
        check_calls(&function.body, &functions, found);
    }
    refuse_recursion(&functions, found);
    super::growth::refuse(&functions, found);
    functions
}

fn one(written: &tree::FunctionDefinition, found: &mut Diagnostics) -> Option<FunctionDefinition> {
    let names: Vec<String> = written.arguments.iter().map(|a| a.text.clone()).collect();
    for (at, argument) in written.arguments.iter().enumerate() {
        if names[..at].contains(&argument.text) {
            let told = Diagnostic::error(
                "model/argument-twice",
                format!("two arguments are called `{}`", argument.text),
            );
            found.push(told.at(argument.span));
        }
    }
    // One whose body is wrong is there all the same: calls of it are no second mistake.
    let body = body(written.body.as_ref()?, &names, found).unwrap_or_else(|| Expr::number(0.0));
    Some(FunctionDefinition {
        arguments: names,
        body,
        span: written.name.span,
    })
}

fn body(written: &tree::Formula, names: &[String], found: &mut Diagnostics) -> Option<Formula> {
    let mut foreign: Vec<(String, Span)> = Vec::new();
    let mapped: Result<Formula, ()> = written.try_map(&mut |name, span| {
        let at = names.iter().position(|argument| argument == name);
        if at.is_none() {
            foreign.push((name.clone(), span));
        }
        Ok(ExprKind::Symbol(Symbol::Argument(at.unwrap_or(0))))
    });
    written.walk(&mut |part| {
        if part.kind == ExprKind::Constant(Constant::Time) {
            foreign.push(("time".to_string(), part.span));
        }
    });
    for (name, span) in &foreign {
        let told = Diagnostic::error(
            "model/function-body",
            format!("a function may use only its arguments, and `{name}` is none of them"),
        );
        let near = did_you_mean(name, names.iter().map(String::as_str));
        let told = match near {
            Some(near) => told.hint(format!("did you mean `{near}`?")),
            None => told.hint(format!("pass `{name}` as an argument")),
        };
        found.push(told.at(*span));
    }
    mapped.ok().filter(|_| foreign.is_empty())
}

/// Reports calls of functions that do not exist or take another number of arguments.
pub(super) fn check_calls<S>(
    formula: &Expr<S>,
    functions: &IndexMap<String, FunctionDefinition>,
    found: &mut Diagnostics,
) {
    formula.walk(&mut |part| {
        let ExprKind::User(name, arguments) = &part.kind else {
            return;
        };
        let Some(function) = functions.get(name) else {
            let told = Diagnostic::error(
                "model/unknown-function",
                format!("there is no function `{name}`"),
            );
            // Of very many mistakes among very many functions the later ones get no suggestion: it would take long.
            let is_much = found.0.len() * functions.len() > 10_000;
            let known = functions.keys().map(String::as_str).filter(|_| !is_much);
            let near = did_you_mean(name, known);
            let told = match absent_function_hint(name) {
                Some(hint) if near.is_none() => told.hint(hint),
                None if near.is_none() => {
                    told.hint("write one beside the model: `function NAME(x) 2*x end`")
                }
                _ => with_near(told, near),
            };
            found.push(told.at(part.span));
            return;
        };
        let (given, wanted) = (arguments.len(), function.arguments.len());
        if given != wanted {
            let told = Diagnostic::error(
                "model/argument-count",
                format!(
                    "`{name}` takes {}, not {given}",
                    counted(wanted, "argument")
                ),
            );
            found.push(told.at(part.span).label(function.span, "defined here"));
        }
    });
}

/// `1 argument`, `2 arguments`.
pub(super) fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

/// Reports functions that need themselves.
pub(super) fn refuse_recursion(
    functions: &IndexMap<String, FunctionDefinition>,
    found: &mut Diagnostics,
) {
    let calls: Vec<Vec<usize>> = functions
        .values()
        .map(|function| {
            let mut called = Vec::new();
            function.body.walk(&mut |part| {
                if let ExprKind::User(name, _) = &part.kind {
                    called.extend(functions.get_index_of(name));
                }
            });
            called
        })
        .collect();
    if let Some(cycle) = super::cycles::find(&calls) {
        let name = |&at: &usize| functions.get_index(at).map(|(name, _)| format!("`{name}`"));
        let names: Vec<String> = cycle.iter().filter_map(name).collect();
        let (_, first) = functions
            .get_index(cycle[0])
            .expect("a cycle is made of known functions");
        let told = Diagnostic::error(
            "model/recursion",
            format!(
                "functions call each other in a circle: {}",
                names.join(" → ")
            ),
        );
        found.push(told.at(first.span));
    }
}
