//! On which days an entry happens.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span};

use super::super::super::raw::calendar::Days;
use super::super::super::raw::{self, At, Scalar, suggestion};
use super::week::{WEEKDAYS, Week};

/// First and last day, both included.
pub(super) type Range = (i32, i32);

/// Days of a phase by its name, with where it was written; none where they are wrong, which has been reported.
pub(super) type Phases = IndexMap<String, (Option<Vec<Range>>, Span)>;

/// What one entry, or the block that it stands in, says about its days.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    /// None for all days of the run.
    allowed: Option<Vec<Range>>,
    pattern: Option<Pattern>,
}

/// Which of the allowed days.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pattern {
    /// Every n-th, counted from the first allowed one.
    Every(i32),
    /// These days of the week (bit 0 for Monday), in every n-th week, counted from the first allowed one.
    Weekdays(u8, i32),
}

impl Choice {
    /// All of these days.
    pub fn days(ranges: Vec<Range>) -> Self {
        Self {
            allowed: Some(ranges),
            pattern: None,
        }
    }

    /// Whether nothing is said at all: what is meant is once.
    pub fn is_once(&self) -> bool {
        self.allowed.is_none() && self.pattern.is_none()
    }

    /// Whether the pattern goes on before the run as it does in it.
    fn is_endless(&self) -> bool {
        self.allowed.is_none() && !matches!(self.pattern, Some(Pattern::Every(n)) if n > 1)
    }
}

/// The days of the run that all choices allow, rising.
///
/// * `before` — whether the day before the run counts, whose night reaches into it
pub(super) fn chosen(choices: &[Choice], week: &Week, before: bool) -> Vec<i32> {
    let (first, last) = week.days;
    let first_allowed = choices.iter().filter_map(|choice| {
        let ranges = choice.allowed.as_ref()?;
        ranges.iter().map(|range| range.0).min()
    });
    let anchor = first_allowed.max().unwrap_or(1.max(first));
    let endless = choices.iter().all(Choice::is_endless);
    let from = if before && endless { first - 1 } else { first };
    let fits = |day: i32| choices.iter().all(|choice| fits(choice, day, anchor, week));
    (from..=last).filter(|day| fits(*day)).collect()
}

fn fits(choice: &Choice, day: i32, anchor: i32, week: &Week) -> bool {
    let within = |&(from, to): &Range| (from..=to).contains(&day);
    let allowed = choice
        .allowed
        .as_ref()
        .is_none_or(|ranges| ranges.iter().any(within));
    let meets = match choice.pattern {
        None | Some(Pattern::Every(1)) => true,
        Some(Pattern::Every(n)) => day >= anchor && (day - anchor) % n == 0,
        Some(Pattern::Weekdays(mask, n)) => {
            let weeks = Week::week_of(day) - Week::week_of(anchor);
            mask & (1 << week.weekday(day)) != 0 && (n == 1 || weeks >= 0 && weeks % n == 0)
        }
    };
    allowed && meets
}

/// Reads what an entry says about its days; reports what cannot be meant.
pub(super) fn choice(
    written: &Days,
    phases: &Phases,
    week: &Week,
    findings: &mut Diagnostics,
) -> Option<Choice> {
    let days = numbered(written.days.as_ref(), "days", week, findings)?;
    let weeks = numbered(written.weeks.as_ref(), "weeks", week, findings)?;
    let phase = match &written.phase {
        Some(name) => Some(phase(name, phases, findings)?),
        None => None,
    };
    let pattern = match &written.repeat {
        Some(text) => Some(pattern(text, findings)?),
        None => None,
    };
    let all = [days, weeks, phase].into_iter().flatten();
    let allowed = all.reduce(|a, b| common(&a, &b));
    Some(Choice { allowed, pattern })
}

/// Days that both have.
fn common(a: &[Range], b: &[Range]) -> Vec<Range> {
    let both = |x: &Range, y: &Range| (x.0.max(y.0), x.1.min(y.1));
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| both(x, y)));
    pairs.filter(|range| range.0 <= range.1).collect()
}

fn phase(name: &At<String>, phases: &Phases, findings: &mut Diagnostics) -> Option<Vec<Range>> {
    if let Some((ranges, _)) = phases.get(&name.value) {
        return ranges.clone();
    }
    let message = format!("no phase is called `{}`", name.value);
    let found = Diagnostic::error("scenario/unknown-name", message).at(name.span);
    let known: Vec<&str> = phases.keys().map(String::as_str).collect();
    findings.push(found.hint(if known.is_empty() {
        "declare it: `[[phase]]` with `name` and `weeks` or `days`".to_string()
    } else {
        suggestion(&name.value, &known)
    }));
    None
}

