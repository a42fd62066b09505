//! One lane's run as a state machine: what happens at known times, at triggers and after delays.
//!
//! The machine holds time, state and parameters between steps. A driver integrates up to [`Machine::horizon`], hands
//! over what lies on the way ([`Machine::pass`]) and calls [`Machine::instant`] where something may happen.

use crate::compile::program::{Program, Target};
use crate::solve::roots::RootSearch;
use crate::solve::{At, Dynamics, Past};

use super::clamp::Controller;
use super::evaluator::{Evaluator, Present};
use super::events::Queue;
use super::failure::Failure;
use super::options::Options;
use super::plan::{Experiment, PlannedAction, PlannedChange};
use super::rows::StepStates;
use super::tangent::{self, Moments};

/// How far, in units in the last place, a computed switching time may be from where the condition changes as computed.
///
/// Both are a few roundings off. Steps end this much before it and go on this much after it, so that no stage of a step
/// sees the other side.
pub const SWITCH_ULPS: f64 = 8.0;

/// How often the echo of a jump in a delayed value is stepped onto again: each echo is one derivative smoother, and
/// beyond the order of the integrator nothing is gained.
const ECHOES: u8 = 5;

/// Parts of a run at whose ends conditions on time alone that no formula solves are looked at: a condition that holds for
/// a shorter time may be missed (chosen by feel; a look costs less than a step).
const LOOKS_AHEAD: f64 = 1000.0;

/// Where the integrator has to stop, and the time that it then is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Horizon {
    /// Where the integrator stops.
    pub stop: f64,
    /// The time at which the instant happens.
    pub instant: f64,
}

/// A time at which the past, seen through a delay, is not smooth.
#[derive(Clone, Copy, Debug)]
struct Echo {
    time: f64,
    depth: u8,
}

/// The search for changes of conditions on time alone that no formula solves.
struct Ahead {
    roots: Vec<usize>,
    search: RootSearch,
    /// The next change, and the parameters for which it was found.
    next: f64,
    p: Vec<f64>,
}

impl Ahead {
    fn new(program: &Program) -> Self {
        let is_unsolved = |root: &usize| {
            program.root_is_time_only[*root] && program.root_time_solutions[*root].is_none()
        };
        let all = 0..program.roots.outputs.len();
        let roots: Vec<usize> = all.filter(is_unsolved).collect();
        Self {
            search: RootSearch::new(roots.len()),
            roots,
            next: f64::NEG_INFINITY,
            p: Vec::new(),
        }
    }
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
    /// The model's events.
    pub events: Queue,
    start_y: Vec<f64>,
    start_p: Vec<f64>,
    held: Vec<usize>,
    has_begun: bool,
    next_stop: usize,
    next_row: usize,
    controllers: Vec<Controller>,
    switches: Vec<f64>,
    echoes: Vec<Echo>,
    ahead: Ahead,
    /// In runs with tangents.
    pub(super) moments: Option<Moments>,
    row: Vec<f64>,
    between: Vec<f64>,
}

impl<'e> Machine<'e> {
    /// A run that stands at its start with state `y` and parameters `p`; nothing has happened yet.
    ///
    /// * `restored` — the parameters to which the protocol restores
    pub fn new(
        experiment: &'e Experiment,
        options: &Options,
        y: Vec<f64>,
        p: Vec<f64>,
        restored: Vec<f64>,
    ) -> Self {
        let program = &experiment.program;
        Self {
            experiment,
            t: experiment.from,
            times: Vec::with_capacity(experiment.grid.len()),
            rows: Vec::with_capacity(experiment.grid.len() * program.quantities.len()),
            events: Queue::new(program, options, experiment.to),
            start_y: y.clone(),
            start_p: restored,
            held: Vec::new(),
            has_begun: false,
            next_stop: 0,
            next_row: 0,
            controllers: vec![Controller::default(); experiment.clamps.len()],
            switches: Vec::new(),
            echoes: Vec::new(),
            ahead: Ahead::new(program),
            moments: Moments::new(program, experiment.to - experiment.from),
            row: vec![0.0; program.quantities.len()],
            between: vec![0.0; 5 * y.len()],
            y,
            p,
        }
    }

