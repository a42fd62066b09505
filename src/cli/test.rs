//! `insilin test`: a standard clinical test on a subject; samples, indices and published ranges out.

use insilin::clinic::{
    self, Body, Index, InsulinRate, Outcome, Plan, Ranges, Settings, Target, World,
};
use insilin::diag::{Diagnostics, SourceFile, SourceMap, Sources, Warned};
use insilin::model::Model;
use insilin::observe::indices;
use insilin::render::DISCLAIMER;
use insilin::render::number::significant;
use insilin::render::table::{Align, Table};
use insilin::scenario::Edits;
use insilin::simulate::{self, Options};
use insilin::units::{conversion_factor, parse_quantity, parse_unit};
use serde_json::{Value, json};

use super::Ended;
use super::args::{Test, UnitSystem};
use super::library::Library;
use super::load::{self, Loaded};
use super::record::Settings as RunSettings;
use super::results::{self, Results};
use super::run::{self, Answer, Clock};
use super::terminal::{Exit, Terminal};

/// Does the test that was asked for.
pub fn test(arguments: &Test, terminal: Terminal) -> Ended {
    let mut clock = Clock::start();
    let settings = settings(arguments, terminal)?;
    let library = Library::new(arguments.models.as_deref(), terminal)?;
    let plan = plan(&settings, &library, terminal)?;
    let loaded = loaded("<the test>", &plan.text, &library, terminal)?;
    let experiments = run::experiments(&loaded, terminal)?;
    clock.lap("load and compile");
    let mut how = RunSettings::default();
    (how.units, how.figures) = (arguments.units, !arguments.no_figures);
    let results = run::simulate_all(&loaded, &experiments, &how, terminal)?;
    clock.lap("run");
    let told = Told {
        outcome: assessed(&plan, &loaded, &results, &library, terminal)?,
        ranges: ranges(&library, terminal)?,
        clinic: arguments.units != Some(UnitSystem::Si),
        plan,
    };
    clock.lap("read samples");
    let answer = Answer::of(&loaded.scenario, &results);
    let (mut folder, _) = run::folder(&loaded, &results, &answer, &how, terminal)?;
    clock.lap("figures");
    folder.add("timing.json", clock.to_json());
    folder.add("test.json", format!("{:#}\n", told.json(&loaded)));
    folder.add("samples.csv", told.csv());
    let default = || results::default_folder(&loaded.scenario);
    let out = arguments.out.clone().unwrap_or_else(default);
    results::keep(&folder, &out, terminal)?;
    let text = if arguments.json {
        format!("{:#}\n", told.json(&loaded))
    } else {
        told.text(&loaded)
    };
    terminal.data(&text)?;
    let took = clock.total();
    terminal.say(&format!(
        "done in {took:.0} ms; written to {}",
        out.display()
    ));
    Ok(())
}

// ---- what was asked for

/// What was asked for; says what of it no test takes.
pub fn settings(arguments: &Test, terminal: Terminal) -> Result<Settings, Exit> {
    let refused = |(option, message, hint): (&str, String, &str)| {
        terminal.failure("cli/test", &format!("`--{option}`: {message}"), hint);
        Exit::Input
    };
    let mut assay = clinic::Assay {
        seed: arguments.noise,
        ..clinic::Assay::default()
    };
    for (option, text, variation) in [
        (
            "cv-glucose",
            &arguments.cv_glucose,
            &mut assay.glucose_variation,
        ),
        (
            "cv-insulin",
            &arguments.cv_insulin,
            &mut assay.insulin_variation,
        ),
    ] {
        if let Some(text) = text {
            *variation = quantity(option, text, &[("%", 0.01)], 0.0..=0.5).map_err(refused)?;
        }
    }
    let grams = |text: &String| quantity("dose", text, &[("g", 1.0)], 1.0..=300.0);
    let minutes = |text: &String| {
        let units = [("min", 1.0), ("h", 60.0)];
        let minutes = quantity("minutes", text, &units, 30.0..=2880.0)?;
        // Samples are taken every five and ten minutes, up to the end.
        Ok((minutes / 10.0).round() * 10.0)
    };
    Ok(Settings {
        procedure: arguments.procedure.into(),
        subject: arguments.subject.clone(),
        model: arguments.model.clone(),
        assay,
        dose: arguments
            .dose
            .as_ref()
            .map(grams)
            .transpose()
            .map_err(refused)?,
        insulin: arguments
            .insulin
            .as_deref()
            .map(insulin)
            .transpose()
            .map_err(refused)?,
        target: arguments
            .target
            .as_ref()
            .map_or(Ok(Target::At(EUGLYCAEMIA)), target)
            .map_err(refused)?,
        minutes: arguments
            .minutes
            .as_ref()
            .map(minutes)
            .transpose()
            .map_err(refused)?,
        menu: arguments.menu.clone(),
        insulin_at_20: arguments.insulin_at_20,
    })
}

