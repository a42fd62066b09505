//! Names of units: SBML's base names, and the everyday ones with their prefixes.

use super::Unit;
use crate::diag::did_you_mean;

/// The base units that Antimony and SBML know by name, in the singular.
pub const BASE_NAMES: [&str; 33] = [
    "ampere",
    "avogadro",
    "becquerel",
    "candela",
    "coulomb",
    "dimensionless",
    "farad",
    "gram",
    "gray",
    "henry",
    "hertz",
    "item",
    "joule",
    "katal",
    "kelvin",
    "kilogram",
    "litre",
    "lumen",
    "lux",
    "metre",
    "mole",
    "newton",
    "ohm",
    "pascal",
    "radian",
    "second",
    "siemens",
    "sievert",
    "steradian",
    "tesla",
    "volt",
    "watt",
    "weber",
];

/// A unit from powers of metre, kilogram, second, ampere, kelvin, mole, candela, item.
const fn si(powers: [f64; 8], factor: f64) -> Unit {
    Unit { powers, factor }
}

/// The base unit of that name as Antimony and SBML mean it; British and American spelling, plural `s`.
///
/// ```
/// # use insilin::units::base_unit;
/// assert_eq!(base_unit("litres").map(|litre| litre.factor), Some(1e-3));
/// assert_eq!(base_unit("min"), None); // 60 second
/// ```
pub fn base_unit(name: &str) -> Option<Unit> {
    singular(name).or_else(|| {
        let stem = name.strip_suffix('s')?;
        // `luxs` and `siemenss` are typing errors, not plurals.
        let hisses = stem.ends_with(['s', 'x', 'z']);
        (!hisses).then(|| singular(stem)).flatten()
    })
}

/// Source: SBML Level 3 Version 2 Core, table 2; definitions of the SI.
fn singular(name: &str) -> Option<Unit> {
    let unit = match name {
        "ampere" => Unit::base(Unit::AMPERE),
        // The value SBML fixes, not the SI of 2019.
        "avogadro" => Unit::pure(6.022_141_79e23),
        "becquerel" | "hertz" => si([0., 0., -1., 0., 0., 0., 0., 0.], 1.0),
        "candela" | "lumen" => Unit::base(Unit::CANDELA),
        "coulomb" => si([0., 0., 1., 1., 0., 0., 0., 0.], 1.0),
        "dimensionless" | "radian" | "steradian" => Unit::ONE,
        "farad" => si([-2., -1., 4., 2., 0., 0., 0., 0.], 1.0),
        "gram" => Unit::base(Unit::KILOGRAM).scaled(1e-3),
        "gray" | "sievert" => si([2., 0., -2., 0., 0., 0., 0., 0.], 1.0),
        "henry" => si([2., 1., -2., -2., 0., 0., 0., 0.], 1.0),
        "item" => Unit::base(Unit::ITEM),
        "joule" => si([2., 1., -2., 0., 0., 0., 0., 0.], 1.0),
        "katal" => si([0., 0., -1., 0., 0., 1., 0., 0.], 1.0),
        "kelvin" => Unit::base(Unit::KELVIN),
        "kilogram" => Unit::base(Unit::KILOGRAM),
        "litre" | "liter" => si([3., 0., 0., 0., 0., 0., 0., 0.], 1e-3),
        "lux" => si([-2., 0., 0., 0., 0., 0., 1., 0.], 1.0),
        "metre" | "meter" => Unit::base(Unit::METRE),
        "mole" => Unit::base(Unit::MOLE),
        "newton" => si([1., 1., -2., 0., 0., 0., 0., 0.], 1.0),
        "ohm" => si([2., 1., -3., -2., 0., 0., 0., 0.], 1.0),
        "pascal" => si([-1., 1., -2., 0., 0., 0., 0., 0.], 1.0),
        "second" => Unit::base(Unit::SECOND),
        "siemens" => si([-2., -1., 3., 2., 0., 0., 0., 0.], 1.0),
        "tesla" => si([0., 1., -2., -1., 0., 0., 0., 0.], 1.0),
        "volt" => si([2., 1., -3., -1., 0., 0., 0., 0.], 1.0),
        "watt" => si([2., 1., -3., 0., 0., 0., 0., 0.], 1.0),
        "weber" => si([2., 1., -2., -1., 0., 0., 0., 0.], 1.0),
        _ => return None,
    };
    Some(unit)
}

/// The unit of an everyday name: `min`, `µg`, `kcal`, `mM`, `mU`, `%`, and all of [`base_unit`].
///
/// Case matters (`mM` is not `mm`). `U` and `IU` are items with no molar meaning: see [`super::insulin_units`].
/// `MET` is a plain multiple of rest.
pub fn everyday_unit(name: &str) -> Option<Unit> {
    whole(name)
        .or_else(|| prefixed(name))
        .or_else(|| base_unit(name))
}

