//! Text to tokens. Never fails: odd characters are reported and read as what they most likely stand for.

use super::report::Report;
use crate::diag::Diagnostic;

/// What a token is; its text is looked up by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word: identifier or keyword.
    Word,
    Number,
    /// `"one line"`.
    Line,
    /// Triple back-ticks.
    Block,
    Newline,
    Semicolon,
    Comma,
    Colon,
    /// `=`
    Equals,
    /// `:=`
    Becomes,
    /// `'`
    Prime,
    Dollar,
    Dot,
    /// `...`
    Ellipsis,
    OpenParen,
    CloseParen,
    OpenBrace,
    CloseBrace,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Caret,
    Bang,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// `==`
    Same,
    /// `!=`
    Differs,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|`
    Pipe,
    /// `->` and `<==>`
    Arrow,
    /// `=>`
    FatArrow,
    /// `<=>`, `<->` and other arrows that the language does not have.
    WrongArrow,
    /// Anything else, already reported.
    Odd,
    /// Behind the last token.
    End,
}

/// A token's kind and the bytes it takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
}

/// Operators and punctuation, longest first.
const SYMBOLS: [(&str, Kind); 39] = [
    ("<==>", Kind::Arrow),
    ("<-->", Kind::WrongArrow),
    ("...", Kind::Ellipsis),
    ("<=>", Kind::WrongArrow),
    ("<->", Kind::WrongArrow),
    ("-->", Kind::WrongArrow),
    ("==>", Kind::WrongArrow),
    ("->", Kind::Arrow),
    ("=>", Kind::FatArrow),
    (":=", Kind::Becomes),
    ("<=", Kind::LessEqual),
    (">=", Kind::GreaterEqual),
    ("==", Kind::Same),
    ("!=", Kind::Differs),
    ("&&", Kind::And),
    ("||", Kind::Or),
    ("|", Kind::Pipe),
    (";", Kind::Semicolon),
    (",", Kind::Comma),
    (":", Kind::Colon),
    ("=", Kind::Equals),
    ("'", Kind::Prime),
    ("$", Kind::Dollar),
    (".", Kind::Dot),
    ("(", Kind::OpenParen),
    (")", Kind::CloseParen),
    ("{", Kind::OpenBrace),
    ("}", Kind::CloseBrace),
    ("+", Kind::Plus),
    ("-", Kind::Minus),
    ("*", Kind::Star),
    ("/", Kind::Slash),
    ("%", Kind::Percent),
    ("^", Kind::Caret),
    ("!", Kind::Bang),
    ("<", Kind::Less),
    (">", Kind::Greater),
    ("≤", Kind::LessEqual),
    ("≥", Kind::GreaterEqual),
];

/// All tokens of a text, closed by [`Kind::End`]; blanks and comments are left out.
pub(super) fn tokens(text: &str, report: &mut Report) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        tokens: Vec::with_capacity(text.len() / 3 + 1),
        report,
    };
    while lexer.at < text.len() {
        lexer.step();
    }
    lexer.push(Kind::End, text.len());
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    report: &'a mut Report,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.at + ahead)
            .copied()
            .unwrap_or(0)
    }

    /// Makes a token from here to `end` and goes there.
    fn push(&mut self, kind: Kind, end: usize) {
        // Texts are far below 4 GiB: `read` refuses larger ones.
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.tokens.push(Token {
            kind,
            start: place(self.at),
            end: place(end),
        });
        self.at = end;
    }

    fn step(&mut self) {
        match self.byte(0) {
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => self.at += 1,
            b'\n' => self.push(Kind::Newline, self.at + 1),
            b'#' => self.line_comment(),
            b'/' if self.byte(1) == b'/' => self.line_comment(),
            b'/' if self.byte(1) == b'*' => self.block_comment(),
            b'"' => self.line_string(),
            b'`' if self.rest().starts_with("```") => self.block_string(),
            b'\\' => self.joined_lines(),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_ascii_digit() => self.number(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            _ => self.symbol(),
        }
    }

    fn line_comment(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn block_comment(&mut self) {
        match self.rest()[2..].find("*/") {
            Some(length) => self.at += length + 4,
            None => {
                let opening = self.report.span(self.at, self.at + 2);
                self.report.push(
                    Diagnostic::error("syntax/unterminated", "a comment is not closed")
                        .at(opening)
                        .here("starts here")
                        .hint("close it with `*/`"),
                );
                self.at = self.text.len();
            }
        }
    }

    fn line_string(&mut self) {
        let body = &self.rest()[1..];
        match body.find(['"', '\n']) {
            Some(length) if body.as_bytes()[length] == b'"' => {
                self.push(Kind::Line, self.at + length + 2);
            }
            found => {
                let length = found.unwrap_or(body.len());
                let end = self.at + 1 + body[..length].trim_end().len();
                self.unclosed_string(
                    self.at + 1,
                    "close it with `\"` on the same line, or use ``` for several lines",
                );
                self.push(Kind::Line, end);
            }
        }
    }

    fn block_string(&mut self) {
        match self.rest()[3..].find("```") {
            Some(length) => self.push(Kind::Block, self.at + length + 6),
            None => {
                self.unclosed_string(self.at + 3, "close it with ```");
                self.push(Kind::Block, self.text.len());
            }
        }
    }

    fn unclosed_string(&mut self, end: usize, hint: &str) {
        let span = self.report.span(self.at, end);
        self.report.push(
            Diagnostic::error("syntax/unterminated", "a text is not closed")
                .at(span)
                .here("starts here")
                .hint(hint),
        );
    }

    /// A `\` before the end of a line makes one line of two.
    fn joined_lines(&mut self) {
        let rest = &self.rest()[1..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        if rest[blanks..].starts_with('\n') {
            self.at += 2 + blanks;
        } else if rest[blanks..].is_empty() {
            self.at = self.text.len();
        } else {
            self.odd(
                '\\',
                Some("a `\\` joins two lines and must be the last character of a line"),
            );
        }
    }

    fn digits(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes()[from..].iter();
        from + bytes.take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn number(&mut self) {
        let bytes = self.text.as_bytes();
        let mut end = self.digits(self.at);
        // Three dots are an ellipsis, not the end of a number.
        if bytes.get(end) == Some(&b'.') && !self.text[end..].starts_with("...") {
            end = self.digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let start = end + 1 + signed;
            let exponent = self.digits(start.min(bytes.len()));
            // `1e` without digits is the number 1 with a unit called `e`.
            if exponent > start {
                end = exponent;
            }
        }
        self.push(Kind::Number, end);
    }

    fn word(&mut self) {
        let bytes = self.text.as_bytes()[self.at..].iter();
        let is_plain = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let end = self.at + bytes.take_while(is_plain).count();
        if self
            .text
            .as_bytes()
            .get(end)
            .is_some_and(|byte| *byte >= 128)
        {
            self.foreign_word();
        } else {
            self.push(Kind::Word, end);
        }
    }

    /// A word with letters outside of ASCII: reported, then used as the name it is.
    fn foreign_word(&mut self) {
        let is_letter = |c: char| c.is_alphanumeric() || c == '_';
        let rest = self.rest();
        let length = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        let word = &rest[..length];
        if word.is_ascii() {
            self.push(Kind::Word, self.at + length);
            return;
        }
        let span = self.report.span(self.at, self.at + length);
        let message = format!(
            "the name `{}` has letters outside of ASCII",
            super::report::shown(word)
        );
        let hint = match in_ascii(word) {
            Some(plain) => format!("names are made of A–Z, a–z, 0–9 and `_`; write `{plain}`"),
            None => "names are made of A–Z, a–z, 0–9 and `_`".to_string(),
        };
        self.report.push(
            Diagnostic::error("syntax/character", message)
                .at(span)
                .hint(hint),
        );
        self.push(Kind::Word, self.at + length);
    }

    fn symbol(&mut self) {
        let rest = self.rest();
        if let Some((text, kind)) = SYMBOLS.iter().find(|(text, _)| rest.starts_with(text)) {
            if let (false, Some(letter)) = (text.is_ascii(), text.chars().next()) {
                self.report_odd(letter, meant(letter).map(|(hint, _)| hint));
            }
            self.push(*kind, self.at + text.len());
            return;
        }
        let letter = rest
            .chars()
            .next()
            .expect("the end of the text is not stepped on");
        if letter.is_alphanumeric() {
            self.foreign_word();
        } else if letter.is_whitespace() {
            self.report_odd(letter, Some("use plain blanks"));
            self.at += letter.len_utf8();
        } else if let Some((hint, kind)) = meant(letter) {
            self.report_odd(letter, Some(hint));
            self.push(kind, self.at + letter.len_utf8());
        } else {
            let hint = match letter {
                '&' => Some("`and` is written `&&`"),
                '~' => Some("`not` is written `!`"),
                '[' | ']' => Some(
                    "a concentration is written as the plain name of its species; lists take `{ }`",
                ),
                '`' => Some("a text of several lines stands between ``` and ```"),
                '“' | '”' | '„' | '«' | '»' => Some("texts stand between plain `\"`"),
                _ => None,
            };
            self.odd(letter, hint);
        }
    }

    fn odd(&mut self, letter: char, hint: Option<&str>) {
        self.report_odd(letter, hint);
        self.push(Kind::Odd, self.at + letter.len_utf8());
    }

    fn report_odd(&mut self, letter: char, hint: Option<&str>) {
        let span = self.report.span(self.at, self.at + letter.len_utf8());
        let shown: String = letter.escape_debug().collect();
        let message = format!("the character `{shown}` has no meaning here");
        let diagnostic = Diagnostic::error("syntax/character", message).at(span);
        self.report.push(match hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        });
    }
}

/// What a typographic character stands for.
fn meant(letter: char) -> Option<(&'static str, Kind)> {
    Some(match letter {
        '−' | '–' | '—' => ("the minus sign is `-`", Kind::Minus),
        '×' | '·' | '∙' | '⋅' => ("multiplication is `*`", Kind::Star),
        '÷' => ("division is `/`", Kind::Slash),
        '→' => ("a reversible reaction is written `->`", Kind::Arrow),
        '⇌' | '↔' | '⇄' => ("a reversible reaction is written `->`", Kind::Arrow),
        '⇒' => ("an irreversible reaction is written `=>`", Kind::FatArrow),
        '≤' => ("less or equal is `<=`", Kind::LessEqual),
        '≥' => ("greater or equal is `>=`", Kind::GreaterEqual),
        '≠' => ("unequal is `!=`", Kind::Differs),
        '’' | '′' => (
            "the rate of change is written with a plain `'`",
            Kind::Prime,
        ),
        '∅' => ("leave the side of the reaction empty", Kind::Odd),
        _ => return None,
    })
}

/// The word with Greek letters spelled out and accents dropped; none when letters remain.
fn in_ascii(word: &str) -> Option<String> {
    const GREEK: [(char, &str); 17] = [
        ('α', "alpha"),
        ('β', "beta"),
        ('γ', "gamma"),
        ('δ', "delta"),
        ('ε', "epsilon"),
        ('η', "eta"),
        ('θ', "theta"),
        ('κ', "kappa"),
        ('λ', "lambda"),
        ('μ', "mu"),
        ('µ', "mu"),
        ('ρ', "rho"),
        ('σ', "sigma"),
        ('τ', "tau"),
        ('φ', "phi"),
        ('ω', "omega"),
        ('Δ', "Delta"),
    ];
    if word.len() > 100 {
        return None;
    }
    let mut plain = String::new();
    for letter in word.chars() {
        if letter.is_ascii() {
            plain.push(letter);
            continue;
        }
        plain.push_str(GREEK.iter().find(|(greek, _)| *greek == letter)?.1);
    }
    Some(plain)
}
