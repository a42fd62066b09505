//! Sensitivities over ranges: elementary effects (Morris) and shares of the variance (Sobol), from the runs of a sweep.

use insilin::diag::{Diagnostic, Diagnostics};
use insilin::ensemble::{Draws, Effect, Index};
use insilin::render::build::{
    Elementary, Index as ShownIndex, Indices as ShownIndices, morris, sobol,
};
use insilin::render::number::significant;
use insilin::render::table::{Align, Table};
use insilin::render::{DISCLAIMER, Figure};
use insilin::scenario::Scenario;
use insilin::scenario::sweep::{Axis, Form, Sampling, Target, Values};
use insilin::simulate::sensitivity;
use insilin::store::{Cells, Folder, csv};
use serde_json::{Value as Json, json};

use crate::cli::args::{DesignName, Sensitivity, SensitivityMethod, Sweep};
use crate::cli::sweep::{self, ColumnRecord, Made, SweepRecord, exit_of, value_axis};
use crate::cli::terminal::{Exit, Terminal};
use crate::cli::{Ended, figures, interrupt, results};

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
            Err(found) => findings.push(found),
        }
    }
    axes
}

/// The range of one parameter; none for one that is zero, which has no share.
fn range(name: &str, share: f64, scenario: &Scenario) -> Result<Option<Axis>, Diagnostic> {
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
        return Err(match insilin::diag::did_you_mean(name, ids) {
            Some(near) => found.hint(format!("did you mean `{near}`?")),
            None => found.hint("`insilin list observables MODEL` names what there is"),
        });
    };
    let value = sensitivity::plain_value(arm, symbol);
    let Some(value) = value.filter(|value| value.is_finite()) else {
        let message = format!("`{name}` has no value of its own to go to both sides of");
        let found = Diagnostic::error("sweep/axis", message);
        return Err(found.hint(format!("give it a range: `--over \"{name}=FROM..TO\"`")));
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

/// What follows from all runs.
struct Told {
    method: Sampling,
    axes: Vec<String>,
    groups: Vec<Group>,
    runs: u64,
    failed: u64,
}

/// One metric of one arm.
struct Group {
    arm: String,
    metric: ColumnRecord,
    rows: Vec<Row>,
    /// Walks or base rows that count, and those left out because a run of them failed.
    used: usize,
    dropped: usize,
    /// Mean and variance of the metric, for Sobol.
    moments: Option<(f64, f64)>,
}

/// What is known of one axis: elementary effects or indices, with intervals.
struct Row {
    /// µ* or the first-order index.
    main: (f64, (f64, f64)),
    /// σ or the total index.
    other: (f64, (f64, f64)),
    /// µ of elementary effects.
    mean: f64,
    used: usize,
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

impl Told {
    fn is_variance(&self) -> bool {
        self.method == Sampling::Saltelli
    }

    /// The axes of a group, the strongest first.
    fn ranked(&self, group: &Group) -> Vec<usize> {
        let size = |at: usize| {
            let row = &group.rows[at];
            if self.is_variance() {
                row.other.0
            } else {
                row.main.0
            }
        };
        let mut order: Vec<usize> = (0..self.axes.len()).collect();
        order.sort_by(|&one, &other| size(other).total_cmp(&size(one)));
        order
    }

    fn text(&self, record: &SweepRecord, top: usize) -> String {
        let mut parts = vec![format!("{}\n", record.title)];
        for group in &self.groups {
            parts.push(self.group_text(group, top));
        }
        if self.failed > 0 {
            parts.push(format!(
                "{} of {} runs failed; what touches them is left out\n",
                self.failed, self.runs
            ));
        }
        parts.push(format!("{DISCLAIMER}\n"));
        parts.join("\n")
    }

    fn group_text(&self, group: &Group, top: usize) -> String {
        let arm = match group.arm.as_str() {
            "" => String::new(),
            label => format!("{label}: "),
        };
        let unit = match group.metric.unit.as_str() {
            "" => String::new(),
            unit => format!(" ({unit})"),
        };
        let counted = if self.is_variance() {
            "base rows"
        } else {
            "walks"
        };
        let mut text = format!("{arm}{}{unit}, {} {counted}", group.metric.name, group.used);
        if group.dropped > 0 {
            text.push_str(&format!(", {} left out", group.dropped));
        }
        if let Some((mean, variance)) = group.moments {
            let number = |value| significant(value, 4);
            text.push_str(&format!(
                ", mean {}, SD {}",
                number(mean),
                number(variance.sqrt())
            ));
        }
        text.push('\n');
        let heads: [&str; 5] = if self.is_variance() {
            ["axis", "first", "95 %", "total", "95 %"]
        } else {
            ["axis", "µ*", "95 %", "µ", "σ"]
        };
        let aligned: Vec<(&str, Align)> = heads
            .iter()
            .enumerate()
            .map(|(at, head)| (*head, if at == 0 { Align::Left } else { Align::Right }))
            .collect();
        let mut table = Table::new(&aligned);
        let interval =
            |(low, high): (f64, f64)| format!("{} … {}", significant(low, 3), significant(high, 3));
        for at in self.ranked(group).into_iter().take(top) {
            let row = &group.rows[at];
            let number = |value| significant(value, 3);
            let cells = if self.is_variance() {
                [
                    number(row.main.0),
                    interval(row.main.1),
                    number(row.other.0),
                    interval(row.other.1),
                ]
            } else {
                [
                    number(row.main.0),
                    interval(row.main.1),
                    number(row.mean),
                    number(row.other.0),
                ]
            };
            let [a, b, c, d] = &cells;
            table.push([self.axes[at].as_str(), a, b, c, d]);
        }
        text + &table.render()
    }

    fn table(&self) -> (Vec<&'static str>, Vec<Vec<String>>) {
        let head = if self.is_variance() {
            vec![
                "arm",
                "metric",
                "unit",
                "axis",
                "first",
                "first_low",
                "first_high",
                "total",
                "total_low",
                "total_high",
                "used",
                "dropped",
            ]
        } else {
            vec![
                "arm",
                "metric",
                "unit",
                "axis",
                "mu_star",
                "mu_star_low",
                "mu_star_high",
                "mu",
                "sigma",
                "used",
                "dropped",
            ]
        };
        let mut rows = Vec::new();
        for group in &self.groups {
            for (axis, row) in self.axes.iter().zip(&group.rows) {
                let mut cells = vec![
                    group.arm.clone(),
                    group.metric.name.clone(),
                    group.metric.unit.clone(),
                    axis.clone(),
                ];
                let (low, high) = row.main.1;
                let mut numbers = vec![row.main.0, low, high];
                if self.is_variance() {
                    let (low, high) = row.other.1;
                    numbers.extend([row.other.0, low, high]);
                } else {
                    numbers.extend([row.mean, row.other.0]);
                }
                let text = |value: f64| {
                    if value.is_finite() {
                        value.to_string()
                    } else {
                        String::new()
                    }
                };
                cells.extend(numbers.into_iter().map(text));
                cells.extend([row.used.to_string(), group.dropped.to_string()]);
                rows.push(cells);
            }
        }
        (head, rows)
    }

    fn to_json(&self, record: &SweepRecord) -> Json {
        let (head, rows) = self.table();
        let row = |cells: &Vec<String>| {
            let pairs = head.iter().zip(cells).map(|(key, cell)| {
                let number = cell.parse::<f64>().ok().map(Json::from);
                let is_text = ["arm", "metric", "unit", "axis"].contains(key);
                let value = if is_text {
                    Json::from(cell.clone())
                } else {
                    number.unwrap_or(Json::Null)
                };
                ((*key).to_string(), value)
            });
            Json::Object(pairs.collect())
        };
        json!({
            "name": record.name, "notice": DISCLAIMER, "method": self.method.word(),
            "runs": self.runs, "failed": self.failed, "indices": rows.iter().map(row).collect::<Vec<_>>(),
        })
    }

    fn figures(&self, record: &SweepRecord) -> Vec<(String, Figure)> {
        let several = record.arms.len() > 1;
        let groups = self.groups.iter().enumerate();
        groups
            .map(|(at, group)| {
                let axis = value_axis(&group.metric);
                let arm = if several {
                    format!(", {}", group.arm)
                } else {
                    String::new()
                };
                let title = format!("What {} depends on{arm}", axis.label);
                let mut figure = if self.is_variance() {
                    sobol(&title, &axis.caption(), &self.shown_indices(group))
                } else {
                    morris(&title, &axis, &self.shown_effects(group))
                };
                figure.subtitle = format!("{}: {} runs", record.title, self.runs);
                (
                    format!(
                        "{}-{}",
                        self.method.word(),
                        results::slug(&group.metric.name, at)
                    ),
                    figure,
                )
            })
            .collect()
    }

    fn shown_effects(&self, group: &Group) -> Vec<Elementary> {
        let rows = self.axes.iter().zip(&group.rows);
        rows.map(|(name, row)| Elementary {
            name: name.clone(),
            mu_star: row.main.0,
            mu_star_half: 0.5 * (row.main.1.1 - row.main.1.0),
            sigma: row.other.0,
            sigma_half: f64::NAN,
        })
        .collect()
    }

    fn shown_indices(&self, group: &Group) -> Vec<ShownIndices> {
        let index = |(value, interval): (f64, (f64, f64))| ShownIndex {
            value,
            interval: Some(interval),
        };
        let rows = self.axes.iter().zip(&group.rows);
        rows.map(|(name, row)| ShownIndices {
            name: name.clone(),
            first: index(row.main),
            total: index(row.other),
        })
        .collect()
    }
}

fn as_csv(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = head.join(",") + "\n";
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                if cell.is_empty() {
                    String::new()
                } else {
                    csv::quoted(cell)
                }
            })
            .collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}
