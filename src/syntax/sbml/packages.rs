//! Packages of Level 3: which are refused, and which are passed over with a word.

use std::collections::BTreeSet;

use crate::diag::Diagnostic;

use super::attribute::Context;
use super::xml::{Element, Space};

/// The package whose mathematics is core in Level 3 Version 2.
pub(super) const EXTENDED_MATH: &str = "l3v2extendedmath";

/// Packages that are read.
const READ: [&str; 2] = ["comp", EXTENDED_MATH];

impl Context<'_> {
    /// Refuses packages without which the file means something else, and names those that are passed over.
    pub(super) fn packages(&mut self, root: &Element) {
        let mut refused = BTreeSet::new();
        for attribute in &root.attributes {
            let Some(Space::Package(name)) = &attribute.space else {
                continue;
            };
            let is_required =
                attribute.name == "required" && matches!(attribute.value.trim(), "true" | "1");
            if !is_required || READ.contains(&name.as_str()) {
                continue;
            }
            refused.insert(name.clone());
            let message = format!("the file needs the package `{name}`, which is not read");
            let hint =
                "what the package adds changes what the model means; write the model in core SBML";
            self.refuse("syntax/sbml-package", message, root.span, hint);
        }
        if let Some(model) = root.child("model").filter(|model| is_flux_balance(model)) {
            let message = "the model is one of flux balance: fluxes have bounds and no rates";
            let told = Diagnostic::error("syntax/sbml-package", message).at(model.span);
            self.found
                .push(told.hint("give its reactions rate laws, or use a solver of flux balances"));
            refused.insert("fbc".to_string());
        }
        self.name_skipped(root, &refused);
    }

    fn name_skipped(&mut self, root: &Element, refused: &BTreeSet<String>) {
        let mut used = BTreeSet::new();
        collect(root, &mut used);
        let names: Vec<String> = used
            .into_iter()
            .filter(|name| !READ.contains(&name.as_str()) && !refused.contains(name))
            .map(|name| format!("`{name}`"))
            .collect();
        if names.is_empty() {
            return;
        }
        let message = format!("passed over what is said in {}", joined(&names));
        let told = Diagnostic::warning("syntax/sbml-skipped", message).at(root.span);
        let hint = "of the packages of SBML, `comp` is read; the others change no number here";
        self.found.push(told.hint(hint));
    }
}

/// Packages that say something within an element, besides whether they are required.
fn collect(element: &Element, used: &mut BTreeSet<String>) {
    let mut note = |space: &Space| {
        if let Space::Package(name) = space {
            used.insert(name.clone());
        }
    };
    note(&element.space);
    let attributes = element.attributes.iter();
    for attribute in attributes.filter(|attribute| attribute.name != "required") {
        attribute.space.iter().for_each(&mut note);
    }
    for inner in element.elements() {
        collect(inner, used);
    }
}

/// Whether a model asks for the best fluxes and says nothing about rates.
fn is_flux_balance(model: &Element) -> bool {
    let is_objective =
        |e: &Element| e.space == Space::Package("fbc".to_string()) && e.name == "listOfObjectives";
    let reactions = || super::read::listed(model, "listOfReactions", "reaction");
    model.elements().any(is_objective)
        && reactions().next().is_some()
        && reactions().all(|reaction| reaction.child("kineticLaw").is_none())
}

/// `a`, `a and b`, `a, b and c`.
fn joined(names: &[String]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}
