//! The flat text of a model reads back to the same model.

mod antimony_snippets;

use antimony_snippets::SNIPPETS;
use insilin::diag::{MemorySources, SourceFile, SourceMap, render_all};
use insilin::export::antimony;
use insilin::model::Model;
use insilin::model::lower::load;

fn read_all(name: &str, files: Vec<SourceFile>) -> Model {
    let mut map = SourceMap::new();
    match load(name, &MemorySources(files), &mut map) {
        Ok(model) => model.value,
        Err(found) => panic!("{name}:\n{}", render_all(&found, &map)),
    }
}

fn read(name: &str, text: &str) -> Model {
    let file = SourceFile {
        name: name.to_string(),
        text: text.to_string(),
    };
    read_all(name, vec![file])
}

/// All that a model says, without places in texts.
fn said(model: &Model) -> String {
    let full = format!("{model:#?}");
    let mut out = String::with_capacity(full.len());
    let mut rest = full.as_str();
    while let Some(at) = rest.find("Span {") {
        out.push_str(&rest[..at]);
        let mut depth = 0;
        let end = rest[at..]
            .char_indices()
            .find_map(|(offset, c)| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                (c == '}' && depth == 0).then_some(at + offset + 1)
            })
            .expect("braces of a debug text are balanced");
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn check_round_trip(name: &str, model: &Model) {
    let text = antimony(model);
    let again = read(&format!("{name} exported"), &text);
    let (first, second) = (said(model), said(&again));
    if let Some((left, right)) = first.lines().zip(second.lines()).find(|(a, b)| a != b) {
        panic!("{name}: `{left}` became `{right}` through\n{text}");
    }
    assert_eq!(
        first.len(),
        second.len(),
        "{name}: cut short through\n{text}"
    );
    assert_eq!(antimony(&again), text, "{name}: the text is not stable");
}

#[test]
fn every_snippet_reads_back_from_its_flat_text() {
    for (name, text) in SNIPPETS {
        check_round_trip(name, &read(name, text));
    }
}

#[test]
fn every_shipped_model_reads_back_from_its_flat_text() {
    let mut count = 0;
    for folder in [
        "models/published",
        "models/cell",
        "models/organ",
        "models/body",
        "models",
    ] {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.retain(|path| path.extension().is_some_and(|e| e == "ant"));
        let file = |path: &std::path::PathBuf| SourceFile {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(path).unwrap(),
        };
        let files: Vec<SourceFile> = paths.iter().map(file).collect();
        for file in &files {
            if file.text.contains("import \"../") {
                // Files of other folders come through the library of models, which has its own tests.
                continue;
            }
            check_round_trip(&file.name, &read_all(&file.name, files.clone()));
            count += 1;
        }
    }
    assert!(count > 0 || !std::path::Path::new("models/published").exists());
}
