//! An entry that is ready to be repeated, and its occurrences.

use crate::diag::Span;

use super::super::super::MarkKind;
use super::chance::{Draws, Number};
use super::meals::Course;
use super::week::{DAY, Week};

/// What one entry does each time, with all names found and all numbers read.
#[derive(Clone, Debug, Default)]
pub(super) struct Planned {
    /// Its turn among all that happens at one time.
    pub order: usize,
    /// Key of its random draws.
    pub key: u64,
    pub span: Span,
    pub label: String,
    pub kind: MarkKind,
    /// The input of the contract of which there can be one holder at a time.
    pub lane: Option<usize>,
    /// Whether it needs a person who is awake.
    pub awake: bool,
    /// Whether it may be that no occurrence lies in the run: one of several that were written as one.
    pub may_stay_out: bool,
    pub days: Vec<i32>,
    pub start: Start,
    pub end: End,
    /// Lengths in minutes of parts that follow each other, of which it is made; none for one piece.
    pub parts: Vec<Number>,
    pub doses: Vec<Dose>,
    pub courses: Vec<Course>,
    pub holds: Vec<Hold>,
}

/// When it begins; numbers in minutes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Start {
    /// After midnight, on each of the days.
    Clock(Number),
    /// From time 0, once.
    Time(Number),
    /// With each stretch of days.
    #[default]
    Days,
}

/// When it ends; numbers in minutes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum End {
    /// At once.
    Instant,
    /// After this long.
    After(Number),
    /// At the next such clock time.
    Clock(Number),
    /// From time 0.
    Time(Number),
    /// With its parts.
    Parts,
    /// With the stretch of days, or with the run.
    #[default]
    Days,
}

/// An amount given once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dose {
    /// Index of the input in the contract.
    pub input: usize,
    pub amount: Number,
    /// At the end rather than at the beginning.
    pub at_end: bool,
}

/// A level held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hold {
    /// Index of the input in the contract.
    pub input: usize,
    pub number: Number,
    /// What the number is multiplied by to be in the contract's unit.
    pub factor: f64,
    /// During which part; all of it when none.
    pub part: Option<usize>,
}

/// One occurrence, in minutes from time 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Occurrence {
    /// Which entry.
    pub planned: usize,
    /// The day that its draws are named by.
    pub day: i32,
    /// When it began, also where that was before the run.
    pub began: f64,
    pub from: f64,
    /// Equal to `from` for an instant.
    pub to: f64,
}

impl Planned {
    /// Whether its times vary.
    pub fn times_vary(&self) -> bool {
        let start = match self.start {
            Start::Clock(number) | Start::Time(number) => number.sd,
            Start::Days => 0.0,
        };
        let end = match self.end {
            End::After(number) | End::Clock(number) | End::Time(number) => number.sd,
            End::Instant | End::Parts | End::Days => 0.0,
        };
        start + end > 0.0 || self.parts.iter().any(|part| part.sd > 0.0)
    }

    /// Adds its occurrences within the run; those that began before it are shortened.
    pub fn unfold(&self, at: usize, week: &Week, draws: Draws, all: &mut Vec<Occurrence>) {
        match self.start {
            Start::Clock(clock) => {
                for &day in &self.days {
                    let from = week.at(day, clock.drawn(draws, self.key, day));
                    let anchor = week.at(day, clock.mean);
                    self.occur((at, day), (from, anchor), week, draws, all);
                }
            }
            Start::Time(time) => {
                let from = time.drawn(draws, self.key, 0);
                self.occur((at, 0), (from, time.mean), week, draws, all);
            }
            Start::Days => {
                for stretch in stretches(&self.days) {
                    let from = week.at(stretch.0, 0.0);
                    let to = week.at(stretch.1 + 1, 0.0);
                    self.keep(at, stretch.0, (from, to), week, all);
                }
            }
        }
    }

    fn occur(
        &self,
        (at, day): (usize, i32),
        (from, anchor): (f64, f64),
        week: &Week,
        draws: Draws,
        all: &mut Vec<Occurrence>,
    ) {
        let to = match self.end {
            End::Instant => from,
            End::After(length) => from + length.drawn(draws, self.key, day),
            End::Parts => {
                let lengths = self.parts.iter();
                let lengths = lengths.map(|part| part.drawn(draws, self.key, day));
                from + lengths.sum::<f64>()
            }
            End::Clock(clock) => {
                // From the time as written, so that variation changes no night into two.
                let midnight = week.at(week.day_of(anchor), 0.0);
                let ahead = if midnight + clock.mean > anchor {
                    0.0
                } else {
                    DAY
                };
                midnight + ahead + clock.drawn(draws, self.key, day)
            }
            End::Time(time) => time.drawn(draws, self.key, day),
            End::Days => week.run.1,
        };
        self.keep(at, day, (from, to), week, all);
    }

    fn keep(
        &self,
        at: usize,
        day: i32,
        (from, to): (f64, f64),
        week: &Week,
        all: &mut Vec<Occurrence>,
    ) {
        let (start, end) = week.run;
        let instant = matches!(self.end, End::Instant);
        let inside = if instant {
            from >= start && (from < end || start == end)
        } else {
            to > from && to > start && from < end
        };
        if inside {
            all.push(Occurrence {
                planned: at,
                day,
                began: from,
                from: from.max(start),
                to,
            });
        }
    }
}

/// Days that follow each other, as first and last.
fn stretches(days: &[i32]) -> Vec<(i32, i32)> {
    let mut stretches: Vec<(i32, i32)> = Vec::new();
    for &day in days {
        match stretches.last_mut() {
            Some(stretch) if stretch.1 + 1 == day => stretch.1 = day,
            _ => stretches.push((day, day)),
        }
    }
    stretches
}
