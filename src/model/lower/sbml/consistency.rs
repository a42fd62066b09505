//! What elements of a document must or should hold together, once all names are known.

use indexmap::{IndexMap, IndexSet};

use crate::diag::{Diagnostic, Span};
use crate::model::{Formula, Rule, Stoichiometry, Symbol};
use crate::syntax::expr::{ExprKind, Function};
use crate::syntax::sbml::tree;

use super::Lowering;
use super::names::Meant;

impl Lowering<'_> {
    /// All of it.
    pub(super) fn consistency(&mut self) {
        self.conversion_factors();
        self.points();
        self.surroundings();
        self.starts_and_rules();
        self.ruled_participants();
        for at in 0..self.model.reactions.len() {
            self.constant_participants(at);
            self.infinite_stoichiometries(at);
            self.undeclared_participants(at);
            self.hidden_names(at);
        }
        self.delays();
    }

    fn push(&mut self, told: Diagnostic, hint: &str) {
        self.found.push(told.hint(hint));
    }

    /// A factor that changed would create substance out of nothing.
    fn conversion_factors(&mut self) {
        let wide = self.tree.conversion_factor.iter();
        let own = self.tree.species.iter();
        let all = wide.chain(own.filter_map(|species| species.conversion_factor.as_ref()));
        for word in all {
            let Some(Meant::Symbol(Symbol::Parameter(at))) = self.names.get(&word.text) else {
                continue;
            };
            let parameter = &self.model.parameters[at];
            if !parameter.constant {
                let told = Diagnostic::error(
                    "model/sbml-conversion-factor",
                    format!("the conversion factor `{}` is not constant", word.text),
                );
                let told = told
                    .at(word.span)
                    .label(parameter.identity.span, "declared here");
                self.push(told, "declare the parameter with `constant=\"true\"`");
            }
        }
    }

    /// In Level 2 what has no extent has no size, and nothing in it a concentration.
    fn points(&mut self) {
        for compartment in &self.tree.compartments {
            if self.level == 2 && compartment.dimensions == 0.0 && compartment.size.is_some() {
                let told = Diagnostic::error(
                    "model/sbml-point",
                    format!(
                        "the compartment `{}` has a size and no dimensions",
                        compartment.head.id
                    ),
                );
                self.push(
                    told.at(compartment.head.span),
                    "remove `size`, or give `spatialDimensions` from 1 to 3",
                );
            }
        }
        for species in &self.tree.species {
            let place = self.compartment_of(&species.compartment.text);
            let Some(place) = place.filter(|place| place.dimensions == 0.0) else {
                continue;
            };
            // Level 3 takes whatever size is written for a size.
            if self.level == 2 && species.initial_concentration.is_some() {
                let told = Diagnostic::error(
                    "model/sbml-point",
                    format!(
                        "`{}` has a concentration in `{}`, which has no dimensions",
                        species.head.id, place.head.id
                    ),
                );
                let told = told.at(species.head.span).label(place.head.span, "a point");
                self.push(told, "give `initialAmount` instead");
            }
        }
    }

    fn compartment_of(&self, id: &str) -> Option<&'_ tree::Compartment> {
        match self.names.get(id) {
            Some(Meant::Symbol(Symbol::Compartment(at))) => self.tree.compartments.get(at),
            _ => None,
        }
    }

    /// Compartments around compartments: they decide no number.
    fn surroundings(&mut self) {
        const HINT: &str = "correct or remove `outside`; it changes no number";
        let mut around: Vec<Vec<usize>> = Vec::new();
        for compartment in &self.tree.compartments {
            around.push(Vec::new());
            let Some(word) = &compartment.outside else {
                continue;
            };
            if let Some(Meant::Symbol(Symbol::Compartment(at))) = self.names.get(&word.text) {
                around.last_mut().expect("pushed above").push(at);
                continue;
            }
            let id = &compartment.head.id;
            let message = format!("there is no compartment `{}` around `{id}`", word.text);
            let told = Diagnostic::warning("model/sbml-outside", message).at(word.span);
            self.push(told, HINT);
        }
        if let Some(circle) = super::super::cycles::find(&around) {
            let first = &self.tree.compartments[circle[0]];
            let message = format!("the compartment `{}` lies within itself", first.head.id);
            let told = Diagnostic::warning("model/sbml-outside", message).at(first.head.span);
            self.push(told, HINT);
        }
    }

    /// An assignment rule holds at the start as well.
    fn starts_and_rules(&mut self) {
        let ruled: IndexSet<Symbol> = self
            .model
            .rules
            .iter()
            .filter_map(|rule| match rule {
                Rule::Assignment(symbol, _) => Some(*symbol),
                _ => None,
            })
            .collect();
        for written in &self.tree.initial_assignments {
            let word = &written.target;
            let Some(Meant::Symbol(symbol)) = self.names.get(&word.text) else {
                continue;
            };
            if ruled.contains(&symbol) {
                let told = Diagnostic::error(
                    "model/sbml-start-and-rule",
                    format!(
                        "`{}` has an initial assignment and an assignment rule",
                        word.text
                    ),
                );
                self.push(
                    told.at(word.span),
                    "keep one of them: an assignment rule holds at the start as well",
                );
            }
        }
    }

    /// Rules and reactions cannot both say how a species changes.
    fn ruled_participants(&mut self) {
        let mut changed: IndexMap<usize, usize> = IndexMap::new();
        for (at, reaction) in self.model.reactions.iter().enumerate() {
            for reference in reaction.reactants.iter().chain(&reaction.products) {
                changed.entry(reference.species).or_insert(at);
            }
        }
        for rule in &self.model.rules {
            let (Rule::Assignment(Symbol::Species(at), formula)
            | Rule::Rate(Symbol::Species(at), formula)) = rule
            else {
                continue;
            };
            let species = &self.model.species[*at];
            let Some(&reaction) = changed.get(at).filter(|_| !species.boundary) else {
                continue;
            };
            let reaction = &self.model.reactions[reaction].identity;
            let message = format!(
                "`{}` has a rule and takes part in the reaction `{}`",
                species.identity.id, reaction.id
            );
            let told = Diagnostic::error("model/rule-and-reaction", message)
                .at(formula.span)
                .label(reaction.span, "the reaction")
                .hint("write `boundaryCondition=\"true\"` if reactions are not to change it");
            self.found.push(told);
        }
    }

    fn constant_participants(&mut self, at: usize) {
        let written = &self.tree.reactions[at];
        for reference in written.reactants.iter().chain(&written.products) {
            let word = &reference.species;
            let Some(Meant::Symbol(Symbol::Species(species))) = self.names.get(&word.text) else {
                continue;
            };
            let species = &self.model.species[species];
            if species.constant && !species.boundary {
                let told = Diagnostic::error(
                    "model/sbml-constant-species",
                    format!(
                        "`{}` is constant, and the reaction `{}` changes it",
                        word.text, written.head.id
                    ),
                );
                let told = told
                    .at(word.span)
                    .label(species.identity.span, "declared here");
                self.push(
                    told,
                    "write `boundaryCondition=\"true\"` if reactions are not to change it",
                );
            }
        }
    }

    fn infinite_stoichiometries(&mut self, at: usize) {
        let reaction = &self.model.reactions[at];
        let made = reaction.reactants.iter().chain(&reaction.products);
        let written = &self.tree.reactions[at];
        let places = written.reactants.iter().chain(&written.products);
        let mut found = Vec::new();
        for (reference, place) in made.zip(places) {
            let value = match reference.stoichiometry {
                Stoichiometry::Number(value) => Some(value),
                Stoichiometry::Named(at) => self.model.stoichiometries[at].value,
            };
            if value.is_some_and(|value| !value.is_finite()) {
                let message = format!(
                    "the stoichiometry of `{}` in the reaction `{}` is not finite",
                    place.species.text, written.head.id
                );
                found.push(Diagnostic::error("model/stoichiometry", message).at(place.head.span));
            }
        }
        for told in found {
            self.push(told, "a stoichiometry is a finite number");
        }
    }

    /// Species that a law reads and the reaction does not name.
    fn undeclared_participants(&mut self, at: usize) {
        let reaction = &self.model.reactions[at];
        let Some(rate) = &reaction.rate else { return };
        let parts = reaction.reactants.iter().chain(&reaction.products);
        let mut named: IndexSet<usize> = parts.map(|reference| reference.species).collect();
        named.extend(reaction.modifiers.iter().map(|(species, _)| *species));
        let mut missing: Vec<(String, Span)> = Vec::new();
        rate.walk(&mut |part| {
            if let ExprKind::Symbol(Symbol::Species(species)) = part.kind
                && named.insert(species)
            {
                let id = self.model.species[species].identity.id.clone();
                missing.push((id, part.span));
            }
        });
        let id = reaction.identity.id.clone();
        for (species, span) in missing {
            let told = Diagnostic::warning(
                "model/sbml-undeclared-species",
                format!("the rate of `{id}` reads `{species}`, which the reaction does not name"),
            );
            self.push(
                told.at(span),
                "add a `modifierSpeciesReference` for it; the rate stays as it is",
            );
        }
    }

    /// A local parameter with the id of a species takes its place in the law.
    fn hidden_names(&mut self, at: usize) {
        let written = &self.tree.reactions[at];
        let Some(law) = &written.law else { return };
        for local in &law.locals {
            let id = &local.head.id;
            let what = match self.names.get(id) {
                Some(Meant::Symbol(Symbol::Species(_))) => "species",
                Some(Meant::Symbol(Symbol::Compartment(_))) => "compartment",
                Some(Meant::Symbol(Symbol::Reaction(_))) => "reaction",
                _ => continue,
            };
            let told = Diagnostic::warning(
                "model/sbml-hidden",
                format!(
                    "in the reaction `{}` the local parameter `{id}` hides the {what} `{id}`",
                    written.head.id
                ),
            );
            self.push(
                told.at(local.head.span),
                "give it another id, unless the law is to use the parameter",
            );
        }
    }

    /// Events wait for no less than no time.
    fn delays(&mut self) {
        let mut found = Vec::new();
        for event in &self.model.events {
            let Some(delay) = event.delay.as_ref().filter(|delay| is_negative(delay)) else {
                continue;
            };
            let message = format!("the delay of `{}` is negative", event.identity.id);
            found.push(Diagnostic::error("model/sbml-negative-delay", message).at(delay.span));
        }
        for told in found {
            self.push(told, "a delay is a time from the trigger on, 0 or more");
        }
    }
}

/// Whether a formula is a plain number below zero.
fn is_negative(formula: &Formula) -> bool {
    match &formula.kind {
        ExprKind::Number(value, _) => *value < 0.0,
        ExprKind::Call(Function::Negate, arguments) => {
            matches!(arguments[0].kind, ExprKind::Number(value, _) if value > 0.0)
        }
        _ => false,
    }
}
