//! Reads unit expressions (`mg/kg/min`, `µmol L^-1`) and quantities (`0.6 nM`).

use super::{Unit, names};
use crate::diag::{Diagnostic, did_you_mean};

/// A number with its unit, as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number, in the unit as written; finite.
    pub value: f64,
    /// The unit; [`Unit::ONE`] when none was written.
    pub unit: Unit,
    /// The unit's text; empty when none was written.
    pub unit_text: String,
}

impl Quantity {
    /// The value in another unit, freed of rounding noise; none when the dimensions differ.
    pub fn value_in(&self, unit: &Unit) -> Option<f64> {
        let factor = super::conversion_factor(&self.unit, unit)?;
        Some(if factor == 1.0 {
            self.value
        } else {
            super::convert::tidy(self.value * factor)
        })
    }
}

/// Why a text is no unit or quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError {
    /// Stable code: `units/unknown`, `units/malformed`, `units/ambiguous`, `units/number`.
    pub code: &'static str,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What would be accepted.
    pub hint: Option<String>,
}

impl UnitError {
    fn new(code: &'static str, message: String) -> Self {
        Self {
            code,
            message,
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl std::fmt::Display for UnitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnitError {}

impl From<UnitError> for Diagnostic {
    fn from(error: UnitError) -> Self {
        let diagnostic = Diagnostic::error(error.code, error.message);
        match error.hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}

/// The unit that an everyday expression means; the empty text is [`Unit::ONE`].
///
/// Names of [`super::everyday_unit`] joined by `/`, `per`, `*`, `·` or a blank; exponents as `^-1`, `⁻¹` or plain
/// digits (`m2`); parentheses; a number as a factor (`1/min`). A product behind a quotient is refused as ambiguous:
/// `mg/kg*min` is read both ways in the literature.
///
/// # Errors
/// Unknown names (with the nearest known one), ambiguous and malformed expressions.
/// ```
/// # use insilin::units::parse_unit;
/// assert!(parse_unit("µmol L^-1")?.same(&parse_unit("uM")?));
/// assert!(parse_unit("mg/kg*min").is_err());
/// # Ok::<(), insilin::units::UnitError>(())
/// ```
pub fn parse_unit(text: &str) -> Result<Unit, UnitError> {
    let mut reader = Reader {
        whole: text,
        rest: text,
        depth: 0,
    };
    reader.skip_blanks();
    if reader.rest.is_empty() {
        return Ok(Unit::ONE);
    }
    let unit = reader.product()?;
    if !reader.rest.is_empty() {
        return Err(reader.malformed("unbalanced parentheses"));
    }
    if unit.factor.is_finite() && unit.factor > 0.0 {
        return Ok(unit);
    }
    Err(reader.malformed("its factor is out of range"))
}

/// A number with a unit: `0.6 nM`, `78 g`, `70 %`, `1e-3 mol`; without a unit the number is pure.
///
/// # Errors
/// As [`parse_unit`]; a missing, infinite or undefined number.
/// ```
/// # use insilin::units::{parse_quantity, parse_unit};
/// let dose = parse_quantity("0.6 nM")?;
/// assert_eq!(dose.value_in(&parse_unit("pmol/L")?), Some(600.0));
/// # Ok::<(), insilin::units::UnitError>(())
/// ```
pub fn parse_quantity(text: &str) -> Result<Quantity, UnitError> {
    let (value, unit_text) = split_quantity(text)?;
    Ok(Quantity {
        value,
        unit: parse_unit(unit_text)?,
        unit_text: unit_text.to_string(),
    })
}

/// The finite number at the start of a text, and what follows it without blanks.
///
/// For quantities whose unit is not one of ours, as `70 %VO2max`.
///
/// # Errors
/// When the text does not start with a finite number.
pub fn split_quantity(text: &str) -> Result<(f64, &str), UnitError> {
    let text = text.trim();
    let sign = text.len() - text.trim_start_matches(['+', '-']).len();
    let unsigned = &text[sign..];
    let example = "write a number and its unit, as in `0.6 nM`";
    for (word, what) in [("inf", "infinite"), ("nan", "no number")] {
        let head = unsigned.get(..3).unwrap_or("");
        if head.eq_ignore_ascii_case(word) {
            let message = format!("`{text}` is {what}; a finite number is needed here");
            return Err(UnitError::new("units/number", message).hint(example));
        }
    }
    let length = number_length(unsigned);
    if length == 0 || sign > 1 {
        let message = format!("`{text}` does not start with a number");
        return Err(UnitError::new("units/number", message).hint(example));
    }
    let number = &text[..sign + length];
    let value: f64 = number.parse().unwrap_or(f64::NAN);
    if !value.is_finite() {
        let message = format!("`{number}` is too large for a number");
        let error = UnitError::new("units/number", message);
        return Err(error.hint("the largest number is about 1.8e308"));
    }
    let rest = text[sign + length..].trim_start();
    if rest.starts_with(',') || rest.starts_with('.') {
        let message = format!("`{text}` is not one number");
        return Err(UnitError::new("units/number", message)
            .hint("write a decimal point and no separators, as in `1250.5 mL`"));
    }
    Ok((value, rest))
}

/// Bytes of the unsigned decimal number at the start; 0 for none.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let whole = digits(0);
    let mut end = whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        if whole + fraction == 0 {
            return 0;
        }
        end += 1 + fraction;
    }
    if end > 0 && matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        let start = end + 1 + usize::from(signed);
        let exponent = digits(start.min(bytes.len()));
        if exponent > 0 {
            end = start + exponent;
        }
    }
    end
}

/// Nested parentheses beyond this are no unit anybody writes.
const MAX_DEPTH: u32 = 16;

struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
    depth: u32,
}

