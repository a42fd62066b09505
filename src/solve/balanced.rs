//! A system in which extents of fast processes are algebraic unknowns, in coordinates that come to rest when it does.
//!
//! While fast processes carry what slow ones bring, extents and the states that they lead between run on without end at
//! a steady state. Here each extent is exchanged for one state that it changes (its pivot), whose row becomes the
//! balance of the fast process; what is left of the other states is the combination that no extent changes.

use super::consistent::Place;
use super::linear::DenseLu;
use super::{At, Dynamics};

/// A pivot below this share of the largest entry of its direction is taken for zero.
const NOTHING: f64 = 1e-12;

/// The row of an extent, and how much of it goes to which state.
pub type Direction = (usize, Vec<(usize, f64)>);

/// The system without its extents.
pub struct Balanced<'a, D: ?Sized> {
    dynamics: &'a mut D,
    place: Place<'a, f64>,
    /// States of the whole system that are states here, rising.
    kept: Vec<usize>,
    /// Per extent: its row in the whole system, and the place of its pivot among the kept.
    pivots: Vec<(usize, usize)>,
    /// `(kept state, pivot number, how much of the pivot it contains)`.
    shares: Vec<(usize, usize, f64)>,
    mass: Vec<f64>,
    row_starts: Vec<usize>,
    columns: Vec<usize>,
    y: Vec<f64>,
    f: Vec<f64>,
    entries: Vec<f64>,
    lu: DenseLu,
}

impl<'a, D: Dynamics<f64> + ?Sized> Balanced<'a, D> {
    /// * `y` — all states; extents that are not among `directions` are held
    /// * `held` — rows that are no states here besides the extents given
    /// * `directions` — per extent its row, and how much of it goes to which state
    ///
    /// None when the directions depend on each other.
    pub fn new(
        dynamics: &'a mut D,
        place: Place<'a, f64>,
        y: &[f64],
        held: &[usize],
        directions: &[Direction],
    ) -> Option<Self> {
        let is_extent = |state: &usize| directions.iter().any(|(row, _)| row == state);
        let kept: Vec<usize> = (0..y.len())
            .filter(|state| !held.contains(state) && !is_extent(state))
            .collect();
        let n = kept.len();
        let (pivots, shares) = eliminate(&kept, directions)?;
        let mut mass: Vec<f64> = kept.iter().map(|state| dynamics.mass()[*state]).collect();
        pivots.iter().for_each(|(_, at)| mass[*at] = 0.0);
        Some(Self {
            f: vec![0.0; y.len()],
            entries: vec![0.0; dynamics.columns().len()],
            y: y.to_vec(),
            dynamics,
            place,
            kept,
            pivots,
            shares,
            mass,
            row_starts: (0..=n).map(|row| row * n).collect(),
            columns: (0..n * n).map(|at| at % n).collect(),
            lu: DenseLu::new(n),
        })
    }

    /// The states of the whole system that are states here, in order.
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// Whether a state here is a pivot.
    pub fn is_pivot(&self, at: usize) -> bool {
        self.pivots.iter().any(|(_, pivot)| *pivot == at)
    }

    /// The states here that belong to the states `y` of the whole system.
    pub fn coordinates(&self, y: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = self.kept.iter().map(|state| y[*state]).collect();
        for &(at, pivot, share) in &self.shares {
            x[at] -= share * y[self.kept[self.pivots[pivot].1]];
        }
        x
    }

    /// The states of the whole system that belong to `x`.
    pub fn whole(&mut self, x: &[f64]) -> &[f64] {
        for (state, x) in self.kept.iter().zip(x) {
            self.y[*state] = *x;
        }
        for &(at, pivot, share) in &self.shares {
            self.y[self.kept[at]] += share * x[self.pivots[pivot].1];
        }
        &self.y
    }

    /// From rows of the whole system to rows here.
    fn rows(&self, whole: &[f64]) -> Vec<f64> {
        let mut rows: Vec<f64> = self.kept.iter().map(|state| whole[*state]).collect();
        for &(at, pivot, share) in &self.shares {
            rows[at] -= share * whole[self.kept[self.pivots[pivot].1]];
        }
        for &(row, at) in &self.pivots {
            rows[at] = whole[row];
        }
        rows
    }
}

type Elimination = (Vec<(usize, usize)>, Vec<(usize, usize, f64)>);

