//! One lane's run as a state machine: what happens at known times, at triggers and after delays.
//!
//! The machine holds time, state and parameters between steps. A driver integrates up to [`Machine::horizon`], hands
//! over what lies on the way ([`Machine::pass`]) and calls [`Machine::instant`] where something may happen.

use crate::compile::program::Target;
use crate::solve::Past;

use super::evaluator::Evaluator;
use super::failure::Failure;
use super::options::{EventOrder, Options, Stream};
use super::plan::{Experiment, PlannedChange};

/// More executions than this at one time means that events set each other off for ever.
const MAX_EXECUTIONS: usize = 100_000;

/// Where the integrator has to stop, and the time that it then is.
///
/// Before a condition on time changes the integrator ends one representable number earlier, so that no stage of the
/// last step sees the new side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Horizon {
    /// Where the integrator stops.
    pub stop: f64,
    /// The time at which the instant happens.
    pub instant: f64,
}

/// What an instant did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// States or parameters are no longer what they were.
    pub changed: bool,
}

#[derive(Clone, Debug)]
struct Pending {
    event: usize,
    time: f64,
    values: Option<Vec<f64>>,
}

#[derive(Clone, Debug)]
struct ClampState {
    samples: u32,
    output: f64,
    last_error: Option<f64>,
    over: bool,
}

/// One lane's run.
pub struct Machine<'e> {
    /// What is run.
    pub experiment: &'e Experiment,
    /// Present time.
    pub t: f64,
    /// Present state.
    pub y: Vec<f64>,
    /// Present parameters.
    pub p: Vec<f64>,
    /// Times written down so far.
    pub times: Vec<f64>,
    /// Quantities written down so far, row by row.
    pub rows: Vec<f64>,
    /// How many events were executed.
    pub executed: u64,
    start_y: Vec<f64>,
    start_p: Vec<f64>,
    next_stop: usize,
    next_row: usize,
    clamps: Vec<ClampState>,
    triggers: Vec<bool>,
    pending: Vec<Pending>,
    time_roots: Vec<f64>,
    order: EventOrder,
    stream: Stream,
    row: Vec<f64>,
}

impl<'e> Machine<'e> {
    /// A run that stands at its start with state `y` and parameters `p`; nothing has happened yet.
    pub fn new(experiment: &'e Experiment, options: &Options, y: Vec<f64>, p: Vec<f64>) -> Self {
        let program = &experiment.program;
        let clamp = |_| ClampState {
            samples: 0,
            output: 0.0,
            last_error: None,
            over: false,
        };
        let rows = experiment.grid.len() * program.quantities.len();
        Self {
            experiment,
            t: experiment.from,
            start_y: y.clone(),
            start_p: p.clone(),
            y,
            p,
            times: Vec::with_capacity(experiment.grid.len()),
            rows: Vec::with_capacity(rows),
            executed: 0,
            next_stop: 0,
            next_row: 0,
            clamps: experiment.clamps.iter().map(clamp).collect(),
            triggers: program
                .events
                .iter()
                .map(|event| event.initial_value)
                .collect(),
            pending: Vec::new(),
            time_roots: Vec::new(),
            order: options.event_order,
            stream: Stream::new(options.seed, "event-order"),
            row: vec![0.0; program.quantities.len()],
        }
    }

    /// Takes the present states, and these parameters, as those of the start, to which the protocol restores.
    pub fn set_start(&mut self, p: Vec<f64>) {
        self.start_y.clone_from(&self.y);
        self.start_p = p;
    }

    /// Whether the end is reached.
    pub fn is_over(&self) -> bool {
        self.t >= self.experiment.to
    }

    /// The next time at which something is known to happen, the end included.
    pub fn horizon(&self) -> Horizon {
        let planned = self
            .experiment
            .stops
            .get(self.next_stop)
            .map(|stop| stop.time);
        let delayed = self.pending.iter().map(|pending| pending.time);
        let samples = (0..self.clamps.len()).map(|at| self.clamp_time(at));
        let known = planned.into_iter().chain(delayed).chain(samples);
        let instant = known.fold(self.experiment.to, f64::min);
        let switch = self
            .time_roots
            .iter()
            .copied()
            .filter(|&time| time > self.t)
            .fold(f64::INFINITY, f64::min);
        if switch > instant {
            return Horizon {
                stop: instant,
                instant,
            };
        }
        let before = switch.next_down();
        Horizon {
            stop: if before > self.t { before } else { switch },
            instant: switch,
        }
    }

