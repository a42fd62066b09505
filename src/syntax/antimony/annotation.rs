//! Names for people, annotations, attributes, and names made one.

use super::parser::{Parsed, Parser};
use super::report::shown;
use super::token::Kind;
use super::tree::{Annotation, AttributeValue, Ident, Path, StatementKind, Text};
use super::words;
use crate::diag::{Diagnostic, did_you_mean};

/// Braces within braces beyond this are no attribute anybody writes.
const MAX_BRACES: u32 = 8;

impl Parser<'_> {
    /// Behind `x`: `is "name"`, `is y`, `is y / factor`.
    pub(super) fn identified(&mut self, left: Path) -> Parsed<StatementKind> {
        self.advance();
        if matches!(self.kind(), Kind::Line | Kind::Block) {
            let name = self.string()?;
            return Ok(StatementKind::DisplayName { target: left, name });
        }
        if !self.at_name() && self.kind() != Kind::Dollar {
            return self.unexpected("a text or a name behind `is`");
        }
        let right = self.path()?;
        let divided = self.take(Kind::Slash);
        let factor = if divided { Some(self.path()?) } else { None };
        Ok(StatementKind::Synchronise {
            left,
            right,
            factor,
            divided,
        })
    }

    /// Behind `x`: `* factor is y`.
    pub(super) fn scaled_synchronisation(&mut self, left: Path) -> Parsed<StatementKind> {
        self.advance();
        let factor = Some(self.path()?);
        if !self.take_word("is") {
            return self.fail(
                Diagnostic::error("syntax/unexpected", "a formula alone says nothing")
                    .at(left.span.to(self.behind()))
                    .hint("a rate law stands on the line of its reaction: `A -> B; k*A`; a value needs a name: `x = …`"),
            );
        }
        let right = self.path()?;
        let divided = false;
        Ok(StatementKind::Synchronise {
            left,
            right,
            factor,
            divided,
        })
    }

    // ---- annotations

    /// Whether a qualifier and a text come next, or what can only be meant so.
    pub(super) fn at_annotation(&self) -> bool {
        let text = |ahead: usize| matches!(self.kind_at(ahead), Kind::Line | Kind::Block);
        let known = words::is_qualifier(self.word());
        text(1) || known || self.kind_at(1) == Kind::Dot && text(3)
    }

    /// Behind `x`: `qualifier "text", "text"` or `creator1.name "text"`.
    pub(super) fn annotation(&mut self, target: Path) -> Parsed<StatementKind> {
        let keyword = self.qualifier()?;
        let mut values = vec![self.annotation_value()?];
        while self.take(Kind::Comma) {
            self.skip_newlines();
            values.push(self.annotation_value()?);
        }
        Ok(StatementKind::Annotation(Annotation {
            target,
            keyword,
            values,
        }))
    }

    fn qualifier(&mut self) -> Parsed<String> {
        let span = self.here();
        let word = self.word().to_string();
        self.advance();
        if !words::is_qualifier(&word) {
            let message = format!("`{}` is no qualifier", shown(&word));
            let fault = Diagnostic::error("syntax/qualifier", message).at(span);
            let near = if word.len() <= 32 {
                did_you_mean(&word, words::QUALIFIERS.into_iter().chain(["is"]))
            } else {
                None
            };
            return self.fail(match near {
                Some(near) => fault.hint(format!("did you mean `{near}`?")),
                None => fault.hint("known are `is`, `notes`, `identity`, `hasPart`, `isDescribedBy`, `taxon` and others"),
            });
        }
        if !self.take(Kind::Dot) {
            return Ok(word);
        }
        if self.kind() != Kind::Word {
            return self.unexpected("a field of the creator, as in `creator1.name`,");
        }
        let field = self.word().to_string();
        self.advance();
        Ok(format!("{word}.{field}"))
    }

    /// A text, or a number as its text.
    fn annotation_value(&mut self) -> Parsed<Text> {
        if self.kind() != Kind::Number {
            return self.string();
        }
        let token = self.token(0);
        self.advance();
        Ok(Text {
            text: self.text_of(token).to_string(),
            span: self.span_of(token),
        })
    }

    /// `model …` inside of a model speaks of the model itself.
    pub(super) fn self_annotation(&mut self) -> Parsed<StatementKind> {
        let span = self.here();
        let text = self.word().to_string();
        self.advance();
        let mut target = Path {
            boundary: false,
            parts: vec![Ident { text, span }],
            span,
        };
        while self.take(Kind::Dot) {
            let span = self.here();
            let text = self.word().to_string();
            if text.is_empty() {
                return self.unexpected("an attribute");
            }
            self.advance();
            target.parts.push(Ident { text, span });
        }
        target.span = target.span.to(self.behind());
        match self.kind() {
            Kind::Equals if target.parts.len() > 1 => self.attribute(target),
            Kind::Word if self.word() == "is" => self.identified(target),
            Kind::Word if self.at_annotation() => self.annotation(target),
            _ => self.unexpected("an attribute or annotation of the model"),
        }
    }

    // ---- attributes

    /// Behind `x.attribute`: `= value`.
    pub(super) fn attribute(&mut self, path: Path) -> Parsed<StatementKind> {
        self.expect(Kind::Equals, "`=`")?;
        let drawing = path
            .parts
            .last()
            .is_some_and(|last| words::is_drawing_attribute(&last.text));
        let value = self.attribute_value(drawing, 0)?;
        Ok(StatementKind::Attribute { path, value })
    }

    fn attribute_value(&mut self, drawing: bool, depth: u32) -> Parsed<AttributeValue> {
        match self.kind() {
            Kind::Line | Kind::Block => self.string().map(AttributeValue::Text),
            Kind::OpenBrace if depth < MAX_BRACES => self.attribute_list(drawing, depth),
            Kind::Word if self.word() == "SBO" && self.kind_at(1) == Kind::Colon => self.sbo_term(),
            Kind::Word if drawing && self.bare_word_ahead() => self.bare_word(1),
            _ => self.formula().map(AttributeValue::Formula),
        }
    }

    fn bare_word_ahead(&self) -> bool {
        matches!(
            self.kind_at(1),
            Kind::Newline | Kind::Semicolon | Kind::End | Kind::Comma | Kind::CloseBrace
        )
    }

    fn attribute_list(&mut self, drawing: bool, depth: u32) -> Parsed<AttributeValue> {
        self.advance();
        let mut values = Vec::new();
        while !self.take(Kind::CloseBrace) {
            values.push(self.attribute_value(drawing, depth + 1)?);
            if !self.take(Kind::Comma) {
                self.expect(Kind::CloseBrace, "`,` or `}`")?;
                break;
            }
        }
        Ok(AttributeValue::List(values))
    }

    fn sbo_term(&mut self) -> Parsed<AttributeValue> {
        if self.kind_at(2) != Kind::Number {
            self.advance();
            self.advance();
            return self.unexpected("seven digits behind `SBO:`");
        }
        self.bare_word(3)
    }

    /// The text of the next tokens as one word.
    fn bare_word(&mut self, count: usize) -> Parsed<AttributeValue> {
        let start = self.here();
        for _ in 0..count {
            self.advance();
        }
        let span = start.to(self.behind());
        let text = self.text[span.start as usize..span.end as usize].to_string();
        Ok(AttributeValue::Word(Text { text, span }))
    }
}
