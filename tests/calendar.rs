//! What each kind of entry of a calendar becomes, on which days, and how it varies; counts and times are worked out by hand.

use insilin::diag::{
    Diagnostics, MemorySources, ReadFailure, Severity, SourceFile, SourceMap, Sources, Warned,
    render_all,
};
use insilin::model::{ExprKind, lower};
use insilin::scenario::contract::contract;
use insilin::scenario::{self, Arm, ClockStart, Entry, MarkKind, Overrides, Scenario};

/// Minutes of a day.
const DAY: f64 = 1440.0;

/// A body in minutes that takes some inputs of the contract: a level `p_NAME`, or a store `x_NAME` for an amount.
fn body(names: &[&str]) -> (String, String) {
    let mut model = "model body()\n  unit time_unit = 60 second;\n  z = 0; z' = 1;\n".to_string();
    let mut inputs = "schema = 1\n[inputs]\n".to_string();
    for name in names {
        let agreed = &contract().inputs[*name];
        let head = format!(
            "[inputs.{name}]\nmeaning = \"as agreed\"\nunit = \"{}\"\n",
            agreed.unit_text
        );
        inputs += &head;
        if agreed.amount {
            model += &format!("  x_{name} = 0; x_{name}' = 0;\n");
            inputs +=
                &format!("kind = \"amount\"\ndo = [{{ bolus = \"x_{name}\", by = \"amount\" }}]\n");
        } else {
            model += &format!("  p_{name} = {};\n", agreed.rest.unwrap_or(0.0));
            inputs += &format!("kind = \"level\"\nparameter = \"p_{name}\"\n");
        }
    }
    model += "end\n";
    (model, inputs)
}

/// The test's body and the shipped tables of food.
struct World {
    own: MemorySources,
}

impl Sources for World {
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        self.own.read(name, importer).or_else(|missing| {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("models")
                .join(name);
            let text = std::fs::read_to_string(path).map_err(|_| missing)?;
            let name = name.to_string();
            Ok(SourceFile { name, text })
        })
    }
}

fn load(names: &[&str], text: &str, map: &mut SourceMap) -> Result<Warned<Scenario>, Diagnostics> {
    let (model, inputs) = body(names);
    let files = [
        ("body.ant", model.as_str()),
        ("body.inputs.toml", inputs.as_str()),
        ("blocks/twice.toml", TWICE),
        ("subjects/fit.toml", FIT),
    ];
    let world = World {
        own: MemorySources::new(files),
    };
    scenario::load("case.toml", text, &world, map, &mut |path, map| {
        lower::load(path, &world, map)
    })
}

const FIT: &str = "schema = 1\nname = \"fit\"\ntitle = \"a fit person\"\nmodel = \"body.ant\"\n\
    [person]\nfitness = \"50 mL/kg/min\"\n";

const TWICE: &str = "schema = 2\nname = \"twice\"\ncalendar = [\n\
  { bout = \"walk\", met = 3, at = \"18:00\", for = \"30 min\", repeat = \"mon,thu\" },\n]\n";

fn read(names: &[&str], text: &str) -> (Scenario, Diagnostics) {
    let mut map = SourceMap::new();
    match load(names, text, &mut map) {
        // What is said about the body itself is no matter here.
        Ok(mut read) => {
            read.warnings
                .0
                .retain(|found| found.code.starts_with("scenario/"));
            (read.value, read.warnings)
        }
        Err(found) => panic!("{}\n{text}", render_all(&found, &map)),
    }
}

/// A scenario in minutes from a clock time on, with an own frame.
fn framed(start: &str, days: f64, rest: &str) -> String {
    format!(
        "schema = 2\nname = \"case\"\nmodel = \"body.ant\"\nseed = 1\n\
         time = {{ unit = \"min\", span = [0, {}], every = 60, start = \"{start}\" }}\n{rest}\n",
        days * DAY
    )
}

fn calendar(names: &[&str], start: &str, days: f64, items: &str) -> Arm {
    let (mut scenario, warnings) = read(
        names,
        &framed(start, days, &format!("calendar = [{items}]")),
    );
    let wrong = warnings
        .0
        .iter()
        .filter(|found| found.severity > Severity::Note && found.code != "scenario/input-absent");
    assert_eq!(wrong.count(), 0, "{warnings:?}");
    scenario.arms.remove(0)
}

fn marks(arm: &Arm, wanted: MarkKind) -> Vec<(f64, f64)> {
    let entries = arm.protocol.entries.iter();
    entries
        .filter_map(|entry| match entry {
            Entry::Mark { kind, from, to, .. } if *kind == wanted => Some((*from, *to)),
            _ => None,
        })
        .collect()
}

fn starts(arm: &Arm, kind: MarkKind) -> Vec<f64> {
    marks(arm, kind).into_iter().map(|mark| mark.0).collect()
}

fn labels(arm: &Arm) -> Vec<&str> {
    let entries = arm.protocol.entries.iter();
    entries
        .filter_map(|entry| match entry {
            Entry::Mark { label, .. } => Some(label.as_str()),
            _ => None,
        })
        .collect()
}

/// Holds of an input: value, from, to.
fn holds(arm: &Arm, name: &str) -> Vec<(f64, f64, f64)> {
    let entries = arm.protocol.entries.iter();
    entries
        .filter_map(|entry| match entry {
            Entry::Hold {
                target,
                value,
                from,
                to,
            } if arm.model.identity(*target).id == format!("p_{name}") => {
                Some((*value, *from, *to))
            }
            _ => None,
        })
        .collect()
}