    /// Writes down the grid times in `(self.t, to)`, with states from `dense`.
    ///
    /// # Errors
    /// When a quantity cannot be had.
    pub fn pass(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        to: f64,
        dense: &mut dyn FnMut(f64, &mut [f64]),
    ) {
        let mut y = vec![0.0; self.y.len()];
        while let Some(&time) = self.experiment.grid.get(self.next_row)
            && time < to
        {
            dense(time, &mut y);
            self.write_row(evaluator, past, time, &y);
        }
    }

    /// Everything that happens at the present time; then writes the row of this time down, if there is one.
    ///
    /// # Errors
    /// An event with an impossible delay, or events that never come to rest.
    pub fn instant(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
    ) -> Result<Happened, Failure> {
        let mut happened = Happened {
            changed: self.act(evaluator, past),
        };
        happened.changed |= self.sample_clamps(evaluator, past);
        happened.changed |= self.settle_events(evaluator, past, self.t)?;
        self.write_present(evaluator, past);
        // Strict conditions (`time > 5`) turn true just after their border: the row above still shows the old side.
        happened.changed |= self.settle_events(evaluator, past, self.t.next_up())?;
        self.find_time_roots(evaluator, past);
        Ok(happened)
    }

    /// Writes the present state down when the grid asks for the present time.
    pub fn write_present(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) {
        while let Some(&time) = self.experiment.grid.get(self.next_row)
            && time <= self.t
        {
            let y = std::mem::take(&mut self.y);
            self.write_row(evaluator, past, time, &y);
            self.y = y;
        }
    }

    /// Whether any trigger would change at the present time and state.
    pub fn trigger_changed(&self, evaluator: &mut Evaluator<'_>, past: &dyn Past) -> bool {
        let events = &self.experiment.program.events;
        events.iter().zip(&self.triggers).any(|(event, &was)| {
            (evaluator.value(&event.trigger, self.t, &self.y, &self.p, past) != 0.0) != was
        })
    }

    fn write_row(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past, time: f64, y: &[f64]) {
        evaluator.values(
            &self.experiment.program.observe,
            time,
            y,
            &self.p,
            past,
            &mut self.row,
        );
        self.times.push(time);
        self.rows.extend_from_slice(&self.row);
        self.next_row += 1;
    }

    fn act(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) -> bool {
        let mut changed = false;
        while let Some(stop) = self.experiment.stops.get(self.next_stop)
            && stop.time <= self.t
        {
            for action in &stop.actions {
                let value = self.new_value(evaluator, past, action.target, action.change);
                self.assign(action.target, value);
                changed = true;
            }
            self.next_stop += 1;
        }
        changed
    }

    fn new_value(
        &self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        target: Target,
        change: PlannedChange,
    ) -> f64 {
        let mut extra = |at: usize| {
            evaluator.value(
                &self.experiment.program.extras[at],
                self.t,
                &self.y,
                &self.p,
                past,
            )
        };
        match (change, target) {
            (PlannedChange::Set(at), _) => extra(at),
            (PlannedChange::Add(at), Target::State(state)) => self.y[state] + extra(at),
            (PlannedChange::Add(at), Target::Parameter(slot)) => self.p[slot] + extra(at),
            (PlannedChange::Restore, Target::State(state)) => self.start_y[state],
            (PlannedChange::Restore, Target::Parameter(slot)) => self.start_p[slot],
        }
    }

    fn assign(&mut self, target: Target, value: f64) {
        match target {
            Target::State(state) => self.y[state] = value,
            Target::Parameter(slot) => self.p[slot] = value,
        }
    }

    /// When clamp `at` samples or ends next; infinity when it is over.
    fn clamp_time(&self, at: usize) -> f64 {
        let clamp = &self.experiment.clamps[at].clamp;
        let state = &self.clamps[at];
        if state.over {
            return f64::INFINITY;
        }
        (clamp.from + f64::from(state.samples) * clamp.every).min(clamp.to)
    }

    fn sample_clamps(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) -> bool {
        let mut changed = false;
        for at in 0..self.clamps.len() {
            if self.clamp_time(at) > self.t {
                continue;
            }
            let planned = &self.experiment.clamps[at];
            let (slot, clamp) = (planned.actuator, &planned.clamp);
            if self.t >= clamp.to {
                self.clamps[at].over = true;
                self.p[slot] = self.start_p[slot];
            } else {
                let block = &self.experiment.program.extras[planned.measured];
                let measured = evaluator.value(block, self.t, &self.y, &self.p, past);
                self.p[slot] = self.clamps[at].sample(clamp, measured);
            }
            changed = true;
        }
        changed
    }

