//! The semantic cases of the SBML Test Suite, through `insilin sbml-test`, scored by the suite's own rule.
//!
//! The suite lies outside of the package: `SBML_TEST_SUITE` names its folder (docs/sbml-test-suite.md tells how to get it).

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Core cases that pass today: it may only rise.
const FLOOR: usize = 977;

/// Cases run at the same time.
const WORKERS: usize = 2;

#[test]
fn core_cases_pass_as_far_as_they_did() {
    let Some(cases) = cases() else {
        return;
    };
    let out = tempfile::tempdir().expect("a folder for tables");
    let core: Vec<Case> = cases.into_iter().filter(Case::is_core).collect();
    let verdicts = run_all(&core, out.path());
    let passed = verdicts.iter().filter(|verdict| verdict.is_ok()).count();
    report(&core, &verdicts);
    // Another selection of cases is no reason to fail by the count alone.
    let floor = if core.len() == 998 {
        FLOOR
    } else {
        core.len() * FLOOR / 998
    };
    assert!(
        passed >= floor,
        "{passed} of {} pass, {floor} did before",
        core.len()
    );
}

#[test]
fn the_scoring_rule_is_the_one_of_the_suite() {
    let check = |expected: f64, got: f64, holds: bool| {
        assert_eq!(agrees(expected, got, 0.1, 0.01), holds, "{expected} {got}");
    };
    check(10.0, 10.2, true);
    check(10.0, 10.21, false);
    check(f64::NAN, f64::NAN, true);
    check(f64::NAN, 0.0, false);
    check(f64::INFINITY, f64::INFINITY, true);
    check(f64::INFINITY, f64::NEG_INFINITY, false);
    check(0.0, f64::NAN, false);
}

/// One case with its files and tags.
struct Case {
    id: String,
    folder: PathBuf,
    tags: Vec<String>,
    is_time_course: bool,
}

impl Case {
    fn read(folder: PathBuf) -> Option<Self> {
        let id = folder.file_name()?.to_str()?.to_string();
        let text = fs::read_to_string(folder.join(format!("{id}-tags.txt"))).ok()?;
        let mut tags = Vec::new();
        for key in ["componentTags", "testTags"] {
            tags.extend(list(&text, key));
        }
        Some(Self {
            is_time_course: value(&text, "testType") == Some("TimeCourse"),
            id,
            folder,
            tags,
        })
    }

    fn is_core(&self) -> bool {
        let is_of_package = |tag: &String| tag.contains(':');
        self.is_time_course && !self.tags.iter().any(is_of_package)
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}-{ending}", self.id))
    }

    /// The model in the highest level and version there is.
    fn model(&self) -> Option<PathBuf> {
        let levels = ["l3v2", "l3v1", "l2v5", "l2v4", "l2v3", "l2v2", "l2v1"];
        levels
            .iter()
            .map(|level| self.file(&format!("sbml-{level}.xml")))
            .find(|path| path.is_file())
    }

    /// Runs it; why it fails otherwise.
    fn run(&self, out: &Path) -> Result<(), String> {
        let model = self.model().ok_or("there is no model")?;
        let table = out.join(format!("{}.csv", self.id));
        let ended = Command::new(env!("CARGO_BIN_EXE_insilin"))
            .arg("sbml-test")
            .args([&model, &self.file("settings.txt")])
            .arg("-o")
            .arg(&table)
            .output()
            .map_err(|error| error.to_string())?;
        if !ended.status.success() {
            let said = String::from_utf8_lossy(&ended.stderr);
            let first = said.lines().next().unwrap_or_default();
            return Err(format!("{}: {first}", ended.status));
        }
        self.compare(&table)
    }

    fn compare(&self, table: &Path) -> Result<(), String> {
        let read = |path: &Path| fs::read_to_string(path).map_err(|error| error.to_string());
        let settings = read(&self.file("settings.txt"))?;
        let expected = rows(&read(&self.file("results.csv"))?)?;
        let got = rows(&read(table)?)?;
        let tolerance = |key| value(&settings, key).and_then(|text| text.parse::<f64>().ok());
        let absolute = tolerance("absolute").ok_or("no absolute tolerance")?;
        let relative = tolerance("relative").ok_or("no relative tolerance")?;
        for (row, expected) in expected.iter().enumerate() {
            for (column, &wanted) in expected.iter().enumerate().skip(1) {
                let cell = got.get(row).and_then(|row| row.get(column));
                let cell = cell.ok_or_else(|| format!("no row {row}, column {column}"))?;
                if !agrees(wanted, *cell, absolute, relative) {
                    return Err(format!(
                        "row {row}, column {column}: {cell} instead of {wanted}"
                    ));
                }
            }
        }
        Ok(())
    }
}

