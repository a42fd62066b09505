//! Program, scenario and solver together: an arm in, a trajectory out.
//!
//! Events, resets, delays and protocol edges happen here, one state machine per lane (`machine`); the driver (`drive`)
//! moves all lanes with one integrator, watched (`watch`) for triggers and branches that change within a step.

mod borders;
mod clamp;
mod codes;
mod drive;
mod evaluator;
mod events;
mod explicit;
mod failure;
mod fast;
mod machine;
mod many;
mod options;
mod plan;
mod rows;
pub mod sensitivity;
mod start;
mod steady;
mod tangent;
mod values;
mod watch;

use ndarray::Array2;

use crate::compile::program::Quantity;
use crate::diag::{Diagnostics, Warned};
use crate::model::{Model, Symbol};
use crate::scenario::Arm;
use crate::solve::explicit::ExplicitMethod;
use crate::trajectory::{Column, ColumnKind, Trajectory};

use evaluator::Evaluator;
use machine::Machine;

pub use crate::math::Stream;
pub use failure::Failure;
pub use many::{Curves, Job, run_each, run_lanes, run_many};
pub use options::{EventOrder, Kernels, Method, Options};
pub use plan::{Experiment, PlannedAction, PlannedChange, PlannedClamp, PlannedStop};
pub use values::StartValues;

/// A finished run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Everything that was written down, on the arm's grid.
    pub trajectory: Trajectory,
    /// Work done.
    pub work: Work,
}

/// What a run cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Steps taken and kept.
    pub accepted: u64,
    /// Steps tried and thrown away.
    pub rejected: u64,
    /// Executed events of the model.
    pub events: u64,
}

/// Compiles an arm and runs it once.
///
/// # Errors
/// What is wrong with the model or protocol, or why the numbers failed, as findings.
pub fn run(arm: &Arm, options: &Options) -> Result<Warned<Run>, Diagnostics> {
    let Warned {
        value: experiment,
        warnings,
    } = Experiment::new(arm)?;
    let run = run_with(&experiment, arm, &[], options)
        .map_err(|failure| Diagnostics::from(failure.diagnostic()))?;
    Ok(Warned {
        value: run,
        warnings,
    })
}

/// Runs a compiled arm with some parameter slots set to other values before the start.
///
/// * `overrides` — `(slot, value)` in the model's units
///
/// # Errors
/// Why the numbers failed.
pub fn run_with(
    experiment: &Experiment,
    arm: &Arm,
    overrides: &[(usize, f64)],
    options: &Options,
) -> Result<Run, Failure> {
    let mut evaluator = Evaluator::new(&experiment.program, options);
    let machine = start::machine(experiment, overrides, options, &mut evaluator)?;
    let (machine, steps) = match options.method {
        Method::Rodas5P => drive::drive_one(machine, &mut evaluator, options)?,
        Method::Dopri5 => explicit(machine, ExplicitMethod::Dopri5, &mut evaluator, options)?,
        Method::Dop853 => explicit(machine, ExplicitMethod::Dop853, &mut evaluator, options)?,
    };
    let work = work(&machine, steps);
    let trajectory = trajectory(arm, machine);
    Ok(Run { trajectory, work })
}

fn explicit<'e>(
    mut machine: Machine<'e>,
    method: ExplicitMethod,
    evaluator: &mut Evaluator<'e>,
    options: &Options,
) -> Result<(Machine<'e>, drive::Steps), Failure> {
    let steps = explicit::drive(&mut machine, evaluator, method, options)?;
    Ok((machine, steps))
}

fn work(machine: &Machine<'_>, steps: drive::Steps) -> Work {
    Work {
        accepted: steps.accepted,
        rejected: steps.rejected,
        events: machine.events.executed,
    }
}

fn trajectory(arm: &Arm, machine: Machine<'_>) -> Trajectory {
    let columns = machine.experiment.columns.clone();
    let data = Array2::from_shape_vec((machine.times.len(), columns.len()), machine.rows)
        .expect("every written row holds one value per quantity");
    Trajectory::new(machine.times, &arm.time.unit, columns, data)
}

fn column(model: &Model, quantity: &Quantity) -> Column {
    let unit = model
        .unit_of(quantity.symbol)
        .map_or_else(String::new, |unit| unit.display(&model.unit_definitions));
    let kind = match quantity.symbol {
        Symbol::Compartment(_) => ColumnKind::Compartment,
        Symbol::Species(_) => ColumnKind::Species,
        Symbol::Reaction(_) => ColumnKind::Reaction,
        Symbol::Parameter(_) | Symbol::Stoichiometry(_) | Symbol::Argument(_) => {
            let ruled = model.rule_of(quantity.symbol).is_some();
            if ruled {
                ColumnKind::Rule
            } else {
                ColumnKind::Parameter
            }
        }
    };
    let column = Column::new(quantity.id.clone(), unit, kind);
    match model.identity(quantity.symbol).name.as_str() {
        "" => column,
        name => column.labelled(name),
    }
}
