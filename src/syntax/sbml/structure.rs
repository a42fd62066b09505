//! Elements and attributes that stand where SBML has none of their name, and those that stand there twice.
//!
//! What could change a number is an error; what is merely passed over is a warning.

use indexmap::{IndexMap, IndexSet};

use crate::diag::{Diagnostic, did_you_mean};

use super::attribute::{Context, about};
use super::ids::Ids;
use super::shapes::{COMMON, HARMLESS, IDLE, SHAPES, Shape, Since, shape};
use super::xml::{Attribute, Element, Node, Space, cut};

impl Context<'_> {
    /// Walks a whole document.
    pub(super) fn structure(&mut self, root: &Element) {
        let mut metaids = IndexSet::new();
        let mut ids = Ids::default();
        // A row of its own rather than calls within calls: as deep as the file is.
        let mut waiting = vec![(root, false)];
        while let Some((element, in_law)) = waiting.pop() {
            if self.is_full() {
                return;
            }
            if let Some(shape) = shape_of(element) {
                self.attributes(element, shape);
                self.metaid(element, &mut metaids);
                if !in_law {
                    self.id(element, &mut ids);
                }
                self.children(element, shape);
            }
            if element.name == "model" {
                self.types(element);
            }
            if element.is_core("event") {
                self.idle_event(element);
            }
            // Parameters of laws have ids of their own.
            let in_law = in_law || element.name == "kineticLaw";
            let inner: Vec<&Element> = element.elements().filter(|e| is_walked(e)).collect();
            waiting.extend(inner.into_iter().rev().map(|inner| (inner, in_law)));
        }
    }

    fn edition(&self) -> u32 {
        10 * self.level + self.version
    }

    fn attributes(&mut self, element: &Element, shape: &Shape) {
        for attribute in &element.attributes {
            match attribute.space {
                None => self.attribute(attribute, element, shape),
                Some(Space::Core) => {
                    let name = &attribute.name;
                    let told = Diagnostic::error(
                        "syntax/sbml-namespace",
                        format!(
                            "`{name}` of {} has a prefix, which hides it",
                            about(element)
                        ),
                    );
                    self.push(
                        told.at(attribute.span)
                            .hint(format!("write `{name}=\"…\"` without a prefix")),
                    );
                }
                Some(_) => {}
            }
        }
    }

    fn attribute(&mut self, attribute: &Attribute, element: &Element, shape: &Shape) {
        let edition = self.edition();
        let name = attribute.name.as_str();
        let all = || shape.attributes.iter().chain(&COMMON);
        if all().any(|(known, since)| *known == name && holds(*since, edition)) {
            return;
        }
        let what = about(element);
        let elsewhere = all().find(|(known, _)| *known == name);
        let is_idle = IDLE.contains(&(name, attribute.value.trim()));
        let near = || {
            let known = all().filter(|(_, since)| holds(*since, edition));
            let free = known.filter(|(known, _)| element.attribute(known).is_none());
            did_you_mean(name, free.map(|(known, _)| *known))
        };
        let (message, hint, decides) = if let Some((_, since)) = elsewhere {
            let message = format!(
                "`{name}` of {what} is not known in {}",
                self.named_edition()
            );
            let decides = !HARMLESS.contains(&name) && !is_idle;
            (message, format!("{} has it", editions(*since)), decides)
        } else {
            let message = format!("`{}` of {what} is not known in SBML", cut(name));
            match near() {
                Some(near) => (
                    message,
                    format!("did you mean `{near}`?"),
                    !HARMLESS.contains(&near),
                ),
                None => (message, known_names(shape, edition), false),
            }
        };
        let code = "syntax/sbml-unknown-attribute";
        let told = if decides {
            Diagnostic::error(code, message)
        } else {
            Diagnostic::warning(code, message)
        };
        self.push(told.at(attribute.span).hint(hint));
    }

    fn metaid(&mut self, element: &Element, seen: &mut IndexSet<String>) {
        let Some(attribute) = element.written("metaid") else {
            return;
        };
        if !seen.insert(attribute.value.clone()) {
            let message = format!(
                "a second element with the metaid `{}`",
                cut(&attribute.value)
            );
            let told = Diagnostic::warning("syntax/sbml-metaid", message).at(attribute.span);
            self.push(
                told.hint("annotations belong to one element: give each a metaid of its own"),
            );
        }
    }

    fn children(&mut self, element: &Element, shape: &Shape) {
        let mut seen: IndexMap<&str, &Element> = IndexMap::new();
        let mut last = 0;
        let is_list = element.name.starts_with("listOf");
        for child in element.elements() {
            let name = child.name.as_str();
            match &child.space {
                Space::Package(_) => continue,
                Space::Other | Space::Biology | Space::Modelling | Space::Kept => {
                    self.foreign(child, element);
                    continue;
                }
                Space::Core if self.is_of_another_edition(child) => continue,
                Space::Core | Space::Math => {}
            }
            let Some(at) = self.place(child, element, shape) else {
                continue;
            };
            if is_list {
                continue;
            }
            if let Some(first) = seen.insert(name, child) {
                self.twice(child, first, element);
            } else if self.level == 2 && at < last {
                self.late(child, element, shape.children[last].0);
            }
            last = last.max(at);
        }
        self.text(element);
        if is_list && element.elements().next().is_none() && self.edition() < 32 {
            let message = format!("`{}` is empty", element.name);
            let told = Diagnostic::warning("syntax/sbml-empty-list", message).at(element.span);
            self.push(told.hint("leave it out; lists may be empty since Level 3 Version 2"));
        }
    }

    /// Position among what may stand there; what may not is told.
    fn place(&mut self, child: &Element, parent: &Element, shape: &Shape) -> Option<usize> {
        let edition = self.edition();
        let known = |&(name, since): &(&str, Since)| {
            name == child.name
                && holds(since, edition)
                && (child.space == Space::Math) == (name == "math")
        };
        let at = shape.children.iter().position(known);
        if at.is_none() {
            self.stranger(child, parent, shape);
        }
        at
    }

    fn stranger(&mut self, child: &Element, parent: &Element, shape: &Shape) {
        let (edition, name) = (self.edition(), child.name.as_str());
        let mut message = format!("`{}` may not stand in `{}`", cut(name), parent.name);
        let elsewhere = shape.children.iter().find(|(known, _)| *known == name);
        let fitting = || {
            shape
                .children
                .iter()
                .filter(|(_, since)| holds(*since, edition))
        };
        let hint = if let Some((_, since)) = elsewhere.filter(|(_, since)| !holds(*since, edition))
        {
            message = format!("{message} in {}", self.named_edition());
            format!("{} has it", editions(*since))
        } else if elsewhere.is_some_and(|(known, _)| *known == "math") {
            "write `<math xmlns=\"http://www.w3.org/1998/Math/MathML\">`".to_string()
        } else if let Some(near) = did_you_mean(name, fitting().map(|(known, _)| *known)) {
            format!("did you mean `{near}`?")
        } else {
            let known: Vec<String> = fitting().map(|(known, _)| format!("`{known}`")).collect();
            match known.as_slice() {
                [] => format!("`{}` holds notes and annotations at most", parent.name),
                known => format!("it may hold {}", known.join(", ")),
            }
        };
        let told = Diagnostic::error("syntax/sbml-unknown-element", message);
        self.push(told.at(child.span).hint(hint));
    }

    /// Elements of no vocabulary of SBML; one with a name of SBML was meant to be seen.
    fn foreign(&mut self, child: &Element, parent: &Element) {
        let name = cut(&child.name);
        let is_sbml = child.name == "math" || SHAPES.iter().any(|shape| shape.name == child.name);
        let told = if is_sbml {
            let told = Diagnostic::error(
                "syntax/sbml-namespace",
                format!(
                    "`{name}` in `{}` is not in the namespace of SBML",
                    parent.name
                ),
            );
            told.hint("remove its `xmlns`, or give it the one that SBML has for it")
        } else {
            let told = Diagnostic::warning(
                "syntax/sbml-foreign",
                format!(
                    "`{name}` in `{}` is no part of SBML and is passed over",
                    parent.name
                ),
            );
            told.hint("put it into the `annotation` of the element that it is about")
        };
        self.push(told.at(child.span));
    }

    fn is_of_another_edition(&mut self, child: &Element) -> bool {
        if child.edition == (self.level, self.version) {
            return false;
        }
        let (level, version) = child.edition;
        let message = format!(
            "`{}` is of Level {level} Version {version}, and the file is of {}",
            child.name,
            self.named_edition()
        );
        let told = Diagnostic::error("syntax/sbml-namespace", message).at(child.span);
        self.push(told.hint("remove its `xmlns`"));
        true
    }

    fn twice(&mut self, child: &Element, first: &Element, parent: &Element) {
        let message = format!("a second `{}` in {}", child.name, about(parent));
        let told = Diagnostic::error("syntax/sbml-element-twice", message).at(child.span);
        self.push(
            told.label(first.span, "the first one")
                .hint("keep one of them, with what both hold"),
        );
    }

    fn late(&mut self, child: &Element, parent: &Element, after: &str) {
        let message = format!(
            "`{}` in `{}` stands behind `{after}`",
            child.name, parent.name
        );
        let told = Diagnostic::warning("syntax/sbml-order", message).at(child.span);
        self.push(told.hint("Level 2 wants it before; other readers may refuse the file"));
    }

    /// Text that no element of core has.
    fn text(&mut self, element: &Element) {
        let is_text = |node: &&Node| matches!(node, Node::Text(text) if !text.trim().is_empty());
        if let Some(Node::Text(text)) = element.children.iter().find(is_text) {
            let message = format!(
                "the text `{}` in {} is passed over",
                cut(text.trim()),
                about(element)
            );
            let told = Diagnostic::warning("syntax/sbml-text", message).at(element.span);
            self.push(told.hint("put remarks into `notes` or `<!-- … -->`"));
        }
    }

    /// Until Level 3 an event has to do something.
    fn idle_event(&mut self, element: &Element) {
        if self.level == 2 && element.child("listOfEventAssignments").is_none() {
            let message = format!("{} sets nothing", about(element));
            let told = Diagnostic::warning("syntax/sbml-idle-event", message).at(element.span);
            self.push(told.hint("add a `listOfEventAssignments`, which Level 2 asks for"));
        }
    }

    /// "Level 2 Version 4".
    pub(super) fn named_edition(&self) -> String {
        format!("Level {} Version {}", self.level, self.version)
    }
}

