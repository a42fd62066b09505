//! Texts that diagnostics can point into, and where they come from.

/// Which text of a [`SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// Bytes `start..end` of one text; always on character borders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Bytes `start..end` of `source`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        // Readers refuse texts of 4 GiB and more before any span is made.
        let clip = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            source,
            start: clip(start),
            end: clip(end),
        }
    }

    /// The smallest span that covers both; `self` when they lie in different texts.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        if self.source != other.source {
            return self;
        }
        Self {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// One text with the name under which messages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path or other name, as shown.
    pub name: String,
    /// The text.
    pub text: String,
}

/// All texts read so far; spans index into it.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and gives its handle.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = u32::try_from(self.files.len()).expect("fewer than 2^32 files are read");
        self.files.push(SourceFile {
            name: name.into(),
            text: text.into(),
        });
        SourceId(id)
    }

    /// The text behind a handle of this map.
    ///
    /// # Panics
    /// When the handle comes from another map.
    pub fn file(&self, id: SourceId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text under a span; empty when the span lies outside of it.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.source)
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Line and column of the span's start, counted from 1, columns in characters.
    pub fn line_column(&self, span: Span) -> (usize, usize) {
        let text = &self.file(span.source).text;
        let head = text.get(..span.start as usize).unwrap_or(text);
        let line_start = head.rfind('\n').map_or(0, |at| at + 1);
        (
            head.matches('\n').count() + 1,
            head[line_start..].chars().count() + 1,
        )
    }

    /// The handle of the text added under `name`, if any.
    pub fn find(&self, name: &str) -> Option<SourceId> {
        let at = self.files.iter().position(|file| file.name == name)?;
        u32::try_from(at).ok().map(SourceId)
    }

    /// All texts in the order in which they were added.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }
}

/// Why a text could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFailure {
    /// Nothing of that name; the places that were looked at.
    NotFound {
        /// Where it was looked for, as shown to the user.
        looked_in: Vec<String>,
    },
    /// It is there but is not text (not UTF-8, or holds NUL bytes).
    NotText,
    /// It is larger than the reader takes.
    TooLarge {
        /// Size in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file system said no.
    Io(String),
}

/// Where model and data text comes from: files, the embedded library, or memory.
pub trait Sources {
    /// The text called `name`, as written in the text called `importer` (if any), with the name to show for it.
    ///
    /// # Errors
    /// Why it could not be had.
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure>;
}

/// Texts held in memory, found by their exact name.
#[derive(Clone, Debug, Default)]
pub struct MemorySources(pub Vec<SourceFile>);

impl MemorySources {
    /// Texts from `(name, text)` pairs.
    pub fn new<const N: usize>(files: [(&str, &str); N]) -> Self {
        let file = |(name, text): (&str, &str)| SourceFile {
            name: name.to_string(),
            text: text.to_string(),
        };
        Self(files.into_iter().map(file).collect())
    }
}

impl Sources for MemorySources {
    fn read(&self, name: &str, _importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let found = self.0.iter().find(|file| file.name == name);
        found.cloned().ok_or_else(|| ReadFailure::NotFound {
            looked_in: vec!["memory".to_string()],
        })
    }
}
