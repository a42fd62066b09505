//! Files with the models that they define, and the way from a name to a model.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, ReadFailure, SourceMap, Sources, Span};

use super::super::attribute::Context;
use super::super::composition::ExternalDefinition;
use super::super::xml::{self, Element, Node};
use super::super::{is_sbml, read as document_reader};
use super::is_comp;

/// A model and the file that it stands in.
pub(super) type Found = (usize, Rc<Element>);

/// A file whose models are used.
struct File {
    name: String,
    version: u32,
    main: Option<Rc<Element>>,
    models: IndexMap<String, Rc<Element>>,
    external: IndexMap<String, ExternalDefinition>,
}

/// All files that were read, the main one first.
pub(super) struct Files<'a> {
    files: Vec<File>,
    sources: &'a dyn Sources,
    map: &'a mut SourceMap,
}

impl<'a> Files<'a> {
    pub(super) fn new(sources: &'a dyn Sources, map: &'a mut SourceMap) -> Self {
        Self {
            files: Vec::new(),
            sources,
            map,
        }
    }

    /// The newest version of Level 3 that a file is written in: what one asks for, all may have.
    pub(super) fn newest_version(&self) -> u32 {
        let versions = self.files.iter().map(|file| file.version);
        versions.max().unwrap_or(2)
    }

    /// Takes up a file by its root; two models of one name are told.
    pub(super) fn add(
        &mut self,
        name: &str,
        version: u32,
        root: Element,
        found: &mut Diagnostics,
    ) -> usize {
        let mut file = File {
            name: name.to_string(),
            version,
            main: None,
            models: IndexMap::new(),
            external: IndexMap::new(),
        };
        let mut unread = Diagnostics::new();
        let mut context = Context {
            level: 3,
            version,
            has_extended_math: true,
            found: &mut unread,
        };
        for definition in context.externals(&root) {
            file.external.insert(definition.id.clone(), definition);
        }
        for child in root.children {
            let Node::Element(child) = child else {
                continue;
            };
            if child.is_core("model") && file.main.is_none() {
                file.main = Some(Rc::new(child));
            } else if is_comp(&child, "listOfModelDefinitions") {
                file.define(child, found);
            }
        }
        self.files.push(file);
        self.files.len() - 1
    }

    /// The main model of the first file.
    pub(super) fn main(&self) -> Option<Found> {
        let main = self.files.first()?.main.as_ref()?;
        Some((0, Rc::clone(main)))
    }

    /// The model that `file` calls `id`, in whatever file it stands; none is told at `span`.
    pub(super) fn find(
        &mut self,
        file: usize,
        id: &str,
        span: Span,
        found: &mut Diagnostics,
    ) -> Option<Found> {
        let (mut file, mut id, mut span) = (file, id.to_string(), span);
        let mut seen: Vec<(usize, String)> = Vec::new();
        loop {
            if seen.contains(&(file, id.clone())) {
                found.push(circle(&id, span));
                return None;
            }
            seen.push((file, id.clone()));
            if let Some(model) = self.files[file].model(&id) {
                return Some((file, model));
            }
            let Some(external) = self.files[file].external.get(&id).cloned() else {
                found.push(self.files[file].missing(&id, span));
                return None;
            };
            file = self.open(file, &external, found)?;
            span = external.span;
            match external.model {
                Some(model) => id = model,
                None => return self.files[file].main.clone().map(|main| (file, main)),
            }
        }
    }

