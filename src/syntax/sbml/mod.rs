//! SBML: text to tree, Level 2 Version 1 to Level 3 Version 2 core.
//!
//! `xml` makes elements with places out of bytes and keeps hostile files out; `math` reads MathML; `read` makes the tree.
//! What the tree cannot hold is said in a diagnostic with the place. `about` reads notes, terms and histories; other
//! annotations are passed over.

mod about;
mod attribute;
mod events;
mod math;
mod parts;
mod reactions;
mod read;
pub mod tree;
mod units;
mod xml;

use crate::diag::{Diagnostics, SourceId};

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

/// Whether a text is SBML by its name or its beginning.
pub fn is_sbml(name: &str, text: &str) -> bool {
    let head = text.trim_start_matches('\u{feff}').trim_start();
    name.ends_with(".xml")
        || name.ends_with(".sbml")
        || head.starts_with("<?xml")
        || head.starts_with("<sbml")
}