/// The shape of an element of core, or of a model definition of the package `comp`, which holds what a model holds.
fn shape_of(element: &Element) -> Option<&'static Shape> {
    match &element.space {
        Space::Core => shape(&element.name),
        Space::Package(_) if element.name == "modelDefinition" => shape("model"),
        _ => None,
    }
}

/// Elements of core, and those of packages, which may hold some of core.
fn is_walked(element: &Element) -> bool {
    matches!(element.space, Space::Core | Space::Package(_))
}

fn holds((first, last): Since, edition: u32) -> bool {
    (first..=last).contains(&edition)
}

/// "Level 3 Version 1 and later", "Level 2 Versions 1 to 2", "Level 2".
fn editions((first, last): Since) -> String {
    let named = |edition: u32| format!("Level {} Version {}", edition / 10, edition % 10);
    match (first, last) {
        (31, 32) => "Level 3".to_string(),
        (21, 25) => "Level 2".to_string(),
        (first, 32) => format!("{} and later", named(first)),
        (first, last) if first == last => named(first),
        (first, last) => format!("{} to {}", named(first), named(last)),
    }
}

fn known_names(shape: &Shape, edition: u32) -> String {
    let all = shape.attributes.iter();
    let known: Vec<String> = all
        .filter(|(_, since)| holds(*since, edition))
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    match known.as_slice() {
        [] => format!("`{}` has no attributes of its own", shape.name),
        known => format!("it may have {}", known.join(", ")),
    }
}
