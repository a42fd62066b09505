//! Events of the model: what has been triggered, what is waiting, and whose turn it is.

use crate::compile::program::{EventProgram, Program, Target};

use super::evaluator::Present;
use super::failure::Failure;
use super::options::{EventOrder, Options, Stream};

/// More executions than this at one time means that events set each other off for ever.
const MAX_EXECUTIONS: usize = 100_000;

/// An event that was triggered and is still to be executed.
#[derive(Clone, Debug)]
struct Pending {
    event: usize,
    time: f64,
    values: Option<Vec<f64>>,
}

/// The events of one run. They follow SBML Level 3 Version 2, section 4.11.
#[derive(Clone, Debug)]
pub struct Queue {
    /// How many events were executed.
    pub executed: u64,
    /// Each trigger as it was last seen.
    triggers: Vec<bool>,
    pending: Vec<Pending>,
    order: EventOrder,
    stream: Stream,
}

impl Queue {
    /// The queue of a run that has not begun.
    pub fn new(program: &Program, options: &Options) -> Self {
        let initial = program.events.iter().map(|event| event.initial_value);
        Self {
            executed: 0,
            triggers: initial.collect(),
            pending: Vec::new(),
            order: options.event_order,
            stream: Stream::new(options.seed, "event-order"),
        }
    }

    /// When the next waiting event is due; infinite when none waits.
    pub fn next_time(&self) -> f64 {
        let times = self.pending.iter().map(|pending| pending.time);
        times.fold(f64::INFINITY, f64::min)
    }

    /// Whether any trigger would change now.
    pub fn would_change(&self, now: &mut Present<'_, '_>) -> bool {
        let events = now.program().events.iter();
        events
            .zip(&self.triggers)
            .any(|(event, &was)| (now.value(&event.trigger) != 0.0) != was)
    }

    /// Triggers and executes until nothing more is due; whether anything was executed.
    ///
    /// * `seen_at` — the time that triggers see: the present, or a moment later for conditions that are strict in time
    ///
    /// # Errors
    /// An impossible delay or value, algebraic rules without a solution, or events that never come to rest.
    pub fn settle(&mut self, now: &mut Present<'_, '_>, seen_at: f64) -> Result<bool, Failure> {
        if now.program().events.is_empty() {
            return Ok(false);
        }
        self.check_triggers(now, seen_at)?;
        let mut last = None;
        for _ in 0..MAX_EXECUTIONS {
            let Some(chosen) = self.choose(now) else {
                return Ok(last.is_some());
            };
            last = Some(self.execute(now, chosen)?);
            self.check_triggers(now, seen_at)?;
        }
        let events = &now.program().events;
        let last = last.map(|event| &events[event]);
        Err(Failure::endless_events(now.t, last))
    }

    fn check_triggers(&mut self, now: &mut Present<'_, '_>, seen_at: f64) -> Result<(), Failure> {
        for (at, event) in now.program().events.iter().enumerate() {
            let holds = now.value_seen_at(&event.trigger, seen_at) != 0.0;
            if holds && !self.triggers[at] {
                self.trigger(now, at, event)?;
            } else if !holds && !event.persistent {
                self.pending.retain(|pending| pending.event != at);
            }
            self.triggers[at] = holds;
        }
        Ok(())
    }

    fn trigger(
        &mut self,
        now: &mut Present<'_, '_>,
        at: usize,
        event: &EventProgram,
    ) -> Result<(), Failure> {
        let delay = event.delay.as_ref().map_or(0.0, |block| now.value(block));
        // NaN fails this comparison too.
        if !(delay >= 0.0) {
            return Err(Failure::bad_delay(now.t, delay, event));
        }
        self.pending.push(Pending {
            event: at,
            time: now.t + delay,
            values: event
                .values_from_trigger_time
                .then(|| values_of(now, event)),
        });
        Ok(())
    }

    /// Which waiting event is executed next, if one is due: the highest priority, equals by draw or order.
    ///
    /// An event without a priority is an equal of the highest: SBML leaves its place open.
    fn choose(&mut self, now: &mut Present<'_, '_>) -> Option<usize> {
        let due = self.due(now);
        let known = due.iter().filter_map(|(_, priority)| *priority);
        let highest = known.fold(f64::NEG_INFINITY, f64::max);
        let is_first = |priority: &Option<f64>| priority.is_none_or(|p| p >= highest);
        let equals: Vec<usize> = due
            .iter()
            .filter(|(_, priority)| is_first(priority))
            .map(|(at, _)| *at)
            .collect();
        match (equals.len(), self.order) {
            // Priorities that are no numbers order nothing.
            (0, _) => due.first().map(|(at, _)| *at),
            (1, _) => Some(equals[0]),
            (_, EventOrder::File) => equals.into_iter().min_by_key(|&at| self.pending[at].event),
            (n, EventOrder::Random) => Some(equals[self.stream.below(n)]),
        }
    }

    /// Waiting events whose time has come, with their present priorities.
    fn due(&self, now: &mut Present<'_, '_>) -> Vec<(usize, Option<f64>)> {
        let waiting = self.pending.iter().enumerate();
        let due = waiting.filter(|(_, pending)| pending.time <= now.t);
        let places: Vec<(usize, usize)> = due.map(|(at, pending)| (at, pending.event)).collect();
        let with_priority = |(at, event): (usize, usize)| {
            let priority = now.program().events[event].priority.as_ref();
            (at, priority.map(|block| now.value(block)))
        };
        places.into_iter().map(with_priority).collect()
    }

    /// Executes a waiting event and gives its number.
    fn execute(&mut self, now: &mut Present<'_, '_>, chosen: usize) -> Result<usize, Failure> {
        let pending = self.pending.remove(chosen);
        let event = &now.program().events[pending.event];
        let values = pending.values.unwrap_or_else(|| values_of(now, event));
        for (&target, value) in event.targets.iter().zip(values) {
            if let Target::State(state) = target
                && !value.is_finite()
            {
                let id = &now.program().states[state].id;
                return Err(Failure::bad_value(now.t, event, id, value));
            }
            now.assign(target, value);
        }
        now.make_consistent()?;
        self.executed += 1;
        Ok(pending.event)
    }
}

fn values_of(now: &mut Present<'_, '_>, event: &EventProgram) -> Vec<f64> {
    let mut values = vec![0.0; event.targets.len()];
    now.values(&event.values, &mut values);
    values
}
