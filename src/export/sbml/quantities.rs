//! Compartments, species, parameters.

use crate::model::{InitialValue, Symbol};

use super::Writer;
use super::xml::{Element, flag, number};

impl Writer<'_> {
    pub(super) fn compartments(&self) -> Vec<Element> {
        let compartments = self.model.compartments.iter().enumerate();
        compartments
            .map(|(at, compartment)| {
                // A point has no size of its own; readers take it as one.
                let is_point = compartment.dimensions == 0.0 && compartment.size == Some(1.0);
                let size = compartment.size.filter(|_| !is_point);
                self.symbol_head("compartment", Symbol::Compartment(at))
                    .with("spatialDimensions", number(compartment.dimensions))
                    .maybe("size", size.map(number))
                    .maybe("units", compartment.unit.map(|unit| self.unit(unit)))
                    .with("constant", flag(compartment.constant))
            })
            .collect()
    }

    pub(super) fn species(&self) -> Vec<Element> {
        let all = self.model.species.iter().enumerate();
        all.map(|(at, species)| {
            let (amount, concentration) = match species.initial {
                Some(InitialValue::Amount(value)) => (Some(value), None),
                Some(InitialValue::Concentration(value)) => (None, Some(value)),
                None => (None, None),
            };
            let place = Symbol::Compartment(species.compartment);
            let factor = species.conversion_factor.map(Symbol::Parameter);
            self.symbol_head("species", Symbol::Species(at))
                .with("compartment", self.ids.symbol(place))
                .maybe("initialAmount", amount.map(number))
                .maybe("initialConcentration", concentration.map(number))
                .maybe(
                    "substanceUnits",
                    species.substance_unit.map(|unit| self.unit(unit)),
                )
                .with("hasOnlySubstanceUnits", flag(species.only_substance_units))
                .with("boundaryCondition", flag(species.boundary))
                .with("constant", flag(species.constant))
                .maybe("conversionFactor", factor.map(|f| self.ids.symbol(f)))
        })
        .collect()
    }

    pub(super) fn parameters(&mut self) -> Vec<Element> {
        let parameters = self.model.parameters.iter().enumerate();
        let written = parameters.map(|(at, parameter)| {
            self.symbol_head("parameter", Symbol::Parameter(at))
                .maybe("value", parameter.value.map(number))
                .maybe("units", parameter.unit.map(|unit| self.unit(unit)))
                .with("constant", flag(parameter.constant))
        });
        let mut written: Vec<Element> = written.collect();
        written.append(&mut self.added.parameters);
        written
    }
}
