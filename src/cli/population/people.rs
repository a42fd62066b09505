//! What is said of many people: spreads of each number, bands of the curves, published spreads beside them.

use insilin::ensemble::{Spread, spread};
use insilin::observe::percentile::quantile;
use insilin::render::DISCLAIMER;
use insilin::render::number::significant;
use insilin::render::table::{Align, Table as Shown};
use insilin::store::{Cells, Parts, StoreError, Table, csv};
use serde_json::{Value as Json, json};

use crate::cli::sweep::{ColumnRecord, SweepFolder, SweepRecord, grouped, head_width};

use super::beside::Beside;

/// More numbers of one quantity are not held at once to make bands of them.
const MOST_CELLS: u64 = 30_000_000;

/// One number of all people of an arm.
struct Metric {
    arm: String,
    column: ColumnRecord,
    spread: Spread,
    beside: Vec<Beside>,
}

/// Many people, as their runs lie in a folder.
pub struct People {
    metrics: Vec<Metric>,
    bands: String,
}

impl People {
    /// Reads the runs; none when they are no people.
    ///
    /// # Errors
    /// A part that cannot be read.
    pub fn of(folder: &SweepFolder, record: &SweepRecord) -> Result<Option<Self>, StoreError> {
        let Some(people) = &record.people else {
            return Ok(None);
        };
        let values = values(folder.runs(), record)?;
        let n = record.metrics.len();
        let metric = |(at, mut values): (usize, Vec<f64>)| {
            values.retain(|value| value.is_finite());
            values.sort_by(f64::total_cmp);
            let column = record.metrics[at % n].clone();
            let spread = spread(values.iter().copied());
            let published = people.spreads.iter().filter(|one| one.of == column.name);
            let beside = published.map(|one| Beside::new(one, &spread, &values));
            Metric {
                arm: record.arms[at / n].clone(),
                beside: beside.collect(),
                column,
                spread,
            }
        };
        let metrics = values.into_iter().enumerate().map(metric).collect();
        let bands = match folder.curves() {
            Some(parts) => bands(parts, record)?,
            None => String::new(),
        };
        Ok(Some(Self { metrics, bands }))
    }

    /// Files for the folder: names and texts.
    pub fn tables(&self) -> Vec<(&'static str, String)> {
        let mut tables = vec![("spread.csv", self.csv())];
        if !self.bands.is_empty() {
            tables.push(("bands.csv", self.bands.clone()));
        }
        tables
    }

    /// For standard output.
    pub fn text(&self, record: &SweepRecord, failed: &str) -> String {
        let who = record
            .people
            .as_ref()
            .map_or("", |people| people.title.as_str());
        let people = record.n_runs / record.arms.len().max(1) as u64;
        let heading = format!(
            "{}\n{} people of: {who}; seed {}\n",
            record.title,
            grouped(people),
            record.design_seed
        );
        let mut parts = vec![
            heading,
            self.moments(record).render(),
            self.percentiles(record).render(),
        ];
        let beside: String = self.beside_words(record);
        if !beside.is_empty() {
            parts.push(format!(
                "Beside published spreads between persons:\n{beside}"
            ));
        }
        if !failed.is_empty() {
            parts.push(failed.trim_start().to_string());
        }
        parts.push(format!("{DISCLAIMER}\n"));
        parts.join("\n")
    }

    fn beside_words(&self, record: &SweepRecord) -> String {
        let several = record.arms.len() > 1;
        let all = self.metrics.iter();
        let all: Vec<(&Metric, &Beside)> = all
            .flat_map(|metric| metric.beside.iter().map(move |beside| (metric, beside)))
            .collect();
        let mut text = String::new();
        for (at, (metric, beside)) in all.iter().enumerate() {
            let arm = if several {
                format!("{}, ", metric.arm)
            } else {
                String::new()
            };
            text.push_str(&format!("  {arm}{}\n", metric.column.name));
            for line in beside.words(&metric.column.unit) {
                text.push_str(&format!("    {line}\n"));
            }
            // A source stands once below all that come from it.
            let next = all.get(at + 1).map(|(_, next)| &next.source);
            if next != Some(&beside.source) {
                text.push_str(&format!("  source: {}\n", beside.source));
            }
        }
        text
    }

