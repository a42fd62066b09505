//! The table that a run prints, and whether its numbers are what the author expected.

use insilin::observe::{Metric, measure};
use insilin::render::number::significant;
use insilin::render::table::{Align, Table, metric_words};
use insilin::scenario::{Expectation, ExpectedAt, Scenario, Vary};
use insilin::trajectory::Trajectory;
use serde::Serialize;

use super::results::Results;
use super::{checks, display};

/// One number of the summary.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Arm, empty when there is one.
    pub arm: String,
    /// The varied quantity's value, when one is varied.
    pub varied: Option<f64>,
    /// Id of the observable.
    pub observable: String,
    /// Its display name.
    pub label: String,
    /// The metric, as the scenario writes it.
    #[serde(rename = "metric")]
    pub written: String,
    /// The metric, its argument in the trajectory's unit.
    #[serde(skip)]
    pub metric: Metric,
    /// Its value; null in JSON when it is not defined.
    pub value: f64,
    /// Its unit.
    pub unit: String,
}

/// What came of one expectation.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The metric as written.
    pub metric: String,
    /// What the run gave, in the expectation's unit.
    pub value: f64,
    /// Lowest expected.
    pub low: f64,
    /// Highest expected.
    pub high: f64,
    /// Unit of the three.
    pub unit: String,
    /// Whether it lies inside.
    pub met: bool,
    /// Where the expectation comes from.
    pub source: String,
}

/// A metric as scenario files write it, its argument in the trajectory's unit.
pub fn metric_of(text: &str, trajectory: &Trajectory, id: &str) -> Option<Metric> {
    let parsed = Metric::parse(text).ok()?;
    let (Some(argument), Some(unit)) = (parsed.metric.argument(), &parsed.unit) else {
        return Some(parsed.metric);
    };
    let target = match parsed.metric {
        Metric::At(_) => trajectory.time_unit.clone(),
        _ => trajectory.column(id)?.unit.clone(),
    };
    Some(
        parsed
            .metric
            .with_argument(argument * display::factor(unit, &target)?),
    )
}

/// Every metric that the scenario asks for, of every run.
pub fn lines(scenario: &Scenario, results: &Results) -> Vec<Line> {
    let mut lines = Vec::new();
    for (arm, runs) in scenario.arms.iter().zip(&results.arms) {
        for (at, shown) in runs.shown.iter().enumerate() {
            let varied = scenario.vary.as_ref().map(|vary| vary.values[at]);
            for observed in &arm.observe {
                for text in &observed.metrics {
                    lines.extend(line(shown, &arm.label, varied, &observed.id, text));
                }
            }
        }
    }
    lines
}

fn line(
    trajectory: &Trajectory,
    arm: &str,
    varied: Option<f64>,
    id: &str,
    text: &str,
) -> Option<Line> {
    let metric = metric_of(text, trajectory, id)?;
    let column = trajectory.column(id)?;
    Some(Line {
        arm: arm.to_string(),
        varied,
        observable: id.to_string(),
        label: column.label.clone(),
        written: text.to_string(),
        metric,
        value: measure(trajectory, id, metric)?,
        unit: metric.unit(&column.unit, &trajectory.time_unit),
    })
}

/// The summary as a table for the terminal.
pub fn table(scenario: &Scenario, results: &Results, lines: &[Line]) -> String {
    match &scenario.vary {
        Some(vary) => varied_table(vary, scenario, results, lines),
        None => plain_table(scenario, results, lines),
    }
}

