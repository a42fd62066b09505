use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::super::*;

fn schema(about: &str) -> Arc<TableSchema> {
    let column = |name: &str, kind| TableColumn {
        name: name.into(),
        unit: String::new(),
        label: String::new(),
        kind,
    };
    let columns = vec![
        column("run", ColumnType::Integer),
        column("x", ColumnType::Number),
    ];
    let about = vec![("about".to_string(), about.to_string())];
    Arc::new(TableSchema { columns, about })
}

/// `n_rows` runs of a part of that size.
fn table(part: u32, n_rows: u32) -> Table {
    let runs = (0..n_rows).map(|row| i64::from(part * n_rows + row));
    let halves = runs.clone().map(|run| Some(run as f64 / 2.0));
    let cells = vec![
        Cells::Integers(runs.collect()),
        Cells::Numbers(halves.collect()),
    ];
    Table::new(schema("a sweep"), cells)
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect()
}

fn filled(folder: &Path, count: u32) -> Parts {
    let parts = Parts::open(folder).unwrap();
    (0..count).for_each(|part| parts.write(part, &table(part, 10)).unwrap());
    parts
}

#[test]
fn a_part_is_there_under_its_name_and_reads_back() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("runs");
    let parts = Parts::open(&folder).unwrap();
    assert!(!parts.has(7));
    parts.write(7, &table(7, 3)).unwrap();
    assert!(parts.has(7));
    assert_eq!(parts.read(7).unwrap(), table(7, 3));
    assert_eq!(parts.present().unwrap(), BTreeSet::from([7]));
    assert_eq!(
        names(&folder),
        BTreeSet::from(["part-00007.parquet".to_string()])
    );
}

#[test]
fn a_part_cut_short_is_not_there() {
    let home = tempfile::tempdir().unwrap();
    let parts = filled(home.path(), 2);
    let whole = fs::read(parts.path(1)).unwrap();
    for end in 0..whole.len() {
        fs::write(parts.path(1), &whole[..end]).unwrap();
        assert!(!parts.has(1), "{end} of {} bytes", whole.len());
    }
    assert_eq!(parts.present().unwrap(), BTreeSet::from([0]));
    let error = parts.read(1).unwrap_err();
    assert!(error.to_string().contains("part-00001.parquet"), "{error}");
    assert!(error.hint().contains("computed again"), "{}", error.hint());
}

#[test]
fn files_of_others_are_not_parts_and_stay() {
    let home = tempfile::tempdir().unwrap();
    let parts = filled(home.path(), 1);
    let others = [
        "part-1.parquet",
        "part-00002.csv",
        "notes.txt",
        ".hidden.part",
    ];
    for name in others {
        fs::copy(parts.path(0), home.path().join(name)).unwrap();
    }
    assert_eq!(parts.present().unwrap(), BTreeSet::from([0]));
    parts.sweep_up().unwrap();
    assert_eq!(names(home.path()).len(), 1 + others.len());
}

#[test]
fn what_a_killed_program_left_is_swept_up() {
    let home = tempfile::tempdir().unwrap();
    let parts = filled(home.path(), 2);
    fs::write(home.path().join(".part-00002.parquet.4711.part"), "PAR1").unwrap();
    assert_eq!(parts.present().unwrap(), BTreeSet::from([0, 1]));
    parts.sweep_up().unwrap();
    let left = ["part-00000.parquet", "part-00001.parquet"].map(str::to_string);
    assert_eq!(names(home.path()), BTreeSet::from(left));
}

#[test]
fn a_file_where_the_folder_should_be_is_told() {
    let home = tempfile::tempdir().unwrap();
    let blocked = home.path().join("runs");
    fs::write(&blocked, "a file").unwrap();
    let error = Parts::open(&blocked).unwrap_err();
    assert!(error.to_string().contains("runs"), "{error}");
    assert!(error.hint().contains("a file stands"), "{}", error.hint());
    let missing = Parts::existing(&home.path().join("nothing")).unwrap_err();
    assert!(
        missing.hint().contains("name is right"),
        "{}",
        missing.hint()
    );
}

#[test]
fn a_joined_file_has_the_rows_of_all_parts_in_order() {
    let home = tempfile::tempdir().unwrap();
    let parts = filled(&home.path().join("runs"), 3);
    let out = home.path().join("all.parquet");
    join(&parts, 3, &out, Form::Parquet).unwrap();
    let joined = parquet::decode(&fs::read(&out).unwrap()).unwrap();
    assert_eq!(joined, {
        let mut all = table(0, 10);
        all.append(table(1, 10));
        all.append(table(2, 10));
        all
    });
    let text = home.path().join("all.csv");
    join(&parts, 3, &text, Form::Csv).unwrap();
    let expected: String = (0..30_u32)
        .map(|run| format!("{run},{}\n", f64::from(run) / 2.0))
        .collect();
    assert_eq!(
        fs::read_to_string(text).unwrap(),
        format!("run,x\n{expected}")
    );
}

#[test]
fn parts_without_rows_are_joined_too() {
    let home = tempfile::tempdir().unwrap();
    let parts = filled(&home.path().join("runs"), 2);
    parts.write(0, &Table::empty(schema("a sweep"))).unwrap();
    let out = home.path().join("all.parquet");
    join(&parts, 2, &out, Form::Parquet).unwrap();
    let joined = parquet::decode(&fs::read(&out).unwrap()).unwrap();
    assert_eq!(joined, table(1, 10));
}

#[track_caller]
fn assert_not_joined(parts: &Parts, count: u32, part: &str) {
    for form in [Form::Parquet, Form::Csv] {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("all");
        fs::write(&out, "old").unwrap();
        let error = join(parts, count, &out, form).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(fs::read_to_string(&out).unwrap(), "old");
        assert_eq!(names(home.path()).len(), 1, "no torn file is left");
    }
}

#[test]
fn a_part_that_is_missing_damaged_or_different_is_named_and_the_old_file_stays() {
    let home = tempfile::tempdir().unwrap();
    let parts = filled(home.path(), 3);
    assert_not_joined(&parts, 4, "part-00003.parquet");
    assert_not_joined(&parts, 0, "no parts");
    let other = Table::empty(schema("another sweep"));
    parts.write(2, &other).unwrap();
    assert_not_joined(&parts, 3, "part-00002.parquet");
    let bytes = fs::read(parts.path(1)).unwrap();
    fs::write(parts.path(1), &bytes[..bytes.len() - 1]).unwrap();
    assert_not_joined(&parts, 3, "part-00001.parquet");
}