    /// Means and standard deviations.
    fn moments(&self, record: &SweepRecord) -> Shown {
        let heads = [
            ("metric", Align::Left),
            ("unit", Align::Left),
            ("mean", Align::Point),
            ("SD", Align::Point),
            ("CV %", Align::Point),
            ("people", Align::Right),
        ];
        self.shown(record, &heads, |metric| {
            let found = &metric.spread;
            let mut row = vec![metric.column.unit.clone()];
            row.extend([found.mean, found.sd, 100.0 * found.cv()].map(shown));
            row.push(grouped(found.n as u64));
            row
        })
    }

    fn percentiles(&self, record: &SweepRecord) -> Shown {
        let heads = ["5 %", "25 %", "50 %", "75 %", "95 %"].map(|head| (head, Align::Point));
        let heads: Vec<(&str, Align)> = [("percentiles", Align::Left)]
            .into_iter()
            .chain(heads)
            .collect();
        self.shown(record, &heads, |metric| {
            metric.spread.percentiles.map(shown).to_vec()
        })
    }

    fn shown(
        &self,
        record: &SweepRecord,
        heads: &[(&str, Align)],
        cells: impl Fn(&Metric) -> Vec<String>,
    ) -> Shown {
        let several = record.arms.len() > 1;
        let arm = [("arm", Align::Left)];
        let arm = arm.iter().filter(|_| several);
        let heads: Vec<(&str, Align)> = arm.chain(heads).copied().collect();
        let mut table = Shown::new(&heads);
        for metric in &self.metrics {
            let arm = several.then(|| metric.arm.clone());
            let mut row: Vec<String> = arm.into_iter().collect();
            row.push(metric.column.name.clone());
            row.extend(cells(metric));
            table.rows.push(row);
        }
        table
    }

    /// Adds what is known of people to the summary.
    pub fn add_to(&self, summary: &mut Json) {
        let metrics: Vec<Json> = self.metrics.iter().map(metric_json).collect();
        summary["people"] = Json::from(metrics);
    }

    fn csv(&self) -> String {
        let mut text = String::from(
            "arm,metric,unit,people,mean,sd,cv,p5,p25,p50,p75,p95,published_mean,published_sd,published_n,sd_ratio,given,source\n",
        );
        for metric in &self.metrics {
            let found = &metric.spread;
            let head = [&metric.arm, &metric.column.name, &metric.column.unit]
                .map(|text| csv::quoted(text));
            let numbers = [found.mean, found.sd, found.cv()];
            let numbers = numbers
                .iter()
                .chain(&found.percentiles)
                .map(|value| cell(Some(*value)));
            let own = format!(
                "{},{},{}",
                head.join(","),
                found.n,
                numbers.collect::<Vec<_>>().join(",")
            );
            if metric.beside.is_empty() {
                text.push_str(&format!("{own},,,,,,\n"));
            }
            for beside in &metric.beside {
                let ratio = beside.comparison.map(|one| one.sd_ratio);
                let published = [beside.mean, beside.sd, beside.n, ratio].map(cell);
                let source = csv::quoted(&beside.source);
                text.push_str(&format!(
                    "{own},{},{},{source}\n",
                    published.join(","),
                    beside.given
                ));
            }
        }
        text
    }
}

fn shown(value: f64) -> String {
    if value.is_finite() {
        significant(value, 3)
    } else {
        "–".to_string()
    }
}

fn cell(value: Option<f64>) -> String {
    let finite = value.filter(|value| value.is_finite());
    finite.map_or_else(String::new, |value| value.to_string())
}

fn metric_json(metric: &Metric) -> Json {
    let found = &metric.spread;
    let finite = |value: f64| value.is_finite().then_some(value);
    let [p5, p25, p50, p75, p95] = found.percentiles.map(finite);
    let beside: Vec<Json> = metric
        .beside
        .iter()
        .map(|one| one.json(&metric.column.unit))
        .collect();
    json!({
        "arm": metric.arm, "metric": metric.column.name, "unit": metric.column.unit, "people": found.n,
        "mean": finite(found.mean), "sd": finite(found.sd), "cv": finite(found.cv()),
        "p5": p5, "p25": p25, "p50": p50, "p75": p75, "p95": p95, "beside": beside,
    })
}

