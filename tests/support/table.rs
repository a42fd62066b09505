//! Tables of reference numbers: CSV with a header, no quotes, no gaps.

use std::fs;
use std::path::Path;

/// Rows of text under named columns.
pub struct Table {
    /// Where it was read.
    pub name: String,
    /// Names of the columns.
    pub header: Vec<String>,
    /// One entry per column in each row.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a file; fails when a row has another number of columns than the header.
    pub fn read(path: &Path) -> Self {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut lines = text
            .lines()
            .map(|line| line.split(',').map(str::to_string).collect());
        let header: Vec<String> = lines.next().unwrap_or_else(|| panic!("{name} is empty"));
        let rows: Vec<Vec<String>> = lines.collect();
        assert!(!rows.is_empty(), "{name} has no rows");
        for row in &rows {
            assert_eq!(row.len(), header.len(), "{name}: {row:?}");
        }
        Self { name, header, rows }
    }

    /// Where a column is.
    pub fn index(&self, column: &str) -> usize {
        let found = self.header.iter().position(|name| name == column);
        found.unwrap_or_else(|| panic!("{} has no column `{column}`", self.name))
    }

    /// An entry as a number.
    pub fn number(&self, row: usize, column: usize) -> f64 {
        let text = &self.rows[row][column];
        text.parse()
            .unwrap_or_else(|_| panic!("{}: `{text}` is no number", self.name))
    }

    /// A whole column as numbers.
    pub fn numbers(&self, column: &str) -> Vec<f64> {
        let at = self.index(column);
        (0..self.rows.len())
            .map(|row| self.number(row, at))
            .collect()
    }

    /// The rows in which a column says `value`.
    pub fn rows_where(&self, column: &str, value: &str) -> Vec<usize> {
        let at = self.index(column);
        (0..self.rows.len())
            .filter(|&row| self.rows[row][at] == value)
            .collect()
    }
}
