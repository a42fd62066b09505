//! The standard figures: time courses, stacked fluxes, dose–response curves, small multiples.

mod bands;
mod bars;
mod effects;
mod family;
mod field;
mod heat;
mod long;
mod scatter;
mod screening;
mod time;
mod week;

pub use bands::{Spread, percentile_bands, spaghetti};
pub use bars::{Bars, bar_panel, bars};
pub use effects::{Effect, Index, Indices, sobol, tornado};
pub use family::{Member, family};
pub use field::{Grid, contour_map, heat_map};
pub use heat::{HeatScale, heat};
pub use long::long;
pub use scatter::{Sample, scatter};
pub use screening::{Elementary, morris};
pub use time::{ClockStart, in_readable_time, on_the_clock};
pub use week::week;

use super::{Axis, Band, Colour, Dash, Figure, Mark, Naming, Panel, Series, SeriesKind};
use crate::trajectory::{Column, ColumnKind, Measured, Trajectory};

/// One of the trajectories that a figure compares.
#[derive(Debug, Clone, Copy)]
pub struct Arm<'a> {
    /// Words for the legend; empty when there is only one arm.
    pub label: &'a str,
    /// What was simulated.
    pub trajectory: &'a Trajectory,
}

/// Why a figure cannot be built from what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildError {
    /// A trajectory has no such column.
    Unknown {
        /// Identifier asked for.
        id: String,
    },
    /// Two things for one axis have different units.
    Units {
        /// What does not fit, and its unit.
        found: (String, String),
        /// The unit of what is there already.
        expected: String,
    },
    /// A part of a whole that is below zero somewhere.
    Negative {
        /// Its identifier.
        id: String,
    },
    /// Days are asked for, and the unit of time is none.
    Clockless {
        /// The unit found; may be empty.
        unit: String,
    },
    /// The run has no such day.
    NoDay {
        /// Asked for, counted from 1.
        day: u32,
        /// First day of the run.
        first: i64,
        /// Last day of the run.
        last: i64,
    },
    /// The run has no such week.
    NoWeek {
        /// Asked for, counted from 1.
        week: u32,
        /// Weeks of the run, the last one perhaps not whole.
        weeks: i64,
    },
    /// More days than a figure of days can show.
    TooManyDays {
        /// Days of the run.
        days: u64,
    },
    /// A panel without any column or arm.
    Empty,
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown { id } => write!(f, "no column is called `{id}`"),
            Self::Units {
                found: (id, unit),
                expected,
            } => {
                write!(
                    f,
                    "`{id}` is in `{unit}` and cannot share an axis in `{expected}`"
                )
            }
            Self::Negative { id } => {
                write!(f, "`{id}` is below zero somewhere and cannot be stacked")
            }
            Self::Clockless { unit } if unit.is_empty() => {
                write!(f, "the model says no unit of time, so there are no days")
            }
            Self::Clockless { unit } => write!(f, "`{unit}` is no unit of time"),
            Self::NoDay { day, first, last } if first == last => {
                write!(f, "the run has no day {day}: it has day {first}")
            }
            Self::NoDay { day, first, last } => {
                write!(f, "the run has no day {day}: it has days {first} to {last}")
            }
            Self::NoWeek { week, weeks: 1 } => {
                write!(f, "the run has no week {week}: it has one")
            }
            Self::NoWeek { week, weeks } => {
                write!(f, "the run has no week {week}: it has {weeks}")
            }
            Self::TooManyDays { days } => {
                write!(f, "the run has {days} days, too many to show each")
            }
            Self::Empty => write!(f, "a panel needs at least one column"),
        }
    }
}

impl std::error::Error for BuildError {}

/// What happened during a run, for shading and arrows on every panel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Happenings {
    /// Shaded spans, in the unit of time.
    pub bands: Vec<Band>,
    /// Arrows, in the unit of time.
    pub marks: Vec<Mark>,
}

/// Columns against time: one panel per group, stacked with a shared time axis.
///
/// * `groups` — identifiers of the columns in each panel; within a group all have one unit
/// * `arms` — the runs compared; each has every column asked for
/// * `measured` — laid over the panel that shows its observable; its unit must be the column's
///
/// Arms differ by stroke, and with one column per panel by colour too; columns differ by colour, of one arm by stroke too.
pub fn time_course(
    title: &str,
    arms: &[Arm],
    groups: &[Vec<&str>],
    measured: &[Measured],
    happenings: &Happenings,
) -> Result<Figure, BuildError> {
    let mut panels = Vec::with_capacity(groups.len());
    for (index, group) in groups.iter().enumerate() {
        let mut panel = time_panel(arms, group, measured)?;
        add_happenings(&mut panel, happenings, index == 0);
        panels.push(panel);
    }
    let mut figure = Figure::new(title, panels);
    in_readable_time(&mut figure);
    Ok(figure)
}

