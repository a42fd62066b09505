//! Elements with places, through quick-xml, with limits that keep hostile files cheap.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::diag::{Diagnostic, SourceId, Span};

use super::characters;
use super::malformed::{self, KNOWN_REFERENCES, malformed};

/// Elements within elements, at most: formulas people write are far flatter, and later rooms walk them recursively.
const DEEPEST: usize = 400;

/// Bytes of one start tag, at most: ids, names and numbers are short.
const LONGEST_TAG: usize = 1 << 16;

/// Attributes of one element, at most: that two have one name is found by comparing all pairs.
const MOST_ATTRIBUTES: usize = 128;

/// Elements of one file, at most: each takes some hundred bytes of memory.
const MOST_ELEMENTS: usize = 2_000_000;

/// Bytes of one file, at most.
const LONGEST_TEXT: usize = 50_000_000;

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
    /// From its name to the end of its value.
    pub span: Span,
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
    /// Level and version of SBML core whose namespace it is in; zeros outside of core.
    pub edition: (u32, u32),
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

    /// The value of its plain attribute called `name`.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.written(name).map(|a| a.value.as_str())
    }

    /// Its plain attribute called `name`.
    pub(super) fn written(&self, name: &str) -> Option<&Attribute> {
        let mut plain = self.attributes.iter().filter(|a| a.space.is_none());
        plain.find(|a| a.name == name)
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
    if text.len() > LONGEST_TEXT {
        let told = Diagnostic::error(
            "syntax/sbml-too-large",
            format!(
                "the file has {} MB; at most 50 MB are read",
                text.len() / 1_000_000
            ),
        );
        return Err(Box::new(
            told.hint("split the model, or remove its annotations"),
        ));
    }
    characters::check(text, source)?;
    // The library passes over a mark of the byte order and does not count it in its places.
    let marked = text.len();
    let text = text.trim_start_matches('\u{feff}');
    Reader {
        reader: NsReader::from_str(text),
        source,
        before: marked - text.len(),
        open: Vec::new(),
        root: None,
        version: XmlVersion::default(),
        count: 0,
    }
    .run(text)
}

struct Reader<'a> {
    reader: NsReader<&'a [u8]>,
    source: SourceId,
    /// Bytes before the text that the library sees.
    before: usize,
    /// Elements whose end has not come yet, outermost first.
    open: Vec<Element>,
    root: Option<Element>,
    version: XmlVersion,
    /// Elements so far.
    count: usize,
}

