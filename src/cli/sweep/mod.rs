//! `insilin sweep`: a scenario at many values of its numbers; rows of metrics, and curves on request.

mod figures;
mod finish;
mod folder;
mod progress;
mod record;
mod setup;
mod summary;
mod tables;

use std::path::PathBuf;
use std::time::Instant;

use insilin::ensemble::Row;
use insilin::ensemble::pool::{self, Plan, Progress, Runs};
use insilin::store::{Folder, StoreError};

use super::args::{Shard, Sweep};
use super::terminal::{Exit, Terminal};
use super::{Ended, interrupt, results};

pub use figures::value_axis;
pub use finish::{Finish, finish, plot};
pub use folder::{Keep, RECORD, Start, SweepFolder, earlier, files, refuse_unfinished};
pub use record::{
    AxisRecord, ColumnRecord, CurvesRecord, FigureRecord, OptionsRecord, PeopleRecord, SCHEMA,
    SpreadRecord, SweepRecord, curves, grouped, inputs, metrics, runs_per_part,
};
pub use summary::head_width;

use setup::{MoreAxes, Setup};
use tables::Tables;

/// Makes the runs that were asked for.
pub fn sweep(arguments: &Sweep, terminal: Terminal) -> Ended {
    let made = match make(arguments, &|_, _, _| Vec::new(), terminal)? {
        Some(made) if arguments.shard.is_none() => made,
        Some(shard) => {
            let shown = shard.folder.path().display();
            terminal.say(&format!(
                "this part of the sweep lies in {shown}; `insilin merge` joins the parts"
            ));
            return exit_of(shard.failed);
        }
        None => return Ok(()),
    };
    let what = Finish {
        keep: Keep::from(arguments),
        figures: !arguments.no_figures,
        projector: arguments.projector,
        json: arguments.json,
    };
    let failed = finish(&made.folder, &made.record, &what, terminal)?;
    exit_of(failed)
}

/// A sweep whose runs are made.
pub struct Made {
    /// Where they lie.
    pub folder: SweepFolder,
    /// What was made.
    pub record: SweepRecord,
    /// Of the runs that were made now, those without numbers.
    pub failed: u64,
}

/// Makes the runs of a sweep, or of the shard that is asked for; none when only an estimate was.
///
/// * `more` — axes besides those of the file and the command line
///
/// # Errors
/// Exit codes of what is wrong with the scenario, the axes or the folder; that has been said.
pub fn make(
    arguments: &Sweep,
    more: &MoreAxes<'_>,
    terminal: Terminal,
) -> Result<Option<Made>, Exit> {
    let setup = Setup::from(arguments, more, terminal)?;
    let points = setup.points(terminal)?;
    let load = setup.loader();
    let study = setup.study(points.as_ref(), &load, terminal)?;
    let record = setup.record(&study);
    record.refuse_too_many(arguments.force, terminal)?;
    let job = Job {
        order: Order::of(arguments, setup.out(arguments)),
        originals: folder::files(&setup.files, &setup.scenario.arms, &record),
        runs: &study,
        record: &record,
        terminal,
    };
    let made = job.run()?;
    Ok(made.map(|(folder, failed)| Made {
        folder,
        record,
        failed,
    }))
}

/// How runs are to be made and where they go.
pub struct Order {
    /// Folder of the results.
    pub out: PathBuf,
    /// Threads; as many as the machine runs at once when absent.
    pub jobs: Option<u32>,
    /// Only say how much there is to do.
    pub estimate: bool,
    /// What to do with what lies there already.
    pub start: Start,
    /// The part of the runs to make; all when absent.
    pub shard: Option<Shard>,
}

impl Order {
    fn of(arguments: &Sweep, out: PathBuf) -> Self {
        Self {
            out,
            jobs: arguments.jobs,
            estimate: arguments.estimate,
            start: Start {
                resume: arguments.resume,
                overwrite: arguments.overwrite,
            },
            shard: arguments.shard,
        }
    }
}

