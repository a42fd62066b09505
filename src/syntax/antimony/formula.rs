//! Formulas: precedence climbing over the levels that were measured for the language.
//!
//! From loose to tight: `&&` and `||` on one level, comparisons, `+ -`, `* / %`, unary `- + !`, `^`. Runs of one operator
//! become one call of many arguments, evaluated from left to right. No accepted tree is deeper than [`MAX_DEPTH`], so
//! that everything behind the reader may recurse over it.

use super::parser::{Parsed, Parser};
use super::token::Kind;
use super::tree::Formula;
use crate::diag::{Diagnostic, Span};
use crate::syntax::expr::{ExprKind, Function};

/// Levels of the deepest formula tree that is accepted, and of the deepest nesting of parentheses.
pub const MAX_DEPTH: u32 = 256;

/// A sum of mixed signs turns flat at this depth: `a - b + c` becomes one sum with `-b` in it, which gives the same bits.
const FLAT_SUM_DEPTH: u32 = 48;

/// A formula and the levels of its tree.
pub(super) struct Deep {
    pub formula: Formula,
    pub depth: u32,
    /// Made by the chain at hand: may take further arguments of the same operator.
    pub open: Option<Function>,
}

impl Deep {
    pub fn leaf(span: Span, kind: ExprKind<String>) -> Self {
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
    pub(super) fn call_at(
        &mut self,
        span: Span,
        function: Function,
        arguments: Vec<Deep>,
    ) -> Parsed<Deep> {
        let depth = 1 + arguments.iter().map(|deep| deep.depth).max().unwrap_or(0);
        self.check_depth(depth, span)?;
        let arguments = arguments.into_iter().map(|deep| deep.formula).collect();
        Ok(Deep {
            formula: Formula::new(span, ExprKind::Call(function, arguments)),
            depth,
            open: None,
        })
    }

    pub(super) fn check_depth(&mut self, depth: u32, span: Span) -> Parsed<()> {
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

    pub(super) fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        self.check_depth(self.depth, self.here())
    }

    // ---- binary levels

    /// Operands joined by operators of `floor` and tighter.
    ///
    /// One function for all levels, so that a pair of parentheses costs few frames of stack.
    pub(super) fn binary(&mut self, floor: Level) -> Parsed<Deep> {
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
    pub(super) fn double_minus<T>(&mut self) -> Parsed<T> {
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
}

/// Levels of binary operators, from loose to tight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
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
