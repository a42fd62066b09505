//! The flat model, element by element.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::diag::{Diagnostics, Span};

use super::super::xml::{Attribute, Element, Node, Space};
use super::instances::{InstanceId, PartId, Tree};
use super::rewrite::{Scope, Writer, plain};
use super::values::Scale;
use super::{attribute, is_any_comp};

/// Lists of a model, in the order of the flat one.
const LISTS: [&str; 10] = [
    "listOfFunctionDefinitions",
    "listOfUnitDefinitions",
    "listOfCompartments",
    "listOfSpecies",
    "listOfParameters",
    "listOfInitialAssignments",
    "listOfRules",
    "listOfConstraints",
    "listOfReactions",
    "listOfEvents",
];

/// Model-wide units, with what has them unless it says otherwise.
const WIDE_UNITS: [(&str, &str); 3] = [
    ("volumeUnits", "3"),
    ("areaUnits", "2"),
    ("lengthUnits", "1"),
];

/// The `model` element without submodels; none when it is too large, which has been said.
pub(super) fn flat(tree: &Tree, found: &mut Diagnostics) -> Option<Element> {
    tree.check_factors(found);
    if found.has_errors() {
        return None;
    }
    let mut writer = Writer {
        names: tree.class_names(),
        taken: BTreeSet::new(),
        helpers: Vec::new(),
        left: tree.left,
        tree,
        found,
    };
    writer.take_names();
    let model = writer.model();
    (writer.left > 0).then_some(model)
}

