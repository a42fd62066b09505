//! No text, however broken, makes the reader panic, hang or point outside of the text.
//!
//! Inputs come from a seeded generator, so that a failure repeats. `INSILIN_FUZZ_CASES` sets their number.

mod snippets;

use std::time::{Duration, Instant};

use insilin::diag::{SourceId, SourceMap, Span, render_all};
use insilin::syntax::antimony::{MAX_DEPTH, read, tree};
use insilin::syntax::expr::Expr;
use snippets::SNIPPETS;

const DEFAULT_CASES: u64 = 10_000;
const LONGEST: Duration = Duration::from_millis(100);

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

/// Pieces that meet every branch of the reader sooner or later.
const PIECES: [&str; 96] = [
    "model",
    "module",
    "end",
    "function",
    "import",
    "species",
    "substanceOnly",
    "compartment",
    "formula",
    "reaction",
    "gene",
    "operator",
    "DNA",
    "const",
    "ext",
    "var",
    "unit",
    "has",
    "in",
    "is",
    "at",
    "after",
    "event",
    "delete",
    "constraint",
    "maximize",
    "minimize",
    "timeconv",
    "extentconv",
    "priority",
    "persistent",
    "t0",
    "fromTrigger",
    "notes",
    "identity",
    "created",
    "creator1",
    "sboTerm",
    "SBO:0000247",
    "x",
    "S1",
    "k",
    "time",
    "pi",
    "inf",
    "nan",
    "true",
    "exp",
    "log",
    "root",
    "piecewise",
    "max",
    "normal",
    "volume",
    "litre",
    "mole",
    "second",
    "1",
    "0",
    "2.5",
    ".5",
    "1e-3",
    "1e999",
    "1e",
    "->",
    "=>",
    "<=>",
    "<==>",
    "-o",
    "-|",
    "-(",
    "--",
    "...",
    "=",
    ":=",
    "'",
    "$",
    ".",
    ",",
    ":",
    ";",
    "\n",
    "(",
    ")",
    "{",
    "}",
    "+",
    "-",
    "*",
    "/",
    "^",
    "!",
    "&&",
    "||",
    "\"a\"",
    "```",
];

const ODD: [&str; 18] = [
    "<", "<=", "==", "!=", "%", "\\\n", "\\", "\"", "`", "/*", "*/", "//", "#", "é", "β", "≤",
    "\u{feff}", "\u{0}",
];

fn random_text(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(120) {
        let odd = random.below(12) == 0;
        text.push_str(if odd {
            random.pick(&ODD)
        } else {
            random.pick(&PIECES)
        });
        if random.below(3) > 0 {
            text.push(' ');
        }
    }
    text
}

/// A snippet with a few cuts, copies, swaps and insertions.
fn mutated_text(random: &mut Random) -> String {
    let mut letters: Vec<char> = random.pick(&SNIPPETS).1.chars().collect();
    for _ in 0..=random.below(6) {
        let from = random.below(letters.len() + 1);
        let to = (from + random.below(12)).min(letters.len());
        match random.below(6) {
            0 => drop(letters.drain(from..to)),
            1 => insert(
                &mut letters,
                from,
                &random.pick(&PIECES).chars().collect::<Vec<_>>(),
            ),
            2 => insert(
                &mut letters,
                from,
                &random.pick(&ODD).chars().collect::<Vec<_>>(),
            ),
            3 => {
                let copied = letters[from..to].to_vec();
                let at = random.below(letters.len() + 1);
                insert(&mut letters, at, &copied);
            }
            4 => {
                let other: Vec<char> = random.pick(&SNIPPETS).1.chars().collect();
                let cut = random.below(other.len());
                insert(&mut letters, from, &other[cut..]);
            }
            _ if from < letters.len() => {
                let at = random.below(letters.len());
                letters.swap(from, at);
            }
            _ => {}
        }
    }
    letters.into_iter().collect()
}

fn insert(letters: &mut Vec<char>, at: usize, added: &[char]) {
    letters.splice(at..at, added.iter().copied());
}

fn depth<S>(expr: &Expr<S>) -> u32 {
    1 + expr.arguments().iter().map(depth).max().unwrap_or(0)
}

fn check_span(text: &str, span: Span) {
    let inside = text.get(span.start as usize..span.end as usize);
    assert!(inside.is_some(), "{span:?} lies outside of {text:?}");
}

fn check_formula(text: &str, formula: &tree::Formula) {
    assert!(depth(formula) <= MAX_DEPTH, "{text:?}");
    formula.walk(&mut |part| check_span(text, part.span));
}

fn check_statement(text: &str, statement: &tree::Statement) {
    check_span(text, statement.span);
    match &statement.kind {
        tree::StatementKind::Assignment {
            value: Some(value), ..
        } => check_formula(text, value),
        tree::StatementKind::Reaction(reaction) => reaction
            .rate
            .iter()
            .for_each(|rate| check_formula(text, rate)),
        tree::StatementKind::Event(event) => check_formula(text, &event.trigger),
        _ => {}
    }
}

fn check_tree(text: &str, file: &tree::File) {
    for item in &file.items {
        match item {
            tree::Item::Statement(statement) => check_statement(text, statement),
            tree::Item::Module(module) => {
                check_span(text, module.span);
                module
                    .statements
                    .iter()
                    .for_each(|statement| check_statement(text, statement));
            }
            tree::Item::Function(function) => {
                check_span(text, function.span);
                function
                    .body
                    .iter()
                    .for_each(|body| check_formula(text, body));
            }
            tree::Item::Import(path) => check_span(text, path.span),
        }
    }
}

fn check_text(text: &str) {
    let mut map = SourceMap::new();
    let source = map.add("fuzz.ant", text);
    // A busy machine can stall once; a slow reader is slow every time.
    let quickest = (0..3).map(|_| {
        let start = Instant::now();
        let _ = read(text, source);
        start.elapsed()
    });
    let in_time = quickest.into_iter().any(|elapsed| elapsed < LONGEST);
    assert!(in_time, "slow: {text:?}");
    let (file, findings) = read(text, source);
    check_tree(text, &file);
    for finding in &findings.0 {
        finding
            .span
            .into_iter()
            .for_each(|span| check_span(text, span));
        finding
            .labels
            .iter()
            .for_each(|label| check_span(text, label.span));
    }
    let drawn = render_all(&findings, &map);
    assert_eq!(drawn.is_empty(), findings.is_empty());
    if !findings.has_errors() && !text.trim_end().ends_with('\\') {
        check_one_more(text, &file);
    }
}

/// What was read without an error stays as it is when one statement is added.
fn check_one_more(text: &str, file: &tree::File) {
    let longer = format!("{text}\nadded_name = 1\n");
    let (grown, findings) = read(&longer, SourceId(0));
    assert!(!findings.has_errors(), "{longer:?} {findings:#?}");
    assert_eq!(grown.items.len(), file.items.len() + 1, "{longer:?}");
}

#[test]
fn random_and_mutated_texts_are_survived() {
    let cases = std::env::var("INSILIN_FUZZ_CASES")
        .ok()
        .and_then(|count| count.parse().ok());
    let mut random = Random(0x05ee_d0fa_4710_0001);
    for case in 0..cases.unwrap_or(DEFAULT_CASES) {
        let text = if case % 3 == 0 {
            random_text(&mut random)
        } else {
            mutated_text(&mut random)
        };
        check_text(&text);
    }
}
