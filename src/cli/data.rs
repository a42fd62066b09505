//! Trajectories as text, CSV or JSON, and back.

use insilin::render::DISCLAIMER;
use insilin::scenario::Vary;
use insilin::trajectory::{Column, ColumnKind, Trajectory, csv};
use serde_json::{Value, json};

use super::args::Format;

/// What to keep of the data, and in which form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataForm {
    /// Columns; all when empty.
    pub select: Vec<String>,
    /// Form.
    pub format: Format,
}

impl DataForm {
    /// The data of one arm as text; with a varied quantity its values come first in every row.
    pub fn write(&self, vary: Option<&Vary>, trajectories: &[Trajectory]) -> String {
        let ids: Vec<&str> = self.select.iter().map(String::as_str).collect();
        let kept = |whole: &Trajectory| {
            if ids.is_empty() {
                whole.clone()
            } else {
                whole.select(&ids).expect("the names were checked on load")
            }
        };
        let kept: Vec<Trajectory> = trajectories.iter().map(kept).collect();
        match self.format {
            Format::Json => write_json(vary, &kept),
            Format::Csv => write_csv(vary, &kept),
        }
    }
}

/// Reads back the data of one arm: one trajectory, or one per value of the varied quantity.
///
/// # Errors
/// What is wrong with the text.
pub fn read(format: Format, text: &str, vary: Option<&Vary>) -> Result<Vec<Trajectory>, String> {
    match (format, vary) {
        (Format::Json, vary) => read_json(text, vary.map_or(1, |vary| vary.values.len())),
        (Format::Csv, Some(vary)) => read_varied_csv(text, vary),
        (Format::Csv, None) => csv::read(text)
            .map(|trajectory| vec![trajectory])
            .map_err(|error| error.to_string()),
    }
}

fn write_csv(vary: Option<&Vary>, trajectories: &[Trajectory]) -> String {
    let Some(vary) = vary else {
        return trajectories.first().map(csv::write).unwrap_or_default();
    };
    let mut text = String::new();
    for (at, trajectory) in trajectories.iter().enumerate() {
        let written = csv::write(trajectory);
        let (head, rows) = written.split_once('\n').unwrap_or((&written, ""));
        if at == 0 {
            text.push_str(&format!("{},{head}\n", varied_head(vary)));
        }
        for row in rows.lines() {
            text.push_str(&format!("{},{row}\n", vary.values[at]));
        }
    }
    text
}

fn varied_head(vary: &Vary) -> String {
    if vary.unit.is_empty() {
        vary.name.clone()
    } else {
        format!("{} [{}]", vary.name, vary.unit)
    }
}

fn read_varied_csv(text: &str, vary: &Vary) -> Result<Vec<Trajectory>, String> {
    let (head, rows) = text.split_once('\n').ok_or("it is empty")?;
    let head = head.split_once(',').ok_or("it has one column only")?.1;
    let mut parts = vec![String::new(); vary.values.len()];
    for row in rows.lines() {
        let (value, rest) = row.split_once(',').ok_or("a row has one column only")?;
        let known = |known: &f64| value.parse() == Ok(*known);
        let at = vary.values.iter().position(known);
        let at =
            at.ok_or_else(|| format!("the scenario has no value {value} of `{}`", vary.name))?;
        parts[at].push_str(&format!("{rest}\n"));
    }
    if let Some(at) = parts.iter().position(String::is_empty) {
        let value = vary.values[at];
        return Err(format!("it has no rows for {} = {value}", vary.name));
    }
    let part = |rows: &String| csv::read(&format!("{head}\n{rows}"));
    let parts: Result<Vec<Trajectory>, _> = parts.iter().map(part).collect();
    parts.map_err(|error| error.to_string())
}

fn write_json(vary: Option<&Vary>, trajectories: &[Trajectory]) -> String {
    let one = |(at, trajectory): (usize, &Trajectory)| {
        let column = |column: &Column| {
            let values = trajectory.values(&column.id).unwrap_or_default();
            json!({ "id": column.id, "label": column.label, "unit": column.unit, "values": values })
        };
        let columns: Vec<Value> = trajectory.columns.iter().map(column).collect();
        let time = json!({ "unit": trajectory.time_unit, "values": trajectory.time });
        let mut run = json!({ "time": time, "columns": columns });
        if let Some(vary) = vary {
            run["varied"] = json!({ "id": vary.name, "unit": vary.unit, "value": vary.values[at] });
        }
        run
    };
    let runs: Vec<Value> = trajectories.iter().enumerate().map(one).collect();
    format!("{}\n", json!({ "notice": DISCLAIMER, "runs": runs }))
}

