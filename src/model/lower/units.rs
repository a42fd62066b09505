//! Unit definitions of a module and the units that elements are given.

use indexmap::{IndexMap, IndexSet};

use crate::diag::{Diagnostic, Span};
use crate::model::ModelUnits;
use crate::syntax::antimony::tree;
use crate::syntax::expr::{Expr, ExprKind, Function};
use crate::units::{Unit, base_unit, suggest_for_model};

use super::builder::Builder;
use super::draft::Id;

/// Unit definitions of one module as written.
#[derive(Default)]
pub(super) struct Sources<'a> {
    /// By name; the last definition counts.
    written: IndexMap<&'a str, (&'a tree::Formula, Span)>,
    /// Being read right now, innermost last.
    open: Vec<String>,
    /// Names that have been reported as unknown.
    told: IndexSet<String>,
}

/// Names that set the units of the whole model.
pub(super) const MODEL_WIDE: [&str; 6] = [
    "substance",
    "extent",
    "time_unit",
    "volume",
    "area",
    "length",
];

/// The field of model-wide units behind a reserved name.
pub(super) fn model_wide<'u>(
    units: &'u mut ModelUnits,
    name: &str,
) -> Option<&'u mut Option<Unit>> {
    Some(match name {
        "substance" => &mut units.substance,
        "extent" => &mut units.extent,
        "time_unit" => &mut units.time,
        "volume" => &mut units.volume,
        "area" => &mut units.area,
        "length" => &mut units.length,
        _ => return None,
    })
}

impl<'a> Sources<'a> {
    /// Whether a name is that of a unit: defined here, or one of the whole model's.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.written.contains_key(name) || MODEL_WIDE.contains(&name)
    }

    /// Collects the definitions among `statements`.
    pub(super) fn collect(statements: &[&'a tree::Statement]) -> Self {
        let mut sources = Self::default();
        for statement in statements {
            match &statement.kind {
                tree::StatementKind::UnitDefinition {
                    name,
                    unit: Some(unit),
                } => {
                    sources.written.insert(&name.text, (unit, name.span));
                }
                tree::StatementKind::Assignment {
                    target,
                    kind: tree::AssignmentKind::Initial,
                    value: Some(value),
                } if is_model_wide(target, value) => {
                    let name = &target.name.parts[0].text;
                    sources.written.insert(name, (value, target.name.span));
                }
                _ => {}
            }
        }
        sources
    }
}

/// `substance = 1e-3 mole` without the word `unit`: a reserved name and nothing but base units.
pub(super) fn is_model_wide(target: &tree::Place, value: &tree::Formula) -> bool {
    let [name] = target.name.parts.as_slice() else {
        return false;
    };
    if !MODEL_WIDE.contains(&name.text.as_str()) {
        return false;
    }
    let (mut named, mut foreign) = (false, false);
    value.walk(&mut |part| match &part.kind {
        ExprKind::Symbol(unit) | ExprKind::Number(_, Some(unit)) => {
            named |= base_unit(unit).is_some();
            foreign |= base_unit(unit).is_none();
        }
        _ => {}
    });
    named && !foreign
}

