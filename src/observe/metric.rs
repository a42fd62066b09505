//! Metrics by name, as scenario files write them.

use super::curve;
use crate::diag;

/// One number from a curve.
///
/// Arguments are in the units of the trajectory: [`Metric::At`] in its unit of time, [`Metric::Above`] and
/// [`Metric::Below`] in the unit of the column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Metric {
    /// First value: `initial`, also `fasting`.
    Initial,
    /// Last value: `final`.
    Final,
    /// Smallest value: `min`.
    Min,
    /// Largest value: `peak`, also `max`.
    Peak,
    /// Largest value less the first: `rise`.
    Rise,
    /// Time from the start to the smallest value: `time_of_min`.
    TimeOfMin,
    /// Time from the start to the largest value: `time_to_peak`.
    TimeToPeak,
    /// Mean over time: `mean`.
    Mean,
    /// Value at a time: `at 120`.
    At(f64),
    /// Area under the curve: `auc`.
    Auc,
    /// Area above the first value, parts below left out: `iauc`.
    Iauc,
    /// Area above the first value less the area below: `net_iauc`.
    NetIauc,
    /// Time from the start to half of the rise: `half_rise`.
    HalfRise,
    /// Time spent above a value: `above 7.8`.
    Above(f64),
    /// Time spent below a value: `below 3.9`.
    Below(f64),
}

/// Every accepted name with what it gives, for messages and help. `N` stands for a number.
pub const NAMES: &[(&str, &str)] = &[
    ("initial", "first value (also `fasting`)"),
    ("final", "last value"),
    ("min", "smallest value"),
    ("peak", "largest value (also `max`)"),
    ("rise", "largest value less the first"),
    ("time_of_min", "time from the start to the smallest value"),
    ("time_to_peak", "time from the start to the largest value"),
    ("mean", "mean over time"),
    ("at N", "value at time N"),
    ("auc", "area under the curve"),
    ("iauc", "area above the first value, parts below left out"),
    ("net_iauc", "area above the first value less the area below"),
    ("half_rise", "time from the start to half of the rise"),
    ("above N", "time spent above N"),
    ("below N", "time spent below N"),
];

/// A metric as read, with the unit written after its number, if any.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedMetric {
    /// The metric, its number as written.
    pub metric: Metric,
    /// Unit written after the number (`min` in `at 120 min`). Whoever knows the units of the trajectory converts the
    /// number with [`Metric::with_argument`]; `None` means that it is in the trajectory's unit already.
    pub unit: Option<String>,
}

/// Why a text names no metric. Its message lists what would have been accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetricError {
    /// No metric has this name.
    Unknown {
        /// What was written.
        written: String,
    },
    /// The metric needs a number after its name.
    NeedsNumber {
        /// The metric's name.
        name: &'static str,
        /// What was written where the number belongs; may be empty.
        written: String,
    },
    /// The metric takes no number.
    TakesNoNumber {
        /// The metric's name.
        name: &'static str,
        /// What was written after it.
        written: String,
    },
}

impl std::fmt::Display for MetricError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown { written } => {
                write!(f, "no metric is called `{written}`; accepted: ")?;
                for (index, (name, _)) in NAMES.iter().enumerate() {
                    write!(f, "{}`{name}`", if index == 0 { "" } else { ", " })?;
                }
                match diag::did_you_mean(written, NAMES.iter().map(|(name, _)| *name)) {
                    Some(near) => write!(f, "; did you mean `{near}`?"),
                    None => Ok(()),
                }
            }
            Self::NeedsNumber { name, written } if written.is_empty() => {
                write!(f, "metric `{name}` needs a number, such as `{name} 120`")
            }
            Self::NeedsNumber { name, written } => {
                write!(
                    f,
                    "metric `{name}` needs a finite number, found `{written}`; accepted: `{name} 120`"
                )
            }
            Self::TakesNoNumber { name, written } => write!(
                f,
                "metric `{name}` takes nothing after it, found `{written}`"
            ),
        }
    }
}

impl std::error::Error for MetricError {}

