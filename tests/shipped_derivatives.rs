//! Of every shipped model: derivatives of the derivative, its linear algebra, and what it conserves.
//!
//! Two places per model: where it starts, and the middle of a run that was set going with moved states and inputs.

mod support;

#[path = "shipped_derivatives/differences.rs"]
mod differences;
#[path = "shipped_derivatives/linear.rs"]
mod linear;
#[path = "shipped_derivatives/moieties.rs"]
mod moieties;

use insilin::compile::program::Program;
use support::files::shipped_models;
use support::program::{Place, disturbed, shipped_program, start, walk};

/// Steps of the run in the middle of which derivatives are compared.
const STEPS: usize = 40;

/// Does something for each shipped model, its program, and its two places.
fn for_each_model(mut check: impl FnMut(&str, &Program, &[Place; 2])) {
    for path in shipped_models() {
        let program = shipped_program(&path);
        let run = walk(&program, &disturbed(&path, &program), STEPS);
        let places = [start(&program), run[STEPS / 2].clone()];
        check(&path, &program, &places);
    }
}
