//! Consistent starts: the algebraic states that belong to given differential ones.

use super::linear::DenseLu;
use super::{At, Control, Dynamics, Past};
use crate::math::Lane;

/// Why no consistent state was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inconsistent {
    /// What went wrong.
    pub kind: InconsistentKind,
    /// The algebraic row (and state) to name.
    pub row: usize,
    /// How far that row is from zero, in its own units.
    pub residual: f64,
}

/// What went wrong in the search for a consistent state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InconsistentKind {
    /// The algebraic rows do not determine the algebraic states: not of index 1, or none there.
    Singular,
    /// The rows are not finite.
    NotFinite,
    /// Newton's method came to rest away from zero; the row is the one furthest off, measured by its correction.
    NoZero,
}

/// Newton steps at most.
const MAX_STEPS: usize = 60;
/// The smallest share of a Newton step that is tried: 2⁻²⁰.
const MIN_SHARE: f64 = 1e-6;
/// Corrections below this share of the tolerance end the search.
const CONVERGED: f64 = 1e-4;

/// Changes the algebraic states of one lane so that its algebraic rows are zero; the others are held.
///
/// Damped Newton with the natural monotonicity test: a step is taken as far as the next correction, by the same
/// matrix, is shorter (Deuflhard 2004, *Newton Methods for Nonlinear Problems*, 3.3), so neither the units of
/// rows nor those of states matter. The guess in `y` decides which zero is found if there are several.
/// Does nothing when there is no algebraic row. Other lanes are not changed.
pub fn make_consistent<L: Lane, D: Dynamics<L> + ?Sized>(
    dynamics: &mut D,
    control: &Control,
    lane: usize,
    at: Place<'_, L>,
    y: &mut [L],
) -> Result<(), Inconsistent> {
    let rows: Vec<usize> = (0..y.len())
        .filter(|i| dynamics.mass()[*i] == 0.0)
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut search = Search {
        dynamics,
        control,
        lane,
        at,
        lu: DenseLu::new(rows.len()),
        f: y.to_vec(),
        rows,
    };
    search.run(y)
}

/// Time, parameters and past of all lanes.
#[derive(Clone, Copy)]
pub struct Place<'a, L: Lane> {
    /// Time.
    pub t: L,
    /// Parameters.
    pub p: &'a [L],
    /// For delayed values.
    pub past: &'a dyn Past,
}

impl<'a, L: Lane> Place<'a, L> {
    /// The same place with states `y`.
    pub fn at(self, y: &'a [L]) -> At<'a, L> {
        let Self { t, p, past } = self;
        At { t, y, p, past }
    }
}

struct Search<'a, L: Lane, D: ?Sized> {
    dynamics: &'a mut D,
    control: &'a Control,
    lane: usize,
    at: Place<'a, L>,
    rows: Vec<usize>,
    lu: DenseLu,
    f: Vec<L>,
}

