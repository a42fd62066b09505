//! MathML to formulas: the subset that SBML takes, Level 3 Version 2 included.

use crate::diag::{Diagnostic, Span, did_you_mean};
use crate::syntax::expr::{Constant, Expr, ExprKind, Function as F, Trig};

use super::attribute::{Context, number};
use super::tree::{Formula, Word};
use super::xml::{Element, Node, Space};

impl Context<'_> {
    /// The formula of an element's `math`; none when there is none, or when it is wrong and that has been said.
    pub(super) fn math(&mut self, parent: &Element) -> Option<Formula> {
        let math = math_of(parent)?;
        self.only(math).and_then(|inner| self.formula(inner))
    }

    /// Arguments and body of a function definition.
    pub(super) fn lambda(&mut self, parent: &Element) -> Option<(Vec<Word>, Formula)> {
        let lambda = self.only(math_of(parent)?)?;
        if lambda.name != "lambda" {
            let message = format!("a function is a `lambda`, not `{}`", lambda.name);
            self.error("syntax/sbml-math", message, lambda.span);
            return None;
        }
        let mut names = Vec::new();
        let mut body = None;
        for part in lambda.elements() {
            if part.name == "bvar" {
                let name = part.elements().next().filter(|inner| inner.name == "ci");
                names.extend(name.map(|inner| Word {
                    text: inner.text(),
                    span: inner.span,
                }));
            } else {
                body = self.formula(part);
            }
        }
        Some((names, body?))
    }

    /// The only element within; `semantics` and its like stand for their first.
    fn only<'e>(&mut self, math: &'e Element) -> Option<&'e Element> {
        let mut inner = math.elements();
        match (inner.next(), inner.next()) {
            (Some(one), None) => Some(one),
            // A `math` without content is as good as none since Level 3 Version 2.
            (None, _) if self.level == 3 && self.version >= 2 => None,
            _ => {
                self.error(
                    "syntax/sbml-math",
                    format!("`{}` holds one formula", math.name),
                    math.span,
                );
                None
            }
        }
    }

    fn formula(&mut self, element: &Element) -> Option<Formula> {
        if element.space != Space::Math {
            return self.unknown(element);
        }
        let kind = match element.name.as_str() {
            "cn" => self.literal(element)?,
            "ci" => ExprKind::Symbol(element.text()),
            "csymbol" => self.symbol(element)?,
            "apply" => self.apply(element)?,
            "piecewise" => self.piecewise(element)?,
            "semantics" => return element.elements().next().and_then(|e| self.formula(e)),
            name => match constant(name) {
                Some(constant) => ExprKind::Constant(constant),
                None => return self.unknown(element),
            },
        };
        Some(Expr::new(element.span, kind))
    }

    fn formulas<'e>(
        &mut self,
        elements: impl Iterator<Item = &'e Element>,
    ) -> Option<Vec<Formula>> {
        // All are read, so that each mistake is said.
        let read: Vec<Option<Formula>> = elements.map(|element| self.formula(element)).collect();
        read.into_iter().collect()
    }

    fn literal(&mut self, element: &Element) -> Option<ExprKind<String>> {
        let value = literal_value(element);
        if value.is_none() {
            let message = format!("`{}` is not a number", element.text());
            self.error("syntax/sbml-number", message, element.span);
        }
        let mut attributes = element.attributes.iter();
        let unit = attributes
            .find(|a| a.name == "units" && a.space.is_some())
            .map(|a| a.value.clone());
        Some(ExprKind::Number(value?, unit))
    }

    fn symbol(&mut self, element: &Element) -> Option<ExprKind<String>> {
        match url_name(element) {
            "time" => Some(ExprKind::Constant(Constant::Time)),
            "avogadro" => Some(ExprKind::Constant(Constant::Avogadro)),
            "delay" | "rateOf" => {
                let message = "this symbol is a function and needs arguments".to_string();
                self.error("syntax/sbml-math", message, element.span);
                None
            }
            _ => self.unknown_symbol(element),
        }
    }

    fn apply(&mut self, element: &Element) -> Option<ExprKind<String>> {
        let mut parts = element.elements();
        let Some(operator) = parts.next() else {
            let message = "`apply` without an operator".to_string();
            self.error("syntax/sbml-math", message, element.span);
            return None;
        };
        let function = match operator.name.as_str() {
            "ci" => {
                let arguments = self.formulas(parts)?;
                return Some(ExprKind::User(operator.text(), arguments));
            }
            "csymbol" => match url_name(operator) {
                "delay" => F::Delay,
                "rateOf" => F::RateOf,
                _ => return self.unknown_symbol(operator),
            },
            name => match function(name) {
                Some(function) => function,
                None => return self.unknown(operator),
            },
        };
        let arguments = self.arguments(function, element)?;
        let function = match (function, arguments.len()) {
            // Logarithms are decimal unless said otherwise.
            (F::LogBase, 1) => F::Log10,
            _ => function,
        };
        self.call(function, arguments, element.span, &operator.name)
    }

    /// Arguments in the order of [`F`]: degrees and bases first.
    fn arguments(&mut self, function: F, element: &Element) -> Option<Vec<Formula>> {
        let parts = || element.elements().skip(1);
        let is_qualifier = |part: &&Element| matches!(part.name.as_str(), "degree" | "logbase");
        let mut arguments = Vec::new();
        if let Some(qualifier) = parts().find(is_qualifier) {
            arguments.push(self.only(qualifier).and_then(|e| self.formula(e))?);
        } else if function == F::Root {
            // Roots are square unless said otherwise.
            arguments.push(Expr::new(element.span, ExprKind::Number(2.0, None)));
        }
        arguments.extend(self.formulas(parts().filter(|part| !is_qualifier(part)))?);
        Some(arguments)
    }

    fn call(
        &mut self,
        function: F,
        mut arguments: Vec<Formula>,
        span: Span,
        name: &str,
    ) -> Option<ExprKind<String>> {
        let count = arguments.len();
        let (least, most) = counts(function);
        if count < least || count > most {
            let message = format!("`{name}` cannot be taken of {count} arguments");
            self.error("syntax/sbml-argument-count", message, span);
            return None;
        }
        let is_square = |degree: &Formula| matches!(degree.kind, ExprKind::Number(2.0, _));
        Some(match function {
            F::Minus if count == 1 => ExprKind::Call(F::Negate, arguments),
            F::Root if is_square(&arguments[0]) => {
                arguments.remove(0);
                ExprKind::Call(F::Sqrt, arguments)
            }
            _ => ExprKind::Call(function, arguments),
        })
    }

    fn piecewise(&mut self, element: &Element) -> Option<ExprKind<String>> {
        let mut arguments = Vec::new();
        let mut otherwise = None;
        for part in element.elements() {
            let inner = self.formulas(part.elements());
            match (part.name.as_str(), inner) {
                (_, None) => return None,
                ("piece", Some(pair)) if pair.len() == 2 => arguments.extend(pair),
                ("otherwise", Some(mut one)) if one.len() == 1 => otherwise = one.pop(),
                _ => {
                    let message = "`piecewise` holds pieces of two and one otherwise".to_string();
                    self.error("syntax/sbml-math", message, part.span);
                    return None;
                }
            }
        }
        arguments.extend(otherwise);
        Some(ExprKind::Call(F::Piecewise, arguments))
    }

    fn unknown<T>(&mut self, element: &Element) -> Option<T> {
        let message = format!("`{}` is not known in formulas", element.name);
        let mut told = Diagnostic::error("syntax/sbml-math", message).at(element.span);
        if let Some(near) = did_you_mean(&element.name, FUNCTIONS.iter().map(|(name, _)| *name)) {
            told = told.hint(format!("did you mean `{near}`?"));
        }
        self.found.push(told);
        None
    }

    fn unknown_symbol<T>(&mut self, element: &Element) -> Option<T> {
        let url = element.attribute("definitionURL").unwrap_or_default();
        let message = format!("the symbol `{url}` is not known");
        let told = Diagnostic::error("syntax/sbml-math", message).at(element.span);
        self.found
            .push(told.hint("time, delay, avogadro and rateOf are"));
        None
    }
}

