//! Formulas and references of an instance in the names and units of the flat model.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::units::base_unit;

use super::super::xml::{Element, Node, Space};
use super::attribute;
use super::instances::{Gone, InstanceId, PartId, Tree, too_large};
use super::resolve::push_once;
use super::values::{ClassNames, Factor, Scale, Value};

/// Factors that are converted themselves, at most, one by the other: more can only go round in a circle.
const DEEPEST_FACTOR: usize = 100;

/// What names mean where a formula stands.
#[derive(Clone, Default)]
pub(super) struct Scope {
    /// Whose formula it is.
    pub instance: InstanceId,
    /// Parameters of the rate law, if it is one.
    pub locals: IndexMap<String, PartId>,
    /// Arguments of the function that it is; none when it is no function.
    pub arguments: Option<Vec<String>>,
}

/// Writes parts of the flat model.
pub(super) struct Writer<'t> {
    /// What is written.
    pub tree: &'t Tree,
    /// What is wrong with it.
    pub found: &'t mut Diagnostics,
    /// Names that stand for several elements.
    pub names: ClassNames,
    /// Every id of the flat model.
    pub taken: BTreeSet<String>,
    /// Parameters made for products of factors, each with its value.
    pub helpers: Vec<(String, Element)>,
    /// Elements that may still be written.
    pub left: usize,
}

