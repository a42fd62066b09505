//! Local sensitivities: how every quantity of a run moves with parameters and start values, exactly.
//!
//! The model is differentiated symbolically (`compile::tangent`) and its tangents are integrated beside the states, one
//! parameter at a time, through everything that happens (`simulate::tangent`). No differences are taken.

use ndarray::Array2;

use crate::compile;
use crate::compile::program::Program;
use crate::diag::{Diagnostic, Diagnostics, Span, Warned};
use crate::model::{Model, Rule, Symbol};
use crate::scenario::{Arm, Start};
use crate::solve::NoPast;
use crate::trajectory::Trajectory;

use super::evaluator::Evaluator;
use super::failure::Failure;
use super::machine::Machine;
use super::options::{Method, Options};
use super::plan::{Experiment, targets};
use super::{Run, Work, column, drive, run_with, start};

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Parameters by their value; states (species, and what rate rules drive) and inputs by the value they start from.
    /// One with an initial assignment is moved by itself, its assignment being set aside.
    pub parameters: Vec<Symbol>,
}

/// A run and how it moves.
#[derive(Clone, Debug)]
pub struct Sensitivities {
    /// The run itself, with the bytes of a plain one.
    pub run: Run,
    /// One per parameter asked for, in that order.
    pub parameters: Vec<Sensitivity>,
    /// What the tangents cost: steps of all parameters together.
    pub work: Work,
}

/// How a run moves with one parameter.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    /// The parameter.
    pub symbol: Symbol,
    /// Its id.
    pub id: String,
    /// Its value, in the model's unit.
    pub value: f64,
    /// Display form of its unit; empty for dimensionless or undeclared.
    pub unit: String,
    /// `dX/dp` of every column `X` of the run at the same times, in the unit of `X` per that of `p`, at fixed time.
    pub derivatives: Trajectory,
}

/// Runs an arm together with its derivatives by the parameters asked for.
///
/// Each parameter costs about as much as a run of a model with twice the states. The steps of those runs follow the
/// tolerances of `options` for states and tangents alike, a tangent counting as how far its state moves when the
/// parameter is moved by its own size.
///
/// # Errors
/// Codes `compile/no-sensitivity` (delayed values, fast reactions), `simulate/not-a-parameter` and `simulate/driven-parameter`, and
/// all that a run can fail with. Conditions that are touched without being crossed have no derivative
/// (`simulate/grazing`).
pub fn run(
    arm: &Arm,
    request: &Request,
    options: &Options,
) -> Result<Warned<Sensitivities>, Diagnostics> {
    let mut findings = Diagnostics::new();
    for symbol in &request.parameters {
        refusal(arm, *symbol)
            .into_iter()
            .for_each(|f| findings.push(f));
    }
    if findings.has_errors() {
        return Err(findings);
    }
    let options = &Options {
        method: Method::Rodas5P,
        ..options.clone()
    };
    let Warned {
        value,
        mut warnings,
    } = Experiment::new(arm)?;
    let base = Base::new(value, arm, options).map_err(told)?;
    let mut work = Work::default();
    let mut found: Vec<Option<Sensitivity>> = vec![None; request.parameters.len()];
    for group in groups(arm, &request.parameters) {
        let symbols: Vec<Symbol> = group.iter().map(|at| request.parameters[*at]).collect();
        let moving = Moving::new(arm, &symbols)?;
        for (at, symbol) in group.into_iter().zip(symbols) {
            let done = moving.run(arm, &base, symbol, options).map_err(told)?;
            let (sensitivity, done, border) = done;
            warnings.0.extend(border);
            work.accepted += done.accepted;
            work.rejected += done.rejected;
            work.events += done.events;
            found[at] = Some(sensitivity);
        }
    }
    let value = Sensitivities {
        run: base.run,
        parameters: found.into_iter().flatten().collect(),
        work,
    };
    Ok(Warned { value, warnings })
}

/// The parameters of an arm that have a plain number of their own, keep it, and are not driven by the protocol.
pub fn parameters(arm: &Arm) -> Vec<Symbol> {
    let model = &arm.model;
    let is_plain = |symbol: &Symbol| match *symbol {
        Symbol::Parameter(at) => {
            let parameter = &model.parameters[at];
            let computed = has_initial_assignment(model, *symbol) || is_ruled(model, *symbol);
            parameter.value.is_some() && !parameter.input && !computed
        }
        _ => false,
    };
    let changed = |symbol: &Symbol| {
        let by_events = model.events.iter().flat_map(|event| &event.assignments);
        let mut by_events = by_events.map(|(target, _)| target);
        by_events.any(|target| target == symbol) || targets(&arm.protocol).any(|t| t == *symbol)
    };
    let symbols = model.symbols();
    symbols
        .filter(|symbol| is_plain(symbol) && !changed(symbol))
        .collect()
}

