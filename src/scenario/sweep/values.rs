//! Values of axes: reading them, and writing them as a scenario file does.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::math;
use crate::units::{Quantity, parse_quantity};

use super::super::raw::{At, Scalar};
use super::Values;

/// How the values of an axis are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Bare numbers.
    Bare,
    /// Numbers with this unit.
    Unit(String),
    /// Clock times, counted in hours after midnight, to the minute.
    Clock,
    /// Words.
    Word,
}

/// One value of an axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// In the unit of its axis.
    Number(f64),
    /// A word.
    Word(String),
}

impl Form {
    /// The unit of the numbers; empty without one.
    pub fn unit(&self) -> &str {
        match self {
            Self::Unit(unit) => unit,
            Self::Clock => "h",
            Self::Bare | Self::Word => "",
        }
    }

    /// What has to be written in a scenario for a number.
    pub fn text(&self, value: f64) -> String {
        match self {
            Self::Unit(unit) => format!("{value} {unit}"),
            Self::Clock => {
                let minutes = (value * 60.0).round();
                let hours = (minutes / 60.0).floor();
                format!("{hours:02}:{:02}", minutes - 60.0 * hours)
            }
            Self::Bare | Self::Word => value.to_string(),
        }
    }

    /// The number that is run for a number drawn or spaced: what can be written.
    pub fn settled(&self, value: f64) -> f64 {
        match self {
            Self::Clock => (value * 60.0).round() / 60.0,
            // To twelve digits: what is shown is what is run.
            _ => format!("{value:.11e}").parse().unwrap_or(value),
        }
    }
}

/// The most values of a range: they are listed, in memory and in the record of the sweep.
const MOST: f64 = 1e6;

