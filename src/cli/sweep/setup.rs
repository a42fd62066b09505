//! From what was typed to a study: axes of the file and of the command line, metrics, options.

use std::path::PathBuf;

use insilin::diag::{Diagnostic, Diagnostics, SourceFile, SourceMap, Warned};
use insilin::ensemble::{Ask, Points, Study};
use insilin::scenario::sweep::{
    self, Axis, Curves, Form, Sampling, Scheme, Sweep as Section, Target, Values,
};
use insilin::scenario::{Edits, Overrides, Scenario, Vary};
use insilin::simulate::Options;

use crate::cli::args::{DesignName, Sweep};
use crate::cli::library::Library;
use crate::cli::load;
use crate::cli::results;
use crate::cli::terminal::{Exit, Terminal};

use super::record::SweepRecord;

/// A scenario and what is to be swept in it.
pub struct Setup {
    /// The scenario's file.
    pub file: SourceFile,
    /// The scenario as its file has it, nothing varied in it.
    pub scenario: Scenario,
    /// Everything that was read.
    pub files: Vec<SourceFile>,
    /// Axes, metrics, curves and figures.
    pub section: Section,
    /// How runs are integrated.
    pub options: Options,
    sources: SourceMap,
    ask: Ask,
    edits: Edits,
    models: Option<PathBuf>,
}

/// Gives axes to a scenario that has some already.
pub type MoreAxes<'a> = dyn Fn(&Scenario, &[Vec<Axis>], &mut Diagnostics) -> Vec<Axis> + 'a;

/// Loads a scenario of a changed text.
pub type Loader<'a> = Box<dyn Fn(&str) -> Result<Scenario, Diagnostics> + Sync + 'a>;

impl Setup {
    /// Reads the scenario and its axes; says what is wrong with them.
    ///
    /// * `more` — axes besides those of the file and the command line, from the scenario and from what is varied already
    pub fn from(arguments: &Sweep, more: &MoreAxes<'_>, terminal: Terminal) -> Result<Self, Exit> {
        let edits = Edits {
            set: arguments.set.clone(),
            end: arguments.end.clone(),
            points: None,
            overrides: Overrides {
                subject: arguments.subject.clone(),
                seed: None,
            },
        };
        let library = Library::new(arguments.models.as_deref(), terminal)?;
        let file = load::file(&arguments.what, &library, terminal)?;
        let loaded = load::text(&file, &edits, &library, SourceMap::new(), terminal)?;
        let mut findings = load::joined(
            loaded.warnings,
            crate::cli::checks::check(&loaded.scenario, &loaded.sources),
        );
        let (mut scenario, mut sources) = (loaded.scenario, loaded.sources);
        let section = section(
            &file,
            &mut scenario,
            arguments,
            more,
            &mut sources,
            &mut findings,
        );
        terminal.findings(&findings, &sources);
        let Some(section) = section.filter(|_| !findings.has_errors()) else {
            return Err(Exit::Input);
        };
        let ask = ask(&section, arguments);
        Ok(Self {
            file,
            scenario,
            files: loaded.files,
            section,
            options: options(arguments),
            sources,
            ask,
            edits,
            models: arguments.models.clone(),
        })
    }

    /// The points of the design.
    pub fn points(&self, terminal: Terminal) -> Result<Box<dyn Points + '_>, Exit> {
        let points = insilin::ensemble::points(&self.section);
        points.map_err(|found| {
            terminal.findings(&(*found).into(), &self.sources);
            Exit::Input
        })
    }

    /// What makes a scenario of a changed text.
    pub fn loader(&self) -> Loader<'_> {
        Box::new(|text: &str| {
            // Errors of the folder were said when the file was read.
            let library = Library::again(self.models.as_deref());
            let file = SourceFile {
                name: self.file.name.clone(),
                text: text.to_string(),
            };
            let loaded = load::resolve(&file, &self.edits, &library, &mut SourceMap::new());
            loaded.map(|warned| warned.value)
        })
    }

    /// The study; says what is wrong with it.
    pub fn study<'a>(
        &'a self,
        points: &'a dyn Points,
        load: &'a Loader<'a>,
        terminal: Terminal,
    ) -> Result<Study<'a>, Exit> {
        let axes = self.section.axes().cloned().collect();
        let scenario = self.scenario.clone();
        let text = &self.file.text;
        let made = Study::new(
            scenario,
            text,
            axes,
            &self.ask,
            points,
            load,
            self.options.clone(),
        );
        match made {
            Ok(Warned { value, warnings }) => {
                terminal.findings(&warnings, &self.sources);
                Ok(value)
            }
            Err(findings) => {
                terminal.findings(&findings, &self.sources);
                Err(Exit::Input)
            }
        }
    }

    /// The record of this sweep.
    pub fn record(&self, study: &Study<'_>) -> SweepRecord {
        SweepRecord::of(self, study)
    }

    /// Where the results go.
    pub fn out(&self, arguments: &Sweep) -> PathBuf {
        let default = || {
            let folder = results::default_folder(&self.scenario);
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            folder.with_file_name(format!("{name}-sweep"))
        };
        arguments.out.clone().unwrap_or_else(default)
    }
}

