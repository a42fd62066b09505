//! The folder of a sweep: its record, its design, parts of its runs.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use insilin::diag::SourceFile;
use insilin::ensemble::pool::Runs;
use insilin::export;
use insilin::scenario::Arm;
use insilin::scenario::sweep::Value;
use insilin::store::{Folder, Form, Parts, StoreError, Table, csv, join};

use crate::cli::args::{Sweep, TableFormat};
use crate::cli::terminal::{Exit, Terminal};
use crate::cli::{Ended, interrupt, results};

use super::record::SweepRecord;

/// File of the record.
pub const RECORD: &str = "sweep.json";

/// What to do with a folder in which something lies already.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// Go on with what is there.
    pub resume: bool,
    /// Begin anew.
    pub overwrite: bool,
}

/// In which forms the finished tables are kept.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Also as one file.
    pub single: bool,
    /// As comma-separated values.
    pub csv: bool,
}

impl Keep {
    /// As was typed.
    pub fn from(arguments: &Sweep) -> Self {
        Self {
            single: arguments.single,
            csv: arguments.format == Some(TableFormat::Csv),
        }
    }
}

/// A sweep's folder.
pub struct SweepFolder {
    path: PathBuf,
    runs: Parts,
    curves: Option<Parts>,
    present: BTreeSet<u32>,
}

impl SweepFolder {
    /// Makes the folder, or goes on with one.
    pub fn begin(
        path: &Path,
        originals: &Folder,
        runs: &dyn Runs,
        record: &SweepRecord,
        start: Start,
        terminal: Terminal,
    ) -> Result<Self, Exit> {
        let failure = |error: StoreError| results::store_failure(&error, Some(WAY), terminal);
        let earlier = earlier(path, terminal)?;
        let goes_on = match &earlier {
            Some(earlier) => goes_on(path, record, earlier, start, terminal)?,
            None if start.resume => {
                terminal.say(&format!("nothing to go on with lies in {}", path.display()));
                false
            }
            None => false,
        };
        if !goes_on {
            if earlier.is_some() {
                clear(path).map_err(failure)?;
            }
            interrupt::whole(|| originals.write(path)).map_err(failure)?;
            write_design(path, runs, record).map_err(failure)?;
        }
        Self::open(path, record).map_err(failure)
    }

    /// A folder that is there.
    ///
    /// # Errors
    /// What the system refused.
    pub fn open(path: &Path, record: &SweepRecord) -> Result<Self, StoreError> {
        let runs = Parts::open(&path.join("runs"))?;
        runs.sweep_up()?;
        let curves = match &record.curves {
            Some(_) => {
                let parts = Parts::open(&path.join("curves"))?;
                parts.sweep_up()?;
                Some(parts)
            }
            None => None,
        };
        let mut present = runs.present()?;
        if let Some(curves) = &curves {
            let both = curves.present()?;
            present.retain(|part| both.contains(part));
        }
        Ok(Self {
            path: path.to_path_buf(),
            runs,
            curves,
            present,
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a part was there at the beginning.
    pub fn has(&self, part: u32) -> bool {
        self.present.contains(&part)
    }

    /// The parts with metrics.
    pub fn runs(&self) -> &Parts {
        &self.runs
    }

    /// The parts with curves.
    pub fn curves(&self) -> Option<&Parts> {
        self.curves.as_ref()
    }

    /// Writes a part; the metrics come last, and with them the part counts.
    ///
    /// # Errors
    /// What the system refused.
    pub fn write(
        &self,
        part: u32,
        metrics: &Table,
        curves: Option<&Table>,
    ) -> Result<(), StoreError> {
        if let (Some(parts), Some(table)) = (&self.curves, curves) {
            parts.write(part, table)?;
        }
        self.runs.write(part, metrics)
    }

    /// The tables in other forms.
    ///
    /// # Errors
    /// What the system refused.
    pub fn keep(&self, n_parts: u32, keep: Keep) -> Result<Vec<PathBuf>, StoreError> {
        let mut made = Vec::new();
        let tables = [
            Some((&self.runs, "runs")),
            self.curves().map(|parts| (parts, "curves")),
        ];
        for (parts, name) in tables.into_iter().flatten() {
            let forms = [
                (keep.single && !keep.csv, Form::Parquet, "parquet"),
                (keep.csv, Form::Csv, "csv"),
            ];
            for (_, form, ending) in forms.into_iter().filter(|(wanted, ..)| *wanted) {
                let path = self.path.join(format!("{name}.{ending}"));
                join(parts, n_parts, &path, form)?;
                made.push(path);
            }
        }
        Ok(made)
    }
}

const WAY: &str = "`--out DIR` says where";

/// The record in a folder; none where there is none.
pub fn earlier(path: &Path, terminal: Terminal) -> Result<Option<SweepRecord>, Exit> {
    let file = path.join(RECORD);
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let message = format!("`{}` cannot be read: {error}", file.display());
            terminal.failure(
                "cli/not-readable",
                &message,
                "check its rights, or give another `--out DIR`",
            );
            return Err(Exit::Files);
        }
    };
    SweepRecord::from_json(&text).map(Some).map_err(|why| {
        let message = format!("`{}` is no record of a sweep: {why}", file.display());
        terminal.failure(
            "sweep/record",
            &message,
            "give another `--out DIR`, or take the folder away",
        );
        Exit::Input
    })
}

/// Whether to go on with what lies in a folder.
fn goes_on(
    path: &Path,
    record: &SweepRecord,
    earlier: &SweepRecord,
    start: Start,
    terminal: Terminal,
) -> Result<bool, Exit> {
    if start.overwrite {
        return Ok(false);
    }
    let differences = record.differences(earlier);
    let shown = path.display();
    let present = Parts::existing(&path.join("runs")).and_then(|parts| parts.present());
    let present = present.map_or(0, |parts| parts.len());
    let whole = present == earlier.n_parts() as usize;
    if differences.is_empty() {
        if start.resume || whole {
            return Ok(true);
        }
        let message = format!(
            "{present} of {} parts of this sweep lie in {shown}",
            earlier.n_parts()
        );
        let hint =
            "`--resume` goes on with them, `--overwrite` begins anew, `--out DIR` writes elsewhere";
        terminal.failure("sweep/unfinished", &message, hint);
        return Err(Exit::Input);
    }
    if start.resume || !whole {
        let message = format!(
            "another sweep lies in {shown}: it differs in {}",
            differences.join(", ")
        );
        let hint = if start.resume {
            "what is there was made otherwise and is not mixed with this: undo the change, or give `--overwrite` or another `--out DIR`"
        } else {
            "that one is not finished; `--overwrite` gives it up, `--out DIR` writes elsewhere"
        };
        terminal.failure("sweep/changed", &message, hint);
        return Err(Exit::Input);
    }
    // A finished one can be made again; it goes as the results of a run do.
    Ok(false)
}

/// Takes away what a sweep left in its folder, and nothing else.
fn clear(path: &Path) -> Result<(), StoreError> {
    // The record goes first: without it nobody takes what is left for a sweep.
    let files = [
        RECORD,
        "design.csv",
        "summary.json",
        "bands.csv",
        "spread.csv",
        "runs.parquet",
        "runs.csv",
        "curves.parquet",
        "curves.csv",
    ];
    let remove = |result: io::Result<()>, path: PathBuf| match result {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::new("remove", &path, cause))
        }
        _ => Ok(()),
    };
    for name in files {
        let file = path.join(name);
        remove(fs::remove_file(&file), file)?;
    }
    for name in ["runs", "curves", "originals", "figures"] {
        let folder = path.join(name);
        remove(fs::remove_dir_all(&folder), folder)?;
    }
    Ok(())
}