fn plain_table(scenario: &Scenario, results: &Results, lines: &[Line]) -> String {
    let several = scenario.arms.len() > 1;
    let mut columns = vec![("quantity", Align::Left), ("metric", Align::Left)];
    if several {
        columns.insert(0, ("arm", Align::Left));
    }
    columns.extend([("value", Align::Point), ("unit", Align::Left)]);
    let mut table = Table::new(&columns);
    let mut last = (String::new(), String::new());
    for line in lines {
        let arm = scenario
            .arms
            .iter()
            .position(|arm| arm.label == line.arm)
            .unwrap_or(0);
        let words = words(line, &results.arms[arm].shown[0]);
        let here = (line.arm.clone(), line.observable.clone());
        let repeated = here == last;
        let quantity = if repeated { "" } else { line.label.as_str() };
        let value = significant(line.value, 4);
        if several {
            let arm = if here.0 == last.0 {
                ""
            } else {
                line.arm.as_str()
            };
            table.push([arm, quantity, &words, &value, &line.unit]);
        } else {
            table.push([quantity, &words, &value, &line.unit]);
        }
        last = here;
    }
    table.render()
}

fn words(line: &Line, trajectory: &Trajectory) -> String {
    let column = trajectory.column(&line.observable);
    let unit = column.map_or("", |column| column.unit.as_str());
    metric_words(line.metric, unit, &trajectory.time_unit)
}

/// One table per arm and quantity: a row per value, a column per metric.
fn varied_table(vary: &Vary, scenario: &Scenario, results: &Results, lines: &[Line]) -> String {
    let mut text = String::new();
    for (arm, runs) in scenario.arms.iter().zip(&results.arms) {
        for observed in &arm.observe {
            let of = |line: &&Line| line.arm == arm.label && line.observable == observed.id;
            let lines: Vec<&Line> = lines.iter().filter(of).collect();
            let Some(first) = lines.first() else { continue };
            let head = [arm.label.as_str(), first.label.as_str()];
            let head: Vec<&str> = head.into_iter().filter(|part| !part.is_empty()).collect();
            text.push_str(&format!("{}\n", head.join(": ")));
            text.push_str(&family_table(vary, &lines, &runs.shown[0]));
            text.push('\n');
        }
    }
    text.trim_end_matches('\n').to_string() + "\n"
}

fn family_table(vary: &Vary, lines: &[&Line], shown: &Trajectory) -> String {
    let named = |name: &str, unit: &str| match unit {
        "" => name.to_string(),
        unit => format!("{name} ({unit})"),
    };
    let mut heads = vec![named(&vary.name, &vary.unit)];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines {
        let value = line
            .varied
            .map_or_else(String::new, |value| significant(value, 4));
        if rows.last().is_none_or(|row| row[0] != value) {
            rows.push(vec![value]);
        }
        if rows.len() == 1 {
            heads.push(named(&words(line, shown), &line.unit));
        }
        let row = rows.last_mut().expect("a row was just pushed");
        row.push(significant(line.value, 4));
    }
    let columns: Vec<(&str, Align)> = heads
        .iter()
        .map(|head| (head.as_str(), Align::Point))
        .collect();
    let mut table = Table::new(&columns);
    for row in &rows {
        table.rows.push(row.clone());
    }
    table.render()
}

/// The value of the varied quantity at which a response is half-way between its first and its last, on the line between
/// neighbours, over the logarithm of the quantity where `log` says so; NaN when it never is.
pub fn half_maximal(values: &[f64], responses: &[f64], log: bool) -> f64 {
    let (Some(first), Some(last)) = (responses.first(), responses.last()) else {
        return f64::NAN;
    };
    let half = 0.5 * (first + last);
    let place = |value: f64| if log { insilin::math::ln(value) } else { value };
    for at in 1..values.len() {
        let (low, high) = (responses[at - 1], responses[at]);
        if (low - half) * (high - half) > 0.0 {
            continue;
        }
        let share = if high == low {
            0.0
        } else {
            (half - low) / (high - low)
        };
        let from = place(values[at - 1]);
        let between = from + share * (place(values[at]) - from);
        return if log {
            insilin::math::exp(between)
        } else {
            between
        };
    }
    f64::NAN
}

/// What came of each expectation; those that name something unknown are not met and have no value.
pub fn verdicts(scenario: &Scenario, results: &Results) -> Vec<Verdict> {
    scenario
        .expectations
        .iter()
        .map(|expectation| verdict(expectation, scenario, results))
        .collect()
}

