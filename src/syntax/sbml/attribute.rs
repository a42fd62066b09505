//! Attributes with their types, defaults and places.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Severity, Span};

use super::tree::{Head, Word};
use super::xml::{Element, cut};

/// Findings of one severity that are kept: nobody reads more, and a hostile file makes millions.
pub(super) const MOST_FINDINGS: usize = 100;

/// What all parts of a document are read with.
pub(super) struct Context<'a> {
    /// 2 or 3.
    pub level: u32,
    /// Version within the level.
    pub version: u32,
    /// Whether truth and numbers mix as since Level 3 Version 2, by a package for earlier files.
    pub has_extended_math: bool,
    /// What is wrong.
    pub found: &'a mut Diagnostics,
}

impl Context<'_> {
    /// Notes a finding; of each severity a hundred are kept, and then it is said that there are more.
    pub(super) fn push(&mut self, told: Diagnostic) {
        let mut like = self.found.0.iter().filter(|f| f.severity == told.severity);
        match like.by_ref().count() {
            0..MOST_FINDINGS => self.found.push(told),
            MOST_FINDINGS => self.found.push(too_many(told.severity)),
            _ => {}
        }
    }

    /// Whether further errors are not kept.
    pub(super) fn is_full(&self) -> bool {
        let errors = self
            .found
            .0
            .iter()
            .filter(|f| f.severity == Severity::Error);
        errors.count() > MOST_FINDINGS
    }

    /// Notes an error with its remedy.
    pub(super) fn refuse(
        &mut self,
        code: &'static str,
        message: String,
        span: Span,
        hint: impl Into<String>,
    ) {
        self.push(Diagnostic::error(code, message).at(span).hint(hint));
    }

    /// Whether the level asks for every attribute to be written.
    pub(super) fn is_strict(&self) -> bool {
        self.level >= 3
    }

    /// Id, name, SBO term and place; `id` is the attribute that holds the id.
    pub(super) fn head(&mut self, element: &Element, id: &str) -> Head {
        let head = Head {
            id: element.attribute(id).unwrap_or_default().trim().to_string(),
            name: element.attribute("name").unwrap_or_default().to_string(),
            sbo: self.sbo(element),
            about: super::about::about(element),
            span: element.span,
        };
        self.note_lost(element, &head.id);
        if let Some(attribute) = element.written(id).filter(|_| !is_sid(&head.id)) {
            let message = format!("`{}` is not an id", cut(&head.id));
            let hint = "ids are letters, digits and underscores, no digit first";
            self.refuse("syntax/sbml-id", message, attribute.span, hint);
        }
        head
    }

    /// The number of an SBO term, which tells what something stands for and changes no number.
    fn sbo(&mut self, element: &Element) -> Option<u32> {
        let attribute = element.written("sboTerm")?;
        let term = sbo(attribute.value.trim());
        if term.is_none() {
            let message = format!("`{}` is not an SBO term", cut(&attribute.value));
            let told = Diagnostic::warning("syntax/sbml-sbo", message).at(attribute.span);
            self.push(told.hint("terms are `SBO:` and seven digits, such as `SBO:0000027`"));
        }
        term
    }

    /// Says once where something begins that is said about elements and passed over.
    fn note_lost(&mut self, element: &Element, id: &str) {
        let code = "syntax/sbml-annotation";
        let is_told = self.found.0.iter().any(|known| known.code == code);
        if is_told || !super::about::has_more(element, id) {
            return;
        }
        let what = about(element);
        let message = format!(
            "annotations of other tools, and notes about what has no id, are passed over; the first is at {what}"
        );
        let told = Diagnostic::note(code, message).at(element.span);
        self.found.push(told.hint("no number depends on them"));
    }

    /// As [`Context::head`], for elements that must have an id.
    pub(super) fn named(&mut self, element: &Element) -> Head {
        let head = self.head(element, "id");
        if element.written("id").is_none() {
            self.missing(element, "id");
        }
        head
    }

    /// A reference to something by its id.
    pub(super) fn word(&mut self, element: &Element, name: &str) -> Option<Word> {
        let attribute = element.written(name)?;
        Some(Word {
            text: attribute.value.trim().to_string(),
            span: attribute.span,
        })
    }

    /// A reference that must be there.
    pub(super) fn required_word(&mut self, element: &Element, name: &str) -> Option<Word> {
        let word = self.word(element, name);
        if word.is_none() {
            self.missing(element, name);
        }
        word
    }

    /// A number, `INF` and `NaN` among them.
    pub(super) fn number(&mut self, element: &Element, name: &str) -> Option<f64> {
        let attribute = element.written(name)?;
        let text = attribute.value.trim();
        let number = number(text);
        if number.is_none() {
            let message = format!(
                "`{name}` of {} is `{}`, which is {}",
                about(element),
                cut(text),
                if is_huge(text) {
                    "too large"
                } else {
                    "not a number"
                }
            );
            self.refuse(
                "syntax/sbml-number",
                message,
                attribute.span,
                number_hint(text),
            );
        }
        number
    }

    /// A whole number within limits.
    pub(super) fn whole(
        &mut self,
        element: &Element,
        name: &str,
        (least, most): (i32, i32),
    ) -> Option<f64> {
        let number = self.number(element, name)?;
        let fits = number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&number);
        if !fits {
            let attribute = element.written(name)?;
            let message = format!(
                "`{name}` of {} is `{}`",
                about(element),
                cut(attribute.value.trim())
            );
            let hint = match (least, most) {
                (i32::MIN, _) => "it takes a whole number".to_string(),
                _ => format!("it takes a whole number from {least} to {most}"),
            };
            self.refuse("syntax/sbml-whole-number", message, attribute.span, hint);
        }
        fits.then_some(number)
    }

    /// A flag with the default that it has in Level 2; Level 3 wants it written.
    pub(super) fn flag(&mut self, element: &Element, name: &str, default: bool) -> bool {
        if element.attribute(name).is_none() && self.is_strict() {
            self.missing(element, name);
        }
        self.optional_flag(element, name, default)
    }

    /// A flag that may be left out in all levels.
    pub(super) fn optional_flag(&mut self, element: &Element, name: &str, default: bool) -> bool {
        let Some(attribute) = element.written(name) else {
            return default;
        };
        match attribute.value.trim() {
            "true" | "1" => true,
            "false" | "0" => false,
            text => {
                let message = format!(
                    "`{name}` of {} is `{}`, neither true nor false",
                    about(element),
                    cut(text)
                );
                let hint = "write `true` or `false`, in small letters";
                self.refuse("syntax/sbml-flag", message, attribute.span, hint);
                default
            }
        }
    }

    /// Says that an attribute is missing.
    pub(super) fn missing(&mut self, element: &Element, name: &str) {
        let message = format!(
            "{} has no `{name}`, which {} asks for",
            about(element),
            self.named_edition()
        );
        let hint = format!("add `{name}=\"…\"`");
        self.refuse("syntax/sbml-missing-attribute", message, element.span, hint);
    }
}

