//! Every kind of mistake in a scenario file: `tests/diagnostics/*.toml` beside what is said about it.
//!
//! `INSILIN_BLESS=1` writes the expected texts anew; they are reviewed like code.

use std::path::Path;

use insilin::diag::{SourceMap, render_all};

mod scenario_support;
mod snapshots;
mod sweep_support;

fn said_about(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a readable case");
    let mut map = SourceMap::new();
    match scenario_support::load(&snapshots::name(path), &text, &mut map) {
        Ok(read) if text.contains("[sweep]") => {
            let source = map.find(&snapshots::name(path)).unwrap_or_default();
            render_all(&sweep_support::said(&text, source, read.value), &map)
        }
        Ok(read) => format!("accepted\n\n{}", render_all(&read.warnings, &map)),
        Err(findings) => render_all(&findings, &map),
    }
}

#[test]
fn every_mistake_is_told_with_its_place_and_remedy() {
    snapshots::check(&snapshots::cases("toml"), said_about);
}

#[test]
fn every_case_has_a_remedy() {
    for case in snapshots::cases("toml") {
        let said = said_about(&case);
        // A wrong type is told with what would have been right; other rooms keep their own promises.
        let findings = said.matches("error[scenario/").count()
            + said.matches("warning[scenario/").count()
            + said.matches("error[sweep/").count();
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