fn verdict(expectation: &Expectation, scenario: &Scenario, results: &Results) -> Verdict {
    let (value, unit) = found(expectation, scenario, results).unwrap_or((f64::NAN, String::new()));
    let value = if expectation.unit.is_empty() {
        value
    } else {
        // Units of another kind were refused before the run.
        value * display::factor(&unit, &expectation.unit).unwrap_or(f64::NAN)
    };
    Verdict {
        metric: match (expectation.at, &scenario.vary) {
            (ExpectedAt::Value(at), Some(vary)) => {
                let value = significant(vary.values[at], 4);
                format!("{}, at {value} {}", expectation.metric, vary.unit)
            }
            (ExpectedAt::HalfMaximal, Some(vary)) => {
                format!("{}, half-maximal {}", expectation.metric, vary.name)
            }
            _ => expectation.metric.clone(),
        },
        met: value >= expectation.low && value <= expectation.high,
        value,
        low: expectation.low,
        high: expectation.high,
        unit: if expectation.unit.is_empty() {
            unit
        } else {
            expectation.unit.clone()
        },
        source: expectation.source.clone(),
    }
}

/// The value that an expectation speaks of, in the model's own unit.
fn found(
    expectation: &Expectation,
    scenario: &Scenario,
    results: &Results,
) -> Option<(f64, String)> {
    let (arm, id, text) = checks::parts(&expectation.metric, scenario)?;
    let arm = scenario
        .arms
        .iter()
        .position(|other| other.label == arm.label)?;
    let runs = &results.arms[arm].trajectories;
    let one = |trajectory: &Trajectory, text: &str| {
        measure(trajectory, id, metric_of(text, trajectory, id)?)
    };
    let at = match (expectation.at, &scenario.vary) {
        (ExpectedAt::Run, _) => 0,
        (ExpectedAt::Value(at), _) => at,
        (ExpectedAt::HalfMaximal, vary) => {
            let vary = vary.as_ref()?;
            let responses: Option<Vec<f64>> = runs.iter().map(|run| one(run, text)).collect();
            let half = half_maximal(&vary.values, &responses?, vary.log);
            return Some((half, vary.unit.clone()));
        }
    };
    let trajectory = runs.get(at)?;
    let column_unit = &trajectory.column(id)?.unit;
    let unit = metric_of(text, trajectory, id)?.unit(column_unit, &trajectory.time_unit);
    Some((one(trajectory, text)?, unit))
}

/// The verdicts as a table.
pub fn verdict_table(verdicts: &[Verdict]) -> String {
    let mut table = Table::new(&[
        ("expected", Align::Left),
        ("from", Align::Point),
        ("to", Align::Point),
        ("found", Align::Point),
        ("unit", Align::Left),
        ("", Align::Left),
    ]);
    for verdict in verdicts {
        let number = |value| significant(value, 5);
        let word = if verdict.met { "met" } else { "NOT MET" };
        let numbers = [
            number(verdict.low),
            number(verdict.high),
            number(verdict.value),
        ];
        table.push([
            &verdict.metric,
            &numbers[0],
            &numbers[1],
            &numbers[2],
            &verdict.unit,
            word,
        ]);
    }
    table.render()
}

#[cfg(test)]
mod tests {
    use super::half_maximal;

    #[test]
    fn the_half_maximal_dose_of_a_hill_curve_is_its_constant() {
        let doses: Vec<f64> = (0..81)
            .map(|i| insilin::math::pow(10.0, 0.1 * f64::from(i) - 4.0))
            .collect();
        let response: Vec<f64> = doses.iter().map(|dose| dose / (0.55 + dose)).collect();
        let found = half_maximal(&doses, &response, true);
        assert!((found / 0.55 - 1.0).abs() < 2e-3, "{found}");
    }

    #[test]
    fn a_flat_response_has_its_half_at_the_first_dose_and_none_without_doses() {
        assert_eq!(half_maximal(&[1.0, 2.0], &[3.0, 3.0], false), 1.0);
        assert!(half_maximal(&[], &[], true).is_nan());
    }
}
