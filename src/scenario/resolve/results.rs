//! What is to come out: measured data beside it, expectations.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::units::{Quantity, Unit, parse_unit};

use super::super::quantity::{Wanted, quantity};
use super::super::raw::{self, At, Bounds, Scalar, listed, suggestion};
use super::super::{Arm, Expectation, ExpectedAt, MeasuredFile, Vary};
use super::models::Library;

/// Reads the files of measured data.
pub(super) fn measured(
    raw: &raw::Scenario,
    arms: &[raw::Arm],
    library: &mut Library,
    findings: &mut Diagnostics,
) -> Vec<MeasuredFile> {
    let mut files = Vec::new();
    for measured in &raw.measured {
        if let Some(arm) = &measured.arm {
            check_label(arm, &arm.value, arms, findings);
        }
        if let Some(file) = library.text(&measured.file, findings) {
            files.push(MeasuredFile {
                path: measured.file.value.clone(),
                text: file.text,
                arm: measured.arm.as_ref().map(|arm| arm.value.clone()),
                name: file.name,
                span: measured.file.span,
            });
        }
    }
    files
}

fn check_label(
    at: &At<String>,
    label: &str,
    arms: &[raw::Arm],
    findings: &mut Diagnostics,
) -> bool {
    let labels: Vec<&str> = arms
        .iter()
        .filter_map(|arm| arm.label.as_ref())
        .map(|l| l.value.as_str())
        .collect();
    if labels.contains(&label) {
        return true;
    }
    let found = Diagnostic::error(
        "scenario/unknown-name",
        format!("no arm is called `{label}`"),
    );
    let hint = if labels.is_empty() {
        "the scenario has no arms with labels".to_string()
    } else {
        suggestion(label, &labels)
    };
    findings.push(found.at(at.span).hint(hint));
    false
}

pub(super) fn no_metric(at: &At<String>) -> Diagnostic {
    let message = format!("`{}` does not name a metric of a quantity", at.value);
    let found = Diagnostic::error("scenario/metric", message).at(at.span);
    found.hint("write `quantity.metric`, for example `glucose.peak`")
}

/// Whether any of the arms has the quantity; reports when none has.
pub(super) fn check_observable(
    at: &At<String>,
    id: &str,
    arms: &[Arm],
    findings: &mut Diagnostics,
) -> bool {
    if arms.iter().any(|arm| arm.model.symbol(id).is_some()) {
        return true;
    }
    let models = arms.iter().map(|arm| &arm.source_model);
    let ids = models.flat_map(|model| {
        model
            .symbols()
            .map(|symbol| model.identity(symbol).id.as_str())
    });
    let near = did_you_mean(id, ids);
    let found = Diagnostic::error(
        "scenario/unknown-name",
        format!("nothing in the model is called `{id}`"),
    );
    let found = found.at(at.span);
    findings.push(match near {
        Some(near) => found.hint(format!("did you mean `{near}`?")),
        None => found.hint("`insilin list` names what a model has"),
    });
    false
}

/// What a scenario has been resolved to when its expectations are looked at.
pub(super) struct Resolved<'a> {
    pub written: &'a [raw::Arm],
    pub arms: &'a [Arm],
    /// Whether every arm could be resolved.
    pub complete: bool,
    pub vary: Option<&'a Vary>,
}

/// Checks what is expected.
pub(super) fn expectations(
    raw: &raw::Scenario,
    resolved: &Resolved,
    findings: &mut Diagnostics,
) -> Vec<Expectation> {
    let mut expectations = Vec::new();
    for expected in &raw.expectations {
        let named = check_metric(&expected.metric, resolved, findings);
        let bounds = bounds(&expected.bounds, findings);
        let at = expected_at(raw, expected, resolved, findings);
        if let (true, Some((low, high, unit)), Some(at)) = (named, bounds, at) {
            expectations.push(Expectation {
                metric: timed(&expected.metric.value, raw),
                at,
                low,
                high,
                unit,
                source: expected.source.clone(),
                span: expected.span,
            });
        }
    }
    expectations
}

/// `arm: quantity.at 2` of a file in hours as `arm: quantity.at 2 h`: a bare time is in the file's unit, not the model's.
pub(super) fn timed(metric: &str, raw: &raw::Scenario) -> String {
    let label = metric.split_once(':').map(|(label, _)| label.trim());
    let named = |arm: &&raw::Arm| {
        let own = arm.label.as_ref().map(|label| label.value.as_str());
        own.is_some() && own == label
    };
    let own = raw
        .arms
        .iter()
        .find(named)
        .and_then(|arm| arm.time.as_ref());
    let time = own.or(raw.common.time.as_ref());
    let unit = time.and_then(|time| time.unit.as_ref());
    let number = metric
        .split_once('.')
        .and_then(|(_, text)| text.trim().strip_prefix("at"))
        .map(str::trim);
    match (unit, number) {
        (Some(unit), Some(number)) if number.parse::<f64>().is_ok() => {
            format!("{} {}", metric.trim_end(), unit.value)
        }
        _ => metric.to_string(),
    }
}

/// The word for the value at which a metric is half way.
pub(in crate::scenario) const HALF_MAXIMAL: &str = "half-maximal";

