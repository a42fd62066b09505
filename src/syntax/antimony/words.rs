//! The words of the language: keywords, constants, built-in functions, attributes and qualifiers.

use crate::syntax::expr::{Constant, Distribution, Function, Trig};

/// Words with a meaning of their own; they cannot be names.
pub const KEYWORDS: [&str; 27] = [
    "model",
    "module",
    "end",
    "function",
    "import",
    "species",
    "substanceOnly",
    "compartment",
    "formula",
    "reaction",
    "gene",
    "operator",
    "DNA",
    "const",
    "ext",
    "var",
    "unit",
    "has",
    "in",
    "is",
    "at",
    "after",
    "event",
    "delete",
    "constraint",
    "maximize",
    "minimize",
];

/// Whether a word is a keyword; case matters.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// The constant of that name. Truth values, infinity and not-a-number are known in any case, the others as spelled.
pub fn constant(word: &str) -> Option<Constant> {
    match word {
        "time" => return Some(Constant::Time),
        "avogadro" => return Some(Constant::Avogadro),
        "pi" => return Some(Constant::Pi),
        "exponentiale" => return Some(Constant::E),
        _ => {}
    }
    const FOLDED: [(&str, Constant); 6] = [
        ("true", Constant::True),
        ("false", Constant::False),
        ("inf", Constant::Infinity),
        ("infinity", Constant::Infinity),
        ("nan", Constant::NotANumber),
        ("notanumber", Constant::NotANumber),
    ];
    let found = FOLDED
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word));
    found.map(|(_, constant)| *constant)
}

/// A built-in function with the number of arguments it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// What it computes; spellings with several meanings (`log`, `root`, `minus`, `sqr`) are settled by the reader.
    pub function: Function,
    /// Fewest arguments.
    pub least: usize,
    /// Most arguments.
    pub most: usize,
}

/// Any number of arguments.
const ANY: usize = usize::MAX;

/// The built-in function of that name.
pub fn builtin(word: &str) -> Option<Builtin> {
    use Function as F;
    let (function, least, most) = match word {
        "abs" => (F::Abs, 1, 1),
        "ceil" | "ceiling" => (F::Ceiling, 1, 1),
        "floor" => (F::Floor, 1, 1),
        "exp" => (F::Exp, 1, 1),
        "ln" => (F::Ln, 1, 1),
        "log" => (F::LogBase, 1, 2),
        "log10" => (F::Log10, 1, 1),
        "sqrt" => (F::Sqrt, 1, 1),
        "sqr" => (F::Power, 1, 1),
        "root" => (F::Root, 1, 2),
        "pow" | "power" => (F::Power, 2, 2),
        "factorial" => (F::Factorial, 1, 1),
        "min" => (F::Min, 1, ANY),
        "max" => (F::Max, 1, ANY),
        "rem" => (F::Remainder, 2, 2),
        "quotient" => (F::Quotient, 2, 2),
        "delay" => (F::Delay, 2, 2),
        "rateOf" => (F::RateOf, 1, 1),
        "piecewise" => (F::Piecewise, 1, ANY),
        "and" => (F::And, 0, ANY),
        "or" => (F::Or, 0, ANY),
        "xor" => (F::Xor, 0, ANY),
        "not" => (F::Not, 1, 1),
        "implies" => (F::Implies, 2, 2),
        "eq" => (F::Equal, 2, ANY),
        "neq" => (F::NotEqual, 2, 2),
        "lt" => (F::Less, 2, ANY),
        "leq" => (F::LessEqual, 2, ANY),
        "gt" => (F::Greater, 2, ANY),
        "geq" => (F::GreaterEqual, 2, ANY),
        "plus" => (F::Plus, 0, ANY),
        "times" => (F::Times, 0, ANY),
        "minus" => (F::Minus, 1, 2),
        "divide" => (F::Divide, 2, 2),
        _ => {
            let one = |trig| (F::Trig(trig), 1, 1);
            return trig(word)
                .map(one)
                .or_else(|| draw(word))
                .map(|(function, least, most)| Builtin {
                    function,
                    least,
                    most,
                });
        }
    };
    Some(Builtin {
        function,
        least,
        most,
    })
}

