//! Characters that XML does not have, and places of them.

use crate::diag::{Diagnostic, SourceId, Span};

/// The first character of a text that XML does not allow.
///
/// # Errors
/// Where it is.
pub(super) fn check(text: &str, source: SourceId) -> Result<(), Box<Diagnostic>> {
    let Some((at, character)) = text.char_indices().find(|(_, c)| !is_allowed(*c)) else {
        return Ok(());
    };
    let span = Span::new(source, at, at + character.len_utf8());
    Err(Box::new(refused(character, span)))
}

/// Whether XML 1.0 has a character: no control characters but tab and line ends, and no non-characters.
pub(super) fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        _ => character >= ' ',
    }
}

/// What is said about a character that XML does not have.
pub(super) fn refused(character: char, span: Span) -> Diagnostic {
    let message = format!(
        "this is not XML: it holds the character U+{:04X}, which no XML may hold",
        u32::from(character)
    );
    let told = Diagnostic::error("syntax/sbml-malformed", message);
    told.at(span)
        .hint("remove it; a file full of such characters is compressed or binary")
}
