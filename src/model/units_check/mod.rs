//! Whether the formulas of a model agree with its units.
//!
//! Two findings are kept apart: what is *wrong* (two declared units contradict each other: an error) and what is
//! *undeclared* (nothing can be said: a note). A contradiction inside a formula is told once; what stands around it
//! counts as unknown.

mod infer;
mod tell;
#[cfg(test)]
mod tests;

use indexmap::IndexSet;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::units::Unit;

use super::lower::volume_unit;
use super::{Formula, Model, Reaction, Rule, Symbol};
use infer::{Known, Scope};

/// All findings about the units of a model; none for a model that declares no unit at all.
pub fn check_units(model: &Model) -> Diagnostics {
    examine(model).0
}

/// All findings, and the reactions whose rate was compared with extent per time, right or wrong.
pub(crate) fn examine(model: &Model) -> (Diagnostics, IndexSet<usize>) {
    let mut checker = Checker {
        model,
        found: Diagnostics::new(),
        undeclared: IndexSet::new(),
        bare_number: None,
        clockless: None,
        compared: IndexSet::new(),
    };
    if checker.declares_units() {
        checker.all();
        checker.notes();
    }
    (checker.found, checker.compared)
}

/// A model with what has been found about it.
pub(crate) struct Checker<'a> {
    model: &'a Model,
    found: Diagnostics,
    /// Symbols without a unit that formulas use.
    undeclared: IndexSet<Symbol>,
    /// The first number without a unit that hid something.
    bare_number: Option<Span>,
    /// The first place that needs a unit of time when there is none.
    clockless: Option<Span>,
    /// Reactions whose rate has a known unit to compare.
    compared: IndexSet<usize>,
}

