//! A small model, built by hand, for tests of scenarios: no reader of model files is involved.
#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::OnceLock;

use insilin::diag::{Diagnostics, MemorySources, SourceMap, Warned};
use insilin::model::*;
use insilin::scenario::{self, Scenario};
use insilin::syntax::expr::{Expr, Function};
use insilin::units::{Unit, parse_unit};

/// What the model's author lets a scenario drive.
pub const INPUTS: &str = r#"
schema = 1
[inputs.meal_glucose]
meaning = "glucose eaten"
unit = "mg"
range = [0, 200000]
molar_mass = "180.156 g/mol"
kind = "amount"
do = [
  { set = "Dose", to = "Q_sto + amount" },
  { bolus = "Q_sto", by = "amount" },
]
[inputs.hormone]
meaning = "insulin in the medium"
unit = "nmol/L"
range = [0, 1000]
kind = "level"
parameter = "insulin"
"#;

/// What `insilin new` writes about `body.ant`.
pub fn template(name: &str) -> String {
    let mut findings = Diagnostics::new();
    let inputs = scenario::inputs::read(INPUTS, SourceMap::new().add("", ""), &mut findings);
    assert!(findings.is_empty());
    scenario::template(name, "body.ant", &body(), &inputs)
}

/// Some rows of the shipped table of foods.
pub fn foods() -> &'static str {
    static FOODS: OnceLock<String> = OnceLock::new();
    FOODS.get_or_init(|| {
        let text = include_str!("../../models/foods.csv");
        let begins = [
            "name,",
            "white bread,",
            "boiled lentils,",
            "boiled broccoli,",
        ];
        let kept = text.lines();
        let kept = kept.filter(|line| begins.iter().any(|begin| line.starts_with(begin)));
        kept.flat_map(|line| [line, "\n"]).collect()
    })
}

/// Something on a plate.
pub const PLATES: &str = "schema = 1\n[plates.lunch]\ntitle = \"Lunch\"\nsource = \"the test\"\n\
    items = [\"180 g boiled lentils\", \"60 g white bread\"]\n";

/// A day.
pub const MENUS: &str = "schema = 1\n[menus.day]\ntitle = \"A day\"\nsource = \"the test\"\nmeals = [\n\
    { at = \"07:30\", items = [\"60 g white bread\"] },\n{ at = \"12:30\", plate = \"lunch\" },\n]\n";

/// A week.
pub const BLOCK: &str = "schema = 2\nname = \"week\"\ncalendar = [\n\
    { bout = \"walk\", met = 3, at = \"18:00\", for = \"30 min\", repeat = \"mon,thu\" },\n]\n";

/// A block that has no end.
pub const ITSELF: &str = "schema = 2\ncalendar = [{ block = \"itself\" }]\n";

/// Measured data.
pub const DATA: &str = "observable,time\nG,0\n";

/// A scenario with one of each kind of thing.
pub const EVERYTHING: &str = r#"
schema = 1
name = "everything"
title = "Quotes \" and \\ and ✓"
note = """two
lines"""
time = { unit = "h", span = [-0.3, 2], every = "7 min" }
initial = "steady-state"
model = "body.ant"
protocol = [
  { meal = "78.3 g", time = 0.1 },
  { hold = "hormone", at = "61.7 pmol/L", from = 0.2, to = 1 },
  { rate = "Q_gut", at = "0.1 mg/s", from = 0, to = 1.7 },
  { rate = "Q_gut", at = "0.7 mg/min", from = 0.5, to = 1.1 },
  { rate = "G", at = "1 mg/dL/h", from = 0, to = 1 },
  { bolus = "Q_sto", amount = "0.1 mmol", time = 0.4 },
  { set = "k", at = "3 1/h", from = 0.2 },
  { set = "w", formula = "-(k - 2) * Q_gut^2 + piecewise(1, time > 3, exp(-0.5)) / (w - k - 1) - max(k, 1e-7)", from = 0.7 },
  { clamp = "G", target = "90.1 mg/dL", by = "glucose_infusion", every = "5 min", from = 0, to = 1.5, start = "0 mg/kg/min", gain = 0.05, integral = 0.01, limits = ["0 mg/kg/min", "20 mg/kg/min"] },
  { mark = "supper", from = 1, to = 1.5 },
]
[parameters]
Q_gut = { value = "5.3 g/L", why = "full" }
[observe]
G = ["peak", "at 1"]
Q_sto = []
[[measured]]
file = "data/meal.csv"
[[figure]]
name = "glucose"
title = "Glucose"
panels = [["G"], ["Q_sto", "Q_gut"]]
[[expect]]
metric = "G.peak"
value = "157.4 mg/dL"
tolerance = "3 %"
varied = "70000000 g"
source = "nobody"
[[expect]]
metric = "Q_sto.at 1"
varied = "half-maximal"
within = ["0.1 kg", "300 kg"]
source = "nobody"
[vary]
of = "BW"
values = { from = "0.1 kg", to = "70000 kg", points = 5, scale = "log" }
[sweep]
k = 3
"#;