/// All cases of the folder that `SBML_TEST_SUITE` names.
fn cases() -> Option<Vec<Case>> {
    let Some(root) = env::var_os("SBML_TEST_SUITE").map(PathBuf::from) else {
        let required = env::var("INSILIN_REQUIRE_SHARED").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "SBML_TEST_SUITE names no folder, and INSILIN_REQUIRE_SHARED=1 asks for the suite"
        );
        tell(
            "skipped: SBML_TEST_SUITE names no folder with the suite; see docs/sbml-test-suite.md",
        );
        return None;
    };
    let inner = root.join("cases");
    let folder = if inner.is_dir() { inner } else { root };
    let entries = fs::read_dir(&folder).expect("the folder that SBML_TEST_SUITE names");
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    Some(folders.into_iter().filter_map(Case::read).collect())
}

fn run_all(cases: &[Case], out: &Path) -> Vec<Result<(), String>> {
    let next = AtomicUsize::new(0);
    let verdicts: Vec<Mutex<Result<(), String>>> =
        cases.iter().map(|_| Mutex::new(Ok(()))).collect();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(at) else {
                        return;
                    };
                    *verdicts[at].lock().expect("no worker panics") = case.run(out);
                }
            });
        }
    });
    verdicts
        .into_iter()
        .map(|verdict| verdict.into_inner().expect("no worker panics"))
        .collect()
}

fn report(cases: &[Case], verdicts: &[Result<(), String>]) {
    let mut by_tag: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (case, verdict) in cases.iter().zip(verdicts) {
        for tag in &case.tags {
            let (passed, all) = by_tag.entry(tag).or_default();
            *passed += usize::from(verdict.is_ok());
            *all += 1;
        }
        if let Err(why) = verdict {
            tell(&format!("{} {why}", case.id));
        }
    }
    for (tag, (passed, all)) in by_tag {
        tell(&format!("{tag:32}{passed:5} of {all}"));
    }
    let passed = verdicts.iter().filter(|verdict| verdict.is_ok()).count();
    tell(&format!("{passed} of {} core cases pass", cases.len()));
}

/// `|c − u| ≤ absolute + relative · |c|`, with NaN for NaN and the same infinity for an infinity.
fn agrees(expected: f64, got: f64, absolute: f64, relative: f64) -> bool {
    if expected.is_nan() || got.is_nan() {
        return expected.is_nan() && got.is_nan();
    }
    if expected.is_infinite() || got.is_infinite() {
        return expected == got;
    }
    (expected - got).abs() <= absolute + relative * expected.abs()
}

/// The numbers below the header.
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

fn value<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    lines
        .find(|(name, _)| name.trim() == key)
        .map(|(_, value)| value.trim())
}

fn list(text: &str, key: &str) -> Vec<String> {
    let names = value(text, key).unwrap_or_default().split(',');
    names
        .map(|name| name.trim().to_string())
        .filter(|name| !name.is_empty())
        .collect()
}

#[expect(clippy::print_stdout, reason = "the table is what the test is run for")]
fn tell(what: &str) {
    println!("{what}");
}
