//! Operators, functions and constants of MathML by their names.

use crate::syntax::expr::{Constant, Function as F, Trig};

/// The constant that an element stands for.
pub(super) fn constant(name: &str) -> Option<Constant> {
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

/// The operator or function that an element stands for.
pub(super) fn function(name: &str) -> Option<F> {
    let mut known = FUNCTIONS.iter();
    known
        .find(|(known, _)| *known == name)
        .map(|(_, function)| *function)
}

/// Names of operators and functions.
pub(super) const FUNCTIONS: [(&str, F); 59] = [
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
pub(super) fn counts(function: F) -> (usize, usize) {
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

/// Functions and symbols that Level 2 does not have.
pub(super) const OF_LEVEL_THREE: [&str; 7] = [
    "max", "min", "quotient", "rem", "implies", "avogadro", "rateOf",
];
