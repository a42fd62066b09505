//! Newton's method on the system with its conserved totals, and the stability of what it finds.

use nalgebra::{DMatrix, Schur};

use super::{Stability, SteadyControl};
use crate::solve::linear::DenseLu;
use crate::solve::{At, Dynamics, NoPast, Past};

/// A residual above this is no zero.
const RESIDUAL: f64 = 1e-9;
/// Newton steps at most; a sound start needs about ten.
const MAX_NEWTON: usize = 50;

/// What both ways to a steady state share.
pub struct Search<'a, D: ?Sized> {
    pub system: &'a mut D,
    pub control: &'a SteadyControl,
    pub p: &'a [f64],
    /// For each moiety the row of f that its total replaces, and the total.
    totals: Vec<(usize, f64)>,
    lu: DenseLu,
}

impl<'a, D: Dynamics<f64>> Search<'a, D> {
    pub fn new(system: &'a mut D, control: &'a SteadyControl, p: &'a [f64], y: &[f64]) -> Self {
        let rows = replaced_rows(&control.moieties, y.len());
        let total = |moiety: &[(usize, f64)]| {
            moiety
                .iter()
                .fold(0.0, |sum, (i, weight)| sum + weight * y[*i])
        };
        let totals = rows
            .into_iter()
            .zip(control.moieties.iter().map(|m| total(m)))
            .collect();
        Self {
            system,
            control,
            p,
            totals,
            lu: DenseLu::new(y.len()),
        }
    }

    pub fn derivative(&mut self, y: &[f64]) -> Vec<f64> {
        let mut f = vec![0.0; y.len()];
        self.system.derivative(&self.at(y), &mut f);
        f
    }

