//! Published ranges to lay beside an index.

use serde::Deserialize;

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};

use super::Index;

/// Where the ranges lie, below `models/`.
pub const PATH: &str = "reference_ranges.toml";

/// Reference ranges of indices.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranges {
    /// The form of the file.
    schema: u32,
    /// One entry per index.
    #[serde(rename = "range")]
    ranges: Vec<Range>,
}

/// The ranges of one index.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Id of the index.
    pub index: String,
    /// Unit of the ends: that of the index's value, or that in which the clinic reads it.
    pub unit: String,
    /// From low to high.
    pub bands: Vec<Band>,
    /// Where they come from.
    pub source: String,
}

/// One range.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Whose values it holds, to stand behind "the range of".
    pub of: String,
    /// Lowest, where there is one.
    pub from: Option<f64>,
    /// Highest, exclusive, where there is one.
    pub below: Option<f64>,
}

impl Band {
    /// Whether a value lies in it.
    pub fn holds(&self, value: f64) -> bool {
        self.from.is_none_or(|from| value >= from) && self.below.is_none_or(|below| value < below)
    }
}

impl Ranges {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it first.
    pub fn read(text: &str, source: SourceId) -> Result<Self, Diagnostics> {
        let refused = |message: &str, span: std::ops::Range<usize>| {
            let found = Diagnostic::error("clinic/ranges", message.to_string());
            Diagnostics::from(found.at(Span::new(source, span.start, span.end)))
        };
        let ranges: Self = toml::from_str(text)
            .map_err(|error| refused(error.message(), error.span().unwrap_or(0..0)))?;
        match ranges.schema {
            1 => Ok(ranges),
            _ => Err(refused("this program reads `schema = 1`", 0..0)),
        }
    }

    /// The ranges of an index in the unit of its value, if there are any.
    pub fn of(&self, index: &Index) -> Option<Range> {
        let range = self.ranges.iter().find(|range| range.index == index.id)?;
        let (factor, clinic) = index.quantity.shown(true);
        if range.unit == index.quantity.unit() {
            Some(range.clone())
        } else {
            (range.unit == clinic).then(|| range.scaled(1.0 / factor))
        }
    }

    /// All of them.
    pub fn all(&self) -> &[Range] {
        &self.ranges
    }
}

impl Range {
    /// With all ends times a factor.
    fn scaled(&self, factor: f64) -> Self {
        let mut scaled = self.clone();
        for band in &mut scaled.bands {
            band.from = band.from.map(|end| end * factor);
            band.below = band.below.map(|end| end * factor);
        }
        scaled
    }

    /// Where a value lies, to stand behind its name: "lies in the range of lean adults (0.5 to 1.4)".
    ///
    /// * `shown` — a value as text in display units
    /// * `unit` — of the shown values; may be empty
    ///
    /// None for a value that is not defined.
    pub fn words(&self, value: f64, shown: &dyn Fn(f64) -> String, unit: &str) -> Option<String> {
        if !value.is_finite() {
            return None;
        }
        let named = |band: &Band| {
            format!(
                "{} ({})",
                band.of,
                format!("{} {unit}", ends(band, shown)).trim_end()
            )
        };
        let inside: Vec<String> = self
            .bands
            .iter()
            .filter(|b| b.holds(value))
            .map(named)
            .collect();
        if !inside.is_empty() {
            return Some(format!("lies in the range of {}", inside.join(" and of ")));
        }
        let lower = self
            .bands
            .iter()
            .rfind(|band| band.below.is_some_and(|end| end <= value));
        let upper = self
            .bands
            .iter()
            .find(|band| band.from.is_some_and(|end| end > value));
        Some(match (lower, upper) {
            (Some(lower), Some(upper)) => format!(
                "lies between the ranges of {} and of {}",
                named(lower),
                named(upper)
            ),
            (Some(lower), None) => format!("lies above the range of {}", named(lower)),
            (None, Some(upper)) => format!("lies below the range of {}", named(upper)),
            (None, None) => return None,
        })
    }
}

fn ends(band: &Band, shown: &dyn Fn(f64) -> String) -> String {
    match (band.from, band.below) {
        (Some(from), Some(below)) => format!("{} to {}", shown(from), shown(below)),
        (Some(from), None) => format!("at least {}", shown(from)),
        (None, Some(below)) => format!("below {}", shown(below)),
        (None, None) => "any".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::SourceMap;

    fn range() -> Range {
        let text = "schema = 1\n[[range]]\nindex = \"x\"\nunit = \"\"\nsource = \"s\"\nbands = [\n\
            { of = \"lean adults\", from = 1.0, below = 2.0 }, { of = \"others\", from = 3.0 }]\n";
        let source = SourceMap::new().add("ranges", text);
        Ranges::read(text, source)
            .expect("a good file")
            .ranges
            .remove(0)
    }

    #[test]
    fn a_value_is_told_where_it_lies_and_never_that_somebody_has_something() {
        let words = |value: f64| range().words(value, &|value| format!("{value}"), "");
        let told = |value: f64| words(value).unwrap_or_default();
        assert_eq!(told(1.0), "lies in the range of lean adults (1 to 2)");
        assert_eq!(told(5.0), "lies in the range of others (at least 3)");
        assert_eq!(
            told(2.0),
            "lies between the ranges of lean adults (1 to 2) and of others (at least 3)"
        );
        assert_eq!(told(0.5), "lies below the range of lean adults (1 to 2)");
        assert_eq!(words(f64::NAN), None);
    }

    #[test]
    fn a_file_with_a_mistake_is_refused_with_its_place() {
        let text = "schema = 1\n[[range]]\nindx = \"x\"\n";
        let source = SourceMap::new().add("ranges", text);
        let refused = Ranges::read(text, source).unwrap_err();
        assert_eq!(refused.0[0].code, "clinic/ranges");
        assert!(refused.0[0].span.is_some());
    }
}
