//! A clinic without a command line: settings in, everything that the test gave out.

use insilin::clinic::{self, Assay, Body, Outcome, Plan, Procedure, Settings, Target, World};
use insilin::diag::{Diagnostics, ReadFailure, SourceFile, SourceMap, Sources, render_all};
use insilin::model::lower;
use insilin::scenario::{self, Arm};
use insilin::simulate::{self, Options};
use insilin::trajectory::Trajectory;

use crate::support::files::Folder;

/// Texts of a test, then the shipped models.
pub struct Laid<'a>(pub Vec<(&'a str, String)>);

impl Sources for Laid<'_> {
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        match self.0.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Ok(SourceFile {
                name: name.to_string(),
                text: text.clone(),
            }),
            None => Folder.read(name, importer.filter(|importer| !importer.starts_with('<'))),
        }
    }
}

/// Everything of one test.
pub struct Done {
    pub plan: Plan,
    pub trajectory: Trajectory,
    pub outcome: Outcome,
}

impl Done {
    /// An index by its id, in its own unit.
    pub fn index(&self, id: &str) -> f64 {
        let found = self.outcome.indices.iter().find(|index| index.id == id);
        found.unwrap_or_else(|| panic!("no index `{id}`")).value
    }

    pub fn column(&self, id: &str) -> Vec<f64> {
        let values = self.trajectory.values(id);
        values.unwrap_or_else(|| panic!("no column `{id}`"))
    }

    /// Mean of a column over the rows of `[from, to)`, which stay until the next.
    pub fn mean(&self, id: &str, from: f64, to: f64) -> f64 {
        let rows = self.trajectory.time.iter().zip(self.column(id));
        let inside = rows.filter(|(time, _)| (from..to).contains(*time));
        let (n, sum) = inside.fold((0.0, 0.0), |(n, sum), (_, value)| (n + 1.0, sum + value));
        sum / n
    }

    pub fn at(&self, id: &str, time: f64) -> f64 {
        let row = self.trajectory.time.iter().position(|one| *one == time);
        self.column(id)[row.unwrap_or_else(|| panic!("no row at {time}"))]
    }
}

/// The standard test on a shipped subject.
pub fn settings(procedure: Procedure, subject: &str) -> Settings {
    Settings {
        procedure,
        subject: subject.to_string(),
        model: None,
        assay: Assay::default(),
        dose: None,
        insulin: None,
        target: Target::At(900.0 / 180.156),
        minutes: None,
        menu: "mediterranean".to_string(),
        insulin_at_20: false,
    }
}

fn arm(text: &str, sources: &dyn Sources, map: &mut SourceMap) -> Result<Arm, Diagnostics> {
    let mut model = |path: &str, map: &mut SourceMap| lower::load(path, sources, map);
    let loaded = scenario::load("<the test>", text, sources, map, &mut model)?;
    Ok(loaded.value.arms.into_iter().next().expect("one arm"))
}

/// Runs a scenario of shipped models.
pub fn run(text: &str) -> Trajectory {
    let mut map = SourceMap::new();
    let arm = arm(text, &Folder, &mut map);
    let arm = arm.unwrap_or_else(|wrong| panic!("{}", render_all(&wrong, &map)));
    let run = simulate::run(&arm, &Options::default());
    run.unwrap_or_else(|wrong| panic!("{}", render_all(&wrong, &map)))
        .value
        .trajectory
}

/// Does a test; what is wrong with it comes back as it is told.
pub fn tried(settings: &Settings, sources: &dyn Sources) -> Result<Done, String> {
    let mut map = SourceMap::new();
    tested(settings, sources, &mut map).map_err(|wrong| render_all(&wrong, &map))
}

fn tested(
    settings: &Settings,
    sources: &dyn Sources,
    map: &mut SourceMap,
) -> Result<Done, Diagnostics> {
    let probe = arm(&clinic::probe(settings), sources, map)?;
    let before = simulate::run(&probe, &Options::default())?.value;
    clinic::check(settings.procedure, &probe)?;
    let body = Body::of(&probe, &before.trajectory)?;
    let plan = clinic::plan(settings, &probe, body)?;
    let arm = arm(&plan.text, sources, map)?;
    let trajectory = simulate::run(&arm, &Options::default())?.value.trajectory;
    let mut model = |path: &str, map: &mut SourceMap| lower::load(path, sources, map);
    let mut world = World {
        sources,
        map,
        load_model: &mut model,
    };
    let outcome = clinic::assess(&plan, &arm, &trajectory, &mut world)?;
    Ok(Done {
        plan,
        trajectory,
        outcome,
    })
}

/// Does a test with the shipped models.
pub fn done(settings: &Settings) -> Done {
    tried(settings, &Laid(Vec::new())).unwrap_or_else(|wrong| panic!("{wrong}"))
}

pub fn near(what: &str, found: f64, expected: f64, relative: f64) {
    assert!(
        (found - expected).abs() <= relative * expected.abs(),
        "{what}: {found} is not within {relative} of {expected}"
    );
}
