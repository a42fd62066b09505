//! What figures read of a sweep's parts.

use insilin::store::{Cells, Parts, StoreError, Table};

use super::super::record::SweepRecord;
use super::super::summary::head_width;

/// The metrics of all runs, column by column.
pub struct Rows {
    /// Arm of each run.
    pub arms: Vec<usize>,
    /// One list per axis; NaN for words, whose places are in `words`.
    pub axes: Vec<Vec<f64>>,
    /// One list per metric.
    pub metrics: Vec<Vec<Option<f64>>>,
}

impl Rows {
    /// Reads all parts.
    ///
    /// # Errors
    /// A part that cannot be read.
    pub fn read(parts: &Parts, record: &SweepRecord) -> Result<Self, StoreError> {
        let mut rows = Self {
            arms: Vec::new(),
            axes: vec![Vec::new(); record.axes.len()],
            metrics: vec![Vec::new(); record.metrics.len()],
        };
        for part in 0..record.n_parts() {
            rows.take(record, &parts.read(part)?);
        }
        Ok(rows)
    }

    fn take(&mut self, record: &SweepRecord, table: &Table) {
        let several = record.arms.len() > 1;
        match table.columns.get(1) {
            Some(Cells::Texts(labels)) if several => {
                let arm = |label: &Option<String>| {
                    let known = record
                        .arms
                        .iter()
                        .position(|arm| Some(arm) == label.as_ref());
                    known.unwrap_or(0)
                };
                self.arms.extend(labels.iter().map(arm));
            }
            _ => self.arms.extend(vec![0; table.n_rows()]),
        }
        let first_axis = 1 + usize::from(several);
        for (at, (values, axis)) in self.axes.iter_mut().zip(&record.axes).enumerate() {
            match &table.columns[first_axis + at] {
                Cells::Numbers(numbers) => {
                    values.extend(numbers.iter().map(|n| n.unwrap_or(f64::NAN)))
                }
                Cells::Texts(words) => {
                    let known = axis.words.as_deref().unwrap_or_default();
                    let place = |word: &Option<String>| {
                        known.iter().position(|one| Some(one) == word.as_ref())
                    };
                    // Words stand at their place in the list.
                    values.extend(
                        words
                            .iter()
                            .map(|w| place(w).map_or(f64::NAN, |at| at as f64)),
                    );
                }
                Cells::Integers(numbers) => values.extend(numbers.iter().map(|&n| n as f64)),
            }
        }
        for (values, cells) in self
            .metrics
            .iter_mut()
            .zip(&table.columns[head_width(record)..])
        {
            if let Cells::Numbers(numbers) = cells {
                values.extend(numbers);
            }
        }
    }
}

/// One quantity over time, of all runs.
pub struct Curves {
    /// Common times.
    pub times: Vec<f64>,
    /// One per run: its values at the times; none for a run that failed or has other times.
    pub runs: Vec<Option<Vec<f64>>>,
}

impl Curves {
    /// Reads one quantity from all parts.
    ///
    /// # Errors
    /// A part that cannot be read.
    pub fn read(parts: &Parts, record: &SweepRecord, of: &str) -> Result<Self, StoreError> {
        let mut curves = Self {
            times: Vec::new(),
            runs: vec![None; record.n_runs as usize],
        };
        for part in 0..record.n_parts() {
            curves.take(&parts.read(part)?, of);
        }
        Ok(curves)
    }

    fn take(&mut self, table: &Table, of: &str) {
        let place = table
            .schema
            .columns
            .iter()
            .position(|column| column.name == of);
        let (Some(place), Some(Cells::Integers(runs))) = (place, table.columns.first()) else {
            return;
        };
        let (Cells::Numbers(times), Cells::Numbers(values)) =
            (&table.columns[1], &table.columns[place])
        else {
            return;
        };
        let mut from = 0;
        while from < runs.len() {
            let run = runs[from];
            let to = from + runs[from..].partition_point(|&other| other <= run);
            let plain = |cells: &[Option<f64>]| -> Vec<f64> {
                cells.iter().map(|cell| cell.unwrap_or(f64::NAN)).collect()
            };
            let at = plain(&times[from..to]);
            if self.times.is_empty() {
                self.times.clone_from(&at);
            }
            if at == self.times
                && let Some(place) = self.runs.get_mut(run as usize)
            {
                *place = Some(plain(&values[from..to]));
            }
            from = to;
        }
    }
}
