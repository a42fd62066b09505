//! Flat ids of what stays.

use indexmap::IndexSet;

use crate::diag::{Diagnostic, Diagnostics};

use super::draft::{Draft, Role};
use super::finish::is_staying;
use super::library::Library;

/// `A.x` becomes `A_x`, with a number behind it when that is taken.
pub(super) fn flat_ids(draft: &Draft, library: &Library, found: &mut Diagnostics) -> Vec<String> {
    let mut taken: IndexSet<String> = IndexSet::new();
    let mut ids = vec![String::new(); draft.elements.len()];
    for (id, element) in draft.elements.iter().enumerate() {
        if element.role == Role::Submodule || element.name.contains('.') || !is_staying(element) {
            continue;
        }
        if let Some(function) = library.functions.get(&element.name) {
            let told = Diagnostic::error(
                "model/two-roles",
                format!(
                    "`{0}` is {1} and a function",
                    element.name,
                    element.role.word()
                ),
            );
            found.push(told.at(element.span).label(function.span, "the function"));
        }
        taken.insert(element.name.clone());
        ids[id].clone_from(&element.name);
    }
    taken.extend(library.functions.keys().cloned());
    for (id, element) in draft.elements.iter().enumerate() {
        if element.role == Role::Submodule || !element.name.contains('.') || !is_staying(element) {
            continue;
        }
        let flat = element.name.replace('.', "_");
        let free = if taken.contains(&flat) {
            (1..)
                .map(|number| format!("{flat}_{number}"))
                .find(|name| !taken.contains(name))
                .expect("numbers do not run out before names do")
        } else {
            flat
        };
        taken.insert(free.clone());
        ids[id] = free;
    }
    ids
}
