//! Deletions and replacements: which elements stay.

use indexmap::{IndexMap, IndexSet};

use crate::diag::{Diagnostic, Diagnostics, Span};

use super::super::composition::Target;
use super::instances::{Gone, InstanceId, PartId, Tree};
use super::resolve::push_once;
use super::values::Factor;
use super::{attribute, is_comp, read};

/// What stands for a replaced element.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// The element that stands for it, which may be replaced in turn.
    pub to: PartId,
    /// The parameter that converts: the replaced value is the other divided by it.
    pub factor: Option<Factor>,
    /// Whether the inner element stays: then both are one quantity, each in the units of its model.
    pub is_inner: bool,
    /// The replacement.
    pub span: Span,
}

/// Replacements as they stand in the models.
#[derive(Default)]
pub(super) struct Links {
    /// Elements that elements of models around them replace.
    over: IndexMap<PartId, Link>,
    /// Elements with the elements of submodels that replace them.
    by: Vec<(PartId, PartId, Span)>,
    /// Elements whose replacement was deleted from outside.
    lost: Vec<(PartId, Gone)>,
}

/// Elements with mathematical meaning, which may take the place of a parameter.
const MATHEMATICAL: [&str; 5] = [
    "compartment",
    "species",
    "speciesReference",
    "reaction",
    "localParameter",
];

impl Tree {
    /// Carries out all deletions, outermost first: a deletion may delete a deletion.
    pub(super) fn delete(&mut self, found: &mut Diagnostics) {
        for instance in 0..self.instances.len() {
            let root = self.instances[instance].root;
            for submodel in self.listed(root, "listOfSubmodels") {
                let inner = self.instance_of.get(&submodel).copied();
                for deletion in self.listed(submodel, "listOfDeletions") {
                    let (Some(inner), true) = (inner, self.is_here(deletion)) else {
                        continue;
                    };
                    let Some(reference) = self.reference(deletion) else {
                        continue;
                    };
                    match self.resolve(inner, &reference) {
                        Ok(part) => self.remove(part, Gone::Deleted(reference.span, instance)),
                        Err(told) => push_once(*told, found),
                    }
                }
            }
        }
    }

    /// Takes an element out, with all that is in it; a deletion also takes what it replaces, or is replaced by.
    fn remove(&mut self, part: PartId, why: Gone) {
        let mut open = vec![part];
        while let Some(part) = open.pop() {
            if !self.is_here(part) {
                continue;
            }
            if matches!(why, Gone::Deleted(..)) {
                open.extend(self.partners(part));
            }
            self.parts[part].gone = Some(why);
            open.extend(self.parts[part].parts.iter().copied());
            let inner = self.instance_of.get(&part);
            open.extend(inner.map(|&instance| self.instances[instance].root));
        }
    }

    /// Replacements of an element that still hold.
    fn replacements(&self, part: PartId) -> Vec<PartId> {
        let mut all = self.listed(part, "listOfReplacedElements");
        let inner = self.parts[part].parts.iter().copied();
        all.extend(inner.filter(|at| is_comp(&self.parts[*at].element, "replacedBy")));
        all.retain(|replacement| self.is_here(*replacement));
        all
    }

    /// Elements that `part` replaces or is replaced by.
    fn partners(&self, part: PartId) -> Vec<PartId> {
        let at = self.parts[part].instance;
        let partner = |replacement: PartId| {
            let reference = self.reference(replacement)?;
            let is_there = !matches!(reference.target, Target::Deletion(_));
            let inner = self.submodel_named(at, replacement).filter(|_| is_there)?;
            self.resolve(inner, &reference).ok()
        };
        let replacements = self.replacements(part);
        replacements.into_iter().filter_map(partner).collect()
    }

