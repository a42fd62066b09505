//! MathML to formulas: the subset that SBML takes, Level 3 Version 2 included.

use crate::diag::{Span, did_you_mean};
use crate::syntax::expr::{Constant, Expr, ExprKind, Function as F};

use super::attribute::{Context, about, counted, is_sid, number, number_hint};
use super::operators::{FUNCTIONS, constant, counts, function};
use super::parts::NO_MATH;
use super::tree::{Formula, Word};
use super::xml::{Element, Node, Space, cut};

impl Context<'_> {
    /// The formula of an element's `math`; none when there is none, or when it is wrong and that has been said.
    pub(super) fn math(&mut self, parent: &Element) -> Option<Formula> {
        let formula = self.only(math_of(parent)?).and_then(|e| self.formula(e))?;
        self.check_types(&formula, parent);
        Some(formula)
    }

    /// Arguments and body of a function definition.
    pub(super) fn lambda(&mut self, parent: &Element) -> Option<(Vec<Word>, Formula)> {
        let Some(math) = math_of(parent) else {
            return self.no_lambda(parent);
        };
        let mut lambda = self.only(math)?;
        while let Some(inner) = lambda
            .elements()
            .next()
            .filter(|_| lambda.name == "semantics")
        {
            lambda = inner;
        }
        if lambda.name != "lambda" {
            let message = format!("a function is a `lambda`, not `{}`", cut(&lambda.name));
            let hint = "write `<lambda><bvar><ci> x </ci></bvar> … </lambda>`";
            self.refuse("syntax/sbml-math", message, lambda.span, hint);
            return None;
        }
        self.plain(lambda);
        let is_argument = |part: &&Element| part.name == "bvar";
        let arguments = lambda.elements().take_while(is_argument);
        let names: Vec<Option<Word>> = arguments.map(|part| self.argument(part)).collect();
        let mut rest = lambda.elements().skip_while(is_argument);
        let body = rest.next();
        if let Some(more) = rest.next() {
            let message = "a `lambda` holds one formula behind its arguments".to_string();
            let hint = "write all `bvar` first, then the formula";
            self.refuse("syntax/sbml-math", message, more.span, hint);
            return None;
        }
        if body.is_none() && self.is_strict_about_math() {
            return self.no_lambda(parent);
        }
        let body = self.formula(body?);
        let names: Option<Vec<Word>> = names.into_iter().collect();
        Some((names?, body?))
    }

    fn no_lambda<T>(&mut self, parent: &Element) -> Option<T> {
        if self.is_strict_about_math() {
            let message = format!("{} has no formula", about(parent));
            self.refuse("syntax/sbml-no-math", message, parent.span, NO_MATH);
        }
        None
    }

    /// Whether formulas may not be left out: so until Level 3 Version 2.
    fn is_strict_about_math(&self) -> bool {
        (self.level, self.version) < (3, 2)
    }

    /// The name in a `bvar`.
    fn argument(&mut self, element: &Element) -> Option<Word> {
        let mut inner = element.elements();
        let (name, more) = (inner.next(), inner.next());
        let name = name.filter(|name| name.name == "ci" && more.is_none());
        let Some(name) = name.filter(|name| is_sid(&name.text())) else {
            let message = "a `bvar` holds the name of one argument".to_string();
            let hint = "write `<bvar><ci> x </ci></bvar>`";
            self.refuse("syntax/sbml-math", message, element.span, hint);
            return None;
        };
        Some(Word {
            text: name.text(),
            span: name.span,
        })
    }

    /// The only element within.
    fn only<'e>(&mut self, math: &'e Element) -> Option<&'e Element> {
        self.plain(math);
        let mut inner = math.elements();
        match (inner.next(), inner.next()) {
            (Some(one), None) => Some(one),
            // A `math` without content is as good as none since Level 3 Version 2.
            (None, _) if !self.is_strict_about_math() && math.name == "math" => None,
            (None, _) => {
                let message = format!("`{}` is empty", math.name);
                let hint = "write one formula into it";
                self.refuse("syntax/sbml-math", message, math.span, hint);
                None
            }
            (Some(_), Some(second)) => {
                let message = format!("`{}` holds more than one formula", math.name);
                let hint = "put them into one `apply` with the operator between them";
                self.refuse("syntax/sbml-math", message, second.span, hint);
                None
            }
        }
    }

    fn formula(&mut self, element: &Element) -> Option<Formula> {
        if element.space != Space::Math {
            return self.unknown(element);
        }
        self.math_attributes(element);
        let kind = match element.name.as_str() {
            "cn" => self.literal(element)?,
            "ci" => self.name(element)?,
            "csymbol" => self.symbol(element)?,
            "apply" => self.apply(element)?,
            "piecewise" => self.piecewise(element)?,
            "semantics" => return self.semantics(element),
            name => match constant(name) {
                Some(constant) => {
                    self.bare(element);
                    ExprKind::Constant(constant)
                }
                None => return self.unknown(element),
            },
        };
        Some(Expr::new(element.span, kind))
    }

    /// A formula with remarks about it.
    fn semantics(&mut self, element: &Element) -> Option<Formula> {
        self.plain(element);
        let mut inner = element.elements();
        let formula = inner.next();
        let is_remark = |e: &&Element| matches!(e.name.as_str(), "annotation" | "annotation-xml");
        if formula.is_none_or(|formula| is_remark(&formula)) || !inner.all(|e| is_remark(&e)) {
            let message = "`semantics` holds one formula, then remarks about it".to_string();
            let hint = "put the formula first, and nothing but `annotation` behind it";
            self.refuse("syntax/sbml-math", message, element.span, hint);
            return None;
        }
        self.formula(formula?)
    }

    fn name(&mut self, element: &Element) -> Option<ExprKind<String>> {
        let name = element.text();
        if is_sid(&name) && element.elements().next().is_none() {
            return Some(ExprKind::Symbol(name));
        }
        let message = match name.as_str() {
            "" => "a `ci` without a name".to_string(),
            name => format!("`{}` is not an id", cut(name)),
        };
        let hint = "a `ci` holds one id: letters, digits and underscores, no digit first";
        self.refuse("syntax/sbml-math", message, element.span, hint);
        None
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
            self.not_a_number(element);
        }
        let mut attributes = element.attributes.iter();
        let unit = attributes
            .find(|a| a.name == "units" && a.space.is_some())
            .map(|a| a.value.clone());
        Some(ExprKind::Number(value?, unit))
    }

    fn not_a_number(&mut self, element: &Element) {
        let kind = element.attribute("type").unwrap_or("real");
        let text = element.text();
        let (message, hint) = match kind {
            "real" | "integer" if text.is_empty() => (
                "a `cn` without a number".to_string(),
                "write the number between `<cn>` and `</cn>`".to_string(),
            ),
            "real" => (
                format!("`{}` is not a number", cut(&text)),
                number_hint(&text),
            ),
            "integer" => (
                format!("`{}` is not a whole number", cut(&text)),
                "leave out `type=\"integer\"` for numbers with a fraction".to_string(),
            ),
            "rational" => (
                "this is not a fraction of two whole numbers".to_string(),
                "write `<cn type=\"rational\"> 1 <sep/> 3 </cn>`".to_string(),
            ),
            "e-notation" => (
                "this is not a number and a power of ten".to_string(),
                "write `<cn type=\"e-notation\"> 1.5 <sep/> -3 </cn>`".to_string(),
            ),
            other => (
                format!("no number is of the type `{}`", cut(other)),
                "types are `real`, `integer`, `rational` and `e-notation`".to_string(),
            ),
        };
        self.refuse("syntax/sbml-number", message, element.span, hint);
    }

    fn symbol(&mut self, element: &Element) -> Option<ExprKind<String>> {
        match self.url_name(element) {
            "time" => Some(ExprKind::Constant(Constant::Time)),
            "avogadro" => Some(ExprKind::Constant(Constant::Avogadro)),
            name @ ("delay" | "rateOf") => {
                let message = format!("the symbol `{name}` is a function and needs arguments");
                let hint = "make it the first element of an `apply`";
                self.refuse("syntax/sbml-math", message, element.span, hint);
                None
            }
            _ => self.unknown_symbol(element),
        }
    }

    fn apply(&mut self, element: &Element) -> Option<ExprKind<String>> {
        self.plain(element);
        let mut parts = element.elements();
        let Some(operator) = parts.next() else {
            let message = "`apply` without an operator".to_string();
            let hint = "its first element says what is done: `<plus/>`, `<ci> f </ci>`";
            self.refuse("syntax/sbml-math", message, element.span, hint);
            return None;
        };
        let function = match operator.name.as_str() {
            "ci" => {
                self.math_attributes(operator);
                let ExprKind::Symbol(name) = self.name(operator)? else {
                    return None;
                };
                return Some(ExprKind::User(name, self.formulas(parts)?));
            }
            "csymbol" => {
                self.math_attributes(operator);
                match self.url_name(operator) {
                    "delay" => F::Delay,
                    "rateOf" => F::RateOf,
                    name @ ("time" | "avogadro") => {
                        let message = format!("the symbol `{name}` takes no arguments");
                        let hint = "use it without the `apply`";
                        self.refuse("syntax/sbml-math", message, operator.span, hint);
                        return None;
                    }
                    _ => return self.unknown_symbol(operator),
                }
            }
            name => {
                let Some(function) = function(name) else {
                    return self.unknown(operator);
                };
                self.bare(operator);
                self.math_attributes(operator);
                self.check_level(name, operator.span);
                function
            }
        };
        let arguments = self.arguments(function, element)?;
        let function = match (function, arguments.len()) {
            // Logarithms are decimal unless said otherwise.
            (F::LogBase, 1) => F::Log10,
            _ => function,
        };
        let name = match operator.name.as_str() {
            "csymbol" => url_name(operator),
            name => name,
        };
        self.call(function, arguments, element.span, name)
    }

    /// [`url_name`], with a word about symbols that the file's level does not have.
    fn url_name<'e>(&mut self, element: &'e Element) -> &'e str {
        let name = url_name(element);
        self.check_level(name, element.span);
        name
    }

    /// Arguments in the order of [`F`]: degrees and bases first.
    fn arguments(&mut self, function: F, element: &Element) -> Option<Vec<Formula>> {
        let parts = || element.elements().skip(1);
        let is_qualifier = |part: &&Element| matches!(part.name.as_str(), "degree" | "logbase");
        let mut arguments = Vec::new();
        let wanted = match function {
            F::Root => "degree",
            F::LogBase => "logbase",
            _ => "",
        };
        let mut qualifiers = parts().filter(is_qualifier);
        let first = qualifiers.next();
        let fits = first.is_none_or(|first| first.name == wanted);
        if let Some(stray) = qualifiers.next().or(first.filter(|_| !fits)) {
            let message = format!("`{}` may not stand here", stray.name);
            let hint = "`root` takes one `degree`, `log` one `logbase`, and nothing else takes any";
            self.refuse("syntax/sbml-math", message, stray.span, hint);
            return None;
        }
        if let Some(qualifier) = first {
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
            let takes = match (least, most) {
                (least, usize::MAX) => format!("it takes at least {}", counted(least, "argument")),
                (1, 2) => "it takes 1 or 2 arguments".to_string(),
                (least, _) => format!("it takes {}", counted(least, "argument")),
            };
            let message = format!("`{name}` cannot be taken of {}", counted(count, "argument"));
            self.refuse("syntax/sbml-argument-count", message, span, takes);
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
        self.plain(element);
        let mut arguments = Vec::new();
        let mut otherwise = None;
        for part in element.elements() {
            self.plain(part);
            let inner = self.formulas(part.elements())?;
            match (part.name.as_str(), inner.len()) {
                ("piece", 2) => arguments.extend(inner),
                ("otherwise", 1) if otherwise.is_none() => otherwise = inner.into_iter().next(),
                _ => {
                    let message = "`piecewise` holds pieces of two and one otherwise".to_string();
                    let hint = "write `<piece>` value, condition `</piece>` and at most one \
                                `<otherwise>` value `</otherwise>`";
                    self.refuse("syntax/sbml-math", message, part.span, hint);
                    return None;
                }
            }
        }
        if arguments.is_empty() && otherwise.is_none() && self.is_strict_about_math() {
            let message = "a `piecewise` without pieces has no value".to_string();
            let hint = "add `<piece>` value, condition `</piece>`";
            self.refuse("syntax/sbml-math", message, element.span, hint);
            return None;
        }
        arguments.extend(otherwise);
        Some(ExprKind::Call(F::Piecewise, arguments))
    }

    fn unknown<T>(&mut self, element: &Element) -> Option<T> {
        let name = cut(&element.name);
        let known = || FUNCTIONS.iter().map(|(name, _)| *name);
        let (message, hint) = if element.space != Space::Math {
            (
                format!("`{name}` is not in the namespace of MathML"),
                "write `<math xmlns=\"http://www.w3.org/1998/Math/MathML\">` around it".to_string(),
            )
        } else if known().any(|known| known == name) {
            (
                format!("`{name}` stands where a value belongs"),
                "operators are the first element of an `apply`".to_string(),
            )
        } else {
            let near = did_you_mean(&element.name, known());
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            let usual = "SBML takes the part of MathML that its specification lists".to_string();
            (
                format!("`{name}` is not known in formulas"),
                hint.unwrap_or(usual),
            )
        };
        self.refuse("syntax/sbml-math", message, element.span, hint);
        None
    }

    fn unknown_symbol<T>(&mut self, element: &Element) -> Option<T> {
        let (message, span) = match element.written("definitionURL") {
            Some(url) => (
                format!("the symbol `{}` is not known", cut(&url.value)),
                url.span,
            ),
            None => (
                "a `csymbol` without `definitionURL`".to_string(),
                element.span,
            ),
        };
        let hint = format!("`{SYMBOLS}time`, and so `delay`, `avogadro` and `rateOf`");
        self.refuse("syntax/sbml-math", message, span, hint);
        None
    }
}

