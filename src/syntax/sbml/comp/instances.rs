//! Copies of definitions: every element of every instance with its parent, ready to be found, deleted and replaced.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span};

use super::super::xml::{Element, Node, Space};
use super::files::{Files, Found};
use super::names::prefixes;
use super::replace::Link;
use super::{attribute, is_any_comp, is_comp, read};

/// Models within models, at most: far deeper than anybody draws.
const DEEPEST: usize = 100;

/// Elements of all instances together, at most: definitions that use each other twice double with each level.
/// Elements with long prefixes count for more.
pub(super) const MOST_ELEMENTS: usize = 1_000_000;

/// What the tables of an instance cost, in elements.
const COST_OF_INSTANCE: usize = 20;

/// An element of an instance, by its number.
pub(super) type PartId = usize;

/// An instance of a model, by its number; the main model is the first.
pub(super) type InstanceId = usize;

/// What took an element out of the flat model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// A deletion, of the model of this instance.
    Deleted(Span, InstanceId),
    /// A replacement.
    Replaced(Span),
}

/// An element with an id or `metaid` of its own, or that could have one.
pub(super) struct Part {
    /// Its name and attributes; of its content what is no part: formulas, text, references.
    pub element: Element,
    /// The element around it.
    pub parent: Option<PartId>,
    /// The elements within it.
    pub parts: Vec<PartId>,
    /// Whose it is.
    pub instance: InstanceId,
    /// Why it is not in the flat model; none when it is.
    pub gone: Option<Gone>,
}

/// A model as used in one place.
pub(super) struct Instance {
    /// Its `model` or `modelDefinition`.
    pub root: PartId,
    /// The instance that holds it, and the submodel there.
    pub within: Option<(InstanceId, PartId)>,
    /// Instances around it.
    pub depth: usize,
    /// What its ids begin with in the flat model.
    pub prefix: String,
    /// Elements by id.
    pub ids: IndexMap<String, PartId>,
    /// Unit definitions by id.
    pub units: IndexMap<String, PartId>,
    /// Elements by `metaid`.
    pub metaids: IndexMap<String, PartId>,
    /// Ports by id.
    pub ports: IndexMap<String, PartId>,
}

/// All instances and their elements.
pub(super) struct Tree {
    /// Elements, those of one instance in the order of the file.
    pub parts: Vec<Part>,
    /// Instances, each before those within it.
    pub instances: Vec<Instance>,
    /// The instance that each submodel stands for.
    pub instance_of: IndexMap<PartId, InstanceId>,
    /// What replaces each replaced element.
    pub next: IndexMap<PartId, Link>,
    /// Elements that may still be made.
    pub left: usize,
}

impl Tree {
    /// The main model and everything within it; none when that has no end, and `found` says so.
    pub(super) fn new(files: &mut Files<'_>, found: &mut Diagnostics) -> Option<Self> {
        let main = files.main()?;
        Self::of(files, main, found)
    }

    /// A model and everything within it, as [`Tree::new`].
    pub(super) fn of(files: &mut Files<'_>, main: Found, found: &mut Diagnostics) -> Option<Self> {
        let mut tree = Self {
            parts: Vec::new(),
            instances: Vec::new(),
            instance_of: IndexMap::new(),
            next: IndexMap::new(),
            left: MOST_ELEMENTS,
        };
        let mut open = Vec::new();
        let place = Place {
            within: None,
            prefix: String::new(),
            span: main.1.span,
        };
        tree.instantiate(files, main, place, &mut open, found)?;
        (!found.has_errors()).then_some(tree)
    }

    /// Adds an instance; none when there is no sense in going on.
    fn instantiate(
        &mut self,
        files: &mut Files<'_>,
        (file, model): Found,
        place: Place,
        open: &mut Vec<Rc<Element>>,
        found: &mut Diagnostics,
    ) -> Option<()> {
        if open.iter().any(|around| Rc::ptr_eq(around, &model)) {
            found.push(circle(&model, place.span));
            return None;
        }
        if open.len() >= DEEPEST {
            let message = format!("more than {DEEPEST} models stand within each other");
            found.push(Diagnostic::error("syntax/sbml-comp-too-deep", message).at(place.span));
            return None;
        }
        let cost = (weight(&model) + COST_OF_INSTANCE) * (1 + place.prefix.len() / 64);
        if cost > self.left {
            found.push(too_large(place.span));
            return None;
        }
        self.left -= cost;
        let at = self.add(&model, place);
        self.index(at, found);
        if found.has_errors() {
            return None;
        }
        open.push(model);
        for (submodel, prefix) in prefixes(self, at) {
            let element = &self.parts[submodel].element;
            let span = element.span;
            let Some(wanted) = read::word(element, "modelRef") else {
                continue;
            };
            let Some(definition) = files.find(file, &wanted.text, span, found) else {
                continue;
            };
            let place = Place {
                within: Some((at, submodel)),
                prefix,
                span,
            };
            self.instantiate(files, definition, place, open, found)?;
        }
        open.pop();
        Some(())
    }

