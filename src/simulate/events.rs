//! Events of the model: what has been triggered, what is waiting, and whose turn it is.

use crate::compile::program::{EventProgram, Program, Target};

use super::evaluator::Present;
use super::failure::Failure;
use super::options::{EventOrder, Options};
use super::tangent::{self, Moments, Moves};
use crate::math::Stream;

/// More executions than this at one time means that events set each other off for ever.
const MAX_EXECUTIONS: usize = 100_000;

/// An event comes ever faster when each interval is this share of the one before or less, …
const FASTER: f64 = 0.999;
/// … this often in a row, …
const FASTER_COUNT: u32 = 30;
/// … and the last interval is this share of the first one or less (all three chosen by feel).
const FASTER_SHARE: f64 = 1e-4;

/// An event that was triggered and is still to be executed.
#[derive(Clone, Debug)]
struct Pending {
    event: usize,
    time: f64,
    values: Option<Vec<f64>>,
    /// In runs with tangents.
    moves: Option<Moves>,
}

/// When an event was executed, to notice one that comes ever faster.
#[derive(Clone, Copy, Debug)]
struct Rhythm {
    last: f64,
    interval: f64,
    /// The first of the intervals that have been shrinking since.
    longest: f64,
    count: u32,
}

impl Rhythm {
    const NEW: Self = Self {
        last: f64::NEG_INFINITY,
        interval: f64::INFINITY,
        longest: f64::INFINITY,
        count: 0,
    };

    /// Notes an execution; gives the time before which there is no end to them, if they come ever faster.
    fn note(&mut self, t: f64) -> Option<f64> {
        let interval = t - self.last;
        if interval == 0.0 {
            return None;
        }
        let ratio = interval / self.interval;
        if self.interval.is_finite() && ratio <= FASTER {
            self.count += 1;
        } else {
            (self.count, self.longest) = (0, interval);
        }
        (self.last, self.interval) = (t, interval);
        let is_faster = self.count >= FASTER_COUNT && interval <= FASTER_SHARE * self.longest;
        // The rest of a geometric series.
        is_faster.then(|| t + interval * ratio / (1.0 - ratio))
    }
}

/// The events of one run. They follow SBML Level 3 Version 2, section 4.11.
#[derive(Clone, Debug)]
pub struct Queue {
    /// How many events were executed.
    pub executed: u64,
    /// Each trigger as it was last seen.
    triggers: Vec<bool>,
    pending: Vec<Pending>,
    rhythms: Vec<Rhythm>,
    /// The end of the run.
    to: f64,
    order: EventOrder,
    stream: Stream,
}

