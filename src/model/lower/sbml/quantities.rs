//! Compartments, species and parameters.

use indexmap::IndexSet;

use crate::diag::Diagnostic;
use crate::model::{Compartment, ExprKind, InitialValue, Parameter, Rule, Species, Symbol};
use crate::syntax::sbml::tree::{self, Word};

use super::names::Meant;
use super::{Lowering, identity};

impl Lowering<'_> {
    pub(super) fn quantities(&mut self) {
        for compartment in &self.tree.compartments {
            self.compartment(compartment);
        }
        for parameter in &self.tree.parameters {
            self.parameter(parameter);
        }
        for species in &self.tree.species {
            self.species(species);
        }
        let factor = self.tree.conversion_factor.as_ref();
        self.model.conversion_factor = factor.and_then(|word| self.parameter_named(word));
    }

    fn name(&mut self, head: &tree::Head, symbol: Symbol) {
        let meant = Meant::Symbol(symbol);
        self.names.add(&head.id, meant, head.span, &mut self.found);
    }

    fn compartment(&mut self, written: &tree::Compartment) {
        let at = self.model.compartments.len();
        self.name(&written.head, Symbol::Compartment(at));
        let unit = self.unit(written.units.as_ref());
        // A point has no size; what is in it counts as amount.
        let size = written.size.or((written.dimensions == 0.0).then_some(1.0));
        self.model.compartments.push(Compartment {
            identity: identity(&written.head),
            size,
            dimensions: written.dimensions,
            constant: written.constant,
            unit,
        });
    }

    pub(super) fn parameter(&mut self, written: &tree::Parameter) -> usize {
        let at = self.model.parameters.len();
        self.name(&written.head, Symbol::Parameter(at));
        let unit = self.unit(written.units.as_ref());
        self.model.parameters.push(Parameter {
            identity: identity(&written.head),
            value: written.value,
            constant: written.constant,
            input: false,
            unit,
        });
        at
    }

    /// A parameter that may change and that nothing changes is one that a scenario drives.
    pub(super) fn inputs(&mut self) {
        let mut driven: IndexSet<Symbol> = IndexSet::new();
        for rule in &self.model.rules {
            match rule {
                Rule::Assignment(symbol, _) | Rule::Rate(symbol, _) => {
                    driven.insert(*symbol);
                }
                Rule::Algebraic(_, formula) => formula.walk(&mut |part| {
                    if let ExprKind::Symbol(symbol) = part.kind {
                        driven.insert(symbol);
                    }
                }),
            }
        }
        let events = self
            .model
            .events
            .iter()
            .flat_map(|event| &event.assignments);
        driven.extend(events.map(|(symbol, _)| *symbol));
        for (at, parameter) in self.model.parameters.iter_mut().enumerate() {
            let is_driven = driven.contains(&Symbol::Parameter(at));
            parameter.input = !parameter.constant && !is_driven;
        }
    }

    fn species(&mut self, written: &tree::Species) {
        let named = self.compartment_named(&written.compartment);
        // The error is noted and the model not used: in any compartment, the species is not missed again where it is used.
        let any = (!self.model.compartments.is_empty()).then_some(0);
        let Some(compartment) = named.or(any) else {
            return;
        };
        let at = self.model.species.len();
        self.name(&written.head, Symbol::Species(at));
        if written.initial_amount.is_some() && written.initial_concentration.is_some() {
            let id = &written.head.id;
            let told = Diagnostic::error(
                "model/sbml-two-values",
                format!("`{id}` starts from an amount and from a concentration"),
            );
            self.found.push(
                told.at(written.head.span)
                    .hint("give one of `initialAmount` and `initialConcentration`"),
            );
        }
        let amount = written.initial_amount.map(InitialValue::Amount);
        let concentration = written
            .initial_concentration
            .map(InitialValue::Concentration);
        let is_in_a_point = named.is_some_and(|at| self.tree.compartments[at].dimensions == 0.0);
        let unit = self.unit(written.substance_units.as_ref());
        let factor = written.conversion_factor.as_ref();
        let conversion_factor = factor.and_then(|word| self.parameter_named(word));
        self.model.species.push(Species {
            identity: identity(&written.head),
            compartment,
            initial: amount.or(concentration),
            only_substance_units: written.only_substance_units || is_in_a_point,
            boundary: written.boundary,
            constant: written.constant,
            conversion_factor,
            substance_unit: unit,
        });
    }

    pub(super) fn compartment_named(&mut self, word: &Word) -> Option<usize> {
        match self.names.get(&word.text) {
            Some(Meant::Symbol(Symbol::Compartment(at))) => Some(at),
            _ => self.no_such("compartment", word),
        }
    }

    pub(super) fn species_named(&mut self, word: &Word) -> Option<usize> {
        match self.names.get(&word.text) {
            Some(Meant::Symbol(Symbol::Species(at))) => Some(at),
            _ => self.no_such("species", word),
        }
    }

    fn parameter_named(&mut self, word: &Word) -> Option<usize> {
        match self.names.get(&word.text) {
            Some(Meant::Symbol(Symbol::Parameter(at))) => Some(at),
            _ => self.no_such("parameter", word),
        }
    }

    fn no_such<T>(&mut self, what: &str, word: &Word) -> Option<T> {
        let message = format!("there is no {what} `{}`", word.text);
        let ids = self.names.ids().filter(|_| !self.is_full());
        let near = crate::diag::did_you_mean(&word.text, ids);
        let told = Diagnostic::error("model/sbml-unknown-name", message).at(word.span);
        let told = super::super::builder::with_near(told, near.filter(|near| *near != word.text));
        let is_other = self.names.get(&word.text).is_some();
        self.found.push(match told.hint {
            Some(_) => told,
            None if is_other => told.hint(format!("`{}` is something else", word.text)),
            None => told.hint(format!(
                "add one with `id=\"{}\"`, or correct the name",
                word.text
            )),
        });
        None
    }
}
