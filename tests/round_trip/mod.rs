//! Models to write and read back, and what two of them say.

use insilin::diag::{MemorySources, SourceFile, SourceMap, render_all};
use insilin::model::Model;
use insilin::model::lower::load;
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
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.retain(|path| path.extension().is_some_and(|e| e == "ant"));
        let file = |path: &std::path::PathBuf| SourceFile {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(path).unwrap(),
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
