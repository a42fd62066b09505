//! The stable codes of all findings, as the source writes them.

use std::collections::BTreeSet;
use std::path::Path;

/// Rooms that say something about an input.
pub const ROOMS: [&str; 14] = [
    "syntax",
    "units",
    "model",
    "export",
    "compile",
    "scenario",
    "simulate",
    "observe",
    "render",
    "store",
    "cli",
    "clinic",
    "sweep",
    "population",
];

/// Every text `"room/problem"` or `[room/problem]` in `src/`.
pub fn in_source() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut codes,
    );
    codes
}

fn collect(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, codes);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            codes.extend(quoted(&text));
        }
    }
}

/// Texts in quotes or square brackets that are codes.
fn quoted(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(['"', '[', ']']);
    parts.filter(|part| is_code(part)).map(str::to_string)
}

/// Whether a text has the form of a code: a room, a stroke, lower case and hyphens.
pub fn is_code(text: &str) -> bool {
    let Some((room, problem)) = text.split_once('/') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_lowercase() || c == '-';
    ROOMS.contains(&room) && !problem.is_empty() && problem.chars().all(plain)
}
