//! What is varied, what is read off, and the rows of any stretch of runs.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diag::{Diagnostic, Diagnostics, Span, Warned};
use crate::kernel::{LaneJob, with_best_lanes};
use crate::math::Lane;
use crate::scenario::sweep::{Axis, Place, Target, Value, locate, write};
use crate::scenario::{Arm, Scenario};
use crate::simulate::{Curves, Failure, Job, Options, run_each, run_many};
use crate::units::parse_quantity;

use super::points::Points;
use super::row::{Refusal, Row};
use super::variant::{ArmPlan, KeptCurves, MetricColumn, Variant, metric_column};

/// Makes a scenario of another text of the same file.
pub type Load<'a> = dyn Fn(&str) -> Result<Scenario, Diagnostics> + Sync + 'a;

/// What is asked of every run.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// `quantity.metric`, with where it was written; what the scenario observes when empty.
    pub metrics: Vec<(String, Option<Span>)>,
    /// Curves to keep; ids are those that the scenario observes when empty.
    pub curves: Option<crate::scenario::sweep::Curves>,
}

/// How many compiled variants of the scenario are remembered.
const REMEMBERED: usize = 64;

/// Many runs of one scenario.
pub struct Study<'a> {
    /// What is varied.
    pub axes: Vec<Axis>,
    /// What is read off.
    pub metrics: Vec<MetricColumn>,
    /// What is kept of the curves.
    pub curves: Option<KeptCurves>,
    /// The scenario as its file has it, compiled.
    pub base: Arc<Variant>,
    points: &'a dyn Points,
    text: &'a str,
    places: Vec<Option<Place>>,
    load: &'a Load<'a>,
    options: Options,
    width: usize,
    variants: Mutex<VecDeque<(Vec<Value>, Made)>>,
}

type Made = Result<Arc<Variant>, Refusal>;

impl<'a> Study<'a> {
    /// Finds everything that the axes and metrics name in a scenario, and compiles it.
    ///
    /// * `scenario`, `text` — as the file has it
    /// * `load` — makes a scenario of the text with other values in it
    ///
    /// # Errors
    /// All that is wrong with axes and metrics.
    pub fn new(
        scenario: Scenario,
        text: &'a str,
        axes: Vec<Axis>,
        ask: &Ask,
        points: &'a dyn Points,
        load: &'a Load<'a>,
        options: Options,
    ) -> Result<Warned<Self>, Diagnostics> {
        let mut findings = Diagnostics::new();
        let places = axes.iter().map(|axis| place(axis, text, &mut findings));
        let places: Vec<Option<Place>> = places.collect();
        let metrics = metric_columns(&scenario, ask, &mut findings);
        let curves = kept_curves(&scenario, ask, &mut findings);
        if findings.has_errors() {
            return Err(findings);
        }
        let Warned { value, warnings } = Variant::new(scenario, &axes, &metrics, curves.as_ref())?;
        findings.extend(warnings);
        findings.into_result(Self {
            axes,
            metrics,
            curves,
            base: Arc::new(value),
            points,
            text,
            places,
            load,
            options,
            width: WIDTH,
            variants: Mutex::default(),
        })
    }

    /// With so many trajectories side by side: 1, 4 or 8. No number depends on it.
    pub fn with_width(mut self, width: usize) -> Self {
        self.width = width;
        self
    }

    /// How many trajectories run side by side.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many runs there are: each point in each arm.
    pub fn n_runs(&self) -> u64 {
        self.points.count().saturating_mul(self.n_arms())
    }

    /// The points.
    pub fn points(&self) -> &dyn Points {
        self.points
    }

    fn n_arms(&self) -> u64 {
        self.base.arms.len() as u64
    }

    /// The arm and the point of a run.
    pub fn place_of(&self, run: u64) -> (usize, Vec<Value>) {
        let arm = (run % self.n_arms()) as usize;
        (arm, self.points.point(run / self.n_arms()))
    }