impl Reader<'_> {
    fn run(mut self, text: &str) -> Result<Element, Failure> {
        loop {
            let from = self.position();
            let event = self.reader.read_event();
            let span = self.span(from, self.position());
            let event =
                event.map_err(|error| Box::new(malformed::broken(&error, self.tip(text))))?;
            match event {
                Event::Start(tag) => {
                    self.start(&tag, span)?;
                }
                Event::Empty(tag) => {
                    self.start(&tag, span)?;
                    self.end("");
                }
                Event::End(_) => self.end(text.get(self.inner_start()..from).unwrap_or_default()),
                Event::Text(part) => self.text(&part.xml_content(self.version), span)?,
                Event::CData(part) => self.text(&part.xml_content(self.version), span)?,
                Event::GeneralRef(reference) => self.reference(&reference, span)?,
                Event::DocType(kind) => return Err(doctype(&kind, span)),
                Event::Decl(declared) => self.encoding(&declared, span)?,
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        if let Some(open) = self.open.last() {
            let told = malformed(
                &format!("the element `{}` has no end", open.name),
                open.span,
            );
            return Err(Box::new(
                told.hint(format!("end it with `</{}>`", open.name)),
            ));
        }
        let end = self.span(0, 0);
        let empty = || {
            let told = malformed("there is no element in it", end);
            Box::new(told.hint("a file in SBML begins with `<sbml …>` and holds a model"))
        };
        self.root.ok_or_else(empty)
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
        self.span(at, at)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, self.before + start, self.before + end)
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
        Err(Box::new(
            told.at(span)
                .hint("save it as UTF-8 and write `encoding=\"UTF-8\"`"),
        ))
    }

    fn start(&mut self, tag: &BytesStart<'_>, span: Span) -> Result<(), Failure> {
        self.limits(tag, span)?;
        self.count += 1;
        let element = self.element(tag, span)?;
        if self.open.is_empty() && self.root.is_some() {
            let message = format!("`{}` stands behind the end of the document", element.name);
            let told = malformed(&message, span);
            return Err(Box::new(
                told.hint("a file holds one `sbml` element; remove the second"),
            ));
        }
        self.open.push(element);
        Ok(())
    }

    /// What makes a file too expensive to read.
    fn limits(&self, tag: &BytesStart<'_>, span: Span) -> Result<(), Failure> {
        let refuse = |code, message: String, hint: &str| {
            Err(Box::new(
                Diagnostic::error(code, message).at(span).hint(hint),
            ))
        };
        if self.open.len() >= DEEPEST {
            let message = format!("more than {DEEPEST} elements stand within each other");
            let hint = "give parts of the formula names of their own, with assignment rules";
            return refuse("syntax/sbml-too-deep", message, hint);
        }
        if tag.len() > LONGEST_TAG {
            let message = format!(
                "a tag of {} bytes; at most {LONGEST_TAG} are read",
                tag.len()
            );
            return refuse("syntax/sbml-too-large", message, "shorten its attributes");
        }
        if self.count >= MOST_ELEMENTS {
            let message = format!("more than {MOST_ELEMENTS} elements");
            return refuse("syntax/sbml-too-large", message, "split the model");
        }
        Ok(())
    }

    fn element(&self, tag: &BytesStart<'_>, span: Span) -> Result<Element, Failure> {
        let resolver = self.reader.resolver();
        let (space, local) = resolver.resolve_element(tag.name());
        declared(&space, span)?;
        let mut element = Element {
            space: space_of(&space),
            edition: edition(&space),
            name: local.as_ref().to_string(),
            attributes: Vec::new(),
            namespaces: Vec::new(),
            children: Vec::new(),
            notes: None,
            annotation: None,
            span,
        };
        for (at, attribute) in tag.attributes().enumerate() {
            let attribute =
                attribute.map_err(|error| Box::new(malformed::attribute(&error, span)))?;
            if at >= MOST_ATTRIBUTES {
                let told = Diagnostic::error(
                    "syntax/sbml-too-large",
                    format!("an element with more than {MOST_ATTRIBUTES} attributes"),
                );
                return Err(Box::new(
                    told.at(span).hint("remove those that SBML does not know"),
                ));
            }
            self.attribute(&attribute, tag, &mut element)?;
        }
        Ok(element)
    }

    /// Takes up one attribute, or the package that a namespace declaration names.
    fn attribute(
        &self,
        attribute: &quick_xml::events::attributes::Attribute<'_>,
        tag: &BytesStart<'_>,
        element: &mut Element,
    ) -> Result<(), Failure> {
        let span = place(attribute, tag, element.span);
        let value = attribute
            .normalized_value(self.version)
            .map_err(|error| Box::new(malformed::broken(&error, span)))?;
        if let Some(odd) = value.chars().find(|c| !characters::is_allowed(*c)) {
            return Err(Box::new(characters::refused(odd, span)));
        }
        if attribute.key.as_namespace_binding().is_some() {
            element.namespaces.extend(package(&value));
            return Ok(());
        }
        let (space, local) = self.reader.resolver().resolve_attribute(attribute.key);
        declared(&space, span)?;
        element.attributes.push(Attribute {
            space: attribute.key.prefix().map(|_| space_of(&space)),
            name: local.as_ref().to_string(),
            value: value.into_owned(),
            span,
        });
        Ok(())
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

    fn text(&mut self, part: &str, span: Span) -> Result<(), Failure> {
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(Node::Text(part.to_string()));
            return Ok(());
        }
        let is_mark = |c: char| c.is_whitespace() || c == '\u{feff}';
        if part.chars().all(is_mark) {
            return Ok(());
        }
        let told = malformed("text stands outside of all elements", span);
        Err(Box::new(told.hint(
            "a file in SBML begins with `<?xml …>` or `<sbml …>` and ends with `</sbml>`",
        )))
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
                format!(
                    "the reference `&{}` stands for nothing",
                    cut(&format!("{name};"))
                ),
            );
            return Err(Box::new(told.at(span).hint(KNOWN_REFERENCES)));
        };
        if !characters::is_allowed(character) {
            return Err(Box::new(characters::refused(character, span)));
        }
        self.text(character.encode_utf8(&mut [0; 4]), span)
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

