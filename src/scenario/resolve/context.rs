//! What the resolving of one arm needs at hand: its model, names, inputs, clock, and where findings go.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::model::{Formula, Model, Rule, Symbol};
use crate::units::Unit;

use super::super::TimeAxis;
use super::super::formula;
use super::super::inputs::{Input, InputKind, Inputs};
use super::super::quantity::Wanted;
use super::super::raw::{At, Scalar};
use super::clock::Clock;
use super::models::Loaded;

/// One arm in the making.
pub(super) struct Context<'a> {
    /// The model, changed as departures and rates are met.
    pub model: Model,
    pub names: IndexMap<String, Symbol>,
    pub inputs: &'a Inputs,
    pub clock: Clock,
    pub axis: &'a TimeAxis,
    pub model_units: bool,
    /// Names of the contract for what is done and the model does not take.
    pub absent: Vec<&'static str>,
    pub findings: &'a mut Diagnostics,
}

/// Why a symbol cannot be used in some way: what it is, and what can be done instead.
pub(super) struct Refusal {
    pub code: &'static str,
    pub reason: &'static str,
    pub hint: &'static str,
}

impl<'a> Context<'a> {
    pub fn new(
        loaded: &'a Loaded,
        clock: Clock,
        axis: &'a TimeAxis,
        model_units: bool,
        findings: &'a mut Diagnostics,
    ) -> Self {
        Self {
            model: loaded.model.clone(),
            names: names(&loaded.model),
            inputs: &loaded.inputs,
            clock,
            axis,
            model_units,
            absent: Vec::new(),
            findings,
        }
    }

    /// The symbol of a name when `accepts` it; reports why not, `done` saying what was to be done with it.
    pub fn find(
        &mut self,
        name: &At<String>,
        accepts: impl Fn(&Model, Symbol) -> Result<(), Refusal>,
        done: &str,
    ) -> Option<Symbol> {
        let Some(symbol) = self.names.get(&name.value).copied() else {
            self.unknown(name, accepts);
            return None;
        };
        let Err(refused) = accepts(&self.model, symbol) else {
            return Some(symbol);
        };
        let message = format!("`{}` {} and cannot be {done}", name.value, refused.reason);
        let found = Diagnostic::error(refused.code, message).at(name.span);
        self.findings.push(found.hint(refused.hint));
        None
    }

    fn unknown(
        &mut self,
        name: &At<String>,
        accepts: impl Fn(&Model, Symbol) -> Result<(), Refusal>,
    ) {
        let message = format!("nothing in the model is called `{}`", name.value);
        let found = Diagnostic::error("scenario/unknown-name", message).at(name.span);
        let fit = self
            .names
            .iter()
            .filter(|(_, symbol)| accepts(&self.model, **symbol).is_ok());
        let mut known: Vec<&str> = fit.map(|(name, _)| name.as_str()).collect();
        known.extend(self.inputs.inputs.keys().map(String::as_str));
        let hint = match did_you_mean(&name.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "the model has nothing that could stand here".to_string(),
            None => format!("for example {}", some_of(&known)),
        };
        self.findings.push(found.hint(hint));
    }

    /// The parameter behind a name: one of the model, or what a level input of the model's author stands for.
    pub fn find_level(&mut self, name: &At<String>, done: &str) -> Option<Symbol> {
        let declared = self.inputs.inputs.get(&name.value);
        // A file of primitives names the model's own symbols, and an input may bear the name of another one.
        let declared = declared.filter(|_| !self.model_units);
        match declared.map(|input| &input.kind) {
            Some(InputKind::Level(parameter)) => {
                let parameter = At {
                    value: parameter.clone(),
                    span: name.span,
                };
                self.find(&parameter, can_hold, done)
            }
            Some(InputKind::Amount(_)) => {
                let message = format!("`{}` is given at once and cannot be {done}", name.value);
                let found = Diagnostic::error("scenario/not-drivable", message).at(name.span);
                self.findings.push(found.hint(format!(
                    "write `{{ give = \"{}\", amount = …, time = … }}`",
                    name.value
                )));
                None
            }
            None if super::protocol::tell_absent(self, name, false) => None,
            None => self.find(name, can_hold, done),
        }
    }

    /// A number in `unit`, for what is called `of`.
    pub fn value(
        &mut self,
        scalar: &At<Scalar>,
        of: &str,
        unit: Option<Unit>,
        molar_mass: Option<f64>,
    ) -> Option<f64> {
        let wanted = Wanted {
            of,
            unit,
            names: &self.model.unit_definitions,
            molar_mass,
            bare: self.model_units,
        };
        wanted.read(scalar, self.findings)
    }

    /// g/mol of what a symbol counts, when an input that drives it declares one.
    pub fn molar_mass(&self, symbol: Symbol) -> Option<f64> {
        let id = &self.model.identity(symbol).id;
        let drives = |input: &&Input| match &input.kind {
            InputKind::Level(parameter) => parameter == id,
            InputKind::Amount(steps) => steps.iter().any(|step| step.target == *id),
        };
        self.inputs
            .inputs
            .values()
            .filter(drives)
            .find_map(|input| input.molar_mass)
    }

    /// A formula of the scenario over the model's symbols; `amount` is a number where an input is given.
    pub fn formula(&mut self, text: &At<String>) -> Option<Formula> {
        let written = formula::read(text, self.findings)?;
        self.bind(&written, &[])
    }

