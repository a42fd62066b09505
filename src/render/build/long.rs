//! Weeks and months: what a quantity is from day to day.

use super::time::{self, ClockStart};
use super::{Arm, BuildError, Happenings, add_happenings, shared_axis, time_axis, value_axis};
use crate::observe::daily::{Day, DaySpread, days};
use crate::render::{Colour, Dash, Figure, Panel, Series, SeriesKind};

/// Most moments of one kind that still say something when every day is a point.
const FEW: usize = 14;

/// A hundred years: a longer run is none of days.
const MOST_DAYS: f64 = 36_525.0;

/// Daily means with the spread of each day behind them: one panel for each group.
///
/// Of what happens, that is shown which lasts for a day or longer, or is rare.
///
/// # Errors
/// When a column is missing or does not fit, or the unit of time is none.
pub fn long(
    title: &str,
    arms: &[Arm],
    groups: &[Vec<&str>],
    happenings: &Happenings,
    clock: Option<ClockStart>,
    spread: DaySpread,
) -> Result<Figure, BuildError> {
    let mut panels = Vec::with_capacity(groups.len());
    for (at, group) in groups.iter().enumerate() {
        let mut panel = daily_panel(arms, group, clock, spread)?;
        let per_day = 24.0 / time::hours_per(&panel.x.unit)?;
        add_happenings(&mut panel, &lasting(happenings, per_day), at == 0);
        panels.push(panel);
    }
    let mut figure = Figure::new(title, panels);
    time::in_readable_time(&mut figure);
    Ok(figure)
}

fn daily_panel(
    arms: &[Arm],
    ids: &[&str],
    clock: Option<ClockStart>,
    spread: DaySpread,
) -> Result<Panel, BuildError> {
    let (first, columns) = shared_axis(arms, ids)?;
    let mut panel = Panel {
        x: time_axis(first),
        y: value_axis(&columns),
        ..Panel::default()
    };
    let hours = time::hours_per(&panel.x.unit)?;
    let midnight = -time::offset(clock) / hours;
    let span = |arm: &Arm| Some(arm.trajectory.time.last()? - arm.trajectory.time.first()?);
    let longest = arms.iter().filter_map(span).fold(0.0, f64::max) * hours / 24.0;
    if longest > MOST_DAYS {
        return Err(BuildError::TooManyDays {
            days: longest as u64,
        });
    }
    let mut lines = Vec::new();
    for (column_index, column) in columns.iter().enumerate() {
        for (arm_index, arm) in arms.iter().enumerate() {
            let values = arm.trajectory.values(&column.id).unwrap_or_default();
            let seen = days(
                &arm.trajectory.time,
                &values,
                midnight,
                24.0 / hours,
                spread,
            );
            let of = [column.label.as_str(), arm.label];
            let hue = [column_index, arm_index][usize::from(ids.len() == 1)];
            let label = match (ids.len(), arm.label.is_empty()) {
                (1, true) => String::new(),
                (1, false) => of[1].to_string(),
                (_, true) => of[0].to_string(),
                (_, false) => of.join(", "),
            };
            let (range, line) = drawn(&seen, &label, spread, hue);
            panel.series.push(range);
            let stroke = if arms.len() == 1 {
                column_index
            } else {
                arm_index
            };
            lines.push(line.with_dash(Dash::nth(stroke)));
        }
    }
    let ends = |arm: &Arm| Some((*arm.trajectory.time.first()?, *arm.trajectory.time.last()?));
    panel.x.range = arms
        .iter()
        .filter_map(ends)
        .reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    // Means lie above every range.
    panel.series.extend(lines);
    Ok(panel)
}

fn drawn(seen: &[Day], label: &str, spread: DaySpread, hue: usize) -> (Series, Series) {
    let x: Vec<f64> = seen.iter().map(|day| 0.5 * (day.from + day.to)).collect();
    let pick = |value: fn(&Day) -> f64| seen.iter().map(value).collect::<Vec<f64>>();
    let words = match spread {
        DaySpread::Extremes => "lowest to highest of the day".to_string(),
        DaySpread::Percentiles(low, high) => format!("{low}th to {high}th percentile of the day"),
    };
    let named = |words: &str| match label {
        "" => words.to_string(),
        label => format!("{label}: {words}"),
    };
    let colour = Colour::Series(hue);
    let high = pick(|day| day.high);
    let mut range = Series::new(named(&words), SeriesKind::Range, x.clone(), high, colour);
    range.base = pick(|day| day.low);
    let mean = pick(|day| day.mean);
    let line = Series::new(named("daily mean"), SeriesKind::Line, x, mean, colour);
    (range, line)
}

/// What lasts for a day or longer, and kinds that are rare.
fn lasting(happenings: &Happenings, per_day: f64) -> Happenings {
    let mut kept = happenings.clone();
    let count = |kind| {
        let marks = happenings.marks.iter().filter(|mark| mark.kind == kind);
        marks.count()
    };
    kept.bands
        .retain(|band| band.to - band.from >= per_day * (1.0 - 1e-9));
    kept.marks.retain(|mark| count(mark.kind) <= FEW);
    kept
}
