//! The cursor over tokens that all parts of the grammar share: looking, taking, complaining, recovering.

use super::report::{Report, shown};
use super::token::{Kind, Token};
use super::tree::{Ident, Path, Place, Text};
use super::words;
use crate::diag::{Diagnostic, Span};

/// A part that could not be read; the reason has been reported already.
pub(super) struct Failed;

/// What the functions of the grammar give.
pub(super) type Parsed<T> = Result<T, Failed>;

pub(super) struct Parser<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    /// The token to be read next; never past [`Kind::End`].
    pub at: usize,
    pub report: Report,
    /// How deep the formula at hand is nested.
    pub depth: u32,
    /// Names in the formula at hand are units.
    pub in_unit: bool,
    /// Parts of formulas that may still be doubled, over the whole file.
    pub copies_left: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token], report: Report) -> Self {
        Self {
            text,
            tokens,
            at: 0,
            report,
            depth: 0,
            in_unit: false,
            copies_left: 100_000,
        }
    }

    // ---- looking

    pub(super) fn token(&self, ahead: usize) -> Token {
        let last = self.tokens.len() - 1;
        self.tokens[(self.at + ahead).min(last)]
    }

    pub(super) fn kind(&self) -> Kind {
        self.token(0).kind
    }

    pub(super) fn kind_at(&self, ahead: usize) -> Kind {
        self.token(ahead).kind
    }

    pub(super) fn text_of(&self, token: Token) -> &'a str {
        &self.text[token.start as usize..token.end as usize]
    }

    /// The word to be read next; empty when it is no word.
    pub(super) fn word(&self) -> &'a str {
        self.word_at(0)
    }

    pub(super) fn word_at(&self, ahead: usize) -> &'a str {
        let token = self.token(ahead);
        if token.kind == Kind::Word {
            self.text_of(token)
        } else {
            ""
        }
    }

    /// Whether a word that can be a name comes next.
    pub(super) fn at_name(&self) -> bool {
        self.name_at(0)
    }

    pub(super) fn name_at(&self, ahead: usize) -> bool {
        self.kind_at(ahead) == Kind::Word && !words::is_keyword(self.word_at(ahead))
    }

    /// Whether nothing stands between two neighbouring tokens.
    pub(super) fn touching(&self, ahead: usize) -> bool {
        self.token(ahead).end == self.token(ahead + 1).start
    }

    pub(super) fn at_statement_end(&self) -> bool {
        matches!(self.kind(), Kind::Newline | Kind::Semicolon | Kind::End)
    }

    pub(super) fn span_of(&self, token: Token) -> Span {
        self.report.span(token.start as usize, token.end as usize)
    }

    /// The place of the token to be read next; the end of a line has no width, or it would be drawn into the next one.
    pub(super) fn here(&self) -> Span {
        let token = self.token(0);
        if token.kind == Kind::Newline {
            return self.report.span(token.start as usize, token.start as usize);
        }
        self.span_of(token)
    }

    /// The place of the token read last.
    pub(super) fn behind(&self) -> Span {
        self.span_of(self.tokens[self.at.saturating_sub(1)])
    }

    // ---- taking

    pub(super) fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    pub(super) fn take(&mut self, kind: Kind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn skip_newlines(&mut self) {
        while self.take(Kind::Newline) {}
    }

    pub(super) fn skip_blank_statements(&mut self) {
        while matches!(self.kind(), Kind::Newline | Kind::Semicolon) {
            self.advance();
        }
    }

    pub(super) fn expect(&mut self, kind: Kind, what: &str) -> Parsed<()> {
        if self.take(kind) {
            Ok(())
        } else {
            self.unexpected(what)
        }
    }

    /// Any word, keywords included: behind a dot everything is a name.
    fn any_word(&mut self) -> Parsed<Ident> {
        if self.kind() != Kind::Word {
            return self.unexpected("a name");
        }
        let ident = Ident {
            text: self.word().to_string(),
            span: self.here(),
        };
        self.advance();
        Ok(ident)
    }

    #[inline(never)]
    pub(super) fn name(&mut self) -> Parsed<Ident> {
        let word = self.word();
        if words::is_keyword(word) {
            let message = format!("`{word}` is a keyword and cannot be a name");
            let fault = Diagnostic::error("syntax/keyword", message).at(self.here());
            return self.fail(fault.hint(format!("write `{word}_`, for example")));
        }
        self.any_word()
    }

    /// `[$]a.b.c`
    #[inline(never)]
    pub(super) fn path(&mut self) -> Parsed<Path> {
        let start = self.here();
        let boundary = self.take(Kind::Dollar);
        let mut parts = vec![self.name()?];
        while self.take(Kind::Dot) {
            parts.push(self.any_word()?);
        }
        Ok(Path {
            boundary,
            parts,
            span: start.to(self.behind()),
        })
    }

    /// `path [in path]`
    pub(super) fn place(&mut self) -> Parsed<Place> {
        let name = self.path()?;
        let compartment = self.compartment()?;
        Ok(Place { name, compartment })
    }

    /// `[in path]`
    pub(super) fn compartment(&mut self) -> Parsed<Option<Path>> {
        if self.take_word("in") {
            self.path().map(Some)
        } else {
            Ok(None)
        }
    }

    /// A text in quotes or back-ticks, without them.
    pub(super) fn string(&mut self) -> Parsed<Text> {
        let quote = match self.kind() {
            Kind::Line => "\"",
            Kind::Block => "```",
            _ => return self.unexpected("a text in `\"`"),
        };
        let token = self.token(0);
        let inside = self.text_of(token).get(quote.len()..).unwrap_or("");
        let inside = inside.strip_suffix(quote).unwrap_or(inside);
        self.advance();
        Ok(Text {
            text: inside.to_string(),
            span: self.span_of(token),
        })
    }

    /// The number to be read next.
    #[inline(never)]
    pub(super) fn number(&mut self) -> Parsed<f64> {
        let token = self.token(0);
        if token.kind != Kind::Number {
            return self.unexpected("a number");
        }
        let text = self.text_of(token);
        self.advance();
        let value: f64 = text.parse().unwrap_or(f64::INFINITY);
        if value.is_finite() {
            return Ok(value);
        }
        let message = format!("the number `{}` is too large", shown(text));
        self.fail(
            Diagnostic::error("syntax/number", message)
                .at(self.behind())
                .hint("the largest number is about 1.8e308; infinity is written `inf`"),
        )
    }

    /// A name that gets a value: neither a constant nor a built-in function.
    pub(super) fn refuse_reserved(&mut self, path: &Path) {
        let [only] = path.parts.as_slice() else {
            return;
        };
        let name = &only.text;
        let what = match words::constant(name) {
            Some(_) => "a constant of the language",
            None if words::is_reserved(name) => "a built-in function",
            None => return,
        };
        let message = format!("`{name}` is {what} and cannot be a name");
        let fault = Diagnostic::error("syntax/reserved", message).at(only.span);
        self.report
            .push(fault.hint(format!("write `{name}_`, for example")));
    }

    // ---- complaining

    #[inline(never)]
    pub(super) fn fail<T>(&mut self, fault: Diagnostic) -> Parsed<T> {
        self.report.push(fault);
        Err(Failed)
    }

    /// The next token in words.
    pub(super) fn found(&self) -> String {
        match self.kind() {
            Kind::Newline => "the end of the line".to_string(),
            Kind::End => "the end of the file".to_string(),
            Kind::Line | Kind::Block => "a text".to_string(),
            _ => format!("`{}`", shown(self.text_of(self.token(0)))),
        }
    }

    /// Fails with `expected …, found …` at the next token.
    #[inline(never)]
    pub(super) fn unexpected<T>(&mut self, wanted: &str) -> Parsed<T> {
        if self.kind() == Kind::Odd {
            // The lexer has reported it.
            return Err(Failed);
        }
        let message = format!("expected {wanted}, found {}", self.found());
        let fault = Diagnostic::error("syntax/unexpected", message).at(self.here());
        let fault = match self.hint_for_token() {
            Some(hint) => fault.hint(hint),
            None => fault,
        };
        self.fail(fault)
    }

    /// What people mean by a token that cannot stand where it does.
    fn hint_for_token(&self) -> Option<&'static str> {
        Some(match self.kind() {
            Kind::Ellipsis => "`...` belongs to DNA strands, which are not simulated here",
            Kind::FatArrow => {
                "`=>` is the arrow of an irreversible reaction; greater or equal is `>=`"
            }
            Kind::Arrow => "an arrow belongs to a reaction; start it on a line of its own",
            Kind::Pipe => "`or` is written `||`",
            Kind::Newline if self.at > 0 && self.operator_behind() => {
                "a `\\` at the end of the line continues it on the next"
            }
            Kind::Equals if self.keyword_behind() => {
                "the word before it is a keyword and cannot be a name; with a `_` behind it, it can"
            }
            _ => return None,
        })
    }

    fn keyword_behind(&self) -> bool {
        self.at > 0 && words::is_keyword(self.text_of(self.tokens[self.at - 1]))
    }

    fn operator_behind(&self) -> bool {
        !matches!(
            self.tokens[self.at - 1].kind,
            Kind::Word | Kind::Number | Kind::CloseParen | Kind::Newline | Kind::Semicolon
        )
    }

    // ---- recovering

    /// Goes on behind the next newline or semicolon.
    pub(super) fn skip_statement(&mut self) {
        while !self.at_statement_end() {
            self.advance();
        }
        self.advance();
    }

    /// Goes on behind the next newline: the `;` of a reaction does not end it.
    pub(super) fn skip_line(&mut self) {
        while !matches!(self.kind(), Kind::Newline | Kind::End) {
            self.advance();
        }
        self.advance();
    }
}