/// A scenario with one of each kind of entry of a calendar.
pub const LIFE: &str = r#"
schema = 2
name = "life"
seed = 3
time = { unit = "h", span = [0, 340], every = "1 h", start = "tue 06:30" }
model = "body.ant"
protocol = [{ hold = "hormone", at = "61.7 pmol/L", from = 0.2, to = 1 }]
calendar = [
  { meal = ["180 g boiled lentils ± 10 %", "60 g white bread"], at = "12:30 ± 20 min", repeat = "every day", name = "lunch" },
  { meal = { carbohydrate = "50 g ± 5 g", gi = 70, fibre = "3 g", protein = "10 g", fat = "8 g", energy = "1300 kJ" }, at = "07:30", repeat = "weekdays" },
  { meal = "75 g", at = 3, label = "a drink" },
  { plate = "lunch", at = "19:30", energy = "2500 kJ", days = "1,3-5" },
  { menu = "day", scale = 0.8, repeat = "sat,sun" },
  { courses = [["100 g boiled broccoli"], { protein = "20 g" }, "10 g"], gap = "10 min", at = "15:00", weeks = "1" },
  { meal = ["100 g boiled broccoli", "80 g white bread"], at = "17:00", order = "carbohydrate last", repeat = "every 3rd day" },
  { bout = "cycle", intensity = "65 %VO2max", at = "09:00", for = "45 min", phase = "training", repeat = "mon,wed" },
  { bout = "resistance", sets = 3, repetitions = 10, load = "72 %1RM", exercises = 6, at = "10:00", for = "50 min" },
  { bout = "run", rounds = 3, work = "1 min", work_intensity = "90 %VO2max", rest = "2 min", rest_intensity = "3 MET", warm_up = "5 min", at = "16:00", repeat = "every 2nd week" },
  { sleep = "23:00 ± 10 min", to = "06:00", quality = "0.9 ± 0.05", repeat = "every day" },
  { stress = "exam", level = 0.8, at = "day 2 09:00", for = "3 h" },
  { stress = "chronic", load = 1.3, from = "day 3", to = "day 9" },
  { practice = "mindfulness", at = "20:00", for = "20 min", repeat = "mon every 2nd week" },
  { dose = "testosterone", amount = "100 mg", at = "08:00", repeat = "every 7th day" },
  { infusion = "cortisol", rate = "2 ug/kg/min", from = "0 h", to = "24 h" },
  { light = "500 lux", from = "07:00", to = "22:00", days = "2-4" },
  { diet = { energy = "2000 kcal/d" }, weeks = "2" },
  { mark = "party", kind = "meal", at = "21:00", for = "2 h" },
  { block = "week", weeks = "2" },
]
[observe]
G = ["peak"]
[[phase]]
name = "training"
weeks = "1-2"
calendar = [{ meal = "20 g", at = "11:00", repeat = "thu" }]
[[menu]]
name = "mine"
meals = [{ at = "08:00", items = ["60 g white bread"] }]
[[arm]]
label = "a"
[[arm]]
label = "b"
calendar = [{ menu = "mine", repeat = "every day" }]
"#;

