//! From what was typed to people and what is done to them.

use clap::ValueEnum;
use insilin::diag::{Diagnostic, Diagnostics, SourceFile, SourceMap, Sources, did_you_mean};
use insilin::ensemble::{Ask, People as Drawn, display_factor};
use insilin::scenario::population::{self, Place, Population};
use insilin::scenario::sweep::Curves;
use insilin::scenario::{Arm, Edits, Overrides, Scenario};
use insilin::simulate::Options;

use crate::cli::args::{self, Examination};
use crate::cli::library::{self, BUILT_IN_PREFIX, Library};
use crate::cli::load;
use crate::cli::sweep::{SpreadRecord, SweepRecord};
use crate::cli::terminal::{Exit, Terminal};

use super::visits::Visits;

/// About so many rows of each curve are kept when nothing else is said: bands need no more.
const ROWS: usize = 150;

/// A population that was read, with all files so far.
pub struct Group {
    /// As written.
    pub population: Population,
    /// Every text that was read.
    pub sources: SourceMap,
    /// Every file that went in, the population's first.
    pub files: Vec<SourceFile>,
}

/// What is done to everybody.
pub enum What {
    /// A scenario: its file or its name.
    Scenario(String),
    /// A clinical test.
    Test(Examination),
}

/// The scenario or the test that was named.
pub fn what(arguments: &args::Population, terminal: Terminal) -> Result<What, Exit> {
    let examination = |name: &str| Examination::from_str(name, false).ok();
    match arguments.what.as_slice() {
        [name] => {
            // Of a scenario and a test of one name the scenario is meant: `test NAME` tells them apart.
            let is_scenario = library::built_in(&format!("scenarios/{name}.toml")).is_some();
            let test = examination(name).filter(|_| !is_scenario);
            Ok(test.map_or_else(|| What::Scenario(name.clone()), What::Test))
        }
        [word, name] if word == "test" => examination(name).map(What::Test).ok_or_else(|| {
            let variants = Examination::value_variants().iter();
            let names: Vec<String> = variants
                .filter_map(|one| Some(one.to_possible_value()?.get_name().to_string()))
                .collect();
            let near = did_you_mean(name, names.iter().map(String::as_str));
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the tests are {}", names.join(", ")),
            };
            terminal.failure("cli/test", &format!("no test is called `{name}`"), &hint);
            Exit::Input
        }),
        words => {
            let message = format!("`{}` is neither a scenario nor a test", words.join(" "));
            let hint = "write `insilin population mixed-meal`, or `insilin population test ogtt`";
            terminal.failure("cli/test", &message, hint);
            Err(Exit::Input)
        }
    }
}

/// How runs are integrated.
pub fn options(arguments: &args::Population) -> Options {
    let default = Options::default();
    Options {
        rtol: arguments.rtol.unwrap_or(default.rtol),
        atol: arguments.atol.unwrap_or(default.atol),
        ..default
    }
}

impl Group {
    /// Reads the population; says what is wrong with it.
    pub fn read(arguments: &args::Population, terminal: Terminal) -> Result<Self, Exit> {
        let library = Library::new(arguments.models.as_deref(), terminal)?;
        let path = population::path_of(&arguments.of);
        // A bare name is asked for by nobody's file, so that a folder of its name here does not come between.
        let asking = (path != arguments.of).then(|| format!("{BUILT_IN_PREFIX}list"));
        let file = library.read(&path, asking.as_deref());
        let file = file.map_err(|failure| {
            let names = library::built_in_paths(".toml");
            let names = names
                .iter()
                .filter_map(|path| path.strip_prefix("populations/")?.strip_suffix(".toml"));
            if let Some(near) = did_you_mean(&arguments.of, names) {
                terminal.say(&format!("a population is called `{near}`"));
            }
            load::unreadable(&path, &failure, terminal)
        })?;
        let mut sources = SourceMap::new();
        let source = sources.add(file.name.clone(), file.text.clone());
        let mut findings = Diagnostics::new();
        let read = population::read(&file.text, source, &mut findings);
        terminal.findings(&findings, &sources);
        let population = read.ok_or(Exit::Input)?;
        Ok(Self {
            population,
            sources,
            files: vec![file],
        })
    }

    /// The people, on the model of an arm.
    pub fn draw(
        &self,
        arm: &Arm,
        arguments: &args::Population,
        terminal: Terminal,
    ) -> Result<Drawn, Exit> {
        let made = Drawn::new(&self.population, arm, arguments.people, arguments.seed);
        super::drawn(made, self, terminal)
    }

    /// Adds files that were read later, each once.
    pub fn add(&mut self, files: Vec<SourceFile>) {
        for file in files {
            if !self.files.iter().any(|known| known.name == file.name) {
                self.files.push(file);
            }
        }
    }

