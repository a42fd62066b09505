//! Time on the x axis: in a unit that reads well, or on the clock.

use super::BuildError;
use crate::render::{Axis, Figure, Panel, SeriesKind};
use crate::units::{conversion_factor, parse_unit};

/// Day of the week and time of day at time 0 of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClockStart {
    /// 0 for Monday … 6 for Sunday.
    pub weekday: u8,
    /// Minutes after midnight, 0 … 1440.
    pub minute: f64,
}

/// Names of the days, Monday first.
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Units of time with their hours and the longest span, in hours, that reads well in them.
const LADDER: [(&str, f64, f64); 6] = [
    ("s", 1.0 / 3600.0, 0.25),
    ("min", 1.0 / 60.0, 10.0),
    ("h", 1.0, 96.0),
    ("d", 24.0, 70.0 * 24.0),
    ("weeks", 168.0, 156.0 * 168.0),
    ("years", 8766.0, f64::INFINITY),
];

/// Hours in one unit of time as trajectories display it.
///
/// # Errors
/// When the unit is empty or no unit of time.
pub(super) fn hours_per(unit: &str) -> Result<f64, BuildError> {
    let hour = parse_unit("h").expect("an hour is a unit");
    let own = parse_unit(unit).ok().filter(|_| !unit.is_empty());
    own.and_then(|own| conversion_factor(&own, &hour))
        .ok_or_else(|| BuildError::Clockless { unit: unit.into() })
}

/// Name of the day that is `day` days after the first of the run.
pub(super) fn day_name(clock: Option<ClockStart>, day: u32) -> String {
    match clock {
        Some(clock) => WEEKDAYS[(u32::from(clock.weekday) + day) as usize % 7].into(),
        None => format!("day {}", day + 1),
    }
}

/// Moves everything along x.
pub(super) fn map_x(panel: &mut Panel, to: impl Fn(f64) -> f64) {
    let series = panel.series.iter_mut().flat_map(|series| &mut series.x);
    let strips = panel.strips.iter_mut().flat_map(|strip| &mut strip.x);
    let bands = panel.bands.iter_mut();
    let bands = bands.flat_map(|band| [&mut band.from, &mut band.to]);
    let marks = panel.marks.iter_mut().map(|mark| &mut mark.at);
    let bundles = panel.bundles.iter_mut();
    let strands = bundles.flat_map(|bundle| &mut bundle.strands);
    let strands = strands.flat_map(|strand| &mut strand.x);
    let clouds = panel.clouds.iter_mut().flat_map(|cloud| &mut cloud.x);
    let all = series.chain(strips).chain(bands).chain(marks);
    let all = all.chain(strands).chain(clouds).chain(&mut panel.shown_to);
    all.for_each(|x| *x = to(*x));
    let halves = panel.series.iter_mut();
    let halves = halves.flat_map(|series| &mut series.x_spread);
    halves.for_each(|half| *half = to(*half) - to(0.0));
    let ends = |(low, high)| (to(low), to(high));
    panel.x.range = panel.x.range.map(ends);
    panel.x.covers = panel.x.covers.map(ends);
}

