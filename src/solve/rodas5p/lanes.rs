//! What the integrator knows of each lane besides its states.

use super::step::{self, Memory};
use super::{Control, Outcome, Statistics};

/// What a lane is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Nothing.
    Parked,
    /// To begin, or to go on after a jump: the step is still to be chosen.
    Waiting,
    /// On its way.
    Running,
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The error estimate is above the tolerance.
    Error,
    /// Infinite or not a number.
    NotFinite,
    /// No inverse.
    Singular,
}

/// Times, step control and counters of one lane.
#[derive(Clone, Debug)]
pub struct Clock {
    pub task: Task,
    pub t: f64,
    pub stop: f64,
    /// Length and end of the attempt under way.
    pub h: f64,
    pub end: f64,
    /// The last accepted step.
    pub from: f64,
    pub to: f64,
    /// What was evaluated at the start of a step belongs to another place.
    pub stale: bool,
    pub shortest_lag: f64,
    pub statistics: Statistics,
    /// The step the control asks for; 0 before the first.
    wanted: f64,
    memory: Option<Memory>,
    rejections: usize,
    /// The length that failed at a change of the equations, to be tried again beyond it; 0 when there is none.
    resumed: f64,
}

impl Clock {
    pub fn parked() -> Self {
        let mut clock = Self::started(0.0, 0.0);
        clock.task = Task::Parked;
        clock
    }

    pub fn started(t: f64, stop: f64) -> Self {
        Self {
            task: Task::Waiting,
            t,
            stop,
            // A lane without work runs along in the arithmetic: 1 keeps it from dividing by zero.
            h: 1.0,
            end: t,
            from: t,
            to: t,
            stale: true,
            shortest_lag: f64::INFINITY,
            statistics: Statistics::default(),
            wanted: 0.0,
            memory: None,
            rejections: 0,
            resumed: 0.0,
        }
    }

    pub fn jumped(&mut self, stop: f64) {
        self.task = Task::Waiting;
        self.stop = stop;
        self.stale = true;
        self.memory = None;
        self.rejections = 0;
        self.resumed = 0.0;
    }

    /// How often the present step was tried in vain.
    pub fn rejections(&self) -> usize {
        self.rejections
    }

    /// Ends the next attempt about `end`, inside of the one that failed.
    pub fn aim(&mut self, end: f64) {
        self.resumed = self.resumed.max(self.h);
        self.wanted = end - self.t;
    }

    /// Goes on from `t` a little beyond, where other equations hold.
    pub fn crossed(&mut self, t: f64) {
        self.t = t;
        self.wanted = self.wanted.max(self.resumed);
        self.resumed = 0.0;
        self.stale = true;
        self.memory = None;
    }

    pub fn retracted(&mut self, stop: f64) {
        self.task = Task::Running;
        self.wanted = self.wanted.max(self.to - self.from);
        self.t = self.from;
        self.to = self.from;
        self.stop = stop;
        self.stale = true;
        self.memory = None;
        self.rejections = 0;
        self.statistics.accepted -= 1;
        self.statistics.retracted += 1;
    }

    pub fn has_work(&self) -> bool {
        self.task != Task::Parked && self.t < self.stop
    }

    /// Takes the first step from its estimate; infinite or NaN when there was nothing to estimate from.
    pub fn choose_first(&mut self, estimate: f64) {
        let way = self.stop - self.t;
        // A hundredth of the way: even a state at rest may be moved by something that depends on time.
        let unit = if way.is_finite() {
            0.01 * way
        } else {
            self.t.abs().max(1.0)
        };
        let limit = unit.max(self.wanted);
        self.wanted = if estimate < limit { estimate } else { limit };
        self.task = Task::Running;
    }

    pub fn place(&mut self, control: &Control) {
        let longest = control.max_step.min(self.shortest_lag);
        let placed = step::place(
            self.t,
            self.stop,
            self.wanted,
            longest,
            self.shortest(control),
        );
        self.h = placed.h;
        self.end = placed.end;
    }

    fn shortest(&self, control: &Control) -> f64 {
        control.min_step_relative * self.t.abs()
    }

    /// The latest time at which a stage may ask for f.
    ///
    /// Just before a stop: what switches at a stop counts from the stop on, `[from, to)`, and a step that
    /// ends there must not see it.
    pub fn latest_stage_time(&self) -> f64 {
        if self.end == self.stop {
            self.stop.next_down()
        } else {
            f64::INFINITY
        }
    }

    /// How far ahead to look for ∂f/∂t by a difference.
    ///
    /// A millionth of a step: the error of the difference, then, and the rounding in it, h · 1e-16/1e-6, both lie far
    /// below the tolerance of a step.
    pub fn difference(&self) -> f64 {
        let way = if self.wanted > 0.0 {
            self.wanted
        } else {
            0.01 * (self.stop - self.t)
        };
        let share = 1e-6 * way.min(self.shortest_lag).min(self.stop - self.t);
        let share = if share.is_finite() { share } else { 1e-6 };
        let ahead = self.t + share.max(4.0 * f64::EPSILON * self.t.abs());
        if self.has_work() { ahead - self.t } else { 1.0 }
    }

    pub fn count_attempt(&mut self, dense: bool) {
        self.statistics.factorisations += 1;
        self.statistics.dense_factorisations += usize::from(dense);
        self.statistics.derivative_calls += super::tableau::STAGES - 1;
    }

    pub fn accept(&mut self, root: f64) -> Outcome {
        let factor = step::after_accepted(self.h, root, self.memory, self.rejections > 0);
        let asked = self.h * factor;
        // A step cut short by a stop says nothing against the longer one that was asked for.
        self.wanted = if factor >= 1.0 {
            asked.max(self.wanted)
        } else {
            asked
        };
        self.memory = Some(Memory::of(self.h, root));
        self.rejections = 0;
        if self.h >= self.resumed {
            self.resumed = 0.0;
        }
        self.from = self.t;
        self.to = self.end;
        self.t = self.end;
        self.stale = true;
        self.statistics.accepted += 1;
        Outcome::Accepted {
            from: self.from,
            to: self.to,
        }
    }

    /// Shortens the step; whether there is a point in trying again.
    pub fn reject(&mut self, reason: Reason, root: f64, control: &Control) -> bool {
        let factor = match reason {
            Reason::Error => {
                step::after_rejected(root, self.memory.is_none() && self.rejections == 0)
            }
            Reason::NotFinite | Reason::Singular => step::AFTER_NOT_FINITE,
        };
        self.wanted = self.h * factor;
        self.rejections += 1;
        self.statistics.rejected += 1;
        let smallest = self.shortest(control).max(f64::MIN_POSITIVE);
        self.rejections <= control.max_rejections && self.h > smallest
    }
}
