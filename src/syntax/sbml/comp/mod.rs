//! Hierarchical composition (package `comp`, version 1): models made of models, read and flattened.
//!
//! `read` makes the values of [`super::composition`]. Flattening works on elements, where everything that may be named,
//! replaced or deleted (lists, triggers, units, rate laws, replacements themselves) is alike: `files` finds definitions,
//! `instances` copies each as often as it is used, `resolve` follows references, `replace` deletes and replaces, `names`
//! and `values` say what an id means in the flat model, `rewrite` converts formulas, `emit` writes the flat model down.
//! Source: Smith et al. 2015, J Integr Bioinform 12(2):268, sections 3.5 to 3.10.

mod emit;
mod files;
mod instances;
mod modules;
mod names;
mod read;
mod replace;
mod resolve;
mod rewrite;
mod values;

use crate::diag::{Diagnostic, Diagnostics, SourceMap, Sources, did_you_mean};

use super::attribute::Context;
use super::composition::FlatModel;
use super::tree::{Document, Model};
use super::xml::{Element, Space};

/// The flat model of a document that holds submodels; none when it cannot be made, and `found` says why.
///
/// * `document` — as read from `root`, without errors
/// * `name` — what `sources` calls the text, so that other files are found beside it
pub(super) fn flatten(
    document: &Document,
    root: Element,
    name: &str,
    sources: &dyn Sources,
    map: &mut SourceMap,
    found: &mut Diagnostics,
) -> Option<Model> {
    let mut files = files::Files::new(sources, map);
    files.add(name, document.version, root, found);
    let mut tree = instances::Tree::new(&mut files, found)?;
    let flat = flat_element(&mut tree, found)?;
    let mut told = Diagnostics::new();
    let mut context = Context {
        level: 3,
        version: files.newest_version(),
        has_extended_math: true,
        found: &mut told,
    };
    let model = context.model(&flat);
    // Each definition was read by itself; what is new is what putting them together has brought about.
    for finding in told {
        let is_known = found
            .0
            .iter()
            .any(|known| known.code == finding.code && known.span == finding.span);
        if !is_known {
            found.push(finding);
        }
    }
    Some(model)
}

/// The models that a document's model is made of, each flat by itself; none when they cannot be made, and `found` says why.
///
/// The arguments are those of [`flatten`].
pub(super) fn flat_models(
    document: &Document,
    root: Element,
    name: &str,
    sources: &dyn Sources,
    map: &mut SourceMap,
    found: &mut Diagnostics,
) -> Option<Vec<FlatModel>> {
    let mut files = files::Files::new(sources, map);
    files.add(name, document.version, root, found);
    modules::modules(&mut files, found)
}

fn flat_element(tree: &mut instances::Tree, found: &mut Diagnostics) -> Option<Element> {
    tree.check_ports(found);
    tree.delete(found);
    let links = tree.links(found);
    if found.has_errors() {
        return None;
    }
    tree.apply(links, found);
    if found.has_errors() {
        return None;
    }
    let flat = emit::flat(tree, found);
    flat.filter(|_| !found.has_errors())
}

/// Whether it is the element of the package called `name`.
fn is_comp(element: &Element, name: &str) -> bool {
    is_any_comp(element) && element.name == name
}

fn is_any_comp(element: &Element) -> bool {
    matches!(&element.space, Space::Package(package) if package == "comp")
}

/// An attribute of the package, with or without its prefix.
fn attribute<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    let of_package =
        |space: &Option<Space>| matches!(space, Some(Space::Package(p)) if p == "comp");
    let mut attributes = element.attributes.iter();
    let prefixed = attributes.find(|a| a.name == name && of_package(&a.space));
    prefixed
        .map(|a| a.value.as_str())
        .or_else(|| element.attribute(name))
}

/// "the submodel `A`", "the replacedElement of the submodel `A`", "a deletion".
fn about(element: &Element) -> String {
    let name = &element.name;
    match (attribute(element, "id"), attribute(element, "submodelRef")) {
        (Some(id), _) => format!("the {name} `{}`", id.trim()),
        (None, Some(submodel)) => format!("a {name} of the submodel `{}`", submodel.trim()),
        (None, None) => some(name),
    }
}

/// "a species", "an event".
fn some(name: &str) -> String {
    let article = if name.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {name}")
}

/// Names that are listed when none of them is near.
const MOST_NAMES: usize = 8;

/// Adds the name that was probably meant, else the first of those that would do.
fn with_near<'a>(
    told: Diagnostic,
    wanted: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = did_you_mean(wanted, known.iter().copied()).filter(|near| *near != wanted) {
        return told.hint(format!("did you mean `{near}`?"));
    }
    let named = known.iter().take(MOST_NAMES);
    let mut names: Vec<String> = named.map(|name| format!("`{name}`")).collect();
    if known.len() > MOST_NAMES {
        names.push("…".to_string());
    }
    told.hint(match names.as_slice() {
        [] => "there are none".to_string(),
        [one] => format!("there is {one}"),
        names => format!("there are {}", names.join(", ")),
    })
}
