//! What has been: the steps of each lane, for equations with delays.

use super::dynamics::Past;
use super::rodas5p::interpolate;

/// Numbers kept per state and step.
const PER_STATE: usize = 5;
/// Forgotten steps are moved out of the way when there are this many: seldom enough to cost nothing.
const PRUNE_FROM: usize = 64;

/// Accepted steps and jumps of every lane.
///
/// The caller reports each [`start`](Self::start), accepted [`step`](Self::step), [`jump`](Self::jump) and
/// [`retract`](Self::retract) in the order in which they happen.
#[derive(Clone, Debug)]
pub struct History {
    n_states: usize,
    horizon: f64,
    lanes: Vec<Lane>,
}

#[derive(Clone, Debug, Default)]
struct Lane {
    start: f64,
    initial: Vec<f64>,
    steps: Vec<Step>,
    /// Polynomials of the steps, one after the other.
    polynomials: Vec<f64>,
    /// Steps at the front that are older than the horizon.
    n_forgotten: usize,
    changes: Vec<Change>,
    /// The state after a jump at which no step has begun yet.
    landed: Option<(f64, Vec<f64>)>,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    /// From when on it counts: its beginning, or the jump a few units in the last place before that.
    since: f64,
    from: f64,
    to: f64,
}

/// Parameters from a time on.
#[derive(Clone, Debug)]
struct Change {
    t: f64,
    p: Vec<f64>,
}

impl History {
    /// A history of `n_lanes` lanes; what lies more than `horizon` (the longest lag, or infinite) behind is forgotten.
    pub fn new(n_lanes: usize, n_states: usize, horizon: f64) -> Self {
        Self {
            n_states,
            horizon,
            lanes: vec![Lane::default(); n_lanes],
        }
    }

    /// Begins a trajectory in `lane`: before `t` it has always been at `y` and `p`.
    pub fn start(&mut self, lane: usize, t: f64, y: &[f64], p: &[f64]) {
        assert_eq!(y.len(), self.n_states, "one number per state");
        self.lanes[lane] = Lane {
            start: t,
            initial: y.to_vec(),
            changes: vec![Change { t, p: p.to_vec() }],
            landed: Some((t, y.to_vec())),
            ..Lane::default()
        };
    }

    /// Adds an accepted step; `write` fills in its polynomial, five numbers per state
    /// ([`Rodas5P::step_polynomial`](crate::solve::Rodas5P::step_polynomial)).
    pub fn step(&mut self, lane: usize, from: f64, to: f64, write: impl FnOnce(&mut [f64])) {
        let width = PER_STATE * self.n_states;
        let horizon = self.horizon;
        let lane = &mut self.lanes[lane];
        lane.forget(to - horizon, width);
        let landed = lane.landed.take();
        let since = landed.map_or(from, |(jump, _)| jump.min(from));
        lane.steps.push(Step { since, from, to });
        let start = lane.polynomials.len();
        lane.polynomials.resize(start + width, 0.0);
        write(&mut lane.polynomials[start..]);
    }

    /// At time `t`, where the lane stands, the state and the parameters become `y` and `p`.
    pub fn jump(&mut self, lane: usize, t: f64, y: &[f64], p: &[f64]) {
        let lane = &mut self.lanes[lane];
        lane.landed = Some((t, y.to_vec()));
        let same = |change: &Change| {
            change
                .p
                .iter()
                .zip(p)
                .all(|(a, b)| a.to_bits() == b.to_bits())
        };
        if !lane.changes.last().is_some_and(same) {
            lane.changes.push(Change { t, p: p.to_vec() });
        }
    }

    /// Forgets the last step, which the integrator has undone. No jump may have followed it.
    pub fn retract(&mut self, lane: usize) {
        let width = PER_STATE * self.n_states;
        let lane = &mut self.lanes[lane];
        assert!(
            lane.landed.is_none(),
            "a step is undone before what happens at its end"
        );
        let step = lane.steps.pop().expect("there is a step to undo");
        let rest = lane.polynomials.split_off(lane.polynomials.len() - width);
        // The start of the undone step stays known: a jump may have happened there.
        lane.landed = Some((
            step.since,
            rest.chunks_exact(PER_STATE).map(|c| c[0]).collect(),
        ));
    }
}

impl Lane {
    /// Drops the steps that ended before `oldest`, a good many at a time.
    fn forget(&mut self, oldest: f64, width: usize) {
        while self
            .steps
            .get(self.n_forgotten)
            .is_some_and(|step| step.to < oldest)
        {
            self.n_forgotten += 1;
        }
        if self.n_forgotten < PRUNE_FROM || 2 * self.n_forgotten < self.steps.len() {
            return;
        }
        self.steps.drain(..self.n_forgotten);
        self.polynomials.drain(..self.n_forgotten * width);
        self.n_forgotten = 0;
        let current = self
            .changes
            .partition_point(|change| change.t <= oldest)
            .saturating_sub(1);
        self.changes.drain(..current);
    }