    /// Adds the elements of one instance.
    fn add(&mut self, model: &Element, place: Place) -> InstanceId {
        let at = self.instances.len();
        let depth = place
            .within
            .map_or(0, |(outer, _)| self.instances[outer].depth + 1);
        let root = self.grow(model, None, at);
        if let Some((_, submodel)) = place.within {
            self.instance_of.insert(submodel, at);
        }
        self.instances.push(Instance {
            root,
            within: place.within,
            depth,
            prefix: place.prefix,
            ids: IndexMap::new(),
            units: IndexMap::new(),
            metaids: IndexMap::new(),
            ports: IndexMap::new(),
        });
        at
    }

    fn grow(&mut self, element: &Element, parent: Option<PartId>, instance: InstanceId) -> PartId {
        let at = self.parts.len();
        let (inner, rest): (Vec<&Node>, Vec<&Node>) =
            element.children.iter().partition(|node| is_part(node));
        self.parts.push(Part {
            element: Element {
                children: rest.into_iter().cloned().collect(),
                attributes: element.attributes.clone(),
                namespaces: Vec::new(),
                notes: element.notes.clone(),
                annotation: element.annotation.clone(),
                name: element.name.clone(),
                space: element.space.clone(),
                edition: element.edition,
                span: element.span,
            },
            parent,
            parts: Vec::new(),
            instance,
            gone: None,
        });
        for node in inner {
            if let Node::Element(child) = node {
                let child = self.grow(child, Some(at), instance);
                self.parts[at].parts.push(child);
            }
        }
        at
    }

    /// Fills the tables by which the elements of an instance are found.
    fn index(&mut self, at: InstanceId, found: &mut Diagnostics) {
        for part in self.instances[at].root + 1..self.parts.len() {
            let element = &self.parts[part].element;
            if let Some(metaid) = element.attribute("metaid") {
                let metaid = metaid.trim().to_string();
                self.instances[at].metaids.entry(metaid).or_insert(part);
            }
            let Some(id) = attribute(element, "id").map(|id| id.trim().to_string()) else {
                continue;
            };
            let span = element.span;
            let is_of_comp = is_any_comp(element);
            let table = match element.name.as_str() {
                // Known within its law alone.
                "localParameter" => continue,
                "unitDefinition" => &mut self.instances[at].units,
                "port" => &mut self.instances[at].ports,
                _ => &mut self.instances[at].ids,
            };
            match table.get(&id) {
                // Of the elements of core, the reader of the flat model says it.
                Some(&first) if is_of_comp || is_any_comp(&self.parts[first].element) => {
                    let message = format!("a second `{id}`");
                    let told = Diagnostic::error("syntax/sbml-comp-twice", message).at(span);
                    let first = self.parts[first].element.span;
                    let hint = "elements, submodels and deletions of a model have ids of their own";
                    found.push(told.label(first, "the first one").hint(hint));
                }
                Some(_) => {}
                None => {
                    table.insert(id, part);
                }
            }
        }
    }

    /// The elements within `part` of the lists called `list` of the package.
    pub(super) fn listed(&self, part: PartId, list: &str) -> Vec<PartId> {
        let inner = self.parts[part].parts.iter();
        let lists = inner.filter(|at| is_comp(&self.parts[**at].element, list));
        lists
            .flat_map(|list| self.parts[*list].parts.iter().copied())
            .collect()
    }

    /// Whether an element is in the flat model.
    pub(super) fn is_here(&self, part: PartId) -> bool {
        self.parts[part].gone.is_none()
    }

    /// "the species `sub1.A`".
    pub(super) fn about(&self, part: PartId) -> String {
        let Part {
            element, instance, ..
        } = &self.parts[part];
        match attribute(element, "id") {
            Some(id) => format!(
                "the {} `{}{}`",
                element.name,
                self.path(*instance),
                id.trim()
            ),
            None => super::some(&element.name),
        }
    }

    /// The submodels on the way to an instance, each followed by a dot.
    fn path(&self, instance: InstanceId) -> String {
        let Some((outer, submodel)) = self.instances[instance].within else {
            return String::new();
        };
        let id = attribute(&self.parts[submodel].element, "id").unwrap_or_default();
        format!("{}{}.", self.path(outer), id.trim())
    }
}

/// Where an instance comes to stand.
struct Place {
    within: Option<(InstanceId, PartId)>,
    prefix: String,
    span: Span,
}

/// Whether something within an element can be named from outside.
fn is_part(node: &Node) -> bool {
    let Node::Element(element) = node else {
        return false;
    };
    // Inner references belong to the reference around them.
    element.space == Space::Core || is_any_comp(element) && element.name != "sBaseRef"
}

/// Elements within an element, itself among them.
fn weight(element: &Element) -> usize {
    1 + element.elements().map(weight).sum::<usize>()
}

fn circle(model: &Element, span: Span) -> Diagnostic {
    let id = model.attribute("id").unwrap_or_default().trim();
    let message = format!("the model `{id}` is a part of itself");
    let told = Diagnostic::error("syntax/sbml-comp-circle", message).at(span);
    told.label(model.span, "the model")
        .hint("its flat model would have no end")
}

pub(super) fn too_large(span: Span) -> Diagnostic {
    let message = format!("the flat model has more than {MOST_ELEMENTS} elements");
    let told = Diagnostic::error("syntax/sbml-comp-too-large", message).at(span);
    told.hint("definitions that use each other twice double with every level")
}
