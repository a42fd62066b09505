//! The unit of every named quantity, as far as its parts are declared.

use super::{Model, Symbol};
use crate::units::Unit;

impl Model {
    /// Unit of a symbol's value; none when it, or a part that it is made of, is undeclared.
    ///
    /// A species is its amount, or its amount per size; a reaction is extent per time.
    pub fn unit_of(&self, symbol: Symbol) -> Option<Unit> {
        match symbol {
            Symbol::Compartment(at) => self.size_unit(at),
            Symbol::Parameter(at) => self.parameters[at].unit,
            Symbol::Species(at) => {
                let substance = self.amount_unit(at)?;
                if self.species[at].only_substance_units {
                    return Some(substance);
                }
                Some(substance.per(self.size_unit(self.species[at].compartment)?))
            }
            Symbol::Reaction(_) => Some(self.units.extent?.per(self.units.time?)),
            Symbol::Stoichiometry(_) | Symbol::Argument(_) => None,
        }
    }

    /// Unit of a species' amount.
    pub fn amount_unit(&self, species: usize) -> Option<Unit> {
        self.species[species]
            .substance_unit
            .or(self.units.substance)
    }

    /// Unit of a compartment's size: its own, else the model's for its dimensions.
    pub fn size_unit(&self, compartment: usize) -> Option<Unit> {
        let compartment = &self.compartments[compartment];
        let dimensions = compartment.dimensions;
        compartment.unit.or(if dimensions == 3.0 {
            self.units.volume
        } else if dimensions == 2.0 {
            self.units.area
        } else if dimensions == 1.0 {
            self.units.length
        } else {
            None
        })
    }
}
