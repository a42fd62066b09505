//! A week: one row for each day, all on one clock and one scale.

use super::time::{self, ClockStart};
use super::{Arm, BuildError, Happenings, add_happenings, time_panel};
use crate::render::{Figure, Naming, Panel};
use crate::trajectory::Measured;

/// Days of a week.
const DAYS: u32 = 7;

/// The `week`-th week of a run, counted from 1, one row for each day and one column for each group.
///
/// Weeks are blocks of seven days from the one that holds time 0. Rows of a column share their y axis.
///
/// # Errors
/// When a column is missing or does not fit, the unit of time is none, or the week is not in the run.
pub fn week(
    title: &str,
    arms: &[Arm],
    groups: &[Vec<&str>],
    measured: &[Measured],
    happenings: &Happenings,
    (clock, week): (Option<ClockStart>, u32),
) -> Result<Figure, BuildError> {
    let first_day = DAYS * week.saturating_sub(1);
    let mut columns = Vec::with_capacity(groups.len());
    for group in groups {
        let mut whole = time_panel(arms, group, measured)?;
        add_happenings(&mut whole, happenings, true);
        let hours = time::hours_per(&whole.x.unit)?;
        time::map_x(&mut whole, |x| x * hours + time::offset(clock));
        columns.push(days(&whole, clock, first_day)?);
    }
    let rows = (0..DAYS as usize).flat_map(|day| columns.iter().map(move |days| days[day].clone()));
    let mut figure = Figure::new(title, rows.collect());
    figure.columns = groups.len().max(1);
    figure.share_x = true;
    figure.size = (if figure.columns == 1 { 900 } else { 1100 }, 900);
    Ok(figure)
}

fn days(
    whole: &Panel,
    clock: Option<ClockStart>,
    first_day: u32,
) -> Result<Vec<Panel>, BuildError> {
    let view = |day: u32| {
        let from = 24.0 * f64::from(first_day + day);
        (from, from + 24.0)
    };
    let seen = (view(0).0, view(DAYS - 1).1);
    let ends = time::extent(std::slice::from_ref(whole)).unwrap_or((0.0, 0.0));
    if ends.1 <= seen.0 {
        return Err(BuildError::NoWeek {
            week: first_day / DAYS + 1,
            weeks: (ends.1 / (24.0 * f64::from(DAYS))).ceil() as i64,
        });
    }
    let mut week = whole.clone();
    time::cut(&mut week, seen);
    super::share_y(std::slice::from_mut(&mut week));
    let one = |day: u32| {
        let (from, to) = view(day);
        let mut panel = week.clone();
        time::cut(&mut panel, (from, to));
        panel.naming = Naming::Legend;
        if day == 0 {
            panel.title = whole.y.caption();
            // The first row names the kinds of all that happens in the week.
            (panel.bands, panel.marks) = (week.bands.clone(), week.marks.clone());
        }
        time::map_x(&mut panel, |x| x - from);
        panel.x = time::day_axis(clock);
        panel.x.range = Some((0.0, 24.0));
        panel.y.label = time::day_name(clock, first_day + day);
        panel
    };
    Ok((0..DAYS).map(one).collect())
}
