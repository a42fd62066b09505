//! How to integrate.

/// Choices of a run that do not change what is simulated, only how.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Relative tolerance per step.
    pub rtol: f64,
    /// Absolute tolerance per step, relative to each state's nominal value.
    pub atol: f64,
    /// The integrator.
    pub method: Method,
    /// Longest step, in the model's time unit.
    pub max_step: f64,
    /// Most steps, accepted and rejected, before the run is given up.
    pub max_steps: u64,
    /// Order of simultaneous events of equal priority.
    pub event_order: EventOrder,
    /// Seed of the named random streams.
    pub seed: u64,
    /// What runs the equations. Changes no bit of any number, and is in no record for that reason.
    pub kernels: Kernels,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rtol: 1e-6,
            atol: 1e-9,
            method: Method::Rodas5P,
            max_step: f64::INFINITY,
            max_steps: 10_000_000,
            event_order: EventOrder::Random,
            seed: 0,
            kernels: Kernels::Auto,
        }
    }
}

/// The integrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Rosenbrock, order 5, stiff and not, everything a model may contain.
    Rodas5P,
    /// Dormand–Prince 5(4), explicit, smooth non-stiff models only.
    Dopri5,
    /// Dormand–Prince 8(5,3), explicit, smooth non-stiff models only.
    Dop853,
}

/// What runs the equations; all give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernels {
    /// Machine code for runs side by side, and for single runs once they are long enough to repay making it.
    Auto,
    /// The interpreter.
    Tape,
    /// Machine code from the first step, where the processor has what it needs.
    Native,
}

/// The order of simultaneous events of equal priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventOrder {
    /// Drawn from the seed, as SBML asks.
    Random,
    /// As in the file.
    File,
}
