//! Attributes with their types, defaults and places.

use crate::diag::{Diagnostic, Diagnostics, Span};

use super::tree::{Head, Word};
use super::xml::Element;

/// What all parts of a document are read with.
pub(super) struct Context<'a> {
    /// 2 or 3.
    pub level: u32,
    /// Version within the level.
    pub version: u32,
    /// What is wrong.
    pub found: &'a mut Diagnostics,
}

impl Context<'_> {
    /// Notes an error at an element, with the element's id or what it is about.
    pub(super) fn error(&mut self, code: &'static str, message: String, span: Span) {
        self.found.push(Diagnostic::error(code, message).at(span));
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
            sbo: element.attribute("sboTerm").and_then(sbo),
            about: super::about::about(element),
            span: element.span,
        };
        self.note_lost(element, &head.id);
        if !head.id.is_empty() && !is_sid(&head.id) {
            let message = format!("`{}` is not an id", head.id);
            let told = Diagnostic::error("syntax/sbml-id", message).at(element.span);
            self.found
                .push(told.hint("ids are letters, digits and underscores, no digit first"));
        }
        head
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
        if head.id.is_empty() {
            self.missing(element, "id");
        }
        head
    }

    /// A reference to something by its id.
    pub(super) fn word(&mut self, element: &Element, name: &str) -> Option<Word> {
        let text = element.attribute(name)?.trim().to_string();
        Some(Word {
            text,
            span: element.span,
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
        let text = element.attribute(name)?;
        let number = number(text);
        if number.is_none() {
            let what = about(element);
            self.error(
                "syntax/sbml-number",
                format!("`{name}` of {what} is `{text}`, which is not a number"),
                element.span,
            );
        }
        number
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
        match element.attribute(name).map(str::trim) {
            None => default,
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            Some(text) => {
                let what = about(element);
                self.error(
                    "syntax/sbml-flag",
                    format!("`{name}` of {what} is `{text}`, neither true nor false"),
                    element.span,
                );
                default
            }
        }
    }

    /// Says that an attribute is missing.
    pub(super) fn missing(&mut self, element: &Element, name: &str) {
        let what = about(element);
        let (level, version) = (self.level, self.version);
        self.error(
            "syntax/sbml-missing-attribute",
            format!("{what} has no `{name}`, which Level {level} Version {version} asks for"),
            element.span,
        );
    }
}

/// "the species `S1`", "a trigger".
pub(super) fn about(element: &Element) -> String {
    match element.attribute("id") {
        Some(id) => format!("the {} `{id}`", element.name),
        None => format!("a {}", element.name),
    }
}

/// A number as XML Schema writes doubles.
pub(super) fn number(text: &str) -> Option<f64> {
    match text.trim() {
        "INF" => Some(f64::INFINITY),
        "-INF" => Some(f64::NEG_INFINITY),
        "NaN" => Some(f64::NAN),
        // Rust also reads `inf` and `nan` in any case, which XML Schema does not.
        text if text.ends_with(|c: char| c.is_ascii_digit() || c == '.') => text.parse().ok(),
        _ => None,
    }
}

/// Whether a text is an id as SBML wants it.
fn is_sid(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// `SBO:0000042` as 42.
fn sbo(text: &str) -> Option<u32> {
    text.strip_prefix("SBO:")?.parse().ok()
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
