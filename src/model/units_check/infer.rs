//! The unit of a formula from the units of what it is made of.

use crate::diag::Span;
use crate::model::{Formula, Symbol};
use crate::syntax::expr::{Constant, ExprKind, Function};
use crate::units::{Unit, base_unit};

use super::Checker;

/// What is known of the unit of a formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Known {
    /// Fits any unit: zero, the infinities, not a number.
    Any,
    /// This unit.
    Unit(Unit),
    /// Nothing: somewhere a unit is not declared.
    Undeclared,
    /// A contradiction inside has been told: nothing around it is worth a second message.
    Told,
}

impl Known {
    pub(super) fn of(unit: Option<Unit>) -> Self {
        unit.map_or(Known::Undeclared, Known::Unit)
    }
}

/// What the arguments of a user's function are while its body is read.
#[derive(Default)]
pub(super) struct Scope {
    /// Units by argument, and plain values where the argument is a constant.
    arguments: Vec<(Known, Option<f64>)>,
}

const ONE: Known = Known::Unit(Unit::ONE);

impl Checker<'_> {
    /// The unit of a formula; tells contradictions inside of it.
    pub(super) fn infer(&mut self, formula: &Formula, scope: &Scope) -> Known {
        match &formula.kind {
            ExprKind::Number(value, unit) => self.number(*value, unit.as_deref(), formula),
            ExprKind::Symbol(Symbol::Argument(at)) => {
                scope.arguments.get(*at).map_or(Known::Undeclared, |a| a.0)
            }
            ExprKind::Symbol(symbol) => {
                let unit = self.symbol_unit(*symbol);
                if unit == Known::Undeclared && !matches!(symbol, Symbol::Reaction(_)) {
                    self.undeclared.insert(*symbol);
                }
                unit
            }
            ExprKind::Constant(constant) => self.constant(*constant, formula),
            ExprKind::User(name, arguments) => self.user_call(name, arguments, scope),
            ExprKind::Call(function, arguments) => self.call(*function, arguments, formula, scope),
        }
    }

    fn number(&mut self, value: f64, unit: Option<&str>, formula: &Formula) -> Known {
        if let Some(name) = unit {
            let defined = self.model.unit_definitions.get(name).copied();
            return Known::of(
                defined
                    .or_else(|| self.model_wide(name))
                    .or_else(|| base_unit(name)),
            );
        }
        if value == 0.0 || !value.is_finite() {
            return Known::Any;
        }
        // Conversion factors of submodules were written in no formula: nobody could give them a unit.
        if formula.span != Span::default() {
            self.bare_number.get_or_insert(formula.span);
        }
        Known::Undeclared
    }

    fn model_wide(&self, name: &str) -> Option<Unit> {
        let units = &self.model.units;
        match name {
            "time_unit" => units.time,
            "substance" => units.substance,
            "extent" => units.extent,
            "volume" => units.volume,
            "area" => units.area,
            "length" => units.length,
            _ => None,
        }
    }

    fn constant(&mut self, constant: Constant, formula: &Formula) -> Known {
        match constant {
            Constant::Time => {
                let time = self.time();
                if time == Known::Undeclared {
                    self.clockless.get_or_insert(formula.span);
                }
                time
            }
            Constant::Pi | Constant::E | Constant::True | Constant::False => ONE,
            Constant::Infinity | Constant::NotANumber => Known::Any,
            // SBML calls it dimensionless, the world 1/mol: no reason to contradict either.
            Constant::Avogadro => Known::Undeclared,
        }
    }

    fn user_call(&mut self, name: &str, arguments: &[Formula], scope: &Scope) -> Known {
        let arguments: Vec<(Known, Option<f64>)> = arguments
            .iter()
            .map(|argument| {
                (
                    self.infer(argument, scope),
                    self.plain_value(argument, scope),
                )
            })
            .collect();
        let Some(function) = self.model.functions.get(name) else {
            return Known::Undeclared;
        };
        self.infer(&function.body, &Scope { arguments })
    }

    fn call(
        &mut self,
        function: Function,
        arguments: &[Formula],
        formula: &Formula,
        scope: &Scope,
    ) -> Known {
        let units: Vec<Known> = arguments
            .iter()
            .enumerate()
            .map(|(at, argument)| {
                // `x^2`: everybody leaves the unit of an exponent out, and nothing is lost by it.
                let is_exponent = function == Function::Power && at == 1;
                if is_exponent && matches!(argument.kind, ExprKind::Number(_, None)) {
                    return Known::Any;
                }
                self.infer(argument, scope)
            })
            .collect();
        match function {
            Function::Plus | Function::Minus | Function::Min | Function::Max => {
                self.alike(function, arguments, &units)
            }
            Function::Remainder => self.alike(function, arguments, &units),
            Function::Quotient => match self.alike(function, arguments, &units) {
                Known::Unit(_) => ONE,
                other => other,
            },
            Function::Less
            | Function::LessEqual
            | Function::Greater
            | Function::GreaterEqual
            | Function::Equal
            | Function::NotEqual => {
                self.alike(function, arguments, &units);
                ONE
            }
            Function::And | Function::Or | Function::Xor | Function::Not | Function::Implies => ONE,
            Function::Negate | Function::Abs | Function::Ceiling | Function::Floor => {
                units.first().copied().unwrap_or(Known::Undeclared)
            }
            Function::Times => product(&units),
            Function::Divide => quotient(&units),
            Function::Power => self.power(arguments, &units, scope),
            Function::Sqrt => root(units.first(), 2.0),
            Function::Root => self.nth_root(arguments, &units, scope),
            Function::Piecewise => self.piecewise(arguments, &units),
            Function::Exp
            | Function::Ln
            | Function::Log10
            | Function::LogBase
            | Function::Factorial
            | Function::Trig(_) => self.pure(function, arguments, &units),
            Function::Delay => self.delay(arguments, &units),
            Function::RateOf => self.rate_of(&units, formula),
            Function::Draw(_) => Known::Undeclared,
        }
    }

    /// All must be in one unit; which one.
    fn alike(&mut self, function: Function, arguments: &[Formula], units: &[Known]) -> Known {
        if units.contains(&Known::Told) {
            return Known::Told;
        }
        let mut first: Option<(usize, Unit)> = None;
        for (at, unit) in units.iter().enumerate() {
            let Known::Unit(unit) = unit else { continue };
            match first {
                None => first = Some((at, *unit)),
                Some((before, wanted)) if !wanted.same(unit) => {
                    let (left, right) = (&arguments[before], &arguments[at]);
                    self.tell_mismatch(function, (left, wanted), (right, *unit));
                    return Known::Told;
                }
                Some(_) => {}
            }
        }
        if units.contains(&Known::Undeclared) {
            // The others may still tell what the sum is: a contradiction outside is as real.
            return first.map_or(Known::Undeclared, |(_, unit)| Known::Unit(unit));
        }
        first.map_or(Known::Any, |(_, unit)| Known::Unit(unit))
    }

    fn piecewise(&mut self, arguments: &[Formula], units: &[Known]) -> Known {
        // Values stand at even places; the last one without a condition is at an even place too.
        let values: Vec<Formula> = arguments.iter().step_by(2).cloned().collect();
        let units: Vec<Known> = units.iter().step_by(2).copied().collect();
        self.alike(Function::Piecewise, &values, &units)
    }

    fn pure(&mut self, function: Function, arguments: &[Formula], units: &[Known]) -> Known {
        for (argument, unit) in arguments.iter().zip(units) {
            if let Known::Unit(unit) = unit
                && !unit.is_dimensionless()
            {
                self.tell_not_pure(function, argument, *unit);
                return ONE;
            }
        }
        ONE
    }

    fn power(&mut self, arguments: &[Formula], units: &[Known], scope: &Scope) -> Known {
        let ([base, exponent], [base_unit, exponent_unit]) = (arguments, units) else {
            return Known::Undeclared;
        };
        if let Known::Unit(unit) = exponent_unit
            && !unit.is_dimensionless()
        {
            self.tell_not_pure(Function::Power, exponent, *unit);
            return Known::Told;
        }
        let Known::Unit(unit) = base_unit else {
            return *base_unit;
        };
        if unit.same(&Unit::ONE) {
            return ONE;
        }
        match self.plain_value(exponent, scope) {
            Some(value) => Known::of(unit.power(value)),
            None if self.varies(exponent) && !unit.is_dimensionless() => {
                self.tell_not_pure(Function::Power, base, *unit);
                Known::Told
            }
            None => Known::Undeclared,
        }
    }

    fn nth_root(&mut self, arguments: &[Formula], units: &[Known], scope: &Scope) -> Known {
        let ([degree, _], [_, of]) = (arguments, units) else {
            return Known::Undeclared;
        };
        match self.plain_value(degree, scope) {
            Some(degree) => root(Some(of), degree),
            None => Known::Undeclared,
        }
    }

    /// Whether an exponent changes in time: then the unit of the power would change with it.
    fn varies(&self, exponent: &Formula) -> bool {
        let mut varies = false;
        exponent.walk(&mut |part| {
            varies |= match part.kind {
                ExprKind::Constant(Constant::Time) => true,
                ExprKind::Symbol(Symbol::Species(at)) => !self.model.species[at].constant,
                _ => false,
            }
        });
        varies
    }

    /// The plain number behind an exponent: written, or the value of a constant.
    fn plain_value(&self, formula: &Formula, scope: &Scope) -> Option<f64> {
        match &formula.kind {
            ExprKind::Number(value, _) => Some(*value),
            ExprKind::Symbol(Symbol::Argument(at)) => scope.arguments.get(*at)?.1,
            ExprKind::Symbol(Symbol::Parameter(at)) => {
                let parameter = &self.model.parameters[*at];
                parameter.constant.then_some(parameter.value)?
            }
            ExprKind::Call(Function::Negate, arguments) => {
                self.plain_value(arguments.first()?, scope).map(|v| -v)
            }
            ExprKind::Call(function, arguments) if arguments.len() == 2 => {
                let left = self.plain_value(&arguments[0], scope)?;
                let right = self.plain_value(&arguments[1], scope)?;
                match function {
                    Function::Divide => Some(left / right),
                    Function::Times => Some(left * right),
                    Function::Plus => Some(left + right),
                    Function::Minus => Some(left - right),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn delay(&mut self, arguments: &[Formula], units: &[Known]) -> Known {
        if let ([_, lag], [_, unit]) = (arguments, units) {
            self.expect_unit(self.time(), *unit, lag, "a delay");
        }
        units.first().copied().unwrap_or(Known::Undeclared)
    }

    fn rate_of(&mut self, units: &[Known], formula: &Formula) -> Known {
        let unit = units.first().copied().unwrap_or(Known::Undeclared);
        self.per_time(unit, formula.span)
    }
}

fn product(units: &[Known]) -> Known {
    let mut product = Unit::ONE;
    let mut any = false;
    if units.contains(&Known::Told) {
        return Known::Told;
    }
    for unit in units {
        match unit {
            Known::Unit(unit) => product = product.times(*unit),
            Known::Any => any = true,
            Known::Undeclared | Known::Told => return Known::Undeclared,
        }
    }
    // Zero times anything is zero of any unit.
    if any {
        Known::Any
    } else {
        Known::Unit(product)
    }
}

fn quotient(units: &[Known]) -> Known {
    match units {
        _ if units.contains(&Known::Told) => Known::Told,
        [Known::Unit(above), Known::Unit(below)] => Known::Unit(above.per(*below)),
        [Known::Any, _] => Known::Any,
        _ => Known::Undeclared,
    }
}

fn root(unit: Option<&Known>, degree: f64) -> Known {
    match unit {
        Some(Known::Unit(unit)) => Known::of(unit.power(1.0 / degree)),
        Some(other) => *other,
        None => Known::Undeclared,
    }
}
