//! Columns over time, with units and provenance. Inert: it holds numbers and answers look-ups, nothing else.
//!
//! A [`Trajectory`] is what a simulation gives and what `observe`, `render` and `store` read. [`Measured`] holds
//! published points to lay over a column. [`csv`] turns a trajectory into text and back without touching a file.

pub mod csv;
mod measured;
pub mod points;

pub use measured::{Measured, MeasuredError, SpreadKind};

use ndarray::{Array2, ArrayView1, Axis};

/// What a column of a trajectory stands for in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColumnKind {
    /// Amount or concentration of a species.
    Species,
    /// Size of a compartment.
    Compartment,
    /// A parameter, constant or changed during the run.
    Parameter,
    /// Rate of a reaction: a flux.
    Reaction,
    /// Value of an assignment or rate rule.
    Rule,
    /// Computed from other columns after the run, or read from a file that does not say.
    Derived,
}

/// Name, unit and meaning of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Identifier in the model, unique within a trajectory.
    pub id: String,
    /// Words for tables and legends; the identifier where the model gives none.
    pub label: String,
    /// Display form of the unit, such as `mg/dL`; empty for dimensionless or undeclared.
    pub unit: String,
    /// What it stands for in the model.
    pub kind: ColumnKind,
}

impl Column {
    /// A column labelled with its own identifier.
    pub fn new(id: impl Into<String>, unit: impl Into<String>, kind: ColumnKind) -> Self {
        let id = id.into();
        Self {
            label: id.clone(),
            id,
            unit: unit.into(),
            kind,
        }
    }

    /// The same column with words for tables and legends.
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }
}

/// Where a trajectory came from, as text for captions and manifests. Holds no clock time: same run, same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Program and version that made it, such as `insilin 0.1.0`.
    pub program: String,
    /// Model, by name or path as the user gave it.
    pub model: String,
    /// Scenario, by name; empty when a model ran alone.
    pub scenario: String,
    /// Integrator and tolerances, such as `Rodas5P, rtol 1e-6`.
    pub method: String,
}

/// Columns sampled at common times: row `i` of `data` holds every column at `time[i]`.
///
/// Times never decrease; two rows at one time are the left and right limits of a jump.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// Times, in `time_unit`, ascending; equal neighbours mark a jump.
    pub time: Vec<f64>,
    /// Display form of the unit of time, such as `min`.
    pub time_unit: String,
    /// One per column of `data`, in the same order.
    pub columns: Vec<Column>,
    /// Values, shape `(time.len(), columns.len())`.
    pub data: Array2<f64>,
    /// Where it came from.
    pub provenance: Provenance,
}

impl Trajectory {
    /// A trajectory from its parts, with empty provenance.
    ///
    /// # Panics
    /// When the shape of `data` is not `(time.len(), columns.len())`, when times decrease or are not finite, or when
    /// two columns share an identifier: each is a mistake of the caller, never of a user.
    pub fn new(
        time: Vec<f64>,
        time_unit: impl Into<String>,
        columns: Vec<Column>,
        data: Array2<f64>,
    ) -> Self {
        assert_eq!(
            data.dim(),
            (time.len(), columns.len()),
            "one row per time and one column per name"
        );
        assert!(time.iter().all(|t| t.is_finite()), "every time is finite");
        assert!(
            time.windows(2).all(|pair| pair[0] <= pair[1]),
            "times ascend"
        );
        for (i, column) in columns.iter().enumerate() {
            assert!(
                columns[..i].iter().all(|earlier| earlier.id != column.id),
                "column `{}` appears once",
                column.id
            );
        }
        Self {
            time,
            time_unit: time_unit.into(),
            columns,
            data,
            provenance: Provenance::default(),
        }
    }

    /// Times alone, without any column yet.
    ///
    /// # Panics
    /// When times decrease or are not finite.
    pub fn of_times(time: Vec<f64>, time_unit: &str) -> Self {
        let data = Array2::zeros((time.len(), 0));
        Self::new(time, time_unit, Vec::new(), data)
    }

    /// The same trajectory with its origin.
    pub fn with_provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// Number of sampled times.
    pub fn n_times(&self) -> usize {
        self.time.len()
    }

