//! Sizes that states are expected to have, for absolute tolerances.

use super::program::Moiety;
use super::roles::{Equation, Roles};
use crate::model::Symbol;

/// The size of a state about which nothing is known.
const UNKNOWN: f64 = 1.0;

/// A nominal size for each state, > 0.
///
/// The start value where it is not zero; else the most that the moieties leave for it; else the smallest of its
/// partners in reactions, theirs found likewise; else 1. A size too small costs steps, one too large costs accuracy:
/// hence the smallest.
pub(super) fn sizes(roles: &Roles, starts: &[f64], moieties: &[Moiety]) -> Vec<f64> {
    let mut sizes: Vec<Option<f64>> = starts.iter().map(|start| size(start.abs())).collect();
    bound_by_moieties(&mut sizes, starts, moieties);
    spread_along_reactions(&mut sizes, roles);
    let mut sizes: Vec<f64> = sizes
        .into_iter()
        .map(|size| size.unwrap_or(UNKNOWN))
        .collect();
    measure_extents(&mut sizes, roles);
    sizes
}

fn size(value: f64) -> Option<f64> {
    (value > 0.0 && value.is_finite()).then_some(value)
}

fn bound_by_moieties(sizes: &mut [Option<f64>], starts: &[f64], moieties: &[Moiety]) {
    let mut bounds: Vec<Option<f64>> = vec![None; sizes.len()];
    for moiety in moieties {
        // With a negative coefficient the total bounds nothing.
        if moiety.terms.iter().any(|(_, factor)| *factor < 0.0) {
            continue;
        }
        let total = moiety
            .terms
            .iter()
            .map(|(state, factor)| factor * starts[*state])
            .sum::<f64>();
        for (state, factor) in &moiety.terms {
            bounds[*state] = smaller(bounds[*state], size(total / factor));
        }
    }
    for (size, bound) in sizes.iter_mut().zip(bounds) {
        *size = size.or(bound);
    }
}

fn smaller(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

/// Gives states without a size the smallest among partners that have one, round by round.
fn spread_along_reactions(sizes: &mut [Option<f64>], roles: &Roles) {
    let partners = partners(roles);
    let mut open: Vec<usize> = (0..sizes.len())
        .filter(|state| sizes[*state].is_none())
        .collect();
    loop {
        let found: Vec<(usize, f64)> = open
            .iter()
            .filter_map(|state| {
                let known = partners[*state].iter().map(|other| sizes[*other]);
                Some((*state, known.fold(None, smaller)?))
            })
            .collect();
        if found.is_empty() {
            return;
        }
        for (state, size) in &found {
            sizes[*state] = Some(*size);
        }
        open.retain(|state| sizes[*state].is_none());
    }
}

/// An extent is as large as makes the smallest of its species.
fn measure_extents(sizes: &mut [f64], roles: &Roles) {
    let mut extents: Vec<Option<f64>> = vec![None; sizes.len()];
    for (at, state) in roles.states.iter().enumerate() {
        for (extent, part) in roles.extents_of(state.symbol) {
            let one_makes = if part.number == 0.0 {
                1.0
            } else {
                part.number.abs()
            };
            extents[extent] = smaller(extents[extent], size(sizes[at] / one_makes));
        }
    }
    for (size, extent) in sizes.iter_mut().zip(extents) {
        *size = extent.unwrap_or(*size);
    }
}

/// For each state, those that one of its reactions changes too.
fn partners(roles: &Roles) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> = Vec::new();
    let reactions_of =
        |state: usize| match (roles.states[state].symbol, roles.states[state].equation) {
            (Symbol::Species(species), Equation::Reactions) => {
                roles.participations[species].as_slice()
            }
            _ => &[],
        };
    for state in 0..roles.states.len() {
        for part in reactions_of(state) {
            if members.len() <= part.reaction {
                members.resize(part.reaction + 1, Vec::new());
            }
            members[part.reaction].push(state);
        }
    }
    (0..roles.states.len())
        .map(|state| {
            let mut partners: Vec<usize> = reactions_of(state)
                .iter()
                .flat_map(|part| members[part.reaction].iter().copied())
                .filter(|other| *other != state)
                .collect();
            partners.sort_unstable();
            partners.dedup();
            partners
        })
        .collect()
}
