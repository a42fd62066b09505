//! What a back-end runs: registers, operations in blocks, and what the blocks' outputs mean.
//!
//! A program works on one file of registers, each holding one number (or one lane pack of numbers):
//! constants, then parameters, then time, then states, then looked-up past values, then results that depend on
//! parameters alone (made by [`Program::hoist`]), then scratch. A block may read any register of those first groups,
//! and scratch that itself wrote earlier. No block depends on the scratch of another, except that [`LuProgram`]'s
//! parts share the registers it names.

use std::ops::Range;

use crate::diag::Span;

/// A register's index.
pub type Register = u32;

/// What an operation does with `a`, `b`, `c` to make `to`. Truth is 1.0, falsehood 0.0; non-zero counts as true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum OpCode {
    /// `a`
    Copy,
    /// `a + b`
    Add,
    /// `a − b`
    Sub,
    /// `a · b`
    Mul,
    /// `a ÷ b`
    Div,
    /// `a − b · c`, rounded after the product and again after the difference.
    SubMul,
    /// `a + b · c`, rounded after the product and again after the sum.
    AddMul,
    /// `−a`
    Neg,
    /// `|a|`
    Abs,
    /// `√a`
    Sqrt,
    /// Largest integer not above.
    Floor,
    /// Smallest integer not below.
    Ceil,
    /// Towards zero.
    Trunc,
    /// Smaller of two; NaN if either is.
    Min,
    /// Larger of two; NaN if either is.
    Max,
    /// `eᵃ`
    Exp,
    /// `ln a`
    Ln,
    /// `log₁₀ a`
    Log10,
    /// `aᵇ`
    Pow,
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// Tangent.
    Tan,
    /// Inverse sine.
    Asin,
    /// Inverse cosine.
    Acos,
    /// Inverse tangent.
    Atan,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Inverse hyperbolic sine.
    Asinh,
    /// Inverse hyperbolic cosine.
    Acosh,
    /// Inverse hyperbolic tangent.
    Atanh,
    /// `a!`
    Factorial,
    /// `a < b`
    Lt,
    /// `a ≤ b`
    Le,
    /// `a = b`
    Eq,
    /// `a ≠ b`
    Ne,
    /// Both true.
    And,
    /// Either true.
    Or,
    /// Exactly one true.
    Xor,
    /// Not true.
    Not,
    /// `b` where `a` is true, else `c`.
    Select,
}

/// One operation. Operands it does not use are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Op {
    /// What to do.
    pub code: OpCode,
    /// Where the result goes.
    pub to: Register,
    /// First operand.
    pub a: Register,
    /// Second operand.
    pub b: Register,
    /// Third operand.
    pub c: Register,
}

/// A stretch of operations and the registers that hold its results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Which operations of [`Program::ops`].
    pub ops: Range<usize>,
    /// Where the results are afterwards, in the order that the block's user knows.
    pub outputs: Vec<Register>,
}

/// Where the groups of registers start; each group is contiguous.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// First constant; values in [`Program::constants`].
    pub constants: Register,
    /// First parameter.
    pub parameters: Register,
    /// Time.
    pub time: Register,
    /// First state.
    pub states: Register,
    /// First looked-up past value, one per [`Program::delays`] entry.
    pub past: Register,
    /// First scratch or hoisted register.
    pub scratch: Register,
    /// How many registers there are.
    pub total: usize,
}

/// Rows and columns that may be non-zero, by rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Number of rows and of columns.
    pub n: usize,
    /// Where each row starts in `columns`; `n + 1` entries.
    pub row_starts: Vec<usize>,
    /// Column indices, rising within a row.
    pub columns: Vec<usize>,
}

impl Pattern {
    /// `(row, column)` of every entry in storage order.
    pub fn entries(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.n).flat_map(move |row| {
            let range = self.row_starts[row]..self.row_starts[row + 1];
            self.columns[range].iter().map(move |&column| (row, column))
        })
    }
}

/// One state of the integrator.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Id of the species (its amount), parameter, compartment or stoichiometry that it is.
    pub id: String,
    /// 1 for a differential row, 0 for an algebraic one.
    pub mass: f64,
    /// Size that the author gave it, for absolute tolerances; > 0.
    pub nominal: f64,
    /// Where its equation was written (rate rule, else first reaction).
    pub span: Span,
}

