//! What a test gives: samples and indices.

use crate::diag::Diagnostics;
use crate::observe::curve;
use crate::observe::indices as index;
use crate::scenario::Arm;
use crate::scenario::contract::contract;
use crate::trajectory::Trajectory;

use super::minimal_model::{Injection, MinimalModel, World};
use super::plan::Plan;
use super::reading::Reading;
use super::{Assay, Procedure, clamps, days, intravenous, minimal_model, oral};

/// What a test gives.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was sampled, glucose first.
    pub samples: Vec<Series>,
    /// Indices in the order in which the clinic reads them.
    pub indices: Vec<Index>,
    /// The fit of the minimal model, where the test has one.
    pub fit: Option<MinimalModel>,
    /// What a reader has to know about the numbers.
    pub remarks: Vec<String>,
}

/// The samples of one analyte, as the laboratory read them.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name in the contract.
    pub analyte: String,
    /// In words.
    pub label: String,
    /// Unit of the values.
    pub unit: String,
    /// When, min.
    pub minutes: Vec<f64>,
    /// What was read.
    pub values: Vec<f64>,
}

/// One index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Stable name, for data and reference ranges.
    pub id: String,
    /// In words.
    pub name: String,
    /// Its value; NaN when it is not defined here.
    pub value: f64,
    /// What it is, which says its unit.
    pub quantity: Quantity,
    /// Ends of the 95 % confidence interval of a fitted index.
    pub interval: Option<(f64, f64)>,
    /// Whether the test went as it should, so that the number may be laid beside published ranges.
    pub comparable: bool,
}

/// What an index is, as far as its unit depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// mmol/L.
    Glucose,
    /// pmol/L.
    Insulin,
    /// mg per kg of body mass and min, of glucose.
    Flux,
    /// mg per kg of fat-free mass and min, of glucose.
    LeanFlux,
    /// mmol/L·min.
    GlucoseArea,
    /// pmol/L·min.
    InsulinArea,
    /// In a customary unit, or in none when it is empty.
    Plain(String),
}

impl Quantity {
    /// The unit of a value.
    pub fn unit(&self) -> &str {
        match self {
            Self::Glucose => "mmol/L",
            Self::Insulin => "pmol/L",
            Self::Flux => "mg/kg/min",
            Self::LeanFlux => "mg/kg FFM/min",
            Self::GlucoseArea => "mmol/L·min",
            Self::InsulinArea => "pmol/L·min",
            Self::Plain(unit) => unit,
        }
    }

    /// Factor and unit for display in units of the clinic; in SI units without.
    pub fn shown(&self, clinic: bool) -> (f64, &str) {
        let micromoles = 1000.0 / index::GLUCOSE_MOLAR_MASS;
        match (self, clinic) {
            (Self::Glucose, true) => (index::mg_per_dl(1.0), "mg/dL"),
            (Self::GlucoseArea, true) => (index::mg_per_dl(1.0), "mg/dL·min"),
            (Self::Insulin, true) => (index::microunits(1.0), "µU/mL"),
            (Self::InsulinArea, true) => (index::microunits(1.0), "µU/mL·min"),
            (Self::Flux, false) => (micromoles, "µmol/kg/min"),
            (Self::LeanFlux, false) => (micromoles, "µmol/kg FFM/min"),
            _ => (1.0, self.unit()),
        }
    }
}

impl Index {
    pub(super) fn new(id: &str, name: &str, value: f64, quantity: Quantity) -> Self {
        Self {
            id: id.to_string(),
            name: name.to_string(),
            value,
            quantity,
            interval: None,
            comparable: true,
        }
    }

    pub(super) fn plain(id: &str, name: &str, value: f64, unit: &str) -> Self {
        Self::new(id, name, value, Quantity::Plain(unit.to_string()))
    }

    pub(super) fn between(mut self, low: f64, high: f64) -> Self {
        self.interval = Some((low, high));
        self
    }
}

/// Samples by analyte.
pub(super) struct Sampled(pub Vec<Series>);

impl Sampled {
    /// Takes the samples of a plan from a run.
    fn of(plan: &Plan, reading: &Reading<'_>) -> Result<Self, Diagnostics> {
        const ANALYTES: [&str; 4] = [
            "plasma_glucose",
            "plasma_insulin",
            "c_peptide",
            "free_fatty_acids",
        ];
        let shown = ANALYTES.iter().filter(|name| reading.shows(name));
        let series = shown.map(|name| {
            let minutes = if *name == "plasma_glucose" {
                &plan.glucose_samples
            } else {
                &plan.insulin_samples
            };
            series(name, minutes, &plan.settings.assay, reading)
        });
        let all: Vec<Series> = series.collect::<Result<_, _>>()?;
        Ok(Self(
            all.into_iter()
                .filter(|one| !one.minutes.is_empty())
                .collect(),
        ))
    }

