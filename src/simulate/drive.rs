//! Drives machines with the lane-batched integrator: one machine per lane, each with its own time, step and events.

use crate::compile::program::Program;
use crate::kernel::{LaneJob, LaneKind, Tape, with_lanes};
use crate::math::Lane;
use crate::solve::rodas5p::loops::{ByStates, Loops};
use crate::solve::{History, NoPast, Outcome, Past, Rodas5P, StepFailure};

use super::evaluator::{Evaluator, control};
use super::failure::Failure;
use super::fast;
use super::machine::{Horizon, Machine};
use super::options::Options;
use super::watch::{Finding, Step, Watch};

/// Runs up to `L::WIDTH` machines of one experiment to their ends. One result per machine.
///
/// A lane's numbers do not depend on what the other lanes do.
pub fn drive<'e, L: Lane>(
    machines: &mut [Machine<'e>],
    evaluator: &mut Evaluator<'e>,
    options: &Options,
    loops: Box<dyn Loops<L>>,
) -> Vec<(Result<(), Failure>, Steps)> {
    assert!(machines.len() <= L::WIDTH, "one machine per lane");
    if machines.is_empty() {
        return Vec::new();
    }
    let mut driver = Driver::<L>::new(machines, evaluator, options, loops);
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
pub fn drive_one<'e>(
    machine: &mut Machine<'e>,
    evaluator: &mut Evaluator<'e>,
    options: &Options,
) -> Result<Steps, Failure> {
    let machines = std::slice::from_mut(machine);
    let loops = loops_over_states(evaluator.program().states.len());
    let (result, steps) = drive::<f64>(machines, evaluator, options, loops).remove(0);
    result.map(|()| steps)
}

/// For one trajectory: packs of its states, as wide as there are states to fill them.
fn loops_over_states(n: usize) -> Box<dyn Loops<f64>> {
    struct Make;
    impl LaneJob for Make {
        type Output = Box<dyn Loops<f64>>;
        fn run<W: Lane>(self) -> Self::Output {
            Box::new(ByStates::<W>::default())
        }
    }
    let kind = LaneKind::best(if n > 4 { 8 } else { 4 });
    // Arrays in the place of vector registers are no gain.
    let is_array = matches!(kind, LaneKind::Portable4 | LaneKind::Portable8);
    with_lanes(if is_array { LaneKind::Single } else { kind }, Make)
}

/// Steps of one lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Kept.
    pub accepted: u64,
    /// Thrown away, those taken again to land on a crossing included.
    pub rejected: u64,
}

/// How far beyond the end of a step, as a share of it, its dense output is trusted to cross a border.
const BEYOND: f64 = 1e-6;

/// The first and nearest place beyond a change of the equations that is looked at, as a share of the step up to it. That
/// much of a step goes by the equations of the other side, which is far below any tolerance.
const ACROSS: f64 = 1e-13;

/// How often in a row a rejected attempt is shortened to where the equations seem to change within it.
const AIMS: usize = 3;

/// How many times the step that failed a border may lie ahead of it (chosen by feel).
const STEPS_AHEAD: f64 = 1e4;

/// What there is at the end of an accepted step.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Plain,
    /// A trigger changes.
    Trigger,
    /// The equations change their branch right after it: the integrator goes on from there.
    Across(f64),
    /// The law of a fast reaction changes its branch right after it: the run goes on from there.
    Beyond(f64),
}

struct LaneRun {
    horizon: Horizon,
    watch: Watch,
    steps: Steps,
    result: Option<Result<(), Failure>>,
}

struct Driver<'a, 'e, L: Lane> {
    program: &'e Program,
    tape: Tape<'e, L>,
    evaluator: &'a mut Evaluator<'e>,
    stepper: Rodas5P<L>,
    history: Option<History>,
    lanes: Vec<LaneRun>,
    p: Vec<L>,
    outcomes: Vec<Outcome>,
    options: &'a Options,
    /// Some trigger has no root function that would show when it changes.
    has_hidden_triggers: bool,
    /// Buffers for a look at another time: the root functions and the states there.
    root_values: Vec<f64>,
    elsewhere: Vec<f64>,
}

