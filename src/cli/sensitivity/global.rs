//! Sensitivities over ranges: elementary effects (Morris) and shares of the variance (Sobol), from the runs of a sweep.

mod told;

use insilin::diag::{Diagnostic, Diagnostics};
use insilin::ensemble::{Draws, Effect, Index};
use insilin::scenario::Scenario;
use insilin::scenario::sweep::{Axis, Form, Sampling, Target, Values};
use insilin::simulate::sensitivity;
use insilin::store::{Cells, Folder};

use crate::cli::args::{DesignName, Sensitivity, SensitivityMethod, Sweep};
use crate::cli::sweep::{self, ColumnRecord, Made, SweepRecord, exit_of};
use crate::cli::terminal::{Exit, Terminal};
use crate::cli::{Ended, figures, interrupt, results};

use told::{Group, Row, Told, as_csv};

/// Walks and base rows when nothing is said.
const WALKS: u64 = 20;
const BASE_ROWS: u64 = 512;

/// Makes the runs and tells what follows from them.
pub fn global(arguments: &Sensitivity, terminal: Terminal) -> Ended {
    let share = super::share(&arguments.spread, terminal)?;
    let more = |scenario: &Scenario, groups: &[Vec<Axis>], findings: &mut Diagnostics| {
        ranges(arguments, share, scenario, groups, findings)
    };
    let Some(made) = sweep::make(&as_sweep(arguments), &more, terminal)? else {
        return Ok(());
    };
    let told = tell(&made, terminal)?;
    let mut folder = Folder::new();
    let (head, rows) = told.table();
    folder.add("indices.csv", as_csv(&head, &rows));
    folder.add(
        "indices.json",
        format!("{:#}\n", told.to_json(&made.record)),
    );
    if !arguments.no_figures {
        for (name, figure) in told.figures(&made.record) {
            let figure = figures::look(figure, arguments.projector);
            for (path, content) in figures::drawn(&name, &figure, None) {
                folder.add(format!("figures/{path}"), content);
            }
        }
    }
    interrupt::whole(|| folder.write(made.folder.path()))
        .map_err(|error| results::store_failure(&error, None, terminal))?;
    let text = if arguments.json {
        format!("{:#}\n", told.to_json(&made.record))
    } else {
        told.text(&made.record, arguments.top as usize)
    };
    terminal.data(&text)?;
    terminal.say(&format!("written to {}", made.folder.path().display()));
    exit_of(told.failed)
}

/// The sweep behind it.
fn as_sweep(arguments: &Sensitivity) -> Sweep {
    let (design, usual) = match arguments.method {
        SensitivityMethod::Sobol => (DesignName::Saltelli, BASE_ROWS),
        _ => (DesignName::Morris, WALKS),
    };
    Sweep {
        what: arguments.what.clone(),
        over: arguments.over.clone(),
        metric: arguments.metric.clone(),
        design: Some(design),
        runs: Some(arguments.runs.unwrap_or(usual)),
        design_seed: arguments.design_seed,
        jobs: arguments.jobs,
        resume: arguments.resume,
        overwrite: arguments.overwrite,
        set: arguments.set.clone(),
        end: arguments.end.clone(),
        rtol: arguments.rtol,
        atol: arguments.atol,
        out: Some(
            arguments
                .out
                .clone()
                .unwrap_or_else(|| default_folder(arguments)),
        ),
        models: arguments.models.clone(),
        ..Sweep::default()
    }
}

fn default_folder(arguments: &Sensitivity) -> std::path::PathBuf {
    let stem = std::path::Path::new(&arguments.what).file_stem();
    let stem = stem.unwrap_or_default().to_string_lossy();
    let method = match arguments.method {
        SensitivityMethod::Sobol => "sobol",
        _ => "morris",
    };
    std::path::Path::new("results").join(format!("{stem}-{method}"))
}

/// Ranges around the values of parameters, for those that have none of their own; nothing when ranges are given and no
/// parameter is named.
fn ranges(
    arguments: &Sensitivity,
    share: f64,
    scenario: &Scenario,
    groups: &[Vec<Axis>],
    findings: &mut Diagnostics,
) -> Vec<Axis> {
    let arm = &scenario.arms[0];
    let named: Vec<String> = if arguments.parameters.is_empty() && !groups.is_empty() {
        return Vec::new();
    } else if arguments.parameters.is_empty() || arguments.parameters == ["all"] {
        let all = sensitivity::parameters(arm);
        all.into_iter()
            .map(|symbol| arm.model.identity(symbol).id.clone())
            .collect()
    } else {
        arguments
            .parameters
            .iter()
            .map(|name| name.trim().to_string())
            .collect()
    };
    let has_range = |name: &String| {
        let mut axes = groups.iter().flatten();
        axes.any(|axis| axis.target == Target::Quantity(name.clone()))
    };
    let mut axes = Vec::new();
    for name in named.iter().filter(|name| !has_range(name)) {
        match range(name, share, scenario) {
            Ok(axis) => axes.extend(axis),
            Err(found) => findings.push(*found),
        }
    }
    axes
}