/// What is given of an input: amount and time.
fn given(arm: &Arm, name: &str) -> Vec<(f64, f64)> {
    let entries = arm.protocol.entries.iter();
    entries
        .filter_map(|entry| match entry {
            Entry::Bolus {
                target,
                amount,
                time,
            } if arm.model.identity(*target).id == format!("x_{name}") => {
                let ExprKind::Number(amount, _) = amount.kind else {
                    panic!("an amount is a number")
                };
                Some((amount, *time))
            }
            _ => None,
        })
        .collect()
}

fn near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{found}, not {expected}"
    );
}

// ---- meals

const STREAMS: &[&str] = &[
    "meal_glucose",
    "meal_carbohydrate_fast",
    "meal_carbohydrate_slow",
    "meal_fibre",
    "meal_protein",
    "meal_fat_saturated",
    "meal_fat_monounsaturated",
    "meal_fat_polyunsaturated",
    "meal_omega3",
    "meal_energy",
];

#[test]
fn glucose_is_given_as_glucose() {
    let arm = calendar(
        STREAMS,
        "mon 00:00",
        1.0,
        "{ meal = \"75 g\", at = \"08:00\" }",
    );
    assert_eq!(given(&arm, "meal_glucose"), [(75.0, 480.0)]);
    assert_eq!(given(&arm, "meal_energy"), [(1275.0, 480.0)]); // 75 g · 17 kJ/g
    assert_eq!(labels(&arm), ["75 g glucose"]);
    assert!(arm.absent.is_empty());
}

#[test]
fn nutrients_become_the_streams_of_the_contract() {
    let meal = "{ meal = { carbohydrate = \"50 g\", gi = 70, fibre = \"3 g\", protein = \"10 g\", fat = \"9 g\", \
        saturated = \"3 g\", monounsaturated = \"4 g\", polyunsaturated = \"2 g\", omega3 = \"0.5 g\" }, at = \"07:30\" }";
    let arm = calendar(STREAMS, "mon 06:00", 1.0, meal);
    let one = |name: &str| match given(&arm, name)[..] {
        [(amount, time)] => {
            near(time, 90.0); // 07:30 is 90 min after the start at 06:00
            amount
        }
        ref other => panic!("{name} is given {other:?}"),
    };
    near(one("meal_carbohydrate_fast"), 35.0); // 50 g · 70 / 100
    near(one("meal_carbohydrate_slow"), 15.0);
    near(one("meal_fibre"), 3.0);
    near(one("meal_protein"), 10.0);
    near(one("meal_fat_saturated"), 3.0);
    near(one("meal_fat_monounsaturated"), 4.0);
    near(one("meal_fat_polyunsaturated"), 2.0);
    near(one("meal_omega3"), 0.5);
    near(
        one("meal_energy"),
        50.0 * 17.0 + 3.0 * 8.0 + 10.0 * 17.0 + 9.0 * 37.0,
    );
    assert!(given(&arm, "meal_glucose").is_empty());
}

#[test]
fn a_body_that_takes_glucose_alone_gets_all_carbohydrate_there_and_what_it_lacks_is_said_once() {
    let meals = "{ meal = { carbohydrate = \"50 g\", gi = 40, protein = \"10 g\" }, at = \"07:30\", repeat = \"every day\" },
        { meal = { carbohydrate = \"80 g\", gi = 40, protein = \"20 g\" }, at = \"12:30\", repeat = \"every day\" }";
    let text = framed("mon 00:00", 2.0, &format!("calendar = [{meals}]"));
    let (scenario, warnings) = read(&["meal_glucose"], &text);
    let arm = &scenario.arms[0];
    assert_eq!(
        given(arm, "meal_glucose"),
        [(50.0, 450.0), (80.0, 750.0), (50.0, 1890.0), (80.0, 2190.0)]
    );
    assert_eq!(arm.absent, ["meal_carbohydrate_slow", "meal_protein"]);
    let said: Vec<&str> = warnings
        .0
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "the model does not take `meal_protein`",
            "the model does not take `meal_carbohydrate_slow`"
        ]
    );
}

#[test]
fn glucose_is_fast_carbohydrate_for_a_body_that_tells_speeds_alone() {
    let speeds = ["meal_carbohydrate_fast", "meal_carbohydrate_slow"];
    let arm = calendar(&speeds, "mon 00:00", 1.0, "{ meal = \"75 g\", at = 0 }");
    assert_eq!(given(&arm, "meal_carbohydrate_fast"), [(75.0, 0.0)]);
    assert!(arm.absent.is_empty());
}

#[test]
fn carbohydrate_without_an_index_is_given_as_glucose() {
    let arm = calendar(
        STREAMS,
        "mon 00:00",
        1.0,
        "{ meal = { carbohydrate = \"30 g\" }, at = \"08:00\" }",
    );
    assert_eq!(given(&arm, "meal_glucose"), [(30.0, 480.0)]);
}

#[test]
fn fat_of_untold_kinds_is_shared_among_them() {
    let arm = calendar(
        STREAMS,
        "mon 00:00",
        1.0,
        "{ meal = { fat = \"12 g\", saturated = \"6 g\" }, at = \"08:00\" }",
    );
    near(given(&arm, "meal_fat_saturated")[0].0, 6.0);
    near(given(&arm, "meal_fat_monounsaturated")[0].0, 3.0);
    near(given(&arm, "meal_fat_polyunsaturated")[0].0, 3.0);
    near(given(&arm, "meal_energy")[0].0, 12.0 * 37.0);
}

