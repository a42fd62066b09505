//! A page of `report` taken apart: tags, attributes, text. Enough for what this program writes, strict where browsers forgive.

use std::collections::BTreeSet;

/// Elements that never hold anything.
const VOID: [&str; 3] = ["meta", "link", "br"];

/// One element.
#[derive(Debug, Clone)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Names of the elements around it, the outermost first.
    pub inside: Vec<String>,
    /// Its text and that of all that it holds.
    pub text: String,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut found = self.attributes.iter().filter(|(known, _)| known == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "`{name}` twice in {self:?}");
        value
    }
}

/// All elements in the order of their opening tags.
///
/// Panics when a tag is left open, closes another one, or is no tag.
pub fn elements(page: &str) -> Vec<Element> {
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = page
        .strip_prefix("<!DOCTYPE html>")
        .expect("a page says that it is HTML");
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        let text = unescaped(&rest[..at]);
        for &element in &open {
            found[element].text.push_str(&text);
        }
        rest = &rest[at..];
        if rest.is_empty() {
            break;
        }
        let end = tag_end(rest);
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let last = open
                .pop()
                .unwrap_or_else(|| panic!("</{name}> closes nothing"));
            assert_eq!(found[last].name, name, "closes another one");
            continue;
        }
        let inside = open.iter().map(|&at| found[at].name.clone()).collect();
        let (element, alone) = opened(tag, inside);
        let name = element.name.clone();
        found.push(element);
        if name == "style" {
            // Its text is no markup.
            let end = rest.find("</style>").expect("the style ends");
            found.last_mut().expect("just pushed").text = rest[..end].to_string();
            rest = &rest[end + "</style>".len()..];
        } else if !alone && !VOID.contains(&name.as_str()) {
            open.push(found.len() - 1);
        }
    }
    assert!(
        open.is_empty(),
        "left open: {:?}",
        open.iter().map(|&at| &found[at].name).collect::<Vec<_>>()
    );
    found
}

/// Where a tag's `>` is: outside of quotes.
fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    panic!("a tag does not end: {}", &text[..text.len().min(80)]);
}

fn opened(tag: &str, inside: Vec<String>) -> (Element, bool) {
    let alone = tag.ends_with('/');
    let tag = tag.trim_end_matches('/');
    let name_end = tag.find(char::is_whitespace).unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(name_end);
    assert!(
        name.chars().all(|c| c.is_ascii_alphanumeric()),
        "`{name}` is no element"
    );
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let (key, value) = rest
            .split_once("=\"")
            .unwrap_or_else(|| panic!("an attribute without quotes: {rest}"));
        let (value, after) = value.split_once('"').expect("tag_end saw the quote");
        attributes.push((key.to_string(), unescaped(value)));
        rest = after;
    }
    let element = Element {
        name: name.to_string(),
        attributes,
        inside,
        text: String::new(),
    };
    (element, alone)
}

fn unescaped(text: &str) -> String {
    for part in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        assert!(
            known.iter().any(|name| part.starts_with(name)),
            "a bare & before {}",
            &part[..part.len().min(20)]
        );
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Checks everything that must hold of every page.
pub fn check(page: &str) -> Vec<Element> {
    let all = elements(page);
    nothing_is_asked_for(page, &all);
    named(&all);
    headings(&all);
    tables(&all);
    figures(&all);
    all
}

fn nothing_is_asked_for(page: &str, all: &[Element]) {
    let policy = all
        .iter()
        .find(|e| e.attribute("http-equiv") == Some("Content-Security-Policy"));
    let policy = policy
        .and_then(|e| e.attribute("content"))
        .expect("a page has a policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
        "{policy}"
    );
    for element in all {
        let forbidden = [
            "script",
            "img",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "foreignObject",
            "image",
            "use",
        ];
        assert!(!forbidden.contains(&element.name.as_str()), "{element:?}");
        for (name, value) in &element.attributes {
            assert!(!name.starts_with("on"), "{element:?}");
            assert!(
                !["src", "srcset", "action", "style", "xlink:href"].contains(&name.as_str()),
                "{element:?}"
            );
            if name == "href" {
                let fine = value.starts_with('#')
                    || value.starts_with("https://doi.org/10.")
                    || value == "data:,";
                assert!(fine, "{element:?}");
            }
        }
        if element.name == "style" {
            assert!(!element.text.contains("url(") && !element.text.contains("@import"));
        }
    }
    assert!(page.is_char_boundary(0) && !page.contains('\0'));
}

fn named(all: &[Element]) {
    let html = all.iter().find(|e| e.name == "html").expect("a page");
    assert_eq!(html.attribute("lang"), Some("en"));
    assert!(all.iter().any(|e| e.name == "title" && !e.text.is_empty()));
    let ids: Vec<&str> = all.iter().filter_map(|e| e.attribute("id")).collect();
    let once: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), once.len(), "an id is given twice");
    for element in all {
        let named_by = element
            .attribute("aria-labelledby")
            .into_iter()
            .flat_map(str::split_whitespace);
        let target = element
            .attribute("href")
            .and_then(|href| href.strip_prefix('#'));
        for id in named_by.chain(target) {
            assert!(once.contains(id), "{element:?} names nothing");
        }
    }
    let first_link = all
        .iter()
        .find(|e| e.name == "a")
        .expect("a page has links");
    assert_eq!(
        first_link.attribute("href"),
        Some("#content"),
        "the first link skips to the content"
    );
}

/// One first heading, and none that leaves out a level.
fn headings(all: &[Element]) {
    let levels: Vec<u32> = all
        .iter()
        .filter_map(|e| e.name.strip_prefix('h')?.parse().ok())
        .collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert_eq!(levels[0], 1);
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "{levels:?}"
    );
}

fn tables(all: &[Element]) {
    let n = |name: &str| all.iter().filter(|e| e.name == name).count();
    assert_eq!(n("table"), n("caption"));
    for element in all.iter().filter(|e| e.name == "th") {
        let scope = element.attribute("scope");
        let wanted = if element.inside.iter().any(|name| name == "thead") {
            "col"
        } else {
            "row"
        };
        assert_eq!(scope, Some(wanted), "{element:?}");
        assert!(
            wanted == "row" || !element.text.is_empty(),
            "a column without a name"
        );
    }
}

fn figures(all: &[Element]) {
    let n = |name: &str| all.iter().filter(|e| e.name == name).count();
    assert_eq!(n("figure"), n("figcaption"));
    let plots: Vec<&Element> = all
        .iter()
        .filter(|e| e.attribute("class") == Some("plot"))
        .collect();
    assert_eq!(plots.len(), n("figure"));
    for plot in plots {
        assert_eq!(plot.attribute("role"), Some("img"));
        let words = plot.attribute("aria-label").unwrap_or_default();
        assert!(words.len() > 60, "a figure without words: {words}");
    }
}
