//! Sparse factorisation and solution of `W x = b` as straight operations, for a fixed pattern.
//!
//! The registers hold `A = J − shift · M = −W`, so that the Jacobian's values need no change of sign; signs are made
//! up for in the reciprocals. Pivots are chosen once, by pattern: on the diagonal where `W` has one, in Markowitz's
//! order (least possible fill at each step). Rows without a diagonal entry (algebraic rules) take a pivot off the
//! diagonal, found by a maximum matching. Source: Duff, Erisman, Reid, *Direct Methods for Sparse Matrices*, 2nd ed.,
//! chapters 6 and 7.

use std::collections::{BTreeMap, BTreeSet};

use super::emit::Emitter;
use super::graph::Node;
use super::matching;
use super::program::{Block, LuProgram, OpCode, Pattern, Register};
use crate::diag::Span;

/// Constants that the operations use; they must be among the emitter's.
#[derive(Clone, Copy, Debug)]
pub(super) struct LuConstants {
    pub(super) zero: Node,
    pub(super) minus_one: Node,
}

/// Row that has no column of its own: the system cannot be solved whatever the values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Singular {
    pub(super) row: usize,
}

/// Emits the linear algebra.
///
/// * `pattern` — of the Jacobian; all diagonal entries present
/// * `is_zero` — per entry, whether it is identically zero
/// * `mass` — 1 or 0 per row
/// * `spans` — per row, for failures
pub(super) fn emit(
    emitter: &mut Emitter<'_>,
    constants: LuConstants,
    pattern: &Pattern,
    is_zero: &[bool],
    mass: &[f64],
    spans: &[Span],
) -> Result<LuProgram, Singular> {
    let fixed = |node| {
        emitter
            .fixed_register(node)
            .expect("the caller asked for these constants")
    };
    let mut supply = Supply {
        next: u32::try_from(emitter.layout.total).expect("registers are numbered by u32"),
        zero: fixed(constants.zero),
        minus_one: fixed(constants.minus_one),
    };
    let jacobian: Vec<Register> = pattern.columns.iter().map(|_| supply.take()).collect();
    let shift = supply.take();
    let right_side: Vec<Register> = (0..pattern.n).map(|_| supply.take()).collect();
    let mut matrix = Matrix::new(pattern, is_zero, mass, &jacobian)?;

    let start = emitter.ops.len();
    for row in (0..pattern.n).filter(|row| mass[*row] != 0.0) {
        let diagonal = matrix.rows[row][&row];
        emitter.push(OpCode::Sub, diagonal, [diagonal, shift, 0], spans[row]);
    }
    let order = matrix.order().into_iter();
    let steps: Vec<Step> = order
        .map(|row| matrix.eliminate(emitter, row, &mut supply, spans))
        .collect();
    let factor = Block {
        ops: start..emitter.ops.len(),
        outputs: steps.iter().map(|step| step.reciprocal).collect(),
    };
    let solve = solve(emitter, &steps, &right_side, spans);
    emitter.layout.total = supply.next as usize;
    Ok(LuProgram {
        jacobian,
        shift,
        factor,
        right_side,
        solve,
    })
}

/// One step of the elimination.
struct Step {
    row: usize,
    column: usize,
    /// Register of `−1 ÷ pivot`.
    reciprocal: Register,
    /// `(row, register of its multiplier)` of the rows below.
    below: Vec<(usize, Register)>,
    /// `(column, register)` of the pivot row's other entries.
    right: Vec<(usize, Register)>,
}

struct Matrix {
    /// Registers of the entries that may be non-zero, by row and column; rows leave when they have been pivots.
    rows: Vec<BTreeMap<usize, Register>>,
    /// Rows that have an entry, by column.
    columns: Vec<BTreeSet<usize>>,
    /// Pivot column of each row.
    pivots: Vec<usize>,
    /// Row of each pivot column.
    row_of: Vec<usize>,
}

impl Matrix {
    fn new(
        pattern: &Pattern,
        is_zero: &[bool],
        mass: &[f64],
        registers: &[Register],
    ) -> Result<Self, Singular> {
        let mut rows = vec![BTreeMap::new(); pattern.n];
        let mut columns = vec![BTreeSet::new(); pattern.n];
        for (at, (row, column)) in pattern.entries().enumerate() {
            if !is_zero[at] || (row == column && mass[row] != 0.0) {
                rows[row].insert(column, registers[at]);
                columns[column].insert(row);
            }
        }
        let pivots = pivots(&rows)?;
        let mut row_of = vec![0; pivots.len()];
        for (row, column) in pivots.iter().enumerate() {
            row_of[*column] = row;
        }
        Ok(Self {
            rows,
            columns,
            pivots,
            row_of,
        })
    }

    /// Rows in the order of elimination, found on a copy of the pattern.
    fn order(&self) -> Vec<usize> {
        let mut rows: Vec<BTreeSet<usize>> = self
            .rows
            .iter()
            .map(|row| row.keys().copied().collect())
            .collect();
        let mut columns = self.columns.clone();
        let mut left: BTreeSet<(usize, usize)> = (0..rows.len())
            .map(|row| (self.cost(&rows, &columns, row), row))
            .collect();
        let mut costs: Vec<usize> =
            left.iter()
                .fold(vec![0; rows.len()], |mut costs, (cost, row)| {
                    costs[*row] = *cost;
                    costs
                });
        let mut order = Vec::new();
        while let Some((_, row)) = left.pop_first() {
            order.push(row);
            let touched = remove(&mut rows, &mut columns, row, self.pivots[row]);
            for touched in self.rows_with_pivots_in(&touched) {
                if left.remove(&(costs[touched], touched)) {
                    costs[touched] = self.cost(&rows, &columns, touched);
                    left.insert((costs[touched], touched));
                }
            }
        }
        order
    }

