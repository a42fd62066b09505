//! What cannot be: two of a kind at one time, and what needs a waking person while asleep.

use indexmap::IndexSet;

use crate::diag::{Diagnostic, Diagnostics};

use super::super::super::MarkKind;
use super::plan::{Occurrence, Planned};
use super::week::Week;

/// The occurrences without those that cannot be, each pair of entries reported once.
///
/// * `all` — by rising time
pub(super) fn without(
    all: Vec<Occurrence>,
    planned: &[Planned],
    week: &Week,
    findings: &mut Diagnostics,
) -> Vec<Occurrence> {
    let mut told: IndexSet<(usize, usize)> = IndexSet::new();
    let mut last: Vec<Option<Occurrence>> = Vec::new();
    let asleep = nights(&all, planned);
    let mut night = 0;
    all.into_iter()
        .filter(|occurrence| {
            let entry = &planned[occurrence.planned];
            if entry.awake {
                while asleep
                    .get(night)
                    .is_some_and(|sleep| sleep.to <= occurrence.from)
                {
                    night += 1;
                }
                // The next night may begin within a bout.
                let here = asleep[night.min(asleep.len())..].first();
                if let Some(sleep) = here.filter(|sleep| meets(sleep, occurrence)) {
                    if told.insert((sleep.planned, occurrence.planned)) {
                        findings.push(while_asleep(occurrence, sleep, planned, week));
                    }
                    return false;
                }
            }
            let Some(lane) = entry.lane else {
                return true;
            };
            if last.len() <= lane {
                last.resize(lane + 1, None);
            }
            if let Some(earlier) = last[lane].filter(|earlier| occurrence.from < earlier.to) {
                if told.insert((earlier.planned, occurrence.planned)) {
                    findings.push(overlap(occurrence, &earlier, planned, week));
                }
                return false;
            }
            last[lane] = Some(*occurrence);
            true
        })
        .collect()
}

fn nights(all: &[Occurrence], planned: &[Planned]) -> Vec<Occurrence> {
    let is_sleep = |occurrence: &&Occurrence| planned[occurrence.planned].kind == MarkKind::Sleep;
    all.iter()
        .filter(is_sleep)
        .filter(|occurrence| planned[occurrence.planned].lane.is_some())
        .copied()
        .collect()
}

fn meets(sleep: &Occurrence, other: &Occurrence) -> bool {
    if other.to > other.from {
        other.from < sleep.to && sleep.from < other.to
    } else {
        (sleep.from..sleep.to).contains(&other.from)
    }
}

fn word(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Meal => "a meal",
        MarkKind::Bout => "a bout",
        MarkKind::Sleep => "sleep",
        MarkKind::Stress => "stress",
        MarkKind::Practice => "practice",
        MarkKind::Dose => "a dose",
        MarkKind::Infusion => "an infusion",
        MarkKind::Phase => "a phase",
        MarkKind::Other => "this",
    }
}

fn while_asleep(
    occurrence: &Occurrence,
    sleep: &Occurrence,
    planned: &[Planned],
    week: &Week,
) -> Diagnostic {
    let entry = &planned[occurrence.planned];
    let message = format!("{} falls into sleep", word(entry.kind));
    let found = Diagnostic::error("scenario/asleep", message).at(entry.span);
    let found = found.here(week.shown(occurrence.from));
    let found = found.label(planned[sleep.planned].span, "asleep");
    found.hint(format!(
        "asleep from {} to {}: move one of them; numbers that vary reach three standard deviations",
        week.shown(sleep.from),
        week.shown(sleep.to)
    ))
}

fn overlap(
    occurrence: &Occurrence,
    earlier: &Occurrence,
    planned: &[Planned],
    week: &Week,
) -> Diagnostic {
    let (entry, other) = (&planned[occurrence.planned], &planned[earlier.planned]);
    let what = match entry.kind {
        MarkKind::Bout => "two bouts overlap".to_string(),
        MarkKind::Sleep => "two stretches of sleep overlap".to_string(),
        MarkKind::Infusion => "two infusions of one thing overlap".to_string(),
        MarkKind::Stress => "two stressors of one kind overlap".to_string(),
        MarkKind::Practice => "two practices overlap".to_string(),
        _ => format!("two entries for `{}` overlap", entry.label),
    };
    let found = Diagnostic::error("scenario/overlap", what).at(entry.span);
    let found = found.here(week.shown(occurrence.from));
    let found = if entry.span == other.span {
        found
    } else {
        found.label(other.span, "with this")
    };
    found.hint(format!(
        "the earlier one lasts to {}: end it before the next begins",
        week.shown(earlier.to)
    ))
}
