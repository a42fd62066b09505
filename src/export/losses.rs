//! What a model says that Antimony has no words for.

use crate::diag::{Diagnostic, Diagnostics};
use crate::model::units_check::examine;
use crate::model::{ExprKind, Model, Reaction, Symbol};

/// Terms that the arrows of Antimony's interactions stand for.
const ARROWS: [u32; 3] = [19, 20, 459];

/// Warnings about what [`super::antimony`] leaves out, and about what no reader of Antimony here will take.
pub fn antimony_losses(model: &Model) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut lost = |message: String, hint: &str| {
        let told = Diagnostic::warning("export/lost", message);
        found.push(told.hint(hint));
    };
    for event in model.events.iter().filter(|e| e.assignments.is_empty()) {
        let id = &event.identity.id;
        lost(
            format!("the event `{id}` does nothing and is left out"),
            "in Antimony an event assigns something",
        );
    }
    for reaction in &model.reactions {
        for &(species, sbo) in &reaction.modifiers {
            let id = &model.species[species].identity.id;
            let of = &reaction.identity.id;
            if sbo == 0 && !is_in_rate(reaction, species) {
                lost(
                    format!("`{id}` modifies `{of}` without being in its rate, and is left out"),
                    "in Antimony such a modifier has an arrow that says how it acts",
                );
            } else if sbo != 0 && !ARROWS.contains(&sbo) {
                lost(
                    format!("`{id}` acts on `{of}` as SBO:{sbo:07}, which becomes SBO:0000019"),
                    "Antimony has arrows for activation, inhibition and unknown influence",
                );
            }
        }
    }
    if examine(model).0.has_errors() {
        lost(
            "units of the model disagree, and Antimony with such units is refused here".to_string(),
            "mend the units that reading the model warns of",
        );
    }
    found
}

fn is_in_rate(reaction: &Reaction, species: usize) -> bool {
    let mut is_in = false;
    if let Some(rate) = &reaction.rate {
        rate.walk(&mut |part| is_in |= part.kind == ExprKind::Symbol(Symbol::Species(species)));
    }
    is_in
}
