//! The clock of a calendar: minutes from time 0, days counted from the one that holds it, weekdays.

use crate::units::{Unit, conversion_factor};

use super::super::super::{ClockStart, TimeAxis};

/// Minutes of a day.
pub(super) const DAY: f64 = 1440.0;

/// Names of the days of a week.
pub(in crate::scenario) const WEEKDAYS: [&str; 7] =
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// From clock and day to time and back.
#[derive(Clone, Debug)]
pub(super) struct Week {
    pub start: ClockStart,
    /// How many of the model's units of time a minute is, and how many minutes one of them is.
    factors: (f64, f64),
    /// Start and end of the run, minutes from time 0.
    pub run: (f64, f64),
    /// First and last day that the run touches; day 1 holds time 0.
    pub days: (i32, i32),
}

impl Week {
    /// The clock of a run; none when it has more than a century of days.
    ///
    /// * `time_unit` — the model's, or the one that its time is taken to be in
    pub fn new(start: ClockStart, time_unit: &Unit, axis: &TimeAxis) -> Option<Self> {
        const CENTURY: f64 = 36_525.0;
        let minute = Unit::base(Unit::SECOND).scaled(60.0);
        let factors = (
            conversion_factor(&minute, time_unit)?,
            conversion_factor(time_unit, &minute)?,
        );
        let mut week = Self {
            start,
            factors,
            run: (0.0, 0.0),
            days: (1, 1),
        };
        week.run = (week.minutes(axis.start), week.minutes(axis.end));
        let day = |minutes: f64| ((minutes + start.minute) / DAY).floor() + 1.0;
        let (first, last) = (day(week.run.0), day(week.run.1));
        if !(last - first <= CENTURY && first.abs() <= CENTURY && last.abs() <= 2.0 * CENTURY) {
            return None;
        }
        // A run that ends at midnight does not touch the day that begins there.
        let touches = week.run.1 > week.at(last as i32, 0.0) || last == first;
        week.days = (first as i32, last as i32 - i32::from(!touches));
        Some(week)
    }

    /// A time of the model in minutes from time 0.
    pub fn minutes(&self, time: f64) -> f64 {
        scaled(time, (self.factors.1, self.factors.0))
    }

    /// Minutes from time 0 as a time of the model.
    pub fn time(&self, minutes: f64) -> f64 {
        scaled(minutes, self.factors) + 0.0
    }

    /// A clock time (minutes after midnight) of a day, in minutes from time 0.
    pub fn at(&self, day: i32, clock: f64) -> f64 {
        f64::from(day - 1) * DAY + (clock - self.start.minute)
    }

    /// 0 for Monday.
    pub fn weekday(&self, day: i32) -> usize {
        (i32::from(self.start.weekday) + day - 1).rem_euclid(7) as usize
    }

    /// Weeks are blocks of seven days; the first begins with day 1.
    pub fn week_of(day: i32) -> i32 {
        (day - 1).div_euclid(7) + 1
    }

    /// The day of a time.
    pub fn day_of(&self, minutes: f64) -> i32 {
        ((minutes + self.start.minute) / DAY).floor() as i32 + 1
    }

    /// `day 3, wed 07:30`
    pub fn shown(&self, minutes: f64) -> String {
        let day = self.day_of(minutes);
        let clock = minutes - self.at(day, 0.0);
        let whole = clock.floor();
        let (hour, minute) = ((whole / 60.0).floor(), whole % 60.0);
        format!(
            "day {day}, {} {hour:02}:{minute:02}",
            WEEKDAYS[self.weekday(day)]
        )
    }
}

/// Division by a whole number is exact where the product with its inverse is not.
fn scaled(value: f64, (factor, inverse): (f64, f64)) -> f64 {
    if factor >= 1.0 {
        value * factor
    } else {
        value / inverse
    }
}