fn trig(word: &str) -> Option<Trig> {
    Some(match word {
        "sin" => Trig::Sin,
        "cos" => Trig::Cos,
        "tan" => Trig::Tan,
        "sec" => Trig::Sec,
        "csc" => Trig::Csc,
        "cot" => Trig::Cot,
        "sinh" => Trig::Sinh,
        "cosh" => Trig::Cosh,
        "tanh" => Trig::Tanh,
        "sech" => Trig::Sech,
        "csch" => Trig::Csch,
        "coth" => Trig::Coth,
        "arcsin" | "asin" => Trig::Arcsin,
        "arccos" | "acos" => Trig::Arccos,
        "arctan" | "atan" => Trig::Arctan,
        "arcsec" | "asec" => Trig::Arcsec,
        "arccsc" | "acsc" => Trig::Arccsc,
        "arccot" | "acot" => Trig::Arccot,
        "arcsinh" | "asinh" => Trig::Arcsinh,
        "arccosh" | "acosh" => Trig::Arccosh,
        "arctanh" | "atanh" => Trig::Arctanh,
        "arcsech" | "asech" => Trig::Arcsech,
        "arccsch" | "acsch" => Trig::Arccsch,
        "arccoth" | "acoth" => Trig::Arccoth,
        _ => return None,
    })
}

/// Random draws: own parameters, then optionally both limits.
fn draw(word: &str) -> Option<(Function, usize, usize)> {
    use Distribution as D;
    let free = |distribution, own: usize| (Function::Draw(distribution), own, own + 2);
    let bound = |distribution, own: usize| (Function::Draw(distribution), own + 2, own + 2);
    let exact = |distribution, own: usize| (Function::Draw(distribution), own, own);
    Some(match word {
        "normal" => free(D::Normal, 2),
        "truncatedNormal" => bound(D::Normal, 2),
        "uniform" => exact(D::Uniform, 2),
        "bernoulli" => exact(D::Bernoulli, 1),
        "binomial" => free(D::Binomial, 2),
        "truncatedBinomial" => bound(D::Binomial, 2),
        "cauchy" => free(D::Cauchy, 2),
        "truncatedCauchy" => bound(D::Cauchy, 2),
        "chisquare" => free(D::ChiSquare, 1),
        "truncatedChisquare" => bound(D::ChiSquare, 1),
        "exponential" => free(D::Exponential, 1),
        "truncatedExponential" => bound(D::Exponential, 1),
        "gamma" => free(D::Gamma, 2),
        "truncatedGamma" => bound(D::Gamma, 2),
        "laplace" => free(D::Laplace, 2),
        "truncatedLaplace" => bound(D::Laplace, 2),
        "lognormal" => free(D::LogNormal, 2),
        "truncatedLognormal" => bound(D::LogNormal, 2),
        "poisson" => free(D::Poisson, 1),
        "truncatedPoisson" => bound(D::Poisson, 1),
        "rayleigh" => free(D::Rayleigh, 1),
        "truncatedRayleigh" => bound(D::Rayleigh, 1),
        _ => return None,
    })
}

/// Whether a name is taken by a constant or a built-in function and can be no variable; `gamma` and `normal` are.
pub fn is_reserved(word: &str) -> bool {
    constant(word).is_some() || builtin(word).is_some()
}

/// All names of built-in functions, for suggestions.
pub const BUILTIN_NAMES: [&str; 71] = [
    "abs",
    "ceil",
    "ceiling",
    "floor",
    "exp",
    "ln",
    "log",
    "log10",
    "sqrt",
    "sqr",
    "root",
    "pow",
    "power",
    "factorial",
    "min",
    "max",
    "rem",
    "quotient",
    "delay",
    "rateOf",
    "piecewise",
    "and",
    "or",
    "xor",
    "not",
    "implies",
    "eq",
    "neq",
    "lt",
    "leq",
    "gt",
    "geq",
    "plus",
    "times",
    "minus",
    "divide",
    "sin",
    "cos",
    "tan",
    "sec",
    "csc",
    "cot",
    "sinh",
    "cosh",
    "tanh",
    "sech",
    "csch",
    "coth",
    "arcsin",
    "arccos",
    "arctan",
    "arcsinh",
    "arccosh",
    "arctanh",
    "asin",
    "acos",
    "atan",
    "asinh",
    "acosh",
    "atanh",
    "normal",
    "uniform",
    "bernoulli",
    "binomial",
    "cauchy",
    "chisquare",
    "exponential",
    "laplace",
    "lognormal",
    "poisson",
    "rayleigh",
];

/// Functions that other tools have and this language does not, each with what to write instead.
pub const ABSENT_FUNCTIONS: [(&str, &str); 17] = [
    ("mod", "write `a % b` or `rem(a, b)` for the remainder"),
    ("fmod", "write `a % b` or `rem(a, b)` for the remainder"),
    ("sign", "write `piecewise(1, x > 0, -1, x < 0, 0)`"),
    ("sgn", "write `piecewise(1, x > 0, -1, x < 0, 0)`"),
    ("if", "write `piecewise(value, condition, otherwise)`"),
    ("ifelse", "write `piecewise(value, condition, otherwise)`"),
    ("iif", "write `piecewise(value, condition, otherwise)`"),
    ("heaviside", "write `piecewise(1, x >= 0, 0)`"),
    ("step", "write `piecewise(1, x >= 0, 0)`"),
    (
        "random",
        "write `uniform(0, 1)`; it is drawn once, at the start",
    ),
    (
        "rand",
        "write `uniform(0, 1)`; it is drawn once, at the start",
    ),
    (
        "hill",
        "define it: `function hill(x, K, n) x^n / (K^n + x^n) end`",
    ),
    (
        "MM",
        "define it: `function MM(S, Vmax, Km) Vmax * S / (Km + S) end`",
    ),
    ("rateof", "write `rateOf(x)`"),
    ("log2", "write `log(2, x)`"),
    ("round", "write `floor(x + 0.5)`"),
    (
        "atan2",
        "write `atan(y / x)` with a `piecewise` for the quadrant",
    ),
];

