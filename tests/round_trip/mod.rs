//! Models to write and read back, and what two of them say.
#![allow(dead_code, reason = "each test file uses its part")]

use indexmap::IndexMap;
use insilin::diag::{MemorySources, SourceFile, SourceMap, render_all};
use insilin::model::lower::load;
use insilin::model::{
    Constant, ExprKind, Formula, Function, Identity, InitialValue, Model, Rule, Symbol,
};
use insilin::units::{Unit, base_unit};
use proptest::prelude::*;

/// The model of the first file, which may import the others.
pub fn read_all(name: &str, files: Vec<SourceFile>) -> Model {
    let mut map = SourceMap::new();
    match load(name, &MemorySources(files), &mut map) {
        Ok(model) => model.value,
        Err(found) => panic!("{name}:\n{}", render_all(&found, &map)),
    }
}

/// The model of a text.
pub fn read(name: &str, text: &str) -> Model {
    let file = SourceFile {
        name: name.to_string(),
        text: text.to_string(),
    };
    read_all(name, vec![file])
}

/// All that a model says, without places in texts.
pub fn said(model: &Model) -> String {
    let full = format!("{model:#?}");
    let mut out = String::with_capacity(full.len());
    let mut rest = full.as_str();
    while let Some(at) = rest.find("Span {") {
        out.push_str(&rest[..at]);
        let mut depth = 0;
        let end = rest[at..]
            .char_indices()
            .find_map(|(offset, c)| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                (c == '}' && depth == 0).then_some(at + offset + 1)
            })
            .expect("braces of a debug text are balanced");
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// All models of the SBML Test Suite that are read, with their names; none when `SBML_TEST_SUITE` names no folder.
pub fn suite() -> Vec<(String, Model)> {
    let Some(root) = std::env::var_os("SBML_TEST_SUITE") else {
        let required = std::env::var("INSILIN_REQUIRE_SHARED").is_ok_and(|v| v == "1");
        assert!(!required, "SBML_TEST_SUITE is not set");
        tell("skipped: SBML_TEST_SUITE is not set");
        return Vec::new();
    };
    let root = std::path::PathBuf::from(root);
    let root = Some(root.join("cases"))
        .filter(|cases| cases.is_dir())
        .unwrap_or(root);
    let mut models = Vec::new();
    let mut cases: Vec<_> = std::fs::read_dir(root)
        .expect("readable")
        .map(|e| e.expect("readable").path())
        .collect();
    cases.sort();
    for case in cases {
        let Ok(files) = std::fs::read_dir(&case) else {
            continue;
        };
        let mut files: Vec<_> = files.map(|file| file.expect("readable").path()).collect();
        files.retain(|path| path.extension().is_some_and(|e| e == "xml"));
        files.sort();
        let Some(path) = files.last() else { continue };
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(path).expect("a text");
        let sources = MemorySources::new([(name.as_str(), text.as_str())]);
        if let Ok(model) = load(&name, &sources, &mut SourceMap::new()) {
            models.push((name, model.value));
        }
    }
    models
}

/// All shipped models, with their names.
pub fn shipped() -> Vec<(String, Model)> {
    let mut models = Vec::new();
    for folder in [
        "models/published",
        "models/cell",
        "models/organ",
        "models/body",
        "models",
    ] {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("readable").path())
            .collect();
        paths.sort();
        paths.retain(|path| path.extension().is_some_and(|e| e == "ant"));
        let file = |path: &std::path::PathBuf| SourceFile {
            name: path
                .file_name()
                .expect("a file")
                .to_string_lossy()
                .into_owned(),
            text: std::fs::read_to_string(path).expect("a text"),
        };
        let files: Vec<SourceFile> = paths.iter().map(file).collect();
        for file in &files {
            if file.text.contains("import \"../") {
                // Files of other folders come through the library of models, which has its own tests.
                continue;
            }
            models.push((file.name.clone(), read_all(&file.name, files.clone())));
        }
    }
    assert!(!models.is_empty() || !std::path::Path::new("models/published").exists());
    models
}

/// Everything at once: submodules with conversions, clashing units, options, annotations, amounts.
pub const RICH: &str = r#"
function hill(x, K, n)
  x^n/(K^n + x^n)
end
model s(S, k)
  unit u = 2 mole
  compartment c = 2
  species S in c, T in c
  x = 1; x' = time; y := rateOf(x) + J
  J: S -> T; k*x*S
  at 3 after time > 2: x = 0
  q := delay(x, 2)
  k = 3 u; w = 1 u
