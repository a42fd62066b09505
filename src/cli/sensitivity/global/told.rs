//! What follows from runs over ranges, as text, as tables and as figures.

use insilin::render::build::{
    Elementary, Index as ShownIndex, Indices as ShownIndices, morris, sobol,
};
use insilin::render::number::significant;
use insilin::render::table::{Align, Table};
use insilin::render::{DISCLAIMER, Figure};
use insilin::scenario::sweep::Sampling;
use insilin::store::csv;
use serde_json::{Value as Json, json};

use crate::cli::results;
use crate::cli::sweep::{ColumnRecord, SweepRecord, value_axis};

/// What follows from all runs.
pub struct Told {
    pub method: Sampling,
    pub axes: Vec<String>,
    pub groups: Vec<Group>,
    pub runs: u64,
    pub failed: u64,
}

/// One metric of one arm.
pub struct Group {
    pub arm: String,
    pub metric: ColumnRecord,
    pub rows: Vec<Row>,
    /// Walks or base rows that count, and those left out because a run of them failed.
    pub used: usize,
    pub dropped: usize,
    /// Mean and variance of the metric, for Sobol.
    pub moments: Option<(f64, f64)>,
}

/// What is known of one axis: elementary effects or indices, with intervals.
pub struct Row {
    /// µ* or the first-order index.
    pub main: (f64, (f64, f64)),
    /// σ or the total index.
    pub other: (f64, (f64, f64)),
    /// µ of elementary effects.
    pub mean: f64,
    pub used: usize,
}

impl Told {
    fn is_variance(&self) -> bool {
        self.method == Sampling::Saltelli
    }

    /// The axes of a group, the strongest first.
    fn ranked(&self, group: &Group) -> Vec<usize> {
        let size = |at: usize| {
            let row = &group.rows[at];
            if self.is_variance() {
                row.other.0
            } else {
                row.main.0
            }
        };
        let mut order: Vec<usize> = (0..self.axes.len()).collect();
        order.sort_by(|&one, &other| size(other).total_cmp(&size(one)));
        order
    }

    pub fn text(&self, record: &SweepRecord, top: usize) -> String {
        let mut parts = vec![format!("{}\n", record.title)];
        for group in &self.groups {
            parts.push(self.group_text(group, top));
        }
        if self.failed > 0 {
            parts.push(format!(
                "{} of {} runs failed; what touches them is left out\n",
                self.failed, self.runs
            ));
        }
        parts.push(format!("{DISCLAIMER}\n"));
        parts.join("\n")
    }

    fn group_text(&self, group: &Group, top: usize) -> String {
        let arm = match group.arm.as_str() {
            "" => String::new(),
            label => format!("{label}: "),
        };
        let unit = match group.metric.unit.as_str() {
            "" => String::new(),
            unit => format!(" ({unit})"),
        };
        let counted = if self.is_variance() {
            "base rows"
        } else {
            "walks"
        };
        let mut text = format!("{arm}{}{unit}, {} {counted}", group.metric.name, group.used);
        if group.dropped > 0 {
            text.push_str(&format!(", {} left out", group.dropped));
        }
        if let Some((mean, variance)) = group.moments {
            let number = |value| significant(value, 4);
            text.push_str(&format!(
                ", mean {}, SD {}",
                number(mean),
                number(variance.sqrt())
            ));
        }
        text.push('\n');
        let heads: [&str; 5] = if self.is_variance() {
            ["axis", "first", "95 %", "total", "95 %"]
        } else {
            ["axis", "µ*", "95 %", "µ", "σ"]
        };
        let aligned: Vec<(&str, Align)> = heads
            .iter()
            .enumerate()
            .map(|(at, head)| (*head, if at == 0 { Align::Left } else { Align::Right }))
            .collect();
        let mut table = Table::new(&aligned);
        let interval =
            |(low, high): (f64, f64)| format!("{} … {}", significant(low, 3), significant(high, 3));
        for at in self.ranked(group).into_iter().take(top) {
            let row = &group.rows[at];
            let number = |value| significant(value, 3);
            let cells = if self.is_variance() {
                [
                    number(row.main.0),
                    interval(row.main.1),
                    number(row.other.0),
                    interval(row.other.1),
                ]
            } else {
                [
                    number(row.main.0),
                    interval(row.main.1),
                    number(row.mean),
                    number(row.other.0),
                ]
            };
            let [a, b, c, d] = &cells;
            table.push([self.axes[at].as_str(), a, b, c, d]);
        }
        text + &table.render()
    }

