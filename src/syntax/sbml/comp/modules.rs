//! The models that a hierarchical one is made of, each flat by itself, and what their elements are called in each other.

use std::rc::Rc;

use crate::diag::Diagnostics;

use super::super::attribute::Context;
use super::super::composition::{FlatModel, Target};
use super::super::tree::Document;
use super::super::xml::Element;
use super::files::{Files, Found};
use super::instances::{InstanceId, Tree};
use super::{attribute, flat_element, read};

/// All models that the main one is made of, and itself, each after those that it is made of.
pub(super) fn modules(files: &mut Files<'_>, found: &mut Diagnostics) -> Option<Vec<FlatModel>> {
    let main = files.main()?;
    let mut reader = Reader {
        files,
        found,
        known: Vec::new(),
        models: Vec::new(),
    };
    reader.add(main)?;
    Some(reader.models)
}

struct Reader<'r, 'f> {
    files: &'r mut Files<'f>,
    found: &'r mut Diagnostics,
    /// Models that have been added, with their places.
    known: Vec<(Rc<Element>, usize)>,
    models: Vec<FlatModel>,
}

impl Reader<'_, '_> {
    /// Adds a model behind those that it is made of; gives its place.
    fn add(&mut self, model: Found) -> Option<usize> {
        let is_it = |(known, _): &&(Rc<Element>, usize)| Rc::ptr_eq(known, &model.1);
        if let Some((_, at)) = self.known.iter().find(is_it) {
            return Some(*at);
        }
        // Copies find circles and whatever else would keep this from coming to an end.
        let mut tree = Tree::of(self.files, model.clone(), self.found)?;
        let mut submodels = Vec::new();
        for submodel in tree.listed(tree.instances[0].root, "listOfSubmodels") {
            let element = tree.parts[submodel].element.clone();
            let wanted = read::word(&element, "modelRef")?;
            let span = element.span;
            let inner = self.files.find(model.0, &wanted.text, span, self.found)?;
            let id = attribute(&element, "id").unwrap_or_default().trim();
            submodels.push((id.to_string(), self.add(inner)?));
        }
        let flat = flat_element(&mut tree, self.found)?;
        let names = names(&tree);
        let deleted = |(id, _): &(String, usize)| {
            let part = tree.instances[0].ids.get(id);
            part.is_some_and(|part| !tree.is_here(*part))
        };
        submodels.retain(|submodel| !deleted(submodel));
        let ports = ports(&tree);
        let version = self.files.newest_version();
        let mut context = Context {
            level: 3,
            version,
            has_extended_math: true,
            found: self.found,
        };
        let read = context.model(&flat);
        let at = self.models.len();
        self.models.push(FlatModel {
            document: Document {
                level: 3,
                version,
                model: Some(read),
                ..Document::default()
            },
            submodels,
            ports,
            names,
        });
        self.known.push((model.1, at));
        Some(at)
    }
}

/// Ids of own elements that ports offer.
fn ports(tree: &Tree) -> Vec<String> {
    let root = tree.instances[0].root;
    let ports = tree.listed(root, "listOfPorts").into_iter();
    let target = |port| match tree.reference(port)?.target {
        Target::Id(id) => Some(id),
        _ => None,
    };
    ports.filter_map(target).collect()
}

/// For each element with an id, the submodels that it is in, its id there, and what it is called in the flat model; those
/// that are not in it, or that follow by a factor, are missing.
fn names(tree: &Tree) -> Vec<(Vec<String>, String, String)> {
    let classes = tree.class_names();
    let mut names = Vec::new();
    for (part, written) in tree.parts.iter().enumerate() {
        let element = &written.element;
        let has_own_space = matches!(
            element.name.as_str(),
            "localParameter" | "unitDefinition" | "port" | "submodel" | "deletion"
        );
        let is_root = written.parent.is_none();
        let Some(id) = attribute(element, "id").filter(|_| !has_own_space && !is_root) else {
            continue;
        };
        if let Ok(value) = tree.value(part, &classes)
            && value.scale.is_one()
        {
            let path = path(tree, written.instance);
            names.push((path, id.trim().to_string(), value.name));
        }
    }
    names.extend(local_names(tree, &names));
    names
}

/// Parameters of rate laws are parameters of the flat model, called by their reaction and their own id.
fn local_names(
    tree: &Tree,
    names: &[(Vec<String>, String, String)],
) -> Vec<(Vec<String>, String, String)> {
    let mut local = Vec::new();
    for written in &tree.parts {
        let element = &written.element;
        let Some(id) = attribute(element, "id").filter(|_| element.name == "localParameter") else {
            continue;
        };
        let mut around = written.parent;
        while let Some(part) = around
            && tree.parts[part].element.name != "reaction"
        {
            around = tree.parts[part].parent;
        }
        let reaction = around.and_then(|part| attribute(&tree.parts[part].element, "id"));
        let path = path(tree, written.instance);
        let named = names.iter().find(|(of, inner, _)| {
            *of == path && reaction.is_some_and(|reaction| reaction.trim() == inner)
        });
        local.extend(named.map(|(path, reaction, flat)| {
            let id = id.trim();
            (
                path.clone(),
                format!("{reaction}_{id}"),
                format!("{flat}_{id}"),
            )
        }));
    }
    local
}

/// Ids of the submodels around an instance, outermost first.
fn path(tree: &Tree, instance: InstanceId) -> Vec<String> {
    let mut path = Vec::new();
    let mut at = instance;
    while let Some((outer, submodel)) = tree.instances[at].within {
        let id = attribute(&tree.parts[submodel].element, "id").unwrap_or_default();
        path.insert(0, id.trim().to_string());
        at = outer;
    }
    path
}
