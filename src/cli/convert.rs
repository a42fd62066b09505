//! `insilin convert`: a model or a scenario in, a model in another language out.

use std::path::Path;

use insilin::diag::{Diagnostic, Diagnostics, Severity, SourceMap, Sources, Warned};
use insilin::export::{self, Starts};
use insilin::model::{Model, lower};
use insilin::scenario::{Arm, Edits, Scenario, depart};
use insilin::simulate::{Experiment, Options};
use insilin::store::write_file;
use insilin::units::parse_quantity;

use super::args::{Convert, Language};
use super::library::Library;
use super::load::{self, report};
use super::results::store_failure;
use super::terminal::{Exit, Terminal};
use super::{Ended, interrupt};

/// Reads, converts and writes; nothing is written when anything cannot be carried over.
pub fn convert(arguments: &Convert, terminal: Terminal) -> Ended {
    let language = language(arguments, terminal)?;
    let mut sources = SourceMap::new();
    if arguments.hierarchical {
        return modules(arguments, language, terminal);
    }
    let model = if load::is_model(&arguments.what) {
        refuse_options_of_scenarios(arguments, terminal)?;
        let library = Library::new(arguments.models.as_deref(), terminal)?;
        flat(&arguments.what, &library, &mut sources, terminal)?
    } else {
        replay(arguments, &mut sources, terminal)?
    };
    let text = report(text(&model, language), &sources, terminal)?;
    written(arguments, &text, terminal)
}

/// The flat model of a file. What reading passes over is lost in what is written, and so more than a note.
fn flat(
    what: &str,
    library: &Library,
    sources: &mut SourceMap,
    terminal: Terminal,
) -> Result<Model, Exit> {
    let file = library
        .read(what, None)
        .map_err(|failure| load::unreadable(what, &failure, terminal))?;
    let mut read = load::lowered(&file.name, library, sources);
    if let Ok(read) = &mut read {
        let is_lost = |told: &&mut Diagnostic| told.code == "syntax/sbml-annotation";
        for told in read.warnings.0.iter_mut().filter(is_lost) {
            told.severity = Severity::Warning;
        }
    }
    report(read, sources, terminal)
}

fn written(arguments: &Convert, text: &str, terminal: Terminal) -> Ended {
    match file(arguments) {
        None => terminal.data(text),
        Some(file) => {
            interrupt::whole(|| write_file(file, text.as_bytes()))
                .map_err(|error| store_failure(&error, None, terminal))?;
            terminal.say(&format!("wrote {}", file.display()));
            Ok(())
        }
    }
}

/// Converts a model with its modules kept apart.
fn modules(arguments: &Convert, language: Language, terminal: Terminal) -> Ended {
    refuse_options_of_scenarios(arguments, terminal)?;
    let library = Library::new(arguments.models.as_deref(), terminal)?;
    let mut sources = SourceMap::new();
    let what = &arguments.what;
    if !load::is_model(what) {
        let message = format!("`{what}` is a scenario, and its replay is one flat model");
        let hint = "leave `--hierarchical` out";
        terminal.failure("cli/hierarchical", &message, hint);
        return Err(Exit::Input);
    }
    // Read flat too: what is wrong with the whole is said as ever.
    flat(what, &library, &mut sources, terminal)?;
    let file = library
        .read(what, None)
        .map_err(|failure| load::unreadable(what, &failure, terminal))?;
    let hierarchy = lower::load_modules(&file.name, &library, &mut SourceMap::new());
    let hierarchy = match hierarchy {
        Ok(read) => read.value,
        Err(found) => return report(Err(found), &sources, terminal),
    };
    let text = match language {
        Language::Sbml => report(export::sbml_modules(&hierarchy), &sources, terminal)?,
        Language::Antimony => {
            for module in hierarchy.modules.values() {
                terminal.findings(&export::antimony_losses(&module.model), &sources);
            }
            export::antimony_modules(&hierarchy)
        }
    };
    written(arguments, &text, terminal)
}

fn text(model: &Model, language: Language) -> Result<Warned<String>, Diagnostics> {
    match language {
        Language::Sbml => export::sbml(model),
        Language::Antimony => Ok(Warned {
            value: export::antimony(model),
            warnings: export::antimony_losses(model),
        }),
    }
}

/// The file to write; none for standard output.
fn file(arguments: &Convert) -> Option<&Path> {
    let file = arguments.out.as_deref();
    file.filter(|file| file.as_os_str() != "-")
}

/// What to write: as was said, else as the file is called.
fn language(arguments: &Convert, terminal: Terminal) -> Result<Language, Exit> {
    let ending = file(arguments).and_then(|file| file.extension()?.to_str());
    let by_ending = match ending {
        Some("xml" | "sbml") => Some(Language::Sbml),
        Some("ant") => Some(Language::Antimony),
        _ => None,
    };
    arguments.to.or(by_ending).ok_or_else(|| {
        let message = match file(arguments) {
            Some(file) => format!("`{}` does not tell what to write", file.display()),
            None => "standard output does not tell what to write".to_string(),
        };
        let hint = "add `--to sbml` or `--to antimony`, or end the file in `.xml` or `.ant`";
        terminal.failure("cli/language", &message, hint);
        Exit::Input
    })
}

