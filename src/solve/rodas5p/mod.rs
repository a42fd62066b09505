//! Rodas5P: the stiff integrator, several trajectories side by side.
//!
//! A Rosenbrock method of order 5 with an error estimate of order 4, stiffly accurate, for M y′ = f(t, y, p) of
//! index 1 at most. No iteration: every attempt costs one factorisation and eight stages whatever the lane, so
//! lanes never wait for one another, and a restart after a jump is at full order at once.
//!
//! Each lane has its own time, step, stop and parameters. A lane's numbers depend on nothing in the other
//! lanes and not on the number of lanes.

mod lanes;
pub mod loops;
mod stages;
pub mod step;
mod tableau;
mod work;

use crate::math::{Lane, LaneMask, exp, ln};
use crate::solve::{At, Dynamics, Past};
use lanes::{Clock, Reason, Task};
use loops::{ByLanes, Loops};
use stages::mask_of;
use work::{Stage, Work};

/// What the integrator is to keep to.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// Relative tolerance, > 0.
    pub rtol: f64,
    /// Absolute tolerance per state, ≥ 0, in the units of the state.
    pub atol: Vec<f64>,
    /// Longest step, in units of time; infinite for no bound.
    pub max_step: f64,
    /// Shortest step as a share of |t|; a step that ends at a stop may be shorter.
    pub min_step_relative: f64,
    /// How many rejections in a row end a lane.
    pub max_rejections: usize,
}

impl Control {
    /// The usual bounds at these tolerances.
    pub fn new(rtol: f64, atol: Vec<f64>) -> Self {
        Self {
            rtol,
            atol,
            max_step: f64::INFINITY,
            min_step_relative: 16.0 * f64::EPSILON,
            max_rejections: 60,
        }
    }
}

/// What an attempt did to one lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// Nothing: the lane is parked, has failed, or stands at its stop.
    Idle,
    /// A step was made.
    Accepted {
        /// Where it began.
        from: f64,
        /// Where the lane stands now.
        to: f64,
    },
    /// The step was too long; the lane stands where it stood and will try a shorter one.
    Rejected,
    /// The lane cannot go on; it is parked.
    Failed(StepFailure),
}

/// Why a lane cannot go on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StepFailure {
    /// The error stays too large even in the shortest step.
    StepTooSmall {
        /// Where the lane stands.
        t: f64,
        /// The length of the last attempt.
        h: f64,
        /// The state with the largest error in it.
        state: usize,
    },
    /// A derivative or a new state is infinite or not a number.
    NotFinite {
        /// Where the lane stands.
        t: f64,
        /// The first state concerned.
        state: usize,
    },
    /// The matrix of the step has no inverse even for the shortest step.
    Singular {
        /// Where the lane stands.
        t: f64,
    },
}

/// What one lane cost since its start. Counted as if it had been alone; differences for slopes that are infinite are not
/// counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Steps made, without those retracted.
    pub accepted: usize,
    /// Attempts that failed.
    pub rejected: usize,
    /// Steps made and undone.
    pub retracted: usize,
    /// Factorisations of the matrix of a step.
    pub factorisations: usize,
    /// Factorisations that needed the dense fall-back.
    pub dense_factorisations: usize,
    /// Evaluations of f.
    pub derivative_calls: usize,
}

/// The integrator of `L::WIDTH` trajectories of one system.
///
/// Every lane begins parked. The caller gives it work with [`start`](Self::start), and then calls
/// [`attempt`](Self::attempt) until the lane stands at its stop, where it may look, [`jump`](Self::jump)
/// or [`set_stop`](Self::set_stop). The parameters of a lane may change only together with `start` or `jump`.
pub struct Rodas5P<L: Lane> {
    control: Control,
    fifth_root: f64,
    n_states: usize,
    /// Present states, padded as the loops ask.
    y: Vec<L>,
    /// Where the lanes stood before the last attempt.
    start: Vec<L>,
    work: Work<L>,
    clocks: Vec<Clock>,
}

impl<L: Lane> Rodas5P<L> {
    /// An integrator with all lanes parked.
    ///
    /// Panics unless there is one absolute tolerance per state and `rtol` is above zero.
    pub fn new(n_states: usize, control: Control) -> Self {
        Self::with_loops(n_states, control, Box::new(ByLanes::default()))
    }

    /// The same with loops over states of the caller's choice; all give the same bits.
    ///
    /// Panics as [`new`](Self::new) does.
    pub fn with_loops(n_states: usize, control: Control, loops: Box<dyn Loops<L>>) -> Self {
        assert_eq!(
            control.atol.len(),
            n_states,
            "one absolute tolerance per state"
        );
        assert!(control.rtol > 0.0, "a relative tolerance above zero");
        let work = Work::new(n_states, &control.atol, loops);
        let zeros = vec![L::splat(0.0); work.padded()];
        Self {
            fifth_root: crate::math::pow(0.01 * control.rtol, 0.2),
            control,
            n_states,
            y: zeros.clone(),
            start: zeros,
            work,
            clocks: vec![Clock::parked(); L::WIDTH],
        }
    }

