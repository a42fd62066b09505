//! Every mistake in a hierarchy: `tests/diagnostics/comp_*.xml` beside what is said about it.
//!
//! `INSILIN_BLESS=1` writes the expected texts anew; they are reviewed like code.

use std::path::Path;

use insilin::diag::{MemorySources, SourceMap, render_all};
use insilin::model::lower;

#[path = "../codes/mod.rs"]
mod codes;
#[path = "../snapshots/mod.rs"]
mod snapshots;

fn cases() -> Vec<std::path::PathBuf> {
    let mut cases = snapshots::cases("xml");
    cases.retain(|case| snapshots::name(case).starts_with("comp_"));
    cases
}

fn said(case: &Path) -> String {
    let name = snapshots::name(case);
    let text = std::fs::read_to_string(case).expect("a readable case");
    let sources = MemorySources::new([(name.as_str(), text.as_str())]);
    let mut map = SourceMap::new();
    let findings = match lower::load(&name, &sources, &mut map) {
        Ok(loaded) => loaded.warnings,
        Err(findings) => findings,
    };
    render_all(&findings, &map)
}

#[test]
fn every_mistake_in_a_hierarchy_is_told_as_expected() {
    let cases = cases();
    assert!(cases.len() >= 25, "{} cases", cases.len());
    snapshots::check(&cases, said);
}

#[test]
fn every_code_of_hierarchies_has_a_case() {
    let all: String = cases().iter().map(|case| said(case)).collect();
    let codes = codes::in_source();
    let of_comp = codes
        .iter()
        .filter(|code| code.starts_with("syntax/sbml-comp-") || *code == "syntax/sbml-skipped");
    // What needs thousands of elements is made by a program: see `limits`.
    let large = ["syntax/sbml-comp-too-large", "syntax/sbml-comp-too-deep"];
    let missing: Vec<_> = of_comp
        .filter(|code| !large.contains(&code.as_str()) && !all.contains(&format!("[{code}]")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