/// Gauss–Jordan over the directions, the largest entry of each being its pivot.
fn eliminate(kept: &[usize], directions: &[Direction]) -> Option<Elimination> {
    let dense = |entries: &Vec<(usize, f64)>| {
        let mut column = vec![0.0; kept.len()];
        for (state, number) in entries {
            if let Ok(at) = kept.binary_search(state) {
                column[at] += number;
            }
        }
        column
    };
    let mut columns: Vec<Vec<f64>> = directions
        .iter()
        .map(|(_, entries)| dense(entries))
        .collect();
    let mut pivots: Vec<(usize, usize)> = Vec::with_capacity(columns.len());
    for k in 0..columns.len() {
        let entry = |at: usize| columns[k][at].abs();
        let pivot = (0..kept.len()).fold(
            0,
            |best, at| if entry(at) > entry(best) { at } else { best },
        );
        let before = directions[k]
            .1
            .iter()
            .fold(0.0, |most, (_, n)| f64::max(most, n.abs()));
        let is_nothing = |entry: f64| entry <= NOTHING * before || entry.is_nan();
        if kept.is_empty() || is_nothing(entry(pivot)) {
            return None;
        }
        let scale = columns[k][pivot];
        columns[k].iter_mut().for_each(|entry| *entry /= scale);
        let own = columns[k].clone();
        let others = columns
            .iter_mut()
            .enumerate()
            .filter(|(other, _)| *other != k);
        for (_, column) in others {
            let factor = column[pivot];
            for (entry, own) in column.iter_mut().zip(&own) {
                *entry -= factor * own;
            }
        }
        pivots.push((directions[k].0, pivot));
    }
    let is_pivot = |at: usize| pivots.iter().any(|(_, pivot)| *pivot == at);
    let mut shares = Vec::new();
    for (k, column) in columns.iter().enumerate() {
        let entries = column.iter().enumerate();
        let others = entries.filter(|(at, share)| **share != 0.0 && !is_pivot(*at));
        shares.extend(others.map(|(at, share)| (at, k, *share)));
    }
    Some((pivots, shares))
}

impl<D: Dynamics<f64> + ?Sized> Dynamics<f64> for Balanced<'_, D> {
    fn n_states(&self) -> usize {
        self.kept.len()
    }
    fn n_parameters(&self) -> usize {
        self.dynamics.n_parameters()
    }
    fn n_roots(&self) -> usize {
        0
    }
    fn n_lags(&self) -> usize {
        self.dynamics.n_lags()
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
        self.whole(at.y);
        let whole = self.place.at(&self.y);
        self.dynamics.derivative(&whole, &mut self.f);
        out.copy_from_slice(&self.rows(&self.f));
    }
    fn jacobian(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.whole(at.y);
        let whole = self.place.at(&self.y);
        self.dynamics.jacobian(&whole, &mut self.entries);
        let n = self.kept.len();
        let mut columns = vec![vec![0.0; self.y.len()]; self.y.len()];
        for (row, ends) in self.dynamics.row_starts().windows(2).enumerate() {
            for place in ends[0]..ends[1] {
                columns[self.dynamics.columns()[place]][row] = self.entries[place];
            }
        }
        let mut kept: Vec<Vec<f64>> = self
            .kept
            .iter()
            .map(|state| columns[*state].clone())
            .collect();
        for &(at, pivot, share) in &self.shares {
            for (entry, other) in kept[self.pivots[pivot].1]
                .iter_mut()
                .zip(&columns[self.kept[at]])
            {
                *entry += share * other;
            }
        }
        for (column, whole) in kept.iter().enumerate() {
            for (row, entry) in self.rows(whole).into_iter().enumerate() {
                out[row * n + column] = entry;
            }
        }
    }
    fn time_derivative(&mut self, _at: &At<'_, f64>, out: &mut [f64]) {
        // Time is held where steady states are looked for.
        out.fill(0.0);
    }
    fn parameter_derivative(&mut self, at: &At<'_, f64>, parameter: usize, out: &mut [f64]) {
        self.whole(at.y);
        let whole = self.place.at(&self.y);
        self.dynamics
            .parameter_derivative(&whole, parameter, &mut self.f);
        out.copy_from_slice(&self.rows(&self.f));
    }
    fn factor(&mut self, jacobian: &[f64], shift: f64) -> bool {
        let n = self.kept.len();
        let matrix = self.lu.clear();
        for (entry, j) in matrix.iter_mut().zip(jacobian) {
            *entry = -j;
        }
        for row in 0..n {
            matrix[row * n + row] += shift * self.mass[row];
        }
        self.lu.factor().is_ok()
    }
    fn solve(&mut self, b: &mut [f64]) {
        self.lu.solve(b);
    }
    fn roots(&mut self, _at: &At<'_, f64>, _out: &mut [f64]) {}
    fn lags(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.whole(at.y);
        let whole = self.place.at(&self.y);
        self.dynamics.lags(&whole, out);
    }
}
