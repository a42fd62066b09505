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

/// The occurrences with their draws, where times as written have no conflict.
///
/// What a draw brings into sleep waits for the waking, a night waits until what goes on before it has ended, and the second
/// of two of a kind waits for the first.
///
/// * `all` — by rising time
pub(super) fn waiting(mut all: Vec<Occurrence>, planned: &[Planned]) -> Vec<Occurrence> {
    one_after_the_other(&mut all, planned);
    around_sleep(&mut all, planned);
    one_after_the_other(&mut all, planned);
    all
}

/// Nothing that needs a waking person falls into sleep.
fn around_sleep(all: &mut Vec<Occurrence>, planned: &[Planned]) {
    let mut asleep = nights(all, planned);
    let is_sleep = |at: &Occurrence| planned[at.planned].kind == MarkKind::Sleep;
    all.retain(|occurrence| !is_sleep(occurrence) || planned[occurrence.planned].lane.is_none());
    let mut night = 0;
    for occurrence in all.iter_mut() {
        if !planned[occurrence.planned].awake {
            continue;
        }
        while asleep
            .get(night)
            .is_some_and(|sleep| sleep.to <= occurrence.from)
        {
            night += 1;
        }
        let sleep = asleep.get_mut(night);
        if let Some(sleep) = sleep.filter(|sleep| meets(sleep, occurrence)) {
            if occurrence.from - sleep.from > sleep.to - occurrence.from {
                delay(occurrence, sleep.to);
            } else {
                // A minute from the last bite to sleep.
                sleep.from = occurrence.to.max(occurrence.from + 1.0);
                sleep.began = sleep.from;
            }
        }
    }
    all.extend(asleep.into_iter().filter(|sleep| sleep.to > sleep.from));
    in_order(all);
}

/// Of what can be there once at a time, the second waits for the first.
fn one_after_the_other(all: &mut [Occurrence], planned: &[Planned]) {
    let mut last: Vec<Option<f64>> = Vec::new();
    for occurrence in all.iter_mut() {
        let Some(lane) = planned[occurrence.planned].lane else {
            continue;
        };
        if last.len() <= lane {
            last.resize(lane + 1, None);
        }
        if let Some(end) = last[lane].filter(|end| occurrence.from < *end) {
            delay(occurrence, end);
        }
        last[lane] = Some(occurrence.to);
    }
    in_order(all);
}

/// Moves an occurrence to a later beginning.
fn delay(occurrence: &mut Occurrence, from: f64) {
    let by = from - occurrence.from;
    occurrence.from = from;
    occurrence.began += by;
    occurrence.to += by;
}

/// By time, then in the order of the file.
pub(super) fn in_order(all: &mut [Occurrence]) {
    all.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.planned.cmp(&b.planned)));
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
        "asleep from {} to {}: move one of them",
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
