//! Drives machines with the lane-batched integrator: one machine per lane, each with its own time, step and events.

use crate::compile::program::Program;
use crate::kernel::Tape;
use crate::math::Lane;
use crate::solve::{Control, History, NoPast, Outcome, Past, Rodas5P};

use super::crossing::{Crossing, Crossings};
use super::evaluator::Evaluator;
use super::failure::Failure;
use super::machine::{Horizon, Machine};
use super::options::Options;

/// Runs up to `L::WIDTH` machines of one experiment to their ends. One result per machine.
///
/// A lane's numbers do not depend on what the other lanes do.
pub fn drive<L: Lane>(
    machines: &mut [Machine<'_>],
    options: &Options,
) -> Vec<(Result<(), Failure>, Steps)> {
    assert!(
        !machines.is_empty() && machines.len() <= L::WIDTH,
        "one machine per lane"
    );
    let mut driver = Driver::<L>::new(machines, options);
    driver.begin(machines);
    while driver.lanes.iter().any(|lane| lane.result.is_none()) {
        driver.step(machines);
    }
    driver
        .lanes
        .into_iter()
        .map(|lane| (lane.result.unwrap_or(Ok(())), lane.steps))
        .collect()
}

/// Runs one machine to its end.
///
/// # Errors
/// Why the numbers failed.
pub fn drive_one(machine: &mut Machine<'_>, options: &Options) -> Result<Steps, Failure> {
    let (result, steps) = drive::<f64>(std::slice::from_mut(machine), options).remove(0);
    result.map(|()| steps)
}

/// Steps of one lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Kept.
    pub accepted: u64,
    /// Thrown away, those taken again to land on a crossing included.
    pub rejected: u64,
}

struct LaneRun {
    horizon: Horizon,
    crossings: Crossings,
    steps: Steps,
    result: Option<Result<(), Failure>>,
}

struct Driver<'e, L: Lane> {
    tape: Tape<'e, L>,
    evaluator: Evaluator<'e>,
    stepper: Rodas5P<L>,
    history: Option<History>,
    lanes: Vec<LaneRun>,
    p: Vec<L>,
    outcomes: Vec<Outcome>,
    options: Options,
    state: Vec<f64>,
}

impl<'e, L: Lane> Driver<'e, L> {
    fn new(machines: &[Machine<'e>], options: &Options) -> Self {
        let program = &machines[0].experiment.program;
        let control = control(program, options);
        let lane = |_: &Machine<'_>| LaneRun {
            horizon: Horizon {
                stop: 0.0,
                instant: 0.0,
            },
            crossings: Crossings::new(program),
            steps: Steps::default(),
            result: None,
        };
        let history = (!program.delays.is_empty()).then(|| {
            let mut history = History::new(L::WIDTH, program.states.len(), longest_lag(program));
            for (lane, machine) in machines.iter().enumerate() {
                history.start(lane, machine.t, &machine.y, &machine.p);
            }
            history
        });
        Self {
            tape: Tape::new(program),
            evaluator: Evaluator::new(program),
            stepper: Rodas5P::new(program.states.len(), control),
            history,
            lanes: machines.iter().map(lane).collect(),
            // Idle lanes of the last pack carry the first lane's parameters, so that they compute something harmless.
            p: machines[0].p.iter().map(|&value| L::splat(value)).collect(),
            outcomes: vec![Outcome::Idle; L::WIDTH],
            options: options.clone(),
            state: vec![0.0; program.states.len()],
        }
    }

