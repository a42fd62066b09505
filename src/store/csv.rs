//! A table as comma-separated text (RFC 4180, lines ended by `\n`).
//!
//! Headers and numbers look as in the files of trajectories: `name [unit]`, the shortest digits that read back to the
//! same bits. A missing cell is empty, NaN is `NaN`, an empty text is `""`.

use std::fmt::Write as _;

use super::table::{Cells, Table};
use crate::trajectory::csv::push_number;

/// Text of `table`, one line per row, below a line of names and units when `header` is set.
/// ```
/// # use std::sync::Arc;
/// # use insilin::store::{csv, Cells, ColumnType, Table, TableColumn, TableSchema};
/// let column = |name: &str, unit: &str, kind| TableColumn {
///     name: name.into(),
///     unit: unit.into(),
///     label: String::new(),
///     kind,
/// };
/// let columns = vec![column("run", "", ColumnType::Integer), column("dose", "pmol/L", ColumnType::Number)];
/// let schema = Arc::new(TableSchema { columns, about: vec![] });
/// let cells = vec![Cells::Integers(vec![0, 1]), Cells::Numbers(vec![Some(0.1), None])];
/// assert_eq!(csv::encode(&Table::new(schema, cells), true), "run,dose [pmol/L]\n0,0.1\n1,\n");
/// ```
pub fn encode(table: &Table, header: bool) -> String {
    let mut text = String::with_capacity(12 * (table.n_rows() + 1) * table.columns.len());
    if header {
        for (index, column) in table.schema.columns.iter().enumerate() {
            separate(&mut text, index);
            let name = &column.name;
            match column.unit.as_str() {
                "" => push_text(&mut text, name),
                unit => push_text(&mut text, &format!("{name} [{unit}]")),
            }
        }
        text.push('\n');
    }
    for row in 0..table.n_rows() {
        for (index, cells) in table.columns.iter().enumerate() {
            separate(&mut text, index);
            push_cell(&mut text, cells, row);
        }
        text.push('\n');
    }
    text
}

fn separate(text: &mut String, index: usize) {
    if index > 0 {
        text.push(',');
    }
}

fn push_cell(text: &mut String, cells: &Cells, row: usize) {
    match cells {
        Cells::Integers(cells) => {
            write!(text, "{}", cells[row]).expect("writing to a string never fails");
        }
        Cells::Numbers(cells) => {
            if let Some(value) = cells[row] {
                push_number(text, value);
            }
        }
        Cells::Texts(cells) => {
            if let Some(value) = &cells[row] {
                push_text(text, value);
            }
        }
    }
}

/// The text, in quotes where a reader would misunderstand it.
/// A text as a cell, in quotes where it has to be.
pub fn quoted(text: &str) -> String {
    let mut cell = String::new();
    push_text(&mut cell, text);
    cell
}

fn push_text(text: &mut String, value: &str) {
    if value.is_empty() || value.contains([',', '"', '\n', '\r']) {
        text.push('"');
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::table::{ColumnType, TableColumn, TableSchema};
    use super::*;

    #[test]
    fn awkward_texts_are_quoted_and_what_is_missing_is_told_from_what_is_empty() {
        let columns = vec![TableColumn {
            name: "a,b".into(),
            unit: "x".into(),
            label: "not written".into(),
            kind: ColumnType::Text,
        }];
        let schema = Arc::new(TableSchema {
            columns,
            about: vec![],
        });
        let texts = [
            Some("plain"),
            Some("he said \"no\""),
            Some(""),
            None,
            Some("two\nlines"),
        ];
        let texts = texts.map(|text| text.map(str::to_string)).to_vec();
        let table = Table::new(schema, vec![Cells::Texts(texts)]);
        let rows = "plain\n\"he said \"\"no\"\"\"\n\"\"\n\n\"two\nlines\"\n";
        assert_eq!(encode(&table, true), format!("\"a,b [x]\"\n{rows}"));
        assert_eq!(encode(&table, false), rows);
    }

    #[test]
    fn numbers_are_those_of_trajectories() {
        let columns = vec![TableColumn {
            name: "x".into(),
            unit: String::new(),
            label: String::new(),
            kind: ColumnType::Number,
        }];
        let schema = Arc::new(TableSchema {
            columns,
            about: vec![],
        });
        let numbers = [1.0, -0.0, 1e-7, 1e300, f64::NAN, f64::INFINITY, 1.0 / 3.0];
        let table = Table::new(schema, vec![Cells::Numbers(numbers.map(Some).to_vec())]);
        let expected = "1\n-0\n1e-7\n1e300\nNaN\ninf\n0.3333333333333333\n";
        assert_eq!(encode(&table, false), expected);
    }
}
