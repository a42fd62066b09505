//! A clinical test on many people: each is looked at fasting, the test is written for the body at hand, run and read.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use insilin::clinic::{self, Body, Index, Outcome, Plan, Settings, World};
use insilin::diag::{Diagnostics, SourceFile, SourceMap, Warned};
use insilin::ensemble::pool::Runs;
use insilin::ensemble::{
    People as Drawn, Points, Refusal, Row, Variant, display_factor, kept_rows,
};
use insilin::model::Model;
use insilin::scenario::subject::Person;
use insilin::scenario::sweep::Value;
use insilin::scenario::{Arm, Edits, Scenario};
use insilin::simulate::{self, Options, Stream};
use insilin::trajectory::Trajectory;

use crate::cli::args::{self, Examination};
use crate::cli::library::Library;
use crate::cli::load;
use crate::cli::sweep::{ColumnRecord, CurvesRecord};
use crate::cli::terminal::{Exit, Terminal};
use crate::cli::test;

use super::setup::{self, Group};

/// How many compiled tests are remembered: tests that dose by the body have a text for everybody.
const REMEMBERED: usize = 8;

/// A clinical test on everybody.
pub struct Visits {
    /// Who comes.
    pub people: Drawn,
    settings: Settings,
    noise: Option<u64>,
    options: Options,
    models: Option<PathBuf>,
    /// The fasting body.
    probe: Variant,
    /// The test of the one who stands in the middle.
    middle: Arc<Variant>,
    indices: Vec<Index>,
    kept: Vec<String>,
    every: Option<f64>,
    known: Mutex<VecDeque<(String, Made)>>,
}

type Made = Result<Arc<Variant>, Diagnostics>;

/// What one visit gives.
struct Visit {
    outcome: Outcome,
    trajectory: Trajectory,
}

impl Visits {
    /// Makes the test ready, and does it once on the one who stands in the middle.
    pub fn new(
        arguments: &args::Population,
        group: &mut Group,
        examination: Examination,
        terminal: Terminal,
    ) -> Result<Self, Exit> {
        let mut settings = test::settings(&as_test(arguments, group, examination), terminal)?;
        settings.assay.seed = None;
        let library = Library::new(arguments.models.as_deref(), terminal)?;
        let text = clinic::probe(&settings);
        let file = made("<the subject>", &text);
        let sources = std::mem::replace(&mut group.sources, SourceMap::new());
        let probe = load::text(&file, &Edits::default(), &library, sources, terminal)?;
        group.sources = probe.sources;
        group.add(probe.files);
        let people = group.draw(&probe.scenario.arms[0], arguments, terminal)?;
        let checked = clinic::check(settings.procedure, &probe.scenario.arms[0]);
        let probe = checked.and_then(|()| Variant::whole(probe.scenario, &people.axes));
        let probe = load::report(probe, &group.sources, terminal)?;
        let mut visits = Self {
            people,
            settings,
            noise: arguments.noise,
            options: setup::options(arguments),
            models: arguments.models.clone(),
            middle: Arc::new(Variant {
                scenario: probe.scenario.clone(),
                arms: Vec::new(),
            }),
            probe,
            indices: Vec::new(),
            kept: Vec::new(),
            every: None,
            known: Mutex::default(),
        };
        let plan = visits.plan(&[], &visits.person(&[]), visits.settings.clone());
        let failed = |findings: Diagnostics| {
            terminal.findings(&findings, &group.sources);
            Exit::Numbers
        };
        let plan = plan.map_err(failed)?;
        visits.middle = visits.variant(&plan.text).map_err(failed)?;
        let visit = visits.carry_out(&plan, &[], &visits.person(&[]));
        visits.indices = visit.map_err(failed)?.outcome.indices;
        group.add(vec![made("test.toml", &plan.text)]);
        let arm = &visits.middle.scenario.arms[0];
        if !arguments.no_curves {
            visits.kept = arm.observe.iter().map(|one| one.id.clone()).collect();
            visits.every = setup::thinned(arm);
        }
        Ok(visits)
    }

    /// The test as a scenario, of the one who stands in the middle.
    pub fn scenario(&self) -> &Scenario {
        &self.middle.scenario
    }

