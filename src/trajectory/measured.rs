//! Published points to lay over a column.

/// What the spread of a measured point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpreadKind {
    /// Standard deviation over the people measured.
    StandardDeviation,
    /// Standard error of the mean.
    StandardError,
    /// Half the width of the 95 % confidence interval.
    Confidence95,
}

impl SpreadKind {
    /// Short form for legends: `SD`, `SEM`, `95 % CI`.
    pub fn abbreviation(self) -> &'static str {
        match self {
            Self::StandardDeviation => "SD",
            Self::StandardError => "SEM",
            Self::Confidence95 => "95 % CI",
        }
    }

    /// Reads the short form as data files write it: `SD`, `SEM` or `SE`, `CI95` or `95 % CI`, in any case.
    /// ```
    /// # use insilin::trajectory::SpreadKind;
    /// assert_eq!(SpreadKind::parse("sem"), Some(SpreadKind::StandardError));
    /// assert_eq!(SpreadKind::parse("range"), None); // a range is not symmetric about the mean
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
            .to_ascii_lowercase();
        match plain.as_str() {
            "sd" => Some(Self::StandardDeviation),
            "sem" | "se" => Some(Self::StandardError),
            "ci95" | "95ci" => Some(Self::Confidence95),
            _ => None,
        }
    }
}

/// A measured series: means at times, with their spread.
///
/// Its unit is the paper's; whoever lays it over a column converts it first.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Identifier of the column that it measures.
    pub observable: String,
    /// Words for the legend, such as `measured, 204 healthy adults`.
    pub label: String,
    /// Times in the trajectory's unit, ascending.
    pub time: Vec<f64>,
    /// Means, in `unit`, one per time.
    pub value: Vec<f64>,
    /// Half-length of the error bar, in `unit`, one per time (NaN where none was published), or empty.
    pub spread: Vec<f64>,
    /// What the spread is; `None` when there is none.
    pub spread_kind: Option<SpreadKind>,
    /// Number of people measured, where published.
    pub n: Option<u32>,
    /// Display form of the unit of `value` and `spread`.
    pub unit: String,
    /// Paper that published it, short form with year.
    pub source: String,
}

/// Why the parts of a measured series do not fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeasuredError {
    /// Lengths of the times and of another list (`value` or `spread`) differ.
    Lengths {
        /// Name of the list that does not fit.
        list: &'static str,
        /// Its length.
        found: usize,
        /// Number of times.
        expected: usize,
    },
    /// A spread at this index is negative.
    NegativeSpread(usize),
    /// Spreads are given, but not what they are.
    UnnamedSpread,
}

impl std::fmt::Display for MeasuredError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lengths {
                list,
                found,
                expected,
            } => write!(f, "`{list}` has {found} entries for {expected} times"),
            Self::NegativeSpread(row) => write!(f, "spread of point {} is negative", row + 1),
            Self::UnnamedSpread => {
                write!(f, "spread without its kind; accepted: `SD`, `SEM`, `CI95`")
            }
        }
    }
}

impl std::error::Error for MeasuredError {}

impl Measured {
    /// Checks that the lists fit together and that spreads are not negative.
    pub fn check(&self) -> Result<(), MeasuredError> {
        let expected = self.time.len();
        if self.value.len() != expected {
            return Err(MeasuredError::Lengths {
                list: "value",
                found: self.value.len(),
                expected,
            });
        }
        let none = self.spread.iter().all(|spread| spread.is_nan());
        if none && [0, expected].contains(&self.spread.len()) {
            return Ok(());
        }
        if self.spread.len() != expected {
            return Err(MeasuredError::Lengths {
                list: "spread",
                found: self.spread.len(),
                expected,
            });
        }
        if self.spread_kind.is_none() {
            return Err(MeasuredError::UnnamedSpread);
        }
        match self.spread.iter().position(|&spread| spread < 0.0) {
            Some(row) => Err(MeasuredError::NegativeSpread(row)),
            None => Ok(()),
        }
    }

    /// The same series in another unit, values and spreads multiplied by `factor`. No offset: spreads would not follow.
    pub fn scaled(&self, factor: f64, unit: impl Into<String>) -> Self {
        let mut scaled = self.clone();
        scaled.value.iter_mut().for_each(|value| *value *= factor);
        scaled
            .spread
            .iter_mut()
            .for_each(|spread| *spread *= factor);
        scaled.unit = unit.into();
        scaled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glucose() -> Measured {
        Measured {
            observable: "G".into(),
            label: "measured".into(),
            time: vec![0.0, 60.0],
            value: vec![92.16, 178.16],
            spread: vec![7.72, 36.13],
            spread_kind: Some(SpreadKind::StandardDeviation),
            n: Some(204),
            unit: "mg/dL".into(),
            source: "Dalla Man 2007".into(),
        }
    }

    #[test]
    fn a_series_with_a_missing_spread_is_refused() {
        let mut series = glucose();
        assert_eq!(series.check(), Ok(()));
        series.spread.pop();
        assert_eq!(
            series.check().unwrap_err().to_string(),
            "`spread` has 1 entries for 2 times"
        );
    }

    #[test]
    fn a_negative_spread_is_refused_with_its_row() {
        let mut series = glucose();
        series.spread[1] = -1.0;
        assert_eq!(series.check(), Err(MeasuredError::NegativeSpread(1)));
    }

    #[test]
    fn points_without_any_spread_need_no_kind_of_it() {
        let mut series = glucose();
        series.spread_kind = None;
        assert_eq!(series.check(), Err(MeasuredError::UnnamedSpread));
        series.spread = vec![f64::NAN; 2];
        assert_eq!(series.check(), Ok(()));
    }

    #[test]
    fn converting_to_another_unit_scales_value_and_spread() {
        let si = glucose().scaled(1.0 / 18.016, "mmol/L");
        assert!((si.value[0] - 5.11545).abs() < 1e-5);
        assert!((si.spread[0] - 0.42851).abs() < 1e-5);
        assert_eq!(si.unit, "mmol/L");
    }
}