/// One number that runs may set: a constant parameter, an input, or a target of events or protocols.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSlot {
    /// Id in the model.
    pub id: String,
    /// Value in the model; NaN when it has none.
    pub value: f64,
}

/// A value of the past that the equations use.
#[derive(Clone, Debug, PartialEq)]
pub struct Delay {
    /// One output: how long ago, from present values; may read past registers of earlier entries.
    pub lag: Block,
    /// One output: the delayed formula, to be run at the past time and state; may itself read earlier entries.
    pub value: Block,
    /// One output: the delayed formula at a time before the start, with states and parameters as at the start, where that
    /// differs from `value`: initial assignments that follow time, rates of change.
    pub before: Option<Block>,
    /// The lag when it depends on nothing but constants.
    pub constant_lag: Option<f64>,
}

/// The factorisation and solution of `W x = b`, `W = shift · M − J`, as operations on fixed registers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LuProgram {
    /// Registers to fill with the Jacobian's values, in pattern order, before `factor`.
    pub jacobian: Vec<Register>,
    /// Register to fill with the shift before `factor`.
    pub shift: Register,
    /// Makes the factors. Outputs: −1 over each pivot (a zero or non-finite one means failure).
    pub factor: Block,
    /// Registers to fill with the right-hand side before `solve`, in state order.
    pub right_side: Vec<Register>,
    /// Makes the solution. Outputs: the solution in state order.
    pub solve: Block,
}

/// What an event or a protocol entry changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A state.
    State(usize),
    /// A parameter slot.
    Parameter(usize),
}

/// How a run sets a quantity that it was compiled to set (`Options::targets` and `Options::starts`).
#[derive(Clone, Debug, PartialEq)]
pub struct TargetProgram {
    /// The quantity.
    pub symbol: crate::model::Symbol,
    /// Where its value is kept. For a start given by the run: the slot with the start value.
    pub target: Target,
    /// Two outputs: what a value in the symbol's own meaning, and what an amount, is multiplied by to be kept.
    pub scale: Block,
}

/// One event of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct EventProgram {
    /// Its id.
    pub id: String,
    /// One output: truth of the trigger.
    pub trigger: Block,
    /// Roots of the program (indices into [`Program::roots`]) at which the trigger may change.
    pub roots: Vec<usize>,
    /// The trigger's value just before the start.
    pub initial_value: bool,
    /// Happens even if the trigger stops holding during the delay.
    pub persistent: bool,
    /// One output: the delay.
    pub delay: Option<Block>,
    /// One output: the priority.
    pub priority: Option<Block>,
    /// Values are computed when triggered.
    pub values_from_trigger_time: bool,
    /// One output per target, in order: what its symbol gets, in the symbol's own meaning.
    pub values: Block,
    /// One output per target, in order: what the value is multiplied by to be kept. To be run when the event is executed,
    /// before anything is assigned: a concentration holds in the size that the compartment has then.
    pub scales: Block,
    /// What gets the values.
    pub targets: Vec<Target>,
    /// Whether some value depends on states, present or past. Without that, what the event leaves behind is known even
    /// where it happens ever faster: its values are continuous there.
    pub values_follow_states: bool,
    /// Where it was written.
    pub span: Span,
}

/// Blocks of the tangents of one event: how its values move when the direction is followed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventTangents {
    /// One output: the tangent of the delay.
    pub delay: Option<Block>,
    /// The tangents of [`EventProgram::values`].
    pub values: Block,
    /// The tangents of [`EventProgram::scales`].
    pub scales: Block,
}

/// How a program moves when its parameters and start values are moved in one direction.
///
/// Behind the `n_states` states of the model follow their tangents, in the same order, and behind its parameter slots
/// those of `slots` and `time`. `Program::{derivative, jacobian, initial_states, initial_parameters, observe}` and their
/// lists cover the tangents as well. A run sets the tangents of the slots that it moves before the start. All blocks
/// here count with the tangent of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tangents {
    /// How many states the model has.
    pub n_states: usize,
    /// For each parameter slot of the model the slot of its tangent; none where it never moves.
    pub slots: Vec<Option<usize>>,
    /// The slot with the tangent of time: 0 but at a moment whose time moves.
    pub time: usize,
    /// The tangents of [`Program::roots`].
    pub roots: Block,
    /// Roots at which a rate of change may jump, because a comparison or a step of its formula changes there.
    pub steps: Vec<usize>,
    /// Those of [`Program::events`].
    pub events: Vec<EventTangents>,
    /// Those of [`Program::extras`].
    pub extras: Vec<Block>,
    /// Those of the scales of [`Program::targets`].
    pub targets: Vec<Block>,
}