impl<'a, 'e, L: Lane> Driver<'a, 'e, L> {
    fn new(
        machines: &[Machine<'e>],
        evaluator: &'a mut Evaluator<'e>,
        options: &'a Options,
        loops: Box<dyn Loops<L>>,
    ) -> Self {
        let program = &machines[0].experiment.program;
        let lane = |_: &Machine<'_>| LaneRun {
            horizon: Horizon {
                stop: 0.0,
                instant: 0.0,
            },
            watch: Watch::new(program),
            steps: Steps::default(),
            result: None,
        };
        Self {
            program,
            tape: Tape::new(program),
            evaluator,
            stepper: Rodas5P::with_loops(program.states.len(), control(program, options), loops),
            history: history::<L>(program, machines),
            lanes: machines.iter().map(lane).collect(),
            // Idle lanes of the last pack carry the first lane's parameters, so that they compute something harmless.
            p: machines[0].p.iter().map(|&value| L::splat(value)).collect(),
            outcomes: vec![Outcome::Idle; L::WIDTH],
            options,
            has_hidden_triggers: program.events.iter().any(|event| event.roots.is_empty()),
            root_values: vec![0.0; program.roots.outputs.len()],
            elsewhere: vec![0.0; program.states.len()],
        }
    }

    fn begin(&mut self, machines: &mut [Machine<'e>]) {
        for lane in 0..L::WIDTH {
            self.stepper.park(lane);
        }
        for (lane, machine) in machines.iter_mut().enumerate() {
            self.arrive(lane, machine, true);
        }
    }

    fn step(&mut self, machines: &mut [Machine<'e>]) {
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
                    if self.check_count(lane, machine) {
                        self.aim(lane, machine);
                    }
                }
                Outcome::Accepted { from, to } => {
                    self.lanes[lane].steps.accepted += 1;
                    if self.check_count(lane, machine) {
                        self.accepted(lane, machine, from, to);
                    }
                }
                Outcome::Failed(failure) => self.failed(lane, machine, &failure),
            }
        }
    }

    fn steps_left(&self, lane: usize) -> u64 {
        let steps = self.lanes[lane].steps;
        let taken = steps.accepted + steps.rejected;
        self.options.max_steps.saturating_sub(taken)
    }

    /// Ends a lane that has taken all its steps; whether it goes on.
    fn check_count(&mut self, lane: usize, machine: &Machine<'_>) -> bool {
        let goes_on = self.steps_left(lane) > 0;
        if !goes_on {
            let failure = Failure::too_many_steps(machine.t, self.options.max_steps);
            self.end(lane, Err(failure));
        }
        goes_on
    }

    fn failed(&mut self, lane: usize, machine: &mut Machine<'e>, failure: &StepFailure) {
        if let StepFailure::StepTooSmall { h, .. } = *failure
            && self.go_over_border(lane, machine, h)
        {
            return self.arrive(lane, machine, true);
        }
        let past = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        let culprit = self
            .evaluator
            .culprit(machine.t, &machine.y, &machine.p, &past);
        let failure = match *failure {
            StepFailure::StepTooSmall { t, state, .. }
                if self.program.fast.extents.contains(&state) =>
            {
                fast::lost(self.program, t, state)
            }
            _ => Failure::of_step(failure, self.program, culprit),
        };
        self.end(lane, Err(failure));
    }

    fn accepted(&mut self, lane: usize, machine: &mut Machine<'e>, from: f64, to: f64) {
        let is_looked_at = self.lanes[lane].watch.is_watching() || self.history.is_some();
        if is_looked_at || !machine.times_before(to).is_empty() {
            self.stepper.make_dense();
        }
        match self.look(lane, machine, from, to) {
            Finding::Land(at) => {
                self.stepper.retract(lane, at);
                let steps = &mut self.lanes[lane].steps;
                steps.accepted -= 1;
                steps.rejected += 1;
            }
            Finding::Stuck(root) => {
                let failure = Failure::stuck(machine.t, self.program, root);
                self.end(lane, Err(failure));
            }
            Finding::Here => self.keep(lane, machine, [from, to], End::Trigger),
            Finding::None => self.keep(lane, machine, [from, to], End::Plain),
            Finding::Across(root) => {
                let end = match self.across(lane, machine, [from, to], root) {
                    Some(across) => End::Across(across),
                    None => End::Plain,
                };
                self.keep(lane, machine, [from, to], end);
            }
            Finding::Border(root) => {
                let end = match self.beyond(lane, machine, [from, to], root) {
                    Some(beyond) => End::Beyond(beyond),
                    None => End::Trigger,
                };
                self.keep(lane, machine, [from, to], end);
            }
        }
    }

    /// Shortens an attempt that was rejected to where the equations change within it, if they do: halving it again and
    /// again until the change is no longer felt would cost several attempts more.
    fn aim(&mut self, lane: usize, machine: &Machine<'_>) {
        let ([from, to], tries) = self.stepper.rejected(lane);
        if tries > AIMS || !self.lanes[lane].watch.is_watching() {
            return;
        }
        self.stepper.make_dense();
        let stepper = &self.stepper;
        let step = Step {
            machine,
            past: &OneOf {
                history: self.history.as_ref(),
                lane,
            },
            from,
            to,
            steps_left: self.steps_left(lane),
            dense: &|t, out| stepper.dense_rejected(lane, t, out),
        };
        if let Some(end) = self.lanes[lane].watch.guess(self.evaluator, &step) {
            self.stepper.aim(lane, end);
        }
    }

    fn look(&mut self, lane: usize, machine: &Machine<'_>, from: f64, to: f64) -> Finding {
        let steps_left = self.steps_left(lane);
        let stepper = &self.stepper;
        let step = Step {
            machine,
            past: &OneOf {
                history: self.history.as_ref(),
                lane,
            },
            from,
            to,
            steps_left,
            dense: &|t, out| stepper.dense(lane, t, out),
        };
        self.lanes[lane].watch.look(self.evaluator, &step)
    }

    /// Takes an accepted step as done: rows, history, state; then what happens at its end.
    fn keep(&mut self, lane: usize, machine: &mut Machine<'e>, [from, to]: [f64; 2], end: End) {
        let stepper = &self.stepper;
        let polynomial = |out: &mut [f64]| stepper.step_polynomial(lane, out);
        let past = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        machine.pass(self.evaluator, &past, [from, to], &polynomial);
        if let Some(history) = &mut self.history {
            history.step(lane, from, to, |polynomial| {
                stepper.step_polynomial(lane, polynomial)
            });
        }
        stepper.state(lane, &mut machine.y);
        machine.t = to;
        if let End::Across(across) = end {
            stepper.dense(lane, across, &mut machine.y);
            machine.t = across;
            self.stepper.cross(lane, across, &machine.y);
            self.lanes[lane].watch.restart();
        }
        let stepper = &self.stepper;
        if let End::Beyond(beyond) = end {
            stepper.dense(lane, beyond, &mut machine.y);
            machine.t = beyond;
            return self.arrive(lane, machine, true);
        }
        if self.evaluator.has_fast_reactions() && !self.watch_fast(lane, machine) {
            return;
        }
        let horizon = self.lanes[lane].horizon;
        if to >= horizon.stop {
            machine.t = horizon.instant;
            return self.arrive(lane, machine, true);
        }
        let past = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        if end == End::Trigger
            || self.has_hidden_triggers && changed(machine, self.evaluator, &past)
        {
            return self.arrive(lane, machine, false);
        }
        machine.write_present(self.evaluator, &past);
        // A landing may have shortened the way; go on to the horizon.
        self.stepper.set_stop(lane, horizon.stop);
    }

    /// Looks after the fast reactions at the end of a step; whether the lane goes on.
    fn watch_fast(&mut self, lane: usize, machine: &mut Machine<'e>) -> bool {
        let past = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        let result = machine.watch_fast(self.evaluator, &past);
        self.stepper.rewrite(lane, &machine.y);
        let goes_on = result.is_ok();
        if !goes_on {
            self.end(lane, result);
        }
        goes_on
    }

    /// Moves a run that cannot step over the border of a branch of a fast law to the other side, where the equilibrium may
    /// be another; whether there was one within some multiples of the step that failed.
    fn go_over_border(&mut self, lane: usize, machine: &mut Machine<'e>, h: f64) -> bool {
        let past = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        let stop = self.lanes[lane].horizon.stop;
        machine.over_border(self.evaluator, &past, STEPS_AHEAD * h, stop)
    }

    /// The first time looked at, from the end of a step on, at which a branch is on its other side. None where the past or
    /// fast reactions ask for steps without gaps.
    fn across(
        &mut self,
        lane: usize,
        machine: &Machine<'_>,
        step: [f64; 2],
        root: usize,
    ) -> Option<f64> {
        if self.history.is_some() || self.evaluator.has_fast_reactions() {
            return None;
        }
        self.other_side(lane, machine, step, root, ACROSS * (step[1] - step[0]), 8.0)
    }

    /// The first time looked at, right after the end of a step, at which a root is on its other side.
    fn beyond(
        &mut self,
        lane: usize,
        machine: &Machine<'_>,
        step: [f64; 2],
        root: usize,
    ) -> Option<f64> {
        self.other_side(lane, machine, step, root, 0.0, 2.0)
    }

    /// The first time looked at after a step at which a root is on its other side: `nearest` beyond its end, but at least
    /// a unit in the last place, then `factor` times as far again and again.
    fn other_side(
        &mut self,
        lane: usize,
        machine: &Machine<'_>,
        [from, to]: [f64; 2],
        root: usize,
        nearest: f64,
        factor: f64,
    ) -> Option<f64> {
        let past = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        let block = &self.program.roots;
        let (stepper, evaluator) = (&self.stepper, &mut self.evaluator);
        let (values, y) = (&mut self.root_values, &mut self.elsewhere);
        let mut value = |t: f64| {
            stepper.dense(lane, t, y);
            evaluator.values(block, t, y, &machine.p, &past, values);
            values[root]
        };
        let side = value(from);
        let mut ahead = (to.abs().next_up() - to.abs()).max(nearest);
        while ahead <= BEYOND * (to - from) && to + ahead < self.lanes[lane].horizon.stop {
            if value(to + ahead) * side < 0.0 {
                return Some(to + ahead);
            }
            ahead *= factor;
        }
        None
    }

    /// The instant at the machine's present time, then on towards the next horizon or to the end.
    ///
    /// * `known` — the time was a stop, at which equations may change without any state or parameter doing so
    fn arrive(&mut self, lane: usize, machine: &mut Machine<'e>, known: bool) {
        match self.happen(lane, machine) {
            Err(failure) => self.end(lane, Err(failure)),
            Ok(None) => self.end(lane, Ok(())),
            Ok(Some((changed, horizon))) => {
                for (slot, &value) in self.p.iter_mut().zip(&machine.p) {
                    *slot = slot.with_lane(lane, value);
                }
                self.lanes[lane].horizon = horizon;
                if known || changed {
                    self.stepper
                        .start(lane, machine.t, &machine.y, horizon.stop);
                    self.lanes[lane].watch.restart();
                } else {
                    self.stepper.set_stop(lane, horizon.stop);
                }
            }
        }
    }

    /// All instants up to the machine's present time; whether they changed anything, and where to stop next. None at the
    /// end.
    fn happen(
        &mut self,
        lane: usize,
        machine: &mut Machine<'e>,
    ) -> Result<Option<(bool, Horizon)>, Failure> {
        let mut changed = false;
        loop {
            let past = OneOf {
                history: self.history.as_ref(),
                lane,
            };
            let t = machine.t;
            changed |= machine.instant(self.evaluator, &past)?;
            if machine.is_over() {
                machine.write_present(self.evaluator, &past);
                return Ok(None);
            }
            if let Some(history) = &mut self.history {
                history.jump(lane, t, &machine.y, &machine.p);
            }
            // Time may have gone on past something that was due a few units in the last place later.
            let horizon = machine.horizon();
            if horizon.instant > machine.t {
                return Ok(Some((changed, horizon)));
            }
        }
    }

    fn end(&mut self, lane: usize, result: Result<(), Failure>) {
        self.stepper.park(lane);
        self.lanes[lane].result = Some(result);
    }
}

