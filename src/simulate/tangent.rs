//! Sensitivities across what happens: how tangents go through crossings, protocol changes and events.
//!
//! Between happenings the integrator carries the tangents `s` of the states `y` like states (`compile::tangent`). Where
//! something happens at a time τ that itself moves with the parameters, by τ′ per unit of the direction, the state at
//! the moving time has the tangent `s + f⁻ τ′`. What happens maps it like any value, the tangent of time being τ′, and at
//! a fixed time afterwards it is less by `f⁺ τ′`:
//!
//! `s⁺ = ∂h/∂y (s⁻ + f⁻ τ′) + ∂h/∂p ṗ + ∂h/∂t τ′ − f⁺ τ′`
//!
//! With nothing but a jump of the rates, `h` is the state itself. For a crossing of `g(t, y, p) = 0` the time moves by
//! `τ′ = −(∂g/∂y s⁻ + ∂g/∂p ṗ) ÷ (∂g/∂y f⁻ + ∂g/∂t)`; for a delayed event by the τ′ of its trigger and the tangent of its
//! delay; for the protocol and what it sets off not at all.
//! Source: Rozenvasser 1967, Automation and Remote Control 28:395–400; Galán, Feehery, Barton 1999, Appl Numer Math
//! 31:17–47; Barton and Lee 2002, ACM TOMACS 12:256–289.

use crate::compile::program::{Program, Tangents, Target};
use crate::diag::Span;

use super::evaluator::Present;
use super::failure::{Failure, formula_of};
use super::machine::{Machine, SWITCH_ULPS, apart};
use super::plan::{PlannedAction, PlannedChange, PlannedClamp};

/// How far before a crossing, as a share of the run, the rates before it are looked for at most. Crossings are landed on
/// within a few units in the last place.
const FURTHEST_BEFORE: f64 = 1e-6;

/// A crossing that moves by more than this many durations of the run, when a parameter is moved by its own size, is a
/// touch: the slope that it is divided by is rounding (chosen by feel).
const FURTHEST_MOVED: f64 = 1e8;

/// A root at which rates jump and that changes sides more often than this slides along its border (chosen by feel).
const MOST_CROSSINGS: u64 = 200_000;

/// The tangents of one run at its instants.
#[derive(Clone, Debug)]
pub struct Moments {
    /// Roots of events and of jumps of rates, the others being of no interest here.
    watched: Vec<usize>,
    /// On which side each root was right after the last instant.
    sides: Vec<i8>,
    /// For each root crossed at the present instant how its time moves.
    crossed: Vec<Option<f64>>,
    /// How the time moves of what happened last at the present instant.
    cause: f64,
    has_begun: bool,
    has_acted: bool,
    crossings: u64,
    /// A root of a jump that stood on its border at the start and moves: on one side of it the run goes another way.
    on_border: Option<usize>,
    /// The duration of the run.
    duration: f64,
}

/// How a waiting event moves.
#[derive(Clone, Debug)]
pub struct Moves {
    /// The tangent of its time.
    pub time: f64,
    /// The tangents of its values, when those are known already.
    pub values: Option<Vec<f64>>,
}

impl Moments {
    /// The tangents of a run that has not begun; none for a program without.
    pub fn new(program: &Program, duration: f64) -> Option<Self> {
        let tangents = program.tangents.as_ref()?;
        let of_events = program.events.iter().flat_map(|event| &event.roots);
        let mut watched: Vec<usize> = of_events.chain(&tangents.steps).copied().collect();
        watched.sort_unstable();
        watched.dedup();
        let n = program.roots.outputs.len();
        Some(Self {
            watched,
            sides: vec![0; n],
            crossed: vec![None; n],
            cause: 0.0,
            has_begun: false,
            has_acted: false,
            crossings: 0,
            on_border: None,
            duration,
        })
    }

