//! `insilin check`: reads models and scenarios, compiles them, says what is wrong; runs nothing.

use insilin::compile::{self, compile};
use insilin::diag::{Diagnostics, Severity, SourceMap, Sources, Warned};
use insilin::model::lower;
use insilin::scenario::Edits;
use insilin::simulate::Experiment;
use serde_json::{Value, json};

use super::Ended;
use super::args::Check;
use super::library::Library;
use super::load;
use super::terminal::{Exit, Terminal};

/// Checks every file and gives the worst exit code.
pub fn check(arguments: &Check, terminal: Terminal) -> Ended {
    let mut worst = Exit::Done;
    let mut found = Vec::new();
    for file in &arguments.files {
        let library = Library::new(arguments.models.clone());
        let mut sources = SourceMap::new();
        let findings = match findings_of(file, &library, &mut sources, terminal) {
            Ok(findings) => findings,
            Err(exit) => {
                worst = worst.max(exit);
                continue;
            }
        };
        let bad = findings.has_errors()
            || (arguments.strict
                && findings
                    .0
                    .iter()
                    .any(|finding| finding.severity == Severity::Warning));
        if bad {
            worst = worst.max(Exit::Input);
        }
        if arguments.json {
            found.extend(
                findings
                    .0
                    .iter()
                    .map(|finding| as_json(file, finding, &sources)),
            );
        } else {
            terminal.findings(&findings, &sources);
            terminal.say(&format!("{file}: {}", verdict(&findings, bad)));
        }
    }
    if arguments.json {
        terminal.data(&format!("{:#}\n", Value::from(found)))?;
    }
    if worst == Exit::Done {
        Ok(())
    } else {
        Err(worst)
    }
}

fn verdict(findings: &Diagnostics, bad: bool) -> String {
    let count = |severity| {
        findings
            .0
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let counts = format!(
        "{}, {}",
        plural(count(Severity::Error), "error"),
        plural(count(Severity::Warning), "warning")
    );
    if bad {
        counts
    } else {
        format!("good ({counts})")
    }
}

/// Everything there is to say about one file.
fn findings_of(
    file: &str,
    library: &Library,
    sources: &mut SourceMap,
    terminal: Terminal,
) -> Result<Diagnostics, Exit> {
    if load::is_model(file) {
        let found = library
            .read(file, None)
            .map_err(|failure| load::unreadable(file, &failure, terminal))?;
        let (mut findings, model) = parted(lower::load(&found.name, library, sources));
        if let Some(model) = model {
            findings.extend(parted(compile(&model, &[], &compile::Options::default())).0);
        }
        return Ok(findings);
    }
    let text = library
        .scenario(file)
        .map_err(|failure| load::unreadable(file, &failure, terminal))?;
    let (mut findings, scenario) =
        parted(load::resolve(&text, &Edits::default(), library, sources));
    for arm in scenario.iter().flat_map(|scenario| &scenario.arms) {
        findings.extend(parted(Experiment::new(arm)).0);
    }
    Ok(findings)
}

fn parted<T>(result: Result<Warned<T>, Diagnostics>) -> (Diagnostics, Option<T>) {
    match result {
        Ok(Warned { value, warnings }) => (warnings, Some(value)),
        Err(findings) => (findings, None),
    }
}

fn as_json(file: &str, finding: &insilin::diag::Diagnostic, sources: &SourceMap) -> Value {
    let place = finding.span.map(|span| {
        let (line, column) = sources.line_column(span);
        json!({ "file": sources.file(span.source).name, "line": line, "column": column })
    });
    let severity = match finding.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    json!({ "checked": file, "severity": severity, "code": finding.code, "message": finding.message,
        "place": place, "hint": finding.hint })
}
