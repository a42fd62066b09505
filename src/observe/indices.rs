//! Clinical indices: numbers that physiologists and clinics compute from a few samples.
//!
//! Glucose comes in mmol/L, insulin in pmol/L, and each function says what it gives. Insulin is converted at 6.0 pmol/L
//! per µU/mL, the WHO standard; assays converted at 6.945 read 14 % lower. NaN in gives NaN out; whether the person had
//! fasted or the clamp was steady is the caller's knowledge. None of these numbers says that anybody has a disease.

mod day;

pub use day::{
    coefficient_of_variation, estimated_hba1c, mean_amplitude_of_excursions, time_in_range,
};

use super::curve;
use crate::math;

/// Insulin, pmol/L per µU/mL.
pub const PICOMOLAR_PER_MICROUNIT: f64 = 6.0;

/// Glucose, g/mol.
pub const GLUCOSE_MOLAR_MASS: f64 = 180.156;

/// mg/dL of glucose from mmol/L.
/// ```
/// # use insilin::observe::indices::mg_per_dl;
/// assert!((mg_per_dl(5.0) - 90.078).abs() < 1e-9);
/// ```
pub fn mg_per_dl(glucose: f64) -> f64 {
    glucose * GLUCOSE_MOLAR_MASS / 10.0
}

/// µU/mL of insulin from pmol/L.
pub fn microunits(insulin: f64) -> f64 {
    insulin / PICOMOLAR_PER_MICROUNIT
}

/// HOMA-IR, dimensionless, from fasting plasma glucose (mmol/L) and insulin (pmol/L).
///
/// `HOMA-IR = G · I / 22.5` with insulin in µU/mL.
/// * `glucose` — mmol/L, > 0, fasting
/// * `insulin` — pmol/L, ≥ 0, fasting
///
/// Source: Matthews et al. 1985, Diabetologia 28:412–419.
/// ```
/// # use insilin::observe::indices::homa_ir;
/// assert!((homa_ir(4.5, 30.0) - 1.0).abs() < 1e-12); // the reference person of the model: 4.5 mmol/L, 5 µU/mL
/// assert!((homa_ir(5.0, 60.0) - 2.222).abs() < 1e-3);
/// ```
pub fn homa_ir(glucose: f64, insulin: f64) -> f64 {
    glucose * microunits(insulin) / 22.5
}

/// HOMA-B, % of a reference β-cell function, from fasting glucose (mmol/L) and insulin (pmol/L).
///
/// `HOMA-B = 20 · I / (G − 3.5)` with insulin in µU/mL. NaN at or below 3.5 mmol/L, where it means nothing.
/// Source: Matthews et al. 1985, Diabetologia 28:412–419.
/// ```
/// # use insilin::observe::indices::homa_b;
/// assert!((homa_b(4.5, 30.0) - 100.0).abs() < 1e-12);
/// assert!(homa_b(3.4, 30.0).is_nan());
/// ```
pub fn homa_b(glucose: f64, insulin: f64) -> f64 {
    if glucose <= 3.5 {
        return f64::NAN;
    }
    20.0 * microunits(insulin) / (glucose - 3.5)
}

/// QUICKI, dimensionless, from fasting glucose (mmol/L) and insulin (pmol/L).
///
/// `QUICKI = 1 / (log₁₀ I + log₁₀ G)` with insulin in µU/mL and glucose in mg/dL.
/// Source: Katz et al. 2000, Journal of Clinical Endocrinology and Metabolism 85:2402–2410.
/// ```
/// # use insilin::observe::indices::quicki;
/// // 100 mg/dL and 10 µU/mL: 1 / (2 + 1).
/// assert!((quicki(1000.0 / 180.156, 60.0) - 1.0 / 3.0).abs() < 1e-12);
/// ```
pub fn quicki(glucose: f64, insulin: f64) -> f64 {
    1.0 / (math::log10(microunits(insulin)) + math::log10(mg_per_dl(glucose)))
}

/// Adipose insulin resistance, mmol/L · pmol/L, from fasting free fatty acids (mmol/L) and insulin (pmol/L).
///
/// Source: Gastaldelli et al. 2007, Gastroenterology 133:496–506.
/// ```
/// # use insilin::observe::indices::adipo_ir;
/// assert_eq!(adipo_ir(0.5, 60.0), 30.0);
/// ```
pub fn adipo_ir(free_fatty_acids: f64, insulin: f64) -> f64 {
    free_fatty_acids * insulin
}

