//! Drives machines with the lane-batched integrator: one machine per lane, each with its own time, step and events; a lane
//! whose run ends takes the next.

use std::sync::Arc;

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
use super::plan::Experiment;
use super::watch::{Finding, Step, Watch};

/// Where machines come from and where they go when their runs end.
pub trait Supply<'e> {
    /// The next machine at its start, with the number by which the supply knows it; none when all are under way.
    fn next(&mut self, evaluator: &mut Evaluator<'e>) -> Option<(usize, Machine<'e>)>;
    /// Takes back a machine whose run has ended, well or not.
    fn ended(&mut self, number: usize, machine: Machine<'e>, end: Result<Steps, Failure>);
}

/// Runs all machines of a supply, up to `L::WIDTH` at a time: a lane takes the next one when its run ends.
///
/// All are of one program. A run's numbers do not depend on what other lanes do, nor on its lane or its turn.
///
/// * `evaluators` — one per lane
pub fn drive<'e, L: Lane>(
    supply: &mut dyn Supply<'e>,
    evaluators: &mut [Evaluator<'e>],
    options: &Options,
    loops: Box<dyn Loops<L>>,
) {
    assert_eq!(evaluators.len(), L::WIDTH, "one evaluator per lane");
    let Some(first) = supply.next(&mut evaluators[0]) else {
        return;
    };
    let mut driver = Driver::<L>::new(&first.1, evaluators, options, loops);
    let mut machines: Vec<Option<(usize, Machine<'e>)>> = (0..L::WIDTH).map(|_| None).collect();
    let mut waiting = Some(first);
    for (lane, place) in machines.iter_mut().enumerate() {
        *place = driver.fill(lane, waiting.take(), supply);
    }
    while machines.iter().any(Option::is_some) {
        driver.attempt();
        for (lane, place) in machines.iter_mut().enumerate() {
            let Some((number, mut machine)) = place.take() else {
                continue;
            };
            driver.look_at(lane, &mut machine);
            *place = driver.go_on(lane, (number, machine), supply);
        }
    }
}

/// Runs one machine to its end.
///
/// # Errors
/// Why the numbers failed.
pub fn drive_one<'e>(
    machine: Machine<'e>,
    evaluator: &mut Evaluator<'e>,
    options: &Options,
) -> Result<(Machine<'e>, Steps), Failure> {
    let mut supply = One {
        machine: Some(machine),
        end: None,
    };
    let loops = loops_over_states(evaluator.program().states.len());
    drive::<f64>(&mut supply, std::slice::from_mut(evaluator), options, loops);
    let (machine, end) = supply.end.expect("what is driven comes to an end");
    end.map(|steps| (machine, steps))
}

/// A supply of one machine.
struct One<'e> {
    machine: Option<Machine<'e>>,
    end: Option<(Machine<'e>, Result<Steps, Failure>)>,
}

impl<'e> Supply<'e> for One<'e> {
    fn next(&mut self, _: &mut Evaluator<'e>) -> Option<(usize, Machine<'e>)> {
        self.machine.take().map(|machine| (0, machine))
    }
    fn ended(&mut self, _: usize, machine: Machine<'e>, end: Result<Steps, Failure>) {
        self.end = Some((machine, end));
    }
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
    experiment: &'e Experiment,
    program: &'e Program,
    tape: Tape<'e, L>,
    /// One per lane, so that none has to take up the parameters of another.
    evaluators: &'a mut [Evaluator<'e>],
    stepper: Rodas5P<L>,
    history: Option<History>,
    lanes: Vec<LaneRun>,
    p: Vec<L>,
    outcomes: Vec<Outcome>,
    attempts: u64,
    has_asked_for_code: bool,
    options: &'a Options,
    /// Some trigger has no root function that would show when it changes.
    has_hidden_triggers: bool,
    /// Buffers for a look at another time: the root functions and the states there.
    root_values: Vec<f64>,
    elsewhere: Vec<f64>,
}

