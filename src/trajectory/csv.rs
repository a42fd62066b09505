//! A trajectory as comma-separated text, and back.
//!
//! The first row names the columns with their units (`time [min],G_plasma [mg/dL]`; no brackets where there is no unit),
//! then one row per time. Numbers are the shortest that read back to the same bits, so the same trajectory always gives
//! the same bytes. Labels, kinds and provenance are not in the text: they live in the run's manifest.

use std::fmt::Write as _;

use ndarray::Array2;

use super::{Column, ColumnKind, Trajectory};

/// Text of `trajectory`, one header row and one row per time, each ended by `\n`.
/// ```
/// # use insilin::trajectory::{csv, Column, ColumnKind, Trajectory};
/// let columns = vec![Column::new("G", "mg/dL", ColumnKind::Species)];
/// let trajectory = Trajectory::new(vec![0.0, 0.1], "min", columns, ndarray::array![[90.0], [1e-7]]);
/// assert_eq!(csv::write(&trajectory), "time [min],G [mg/dL]\n0,90\n0.1,1e-7\n");
/// ```
pub fn write(trajectory: &Trajectory) -> String {
    let mut text = String::with_capacity(16 * (trajectory.data.len() + trajectory.n_times() + 8));
    text.push_str(&header_cell("time", &trajectory.time_unit));
    for column in &trajectory.columns {
        text.push(',');
        text.push_str(&header_cell(&column.id, &column.unit));
    }
    text.push('\n');
    for (time, row) in trajectory.time.iter().zip(trajectory.data.rows()) {
        push_number(&mut text, *time);
        for value in row {
            text.push(',');
            push_number(&mut text, *value);
        }
        text.push('\n');
    }
    text
}

/// Why a text is not a trajectory. Rows count from 1, the header included; columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CsvError {
    /// There is no header row.
    Empty,
    /// The first column is not `time` or `time [unit]`.
    NoTime {
        /// What the first cell says.
        found: String,
    },
    /// A quoted cell does not end.
    OpenQuote {
        /// Row where the quote opens.
        row: usize,
    },
    /// A row has more or fewer cells than the header.
    Width {
        /// Row at fault.
        row: usize,
        /// Its number of cells.
        found: usize,
        /// Number of cells in the header.
        expected: usize,
    },
    /// A cell is not a number.
    Number {
        /// Row at fault.
        row: usize,
        /// Column at fault.
        column: usize,
        /// What the cell says.
        found: String,
    },
    /// A time is not finite or lies before the one above it.
    TimeOrder {
        /// Row at fault.
        row: usize,
    },
    /// Two columns have one identifier.
    Repeated {
        /// The identifier.
        id: String,
    },
}

impl std::fmt::Display for CsvError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => write!(f, "no header row; expected `time [min],…`"),
            Self::NoTime { found } => write!(
                f,
                "first column is `{found}`; expected `time` or `time [unit]`"
            ),
            Self::OpenQuote { row } => write!(f, "row {row}: a quoted cell does not end"),
            Self::Width {
                row,
                found,
                expected,
            } => {
                write!(f, "row {row} has {found} cells, the header has {expected}")
            }
            Self::Number { row, column, found } => {
                write!(f, "row {row}, column {column}: `{found}` is not a number")
            }
            Self::TimeOrder { row } => write!(
                f,
                "row {row}: time is not finite or lies before the row above"
            ),
            Self::Repeated { id } => write!(f, "two columns are called `{id}`"),
        }
    }
}

impl std::error::Error for CsvError {}

/// Trajectory written in `text`, its columns of kind [`ColumnKind::Derived`] and labelled with their identifiers.
///
/// Takes `\n` and `\r\n`, and skips empty lines. An empty cell is NaN.
pub fn read(text: &str) -> Result<Trajectory, CsvError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if !line.trim().is_empty() {
            rows.push((
                index + 1,
                split_row(line).ok_or(CsvError::OpenQuote { row: index + 1 })?,
            ));
        }
    }
    let (_, header) = rows.first().ok_or(CsvError::Empty)?;
    let (time_unit, columns) = read_header(header)?;
    let mut time = Vec::with_capacity(rows.len());
    let mut data = Vec::with_capacity(rows.len() * columns.len());
    for (row, cells) in &rows[1..] {
        read_row(*row, cells, columns.len() + 1, &mut time, &mut data)?;
    }
    let data = Array2::from_shape_vec((time.len(), columns.len()), data)
        .expect("every row has the header's width");
    Ok(Trajectory::new(time, time_unit, columns, data))
}

fn read_header(cells: &[String]) -> Result<(String, Vec<Column>), CsvError> {
    let (first, time_unit) = split_unit(&cells[0]);
    if first != "time" {
        return Err(CsvError::NoTime {
            found: cells[0].clone(),
        });
    }
    let mut columns: Vec<Column> = Vec::with_capacity(cells.len() - 1);
    for cell in &cells[1..] {
        let (id, unit) = split_unit(cell);
        if columns.iter().any(|column| column.id == id) {
            return Err(CsvError::Repeated { id: id.into() });
        }
        columns.push(Column::new(id, unit, ColumnKind::Derived));
    }
    Ok((time_unit.to_string(), columns))
}

