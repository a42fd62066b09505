//! Every kind of mistake in a document of SBML: `tests/diagnostics/*.xml` beside what is said about it, by reader and compiler.
//!
//! `INSILIN_BLESS=1` writes the expected texts anew; they are reviewed like code.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use insilin::compile::{Options, compile};
use insilin::diag::{
    Diagnostics, MemorySources, Severity, SourceId, SourceMap, Warned, render_all,
};
use insilin::model::lower;

mod codes;
mod snapshots;

fn parted<T>(read: Result<Warned<T>, Diagnostics>) -> (Diagnostics, Option<T>) {
    match read {
        Ok(read) => (read.warnings, Some(read.value)),
        Err(findings) => (findings, None),
    }
}

/// What reader and compiler find, with the texts that they point into.
fn findings(name: &str, text: &str) -> (Diagnostics, SourceMap) {
    let sources = MemorySources::new([(name, text)]);
    let mut map = SourceMap::new();
    let (mut findings, model) = parted(lower::load(name, &sources, &mut map));
    if let Some(model) = &model {
        findings.extend(parted(compile(model, &[], &Options::default())).0);
    }
    (findings, map)
}

/// Hierarchies (`comp_…`) have tests of their own: `sbml_comp`.
fn cases() -> Vec<PathBuf> {
    let mut cases = snapshots::cases("xml");
    cases.retain(|case| !snapshots::name(case).starts_with("comp_"));
    cases
}

/// As `insilin check` says it; notes are shown to those who ask for them.
fn said_about(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a readable case");
    let (mut findings, map) = findings(&snapshots::name(path), &text);
    findings.0.retain(|f| f.severity > Severity::Note);
    render_all(&findings, &map)
}

#[test]
fn every_mistake_in_a_document_is_told_with_its_place() {
    snapshots::check(&cases(), said_about);
}

#[test]
fn a_case_is_about_the_code_that_names_it() {
    for case in cases() {
        let stem = case.file_stem().expect("a file").to_string_lossy();
        // Behind two underscores stands what else a code is about.
        let stem = stem.split("__").next().expect("a split has a first part");
        let code = stem.replacen('_', "/", 1).replace('_', "-");
        let said = said_about(&case);
        assert!(said.contains(&format!("[{code}]")), "{code}:\n{said}");
    }
}

#[test]
fn every_finding_has_a_place_in_its_file_and_a_remedy() {
    for case in cases() {
        let text = std::fs::read_to_string(&case).expect("a readable case");
        let (findings, _) = findings(&snapshots::name(&case), &text);
        for finding in findings.0.iter().filter(|f| f.severity > Severity::Note) {
            // One that counts others has no place.
            let counts = ["units/more", "syntax/too-many"].contains(&finding.code);
            let of_sbml = finding.code.contains("sbml");
            let name = case.display();
            assert!(
                counts || finding.span.is_some(),
                "{name}: {finding:?} has no place"
            );
            assert!(
                !of_sbml || finding.hint.is_some(),
                "{name}: {finding:?} has no remedy"
            );
        }
    }
}

/// Codes of documents in SBML without a file of their own, each with where else it is tested.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "syntax/sbml-annotation",
        "in convert: a note, and there a warning",
    ),
    ("syntax/sbml-skipped", "with hierarchies: comp_skipped.xml"),
    ("syntax/sbml-too-deep", "below: hundreds of elements"),
    ("syntax/sbml-too-large", "below: huge tags and files"),
];

#[test]
fn every_code_about_documents_is_described_and_has_a_case() {
    let said: String = cases().iter().map(|case| said_about(case)).collect();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics.md");
    let page = std::fs::read_to_string(page).expect("the page of messages");
    let mut known = codes::in_source();
    known.extend(described(&page));
    let others = [
        "syntax/not-sbml",
        "units/more",
        "units/unsuitable",
        "units/unusable",
    ];
    // Hierarchies have files of several models and tests of their own.
    let is_wanted = |code: &&String| {
        (code.contains("/sbml-") || others.contains(&code.as_str()))
            && !code.contains("/sbml-comp-")
    };
    for code in known.iter().filter(is_wanted) {
        let elsewhere = ELSEWHERE.iter().any(|(known, _)| known == code);
        let here = said.contains(&format!("[{code}]"));
        assert!(page.contains(&format!("`{code}`")), "{code}");
        assert!(
            here != elsewhere,
            "`{code}`: has a case {here}, listed as tested elsewhere {elsewhere}"
        );
    }
}

