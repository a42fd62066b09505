//! Elements to the tree of a document.

use crate::diag::{Diagnostic, Diagnostics};

use super::attribute::Context;
use super::tree::{Document, Model, Word};
use super::xml::{Element, Space};

/// The document of a root element.
pub(super) fn document(root: &Element, found: &mut Diagnostics) -> Document {
    if !root.is_core("sbml") {
        let told = Diagnostic::error(
            "syntax/not-sbml",
            format!("this is XML about `{}`, not SBML", root.name),
        );
        found.push(told.at(root.span));
        return Document::default();
    }
    let part = |name: &str| {
        root.attribute(name)
            .and_then(|text| text.trim().parse().ok())
    };
    let (level, version) = (part("level").unwrap_or(0), part("version").unwrap_or(0));
    let is_known = matches!((level, version), (2, 1..=5) | (3, 1..=2));
    if !is_known {
        let told = Diagnostic::error(
            "syntax/sbml-level",
            format!("SBML Level {level} Version {version} is not read"),
        );
        found.push(
            told.at(root.span)
                .hint("Level 2 Versions 1 to 5 and Level 3 Versions 1 and 2 are"),
        );
        return Document::default();
    }
    let mut context = Context {
        level,
        version,
        found,
    };
    context.packages(root);
    let definitions = context.definitions(root);
    let model = root.child("model").map(|model| context.model(model));
    if model.is_none() {
        let message = "there is no model in this file".to_string();
        context.error("syntax/sbml-no-model", message, root.span);
    }
    Document {
        level,
        version,
        model,
        definitions,
    }
}

/// The elements called `item` in the list called `list` of an element.
pub(super) fn listed<'e>(
    parent: &'e Element,
    list: &str,
    item: &'e str,
) -> impl Iterator<Item = &'e Element> + use<'e> {
    let list = parent.child(list);
    list.into_iter()
        .flat_map(Element::elements)
        .filter(move |element| element.is_core(item))
}

/// Lists of a model with what they may hold.
const LISTS: [(&str, &[&str]); 13] = [
    ("listOfFunctionDefinitions", &["functionDefinition"]),
    ("listOfUnitDefinitions", &["unitDefinition"]),
    ("listOfCompartments", &["compartment"]),
    ("listOfSpecies", &["species"]),
    ("listOfParameters", &["parameter"]),
    ("listOfInitialAssignments", &["initialAssignment"]),
    (
        "listOfRules",
        &["assignmentRule", "rateRule", "algebraicRule"],
    ),
    ("listOfConstraints", &["constraint"]),
    ("listOfReactions", &["reaction"]),
    ("listOfEvents", &["event"]),
    // Of Level 2: they sort what is there and change nothing.
    ("listOfCompartmentTypes", &["compartmentType"]),
    ("listOfSpeciesTypes", &["speciesType"]),
    ("listOfLayouts", &["layout"]),
];

impl Context<'_> {
    /// A model, or the definition of one.
    pub(super) fn model(&mut self, element: &Element) -> Model {
        self.foreign(element);
        let wide = |context: &mut Self, name: &str| -> Option<Word> {
            if context.level < 3 {
                return None;
            }
            context.word(element, name)
        };
        Model {
            units: [
                "substanceUnits",
                "timeUnits",
                "volumeUnits",
                "areaUnits",
                "lengthUnits",
                "extentUnits",
            ]
            .map(|name| wide(self, name)),
            conversion_factor: self.word(element, "conversionFactor"),
            functions: self.all(element, 0, |context, item| Some(context.function(item))),
            unit_definitions: self.all(element, 1, |context, item| {
                Some(context.unit_definition(item))
            }),
            compartments: self.all(element, 2, |context, item| Some(context.compartment(item))),
            species: self.all(element, 3, Self::species),
            parameters: self.all(element, 4, |context, item| Some(context.parameter(item))),
            initial_assignments: self.all(element, 5, |context, item| {
                context.assignment(item, "symbol")
            }),
            rules: self.all(element, 6, Self::rule),
            constraints: self.all(element, 7, |context, item| {
                Some((context.head(item, "id"), context.needed_math(item)))
            }),
            reactions: self.all(element, 8, |context, item| Some(context.reaction(item))),
            events: self.all(element, 9, |context, item| Some(context.event(item))),
            composition: self.composition(element),
            head: self.head(element, "id"),
        }
    }

    /// Everything in the list of [`LISTS`] at `at`.
    fn all<T>(
        &mut self,
        model: &Element,
        at: usize,
        mut read: impl FnMut(&mut Self, &Element) -> Option<T>,
    ) -> Vec<T> {
        let (list, items) = LISTS[at];
        let lists = model.elements().filter(|child| child.is_core(list));
        lists
            .flat_map(Element::elements)
            .filter(|item| item.space == Space::Core && items.contains(&item.name.as_str()))
            .filter_map(|item| read(self, item))
            .collect()
    }

    /// Says which elements of core stand where none of that name may.
    fn foreign(&mut self, model: &Element) {
        for list in model.elements().filter(|e| e.space == Space::Core) {
            let Some((_, items)) = LISTS.iter().find(|(name, _)| *name == list.name) else {
                self.stranger(list, model);
                continue;
            };
            for item in list.elements().filter(|e| e.space == Space::Core) {
                if !items.contains(&item.name.as_str()) {
                    self.stranger(item, list);
                }
            }
        }
    }

    fn stranger(&mut self, element: &Element, parent: &Element) {
        let message = format!("`{}` may not stand in `{}`", element.name, parent.name);
        self.error("syntax/sbml-unknown-element", message, element.span);
    }
}
