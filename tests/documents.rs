//! Documents say what is so: codes, links, file names, commands, options, and examples that load.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use insilin::compile::{Options, compile};
use insilin::diag::{
    Diagnostics, MemorySources, ReadFailure, SourceFile, SourceMap, Sources, render_all,
};
use insilin::model::lower;
use insilin::scenario::{self, inputs};
use insilin::simulate::{Experiment, sensitivity};
use insilin::trajectory::points;

mod codes;
mod support;
mod sweep_support;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A document's path below the root, and its text.
type Document = (String, String);

/// The documents at the top, that of the results, and all of `docs/`.
fn documents() -> Vec<Document> {
    let outside = ["README.md", "ARCHITECTURE.md", "results/README.md"];
    let mut paths = outside.map(str::to_string).to_vec();
    for entry in std::fs::read_dir(root().join("docs")).expect("a readable folder") {
        let name = entry.expect("a readable entry").file_name();
        paths.push(format!("docs/{}", name.to_string_lossy()));
    }
    paths.retain(|path| path.ends_with(".md"));
    paths.sort();
    paths
        .into_iter()
        .map(|path| (path.clone(), document(&path)))
        .collect()
}

fn document(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

// ---- codes

/// Codes in the first column of the tables of the reference.
fn listed_codes() -> Vec<String> {
    let text = document("docs/diagnostics.md");
    let first = |line: &str| Some(line.strip_prefix("| `")?.split('`').next()?.to_string());
    text.lines()
        .filter_map(first)
        .filter(|code| codes::is_code(code))
        .collect()
}

#[test]
fn the_reference_lists_every_code_of_the_source_and_no_other() {
    let listed = listed_codes();
    let once: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(once.len(), listed.len(), "a code is listed twice");
    let source = codes::in_source();
    let missing: Vec<_> = source.difference(&once).collect();
    let gone: Vec<_> = once.difference(&source).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "not listed: {missing:?}; not in the source: {gone:?}"
    );
}

#[test]
fn every_listed_code_has_severity_and_words() {
    let text = document("docs/diagnostics.md");
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let escaped = line.replace("\\|", "or");
        let cells: Vec<&str> = escaped
            .trim_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        assert_eq!(cells.len(), 3, "{line}");
        let known = |word: &str| ["error", "warning", "note"].contains(&word);
        assert!(cells[1].split(", ").all(known), "{line}");
        assert!(cells[2].ends_with('.'), "{line}");
    }
}

#[test]
fn severities_are_those_of_the_cases() {
    // What the cases say in severity must be admitted by the reference.
    let text = document("docs/diagnostics.md");
    for case in std::fs::read_dir(root().join("tests/diagnostics")).expect("a readable folder") {
        let path = case.expect("a readable entry").path();
        if path.extension().is_none_or(|ending| ending != "expected") {
            continue;
        }
        let said = std::fs::read_to_string(&path).expect("a readable case");
        for line in said.lines() {
            let Some((severity, rest)) = line.split_once('[') else {
                continue;
            };
            let Some((code, _)) = rest.split_once("]: ") else {
                continue;
            };
            if !codes::is_code(code) || severity.contains(' ') {
                continue;
            }
            let row = text
                .lines()
                .find(|row| row.starts_with(&format!("| `{code}` |")));
            let cell = row
                .and_then(|row| row.split('|').nth(2))
                .unwrap_or_default();
            assert!(
                cell.contains(severity),
                "{}: {code} is said to be {cell}",
                path.display()
            );
        }
    }
}

// ---- links and file names

/// What stands between backticks on one line, outside of code blocks.
fn quoted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_string));
        }
    }
    found
}

/// Targets of `[words](target)`.
fn links(text: &str) -> Vec<String> {
    let parts = text.split("](").skip(1);
    parts
        .filter_map(|part| Some(part.split_once(')')?.0.to_string()))
        .collect()
}

/// Whether a text in backticks claims that a file or folder of the project is there.
fn names_a_file(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let rooted = [
        "src/", "tests/", "docs/", "models/", "benches/", "fuzz/", ".ci/", "crates/",
    ];
    let placeholder = name.contains("NAME") || name.contains("FIGURE");
    name.chars().all(plain)
        && !placeholder
        && (rooted.iter().any(|folder| name.starts_with(folder)) || name.ends_with(".md"))
}

fn exists(document: &str, target: &str) -> bool {
    let beside = root()
        .join(document)
        .parent()
        .expect("a document has a folder")
        .join(target);
    beside.exists() || root().join(target).exists()
}