/// At most a hundred findings of each severity, and that there are more.
pub(super) fn few(found: Diagnostics) -> Diagnostics {
    let mut counts: IndexMap<Severity, usize> = IndexMap::new();
    let mut kept = Diagnostics::new();
    for finding in found {
        let count = counts.entry(finding.severity).or_default();
        *count += 1;
        if *count <= MOST_FINDINGS {
            kept.push(finding);
        }
    }
    for (severity, count) in counts {
        if count > MOST_FINDINGS {
            kept.push(too_many(severity));
        }
    }
    kept
}

/// That findings of a severity are left out.
fn too_many(severity: Severity) -> Diagnostic {
    let message = "further findings are not shown";
    let told = match severity {
        Severity::Error => Diagnostic::error("syntax/too-many", message),
        Severity::Warning => Diagnostic::warning("syntax/too-many", message),
        Severity::Note => Diagnostic::note("syntax/too-many", message),
    };
    told.hint("mend the first ones, then check again")
}

/// "the species `S1`", "the rateRule of `x`", "a trigger".
pub(super) fn about(element: &Element) -> String {
    if element.name == "sbml" || element.name.starts_with("listOf") {
        return format!("`{}`", element.name);
    }
    if let Some(id) = element.attribute("id") {
        return format!("the {} `{}`", element.name, cut(id));
    }
    let mut targets = ["variable", "symbol", "species", "kind"].into_iter();
    match targets.find_map(|name| element.attribute(name)) {
        Some(target) => format!("the {} of `{}`", element.name, cut(target)),
        None if element.name.starts_with(['a', 'e', 'i', 'o', 'u']) => {
            format!("an {}", element.name)
        }
        None => format!("a {}", element.name),
    }
}

/// `1 attribute`, `2 attributes`.
pub(super) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// What to write instead of a text that is no number.
pub(super) fn number_hint(text: &str) -> String {
    let dotted = text.replace(',', ".");
    let infinite = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    if text.contains(',') && number(&dotted).is_some() {
        return format!("write `{dotted}`");
    }
    if infinite.starts_with("inf") || is_huge(text) {
        return "infinity is written `INF`; larger than 1.8e308 no number can be".to_string();
    }
    if infinite == "nan" {
        return "write `NaN`".to_string();
    }
    "write a number such as `1.5` or `2e-3`, `INF` or `NaN`".to_string()
}

fn is_huge(text: &str) -> bool {
    let is_digits = text.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    is_digits && text.parse::<f64>().is_ok_and(f64::is_infinite)
}

/// A number as XML Schema writes doubles.
pub(super) fn number(text: &str) -> Option<f64> {
    match text.trim() {
        "INF" => Some(f64::INFINITY),
        "-INF" => Some(f64::NEG_INFINITY),
        "NaN" => Some(f64::NAN),
        // Rust also reads `inf` and `nan` in any case, which XML Schema does not.
        text if text.ends_with(|c: char| c.is_ascii_digit() || c == '.') => {
            // Digits that only an infinity is near to are a mistake; who means it writes `INF`.
            text.parse().ok().filter(|number: &f64| number.is_finite())
        }
        _ => None,
    }
}

/// Whether a text is an id as SBML wants it.
pub(super) fn is_sid(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain && !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// `SBO:0000042` as 42.
fn sbo(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("SBO:")?;
    let plain = digits.len() == 7 && digits.chars().all(|c| c.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_xml_schema() {
        assert_eq!(number(" 1.5e-3 "), Some(1.5e-3));
        assert_eq!(number("-INF"), Some(f64::NEG_INFINITY));
        assert_eq!(number("2."), Some(2.0));
        assert!(number("NaN").is_some_and(f64::is_nan));
        assert_eq!(number("inf"), None);
        assert_eq!(number("1,5"), None);
        assert_eq!(number(""), None);
    }

    #[test]
    fn ids_are_letters_digits_and_underscores() {
        assert!(is_sid("_a1"));
        assert!(!is_sid("1a"));
        assert!(!is_sid("a-b"));
    }
}
