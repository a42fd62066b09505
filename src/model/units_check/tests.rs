use crate::diag::{Diagnostic, Diagnostics, MemorySources, Severity, SourceMap};
use crate::model::lower::load;

const HEAD: &str = "unit time_unit = 60 second; unit substance = 1e-3 mole; unit extent = 1e-3 mole; unit volume = litre\n\
    unit mM = 1e-3 mole/litre; unit mgdl = 1e-3 gram/(0.1 litre); unit per_min = 1/(60 second)\n\
    unit per_h = 1/(3600 second); unit minute = 60 second; unit hour = 3600 second\n\
    unit nM = 1e-9 mole/litre; unit ratio = dimensionless; unit L_per_min = litre/(60 second)\n\
    G = 1 mM; H = 2 mM; W = 3 mgdl; t1 = 1 minute; n = 2 ratio; k = 1 per_min; u = 4\n";

fn found(text: &str) -> Diagnostics {
    let text = format!("{HEAD}{text}");
    let sources = MemorySources::new([("t.ant", text.as_str())]);
    match load("t.ant", &sources, &mut SourceMap::new()) {
        Ok(model) => model.warnings,
        Err(found) => found,
    }
}

fn errors(text: &str) -> Vec<Diagnostic> {
    let all = found(text).into_iter();
    all.filter(|d| d.severity == Severity::Error).collect()
}

fn right(text: &str) {
    let wrong = errors(text);
    assert!(wrong.is_empty(), "{text}: {wrong:?}");
}

/// Asserts exactly one error, with all `parts` in its message or hint.
fn wrong(text: &str, code: &str, parts: &[&str]) {
    let all = errors(text);
    assert_eq!(all.len(), 1, "{text}: {all:?}");
    assert_eq!(all[0].code, code, "{text}: {all:?}");
    let told = format!(
        "{} | {}",
        all[0].message,
        all[0].hint.as_deref().unwrap_or("")
    );
    for part in parts {
        assert!(told.contains(part), "`{part}` is not in `{told}`");
    }
}

#[test]
fn sums_and_comparisons_need_one_unit() {
    right("x := G + H - 0; x has mM");
    wrong(
        "x := G + W",
        "units/mismatch",
        &["cannot add `G` (mM) and `W` (mg/dL)"],
    );
    wrong("x := G - k", "units/mismatch", &[]);
}

#[test]
fn a_number_without_a_unit_is_undeclared_and_not_wrong() {
    right("x := G + 1; x has mM");
    right("x := 2*G + W*3; x has mM");
    right("x := piecewise(G, G > 0, 0); x has mM");
    let notes = found("x := G + 1; x has mM");
    assert!(notes.0.iter().any(|d| d.code == "units/bare-number"));
}

#[test]
fn another_size_of_the_same_kind_is_wrong_and_the_factor_is_told() {
    wrong(
        "x := t1 + y; y = 1; y has hour",
        "units/mismatch",
        &["multiply `y` by 60 (min per h)"],
    );
    wrong(
        "x := piecewise(1, G > y, 0); y = 1 nM",
        "units/mismatch",
        &["compare", "1e-6 (mM per nM)"],
    );
    wrong(
        "x := G; x has nM",
        "units/mismatch",
        &["`x` needs nM", "1000000"],
    );
}

#[test]
fn functions_of_numbers_take_pure_numbers() {
    right("x := exp(G/H) + ln(n) + sin(t1/t1)");
    wrong("x := exp(G)", "units/not-pure", &["`G` is in mM", "`exp`"]);
    wrong("x := G^H", "units/not-pure", &["`H`"]);
    wrong("x := G^time", "units/not-pure", &[]);
}

#[test]
fn powers_and_roots_multiply_units() {
    right("x := sqrt(G^2 + H*G) + G; x has mM");
    right("x := G^n/(H^n + G^n); x has ratio");
    right("x := root(3, G^3); x has mM");
    wrong("x := G^2 + G", "units/mismatch", &[]);
    wrong("x := G^n + G", "units/mismatch", &[]);
}

