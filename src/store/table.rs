//! A table: rows of runs, columns with names, units and labels; inert.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Whole numbers; none is missing.
    Integer,
    /// Numbers. A missing one is not the same as one that is not a number: NaN stays NaN.
    Number,
    /// Texts, which may be missing.
    Text,
}

/// One column's name and meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableColumn {
    /// Name, unique in the table.
    pub name: String,
    /// Unit as text; empty without one.
    pub unit: String,
    /// A few words for people; may be empty.
    pub label: String,
    /// What its cells are.
    pub kind: ColumnType,
}

/// The columns of a table and what is said about all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSchema {
    /// Columns in order.
    pub columns: Vec<TableColumn>,
    /// Keys and values that a file carries with it. Keys that begin with `insilin.columns` or `ARROW:` are not kept.
    pub about: Vec<(String, String)>,
}

/// The cells of one column, first row first.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Cells of [`ColumnType::Integer`].
    Integers(Vec<i64>),
    /// Cells of [`ColumnType::Number`].
    Numbers(Vec<Option<f64>>),
    /// Cells of [`ColumnType::Text`].
    Texts(Vec<Option<String>>),
}

impl Cells {
    /// No cells of this kind.
    pub fn empty(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Integer => Self::Integers(Vec::new()),
            ColumnType::Number => Self::Numbers(Vec::new()),
            ColumnType::Text => Self::Texts(Vec::new()),
        }
    }

    /// What they are.
    pub fn kind(&self) -> ColumnType {
        match self {
            Self::Integers(_) => ColumnType::Integer,
            Self::Numbers(_) => ColumnType::Number,
            Self::Texts(_) => ColumnType::Text,
        }
    }

    /// Their number.
    pub fn len(&self) -> usize {
        match self {
            Self::Integers(cells) => cells.len(),
            Self::Numbers(cells) => cells.len(),
            Self::Texts(cells) => cells.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Rows under a schema, kept by column.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns' names and meaning.
    pub schema: Arc<TableSchema>,
    /// Their cells, as many in each as there are rows.
    pub columns: Vec<Cells>,
}

impl Table {
    /// A table of these cells.
    ///
    /// # Panics
    /// When the cells do not fit the schema: no column or another number of them, columns of unequal length, cells of
    /// another kind, two columns of one name. All of these are mistakes of the program, not of its user.
    pub fn new(schema: Arc<TableSchema>, columns: Vec<Cells>) -> Self {
        let table = Self { schema, columns };
        table.assert_whole();
        table
    }

    /// A table without rows.
    ///
    /// # Panics
    /// When the schema has no column, or two of one name.
    pub fn empty(schema: Arc<TableSchema>) -> Self {
        let columns = schema.columns.iter();
        let columns = columns.map(|column| Cells::empty(column.kind)).collect();
        Self::new(schema, columns)
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, Cells::len)
    }

    /// Adds the rows of `other` below these.
    ///
    /// # Panics
    /// When the two have different columns.
    pub fn append(&mut self, other: Self) {
        assert_eq!(
            self.schema.columns, other.schema.columns,
            "rows are added to rows of the same columns"
        );
        for (cells, more) in self.columns.iter_mut().zip(other.columns) {
            match (cells, more) {
                (Cells::Integers(cells), Cells::Integers(more)) => cells.extend(more),
                (Cells::Numbers(cells), Cells::Numbers(more)) => cells.extend(more),
                (Cells::Texts(cells), Cells::Texts(more)) => cells.extend(more),
                _ => unreachable!("equal columns have cells of equal kind"),
            }
        }
    }

    /// Stops the program when the fields, which are open, do not fit each other.
    pub(super) fn assert_whole(&self) {
        let columns = &self.schema.columns;
        assert!(!columns.is_empty(), "a table has columns");
        assert_eq!(columns.len(), self.columns.len(), "cells for every column");
        let names: BTreeSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names.len(), columns.len(), "column names are unique");
        for (column, cells) in columns.iter().zip(&self.columns) {
            let name = &column.name;
            assert_eq!(column.kind, cells.kind(), "kind of column `{name}`");
            assert_eq!(self.n_rows(), cells.len(), "rows of column `{name}`");
        }
    }
}

/// Why bytes are not a table that this program wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableError {
    /// The file is cut short or damaged, or not in the format at all; with what was seen.
    Torn(String),
    /// It is whole and in the format, but was not written by this program, or not as a table.
    Foreign(String),
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Torn(why) => write!(f, "damaged or cut short: {why}"),
            Self::Foreign(why) => write!(f, "not a table of insilin: {why}"),
        }
    }
}

impl std::error::Error for TableError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(kinds: &[ColumnType]) -> Arc<TableSchema> {
        let column = |(index, kind): (usize, &ColumnType)| TableColumn {
            name: format!("c{index}"),
            unit: String::new(),
            label: String::new(),
            kind: *kind,
        };
        Arc::new(TableSchema {
            columns: kinds.iter().enumerate().map(column).collect(),
            about: vec![],
        })
    }

    #[test]
    fn rows_are_added_below() {
        let schema = schema(&[ColumnType::Integer, ColumnType::Text]);
        let row = |run, text: Option<&str>| {
            let text = Cells::Texts(vec![text.map(str::to_string)]);
            Table::new(Arc::clone(&schema), vec![Cells::Integers(vec![run]), text])
        };
        let mut table = Table::empty(Arc::clone(&schema));
        assert_eq!(table.n_rows(), 0);
        table.append(row(0, Some("ok")));
        table.append(row(1, None));
        assert_eq!(table.n_rows(), 2);
        assert_eq!(table.columns[0], Cells::Integers(vec![0, 1]));
        let texts = vec![Some("ok".to_string()), None];
        assert_eq!(table.columns[1], Cells::Texts(texts));
    }

    #[test]
    #[should_panic(expected = "rows of column `c1`")]
    fn columns_of_unequal_length_are_no_table() {
        let kinds = schema(&[ColumnType::Integer, ColumnType::Number]);
        Table::new(
            kinds,
            vec![Cells::Integers(vec![1]), Cells::Numbers(vec![])],
        );
    }

    #[test]
    #[should_panic(expected = "kind of column `c0`")]
    fn cells_of_another_kind_are_no_table() {
        Table::new(schema(&[ColumnType::Integer]), vec![Cells::Numbers(vec![])]);
    }
}
