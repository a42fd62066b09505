//! Formulas over elements of a draft to formulas over symbols of the model.

use indexmap::IndexSet;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::{self, Symbol};
use crate::syntax::expr::{Expr, ExprKind, Function};

use super::draft::{Draft, Formula, Id};

/// Which symbol each element became.
pub(super) struct References<'a> {
    /// The draft.
    pub draft: &'a Draft,
    /// By element; only those that stay have one.
    pub symbols: Vec<Option<Symbol>>,
    /// What has been said about elements that have no value, once each.
    pub told: IndexSet<Id>,
}

impl References<'_> {
    /// The symbol of an element, through synchronisation.
    pub(super) fn symbol(&mut self, id: Id, span: Span, found: &mut Diagnostics) -> Option<Symbol> {
        let kept = self.draft.representative(id);
        let element = &self.draft.elements[kept];
        let symbol = self.symbols[kept];
        if symbol.is_none() && self.told.insert(kept) {
            let told = if let Some(deleted) = element.deleted {
                Diagnostic::error(
                    "model/deleted",
                    format!("`{}` is used here, but has been deleted", element.name),
                )
                .label(deleted, "deleted here")
            } else {
                Diagnostic::error(
                    "model/two-roles",
                    format!(
                        "`{}` is {}, which has no value",
                        element.name,
                        element.role.word()
                    ),
                )
                .label(element.role_span, format!("{} here", element.role.word()))
            };
            found.push(told.at(span));
        }
        symbol
    }

    /// A formula over symbols; `None` when something in it has no value.
    pub(super) fn formula(
        &mut self,
        formula: &Formula,
        found: &mut Diagnostics,
    ) -> Option<model::Formula> {
        let kind = match &formula.kind {
            ExprKind::Number(value, unit) => ExprKind::Number(*value, unit.clone()),
            ExprKind::Constant(constant) => ExprKind::Constant(*constant),
            ExprKind::Symbol(id) => return self.value(*id, formula.span, found),
            ExprKind::User(name, arguments) => {
                ExprKind::User(name.clone(), self.all(arguments, found)?)
            }
            ExprKind::Call(Function::RateOf, arguments) => {
                return self.rate_of(arguments, formula.span, found);
            }
            ExprKind::Call(function, arguments) => {
                ExprKind::Call(*function, self.all(arguments, found)?)
            }
        };
        Some(Expr::new(formula.span, kind))
    }

    fn all(
        &mut self,
        arguments: &[Formula],
        found: &mut Diagnostics,
    ) -> Option<Vec<model::Formula>> {
        let all: Vec<Option<model::Formula>> = arguments
            .iter()
            .map(|argument| self.formula(argument, found))
            .collect();
        all.into_iter().collect()
    }

    fn value(&mut self, id: Id, span: Span, found: &mut Diagnostics) -> Option<model::Formula> {
        if self.draft.elements[id].same_as.is_none() {
            let symbol = self.symbol(id, span, found)?;
            return Some(Expr::new(span, ExprKind::Symbol(symbol)));
        }
        // Through synchronisation the value is that of the element that stays, times conversion factors.
        let resolved = self.draft.value_of(id, span);
        self.formula(&resolved, found)
    }

    /// `rateOf` takes a symbol; conversion factors are constant and go outside.
    fn rate_of(
        &mut self,
        arguments: &[Formula],
        span: Span,
        found: &mut Diagnostics,
    ) -> Option<model::Formula> {
        let [argument] = arguments else {
            let told = Diagnostic::error("model/argument-count", "`rateOf` takes one argument");
            found.push(told.at(span));
            return None;
        };
        if !matches!(argument.kind, ExprKind::Symbol(_)) {
            let told = Diagnostic::error("model/rate-of", "`rateOf` takes the name of one element");
            found.push(told.at(argument.span));
            return None;
        }
        self.formula(argument, found).map(into_rate)
    }
}

/// The rate of a symbol divided or multiplied by constants.
fn into_rate(value: model::Formula) -> model::Formula {
    let span = value.span;
    let kind = match value.kind {
        ExprKind::Call(function, mut arguments) if arguments.len() == 2 => {
            let factor = arguments.pop().expect("there are two");
            let inner = arguments.pop().expect("there are two");
            ExprKind::Call(function, vec![into_rate(inner), factor])
        }
        kind => ExprKind::Call(Function::RateOf, vec![Expr::new(span, kind)]),
    };
    Expr::new(span, kind)
}
