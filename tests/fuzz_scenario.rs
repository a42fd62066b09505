//! Damaged scenario files: whatever the text, an answer comes soon and without a panic.
//!
//! 10⁴ seeded mutations of the files in `tests/diagnostics` and of the template; `INSILIN_FUZZ_CASES` sets another count.

use std::path::Path;
use std::time::{Duration, Instant};

use insilin::diag::{SourceMap, render_all};
use insilin::scenario;

mod scenario_support;

/// Marsaglia's xorshift64: small, seeded, the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }
}

/// What a mutation may put in: words of the format, numbers at their limits, half-open brackets, characters of many bytes.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "[[arm]]\n",
    "[[expect]]\n",
    "[vary]\n",
    "[parameters]\n",
    "=",
    ",",
    "\n",
    "#",
    "\\",
    "\"\"\"",
    "nan",
    "inf",
    "-0",
    "1e308",
    "1e-320",
    "99999999999999999999",
    "0x7f",
    "true",
    "1979-05-27",
    "µ",
    "✓",
    "\u{feff}",
    "\u{0}",
    "hold = ",
    "rate = ",
    "bolus = ",
    "set = ",
    "clamp = ",
    "give = ",
    "meal = ",
    "mark = ",
    "formula = ",
    "from = ",
    "to = ",
    "every = 1e-9",
    "points = 1e9",
    "values = \"model-units\"\n",
    "varied = ",
    " mg/dL",
    "((((((((",
    "2 * k",
    "k",
    "G",
    "insulin",
    "hormone",
    "label = \"one\"\n",
    "schema = 1\n",
    "schema = 2\n",
    "calendar = [",
    "repeat = \"every day\"",
    "repeat = \"mon,thu\"",
    "days = \"1-9\"",
    "weeks = \"2\"",
    "phase = \"training\"",
    " ± 10 %",
    " ± 20 min",
    "\"07:30\"",
    "\"day 3\"",
    "sleep = ",
    "bout = ",
    "plate = \"lunch\"",
    "menu = \"day\"",
    "block = \"itself\"",
    "[[phase]]\n",
    "[[menu]]\n",
];

fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let entries = std::fs::read_dir(folder).expect("the folder is part of the package");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    let text = |path: &std::path::PathBuf| std::fs::read_to_string(path).expect("a readable case");
    let mut corpus: Vec<String> = paths.iter().map(text).collect();
    let template = scenario_support::template("fuzzed");
    // As many right ones as wrong ones, so that damage reaches what comes behind the first check.
    for _ in 0..corpus.len() / 2 {
        corpus.push(template.clone());
        corpus.push(scenario_support::EVERYTHING.to_string());
        corpus.push(scenario_support::LIFE.to_string());
    }
    corpus
}

fn border(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn mutate(text: &mut String, other: &str, dice: &mut Dice) {
    let at = border(text, dice.below(text.len() + 1));
    let end = border(text, (at + dice.below(20)).min(text.len())).max(at);
    match dice.below(6) {
        0 => text.replace_range(at..end, ""),
        1 => text.insert_str(at, PIECES[dice.below(PIECES.len())]),
        2 => text.replace_range(at..end, PIECES[dice.below(PIECES.len())]),
        3 => {
            let piece = text[at..end].to_string();
            text.insert_str(at, &piece);
        }
        4 => {
            let from = border(other, dice.below(other.len() + 1));
            let to = border(other, (from + dice.below(200)).min(other.len())).max(from);
            text.insert_str(at, &other[from..to]);
        }
        _ => {
            let byte = char::from((dice.roll() % 127) as u8);
            text.insert(at, byte);
        }
    }
}

/// Reads a file and looks at what is said; whether it was accepted.
fn answer(case: usize, text: &str) -> bool {
    let mut map = SourceMap::new();
    match scenario_support::load("fuzzed.toml", text, &mut map) {
        Ok(read) => {
            // What is written back has to be a scenario too.
            let expanded = scenario::expand(&read.value);
            let again = scenario_support::load("again.toml", &expanded, &mut SourceMap::new());
            assert!(
                again.is_ok(),
                "case {case} expands to a file that is refused:\n{text}\n{expanded}"
            );
            true
        }
        Err(findings) => {
            assert!(
                findings.has_errors(),
                "case {case} is refused without a reason:\n{text}"
            );
            render_all(&findings, &map);
            false
        }
    }
}

#[test]
fn damaged_files_are_answered_soon_and_without_a_panic() {
    let cases = std::env::var("INSILIN_FUZZ_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(10_000);
    let corpus = corpus();
    let mut dice = Dice(0x5eed_0005_ca1a_b1e5);
    let mut accepted = 0;
    for case in 0..cases {
        let mut text = corpus[dice.below(corpus.len())].clone();
        for _ in 0..=dice.below(6) {
            let other = &corpus[dice.below(corpus.len())];
            mutate(&mut text, other, &mut dice);
        }
        // A busy machine can stall once; a slow reader is slow every time.
        let mut in_time = (0..3).map(|_| {
            let began = Instant::now();
            accepted += usize::from(answer(case, &text));
            began.elapsed() < Duration::from_millis(100)
        });
        assert!(in_time.any(|soon| soon), "case {case} is slow:\n{text}");
    }
    // A fuzzer whose every input fails at the first line tests nothing behind it.
    assert!(
        accepted * 100 > cases,
        "only {accepted} of {cases} were accepted"
    );
}

#[test]
fn a_long_file_is_read_in_time_that_grows_with_its_length() {
    let head = "schema = 1\nname = \"long\"\nmodel = \"body.ant\"\ntime = { unit = \"min\", span = [0, 1e6], every = 1000 }\nprotocol = [\n";
    let mut text = head.to_string();
    for at in 0..10_000 {
        text += &format!(
            "  {{ hold = \"hormone\", at = \"1 nM\", from = {at}, to = {} }},\n",
            at + 1
        );
        text += &format!(
            "  {{ rate = \"Q_sto\", at = \"1 mg/min\", from = {at}, to = {} }},\n",
            at + 1
        );
    }
    text += "]\n";
    let began = Instant::now();
    let read =
        scenario_support::load("long.toml", &text, &mut SourceMap::new()).expect("it is right");
    assert_eq!(read.value.arms[0].protocol.stops.len(), 10_001);
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
}
