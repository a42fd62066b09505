//! Times as a calendar writes them: `07:30`, `day 8`, `day 8 07:30`, or a time from the start of the run's clock.

use crate::diag::{Diagnostic, Diagnostics};

use super::super::super::raw::{At, Scalar};
use super::super::clock::Clock;
use super::chance::Number;
use super::numbers;
use super::week::{DAY, Week};

/// A time, in minutes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Moment {
    /// After midnight of some day.
    Clock(Number),
    /// From time 0.
    Time(Number),
}

/// Reads a time; reports why it is none.
pub(super) fn moment(
    scalar: &At<Scalar>,
    week: &Week,
    clock: &Clock,
    which: u32,
    findings: &mut Diagnostics,
) -> Option<Moment> {
    let number = |mean: f64, sd: f64| Number {
        mean,
        sd,
        bounds: (f64::NEG_INFINITY, f64::INFINITY),
        which,
    };
    let Scalar::Text(text) = &scalar.value else {
        let time = clock.read(scalar, findings)?;
        return Some(Moment::Time(number(week.minutes(time), 0.0)));
    };
    let (text, spread) = numbers::split(text);
    let sd = match spread {
        Some(spread) => numbers::spread_of_time(spread, scalar.span, findings)?,
        None => 0.0,
    };
    if let Some(rest) = text.strip_prefix("day") {
        return match of_day(rest, week) {
            Some(minutes) => Some(Moment::Time(number(minutes, sd))),
            None => refuse(text, scalar, findings),
        };
    }
    // Whatever begins with no number is a word, and no time in any unit.
    let begins = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | '−');
    if text.contains(':') || !text.starts_with(begins) {
        return match clock_minutes(text) {
            Some(minutes) => Some(Moment::Clock(number(minutes, sd))),
            None => refuse(text, scalar, findings),
        };
    }
    let plain = At {
        value: Scalar::Text(text.to_string()),
        span: scalar.span,
    };
    let time = clock.read(&plain, findings)?;
    Some(Moment::Time(number(week.minutes(time), sd)))
}

fn refuse(text: &str, scalar: &At<Scalar>, findings: &mut Diagnostics) -> Option<Moment> {
    let found = Diagnostic::error(
        "scenario/clock",
        format!("`{text}` is no time of a calendar"),
    );
    findings.push(found.at(scalar.span).hint(
        "a clock time from `00:00` to `24:00`, `day 8`, `day 8 07:30`, or a time from the start: `\"90 min\"`",
    ));
    None
}

/// `8` or `8 07:30`, minutes from time 0.
fn of_day(text: &str, week: &Week) -> Option<f64> {
    let mut words = text.split_whitespace();
    let day: i32 = words.next()?.parse().ok()?;
    let clock = words.next().map_or(Some(0.0), clock_minutes)?;
    let known = (1..=100_000).contains(&day) && words.next().is_none();
    known.then(|| week.at(day, clock))
}

/// `07:30` or `7:30`, minutes after midnight; `24:00` is the end of the day.
pub(in crate::scenario) fn clock_minutes(text: &str) -> Option<f64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |part: &str, most: usize| {
        let plain =
            !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (hour, minute) = (
        digits(hour, 2)?,
        digits(minute, 2).filter(|_| minute.len() == 2)?,
    );
    let minutes = f64::from(60 * hour + minute);
    (minute < 60 && minutes <= DAY).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_times_have_hours_and_minutes() {
        assert_eq!(clock_minutes("07:30"), Some(450.0));
        assert_eq!(clock_minutes("7:05"), Some(425.0));
        assert_eq!(clock_minutes("24:00"), Some(1440.0));
        for text in [
            "7", "7:5", "25:00", "24:01", "-1:00", "07:60", "0x:00", "07:30:00", ":30", "+7:30",
        ] {
            assert_eq!(clock_minutes(text), None, "{text}");
        }
    }
}
