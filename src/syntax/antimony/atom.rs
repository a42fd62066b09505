//! What formulas are made of: numbers, names, calls, parentheses; and what cannot follow a formula.

use super::formula::{Deep, Level};
use super::parser::{Failed, Parsed, Parser};
use super::report::shown;
use super::token::{Kind, Token};
use super::tree::Formula;
use super::words::{self, Builtin};
use crate::diag::{Diagnostic, Span, did_you_mean};
use crate::syntax::expr::{ExprKind, Function};

impl Parser<'_> {
    // ---- atoms

    pub(super) fn primary(&mut self) -> Parsed<Deep> {
        match self.kind() {
            Kind::Number => self.number_with_unit(),
            Kind::OpenParen => self.parenthesised(),
            Kind::Word if self.name_at(0) => self.named(),
            Kind::Word => {
                // A keyword that opens a statement means that the formula has ended too early.
                self.name()?;
                Err(Failed)
            }
            _ => self.unexpected("a value"),
        }
    }

    fn number_with_unit(&mut self) -> Parsed<Deep> {
        let start = self.here();
        let value = self.number()?;
        let unit = self.at_name().then(|| self.word().to_string());
        if unit.is_some() {
            self.advance();
        }
        let span = start.to(self.behind());
        Ok(Deep::leaf(span, ExprKind::Number(value, unit)))
    }

    fn parenthesised(&mut self) -> Parsed<Deep> {
        let opening = self.token(0);
        self.advance();
        self.enter()?;
        let mut inner = self.binary(Level::Logic)?;
        self.depth -= 1;
        self.close(opening)?;
        inner.formula.span = self.span_of(opening).to(self.behind());
        Ok(inner)
    }

    fn close(&mut self, opening: Token) -> Parsed<()> {
        if self.take(Kind::CloseParen) {
            return Ok(());
        }
        if self.value_ahead() {
            return self.missing_operator();
        }
        if !self.at_statement_end() {
            return self.unexpected("an operator or `)`");
        }
        self.unclosed(opening)
    }

    #[cold]
    #[inline(never)]
    fn unclosed(&mut self, opening: Token) -> Parsed<()> {
        let message = format!("expected `)`, found {}", self.found());
        let span = self.span_of(opening);
        self.fail(
            Diagnostic::error("syntax/parenthesis", message)
                .at(self.here())
                .label(span, "opened here")
                .hint("close it with `)`"),
        )
    }

    /// Whether something that could start a value stands where an operator should.
    pub(super) fn value_ahead(&self) -> bool {
        matches!(self.kind(), Kind::Number | Kind::OpenParen) || self.at_name()
    }

    #[inline(never)]
    pub(super) fn missing_operator<T>(&mut self) -> Parsed<T> {
        let message = format!("an operator is missing before {}", self.found());
        self.fail(
            Diagnostic::error("syntax/operator", message)
                .at(self.here())
                .hint("multiplication is written `*`"),
        )
    }

    fn named(&mut self) -> Parsed<Deep> {
        let word = self.word();
        if self.kind_at(1) == Kind::OpenParen && !self.in_unit {
            return self.called();
        }
        if self.kind_at(1) != Kind::Dot && !self.in_unit {
            if let Some(constant) = words::constant(word) {
                self.advance();
                return Ok(Deep::leaf(self.behind(), ExprKind::Constant(constant)));
            }
            if words::is_reserved(word) {
                return self.no_arguments();
            }
        }
        let path = self.path()?;
        Ok(Deep::leaf(path.span, ExprKind::Symbol(path.dotted())))
    }

    #[cold]
    #[inline(never)]
    fn no_arguments<T>(&mut self) -> Parsed<T> {
        let word = self.word();
        let message = format!("the function `{word}` has no arguments");
        let fault = Diagnostic::error("syntax/arguments", message).at(self.here());
        self.fail(fault.hint(format!("write `{word}(…)`; the word cannot be a name")))
    }

    fn called(&mut self) -> Parsed<Deep> {
        let start = self.here();
        let word = self.word().to_string();
        self.advance();
        let opening = self.token(0);
        self.advance();
        self.enter()?;
        let arguments = self.arguments(opening)?;
        self.depth -= 1;
        let span = start.to(self.behind());
        if let Some(builtin) = words::builtin(&word) {
            self.check_count(&word, builtin, arguments.len(), span)?;
            return self.built_in(span, &word, builtin.function, arguments);
        }
        let depth = 1 + arguments.iter().map(|deep| deep.depth).max().unwrap_or(0);
        self.check_depth(depth, span)?;
        let arguments = arguments.into_iter().map(|deep| deep.formula).collect();
        Ok(Deep {
            formula: Formula::new(span, ExprKind::User(word, arguments)),
            depth,
            open: None,
        })
    }

    fn arguments(&mut self, opening: Token) -> Parsed<Vec<Deep>> {
        let mut arguments = Vec::new();
        if self.take(Kind::CloseParen) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.binary(Level::Logic)?);
            if !self.take(Kind::Comma) {
                self.close(opening)?;
                return Ok(arguments);
            }
        }
    }

    #[inline(never)]
    fn check_count(
        &mut self,
        word: &str,
        builtin: Builtin,
        count: usize,
        span: Span,
    ) -> Parsed<()> {
        let (least, most) = (builtin.least, builtin.most);
        if (least..=most).contains(&count) {
            return Ok(());
        }
        let wanted = match (least, most) {
            (1, 1) => "1 argument".to_string(),
            (1, usize::MAX) => "at least 1 argument".to_string(),
            (least, usize::MAX) => format!("at least {least} arguments"),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        let message = format!("`{word}` takes {wanted}, not {count}");
        self.fail(Diagnostic::error("syntax/arguments", message).at(span))
    }

    /// Spellings with several meanings, by the number of their arguments.
    #[inline(never)]
    fn built_in(
        &mut self,
        span: Span,
        word: &str,
        function: Function,
        mut arguments: Vec<Deep>,
    ) -> Parsed<Deep> {
        let function = match (word, arguments.len()) {
            ("log", 1) => Function::Ln,
            ("root", 1) => Function::Sqrt,
            ("minus", 1) => Function::Negate,
            ("sqr", _) => {
                arguments.push(Deep::leaf(span, ExprKind::Number(2.0, None)));
                Function::Power
            }
            _ => function,
        };
        self.call_at(span, function, arguments)
    }

    // ---- behind a formula

    /// Complains about a token that cannot follow the formula just read.
    pub(super) fn not_the_end<T>(&mut self) -> Parsed<T> {
        let fault = match self.kind() {
            Kind::CloseParen => Diagnostic::error("syntax/parenthesis", "a `)` has no `(`")
                .hint("take it away, or open one before it"),
            Kind::Same => {
                Diagnostic::error("syntax/unexpected", "`==` compares and cannot stand here")
            }
            Kind::Minus if self.at_double_minus() => return self.double_minus(),
            Kind::Word if self.word() == "has" => Diagnostic::error(
                "syntax/unexpected",
                "a value and `has` cannot stand in one statement",
            )
            .hint("write two: `x = 3; x has unit_name`, or attach the unit: `x = 3 unit_name`"),
            Kind::Word if self.word() == "end" => Diagnostic::error(
                "syntax/missing-semicolon",
                "a `;` or a new line is missing before `end`",
            ),
            _ if self.value_ahead() => return self.missing_operator(),
            _ => return self.unexpected("the end of the statement"),
        };
        self.fail(fault.at(self.here()))
    }

    /// Complains that a word is no keyword, with the nearest one.
    pub(super) fn unknown_word<T>(&mut self, span: Span, word: &str) -> Parsed<T> {
        let message = format!("cannot read a statement that starts with `{}`", shown(word));
        let fault = Diagnostic::error("syntax/unexpected", message).at(span);
        let short = word.len() <= 32 && !self.report.is_full();
        let near = short.then(|| did_you_mean(word, words::KEYWORDS)).flatten();
        let fault = match near {
            Some(near) => fault.hint(format!("did you mean `{near}`?")),
            None => fault
                .hint("statements look like `A -> B; k*A`, `x = 3`, `y := 2*x`, `species S in c`"),
        };
        self.fail(fault)
    }
}
