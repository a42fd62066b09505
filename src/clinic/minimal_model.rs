//! The minimal model of glucose, fitted to the samples of an intravenous test.
//!
//! The model itself is the file `published/bergman_1979.ant`, run like any other. Insulin is its input: the samples, joined by
//! straight lines, at once from the injection on. Free are insulin sensitivity SI, glucose effectiveness SG, the decay p2 of insulin action, the space VG
//! and basal glucose, about which the samples before the injection say most. Samples of the first eight minutes are left
//! out, because glucose mixes into more than the model's one space then. Points weigh in proportion to their value.
//!
//! Source: Bergman, Phillips and Cobelli 1981, Journal of Clinical Investigation 68:1456–1467; Pacini and Bergman 1986,
//! Computer Methods and Programs in Biomedicine 23:113–122 (MINMOD: weights, the first eight minutes). That basal glucose
//! is fitted rather than taken as free of error departs from MINMOD: the intervals are too narrow otherwise.

use crate::diag::{Diagnostics, SourceMap, Sources, Warned};
use crate::fit::{self, Errors, Fit, Fitted, Free, Scale, Verdict};
use crate::math::Pack;
use crate::observe::indices as index;
use crate::scenario::{self, Arm, LoadModel};
use crate::simulate::{Experiment, Options, run_lanes};
use crate::trajectory::Trajectory;

/// Glucose is not mixed before this minute.
const MIXED: f64 = 8.0;

/// Relative error that is assumed of every point when the laboratory's is not known; only ratios matter then.
const RELATIVE: f64 = 0.02;

/// Where model and scenario texts come from.
pub struct World<'a, 'f> {
    /// Files.
    pub sources: &'a dyn Sources,
    /// Gets every text that was read.
    pub map: &'a mut SourceMap,
    /// Reads a model.
    pub load_model: &'a mut LoadModel<'f>,
}

/// Samples of an intravenous test.
#[derive(Clone, Debug, PartialEq)]
pub struct Injection {
    /// Glucose injected at time 0, mg/kg.
    pub dose: f64,
    /// Of the samples, rising, some before the injection.
    pub minutes: Vec<f64>,
    /// mmol/L.
    pub glucose: Vec<f64>,
    /// pmol/L.
    pub insulin: Vec<f64>,
    /// Coefficient of variation of glucose in the laboratory, as a fraction, where it is known.
    pub variation: Option<f64>,
}

/// The fitted minimal model.
#[derive(Clone, Debug, PartialEq)]
pub struct MinimalModel {
    /// SI, 1/min per pmol/L.
    pub sensitivity: Fitted,
    /// SG, 1/min.
    pub effectiveness: Fitted,
    /// p2, 1/min.
    pub decay: Fitted,
    /// VG, dL/kg.
    pub space: Fitted,
    /// Basal glucose, mmol/L.
    pub basal: Fitted,
    /// Basal insulin as sampled, pmol/L.
    pub basal_insulin: f64,
    /// The fit as a whole.
    pub fit: Fit,
}

impl MinimalModel {
    /// What a reader has to know about the numbers.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if !self.fit.converged {
            remarks.push("the fit of the minimal model did not settle".to_string());
        }
        for one in &self.fit.parameters {
            match one.verdict {
                Verdict::Identified => {}
                Verdict::Uncertain => remarks.push(format!(
                    "the samples do not determine `{}` of the minimal model: its standard error is {:.0} % of its value",
                    one.name,
                    100.0 * one.standard_error / one.value
                )),
                Verdict::AtBound => remarks.push(format!(
                    "`{}` of the minimal model ended at a bound of its search: the model does not describe these samples, and its SI and SG \
                     are not to be relied on",
                    one.name
                )),
            }
        }
        remarks
    }
}

