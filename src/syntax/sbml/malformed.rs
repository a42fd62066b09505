//! What is said about a text that is no XML.

use quick_xml::Error;
use quick_xml::errors::IllFormedError;
use quick_xml::escape::EscapeError;
use quick_xml::events::attributes::AttrError;

use crate::diag::{Diagnostic, Span};

use super::xml::cut;

/// A finding with its reason.
pub(super) fn malformed(why: &str, span: Span) -> Diagnostic {
    Diagnostic::error("syntax/sbml-malformed", format!("this is not XML: {why}")).at(span)
}

/// The library's error in words for the file's author.
pub(super) fn broken(error: &Error, span: Span) -> Diagnostic {
    let (why, hint) = match error {
        Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => (
            format!(
                "`</{}>` stands where `</{}>` belongs",
                cut(found),
                cut(expected)
            ),
            "elements end in the reverse order of their beginnings",
        ),
        Error::IllFormed(IllFormedError::UnmatchedEndTag(name)) => (
            format!("`</{}>` ends nothing", cut(name)),
            "remove it, or begin the element before",
        ),
        Error::Escape(inner) => return entity(inner, span),
        Error::InvalidAttr(inner) => return attribute(inner, span),
        Error::Syntax(_) => (cut(&error.to_string()), "close what is opened here"),
        _ => (
            cut(&error.to_string()),
            "write the file again with a program that knows XML",
        ),
    };
    malformed(&why, span).hint(hint)
}

/// An attribute that cannot be read; `tag` is the whole start tag.
pub(super) fn attribute(error: &AttrError, tag: Span) -> Diagnostic {
    let (at, why, hint) = match error {
        AttrError::Duplicated(at, _) => (
            at,
            "an attribute of the element stands twice",
            "remove one of the two",
        ),
        AttrError::ExpectedEq(at)
        | AttrError::ExpectedValue(at)
        | AttrError::UnquotedValue(at)
        | AttrError::ExpectedQuote(at, _) => (
            at,
            "an attribute has no value in quotes",
            "write `name=\"value\"`",
        ),
    };
    // Places are counted from behind the `<`, and may lie at the end.
    let start = (tag.start as usize + 1 + at).min(tag.end as usize - 1);
    malformed(why, Span::new(tag.source, start, start)).hint(hint)
}

/// A reference in an attribute that cannot be read.
pub(super) fn entity(error: &EscapeError, span: Span) -> Diagnostic {
    let EscapeError::UnrecognizedEntity(_, name) = error else {
        let told = malformed("a `&` begins no reference", span);
        return told.hint("write `&amp;` for the character itself");
    };
    Diagnostic::error(
        "syntax/sbml-entity",
        format!("the reference `&{};` stands for nothing", cut(name)),
    )
    .at(span)
    .hint(KNOWN_REFERENCES)
}

/// What may be written behind `&`.
pub(super) const KNOWN_REFERENCES: &str =
    "only `&lt;`, `&gt;`, `&amp;`, `&quot;`, `&apos;` and numbers such as `&#181;` are read";