    /// Times and values of an analyte; empty when it was not sampled.
    pub fn series(&self, analyte: &str) -> (&[f64], &[f64]) {
        let found = self.0.iter().find(|series| series.analyte == analyte);
        found.map_or((&[], &[]), |series| (&series.minutes, &series.values))
    }

    /// The sample at a minute.
    pub fn at(&self, analyte: &str, minute: f64) -> f64 {
        let (time, values) = self.series(analyte);
        curve::value_at(time, values, minute)
    }

    /// Mean of the samples in `[from, to]`.
    pub fn mean(&self, analyte: &str, from: f64, to: f64) -> f64 {
        let (time, values) = self.series(analyte);
        let inside = time.iter().zip(values);
        let inside = inside.filter(|(minute, _)| (from..=to).contains(*minute));
        let (n, sum) = inside.fold((0.0, 0.0), |(n, sum), (_, value)| (n + 1.0, sum + value));
        sum / n
    }

    /// Mean of the samples before anything is done: up to time 0.
    pub fn before(&self, analyte: &str) -> f64 {
        self.mean(analyte, f64::NEG_INFINITY, 0.0)
    }
}

fn series(
    analyte: &str,
    minutes: &[f64],
    assay: &Assay,
    reading: &Reading<'_>,
) -> Result<Series, Diagnostics> {
    let values = reading.output(analyte)?;
    let (label, unit) = &contract().outputs[analyte];
    let read = |minute: &f64| {
        let value = curve::value_at(&reading.minutes, &values, *minute);
        assay.read(analyte, *minute, value)
    };
    Ok(Series {
        analyte: analyte.to_string(),
        label: label.clone(),
        unit: unit.clone(),
        values: minutes.iter().map(read).collect(),
        minutes: minutes.to_vec(),
    })
}

/// Takes the samples of a test from its run and reads them.
///
/// * `arm`, `trajectory` — of the scenario of `plan`
/// * `world` — where the minimal model comes from
///
/// # Errors
/// When the model's units cannot be read, or the minimal model is not to be had.
pub fn assess(
    plan: &Plan,
    arm: &Arm,
    trajectory: &Trajectory,
    world: &mut World<'_, '_>,
) -> Result<Outcome, Diagnostics> {
    let reading = Reading::new(arm, trajectory)?;
    let sampled = Sampled::of(plan, &reading)?;
    let mut outcome = Outcome {
        samples: Vec::new(),
        indices: Vec::new(),
        fit: None,
        remarks: Vec::new(),
    };
    match plan.settings.procedure {
        Procedure::Ogtt | Procedure::MixedMeal => outcome.indices = oral::indices(plan, &sampled),
        Procedure::Fasting => outcome.indices = oral::fasting_indices(&sampled),
        Procedure::Cgm14 => outcome.indices = days::indices(&sampled),
        Procedure::Clamp | Procedure::ClampSteps | Procedure::HyperglycaemicClamp => {
            (outcome.indices, outcome.remarks) = clamps::indices(plan, &sampled, &reading)?;
        }
        Procedure::Ivgtt => {
            let fit = minimal_model::fit(&injection(plan, &sampled), world)?;
            outcome.indices = intravenous::indices(&sampled, fit.as_ref().ok());
            outcome.remarks = match &fit {
                Ok(fit) => fit.remarks(),
                Err(why) => vec![format!("the minimal model was not fitted: {why}")],
            };
            outcome.fit = fit.ok();
        }
    }
    outcome.samples = sampled.0;
    Ok(outcome)
}

fn injection(plan: &Plan, sampled: &Sampled) -> Injection {
    let (minutes, glucose) = sampled.series("plasma_glucose");
    let (_, insulin) = sampled.series("plasma_insulin");
    let variation = plan.settings.assay.variation("plasma_glucose");
    Injection {
        dose: intravenous::DOSE,
        minutes: minutes.to_vec(),
        glucose: glucose.to_vec(),
        insulin: insulin.to_vec(),
        variation: (variation > 0.0).then_some(variation),
    }
}