/// Fits the minimal model; the inner error says why there is no fit to these samples.
///
/// # Errors
/// When the model's file is not to be had or not what it should be.
pub fn fit(
    test: &Injection,
    world: &mut World<'_, '_>,
) -> Result<Result<MinimalModel, String>, Diagnostics> {
    let basal = |values: &[f64]| {
        let before = test
            .minutes
            .iter()
            .zip(values)
            .filter(|(minute, _)| **minute <= 0.0);
        let (n, sum) = before.fold((0.0, 0.0), |(n, sum), (_, value)| (n + 1.0, sum + value));
        sum / n
    };
    let (glucose, insulin) = (basal(&test.glucose), basal(&test.insulin));
    if !(glucose.is_finite() && insulin.is_finite()) {
        return Ok(Err("there is no sample before the injection".to_string()));
    }
    let body = Minimal::new(test, glucose, insulin, world)?;
    let free = free(index::mg_per_dl(glucose), test);
    let errors = match test.variation {
        Some(_) => Errors::Known,
        None => Errors::Estimated,
    };
    let found = fit::least_squares(&free, errors, &mut |sets: &[Vec<f64>]| {
        body.residuals(sets, test)
    });
    Ok(match found {
        Ok(found) => Ok(named(found, insulin)),
        Err(why) => Err(why.to_string()),
    })
}

/// Names of the file's parameters, in the order of the search.
const NAMES: [&str; 5] = ["SI", "SG", "p2", "VG", "G_basal"];

/// The parameters with bounds far outside of what was ever published.
fn free(basal: f64, test: &Injection) -> Vec<Free> {
    let highest = test.glucose.iter().copied().fold(0.0, f64::max);
    let rise = (index::mg_per_dl(highest) - basal).max(10.0);
    let ranges = [
        (5e-5, 1e-7, 5e-3),
        (0.02, 1e-3, 0.2),
        (0.03, 2e-3, 0.5),
        (test.dose / rise, 0.3, 10.0),
        (basal, basal / 2.0, basal * 2.0),
    ];
    let one = |(name, (start, lower, upper)): (&str, (f64, f64, f64))| Free {
        name: name.to_string(),
        start,
        lower,
        upper,
        scale: Scale::Log,
    };
    NAMES.into_iter().zip(ranges).map(one).collect()
}

fn named(fit: Fit, basal_insulin: f64) -> MinimalModel {
    let parameter = |name: &str| fit.parameter(name).cloned().expect("all were asked for");
    let mut basal = parameter("G_basal");
    let to_molar = 1.0 / index::mg_per_dl(1.0);
    basal.value *= to_molar;
    basal.standard_error *= to_molar;
    basal.interval = (basal.interval.0 * to_molar, basal.interval.1 * to_molar);
    MinimalModel {
        sensitivity: parameter("SI"),
        effectiveness: parameter("SG"),
        decay: parameter("p2"),
        space: parameter("VG"),
        basal,
        basal_insulin,
        fit,
    }
}

/// The minimal model under one person's insulin, compiled.
struct Minimal {
    arm: Arm,
    experiment: Experiment,
}

impl Minimal {
    fn new(
        test: &Injection,
        glucose: f64,
        insulin: f64,
        world: &mut World<'_, '_>,
    ) -> Result<Self, Diagnostics> {
        let text = text(test, glucose, insulin);
        let loaded = scenario::load(
            "<the minimal model>",
            &text,
            world.sources,
            world.map,
            world.load_model,
        )?;
        let arm = loaded
            .value
            .arms
            .into_iter()
            .next()
            .expect("one arm was written");
        let Warned { value, .. } = Experiment::new(&arm)?;
        Ok(Self {
            arm,
            experiment: value,
        })
    }

