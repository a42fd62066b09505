//! Watches accepted steps for triggers and branches of the equations that change within them.

use crate::compile::program::Program;
use crate::solve::Past;
use crate::solve::roots::{Crossing, RootSearch};

use super::evaluator::Evaluator;
use super::machine::Machine;

/// Points inside a step, besides its ends, at which triggers are looked at. States are polynomials of degree 4 within a
/// step: from five values the search sees pulses of any length of triggers that are linear in them, and of others as far
/// as they are near such polynomials.
const LOOKS: usize = 3;

/// Shares of a first step at which triggers are looked at besides: what an event sets off may be over long before the
/// step is (the last bounces of a ball).
const FIRST_LOOKS: [f64; 5] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2];

/// A branch that changes within this share of a step from one of its ends is not landed on (chosen by feel).
const BRANCH_MARGIN: f64 = 1e-6;

/// How far beyond a change that was guessed a step goes, as a multiple of the way to it (1.0001 to 1.01 behave alike).
const OVERSHOOT: f64 = 1.001;

/// After this many landings in a row a branch is left to the step control for a while: it rests on its border, or slides
/// along it.
const LANDINGS: u32 = 6;
/// A trigger that changes right after time 0 is landed on at this distance at the nearest: the units in the last place
/// of 0 are so small that a step of a few of them has no finite inverse.
const NEAREST: f64 = 1e-100;

/// For how many steps it is left alone (chosen by feel; 20–200 behave alike).
const REST: u32 = 50;

/// What a change of side adds to the count of back and forth, from which every step takes one: sliding changes sides
/// every ten steps or so.
const BACK_AND_FORTH: u32 = 50;
/// From this count on it is asked whether the run can end at this pace (chosen by feel).
const MANY: u32 = 5000;

/// What to do with an accepted step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finding {
    /// Nothing changes in it, or nothing that has to be stepped onto.
    None,
    /// It has to be taken again, to end there.
    Land(f64),
    /// A trigger changes at its end.
    Here,
    /// The equations change their branch at its end, over this root.
    Across(usize),
    /// The law of a fast reaction changes its branch right after its end, over this root.
    Border(usize),
    /// The equations switch back and forth over this root, so often that the run would not end.
    Stuck(usize),
}

/// An accepted step to be looked at.
pub struct Step<'a> {
    /// The run, which still stands at the step's beginning.
    pub machine: &'a Machine<'a>,
    /// For delayed values.
    pub past: &'a dyn Past,
    /// Beginning.
    pub from: f64,
    /// End.
    pub to: f64,
    /// Steps that the run may still take.
    pub steps_left: u64,
    /// States within the step.
    pub dense: &'a dyn Fn(f64, &mut [f64]),
}

/// How often a branch changes.
#[derive(Clone, Copy, Debug, Default)]
struct Branch {
    landings: u32,
    rest: u32,
    back_and_forth: u32,
    /// When the count was zero last, and the steps since.
    since: f64,
    steps: u64,
}

/// One lane's watch over the root functions that are no known times.
///
/// Allocates nothing after [`Watch::new`].
pub struct Watch {
    /// Numbers of the roots that are watched; all lists below are about these.
    roots: Vec<usize>,
    is_trigger: Vec<bool>,
    /// Branches of laws of fast reactions: beyond, the equilibrium may be another.
    is_fast: Vec<bool>,
    /// Such a branch, and the time before it to which the step was shortened.
    border: Option<(usize, f64)>,
    branches: Vec<Branch>,
    /// Branches that take no part in the search of the present step.
    ignored: Vec<bool>,
    /// The branch landed on last, whose change the next step may repeat at its beginning.
    landed: Option<usize>,
    /// The time landed on.
    target: f64,
    /// How far, in units in the last place and less one, to land beyond where a trigger changes.
    reach: f64,
    /// The step was shortened to end where a trigger changes.
    is_shortened: bool,
    looks: usize,
    search: RootSearch,
    /// The step is the first one after a start or jump.
    is_first: bool,
    /// Values at the end of the last step, if they still hold.
    known: bool,
    before: Vec<f64>,
    after: Vec<f64>,
    all: Vec<f64>,
    state: Vec<f64>,
}