    /// Begins a trajectory in `lane`, forgetting what was there; its statistics begin at zero.
    ///
    /// The first step is chosen at the next attempt. Algebraic states must be consistent (see
    /// [`make_consistent`](crate::solve::consistent::make_consistent)).
    pub fn start(&mut self, lane: usize, t: f64, y: &[f64], stop: f64) {
        self.set_state(lane, y);
        self.clocks[lane] = Clock::started(t, stop);
    }

    /// Goes on from state `y` at the same time: after an event, a bolus, a change of parameters.
    ///
    /// Everything is evaluated anew and the step is chosen as for a start, but never above the longer of
    /// the step before and a hundredth of the way to the stop.
    pub fn jump(&mut self, lane: usize, y: &[f64], stop: f64) {
        self.set_state(lane, y);
        self.clocks[lane].jumped(stop);
    }

    /// Writes the present state in other coordinates in which the equations are the same: a constant moved from one state
    /// to another. The dense output of the last step keeps the old ones.
    pub fn rewrite(&mut self, lane: usize, y: &[f64]) {
        self.set_state(lane, y);
    }

    /// Moves the stop; the state and the step control stay.
    pub fn set_stop(&mut self, lane: usize, stop: f64) {
        self.clocks[lane].stop = stop;
    }

    /// Takes the work away from `lane`: its outcome is [`Outcome::Idle`] until it is started again.
    pub fn park(&mut self, lane: usize) {
        self.clocks[lane].task = Task::Parked;
    }

    /// Where `lane` stands.
    pub fn time(&self, lane: usize) -> f64 {
        self.clocks[lane].t
    }

    /// The state of `lane` at [`time`](Self::time).
    pub fn state(&self, lane: usize, out: &mut [f64]) {
        work::read_lane(&self.y, lane, out);
    }

    /// Where the last accepted step of `lane` began.
    pub fn step_start(&self, lane: usize) -> f64 {
        self.clocks[lane].from
    }

    /// The state of `lane` at time `t` of its last accepted step, to order 4; exact at both ends.
    ///
    /// At the end it is the state the step reached, also when the lane has jumped since. Outside the step it
    /// extrapolates. It holds until the next [`attempt`](Self::attempt). Many times of one step are cheaper after
    /// [`make_dense`](Self::make_dense).
    pub fn dense(&self, lane: usize, t: f64, out: &mut [f64]) {
        let clock = &self.clocks[lane];
        if clock.from == clock.to {
            self.state(lane, out);
        } else {
            self.work
                .dense(lane, &self.start, [clock.from, clock.to], t, out);
        }
    }

    /// Makes the coefficients of the dense output once for all states; its values stay the same.
    pub fn make_dense(&mut self) {
        self.work.make_bends();
    }

    /// The dense output of the last accepted step as numbers: five per state, for [`interpolate`]. It holds until the next
    /// [`attempt`](Self::attempt).
    pub fn step_polynomial(&self, lane: usize, out: &mut [f64]) {
        let clock = &self.clocks[lane];
        if clock.from == clock.to {
            for (out, y) in out.chunks_exact_mut(5).zip(&self.y) {
                out.copy_from_slice(&[y.lane(lane), y.lane(lane), 0.0, 0.0, 0.0]);
            }
        } else {
            L::vectorize(
                #[inline(always)]
                || {
                    self.work.coefficients(
                        lane,
                        &self.start,
                        #[inline(always)]
                        |state, c| out[5 * state..][..5].copy_from_slice(&c),
                    );
                },
            );
        }
    }

    /// Beginning and end of an attempt that was rejected just now, and how often in a row that happened.
    pub fn rejected(&self, lane: usize) -> ([f64; 2], usize) {
        let clock = &self.clocks[lane];
        ([clock.t, clock.end], clock.rejections())
    }

    /// The state at time `t` of an attempt that was rejected just now: as wrong as the attempt.
    pub fn dense_rejected(&self, lane: usize, t: f64, out: &mut [f64]) {
        let clock = &self.clocks[lane];
        self.work.dense(lane, &self.y, [clock.t, clock.end], t, out);
    }

    /// After a rejection: the next attempt ends about `end`, where the equations seem to change within the attempt.
    ///
    /// Beyond the change ([`cross`](Self::cross)) the length that was rejected is tried again.
    pub fn aim(&mut self, lane: usize, end: f64) {
        let clock = &mut self.clocks[lane];
        assert!(
            clock.t < end && end < clock.end,
            "a rejected attempt is shortened"
        );
        clock.aim(end);
    }

