//! What was done and when, as a reader of the page is told: happenings with what they do in the model, day by day.

use indexmap::IndexMap;

use super::{Block, Table};
use crate::model::text::formula_text;
use crate::model::{ExprKind, Formula, Model, Symbol};
use crate::render::number::significant;
use crate::scenario::{Arm, Clamp, ClockStart, Entry, MarkKind, TimeAxis};
use crate::units::{conversion_factor, parse_unit};

/// Most different days that stand open; the others are folded away.
const MOST_OPEN: usize = 7;

/// Most steps of a happening that are told one by one.
const MOST_STEPS: usize = 4;

/// Longest formula that is told, in characters: longer ones stand in the stored scenario.
const LONGEST_FORMULA: usize = 48;

const DAY_MIN: f64 = 24.0 * 60.0;

/// One thing done: a happening, or an entry that belongs to none.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    from: f64,
    to: f64,
    what: String,
    /// What kind of thing it is, in a word; empty for what the model alone knows.
    kind: &'static str,
    /// What it does in the model.
    does: Vec<String>,
}

/// The calendar of an arm: by day and clock where the scenario has a clock or is longer than a day, else one table.
pub fn blocks(arm: &Arm) -> Vec<Block> {
    let rows = rows(arm);
    let label = if arm.label.is_empty() {
        String::new()
    } else {
        format!(" ({})", arm.label)
    };
    if rows.is_empty() {
        let words = match arm.label.as_str() {
            "" => "Nothing is done during the run.".to_string(),
            label => format!("{label}: nothing is done during the run."),
        };
        return vec![Block::Text(words)];
    }
    let time = &arm.time;
    match minutes_per_unit(time) {
        Some(minutes)
            if time.start_clock.is_some() || (time.end - time.start) * minutes > DAY_MIN =>
        {
            let clock = Clock {
                minutes,
                start: time.start_clock,
            };
            days(&rows, clock, &label)
        }
        _ => vec![Block::Table(plain(&rows, time, &label))],
    }
}

fn minutes_per_unit(time: &TimeAxis) -> Option<f64> {
    if time.unit.is_empty() {
        return None;
    }
    conversion_factor(&parse_unit(&time.unit).ok()?, &parse_unit("min").ok()?)
}

fn rows(arm: &Arm) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    // A happening is followed by what it does, which lies within it.
    let mut open = false;
    for entry in &arm.protocol.entries {
        let (from, to, words) = primitive(entry, arm);
        if let Entry::Mark { kind, .. } = entry {
            open = true;
            rows.push(Row::new(from, to, words, word(*kind)));
            continue;
        }
        match rows.last_mut() {
            Some(row) if open && from >= row.from && to <= row.to => row.does.push(words),
            _ => {
                open = false;
                rows.push(Row::new(from, to, words, ""));
            }
        }
    }
    rows.sort_by(|left, right| left.from.total_cmp(&right.from));
    rows
}

impl Row {
    fn new(from: f64, to: f64, what: String, kind: &'static str) -> Self {
        let does = Vec::new();
        Self {
            from,
            to,
            what,
            kind,
            does,
        }
    }

    /// What it does in the model; of many steps the first ones.
    fn in_the_model(&self) -> String {
        let n = self.does.len();
        if n <= MOST_STEPS {
            return self.does.join("; ");
        }
        let told = self.does[..MOST_STEPS - 1].join("; ");
        format!("{told}; and {} more steps", n - MOST_STEPS + 1)
    }
}

/// The kind in a word, where it says something.
fn word(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Other => "",
        kind => kind.word(),
    }
}

/// When an entry begins and ends, and what it does, in words.
fn primitive(entry: &Entry, arm: &Arm) -> (f64, f64, String) {
    let model = &arm.model;
    let id = |symbol: &Symbol| model.identity(*symbol).id.clone();
    match entry {
        Entry::Hold {
            target,
            value,
            from,
            to,
        } => {
            let value = with_unit(*value, model, *target);
            (*from, *to, format!("{} held at {value}", id(target)))
        }
        Entry::Rate {
            target,
            flow,
            from,
            to,
        } => {
            let (flow, per) = (
                significant(*flow, 4),
                flow_unit(model, *target, &arm.time.unit),
            );
            (*from, *to, format!("{flow}{per} into {}", id(target)))
        }
        Entry::Bolus {
            target,
            amount,
            time,
        } => {
            let amount = value_text(amount, model, amount_unit(model, *target));
            (*time, *time, format!("{amount} into {}", id(target)))
        }
        Entry::Set {
            target,
            value,
            from,
        } => {
            let value = value_text(value, model, unit_text(model, *target));
            (*from, *from, format!("{} set to {value}", id(target)))
        }
        Entry::Clamp(clamp) => (clamp.from, clamp.to, clamped(clamp, model, &arm.time.unit)),
        Entry::Mark {
            label, from, to, ..
        } => (*from, *to, label.clone()),
    }
}

