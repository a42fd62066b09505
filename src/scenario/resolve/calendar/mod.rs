//! A calendar as happenings in time: what is done on which days, what it gives and holds by the names of the contract,
//! and what of that the model takes.
//!
//! Reading costs once per entry, unfolding a few operations per occurrence: a year has thousands of them.

mod chance;
mod conflicts;
mod days;
mod drive;
mod effort;
mod items;
mod meals;
mod moments;
mod numbers;
mod nutrients;
mod pantry;
mod plan;
mod timing;
mod week;

use crate::diag::{Diagnostic, Span};
use crate::units::Unit;

use super::super::raw::{self, calendar::Item};
use super::super::{ClockStart, MarkKind};
use super::context::Context;
use super::edges::Plan;
use super::models::Library;

pub(in crate::scenario) use days::weekday;
pub(super) use drive::clock_hour;
pub(in crate::scenario) use moments::clock_minutes;
pub(super) use pantry::Pantry;
pub(in crate::scenario) use week::WEEKDAYS;

use chance::{Draws, named};
use days::{Choice, Phases};
use items::Reader;
use plan::{End, Occurrence, Planned, Start};
use week::Week;

/// More occurrences than this are a mistake.
const MOST: usize = 1_000_000;

/// What a calendar is read with.
pub(super) struct Written<'a> {
    pub items: &'a [Item],
    pub phases: &'a [raw::Phase],
    pub menus: &'a [raw::Menu],
    pub seed: u64,
    /// Maximal oxygen uptake, mL/kg/min, where the person's is known.
    pub fitness: Option<f64>,
    /// The model's unit of time, or the one that its time is taken to be in.
    pub time_unit: Option<Unit>,
    pub start: ClockStart,
    /// For what concerns the whole calendar.
    pub span: Span,
}

/// Adds what the calendar does to the plan; gives the names of what the model does not take.
pub(super) fn add(
    context: &mut Context,
    library: &mut Library,
    written: &Written,
    plan: &mut Plan,
    first_order: usize,
) -> Vec<String> {
    let Some(week) = week(context, written) else {
        return Vec::new();
    };
    let phases = days::phases(written.phases, &week, context.findings);
    let key = named(written.seed, "calendar");
    let mut reader = Reader::new(context, library, written, (&week, &phases), first_order);
    reader.all(written.items, &[], key, 0);
    for phase in written.phases {
        let Some((Some(ranges), _)) = phases.get(&phase.name.value) else {
            continue;
        };
        let within = Choice::days(ranges.clone());
        reader.all(&phase.calendar, &[within], named(key, &phase.name.value), 0);
    }
    let mut planned = reader.planned;
    mark_phases(&phases, &week, written, &mut planned);
    let Some(occurrences) = unfolded(&planned, &week, Draws::AsWritten, context) else {
        return Vec::new();
    };
    let mut occurrences = conflicts::without(occurrences, &planned, &week, context.findings);
    if planned.iter().any(Planned::times_vary) {
        let drawn = unfolded(&planned, &week, Draws::Seeded, context);
        occurrences = conflicts::waiting(drawn.unwrap_or_default(), &planned);
    }
    drive::drive(context, &planned, &occurrences, &week, plan)
}

fn week(context: &mut Context, written: &Written) -> Option<Week> {
    let Some(unit) = &written.time_unit else {
        let message = "a calendar needs to know in which unit time runs";
        let found = Diagnostic::error("scenario/time-unit", message).at(written.span);
        context
            .findings
            .push(found.hint("write `unit = \"min\"` in the scenario's `time`"));
        return None;
    };
    let week = Week::new(written.start, unit, context.axis);
    if week.is_none() {
        let message = "the run is longer than a calendar can be";
        let found = Diagnostic::error("scenario/time", message).at(written.span);
        context
            .findings
            .push(found.hint("a calendar has at most a hundred years: shorten the `span`"));
    }
    week
}

/// Every phase is marked where it lasts.
fn mark_phases(phases: &Phases, week: &Week, written: &Written, planned: &mut Vec<Planned>) {
    let orders = planned.last().map_or(0, |last| last.order + 1);
    for (at, (name, (ranges, span))) in phases.iter().enumerate() {
        let Some(ranges) = ranges else {
            continue;
        };
        let days = days::chosen(&[Choice::days(ranges.clone())], week, false);
        planned.push(Planned {
            order: orders + at,
            key: named(written.seed, name),
            span: *span,
            label: name.clone(),
            kind: MarkKind::Phase,
            days,
            start: Start::Days,
            end: End::Days,
            ..Planned::default()
        });
    }
}

/// Every occurrence within the run, by time, then in the order of the file.
fn unfolded(
    planned: &[Planned],
    week: &Week,
    draws: Draws,
    context: &mut Context,
) -> Option<Vec<Occurrence>> {
    let mut all = Vec::new();
    for (at, entry) in planned.iter().enumerate() {
        let before = all.len();
        entry.unfold(at, week, draws, &mut all);
        let never = all.len() == before && !entry.may_stay_out;
        if never && draws == Draws::AsWritten {
            let message = "this never happens within the run";
            let found = Diagnostic::error("scenario/never", message).at(entry.span);
            let (from, to) = (week.shown(week.run.0), week.shown(week.run.1));
            context
                .findings
                .push(found.hint(format!("the run lasts from {from} to {to}")));
        }
        if all.len() > MOST {
            let message = "the calendar has more than a million occurrences";
            let found = Diagnostic::error("scenario/time", message).at(entry.span);
            context
                .findings
                .push(found.hint("shorten the run, or repeat less often"));
            return None;
        }
    }
    conflicts::in_order(&mut all);
    Some(all)
}
