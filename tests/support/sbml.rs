//! Cases in the form of the SBML Test Suite: found in folders, run through `insilin sbml-test`, scored by the suite's rule.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// One case: where its files are, and what its header says.
pub struct Case {
    pub name: String,
    /// The model in the highest level and version there is.
    pub model: PathBuf,
    pub settings: PathBuf,
    pub results: PathBuf,
    /// `key: value` lines about the case: tags, type, levels.
    pub header: String,
}

/// Why a case fails; none when it passes.
pub type Verdict = Result<(), String>;

impl Case {
    /// A case of the suite, as upstream lays it out or with its header in `NNNNN-tags.txt`; none when the folder holds none.
    pub fn of_suite(folder: &Path) -> Option<Self> {
        let name = folder.file_name()?.to_str()?.to_string();
        let file = |ending: &str| folder.join(format!("{name}-{ending}"));
        let header = ["tags.txt", "model.m"]
            .iter()
            .find_map(|ending| fs::read_to_string(file(ending)).ok())?;
        let levels = ["l3v2", "l3v1", "l2v5", "l2v4", "l2v3", "l2v2", "l2v1"];
        let model = levels
            .iter()
            .map(|level| file(&format!("sbml-{level}.xml")))
            .find(|path| path.is_file())?;
        Some(Self {
            model,
            settings: file("settings.txt"),
            results: file("results.csv"),
            header,
            name,
        })
    }

    /// A case of this package. Fails when the folder has no header: none is passed over.
    pub fn of_package(folder: &Path) -> Self {
        let name = folder
            .file_name()
            .expect("a folder that was listed has a name");
        Self {
            name: name.to_string_lossy().into_owned(),
            model: folder.join("model.xml"),
            settings: folder.join("settings.txt"),
            results: folder.join("results.csv"),
            header: read(&folder.join("tags.txt")).unwrap_or_else(|error| panic!("{error}")),
        }
    }

    /// Component tags and test tags.
    pub fn tags(&self) -> Vec<String> {
        let mut tags = words(&value(&self.header, "componentTags"));
        tags.extend(words(&value(&self.header, "testTags")));
        tags
    }

    pub fn has(&self, tag: &str) -> bool {
        self.tags().iter().any(|of_case| of_case == tag)
    }

    /// Whether a tag belongs to a package of SBML: `comp`, `fbc`.
    pub fn is_of_package(&self, package: &str) -> bool {
        let prefix = format!("{package}:");
        self.tags().iter().any(|tag| tag.starts_with(&prefix))
    }

    /// Runs the program on it with a seed; `out` is where its table goes.
    pub fn start(&self, seed: u64, out: &Path) -> Result<Output, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_insilin"));
        command.arg("sbml-test").args([&self.model, &self.settings]);
        command.args(["--seed", &seed.to_string(), "-o"]).arg(out);
        command.output().map_err(|error| error.to_string())
    }

    /// Runs it and compares its table with the expected one.
    pub fn score(&self, seed: u64, out: &Path) -> Verdict {
        let table = out.join(format!("{}-{seed}.csv", self.name));
        let ended = self.start(seed, &table)?;
        if !ended.status.success() {
            let said = String::from_utf8_lossy(&ended.stderr);
            let first = said.lines().next().unwrap_or_default();
            return Err(format!("{}: {first}", ended.status));
        }
        let settings = read(&self.settings)?;
        compare(&settings, &read(&self.results)?, &read(&table)?)
    }
}

/// All cases of the suite below a folder: the one that holds them, or one above it (`cases`, `semantic`, `cases/semantic`).
pub fn suite(root: &Path) -> Vec<Case> {
    let places = ["cases/semantic", "semantic", "cases"].map(|below| root.join(below));
    let found = places.into_iter().find(|place| place.is_dir());
    let folders = folders(found.as_deref().unwrap_or(root));
    folders
        .iter()
        .filter_map(|folder| Case::of_suite(folder))
        .collect()
}

