//! Which row goes with which column: maximum matching in a bipartite graph.

/// For each row its column, or none, such that as many rows as possible have one of their own.
///
/// * `columns[row]` — the columns a row may have, the liked first; it keeps its first unless another row needs it
/// * `order` — every row once; who comes first chooses first
///
/// `O(rows × entries)` at worst, near the number of entries in practice.
pub(super) fn maximum(
    columns: &[Vec<usize>],
    n_columns: usize,
    order: impl IntoIterator<Item = usize>,
) -> Vec<Option<usize>> {
    let mut search = Search {
        columns,
        row_of: vec![None; n_columns],
        visited: vec![usize::MAX; n_columns],
    };
    // First choices before any search: most rows are content with theirs.
    let mut waiting = Vec::new();
    for row in order {
        match columns[row].first() {
            Some(&column) if search.row_of[column].is_none() => search.row_of[column] = Some(row),
            _ => waiting.push(row),
        }
    }
    for row in waiting {
        search.augment(row);
    }
    let mut matched = vec![None; columns.len()];
    for (column, row) in search.row_of.iter().enumerate() {
        if let Some(row) = row {
            matched[*row] = Some(column);
        }
    }
    matched
}

struct Search<'a> {
    columns: &'a [Vec<usize>],
    row_of: Vec<Option<usize>>,
    visited: Vec<usize>,
}

impl Search<'_> {
    /// Finds a column for `root`, moving other rows if need be. Depth first with its own stack.
    fn augment(&mut self, root: usize) -> bool {
        // Each entry: a row that wants a column, and how far its list was tried.
        let mut path: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((row, tried)) = path.last_mut() {
            let Some(&column) = self.columns[*row].get(*tried) else {
                path.pop();
                continue;
            };
            *tried += 1;
            if std::mem::replace(&mut self.visited[column], root) == root {
                continue;
            }
            match self.row_of[column] {
                Some(holder) => path.push((holder, 0)),
                None => {
                    for (row, tried) in &path {
                        self.row_of[self.columns[*row][tried - 1]] = Some(*row);
                    }
                    return true;
                }
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::maximum;

    #[test]
    fn rows_move_aside_for_a_row_with_one_choice() {
        let matched = maximum(&[vec![0, 1], vec![0], vec![1, 2]], 3, 0..3);
        assert_eq!(matched, [Some(1), Some(0), Some(2)]);
    }

    #[test]
    fn two_rows_that_want_one_column_leave_one_without() {
        let matched = maximum(&[vec![0], vec![0]], 1, 0..2);
        assert_eq!(matched.iter().flatten().count(), 1);
    }

    #[test]
    fn a_long_chain_of_moves_is_found() {
        // Row i takes column i first; the last row wants column 0 only, so all must move by one.
        let n = 2000;
        let mut columns: Vec<Vec<usize>> = (0..n).map(|i| vec![i, i + 1]).collect();
        columns.push(vec![0]);
        let matched = maximum(&columns, n + 1, 0..=n);
        assert!(matched.iter().all(Option::is_some));
    }
}