    /// The formula with its names found.
    pub fn bind(
        &mut self,
        written: &crate::syntax::expr::Expr<String>,
        given: &[(&str, f64)],
    ) -> Option<Formula> {
        formula::bind(written, &self.model, &self.names, given, self.findings)
    }

    /// A time in the model's unit.
    pub fn time(&mut self, scalar: &At<Scalar>) -> Option<f64> {
        self.clock.read(scalar, self.findings)
    }

    /// A time at which something may begin: not before the run and before its end.
    pub fn time_in_run(&mut self, scalar: &At<Scalar>) -> Option<f64> {
        let time = self.time(scalar)?;
        let (start, end) = (self.axis.start, self.axis.end);
        let side = if time < start {
            format!("lies before the start of the run at {}", self.shown(start))
        } else if time >= end && end > start {
            format!(
                "does not lie before the end of the run at {}",
                self.shown(end)
            )
        } else {
            return Some(time);
        };
        let message = format!("{} {side}", self.shown(time));
        let found = Diagnostic::error("scenario/outside-run", message).at(scalar.span);
        self.findings
            .push(found.hint("change the time, or the `span` of the run"));
        None
    }

    /// `[from, to)` of an entry; a missing end is that of the run.
    pub fn interval(
        &mut self,
        from: Option<&At<Scalar>>,
        to: Option<&At<Scalar>>,
        entry: Span,
    ) -> Option<(f64, f64)> {
        let start = match from {
            Some(from) => self.time_in_run(from),
            None => Some(self.axis.start),
        };
        let end = match to {
            Some(to) => self.time(to),
            None => Some(self.axis.end),
        };
        let (start, end) = (start?, end?);
        if end <= start {
            let message = format!(
                "the interval ends at {}, which is not after its start at {}",
                self.shown(end),
                self.shown(start)
            );
            let found = Diagnostic::error("scenario/interval", message);
            let span = to.or(from).map_or(entry, |time| time.span);
            self.findings.push(
                found
                    .at(span)
                    .hint("intervals are `[from, to)`: `to` comes after `from`"),
            );
            return None;
        }
        Some((start, end))
    }

    fn shown(&self, time: f64) -> String {
        format!("{time} {}", self.axis.unit).trim_end().to_string()
    }
}

/// Every symbol by its id.
pub(super) fn names(model: &Model) -> IndexMap<String, Symbol> {
    let named = |symbol: Symbol| (model.identity(symbol).id.clone(), symbol);
    model.symbols().map(named).collect()
}

fn some_of(known: &[&str]) -> String {
    const SHOWN: usize = 8;
    let listed = super::super::raw::listed(&known[..known.len().min(SHOWN)]);
    if known.len() > SHOWN {
        format!("{listed}, …")
    } else {
        listed
    }
}

const COMPUTED: Refusal = Refusal {
    code: "scenario/not-drivable",
    reason: "is computed by a rule",
    hint: "change what the rule is made of instead",
};

const A_FLOW: Refusal = Refusal {
    code: "scenario/not-drivable",
    reason: "is a reaction",
    hint: "change a parameter of its rate instead",
};

/// Parameters without a rule, and boundary species without one.
pub(super) fn can_hold(model: &Model, symbol: Symbol) -> Result<(), Refusal> {
    match (symbol, model.rule_of(symbol)) {
        (_, Some(Rule::Assignment(..))) => Err(COMPUTED),
        (Symbol::Reaction(_), _) => Err(A_FLOW),
        (Symbol::Parameter(_) | Symbol::Stoichiometry(_), None) => Ok(()),
        (Symbol::Species(at), None) if model.species[at].boundary => Ok(()),
        _ => Err(Refusal {
            code: "scenario/not-drivable",
            reason: "is a state that the model changes",
            hint: "use `bolus` or `rate`, or a `clamp` that drives an input",
        }),
    }
}

/// Everything that no rule computes and that is no reaction.
pub(super) fn can_set(model: &Model, symbol: Symbol) -> Result<(), Refusal> {
    match (symbol, model.rule_of(symbol)) {
        (_, Some(Rule::Assignment(..))) => Err(COMPUTED),
        (Symbol::Reaction(_), _) => Err(A_FLOW),
        _ => Ok(()),
    }
}

/// What has a value at the start that no rule computes.
pub(super) fn can_start(model: &Model, symbol: Symbol) -> Result<(), Refusal> {
    can_set(model, symbol)
}

/// States: species that reactions or a rate rule change, and whatever else has a rate rule.
pub(super) fn can_flow(model: &Model, symbol: Symbol) -> Result<(), Refusal> {
    let no_state = |reason| {
        Err(Refusal {
            code: "scenario/no-state",
            reason,
            hint: "use `hold` or `set` for what the model does not integrate",
        })
    };
    match (symbol, model.rule_of(symbol)) {
        (_, Some(Rule::Assignment(..))) => Err(COMPUTED),
        (Symbol::Reaction(_), _) => Err(A_FLOW),
        (_, Some(_)) => Ok(()),
        (Symbol::Species(at), None) => {
            let species = &model.species[at];
            if species.boundary || species.constant {
                return no_state("is a boundary species");
            }
            Ok(())
        }
        (Symbol::Parameter(_), None) => no_state("is a parameter"),
        _ => no_state("is no state"),
    }
}