/// The row of a food: its columns of grams and its glycaemic index, from the shipped table.
fn food(name: &str, column: &str) -> f64 {
    let text = include_str!("../models/foods.csv");
    let mut rows = text.lines().filter(|line| !line.starts_with('#'));
    let head: Vec<&str> = rows.next().expect("a head").split(',').collect();
    let at = head
        .iter()
        .position(|name| *name == column)
        .expect("a column");
    let row = rows
        .find(|row| row.split(',').next() == Some(name))
        .expect("a food");
    let mut fields = Vec::new();
    let (mut field, mut quoted) = (String::new(), false);
    for c in row.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    fields.push(field);
    fields[at].parse().unwrap_or(0.0)
}

#[test]
fn foods_are_weighed_from_the_shipped_table() {
    let meal = "{ meal = [\"180 g boiled lentils\", \"60 g whole-wheat bread\"], at = \"12:30\" }";
    let arm = calendar(STREAMS, "mon 00:00", 1.0, meal);
    let sum = |column: &str| {
        1.8 * food("boiled lentils", column) + 0.6 * food("whole-wheat bread", column)
    };
    near(given(&arm, "meal_protein")[0].0, sum("protein_g"));
    near(given(&arm, "meal_fibre")[0].0, sum("fibre_g"));
    near(given(&arm, "meal_energy")[0].0, sum("energy_kJ"));
    let fast = 1.8 * food("boiled lentils", "carbohydrate_g") * food("boiled lentils", "gi")
        / 100.0
        + 0.6 * food("whole-wheat bread", "carbohydrate_g") * food("whole-wheat bread", "gi")
            / 100.0;
    near(given(&arm, "meal_carbohydrate_fast")[0].0, fast);
    near(
        given(&arm, "meal_carbohydrate_slow")[0].0,
        sum("carbohydrate_g") - fast,
    );
    assert_eq!(
        labels(&arm),
        ["180 g boiled lentils, 60 g whole-wheat bread"]
    );
}

#[test]
fn a_plate_and_a_menu_are_made_to_an_energy() {
    let plate = calendar(
        STREAMS,
        "mon 00:00",
        1.0,
        "{ plate = \"salmon-quinoa\", at = \"19:30\", energy = \"2500 kJ\" }",
    );
    near(given(&plate, "meal_energy")[0].0, 2500.0);
    let twice = calendar(
        STREAMS,
        "mon 00:00",
        1.0,
        "{ plate = \"salmon-quinoa\", at = \"19:30\", scale = 2 }",
    );
    let once = calendar(
        STREAMS,
        "mon 00:00",
        1.0,
        "{ plate = \"salmon-quinoa\", at = \"19:30\" }",
    );
    near(
        given(&twice, "meal_protein")[0].0,
        2.0 * given(&once, "meal_protein")[0].0,
    );
    let menu = calendar(
        STREAMS,
        "mon 00:00",
        2.0,
        "{ menu = \"mediterranean\", energy = \"2000 kcal\", repeat = \"every day\" }",
    );
    let eaten = given(&menu, "meal_energy");
    let first: f64 = eaten
        .iter()
        .filter(|(_, time)| *time < DAY)
        .map(|(kj, _)| kj)
        .sum();
    near(first, 2000.0 * 4.184);
    // Breakfast 07:30, lunch 12:30, an afternoon bite 16:30, dinner 19:30, on both days.
    assert_eq!(
        starts(&menu, MarkKind::Meal),
        [450.0, 750.0, 990.0, 1170.0, 1890.0, 2190.0, 2430.0, 2610.0]
    );
}

#[test]
fn a_menu_of_the_scenario_itself_is_read() {
    let text = framed(
        "mon 10:00",
        2.0,
        "calendar = [{ menu = \"mine\", repeat = \"every day\" }]\n[[menu]]\nname = \"mine\"\nmeals = [\n\
         { at = \"08:00\", items = [\"60 g dry rolled oats\"], title = \"porridge\" },\n\
         { at = \"19:00\", plate = \"lentil-salad\" },\n]",
    );
    let (scenario, _) = read(STREAMS, &text);
    // The run begins at 10:00: porridge is eaten on the second day only; day 3 ends at 10:00.
    assert_eq!(
        starts(&scenario.arms[0], MarkKind::Meal),
        [540.0, 1320.0, 1980.0, 2760.0]
    );
    assert_eq!(labels(&scenario.arms[0])[1], "porridge");
}

#[test]
fn carbohydrate_last_is_eaten_behind_a_gap() {
    let foods = "[\"150 g cooked white rice\", \"100 g boiled broccoli\", \"120 g roasted chicken breast\"]";
    let arm = calendar(
        STREAMS,
        "mon 00:00",
        1.0,
        &format!(
            "{{ meal = {foods}, at = \"12:30\", order = \"carbohydrate last\", gap = \"15 min\" }}"
        ),
    );
    let protein = given(&arm, "meal_protein");
    assert_eq!(
        protein.iter().map(|(_, time)| *time).collect::<Vec<_>>(),
        [750.0, 765.0]
    );
    near(protein[1].0, 1.5 * food("cooked white rice", "protein_g"));
    let first = calendar(
        STREAMS,
        "mon 00:00",
        1.0,
        &format!("{{ meal = {foods}, at = \"12:30\", order = \"carbohydrate first\" }}"),
    );
    let protein = given(&first, "meal_protein");
    near(protein[0].0, 1.5 * food("cooked white rice", "protein_g"));
    near(protein[1].1, 760.0); // ten minutes where nothing is said
}

