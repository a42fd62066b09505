//! A test as a scenario: who, what is done when, and what is sampled.

use crate::diag::Diagnostics;
use crate::scenario::Arm;
use crate::scenario::inputs::InputKind;

use super::{Assay, Body, Procedure, clamps, days, intravenous, needs, oral};

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The test.
    pub procedure: Procedure,
    /// Name of the subject, or path of its file.
    pub subject: String,
    /// Another model for the same person; the subject's own when absent.
    pub model: Option<String>,
    /// The laboratory.
    pub assay: Assay,
    /// Carbohydrate drunk or eaten, g; the test's own when absent.
    pub dose: Option<f64>,
    /// Insulin infusion of a clamp; the test's own when absent.
    pub insulin: Option<InsulinRate>,
    /// Glucose that a euglycaemic clamp holds.
    pub target: Target,
    /// Length of a clamp, or of each of its steps, min; the test's own when absent.
    pub minutes: Option<f64>,
    /// Menu of the days of a sensor.
    pub menu: String,
    /// Whether an intravenous test gets insulin after 20 min.
    pub insulin_at_20: bool,
}

/// How fast insulin is infused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InsulinRate {
    /// mU per m² of body surface and min.
    PerSurface(f64),
    /// pmol per kg of body mass and min.
    PerMass(f64),
}

/// Glucose that a euglycaemic clamp holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// mmol/L.
    At(f64),
    /// What the person has after a night's fast.
    Fasting,
}

/// A test made ready.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What was asked for.
    pub settings: Settings,
    /// Whose body it is.
    pub body: Body,
    /// Text of the scenario.
    pub text: String,
    /// Minutes at which glucose is sampled.
    pub glucose_samples: Vec<f64>,
    /// Minutes at which insulin and what else is shown are sampled.
    pub insulin_samples: Vec<f64>,
    /// Steady periods that are judged, `[from, to]` in minutes, each with its insulin rate in pmol/kg/min.
    pub periods: Vec<Period>,
    /// What a clamp holds, mmol/L; NaN without.
    pub target: f64,
}

/// A period of a clamp that is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period {
    /// Minutes.
    pub from: f64,
    /// Minutes.
    pub to: f64,
    /// As asked for; none without insulin.
    pub insulin: Option<InsulinRate>,
}

/// What a procedure adds to the common frame.
pub(super) struct Course {
    /// Start and end, minutes, and the step between rows.
    pub span: (f64, f64, f64),
    /// Entries of the protocol.
    pub entries: Vec<String>,
    /// Entries of the calendar: whole meals.
    pub calendar: Vec<String>,
    pub glucose_samples: Vec<f64>,
    pub insulin_samples: Vec<f64>,
    pub periods: Vec<Period>,
    pub target: f64,
    /// Outputs of the contract for the second figure, one panel each; those that the model lacks are left out.
    pub fluxes: &'static [&'static str],
    /// Level inputs of the contract that it shows before them.
    pub infusions: &'static [&'static str],
}

/// A short scenario of nothing at all, which shows who the subject is and how its fasting body is.
pub fn probe(settings: &Settings) -> String {
    format!(
        "{}time = {{ unit = \"min\", span = [0, 1], every = 1 }}\n",
        head(settings, "before the test")
    )
}

/// Name of the results: the test and the subject.
fn name(settings: &Settings) -> String {
    let base = settings.subject.rsplit(['/', '\\']).next();
    let base = base.unwrap_or_default().trim_end_matches(".toml");
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let subject: String = base.to_lowercase().chars().map(plain).collect();
    let name = format!("test-{}-{subject}", settings.procedure.name());
    name.trim_end_matches('-').to_string()
}

fn head(settings: &Settings, title: &str) -> String {
    let mut text = format!(
        "schema = 2\nname = {}\ntitle = {}\nsubject = {}\n",
        quoted(&name(settings)),
        quoted(title),
        quoted(&settings.subject)
    );
    if let Some(model) = &settings.model {
        text.push_str(&format!("model = {}\n", quoted(model)));
    }
    text
}

