//! Quantities of a run under their names of the contract and in its units.

use crate::diag::{Diagnostic, Diagnostics};
use crate::observe::indices::GLUCOSE_MOLAR_MASS;
use crate::scenario::Arm;
use crate::scenario::contract::contract;
use crate::scenario::inputs::InputKind;
use crate::trajectory::Trajectory;
use crate::units::{Unit, conversion_factor, conversion_factor_by_mass, parse_unit};

/// A run, its times in minutes.
pub struct Reading<'a> {
    arm: &'a Arm,
    trajectory: &'a Trajectory,
    /// Of every row.
    pub minutes: Vec<f64>,
}

impl<'a> Reading<'a> {
    /// # Errors
    /// When the unit of the model's time is none.
    pub fn new(arm: &'a Arm, trajectory: &'a Trajectory) -> Result<Self, Diagnostics> {
        let factor = 1.0 / time_per_minute(arm)?;
        let minutes = trajectory.time.iter().map(|time| time * factor).collect();
        Ok(Self {
            arm,
            trajectory,
            minutes,
        })
    }

    /// Whether the model shows it.
    pub fn shows(&self, name: &str) -> bool {
        self.arm.inputs.outputs.contains_key(name)
    }

    /// An output at every row, in the contract's unit.
    ///
    /// # Errors
    /// When the model does not show it, or in a unit that cannot be converted.
    pub fn output(&self, name: &str) -> Result<Vec<f64>, Diagnostics> {
        let factor = 1.0 / output_scale(self.arm, name)?;
        let id = &self.arm.inputs.outputs[name].id;
        let values = self.trajectory.values(id).ok_or_else(|| missing(name))?;
        Ok(values.into_iter().map(|value| value * factor).collect())
    }

    /// A level input at every row, in the contract's unit; zeros where nothing drives it.
    ///
    /// # Errors
    /// When the model does not take it, or in a unit that cannot be converted.
    pub fn input(&self, name: &str) -> Result<Vec<f64>, Diagnostics> {
        let factor = 1.0 / input_scale(self.arm, name)?;
        let Some(InputKind::Level(id)) = self.arm.inputs.inputs.get(name).map(|i| &i.kind) else {
            return Err(missing(name));
        };
        let zeros = || vec![0.0; self.minutes.len()];
        let values = self.trajectory.values(id).unwrap_or_else(zeros);
        Ok(values.into_iter().map(|value| value * factor).collect())
    }
}

/// Units of the model's time in a minute.
///
/// # Errors
/// When the unit of the model's time is none.
pub fn time_per_minute(arm: &Arm) -> Result<f64, Diagnostics> {
    let unit = &arm.time.unit;
    if unit.is_empty() {
        // A model without a unit of time takes that of the scenario, and tests are written in minutes.
        return Ok(1.0);
    }
    let minute = parse_unit("min").expect("an everyday unit");
    let found = parse_unit(unit).ok();
    let factor = found.and_then(|unit| conversion_factor(&minute, &unit));
    factor.ok_or_else(|| {
        let message = format!("the model's time is in `{unit}`, which is no unit of time");
        Diagnostic::error("clinic/unit", message).into()
    })
}

/// The model's value of an output that is 1 in the contract's unit.
///
/// # Errors
/// When the model does not show it, or in a unit that cannot be converted.
pub fn output_scale(arm: &Arm, name: &str) -> Result<f64, Diagnostics> {
    let output = arm.inputs.outputs.get(name).ok_or_else(|| missing(name))?;
    let (_, unit) = contract().outputs.get(name).ok_or_else(|| missing(name))?;
    scale(arm, &output.id, unit, name)
}

/// The model's value of a level input that is 1 in the contract's unit.
///
/// # Errors
/// When the model does not take it, or in a unit that cannot be converted.
pub fn input_scale(arm: &Arm, name: &str) -> Result<f64, Diagnostics> {
    let Some(InputKind::Level(id)) = arm.inputs.inputs.get(name).map(|input| &input.kind) else {
        return Err(missing(name));
    };
    let agreed = contract().inputs.get(name).ok_or_else(|| missing(name))?;
    scale(arm, id, &agreed.unit_text, name)
}

/// The unit of an output in the model.
pub fn output_unit(arm: &Arm, name: &str) -> Option<Unit> {
    let output = arm.inputs.outputs.get(name)?;
    arm.model.unit_of(arm.model.symbol(&output.id)?)
}

fn scale(arm: &Arm, id: &str, unit: &str, name: &str) -> Result<f64, Diagnostics> {
    let from = parse_unit(unit).expect("units of the contract are units");
    let to = arm
        .model
        .symbol(id)
        .and_then(|symbol| arm.model.unit_of(symbol));
    let factor = to.and_then(|to| {
        let by_mass = || conversion_factor_by_mass(&from, &to, GLUCOSE_MOLAR_MASS);
        let factor = conversion_factor(&from, &to);
        factor.or_else(|| name.contains("glucose").then(by_mass).flatten())
    });
    factor.ok_or_else(|| {
        let message =
            format!("`{id}`, the model's `{name}`, is in no unit that can be read as {unit}");
        let found = Diagnostic::error("clinic/unit", message);
        found.hint("declare its unit in the model").into()
    })
}

fn missing(name: &str) -> Diagnostics {
    let message = format!("the model has no `{name}`");
    Diagnostic::error("clinic/model-lacks", message).into()
}
