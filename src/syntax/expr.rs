//! Formulas as trees, over written names (`Expr<String>`) or over resolved symbols of a model.

use crate::diag::Span;

/// A formula with the place where it was written.
///
/// `S` is what a symbol is: a dotted name as text in a tree, `model::Symbol` in a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr<S> {
    /// Where it was written; the default span for made formulas.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind<S>,
}

/// What a formula is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind<S> {
    /// A number, with the name of its unit where one was written.
    Number(f64, Option<String>),
    /// A named quantity of the model.
    Symbol(S),
    /// A constant of the language, `time` among them.
    Constant(Constant),
    /// An operator or built-in function. Sums, products, conjunctions and comparisons take any number of arguments.
    Call(Function, Vec<Expr<S>>),
    /// A function defined by the user.
    User(String, Vec<Expr<S>>),
}

/// Constants of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Constant {
    /// Simulated time in the model's time unit.
    Time,
    /// Avogadro's number, 6.02214179e23 as SBML fixes it.
    Avogadro,
    /// π.
    Pi,
    /// Euler's number.
    E,
    /// Truth, 1 in arithmetic.
    True,
    /// Falsehood, 0 in arithmetic.
    False,
    /// Positive infinity.
    Infinity,
    /// Not a number.
    NotANumber,
}

/// Operators and built-in functions, with SBML's meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// Sum of any number of terms; 0 for none.
    Plus,
    /// Difference of two.
    Minus,
    /// Opposite of one.
    Negate,
    /// Product of any number of factors; 1 for none.
    Times,
    /// Quotient of two.
    Divide,
    /// First to the power of the second.
    Power,
    /// Remainder of the truncated division of two (`%`, `rem`): the sign of the dividend.
    Remainder,
    /// Truncated quotient of two.
    Quotient,
    /// All true; true for none.
    And,
    /// Any true; false for none.
    Or,
    /// An odd number true.
    Xor,
    /// The opposite truth.
    Not,
    /// The first false or the second true.
    Implies,
    /// All equal, pairwise along the list.
    Equal,
    /// Two unequal.
    NotEqual,
    /// Rising along the list.
    Less,
    /// Not falling along the list.
    LessEqual,
    /// Falling along the list.
    Greater,
    /// Not rising along the list.
    GreaterEqual,
    /// Value, condition, value, condition, …, and optionally a last value for when no condition holds.
    Piecewise,
    /// Absolute value.
    Abs,
    /// Smallest integer not below.
    Ceiling,
    /// Largest integer not above.
    Floor,
    /// Exponential.
    Exp,
    /// Natural logarithm.
    Ln,
    /// Decimal logarithm.
    Log10,
    /// `LogBase(base, x)`: logarithm of the second to the base of the first.
    LogBase,
    /// Square root.
    Sqrt,
    /// `Root(n, x)`: n-th root of the second.
    Root,
    /// Factorial.
    Factorial,
    /// Smallest of the arguments.
    Min,
    /// Largest of the arguments.
    Max,
    /// `Delay(x, lag)`: the value that the first had `lag` time units ago.
    Delay,
    /// Rate of change of one symbol.
    RateOf,
    /// A trigonometric or hyperbolic function or an inverse of one.
    Trig(Trig),
    /// A random draw, made once where the value is assigned.
    Draw(Distribution),
}

/// Trigonometric and hyperbolic functions and their inverses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trig {
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// Tangent.
    Tan,
    /// Secant.
    Sec,
    /// Cosecant.
    Csc,
    /// Cotangent.
    Cot,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Hyperbolic secant.
    Sech,
    /// Hyperbolic cosecant.
    Csch,
    /// Hyperbolic cotangent.
    Coth,
    /// Inverse sine.
    Arcsin,
    /// Inverse cosine.
    Arccos,
    /// Inverse tangent.
    Arctan,
    /// Inverse secant.
    Arcsec,
    /// Inverse cosecant.
    Arccsc,
    /// Inverse cotangent.
    Arccot,
    /// Inverse hyperbolic sine.
    Arcsinh,
    /// Inverse hyperbolic cosine.
    Arccosh,
    /// Inverse hyperbolic tangent.
    Arctanh,
    /// Inverse hyperbolic secant.
    Arcsech,
    /// Inverse hyperbolic cosecant.
    Arccsch,
    /// Inverse hyperbolic cotangent.
    Arccoth,
}

/// Distributions of SBML's `distrib` package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Distribution {
    /// Mean, standard deviation (, min, max).
    Normal,
    /// Min, max.
    Uniform,
    /// Probability of 1.
    Bernoulli,
    /// Trials, probability (, min, max).
    Binomial,
    /// Location, scale (, min, max).
    Cauchy,
    /// Degrees of freedom (, min, max).
    ChiSquare,
    /// Rate (, min, max).
    Exponential,
    /// Shape, scale (, min, max).
    Gamma,
    /// Location, scale (, min, max).
    Laplace,
    /// Mean and standard deviation of the logarithm (, min, max).
    LogNormal,
    /// Rate (, min, max).
    Poisson,
    /// Scale (, min, max).
    Rayleigh,
}

impl<S> Expr<S> {
    /// A formula at a place.
    pub fn new(span: Span, kind: ExprKind<S>) -> Self {
        Self { span, kind }
    }

    /// A plain number that was written nowhere.
    pub fn number(value: f64) -> Self {
        Self::new(Span::default(), ExprKind::Number(value, None))
    }

    /// A symbol that was written nowhere.
    pub fn symbol(symbol: S) -> Self {
        Self::new(Span::default(), ExprKind::Symbol(symbol))
    }

    /// A call that was written nowhere.
    pub fn call(function: Function, arguments: Vec<Expr<S>>) -> Self {
        Self::new(Span::default(), ExprKind::Call(function, arguments))
    }

    /// The arguments of a call; empty for all else.
    pub fn arguments(&self) -> &[Expr<S>] {
        match &self.kind {
            ExprKind::Call(_, arguments) | ExprKind::User(_, arguments) => arguments,
            ExprKind::Number(..) | ExprKind::Symbol(_) | ExprKind::Constant(_) => &[],
        }
    }

    /// Calls `visit` on this formula and all below it, parents first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Expr<S>)) {
        visit(self);
        for argument in self.arguments() {
            argument.walk(visit);
        }
    }

    /// The same formula with every symbol replaced by what `map` makes of it and its place.
    ///
    /// # Errors
    /// The first error of `map`.
    pub fn try_map<T, E>(
        &self,
        map: &mut impl FnMut(&S, Span) -> Result<ExprKind<T>, E>,
    ) -> Result<Expr<T>, E> {
        let mut all = |arguments: &[Expr<S>]| -> Result<Vec<Expr<T>>, E> {
            arguments
                .iter()
                .map(|argument| argument.try_map(map))
                .collect()
        };
        let kind = match &self.kind {
            ExprKind::Number(value, unit) => ExprKind::Number(*value, unit.clone()),
            ExprKind::Constant(constant) => ExprKind::Constant(*constant),
            ExprKind::Call(function, arguments) => ExprKind::Call(*function, all(arguments)?),
            ExprKind::User(name, arguments) => ExprKind::User(name.clone(), all(arguments)?),
            ExprKind::Symbol(symbol) => map(symbol, self.span)?,
        };
        Ok(Expr::new(self.span, kind))
    }
}
