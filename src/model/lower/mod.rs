//! Tree to model, from Antimony and from SBML: names resolved, submodules flattened, every construct checked.

mod annotate;
mod builder;
mod check;
mod cycles;
mod draft;
mod finish;
mod functions;
mod growth;
mod instance;
mod library;
mod module;
mod modules;
mod names;
mod processes;
mod reactions;
mod references;
mod sbml;
mod starts;
mod synchronise;
mod units;

pub use annotate::KEPT as KEPT_ATTRIBUTES;

pub(crate) use finish::volume_unit;

use crate::diag::{Diagnostic, Diagnostics, SourceMap, Sources, Warned};
use crate::syntax::antimony::tree;

use super::Model;
use super::hierarchy::Hierarchy;
use library::Placed;

/// The flat model that the text called `name` exports, its imports followed.
///
/// * `sources` — where texts come from
/// * `map` — takes up every text that is read; the spans of the model and of the findings point into it
///
/// # Errors
/// All findings, when one of them is an error: from reading, from putting modules together, from checking.
/// ```
/// # use insilin::diag::{MemorySources, SourceMap};
/// let sources = MemorySources::new([("decay.ant", "A -> ; k*A\nA = 10; k = 0.1")]);
/// let model = insilin::model::lower::load("decay.ant", &sources, &mut SourceMap::new()).unwrap();
/// assert_eq!(model.value.species[0].identity.id, "A");
/// ```
pub fn load(
    name: &str,
    sources: &dyn Sources,
    map: &mut SourceMap,
) -> Result<Warned<Model>, Diagnostics> {
    let mut found = Diagnostics::new();
    if let Ok(file) = sources.read(name, None)
        && crate::syntax::sbml::is_sbml(&file.name, &file.text)
    {
        let source = map.add(file.name.clone(), file.text.clone());
        let (document, found) = crate::syntax::sbml::read_flat(&file, source, sources, map);
        let place = |found| crate::syntax::sbml::with_owners(found, &file.text, source);
        return match sbml::lower(&document, found) {
            Ok(model) => Ok(Warned {
                value: model.value,
                warnings: place(model.warnings),
            }),
            Err(found) => Err(place(found)),
        };
    }
    let items = library::gather(name, sources, map, &mut found);
    lower_items(&items, found)
}

/// The modules of the model that a text means, each flat by itself.
///
/// A text whose model has no submodules gives one module.
///
/// # Errors
/// As [`load`].
pub fn load_modules(
    name: &str,
    sources: &dyn Sources,
    map: &mut SourceMap,
) -> Result<Warned<Hierarchy>, Diagnostics> {
    let mut found = Diagnostics::new();
    if let Ok(file) = sources.read(name, None)
        && crate::syntax::sbml::is_sbml(&file.name, &file.text)
    {
        let source = map.add(file.name.clone(), file.text.clone());
        let (models, found) = crate::syntax::sbml::read_modules(&file, source, sources, map);
        if models.is_empty() || found.has_errors() {
            return Err(found);
        }
        return sbml::modules::hierarchy(&models, found);
    }
    let items = library::gather(name, sources, map, &mut found);
    match library::exported(&items, &mut found) {
        Some((library, draft)) if !found.has_errors() => {
            found.into_result(modules::hierarchy(&draft, &library))
        }
        _ => Err(found),
    }
}

/// The flat model that one tree exports; imports are refused, because a tree does not say where they come from.
///
/// # Errors
/// All findings, when one of them is an error.
pub fn lower(file: &tree::File) -> Result<Warned<Model>, Diagnostics> {
    let mut found = Diagnostics::new();
    let mut items = Vec::with_capacity(file.items.len());
    for item in &file.items {
        if let tree::Item::Import(path) = item {
            let told = Diagnostic::error(
                "model/not-found",
                format!("cannot import `{}` here: the text stands alone", path.text),
            );
            found.push(told.at(path.span));
            continue;
        }
        items.push(Placed {
            item: item.clone(),
            depth: 0,
        });
    }
    lower_items(&items, found)
}

fn lower_items(items: &[Placed], mut found: Diagnostics) -> Result<Warned<Model>, Diagnostics> {
    let Some((library, draft)) = library::exported(items, &mut found) else {
        return Err(found);
    };
    if found.has_errors() {
        // What a half-read module seems to lack would be reported as its author's mistake.
        return Err(found);
    }
    let model = finish::finish(&draft, &library, &mut found);
    if !found.has_errors() {
        let (units, compared) = super::units_check::examine(&model);
        check::check(&model, &compared, &mut found);
        found.extend(units);
    }
    found.into_result(model)
}
