//! A tree of an SBML document to a model: names resolved, local parameters made global, every reference checked.

mod about;
mod consistency;
mod formulas;
mod happenings;
pub(super) mod modules;
mod names;
mod quantities;
mod reactions;
#[cfg(test)]
mod tests;
mod unit_kinds;
mod units;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Severity, Span, Warned};
use crate::model::{Identity, Model};
use crate::syntax::sbml::tree::{Document, Head};

use names::Names;

/// Names compared for similar ones in one document, at most: each takes some microseconds.
const MOST_COMPARISONS: usize = 10_000;

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
    found.extend(in_words_of_sbml(lowering.found));
    let mut found = crate::syntax::sbml::few(found);
    if !found.has_errors() {
        let (units, compared) = crate::model::units_check::examine(&model);
        let mut checked = Diagnostics::new();
        super::check::check(&model, &compared, &mut checked);
        found.extend(in_words_of_sbml(checked));
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
        self.consistency();
        self.unit_kinds();
        self.inputs();
        self.annotations();
    }

    /// Whether so much is wrong that looking for similar names among so many is not worth its time.
    fn is_full(&self) -> bool {
        self.found.0.len() * self.names.ids().len() > MOST_COMPARISONS
    }

    fn error(&mut self, code: &'static str, message: String, span: Span, hint: &str) {
        self.found
            .push(Diagnostic::error(code, message).at(span).hint(hint));
    }
}

/// Findings whose remedies are told in Antimony get those of SBML.
fn in_words_of_sbml(mut found: Diagnostics) -> Diagnostics {
    for finding in &mut found.0 {
        let is_near = finding
            .hint
            .as_ref()
            .is_some_and(|hint| hint.starts_with("did you mean"));
        let hint = match finding.code {
            "model/unknown-function" if !is_near => "add a `functionDefinition` for it",
            "model/argument-count" => "a call has one value for each `bvar` of the function",
            "model/recursion" => "write out what one of them computes instead of the call",
            "model/true-at-start" => {
                "write `initialValue=\"false\"` (Level 3) if it is to happen at the start"
            }
            "model/no-value" if finding.hint.is_some() => "give it one: `value=\"…\"`",
            _ => continue,
        };
        finding.hint = Some(hint.to_string());
    }
    found
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