/// The folders in a folder, sorted.
pub fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap_or_else(|error| panic!("{}: {error}", of.display()));
    let paths = entries.map(|entry| entry.expect("a folder that can be listed").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Works on every item with as many threads as there are processors; what comes out, in the items' order.
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Mutex<BTreeMap<usize, R>> = Mutex::new(BTreeMap::new());
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    let result = work(item);
                    done.lock().expect("no worker panics").insert(at, result);
                }
            });
        }
    });
    let done = done.into_inner().expect("no worker panics");
    done.into_values().collect()
}

/// Every case once, with the seed that the program takes when none is given.
pub fn score_all(cases: &[Case], out: &Path) -> Vec<Verdict> {
    in_parallel(cases, |case| case.score(0, out))
}

/// How many cases of each tag pass, a line each, and the failing cases with their reasons before.
pub fn table<'c>(scored: impl Iterator<Item = (&'c Case, &'c Verdict)>) -> String {
    let mut by_tag: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut text = String::new();
    for (case, verdict) in scored {
        for tag in case.tags() {
            let (passed, all) = by_tag.entry(tag).or_default();
            *passed += usize::from(verdict.is_ok());
            *all += 1;
        }
        if let Err(why) = verdict {
            text.push_str(&format!("{} {why}\n", case.name));
        }
    }
    for (tag, (passed, all)) in by_tag {
        text.push_str(&format!("{tag:32}{passed:5} of {all}\n"));
    }
    text
}

/// The first cell that is not as expected, with its row and column.
pub fn compare(settings: &str, expected: &str, got: &str) -> Verdict {
    let tolerance = |key: &str| -> Result<f64, String> { number(&value(settings, key)) };
    let (absolute, relative) = (tolerance("absolute")?, tolerance("relative")?);
    let names = words(&value(settings, "variables"));
    let (expected, got) = (rows(expected)?, rows(got)?);
    for (row, expected) in expected.iter().enumerate() {
        for (name, (column, &wanted)) in names.iter().zip(expected.iter().enumerate().skip(1)) {
            let cell = got.get(row).and_then(|row| row.get(column));
            let cell = *cell.ok_or_else(|| format!("no row {row}, column {column} (`{name}`)"))?;
            if !agrees(wanted, cell, absolute, relative) {
                let at = expected[0];
                return Err(format!(
                    "row {row} (time {at}), column {column} (`{name}`): {cell} instead of {wanted}"
                ));
            }
        }
    }
    Ok(())
}

/// `|c − u| ≤ absolute + relative · |c|`, with NaN for NaN and the same infinity for an infinity.
pub fn agrees(expected: f64, got: f64, absolute: f64, relative: f64) -> bool {
    if expected.is_nan() || got.is_nan() {
        return expected.is_nan() && got.is_nan();
    }
    if expected.is_infinite() || got.is_infinite() {
        return expected == got;
    }
    (expected - got).abs() <= absolute + relative * expected.abs()
}

/// The numbers below the header of a table.
fn rows(text: &str) -> Result<Vec<Vec<f64>>, String> {
    let lines = text.lines().skip(1).map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(|line| line.split(',').map(number).collect())
        .collect()
}

fn number(text: &str) -> Result<f64, String> {
    let text = text.trim();
    // Rust reads `inf`, `infinity` and `nan` in any case, which is how the suite writes them.
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// What a `key: value` line says; indented lines below it go on with it. Empty when there is no such line.
pub fn value(text: &str, key: &str) -> String {
    let mut lines = text.lines();
    let is_key = |line: &&str| {
        line.split_once(':')
            .is_some_and(|(name, _)| name.trim() == key)
    };
    let Some(first) = lines.by_ref().find(is_key) else {
        return String::new();
    };
    let (_, first) = first
        .split_once(':')
        .expect("the line was found by its colon");
    let more = lines.take_while(|line| line.starts_with([' ', '\t']) && !line.trim().is_empty());
    let parts: Vec<&str> = std::iter::once(first).chain(more).map(str::trim).collect();
    parts.join(" ").trim().to_string()
}

/// Names parted by commas.
pub fn words(text: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_string)
        .collect()
}
