//! One function for each kind of figure.

use insilin::observe::daily::DaySpread;
use insilin::render::build::{self, Arm, BuildError, ClockStart, Happenings, HeatScale};
use insilin::render::{Figure, Naming, Panel};
use insilin::scenario::{FigureKind, FigureRequest, HeatRange, Scenario};
use insilin::trajectory::Measured;

use super::super::display;
use super::super::results::Results;
use super::runs::{self, Run};
use super::{happenings, metrics};

/// What figures are made of.
pub(super) struct World<'a> {
    /// What was run.
    pub scenario: &'a Scenario,
    /// What came out.
    pub results: &'a Results,
    /// Measured points, in the units of what is shown.
    pub measured: &'a [Measured],
}

impl World<'_> {
    fn arms(&self) -> Vec<usize> {
        (0..self.scenario.arms.len()).collect()
    }

    /// What happens in the arms that a figure shows.
    fn happenings(&self, request: &FigureRequest) -> Happenings {
        happenings::of(self.scenario, &self.shown(request))
    }

    /// Arms that have what some panel of a figure shows.
    fn shown(&self, request: &FigureRequest) -> Vec<usize> {
        let has = |arm: &usize, group: &Vec<String>| {
            let run = self.results.arms[*arm].shown.first();
            run.is_some_and(|run| group.iter().all(|id| run.column(id).is_some()))
        };
        let arms = self.arms().into_iter();
        arms.filter(|arm| request.panels.iter().any(|group| has(arm, group)))
            .collect()
    }

    /// Day and time of day at time 0, where the scenario says them.
    fn clock(&self) -> Option<ClockStart> {
        let start = self.scenario.arms[0].time.start_clock?;
        Some(ClockStart {
            weekday: start.weekday,
            minute: start.minute,
        })
    }
}

/// The figure that is asked for.
pub(super) fn make(request: &FigureRequest, world: &World) -> Result<Figure, BuildError> {
    match &request.kind {
        FigureKind::Course => course(request, world),
        FigureKind::Day { day } => {
            let mut figure = of_panels(
                request,
                panels(request, world, world.scenario.vary.is_some())?,
            );
            build::on_the_clock(&mut figure, world.clock(), *day)?;
            Ok(figure)
        }
        FigureKind::Stacked => stacked(request, world),
        FigureKind::Heat(range) => heat(request, world, range),
        FigureKind::DoseResponse => metrics::dose_response(request, world),
        FigureKind::Week { week } => {
            let all = runs::all(world.scenario, world.results);
            let groups = groups(request);
            let arms = arms(&all, &groups);
            let (happenings, when) = (world.happenings(request), (world.clock(), *week));
            build::week(
                &request.title,
                &arms,
                &groups,
                world.measured,
                &happenings,
                when,
            )
        }
        FigureKind::Long { percentiles } => {
            let all = runs::all(world.scenario, world.results);
            let groups = groups(request);
            let arms = arms(&all, &groups);
            let spread = percentiles.map_or(DaySpread::Extremes, |(low, high)| {
                DaySpread::Percentiles(low, high)
            });
            let happenings = world.happenings(request);
            build::long(
                &request.title,
                &arms,
                &groups,
                &happenings,
                world.clock(),
                spread,
            )
        }
        FigureKind::SmallMultiples { columns, by_arm } => {
            small_multiples(request, world, *columns, *by_arm)
        }
        FigureKind::Bars => metrics::bars(request, world),
    }
}

fn groups(request: &FigureRequest) -> Vec<Vec<&str>> {
    let groups = request.panels.iter();
    groups
        .map(|group| group.iter().map(String::as_str).collect())
        .collect()
}

/// Those runs that have all that is to be shown.
fn arms<'a>(all: &'a [Run], groups: &[Vec<&str>]) -> Vec<Arm<'a>> {
    let able = runs::able(all, &groups.concat());
    able.into_iter().map(|run| run.arm()).collect()
}

fn of_panels(request: &FigureRequest, panels: Vec<Panel>) -> Figure {
    Figure::new(request.title.clone(), panels)
}

fn course(request: &FigureRequest, world: &World) -> Result<Figure, BuildError> {
    let apart = world.scenario.vary.is_some();
    let mut figure = of_panels(request, panels(request, world, apart)?);
    build::in_readable_time(&mut figure);
    Ok(figure)
}

