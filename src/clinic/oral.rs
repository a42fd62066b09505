//! Tests by mouth, and none at all: OGTT, mixed meal, fasting samples.

use crate::observe::curve;
use crate::observe::indices as index;
use crate::scenario::Arm;

use super::Procedure;
use super::outcome::{Index, Quantity, Sampled};
use super::plan::{Course, Plan, Settings, rounded};

/// Glucose of the standard test, g.
///
/// Source: World Health Organization 2006, *Definition and diagnosis of diabetes mellitus and intermediate hyperglycaemia*.
const OGTT_DOSE: f64 = 75.0;

/// Carbohydrate, protein and fat of a liquid mixed meal, g: 360 mL of a standard drink; and its glycaemic index, assumed.
///
/// Source: the mixed-meal tolerance test of Greenbaum et al. 2008, Diabetes Care 31:1966–1971 (6 mL/kg, at most 360 mL).
const MIXED_MEAL: [f64; 3] = [50.0, 23.0, 9.0];
const MIXED_MEAL_INDEX: f64 = 60.0;

/// The drink or meal at time 0.
pub(super) fn course(settings: &Settings, arm: &Arm) -> Course {
    let ogtt = settings.procedure == Procedure::Ogtt;
    let samples: Vec<f64> = if ogtt {
        vec![0.0, 30.0, 60.0, 90.0, 120.0]
    } else {
        vec![0.0, 15.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0, 240.0]
    };
    let (entries, calendar) = if ogtt {
        (vec![glucose(settings, arm)], Vec::new())
    } else {
        (Vec::new(), vec![mixed(settings)])
    };
    Course {
        span: (-30.0, if ogtt { 180.0 } else { 240.0 }, 1.0),
        entries,
        calendar,
        glucose_samples: samples.clone(),
        insulin_samples: samples,
        periods: Vec::new(),
        target: f64::NAN,
        fluxes: &["meal_appearance", "glucose_production", "glucose_uptake"],
        infusions: &[],
    }
}

fn glucose(settings: &Settings, arm: &Arm) -> String {
    // Glucose is as fast as carbohydrate gets, for models that know carbohydrate by its speed alone.
    let name = if arm.inputs.inputs.contains_key("meal_glucose") {
        "meal_glucose"
    } else {
        "meal_carbohydrate_fast"
    };
    let grams = settings.dose.unwrap_or(OGTT_DOSE);
    format!("give = \"{name}\", amount = \"{grams} g\", time = 0")
}

fn mixed(settings: &Settings) -> String {
    // Another dose is more or less of the same drink.
    let share = settings.dose.map_or(1.0, |dose| dose / MIXED_MEAL[0]);
    let [carbohydrate, protein, fat] = MIXED_MEAL.map(|grams| rounded(grams * share));
    format!(
        "meal = {{ carbohydrate = \"{carbohydrate} g\", gi = {MIXED_MEAL_INDEX}, protein = \"{protein} g\", fat = \"{fat} g\" }}, at = 0"
    )
}

/// Nothing but three samples.
pub(super) fn fasting() -> Course {
    let samples = vec![-10.0, -5.0, 0.0];
    Course {
        span: (-10.0, 0.0, 1.0),
        entries: Vec::new(),
        calendar: Vec::new(),
        glucose_samples: samples.clone(),
        insulin_samples: samples,
        periods: Vec::new(),
        target: f64::NAN,
        fluxes: &[],
        infusions: &[],
    }
}

/// Indices of the fasting state, from the samples up to time 0.
pub(super) fn fasting_indices(sampled: &Sampled) -> Vec<Index> {
    let glucose = sampled.before("plasma_glucose");
    let insulin = sampled.before("plasma_insulin");
    let mut indices = vec![
        Index::new(
            "fasting-glucose",
            "fasting glucose",
            glucose,
            Quantity::Glucose,
        ),
        Index::new(
            "fasting-insulin",
            "fasting insulin",
            insulin,
            Quantity::Insulin,
        ),
        Index::plain("homa-ir", "HOMA-IR", index::homa_ir(glucose, insulin), ""),
        Index::plain("homa-b", "HOMA-B", index::homa_b(glucose, insulin), "%"),
        Index::plain("quicki", "QUICKI", index::quicki(glucose, insulin), ""),
    ];
    let fatty_acids = sampled.before("free_fatty_acids");
    if fatty_acids.is_finite() {
        let adipose = index::adipo_ir(fatty_acids, insulin);
        indices.push(Index::plain(
            "adipo-ir",
            "Adipo-IR",
            adipose,
            "mmol/L·pmol/L",
        ));
    }
    indices
}

/// Indices of what was drunk or eaten.
pub(super) fn indices(plan: &Plan, sampled: &Sampled) -> Vec<Index> {
    let mut indices = fasting_indices(sampled);
    let (time, glucose) = sampled.series("plasma_glucose");
    let (_, insulin) = sampled.series("plasma_insulin");
    let at = |values: &[f64], minute: f64| curve::value_at(time, values, minute);
    let pair = |values: &[f64]| [at(values, 0.0), at(values, 30.0)];
    let early = index::insulinogenic(pair(glucose), pair(insulin));
    let two_hours = at(glucose, 120.0);
    if plan.settings.procedure == Procedure::Ogtt {
        let name = "glucose after 2 h";
        indices.push(Index::new("glucose-2h", name, two_hours, Quantity::Glucose));
        let matsuda = index::matsuda(glucose, insulin);
        indices.push(Index::plain("matsuda", "Matsuda index", matsuda, ""));
        indices.push(Index::plain(
            "insulinogenic",
            "insulinogenic index",
            early,
            "µU/mL per mmol/L",
        ));
        let disposition = index::oral_disposition(early, matsuda);
        indices.push(Index::plain(
            "oral-disposition",
            "oral disposition index",
            disposition,
            "",
        ));
    } else {
        indices.push(Index::new(
            "glucose-peak",
            "highest glucose",
            curve::peak(glucose),
            Quantity::Glucose,
        ));
        indices.push(Index::new(
            "insulin-peak",
            "highest insulin",
            curve::peak(insulin),
            Quantity::Insulin,
        ));
        indices.push(Index::plain(
            "insulinogenic",
            "insulinogenic index",
            early,
            "µU/mL per mmol/L",
        ));
    }
    let until = |values: &[f64]| {
        let n = time.partition_point(|minute| *minute <= 120.0);
        curve::iauc(&time[..n], &values[..n])
    };
    indices.push(Index::new(
        "glucose-iauc",
        "glucose above fasting, 2 h",
        until(glucose),
        Quantity::GlucoseArea,
    ));
    indices.push(Index::new(
        "insulin-iauc",
        "insulin above fasting, 2 h",
        until(insulin),
        Quantity::InsulinArea,
    ));
    indices
}