    /// Position of the column called `id`.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }

    /// Name and unit of the column called `id`.
    pub fn column(&self, id: &str) -> Option<&Column> {
        self.index_of(id).map(|index| &self.columns[index])
    }

    /// Values of the column called `id`, in its unit, one per time; a view, nothing is copied.
    pub fn view(&self, id: &str) -> Option<ArrayView1<'_, f64>> {
        self.index_of(id).map(|index| self.data.column(index))
    }

    /// Values of the column called `id`, in its unit, one per time, as a slice of their own.
    pub fn values(&self, id: &str) -> Option<Vec<f64>> {
        self.view(id).map(|view| view.to_vec())
    }

    /// The named columns, in the order asked, over the same times.
    ///
    /// Fails with the first name that no column has. A name asked twice is kept once.
    pub fn select<'a>(&self, ids: &[&'a str]) -> Result<Self, &'a str> {
        let mut kept: Vec<usize> = Vec::with_capacity(ids.len());
        for &id in ids {
            let index = self.index_of(id).ok_or(id)?;
            if !kept.contains(&index) {
                kept.push(index);
            }
        }
        Ok(Self {
            time: self.time.clone(),
            time_unit: self.time_unit.clone(),
            columns: kept
                .iter()
                .map(|&index| self.columns[index].clone())
                .collect(),
            data: self.data.select(Axis(1), &kept),
            provenance: self.provenance.clone(),
        })
    }

    /// The same trajectory with one more column at the right.
    ///
    /// # Panics
    /// When `values` has not one value per time, or the identifier is taken.
    pub fn with_column(mut self, column: Column, values: &[f64]) -> Self {
        assert!(
            self.index_of(&column.id).is_none(),
            "column `{}` appears once",
            column.id
        );
        self.data
            .push_column(ArrayView1::from(values))
            .expect("one value per time");
        // `push_column` may leave the storage in column order; equality and codecs do not depend on it.
        self.columns.push(column);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn meal() -> Trajectory {
        let columns = vec![
            Column::new("G", "mg/dL", ColumnKind::Species).labelled("plasma glucose"),
            Column::new("I", "pmol/L", ColumnKind::Species),
        ];
        Trajectory::new(
            vec![0.0, 60.0, 120.0],
            "min",
            columns,
            array![[90.0, 25.0], [160.0, 250.0], [130.0, 200.0]],
        )
    }

    #[test]
    fn a_column_is_found_by_its_id_and_holds_its_values() {
        let trajectory = meal();
        assert_eq!(trajectory.values("I"), Some(vec![25.0, 250.0, 200.0]));
        assert_eq!(
            trajectory.column("G").map(|c| c.label.as_str()),
            Some("plasma glucose")
        );
        assert_eq!(trajectory.values("X"), None);
    }

    #[test]
    fn selecting_keeps_the_order_asked_and_drops_repeats() {
        let selected = meal().select(&["I", "G", "I"]).unwrap();
        let ids: Vec<&str> = selected.columns.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["I", "G"]);
        assert_eq!(
            selected.data,
            array![[25.0, 90.0], [250.0, 160.0], [200.0, 130.0]]
        );
    }

    #[test]
    fn selecting_an_unknown_column_names_it() {
        assert_eq!(meal().select(&["G", "glucagon"]), Err("glucagon"));
    }

    #[test]
    fn a_column_can_be_added_at_the_right() {
        let trajectory = meal().with_column(
            Column::new("ratio", "", ColumnKind::Derived),
            &[1.0, 2.0, 3.0],
        );
        assert_eq!(trajectory.data.dim(), (3, 3));
        assert_eq!(trajectory.values("ratio"), Some(vec![1.0, 2.0, 3.0]));
        assert_eq!(trajectory.values("G"), Some(vec![90.0, 160.0, 130.0]));
    }

    #[test]
    #[should_panic(expected = "times ascend")]
    fn decreasing_times_are_a_mistake_of_the_caller() {
        Trajectory::new(vec![1.0, 0.0], "min", vec![], Array2::zeros((2, 0)));
    }
}
