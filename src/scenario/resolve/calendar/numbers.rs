//! Numbers of a calendar: with a unit, and with seeded variation behind `±`.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::units::{Unit, parse_quantity, parse_unit};

use super::super::super::quantity::Wanted;
use super::super::super::raw::{At, Scalar};
use super::chance::Number;

/// What a number is to be.
pub(super) struct Kind<'a> {
    /// What it is, in messages.
    pub of: &'a str,
    pub unit: Unit,
    /// The unit in words; empty for pure numbers.
    pub unit_text: &'a str,
    /// What it can be; beyond is a mistake.
    pub bounds: (f64, f64),
    /// Words that may follow `%`: `VO2max`, `1RM`.
    pub share_of: Option<&'a str>,
}

/// The unit of a name that this crate knows.
pub(super) fn unit(name: &str) -> Unit {
    parse_unit(name).expect("an everyday unit")
}

/// `60 g ± 10 %` as `60 g` and `10 %`.
pub(super) fn split(text: &str) -> (&str, Option<&str>) {
    for mark in ["±", "+-", "+/-"] {
        if let Some((mean, spread)) = text.split_once(mark) {
            return (mean.trim(), Some(spread.trim()));
        }
    }
    (text.trim(), None)
}

/// Reads a number; reports what is wrong with it.
///
/// * `which` — names its draws within the entry
pub(super) fn read(
    scalar: &At<Scalar>,
    kind: &Kind,
    which: u32,
    findings: &mut Diagnostics,
) -> Option<Number> {
    let Scalar::Text(text) = &scalar.value else {
        let mean = value(scalar, kind, findings)?;
        return within(mean, 0.0, kind, which, scalar, findings);
    };
    let (mean_text, spread) = split(text);
    let plain = |text: &str| At {
        value: Scalar::Text(shares(text, kind.share_of)),
        span: scalar.span,
    };
    let mean = value(&plain(mean_text), kind, findings)?;
    let sd = match spread {
        Some(spread) => deviation(spread, mean, kind, scalar.span, findings)?,
        None => 0.0,
    };
    within(mean, sd, kind, which, scalar, findings)
}

/// `65 %VO2max` as `65 %`.
fn shares(text: &str, share_of: Option<&str>) -> String {
    let whole = share_of.and_then(|word| text.strip_suffix(word));
    whole.unwrap_or(text).trim().to_string()
}

fn value(scalar: &At<Scalar>, kind: &Kind, findings: &mut Diagnostics) -> Option<f64> {
    let wanted = Wanted {
        of: kind.of,
        unit: Some(kind.unit),
        names: &IndexMap::new(),
        molar_mass: None,
        bare: false,
    };
    wanted.read(scalar, findings)
}

/// A standard deviation: in percent of the mean, or in the number's unit.
fn deviation(
    text: &str,
    mean: f64,
    kind: &Kind,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<f64> {
    let own = kind.share_of.is_some_and(|word| text.ends_with(word));
    let text = shares(text, kind.share_of);
    let sd = parse_quantity(&text).ok().and_then(|read| {
        if read.unit_text == "%" && !own {
            Some(read.value / 100.0 * mean.abs())
        } else if read.unit_text.is_empty() && !kind.unit_text.is_empty() {
            None
        } else {
            read.value_in(&kind.unit)
        }
    });
    let sd = sd.filter(|sd| sd.is_finite() && *sd >= 0.0);
    if sd.is_none() {
        let message = format!("`± {text}` is no variation of `{}`", kind.of);
        let found = Diagnostic::error("scenario/variation", message).at(span);
        findings.push(found.hint(match kind.unit_text {
            "" => "a standard deviation in percent or as a number: `± 10 %`, `± 0.1`".to_string(),
            unit => {
                format!("a standard deviation in percent or in its unit: `± 10 %`, `± 1 {unit}`")
            }
        }));
    }
    sd
}

fn within(
    mean: f64,
    sd: f64,
    kind: &Kind,
    which: u32,
    scalar: &At<Scalar>,
    findings: &mut Diagnostics,
) -> Option<Number> {
    let (low, high) = kind.bounds;
    if !(low..=high).contains(&mean) {
        let shown = scalar.value.shown();
        let message = format!("`{}` cannot be {shown}", kind.of);
        let found = Diagnostic::error("scenario/limit", message).at(scalar.span);
        let unit = kind.unit_text;
        let hint = if high == f64::INFINITY {
            format!("at least {low} {unit}")
        } else {
            format!("from {low} to {high} {unit}")
        };
        findings.push(found.hint(hint.trim_end()));
        return None;
    }
    Some(Number {
        mean,
        sd,
        bounds: kind.bounds,
        which,
    })
}

/// Minutes of a length of time; bare numbers are refused, as they could be anything.
pub(super) fn length(
    scalar: &At<Scalar>,
    of: &str,
    which: u32,
    findings: &mut Diagnostics,
) -> Option<Number> {
    let kind = Kind {
        of,
        unit: unit("min"),
        unit_text: "min",
        bounds: (0.0, f64::INFINITY),
        share_of: None,
    };
    let number = read(scalar, &kind, which, findings)?;
    if number.mean <= 0.0 {
        let message = format!("`{of}` is not above zero");
        let found = Diagnostic::error("scenario/interval", message).at(scalar.span);
        findings.push(found.hint(format!("for example `{of} = \"30 min\"`")));
        return None;
    }
    Some(number)
}

/// Minutes of the variation of a time.
pub(super) fn spread_of_time(text: &str, span: Span, findings: &mut Diagnostics) -> Option<f64> {
    let minutes = parse_quantity(text)
        .ok()
        .filter(|quantity| !quantity.unit_text.is_empty())
        .and_then(|quantity| quantity.value_in(&unit("min")))
        .filter(|sd| *sd >= 0.0);
    if minutes.is_none() {
        let message = format!("`± {text}` is no variation of a time");
        let found = Diagnostic::error("scenario/variation", message).at(span);
        findings.push(found.hint("a standard deviation as a time: `± 20 min`"));
    }
    minutes
}