/// The plain number that a parameter or start value has in the model of an arm, in its own meaning; none where it has none
/// or a formula gives it.
pub fn plain_value(arm: &Arm, symbol: Symbol) -> Option<f64> {
    let model = &arm.model;
    if has_initial_assignment(model, symbol) || is_assigned(model, symbol) {
        return None;
    }
    match symbol {
        Symbol::Parameter(at) => model.parameters[at].value,
        Symbol::Compartment(at) => model.compartments[at].size,
        Symbol::Species(_) | Symbol::Stoichiometry(_) => start_value(arm, symbol),
        Symbol::Reaction(_) | Symbol::Argument(_) => None,
    }
}

/// The value of a symbol at the start of a plain run.
fn start_value(arm: &Arm, symbol: Symbol) -> Option<f64> {
    let experiment = Experiment::varying(arm, [symbol]).ok()?.value;
    let mut evaluator = Evaluator::new(&experiment.program, &Options::default());
    let p = start::parameters(&experiment, &mut evaluator, &[]);
    let (slot, factor) = experiment.setting(arm, symbol);
    Some(p[slot] / factor)
}

/// Why a run cannot be moved by a symbol; none when it can.
pub fn refusal(arm: &Arm, symbol: Symbol) -> Option<Diagnostic> {
    let model = &arm.model;
    let identity = model.identity(symbol);
    let id = &identity.id;
    let computed = matches!(symbol, Symbol::Reaction(_)) || is_assigned(model, symbol);
    if computed {
        let message = format!("`{id}` is no parameter: a formula gives its value at all times");
        return Some(
            Diagnostic::error("simulate/not-a-parameter", message)
                .at(identity.span)
                .hint("name what its formula is made of"),
        );
    }
    let is_driven = !is_ruled(model, symbol)
        && !matches!(symbol, Symbol::Species(_))
        && targets(&arm.protocol).any(|target| target == symbol);
    is_driven.then(|| {
        let message = format!("the protocol sets `{id}`: its own value counts for nothing");
        Diagnostic::error("simulate/driven-parameter", message)
            .at(identity.span)
            .hint("vary the protocol in scenarios of its own and compare them")
    })
}

fn told(failure: Failure) -> Diagnostics {
    Diagnostics::from(failure.diagnostic())
}

fn is_assigned(model: &Model, symbol: Symbol) -> bool {
    let mut rules = model.rules.iter();
    rules.any(|rule| matches!(rule, Rule::Assignment(target, _) if *target == symbol))
}

fn is_ruled(model: &Model, symbol: Symbol) -> bool {
    model.rule_of(symbol).is_some()
}

fn has_initial_assignment(model: &Model, symbol: Symbol) -> bool {
    let mut assignments = model.initial_assignments.iter();
    assignments.any(|assignment| assignment.symbol == symbol)
}

/// What is moved by itself, because giving its value sets something aside on which others may depend.
fn is_alone(model: &Model, symbol: Symbol) -> bool {
    matches!(symbol, Symbol::Compartment(_)) || has_initial_assignment(model, symbol)
}

/// Places of symbols whose tangents one program can carry.
fn groups(arm: &Arm, symbols: &[Symbol]) -> Vec<Vec<usize>> {
    let (alone, together): (Vec<usize>, Vec<usize>) =
        (0..symbols.len()).partition(|at| is_alone(&arm.model, symbols[*at]));
    let mut groups: Vec<Vec<usize>> = alone.into_iter().map(|at| vec![at]).collect();
    if !together.is_empty() {
        groups.push(together);
    }
    groups
}

/// The plain run.
struct Base {
    experiment: Experiment,
    run: Run,
    /// The state from which it starts, when that is a steady one.
    settled: Option<Vec<f64>>,
    /// Parameters, and states before any settling.
    p: Vec<f64>,
    y: Vec<f64>,
}

impl Base {
    fn new(experiment: Experiment, arm: &Arm, options: &Options) -> Result<Self, Failure> {
        let run = run_with(&experiment, arm, &[], options)?;
        let mut evaluator = Evaluator::new(&experiment.program, options);
        let machine = start::machine(&experiment, &[], options, &mut evaluator)?;
        let Machine { y, p, .. } = machine;
        let settled = (experiment.start == Start::SteadyState).then_some(y);
        let y = start::states(&experiment, &mut evaluator, &p);
        drop(evaluator);
        Ok(Self {
            settled,
            run,
            y,
            p,
            experiment,
        })
    }

    /// The value of a symbol at the start, before any settling, in its own meaning.
    fn value(&self, arm: &Arm, symbol: Symbol) -> f64 {
        let program = &self.experiment.program;
        let mut all = vec![0.0; program.quantities.len()];
        let mut evaluator = Evaluator::new(program, &Options::default());
        let from = self.experiment.from;
        evaluator.values(&program.observe, from, &self.y, &self.p, &NoPast, &mut all);
        let mut quantities = program.quantities.iter();
        if let Some(at) = quantities.position(|quantity| quantity.symbol == symbol) {
            return all[at];
        }
        let id = &arm.model.identity(symbol).id;
        let mut slots = program.parameters.iter();
        slots
            .position(|slot| slot.id == *id)
            .map_or(f64::NAN, |at| self.p[at])
    }
}

