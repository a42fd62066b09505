//! Axes over quantities of models, arm by arm.

use crate::diag::{Diagnostic, Diagnostics};
use crate::model::Symbol;

use super::super::Arm;
use super::super::quantity::{Wanted, unit_of};
use super::super::raw::{At, Scalar};
use super::super::resolve::vary;
use super::{Axis, Form, Target, Values};

/// An axis over a quantity, in one arm's model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The quantity.
    pub symbol: Symbol,
}

/// Finds the quantity of an axis in an arm's model; none for axes over places, and where something is wrong with it, with the
/// reasons in `findings`.
pub fn bind(axis: &Axis, arm: &Arm, findings: &mut Diagnostics) -> Option<Binding> {
    let Target::Quantity(name) = &axis.target else {
        return None;
    };
    let symbol = vary::swept(arm, name, axis.span, findings)?;
    let binding = Binding { symbol };
    if let Values::Words(words) = &axis.values {
        let first = words.first().map_or("", String::as_str);
        let message = format!(
            "`{}` takes finite numbers, and `{first}` is none",
            axis.name
        );
        let found = Diagnostic::error("sweep/values", message).at(axis.span);
        findings.push(found.hint("words are for places of the file, such as `subject`"));
        return None;
    }
    // Units are checked once, with a value that stands for all.
    binding
        .in_model_units(axis, arm, 1.0, findings)
        .map(|_| binding)
}

impl Binding {
    /// A value of the axis in the model's unit; none when its unit does not fit.
    pub fn in_model_units(
        &self,
        axis: &Axis,
        arm: &Arm,
        value: f64,
        findings: &mut Diagnostics,
    ) -> Option<f64> {
        let wanted = Wanted {
            of: &axis.name,
            unit: unit_of(&arm.model, self.symbol),
            names: &arm.model.unit_definitions,
            molar_mass: None,
            bare: false,
        };
        let scalar = match &axis.form {
            Form::Bare => Scalar::Number(value),
            form => Scalar::Text(form.text(value)),
        };
        let written = At {
            value: scalar,
            span: axis.span,
        };
        wanted.read(&written, findings)
    }
}
