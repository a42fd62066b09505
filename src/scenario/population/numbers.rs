//! The numbers of a trait: read with their units and sources, made into one form.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::math;
use crate::units::{Quantity, Unit, parse_unit};

use super::super::quantity::quantity;
use super::super::raw::table::{At, Node, Scalar, Table};
use super::super::raw::{one_of, said};
use super::{Fact, Kind, Shape};

/// Kind and source of the numbers that do not say their own.
#[derive(Clone, Default)]
pub(super) struct Ground {
    pub kind: Option<Kind>,
    pub source: Option<String>,
}

/// Reads `kind` and `source` of a table.
pub(super) fn ground(table: &Table, findings: &mut Diagnostics) -> Ground {
    let kind = table.get("kind").and_then(|node| node.text(findings));
    let kind = kind.and_then(|word| one_of(&word, "kind", Kind::WORDS, findings));
    let source = table.get("source").and_then(|node| node.text(findings));
    let source = source.filter(|text| said(text, "source", WHENCE, findings));
    Ground {
        kind,
        source: source.map(|text| text.value),
    }
}

const WHENCE: &str = "where the number comes from";

/// The numbers of one trait, all in one unit.
pub(super) struct Numbers<'t, 'f> {
    pub table: &'t Table<'t>,
    pub ground: Ground,
    pub facts: Vec<Fact>,
    /// Unit of the first number that has one; all others are converted into it.
    pub unit: Option<(String, Unit)>,
    /// Of a person's age, which is counted in years without a unit.
    pub bare: bool,
    pub findings: &'f mut Diagnostics,
}

impl Numbers<'_, '_> {
    /// A number in the trait's unit, when it is there.
    pub fn sized(&mut self, key: &str) -> Option<f64> {
        let written = self.written(key)?;
        let text = match &written.value {
            Scalar::Number(value) => {
                return self.plain(*value, written.span);
            }
            Scalar::Text(text) if self.bare => {
                let digits = text.trim_end_matches(|c: char| c.is_alphabetic() || c == ' ');
                return match digits.parse() {
                    Ok(value) => Some(value),
                    Err(_) => self.refuse(written.span, format!("`{text}` is no age"), "years"),
                };
            }
            Scalar::Text(text) => text,
        };
        let read = quantity(text, written.span, self.findings)?;
        self.converted(&read, written.span)
    }

    fn plain(&mut self, value: f64, span: Span) -> Option<f64> {
        if self.bare {
            return Some(value);
        }
        let own = self.unit.get_or_insert((String::new(), Unit::ONE));
        if own.0.is_empty() {
            return Some(value);
        }
        let message = format!("the number needs a unit: the others are in {}", own.0);
        let unit = own.0.clone();
        self.refuse(span, message, &unit)
    }

    fn converted(&mut self, read: &Quantity, span: Span) -> Option<f64> {
        let (text, unit) = self
            .unit
            .get_or_insert((read.unit_text.clone(), read.unit))
            .clone();
        if text == read.unit_text {
            return Some(read.value);
        }
        let value = read.value_in(&unit);
        if value.is_none() {
            let message = format!("`{} {}` is not in {text}", read.value, read.unit_text);
            return self.refuse(span, message, &text);
        }
        value
    }

    fn refuse(&mut self, span: Span, message: String, unit: &str) -> Option<f64> {
        let found = Diagnostic::error("scenario/unit", message).at(span);
        let unit = if unit.is_empty() { "no unit" } else { unit };
        self.findings
            .push(found.hint(format!("write it in {unit}")));
        None
    }

    /// A number without dimension, `0.2` or `"20 %"`, when it is there.
    pub fn share(&mut self, key: &str) -> Option<f64> {
        let written = self.written(key)?;
        match &written.value {
            Scalar::Number(value) => Some(*value),
            Scalar::Text(text) => {
                let read = quantity(text, written.span, self.findings)?;
                let value = read.value_in(&Unit::ONE);
                if value.is_none() {
                    let message = format!("`{key}` is a pure number, not `{text}`");
                    return self.refuse(written.span, message, "%");
                }
                value
            }
        }
    }

    /// A number that may be a table with its own kind and source.
    fn written(&mut self, key: &str) -> Option<At<Scalar>> {
        let node = self.table.get(key)?;
        let (value, ground) = self.grounded(&node)?;
        let kind = ground.kind.or(self.ground.kind);
        let source = ground.source.or(self.ground.source.clone());
        let (Some(kind), Some(source)) = (kind, source) else {
            let message = format!("`{key}` does not say what kind of number it is, and its source");
            let found = Diagnostic::error("population/source", message).at(node.span);
            self.findings.push(found.hint(
                "give the trait `kind = \"sourced\"`, `derived`, `fitted` or `assumed`, and `source = \"…\"`",
            ));
            return None;
        };
        self.facts.push(Fact {
            number: key.to_string(),
            shown: value.value.shown(),
            kind,
            source,
        });
        Some(value)
    }

