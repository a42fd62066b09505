//! What only observation and display know about a scenario: names of metrics, units of expectations, measured points.

use insilin::diag::{Diagnostic, Diagnostics, SourceMap, Span};
use insilin::observe::Metric;
use insilin::scenario::{Arm, Expectation, ExpectedAt, MeasuredFile, Scenario};
use insilin::trajectory::points;

use super::display;

/// Everything that is wrong with what a scenario wants to see.
pub fn check(scenario: &Scenario, sources: &SourceMap) -> Diagnostics {
    let mut findings = Vec::new();
    for observed in scenario.arms.iter().flat_map(|arm| &arm.observe) {
        for (text, span) in observed.metrics.iter().zip(&observed.metric_spans) {
            findings.extend(unknown_metric(text, *span));
        }
    }
    for figure in &scenario.figures {
        if figure.kind.shows_metrics() {
            let shown = figure.panels.iter().flatten();
            let metrics = shown.filter_map(|shown| shown.split_once('.'));
            findings.extend(metrics.filter_map(|(_, text)| unknown_metric(text, figure.span)));
        }
    }
    for expectation in &scenario.expectations {
        findings.extend(expected(expectation, scenario));
    }
    for file in &scenario.measured {
        findings.extend(measured(file, sources));
    }
    let mut once = Diagnostics::new();
    for finding in findings {
        if !once.0.contains(&finding) {
            once.push(finding);
        }
    }
    once
}

fn unknown_metric(text: &str, span: Span) -> Option<Diagnostic> {
    let error = Metric::parse(text).err()?;
    Some(Diagnostic::error("observe/metric", error.to_string()).at(span))
}

fn expected(expectation: &Expectation, scenario: &Scenario) -> Option<Diagnostic> {
    let (arm, id, text) = parts(&expectation.metric, scenario)?;
    let Ok(parsed) = Metric::parse(text) else {
        return unknown_metric(text, expectation.span);
    };
    let metric = parsed.metric;
    // The half-maximal value is one of the varied quantity, whose unit was checked with it.
    if expectation.at == ExpectedAt::HalfMaximal || expectation.unit.is_empty() {
        return None;
    }
    let symbol = arm.model.symbol(id)?;
    let unit = metric.unit(&display::unit_text(&arm.model, symbol), &arm.time.unit);
    if unit.is_empty() || display::factor(&unit, &expectation.unit).is_some() {
        return None;
    }
    let message = format!(
        "`{}` is in {unit}, and {} is another dimension",
        expectation.metric, expectation.unit
    );
    let finding = Diagnostic::error("observe/unit", message).at(expectation.span);
    // An area is shown as `mg/dL·min`, and written with the time in front, where it cannot be misread.
    let written = match unit.rsplit_once('·') {
        Some((value, time)) => format!("{time}*{value}"),
        None => unit,
    };
    Some(finding.hint(format!("write the expectation in `{written}`")))
}

/// The arm, the quantity and the metric of `arm: quantity.metric`; the first arm when none is named.
pub fn parts<'a, 's>(
    metric: &'a str,
    scenario: &'s Scenario,
) -> Option<(&'s Arm, &'a str, &'a str)> {
    let (arm, rest) = match metric.split_once(':') {
        Some((label, rest)) => {
            let mut arms = scenario.arms.iter();
            (arms.find(|arm| arm.label == label.trim())?, rest.trim())
        }
        None => (scenario.arms.first()?, metric),
    };
    let (id, text) = rest.split_once('.')?;
    Some((arm, id.trim(), text))
}

fn measured(file: &MeasuredFile, sources: &SourceMap) -> Option<Diagnostic> {
    let error = points::read(&file.text).err()?;
    let message = format!(
        "`{}` is no list of measured points: {}",
        file.path, error.message
    );
    let finding = Diagnostic::error("observe/measured", message)
        .hint("one row per point under the columns observable, time, time_unit, value, spread, spread_kind, n, unit, source");
    let Some(source) = sources.find(&file.name) else {
        return Some(finding.at(file.span));
    };
    let before = file.text.split_inclusive('\n').take(error.line - 1);
    let start: usize = before.map(str::len).sum();
    let line = file.text[start..].lines().next().unwrap_or_default();
    Some(finding.at(Span::new(source, start, start + line.len())))
}
