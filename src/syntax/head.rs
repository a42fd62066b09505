//! What a model says about itself: the comment that its file begins with.

/// Topics of the shipped models, in the order in which they are shown.
pub const TOPICS: [&str; 9] = [
    "meals and glucose",
    "insulin signalling",
    "exercise",
    "liver",
    "stress and cortisol",
    "sleep",
    "body weight",
    "beta cell",
    "clinical tests",
];

/// Words that begin a part of the head.
const PARTS: [&str; 6] = ["about", "sources", "scope", "good for", "fails", "checks"];

/// The head of a model file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The first line: the subject in a sentence.
    pub title: String,
    /// Parts by the word that begins them, with their lines, in the order of the file.
    pub parts: Vec<(&'static str, Vec<String>)>,
    /// The lines after the first empty one.
    pub notes: Vec<String>,
}

impl Head {
    /// A part as running text.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<String> {
        let (_, lines) = self.parts.iter().find(|(part, _)| *part == name)?;
        Some(lines.join(" "))
    }

    /// What the model is about, in a word or three: the topic it is listed under.
    #[must_use]
    pub fn topic(&self) -> Option<String> {
        self.part("about")
    }

    /// The sources, each with its mark in brackets.
    #[must_use]
    pub fn sources(&self) -> Vec<String> {
        let lines = self.parts.iter().find(|(part, _)| *part == "sources");
        let mut sources: Vec<String> = Vec::new();
        for line in lines.map_or(&[][..], |(_, lines)| lines) {
            match sources.last_mut() {
                Some(last) if !line.starts_with('[') => {
                    last.push(' ');
                    last.push_str(line);
                }
                _ => sources.push(line.clone()),
            }
        }
        sources
    }
}

/// Reads the head of a model file. Without a comment at the top, everything is empty.
/// ```
/// # use insilin::syntax::head::head;
/// let head = head("// Decay of one species.\n// about: beta cell\n// scope    minutes\n//          to hours\nA -> ; k*A");
/// assert_eq!(head.title, "Decay of one species.");
/// assert_eq!(head.topic().as_deref(), Some("beta cell"));
/// assert_eq!(head.part("scope").as_deref(), Some("minutes to hours"));
/// ```
#[must_use]
pub fn head(text: &str) -> Head {
    let comment = text.lines().map_while(|line| line.strip_prefix("//"));
    let mut lines = comment.map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    let mut head = Head {
        title: lines.next().unwrap_or_default().to_string(),
        ..Head::default()
    };
    for line in lines.by_ref().take_while(|line| !line.is_empty()) {
        match (begins(line), head.parts.last_mut()) {
            (Some((part, rest)), _) => head.parts.push((part, vec![rest.to_string()])),
            (None, Some((_, lines))) => lines.push(line.trim_start().to_string()),
            (None, None) => head.title = format!("{} {}", head.title, line.trim_start()),
        }
    }
    head.notes = lines.map(str::to_string).collect();
    head
}

/// The part that a line begins, and what follows its word.
fn begins(line: &str) -> Option<(&'static str, &str)> {
    PARTS.into_iter().find_map(|part| {
        let rest = line.strip_prefix(part)?;
        let rest = rest.strip_prefix(':').or_else(|| rest.strip_prefix(' '))?;
        Some((part, rest.trim_start()))
    })
}

#[cfg(test)]
mod tests {
    use super::head;

    const TEXT: &str = "\
// Two pools of a receptor.
// about: insulin signalling
// sources  [A01] Somebody 2001, a journal,
//                its page
//          [B02] Somebody else
// good for a lecture
//
// Departures:
// - none

model two()
// not part of the head
";

    #[test]
    fn lines_that_are_indented_go_on_with_their_part() {
        let head = head(TEXT);
        assert_eq!(
            head.sources(),
            [
                "[A01] Somebody 2001, a journal, its page",
                "[B02] Somebody else"
            ]
        );
        assert_eq!(head.part("good for").as_deref(), Some("a lecture"));
        assert_eq!(head.part("fails"), None);
    }

    #[test]
    fn what_follows_an_empty_line_is_a_note() {
        assert_eq!(head(TEXT).notes, ["Departures:", "- none"]);
    }

    #[test]
    fn a_file_without_a_comment_says_nothing() {
        assert_eq!(head("A -> B; k*A").title, "");
        assert_eq!(head("").topic(), None);
    }
}
