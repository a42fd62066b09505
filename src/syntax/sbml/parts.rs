//! Compartments, species, parameters, functions, assignments and rules.

use super::attribute::Context;
use super::tree::{Assignment, Compartment, Function, Parameter, Rule, Species};
use super::xml::Element;

/// What to do about a formula that is missing.
pub(super) const NO_MATH: &str =
    "add `<math xmlns=\"http://www.w3.org/1998/Math/MathML\">…</math>`";

impl Context<'_> {
    pub(super) fn function(&mut self, element: &Element) -> Function {
        Function {
            head: self.named(element),
            lambda: self.lambda(element),
        }
    }

    pub(super) fn compartment(&mut self, element: &Element) -> Compartment {
        Compartment {
            head: self.named(element),
            dimensions: self.dimensions(element).unwrap_or(3.0),
            outside: self.word(element, "outside").filter(|_| self.level == 2),
            size: self.number(element, "size"),
            units: self.word(element, "units"),
            constant: self.flag(element, "constant", true),
        }
    }

    /// Whole numbers until Level 3, which may use any.
    fn dimensions(&mut self, element: &Element) -> Option<f64> {
        if self.level == 2 {
            return self.whole(element, "spatialDimensions", (0, 3));
        }
        self.number(element, "spatialDimensions")
    }

    pub(super) fn species(&mut self, element: &Element) -> Option<Species> {
        Some(Species {
            head: self.named(element),
            compartment: self.required_word(element, "compartment")?,
            initial_amount: self.number(element, "initialAmount"),
            initial_concentration: self.number(element, "initialConcentration"),
            substance_units: self.word(element, "substanceUnits"),
            only_substance_units: self.flag(element, "hasOnlySubstanceUnits", false),
            boundary: self.flag(element, "boundaryCondition", false),
            constant: self.flag(element, "constant", false),
            conversion_factor: self
                .word(element, "conversionFactor")
                .filter(|_| self.level > 2),
        })
    }

    pub(super) fn parameter(&mut self, element: &Element) -> Parameter {
        Parameter {
            head: self.named(element),
            value: self.number(element, "value"),
            units: self.word(element, "units"),
            constant: self.flag(element, "constant", true),
        }
    }

    /// A parameter of one reaction: constant without saying so.
    pub(super) fn local_parameter(&mut self, element: &Element) -> Parameter {
        Parameter {
            head: self.named(element),
            value: self.number(element, "value"),
            units: self.word(element, "units"),
            constant: true,
        }
    }

    /// A formula for the name in the attribute `target`.
    pub(super) fn assignment(&mut self, element: &Element, target: &str) -> Option<Assignment> {
        Some(Assignment {
            head: self.head(element, "id"),
            target: self.required_word(element, target)?,
            value: self.needed_math(element),
        })
    }

    pub(super) fn rule(&mut self, element: &Element) -> Option<Rule> {
        match element.name.as_str() {
            "assignmentRule" => self.assignment(element, "variable").map(Rule::Assignment),
            "rateRule" => self.assignment(element, "variable").map(Rule::Rate),
            _ => Some(Rule::Algebraic(
                self.head(element, "id"),
                self.needed_math(element),
            )),
        }
    }

    /// The formula that an element is about; until Level 3 Version 2 there had to be one.
    pub(super) fn needed_math(&mut self, element: &Element) -> Option<super::tree::Formula> {
        let before = self.found.0.len();
        let math = self.math(element);
        let is_silent = self.found.0.len() == before;
        if math.is_none() && is_silent && (self.level, self.version) < (3, 2) {
            let message = format!("{} has no formula", super::attribute::about(element));
            self.refuse("syntax/sbml-no-math", message, element.span, NO_MATH);
        }
        math
    }
}