impl Writer<'_> {
    fn take_names(&mut self) {
        for part in 0..self.tree.parts.len() {
            let element = &self.tree.parts[part].element;
            let has_own_space = matches!(
                element.name.as_str(),
                "localParameter" | "unitDefinition" | "port"
            );
            if has_own_space {
                continue;
            }
            self.taken.extend(self.tree.own_name(part));
        }
    }

    fn model(&mut self) -> Element {
        let root = self.tree.instances[0].root;
        let mut model = self.start(root);
        for list in LISTS {
            let mut children = Vec::new();
            for instance in 0..self.tree.instances.len() {
                self.list(instance, list, &mut children);
            }
            children.extend(self.helper(list));
            if children.is_empty() {
                continue;
            }
            model.children.push(Node::Element(Element {
                space: Space::Core,
                name: list.to_string(),
                attributes: Vec::new(),
                namespaces: Vec::new(),
                notes: None,
                annotation: None,
                children,
                edition: model.edition,
                span: model.span,
            }));
        }
        model
    }

    fn list(&mut self, instance: InstanceId, list: &str, children: &mut Vec<Node>) {
        let root = self.tree.instances[instance].root;
        if !self.tree.is_here(root) {
            return;
        }
        for &part in &self.tree.parts[root].parts {
            if !self.tree.parts[part].element.is_core(list) {
                continue;
            }
            for &item in &self.tree.parts[part].parts {
                children.extend(self.element(item, &Scope::default()).map(Node::Element));
                if self.left == 0 {
                    return;
                }
            }
        }
    }

    /// An element of the flat model; none for what is not in it.
    fn element(&mut self, part: PartId, around: &Scope) -> Option<Element> {
        let old = &self.tree.parts[part];
        if old.gone.is_some() || is_any_comp(&old.element) {
            return None;
        }
        let mut scope = Scope {
            instance: old.instance,
            locals: around.locals.clone(),
            ..Scope::default()
        };
        if old.element.is_core("kineticLaw") {
            scope.locals = self.locals(part);
        }
        let scale = self.formula_scale(part);
        let mut new = self.start(part);
        for child in &old.element.children {
            new.children.push(match child {
                Node::Element(math) if math.name == "math" => {
                    Node::Element(self.math(math, &scope, &scale))
                }
                other => other.clone(),
            });
        }
        for &inner in &old.parts {
            let inner = self.element(inner, &scope);
            new.children.extend(inner.map(Node::Element));
        }
        Some(new)
    }

    /// The `math` of an element, multiplied by `scale`.
    fn math(&mut self, math: &Element, scope: &Scope, scale: &Scale) -> Element {
        let mut new = Element {
            children: Vec::new(),
            ..math.clone()
        };
        for inner in math.elements() {
            let formula = self.formula(inner, scope);
            let formula = self.scaled(formula, scale);
            new.children.push(Node::Element(formula));
        }
        new
    }

    /// What the formula of an element is multiplied by to be in units of the flat model.
    fn formula_scale(&mut self, part: PartId) -> Scale {
        let old = &self.tree.parts[part];
        let (instance, element) = (old.instance, &old.element);
        let target = match element.name.as_str() {
            "kineticLaw" => return self.tree.law_scale(instance),
            "delay" => return self.tree.time_scale(instance),
            "initialAssignment" => "symbol",
            "assignmentRule" | "rateRule" | "eventAssignment" => "variable",
            _ => return Scale::default(),
        };
        let target = element.attribute(target).map(|id| id.trim().to_string());
        let value = target.and_then(|id| self.reference(instance, &id, element.span));
        let mut scale = value.map(|value| value.scale.inverse()).unwrap_or_default();
        if element.name == "rateRule" {
            scale.times(self.tree.time_scale(instance).inverse());
        }
        scale
    }

    fn locals(&self, law: PartId) -> IndexMap<String, PartId> {
        let mut locals = IndexMap::new();
        for &list in &self.tree.parts[law].parts {
            for &local in &self.tree.parts[list].parts {
                let id = attribute(&self.tree.parts[local].element, "id");
                locals.extend(id.map(|id| (id.trim().to_string(), local)));
            }
        }
        locals
    }

    /// An element with its attributes and nothing in it.
    fn start(&mut self, part: PartId) -> Element {
        let old = &self.tree.parts[part];
        let mut new = Element {
            space: Space::Core,
            name: if old.parent.is_none() {
                "model"
            } else {
                &old.element.name
            }
            .to_string(),
            attributes: Vec::new(),
            edition: old.element.edition,
            namespaces: Vec::new(),
            notes: old.element.notes.clone(),
            annotation: old.element.annotation.clone(),
            children: Vec::new(),
            span: old.element.span,
        };
        let (id, span) = (self.id(part), new.span);
        new.attributes
            .extend(id.map(|id| plain_attribute("id", id, span)));
        for attribute in &old.element.attributes {
            // Nothing in a flat model refers to a `metaid`.
            if attribute.space.is_some() || matches!(attribute.name.as_str(), "id" | "metaid") {
                continue;
            }
            let value = self.attribute(part, &attribute.name, &attribute.value);
            if let Some(value) = value {
                new.attributes
                    .push(plain_attribute(&attribute.name, value, attribute.span));
            }
        }
        self.add_wide(part, &mut new);
        new
    }

    fn id(&self, part: PartId) -> Option<String> {
        let is_local = self.tree.parts[part].element.name == "localParameter";
        if is_local && !self.names.contains_key(&part) {
            return Some(self.local_name(part));
        }
        let class = self.names.get(&part).cloned();
        class.or_else(|| self.tree.own_name(part))
    }

    /// The value of an attribute in names of the flat model; none for one that it does not have.
    fn attribute(&mut self, part: PartId, name: &str, value: &str) -> Option<String> {
        let old = &self.tree.parts[part];
        let (instance, span) = (old.instance, old.element.span);
        let value = value.trim();
        match (old.element.name.as_str(), name) {
            // Every species says its own factor.
            ("model", "conversionFactor") => None,
            ("species", "conversionFactor") => Some(self.factor(instance, value, part)),
            ("species" | "reaction", "compartment")
            | ("initialAssignment", "symbol")
            | ("assignmentRule" | "rateRule" | "eventAssignment", "variable")
            | ("speciesReference" | "modifierSpeciesReference", "species") => self
                .reference(instance, value, span)
                .map(|value| value.name),
            ("compartment" | "parameter" | "localParameter", "units")
            | ("species", "substanceUnits") => Some(self.unit(instance, value)),
            ("model", wide) if wide.ends_with("Units") => Some(self.unit(instance, value)),
            _ => Some(value.to_string()),
        }
    }

    /// The name of a parameter that means a factor of an instance.
    fn factor(&mut self, instance: InstanceId, id: &str, part: PartId) -> String {
        let span = self.tree.parts[part].element.span;
        let Some(value) = self.reference(instance, id, span) else {
            return id.to_string();
        };
        if value.scale.is_one() {
            return value.name;
        }
        let name = plain(&value.name, span);
        let formula = self.scaled(name, &value.scale);
        let mut helper = format!("{}_converted", value.name);
        while self.taken.contains(&helper) {
            helper.push('_');
        }
        self.taken.insert(helper.clone());
        self.helpers.push((helper.clone(), formula));
        helper
    }

    /// What the model of an element says for all of its kind, said by each.
    fn add_wide(&mut self, part: PartId, new: &mut Element) {
        let instance = self.tree.parts[part].instance;
        let root = self.tree.instances[instance].root;
        let wide = |name: &str| {
            let value = self.tree.parts[root].element.attribute(name);
            value.map(|value| value.trim().to_string())
        };
        match new.name.as_str() {
            "species" => {
                let factor = wide("conversionFactor");
                let unit = wide("substanceUnits");
                if let (Some(id), None) = (factor, new.attribute("conversionFactor")) {
                    let name = self.factor(instance, &id, part);
                    new.attributes
                        .push(plain_attribute("conversionFactor", name, new.span));
                }
                self.add_unit(instance, "substanceUnits", unit, new);
            }
            "compartment" => {
                let dimensions = new.attribute("spatialDimensions").map(str::trim);
                let unit = WIDE_UNITS
                    .iter()
                    .find(|(_, count)| dimensions == Some(*count));
                let unit = unit.and_then(|(name, _)| wide(name));
                self.add_unit(instance, "units", unit, new);
            }
            _ => {}
        }
    }

    fn add_unit(&self, instance: InstanceId, name: &str, unit: Option<String>, new: &mut Element) {
        // What the main model says holds for the flat one.
        let is_silent = new.attribute(name).is_none() && instance != 0;
        if let (Some(unit), true) = (unit, is_silent) {
            let unit = self.unit(instance, &unit);
            new.attributes.push(plain_attribute(name, unit, new.span));
        }
    }

    /// Parameters and start values that were made so far, for the list called `list`.
    fn helper(&mut self, list: &str) -> Vec<Node> {
        match list {
            "listOfParameters" => self.helpers.iter().map(parameter).collect(),
            "listOfInitialAssignments" => self.helpers.iter().map(start_value).collect(),
            _ => Vec::new(),
        }
    }
}

fn plain_attribute(name: &str, value: String, span: Span) -> Attribute {
    Attribute {
        space: None,
        name: name.to_string(),
        value,
        span,
    }
}

fn core(name: &str, attributes: &[(&str, &str)], children: Vec<Node>, like: &Element) -> Node {
    let attributes = attributes.iter();
    Node::Element(Element {
        space: Space::Core,
        name: name.to_string(),
        attributes: attributes
            .map(|(name, value)| plain_attribute(name, value.to_string(), like.span))
            .collect(),
        namespaces: Vec::new(),
        notes: None,
        annotation: None,
        children,
        edition: like.edition,
        span: like.span,
    })
}

fn parameter((name, formula): &(String, Element)) -> Node {
    let attributes = [("id", name.as_str()), ("constant", "true")];
    core("parameter", &attributes, Vec::new(), formula)
}

fn start_value((name, formula): &(String, Element)) -> Node {
    let math = Element {
        space: Space::Math,
        name: "math".to_string(),
        children: vec![Node::Element(formula.clone())],
        ..plain(name, formula.span)
    };
    let children = vec![Node::Element(math)];
    core("initialAssignment", &[("symbol", name)], children, formula)
}
