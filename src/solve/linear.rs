//! Dense LU factorisation with row exchanges: the fall-back of the model's own sparse solver.
//!
//! Written here rather than taken from a library so that the operations and their order are the same on
//! every machine; it runs seldom, so speed is not its point.

/// The factors of a square matrix, rows exchanged by scaled partial pivoting.
///
/// The pivot of a column is the entry largest beside its row's largest entry, which makes the choice
/// independent of the units of the rows.
#[derive(Clone, Debug)]
pub struct DenseLu {
    n: usize,
    entries: Vec<f64>,
    rows: Vec<usize>,
    work: Vec<f64>,
}

/// The matrix has no inverse, or a number that is not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SingularColumn(
    /// The column in which no pivot was found.
    pub usize,
);

impl DenseLu {
    /// Room for a matrix of `n` rows and columns, all zero.
    pub fn new(n: usize) -> Self {
        Self {
            n,
            entries: vec![0.0; n * n],
            rows: (0..n).collect(),
            work: vec![0.0; n],
        }
    }

    /// The matrix to be filled in before [`factor`](Self::factor), by rows; zeroed.
    pub fn clear(&mut self) -> &mut [f64] {
        self.entries.fill(0.0);
        &mut self.entries
    }

    /// Factors the matrix in place. No allocation.
    pub fn factor(&mut self) -> Result<(), SingularColumn> {
        let n = self.n;
        for (row, index) in self.rows.iter_mut().enumerate() {
            *index = row;
            let entries = &self.entries[row * n..(row + 1) * n];
            self.work[row] = entries
                .iter()
                .fold(0.0, |most, e| if e.abs() > most { e.abs() } else { most });
        }
        for column in 0..n {
            self.exchange(column)?;
            self.eliminate(column);
        }
        Ok(())
    }

    /// Brings the pivot of `column` to the diagonal.
    fn exchange(&mut self, column: usize) -> Result<(), SingularColumn> {
        let n = self.n;
        let mut best = (column, 0.0);
        for row in column..n {
            let share = self.entries[row * n + column].abs() / self.work[row];
            if !(share.is_finite() || self.work[row] == 0.0) {
                return Err(SingularColumn(column));
            }
            if share > best.1 {
                best = (row, share);
            }
        }
        if best.1 == 0.0 {
            return Err(SingularColumn(column));
        }
        if best.0 != column {
            let (upper, lower) = self.entries.split_at_mut(best.0 * n);
            upper[column * n..(column + 1) * n].swap_with_slice(&mut lower[..n]);
            self.rows.swap(column, best.0);
            self.work.swap(column, best.0);
        }
        Ok(())
    }

    fn eliminate(&mut self, column: usize) {
        let n = self.n;
        let (upper, lower) = self.entries.split_at_mut((column + 1) * n);
        let pivot_row = &upper[column * n..];
        for row in lower.chunks_exact_mut(n) {
            let factor = row[column] / pivot_row[column];
            row[column] = factor;
            if factor == 0.0 {
                continue;
            }
            for (entry, pivot) in row[column + 1..].iter_mut().zip(&pivot_row[column + 1..]) {
                *entry -= factor * pivot;
            }
        }
    }

    /// Replaces `b` by the solution of A x = b. No allocation.
    pub fn solve(&mut self, b: &mut [f64]) {
        let n = self.n;
        for (to, from) in self.work.iter_mut().zip(&self.rows) {
            *to = b[*from];
        }
        for i in 0..n {
            let row = &self.entries[i * n..i * n + i];
            let known = row
                .iter()
                .zip(&self.work)
                .fold(0.0, |sum, (a, x)| sum + a * x);
            self.work[i] -= known;
        }
        for i in (0..n).rev() {
            let row = &self.entries[i * n..(i + 1) * n];
            let known = row[i + 1..]
                .iter()
                .zip(&self.work[i + 1..])
                .fold(0.0, |sum, (a, x)| sum + a * x);
            self.work[i] = (self.work[i] - known) / row[i];
        }
        b.copy_from_slice(&self.work);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factored(rows: &[&[f64]]) -> Result<DenseLu, SingularColumn> {
        let mut lu = DenseLu::new(rows.len());
        lu.clear().copy_from_slice(&rows.concat());
        lu.factor().map(|()| lu)
    }

    #[test]
    fn a_zero_on_the_diagonal_is_no_obstacle() {
        let mut lu = factored(&[&[0.0, 2.0, 1.0], &[1.0, 0.0, 0.0], &[3.0, 0.0, 1.0]]).unwrap();
        let mut b = [7.0, 1.0, 6.0];
        lu.solve(&mut b);
        assert_eq!(b, [1.0, 2.0, 3.0]);
    }

    #[test]
    fn rows_in_very_different_units_are_solved_to_rounding() {
        // Without scaling the first row would be the pivot and lose the second equation: x = y = 1 nearly.
        let mut lu = factored(&[&[10.0, 1e20], &[1.0, 1.0]]).unwrap();
        let mut b = [1e20, 2.0];
        lu.solve(&mut b);
        assert!((b[0] - 1.0).abs() < 1e-15 && (b[1] - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_singular_matrix_is_refused_with_the_column() {
        assert_eq!(
            factored(&[&[1.0, 2.0], &[2.0, 4.0]]).unwrap_err(),
            SingularColumn(1)
        );
        assert_eq!(
            factored(&[&[0.0, 0.0], &[0.0, 1.0]]).unwrap_err(),
            SingularColumn(0)
        );
        assert_eq!(
            factored(&[&[f64::NAN, 0.0], &[0.0, 1.0]]).unwrap_err(),
            SingularColumn(0)
        );
    }
}
