//! Values, rules, declarations and units: what gives a name its meaning.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use super::tree::{
    AssignmentKind, Declaration, Declared, DeclaredKind, Formula, Place, StatementKind,
};
use crate::diag::Diagnostic;
use crate::syntax::expr::{ExprKind, Function};
use crate::units;

/// Names whose value is a unit of the whole model.
const MODEL_UNITS: [&str; 6] = [
    "substance",
    "extent",
    "time_unit",
    "volume",
    "area",
    "length",
];

impl Parser<'_> {
    // ---- assignments

    /// `=`, `:=` or `'=`; none when the statement has none of them.
    fn assignment_sign(&mut self) -> Parsed<AssignmentKind> {
        if self.take(Kind::Equals) {
            return Ok(AssignmentKind::Initial);
        }
        if self.take(Kind::Becomes) {
            return Ok(AssignmentKind::Rule);
        }
        if self.take(Kind::Colon) {
            self.expect(Kind::Equals, "`=`")?;
            return Ok(AssignmentKind::Rule);
        }
        self.expect(Kind::Prime, "`=`, `:=` or `'=`")?;
        self.expect(Kind::Equals, "`=` behind `'`")?;
        Ok(AssignmentKind::Rate)
    }

    fn optional_formula(&mut self) -> Parsed<Option<Formula>> {
        if self.at_statement_end() {
            return Ok(None);
        }
        self.formula().map(Some)
    }

    pub(super) fn assignment(&mut self, target: Place) -> Parsed<StatementKind> {
        self.refuse_reserved(&target.name);
        let kind = self.assignment_sign()?;
        let may_be_unit = kind == AssignmentKind::Initial && starts_model_unit(&target);
        if let Some(read) = may_be_unit.then(|| self.model_unit(&target)).flatten() {
            return Ok(read);
        }
        let value = self.optional_formula()?;
        Ok(StatementKind::Assignment {
            target,
            kind,
            value,
        })
    }

    /// `volume = litre`: a unit of the whole model when the value is made of unit names; else goes back.
    fn model_unit(&mut self, target: &Place) -> Option<StatementKind> {
        let back = self.at;
        if !self.only_unit_words_ahead() {
            return None;
        }
        let Ok(unit) = self.unit_formula() else {
            self.at = back;
            return None;
        };
        let name = target.name.parts[0].clone();
        let message = format!(
            "`{0} = …` sets the unit of {0} for the whole model",
            name.text
        );
        let hint = format!("write `unit {} = …` to make that visible", name.text);
        let warning = Diagnostic::warning("syntax/model-unit", message).at(name.span);
        self.report.push(warning.hint(hint));
        let unit = Some(unit);
        Some(StatementKind::UnitDefinition { name, unit })
    }

    /// Whether the rest of the statement is numbers, operators and at least one base unit.
    fn only_unit_words_ahead(&self) -> bool {
        let mut named = false;
        for ahead in 0.. {
            match self.kind_at(ahead) {
                Kind::Word if units::base_unit(self.word_at(ahead)).is_some() => named = true,
                Kind::Number | Kind::Star | Kind::Slash | Kind::Caret | Kind::Minus => {}
                Kind::OpenParen | Kind::CloseParen => {}
                Kind::Newline | Kind::Semicolon | Kind::End => return named,
                _ => return false,
            }
        }
        false
    }

    // ---- declarations

    pub(super) fn declaration(&mut self) -> Parsed<StatementKind> {
        let mut declaration = Declaration {
            constant: None,
            substance_only: false,
            kind: None,
            entries: Vec::new(),
        };
        while self.declaring_word(&mut declaration) {}
        if declaration.substance_only && declaration.kind.is_none() {
            declaration.kind = Some(DeclaredKind::Species);
        }
        loop {
            let entry = self.declared()?;
            declaration.entries.push(entry);
            if !self.take(Kind::Comma) {
                return Ok(StatementKind::Declaration(declaration));
            }
        }
    }

    fn declaring_word(&mut self, declaration: &mut Declaration) -> bool {
        match self.word() {
            "var" => declaration.constant = Some(false),
            "const" | "ext" => declaration.constant = Some(true),
            "substanceOnly" => declaration.substance_only = true,
            "species" => declaration.kind = Some(DeclaredKind::Species),
            "compartment" => declaration.kind = Some(DeclaredKind::Compartment),
            "formula" => declaration.kind = Some(DeclaredKind::Formula),
            "reaction" => declaration.kind = Some(DeclaredKind::Reaction),
            _ => return false,
        }
        self.advance();
        true
    }

    fn declared(&mut self) -> Parsed<Declared> {
        let place = self.place()?;
        self.refuse_reserved(&place.name);
        let mut entry = Declared {
            place,
            value: None,
            unit: None,
        };
        match self.kind() {
            Kind::Equals | Kind::Becomes | Kind::Prime | Kind::Colon => {
                let kind = self.assignment_sign()?;
                let blank = self.at_statement_end() || self.kind() == Kind::Comma;
                let value = if blank { None } else { Some(self.formula()?) };
                entry.value = Some((kind, value));
            }
            Kind::Word if self.word() == "has" => {
                self.advance();
                entry.unit = Some(self.unit_formula()?);
                self.refuse_equals_behind_has()?;
            }
            _ => {}
        }
        Ok(entry)
    }

    pub(super) fn unit_definition(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name()?;
        let unit = if self.take(Kind::Equals) {
            let unit = self.unit_formula()?;
            self.refuse_other_than_units(&unit)?;
            Some(unit)
        } else {
            None
        };
        Ok(StatementKind::UnitDefinition { name, unit })
    }

    /// Units multiply, divide and take powers; they do nothing else.
    fn refuse_other_than_units(&mut self, unit: &Formula) -> Parsed<()> {
        let mut wrong = None;
        unit.walk(&mut |part| {
            let fits = match &part.kind {
                ExprKind::Call(function, _) => {
                    matches!(
                        function,
                        Function::Times | Function::Divide | Function::Power | Function::Negate
                    )
                }
                ExprKind::User(..) | ExprKind::Constant(_) => false,
                ExprKind::Number(..) | ExprKind::Symbol(_) => true,
            };
            if !fits && wrong.is_none() {
                wrong = Some(part.span);
            }
        });
        let Some(span) = wrong else {
            return Ok(());
        };
        self.fail(
            Diagnostic::error(
                "syntax/unit-expression",
                "a unit is made of names and numbers with `*`, `/` and `^`",
            )
            .at(span),
        )
    }
}

fn starts_model_unit(target: &Place) -> bool {
    let parts = target.name.parts.as_slice();
    matches!(parts, [only] if MODEL_UNITS.contains(&only.text.as_str()))
}