    /// The same with parameters that `p` holds as the protocol sets them at the very start.
    ///
    /// The first instant sets them again: they go back before, so that a formula of themselves counts once.
    pub fn held(self, held: Vec<usize>) -> Self {
        Self { held, ..self }
    }

    /// Takes the present states as those of the start, to which the protocol restores.
    pub fn set_start(&mut self) {
        self.start_y.clone_from(&self.y);
    }

    /// Whether the end is reached.
    pub fn is_over(&self) -> bool {
        self.t >= self.experiment.to
    }

    /// The present, to compute with.
    pub fn present<'a, 'p>(
        &'a mut self,
        evaluator: &'a mut Evaluator<'p>,
        past: &'a dyn Past,
    ) -> Present<'a, 'p> {
        Present {
            evaluator,
            past,
            t: self.t,
            y: &mut self.y,
            p: &mut self.p,
        }
    }

    /// The next time at which something is known to happen, the end included.
    pub fn horizon(&self) -> Horizon {
        let stops = &self.experiment.stops;
        let planned = stops.get(self.next_stop).map(|stop| stop.time);
        let samples = self.controllers.iter().zip(&self.experiment.clamps);
        let known = planned
            .into_iter()
            .chain([self.events.next_time()])
            .chain(samples.map(|(controller, clamp)| controller.next_time(clamp)));
        let instant = known.fold(self.experiment.to, f64::min);
        let echoes = self.echoes.iter().map(|echo| echo.time);
        let switches = self.switches.iter().copied().chain(echoes);
        let switch = switches.fold(f64::INFINITY, f64::min);
        if switch > instant {
            return Horizon {
                stop: instant,
                instant,
            };
        }
        let before = apart(switch, -SWITCH_ULPS);
        Horizon {
            stop: if before > self.t { before } else { switch },
            instant: switch,
        }
    }

    /// Writes down the grid times before the end of a step.
    ///
    /// * `coefficients` — fills in those of [`StepStates`]
    pub fn pass(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        [from, to]: [f64; 2],
        coefficients: &dyn Fn(&mut [f64]),
    ) {
        let times = self.times_before(to);
        if times.is_empty() {
            return;
        }
        coefficients(&mut self.between);
        let step = StepStates {
            from,
            to,
            coefficients: &self.between,
        };
        evaluator
            .rows()
            .write(&step, times, &self.p, past, &mut self.rows);
        self.times.extend_from_slice(times);
        self.next_row += times.len();
    }