impl<'a, 'e, L: Lane> Driver<'a, 'e, L> {
    /// A driver of machines that are like this one but for their numbers, all lanes idle.
    fn new(
        like: &Machine<'e>,
        evaluators: &'a mut [Evaluator<'e>],
        options: &'a Options,
        loops: Box<dyn Loops<L>>,
    ) -> Self {
        let program = &like.experiment.program;
        let lane = || LaneRun {
            horizon: Horizon {
                stop: 0.0,
                instant: 0.0,
            },
            watch: Watch::new(program),
            steps: Steps::default(),
            result: None,
        };
        let control = control(program, options);
        let mut stepper = Rodas5P::with_loops(program.states.len(), control, loops);
        (0..L::WIDTH).for_each(|lane| stepper.park(lane));
        Self {
            experiment: like.experiment,
            program,
            tape: Tape::new(program),
            evaluators,
            stepper,
            history: history::<L>(program, like),
            lanes: (0..L::WIDTH).map(|_| lane()).collect(),
            // Idle lanes carry the first run's parameters, so that they compute something harmless.
            p: like.p.iter().map(|&value| L::splat(value)).collect(),
            outcomes: vec![Outcome::Idle; L::WIDTH],
            attempts: 0,
            has_asked_for_code: false,
            options,
            has_hidden_triggers: program.events.iter().any(|event| event.roots.is_empty()),
            root_values: vec![0.0; program.roots.outputs.len()],
            elsewhere: vec![0.0; program.states.len()],
        }
    }

    /// Gives an idle lane the machine, or else the next one that does not end where it begins; none when there is none.
    fn fill(
        &mut self,
        lane: usize,
        machine: Option<(usize, Machine<'e>)>,
        supply: &mut dyn Supply<'e>,
    ) -> Option<(usize, Machine<'e>)> {
        let (number, mut machine) = machine.or_else(|| supply.next(&mut self.evaluators[lane]))?;
        let run = &mut self.lanes[lane];
        run.watch = Watch::new(self.program);
        run.steps = Steps::default();
        run.result = None;
        if let Some(history) = &mut self.history {
            history.start(lane, machine.t, &machine.y, &machine.p);
        }
        self.arrive(lane, &mut machine, true);
        self.go_on(lane, (number, machine), supply)
    }

    /// The machine itself while its run goes on; when it has ended, the next one of the supply.
    fn go_on(
        &mut self,
        lane: usize,
        (number, machine): (usize, Machine<'e>),
        supply: &mut dyn Supply<'e>,
    ) -> Option<(usize, Machine<'e>)> {
        let Some(result) = self.lanes[lane].result.take() else {
            return Some((number, machine));
        };
        let steps = self.lanes[lane].steps;
        supply.ended(number, machine, result.map(|()| steps));
        self.fill(lane, None, supply)
    }

    /// Tries one step in every lane.
    fn attempt(&mut self) {
        let codes = &self.experiment.codes;
        let wanted = codes.wanted_after(self.options.kernels, L::WIDTH);
        if !self.has_asked_for_code && wanted.is_some_and(|after| self.attempts >= after) {
            self.use_code();
        }
        self.attempts += 1;
        let past: &dyn Past = match &self.history {
            Some(history) => history,
            None => &NoPast,
        };
        self.stepper
            .attempt(&mut self.tape, &self.p, past, &mut self.outcomes);
    }

    /// Does what the outcome of the last attempt asks for in one lane.
    fn look_at(&mut self, lane: usize, machine: &mut Machine<'e>) {
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

    /// Goes on with machine code, if there can be some; numbers stay the same to the last bit.
    fn use_code(&mut self) {
        self.has_asked_for_code = true;
        let codes = &self.experiment.codes;
        if let Some(code) = codes.get(self.program, L::WIDTH) {
            self.tape.use_code(code);
        }
        if let Some(code) = codes.get(self.program, 1) {
            for evaluator in self.evaluators.iter_mut() {
                evaluator.tape().use_code(Arc::clone(&code));
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
        let culprit = self.evaluators[lane].culprit(machine.t, &machine.y, &machine.p, &past);
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
        let is_watched = self.lanes[lane].watch.is_watching();
        if tries > AIMS || !is_watched || !self.may_cross(lane) {
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
        if let Some(end) = self.lanes[lane]
            .watch
            .guess(&mut self.evaluators[lane], &step)
        {
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
        self.lanes[lane]
            .watch
            .look(&mut self.evaluators[lane], &step)
    }

    /// Takes an accepted step as done: rows, history, state; then what happens at its end.
    fn keep(&mut self, lane: usize, machine: &mut Machine<'e>, [from, to]: [f64; 2], end: End) {
        let stepper = &self.stepper;
        let polynomial = |out: &mut [f64]| stepper.step_polynomial(lane, out);
        let past = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        machine.pass(&mut self.evaluators[lane], &past, [from, to], &polynomial);
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
        if self.evaluators[lane].has_fast_reactions() && !self.watch_fast(lane, machine) {
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
            || self.has_hidden_triggers && changed(machine, &mut self.evaluators[lane], &past)
        {
            return self.arrive(lane, machine, false);
        }
        machine.write_present(&mut self.evaluators[lane], &past);
        // A landing may have shortened the way; go on to the horizon.
        self.stepper.set_stop(lane, horizon.stop);
    }

    /// Looks after the fast reactions at the end of a step; whether the lane goes on.
    fn watch_fast(&mut self, lane: usize, machine: &mut Machine<'e>) -> bool {
        let past = OneOf {
            history: self.history.as_ref(),
            lane,
        };
        let result = machine.watch_fast(&mut self.evaluators[lane], &past);
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
        machine.over_border(&mut self.evaluators[lane], &past, STEPS_AHEAD * h, stop)
    }

    /// Whether changes of the equations may be stepped over: the past, tangents and fast reactions ask for steps up to them.
    fn may_cross(&self, lane: usize) -> bool {
        let is_plain = self.history.is_none() && self.program.tangents.is_none();
        is_plain && !self.evaluators[lane].has_fast_reactions()
    }

    /// The first time looked at, from the end of a step on, at which a branch is on its other side. None where the past,
    /// tangents or fast reactions ask for steps without gaps.
    fn across(
        &mut self,
        lane: usize,
        machine: &Machine<'_>,
        step: [f64; 2],
        root: usize,
    ) -> Option<f64> {
        if !self.may_cross(lane) {
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
        let (stepper, evaluator) = (&self.stepper, &mut self.evaluators[lane]);
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
            changed |= machine.instant(&mut self.evaluators[lane], &past)?;
            if machine.is_over() {
                machine.write_present(&mut self.evaluators[lane], &past);
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

/// A history in which all lanes look back at the start of one machine; none for a program without delays.
fn history<L: Lane>(program: &Program, like: &Machine<'_>) -> Option<History> {
    if program.delays.is_empty() {
        return None;
    }
    let mut history = History::new(L::WIDTH, program.states.len(), longest_lag(program));
    for lane in 0..L::WIDTH {
        history.start(lane, like.t, &like.y, &like.p);
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
