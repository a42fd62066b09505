//! From what was typed to a resolved scenario.

use std::path::Path;

use insilin::diag::{
    Diagnostic, Diagnostics, ReadFailure, Severity, SourceFile, SourceMap, Sources, Span, Warned,
    did_you_mean,
};
use insilin::model::{Model, lower};
use insilin::scenario::inputs::{self, Inputs};
use insilin::scenario::{self, Scenario};
use insilin::simulate::Experiment;

use super::library::{self, Library};
use super::record::MANIFEST;
use super::terminal::{Exit, Terminal};

/// A scenario with the texts that it was made from.
pub struct Loaded {
    /// What to run.
    pub scenario: Scenario,
    /// What was found in reading it; not said yet.
    pub warnings: Diagnostics,
    /// All texts, for findings about them.
    pub sources: SourceMap,
    /// Every file that was read, for the result folder.
    pub files: Vec<SourceFile>,
}

/// Reads and resolves a scenario; says what is wrong with it.
///
/// # Errors
/// The exit code of the worst finding.
pub fn scenario(
    what: &str,
    edits: &scenario::Edits,
    models: Option<&Path>,
    terminal: Terminal,
) -> Result<Loaded, Exit> {
    let library = Library::new(models, terminal)?;
    let file = file(what, &library, terminal)?;
    text(&file, edits, &library, SourceMap::new(), terminal)
}

/// The text of a scenario; of a plain model that of a scenario around it.
///
/// # Errors
/// The exit code of a file that cannot be read; that has been said.
pub fn file(what: &str, library: &Library, terminal: Terminal) -> Result<SourceFile, Exit> {
    let unreadable = |failure| unreadable(what, &failure, terminal);
    if is_model(what) {
        // Read ahead of the scenario around it, whose lines nobody wrote and no message should show.
        library.read(what, None).map_err(unreadable)?;
        return Ok(scenario_around(what));
    }
    library.scenario(what).map_err(unreadable)
}

/// Resolves the text of a scenario; says what is wrong with it.
///
/// * `sources` — gets every text that is read
///
/// # Errors
/// The exit code of the worst finding.
pub fn text(
    file: &SourceFile,
    edits: &scenario::Edits,
    library: &Library,
    mut sources: SourceMap,
    terminal: Terminal,
) -> Result<Loaded, Exit> {
    match resolve(file, edits, library, &mut sources) {
        Ok(Warned { value, warnings }) => Ok(Loaded {
            scenario: value,
            warnings,
            sources,
            files: library.files_read(),
        }),
        Err(findings) => {
            terminal.findings(&findings, &sources);
            Err(Exit::Input)
        }
    }
}

/// Compiles every arm of a scenario; says nothing.
///
/// The experiments are complete when none of the findings is an error.
pub fn experiments(scenario: &Scenario, sources: &SourceMap) -> (Diagnostics, Vec<Experiment>) {
    let mut findings = super::checks::check(scenario, sources);
    let mut experiments = Vec::new();
    for (at, arm) in scenario.arms.iter().enumerate() {
        let varied = scenario.vary.as_ref().map(|vary| vary.per_arm[at].0);
        match Experiment::varying(arm, varied) {
            Ok(Warned { value, warnings }) => {
                experiments.push(value);
                findings.extend(warnings);
            }
            Err(found) => findings.extend(found),
        }
    }
    (findings, experiments)
}

/// Findings of two stages; what the second refuses, the first need not warn of.
pub fn joined(mut first: Diagnostics, second: Diagnostics) -> Diagnostics {
    let refused = |warning: &Diagnostic| {
        let mut errors = second.0.iter().filter(|f| f.severity == Severity::Error);
        errors.any(|error| error.span.is_some() && error.span == warning.span)
    };
    first.0.retain(|warning| !refused(warning));
    first.extend(second);
    first
}

/// Whether a path is a model rather than a scenario.
pub fn is_model(what: &str) -> bool {
    Path::new(what)
        .extension()
        .is_some_and(|ending| ending == "ant" || ending == "xml" || ending == "sbml")
}

/// Resolves the text of a scenario.
///
/// # Errors
/// Everything that is wrong with it.
pub fn resolve(
    file: &SourceFile,
    edits: &scenario::Edits,
    library: &Library,
    sources: &mut SourceMap,
) -> Result<Warned<Scenario>, Diagnostics> {
    let importer = file.name.clone();
    let mut model =
        |path: &str, sources: &mut SourceMap| model_for(path, &importer, library, sources);
    let mut loaded = scenario::load_with(
        &file.name,
        &file.text,
        &edits.overrides,
        library,
        sources,
        &mut model,
    )?;
    scenario::edit(&mut loaded.value, edits, sources, &mut loaded.warnings);
    loaded.warnings.into_result(loaded.value)
}

/// Reads a model as a scenario called `importer` names it.
fn model_for(
    path: &str,
    importer: &str,
    library: &Library,
    sources: &mut SourceMap,
) -> Result<Warned<Model>, Diagnostics> {
    match library.read(path, Some(importer)) {
        Ok(found) => lowered(&found.name, library, sources),
        Err(failure) => Err(Diagnostics::from(read_failure(
            "model/not-readable",
            path,
            &failure,
        ))),
    }
}

