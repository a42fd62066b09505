//! The modules of a hierarchical SBML model.

use indexmap::{IndexMap, IndexSet};

use crate::diag::{Diagnostics, Warned};
use crate::model::hierarchy::{Hierarchy, Module, Submodel};
use crate::model::{Model, Rule};
use crate::syntax::sbml::composition::FlatModel;

/// Modules from models that are flat by themselves; the last is the main one.
///
/// # Errors
/// What is wrong with any of them.
pub(in super::super) fn hierarchy(
    models: &[FlatModel],
    mut found: Diagnostics,
) -> Result<Warned<Hierarchy>, Diagnostics> {
    let mut hierarchy = Hierarchy::default();
    let mut names: Vec<String> = Vec::new();
    let mut renamed: Vec<FlatModel> = Vec::new();
    for (at, flat) in models.iter().enumerate() {
        // The main model has been read flat, which says what there is to say.
        let lowered = super::lower(&flat.document, Diagnostics::new());
        let mut model = match lowered {
            Ok(read) => read.value,
            Err(wrong) => {
                found.extend(wrong);
                return Err(found);
            }
        };
        let name = free_name(&model.id, at + 1 == models.len(), &names);
        model.id.clone_from(&name);
        name_the_nameless(&mut model);
        let flat = own_names(flat, &mut model);
        let submodels = flat.submodels.iter().map(|(id, inner)| Submodel {
            name: id.clone(),
            module: names[*inner].clone(),
            same: same(&flat, id, &renamed[*inner]),
        });
        let module = Module {
            ports: ports(&flat, &model),
            submodels: submodels.collect(),
            model,
        };
        hierarchy.modules.insert(name.clone(), module);
        names.push(name);
        renamed.push(flat);
    }
    hierarchy.main = names.pop().unwrap_or_default();
    found.into_result(hierarchy)
}

fn free_name(id: &str, is_main: bool, taken: &[String]) -> String {
    let base = match (id, is_main) {
        ("", true) => "main_model",
        ("", false) => "module",
        (id, _) => id,
    };
    let numbered = (2..).map(|number| format!("{base}_{number}"));
    std::iter::once(base.to_string())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .expect("numbers do not run out before names do")
}

/// Elements of submodules that become a module's own would, by `a__b`, look like those that stay in the submodule: they
/// are called `a_b`.
fn own_names(flat: &FlatModel, model: &mut Model) -> FlatModel {
    let ids: IndexSet<String> = model
        .symbols()
        .map(|symbol| model.identity(symbol).id.clone())
        .chain(model.functions.keys().cloned())
        .chain(model.unit_definitions.keys().cloned())
        .chain(model.events.iter().map(|event| event.identity.id.clone()))
        .collect();
    let mut taken = ids.clone();
    let mut new: IndexMap<String, String> = IndexMap::new();
    for id in &ids {
        let mut prefixes = flat.submodels.iter().map(|(name, _)| format!("{name}__"));
        if let Some(prefix) = prefixes.find(|prefix| id.starts_with(prefix.as_str())) {
            let single = format!("{}_{}", &prefix[..prefix.len() - 2], &id[prefix.len()..]);
            let numbered = (2..).map(|number| format!("{single}_{number}"));
            let free = std::iter::once(single.clone())
                .chain(numbered)
                .find(|name| !taken.contains(name))
                .expect("numbers do not run out before names do");
            taken.insert(free.clone());
            new.insert(id.clone(), free);
        }
    }
    let called = |id: &str| new.get(id).cloned().unwrap_or_else(|| id.to_string());
    model.rename(&called);
    let mut flat = flat.clone();
    for (_, _, name) in &mut flat.names {
        *name = called(name);
    }
    flat
}

/// Other modules can only take out what has a name.
fn name_the_nameless(model: &mut Model) {
    for event in &mut model.events {
        event.identity.id = event.identity.id.replace(' ', "_");
    }
    for rule in &mut model.rules {
        if let Rule::Algebraic(id, _) = rule {
            *id = id.replace(' ', "_");
        }
    }
}

/// Ids of an inner flat model with those of the same elements around it.
fn same(outer: &FlatModel, submodel: &str, inner: &FlatModel) -> IndexMap<String, String> {
    let around: IndexMap<(&[String], &str), &str> = outer
        .names
        .iter()
        .map(|(path, id, flat)| ((path.as_slice(), id.as_str()), flat.as_str()))
        .collect();
    let mut same = IndexMap::new();
    for (path, id, flat) in &inner.names {
        let mut longer = vec![submodel.to_string()];
        longer.extend(path.iter().cloned());
        if let Some(other) = around.get(&(longer.as_slice(), id.as_str())) {
            same.entry(flat.clone()).or_insert(other.to_string());
        }
    }
    same
}

fn ports(flat: &FlatModel, model: &Model) -> Vec<String> {
    let names = flat.ports.iter().filter_map(|id| {
        let mut names = flat.names.iter();
        let (_, _, name) = names.find(|(path, own, _)| path.is_empty() && own == id)?;
        model.symbol(name).map(|_| name.clone())
    });
    names.collect()
}
