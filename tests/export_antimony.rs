//! The flat text of a model reads back to the same model.

mod antimony_snippets;

use antimony_snippets::SNIPPETS;
use insilin::diag::{MemorySources, SourceFile, SourceMap, render_all};
use insilin::export::antimony;
use insilin::model::lower::load;
use insilin::model::{InitialValue, Model, Rule};
use proptest::prelude::*;

fn read_all(name: &str, files: Vec<SourceFile>) -> Model {
    let mut map = SourceMap::new();
    match load(name, &MemorySources(files), &mut map) {
        Ok(model) => model.value,
        Err(found) => panic!("{name}:\n{}", render_all(&found, &map)),
    }
}

fn read(name: &str, text: &str) -> Model {
    let file = SourceFile {
        name: name.to_string(),
        text: text.to_string(),
    };
    read_all(name, vec![file])
}

/// All that a model says, without places in texts.
fn said(model: &Model) -> String {
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

fn check_round_trip(name: &str, model: &Model) {
    let text = antimony(model);
    let again = read(&format!("{name} exported"), &text);
    let (first, second) = (said(model), said(&again));
    if let Some((left, right)) = first.lines().zip(second.lines()).find(|(a, b)| a != b) {
        panic!("{name}: `{left}` became `{right}` through\n{text}");
    }
    assert_eq!(
        first.len(),
        second.len(),
        "{name}: cut short through\n{text}"
    );
    assert_eq!(antimony(&again), text, "{name}: the text is not stable");
}

#[test]
fn every_snippet_reads_back_from_its_flat_text() {
    for (name, text) in SNIPPETS {
        check_round_trip(name, &read(name, text));
    }
}

#[test]
fn every_shipped_model_reads_back_from_its_flat_text() {
    let mut count = 0;
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
            check_round_trip(&file.name, &read_all(&file.name, files.clone()));
            count += 1;
        }
    }
    assert!(count > 0 || !std::path::Path::new("models/published").exists());
}

/// Everything at once: submodules with conversions, clashing units, options, annotations, amounts.
const RICH: &str = r#"
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

#[test]
fn a_rich_model_reads_back_from_its_flat_text() {
    check_round_trip("rich", &read("rich", RICH));
}

#[test]
fn published_listings_read_back_from_their_flat_text() {
    let Ok(shared) = std::env::var("INSILIN_SHARED") else {
        let required = std::env::var("INSILIN_REQUIRE_SHARED").is_ok_and(|v| v == "1");
        assert!(!required, "INSILIN_SHARED is not set");
        eprintln!("skipped: INSILIN_SHARED is not set");
        return;
    };
    let path = format!("{shared}/literature/signalling-model-listings.md");
    let page = std::fs::read_to_string(path).expect("the listings are there");
    let listings: Vec<&str> = page
        .split("\n## ")
        .skip(1)
        .filter_map(|section| section.split("\n```").nth(1))
        .collect();
    assert_eq!(listings.len(), 13);
    for listing in listings {
        check_round_trip("listing", &read("listing", listing));
    }
}

#[test]
fn ids_that_are_words_of_the_language_get_an_underscore() {
    let mut model = read("t", "A -> B; k1*A\nA = 1; B = 2; k1 = 3; model_ = 4");
    model.species[0].identity.id = "species".to_string();
    model.species[1].identity.id = "time".to_string();
    model.parameters[0].identity.id = "model".to_string();
    let again = read("t exported", &antimony(&model));
    let ids: Vec<&str> = again
        .symbols()
        .map(|s| again.identity(s).id.as_str())
        .collect();
    let expected = [
        "species_",
        "time_",
        "default_compartment",
        "model__",
        "model_",
        "_J0",
    ];
    assert_eq!(ids, expected);
}

#[test]
fn what_only_sbml_can_say_is_kept_in_our_own_spelling() {
    let mut model = read(
        "t",
        "J: A -> ; k\nA = 1; k = 3; compartment m = 2; species S in m = 4",
    );
    model.compartments[0].dimensions = 2.0;
    model.species[1].constant = true;
    model.species[1].boundary = true;
    model.reactions[0].fast = true;
    model.species[1].only_substance_units = true;
    model.species[1].initial = Some(InitialValue::Concentration(4.0));
    model.species[0].substance_unit = insilin::units::parse_unit("0.3 mg").ok();
    let again = read("t exported", &antimony(&model));
    assert_eq!(again.compartments[0].dimensions, 2.0);
    assert!(again.species[1].constant && again.reactions[0].fast);
    assert_eq!(
        again.species[1].initial,
        Some(InitialValue::Concentration(4.0))
    );
    let unit = again.species[0].substance_unit.unwrap();
    assert!(unit.same(&insilin::units::parse_unit("0.3 mg").unwrap()));
    assert_eq!(
        antimony(&again),
        antimony(&read("again", &antimony(&again)))
    );
}

#[test]
fn texts_with_quotes_and_lines_are_kept() {
    for text in [
        "a \"quoted\" word",
        "two\nlines",
        "back\\slash",
        "plain // no comment",
    ] {
        let mut model = read("t", "x = 1");
        model.parameters[0].identity.name = text.to_string();
        let again = read("t exported", &antimony(&model));
        assert_eq!(again.parameters[0].identity.name, text);
    }
}

/// Formula texts over `a`, `b` and `time`, of every operator and a few functions.
fn formula() -> impl Strategy<Value = String> {
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

proptest! {
    #[test]
    fn every_formula_reads_back_from_its_text(formula in formula()) {
        let text = format!("x := {formula}\na = 1; b = 2");
        let model = read("formula", &text);
        let Rule::Assignment(..) = &model.rules[0] else { unreachable!("one rule was written") };
        check_round_trip(&formula, &model);
    }
}
