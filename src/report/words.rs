//! A figure in words: what is drawn, and the numbers that a reader would take from it.

use crate::render::number::significant;
use crate::render::{Axis, Figure, Naming, Panel, Series, SeriesKind, Strip};

/// Most series of a panel that are told with their numbers.
const MOST_SERIES: usize = 12;

/// Most marks and bands of a panel that are told.
const MOST_HAPPENINGS: usize = 12;

/// What the figure shows: per panel its axes and, per series, where it starts and ends, its highest and lowest.
/// ```
/// # use insilin::render::{Axis, Colour, Figure, Panel, Series, SeriesKind};
/// # use insilin::report::words::figure;
/// let mut panel = Panel { x: Axis::new("time", "min"), y: Axis::new("glucose", "mg/dL"), ..Panel::default() };
/// let (x, y) = (vec![0.0, 60.0, 120.0], vec![90.0, 160.0, 120.0]);
/// panel.series.push(Series::new("lunch", SeriesKind::Line, x, y, Colour::Series(0)));
/// let words = figure(&Figure::new("A meal", vec![panel]));
/// assert!(words.contains("lunch starts at 90 mg/dL, is highest with 160 mg/dL at 60 min, and ends at 120 mg/dL"));
/// ```
pub fn figure(figure: &Figure) -> String {
    let mut parts = vec![format!("{}.", figure.title.trim_end_matches('.'))];
    let n = figure.panels.len();
    for (at, panel) in figure.panels.iter().enumerate() {
        let lead = match n {
            1 => String::new(),
            _ => format!("Panel {} of {n}: ", at + 1),
        };
        parts.push(format!("{lead}{}", told(panel)));
    }
    parts.join(" ")
}

fn told(panel: &Panel) -> String {
    let mut parts = vec![format!("{}.", axes(panel))];
    let drawn = |series: &&Series| series.y.iter().any(|value| value.is_finite());
    let series: Vec<&Series> = panel.series.iter().filter(drawn).collect();
    for one in series.iter().take(MOST_SERIES) {
        parts.push(format!("{}.", of_series(one, panel)));
    }
    if series.len() > MOST_SERIES {
        parts.push(format!("And {} more.", series.len() - MOST_SERIES));
    }
    let strips = panel.strips.iter().take(MOST_SERIES);
    parts.extend(strips.map(|strip| format!("{}.", of_strip(strip, panel))));
    if panel.naming != Naming::Nowhere {
        parts.extend(happenings(panel));
    }
    parts.join(" ")
}

fn axes(panel: &Panel) -> String {
    let named = |axis: &Axis, otherwise: &str| match axis.caption() {
        caption if caption.is_empty() => otherwise.to_string(),
        caption if axis.log => format!("{caption} on a logarithmic scale"),
        caption => caption,
    };
    let over = format!(
        "{} against {}",
        named(&panel.y, "values"),
        named(&panel.x, "positions")
    );
    if panel.title.is_empty() {
        over
    } else {
        format!("{}, {over}", panel.title)
    }
}

fn of_series(series: &Series, panel: &Panel) -> String {
    let name = if series.label.is_empty() {
        "The curve"
    } else {
        &series.label
    };
    if !panel.x.categories.is_empty() || series.kind == SeriesKind::Bars {
        return format!("{name}: {}", one_by_one(series, panel));
    }
    match series.kind {
        SeriesKind::Points => scattered(name, series, panel),
        SeriesKind::Range => between(name, series, panel),
        _ => course(name, series, panel),
    }
}

fn unit(axis: &Axis) -> String {
    if axis.unit.is_empty() {
        String::new()
    } else {
        format!(" {}", axis.unit)
    }
}

fn at_x(x: f64, panel: &Panel) -> String {
    if panel.x.clock {
        let minutes = (60.0 * x).round() as i64;
        let hour = minutes.div_euclid(60).rem_euclid(24);
        return format!("{hour:02}:{:02}", minutes.rem_euclid(60));
    }
    format!("{}{}", significant(x, 4), unit(&panel.x))
}

fn with_y(y: f64, panel: &Panel) -> String {
    format!("{}{}", significant(y, 4), unit(&panel.y))
}

