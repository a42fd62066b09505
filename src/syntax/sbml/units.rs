//! Unit definitions.

use super::attribute::Context;
use super::read::listed;
use super::tree::{UnitDefinition, UnitFactor};
use super::xml::Element;

impl Context<'_> {
    pub(super) fn unit_definition(&mut self, element: &Element) -> UnitDefinition {
        UnitDefinition {
            head: self.named(element),
            units: listed(element, "listOfUnits", "unit")
                .filter_map(|unit| self.unit(unit))
                .collect(),
        }
    }

    fn unit(&mut self, element: &Element) -> Option<UnitFactor> {
        let kind = self.required_word(element, "kind")?;
        let offset = self.number(element, "offset").unwrap_or(0.0);
        let exponent = self.unit_number(element, "exponent", 1.0);
        let scale = self.unit_number(element, "scale", 0.0);
        let multiplier = self.unit_number(element, "multiplier", 1.0);
        Some(UnitFactor {
            kind,
            exponent,
            scale,
            multiplier,
            shifted: offset != 0.0,
        })
    }

    fn unit_number(&mut self, element: &Element, name: &str, default: f64) -> f64 {
        if self.is_strict() && element.attribute(name).is_none() {
            self.missing(element, name);
        }
        self.number(element, name).unwrap_or(default)
    }
}