impl Watch {
    /// A watch over the roots of a program.
    pub fn new(program: &Program) -> Self {
        let n = program.roots.outputs.len();
        let is_known = |root: &usize| {
            let solution = program.root_time_solutions.get(*root);
            solution.is_some_and(Option::is_some)
        };
        let roots: Vec<usize> = (0..n).filter(|root| !is_known(root)).collect();
        let mut of_events = program.events.iter().flat_map(|event| &event.roots);
        let mut is_trigger = vec![false; n];
        of_events.by_ref().for_each(|&root| is_trigger[root] = true);
        // Sensitivities jump where rates do: those borders are landed on like triggers.
        let steps = program.tangents.iter().flat_map(|made| &made.steps);
        steps.for_each(|&root| is_trigger[root] = true);
        let is_trigger: Vec<bool> = roots.iter().map(|&root| is_trigger[root]).collect();
        let watched = roots.len();
        Self {
            is_fast: (roots.iter())
                .map(|root| program.fast.roots.contains(root))
                .collect(),
            border: None,
            branches: vec![Branch::default(); watched],
            ignored: vec![false; watched],
            landed: None,
            target: f64::NAN,
            reach: 1.0,
            is_shortened: false,
            // A pulse of a branch alone shows in the error of the step.
            looks: if is_trigger.contains(&true) { LOOKS } else { 0 },
            search: RootSearch::new(watched),
            is_first: true,
            known: false,
            before: vec![0.0; watched],
            after: vec![0.0; watched],
            all: vec![0.0; n],
            state: vec![0.0; program.states.len()],
            roots,
            is_trigger,
        }
    }

    /// Whether there is anything to look for.
    pub fn is_watching(&self) -> bool {
        !self.roots.is_empty()
    }

    /// Forgets the values at the last step's end, because states or parameters jumped.
    pub fn restart(&mut self) {
        self.known = false;
        self.landed = None;
        self.reach = 1.0;
        self.border = None;
    }

    /// Looks for what changes first in a step.
    pub fn look(&mut self, evaluator: &mut Evaluator<'_>, step: &Step<'_>) -> Finding {
        if self.roots.is_empty() {
            return Finding::None;
        }
        self.is_first = !self.known;
        if self.is_first {
            self.evaluate(evaluator, step, step.from);
            std::mem::swap(&mut self.before, &mut self.after);
        }
        self.evaluate(evaluator, step, step.to);
        for at in 0..self.roots.len() {
            self.ignored[at] = !self.is_trigger[at] && self.branches[at].rest > 0;
        }
        let arrived = self.landed.filter(|_| step.to == self.target);
        let border = self.border.take().filter(|(_, at)| *at == step.to);
        let finding = match border {
            Some((root, _)) => Finding::Border(self.roots[root]),
            None => self.search(evaluator, step),
        };
        let finding = match (finding, arrived) {
            (Finding::None, Some(at)) => Finding::Across(self.roots[at]),
            (finding, _) => finding,
        };
        let landing = matches!(finding, Finding::Land(_));
        self.is_shortened = landing && self.landed.is_none();
        if let Some(stuck) = self.count(step, landing) {
            return Finding::Stuck(stuck);
        }
        // A step that is taken again begins where this one began.
        self.known = true;
        if !landing {
            std::mem::swap(&mut self.before, &mut self.after);
        }
        finding
    }

    /// Where a step that was rejected should end instead, because the equations seem to change their branch within it.
    ///
    /// Its states are wrong by more than the tolerance, but not by much: the time found is good to a small share of the
    /// step. A little beyond it, so that the shorter step shows the change at its very end.
    pub fn guess(&mut self, evaluator: &mut Evaluator<'_>, step: &Step<'_>) -> Option<f64> {
        if !self.known {
            self.evaluate(evaluator, step, step.from);
            std::mem::swap(&mut self.before, &mut self.after);
        }
        self.evaluate(evaluator, step, step.to);
        for at in 0..self.roots.len() {
            let rests = self.branches[at].rest > 0;
            self.ignored[at] = self.is_trigger[at] || rests || self.landed == Some(at);
        }
        let (crossing, _) = self.first(evaluator, step, None, false)?;
        let way = crossing.after - step.from;
        let end = step.from + OVERSHOOT * way;
        (way > BRANCH_MARGIN * (step.to - step.from) && end < step.to).then_some(end)
    }

    /// The first change that matters; branches that change near an end of the step do not.
    fn search(&mut self, evaluator: &mut Evaluator<'_>, step: &Step<'_>) -> Finding {
        // The step that begins where one landed repeats the change at its beginning; the one that ends there does not.
        let repeated = self.landed.filter(|_| step.from == self.target);
        if step.to != self.target {
            self.landed = None;
        }
        loop {
            let Some((crossing, at)) = self.first(evaluator, step, repeated, true) else {
                // A step that did not get anywhere is no reason to reach less far.
                if !self.is_shortened {
                    self.reach = 1.0;
                }
                return Finding::None;
            };
            if self.is_fast[at] && crossing.before > step.from + NEAREST {
                self.border = Some((at, crossing.before));
                return Finding::Land(crossing.before);
            }
            if self.is_trigger[at] || self.is_fast[at] {
                return self.land_on_trigger(step, crossing.after);
            }
            let margin = BRANCH_MARGIN * (step.to - step.from);
            // At its near side, so that the step up to it sees one side only.
            let inside = crossing.before < step.to - margin && crossing.before > step.from + margin;
            if inside {
                (self.landed, self.target) = (Some(at), crossing.before);
                let branch = &mut self.branches[at];
                branch.landings += 1;
                if branch.landings >= LANDINGS {
                    (branch.landings, branch.rest) = (0, REST);
                }
                return Finding::Land(crossing.before);
            }
            self.ignored[at] = true;
        }
    }