/// What a euglycaemic clamp holds when nothing else is said: 90 mg/dL in mmol/L.
const EUGLYCAEMIA: f64 = 900.0 / indices::GLUCOSE_MOLAR_MASS;

type Refused = (&'static str, String, &'static str);

/// A number behind which one of the units stands, or none for the first, times that unit's factor.
fn quantity(
    option: &'static str,
    text: &str,
    units: &[(&str, f64)],
    range: std::ops::RangeInclusive<f64>,
) -> Result<f64, Refused> {
    let split = text.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c)));
    let (number, unit) = text.trim().split_at(split.unwrap_or(text.trim().len()));
    let unit = unit.trim();
    let known = units
        .iter()
        .find(|(name, _)| *name == unit || unit.is_empty());
    let Some((number, (_, factor))) = number.parse::<f64>().ok().zip(known) else {
        let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
        let message = format!("`{text}` is no number with the unit {}", names.join(" or "));
        return Err((
            option,
            message,
            "for example as the help shows: `insilin test --help`",
        ));
    };
    let value = number * factor;
    if range.contains(&value) {
        return Ok(value);
    }
    let message = format!(
        "`{text}` is outside of {} to {} {}",
        range.start() / units[0].1,
        range.end() / units[0].1,
        units[0].0
    );
    Err((option, message, "choose a value that the test was made for"))
}

fn insulin(text: &str) -> Result<InsulinRate, Refused> {
    if text.trim().ends_with("pmol/kg/min") {
        let rate = quantity("insulin", text, &[("pmol/kg/min", 1.0)], 0.1..=100.0)?;
        return Ok(InsulinRate::PerMass(rate));
    }
    let rate = quantity("insulin", text, &[("mU/m2/min", 1.0)], 1.0..=600.0)?;
    Ok(InsulinRate::PerSurface(rate))
}

fn target(text: &String) -> Result<Target, Refused> {
    if text == "fasting" {
        return Ok(Target::Fasting);
    }
    let molar = parse_unit("mmol/L").expect("an everyday unit");
    let mass = parse_unit("mg/dL").expect("an everyday unit");
    let found = parse_quantity(text).ok();
    let value = found.and_then(|found| {
        let by_mass = conversion_factor(&found.unit, &mass).map(|f| f / indices::mg_per_dl(1.0));
        let factor = conversion_factor(&found.unit, &molar).or(by_mass)?;
        Some(found.value * factor)
    });
    match value {
        Some(value) if (2.5..=20.0).contains(&value) => Ok(Target::At(value)),
        _ => Err((
            "target",
            format!("`{text}` is no glucose that a clamp holds"),
            "2.5 to 20 mmol/L (45 to 360 mg/dL) with its unit, or `fasting`",
        )),
    }
}

// ---- the test itself

fn loaded(name: &str, text: &str, library: &Library, terminal: Terminal) -> Result<Loaded, Exit> {
    let file = SourceFile {
        name: name.to_string(),
        text: text.to_string(),
    };
    load::text(
        &file,
        &Edits::default(),
        library,
        SourceMap::new(),
        terminal,
    )
}

/// Looks at the fasting body, then writes the test.
fn plan(settings: &Settings, library: &Library, terminal: Terminal) -> Result<Plan, Exit> {
    let probe = loaded("<the subject>", &clinic::probe(settings), library, terminal)?;
    let arm = &probe.scenario.arms[0];
    let refused = |findings: Diagnostics, exit: Exit| {
        terminal.findings(&findings, &probe.sources);
        exit
    };
    let run = simulate::run(arm, &Options::default());
    let run = run
        .map_err(|findings| refused(findings, Exit::Numbers))?
        .value;
    let planned = clinic::check(settings.procedure, arm)
        .and_then(|()| Body::of(arm, &run.trajectory))
        .and_then(|body| clinic::plan(settings, arm, body));
    planned.map_err(|findings| refused(findings, Exit::Input))
}

