//! Combinations of states that the reactions conserve.

use std::collections::BTreeMap;

use super::program::Moiety;
use super::ratio::Ratio;
use super::roles::{Equation, Roles};
use crate::model::{Model, Symbol};

/// A sparse row of fractions; entries are never zero.
pub(super) type Row = BTreeMap<usize, Ratio>;

/// The conserved combinations of the states that only reactions with plain stoichiometries change.
///
/// Each is scaled to whole coefficients without common divisor, and begins with a state that no other one contains.
/// Combinations whose numbers outgrow 128 bits are left out: a missing one costs a reduction, a wrong one a result.
pub(super) fn find(model: &Model, roles: &Roles) -> Vec<Moiety> {
    let members = members(model, roles);
    let mut pivots: BTreeMap<usize, (Row, Row)> = BTreeMap::new();
    let mut conserved: Vec<Row> = Vec::new();
    for (state, stoichiometries) in members {
        let mut left = stoichiometries;
        let mut combination = Row::from([(state, Ratio::ONE)]);
        if reduce(&mut left, &mut combination, &pivots).is_none() {
            continue;
        }
        match left.keys().next().copied() {
            Some(reaction) => {
                pivots.insert(reaction, (left, combination));
            }
            None => conserved.push(combination),
        }
    }
    // A conserved row holds its own state and states of pivot rows, which never become conserved rows: no two rows
    // share their own state.
    conserved.iter().filter_map(moiety).collect()
}

/// States that may be part of a moiety, with their net stoichiometries by reaction.
fn members(model: &Model, roles: &Roles) -> Vec<(usize, Row)> {
    let mut common = None;
    let mut members = Vec::new();
    for (at, state) in roles.states.iter().enumerate() {
        let Symbol::Species(species) = state.symbol else {
            continue;
        };
        if state.equation != Equation::Reactions || roles.is_changed(state.symbol) {
            continue;
        }
        // Species counted in different units cannot be added; those that share the first one's factor can.
        let factor = model.species[species]
            .conversion_factor
            .or(model.conversion_factor);
        if *common.get_or_insert(factor) != factor {
            continue;
        }
        let parts = &roles.participations[species];
        let row: Option<Row> = parts
            .iter()
            .map(|part| {
                let number = part
                    .named
                    .is_empty()
                    .then(|| Ratio::from_f64(part.number))
                    .flatten()?;
                Some((part.reaction, number))
            })
            .collect();
        members.extend(row.map(|row| (at, row)));
    }
    members
}

/// Subtracts multiples of pivot rows until no pivot column is left; `None` on overflow.
pub(super) fn reduce(
    left: &mut Row,
    combination: &mut Row,
    pivots: &BTreeMap<usize, (Row, Row)>,
) -> Option<()> {
    let mut from = 0;
    while let Some((&column, &value)) = left.range(from..).next() {
        from = column + 1;
        if let Some((row, made_of)) = pivots.get(&column) {
            let factor = value.over(row[&column])?;
            subtract(left, row, factor)?;
            subtract(combination, made_of, factor)?;
        }
    }
    Some(())
}

/// `from − factor · row`
fn subtract(from: &mut Row, row: &Row, factor: Ratio) -> Option<()> {
    for (column, value) in row {
        let before = from.get(column).copied().unwrap_or(Ratio::ZERO);
        let after = before.minus(factor.times(*value)?)?;
        if after == Ratio::ZERO {
            from.remove(column);
        } else {
            from.insert(*column, after);
        }
    }
    Some(())
}

/// A row in whole numbers, its own state first and positive.
fn moiety(row: &Row) -> Option<Moiety> {
    let own = *row
        .keys()
        .next_back()
        .expect("a combination contains its own state");
    let scale = Ratio::whole_scale(row.values().copied())?;
    let scale = if row[&own].is_negative() {
        Ratio::ZERO.minus(scale)?
    } else {
        scale
    };
    let mut terms = Vec::with_capacity(row.len());
    for (state, value) in row.iter().rev() {
        terms.push((*state, value.times(scale)?.to_f64()));
    }
    Some(Moiety { terms })
}
