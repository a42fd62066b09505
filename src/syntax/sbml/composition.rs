//! Hierarchical composition (package `comp`, version 1) as written: what each model is made of, names unresolved.

use crate::diag::Span;

use super::tree::{Document, Model, Word};

/// What a document offers besides its model: models that others can be made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definitions {
    /// Models written in this file.
    pub models: Vec<Model>,
    /// Models written in other files.
    pub external: Vec<ExternalDefinition>,
}

/// A model of another file, under a name of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct ExternalDefinition {
    /// The name that submodels use.
    pub id: String,
    /// The other file, as seen from this one.
    pub source: String,
    /// Which model of it; its main one when it was left out.
    pub model: Option<String>,
    /// The MD5 digest that the other file had; kept and not compared.
    pub md5: Option<String>,
    /// The start tag.
    pub span: Span,
}

/// A model that others are made of, or that is made of others, flat by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct FlatModel {
    /// The model without submodels.
    pub document: Document,
    /// What it was made of: names of submodels with the places of their models.
    pub submodels: Vec<(String, usize)>,
    /// Ids of its own elements that it offers to others.
    pub ports: Vec<String>,
    /// For each element, the submodels that it came from, its id there, and its id here. What was left out, or follows by a
    /// factor, is missing.
    pub names: Vec<(Vec<String>, String, String)>,
}

/// What a model is made of besides its own elements.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Composition {
    /// Models within it.
    pub submodels: Vec<Submodel>,
    /// Elements that it offers to models around it.
    pub ports: Vec<Port>,
    /// Its elements that stand for elements of submodels, or that those stand for.
    pub replacements: Vec<Replacement>,
}

/// One model within another.
#[derive(Clone, Debug, PartialEq)]
pub struct Submodel {
    /// Id within the model around it.
    pub id: String,
    /// The id of its definition.
    pub model: Word,
    /// Units of time of the model around it, per unit of time of the submodel.
    pub time_factor: Option<Word>,
    /// The same for the extent of reactions.
    pub extent_factor: Option<Word>,
    /// Elements of it that are left out.
    pub deletions: Vec<Deletion>,
    /// The start tag.
    pub span: Span,
}

/// An element of a submodel that is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Deletion {
    /// Id; empty when none was given.
    pub id: String,
    /// The element.
    pub reference: Reference,
}

/// An element that a model offers to models around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// Id, in a space of its own.
    pub id: String,
    /// The element.
    pub reference: Reference,
}

/// Where an element of a model, or of its submodels, is.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The element; a submodel when there is an inner reference.
    pub target: Target,
    /// Where it is within the submodel that was named.
    pub inner: Option<Box<Reference>>,
    /// The start tag.
    pub span: Span,
}

/// How a reference names its element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// By its id.
    Id(String),
    /// By the id of a unit definition.
    Unit(String),
    /// By its `metaid`.
    Metaid(String),
    /// By the port that offers it.
    Port(String),
    /// Nothing: it was deleted, by the deletion of this id.
    Deletion(String),
}

/// One replacement between an element of a model and an element of a submodel.
#[derive(Clone, Debug, PartialEq)]
pub struct Replacement {
    /// The element of the model.
    pub owner: Owner,
    /// Which of the two stays.
    pub kind: ReplacementKind,
    /// The submodel with the other element.
    pub submodel: Word,
    /// The other element within it.
    pub reference: Reference,
}

/// Which of two elements stays.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplacementKind {
    /// The one of the model; its value is the factor times that of the other.
    Replaces {
        /// The parameter that converts; 1 when it was left out.
        factor: Option<Word>,
    },
    /// The one of the submodel, under the id of the one of the model.
    ReplacedBy,
}

/// An element that takes part in a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The name of the element: `species`, `kineticLaw`, `submodel`.
    pub element: String,
    /// Its id; empty when none was given.
    pub id: String,
    /// Its `metaid`; empty when none was given.
    pub metaid: String,
    /// The start tag.
    pub span: Span,
}