    fn at<'b>(&self, y: &'b [f64]) -> At<'b, f64>
    where
        'a: 'b,
    {
        const PAST: &dyn Past = &NoPast;
        At {
            t: 0.0,
            y,
            p: self.p,
            past: PAST,
        }
    }

    /// ∂f/∂y by rows, dense.
    pub fn jacobian(&mut self, y: &[f64]) -> Vec<f64> {
        let mut entries = vec![0.0; self.system.columns().len()];
        self.system.jacobian(&self.at(y), &mut entries);
        let n = y.len();
        let mut dense = vec![0.0; n * n];
        for (row, ends) in self.system.row_starts().windows(2).enumerate() {
            let places = ends[0]..ends[1];
            for (column, entry) in self.system.columns()[places.clone()]
                .iter()
                .zip(&entries[places])
            {
                dense[row * n + column] += entry;
            }
        }
        dense
    }

    /// The size of a state: below the threshold of the tolerances, that.
    pub fn size(&self, i: usize, y: &[f64]) -> f64 {
        let control = &self.control.control;
        y[i].abs() + control.atol[i] / control.rtol + f64::MIN_POSITIVE
    }

    pub fn largest(&self, change: &[f64], y: &[f64]) -> f64 {
        let shares = (0..y.len()).map(|i| change[i].abs() / self.size(i, y));
        // Not `f64::max`, which would drop a NaN.
        shares.fold(0.0, |most, share| {
            if share > most || share.is_nan() {
                share
            } else {
                most
            }
        })
    }

    /// Newton's method from `y`: the zero and its residual.
    pub fn newton(&mut self, y: &[f64]) -> Option<(Vec<f64>, f64)> {
        let mut y = y.to_vec();
        let mut share = 1.0f64;
        for _ in 0..MAX_NEWTON {
            self.factor(&y)?;
            let correction = self.correction(&y);
            let length = self.largest(&correction, &y);
            let (taken, next) = self.damped(&y, &correction, length, share)?;
            y = next;
            if taken == 1.0 && length < 1e-10 {
                let residual = self.residual(&y);
                return (residual <= RESIDUAL && !self.leaves(&y)).then_some((y, residual));
            }
            share = (4.0 * taken).min(1.0);
        }
        None
    }

    /// Factors the Jacobian with the rows of the moieties in the place of those they make redundant.
    fn factor(&mut self, y: &[f64]) -> Option<()> {
        let n = y.len();
        let mut matrix = self.jacobian(y);
        for ((row, _), moiety) in self.totals.iter().zip(&self.control.moieties) {
            matrix[row * n..(row + 1) * n].fill(0.0);
            moiety
                .iter()
                .for_each(|(column, weight)| matrix[row * n + column] += weight);
        }
        self.lu.clear().copy_from_slice(&matrix);
        self.lu.factor().ok()
    }

    fn correction(&mut self, y: &[f64]) -> Vec<f64> {
        let mut b = self.derivative(y);
        for ((row, total), moiety) in self.totals.iter().zip(&self.control.moieties) {
            b[*row] = moiety
                .iter()
                .fold(-total, |sum, (i, weight)| sum + weight * y[*i]);
        }
        self.lu.solve(&mut b);
        b
    }

    /// As much of the correction as keeps states positive and shortens the next correction by the same matrix.
    fn damped(
        &mut self,
        y: &[f64],
        correction: &[f64],
        length: f64,
        share: f64,
    ) -> Option<(f64, Vec<f64>)> {
        let mut share = share.min(self.room(y, correction));
        while share > 1e-8 {
            let next: Vec<f64> = y
                .iter()
                .zip(correction)
                .map(|(y, c)| y - share * c)
                .collect();
            let following = self.correction(&next);
            let following = self.largest(&following, y);
            if following <= (1.0 - 0.25 * share) * length
                || (following < 1e-12 && following.is_finite())
            {
                return Some((share, next));
            }
            share *= 0.5;
        }
        None
    }

    /// The share of the correction that leaves a tenth of every state that must stay positive.
    fn room(&self, y: &[f64], correction: &[f64]) -> f64 {
        let mut room = 1.0f64;
        for (i, _) in self
            .control
            .positive
            .iter()
            .enumerate()
            .filter(|(_, positive)| **positive)
        {
            // A state at rest at zero may stay there; only a fall through zero is held up.
            if correction[i] > y[i] && y[i] > 0.0 {
                room = room.min(0.9 * y[i] / correction[i]);
            }
        }
        room
    }

    /// Whether a state that must be positive is below zero by more than its tolerance.
    fn leaves(&self, y: &[f64]) -> bool {
        let below =
            |(i, positive): (usize, &bool)| *positive && y[i] < -self.control.control.atol[i];
        self.control.positive.iter().enumerate().any(below)
    }

    pub fn residual(&mut self, y: &[f64]) -> f64 {
        let n = y.len();
        let (f, jacobian) = (self.derivative(y), self.jacobian(y));
        let share = |row: usize| {
            let terms = (0..n).fold(0.0, |sum, j| {
                sum + jacobian[row * n + j].abs() * self.size(j, y)
            });
            if f[row] == 0.0 {
                0.0
            } else {
                f[row].abs() / terms
            }
        };
        (0..n).map(share).fold(0.0, |most, share| {
            if share > most || share.is_nan() {
                share
            } else {
                most
            }
        })
    }

    /// The signs of the eigenvalues of the flow on the surface where totals and algebraic rows hold.
    pub fn stability(&mut self, y: &[f64]) -> Stability {
        let Some(matrix) = self.reduced(y) else {
            return Stability::Unknown;
        };
        if matrix.is_empty() {
            return Stability::Stable;
        }
        let size = matrix
            .iter()
            .fold(0.0, |most, entry: &f64| f64::max(most, entry.abs()));
        let Some(schur) = Schur::try_new(matrix, f64::EPSILON, 10_000) else {
            return Stability::Unknown;
        };
        let most = schur
            .complex_eigenvalues()
            .iter()
            .fold(f64::NEG_INFINITY, |most, e| f64::max(most, e.re));
        // Eigenvalues are known to about the rounding of the largest entry.
        let rounding = 1e-13 * size;
        match most {
            most if most > rounding => Stability::Unstable,
            most if most < -rounding => Stability::Stable,
            _ => Stability::Neutral,
        }
    }

    /// The Jacobian in units of the states' sizes, dependent states eliminated.
    fn reduced(&mut self, y: &[f64]) -> Option<DMatrix<f64>> {
        let n = y.len();
        let jacobian = self.jacobian(y);
        let entry = |row: usize, column: usize| {
            jacobian[row * n + column] * self.size(column, y) / self.size(row, y)
        };
        let mut dependent: Vec<usize> = self.totals.iter().map(|(row, _)| *row).collect();
        let mut constraints: Vec<Vec<f64>> = Vec::new();
        for moiety in &self.control.moieties {
            let mut row = vec![0.0; n];
            moiety
                .iter()
                .for_each(|(i, weight)| row[*i] += weight * self.size(*i, y));
            constraints.push(row);
        }
        for row in (0..n).filter(|row| self.system.mass()[*row] == 0.0) {
            dependent.push(row);
            constraints.push((0..n).map(|column| entry(row, column)).collect());
        }
        let free: Vec<usize> = (0..n).filter(|i| !dependent.contains(i)).collect();
        let pick = |columns: &[usize]| {
            DMatrix::from_fn(constraints.len(), columns.len(), |row, k| {
                constraints[row][columns[k]]
            })
        };
        let block = |columns: &[usize]| {
            DMatrix::from_fn(free.len(), columns.len(), |r, k| entry(free[r], columns[k]))
        };
        if dependent.is_empty() {
            return Some(block(&free));
        }
        let slope = pick(&dependent).lu().solve(&pick(&free))?;
        Some(block(&free) - block(&dependent) * slope)
    }
}

/// For each moiety a state whose row of f follows from the others, all different.
///
/// By elimination with the largest weight first, so that totals which share states get rows that can be told apart.
fn replaced_rows(moieties: &[Vec<(usize, f64)>], n: usize) -> Vec<usize> {
    let mut rows: Vec<Vec<f64>> = moieties
        .iter()
        .map(|moiety| {
            let mut row = vec![0.0; n];
            moiety.iter().for_each(|(i, weight)| row[*i] += weight);
            row
        })
        .collect();
    let mut picked = Vec::with_capacity(rows.len());
    for k in 0..rows.len() {
        let pivot_row = rows[k].clone();
        let pivot = (0..n).fold(0, |best, i| {
            if pivot_row[i].abs() > pivot_row[best].abs() {
                i
            } else {
                best
            }
        });
        assert!(
            pivot_row.get(pivot).is_some_and(|p| *p != 0.0),
            "conserved totals are independent"
        );
        for row in &mut rows[k + 1..] {
            let factor = row[pivot] / pivot_row[pivot];
            for (entry, p) in row.iter_mut().zip(&pivot_row) {
                *entry -= factor * p;
            }
            row[pivot] = 0.0;
        }
        picked.push(pivot);
    }
    picked
}