fn read_json(text: &str, n_runs: usize) -> Result<Vec<Trajectory>, String> {
    let whole: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let runs = whole["runs"].as_array().ok_or("it has no list `runs`")?;
    if runs.len() != n_runs {
        return Err(format!(
            "it has {} runs where the scenario has {n_runs}",
            runs.len()
        ));
    }
    runs.iter().map(run_from_json).collect()
}

fn run_from_json(run: &Value) -> Result<Trajectory, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    // Times go through the CSV reader, which knows what a good axis is.
    let mut axis = match text(&run["time"]["unit"]).as_str() {
        "" => "time\n".to_string(),
        unit => format!("time [{unit}]\n"),
    };
    for time in numbers(&run["time"])? {
        axis.push_str(&format!("{time}\n"));
    }
    let mut trajectory = csv::read(&axis).map_err(|error| error.to_string())?;
    for column in run["columns"]
        .as_array()
        .ok_or("a run has no list `columns`")?
    {
        let (id, values) = (text(&column["id"]), numbers(column)?);
        if values.len() != trajectory.n_times() || trajectory.column(&id).is_some() {
            return Err(format!(
                "column `{id}` stands twice, or its length is not that of the times"
            ));
        }
        let column = Column::new(id, text(&column["unit"]), ColumnKind::Derived);
        trajectory = trajectory.with_column(column, &values);
    }
    Ok(trajectory)
}

/// The list `values` of an axis or a column; JSON has no word for what is no number but `null`.
fn numbers(of: &Value) -> Result<Vec<f64>, String> {
    let values = of["values"].as_array().ok_or("a list `values` is absent")?;
    let number = |value: &Value| match value {
        Value::Null => Some(f64::NAN),
        other => other.as_f64(),
    };
    let numbers: Option<Vec<f64>> = values.iter().map(number).collect();
    numbers.ok_or_else(|| "a list `values` holds something that is no number".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vary() -> Vary {
        Vary {
            name: "dose".to_string(),
            unit: "nM".to_string(),
            values: vec![0.1, 2.0],
            per_arm: Vec::new(),
            log: false,
        }
    }

    fn family() -> Vec<Trajectory> {
        let one = |rows: &str| csv::read(&format!("time [min],A [mM],B\n{rows}")).unwrap();
        vec![one("0,1,2\n1,0.1,\n"), one("0,1,3\n1,1e-300,4\n")]
    }

    fn same(found: &[Trajectory], wanted: &[Trajectory]) -> bool {
        // As text, because NaN is not equal to itself.
        let text = |all: &[Trajectory]| all.iter().map(csv::write).collect::<Vec<_>>();
        text(found) == text(wanted)
    }

    #[test]
    fn a_family_reads_back_as_it_was_written_in_either_form() {
        for format in [Format::Csv, Format::Json] {
            let select = Vec::new();
            let text = DataForm { select, format }.write(Some(&vary()), &family());
            let back = read(format, &text, Some(&vary())).unwrap();
            assert!(same(&back, &family()), "{text}");
        }
    }

    #[test]
    fn a_selection_keeps_its_columns_alone() {
        let (select, format) = (vec!["B".to_string()], Format::Csv);
        let text = DataForm { select, format }.write(None, &family()[1..]);
        assert_eq!(text, "time [min],B\n0,3\n1,4\n");
    }

    #[test]
    fn data_that_lacks_runs_or_rows_is_refused_with_the_reason() {
        let refused = |format, text: &str| read(format, text, Some(&vary())).unwrap_err();
        let one = "dose [nM],time [min],A\n0.1,0,1\n";
        assert_eq!(refused(Format::Csv, one), "it has no rows for dose = 2");
        let other = "dose [nM],time [min],A\n0.3,0,1\n";
        assert!(refused(Format::Csv, other).contains("no value 0.3 of `dose`"));
        assert!(refused(Format::Json, "{\"runs\": []}").contains("0 runs"));
        assert!(refused(Format::Json, "[").contains("line 1"));
    }

    #[test]
    fn json_columns_of_another_length_than_the_times_are_refused() {
        let text = r#"{"runs":[{"time":{"unit":"min","values":[0,1]},"columns":[{"id":"A","values":[1]}]}]}"#;
        assert!(
            read(Format::Json, text, None)
                .unwrap_err()
                .contains("column `A`")
        );
    }
}
