//! Published models in SBML, which lie outside of the package: read, run to their end, compared with reference tables.
//!
//! `benches/peers/published.csv` lists the files: how far each is run, or the finding that a broken one gets.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use insilin::simulate::Options;
use insilin::trajectory::Trajectory;
use support::files::{package, told};
use support::numbers::largest;
use support::outside::run;
use support::ports::tight;
use support::shared;
use support::table::Table;

/// Bound against the reference tables, as a share of a column's largest value: they hold eight digits.
const BOUND: f64 = 1e-6;

/// A line of the list.
struct Entry {
    file: String,
    end: f64,
    /// The finding that a broken file gets; empty for one that runs.
    code: String,
}

/// All of `published.csv`; its last column is for readers.
fn entries() -> Vec<Entry> {
    let path = package().join("benches/peers/published.csv");
    let text = fs::read_to_string(path).expect("the list is part of the package");
    let cells = |line: &str| -> Vec<String> { line.splitn(4, ',').map(str::to_string).collect() };
    let lines = text.lines().skip(1).map(cells);
    lines
        .map(|cells| Entry {
            end: cells[1].parse().expect("the second column is a time"),
            file: cells[0].clone(),
            code: cells[2].clone(),
        })
        .collect()
}

fn files(root: &Path, folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            files(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "xml") {
            let name = path.strip_prefix(root).expect("it lies below the root");
            found.insert(name.to_string_lossy().into_owned());
        }
    }
}

#[test]
fn every_file_runs_to_its_end_or_gets_the_finding_that_it_deserves() {
    let Some(folder) = shared::folder("reference-models") else {
        return;
    };
    let mut found = BTreeSet::new();
    files(&folder, &folder, &mut found);
    let listed: BTreeSet<String> = entries().into_iter().map(|entry| entry.file).collect();
    assert_eq!(found, listed, "the files and the list");
    for Entry { file, end, code } in entries() {
        let time = format!("span = [0, {end}], every = {}", end / 10.0);
        match run(&folder.join(&file), &time, "", &Options::default()) {
            Ok(trajectory) => {
                assert!(
                    code.is_empty(),
                    "{file} runs, but is listed as broken: {code}"
                );
                assert_eq!(trajectory.time.last(), Some(&end), "{file} ends early");
                assert!(!trajectory.columns.is_empty(), "{file} has no columns");
            }
            Err(findings) => {
                let is_listed =
                    !code.is_empty() && findings.0.iter().any(|finding| finding.code == code);
                assert!(is_listed, "{file} (listed: `{code}`): {}", told(&findings));
            }
        }
    }
}

/// Columns of a table that a trajectory has too, within the bound; `rows` are those of the table.
fn compare(what: &str, table: &Table, rows: &[usize], trajectory: &Trajectory, columns: &[String]) {
    for id in columns {
        let all = table.numbers(id);
        let want: Vec<f64> = rows.iter().map(|&row| all[row]).collect();
        let got = trajectory
            .values(id)
            .unwrap_or_else(|| panic!("{what}: no `{id}`"));
        assert_eq!(got.len(), want.len(), "{what}: rows of `{id}`");
        let size = largest(want.iter().copied());
        let off = largest(want.iter().zip(&got).map(|(want, got)| want - got));
        assert!(
            off <= BOUND * size,
            "{what}: `{id}` is off by {:e} of its largest value",
            off / size
        );
    }
}

/// The pulse of 100 nM for 15 min, without (`fb` 0) and with the feedbacks.
fn check_sedaghat(folder: &Path, golden: &str, fb: u32) {
    let table = Table::read(&folder.join(golden));
    let times = table.numbers("time_min");
    let more = format!(
        "protocol = [{{ hold = \"INS\", at = 100000, from = 0, to = 15 }}]\n[parameters]\n\
         INS = {{ value = 0, why = \"gone after the pulse\" }}\nfb = {{ value = {fb}, why = \"the table's\" }}\n"
    );
    let path = folder.join("derived_Sedaghat2002_corrected.xml");
    let trajectory = run(&path, &format!("points = {times:?}"), &more, &tight());
    let trajectory = trajectory.unwrap_or_else(|findings| panic!("{golden}: {}", told(&findings)));
    let rows: Vec<usize> = (0..table.rows.len()).collect();
    // Without the feedback this pool stays empty: the table holds the rounding of another program.
    let kept = |id: &&String| *id != "time_min" && !(fb == 0 && *id == "x10a");
    let columns: Vec<String> = table.header.iter().filter(kept).cloned().collect();
    compare(golden, &table, &rows, &trajectory, &columns);
}

#[test]
fn the_corrected_receptor_model_follows_its_reference_tables() {
    if let Some(folder) = shared::folder("reference-models") {
        check_sedaghat(&folder, "golden_Sedaghat2002_fb0.csv", 0);
        check_sedaghat(&folder, "golden_Sedaghat2002_fb1.csv", 1);
    }
}

fn check_brannmark(folder: &Path, model: &str, golden: &str) {
    let table = Table::read(&folder.join(golden));
    let mut doses: Vec<String> = table
        .rows
        .iter()
        .map(|row| row[table.index("insulin_nM")].clone())
        .collect();
    doses.dedup();
    assert_eq!(doses.len(), 9, "{golden}: doses");
    let path: PathBuf = folder.join(model);
    for dose in doses {
        let rows = table.rows_where("insulin_nM", &dose);
        let times: Vec<f64> = rows
            .iter()
            .map(|&row| table.number(row, table.index("time_min")))
            .collect();
        let more = format!("[parameters]\ninsulin = {{ value = {dose}, why = \"the dose\" }}\n");
        let trajectory = run(&path, &format!("points = {times:?}"), &more, &tight());
        let trajectory =
            trajectory.unwrap_or_else(|findings| panic!("{golden}: {}", told(&findings)));
        compare(
            &format!("{golden}, {dose} nM"),
            &table,
            &rows,
            &trajectory,
            &table.header[2..],
        );
    }
}

#[test]
fn the_adipocyte_models_follow_their_reference_tables_at_every_dose() {
    if let Some(folder) = shared::folder("reference-models") {
        check_brannmark(
            &folder,
            "BIOMD0000000448_Brannmark2013_normal.xml",
            "golden_Brannmark2013_normal.csv",
        );
        check_brannmark(
            &folder,
            "BIOMD0000000449_Brannmark2013_T2D.xml",
            "golden_Brannmark2013_T2D.csv",
        );
    }
}
