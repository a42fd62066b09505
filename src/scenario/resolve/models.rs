//! Models with the inputs that their authors declare, each read once.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, ReadFailure, SourceFile, SourceId};
use crate::model::Model;

use super::super::inputs::{self, Inputs};
use super::super::raw::At;
use super::super::raw::{self, calendar::Item};
use super::super::subject::{self, Subject};
use super::World;
use super::calendar::Pantry;

/// A model with what can be driven in it.
pub(super) struct Loaded {
    pub model: Model,
    pub inputs: Inputs,
}

/// Reads what a scenario refers to; each model once.
pub(super) struct Library<'a, 'f> {
    world: World<'a, 'f>,
    models: IndexMap<String, Option<Rc<Loaded>>>,
    blocks: IndexMap<String, Option<Rc<Vec<Item>>>>,
    pub pantry: Pantry,
}

impl<'a, 'f> Library<'a, 'f> {
    pub fn new(world: World<'a, 'f>) -> Self {
        Self {
            world,
            models: IndexMap::new(),
            blocks: IndexMap::new(),
            pantry: Pantry::default(),
        }
    }

    /// The model at a path with its inputs; findings are reported where it is read first.
    pub fn load(&mut self, path: &At<String>, findings: &mut Diagnostics) -> Option<Rc<Loaded>> {
        if let Some(known) = self.models.get(&path.value) {
            return known.clone();
        }
        let loaded = self.read(path, findings);
        self.models.insert(path.value.clone(), loaded.clone());
        loaded
    }

    fn read(&mut self, path: &At<String>, findings: &mut Diagnostics) -> Option<Rc<Loaded>> {
        let model = match (self.world.load_model)(&path.value, self.world.map) {
            Ok(read) => {
                findings.extend(read.warnings);
                read.value
            }
            Err(wrong) => {
                // A finding without a place would leave open which of the scenario's lines asked for the model.
                let placed = wrong.0.into_iter().map(|found| match found.span {
                    Some(_) => found,
                    None => found.at(path.span),
                });
                findings.0.extend(placed);
                return None;
            }
        };
        let inputs = self.inputs(&path.value, findings);
        Some(Rc::new(Loaded { model, inputs }))
    }

    /// The inputs declared beside a model; none when nothing is beside it.
    fn inputs(&mut self, model_path: &str, findings: &mut Diagnostics) -> Inputs {
        let beside = inputs::beside(model_path);
        let file = beside.and_then(|path| {
            self.world
                .sources
                .read(&path, Some(self.world.path_shown))
                .ok()
        });
        match file {
            Some(file) => {
                let source = self.add(&file);
                inputs::read(&file.text, source, findings)
            }
            None => Inputs::default(),
        }
    }

    /// The subject of a name, or at a path; what is wrong in its file is reported each time that it is asked for.
    pub fn subject(&mut self, name: &At<String>, findings: &mut Diagnostics) -> Option<Subject> {
        let path = At {
            value: subject::path_of(&name.value),
            span: name.span,
        };
        let file = self.text(&path, findings)?;
        let source = self.add(&file);
        subject::read(&file.text, source, findings)
    }

    /// The entries of a block, from `blocks/NAME.toml`; findings are reported where it is read first.
    pub fn block(
        &mut self,
        name: &At<String>,
        findings: &mut Diagnostics,
    ) -> Option<Rc<Vec<Item>>> {
        if let Some(known) = self.blocks.get(&name.value) {
            return known.clone();
        }
        let path = At {
            value: format!("blocks/{}.toml", name.value),
            span: name.span,
        };
        let text = self.text_with_id(&path, findings);
        let read = text.and_then(|(file, source)| raw::block(&file.text, source, findings));
        let read = read.map(Rc::new);
        self.blocks.insert(name.value.clone(), read.clone());
        read
    }

    /// A text file that the scenario names.
    pub fn text(&mut self, path: &At<String>, findings: &mut Diagnostics) -> Option<SourceFile> {
        self.text_with_id(path, findings).map(|(file, _)| file)
    }

    /// The same with the handle under which findings can point into it.
    pub fn text_with_id(
        &mut self,
        path: &At<String>,
        findings: &mut Diagnostics,
    ) -> Option<(SourceFile, SourceId)> {
        match self
            .world
            .sources
            .read(&path.value, Some(self.world.path_shown))
        {
            Ok(file) => {
                let source = self.add(&file);
                Some((file, source))
            }
            Err(failure) => {
                findings.push(refused(&path.value, &failure).at(path.span));
                None
            }
        }
    }

    fn add(&mut self, file: &SourceFile) -> SourceId {
        let known = self.world.map.find(&file.name);
        known.unwrap_or_else(|| self.world.map.add(file.name.clone(), file.text.clone()))
    }
}

fn refused(path: &str, failure: &ReadFailure) -> Diagnostic {
    let (why, hint) = match failure {
        ReadFailure::NotFound { looked_in } => (
            "is not there".to_string(),
            format!("looked in {}", looked_in.join(", ")),
        ),
        ReadFailure::NotText => (
            "is not text".to_string(),
            "it has to be UTF-8 text".to_string(),
        ),
        ReadFailure::TooLarge { bytes, limit } => (
            format!("is too large: {bytes} bytes"),
            format!("at most {limit} bytes are read"),
        ),
        ReadFailure::Io(reason) => ("cannot be read".to_string(), reason.clone()),
    };
    Diagnostic::error("scenario/file", format!("`{path}` {why}")).hint(hint)
}
