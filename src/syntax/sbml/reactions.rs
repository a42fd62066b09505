//! Reactions.

use crate::diag::Diagnostic;

use super::attribute::{Context, about};
use super::parts::NO_MATH;
use super::read::listed;
use super::tree::{KineticLaw, Reaction, SpeciesReference, Word};
use super::xml::Element;

impl Context<'_> {
    pub(super) fn reaction(&mut self, element: &Element) -> Reaction {
        let fast = match (self.level, self.version) {
            (3, 1) => self.flag(element, "fast", false),
            _ => self.optional_flag(element, "fast", false),
        };
        Reaction {
            head: self.named(element),
            reversible: self.flag(element, "reversible", true),
            fast,
            compartment: self.word(element, "compartment"),
            reactants: self.participants(element, "listOfReactants"),
            products: self.participants(element, "listOfProducts"),
            modifiers: listed(element, "listOfModifiers", "modifierSpeciesReference")
                .filter_map(|modifier| self.modifier(modifier))
                .collect(),
            law: element
                .child("kineticLaw")
                .map(|law| self.kinetic_law(law, element)),
        }
    }

    fn modifier(&mut self, element: &Element) -> Option<(Word, Option<u32>)> {
        let sbo = self.head(element, "id").sbo;
        Some((self.required_word(element, "species")?, sbo))
    }

    fn participants(&mut self, reaction: &Element, list: &str) -> Vec<SpeciesReference> {
        let references = listed(reaction, list, "speciesReference");
        references
            .filter_map(|reference| self.species_reference(reference))
            .collect()
    }

    fn species_reference(&mut self, element: &Element) -> Option<SpeciesReference> {
        let formula = element.child("stoichiometryMath");
        let formula = formula.and_then(|inner| self.needed_math(inner));
        let plain = self.number(element, "stoichiometry");
        let is_level_two = self.level == 2;
        if let (Some(inner), Some(attribute)) = (
            element.child("stoichiometryMath"),
            element.written("stoichiometry"),
        ) {
            let message = format!(
                "{} has both `stoichiometry` and `stoichiometryMath`",
                about(element)
            );
            let told = Diagnostic::error("syntax/sbml-two-stoichiometries", message);
            let told = told.at(attribute.span).label(inner.span, "the other one");
            self.push(told.hint("keep one of them"));
        }
        Some(SpeciesReference {
            head: self.head(element, "id"),
            species: self.required_word(element, "species")?,
            stoichiometry: plain.or(is_level_two.then_some(1.0)),
            formula,
            constant: is_level_two || self.flag(element, "constant", true),
        })
    }

    fn kinetic_law(&mut self, element: &Element, reaction: &Element) -> KineticLaw {
        let (list, item) = if self.level == 2 {
            ("listOfParameters", "parameter")
        } else {
            ("listOfLocalParameters", "localParameter")
        };
        let before = self.found.0.len();
        let rate = self.math(element);
        if rate.is_none() && self.found.0.len() == before && (self.level, self.version) < (3, 2) {
            let message = format!("the rate law of {} has no formula", about(reaction));
            self.refuse("syntax/sbml-no-math", message, element.span, NO_MATH);
        }
        KineticLaw {
            rate,
            locals: listed(element, list, item)
                .map(|local| self.local_parameter(local))
                .collect(),
        }
    }
}
