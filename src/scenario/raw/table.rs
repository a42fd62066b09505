//! Walks a TOML document by hand, so that each mistake gives a finding of its own, with its place.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span, did_you_mean};

/// Something with the place where it was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct At<T> {
    pub value: T,
    pub span: Span,
}

/// A number or a text such as `"78 g"`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar {
    Number(f64),
    Text(String),
}

/// A table of the document.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    entries: &'a DeTable<'a>,
    source: SourceId,
    /// All of it, for what is missing in it.
    pub span: Span,
    /// What it is, for messages: `the scenario`, `this entry`.
    pub what: &'static str,
}

/// A value of the document with the key it stands under.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    value: &'a DeValue<'a>,
    source: SourceId,
    pub key: &'a str,
    pub key_span: Span,
    pub span: Span,
    /// It is an item of the list under the key.
    item: bool,
}

/// Calls `walk` with the document's table, or reports why the text is no TOML.
pub(crate) fn document<T>(
    text: &str,
    source: SourceId,
    what: &'static str,
    findings: &mut Diagnostics,
    walk: impl FnOnce(Table, &mut Diagnostics) -> T,
) -> Option<T> {
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(_) => {
            report_all(text, source, findings);
            return None;
        }
    };
    let root = Table {
        entries: document.get_ref(),
        source,
        span: Span::new(source, 0, first_line_end(text)),
        what,
    };
    Some(walk(root, findings))
}

/// How many syntax mistakes are worth reading at once.
const MOST_SYNTAX_FINDINGS: usize = 10;

fn report_all(text: &str, source: SourceId, findings: &mut Diagnostics) {
    let (_, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(MOST_SYNTAX_FINDINGS) {
        let range = error.span().unwrap_or(0..0);
        let found = if error.message().contains("duplicate key") {
            Diagnostic::error("scenario/duplicate", "this key is written a second time")
                .hint("leave one of them out")
        } else {
            let message = format!("the file is not TOML: {}", error.message());
            let hint = "a value is a number, a text in quotes, a list `[…]` or a table `{…}`";
            Diagnostic::error("scenario/toml", message).hint(hint)
        };
        findings.push(found.at(on_characters(text, source, range)));
    }
}

/// The span with its ends moved outwards to character borders.
fn on_characters(text: &str, source: SourceId, range: std::ops::Range<usize>) -> Span {
    let mut start = range.start.min(text.len());
    let mut end = range.end.clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Span::new(source, start, end)
}

fn first_line_end(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

impl<'a> Table<'a> {
    /// The value under `key`, if any.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let (key, value) = self.entries.get_key_value(key)?;
        Some(self.node(key, value))
    }

    /// The value under `key`; reports that it is missing.
    pub fn require(
        &self,
        key: &str,
        example: &str,
        findings: &mut Diagnostics,
    ) -> Option<Node<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let missing = Diagnostic::error(
                "scenario/missing",
                format!("{} does not say `{key}`", self.what),
            );
            findings.push(
                missing
                    .at(self.span)
                    .hint(format!("for example `{example}`")),
            );
        }
        found
    }

    /// All values in the order of the file.
    pub fn nodes(&self) -> Vec<Node<'a>> {
        let all = self.entries.iter();
        let mut nodes: Vec<Node> = all.map(|(key, value)| self.node(key, value)).collect();
        nodes.sort_by_key(|node| node.key_span);
        nodes
    }

    /// Reports every key that is not among `known`.
    pub fn refuse_unknown(&self, known: &[&str], findings: &mut Diagnostics) {
        for node in self.nodes() {
            if known.contains(&node.key) {
                continue;
            }
            let unknown = Diagnostic::error(
                "scenario/unknown-key",
                format!("{} has no key `{}`", self.what, node.key),
            );
            findings.push(unknown.at(node.key_span).hint(suggestion(node.key, known)));
        }
    }

    fn node(
        &self,
        key: &'a Spanned<toml::de::DeString<'a>>,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Node<'a> {
        let span = |range: std::ops::Range<usize>| Span::new(self.source, range.start, range.end);
        Node {
            value: value.get_ref(),
            source: self.source,
            key: key.get_ref(),
            key_span: span(key.span()),
            span: span(value.span()),
            item: false,
        }
    }
}

