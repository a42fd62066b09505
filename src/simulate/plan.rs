//! An arm made ready to run: its program, and its protocol in terms of that program.

use crate::compile::program::{Program, Target};
use crate::compile::{self, compile};
use crate::diag::{Diagnostic, Diagnostics, Span, Warned};
use crate::model::{Formula, Model, Symbol};
use crate::scenario::{Action, Arm, Change, Clamp, Protocol, Start};
use crate::syntax::expr::{Expr, Function};

/// An arm compiled: everything that does not change from run to run.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The program of the model, protocol formulas among its extras.
    pub program: Program,
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
}

impl Experiment {
    /// Compiles the arm's model together with its protocol.
    ///
    /// # Errors
    /// What compilation finds wrong, and protocol targets that the program keeps neither as state nor as parameter.
    pub fn new(arm: &Arm) -> Result<Warned<Self>, Diagnostics> {
        Self::with_options(arm, &compile::Options::default())
    }

    /// As [`Experiment::new`], for runs that set one more quantity before they start.
    ///
    /// # Errors
    /// As [`Experiment::new`].
    pub fn varying(arm: &Arm, varied: Option<Symbol>) -> Result<Warned<Self>, Diagnostics> {
        let targets = varied.into_iter().collect();
        Self::with_options(
            arm,
            &compile::Options {
                targets,
                ..compile::Options::default()
            },
        )
    }

    /// For each value of a quantity, the parameter slots that give it, for [`super::run_with`].
    ///
    /// * `values` — in the model's units
    ///
    /// A quantity that the program keeps as a state gives empty sets: only parameters are set before a start.
    pub fn overrides(&self, arm: &Arm, symbol: Symbol, values: &[f64]) -> Vec<Vec<(usize, f64)>> {
        let slot = match target_of(&self.program, &arm.model.identity(symbol).id) {
            Some(Target::Parameter(slot)) => Some(slot),
            Some(Target::State(_)) | None => None,
        };
        values
            .iter()
            .map(|&value| slot.map(|slot| (slot, value)).into_iter().collect())
            .collect()
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
        let extras = extras(&arm.model, &arm.protocol);
        let Warned {
            value: program,
            warnings,
        } = compile(&arm.model, &extras, &options)?;
        let mut planner = Planner {
            model: &arm.model,
            program: &program,
            next_extra: 0,
            findings: warnings,
        };
        let stops = arm.protocol.stops.iter().map(|stop| PlannedStop {
            time: stop.time,
            actions: stop
                .actions
                .iter()
                .filter_map(|action| planner.action(action))
                .collect(),
        });
        let stops = stops.collect();
        let clamps = arm
            .protocol
            .clamps
            .iter()
            .filter_map(|clamp| planner.clamp(clamp))
            .collect();
        let findings = planner.findings;
        findings.into_result(Self {
            stops,
            clamps,
            from: arm.time.start,
            to: arm.time.end,
            grid: arm.time.grid.clone(),
            start: arm.start,
            program,
        })
    }
}

/// Where a symbol lives in a program: state first, then parameter slot.
pub fn target_of(program: &Program, id: &str) -> Option<Target> {
    let state = program
        .states
        .iter()
        .position(|state| state.id == id)
        .map(Target::State);
    state.or_else(|| {
        program
            .parameters
            .iter()
            .position(|slot| slot.id == id)
            .map(Target::Parameter)
    })
}

fn targets(protocol: &Protocol) -> Vec<Symbol> {
    let actions = protocol
        .stops
        .iter()
        .flat_map(|stop| &stop.actions)
        .map(|action| action.target);
    actions
        .chain(protocol.clamps.iter().map(|clamp| clamp.actuator))
        .collect()
}

/// Formulas of the protocol in the order in which [`Planner`] counts them: stops first, then clamps.
fn extras(model: &Model, protocol: &Protocol) -> Vec<Formula> {
    let actions = protocol.stops.iter().flat_map(|stop| &stop.actions);
    let values = actions.filter_map(|action| match &action.change {
        Change::Set(value) => Some(in_state_terms(model, action.target, value)),
        Change::Add(value) => Some(value.clone()),
        Change::Restore => None,
    });
    let measured = protocol
        .clamps
        .iter()
        .map(|clamp| Expr::symbol(clamp.measured));
    values.chain(measured).collect()
}

/// A value for a symbol as a value for its state: species states are amounts, so concentrations are times the size.
fn in_state_terms(model: &Model, target: Symbol, value: &Formula) -> Formula {
    match target {
        Symbol::Species(at) if !model.species[at].only_substance_units => {
            let size = Expr::symbol(Symbol::Compartment(model.species[at].compartment));
            Expr::call(Function::Times, vec![value.clone(), size])
        }
        _ => value.clone(),
    }
}

struct Planner<'a> {
    model: &'a Model,
    program: &'a Program,
    next_extra: usize,
    findings: Diagnostics,
}

impl Planner<'_> {
    fn action(&mut self, action: &Action) -> Option<PlannedAction> {
        let change = match action.change {
            Change::Set(_) => PlannedChange::Set(self.extra()),
            Change::Add(_) => PlannedChange::Add(self.extra()),
            Change::Restore => PlannedChange::Restore,
        };
        let target = self.target(action.target, action.span)?;
        Some(PlannedAction { target, change })
    }

    fn clamp(&mut self, clamp: &Clamp) -> Option<PlannedClamp> {
        let measured = self.extra();
        match self.target(clamp.actuator, clamp.span)? {
            Target::Parameter(actuator) => Some(PlannedClamp {
                clamp: clamp.clone(),
                measured,
                actuator,
            }),
            Target::State(_) => {
                self.refuse(
                    clamp.actuator,
                    clamp.span,
                    "a clamp drives a parameter, not a state",
                );
                None
            }
        }
    }

    fn extra(&mut self) -> usize {
        self.next_extra += 1;
        self.next_extra - 1
    }

    fn target(&mut self, symbol: Symbol, span: Span) -> Option<Target> {
        let found = target_of(self.program, &self.model.identity(symbol).id);
        if found.is_none() {
            self.refuse(symbol, span, "it is given by a rule or follows from others");
        }
        found
    }

    fn refuse(&mut self, symbol: Symbol, span: Span, why: &str) {
        let id = &self.model.identity(symbol).id;
        let message = format!("`{id}` cannot be driven: {why}");
        self.findings
            .push(Diagnostic::error("simulate/not-drivable", message).at(span));
    }
}
