//! Reactions and their named stoichiometries.

use indexmap::IndexSet;

use crate::model::{ExprKind, Formula, Reaction, SpeciesReference, Stoichiometry, Symbol};

use super::Writer;
use super::xml::{Element, flag, number};

impl Writer<'_> {
    pub(super) fn reactions(&mut self) -> Vec<Element> {
        let mut placed = IndexSet::new();
        let mut written = Vec::with_capacity(self.model.reactions.len());
        for (at, reaction) in self.model.reactions.iter().enumerate() {
            let place = reaction.compartment.map(Symbol::Compartment);
            let fast = (self.version == 1).then(|| flag(reaction.fast));
            let head = self
                .symbol_head("reaction", Symbol::Reaction(at))
                .with("reversible", flag(reaction.reversible))
                .maybe("fast", fast)
                .maybe("compartment", place.map(|symbol| self.ids.symbol(symbol)));
            let reactants = self.side(&reaction.reactants, &mut placed);
            let products = self.side(&reaction.products, &mut placed);
            let law = reaction
                .rate
                .as_ref()
                .map(|rate| Element::new("kineticLaw").holding(self.math(rate)));
            let element = head
                .list("listOfReactants", reactants)
                .list("listOfProducts", products)
                .list("listOfModifiers", self.modifiers(reaction))
                .holding_all(law);
            written.push(element);
        }
        self.unplaced(&placed);
        written
    }

    /// * `placed` — named stoichiometries that stand before a species already
    fn side(
        &mut self,
        references: &[SpeciesReference],
        placed: &mut IndexSet<usize>,
    ) -> Vec<Element> {
        let mut written = Vec::with_capacity(references.len());
        for reference in references {
            let species = Symbol::Species(reference.species);
            let element = match reference.stoichiometry {
                Stoichiometry::Number(value) => self
                    .reference(Element::new("speciesReference"), species, Some(value))
                    .with("constant", "true"),
                Stoichiometry::Named(at) => self.named_reference(at, species, placed.insert(at)),
            };
            written.push(element);
        }
        written
    }

    fn reference(&self, head: Element, species: Symbol, value: Option<f64>) -> Element {
        head.with("species", self.ids.symbol(species))
            .maybe("stoichiometry", value.map(number))
    }

    /// In SBML a stoichiometry belongs to one reference: the others follow it.
    fn named_reference(&mut self, at: usize, species: Symbol, is_first: bool) -> Element {
        let named = &self.model.stoichiometries[at];
        let symbol = Symbol::Stoichiometry(at);
        if is_first {
            let head = self.symbol_head("speciesReference", symbol);
            return self
                .reference(head, species, named.value)
                .with("constant", flag(named.constant));
        }
        let id = self.ids.free(&format!("{}_again", self.ids.symbol(symbol)));
        let value = self.math(&Formula::symbol(symbol));
        let (tag, target, list) = if named.constant {
            ("initialAssignment", "symbol", &mut self.added.starts)
        } else {
            ("assignmentRule", "variable", &mut self.added.rules)
        };
        let follows = Element::new(tag).with(target, id.as_str()).holding(value);
        list.push(follows);
        let head = Element::new("speciesReference").with("id", id);
        self.reference(head, species, None)
            .with("constant", flag(named.constant))
    }

    /// Stoichiometries that stand before no species are numbers like others.
    fn unplaced(&mut self, placed: &IndexSet<usize>) {
        for (at, named) in self.model.stoichiometries.iter().enumerate() {
            if placed.contains(&at) {
                continue;
            }
            let parameter = self
                .symbol_head("parameter", Symbol::Stoichiometry(at))
                .maybe("value", named.value.map(number))
                .with("constant", flag(named.constant));
            self.added.parameters.push(parameter);
        }
    }

    /// Those of the model, and species of the rate law that have no other place in the reaction.
    fn modifiers(&self, reaction: &Reaction) -> Vec<Element> {
        let sides = reaction.reactants.iter().chain(&reaction.products);
        let mut known: IndexSet<usize> = sides.map(|reference| reference.species).collect();
        let mut modifiers = reaction.modifiers.clone();
        known.extend(modifiers.iter().map(|(species, _)| *species));
        if let Some(rate) = &reaction.rate {
            rate.walk(&mut |part| {
                if let ExprKind::Symbol(Symbol::Species(species)) = part.kind
                    && known.insert(species)
                {
                    modifiers.push((species, 0));
                }
            });
        }
        let written = modifiers.iter().map(|&(species, sbo)| {
            Element::new("modifierSpeciesReference")
                .maybe("sboTerm", (sbo != 0).then(|| super::term(sbo)))
                .with("species", self.ids.symbol(Symbol::Species(species)))
        });
        written.collect()
    }
}
