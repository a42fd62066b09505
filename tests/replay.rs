//! A scenario written as a model replays to the same curves.

use std::path::{Path, PathBuf};

use insilin::diag::{
    Diagnostics, MemorySources, ReadFailure, SourceFile, SourceMap, Sources, render_all,
};
use insilin::export::{self, Starts};
use insilin::model::{Model, lower};
use insilin::scenario::{self, Arm, Protocol, Scenario, Start, TimeAxis};
use insilin::simulate::{self, EventOrder, Experiment, Options};
use insilin::trajectory::Trajectory;

fn tight() -> Options {
    Options {
        rtol: 1e-10,
        atol: 1e-12,
        event_order: EventOrder::File,
        ..Options::default()
    }
}

fn told(found: &Diagnostics) -> String {
    render_all(found, &SourceMap::new())
}

fn run(arm: &Arm) -> Trajectory {
    match simulate::run(arm, &tight()) {
        Ok(run) => run.value.trajectory,
        Err(found) => panic!("{}: {}", arm.label, told(&found)),
    }
}

/// The replay of an arm, as a model.
fn replay(arm: &Arm) -> Model {
    let experiment = Experiment::new(arm).expect("the arm compiles").value;
    let values = experiment.start_values(&arm.model, &tight());
    let values = values.expect("the arm has a start");
    let starts = Starts {
        start: values.start,
        restored: values.restored,
    };
    let replay = export::replay(arm, &starts, "the test");
    replay.expect("everything can be replayed").value
}

fn read(name: &str, text: &str) -> Model {
    let mut map = SourceMap::new();
    match lower::load(name, &MemorySources::new([(name, text)]), &mut map) {
        Ok(model) => model.value,
        Err(found) => panic!("{}\n{text}", render_all(&found, &map)),
    }
}

/// A plain run of a model from 0, over the length of an arm.
fn plain(model: Model, of: &Arm) -> Arm {
    let from = of.time.start;
    Arm {
        label: of.label.clone(),
        model_path: "replay".to_string(),
        subject: None,
        inputs: insilin::scenario::inputs::Inputs::default(),
        source_model: model.clone(),
        model,
        time: TimeAxis {
            unit: of.time.unit.clone(),
            start: 0.0,
            end: of.time.end - from,
            grid: of.time.grid.iter().map(|time| time - from).collect(),
            start_clock: None,
        },
        start: Start::Model,
        departures: Vec::new(),
        protocol: Protocol::default(),
        absent: Vec::new(),
        observe: Vec::new(),
    }
}

/// Every column of the run is there in the replay, within 1e-6 of its largest value.
fn check_curves(what: &str, run: &Trajectory, model: &Model, replay: &Trajectory) {
    assert_eq!(run.time.len(), replay.time.len());
    for (at, column) in run.columns.iter().enumerate() {
        let expected = run.data.column(at);
        let found: Vec<f64> = match replay.index_of(&column.id) {
            Some(other) => replay.data.column(other).to_vec(),
            // A start value that has become a plain number has no column.
            None => vec![number(what, model, &column.id); replay.time.len()],
        };
        let largest = expected.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        for (row, (expected, found)) in expected.iter().zip(found).enumerate() {
            let is_same = expected.is_nan() && found.is_nan();
            assert!(
                is_same || (expected - found).abs() <= 1e-6 * largest,
                "{what}: `{}` at {} is {found} instead of {expected}",
                column.id,
                run.time[row],
            );
        }
    }
}

fn number(what: &str, model: &Model, id: &str) -> f64 {
    let mut parameters = model.parameters.iter();
    let found = parameters.find(|parameter| parameter.identity.id == id);
    let value = found.and_then(|parameter| parameter.value);
    value.unwrap_or_else(|| panic!("{what}: no `{id}`"))
}

/// Runs an arm, and its replay through SBML and through Antimony.
fn check_arm(what: &str, arm: &Arm) {
    let expected = run(arm);
    let model = replay(arm);
    let sbml = export::sbml(&model);
    let sbml = sbml.unwrap_or_else(|found| panic!("{what}: {}", told(&found)));
    for (name, text) in [
        ("replay.xml", sbml.value),
        ("replay.ant", export::antimony(&model)),
    ] {
        let replay = plain(read(name, &text), arm);
        let found = run(&replay);
        check_curves(&format!("{what}, {name}"), &expected, &replay.model, &found);
    }
}

// ---- shipped scenarios

struct Folder;

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

impl Sources for Folder {
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let beside = importer
            .and_then(|importer| Path::new(importer).parent())
            .map(|folder| folder.join(name));
        let candidates = [beside, Some(PathBuf::from(name))];
        let found = candidates.into_iter().flatten().find_map(|path| {
            let text = std::fs::read_to_string(models().join(&path)).ok()?;
            let name = path.to_string_lossy().into_owned();
            Some(SourceFile { name, text })
        });
        found.ok_or_else(|| ReadFailure::NotFound {
            looked_in: vec!["models".to_string()],
        })
    }
}