/// Codes in the tables of the page.
fn described(page: &str) -> BTreeSet<String> {
    let parts = page.split('`').filter(|part| codes::is_code(part));
    parts.map(str::to_string).collect()
}

/// The first code said about a text, and how long that took.
fn refused(text: &str) -> &'static str {
    // The best of three: the machine may be busy with other tests.
    let runs = (0..3).map(|_| {
        let start = Instant::now();
        let (findings, _) = findings("hostile.xml", text);
        (start.elapsed(), findings)
    });
    let (took, findings) = runs.min_by_key(|(took, _)| *took).expect("three runs");
    assert!(took < Duration::from_secs(1), "took {took:?}");
    assert!(findings.has_errors());
    findings.0[0].code
}

/// A document with one formula for `x`.
fn with_formula(formula: &str) -> String {
    format!(
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\"><model>\
         <listOfParameters><parameter id=\"x\" constant=\"false\"/></listOfParameters><listOfRules>\
         <assignmentRule variable=\"x\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\">{formula}</math>\
         </assignmentRule></listOfRules></model></sbml>"
    )
}

#[test]
fn what_would_take_long_is_refused_at_once() {
    let deep = format!(
        "{}<cn>1</cn>{}",
        "<apply><minus/>".repeat(500),
        "</apply>".repeat(500)
    );
    assert_eq!(refused(&with_formula(&deep)), "syntax/sbml-too-deep");
    let long = format!("<ci class=\"{}\">x</ci>", "y".repeat(100_000));
    assert_eq!(refused(&with_formula(&long)), "syntax/sbml-too-large");
    let mut many = String::new();
    for at in 0..200 {
        write!(many, " a{at}=\"1\"").expect("strings take all writes");
    }
    assert_eq!(
        refused(&with_formula(&format!("<ci{many}>x</ci>"))),
        "syntax/sbml-too-large"
    );
    let (_, found) = insilin::syntax::sbml::read(&" ".repeat(50_000_001), SourceId::default());
    assert_eq!(found.0[0].code, "syntax/sbml-too-large");
    let bomb =
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><sbml>&b;</sbml>";
    assert_eq!(refused(bomb), "syntax/sbml-doctype");
}

#[test]
fn of_many_mistakes_a_hundred_are_shown() {
    let wrong = "<apply><sine/><ci>x</ci></apply>".repeat(5_000);
    let text = with_formula(&format!("<apply><plus/>{wrong}</apply>"));
    let (findings, _) = findings("many.xml", &text);
    assert_eq!(findings.0.len(), 101);
    assert_eq!(findings.0[100].code, "syntax/too-many");
    assert_eq!(findings.0[100].severity, Severity::Error);
}

#[test]
fn of_many_names_of_nothing_a_hundred_are_shown_at_once() {
    let names: Vec<String> = (0..20_000).map(|at| format!("<ci>y{at}</ci>")).collect();
    let known = |at: usize| format!("<parameter id=\"quantity{at}\" constant=\"true\"/>");
    let known: Vec<String> = (0..1_000).map(known).collect();
    let text = with_formula(&format!("<apply><plus/>{}</apply>", names.concat()));
    let list = "<listOfParameters>";
    let text = text.replace(list, &format!("{list}{}", known.concat()));
    assert_eq!(refused(&text), "model/sbml-unknown-name");
    let (findings, _) = findings("names.xml", &text);
    assert_eq!(findings.0.len(), 101);
}

#[test]
fn many_warnings_do_not_make_an_error() {
    let remarks = "<cn class=\"a\" colour=\"red\">1</cn>".repeat(500);
    let text = with_formula(&format!("<apply><plus/>{remarks}</apply>"));
    let (findings, _) = findings("warnings.xml", &text);
    assert!(!findings.has_errors(), "{findings:?}");
    assert_eq!(findings.0.len(), 101);
}

#[test]
fn a_mark_of_the_byte_order_is_no_mistake() {
    let (findings, _) = findings(
        "marked.xml",
        &format!("\u{feff}{}", with_formula("<cn>1</cn>")),
    );
    assert!(!findings.has_errors(), "{findings:?}");
}

#[test]
fn nul_bytes_are_refused_with_their_place() {
    let text = with_formula("<cn>\u{0}</cn>");
    let (findings, map) = findings("binary.xml", &text);
    assert_eq!(findings.0[0].code, "syntax/sbml-malformed");
    let span = findings.0[0].span.expect("a place");
    assert_eq!(map.text(span), "\u{0}");
}
