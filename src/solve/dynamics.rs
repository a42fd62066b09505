//! The contract between a model and an integrator.

use crate::math::Lane;

/// Where the right-hand side is asked for, one time and state per lane.
#[derive(Clone, Copy)]
pub struct At<'a, L: Lane> {
    /// Time.
    pub t: L,
    /// States.
    pub y: &'a [L],
    /// Parameters.
    pub p: &'a [L],
    /// What has been, for equations with delays.
    pub past: &'a dyn Past,
}

/// States and parameters at earlier times.
pub trait Past {
    /// Fills `y` and `p` with the states and parameters of `lane` at time `t`.
    ///
    /// `t` before the start gives the values at the start; `t` after the last accepted step extrapolates it. At a jump
    /// the values after it count. Returns whether `t` lies before the start.
    fn at(&self, lane: usize, t: f64, y: &mut [f64], p: &mut [f64]) -> bool;
}

/// For systems without delays.
pub struct NoPast;

impl Past for NoPast {
    fn at(&self, _lane: usize, _t: f64, y: &mut [f64], p: &mut [f64]) -> bool {
        // Reached only when a system with delays is run without a history: make the mistake visible.
        y.fill(f64::NAN);
        p.fill(f64::NAN);
        false
    }
}

/// A system M y′ = f(t, y, p) with a diagonal mass matrix of ones and zeros, `L::WIDTH` independent copies at a time.
///
/// Rows with mass 0 are algebraic: 0 = f. They must be of index 1 (the block of ∂f/∂y on those rows and columns is
/// regular along the solution). Slices have one entry per state (or as said) and each entry holds all lanes.
pub trait Dynamics<L: Lane> {
    /// Number of states.
    fn n_states(&self) -> usize;
    /// Number of parameters.
    fn n_parameters(&self) -> usize;
    /// Number of root functions.
    fn n_roots(&self) -> usize;
    /// Number of delayed values.
    fn n_lags(&self) -> usize;
    /// The diagonal of M, 1.0 or 0.0 per state.
    fn mass(&self) -> &[f64];
    /// Row starts (n + 1) of the Jacobian's storage, by rows.
    fn row_starts(&self) -> &[usize];
    /// Column indices of the Jacobian's storage.
    fn columns(&self) -> &[usize];
    /// Tells that parameters given as this very slice do not change until [`release`](Self::release), so that they need
    /// not be compared at every call. Hold a slice only while it is borrowed. By default nothing.
    fn hold(&mut self, _p: &[L]) {}
    /// Ends [`hold`](Self::hold).
    fn release(&mut self) {}
    /// f into `out`.
    fn derivative(&mut self, at: &At<'_, L>, out: &mut [L]);
    /// ∂f/∂y into `out`, one entry per stored place. Delayed values are held.
    fn jacobian(&mut self, at: &At<'_, L>, out: &mut [L]);
    /// ∂f/∂t into `out`.
    fn time_derivative(&mut self, at: &At<'_, L>, out: &mut [L]);
    /// ∂f/∂p of one parameter into `out`.
    fn parameter_derivative(&mut self, at: &At<'_, L>, parameter: usize, out: &mut [L]);
    /// Factors W = shift · M − J from the stored entries of J; the mask tells the lanes in which it worked.
    fn factor(&mut self, jacobian: &[L], shift: L) -> L::Mask;
    /// Replaces `b` by the x of W x = b, with the factors made last.
    fn solve(&mut self, b: &mut [L]);
    /// Root functions into `out`.
    fn roots(&mut self, at: &At<'_, L>, out: &mut [L]);
    /// The lags of delayed values into `out`, each ≥ 0.
    fn lags(&mut self, at: &At<'_, L>, out: &mut [L]);
}