/// How the definitions of SBML's symbols begin.
const SYMBOLS: &str = "http://www.sbml.org/sbml/symbols/";

fn math_of(parent: &Element) -> Option<&Element> {
    let mut inner = parent.elements();
    inner.find(|e| e.space == Space::Math && e.name == "math")
}

/// The last part of a symbol's definition, when it is SBML's.
fn url_name(element: &Element) -> &str {
    let url = element.attribute("definitionURL").unwrap_or_default();
    url.trim().strip_prefix(SYMBOLS).unwrap_or_default()
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
            None | Some("10") => number(text).filter(|number| number.fract() == 0.0),
            Some(base) => {
                let digits = i64::from_str_radix(text.trim(), radix(base)?).ok()?;
                Some(digits as f64)
            }
        },
        // One reading of the decimal text rounds once; a product with a power of ten would round twice.
        ("e-notation", [mantissa, exponent]) => {
            number(&format!("{}e{}", mantissa.trim(), exponent.trim()))
        }
        ("rational", [above, below]) => {
            let ratio = number(above)? / number(below)?;
            Some(ratio).filter(|ratio| ratio.is_finite())
        }
        _ => None,
    }
}

fn radix(base: &str) -> Option<u32> {
    base.parse().ok().filter(|base| (2..=36).contains(base))
}
