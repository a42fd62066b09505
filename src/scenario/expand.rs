//! A scenario back to a file: primitives in the model's units that mean, bit for bit, the same run.

use std::fmt::Write;

use crate::model::{Model, Symbol};

use super::raw::band_word;
use super::resolve::calendar::WEEKDAYS;
use super::resolve::{HALF_MAXIMAL, evenly};
use super::{
    Arm, Clamp, ClockStart, Entry, Expectation, ExpectedAt, FigureKind, FigureRequest, HeatRange,
    MeasuredFile, Observed, Scenario, Start, TimeAxis, Vary, formula,
};

/// The file. Numbers are the shortest that read back as the same; meals and doses have become what they do.
///
/// The paths of models and of measured data are written as they stand in the scenario.
pub fn expand(scenario: &Scenario) -> String {
    let mut out = String::new();
    head(&mut out, scenario);
    let alone = match scenario.arms.as_slice() {
        [arm] if arm.label.is_empty() => Some(arm),
        _ => None,
    };
    if let Some(arm) = alone {
        body(&mut out, arm, exact(scenario, 0));
        tables(&mut out, arm, "");
    }
    for (at, arm) in scenario.arms.iter().enumerate().filter(|_| alone.is_none()) {
        line(&mut out, "\n[[arm]]");
        pair(&mut out, "label", &quoted(&arm.label));
        body(&mut out, arm, exact(scenario, at));
        tables(&mut out, arm, "arm.");
    }
    if let Some(vary) = &scenario.vary {
        varied(&mut out, vary);
    }
    for file in &scenario.measured {
        measured(&mut out, file);
    }
    for request in &scenario.figures {
        figure(&mut out, request);
    }
    for expected in &scenario.expectations {
        expectation(&mut out, expected, scenario.vary.as_ref());
    }
    out
}

fn head(out: &mut String, scenario: &Scenario) {
    line(
        out,
        "# Written by insilin: every number is in its model's units, times in the model's unit of time.",
    );
    pair(out, "schema", "2");
    pair(out, "values", "\"model-units\"");
    pair(out, "name", &quoted(&scenario.name));
    pair(out, "title", &quoted(&scenario.title));
    if !scenario.note.is_empty() {
        pair(out, "note", &quoted(&scenario.note));
    }
}

/// What is varied in an arm: the symbol and its values in the model's unit.
fn exact(scenario: &Scenario, arm: usize) -> Option<&(Symbol, Vec<f64>)> {
    scenario.vary.as_ref().map(|vary| &vary.per_arm[arm])
}

fn body(out: &mut String, arm: &Arm, varied: Option<&(Symbol, Vec<f64>)>) {
    pair(out, "model", &quoted(&arm.model_path));
    pair(out, "time", &axis(&arm.time));
    let start = match arm.start {
        Start::Model => "\"model\"",
        Start::SteadyState => "\"steady-state\"",
    };
    pair(out, "initial", start);
    if let Some((symbol, values)) = varied {
        let of = quoted(id(&arm.model, *symbol));
        pair(
            out,
            "varied",
            &format!("{{ of = {of}, values = {} }}", numbers(values)),
        );
    }
    if !arm.absent.is_empty() {
        pair(
            out,
            "absent",
            &list(arm.absent.iter().map(|name| quoted(name))),
        );
    }
    line(out, "protocol = [");
    for entry in &arm.protocol.entries {
        line(out, &format!("  {{ {} }},", written(entry, &arm.model)));
    }
    line(out, "]");
}

fn tables(out: &mut String, arm: &Arm, prefix: &str) {
    line(out, &format!("\n[{prefix}parameters]"));
    for departure in &arm.departures {
        let (value, why) = (number(departure.value), quoted(&departure.why));
        let name = key(id(&arm.model, departure.symbol));
        pair(out, &name, &format!("{{ value = {value}, why = {why} }}"));
    }
    line(out, &format!("\n[{prefix}observe]"));
    for Observed { id, metrics, .. } in &arm.observe {
        pair(
            out,
            &key(id),
            &list(metrics.iter().map(|metric| quoted(metric))),
        );
    }
}

/// The step where it gives back the very grid, else every point.
fn axis(time: &TimeAxis) -> String {
    let (start, end) = (number(time.start), number(time.end));
    let clock = time.start_clock.map_or_else(String::new, clock_of);
    if let [first, second, ..] = time.grid[..] {
        // The difference of two points may be off by a rounding; a short decimal near it is what was written.
        let exact = second - first;
        let short: f64 = format!("{exact:.9e}").parse().unwrap_or(exact);
        for every in [short, exact] {
            if evenly(time.start, time.end, every) == time.grid {
                return format!(
                    "{{ span = [{start}, {end}], every = {}{clock} }}",
                    number(every)
                );
            }
        }
    }
    format!("{{ points = {}{clock} }}", numbers(&time.grid))
}

/// The clock at time 0, which is written in whole minutes.
fn clock_of(clock: ClockStart) -> String {
    let day = WEEKDAYS[usize::from(clock.weekday)];
    let minutes = clock.minute as u32;
    format!(
        ", start = \"{day} {:02}:{:02}\"",
        minutes / 60,
        minutes % 60
    )
}

