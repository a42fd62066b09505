//! Messages about units that contradict each other.

use crate::diag::{Diagnostic, Span};
use crate::model::text::{formula_text, function_name, number_text};
use crate::model::{Formula, Reaction, Symbol};
use crate::syntax::expr::Function;
use crate::units::{Unit, conversion_factor};

use super::Checker;
use super::infer::Known;

/// Longer formulas are not repeated in a message; the drawn source shows them.
const LONGEST_QUOTE: usize = 40;

impl Checker<'_> {
    pub(super) fn show(&self, unit: Unit) -> String {
        let text = unit.display(&self.model.unit_definitions);
        if text.is_empty() {
            "dimensionless".to_string()
        } else {
            text
        }
    }

    fn quote(&self, formula: &Formula, otherwise: &str) -> String {
        let name = |symbol: &Symbol| match symbol {
            Symbol::Argument(at) => format!("argument {}", at + 1),
            symbol => self.model.identity(*symbol).id.clone(),
        };
        let text = formula_text(formula, &name);
        if text.chars().count() <= LONGEST_QUOTE {
            format!("`{text}`")
        } else {
            otherwise.to_string()
        }
    }

    /// Two parts of a sum, comparison or choice are not in one unit.
    pub(super) fn tell_mismatch(
        &mut self,
        function: Function,
        (left, left_unit): (&Formula, Unit),
        (right, right_unit): (&Formula, Unit),
    ) {
        let (verb, joint) = match function {
            Function::Plus => ("add", "and"),
            Function::Minus => ("subtract", "and"),
            Function::Piecewise => ("choose between", "and"),
            Function::Min | Function::Max => ("choose between", "and"),
            Function::Remainder | Function::Quotient => ("divide", "by"),
            _ => ("compare", "and"),
        };
        let (left_text, right_text) = (self.show(left_unit), self.show(right_unit));
        let message = format!(
            "cannot {verb} {} ({left_text}) {joint} {} ({right_text})",
            self.quote(left, "the first part"),
            self.quote(right, "the second part"),
        );
        let told = Diagnostic::error("units/mismatch", message)
            .at(between(left.span, right.span))
            .label(left.span, left_text)
            .label(right.span, right_text);
        let quoted = self.quote(right, "the second part");
        self.found
            .push(self.with_factor(told, right_unit, left_unit, &quoted));
    }

    /// What a target is given is not in the target's unit.
    pub(super) fn tell_target(
        &mut self,
        id: &str,
        what: &str,
        wanted: Unit,
        got: Unit,
        span: Span,
    ) {
        let (wanted_text, got_text) = (self.show(wanted), self.show(got));
        let message = format!("`{id}` needs {wanted_text}, and {what} is in {got_text}");
        let told = Diagnostic::error("units/mismatch", message)
            .at(span)
            .here(got_text);
        self.found
            .push(self.with_factor(told, got, wanted, "the right side"));
    }

    /// A rate law is not extent per time.
    pub(super) fn tell_rate(&mut self, reaction: &Reaction, wanted: Unit, got: Unit) {
        let Some(rate) = &reaction.rate else { return };
        let (wanted_text, got_text) = (self.show(wanted), self.show(got));
        let message = format!(
            "the rate of `{}` is in {got_text}, and reactions run in {wanted_text}",
            reaction.identity.id
        );
        let mut told = Diagnostic::error("units/rate", message)
            .at(rate.span)
            .here(got_text);
        if wanted.same_dimension(&got) {
            told = self.with_factor(told, got, wanted, "the rate");
        } else if let Some(compartment) = self.missing_size(reaction, wanted, got) {
            let hint =
                format!("a rate is substance per time: multiply by the size, `{compartment}*(…)`");
            told = told.hint(hint);
        }
        self.found.push(told);
    }

    /// The compartment whose size turns the rate into extent per time.
    fn missing_size(&self, reaction: &Reaction, wanted: Unit, got: Unit) -> Option<String> {
        let participant = reaction.reactants.iter().chain(&reaction.products).next()?;
        let compartment = self.model.species[participant.species].compartment;
        let size = self.size_unit(compartment)?;
        let id = &self.model.compartments[compartment].identity.id;
        got.times(size).same_dimension(&wanted).then(|| id.clone())
    }

    pub(super) fn tell_not_pure(&mut self, function: Function, argument: &Formula, unit: Unit) {
        let unit_text = self.show(unit);
        let quoted = self.quote(argument, "this");
        let message = match function {
            Function::Power => {
                format!("{quoted} is in {unit_text}, and a power needs pure numbers here")
            }
            _ => format!(
                "{quoted} is in {unit_text}, and `{}` takes pure numbers",
                function_name(function)
            ),
        };
        let told = Diagnostic::error("units/not-pure", message)
            .at(argument.span)
            .here(unit_text)
            .hint("divide by a quantity of the same unit");
        self.found.push(told);
    }

    /// Tells when a part that must be in a known unit is in another one.
    pub(super) fn expect_unit(&mut self, wanted: Known, got: Known, part: &Formula, what: &str) {
        let (Known::Unit(wanted), Known::Unit(got)) = (wanted, got) else {
            return;
        };
        if wanted.same(&got) {
            return;
        }
        let (wanted_text, got_text) = (self.show(wanted), self.show(got));
        let message = format!(
            "{what} is in {wanted_text}, and {} is in {got_text}",
            self.quote(part, "this")
        );
        let told = Diagnostic::error("units/mismatch", message)
            .at(part.span)
            .here(got_text);
        self.found.push(self.with_factor(told, got, wanted, "it"));
    }

    /// The factor that mends it, when both measure the same kind of thing.
    fn with_factor(&self, told: Diagnostic, from: Unit, to: Unit, what: &str) -> Diagnostic {
        match conversion_factor(&from, &to) {
            Some(factor) if factor != 1.0 => told.hint(format!(
                "same kind of quantity: multiply {what} by {} {}",
                number_text(factor),
                self.conversion_text(from, to)
            )),
            Some(_) => told,
            None => told.hint(
                "not the same kind of quantity: look at the formula, and at what each part `has`",
            ),
        }
    }

    /// `(min per h)`: what the factor is in.
    fn conversion_text(&self, from: Unit, to: Unit) -> String {
        format!("({} per {})", self.show(to), self.show(from))
    }
}

/// The place between two operands, where the sign stands; the first one when they do not stand in order.
fn between(left: Span, right: Span) -> Span {
    if left.source == right.source && left.end < right.start {
        Span {
            source: left.source,
            start: left.end,
            end: right.start,
        }
    } else {
        left
    }
}
