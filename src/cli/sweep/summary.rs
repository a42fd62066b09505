//! What a sweep prints: all rows of a small one, ranges of a large one.

use insilin::render::DISCLAIMER;
use insilin::render::number::significant;
use insilin::render::table::{Align, Table as Shown};
use insilin::store::{Cells, Parts, StoreError, Table};
use serde_json::{Value as Json, json};

use super::record::{SweepRecord, grouped};

/// More rows than this are summed up instead of shown.
const SHOWN_ROWS: u64 = 60;

/// More columns than this make lines that no screen shows.
const SHOWN_METRICS: usize = 5;

/// What was found over all runs.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Runs.
    pub runs: u64,
    /// Runs without numbers.
    pub failed: u64,
    /// How often each reason was given, in the order of their first run.
    pub reasons: Vec<(String, u64)>,
    /// One per metric.
    pub ranges: Vec<Range>,
    /// All rows, of a small sweep.
    rows: Option<Table>,
}

/// One metric over all runs.
#[derive(Clone, Debug)]
pub struct Range {
    /// Runs in which it is defined.
    pub count: u64,
    sum: f64,
    low: (f64, i64),
    high: (f64, i64),
}

impl Default for Range {
    fn default() -> Self {
        Self {
            count: 0,
            sum: 0.0,
            low: (f64::INFINITY, -1),
            high: (f64::NEG_INFINITY, -1),
        }
    }
}

impl Range {
    fn take(&mut self, value: f64, run: i64) {
        self.count += 1;
        self.sum += value;
        if value < self.low.0 {
            self.low = (value, run);
        }
        if value > self.high.0 {
            self.high = (value, run);
        }
    }

    fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }
}

/// Most different reasons that are told apart.
const MOST_REASONS: usize = 5;

impl Summary {
    /// Reads all parts, one after the other.
    ///
    /// # Errors
    /// A part that cannot be read.
    pub fn of(record: &SweepRecord, parts: &Parts) -> Result<Self, StoreError> {
        let mut summary = Self {
            ranges: vec![Range::default(); record.metrics.len()],
            ..Self::default()
        };
        for part in 0..record.n_parts() {
            let table = parts.read(part)?;
            summary.take(record, &table);
            if record.n_runs <= SHOWN_ROWS {
                match &mut summary.rows {
                    Some(rows) => rows.append(table),
                    rows => *rows = Some(table),
                }
            }
        }
        Ok(summary)
    }

    fn take(&mut self, record: &SweepRecord, table: &Table) {
        let Some(Cells::Integers(runs)) = table.columns.first() else {
            return;
        };
        self.runs += runs.len() as u64;
        let first = head_width(record);
        for (range, cells) in self.ranges.iter_mut().zip(&table.columns[first..]) {
            let Cells::Numbers(values) = cells else {
                continue;
            };
            for (value, run) in values.iter().zip(runs) {
                if let Some(value) = value {
                    range.take(*value, *run);
                }
            }
        }
        if let Some(Cells::Texts(reasons)) = table.columns.last() {
            for reason in reasons.iter().flatten() {
                self.failed += 1;
                let room = self.reasons.len() < MOST_REASONS;
                match self.reasons.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, count)) => *count += 1,
                    None if room => self.reasons.push((reason.clone(), 1)),
                    None => {}
                }
            }
        }
    }

    /// For standard output.
    pub fn text(&self, record: &SweepRecord) -> String {
        let table = match &self.rows {
            Some(rows) => shown_rows(record, rows),
            None => self.shown_ranges(record),
        };
        let failed = self.failed_words();
        format!("{}\n\n{table}{failed}\n{DISCLAIMER}\n", record.title)
    }

    /// How many runs failed and why; empty when none did.
    pub fn failed_words(&self) -> String {
        if self.failed == 0 {
            return String::new();
        }
        let mut text = format!(
            "\n{} of {} runs failed:\n",
            grouped(self.failed),
            grouped(self.runs)
        );
        for (reason, count) in &self.reasons {
            text.push_str(&format!("  {} × {reason}\n", grouped(*count)));
        }
        text
    }

    fn shown_ranges(&self, record: &SweepRecord) -> String {
        let mut table = Shown::new(&[
            ("metric", Align::Left),
            ("unit", Align::Left),
            ("smallest", Align::Point),
            ("in run", Align::Right),
            ("mean", Align::Point),
            ("largest", Align::Point),
            ("in run", Align::Right),
            ("runs", Align::Right),
        ]);
        for (column, range) in record.metrics.iter().zip(&self.ranges) {
            let number = |value: f64| significant(value, 4);
            table.push([
                column.name.as_str(),
                &column.unit,
                &number(range.low.0),
                &range.low.1.to_string(),
                &number(range.mean()),
                &number(range.high.0),
                &range.high.1.to_string(),
                &grouped(range.count),
            ]);
        }
        table.render()
    }

    /// As `summary.json` holds it.
    pub fn to_json(&self, record: &SweepRecord) -> Json {
        let metrics = record.metrics.iter().zip(&self.ranges);
        let metrics: Vec<Json> = metrics
            .map(|(column, range)| {
                json!({
                    "metric": column.name, "unit": column.unit, "runs": range.count,
                    "smallest": finite(range.low.0), "smallest_in": range.low.1,
                    "mean": finite(range.mean()), "largest": finite(range.high.0), "largest_in": range.high.1,
                })
            })
            .collect();
        let reasons = self.reasons.iter();
        let reasons: Vec<Json> = reasons
            .map(|(why, count)| json!({ "why": why, "runs": count }))
            .collect();
        json!({
            "name": record.name, "notice": DISCLAIMER, "runs": self.runs, "failed": self.failed,
            "reasons": reasons, "metrics": metrics,
        })
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// How many columns say which run it is.
pub fn head_width(record: &SweepRecord) -> usize {
    1 + usize::from(record.arms.len() > 1) + record.axes.len()
}

/// Every row: values of the axes, metrics, and why where there are none.
fn shown_rows(record: &SweepRecord, rows: &Table) -> String {
    let n_shown = record.metrics.len().min(SHOWN_METRICS);
    let n = head_width(record) + n_shown;
    let named = |name: &str, unit: &str| match unit {
        "" => name.to_string(),
        unit => format!("{name} ({unit})"),
    };
    let columns = &rows.schema.columns[1..n];
    let heads: Vec<(String, Align)> = columns
        .iter()
        .zip(&rows.columns[1..n])
        .map(|(column, cells)| {
            let align = match cells {
                Cells::Texts(_) => Align::Left,
                _ => Align::Point,
            };
            (named(&column.name, &column.unit), align)
        })
        .collect();
    let heads: Vec<(&str, Align)> = heads
        .iter()
        .map(|(head, align)| (head.as_str(), *align))
        .collect();
    let mut table = Shown::new(&heads);
    for row in 0..rows.n_rows() {
        let cell = |cells: &Cells| match cells {
            Cells::Integers(values) => values[row].to_string(),
            Cells::Numbers(values) => {
                values[row].map_or_else(|| "–".to_string(), |value| significant(value, 4))
            }
            Cells::Texts(values) => values[row].clone().unwrap_or_default(),
        };
        table
            .rows
            .push(rows.columns[1..n].iter().map(cell).collect());
    }
    table.render()
}
