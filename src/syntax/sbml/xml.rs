//! Elements with places, through quick-xml, with limits that keep hostile files cheap.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::diag::{Diagnostic, SourceId, Span};

/// Elements within elements, at most: formulas people write are far flatter, and later rooms walk them recursively.
const DEEPEST: usize = 400;

/// Bytes of one start tag, at most: ids, names and numbers are short.
const LONGEST_TAG: usize = 1 << 16;

/// Where an element's or attribute's name is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// SBML core of any level.
    Core,
    /// MathML.
    Math,
    /// A package of SBML, by its name.
    Package(String),
    /// Qualifiers about what an element stands for.
    Biology,
    /// Qualifiers about the model as a work.
    Modelling,
    /// What our own writer keeps beside core.
    Kept,
    /// Anything else.
    Other,
}

/// An attribute; those of core stand in no namespace.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    /// None for a plain name.
    pub space: Option<Space>,
    /// Name without prefix.
    pub name: String,
    /// Value, references resolved.
    pub value: String,
}

/// What stands within an element.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// An element.
    Element(Element),
    /// Text between elements.
    Text(String),
}

/// An element.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// Where its name is defined.
    pub space: Space,
    /// Name without prefix.
    pub name: String,
    /// Attributes in order.
    pub attributes: Vec<Attribute>,
    /// Packages named by its namespace declarations.
    pub namespaces: Vec<String>,
    /// Content in order, without notes and annotation.
    pub children: Vec<Node>,
    /// The text between `notes` and its end, markup and all.
    pub notes: Option<String>,
    /// The annotation.
    pub annotation: Option<Box<Element>>,
    /// The start tag.
    pub span: Span,
}

impl Element {
    /// Whether it is the element of core called `name`.
    pub(super) fn is_core(&self, name: &str) -> bool {
        self.space == Space::Core && self.name == name
    }

    /// The elements within.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of core called `name` within.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.is_core(name))
    }

    /// Its plain attribute called `name`.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let mut plain = self.attributes.iter().filter(|a| a.space.is_none());
        plain.find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// The text directly within, without the blanks around it.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for child in &self.children {
            if let Node::Text(part) = child {
                text.push_str(part);
            }
        }
        text.trim().to_string()
    }
}

/// A diagnostic, boxed: failures are rare and the way back is long.
type Failure = Box<Diagnostic>;

/// The root element of a text.
///
/// # Errors
/// What makes it no XML, or XML that is not taken: declarations of document types, deep nesting, huge tags.
pub(super) fn read(text: &str, source: SourceId) -> Result<Element, Failure> {
    Reader {
        reader: NsReader::from_str(text),
        source,
        open: Vec::new(),
        root: None,
        version: XmlVersion::default(),
    }
    .run(text)
}

struct Reader<'a> {
    reader: NsReader<&'a [u8]>,
    source: SourceId,
    /// Elements whose end has not come yet, outermost first.
    open: Vec<Element>,
    root: Option<Element>,
    version: XmlVersion,
}

