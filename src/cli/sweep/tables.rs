//! Rows of runs as tables: metrics, and curves.

use std::sync::Arc;

use insilin::ensemble::Row;
use insilin::scenario::sweep::Value;
use insilin::store::{Cells, ColumnType, Table, TableColumn, TableSchema};

use super::record::{AxisRecord, SweepRecord};

/// The tables of a sweep.
pub struct Tables {
    record: SweepRecord,
    metrics: Arc<TableSchema>,
    curves: Option<Arc<TableSchema>>,
}

impl Tables {
    /// Of a record.
    pub fn new(record: &SweepRecord) -> Self {
        let curves = record
            .curves
            .as_ref()
            .map(|_| Arc::new(curve_schema(record)));
        Self {
            record: record.clone(),
            metrics: Arc::new(metric_schema(record)),
            curves,
        }
    }

    /// The rows of a part as a table of metrics and one of curves.
    pub fn of(&self, rows: &[Row]) -> (Table, Option<Table>) {
        let curves = self.curves.as_ref();
        let curves = curves.map(|schema| curve_table(Arc::clone(schema), rows));
        (self.metric_table(rows), curves)
    }

    fn metric_table(&self, rows: &[Row]) -> Table {
        let record = &self.record;
        let mut columns = head_cells(record, rows);
        for at in 0..record.metrics.len() {
            let metric = rows.iter().map(|row| {
                let value = row.metrics[at];
                value.is_finite().then_some(value)
            });
            columns.push(Cells::Numbers(metric.collect()));
        }
        let status = rows.iter().map(|row| {
            Some(
                if row.failure.is_some() {
                    "failed"
                } else {
                    "ok"
                }
                .to_string(),
            )
        });
        columns.push(Cells::Texts(status.collect()));
        let why = rows.iter().map(|row| {
            let failure = row.failure.as_ref();
            failure.map(|failure| format!("{}: {}", failure.code, failure.message))
        });
        columns.push(Cells::Texts(why.collect()));
        Table::new(Arc::clone(&self.metrics), columns)
    }
}

/// The columns that say which run it is: its number, its arm, the values of the axes.
pub fn head_cells(record: &SweepRecord, rows: &[Row]) -> Vec<Cells> {
    let runs = rows
        .iter()
        .map(|row| i64::try_from(row.run).unwrap_or(i64::MAX));
    let mut columns = vec![Cells::Integers(runs.collect())];
    if record.arms.len() > 1 {
        let arms = rows.iter().map(|row| Some(record.arms[row.arm].clone()));
        columns.push(Cells::Texts(arms.collect()));
    }
    for at in 0..record.axes.len() {
        columns.push(axis_cells(&record.axes[at], rows, at));
    }
    columns
}

fn axis_cells(axis: &AxisRecord, rows: &[Row], at: usize) -> Cells {
    if axis.words.is_some() {
        let words = rows.iter().map(|row| match &row.point[at] {
            Value::Word(word) => Some(word.clone()),
            Value::Number(number) => Some(number.to_string()),
        });
        return Cells::Texts(words.collect());
    }
    let numbers = rows.iter().map(|row| match row.point[at] {
        Value::Number(number) => Some(number),
        Value::Word(_) => None,
    });
    Cells::Numbers(numbers.collect())
}

fn column(name: &str, unit: &str, label: &str, kind: ColumnType) -> TableColumn {
    TableColumn {
        name: name.to_string(),
        unit: unit.to_string(),
        label: label.to_string(),
        kind,
    }
}

/// Columns of [`head_cells`].
pub fn head_columns(record: &SweepRecord) -> Vec<TableColumn> {
    let mut columns = vec![column("run", "", "", ColumnType::Integer)];
    if record.arms.len() > 1 {
        columns.push(column("arm", "", "", ColumnType::Text));
    }
    for axis in &record.axes {
        let kind = if axis.words.is_some() {
            ColumnType::Text
        } else {
            ColumnType::Number
        };
        let (unit, label) = match axis.unit.as_str() {
            "clock" => ("h", "hours after midnight"),
            unit => (unit, ""),
        };
        columns.push(column(&axis.name, unit, label, kind));
    }
    columns
}

fn about(record: &SweepRecord) -> Vec<(String, String)> {
    let pairs = [
        ("insilin.program", &record.program),
        ("insilin.sweep", &record.name),
        ("insilin.title", &record.title),
        ("insilin.notice", &record.notice),
    ];
    let owned = pairs.map(|(key, value)| (key.to_string(), value.clone()));
    owned.into()
}

fn metric_schema(record: &SweepRecord) -> TableSchema {
    let mut columns = head_columns(record);
    let metrics = record.metrics.iter();
    columns.extend(metrics.map(|one| column(&one.name, &one.unit, &one.label, ColumnType::Number)));
    columns.push(column("status", "", "", ColumnType::Text));
    columns.push(column("why", "", "", ColumnType::Text));
    TableSchema {
        columns,
        about: about(record),
    }
}

fn curve_schema(record: &SweepRecord) -> TableSchema {
    let mut columns = vec![column("run", "", "", ColumnType::Integer)];
    if let Some(kept) = &record.curves {
        columns.push(column("time", &kept.time_unit, "", ColumnType::Number));
        let quantities = kept.columns.iter();
        columns.extend(
            quantities.map(|one| column(&one.name, &one.unit, &one.label, ColumnType::Number)),
        );
    }
    TableSchema {
        columns,
        about: about(record),
    }
}

fn curve_table(schema: Arc<TableSchema>, rows: &[Row]) -> Table {
    let n_quantities = schema.columns.len() - 2;
    let (mut runs, mut times) = (Vec::new(), Vec::new());
    let mut values: Vec<Vec<Option<f64>>> = vec![Vec::new(); n_quantities];
    for row in rows {
        let Some((at, curves)) = &row.curves else {
            continue;
        };
        let run = i64::try_from(row.run).unwrap_or(i64::MAX);
        runs.extend(at.iter().map(|_| run));
        times.extend(at.iter().copied().map(Some));
        for (all, curve) in values.iter_mut().zip(curves) {
            all.extend(curve.iter().copied().map(Some));
        }
    }
    let mut columns = vec![Cells::Integers(runs), Cells::Numbers(times)];
    columns.extend(values.into_iter().map(Cells::Numbers));
    Table::new(schema, columns)
}
