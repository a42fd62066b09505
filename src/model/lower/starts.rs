//! Start values: plain numbers, amounts, formulas.

use crate::diag::{Diagnostic, Span};
use crate::model::{InitialAssignment, InitialValue, Symbol};
use crate::syntax::expr::{Constant, ExprKind, Function};
use crate::units::base_unit;

use super::draft::{Formula, Id};
use super::finish::Finish;

impl Finish<'_> {
    /// Start values, in the order compartments, species, parameters, stoichiometries.
    pub(super) fn fill_values(&mut self) {
        let mut by_symbol: Vec<(Symbol, Id)> = self
            .staying()
            .into_iter()
            .filter_map(|id| Some((self.references.symbols[id]?, id)))
            .filter(|(symbol, _)| !matches!(symbol, Symbol::Reaction(_)))
            .collect();
        by_symbol.sort();
        for (symbol, id) in by_symbol {
            if let Some(initial) = &self.draft.elements[id].initial {
                self.start_value(symbol, id, &initial.formula, initial.span);
            }
        }
    }

    fn start_value(&mut self, symbol: Symbol, id: Id, formula: &Formula, span: Span) {
        let Some(value) = self.own_number(id, formula) else {
            if let Symbol::Species(at) = symbol
                && let Some(initial) = self.amount_idiom(at, formula)
            {
                self.model.species[at].initial = Some(initial);
                return;
            }
            if let Some(value) = self.references.formula(formula, self.found) {
                let assignment = InitialAssignment { symbol, value };
                self.model.initial_assignments.push(assignment);
            }
            return;
        };
        match symbol {
            Symbol::Compartment(at) if value.is_finite() && value >= 0.0 => {
                self.model.compartments[at].size = Some(value);
            }
            Symbol::Species(at) if value.is_finite() => {
                let species = &mut self.model.species[at];
                species.initial = Some(if species.only_substance_units {
                    InitialValue::Amount(value)
                } else {
                    InitialValue::Concentration(value)
                });
            }
            Symbol::Parameter(at) => {
                self.model.parameters[at].value = (!value.is_nan()).then_some(value);
            }
            Symbol::Stoichiometry(at) if value.is_finite() => {
                self.model.stoichiometries[at].value = Some(value);
            }
            _ => self.refuse_value(symbol, id, span),
        }
    }

    fn refuse_value(&mut self, symbol: Symbol, id: Id, span: Span) {
        let name = &self.draft.elements[id].name;
        let message = match symbol {
            Symbol::Compartment(_) => {
                format!("the size of compartment `{name}` must be finite and not negative")
            }
            Symbol::Stoichiometry(_) => format!("the stoichiometry `{name}` must be finite"),
            _ => format!("the start value of `{name}` must be finite"),
        };
        let told = Diagnostic::error("model/value", message).at(span);
        self.found.push(told.hint("give it another number"));
    }

    /// A plain number, or one in the element's own unit.
    fn own_number(&self, id: Id, formula: &Formula) -> Option<f64> {
        match &formula.kind {
            ExprKind::Number(value, None) => Some(*value),
            ExprKind::Number(value, Some(name)) => {
                let unit = self.model.unit_definitions.get(name).copied();
                let unit = unit.or_else(|| base_unit(name));
                let own = self.draft.elements[id].unit.map(|(own, _)| own);
                (own.is_some() && own == unit).then_some(*value)
            }
            ExprKind::Constant(Constant::Infinity) => Some(f64::INFINITY),
            ExprKind::Constant(Constant::NotANumber) => Some(f64::NAN),
            ExprKind::Call(Function::Negate, arguments) => {
                self.own_number(id, arguments.first()?).map(|value| -value)
            }
            _ => None,
        }
    }

    /// `S = 4/c` with `c` the compartment of `S` gives its amount; `Q = 4*c` the concentration of a substance-only one.
    fn amount_idiom(&self, at: usize, formula: &Formula) -> Option<InitialValue> {
        let species = &self.model.species[at];
        let ExprKind::Call(function, arguments) = &formula.kind else {
            return None;
        };
        let [number, size] = arguments.as_slice() else {
            return None;
        };
        let ExprKind::Symbol(size) = size.kind else {
            return None;
        };
        if self.draft.elements[size]
            .same_as
            .is_some_and(|alias| alias.scale.is_some())
        {
            return None;
        }
        let size = self.references.symbols[self.draft.representative(size)];
        if size != Some(Symbol::Compartment(species.compartment)) {
            return None;
        }
        let value = super::builder::plain_number(number).filter(|value| value.is_finite())?;
        match (function, species.only_substance_units) {
            (Function::Divide, false) => Some(InitialValue::Amount(value)),
            (Function::Times, true) => Some(InitialValue::Concentration(value)),
            _ => None,
        }
    }
}