fn whole(name: &str) -> Option<Unit> {
    let seconds = |count: f64| Some(Unit::base(Unit::SECOND).scaled(count));
    match name {
        "1" | "fraction" | "MET" | "METs" | "rad" => Some(Unit::ONE),
        "%" | "percent" => Some(Unit::pure(0.01)),
        "sec" => seconds(1.0),
        "min" | "mins" | "minute" | "minutes" => seconds(60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => seconds(3600.0),
        "d" | "day" | "days" => seconds(86_400.0),
        "wk" | "week" | "weeks" => seconds(604_800.0),
        // Conventional millimetre of mercury (ISO 80000-4).
        "mmHg" => singular("pascal").map(|pascal| pascal.scaled(133.322_387_415)),
        _ => None,
    }
}

/// Everyday symbols that take a prefix, with the prefixes that make sense for them.
const PREFIXABLE: [(&str, &str); 16] = [
    ("mol", "mµunpf"),
    ("mole", "mµunpf"),
    ("moles", "mµunpf"),
    ("g", "kmµunp"),
    ("L", "dcmµun"),
    ("l", "dcmµun"),
    ("M", "mµunpf"),
    ("m", "kcdmµun"),
    ("s", "mµun"),
    ("J", "kMm"),
    ("W", "kMm"),
    ("cal", "k"),
    ("U", "mµunk"),
    ("IU", "mµunk"),
    ("Pa", "kh"),
    ("V", "mk"),
];

fn prefixed(name: &str) -> Option<Unit> {
    PREFIXABLE.iter().find_map(|(symbol, prefixes)| {
        let prefix = name.strip_suffix(symbol)?;
        let unit = prefixless(symbol)?;
        let mut letters = prefix.chars();
        let Some(letter) = letters.next() else {
            return Some(unit);
        };
        // Greek mu and the micro sign look alike and are both typed.
        let letter = if letter == 'μ' { 'µ' } else { letter };
        let fits = letters.next().is_none() && prefixes.contains(letter);
        fits.then(|| size(letter))
            .flatten()
            .map(|size| unit.scaled(size))
    })
}

fn prefixless(symbol: &str) -> Option<Unit> {
    match symbol {
        "mol" | "mole" | "moles" => Some(Unit::base(Unit::MOLE)),
        "g" => singular("gram"),
        "L" | "l" => singular("litre"),
        "M" => Some(si([-3., 0., 0., 0., 0., 1., 0., 0.], 1000.0)),
        "m" => Some(Unit::base(Unit::METRE)),
        "s" => Some(Unit::base(Unit::SECOND)),
        "J" => singular("joule"),
        "W" => singular("watt"),
        // Thermochemical calorie.
        "cal" => singular("joule").map(|joule| joule.scaled(4.184)),
        "U" | "IU" => Some(Unit::base(Unit::ITEM)),
        "Pa" => singular("pascal"),
        "V" => singular("volt"),
        _ => None,
    }
}

fn size(prefix: char) -> Option<f64> {
    match prefix {
        'M' => Some(1e6),
        'k' => Some(1e3),
        'h' => Some(1e2),
        'd' => Some(1e-1),
        'c' => Some(1e-2),
        'm' => Some(1e-3),
        'µ' | 'u' => Some(1e-6),
        'n' => Some(1e-9),
        'p' => Some(1e-12),
        'f' => Some(1e-15),
        _ => None,
    }
}

/// Names offered when an everyday name is misspelt.
pub(super) const COMMON: [&str; 44] = [
    "s", "min", "h", "d", "week", "g", "mg", "µg", "kg", "mol", "mmol", "µmol", "nmol", "pmol",
    "fmol", "L", "dL", "mL", "m3", "M", "mM", "µM", "nM", "pM", "kcal", "kJ", "J", "W", "MET", "U",
    "mU", "µU", "%", "mmHg", "m", "cm", "m2", "minutes", "hours", "days", "weeks", "litre", "gram",
    "second",
];

/// What to write instead of a unit name that a model file does not know.
///
/// * `known` — names that the file defines
///
/// Everyday names are answered with their definition in base units, misspelt ones with the nearest known name.
/// ```
/// # use insilin::units::suggest_for_model;
/// let none = std::iter::empty::<&str>;
/// assert_eq!(suggest_for_model("mol", none()), Some("mole".to_string()));
/// assert_eq!(suggest_for_model("L", none()), Some("litre".to_string()));
/// assert_eq!(suggest_for_model("min", none()), Some("60 second".to_string()));
/// assert_eq!(suggest_for_model("mM", none()), Some("1e-3 mole / litre".to_string()));
/// assert_eq!(suggest_for_model("secnd", none()), Some("second".to_string()));
/// ```
pub fn suggest_for_model<'a>(
    name: &'a str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(folded) = known.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        return Some((*folded).to_string());
    }
    if let Some(unit) = everyday_unit(name) {
        return Some(in_base_names(&unit));
    }
    let names = known.into_iter().chain(BASE_NAMES);
    let near = did_you_mean(name, names).map(str::to_string);
    let everyday = || everyday_unit(did_you_mean(name, COMMON)?);
    near.or_else(|| everyday().map(|unit| in_base_names(&unit)))
}