/// Where a curve starts, is highest and lowest, and ends; extremes at its ends are not told twice.
fn course(name: &str, series: &Series, panel: &Panel) -> String {
    let points = finite(series);
    let (first, last) = (points[0], points[points.len() - 1]);
    let highest = points.iter().fold(
        first,
        |best, point| if point.1 > best.1 { *point } else { best },
    );
    let lowest = points.iter().fold(
        first,
        |best, point| if point.1 < best.1 { *point } else { best },
    );
    let mut parts = vec![format!("{name} starts at {}", with_y(first.1, panel))];
    let mut extremes = [("highest", highest), ("lowest", lowest)];
    if lowest.0 < highest.0 {
        extremes.reverse();
    }
    for (word, (x, y)) in extremes {
        // Seen from four digits, an end that is as high is the extreme.
        let told = |end: (f64, f64)| with_y(end.1, panel) == with_y(y, panel);
        if !told(first) && !told(last) {
            parts.push(format!(
                "is {word} with {} at {}",
                with_y(y, panel),
                at_x(x, panel)
            ));
        }
    }
    let end = format!(
        "ends at {} at {}",
        with_y(last.1, panel),
        at_x(last.0, panel)
    );
    match parts.len() {
        1 => format!("{} and {end}", parts[0]),
        _ => format!("{}, and {end}", parts.join(", ")),
    }
}

/// Where a filled range lies over all.
fn between(name: &str, series: &Series, panel: &Panel) -> String {
    let ends = |values: &[f64], worse: fn(f64, f64) -> f64| {
        let finite = values.iter().copied().filter(|value| value.is_finite());
        finite.reduce(worse).unwrap_or(f64::NAN)
    };
    let low = ends(&series.base, f64::min);
    let high = ends(&series.y, f64::max);
    let (low, high) = (with_y(low, panel), with_y(high, panel));
    format!("{name} lies between {low} and {high} over all")
}

/// Where a row of a heat strip is darkest and lightest.
fn of_strip(strip: &Strip, panel: &Panel) -> String {
    let points = strip.x.iter().copied().zip(strip.values.iter().copied());
    let points: Vec<(f64, f64)> = points.filter(|(_, value)| value.is_finite()).collect();
    let darkest = points
        .iter()
        .copied()
        .reduce(|a, b| if b.1 > a.1 { b } else { a });
    let lightest = points
        .iter()
        .copied()
        .reduce(|a, b| if b.1 < a.1 { b } else { a });
    let (Some(darkest), Some(lightest)) = (darkest, lightest) else {
        return format!("{}: nothing to show", strip.label);
    };
    let (high, low) = (significant(darkest.1, 4), significant(lightest.1, 4));
    let (from, to) = (at_x(darkest.0, panel), at_x(lightest.0, panel));
    let colours = match strip.note.as_str() {
        "" => String::new(),
        note => format!(" (colours span {note})"),
    };
    format!(
        "{} is highest with {high} at {from} and lowest with {low} at {to}{colours}",
        strip.label
    )
}

/// Points of their own: how many, from where to where.
fn scattered(name: &str, series: &Series, panel: &Panel) -> String {
    let points = finite(series);
    let highest = points.iter().fold(
        points[0],
        |best, point| if point.1 > best.1 { *point } else { best },
    );
    let low = points
        .iter()
        .fold(f64::INFINITY, |low, point| low.min(point.1));
    format!(
        "{name}: {} points between {} and {}, the highest at {}",
        points.len(),
        with_y(low, panel),
        with_y(highest.1, panel),
        at_x(highest.0, panel)
    )
}

/// Every value with the name of its place.
fn one_by_one(series: &Series, panel: &Panel) -> String {
    let named = |(x, y): (f64, f64)| {
        let names = &panel.x.categories;
        let at = (0..names.len()).find(|at| *at as f64 == x);
        let place = at.map_or_else(|| at_x(x, panel), |at| names[at].clone());
        format!("{place} {}", with_y(y, panel))
    };
    let told: Vec<String> = finite(series)
        .into_iter()
        .take(MOST_SERIES)
        .map(named)
        .collect();
    told.join(", ")
}

/// Points that are drawn; parts of a stack by what they add to it.
fn finite(series: &Series) -> Vec<(f64, f64)> {
    let stacked = series.kind == SeriesKind::Area;
    let base = |at: usize| {
        series
            .base
            .get(at)
            .copied()
            .filter(|_| stacked)
            .unwrap_or(0.0)
    };
    let heights = series.y.iter().enumerate().map(|(at, y)| y - base(at));
    let points = series.x.iter().copied().zip(heights);
    points.filter(|(_, y)| y.is_finite()).collect()
}