impl Queue {
    /// The queue of a run that has not begun.
    ///
    /// * `to` — the end of the run
    pub fn new(program: &Program, options: &Options, to: f64) -> Self {
        let initial = program.events.iter().map(|event| event.initial_value);
        Self {
            executed: 0,
            triggers: initial.collect(),
            pending: Vec::new(),
            rhythms: vec![Rhythm::NEW; program.events.len()],
            to,
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
    /// * `moments` — in runs with tangents
    ///
    /// # Errors
    /// An impossible delay or value, algebraic rules without a solution, or events that never come to rest.
    pub fn settle(
        &mut self,
        now: &mut Present<'_, '_>,
        seen_at: f64,
        mut moments: Option<&mut Moments>,
    ) -> Result<bool, Failure> {
        if now.program().events.is_empty() {
            return Ok(false);
        }
        self.check_triggers(now, seen_at, moments.as_deref_mut())?;
        let mut last = None;
        for _ in 0..MAX_EXECUTIONS {
            let Some(chosen) = self.choose(now) else {
                return Ok(last.is_some());
            };
            last = Some(self.execute(now, chosen, moments.as_deref_mut())?);
            self.check_triggers(now, seen_at, moments.as_deref_mut())?;
        }
        let events = &now.program().events;
        let last = last.map(|event| &events[event]);
        Err(Failure::endless_events(now.t, last))
    }

    fn check_triggers(
        &mut self,
        now: &mut Present<'_, '_>,
        seen_at: f64,
        mut moments: Option<&mut Moments>,
    ) -> Result<(), Failure> {
        for (at, event) in now.program().events.iter().enumerate() {
            let holds = now.value_seen_at(&event.trigger, seen_at) != 0.0;
            if holds && !self.triggers[at] {
                self.trigger(now, at, event, moments.as_deref_mut())?;
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
        mut moments: Option<&mut Moments>,
    ) -> Result<(), Failure> {
        let triggered = moments.as_deref_mut();
        let triggered = triggered.map(|moments| moments.enter_trigger(now, at));
        let triggered = triggered.transpose()?;
        let delay = event.delay.as_ref().map_or(0.0, |block| now.value(block));
        if delay.is_nan() || delay < 0.0 {
            return Err(Failure::bad_delay(now.t, delay, event));
        }
        let is_known = event.values_from_trigger_time;
        self.pending.push(Pending {
            event: at,
            time: now.t + delay,
            values: is_known.then(|| values_of(now, event)),
            moves: triggered.map(|time| Moves {
                time: time + tangent::of_delay(now, at),
                values: is_known.then(|| tangent::of_values(now, at)),
            }),
        });
        match (moments, triggered) {
            (Some(moments), Some(time)) => moments.leave(now, time),
            _ => Ok(()),
        }
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
    fn execute(
        &mut self,
        now: &mut Present<'_, '_>,
        chosen: usize,
        moments: Option<&mut Moments>,
    ) -> Result<usize, Failure> {
        let pending = self.pending.remove(chosen);
        let event = &now.program().events[pending.event];
        let moves = moments.zip(pending.moves);
        if let Some((moments, moves)) = &moves {
            moments.enter(now, moves.time)?;
        }
        let values = pending.values.unwrap_or_else(|| values_of(now, event));
        let mut scales = vec![1.0; event.targets.len()];
        now.values(&event.scales, &mut scales);
        let moves = moves.map(|(moments, moves)| {
            let at = pending.event;
            let made = tangent::of_targets(now, at, moves.values, [&values, &scales]);
            (moments, moves.time, made)
        });
        for ((&target, value), scale) in event.targets.iter().zip(values).zip(scales) {
            let value = value * scale;
            if let Target::State(state) = target
                && !value.is_finite()
            {
                let id = &now.program().states[state].id;
                return Err(Failure::bad_value(now.t, event, id, value));
            }
            now.assign(target, value);
        }
        for &(target, value) in moves.iter().flat_map(|(_, _, made)| made) {
            now.assign(target, value);
        }
        now.make_consistent()?;
        if let Some((moments, time, _)) = moves {
            moments.leave_event(now, time)?;
        }
        self.executed += 1;
        match self.rhythms[pending.event].note(now.t) {
            // Values that follow no states are the same on both sides of the limit: the run passes over it, as the
            // intervals fall below what time resolves.
            Some(limit) if limit < self.to && event.values_follow_states => {
                Err(Failure::ever_faster_events(now.t, limit, event))
            }
            _ => Ok(pending.event),
        }
    }
}

fn values_of(now: &mut Present<'_, '_>, event: &EventProgram) -> Vec<f64> {
    let mut values = vec![0.0; event.targets.len()];
    now.values(&event.values, &mut values);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When a series of executions is noticed, and the limit then told.
    fn noticed(times: impl Iterator<Item = f64>) -> Option<f64> {
        let mut rhythm = Rhythm::NEW;
        times.into_iter().find_map(|t| rhythm.note(t))
    }

    #[test]
    fn shrinking_intervals_are_noticed_with_their_limit() {
        // 1 + 1/2 + 1/4 + … = 2, summed from the end so that no interval is rounded away.
        let mut interval = 2.0;
        let halves = (0..45).map(|_| {
            interval *= 0.5;
            2.0 - 2.0 * interval
        });
        let limit = noticed(halves).expect("they shrink");
        assert!((limit - 2.0).abs() < 1e-9, "{limit}");
    }

    #[test]
    fn an_even_or_slowly_rising_rhythm_is_not_noticed() {
        assert_eq!(noticed((0..10_000).map(f64::from)), None);
        // Spikes whose interval falls from 20 to 10 for good.
        let mut t = 0.0;
        let spikes = (0..10_000).map(|k| {
            t += 10.0 + 10.0 / (1.0 + 0.1 * f64::from(k));
            t
        });
        assert_eq!(noticed(spikes), None);
    }
}
