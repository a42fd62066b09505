//! Values, rules, declarations and units: what gives a name its meaning.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use super::tree::{
    AssignmentKind, Declaration, Declared, DeclaredKind, Formula, Place, StatementKind,
};
use crate::diag::Diagnostic;
use crate::syntax::expr::{ExprKind, Function};

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
        if kind == AssignmentKind::Initial && is_model_unit(&target) && !self.at_statement_end() {
            return self.model_unit(&target);
        }
        let value = self.optional_formula()?;
        Ok(StatementKind::Assignment {
            target,
            kind,
            value,
        })
    }

    /// Behind `volume`: `= litre`, the unit of the whole model.
    fn model_unit(&mut self, target: &Place) -> Parsed<StatementKind> {
        let name = target.name.parts[0].clone();
        let unit = self.unit_formula()?;
        if !names_unit(&unit) {
            let message = format!("`{}` is the model's unit and cannot be a number", name.text);
            let fault = Diagnostic::error("syntax/model-unit", message).at(target.name.span);
            return self.fail(fault.hint(format!("call the number `{}_`, for example", name.text)));
        }
        let message = format!("`{} = …` sets a unit for the whole model", name.text);
        let hint = format!("write `unit {} = …` to make that visible", name.text);
        let warning = Diagnostic::warning("syntax/model-unit", message).at(name.span);
        self.report.push(warning.hint(hint));
        let unit = Some(unit);
        Ok(StatementKind::UnitDefinition { name, unit })
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
        let Some(span) = wrong.or_else(|| (!names_unit(unit)).then_some(unit.span)) else {
            return Ok(());
        };
        self.fail(
            Diagnostic::error(
                "syntax/unit-expression",
                "a unit is made of names and numbers with `*`, `/` and `^`",
            )
            .at(span)
            .hint("a plain number is `3 dimensionless`"),
        )
    }
}

fn is_model_unit(target: &Place) -> bool {
    let parts = target.name.parts.as_slice();
    matches!(parts, [only] if MODEL_UNITS.contains(&only.text.as_str()))
}

/// Whether a unit's formula names any unit.
fn names_unit(unit: &Formula) -> bool {
    let mut named = false;
    unit.walk(&mut |part| {
        named |= matches!(
            part.kind,
            ExprKind::Symbol(_) | ExprKind::Number(_, Some(_))
        );
    });
    named
}