fn written(entry: &Entry, model: &Model) -> String {
    let name = |symbol: &Symbol| quoted(id(model, *symbol));
    let formula = |value| quoted(&formula::write(value, model));
    match entry {
        Entry::Hold {
            target,
            value,
            from,
            to,
        } => {
            format!(
                "hold = {}, at = {}, {}",
                name(target),
                number(*value),
                interval(*from, *to)
            )
        }
        Entry::Rate {
            target,
            flow,
            from,
            to,
        } => {
            format!(
                "rate = {}, at = {}, {}",
                name(target),
                number(*flow),
                interval(*from, *to)
            )
        }
        Entry::Bolus {
            target,
            amount,
            time,
        } => {
            format!(
                "bolus = {}, formula = {}, time = {}",
                name(target),
                formula(amount),
                number(*time)
            )
        }
        Entry::Set {
            target,
            value,
            from,
        } => {
            format!(
                "set = {}, formula = {}, from = {}",
                name(target),
                formula(value),
                number(*from)
            )
        }
        Entry::Clamp(clamp) => clamped(clamp, name(&clamp.measured), name(&clamp.actuator)),
        Entry::Mark {
            label,
            kind,
            from,
            to,
        } => {
            let kind = quoted(kind.word());
            format!(
                "mark = {}, kind = {kind}, {}",
                quoted(label),
                interval(*from, *to)
            )
        }
    }
}

fn clamped(clamp: &Clamp, measured: String, actuator: String) -> String {
    let (low, high) = clamp.limits;
    [
        format!(
            "clamp = {measured}, target = {}, by = {actuator}",
            number(clamp.target)
        ),
        format!(
            "every = {}, {}",
            number(clamp.every),
            interval(clamp.from, clamp.to)
        ),
        format!(
            "start = {}, gain = {}",
            number(clamp.start),
            number(clamp.gain)
        ),
        format!(
            "integral = {}, limits = [{}, {}]",
            number(clamp.integral),
            number(low),
            number(high)
        ),
    ]
    .join(", ")
}

fn interval(from: f64, to: f64) -> String {
    format!("from = {}, to = {}", number(from), number(to))
}

fn varied(out: &mut String, vary: &Vary) {
    line(out, "\n[vary]");
    pair(out, "of", &quoted(&vary.name));
    pair(out, "unit", &quoted(&vary.unit));
    pair(out, "values", &numbers(&vary.values));
    pair(
        out,
        "scale",
        if vary.log { "\"log\"" } else { "\"linear\"" },
    );
}

fn measured(out: &mut String, file: &MeasuredFile) {
    line(out, "\n[[measured]]");
    pair(out, "file", &quoted(&file.path));
    if let Some(arm) = &file.arm {
        pair(out, "arm", &quoted(arm));
    }
}

fn figure(out: &mut String, request: &FigureRequest) {
    line(out, "\n[[figure]]");
    pair(out, "name", &quoted(&request.name));
    pair(out, "title", &quoted(&request.title));
    let panel = |panel: &Vec<String>| list(panel.iter().map(|shown| quoted(shown)));
    pair(out, "panels", &list(request.panels.iter().map(panel)));
    pair(out, "kind", &quoted(request.kind.word()));
    match &request.kind {
        FigureKind::Day { day: Some(day) } => pair(out, "day", &day.to_string()),
        FigureKind::Heat(HeatRange::Common) => pair(out, "scale", "\"common\""),
        FigureKind::Heat(HeatRange::Given { low, high, unit }) => {
            pair(
                out,
                "scale",
                &list([low, high].map(|end| bound(*end, unit)).into_iter()),
            );
        }
        FigureKind::Week { week } => pair(out, "week", &week.to_string()),
        FigureKind::Long { percentiles } => pair(out, "band", &quoted(band_word(*percentiles))),
        FigureKind::SmallMultiples { columns, by_arm } => {
            if let Some(columns) = columns {
                pair(out, "columns", &columns.to_string());
            }
            pair(out, "by", if *by_arm { "\"arm\"" } else { "\"quantity\"" });
        }
        _ => {}
    }
}

/// An end of a range, in a unit as displayed.
fn bound(value: f64, unit: &str) -> String {
    if unit.is_empty() {
        number(value)
    } else {
        quoted(&format!("{value:?} {unit}"))
    }
}

fn expectation(out: &mut String, expected: &Expectation, vary: Option<&Vary>) {
    line(out, "\n[[expect]]");
    pair(out, "metric", &quoted(&expected.metric));
    match (expected.at, vary) {
        (ExpectedAt::HalfMaximal, _) => pair(out, "varied", &quoted(HALF_MAXIMAL)),
        (ExpectedAt::Value(at), Some(vary)) => pair(out, "varied", &number(vary.values[at])),
        _ => {}
    }
    let ends = [expected.low, expected.high].map(|end| bound(end, &expected.unit));
    pair(out, "within", &list(ends.into_iter()));
    pair(out, "source", &quoted(&expected.source));
}

fn id(model: &Model, symbol: Symbol) -> &str {
    &model.identity(symbol).id
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn pair(out: &mut String, key: &str, value: &str) {
    line(out, &format!("{key} = {value}"));
}

/// The shortest number that reads back as the same.
fn number(value: f64) -> String {
    format!("{value:?}")
}

fn numbers(values: &[f64]) -> String {
    list(values.iter().map(|value| number(*value)))
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    format!("[{}]", items.join(", "))
}

/// A bare key where TOML lets it be one.
fn key(id: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !id.is_empty() && id.chars().all(plain) {
        id.to_string()
    } else {
        quoted(id)
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                write!(out, "\\u{:04X}", c as u32).expect("a string takes all writes");
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
