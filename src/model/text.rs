//! Formulas as Antimony text, with as few parentheses as the language's precedence allows.

use crate::syntax::expr::{Constant, Distribution, Expr, ExprKind, Function, Trig};

/// How tightly a formula holds together; higher is tighter (Antimony's levels).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Logic,
    Comparison,
    Sum,
    Product,
    Unary,
    Power,
    Atom,
}

/// A formula as Antimony text; `name` says how a symbol is written.
///
/// Reading the text gives the formula back: nested sums keep their parentheses, numbers are the shortest that read
/// back to the same bits.
pub fn formula_text<S>(formula: &Expr<S>, name: &dyn Fn(&S) -> String) -> String {
    let mut out = String::new();
    write(formula, name, &mut out);
    out
}

/// The shortest text that reads back to the same number: `0.5`, `1e-9`, `inf`, `nan`.
pub fn number_text(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_string();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_string();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e15).contains(&size) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

fn write<S>(formula: &Expr<S>, name: &dyn Fn(&S) -> String, out: &mut String) {
    match &formula.kind {
        ExprKind::Number(value, unit) => {
            out.push_str(&number_text(*value));
            if let Some(unit) = unit {
                out.push(' ');
                out.push_str(unit);
            }
        }
        ExprKind::Symbol(symbol) => out.push_str(&name(symbol)),
        ExprKind::Constant(constant) => out.push_str(constant_name(*constant)),
        ExprKind::User(function, arguments) => call(function, arguments, name, out),
        ExprKind::Call(function, arguments) => match operator(*function, arguments.len()) {
            Some(sign) => infix(*function, sign, arguments, name, out),
            None => prefix(*function, arguments, name, out),
        },
    }
}

fn call<S>(function: &str, arguments: &[Expr<S>], name: &dyn Fn(&S) -> String, out: &mut String) {
    out.push_str(function);
    out.push('(');
    for (at, argument) in arguments.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write(argument, name, out);
    }
    out.push(')');
}

fn prefix<S>(
    function: Function,
    arguments: &[Expr<S>],
    name: &dyn Fn(&S) -> String,
    out: &mut String,
) {
    let sign = match function {
        Function::Negate => '-',
        Function::Not => '!',
        _ => return call(function_name(function), arguments, name, out),
    };
    let [inner] = arguments else {
        return call(function_name(function), arguments, name, out);
    };
    out.push(sign);
    wrapped(inner, level(inner) < Level::Power, name, out);
}

fn infix<S>(
    function: Function,
    sign: &str,
    arguments: &[Expr<S>],
    name: &dyn Fn(&S) -> String,
    out: &mut String,
) {
    let own = function_level(function);
    for (at, argument) in arguments.iter().enumerate() {
        if at > 0 {
            out.push_str(sign);
        }
        let inner = level(argument);
        let loose = match (function, at) {
            (Function::Power, _) => inner < Level::Atom,
            // A run of one operator reads as one call, so a nested one must keep its parentheses.
            (_, 0) => inner < own || (inner == own && !may_lead(function, argument)),
            // `a - -b` would read as well, but nobody should have to.
            _ => inner <= own || inner == Level::Unary,
        };
        wrapped(argument, loose, name, out);
    }
}

/// Whether `first` may stand unwrapped at the head of a chain of `function` on the same level.
fn may_lead<S>(function: Function, first: &Expr<S>) -> bool {
    let ExprKind::Call(inner, _) = &first.kind else {
        return true;
    };
    match function_level(function) {
        Level::Sum | Level::Product => {
            let n_ary = matches!(function, Function::Plus | Function::Times);
            !(n_ary && *inner == function)
        }
        _ => false,
    }
}

fn wrapped<S>(inner: &Expr<S>, wrap: bool, name: &dyn Fn(&S) -> String, out: &mut String) {
    if wrap {
        out.push('(');
    }
    write(inner, name, out);
    if wrap {
        out.push(')');
    }
}

fn level<S>(formula: &Expr<S>) -> Level {
    match &formula.kind {
        ExprKind::Number(value, _) if value.is_sign_negative() => Level::Unary,
        ExprKind::Number(_, Some(_)) => Level::Power,
        ExprKind::Call(Function::Negate | Function::Not, arguments) if arguments.len() == 1 => {
            Level::Unary
        }
        ExprKind::Call(function, arguments) if operator(*function, arguments.len()).is_some() => {
            function_level(*function)
        }
        _ => Level::Atom,
    }
}