/// For each arm and metric, arm after arm, the values of all people; NaN where there is none.
fn values(parts: &Parts, record: &SweepRecord) -> Result<Vec<Vec<f64>>, StoreError> {
    let n = record.metrics.len();
    let mut values = vec![Vec::new(); n * record.arms.len()];
    let first = head_width(record);
    for part in 0..record.n_parts() {
        let table = parts.read(part)?;
        let arms = arms_of(&table, record);
        for at in 0..n {
            let Cells::Numbers(cells) = &table.columns[first + at] else {
                continue;
            };
            for (cell, arm) in cells.iter().zip(&arms) {
                values[arm * n + at].push(cell.unwrap_or(f64::NAN));
            }
        }
    }
    Ok(values)
}

/// The arm of each row: runs count through the arms of one person before they come to the next.
fn arms_of(table: &Table, record: &SweepRecord) -> Vec<usize> {
    let Some(Cells::Integers(runs)) = table.columns.first() else {
        return Vec::new();
    };
    let n = record.arms.len() as i64;
    runs.iter().map(|run| (run % n) as usize).collect()
}

/// `bands.csv`: percentiles of each kept quantity over time.
fn bands(parts: &Parts, record: &SweepRecord) -> Result<String, StoreError> {
    let Some(kept) = &record.curves else {
        return Ok(String::new());
    };
    if record.n_runs.saturating_mul(kept.rows) > MOST_CELLS {
        return Ok(String::new());
    }
    let time = match kept.time_unit.as_str() {
        "" => "time".to_string(),
        unit => format!("time [{unit}]"),
    };
    let mut text = format!("arm,quantity,unit,{time},people,mean,p5,p25,p50,p75,p95\n");
    for (at, column) in kept.columns.iter().enumerate() {
        let by_arm = curves_of(parts, record, at)?;
        for (label, curves) in record.arms.iter().zip(by_arm) {
            let head = [label, &column.name, &column.unit].map(|text| csv::quoted(text));
            band(&mut text, &head.join(","), curves);
        }
    }
    Ok(text)
}

/// Of one arm: values of all people at each row, and the rows' times.
#[derive(Clone, Default)]
struct Rows {
    times: Vec<f64>,
    values: Vec<Vec<f64>>,
}

fn curves_of(parts: &Parts, record: &SweepRecord, at: usize) -> Result<Vec<Rows>, StoreError> {
    let mut by_arm = vec![Rows::default(); record.arms.len()];
    for part in 0..record.n_parts() {
        let table = parts.read(part)?;
        let arms = arms_of(&table, record);
        let (
            Some(Cells::Integers(runs)),
            Some(Cells::Numbers(times)),
            Some(Cells::Numbers(values)),
        ) = (
            table.columns.first(),
            table.columns.get(1),
            table.columns.get(2 + at),
        )
        else {
            continue;
        };
        let (mut row, mut before) = (0, -1);
        for (line, run) in runs.iter().enumerate() {
            row = if *run == before { row + 1 } else { 0 };
            before = *run;
            let rows = &mut by_arm[arms[line]];
            if rows.times.len() == row {
                rows.times.push(times[line].unwrap_or(f64::NAN));
                rows.values.push(Vec::new());
            }
            rows.values[row].push(values[line].unwrap_or(f64::NAN));
        }
    }
    Ok(by_arm)
}

fn band(text: &mut String, head: &str, rows: Rows) {
    for (time, mut values) in rows.times.iter().zip(rows.values) {
        values.retain(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let percentiles = [0.05, 0.25, 0.5, 0.75, 0.95].map(|share| quantile(&values, share));
        let cells = [mean].into_iter().chain(percentiles);
        let cells: Vec<String> = cells.map(|value| cell(Some(value))).collect();
        text.push_str(&format!(
            "{head},{time},{},{}\n",
            values.len(),
            cells.join(",")
        ));
    }
}