fn happenings(panel: &Panel) -> Option<String> {
    let marks = panel.marks.iter().filter(|mark| !mark.label.is_empty());
    let marks = marks.map(|mark| format!("{} at {}", mark.label, at_x(mark.at, panel)));
    let bands = panel.bands.iter().filter(|band| !band.label.is_empty());
    let bands = bands.map(|band| {
        let from = if panel.x.clock {
            at_x(band.from, panel)
        } else {
            significant(band.from, 4)
        };
        let to = at_x(band.to, panel);
        format!("{} from {from} to {to}", band.label)
    });
    let all: Vec<String> = marks.chain(bands).collect();
    if all.is_empty() {
        return None;
    }
    let more = all.len().saturating_sub(MOST_HAPPENINGS);
    let mut told = all[..all.len() - more].join("; ");
    if more > 0 {
        told.push_str(&format!("; and {more} more"));
    }
    Some(format!("Marked: {told}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Band, Colour, HappeningKind, Mark};

    fn panel(series: Vec<Series>) -> Panel {
        Panel {
            x: Axis::new("time", "min"),
            y: Axis::new("glucose", "mg/dL"),
            series,
            ..Panel::default()
        }
    }

    fn series(label: &str, kind: SeriesKind, y: &[f64]) -> Series {
        let x = (0..y.len()).map(|at| 10.0 * at as f64).collect();
        Series::new(label, kind, x, y.to_vec(), Colour::Series(0))
    }

    #[test]
    fn a_curve_is_told_by_its_ends_and_extremes_in_their_order() {
        let meal = series("meal", SeriesKind::Line, &[90.0, 160.0, 80.0, 85.0]);
        assert_eq!(
            told(&panel(vec![meal])),
            "glucose (mg/dL) against time (min). meal starts at 90 mg/dL, is highest with 160 mg/dL at 10 min, is lowest \
             with 80 mg/dL at 20 min, and ends at 85 mg/dL at 30 min."
        );
        let falling = series("", SeriesKind::Line, &[8.0, f64::NAN, 2.0]);
        assert!(
            told(&panel(vec![falling]))
                .contains("The curve starts at 8 mg/dL and ends at 2 mg/dL at 20 min.")
        );
    }

    #[test]
    fn measured_points_are_counted_and_what_cannot_be_drawn_is_not_told() {
        let points = series("measured", SeriesKind::Points, &[92.0, 181.0, 100.0]);
        let sign = series("legend alone", SeriesKind::Points, &[f64::NAN]);
        let words = told(&panel(vec![points, sign]));
        assert!(
            words.contains(
                "measured: 3 points between 92 mg/dL and 181 mg/dL, the highest at 10 min."
            )
        );
        assert!(!words.contains("legend alone"));
    }

    #[test]
    fn a_day_is_told_by_the_clock_and_a_strip_by_its_ends() {
        let mut panel = panel(vec![]);
        panel.x.clock = true;
        panel.strips.push(Strip {
            label: "Akt".into(),
            note: "0 – 9 %".into(),
            x: vec![7.5, 8.0, 12.25],
            values: vec![1.0, 9.0, 0.0],
            range: (0.0, 9.0),
        });
        assert!(told(&panel).ends_with(
            "Akt is highest with 9 at 08:00 and lowest with 0 at 12:15 (colours span 0 – 9 %)."
        ));
    }

    #[test]
    fn what_happened_is_told_with_its_time() {
        let mut panel = panel(vec![]);
        panel.marks.push(Mark {
            at: 0.0,
            label: "78 g glucose".into(),
            kind: HappeningKind::Meal,
        });
        panel.bands.push(Band {
            from: 60.0,
            to: 90.0,
            label: "walk".into(),
            kind: HappeningKind::Bout,
        });
        assert!(told(&panel).ends_with("Marked: 78 g glucose at 0 min; walk from 60 to 90 min."));
    }

    #[test]
    fn parts_of_a_stack_are_told_by_what_they_add() {
        let mut part = series("liver", SeriesKind::Area, &[3.0, 5.0]);
        part.base = vec![1.0, 1.0];
        let words = told(&panel(vec![part]));
        let wanted = "liver starts at 2 mg/dL and ends at 4 mg/dL at 10 min.";
        assert!(words.contains(wanted), "{words}");
    }

    #[test]
    fn bars_are_told_by_the_names_below_them() {
        let mut panel = panel(vec![series("", SeriesKind::Bars, &[1.0, 2.0])]);
        panel.series[0].x = vec![0.0, 1.0];
        panel.x = Axis {
            categories: vec!["lean".into(), "obese".into()],
            ..Axis::default()
        };
        assert!(told(&panel).contains("lean 1 mg/dL, obese 2 mg/dL"));
    }
}