fn math_of(parent: &Element) -> Option<&Element> {
    let mut inner = parent.elements();
    inner.find(|e| e.space == Space::Math && e.name == "math")
}

/// The last part of a symbol's definition, when it is SBML's.
fn url_name(element: &Element) -> &str {
    let url = element.attribute("definitionURL").unwrap_or_default();
    url.trim()
        .strip_prefix("http://www.sbml.org/sbml/symbols/")
        .unwrap_or_default()
}

fn literal_value(element: &Element) -> Option<f64> {
    let mut parts = vec![String::new()];
    for child in &element.children {
        match child {
            Node::Text(text) => parts.last_mut()?.push_str(text),
            Node::Element(sep) if sep.name == "sep" => parts.push(String::new()),
            Node::Element(_) => return None,
        }
    }
    let kind = element.attribute("type").unwrap_or("real");
    match (kind, parts.as_slice()) {
        ("real", [text]) => number(text),
        ("integer", [text]) => match element.attribute("base") {
            None | Some("10") => number(text),
            Some(base) => {
                let digits = i64::from_str_radix(text.trim(), radix(base)?).ok()?;
                Some(digits as f64)
            }
        },
        // One reading of the decimal text rounds once; a product with a power of ten would round twice.
        ("e-notation", [mantissa, exponent]) => {
            number(&format!("{}e{}", mantissa.trim(), exponent.trim()))
        }
        ("rational", [above, below]) => Some(number(above)? / number(below)?),
        _ => None,
    }
}

