//! The virtual clinic: standard tests on a simulated body, read as the clinic reads them.
//!
//! A test is a scenario like any other. [`probe`] gives the text of a short one that shows who the subject is and how the
//! fasting body is; [`plan`] writes the test itself with its infusions, doses and controllers; [`assess`] takes the samples
//! that the clinic would take from the trajectory, with seeded assay noise on request, and computes the indices. Running
//! is the caller's part.

mod assay;
mod body;
mod clamps;
mod days;
mod intravenous;
mod minimal_model;
mod needs;
mod oral;
mod outcome;
mod plan;
mod ranges;
mod reading;

pub use assay::Assay;
pub use body::Body;
pub use minimal_model::{Injection, MinimalModel, World, fit as fit_minimal_model};
pub use needs::check;
pub use outcome::{Index, Outcome, Quantity, Series, assess};
pub use plan::{InsulinRate, Plan, Settings, Target, plan, probe};
pub use ranges::{PATH as RANGES, Ranges};

/// The tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Procedure {
    /// Oral glucose tolerance test: 75 g of glucose, samples for two hours.
    Ogtt,
    /// Mixed-meal tolerance test: a liquid meal, samples for four hours.
    MixedMeal,
    /// Frequently sampled intravenous glucose tolerance test, three hours, read by the minimal model.
    Ivgtt,
    /// Euglycaemic hyperinsulinaemic clamp.
    Clamp,
    /// The same with insulin at several rates one after the other.
    ClampSteps,
    /// Hyperglycaemic clamp: glucose held 125 mg/dL above fasting.
    HyperglycaemicClamp,
    /// Three samples after a night's fast.
    Fasting,
    /// A glucose sensor worn for fourteen days.
    Cgm14,
}

impl Procedure {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Ogtt,
        Self::MixedMeal,
        Self::Ivgtt,
        Self::Clamp,
        Self::ClampSteps,
        Self::HyperglycaemicClamp,
        Self::Fasting,
        Self::Cgm14,
    ];

    /// As it is typed; part of the name of its results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ogtt => "ogtt",
            Self::MixedMeal => "mixed-meal",
            Self::Ivgtt => "ivgtt",
            Self::Clamp => "clamp",
            Self::ClampSteps => "clamp-steps",
            Self::HyperglycaemicClamp => "hyperglycaemic-clamp",
            Self::Fasting => "fasting",
            Self::Cgm14 => "cgm14",
        }
    }

    /// In words, to begin a line.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ogtt => "Oral glucose tolerance test",
            Self::MixedMeal => "Mixed-meal tolerance test",
            Self::Ivgtt => "Intravenous glucose tolerance test",
            Self::Clamp => "Euglycaemic clamp",
            Self::ClampSteps => "Euglycaemic clamp in steps",
            Self::HyperglycaemicClamp => "Hyperglycaemic clamp",
            Self::Fasting => "Fasting samples",
            Self::Cgm14 => "Glucose sensor for 14 days",
        }
    }
}