    pub fn table(&self) -> (Vec<&'static str>, Vec<Vec<String>>) {
        let head = if self.is_variance() {
            vec![
                "arm",
                "metric",
                "unit",
                "axis",
                "first",
                "first_low",
                "first_high",
                "total",
                "total_low",
                "total_high",
                "used",
                "dropped",
            ]
        } else {
            vec![
                "arm",
                "metric",
                "unit",
                "axis",
                "mu_star",
                "mu_star_low",
                "mu_star_high",
                "mu",
                "sigma",
                "used",
                "dropped",
            ]
        };
        let mut rows = Vec::new();
        for group in &self.groups {
            for (axis, row) in self.axes.iter().zip(&group.rows) {
                let mut cells = vec![
                    group.arm.clone(),
                    group.metric.name.clone(),
                    group.metric.unit.clone(),
                    axis.clone(),
                ];
                let (low, high) = row.main.1;
                let mut numbers = vec![row.main.0, low, high];
                if self.is_variance() {
                    let (low, high) = row.other.1;
                    numbers.extend([row.other.0, low, high]);
                } else {
                    numbers.extend([row.mean, row.other.0]);
                }
                let text = |value: f64| {
                    if value.is_finite() {
                        value.to_string()
                    } else {
                        String::new()
                    }
                };
                cells.extend(numbers.into_iter().map(text));
                cells.extend([row.used.to_string(), group.dropped.to_string()]);
                rows.push(cells);
            }
        }
        (head, rows)
    }

    pub fn to_json(&self, record: &SweepRecord) -> Json {
        let (head, rows) = self.table();
        let row = |cells: &Vec<String>| {
            let pairs = head.iter().zip(cells).map(|(key, cell)| {
                let number = cell.parse::<f64>().ok().map(Json::from);
                let is_text = ["arm", "metric", "unit", "axis"].contains(key);
                let value = if is_text {
                    Json::from(cell.clone())
                } else {
                    number.unwrap_or(Json::Null)
                };
                ((*key).to_string(), value)
            });
            Json::Object(pairs.collect())
        };
        json!({
            "name": record.name, "notice": DISCLAIMER, "method": self.method.word(),
            "runs": self.runs, "failed": self.failed, "indices": rows.iter().map(row).collect::<Vec<_>>(),
        })
    }

    pub fn figures(&self, record: &SweepRecord) -> Vec<(String, Figure)> {
        let several = record.arms.len() > 1;
        let groups = self.groups.iter().enumerate();
        groups
            .map(|(at, group)| {
                let axis = value_axis(&group.metric);
                let arm = if several {
                    format!(", {}", group.arm)
                } else {
                    String::new()
                };
                let title = format!("{}: what it depends on{arm}", axis.label);
                let mut figure = if self.is_variance() {
                    sobol(&title, &axis.label, &self.shown_indices(group))
                } else {
                    morris(&title, &axis, &self.shown_effects(group))
                };
                figure.subtitle = format!("{}: {} runs", record.title, self.runs);
                (
                    format!(
                        "{}-{}",
                        self.method.word(),
                        results::slug(&group.metric.name, at)
                    ),
                    figure,
                )
            })
            .collect()
    }

    fn shown_effects(&self, group: &Group) -> Vec<Elementary> {
        let rows = self.axes.iter().zip(&group.rows);
        rows.map(|(name, row)| Elementary {
            name: name.clone(),
            mu_star: row.main.0,
            mu_star_half: 0.5 * (row.main.1.1 - row.main.1.0),
            sigma: row.other.0,
            sigma_half: f64::NAN,
        })
        .collect()
    }

    fn shown_indices(&self, group: &Group) -> Vec<ShownIndices> {
        let index = |(value, interval): (f64, (f64, f64))| ShownIndex {
            value,
            interval: Some(interval),
        };
        let rows = self.axes.iter().zip(&group.rows);
        rows.map(|(name, row)| ShownIndices {
            name: name.clone(),
            first: index(row.main),
            total: index(row.other),
        })
        .collect()
    }
}

/// Rows as comma-separated text.
pub fn as_csv(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = head.join(",") + "\n";
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                if cell.is_empty() {
                    String::new()
                } else {
                    csv::quoted(cell)
                }
            })
            .collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}