/// The days of `days = "1-84"` or `weeks = "2-12"`; outer none when they are wrong, inner when nothing is said.
#[allow(
    clippy::option_option,
    reason = "nothing said and something wrong are two things"
)]
pub(super) fn numbered(
    written: Option<&At<Scalar>>,
    key: &str,
    week: &Week,
    findings: &mut Diagnostics,
) -> Option<Option<Vec<Range>>> {
    let Some(written) = written else {
        return Some(None);
    };
    let text = written.value.shown();
    let Some(mut ranges) = ranges(&text) else {
        let message = format!("`{text}` does not say which {key}");
        let found = Diagnostic::error("scenario/days", message).at(written.span);
        findings.push(found.hint(format!(
            "counted from 1: `{key} = \"2-12\"`, `\"3\"` or `\"1,8,15\"`"
        )));
        return None;
    };
    if key == "weeks" {
        for range in &mut ranges {
            *range = ((range.0 - 1) * 7 + 1, range.1 * 7);
        }
    }
    check_within(&ranges, key, written.span, week, findings)?;
    Some(Some(ranges))
}

/// Days that the run does not have: some are worth a word, all of them are a mistake.
fn check_within(
    ranges: &[Range],
    key: &str,
    span: Span,
    week: &Week,
    findings: &mut Diagnostics,
) -> Option<()> {
    let (first, last) = week.days;
    let inside = |range: &&Range| range.1 >= first && range.0 <= last;
    let has = format!("the run has the days {first} to {last}");
    if !ranges.iter().any(|range| inside(&range)) {
        let message = format!("these {key} lie outside of the run");
        let found = Diagnostic::error("scenario/outside-run", message).at(span);
        findings.push(found.hint(format!("{has}: change them, or the `span`")));
        return None;
    }
    if ranges.iter().any(|range| range.1 > last) {
        let message = format!("some of these {key} lie behind the end of the run");
        let found = Diagnostic::warning("scenario/outside-run", message).at(span);
        findings.push(found.hint(format!("{has}: what lies outside does not happen")));
    }
    Some(())
}

/// Days and weeks beyond this number are a slip of the finger.
const MOST: i32 = 100_000;

fn ranges(text: &str) -> Option<Vec<Range>> {
    let number = |text: &str| {
        let number: i32 = text.trim().parse().ok()?;
        (1..=MOST).contains(&number).then_some(number)
    };
    let one = |part: &str| match part.split_once(['-', '–']) {
        Some((from, to)) => {
            let range = (number(from)?, number(to)?);
            (range.0 <= range.1).then_some(range)
        }
        None => number(part).map(|day| (day, day)),
    };
    text.split(',').map(one).collect()
}

const EXAMPLES: &str = "`\"every day\"`, `\"weekdays\"`, `\"weekends\"`, `\"mon,thu\"`, `\"every 3rd day\"`, \
     `\"every 2nd week\"`, `\"mon every 2nd week\"`";

fn pattern(text: &At<String>, findings: &mut Diagnostics) -> Option<Pattern> {
    let lower = text.value.trim().to_lowercase();
    let read = whole_pattern(&lower);
    if read.is_none() {
        let message = format!("`{}` does not say on which days", text.value);
        let found = Diagnostic::error("scenario/days", message).at(text.span);
        let words = lower.split([',', ' ']).filter(|word| !word.is_empty());
        let near = words
            .filter(|word| weekday(word).is_none())
            .find_map(|word| crate::diag::did_you_mean(word, NAMES.iter().copied()));
        findings.push(match near {
            Some(near) => found.hint(format!("did you mean `{near}`? accepted are {EXAMPLES}")),
            None => found.hint(format!("accepted are {EXAMPLES}")),
        });
    }
    read
}

/// Words that stand alone or in lists.
const NAMES: [&str; 16] = [
    "weekdays",
    "weekends",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

fn whole_pattern(text: &str) -> Option<Pattern> {
    if let Some((names, every)) = text.split_once("every") {
        let (n, unit) = every_nth(every)?;
        let names = names.trim().trim_end_matches(',');
        return match (unit, names) {
            ("day", "") => Some(Pattern::Every(n)),
            ("week", "") => Some(Pattern::Every(n.checked_mul(7)?)),
            ("week", names) => Some(Pattern::Weekdays(mask(names)?, n)),
            // `every mon`, `every weekday`
            (name, "") if n == 1 => Some(Pattern::Weekdays(mask(name)?, 1)),
            _ => None,
        };
    }
    mask(text).map(|mask| Pattern::Weekdays(mask, 1))
}

/// `3rd day` as 3 and `day`; `day` as 1 and `day`.
fn every_nth(text: &str) -> Option<(i32, &str)> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    if digits == 0 {
        return Some((1, text));
    }
    let n: i32 = text[..digits].parse().ok()?;
    let rest = text[digits..].trim_start();
    let rest = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| rest.strip_prefix(ending))
        .unwrap_or(rest);
    let unit = rest.trim();
    let unit = unit.strip_suffix('s').unwrap_or(unit);
    ((1..=MOST).contains(&n) && matches!(unit, "day" | "week")).then_some((n, unit))
}