    /// Its name.
    pub fn test(&self) -> &'static str {
        self.settings.procedure.name()
    }

    /// All that was asked of it, in a line.
    pub fn asked(&self) -> String {
        let noise = self
            .noise
            .map_or_else(String::new, |seed| format!(", noise {seed}"));
        format!("{}{noise}", self.test())
    }

    /// One column for each index.
    pub fn columns(&self) -> Vec<ColumnRecord> {
        let column = |index: &Index| ColumnRecord {
            name: index.id.clone(),
            unit: index.quantity.unit().to_string(),
            label: index.name.clone(),
        };
        self.indices.iter().map(column).collect()
    }

    /// What a number in a unit is multiplied by to be in that of an index.
    pub fn factor(&self, id: &str, unit: &str) -> Option<f64> {
        let index = self.indices.iter().find(|index| index.id == id)?;
        let (factor, shown) = index.quantity.shown(true);
        if shown == unit {
            return Some(1.0 / factor);
        }
        display_factor(unit, index.quantity.unit())
    }

    /// What is kept of the curves.
    pub fn curves(&self) -> Option<CurvesRecord> {
        if self.kept.is_empty() {
            return None;
        }
        let arm = &self.middle.scenario.arms[0];
        Some(CurvesRecord {
            time_unit: arm.time.unit.clone(),
            every: self.every,
            rows: kept_rows(&arm.time.grid, self.every).len() as u64,
            columns: (self.kept.iter())
                .map(|id| ColumnRecord::of_quantity(arm, id))
                .collect(),
        })
    }

    fn person(&self, point: &[Value]) -> Person {
        self.people.person(point)
    }

    /// Looks at the fasting body and writes the test for it.
    fn plan(&self, point: &[Value], who: &Person, settings: Settings) -> Result<Plan, Diagnostics> {
        let arm = of_person(&self.probe.scenario.arms[0], who);
        let trajectory = self.run(&self.probe, &arm, point)?;
        let body = Body::of(&arm, &trajectory)?;
        clinic::plan(&settings, &arm, body)
    }

    fn carry_out(&self, plan: &Plan, point: &[Value], who: &Person) -> Result<Visit, Diagnostics> {
        let variant = self.variant(&plan.text)?;
        let arm = of_person(&variant.scenario.arms[0], who);
        let trajectory = self.run(&variant, &arm, point)?;
        let library = Library::again(self.models.as_deref());
        let mut sources = SourceMap::new();
        let mut model =
            |path: &str, sources: &mut SourceMap| -> Result<Warned<Model>, Diagnostics> {
                load::lowered(path, &library, sources)
            };
        let mut world = World {
            sources: &library,
            map: &mut sources,
            load_model: &mut model,
        };
        let outcome = clinic::assess(plan, &arm, &trajectory, &mut world)?;
        Ok(Visit {
            outcome,
            trajectory,
        })
    }

    fn run(
        &self,
        variant: &Variant,
        arm: &Arm,
        point: &[Value],
    ) -> Result<Trajectory, Diagnostics> {
        let plan = &variant.arms[0];
        let overrides = plan.overrides(arm, &self.people.axes, point);
        let run = simulate::run_with(&plan.experiment, arm, &overrides, &self.options);
        run.map(|run| run.trajectory)
            .map_err(|failure| failure.diagnostic().into())
    }

    /// The test of a text, compiled.
    fn variant(&self, text: &str) -> Made {
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, made)) = known.iter().find(|(known, _)| known == text) {
                return made.clone();
            }
        }
        let made = self.make(text);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.push_back((text.to_string(), made.clone()));
        if known.len() > REMEMBERED {
            known.pop_front();
        }
        made
    }

    fn make(&self, text: &str) -> Made {
        let library = Library::again(self.models.as_deref());
        let file = made("<the test>", text);
        let loaded = load::resolve(&file, &Edits::default(), &library, &mut SourceMap::new())?;
        let variant = Variant::whole(loaded.value, &self.people.axes)?;
        Ok(Arc::new(variant.value))
    }

    fn visit(&self, at: u64, point: &[Value]) -> Result<Visit, Diagnostics> {
        let who = self.person(point);
        let mut settings = self.settings.clone();
        // Everybody's samples have errors of their own.
        settings.assay.seed = self
            .noise
            .map(|seed| Stream::numbered(seed, "assay-of-person", at).next());
        let plan = self.plan(point, &who, settings)?;
        self.carry_out(&plan, point, &who)
    }

    fn keep(&self, trajectory: &Trajectory) -> (Vec<f64>, Vec<Vec<f64>>) {
        let rows = kept_rows(&trajectory.time, self.every);
        let of = |values: &[f64]| rows.iter().map(|&row| values[row]).collect::<Vec<f64>>();
        let values = self.kept.iter().map(|id| {
            let none = || vec![f64::NAN; trajectory.time.len()];
            of(&trajectory.values(id).unwrap_or_else(none))
        });
        let values = values.collect();
        (of(&trajectory.time), values)
    }
}

impl Runs for Visits {
    fn width(&self) -> usize {
        1
    }

    fn place_of(&self, run: u64) -> (usize, Vec<Value>) {
        (0, self.people.point(run))
    }

    fn rows(&self, runs: Range<u64>) -> Vec<Row> {
        let row = |run: u64| {
            let point = self.people.point(run);
            let mut row = Row {
                run,
                arm: 0,
                metrics: vec![f64::NAN; self.indices.len()],
                failure: None,
                curves: None,
                point,
            };
            match self.visit(run, &row.point) {
                Ok(visit) => {
                    let found = &visit.outcome.indices;
                    let value = |wanted: &Index| {
                        let index = found.iter().find(|index| index.id == wanted.id);
                        index.map_or(f64::NAN, |index| index.value)
                    };
                    row.metrics = self.indices.iter().map(value).collect();
                    row.curves = (!self.kept.is_empty()).then(|| self.keep(&visit.trajectory));
                }
                Err(findings) => row.failure = Some(Refusal::from(&findings)),
            }
            row
        };
        runs.map(row).collect()
    }
}

fn made(name: &str, text: &str) -> SourceFile {
    SourceFile {
        name: name.to_string(),
        text: text.to_string(),
    }
}

/// The arm with another person's numbers in its subject.
fn of_person(arm: &Arm, who: &Person) -> Arm {
    let mut arm = arm.clone();
    if let Some(subject) = &mut arm.subject {
        subject.person = who.clone();
    }
    arm
}

/// The test as `insilin test` takes it.
fn as_test(arguments: &args::Population, group: &Group, procedure: Examination) -> args::Test {
    args::Test {
        procedure,
        subject: group.population.subject.clone(),
        model: None,
        noise: arguments.noise,
        cv_glucose: None,
        cv_insulin: None,
        dose: arguments.dose.clone(),
        insulin: arguments.insulin.clone(),
        target: arguments.target.clone(),
        minutes: arguments.minutes.clone(),
        menu: arguments.menu.clone(),
        insulin_at_20: false,
        units: None,
        json: false,
        out: None,
        no_figures: true,
        models: arguments.models.clone(),
    }
}