    fn state(&self, t: f64, out: &mut [f64]) {
        if t < self.start {
            out.copy_from_slice(&self.initial);
            return;
        }
        if let Some((landed, y)) = &self.landed
            && t >= *landed
        {
            out.copy_from_slice(y);
            return;
        }
        // Of two steps that meet at t the later counts: its beginning is the state after a jump.
        let index = self
            .steps
            .partition_point(|step| step.since <= t)
            .saturating_sub(1);
        let Some(Step { from, to, .. }) = self.steps.get(index).copied() else {
            out.copy_from_slice(&self.initial);
            return;
        };
        let width = PER_STATE * out.len();
        let polynomial = &self.polynomials[index * width..(index + 1) * width];
        for (out, c) in out.iter_mut().zip(polynomial.as_chunks::<PER_STATE>().0) {
            *out = interpolate(c, from, to, t.max(from));
        }
    }

    fn parameters(&self, t: f64, out: &mut [f64]) {
        let index = self
            .changes
            .partition_point(|change| change.t <= t)
            .saturating_sub(1);
        if let Some(change) = self.changes.get(index) {
            out.copy_from_slice(&change.p);
        }
    }
}

impl Past for History {
    fn at(&self, lane: usize, t: f64, y: &mut [f64], p: &mut [f64]) -> bool {
        let lane = &self.lanes[lane];
        lane.state(t, y);
        lane.parameters(t, p);
        t < lane.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// y = t from 0 to 2 in steps of 1, then a jump by 10 with p = 2, then a step of 1.
    fn example() -> History {
        let mut history = History::new(1, 1, f64::INFINITY);
        history.start(0, 0.0, &[0.0], &[1.0]);
        for from in [0.0, 1.0] {
            history.step(0, from, from + 1.0, |c| {
                c.copy_from_slice(&[from, from + 1.0, 0.0, 0.0, 0.0])
            });
        }
        history.jump(0, 2.0, &[12.0], &[2.0]);
        history
    }

    fn at(history: &History, t: f64) -> [f64; 2] {
        let (mut y, mut p) = ([f64::NAN], [f64::NAN]);
        history.at(0, t, &mut y, &mut p);
        [y[0], p[0]]
    }

    #[test]
    fn before_the_start_it_has_always_been_as_at_the_start() {
        assert_eq!(at(&example(), -5.0), [0.0, 1.0]);
    }

    #[test]
    fn steps_are_interpolated_and_a_jump_counts_from_its_time_on() {
        let mut history = example();
        assert_eq!(at(&history, 1.25), [1.25, 1.0]);
        assert_eq!(at(&history, 2.0f64.next_down())[1], 1.0);
        assert_eq!(at(&history, 2.0), [12.0, 2.0]);
        assert_eq!(at(&history, 2.5), [12.0, 2.0]);
        history.step(0, 2.0, 3.0, |c| {
            c.copy_from_slice(&[12.0, 13.0, 0.0, 0.0, 0.0])
        });
        assert_eq!(at(&history, 2.0), [12.0, 2.0]);
        assert_eq!(at(&history, 2.5), [12.5, 2.0]);
        assert_eq!(at(&history, 4.0), [14.0, 2.0]);
    }

    #[test]
    fn a_jump_counts_at_once_when_the_step_after_it_begins_a_little_later() {
        let mut history = example();
        history.step(0, 2.0 + 1e-15, 3.0, |c| {
            c.copy_from_slice(&[12.0, 13.0, 0.0, 0.0, 0.0])
        });
        assert_eq!(at(&history, 2.0), [12.0, 2.0]);
        assert!(at(&history, 2.0f64.next_down())[0] < 2.0);
    }

    #[test]
    fn an_undone_step_leaves_its_beginning() {
        let mut history = example();
        history.step(0, 2.0, 3.0, |c| {
            c.copy_from_slice(&[12.0, 13.0, 0.0, 0.0, 0.0])
        });
        history.retract(0);
        assert_eq!(at(&history, 2.5), [12.0, 2.0]);
        assert_eq!(at(&history, 1.5), [1.5, 1.0]);
    }

    #[test]
    fn what_lies_within_the_horizon_is_kept_and_the_rest_is_dropped() {
        let mut history = History::new(1, 1, 10.0);
        history.start(0, 0.0, &[0.0], &[1.0]);
        for k in 0..1000 {
            let from = f64::from(k);
            history.step(0, from, from + 1.0, |c| {
                c.copy_from_slice(&[from, from + 1.0, 0.0, 0.0, 0.0])
            });
        }
        assert!(history.lanes[0].steps.len() < 200);
        for t in [990.5, 995.25, 1000.0] {
            assert_eq!(at(&history, t)[0], t);
        }
    }
}
