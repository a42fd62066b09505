//! Antimony text to tree.
//!
//! [`read`] takes any text and gives what could be read of it, with everything that is wrong: each statement that fails
//! is reported once and left out, and reading goes on behind it. The language is that of libantimony 3; where a
//! construct is known to be read differently from what people mean, a warning says so.
//!
//! Codes of findings, all `syntax/…`:
//!
//! | code | what it is about |
//! | --- | --- |
//! | `not-text`, `too-large` | the file as a whole; nothing of it is read |
//! | `character`, `number`, `unterminated` | letters that the language does not have, numbers too large, open texts and comments |
//! | `unexpected`, `operator`, `parenthesis`, `arguments` | a word or sign where none fits; `a b`, `(a`, `exp()` |
//! | `arrow`, `missing-semicolon`, `missing-end`, `extra-end` | the frame of reactions, models and functions |
//! | `keyword`, `reserved`, `option`, `qualifier` | words of the language used as names, and misspelt ones |
//! | `unit-expression`, `model-unit` | what is no unit, and units of the whole model |
//! | `nesting` | formulas deeper than [`MAX_DEPTH`] |
//! | `and-or`, `event-order`, `unit-exponent` | warnings: read differently from what people mean |
//! | `out-of-scope` | warning: left out of the model |
//! | `too-many` | findings that are counted only |
//!
//! Every negative number is a [`Negate`](crate::syntax::expr::Function::Negate) of a positive one, as it was written.

mod annotation;
mod atom;
mod declaration;
mod file;
mod formula;
mod parser;
mod reaction;
mod report;
mod statement;
mod token;
pub mod tree;
pub mod words;

pub use formula::MAX_DEPTH;

use crate::diag::{Diagnostic, Diagnostics, SourceId};
use parser::Parser;
use report::Report;

/// Bytes of the largest text that is read; the largest published models are a few megabytes.
pub const MAX_BYTES: usize = 50 * 1024 * 1024;

/// Reads a file: its tree, and everything that is to be said about it.
///
/// * `source` — the handle that spans of tree and findings carry
///
/// The tree holds what could be read even when there are errors; it is complete when there are none. Formulas are at
/// most [`MAX_DEPTH`] levels deep. Time and memory grow in proportion to the text.
/// ```
/// # use insilin::diag::SourceId;
/// # use insilin::syntax::antimony::read;
/// let (file, findings) = read("S1 -> S2; k1*S1\nS1 = 10; k1 = 0.1", SourceId(0));
/// assert!(findings.is_empty());
/// assert_eq!(file.items.len(), 3);
/// ```
pub fn read(text: &str, source: SourceId) -> (tree::File, Diagnostics) {
    let mut report = Report::new(source);
    if let Some(fault) = unreadable(text, &report) {
        return (tree::File::default(), fault.into());
    }
    let tokens = token::tokens(text, &mut report);
    let mut parser = Parser::new(text, &tokens, report);
    let file = parser.file();
    (file, parser.report.finish())
}

/// Why a text is not worth a look at its words.
fn unreadable(text: &str, report: &Report) -> Option<Diagnostic> {
    if text.len() > MAX_BYTES {
        let message = format!(
            "the text has {} MB; at most {} MB are read",
            text.len() >> 20,
            MAX_BYTES >> 20
        );
        return Some(Diagnostic::error("syntax/too-large", message));
    }
    let at = text.find('\0')?;
    let fault = Diagnostic::error("syntax/not-text", "this is no text: it holds NUL bytes");
    Some(fault.at(report.span(at, at + 1)))
}