    /// Residuals of several sets of parameters, run side by side.
    fn residuals(&self, sets: &[Vec<f64>], test: &Injection) -> Vec<Option<Vec<f64>>> {
        let slots = |set: &Vec<f64>| {
            let one = |(name, value): (&&str, &f64)| {
                let symbol = self.arm.model.symbol(name).expect("the model's own names");
                let mut slots = self.experiment.overrides(&self.arm, symbol, &[*value]);
                slots.pop().unwrap_or_default()
            };
            NAMES.iter().zip(set).flat_map(one).collect::<Vec<_>>()
        };
        let overrides: Vec<Vec<(usize, f64)>> = sets.iter().map(slots).collect();
        // Tighter than the step of the fit's differences, so that these are smooth.
        let options = Options {
            rtol: 1e-7,
            atol: 1e-10,
            ..Options::default()
        };
        let glucose = &self.arm.inputs.outputs["plasma_glucose"].id;
        let runs = run_lanes::<Pack<4>>(&self.experiment, &self.arm, &overrides, &options);
        let of_run = |(run, set): (Result<Trajectory, _>, &Vec<f64>)| {
            let glucose = run.ok()?.values(glucose)?;
            Some(residuals(test, &glucose, set[4]))
        };
        runs.into_iter().zip(sets).map(of_run).collect()
    }
}

/// (model − sample) ÷ error of the sample: those before the injection against basal glucose, those once mixed against the model.
///
/// * `rows` — the model at time 0 and at the samples from [`MIXED`] on, mg/dL
fn residuals(test: &Injection, rows: &[f64], basal: f64) -> Vec<f64> {
    let variation = test.variation.unwrap_or(RELATIVE);
    let mut rows = rows.iter().skip(1);
    let mut residuals = Vec::new();
    for (minute, glucose) in test.minutes.iter().zip(&test.glucose) {
        let sample = index::mg_per_dl(*glucose);
        let model = match *minute {
            before if before <= 0.0 => Some(&basal),
            mixed if mixed >= MIXED => rows.next(),
            _ => None,
        };
        residuals.extend(model.map(|model| (model - sample) / (variation * sample)));
    }
    residuals
}

/// Insulin right after the injection, pmol/L: the line through the first two samples, followed back when it falls; else the
/// first sample. NaN without two samples.
///
/// The first phase comes within a minute. From basal to the first sample by a straight line, half of its first two minutes
/// would be lost, and sensitivity would read up to 7 % high.
fn at_injection(test: &Injection) -> f64 {
    let first = test.minutes.partition_point(|minute| *minute <= 0.0);
    let (Some(minutes), Some(insulin)) = (
        test.minutes.get(first..first + 2),
        test.insulin.get(first..first + 2),
    ) else {
        return f64::NAN;
    };
    let slope = (insulin[1] - insulin[0]) / (minutes[1] - minutes[0]);
    insulin[0] - slope.min(0.0) * minutes[0]
}

/// The scenario: the injection, and insulin along the straight lines between its samples.
fn text(test: &Injection, glucose: f64, insulin: f64) -> String {
    let mut text = String::from(
        "schema = 1\nname = \"minimal-model\"\nmodel = \"published/bergman_1979.ant\"\nprotocol = [\n",
    );
    text.push_str(&format!(
        "  {{ give = \"glucose_bolus\", amount = \"{} mg/kg\", time = 0 }},\n",
        test.dose
    ));
    let mut last = (0.0, at_injection(test));
    if last.1.is_finite() {
        let jump = last.1 - insulin;
        text.push_str(&format!(
            "  {{ bolus = \"I_plasma\", amount = \"{jump} pmol/L\", time = 0 }},\n"
        ));
    } else {
        last.1 = insulin;
    }
    let mut points = String::from("0");
    for (minute, insulin) in test.minutes.iter().zip(&test.insulin) {
        if *minute <= 0.0 {
            continue;
        }
        let slope = (insulin - last.1) / (minute - last.0);
        text.push_str(&format!(
            "  {{ hold = \"insulin_slope\", at = \"{slope} pmol/L/min\", from = {}, to = {minute} }},\n",
            last.0
        ));
        if *minute >= MIXED {
            points.push_str(&format!(", {minute}"));
        }
        last = (*minute, *insulin);
    }
    text.push_str(&format!(
        "]\ntime = {{ unit = \"min\", points = [{points}] }}\n\n[parameters]\n\
         G_basal = {{ value = \"{} mg/dL\", why = \"sampled before the injection\" }}\n\
         I_basal = {{ value = \"{insulin} pmol/L\", why = \"sampled before the injection\" }}\n",
        index::mg_per_dl(glucose)
    ));
    text
}
