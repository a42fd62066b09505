//! `insilin new`: a commented scenario that runs.

use insilin::diag::SourceMap;
use insilin::scenario;
use insilin::store::write_file;

use super::args::New;
use super::library::Library;
use super::results::store_failure;
use super::terminal::{Exit, Terminal};
use super::{Ended, interrupt, load};

/// Writes a scenario about a model; an existing file is left alone.
pub fn new(arguments: &New, terminal: Terminal) -> Ended {
    let file = &arguments.file;
    if file.exists() {
        let message = format!("`{}` exists already", file.display());
        terminal.failure(
            "cli/exists",
            &message,
            "name another file; nothing was changed",
        );
        return Err(Exit::Files);
    }
    let library = Library::new(arguments.models.as_deref(), terminal)?;
    let mut sources = SourceMap::new();
    let model = load::model(&arguments.model, &library, &mut sources, terminal)?;
    let inputs = load::inputs(&arguments.model, &library, &mut sources, terminal)?;
    let name = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let text = scenario::template(&name, &arguments.model, &model, &inputs);
    interrupt::whole(|| write_file(file, text.as_bytes()))
        .map_err(|error| store_failure(&error, None, terminal))?;
    terminal.say(&format!(
        "wrote {}; run it with `insilin run {}`",
        file.display(),
        file.display()
    ));
    Ok(())
}
