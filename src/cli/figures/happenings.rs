//! What happens in the arms of a scenario, as figures show it.

use indexmap::IndexMap;
use insilin::render::build::Happenings;
use insilin::render::{Band, HappeningKind, Mark};
use insilin::scenario::{Arm, Entry, MarkKind, Scenario};

/// What makes two happenings the same: kind, words, beginning and end.
type Key<'a> = (HappeningKind, &'a str, u64, u64);

/// What happens in `arms`: once what all of them share, with the arm's label what only some do.
pub(super) fn of(scenario: &Scenario, arms: &[usize]) -> Happenings {
    let mut happenings = Happenings::default();
    for (key, seen_in) in seen(scenario, arms) {
        let label = if seen_in.len() == arms.len() {
            key.1.to_string()
        } else {
            let arms = seen_in.iter().map(|&arm| scenario.arms[arm].label.as_str());
            format!("{} ({})", key.1, arms.collect::<Vec<&str>>().join(", "))
        };
        add(&mut happenings, key, label);
    }
    happenings
}

/// What happens in one arm.
pub(super) fn of_one(arm: &Arm) -> Happenings {
    let mut happenings = Happenings::default();
    for key in keys(arm) {
        add(&mut happenings, key, key.1.to_string());
    }
    happenings
}

fn add(happenings: &mut Happenings, (kind, _, from, to): Key, label: String) {
    let (from, to) = (f64::from_bits(from), f64::from_bits(to));
    if to > from {
        happenings.bands.push(Band {
            from,
            to,
            label,
            kind,
        });
    } else {
        happenings.marks.push(Mark {
            at: from,
            label,
            kind,
        });
    }
}

/// Everything that happens, with the arms in which it does.
fn seen<'a>(scenario: &'a Scenario, arms: &[usize]) -> IndexMap<Key<'a>, Vec<usize>> {
    let mut all: IndexMap<Key, Vec<usize>> = IndexMap::new();
    for &arm in arms {
        for key in keys(&scenario.arms[arm]) {
            let seen_in = all.entry(key).or_default();
            if !seen_in.contains(&arm) {
                seen_in.push(arm);
            }
        }
    }
    all
}

fn keys(arm: &Arm) -> impl Iterator<Item = Key<'_>> {
    arm.protocol.entries.iter().filter_map(|entry| match entry {
        Entry::Mark {
            label,
            kind,
            from,
            to,
        } => Some((kind_of(*kind), label.as_str(), from.to_bits(), to.to_bits())),
        _ => None,
    })
}

fn kind_of(kind: MarkKind) -> HappeningKind {
    match kind {
        MarkKind::Meal => HappeningKind::Meal,
        MarkKind::Bout => HappeningKind::Bout,
        MarkKind::Sleep => HappeningKind::Sleep,
        MarkKind::Stress => HappeningKind::Stress,
        MarkKind::Practice => HappeningKind::Practice,
        MarkKind::Dose => HappeningKind::Dose,
        MarkKind::Infusion => HappeningKind::Infusion,
        MarkKind::Phase => HappeningKind::Phase,
        MarkKind::Other => HappeningKind::Other,
    }
}
