//! Every kind of mistake in a scenario file: `tests/diagnostics/*.toml` beside what is said about it.
//!
//! `INSILIN_BLESS=1` writes the expected texts anew; they are reviewed like code.

use std::path::{Path, PathBuf};

use insilin::diag::{SourceMap, render_all};

mod scenario_support;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("the folder is part of the package");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let mut cases: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    cases.sort();
    cases
}

fn said_about(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a readable case");
    let name = path
        .file_name()
        .expect("a file")
        .to_string_lossy()
        .into_owned();
    let mut map = SourceMap::new();
    match scenario_support::load(&name, &text, &mut map) {
        Ok(read) => format!("accepted\n\n{}", render_all(&read.warnings, &map)),
        Err(findings) => render_all(&findings, &map),
    }
}

#[test]
fn every_mistake_is_told_with_its_place_and_remedy() {
    let bless = std::env::var_os("INSILIN_BLESS").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let said = said_about(&case);
        let expected = case.with_extension("expected");
        if bless {
            std::fs::write(&expected, &said).expect("the folder can be written");
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{}:\n{said}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}

#[test]
fn every_case_has_a_remedy() {
    for case in cases() {
        let said = said_about(&case);
        // A wrong type is told with what would have been right; other rooms keep their own promises.
        let findings =
            said.matches("error[scenario/").count() + said.matches("warning[scenario/").count();
        let typed = said.matches("error[scenario/type]").count();
        let hints = said.matches("= hint: ").count();
        assert!(
            said.contains("error[") || said.contains("warning["),
            "{} has no mistake",
            case.display()
        );
        assert!(
            hints + typed >= findings,
            "{} leaves its reader alone:\n{said}",
            case.display()
        );
    }
}
