//! Machine code of an experiment's program, made when a run first wants it and then shared.

use std::sync::{Arc, OnceLock};

use crate::compile::program::Program;
use crate::kernel::Code;

use super::options::Kernels;

/// Attempts at steps after which a single run that has no code yet makes some.
///
/// By then the interpreter has lost to the code what making the code costs: 20 to 30 attempts on the shipped models, see
/// docs/performance.md. Waiting for as long never costs more than twice the better choice.
const REPAID_AFTER: u64 = 30;

/// Code for packs of 1, 4 and 8, as far as it was asked for; none inside where there can be none.
#[derive(Clone, Debug, Default)]
pub struct Codes([OnceLock<Option<Arc<Code>>>; 3]);

impl Codes {
    fn slot(&self, width: usize) -> &OnceLock<Option<Arc<Code>>> {
        match width {
            1 => &self.0[0],
            4 => &self.0[1],
            _ => &self.0[2],
        }
    }

    /// The code of a program, always the same one, for packs of a width.
    pub fn get(&self, program: &Program, width: usize) -> Option<Arc<Code>> {
        let make = || Code::generate(program, width).map(Arc::new);
        self.slot(width).get_or_init(make).clone()
    }

    /// The number of attempts at steps before which a run is not to ask for code; none when it is never to ask.
    ///
    /// Neither this choice nor its moment changes a bit of any number.
    pub fn wanted_after(&self, kernels: Kernels, width: usize) -> Option<u64> {
        match kernels {
            Kernels::Tape => None,
            Kernels::Native => Some(0),
            Kernels::Auto if width > 1 || self.slot(1).get().is_some() => Some(0),
            Kernels::Auto => Some(REPAID_AFTER),
        }
    }
}