end
model *p(A)
  unit u = 3 mole; unit mM = 1e-3 mole/litre; unit odd = 0.1 litre/(7 second)
  unit time_unit = 60 second; unit volume = 0.1 litre
  c = 60; e = 1e-20; f = 1e300; g = 0.1; h = -4.5; i = inf
  compartment comp = 1, moving
  moving := 1 + 0.1*sin(c)
  species A in comp = 3, Q in moving; const species B in comp = 5
  substanceOnly species N in moving = 7
  species C in moving; C = 0.3/moving
  species D in comp; D = 2; D has mM; comp has litre
  a: s(A, 7), timeconv = c, extentconv = 2
  b: s(), timeconv = 2
  cf = 5
  b.S * cf is Q
  y2 := a.J + hill(A, 2, cf)
  b.w is ww; ww = 4; z = 2 odd; zz = 3 u + 1 u
  z has odd
  R in comp: 2 A + m B => 3 N + N; A*(B + 1)*-A; m = 2
  N -| R;
  0 = A + Q - 3; named: 0 = c - 60
  E: at time >= 5 && A < 3 || B > 2, priority = -1, t0 = false, persistent = false, fromTrigger = false: c = 1, g = c + g
  constraint safe: A > 0; constraint: B > 0
  var input1 = 4; var input2
  model is "the name of it"; model notes "first"; p taxon "urn:t"
  A identity "urn:x", "urn:y"; A.sboTerm = 247; R.sboTerm = SBO:0000176; E is "event"
  g.mean = 3; g.range = {1, 2}; A.conversionFactor = cf; model.conversionFactor = cf
  d = lognormal(0, 0.2)
  logic := piecewise(1, xor(A > 1, !(B > 2)), 2 < A <= 3, 4, 5)
  odds := (a.x - (b.x - 1)) - 2^-A + (2^A)^B - 2^(3^A) - (-A)^2 - -A^2 + A/(B/A)*(A*B) % 3 + log(2, A) + root(3, A)
end
"#;

/// Formula texts over `a`, `b` and `time`, of every operator and a few functions.
pub fn formula() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (0.0..1e3f64).prop_map(|v| format!("{v}")),
        (1e-300..1e-5f64).prop_map(|v| format!("{v:e}")),
        Just("7".to_string()),
    ];
    let leaf = prop_oneof![
        number,
        Just("a".to_string()),
        Just("b".to_string()),
        Just("time".to_string()),
        Just("pi".to_string()),
    ];
    leaf.prop_recursive(6, 40, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let signs = "+ - * / ^ % < <= > >= == != && ||";
        let signs: Vec<&str> = signs.split(' ').collect();
        let functions = vec![
            "max", "log", "root", "rem", "quotient", "xor", "power", "neq", "minus",
        ];
        prop_oneof![
            (two.clone(), prop::sample::select(signs.clone()))
                .prop_map(|((l, r), sign)| format!("({l}) {sign} ({r})")),
            (inner.clone(), "a|b|3", prop::sample::select(signs))
                .prop_map(|(l, r, sign)| format!("{l} {sign} {r}")),
            (two, prop::sample::select(functions)).prop_map(|((l, r), f)| format!("{f}({l}, {r})")),
            inner.clone().prop_map(|x| format!("-({x})")),
            inner.clone().prop_map(|x| format!("!({x})")),
            inner.clone().prop_map(|x| format!("tanh({x})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(x, y, z)| format!("piecewise({x}, {y}, {z})")),
        ]
    })
}

/// All that a model means: names as both languages can say them, units as what they are, lists in one order.
pub fn meant(model: &Model) -> String {
    let mut model = model.clone();
    let units = std::mem::take(&mut model.unit_definitions);
    without_idle_values(&mut model);
    model.initial_assignments.sort_by_key(|start| start.symbol);
    model
        .species
        .iter_mut()
        .for_each(|species| species.boundary |= species.constant);
    model
        .reactions
        .iter_mut()
        .for_each(|reaction| reaction.modifiers.sort_unstable());
    each_formula(&mut model, &|formula| {
        *formula = with_units(formula, &units)
    });
    let name = |id: &str| id.replace(' ', "_").trim_end_matches('_').to_string();
    each_identity(&mut model, &|identity| identity.id = name(&identity.id));
    model.id = name(&model.id).replace("__main", "");
    for rule in &mut model.rules {
        if let Rule::Algebraic(id, _) = rule {
            *id = id.replace(|c: char| !c.is_ascii_alphabetic(), "");
        }
    }
    let functions = std::mem::take(&mut model.functions).into_iter();
    model.functions = functions
        .map(|(id, function)| (name(&id), function))
        .collect();
    let annotations = std::mem::take(&mut model.annotations).into_iter();
    model.annotations = annotations.map(|(id, all)| (name(&id), all)).collect();
    model.annotations.sort_keys();
    for annotations in model.annotations.values_mut() {
        annotations.sort_by(|a, b| a.keyword.cmp(&b.keyword));
    }
    said(&model)
}