impl<L: Lane, D: Dynamics<L> + ?Sized> Search<'_, L, D> {
    fn run(&mut self, y: &mut [L]) -> Result<(), Inconsistent> {
        let mut residual = self.residual(y);
        if let Some(k) = residual.iter().position(|r| !r.is_finite()) {
            return Err(self.failure(InconsistentKind::NotFinite, k, &residual));
        }
        let mut share = 1.0f64;
        for _ in 0..MAX_STEPS {
            if let Err(k) = self.factor(y) {
                return Err(self.failure(InconsistentKind::Singular, k, &residual));
            }
            let correction = self.correction(&residual);
            let size = self.size(&correction, y);
            let Some((taken, next, next_size)) = self.damped(y, &correction, size, share) else {
                return Err(self.failure(
                    InconsistentKind::NoZero,
                    self.largest(&correction, y),
                    &residual,
                ));
            };
            residual = next;
            if taken == 1.0 && next_size <= CONVERGED {
                // One more with the matrix at hand costs nothing and leaves rounding only.
                let last = self.correction(&residual);
                self.move_by(y, &last, 1.0);
                return Ok(());
            }
            share = (4.0 * taken).min(1.0);
        }
        Err(self.failure(InconsistentKind::NoZero, self.worst(&residual), &residual))
    }

    /// Takes as much of a correction as shortens the next one; gives the share, the new residual and that length.
    fn damped(
        &mut self,
        y: &mut [L],
        correction: &[f64],
        size: f64,
        mut share: f64,
    ) -> Option<(f64, Vec<f64>, f64)> {
        let kept: Vec<L> = y.to_vec();
        while share >= MIN_SHARE {
            self.move_by(y, correction, share);
            let residual = self.residual(y);
            let next = self.correction(&residual);
            let next_size = self.size(&next, y);
            // Both corrections on one scale: measured by the state it leads to, a good step to a small state looks long.
            let shortened = self.size(&next, &kept) <= (1.0 - 0.25 * share) * size;
            if shortened || next_size <= CONVERGED {
                return Some((share, residual, next_size));
            }
            y.copy_from_slice(&kept);
            share *= 0.5;
        }
        None
    }

    fn residual(&mut self, y: &[L]) -> Vec<f64> {
        let at = At {
            t: self.at.t,
            y,
            p: self.at.p,
            past: self.at.past,
        };
        self.dynamics.derivative(&at, &mut self.f);
        self.rows
            .iter()
            .map(|row| self.f[*row].lane(self.lane))
            .collect()
    }

    /// Factors the block of the Jacobian on algebraic rows and columns.
    fn factor(&mut self, y: &[L]) -> Result<(), usize> {
        let mut jacobian = vec![L::splat(0.0); self.dynamics.columns().len()];
        let at = At {
            t: self.at.t,
            y,
            p: self.at.p,
            past: self.at.past,
        };
        self.dynamics.jacobian(&at, &mut jacobian);
        let matrix = self.lu.clear();
        for (k, row) in self.rows.iter().enumerate() {
            let places = self.dynamics.row_starts()[*row]..self.dynamics.row_starts()[row + 1];
            for (column, entry) in self.dynamics.columns()[places.clone()]
                .iter()
                .zip(&jacobian[places])
            {
                if let Ok(column) = self.rows.binary_search(column) {
                    matrix[k * self.rows.len() + column] += entry.lane(self.lane);
                }
            }
        }
        self.lu.factor().map_err(|column| column.0)
    }

    fn correction(&mut self, residual: &[f64]) -> Vec<f64> {
        let mut correction = residual.to_vec();
        self.lu.solve(&mut correction);
        correction
    }

    fn scaled(&self, k: usize, correction: &[f64], y: &[L]) -> f64 {
        let row = self.rows[k];
        let scale = self.control.atol[row] + self.control.rtol * y[row].lane(self.lane).abs();
        correction[k].abs() / (scale + f64::MIN_POSITIVE)
    }

    fn size(&self, correction: &[f64], y: &[L]) -> f64 {
        let scaled = (0..self.rows.len()).map(|k| self.scaled(k, correction, y));
        // Not `f64::max`, which would drop a NaN and take a broken step for a good one.
        scaled.fold(0.0, |most, s| if s > most || s.is_nan() { s } else { most })
    }

    fn largest(&self, correction: &[f64], y: &[L]) -> usize {
        let scaled = |k: usize| self.scaled(k, correction, y);
        (0..self.rows.len()).fold(
            0,
            |worst, k| if scaled(k) > scaled(worst) { k } else { worst },
        )
    }

    fn worst(&self, residual: &[f64]) -> usize {
        (0..residual.len()).fold(0, |worst, k| {
            if residual[k].abs() > residual[worst].abs() {
                k
            } else {
                worst
            }
        })
    }

    fn move_by(&self, y: &mut [L], correction: &[f64], share: f64) {
        for (row, correction) in self.rows.iter().zip(correction) {
            let moved = y[*row].lane(self.lane) - share * correction;
            y[*row] = y[*row].with_lane(self.lane, moved);
        }
    }

    fn failure(&self, kind: InconsistentKind, k: usize, residual: &[f64]) -> Inconsistent {
        Inconsistent {
            kind,
            row: self.rows[k],
            residual: residual[k].abs(),
        }
    }
}