fn refuse_options_of_scenarios(arguments: &Convert, terminal: Terminal) -> Result<(), Exit> {
    let given = [
        ("--arm", arguments.arm.is_some()),
        ("--varied", arguments.varied.is_some()),
        ("--until", arguments.until.is_some()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((option, _)) => {
            let message = format!("`{option}` is about scenarios, and this is a model");
            terminal.failure("cli/option", &message, "leave it out");
            Err(Exit::Input)
        }
    }
}

/// The model that replays one arm of a scenario.
fn replay(arguments: &Convert, sources: &mut SourceMap, terminal: Terminal) -> Result<Model, Exit> {
    let edits = Edits {
        end: arguments.until.clone(),
        ..Edits::default()
    };
    let models = arguments.models.as_deref();
    let loaded = load::scenario(&arguments.what, &edits, models, terminal)?;
    terminal.findings(&loaded.warnings, &loaded.sources);
    *sources = loaded.sources;
    let scenario = &loaded.scenario;
    let at = arm_at(scenario, arguments.arm.as_deref(), terminal)?;
    let mut arm = scenario.arms[at].clone();
    if arguments.until.is_some() {
        arm.protocol.later.clear();
    }
    let varied = vary(
        scenario,
        at,
        &mut arm,
        arguments.varied.as_deref(),
        terminal,
    )?;
    let starts = starts(&arm, sources, terminal)?;
    let title = title(scenario, &arm, &varied);
    report(export::replay(&arm, &starts, &title), sources, terminal)
}

fn starts(arm: &Arm, sources: &SourceMap, terminal: Terminal) -> Result<Starts, Exit> {
    let experiment = report(Experiment::new(arm), sources, terminal)?;
    match experiment.start_values(&arm.model, &Options::default()) {
        Ok(values) => Ok(Starts {
            start: values.start,
            restored: values.restored,
        }),
        Err(failure) => {
            terminal.findings(&failure.diagnostic().into(), sources);
            Err(Exit::Numbers)
        }
    }
}

/// `name, arm, quantity = value` as far as there are several.
fn title(scenario: &Scenario, arm: &Arm, varied: &str) -> String {
    let parts = [scenario.name.as_str(), arm.label.as_str(), varied];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// The arm of that label, or the only one.
fn arm_at(scenario: &Scenario, label: Option<&str>, terminal: Terminal) -> Result<usize, Exit> {
    let arms = &scenario.arms;
    let found = match label {
        Some(label) => arms.iter().position(|arm| arm.label == label),
        None => (arms.len() == 1).then_some(0),
    };
    found.ok_or_else(|| {
        let message = match label {
            Some(label) => format!("the scenario has no arm `{label}`"),
            None => "the scenario has several arms, and a model replays one".to_string(),
        };
        let labels: Vec<String> = arms.iter().map(|arm| format!("`{}`", arm.label)).collect();
        let hint = match arms.len() {
            1 => "leave `--arm` out: there is only one".to_string(),
            _ => format!("choose it with `--arm`: {}", labels.join(", ")),
        };
        terminal.failure("cli/arm", &message, &hint);
        Exit::Input
    })
}

/// Gives the varied quantity one of its values; tells which, as the scenario writes it.
fn vary(
    scenario: &Scenario,
    at: usize,
    arm: &mut Arm,
    wanted: Option<&str>,
    terminal: Terminal,
) -> Result<String, Exit> {
    let Some(vary) = &scenario.vary else {
        return match wanted {
            None => Ok(String::new()),
            Some(_) => {
                let message = "the scenario varies nothing";
                terminal.failure("cli/varied", message, "leave `--varied` out");
                Err(Exit::Input)
            }
        };
    };
    let shown = |value: &f64| format!("{value} {}", vary.unit).trim_end().to_string();
    let is_wanted = |value: &f64| wanted.is_some_and(|text| is_value(text, *value, &vary.unit));
    let Some(place) = vary.values.iter().position(is_wanted) else {
        let message = match wanted {
            Some(text) => format!("`{}` is never `{text}` in the scenario", vary.name),
            None => format!(
                "the scenario varies `{}`, and a model replays one value",
                vary.name
            ),
        };
        let values: Vec<String> = vary.values.iter().map(shown).collect();
        let hint = format!("choose it with `--varied`: {}", values.join(", "));
        terminal.failure("cli/varied", &message, &hint);
        return Err(Exit::Input);
    };
    let (symbol, values) = &vary.per_arm[at];
    depart(&mut arm.model, *symbol, values[place]);
    Ok(format!("{} = {}", vary.name, shown(&vary.values[place])))
}

/// Whether a text means a value, with its unit or in the scenario's own.
fn is_value(text: &str, value: f64, unit: &str) -> bool {
    let near = |other: f64| (other - value).abs() <= 1e-9 * value.abs();
    if let Ok(number) = text.trim().parse::<f64>() {
        return near(number);
    }
    let wanted = parse_quantity(text);
    let own = parse_quantity(&format!("{value:?} {unit}"));
    match (wanted, own) {
        (Ok(wanted), Ok(own)) => {
            wanted.unit.same_dimension(&own.unit)
                && near(wanted.value * wanted.unit.factor / own.unit.factor)
        }
        _ => false,
    }
}
