//! The page of the shipped models is made from their heads, and every head says what a reader has to know.

mod support;

use std::fs;

use insilin::scenario::inputs::Inputs;
use insilin::syntax::head::{Head, TOPICS, head};
use support::files::{inputs_of, package, shipped_models};

const PAGE: &str = "docs/models.md";
const BEGIN: &str = "<!-- made from the heads of the models -->\n";
const END: &str = "<!-- end -->\n";

/// A model that is shipped, and its head.
struct Shipped {
    path: String,
    head: Head,
}

fn shipped() -> Vec<Shipped> {
    let read = |path: String| {
        let text = fs::read_to_string(package().join("models").join(&path));
        let head = head(&text.expect("it was just listed"));
        Shipped { path, head }
    };
    shipped_models().into_iter().map(read).collect()
}

/// Folders of `tests/golden` that say that they are about a model.
fn golden_folders(path: &str) -> Vec<String> {
    let entries = fs::read_dir(package().join("tests/golden")).expect("it is in the checkout");
    let folders = entries.map(|entry| entry.expect("it can be listed").path());
    let about_it = folders.filter(|folder| {
        let origin = fs::read_to_string(folder.join("ORIGIN.md")).unwrap_or_default();
        origin.contains(&format!("`models/{path}`"))
    });
    let mut names: Vec<String> = about_it
        .filter_map(|folder| Some(folder.file_name()?.to_string_lossy().into_owned()))
        .map(|name| format!("`tests/golden/{name}/`"))
        .collect();
    names.sort();
    names
}

/// What a scenario can drive and read off, by names.
fn driven(inputs: &Inputs) -> String {
    let takes: Vec<String> = inputs
        .inputs
        .keys()
        .map(|name| format!("`{name}`"))
        .collect();
    let gives: Vec<String> = inputs
        .outputs
        .iter()
        .map(|(name, output)| format!("{name} (`{}`)", output.id))
        .collect();
    let person: Vec<String> = inputs.rules.keys().map(|id| format!("`{id}`")).collect();
    let mut text = format!("* takes: {}\n", takes.join(", "));
    for (what, names) in [("gives", gives), ("follows the person in", person)] {
        if !names.is_empty() {
            text.push_str(&format!("* {what}: {}\n", names.join(", ")));
        }
    }
    text
}

fn section(Shipped { path, head }: &Shipped) -> String {
    let mut text = format!("\n### `{path}`\n{}\n\n", head.title);
    for part in ["good for", "fails", "scope", "checks"] {
        if let Some(said) = head.part(part) {
            text.push_str(&format!("* **{part}** {said}\n"));
        }
    }
    text.push_str(&driven(&inputs_of(path)));
    let golden = golden_folders(path);
    if !golden.is_empty() {
        text.push_str(&format!("* reference: {}\n", golden.join(", ")));
    }
    for source in head.sources() {
        text.push_str(&format!("* source: {source}\n"));
    }
    if !head.notes.is_empty() {
        text.push_str(&format!("\n{}\n", head.notes.join("\n")));
    }
    text
}

fn made() -> String {
    let shipped = shipped();
    let mut text = String::new();
    for topic in TOPICS {
        let about_it = shipped
            .iter()
            .filter(|model| model.head.topic().as_deref() == Some(topic));
        let sections: Vec<String> = about_it.map(section).collect();
        if !sections.is_empty() {
            let (first, rest) = topic.split_at(1);
            text.push_str(&format!("\n## {}{rest}\n", first.to_uppercase()));
            text.push_str(&sections.concat());
        }
    }
    text.push('\n');
    text
}

/// `INSILIN_BLESS=1` writes the page anew.
#[test]
fn the_page_shows_the_heads_as_they_are() {
    let path = package().join(PAGE);
    let page = fs::read_to_string(&path).expect("the page is there");
    let (before, rest) = page.split_once(BEGIN).expect("it says where it begins");
    let (shown, after) = rest.split_once(END).expect("and where it ends");
    if std::env::var_os("INSILIN_BLESS").is_some() {
        let text = format!("{before}{BEGIN}{}{END}{after}", made());
        fs::write(path, text).expect("the page can be written");
    } else {
        assert!(shown == made(), "{PAGE} is stale: `just models-page`");
    }
}

#[test]
fn every_head_says_what_the_model_is_good_for_and_where_it_fails() {
    for Shipped { path, head } in shipped() {
        assert!(head.title.ends_with('.'), "{path}: a sentence at the top");
        for part in ["about", "sources", "scope", "good for", "fails", "checks"] {
            let said = head.part(part).unwrap_or_default();
            assert!(said.len() > 3, "{path}: the head lacks `{part}`");
        }
        let topic = head.topic().unwrap_or_default();
        assert!(
            TOPICS.contains(&topic.as_str()),
            "{path}: `{topic}` is no topic of the list"
        );
        for source in head.sources() {
            assert!(
                source.starts_with('[') || source.starts_with("no published"),
                "{path}: `{source}` has no mark"
            );
        }
    }
}