    fn settle_events(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        seen_at: f64,
    ) -> Result<bool, Failure> {
        if self.experiment.program.events.is_empty() {
            return Ok(false);
        }
        self.check_triggers(evaluator, past, seen_at)?;
        let before = self.executed;
        for _ in 0..MAX_EXECUTIONS {
            let Some(chosen) = self.choose(evaluator, past) else {
                return Ok(self.executed > before);
            };
            self.execute(evaluator, past, chosen);
            self.check_triggers(evaluator, past, seen_at)?;
        }
        Err(Failure::endless_events(self.t, &self.experiment.program))
    }

    fn check_triggers(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        seen_at: f64,
    ) -> Result<(), Failure> {
        let experiment = self.experiment;
        for (at, event) in experiment.program.events.iter().enumerate() {
            let holds = evaluator.value(&event.trigger, seen_at, &self.y, &self.p, past) != 0.0;
            if holds && !self.triggers[at] {
                self.trigger(evaluator, past, at)?;
            } else if !holds && !event.persistent {
                self.pending.retain(|pending| pending.event != at);
            }
            self.triggers[at] = holds;
        }
        Ok(())
    }

    fn trigger(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        at: usize,
    ) -> Result<(), Failure> {
        let event = &self.experiment.program.events[at];
        let delay = event.delay.as_ref().map_or(0.0, |block| {
            evaluator.value(block, self.t, &self.y, &self.p, past)
        });
        if !(delay >= 0.0) {
            return Err(Failure::bad_delay(self.t, delay, event));
        }
        let values = event
            .values_from_trigger_time
            .then(|| self.event_values(evaluator, past, at));
        self.pending.push(Pending {
            event: at,
            time: self.t + delay,
            values,
        });
        Ok(())
    }

    fn event_values(&self, evaluator: &mut Evaluator<'_>, past: &dyn Past, at: usize) -> Vec<f64> {
        let event = &self.experiment.program.events[at];
        let mut values = vec![0.0; event.targets.len()];
        evaluator.values(&event.values, self.t, &self.y, &self.p, past, &mut values);
        values
    }

    /// Which pending event is executed next at the present time, if any: the highest priority, equals by draw or order.
    ///
    /// An event without a priority is an equal of the highest: SBML leaves its place open.
    fn choose(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) -> Option<usize> {
        let due: Vec<(usize, Option<f64>)> = self
            .pending
            .iter()
            .enumerate()
            .filter(|(_, pending)| pending.time <= self.t)
            .map(|(at, pending)| {
                let priority = self.experiment.program.events[pending.event]
                    .priority
                    .as_ref();
                (
                    at,
                    priority.map(|block| evaluator.value(block, self.t, &self.y, &self.p, past)),
                )
            })
            .collect();
        let highest = due
            .iter()
            .filter_map(|(_, priority)| *priority)
            .fold(f64::NEG_INFINITY, f64::max);
        let equals: Vec<usize> = due
            .iter()
            .filter(|(_, priority)| priority.is_none_or(|p| p >= highest))
            .map(|(at, _)| *at)
            .collect();
        match (equals.len(), self.order) {
            (0, _) => due.first().map(|(at, _)| *at),
            (1, _) => Some(equals[0]),
            (_, EventOrder::File) => equals.into_iter().min_by_key(|&at| self.pending[at].event),
            (n, EventOrder::Random) => Some(equals[self.stream.below(n)]),
        }
    }

    fn execute(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past, chosen: usize) {
        let pending = self.pending.remove(chosen);
        let values = pending
            .values
            .unwrap_or_else(|| self.event_values(evaluator, past, pending.event));
        let experiment = self.experiment;
        for (&target, value) in experiment.program.events[pending.event]
            .targets
            .iter()
            .zip(values)
        {
            self.assign(target, value);
        }
        self.executed += 1;
    }

    /// Times at which conditions on time alone will change, for the present parameters.
    fn find_time_roots(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) {
        let solutions = &self.experiment.program.root_time_solutions;
        self.time_roots.clear();
        for block in solutions.iter().flatten() {
            let time = evaluator.value(block, self.t, &self.y, &self.p, past);
            if time > self.t && time <= self.experiment.to && !self.time_roots.contains(&time) {
                self.time_roots.push(time);
            }
        }
    }
}

impl ClampState {
    fn sample(&mut self, clamp: &crate::scenario::Clamp, measured: f64) -> f64 {
        let error = clamp.target - measured;
        let output = match self.last_error {
            None => clamp.start,
            Some(last) => {
                self.output + clamp.gain * (error - last) + clamp.integral * clamp.every * error
            }
        };
        self.last_error = Some(error);
        self.output = output.clamp(clamp.limits.0, clamp.limits.1);
        self.samples += 1;
        self.output
    }
}
