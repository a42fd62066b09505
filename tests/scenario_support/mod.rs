//! A small model, built by hand, for tests of scenarios: no reader of model files is involved.
#![allow(dead_code, reason = "each test file uses its part")]

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

/// Reads a scenario about the models `body.ant` (minutes, all units) and `plain.ant` (no units at all).
pub fn load(name: &str, text: &str, map: &mut SourceMap) -> Result<Warned<Scenario>, Diagnostics> {
    let sources = MemorySources::new([("body.inputs.toml", INPUTS), ("data/meal.csv", DATA)]);
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