impl Reader<'_> {
    fn run(mut self, text: &str) -> Result<Element, Failure> {
        loop {
            let from = self.position();
            let event = self.reader.read_event();
            let span = Span::new(self.source, from, self.position());
            let event = event.map_err(|error| malformed(&error.to_string(), self.tip(text)))?;
            match event {
                Event::Start(tag) => {
                    self.start(&tag, span)?;
                }
                Event::Empty(tag) => {
                    self.start(&tag, span)?;
                    self.end("");
                }
                Event::End(_) => self.end(text.get(self.inner_start()..from).unwrap_or_default()),
                Event::Text(part) => self.text(&part.xml_content(self.version)),
                Event::CData(part) => self.text(&part.xml_content(self.version)),
                Event::GeneralRef(reference) => self.reference(&reference, span)?,
                Event::DocType(_) => return Err(doctype(span)),
                Event::Decl(declared) => self.encoding(&declared, span)?,
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        if let Some(open) = self.open.last() {
            let message = format!("the element `{}` has no end", open.name);
            return Err(malformed(&message, open.span));
        }
        let end = Span::new(self.source, 0, 0);
        self.root
            .ok_or_else(|| malformed("there is no element in it", end))
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The place of a failure: the reader stands where it gave up.
    fn tip(&self, text: &str) -> Span {
        let at = usize::try_from(self.reader.error_position())
            .unwrap_or(text.len())
            .min(text.len());
        let at = (0..=at)
            .rev()
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(0);
        Span::new(self.source, at, at)
    }

    fn encoding(
        &mut self,
        declared: &quick_xml::events::BytesDecl<'_>,
        span: Span,
    ) -> Result<(), Failure> {
        let Some(Ok(name)) = declared.encoding() else {
            return Ok(());
        };
        let plain = ["utf-8", "utf8", "us-ascii", "ascii"];
        if plain.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return Ok(());
        }
        let told = Diagnostic::error(
            "syntax/sbml-encoding",
            format!("the file says that it is written in `{name}`, and SBML is written in UTF-8"),
        );
        Err(Box::new(told.at(span)))
    }

    fn start(&mut self, tag: &BytesStart<'_>, span: Span) -> Result<(), Failure> {
        if self.open.len() >= DEEPEST {
            let told = Diagnostic::error(
                "syntax/sbml-too-deep",
                format!("more than {DEEPEST} elements stand within each other"),
            );
            return Err(Box::new(told.at(span)));
        }
        if tag.len() > LONGEST_TAG {
            let told = Diagnostic::error(
                "syntax/sbml-too-large",
                format!(
                    "a tag of {} bytes; at most {LONGEST_TAG} are read",
                    tag.len()
                ),
            );
            return Err(Box::new(told.at(span)));
        }
        let element = self.element(tag, span)?;
        self.open.push(element);
        Ok(())
    }

    fn element(&self, tag: &BytesStart<'_>, span: Span) -> Result<Element, Failure> {
        let resolver = self.reader.resolver();
        let (space, local) = resolver.resolve_element(tag.name());
        let mut element = Element {
            space: space_of(&space),
            name: local.as_ref().to_string(),
            attributes: Vec::new(),
            namespaces: Vec::new(),
            children: Vec::new(),
            notes: None,
            annotation: None,
            span,
        };
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| malformed(&error.to_string(), span))?;
            let value = attribute
                .normalized_value(self.version)
                .map_err(|error| malformed(&error.to_string(), span))?;
            if attribute.key.as_namespace_binding().is_some() {
                element.namespaces.extend(package(&value));
                continue;
            }
            let (space, local) = resolver.resolve_attribute(attribute.key);
            element.attributes.push(Attribute {
                space: attribute.key.prefix().map(|_| space_of(&space)),
                name: local.as_ref().to_string(),
                value: value.into_owned(),
            });
        }
        Ok(element)
    }

    /// Where the content of the innermost open element begins.
    fn inner_start(&self) -> usize {
        self.open.last().map_or(0, |open| open.span.end as usize)
    }

    /// * `inner` — the text between the element's tags
    fn end(&mut self, inner: &str) {
        let Some(element) = self.open.pop() else {
            return;
        };
        match self.open.last_mut() {
            // Prose and vocabulary say nothing about what is simulated: they stand apart.
            Some(parent) if element.is_core("notes") => parent.notes = Some(inner.to_string()),
            Some(parent) if element.is_core("annotation") => {
                parent.annotation = Some(Box::new(element));
            }
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = self.root.take().or(Some(element)),
        }
    }

    fn text(&mut self, part: &str) {
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(Node::Text(part.to_string()));
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>, span: Span) -> Result<(), Failure> {
        let name = reference.xml_content(self.version);
        let character = match reference.resolve_char_ref() {
            Ok(Some(character)) => Some(character),
            Ok(None) => match &*name {
                "lt" => Some('<'),
                "gt" => Some('>'),
                "amp" => Some('&'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                _ => None,
            },
            Err(_) => None,
        };
        let Some(character) = character else {
            let told = Diagnostic::error(
                "syntax/sbml-entity",
                format!("the reference `&{name};` stands for nothing"),
            );
            return Err(Box::new(told.at(span).hint(
                "only `&lt;`, `&gt;`, `&amp;`, `&quot;`, `&apos;` and numbers such as `&#181;` are read",
            )));
        };
        self.text(character.encode_utf8(&mut [0; 4]));
        Ok(())
    }
}

