//! What each id of a document stands for.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::Symbol;

/// What an id stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// A quantity.
    Symbol(Symbol),
    /// A function definition.
    Function,
    /// Something that formulas cannot name.
    Other,
}

/// Ids with what they stand for and where.
#[derive(Default)]
pub(super) struct Names {
    by_id: IndexMap<String, (Meant, Span)>,
}

impl Names {
    /// Takes up an id; a second one of the same name is told.
    pub(super) fn add(&mut self, id: &str, meant: Meant, span: Span, found: &mut Diagnostics) {
        if id.is_empty() {
            return;
        }
        if let Some((_, before)) = self.by_id.get(id) {
            let told = Diagnostic::error("model/sbml-id-twice", format!("a second `{id}`"));
            found.push(
                told.at(span)
                    .label(*before, "the first one")
                    .hint("ids are unique in a model: rename one of them"),
            );
            return;
        }
        self.by_id.insert(id.to_string(), (meant, span));
    }

    /// What an id stands for.
    pub(super) fn get(&self, id: &str) -> Option<Meant> {
        self.by_id.get(id).map(|(meant, _)| *meant)
    }

    /// All ids.
    pub(super) fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }

    /// `base`, else `base_2`, `base_3`, …: the first that is free.
    pub(super) fn free(&self, base: &str) -> String {
        if !self.by_id.contains_key(base) {
            return base.to_string();
        }
        (2..)
            .map(|number| format!("{base}_{number}"))
            .find(|name| !self.by_id.contains_key(name))
            .expect("numbers do not run out before names do")
    }
}
