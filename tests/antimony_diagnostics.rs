//! Every kind of mistake in a model file: `tests/diagnostics/*.ant` beside what is said about it, by reader and compiler.
//!
//! `INSILIN_BLESS=1` writes the expected texts anew; they are reviewed like code.

use std::path::Path;

use insilin::compile::{Options, compile};
use insilin::diag::{
    Diagnostics, ReadFailure, SourceFile, SourceId, SourceMap, Sources, Warned, render_all,
};
use insilin::model::lower;
use insilin::syntax::antimony::{self, tree};

mod codes;
mod snapshots;

/// The case itself, files to import, and files that cannot be read.
struct Case<'a> {
    name: &'a str,
    text: &'a str,
}

impl Sources for Case<'_> {
    fn read(&self, name: &str, _importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        if name == self.name {
            return Ok(file(name, self.text));
        }
        let imported = snapshots::folder().join("imported").join(name);
        match name {
            "binary.ant" => Err(ReadFailure::NotText),
            "huge.ant" => Err(ReadFailure::TooLarge {
                bytes: 200_000_000,
                limit: 100_000_000,
            }),
            "forbidden.ant" => Err(ReadFailure::Io("permission denied".to_string())),
            _ => match std::fs::read_to_string(imported) {
                Ok(text) => Ok(file(name, &text)),
                Err(_) => Err(ReadFailure::NotFound {
                    looked_in: vec!["tests/diagnostics/imported".to_string()],
                }),
            },
        }
    }
}

fn file(name: &str, text: &str) -> SourceFile {
    SourceFile {
        name: name.to_string(),
        text: text.to_string(),
    }
}

fn parted<T>(read: Result<Warned<T>, Diagnostics>) -> (Diagnostics, Option<T>) {
    match read {
        Ok(read) => (read.warnings, Some(read.value)),
        Err(findings) => (findings, None),
    }
}

/// As `insilin check --verbose` says it.
fn said_about(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a readable case");
    let name = snapshots::name(path);
    let case = Case {
        name: &name,
        text: &text,
    };
    let mut map = SourceMap::new();
    let (mut findings, model) = parted(lower::load(&name, &case, &mut map));
    if let Some(model) = &model {
        findings.extend(parted(compile(model, &[], &Options::default())).0);
    }
    render_all(&findings, &map)
}

#[test]
fn every_mistake_in_a_model_is_told_with_its_place() {
    snapshots::check(&snapshots::cases("ant"), said_about);
}

#[test]
fn a_case_is_about_the_code_that_names_it() {
    for case in snapshots::cases("ant") {
        let stem = case.file_stem().expect("a file").to_string_lossy();
        // Behind two underscores stands what else a code is about.
        let stem = stem.split("__").next().expect("a split has a first part");
        let code = stem.replacen('_', "/", 1).replace('_', "-");
        let said = said_about(&case);
        assert!(said.contains(&format!("[{code}]")), "{code}:\n{said}");
    }
}

/// Codes without a file of their own, each with where else it is tested.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "compile/no-sensitivity",
        "in sensitivity: only runs that ask for derivatives meet it",
    ),
    (
        "syntax/not-text",
        "below: a NUL byte makes git take the file for a binary one",
    ),
    ("syntax/too-large", "below: fifty megabytes"),
    ("syntax/nesting", "below: hundreds of parentheses"),
    ("syntax/too-many", "below: hundreds of mistakes"),
    (
        "model/not-readable",
        "tests/diagnostics/*.toml: a scenario names a model that cannot be read",
    ),
    (
        "units/ambiguous",
        "src/units/read.rs: units of quantities in scenarios",
    ),
    (
        "compile/target-has-formula",
        "src/compile/tests/refusals.rs: `model/event-target` is said first about text",
    ),
    (
        "compile/unknown-function",
        "src/compile/tests/refusals.rs: `model/unknown-function` is said first about text",
    ),
    (
        "compile/wrong-arguments",
        "src/compile/tests/refusals.rs: `syntax/arguments` is said first about text",
    ),
    (
        "model/stoichiometry",
        "below: `inf` before a species is a name, and numbers too large are `syntax/number`",
    ),
];

#[test]
fn every_code_about_models_has_a_case() {
    let said: Vec<String> = snapshots::cases("ant")
        .iter()
        .map(|c| said_about(c))
        .collect();
    let about_models = ["syntax/", "units/", "model/", "compile/"];
    // What only a document in SBML can have wrong is no matter of Antimony text.
    let of_sbml = [
        "syntax/not-sbml",
        "units/more",
        "units/unsuitable",
        "units/unusable",
    ];
    let wanted = |code: &&String| {
        let sbml = code.contains("/sbml-") || of_sbml.contains(&code.as_str());
        !sbml && about_models.iter().any(|room| code.starts_with(room))
    };
    for code in codes::in_source().iter().filter(wanted) {
        let elsewhere = ELSEWHERE.iter().any(|(known, _)| known == code);
        let here = said.iter().any(|said| said.contains(&format!("[{code}]")));
        assert!(
            here != elsewhere,
            "`{code}`: has a case {here}, listed as tested elsewhere {elsewhere}"
        );
    }
}

/// Code and message of the first finding about a text.
fn first(text: &str) -> (&'static str, String) {
    let (_, findings) = antimony::read(text, SourceId(0));
    let first = findings.0.first().expect("something is wrong with it");
    (first.code, first.message.clone())
}

#[test]
fn what_is_no_text_or_too_much_of_it_is_refused_as_a_whole() {
    let (code, message) = first("x = 1\0");
    assert_eq!(
        (code, message.as_str()),
        ("syntax/not-text", "this is no text: it holds NUL bytes")
    );
    let (code, message) = first(&" ".repeat(antimony::MAX_BYTES + 1));
    assert_eq!(code, "syntax/too-large");
    assert_eq!(message, "the text has 50 MB; at most 50 MB are read");
}

#[test]
fn a_formula_too_deep_is_refused() {
    let (code, message) = first(&format!("x = {}1{}", "(".repeat(300), ")".repeat(300)));
    assert_eq!(code, "syntax/nesting");
    assert_eq!(message, "a formula is nested more than 256 levels deep");
}

#[test]
fn of_many_mistakes_a_hundred_are_shown_and_the_others_counted() {
    let (_, findings) = antimony::read(&"x = 3 +\n".repeat(250), SourceId(0));
    let last = findings.0.last().expect("something is wrong with it");
    assert_eq!(findings.0.len(), 101);
    assert_eq!(
        (last.code, last.message.as_str()),
        ("syntax/too-many", "150 further findings are not shown")
    );
}

#[test]
fn an_infinite_stoichiometry_in_a_tree_is_refused() {
    let (mut file, _) = antimony::read("J: 2 A -> ; k", SourceId(0));
    let Some(tree::Item::Statement(statement)) = file.items.first_mut() else {
        panic!("a statement");
    };
    let tree::StatementKind::Reaction(reaction) = &mut statement.kind else {
        panic!("a reaction");
    };
    reaction.reactants[0].stoichiometry = tree::Stoichiometry::Number(f64::INFINITY);
    let (findings, _) = parted(lower::lower(&file));
    assert_eq!(findings.0[0].code, "model/stoichiometry");
    assert_eq!(findings.0[0].message, "a stoichiometry must be finite");
}