impl Reader<'_> {
    fn product(&mut self) -> Result<Unit, UnitError> {
        let mut unit = self.power()?;
        let mut divided = false;
        loop {
            self.skip_blanks();
            if self.take_division() {
                divided = true;
                unit = unit.per(self.power()?);
            } else if self.rest.is_empty() || self.rest.starts_with(')') {
                return Ok(unit);
            } else {
                self.take(&["*", "·", "⋅", "×"]);
                if divided {
                    return Err(self.ambiguous());
                }
                unit = unit.times(self.power()?);
            }
        }
    }

    fn take_division(&mut self) -> bool {
        if self.rest.starts_with("per ") {
            self.rest = &self.rest[4..];
            return true;
        }
        self.take(&["/", "∕", "÷"])
    }

    fn power(&mut self) -> Result<Unit, UnitError> {
        let base = self.atom()?;
        let Some(exponent) = self.exponent()? else {
            return Ok(base);
        };
        base.power(exponent)
            .ok_or_else(|| self.malformed("its exponent is out of range"))
    }

    fn atom(&mut self) -> Result<Unit, UnitError> {
        self.skip_blanks();
        if self.take(&["("]) {
            return self.parenthesised();
        }
        let length = number_length(self.rest);
        if length > 0 {
            let (number, rest) = self.rest.split_at(length);
            self.rest = rest;
            return Ok(Unit::pure(number.parse().unwrap_or(f64::NAN)));
        }
        let is_name = |c: char| c.is_alphabetic() && !"⁻".contains(c) || c == '%' || c == '_';
        let length = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        if length == 0 {
            return Err(self.malformed("a unit name is missing"));
        }
        let (name, rest) = self.rest.split_at(length);
        self.rest = rest;
        names::everyday_unit(name).ok_or_else(|| unknown(name))
    }

    fn parenthesised(&mut self) -> Result<Unit, UnitError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.malformed("too many nested parentheses"));
        }
        let unit = self.product()?;
        self.depth -= 1;
        if self.take(&[")"]) {
            Ok(unit)
        } else {
            Err(self.malformed("unbalanced parentheses"))
        }
    }

    /// `^-1`, `**2`, `⁻¹`, or digits straight behind a name.
    fn exponent(&mut self) -> Result<Option<f64>, UnitError> {
        let marked = self.take(&["^", "**"]);
        let text: String = self.rest.chars().map_while(exponent_letter).collect();
        if text.is_empty() {
            return if marked {
                Err(self.malformed("an exponent is missing"))
            } else {
                Ok(None)
            };
        }
        let letters = text.chars().count();
        let length: usize = self.rest.chars().take(letters).map(char::len_utf8).sum();
        if !marked && text.starts_with('-') && self.rest.starts_with('-') {
            return Err(self.malformed("a `-` stands where no number is"));
        }
        let exponent: i16 = text
            .parse()
            .map_err(|_| self.malformed("its exponent is no small whole number"))?;
        self.rest = &self.rest[length..];
        Ok(Some(f64::from(exponent)))
    }

    fn take(&mut self, tokens: &[&str]) -> bool {
        for token in tokens {
            if let Some(rest) = self.rest.strip_prefix(token) {
                self.rest = rest;
                return true;
            }
        }
        false
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn malformed(&self, why: &str) -> UnitError {
        let message = format!("cannot read the unit `{}`: {why}", self.whole.trim());
        UnitError::new("units/malformed", message)
            .hint("write names joined by `/` or `*`, as in `mg/kg/min` or `L^-1`")
    }

    fn ambiguous(&self) -> UnitError {
        let whole = self.whole.trim();
        let message = format!("the unit `{whole}` can be read in two ways");
        UnitError::new("units/ambiguous", message).hint(
            "repeat the `/` for everything below the line, as in `mg/kg/min`, or use parentheses",
        )
    }
}

