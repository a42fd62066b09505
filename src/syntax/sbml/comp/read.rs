//! Elements of the package to values.

use crate::diag::{Diagnostic, Diagnostics, Span};

use super::super::attribute::Context;
use super::super::composition::{
    Composition, Definitions, Deletion, ExternalDefinition, Owner, Port, Reference, Replacement,
    ReplacementKind, Submodel, Target,
};
use super::super::tree::Word;
use super::super::xml::Element;
use super::{about, attribute, is_comp};

/// Lists of the package with what they hold.
const LISTS: [(&str, &str); 6] = [
    ("listOfSubmodels", "submodel"),
    ("listOfPorts", "port"),
    ("listOfDeletions", "deletion"),
    ("listOfReplacedElements", "replacedElement"),
    ("listOfModelDefinitions", "modelDefinition"),
    ("listOfExternalModelDefinitions", "externalModelDefinition"),
];

/// A way of naming a target, from the name.
type Named = fn(String) -> Target;

/// Attributes that name a target.
const TARGETS: [(&str, Named); 5] = [
    ("idRef", Target::Id),
    ("unitRef", Target::Unit),
    ("metaIdRef", Target::Metaid),
    ("portRef", Target::Port),
    ("deletion", Target::Deletion),
];

impl Context<'_> {
    /// Models that the document of `root` defines for submodels.
    pub(in crate::syntax::sbml) fn definitions(&mut self, root: &Element) -> Definitions {
        if self.level < 3 {
            return Definitions::default();
        }
        let models = listed(root, "listOfModelDefinitions").collect::<Vec<_>>();
        Definitions {
            models: models.into_iter().map(|model| self.model(model)).collect(),
            external: self.externals(root),
        }
    }

    /// Models of other files under names of their own.
    pub(super) fn externals(&mut self, root: &Element) -> Vec<ExternalDefinition> {
        listed(root, "listOfExternalModelDefinitions")
            .filter_map(|definition| self.external(definition))
            .collect()
    }

    fn external(&mut self, element: &Element) -> Option<ExternalDefinition> {
        let id = self.needed(element, "id");
        let source = self.needed(element, "source");
        Some(ExternalDefinition {
            id: id?,
            source: source?,
            model: attribute(element, "modelRef").map(str::to_string),
            md5: attribute(element, "md5").map(str::to_string),
            span: element.span,
        })
    }

    /// What `model` is made of.
    pub(in crate::syntax::sbml) fn composition(&mut self, model: &Element) -> Composition {
        if self.level < 3 {
            return Composition::default();
        }
        self.strangers(model);
        let composition = Composition {
            submodels: listed(model, "listOfSubmodels")
                .filter_map(|submodel| self.submodel(submodel))
                .collect(),
            ports: listed(model, "listOfPorts")
                .filter_map(|port| self.port(port))
                .collect(),
            replacements: self.replacements(model),
        };
        self.check_submodels(&composition);
        composition
    }

    fn submodel(&mut self, element: &Element) -> Option<Submodel> {
        let deletions = listed(element, "listOfDeletions");
        let deletions = deletions
            .filter_map(|deletion| {
                Some(Deletion {
                    id: attribute(deletion, "id").unwrap_or_default().to_string(),
                    reference: reference(deletion, self.found)?,
                })
            })
            .collect();
        let id = self.needed(element, "id");
        let model = self.needed(element, "modelRef");
        Some(Submodel {
            id: id?,
            model: at(element, model?),
            time_factor: word(element, "timeConversionFactor"),
            extent_factor: word(element, "extentConversionFactor"),
            deletions,
            span: element.span,
        })
    }

    fn port(&mut self, element: &Element) -> Option<Port> {
        let id = self.needed(element, "id");
        let reference = reference(element, self.found)?;
        if let Target::Port(_) | Target::Deletion(_) = reference.target {
            let told = Diagnostic::error(
                "syntax/sbml-comp-reference",
                format!("{} offers no element of its model", about(element)),
            );
            let hint = "a port has one of `idRef`, `unitRef` and `metaIdRef`";
            self.found.push(told.at(element.span).hint(hint));
        }
        Some(Port { id: id?, reference })
    }

    /// Replacements of all elements within `element`.
    fn replacements(&mut self, element: &Element) -> Vec<Replacement> {
        let mut all = Vec::new();
        let mut open: Vec<&Element> = vec![element];
        while let Some(owner) = open.pop() {
            for child in owner.elements() {
                if is_comp(child, "replacedBy") {
                    all.extend(self.replacement(owner, child));
                } else if is_comp(child, "listOfReplacedElements") {
                    let items = child.elements().filter(|e| is_comp(e, "replacedElement"));
                    all.extend(items.filter_map(|item| self.replacement(owner, item)));
                }
            }
            let inner: Vec<&Element> = owner.elements().collect();
            open.extend(inner.into_iter().rev());
        }
        all
    }

    fn replacement(&mut self, owner: &Element, element: &Element) -> Option<Replacement> {
        let submodel = self.needed(element, "submodelRef");
        let reference = reference(element, self.found)?;
        let factor = word(element, "conversionFactor");
        let is_by = element.name == "replacedBy";
        let is_deletion = matches!(reference.target, Target::Deletion(_));
        if factor.is_some() && (is_by || is_deletion) {
            let told = Diagnostic::error(
                "syntax/sbml-comp-factor",
                format!("{} converts nothing", about(element)),
            );
            let hint = "only a replaced element that is still there has a `conversionFactor`";
            self.found.push(told.at(element.span).hint(hint));
        }
        Some(Replacement {
            owner: Owner {
                element: owner.name.clone(),
                id: attribute(owner, "id").unwrap_or_default().to_string(),
                metaid: attribute(owner, "metaid").unwrap_or_default().to_string(),
                span: owner.span,
            },
            kind: if is_by {
                ReplacementKind::ReplacedBy
            } else {
                ReplacementKind::Replaces { factor }
            },
            submodel: at(element, submodel?),
            reference,
        })
    }

    /// Replacements name submodels of their own model.
    fn check_submodels(&mut self, composition: &Composition) {
        let known = || composition.submodels.iter().map(|s| s.id.as_str());
        for replacement in &composition.replacements {
            let name = &replacement.submodel;
            if known().any(|id| id == name.text) {
                continue;
            }
            let message = format!("there is no submodel `{}` in this model", name.text);
            let told = Diagnostic::error("syntax/sbml-comp-not-found", message).at(name.span);
            self.found.push(super::with_near(told, &name.text, known()));
        }
    }

    /// Says which elements of the package stand where they may not.
    fn strangers(&mut self, model: &Element) {
        for list in model.elements().filter(|e| super::is_any_comp(e)) {
            let is_known = matches!(list.name.as_str(), "listOfSubmodels" | "listOfPorts");
            let item = LISTS.iter().find(|(name, _)| *name == list.name);
            let Some((_, item)) = item.filter(|_| is_known) else {
                self.stranger_of_comp(list, model);
                continue;
            };
            for inner in list.elements().filter(|e| super::is_any_comp(e)) {
                if inner.name != *item {
                    self.stranger_of_comp(inner, list);
                }
            }
        }
    }

    fn stranger_of_comp(&mut self, element: &Element, parent: &Element) {
        if matches!(
            element.name.as_str(),
            "listOfReplacedElements" | "replacedBy"
        ) {
            return;
        }
        let message = format!("`{}` may not stand in `{}`", element.name, parent.name);
        let hint = format!("`{}` holds what the package `comp` has for it", parent.name);
        self.refuse("syntax/sbml-unknown-element", message, element.span, hint);
    }

    /// An attribute that must be there.
    fn needed(&mut self, element: &Element, name: &str) -> Option<String> {
        let value = attribute(element, name).map(|text| text.trim().to_string());
        if value.is_none() {
            let message = format!("{} has no `{name}`, which `comp` asks for", about(element));
            let hint = format!("add `comp:{name}=\"…\"`");
            self.refuse("syntax/sbml-missing-attribute", message, element.span, hint);
        }
        value
    }
}

