//! One quantity that takes a list of values, in the units of each arm.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::math;
use crate::model::{Model, Symbol};
use crate::units::{Quantity, Unit, parse_unit};

use super::super::inputs::InputKind;
use super::super::quantity::{Wanted, quantity, unit_of};
use super::super::raw::{self, At, Scalar, Values};
use super::super::{Arm, Entry, Vary};
use super::context::{Refusal, can_hold, can_start, names};

/// More values than this are a sweep, which has a command of its own.
const MOST_VALUES: f64 = 10_000.0;

/// Values as displayed: in one unit, that of the first of them.
struct Displayed {
    values: Vec<f64>,
    /// Empty for bare numbers.
    unit_text: String,
    log: bool,
}

pub(super) fn resolve(
    raw: &raw::Scenario,
    written: &raw::Vary,
    written_arms: &[raw::Arm],
    arms: &[Arm],
    findings: &mut Diagnostics,
) -> Option<Vary> {
    let displayed = displayed(raw, written, findings)?;
    let mut per_arm = Vec::new();
    for (arm, written_arm) in arms.iter().zip(written_arms) {
        let symbol = match &written_arm.varied {
            // What `varied` names is a symbol of the model itself.
            Some(varied) => {
                let (id, span) = (&varied.of.value, varied.of.span);
                let symbol = find(&arm.model, id, can_hold, span, findings)?;
                refuse_driven(arm, symbol, written.of.span, findings);
                symbol
            }
            None => quantity_of(arm, &written.of.value, can_hold, written.of.span, findings)?,
        };
        let values = match &written_arm.varied {
            Some(varied) => exact(
                &varied.values,
                displayed.values.len(),
                varied.of.span,
                findings,
            )?,
            None => converted(raw, &displayed, &arm.model, symbol, &written.of, findings)?,
        };
        per_arm.push((symbol, values));
    }
    Some(Vary {
        name: written.of.value.clone(),
        unit: displayed.unit_text,
        values: displayed.values,
        per_arm,
        log: displayed.log,
    })
}

/// Whether a symbol can be varied, or why not.
type Can = fn(&Model, Symbol) -> Result<(), Refusal>;