/// A number with the digits that mean something: conversions leave `89.99999999999999`.
pub(super) fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Writes the test.
///
/// * `arm` — of the scenario of [`probe`]: its model and subject
///
/// # Errors
/// When the model lacks what the test needs, or the subject does not say what a dose depends on.
pub fn plan(settings: &Settings, arm: &Arm, body: Body) -> Result<Plan, Diagnostics> {
    needs::check(settings.procedure, arm)?;
    let course = match settings.procedure {
        Procedure::Ogtt | Procedure::MixedMeal => oral::course(settings, arm),
        Procedure::Fasting => oral::fasting(),
        Procedure::Ivgtt => intravenous::course(settings, arm),
        Procedure::Clamp | Procedure::ClampSteps => clamps::euglycaemic(settings, arm, &body)?,
        Procedure::HyperglycaemicClamp => clamps::hyperglycaemic(settings, arm, &body)?,
        Procedure::Cgm14 => days::course(settings),
    };
    Ok(Plan {
        text: text(settings, arm, &course),
        settings: settings.clone(),
        body,
        glucose_samples: course.glucose_samples,
        insulin_samples: course.insulin_samples,
        periods: course.periods,
        target: course.target,
    })
}

fn text(settings: &Settings, arm: &Arm, course: &Course) -> String {
    let subject = arm.subject.as_ref();
    let who = subject.map_or(settings.subject.as_str(), |subject| {
        if subject.title.is_empty() {
            &subject.name
        } else {
            &subject.title
        }
    });
    let title = format!("{}, {who}", settings.procedure.title());
    let (from, to, every) = course.span;
    let mut text = head(settings, &title);
    text.push_str(&format!(
        "time = {{ unit = \"min\", span = [{from}, {to}], every = {every} }}\n"
    ));
    for (list, entries) in [
        ("protocol", &course.entries),
        ("calendar", &course.calendar),
    ] {
        if !entries.is_empty() {
            let lines: String = entries
                .iter()
                .map(|entry| format!("  {{ {entry} }},\n"))
                .collect();
            text.push_str(&format!("{list} = [\n{lines}]\n"));
        }
    }
    text.push_str("\n[observe]\n");
    let outputs = |names: &[&str]| -> Vec<&str> {
        let ids = names
            .iter()
            .filter_map(|name| arm.inputs.outputs.get(*name));
        ids.map(|output| output.id.as_str()).collect()
    };
    for id in outputs(&["plasma_glucose", "plasma_insulin"]) {
        text.push_str(&format!(
            "{id} = [\"fasting\", \"min\", \"peak\", \"time_to_peak\"]\n"
        ));
    }
    let plasma = outputs(&[
        "plasma_glucose",
        "plasma_insulin",
        "c_peptide",
        "free_fatty_acids",
    ]);
    figure(&mut text, "plasma", &title, &plasma);
    let mut fluxes: Vec<&str> = course
        .infusions
        .iter()
        .filter_map(|name| driven(arm, name))
        .collect();
    fluxes.extend(outputs(course.fluxes));
    figure(&mut text, "fluxes", &title, &fluxes);
    text
}

/// The parameter that a level input is.
fn driven<'a>(arm: &'a Arm, name: &str) -> Option<&'a str> {
    match &arm.inputs.inputs.get(name)?.kind {
        InputKind::Level(id) => Some(id),
        InputKind::Amount(_) => None,
    }
}

fn figure(text: &mut String, name: &str, title: &str, ids: &[&str]) {
    if ids.is_empty() {
        return;
    }
    let panels: Vec<String> = ids.iter().map(|id| format!("[{}]", quoted(id))).collect();
    text.push_str(&format!(
        "\n[[figure]]\nname = {}\ntitle = {}\npanels = [{}]\n",
        quoted(name),
        quoted(&format!("{title}: {name}")),
        panels.join(", ")
    ));
}

/// Times from `from` to `to`, both among them.
pub(super) fn every(step: f64, from: f64, to: f64) -> Vec<f64> {
    let n = ((to - from) / step).round() as usize;
    (0..=n).map(|at| from + at as f64 * step).collect()
}