    /// Makes a stretch of runs, in the order of their numbers.
    ///
    /// The rows are the same whatever the stretch, the width and the thread.
    pub fn rows(&self, runs: Range<u64>) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::with_capacity((runs.end - runs.start) as usize);
        let mut waiting: Vec<Waiting> = Vec::new();
        for run in runs {
            let (arm, point) = self.place_of(run);
            let variant = self.variant(&point);
            let at = rows.len();
            let mut row = Row {
                run,
                arm,
                point,
                metrics: vec![f64::NAN; self.metrics.len()],
                failure: None,
                curves: None,
            };
            match variant {
                Ok(variant) => waiting.push(self.waiting(at, arm, &row.point, variant)),
                Err(refusal) => row.failure = Some(refusal),
            }
            rows.push(row);
        }
        // What shares a program runs side by side; the order among equals does not matter to any number.
        waiting.sort_by_key(|one| (Arc::as_ptr(&one.variant) as usize, one.arm, one.at));
        let mut rest = waiting.as_slice();
        while let Some(first) = rest.first() {
            let alike =
                |one: &&Waiting| Arc::ptr_eq(&one.variant, &first.variant) && one.arm == first.arm;
            let count = rest.iter().take_while(alike).count();
            let (now, later) = rest.split_at(count);
            self.run_alike(now, &mut rows);
            rest = later;
        }
        rows
    }

    fn waiting(&self, at: usize, arm: usize, point: &[Value], variant: Arc<Variant>) -> Waiting {
        let written = &variant.scenario.arms[arm];
        let overrides = variant.arms[arm].overrides(written, &self.axes, point);
        Waiting {
            at,
            arm,
            variant,
            overrides,
        }
    }

    fn run_alike(&self, waiting: &[Waiting], rows: &mut [Row]) {
        let first = &waiting[0];
        let plan = &first.variant.arms[first.arm];
        let jobs: Vec<Job<'_>> = waiting
            .iter()
            .map(|one| Job {
                experiment: &plan.experiment,
                overrides: &one.overrides,
            })
            .collect();
        let mut done = |number: usize, end: Result<Curves, Failure>| {
            self.finish(plan, end, &mut rows[waiting[number].at]);
        };
        // Few runs do not fill many lanes.
        let width = match jobs.len() {
            1 => 1,
            2..=4 => self.width.min(4),
            _ => self.width,
        };
        if width == 1 {
            return run_each(&jobs, &self.options, &mut done);
        }
        with_best_lanes(
            width,
            Batch {
                jobs: &jobs,
                options: &self.options,
                done: &mut done,
            },
        );
    }

    fn finish(&self, plan: &ArmPlan, end: Result<Curves, Failure>, row: &mut Row) {
        match end {
            Ok(curves) => {
                row.metrics = plan.measure(&curves);
                row.curves = self.curves.as_ref().map(|_| plan.keep(&curves));
            }
            Err(failure) => row.failure = Some(Refusal::from(failure)),
        }
    }

    /// The scenario with the values of a point at their places, compiled.
    fn variant(&self, point: &[Value]) -> Made {
        if self.places.iter().all(Option::is_none) {
            return Ok(Arc::clone(&self.base));
        }
        let is_placed =
            |(value, place): (&Value, &Option<Place>)| place.as_ref().map(|_| value.clone());
        let key: Vec<Value> = point
            .iter()
            .zip(&self.places)
            .filter_map(is_placed)
            .collect();
        {
            let known = self.variants.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, made)) = known.iter().find(|(known, _)| *known == key) {
                return made.clone();
            }
        }
        let made = self.make(point);
        let mut known = self.variants.lock().unwrap_or_else(PoisonError::into_inner);
        known.push_back((key, made.clone()));
        if known.len() > REMEMBERED {
            known.pop_front();
        }
        made
    }

    fn make(&self, point: &[Value]) -> Made {
        let places = self.places.iter().zip(&self.axes).zip(point);
        let changes: Vec<(&Place, &Axis, &Value)> = places
            .filter_map(|((place, axis), value)| Some((place.as_ref()?, axis, value)))
            .collect();
        let text = write(self.text, &changes);
        let scenario = (self.load)(&text).map_err(|findings| Refusal::from(&findings))?;
        if scenario.arms.len() != self.base.arms.len() {
            let message = "other arms come out of it than the file has".to_string();
            let code = "sweep/refused".to_string();
            return Err(Refusal { code, message });
        }
        Variant::new(scenario, &self.axes, &self.metrics, self.curves.as_ref())
            .map(|warned| Arc::new(warned.value))
            .map_err(|findings| Refusal::from(&findings))
    }
}

