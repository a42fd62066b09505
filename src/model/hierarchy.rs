//! A model as its modules: each flat by itself, with what its submodels' elements are called in it.

use indexmap::IndexMap;

use super::Model;

/// Modules by name, each after those that it is made of.
#[derive(Clone, Debug, Default)]
pub struct Hierarchy {
    /// All that the main one is made of, and itself.
    pub modules: IndexMap<String, Module>,
    /// The name of the one that is meant.
    pub main: String,
}

/// One module.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// All of it, submodels flattened.
    pub model: Model,
    /// Ids of elements that it offers to others.
    pub ports: Vec<String>,
    /// What it is made of.
    pub submodels: Vec<Submodel>,
}

/// A module within another.
#[derive(Clone, Debug, Default)]
pub struct Submodel {
    /// What it is called there.
    pub name: String,
    /// Its module.
    pub module: String,
    /// Ids of the module's flat model with the ids of the same elements in the flat model around it; what is deleted there,
    /// or follows by a factor, is missing.
    pub same: IndexMap<String, String>,
}