/// A named quantity that can be read off at any time.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Id in the model.
    pub id: String,
    /// What it is.
    pub symbol: crate::model::Symbol,
}

/// A linear combination of states that no reaction changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Moiety {
    /// `(state, coefficient)`, the first being the one that is given by the others.
    pub terms: Vec<(usize, f64)>,
}

/// Fast reactions: how far each has run since the last look is an algebraic state, its extent.
///
/// While extents are not zero the states of the species are not yet their amounts. A run moves the extents into the
/// states whenever it looks: `states[moved] = amounts`, `states[extents] = 0`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FastReactions {
    /// The states that are extents. Their rows are zero at equilibrium.
    pub extents: Vec<usize>,
    /// The states of species that fast reactions change.
    pub moved: Vec<usize>,
    /// Makes the amounts of those. Outputs in the order of `moved`.
    pub amounts: Block,
    /// Roots of the program at which a row of an extent may change branch.
    pub roots: Vec<usize>,
}

/// Everything a run needs to know about a model.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// All operations; blocks are ranges of it.
    pub ops: Vec<Op>,
    /// Where each operation comes from in the model, for failures.
    pub op_spans: Vec<Span>,
    /// Values of the constant registers.
    pub constants: Vec<f64>,
    /// Where registers lie.
    pub layout: Layout,
    /// The states.
    pub states: Vec<State>,
    /// The parameter slots.
    pub parameters: Vec<ParameterSlot>,
    /// Makes all that depends on parameters and constants alone. No outputs.
    pub hoist: Block,
    /// Past values used by the equations.
    pub delays: Vec<Delay>,
    /// Makes dy/dt (or the algebraic residual) per state.
    pub derivative: Block,
    /// Where the Jacobian ∂f/∂y may be non-zero; all diagonal entries are present.
    pub pattern: Pattern,
    /// Makes the Jacobian's entries in pattern order.
    pub jacobian: Block,
    /// Makes ∂f/∂t per state (time as a symbol; past values held).
    pub time_derivative: Block,
    /// Makes ∂f/∂p of one parameter slot per state; one block per slot, without outputs for slots not asked for.
    pub parameter_derivatives: Vec<Block>,
    /// The linear algebra.
    pub lu: LuProgram,
    /// Makes continuous functions that change sign where a trigger or a branch changes. Outputs: one per root.
    pub roots: Block,
    /// For each root, whether it depends on time alone.
    pub root_is_time_only: Vec<bool>,
    /// For each root that is linear in time with coefficients from parameters alone, a block with one output: the time
    /// of its zero; for steps (`floor` and the like of time) the next one after the present time. The time may lie in
    /// the past, or not be finite when there is none.
    pub root_time_solutions: Vec<Option<Block>>,
    /// How to set what the caller asked to set: `Options::targets`, then `Options::starts`.
    pub targets: Vec<TargetProgram>,
    /// The model's events.
    pub events: Vec<EventProgram>,
    /// Makes parameter values that the model computes at the start (initial assignments, and amounts from start
    /// concentrations). It comes before everything else, whenever parameters were set before a start. Outputs in the
    /// order of `initial_parameter_slots`.
    pub initial_parameters: Block,
    /// Which slots those are.
    pub initial_parameter_slots: Vec<usize>,
    /// Makes the states at the start, from parameters and time. Outputs: one per state.
    pub initial_states: Block,
    /// Makes all named quantities. Outputs in the order of `quantities`.
    pub observe: Block,
    /// What `observe` gives.
    pub quantities: Vec<Quantity>,
    /// Formulas that the caller asked for besides (protocols, clamps, constraints), one output each.
    pub extras: Vec<Block>,
    /// Fast reactions.
    pub fast: FastReactions,
    /// Conserved combinations of states that neither rules nor events break.
    pub moieties: Vec<Moiety>,
    /// How all of it moves, when that was asked for (`Options::tangents`).
    pub tangents: Option<Tangents>,
}
