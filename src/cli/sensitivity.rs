//! `insilin sensitivity`: which parameters a metric depends on, and how strongly.

mod global;
mod local;
mod told;

use std::path::PathBuf;

use insilin::diag::did_you_mean;
use insilin::model::Symbol;
use insilin::observe::Metric;
use insilin::scenario::{Arm, Edits, Scenario};
use insilin::simulate::{Options, sensitivity};

use super::args::{Sensitivity, SensitivityMethod};
use super::load::{self, Loaded};
use super::results;
use super::run::Clock;
use super::terminal::{Exit, Terminal};
use super::{Ended, figures};

/// Computes the sensitivities that were asked for.
pub fn sensitivity(arguments: &Sensitivity, terminal: Terminal) -> Ended {
    if arguments.method != SensitivityMethod::Local {
        return global::global(arguments, terminal);
    }
    let mut clock = Clock::start();
    let job = Job::from(arguments, terminal)?;
    let rows = local::run(&job, terminal)?;
    clock.lap("run");
    let mut folder = told::folder(&job, &rows);
    if !arguments.no_figures {
        for (name, figure) in told::figures(&job, &rows) {
            let figure = figures::look(figure, arguments.projector);
            for (path, content) in figures::drawn(&name, &figure, None) {
                folder.add(format!("figures/{path}"), content);
            }
        }
    }
    folder.add("timing.json", clock.to_json());
    let out = arguments.out.clone();
    let out = out.unwrap_or_else(|| default_folder(&job.loaded.scenario));
    results::keep(&folder, &out, terminal)?;
    let text = if arguments.json {
        format!("{:#}\n", told::json(&job, &rows))
    } else {
        told::text(&job, &rows)
    };
    terminal.data(&text)?;
    terminal.say(&format!(
        "{} steps for {} parameters in {:.0} ms; written to {}",
        rows.steps,
        rows.parameters,
        clock.total(),
        out.display()
    ));
    Ok(())
}

fn default_folder(scenario: &Scenario) -> PathBuf {
    let plain = results::default_folder(scenario);
    let name = plain.file_name().map(|name| name.to_string_lossy());
    let name = format!("{}-sensitivity", name.unwrap_or_default());
    plain.with_file_name(name)
}

/// What to compute.
pub struct Job {
    /// The scenario and its texts.
    pub loaded: Loaded,
    /// What to look at.
    pub metrics: Vec<Wanted>,
    /// How to integrate.
    pub options: Options,
    /// The change of a parameter for which the change of a metric is told, as a share.
    pub share: f64,
    /// How many rows per metric to print.
    pub top: usize,
    parameters: Vec<String>,
}

/// A metric of a quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Arm that is meant; all when none is.
    pub arm: Option<String>,
    /// Id of the quantity.
    pub id: String,
    /// The metric as written.
    pub metric: String,
}

impl Job {
    fn from(arguments: &Sensitivity, terminal: Terminal) -> Result<Self, Exit> {
        let edits = Edits {
            set: arguments.set.clone(),
            end: arguments.end.clone(),
            points: arguments.points.map(|points| points as usize),
            ..Edits::default()
        };
        let models = arguments.models.as_deref();
        let loaded = load::scenario(&arguments.what, &edits, models, terminal)?;
        terminal.findings(&loaded.warnings, &loaded.sources);
        let default = Options::default();
        let job = Self {
            metrics: metrics(&arguments.metric, &loaded.scenario, terminal)?,
            options: Options {
                rtol: arguments.rtol.unwrap_or(default.rtol),
                atol: arguments.atol.unwrap_or(default.atol),
                ..default
            },
            share: share(&arguments.relative, terminal)?,
            top: arguments.top as usize,
            parameters: arguments.parameters.clone(),
            loaded,
        };
        if job.loaded.scenario.vary.is_some() {
            terminal.say("what the scenario varies stands at its model's own value here");
        }
        Ok(job)
    }

    /// The metrics that are meant of an arm.
    pub fn metrics_of<'a>(&'a self, arm: &'a Arm) -> impl Iterator<Item = &'a Wanted> {
        let is_meant = |wanted: &&Wanted| {
            let of_arm = wanted.arm.as_ref().is_none_or(|label| *label == arm.label);
            of_arm && arm.model.symbol(&wanted.id).is_some()
        };
        self.metrics.iter().filter(is_meant)
    }