/// Many runs, ready to be made.
pub struct Job<'a> {
    /// How and where to.
    pub order: Order,
    /// What stands in the folder before the first run.
    pub originals: Folder,
    /// What makes the runs.
    pub runs: &'a dyn Runs,
    /// What they are.
    pub record: &'a SweepRecord,
    /// Where things are said.
    pub terminal: Terminal,
}

impl Job<'_> {
    /// Makes the runs that are not there yet; none when only an estimate was asked for.
    ///
    /// # Errors
    /// Exit codes of what is wrong with the folder; that has been said.
    pub fn run(&self) -> Result<Option<(SweepFolder, u64)>, Exit> {
        let (order, record, terminal) = (&self.order, self.record, self.terminal);
        let jobs = order.jobs.map_or_else(available, |jobs| jobs as usize);
        self.tell_estimate(jobs);
        if order.estimate {
            return Ok(None);
        }
        let out = &order.out;
        let folder = SweepFolder::begin(
            out,
            &self.originals,
            self.runs,
            record,
            order.start,
            terminal,
        )?;
        let all = record.parts_of(order.shard.as_ref());
        let missing: Vec<u32> = all
            .iter()
            .copied()
            .filter(|part| !folder.has(*part))
            .collect();
        if missing.len() < all.len() {
            let kept = all.len() - missing.len();
            terminal.say(&format!("{kept} of {} parts are there already", all.len()));
        }
        let clock = Instant::now();
        let made = self.make(&folder, missing, jobs)?;
        if made.runs > 0 {
            let seconds = clock.elapsed().as_secs_f64();
            terminal.say(&progress::done(made, seconds));
        }
        Ok(Some((folder, made.failed)))
    }

    fn make(&self, folder: &SweepFolder, parts: Vec<u32>, jobs: usize) -> Result<Progress, Exit> {
        let plan = Plan {
            n_runs: self.record.n_runs,
            runs_per_part: self.record.runs_per_part,
            parts,
            jobs,
        };
        let tables = Tables::new(self.record);
        let total: u64 = plan
            .parts
            .iter()
            .map(|&part| {
                let runs = plan.runs_of(part);
                runs.end - runs.start
            })
            .sum();
        let bar = progress::Bar::new(total, self.terminal);
        let sink = |part: u32, rows: Vec<Row>| -> Result<(), StoreError> {
            let (metrics, curves) = tables.of(&rows);
            interrupt::whole(|| folder.write(part, &metrics, curves.as_ref()))
        };
        let way = format!(
            "go on with `--resume` when there is room: what is in {} stays",
            folder.path().display()
        );
        interrupt::say_at_end(&format!(
            "interrupted; what is finished lies in {}, and `--resume` goes on",
            folder.path().display()
        ));
        let made = pool::run(self.runs, &plan, &sink, &|progress| bar.set(progress));
        interrupt::say_at_end("");
        bar.finish();
        made.map_err(|error| results::store_failure(&error, Some(&way), self.terminal))?;
        Ok(bar.last())
    }

    /// Says how much there is to do, from the time of one run.
    fn tell_estimate(&self, jobs: usize) {
        let clock = Instant::now();
        let middle = self.record.n_runs / 2;
        // One run tells the time of all; for a handful it would be a good part of the work.
        let seconds = (self.record.n_runs >= 20).then(|| {
            self.runs.rows(middle..middle + 1);
            clock.elapsed().as_secs_f64() * self.record.n_runs as f64 / jobs as f64
        });
        self.terminal.say(&self.record.words(seconds));
    }
}

/// How many threads this machine runs at once.
fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Some runs without numbers make exit code 3, when all else went well.
pub fn exit_of(failed: u64) -> Ended {
    if failed > 0 {
        Err(Exit::Numbers)
    } else {
        Ok(())
    }
}