impl Writer<'_> {
    /// A formula in names and units of the flat model.
    pub(super) fn formula(&mut self, element: &Element, scope: &Scope) -> Element {
        if self.left == 0 {
            return self.shell(element);
        }
        match element.name.as_str() {
            "ci" => self.name(element, scope),
            "cn" => self.number(element, scope),
            "csymbol" if symbol(element) == "time" => {
                let time = self.time_scale(element.span, scope).inverse();
                let copy = self.copy(element);
                self.scaled(copy, &time)
            }
            "apply" => self.apply(element, scope),
            "lambda" => self.lambda(element, scope),
            _ => self.inner(element, scope, 0),
        }
    }

    /// An element with all elements within from the one numbered `from` on rewritten.
    fn inner(&mut self, element: &Element, scope: &Scope, from: usize) -> Element {
        let mut copy = self.shell(element);
        let mut number = 0;
        for child in &element.children {
            copy.children.push(match child {
                Node::Text(text) => Node::Text(text.clone()),
                Node::Element(inner) => {
                    number += 1;
                    Node::Element(if number > from {
                        self.formula(inner, scope)
                    } else {
                        self.copy(inner)
                    })
                }
            });
        }
        copy
    }

    fn lambda(&mut self, element: &Element, scope: &Scope) -> Element {
        let arguments = element.elements().filter(|part| part.name == "bvar");
        let arguments = arguments.flat_map(Element::elements).map(Element::text);
        let scope = Scope {
            arguments: Some(arguments.collect()),
            ..scope.clone()
        };
        self.inner(element, &scope, 0)
    }

    fn apply(&mut self, element: &Element, scope: &Scope) -> Element {
        let Some(operator) = element.elements().next() else {
            return self.copy(element);
        };
        match (operator.name.as_str(), symbol(operator)) {
            ("ci", _) => {
                let mut call = self.inner(element, scope, 1);
                let name = self.reference(scope.instance, &operator.text(), operator.span);
                let first = call.children.iter_mut().find_map(|child| match child {
                    Node::Element(first) => Some(first),
                    Node::Text(_) => None,
                });
                if let (Some(first), Some(value)) = (first, name) {
                    *first = plain(&value.name, operator.span);
                }
                call
            }
            ("csymbol", "delay") => self.delay(element, scope),
            ("csymbol", "rateOf") => self.rate(element, scope),
            _ => self.inner(element, scope, 1),
        }
    }

    /// `delay(x, lag)`: the lag is a time.
    fn delay(&mut self, element: &Element, scope: &Scope) -> Element {
        let mut call = self.inner(element, scope, 1);
        let time = self.time_scale(element.span, scope);
        let lag = call
            .children
            .iter()
            .rposition(|c| matches!(c, Node::Element(_)));
        if let Some(lag) = lag
            && let Node::Element(old) = call.children.remove(lag)
        {
            call.children
                .insert(lag, Node::Element(self.scaled(old, &time)));
        }
        call
    }

    /// `rateOf(x)`: takes a name and nothing else, so that factors stand around it.
    fn rate(&mut self, element: &Element, scope: &Scope) -> Element {
        let mut scale = self.time_scale(element.span, scope);
        let mut parts = element.elements();
        let (Some(operator), Some(argument)) = (parts.next(), parts.next()) else {
            return self.copy(element);
        };
        if argument.name != "ci" || parts.next().is_some() {
            return self.inner(element, scope, 1);
        }
        let name = match self.meaning(argument, scope) {
            Some(value) => {
                scale.times(value.scale);
                value.name
            }
            None => argument.text(),
        };
        let argument = plain(&name, argument.span);
        let parts = vec![self.copy(operator), argument];
        let rate = self.node("apply", parts, element.span);
        self.scaled(rate, &scale)
    }

    fn name(&mut self, element: &Element, scope: &Scope) -> Element {
        match self.meaning(element, scope) {
            Some(value) => {
                let name = plain(&value.name, element.span);
                self.scaled(name, &value.scale)
            }
            None => self.copy(element),
        }
    }

    /// What a `ci` means; none for what has its name within the formula alone.
    fn meaning(&mut self, element: &Element, scope: &Scope) -> Option<Value> {
        let name = element.text();
        let arguments = scope.arguments.as_ref();
        if arguments.is_some_and(|arguments| arguments.contains(&name)) {
            return None;
        }
        if let Some(&local) = scope.locals.get(&name) {
            match self.tree.parts[local].gone {
                None => {
                    let name = self.local_name(local);
                    let scale = Scale::default();
                    return Some(Value { name, scale });
                }
                Some(Gone::Replaced(_)) => return self.value(local, &name, element.span),
                // What it hid is seen again.
                Some(Gone::Deleted(..)) => {}
            }
        }
        self.reference(scope.instance, &name, element.span)
    }

    /// What an id of an instance means; none after saying why it means nothing.
    pub(super) fn reference(
        &mut self,
        instance: InstanceId,
        id: &str,
        span: Span,
    ) -> Option<Value> {
        match self.tree.instances[instance].ids.get(id) {
            Some(&part) => self.value(part, id, span),
            // Left for the reader of the flat model to say, under a name that nothing has by accident.
            None => Some(Value {
                name: format!("{}{id}", self.tree.instances[instance].prefix),
                scale: Scale::default(),
            }),
        }
    }

    fn value(&mut self, part: PartId, id: &str, span: Span) -> Option<Value> {
        match self.tree.value(part, &self.names) {
            Ok(value) => {
                self.check_local(part, span);
                Some(value)
            }
            Err(gone) => {
                let (what, place) = match gone {
                    Gone::Deleted(place, _) => ("deleted", place),
                    Gone::Replaced(place) => ("replaced with what is around it", place),
                };
                let message = format!("`{id}` is used here and was {what}");
                let told = Diagnostic::error("syntax/sbml-comp-deleted", message).at(span);
                let told = told.label(place, "this took it out");
                push_once(
                    told.hint("replace it, or delete what uses it too"),
                    self.found,
                );
                None
            }
        }
    }

    /// A parameter of one law means nothing outside of it.
    fn check_local(&mut self, part: PartId, span: Span) {
        let stays = self.tree.survivor(part);
        if self.tree.parts[stays].element.name != "localParameter" || stays == part {
            return;
        }
        let message = format!("{} is known within its law alone", self.tree.about(stays));
        let told = Diagnostic::error("syntax/sbml-comp-kind", message).at(span);
        push_once(told.hint("replace by a parameter of the model"), self.found);
    }

    /// The name of a local parameter: changed where it would hide something that its law means.
    pub(super) fn local_name(&self, local: PartId) -> String {
        let part = &self.tree.parts[local];
        let id = attribute(&part.element, "id").unwrap_or_default().trim();
        let is_outer = part.instance == 0 && self.tree.next.is_empty();
        if is_outer || !self.taken.contains(id) {
            return id.to_string();
        }
        let siblings = part
            .parent
            .map(|list| self.tree.parts[list].parts.as_slice());
        let is_sibling = |name: &str| {
            let mut all = siblings.unwrap_or_default().iter();
            all.any(|other| attribute(&self.tree.parts[*other].element, "id") == Some(name))
        };
        let mut name = format!("{id}_local");
        while self.taken.contains(&name) || is_sibling(&name) {
            name.push('_');
        }
        name
    }

    fn number(&mut self, element: &Element, scope: &Scope) -> Element {
        let mut copy = self.copy(element);
        for attribute in &mut copy.attributes {
            if attribute.name == "units" && attribute.space.is_some() {
                attribute.value = self.unit(scope.instance, &attribute.value);
            }
        }
        copy
    }

    /// The name of a unit of an instance.
    pub(super) fn unit(&self, instance: InstanceId, id: &str) -> String {
        let id = id.trim();
        let instance = &self.tree.instances[instance];
        match instance.units.get(id) {
            Some(&part) => match self.tree.value(part, &self.names) {
                Ok(value) => value.name,
                Err(_) => format!("{}{id}", instance.prefix),
            },
            None if base_unit(id).is_some() => id.to_string(),
            None => format!("{}{id}", instance.prefix),
        }
    }

    /// Units of time of the whole per unit of time of the instance; a function knows no parameter and cannot convert.
    fn time_scale(&mut self, span: Span, scope: &Scope) -> Scale {
        let scale = self.tree.time_scale(scope.instance);
        if scope.arguments.is_none() || scale.is_one() {
            return scale;
        }
        let message = "the function depends on time, whose unit its submodel converts";
        let told = Diagnostic::error("syntax/sbml-comp-function", message).at(span);
        push_once(told.hint("give it the time as an argument"), self.found);
        Scale::default()
    }

    /// A formula multiplied by factors.
    pub(super) fn scaled(&mut self, formula: Element, scale: &Scale) -> Element {
        self.scaled_at(formula, scale, 0)
    }

    fn scaled_at(&mut self, formula: Element, scale: &Scale, depth: usize) -> Element {
        let span = formula.span;
        let mut product = formula;
        if !scale.times.is_empty() {
            let mut parts = vec![product];
            parts.extend(self.factors(&scale.times, span, depth));
            product = self.operation("times", parts, span);
        }
        if scale.over.is_empty() {
            return product;
        }
        let mut below = self.factors(&scale.over, span, depth);
        let divisor = match below.len() {
            1 => below.remove(0),
            _ => self.operation("times", below, span),
        };
        self.operation("divide", vec![product, divisor], span)
    }

    fn factors(&mut self, factors: &[Factor], span: Span, depth: usize) -> Vec<Element> {
        let mut all = Vec::with_capacity(factors.len());
        for factor in factors {
            // Factors of factors double with each level.
            if self.left == 0 {
                break;
            }
            let word = &factor.word;
            let Some(value) = self.reference(factor.instance, &word.text, word.span) else {
                continue;
            };
            if depth >= DEEPEST_FACTOR {
                let message = format!("the factor `{}` is converted by itself", word.text);
                let told = Diagnostic::error("syntax/sbml-comp-circle", message);
                push_once(told.at(word.span), self.found);
                continue;
            }
            let name = plain(&value.name, span);
            all.push(self.scaled_at(name, &value.scale, depth + 1));
        }
        all
    }

    fn operation(&mut self, operator: &str, parts: Vec<Element>, span: Span) -> Element {
        let mut all = vec![self.node(operator, Vec::new(), span)];
        all.extend(parts);
        self.node("apply", all, span)
    }

    fn node(&mut self, name: &str, parts: Vec<Element>, span: Span) -> Element {
        self.spend(span);
        Element {
            space: Space::Math,
            name: name.to_string(),
            attributes: Vec::new(),
            namespaces: Vec::new(),
            notes: None,
            annotation: None,
            children: parts.into_iter().map(Node::Element).collect(),
            edition: (0, 0),
            span,
        }
    }

    fn copy(&mut self, element: &Element) -> Element {
        self.spend(element.span);
        element.clone()
    }

    /// An element without what is in it.
    fn shell(&mut self, element: &Element) -> Element {
        self.spend(element.span);
        Element {
            attributes: element.attributes.clone(),
            namespaces: Vec::new(),
            notes: None,
            annotation: None,
            children: Vec::new(),
            name: element.name.clone(),
            space: element.space.clone(),
            edition: element.edition,
            span: element.span,
        }
    }

    fn spend(&mut self, span: Span) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            push_once(too_large(span), self.found);
        }
    }
}

/// A name within a formula.
pub(super) fn plain(name: &str, span: Span) -> Element {
    Element {
        space: Space::Math,
        name: "ci".to_string(),
        attributes: Vec::new(),
        namespaces: Vec::new(),
        notes: None,
        annotation: None,
        children: vec![Node::Text(name.to_string())],
        edition: (0, 0),
        span,
    }
}

/// The symbol of SBML that a `csymbol` is.
fn symbol(element: &Element) -> &str {
    let url = element.attribute("definitionURL").unwrap_or_default();
    url.trim()
        .strip_prefix("http://www.sbml.org/sbml/symbols/")
        .unwrap_or_default()
}
