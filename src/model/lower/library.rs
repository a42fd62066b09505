//! Files with what they import, as one list of items; modules and functions by name.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, ReadFailure, SourceMap, Sources, Span};
use crate::model;
use crate::syntax::antimony::{self, tree};

use super::draft::Draft;
use super::{functions, module};

/// Modules finished so far and all functions.
#[derive(Default)]
pub(super) struct Library {
    /// Modules by name, in order of definition.
    pub modules: IndexMap<String, Draft>,
    /// Functions by name.
    pub functions: IndexMap<String, model::FunctionDefinition>,
    /// Names and places of modules that are defined somewhere, also of those not reached yet.
    pub announced: IndexMap<String, Span>,
    /// Modules that could not be read: using them is not a second mistake.
    pub broken: indexmap::IndexSet<String>,
}

/// An item with how far from the main file it stands: 0 in the file itself.
pub(super) struct Placed {
    /// The item.
    pub item: tree::Item,
    /// Imports between the main file and this one.
    pub depth: usize,
}

/// Reads a file and all it imports; imported items stand where the import stood.
pub(super) fn gather(
    name: &str,
    sources: &dyn Sources,
    map: &mut SourceMap,
    found: &mut Diagnostics,
) -> Vec<Placed> {
    let mut reader = Reader {
        sources,
        map,
        found,
        open: Vec::new(),
        done: indexmap::IndexSet::new(),
        items: Vec::new(),
    };
    reader.file(name, None);
    reader.items
}

struct Reader<'a> {
    sources: &'a dyn Sources,
    map: &'a mut SourceMap,
    found: &'a mut Diagnostics,
    /// Names of the files being read, outermost first.
    open: Vec<String>,
    done: indexmap::IndexSet<String>,
    items: Vec<Placed>,
}

impl Reader<'_> {
    fn file(&mut self, name: &str, import: Option<Span>) {
        let importer = self.open.last().cloned();
        let file = match self.sources.read(name, importer.as_deref()) {
            Ok(file) => file,
            Err(failure) => {
                self.found.push(unreadable(name, &failure, import));
                return;
            }
        };
        if let Some(at) = self.open.iter().position(|open| *open == file.name) {
            self.cyclic(at, &file.name, import);
            return;
        }
        if self.done.contains(&file.name) {
            return;
        }
        if crate::syntax::sbml::is_sbml(&file.name, &file.text) {
            let told = Diagnostic::error(
                "model/import-sbml",
                format!(
                    "`{}` is SBML, and only Antimony text can be imported",
                    file.name
                ),
            );
            let told = told.hint(
                "convert it to Antimony first, for example with `sbml2antimony` of libantimony",
            );
            self.found.push(placed(told, import));
            return;
        }
        let source = self.map.add(file.name.clone(), file.text.clone());
        let (tree, told) = antimony::read(&file.text, source);
        self.found.extend(told);
        self.open.push(file.name.clone());
        for item in tree.items {
            match item {
                tree::Item::Import(path) => self.file(&path.text, Some(path.span)),
                item => self.items.push(Placed {
                    item,
                    depth: self.open.len() - 1,
                }),
            }
        }
        self.open.pop();
        self.done.insert(file.name);
    }

    fn cyclic(&mut self, at: usize, name: &str, import: Option<Span>) {
        let mut loop_names: Vec<String> = self.open[at..]
            .iter()
            .map(|open| format!("`{open}`"))
            .collect();
        loop_names.push(format!("`{name}`"));
        let told = Diagnostic::error(
            "model/import-cycle",
            format!("files import each other: {}", loop_names.join(" → ")),
        )
        .hint("move what both need into a third file");
        self.found.push(placed(told, import));
    }
}

fn placed(told: Diagnostic, span: Option<Span>) -> Diagnostic {
    match span {
        Some(span) => told.at(span),
        None => told,
    }
}

