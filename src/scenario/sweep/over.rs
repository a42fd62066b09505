//! One axis as the command line writes it: `NAME=100..5000 pmol/L:25:log`, `NAME=1 nM,10 nM`.

use crate::diag::{Diagnostic, Diagnostics, SourceMap, Span};

use super::super::raw::{At, Scalar};
use super::{Axis, Target, values};

/// Reads an axis of the command line; `map` gets its text, for findings.
pub fn over(text: &str, map: &mut SourceMap, findings: &mut Diagnostics) -> Option<Axis> {
    let source = map.add("--over", text.to_string());
    let span = Span::new(source, 0, text.len());
    let Some((name, rest)) = text.split_once('=') else {
        return refuse(span, "it names no values", findings);
    };
    let (name, rest) = (name.trim(), rest.trim());
    if name.is_empty() || rest.is_empty() {
        let found = Diagnostic::error("sweep/empty-axis", "this axis has no name or no values");
        findings.push(found.at(span).hint(EXAMPLE));
        return None;
    }
    let (form, values, log) = match rest.split_once("..") {
        Some((from, to)) => range(from.trim(), to.trim(), span, findings)?,
        None => {
            let items = rest
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty());
            let items: Vec<&str> = items.collect();
            // `1,10,100 nM`: what the last has and the others lack is the unit of all.
            let unit = items.last().map_or("", |last| unit_behind(last));
            let scalars: Vec<At<Scalar>> =
                items.iter().map(|item| scalar(item, unit, span)).collect();
            let (form, values) = values::list(&scalars, false, span, findings)?;
            (form, values, false)
        }
    };
    Some(Axis {
        name: name.to_string(),
        target: Target::of(name),
        form,
        values,
        log,
        span,
    })
}

const EXAMPLE: &str = "write `NAME=FROM..TO UNIT:POINTS`, with `:log` behind it for a logarithmic scale, or `NAME=1 nM,10 nM`";

fn refuse<T>(span: Span, why: &str, findings: &mut Diagnostics) -> Option<T> {
    let found = Diagnostic::error(
        "sweep/over",
        format!("`--over` does not understand this: {why}"),
    );
    findings.push(found.at(span).hint(EXAMPLE));
    None
}

fn range(
    from: &str,
    to: &str,
    span: Span,
    findings: &mut Diagnostics,
) -> Option<(values::Form, super::Values, bool)> {
    // Colons part the count and the scale from the end; those of a clock time stand between digits.
    let (to, log) = match to.strip_suffix(":log").or(to.strip_suffix(":linear")) {
        Some(rest) => (rest, to.ends_with(":log")),
        None => (to, false),
    };
    let (to, points) = match to.rsplit_once(':') {
        Some((end, count)) if !(values::clock(to).is_some() && values::clock(end).is_none()) => {
            let Ok(count) = count.trim().parse::<f64>() else {
                return refuse(
                    span,
                    "behind the colon stands no number of points",
                    findings,
                );
            };
            (end.trim(), Some(At { value: count, span }))
        }
        _ => (to, None),
    };
    let unit = unit_behind(to);
    let ends = [scalar(from, unit, span), scalar(to, unit, span)];
    let (form, values) = values::range([&ends[0], &ends[1]], points.as_ref(), log, span, findings)?;
    Some((form, values, log))
}

/// The unit behind a number, with or without a space between.
fn unit_behind(text: &str) -> &str {
    let end = text
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8())
        .filter(|&end| text[..end].parse::<f64>().is_ok())
        .max();
    end.map_or("", |end| text[end..].trim())
}

/// A number, which gets the unit when it has none of its own; else the text itself.
fn scalar(text: &str, unit: &str, span: Span) -> At<Scalar> {
    let value = match text.parse::<f64>() {
        Ok(number) if unit.is_empty() => Scalar::Number(number),
        Ok(_) => Scalar::Text(format!("{text} {unit}")),
        Err(_) => match unit_behind(text) {
            "" => Scalar::Text(text.to_string()),
            own => Scalar::Text(format!(
                "{} {own}",
                text[..text.len() - own.len()].trim_end()
            )),
        },
    };
    At { value, span }
}
