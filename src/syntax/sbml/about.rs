//! Notes, terms of controlled vocabularies and histories.

use super::xml::{Element, Node, Space};

/// Everything that is said about an element, as keyword and texts.
///
/// Qualifiers are called as in their vocabulary, with `model:` before those about the model as a work; histories and
/// creators as Antimony calls them.
pub(super) fn about(element: &Element) -> Vec<(String, Vec<String>)> {
    let mut about = Vec::new();
    if let Some(notes) = &element.notes {
        about.extend(texts_of_notes(notes).map(|text| ("notes".to_string(), vec![text])));
    }
    let Some(annotation) = &element.annotation else {
        return about;
    };
    for part in annotation.elements() {
        match (&part.space, part.name.as_str()) {
            (_, "RDF") => {
                let described = part.elements().filter(|e| e.name == "Description");
                described
                    .flat_map(Element::elements)
                    .for_each(|term| statement(term, &mut about));
            }
            (Space::Kept, "kept") => about.extend(part.elements().filter_map(kept)),
            _ => {}
        }
    }
    about
}

/// Whether something is said about an element that [`about`] does not take up, or that nothing will hold for want of an id.
pub(super) fn has_more(element: &Element, id: &str) -> bool {
    let is_nameless = id.is_empty() && element.name != "model";
    let Some(annotation) = &element.annotation else {
        return is_nameless && element.notes.is_some();
    };
    let is_taken = |part: &Element| part.name == "RDF" || part.space == Space::Kept;
    is_nameless || annotation.elements().any(|part| !is_taken(part))
}

/// Paragraphs of plain text one by one, anything else as the markup that it is.
fn texts_of_notes(raw: &str) -> impl Iterator<Item = String> {
    let raw = raw.trim();
    let texts = plain_paragraphs(raw).unwrap_or_else(|| vec![raw.to_string()]);
    texts.into_iter().filter(|text| !text.is_empty())
}

fn plain_paragraphs(raw: &str) -> Option<Vec<String>> {
    let whole = format!("<notes>{raw}</notes>");
    let root = super::xml::read(&whole, crate::diag::SourceId::default()).ok()?;
    let mut holder = &root;
    if let [Node::Element(body)] = solid(holder).as_slice()
        && body.name == "body"
    {
        holder = body;
    }
    let paragraphs = solid(holder).into_iter().map(|node| match node {
        Node::Element(p) if p.name == "p" && p.elements().next().is_none() => {
            let is_bare = p.attributes.is_empty();
            is_bare.then(|| untrimmed(p))
        }
        _ => None,
    });
    paragraphs.collect()
}

/// What stands within, without blanks between elements.
fn solid(element: &Element) -> Vec<&Node> {
    let is_blank = |node: &&Node| matches!(node, Node::Text(text) if text.trim().is_empty());
    let nodes = element.children.iter();
    nodes.filter(|node| !is_blank(node)).collect()
}

fn untrimmed(element: &Element) -> String {
    let texts = element.children.iter().filter_map(|node| match node {
        Node::Text(text) => Some(text.as_str()),
        Node::Element(_) => None,
    });
    texts.collect()
}

fn statement(term: &Element, about: &mut Vec<(String, Vec<String>)>) {
    match (&term.space, term.name.as_str()) {
        (Space::Biology, name) => about.push((name.to_string(), resources(term))),
        (Space::Modelling, name) => about.push((format!("model:{name}"), resources(term))),
        (_, "created" | "modified") => {
            let date = term.elements().find(|e| e.name == "W3CDTF");
            about.extend(date.map(|date| (term.name.clone(), vec![date.text()])));
        }
        (_, "creator") => {
            let people = descendants(term, "li");
            for (at, person) in people.iter().enumerate() {
                self::person(at + 1, person, about);
            }
        }
        _ => {}
    }
}

fn resources(term: &Element) -> Vec<String> {
    let items = descendants(term, "li");
    let uri = |item: &&Element| {
        let mut attributes = item.attributes.iter();
        let found = attributes.find(|attribute| attribute.name == "resource");
        found.map(|attribute| attribute.value.clone())
    };
    items.iter().filter_map(uri).collect()
}

/// The fields of vCard 4 and of vCard 3.
fn person(number: usize, person: &Element, about: &mut Vec<(String, Vec<String>)>) {
    let fields = [
        ("name", "text"),
        ("familyName", "family-name"),
        ("familyName", "Family"),
        ("givenName", "given-name"),
        ("givenName", "Given"),
        ("email", "hasEmail"),
        ("email", "EMAIL"),
        ("organization", "organization-name"),
        ("organization", "Orgname"),
    ];
    for (field, tag) in fields {
        let found = descendants(person, tag);
        let keyword = format!("creator{number}.{field}");
        about.extend(found.first().map(|found| (keyword, vec![found.text()])));
    }
}

/// All elements below of one name.
fn descendants<'e>(element: &'e Element, name: &str) -> Vec<&'e Element> {
    let mut found = Vec::new();
    for inner in element.elements() {
        if inner.name == name {
            found.push(inner);
        } else {
            found.extend(descendants(inner, name));
        }
    }
    found
}

fn kept(element: &Element) -> Option<(String, Vec<String>)> {
    let keyword = element.attribute("name")?.to_string();
    let values = element.elements().map(untrimmed).collect();
    Some((keyword, values))
}
