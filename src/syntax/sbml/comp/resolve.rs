//! References to elements of instances.

use crate::diag::{Diagnostic, Diagnostics};

use super::super::composition::{Reference, Target};
use super::instances::{InstanceId, PartId, Tree};
use super::{attribute, read, with_near};

impl Tree {
    /// The reference that the element `part` is (a port, a deletion, a replacement); it was read without errors before.
    pub(super) fn reference(&self, part: PartId) -> Option<Reference> {
        read::reference(&self.parts[part].element, &mut Diagnostics::new())
    }

    /// The element that a reference within `instance` leads to.
    ///
    /// # Errors
    /// Where it leads to nothing.
    pub(super) fn resolve(
        &self,
        instance: InstanceId,
        reference: &Reference,
    ) -> Result<PartId, Box<Diagnostic>> {
        let (mut at, mut reference) = (instance, reference);
        loop {
            let part = self.target(at, reference)?;
            let Some(inner) = &reference.inner else {
                return Ok(part);
            };
            at = *self.instance_of.get(&part).ok_or_else(|| {
                let message = format!("{} is no submodel and holds nothing", self.about(part));
                let told = Diagnostic::error("syntax/sbml-comp-not-found", message);
                Box::new(told.at(inner.span).hint("only submodels hold a `sBaseRef`"))
            })?;
            reference = inner;
        }
    }

    fn target(&self, at: InstanceId, reference: &Reference) -> Result<PartId, Box<Diagnostic>> {
        let instance = &self.instances[at];
        let (table, what, id) = match &reference.target {
            Target::Id(id) => (&instance.ids, "element", id),
            Target::Unit(id) => (&instance.units, "unit definition", id),
            Target::Metaid(id) => (&instance.metaids, "element with the metaid", id),
            Target::Port(id) => (&instance.ports, "port", id),
            // Deletions stand in the model around the submodel: see `links`.
            Target::Deletion(id) => (&instance.ids, "deletion", id),
        };
        let Some(&part) = table.get(id) else {
            let message = format!("there is no {what} `{id}` in {}", self.model_name(at));
            let told = Diagnostic::error("syntax/sbml-comp-not-found", message);
            let told = told.at(reference.span);
            let told = told.label(self.parts[instance.root].element.span, "the model");
            return Err(Box::new(with_near(
                told,
                id,
                table.keys().map(String::as_str),
            )));
        };
        match &reference.target {
            Target::Port(_) => self.offered(at, part, reference),
            _ => Ok(part),
        }
    }

    /// The element that a port offers.
    fn offered(
        &self,
        at: InstanceId,
        port: PartId,
        asking: &Reference,
    ) -> Result<PartId, Box<Diagnostic>> {
        let reference = self.reference(port);
        let reference = reference.filter(|r| !matches!(r.target, Target::Port(_)));
        let Some(reference) = reference else {
            let message = format!("{} offers no element of its model", self.about(port));
            let told = Diagnostic::error("syntax/sbml-comp-reference", message);
            return Err(Box::new(told.at(asking.span)));
        };
        self.resolve(at, &reference)
    }

    fn model_name(&self, at: InstanceId) -> String {
        match attribute(&self.parts[self.instances[at].root].element, "id") {
            Some(id) => format!("the model `{}`", id.trim()),
            None => "the model".to_string(),
        }
    }

    /// Every port offers something.
    pub(super) fn check_ports(&self, found: &mut Diagnostics) {
        for (at, instance) in self.instances.iter().enumerate() {
            for &port in instance.ports.values() {
                let Some(reference) = self.reference(port) else {
                    continue;
                };
                if let Err(told) = self.resolve(at, &reference) {
                    push_once(*told, found);
                }
            }
        }
    }

    /// The instance behind the submodel that a replacement within `at` names; the reader knows that there is one.
    pub(super) fn submodel_named(&self, at: InstanceId, part: PartId) -> Option<InstanceId> {
        let name = attribute(&self.parts[part].element, "submodelRef")?;
        let submodel = self.instances[at].ids.get(name.trim())?;
        self.instance_of.get(submodel).copied()
    }
}

/// Findings that are kept: nobody reads more, and each new one is compared with those before.
const MOST_FINDINGS: usize = 1000;

/// Adds a finding that an instance before may have brought already.
pub(super) fn push_once(told: Diagnostic, found: &mut Diagnostics) {
    if found.0.len() >= MOST_FINDINGS && found.has_errors() {
        return;
    }
    let is_known = |known: &Diagnostic| known.code == told.code && known.span == told.span;
    if !found.0.iter().any(is_known) {
        found.push(told);
    }
}