/// The plain letter of an exponent's character; none when it is not part of one.
fn exponent_letter(c: char) -> Option<char> {
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    match c {
        '-' | '⁻' | '−' => Some('-'),
        '0'..='9' => Some(c),
        _ => {
            let place = RAISED.chars().position(|raised| raised == c)?;
            char::from_digit(u32::try_from(place).ok()?, 10)
        }
    }
}

fn unknown(name: &str) -> UnitError {
    let error = UnitError::new("units/unknown", format!("unknown unit `{name}`"));
    match did_you_mean(name, names::COMMON) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("known are s, min, h, d, week, g, mol, L, M, J, kcal, W, U, %, mmHg and m, with the usual prefixes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, value: f64, unit: &str) {
        let read = parse_quantity(text).unwrap();
        let unit = parse_unit(unit).unwrap();
        assert_eq!(read.value_in(&unit), Some(value), "{text}");
    }

    fn refused(text: &str, code: &str) -> UnitError {
        let error = parse_quantity(text).expect_err(text);
        assert_eq!(error.code, code, "{text}: {}", error.message);
        error
    }

    #[test]
    fn quantities_of_the_field_are_read() {
        check("0.6 nM", 600.0, "pmol/L");
        check("78 g", 78_000.0, "mg");
        check("45 min", 0.75, "h");
        check("70 %", 0.7, "1");
        check("1e-3 mol", 1.0, "mmol");
        check("-2.5 mmol/L", -2.5, "mM");
        check("5min", 300.0, "s");
        check(".5 d", 12.0, "h");
        check("3", 3.0, "");
        check("40 mU/m2/min", 0.04, "U/m^2/min");
        check("12 weeks", 84.0, "day");
    }

    #[test]
    fn one_unit_has_many_spellings() {
        let same = |a: &str, b: &str| {
            assert!(
                parse_unit(a).unwrap().same(&parse_unit(b).unwrap()),
                "{a} {b}"
            )
        };
        same("1/min", "min^-1");
        same("min⁻¹", "1/min");
        same("µmol L^-1", "umol/l");
        same("mg·kg⁻¹·min⁻¹", "mg/(kg*min)");
        same("mg per dL", "mg/dL");
        same("m²", "m2");
        same("kg m^2 s^-2", "J");
        same("mmol / L", "mM");
    }

    #[test]
    fn numbers_that_are_none_are_refused_with_the_reason() {
        assert!(
            refused("inf mg", "units/number")
                .message
                .contains("infinite")
        );
        assert!(
            refused("-Infinity", "units/number")
                .message
                .contains("infinite")
        );
        assert!(
            refused("NaN g", "units/number")
                .message
                .contains("no number")
        );
        assert!(
            refused("1e999 g", "units/number")
                .message
                .contains("too large")
        );
        refused("", "units/number");
        refused("mg 5", "units/number");
        refused("1,000 g", "units/number");
        refused("1.2.3 g", "units/number");
        refused("--1 g", "units/number");
    }

    #[test]
    fn units_that_are_none_are_refused_with_a_remedy() {
        let hint = |text| refused(text, "units/unknown").hint.unwrap();
        assert!(hint("5 mgg").contains("`mg`"));
        assert!(hint("5 Kg").contains("`kg`"));
        assert!(hint("5 minuts").contains("`minutes`"));
        refused("5 mg/kg*min", "units/ambiguous");
        refused("5 mg/kg min", "units/ambiguous");
        refused("5 mg/", "units/malformed");
        refused("5 (mg", "units/malformed");
        refused("5 mg)", "units/malformed");
        refused("5 mg^", "units/malformed");
        refused("5 mg^99999999", "units/malformed");
        refused("5 mg-1", "units/malformed");
        refused(&format!("5 {}", "(".repeat(100_000)), "units/malformed");
    }

    #[test]
    fn a_foreign_unit_can_be_split_off() {
        assert_eq!(split_quantity(" 70 %VO2max "), Ok((70.0, "%VO2max")));
        assert_eq!(split_quantity("1e3"), Ok((1000.0, "")));
        assert_eq!(split_quantity("2 eggs"), Ok((2.0, "eggs")));
    }
}