fn assessed(
    plan: &Plan,
    loaded: &Loaded,
    results: &Results,
    library: &Library,
    terminal: Terminal,
) -> Result<Outcome, Exit> {
    let mut sources = SourceMap::new();
    let mut model = |path: &str, sources: &mut SourceMap| -> Result<Warned<Model>, Diagnostics> {
        load::lowered(path, library, sources)
    };
    let mut world = World {
        sources: library,
        map: &mut sources,
        load_model: &mut model,
    };
    let (arm, trajectory) = (&loaded.scenario.arms[0], &results.arms[0].trajectories[0]);
    let outcome = clinic::assess(plan, arm, trajectory, &mut world);
    outcome.map_err(|findings| {
        terminal.findings(&findings, &sources);
        Exit::Input
    })
}

fn ranges(library: &Library, terminal: Terminal) -> Result<Ranges, Exit> {
    let path = clinic::RANGES;
    let file = library.read(path, Some("<the test>"));
    let file = file.map_err(|failure| load::unreadable(path, &failure, terminal))?;
    let mut sources = SourceMap::new();
    let source = sources.add(&file.name, &file.text);
    Ranges::read(&file.text, source).map_err(|findings| {
        terminal.findings(&findings, &sources);
        Exit::Input
    })
}

// ---- what is said

/// Everything that is said about a test.
struct Told {
    plan: Plan,
    outcome: Outcome,
    ranges: Ranges,
    clinic: bool,
}

impl Told {
    fn text(&self, loaded: &Loaded) -> String {
        let mut parts = vec![format!("{}\n{}", loaded.scenario.title, self.who(loaded))];
        // A sensor's four thousand readings are for the file.
        if self
            .outcome
            .samples
            .iter()
            .all(|series| series.minutes.len() <= 100)
        {
            parts.push(self.samples().render());
        }
        parts.push(self.indices().render());
        let beside = self.beside();
        if !beside.is_empty() {
            parts.push(format!("Beside published ranges:\n{}", beside.concat()));
        }
        for remark in &self.outcome.remarks {
            parts.push(format!("Note: {remark}.\n"));
        }
        parts.push(format!("{DISCLAIMER}\n"));
        parts.join("\n")
    }

    /// One line about the person, the model and the laboratory.
    fn who(&self, loaded: &Loaded) -> String {
        let body = &self.plan.body;
        let number = |value: Option<f64>, unit: &str| {
            value.map(|value| format!("{} {unit}", significant(value, 3)))
        };
        let facts = [
            number(body.mass, "kg"),
            number(body.surface, "m²"),
            number(body.fat_free_mass, "kg fat-free"),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        let assay = &self.plan.settings.assay;
        let laboratory = match assay.seed {
            None => "a laboratory without errors".to_string(),
            Some(seed) => format!(
                "assays vary by {} % (glucose) and {} % (others), seed {seed}",
                significant(100.0 * assay.glucose_variation, 3),
                significant(100.0 * assay.insulin_variation, 3)
            ),
        };
        let model = &loaded.scenario.arms[0].model_path;
        let facts = if facts.is_empty() {
            String::new()
        } else {
            format!(" ({})", facts.join(", "))
        };
        format!(
            "subject {}{facts}, model {model}; {laboratory}\n",
            self.plan.settings.subject
        )
    }

    /// Factor and unit of the samples of an analyte.
    fn sample_unit<'a>(&self, analyte: &str, unit: &'a str) -> (f64, &'a str) {
        let quantity = match analyte {
            "plasma_glucose" => clinic::Quantity::Glucose,
            "plasma_insulin" => clinic::Quantity::Insulin,
            _ => return (1.0, unit),
        };
        match (self.clinic, quantity.shown(self.clinic)) {
            (true, (factor, "mg/dL")) => (factor, "mg/dL"),
            (true, (factor, _)) => (factor, "µU/mL"),
            (false, (factor, _)) => (factor, unit),
        }
    }

    fn samples(&self) -> Table {
        let mut columns = vec![("min".to_string(), Align::Right)];
        let mut minutes: Vec<f64> = Vec::new();
        for series in &self.outcome.samples {
            let (_, unit) = self.sample_unit(&series.analyte, &series.unit);
            columns.push((format!("{}, {unit}", series.label), Align::Point));
            minutes.extend(&series.minutes);
        }
        minutes.sort_by(f64::total_cmp);
        minutes.dedup();
        let mut table = Table {
            columns,
            rows: Vec::new(),
        };
        for minute in minutes {
            let mut row = vec![significant(minute, 6)];
            for series in &self.outcome.samples {
                let (factor, _) = self.sample_unit(&series.analyte, &series.unit);
                let at = series.minutes.iter().position(|one| *one == minute);
                row.push(
                    at.map_or_else(String::new, |at| significant(series.values[at] * factor, 4)),
                );
            }
            table.rows.push(row);
        }
        table
    }

