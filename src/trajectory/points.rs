//! Measured data as text: one row per point, `#` lines before them say where they come from.

use super::{Measured, SpreadKind};

/// What is wrong with a file of measured points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// One series of points with the unit of its times.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// The series, its times in `time_unit`.
    pub measured: Measured,
    /// Unit of the times as written.
    pub time_unit: String,
}

/// Columns that a file must have; others are left alone.
const COLUMNS: [&str; 9] = [
    "observable",
    "time",
    "time_unit",
    "value",
    "spread",
    "spread_kind",
    "n",
    "unit",
    "source",
];

/// Reads points and groups them into one series per observable, in order of first appearance.
///
/// Fields are separated by commas and may be quoted with `"`; empty `spread` and `n` mean not published. Within one
/// observable, unit, spread kind, time unit and source must not change, and times must rise.
///
/// # Errors
/// The first line that is not as described.
/// ```
/// # use insilin::trajectory::points::read;
/// let text = "# a study\nobservable,time,time_unit,value,spread,spread_kind,n,unit,source\n\
///             G,0,min,92,7.7,SD,204,mg/dL,Dalla Man 2007\nG,30,min,167,20,SD,204,mg/dL,Dalla Man 2007\n";
/// let series = read(text).unwrap();
/// assert_eq!(series[0].measured.value, [92.0, 167.0]);
/// assert_eq!(read("").unwrap_err().message, "there is no header row");
/// ```
pub fn read(text: &str) -> Result<Vec<Points>, PointsError> {
    let mut rows = text
        .lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line.trim_end()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let (at, head) = rows
        .next()
        .ok_or_else(|| wrong(1, "there is no header row"))?;
    let places = header(at, head)?;
    let mut series: Vec<Points> = Vec::new();
    for (at, line) in rows {
        let fields = split(line).ok_or_else(|| wrong(at, "a quoted field does not end"))?;
        add_row(&mut series, at, &fields, &places)?;
    }
    Ok(series)
}

fn wrong(line: usize, message: impl Into<String>) -> PointsError {
    PointsError {
        line,
        message: message.into(),
    }
}

/// Where each of [`COLUMNS`] stands.
fn header(at: usize, head: &str) -> Result<Vec<usize>, PointsError> {
    let names = split(head).ok_or_else(|| wrong(at, "a quoted field does not end"))?;
    let place = |column: &&str| {
        let found = names.iter().position(|name| name.trim() == *column);
        found.ok_or_else(|| wrong(at, format!("there is no column `{column}`")))
    };
    COLUMNS.iter().map(place).collect()
}

fn split(line: &str) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let field = fields.last_mut()?;
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    (!quoted).then_some(fields)
}

fn add_row(
    series: &mut Vec<Points>,
    at: usize,
    fields: &[String],
    places: &[usize],
) -> Result<(), PointsError> {
    let field = |column: usize| fields.get(places[column]).map_or("", |field| field.trim());
    let number = |column: usize| {
        let value: Result<f64, _> = field(column).parse();
        value.ok().filter(|value| value.is_finite()).ok_or_else(|| {
            wrong(
                at,
                format!(
                    "`{}` in column `{}` is no number",
                    field(column),
                    COLUMNS[column]
                ),
            )
        })
    };
    let spread = if field(4).is_empty() {
        f64::NAN
    } else {
        number(4)?
    };
    let kind = match field(5) {
        "" => None,
        text => Some(SpreadKind::parse(text).ok_or_else(|| {
            wrong(
                at,
                format!("`{text}` is no spread; accepted: `SD`, `SEM`, `CI95`"),
            )
        })?),
    };
    let fresh = Points {
        measured: Measured {
            observable: field(0).to_string(),
            label: "measured".to_string(),
            time: Vec::new(),
            value: Vec::new(),
            spread: Vec::new(),
            spread_kind: kind,
            n: field(6).parse().ok(),
            unit: field(7).to_string(),
            source: field(8).to_string(),
        },
        time_unit: field(2).to_string(),
    };
    let known = series
        .iter()
        .position(|points| points.measured.observable == fresh.measured.observable);
    let index = known.unwrap_or_else(|| {
        series.push(fresh.clone());
        series.len() - 1
    });
    let points = &mut series[index];
    let same = points.time_unit == fresh.time_unit
        && points.measured.unit == fresh.measured.unit
        && points.measured.spread_kind == fresh.measured.spread_kind;
    if !same {
        return Err(wrong(
            at,
            format!(
                "`{}` changes its unit or spread kind on the way",
                fresh.measured.observable
            ),
        ));
    }
    let (time, value) = (number(1)?, number(3)?);
    if points.measured.time.last().is_some_and(|&last| time < last) {
        return Err(wrong(at, "times of one observable must rise"));
    }
    points.measured.time.push(time);
    points.measured.value.push(value);
    points.measured.spread.push(spread);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "observable,time,time_unit,value,spread,spread_kind,n,unit,source\n";

    fn message(rows: &str) -> String {
        let error = read(&format!("{HEAD}{rows}")).unwrap_err();
        format!("{}: {}", error.line, error.message)
    }

    #[test]
    fn a_quoted_source_may_hold_commas_and_quotes() {
        let series = read(&format!(
            "{HEAD}G,0,min,1,,,,mg/dL,\"Smith, \"\"J\"\" 2001\"\n"
        ))
        .unwrap();
        assert_eq!(series[0].measured.source, "Smith, \"J\" 2001");
        assert!(series[0].measured.spread[0].is_nan());
    }

    #[test]
    fn each_mistake_names_its_line() {
        assert_eq!(
            message("G,x,min,1,,,,mg/dL,s\n"),
            "2: `x` in column `time` is no number"
        );
        assert_eq!(
            message("G,0,min,nan,,,,mg/dL,s\n"),
            "2: `nan` in column `value` is no number"
        );
        assert_eq!(
            message("G,5,min,1,,,,u,s\nG,1,min,1,,,,u,s\n"),
            "3: times of one observable must rise"
        );
        assert_eq!(
            message("G,0,min,1,2,range,,u,s\n"),
            "2: `range` is no spread; accepted: `SD`, `SEM`, `CI95`"
        );
        assert_eq!(
            message("G,0,min,1,,,,\"u,s\n"),
            "2: a quoted field does not end"
        );
        assert_eq!(
            message("G,0,min,1,,,,u,s\nG,1,min,1,,,,v,s\n"),
            "3: `G` changes its unit or spread kind on the way"
        );
    }

    #[test]
    fn a_missing_column_is_named() {
        assert_eq!(
            read("observable,time\n").unwrap_err().message,
            "there is no column `time_unit`"
        );
    }
}
