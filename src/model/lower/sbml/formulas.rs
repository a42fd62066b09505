//! Formulas over symbols, and function definitions.

use std::collections::HashMap;

use crate::diag::{Diagnostic, Span, did_you_mean};
use crate::model::{Formula, FunctionDefinition, Symbol};
use crate::syntax::expr::{ExprKind, Function};
use crate::syntax::sbml::tree;

use super::Lowering;
use super::names::Meant;

/// Names that hold within one kinetic law or function.
pub(super) type Locals = HashMap<String, Symbol>;

impl Lowering<'_> {
    pub(super) fn name_functions(&mut self) {
        for function in &self.tree.functions {
            let head = &function.head;
            self.names
                .add(&head.id, Meant::Function, head.span, &mut self.found);
        }
    }

    /// Bodies use their arguments and functions alone.
    pub(super) fn define_functions(&mut self) {
        for function in &self.tree.functions {
            let Some((arguments, body)) = &function.lambda else {
                continue;
            };
            let names: Vec<String> = arguments.iter().map(|a| a.text.clone()).collect();
            let locals: Locals = names
                .iter()
                .enumerate()
                .map(|(at, name)| (name.clone(), Symbol::Argument(at)))
                .collect();
            if locals.len() < names.len() {
                let message = format!("`{}` has two arguments of one name", function.head.id);
                let hint = "rename one of them";
                self.error("model/argument-twice", message, function.head.span, hint);
            }
            let Some(body) = self.resolve(body, &locals, true) else {
                continue;
            };
            self.model.functions.insert(
                function.head.id.clone(),
                FunctionDefinition {
                    arguments: names,
                    body,
                    span: function.head.span,
                },
            );
        }
        for function in self.model.functions.values() {
            super::super::functions::check_calls(
                &function.body,
                &self.model.functions,
                &mut self.found,
            );
        }
        super::super::functions::refuse_recursion(&self.model.functions, &mut self.found);
        super::super::growth::refuse(&self.model.functions, &mut self.found);
    }

    /// A formula of the model.
    pub(super) fn formula(&mut self, formula: &tree::Formula) -> Option<Formula> {
        self.formula_with(formula, &Locals::new())
    }

    /// A formula that also knows local names.
    pub(super) fn formula_with(
        &mut self,
        formula: &tree::Formula,
        locals: &Locals,
    ) -> Option<Formula> {
        let resolved = self.resolve(formula, locals, false)?;
        super::super::functions::check_calls(&resolved, &self.model.functions, &mut self.found);
        Some(resolved)
    }

    fn resolve(
        &mut self,
        formula: &tree::Formula,
        locals: &Locals,
        in_function: bool,
    ) -> Option<Formula> {
        let mut unknown: Vec<(String, Span)> = Vec::new();
        let names = &self.names;
        let resolved: Result<Formula, ()> = formula.try_map(&mut |name, span| {
            let local = locals.get(name).copied();
            let symbol = local.or_else(|| match names.get(name) {
                Some(Meant::Symbol(symbol)) if !in_function => Some(symbol),
                _ => None,
            });
            if symbol.is_none() {
                unknown.push((name.clone(), span));
            }
            Ok(ExprKind::Symbol(symbol.unwrap_or(Symbol::Argument(0))))
        });
        for (name, span) in &unknown {
            self.tell_unknown(name, *span, in_function);
        }
        self.check_units_of_numbers(formula);
        let resolved = resolved.ok().filter(|_| unknown.is_empty())?;
        self.check_rates(&resolved, in_function);
        Some(resolved)
    }

    fn tell_unknown(&mut self, name: &str, span: Span, in_function: bool) {
        let message = match self.names.get(name) {
            Some(Meant::Symbol(_)) if in_function => {
                format!("a function may use only its arguments, and `{name}` is none of them")
            }
            Some(Meant::Function) => format!("`{name}` is a function and needs arguments"),
            Some(_) => format!("`{name}` has no value that a formula can use"),
            None => format!("there is nothing called `{name}`"),
        };
        let told = Diagnostic::error("model/sbml-unknown-name", message).at(span);
        let ids = self.names.ids().filter(|_| !self.is_full());
        let near = did_you_mean(name, ids).filter(|near| *near != name);
        let hint = match (self.names.get(name), near) {
            (Some(Meant::Symbol(_)), _) if in_function => {
                format!("add a `bvar` for it and pass `{name}` in every call")
            }
            (Some(Meant::Function), _) => "call it with `apply`".to_string(),
            (Some(_), _) => "only quantities and reactions have values".to_string(),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => format!("add a parameter `{name}`, or correct the name"),
        };
        self.found.push(told.hint(hint));
    }

    /// Units written at numbers must exist.
    fn check_units_of_numbers(&mut self, formula: &tree::Formula) {
        let mut named = Vec::new();
        formula.walk(&mut |part| {
            if let ExprKind::Number(_, Some(unit)) = &part.kind {
                named.push(tree::Word {
                    text: unit.clone(),
                    span: part.span,
                });
            }
        });
        for word in &named {
            self.unit(Some(word));
        }
    }

    /// `rateOf` takes a name.
    fn check_rates(&mut self, formula: &Formula, in_function: bool) {
        let mut wrong = Vec::new();
        formula.walk(&mut |part| {
            if let ExprKind::Call(Function::RateOf, arguments) = &part.kind {
                let is_name = matches!(
                    arguments.first().map(|argument| &argument.kind),
                    Some(ExprKind::Symbol(symbol))
                        if in_function || !matches!(symbol, Symbol::Reaction(_))
                );
                if !is_name {
                    wrong.push(part.span);
                }
            }
        });
        for span in wrong {
            let message = "`rateOf` takes the name of one quantity".to_string();
            let hint = "give what the formula computes a parameter with an assignment rule";
            self.error("model/sbml-rate-of", message, span, hint);
        }
    }
}
