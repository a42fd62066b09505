//! Times of the file, in the model's unit of time, and the grid of times to write down.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::Model;
use crate::units::{Quantity, Unit, parse_unit};

use super::super::quantity::quantity;
use super::super::raw::{self, At, Scalar};
use super::super::{ClockStart, TimeAxis};
use super::calendar;

/// From the file's times to the model's.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// Unit of bare numbers; none when they are the model's.
    bare: Option<(Unit, String)>,
    /// The model's unit; where it declares none, that of the file.
    model: Option<Unit>,
}

/// More points than this are a mistake, and would not fit a figure or a table.
const MOST_POINTS: f64 = 1e6;

/// The clock and the axis of an arm.
pub(super) fn read(
    time: &raw::Time,
    model: &Model,
    model_units: bool,
    findings: &mut Diagnostics,
) -> Option<(Clock, TimeAxis)> {
    let clock = Clock::new(time, model, model_units, findings)?;
    let unit = clock
        .model
        .map_or_else(String::new, |unit| unit.display(&model.unit_definitions));
    let grid = match &time.points {
        Some(points) => listed_grid(&clock, time, points, findings)?,
        None => even_grid(&clock, time, findings)?,
    };
    let (start, end) = (*grid.first()?, *grid.last()?);
    let start_clock = match &time.start {
        Some(text) => Some(start_clock(text, findings)?),
        None => None,
    };
    let axis = TimeAxis {
        unit,
        start,
        end,
        grid,
        start_clock,
    };
    Some((clock, axis))
}

impl Clock {
    fn new(
        time: &raw::Time,
        model: &Model,
        model_units: bool,
        findings: &mut Diagnostics,
    ) -> Option<Self> {
        let bare = match &time.unit {
            Some(unit) if !model_units => Some((time_unit(unit, findings)?, unit.value.clone())),
            _ => None,
        };
        let declared = model.units.time;
        if let (None, Some((_, text))) = (declared, &bare) {
            let note = Diagnostic::note(
                "scenario/time-unit",
                format!("the model declares no unit of time; its time is taken to be in {text}"),
            );
            findings.push(note.at(time.span));
        }
        if let (Some(unit), Some((written, text))) = (declared, &bare)
            && !unit.same_dimension(written)
        {
            let shown = unit.display(&model.unit_definitions);
            let message =
                format!("the model's time is in {shown}, and {text} is another dimension");
            findings.push(Diagnostic::error("scenario/unit", message).at(time.span));
            return None;
        }
        let model = declared.or(bare.as_ref().map(|(unit, _)| *unit));
        Some(Self { bare, model })
    }

    /// The model's unit of time, or the one that its time is taken to be in.
    pub fn unit(&self) -> Option<Unit> {
        self.model
    }

    /// A time in the model's unit; reports why it is none.
    pub fn read(&self, scalar: &At<Scalar>, findings: &mut Diagnostics) -> Option<f64> {
        let time = match &scalar.value {
            Scalar::Number(value) => self.bare_time(*value),
            Scalar::Text(text) => {
                let quantity = quantity(text, scalar.span, findings)?;
                if quantity.unit_text.is_empty() {
                    self.bare_time(quantity.value)
                } else {
                    self.quantity_time(&quantity, scalar.span, findings)?
                }
            }
        };
        if !time.is_finite() {
            let found = Diagnostic::error(
                "scenario/number",
                "the time is not finite in the model's unit",
            );
            findings.push(found.at(scalar.span).hint("write a smaller number"));
            return None;
        }
        // Minus zero would be another time than zero where times are put in order.
        Some(time + 0.0)
    }

    fn bare_time(&self, value: f64) -> f64 {
        match (&self.bare, self.model) {
            (Some((unit, text)), Some(model)) => {
                let quantity = Quantity {
                    value,
                    unit: *unit,
                    unit_text: text.clone(),
                };
                quantity.value_in(&model).unwrap_or(value)
            }
            _ => value,
        }
    }

    fn quantity_time(
        &self,
        quantity: &Quantity,
        span: Span,
        findings: &mut Diagnostics,
    ) -> Option<f64> {
        let Some(model) = self.model else {
            let message = "neither the model nor the scenario says in which unit time runs";
            let found = Diagnostic::error("scenario/time-unit", message).at(span);
            findings.push(found.hint("write `unit = \"min\"` in the scenario's `time`"));
            return None;
        };
        let time = quantity.value_in(&model);
        if time.is_none() {
            let message = format!("{} is no unit of time", quantity.unit_text);
            let found = Diagnostic::error("scenario/unit", message).at(span);
            findings.push(found.hint("for example `\"45 min\"`, `\"2 h\"` or `\"7 d\"`"));
        }
        time
    }

    /// A metric's name with the unit of a time in it made plain: `at 2` of a scenario in hours is `at 2 h`.
    pub fn metric(&self, name: &str) -> String {
        let Some((unit, text)) = &self.bare else {
            return name.to_string();
        };
        let same = self.model.is_none_or(|model| model.same(unit));
        let number = name.trim().strip_prefix("at").map(str::trim);
        match number {
            Some(number) if !same && number.parse::<f64>().is_ok() => format!("at {number} {text}"),
            _ => name.to_string(),
        }
    }
}