/// Matsuda index of insulin sensitivity, (mg/dL · µU/mL)⁻¹ × 10⁴, from samples of an oral glucose tolerance test.
///
/// `10 000 / √(G₀ · I₀ · Ḡ · Ī)`, the means being those of the samples, not over time.
/// * `glucose` — mmol/L at the sampling times, the fasting one first; usually 0, 30, 60, 90 and 120 min
/// * `insulin` — pmol/L at the same times
///
/// Source: Matsuda and DeFronzo 1999, Diabetes Care 22:1462–1470.
/// ```
/// # use insilin::observe::indices::matsuda;
/// // 100 mg/dL and 10 µU/mL, means of 150 and 60: 10⁴ / √(1000 · 9000).
/// let (g, i) = (1000.0 / 180.156, 60.0);
/// let index = matsuda(&[g, 2.0 * g], &[i, 11.0 * i]);
/// assert!((index - 1e4 / 9e6_f64.sqrt()).abs() < 1e-9);
/// ```
pub fn matsuda(glucose: &[f64], insulin: &[f64]) -> f64 {
    let (Some(g0), Some(i0)) = (glucose.first(), insulin.first()) else {
        return f64::NAN;
    };
    let fasting = mg_per_dl(*g0) * microunits(*i0);
    let during = mg_per_dl(mean(glucose)) * microunits(mean(insulin));
    10_000.0 / (fasting * during).sqrt()
}

/// Insulinogenic index, µU/mL per mmol/L: rise of insulin over rise of glucose in the first half hour after glucose.
///
/// NaN when glucose did not rise: there is no response to a fall.
/// Source: Seltzer et al. 1967, Journal of Clinical Investigation 46:323–335.
/// ```
/// # use insilin::observe::indices::insulinogenic;
/// assert_eq!(insulinogenic([5.0, 8.0], [30.0, 300.0]), 15.0);
/// assert!(insulinogenic([5.0, 5.0], [30.0, 300.0]).is_nan());
/// ```
pub fn insulinogenic(glucose: [f64; 2], insulin: [f64; 2]) -> f64 {
    let rise = glucose[1] - glucose[0];
    if rise <= 0.0 {
        return f64::NAN;
    }
    microunits(insulin[1] - insulin[0]) / rise
}

/// Oral disposition index: insulinogenic index times Matsuda index.
///
/// Insulin secretion for the prevailing sensitivity; constant along a hyperbola in healthy people.
/// Source: Kahn et al. 1993, Diabetes 42:1663–1672; for the oral test Retnakaran et al. 2009, Diabetic Medicine
/// 26:1198–1203.
pub fn oral_disposition(insulinogenic: f64, matsuda: f64) -> f64 {
    insulinogenic * matsuda
}

/// Glucose space that clamp corrections assume, L/kg: 0.19 of body weight.
///
/// Source: DeFronzo, Tobin and Andres 1979, American Journal of Physiology 237:E214–E223.
pub const GLUCOSE_SPACE: f64 = 0.19;

/// Glucose that entered the glucose space without being metabolised, mg/kg/min: what a clamp's infusion is corrected by.
///
/// * `glucose` — mmol/L at the start and at the end of the period
/// * `minutes` — its length, > 0
///
/// Positive when glucose rose.
/// Source: DeFronzo, Tobin and Andres 1979, American Journal of Physiology 237:E214–E223.
/// ```
/// # use insilin::observe::indices::space_correction;
/// // A rise by 10 mg/dL in 20 min: 100 mg/L · 0.19 L/kg / 20 min.
/// let (low, high) = (900.0 / 180.156, 1000.0 / 180.156);
/// assert!((space_correction([low, high], 20.0) - 0.95).abs() < 1e-12);
/// ```
pub fn space_correction(glucose: [f64; 2], minutes: f64) -> f64 {
    (glucose[1] - glucose[0]) * GLUCOSE_MOLAR_MASS * GLUCOSE_SPACE / minutes
}

/// M, mg/kg/min: glucose metabolised in a period of a clamp, the mean infusion less the space correction.
///
/// * `infusion` — mean glucose infusion of the period, mg/kg/min
/// * `glucose`, `minutes` — as in [`space_correction`]
///
/// Glucose lost in urine is not taken off; at euglycaemia there is none.
/// Source: DeFronzo, Tobin and Andres 1979, American Journal of Physiology 237:E214–E223.
/// ```
/// # use insilin::observe::indices::m_value;
/// let (low, high) = (900.0 / 180.156, 1000.0 / 180.156);
/// assert!((m_value(7.0, [low, high], 20.0) - 6.05).abs() < 1e-12);
/// ```
pub fn m_value(infusion: f64, glucose: [f64; 2], minutes: f64) -> f64 {
    infusion - space_correction(glucose, minutes)
}

