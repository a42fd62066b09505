//! Whose body is tested.

use crate::diag::{Diagnostic, Diagnostics};
use crate::scenario::Arm;
use crate::trajectory::Trajectory;

use super::Procedure;
use super::reading::Reading;

/// What a test needs to know of the body before it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// Kilograms.
    pub mass: Option<f64>,
    /// Without fat, kilograms.
    pub fat_free_mass: Option<f64>,
    /// Surface, m².
    pub surface: Option<f64>,
    /// Fasting plasma glucose, mmol/L.
    pub glucose: f64,
}

impl Body {
    /// From the arm and trajectory of [`super::probe`].
    ///
    /// # Errors
    /// When the model has no plasma glucose that can be read in its unit.
    pub fn of(arm: &Arm, trajectory: &Trajectory) -> Result<Self, Diagnostics> {
        let reading = Reading::new(arm, trajectory)?;
        let glucose = reading.output("plasma_glucose")?;
        let person = arm.subject.as_ref().map(|subject| &subject.person);
        Ok(Self {
            mass: person.and_then(|person| person.mass),
            fat_free_mass: person.and_then(|person| person.fat_free_mass()),
            surface: person.and_then(|person| person.surface_area()),
            glucose: glucose.first().copied().unwrap_or(f64::NAN),
        })
    }

    /// Body surface per mass, m²/kg.
    ///
    /// # Errors
    /// When the subject does not say what is needed for it.
    pub fn surface_per_mass(&self, procedure: Procedure) -> Result<f64, Diagnostics> {
        if let (Some(surface), Some(mass)) = (self.surface, self.mass) {
            return Ok(surface / mass);
        }
        let lacking = if self.mass.is_none() {
            "mass"
        } else {
            "height"
        };
        let message = format!(
            "`{}` doses by body surface, and the subject does not say its {lacking}",
            procedure.name()
        );
        let found = Diagnostic::error("clinic/person", message);
        let hint = "write mass and height below `[person]` in the subject, or give the rate per kilogram: \
                    `--insulin \"6 pmol/kg/min\"`";
        Err(found.hint(hint).into())
    }
}
