//! What was done and when, as a reader of the page is told: happenings with what they do in the model, day by day.

use super::{Block, Table};
use crate::model::text::formula_text;
use crate::model::{ExprKind, Formula, Model, Symbol};
use crate::render::number::significant;
use crate::scenario::{Arm, Clamp, Entry, TimeAxis};
use crate::units::{conversion_factor, parse_unit};

/// Most different days that stand open; the others are folded away.
const MOST_OPEN: usize = 7;

const DAY_MIN: f64 = 24.0 * 60.0;

/// One thing done: a happening, or an entry that belongs to none.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    from: f64,
    to: f64,
    what: String,
    /// What it does in the model.
    does: Vec<String>,
}

/// The calendar of an arm: one table for a run within a day, one per different day for longer ones.
pub fn blocks(arm: &Arm) -> Vec<Block> {
    let rows = rows(arm);
    let label = if arm.label.is_empty() {
        String::new()
    } else {
        format!(" ({})", arm.label)
    };
    if rows.is_empty() {
        return vec![Block::Text(format!(
            "Nothing is done during the run{label}."
        ))];
    }
    match minutes_per_unit(&arm.time) {
        Some(minutes) if (arm.time.end - arm.time.start) * minutes > DAY_MIN => {
            days(&rows, minutes, &label)
        }
        _ => vec![Block::Table(plain(&rows, &arm.time, &label))],
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
    // A happening is followed by what it does; that begins when it does.
    let mut open: Option<f64> = None;
    for entry in &arm.protocol.entries {
        if let Entry::Mark {
            label, from, to, ..
        } = entry
        {
            open = Some(*from);
            rows.push(Row {
                from: *from,
                to: *to,
                what: label.clone(),
                does: Vec::new(),
            });
            continue;
        }
        let (from, to, words) = primitive(entry, arm);
        match rows.last_mut() {
            Some(row) if open == Some(from) => row.does.push(words),
            _ => {
                open = None;
                rows.push(Row {
                    from,
                    to,
                    what: words,
                    does: Vec::new(),
                });
            }
        }
    }
    rows.sort_by(|left, right| left.from.total_cmp(&right.from));
    rows
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
        _ => formula_text(value, &|symbol| model.identity(*symbol).id.clone()),
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
        &["what", &from, &to, "in the model"],
    );
    for row in rows {
        let to = if row.to > row.from {
            significant(row.to, 6)
        } else {
            String::new()
        };
        let does = row.does.join("; ");
        table.push([&row.what, &significant(row.from, 6), &to, &does]);
    }
    table
}

// ---- over days

/// Days on which the same is done at the same times.
struct Day {
    numbers: Vec<i64>,
    /// Clock, length and words of all that is done.
    done: Vec<[String; 3]>,
    does: Vec<String>,
}

fn days(rows: &[Row], minutes: f64, label: &str) -> Vec<Block> {
    let mut days: Vec<Day> = Vec::new();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let number = day_of(first.from * minutes);
        let n = rest
            .iter()
            .take_while(|row| day_of(row.from * minutes) == number)
            .count();
        let (today, later) = rest.split_at(n);
        rest = later;
        let done: Vec<[String; 3]> = today.iter().map(|row| on_the_clock(row, minutes)).collect();
        match days.iter_mut().find(|day| day.done == done) {
            Some(day) => day.numbers.push(number),
            None => days.push(Day {
                numbers: vec![number],
                done,
                does: today.iter().map(|row| row.does.join("; ")).collect(),
            }),
        }
    }
    let mut tables: Vec<Block> = days
        .iter()
        .map(|day| Block::Table(day.table(label)))
        .collect();
    let more = tables.split_off(tables.len().min(MOST_OPEN));
    let mut blocks = vec![Block::Text(format!(
        "Days are counted from 1, hours from the start of each; days on which the same is done stand together. {} \
         different days.",
        days.len()
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

/// The day that holds a time in minutes; the first is 1, the one before it 0.
fn day_of(minutes: f64) -> i64 {
    // Times computed from days may lie a rounding error before midnight.
    (minutes / DAY_MIN + 1e-9).floor() as i64 + 1
}

fn on_the_clock(row: &Row, minutes: f64) -> [String; 3] {
    let start = row.from * minutes;
    let into_day = start - (day_of(start) - 1) as f64 * DAY_MIN;
    let length = if row.to > row.from {
        duration((row.to - row.from) * minutes)
    } else {
        String::new()
    };
    [row.what.clone(), clock(into_day), length]
}

fn clock(minutes: f64) -> String {
    let whole = minutes.round() as i64;
    format!("{:02}:{:02}", whole / 60, whole % 60)
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
    fn table(&self, label: &str) -> Table {
        let word = if self.numbers.len() == 1 {
            "Day"
        } else {
            "Days"
        };
        let caption = format!("{word} {}{label}", ranges(&self.numbers));
        let mut table = Table::new(caption, &["what", "#at", "#for", "in the model"]);
        for ([what, at, length], does) in self.done.iter().zip(&self.does) {
            table.push([what, at, length, does]);
        }
        table
    }
}

/// Rising numbers as people write them: `1–5, 8, 10–11`.
fn ranges(numbers: &[i64]) -> String {
    let mut parts: Vec<(i64, i64)> = Vec::new();
    for &number in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => parts.push((number, number)),
        }
    }
    let word = |&(first, last): &(i64, i64)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}–{last}"),
    };
    parts.iter().map(word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(from: f64, to: f64, what: &str) -> Row {
        Row {
            from,
            to,
            what: what.to_string(),
            does: Vec::new(),
        }
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
        assert_eq!(
            shown(&days(&rows, 60.0, "")),
            [
                (
                    "Days 1, 3, 5".to_string(),
                    vec!["breakfast|07:30||".to_string()]
                ),
                (
                    "Days 2, 4".to_string(),
                    vec![
                        "breakfast|07:30||".to_string(),
                        "cycle|17:00|45 min|".to_string()
                    ]
                ),
            ]
        );
    }

    #[test]
    fn many_different_days_are_folded_away() {
        let rows: Vec<Row> = (0..20)
            .map(|day| row(f64::from(day), f64::from(day), &format!("{day}")))
            .collect();
        let blocks = days(&rows, DAY_MIN, "");
        assert_eq!(shown(&blocks).len(), MOST_OPEN);
        assert!(matches!(blocks.last(), Some(Block::Folded(words, more))
            if words == "13 more different days" && more.len() == 13));
    }

    #[test]
    fn what_is_done_before_the_start_lies_on_day_zero() {
        assert_eq!((day_of(-1.0), day_of(0.0), day_of(DAY_MIN)), (0, 1, 2));
        // Three times a third of a day is a day.
        assert_eq!(day_of(3.0 * (DAY_MIN / 3.0) * (1.0 - f64::EPSILON)), 2);
        assert_eq!(
            on_the_clock(&row(-60.0, 0.0, "x"), 1.0),
            ["x", "23:00", "60 min"]
        );
    }

    #[test]
    fn numbers_of_days_are_ranges() {
        assert_eq!(ranges(&[1, 2, 3, 5, 8, 9]), "1–3, 5, 8, 9");
    }
}
