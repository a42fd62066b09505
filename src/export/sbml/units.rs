//! Units of a model as unit definitions.

use crate::units::{BASE_NAMES, Unit, base_unit};

use super::xml::{Element, number};

/// Names of the base kinds in the order of their powers.
const KINDS: [&str; 8] = [
    "metre", "kilogram", "second", "ampere", "kelvin", "mole", "candela", "item",
];

/// A definition that reads back to the same unit, to the last bit of its factor.
pub(super) fn definition(id: &str, unit: Unit) -> Element {
    let mut factors: Vec<Element> = Vec::new();
    let parts = parts(unit);
    for (kind, exponent, multiplier) in parts {
        factors.push(
            Element::new("unit")
                .with("kind", kind)
                .with("exponent", number(exponent))
                .with("scale", "0")
                .with("multiplier", number(multiplier)),
        );
    }
    Element::new("unitDefinition")
        .with("id", id)
        .list("listOfUnits", factors)
}

/// Kinds with exponent and multiplier, in an order in which their product is the unit exactly.
fn parts(unit: Unit) -> Vec<(&'static str, f64, f64)> {
    let kinds = KINDS.iter().zip(unit.powers);
    let plain: Vec<(&str, f64, f64)> = kinds
        .filter(|(_, power)| *power != 0.0)
        .map(|(kind, power)| (*kind, power, 1.0))
        .collect();
    if unit.factor == 1.0 && !plain.is_empty() {
        return plain;
    }
    with_factor_in_one(&plain, unit).unwrap_or_else(|| {
        let mut parts = vec![("dimensionless", 1.0, unit.factor)];
        parts.extend(plain);
        parts
    })
}

/// The factor as the multiplier of one kind, as people write it: `60 second`, `1/(60 second)`, `1e-3 mole`.
fn with_factor_in_one(
    plain: &[(&'static str, f64, f64)],
    unit: Unit,
) -> Option<Vec<(&'static str, f64, f64)>> {
    let multipliers = |power: f64| match power {
        1.0 => vec![unit.factor],
        // The inverse of a sixtieth may be off 60 by a rounding.
        -1.0 => vec![short(1.0 / unit.factor), 1.0 / unit.factor],
        _ => Vec::new(),
    };
    for at in 0..plain.len() {
        for multiplier in multipliers(plain[at].1) {
            let mut parts = plain.to_vec();
            parts[at].2 = multiplier;
            if product(&parts) == Some(unit) {
                return Some(parts);
            }
        }
    }
    None
}

/// The unit that the parts are read as.
fn product(parts: &[(&str, f64, f64)]) -> Option<Unit> {
    parts.iter().try_fold(Unit::ONE, |product, part| {
        let factor = base_unit(part.0)?.scaled(part.2).power(part.1)?;
        Some(product.times(factor))
    })
}

/// The nearest number of twelve digits.
fn short(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// Whether SBML knows the name without a definition.
pub(super) fn is_base(name: &str) -> bool {
    BASE_NAMES.contains(&name)
}