/// Of which value of the varied quantity; none where it is not clear.
fn expected_at(
    raw: &raw::Scenario,
    expected: &raw::Expectation,
    resolved: &Resolved,
    findings: &mut Diagnostics,
) -> Option<ExpectedAt> {
    let (written, vary) = match (&expected.varied, &raw.vary) {
        (None, None) => return Some(ExpectedAt::Run),
        (None, Some(vary)) => {
            let message = format!("the expectation does not say at which `{}`", vary.of.value);
            let found = Diagnostic::error("scenario/missing", message).at(expected.span);
            findings.push(
                found.hint("write `varied` with one of the values, or `varied = \"half-maximal\"`"),
            );
            return None;
        }
        (Some(written), None) => {
            let found = Diagnostic::error("scenario/vary", "nothing is varied").at(written.span);
            findings.push(found.hint("add a `[vary]` section, or leave `varied` out"));
            return None;
        }
        // Why there is none has been said.
        (Some(written), Some(_)) => (written, resolved.vary?),
    };
    if written.value == Scalar::Text(HALF_MAXIMAL.to_string()) {
        return Some(ExpectedAt::HalfMaximal);
    }
    let wanted = value_of(written, vary, raw.model_units, findings)?;
    let near = |value: &f64| (value - wanted).abs() <= 1e-9 * wanted.abs();
    let index = vary.values.iter().position(near);
    if index.is_none() {
        let message = format!("`{}` does not take this value", vary.name);
        let found = Diagnostic::error("scenario/vary", message).at(written.span);
        let shown: Vec<String> = vary.values.iter().take(12).map(f64::to_string).collect();
        let more = if vary.values.len() > shown.len() {
            ", …"
        } else {
            ""
        };
        let hint = format!("it takes {}{more} {}", shown.join(", "), vary.unit);
        findings.push(found.hint(hint.trim_end()));
    }
    index.map(ExpectedAt::Value)
}

/// The number in the unit in which the varied values are displayed.
fn value_of(
    written: &At<Scalar>,
    vary: &Vary,
    bare: bool,
    findings: &mut Diagnostics,
) -> Option<f64> {
    let wanted = Wanted {
        of: &vary.name,
        unit: Some(parse_unit(&vary.unit).ok()?),
        names: &IndexMap::new(),
        molar_mass: None,
        bare,
    };
    wanted.read(written, findings)
}

fn check_metric(metric: &At<String>, resolved: &Resolved, findings: &mut Diagnostics) -> bool {
    let written = resolved.written;
    let several = written.iter().any(|arm| arm.label.is_some());
    let rest = match metric.value.split_once(':') {
        Some((label, rest)) => {
            if !check_label(metric, label.trim(), written, findings) {
                return false;
            }
            rest
        }
        None if several => {
            let message = format!("`{}` does not say which arm is meant", metric.value);
            let labels: Vec<&str> = written
                .iter()
                .filter_map(|arm| arm.label.as_ref())
                .map(|l| l.value.as_str())
                .collect();
            let found = Diagnostic::error("scenario/metric", message).at(metric.span);
            findings.push(found.hint(format!(
                "write its label and a colon in front: one of {}",
                listed(&labels)
            )));
            return false;
        }
        None => metric.value.as_str(),
    };
    match rest.split_once('.') {
        Some((id, name)) if !name.trim().is_empty() => {
            !resolved.complete || check_observable(metric, id.trim(), resolved.arms, findings)
        }
        _ => {
            findings.push(no_metric(metric));
            false
        }
    }
}

/// Lowest and highest accepted value with their unit.
pub(super) fn bounds(bounds: &Bounds, findings: &mut Diagnostics) -> Option<(f64, f64, String)> {
    let (low, high, unit, span) = match bounds {
        Bounds::Within(low, high) => {
            let first = read(low, findings)?;
            let second = in_unit_of(&first, high, findings)?;
            (first.value, second, first.unit_text, low.span.to(high.span))
        }
        Bounds::Around(value, tolerance) => {
            let middle = read(value, findings)?;
            let spread = spread(&middle, tolerance, findings)?;
            let (low, high) = (middle.value - spread, middle.value + spread);
            (low, high, middle.unit_text, tolerance.span)
        }
    };
    if low > high {
        let found = Diagnostic::error(
            "scenario/interval",
            "the lowest accepted value is above the highest",
        );
        findings.push(
            found
                .at(span)
                .hint("write the lower one first; a tolerance is not negative"),
        );
        return None;
    }
    Some((low, high, unit))
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

fn in_unit_of(first: &Quantity, scalar: &At<Scalar>, findings: &mut Diagnostics) -> Option<f64> {
    let other = read(scalar, findings)?;
    let converted = if other.unit_text.is_empty() == first.unit_text.is_empty() {
        other.value_in(&first.unit)
    } else {
        None
    };
    if converted.is_none() {
        let found = Diagnostic::error("scenario/unit", "the two numbers differ in dimension")
            .at(scalar.span);
        findings.push(found.hint("write both with the same unit"));
    }
    converted
}

/// Half the width of what is accepted: `± 5 %` of the value, or a quantity of its kind.
fn spread(middle: &Quantity, tolerance: &At<Scalar>, findings: &mut Diagnostics) -> Option<f64> {
    let Scalar::Text(text) = &tolerance.value else {
        return in_unit_of(middle, tolerance, findings);
    };
    let text = text
        .trim()
        .trim_start_matches('±')
        .trim_start_matches("+-")
        .trim();
    if text.ends_with('%') {
        if middle.unit_text.trim() == "%" {
            let message = "percent of a value in percent can be read two ways";
            let found = Diagnostic::error("scenario/unit", message).at(tolerance.span);
            findings.push(found.hint("write both ends: `within = [\"39 %\", \"40 %\"]`"));
            return None;
        }
        let share = quantity(text, tolerance.span, findings)?;
        return Some(middle.value.abs() * share.value / 100.0);
    }
    let plain = At {
        value: Scalar::Text(text.to_string()),
        span: tolerance.span,
    };
    in_unit_of(middle, &plain, findings)
}