fn unreadable(name: &str, failure: &ReadFailure, import: Option<Span>) -> Diagnostic {
    let told = match failure {
        ReadFailure::NotFound { looked_in } => {
            let told = Diagnostic::error("model/not-found", format!("there is no file `{name}`"));
            if looked_in.is_empty() {
                told
            } else {
                told.hint(format!("looked in {}", looked_in.join(", ")))
            }
        }
        ReadFailure::NotText => {
            Diagnostic::error("model/not-text", format!("`{name}` is not a text file"))
        }
        ReadFailure::TooLarge { bytes, limit } => Diagnostic::error(
            "model/too-large",
            format!("`{name}` has {bytes} bytes; a model file may have {limit}"),
        ),
        ReadFailure::Io(why) => {
            Diagnostic::error("model/unreadable", format!("cannot read `{name}`: {why}"))
        }
    };
    placed(told, import)
}

/// Builds all modules in order and gives the one that is exported.
pub(super) fn exported(items: &[Placed], found: &mut Diagnostics) -> Option<(Library, Draft)> {
    let mut library = Library {
        functions: functions::define(items, found),
        ..Library::default()
    };
    announce(items, &mut library);
    let mut main_name = None;
    let mut last_name = None;
    for placed in items {
        let tree::Item::Module(written) = &placed.item else {
            continue;
        };
        if written.main && placed.depth == 0 {
            main_name = Some(written.name.text.clone());
        }
        last_name = Some(written.name.text.clone());
        define(written, &mut library, found);
    }
    let rest = bare_statements(items, &mut library, found);
    let draft = choose(main_name, last_name, &rest, &library, found)?;
    Some((library, draft))
}

fn announce(items: &[Placed], library: &mut Library) {
    for placed in items {
        if let tree::Item::Module(written) = &placed.item {
            let name = &written.name;
            library.announced.insert(name.text.clone(), name.span);
        }
    }
}

fn define(written: &tree::Module, library: &mut Library, found: &mut Diagnostics) {
    let name = &written.name;
    if library.modules.contains_key(&name.text) {
        let told = Diagnostic::error(
            "model/module-twice",
            format!("a second module `{}`", name.text),
        );
        found.push(told.at(name.span).hint("give one of them another name"));
        return;
    }
    let statements: Vec<&tree::Statement> = written.statements.iter().collect();
    let mut told = Diagnostics::new();
    let draft = module::build(&name.text, &written.ports, &statements, library, &mut told);
    if told.has_errors() {
        library.broken.insert(name.text.clone());
    }
    found.extend(told);
    library.modules.insert(name.text.clone(), draft);
}

/// Statements of `__main`; those that annotate a module by its name are applied to it.
fn bare_statements<'a>(
    items: &'a [Placed],
    library: &mut Library,
    found: &mut Diagnostics,
) -> Vec<&'a tree::Statement> {
    let mut rest = Vec::new();
    for placed in items {
        let tree::Item::Statement(statement) = &placed.item else {
            continue;
        };
        let about = module::annotated_name(statement);
        match about.and_then(|name| library.modules.get_mut(name)) {
            Some(draft) => module::annotate(draft, statement, found),
            None => rest.push(statement),
        }
    }
    rest
}

fn choose(
    main_name: Option<String>,
    last_name: Option<String>,
    rest: &[&tree::Statement],
    library: &Library,
    found: &mut Diagnostics,
) -> Option<Draft> {
    if main_name.is_none() && !rest.is_empty() {
        return Some(module::build("__main", &[], rest, library, found));
    }
    if let (Some(name), Some(statement)) = (&main_name, rest.first()) {
        let told = Diagnostic::warning(
            "model/outside",
            format!("this stands outside of the main module `{name}` and is not used"),
        );
        found.push(told.at(statement.span));
    }
    let Some(name) = main_name.or(last_name) else {
        if !found.has_errors() {
            let told = Diagnostic::error("model/empty", "there is no model in this text");
            found
                .push(told.hint("write `model name() … end`, or a reaction such as `A -> B; k*A`"));
        }
        return None;
    };
    library.modules.get(&name).cloned()
}