#[test]
fn files_and_links_in_the_documents_exist() {
    for (path, text) in documents() {
        for name in quoted(&text).iter().filter(|name| names_a_file(name)) {
            assert!(
                exists(&path, name),
                "{path} names `{name}`, which is not there"
            );
        }
        for link in links(&text).iter().filter(|link| !link.contains("://")) {
            let file = link.split('#').next().unwrap_or_default();
            assert!(
                file.is_empty() || exists(&path, file),
                "{path} links to {link}, which is not there"
            );
        }
    }
}

#[test]
fn every_document_is_in_the_list_of_documents() {
    let list = document("docs/README.md");
    for (path, _) in documents() {
        let name = path.strip_prefix("docs/").unwrap_or("README.md"); // those outside are found without it
        assert!(
            name == "README.md" || list.contains(&format!("`{name}`")),
            "{path} is not listed"
        );
    }
}

// ---- commands and options

fn insilin(arguments: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_insilin"))
        .args(arguments)
        .output();
    let out = out.expect("the program runs");
    assert!(
        out.status.success(),
        "insilin {arguments:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// Options in a text: `--word`.
fn options(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '-';
    let words = text.split(|c: char| !is_part(c));
    let words = words.map(|word| word.trim_end_matches('-'));
    words
        .filter(|word| word.starts_with("--"))
        .map(str::to_string)
        .collect()
}

fn verbs() -> Vec<String> {
    let help = insilin(&["help"]);
    let (_, list) = help
        .split_once("Commands:")
        .expect("the help lists commands");
    let lines = list
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("  "));
    let words = lines.filter(|line| !line.starts_with("   "));
    words
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_string)
        .collect()
}

/// Options of another program are none of ours.
fn about_us(line: &str) -> bool {
    !["cargo", "just", "rustup", "git", "RUSTDOCFLAGS"]
        .iter()
        .any(|other| line.contains(other))
}

#[test]
fn commands_in_the_documents_exist() {
    let verbs = verbs();
    assert!(verbs.contains(&"run".to_string()), "{verbs:?}");
    let mut seen = 0;
    for (path, text) in documents() {
        let blocks = blocks(&text, "");
        let blocks = blocks.iter().flat_map(|(_, block)| block.lines());
        let blocks = blocks
            .map(str::trim)
            .filter(|line| line.starts_with("insilin "));
        let inline = quoted(&text);
        let inline = inline
            .iter()
            .map(String::as_str)
            .filter(|code| code.starts_with("insilin "));
        for line in blocks.chain(inline) {
            let verb = line.split_whitespace().nth(1).unwrap_or_default();
            assert!(verbs.iter().any(|known| known == verb), "{path}: `{line}`");
            let help = insilin(&["help", verb]);
            // What follows a `#` is words.
            let command = line.split('#').next().unwrap_or_default();
            for option in options(command) {
                assert!(
                    help.contains(&option),
                    "{path}: `insilin {verb}` has no {option}"
                );
            }
            seen += 1;
        }
    }
    assert!(seen > 10, "only {seen} commands were found");
}

#[test]
fn options_in_the_documents_exist() {
    // The last one is cargo's.
    let mut known =
        BTreeSet::from(["--help", "--version", "--no-default-features"].map(str::to_string));
    for verb in verbs().iter().filter(|verb| *verb != "help") {
        known.extend(options(&insilin(&["help", verb])));
    }
    for (path, text) in documents() {
        for line in text.lines().filter(|line| about_us(line)) {
            for option in options(line) {
                assert!(
                    known.contains(&option),
                    "{path}: no verb has {option}: {line}"
                );
            }
        }
    }
}

// ---- examples

/// The folder `models/`, as the program has it built in.
struct Shipped;

impl Sources for Shipped {
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let models = root().join("models");
        let beside = importer
            .and_then(|importer| Path::new(importer).parent().map(|folder| folder.join(name)));
        let places = beside.into_iter().chain([PathBuf::from(name)]);
        for place in places {
            if let Ok(text) = std::fs::read_to_string(models.join(&place)) {
                let name = place.display().to_string();
                return Ok(SourceFile { name, text });
            }
        }
        Err(ReadFailure::NotFound {
            looked_in: vec!["models".to_string()],
        })
    }
}

/// Blocks of code of one language, each with the line that it begins at.
fn blocks(text: &str, language: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, bool)> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some("")) => {
                let (start, block, wanted) = open.take().expect("a block is open");
                found.extend(wanted.then_some((start, block)));
            }
            (Some((_, block, _)), _) => block.extend([line, "\n"]),
            (None, Some(name)) => open = Some((at + 2, String::new(), name.trim() == language)),
            (None, None) => {}
        }
    }
    found
}

