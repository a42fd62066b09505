//! What ids begin with in the flat model, so that no two meet.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::ops::Bound;

use super::attribute;
use super::instances::{InstanceId, PartId, Tree};

/// What stands between the id of a submodel and the id of an element within it.
const DIVIDER: &str = "__";

/// The submodels of an instance, each with what the ids within it begin with.
///
/// `a__b` is element `b` of submodel `a`. Where an id of the instance itself begins with `a__`, it becomes `a1__b`,
/// `a2__b`, …: so no two names of the flat model are alike.
pub(super) fn prefixes(tree: &Tree, instance: InstanceId) -> Vec<(PartId, String)> {
    let root = tree.instances[instance].root;
    let mut taken = BTreeSet::new();
    for part in &tree.parts[root + 1..] {
        taken.extend(attribute(&part.element, "id").map(str::trim));
        taken.extend(part.element.attribute("metaid").map(str::trim));
    }
    let mut used = BTreeSet::new();
    let mut chosen: Vec<(PartId, String)> = Vec::new();
    for submodel in tree.listed(root, "listOfSubmodels") {
        let element = &tree.parts[submodel].element;
        let id = attribute(element, "id").unwrap_or_default().trim();
        let plain = format!("{id}{DIVIDER}");
        let prefix = std::iter::once(plain)
            .chain((1..).map(|number| format!("{id}{number}{DIVIDER}")))
            .find(|prefix| !begins(&taken, prefix) && !overlaps(&used, prefix))
            .expect("numbers do not run out before names do");
        used.insert(prefix.clone());
        chosen.push((submodel, prefix));
    }
    let outer = &tree.instances[instance].prefix;
    chosen
        .into_iter()
        .map(|(submodel, prefix)| (submodel, format!("{outer}{prefix}")))
        .collect()
}

/// Whether one of `names` begins with `prefix`.
fn begins<T: AsRef<str> + Ord + Borrow<str>>(names: &BTreeSet<T>, prefix: &str) -> bool {
    let from = (Bound::Included(prefix), Bound::Unbounded);
    let mut behind = names.range::<str, _>(from);
    behind
        .next()
        .is_some_and(|name| name.as_ref().starts_with(prefix))
}

/// Whether ids behind `prefix` could meet ids behind one of `used`.
fn overlaps(used: &BTreeSet<String>, prefix: &str) -> bool {
    let mut shorter = prefix.match_indices(DIVIDER);
    begins(used, prefix)
        || shorter.any(|(at, divider)| used.contains(&prefix[..at + divider.len()]))
}
