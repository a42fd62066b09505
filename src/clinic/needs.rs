//! What a test needs of a model.

use crate::diag::{Diagnostic, Diagnostics};
use crate::scenario::Arm;

use super::Procedure;

/// One of the names of each row must be there.
type Needs = &'static [&'static [&'static str]];

fn inputs(procedure: Procedure) -> Needs {
    match procedure {
        Procedure::Fasting => &[],
        Procedure::Ogtt | Procedure::MixedMeal | Procedure::Cgm14 => {
            &[&["meal_glucose", "meal_carbohydrate_fast"]]
        }
        Procedure::Ivgtt => &[&["glucose_bolus", "glucose_infusion"]],
        Procedure::HyperglycaemicClamp => &[&["glucose_infusion"]],
        Procedure::Clamp | Procedure::ClampSteps => &[&["glucose_infusion"], &["insulin_infusion"]],
    }
}

fn outputs(procedure: Procedure) -> Needs {
    match procedure {
        Procedure::Cgm14 => &[&["plasma_glucose"]],
        _ => &[&["plasma_glucose"], &["plasma_insulin"]],
    }
}

/// Whether the model takes and shows all that a test needs.
///
/// # Errors
/// One finding for each thing that it lacks.
pub fn check(procedure: Procedure, arm: &Arm) -> Result<(), Diagnostics> {
    let mut findings = Diagnostics::new();
    for names in inputs(procedure) {
        if !names
            .iter()
            .any(|name| arm.inputs.inputs.contains_key(*name))
        {
            findings.push(lacks(procedure, arm, "takes no input", names));
        }
    }
    for names in outputs(procedure) {
        if !names
            .iter()
            .any(|name| arm.inputs.outputs.contains_key(*name))
        {
            findings.push(lacks(procedure, arm, "shows no output", names));
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(findings)
    }
}

fn lacks(procedure: Procedure, arm: &Arm, what: &str, names: &[&str]) -> Diagnostic {
    let names = names.join("` or `");
    let message = format!(
        "the test `{}` cannot be done: `{}` {what} `{names}`",
        procedure.name(),
        arm.model_path
    );
    Diagnostic::error("clinic/model-lacks", message).hint(
        "a model declares what it takes and shows in the file NAME.inputs.toml beside it; \
         `published/dalla_man_2007.ant` has all that the tests need",
    )
}