/// Reads a model by itself.
///
/// # Errors
/// The exit code of the worst finding; all findings have been said.
pub fn model(
    path: &str,
    library: &Library,
    sources: &mut SourceMap,
    terminal: Terminal,
) -> Result<Model, Exit> {
    let found = library
        .read(path, None)
        .map_err(|failure| unreadable(path, &failure, terminal))?;
    let loaded = lowered(&found.name, library, sources);
    report(loaded, sources, terminal)
}

/// The model of a file; findings about the whole of it point at its beginning.
///
/// # Errors
/// Everything that is wrong with it.
pub fn lowered(
    name: &str,
    library: &Library,
    sources: &mut SourceMap,
) -> Result<Warned<Model>, Diagnostics> {
    let mut loaded = lower::load(name, library, sources);
    if let (Err(findings), Some(source)) = (&mut loaded, sources.find(name)) {
        for finding in &mut findings.0 {
            finding.span.get_or_insert(Span::new(source, 0, 0));
        }
    }
    loaded
}

/// The inputs that a model's author named in the file beside it; none without such a file.
///
/// # Errors
/// The exit code of the worst finding; all findings have been said.
pub fn inputs(
    path: &str,
    library: &Library,
    sources: &mut SourceMap,
    terminal: Terminal,
) -> Result<Inputs, Exit> {
    let file = inputs::beside(path).and_then(|beside| library.read(&beside, None).ok());
    let Some(file) = file else {
        return Ok(Inputs::default());
    };
    let source = sources.add(file.name, file.text.clone());
    let mut findings = Diagnostics::new();
    let inputs = inputs::read(&file.text, source, &mut findings);
    report(findings.into_result(inputs), sources, terminal)
}

/// Says the findings and gives the value.
///
/// # Errors
/// [`Exit::Input`] when there is no value.
pub fn report<T>(
    result: Result<Warned<T>, Diagnostics>,
    sources: &SourceMap,
    terminal: Terminal,
) -> Result<T, Exit> {
    match result {
        Ok(Warned { value, warnings }) => {
            terminal.findings(&warnings, sources);
            Ok(value)
        }
        Err(findings) => {
            terminal.findings(&findings, sources);
            Err(Exit::Input)
        }
    }
}

/// A scenario for a model alone: a hundred units of time from its initial values.
fn scenario_around(model: &str) -> SourceFile {
    let stem = Path::new(model)
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let name: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let name = name.trim_matches('-');
    let name = if name.is_empty() { "model" } else { name };
    let path = model.replace('\\', "\\\\").replace('"', "\\\"");
    let text = format!(
        "schema = 1\nname = \"{name}\"\nmodel = \"{path}\"\ntime = {{ span = [0, 100], every = 1 }}\n"
    );
    SourceFile {
        name: format!("<a plain run of {model}>"),
        text,
    }
}

/// Says that a file cannot be read and gives the exit code.
pub fn unreadable(path: &str, failure: &ReadFailure, terminal: Terminal) -> Exit {
    let finding = read_failure("cli/not-readable", path, failure);
    terminal.findings(&finding.into(), &SourceMap::new());
    exit_of(failure)
}

/// The exit code of a file that cannot be read: files and their rights, or what is in them.
pub fn exit_of(failure: &ReadFailure) -> Exit {
    match failure {
        ReadFailure::NotText | ReadFailure::TooLarge { .. } => Exit::Input,
        ReadFailure::NotFound { .. } | ReadFailure::Io(_) => Exit::Files,
    }
}

/// A file that cannot be read, as a finding.
pub fn read_failure(code: &'static str, path: &str, failure: &ReadFailure) -> Diagnostic {
    let (message, hint) = match failure {
        ReadFailure::NotFound { looked_in } => {
            (format!("`{path}` is not there"), not_found(path, looked_in))
        }
        ReadFailure::NotText => (
            format!("`{path}` is not text"),
            "models and scenarios are plain text in UTF-8".to_string(),
        ),
        ReadFailure::TooLarge { bytes, limit } => (
            format!("`{path}` is too large: {} MB", bytes / 1_000_000),
            format!(
                "files up to {} MB are read; is it the right one?",
                limit / 1_000_000
            ),
        ),
        ReadFailure::Io(cause) => (
            format!("`{path}` cannot be read: {cause}"),
            match Path::new(path).join(MANIFEST) {
                manifest if manifest.is_file() => {
                    format!("the run in it is repeated with `{}`", manifest.display())
                }
                _ => "check the path and its rights".to_string(),
            },
        ),
    };
    Diagnostic::error(code, message).hint(hint)
}

/// What to do about a name that leads nowhere.
fn not_found(name: &str, looked_in: &[String]) -> String {
    if let [_] = looked_in {
        return "check the path".to_string();
    }
    let mut built_in = library::built_in_paths(".ant");
    let scenarios = library::built_in_paths(".toml");
    built_in.extend(scenarios.iter().filter_map(|path| library::bare(path)));
    let looked_in = looked_in.join(", ");
    match did_you_mean(name, built_in.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`? looked for it in {looked_in}"),
        None => format!("looked for it in {looked_in}; `insilin list` shows what is built in"),
    }
}