fn radix(base: &str) -> Option<u32> {
    base.parse().ok().filter(|base| (2..=36).contains(base))
}

fn constant(name: &str) -> Option<Constant> {
    Some(match name {
        "true" => Constant::True,
        "false" => Constant::False,
        "pi" => Constant::Pi,
        "exponentiale" => Constant::E,
        "infinity" => Constant::Infinity,
        "notanumber" => Constant::NotANumber,
        _ => return None,
    })
}

fn function(name: &str) -> Option<F> {
    let mut known = FUNCTIONS.iter();
    known
        .find(|(known, _)| *known == name)
        .map(|(_, function)| *function)
}

/// Names of operators and functions.
const FUNCTIONS: [(&str, F); 59] = [
    ("plus", F::Plus),
    ("minus", F::Minus),
    ("times", F::Times),
    ("divide", F::Divide),
    ("power", F::Power),
    ("root", F::Root),
    ("abs", F::Abs),
    ("exp", F::Exp),
    ("ln", F::Ln),
    ("log", F::LogBase),
    ("floor", F::Floor),
    ("ceiling", F::Ceiling),
    ("factorial", F::Factorial),
    ("quotient", F::Quotient),
    ("rem", F::Remainder),
    ("max", F::Max),
    ("min", F::Min),
    ("eq", F::Equal),
    ("neq", F::NotEqual),
    ("gt", F::Greater),
    ("lt", F::Less),
    ("geq", F::GreaterEqual),
    ("leq", F::LessEqual),
    ("and", F::And),
    ("or", F::Or),
    ("xor", F::Xor),
    ("not", F::Not),
    ("implies", F::Implies),
    ("sin", F::Trig(Trig::Sin)),
    ("cos", F::Trig(Trig::Cos)),
    ("tan", F::Trig(Trig::Tan)),
    ("sec", F::Trig(Trig::Sec)),
    ("csc", F::Trig(Trig::Csc)),
    ("cot", F::Trig(Trig::Cot)),
    ("sinh", F::Trig(Trig::Sinh)),
    ("cosh", F::Trig(Trig::Cosh)),
    ("tanh", F::Trig(Trig::Tanh)),
    ("sech", F::Trig(Trig::Sech)),
    ("csch", F::Trig(Trig::Csch)),
    ("coth", F::Trig(Trig::Coth)),
    ("arcsin", F::Trig(Trig::Arcsin)),
    ("arccos", F::Trig(Trig::Arccos)),
    ("arctan", F::Trig(Trig::Arctan)),
    ("arcsec", F::Trig(Trig::Arcsec)),
    ("arccsc", F::Trig(Trig::Arccsc)),
    ("arccot", F::Trig(Trig::Arccot)),
    ("arcsinh", F::Trig(Trig::Arcsinh)),
    ("arccosh", F::Trig(Trig::Arccosh)),
    ("arctanh", F::Trig(Trig::Arctanh)),
    ("arcsech", F::Trig(Trig::Arcsech)),
    ("arccsch", F::Trig(Trig::Arccsch)),
    ("arccoth", F::Trig(Trig::Arccoth)),
    // Written so by some tools, with the meaning of the names above.
    ("arsinh", F::Trig(Trig::Arcsinh)),
    ("arcosh", F::Trig(Trig::Arccosh)),
    ("artanh", F::Trig(Trig::Arctanh)),
    ("arsech", F::Trig(Trig::Arcsech)),
    ("arcsch", F::Trig(Trig::Arccsch)),
    ("arcoth", F::Trig(Trig::Arccoth)),
    ("sqrt", F::Sqrt),
];

/// Least and most arguments, degrees and bases counted.
fn counts(function: F) -> (usize, usize) {
    match function {
        F::Plus | F::Times | F::And | F::Or | F::Xor | F::Piecewise => (0, usize::MAX),
        F::Min | F::Max => (1, usize::MAX),
        F::Equal | F::Less | F::LessEqual | F::Greater | F::GreaterEqual => (2, usize::MAX),
        F::Minus => (1, 2),
        F::Divide
        | F::Power
        | F::Remainder
        | F::Quotient
        | F::Implies
        | F::NotEqual
        | F::LogBase
        | F::Root
        | F::Delay => (2, 2),
        _ => (1, 1),
    }
}
