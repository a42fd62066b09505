//! `insilin check`: reads models and scenarios, compiles them, says what is wrong; runs nothing.

use insilin::compile::{self, compile};
use insilin::diag::{Diagnostic, Diagnostics, Severity, SourceMap, Sources, Warned};
use insilin::scenario::Edits;
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
        let library = Library::new(arguments.models.as_deref(), terminal)?;
        let mut sources = SourceMap::new();
        let (findings, mut exit) = findings_of(file, &library, &mut sources);
        let warned = |finding: &Diagnostic| finding.severity == Severity::Warning;
        if findings.has_errors() || (arguments.strict && findings.0.iter().any(warned)) {
            exit = exit.max(Exit::Input);
        }
        if arguments.json {
            let findings = findings.0.iter();
            found.extend(findings.map(|finding| as_json(file, finding, &sources)));
        } else {
            terminal.findings(&findings, &sources);
            terminal.say(&format!("{file}: {}", verdict(&findings, exit)));
        }
        worst = worst.max(exit);
    }
    if arguments.json {
        terminal.data(&format!("{:#}\n", Value::from(found)))?;
    }
    match worst {
        Exit::Done => Ok(()),
        worst => Err(worst),
    }
}

fn verdict(findings: &Diagnostics, exit: Exit) -> String {
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
    match exit {
        Exit::Done => format!("good ({counts})"),
        _ => counts,
    }
}

/// Everything there is to say about one file, and the exit code when it cannot even be read.
fn findings_of(file: &str, library: &Library, sources: &mut SourceMap) -> (Diagnostics, Exit) {
    let is_model = load::is_model(file);
    let read = if is_model {
        library.read(file, None)
    } else {
        library.scenario(file)
    };
    let text = match read {
        Ok(text) => text,
        Err(failure) => {
            let finding = load::read_failure("cli/not-readable", file, &failure);
            return (finding.into(), load::exit_of(&failure));
        }
    };
    let mut findings;
    if is_model {
        let (read, model) = parted(load::lowered(&text.name, library, sources));
        findings = read;
        if let Some(model) = model {
            let compiled = compile(&model, &[], &compile::Options::default());
            findings = load::joined(findings, parted(compiled).0);
        }
    } else {
        let (read, scenario) = parted(load::resolve(&text, &Edits::default(), library, sources));
        findings = read;
        if let Some(scenario) = scenario {
            findings = load::joined(findings, load::experiments(&scenario, sources).0);
        }
    }
    (findings, Exit::Done)
}

fn parted<T>(result: Result<Warned<T>, Diagnostics>) -> (Diagnostics, Option<T>) {
    match result {
        Ok(Warned { value, warnings }) => (warnings, Some(value)),
        Err(findings) => (findings, None),
    }
}

fn as_json(file: &str, finding: &Diagnostic, sources: &SourceMap) -> Value {
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