    fn grounded(&mut self, node: &Node) -> Option<(At<Scalar>, Ground)> {
        if !node.is_table() {
            return Some((node.scalar(self.findings)?, Ground::default()));
        }
        let table = node.table("this number", self.findings)?;
        table.refuse_unknown(&["value", "kind", "source"], self.findings);
        let value = table.require("value", "value = \"20 %\"", self.findings);
        let value = value.and_then(|node| node.scalar(self.findings))?;
        Some((value, ground(&table, self.findings)))
    }

    /// The numbers as the shape that a word names.
    pub fn shape(&mut self, word: &str, span: Span) -> Option<Shape> {
        let keys: &[&str] = match word {
            "normal" => &["mean", "sd", "cv"],
            "lognormal" => &["mean", "median", "sd", "cv", "gsd"],
            "triangular" => &["from", "mode", "to"],
            _ => &["from", "to"],
        };
        self.refuse_others(word, keys);
        match word {
            "normal" => {
                let mean = self.needed("mean", word, span)?;
                let sd = self.sd(mean, word, span)?;
                Some(Shape::Normal { mean, sd })
            }
            "lognormal" => self.log_normal(span),
            "triangular" => {
                let from = self.needed("from", word, span);
                let mode = self.needed("mode", word, span);
                let to = self.needed("to", word, span);
                Some(Shape::Triangular {
                    from: from?,
                    mode: mode?,
                    to: to?,
                })
            }
            _ => {
                let from = self.needed("from", word, span);
                let to = self.needed("to", word, span);
                let (from, to) = (from?, to?);
                Some(match word {
                    "uniform" => Shape::Uniform { from, to },
                    _ => Shape::LogUniform { from, to },
                })
            }
        }
    }

    fn refuse_others(&mut self, word: &str, keys: &[&str]) {
        const ALL: [&str; 8] = ["mean", "median", "sd", "cv", "gsd", "from", "mode", "to"];
        for key in ALL.iter().filter(|key| !keys.contains(key)) {
            if let Some(node) = self.table.get(key) {
                let message = format!("a {word} distribution takes no `{key}`");
                let found = Diagnostic::error("population/distribution", message).at(node.key_span);
                let hint = format!("it takes `{}`; `low` and `high` cut any", keys.join("`, `"));
                self.findings.push(found.hint(hint));
            }
        }
    }

    fn needed(&mut self, key: &str, word: &str, span: Span) -> Option<f64> {
        if self.table.get(key).is_none() {
            self.lacks(word, span, &format!("`{key}`"));
            return None;
        }
        self.sized(key)
    }

    fn lacks(&mut self, word: &str, span: Span, what: &str) {
        let message = format!("a {word} distribution needs {what}");
        let found = Diagnostic::error("population/distribution", message).at(span);
        let hint = "docs/populations.md shows each distribution with its numbers";
        self.findings.push(found.hint(hint));
    }

    /// The standard deviation, as it is or as a share of the mean.
    fn sd(&mut self, mean: f64, word: &str, span: Span) -> Option<f64> {
        if self.table.get("sd").is_some() {
            return self.sized("sd");
        }
        if self.table.get("cv").is_some() {
            return Some(self.share("cv")? * mean.abs());
        }
        self.lacks(word, span, "`sd` or `cv`");
        None
    }

    fn log_normal(&mut self, span: Span) -> Option<Shape> {
        let by_mean = self.table.get("mean").is_some();
        let centre = match (by_mean, self.table.get("median").is_some()) {
            (true, false) => self.sized("mean")?,
            (false, true) => self.sized("median")?,
            _ => {
                self.lacks("lognormal", span, "either `mean` or `median`");
                return None;
            }
        };
        let variance = self.log_variance(centre, by_mean, span)?;
        let median = if by_mean {
            centre * math::exp(-0.5 * variance)
        } else {
            centre
        };
        let gsd = math::exp(variance.sqrt());
        Some(Shape::LogNormal { median, gsd })
    }

    /// Variance of the logarithm. Of a log-normal number it is ln(1 + CV²).
    fn log_variance(&mut self, centre: f64, by_mean: bool, span: Span) -> Option<f64> {
        let of_cv = |cv: f64| math::ln(1.0 + cv * cv);
        if self.table.get("gsd").is_some() {
            let log = math::ln(self.share("gsd")?);
            return Some(log * log);
        }
        if self.table.get("cv").is_some() {
            return Some(of_cv(self.share("cv")?));
        }
        if by_mean && self.table.get("sd").is_some() {
            return Some(of_cv(self.sized("sd")? / centre));
        }
        let what = "`cv` or `gsd`, or `sd` with a `mean`";
        self.lacks("lognormal", span, what);
        None
    }
}

/// An everyday unit by its text.
pub(super) fn everyday(text: &str) -> (String, Unit) {
    let unit = parse_unit(text).expect("an everyday unit");
    (text.to_string(), unit)
}
