//! Formulas as MathML.

use crate::model::text::trig_name;
use crate::model::{Constant, ExprKind, Formula, Function as F, Symbol};

use super::xml::Element;

const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// How the parts of formulas are called in the document.
pub(super) trait Named {
    /// The id of a symbol.
    fn symbol(&self, symbol: Symbol) -> String;
    /// The id of a function definition.
    fn function(&self, name: &str) -> String;
    /// The id of the unit behind a number.
    fn unit(&self, name: &str) -> String;
}

/// `math` around a formula.
pub(super) fn math(formula: &Formula, named: &dyn Named, core: &str) -> Element {
    around(part(formula, named), &[formula], core)
}

/// `math` around a function of its arguments.
pub(super) fn lambda(
    arguments: &[String],
    body: &Formula,
    named: &dyn Named,
    core: &str,
) -> Element {
    let bound = arguments
        .iter()
        .map(|name| Element::new("bvar").holding(identifier(name)));
    let lambda = Element::new("lambda").holding_all(bound);
    around(lambda.holding(part(body, named)), &[body], core)
}

fn around(inner: Element, formulas: &[&Formula], core: &str) -> Element {
    let mut has_units = false;
    for formula in formulas {
        formula.walk(&mut |part| has_units |= matches!(part.kind, ExprKind::Number(_, Some(_))));
    }
    Element::new("math")
        .with("xmlns", MATHML)
        .maybe("xmlns:sbml", has_units.then_some(core))
        .holding(inner)
}

fn part(formula: &Formula, named: &dyn Named) -> Element {
    match &formula.kind {
        ExprKind::Number(value, unit) => {
            literal(*value, unit.as_ref().map(|name| named.unit(name)))
        }
        ExprKind::Symbol(symbol) => identifier(&named.symbol(*symbol)),
        ExprKind::Constant(constant) => self::constant(*constant),
        ExprKind::User(name, arguments) => {
            let function = identifier(&named.function(name));
            apply(function, arguments, named)
        }
        ExprKind::Call(F::Piecewise, arguments) => piecewise(arguments, named),
        ExprKind::Call(function, arguments) => call(*function, arguments, named),
    }
}

fn identifier(id: &str) -> Element {
    Element::new("ci").text(id)
}

/// Decimal digits as they read back; a power of ten stands apart, where MathML wants it.
fn literal(value: f64, unit: Option<String>) -> Element {
    if value.is_nan() {
        return Element::new("notanumber");
    }
    if value.is_infinite() {
        let infinity = Element::new("infinity");
        return if value > 0.0 {
            infinity
        } else {
            let minus = Element::new("apply").holding(Element::new("minus"));
            minus.holding(infinity)
        };
    }
    let digits = crate::model::text::number_text(value);
    let number = Element::new("cn").maybe("sbml:units", unit);
    match digits.split_once('e') {
        Some((mantissa, exponent)) => number
            .with("type", "e-notation")
            .text(mantissa)
            .holding(Element::new("sep"))
            .text(exponent),
        None if is_whole(value) => number.with("type", "integer").text(digits),
        None => number.text(digits),
    }
}

/// Whether readers with integers of 32 bits take it as one; a negative zero is none.
fn is_whole(value: f64) -> bool {
    value == value.trunc()
        && value.abs() <= f64::from(i32::MAX)
        && !(value == 0.0 && value.is_sign_negative())
}

fn constant(constant: Constant) -> Element {
    match constant {
        Constant::Time => symbol("time"),
        Constant::Avogadro => symbol("avogadro"),
        Constant::Pi => Element::new("pi"),
        Constant::E => Element::new("exponentiale"),
        Constant::True => Element::new("true"),
        Constant::False => Element::new("false"),
        Constant::Infinity => Element::new("infinity"),
        Constant::NotANumber => Element::new("notanumber"),
    }
}

/// A symbol of SBML's own.
fn symbol(name: &str) -> Element {
    Element::new("csymbol")
        .with("encoding", "text")
        .with(
            "definitionURL",
            format!("http://www.sbml.org/sbml/symbols/{name}"),
        )
        .text(name)
}

fn apply(operator: Element, arguments: &[Formula], named: &dyn Named) -> Element {
    let arguments = arguments.iter().map(|argument| part(argument, named));
    Element::new("apply")
        .holding(operator)
        .holding_all(arguments)
}

/// Value, condition, …, and a last value for when none holds.
fn piecewise(arguments: &[Formula], named: &dyn Named) -> Element {
    let pairs = arguments.chunks_exact(2);
    let rest = pairs.remainder();
    let within = |name: &str, parts: &[Formula]| {
        Element::new(name).holding_all(parts.iter().map(|one| part(one, named)))
    };
    let pieces = pairs.map(|pair| within("piece", pair));
    let rest = (!rest.is_empty()).then(|| within("otherwise", rest));
    Element::new("piecewise").holding_all(pieces.chain(rest))
}

fn call(function: F, arguments: &[Formula], named: &dyn Named) -> Element {
    match (function, arguments) {
        (F::LogBase, [base, of]) => qualified("log", "logbase", base, of, named),
        (F::Root, [degree, of]) => qualified("root", "degree", degree, of, named),
        _ => apply(operator(function), arguments, named),
    }
}

/// An operator with a qualifier before its argument.
fn qualified(
    name: &str,
    qualifier: &str,
    by: &Formula,
    of: &Formula,
    named: &dyn Named,
) -> Element {
    Element::new("apply")
        .holding(Element::new(name))
        .holding(Element::new(qualifier).holding(part(by, named)))
        .holding(part(of, named))
}

fn operator(function: F) -> Element {
    let name = match function {
        F::Plus => "plus",
        F::Minus | F::Negate => "minus",
        F::Times => "times",
        F::Divide => "divide",
        F::Power => "power",
        F::Remainder => "rem",
        F::Quotient => "quotient",
        F::And => "and",
        F::Or => "or",
        F::Xor => "xor",
        F::Not => "not",
        F::Implies => "implies",
        F::Equal => "eq",
        F::NotEqual => "neq",
        F::Less => "lt",
        F::LessEqual => "leq",
        F::Greater => "gt",
        F::GreaterEqual => "geq",
        F::Abs => "abs",
        F::Ceiling => "ceiling",
        F::Floor => "floor",
        F::Exp => "exp",
        F::Ln => "ln",
        // Without their qualifiers logarithms are decimal and roots square.
        F::Log10 | F::LogBase => "log",
        F::Sqrt | F::Root => "root",
        F::Factorial => "factorial",
        F::Min => "min",
        F::Max => "max",
        F::Delay => return symbol("delay"),
        F::RateOf => return symbol("rateOf"),
        F::Trig(function) => trig_name(function),
        F::Piecewise => unreachable!("pieces are written apart"),
        F::Draw(_) => unreachable!("random draws are refused before anything is written"),
    };
    Element::new(name)
}
