//! Side by side or alone, on any kind of lane, interpreted or as machine code: the same bytes.

mod support;

use insilin::kernel::{LaneJob, LaneKind, with_lanes};
use insilin::math::Lane;
use insilin::scenario::Arm;
use insilin::scenario::inputs::InputKind;
use insilin::simulate::{Experiment, Failure, Kernels, Options, run_lanes, run_with};
use insilin::trajectory::Trajectory;
use support::files::{arm, inputs_of, shipped_models, shipped_scenario, shipped_scenarios};
use support::numbers::Draws;

/// More than one full pack of eight, so that some packs have idle lanes.
const SETS: usize = 9;

struct Job<'a> {
    experiment: &'a Experiment,
    arm: &'a Arm,
    overrides: &'a [Vec<(usize, f64)>],
    options: Options,
}

impl LaneJob for Job<'_> {
    type Output = Vec<Result<Trajectory, Failure>>;
    fn run<L: Lane>(self) -> Self::Output {
        run_lanes::<L>(self.experiment, self.arm, self.overrides, &self.options)
    }
}

/// The first set is the model's own; each other one moves every third constant of it by up to a tenth.
fn parameter_sets(experiment: &Experiment, name: &str) -> Vec<Vec<(usize, f64)>> {
    let mut draws = Draws(name.len() as u64);
    let slots = &experiment.program.parameters;
    let mut set = |n: usize| -> Vec<(usize, f64)> {
        let chosen = slots
            .iter()
            .enumerate()
            .filter(|(at, slot)| at % 3 == n % 3 && slot.value.is_finite());
        chosen
            .map(|(at, slot)| (at, slot.value * draws.between(0.9, 1.1)))
            .collect()
    };
    (0..SETS)
        .map(|n| if n == 0 { Vec::new() } else { set(n) })
        .collect()
}

/// The bits of everything that was written down.
fn bits(trajectory: &Trajectory) -> Vec<u64> {
    trajectory
        .time
        .iter()
        .chain(trajectory.data.iter())
        .map(|value| value.to_bits())
        .collect()
}

fn same(
    name: &str,
    kind: LaneKind,
    set: usize,
    lane: &Result<Trajectory, Failure>,
    alone: &Result<Trajectory, Failure>,
) {
    match (lane, alone) {
        (Ok(lane), Ok(alone)) => {
            assert!(
                bits(lane) == bits(alone),
                "{name}, {kind:?}, set {set}: other numbers than alone"
            );
        }
        (lane, alone) => assert_eq!(
            lane.as_ref().err(),
            alone.as_ref().err(),
            "{name}, {kind:?}, set {set}: ends otherwise than alone"
        ),
    }
}

fn with(kernels: Kernels) -> Options {
    Options {
        kernels,
        ..Options::default()
    }
}

/// Compares all kinds of lanes with interpreted single runs; gives those.
///
/// Portable lanes are interpreted, as they are where there is no machine code.
fn check(name: &str, arm: &Arm) -> Vec<Result<Trajectory, Failure>> {
    let experiment = Experiment::new(arm)
        .expect("what is shipped compiles")
        .value;
    let overrides = parameter_sets(&experiment, name);
    let run_alone = |set: &Vec<(usize, f64)>, kernels| {
        run_with(&experiment, arm, set, &with(kernels)).map(|run| run.trajectory)
    };
    let alone: Vec<_> = overrides
        .iter()
        .map(|set| run_alone(set, Kernels::Tape))
        .collect();
    // First with the change from one to the other in the middle of a run.
    for (set, kernels) in [(0, Kernels::Auto), (1, Kernels::Native)] {
        let other = run_alone(&overrides[set], kernels);
        same(name, LaneKind::Single, set, &other, &alone[set]);
    }
    assert!(alone[0].is_ok(), "{name}: {:?}", alone[0].as_ref().err());
    for kind in LaneKind::ALL.into_iter().filter(|kind| kind.is_available()) {
        let job = Job {
            experiment: &experiment,
            arm,
            overrides: &overrides,
            options: with(match kind {
                LaneKind::Portable4 | LaneKind::Portable8 => Kernels::Tape,
                _ => Kernels::Native,
            }),
        };
        let lanes = with_lanes(kind, job);
        assert_eq!(lanes.len(), SETS, "{name}, {kind:?}: one result per set");
        for (set, (lane, alone)) in lanes.iter().zip(&alone).enumerate() {
            same(name, kind, set, lane, alone);
        }
    }
    alone
}

