//! A small reader of formulas, so that tests of this room can write them as text.

use crate::model::{Constant, ExprKind, Formula, Function, Model, Symbol, Trig};

/// The formula that a text means in a model. Panics on mistakes.
pub(super) fn formula(model: &Model, text: &str) -> Formula {
    let mut reader = Reader { model, rest: text };
    let formula = reader.comparison();
    assert!(
        reader.rest.trim().is_empty(),
        "`{}` is left over of `{text}`",
        reader.rest
    );
    formula
}

struct Reader<'a> {
    model: &'a Model,
    rest: &'a str,
}

impl Reader<'_> {
    fn takes(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn comparison(&mut self) -> Formula {
        let left = self.sum();
        let operators = [
            ("<=", Function::LessEqual),
            (">=", Function::GreaterEqual),
            ("==", Function::Equal),
            ("!=", Function::NotEqual),
            ("<", Function::Less),
            (">", Function::Greater),
        ];
        for (token, function) in operators {
            if self.takes(token) {
                let right = self.sum();
                return Formula::call(function, vec![left, right]);
            }
        }
        left
    }

    fn sum(&mut self) -> Formula {
        let mut left = self.product();
        loop {
            let function = if self.takes("+") {
                Function::Plus
            } else if self.takes("-") {
                Function::Minus
            } else {
                return left;
            };
            let right = self.product();
            left = Formula::call(function, vec![left, right]);
        }
    }

    fn product(&mut self) -> Formula {
        let mut left = self.power();
        loop {
            let function = if self.takes("*") {
                Function::Times
            } else if self.takes("/") {
                Function::Divide
            } else {
                return left;
            };
            let right = self.power();
            left = Formula::call(function, vec![left, right]);
        }
    }

    fn power(&mut self) -> Formula {
        if self.takes("-") {
            let inner = self.power();
            return Formula::call(Function::Negate, vec![inner]);
        }
        let base = self.atom();
        if self.takes("^") {
            let exponent = self.power();
            return Formula::call(Function::Power, vec![base, exponent]);
        }
        base
    }

    fn atom(&mut self) -> Formula {
        if self.takes("(") {
            let inner = self.comparison();
            assert!(self.takes(")"), "unclosed parenthesis");
            return inner;
        }
        let text = self.rest.trim_start();
        let is_number = text.starts_with(|first: char| first.is_ascii_digit());
        let is_part =
            |part: char| part.is_ascii_alphanumeric() || part == '_' || (is_number && part == '.');
        let end = text.find(|part| !is_part(part)).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        if is_number {
            return Formula::number(word.parse().expect("a number"));
        }
        if self.takes("(") {
            self.call(word)
        } else {
            self.name(word)
        }
    }

    fn call(&mut self, name: &str) -> Formula {
        let mut arguments = Vec::new();
        while !self.takes(")") {
            arguments.push(self.comparison());
            self.takes(",");
        }
        if self.model.functions.contains_key(name) {
            return Formula::new(
                Default::default(),
                ExprKind::User(name.to_owned(), arguments),
            );
        }
        let found = function(name).unwrap_or_else(|| panic!("no function `{name}`"));
        Formula::call(found, arguments)
    }

    fn name(&self, name: &str) -> Formula {
        if let Some(symbol) = self.model.symbol(name) {
            return Formula::symbol(symbol);
        }
        let kind = match name {
            "time" => ExprKind::Constant(Constant::Time),
            "true" => ExprKind::Constant(Constant::True),
            "x" => ExprKind::Symbol(Symbol::Argument(0)),
            "y" => ExprKind::Symbol(Symbol::Argument(1)),
            "z" => ExprKind::Symbol(Symbol::Argument(2)),
            _ => panic!("no quantity `{name}`"),
        };
        Formula::new(Default::default(), kind)
    }
}

fn function(name: &str) -> Option<Function> {
    use Function as F;
    let plain = [
        ("rem", F::Remainder),
        ("quotient", F::Quotient),
        ("and", F::And),
        ("or", F::Or),
        ("xor", F::Xor),
        ("not", F::Not),
        ("implies", F::Implies),
        ("eq", F::Equal),
        ("less", F::Less),
        ("leq", F::LessEqual),
        ("greater", F::Greater),
        ("geq", F::GreaterEqual),
        ("piecewise", F::Piecewise),
        ("abs", F::Abs),
        ("ceil", F::Ceiling),
        ("floor", F::Floor),
        ("exp", F::Exp),
        ("ln", F::Ln),
        ("log10", F::Log10),
        ("log", F::LogBase),
        ("sqrt", F::Sqrt),
        ("root", F::Root),
        ("factorial", F::Factorial),
        ("min", F::Min),
        ("max", F::Max),
        ("delay", F::Delay),
        ("rateOf", F::RateOf),
        ("plus", F::Plus),
        ("times", F::Times),
    ];
    let found = plain.into_iter().find(|(known, _)| *known == name);
    found
        .map(|(_, function)| function)
        .or_else(|| trigonometric(name).map(F::Trig))
}

fn trigonometric(name: &str) -> Option<Trig> {
    use Trig as T;
    let all = [
        ("sin", T::Sin),
        ("cos", T::Cos),
        ("tan", T::Tan),
        ("sec", T::Sec),
        ("csc", T::Csc),
        ("cot", T::Cot),
        ("sinh", T::Sinh),
        ("cosh", T::Cosh),
        ("tanh", T::Tanh),
        ("sech", T::Sech),
        ("csch", T::Csch),
        ("coth", T::Coth),
        ("arcsin", T::Arcsin),
        ("arccos", T::Arccos),
        ("arctan", T::Arctan),
        ("arcsec", T::Arcsec),
        ("arccsc", T::Arccsc),
        ("arccot", T::Arccot),
        ("arcsinh", T::Arcsinh),
        ("arccosh", T::Arccosh),
        ("arctanh", T::Arctanh),
        ("arcsech", T::Arcsech),
        ("arccsch", T::Arccsch),
        ("arccoth", T::Arccoth),
    ];
    all.into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, trig)| trig)
}