#[test]
fn a_function_is_checked_with_the_units_of_each_call() {
    let hill = "function hill(x, K, n)\n x^n/(K^n + x^n)\nend\n";
    right(&format!("{hill}x := hill(G, H, 2); x has ratio"));
    wrong(
        &format!("{hill}x := hill(G, W, 2)"),
        "units/mismatch",
        &["cannot add"],
    );
}

#[test]
fn choices_need_one_unit_in_all_branches() {
    wrong(
        "x := piecewise(G, time > t1, W)",
        "units/mismatch",
        &["choose between"],
    );
    wrong(
        "x := piecewise(G, time > G, H)",
        "units/mismatch",
        &["compare `time` (min)"],
    );
    wrong("x := max(G, W)", "units/mismatch", &["choose between"]);
}

#[test]
fn targets_are_checked_in_all_their_kinds() {
    right("y = 1 mM; y' = k*(G - y)");
    wrong(
        "y = 1 mM; y' = G",
        "units/mismatch",
        &["rate of change", "mmol/L/min"],
    );
    wrong("y = G*H; y has mM", "units/mismatch", &["its start value"]);
    wrong(
        "var y; y = 1 mM; at time > t1: y = W",
        "units/mismatch",
        &["what the event gives it"],
    );
    wrong(
        "var y; y = 1 mM; at G after time > t1: y = H",
        "units/mismatch",
        &["a delay is in min"],
    );
    wrong("x := delay(G, H)", "units/mismatch", &["a delay"]);
    right("y = 1 mM; y' = k*G; x := rateOf(y) + k*G");
}

#[test]
fn a_rate_law_is_extent_per_time() {
    let cell = "compartment c = 1; species A in c = 1; A has mM\n";
    right(&format!("{cell}A -> ; k*c*A"));
    right(&format!("{cell}cl = 1 L_per_min; A -> ; cl*A"));
    wrong(
        &format!("{cell}A -> ; k*A"),
        "units/rate",
        &["mmol/L/min", "`c*(…)`"],
    );
    wrong(
        &format!("{cell}q = 1 per_h; A -> ; q*c*A"),
        "units/rate",
        &["mmol/h", "(mmol/min per mmol/h)"],
    );
    right(&format!(
        "{cell}substanceOnly species B in c = 2; B -> A; k*B"
    ));
    wrong(
        "compartment c = 1; species A in c = 1 nM; k2 = 1\nA -> ; k2*A",
        "units/extent",
        &["nmol", "mmol"],
    );
}

#[test]
fn one_cause_gives_one_message() {
    wrong(
        "x := exp(H/G)*(G + W)*k + n; x has per_h; y := x*G; z := y + 2*n",
        "units/mismatch",
        &[],
    );
}

#[test]
fn clearance_laws_with_known_units_get_no_lint() {
    let text = "compartment c = 3; species A in c = 1; A has mM; cl = 1 L_per_min\nA -> ; cl*A";
    let all = found(text);
    assert!(
        all.0.iter().all(|d| d.code != "model/rate-per-size"),
        "{all:?}"
    );
}

#[test]
fn a_model_without_units_gets_neither_errors_nor_notes() {
    let sources = MemorySources::new([("t.ant", "x := exp(time) + k; k = 1\nA -> ; k*A\nA = 1")]);
    let model = load("t.ant", &sources, &mut SourceMap::new()).unwrap();
    assert!(model.warnings.is_empty(), "{:?}", model.warnings);
}

#[test]
fn the_place_of_a_mismatch_is_the_sign_and_both_sides_are_labelled() {
    let all = errors("x := G + W");
    let span = all[0].span.unwrap();
    let text = format!("{HEAD}x := G + W");
    assert_eq!(text[span.start as usize..span.end as usize].trim(), "+");
    let labels: Vec<&str> = all[0].labels.iter().map(|l| l.text.as_str()).collect();
    assert_eq!(labels, ["mM", "mg/dL"]);
}