/// One panel of columns against time, with the measured series of those columns on top.
pub fn time_panel(arms: &[Arm], ids: &[&str], measured: &[Measured]) -> Result<Panel, BuildError> {
    let (first, columns) = shared_axis(arms, ids)?;
    let mut panel = Panel {
        x: time_axis(first),
        y: value_axis(&columns),
        ..Panel::default()
    };
    let measured: Vec<&Measured> = measured
        .iter()
        .filter(|series| ids.contains(&series.observable.as_str()))
        .collect();
    // One line alone is named by its axis.
    let alone = arms.len() == 1 && ids.len() == 1 && measured.is_empty();
    panel.zero_line = columns
        .iter()
        .any(|column| column.kind == ColumnKind::Reaction);
    for (column_index, column) in columns.iter().enumerate() {
        for (arm_index, arm) in arms.iter().enumerate() {
            let values = arm
                .trajectory
                .values(&column.id)
                .ok_or_else(|| unknown(&column.id))?;
            let hue = if ids.len() == 1 {
                arm_index
            } else {
                column_index
            };
            let label = if alone {
                String::new()
            } else {
                series_label(column, arm.label, ids.len())
            };
            let time = arm.trajectory.time.clone();
            let series = Series::new(label, SeriesKind::Line, time, values, Colour::Series(hue));
            let stroke = if arms.len() == 1 {
                column_index
            } else {
                arm_index
            };
            panel.series.push(series.with_dash(Dash::nth(stroke)));
        }
    }
    for series in measured {
        let index = ids
            .iter()
            .position(|&id| id == series.observable)
            .expect("filtered on it");
        panel.series.push(measured_series(
            series,
            columns[index],
            (ids.len() > 1).then_some(index),
        )?);
    }
    name_alike_once(&mut panel);
    Ok(panel)
}

/// Points of one study in several colours are named once, by a neutral sign: their colours are those of the lines.
fn name_alike_once(panel: &mut Panel) {
    let points = |series: &Series| series.kind == SeriesKind::Points;
    let labels: Vec<String> = panel
        .series
        .iter()
        .filter(|series| points(series))
        .map(|series| series.label.clone())
        .collect();
    let alike = labels.len() > 1 && labels.iter().all(|label| *label == labels[0]);
    if !alike {
        return;
    }
    for series in panel.series.iter_mut().filter(|series| points(series)) {
        series.label.clear();
    }
    let sign = Series::new(
        labels[0].as_str(),
        SeriesKind::Points,
        vec![f64::NAN],
        vec![f64::NAN],
        Colour::Measured,
    );
    panel.series.push(sign.with_spread(vec![f64::NAN]));
}

/// Fluxes (or other parts of one whole) stacked on top of each other, in the order given, for one run.
///
/// # Errors
/// When a part is below zero anywhere: use [`time_panel`] for those.
pub fn stacked_panel(trajectory: &Trajectory, ids: &[&str]) -> Result<Panel, BuildError> {
    let (_, columns) = shared_axis(
        &[Arm {
            label: "",
            trajectory,
        }],
        ids,
    )?;
    let mut panel = Panel {
        x: time_axis(trajectory),
        y: value_axis(&columns),
        ..Panel::default()
    };
    let mut base = vec![0.0; trajectory.n_times()];
    for (index, column) in columns.iter().enumerate() {
        let values = trajectory
            .values(&column.id)
            .ok_or_else(|| unknown(&column.id))?;
        // What an integrator leaves of a flux that has ended is no outflow.
        let largest = values
            .iter()
            .fold(0.0_f64, |most, value| most.max(value.abs()));
        if values.iter().any(|&value| value < -1e-6 * largest) {
            let id = column.id.clone();
            return Err(BuildError::Negative { id });
        }
        let top: Vec<f64> = base
            .iter()
            .zip(&values)
            .map(|(below, value)| below + value)
            .collect();
        let time = trajectory.time.clone();
        let mut series = Series::new(
            column.label.as_str(),
            SeriesKind::Area,
            time,
            top.clone(),
            Colour::Series(index),
        );
        series.base = std::mem::replace(&mut base, top);
        panel.series.push(series);
    }
    Ok(panel)
}