    /// Goes on from a state a little beyond the end of the last accepted step, where other equations hold.
    ///
    /// Unlike [`jump`](Self::jump) it keeps the step that the control wants: the state itself has not changed.
    pub fn cross(&mut self, lane: usize, t: f64, y: &[f64]) {
        self.set_state(lane, y);
        self.clocks[lane].crossed(t);
    }

    /// Undoes the last accepted step; the next attempt goes from its start to `stop` exactly.
    ///
    /// `stop` must lie in the step, after its start. If that shorter step should miss the tolerance it is
    /// divided as any other. Only once after each accepted step.
    pub fn retract(&mut self, lane: usize, stop: f64) {
        let clock = &mut self.clocks[lane];
        assert!(
            clock.from < stop && stop <= clock.to,
            "a retracted step is shortened, not moved"
        );
        clock.retracted(stop);
        for (y, start) in self.y.iter_mut().zip(&self.start) {
            *y = y.with_lane(lane, start.lane(lane));
        }
    }

    /// What `lane` cost since its start.
    pub fn statistics(&self, lane: usize) -> Statistics {
        self.clocks[lane].statistics
    }

    /// Tries one step in every lane that has work; `outcomes` gets one entry per lane.
    ///
    /// Allocates only at the first call, and when a lane first needs the dense fall-back. With delayed values a
    /// step is not longer than the shortest lag above zero, so that history is asked for in accepted steps.
    pub fn attempt<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        p: &[L],
        past: &dyn Past,
        outcomes: &mut [Outcome],
    ) {
        assert_eq!(outcomes.len(), L::WIDTH, "one outcome per lane");
        // All of it with the pack's own instructions: single operations between the loops cost as much as these otherwise.
        L::vectorize(
            #[inline(always)]
            || self.attempt_step(dynamics, p, past, outcomes),
        );
    }

    #[inline(always)]
    fn attempt_step<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        p: &[L],
        past: &dyn Past,
        outcomes: &mut [Outcome],
    ) {
        outcomes.fill(Outcome::Idle);
        if !self.clocks.iter().any(Clock::has_work) {
            return;
        }
        self.work.fit(dynamics);
        dynamics.hold(p);
        if self
            .clocks
            .iter()
            .any(|clock| clock.has_work() && clock.stale)
        {
            self.evaluate(dynamics, p, past);
        }
        self.place_steps(dynamics);
        let h = L::from_fn(|lane| self.clocks[lane].h);
        let solvable = self.work.factor(
            dynamics,
            h,
            mask_of::<L>(|lane| self.clocks[lane].has_work()),
        );
        let latest = L::from_fn(|lane| self.clocks[lane].latest_stage_time());
        let t = L::from_fn(|lane| self.clocks[lane].t);
        let stage = Stage {
            t,
            h,
            latest,
            p,
            past,
        };
        self.work.run_stages(dynamics, &self.y, stage, None);
        let error = self.work.finish(&self.control, &self.y);
        self.judge(error, solvable, outcomes);
        for (lane, outcome) in outcomes.iter_mut().enumerate() {
            if let Outcome::Failed(StepFailure::NotFinite { state, .. }) = outcome {
                *state = self.blame(dynamics, stage, lane);
            }
        }
        dynamics.release();
        self.accept(outcomes);
    }

    /// The state to name when numbers in `lane` are not finite.
    ///
    /// One bad derivative soon spoils all states, so the stages are run again to see which came first.
    #[cold]
    fn blame<D: Dynamics<L> + ?Sized>(
        &mut self,
        dynamics: &mut D,
        stage: Stage<'_, L>,
        lane: usize,
    ) -> usize {
        if let Some(state) = self
            .work
            .first_not_finite_at_start(lane, dynamics.row_starts())
        {
            return state;
        }
        let first = self.work.run_stages(dynamics, &self.y, stage, Some(lane));
        self.work.finish(&self.control, &self.y);
        first
            .or_else(|| self.work.first_not_finite_at_end(lane))
            .unwrap_or(0)
    }

    /// f, J, ∂f/∂t and the lags where the lanes stand.
    #[inline(always)]
    fn evaluate<D: Dynamics<L> + ?Sized>(&mut self, dynamics: &mut D, p: &[L], past: &dyn Past) {
        let t = L::from_fn(|lane| self.clocks[lane].t);
        let at = At {
            t,
            y: &self.y[..self.n_states],
            p,
            past,
        };
        let working = mask_of::<L>(|lane| self.clocks[lane].has_work());
        let shortest = self.work.evaluate(dynamics, &self.control, &at, working);
        let n_calls = if dynamics.n_lags() > 0 { 2 } else { 1 };
        for (lane, clock) in self.clocks.iter_mut().enumerate() {
            if clock.has_work() && clock.stale {
                clock.statistics.derivative_calls += n_calls;
                clock.shortest_lag = shortest.lane(lane);
                clock.stale = false;
            }
        }
        if dynamics.n_lags() > 0 {
            let difference = L::from_fn(|lane| self.clocks[lane].difference());
            self.work.time_difference(dynamics, &at, difference);
        }
    }

    /// Decides where the step of each lane goes.
    #[inline(always)]
    fn place_steps<D: Dynamics<L> + ?Sized>(&mut self, dynamics: &D) {
        let waiting = |clock: &Clock| clock.has_work() && clock.task == Task::Waiting;
        if self.clocks.iter().any(waiting) {
            let curvature = self
                .work
                .curvature(dynamics, &self.control, &self.y[..self.n_states]);
            for (lane, clock) in self
                .clocks
                .iter_mut()
                .enumerate()
                .filter(|(_, c)| waiting(c))
            {
                clock.choose_first(step::first(
                    curvature.lane(lane),
                    self.control.rtol,
                    self.fifth_root,
                ));
            }
        }
        for clock in self.clocks.iter_mut().filter(|clock| clock.has_work()) {
            clock.place(&self.control);
        }
    }

    /// Decides, lane by lane.
    #[inline(always)]
    fn judge(&mut self, error: L, solvable: L::Mask, outcomes: &mut [Outcome]) {
        // The floor bounds what the logarithm gets; the growth limit makes anything below it alike.
        let root = exp(ln(error.max(L::splat(1e-10))) * L::splat(1.0 / tableau::ESTIMATE_POWER));
        for (lane, outcome) in outcomes.iter_mut().enumerate() {
            if !self.clocks[lane].has_work() {
                continue;
            }
            self.clocks[lane].count_attempt(self.work.is_dense(lane));
            *outcome = if solvable.bit(lane) && error.lane(lane) <= 1.0 {
                self.clocks[lane].accept(root.lane(lane))
            } else {
                self.reject(lane, error.lane(lane), root.lane(lane), solvable.bit(lane))
            };
        }
    }

    /// Moves the accepted lanes on.
    #[inline(always)]
    fn accept(&mut self, outcomes: &[Outcome]) {
        let accepted = mask_of::<L>(|lane| matches!(outcomes[lane], Outcome::Accepted { .. }));
        if accepted.any() {
            self.work.accept(accepted, &mut self.y, &mut self.start);
        }
    }

    fn reject(&mut self, lane: usize, error: f64, root: f64, solvable: bool) -> Outcome {
        let is_plain = solvable && error.is_finite();
        // What is finite at the end was finite at the start; only otherwise it is worth a look.
        let finite_at_start = is_plain || self.work.first_not_finite_at_start(lane, &[]).is_none();
        let reason = if is_plain {
            Reason::Error
        } else if !solvable && finite_at_start {
            Reason::Singular
        } else {
            Reason::NotFinite
        };
        let clock = &mut self.clocks[lane];
        // Where f itself is not finite, no step is short enough.
        if clock.reject(reason, root, &self.control) && finite_at_start {
            return Outcome::Rejected;
        }
        clock.task = Task::Parked;
        let t = clock.t;
        Outcome::Failed(match reason {
            Reason::Singular => StepFailure::Singular { t },
            // The state is found once all lanes are judged.
            Reason::NotFinite => StepFailure::NotFinite { t, state: 0 },
            Reason::Error => {
                let state = self.work.worst_state(lane, &self.control, &self.y);
                StepFailure::StepTooSmall {
                    t,
                    h: clock.h,
                    state,
                }
            }
        })
    }

    fn set_state(&mut self, lane: usize, y: &[f64]) {
        assert_eq!(y.len(), self.n_states, "one number per state");
        let own = &mut self.y;
        L::vectorize(
            #[inline(always)]
            || {
                for (to, from) in own.iter_mut().zip(y) {
                    *to = to.with_lane(lane, *from);
                }
            },
        );
    }
}

/// The dense output of one state over a step from `from` to `to`, at time `t`.
///
/// * `c` — y₀, y₁, k₁, k₂, k₃ as given by [`Rodas5P::step_polynomial`]
///
/// Written so that a state that does not move gives its value exactly at every `t`.
pub fn interpolate(c: &[f64; 5], from: f64, to: f64, t: f64) -> f64 {
    if t == to {
        return c[1];
    }
    if from == to {
        return c[0];
    }
    within(c, (t - from) / (to - from))
}

/// The same at a share of the step.
#[inline(always)]
fn within(c: &[f64; 5], theta: f64) -> f64 {
    let bend = (1.0 - theta) * (c[2] + theta * (c[3] + theta * c[4]));
    c[0] + theta * ((c[1] - c[0]) + bend)
}
