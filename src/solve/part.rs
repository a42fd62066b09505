//! Some of the states of a system on their own, all others and time held.

use nalgebra::DMatrix;

use super::consistent::Place;
use super::linear::DenseLu;
use super::{At, Dynamics};

/// A matrix is taken for singular when, its rows and columns brought to size 1, its smallest singular value is below
/// this share of the largest: what is left then is mostly rounding.
const SINGULAR: f64 = 1e-12;

/// A part of a system as a system of its own: `M x′ = f` of the chosen rows, with a mass given to each.
pub struct Part<'a, D: ?Sized> {
    dynamics: &'a mut D,
    place: Place<'a, f64>,
    rows: Vec<usize>,
    mass: Vec<f64>,
    /// All states; those of the part are overwritten at each evaluation.
    y: Vec<f64>,
    f: Vec<f64>,
    entries: Vec<f64>,
    /// Which entries of the whole Jacobian are the part's.
    places: Vec<usize>,
    row_starts: Vec<usize>,
    columns: Vec<usize>,
    lu: DenseLu,
}

impl<'a, D: Dynamics<f64> + ?Sized> Part<'a, D> {
    /// The part of `rows`, rising, with their masses; `y` holds all states.
    pub fn new(
        dynamics: &'a mut D,
        place: Place<'a, f64>,
        y: &[f64],
        rows: Vec<usize>,
        mass: Vec<f64>,
    ) -> Self {
        let (mut places, mut row_starts, mut columns) = (Vec::new(), vec![0], Vec::new());
        for row in &rows {
            for at in dynamics.row_starts()[*row]..dynamics.row_starts()[row + 1] {
                if let Ok(column) = rows.binary_search(&dynamics.columns()[at]) {
                    places.push(at);
                    columns.push(column);
                }
            }
            row_starts.push(places.len());
        }
        Self {
            f: vec![0.0; y.len()],
            entries: vec![0.0; dynamics.columns().len()],
            lu: DenseLu::new(rows.len()),
            y: y.to_vec(),
            dynamics,
            place,
            rows,
            mass,
            places,
            row_starts,
            columns,
        }
    }

    /// The part's states.
    pub fn state(&self) -> Vec<f64> {
        self.rows.iter().map(|row| self.y[*row]).collect()
    }

    /// The Newton correction of the part at `x`, to be added; none when its Jacobian is singular.
    pub fn correction(&mut self, x: &[f64]) -> Option<Vec<f64>> {
        let mut b = vec![0.0; x.len()];
        self.derivative(&self.place.at(x), &mut b);
        self.solve_slopes(&mut b)?;
        Some(b)
    }

    /// Replaces `b` by the x of −J x = b at the present state of the part; none when J is singular.
    pub fn solve_slopes(&mut self, b: &mut [f64]) -> Option<()> {
        let x = self.state();
        let mut entries = vec![0.0; self.columns.len()];
        self.jacobian(&self.place.at(&x), &mut entries);
        let solvable = self.factor(&entries, 0.0);
        self.solve(b);
        (solvable && b.iter().all(|b| b.is_finite())).then_some(())
    }

    /// Whether the Jacobian of the part at `x` is singular to rounding, whatever the units of rows and states.
    pub fn is_singular(&mut self, x: &[f64]) -> bool {
        let mut entries = vec![0.0; self.columns.len()];
        self.jacobian(&self.place.at(x), &mut entries);
        let n = x.len();
        let mut matrix = DMatrix::<f64>::zeros(n, n);
        for row in 0..n {
            for at in self.row_starts[row]..self.row_starts[row + 1] {
                matrix[(row, self.columns[at])] = entries[at];
            }
        }
        for mut row in matrix.row_iter_mut() {
            let most = row.amax();
            row /= most;
        }
        for mut column in matrix.column_iter_mut() {
            let most = column.amax();
            column /= most;
        }
        if matrix.iter().any(|entry| !entry.is_finite()) {
            return true;
        }
        let values = matrix.singular_values();
        values.min() <= SINGULAR * values.max()
    }

    fn set(&mut self, x: &[f64]) {
        for (row, x) in self.rows.iter().zip(x) {
            self.y[*row] = *x;
        }
    }
}

impl<D: Dynamics<f64> + ?Sized> Dynamics<f64> for Part<'_, D> {
    fn n_states(&self) -> usize {
        self.rows.len()
    }
    fn n_parameters(&self) -> usize {
        self.dynamics.n_parameters()
    }
    fn n_roots(&self) -> usize {
        0
    }
    fn n_lags(&self) -> usize {
        // Delayed values are held as time is.
        0
    }
    fn mass(&self) -> &[f64] {
        &self.mass
    }
    fn row_starts(&self) -> &[usize] {
        &self.row_starts
    }
    fn columns(&self) -> &[usize] {
        &self.columns
    }
    fn derivative(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.set(at.y);
        let whole = self.place.at(&self.y);
        self.dynamics.derivative(&whole, &mut self.f);
        for (out, row) in out.iter_mut().zip(&self.rows) {
            *out = self.f[*row];
        }
    }
    fn jacobian(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.set(at.y);
        let whole = self.place.at(&self.y);
        self.dynamics.jacobian(&whole, &mut self.entries);
        for (out, place) in out.iter_mut().zip(&self.places) {
            *out = self.entries[*place];
        }
    }
    fn time_derivative(&mut self, _at: &At<'_, f64>, out: &mut [f64]) {
        out.fill(0.0);
    }
    fn parameter_derivative(&mut self, at: &At<'_, f64>, parameter: usize, out: &mut [f64]) {
        self.set(at.y);
        let whole = self.place.at(&self.y);
        self.dynamics
            .parameter_derivative(&whole, parameter, &mut self.f);
        for (out, row) in out.iter_mut().zip(&self.rows) {
            *out = self.f[*row];
        }
    }
    fn factor(&mut self, jacobian: &[f64], shift: f64) -> bool {
        let n = self.rows.len();
        let matrix = self.lu.clear();
        for row in 0..n {
            for at in self.row_starts[row]..self.row_starts[row + 1] {
                matrix[row * n + self.columns[at]] = -jacobian[at];
            }
            matrix[row * n + row] += shift * self.mass[row];
        }
        self.lu.factor().is_ok()
    }
    fn solve(&mut self, b: &mut [f64]) {
        self.lu.solve(b);
    }
    fn roots(&mut self, _at: &At<'_, f64>, _out: &mut [f64]) {}
    fn lags(&mut self, _at: &At<'_, f64>, _out: &mut [f64]) {}
}
