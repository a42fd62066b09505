//! What the figures show must be there to be shown.

use crate::diag::{Diagnostic, Diagnostics};

use super::super::raw::{self, At, Bounds};
use super::super::{Arm, FigureKind, FigureRequest, HeatRange};
use super::results::{bounds, check_observable, no_metric, timed};

/// Checks what figures show.
pub(super) fn figures(
    raw: &raw::Scenario,
    arms: &[Arm],
    complete: bool,
    findings: &mut Diagnostics,
) -> Vec<FigureRequest> {
    let names: Vec<&At<String>> = raw.figures.iter().map(|figure| &figure.name).collect();
    super::refuse_duplicates(&names, "figure", findings);
    let mut requests = Vec::with_capacity(raw.figures.len());
    for figure in &raw.figures {
        if figure.kind == FigureKind::DoseResponse && raw.vary.is_none() {
            let message = format!(
                "figure `{}` is against what is varied, and nothing is",
                figure.name.value
            );
            let found = Diagnostic::error("scenario/vary", message).at(figure.name.span);
            findings.push(found.hint("add a `[vary]` section, or write `against = \"time\"`"));
        }
        for shown in figure.panels.iter().flatten().filter(|_| complete) {
            check_shown(shown, &figure.kind, arms, findings);
        }
        requests.push(FigureRequest {
            name: figure.name.value.clone(),
            title: figure.title.clone(),
            panels: figure
                .panels
                .iter()
                .map(|panel| panel.iter().map(|shown| timed(&shown.value, raw)).collect())
                .collect(),
            kind: ranged(figure, findings),
            span: figure.name.span,
        });
    }
    requests
}

/// The kind with the ends of its colours, where they are given.
fn ranged(figure: &raw::Figure, findings: &mut Diagnostics) -> FigureKind {
    let given = figure.range.clone().and_then(|(low, high)| {
        let ends = Bounds::Within(low, high);
        bounds(&ends, findings)
    });
    match (given, &figure.kind) {
        (Some((low, high, unit)), FigureKind::Heat(_)) => {
            FigureKind::Heat(HeatRange::Given { low, high, unit })
        }
        (_, kind) => kind.clone(),
    }
}

fn check_shown(shown: &At<String>, kind: &FigureKind, arms: &[Arm], findings: &mut Diagnostics) {
    if !kind.shows_metrics() {
        check_observable(shown, &shown.value, arms, findings);
        return;
    }
    match shown.value.split_once('.') {
        Some((id, metric)) if !metric.trim().is_empty() => {
            check_observable(shown, id.trim(), arms, findings);
        }
        _ => findings.push(no_metric(shown)),
    }
}
