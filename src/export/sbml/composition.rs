//! Modules as models of one document (package `comp`, version 1).

use indexmap::IndexMap;

use crate::diag::{Diagnostics, Warned};
use crate::export::modules::{Deleted, Inner, Part, Path, parts};
use crate::model::Model;
use crate::model::hierarchy::Hierarchy;

use super::xml::Element;
use super::{Frame, Writer, refusals, root, version};

/// Modules as an SBML document with hierarchical composition: the main one is its model, the others are definitions.
///
/// Elements of submodules that a module changes, mentions or makes one are its own and replace those; rules, start
/// formulas and events that it has otherwise are deletions. Time and extent that a submodule counts otherwise are written
/// out in the formulas of the module around it.
///
/// # Errors
/// As [`super::sbml`], for any of the modules.
pub fn sbml_modules(hierarchy: &Hierarchy) -> Result<Warned<String>, Diagnostics> {
    let parts = parts(hierarchy);
    let models: Vec<&Model> = parts.values().map(|part| &part.model).collect();
    let version = version(&models);
    let mut found = Diagnostics::new();
    for model in &models {
        found.extend(refusals::refusals(model));
    }
    if found.has_errors() {
        return Err(found);
    }
    let has_newer = models
        .iter()
        .any(|model| refusals::has_functions_of_version_2(model));
    let mut definitions = Vec::new();
    let mut main = None;
    for (name, part) in &parts {
        let is_main = *name == hierarchy.main;
        let tag = if is_main {
            "model"
        } else {
            "comp:modelDefinition"
        };
        let mut writer = Writer::new(
            &part.model,
            version,
            frame(name, part, &parts),
            Diagnostics::new(),
        );
        let element = writer.whole(tag);
        found.extend(writer.found);
        if is_main {
            main = Some(element);
        } else {
            definitions.push(element);
        }
    }
    let root = root(version, has_newer)
        .with(
            "xmlns:comp",
            "http://www.sbml.org/sbml/level3/version1/comp/version1",
        )
        .with("comp:required", "true")
        .holding_all(main)
        .list("comp:listOfModelDefinitions", definitions);
    found.into_result(root.document())
}

fn frame(name: &str, part: &Part, parts: &IndexMap<String, Part>) -> Frame {
    let mut links: IndexMap<String, Vec<Element>> = IndexMap::new();
    for inner in &part.submodels {
        for (id, path) in &inner.replaced {
            let replaced =
                Element::new("comp:replacedElement").with("comp:submodelRef", inner.name.as_str());
            let link = element_reference(replaced, path, parts);
            links.entry(id.clone()).or_default().push(link);
        }
    }
    let submodels = part
        .submodels
        .iter()
        .map(|inner| submodel(inner, parts))
        .collect();
    let ports = part.ports.iter().map(|id| {
        Element::new("comp:port")
            .with("comp:idRef", id.as_str())
            .with("comp:id", port(id))
    });
    let lists = [
        ("comp:listOfSubmodels", submodels),
        ("comp:listOfPorts", ports.collect::<Vec<Element>>()),
    ];
    let lists = lists
        .into_iter()
        .filter(|(_, elements)| !elements.is_empty());
    Frame {
        prefix: Some(name.to_string()),
        links,
        tail: lists
            .map(|(list, elements)| Element::new(list).holding_all(elements))
            .collect(),
    }
}

fn submodel(inner: &Inner, parts: &IndexMap<String, Part>) -> Element {
    let deletions = inner
        .deleted
        .iter()
        .map(|deleted| deletion(deleted, parts))
        .collect();
    Element::new("comp:submodel")
        .with("comp:id", inner.name.as_str())
        .with("comp:modelRef", inner.module.as_str())
        .list("comp:listOfDeletions", deletions)
}

fn deletion(deleted: &Deleted, parts: &IndexMap<String, Part>) -> Element {
    let element = Element::new("comp:deletion");
    let (kind, path) = match deleted {
        Deleted::Element(path) => return element_reference(element, path, parts),
        Deleted::Assignment(path) => ("assignment", path),
        Deleted::Rate(path) => ("rate", path),
        Deleted::Start(path) => ("start", path),
        Deleted::Algebraic(path) => ("algebraic", path),
        Deleted::Constraint(path) => ("constraint", path),
    };
    let meta = format!("{}_{kind}_{}", path.module, path.id);
    reference(element, path, ("comp:metaIdRef", &meta))
}

/// A reference to an element, through its port where it has one: only one way may lead to it.
fn element_reference(element: Element, path: &Path, parts: &IndexMap<String, Part>) -> Element {
    if parts[&path.module].ports.contains(&path.id) {
        let port = port(&path.id);
        return reference(element, path, ("comp:portRef", &port));
    }
    reference(element, path, ("comp:idRef", &path.id))
}

fn port(id: &str) -> String {
    format!("{id}_port")
}

/// A reference to what `last` names in the innermost of the submodels.
fn reference(element: Element, path: &Path, last: (&str, &str)) -> Element {
    let mut steps = path.below.iter().map(|name| ("comp:idRef", name.as_str()));
    let all: Vec<(&str, &str)> = steps.by_ref().chain([last]).collect();
    step(element, &all)
}

fn step(element: Element, steps: &[(&str, &str)]) -> Element {
    let Some(((attribute, value), rest)) = steps.split_first() else {
        return element;
    };
    let element = element.with(attribute, *value);
    if rest.is_empty() {
        element
    } else {
        element.holding(step(Element::new("comp:sBaseRef"), rest))
    }
}
