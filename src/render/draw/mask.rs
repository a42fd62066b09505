//! How much of each pixel the shape at hand covers, and where it covers any.

use std::ops::Range;

/// Coverage of the pixels of a page by one shape after the other.
///
/// A page has millions of pixels and most shapes reach few of them: cells are kept for the box around the shape at hand
/// alone, rows remember which of their cells were touched, and only those are ever looked at or cleared.
#[derive(Default)]
pub(super) struct Mask {
    columns: Range<usize>,
    rows: Range<usize>,
    /// Zero but for what the shape at hand covers.
    cells: Vec<f32>,
    touched: Vec<Range<usize>>,
}

/// No cell: whatever it is joined with stays as it is.
const NONE: Range<usize> = Range {
    start: usize::MAX,
    end: 0,
};

impl Mask {
    /// Makes room for a shape within a box of pixels.
    pub fn open(&mut self, columns: Range<usize>, rows: Range<usize>) {
        let cells = columns.len() * rows.len();
        if self.cells.len() < cells {
            self.cells.resize(cells, 0.0);
        }
        self.touched.clear();
        self.touched.resize(rows.len(), NONE);
        (self.columns, self.rows) = (columns, rows);
    }

    /// The cells of a row in `columns`, both within the box, to be written to.
    pub fn cells(&mut self, row: usize, columns: Range<usize>) -> &mut [f32] {
        let row = row - self.rows.start;
        let columns = columns.start - self.columns.start..columns.end - self.columns.start;
        let start = row * self.columns.len();
        let touched = &mut self.touched[row];
        *touched = touched.start.min(columns.start)..touched.end.max(columns.end);
        &mut self.cells[start + columns.start..start + columns.end]
    }

    /// Calls `each` with row, column and coverage of every cell that is covered, and clears the mask.
    pub fn take(&mut self, mut each: impl FnMut(usize, usize, f32)) {
        for (row, touched) in self.touched.iter_mut().enumerate() {
            for column in std::mem::replace(touched, NONE) {
                let coverage = std::mem::take(&mut self.cells[row * self.columns.len() + column]);
                if coverage > 0.0 {
                    each(self.rows.start + row, self.columns.start + column, coverage);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_covered_is_told_once_and_then_forgotten() {
        let mut mask = Mask::default();
        mask.open(10..14, 20..23);
        mask.cells(21, 11..13).copy_from_slice(&[0.5, 1.0]);
        mask.cells(22, 13..14)[0] = 0.25;
        let mut told = Vec::new();
        mask.take(|row, column, coverage| told.push((row, column, coverage)));
        assert_eq!(told, [(21, 11, 0.5), (21, 12, 1.0), (22, 13, 0.25)]);
        mask.open(0..3, 0..4);
        for row in 0..4 {
            assert_eq!(mask.cells(row, 0..3), [0.0; 3]);
        }
    }
}
