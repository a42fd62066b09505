//! The modules behind a flat model of Antimony.

use indexmap::IndexMap;

use crate::diag::Diagnostics;
use crate::model::hierarchy::{Hierarchy, Module, Submodel};

use super::draft::{Draft, Id};
use super::finish::{finish, is_staying};
use super::library::Library;
use super::names::flat_ids;

/// All modules that a draft is made of, and itself.
pub(super) fn hierarchy(main: &Draft, library: &Library) -> Hierarchy {
    let mut modules = IndexMap::new();
    add(main, library, &mut modules);
    Hierarchy {
        modules,
        main: main.id.clone(),
    }
}

fn add(draft: &Draft, library: &Library, modules: &mut IndexMap<String, Module>) {
    for instance in &draft.instances {
        if let (false, Some(inner)) = (
            modules.contains_key(&instance.module),
            library.modules.get(&instance.module),
        ) {
            add(inner, library, modules);
        }
    }
    // What there is to say about it has been said when it was read.
    let mut silent = Diagnostics::new();
    let model = finish(draft, library, &mut silent);
    let ids = flat_ids(draft, library, &mut silent);
    let ports = draft.ports.iter();
    let ports = ports.map(|&port| ids[draft.representative(port)].clone());
    let module = Module {
        model,
        ports: ports.filter(|id| !id.is_empty()).collect(),
        submodels: submodels(draft, &ids, library),
    };
    modules.insert(draft.id.clone(), module);
}

fn submodels(draft: &Draft, ids: &[String], library: &Library) -> Vec<Submodel> {
    let mut submodels = Vec::new();
    for instance in &draft.instances {
        let id = draft.representative(draft.names[&instance.name]);
        let Some(inner) = library.modules.get(&instance.module) else {
            continue;
        };
        if draft.elements[id].deleted.is_some() {
            continue;
        }
        let inner_ids = flat_ids(inner, library, &mut Diagnostics::new());
        let staying = (0..inner.elements.len()).filter(|&id| is_staying(&inner.elements[id]));
        let same = staying.filter_map(|inner_id| {
            let outer = unscaled(draft, inner_id + instance.offset)?;
            let is_there = draft.elements[outer].deleted.is_none();
            (is_there && !ids[outer].is_empty() && !inner_ids[inner_id].is_empty())
                .then(|| (inner_ids[inner_id].clone(), ids[outer].clone()))
        });
        submodels.push(Submodel {
            name: instance.name.clone(),
            module: instance.module.clone(),
            same: same.collect(),
        });
    }
    submodels
}

/// The element that stands for another, unless a factor lies between them.
fn unscaled(draft: &Draft, mut id: Id) -> Option<Id> {
    while let Some(alias) = &draft.elements[id].same_as {
        if alias.scale.is_some() {
            return None;
        }
        id = alias.target;
    }
    Some(id)
}
