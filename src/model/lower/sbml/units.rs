//! Unit definitions and references to units.

use crate::diag::{Diagnostic, did_you_mean};
use crate::syntax::sbml::tree::{UnitDefinition, UnitFactor, Word};
use crate::units::{BASE_NAMES, Unit, base_unit};

use super::Lowering;

impl Lowering<'_> {
    pub(super) fn define_units(&mut self) {
        for definition in &self.tree.unit_definitions {
            let id = &definition.head.id;
            if self.units.contains_key(id) {
                let message = format!("a second unit `{id}`");
                let hint = "rename one of them";
                self.error("model/sbml-id-twice", message, definition.head.span, hint);
                continue;
            }
            let unit = self.unit_of(definition);
            self.units.insert(id.clone(), unit);
            if let Some(unit) = unit {
                self.model.unit_definitions.insert(id.clone(), unit);
            }
        }
    }

    fn unit_of(&mut self, definition: &UnitDefinition) -> Option<Unit> {
        let mut unit = Unit::ONE;
        for factor in &definition.units {
            unit = unit.times(self.factor(factor, definition)?);
        }
        if unit.factor.is_finite() && unit.factor > 0.0 {
            return Some(unit);
        }
        self.unusable(definition, "has no positive, finite size");
        None
    }

    fn factor(&mut self, factor: &UnitFactor, definition: &UnitDefinition) -> Option<Unit> {
        if factor.shifted || (self.level == 2 && factor.kind.text == "Celsius") {
            self.unusable(definition, "is shifted, as temperatures in Celsius are");
            return None;
        }
        let Some(base) = base_unit(&factor.kind.text) else {
            let kind = &factor.kind.text;
            let told =
                Diagnostic::error("units/unknown", format!("there is no base unit `{kind}`"));
            let told = told.at(factor.kind.span);
            self.found.push(match did_you_mean(kind, BASE_NAMES) {
                Some(near) => told.hint(format!("did you mean `{near}`?")),
                None => {
                    told.hint("units are made of SBML's base units, such as `second` and `mole`")
                }
            });
            return None;
        };
        self.check_level(&factor.kind);
        // Read as a decimal text: exact for every power of ten that has an exact value.
        let ten: f64 = format!("1e{}", factor.scale).parse().unwrap_or(f64::NAN);
        let powered = base.scaled(ten * factor.multiplier).power(factor.exponent);
        if powered.is_none() {
            self.unusable(definition, "has a power that is not followed here");
        }
        powered
    }

    /// Names of base units come and go with the levels; what they mean is plain all the same.
    fn check_level(&mut self, kind: &Word) {
        let (instead, is_known) = match kind.text.as_str() {
            "avogadro" => ("Level 3 has it", self.level > 2),
            "liter" => ("write `litre`", false),
            "meter" => ("write `metre`", false),
            _ => return,
        };
        if !is_known {
            let message = format!("`{}` is no base unit of Level {}", kind.text, self.level);
            let told = Diagnostic::warning("units/unknown", message).at(kind.span);
            self.found.push(told.hint(instead));
        }
    }

    /// Units decide no number: one that cannot be had is left open.
    fn unusable(&mut self, definition: &UnitDefinition, why: &str) {
        let message = format!("the unit `{}` {why} and is not used", definition.head.id);
        let told = Diagnostic::warning("units/unusable", message);
        self.found.push(
            told.at(definition.head.span)
                .hint("nothing needs to be done: units decide no number"),
        );
    }

    /// The unit of a name: defined here, given by Level 2, or a base unit.
    pub(super) fn unit(&mut self, word: Option<&Word>) -> Option<Unit> {
        let word = word?;
        if let Some(unit) = self.units.get(&word.text) {
            return *unit;
        }
        let unit = self.given(&word.text).or_else(|| base_unit(&word.text));
        if unit.is_none() {
            // A warning: units decide no number of an SBML model.
            let told =
                Diagnostic::warning("units/unknown", format!("there is no unit `{}`", word.text));
            let near = did_you_mean(&word.text, self.units.keys().map(String::as_str));
            let told = super::super::builder::with_near(told.at(word.span), near);
            self.found.push(match told.hint {
                Some(_) => told,
                None => told.hint("define it in `listOfUnitDefinitions`; units decide no number"),
            });
        }
        self.units.insert(word.text.clone(), unit);
        unit
    }

    /// Units that Level 2 knows without a definition.
    fn given(&self, name: &str) -> Option<Unit> {
        if self.level > 2 {
            return None;
        }
        let metre = Unit::base(Unit::METRE);
        match name {
            "substance" => Some(Unit::base(Unit::MOLE)),
            "time" => Some(Unit::base(Unit::SECOND)),
            "volume" => base_unit("litre"),
            "area" => Some(metre.times(metre)),
            "length" => Some(metre),
            _ => None,
        }
    }

    pub(super) fn model_wide_units(&mut self) {
        let names = ["substance", "time", "volume", "area", "length", "substance"];
        let mut units = [None; 6];
        for (at, unit) in units.iter_mut().enumerate() {
            *unit = if self.level > 2 {
                let word = self.tree.units[at].clone();
                self.unit(word.as_ref())
            } else {
                let defined = self.units.get(names[at]).copied();
                defined.unwrap_or_else(|| self.given(names[at]))
            };
        }
        let [substance, time, volume, area, length, extent] = units;
        self.model.units = crate::model::ModelUnits {
            time,
            substance,
            extent,
            volume,
            area,
            length,
        };
    }
}
