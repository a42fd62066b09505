//! One figure of a sweep.

use insilin::diag::did_you_mean;
use insilin::render::build::{
    Curve, Grid, Member, Sample, Spread, contour_map, dose_response, family, heat_map,
    percentile_bands, scatter, spaghetti,
};
use insilin::render::number::significant;
use insilin::render::{Axis, Figure, Threshold};
use insilin::scenario::sweep::{SweepFigure, SweepFigureKind};
use insilin::units::{parse_quantity, parse_unit};

use super::super::record::{AxisRecord, ColumnRecord, SweepRecord};
use super::data::{Curves, Rows};

/// Contour lines of a map, about.
const LEVELS: usize = 8;

/// More lines than this are told apart by a colour bar instead of a legend.
const MOST_LINES: usize = 6;

/// Makes a figure.
///
/// # Errors
/// Why it cannot be made, in words.
pub fn figure(
    request: &SweepFigure,
    record: &SweepRecord,
    rows: &Rows,
    curves: Option<&Curves>,
) -> Result<Figure, String> {
    let arm = arm(request, record)?;
    let made = Made {
        request,
        record,
        rows,
        arm,
    };
    let mut figure = match request.kind {
        SweepFigureKind::Lines => made.lines(),
        SweepFigureKind::Heat | SweepFigureKind::Contour => made.map(),
        SweepFigureKind::Scatter => made.scatter(),
        _ => {
            let curves = curves.ok_or("it shows curves, and none were kept: add `curves = {}`")?;
            made.of_curves(curves)
        }
    }?;
    if !request.title.is_empty() {
        figure.title.clone_from(&request.title);
    }
    Ok(figure)
}

struct Made<'a> {
    request: &'a SweepFigure,
    record: &'a SweepRecord,
    rows: &'a Rows,
    /// The arm that is shown; all of them where a figure can.
    arm: Option<usize>,
}

fn arm(request: &SweepFigure, record: &SweepRecord) -> Result<Option<usize>, String> {
    let Some(label) = &request.arm else {
        return Ok(None);
    };
    let known = record.arms.iter().position(|arm| arm == label);
    known
        .map(Some)
        .ok_or_else(|| format!("there is no arm `{label}`"))
}

/// The axis of a figure for an axis of the sweep.
fn axis_of(axis: &AxisRecord) -> Axis {
    let mut shown = match axis.unit.as_str() {
        "clock" => Axis {
            clock: true,
            ..Axis::new(&axis.name, "")
        },
        unit => Axis::new(&axis.name, unit),
    };
    if let Some(words) = &axis.words {
        shown.categories.clone_from(words);
    }
    if axis.log { shown.logarithmic() } else { shown }
}

/// The axis of a figure for a metric.
pub fn value_axis(column: &ColumnRecord) -> Axis {
    let (id, metric) = column.name.split_once('.').unwrap_or((&column.name, ""));
    let name = if column.label.is_empty() {
        id
    } else {
        &column.label
    };
    let label = if metric.is_empty() {
        name.to_string()
    } else {
        format!("{name}, {}", metric.replace('_', " "))
    };
    Axis::new(label, &column.unit)
}