#[test]
fn courses_follow_each_other() {
    let arm = calendar(
        STREAMS,
        "mon 00:00",
        1.0,
        "{ courses = [\"10 g\", { protein = \"20 g\" }, [\"100 g apple\"]], gap = \"20 min\", at = \"12:00\" }",
    );
    assert_eq!(given(&arm, "meal_glucose"), [(10.0, 720.0)]);
    assert_eq!(given(&arm, "meal_protein")[0], (20.0, 740.0));
    near(given(&arm, "meal_fibre")[0].1, 760.0);
    assert_eq!(starts(&arm, MarkKind::Meal), [720.0]);
}

// ---- bouts

const ACTIVE: &[&str] = &[
    "activity_aerobic",
    "activity_met",
    "activity_resistance",
    "activity_mode",
    "resistance_repetitions",
];

#[test]
fn a_walk_holds_mode_and_load_and_converts_met_by_the_fitness_that_is_assumed() {
    let items = "{ bout = \"walk\", met = 3.5, at = \"19:45\", for = \"30 min\" }";
    let (scenario, notes) = read(
        ACTIVE,
        &framed("mon 00:00", 1.0, &format!("calendar = [{items}]")),
    );
    let arm = &scenario.arms[0];
    assert_eq!(holds(arm, "activity_mode"), [(1.0, 1185.0, 1215.0)]);
    assert_eq!(holds(arm, "activity_met"), [(3.5, 1185.0, 1215.0)]);
    near(
        holds(arm, "activity_aerobic")[0].0,
        100.0 * 3.5 * 3.5 / 40.0,
    );
    assert_eq!(notes.0.len(), 1);
    assert_eq!(notes.0[0].code, "scenario/fitness");
    assert_eq!(marks(arm, MarkKind::Bout), [(1185.0, 1215.0)]);
}

#[test]
fn the_fitness_of_a_subject_converts_met() {
    let walk = "{ bout = \"walk\", met = 3.5, at = \"10:00\", for = \"30 min\" }";
    let text = framed("mon 00:00", 1.0, &format!("calendar = [{walk}]"));
    let text = text.replace("model = \"body.ant\"", "subject = \"fit\"");
    let (scenario, notes) = read(ACTIVE, &text);
    near(holds(&scenario.arms[0], "activity_aerobic")[0].0, 24.5); // 100 · 3.5 · 3.5 / 50
    assert!(notes.is_empty(), "{notes:?}");
    // 16 MET are 56 mL/kg/min, and nobody takes up more than their maximum of 50.
    let wrong = load(
        ACTIVE,
        &text.replace("met = 3.5", "met = 16"),
        &mut SourceMap::new(),
    );
    let wrong = wrong.expect_err("it is too much");
    assert!(wrong.0.iter().any(|found| found.code == "scenario/limit"));
}

#[test]
fn a_share_of_the_maximal_uptake_converts_to_met() {
    let items = "{ bout = \"cycle\", intensity = \"65 %VO2max\", at = \"17:00\", to = \"17:45\" }";
    let arm = calendar(ACTIVE, "mon 00:00", 1.0, items);
    near(holds(&arm, "activity_aerobic")[0].0, 65.0);
    near(holds(&arm, "activity_met")[0].0, 0.65 * 40.0 / 3.5);
    assert_eq!(holds(&arm, "activity_mode"), [(3.0, 1020.0, 1065.0)]);
}

#[test]
fn resistance_gives_its_repetitions_at_the_end() {
    let items = "{ bout = \"resistance\", sets = 3, repetitions = 10, load = \"72 %1RM\", exercises = 6, \
        at = \"17:00\", for = \"50 min\" }";
    let arm = calendar(ACTIVE, "mon 00:00", 1.0, items);
    assert_eq!(holds(&arm, "activity_resistance"), [(72.0, 1020.0, 1070.0)]);
    assert_eq!(given(&arm, "resistance_repetitions"), [(180.0, 1070.0)]); // 3 · 10 · 6
    assert!(holds(&arm, "activity_met").is_empty());
}

#[test]
fn intervals_are_warm_up_rounds_and_cool_down() {
    let items = "{ bout = \"run\", rounds = 2, work = \"1 min\", work_intensity = \"90 %VO2max\", rest = \"2 min\", \
        rest_intensity = \"35 %VO2max\", warm_up = \"5 min\", cool_down = \"4 min\", at = \"17:00\" }";
    let arm = calendar(ACTIVE, "mon 00:00", 1.0, items);
    let load = holds(&arm, "activity_aerobic");
    assert_eq!(
        load,
        [
            (35.0, 1020.0, 1025.0),
            (90.0, 1025.0, 1026.0),
            (35.0, 1026.0, 1028.0),
            (90.0, 1028.0, 1029.0),
            (35.0, 1029.0, 1031.0),
            (35.0, 1031.0, 1035.0),
        ]
    );
    assert_eq!(holds(&arm, "activity_mode"), [(2.0, 1020.0, 1035.0)]);
}