/// The example in its frame, of which the lines that it gives itself are left out.
fn framed(block: &str, frame: &str) -> String {
    if block.starts_with("schema") {
        return block.to_string();
    }
    let key = |line: &str| line.split('=').next().map(|key| key.trim().to_string());
    let plain = block.lines().take_while(|line| !line.starts_with('['));
    let given: Vec<String> = plain.filter_map(key).collect();
    let kept = frame
        .lines()
        .filter(|line| key(line).is_some_and(|key| !given.contains(&key)));
    let mut text: String = kept.flat_map(|line| [line, "\n"]).collect();
    text.push_str(block);
    text
}

fn examples(path: &str) -> Vec<(String, String)> {
    let text = document(path);
    let toml = blocks(&text, "toml");
    let frame = toml
        .first()
        .map_or_else(String::new, |(_, block)| block.clone());
    let named = |(line, block): &(usize, String)| (format!("{path}:{line}"), framed(block, &frame));
    toml.iter().map(named).collect()
}

/// Everything said about a scenario with shipped models, up to the start of its runs.
fn said_about(name: &str, text: &str) -> String {
    let mut map = SourceMap::new();
    let mut model = |path: &str, map: &mut SourceMap| lower::load(path, &Shipped, map);
    let found = match scenario::load(name, text, &Shipped, &mut map, &mut model) {
        Ok(read) => {
            let mut found = read.warnings;
            for arm in &read.value.arms {
                if let Err(refused) = Experiment::new(arm) {
                    found.extend(refused);
                }
            }
            let source = map.find(name).unwrap_or_default();
            found.extend(sweep_support::said(text, source, read.value));
            found
        }
        Err(found) => found,
    };
    render_all(&without_notes(found), &map)
}

/// What a model does not take is said by design: an example about a whole person runs on a part of one.
fn without_notes(found: Diagnostics) -> Diagnostics {
    let kept = found.into_iter().filter(|finding| {
        finding.severity > insilin::diag::Severity::Note && finding.code != "scenario/input-absent"
    });
    Diagnostics(kept.collect())
}

#[test]
fn every_example_of_a_scenario_can_be_run() {
    let mut count = 0;
    for (name, text) in examples("docs/scenarios.md")
        .into_iter()
        .chain(examples("docs/figures.md"))
        .chain(examples("docs/sweeps.md"))
        .chain(examples("README.md"))
    {
        let said = said_about(&name, &text);
        assert!(said.is_empty(), "{name}:\n{text}\n{said}");
        count += 1;
    }
    assert!(count > 15, "only {count} examples were found");
}

#[test]
fn every_example_of_a_scenario_satisfies_the_schema() {
    let schema = serde_json::to_value(scenario::schema::scenario()).expect("plain data");
    let documents = ["docs/scenarios.md", "docs/sweeps.md", "README.md"];
    for (name, text) in documents.iter().flat_map(|path| examples(path)) {
        let table: toml::Table = text.parse().expect("the reader takes it");
        let data = serde_json::to_value(table).expect("TOML without dates is JSON");
        let faults = support::json_schema::faults(&schema, &data);
        assert_eq!(faults, Vec::<String>::new(), "{name}:\n{text}");
    }
}

/// The model of the document, read and run; the number is that of its text.
#[test]
fn the_example_of_sensitivities_gives_its_number() {
    let text = document("docs/sensitivity.md");
    let model = blocks(&text, "text").remove(0).1;
    let scenario = "schema = 1\nname = \"dose\"\nmodel = \"dose.ant\"\ntime = { span = [0, 10], every = 1 }\nprotocol = [{ bolus = \"level\", amount = 10, time = 0 }]\n";
    let sources = MemorySources::new([("dose.ant", model.as_str())]);
    let mut map = SourceMap::new();
    let mut load = |path: &str, map: &mut SourceMap| lower::load(path, &sources, map);
    let read = scenario::load("dose.toml", scenario, &sources, &mut map, &mut load);
    let arm = read.expect("it reads").value.arms.remove(0);
    let request = sensitivity::Request {
        parameters: vec![arm.model.symbol("threshold").expect("it is there")],
    };
    let made = sensitivity::run(&arm, &request, &Default::default());
    let made = made.expect("it runs").value;
    let curve = made.parameters[0].derivatives.values("level");
    let last = curve.expect("a curve").pop().expect("a value");
    assert!((last - -1.69).abs() < 0.005, "{last}");
    assert!(text.contains("−1.69"));
}

