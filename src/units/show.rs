//! Units as text: the spelling readers expect on an axis, and the definition a model file needs.

use std::sync::LazyLock;

use indexmap::IndexMap;

use super::{Unit, parse_unit};

/// Spellings in order of preference; of several that mean one unit the first is used.
const USUAL: [&str; 91] = [
    "s",
    "min",
    "h",
    "d",
    "week",
    "ms",
    "1/s",
    "1/min",
    "1/h",
    "1/d",
    "1/week",
    "%",
    "mg/kg",
    "mg/kg/min",
    "kg",
    "g",
    "mg",
    "µg",
    "ng",
    "pg",
    "mol",
    "mmol",
    "µmol",
    "nmol",
    "pmol",
    "fmol",
    "L",
    "dL",
    "mL",
    "µL",
    "m3",
    "mol/L",
    "mmol/L",
    "µmol/L",
    "nmol/L",
    "pmol/L",
    "fmol/L",
    "g/L",
    "g/dL",
    "mg/dL",
    "mg/L",
    "ng/mL",
    "pg/mL",
    "J",
    "kJ",
    "MJ",
    "kcal",
    "W",
    "kJ/min",
    "kJ/h",
    "kJ/d",
    "kcal/d",
    "kcal/h",
    "kcal/min",
    "kJ/g",
    "kcal/g",
    "kJ/kg",
    "mmHg",
    "Pa",
    "kPa",
    "m",
    "cm",
    "mm",
    "µm",
    "m2",
    "cm2",
    "kg/m2",
    "L/kg",
    "dL/kg",
    "mL/kg",
    "mol/kg",
    "mmol/kg",
    "µmol/kg",
    "nmol/kg",
    "pmol/kg",
    "pmol/m2",
    "L/mol",
    "L/mmol",
    "L/µmol",
    "L/nmol",
    "L/pmol",
    "dL/mg",
    "L/mg",
    "L/g",
    "m/s",
    "V",
    "mV",
    "kJ/mol",
    "item",
    "item/L",
    "1/L",
];

static SPELLINGS: LazyLock<Vec<(&str, Unit)>> = LazyLock::new(|| {
    let read = |text: &&'static str| Some((*text, parse_unit(text).ok()?));
    USUAL.iter().filter_map(read).collect()
});

/// Denominators tried on units that have no spelling of their own.
const DENOMINATORS: [&str; 8] = ["min", "h", "d", "s", "kg/min", "kg", "m2/min", "kg/h"];

impl Unit {
    /// The unit as text for axes and tables: `mg/dL`, `1/min`, `%`, and nothing for pure numbers.
    ///
    /// * `names` — the unit definitions of the model the number comes from
    ///
    /// A definition whose name spells the unit is shown as its author meant it (`mg_per_kg_per_min` as `mg/kg/min`):
    /// mass per mass has no dimension left to tell it by. Else the usual spelling, else the author's name, else base
    /// symbols with the factor in front.
    /// ```
    /// # use indexmap::IndexMap;
    /// # use insilin::units::{Unit, parse_unit};
    /// let names = IndexMap::from([("per_min".to_string(), parse_unit("1/min")?)]);
    /// assert_eq!(parse_unit("min^-1")?.display(&names), "1/min");
    /// assert_eq!(Unit::ONE.display(&names), "");
    /// # Ok::<(), insilin::units::UnitError>(())
    /// ```
    pub fn display(&self, names: &IndexMap<String, Unit>) -> String {
        if self.same(&Unit::ONE) {
            return String::new();
        }
        let own = || names.iter().filter(|(_, unit)| self.same(unit));
        let spelled = own().map(|(name, _)| spelled_name(name));
        let speaking = spelled.filter(|text| parse_unit(text).is_ok_and(|unit| unit.same(self)));
        speaking
            .into_iter()
            .next()
            .or_else(|| usual(self))
            .or_else(|| {
                let mut named = own().filter(|(name, _)| !is_model_wide(name));
                named.next().map(|(name, _)| spelled_name(name))
            })
            .unwrap_or_else(|| self.in_symbols())
    }

    /// The unit as a formula of a model file, over base names: `60.0 dimensionless * second` for a minute.
    ///
    /// Reading it back gives the same powers and the same factor, to the last bit.
    pub fn definition(&self) -> String {
        const NAMES: [&str; 8] = [
            "metre", "kilogram", "second", "ampere", "kelvin", "mole", "candela", "item",
        ];
        let mut text = if self.factor == 1.0 {
            String::new()
        } else {
            // The number carries its own unit, so that it never falls under an exponent.
            format!("{:?} dimensionless", self.factor)
        };
        for (name, &power) in NAMES.iter().zip(&self.powers) {
            if power == 0.0 {
                continue;
            }
            if !text.is_empty() {
                text.push_str(" * ");
            }
            text.push_str(name);
            if power != 1.0 {
                text.push_str(&format!("^{power}"));
            }
        }
        if text.is_empty() {
            text.push_str("dimensionless");
        }
        text
    }