fn clamped(clamp: &Clamp, model: &Model, time_unit: &str) -> String {
    format!(
        "{} clamped at {} by {}, read every {}{}, between {} and {}",
        model.identity(clamp.measured).id,
        with_unit(clamp.target, model, clamp.measured),
        model.identity(clamp.actuator).id,
        significant(clamp.every, 4),
        spaced(time_unit),
        significant(clamp.limits.0, 4),
        with_unit(clamp.limits.1, model, clamp.actuator)
    )
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() {
        String::new()
    } else {
        format!(" {unit}")
    }
}

fn unit_text(model: &Model, symbol: Symbol) -> String {
    let unit = model.unit_of(symbol);
    unit.map_or_else(String::new, |unit| unit.display(&model.unit_definitions))
}

/// The unit of what is added: amount for species.
fn amount_unit(model: &Model, symbol: Symbol) -> String {
    let Symbol::Species(at) = symbol else {
        return unit_text(model, symbol);
    };
    let unit = model.species[at].substance_unit.or(model.units.substance);
    unit.map_or_else(String::new, |unit| unit.display(&model.unit_definitions))
}

fn flow_unit(model: &Model, symbol: Symbol, time_unit: &str) -> String {
    match (amount_unit(model, symbol).as_str(), time_unit) {
        (_, "") => String::new(),
        ("", time) => format!(" per {time}"),
        (amount, time) => format!(" {amount} per {time}"),
    }
}

fn with_unit(value: f64, model: &Model, symbol: Symbol) -> String {
    format!(
        "{}{}",
        significant(value, 4),
        spaced(&unit_text(model, symbol))
    )
}

/// A plain number with its unit, or the formula that gives it.
fn value_text(value: &Formula, model: &Model, unit: String) -> String {
    match &value.kind {
        ExprKind::Number(value, _) => format!("{}{}", significant(*value, 4), spaced(&unit)),
        _ => {
            let text = formula_text(value, &|symbol| model.identity(*symbol).id.clone());
            if text.chars().count() > LONGEST_FORMULA {
                return "what a formula of the model's inputs gives".to_string();
            }
            text
        }
    }
}

// ---- within a day

fn plain(rows: &[Row], time: &TimeAxis, label: &str) -> Table {
    let unit = if time.unit.is_empty() {
        String::new()
    } else {
        format!(" ({})", time.unit)
    };
    let (from, to) = (format!("#from{unit}"), format!("#to{unit}"));
    let mut table = Table::new(
        format!("What was done{label}; intervals end just before their second time"),
        &["what", "kind", &from, &to, "in the model"],
    );
    for row in rows {
        let to = if row.to > row.from {
            significant(row.to, 6)
        } else {
            String::new()
        };
        let does = row.in_the_model();
        table.push([&row.what, row.kind, &significant(row.from, 6), &to, &does]);
    }
    table
}

// ---- over days

/// From times of the run to days and clock times.
#[derive(Clone, Copy)]
struct Clock {
    /// Minutes in a unit of time of the run.
    minutes: f64,
    /// Weekday and clock at time 0; days are counted from the run's beginning without it.
    start: Option<ClockStart>,
}

impl Clock {
    /// Minutes since the midnight before time 0.
    fn minutes(self, time: f64) -> f64 {
        time * self.minutes + self.start.map_or(0.0, |start| start.minute)
    }

    /// The day that holds a time; the one that holds time 0 is 1, the one before it 0.
    fn day(self, time: f64) -> i64 {
        // Times computed from days may lie a rounding error before midnight.
        (self.minutes(time) / DAY_MIN + 1e-9).floor() as i64 + 1
    }

