//! The frequently sampled intravenous glucose tolerance test.

use crate::observe::indices as index;
use crate::scenario::Arm;

use super::MinimalModel;
use super::outcome::{Index, Sampled};
use super::plan::{Course, Settings};

/// Glucose injected at time 0, mg/kg.
///
/// Source: Bergman 1989, Diabetes 38:1512–1527.
pub const DOSE: f64 = 300.0;

/// Insulin injected after 20 min, pmol/kg: 0.03 U/kg.
///
/// Source: Welch et al. 1990, Journal of Clinical Endocrinology and Metabolism 71:1508–1518, in later use lowered from 0.05.
const INSULIN: f64 = 180.0;

/// Length of an injection where a model takes infusions alone, min; 150 mg/kg/min are what a hand can push.
const INJECTION: f64 = 2.0;

/// Minutes of the samples.
///
/// Source: Steil et al. 1993, Diabetes 42:250–256, the full schedule with three samples before.
const SAMPLES: [f64; 31] = [
    -10.0, -5.0, -1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 19.0, 22.0, 23.0,
    24.0, 25.0, 27.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0, 120.0, 140.0, 160.0, 180.0,
];

pub(super) fn course(settings: &Settings, arm: &Arm) -> Course {
    let takes = |name: &str| arm.inputs.inputs.contains_key(name);
    let injection = |bolus: &str, infusion: &str, amount: f64, unit: &str, minute: f64| {
        if takes(bolus) {
            return format!("give = \"{bolus}\", amount = \"{amount} {unit}\", time = {minute}");
        }
        let (rate, to) = (amount / INJECTION, minute + INJECTION);
        format!("hold = \"{infusion}\", at = \"{rate} {unit}/min\", from = {minute}, to = {to}")
    };
    let mut entries = vec![injection(
        "glucose_bolus",
        "glucose_infusion",
        DOSE,
        "mg/kg",
        0.0,
    )];
    if settings.insulin_at_20 && (takes("insulin_bolus") || takes("insulin_infusion")) {
        let insulin = injection(
            "insulin_bolus",
            "insulin_infusion",
            INSULIN,
            "pmol/kg",
            20.0,
        );
        entries.push(insulin);
    }
    Course {
        span: (-10.0, 180.0, 1.0),
        entries,
        calendar: Vec::new(),
        glucose_samples: SAMPLES.to_vec(),
        insulin_samples: SAMPLES.to_vec(),
        periods: Vec::new(),
        target: f64::NAN,
        fluxes: &["glucose_production", "glucose_uptake", "insulin_secretion"],
        infusions: &[],
    }
}

/// Indices of the fit and of the first ten minutes.
pub(super) fn indices(sampled: &Sampled, fit: Option<&MinimalModel>) -> Vec<Index> {
    let (time, insulin) = sampled.series("plasma_insulin");
    let response = index::acute_insulin_response(time, insulin, sampled.before("plasma_insulin"));
    let mut indices = Vec::new();
    if let Some(fit) = fit {
        let clinic = |per_picomolar: f64| 1e4 * index::sensitivity_per_microunit(per_picomolar);
        let si = Index::plain(
            "si",
            "SI",
            clinic(fit.sensitivity.value),
            "10⁻⁴/min per µU/mL",
        );
        let ends = fit.sensitivity.interval;
        indices.push(si.between(clinic(ends.0), clinic(ends.1)));
        let sg = &fit.effectiveness;
        indices.push(
            Index::plain("sg", "SG", sg.value, "1/min").between(sg.interval.0, sg.interval.1),
        );
        let disposition = index::disposition(clinic(fit.sensitivity.value), response);
        indices.push(Index::plain(
            "disposition",
            "disposition index",
            disposition,
            "10⁻⁴",
        ));
    }
    let name = "acute insulin response, AIRg";
    indices.push(Index::plain("air-glucose", name, response, "µU/mL·min"));
    indices
}