/// A curve of response against dose.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Words for the legend.
    pub label: String,
    /// Doses, in the unit of the x axis; on a logarithmic axis those that are not positive are not drawn.
    pub dose: Vec<f64>,
    /// Responses, in the unit of the y axis, one per dose.
    pub response: Vec<f64>,
    /// Half-length of the error bar per dose, or empty.
    pub spread: Vec<f64>,
    /// Whether it was measured (dots) rather than simulated (dots joined by a line).
    pub measured: bool,
}

/// Responses against dose; the dose axis is logarithmic when `dose.log` says so.
pub fn dose_response(title: &str, dose: Axis, response: Axis, curves: &[Curve]) -> Figure {
    let mut panel = Panel {
        x: dose,
        y: response,
        ..Panel::default()
    };
    let mut n_simulated = 0;
    for curve in curves {
        let (kind, colour) = if curve.measured {
            (SeriesKind::Points, Colour::Measured)
        } else {
            n_simulated += 1;
            (SeriesKind::LinePoints, Colour::Series(n_simulated - 1))
        };
        let series = Series::new(
            curve.label.as_str(),
            kind,
            curve.dose.clone(),
            curve.response.clone(),
            colour,
        );
        panel.series.push(series.with_spread(curve.spread.clone()));
    }
    Figure::new(title, vec![panel])
}

/// Panels of equal size in a grid of `columns`, each with its own axes.
pub fn small_multiples(title: &str, panels: Vec<Panel>, columns: usize) -> Figure {
    let columns = columns.max(1);
    let rows =
        u32::try_from(panels.len().div_ceil(columns)).expect("far fewer panels than u32 holds");
    let mut figure = Figure::new(title, panels);
    let width = if columns == 1 { 900 } else { 1100 };
    figure.size = (width, 110 + 280 * rows.max(1));
    figure.columns = columns;
    figure.share_x = false;
    figure
}

/// Adds what happened to a panel; `named` says whether it is named there too (once per figure is enough).
pub fn add_happenings(panel: &mut Panel, happenings: &Happenings, named: bool) {
    panel.bands.extend(happenings.bands.iter().cloned());
    panel.marks.extend(happenings.marks.iter().cloned());
    panel.naming = if named {
        Naming::Lanes
    } else {
        Naming::Nowhere
    };
}

/// Gives panels that are to be compared one y axis.
pub fn share_y(panels: &mut [Panel]) {
    let values = panels.iter().flat_map(|panel| &panel.series);
    let values = values.flat_map(|series| series.y.iter().copied());
    let ends =
        values
            .filter(|value| value.is_finite())
            .fold(None, |ends: Option<(f64, f64)>, value| {
                let (low, high) = ends.unwrap_or((value, value));
                Some((low.min(value), high.max(value)))
            });
    panels.iter_mut().for_each(|panel| panel.y.covers = ends);
}

/// Legend words of a measured series: what it is, its spread, the number of people, the source.
/// ```
/// # use insilin::render::build::measured_label;
/// # use insilin::trajectory::{Measured, SpreadKind};
/// let measured = Measured {
///     observable: "G".into(), label: String::new(), time: vec![], value: vec![],
///     spread: vec![], spread_kind: Some(SpreadKind::StandardDeviation), n: Some(204), unit: "mg/dL".into(),
///     source: "Dalla Man 2007 doi:10.1109/TBME.2007.893506".into(),
/// };
/// assert_eq!(measured_label(&measured), "measured, mean ± SD, n = 204 (Dalla Man 2007)");
/// ```
pub fn measured_label(measured: &Measured) -> String {
    let mut label = if measured.label.is_empty() {
        "measured".to_string()
    } else {
        measured.label.clone()
    };
    if let Some(kind) = measured.spread_kind {
        label.push_str(&format!(", mean ± {}", kind.abbreviation()));
    }
    if let Some(n) = measured.n {
        label.push_str(&format!(", n = {n}"));
    }
    // The identifier of the paper belongs to the data file; here the name is enough.
    let source = measured
        .source
        .split(" doi:")
        .next()
        .unwrap_or_default()
        .trim();
    if !source.is_empty() {
        label.push_str(&format!(" ({source})"));
    }
    label
}

fn measured_series(
    measured: &Measured,
    column: &Column,
    hue: Option<usize>,
) -> Result<Series, BuildError> {
    if measured.unit != column.unit {
        let found = (
            format!("measured {}", measured.observable),
            measured.unit.clone(),
        );
        return Err(BuildError::Units {
            found,
            expected: column.unit.clone(),
        });
    }
    // Among several lines a point must show which one it belongs to.
    let colour = hue.map_or(Colour::Measured, Colour::Series);
    let (time, value) = (measured.time.clone(), measured.value.clone());
    let series = Series::new(
        measured_label(measured),
        SeriesKind::Points,
        time,
        value,
        colour,
    );
    let published = measured.spread.iter().any(|spread| spread.is_finite());
    Ok(if published {
        series.with_spread(measured.spread.clone())
    } else {
        series
    })
}

