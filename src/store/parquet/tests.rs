use std::sync::Arc;

use super::*;
use crate::store::sha256;
use crate::store::table::{Cells, ColumnType, Table, TableColumn, TableError, TableSchema};

fn schema() -> Arc<TableSchema> {
    let column = |name: &str, unit: &str, label: &str, kind| TableColumn {
        name: name.into(),
        unit: unit.into(),
        label: label.into(),
        kind,
    };
    Arc::new(TableSchema {
        columns: vec![
            column("run", "", "", ColumnType::Integer),
            column(
                "K.insulin",
                "pmol/L",
                "half-maximal \"insulin\"",
                ColumnType::Number,
            ),
            column("fold", "", "µ", ColumnType::Number),
            column("status", "", "", ColumnType::Text),
        ],
        about: vec![("insilin.notice".into(), "for teaching".into())],
    })
}

/// Rows with everything that a cell can be; `fold` is another number in each row, `K.insulin` repeats.
fn table(from: i64, n_rows: i64) -> Table {
    let runs: Vec<i64> = (from..from + n_rows).collect();
    let number = |run: &i64| match run % 5 {
        0 => Some(f64::NAN),
        1 => None,
        2 => Some(-0.0),
        _ => Some(100.0),
    };
    let fold = |run: &i64| Some(1.0 / (3.0 + *run as f64));
    let status = |run: &i64| match run % 3 {
        0 => Some("ok".to_string()),
        1 => None,
        _ => Some(String::new()),
    };
    let columns = vec![
        Cells::Integers(runs.clone()),
        Cells::Numbers(runs.iter().map(number).collect()),
        Cells::Numbers(runs.iter().map(fold).collect()),
        Cells::Texts(runs.iter().map(status).collect()),
    ];
    Table::new(schema(), columns)
}

/// Bits of the numbers, since NaN is equal to nothing.
fn bits(cells: &Cells) -> Vec<Option<u64>> {
    match cells {
        Cells::Numbers(cells) => cells.iter().map(|cell| cell.map(f64::to_bits)).collect(),
        _ => vec![],
    }
}

#[track_caller]
fn assert_same(one: &Table, other: &Table) {
    assert_eq!(one.schema, other.schema);
    for (one, other) in one.columns.iter().zip(&other.columns) {
        match one {
            Cells::Numbers(_) => assert_eq!(bits(one), bits(other)),
            _ => assert_eq!(one, other),
        }
    }
}

#[test]
fn a_table_reads_back_to_the_same_bits() {
    // More rows than are read at once.
    for n_rows in [0, 1, 7, 20_000] {
        let table = table(0, n_rows);
        assert_same(&decode(&encode(&table)).unwrap(), &table);
    }
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    // Recorded once (x86-64 Linux, parquet 60.1). A new version of the crate may change the bytes, a machine may not.
    let bytes = encode(&table(0, 1000));
    assert_eq!(bytes, encode(&table(0, 1000)));
    let recorded = "aee9779e5fc99b5a87d900132bb354123f1881bcb383cd0c779fb846cb2c3670";
    assert_eq!(sha256(&bytes), recorded, "{} bytes", bytes.len());
}

#[test]
fn what_repeats_is_packed() {
    // 20,000 rows: 160 kB for each of the two columns of distinct numbers, next to nothing for the two that repeat.
    let size = encode(&table(0, 20_000)).len();
    assert!((160_000..350_000).contains(&size), "{size}");
}

#[test]
fn a_file_of_another_library_with_our_columns_is_read() {
    // Written by pyarrow: tests/golden/table/ORIGIN.md.
    let bytes = include_bytes!("../../../tests/golden/table/pyarrow.parquet");
    let read = decode(bytes).unwrap();
    assert_eq!(read.schema.columns, schema().columns);
    assert_eq!(read.schema.about, schema().about);
    assert_eq!(read.columns[0], Cells::Integers(vec![0, 1, 2, 3]));
    let numbers = [Some(f64::NAN), None, Some(-0.0), Some(100.0)];
    assert_eq!(
        bits(&read.columns[1]),
        bits(&Cells::Numbers(numbers.to_vec()))
    );
    let fold = [1.0 / 3.0, 0.25, 0.2, 1.0 / 6.0].map(Some).to_vec();
    assert_eq!(read.columns[2], Cells::Numbers(fold));
    let status = [Some("ok"), None, Some(""), Some("µ")];
    let status = status.map(|text| text.map(str::to_string)).to_vec();
    assert_eq!(read.columns[3], Cells::Texts(status));
}

#[test]
fn a_file_of_another_origin_is_foreign() {
    let bytes = include_bytes!("../../../tests/golden/table/foreign.parquet");
    let error = decode(bytes).unwrap_err();
    assert!(matches!(error, TableError::Foreign(_)), "{error}");
    assert!(matches!(decode(b"time,G\n0,1\n"), Err(TableError::Torn(_))));
    assert!(matches!(decode(b""), Err(TableError::Torn(_))));
}

#[test]
fn a_file_cut_short_anywhere_is_torn() {
    let bytes = encode(&table(0, 50));
    for end in 0..bytes.len() {
        let read = decode(&bytes[..end]);
        assert!(matches!(read, Err(TableError::Torn(_))), "{end}: {read:?}");
    }
}

/// Marsaglia's xorshift64: small, seeded, the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            return;
        }
        // Half of the hits go to the description at the end, which is what a reader trusts.
        let from = if dice.below(2) == 0 {
            0
        } else {
            bytes.len() / 2
        };
        let at = from + dice.below(bytes.len() - from);
        match dice.below(6) {
            0 => bytes[at] = dice.below(256) as u8,
            1 => bytes[at] ^= 1 << dice.below(8),
            2 => bytes[at] = 0xff,
            3 => bytes.insert(at, dice.below(256) as u8),
            4 => drop(bytes.remove(at)),
            _ => bytes.truncate(at.max(1)),
        }
    }
}

#[test]
fn damaged_files_give_a_table_or_an_error_and_never_a_panic() {
    let cases = std::env::var("INSILIN_FUZZ_CASES").ok();
    let cases = cases.and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let whole = [encode(&table(0, 3)), encode(&table(0, 400))];
    let (mut dice, mut read) = (Dice(0x9e37_79b9_7f4a_7c15), 0);
    for case in 0..cases {
        let mut bytes = whole[case % 2].clone();
        mutate(&mut bytes, &mut dice);
        if let Ok(table) = decode(&bytes) {
            // What is read is a table in itself, and can be written again.
            encode(&table);
            read += 1;
        }
    }
    // Damage to values alone cannot be seen; so some are read, and by far not all.
    assert!((1..cases / 2).contains(&read), "{read} of {cases} read");
}