    /// The file that `external` of the file `importer` names, read now or before.
    fn open(
        &mut self,
        importer: usize,
        external: &ExternalDefinition,
        found: &mut Diagnostics,
    ) -> Option<usize> {
        let source = external.source.strip_prefix("file:");
        let source = source
            .filter(|path| !path.starts_with("//"))
            .unwrap_or(&external.source);
        let importer = self.files[importer].name.clone();
        let file = match self.sources.read(source, Some(&importer)) {
            Ok(file) => file,
            Err(failure) => {
                found.push(unreadable(external, &failure));
                return None;
            }
        };
        if let Some(known) = self.files.iter().position(|known| known.name == file.name) {
            return Some(known);
        }
        if !is_sbml(&file.name, &file.text) {
            found.push(not_level_three(external));
            return None;
        }
        let id = self.map.add(file.name.clone(), file.text.clone());
        let root = match xml::read(&file.text, id) {
            Ok(root) => root,
            Err(told) => {
                found.push(told.label(external.span, "asked for here"));
                return None;
            }
        };
        let mut told = Diagnostics::new();
        let document = document_reader::document(&root, &mut told);
        let is_wrong = told.has_errors();
        found.extend(told);
        if document.level != 3 && !is_wrong {
            found.push(not_level_three(external));
            return None;
        }
        (!is_wrong).then(|| self.add(&file.name, document.version, root, found))
    }
}

impl File {
    fn define(&mut self, list: Element, found: &mut Diagnostics) {
        for child in list.children {
            let Node::Element(child) = child else {
                continue;
            };
            let id = child.attribute("id").unwrap_or_default().trim().to_string();
            let is_taken = self.models.contains_key(&id) || self.external.contains_key(&id);
            if is_taken || self.main_id() == Some(&id) {
                let message = format!("a second model `{id}` in this file");
                let told = Diagnostic::error("syntax/sbml-comp-twice", message);
                let hint = "the model and all definitions of a file have ids of their own";
                found.push(told.at(child.span).hint(hint));
            }
            self.models.insert(id, Rc::new(child));
        }
    }

    fn main_id(&self) -> Option<&str> {
        self.main.as_ref()?.attribute("id").map(str::trim)
    }

    fn model(&self, id: &str) -> Option<Rc<Element>> {
        let main = self.main.as_ref().filter(|_| self.main_id() == Some(id));
        self.models.get(id).or(main).cloned()
    }

    fn missing(&self, id: &str, span: Span) -> Diagnostic {
        let known = self.models.keys().chain(self.external.keys());
        let known = known.map(String::as_str).chain(self.main_id());
        let message = format!("there is no model `{id}` in `{}`", self.name);
        let told = Diagnostic::error("syntax/sbml-comp-not-found", message).at(span);
        super::with_near(told, id, known)
    }
}

fn circle(id: &str, span: Span) -> Diagnostic {
    let message = format!("looking for the model `{id}` leads back to itself");
    let told = Diagnostic::error("syntax/sbml-comp-circle", message).at(span);
    told.hint("one of the files has to hold the model")
}

fn not_level_three(external: &ExternalDefinition) -> Diagnostic {
    let message = format!("`{}` is not SBML Level 3", external.source);
    let told = Diagnostic::error("syntax/sbml-comp-source", message).at(external.span);
    told.hint("models of Level 3 can be used as submodels")
}

fn unreadable(external: &ExternalDefinition, failure: &ReadFailure) -> Diagnostic {
    let source = &external.source;
    let id = &external.id;
    let (message, hint) = match failure {
        ReadFailure::NotFound { .. } if source.contains("://") || source.starts_with("urn:") => (
            format!("`{source}`, which holds the model `{id}`, is not a file here"),
            "nothing is fetched from elsewhere; save it beside this file and name that".to_string(),
        ),
        ReadFailure::NotFound { looked_in } => (
            format!("`{source}`, which holds the model `{id}`, is not there"),
            format!("looked for it in {}", looked_in.join(", ")),
        ),
        ReadFailure::NotText => (
            format!("`{source}` is not text"),
            "SBML is text in UTF-8".to_string(),
        ),
        ReadFailure::TooLarge { bytes, limit } => (
            format!("`{source}` has {bytes} bytes"),
            format!("files up to {limit} bytes are read"),
        ),
        ReadFailure::Io(cause) => (
            format!("`{source}` cannot be read: {cause}"),
            "check the path and its rights".to_string(),
        ),
    };
    let told = Diagnostic::error("syntax/sbml-comp-source", message);
    told.at(external.span).hint(hint)
}
