//! Model to program: one flat list of operations that any back-end can run.
//!
//! The way: `roles` says what each symbol is (slot, state, formula), `meaning` and `equations` turn symbols and formulas
//! into nodes of one `graph`, `derivative` differentiates it, `roots` and `moieties` read off what simulation needs, and
//! `emit` and `lu` write operations.

pub mod program;

mod algebraic;
mod assemble;
mod derivative;
mod emit;
mod equations;
mod events;
mod fast;
mod fold;
mod formula;
mod functions;
mod graph;
mod identities;
mod lu;
mod matching;
mod meaning;
mod moieties;
mod nominal;
mod ratio;
mod roles;
mod roots;
mod starts;
mod tangent;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use crate::diag::{Diagnostics, Warned};
use crate::model::{Formula, Model, Symbol};
use program::Program;

/// For which parameter slots ∂f/∂p is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ParameterDerivatives {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those with these ids.
    Of(Vec<String>),
}

impl ParameterDerivatives {
    /// Whether ∂f/∂p of the slot with this id is made.
    pub fn includes(&self, id: &str) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Of(ids) => ids.iter().any(|wanted| wanted == id),
        }
    }
}

/// What a caller wants besides the equations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// For which parameter slots ∂f/∂p is made.
    pub parameter_derivatives: ParameterDerivatives,
    /// Symbols that the caller changes during a run (inputs, infusions, boluses). They stay slots or states, and
    /// [`Program::targets`] tells how to set them.
    pub targets: Vec<Symbol>,
    /// Symbols whose start value the caller gives through a parameter slot of the same id; their initial assignments
    /// are set aside. What the model makes of them at the start follows. A compartment that nothing changes is a
    /// constant of the program unless it is named here, in `targets`, or in `parameter_derivatives`.
    pub starts: Vec<Symbol>,
    /// What is written down, where that is not everything ([`Program::quantities`], in the order of the model).
    pub observed: Option<Vec<Symbol>>,
    /// Symbols whose parameter slots a run may move, to see how everything else then moves: the program gets tangents
    /// ([`Program::tangents`]). For the start value of a state the symbol stands in `starts` as well.
    pub tangents: Vec<Symbol>,
}

/// Compiles a model, with extra formulas for the caller's own use.
///
/// Codes of findings begin with `compile/`. Cost grows with the size of the model and of its Jacobian; ∂f/∂p is the
/// dearest part and made only when asked for.
///
/// # Errors
/// All that keeps the model from being simulated right: cycles, missing values, algebraic rules without unknowns, random
/// draws, rates of change that fast reactions take part in, events or targets that set what a formula gives.
/// ```
/// # use insilin::compile::{Options, compile};
/// # use insilin::diag::{MemorySources, SourceMap};
/// # use insilin::model::lower::load;
/// let sources = MemorySources::new([("decay.ant", "A -> B; k*A\nA = 10; B = 0; k = 0.1")]);
/// let model = load("decay.ant", &sources, &mut SourceMap::new()).unwrap().value;
/// let program = compile(&model, &[], &Options::default()).unwrap().value;
/// assert_eq!(program.states.len(), 2);
/// assert_eq!(program.moieties.len(), 1); // A + B stays
/// ```
pub fn compile(
    model: &Model,
    extras: &[Formula],
    options: &Options,
) -> Result<Warned<Program>, Diagnostics> {
    let mut findings = Diagnostics::new();
    let roles = roles::find(model, options, &mut findings);
    if findings.has_errors() {
        return Err(findings);
    }
    let mut meaning = meaning::Meaning::new(model, roles, findings);
    let program = assemble::program(&mut meaning, extras, options);
    let findings = std::mem::take(&mut meaning.findings);
    match program {
        Some(program) => findings.into_result(program),
        None => Err(findings),
    }
}
