//! Formulas: precedence climbing over the levels that were measured for the language.
//!
//! From loose to tight: `&&` and `||` on one level, comparisons, `+ -`, `* / %`, unary `- + !`, `^`. Runs of one operator
//! become one call of many arguments, evaluated from left to right. No accepted tree is deeper than [`MAX_DEPTH`], so
//! that everything behind the reader may recurse over it.

use super::parser::{Failed, Parsed, Parser};
use super::report::shown;
use super::token::{Kind, Token};
use super::tree::Formula;
use super::words::{self, Builtin};
use crate::diag::{Diagnostic, Span, did_you_mean};
use crate::syntax::expr::{ExprKind, Function};

/// Levels of the deepest formula tree that is accepted, and of the deepest nesting of parentheses.
pub const MAX_DEPTH: u32 = 256;

/// A sum of mixed signs turns flat at this depth: `a - b + c` becomes one sum with `-b` in it, which gives the same bits.
const FLAT_SUM_DEPTH: u32 = 48;

/// A formula and the levels of its tree.
pub(super) struct Deep {
    pub formula: Formula,
    depth: u32,
    /// Made by the chain at hand: may take further arguments of the same operator.
    open: Option<Function>,
}

impl Deep {
    fn leaf(span: Span, kind: ExprKind<String>) -> Self {
        Self {
            formula: Formula::new(span, kind),
            depth: 1,
            open: None,
        }
    }
}

