//! Draws diagnostics as text. The only place that knows the drawing library.

use codespan_reporting::diagnostic as drawn;
use codespan_reporting::files::{self, Files};
use codespan_reporting::term;

use super::{Diagnostic, Diagnostics, Severity, SourceId, SourceMap, Span};

/// All findings as plain text, in order, each followed by an empty line.
pub fn render_all(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    let drawn: Vec<String> = diagnostics.0.iter().map(|d| render(d, sources)).collect();
    drawn.join("\n")
}

/// One finding as plain text: head line, the lines at fault, remedy; ends with a newline.
///
/// A finding without a place is drawn as its head line and remedy.
pub fn render(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut out = String::new();
    let config = term::Config {
        tab_width: 4,
        display_style: if on_long_lines(diagnostic, sources) {
            term::DisplayStyle::Medium
        } else {
            term::DisplayStyle::Rich
        },
        ..term::Config::default()
    };
    term::emit_to_string(&mut out, &config, &Texts(sources), &to_drawn(diagnostic))
        .expect("spans lie in their texts on character borders, and strings take all writes");
    let trimmed = out.trim_end().len();
    out.truncate(trimmed);
    out.push('\n');
    out
}

/// Longest line of a text, in bytes, that is drawn; the table of a program is no help to anybody's eyes.
const LONGEST_LINE: usize = 500;

/// Whether a place lies on a line that is too long to be looked at: its place and words are told then, without drawing.
fn on_long_lines(diagnostic: &Diagnostic, sources: &SourceMap) -> bool {
    let labels = diagnostic.labels.iter().map(|label| label.span);
    diagnostic.span.into_iter().chain(labels).any(|span| {
        let text = &sources.file(span.source).text;
        let (start, end) = (span.start as usize, span.end as usize);
        let before = text.get(..start).and_then(|head| head.rfind('\n'));
        let after = text.get(end..).and_then(|tail| tail.find('\n'));
        let from = before.map_or(0, |at| at + 1);
        let to = after.map_or(text.len(), |at| end + at);
        let lines = text.get(from..to).unwrap_or_default().lines();
        lines.into_iter().any(|line| line.len() > LONGEST_LINE)
    })
}

fn to_drawn(diagnostic: &Diagnostic) -> drawn::Diagnostic<SourceId> {
    let severity = match diagnostic.severity {
        Severity::Note => drawn::Severity::Note,
        Severity::Warning => drawn::Severity::Warning,
        Severity::Error => drawn::Severity::Error,
    };
    let range = |span: Span| span.start as usize..span.end as usize;
    let main = diagnostic
        .span
        .map(|span| drawn::Label::primary(span.source, range(span)).with_message(&diagnostic.here));
    let others = diagnostic.labels.iter().map(|label| {
        drawn::Label::secondary(label.span.source, range(label.span)).with_message(&label.text)
    });
    let hint = diagnostic.hint.iter().map(|hint| format!("hint: {hint}"));
    drawn::Diagnostic::new(severity)
        .with_code(diagnostic.code)
        .with_message(&diagnostic.message)
        .with_labels(main.into_iter().chain(others).collect())
        .with_notes(hint.collect())
}

struct Texts<'a>(&'a SourceMap);

impl<'a> Files<'a> for Texts<'a> {
    type FileId = SourceId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: SourceId) -> Result<&'a str, files::Error> {
        Ok(&self.0.file(id).name)
    }

    fn source(&'a self, id: SourceId) -> Result<&'a str, files::Error> {
        Ok(&self.0.file(id).text)
    }

    fn line_index(&'a self, id: SourceId, byte: usize) -> Result<usize, files::Error> {
        let text = &self.0.file(id).text;
        let head = text.get(..byte).unwrap_or(text);
        Ok(head.bytes().filter(|&b| b == b'\n').count())
    }

    fn line_range(
        &'a self,
        id: SourceId,
        line: usize,
    ) -> Result<std::ops::Range<usize>, files::Error> {
        let text = &self.0.file(id).text;
        let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        let too_large = files::Error::LineTooLarge {
            given: line,
            max: text.lines().count(),
        };
        let start = starts.nth(line).ok_or(too_large)?;
        Ok(start..starts.next().unwrap_or(text.len()))
    }
}
