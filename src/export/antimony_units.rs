//! Names for the units of a model's elements.

use indexmap::IndexMap;

use crate::model::lower::volume_unit;
use crate::model::{Model, Species};
use crate::units::{Unit, base_unit};

/// Base units in the order in which a name is looked for.
const BASE: [&str; 12] = [
    "dimensionless",
    "litre",
    "mole",
    "second",
    "gram",
    "kilogram",
    "metre",
    "item",
    "joule",
    "kelvin",
    "watt",
    "pascal",
];

/// Unit definitions of a model, with those that had to be made up.
pub(super) struct Units<'a> {
    model: &'a Model,
    made: IndexMap<String, Unit>,
}

impl<'a> Units<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        Self {
            model,
            made: IndexMap::new(),
        }
    }

    /// A name for a unit: a definition of the model, a base unit, or a new definition.
    pub(super) fn name(&mut self, unit: Unit) -> String {
        self.known(&|named| named == unit)
            .or_else(|| self.known(&|named| named.same(&unit)))
            .unwrap_or_else(|| self.make(unit))
    }

    /// As [`Units::name`]; a definition that has to be made is called `wanted` where that is free.
    pub(super) fn name_or(&mut self, unit: Unit, wanted: &str) -> String {
        let known = self.known(&|named| named == unit);
        known.unwrap_or_else(|| {
            if self.is_defined(wanted) {
                return self.make(unit);
            }
            self.made.insert(wanted.to_string(), unit);
            wanted.to_string()
        })
    }

    /// Whether a name is defined, by the model or made up.
    pub(super) fn is_defined(&self, name: &str) -> bool {
        self.model.unit_definitions.contains_key(name) || self.made.contains_key(name)
    }

    /// All definitions, those of the model first.
    pub(super) fn all(&self) -> Vec<(String, Unit)> {
        let all = self.model.unit_definitions.iter().chain(&self.made);
        all.map(|(name, unit)| (name.clone(), *unit)).collect()
    }

    /// The unit to write behind a species: of its concentration, or of its amount when it counts amounts.
    pub(super) fn of_species(&mut self, species: &Species) -> Option<String> {
        let substance = species.substance_unit?;
        if species.only_substance_units {
            return Some(self.name(substance));
        }
        let size = volume_unit(self.model, species.compartment);
        // The reader multiplies again, so what counts is the product, to the last bit.
        let known = self
            .known(&|named| named.times(size) == substance)
            .or_else(|| self.known(&|named| named.times(size).same(&substance)));
        Some(known.unwrap_or_else(|| self.make(substance.per(size))))
    }

    fn known(&self, fits: &dyn Fn(Unit) -> bool) -> Option<String> {
        let defined = self.model.unit_definitions.iter().chain(&self.made);
        let mut defined = defined.filter(|(_, unit)| fits(**unit));
        if let Some((name, _)) = defined.next() {
            return Some(name.clone());
        }
        let base = BASE
            .iter()
            .filter_map(|name| Some((name, base_unit(name)?)));
        let mut base = base.filter(|(name, unit)| {
            !self.model.unit_definitions.contains_key(**name) && fits(*unit)
        });
        base.next().map(|(name, _)| (*name).to_string())
    }

    fn make(&mut self, unit: Unit) -> String {
        let taken = |name: &String| self.is_defined(name);
        let name = (1..)
            .map(|number| format!("unit_{number}"))
            .find(|name| !taken(name))
            .expect("numbers do not run out before names do");
        self.made.insert(name.clone(), unit);
        name
    }

    /// All definitions as statements, the model-wide ones first.
    pub(super) fn definitions(&self) -> Vec<String> {
        let wide = self.wide().into_iter();
        let wide = wide.filter_map(|(name, unit)| Some((name.to_string(), unit?)));
        let named = self.model.unit_definitions.iter().chain(&self.made);
        let named = named.map(|(name, unit)| (self.antimony(name), *unit));
        // What is said for the whole model already is no second definition.
        let named = named.filter(|(name, _)| self.wide_unit(name).is_none());
        let all = wide.chain(named);
        all.map(|(name, unit)| format!("unit {name} = {};", unit.definition()))
            .collect()
    }

    /// The name of a definition in Antimony, where some names speak of the whole model.
    pub(super) fn antimony(&self, name: &str) -> String {
        let is_wide = self.wide().iter().any(|(wide, _)| *wide == name);
        let own = self.model.unit_definitions.get(name);
        if !is_wide || own.is_none() || self.wide_unit(name) == own.copied() {
            return name.to_string();
        }
        let mut other = format!("{name}_");
        while self.is_defined(&other) {
            other.push('_');
        }
        other
    }

    fn wide_unit(&self, name: &str) -> Option<Unit> {
        let wide = self.wide().into_iter();
        wide.filter(|(wide, _)| *wide == name)
            .find_map(|(_, unit)| unit)
    }

    /// Names that Antimony keeps for units of the whole model, with those.
    fn wide(&self) -> [(&'static str, Option<Unit>); 6] {
        let units = &self.model.units;
        [
            ("time_unit", units.time),
            ("substance", units.substance),
            ("extent", units.extent),
            ("volume", units.volume),
            ("area", units.area),
            ("length", units.length),
        ]
    }
}