fn scenario(name: &str, text: &str, sources: &dyn Sources) -> Scenario {
    let mut map = SourceMap::new();
    let mut load = |path: &str, map: &mut SourceMap| lower::load(path, sources, map);
    match scenario::load(name, text, sources, &mut map, &mut load) {
        Ok(read) => read.value,
        Err(found) => panic!("{}", render_all(&found, &map)),
    }
}

#[test]
fn every_shipped_scenario_replays_to_its_curves() {
    let entries = std::fs::read_dir(models().join("scenarios")).expect("it is shipped");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    for path in &paths {
        let text = std::fs::read_to_string(path).expect("a text");
        let name = path.display().to_string();
        let mut scenario = scenario(&name, &text, &Folder);
        shorten(&mut scenario);
        for (at, arm) in scenario.arms.iter().enumerate() {
            let what = format!("{name}, {}", arm.label);
            let Some(vary) = &scenario.vary else {
                check_arm(&what, arm);
                continue;
            };
            let (symbol, values) = &vary.per_arm[at];
            for value in [values[0], values[values.len() - 1]] {
                let mut arm = arm.clone();
                scenario::depart(&mut arm.model, *symbol, value);
                check_arm(&format!("{what}, {value}"), &arm);
            }
        }
    }
    assert!(paths.len() >= 4);
}

/// More stops than this take a replay long, as many events take other tools: a week of such a calendar is enough.
const MOST_STOPS: usize = 500;

/// Ends a scenario with many stops after its first week, as `convert --until "7 d"` does.
fn shorten(scenario: &mut Scenario) {
    let most = scenario.arms.iter().map(|arm| arm.protocol.stops.len());
    if most.max().is_none_or(|most| most <= MOST_STOPS) {
        return;
    }
    let edits = scenario::Edits {
        end: Some("7 d".to_string()),
        ..scenario::Edits::default()
    };
    let mut wrong = Diagnostics::new();
    scenario::edit(scenario, &edits, &mut SourceMap::new(), &mut wrong);
    assert!(!wrong.has_errors(), "{}", told(&wrong));
}

/// A store that meals fill and a level that work drives, over a year.
#[test]
fn a_long_calendar_replays_its_first_week() {
    let inputs = "schema = 1\n[inputs.meal_glucose]\nmeaning = \"eaten\"\nunit = \"g\"\nkind = \"amount\"\n\
        do = [{ set = \"last\", to = \"D + amount\" }, { bolus = \"D\", by = \"amount\" }]\n\
        [inputs.stress_acute]\nmeaning = \"stress\"\nunit = \"\"\nkind = \"level\"\nparameter = \"s\"\n";
    let model = "unit time_unit = 60 second; D = 0; D' = -0.02 * D; last = 0; s = 0; x = 0; x' = 0.01 * (s - x)";
    let sources = MemorySources::new([("model.ant", model), ("model.inputs.toml", inputs)]);
    let text = "schema = 2\nname = \"year\"\nmodel = \"model.ant\"\nseed = 4\n\
        time = { unit = \"min\", span = [0, \"364 d\"], every = \"1 h\", start = \"mon 06:00\" }\ncalendar = [\n\
        { meal = \"60 g ± 10 %\", at = \"07:30 ± 20 min\", repeat = \"every day\" },\n\
        { meal = \"80 g\", at = \"19:00\", repeat = \"every day\" },\n\
        { stress = \"work\", level = \"0.5 ± 0.1\", at = \"09:00\", for = \"8 h\", repeat = \"weekdays\" },\n]\n";
    let mut year = scenario("year.toml", text, &sources);
    assert!(year.arms[0].protocol.stops.len() > MOST_STOPS);
    shorten(&mut year);
    // Fourteen meals, and five beginnings and ends of work.
    assert_eq!(year.arms[0].protocol.stops.len(), 24);
    check_arm("a week of a year", &year.arms[0]);
}

// ---- one of each kind of entry

/// Two drugs in a body that grows, an input, and things computed from the start.
const BODY: &str = r"
  compartment body = 5; body' = 0.01
  species D in body, M in body; D = 2; M = 0
  k = 0.1; var u = 7; w = 3 * u; x = 0; x' = u - 0.1 * x
  J: D -> M; k * D * body; clear: M -> ; 0.05 * M * body
  amount := D * body; clock := time
";

/// * `rest` — a scenario from `time` on
fn check(what: &str, model: &str, rest: &str) {
    let sources = MemorySources::new([("model.ant", model)]);
    let text = format!("schema = 1\nname = \"case\"\nmodel = \"model.ant\"\n{rest}\n");
    let scenario = scenario("case.toml", &text, &sources);
    check_arm(what, &scenario.arms[0]);
}

/// From 0 to 60.
fn check_hour(what: &str, model: &str, protocol: &str) {
    let time = "time = { span = [0, 60], every = 0.5 }";
    check(what, model, &format!("{time}\nprotocol = [{protocol}]"));
}