    /// Clock time within its day.
    fn time_of_day(self, time: f64) -> String {
        let into_day = self.minutes(time) - (self.day(time) - 1) as f64 * DAY_MIN;
        let whole = into_day.round() as i64;
        format!("{:02}:{:02}", whole / 60, whole % 60)
    }

    /// Names of the weekdays of some days: `Mon–Fri`; empty without a clock.
    fn weekdays(self, days: &[i64]) -> String {
        let Some(start) = self.start else {
            return String::new();
        };
        let first = i64::from(start.weekday);
        let mut found: Vec<i64> = days
            .iter()
            .map(|day| (first + day - 1).rem_euclid(7))
            .collect();
        found.sort_unstable();
        found.dedup();
        if found.len() == 7 {
            return " (all weekdays)".to_string();
        }
        let name = |at: i64| WEEKDAYS[at.rem_euclid(7) as usize].to_string();
        format!(" ({})", ranges(&found, name))
    }
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Days on which the same is done at the same times.
struct Day {
    numbers: Vec<i64>,
    /// Words, kind, clock and length of all that is done.
    done: Vec<[String; 4]>,
    does: Vec<String>,
}

fn days(rows: &[Row], clock: Clock, label: &str) -> Vec<Block> {
    let days = different_days(rows, clock);
    let table = |day: &Day| Block::Table(day.table(clock, label));
    let mut tables: Vec<Block> = days.iter().map(table).collect();
    let more = tables.split_off(tables.len().min(MOST_OPEN));
    let since = match clock.start {
        Some(_) => "times are those of the clock",
        None => "hours from the beginning of each",
    };
    let mut blocks = vec![Block::Text(format!(
        "Days are counted from 1, {since}; days on which the same is done stand together: {} different {}.",
        days.len(),
        if days.len() == 1 { "day" } else { "days" }
    ))];
    blocks.extend(tables);
    if !more.is_empty() {
        blocks.push(Block::Folded(
            format!("{} more different days", more.len()),
            more,
        ));
    }
    blocks
}

fn different_days(rows: &[Row], clock: Clock) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    // Of each day's doings a fingerprint, because months have many days.
    let mut known: IndexMap<Vec<[String; 4]>, usize> = IndexMap::new();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let number = clock.day(first.from);
        let of_today = |row: &&Row| clock.day(row.from) == number;
        let (today, later) = rest.split_at(rest.iter().take_while(of_today).count());
        rest = later;
        let done: Vec<[String; 4]> = today.iter().map(|row| on_the_clock(row, clock)).collect();
        match known.get(&done) {
            Some(&at) => days[at].numbers.push(number),
            None => {
                known.insert(done.clone(), days.len());
                days.push(Day {
                    numbers: vec![number],
                    done,
                    does: today.iter().map(|row| row.in_the_model()).collect(),
                });
            }
        }
    }
    days
}

fn on_the_clock(row: &Row, clock: Clock) -> [String; 4] {
    let length = if row.to > row.from {
        duration((row.to - row.from) * clock.minutes)
    } else {
        String::new()
    };
    let at = clock.time_of_day(row.from);
    [row.what.clone(), row.kind.to_string(), at, length]
}

fn duration(minutes: f64) -> String {
    if minutes >= DAY_MIN {
        format!("{} d", significant(minutes / DAY_MIN, 4))
    } else if minutes >= 120.0 {
        format!("{} h", significant(minutes / 60.0, 4))
    } else {
        format!("{} min", significant(minutes, 4))
    }
}

impl Day {
    fn table(&self, clock: Clock, label: &str) -> Table {
        let word = if self.numbers.len() == 1 {
            "Day"
        } else {
            "Days"
        };
        let (numbers, names) = (
            ranges(&self.numbers, |n| n.to_string()),
            clock.weekdays(&self.numbers),
        );
        let heads = ["what", "kind", "#at", "#for", "in the model"];
        let mut table = Table::new(format!("{word} {numbers}{names}{label}"), &heads);
        for ([what, kind, at, length], does) in self.done.iter().zip(&self.does) {
            table.push([what, kind, at, length, does]);
        }
        table
    }
}

