//! No document in SBML, however broken, makes reader, lowering or compiler panic, hang or point outside of the text.
//!
//! Inputs come from a seeded generator, so that a failure repeats. `INSILIN_FUZZ_CASES` sets their number.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use insilin::compile::{Options, compile};
use insilin::diag::{Diagnostics, MemorySources, SourceMap, Span, Warned, render_all};
use insilin::model::lower;

const DEFAULT_CASES: u64 = 10_000;
const LONGEST: Duration = Duration::from_millis(250);

/// Marsaglia's xorshift64*: small, seeded, good enough to mutate text.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Values that attributes and numbers get.
const VALUES: [&str; 24] = [
    "1e999",
    "-1e308",
    "1e-320",
    "NaN",
    "INF",
    "-INF",
    "0",
    "-1",
    "0.5",
    "true",
    "yes",
    "",
    " ",
    "k",
    "A",
    "x",
    "y",
    "cell",
    "change",
    "saturation",
    "time",
    "1,5",
    "é",
    "&#0;",
];

/// Elements put where others are.
const ELEMENTS: [&str; 16] = [
    "<ci>A</ci>",
    "<cn>1</cn>",
    "<cn type=\"rational\">1<sep/>0</cn>",
    "<apply/>",
    "<apply><plus/><ci>x</ci></apply>",
    "<apply><ci>twice</ci><ci>x</ci></apply>",
    "<piecewise/>",
    "<true/>",
    "<pi/>",
    "<lambda><bvar><ci>x</ci></bvar><ci>x</ci></lambda>",
    "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/time\">t</csymbol>",
    "<parameter id=\"k\" value=\"1\" constant=\"true\"/>",
    "<speciesReference species=\"A\" stoichiometry=\"1\" constant=\"true\"/>",
    "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><ci>A</ci></math>",
    "<x xmlns=\"\"/>",
    "<!-- -->",
];

/// Tags and what stands between them, in order.
fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        if open > 0 {
            parts.push(rest[..open].to_string());
        }
        let close = rest[open..]
            .find('>')
            .map_or(rest.len(), |at| open + at + 1);
        parts.push(rest[open..close].to_string());
        rest = &rest[close..];
    }
    parts.push(rest.to_string());
    parts
}

fn is_start(part: &str) -> bool {
    part.starts_with('<')
        && !part.starts_with(['/', '!', '?'])
        && !part[1..].starts_with(['/', '!', '?'])
}

/// Where the element that starts at `from` ends.
fn end_of(parts: &[String], from: usize) -> usize {
    let mut depth = 0usize;
    for (at, part) in parts.iter().enumerate().skip(from) {
        if is_start(part) && !part.ends_with("/>") {
            depth += 1;
        } else if part.starts_with("</") {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            return at + 1;
        }
    }
    parts.len()
}

/// An element of the text, as a range of its parts.
fn element(parts: &[String], random: &mut Random) -> std::ops::Range<usize> {
    let starts: Vec<usize> = (0..parts.len())
        .filter(|&at| is_start(&parts[at]))
        .collect();
    if starts.is_empty() {
        return 0..0;
    }
    let from = random.pick(&starts);
    from..end_of(parts, from)
}

/// Whole elements are doubled, dropped, moved, replaced and wrapped; attributes change.
fn mutate_elements(parts: &mut Vec<String>, random: &mut Random, others: &[String]) {
    let range = element(parts, random);
    match random.below(9) {
        0 => drop(parts.drain(range)),
        1 => {
            let copied = parts[range.clone()].to_vec();
            parts.splice(range.end..range.end, copied);
        }
        2 => {
            let moved: Vec<String> = parts.drain(range).collect();
            let at = random.below(parts.len() + 1);
            parts.splice(at..at, moved);
        }
        3 => {
            let new = random.pick(&ELEMENTS).to_string();
            parts.splice(range, [new]);
        }
        4 => {
            let other = self::parts(&others[random.below(others.len())]);
            let taken = element(&other, random);
            parts.splice(range.start..range.start, other[taken].to_vec());
        }
        5 => {
            let depth = [2, 30, 300][random.below(3)];
            parts.insert(range.end, "</apply>".repeat(depth));
            parts.insert(range.start, "<apply><abs/>".repeat(depth));
        }
        6 | 7 => mutate_attribute(parts, range.start, random),
        _ => {
            if let Some(text) = parts
                .get_mut(range.start + 1)
                .filter(|text| !text.starts_with('<'))
            {
                *text = random.pick(&VALUES).to_string();
            }
        }
    }
}