/// A list of values, all of one form.
pub(super) fn list(
    items: &[At<Scalar>],
    log: bool,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<(Form, Values)> {
    let Some(first) = items.first() else {
        let found = Diagnostic::error("sweep/empty-axis", "this axis has no values").at(span);
        findings.push(found.hint("for example `values = [\"1 nM\", \"10 nM\"]`"));
        return None;
    };
    let form = form_of(&first.value);
    if form == Form::Word {
        let words = items.iter().map(|item| match &item.value {
            Scalar::Text(word) => word.clone(),
            Scalar::Number(number) => number.to_string(),
        });
        return Some((form, Values::Words(words.collect())));
    }
    let numbers: Option<Vec<f64>> = items
        .iter()
        .map(|item| number_in(&form, item, findings))
        .collect();
    let numbers = numbers?;
    refuse_log_of_zero(&numbers, log, span, findings)?;
    Some((form, Values::Numbers(numbers)))
}

/// Values from one end to the other; without `points` anything between.
pub(super) fn range(
    ends: [&At<Scalar>; 2],
    points: Option<&At<f64>>,
    log: bool,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<(Form, Values)> {
    let form = form_of(&ends[0].value);
    if form == Form::Word {
        let found = Diagnostic::error("sweep/values", "a range goes from a number to a number");
        findings.push(
            found
                .at(ends[0].span)
                .hint("write a list for words: `values = [\"a\", \"b\"]`"),
        );
        return None;
    }
    let from = number_in(&form, ends[0], findings)?;
    let to = number_in(&form, ends[1], findings)?;
    refuse_log_of_zero(&[from, to], log, span, findings)?;
    if from == to {
        let found = Diagnostic::error("sweep/empty-axis", "this range begins where it ends");
        findings.push(found.at(span).hint("give it two different ends"));
        return None;
    }
    let Some(points) = points else {
        return Some((form, Values::Between(from, to)));
    };
    let count = points.value;
    if !(2.0..=MOST).contains(&count) || count.fract() != 0.0 {
        let message = "`points` is no whole number from 2 to 1,000,000";
        let found = Diagnostic::error("sweep/values", message).at(points.span);
        let hint = "for example `points = 25`; without it any number of points can be drawn: `design = \"random\"`";
        findings.push(found.hint(hint));
        return None;
    }
    let at = |i: u64| {
        let share = i as f64 / (count - 1.0);
        form.settled(between(from, to, share, log))
    };
    let mut numbers: Vec<f64> = (0..count as u64).map(at).collect();
    numbers[0] = form.settled(from);
    *numbers.last_mut()? = form.settled(to);
    Some((form, Values::Numbers(numbers)))
}

/// The number at a share of the way between two, by their logarithms when asked for.
pub(super) fn between(from: f64, to: f64, share: f64, log: bool) -> f64 {
    if log {
        from * math::pow(to / from, share)
    } else {
        from + (to - from) * share
    }
}

impl Values {
    /// The value at a share in (0, 1) of all of them: of a list each has an equal part.
    pub fn at_share(&self, share: f64, form: &Form, log: bool) -> Value {
        let pick = |count: usize| ((share * count as f64) as usize).min(count.saturating_sub(1));
        match self {
            Self::Numbers(numbers) => Value::Number(numbers[pick(numbers.len())]),
            Self::Words(words) => Value::Word(words[pick(words.len())].clone()),
            Self::Between(from, to) => Value::Number(form.settled(between(*from, *to, share, log))),
        }
    }

    /// The value at a place of the list.
    ///
    /// # Panics
    /// When it has no such place: what is anything between two numbers has none.
    pub fn at(&self, place: usize) -> Value {
        match self {
            Self::Numbers(numbers) => Value::Number(numbers[place]),
            Self::Words(words) => Value::Word(words[place].clone()),
            Self::Between(..) => panic!("a grid takes listed values"),
        }
    }
}

fn form_of(value: &Scalar) -> Form {
    match value {
        Scalar::Number(_) => Form::Bare,
        Scalar::Text(text) if clock(text).is_some() => Form::Clock,
        Scalar::Text(text) => match parse_quantity(text) {
            Ok(Quantity { unit_text, .. }) if unit_text.is_empty() => Form::Bare,
            Ok(Quantity { unit_text, .. }) => Form::Unit(unit_text),
            Err(_) => Form::Word,
        },
    }
}

/// A value in the form of the first of its axis.
fn number_in(form: &Form, item: &At<Scalar>, findings: &mut Diagnostics) -> Option<f64> {
    let number = match (&item.value, form) {
        (Scalar::Number(number), Form::Bare) => Some(*number),
        (Scalar::Text(text), Form::Clock) => clock(text),
        (Scalar::Text(text), Form::Bare | Form::Unit(_)) => parse_quantity(text)
            .ok()
            .and_then(|quantity| in_form(&quantity, form)),
        _ => None,
    };
    if number.is_none_or(|number| !number.is_finite()) {
        let written = match form {
            Form::Unit(unit) => format!("a finite number in {unit} or what it converts to"),
            Form::Clock => "a clock time such as `07:30`".to_string(),
            Form::Bare | Form::Word => "a finite number without a unit".to_string(),
        };
        let message = format!("this value is not like the first of its axis: {written}");
        let found = Diagnostic::error("sweep/values", message).at(item.span);
        findings.push(found.hint("write all values of an axis in one way"));
        return None;
    }
    number
}

fn in_form(quantity: &Quantity, form: &Form) -> Option<f64> {
    match form {
        Form::Unit(unit) if *unit == quantity.unit_text => Some(quantity.value),
        Form::Unit(unit) => {
            let unit = parse_quantity(&format!("1 {unit}")).ok()?;
            quantity.value_in(&unit.unit)
        }
        _ => quantity.unit_text.is_empty().then_some(quantity.value),
    }
}

/// `07:30` in hours after midnight.
pub(super) fn clock(text: &str) -> Option<f64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let digits = |part: &str| {
        let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<f64>().ok()).flatten()
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours < 24.0 && minutes < 60.0).then_some(hours + minutes / 60.0)
}

fn refuse_log_of_zero(
    values: &[f64],
    log: bool,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<()> {
    if log && values.iter().any(|value| *value <= 0.0) {
        let message = "a logarithmic scale takes values above zero";
        let found = Diagnostic::error("sweep/values", message).at(span);
        findings.push(found.hint("leave zero out, or write `scale = \"linear\"`"));
        return None;
    }
    Some(())
}