/// Values that rules and start formulas put others in the place of are as good as none; a number is a number.
fn without_idle_values(model: &mut Model) {
    for start in std::mem::take(&mut model.initial_assignments) {
        let number = match &start.value.kind {
            ExprKind::Number(value, None) => Some(*value),
            ExprKind::Constant(Constant::Infinity) => Some(f64::INFINITY),
            ExprKind::Constant(Constant::NotANumber) => Some(f64::NAN),
            _ => None,
        };
        set(model, start.symbol, number);
        if number.is_none() {
            model.initial_assignments.push(start);
        }
    }
    for parameter in &mut model.parameters {
        parameter.value = parameter.value.filter(|value| !value.is_nan());
    }
    // An event that does nothing has no spelling in Antimony.
    model.events.retain(|event| !event.assignments.is_empty());
    let is_assigned = |rule: &Rule| match rule {
        Rule::Assignment(symbol, _) => Some(*symbol),
        _ => None,
    };
    let assigned: Vec<Symbol> = model.rules.iter().filter_map(is_assigned).collect();
    for symbol in assigned {
        set(model, symbol, None);
        if let Symbol::Species(at) = symbol {
            model.species[at].boundary = true;
        }
    }
    let rated = |rule: &Rule| match rule {
        Rule::Rate(Symbol::Species(at), _) => Some(*at),
        _ => None,
    };
    let rated: Vec<usize> = model.rules.iter().filter_map(rated).collect();
    for at in rated {
        model.species[at].boundary = true;
    }
}

fn set(model: &mut Model, symbol: Symbol, value: Option<f64>) {
    match symbol {
        Symbol::Compartment(at) => model.compartments[at].size = value,
        Symbol::Parameter(at) => model.parameters[at].value = value,
        Symbol::Stoichiometry(at) => model.stoichiometries[at].value = value,
        Symbol::Species(at) => {
            let species = &mut model.species[at];
            species.initial = value.map(|value| match species.only_substance_units {
                true => InitialValue::Amount(value),
                false => InitialValue::Concentration(value),
            });
        }
        Symbol::Reaction(_) | Symbol::Argument(_) => {}
    }
}

fn with_units(formula: &Formula, units: &IndexMap<String, Unit>) -> Formula {
    let all = |arguments: &[Formula]| arguments.iter().map(|a| with_units(a, units)).collect();
    let kind = match &formula.kind {
        ExprKind::Number(value, Some(unit)) => {
            let unit = units.get(unit).copied().or_else(|| base_unit(unit));
            ExprKind::Number(*value, Some(format!("{unit:?}")))
        }
        // Antimony has no negative numbers, only opposites.
        ExprKind::Number(value, None) if value.is_sign_negative() => {
            ExprKind::Call(Function::Negate, vec![Formula::number(-value)])
        }
        ExprKind::Call(function, arguments) => ExprKind::Call(*function, all(arguments)),
        ExprKind::User(name, arguments) => {
            ExprKind::User(name.trim_end_matches('_').to_string(), all(arguments))
        }
        kind => kind.clone(),
    };
    Formula::new(formula.span, kind)
}

fn each_identity(model: &mut Model, change: &dyn Fn(&mut Identity)) {
    model
        .compartments
        .iter_mut()
        .for_each(|c| change(&mut c.identity));
    model
        .species
        .iter_mut()
        .for_each(|s| change(&mut s.identity));
    model
        .parameters
        .iter_mut()
        .for_each(|p| change(&mut p.identity));
    model
        .stoichiometries
        .iter_mut()
        .for_each(|s| change(&mut s.identity));
    model
        .reactions
        .iter_mut()
        .for_each(|r| change(&mut r.identity));
    model
        .events
        .iter_mut()
        .for_each(|e| change(&mut e.identity));
}

/// Applies a change to every formula of a model.
pub fn each_formula(model: &mut Model, change: &dyn Fn(&mut Formula)) {
    for start in &mut model.initial_assignments {
        change(&mut start.value);
    }
    for rule in &mut model.rules {
        match rule {
            Rule::Assignment(_, value) | Rule::Rate(_, value) | Rule::Algebraic(_, value) => {
                change(value);
            }
        }
    }
    model
        .functions
        .values_mut()
        .for_each(|function| change(&mut function.body));
    model
        .reactions
        .iter_mut()
        .filter_map(|r| r.rate.as_mut())
        .for_each(change);
    model
        .constraints
        .iter_mut()
        .for_each(|c| change(&mut c.condition));
    for event in &mut model.events {
        change(&mut event.trigger);
        event
            .delay
            .iter_mut()
            .chain(&mut event.priority)
            .for_each(change);
        event
            .assignments
            .iter_mut()
            .for_each(|(_, value)| change(value));
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the only way for a test that passes to say that it compared nothing"
)]
fn tell(what: &str) {
    println!("{what}");
}
