//! Reactions of the model: participants, rates, modifiers.

use crate::diag::{Diagnostic, Span};
use crate::model::{
    self, Identity, InitialAssignment, NamedStoichiometry, Reaction, SpeciesReference,
    Stoichiometry, Symbol,
};
use crate::syntax::expr::{Expr, ExprKind};

use super::builder::plain_number;
use super::draft::{DraftParticipant, DraftReaction, DraftStoichiometry, Formula};
use super::finish::Finish;

impl Finish<'_> {
    /// All reactions, then what interactions say about their modifiers.
    pub(super) fn reactions(&mut self) {
        for reaction in &self.draft.reactions {
            let made = self.reaction(reaction);
            self.model.reactions.push(made);
        }
        self.interactions();
    }

    fn reaction(&mut self, reaction: &DraftReaction) -> Reaction {
        let element = &self.draft.elements[reaction.element];
        let identity = self.identity(reaction.element);
        let reactants = self.references_of(&reaction.reactants, &identity);
        let products = self.references_of(&reaction.products, &identity);
        let rate = element
            .initial
            .as_ref()
            .and_then(|rate| self.references.formula(&rate.formula, self.found));
        let compartment = element.compartment.and_then(|id| {
            match self.references.symbol(id, element.span, self.found)? {
                Symbol::Compartment(at) => Some(at),
                _ => None,
            }
        });
        let mut made = Reaction {
            identity,
            reactants,
            products,
            modifiers: Vec::new(),
            reversible: reaction.reversible,
            fast: element.fixed,
            rate,
            compartment,
        };
        made.modifiers = modifiers_in_rate(&made);
        made
    }

    fn references_of(
        &mut self,
        participants: &[DraftParticipant],
        reaction: &Identity,
    ) -> Vec<SpeciesReference> {
        let mut references = Vec::with_capacity(participants.len());
        for participant in participants {
            let symbol = self
                .references
                .symbol(participant.species, reaction.span, self.found);
            if let Some(Symbol::Species(species)) = symbol
                && let Some(stoichiometry) = self.stoichiometry(participant, reaction)
            {
                references.push(SpeciesReference {
                    species,
                    stoichiometry,
                });
            }
        }
        references
    }

    fn stoichiometry(
        &mut self,
        participant: &DraftParticipant,
        reaction: &Identity,
    ) -> Option<Stoichiometry> {
        let span = reaction.span;
        let written = match participant.stoichiometry {
            DraftStoichiometry::Number(value) => Expr::number(value),
            DraftStoichiometry::Symbol(id) => Expr::new(span, ExprKind::Symbol(id)),
        };
        // A species synchronised with a factor changes the one that stays by that many more.
        let many = self
            .draft
            .value_for_representative(participant.species, written);
        if let Some(value) = plain_number(&many) {
            return Some(Stoichiometry::Number(value));
        }
        if let ExprKind::Symbol(id) = many.kind {
            return match self.references.symbol(id, span, self.found)? {
                Symbol::Stoichiometry(at) => Some(Stoichiometry::Named(at)),
                _ => {
                    let name = &self.draft.elements[id].name;
                    let told = Diagnostic::error(
                        "model/two-roles",
                        format!("`{name}` stands before a species, so it must be a number"),
                    );
                    self.found.push(told.at(span));
                    None
                }
            };
        }
        self.computed_stoichiometry(&many, participant, reaction)
    }

    fn computed_stoichiometry(
        &mut self,
        many: &Formula,
        participant: &DraftParticipant,
        reaction: &Identity,
    ) -> Option<Stoichiometry> {
        let value = self.references.formula(many, self.found)?;
        let at = self.model.stoichiometries.len();
        let species = self.draft.representative(participant.species);
        let id = self.free_id(&format!(
            "{}_{}_stoichiometry",
            reaction.id, self.ids[species]
        ));
        self.model.stoichiometries.push(NamedStoichiometry {
            identity: Identity {
                id,
                ..Identity::default()
            },
            value: None,
            constant: true,
        });
        let symbol = Symbol::Stoichiometry(at);
        self.model
            .initial_assignments
            .push(InitialAssignment { symbol, value });
        Some(Stoichiometry::Named(at))
    }

    fn free_id(&self, base: &str) -> String {
        let taken = |name: &String| {
            self.ids.contains(name)
                || self
                    .model
                    .stoichiometries
                    .iter()
                    .any(|s| s.identity.id == *name)
        };
        std::iter::once(base.to_string())
            .chain((1..).map(|number| format!("{base}_{number}")))
            .find(|name| !taken(name))
            .expect("numbers do not run out before names do")
    }

    fn interactions(&mut self) {
        for interaction in &self.draft.interactions {
            for &(target, target_span) in &interaction.targets {
                let reaction = self.references.symbol(target, target_span, self.found);
                let Some(Symbol::Reaction(reaction)) = reaction else {
                    continue;
                };
                for &(source, span) in &interaction.sources {
                    let species = self.references.symbol(source, span, self.found);
                    if let Some(Symbol::Species(species)) = species {
                        self.modifier(reaction, species, interaction.sbo, span);
                    }
                }
            }
        }
    }

    fn modifier(&mut self, reaction: usize, species: usize, sbo: u32, span: Span) {
        let reaction = &mut self.model.reactions[reaction];
        if let Some(modifier) = reaction.modifiers.iter_mut().find(|(s, _)| *s == species) {
            modifier.1 = sbo;
            return;
        }
        let mut in_law = false;
        if let Some(rate) = &reaction.rate {
            rate.walk(&mut |part| {
                in_law |= part.kind == ExprKind::Symbol(Symbol::Species(species))
            });
        }
        if reaction.rate.is_some() && !in_law {
            let told = Diagnostic::warning(
                "model/not-in-rate",
                format!(
                    "`{}` acts on `{}` but is not in its rate",
                    self.model.species[species].identity.id, reaction.identity.id
                ),
            );
            self.found.push(told.at(span));
        }
        reaction.modifiers.push((species, sbo));
    }
}

/// Species in the rate that take no part, in order of first mention.
fn modifiers_in_rate(reaction: &Reaction) -> Vec<(usize, u32)> {
    let mut modifiers: indexmap::IndexSet<usize> = indexmap::IndexSet::new();
    if let Some(rate) = &reaction.rate {
        rate.walk(&mut |part: &model::Formula| {
            if let ExprKind::Symbol(Symbol::Species(species)) = part.kind {
                modifiers.insert(species);
            }
        });
    }
    for participant in reaction.reactants.iter().chain(&reaction.products) {
        modifiers.shift_remove(&participant.species);
    }
    modifiers.into_iter().map(|species| (species, 0)).collect()
}
