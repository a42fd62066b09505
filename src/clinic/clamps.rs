//! Glucose clamps: insulin at a constant rate, glucose held by an infusion that is set anew every five minutes.

use crate::diag::Diagnostics;
use crate::observe::indices as index;
use crate::scenario::Arm;
use crate::units::{conversion_factor, parse_unit};

use super::outcome::{Index, Quantity, Sampled};
use super::plan::{Course, InsulinRate, Period, Plan, Settings, Target, every, rounded};
use super::reading::{Reading, input_scale, output_scale, output_unit, time_per_minute};
use super::{Body, Procedure};

/// Time between looks at glucose, min.
///
/// Source: DeFronzo, Tobin and Andres 1979, American Journal of Physiology 237:E214–E223.
const LOOK: f64 = 5.0;

/// The part of a period at its end that is judged, min.
const JUDGED: f64 = 30.0;

/// Proportional gain, mg/kg/min per mg/dL: an error of glucose is filled up within eight minutes in a space of 1.9 dL/kg. The
/// clinic's rule takes fifteen minutes and has the operator's foresight besides.
const GAIN: f64 = 0.25;

/// Integral gain, mg/kg/min² per mg/dL: what is metabolised at the target is found with a time constant of 12 min. Both gains
/// chosen so that glucose stays within 10 % of the target at 40 mU/m²/min in all shipped subjects once it was there, and does
/// not swing at 120.
const INTEGRAL: f64 = 0.02;

/// Most glucose that a pump gives, mg/kg/min.
const MOST: f64 = 20.0;

/// Insulin of the standard clamp, mU/m²/min, and of its steps.
const STANDARD: f64 = 40.0;
const STEPS: [f64; 3] = [20.0, 40.0, 80.0];

/// Priming: multiples of the first rate with the minute at which each ends. The clinic falls along a curve for ten minutes;
/// two steps are its common short form.
const PRIME: [(f64, f64); 2] = [(4.0, 4.0), (2.0, 7.0)];

/// Glucose above fasting of a hyperglycaemic clamp, mmol/L: 125 mg/dL.
const RISE: f64 = 1250.0 / index::GLUCOSE_MOLAR_MASS;

/// Priming glucose of a hyperglycaemic clamp, mg/kg/min over five minutes each: 1.9 dL/kg are filled by 125 mg/dL, most of it
/// at first.
const GLUCOSE_PRIME: [f64; 3] = [20.0, 16.0, 12.0];

/// Where the controller takes over, mg/kg/min: near to what is metabolised then.
const AFTER_PRIME: f64 = 5.0;

/// A period counts as steady when mean glucose is within this share of the target, as the clinic asks of a clamp.
const AT_TARGET: f64 = 0.05;

/// Insulin under hyperglycaemia before this minute is the first phase.
const FIRST_PHASE: [f64; 5] = [2.0, 4.0, 6.0, 8.0, 10.0];

pub(super) fn euglycaemic(
    settings: &Settings,
    arm: &Arm,
    body: &Body,
) -> Result<Course, Diagnostics> {
    let rates: Vec<InsulinRate> = match (settings.insulin, settings.procedure) {
        (Some(rate), _) => vec![rate],
        (None, Procedure::ClampSteps) => STEPS.map(InsulinRate::PerSurface).to_vec(),
        (None, _) => vec![InsulinRate::PerSurface(STANDARD)],
    };
    let length = settings.minutes.unwrap_or(120.0);
    let end = length * rates.len() as f64;
    let mut entries = Vec::new();
    let mut periods = Vec::new();
    let mut from = 0.0;
    for (step, rate) in rates.iter().enumerate() {
        let per_mass = per_mass(*rate, body, settings.procedure)?;
        let to = (step + 1) as f64 * length;
        if step == 0 {
            for (times, until) in PRIME {
                entries.push(insulin(times * per_mass, from, Some(until)));
                from = until;
            }
        }
        // The last rate goes on, so that the curves do not end with a fall.
        entries.push(insulin(per_mass, from, (to < end).then_some(to)));
        periods.push(Period {
            from: to - JUDGED.min(length),
            to,
            insulin: Some(*rate),
        });
        from = to;
    }
    let target = match settings.target {
        Target::At(target) => target,
        Target::Fasting => body.glucose,
    };
    entries.push(controller(arm, target, 0.0, 0.0)?);
    Ok(Course {
        span: (-30.0, end, 1.0),
        entries,
        calendar: Vec::new(),
        glucose_samples: with_basal(every(LOOK, 0.0, end)),
        insulin_samples: with_basal(every(10.0, 0.0, end)),
        periods,
        target,
        fluxes: &["glucose_production", "glucose_uptake"],
        infusions: &["glucose_infusion"],
    })
}