impl Builder<'_> {
    /// Reads all unit definitions of the module, in their order.
    pub(super) fn define_units(&mut self) {
        let names: Vec<(String, Span)> = self
            .unit_sources
            .written
            .iter()
            .map(|(name, (_, span))| (name.to_string(), *span))
            .collect();
        for (name, span) in names {
            self.unit_named(&name, span);
        }
    }

    /// The unit of a name; reports an unknown one once.
    pub(super) fn unit_named(&mut self, name: &str, span: Span) -> Option<Unit> {
        if let Some(unit) = self.draft.units.get(name) {
            return Some(*unit);
        }
        if let Some(Some(unit)) = model_wide(&mut self.draft.model_units, name) {
            return Some(*unit);
        }
        if let Some(&(formula, place)) = self.unit_sources.written.get(name) {
            return self.define_unit(name, formula, place);
        }
        let unit = base_unit(name);
        if unit.is_none() && self.unit_sources.told.insert(name.to_string()) {
            let told = Diagnostic::error("units/unknown", format!("there is no unit `{name}`"));
            self.found.push(self.with_unit_hint(told.at(span), name));
        }
        unit
    }

    fn with_unit_hint(&self, told: Diagnostic, name: &str) -> Diagnostic {
        let known = self.unit_sources.written.keys().copied();
        match suggest_for_model(name, known) {
            Some(instead) if base_unit(&instead).is_some() || !instead.contains(' ') => {
                told.hint(format!("did you mean `{instead}`?"))
            }
            Some(instead) => told.hint(format!("define it: `unit {name} = {instead}`")),
            None => told.hint(format!(
                "define it, `unit {name} = …` in base units; if `{name}` is a quantity, write `*` before it"
            )),
        }
    }

    fn define_unit(&mut self, name: &str, formula: &tree::Formula, place: Span) -> Option<Unit> {
        if self.unit_sources.told.contains(name) {
            return None;
        }
        if self.unit_sources.open.iter().any(|open| open == name) {
            self.unit_sources.told.insert(name.to_string());
            let told = Diagnostic::error("units/cycle", format!("unit `{name}` needs itself"))
                .hint("define it by units of the language, such as `mole`, `litre` and `second`");
            self.found.push(told.at(place));
            return None;
        }
        self.unit_sources.open.push(name.to_string());
        let unit = self.unit_of(formula);
        self.unit_sources.open.pop();
        let Some(unit) = unit else {
            // Its uses must not be reported as unknown on top.
            self.unit_sources.told.insert(name.to_string());
            return None;
        };
        match model_wide(&mut self.draft.model_units, name) {
            Some(field) => *field = Some(unit),
            None => {
                self.draft.units.insert(name.to_string(), unit);
            }
        }
        Some(unit)
    }

    /// The unit that an expression over unit names means.
    pub(super) fn unit_of(&mut self, formula: &tree::Formula) -> Option<Unit> {
        match &formula.kind {
            ExprKind::Number(value, unit) => {
                let unit = match unit {
                    Some(name) => self.unit_named(name, formula.span)?,
                    None => Unit::ONE,
                };
                self.finite_unit(unit.scaled(*value), formula.span)
            }
            ExprKind::Symbol(name) => self.unit_named(name, formula.span),
            ExprKind::Call(function, arguments) => {
                self.unit_call(*function, arguments, formula.span)
            }
            ExprKind::Constant(_) | ExprKind::User(..) => self.not_a_unit(formula.span),
        }
    }

    fn unit_call(
        &mut self,
        function: Function,
        arguments: &[tree::Formula],
        span: Span,
    ) -> Option<Unit> {
        match (function, arguments) {
            (Function::Times, factors) => {
                let mut product = Unit::ONE;
                for factor in factors {
                    product = product.times(self.unit_of(factor)?);
                }
                self.finite_unit(product, span)
            }
            (Function::Divide, [above, below]) => {
                let quotient = self.unit_of(above)?.per(self.unit_of(below)?);
                self.finite_unit(quotient, span)
            }
            (Function::Power, [base, exponent]) => {
                let Some(exponent) = super::builder::plain_number(exponent) else {
                    return self.not_a_unit(exponent.span);
                };
                let base = self.unit_of(base)?;
                match base.power(exponent) {
                    Some(unit) => self.finite_unit(unit, span),
                    None => self.not_a_unit(span),
                }
            }
            _ => self.not_a_unit(span),
        }
    }

    fn finite_unit(&mut self, unit: Unit, span: Span) -> Option<Unit> {
        if unit.factor.is_finite() && unit.factor > 0.0 {
            return Some(unit);
        }
        let told = Diagnostic::error("units/number", "a unit needs a positive, finite multiplier");
        self.found.push(told.at(span));
        None
    }

    fn not_a_unit(&mut self, span: Span) -> Option<Unit> {
        let told = Diagnostic::error("units/malformed", "this is not a unit");
        let told = told.hint("units are made of unit names and numbers with `*`, `/` and `^`");
        self.found.push(told.at(span));
        None
    }

    /// `x has unit`.
    pub(super) fn has_unit(&mut self, id: Id, formula: &tree::Formula, span: Span) {
        let Some(unit) = self.unit_of(formula) else {
            return;
        };
        if !matches!(formula.kind, ExprKind::Symbol(_)) {
            self.name_unit(formula, unit);
        }
        let id = self.draft.representative(id);
        self.draft.elements[id].unit = Some((unit, span));
    }

    /// A unit written as an expression gets a definition, so that it can be shown and exported.
    fn name_unit(&mut self, formula: &tree::Formula, unit: Unit) {
        let name = spelled(formula);
        let taken = self
            .draft
            .units
            .get(&name)
            .is_some_and(|other| *other != unit);
        let known = base_unit(&name).is_some_and(|base| base == unit);
        if known || self.draft.units.get(&name) == Some(&unit) {
            return;
        }
        let name = if taken || base_unit(&name).is_some() {
            free_unit_name(&self.draft.units, &name)
        } else {
            name
        };
        self.draft.units.insert(name, unit);
    }
}

/// `base`, `base_2`, …: the first that is no unit yet.
pub(super) fn free_unit_name(units: &IndexMap<String, Unit>, base: &str) -> String {
    (2..)
        .map(|number| format!("{base}_{number}"))
        .find(|name| !units.contains_key(name))
        .expect("numbers do not run out before names do")
}

/// `mole/litre` as `mole_per_litre`: letters, digits and underscores only.
fn spelled(formula: &Expr<String>) -> String {
    let text = spell(formula);
    let clean: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if clean.starts_with(|c: char| c.is_ascii_digit()) {
        format!("unit_{clean}")
    } else {
        clean
    }
}

fn spell(formula: &Expr<String>) -> String {
    match (&formula.kind, formula.arguments()) {
        (ExprKind::Symbol(name), _) => name.clone(),
        (ExprKind::Number(value, None), _) => format!("{value}"),
        (ExprKind::Number(value, Some(name)), _) => format!("{value}_{name}"),
        (ExprKind::Call(Function::Divide, _), [above, below]) => match &above.kind {
            ExprKind::Number(one, None) if *one == 1.0 => format!("per_{}", spell(below)),
            _ => format!("{}_per_{}", spell(above), spell(below)),
        },
        (ExprKind::Call(Function::Power, _), [base, exponent]) => {
            format!("{}_{}", spell(base), spell(exponent))
        }
        (_, arguments) => {
            let parts: Vec<String> = arguments.iter().map(spell).collect();
            parts.join("_")
        }
    }
}