/// M/I, mg/kg/min per µU/mL × 100: M over the mean insulin (pmol/L) of the same period.
///
/// Source: DeFronzo, Tobin and Andres 1979, American Journal of Physiology 237:E214–E223.
/// ```
/// # use insilin::observe::indices::m_over_i;
/// assert_eq!(m_over_i(6.0, 600.0), 6.0);
/// ```
pub fn m_over_i(m: f64, insulin: f64) -> f64 {
    100.0 * m / microunits(insulin)
}

/// Acute insulin response to glucose, µU/mL · min: insulin above basal in the first ten minutes after an injection.
///
/// * `time` — minutes after the injection, ascending, reaching from 0 or before to 10 or after
/// * `insulin` — pmol/L
/// * `basal` — pmol/L before the injection
///
/// Trapezoids from 0 to 10 min, parts below basal counted as negative. NaN when the samples do not cover that time.
/// Source: Bergman, Phillips and Cobelli 1981, Journal of Clinical Investigation 68:1456–1467; as an area as in Boston
/// et al. 2003, Diabetes Technology and Therapeutics 5:1003–1015.
/// ```
/// # use insilin::observe::indices::acute_insulin_response;
/// // 60 µU/mL above a basal 10 for the whole ten minutes.
/// let area = acute_insulin_response(&[0.0, 5.0, 12.0], &[420.0, 420.0, 420.0], 60.0);
/// assert!((area - 600.0).abs() < 1e-9);
/// ```
pub fn acute_insulin_response(time: &[f64], insulin: &[f64], basal: f64) -> f64 {
    const END: f64 = 10.0;
    let inside = (0..time.len()).filter(|&at| (0.0..END).contains(&time[at]));
    let (mut times, mut above): (Vec<f64>, Vec<f64>) = inside
        .map(|at| (time[at], microunits(insulin[at] - basal)))
        .unzip();
    if times.first() != Some(&0.0) {
        times.insert(0, 0.0);
        above.insert(0, microunits(curve::value_at(time, insulin, 0.0) - basal));
    }
    times.push(END);
    above.push(microunits(curve::value_at(time, insulin, END) - basal));
    curve::auc(&times, &above)
}

/// Disposition index of an intravenous test: insulin sensitivity (per min per µU/mL) times acute insulin response.
///
/// Source: Bergman, Phillips and Cobelli 1981, Journal of Clinical Investigation 68:1456–1467.
/// ```
/// # use insilin::observe::indices::disposition;
/// assert!((disposition(5e-4, 400.0) - 0.2).abs() < 1e-12); // 2000 in the customary units × 10⁻⁴
/// ```
pub fn disposition(sensitivity: f64, response: f64) -> f64 {
    sensitivity * response
}

/// Insulin sensitivity per µU/mL from that per pmol/L: both per minute.
pub fn sensitivity_per_microunit(per_picomolar: f64) -> f64 {
    per_picomolar * PICOMOLAR_PER_MICROUNIT
}

/// Mean of the samples; NaN of none.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_matsuda_index_is_that_of_a_hand_worked_test() {
        // Glucose 90, 140, 150, 130, 110 mg/dL and insulin 6, 50, 60, 45, 30 µU/mL: means 124 and 38.2.
        let glucose = [90.0, 140.0, 150.0, 130.0, 110.0].map(|g| g * 10.0 / GLUCOSE_MOLAR_MASS);
        let insulin = [6.0, 50.0, 60.0, 45.0, 30.0].map(|i| i * 6.0);
        let by_hand = 10_000.0 / (90.0_f64 * 6.0 * 124.0 * 38.2).sqrt();
        assert_relative_eq!(matsuda(&glucose, &insulin), by_hand, max_relative = 1e-12);
        assert_relative_eq!(by_hand, 6.2525, max_relative = 1e-4);
    }

    #[test]
    fn an_acute_response_is_interpolated_to_its_ten_minutes() {
        // A triangle that falls from 100 µU/mL above basal to none at 20 min: 50 above at 10 min, mean 75.
        let response = acute_insulin_response(&[-5.0, 0.0, 20.0], &[60.0, 660.0, 60.0], 60.0);
        assert_relative_eq!(response, 750.0, max_relative = 1e-12);
        assert!(acute_insulin_response(&[0.0, 8.0], &[60.0, 60.0], 60.0).is_nan());
    }

    #[test]
    fn a_fall_of_glucose_adds_to_what_was_metabolised() {
        let fell = m_value(4.0, [6.0, 5.0], 30.0);
        assert_relative_eq!(fell, 4.0 + 180.156 * 0.19 / 30.0, max_relative = 1e-12);
    }

    #[test]
    fn samples_that_are_not_there_make_the_index_undefined() {
        assert!(matsuda(&[], &[]).is_nan());
        assert!(homa_ir(f64::NAN, 30.0).is_nan());
        assert!(mean(&[]).is_nan());
    }
}