impl Parser<'_> {
    /// A formula; stops before the first token that cannot continue it.
    pub(super) fn formula(&mut self) -> Parsed<Formula> {
        self.depth = 0;
        Ok(self.binary(Level::Logic)?.formula)
    }

    /// A formula in which names are units.
    pub(super) fn unit_formula(&mut self) -> Parsed<Formula> {
        self.in_unit = true;
        let read = self.formula();
        self.in_unit = false;
        read
    }

    #[inline(never)]
    fn call(&mut self, function: Function, arguments: Vec<Deep>) -> Parsed<Deep> {
        let first = arguments.first().map(|deep| deep.formula.span);
        let last = arguments.last().map(|deep| deep.formula.span);
        let span = first.unwrap_or_default().to(last.unwrap_or_default());
        self.call_at(span, function, arguments)
    }

    #[inline(never)]
    fn call_at(&mut self, span: Span, function: Function, arguments: Vec<Deep>) -> Parsed<Deep> {
        let depth = 1 + arguments.iter().map(|deep| deep.depth).max().unwrap_or(0);
        self.check_depth(depth, span)?;
        let arguments = arguments.into_iter().map(|deep| deep.formula).collect();
        Ok(Deep {
            formula: Formula::new(span, ExprKind::Call(function, arguments)),
            depth,
            open: None,
        })
    }

    fn check_depth(&mut self, depth: u32, span: Span) -> Parsed<()> {
        if depth <= MAX_DEPTH {
            Ok(())
        } else {
            self.too_deep(span)
        }
    }

    // What complains stays out of line: findings are large, and every level of nesting would hold room for one.
    #[cold]
    #[inline(never)]
    fn too_deep(&mut self, span: Span) -> Parsed<()> {
        let message = format!("a formula is nested more than {MAX_DEPTH} levels deep");
        // Its end tells the reader where; all of it would fill the screen.
        let (start, end) = (span.end.saturating_sub(1) as usize, span.end as usize);
        let span = if self.text.is_char_boundary(start) {
            self.report.span(start, end)
        } else {
            span
        };
        self.fail(
            Diagnostic::error("syntax/nesting", message)
                .at(span)
                .hint("give parts of it names of their own: `part := …`"),
        )
    }

    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        self.check_depth(self.depth, self.here())
    }

    // ---- binary levels

    /// Operands joined by operators of `floor` and tighter.
    ///
    /// One function for all levels, so that a pair of parentheses costs few frames of stack.
    fn binary(&mut self, floor: Level) -> Parsed<Deep> {
        let mut left = self.unary()?;
        while let Some(level) = level_of(self.kind()).filter(|level| *level >= floor) {
            left = match level {
                Level::Logic => self.logic(left)?,
                Level::Comparison => self.comparison(left)?,
                Level::Sum => self.sum(left)?,
                Level::Product => self.product(left)?,
            };
            left.open = None;
        }
        Ok(left)
    }

    #[inline(never)]
    fn logic(&mut self, mut left: Deep) -> Parsed<Deep> {
        let mut seen = None;
        let mut mixed = false;
        loop {
            let function = match self.kind() {
                Kind::And => Function::And,
                Kind::Or => Function::Or,
                _ => break,
            };
            mixed |= seen.is_some_and(|seen| seen != function);
            seen = Some(function);
            self.advance();
            let right = self.binary(Level::Comparison)?;
            left = self.joined(function, left, right)?;
        }
        if mixed {
            self.warn_mixed(left.formula.span);
        }
        Ok(left)
    }

    #[cold]
    #[inline(never)]
    fn warn_mixed(&mut self, span: Span) {
        self.report.push(
            Diagnostic::warning("syntax/and-or", "`&&` and `||` are mixed without parentheses")
                .at(span)
                .hint("both bind equally and are read from left to right; parentheses make the order visible"),
        );
    }

    /// `left op right`, or one more argument of `left` when it is a run of the same operator.
    #[inline(never)]
    fn joined(&mut self, function: Function, mut left: Deep, right: Deep) -> Parsed<Deep> {
        if left.open != Some(function) {
            let mut call = self.call(function, vec![left, right])?;
            call.open = Some(function);
            return Ok(call);
        }
        let span = left.formula.span.to(right.formula.span);
        left.depth = left.depth.max(1 + right.depth);
        self.check_depth(left.depth, span)?;
        left.formula.span = span;
        if let ExprKind::Call(_, arguments) = &mut left.formula.kind {
            arguments.push(right.formula);
        }
        Ok(left)
    }

    #[inline(never)]
    fn comparison(&mut self, first: Deep) -> Parsed<Deep> {
        let mut functions = Vec::new();
        let mut operands = vec![first];
        while let Some(function) = compared(self.kind()) {
            self.advance();
            functions.push(function);
            operands.push(self.binary(Level::Sum)?);
        }
        let one_kind = functions.windows(2).all(|pair| pair[0] == pair[1]);
        match functions.first() {
            Some(function)
                if one_kind && (functions.len() == 1 || *function != Function::NotEqual) =>
            {
                self.call(*function, operands)
            }
            _ => self.pairs(&functions, operands),
        }
    }

    /// `a < b <= c` means `a < b && b <= c`.
    #[inline(never)]
    fn pairs(&mut self, functions: &[Function], operands: Vec<Deep>) -> Parsed<Deep> {
        let mut operands = operands.into_iter().peekable();
        let mut pairs = Vec::new();
        let mut left = operands.next();
        for function in functions {
            let (Some(a), Some(b)) = (left, operands.next()) else {
                break;
            };
            left = if operands.peek().is_some() {
                Some(self.copied(&b)?)
            } else {
                None
            };
            pairs.push(self.call(*function, vec![a, b])?);
        }
        self.call(Function::And, pairs)
    }

    /// A second copy for the next pair. Nested chains would double their middle at every level, hence the budget.
    fn copied(&mut self, deep: &Deep) -> Parsed<Deep> {
        let mut size = 0;
        deep.formula.walk(&mut |_| size += 1);
        if size > self.copies_left {
            return self.fail(
                Diagnostic::error(
                    "syntax/nesting",
                    "a chain of mixed comparisons is too large",
                )
                .at(deep.formula.span)
                .hint("write pairs joined by `&&`"),
            );
        }
        self.copies_left -= size;
        Ok(Deep {
            formula: deep.formula.clone(),
            depth: deep.depth,
            open: None,
        })
    }

    #[inline(never)]
    fn sum(&mut self, mut left: Deep) -> Parsed<Deep> {
        loop {
            let minus = match self.kind() {
                Kind::Plus => false,
                Kind::Minus if self.at_double_minus() => return self.double_minus(),
                Kind::Minus => true,
                _ => return Ok(left),
            };
            let sign = self.here();
            self.advance();
            let right = self.binary(Level::Product)?;
            left = if !minus {
                self.joined(Function::Plus, left, right)?
            } else if left.depth < FLAT_SUM_DEPTH {
                self.call(Function::Minus, vec![left, right])?
            } else {
                let span = sign.to(right.formula.span);
                let negative = self.call_at(span, Function::Negate, vec![right])?;
                self.joined(Function::Plus, left, negative)?
            };
        }
    }

    #[inline(never)]
    fn product(&mut self, mut left: Deep) -> Parsed<Deep> {
        loop {
            let function = match self.kind() {
                Kind::Star => Function::Times,
                Kind::Slash => Function::Divide,
                Kind::Percent => Function::Remainder,
                _ => return Ok(left),
            };
            self.advance();
            let right = self.unary()?;
            left = match function {
                Function::Times => self.joined(function, left, right)?,
                _ => self.call(function, vec![left, right])?,
            };
        }
    }

    // ---- unary levels

    fn unary(&mut self) -> Parsed<Deep> {
        let function = match self.kind() {
            Kind::Minus => Some(Function::Negate),
            Kind::Bang => Some(Function::Not),
            Kind::Plus => None,
            _ => return self.power(),
        };
        let start = self.here();
        if self.at_double_minus() {
            return self.double_minus();
        }
        self.advance();
        self.enter()?;
        let operand = self.unary()?;
        self.depth -= 1;
        let span = start.to(operand.formula.span);
        match function {
            Some(function) => self.call_at(span, function, vec![operand]),
            None => Ok(operand),
        }
    }

    pub(super) fn at_double_minus(&self) -> bool {
        self.kind() == Kind::Minus && self.kind_at(1) == Kind::Minus && self.touching(0)
    }

    #[inline(never)]
    fn double_minus<T>(&mut self) -> Parsed<T> {
        let span = self.here().to(self.span_of(self.token(1)));
        self.fail(
            Diagnostic::error(
                "syntax/operator",
                "`--` is a strand of DNA, not two minus signs",
            )
            .at(span)
            .hint("write `a - -b` with a blank"),
        )
    }

    fn power(&mut self) -> Parsed<Deep> {
        let base = self.primary()?;
        if !self.take(Kind::Caret) {
            return Ok(base);
        }
        self.enter()?;
        // The exponent takes signs of its own, and powers to its right: 2^3^2 is 2^(3^2).
        let exponent = self.unary()?;
        self.depth -= 1;
        if self.in_unit {
            self.warn_scaled_power(&base.formula);
        }
        self.call(Function::Power, vec![base, exponent])
    }

    #[inline(never)]
    fn warn_scaled_power(&mut self, base: &Formula) {
        let ExprKind::Number(value, Some(unit)) = &base.kind else {
            return;
        };
        if *value == 1.0 {
            return;
        }
        let message = format!("the exponent covers the number {value} too");
        let hint = format!(
            "`{value} {unit}` is one unit here; write `1/({value} {unit})` or put the number elsewhere"
        );
        self.report.push(
            Diagnostic::warning("syntax/unit-exponent", message)
                .at(base.span)
                .hint(hint),
        );
    }

    // ---- atoms

    fn primary(&mut self) -> Parsed<Deep> {
        match self.kind() {
            Kind::Number => self.number_with_unit(),
            Kind::OpenParen => self.parenthesised(),
            Kind::Word if self.name_at(0) => self.named(),
            Kind::Word => {
                // A keyword that opens a statement means that the formula has ended too early.
                self.name()?;
                Err(Failed)
            }
            _ => self.unexpected("a value"),
        }
    }

    fn number_with_unit(&mut self) -> Parsed<Deep> {
        let start = self.here();
        let value = self.number()?;
        let unit = self.at_name().then(|| self.word().to_string());
        if unit.is_some() {
            self.advance();
        }
        let span = start.to(self.behind());
        Ok(Deep::leaf(span, ExprKind::Number(value, unit)))
    }

    fn parenthesised(&mut self) -> Parsed<Deep> {
        let opening = self.token(0);
        self.advance();
        self.enter()?;
        let mut inner = self.binary(Level::Logic)?;
        self.depth -= 1;
        self.close(opening)?;
        inner.formula.span = self.span_of(opening).to(self.behind());
        Ok(inner)
    }

    fn close(&mut self, opening: Token) -> Parsed<()> {
        if self.take(Kind::CloseParen) {
            return Ok(());
        }
        if self.value_ahead() {
            return self.missing_operator();
        }
        if !self.at_statement_end() {
            return self.unexpected("an operator or `)`");
        }
        self.unclosed(opening)
    }

    #[cold]
    #[inline(never)]
    fn unclosed(&mut self, opening: Token) -> Parsed<()> {
        let message = format!("expected `)`, found {}", self.found());
        let span = self.span_of(opening);
        self.fail(
            Diagnostic::error("syntax/parenthesis", message)
                .at(self.here())
                .label(span, "opened here"),
        )
    }

    /// Whether something that could start a value stands where an operator should.
    pub(super) fn value_ahead(&self) -> bool {
        matches!(self.kind(), Kind::Number | Kind::OpenParen) || self.at_name()
    }

    #[inline(never)]
    pub(super) fn missing_operator<T>(&mut self) -> Parsed<T> {
        let message = format!("an operator is missing before {}", self.found());
        self.fail(
            Diagnostic::error("syntax/operator", message)
                .at(self.here())
                .hint("multiplication is written `*`"),
        )
    }

    fn named(&mut self) -> Parsed<Deep> {
        let word = self.word();
        if self.kind_at(1) == Kind::OpenParen && !self.in_unit {
            return self.called();
        }
        if self.kind_at(1) != Kind::Dot && !self.in_unit {
            if let Some(constant) = words::constant(word) {
                self.advance();
                return Ok(Deep::leaf(self.behind(), ExprKind::Constant(constant)));
            }
            if words::is_reserved(word) {
                return self.no_arguments();
            }
        }
        let path = self.path()?;
        Ok(Deep::leaf(path.span, ExprKind::Symbol(path.dotted())))
    }

    #[cold]
    #[inline(never)]
    fn no_arguments<T>(&mut self) -> Parsed<T> {
        let word = self.word();
        let message = format!("the function `{word}` has no arguments");
        let fault = Diagnostic::error("syntax/arguments", message).at(self.here());
        self.fail(fault.hint(format!("write `{word}(…)`; the word cannot be a name")))
    }

    fn called(&mut self) -> Parsed<Deep> {
        let start = self.here();
        let word = self.word().to_string();
        self.advance();
        let opening = self.token(0);
        self.advance();
        self.enter()?;
        let arguments = self.arguments(opening)?;
        self.depth -= 1;
        let span = start.to(self.behind());
        if let Some(builtin) = words::builtin(&word) {
            self.check_count(&word, builtin, arguments.len(), span)?;
            return self.built_in(span, &word, builtin.function, arguments);
        }
        let depth = 1 + arguments.iter().map(|deep| deep.depth).max().unwrap_or(0);
        self.check_depth(depth, span)?;
        let arguments = arguments.into_iter().map(|deep| deep.formula).collect();
        Ok(Deep {
            formula: Formula::new(span, ExprKind::User(word, arguments)),
            depth,
            open: None,
        })
    }

    fn arguments(&mut self, opening: Token) -> Parsed<Vec<Deep>> {
        let mut arguments = Vec::new();
        if self.take(Kind::CloseParen) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.binary(Level::Logic)?);
            if !self.take(Kind::Comma) {
                self.close(opening)?;
                return Ok(arguments);
            }
        }
    }

    #[inline(never)]
    fn check_count(
        &mut self,
        word: &str,
        builtin: Builtin,
        count: usize,
        span: Span,
    ) -> Parsed<()> {
        let (least, most) = (builtin.least, builtin.most);
        if (least..=most).contains(&count) {
            return Ok(());
        }
        let wanted = match (least, most) {
            (least, usize::MAX) => format!("at least {least}"),
            (least, most) if least == most => format!("{least}"),
            (least, most) => format!("{least} to {most}"),
        };
        let message = format!("`{word}` takes {wanted} argument(s), not {count}");
        self.fail(Diagnostic::error("syntax/arguments", message).at(span))
    }

    /// Spellings with several meanings, by the number of their arguments.
    #[inline(never)]
    fn built_in(
        &mut self,
        span: Span,
        word: &str,
        function: Function,
        mut arguments: Vec<Deep>,
    ) -> Parsed<Deep> {
        let function = match (word, arguments.len()) {
            ("log", 1) => Function::Ln,
            ("root", 1) => Function::Sqrt,
            ("minus", 1) => Function::Negate,
            ("sqr", _) => {
                arguments.push(Deep::leaf(span, ExprKind::Number(2.0, None)));
                Function::Power
            }
            _ => function,
        };
        self.call_at(span, function, arguments)
    }

    // ---- behind a formula

    /// Complains about a token that cannot follow the formula just read.
    pub(super) fn not_the_end<T>(&mut self) -> Parsed<T> {
        let fault = match self.kind() {
            Kind::CloseParen => Diagnostic::error("syntax/parenthesis", "a `)` has no `(`"),
            Kind::Same => {
                Diagnostic::error("syntax/unexpected", "`==` compares and cannot stand here")
            }
            Kind::Minus if self.at_double_minus() => return self.double_minus(),
            Kind::Word if self.word() == "has" => Diagnostic::error(
                "syntax/unexpected",
                "a value and `has` cannot stand in one statement",
            )
            .hint("write two: `x = 3; x has unit_name`, or attach the unit: `x = 3 unit_name`"),
            Kind::Word if self.word() == "end" => Diagnostic::error(
                "syntax/missing-semicolon",
                "a `;` or a new line is missing before `end`",
            ),
            _ if self.value_ahead() => return self.missing_operator(),
            _ => return self.unexpected("the end of the statement"),
        };
        self.fail(fault.at(self.here()))
    }

    /// Complains that a word is no keyword, with the nearest one.
    pub(super) fn unknown_word<T>(&mut self, span: Span, word: &str) -> Parsed<T> {
        let message = format!("cannot read a statement that starts with `{}`", shown(word));
        let fault = Diagnostic::error("syntax/unexpected", message).at(span);
        let short = word.len() <= 32 && !self.report.is_full();
        let near = short.then(|| did_you_mean(word, words::KEYWORDS)).flatten();
        let fault = match near {
            Some(near) => fault.hint(format!("did you mean `{near}`?")),
            None => fault
                .hint("statements look like `A -> B; k*A`, `x = 3`, `y := 2*x`, `species S in c`"),
        };
        self.fail(fault)
    }
}

/// Levels of binary operators, from loose to tight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Logic,
    Comparison,
    Sum,
    Product,
}

fn level_of(kind: Kind) -> Option<Level> {
    match kind {
        Kind::And | Kind::Or => Some(Level::Logic),
        Kind::Plus | Kind::Minus => Some(Level::Sum),
        Kind::Star | Kind::Slash | Kind::Percent => Some(Level::Product),
        _ => compared(kind).map(|_| Level::Comparison),
    }
}

fn compared(kind: Kind) -> Option<Function> {
    Some(match kind {
        Kind::Less => Function::Less,
        Kind::LessEqual => Function::LessEqual,
        Kind::Greater => Function::Greater,
        Kind::GreaterEqual => Function::GreaterEqual,
        Kind::Same => Function::Equal,
        Kind::Differs => Function::NotEqual,
        _ => return None,
    })
}