    /// Markowitz's bound on the fill of pivoting on a row.
    fn cost(&self, rows: &[BTreeSet<usize>], columns: &[BTreeSet<usize>], row: usize) -> usize {
        let right = rows[row].len().saturating_sub(1);
        let below = columns[self.pivots[row]].len().saturating_sub(1);
        right * below
    }

    fn rows_with_pivots_in(&self, touched: &Touched) -> BTreeSet<usize> {
        let mut rows = touched.rows.clone();
        rows.extend(touched.columns.iter().map(|column| self.row_of[*column]));
        rows
    }

    /// Emits one step: the reciprocal of the pivot, the multipliers below it, the updates right of them.
    fn eliminate(
        &mut self,
        emitter: &mut Emitter<'_>,
        row: usize,
        supply: &mut Supply,
        spans: &[Span],
    ) -> Step {
        let column = self.pivots[row];
        let mut right = std::mem::take(&mut self.rows[row]);
        let pivot = right
            .remove(&column)
            .expect("matching chose among the entries");
        for other in right.keys() {
            self.columns[*other].remove(&row);
        }
        let mut targets = std::mem::take(&mut self.columns[column]);
        targets.remove(&row);
        let operands = [supply.minus_one, pivot, 0];
        emitter.push(OpCode::Div, pivot, operands, spans[row]);
        let mut below = Vec::with_capacity(targets.len());
        for target in targets {
            let multiplier = self.rows[target]
                .remove(&column)
                .expect("the column lists this row");
            let operands = [multiplier, pivot, 0];
            emitter.push(OpCode::Mul, multiplier, operands, spans[target]);
            below.push((target, multiplier));
            self.update(emitter, &right, (target, multiplier), supply, spans[target]);
        }
        Step {
            row,
            column,
            reciprocal: pivot,
            below,
            right: right.into_iter().collect(),
        }
    }

    /// Adds a multiple of the pivot row's other entries to a row; entries that it has not yet are fill.
    fn update(
        &mut self,
        emitter: &mut Emitter<'_>,
        right: &BTreeMap<usize, Register>,
        (target, multiplier): (usize, Register),
        supply: &mut Supply,
        span: Span,
    ) {
        for (column, value) in right {
            let known = self.rows[target].get(column).copied();
            let to = known.unwrap_or_else(|| supply.take());
            self.rows[target].insert(*column, to);
            self.columns[*column].insert(target);
            let before = known.unwrap_or(supply.zero);
            emitter.push(OpCode::AddMul, to, [before, multiplier, *value], span);
        }
    }
}

/// Registers that the operations need besides the matrix.
struct Supply {
    next: Register,
    zero: Register,
    minus_one: Register,
}

impl Supply {
    /// A register that nothing uses yet.
    fn take(&mut self) -> Register {
        self.next += 1;
        self.next - 1
    }
}

/// Rows and columns whose counts changed.
struct Touched {
    rows: BTreeSet<usize>,
    columns: BTreeSet<usize>,
}

/// Removes a pivot's row and column from the pattern and adds the fill that it makes.
fn remove(
    rows: &mut [BTreeSet<usize>],
    columns: &mut [BTreeSet<usize>],
    row: usize,
    column: usize,
) -> Touched {
    let mut right = std::mem::take(&mut rows[row]);
    right.remove(&column);
    for other in &right {
        columns[*other].remove(&row);
    }
    let mut below = std::mem::take(&mut columns[column]);
    below.remove(&row);
    for target in &below {
        rows[*target].remove(&column);
        for other in &right {
            rows[*target].insert(*other);
            columns[*other].insert(*target);
        }
    }
    Touched {
        rows: below,
        columns: right,
    }
}

/// A pivot column for each row, the diagonal where it has an entry.
fn pivots(rows: &[BTreeMap<usize, Register>]) -> Result<Vec<usize>, Singular> {
    let choices: Vec<Vec<usize>> = rows
        .iter()
        .enumerate()
        .map(|(row, entries)| {
            let mut columns: Vec<usize> = entries.keys().copied().collect();
            // A stable sort by "is off the diagonal" brings the diagonal to the front.
            columns.sort_by_key(|column| *column != row);
            columns
        })
        .collect();
    // Rows with a diagonal entry choose first, so that only the others leave the diagonal, and whom they displace.
    let (with, without): (Vec<usize>, Vec<usize>) =
        (0..rows.len()).partition(|row| rows[*row].contains_key(row));
    let matched = matching::maximum(&choices, rows.len(), with.into_iter().chain(without));
    let pair = |(row, column): (usize, Option<usize>)| column.ok_or(Singular { row });
    matched.into_iter().enumerate().map(pair).collect()
}

/// Forward through the steps, then back; `x` ends in the registers of the right-hand side.
fn solve(
    emitter: &mut Emitter<'_>,
    steps: &[Step],
    right_side: &[Register],
    spans: &[Span],
) -> Block {
    let start = emitter.ops.len();
    for step in steps {
        let from = right_side[step.row];
        for (row, multiplier) in &step.below {
            let to = right_side[*row];
            emitter.push(OpCode::AddMul, to, [to, *multiplier, from], spans[*row]);
        }
    }
    let mut outputs = vec![0; right_side.len()];
    for step in steps.iter().rev() {
        let to = right_side[step.row];
        for (column, value) in &step.right {
            emitter.push(
                OpCode::AddMul,
                to,
                [to, *value, outputs[*column]],
                spans[step.row],
            );
        }
        emitter.push(OpCode::Mul, to, [to, step.reciprocal, 0], spans[step.row]);
        outputs[step.column] = to;
    }
    Block {
        ops: start..emitter.ops.len(),
        outputs,
    }
}