fn mask(names: &str) -> Option<u8> {
    let words = names.split([',', ' ']).filter(|word| !word.is_empty());
    let mut mask = 0;
    for word in words {
        mask |= match word {
            "weekdays" | "weekday" => 0b001_1111,
            "weekends" | "weekend" => 0b110_0000,
            day => 1 << weekday(day)?,
        };
    }
    (mask != 0).then_some(mask)
}

/// 0 for `mon` or `monday`.
pub(in crate::scenario) fn weekday(name: &str) -> Option<usize> {
    let long = NAMES[9..].iter().position(|day| *day == name);
    WEEKDAYS.iter().position(|day| *day == name).or(long)
}

/// The phases of a scenario; two of one name are reported.
pub(super) fn phases(written: &[raw::Phase], week: &Week, findings: &mut Diagnostics) -> Phases {
    let mut phases = Phases::new();
    for phase in written {
        if let Some((_, first)) = phases.get(&phase.name.value) {
            let message = format!("two phases are called `{}`", phase.name.value);
            let found = Diagnostic::error("scenario/duplicate", message).at(phase.name.span);
            let found = found.label(*first, "the first");
            findings.push(found.hint("give each its own name"));
            continue;
        }
        let days = numbered(phase.days.as_ref(), "days", week, findings);
        let weeks = numbered(phase.weeks.as_ref(), "weeks", week, findings);
        let ranges = days.zip(weeks).map(|(days, weeks)| {
            let all = [days, weeks].into_iter().flatten();
            all.reduce(|a, b| common(&a, &b)).unwrap_or_default()
        });
        phases.insert(phase.name.value.clone(), (ranges, phase.name.span));
    }
    phases
}

#[cfg(test)]
mod tests {
    use super::super::super::super::{ClockStart, TimeAxis};
    use super::*;
    use crate::units::parse_unit;

    /// Days that `repeat` gives in four weeks from a Wednesday.
    fn days(repeat: &str) -> Vec<i32> {
        let start = ClockStart {
            weekday: 2,
            minute: 0.0,
        };
        let axis = TimeAxis {
            unit: "d".to_string(),
            start: 0.0,
            end: 28.0,
            grid: vec![0.0, 28.0],
            start_clock: Some(start),
        };
        let day = parse_unit("d").unwrap();
        let week = Week::new(start, &day, &axis).unwrap();
        let pattern = whole_pattern(repeat).unwrap_or_else(|| panic!("`{repeat}` is a pattern"));
        let choice = Choice {
            allowed: None,
            pattern: Some(pattern),
        };
        chosen(&[choice], &week, false)
    }

    #[test]
    fn repeats_are_what_they_say() {
        assert_eq!(days("every day"), (1..=28).collect::<Vec<i32>>());
        assert_eq!(days("every 3rd day"), [1, 4, 7, 10, 13, 16, 19, 22, 25, 28]);
        assert_eq!(days("every 2nd week"), [1, 15]);
        // Day 1 is a Wednesday, so that day 4 is a Saturday and day 6 a Monday.
        assert_eq!(days("weekends"), [4, 5, 11, 12, 18, 19, 25, 26]);
        assert_eq!(days("mon,thu"), [2, 6, 9, 13, 16, 20, 23, 27]);
        assert_eq!(days("monday"), [6, 13, 20, 27]);
        assert_eq!(days("every monday"), [6, 13, 20, 27]);
        assert_eq!(days("mon every 2nd week"), [6, 20]);
        assert_eq!(days("weekdays").len(), 20);
        assert_eq!(days("every 7th day"), [1, 8, 15, 22]);
    }

    #[test]
    fn what_is_no_repeat_is_none() {
        for text in [
            "",
            "every",
            "every 0th day",
            "3rd day",
            "someday",
            "mon;tue",
            "every 2nd month",
            "every 99999999999 days",
        ] {
            assert_eq!(whole_pattern(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_are_lists_of_days_and_stretches() {
        assert_eq!(ranges("1-84"), Some(vec![(1, 84)]));
        assert_eq!(ranges("1, 8 ,15-16"), Some(vec![(1, 1), (8, 8), (15, 16)]));
        for text in ["", "0", "5-3", "-2", "1,,2", "one", "1-2-3"] {
            assert_eq!(ranges(text), None, "{text}");
        }
    }
}
