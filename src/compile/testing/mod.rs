//! What the tests of this room share: models from a few lines of text, and an interpreter of programs.

mod machine;
mod text;

pub(super) use machine::Machine;

use super::{Options, compile};
use crate::compile::program::Program;
use crate::diag::Diagnostics;
use crate::model::{
    Compartment, Event, FunctionDefinition, Identity, InitialAssignment, InitialValue, Model,
    NamedStoichiometry, Parameter, Reaction, Rule, Species, SpeciesReference, Stoichiometry,
    Symbol,
};

/// Builds a model, one element at a time; formulas are text over the names defined so far.
#[derive(Default)]
pub(super) struct Build {
    pub(super) model: Model,
}

impl Build {
    /// An empty model with compartment `c` of size `size`.
    pub(super) fn new(size: f64) -> Self {
        let mut build = Self::default();
        build.compartment("c", Some(size), false);
        build
    }

    pub(super) fn compartment(&mut self, id: &str, size: Option<f64>, constant: bool) -> Symbol {
        self.model.compartments.push(Compartment {
            identity: identity(id),
            size,
            dimensions: 3.0,
            constant,
            unit: None,
        });
        Symbol::Compartment(self.model.compartments.len() - 1)
    }

    /// A variable species in the first compartment.
    pub(super) fn species(&mut self, id: &str, initial: Option<InitialValue>) -> Symbol {
        self.model.species.push(Species {
            identity: identity(id),
            compartment: 0,
            initial,
            only_substance_units: false,
            boundary: false,
            constant: false,
            conversion_factor: None,
            substance_unit: None,
        });
        Symbol::Species(self.model.species.len() - 1)
    }

    /// A species that starts at a concentration.
    pub(super) fn at(&mut self, id: &str, concentration: f64) -> Symbol {
        self.species(id, Some(InitialValue::Concentration(concentration)))
    }

    /// The species added last, to change its flags.
    pub(super) fn last(&mut self) -> &mut Species {
        self.model.species.last_mut().expect("a species was added")
    }

    /// A parameter that rules and events may change.
    pub(super) fn parameter(&mut self, id: &str, value: impl Into<Option<f64>>) -> Symbol {
        self.model.parameters.push(Parameter {
            identity: identity(id),
            value: value.into(),
            constant: false,
            input: false,
            unit: None,
        });
        Symbol::Parameter(self.model.parameters.len() - 1)
    }

    pub(super) fn stoichiometry(&mut self, id: &str, value: f64) -> Symbol {
        self.model.stoichiometries.push(NamedStoichiometry {
            identity: identity(id),
            value: Some(value),
            constant: false,
        });
        Symbol::Stoichiometry(self.model.stoichiometries.len() - 1)
    }

    /// A reaction; participants as `(species, how many)`, where a name stands for a named stoichiometry.
    pub(super) fn reaction(
        &mut self,
        id: &str,
        used: &[(&str, &str)],
        made: &[(&str, &str)],
        rate: &str,
    ) -> Symbol {
        let reaction = Reaction {
            identity: identity(id),
            reactants: used.iter().map(|part| self.participant(part)).collect(),
            products: made.iter().map(|part| self.participant(part)).collect(),
            modifiers: Vec::new(),
            reversible: false,
            fast: false,
            rate: Some(text::formula(&self.model, rate)),
            compartment: None,
        };
        self.model.reactions.push(reaction);
        Symbol::Reaction(self.model.reactions.len() - 1)
    }

    fn participant(&self, (species, count): &(&str, &str)) -> SpeciesReference {
        let stoichiometry = match (count.parse(), self.model.symbol(count)) {
            (Ok(number), _) => Stoichiometry::Number(number),
            (Err(_), Some(Symbol::Stoichiometry(at))) => Stoichiometry::Named(at),
            _ => panic!("`{count}` is no stoichiometry"),
        };
        match self.model.symbol(species) {
            Some(Symbol::Species(species)) => SpeciesReference {
                species,
                stoichiometry,
            },
            _ => panic!("`{species}` is no species"),
        }
    }

    /// `symbol := formula`
    pub(super) fn assign(&mut self, symbol: Symbol, formula: &str) {
        let formula = text::formula(&self.model, formula);
        self.model.rules.push(Rule::Assignment(symbol, formula));
    }

    /// `symbol' = formula`
    pub(super) fn rate(&mut self, symbol: Symbol, formula: &str) {
        let formula = text::formula(&self.model, formula);
        self.model.rules.push(Rule::Rate(symbol, formula));
    }

    /// `0 = formula`
    pub(super) fn algebraic(&mut self, formula: &str) {
        let formula = text::formula(&self.model, formula);
        let id = format!("algebraic{}", self.model.rules.len());
        self.model.rules.push(Rule::Algebraic(id, formula));
    }

    /// `symbol = formula` at the start
    pub(super) fn initially(&mut self, symbol: Symbol, formula: &str) {
        let value = text::formula(&self.model, formula);
        self.model
            .initial_assignments
            .push(InitialAssignment { symbol, value });
    }

    /// `f(x, y, …) = body`; arguments are called `x`, `y`, `z` in the body.
    pub(super) fn function(&mut self, name: &str, n_arguments: usize, body: &str) {
        let definition = FunctionDefinition {
            arguments: ["x", "y", "z"][..n_arguments]
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            body: text::formula(&self.model, body),
            span: Default::default(),
        };
        self.model.functions.insert(name.to_owned(), definition);
    }

    /// An event without options.
    pub(super) fn event(&mut self, trigger: &str, assignments: &[(Symbol, &str)]) {
        let event = Event {
            identity: identity(&format!("event{}", self.model.events.len())),
            trigger: text::formula(&self.model, trigger),
            initial_value: true,
            persistent: true,
            delay: None,
            priority: None,
            values_from_trigger_time: true,
            assignments: assignments
                .iter()
                .map(|(symbol, value)| (*symbol, text::formula(&self.model, value)))
                .collect(),
        };
        self.model.events.push(event);
    }

    /// The program with default options.
    pub(super) fn program(&self) -> Program {
        self.program_with(&Options::default())
    }

    pub(super) fn program_with(&self, options: &Options) -> Program {
        compile(&self.model, &[], options)
            .expect("the model compiles")
            .value
    }

    /// The codes and messages of the refusal.
    pub(super) fn refusal(&self) -> Diagnostics {
        compile(&self.model, &[], &Options::default()).expect_err("the model is refused")
    }
}

fn identity(id: &str) -> Identity {
    Identity {
        id: id.to_owned(),
        ..Identity::default()
    }
}

/// Asserts that two lists agree to a bound relative to the larger of 1 and the expected size.
#[track_caller]
pub(super) fn assert_near(actual: &[f64], expected: &[f64], bound: f64) {
    assert_eq!(actual.len(), expected.len());
    for (at, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let difference = (actual - expected).abs();
        assert!(
            difference <= bound * expected.abs().max(1.0),
            "entry {at}: {actual} is not {expected} (bound {bound})"
        );
    }
}