    /// Looks at the start of an instant what has been crossed, and takes the tangents across jumps of the rates; whether
    /// they changed.
    ///
    /// # Errors
    /// A crossing along its border, a state that slides along one, algebraic rules without a solution.
    pub fn begin(&mut self, now: &mut Present<'_, '_>) -> Result<bool, Failure> {
        self.crossed.fill(None);
        (self.cause, self.has_acted) = (0.0, false);
        if !self.has_begun {
            return Ok(false);
        }
        let sides = sides_after(now);
        // What stood on its border at the start of a way is not crossed by leaving it.
        let is_crossed = |root: &usize| i16::from(self.sides[*root]) * i16::from(sides[*root]) < 0;
        let crossed: Vec<usize> = self.watched.iter().copied().filter(is_crossed).collect();
        if crossed.is_empty() {
            return Ok(false);
        }
        let steps = &tangents(now).steps;
        let jumping: Vec<usize> = (crossed.iter().copied())
            .filter(|root| steps.contains(root))
            .collect();
        let before = match jumping.as_slice() {
            [] => rate_here(now),
            jumping => self.rate_before(now, jumping),
        };
        self.note_crossed(now, &crossed, &before)?;
        let moved = jumping.iter().filter_map(|root| self.crossed[*root]);
        match moved.into_iter().find(|moved| *moved != 0.0) {
            Some(moved) => {
                self.count(now, &jumping)?;
                let after = rate_after(now);
                let jump: Vec<f64> = before.iter().zip(&after).map(|(b, a)| b - a).collect();
                shift(now, &jump, moved);
                now.make_consistent()?;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn note_crossed(
        &mut self,
        now: &mut Present<'_, '_>,
        crossed: &[usize],
        rate: &[f64],
    ) -> Result<(), Failure> {
        let (slopes, along) = slopes(now, rate)?;
        for &root in crossed {
            let both = [slopes[root], along[root]];
            self.crossed[root] = Some(time_tangent(now, root, both, self.duration)?);
        }
        Ok(())
    }

    fn count(&mut self, now: &Present<'_, '_>, jumping: &[usize]) -> Result<(), Failure> {
        self.crossings += 1;
        if self.crossings > MOST_CROSSINGS {
            return Err(Failure::stuck(now.t, now.program(), jumping[0]));
        }
        Ok(())
    }

    /// The rates just before the present, on the sides where the roots were.
    fn rate_before(&self, now: &mut Present<'_, '_>, jumping: &[usize]) -> Vec<f64> {
        let here = rate_here(now);
        let mut back = now.t - apart(now.t, -SWITCH_ULPS);
        loop {
            let t = now.t - back;
            let y = moved(now.y, &here, -back);
            let sides = sides(now, t, &y);
            let is_before = |root: &usize| sides[*root] == self.sides[*root];
            if jumping.iter().all(is_before) || back > FURTHEST_BEFORE * self.duration {
                return rate(now, t, &y);
            }
            back *= 4.0;
        }
    }

    /// Notes that the protocol has acted: its times do not move.
    pub fn note_action(&mut self) {
        (self.cause, self.has_acted) = (0.0, true);
    }

    /// Goes to the moving time at which an event is triggered, and gives its tangent.
    ///
    /// # Errors
    /// A trigger that is reached along its border.
    pub fn enter_trigger(
        &mut self,
        now: &mut Present<'_, '_>,
        event: usize,
    ) -> Result<f64, Failure> {
        let roots = &now.program().events[event].roots;
        let crossed = roots.iter().find_map(|root| self.crossed[*root]);
        let time = match crossed {
            Some(time) => time,
            None if self.has_acted || !self.has_begun || roots.is_empty() => self.cause,
            None => nearest(now, roots, self.duration)?,
        };
        self.enter(now, time)?;
        Ok(time)
    }

    /// Goes from the present, a fixed time, to a time that moves by `time`.
    ///
    /// # Errors
    /// Algebraic rules without a solution.
    pub fn enter(&self, now: &mut Present<'_, '_>, time: f64) -> Result<(), Failure> {
        if time == 0.0 {
            return Ok(());
        }
        let rate = rate_after(now);
        shift(now, &rate, time);
        now.p[tangents(now).time] = time;
        now.make_consistent()
    }

    /// Goes back to the present as a fixed time.
    ///
    /// # Errors
    /// Algebraic rules without a solution.
    pub fn leave(&self, now: &mut Present<'_, '_>, time: f64) -> Result<(), Failure> {
        if time == 0.0 {
            return Ok(());
        }
        let rate = rate_after(now);
        shift(now, &rate, -time);
        now.p[tangents(now).time] = 0.0;
        now.make_consistent()
    }

    /// Goes back after an event was executed, which may trigger others.
    ///
    /// # Errors
    /// Algebraic rules without a solution.
    pub fn leave_event(&mut self, now: &mut Present<'_, '_>, time: f64) -> Result<(), Failure> {
        (self.cause, self.has_acted) = (time, true);
        self.leave(now, time)
    }

    /// Notes at the end of an instant how things stand.
    pub fn end(&mut self, now: &mut Present<'_, '_>) {
        if !self.has_begun {
            self.on_border = on_border(now);
        }
        self.sides = sides_after(now);
        self.has_begun = true;
    }
}

impl Machine<'_> {
    /// Where the condition stands, if there is one, on whose border the run started so that its sensitivities hold for one
    /// side only.
    pub fn starts_on_border(&self) -> Option<Span> {
        let root = self.moments.as_ref()?.on_border?;
        formula_of(&self.experiment.program, root)
    }
}

/// The first root of a jump that is exactly zero and moves.
fn on_border(now: &mut Present<'_, '_>) -> Option<usize> {
    let (roots, tangents) = (&now.program().roots, tangents(now));
    let mut values = vec![0.0; roots.outputs.len()];
    let mut moves = values.clone();
    now.values(roots, &mut values);
    now.values(&tangents.roots, &mut moves);
    let mut steps = tangents.steps.iter().copied();
    steps.find(|&root| values[root] == 0.0 && moves[root] != 0.0)
}

/// Where the tangent of a state or parameter is kept; none where it never moves.
pub fn place(tangents: &Tangents, target: Target) -> Option<Target> {
    match target {
        Target::State(state) => Some(Target::State(tangents.n_states + state)),
        Target::Parameter(slot) => tangents.slots[slot].map(Target::Parameter),
    }
}

/// The tangent of an event's delay.
pub fn of_delay(now: &mut Present<'_, '_>, event: usize) -> f64 {
    let delay = tangents(now).events[event].delay.as_ref();
    delay.map_or(0.0, |block| now.value(block))
}

/// The tangents of what an event's targets get.
pub fn of_values(now: &mut Present<'_, '_>, event: usize) -> Vec<f64> {
    let block = &tangents(now).events[event].values;
    let mut values = vec![0.0; block.outputs.len()];
    now.values(block, &mut values);
    values
}

/// What the tangents of an event's targets get, by the product rule for `values · scales`.
pub fn of_targets(
    now: &mut Present<'_, '_>,
    event: usize,
    known: Option<Vec<f64>>,
    [values, scales]: [&[f64]; 2],
) -> Vec<(Target, f64)> {
    let (program, tangents) = (now.program(), tangents(now));
    let of_values = known.unwrap_or_else(|| of_values(now, event));
    let mut of_scales = vec![0.0; scales.len()];
    now.values(&tangents.events[event].scales, &mut of_scales);
    let targets = program.events[event].targets.iter().enumerate();
    targets
        .filter_map(|(at, &target)| {
            let value = of_values[at] * scales[at] + values[at] * of_scales[at];
            Some((place(tangents, target)?, value))
        })
        .collect()
}

/// What the tangent of the target of a protocol change gets; none when the program has no tangents.
///
/// * `restored` — the tangent of what the target had at the start
pub fn of_action(
    now: &mut Present<'_, '_>,
    action: &PlannedAction,
    restored: impl Fn(Target) -> f64,
) -> Option<(Target, f64)> {
    let (program, tangents) = (now.program(), now.program().tangents.as_ref()?);
    let target = place(tangents, action.target)?;
    let (mut scale, mut of_scale) = ([1.0; 2], [0.0; 2]);
    now.values(&program.targets[action.scale].scale, &mut scale);
    now.values(&tangents.targets[action.scale], &mut of_scale);
    let mut product = |extra: usize, kind: usize| {
        let value = now.value(&program.extras[extra]);
        let of_value = now.value(&tangents.extras[extra]);
        of_value * scale[kind] + value * of_scale[kind]
    };
    let value = match action.change {
        PlannedChange::Set(extra) => product(extra, 0),
        PlannedChange::Add(extra) => product(extra, 1) + now.read(target),
        PlannedChange::Restore => restored(target),
    };
    Some((target, value))
}

/// Where the tangent of what a clamp drives is kept, the tangent of what it measures, and the tangent of its scale; none
/// when the program has no tangents.
pub fn of_clamp(now: &mut Present<'_, '_>, planned: &PlannedClamp) -> Option<(Target, [f64; 2])> {
    let tangents = now.program().tangents.as_ref()?;
    let target = place(tangents, Target::Parameter(planned.actuator))?;
    let measured = now.value(&tangents.extras[planned.measured]);
    let mut scale = [0.0; 2];
    now.values(&tangents.targets[planned.scale], &mut scale);
    Some((target, [measured, scale[0]]))
}

fn tangents<'p>(now: &Present<'_, 'p>) -> &'p Tangents {
    let tangents = now.program().tangents.as_ref();
    tangents.expect("moments exist only for programs with tangents")
}

/// Moves the tangents of the states that are integrated by `by · rate`; those of algebraic ones follow.
fn shift(now: &mut Present<'_, '_>, rate: &[f64], by: f64) {
    let n = rate.len();
    let states = &now.program().states[..n];
    for (at, state) in states.iter().enumerate() {
        if state.mass != 0.0 {
            now.y[n + at] += rate[at] * by;
        }
    }
}

/// The states moved along the rates for some time; algebraic ones and tangents stay.
fn moved(y: &[f64], rate: &[f64], time: f64) -> Vec<f64> {
    let mut y = y.to_vec();
    for (y, rate) in y.iter_mut().zip(rate) {
        *y += rate * time;
    }
    y
}

/// The rates of the model's states; 0 for algebraic ones.
fn rate(now: &mut Present<'_, '_>, t: f64, y: &[f64]) -> Vec<f64> {
    let program = now.program();
    let mut all = vec![0.0; program.states.len()];
    let (p, past) = (&*now.p, now.past);
    now.evaluator
        .values(&program.derivative, t, y, p, past, &mut all);
    all.truncate(tangents(now).n_states);
    for (rate, state) in all.iter_mut().zip(&program.states) {
        *rate *= state.mass;
    }
    all
}

fn rate_here(now: &mut Present<'_, '_>) -> Vec<f64> {
    let y = now.y.to_vec();
    rate(now, now.t, &y)
}

/// A moment later, so that no condition stands on its border: the time, and the states there.
fn after(now: &mut Present<'_, '_>) -> (f64, Vec<f64>) {
    let t = apart(now.t, SWITCH_ULPS);
    let y = now.y.to_vec();
    let first = rate(now, t, &y);
    (t, moved(&y, &first, t - now.t))
}

/// The rates with which it goes on.
fn rate_after(now: &mut Present<'_, '_>) -> Vec<f64> {
    let (t, y) = after(now);
    rate(now, t, &y)
}

fn sides_after(now: &mut Present<'_, '_>) -> Vec<i8> {
    let (t, y) = after(now);
    sides(now, t, &y)
}

fn sides(now: &mut Present<'_, '_>, t: f64, y: &[f64]) -> Vec<i8> {
    let roots = &now.program().roots;
    let mut values = vec![0.0; roots.outputs.len()];
    let (p, past) = (&*now.p, now.past);
    now.evaluator.values(roots, t, y, p, past, &mut values);
    let side = |value: f64| i8::from(value > 0.0) - i8::from(value < 0.0);
    values.into_iter().map(side).collect()
}

/// The tangents of all roots at the present, a fixed time, and their slopes in time along the rates.
fn slopes(now: &mut Present<'_, '_>, rate: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Failure> {
    let tangents = tangents(now);
    let mut fixed = vec![0.0; tangents.roots.outputs.len()];
    let mut along = fixed.clone();
    now.values(&tangents.roots, &mut fixed);
    // The slope in time is the tangent in the direction of time alone.
    let (mut y, mut p) = (now.y.to_vec(), now.p.to_vec());
    y[tangents.n_states..].copy_from_slice(rate);
    for slot in tangents.slots.iter().flatten() {
        p[*slot] = 0.0;
    }
    p[tangents.time] = 1.0;
    let mut there = Present {
        evaluator: &mut *now.evaluator,
        past: now.past,
        t: now.t,
        y: &mut y,
        p: &mut p,
    };
    there.make_consistent()?;
    there.values(&tangents.roots, &mut along);
    Ok((fixed, along))
}

/// How the time of a root's zero moves.
fn time_tangent(
    now: &Present<'_, '_>,
    root: usize,
    [fixed, along]: [f64; 2],
    duration: f64,
) -> Result<f64, Failure> {
    if fixed == 0.0 {
        return Ok(0.0);
    }
    let time = -fixed / along;
    if time.abs() <= FURTHEST_MOVED * duration {
        return Ok(time);
    }
    Err(Failure::grazing(now.t, now.program(), root))
}

/// How the time moves at which the nearest of some roots is zero.
fn nearest(now: &mut Present<'_, '_>, roots: &[usize], duration: f64) -> Result<f64, Failure> {
    let rate = rate_after(now);
    let (fixed, along) = slopes(now, &rate)?;
    let block = &now.program().roots;
    let mut values = vec![0.0; block.outputs.len()];
    now.values(block, &mut values);
    let distance = |root: &usize| (values[*root] / along[*root]).abs();
    let mut best: Option<usize> = None;
    for root in roots {
        let is_nearer = |best: usize| distance(root) < distance(&best);
        if distance(root).is_finite() && best.is_none_or(is_nearer) {
            best = Some(*root);
        }
    }
    best.map_or(Ok(0.0), |root| {
        time_tangent(now, root, [fixed[root], along[root]], duration)
    })
}