/// Where a reference leads; says when it names nothing or two things.
pub(super) fn reference(element: &Element, found: &mut Diagnostics) -> Option<Reference> {
    let mut targets = TARGETS.iter().filter_map(|(name, target)| {
        let is_taken = *name != "deletion" || element.name == "replacedElement";
        let text = attribute(element, name).filter(|_| is_taken)?;
        Some(target(text.trim().to_string()))
    });
    let (first, second) = (targets.next(), targets.next());
    let Some(target) = first.filter(|_| second.is_none()) else {
        found.push(unclear(element, second.is_some()));
        return None;
    };
    let inner = element.elements().find(|e| is_comp(e, "sBaseRef"));
    let inner = match inner {
        Some(inner) => Some(Box::new(reference(inner, found)?)),
        None => None,
    };
    Some(Reference {
        target,
        inner,
        span: element.span,
    })
}

fn unclear(element: &Element, has_two: bool) -> Diagnostic {
    let what = about(element);
    let message = if has_two {
        format!("{what} names its element in two ways")
    } else {
        format!("{what} names no element")
    };
    let told = Diagnostic::error("syntax/sbml-comp-reference", message).at(element.span);
    told.hint(match element.name.as_str() {
        "replacedElement" => {
            "give one of `idRef`, `unitRef`, `metaIdRef`, `portRef` and `deletion`"
        }
        _ => "give one of `idRef`, `unitRef`, `metaIdRef` and `portRef`",
    })
}

/// The items of a list of the package.
pub(super) fn listed<'e>(parent: &'e Element, list: &str) -> impl Iterator<Item = &'e Element> {
    let item = LISTS.iter().find(|(name, _)| *name == list);
    let item = item.map_or("", |(_, item)| *item);
    let list = parent.elements().find(|element| is_comp(element, list));
    list.into_iter()
        .flat_map(Element::elements)
        .filter(move |element| is_comp(element, item))
}

/// A reference to something by its id.
pub(super) fn word(element: &Element, name: &str) -> Option<Word> {
    let text = attribute(element, name)?;
    Some(at(element, text.trim().to_string()))
}

fn at(element: &Element, text: String) -> Word {
    let span: Span = element.span;
    Word { text, span }
}
