//! Numbers with units, from the file to the model.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::{Model, Symbol};
use crate::units::{Quantity, Unit, conversion_factor_by_mass, parse_quantity};

use super::raw::{At, Scalar};

/// What a number is to become.
pub(super) struct Wanted<'a> {
    /// What it is for, in messages: the id of the target.
    pub of: &'a str,
    /// The model's unit; none when it declares none.
    pub unit: Option<Unit>,
    /// Names of the model's units, for display.
    pub names: &'a IndexMap<String, Unit>,
    /// g/mol, when mass and amount of substance may be exchanged.
    pub molar_mass: Option<f64>,
    /// Bare numbers are in the wanted unit.
    pub bare: bool,
}

impl Wanted<'_> {
    /// The number in the wanted unit; reports why it cannot be had.
    pub fn read(&self, scalar: &At<Scalar>, findings: &mut Diagnostics) -> Option<f64> {
        match &scalar.value {
            Scalar::Number(value) => self.read_bare(*value, scalar.span, findings),
            Scalar::Text(text) => {
                let quantity = quantity(text, scalar.span, findings)?;
                if quantity.unit_text.is_empty() {
                    return self.read_bare(quantity.value, scalar.span, findings);
                }
                self.convert(&quantity, scalar.span, findings)
            }
        }
    }

    fn read_bare(&self, value: f64, span: Span, findings: &mut Diagnostics) -> Option<f64> {
        match self.unit {
            Some(unit) if !self.bare && !unit.same(&Unit::ONE) => {
                let shown = unit.display(self.names);
                let message = format!("`{}` is in {shown}: the number needs a unit", self.of);
                let found = Diagnostic::error("scenario/needs-unit", message).at(span);
                findings.push(found.hint(format!("for example `\"{value} {shown}\"`")));
                None
            }
            _ => Some(value),
        }
    }

    fn convert(&self, quantity: &Quantity, span: Span, findings: &mut Diagnostics) -> Option<f64> {
        let Some(unit) = self.unit else {
            return self.convert_to_undeclared(quantity, span, findings);
        };
        if let Some(value) = quantity.value_in(&unit) {
            return finite(value, span, findings);
        }
        let molar = self.molar_mass.unwrap_or(GLUCOSE_EXAMPLE);
        let by_mass = conversion_factor_by_mass(&quantity.unit, &unit, molar);
        if let (Some(factor), Some(_)) = (by_mass, self.molar_mass) {
            return finite(quantity.value * factor, span, findings);
        }
        let shown = match unit.display(self.names) {
            shown if shown.is_empty() => "a pure number".to_string(),
            shown => shown,
        };
        let message = format!(
            "`{}` takes {shown}, and {} is another dimension",
            self.of, quantity.unit_text
        );
        let found = Diagnostic::error("scenario/unit", message).at(span);
        findings.push(if by_mass.is_some() {
            found.hint(format!(
                "write it in {shown}, or declare `molar_mass = \"… g/mol\"` for the input in the model's `.inputs.toml`"
            ))
        } else {
            found.hint(format!("write it in {shown}"))
        });
        None
    }

    fn convert_to_undeclared(
        &self,
        quantity: &Quantity,
        span: Span,
        findings: &mut Diagnostics,
    ) -> Option<f64> {
        if quantity.unit.is_dimensionless() {
            return quantity.value_in(&Unit::ONE);
        }
        let message = format!(
            "the model declares no unit for `{}`, so {} cannot be converted",
            self.of, quantity.unit_text
        );
        let found = Diagnostic::error("scenario/unit", message).at(span);
        findings.push(
            found.hint(
                "write the bare number that the model means, or declare the unit in the model",
            ),
        );
        None
    }
}

/// Only to ask whether a molar mass would help; its value does not matter.
const GLUCOSE_EXAMPLE: f64 = 180.156;

/// A quantity of the file; reports what is wrong with its text.
pub(super) fn quantity(text: &str, span: Span, findings: &mut Diagnostics) -> Option<Quantity> {
    match parse_quantity(text) {
        Ok(quantity) => Some(quantity),
        Err(error) => {
            findings.push(Diagnostic::from(error).at(span));
            None
        }
    }
}

/// The value unless conversion drove it past the range of numbers.
fn finite(value: f64, span: Span, findings: &mut Diagnostics) -> Option<f64> {
    if !value.is_finite() {
        let found = Diagnostic::error(
            "scenario/number",
            "the number is not finite in the model's unit",
        );
        findings.push(found.at(span).hint("write a smaller number"));
    }
    value.is_finite().then_some(value)
}

/// The unit in which the model counts a symbol; none when undeclared.
pub(super) fn unit_of(model: &Model, symbol: Symbol) -> Option<Unit> {
    match symbol {
        Symbol::Parameter(at) => model.parameters[at].unit,
        Symbol::Compartment(at) => size_unit(model, at),
        Symbol::Species(at) if model.species[at].only_substance_units => amount_unit(model, symbol),
        Symbol::Species(at) => {
            let size = size_unit(model, model.species[at].compartment)?;
            Some(amount_unit(model, symbol)?.per(size))
        }
        Symbol::Stoichiometry(_) => Some(Unit::ONE),
        Symbol::Reaction(_) => Some(model.units.extent?.per(model.units.time?)),
        Symbol::Argument(_) => None,
    }
}

/// The unit of what is added to a state: amount for species, the symbol's own unit for others.
pub(super) fn amount_unit(model: &Model, symbol: Symbol) -> Option<Unit> {
    match symbol {
        Symbol::Species(at) => model.species[at].substance_unit.or(model.units.substance),
        other => unit_of(model, other),
    }
}

fn size_unit(model: &Model, compartment: usize) -> Option<Unit> {
    let compartment = &model.compartments[compartment];
    let by_dimensions = match compartment.dimensions {
        3.0 => model.units.volume,
        2.0 => model.units.area,
        1.0 => model.units.length,
        _ => None,
    };
    compartment.unit.or(by_dimensions)
}
