//! Reactions: participants, kinetics, local parameters.

use crate::model::{
    Formula, NamedStoichiometry, Reaction, Rule, SpeciesReference, Stoichiometry, Symbol,
};
use crate::syntax::expr::ExprKind;
use crate::syntax::sbml::tree;

use super::formulas::Locals;
use super::names::Meant;
use super::{Lowering, identity};

impl Lowering<'_> {
    /// Reactions and stoichiometries get their symbols before any formula is read.
    pub(super) fn name_reactions(&mut self) {
        for written in &self.tree.reactions {
            let head = &written.head;
            let at = Symbol::Reaction(self.model.reactions.len());
            self.names
                .add(&head.id, Meant::Symbol(at), head.span, &mut self.found);
            let reaction = self.empty_reaction(written);
            self.model.reactions.push(reaction);
        }
        // After all reactions: names made up for stoichiometries must not meet theirs.
        for (at, written) in self.tree.reactions.iter().enumerate() {
            let reactants = self.participants(&written.reactants, &written.head.id);
            let products = self.participants(&written.products, &written.head.id);
            self.model.reactions[at].reactants = reactants;
            self.model.reactions[at].products = products;
        }
    }

    fn empty_reaction(&mut self, written: &tree::Reaction) -> Reaction {
        let place = written.compartment.as_ref();
        let compartment = place.and_then(|word| self.compartment_named(word));
        let mut modifiers = Vec::new();
        for (word, sbo) in &written.modifiers {
            let species = self.species_named(word);
            modifiers.extend(species.map(|at| (at, sbo.unwrap_or(0))));
        }
        Reaction {
            identity: identity(&written.head),
            reactants: Vec::new(),
            products: Vec::new(),
            modifiers,
            reversible: written.reversible,
            fast: written.fast,
            rate: None,
            compartment,
        }
    }

    fn participants(
        &mut self,
        written: &[tree::SpeciesReference],
        reaction: &str,
    ) -> Vec<SpeciesReference> {
        let mut references = Vec::new();
        for reference in written {
            let Some(species) = self.species_named(&reference.species) else {
                continue;
            };
            let stoichiometry = self.stoichiometry(reference, reaction);
            references.push(SpeciesReference {
                species,
                stoichiometry,
            });
        }
        references
    }

    fn stoichiometry(&mut self, written: &tree::SpeciesReference, reaction: &str) -> Stoichiometry {
        let literal = match written.formula.as_ref().map(|formula| &formula.kind) {
            Some(ExprKind::Number(value, _)) => Some(*value),
            Some(_) => None,
            None => written.stoichiometry,
        };
        let is_named = !written.head.id.is_empty();
        if let (false, Some(number)) = (is_named, literal) {
            return Stoichiometry::Number(number);
        }
        let mut identity = identity(&written.head);
        if !is_named {
            let base = format!("{reaction}_{}_stoichiometry", written.species.text);
            identity.id = self.names.free(&base);
        }
        let at = self.model.stoichiometries.len();
        let meant = Meant::Symbol(Symbol::Stoichiometry(at));
        self.names
            .add(&identity.id, meant, identity.span, &mut self.found);
        let by_formula = written.formula.is_some() && literal.is_none();
        self.model.stoichiometries.push(NamedStoichiometry {
            identity,
            value: literal.filter(|_| !by_formula),
            constant: written.constant && !by_formula,
        });
        Stoichiometry::Named(at)
    }

    /// Rates, and stoichiometries that formulas give.
    pub(super) fn fill_reactions(&mut self) {
        for (at, written) in self.tree.reactions.iter().enumerate() {
            if let Some(law) = &written.law {
                let locals = self.locals(law, &written.head.id);
                let rate = law.rate.as_ref();
                self.model.reactions[at].rate =
                    rate.and_then(|rate| self.formula_with(rate, &locals));
            }
            let reactants = self.model.reactions[at].reactants.clone();
            self.stoichiometry_rules(&written.reactants, &reactants);
            let products = self.model.reactions[at].products.clone();
            self.stoichiometry_rules(&written.products, &products);
        }
    }

    fn stoichiometry_rules(
        &mut self,
        written: &[tree::SpeciesReference],
        made: &[SpeciesReference],
    ) {
        // One is missing when its species is unknown, which has been told and ends the reading.
        for (written, made) in written.iter().zip(made) {
            let (Some(formula), Stoichiometry::Named(at)) = (&written.formula, &made.stoichiometry)
            else {
                continue;
            };
            if matches!(formula.kind, ExprKind::Number(..)) {
                continue;
            }
            let value: Option<Formula> = self.formula(formula);
            let rule = value.map(|value| Rule::Assignment(Symbol::Stoichiometry(*at), value));
            self.model.rules.extend(rule);
        }
    }

    /// Parameters of one law as parameters of the model, with names of their own.
    fn locals(&mut self, law: &tree::KineticLaw, reaction: &str) -> Locals {
        let mut locals = Locals::new();
        for local in &law.locals {
            let mut global = local.clone();
            global.head.id = self.names.free(&format!("{reaction}_{}", local.head.id));
            let at = self.parameter(&global);
            if locals
                .insert(local.head.id.clone(), Symbol::Parameter(at))
                .is_some()
            {
                let message = format!(
                    "a second local parameter `{}` in the reaction `{reaction}`",
                    local.head.id
                );
                let hint = "rename one of them";
                self.error("model/sbml-id-twice", message, local.head.span, hint);
            }
        }
        locals
    }
}