/// What to write instead of `wanted`: the near one, else all of them.
pub(crate) fn suggestion(wanted: &str, known: &[&str]) -> String {
    match did_you_mean(wanted, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("accepted: {}", listed(known)),
    }
}

/// Names in backticks with commas between.
pub(crate) fn listed(names: &[&str]) -> String {
    let ticked: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    ticked.join(", ")
}

impl<'a> Node<'a> {
    /// A text.
    pub fn text(&self, findings: &mut Diagnostics) -> Option<At<String>> {
        match self.value {
            DeValue::String(text) => Some(self.at(text.to_string())),
            _ => self.refuse("a text in quotes", findings),
        }
    }

    /// A finite number without a unit.
    pub fn number(&self, findings: &mut Diagnostics) -> Option<At<f64>> {
        match self.value {
            DeValue::Integer(_) | DeValue::Float(_) => self.finite(findings).map(|v| self.at(v)),
            _ => self.refuse("a number", findings),
        }
    }

    /// A finite number, or a text that has a unit in it.
    pub fn scalar(&self, findings: &mut Diagnostics) -> Option<At<Scalar>> {
        match self.value {
            DeValue::String(text) => Some(self.at(Scalar::Text(text.to_string()))),
            DeValue::Integer(_) | DeValue::Float(_) => {
                self.finite(findings).map(|v| self.at(Scalar::Number(v)))
            }
            _ => self.refuse("a number, or a number with its unit in quotes", findings),
        }
    }

    /// A list.
    pub fn list(&self, findings: &mut Diagnostics) -> Option<Vec<Node<'a>>> {
        let DeValue::Array(items) = self.value else {
            return self.refuse("a list in square brackets", findings);
        };
        let item = |item: &'a Spanned<DeValue<'a>>| {
            let range = item.span();
            let span = Span::new(self.source, range.start, range.end);
            Node {
                value: item.get_ref(),
                span,
                item: true,
                ..*self
            }
        };
        Some(items.iter().map(item).collect())
    }

    /// A table; `what` names it in messages about its keys.
    pub fn table(&self, what: &'static str, findings: &mut Diagnostics) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(entries) => Some(Table {
                entries,
                source: self.source,
                // A table under a header has the place of its header.
                span: self.span,
                what,
            }),
            _ => self.refuse("a table", findings),
        }
    }

    /// A list of texts; items that are none are reported and left out.
    pub fn texts(&self, findings: &mut Diagnostics) -> Option<Vec<At<String>>> {
        let items = self.list(findings)?;
        Some(
            items
                .iter()
                .filter_map(|item| item.text(findings))
                .collect(),
        )
    }

    /// A list of numbers or quantities; items that are none are reported and left out.
    pub fn scalars(&self, findings: &mut Diagnostics) -> Option<Vec<At<Scalar>>> {
        let items = self.list(findings)?;
        Some(
            items
                .iter()
                .filter_map(|item| item.scalar(findings))
                .collect(),
        )
    }

    /// A list of tables; items that are none are reported and left out.
    pub fn tables(&self, what: &'static str, findings: &mut Diagnostics) -> Vec<Table<'a>> {
        let items = self.list(findings).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| item.table(what, findings))
            .collect()
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        self.value.is_array()
    }

    fn at<T>(&self, value: T) -> At<T> {
        let span = self.span;
        At { value, span }
    }

    fn finite(&self, findings: &mut Diagnostics) -> Option<f64> {
        let value = match self.value {
            DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
                .ok()
                // Whole numbers past 2^53 are rounded, as a float written in their place would be.
                .map(|value| value as f64),
            DeValue::Float(digits) => digits.as_str().parse().ok(),
            _ => None,
        };
        let value = value.filter(|value: &f64| value.is_finite());
        if value.is_none() {
            let wrong = Diagnostic::error(
                "scenario/number",
                format!("`{}` takes a finite number", self.key),
            );
            findings.push(
                wrong
                    .at(self.span)
                    .hint("NaN, infinity and numbers past 1.8e308 are refused"),
            );
        }
        value
    }

    fn refuse<T>(&self, wanted: &str, findings: &mut Diagnostics) -> Option<T> {
        let kind = match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = if self.item {
            format!("each item of `{}` has to be {wanted}", self.key)
        } else {
            format!("`{}` takes {wanted}", self.key)
        };
        let wrong = Diagnostic::error("scenario/type", message);
        findings.push(wrong.at(self.span).here(format!("this is {kind}")));
        None
    }
}