fn changed<'e>(machine: &mut Machine<'e>, evaluator: &mut Evaluator<'e>, past: &dyn Past) -> bool {
    let Machine {
        t, y, p, events, ..
    } = machine;
    let mut now = super::evaluator::Present {
        evaluator,
        past,
        t: *t,
        y,
        p,
    };
    events.would_change(&mut now)
}

/// The past of one lane, for scalar evaluations that know no lanes.
struct OneOf<'a> {
    history: Option<&'a History>,
    lane: usize,
}

impl Past for OneOf<'_> {
    fn at(&self, _lane: usize, t: f64, y: &mut [f64], p: &mut [f64]) -> bool {
        match self.history {
            Some(history) => history.at(self.lane, t, y, p),
            None => NoPast.at(0, t, y, p),
        }
    }
}

/// A history of machines at their start; none for a program without delays.
fn history<L: Lane>(program: &Program, machines: &[Machine<'_>]) -> Option<History> {
    if program.delays.is_empty() {
        return None;
    }
    let mut history = History::new(L::WIDTH, program.states.len(), longest_lag(program));
    for lane in 0..L::WIDTH {
        // Idle lanes of the last pack look back at something harmless.
        let machine = machines.get(lane).unwrap_or(&machines[0]);
        history.start(lane, machine.t, &machine.y, &machine.p);
    }
    Some(history)
}

/// How far back the equations look; infinite when a lag is not known beforehand.
fn longest_lag(program: &Program) -> f64 {
    let lags = program.delays.iter();
    lags.map(|delay| delay.constant_lag.unwrap_or(f64::INFINITY))
        // Delays within delays look back further than each of them.
        .sum()
}
