//! What a laboratory reads where the body has a value.

use crate::simulate::Stream;

/// Errors of the laboratory: normally distributed, in proportion to the value.
///
/// Every reading has a random stream of its own, named by analyte and time, so that two tests with one seed read the
/// same value with the same error, whatever else they sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Assay {
    /// Seed of all readings; none for a laboratory without errors.
    pub seed: Option<u64>,
    /// Coefficient of variation of glucose, as a fraction.
    pub glucose_variation: f64,
    /// Coefficient of variation of insulin and of all other analytes, as a fraction.
    pub insulin_variation: f64,
}

impl Default for Assay {
    /// Without errors; 2 % for glucose and 5 % for insulin once there is a seed, usual for automated assays.
    fn default() -> Self {
        Self {
            seed: None,
            glucose_variation: 0.02,
            insulin_variation: 0.05,
        }
    }
}

impl Assay {
    /// Coefficient of variation of an analyte, by its name in the contract; 0 without errors.
    pub fn variation(&self, analyte: &str) -> f64 {
        match (self.seed, analyte) {
            (None, _) => 0.0,
            (Some(_), "plasma_glucose") => self.glucose_variation,
            (Some(_), _) => self.insulin_variation,
        }
    }

    /// What is read of a value at a time, in the value's unit; never below 0.
    pub fn read(&self, analyte: &str, minute: f64, value: f64) -> f64 {
        let Some(seed) = self.seed else {
            return value;
        };
        let mut stream = Stream::new(seed, &format!("assay/{analyte}/{minute}"));
        let reading = value * (1.0 + self.variation(analyte) * stream.normal());
        reading.max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_scatter_about_the_value_by_the_stated_variation() {
        let readings = |analyte: &str| -> Vec<f64> {
            let assay = Assay {
                seed: Some(3),
                ..Assay::default()
            };
            let read = |minute: i32| assay.read(analyte, f64::from(minute), 100.0);
            (0..4000).map(read).collect()
        };
        for (analyte, deviation) in [("plasma_glucose", 2.0), ("plasma_insulin", 5.0)] {
            let readings = readings(analyte);
            let n = readings.len() as f64;
            let mean = readings.iter().sum::<f64>() / n;
            let squares: f64 = readings.iter().map(|r| (r - mean) * (r - mean)).sum();
            // Four standard errors of a mean and of a standard deviation of 4000 normal draws.
            assert!((mean - 100.0).abs() < 4.0 * deviation / n.sqrt(), "{mean}");
            let found = (squares / (n - 1.0)).sqrt();
            assert!(
                (found / deviation - 1.0).abs() < 4.0 / (2.0 * n).sqrt(),
                "{found}"
            );
        }
    }

    #[test]
    fn a_reading_depends_on_seed_analyte_and_time_alone() {
        let assay = |seed| Assay {
            seed: Some(seed),
            ..Assay::default()
        };
        assert_eq!(
            assay(1).read("plasma_glucose", 30.0, 5.0),
            assay(1).read("plasma_glucose", 30.0, 5.0)
        );
        assert_ne!(
            assay(1).read("plasma_glucose", 30.0, 5.0),
            assay(2).read("plasma_glucose", 30.0, 5.0)
        );
        assert_ne!(
            assay(1).read("plasma_glucose", 30.0, 5.0),
            assay(1).read("plasma_glucose", 60.0, 5.0)
        );
        assert_eq!(Assay::default().read("plasma_glucose", 30.0, 5.0), 5.0);
    }
}