    /// The parameters that are meant of an arm.
    ///
    /// # Errors
    /// Exit code 2 for a name that no parameter has, or none at all; that has been said.
    pub fn parameters_of(&self, arm: &Arm, terminal: Terminal) -> Result<Vec<Symbol>, Exit> {
        if self.parameters.is_empty() || self.parameters == ["all"] {
            let all = sensitivity::parameters(arm);
            if all.is_empty() {
                let hint = "name start values with `--parameters`; those count as parameters too";
                terminal.failure("cli/parameter", "the model has no parameters", hint);
                return Err(Exit::Input);
            }
            return Ok(all);
        }
        let mut found = Vec::new();
        for name in &self.parameters {
            let symbol = self.parameter(arm, name.trim(), terminal)?;
            if !found.contains(&symbol) {
                found.push(symbol);
            }
        }
        Ok(found)
    }

    fn parameter(&self, arm: &Arm, name: &str, terminal: Terminal) -> Result<Symbol, Exit> {
        let model = &arm.model;
        let Some(symbol) = model.symbol(name) else {
            let symbols = model.symbols();
            let ids = symbols.map(|symbol| model.identity(symbol).id.as_str());
            let hint = match did_you_mean(name, ids) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`insilin list observables MODEL` names what there is".to_string(),
            };
            let message = format!("nothing in the model is called `{name}`");
            terminal.failure("cli/parameter", &message, &hint);
            return Err(Exit::Input);
        };
        match sensitivity::refusal(arm, symbol) {
            None => Ok(symbol),
            Some(refused) => {
                terminal.findings(&refused.into(), &self.loaded.sources);
                Err(Exit::Input)
            }
        }
    }
}

/// `arm: quantity.metric` texts, or all that the scenario observes.
fn metrics(
    written: &[String],
    scenario: &Scenario,
    terminal: Terminal,
) -> Result<Vec<Wanted>, Exit> {
    let refused = |message: String, hint: String| {
        terminal.failure("cli/metric", &message, &hint);
        Exit::Input
    };
    if written.is_empty() {
        let observed = observed(scenario);
        if observed.is_empty() {
            let hint = "say which with `--metric QUANTITY.METRIC`, such as `--metric G.peak`";
            let message = "the scenario observes no metric";
            return Err(refused(message.to_string(), hint.to_string()));
        }
        return Ok(observed);
    }
    let mut wanted = Vec::new();
    for text in written {
        let one = read(text, scenario).map_err(|(message, hint)| refused(message, hint))?;
        wanted.push(one);
    }
    Ok(wanted)
}

fn observed(scenario: &Scenario) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let all = scenario.arms.iter().flat_map(|arm| &arm.observe);
    for observed in all {
        for metric in &observed.metrics {
            let one = Wanted {
                arm: None,
                id: observed.id.clone(),
                metric: metric.clone(),
            };
            if !wanted.contains(&one) {
                wanted.push(one);
            }
        }
    }
    wanted
}

fn read(text: &str, scenario: &Scenario) -> Result<Wanted, (String, String)> {
    let (arm, rest) = match text.split_once(':') {
        Some((label, rest)) => (Some(label.trim().to_string()), rest.trim()),
        None => (None, text.trim()),
    };
    if let Some(label) = &arm
        && !scenario.arms.iter().any(|arm| arm.label == *label)
    {
        let labels = scenario.arms.iter().map(|arm| format!("`{}`", arm.label));
        let hint = format!("there are {}", labels.collect::<Vec<_>>().join(", "));
        return Err((format!("no arm is called `{label}`"), hint));
    }
    let Some((id, metric)) = rest.split_once('.') else {
        let hint = "write `QUANTITY.METRIC`, for example `glucose.peak`".to_string();
        return Err((
            format!("`{text}` does not name a metric of a quantity"),
            hint,
        ));
    };
    let (id, metric) = (id.trim(), metric.trim());
    if !scenario
        .arms
        .iter()
        .any(|arm| arm.model.symbol(id).is_some())
    {
        let ids = scenario.arms.iter().flat_map(|arm| {
            let symbols = arm.model.symbols();
            symbols.map(|symbol| arm.model.identity(symbol).id.as_str())
        });
        let hint = match did_you_mean(id, ids) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`insilin list observables MODEL` shows what there is".to_string(),
        };
        return Err((format!("nothing in the model is called `{id}`"), hint));
    }
    if let Err(wrong) = Metric::parse(metric) {
        let hint = "docs/scenarios.md lists the metrics".to_string();
        return Err((wrong.to_string(), hint));
    }
    Ok(Wanted {
        arm,
        id: id.to_string(),
        metric: metric.to_string(),
    })
}

/// `1%` or `0.01`.
fn share(text: &str, terminal: Terminal) -> Result<f64, Exit> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let share = match text.trim().strip_suffix('%') {
        Some(percent) => number(percent).map(|percent| percent / 100.0),
        None => number(text),
    };
    share
        .filter(|share| share.is_finite() && *share != 0.0)
        .ok_or_else(|| {
            let message = format!("`--relative {text}` is no change");
            terminal.failure("cli/sensitivity", &message, "write a share, such as `1%`");
            Exit::Input
        })
}