fn function_level(function: Function) -> Level {
    match function {
        Function::And | Function::Or => Level::Logic,
        Function::Equal
        | Function::NotEqual
        | Function::Less
        | Function::LessEqual
        | Function::Greater
        | Function::GreaterEqual => Level::Comparison,
        Function::Plus | Function::Minus => Level::Sum,
        Function::Times | Function::Divide | Function::Remainder => Level::Product,
        Function::Power => Level::Power,
        _ => Level::Atom,
    }
}

/// The sign between the arguments, for the numbers of arguments that can be written so.
fn operator(function: Function, n_arguments: usize) -> Option<&'static str> {
    let sign = match function {
        Function::And => " && ",
        Function::Or => " || ",
        Function::Equal => " == ",
        Function::NotEqual => " != ",
        Function::Less => " < ",
        Function::LessEqual => " <= ",
        Function::Greater => " > ",
        Function::GreaterEqual => " >= ",
        Function::Plus => " + ",
        Function::Minus => " - ",
        Function::Times => "*",
        Function::Divide => "/",
        Function::Remainder => " % ",
        Function::Power => "^",
        _ => return None,
    };
    let fits = match function {
        Function::Minus
        | Function::Divide
        | Function::Remainder
        | Function::Power
        | Function::NotEqual => n_arguments == 2,
        _ => n_arguments >= 2,
    };
    fits.then_some(sign)
}

fn constant_name(constant: Constant) -> &'static str {
    match constant {
        Constant::Time => "time",
        Constant::Avogadro => "avogadro",
        Constant::Pi => "pi",
        Constant::E => "exponentiale",
        Constant::True => "true",
        Constant::False => "false",
        Constant::Infinity => "inf",
        Constant::NotANumber => "nan",
    }
}

/// The name under which a built-in function is called.
pub fn function_name(function: Function) -> &'static str {
    match function {
        Function::Plus => "plus",
        Function::Minus | Function::Negate => "minus",
        Function::Times => "times",
        Function::Divide => "divide",
        Function::Power => "power",
        Function::Remainder => "rem",
        Function::Quotient => "quotient",
        Function::And => "and",
        Function::Or => "or",
        Function::Xor => "xor",
        Function::Not => "not",
        Function::Implies => "implies",
        Function::Equal => "eq",
        Function::NotEqual => "neq",
        Function::Less => "lt",
        Function::LessEqual => "leq",
        Function::Greater => "gt",
        Function::GreaterEqual => "geq",
        Function::Piecewise => "piecewise",
        Function::Abs => "abs",
        Function::Ceiling => "ceil",
        Function::Floor => "floor",
        Function::Exp => "exp",
        Function::Ln => "ln",
        Function::Log10 => "log10",
        Function::LogBase => "log",
        Function::Sqrt => "sqrt",
        Function::Root => "root",
        Function::Factorial => "factorial",
        Function::Min => "min",
        Function::Max => "max",
        Function::Delay => "delay",
        Function::RateOf => "rateOf",
        Function::Trig(trig) => trig_name(trig),
        Function::Draw(distribution) => distribution_name(distribution),
    }
}

/// The name of a trigonometric function, which is the same in Antimony and in MathML.
pub fn trig_name(trig: Trig) -> &'static str {
    match trig {
        Trig::Sin => "sin",
        Trig::Cos => "cos",
        Trig::Tan => "tan",
        Trig::Sec => "sec",
        Trig::Csc => "csc",
        Trig::Cot => "cot",
        Trig::Sinh => "sinh",
        Trig::Cosh => "cosh",
        Trig::Tanh => "tanh",
        Trig::Sech => "sech",
        Trig::Csch => "csch",
        Trig::Coth => "coth",
        Trig::Arcsin => "arcsin",
        Trig::Arccos => "arccos",
        Trig::Arctan => "arctan",
        Trig::Arcsec => "arcsec",
        Trig::Arccsc => "arccsc",
        Trig::Arccot => "arccot",
        Trig::Arcsinh => "arcsinh",
        Trig::Arccosh => "arccosh",
        Trig::Arctanh => "arctanh",
        Trig::Arcsech => "arcsech",
        Trig::Arccsch => "arccsch",
        Trig::Arccoth => "arccoth",
    }
}

fn distribution_name(distribution: Distribution) -> &'static str {
    match distribution {
        Distribution::Normal => "normal",
        Distribution::Uniform => "uniform",
        Distribution::Bernoulli => "bernoulli",
        Distribution::Binomial => "binomial",
        Distribution::Cauchy => "cauchy",
        Distribution::ChiSquare => "chisquare",
        Distribution::Exponential => "exponential",
        Distribution::Gamma => "gamma",
        Distribution::Laplace => "laplace",
        Distribution::LogNormal => "lognormal",
        Distribution::Poisson => "poisson",
        Distribution::Rayleigh => "rayleigh",
    }
}
