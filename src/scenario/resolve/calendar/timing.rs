//! When an entry happens, from what is written.

use crate::diag::{Diagnostic, Span};

use super::super::super::raw::calendar::{Doing, Effort, Item};
use super::super::super::raw::{At, Scalar};
use super::chance::Number;
use super::days::{self, Choice};
use super::items::Reader;
use super::moments::{self, Moment};
use super::plan::{End, Planned, Start};

/// Numbers of an entry's times are counted from here: it has fewer others.
const NUMBERS_OF_TIMES: u32 = 1000;

impl Reader<'_, '_, '_, '_> {
    fn moment(&mut self, value: &At<Scalar>) -> Option<Moment> {
        self.numbers += 1;
        let (week, clock) = (self.week, &self.context.clock);
        moments::moment(value, week, clock, self.numbers, self.context.findings)
    }

    /// When it happens.
    pub fn when(&mut self, item: &Item, choices: &[Choice], planned: &mut Planned) -> Option<()> {
        // What varies in a time must not change with what is done: its draws have numbers of their own.
        self.numbers = NUMBERS_OF_TIMES;
        let when = &item.when;
        let from = when.from.as_ref().map(|from| self.moment(from));
        let to = when.to.as_ref().map(|to| self.moment(to));
        let length = when.length.as_ref();
        let length = length.map(|length| self.length(length, "for"));
        let (from, to, length) = (flat(from)?, flat(to)?, flat(length)?);
        planned.end = self.end(item, (from.is_some(), to, length))?;
        let once = choices.iter().all(Choice::is_once);
        planned.start = match from {
            Some(Moment::Clock(clock)) => {
                planned.days = self.days_of_clock(choices, once, clock.mean, planned);
                Start::Clock(clock)
            }
            Some(Moment::Time(time)) if once => self.at_time(time, planned, item)?,
            Some(Moment::Time(_)) => return self.no_clock(item),
            None if !matches!(planned.end, End::Days) => {
                return self.missing(item.span, "`at`", "at = \"07:30\"");
            }
            None => {
                planned.days = days::chosen(choices, self.week, false);
                Start::Days
            }
        };
        match (planned.start, planned.end) {
            (Start::Clock(_), End::Time(_)) if !once => self.no_clock(item),
            (Start::Clock(_), End::Days) if !once => self.no_length(item),
            _ => Some(()),
        }
    }

    /// When it ends.
    ///
    /// * `said` — whether a beginning was written, and what was written about the end
    fn end(
        &mut self,
        item: &Item,
        (begins, to, length): (bool, Option<Moment>, Option<Number>),
    ) -> Option<End> {
        let in_parts = matches!(
            &item.doing,
            Doing::Bout {
                effort: Effort::Intervals { .. },
                ..
            }
        );
        if in_parts {
            if to.is_some() || length.is_some() {
                self.parts_have_lengths(item.span);
                return None;
            }
            return Some(End::Parts);
        }
        match (to, length) {
            (Some(Moment::Clock(clock)), _) => return Some(End::Clock(clock)),
            (Some(Moment::Time(time)), _) => return Some(End::Time(time)),
            (None, Some(length)) => return Some(End::After(length)),
            (None, None) => {}
        }
        match item.doing {
            Doing::Meal { .. } | Doing::Plate { .. } | Doing::Dose { .. } => Some(End::Instant),
            Doing::Mark { .. } if begins => Some(End::Instant),
            Doing::Bout { .. } | Doing::Sleep { .. } | Doing::Practice { .. } => {
                self.no_length(item);
                None
            }
            _ => Some(End::Days),
        }
    }

    /// The days of an entry at a clock time; for one that happens once the first on which it fits into the run.
    fn days_of_clock(
        &mut self,
        choices: &[Choice],
        once: bool,
        clock: f64,
        planned: &Planned,
    ) -> Vec<i32> {
        let week = self.week;
        if once {
            let first = week.days.0;
            let fits = week.at(first, clock) >= week.run.0;
            return vec![first + i32::from(!fits)];
        }
        // A night that began before the run still counts in it.
        let lasts = !matches!(planned.end, End::Instant);
        days::chosen(choices, week, lasts)
    }

    /// Once, at a time from the start.
    fn at_time(&mut self, time: Number, planned: &Planned, item: &Item) -> Option<Start> {
        let (start, end) = self.week.run;
        let span = item.when.from.as_ref().map_or(item.span, |from| from.span);
        if time.mean < start || (time.mean >= end && end > start) {
            let message = if time.mean < start {
                "this lies before the start of the run"
            } else {
                "this does not lie before the end of the run"
            };
            let found = Diagnostic::error("scenario/outside-run", message).at(span);
            self.context
                .findings
                .push(found.hint("change the time, or the `span` of the run"));
            return None;
        }
        if let End::Time(to) = planned.end
            && to.mean <= time.mean
        {
            let found = Diagnostic::error("scenario/interval", "this ends before it begins");
            let span = item.when.to.as_ref().map_or(item.span, |to| to.span);
            self.context.findings.push(
                found
                    .at(span)
                    .hint("intervals are `[from, to)`: `to` comes after `from`"),
            );
            return None;
        }
        Some(Start::Time(time))
    }

    fn missing(&mut self, span: Span, what: &str, example: &str) -> Option<()> {
        let message = format!("this entry does not say {what}");
        let found = Diagnostic::error("scenario/missing", message).at(span);
        self.context
            .findings
            .push(found.hint(format!("for example `{example}`")));
        None
    }

    fn no_length(&mut self, item: &Item) -> Option<()> {
        self.missing(item.span, "`for` or `to`", "for = \"30 min\"")
    }

    fn parts_have_lengths(&mut self, span: Span) {
        let message = "the length of a bout of intervals follows from its rounds";
        let found = Diagnostic::error("scenario/entry", message).at(span);
        self.context
            .findings
            .push(found.hint("leave `for` and `to` out"));
    }

    fn no_clock(&mut self, item: &Item) -> Option<()> {
        let message = "what happens on chosen days needs a clock time";
        let found = Diagnostic::error("scenario/clock", message).at(item.span);
        self.context
            .findings
            .push(found.hint("for example `at = \"07:30\"`; a time from the start happens once"));
        None
    }
}

/// What was asked for and could not be read is none; what was not asked for is `Some(None)`.
#[allow(
    clippy::option_option,
    reason = "not asked for and wrong are two things"
)]
fn flat<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(None) => None,
        Some(read) => Some(read),
    }
}
