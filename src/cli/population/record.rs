//! The record of people: as that of a sweep, their traits in the place of axes.

use insilin::ensemble::{People as Drawn, Points, Study};
use insilin::render::DISCLAIMER;
use insilin::scenario::Scenario;
use insilin::scenario::sweep::{Axis, SweepFigureKind, Target};
use insilin::simulate::Options;

use crate::cli::args;
use crate::cli::sweep::{
    AxisRecord, ColumnRecord, CurvesRecord, FigureRecord, OptionsRecord, PeopleRecord, SCHEMA,
    SweepRecord, curves, inputs, runs_per_part,
};

use super::setup::{Group, options};
use super::visits::Visits;

/// Of a scenario on everybody.
pub fn of_study(
    group: &Group,
    arguments: &args::Population,
    study: &Study<'_>,
    scenario: &Scenario,
    options: &Options,
) -> SweepRecord {
    let arms = scenario.arms.iter().map(|arm| arm.label.clone()).collect();
    let about = About {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        test: None,
        arms,
    };
    record(
        group,
        arguments,
        about,
        (&study.axes, study.n_runs()),
        curves(study),
        options,
    )
}

/// Of a clinical test on everybody.
pub fn of_visits(group: &Group, arguments: &args::Population, visits: &Visits) -> SweepRecord {
    let about = About {
        name: visits.scenario().name.clone(),
        title: visits.scenario().title.clone(),
        test: Some(visits.asked()),
        arms: vec![String::new()],
    };
    let people: &Drawn = &visits.people;
    let (axes, n_runs) = (&people.axes, people.count());
    let mut record = record(
        group,
        arguments,
        about,
        (axes, n_runs),
        visits.curves(),
        &options(arguments),
    );
    record.metrics = visits.columns();
    record
}

struct About {
    name: String,
    title: String,
    test: Option<String>,
    arms: Vec<String>,
}

fn record(
    group: &Group,
    arguments: &args::Population,
    about: About,
    (axes, n_runs): (&[Axis], u64),
    curves: Option<CurvesRecord>,
    options: &Options,
) -> SweepRecord {
    let cells = curves
        .as_ref()
        .map_or(0, |kept| kept.rows * (kept.columns.len() as u64 + 2));
    SweepRecord {
        schema: SCHEMA,
        program: format!("insilin {}", env!("CARGO_PKG_VERSION")),
        notice: DISCLAIMER.to_string(),
        name: about.name,
        title: about.title,
        design: "people".to_string(),
        design_seed: arguments.seed,
        axes: axes.iter().enumerate().map(axis).collect(),
        figures: figures(curves.as_ref()),
        arms: about.arms,
        metrics: Vec::new(),
        curves,
        n_runs,
        runs_per_part: runs_per_part(n_runs, cells),
        options: OptionsRecord {
            rtol: options.rtol,
            atol: options.atol,
            seed: options.seed,
        },
        people: Some(PeopleRecord {
            population: group.population.name.clone(),
            title: match group.population.title.as_str() {
                "" => group.population.name.clone(),
                title => title.to_string(),
            },
            test: about.test,
            spreads: Vec::new(),
        }),
        inputs: inputs(&group.files),
    }
}

fn axis((group, axis): (usize, &Axis)) -> AxisRecord {
    AxisRecord {
        name: axis.name.clone(),
        of: match &axis.target {
            Target::Quantity(name) => name.clone(),
            Target::Place(_) | Target::Column => String::new(),
        },
        unit: axis.form.unit().to_string(),
        log: false,
        group,
        numbers: None,
        words: None,
        between: None,
    }
}

/// Most quantities of which figures are drawn.
const MOST: usize = 4;

/// Everybody's curves and their bands, for each kept quantity.
fn figures(curves: Option<&CurvesRecord>) -> Vec<FigureRecord> {
    let columns = curves.iter().flat_map(|kept| &kept.columns).take(MOST);
    let both = |column: &ColumnRecord| {
        [SweepFigureKind::Spaghetti, SweepFigureKind::Bands]
            .map(|kind| FigureRecord::standard(kind, &column.name))
    };
    columns.flat_map(both).collect()
}
