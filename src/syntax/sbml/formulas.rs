//! What is odd about MathML that can be read: stray text and attributes, truth where a number belongs.

use crate::diag::{Diagnostic, Span};
use crate::syntax::expr::{Constant, ExprKind, Function as F};

use super::attribute::Context;
use super::operators::OF_LEVEL_THREE;
use super::tree::Formula;
use super::xml::{Element, Node, Space, cut};

/// Attributes that MathML has everywhere.
const EVERYWHERE: [&str; 4] = ["id", "class", "style", "xref"];

/// What a formula gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Truth,
    /// An argument or a call of a function, which may be either.
    Open,
}

impl Context<'_> {
    /// Says when a formula element holds text, which would be passed over with whatever it meant.
    pub(super) fn plain(&mut self, element: &Element) {
        let is_text = |node: &&Node| matches!(node, Node::Text(text) if !text.trim().is_empty());
        if let Some(Node::Text(text)) = element.children.iter().find(is_text) {
            let message = format!("the text `{}` in `{}`", cut(text.trim()), element.name);
            let hint = "numbers are written `<cn> 1 </cn>`, names `<ci> x </ci>`";
            self.refuse("syntax/sbml-math", message, element.span, hint);
        }
    }

    /// Says when an operator or a constant holds anything.
    pub(super) fn bare(&mut self, element: &Element) {
        self.plain(element);
        if let Some(inner) = element.elements().next() {
            let name = &element.name;
            let message = format!("`{}` may not stand in `{name}`", cut(&inner.name));
            let hint = format!("write `<{name}/>`, and what it is applied to behind it");
            self.refuse("syntax/sbml-math", message, inner.span, hint);
        }
    }

    /// Attributes that SBML does not take in formulas; the numbers do not depend on them.
    pub(super) fn math_attributes(&mut self, element: &Element) {
        let own: &[&str] = match element.name.as_str() {
            "cn" => &["type"],
            "csymbol" | "semantics" => &["definitionURL", "encoding"],
            _ => &[],
        };
        for attribute in element.attributes.iter() {
            let name = attribute.name.as_str();
            let fits = match attribute.space {
                None => own.contains(&name) || EVERYWHERE.contains(&name),
                Some(Space::Core) => name == "units" && element.name == "cn" && self.level > 2,
                Some(_) => true,
            };
            if !fits {
                let message = format!("SBML knows no `{}` of `{}`", cut(name), element.name);
                let told = Diagnostic::warning("syntax/sbml-unknown-attribute", message);
                self.push(
                    told.at(attribute.span)
                        .hint("remove it; it changes no number here"),
                );
            }
        }
    }

    /// Says when a function or symbol is younger than the file's level.
    pub(super) fn check_level(&mut self, name: &str, span: Span) {
        if self.level > 2 || !OF_LEVEL_THREE.contains(&name) {
            return;
        }
        let message = format!(
            "`{name}` is of Level 3, and the file is of {}",
            self.named_edition()
        );
        let told = Diagnostic::warning("syntax/sbml-later-math", message).at(span);
        self.push(told.hint("it is read as in Level 3; other readers may refuse the file"));
    }

    /// Until Level 3 Version 2 truth and numbers do not mix.
    pub(super) fn check_types(&mut self, formula: &Formula, parent: &Element) {
        if (self.level, self.version) >= (3, 2) || self.has_extended_math {
            return;
        }
        let wanted = match parent.name.as_str() {
            "trigger" | "constraint" => Kind::Truth,
            _ => Kind::Number,
        };
        self.expect(formula, wanted);
        formula.walk(&mut |part| {
            let ExprKind::Call(function, arguments) = &part.kind else {
                return;
            };
            for (at, argument) in arguments.iter().enumerate() {
                self.expect(argument, wanted_of(*function, at, arguments.len()));
            }
        });
    }

    fn expect(&mut self, formula: &Formula, wanted: Kind) {
        let (is, belongs) = match (kind(formula), wanted) {
            (Kind::Truth, Kind::Number) => ("a truth value", "a number belongs"),
            (Kind::Number, Kind::Truth) => ("a number", "true or false belongs"),
            _ => return,
        };
        let message = format!("{is} where {belongs}");
        let told = Diagnostic::warning("syntax/sbml-type", message).at(formula.span);
        self.push(
            told.hint(
                "it is read as in Level 3 Version 2: true is 1, false 0, and all but 0 is true",
            ),
        );
    }
}

/// What an argument of a function should be.
fn wanted_of(function: F, at: usize, count: usize) -> Kind {
    match function {
        F::And | F::Or | F::Xor | F::Not | F::Implies => Kind::Truth,
        // Truth may be compared with truth, and be the value of pieces.
        F::Equal | F::NotEqual | F::RateOf => Kind::Open,
        F::Piecewise if at % 2 == 1 => Kind::Truth,
        F::Piecewise if at < count => Kind::Open,
        _ => Kind::Number,
    }
}

fn kind(formula: &Formula) -> Kind {
    match &formula.kind {
        ExprKind::Constant(Constant::True | Constant::False) => Kind::Truth,
        ExprKind::Call(
            F::And
            | F::Or
            | F::Xor
            | F::Not
            | F::Implies
            | F::Equal
            | F::NotEqual
            | F::Less
            | F::LessEqual
            | F::Greater
            | F::GreaterEqual,
            _,
        ) => Kind::Truth,
        ExprKind::Call(F::Piecewise, arguments) => arguments.first().map_or(Kind::Open, kind),
        ExprKind::User(..) => Kind::Open,
        _ => Kind::Number,
    }
}
