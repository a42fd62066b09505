//! A tree of an SBML document to a model: names resolved, local parameters made global, every reference checked.

mod about;
mod formulas;
mod happenings;
pub(super) mod modules;
mod names;
mod quantities;
mod reactions;
#[cfg(test)]
mod tests;
mod units;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Severity, Span, Warned};
use crate::model::{Identity, Model};
use crate::syntax::sbml::tree::{Document, Head};

use names::Names;

/// Findings about units that are told one by one: units decide no number of an SBML model.
const MOST_UNIT_FINDINGS: usize = 3;

/// The model of a document; `found` holds what reading it has shown.
///
/// # Errors
/// All findings, when one of them is an error.
pub(super) fn lower(
    document: &Document,
    mut found: Diagnostics,
) -> Result<Warned<Model>, Diagnostics> {
    let Some(tree) = &document.model else {
        return Err(found);
    };
    let mut lowering = Lowering {
        level: document.level,
        tree,
        model: Model::default(),
        names: Names::default(),
        units: IndexMap::new(),
        found: Diagnostics::new(),
    };
    lowering.all();
    let model = lowering.model;
    found.extend(lowering.found);
    if !found.has_errors() {
        let (units, compared) = crate::model::units_check::examine(&model);
        super::check::check(&model, &compared, &mut found);
        found.extend(few(units));
    }
    found.into_result(model)
}

/// A document being turned into a model.
struct Lowering<'a> {
    level: u32,
    tree: &'a crate::syntax::sbml::tree::Model,
    model: Model,
    names: Names,
    /// Every unit that was asked for; none for one that cannot be had.
    units: IndexMap<String, Option<crate::units::Unit>>,
    found: Diagnostics,
}

impl Lowering<'_> {
    /// Names first, so that formulas may use what stands further down.
    fn all(&mut self) {
        let head = &self.tree.head;
        self.model.id.clone_from(&head.id);
        self.model.name.clone_from(&head.name);
        self.define_units();
        self.model_wide_units();
        self.name_functions();
        self.quantities();
        self.name_reactions();
        self.define_functions();
        self.fill_reactions();
        self.initial_assignments();
        self.rules();
        self.constraints();
        self.events();
        self.inputs();
        self.annotations();
    }

    fn error(&mut self, code: &'static str, message: String, span: Span) {
        self.found.push(Diagnostic::error(code, message).at(span));
    }
}

fn identity(head: &Head) -> Identity {
    Identity {
        id: head.id.clone(),
        name: head.name.clone(),
        span: head.span,
        sbo: head.sbo,
    }
}

/// Contradictions of units as warnings, the first few of them.
///
/// A model of SBML means its numbers whatever its units say; others simulate it, and so does this program.
fn few(units: Diagnostics) -> Diagnostics {
    let (wrong, mut rest): (Vec<Diagnostic>, Vec<Diagnostic>) = units
        .into_iter()
        .partition(|finding| finding.severity == Severity::Error);
    let more = wrong.len().saturating_sub(MOST_UNIT_FINDINGS);
    let mut kept: Vec<Diagnostic> = wrong.into_iter().take(MOST_UNIT_FINDINGS).collect();
    for finding in &mut kept {
        finding.severity = Severity::Warning;
    }
    if more > 0 {
        kept.push(Diagnostic::warning(
            "units/more",
            format!("{more} more places where units do not agree"),
        ));
    }
    kept.append(&mut rest);
    Diagnostics(kept)
}