/// What to write instead of a function that the language does not have; case ignored.
pub fn absent_function_hint(word: &str) -> Option<&'static str> {
    let found = ABSENT_FUNCTIONS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word));
    found.map(|(_, hint)| *hint)
}

/// Attributes set as `x.attribute = value` that say something about an element, not its value.
const ATTRIBUTES: [&str; 22] = [
    "sboTerm",
    "mean",
    "stdev",
    "standardDeviation",
    "coefficientOfVariation",
    "kurtosis",
    "median",
    "mode",
    "sampleSize",
    "skewness",
    "standardError",
    "variance",
    "confidenceInterval",
    "credibleInterval",
    "interquartileRange",
    "range",
    "distribution",
    "externalParameter",
    "conversionFactor",
    "charge",
    "chemicalFormula",
    "notes",
];

/// Attributes of the drawing; their names ignore case and take bare words as values.
const DRAWING: [&str; 26] = [
    "position",
    "size",
    "width",
    "height",
    "color",
    "fillcolor",
    "linecolor",
    "linewidth",
    "shape",
    "font",
    "fontsize",
    "fontstyle",
    "fontcolor",
    "species_end",
    "rxn_end",
    "layout",
    "background",
    "style",
    "align_top",
    "align_hcenter",
    "align_bottom",
    "align_left",
    "align_vcenter",
    "align_right",
    "align_circular",
    "maxnumconnectededges",
];

/// Whether `x.word = …` sets an attribute rather than an element of a submodule.
pub fn is_attribute(word: &str) -> bool {
    ATTRIBUTES.contains(&word) || is_drawing_attribute(word)
}

/// Whether an attribute belongs to the drawing.
pub fn is_drawing_attribute(word: &str) -> bool {
    let bezier = matches!(word, "b1" | "b2" | "B1" | "B2");
    bezier || DRAWING.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// Words that stand between a name and a text.
pub const QUALIFIERS: [&str; 40] = [
    "notes",
    "created",
    "modified",
    "identity",
    "biological_entity_is",
    "hasPart",
    "part",
    "isPartOf",
    "parthood",
    "isVersionOf",
    "hypernym",
    "hasVersion",
    "version",
    "isHomologTo",
    "homolog",
    "isDescribedBy",
    "description",
    "isEncodedBy",
    "encoder",
    "encodes",
    "encodement",
    "occursIn",
    "container",
    "hasProperty",
    "property",
    "isPropertyOf",
    "propertyBearer",
    "hasTaxon",
    "taxon",
    "model_entity_is",
    "isDerivedFrom",
    "origin",
    "isInstanceOf",
    "instance",
    "hasInstance",
    "class",
    "model_source",
    "publication",
    "biological_system",
    "creator",
];

/// Whether a word is a qualifier or a numbered creator (`creator1`).
pub fn is_qualifier(word: &str) -> bool {
    let numbered = word
        .strip_prefix("creator")
        .is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
    numbered || QUALIFIERS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_function_is_known_and_every_absent_one_is_not() {
        for name in BUILTIN_NAMES {
            assert!(builtin(name).is_some(), "{name}");
        }
        for (name, _) in ABSENT_FUNCTIONS {
            assert_eq!(builtin(name), None, "{name}");
        }
        assert!(absent_function_hint("ifElse").is_some());
    }

    #[test]
    fn truth_and_infinity_ignore_case_and_time_does_not() {
        assert_eq!(constant("TRUE"), Some(Constant::True));
        assert_eq!(constant("NaN"), Some(Constant::NotANumber));
        assert_eq!(constant("INF"), Some(Constant::Infinity));
        for name in ["e", "t", "Time", "Pi", "Avogadro"] {
            assert_eq!(constant(name), None, "{name}");
        }
    }

    #[test]
    fn constants_functions_and_distributions_are_reserved() {
        for name in [
            "time",
            "INF",
            "exp",
            "piecewise",
            "gamma",
            "truncatedNormal",
        ] {
            assert!(is_reserved(name), "{name}");
        }
        assert!(!is_reserved("Times") && !is_reserved("rate"));
    }
}