#[test]
fn the_examples_of_measured_data_and_of_inputs_can_be_read() {
    let text = document("docs/scenarios.md");
    let csv = blocks(&text, "csv");
    let series = points::read(&csv[0].1).expect("the example is well formed");
    assert_eq!(series[0].measured.spread, [7.7, 20.0]);
    let written = blocks(&text, "inputs");
    let mut findings = Diagnostics::new();
    let mut map = SourceMap::new();
    let source = map.add("example.inputs.toml", written[0].1.clone());
    let read = inputs::read(&written[0].1, source, &mut findings);
    assert!(findings.is_empty(), "{}", render_all(&findings, &map));
    assert_eq!(
        read.inputs.keys().collect::<Vec<_>>(),
        ["meal_glucose", "insulin"]
    );
}

#[test]
fn the_examples_of_inputs_and_of_a_subject_on_the_page_of_the_contract_can_be_read() {
    let text = document("docs/inputs.md");
    let mut findings = Diagnostics::new();
    let mut map = SourceMap::new();
    let written = &blocks(&text, "inputs")[0].1;
    let source = map.add("example.inputs.toml", written.clone());
    let read = inputs::read(written, source, &mut findings);
    assert_eq!(
        (read.outputs.len(), read.rules.len(), read.traits.len()),
        (2, 1, 1)
    );
    let written = &blocks(&text, "subject")[0].1;
    let source = map.add("subject.toml", written.clone());
    let read = insilin::scenario::subject::read(written, source, &mut findings);
    assert_eq!(
        read.map(|subject| subject.name).as_deref(),
        Some("somebody")
    );
    assert!(findings.is_empty(), "{}", render_all(&findings, &map));
}

#[test]
fn every_kind_of_figure_and_every_picture_of_the_gallery_is_on_the_page_of_figures() {
    let text = document("docs/figures.md");
    for kind in [
        "course",
        "day",
        "week",
        "month",
        "long",
        "stacked",
        "heat",
        "small-multiples",
        "dose-response",
        "bars",
    ] {
        assert!(text.contains(&format!("`{kind}`")), "{kind}");
        let example = format!("kind = \"{kind}\"");
        assert!(
            kind == "long" || text.contains(&example),
            "no example of {kind}"
        );
    }
    for picture in std::fs::read_dir(root().join("results/gallery")).expect("a readable folder") {
        let name = picture.expect("a readable entry").file_name();
        let name = name.to_string_lossy().into_owned();
        assert!(
            text.contains(&format!("gallery/{name}")),
            "{name} is shown nowhere"
        );
    }
}

#[test]
fn every_kind_of_figure_and_design_of_a_sweep_is_on_its_page() {
    use insilin::scenario::sweep::SweepFigureKind;
    let text = document("docs/sweeps.md");
    let kinds = SweepFigureKind::WORDS.iter().map(|(word, _)| *word);
    for word in kinds.chain(["grid", "random", "latin-hypercube", "sobol"]) {
        assert!(text.contains(&format!("| `{word}` |")), "{word}");
    }
}

#[test]
fn every_metric_and_entry_is_in_the_reference() {
    let text = document("docs/scenarios.md");
    for (name, _) in insilin::observe::NAMES {
        assert!(
            text.contains(&format!("`{name}`")),
            "the metric `{name}` is not described"
        );
    }
    for entry in [
        "meal", "give", "hold", "rate", "bolus", "set", "clamp", "mark",
    ] {
        assert!(
            text.contains(&format!("{{ {entry} = ")),
            "no example of `{entry}`"
        );
    }
}

#[test]
fn every_example_of_a_model_loads_without_a_warning() {
    let text = document("docs/model-files.md");
    let models = blocks(&text, "antimony");
    assert!(models.len() > 3, "only {} models were found", models.len());
    for (line, block) in models {
        let name = format!("docs/model-files.md:{line}");
        let mut map = SourceMap::new();
        let sources = MemorySources(vec![SourceFile {
            name: name.clone(),
            text: block,
        }]);
        let read = lower::load(&name, &sources, &mut map);
        let found = match read {
            Ok(read) => {
                let mut found = read.warnings;
                match compile(&read.value, &[], &Options::default()) {
                    Ok(compiled) => found.extend(compiled.warnings),
                    Err(refused) => found.extend(refused),
                }
                found
            }
            Err(found) => found,
        };
        assert!(
            without_notes(found.clone()).is_empty(),
            "{}",
            render_all(&found, &map)
        );
    }
}