/// A run that can be made.
struct Waiting {
    /// Its row among those asked for.
    at: usize,
    arm: usize,
    variant: Arc<Variant>,
    overrides: Vec<(usize, f64)>,
}

/// Runs that share a program, for any lanes.
struct Batch<'a, 'e> {
    jobs: &'a [Job<'e>],
    options: &'a Options,
    done: &'a mut dyn FnMut(usize, Result<Curves, Failure>),
}

impl LaneJob for Batch<'_, '_> {
    type Output = ();
    fn run<L: Lane>(self) {
        run_many::<L>(self.jobs, self.options, self.done);
    }
}

/// How many trajectories run side by side: eight were faster than four at 12, 20 and 60 states (docs/performance.md).
const WIDTH: usize = 8;

fn place(axis: &Axis, text: &str, findings: &mut Diagnostics) -> Option<Place> {
    let Target::Place(keys) = &axis.target else {
        return None;
    };
    match locate(text, keys, axis.span) {
        Ok(place) => Some(place),
        Err(found) => {
            findings.push(*found);
            None
        }
    }
}

/// The metrics asked for, or all that the scenario observes, each once.
fn metric_columns(scenario: &Scenario, ask: &Ask, findings: &mut Diagnostics) -> Vec<MetricColumn> {
    let mut asked = ask.metrics.clone();
    if asked.is_empty() {
        for observed in scenario.arms.iter().flat_map(|arm| &arm.observe) {
            let spans = observed.metric_spans.iter().map(|span| Some(*span));
            let names = observed
                .metrics
                .iter()
                .map(|metric| format!("{}.{metric}", observed.id));
            asked.extend(names.zip(spans));
        }
    }
    let mut columns: Vec<MetricColumn> = Vec::new();
    for (name, span) in asked {
        if columns.iter().any(|column| column.name() == name) {
            continue;
        }
        match metric_column(&name, span, &scenario.arms[0]) {
            Ok(column) => columns.push(column),
            Err(found) => findings.push(*found),
        }
    }
    if columns.is_empty() && ask.curves.is_none() && !findings.has_errors() {
        let message = "nothing is read off these runs";
        let found = Diagnostic::error("sweep/metric", message);
        findings.push(found.hint("give `--metric NAME.peak`, or `[observe]` in the scenario"));
    }
    columns
}

fn kept_curves(scenario: &Scenario, ask: &Ask, findings: &mut Diagnostics) -> Option<KeptCurves> {
    let asked = ask.curves.as_ref()?;
    let arm = &scenario.arms[0];
    let observed = || {
        let mut ids: Vec<String> = Vec::new();
        for one in scenario.arms.iter().flat_map(|arm| &arm.observe) {
            if !ids.contains(&one.id) {
                ids.push(one.id.clone());
            }
        }
        ids
    };
    let of = if asked.of.is_empty() {
        observed()
    } else {
        asked.of.clone()
    };
    let every = match &asked.every {
        None => None,
        Some(text) => {
            let every = interval(text, arm);
            if every.is_none() {
                let message = format!("`{text}` is no time above zero");
                let found = Diagnostic::error("sweep/curves", message);
                findings.push(found.hint("for example `every = \"5 min\"`"));
            }
            every
        }
    };
    Some(KeptCurves { of, every })
}

/// A time above zero in an arm's unit of time.
fn interval(text: &str, arm: &Arm) -> Option<f64> {
    let quantity = parse_quantity(text).ok()?;
    let time = if quantity.unit_text.is_empty() {
        quantity.value
    } else {
        quantity.value_in(&arm.model.units.time?)?
    };
    (time > 0.0 && time.is_finite()).then_some(time)
}