    /// The grid times before `to` that are not written down yet.
    pub fn times_before(&self, to: f64) -> &'e [f64] {
        let experiment = self.experiment;
        let rest = &experiment.grid[self.next_row..];
        // Few lie in a step: counting them is faster than a search over the whole grid.
        let count = rest.iter().take_while(|time| **time < to).count();
        &rest[..count]
    }

    /// Everything that happens at the present time, the row of this time included; whether states or parameters changed.
    ///
    /// Where a condition on time alone changes, time goes on by a few units in the last place.
    ///
    /// # Errors
    /// An event with an impossible delay, events that never come to rest, algebraic rules without a solution.
    pub fn instant(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
    ) -> Result<bool, Failure> {
        let mut changed = self.cross(evaluator, past)?;
        changed |= self.act(evaluator, past);
        changed |= self.sample_clamps(evaluator, past);
        if changed {
            self.present(evaluator, past).make_consistent()?;
        } else {
            changed = self.settle_fast(evaluator, past)?;
        }
        changed |= self.settle_events(evaluator, past, self.t)?;
        self.write_present(evaluator, past);
        // Strict conditions (`time > 5`) turn true just after their border: the row above still shows the old side.
        let after = apart(self.t, SWITCH_ULPS);
        changed |= self.settle_events(evaluator, past, after)?;
        let echoed = self.note_echoes(evaluator, past, changed);
        let switched = self.find_switches(evaluator, past);
        self.has_begun = true;
        if (echoed || switched) && !self.is_over() {
            self.t = after;
        }
        if self.start_laws(evaluator, past) || self.settle_fast(evaluator, past)? {
            self.present(evaluator, past).make_consistent()?;
            self.settle_events(evaluator, past, self.t)?;
            changed = true;
        }
        if let Some(mut moments) = self.moments.take() {
            moments.end(&mut self.present(evaluator, past));
            self.moments = Some(moments);
        }
        Ok(changed)
    }

    /// Takes tangents over what was crossed on the way to the present; whether they changed.
    fn cross(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) -> Result<bool, Failure> {
        let Some(mut moments) = self.moments.take() else {
            return Ok(false);
        };
        let changed = moments.begin(&mut self.present(evaluator, past));
        self.moments = Some(moments);
        changed
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

    /// Writes down the next row of the grid, which is at `time`.
    pub fn write_row(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        time: f64,
        y: &[f64],
    ) {
        let block = &self.experiment.program.observe;
        evaluator.values(block, time, y, &self.p, past, &mut self.row);
        self.times.push(time);
        self.rows.extend_from_slice(&self.row);
        self.next_row += 1;
    }

    /// Protocol stops whose time has come.
    fn act(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) -> bool {
        let experiment = self.experiment;
        let first = self.next_stop;
        for slot in std::mem::take(&mut self.held) {
            self.p[slot] = self.start_p[slot];
        }
        while let Some(stop) = experiment.stops.get(self.next_stop)
            && stop.time <= self.t
        {
            for action in &stop.actions {
                let restored = self.start_value(action.target);
                let (start_y, start_p) = (&self.start_y, &self.start_p);
                let mut now = Present {
                    evaluator,
                    past,
                    t: self.t,
                    y: &mut self.y,
                    p: &mut self.p,
                };
                let tangent = tangent::of_action(&mut now, action, |target| match target {
                    Target::State(state) => start_y[state],
                    Target::Parameter(slot) => start_p[slot],
                });
                let value = new_value(&mut now, action, restored);
                now.assign(action.target, value);
                if let Some((target, value)) = tangent {
                    now.assign(target, value);
                }
            }
            self.next_stop += 1;
        }
        let acted = self.next_stop > first;
        self.note_action(acted);
        acted
    }

    fn start_value(&self, target: Target) -> f64 {
        match target {
            Target::State(state) => self.start_y[state],
            Target::Parameter(slot) => self.start_p[slot],
        }
    }

    fn sample_clamps(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) -> bool {
        let experiment = self.experiment;
        let mut controllers = std::mem::take(&mut self.controllers);
        let mut changed = false;
        for (controller, planned) in controllers.iter_mut().zip(&experiment.clamps) {
            let start_p = &self.start_p;
            let mut now = Present {
                evaluator,
                past,
                t: self.t,
                y: &mut self.y,
                p: &mut self.p,
            };
            changed |= controller.act(&mut now, planned, start_p);
        }
        self.controllers = controllers;
        self.note_action(changed);
        changed
    }

    fn note_action(&mut self, acted: bool) {
        if let Some(moments) = self.moments.as_mut().filter(|_| acted) {
            moments.note_action();
        }
    }

    fn settle_events(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        seen_at: f64,
    ) -> Result<bool, Failure> {
        let mut now = Present {
            evaluator,
            past,
            t: self.t,
            y: &mut self.y,
            p: &mut self.p,
        };
        self.events.settle(&mut now, seen_at, self.moments.as_mut())
    }

    /// Notes when the present shows up in delayed values again, if it is not smooth; whether it is such a time itself.
    fn note_echoes(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        changed: bool,
    ) -> bool {
        let program = &self.experiment.program;
        // A past that moves nothing may be as rough as it likes.
        if program.delays.is_empty() || evaluator.tape().n_moving_lags() == 0 {
            return false;
        }
        let t = self.t;
        let arrived = self.echoes.iter().filter(|echo| echo.time <= t);
        let depth = arrived.map(|echo| echo.depth).min();
        self.echoes.retain(|echo| echo.time > t);
        let next = if changed || !self.has_begun {
            Some(1)
        } else {
            depth.map(|depth| depth + 1)
        };
        if let Some(depth) = next.filter(|&depth| depth <= ECHOES) {
            for lag in present_lags(program, evaluator, past, t, &self.y, &self.p) {
                self.add_echo(t + lag, depth);
            }
        }
        depth.is_some()
    }

    fn add_echo(&mut self, time: f64, depth: u8) {
        let near = 2.0 * (apart(time, SWITCH_ULPS) - time);
        let same = |echo: &&mut Echo| (echo.time - time).abs() <= near;
        if let Some(echo) = self.echoes.iter_mut().find(same) {
            echo.depth = echo.depth.min(depth);
        } else if time > self.t && time <= self.experiment.to {
            self.echoes.push(Echo { time, depth });
        }
    }

    /// Finds when conditions on time alone will change, at the present parameters; whether one changes now.
    fn find_switches(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past) -> bool {
        let mut here = self.switches.contains(&self.t);
        self.switches.clear();
        let after = apart(self.t, SWITCH_ULPS);
        let before = apart(self.t, -SWITCH_ULPS);
        for block in self.experiment.program.root_time_solutions.iter().flatten() {
            let time = evaluator.value(block, self.t, &self.y, &self.p, past);
            // Steps of time (`ceil`) only tell their next switch: at the start this may be one.
            here |= !self.has_begun || (before <= time && time <= after);
            let is_new = !self.switches.contains(&time);
            if time > after && time <= self.experiment.to && is_new {
                self.switches.push(time);
            }
        }
        self.look_ahead(evaluator, past, after);
        here
    }

    /// Finds the next change, after `from`, of a condition on time alone that no formula solves.
    fn look_ahead(&mut self, evaluator: &mut Evaluator<'_>, past: &dyn Past, from: f64) {
        let (ahead, experiment) = (&mut self.ahead, self.experiment);
        let to = experiment.to;
        if ahead.roots.is_empty() || from >= to {
            return;
        }
        let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits();
        let known = ahead.p.len() == self.p.len() && ahead.p.iter().zip(&self.p).all(same);
        if !known || ahead.next <= from {
            let part = (to - experiment.from) / LOOKS_AHEAD;
            // Whole windows of four, in which short pulses are seen too.
            let looks = (((to - from) / part).min(LOOKS_AHEAD) as usize) / 4 * 4 + 3;
            let block = &experiment.program.roots;
            let mut all = vec![0.0; block.outputs.len()];
            let mut roots = |t: f64, out: &mut [f64]| {
                evaluator.values(block, t, &self.y, &self.p, past, &mut all);
                for (out, &root) in out.iter_mut().zip(&ahead.roots) {
                    *out = all[root];
                }
            };
            let found = ahead.search.first(from, to, looks, &mut roots);
            ahead.next = found.map_or(f64::INFINITY, |crossing| crossing.after);
            ahead.p.clone_from(&self.p);
        }
        if ahead.next <= to {
            self.switches.push(ahead.next);
        }
    }
}

/// `ulps` units in the last place after `t` (before it when negative).
pub fn apart(t: f64, ulps: f64) -> f64 {
    let size = t.abs();
    t + ulps * (size.next_up() - size)
}

fn new_value(now: &mut Present<'_, '_>, action: &PlannedAction, restored: f64) -> f64 {
    let program = now.program();
    let mut scale = [1.0; 2];
    now.values(&program.targets[action.scale].scale, &mut scale);
    match action.change {
        PlannedChange::Set(at) => now.value(&program.extras[at]) * scale[0],
        PlannedChange::Add(at) => {
            now.read(action.target) + now.value(&program.extras[at]) * scale[1]
        }
        PlannedChange::Restore => restored,
    }
}

/// The lags at present of the delays that move anything, those that are positive.
fn present_lags(
    program: &Program,
    evaluator: &mut Evaluator<'_>,
    past: &dyn Past,
    t: f64,
    y: &[f64],
    p: &[f64],
) -> Vec<f64> {
    let mut lags = vec![0.0; program.delays.len()];
    evaluator.tape().lags(&At { t, y, p, past }, &mut lags);
    lags.truncate(evaluator.tape().n_moving_lags());
    lags.retain(|&lag| lag > 0.0);
    lags
}
