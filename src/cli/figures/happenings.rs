//! What happens in the arms of a scenario, as figures show it.

use indexmap::IndexMap;
use insilin::render::build::Happenings;
use insilin::render::{Band, HappeningKind, Mark};
use insilin::scenario::{Arm, Entry, MarkKind, Scenario};

/// What makes two happenings the same: kind, words, beginning and end.
type Key<'a> = (HappeningKind, &'a str, u64, u64);

/// What happens in `arms`: once what all of them share, with the arm's label what only some do.
pub(super) fn of(scenario: &Scenario, arms: &[usize]) -> Happenings {
    let arms: Vec<&Arm> = arms.iter().map(|&arm| &scenario.arms[arm]).collect();
    among(&arms)
}

/// As [`of`], for arms from anywhere.
pub(super) fn among(arms: &[&Arm]) -> Happenings {
    let mut happenings = Happenings::default();
    for ((kind, label, from, to), seen_in) in seen(arms) {
        let (from, to) = (f64::from_bits(from), f64::from_bits(to));
        let label = if seen_in.len() == arms.len() {
            label.to_string()
        } else {
            let labels = seen_in.iter().map(|&arm| arms[arm].label.as_str());
            format!("{label} ({})", labels.collect::<Vec<&str>>().join(", "))
        };
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
    happenings
}

/// Everything that happens, with the arms in which it does.
fn seen<'a>(arms: &[&'a Arm]) -> IndexMap<Key<'a>, Vec<usize>> {
    let mut all: IndexMap<Key, Vec<usize>> = IndexMap::new();
    for (arm, of) in arms.iter().enumerate() {
        for entry in &of.protocol.entries {
            let Entry::Mark {
                label,
                kind,
                from,
                to,
            } = entry
            else {
                continue;
            };
            let key = (kind_of(*kind), label.as_str(), from.to_bits(), to.to_bits());
            let seen_in = all.entry(key).or_default();
            if !seen_in.contains(&arm) {
                seen_in.push(arm);
            }
        }
    }
    all
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
