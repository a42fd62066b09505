//! An arm made ready to run: its program, and its protocol in terms of that program.

use std::sync::Arc;

use indexmap::IndexSet;

use crate::compile::program::{Program, Target, TargetProgram};
use crate::compile::{self, compile};
use crate::diag::{Diagnostic, Diagnostics, Span, Warned};
use crate::model::{Formula, Model, Symbol};
use crate::scenario::{Action, Arm, Change, Clamp, Protocol, Start};
use crate::solve::NoPast;
use crate::trajectory::Column;

use super::codes::Codes;
use super::evaluator::Evaluator;
use super::options::Options;
use super::start;

/// An arm compiled: everything that does not change from run to run.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The program of the model, protocol formulas among its extras.
    pub program: Arc<Program>,
    /// Protocol stops by rising time.
    pub stops: Vec<PlannedStop>,
    /// Sampled controllers.
    pub clamps: Vec<PlannedClamp>,
    /// First time.
    pub from: f64,
    /// Last time.
    pub to: f64,
    /// Times to write down.
    pub grid: Vec<f64>,
    /// Where the run starts from.
    pub start: Start,
    /// Machine code of the program, shared with all copies of this.
    pub(super) codes: Arc<Codes>,
    /// What a run writes down, one column per quantity of the program.
    pub columns: Vec<Column>,
    /// How many of the program's targets, the first ones, are the protocol's; the rest are starts.
    n_changed: usize,
}

/// What happens at one time.
#[derive(Clone, Debug)]
pub struct PlannedStop {
    /// When.
    pub time: f64,
    /// In this order.
    pub actions: Vec<PlannedAction>,
}

/// One change of the protocol.
#[derive(Clone, Debug)]
pub struct PlannedAction {
    /// What changes.
    pub target: Target,
    /// Which of the program's targets that is: it knows how the value is kept.
    pub scale: usize,
    /// How.
    pub change: PlannedChange,
}

/// How a protocol changes something; numbers are indices into the program's extras.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlannedChange {
    /// Takes a value.
    Set(usize),
    /// Grows by a value.
    Add(usize),
    /// Takes its value of the start.
    Restore,
}

/// A controller in terms of the program.
#[derive(Clone, Debug)]
pub struct PlannedClamp {
    /// The law, limits and times.
    pub clamp: Clamp,
    /// Extra that reads the measured quantity.
    pub measured: usize,
    /// Parameter slot that is driven.
    pub actuator: usize,
    /// Which of the program's targets that is: it knows how the value is kept.
    pub scale: usize,
}

impl Experiment {
    /// Compiles the arm's model together with its protocol.
    ///
    /// # Errors
    /// What compilation finds wrong, and protocol targets that the program keeps neither as state nor as parameter.
    pub fn new(arm: &Arm) -> Result<Warned<Self>, Diagnostics> {
        Self::with_options(arm, &compile::Options::default())
    }

    /// As [`Experiment::new`], for runs that give some more quantities their start values.
    ///
    /// # Errors
    /// As [`Experiment::new`].
    pub fn varying(
        arm: &Arm,
        varied: impl IntoIterator<Item = Symbol>,
    ) -> Result<Warned<Self>, Diagnostics> {
        let starts = varied.into_iter().collect();
        Self::with_options(
            arm,
            &compile::Options {
                starts,
                ..compile::Options::default()
            },
        )
    }

    /// As [`Experiment::varying`], for runs that write down some quantities only, in the order of the model.
    ///
    /// # Errors
    /// As [`Experiment::new`].
    pub fn reading(
        arm: &Arm,
        varied: impl IntoIterator<Item = Symbol>,
        read: impl IntoIterator<Item = Symbol>,
    ) -> Result<Warned<Self>, Diagnostics> {
        let options = compile::Options {
            starts: varied.into_iter().collect(),
            observed: Some(read.into_iter().collect()),
            ..compile::Options::default()
        };
        Self::with_options(arm, &options)
    }

    /// As [`Experiment::new`], with the compiler's options (protocol targets are added to theirs).
    ///
    /// # Errors
    /// As [`Experiment::new`].
    pub fn with_options(
        arm: &Arm,
        options: &compile::Options,
    ) -> Result<Warned<Self>, Diagnostics> {
        let mut options = options.clone();
        options.targets.extend(targets(&arm.protocol));
        let mut seen = IndexSet::new();
        options.targets.retain(|target| seen.insert(*target));
        let extras = extras(&arm.protocol);
        let Warned {
            value: program,
            warnings,
        } = compile(&arm.model, &extras, &options)?;
        let mut planner = Planner {
            model: &arm.model,
            changed: &program.targets[..options.targets.len()],
            next_extra: 0,
            findings: warnings,
        };
        let stops = planner.stops(&arm.protocol);
        let clamps = arm.protocol.clamps.iter();
        let clamps = clamps.filter_map(|clamp| planner.clamp(clamp)).collect();
        let findings = planner.findings;
        findings.into_result(Self {
            stops,
            clamps,
            from: arm.time.start,
            to: arm.time.end,
            grid: arm.time.grid.clone(),
            start: arm.start,
            columns: (program.quantities.iter())
                .map(|quantity| super::column(&arm.model, quantity))
                .collect(),
            n_changed: options.targets.len(),
            program: Arc::new(program),
            codes: Arc::default(),
        })
    }