    /// Base symbols, the factor in front: `2.5e-7 kg/m^3/s`.
    fn in_symbols(&self) -> String {
        const SYMBOLS: [&str; 8] = ["m", "kg", "s", "A", "K", "mol", "cd", "item"];
        let raised = |symbol: &str, power: f64| {
            if power == 1.0 {
                symbol.to_string()
            } else {
                format!("{symbol}^{power}")
            }
        };
        let parts = SYMBOLS.iter().zip(self.powers);
        let above: Vec<String> = parts
            .clone()
            .filter(|(_, power)| *power > 0.0)
            .map(|(symbol, power)| raised(symbol, power))
            .collect();
        let below: String = parts
            .filter(|(_, power)| *power < 0.0)
            .map(|(symbol, power)| format!("/{}", raised(symbol, -power)))
            .collect();
        let above = if above.is_empty() && !below.is_empty() {
            "1".to_string()
        } else {
            above.join("*")
        };
        let factor = super::convert::tidy(self.factor);
        if factor == 1.0 {
            return format!("{above}{below}");
        }
        format!("{factor:?} {above}{below}").trim_end().to_string()
    }
}

fn usual(unit: &Unit) -> Option<String> {
    if let Some(text) = exactly(unit) {
        return Some(text.to_string());
    }
    DENOMINATORS.iter().find_map(|below| {
        let above = unit.times(parse_unit(below).ok()?);
        Some(format!("{}/{below}", exactly(&above)?))
    })
}

fn exactly(unit: &Unit) -> Option<&'static str> {
    let found = SPELLINGS.iter().find(|(_, spelled)| spelled.same(unit));
    found.map(|(text, _)| *text)
}

/// Names that set the units of a whole model say nothing about the unit itself.
fn is_model_wide(name: &str) -> bool {
    matches!(
        name,
        "substance" | "extent" | "time_unit" | "time" | "volume" | "area" | "length"
    )
}

/// The text behind a definition's name: `mg_per_dL` is `mg/dL`, `per_min` is `1/min`, `umol_per_L` is `µmol/L`.
/// ```
/// # use insilin::units::spelled_name;
/// assert_eq!(spelled_name("mg_per_kg_per_min"), "mg/kg/min");
/// assert_eq!(spelled_name("percent"), "%");
/// assert_eq!(spelled_name("per_minute"), "1/min");
/// assert_eq!(spelled_name("picomolar"), "picomolar");
/// ```
pub fn spelled_name(name: &str) -> String {
    if name == "percent" {
        return "%".to_string();
    }
    let headed = match name.strip_prefix("per_") {
        Some(rest) => format!("1/{rest}"),
        None => name.to_string(),
    };
    let parts: Vec<String> = headed
        .replace("_per_", "/")
        .split('/')
        .map(short_form)
        .collect();
    parts.join("/")
}

/// The usual short form: units of time by their symbols, `u` for micro as `µ` where the name is a unit that way.
fn short_form(part: &str) -> String {
    let times = [
        ("second", "s"),
        ("minute", "min"),
        ("hour", "h"),
        ("day", "d"),
    ];
    if let Some((_, short)) = times.iter().find(|(name, _)| *name == part) {
        return (*short).to_string();
    }
    match part.strip_prefix('u') {
        Some(rest) if matches!(rest, "mol" | "g" | "M" | "U" | "L" | "m" | "s" | "IU") => {
            format!("µ{rest}")
        }
        _ => part.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(texts: &[(&str, &str)]) -> IndexMap<String, Unit> {
        let entry = |(name, text): &(&str, &str)| (name.to_string(), parse_unit(text).unwrap());
        texts.iter().map(entry).collect()
    }

    #[test]
    fn the_units_of_our_models_are_shown_as_written() {
        for text in [
            "mg/dL",
            "pmol/L",
            "mg/kg",
            "mg/kg/min",
            "pmol/kg/min",
            "dL/kg",
            "L/kg",
            "nmol/L",
            "1/min",
            "min",
            "mmol/L",
            "%",
            "kJ/d",
            "pmol/L/min",
            "mL/kg/min",
            "pmol/m2/min",
            "L/min",
            "kcal",
            "mmHg",
            "mmol/min",
            "mg/min",
            "dL/kg/min",
            "h",
            "kg/m2",
            "W",
        ] {
            assert_eq!(parse_unit(text).unwrap().display(&IndexMap::new()), text);
        }
    }

    #[test]
    fn every_usual_spelling_is_a_unit() {
        assert_eq!(SPELLINGS.len(), USUAL.len());
    }

    #[test]
    fn an_author_s_spelling_wins() {
        let known = names(&[
            ("substance", "mg/kg"),
            ("ug_per_g", "µg/g"),
            ("picomolar", "pM"),
            ("uU_per_mL", "6 pmol/L"),
            ("pool_share", "0.02"),
        ]);
        let show = |text: &str| parse_unit(text).unwrap().display(&known);
        assert_eq!(show("mg/kg"), "µg/g");
        assert_eq!(show("pmol/L"), "pmol/L");
        assert_eq!(show("6 pM"), "µU/mL");
        assert_eq!(show("2 %"), "pool_share");
    }

    #[test]
    fn unusual_units_fall_back_to_base_symbols() {
        let show = |text: &str| parse_unit(text).unwrap().display(&IndexMap::new());
        assert_eq!(show("kg m^-1 s^-3"), "Pa/s");
        assert_eq!(show("kg^2/m^5"), "kg^2/m^5");
        assert_eq!(show("7 kg^2/m^5"), "7.0 kg^2/m^5");
        assert_eq!(show("0.03"), "0.03");
    }

    #[test]
    fn definitions_name_base_units_and_every_bit() {
        let define = |text: &str| parse_unit(text).unwrap().definition();
        assert_eq!(define(""), "dimensionless");
        assert_eq!(define("m2"), "metre^2");
        assert_eq!(define("min"), "60.0 dimensionless * second");
        assert_eq!(define("mM"), "metre^-3 * mole");
    }
}