impl Metric {
    /// Reads a metric: its name, and for `at`, `above` and `below` a number with an optional unit.
    ///
    /// The number may stand in brackets: `at 120`, `at 120 min`, `at(120 min)`. Names are in lower case.
    /// ```
    /// # use insilin::observe::Metric;
    /// assert_eq!(Metric::parse("fasting").unwrap().metric, Metric::Initial);
    /// let two_hours = Metric::parse("at(120 min)").unwrap();
    /// assert_eq!((two_hours.metric, two_hours.unit.as_deref()), (Metric::At(120.0), Some("min")));
    /// assert!(Metric::parse("pek").unwrap_err().to_string().contains("`peak`"));
    /// ```
    pub fn parse(text: &str) -> Result<ParsedMetric, MetricError> {
        let (name, rest) = split_name(text.trim());
        let Some((metric, name)) = by_name(name) else {
            return Err(MetricError::Unknown {
                written: text.trim().to_string(),
            });
        };
        if metric.argument().is_none() {
            let written = rest.to_string();
            return if rest.is_empty() {
                Ok(ParsedMetric { metric, unit: None })
            } else {
                Err(MetricError::TakesNoNumber { name, written })
            };
        }
        let (number, unit) = split_number(rest);
        match number.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                let unit = (!unit.is_empty()).then(|| unit.to_string());
                Ok(ParsedMetric {
                    metric: metric.with_argument(number),
                    unit,
                })
            }
            _ => Err(MetricError::NeedsNumber {
                name,
                written: rest.to_string(),
            }),
        }
    }

    /// The number after the name, for the metrics that have one.
    pub fn argument(self) -> Option<f64> {
        match self {
            Self::At(number) | Self::Above(number) | Self::Below(number) => Some(number),
            _ => None,
        }
    }

    /// The same metric with another number after its name; metrics without one stay as they are.
    pub fn with_argument(self, number: f64) -> Self {
        match self {
            Self::At(_) => Self::At(number),
            Self::Above(_) => Self::Above(number),
            Self::Below(_) => Self::Below(number),
            plain => plain,
        }
    }

    /// Name without its number, as [`Metric::parse`] reads it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Final => "final",
            Self::Min => "min",
            Self::Peak => "peak",
            Self::Rise => "rise",
            Self::TimeOfMin => "time_of_min",
            Self::TimeToPeak => "time_to_peak",
            Self::Mean => "mean",
            Self::At(_) => "at",
            Self::Auc => "auc",
            Self::Iauc => "iauc",
            Self::NetIauc => "net_iauc",
            Self::HalfRise => "half_rise",
            Self::Above(_) => "above",
            Self::Below(_) => "below",
        }
    }

    /// Value of the metric on a curve, in [`Metric::unit`]; NaN where it is not defined (see the room's page).
    ///
    /// # Panics
    /// When `time` and `values` differ in length.
    pub fn evaluate(self, time: &[f64], values: &[f64]) -> f64 {
        assert_eq!(time.len(), values.len(), "one value per time");
        match self {
            Self::Initial => curve::initial(values),
            Self::Final => curve::last(values),
            Self::Min => curve::minimum(values),
            Self::Peak => curve::peak(values),
            Self::Rise => curve::peak(values) - curve::initial(values),
            Self::TimeOfMin => curve::time_of_minimum(time, values),
            Self::TimeToPeak => curve::time_to_peak(time, values),
            Self::Mean => curve::mean(time, values),
            Self::At(at) => curve::value_at(time, values, at),
            Self::Auc => curve::auc(time, values),
            Self::Iauc => curve::iauc(time, values),
            Self::NetIauc => curve::net_iauc(time, values),
            Self::HalfRise => curve::half_rise(time, values),
            Self::Above(threshold) => curve::duration_above(time, values, threshold),
            Self::Below(threshold) => curve::duration_below(time, values, threshold),
        }
    }

    /// Display form of the metric's unit, from those of the column and of time.
    ///
    /// Areas multiply the two; a rate per that unit of time gives its amount.
    /// ```
    /// # use insilin::observe::Metric;
    /// assert_eq!(Metric::Peak.unit("mg/dL", "min"), "mg/dL");
    /// assert_eq!(Metric::TimeToPeak.unit("mg/dL", "min"), "min");
    /// assert_eq!(Metric::Auc.unit("mg/dL", "min"), "mg/dL·min");
    /// assert_eq!(Metric::Auc.unit("mg/kg/min", "min"), "mg/kg");
    /// ```
    pub fn unit(self, column_unit: &str, time_unit: &str) -> String {
        match self {
            Self::Auc | Self::Iauc | Self::NetIauc => times(column_unit, time_unit),
            Self::TimeOfMin
            | Self::TimeToPeak
            | Self::HalfRise
            | Self::Above(_)
            | Self::Below(_) => time_unit.into(),
            _ => column_unit.into(),
        }
    }
}

impl std::fmt::Display for Metric {
    /// The form that [`Metric::parse`] reads: `peak`, `at 120`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.argument() {
            Some(number) => write!(f, "{} {number}", self.name()),
            None => f.write_str(self.name()),
        }
    }
}

/// Product of two display units.
fn times(column_unit: &str, time_unit: &str) -> String {
    if column_unit.is_empty() || time_unit.is_empty() {
        return format!("{column_unit}{time_unit}");
    }
    match column_unit
        .strip_suffix(time_unit)
        .and_then(|head| head.strip_suffix('/'))
    {
        Some("1") => String::new(),
        Some(amount) if !amount.is_empty() => amount.into(),
        // With two strokes it is unclear what the dot belongs to.
        _ if column_unit.matches('/').count() > 1 => format!("({column_unit})·{time_unit}"),
        _ => format!("{column_unit}·{time_unit}"),
    }
}