/// One attribute gets another value or name, goes, or is doubled.
fn mutate_attribute(parts: &mut [String], at: usize, random: &mut Random) {
    let Some(tag) = parts.get_mut(at) else { return };
    let mut words: Vec<String> = tag.split(' ').map(str::to_string).collect();
    if words.len() < 2 {
        return;
    }
    let at = 1 + random.below(words.len() - 1);
    let tail = words[at]
        .trim_start_matches(|c| c != '>' && c != '/')
        .to_string();
    let word = words[at].clone();
    let name = word.split('=').next().unwrap_or_default();
    match random.below(4) {
        0 => words[at] = format!("{name}=\"{}\"{tail}", random.pick(&VALUES)),
        1 => words[at] = tail,
        2 => words.insert(at, word.clone()),
        _ => words[at] = format!("{}{word}", random.pick(&["x", "s:", "units", "constant"])),
    }
    *tag = words.join(" ");
}

/// Letters are cut, copied, swapped and put in.
fn mutate_letters(text: &str, random: &mut Random) -> String {
    const ODD: [&str; 16] = [
        "<",
        ">",
        "&",
        "\"",
        "'",
        "/",
        "=",
        "<![CDATA[",
        "]]>",
        "<!--",
        "&#x41;",
        "\u{0}",
        "\u{feff}",
        "é",
        "<?",
        "xmlns",
    ];
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let from = random.below(letters.len() + 1);
        let to = (from + random.below(20)).min(letters.len());
        match random.below(3) {
            0 => drop(letters.drain(from..to)),
            1 => drop(letters.splice(from..from, random.pick(&ODD).chars())),
            _ => {
                let copied = letters[from..to].to_vec();
                let at = random.below(letters.len() + 1);
                letters.splice(at..at, copied);
            }
        }
    }
    letters.into_iter().collect()
}

fn mutated(seeds: &[String], random: &mut Random) -> String {
    let seed = &seeds[random.below(seeds.len())];
    let mut parts = parts(seed);
    for _ in 0..random.below(5) {
        mutate_elements(&mut parts, random, seeds);
    }
    let text = parts.concat();
    if random.below(3) == 0 {
        mutate_letters(&text, random)
    } else {
        text
    }
}

/// Documents of the tests: whole models and those with mistakes.
fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for name in ["everything-l3v2.xml", "everything-l2v4.xml"] {
        let text = fs::read_to_string(root.join("tests/sbml_models").join(name));
        let text = text.expect("a model of the tests");
        // As often as all mistakes together: most mutations are to meet much.
        texts.extend(std::iter::repeat_n(text, 50));
    }
    for path in documents(&root.join("tests/diagnostics")) {
        texts.push(fs::read_to_string(path).expect("a readable case"));
    }
    texts
}

/// All documents in SBML of a folder, in order of their names.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is part of the package");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let is_document = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "xml");
    let mut paths: Vec<PathBuf> = paths.filter(is_document).collect();
    paths.sort();
    paths
}

fn load(text: &str, map: &mut SourceMap) -> Diagnostics {
    let sources = MemorySources::new([("fuzz.xml", text)]);
    let model = match lower::load("fuzz.xml", &sources, map) {
        Err(findings) => return findings,
        Ok(model) => model,
    };
    let Warned {
        value,
        mut warnings,
    } = model;
    match compile(&value, &[], &Options::default()) {
        Ok(compiled) => warnings.extend(compiled.warnings),
        Err(findings) => warnings.extend(findings),
    }
    warnings
}

fn check_span(text: &str, span: Span) {
    let inside = text.get(span.start as usize..span.end as usize);
    assert!(inside.is_some(), "{span:?} lies outside of {text:?}");
}

fn check_text(text: &str) {
    let mut map = SourceMap::new();
    let start = Instant::now();
    let findings = load(text, &mut map);
    // A busy machine can stall once; a slow reader is slow every time.
    let in_time = start.elapsed() < LONGEST || (0..3).any(|_| is_quick(text));
    assert!(in_time, "slow: {text}");
    for finding in &findings.0 {
        let labels = finding.labels.iter().map(|label| label.span);
        finding
            .span
            .into_iter()
            .chain(labels)
            .for_each(|span| check_span(text, span));
    }
    let drawn = render_all(&findings, &map);
    assert_eq!(drawn.is_empty(), findings.is_empty());
}

fn is_quick(text: &str) -> bool {
    let start = Instant::now();
    let _ = load(text, &mut SourceMap::new());
    start.elapsed() < LONGEST
}

#[test]
fn the_models_that_are_mutated_are_good() {
    for text in seeds().iter().take(100) {
        let findings = load(text, &mut SourceMap::new());
        assert!(!findings.has_errors(), "{findings:#?}");
    }
}

#[test]
fn mutated_documents_are_survived() {
    let cases = std::env::var("INSILIN_FUZZ_CASES")
        .ok()
        .and_then(|count| count.parse().ok());
    let mut random = Random(0x05ee_d0fa_4710_0003);
    let seeds = seeds();
    for _ in 0..cases.unwrap_or(DEFAULT_CASES) {
        check_text(&mutated(&seeds, &mut random));
    }
}