/// First run and its columns, after checking that they share a unit, and all runs their unit of time.
fn shared_axis<'a>(
    arms: &[Arm<'a>],
    ids: &[&str],
) -> Result<(&'a Trajectory, Vec<&'a Column>), BuildError> {
    let first = arms.first().ok_or(BuildError::Empty)?.trajectory;
    let mut columns: Vec<&Column> = Vec::with_capacity(ids.len());
    for arm in arms {
        same_unit("time", &arm.trajectory.time_unit, &first.time_unit)?;
        for &id in ids {
            let column = arm.trajectory.column(id).ok_or_else(|| unknown(id))?;
            same_unit(
                id,
                &column.unit,
                columns.first().map_or(&column.unit, |there| &there.unit),
            )?;
            if columns.len() < ids.len() {
                columns.push(column);
            }
        }
    }
    if columns.is_empty() {
        Err(BuildError::Empty)
    } else {
        Ok((first, columns))
    }
}

fn same_unit(id: &str, unit: &str, expected: &str) -> Result<(), BuildError> {
    if unit == expected {
        return Ok(());
    }
    Err(BuildError::Units {
        found: (id.into(), unit.into()),
        expected: expected.into(),
    })
}

fn unknown(id: &str) -> BuildError {
    BuildError::Unknown { id: id.into() }
}

fn time_axis(trajectory: &Trajectory) -> Axis {
    Axis::new("time", trajectory.time_unit.as_str())
}

/// Axis named after its column, or after what several have in common.
fn value_axis(columns: &[&Column]) -> Axis {
    let label = match columns {
        [only] => only.label.as_str(),
        many if many
            .iter()
            .all(|column| column.kind == ColumnKind::Reaction) =>
        {
            "flux"
        }
        _ => "",
    };
    Axis::new(label, columns[0].unit.as_str())
}

fn series_label(column: &Column, arm: &str, n_columns: usize) -> String {
    match (arm.is_empty(), n_columns) {
        (true, 1) => "simulated".into(),
        (true, _) => column.label.clone(),
        (false, 1) => arm.into(),
        (false, _) => format!("{}, {arm}", column.label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn fluxes() -> Trajectory {
        let columns = vec![
            Column::new("EGP", "mg/kg/min", ColumnKind::Reaction),
            Column::new("Ra", "mg/kg/min", ColumnKind::Reaction),
            Column::new("G", "mg/dL", ColumnKind::Species),
        ];
        Trajectory::new(
            vec![0.0, 1.0],
            "min",
            columns,
            array![[2.0, 0.0, 90.0], [1.0, 5.0, 95.0]],
        )
    }

    #[test]
    fn stacked_parts_start_where_the_one_below_ends() {
        let panel = stacked_panel(&fluxes(), &["EGP", "Ra"]).unwrap();
        assert_eq!(panel.series[1].base, [2.0, 1.0]);
        assert_eq!(panel.series[1].y, [2.0, 6.0]);
        assert_eq!(panel.y.caption(), "flux (mg/kg/min)");
    }

    #[test]
    fn what_does_not_fit_on_one_axis_is_refused_by_name() {
        let trajectory = fluxes();
        let arms = [Arm {
            label: "",
            trajectory: &trajectory,
        }];
        let message = |ids: &[&str]| time_panel(&arms, ids, &[]).unwrap_err().to_string();
        assert_eq!(
            message(&["EGP", "G"]),
            "`G` is in `mg/dL` and cannot share an axis in `mg/kg/min`"
        );
        assert_eq!(message(&["X"]), "no column is called `X`");
        assert_eq!(message(&[]), "a panel needs at least one column");
    }

    #[test]
    fn arms_of_one_column_differ_by_colour_and_of_several_by_stroke() {
        let trajectory = fluxes();
        let arms = ["rest", "exercise"].map(|label| Arm {
            label,
            trajectory: &trajectory,
        });
        let one = time_panel(&arms, &["G"], &[]).unwrap();
        assert_eq!(
            (one.series[1].label.as_str(), one.series[1].colour),
            ("exercise", Colour::Series(1))
        );
        let two = time_panel(&arms, &["EGP", "Ra"], &[]).unwrap();
        let last = two.series.last().unwrap();
        assert_eq!(
            (last.label.as_str(), last.colour, last.dash),
            ("Ra, exercise", Colour::Series(1), Dash::Dashed)
        );
    }
}
