//! Where within an accepted step a trigger or a branch of the equations changes.

use crate::compile::program::Program;
use crate::solve::Past;

use super::evaluator::Evaluator;
use super::machine::Machine;

/// Points inside a step, besides its ends, at which root functions are looked at: pulses shorter than a third of a step
/// can be missed, longer ones cannot.
const LOOKS: [f64; 3] = [0.25, 0.5, 0.75];

/// A branch that changes within this share of a step from one of its ends is not landed on (chosen by feel).
const BRANCH_MARGIN: f64 = 1e-6;

/// After this many landings in a row a branch is sliding along its border: it is left to the step control for a while.
const SLIDING_LANDINGS: u32 = 6;
/// For how many steps it is left alone (chosen by feel; 20–200 behave alike).
const SLIDING_REST: u32 = 50;

/// What to do with an accepted step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Crossing {
    /// Nothing changes in it, or only at its very end without a trigger.
    None,
    /// It has to be taken again, to end there.
    Land(f64),
    /// A trigger changes at its end.
    Here,
}

/// One lane's watch over the root functions.
pub struct Crossings {
    watched: Vec<usize>,
    of_event: Vec<bool>,
    before: Option<Vec<f64>>,
    landings: Vec<u32>,
    rest: Vec<u32>,
    /// The branch root landed at last, whose crossing the next step may repeat at its start.
    landed: Option<usize>,
    values: Vec<f64>,
    state: Vec<f64>,
}

impl Crossings {
    /// A watch over all roots of a program that are no known times.
    pub fn new(program: &Program) -> Self {
        let n = program.roots.outputs.len();
        let known = |at: &usize| {
            program
                .root_time_solutions
                .get(*at)
                .is_some_and(Option::is_some)
        };
        let mut of_event = vec![false; n];
        for &root in program.events.iter().flat_map(|event| &event.roots) {
            of_event[root] = true;
        }
        Self {
            watched: (0..n).filter(|at| !known(at)).collect(),
            of_event,
            before: None,
            landings: vec![0; n],
            rest: vec![0; n],
            landed: None,
            values: vec![0.0; n],
            state: vec![0.0; program.states.len()],
        }
    }

    /// Forgets the values at the last step's end, because states or parameters jumped.
    pub fn restart(&mut self) {
        self.before = None;
        self.landed = None;
    }

    /// Looks for the first change in `(from, to]`.
    pub fn find(
        &mut self,
        evaluator: &mut Evaluator<'_>,
        past: &dyn Past,
        machine: &Machine<'_>,
        from: f64,
        to: f64,
        dense: &mut dyn FnMut(f64, &mut [f64]),
    ) -> Crossing {
        if self.watched.is_empty() {
            return Crossing::None;
        }
        let mut look = Look {
            evaluator,
            past,
            machine,
            dense,
            state: std::mem::take(&mut self.state),
        };
        let crossing = self.search(&mut look, from, to);
        self.state = look.state;
        crossing
    }

    fn search(&mut self, look: &mut Look<'_, '_>, from: f64, to: f64) -> Crossing {
        let n = self.values.len();
        let mut left = self.before.take().unwrap_or_else(|| look.roots(from, n));
        let mut low = from;
        for theta in LOOKS.into_iter().chain([1.0]) {
            let high = if theta == 1.0 {
                to
            } else {
                from + theta * (to - from)
            };
            if high <= low {
                continue;
            }
            let right = look.roots(high, n);
            if let Some((root, before, after)) = self.first(look, &left, &right, low, high, from) {
                return self.decide(look, root, before, after, from, to, n);
            }
            left = right;
            low = high;
        }
        self.quiet_step(left);
        Crossing::None
    }

    /// The first changed root in `(low, high]` with the times just before and just after its change.
    fn first(
        &self,
        look: &mut Look<'_, '_>,
        left: &[f64],
        right: &[f64],
        low: f64,
        high: f64,
        from: f64,
    ) -> Option<(usize, f64, f64)> {
        let changed = self.watched.iter().copied().filter(|&at| {
            let repeated = self.landed == Some(at) && low == from;
            self.rest[at] == 0
                && !repeated
                && side(left[at]) != side(right[at])
                && !right[at].is_nan()
        });
        let located = changed.map(|at| {
            let (before, after) = look.bisect(at, side(left[at]), low, high, left.len());
            (at, before, after)
        });
        located.min_by(|a, b| a.2.total_cmp(&b.2).then(a.0.cmp(&b.0)))
    }

    fn decide(
        &mut self,
        look: &mut Look<'_, '_>,
        root: usize,
        before: f64,
        after: f64,
        from: f64,
        to: f64,
        n: usize,
    ) -> Crossing {
        let event = self.of_event[root];
        // A trigger is landed on at its far side, where it holds; a branch at its near side, so that the step up to it
        // sees one side only. A branch this near to an end costs the step nothing.
        let (at, margin) = if event {
            (after, 0.0)
        } else {
            (before, BRANCH_MARGIN * (to - from))
        };
        if at < to - margin && at > from + margin {
            self.before = Some(look.roots(from, n));
            self.note_landing(root);
            return Crossing::Land(at);
        }
        self.landed = (!event).then_some(root);
        self.before = Some(look.roots(to, n));
        if event {
            Crossing::Here
        } else {
            Crossing::None
        }
    }

    fn note_landing(&mut self, root: usize) {
        if !self.of_event[root] {
            self.landings[root] += 1;
            self.landed = None;
            if self.landings[root] >= SLIDING_LANDINGS {
                self.rest[root] = SLIDING_REST;
                self.landings[root] = 0;
            }
        }
    }

    fn quiet_step(&mut self, values: Vec<f64>) {
        self.before = Some(values);
        self.landed = None;
        for at in 0..self.rest.len() {
            self.rest[at] = self.rest[at].saturating_sub(1);
            if self.rest[at] == 0 {
                self.landings[at] = 0;
            }
        }
    }
}

/// Below, on or above zero: `x >= 1` changes on reaching zero, `x > 1` on leaving it.
fn side(value: f64) -> i8 {
    i8::from(value > 0.0) - i8::from(value < 0.0)
}

struct Look<'a, 'p> {
    evaluator: &'a mut Evaluator<'p>,
    past: &'a dyn Past,
    machine: &'a Machine<'a>,
    dense: &'a mut dyn FnMut(f64, &mut [f64]),
    state: Vec<f64>,
}

impl Look<'_, '_> {
    fn roots(&mut self, t: f64, n: usize) -> Vec<f64> {
        let mut values = vec![0.0; n];
        (self.dense)(t, &mut self.state);
        let block = &self.machine.experiment.program.roots;
        self.evaluator.values(
            block,
            t,
            &self.state,
            &self.machine.p,
            self.past,
            &mut values,
        );
        values
    }

    /// Narrows the change of one root away from `side_low` down to a few representable times.
    fn bisect(&mut self, root: usize, side_low: i8, low: f64, high: f64, n: usize) -> (f64, f64) {
        let (mut low, mut high) = (low, high);
        loop {
            let middle = low + 0.5 * (high - low);
            if middle <= low || middle >= high || high - low <= 4.0 * f64::EPSILON * high.abs() {
                return (low, high);
            }
            if side(self.roots(middle, n)[root]) == side_low {
                low = middle;
            } else {
                high = middle;
            }
        }
    }
}
