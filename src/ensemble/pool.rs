//! Runs of a study on several threads, handed over in whole parts.
//!
//! A part is a fixed stretch of run numbers. Workers take small packs of runs in the order of their numbers, so that few
//! parts are under way at once, and whoever finishes the last pack of a part hands it over: memory does not grow with the
//! number of runs.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::scenario::sweep::Value;

use super::row::Row;
use super::study::Study;

/// Something that can be run by number: a study, or tests of many people.
pub trait Runs: Sync {
    /// How many runs share one integrator.
    fn width(&self) -> usize;
    /// The arm and the point of a run.
    fn place_of(&self, run: u64) -> (usize, Vec<Value>);
    /// Makes a stretch of runs, in the order of their numbers; the rows are the same whatever the stretch and the thread.
    fn rows(&self, runs: Range<u64>) -> Vec<Row>;
}

impl Runs for Study<'_> {
    fn width(&self) -> usize {
        Study::width(self)
    }

    fn place_of(&self, run: u64) -> (usize, Vec<Value>) {
        Study::place_of(self, run)
    }

    fn rows(&self, runs: Range<u64>) -> Vec<Row> {
        Study::rows(self, runs)
    }
}

/// Which parts to make, of which runs they consist.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Number of runs of the whole study.
    pub n_runs: u64,
    /// Runs of a part; the last may have fewer.
    pub runs_per_part: u64,
    /// The parts to make, rising.
    pub parts: Vec<u32>,
    /// Threads.
    pub jobs: usize,
}

impl Plan {
    /// How many parts the whole study has.
    pub fn n_parts(n_runs: u64, runs_per_part: u64) -> u64 {
        n_runs.div_ceil(runs_per_part)
    }

    /// The runs of a part.
    pub fn runs_of(&self, part: u32) -> Range<u64> {
        let from = u64::from(part) * self.runs_per_part;
        from..(from + self.runs_per_part).min(self.n_runs)
    }

    /// Runs that are worked on at once: enough for the lanes to stay full, few enough for all threads to get some.
    fn pack(&self, width: usize) -> u64 {
        let runs: u64 = self
            .parts
            .iter()
            .map(|&part| {
                let runs = self.runs_of(part);
                runs.end - runs.start
            })
            .sum();
        let fair = runs / (8 * self.jobs as u64).max(1);
        fair.clamp(width as u64, 16 * width as u64)
    }
}

/// What happened so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Runs made.
    pub runs: u64,
    /// Of these without numbers.
    pub failed: u64,
    /// Parts handed over.
    pub parts: u64,
}

/// Makes the runs of a plan.
///
/// * `sink` — gets every part with its rows in order, from any thread; its first error ends the work
/// * `tell` — gets told of every pack of runs
///
/// # Errors
/// The first error of `sink`.
///
/// # Panics
/// When the system gives no threads.
pub fn run<E: Send>(
    study: &dyn Runs,
    plan: &Plan,
    sink: &(dyn Fn(u32, Vec<Row>) -> Result<(), E> + Sync),
    tell: &(dyn Fn(Progress) + Sync),
) -> Result<(), E> {
    let work = Work {
        study,
        plan,
        sink,
        tell,
        stopped: AtomicBool::new(false),
        queue: Mutex::new(packs(plan, study.width())),
        state: Mutex::new(State {
            open: BTreeMap::new(),
            progress: Progress::default(),
            error: None,
        }),
    };
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(plan.jobs.max(1))
        .build();
    let threads = threads.expect("the system gives threads");
    threads.broadcast(|_| work.take_all());
    let state = work
        .state
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    state.error.map_or(Ok(()), Err)
}

/// A part with its next run, or none left.
type Queue = (VecDeque<u32>, u64, u64);

/// Parts in order, the next run of the first, and the size of a pack.
fn packs(plan: &Plan, width: usize) -> Queue {
    let parts: VecDeque<u32> = plan.parts.iter().copied().collect();
    let next = parts.front().map_or(0, |&part| plan.runs_of(part).start);
    (parts, next, plan.pack(width))
}

struct Work<'a, E> {
    study: &'a dyn Runs,
    plan: &'a Plan,
    sink: &'a (dyn Fn(u32, Vec<Row>) -> Result<(), E> + Sync),
    tell: &'a (dyn Fn(Progress) + Sync),
    stopped: AtomicBool,
    queue: Mutex<Queue>,
    state: Mutex<State<E>>,
}

struct State<E> {
    /// Rows of the parts under way, by the number of their pack's first run.
    open: BTreeMap<u32, BTreeMap<u64, Vec<Row>>>,
    progress: Progress,
    error: Option<E>,
}

impl<E: Send> Work<'_, E> {
    fn take_all(&self) {
        while !self.stopped.load(Ordering::Relaxed) {
            let Some((part, runs)) = self.next() else {
                return;
            };
            let rows = self.study.rows(runs);
            if let Some(rows) = self.file(part, rows)
                && let Err(error) = (self.sink)(part, rows)
            {
                self.stopped.store(true, Ordering::Relaxed);
                self.state().error.get_or_insert(error);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<(u32, Range<u64>)> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let (parts, next, pack) = &mut *queue;
        let part = *parts.front()?;
        let end = self.plan.runs_of(part).end;
        let runs = *next..(*next + *pack).min(end);
        *next = runs.end;
        if runs.end == end {
            parts.pop_front();
            *next = parts
                .front()
                .map_or(0, |&part| self.plan.runs_of(part).start);
        }
        Some((part, runs))
    }

    /// Puts rows to those of their part; gives all of them when the part is whole.
    fn file(&self, part: u32, rows: Vec<Row>) -> Option<Vec<Row>> {
        let mut state = self.state();
        state.progress.runs += rows.len() as u64;
        state.progress.failed += rows.iter().filter(|row| row.failure.is_some()).count() as u64;
        let first = rows.first().map_or(0, |row| row.run);
        let of_part = state.open.entry(part).or_default();
        of_part.insert(first, rows);
        let count: usize = of_part.values().map(Vec::len).sum();
        let runs = self.plan.runs_of(part);
        let whole = (count as u64 == runs.end - runs.start).then(|| state.open.remove(&part));
        let whole = whole.flatten();
        state.progress.parts += u64::from(whole.is_some());
        (self.tell)(state.progress);
        whole.map(|rows| rows.into_values().flatten().collect())
    }
}