/// The range of one parameter; none for one that is zero, which has no share.
fn range(name: &str, share: f64, scenario: &Scenario) -> Result<Option<Axis>, Box<Diagnostic>> {
    let arm = &scenario.arms[0];
    let Some(symbol) = arm.model.symbol(name) else {
        let ids = arm
            .model
            .symbols()
            .map(|symbol| arm.model.identity(symbol).id.as_str());
        let found = Diagnostic::error(
            "sweep/axis",
            format!("nothing in the model is called `{name}`"),
        );
        return Err(Box::new(match insilin::diag::did_you_mean(name, ids) {
            Some(near) => found.hint(format!("did you mean `{near}`?")),
            None => found.hint("`insilin list observables MODEL` names what there is"),
        }));
    };
    let value = sensitivity::plain_value(arm, symbol);
    let Some(value) = value.filter(|value| value.is_finite()) else {
        let message = format!("`{name}` has no value of its own to go to both sides of");
        let found = Diagnostic::error("sweep/axis", message);
        let hint = format!("give it a range: `--over \"{name}=FROM..TO\"`");
        return Err(Box::new(found.hint(hint)));
    };
    if value == 0.0 {
        return Ok(None);
    }
    let unit = arm.model.unit_of(symbol);
    let unit = unit.map_or_else(String::new, |unit| {
        unit.display(&arm.model.unit_definitions)
    });
    let ends = [value * (1.0 - share), value * (1.0 + share)];
    Ok(Some(Axis {
        name: name.to_string(),
        target: Target::Quantity(name.to_string()),
        form: if unit.is_empty() {
            Form::Bare
        } else {
            Form::Unit(unit)
        },
        values: Values::Between(ends[0].min(ends[1]), ends[0].max(ends[1])),
        log: false,
        span: insilin::diag::Span::new(insilin::diag::SourceId::default(), 0, 0),
    }))
}

fn tell(made: &Made, terminal: Terminal) -> Result<Told, Exit> {
    let record = &made.record;
    let method = match record.design.as_str() {
        "saltelli" => Sampling::Saltelli,
        _ => Sampling::Morris,
    };
    let n_points = record.n_runs / record.arms.len() as u64;
    let axes = axes(record);
    let per_base = axes.len() as u64 + if method == Sampling::Morris { 1 } else { 2 };
    let draws = Draws::new(method, axes.len(), n_points / per_base, record.design_seed);
    let draws = draws.map_err(|error| {
        let message = format!("the design cannot have {error}");
        terminal.failure("sweep/too-many", &message, "take fewer axes or runs");
        Exit::Input
    })?;
    let outputs = outputs(made).map_err(|error| results::store_failure(&error, None, terminal))?;
    let mut groups = Vec::new();
    for (arm, label) in record.arms.iter().enumerate() {
        for (at, metric) in record.metrics.iter().enumerate() {
            let of_arm = outputs.metrics[at]
                .iter()
                .skip(arm)
                .step_by(record.arms.len());
            let values: Vec<f64> = of_arm.copied().collect();
            groups.push(group(&draws, label, metric, &values));
        }
    }
    Ok(Told {
        method,
        axes,
        groups,
        runs: record.n_runs,
        failed: outputs.failed,
    })
}

/// One name for each group of axes that move together.
fn axes(record: &SweepRecord) -> Vec<String> {
    let groups = record.axes.chunk_by(|one, other| one.group == other.group);
    let names = groups.map(|group| {
        let names: Vec<&str> = group.iter().map(|axis| axis.name.as_str()).collect();
        names.join(" + ")
    });
    names.collect()
}

struct Outputs {
    metrics: Vec<Vec<f64>>,
    failed: u64,
}

fn outputs(made: &Made) -> Result<Outputs, insilin::store::StoreError> {
    let record = &made.record;
    let mut outputs = Outputs {
        metrics: vec![Vec::new(); record.metrics.len()],
        failed: 0,
    };
    let first = sweep::head_width(record);
    for part in 0..record.n_parts() {
        let table = made.folder.runs().read(part)?;
        for (values, cells) in outputs.metrics.iter_mut().zip(&table.columns[first..]) {
            if let Cells::Numbers(numbers) = cells {
                values.extend(numbers.iter().map(|number| number.unwrap_or(f64::NAN)));
            }
        }
        if let Some(Cells::Texts(reasons)) = table.columns.last() {
            outputs.failed += reasons.iter().flatten().count() as u64;
        }
    }
    Ok(outputs)
}

fn group(draws: &Draws, arm: &str, metric: &ColumnRecord, values: &[f64]) -> Group {
    let (arm, metric) = (arm.to_string(), metric.clone());
    let none = (f64::NAN, f64::NAN);
    match draws {
        Draws::Rows(saltelli) => {
            let indices = saltelli.indices(values);
            let pairs = indices.first.iter().zip(&indices.total);
            let row = |(first, total): (&Index, &Index)| Row {
                main: (first.value, first.interval),
                other: (total.value, total.interval),
                mean: f64::NAN,
                used: indices.used,
            };
            Group {
                arm,
                metric,
                rows: pairs.map(row).collect(),
                used: indices.used,
                dropped: indices.dropped,
                moments: Some((indices.mean, indices.variance)),
            }
        }
        Draws::Walks(morris) => {
            let effects = morris.effects(values);
            let walks = values.len() / (effects.len() + 1);
            let used = effects.iter().map(|effect| effect.used).min().unwrap_or(0);
            let row = |effect: &Effect| Row {
                main: (effect.absolute_mean, effect.interval),
                other: (effect.deviation, none),
                mean: effect.mean,
                used: effect.used,
            };
            Group {
                arm,
                metric,
                rows: effects.iter().map(row).collect(),
                used,
                dropped: walks - used,
                moments: None,
            }
        }
        Draws::Filling(_) => unreachable!("only designs for sensitivities come here"),
    }
}