fn options(arguments: &Sweep) -> Options {
    let default = Options::default();
    Options {
        rtol: arguments.rtol.unwrap_or(default.rtol),
        atol: arguments.atol.unwrap_or(default.atol),
        seed: arguments.seed.unwrap_or(default.seed),
        ..default
    }
}

fn ask(section: &Section, arguments: &Sweep) -> Ask {
    let typed = arguments.metric.iter().map(|name| (name.clone(), None));
    let mut metrics: Vec<_> = typed.collect();
    if metrics.is_empty() {
        let written = section.metrics.iter();
        metrics = written
            .map(|(name, span)| (name.clone(), Some(*span)))
            .collect();
    }
    let mut curves = section.curves.clone();
    if arguments.curves || arguments.every.is_some() {
        let mut asked = curves.unwrap_or_default();
        asked.every = arguments.every.clone().or(asked.every);
        curves = Some(asked);
    }
    if curves.is_none()
        && section
            .figures
            .iter()
            .any(|figure| figure.kind.shows_curves())
    {
        curves = Some(Curves::default());
    }
    Ask { metrics, curves }
}

/// The axes of the file with those of the command line; what `[vary]` says is an axis too.
fn section(
    file: &SourceFile,
    scenario: &mut Scenario,
    arguments: &Sweep,
    more: &MoreAxes<'_>,
    sources: &mut SourceMap,
    findings: &mut Diagnostics,
) -> Option<Section> {
    let source = sources.find(&file.name).unwrap_or_default();
    let errors = findings.0.len();
    let written = sweep::read(&file.text, source, findings);
    if written.is_none() && findings.0.len() > errors {
        return None;
    }
    let mut section = written.unwrap_or_else(|| Section {
        scheme: Scheme::Grid,
        groups: Vec::new(),
        metrics: Vec::new(),
        curves: None,
        figures: Vec::new(),
        span: insilin::diag::Span::new(source, 0, 0),
    });
    if let Some(vary) = scenario.vary.take() {
        section.groups.push(vec![varied(&vary, section.span)]);
    }
    let typed = arguments.over.iter();
    let typed: Option<Vec<Axis>> = typed
        .map(|text| sweep::over(text, sources, findings))
        .collect();
    let typed = typed?;
    // What is typed takes the place of what is written; two that are typed about one thing are a mistake.
    let is_typed = |axis: &Axis| typed.iter().any(|one| one.target == axis.target);
    section
        .groups
        .retain(|group| !(group.len() == 1 && is_typed(&group[0])));
    section
        .groups
        .extend(typed.into_iter().map(|axis| vec![axis]));
    let axes = more(scenario, &section.groups, findings);
    section
        .groups
        .extend(axes.into_iter().map(|axis| vec![axis]));
    section.scheme = scheme(section.scheme, arguments, findings)?;
    if section.groups.is_empty() {
        let message = "nothing is varied: the scenario has neither `[sweep]` nor `[vary]`";
        let hint = "give an axis, for example `--over \"insulin=0.1..10 nM:25:log\"`; docs/sweeps.md shows more";
        findings.push(Diagnostic::error("sweep/no-axis", message).hint(hint));
    }
    sweep::check(&section.scheme, &section.groups, findings);
    (findings.0.len() == errors || !findings.has_errors()).then_some(section)
}

fn varied(vary: &Vary, span: insilin::diag::Span) -> Axis {
    Axis {
        name: vary.name.clone(),
        target: Target::Quantity(vary.name.clone()),
        form: match vary.unit.as_str() {
            "" => Form::Bare,
            unit => Form::Unit(unit.to_string()),
        },
        values: Values::Numbers(vary.values.clone()),
        log: vary.log,
        span,
    }
}

/// The design as written, with what the command line says otherwise.
fn scheme(written: Scheme, arguments: &Sweep, findings: &mut Diagnostics) -> Option<Scheme> {
    let (was, had_runs, had_seed) = match written {
        Scheme::Grid => (None, None, 0),
        Scheme::Sampled {
            sampling,
            runs,
            seed,
        } => (Some(sampling), Some(runs), seed),
    };
    let sampling = match arguments.design {
        None => was,
        Some(DesignName::Grid) => None,
        Some(DesignName::Random) => Some(Sampling::Random),
        Some(DesignName::LatinHypercube) => Some(Sampling::LatinHypercube),
        Some(DesignName::Sobol) => Some(Sampling::Sobol),
        Some(DesignName::Morris) => Some(Sampling::Morris),
        Some(DesignName::Saltelli) => Some(Sampling::Saltelli),
    };
    let Some(sampling) = sampling else {
        if arguments.runs.is_some() {
            let message = "a grid has as many runs as it has points";
            let hint = "leave `--runs` out, or draw points: `--design sobol`";
            findings.push(Diagnostic::error("sweep/design", message).hint(hint));
            return None;
        }
        return Some(Scheme::Grid);
    };
    let Some(runs) = arguments.runs.or(had_runs) else {
        let message = "it is not said how many points to draw";
        let hint = "for example `--runs 1000`";
        findings.push(Diagnostic::error("sweep/design", message).hint(hint));
        return None;
    };
    let seed = arguments.design_seed.unwrap_or(had_seed);
    Some(Scheme::Sampled {
        sampling,
        runs,
        seed,
    })
}
