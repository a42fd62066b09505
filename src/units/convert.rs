//! From one unit to another: by dimension, by molar mass, by the insulin standard.

use super::{POWER_TOLERANCE, Unit};

/// Moles in one unit of insulin: 6.0 nmol, that is 6.0 pmol/L per µU/mL.
///
/// The World Health Organization's standard for human insulin; assays converted at 6.945 read 14 % lower in µU.
/// Source: Knopp, Holder-Pearson, Chase 2019, J Diabetes Sci Technol 13:597–600.
pub const INSULIN_MOLES_PER_UNIT: f64 = 6.0e-9;

/// How many `to` one `from` is; none when they differ in dimension.
///
/// The quotient is freed of rounding noise: nmol/L to pmol/L is 1000, to the last bit.
/// ```
/// # use insilin::units::{conversion_factor, parse_unit};
/// let factor = conversion_factor(&parse_unit("nM")?, &parse_unit("pmol/L")?);
/// assert_eq!(factor, Some(1000.0));
/// # Ok::<(), insilin::units::UnitError>(())
/// ```
pub fn conversion_factor(from: &Unit, to: &Unit) -> Option<f64> {
    from.same_dimension(to)
        .then(|| tidy(from.factor / to.factor))
}

/// How many `to` one `from` is when masses of one substance may be counted in moles.
///
/// * `molar_mass` — g/mol, > 0: 180.156 for glucose
///
/// None when the units differ in more than mass against amount of substance.
/// ```
/// # use insilin::units::{conversion_factor_by_mass, parse_unit};
/// let factor = conversion_factor_by_mass(&parse_unit("mg/dL")?, &parse_unit("mmol/L")?, 180.156);
/// assert!((factor.unwrap() - 1.0 / 18.0156).abs() < 1e-15);
/// # Ok::<(), insilin::units::UnitError>(())
/// ```
pub fn conversion_factor_by_mass(from: &Unit, to: &Unit, molar_mass: f64) -> Option<f64> {
    let exchanged = to.powers[Unit::MOLE] - from.powers[Unit::MOLE];
    let kilogram_per_mole = Unit::base(Unit::KILOGRAM)
        .per(Unit::base(Unit::MOLE))
        .scaled(molar_mass / 1000.0);
    if exchanged.abs() <= POWER_TOLERANCE {
        return conversion_factor(from, to);
    }
    conversion_factor(&from.per(kilogram_per_mole.power(exchanged)?), to)
}

/// The unit with every insulin unit (`U`, read as item) counted as [`INSULIN_MOLES_PER_UNIT`] moles.
///
/// Asked for by name, because a unit of heparin or of an enzyme is something else.
/// ```
/// # use insilin::units::{conversion_factor, insulin_units, parse_unit};
/// let milli = insulin_units(parse_unit("mU/L")?);
/// assert_eq!(conversion_factor(&milli, &parse_unit("pmol/L")?), Some(6.0));
/// # Ok::<(), insilin::units::UnitError>(())
/// ```
#[must_use]
pub fn insulin_units(unit: Unit) -> Unit {
    let count = unit.powers[Unit::ITEM];
    let per_unit = Unit::base(Unit::MOLE)
        .per(Unit::base(Unit::ITEM))
        .scaled(INSULIN_MOLES_PER_UNIT);
    match per_unit.power(count) {
        Some(exchange) => {
            let mut exchanged = unit.times(exchange);
            exchanged.powers[Unit::ITEM] = 0.0;
            exchanged
        }
        None => unit,
    }
}

/// The shortest decimal within a few units in the last place, else the number itself.
///
/// Factors of units are products of powers of ten; what they miss of a short decimal is rounding, and would show as
/// 1000.0000000000001 in every converted column.
pub(super) fn tidy(value: f64) -> f64 {
    let short: f64 = format!("{value:.12e}").parse().unwrap_or(value);
    let near = (short - value).abs() <= 8.0 * f64::EPSILON * value.abs();
    if near { short } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::parse_unit;

    fn check(from: &str, to: &str, expected: f64) {
        let factor = conversion_factor(&parse_unit(from).unwrap(), &parse_unit(to).unwrap());
        let factor = factor.unwrap_or_else(|| panic!("{from} and {to} differ in dimension"));
        let apart = (factor - expected).abs() / expected;
        assert!(apart <= 1e-15, "{from} to {to}: {factor}, not {expected}");
    }

    #[test]
    fn everyday_conversions_are_exact() {
        check("mg/dL", "g/L", 0.01);
        check("mM", "mmol/L", 1.0);
        check("pmol/L", "nM", 0.001);
        check("1/min", "1/h", 60.0);
        check("kcal", "kJ", 4.184);
        check("week", "min", 10_080.0);
        check("mg/kg/min", "1/min", 1e-6);
        check("dL/kg", "L/kg", 0.1);
        check("W", "kJ/min", 0.06);
        check("70 %", "1", 0.7);
    }

    #[test]
    fn dimensions_that_differ_do_not_convert() {
        let unit = |text| parse_unit(text).unwrap();
        assert_eq!(conversion_factor(&unit("mg/dL"), &unit("mmol/L")), None);
        assert_eq!(conversion_factor(&unit("mU/L"), &unit("pmol/L")), None);
        let by_mass = conversion_factor_by_mass(&unit("mg/dL"), &unit("mmol"), 180.156);
        assert_eq!(by_mass, None);
    }

    #[test]
    fn mass_and_amount_convert_both_ways() {
        let unit = |text| parse_unit(text).unwrap();
        let to = conversion_factor_by_mass(&unit("g"), &unit("mmol"), 180.156).unwrap();
        let back = conversion_factor_by_mass(&unit("mmol"), &unit("g"), 180.156).unwrap();
        assert!((to - 5.550_744_9).abs() < 1e-7, "{to}");
        assert!((to * back - 1.0).abs() < 1e-15);
        let per_mass = conversion_factor_by_mass(&unit("L/mmol"), &unit("L/g"), 180.156).unwrap();
        assert!((per_mass - to).abs() < 1e-14);
        let same = conversion_factor_by_mass(&unit("mg"), &unit("g"), 180.156);
        assert_eq!(same, Some(0.001));
    }

    #[test]
    fn insulin_converts_only_when_asked() {
        let clamp = insulin_units(parse_unit("40 mU/m2/min").unwrap());
        let target = parse_unit("pmol/m2/min").unwrap();
        assert_eq!(conversion_factor(&clamp, &target), Some(240.0));
        let none = parse_unit("pmol/L").unwrap();
        assert_eq!(insulin_units(none), none);
    }
}
