//! Elements as values, and their text.

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{NsReader, Writer};

/// An element with its attributes and content.
#[derive(Clone, Debug)]
pub(super) struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    content: Vec<Content>,
}

#[derive(Clone, Debug)]
enum Content {
    Element(Element),
    Text(String),
    /// XML that is well formed by itself.
    Raw(String),
}

impl Element {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            attributes: Vec::new(),
            content: Vec::new(),
        }
    }

    /// With an attribute more.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.attributes.push((name.to_string(), value.into()));
        self
    }

    /// With an attribute more, if there is a value for it.
    pub(super) fn maybe(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With an element more within.
    pub(super) fn holding(mut self, element: Element) -> Self {
        self.content.push(Content::Element(element));
        self
    }

    /// With elements more within.
    pub(super) fn holding_all(mut self, elements: impl IntoIterator<Item = Element>) -> Self {
        let elements = elements.into_iter().map(Content::Element);
        self.content.extend(elements);
        self
    }

    /// With a list more within, left out when it is empty.
    pub(super) fn list(self, name: &str, elements: Vec<Element>) -> Self {
        if elements.is_empty() {
            return self;
        }
        self.holding(Element::new(name).holding_all(elements))
    }

    /// With a text more within.
    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.content.push(Content::Text(text.into()));
        self
    }

    /// With XML more within that is well formed by itself.
    pub(super) fn raw(mut self, xml: impl Into<String>) -> Self {
        self.content.push(Content::Raw(xml.into()));
        self
    }

    /// The document with this root, two blanks per level.
    pub(super) fn document(&self) -> String {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        let head = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
        writer.write_event(head).expect("memory takes all writes");
        self.write(&mut writer);
        let mut text = String::from_utf8(writer.into_inner()).expect("texts in, text out");
        text.push('\n');
        text
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) {
        let attributes = self.attributes.iter();
        let attributes = attributes.map(|(name, value)| (name.as_str(), value.as_str()));
        let start = BytesStart::new(self.name.as_str()).with_attributes(attributes);
        let mut put = |event: Event| writer.write_event(event).expect("memory takes all writes");
        if self.content.is_empty() {
            put(Event::Empty(start));
            return;
        }
        put(Event::Start(start));
        for part in &self.content {
            match part {
                Content::Element(element) => element.write(writer),
                Content::Text(text) => writer
                    .write_event(Event::Text(BytesText::new(text)))
                    .expect("memory takes all writes"),
                Content::Raw(xml) => writer
                    .write_event(Event::Text(BytesText::from_escaped(xml.as_str())))
                    .expect("memory takes all writes"),
            }
        }
        let end = Event::End(BytesEnd::new(self.name.as_str()));
        writer.write_event(end).expect("memory takes all writes");
    }
}

/// Whether a text is elements that are well formed by themselves, every prefix declared within.
pub(super) fn stands_alone(xml: &str) -> bool {
    if !xml.trim_start().starts_with('<') {
        return false;
    }
    let mut reader = NsReader::from_str(xml);
    let mut open = 0_usize;
    loop {
        match reader.read_resolved_event() {
            Ok((space, event)) => {
                if matches!(space, quick_xml::name::ResolveResult::Unknown(_)) {
                    return false;
                }
                match event {
                    Event::Start(_) => open += 1,
                    Event::End(_) => open = open.saturating_sub(1),
                    Event::Text(text) if open == 0 && !text.trim().is_empty() => return false,
                    Event::DocType(_) | Event::Decl(_) => return false,
                    Event::Eof => return open == 0,
                    _ => {}
                }
            }
            Err(_) => return false,
        }
    }
}

/// A number as SBML's attributes take it: the shortest that reads back to the same bits.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_string();
    }
    if value.is_infinite() {
        return if value > 0.0 { "INF" } else { "-INF" }.to_string();
    }
    crate::model::text::number_text(value)
}

/// A flag as SBML's attributes take it.
pub(super) fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// A text without the characters that no XML can hold.
pub(super) fn printable(text: &str) -> String {
    let fits =
        |c: &char| *c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || "\n\t\r".contains(*c);
    text.chars().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_texts_and_attributes_is_escaped() {
        let element = Element::new("a").with("b", "<\"&'>").text("1 < 2 & 3");
        let text = element.document();
        assert!(text.contains("&lt;&quot;&amp;&apos;&gt;"), "{text}");
        assert!(text.contains("1 &lt; 2 &amp; 3"), "{text}");
    }

    #[test]
    fn numbers_are_those_of_xml_schema() {
        assert_eq!(number(f64::NAN), "NaN");
        assert_eq!(number(f64::NEG_INFINITY), "-INF");
        assert_eq!(number(1e-9), "1e-9");
        assert_eq!(number(0.1), "0.1");
    }

    #[test]
    fn only_whole_elements_stand_alone() {
        assert!(stands_alone("<p xmlns=\"x\">a &lt; b</p>"));
        assert!(stands_alone("<p/> <q/>"));
        for wrong in ["plain", "<p>", "</p>", "<p/> rest", "<h:p/>", "<p>&x</q>"] {
            assert!(!stands_alone(wrong), "{wrong}");
        }
    }
}