fn read_row(
    row: usize,
    cells: &[String],
    width: usize,
    time: &mut Vec<f64>,
    data: &mut Vec<f64>,
) -> Result<(), CsvError> {
    if cells.len() != width {
        return Err(CsvError::Width {
            row,
            found: cells.len(),
            expected: width,
        });
    }
    let at = read_number(row, 1, &cells[0])?;
    if !at.is_finite() || time.last().is_some_and(|&before| at < before) {
        return Err(CsvError::TimeOrder { row });
    }
    time.push(at);
    for (index, cell) in cells[1..].iter().enumerate() {
        data.push(read_number(row, index + 2, cell)?);
    }
    Ok(())
}

fn read_number(row: usize, column: usize, cell: &str) -> Result<f64, CsvError> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(f64::NAN);
    }
    cell.parse().map_err(|_| CsvError::Number {
        row,
        column,
        found: cell.to_string(),
    })
}

/// `id [unit]` → id and unit; the unit is empty where there are no brackets.
fn split_unit(cell: &str) -> (&str, &str) {
    let cell = cell.trim();
    match cell
        .strip_suffix(']')
        .and_then(|open| open.rsplit_once(" ["))
    {
        Some((id, unit)) => (id.trim(), unit),
        None => (cell, ""),
    }
}

fn header_cell(id: &str, unit: &str) -> String {
    let cell = if unit.is_empty() {
        id.to_string()
    } else {
        format!("{id} [{unit}]")
    };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

/// Cells of one line, quotes resolved; `None` when a quote does not end. A cell never spans lines.
fn split_row(line: &str) -> Option<Vec<String>> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let cell = cells
            .last_mut()
            .expect("starts with one cell and only grows");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => cells.push(String::new()),
            _ => cell.push(c),
        }
    }
    (!quoted).then_some(cells)
}

/// Shortest text that reads back to the same bits; whole numbers without a point.
pub fn push_number(text: &mut String, value: f64) {
    let start = text.len();
    write!(text, "{value:?}").expect("writing to a string never fails");
    if text[start..].ends_with(".0") {
        text.truncate(text.len() - 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn text_reads_back_to_the_same_bits() {
        let columns = vec![
            Column::new("a", "", ColumnKind::Derived),
            Column::new("b", "mmol/(L.min)", ColumnKind::Derived),
        ];
        let data = array![
            [1.0 / 3.0, -0.0],
            [f64::MIN_POSITIVE / 3.0, 1e300],
            [f64::INFINITY, 6.02214076e23]
        ];
        let trajectory = Trajectory::new(vec![0.0, 0.1, 0.1], "h", columns, data);
        let back = read(&write(&trajectory)).unwrap();
        assert_eq!(back, trajectory);
        assert!(back.data[[0, 1]].is_sign_negative());
    }

    #[test]
    fn awkward_names_are_quoted_and_come_back() {
        let columns = vec![Column::new("a, \"b\"", "x", ColumnKind::Derived)];
        let trajectory = Trajectory::new(vec![0.0], "", columns, array![[f64::NAN]]);
        let text = write(&trajectory);
        assert_eq!(text, "time,\"a, \"\"b\"\" [x]\"\n0,NaN\n");
        let back = read(&text).unwrap();
        assert_eq!(back.columns, trajectory.columns);
        assert!(back.data[[0, 0]].is_nan());
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let message = |text: &str| read(text).unwrap_err().to_string();
        assert_eq!(message(""), "no header row; expected `time [min],…`");
        assert_eq!(
            message("t,G\n0,1\n"),
            "first column is `t`; expected `time` or `time [unit]`"
        );
        assert_eq!(
            message("time,G\n0,1\n1\n"),
            "row 3 has 1 cells, the header has 2"
        );
        assert_eq!(
            message("time,G\n0,x1\n"),
            "row 2, column 2: `x1` is not a number"
        );
        assert_eq!(
            message("time,G\n1,1\n0,1\n"),
            "row 3: time is not finite or lies before the row above"
        );
        assert_eq!(message("time,G,G\n"), "two columns are called `G`");
        assert_eq!(message("time,\"G\n"), "row 1: a quoted cell does not end");
    }

    #[test]
    fn windows_line_ends_byte_order_marks_and_empty_cells_are_read() {
        let trajectory = read("\u{feff}time [min],G [mg/dL]\r\n\r\n0,90\r\n1,\r\n").unwrap();
        assert_eq!(trajectory.columns[0].unit, "mg/dL");
        assert_eq!(trajectory.data[[0, 0]], 90.0);
        assert!(trajectory.data[[1, 0]].is_nan());
    }
}
