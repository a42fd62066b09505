//! What happens in the arms of a scenario, as figures show it.

use insilin::render::build::Happenings;
use insilin::render::{Band, HappeningKind, Mark};
use insilin::scenario::{Entry, Scenario};

/// One happening, and the arms in which it happens.
struct Seen {
    kind: HappeningKind,
    label: String,
    from: f64,
    to: f64,
    arms: Vec<usize>,
}

/// What happens in `arms`: once what all of them share, with the arm's label what only some do.
pub(super) fn of(scenario: &Scenario, arms: &[usize]) -> Happenings {
    let mut happenings = Happenings::default();
    for seen in seen(scenario, arms) {
        let label = match seen.arms.len() == arms.len() {
            true => seen.label,
            false => labelled(scenario, &seen),
        };
        if seen.to > seen.from {
            happenings.bands.push(Band {
                from: seen.from,
                to: seen.to,
                label,
                kind: seen.kind,
            });
        } else {
            happenings.marks.push(Mark {
                at: seen.from,
                label,
                kind: seen.kind,
            });
        }
    }
    happenings
}

fn labelled(scenario: &Scenario, seen: &Seen) -> String {
    let arms = seen
        .arms
        .iter()
        .map(|&arm| scenario.arms[arm].label.as_str());
    let arms: Vec<&str> = arms.collect();
    format!("{} ({})", seen.label, arms.join(", "))
}

fn seen(scenario: &Scenario, arms: &[usize]) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for &arm in arms {
        for entry in &scenario.arms[arm].protocol.entries {
            let Entry::Mark { label, from, to } = entry else {
                continue;
            };
            let kind = HappeningKind::Other;
            // Arms of one scenario list what they share in one order: what was seen first is found first.
            let same = |seen: &&mut Seen| {
                seen.kind == kind
                    && seen.label == *label
                    && (seen.from, seen.to) == (*from, *to)
                    && !seen.arms.contains(&arm)
            };
            match all.iter_mut().find(same) {
                Some(seen) => seen.arms.push(arm),
                None => all.push(Seen {
                    kind,
                    label: label.clone(),
                    from: *from,
                    to: *to,
                    arms: vec![arm],
                }),
            }
        }
    }
    all
}