/// Different values, rising.
fn distinct(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

impl Made<'_> {
    fn axis(&self, name: Option<&String>, default: usize) -> Result<usize, String> {
        let axes = &self.record.axes;
        let Some(name) = name else {
            return if default < axes.len() {
                Ok(default)
            } else {
                Err("it needs an axis more than the sweep has".to_string())
            };
        };
        axes.iter()
            .position(|axis| axis.name == *name)
            .ok_or_else(|| {
                let near = did_you_mean(name, axes.iter().map(|axis| axis.name.as_str()));
                let hint =
                    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                format!("no axis is called `{name}`{hint}")
            })
    }

    fn metric(&self) -> Result<usize, String> {
        let metrics = &self.record.metrics;
        let of = &self.request.of;
        metrics
            .iter()
            .position(|metric| metric.name == *of)
            .ok_or_else(|| {
                let near = did_you_mean(of, metrics.iter().map(|metric| metric.name.as_str()));
                let hint =
                    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                format!("no metric of the sweep is called `{of}`{hint}")
            })
    }

    fn title(&self, value: &Axis, x: &str, y: Option<&str>) -> String {
        match y {
            Some(y) => format!("{} over {x} and {y}", value.label),
            None => format!("{} over {x}", value.label),
        }
    }

    /// Runs of an arm, or of all.
    fn shown(&self, arm: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        let arms = &self.rows.arms;
        (0..arms.len()).filter(move |&run| arm.is_none_or(|arm| arms[run] == arm))
    }

    fn lines(&self) -> Result<Figure, String> {
        let metric = self.metric()?;
        let x = self.axis(self.request.x.as_ref(), 0)?;
        let y = match &self.request.y {
            Some(name) => Some(self.axis(Some(name), 1)?),
            None => None,
        };
        let value = value_axis(&self.record.metrics[metric]);
        let names = (
            &self.record.axes[x].name,
            y.map(|y| self.record.axes[y].name.as_str()),
        );
        let title = self.title(&value, names.0, names.1);
        let at = &self.rows.axes[x];
        let arms = match (self.arm, self.record.arms.len()) {
            (Some(arm), _) => vec![arm],
            (None, n) => (0..n).collect(),
        };
        let second = y.map(|y| distinct(self.rows.axes[y].iter().copied()));
        if let (Some(y), Some(values)) = (y, &second)
            && values.len() > MOST_LINES
            && arms.len() == 1
        {
            return Ok(self.coloured_lines(&title, [x, y, metric], values, arms[0]));
        }
        let mut lines = Vec::new();
        for &arm in &arms {
            for &of in second.as_deref().unwrap_or(&[f64::NAN]) {
                let is_of = |&run: &usize| y.is_none_or(|y| self.rows.axes[y][run] == of);
                let (along, values) = self.line(self.shown(Some(arm)).filter(is_of), at, metric);
                lines.push(Curve {
                    label: self.line_label(arm, &arms, y.map(|y| (&self.record.axes[y], of))),
                    dose: along,
                    response: values,
                    spread: Vec::new(),
                    measured: false,
                });
            }
        }
        Ok(dose_response(
            &title,
            axis_of(&self.record.axes[x]),
            value,
            &lines,
        ))
    }

    fn line_label(&self, arm: usize, arms: &[usize], of: Option<(&AxisRecord, f64)>) -> String {
        let mut words = Vec::new();
        if arms.len() > 1 {
            words.push(self.record.arms[arm].clone());
        }
        if let Some((axis, value)) = of {
            let shown = match &axis.words {
                Some(list) => list.get(value as usize).cloned().unwrap_or_default(),
                None => significant(value, 3),
            };
            words.push(
                format!("{} {shown} {}", axis.name, axis.unit)
                    .trim()
                    .to_string(),
            );
        }
        words.join(", ")
    }

    /// A metric along an axis; where several runs have one value, as over further axes, their mean.
    fn line(
        &self,
        runs: impl Iterator<Item = usize>,
        at: &[f64],
        metric: usize,
    ) -> (Vec<f64>, Vec<f64>) {
        let mut points: Vec<(f64, f64)> = runs
            .map(|run| (at[run], self.rows.metrics[metric][run].unwrap_or(f64::NAN)))
            .collect();
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (mut along, mut values) = (Vec::new(), Vec::new());
        for same in points.chunk_by(|one, other| one.0 == other.0) {
            along.push(same[0].0);
            let sum: f64 = same.iter().map(|point| point.1).sum();
            values.push(sum / same.len() as f64);
        }
        (along, values)
    }

    fn coloured_lines(
        &self,
        title: &str,
        [x, y, metric]: [usize; 3],
        values: &[f64],
        arm: usize,
    ) -> Figure {
        let along = distinct(self.rows.axes[x].iter().copied());
        let members: Vec<Member> = values
            .iter()
            .map(|&value| {
                let of = |run: &usize| self.rows.axes[y][*run] == value;
                let line = self.line(self.shown(Some(arm)).filter(of), &self.rows.axes[x], metric);
                Member {
                    value,
                    y: (line.0 == along).then_some(line.1),
                }
            })
            .collect();
        let axes = (
            axis_of(&self.record.axes[x]),
            value_axis(&self.record.metrics[metric]),
        );
        family(title, axes, axis_of(&self.record.axes[y]), &along, &members)
    }

    fn map(&self) -> Result<Figure, String> {
        let metric = self.metric()?;
        let x = self.axis(self.request.x.as_ref(), 0)?;
        // Axes that move with the first have no second dimension.
        let other = |at: &usize| self.record.axes[*at].group != self.record.axes[x].group;
        let default = (0..self.record.axes.len()).find(other);
        let y = self.axis(self.request.y.as_ref(), default.unwrap_or(usize::MAX))?;
        if self.record.design != "grid" {
            return Err("a map needs a grid; `scatter` shows drawn points".to_string());
        }
        let at_x = distinct(self.rows.axes[x].iter().copied());
        let at_y = distinct(self.rows.axes[y].iter().copied());
        if at_x.len() < 2 || at_y.len() < 2 {
            return Err("a map needs two values of each axis".to_string());
        }
        let mut sums = vec![(0.0, 0_u32); at_x.len() * at_y.len()];
        for run in self.shown(Some(self.arm.unwrap_or(0))) {
            let place = |values: &[f64], value: f64| values.partition_point(|one| *one < value);
            let cell = place(&at_y, self.rows.axes[y][run]) * at_x.len()
                + place(&at_x, self.rows.axes[x][run]);
            if let (Some(sum), Some(value)) = (sums.get_mut(cell), self.rows.metrics[metric][run]) {
                *sum = (sum.0 + value, sum.1 + 1);
            }
        }
        let cells = sums
            .iter()
            .map(|(sum, n)| (*n > 0).then(|| sum / f64::from(*n)));
        let value = value_axis(&self.record.metrics[metric]);
        let names = [&self.record.axes[x].name, &self.record.axes[y].name];
        let title = self.title(&value, names[0], Some(names[1]));
        let thresholds = self.thresholds(&self.record.metrics[metric])?;
        let grid = Grid {
            x: axis_of(&self.record.axes[x]),
            at_x,
            y: axis_of(&self.record.axes[y]),
            at_y,
            value,
            cells: cells.collect(),
        };
        Ok(match self.request.kind {
            SweepFigureKind::Contour => contour_map(&title, &grid, true, LEVELS, &thresholds),
            _ => heat_map(&title, &grid, 0, &thresholds),
        })
    }

    /// The level to stand out, in the unit of the column.
    fn thresholds(&self, column: &ColumnRecord) -> Result<Vec<Threshold>, String> {
        let Some(written) = &self.request.level else {
            return Ok(Vec::new());
        };
        let wrong = || format!("the level `{written}` is no number in {}", column.unit);
        let quantity = parse_quantity(written).map_err(|_| wrong())?;
        let level = if quantity.unit_text.is_empty() || quantity.unit_text == column.unit {
            quantity.value
        } else {
            let unit = parse_unit(&column.unit.replace('·', "*")).map_err(|_| wrong())?;
            quantity.value_in(&unit).ok_or_else(wrong)?
        };
        Ok(vec![Threshold {
            level,
            label: written.clone(),
        }])
    }

    fn scatter(&self) -> Result<Figure, String> {
        let metric = self.metric()?;
        let x = self.axis(self.request.x.as_ref(), 0)?;
        let colour = match &self.request.y {
            Some(name) => Some(self.axis(Some(name), 1)?),
            None => None,
        };
        let value = value_axis(&self.record.metrics[metric]);
        let names = (
            &self.record.axes[x].name,
            colour.map(|y| self.record.axes[y].name.as_str()),
        );
        let title = self.title(&value, names.0, names.1);
        let sample = |run: usize| Sample {
            x: self.rows.axes[x][run],
            y: self.rows.metrics[metric][run],
            colour: colour.map_or(f64::NAN, |at| self.rows.axes[at][run]),
        };
        let samples: Vec<Sample> = self.shown(self.arm).map(sample).collect();
        let axes = (axis_of(&self.record.axes[x]), value);
        let colours = colour.map(|at| axis_of(&self.record.axes[at]));
        Ok(scatter(&title, axes, colours, &samples))
    }

    fn of_curves(&self, curves: &Curves) -> Result<Figure, String> {
        let kept = self.record.curves.as_ref().ok_or("no curves were kept")?;
        let column = kept
            .columns
            .iter()
            .find(|column| column.name == self.request.of);
        let column = column.ok_or_else(|| format!("no curve of `{}` was kept", self.request.of))?;
        let time = Axis::new("time", &kept.time_unit);
        let value = value_axis(column);
        let arm = self.arm.unwrap_or(0);
        let runs: Vec<usize> = self.shown(Some(arm)).collect();
        let of = |run: &usize| curves.runs.get(*run).cloned().flatten();
        if matches!(
            self.request.kind,
            SweepFigureKind::Spaghetti | SweepFigureKind::Bands
        ) {
            let spread = Spread {
                x: time,
                along: curves.times.clone(),
                y: value.clone(),
                runs: runs.iter().map(of).collect(),
            };
            return Ok(match self.request.kind {
                SweepFigureKind::Spaghetti => spaghetti(&value.label, &spread, Vec::new()),
                _ => percentile_bands(&value.label, &spread, Vec::new()),
            });
        }
        let by = self.axis(self.request.y.as_ref().or(self.request.x.as_ref()), 0)?;
        let members: Vec<Member> = runs
            .iter()
            .map(|run| Member {
                value: self.rows.axes[by][*run],
                y: of(run),
            })
            .collect();
        let swept = axis_of(&self.record.axes[by]);
        let title = format!("{} by {}", value.label, self.record.axes[by].name);
        Ok(family(
            &title,
            (time, value),
            swept,
            &curves.times,
            &members,
        ))
    }
}