/// The quantity behind a name that takes values in a sweep: as for `[vary]`, and the start values of states besides.
///
/// `[vary]` leaves those out, since there the quantity keeps its value for the whole run.
pub(in super::super) fn swept(
    arm: &Arm,
    name: &str,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<Symbol> {
    quantity_of(arm, name, can_start, span, findings)
}

/// The quantity behind a name that takes a value: an input of the kind level, or what `can` allows and the protocol leaves alone.
fn quantity_of(
    arm: &Arm,
    name: &str,
    can: Can,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<Symbol> {
    let parameter = match arm.inputs.inputs.get(name).map(|input| &input.kind) {
        Some(InputKind::Level(parameter)) => parameter,
        _ => name,
    };
    let symbol = find(&arm.model, parameter, can, span, findings)?;
    refuse_driven(arm, symbol, span, findings);
    Some(symbol)
}

fn find(
    model: &Model,
    id: &str,
    can: Can,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<Symbol> {
    let Some(symbol) = model.symbol(id) else {
        let message = format!("nothing in the model is called `{id}`");
        let found = Diagnostic::error("scenario/unknown-name", message).at(span);
        let known = names(model);
        let able = known
            .iter()
            .filter(|(_, symbol)| can(model, **symbol).is_ok());
        let near = crate::diag::did_you_mean(id, able.map(|(name, _)| name.as_str()));
        findings.push(match near {
            Some(near) => found.hint(format!("did you mean `{near}`?")),
            None => found.hint("name a parameter or an input of every arm's model"),
        });
        return None;
    };
    if let Err(refusal) = can(model, symbol) {
        let message = format!("`{id}` {} and cannot be varied", refusal.reason);
        let found = Diagnostic::error(refusal.code, message).at(span);
        findings.push(found.hint("name a parameter without a rule"));
        return None;
    }
    Some(symbol)
}

/// What the protocol drives has no one value that could be varied.
fn refuse_driven(arm: &Arm, symbol: Symbol, span: Span, findings: &mut Diagnostics) {
    let drives = |entry: &&Entry| match entry {
        Entry::Hold { target, .. } | Entry::Set { target, .. } => *target == symbol,
        Entry::Clamp(clamp) => clamp.actuator == symbol,
        Entry::Rate { .. } | Entry::Bolus { .. } | Entry::Mark { .. } => false,
    };
    if arm.protocol.entries.iter().any(|entry| drives(&entry)) {
        let id = &arm.model.identity(symbol).id;
        let found = Diagnostic::error(
            "scenario/vary",
            format!("`{id}` is varied, and the protocol drives it too"),
        );
        findings.push(
            found
                .at(span)
                .hint("leave the entry out: a varied quantity keeps its value for the whole run"),
        );
    }
}

fn displayed(
    raw: &raw::Scenario,
    written: &raw::Vary,
    findings: &mut Diagnostics,
) -> Option<Displayed> {
    let (mut list, log, points) = match &written.values {
        Values::List(values, log) => {
            let list: Option<Vec<Quantity>> =
                values.iter().map(|value| read(value, findings)).collect();
            (list?, *log, None)
        }
        Values::Range {
            from,
            to,
            points,
            log,
        } => {
            let ends = vec![read(from, findings)?, read(to, findings)?];
            (ends, *log, Some(points))
        }
    };
    if list.is_empty() {
        let found =
            Diagnostic::error("scenario/vary", "nothing is given to vary over").at(written.span);
        findings.push(found.hint("for example `values = [\"1 nM\", \"10 nM\"]`"));
        return None;
    }
    if let (true, Some(text)) = (raw.model_units, &written.unit) {
        let unit = parse_unit(text).unwrap_or(Unit::ONE);
        for quantity in &mut list {
            quantity.unit = unit;
            quantity.unit_text.clone_from(text);
        }
    }
    let (unit, unit_text) = (list[0].unit, list[0].unit_text.clone());
    let values: Option<Vec<f64>> = list
        .iter()
        .map(|quantity| quantity.value_in(&unit))
        .collect();
    let Some(mut values) = values else {
        let found =
            Diagnostic::error("scenario/unit", "the values differ in dimension").at(written.span);
        findings.push(found.hint("write all of them with units of one kind"));
        return None;
    };
    if let Some(points) = points {
        values = spaced(values[0], values[1], points, (log, written.span), findings)?;
    }
    refuse_log_of_zero(&values, log, written.span, findings)?;
    Some(Displayed {
        values,
        unit_text,
        log,
    })
}

fn read(scalar: &At<Scalar>, findings: &mut Diagnostics) -> Option<Quantity> {
    match &scalar.value {
        Scalar::Number(value) => Some(Quantity {
            value: *value,
            unit: Unit::ONE,
            unit_text: String::new(),
        }),
        Scalar::Text(text) => quantity(text, scalar.span, findings),
    }
}

fn refuse_log_of_zero(
    values: &[f64],
    log: bool,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<()> {
    if log && values.iter().any(|value| *value <= 0.0) {
        let found = Diagnostic::error(
            "scenario/vary",
            "a logarithmic scale takes values above zero",
        )
        .at(span);
        findings.push(found.hint("leave zero out, or write `scale = \"linear\"`"));
        return None;
    }
    Some(())
}

fn spaced(
    from: f64,
    to: f64,
    points: &At<f64>,
    (log, span): (bool, Span),
    findings: &mut Diagnostics,
) -> Option<Vec<f64>> {
    let count = points.value;
    if !(2.0..=MOST_VALUES).contains(&count) || count.fract() != 0.0 {
        let found = Diagnostic::error(
            "scenario/vary",
            "`points` is no whole number from 2 to 10000",
        );
        findings.push(found.at(points.span).hint("for example `points = 25`"));
        return None;
    }
    refuse_log_of_zero(&[from, to], log, span, findings)?;
    let share = |i: u32| f64::from(i) / (count - 1.0);
    let at = |i: u32| {
        if log {
            rounded(from * math::pow(to / from, share(i)))
        } else {
            rounded(from + (to - from) * share(i))
        }
    };
    let last = count as u32 - 1;
    let mut values: Vec<f64> = (0..last).map(at).collect();
    values.push(to);
    values[0] = from;
    Some(values)
}

/// To twelve digits: what is displayed is what is run, and decades come out as written by hand.
fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

fn converted(
    raw: &raw::Scenario,
    displayed: &Displayed,
    model: &Model,
    symbol: Symbol,
    of: &At<String>,
    findings: &mut Diagnostics,
) -> Option<Vec<f64>> {
    let wanted = Wanted {
        of: &of.value,
        unit: unit_of(model, symbol),
        names: &model.unit_definitions,
        molar_mass: None,
        bare: raw.model_units,
    };
    let scalar = |value: f64| At {
        value: if displayed.unit_text.is_empty() {
            Scalar::Number(value)
        } else {
            Scalar::Text(format!("{value} {}", displayed.unit_text))
        },
        span: of.span,
    };
    let read = |value: &f64| wanted.read(&scalar(*value), findings);
    displayed.values.iter().map(read).collect()
}

/// Values of an arm in its model's units, as many as are displayed.
fn exact(
    values: &[At<Scalar>],
    count: usize,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<Vec<f64>> {
    let bare = |value: &At<Scalar>| match value.value {
        Scalar::Number(value) => Some(value),
        Scalar::Text(_) => None,
    };
    let values: Option<Vec<f64>> = values.iter().map(bare).collect();
    let values = values.filter(|values| values.len() == count);
    if values.is_none() {
        let message = format!("`varied` takes {count} numbers in the model's unit");
        findings.push(
            Diagnostic::error("scenario/vary", message)
                .at(span)
                .hint("as many as `[vary]` has"),
        );
    }
    values
}
