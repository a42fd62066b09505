//! Aligned tables in plain text, for a terminal.

use super::number::significant;
use crate::observe::Metric;
use crate::trajectory::Trajectory;

/// Widest table, in terminal cells.
pub const MAX_WIDTH: usize = 100;
const GAP: &str = "  ";

/// How the cells of a column line up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text, at the left; shortened with `…` when the table would be too wide.
    Left,
    /// At the right.
    Right,
    /// Numbers, on their decimal points.
    Point,
}

/// Rows of text under headings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Heading and alignment of each column.
    pub columns: Vec<(String, Align)>,
    /// Cells; a short row ends in empty cells.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: &[(&str, Align)]) -> Self {
        Self {
            columns: columns
                .iter()
                .map(|(heading, align)| (heading.to_string(), *align))
                .collect(),
            rows: vec![],
        }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// When it has more cells than there are columns.
    pub fn push<const N: usize>(&mut self, cells: [&str; N]) {
        assert!(N <= self.columns.len(), "no more cells than columns");
        self.rows.push(cells.map(String::from).to_vec());
    }

    /// The table as text, each line ended by `\n`, without trailing blanks, at most [`MAX_WIDTH`] wide as long as the
    /// text columns can give way.
    pub fn render(&self) -> String {
        let cells: Vec<Vec<String>> = (0..self.columns.len())
            .map(|index| self.aligned(index))
            .collect();
        let headings: Vec<&str> = self
            .columns
            .iter()
            .map(|(heading, _)| heading.as_str())
            .collect();
        let widest = |index: usize| {
            cells[index]
                .iter()
                .map(|cell| width(cell))
                .max()
                .unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..headings.len())
            .map(|i| widest(i).max(width(headings[i])))
            .collect();
        self.narrow(&mut widths);

        let mut text = String::new();
        self.push_line(&mut text, &widths, |index| headings[index].to_string());
        let total = widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1);
        text.push_str(&"─".repeat(total));
        text.push('\n');
        for (row, _) in self.rows.iter().enumerate() {
            self.push_line(&mut text, &widths, |index| cells[index][row].clone());
        }
        text
    }

    /// Cells of a column, padded on the right so that points stand below each other.
    fn aligned(&self, index: usize) -> Vec<String> {
        let cells = self
            .rows
            .iter()
            .map(|row| row.get(index).cloned().unwrap_or_default());
        if self.columns[index].1 != Align::Point {
            return cells.collect();
        }
        let cells: Vec<String> = cells.collect();
        let tail = |cell: &str| cell.find('.').map_or(0, |point| width(&cell[point..]));
        let longest = cells.iter().map(|cell| tail(cell)).max().unwrap_or(0);
        cells
            .into_iter()
            .map(|cell| format!("{cell}{}", " ".repeat(longest - tail(&cell))))
            .collect()
    }

    /// Takes from the widest text column until the table fits or none can give way.
    fn narrow(&self, widths: &mut [usize]) {
        let gaps = GAP.len() * widths.len().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(MAX_WIDTH);
        while excess > 0 {
            let text =
                (0..widths.len()).filter(|&i| self.columns[i].1 == Align::Left && widths[i] > 8);
            let Some(widest) = text.max_by_key(|&i| widths[i]) else {
                return;
            };
            widths[widest] -= 1;
            excess -= 1;
        }
    }

    fn push_line(&self, text: &mut String, widths: &[usize], cell: impl Fn(usize) -> String) {
        let mut line = String::new();
        for (index, &room) in widths.iter().enumerate() {
            let cell = shortened(&cell(index), room);
            let blank = " ".repeat(room - width(&cell));
            if index > 0 {
                line.push_str(GAP);
            }
            match self.columns[index].1 {
                Align::Left => line.extend([cell, blank]),
                Align::Right | Align::Point => line.extend([blank, cell]),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// Metrics of columns, one per row: quantity, metric, value to four digits, unit.
///
/// A column that the trajectory does not have is left out: the caller has checked the names.
/// ```
/// # use insilin::observe::Metric;
/// # use insilin::render::table;
/// # use insilin::trajectory::{Column, ColumnKind, Trajectory};
/// let columns = vec![Column::new("G", "mg/dL", ColumnKind::Species).labelled("plasma glucose")];
/// let data = ndarray::array![[91.76], [157.38]];
/// let meal = Trajectory::new(vec![0.0, 66.0], "min", columns, data);
/// let text = table::summary(&meal, &[("G", vec![Metric::Initial, Metric::TimeToPeak])]).render();
/// assert!(text.contains("plasma glucose  initial       91.76  mg/dL\n"));
/// assert!(text.contains("                time to peak  66     min\n"));
/// ```
pub fn summary(trajectory: &Trajectory, wanted: &[(&str, Vec<Metric>)]) -> Table {
    let mut table = Table::new(&[
        ("quantity", Align::Left),
        ("metric", Align::Left),
        ("value", Align::Point),
        ("unit", Align::Left),
    ]);
    for (id, metrics) in wanted {
        let (Some(column), Some(values)) = (trajectory.column(id), trajectory.values(id)) else {
            continue;
        };
        for (index, metric) in metrics.iter().enumerate() {
            let quantity = if index == 0 {
                column.label.as_str()
            } else {
                ""
            };
            let words = metric_words(*metric, &column.unit, &trajectory.time_unit);
            let value = significant(metric.evaluate(&trajectory.time, &values), 4);
            table.push([
                quantity,
                &words,
                &value,
                &metric.unit(&column.unit, &trajectory.time_unit),
            ]);
        }
    }
    table
}

/// A metric in words with the unit of its number: `time to peak`, `at 120 min`, `above 7.8 mmol/L`.
pub fn metric_words(metric: Metric, column_unit: &str, time_unit: &str) -> String {
    let unit = match metric {
        Metric::At(_) => time_unit,
        Metric::Above(_) | Metric::Below(_) => column_unit,
        Metric::Iauc => return "incremental AUC".into(),
        Metric::NetIauc => return "net incremental AUC".into(),
        Metric::Auc => return "AUC".into(),
        _ => "",
    };
    format!("{metric} {unit}").trim_end().replace('_', " ")
}

/// Terminal cells that `text` takes: two for wide East Asian characters and emoji, none for combining marks.
pub fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

fn cells(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036F | 0x200B..=0x200D | 0x20D0..=0x20FF | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF => 2,
        0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF => 2,
        _ => 1,
    }
}

fn shortened(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.into();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width(&kept) + cells(c) + 1 > room {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_numbers_on_their_points() {
        let mut table = Table::new(&[
            ("quantity", Align::Left),
            ("value", Align::Point),
            ("unit", Align::Left),
        ]);
        table.push(["glucose", "91.76", "mg/dL"]);
        table.push(["β-cell mass", "1000", "µg"]);
        table.push(["gap", "–"]);
        let expected = "\
quantity     value    unit
──────────────────────────
glucose        91.76  mg/dL
β-cell mass  1000     µg
gap             –
";
        let got = table.render();
        assert_eq!(got.lines().nth(2), expected.lines().nth(2));
        assert_eq!(got.lines().nth(3), expected.lines().nth(3));
        assert_eq!(got.lines().nth(4), expected.lines().nth(4));
        assert_eq!(got.lines().next(), Some("quantity       value  unit"));
        assert_eq!(
            got.lines().nth(1).map(|line| line.chars().count()),
            Some(27)
        );
    }

    #[test]
    fn a_wide_table_shortens_its_text_not_its_numbers() {
        let mut table = Table::new(&[("quantity", Align::Left), ("value", Align::Point)]);
        table.push(["x".repeat(300).as_str(), "123.456"]);
        let text = table.render();
        assert!(text.lines().all(|line| width(line) <= MAX_WIDTH));
        assert!(text.contains("x…  123.456"));
    }

    #[test]
    fn width_counts_terminal_cells() {
        assert_eq!(width("mmol·L⁻¹"), 8);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("血糖"), 4);
    }

    #[test]
    fn metrics_are_put_in_words() {
        assert_eq!(
            metric_words(Metric::At(120.0), "mg/dL", "min"),
            "at 120 min"
        );
        assert_eq!(
            metric_words(Metric::Above(7.8), "mmol/L", "min"),
            "above 7.8 mmol/L"
        );
        assert_eq!(
            metric_words(Metric::TimeToPeak, "mg/dL", "min"),
            "time to peak"
        );
    }
}
