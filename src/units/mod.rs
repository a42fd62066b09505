//! Dimensions, unit names and conversion; reads `"0.6 nM"`.
//!
//! Two vocabularies meet here. Antimony and SBML know the base names of [`base_unit`] and what a file defines from
//! them. Scenario files and figures use everyday spellings (`mg/dL`, `µmol L^-1`, `40 mU/m2/min`), read by
//! [`parse_unit`] and [`parse_quantity`] and written by [`Unit::display`].

mod convert;
mod names;
mod read;
mod show;

pub use convert::{
    INSULIN_MOLES_PER_UNIT, conversion_factor, conversion_factor_by_mass, insulin_units,
};
pub use names::{BASE_NAMES, base_unit, everyday_unit, suggest_for_model};
pub use read::{Quantity, UnitError, parse_quantity, parse_unit, split_quantity};
pub use show::spelled_name;

/// A unit: powers of the SI base kinds, times a factor.
///
/// The kinds are those of SBML: metre, kilogram, second, ampere, kelvin, mole, candela, and item apart from mole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Powers of metre, kilogram, second, ampere, kelvin, mole, candela, item. Halves occur (`sqrt`), so they are f64.
    pub powers: [f64; 8],
    /// How many coherent SI units one of this is.
    pub factor: f64,
}

/// Relative difference below which two factors are the same unit: rounding of a few products, far below any real
/// difference between units.
const FACTOR_TOLERANCE: f64 = 1e-9;

/// Difference below which two powers are the same: thirds and quarters do not add up exactly.
const POWER_TOLERANCE: f64 = 1e-9;

impl Unit {
    /// Position of metre among the powers.
    pub const METRE: usize = 0;
    /// Position of kilogram among the powers.
    pub const KILOGRAM: usize = 1;
    /// Position of second among the powers.
    pub const SECOND: usize = 2;
    /// Position of ampere among the powers.
    pub const AMPERE: usize = 3;
    /// Position of kelvin among the powers.
    pub const KELVIN: usize = 4;
    /// Position of mole among the powers.
    pub const MOLE: usize = 5;
    /// Position of candela among the powers.
    pub const CANDELA: usize = 6;
    /// Position of item among the powers.
    pub const ITEM: usize = 7;

    /// The unit of pure numbers.
    pub const ONE: Unit = Unit {
        powers: [0.0; 8],
        factor: 1.0,
    };

    /// `factor` pure numbers: 0.01 for percent.
    pub const fn pure(factor: f64) -> Self {
        Self {
            powers: [0.0; 8],
            factor,
        }
    }

    /// One base kind by its position ([`Unit::METRE`] … [`Unit::ITEM`]).
    ///
    /// # Panics
    /// When the position is 8 or more.
    pub const fn base(kind: usize) -> Self {
        let mut powers = [0.0; 8];
        powers[kind] = 1.0;
        Self {
            powers,
            factor: 1.0,
        }
    }

    /// The same dimension, `factor` times as large.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            powers: self.powers,
            factor: self.factor * factor,
        }
    }

    /// The product of two units.
    /// ```
    /// # use insilin::units::parse_unit;
    /// let clearance = parse_unit("mL/min")?;
    /// let hour = parse_unit("h")?;
    /// assert!(clearance.times(hour).same(&parse_unit("60 mL")?));
    /// # Ok::<(), insilin::units::UnitError>(())
    /// ```
    #[must_use]
    pub fn times(self, other: Unit) -> Self {
        let mut powers = self.powers;
        for (power, added) in powers.iter_mut().zip(other.powers) {
            *power += added;
        }
        Self {
            powers,
            factor: self.factor * other.factor,
        }
    }

    /// The quotient of two units.
    #[must_use]
    pub fn per(self, other: Unit) -> Self {
        let mut powers = self.powers;
        for (power, taken) in powers.iter_mut().zip(other.powers) {
            *power -= taken;
        }
        Self {
            powers,
            factor: self.factor / other.factor,
        }
    }

    /// The unit to a power; none when the power of its factor is not exact arithmetic.
    ///
    /// Multiples of a quarter up to 1000 always work (products and square roots), any other power works when the
    /// factor is 1, as in kilogram^(2/3).
    #[must_use]
    pub fn power(self, exponent: f64) -> Option<Self> {
        let factor = if self.factor == 1.0 {
            exponent.is_finite().then_some(1.0)?
        } else {
            quarter_power(self.factor, exponent)?
        };
        // A power of minus zero would be zero written in another way.
        let powers = self.powers.map(|power| power * exponent + 0.0);
        Some(Self { powers, factor })
    }

    /// Whether both measure the same kind of thing, whatever their size.
    pub fn same_dimension(&self, other: &Unit) -> bool {
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= POWER_TOLERANCE;
        self.powers.iter().zip(&other.powers).all(near)
    }

    /// Whether both are the same unit up to rounding of the factor.
    pub fn same(&self, other: &Unit) -> bool {
        let apart = (self.factor - other.factor).abs();
        self.same_dimension(other) && apart <= FACTOR_TOLERANCE * self.factor.abs()
    }

    /// Whether it measures pure numbers: percent does, and so does mg/kg.
    pub fn is_dimensionless(&self) -> bool {
        self.same_dimension(&Unit::ONE)
    }
}

/// `base` to a multiple of a quarter, by products and square roots; none for other exponents.
fn quarter_power(base: f64, exponent: f64) -> Option<f64> {
    let quarters = exponent * 4.0;
    if quarters.fract() != 0.0 || quarters.abs() > 4000.0 {
        return None;
    }
    let whole = (quarters.abs() / 4.0).trunc();
    let rest = quarters.abs() - 4.0 * whole;
    let mut value = 1.0;
    let mut done = 0.0;
    while done < whole {
        value *= base;
        done += 1.0;
    }
    let root = base.sqrt();
    value *= match rest as u8 {
        0 => 1.0,
        1 => root.sqrt(),
        2 => root,
        _ => root * root.sqrt(),
    };
    Some(if quarters < 0.0 { 1.0 / value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> Unit {
        parse_unit(text).unwrap()
    }

    #[test]
    fn products_and_quotients_undo_each_other() {
        for (a, b) in [("mg/dL", "kg"), ("pmol/L", "min"), ("mmHg", "mU/m2/min")] {
            assert!(
                unit(a).times(unit(b)).per(unit(b)).same(&unit(a)),
                "{a} {b}"
            );
        }
    }

    #[test]
    fn powers_cover_the_factor() {
        // 1 h^2 = 3600^2 s^2; sqrt(cm^2) = 0.01 m.
        let hours = unit("h").power(2.0).unwrap();
        assert_eq!(
            (hours.factor, hours.powers[Unit::SECOND]),
            (12_960_000.0, 2.0)
        );
        assert!(unit("cm2").power(0.5).unwrap().same(&unit("cm")));
        assert!(
            unit("g")
                .power(0.75)
                .unwrap()
                .power(4.0)
                .unwrap()
                .same(&unit("g3"))
        );
        assert_eq!(unit("g").power(0.7), None);
        assert!(unit("kg").power(0.7).is_some());
        assert_eq!(unit("min").power(f64::NAN), None);
    }

    #[test]
    fn dimension_and_size_are_told_apart() {
        assert!(unit("mg/dL").same_dimension(&unit("g/L")));
        assert!(!unit("mg/dL").same(&unit("g/L")));
        assert!(!unit("mg/dL").same_dimension(&unit("mmol/L")));
        assert!(unit("mg/kg").is_dimensionless() && unit("%").is_dimensionless());
        assert!(!unit("item").same_dimension(&unit("mol")));
    }
}
