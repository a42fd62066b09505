//! Elements to the tree of a document.

use crate::diag::{Diagnostic, Diagnostics};

use super::attribute::Context;
use super::packages::EXTENDED_MATH;
use super::tree::{Document, Model, Word};
use super::xml::{Element, Space, cut};

/// The document of a root element.
pub(super) fn document(root: &Element, found: &mut Diagnostics) -> Document {
    if !root.is_core("sbml") {
        found.push(not_sbml(root));
        return Document::default();
    }
    let part = |name: &str| {
        root.attribute(name)
            .and_then(|text| text.trim().parse().ok())
    };
    let (level, version) = (part("level").unwrap_or(0), part("version").unwrap_or(0));
    let is_known = matches!((level, version), (2, 1..=5) | (3, 1..=2));
    if !is_known {
        let told = Diagnostic::error("syntax/sbml-level", unknown_edition(root));
        found.push(
            told.at(root.span)
                .hint("Level 2 Versions 1 to 5 and Level 3 Versions 1 and 2 are"),
        );
        return Document::default();
    }
    let mut context = Context {
        level,
        version,
        has_extended_math: root.namespaces.iter().any(|name| name == EXTENDED_MATH),
        found,
    };
    context.namespace(root);
    if context.found.has_errors() {
        // Where the vocabulary is open, every element would be one of another edition.
        return Document::default();
    }
    context.structure(root);
    context.packages(root);
    let definitions = context.definitions(root);
    let model = root.child("model").map(|model| context.model(model));
    if model.is_none() {
        let message = "there is no model in this file".to_string();
        let hint = "write `<model id=\"…\">` with its lists into `sbml`";
        context.refuse("syntax/sbml-no-model", message, root.span, hint);
    }
    Document {
        level,
        version,
        model,
        definitions,
    }
}

fn not_sbml(root: &Element) -> Diagnostic {
    let name = cut(&root.name);
    let told = match (root.name.as_str(), &root.space) {
        ("sbml", _) => Diagnostic::error(
            "syntax/sbml-namespace",
            "`sbml` does not stand in a namespace of SBML",
        )
        .hint(format!("write `<sbml xmlns=\"{}\" …>`", uri(3, 2))),
        ("html", _) => Diagnostic::error("syntax/not-sbml", "this is a web page, not SBML")
            .hint("download the model's file itself instead of the page about it"),
        _ => Diagnostic::error(
            "syntax/not-sbml",
            format!("this is XML about `{name}`, not SBML"),
        )
        .hint("a file in SBML begins with `<sbml …>`"),
    };
    told.at(root.span)
}

/// What is said about a level and version that are not read.
fn unknown_edition(root: &Element) -> String {
    match (root.attribute("level"), root.attribute("version")) {
        (Some(level), Some(version)) => {
            let (level, version) = (cut(level.trim()), cut(version.trim()));
            format!("SBML Level {level} Version {version} is not read")
        }
        (None, _) => "`sbml` does not say which `level` of SBML it is".to_string(),
        (_, None) => "`sbml` does not say which `version` of its level it is".to_string(),
    }
}

/// The namespace of a level and version.
fn uri(level: u32, version: u32) -> String {
    let base = "http://www.sbml.org/sbml/level";
    match (level, version) {
        (2, 1) => format!("{base}2"),
        (2, _) => format!("{base}2/version{version}"),
        _ => format!("{base}{level}/version{version}/core"),
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
const LISTS: [(&str, &[&str]); 10] = [
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
];

impl Context<'_> {
    /// The namespace must be the one of the level and version that the attributes tell.
    fn namespace(&mut self, root: &Element) {
        let (level, version) = root.edition;
        if root.edition == (self.level, self.version) {
            return;
        }
        let said = match root.edition {
            (0, 0) => "no level and version that there are".to_string(),
            _ => format!("Level {level} Version {version}"),
        };
        let message = format!(
            "the attributes of `sbml` say {}, and its namespace says {said}",
            self.named_edition()
        );
        let hint = format!(
            "make both say the same: the namespace of {} is `{}`",
            self.named_edition(),
            uri(self.level, self.version)
        );
        self.refuse("syntax/sbml-namespace", message, root.span, hint);
    }

    /// A model, or the definition of one.
    pub(super) fn model(&mut self, element: &Element) -> Model {
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
            conversion_factor: wide(self, "conversionFactor"),
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
}
