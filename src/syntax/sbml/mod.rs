//! SBML: text to tree, Level 2 Version 1 to Level 3 Version 2 core.
//!
//! `xml` makes elements with places out of bytes and keeps hostile files out; `math` reads MathML; `read` makes the tree.
//! What the tree cannot hold is said in a diagnostic with the place. `about` reads notes, terms and histories; other
//! annotations are passed over.

mod about;
mod attribute;
mod characters;
mod comp;
pub mod composition;
mod events;
mod formulas;
mod ids;
mod malformed;
mod math;
mod operators;
mod owners;
mod packages;
mod parts;
mod reactions;
mod read;
mod shapes;
mod structure;
pub mod tree;
mod units;
mod xml;

pub use owners::with_owners;

use crate::diag::{Diagnostics, SourceFile, SourceId, SourceMap, Sources};

/// Namespace of the annotation that keeps what core has no place for.
pub const KEPT_NAMESPACE: &str = "urn:insilin:kept";

/// Reads a document; spans point into `source`.
///
/// The tree is empty (no model) when the text is no SBML. Codes of findings begin with `syntax/sbml-`.
/// ```
/// # use insilin::diag::SourceId;
/// let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
///   <model id="decay"/></sbml>"#;
/// let (document, found) = insilin::syntax::sbml::read(text, SourceId::default());
/// assert!(found.is_empty());
/// assert_eq!(document.model.unwrap().head.id, "decay");
/// ```
pub fn read(text: &str, source: SourceId) -> (tree::Document, Diagnostics) {
    let mut found = Diagnostics::new();
    let document = match xml::read(text, source) {
        Ok(root) => read::document(&root, &mut found),
        Err(told) => {
            found.push(*told);
            tree::Document::default()
        }
    };
    (document, found)
}

/// Reads a file with all that its model is made of: submodels are put together into one flat model.
///
/// * `source` — the file in `map`, which takes up every other file that is read
/// * `sources` — where models of other files come from
///
/// The flat model calls element `b` of submodel `a` `a__b`, or `a1__b` where an id of its own begins with `a__`.
/// ```
/// # use insilin::diag::{MemorySources, SourceFile, SourceMap};
/// let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"
///   xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true">
///   <comp:listOfModelDefinitions><comp:modelDefinition id="cell">
///     <listOfParameters><parameter id="k" value="2" constant="true"/></listOfParameters>
///   </comp:modelDefinition></comp:listOfModelDefinitions>
///   <model><comp:listOfSubmodels><comp:submodel comp:id="a" comp:modelRef="cell"/></comp:listOfSubmodels></model>
/// </sbml>"#;
/// let file = SourceFile { name: "two.xml".to_string(), text: text.to_string() };
/// let mut map = SourceMap::new();
/// let source = map.add(file.name.clone(), file.text.clone());
/// let (document, found) = insilin::syntax::sbml::read_flat(&file, source, &MemorySources::default(), &mut map);
/// assert!(found.is_empty());
/// assert_eq!(document.model.unwrap().parameters[0].head.id, "a__k");
/// ```
pub fn read_flat(
    file: &SourceFile,
    source: SourceId,
    sources: &dyn Sources,
    map: &mut SourceMap,
) -> (tree::Document, Diagnostics) {
    let mut found = Diagnostics::new();
    let root = match xml::read(&file.text, source) {
        Ok(root) => root,
        Err(told) => {
            found.push(*told);
            return (tree::Document::default(), found);
        }
    };
    let mut document = read::document(&root, &mut found);
    let model = document.model.as_ref();
    let is_made_of_others = model.is_some_and(|model| !model.composition.submodels.is_empty());
    if is_made_of_others && !found.has_errors() {
        let flat = comp::flatten(&document, root, &file.name, sources, map, &mut found);
        document.model = flat;
    }
    (document, found)
}

/// At most a hundred findings of each severity: a hostile file makes millions, and drawing them takes long.
pub fn few(found: Diagnostics) -> Diagnostics {
    attribute::few(found)
}

/// The models that a file's model is made of, each flat by itself, the file's own last.
///
/// The arguments are those of [`read_flat`]. A model without submodels is alone.
pub fn read_modules(
    file: &SourceFile,
    source: SourceId,
    sources: &dyn Sources,
    map: &mut SourceMap,
) -> (Vec<composition::FlatModel>, Diagnostics) {
    let mut found = Diagnostics::new();
    let root = match xml::read(&file.text, source) {
        Ok(root) => root,
        Err(told) => return (Vec::new(), (*told).into()),
    };
    let document = read::document(&root, &mut found);
    if found.has_errors() || document.model.is_none() {
        return (Vec::new(), found);
    }
    let models = comp::flat_models(&document, root, &file.name, sources, map, &mut found);
    (models.unwrap_or_default(), found)
}

/// Whether a text is SBML by its name or its beginning.
pub fn is_sbml(name: &str, text: &str) -> bool {
    let head = text.trim_start_matches('\u{feff}').trim_start();
    name.ends_with(".xml")
        || name.ends_with(".sbml")
        || head.starts_with("<?xml")
        || head.starts_with("<sbml")
}