fn space_of(resolved: &ResolveResult<'_>) -> Space {
    let ResolveResult::Bound(namespace) = resolved else {
        return Space::Other;
    };
    let uri = namespace.as_ref();
    if uri == "http://www.w3.org/1998/Math/MathML" {
        return Space::Math;
    }
    match uri {
        "http://biomodels.net/biology-qualifiers/" => return Space::Biology,
        "http://biomodels.net/model-qualifiers/" => return Space::Modelling,
        super::KEPT_NAMESPACE => return Space::Kept,
        _ => {}
    }
    match uri.strip_prefix("http://www.sbml.org/sbml/level") {
        Some(rest) if rest.starts_with('2') || rest.ends_with("/core") || rest == "1" => {
            Space::Core
        }
        _ => package(uri).map_or(Space::Other, Space::Package),
    }
}

/// The package that a namespace such as `http://www.sbml.org/sbml/level3/version1/comp/version1` is of.
fn package(uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("http://www.sbml.org/sbml/level3/")?;
    let name = rest.split('/').nth(1)?;
    (name != "core").then(|| name.to_string())
}

fn malformed(why: &str, span: Span) -> Failure {
    let told = Diagnostic::error("syntax/sbml-malformed", format!("this is not XML: {why}"));
    Box::new(told.at(span))
}

fn doctype(span: Span) -> Failure {
    let told = Diagnostic::error(
        "syntax/sbml-doctype",
        "declarations of document types and entities are not read",
    );
    Box::new(
        told.at(span)
            .hint("remove the `<!DOCTYPE …>`; SBML needs none"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        read(text, SourceId::default()).expect_err("refused").code
    }

    #[test]
    fn an_entity_bomb_is_refused_at_its_declaration() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>";
        assert_eq!(code(bomb), "syntax/sbml-doctype");
    }

    #[test]
    fn a_reference_to_nothing_is_refused() {
        assert_eq!(code("<x>&nothing;</x>"), "syntax/sbml-entity");
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert_eq!(code(&"<x>".repeat(100_000)), "syntax/sbml-too-deep");
    }

    #[test]
    fn a_huge_attribute_is_refused() {
        let text = format!("<x a=\"{}\"/>", "y".repeat(1_000_000));
        assert_eq!(code(&text), "syntax/sbml-too-large");
    }

    #[test]
    fn an_element_without_an_end_is_malformed() {
        assert_eq!(code("<x><y></x>"), "syntax/sbml-malformed");
        assert_eq!(code("<x><y>"), "syntax/sbml-malformed");
        assert_eq!(code(""), "syntax/sbml-malformed");
    }

    #[test]
    fn another_encoding_is_refused() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><x/>";
        assert_eq!(code(text), "syntax/sbml-encoding");
    }

    #[test]
    fn references_and_sections_are_text() {
        let root = read("<x>1&lt;&#50;<![CDATA[<3]]></x>", SourceId::default()).expect("XML");
        assert_eq!(root.text(), "1<2<3");
    }

    #[test]
    fn a_span_covers_the_start_tag() {
        let text = "<x>\n <y a='1'>t</y></x>";
        let root = read(text, SourceId::default()).expect("XML");
        let y = root.elements().next().expect("one element");
        assert_eq!(
            &text[y.span.start as usize..y.span.end as usize],
            "<y a='1'>"
        );
    }
}