#[test]
fn holds_cover_their_intervals() {
    for hold in [
        "{ hold = 'u', at = 2, from = 10, to = 20 }",
        "{ hold = 'u', at = 2, from = 0, to = 20 }, { hold = 'u', at = 4, from = 20, to = 30 }",
        "{ hold = 'u', at = 2 }",
        "{ hold = 'u', at = 2, from = 30, to = 60 }",
        "{ hold = 'u', at = 2, from = 30, to = 90 }",
    ] {
        check_hour(hold, BODY, hold);
    }
}

#[test]
fn rates_that_overlap_add() {
    let rates = "{ rate = 'D', at = 3, from = 0, to = 30 }, { rate = 'D', at = 2, from = 20, to = 40 }, \
        { rate = 'x', at = 1, from = 5, to = 10 }";
    check_hour("rates", BODY, rates);
    let factor = format!("{BODY}\n f = 2; D.conversionFactor = f");
    check_hour("rates with a factor", &factor, rates);
}

#[test]
fn boluses_at_one_time_add_also_at_the_start() {
    let boluses = "{ bolus = 'D', amount = 20, time = 0 }, { bolus = 'D', amount = 20, time = 10 }, \
        { bolus = 'D', amount = 5, time = 10 }, { bolus = 'x', amount = 1, time = 10 }";
    check_hour("boluses", BODY, boluses);
}

#[test]
fn sets_take_numbers_and_formulas() {
    let sets = "{ set = 'k', at = 0.2, from = 10 }, { set = 'D', at = 4, from = 20 }, \
        { set = 'k', formula = '2 * k + 0.01 * x + 0.001 * time', from = 30 }, \
        { set = 'body', at = 2, from = 40 }, { set = 'x', at = 1, from = 0 }";
    check_hour("sets", &BODY.replace("body' = 0.01", ""), sets);
}

#[test]
fn what_happens_at_one_time_happens_in_its_order() {
    let order = "{ bolus = 'D', amount = 20, time = 10 }, { set = 'k', formula = '0.01 * amount', from = 10 }, \
        { set = 'u', formula = 'k + D', from = 10 }, { bolus = 'D', formula = 'u', time = 10 }";
    check_hour("order", BODY, order);
    let events = format!(
        "{BODY}\n at time >= 10: D = D / 2; at D > 3, priority = 5: M = M + 1; at time > 10: x = x + 1"
    );
    check_hour("order among events", &events, order);
}

#[test]
fn clamps_sample_and_hold() {
    let clamp = "clamp = 'D', target = 4, by = 'u', every = 2.5, start = 1, gain = 0.5, integral = 0.05, limits = [0, 6]";
    let model = format!("{BODY}\n infusion: -> D; u");
    for times in ["from = 0, to = 40", "from = 7, to = 30.1", "from = 5"] {
        check_hour(times, &model, &format!("{{ {clamp}, {times} }}"));
    }
    let both = format!(
        "{{ {clamp}, from = 5, to = 50 }}, {{ bolus = 'D', amount = 10, time = 15 }}, \
         {{ clamp = 'x', target = 2, by = 'k', every = 5, start = 0.1, gain = 0.01, limits = [0.01, 1], from = 5 }}"
    );
    check_hour("two clamps and a bolus", &model, &both);
}

#[test]
fn a_steady_start_and_departures_are_numbers() {
    let model = "compartment c = 2; species S in c; S = 9; make: -> S; v; use: S -> ; k*S
        v = 3; k = 1; first = 2*S; y := S + first; var u = 1; z = 0; z' = u - z";
    let rest = "time = { span = [0, 20], every = 0.5 }
initial = 'steady-state'
protocol = [ { hold = 'u', at = 5, from = 0, to = 3 }, { hold = 'v', at = 8, from = 5, to = 10 },
  { bolus = 'S', amount = 2, time = 12 } ]
[parameters]
k = { value = 2, why = 'another one' }";
    check("steady", model, rest);
}

#[test]
fn a_scenario_that_begins_elsewhere_keeps_its_time() {
    let model = format!("{BODY}\n y := sin(0.1*time); at time > 12: M = M + time; start = time");
    let rest = "time = { span = [-10, 50], every = 0.5 }
protocol = [ { hold = 'u', at = 2, from = -10, to = 20 }, { bolus = 'D', formula = '1 + 0.1*time', time = 30 },
  { clamp = 'D', target = 4, by = 'k', every = 3, from = -5, start = 0.1, gain = -0.01, limits = [0, 1] } ]";
    let model = model.replace("clock := time", "");
    check("elsewhere", &model, rest);
}

#[test]
fn a_clock_held_to_the_end_of_the_run_stays_to_its_last_row() {
    let text = "schema = 2\nname = \"morning\"\nmodel = \"published/cortisol_day.ant\"\n\
        time = { unit = \"h\", span = [0, 12], every = 1, start = \"mon 06:00\" }\n";
    let morning = scenario("morning.toml", text, &Folder);
    check_arm("a morning", &morning.arms[0]);
}