/// First and last position of what is drawn, in the unit of the x axis; none where nothing is.
pub(super) fn extent(panels: &[Panel]) -> Option<(f64, f64)> {
    let series = panels.iter().flat_map(|panel| &panel.series);
    let series = series.filter(|series| series.kind != SeriesKind::Points);
    let strips = panels.iter().flat_map(|panel| &panel.strips);
    let bundles = panels.iter().flat_map(|panel| &panel.bundles);
    let strands = bundles.flat_map(|bundle| &bundle.strands);
    let ends = |x: &Vec<f64>| Some((*x.first()?, *x.last()?));
    let all = series
        .map(|series| &series.x)
        .chain(strips.map(|strip| &strip.x))
        .chain(strands.map(|strand| &strand.x))
        .filter_map(ends);
    all.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

/// Time axes in the unit that suits their length: a run of 84 days in minutes is shown in weeks.
///
/// A unit that is not the display form of a unit of time stays, and nothing becomes finer than it was.
pub fn in_readable_time(figure: &mut Figure) {
    let Some((from, to)) = extent(&figure.panels) else {
        return;
    };
    for panel in figure.panels.iter_mut().filter(|panel| !panel.x.clock) {
        let Some(own) = LADDER.iter().position(|step| step.0 == panel.x.unit) else {
            continue;
        };
        let hours = (to - from) * LADDER[own].1;
        let fits = LADDER[own..]
            .iter()
            .find(|step| hours <= step.2 * (1.0 + 1e-9));
        let (unit, length, _) = fits.expect("the last one takes any span");
        if *unit != panel.x.unit {
            let factor = LADDER[own].1 / length;
            map_x(panel, |x| x * factor);
            panel.x.unit = (*unit).into();
        }
    }
}

/// The axis of a day: the clock where there is one, else hours.
pub(super) fn day_axis(clock: Option<ClockStart>) -> Axis {
    match clock {
        Some(_) => Axis {
            clock: true,
            ..Axis::new("time of day", "h:min")
        },
        None => Axis::new("time", "h"),
    }
}

/// Hours after the midnight of the first day at which the run has its time 0.
pub(super) fn offset(clock: Option<ClockStart>) -> f64 {
    clock.map_or(0.0, |clock| clock.minute / 60.0)
}

/// A figure over time as a figure over the hours of a day.
///
/// * `clock` — day and time of day at time 0; without it, hours since time 0
/// * `day` — the day to show, counted from 1, the one that holds time 0; when absent the whole run if it is shorter than
///   a day and a half, else its first whole day
///
/// # Errors
/// When the unit of time is none, or the day is not in the run.
pub fn on_the_clock(
    figure: &mut Figure,
    clock: Option<ClockStart>,
    day: Option<u32>,
) -> Result<(), BuildError> {
    for panel in &mut figure.panels {
        let hours = hours_per(&panel.x.unit)?;
        map_x(panel, |x| x * hours + offset(clock));
        panel.x = day_axis(clock);
    }
    let Some((first, last)) = extent(&figure.panels) else {
        return Ok(());
    };
    let view = match day {
        Some(day) => day_view(day, first, last)?,
        None if last - first <= 36.0 => (first, last),
        None => {
            let midnight = 24.0 * (first / 24.0).ceil();
            (midnight, midnight + 24.0)
        }
    };
    for panel in &mut figure.panels {
        panel.x.range = Some(view);
        cut(panel, view);
    }
    Ok(())
}

fn day_view(day: u32, first: f64, last: f64) -> Result<(f64, f64), BuildError> {
    let view = (24.0 * (f64::from(day) - 1.0), 24.0 * f64::from(day));
    if view.0 >= last || view.1 <= first {
        let days = ((first / 24.0).floor() + 1.0, (last / 24.0).ceil());
        return Err(BuildError::NoDay {
            day,
            first: days.0 as i64,
            last: days.1 as i64,
        });
    }
    Ok(view)
}

/// Leaves of lines what lies within `view`, and one point at either side, so that y axes fit what is seen.
pub(super) fn cut(panel: &mut Panel, (from, to): (f64, f64)) {
    for series in &mut panel.series {
        let line = series.kind != SeriesKind::Points;
        let first = series.x.partition_point(|&x| x < from);
        let last = series.x.partition_point(|&x| x <= to);
        let (first, last) = if line {
            (first.saturating_sub(1), (last + 1).min(series.x.len()))
        } else {
            (first, last)
        };
        let lists = [
            &mut series.x,
            &mut series.y,
            &mut series.spread,
            &mut series.x_spread,
            &mut series.base,
        ];
        for list in lists.into_iter().filter(|list| !list.is_empty()) {
            list.truncate(last);
            list.drain(..first.min(list.len()));
        }
    }
    panel.bands.retain(|band| band.from < to && band.to > from);
    panel.marks.retain(|mark| (from..=to).contains(&mark.at));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Colour, Series};

    fn figure(unit: &str, end: f64) -> Figure {
        let x = vec![0.0, 0.5 * end, end];
        let y = vec![1.0, 2.0, 3.0];
        let series = Series::new("", SeriesKind::Line, x, y, Colour::Series(0));
        let panel = Panel {
            x: Axis::new("time", unit),
            series: vec![series],
            ..Panel::default()
        };
        Figure::new("", vec![panel])
    }

    #[test]
    fn long_runs_are_shown_in_longer_units() {
        let shown = |unit: &str, end: f64| {
            let mut figure = figure(unit, end);
            in_readable_time(&mut figure);
            let panel = &figure.panels[0];
            (panel.x.unit.clone(), *panel.series[0].x.last().unwrap())
        };
        let cases = [
            ("min", 420.0, "min", 420.0),
            ("min", 1440.0, "h", 24.0),
            ("min", 7.0 * 1440.0, "d", 7.0),
            ("min", 84.0 * 1440.0, "weeks", 12.0),
            ("s", 3600.0, "min", 60.0),
            ("d", 28.0, "d", 28.0),
            ("d", 3652.5, "years", 10.0),
            ("", 1e6, "", 1e6),
        ];
        for (unit, end, expected, length) in cases {
            let (found, last) = shown(unit, end);
            assert_eq!(found, expected);
            assert!((last - length).abs() < 1e-9, "{last} {found}");
        }
    }

    #[test]
    fn a_day_is_cut_out_of_a_longer_run() {
        let clock = Some(ClockStart {
            weekday: 0,
            minute: 360.0,
        });
        let mut two = figure("min", 2.0 * 1440.0);
        on_the_clock(&mut two, clock, Some(2)).unwrap();
        assert_eq!(two.panels[0].x.range, Some((24.0, 48.0)));
        // Samples at 6, 30 and 54 h after midnight: all are needed for the line through the day.
        assert_eq!(two.panels[0].series[0].x, [6.0, 30.0, 54.0]);
        let mut none = figure("min", 2.0 * 1440.0);
        let error = on_the_clock(&mut none, clock, Some(4)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the run has no day 4: it has days 1 to 3"
        );
        let mut unitless = figure("", 10.0);
        assert!(on_the_clock(&mut unitless, clock, None).is_err());
    }

    #[test]
    fn days_have_the_names_of_the_week() {
        let clock = Some(ClockStart {
            weekday: 5,
            minute: 0.0,
        });
        let names: Vec<String> = (0..3).map(|day| day_name(clock, day)).collect();
        assert_eq!(names, ["Sat", "Sun", "Mon"]);
        assert_eq!(day_name(None, 0), "day 1");
    }
}
