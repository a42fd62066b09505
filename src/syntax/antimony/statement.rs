//! Statements: which kind one is, and the kinds that are assignments, declarations and their like.

use super::parser::{Failed, Parsed, Parser};
use super::token::Kind;
use super::tree::{Declaration, Declared, Path, Place, Statement, StatementKind};
use super::words;
use crate::diag::{Diagnostic, Span};

/// What decides how a statement is read: the first token of these on its line.
enum Sign {
    Arrow,
    Assignment,
    None,
}

impl Parser<'_> {
    /// One statement with its end; none when nothing is to be kept. Recovers by itself.
    pub(super) fn statement(&mut self) -> Option<Statement> {
        let start = self.here();
        let first = self.at;
        let is_reaction = matches!(self.sign(), Sign::Arrow);
        let read = self.statement_kind(is_reaction);
        let span = start.to(self.behind());
        match read {
            Ok(kind) => {
                // The statement stands even when something odd follows it.
                self.finish_statement();
                kind.map(|kind| Statement { span, kind })
            }
            Err(Failed) => {
                self.recover(is_reaction, first);
                None
            }
        }
    }

    fn recover(&mut self, is_reaction: bool, first: usize) {
        let passed_semicolon = self.tokens[first..self.at]
            .iter()
            .any(|token| token.kind == Kind::Semicolon);
        if is_reaction && !passed_semicolon {
            self.skip_line();
        } else {
            self.skip_statement();
        }
    }

    /// The end of a statement: a newline, a `;`, or the end of the file.
    fn finish_statement(&mut self) {
        if self.at_statement_end() {
            self.advance();
            return;
        }
        let ends_block = self.word() == "end";
        // The failure is in the report; what has been read is kept.
        let _: Parsed<()> = self.not_the_end();
        if !ends_block {
            self.skip_statement();
        }
    }

    /// Looks ahead in this statement for what decides its kind.
    fn sign(&self) -> Sign {
        let words = ["at", "unit", "constraint", "delete", "maximize", "minimize"];
        if words.contains(&self.word()) {
            return Sign::None;
        }
        for ahead in 0.. {
            match self.kind_at(ahead) {
                Kind::Arrow | Kind::FatArrow | Kind::WrongArrow => return Sign::Arrow,
                // `name: at trigger …` has its own `=` behind.
                Kind::Equals | Kind::Becomes | Kind::Prime => return Sign::Assignment,
                Kind::Word if self.word_at(ahead) == "at" => return Sign::None,
                Kind::Newline | Kind::Semicolon | Kind::End => return Sign::None,
                _ => {}
            }
        }
        Sign::None
    }

    fn statement_kind(&mut self, is_reaction: bool) -> Parsed<Option<StatementKind>> {
        if let Some(read) = self.keyword_statement() {
            return read;
        }
        if self.at_strand() {
            return self.out_of_scope("a strand of DNA");
        }
        if let Some(place) = self.label()? {
            return self.labelled(place, is_reaction).map(Some);
        }
        if is_reaction {
            return self.reaction(None).map(Some);
        }
        if self.at_interaction() {
            return self.interaction(None).map(Some);
        }
        match self.kind() {
            Kind::Number | Kind::Minus => self.number_statement(),
            Kind::Word | Kind::Dollar => self.named_statement(),
            _ => self.unexpected("a statement"),
        }
    }

    /// Statements that start with a keyword; none when this one does not.
    fn keyword_statement(&mut self) -> Option<Parsed<Option<StatementKind>>> {
        Some(match self.word() {
            "species" | "substanceOnly" | "compartment" | "formula" | "reaction" | "var"
            | "const" | "ext" => self.declaration().map(Some),
            "unit" => self.unit_definition().map(Some),
            "at" => self.event(None).map(Some),
            "delete" => self.deletion().map(Some),
            "constraint" => self.constraint().map(Some),
            "model" | "module" => self.self_annotation().map(Some),
            "gene" => self.out_of_scope("a gene"),
            "operator" => self.out_of_scope("an operator of a gene"),
            "DNA" => self.out_of_scope("a strand of DNA"),
            "maximize" | "minimize" => self.out_of_scope("a flux-balance objective"),
            "event" => self.misplaced_event(),
            _ => return None,
        })
    }

    fn misplaced_event<T>(&mut self) -> Parsed<T> {
        self.fail(
            Diagnostic::error("syntax/unexpected", "events are not declared")
                .at(self.here())
                .hint("write `E1: at time > 5: x = 1`"),
        )
    }

    fn skip_to_statement_end(&mut self) {
        while !self.at_statement_end() {
            self.advance();
        }
    }

    /// Takes the rest of the statement and says once that it is not simulated.
    fn out_of_scope(&mut self, what: &str) -> Parsed<Option<StatementKind>> {
        let start = self.here();
        // The `;` before the rate of a strand's reaction does not end it.
        let has_rate = matches!(self.sign(), Sign::Arrow);
        self.skip_to_statement_end();
        if has_rate && self.take(Kind::Semicolon) {
            self.skip_to_statement_end();
        }
        let span = start.to(self.behind());
        let message = format!("{what} is not simulated here and is left out");
        self.report
            .push(Diagnostic::warning("syntax/out-of-scope", message).at(span));
        let what = what.to_string();
        Ok(Some(StatementKind::OutOfScope { what }))
    }

    /// `--P1--G1--`, alone or behind a name.
    fn at_strand(&self) -> bool {
        let dashes = |ahead: usize| {
            self.kind_at(ahead) == Kind::Minus
                && self.kind_at(ahead + 1) == Kind::Minus
                && self.touching(ahead)
        };
        let behind_label = self.name_at(0) && self.kind_at(1) == Kind::Colon;
        dashes(0) || behind_label && dashes(2) || self.name_at(0) && dashes(1)
    }

    /// `name [in compartment] :`, when the statement starts so.
    fn label(&mut self) -> Parsed<Option<Place>> {
        let mut ahead = usize::from(self.kind() == Kind::Dollar);
        let path = |mut ahead: usize| {
            while self.kind_at(ahead) == Kind::Word {
                ahead += 1;
                if self.kind_at(ahead) != Kind::Dot {
                    return ahead;
                }
                ahead += 1;
            }
            ahead
        };
        if self.kind_at(ahead) != Kind::Word {
            return Ok(None);
        }
        ahead = path(ahead);
        if self.word_at(ahead) == "in" {
            ahead = path(ahead + 1);
        }
        // `x : = 3` is a rule with a blank in its sign.
        if self.kind_at(ahead) != Kind::Colon || self.kind_at(ahead + 1) == Kind::Equals {
            return Ok(None);
        }
        let place = self.place()?;
        self.expect(Kind::Colon, "`:`")?;
        Ok(Some(place))
    }

    fn labelled(&mut self, place: Place, is_reaction: bool) -> Parsed<StatementKind> {
        if self.word() == "at" {
            return self.event(Some(place));
        }
        if matches!(self.word(), "maximize" | "minimize") {
            return Ok(self.out_of_scope("a flux-balance objective")?.unwrap_or(
                StatementKind::OutOfScope {
                    what: String::new(),
                },
            ));
        }
        if is_reaction {
            return self.reaction(Some(place));
        }
        if self.at_name() && self.kind_at(1) == Kind::OpenParen {
            return self.submodule(Some(place));
        }
        if self.kind() == Kind::Number && self.kind_at(1) == Kind::Equals {
            return self.algebraic(Some(place.name));
        }
        if self.at_interaction() {
            return self.interaction(Some(place));
        }
        let message = format!(
            "`{}:` is followed by no reaction, event or submodule",
            place.name.dotted()
        );
        let mut fault = Diagnostic::error("syntax/arrow", message).at(place.name.span);
        if self.at_name() && matches!(self.kind_at(1), Kind::Newline | Kind::Semicolon | Kind::End)
        {
            fault = fault.hint(format!(
                "a submodule needs parentheses: `{}()`",
                self.word()
            ));
        } else {
            fault = fault.hint("a reaction needs an arrow: `->`, `=>` or `<==>`");
            // What stands behind the `;` is its rate, and no mistake of its own.
            while !matches!(self.kind(), Kind::Newline | Kind::End) {
                self.advance();
            }
        }
        self.fail(fault)
    }

    /// `0 = formula` and bounds on fluxes.
    fn number_statement(&mut self) -> Parsed<Option<StatementKind>> {
        let number = usize::from(self.kind() == Kind::Minus);
        if self.kind_at(number) != Kind::Number {
            return self.unexpected("a statement");
        }
        match self.kind_at(number + 1) {
            Kind::Less | Kind::LessEqual | Kind::Greater | Kind::GreaterEqual => {
                self.out_of_scope("a bound on a flux")
            }
            Kind::Equals => self.algebraic(None).map(Some),
            Kind::Word if number == 0 => {
                self.advance();
                self.missing_arrow()
            }
            _ => {
                self.advance();
                self.unexpected("an equation or a reaction")
            }
        }
    }

    fn missing_arrow<T>(&mut self) -> Parsed<T> {
        self.fail(
            Diagnostic::error("syntax/arrow", "a reaction needs an arrow")
                .at(self.here())
                .hint("write `A -> B; k*A`; a value is set with `x = 3`"),
        )
    }

    fn algebraic(&mut self, name: Option<Path>) -> Parsed<StatementKind> {
        let zero = self.here();
        let value = if self.kind() == Kind::Number {
            self.number()?
        } else {
            f64::NAN
        };
        if value != 0.0 {
            return self.fail(
                Diagnostic::error("syntax/unexpected", "a number cannot be given a value")
                    .at(zero)
                    .hint("an algebraic rule is written `0 = formula`"),
            );
        }
        self.expect(Kind::Equals, "`=`")?;
        let value = self.formula()?;
        Ok(StatementKind::Algebraic { name, value })
    }

    /// Statements that start with a name.
    fn named_statement(&mut self) -> Parsed<Option<StatementKind>> {
        if self.at_name() && self.kind_at(1) == Kind::OpenParen {
            return self.submodule(None).map(Some);
        }
        let first = self.here();
        let word = self.word().to_string();
        let place = self.place()?;
        match self.kind() {
            Kind::Equals if self.names_attribute(&place.name) => {
                self.attribute(place.name).map(Some)
            }
            Kind::Equals | Kind::Becomes | Kind::Prime | Kind::Colon => {
                self.assignment(place).map(Some)
            }
            Kind::Star => self.scaled_synchronisation(place.name).map(Some),
            Kind::Less | Kind::LessEqual | Kind::Greater | Kind::GreaterEqual => {
                self.out_of_scope("a bound on a flux")
            }
            Kind::Same => self.compared_statement(&place),
            Kind::Word => self.word_behind(place, first, &word),
            _ if self.at_statement_end()
                && (place.compartment.is_some() || place.name.boundary) =>
            {
                Ok(Some(StatementKind::Declaration(bare(place))))
            }
            _ if self.at_statement_end() => self.unknown_word(first, &word),
            Kind::Plus | Kind::Minus | Kind::Slash | Kind::Caret => self.bare_formula(first),
            Kind::Line | Kind::Block => self.unexpected("a qualifier, as in `x is \"name\"`,"),
            _ => self.unexpected("a statement"),
        }
    }

    fn word_behind(
        &mut self,
        place: Place,
        first: Span,
        word: &str,
    ) -> Parsed<Option<StatementKind>> {
        match self.word() {
            "has" => {
                self.advance();
                self.refuse_equals_behind_has()?;
                let unit = self.unit_formula()?;
                self.refuse_equals_behind_has()?;
                Ok(Some(StatementKind::HasUnit {
                    target: place,
                    unit,
                }))
            }
            "is" => self.identified(place.name).map(Some),
            _ if self.at_annotation() => self.annotation(place.name).map(Some),
            _ => self.unknown_word(first, word),
        }
    }

    pub(super) fn refuse_equals_behind_has(&mut self) -> Parsed<()> {
        if self.kind() != Kind::Equals {
            return Ok(());
        }
        self.fail(
            Diagnostic::error("syntax/unexpected", "`has` names a unit and takes no `=`")
                .at(self.here())
                .hint("write `x has unit_name; x = 3`"),
        )
    }

    fn compared_statement<T>(&mut self, place: &Place) -> Parsed<T> {
        let name = place.name.dotted();
        let message = format!("`{name} == …` compares and is no statement");
        self.fail(
            Diagnostic::error("syntax/unexpected", message)
                .at(self.here())
                .hint(format!(
                    "`{name} = …` sets the start value, `{name} := …` a rule for all times"
                )),
        )
    }

    fn bare_formula<T>(&mut self, first: Span) -> Parsed<T> {
        let span = first.to(self.here());
        self.fail(
            Diagnostic::error("syntax/unexpected", "a formula alone says nothing")
                .at(span)
                .hint("a rate law stands on the line of its reaction: `A -> B; k*A`; a value needs a name: `x = …`"),
        )
    }

    fn deletion(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let mut paths = vec![self.path()?];
        while self.take(Kind::Comma) {
            paths.push(self.path()?);
        }
        Ok(StatementKind::Delete(paths))
    }

    fn constraint(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = if self.kind() == Kind::Colon {
            None
        } else {
            Some(self.path()?)
        };
        self.expect(Kind::Colon, "`:`")?;
        let condition = self.formula()?;
        Ok(StatementKind::Constraint { name, condition })
    }

    /// Whether `path = …` sets an attribute: by its name, or by a value that no element takes.
    fn names_attribute(&self, path: &Path) -> bool {
        let (Some(first), Some(last)) = (path.parts.first(), path.parts.last()) else {
            return false;
        };
        let odd_value = matches!(self.kind_at(1), Kind::Line | Kind::Block | Kind::OpenBrace)
            || self.word_at(1) == "SBO" && self.kind_at(2) == Kind::Colon;
        let by_name =
            path.parts.len() > 1 && (words::is_attribute(&last.text) || first.text == "model");
        by_name || path.parts.len() > 1 && odd_value
    }
}

/// A declaration that only puts a species somewhere.
fn bare(place: Place) -> Declaration {
    Declaration {
        constant: None,
        substance_only: false,
        kind: None,
        entries: vec![Declared {
            place,
            value: None,
            unit: None,
        }],
    }
}