    /// All replacements between elements that were not deleted.
    pub(super) fn links(&self, found: &mut Diagnostics) -> Links {
        let mut links = Links::default();
        for owner in 0..self.parts.len() {
            if !self.is_here(owner) {
                continue;
            }
            for replacement in self.replacements(owner) {
                self.link(owner, replacement, &mut links, found);
            }
        }
        links
    }

    fn link(&self, owner: PartId, part: PartId, links: &mut Links, found: &mut Diagnostics) {
        let at = self.parts[owner].instance;
        let Some(reference) = self.reference(part) else {
            return;
        };
        if let Target::Deletion(id) = &reference.target {
            self.check_deletion(at, part, id, found);
            return;
        }
        let Some(inner) = self.submodel_named(at, part) else {
            return;
        };
        let other = match self.resolve(inner, &reference) {
            Ok(other) => other,
            Err(told) => {
                push_once(*told, found);
                return;
            }
        };
        let is_by = self.parts[part].element.name == "replacedBy";
        let (gone, stays) = if is_by {
            (owner, other)
        } else {
            (other, owner)
        };
        if let Some(why) = self.parts[other].gone {
            // What a model around this one has deleted, this one does not need to know.
            if matches!(why, Gone::Deleted(_, by) if by == at) {
                self.tell_deleted(other, why, reference.span, found);
            } else if is_by {
                links.lost.push((owner, why));
            }
            return;
        }
        if !self.check_kinds(gone, stays, reference.span, found) {
            return;
        }
        if is_by {
            links.by.push((owner, other, reference.span));
            return;
        }
        let factor = read::word(&self.parts[part].element, "conversionFactor");
        let link = Link {
            to: owner,
            factor: factor.map(|word| Factor { instance: at, word }),
            is_inner: false,
            span: reference.span,
        };
        if let Some(before) = links.over.get(&other) {
            self.tell_twice(other, reference.span, before.span, found);
        }
        links.over.insert(other, link);
    }

    /// A replaced deletion has to be one of the submodel's.
    fn check_deletion(&self, at: InstanceId, part: PartId, id: &str, found: &mut Diagnostics) {
        let deletion = self.instances[at].ids.get(id).copied();
        let list = deletion.and_then(|deletion| self.parts[deletion].parent);
        let holder = list.and_then(|list| self.parts[list].parent);
        let holder = holder.and_then(|submodel| self.instance_of.get(&submodel).copied());
        let is_there = deletion.is_some_and(|at| is_comp(&self.parts[at].element, "deletion"));
        let is_named = self.submodel_named(at, part).is_some();
        if is_there && is_named && holder == self.submodel_named(at, part) {
            return;
        }
        let element = &self.parts[part].element;
        let submodel = attribute(element, "submodelRef").unwrap_or_default();
        let message = format!("there is no deletion `{id}` in the submodel `{submodel}`");
        let told = Diagnostic::error("syntax/sbml-comp-not-found", message).at(element.span);
        let hint = "give one of its deletions that `id`, or name the element itself with `idRef`";
        push_once(told.hint(hint), found);
    }

    fn tell_deleted(&self, part: PartId, why: Gone, span: Span, found: &mut Diagnostics) {
        let (Gone::Deleted(place, _) | Gone::Replaced(place)) = why;
        let message = format!("{} was deleted and takes no part here", self.about(part));
        let told = Diagnostic::error("syntax/sbml-comp-deleted", message).at(span);
        let told = told.label(place, "deleted here");
        push_once(
            told.hint("name the deletion with `deletion` instead"),
            found,
        );
    }