#[test]
fn a_block_brings_its_entries_into_the_weeks_that_are_named() {
    let arm = calendar(
        ACTIVE,
        "mon 00:00",
        21.0,
        "{ block = \"twice\", weeks = \"2-3\" }",
    );
    // Mondays and Thursdays of weeks 2 and 3: days 8, 11, 15 and 18 at 18:00.
    let expected: Vec<f64> = [8.0, 11.0, 15.0, 18.0]
        .map(|day: f64| (day - 1.0) * DAY + 1080.0)
        .into();
    assert_eq!(starts(&arm, MarkKind::Bout), expected);
    // A run of one day has some of a week's entries.
    let monday = calendar(ACTIVE, "mon 00:00", 1.0, "{ block = \"twice\" }");
    assert_eq!(starts(&monday, MarkKind::Bout), [1080.0]);
    let shipped = calendar(ACTIVE, "mon 00:00", 14.0, "{ block = \"weekly-exercise\" }");
    assert_eq!(starts(&shipped, MarkKind::Bout).len(), 12); // six sessions a week
}

// ---- sleep, stress, practice, doses, infusions, light

#[test]
fn nights_pass_midnight_and_the_one_before_the_run_reaches_into_it() {
    let items = "{ sleep = \"23:00\", to = \"07:00\", quality = 0.9, repeat = \"every day\" }";
    let arm = calendar(&["sleep_asleep", "sleep_quality"], "mon 00:00", 2.0, items);
    let nights = [
        (1.0, 0.0, 420.0),
        (1.0, 1380.0, 1860.0),
        (1.0, 2820.0, 3300.0),
    ];
    assert_eq!(holds(&arm, "sleep_asleep"), nights);
    let quality: Vec<f64> = holds(&arm, "sleep_quality")
        .iter()
        .map(|hold| hold.0)
        .collect();
    assert_eq!(quality, [0.9, 0.9, 0.9]);
    assert_eq!(marks(&arm, MarkKind::Sleep).len(), 3);
    let numbered = calendar(
        &["sleep_asleep"],
        "mon 00:00",
        2.0,
        "{ sleep = \"23:00\", for = \"8 h\", days = \"1\" }",
    );
    assert_eq!(holds(&numbered, "sleep_asleep"), [(1.0, 1380.0, 1860.0)]);
}