/// An arm compiled with tangents by some parameters.
struct Moving {
    experiment: Experiment,
}

impl Moving {
    fn new(arm: &Arm, symbols: &[Symbol]) -> Result<Self, Diagnostics> {
        // Plain parameters have slots anyway; naming them as starts would make protocols restore other values.
        let is_plain = |symbol: &Symbol| {
            matches!(symbol, Symbol::Parameter(_) | Symbol::Stoichiometry(_))
                && !is_ruled(&arm.model, *symbol)
                && !has_initial_assignment(&arm.model, *symbol)
        };
        let starts = symbols.iter().filter(|symbol| !is_plain(symbol));
        let options = compile::Options {
            starts: starts.copied().collect(),
            tangents: symbols.to_vec(),
            ..compile::Options::default()
        };
        let experiment = Experiment::with_options(arm, &options)?.value;
        Ok(Self { experiment })
    }

    fn run(
        &self,
        arm: &Arm,
        base: &Base,
        symbol: Symbol,
        options: &Options,
    ) -> Result<(Sensitivity, Work, Option<Diagnostic>), Failure> {
        let value = base.value(arm, symbol);
        let size = direction(value);
        let program = &self.experiment.program;
        let slot = |value: f64| self.experiment.overrides(arm, symbol, &[value])[0][0];
        let (moved, tangent) = slot(size);
        let slots = program
            .tangents
            .iter()
            .flat_map(|made| made.slots.get(moved));
        let place = slots.flatten().next();
        let place = *place.expect("what is asked for has a slot for its tangent");
        let mut set = vec![(place, tangent)];
        if is_alone(&arm.model, symbol) {
            set.push(slot(value));
        }
        let mut evaluator = Evaluator::new(program, options);
        let settled = base.settled.as_deref();
        let machine =
            start::machine_with(&self.experiment, &set, options, &mut evaluator, settled)?;
        let (machine, steps) = drive::drive_one(machine, &mut evaluator, options)?;
        let work = super::work(&machine, steps);
        let unit = unit_of(&arm.model, symbol);
        let border = machine.starts_on_border().map(|span| {
            let id = &arm.model.identity(symbol).id;
            on_border(id, span)
        });
        let sensitivity = Sensitivity {
            derivatives: derivatives(arm, program, machine, size, &unit),
            symbol,
            id: arm.model.identity(symbol).id.clone(),
            value,
            unit,
        };
        Ok((sensitivity, work, border))
    }
}

fn on_border(id: &str, span: Span) -> Diagnostic {
    let message = format!(
        "a condition stands exactly on its border at the start: the sensitivities by `{id}` hold for one side of it"
    );
    Diagnostic::warning("simulate/on-border", message)
        .at(span)
        .hint("move the value a little to see either side")
}

/// How far a parameter is moved: by its own size, so that tangents are as large as what they belong to.
fn direction(value: f64) -> f64 {
    if value != 0.0 && value.is_finite() {
        value.abs()
    } else {
        1.0
    }
}

fn unit_of(model: &Model, symbol: Symbol) -> String {
    model
        .unit_of(symbol)
        .map_or_else(String::new, |unit| unit.display(&model.unit_definitions))
}

/// The tangents of a finished run's rows, per unit of the parameter.
fn derivatives(
    arm: &Arm,
    program: &Program,
    machine: Machine<'_>,
    size: f64,
    unit: &str,
) -> Trajectory {
    // Quantities come twice, the second time as tangents.
    let n = program.quantities.len() / 2;
    let columns = program.quantities[..n].iter().map(|quantity| {
        let mut column = column(&arm.model, quantity);
        column.unit = per(&column.unit, unit);
        column
    });
    let rows = machine.rows.chunks_exact(2 * n.max(1));
    let values = rows.flat_map(|row| &row[n..]).map(|value| value / size);
    let data = Array2::from_shape_vec((machine.times.len(), n), values.collect())
        .expect("every written row holds a value and a tangent per quantity");
    Trajectory::new(machine.times, &arm.time.unit, columns.collect(), data)
}

/// Display form of one unit per another.
/// ```
/// # use insilin::simulate::sensitivity::per;
/// assert_eq!(per("mg/dL", "1/min"), "(mg/dL)/(1/min)");
/// assert_eq!(per("pM", "pM"), "");
/// assert_eq!(per("", "min"), "1/min");
/// assert_eq!(per("pM", ""), "pM");
/// ```
pub fn per(unit: &str, other: &str) -> String {
    let is_plain = |unit: &str| !unit.contains(['/', '·', ' ', '*']);
    let part = |unit: &str| match is_plain(unit) {
        true => unit.to_owned(),
        false => format!("({unit})"),
    };
    match (unit, other) {
        (unit, "") => unit.to_owned(),
        (unit, other) if unit == other => String::new(),
        ("", other) => format!("1/{}", part(other)),
        (unit, other) => format!("{}/{}", part(unit), part(other)),
    }
}