/// Something done to a model through each of its inputs, with edges inside of the run.
fn protocol(model: &str) -> Vec<String> {
    let mut entries = Vec::new();
    for (name, input) in &inputs_of(model).inputs {
        let high = input.range.map_or(1.0, |(_, high)| high);
        let (unit, dose) = (&input.unit_text, 0.1 * high);
        entries.push(match input.kind {
            InputKind::Amount(_) => {
                format!("{{ give = \"{name}\", amount = \"{dose} {unit}\", time = 1.7 }}")
            }
            InputKind::Level(_) => {
                format!("{{ hold = \"{name}\", at = \"{dose} {unit}\", from = 3.3, to = 20.1 }}")
            }
        });
    }
    entries
}

#[test]
fn every_model_gives_the_same_bytes_on_every_kind_of_lane() {
    for model in shipped_models() {
        let arm = arm(
            &model,
            "span = [0, 60], every = 0.7",
            &protocol(&model),
            &[],
        );
        let runs = check(&model, &arm);
        let first = runs[0].as_ref().map(bits);
        assert!(
            runs[1..].iter().all(|run| run.as_ref().map(bits) != first),
            "{model}: the sets differ"
        );
    }
}

#[test]
fn every_scenario_gives_the_same_bytes_on_every_kind_of_lane() {
    for path in shipped_scenarios() {
        for arm in &shipped_scenario(&path).arms {
            check(&format!("{path} {}", arm.label), arm);
        }
    }
}

#[test]
fn a_row_does_not_depend_on_how_many_share_its_step() {
    let at_every = |every: u32| {
        let time = format!("span = [0, 420], every = {every}");
        let bolus = r#"{ bolus = "Q_sto1", amount = "78 g", time = 0 }"#.to_string();
        let arm = arm("published/dalla_man_2007.ant", &time, &[bolus], &[]);
        let experiment = Experiment::new(&arm).expect("a shipped model").value;
        run_with(&experiment, &arm, &[], &Options::default())
            .expect("it runs")
            .trajectory
    };
    // One row in some hundred steps, and several in most.
    let (few, many) = (at_every(60), at_every(1));
    for (row, time) in few.time.iter().enumerate() {
        let same = many
            .time
            .iter()
            .position(|other| other == time)
            .expect("a multiple");
        let bits = |values: ndarray::ArrayView1<'_, f64>| -> Vec<u64> {
            values.iter().map(|value| value.to_bits()).collect()
        };
        assert_eq!(
            bits(few.data.row(row)),
            bits(many.data.row(same)),
            "at {time} min"
        );
    }
}

#[test]
fn what_is_observed_alone_has_the_bits_it_has_among_all() {
    let time = "span = [0, 120], every = 5";
    let bolus = r#"{ bolus = "Q_sto1", amount = "78 g", time = 0 }"#.to_string();
    let arm = arm("published/dalla_man_2007.ant", time, &[bolus], &[]);
    let all = Experiment::new(&arm).expect("a shipped model").value;
    let id = &all.program.quantities.last().expect("a quantity").id;
    let options = insilin::compile::Options {
        observed: Some(vec![arm.model.symbol(id).expect("its symbol")]),
        ..insilin::compile::Options::default()
    };
    let one = Experiment::with_options(&arm, &options)
        .expect("as before")
        .value;
    let run = |experiment: &Experiment| {
        let run = run_with(experiment, &arm, &[], &Options::default());
        run.expect("it runs").trajectory
    };
    let (all, one) = (run(&all), run(&one));
    assert_eq!(one.columns.len(), 1);
    let (among, alone) = (
        all.view(id).expect("a column"),
        one.view(id).expect("a column"),
    );
    assert!(
        among
            .iter()
            .zip(alone)
            .all(|(a, b)| a.to_bits() == b.to_bits())
    );
}
