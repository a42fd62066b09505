//! Texts with mistakes in `tests/diagnostics/`, each beside what is said about it.
//!
//! `INSILIN_BLESS=1` writes the expected texts anew; they are reviewed like code.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};

/// Where the cases lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

/// All cases whose names end with `.ending`, in order of their names.
pub fn cases(ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("the folder is part of the package");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let mut cases: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .collect();
    cases.sort();
    cases
}

/// The expected text beside a case; one name serves one case.
fn expected(case: &Path) -> PathBuf {
    let twins = ["ant", "toml", "xml", "foods", "plates", "menus"]
        .map(|ending| case.with_extension(ending));
    let twins = twins.iter().filter(|twin| twin.exists()).count();
    assert_eq!(
        twins,
        1,
        "{} would share what is expected with another case",
        case.display()
    );
    case.with_extension("expected")
}

/// The name of a file without its folders.
pub fn name(path: &Path) -> String {
    let name = path.file_name().expect("a file has a name");
    name.to_string_lossy().into_owned()
}

/// Fails with all that is not as expected.
pub fn check(cases: &[PathBuf], said_about: impl Fn(&Path) -> String) {
    let bless = std::env::var_os("INSILIN_BLESS").is_some();
    let mut wrong = Vec::new();
    for case in cases {
        let said = said_about(case);
        let expected = expected(case);
        if bless {
            std::fs::write(&expected, &said).expect("the folder can be written");
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{}:\n{said}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}