/// Rising numbers as people write them: `1–5, 8, 10, 11`.
fn ranges(numbers: &[i64], name: impl Fn(i64) -> String) -> String {
    let mut parts: Vec<(i64, i64)> = Vec::new();
    for &number in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => parts.push((number, number)),
        }
    }
    let word = |&(first, last): &(i64, i64)| match last - first {
        0 => name(first),
        1 => format!("{}, {}", name(first), name(last)),
        _ => format!("{}–{}", name(first), name(last)),
    };
    parts.iter().map(word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOURS: Clock = Clock {
        minutes: 60.0,
        start: None,
    };

    fn row(from: f64, to: f64, what: &str) -> Row {
        Row::new(from, to, what.to_string(), "meal")
    }

    /// Captions and rows of all tables, as far as they stand open.
    fn shown(blocks: &[Block]) -> Vec<(String, Vec<String>)> {
        let tables = blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        });
        let rows = |table: &Table| table.rows.iter().map(|row| row.join("|")).collect();
        tables
            .map(|table| (table.caption.clone(), rows(table)))
            .collect()
    }

    #[test]
    fn days_on_which_the_same_is_done_stand_together() {
        let mut rows = Vec::new();
        for day in 0..5 {
            let start = 24.0 * f64::from(day);
            rows.push(row(start + 7.5, start + 7.5, "breakfast"));
            if day % 2 == 1 {
                rows.push(row(start + 17.0, start + 17.75, "cycle"));
            }
        }
        let breakfast = "breakfast|meal|07:30||".to_string();
        let cycle = "cycle|meal|17:00|45 min|".to_string();
        assert_eq!(
            shown(&days(&rows, HOURS, "")),
            [
                ("Days 1, 3, 5".to_string(), vec![breakfast.clone()]),
                ("Days 2, 4".to_string(), vec![breakfast, cycle]),
            ]
        );
    }

    #[test]
    fn a_run_that_starts_on_the_clock_is_told_by_it() {
        let start = Some(ClockStart {
            weekday: 5,
            minute: 360.0,
        });
        let clock = Clock { start, ..HOURS };
        // From Saturday at six: an hour later, and at half past midnight on Sunday, Monday and Tuesday.
        let rows: Vec<Row> = [1.0, 18.5, 42.5, 66.5].map(|at| row(at, at, "x")).to_vec();
        assert_eq!(
            shown(&days(&rows, clock, "")),
            [
                (
                    "Day 1 (Sat)".to_string(),
                    vec!["x|meal|07:00||".to_string()]
                ),
                (
                    "Days 2–4 (Mon, Tue, Sun)".to_string(),
                    vec!["x|meal|00:30||".to_string()]
                ),
            ]
        );
        let week: Vec<i64> = (3..17).collect();
        assert_eq!(clock.weekdays(&week), " (all weekdays)");
    }

    #[test]
    fn of_many_steps_the_first_are_told() {
        let mut bout = row(0.0, 1.0, "run");
        bout.does = ["a", "b", "c", "d"].map(String::from).to_vec();
        assert_eq!(bout.in_the_model(), "a; b; c; d");
        bout.does.push("e".to_string());
        assert_eq!(bout.in_the_model(), "a; b; c; and 2 more steps");
    }

    #[test]
    fn many_different_days_are_folded_away() {
        let rows: Vec<Row> = (0..20)
            .map(|day| {
                row(
                    24.0 * f64::from(day),
                    24.0 * f64::from(day),
                    &format!("{day}"),
                )
            })
            .collect();
        let blocks = days(&rows, HOURS, "");
        assert_eq!(shown(&blocks).len(), MOST_OPEN);
        assert!(matches!(blocks.last(), Some(Block::Folded(words, more))
            if words == "13 more different days" && more.len() == 13));
    }

    #[test]
    fn what_is_done_before_the_start_lies_on_day_zero() {
        assert_eq!(
            (HOURS.day(-1.0), HOURS.day(0.0), HOURS.day(24.0)),
            (0, 1, 2)
        );
        // Three times a third of a day is a day.
        assert_eq!(HOURS.day(24.0 * (1.0 - f64::EPSILON)), 2);
        assert_eq!(
            on_the_clock(&row(-1.0, 0.0, "x"), HOURS),
            ["x", "meal", "23:00", "60 min"]
        );
    }
}