    /// At its far side, where the condition holds.
    fn land_on_trigger(&mut self, step: &Step<'_>, at: f64) -> Finding {
        // The step taken again ends in a slightly other state. Near its border a state may not even move in the few
        // units in the last place that are left: each try goes four times as far beyond.
        let ulp = at.abs().next_up() - at.abs();
        let at = (at + (self.reach - 1.0) * ulp).max(step.from + NEAREST);
        if at < step.to {
            self.reach *= 4.0;
            Finding::Land(at)
        } else {
            Finding::Here
        }
    }

    /// The first change in the step, and the watched root that it is of; a trigger if one changes there.
    fn first(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        step: &Step<'_>,
        repeated: Option<usize>,
        with_looks: bool,
    ) -> Option<(Crossing, usize)> {
        let Self {
            roots,
            ignored,
            search,
            before,
            after,
            all,
            state,
            ..
        } = self;
        let mut values = |t: f64, out: &mut [f64]| {
            if t == step.from {
                out.copy_from_slice(before);
            } else if t == step.to {
                out.copy_from_slice(after);
            } else {
                evaluate(evaluator, step, t, state, all);
                for (out, &root) in out.iter_mut().zip(roots.iter()) {
                    *out = all[root];
                }
            }
            // What is no number takes no part in the search.
            for (out, _) in out.iter_mut().zip(ignored.iter()).filter(|(_, i)| **i) {
                *out = f64::NAN;
            }
            if let Some(at) = repeated.filter(|_| t == step.from) {
                out[at] = f64::NAN;
            }
        };
        let looks = if with_looks { self.looks } else { 0 };
        let first = self.is_first && looks > 0;
        let shares: &[f64] = if first { &FIRST_LOOKS } else { &[] };
        let crossing = first_of(search, step, shares, looks, &mut values)?;
        Some((crossing, crossing.function))
    }

    fn evaluate(&mut self, evaluator: &mut Evaluator<'_>, step: &Step<'_>, t: f64) {
        evaluate(evaluator, step, t, &mut self.state, &mut self.all);
        for (value, &root) in self.after.iter_mut().zip(&self.roots) {
            *value = self.all[root];
        }
    }

    /// Counts changes of sides; gives a root over which the run is stuck.
    fn count(&mut self, step: &Step<'_>, landing: bool) -> Option<usize> {
        for at in (0..self.roots.len()).filter(|&at| !self.is_trigger[at]) {
            let changed = side(self.before[at]) != side(self.after[at]);
            let branch = &mut self.branches[at];
            branch.steps += 1;
            if !landing {
                branch.rest = branch.rest.saturating_sub(1);
            }
            if changed {
                branch.back_and_forth += BACK_AND_FORTH;
            } else {
                branch.landings = 0;
            }
            branch.back_and_forth = branch.back_and_forth.saturating_sub(1);
            if branch.back_and_forth == 0 {
                (branch.since, branch.steps) = (step.to, 0);
            }
            let way = step.machine.experiment.to - step.to;
            let pace = (step.to - branch.since) / branch.steps as f64;
            if branch.back_and_forth >= MANY && way > pace * step.steps_left as f64 {
                return Some(self.roots[at]);
            }
        }
        None
    }
}

/// The first crossing in a step, with looks at some shares of it before those at even distances.
fn first_of(
    search: &mut RootSearch,
    step: &Step<'_>,
    shares: &[f64],
    looks: usize,
    values: &mut dyn FnMut(f64, &mut [f64]),
) -> Option<Crossing> {
    let mut from = step.from;
    for share in shares {
        let to = step.from + share * (step.to - step.from);
        if let Some(crossing) = search.first(from, to, 0, values) {
            return Some(crossing);
        }
        from = to;
    }
    search.first(from, step.to, looks, values)
}

fn evaluate(
    evaluator: &mut Evaluator<'_>,
    step: &Step<'_>,
    t: f64,
    state: &mut [f64],
    out: &mut [f64],
) {
    (step.dense)(t, state);
    let machine = step.machine;
    let block = &machine.experiment.program.roots;
    evaluator.values(block, t, state, &machine.p, step.past, out);
}

/// Below, on or above zero: `x >= 1` changes on reaching zero, `x > 1` on leaving it.
fn side(value: f64) -> i8 {
    i8::from(value > 0.0) - i8::from(value < 0.0)
}
