//! A system that does not know the time passes.

use crate::solve::{At, Dynamics};

/// A system with its time held.
pub struct Held<'a, D: ?Sized> {
    pub dynamics: &'a mut D,
    pub t: f64,
}

impl<D: Dynamics<f64> + ?Sized> Held<'_, D> {
    fn at<'b>(&self, at: &At<'b, f64>) -> At<'b, f64> {
        At { t: self.t, ..*at }
    }
}

impl<D: Dynamics<f64> + ?Sized> Dynamics<f64> for Held<'_, D> {
    fn n_states(&self) -> usize {
        self.dynamics.n_states()
    }
    fn n_parameters(&self) -> usize {
        self.dynamics.n_parameters()
    }
    fn n_roots(&self) -> usize {
        self.dynamics.n_roots()
    }
    fn n_lags(&self) -> usize {
        self.dynamics.n_lags()
    }
    fn mass(&self) -> &[f64] {
        self.dynamics.mass()
    }
    fn row_starts(&self) -> &[usize] {
        self.dynamics.row_starts()
    }
    fn columns(&self) -> &[usize] {
        self.dynamics.columns()
    }
    fn derivative(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.dynamics.derivative(&self.at(at), out);
    }
    fn jacobian(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.dynamics.jacobian(&self.at(at), out);
    }
    fn time_derivative(&mut self, _at: &At<'_, f64>, out: &mut [f64]) {
        out.fill(0.0);
    }
    fn parameter_derivative(&mut self, at: &At<'_, f64>, parameter: usize, out: &mut [f64]) {
        self.dynamics
            .parameter_derivative(&self.at(at), parameter, out);
    }
    fn factor(&mut self, jacobian: &[f64], shift: f64) -> bool {
        self.dynamics.factor(jacobian, shift)
    }
    fn solve(&mut self, b: &mut [f64]) {
        self.dynamics.solve(b);
    }
    fn roots(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.dynamics.roots(&self.at(at), out);
    }
    fn lags(&mut self, at: &At<'_, f64>, out: &mut [f64]) {
        self.dynamics.lags(&self.at(at), out);
    }
}
