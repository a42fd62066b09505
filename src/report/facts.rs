//! What the author of a model says about it: the head of its file, and the words behind its numbers.

use indexmap::IndexMap;

/// The comment at the beginning of a model file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// What the model is about, in one sentence.
    pub about: String,
    /// Its sources, scope and checks under the words of its author, in the order of the file; a word may come again.
    pub entries: Vec<(String, String)>,
    /// What else is said: paragraphs, and points of lists.
    pub more: Vec<String>,
    /// Meaning and source of quantities by id, from the comments behind them.
    pub notes: IndexMap<String, Note>,
}

/// What stands behind a quantity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub meaning: String,
    /// Where its number comes from: a source, or `derived`, `fitted`, `assumed` with the reason.
    pub source: String,
}

impl Note {
    /// The kind of its number: `sourced`, `derived`, `fitted` or `assumed`; empty when its author does not say.
    pub fn kind(&self) -> &'static str {
        let said = |word: &str| self.source.contains(word);
        let kinds = ["derived", "fitted", "assumed", "sourced"];
        match kinds.into_iter().find(|kind| said(kind)) {
            Some(kind) => kind,
            None if said("[") => "sourced",
            None => "",
        }
    }
}

/// Reads the comments of a model file in Antimony; nothing is found in other texts.
/// ```
/// # use insilin::report::facts::facts;
/// let found = facts("// A meal.\n// sources  [X] Somebody 2001\n// scope    hours\nmodel m()\n  k = 1; // speed   assumed\nend\n");
/// assert_eq!((found.about.as_str(), found.entries.len()), ("A meal.", 2));
/// assert_eq!(found.notes["k"].kind(), "assumed");
/// ```
pub fn facts(text: &str) -> Facts {
    let mut facts = Facts::default();
    let comment = |line: &&str| line.trim_start().starts_with("//");
    let head = text.lines().take_while(comment);
    for line in head.filter_map(|line| line.trim_start().strip_prefix("//")) {
        add_to_head(&mut facts, line);
    }
    facts.more.retain(|paragraph| !paragraph.is_empty());
    for line in text.lines().skip_while(comment) {
        if let Some((id, note)) = note(line) {
            facts.notes.entry(id.to_string()).or_insert(note);
        }
    }
    facts
}

/// One line of the head: the sentence, an entry, the rest of one, or a paragraph.
fn add_to_head(facts: &mut Facts, line: &str) {
    let words = line.trim();
    if facts.about.is_empty() {
        facts.about = words.to_string();
        return;
    }
    if words.is_empty() {
        // What follows is no more of the entry before.
        facts.more.push(String::new());
        return;
    }
    if !facts.more.is_empty() {
        add_to_paragraph(facts, words);
    } else if let Some((name, said)) = entry(line) {
        facts.entries.push((name.to_string(), said.to_string()));
    } else if let Some((name, said)) = facts.entries.last_mut() {
        // Sources begin with their key in brackets, each its own.
        if words.starts_with('[') {
            let name = name.clone();
            facts.entries.push((name, words.to_string()));
        } else {
            said.push(' ');
            said.push_str(words);
        }
    } else {
        facts.about.push(' ');
        facts.about.push_str(words);
    }
}

fn add_to_paragraph(facts: &mut Facts, words: &str) {
    let point = words.strip_prefix("- ");
    let last = facts.more.last_mut().expect("it is not empty");
    if let Some(point) = point {
        facts.more.push(point.to_string());
    } else if last.is_empty() {
        last.push_str(words);
    } else {
        last.push(' ');
        last.push_str(words);
    }
}

/// `sources  [X] Somebody`: a word right behind the sign of the comment, and two blanks.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix(' ')?;
    let (name, said) = line.split_once("  ")?;
    let word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
    word.then_some((name, said.trim()))
}

/// The quantity that a line of a model gives a value or declares, and the comment behind it.
fn note(line: &str) -> Option<(&str, Note)> {
    let (code, comment) = line.split_once("//")?;
    let comment = comment.trim();
    if comment.starts_with('-') || comment.is_empty() {
        return None;
    }
    let id = subject(code)?;
    let (meaning, source) = comment.split_once("  ").unwrap_or((comment, ""));
    let source = source.trim();
    // A column between the two holds the paper's own symbol.
    let source = source
        .rsplit_once("  ")
        .filter(|(_, last)| last.trim_start().starts_with('['));
    let whole = comment.split_once("  ").map_or("", |(_, rest)| rest.trim());
    let source = source.map_or(whole, |(_, last)| last.trim());
    Some((
        id,
        Note {
            meaning: meaning.trim().to_string(),
            source: source.to_string(),
        },
    ))
}

/// The id that the first statement of a line is about.
fn subject(code: &str) -> Option<&str> {
    const DECLARING: [&str; 8] = [
        "var",
        "const",
        "species",
        "substanceOnly",
        "boundaryOnly",
        "compartment",
        "formula",
        "unit",
    ];
    let statement = code.split([';', ':']).next()?.trim();
    let mut words = statement.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let id = words.find(|word| !word.is_empty() && !DECLARING.contains(word))?;
    let number = id.starts_with(|c: char| c.is_ascii_digit());
    (!number && !statement.starts_with("unit ")).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = "\
// Glucose and insulin.
// sources  [A] Somebody 2001, doi 10.1000/x
//                 (column one)
//          [B] Others 2002
// scope    one meal
//
// Departures from [A], both small:
// - the first, which
//   goes on;
// - the second.
//
// A word at the end.

model m()
  // ---- parameters            meaning                 source
  BW = 78;  BW has kg;       // body weight             [A] table 1
  var X;    X has pM;        // insulin, interstitial   X
  substanceOnly species Q in gut;   // stomach
  k = 0.1;                   // speed                   assumed: by feel
  E := BW * k;               // made                    EGP   [B] eq. 3
end
";

    #[test]
    fn the_head_falls_apart_into_sentence_entries_and_paragraphs() {
        let found = facts(MODEL);
        assert_eq!(found.about, "Glucose and insulin.");
        let entries: Vec<(&str, &str)> = found
            .entries
            .iter()
            .map(|(name, said)| (name.as_str(), said.as_str()))
            .collect();
        assert_eq!(
            entries,
            [
                ("sources", "[A] Somebody 2001, doi 10.1000/x (column one)"),
                ("sources", "[B] Others 2002"),
                ("scope", "one meal"),
            ]
        );
        let more: Vec<&str> = found.more.iter().map(String::as_str).collect();
        let points = ["the first, which goes on;", "the second."];
        assert_eq!(
            more,
            [
                "Departures from [A], both small:",
                points[0],
                points[1],
                "A word at the end."
            ]
        );
    }

    #[test]
    fn quantities_have_the_words_behind_them() {
        let notes = facts(MODEL).notes;
        let of = |id: &str| {
            (
                notes[id].meaning.as_str(),
                notes[id].source.as_str(),
                notes[id].kind(),
            )
        };
        assert_eq!(of("BW"), ("body weight", "[A] table 1", "sourced"));
        assert_eq!(of("X"), ("insulin, interstitial", "X", ""));
        assert_eq!(of("Q"), ("stomach", "", ""));
        assert_eq!(of("k"), ("speed", "assumed: by feel", "assumed"));
        assert_eq!(of("E"), ("made", "[B] eq. 3", "sourced"));
        assert_eq!(notes.len(), 5);
    }

    #[test]
    fn a_text_without_a_head_has_none() {
        assert_eq!(facts("<sbml/>"), Facts::default());
        assert_eq!(facts(""), Facts::default());
    }
}