    /// For each value of a quantity, the parameter slots that give it, for [`super::run_with`].
    ///
    /// * `values` — in the model's units
    ///
    /// # Panics
    /// When the quantity is neither a parameter of the program nor one that it was compiled to vary
    /// ([`Experiment::varying`]).
    pub fn overrides(&self, arm: &Arm, symbol: Symbol, values: &[f64]) -> Vec<Vec<(usize, f64)>> {
        let (slot, factor) = self.setting(arm, symbol);
        values
            .iter()
            .map(|&value| vec![(slot, value * factor)])
            .collect()
    }

    /// The parameter slot that gives a quantity its value for a whole run, and the factor from the quantity's own meaning to
    /// how the slot keeps it.
    ///
    /// # Panics
    /// As [`Experiment::overrides`].
    pub fn setting(&self, arm: &Arm, symbol: Symbol) -> (usize, f64) {
        let starts = &self.program.targets[self.n_changed..];
        match starts.iter().find(|start| start.symbol == symbol) {
            Some(start) => self.start_slot(start),
            None => (self.parameter_slot(&arm.model.identity(symbol).id), 1.0),
        }
    }

    /// The slot of a start, and the factor from its own meaning to how the slot keeps it.
    fn start_slot(&self, start: &TargetProgram) -> (usize, f64) {
        let Target::Parameter(slot) = start.target else {
            unreachable!("starts of states are kept in slots");
        };
        let mut evaluator = Evaluator::new(&self.program, &Options::default());
        let p = start::parameters(self, &mut evaluator, &[]);
        let y = start::states(self, &mut evaluator, &p);
        let mut scale = [1.0; 2];
        evaluator.values(&start.scale, self.from, &y, &p, &NoPast, &mut scale);
        (slot, scale[0])
    }

    fn parameter_slot(&self, id: &str) -> usize {
        let mut slots = self.program.parameters.iter();
        slots
            .position(|slot| slot.id == id)
            .unwrap_or_else(|| panic!("the experiment was not compiled to vary `{id}`"))
    }
}

pub(super) fn targets(protocol: &Protocol) -> impl Iterator<Item = Symbol> + '_ {
    let actions = protocol.stops.iter().flat_map(|stop| &stop.actions);
    let driven = protocol.clamps.iter().map(|clamp| clamp.actuator);
    actions.map(|action| action.target).chain(driven)
}

/// Formulas of the protocol in the order in which [`Planner`] counts them: stops first, then clamps.
fn extras(protocol: &Protocol) -> Vec<Formula> {
    let actions = protocol.stops.iter().flat_map(|stop| &stop.actions);
    let values = actions.filter_map(|action| match &action.change {
        Change::Set(value) | Change::Add(value) => Some(value.clone()),
        Change::Restore => None,
    });
    let measured = protocol
        .clamps
        .iter()
        .map(|clamp| Formula::symbol(clamp.measured));
    values.chain(measured).collect()
}

struct Planner<'a> {
    model: &'a Model,
    changed: &'a [TargetProgram],
    next_extra: usize,
    findings: Diagnostics,
}

impl Planner<'_> {
    fn stops(&mut self, protocol: &Protocol) -> Vec<PlannedStop> {
        let mut planned = Vec::with_capacity(protocol.stops.len());
        for stop in &protocol.stops {
            let actions = stop.actions.iter();
            planned.push(PlannedStop {
                time: stop.time,
                actions: actions.filter_map(|action| self.action(action)).collect(),
            });
        }
        planned
    }

    fn action(&mut self, action: &Action) -> Option<PlannedAction> {
        let change = match action.change {
            Change::Set(_) => PlannedChange::Set(self.extra()),
            Change::Add(_) => PlannedChange::Add(self.extra()),
            Change::Restore => PlannedChange::Restore,
        };
        let (scale, target) = self.target(action.target, action.span)?;
        Some(PlannedAction {
            target,
            scale,
            change,
        })
    }

    fn clamp(&mut self, clamp: &Clamp) -> Option<PlannedClamp> {
        let measured = self.extra();
        match self.target(clamp.actuator, clamp.span)? {
            (scale, Target::Parameter(actuator)) => Some(PlannedClamp {
                clamp: clamp.clone(),
                measured,
                actuator,
                scale,
            }),
            (_, Target::State(_)) => {
                let why = "a clamp drives a parameter, not a state";
                self.refuse(clamp.actuator, clamp.span, why);
                None
            }
        }
    }

    fn extra(&mut self) -> usize {
        self.next_extra += 1;
        self.next_extra - 1
    }

    fn target(&mut self, symbol: Symbol, span: Span) -> Option<(usize, Target)> {
        let found = self.changed.iter().position(|one| one.symbol == symbol);
        if found.is_none() {
            self.refuse(symbol, span, "it is given by a rule or follows from others");
        }
        found.map(|at| (at, self.changed[at].target))
    }

    fn refuse(&mut self, symbol: Symbol, span: Span, why: &str) {
        let id = &self.model.identity(symbol).id;
        let message = format!("`{id}` cannot be driven: {why}");
        self.findings
            .push(Diagnostic::error("simulate/not-drivable", message).at(span));
    }
}