fn by_name(name: &str) -> Option<(Metric, &'static str)> {
    let metric = match name {
        "initial" | "fasting" => Metric::Initial,
        "final" => Metric::Final,
        "min" => Metric::Min,
        "peak" | "max" => Metric::Peak,
        "rise" => Metric::Rise,
        "time_of_min" => Metric::TimeOfMin,
        "time_to_peak" => Metric::TimeToPeak,
        "mean" => Metric::Mean,
        "at" => Metric::At(0.0),
        "auc" => Metric::Auc,
        "iauc" => Metric::Iauc,
        "net_iauc" => Metric::NetIauc,
        "half_rise" => Metric::HalfRise,
        "above" => Metric::Above(0.0),
        "below" => Metric::Below(0.0),
        _ => return None,
    };
    Some((metric, metric.name()))
}

/// `at(120 min)` or `at 120 min` → `at` and `120 min`.
fn split_name(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    let (name, rest) = (&text[..end], text[end..].trim());
    match rest
        .strip_prefix('(')
        .and_then(|open| open.strip_suffix(')'))
    {
        Some(inner) => (name, inner.trim()),
        None => (name, rest),
    }
}

/// `7.8 mmol/L` → `7.8` and `mmol/L`; `120min` → `120` and `min`.
fn split_number(text: &str) -> (&str, &str) {
    // The longest head that is a number, so that `1e3` is one and `1 e` is not.
    let numeric = |head: &str| {
        head.ends_with(|c: char| c.is_ascii_digit() || c == '.') && head.parse::<f64>().is_ok()
    };
    let ends = text.char_indices().map(|(index, c)| index + c.len_utf8());
    let end = ends
        .filter(|&end| numeric(&text[..end]))
        .max()
        .unwrap_or(text.len());
    (&text[..end], text[end..].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Metric, Option<String>) {
        let read = Metric::parse(text).unwrap();
        (read.metric, read.unit)
    }

    #[test]
    fn every_listed_name_is_read_and_written_back() {
        for (name, _) in NAMES {
            let text = name.replace('N', "120.5");
            assert_eq!(parsed(&text).0.to_string(), text);
        }
    }

    #[test]
    fn numbers_may_stand_in_brackets_and_carry_a_unit() {
        assert_eq!(parsed("at 120"), (Metric::At(120.0), None));
        assert_eq!(parsed("at 2 h"), (Metric::At(2.0), Some("h".into())));
        assert_eq!(
            parsed(" at( 120min ) "),
            (Metric::At(120.0), Some("min".into()))
        );
        assert_eq!(
            parsed("above 7.8 mmol/L"),
            (Metric::Above(7.8), Some("mmol/L".into()))
        );
        assert_eq!(parsed("below -1e-3"), (Metric::Below(-1e-3), None));
    }

    #[test]
    fn mistakes_say_what_would_be_accepted() {
        let message = |text: &str| Metric::parse(text).unwrap_err().to_string();
        assert!(
            message("pek").starts_with("no metric is called `pek`; accepted: `initial`, `final`,")
        );
        assert_eq!(
            message("at"),
            "metric `at` needs a number, such as `at 120`"
        );
        assert_eq!(
            message("at noon"),
            "metric `at` needs a finite number, found `noon`; accepted: `at 120`"
        );
        assert_eq!(
            message("at inf"),
            "metric `at` needs a finite number, found `inf`; accepted: `at 120`"
        );
        assert_eq!(
            message("peak 3"),
            "metric `peak` takes nothing after it, found `3`"
        );
        assert!(message("").starts_with("no metric is called ``"));
    }

    #[test]
    fn units_of_areas_are_products() {
        assert_eq!(Metric::Auc.unit("pmol/L", "min"), "pmol/L·min");
        assert_eq!(Metric::Auc.unit("", "min"), "min");
        assert_eq!(Metric::Iauc.unit("mmol/kg/h", "min"), "(mmol/kg/h)·min");
        assert_eq!(Metric::NetIauc.unit("1/min", "min"), "");
        assert_eq!(Metric::Above(7.8).unit("mmol/L", "h"), "h");
    }

    #[test]
    fn a_triangle_has_the_metrics_of_a_triangle() {
        // Rise 5→9 over 30 min, fall back over 60 min.
        let (time, values) = ([0.0, 30.0, 90.0], [5.0, 9.0, 5.0]);
        let value = |text: &str| Metric::parse(text).unwrap().metric.evaluate(&time, &values);
        assert_eq!(value("rise"), 4.0);
        assert_eq!(value("half_rise"), 15.0);
        assert_eq!(value("iauc"), 180.0);
        assert_eq!(value("net_iauc"), 180.0);
        assert_eq!(value("auc"), 630.0);
        assert_eq!(value("mean"), 7.0);
        assert_eq!(value("above 7"), 45.0);
        assert_eq!(value("at 60"), 7.0);
        assert!(value("at 91").is_nan());
    }
}