pub(super) fn hyperglycaemic(
    settings: &Settings,
    arm: &Arm,
    body: &Body,
) -> Result<Course, Diagnostics> {
    let end = settings.minutes.unwrap_or(120.0);
    let target = body.glucose + RISE;
    let mut entries = Vec::new();
    let mut from = 0.0;
    for rate in GLUCOSE_PRIME {
        let to = from + LOOK;
        entries.push(format!(
            "hold = \"glucose_infusion\", at = \"{rate} mg/kg/min\", from = {from}, to = {to}"
        ));
        from = to;
    }
    entries.push(controller(arm, target, AFTER_PRIME, from)?);
    let mut insulin: Vec<f64> = FIRST_PHASE.to_vec();
    insulin.extend(every(10.0, 20.0, end));
    Ok(Course {
        span: (-30.0, end, 1.0),
        entries,
        calendar: Vec::new(),
        glucose_samples: with_basal(every(LOOK, 0.0, end)),
        insulin_samples: with_basal([vec![0.0], insulin].concat()),
        periods: vec![Period {
            from: end - JUDGED,
            to: end,
            insulin: None,
        }],
        target,
        fluxes: &["glucose_production", "glucose_uptake", "insulin_secretion"],
        infusions: &["glucose_infusion"],
    })
}

/// Three samples before; the one at 0 comes with the others.
fn with_basal(samples: Vec<f64>) -> Vec<f64> {
    [vec![-10.0, -5.0], samples].concat()
}

fn insulin(per_mass: f64, from: f64, to: Option<f64>) -> String {
    let to = to.map_or_else(String::new, |to| format!(", to = {to}"));
    let rate = rounded(per_mass);
    format!("hold = \"insulin_infusion\", at = \"{rate} pmol/kg/min\", from = {from}{to}")
}

/// pmol/kg/min of a rate.
fn per_mass(rate: InsulinRate, body: &Body, procedure: Procedure) -> Result<f64, Diagnostics> {
    match rate {
        InsulinRate::PerMass(rate) => Ok(rate),
        // A mU is 6.0 pmol, as a µU/mL is 6.0 pmol/L.
        InsulinRate::PerSurface(rate) => {
            Ok(rate * index::PICOMOLAR_PER_MICROUNIT * body.surface_per_mass(procedure)?)
        }
    }
}

/// The controller, its gains in the model's units.
fn controller(arm: &Arm, target: f64, start: f64, from: f64) -> Result<String, Diagnostics> {
    let measured = &arm.inputs.outputs["plasma_glucose"].id;
    let per_mmol = index::mg_per_dl(1.0);
    let scale = input_scale(arm, "glucose_infusion")? / output_scale(arm, "plasma_glucose")?;
    let (gain, integral) = (GAIN * per_mmol * scale, INTEGRAL * per_mmol * scale);
    let (gain, integral) = (rounded(gain), rounded(integral / time_per_minute(arm)?));
    Ok(format!(
        "clamp = \"{measured}\", target = \"{}\", by = \"glucose_infusion\", every = {LOOK}, from = {from}, \
         start = \"{start} mg/kg/min\", gain = {gain}, integral = {integral}, \
         limits = [\"0 mg/kg/min\", \"{MOST} mg/kg/min\"]",
        glucose(arm, target)
    ))
}

/// A glucose concentration (mmol/L) as text in a unit of the model's kind.
fn glucose(arm: &Arm, target: f64) -> String {
    let molar = parse_unit("mmol/L").expect("an everyday unit");
    let unit = output_unit(arm, "plasma_glucose");
    if unit.is_some_and(|unit| conversion_factor(&molar, &unit).is_some()) {
        format!("{} mmol/L", rounded(target))
    } else {
        format!("{} mg/dL", rounded(index::mg_per_dl(target)))
    }
}

/// Indices of every judged period, and what is to be said about the clamp's quality.
///
/// # Errors
/// When the model's units cannot be read.
pub(super) fn indices(
    plan: &Plan,
    sampled: &Sampled,
    reading: &Reading<'_>,
) -> Result<(Vec<Index>, Vec<String>), Diagnostics> {
    let mut all = Vec::new();
    let mut remarks = Vec::new();
    if plan.settings.procedure == Procedure::HyperglycaemicClamp {
        all.extend(phases(sampled, plan.periods[0]));
    }
    for period in &plan.periods {
        let several = plan.periods.len() > 1;
        let (indices, remark) = judged(plan, *period, several, sampled, reading)?;
        all.extend(indices);
        remarks.extend(remark);
    }
    Ok((all, remarks))
}

fn phases(sampled: &Sampled, period: Period) -> Vec<Index> {
    let basal = sampled.before("plasma_insulin");
    let (time, insulin) = sampled.series("plasma_insulin");
    let first: Vec<f64> = time
        .iter()
        .zip(insulin)
        .filter(|(minute, _)| FIRST_PHASE.contains(minute))
        .map(|(_, insulin)| insulin - basal)
        .collect();
    let first = first.iter().sum::<f64>() / first.len() as f64;
    let second = sampled.mean("plasma_insulin", period.from, period.to);
    vec![
        Index::new(
            "first-phase",
            "insulin above basal, 2 to 10 min",
            first,
            Quantity::Insulin,
        ),
        Index::new(
            "second-phase",
            "insulin, last 30 min",
            second,
            Quantity::Insulin,
        ),
    ]
}