/// `mon 06:00`, `06:00` or `mon`.
fn start_clock(text: &At<String>, findings: &mut Diagnostics) -> Option<ClockStart> {
    let lower = text.value.trim().to_lowercase();
    let (day, clock) = match lower.split_once(char::is_whitespace) {
        Some((day, clock)) => (Some(day), Some(clock)),
        None if lower.contains(':') => (None, Some(lower.as_str())),
        None => (Some(lower.as_str()), None),
    };
    let weekday = day.map_or(Some(0), calendar::weekday);
    let minute = clock.map_or(Some(0.0), calendar::clock_minutes);
    let read = weekday.zip(minute.filter(|minute| *minute < 1440.0));
    if read.is_none() {
        let message = format!("`{}` is no weekday and clock time", text.value);
        let found = Diagnostic::error("scenario/clock", message).at(text.span);
        let names = raw::listed(&calendar::WEEKDAYS);
        findings.push(found.hint(format!(
            "for example `start = \"mon 06:00\"`; days are {names}"
        )));
    }
    read.map(|(weekday, minute)| ClockStart {
        weekday: weekday as u8,
        minute,
    })
}

const UNITS_OF_TIME: &str = "one of `s`, `min`, `h`, `d`";

fn time_unit(text: &At<String>, findings: &mut Diagnostics) -> Option<Unit> {
    let unit = match parse_unit(&text.value) {
        Ok(unit) => unit,
        Err(error) => {
            findings.push(Diagnostic::from(error).at(text.span).hint(UNITS_OF_TIME));
            return None;
        }
    };
    if !unit.same_dimension(&Unit::base(Unit::SECOND)) {
        let found = Diagnostic::error(
            "scenario/unit",
            format!("`{}` is no unit of time", text.value),
        );
        findings.push(found.at(text.span).hint(UNITS_OF_TIME));
        return None;
    }
    Some(unit)
}

fn even_grid(clock: &Clock, time: &raw::Time, findings: &mut Diagnostics) -> Option<Vec<f64>> {
    let (from, to) = time.span_ends.as_ref()?;
    let every_written = time.every.as_ref()?;
    let (start, end) = (clock.read(from, findings), clock.read(to, findings));
    let every = clock.read(every_written, findings);
    let (start, end, every) = (start?, end?, every?);
    if end < start {
        let found =
            Diagnostic::error("scenario/interval", "the run ends before it starts").at(to.span);
        findings.push(found.hint("write the earlier time first: `span = [0, 420]`"));
        return None;
    }
    if every <= 0.0 {
        let found =
            Diagnostic::error("scenario/time", "`every` is not above zero").at(every_written.span);
        findings.push(found.hint("for example `every = 1`"));
        return None;
    }
    if (end - start) / every > MOST_POINTS {
        let message = format!(
            "`every` makes {:.0} times to write down",
            (end - start) / every
        );
        let found = Diagnostic::error("scenario/time", message).at(every_written.span);
        findings.push(found.hint("at most a million: make `every` longer"));
        return None;
    }
    Some(evenly(start, end, every))
}

/// Times from `start` to `end`, both in it, `every` apart but for the last step, which may be shorter.
///
/// When the steps come out even they are shares of the whole, so that tenths are tenths: 0.3, not 0.30000000000000004.
pub(in crate::scenario) fn evenly(start: f64, end: f64, every: f64) -> Vec<f64> {
    let steps = (end - start) / every;
    let whole = steps.round();
    if whole >= 1.0 && (steps - whole).abs() < 1e-9 * whole {
        let share = |i: u32| start + (end - start) * f64::from(i) / whole;
        let mut grid: Vec<f64> = (0..whole as u32).map(share).collect();
        grid.push(end);
        return grid;
    }
    let mut grid: Vec<f64> = (0..=steps as u32)
        .map(|i| start + f64::from(i) * every)
        .collect();
    if grid.last().is_none_or(|last| *last < end) {
        grid.push(end);
    }
    grid
}

fn listed_grid(
    clock: &Clock,
    time: &raw::Time,
    points: &[At<Scalar>],
    findings: &mut Diagnostics,
) -> Option<Vec<f64>> {
    let read: Vec<Option<f64>> = points
        .iter()
        .map(|point| clock.read(point, findings))
        .collect();
    let mut grid: Vec<f64> = read.into_iter().collect::<Option<_>>()?;
    if grid.is_empty() {
        let found = Diagnostic::error("scenario/time", "`points` is empty").at(time.span);
        findings.push(found.hint("for example `points = [0, 30, 60, 120]`"));
        return None;
    }
    if let Some(at) = (1..grid.len()).find(|&at| grid[at] <= grid[at - 1]) {
        let found =
            Diagnostic::error("scenario/time", "the points do not rise").at(points[at].span);
        findings.push(
            found
                .label(points[at - 1].span, "")
                .hint("write each time once, in rising order"),
        );
        return None;
    }
    if let Some((from, to)) = &time.span_ends {
        let (start, end) = (clock.read(from, findings)?, clock.read(to, findings)?);
        if start > grid[0] || end < grid[grid.len() - 1] {
            let found = Diagnostic::error("scenario/time", "`points` reach outside of `span`")
                .at(time.span);
            findings.push(found.hint("widen the span, or leave it out"));
            return None;
        }
        if start < grid[0] {
            grid.insert(0, start);
        }
        if end > grid[grid.len() - 1] {
            grid.push(end);
        }
    }
    Some(grid)
}