/// Panels over time: one per group, or one per group and arm when arms stand `apart`.
fn panels(request: &FigureRequest, world: &World, apart: bool) -> Result<Vec<Panel>, BuildError> {
    let World {
        scenario, results, ..
    } = world;
    let families: Vec<(Vec<usize>, Vec<Run>)> = if apart {
        let family = |arm| (vec![arm], runs::of_arm(scenario, results, arm));
        world.arms().into_iter().map(family).collect()
    } else {
        vec![(world.shown(request), runs::all(scenario, results))]
    };
    let mut panels: Vec<Panel> = Vec::new();
    for group in &request.panels {
        let ids: Vec<&str> = group.iter().map(String::as_str).collect();
        for (of, all) in &families {
            let mut arms: Vec<Arm> = runs::able(all, &ids).into_iter().map(Run::arm).collect();
            let title = if apart {
                scenario.arms[of[0]].label.as_str()
            } else {
                ""
            };
            if apart && scenario.vary.is_none() {
                // The panel's heading names the arm.
                arms.iter_mut().for_each(|arm| arm.label = "");
            }
            let mut panel = build::time_panel(&arms, &ids, world.measured)?;
            panel.title = title.to_string();
            let named = apart && scenario.vary.is_none() || panels.is_empty();
            build::add_happenings(&mut panel, &happenings::of(scenario, of), named);
            panels.push(panel);
        }
    }
    Ok(panels)
}

/// Parts of a whole, one panel per group and run.
fn stacked(request: &FigureRequest, world: &World) -> Result<Figure, BuildError> {
    let all = runs::all(world.scenario, world.results);
    let mut panels = Vec::new();
    for group in groups(request) {
        let mut own = Vec::new();
        for run in runs::able(&all, &group) {
            let mut panel = build::stacked_panel(run.trajectory, &group)?;
            panel.title.clone_from(&run.label);
            let happenings = happenings::of(world.scenario, &[run.arm]);
            build::add_happenings(&mut panel, &happenings, true);
            own.push(panel);
        }
        build::share_y(&mut own);
        panels.extend(own);
    }
    let mut figure = of_panels(request, panels);
    build::in_readable_time(&mut figure);
    Ok(figure)
}

fn heat(request: &FigureRequest, world: &World, range: &HeatRange) -> Result<Figure, BuildError> {
    let all = runs::all(world.scenario, world.results);
    let groups = groups(request);
    let arms = arms(&all, &groups);
    let scale = match range {
        HeatRange::Own => HeatScale::Own,
        HeatRange::Common => HeatScale::Common,
        HeatRange::Given { low, high, unit } => {
            let factor = given_unit(world, &arms, &groups, unit)?;
            HeatScale::Given(factor * low, factor * high)
        }
    };
    build::heat(
        &request.title,
        &arms,
        &groups,
        &world.happenings(request),
        scale,
    )
}

/// Factor from the unit of given ends to that of what is shown.
fn given_unit(
    world: &World,
    arms: &[Arm],
    groups: &[Vec<&str>],
    unit: &str,
) -> Result<f64, BuildError> {
    if unit.is_empty() {
        // Bare numbers are in the unit of what is shown.
        return Ok(1.0);
    }
    let first = groups.iter().flatten().next().ok_or(BuildError::Empty)?;
    let shown = arms.first().and_then(|arm| arm.trajectory.column(first));
    let shown = shown.ok_or_else(|| BuildError::Unknown {
        id: (*first).to_string(),
    })?;
    let model = &world.scenario.arms[0].model;
    display::factor_of(model, first, unit, &shown.unit).ok_or_else(|| BuildError::Units {
        found: ("scale".to_string(), unit.to_string()),
        expected: shown.unit.clone(),
    })
}

/// A small panel per group, or per group and arm.
fn small_multiples(
    request: &FigureRequest,
    world: &World,
    columns: Option<u32>,
    by_arm: bool,
) -> Result<Figure, BuildError> {
    let apart = by_arm || world.scenario.vary.is_some();
    let mut panels = panels(request, world, apart)?;
    let per_group = panels.len() / request.panels.len().max(1);
    for panel in &mut panels {
        let what = std::mem::take(&mut panel.y.label);
        panel.title = match (panel.title.is_empty(), what.is_empty()) {
            (true, _) => what,
            (false, true) => panel.title.clone(),
            (false, false) => format!("{what}, {}", panel.title),
        };
        panel.naming = Naming::Legend;
    }
    if apart {
        panels.chunks_mut(per_group.max(1)).for_each(build::share_y);
    }
    let columns = columns.unwrap_or(match panels.len() {
        0..=1 => 1,
        2..=4 => 2,
        _ => 3,
    });
    let mut figure = build::small_multiples(&request.title, panels, columns as usize);
    build::in_readable_time(&mut figure);
    Ok(figure)
}