/// Indices of one period; a remark where glucose was not where it should be.
fn judged(
    plan: &Plan,
    period: Period,
    several: bool,
    sampled: &Sampled,
    reading: &Reading<'_>,
) -> Result<(Vec<Index>, Option<String>), Diagnostics> {
    let Period { from, to, insulin } = period;
    let mean = |values: &[f64]| mean_rate(&reading.minutes, values, from, to);
    let infusion = mean(&reading.input("glucose_infusion")?);
    let glucose = |minute| sampled.at("plasma_glucose", minute);
    let m = index::m_value(infusion, [glucose(from), glucose(to)], to - from);
    let insulin_mean = sampled.mean("plasma_insulin", from, to);
    let glucose_mean = sampled.mean("plasma_glucose", from, to);
    let group = match insulin {
        Some(InsulinRate::PerSurface(rate)) if several => format!(" at {rate} mU/m²/min"),
        _ => String::new(),
    };
    // Reference ranges are about 40 mU/m²/min: other rates have ids of their own.
    let rate = match insulin {
        Some(InsulinRate::PerSurface(rate)) => format!("-{rate}"),
        Some(InsulinRate::PerMass(_)) => "-per-kg".to_string(),
        None => "-hyperglycaemic".to_string(),
    };
    let id = |name: &str| format!("{name}{rate}");
    let words = |name: &str| format!("{name}{group}");
    let mut indices = vec![
        Index::new(
            "clamp-glucose",
            &words("mean glucose"),
            glucose_mean,
            Quantity::Glucose,
        ),
        Index::new(
            "clamp-insulin",
            &words("mean insulin"),
            insulin_mean,
            Quantity::Insulin,
        ),
        Index::new(
            "infusion",
            &words("glucose infusion"),
            infusion,
            Quantity::Flux,
        ),
        Index::new(&id("m"), &words("M"), m, Quantity::Flux),
    ];
    let lean = plan.body.mass.zip(plan.body.fat_free_mass);
    let lean = lean.map(|(mass, lean)| mass / lean);
    if let Some(factor) = lean {
        indices.push(Index::new(
            &id("m-ffm"),
            &words("M per fat-free mass"),
            m * factor,
            Quantity::LeanFlux,
        ));
    }
    let ratio = index::m_over_i(m, insulin_mean);
    indices.push(Index::plain(
        &id("m-over-i"),
        &words("M/I × 100"),
        ratio,
        "mg/kg/min per µU/mL",
    ));
    if reading.shows("glucose_production") {
        let production = mean(&reading.output("glucose_production")?);
        indices.push(Index::new(
            "production",
            &words("residual glucose production"),
            production,
            Quantity::Flux,
        ));
        let rd = m + production;
        indices.push(Index::new(&id("rd"), &words("Rd"), rd, Quantity::Flux));
        if let Some(factor) = lean {
            indices.push(Index::new(
                &id("rd-ffm"),
                &words("Rd per fat-free mass"),
                rd * factor,
                Quantity::LeanFlux,
            ));
        }
    }
    if (glucose_mean / plan.target - 1.0).abs() <= AT_TARGET {
        return Ok((indices, None));
    }
    indices
        .iter_mut()
        .for_each(|index| index.comparable = false);
    let remark = format!(
        "glucose was not at its target of {:.0} mg/dL from {from} to {to} min (mean {:.0} mg/dL): M{group} is no measure of \
         insulin sensitivity; `--minutes` makes the clamp longer, `--target fasting` holds the fasting value",
        index::mg_per_dl(plan.target),
        index::mg_per_dl(glucose_mean)
    );
    Ok((indices, Some(remark)))
}

/// Mean of a rate that stays from each row to the next, over `[from, to)`.
fn mean_rate(minutes: &[f64], values: &[f64], from: f64, to: f64) -> f64 {
    let mut sum = 0.0;
    for (row, pair) in minutes.windows(2).enumerate() {
        let width = pair[1].min(to) - pair[0].max(from);
        if width > 0.0 {
            sum += values[row] * width;
        }
    }
    sum / (to - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_a_held_rate_counts_each_value_as_long_as_it_stays() {
        let minutes = [0.0, 5.0, 10.0, 15.0];
        let mean = mean_rate(&minutes, &[1.0, 4.0, 7.0, 100.0], 0.0, 15.0);
        assert_eq!(mean, 4.0);
        assert_eq!(mean_rate(&minutes, &[1.0, 4.0, 7.0, 100.0], 5.0, 12.5), 5.0);
    }
}