    fn begin(&mut self, machines: &mut [Machine<'_>]) {
        for lane in 0..L::WIDTH {
            self.stepper.park(lane);
        }
        for (lane, machine) in machines.iter_mut().enumerate() {
            self.arrive(lane, machine, true);
        }
    }

    fn step(&mut self, machines: &mut [Machine<'_>]) {
        let past: &dyn Past = match &self.history {
            Some(history) => history,
            None => &NoPast,
        };
        self.stepper
            .attempt(&mut self.tape, &self.p, past, &mut self.outcomes);
        for (lane, machine) in machines.iter_mut().enumerate() {
            match self.outcomes[lane] {
                Outcome::Idle => {}
                Outcome::Rejected => {
                    self.lanes[lane].steps.rejected += 1;
                    self.check_count(lane, machine);
                }
                Outcome::Accepted { from, to } => {
                    self.lanes[lane].steps.accepted += 1;
                    self.check_count(lane, machine);
                    self.accepted(lane, machine, from, to);
                }
                Outcome::Failed(failure) => {
                    let one = OneOf {
                        history: self.history.as_ref(),
                        lane,
                    };
                    let law = self
                        .evaluator
                        .blame(machine.t, &machine.y, &machine.p, &one);
                    let law = law.and_then(|(_, span)| span);
                    let failure = Failure::of_step(&failure, &machine.experiment.program, law);
                    self.end(lane, Err(failure));
                }
            }
        }
    }

    fn check_count(&mut self, lane: usize, machine: &Machine<'_>) {
        let steps = self.lanes[lane].steps;
        if steps.accepted + steps.rejected > self.options.max_steps {
            let failure = Failure::too_many_steps(
                machine.t,
                self.options.max_steps,
                &machine.experiment.program,
                0,
            );
            self.end(lane, Err(failure));
        }
    }

    fn accepted(&mut self, lane: usize, machine: &mut Machine<'_>, from: f64, to: f64) {
        if self.lanes[lane].result.is_some() {
            return;
        }
        let one = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        let stepper = &self.stepper;
        let mut dense = |t: f64, out: &mut [f64]| stepper.dense(lane, t, out);
        let crossing = self.lanes[lane].crossings.find(
            &mut self.evaluator,
            &one,
            machine,
            from,
            to,
            &mut dense,
        );
        if let Crossing::Land(at) = crossing {
            self.stepper.retract(lane, at);
            let steps = &mut self.lanes[lane].steps;
            steps.accepted -= 1;
            steps.rejected += 1;
            return;
        }
        machine.pass(&mut self.evaluator, &one, to, &mut dense);
        if let Some(history) = &mut self.history {
            history.step(lane, from, to, |polynomial| {
                stepper.step_polynomial(lane, polynomial)
            });
        }
        self.stepper.state(lane, &mut self.state);
        machine.y.copy_from_slice(&self.state);
        machine.t = to;
        let horizon = self.lanes[lane].horizon;
        if to >= horizon.stop {
            machine.t = horizon.instant;
            self.arrive(lane, machine, true);
        } else if crossing == Crossing::Here || self.trigger_changed(lane, machine) {
            self.arrive(lane, machine, false);
        } else {
            let one = OneOf {
                history: self.history.as_ref(),
                lane,
            };
            machine.write_present(&mut self.evaluator, &one);
            // A landing may have shortened the way; go on to the horizon.
            self.stepper.set_stop(lane, horizon.stop);
        }
    }

    fn trigger_changed(&mut self, lane: usize, machine: &Machine<'_>) -> bool {
        let one = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        !machine.experiment.program.events.is_empty()
            && machine.trigger_changed(&mut self.evaluator, &one)
    }

    /// The instant at the machine's present time, then on towards the next horizon or to the end.
    fn arrive(&mut self, lane: usize, machine: &mut Machine<'_>, known: bool) {
        let one = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        let happened = match machine.instant(&mut self.evaluator, &one) {
            Ok(happened) => happened,
            Err(failure) => return self.end(lane, Err(failure)),
        };
        if happened.changed
            && let Err(failure) = self.evaluator.make_consistent(machine, &self.options, &one)
        {
            return self.end(lane, Err(failure));
        }
        if let Some(history) = &mut self.history {
            history.jump(lane, machine.t, &machine.y, &machine.p);
        }
        self.load_parameters(lane, machine);
        if machine.is_over() {
            return self.end(lane, Ok(()));
        }
        let horizon = machine.horizon();
        self.lanes[lane].horizon = horizon;
        if known || happened.changed {
            self.stepper
                .start(lane, machine.t, &machine.y, horizon.stop);
            self.lanes[lane].crossings.restart();
        } else {
            self.stepper.set_stop(lane, horizon.stop);
        }
    }

    fn load_parameters(&mut self, lane: usize, machine: &Machine<'_>) {
        for (slot, &value) in self.p.iter_mut().zip(&machine.p) {
            *slot = slot.with_lane(lane, value);
        }
    }

    fn end(&mut self, lane: usize, result: Result<(), Failure>) {
        self.stepper.park(lane);
        self.lanes[lane].result = Some(result);
    }
}

/// The past of one lane, for scalar evaluations that know no lanes.
struct OneOf<'a> {
    history: Option<&'a History>,
    lane: usize,
}

impl Past for OneOf<'_> {
    fn at(&self, _lane: usize, t: f64, y: &mut [f64], p: &mut [f64]) {
        match self.history {
            Some(history) => history.at(self.lane, t, y, p),
            None => NoPast.at(0, t, y, p),
        }
    }
}

/// How far back the equations look; infinite when a lag is not known beforehand.
fn longest_lag(program: &Program) -> f64 {
    let lags = program
        .delays
        .iter()
        .map(|delay| delay.constant_lag.unwrap_or(f64::INFINITY));
    lags.fold(0.0, f64::max)
}

/// Tolerances of the integrator: the absolute ones follow the size that the author gave each state.
pub fn control(program: &Program, options: &Options) -> Control {
    let atol = program
        .states
        .iter()
        .map(|state| options.atol * state.nominal)
        .collect();
    Control {
        max_step: options.max_step,
        ..Control::new(options.rtol, atol)
    }
}
