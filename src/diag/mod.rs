//! What can be said about an input: sources, spans, diagnostics and their drawing.

mod render;
mod sources;

pub use render::{render, render_all};
pub use sources::{MemorySources, ReadFailure, SourceFile, SourceId, SourceMap, Sources, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Accepted, but probably not what was meant.
    Warning,
    /// Cannot be used as it stands.
    Error,
}

/// A second place that belongs to a finding, with a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

/// One finding about an input that its author can mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Stable code, `room/problem`.
    pub code: &'static str,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// The place at fault, when the input has places.
    pub span: Option<Span>,
    /// Words under the place at fault; may be empty.
    pub here: String,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// What would be accepted, or what to do.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error with its code and message.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    /// A warning with its code and message.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    /// A note with its code and message.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message.into())
    }

    fn new(severity: Severity, code: &'static str, message: String) -> Self {
        Self {
            severity,
            code,
            message,
            span: None,
            here: String::new(),
            labels: Vec::new(),
            hint: None,
        }
    }

    /// Sets the place at fault.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Sets the words under the place at fault.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        self.here = text.into();
        self
    }

    /// Adds another place with a few words.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Sets the remedy.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Findings in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// No findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of `other` behind the present ones.
    pub fn extend(&mut self, other: Diagnostics) {
        self.0.extend(other.0);
    }

    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` with the value and the findings when none is an error, else the findings.
    ///
    /// # Errors
    /// All findings, when one of them is an error.
    pub fn into_result<T>(self, value: T) -> Result<Warned<T>, Diagnostics> {
        if self.has_errors() {
            Err(self)
        } else {
            Ok(Warned {
                value,
                warnings: self,
            })
        }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A value that was understood, with what should be said about it.
#[derive(Clone, Debug)]
pub struct Warned<T> {
    /// The value.
    pub value: T,
    /// Warnings and notes, never errors.
    pub warnings: Diagnostics,
}

/// Longest name, in characters, that is compared with others: the time is that of the product of both lengths.
const LONGEST_WORD: usize = 200;

/// The name among `known` that `wanted` most likely means, or none when nothing is near.
///
/// Near is a Damerau–Levenshtein distance of at most a third of the length (at least 1), case ignored first; of names
/// with one letter only the case may differ, as each is one letter from every other.
/// ```
/// # use insilin::diag::did_you_mean;
/// assert_eq!(did_you_mean("GLUT4_mp", ["GLUT4_pm", "GLUT1"]), Some("GLUT4_pm"));
/// assert_eq!(did_you_mean("xyz", ["GLUT4_pm"]), None);
/// assert_eq!(did_you_mean("k", ["x", "K"]), Some("K"));
/// ```
pub fn did_you_mean<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wanted.chars().count();
    if length > LONGEST_WORD {
        return None;
    }
    let limit = (length / 3).max(usize::from(length > 1));
    let lower = wanted.to_lowercase();
    known
        .into_iter()
        // A difference in length is the least that has to be mended.
        .filter(|name| name.chars().count().abs_diff(length) <= limit)
        .map(|name| {
            let exact = strsim::damerau_levenshtein(wanted, name);
            let small = name.to_lowercase();
            // Most names are written in small letters, and each comparison takes some microseconds.
            let folded = if small == name && lower == wanted {
                exact
            } else {
                strsim::damerau_levenshtein(&lower, &small)
            };
            (folded.min(exact), exact, name)
        })
        .filter(|(distance, _, _)| *distance <= limit)
        .min()
        .map(|(_, _, name)| name)
}