/// A definition in words of the language, shortest form for the usual kinds.
fn in_base_names(unit: &Unit) -> String {
    const FORMS: [(&str, &[&str]); 10] = [
        ("second", &["second"]),
        ("gram", &["gram"]),
        ("mole", &["mole"]),
        ("litre", &["litre"]),
        ("metre", &["metre"]),
        ("joule", &["joule"]),
        ("watt", &["watt"]),
        ("item", &["item"]),
        ("dimensionless", &["dimensionless"]),
        ("mole / litre", &["mole", "litre"]),
    ];
    let built = |parts: &[&str]| match parts {
        [one] => singular(one),
        [above, below] => Some(singular(above)?.per(singular(below)?)),
        _ => None,
    };
    for (text, parts) in FORMS {
        let Some(form) = built(parts) else { continue };
        if let Some(count) = super::conversion_factor(unit, &form) {
            return counted(count, text);
        }
    }
    unit.definition()
}

fn counted(count: f64, text: &str) -> String {
    if count == 1.0 {
        text.to_string()
    } else if (0.01..1e6).contains(&count) {
        format!("{count} {text}")
    } else {
        format!("{count:e} {text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_base_name_is_known_in_the_singular_and_plural() {
        for name in BASE_NAMES {
            assert!(base_unit(name).is_some(), "{name}");
        }
        assert_eq!(base_unit("moles"), base_unit("mole"));
        assert_eq!(base_unit("meters"), base_unit("metre"));
        assert_eq!(base_unit("luxs"), None);
        assert_eq!(base_unit("Mole"), None);
        assert_eq!(base_unit(""), None);
    }

    #[test]
    fn derived_si_units_agree_with_their_definitions() {
        // V = W/A, Wb = V·s, T = Wb/m², H = Wb/A, Ω = V/A, S = 1/Ω, F = C/V, Pa = N/m², J = N·m, kat = mol/s.
        let unit = |name| base_unit(name).unwrap();
        let square_metre = unit("metre").power(2.0).unwrap();
        assert_eq!(unit("volt"), unit("watt").per(unit("ampere")));
        assert_eq!(unit("weber"), unit("volt").times(unit("second")));
        assert_eq!(unit("tesla"), unit("weber").per(square_metre));
        assert_eq!(unit("henry"), unit("weber").per(unit("ampere")));
        assert_eq!(unit("ohm"), unit("volt").per(unit("ampere")));
        assert_eq!(unit("siemens"), Unit::ONE.per(unit("ohm")));
        assert_eq!(unit("farad"), unit("coulomb").per(unit("volt")));
        assert_eq!(unit("pascal"), unit("newton").per(square_metre));
        assert_eq!(unit("joule"), unit("newton").times(unit("metre")));
        assert_eq!(unit("katal"), unit("mole").per(unit("second")));
    }

    #[test]
    fn prefixes_and_whole_names_do_not_collide() {
        let factor = |name| everyday_unit(name).map(|unit| unit.factor);
        assert_eq!(factor("min"), Some(60.0));
        assert_eq!(factor("mM"), Some(1.0));
        assert_eq!(factor("mm"), Some(1e-3));
        assert_eq!(factor("µg"), factor("ug"));
        assert_eq!(factor("μg"), factor("µg"));
        assert_eq!(factor("fmol"), Some(1e-15));
        assert_eq!(factor("kcal"), Some(4184.0));
        assert_eq!(factor("kkg"), None);
        assert_eq!(factor("Kg"), None);
        assert_eq!(factor("ks"), None);
    }

    #[test]
    fn all_common_names_are_known() {
        for name in COMMON {
            assert!(crate::units::parse_unit(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn unknown_model_units_get_the_remedy_that_fits() {
        let none = std::iter::empty::<&str>;
        let suggest = |name| suggest_for_model(name, none());
        assert_eq!(suggest("hour").as_deref(), Some("3600 second"));
        assert_eq!(suggest("day").as_deref(), Some("86400 second"));
        assert_eq!(suggest("mmole").as_deref(), Some("1e-3 mole"));
        assert_eq!(suggest("pM").as_deref(), Some("1e-12 mole / litre"));
        assert_eq!(suggest("kg").as_deref(), Some("1000 gram"));
        assert_eq!(suggest("xyzzy"), None);
        assert_eq!(
            suggest_for_model("Per_min", ["per_min"]).as_deref(),
            Some("per_min")
        );
    }
}
