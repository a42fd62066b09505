//! What is said about the `[sweep]` of a scenario, up to the start of its runs.

use insilin::diag::{Diagnostics, SourceId};
use insilin::ensemble::{Ask, Study, points};
use insilin::scenario::{Scenario, sweep};
use insilin::simulate::Options;

/// Reads the section of a scenario that was read already, and finds everything that it names; nothing where there is none.
pub fn said(text: &str, source: SourceId, scenario: Scenario) -> Diagnostics {
    let mut findings = Diagnostics::new();
    let Some(section) = sweep::read(text, source, &mut findings) else {
        return findings;
    };
    sweep::check(&section.scheme, &section.groups, &mut findings);
    if findings.has_errors() {
        return findings;
    }
    let points = match points(&section) {
        Ok(points) => points,
        Err(found) => return (*found).into(),
    };
    let metrics = section.metrics.iter();
    let ask = Ask {
        metrics: metrics
            .map(|(name, span)| (name.clone(), Some(*span)))
            .collect(),
        curves: section.curves.clone(),
    };
    let axes = section.axes().cloned().collect();
    let load = |_: &str| -> Result<Scenario, Diagnostics> { unreachable!("nothing is run") };
    let made = Study::new(
        scenario,
        text,
        axes,
        &ask,
        points.as_ref(),
        &load,
        Options::default(),
    );
    match made {
        Ok(made) => made.warnings,
        Err(found) => found,
    }
}
