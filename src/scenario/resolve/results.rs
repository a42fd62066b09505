//! What is to come out: measured data beside it, figures, expectations.

use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::units::{Quantity, Unit, parse_quantity};

use super::super::quantity::quantity;
use super::super::raw::{self, At, Bounds, Scalar, listed, suggestion};
use super::super::{Against, Arm, Expectation, FigureRequest, MeasuredFile};
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

/// Checks what figures show.
pub(super) fn figures(
    raw: &raw::Scenario,
    arms: &[Arm],
    complete: bool,
    findings: &mut Diagnostics,
) -> Vec<FigureRequest> {
    let names: Vec<&At<String>> = raw.figures.iter().map(|figure| &figure.name).collect();
    super::refuse_duplicates(&names, "figure", findings);
    for figure in &raw.figures {
        if figure.against == Against::Varied && raw.vary.is_none() {
            let message = format!(
                "figure `{}` is against what is varied, and nothing is",
                figure.name.value
            );
            let found = Diagnostic::error("scenario/vary", message).at(figure.name.span);
            findings.push(found.hint("add a `[vary]` section, or write `against = \"time\"`"));
        }
        for shown in figure.panels.iter().flatten().filter(|_| complete) {
            check_shown(shown, figure.against, arms, findings);
        }
    }
    let request = |figure: &raw::Figure| FigureRequest {
        name: figure.name.value.clone(),
        title: figure.title.clone(),
        panels: figure
            .panels
            .iter()
            .map(|panel| panel.iter().map(|shown| shown.value.clone()).collect())
            .collect(),
        against: figure.against,
        span: figure.name.span,
    };
    raw.figures.iter().map(request).collect()
}

fn check_shown(shown: &At<String>, against: Against, arms: &[Arm], findings: &mut Diagnostics) {
    match against {
        Against::Time => {
            check_observable(shown, &shown.value, arms, findings);
        }
        Against::Varied => match shown.value.split_once('.') {
            Some((id, metric)) if !metric.trim().is_empty() => {
                check_observable(shown, id.trim(), arms, findings);
            }
            _ => findings.push(no_metric(shown)),
        },
    }
}

fn no_metric(at: &At<String>) -> Diagnostic {
    let message = format!("`{}` does not name a metric of a quantity", at.value);
    let found = Diagnostic::error("scenario/metric", message).at(at.span);
    found.hint("write `quantity.metric`, for example `G_plasma.peak`")
}

/// Whether any of the arms has the quantity; reports when none has.
fn check_observable(at: &At<String>, id: &str, arms: &[Arm], findings: &mut Diagnostics) -> bool {
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

/// Checks what is expected.
pub(super) fn expectations(
    raw: &raw::Scenario,
    written: &[raw::Arm],
    arms: &[Arm],
    complete: bool,
    findings: &mut Diagnostics,
) -> Vec<Expectation> {
    let mut expectations = Vec::new();
    for expected in &raw.expectations {
        let named = check_metric(&expected.metric, written, arms, complete, findings);
        let bounds = bounds(&expected.bounds, findings);
        if let (true, Some((low, high, unit))) = (named, bounds) {
            expectations.push(Expectation {
                metric: expected.metric.value.clone(),
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

fn check_metric(
    metric: &At<String>,
    written: &[raw::Arm],
    arms: &[Arm],
    complete: bool,
    findings: &mut Diagnostics,
) -> bool {
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
            !complete || check_observable(metric, id.trim(), arms, findings)
        }
        _ => {
            findings.push(no_metric(metric));
            false
        }
    }
}

/// Lowest and highest accepted value with their unit.
fn bounds(bounds: &Bounds, findings: &mut Diagnostics) -> Option<(f64, f64, String)> {
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
    let is_share = text.ends_with('%') && middle.unit_text.trim() != "%";
    if is_share && let Ok(share) = parse_quantity(text) {
        return Some(middle.value.abs() * share.value / 100.0);
    }
    let plain = At {
        value: Scalar::Text(text.to_string()),
        span: tolerance.span,
    };
    in_unit_of(middle, &plain, findings)
}