/// The place of an attribute, from its name to the quote behind its value.
fn place(
    attribute: &quick_xml::events::attributes::Attribute<'_>,
    tag: &BytesStart<'_>,
    whole: Span,
) -> Span {
    let inside: &str = tag;
    let name: &str = attribute.key.as_ref();
    // Names are borrowed from the tag, whose first byte stands behind the `<`.
    let before = (name.as_ptr() as usize).wrapping_sub(inside.as_ptr() as usize);
    let Some(rest) = inside.get(before..) else {
        return whole;
    };
    let length = match rest.find(['"', '\'']) {
        Some(open) => {
            let quote = &rest[open..=open];
            rest[open + 1..]
                .find(quote)
                .map_or(rest.len(), |end| open + end + 2)
        }
        None => name.len(),
    };
    let start = whole.start as usize + 1 + before;
    Span::new(whole.source, start, start + length)
}

/// A prefix that nothing declares makes a name of no vocabulary.
fn declared(resolved: &ResolveResult<'_>, span: Span) -> Result<(), Failure> {
    let ResolveResult::Unknown(prefix) = resolved else {
        return Ok(());
    };
    let message = format!("the prefix `{}` is not declared", cut(prefix));
    let told = malformed(&message, span);
    Err(Box::new(told.hint(format!(
        "declare it at `sbml`: `xmlns:{}=\"…\"`",
        cut(prefix)
    ))))
}

/// Level and version of a namespace of core.
fn edition(resolved: &ResolveResult<'_>) -> (u32, u32) {
    let ResolveResult::Bound(namespace) = resolved else {
        return (0, 0);
    };
    match namespace.0 {
        "http://www.sbml.org/sbml/level1" => (1, 2),
        "http://www.sbml.org/sbml/level2" => (2, 1),
        "http://www.sbml.org/sbml/level2/version2" => (2, 2),
        "http://www.sbml.org/sbml/level2/version3" => (2, 3),
        "http://www.sbml.org/sbml/level2/version4" => (2, 4),
        "http://www.sbml.org/sbml/level2/version5" => (2, 5),
        "http://www.sbml.org/sbml/level3/version1/core" => (3, 1),
        "http://www.sbml.org/sbml/level3/version2/core" => (3, 2),
        _ => (0, 0),
    }
}

/// A name as it appears in a message, cut where it would fill the screen.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

fn doctype(kind: &str, span: Span) -> Failure {
    let is_page = kind.trim().to_ascii_lowercase().starts_with("html");
    let (message, hint) = if is_page {
        (
            "this is a web page, not SBML",
            "download the model's file itself instead of the page about it",
        )
    } else {
        (
            "declarations of document types and entities are not read",
            "remove the `<!DOCTYPE …>`; SBML needs none",
        )
    };
    let told = Diagnostic::error("syntax/sbml-doctype", message);
    Box::new(told.at(span).hint(hint))
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
    fn a_mark_of_the_byte_order_moves_no_place() {
        let text = "\u{feff}<x>\n <y a='1'>t</y></x>";
        let root = read(text, SourceId::default()).expect("XML");
        let y = root.elements().next().expect("one element");
        let at = |span: Span| &text[span.start as usize..span.end as usize];
        assert_eq!(at(y.span), "<y a='1'>");
        assert_eq!(at(y.attributes[0].span), "a='1'");
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