    fn indices(&self) -> Table {
        let mut table = Table::new(&[
            ("index", Align::Left),
            ("value", Align::Point),
            ("unit", Align::Left),
            ("95 % interval", Align::Left),
        ]);
        for index in &self.outcome.indices {
            let (factor, unit) = index.quantity.shown(self.clinic);
            let shown = |value: f64| significant(value * factor, 4);
            let interval = index.interval.map(|(low, high)| {
                format!(
                    "{} to {}",
                    significant(low * factor, 3),
                    significant(high * factor, 3)
                )
            });
            let interval = interval.unwrap_or_default();
            table.push([&index.name, &shown(index.value), unit, &interval]);
        }
        if self
            .outcome
            .indices
            .iter()
            .all(|index| index.interval.is_none())
        {
            table.columns.pop();
            table.rows.iter_mut().for_each(|row| row.truncate(3));
        }
        table
    }

    /// Two lines for each index that has published ranges: where it lies, and whose ranges they are.
    fn beside(&self) -> Vec<String> {
        let lines = |index: &Index| {
            let (words, source) = self.words(index)?;
            Some(format!("  {} {words}\n    {source}\n", index.name))
        };
        self.outcome.indices.iter().filter_map(lines).collect()
    }

    /// Where an index lies beside published ranges, and their source.
    fn words(&self, index: &Index) -> Option<(String, String)> {
        let range = self.ranges.of(index).filter(|_| index.comparable)?;
        let (factor, unit) = index.quantity.shown(self.clinic);
        let words = range.words(index.value, &|end| significant(end * factor, 3), unit)?;
        Some((words, range.source))
    }

    fn json(&self, loaded: &Loaded) -> Value {
        let indices = self.outcome.indices.iter().map(|index| {
            let interval = index.interval.map(|(low, high)| json!([low, high]));
            let (beside, source) = self.words(index).unzip();
            json!({
                "id": index.id, "name": index.name, "value": index.value, "unit": index.quantity.unit(), "interval": interval,
                "beside": beside, "source": source,
            })
        });
        let samples = self.outcome.samples.iter().map(|series| {
            json!({ "analyte": series.analyte, "unit": series.unit, "minutes": series.minutes, "values": series.values })
        });
        let fit = self.outcome.fit.as_ref().map(|fit| {
            let parameters = fit.fit.parameters.iter().map(|one| {
                json!({
                    "name": one.name, "value": one.value, "standard_error": one.standard_error,
                    "interval": [one.interval.0, one.interval.1], "verdict": format!("{:?}", one.verdict).to_lowercase(),
                })
            });
            json!({
                "model": "published/bergman_1979.ant", "parameters": parameters.collect::<Vec<_>>(),
                "condition": fit.fit.condition, "converged": fit.fit.converged,
            })
        });
        let (assay, body) = (&self.plan.settings.assay, &self.plan.body);
        json!({
            "test": self.plan.settings.procedure.name(), "notice": DISCLAIMER,
            "subject": self.plan.settings.subject, "model": loaded.scenario.arms[0].model_path,
            "body": { "mass_kg": body.mass, "fat_free_mass_kg": body.fat_free_mass, "surface_m2": body.surface },
            "assay": { "seed": assay.seed, "cv_glucose": assay.variation("plasma_glucose"), "cv_insulin": assay.variation("plasma_insulin") },
            "indices": indices.collect::<Vec<_>>(), "samples": samples.collect::<Vec<_>>(), "fit": fit,
            "remarks": self.outcome.remarks,
        })
    }

    /// The samples as measured data that a scenario can lay over a curve.
    fn csv(&self) -> String {
        let mut text =
            String::from("# Samples of a simulated test\nanalyte,time,time_unit,value,unit\n");
        for series in &self.outcome.samples {
            for (minute, value) in series.minutes.iter().zip(&series.values) {
                text.push_str(&format!(
                    "{},{minute},min,{value},{}\n",
                    series.analyte, series.unit
                ));
            }
        }
        text
    }
}