/// Reads a scenario about the models `body.ant` (minutes, all units) and `plain.ant` (no units at all).
pub fn load(name: &str, text: &str, map: &mut SourceMap) -> Result<Warned<Scenario>, Diagnostics> {
    let sources = MemorySources::new([
        ("body.inputs.toml", INPUTS),
        ("data/meal.csv", DATA),
        ("foods.csv", foods()),
        ("plates.toml", PLATES),
        ("menus.toml", MENUS),
        ("blocks/week.toml", BLOCK),
        ("blocks/itself.toml", ITSELF),
    ]);
    scenario::load(name, text, &sources, map, &mut |path, _| match path {
        "body.ant" => Ok(warned(body())),
        "plain.ant" => Ok(warned(plain())),
        _ => {
            let found = insilin::diag::Diagnostic::error(
                "model/not-found",
                format!("`{path}` is not there"),
            );
            Err(found.hint("looked in memory").into())
        }
    })
}

fn warned(value: Model) -> Warned<Model> {
    Warned {
        value,
        warnings: Diagnostics::new(),
    }
}

fn identity(id: &str) -> Identity {
    Identity {
        id: id.to_string(),
        ..Identity::default()
    }
}

fn parameter(id: &str, value: f64, unit: Option<Unit>) -> Parameter {
    Parameter {
        identity: identity(id),
        value: Some(value),
        constant: true,
        input: false,
        unit,
    }
}

fn species(id: &str, only_substance_units: bool, boundary: bool) -> Species {
    Species {
        identity: identity(id),
        compartment: 0,
        initial: Some(InitialValue::Amount(1.0)),
        only_substance_units,
        boundary,
        constant: false,
        conversion_factor: None,
        substance_unit: None,
    }
}

/// Position of each parameter of the models.
pub const K: usize = 0;
pub const INSULIN: usize = 1;
pub const DOSE: usize = 2;
pub const G: usize = 4;
pub const INFUSION: usize = 6;

/// Glucose in a stomach (mg) and in plasma, with everything that a protocol can meet.
pub fn body() -> Model {
    let unit = |text: &str| Some(parse_unit(text).expect("an everyday unit"));
    let mut model = Model {
        id: "body".to_string(),
        ..Model::default()
    };
    model.units.time = unit("min");
    model.units.substance = unit("mg");
    model.units.volume = unit("L");
    model.units.extent = unit("mg");
    model.compartments.push(Compartment {
        identity: identity("gut"),
        size: Some(2.0),
        dimensions: 3.0,
        constant: true,
        unit: None,
    });
    model.species = vec![
        species("Q_sto", true, false),
        species("Q_gut", false, false),
        species("Q_bath", false, true),
    ];
    model.parameters = vec![
        parameter("k", 0.1, unit("1/min")),
        parameter("insulin", 0.0, unit("nmol/L")),
        parameter("Dose", 1.0, unit("mg")),
        parameter("w", 1.0, None),
        parameter("G", 90.0, unit("mg/dL")),
        parameter("G_double", 0.0, unit("mg/dL")),
        parameter("glucose_infusion", 0.0, unit("mg/kg/min")),
        parameter("BW", 70.0, unit("kg")),
    ];
    let symbol = |at: usize| Expr::symbol(Symbol::Parameter(at));
    model.rules = vec![
        Rule::Rate(
            Symbol::Parameter(G),
            Expr::call(Function::Negate, vec![symbol(G)]),
        ),
        Rule::Assignment(
            Symbol::Parameter(5),
            Expr::call(Function::Plus, vec![symbol(G), symbol(G)]),
        ),
    ];
    model.reactions.push(Reaction {
        identity: identity("emptying"),
        reactants: vec![SpeciesReference {
            species: 0,
            stoichiometry: Stoichiometry::Number(1.0),
        }],
        products: vec![SpeciesReference {
            species: 1,
            stoichiometry: Stoichiometry::Number(1.0),
        }],
        modifiers: Vec::new(),
        reversible: false,
        fast: false,
        rate: Some(Expr::call(
            Function::Times,
            vec![symbol(K), Expr::symbol(Symbol::Species(0))],
        )),
        compartment: None,
    });
    model
}

/// The same without any units.
pub fn plain() -> Model {
    let mut model = body();
    model.units = ModelUnits::default();
    for parameter in &mut model.parameters {
        parameter.unit = None;
    }
    model
}
