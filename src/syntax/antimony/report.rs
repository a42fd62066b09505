//! Collects what is to be said about one text.

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};

/// Findings beyond this many are counted, not kept: nobody reads them, and a binary file makes millions.
const LIMIT: usize = 100;

pub(super) struct Report {
    source: SourceId,
    found: Vec<Diagnostic>,
    dropped: usize,
}

impl Report {
    pub(super) fn new(source: SourceId) -> Self {
        Self {
            source,
            found: Vec::new(),
            dropped: 0,
        }
    }

    /// Bytes `start..end` of the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if self.is_full() {
            self.dropped += 1;
        } else {
            self.found.push(diagnostic);
        }
    }

    /// Whether further findings are only counted.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= LIMIT
    }

    /// All findings in the order of the text.
    pub(super) fn finish(mut self) -> Diagnostics {
        self.found
            .sort_by_key(|found| found.span.map(|span| span.start));
        if self.dropped > 0 {
            // An error, because the dropped findings may hold some.
            let message = format!("{} further findings are not shown", self.dropped);
            self.found
                .push(Diagnostic::error("syntax/too-many", message));
        }
        Diagnostics(self.found)
    }
}

/// A word as it appears in a message, cut where it would fill the screen.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_string(),
    }
}
