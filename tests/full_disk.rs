//! A full disk: the error says so, the old files stay, and nothing torn is left under a name.
//!
//! The test starts itself again below a limit on the size of files, which fails writes in the middle as a full disk does.

#![cfg(all(unix, feature = "parquet"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use insilin::store::{
    Cells, ColumnType, Form, Parts, StoreError, Table, TableColumn, TableSchema, join,
};

/// Names the folder to the inner process.
const FOLDER: &str = "INSILIN_TEST_FULL_DISK";

/// Numbers that do not pack: 8 bytes in each row.
fn table(n_rows: u32) -> Table {
    let column = TableColumn {
        name: "x".into(),
        unit: String::new(),
        label: String::new(),
        kind: ColumnType::Number,
    };
    let schema = TableSchema {
        columns: vec![column],
        about: vec![],
    };
    let numbers = (0..n_rows).map(|row| Some(1.0 / f64::from(row + 3)));
    Table::new(Arc::new(schema), vec![Cells::Numbers(numbers.collect())])
}

#[test]
fn what_does_not_fit_is_told_and_what_was_there_stays() {
    if let Ok(folder) = std::env::var(FOLDER) {
        return inner(Path::new(&folder));
    }
    let home = tempfile::tempdir().unwrap();
    let parts = Parts::open(&home.path().join("runs")).unwrap();
    parts.write(0, &table(100)).unwrap();
    parts.write(1, &table(2_000)).unwrap();
    parts.write(2, &table(2_000)).unwrap();
    fs::write(home.path().join("all.parquet"), "old").unwrap();
    let before = listing(home.path());
    // The limit is 8 KiB or 16 KiB, as the shell counts; a process that ignores the signal gets an error instead of its end.
    let script = "trap '' XFSZ; ulimit -f 16; exec \"$@\"";
    let me = std::env::current_exe().unwrap();
    let said = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(me)
        .args([
            "--exact",
            "what_does_not_fit_is_told_and_what_was_there_stays",
        ])
        .env(FOLDER, home.path())
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success() && out.contains("1 passed"), "{out}");
    assert_eq!(listing(home.path()), before);
}

/// Below the limit.
fn inner(home: &Path) {
    let parts = Parts::open(&home.join("runs")).expect("a folder that is there");
    is_full(parts.write(0, &table(20_000)), "part-00000.parquet");
    is_full(parts.write(3, &table(20_000)), "part-00003.parquet");
    for form in [Form::Parquet, Form::Csv] {
        is_full(
            join(&parts, 3, &home.join("all.parquet"), form),
            "all.parquet",
        );
    }
}

#[track_caller]
fn is_full(result: Result<(), StoreError>, name: &str) {
    let error = result.expect_err("more than the limit");
    assert!(error.to_string().contains(name), "{error}");
    assert!(error.hint().contains("the disk is full"), "{error}");
}

/// Every file below a folder with its bytes.
fn listing(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        match path.is_dir() {
            true => files.extend(listing(&path)),
            false => files.push((path.clone(), fs::read(&path).expect("the file can be read"))),
        }
    }
    files.sort();
    files
}
