//! Units that measure another kind of thing than what they are given to. They decide no number: warnings.

use crate::diag::Diagnostic;
use crate::syntax::sbml::tree::Word;
use crate::units::Unit;

use super::Lowering;

/// What a unit can be given to.
#[derive(Clone, Copy)]
enum Kind {
    Substance,
    Time,
    /// Of so many dimensions of space.
    Size(i32),
}

impl Lowering<'_> {
    /// Says which units of substance, time and size are none.
    pub(super) fn unit_kinds(&mut self) {
        const WIDE: [Kind; 6] = [
            Kind::Substance,
            Kind::Time,
            Kind::Size(3),
            Kind::Size(2),
            Kind::Size(1),
            Kind::Substance,
        ];
        let tree = self.tree;
        for (word, kind) in tree.units.iter().zip(WIDE) {
            self.unit_kind(word.as_ref(), kind, "the model");
        }
        for species in &tree.species {
            let owner = format!("`{}`", species.head.id);
            self.unit_kind(species.substance_units.as_ref(), Kind::Substance, &owner);
        }
        for place in &tree.compartments {
            let owner = format!("`{}`", place.head.id);
            for dimensions in 1..=3 {
                if place.dimensions == f64::from(dimensions) {
                    self.unit_kind(place.units.as_ref(), Kind::Size(dimensions), &owner);
                }
            }
        }
    }

    fn unit_kind(&mut self, word: Option<&Word>, kind: Kind, owner: &str) {
        let Some((word, Some(unit))) = word.map(|word| (word, self.unit(Some(word)))) else {
            return;
        };
        if unit.is_dimensionless() || fits(unit, kind) {
            return;
        }
        let (what, hint) = match kind {
            Kind::Substance => (
                "an amount of substance",
                "amounts are in `mole`, `item`, `gram`",
            ),
            Kind::Time => ("a time", "times are in `second`, or made of it"),
            Kind::Size(_) => (
                "a size of so many dimensions",
                "sizes are in `litre` or a power of `metre`, as many as the dimensions",
            ),
        };
        let message = format!(
            "the unit `{}` of {owner} does not measure {what}",
            word.text
        );
        let told = Diagnostic::warning("units/unsuitable", message).at(word.span);
        self.found
            .push(told.hint(format!("{hint}; `dimensionless` always fits")));
    }
}

fn fits(unit: Unit, kind: Kind) -> bool {
    let measures = |base: usize| unit.same_dimension(&Unit::base(base));
    match kind {
        Kind::Substance => [Unit::MOLE, Unit::ITEM, Unit::KILOGRAM]
            .into_iter()
            .any(measures),
        Kind::Time => measures(Unit::SECOND),
        Kind::Size(dimensions) => Unit::base(Unit::METRE)
            .power(f64::from(dimensions))
            .is_some_and(|size| unit.same_dimension(&size)),
    }
}