#[test]
fn stress_is_acute_for_hours_or_chronic_for_days() {
    let items = "{ stress = \"exam\", level = 0.8, at = \"09:00\", for = \"3 h\" },
        { stress = \"chronic\", load = 1.3, from = \"day 8\", to = \"day 29\" }";
    let arm = calendar(&["stress_acute", "stress_load"], "mon 06:00", 35.0, items);
    assert_eq!(holds(&arm, "stress_acute"), [(0.8, 180.0, 360.0)]);
    // Day 8 begins seven days after the midnight before the start at 06:00.
    assert_eq!(
        holds(&arm, "stress_load"),
        [(1.3, 7.0 * DAY - 360.0, 28.0 * DAY - 360.0)]
    );
    assert_eq!(labels(&arm), ["exam", "chronic"]);
    let weeks = calendar(
        &["stress_load"],
        "mon 00:00",
        28.0,
        "{ stress = \"move\", load = 1.5, weeks = \"2-3\" }",
    );
    assert_eq!(holds(&weeks, "stress_load"), [(1.5, 7.0 * DAY, 21.0 * DAY)]);
}

#[test]
fn practice_dose_infusion_light_and_diet_reach_their_inputs() {
    let names = [
        "stress_practice",
        "dose_testosterone",
        "cortisol_infusion",
        "light",
        "diet_energy",
        "insulin_bolus",
    ];
    let items =
        "{ practice = \"mindfulness\", at = \"20:00\", for = \"20 min\", repeat = \"mon,wed\" },
        { dose = \"testosterone\", amount = \"0.1 g\", at = \"08:00\", repeat = \"every 7th day\" },
        { dose = \"insulin bolus\", amount = \"50 pmol/kg\", at = \"day 2 08:00\" },
        { infusion = \"cortisol\", rate = \"2 ug/kg/min\", from = \"0 h\", to = \"24 h\" },
        { light = \"500 lux\", from = \"07:00\", to = \"22:00\", days = \"1-2\" },
        { diet = { energy = \"2000 kcal/d\" }, weeks = \"1\" }";
    let arm = calendar(&names, "mon 00:00", 14.0, items);
    let practice: Vec<f64> = holds(&arm, "stress_practice")
        .iter()
        .map(|hold| hold.1)
        .collect();
    assert_eq!(
        practice,
        [1.0, 3.0, 8.0, 10.0].map(|day: f64| (day - 1.0) * DAY + 1200.0)
    );
    assert_eq!(
        given(&arm, "dose_testosterone"),
        [(100.0, 480.0), (100.0, 7.0 * DAY + 480.0)]
    );
    assert_eq!(given(&arm, "insulin_bolus"), [(50.0, DAY + 480.0)]);
    assert_eq!(holds(&arm, "cortisol_infusion"), [(2.0, 0.0, DAY)]);
    assert_eq!(
        holds(&arm, "light"),
        [(500.0, 420.0, 1320.0), (500.0, 1860.0, 2760.0)]
    );
    assert_eq!(holds(&arm, "diet_energy"), [(8368.0, 0.0, 7.0 * DAY)]);
    assert_eq!(starts(&arm, MarkKind::Dose).len(), 3);
    assert_eq!(marks(&arm, MarkKind::Infusion), [(0.0, DAY)]);
}

#[test]
fn what_a_body_lacks_is_told_and_marked_and_nothing_else_happens() {
    let items = "{ sleep = \"23:00\", to = \"07:00\" }, { bout = \"walk\", met = 3, at = \"10:00\", for = \"1 h\" },
        { infusion = \"lipid\", rate = \"1 mg/kg/min\", from = 0, to = 60 }";
    let arm = calendar(&[], "mon 00:00", 2.0, items);
    assert_eq!(
        arm.absent,
        [
            "activity_aerobic",
            "activity_met",
            "activity_mode",
            "sleep_asleep",
            "lipid_infusion"
        ]
    );
    assert!(arm.protocol.stops.is_empty());
    assert_eq!(arm.protocol.entries.len(), 3);
}

#[test]
fn an_entry_of_the_protocol_may_name_what_a_body_lacks() {
    let text = framed(
        "mon 00:00",
        1.0,
        "protocol = [{ hold = \"light\", at = \"100 lux\", from = 0, to = 10 }, { give = \"dose_metformin\", amount = \"500 mg\", time = 5 }]",
    );
    let (scenario, warnings) = read(&[], &text);
    assert_eq!(scenario.arms[0].absent, ["light", "dose_metformin"]);
    assert!(
        warnings
            .0
            .iter()
            .all(|found| found.code == "scenario/input-absent")
    );
    assert_eq!(warnings.0.len(), 2);
}

#[test]
fn what_a_model_was_not_made_for_is_warned_of_once() {
    let text = framed(
        "mon 00:00",
        7.0,
        "calendar = [{ infusion = \"insulin\", rate = \"100 pmol/kg/min\", from = \"10:00\", to = \"11:00\", repeat = \"every day\" }]",
    );
    let (model, inputs) = body(&["insulin_infusion"]);
    let inputs = format!("{inputs}range = [0, 60]\n");
    let sources = MemorySources::new([
        ("body.ant", model.as_str()),
        ("body.inputs.toml", inputs.as_str()),
    ]);
    let mut load = |path: &str, map: &mut SourceMap| lower::load(path, &sources, map);
    let read = scenario::load(
        "case.toml",
        &text,
        &sources,
        &mut SourceMap::new(),
        &mut load,
    );
    let warnings = read.expect("it is right").warnings;
    let said: Vec<&str> = warnings.0.iter().map(|found| found.code).collect();
    let about = said.iter().filter(|code| code.starts_with("scenario/"));
    assert_eq!(about.collect::<Vec<_>>(), [&"scenario/range"]);
}

// ---- days

#[test]
fn once_is_the_first_time_that_fits() {
    let arm = calendar(
        STREAMS,
        "mon 10:00",
        2.0,
        "{ meal = \"10 g\", at = \"07:30\" }, { meal = \"20 g\", at = \"12:00\" }",
    );
    // 07:30 has gone by on Monday: Tuesday 07:30 is 21.5 h after 10:00.
    assert_eq!(given(&arm, "meal_glucose"), [(20.0, 120.0), (10.0, 1290.0)]);
}

#[test]
fn a_repeat_over_days_and_a_phase_is_counted_from_its_first_day() {
    let text = framed(
        "wed 00:00",
        28.0,
        "calendar = [{ meal = \"10 g\", at = \"08:00\", repeat = \"every 3rd day\", phase = \"second\" },\n\
         { meal = \"20 g\", at = \"09:00\", repeat = \"weekends\", days = \"1-14\" }]\n\
         [[phase]]\nname = \"second\"\ndays = \"10-20\"\n",
    );
    let (scenario, _) = read(STREAMS, &text);
    let arm = &scenario.arms[0];
    let days = |grams: f64| -> Vec<f64> {
        let meals = given(arm, "meal_glucose").into_iter();
        meals
            .filter(|(amount, _)| *amount == grams)
            .map(|(_, time)| (time / DAY).floor() + 1.0)
            .collect()
    };
    assert_eq!(days(10.0), [10.0, 13.0, 16.0, 19.0]);
    // Day 1 is a Wednesday: the weekends of two weeks are days 4, 5, 11 and 12.
    assert_eq!(days(20.0), [4.0, 5.0, 11.0, 12.0]);
    assert_eq!(marks(arm, MarkKind::Phase), [(9.0 * DAY, 20.0 * DAY)]);
}

#[test]
fn a_phase_may_have_a_calendar_of_its_own() {
    let text = framed(
        "mon 00:00",
        21.0,
        "[[phase]]\nname = \"training\"\nweeks = \"2\"\ncalendar = [{ bout = \"run\", met = 8, at = \"18:00\", for = \"30 min\", repeat = \"tue,fri\" }]",
    );
    let (scenario, _) = read(ACTIVE, &text);
    let bouts = starts(&scenario.arms[0], MarkKind::Bout);
    assert_eq!(bouts, [8.0 * DAY + 1080.0, 11.0 * DAY + 1080.0]);
}

#[test]
fn a_year_of_a_full_programme_has_the_entries_that_it_should() {
    let items = "{ menu = \"mediterranean\", repeat = \"every day\" }, { sleep = \"23:00\", to = \"07:00\", repeat = \"every day\" },
        { block = \"weekly-exercise\" }, { stress = \"work\", level = 0.4, at = \"09:00\", for = \"7 h\", repeat = \"weekdays\" }";
    let arm = calendar(STREAMS, "mon 00:00", 364.0, items);
    assert_eq!(starts(&arm, MarkKind::Meal).len(), 4 * 364);
    assert_eq!(starts(&arm, MarkKind::Sleep).len(), 365); // and the night before the first day
    assert_eq!(starts(&arm, MarkKind::Bout).len(), 6 * 52);
    assert_eq!(starts(&arm, MarkKind::Stress).len(), 5 * 52);
}

// ---- clock

#[test]
fn the_clock_at_time_zero_is_kept_and_given_to_a_body_that_takes_it() {
    let arm = calendar(
        &["clock_hour"],
        "thu 06:30",
        1.0,
        "{ mark = \"noon\", at = \"12:00\" }",
    );
    assert_eq!(
        arm.time.start_clock,
        Some(ClockStart {
            weekday: 3,
            minute: 390.0
        })
    );
    assert_eq!(holds(&arm, "clock_hour"), [(6.5, 0.0, DAY)]);
    assert_eq!(starts(&arm, MarkKind::Other), [330.0]);
}

#[test]
fn a_model_in_hours_or_days_gets_times_in_its_unit() {
    let (model, inputs) = body(&["meal_glucose", "light"]);
    let model = model.replace("60 second", "3600 second");
    let sources = MemorySources::new([
        ("body.ant", model.as_str()),
        ("body.inputs.toml", inputs.as_str()),
    ]);
    let text = "schema = 2\nname = \"case\"\nmodel = \"body.ant\"\ntime = { unit = \"d\", span = [0, 2], every = 0.5, start = \"06:00\" }\n\
        calendar = [{ meal = \"10 g\", at = \"07:30\", repeat = \"every day\" }, { light = \"100 lux\", from = 1, to = \"30 h\" }]\n";
    let mut map = SourceMap::new();
    let read = scenario::load("case.toml", text, &sources, &mut map, &mut |path, map| {
        lower::load(path, &sources, map)
    });
    let arm = read.expect("it is right").value.arms.remove(0);
    assert_eq!(given(&arm, "meal_glucose"), [(10.0, 1.5), (10.0, 25.5)]);
    assert_eq!(holds(&arm, "light"), [(100.0, 24.0, 30.0)]);
}

// ---- variation

const VARIED: &str = "{ meal = { carbohydrate = \"60 g ± 10 %\", gi = 100 }, at = \"07:30 ± 20 min\", repeat = \"every day\" },
    { sleep = \"23:00 ± 15 min\", to = \"06:00 ± 10 min\", quality = \"0.8 ± 0.1\", repeat = \"every day\" }";

fn varied(seed: &str) -> Arm {
    let text =
        framed("mon 00:00", 100.0, &format!("calendar = [{VARIED}]")).replace("seed = 1", seed);
    read(
        &["meal_carbohydrate_fast", "sleep_asleep", "sleep_quality"],
        &text,
    )
    .0
    .arms
    .remove(0)
}

#[test]
fn seeds_are_reproducible_and_differ() {
    let one = varied("seed = 1");
    assert_eq!(one.protocol.entries, varied("seed = 1").protocol.entries);
    assert_ne!(one.protocol.entries, varied("seed = 2").protocol.entries);
}

#[test]
fn every_occurrence_draws_its_own_around_what_is_written() {
    let arm = varied("seed = 1");
    let meals = given(&arm, "meal_carbohydrate_fast");
    assert_eq!(meals.len(), 100);
    let mean = meals.iter().map(|meal| meal.0).sum::<f64>() / 100.0;
    // Four standard errors: 4 · 6 g / √100.
    assert!((mean - 60.0).abs() < 2.4, "{mean}");
    let sd = (meals
        .iter()
        .map(|meal| (meal.0 - mean) * (meal.0 - mean))
        .sum::<f64>()
        / 99.0)
        .sqrt();
    assert!((4.3..7.5).contains(&sd), "{sd}");
    assert!(meals.iter().all(|meal| (42.0..=78.0).contains(&meal.0))); // cut at three deviations
    let off = |time: f64| (time % DAY) - 450.0;
    assert!(meals.iter().all(|meal| off(meal.1).abs() <= 60.0));
    assert!(meals.iter().any(|meal| off(meal.1).abs() > 10.0));
    assert!(
        holds(&arm, "sleep_quality")
            .iter()
            .all(|hold| (0.5..=1.0).contains(&hold.0))
    );
}

#[test]
fn what_a_draw_brings_into_sleep_waits_for_the_waking_and_a_night_waits_for_what_goes_on() {
    let items = "{ sleep = \"23:00 ± 20 min\", to = \"07:00 ± 20 min\", repeat = \"every day\" },
        { meal = \"50 g\", at = \"07:10 ± 20 min\", repeat = \"every day\" },
        { meal = \"10 g\", at = \"22:50 ± 20 min\", repeat = \"every day\" },
        { bout = \"walk\", met = 3, at = \"21:00 ± 30 min\", for = \"100 min ± 20 min\", repeat = \"every day\" },
        { bout = \"run\", met = 8, at = \"20:00 ± 30 min\", for = \"30 min\", repeat = \"every day\" }";
    let arm = calendar(&["meal_glucose", "sleep_asleep"], "mon 12:00", 200.0, items);
    let nights = marks(&arm, MarkKind::Sleep);
    let bouts = marks(&arm, MarkKind::Bout);
    assert_eq!((nights.len(), bouts.len()), (200, 400));
    let asleep = |time: f64| nights.iter().any(|(from, to)| (*from..*to).contains(&time));
    let meals = starts(&arm, MarkKind::Meal);
    assert_eq!(meals.len(), 400);
    assert!(meals.iter().all(|time| !asleep(*time)));
    assert!(
        bouts
            .iter()
            .all(|(from, to)| !asleep(*from) && !asleep(*to - 1e-6))
    );
    assert!(bouts.windows(2).all(|pair| pair[0].1 <= pair[1].0));
    // Breakfast waits for the waking on a good part of all days.
    let waits = meals
        .iter()
        .filter(|time| nights.iter().any(|(_, to)| to == *time));
    assert!(waits.count() > 40);
}

#[test]
fn arms_share_their_draws() {
    let text = framed(
        "mon 00:00",
        7.0,
        "calendar = [{ meal = \"50 g ± 20 %\", at = \"08:00\", repeat = \"every day\" }]\n\
         [[arm]]\nlabel = \"small\"\n[[arm]]\nlabel = \"large\"\n\
         calendar = [{ meal = \"100 g ± 20 %\", at = \"08:00\", repeat = \"every day\" }]\n",
    );
    let (scenario, _) = read(STREAMS, &text);
    let meals = |at: usize| given(&scenario.arms[at], "meal_glucose");
    for (small, large) in meals(0).into_iter().zip(meals(1)) {
        near(large.0, 2.0 * small.0);
        assert_eq!(large.1, small.1);
    }
}

#[test]
fn entries_of_one_name_share_their_draws_wherever_they_stand() {
    let one = calendar(
        STREAMS,
        "mon 00:00",
        3.0,
        "{ meal = \"50 g ± 20 %\", at = \"08:00\", repeat = \"every day\", name = \"b\" }",
    );
    let two = calendar(
        STREAMS,
        "mon 00:00",
        3.0,
        "{ mark = \"x\", at = \"07:00\" }, { meal = \"50 g ± 20 %\", at = \"08:00\", repeat = \"every day\", name = \"b\" }",
    );
    assert_eq!(given(&one, "meal_glucose"), given(&two, "meal_glucose"));
}

#[test]
fn another_seed_may_be_given_from_outside() {
    let (model, inputs) = body(STREAMS);
    let sources = MemorySources::new([
        ("body.ant", model.as_str()),
        ("body.inputs.toml", inputs.as_str()),
    ]);
    let text = framed(
        "mon 00:00",
        2.0,
        "calendar = [{ meal = \"50 g ± 20 %\", at = \"08:00\" }]",
    );
    let amount = |seed: Option<u64>| {
        let mut load = |path: &str, map: &mut SourceMap| lower::load(path, &sources, map);
        let overrides = Overrides {
            seed,
            ..Overrides::default()
        };
        let map = &mut SourceMap::new();
        let read = scenario::load_with("case.toml", &text, &overrides, &sources, map, &mut load);
        given(&read.expect("it is right").value.arms[0], "meal_glucose")[0].0
    };
    assert_eq!(amount(None), amount(Some(1)));
    assert_ne!(amount(None), amount(Some(2)));
}

// ---- what is written back

#[test]
fn the_expanded_form_means_the_same_run() {
    let items = format!("{VARIED}, {{ bout = \"walk\", met = 3, at = \"18:00\", for = \"40 min\", repeat = \"sat\" }},
        {{ stress = \"exam\", level = 0.7, at = \"9:00\", for = \"2 h\" }}");
    let text = framed(
        "tue 05:00",
        10.0,
        &format!("calendar = [{items}]\n[[phase]]\nname = \"all\"\nweeks = \"1\""),
    );
    let names = ["meal_carbohydrate_fast", "sleep_asleep", "activity_met"];
    let (first, _) = read(&names, &text);
    let expanded = scenario::expand(&first);
    let (again, warnings) = read(&names, &expanded);
    assert!(warnings.is_empty(), "{warnings:?}");
    let (one, two) = (&first.arms[0], &again.arms[0]);
    assert_eq!(one.time, two.time);
    assert_eq!(one.absent, two.absent);
    assert_eq!(
        one.absent,
        [
            "activity_aerobic",
            "activity_mode",
            "sleep_quality",
            "stress_acute"
        ]
    );
    let numbers = |entry: &Entry| format!("{entry:?}").replace(|c: char| c.is_whitespace(), "");
    let plain = |arm: &Arm| {
        arm.protocol
            .entries
            .iter()
            .map(numbers)
            .collect::<Vec<String>>()
    };
    let without_places = |text: String| {
        text.split("Span{")
            .map(|part| {
                part.split_once('}')
                    .map_or(part, |(_, rest)| rest)
                    .to_string()
            })
            .collect::<String>()
    };
    let strip = |all: Vec<String>| all.into_iter().map(without_places).collect::<Vec<String>>();
    assert_eq!(strip(plain(one)), strip(plain(two)));
    let times = |arm: &Arm| {
        arm.protocol
            .stops
            .iter()
            .map(|stop| (stop.time, stop.actions.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(times(one), times(two));
    assert_eq!(scenario::expand(&again), expanded);
}

#[test]
fn a_calendar_and_a_protocol_stand_in_one_file() {
    let text = framed(
        "mon 00:00",
        1.0,
        "protocol = [{ hold = \"stress_acute\", at = 0.1, from = 0, to = 60 }]\n\
         calendar = [{ stress = \"exam\", level = 0.5, from = \"01:00\", to = \"02:00\" }]",
    );
    let (scenario, _) = read(&["stress_acute"], &text);
    let held = holds(&scenario.arms[0], "stress_acute");
    assert_eq!(held, [(0.1, 0.0, 60.0), (0.5, 60.0, 120.0)]);
}