    /// Writes the published spreads of what is read off into the record, in the units of its columns.
    pub fn beside(
        &self,
        record: &mut SweepRecord,
        visits: Option<&Visits>,
        terminal: Terminal,
    ) -> Result<(), Exit> {
        let mut findings = Diagnostics::new();
        let mut spreads = Vec::new();
        for spread in &self.population.spreads {
            let here = match (&spread.place, visits) {
                (Place::Scenario(name), None) => *name == record.name,
                (Place::Test(name), Some(visits)) => name == visits.test(),
                _ => false,
            };
            if !here {
                continue;
            }
            let Some(column) = record.metrics.iter().find(|one| one.name == spread.of) else {
                let known = record.metrics.iter().map(|one| one.name.as_str());
                let message = format!("nothing called `{}` is read off here", spread.of);
                let found = Diagnostic::error("population/spread", message).at(spread.span);
                findings.push(match did_you_mean(&spread.of, known) {
                    Some(near) => found.hint(format!("did you mean `{near}`?")),
                    None => found.hint("`insilin test` shows the indices of a test"),
                });
                continue;
            };
            let by_clinic = visits.and_then(|visits| visits.factor(&spread.of, &spread.unit));
            let factor = by_clinic.or_else(|| display_factor(&spread.unit, &column.unit));
            let Some(factor) = factor else {
                let message = format!(
                    "`{}` is in {}, not in {}",
                    spread.of, column.unit, spread.unit
                );
                let found = Diagnostic::error("population/spread", message).at(spread.span);
                findings.push(found.hint(format!("write the numbers in {}", column.unit)));
                continue;
            };
            spreads.push(SpreadRecord {
                of: spread.of.clone(),
                mean: spread.mean.map(|mean| mean * factor),
                sd: spread.sd.map(|sd| sd * factor),
                percentiles: spread
                    .percentiles
                    .iter()
                    .map(|(percent, value)| (*percent, value * factor))
                    .collect(),
                n: spread.n,
                given: spread.given,
                source: spread.source.clone(),
            });
        }
        terminal.findings(&findings, &self.sources);
        if findings.has_errors() {
            return Err(Exit::Input);
        }
        if let Some(people) = &mut record.people {
            people.spreads = spreads;
        }
        Ok(())
    }
}

/// The scenario with the population's subject in it.
pub fn scenario(
    arguments: &args::Population,
    mut group: Group,
    name: &str,
    terminal: Terminal,
) -> Result<(Group, Scenario, SourceFile), Exit> {
    let edits = Edits {
        overrides: Overrides {
            subject: Some(group.population.subject.clone()),
            seed: None,
        },
        ..Edits::default()
    };
    let library = Library::new(arguments.models.as_deref(), terminal)?;
    let file = load::file(name, &library, terminal)?;
    let sources = std::mem::replace(&mut group.sources, SourceMap::new());
    let loaded = load::text(&file, &edits, &library, sources, terminal)?;
    let checked = crate::cli::checks::check(&loaded.scenario, &loaded.sources);
    let mut findings = load::joined(loaded.warnings, checked);
    if let Some(vary) = &loaded.scenario.vary {
        let message = format!("the scenario varies `{}` itself", vary.name);
        let found = Diagnostic::error("population/varies", message);
        findings.push(found.hint("take `[vary]` out: here people are what differs"));
    }
    terminal.findings(&findings, &loaded.sources);
    if findings.has_errors() {
        return Err(Exit::Input);
    }
    group.sources = loaded.sources;
    group.add(loaded.files);
    Ok((group, loaded.scenario, file))
}

/// What is read off: as typed or observed, and what has a published spread.
pub fn ask(arguments: &args::Population, population: &Population, scenario: &Scenario) -> Ask {
    let mut metrics: Vec<_> = arguments
        .metric
        .iter()
        .map(|name| (name.clone(), None))
        .collect();
    if metrics.is_empty() {
        let observed = scenario.arms.iter().flat_map(|arm| &arm.observe);
        metrics.extend(observed.flat_map(|one| {
            let names = one.metrics.iter().zip(&one.metric_spans);
            names.map(|(metric, span)| (format!("{}.{metric}", one.id), Some(*span)))
        }));
    }
    let here = Place::Scenario(scenario.name.clone());
    let published = population.spreads.iter().filter(|one| one.place == here);
    metrics.extend(published.map(|one| (one.of.clone(), Some(one.span))));
    let every = arguments.every.clone();
    let every = every.or_else(|| thinned(&scenario.arms[0]).map(|every| every.to_string()));
    let curves = (!arguments.no_curves).then(|| Curves {
        of: Vec::new(),
        every,
    });
    Ask { metrics, curves }
}

/// Time between kept rows in the arm's unit, so that about [`ROWS`] stay; none when there are no more anyway.
pub fn thinned(arm: &Arm) -> Option<f64> {
    let n = arm.time.grid.len();
    if n <= ROWS + 1 {
        return None;
    }
    let step = (arm.time.end - arm.time.start) / (n - 1) as f64;
    Some((n - 1).div_ceil(ROWS) as f64 * step)
}