    /// An element stands for one of its kind; anything with a value may stand for a parameter.
    fn check_kinds(
        &self,
        gone: PartId,
        stays: PartId,
        span: Span,
        found: &mut Diagnostics,
    ) -> bool {
        let (old, new) = (&self.parts[gone].element, &self.parts[stays].element);
        let is_number = old.name == "parameter" && MATHEMATICAL.contains(&new.name.as_str())
            || old.name == "localParameter" && new.name == "parameter";
        let is_same = old.space == new.space && old.name == new.name;
        let (message, hint) = if !is_same && !is_number {
            let (new, old) = (self.about(stays), self.about(gone));
            (
                format!("{new} cannot stand for {old}"),
                "an element stands for one of its kind; what has a value also for a parameter",
            )
        } else if attribute(old, "id").is_some() && attribute(new, "id").is_none() {
            let (new, old) = (self.about(stays), self.about(gone));
            (
                format!("{new} has no id and cannot stand for {old}"),
                "give it an id, by which others can mean it",
            )
        } else {
            return true;
        };
        let told = Diagnostic::error("syntax/sbml-comp-kind", message).at(span);
        let told = told.label(old.span, "what it would replace");
        push_once(told.hint(hint), found);
        false
    }

    fn tell_twice(&self, part: PartId, span: Span, before: Span, found: &mut Diagnostics) {
        let message = format!("{} is replaced twice", self.about(part));
        let told = Diagnostic::error("syntax/sbml-comp-twice", message).at(span);
        let told = told.label(before, "the first time");
        push_once(told.hint("keep one of the two"), found);
    }

    /// Works out what stands for what and takes the others out.
    pub(super) fn apply(&mut self, links: Links, found: &mut Diagnostics) {
        let Links { over, by, lost } = links;
        for (part, why) in lost {
            self.remove(part, why);
        }
        self.next = over;
        for &(owner, other, span) in &by {
            let link = Link {
                to: other,
                factor: None,
                is_inner: true,
                span,
            };
            // From within and from outside: two models would disagree about what it is.
            if let Some(before) = self.next.get(&owner) {
                self.tell_twice(owner, span, before.span, found);
            }
            self.next.insert(owner, link);
        }
        self.check_circles(found);
        if found.has_errors() {
            return;
        }
        let replaced: Vec<(PartId, Span)> = self.next.iter().map(|(&p, l)| (p, l.span)).collect();
        for (part, span) in replaced {
            self.remove(part, Gone::Replaced(span));
        }
        for (owner, other, span) in by {
            self.check_stays(owner, other, span, found);
        }
    }

    fn check_circles(&mut self, found: &mut Diagnostics) {
        let starts: Vec<PartId> = self.next.keys().copied().collect();
        let mut good = IndexSet::new();
        for start in starts {
            let mut seen = IndexSet::new();
            let mut at = start;
            while let Some(link) = self.next.get(&at) {
                if good.contains(&at) {
                    break;
                }
                if !seen.insert(at) {
                    let message = format!("{} is replaced by itself in the end", self.about(at));
                    let told = Diagnostic::error("syntax/sbml-comp-circle", message);
                    let told = told.at(link.span);
                    push_once(told.hint("leave one of the replacements out"), found);
                    return;
                }
                at = link.to;
            }
            good.extend(seen);
        }
    }

    /// What an element is replaced by may not go with something around it.
    fn check_stays(&self, owner: PartId, other: PartId, span: Span, found: &mut Diagnostics) {
        let stays = self.survivor(other);
        let Some(gone) = self.parts[stays].gone else {
            return;
        };
        let (what, place) = match gone {
            Gone::Deleted(place, _) => ("deleted", place),
            Gone::Replaced(place) => ("replaced", place),
        };
        let (owner, stays) = (self.about(owner), self.about(stays));
        let message =
            format!("{owner} is replaced by {stays}, which is {what} with what is around it");
        let told = Diagnostic::error("syntax/sbml-comp-deleted", message).at(span);
        let told = told.label(place, format!("{what} here"));
        push_once(told.hint("leave one of the two out"), found);
    }

    /// What stands for an element in the end: itself when it was not replaced.
    pub(super) fn survivor(&self, part: PartId) -> PartId {
        let mut at = part;
        while let Some(link) = self.next.get(&at) {
            at = link.to;
        }
        at
    }
}