impl Checker<'_> {
    fn declares_units(&self) -> bool {
        let model = self.model;
        let any_species = model.species.iter().any(|s| s.substance_unit.is_some());
        any_species
            || model.compartments.iter().any(|c| c.unit.is_some())
            || model.parameters.iter().any(|p| p.unit.is_some())
            || model.units != super::ModelUnits::default()
    }

    fn all(&mut self) {
        let model = self.model;
        for start in &model.initial_assignments {
            let wanted = self.symbol_unit(start.symbol);
            self.target(start.symbol, wanted, &start.value, "its start value");
        }
        for rule in &model.rules {
            match rule {
                Rule::Assignment(symbol, formula) => {
                    let wanted = self.symbol_unit(*symbol);
                    self.target(*symbol, wanted, formula, "its rule");
                }
                Rule::Rate(symbol, formula) => {
                    let wanted = self.per_time(self.symbol_unit(*symbol), formula.span);
                    self.target(*symbol, wanted, formula, "its rate of change");
                }
                Rule::Algebraic(_, formula) => {
                    self.infer(formula, &Scope::default());
                }
            }
        }
        for (at, reaction) in model.reactions.iter().enumerate() {
            if self.reaction(reaction) {
                self.compared.insert(at);
            }
        }
        self.events();
        for constraint in &model.constraints {
            self.infer(&constraint.condition, &Scope::default());
        }
    }

    fn events(&mut self) {
        for event in &self.model.events {
            self.infer(&event.trigger, &Scope::default());
            if let Some(priority) = &event.priority {
                self.infer(priority, &Scope::default());
            }
            if let Some(delay) = &event.delay {
                let got = self.infer(delay, &Scope::default());
                self.expect_unit(self.time(), got, delay, "a delay");
            }
            for (symbol, value) in &event.assignments {
                let wanted = self.symbol_unit(*symbol);
                self.target(*symbol, wanted, value, "what the event gives it");
            }
        }
    }

    fn target(&mut self, symbol: Symbol, wanted: Known, formula: &Formula, what: &str) {
        let got = self.infer(formula, &Scope::default());
        if let (Known::Unit(wanted), Known::Unit(got)) = (wanted, got)
            && !wanted.same(&got)
        {
            let id = &self.model.identity(symbol).id;
            self.tell_target(id, what, wanted, got, formula.span);
        } else if wanted == Known::Undeclared && matches!(got, Known::Unit(_)) {
            self.undeclared.insert(symbol);
        }
    }

    /// Checks a reaction; whether its rate could be compared with extent per time.
    fn reaction(&mut self, reaction: &Reaction) -> bool {
        let extent = self.extent();
        for participant in reaction.reactants.iter().chain(&reaction.products) {
            self.substance_of(participant.species, extent, reaction);
        }
        let Some(rate) = &reaction.rate else {
            return false;
        };
        let got = self.infer(rate, &Scope::default());
        let wanted = self.per_time(extent, rate.span);
        let (Known::Unit(wanted), Known::Unit(got)) = (wanted, got) else {
            return false;
        };
        if !wanted.same(&got) {
            self.tell_rate(reaction, wanted, got);
        }
        true
    }

    /// Without a conversion factor a reaction's extent is counted in the species' own substance unit.
    fn substance_of(&mut self, species: usize, extent: Known, reaction: &Reaction) {
        let species = &self.model.species[species];
        let converted = species.conversion_factor.or(self.model.conversion_factor);
        let (Known::Unit(extent), Some(substance), None) =
            (extent, species.substance_unit, converted)
        else {
            return;
        };
        if extent.same(&substance) {
            return;
        }
        let code = "units/extent";
        let id = &species.identity.id;
        let start = format!("the amount of `{id}` is in");
        // One message per species is enough, however many reactions it takes part in.
        if self
            .found
            .0
            .iter()
            .any(|d| d.code == code && d.message.starts_with(&start))
        {
            return;
        }
        let told = Diagnostic::error(
            code,
            format!(
                "{start} {}, and reactions count in {}",
                self.show(substance),
                self.show(extent)
            ),
        );
        let told = told.at(species.identity.span);
        let told = told.label(reaction.identity.span, "a reaction of it");
        self.found.push(told.hint(format!(
            "give it the unit of extent, or a conversion factor: `{id}.conversionFactor = …`"
        )));
    }

    fn extent(&self) -> Known {
        let units = &self.model.units;
        Known::of(units.extent.or(units.substance))
    }

    fn time(&self) -> Known {
        Known::of(self.model.units.time)
    }

    fn per_time(&mut self, unit: Known, span: Span) -> Known {
        match (unit, self.time()) {
            (Known::Unit(unit), Known::Unit(time)) => Known::Unit(unit.per(time)),
            (Known::Unit(_), _) => {
                self.clockless.get_or_insert(span);
                Known::Undeclared
            }
            _ => Known::Undeclared,
        }
    }

    /// The unit of a symbol in formulas.
    fn symbol_unit(&self, symbol: Symbol) -> Known {
        let model = self.model;
        match symbol {
            Symbol::Parameter(at) => Known::of(model.parameters[at].unit),
            Symbol::Compartment(at) => Known::of(self.size_unit(at)),
            Symbol::Stoichiometry(_) => Known::Unit(Unit::ONE),
            Symbol::Reaction(_) => match (self.extent(), self.time()) {
                (Known::Unit(extent), Known::Unit(time)) => Known::Unit(extent.per(time)),
                _ => Known::Undeclared,
            },
            Symbol::Species(at) => self.species_unit(at),
            Symbol::Argument(_) => Known::Undeclared,
        }
    }

    fn size_unit(&self, compartment: usize) -> Option<Unit> {
        let compartment = &self.model.compartments[compartment];
        let units = &self.model.units;
        compartment.unit.or(match compartment.dimensions {
            1.0 => units.length,
            2.0 => units.area,
            3.0 => units.volume,
            _ => None,
        })
    }

    fn species_unit(&self, at: usize) -> Known {
        let species = &self.model.species[at];
        let Some(substance) = species.substance_unit.or(self.model.units.substance) else {
            return Known::Undeclared;
        };
        if species.only_substance_units {
            return Known::Unit(substance);
        }
        match (species.substance_unit, self.size_unit(species.compartment)) {
            (_, Some(size)) => Known::Unit(substance.per(size)),
            // Its author gave a concentration; the size it was multiplied with is divided out again.
            (Some(_), None) => {
                Known::Unit(substance.per(volume_unit(self.model, species.compartment)))
            }
            (None, None) => Known::Undeclared,
        }
    }

    fn notes(&mut self) {
        let undeclared = std::mem::take(&mut self.undeclared);
        for symbol in undeclared {
            let identity = self.model.identity(symbol);
            let told = Diagnostic::note(
                "units/undeclared",
                format!(
                    "`{}` has no unit: its formulas are not checked",
                    identity.id
                ),
            );
            let hint = format!("declare it: `{} has …`", identity.id);
            self.found.push(told.at(identity.span).hint(hint));
        }
        if let Some(span) = self.bare_number {
            let told = Diagnostic::note(
                "units/bare-number",
                "a number without a unit: its formula is not checked",
            );
            let hint = "write its unit behind it: `2 dimensionless`";
            self.found.push(told.at(span).hint(hint));
        }
        if let Some(span) = self.clockless {
            let told = Diagnostic::note(
                "units/no-time",
                "the model has no unit of time: rates are not checked",
            );
            let hint = "declare it: `unit time_unit = 60 second`";
            self.found.push(told.at(span).hint(hint));
        }
    }
}
