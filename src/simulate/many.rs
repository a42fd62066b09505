//! Many runs of one program in the lanes of one integrator.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::math::Lane;
use crate::scenario::Arm;
use crate::solve::rodas5p::loops::ByLanes;
use crate::trajectory::Trajectory;

use super::drive::{self, Steps, Supply};
use super::evaluator::Evaluator;
use super::failure::Failure;
use super::machine::Machine;
use super::options::Options;
use super::plan::Experiment;
use super::{Work, start, trajectory, work};

/// One run to be made: an experiment with some parameter slots set to other values before the start.
#[derive(Clone, Copy, Debug)]
pub struct Job<'e> {
    /// What is run.
    pub experiment: &'e Experiment,
    /// `(slot, value)` in the model's units.
    pub overrides: &'e [(usize, f64)],
}

/// What a run wrote down, without names and units.
#[derive(Clone, Debug)]
pub struct Curves {
    /// Times.
    pub times: Vec<f64>,
    /// Row by row, one number per quantity of the program.
    pub rows: Vec<f64>,
    /// What it cost.
    pub work: Work,
}

impl Curves {
    /// One quantity over time.
    ///
    /// * `width` — how many quantities a row has
    pub fn column(&self, at: usize, width: usize) -> impl Iterator<Item = f64> + '_ {
        self.rows.iter().skip(at).step_by(width).copied()
    }
}

/// Makes all runs, `L::WIDTH` at a time; a lane takes the next when its run ends.
///
/// Each result has the bytes that [`super::run_with`] gives for it, whatever runs beside it. `done` gets them in the order in
/// which they end, with the index of their job.
///
/// # Panics
/// When the jobs' experiments are not of one program.
pub fn run_many<'e, L: Lane>(
    jobs: &[Job<'e>],
    options: &Options,
    done: &mut dyn FnMut(usize, Result<Curves, Failure>),
) {
    let mut ended = |number: usize, end: Result<(Machine<'e>, Steps), Failure>| {
        done(number, end.map(curves));
    };
    drive_jobs::<L>(jobs, options, &mut ended);
}

/// Makes all runs one after the other, as [`run_many`] does side by side: for too few of them to fill lanes.
pub fn run_each<'e>(
    jobs: &[Job<'e>],
    options: &Options,
    done: &mut dyn FnMut(usize, Result<Curves, Failure>),
) {
    for (number, job) in jobs.iter().enumerate() {
        let program = &job.experiment.program;
        let mut evaluator = Evaluator::new(program, options);
        let started = start::machine(job.experiment, job.overrides, options, &mut evaluator);
        let end = started.and_then(|machine| drive::drive_one(machine, &mut evaluator, options));
        done(number, end.map(curves));
    }
}

fn curves((machine, steps): (Machine<'_>, Steps)) -> Curves {
    Curves {
        work: work(&machine, steps),
        times: machine.times,
        rows: machine.rows,
    }
}

/// What becomes of a job's machine.
type Ended<'a, 'e> = dyn FnMut(usize, Result<(Machine<'e>, Steps), Failure>) + 'a;

fn drive_jobs<'e, L: Lane>(jobs: &[Job<'e>], options: &Options, done: &mut Ended<'_, 'e>) {
    let Some(first) = jobs.first() else {
        return;
    };
    let program = &first.experiment.program;
    let is_other = |job: &Job<'_>| !Arc::ptr_eq(&job.experiment.program, program);
    assert!(
        !jobs.iter().any(is_other),
        "runs side by side are of one program"
    );
    let evaluators = (0..L::WIDTH).map(|_| Evaluator::new(program, options));
    let mut evaluators: Vec<Evaluator<'_>> = evaluators.collect();
    let mut supply = Jobs {
        waiting: jobs.iter().copied().enumerate().collect(),
        options,
        done,
    };
    let loops = Box::new(ByLanes::default());
    drive::drive::<L>(&mut supply, &mut evaluators, options, loops);
}

struct Jobs<'a, 'd, 'e> {
    waiting: VecDeque<(usize, Job<'e>)>,
    options: &'a Options,
    done: &'a mut Ended<'d, 'e>,
}

impl<'e> Supply<'e> for Jobs<'_, '_, 'e> {
    fn next(&mut self, evaluator: &mut Evaluator<'e>) -> Option<(usize, Machine<'e>)> {
        while let Some((number, job)) = self.waiting.pop_front() {
            match start::machine(job.experiment, job.overrides, self.options, evaluator) {
                Ok(machine) => return Some((number, machine)),
                // One that cannot start leaves its place to the next; its result is its failure.
                Err(failure) => (self.done)(number, Err(failure)),
            }
        }
        None
    }

    fn ended(&mut self, number: usize, machine: Machine<'e>, end: Result<Steps, Failure>) {
        (self.done)(number, end.map(|steps| (machine, steps)));
    }
}

/// Runs one experiment with several parameter sets in the lanes of one integrator.
///
/// Each result has the same bytes as [`super::run_with`] gives for it; results are in the order of the sets.
pub fn run_lanes<L: Lane>(
    experiment: &Experiment,
    arm: &Arm,
    overrides: &[Vec<(usize, f64)>],
    options: &Options,
) -> Vec<Result<Trajectory, Failure>> {
    let jobs: Vec<Job<'_>> = overrides
        .iter()
        .map(|set| Job {
            experiment,
            overrides: set,
        })
        .collect();
    let mut results: Vec<Option<Result<Trajectory, Failure>>> = vec![None; jobs.len()];
    drive_jobs::<L>(&jobs, options, &mut |number, end| {
        results[number] = Some(end.map(|(machine, _)| trajectory(arm, machine)));
    });
    let all = results.into_iter();
    all.map(|result| result.expect("every job comes to an end"))
        .collect()
}
