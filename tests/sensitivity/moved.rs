//! What the tests of sensitivities share.

use insilin::diag::render_all;
use insilin::simulate::Options;
use insilin::simulate::sensitivity::{self, Request, Sensitivities};

use crate::support::{Case, at, tight};

/// A run with its sensitivities, to read numbers off.
pub struct Moved(pub Sensitivities);

/// Runs a model with sensitivities by some of its symbols.
pub fn moved(model: &str, scenario: &str, ids: &[&str]) -> Moved {
    match try_moved(model, scenario, ids, &tight()) {
        Ok(moved) => moved,
        Err(said) => panic!("{said}"),
    }
}

pub fn try_moved(
    model: &str,
    scenario: &str,
    ids: &[&str],
    options: &Options,
) -> Result<Moved, String> {
    let case = Case::new(model, scenario);
    let symbols = ids.iter().map(|id| case.arm.model.symbol(id));
    let request = Request {
        parameters: symbols.map(|s| s.expect("it is in the model")).collect(),
    };
    match sensitivity::run(&case.arm, &request, options) {
        Ok(made) => Ok(Moved(made.value)),
        Err(findings) => Err(render_all(&findings, &case.map)),
    }
}

impl Moved {
    /// `dX/dp` at a time of the grid.
    pub fn at(&self, x: &str, p: &str, time: f64) -> f64 {
        let mut all = self.0.parameters.iter();
        let found = all.find(|one| one.id == p).expect("it was asked for");
        at(&found.derivatives, x, time)
    }

    /// Checks `dX/dp` against a function of time at all times of the grid but those in `apart`, within `tolerance`.
    pub fn check(&self, [x, p]: [&str; 2], tolerance: f64, expected: impl Fn(f64) -> f64) {
        for &time in &self.0.run.trajectory.time {
            let (value, expected) = (self.at(x, p, time), expected(time));
            assert!(
                (value - expected).abs() <= tolerance,
                "d{x}/d{p} at {time}: {value} instead of {expected}"
            );
        }
    }
}
