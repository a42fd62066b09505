//! A glucose sensor over days.

use crate::observe::indices as index;

use super::outcome::{Index, Quantity, Sampled};
use super::plan::{Course, Settings, every, quoted};

/// Days that the sensor is worn.
///
/// Source: Battelino et al. 2019, Diabetes Care 42:1593–1603: fourteen days tell a quarter of a year.
const DAYS: usize = 14;

const MINUTES_PER_DAY: f64 = 1440.0;

/// Energy eaten in a day; assumed, that of the labels of food.
const ENERGY: &str = "2000 kcal";

/// Glucose counts as in range from 3.9 to 10.0 mmol/L (70 to 180 mg/dL), and for people without diabetes to 7.8 (140).
///
/// Source: Battelino et al. 2019, Diabetes Care 42:1593–1603; Shah et al. 2019, Journal of Clinical Endocrinology and
/// Metabolism 104:4356–4364.
const RANGE: (f64, f64, f64) = (3.9, 10.0, 7.8);

pub(super) fn course(settings: &Settings) -> Course {
    let end = DAYS as f64 * MINUTES_PER_DAY;
    let menu = quoted(&settings.menu);
    let mut readings = every(5.0, 0.0, end);
    // The last reading is the first of a day that is not worn.
    readings.pop();
    Course {
        span: (0.0, end, 5.0),
        entries: Vec::new(),
        calendar: vec![format!(
            "menu = {menu}, energy = \"{ENERGY}\", repeat = \"every day\""
        )],
        glucose_samples: readings,
        insulin_samples: Vec::new(),
        periods: Vec::new(),
        target: f64::NAN,
        fluxes: &["meal_appearance"],
        infusions: &[],
    }
}

pub(super) fn indices(sampled: &Sampled) -> Vec<Index> {
    let (_, readings) = sampled.series("plasma_glucose");
    let mean = readings.iter().sum::<f64>() / readings.len() as f64;
    let per_day = (MINUTES_PER_DAY / 5.0) as usize;
    let days = readings
        .chunks(per_day)
        .map(index::mean_amplitude_of_excursions);
    let mage = days.sum::<f64>() / readings.len().div_ceil(per_day) as f64;
    let (low, high, tight) = RANGE;
    let share = |low, high| 100.0 * index::time_in_range(readings, low, high);
    let variation = 100.0 * index::coefficient_of_variation(readings);
    vec![
        Index::new("mean-glucose", "mean glucose", mean, Quantity::Glucose),
        Index::plain(
            "time-in-range",
            "time in 3.9 to 10.0 mmol/L",
            share(low, high),
            "%",
        ),
        Index::plain(
            "time-in-tight-range",
            "time in 3.9 to 7.8 mmol/L",
            share(low, tight),
            "%",
        ),
        Index::plain(
            "glucose-variation",
            "coefficient of variation",
            variation,
            "%",
        ),
        Index::new("mage", "MAGE, mean of the days", mage, Quantity::Glucose),
        Index::plain(
            "estimated-hba1c",
            "estimated HbA1c",
            index::estimated_hba1c(mean),
            "%",
        ),
    ]
}