/// What stands in the folder before the first run.
pub fn files(read: &[SourceFile], arms: &[Arm], record: &SweepRecord) -> Folder {
    let mut folder = Folder::new();
    for (at, file) in read.iter().enumerate() {
        let base = file.name.rsplit(['/', '\\', ':']).next().unwrap_or("file");
        folder.add(format!("originals/{}-{base}", at + 1), file.text.clone());
    }
    for (at, arm) in arms.iter().enumerate() {
        let name = match arms.len() {
            1 => "model.ant".to_string(),
            _ => format!("model-{}.ant", results::slug(&arm.label, at)),
        };
        folder.add(name, export::antimony(&arm.source_model));
    }
    folder.add(RECORD, record.to_json());
    folder
}

/// `design.csv`: the values of every run, row by row, so that memory does not grow with their number.
fn write_design(path: &Path, runs: &dyn Runs, record: &SweepRecord) -> Result<(), StoreError> {
    let file = path.join("design.csv");
    let failure = |cause| StoreError::new("write", &file, cause);
    let unfinished = path.join(".design.csv.part");
    let written = || -> io::Result<()> {
        let mut out = BufWriter::new(File::create(&unfinished)?);
        let mut head = String::new();
        for (at, column) in super::tables::head_columns(record).iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let name = match column.unit.as_str() {
                "" => column.name.clone(),
                unit => format!("{} [{unit}]", column.name),
            };
            let _ = write!(head, "{comma}{}", csv::quoted(&name));
        }
        writeln!(out, "{head}")?;
        for run in 0..record.n_runs {
            let (arm, point) = runs.place_of(run);
            write!(out, "{run}")?;
            if record.arms.len() > 1 {
                write!(out, ",{}", csv::quoted(&record.arms[arm]))?;
            }
            for value in point {
                match value {
                    Value::Number(number) => write!(out, ",{number}")?,
                    Value::Word(word) => write!(out, ",{}", csv::quoted(&word))?,
                }
            }
            writeln!(out)?;
        }
        out.flush()?;
        fs::rename(&unfinished, &file)
    };
    written().map_err(|cause| {
        // Useless without its name; that it cannot be removed adds nothing to the first error.
        let _ = fs::remove_file(&unfinished);
        failure(cause)
    })
}

/// Says what a folder lacks, when it is no finished sweep.
pub fn refuse_unfinished(folder: &SweepFolder, record: &SweepRecord, terminal: Terminal) -> Ended {
    let missing: Vec<u32> = (0..record.n_parts())
        .filter(|part| !folder.has(*part))
        .collect();
    let Some(first) = missing.first() else {
        return Ok(());
    };
    let message = format!(
        "{} of {} parts are missing, the first is number {first}",
        missing.len(),
        record.n_parts()
    );
    let hint = "run the missing shards, or go on with `insilin sweep … --resume`";
    terminal.failure("sweep/missing", &message, hint);
    Err(Exit::Input)
}
