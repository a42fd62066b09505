//! Notes, terms, histories and what else was kept about an element.

use crate::model::Annotation;
use crate::model::qualifiers::{Vocabulary, term_of};
use crate::syntax::sbml::KEPT_NAMESPACE;

use super::xml::{Element, printable, stands_alone};

/// Namespaces of an RDF annotation with their usual prefixes.
const NAMESPACES: [(&str, &str); 5] = [
    ("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("xmlns:dcterms", "http://purl.org/dc/terms/"),
    ("xmlns:vCard4", "http://www.w3.org/2006/vcard/ns#"),
    ("xmlns:bqbiol", "http://biomodels.net/biology-qualifiers/"),
    ("xmlns:bqmodel", "http://biomodels.net/model-qualifiers/"),
];

/// `notes` and `annotation` of an element.
///
/// * `meta` — the element's `metaid`
pub(super) fn elements(annotations: &[Annotation], meta: &str) -> Vec<Element> {
    let notes: Vec<&str> = annotations
        .iter()
        .filter(|a| a.keyword == "notes")
        .flat_map(|a| a.values.iter().map(String::as_str))
        .collect();
    let rest = annotations.iter().filter(|a| a.keyword != "notes");
    let (described, kept): (Vec<&Annotation>, Vec<&Annotation>) =
        rest.partition(|a| term_of(&a.keyword).is_some() || is_history(&a.keyword));
    let mut annotation = Vec::new();
    annotation.extend((!described.is_empty()).then(|| rdf(&described, meta)));
    annotation.extend((!kept.is_empty()).then(|| as_kept(&kept)));
    let mut elements = Vec::new();
    elements.extend((!notes.is_empty()).then(|| self::notes(&notes)));
    if !annotation.is_empty() {
        elements.push(Element::new("annotation").holding_all(annotation));
    }
    elements
}

fn is_history(keyword: &str) -> bool {
    matches!(keyword, "created" | "modified") || keyword.starts_with("creator")
}

/// Texts in paragraphs; what is XHTML already stays as it is.
fn notes(texts: &[&str]) -> Element {
    let mut notes = Element::new("notes");
    for text in texts {
        if stands_alone(text) && text.contains("xmlns") {
            notes = notes.raw(*text);
            continue;
        }
        let paragraph = Element::new("p").with("xmlns", "http://www.w3.org/1999/xhtml");
        notes = notes.holding(paragraph.text(printable(text)));
    }
    notes
}

fn rdf(annotations: &[&Annotation], meta: &str) -> Element {
    let mut root = Element::new("rdf:RDF");
    for (prefix, uri) in NAMESPACES {
        root = root.with(prefix, uri);
    }
    let mut description = Element::new("rdf:Description").with("rdf:about", format!("#{meta}"));
    description = description.holding_all(creators(annotations));
    for annotation in annotations {
        match (term_of(&annotation.keyword), annotation.keyword.as_str()) {
            (Some(term), _) => {
                description = description.holding(terms(term, &annotation.values));
            }
            (None, "created" | "modified") => {
                let dates = annotation.values.iter();
                let dates = dates.map(|date| self::date(&annotation.keyword, date));
                description = description.holding_all(dates);
            }
            _ => {}
        }
    }
    root.holding(description)
}

fn terms((vocabulary, name): (Vocabulary, &str), values: &[String]) -> Element {
    let prefix = match vocabulary {
        Vocabulary::Biology => "bqbiol",
        Vocabulary::Model => "bqmodel",
    };
    let resources = values
        .iter()
        .map(|uri| Element::new("rdf:li").with("rdf:resource", printable(uri)));
    Element::new(format!("{prefix}:{name}")).holding(Element::new("rdf:Bag").holding_all(resources))
}

fn date(keyword: &str, date: &str) -> Element {
    Element::new(format!("dcterms:{keyword}"))
        .with("rdf:parseType", "Resource")
        .holding(Element::new("dcterms:W3CDTF").text(printable(date)))
}

/// The people, one for each number behind `creator`.
fn creators(annotations: &[&Annotation]) -> Option<Element> {
    let mut people: Vec<(&str, Vec<(&str, String)>)> = Vec::new();
    for annotation in annotations {
        let Some((who, field)) = annotation.keyword.split_once('.') else {
            continue;
        };
        if !who.starts_with("creator") {
            continue;
        }
        let value = (field, annotation.values.join(" "));
        match people.iter_mut().find(|(other, _)| *other == who) {
            Some((_, fields)) => fields.push(value),
            None => people.push((who, vec![value])),
        }
    }
    let people: Vec<Element> = people.iter().map(|(_, fields)| person(fields)).collect();
    (!people.is_empty()).then(|| {
        Element::new("dcterms:creator").holding(Element::new("rdf:Bag").holding_all(people))
    })
}

fn person(fields: &[(&str, String)]) -> Element {
    let field = |name: &str| fields.iter().find(|(field, _)| *field == name);
    let element = |tag: &str, name: &str| {
        field(name).map(|(_, value)| Element::new(tag).text(printable(value)))
    };
    let mut person = Element::new("rdf:li").with("rdf:parseType", "Resource");
    if let Some(text) = element("vCard4:text", "name") {
        person = person.holding(Element::new("vCard4:fn").holding(text));
    }
    let family = element("vCard4:family-name", "familyName");
    let given = element("vCard4:given-name", "givenName");
    if family.is_some() || given.is_some() {
        let name = Element::new("vCard4:hasName").with("rdf:parseType", "Resource");
        person = person.holding(name.holding_all(family).holding_all(given));
    }
    person
        .holding_all(element("vCard4:hasEmail", "email"))
        .holding_all(element("vCard4:organization-name", "organization"))
}

/// What SBML core has no place for, in a namespace of our own.
fn as_kept(annotations: &[&Annotation]) -> Element {
    let attributes = annotations.iter().map(|annotation| {
        let values = annotation
            .values
            .iter()
            .map(|value| Element::new("insilin:value").text(printable(value)));
        Element::new("insilin:attribute")
            .with("name", annotation.keyword.as_str())
            .holding_all(values)
    });
    Element::new("insilin:kept")
        .with("xmlns:insilin", KEPT_NAMESPACE)
        .holding_all(attributes)
}
