//! Ids that two elements share, and references to types, as far as nothing else looks at them.

use indexmap::{IndexMap, IndexSet};

use crate::diag::Diagnostic;

use super::attribute::{Context, about};
use super::xml::{Element, Space, cut};

/// Elements whose ids are names in formulas; those are compared where names are given their meaning.
const NAMED: [&str; 8] = [
    "functionDefinition",
    "compartment",
    "species",
    "parameter",
    "localParameter",
    "reaction",
    "speciesReference",
    "event",
];

/// Elements whose ids are names of another kind.
const APART: [&str; 3] = ["sbml", "unitDefinition", "localParameter"];

/// Ids of one model with the elements that have them.
#[derive(Default)]
pub(super) struct Ids<'e>(IndexMap<&'e str, &'e Element>);

impl Context<'_> {
    /// Takes up the id of an element and compares it with those before.
    pub(super) fn id<'e>(&mut self, element: &'e Element, ids: &mut Ids<'e>) {
        if element.name == "model" || element.name == "modelDefinition" {
            // Every model has ids of its own.
            ids.0.clear();
        }
        let is_apart = |e: &Element| APART.contains(&e.name.as_str());
        let Some(attribute) = element
            .written("id")
            .filter(|_| element.space == Space::Core)
        else {
            return;
        };
        if is_apart(element) || (self.edition_has_no_id_of(element)) {
            return;
        }
        let id = attribute.value.trim();
        let Some(first) = ids.0.get(id) else {
            ids.0.insert(id, element);
            return;
        };
        let is_named = |e: &Element| NAMED.contains(&e.name.as_str());
        if is_named(element) && is_named(first) {
            return;
        }
        let message = format!("{} has the id of {}", about(element), about(first));
        // No formula can name a model.
        let told = if first.name == "model" {
            Diagnostic::warning("syntax/sbml-id-twice", message)
        } else {
            Diagnostic::error("syntax/sbml-id-twice", message)
        };
        let told = told.at(attribute.span).label(first.span, "the first one");
        self.push(told.hint("ids are unique in a model: rename one of them"));
    }

    /// Unknown attributes are told elsewhere.
    fn edition_has_no_id_of(&self, element: &Element) -> bool {
        let is_late = !NAMED.contains(&element.name.as_str())
            && !matches!(
                element.name.as_str(),
                "model" | "modifierSpeciesReference" | "compartmentType" | "speciesType"
            );
        is_late && (self.level, self.version) < (3, 2)
    }

    /// Types of compartments and species sort them; one that is not there changes no number.
    pub(super) fn types(&mut self, model: &Element) {
        for (list, item, types, attribute) in [
            (
                "listOfCompartments",
                "compartment",
                "listOfCompartmentTypes",
                "compartmentType",
            ),
            (
                "listOfSpecies",
                "species",
                "listOfSpeciesTypes",
                "speciesType",
            ),
        ] {
            if self.level != 2 {
                return;
            }
            let known: IndexSet<&str> = super::read::listed(model, types, attribute)
                .filter_map(|kind| kind.attribute("id"))
                .collect();
            for element in super::read::listed(model, list, item) {
                let Some(word) = element.written(attribute) else {
                    continue;
                };
                if known.contains(&word.value.trim()) {
                    continue;
                }
                let message = format!(
                    "there is no `{attribute}` called `{}`, which {} names",
                    cut(word.value.trim()),
                    about(element)
                );
                let told = Diagnostic::warning("syntax/sbml-unknown-type", message);
                let hint = format!("define it in `{types}`, or remove the attribute");
                self.push(told.at(word.span).hint(hint));
            }
        }
    }
}
