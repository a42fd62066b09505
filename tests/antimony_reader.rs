//! Antimony text is read as libantimony reads it, and mistakes are reported where they are.
//!
//! Expected trees and precedences are those measured with libantimony 3.3.0 and libSBML's formula reader.

mod snippets;
mod written;

use insilin::diag::{Diagnostics, Severity, SourceId, SourceMap};
use insilin::syntax::antimony::{MAX_DEPTH, read, tree};
use insilin::syntax::expr::{Expr, ExprKind};
use snippets::SNIPPETS;
use written::{formula, meanings::MEANINGS, written};

/// The tree in one line per statement; panics on any error.
fn read_without_error(text: &str) -> String {
    let (file, findings) = read(text, SourceId(0));
    assert!(!findings.has_errors(), "{text}\n{findings:#?}");
    written(&file)
}

fn check(text: &str, expected: &str) {
    assert_eq!(read_without_error(text).trim(), expected.trim(), "{text}");
}

/// The formula of the rule `x := …` in prefix form.
fn check_formula(text: &str, expected: &str) {
    check(&format!("x := {text}"), &format!("x := {expected}"));
}

/// Every finding as `line:column code message`.
fn findings_of(text: &str) -> Vec<String> {
    let mut map = SourceMap::new();
    let source = map.add("test.ant", text);
    let (_, findings) = read(text, source);
    let one = |finding: insilin::diag::Diagnostic| {
        let (line, column) = finding.span.map_or((0, 0), |span| map.line_column(span));
        format!("{line}:{column} {} {}", finding.code, finding.message)
    };
    findings.into_iter().map(one).collect()
}

/// Exactly these findings, each given as its start.
fn check_findings(text: &str, expected: &[&str]) {
    let found = findings_of(text);
    let fits = |(found, expected): (&String, &&str)| found.starts_with(expected);
    let all = found.len() == expected.len() && found.iter().zip(expected).all(fits);
    assert!(all, "{text}\nexpected {expected:#?}\nfound {found:#?}");
}

fn hint_of(text: &str) -> String {
    let (_, findings) = read(text, SourceId(0));
    let hints = findings.into_iter().filter_map(|finding| finding.hint);
    hints.collect::<Vec<_>>().join("\n")
}

// ---- snippets

#[test]
fn every_snippet_reads_to_its_meaning() {
    for (name, text) in SNIPPETS {
        let expected = MEANINGS.iter().find(|(other, _)| *other == name);
        let (_, expected) = expected.unwrap_or_else(|| panic!("{name} has no expected tree"));
        assert_eq!(read_without_error(text).trim(), expected.trim(), "{name}");
    }
}

#[test]
fn only_the_snippet_with_mixed_and_or_draws_a_warning() {
    for (name, text) in SNIPPETS {
        let (_, findings) = read(text, SourceId(0));
        let codes: Vec<&str> = findings.0.iter().map(|finding| finding.code).collect();
        let expected: &[&str] = if name == "s27" {
            &["syntax/and-or"]
        } else {
            &[]
        };
        assert_eq!(codes, expected, "{name}");
    }
}

// ---- formulas

#[test]
fn operators_bind_as_measured() {
    check_formula("2^3^2", "(Power 2 (Power 3 2))");
    check_formula("-a^2", "(Negate (Power a 2))");
    check_formula("2^-a", "(Power 2 (Negate a))");
    check_formula("!a == b", "(Equal (Not a) b)");
    check_formula("!a^b", "(Not (Power a b))");
    check_formula("-a*b", "(Times (Negate a) b)");
    check_formula("a - -b", "(Minus a (Negate b))");
    check_formula("a*b%c/d", "(Divide (Remainder (Times a b) c) d)");
    check_formula("a + b*c^d", "(Plus a (Times b (Power c d)))");
    check_formula("a < b + c", "(Less a (Plus b c))");
    check_formula("a || b && c", "(And (Or a b) c)");
    check_formula("a && b || c", "(Or (And a b) c)");
    check_formula("a || (b && c)", "(Or a (And b c))");
    check_formula("a < b && c > d", "(And (Less a b) (Greater c d))");
}

#[test]
fn equal_comparisons_chain_and_mixed_ones_become_pairs() {
    check_formula("1 < a < 3", "(Less 1 a 3)");
    check_formula("a == b == c", "(Equal a b c)");
    check_formula("1 < a <= 3", "(And (Less 1 a) (LessEqual a 3))");
    check_formula("a != b != c", "(And (NotEqual a b) (NotEqual b c))");
}

#[test]
fn sums_are_evaluated_from_left_to_right() {
    check_formula("a + b + c", "(Plus a b c)");
    check_formula("a - b - c", "(Minus (Minus a b) c)");
    check_formula("a - b + c", "(Plus (Minus a b) c)");
    check_formula("a - (b - c)", "(Minus a (Minus b c))");
    check_formula("(a + b) + c", "(Plus (Plus a b) c)");
    check_formula("a + (b + c)", "(Plus a (Plus b c))");
    check_formula("a*b/c*d*e", "(Times (Divide (Times a b) c) d e)");
}

#[test]
fn functions_and_constants_have_the_meaning_of_sbml() {
    check_formula("log(x)", "(Ln x)");
    check_formula("log(2, x)", "(LogBase 2 x)");
    check_formula("root(x) + root(3, x)", "(Plus (Sqrt x) (Root 3 x))");
    check_formula("sqr(x) + pow(x, 3)", "(Plus (Power x 2) (Power x 3))");
    check_formula("minus(x) + minus(x, y)", "(Plus (Negate x) (Minus x y))");
    check_formula("and(a, b, c)", "(And a b c)");
    check_formula(
        "arcsin(x) + asin(x)",
        "(Plus (Trig(Arcsin) x) (Trig(Arcsin) x))",
    );
    check_formula(
        "truncatedNormal(0, 1, -1, 1)",
        "(Draw(Normal) 0 1 (Negate 1) 1)",
    );
    check_formula("gamma(2, 3)", "(Draw(Gamma) 2 3)");
    check_formula(
        "time + avogadro + pi + exponentiale",
        "(Plus Time Avogadro Pi E)",
    );
    check_formula("TRUE && False", "(And True False)");
    check_formula("e + t + Time + Pi", "(Plus e t Time Pi)");
    check_formula("rateOf(S) + delay(S, 5)", "(Plus (RateOf S) (Delay S 5))");
    check_formula("A.B.x*f(1, y)", "(Times A.B.x (f 1 y))");
}

#[test]
fn numbers_take_the_unit_behind_them() {
    check_formula("3 mM + 2.5e-3 second", "(Plus 3[mM] 0.0025[second])");
    check_formula("2 mM^2", "(Power 2[mM] 2)");
    check_formula("1e + .5 + 2.", "(Plus 1[e] 0.5 2)");
    check_formula("1E-3*x", "(Times 0.001 x)");
}

#[test]
fn wrong_counts_of_arguments_are_named() {
    check_findings(
        "x := exp(1, 2)",
        &["1:6 syntax/arguments `exp` takes 1 argument, not 2"],
    );
    check_findings(
        "x := max()",
        &["1:6 syntax/arguments `max` takes at least 1 argument, not 0"],
    );
    check_findings(
        "x := log(1, 2, 3)",
        &["1:6 syntax/arguments `log` takes 1 to 2 arguments, not 3"],
    );
    check_findings(
        "x := 3*sin",
        &["1:8 syntax/arguments the function `sin` has no arguments"],
    );
}

// ---- depth and length

/// Levels of a formula's tree.
fn depth<S>(expr: &Expr<S>) -> usize {
    1 + expr.arguments().iter().map(depth).max().unwrap_or(0)
}

fn formula_of(text: &str) -> tree::Formula {
    let (file, findings) = read(&format!("x := {text}"), SourceId(0));
    assert!(!findings.has_errors(), "{findings:#?}");
    let Some(tree::Item::Statement(statement)) = file.items.into_iter().next() else {
        panic!("no statement");
    };
    let tree::StatementKind::Assignment {
        value: Some(value), ..
    } = statement.kind
    else {
        panic!("no formula");
    };
    value
}

#[test]
fn a_sum_of_ten_thousand_terms_of_both_signs_stays_shallow() {
    let mut text = "a".to_string();
    for term in 0..10_000 {
        text.push_str(if term % 2 == 0 { " - b" } else { " + c" });
    }
    let sum = formula_of(&text);
    assert!(depth(&sum) <= 64, "{}", depth(&sum));
    assert!(formula(&sum).contains("(Negate b) c (Negate b)"));
}

#[test]
fn long_runs_of_one_operator_are_one_call() {
    for sign in ["+", "*", "&&", "||"] {
        let text = vec!["a"; 5000].join(sign);
        assert_eq!(depth(&formula_of(&text)), 2, "{sign}");
    }
}

#[test]
fn nesting_is_accepted_up_to_the_limit_and_refused_behind_it() {
    let limit = MAX_DEPTH as usize;
    for (open, close) in [
        ("(", ")"),
        ("-", ""),
        ("exp(", ")"),
        ("2^", ""),
        ("(1+", ")"),
        ("!", ""),
        ("(1 < x < ", ")"),
    ] {
        let nested =
            |levels: usize| format!("x := {}a{}", open.repeat(levels), close.repeat(levels));
        let codes = |levels: usize| findings_of(&nested(levels));
        let open_apart = open == "-";
        if !open_apart {
            assert!(codes(limit / 2).is_empty(), "{open} {:?}", codes(limit / 2));
        }
        let far = codes(50_000);
        assert_eq!(far.len(), 1, "{open} {far:?}");
        assert!(far[0].contains("syntax/nesting") || open_apart, "{far:?}");
    }
}

/// Threads of a web page have far less stack than ours.
#[test]
fn the_deepest_formula_fits_half_a_megabyte_of_stack() {
    let deepest = || {
        let levels = MAX_DEPTH as usize - 2;
        let text = format!("{}a{}", "exp(".repeat(levels), ")".repeat(levels));
        let formula = formula_of(&text);
        assert_eq!(depth(&formula.clone()), levels + 1);
        assert_eq!(findings_of(&"x := (".repeat(100_000)).len(), 1);
    };
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    small.spawn(deepest).unwrap().join().unwrap();
}

#[test]
fn a_long_chain_of_quotients_is_refused_not_nested() {
    check_findings(
        &format!("x := a{}", "/b".repeat(300)),
        &["1:518 syntax/nesting"],
    );
    assert_eq!(depth(&formula_of(&format!("a{}", "/b".repeat(200)))), 201);
}

#[test]
fn nested_mixed_comparisons_do_not_double_without_end() {
    let text = format!("x := {}a{}", "(1 < ".repeat(120), " <= 2)".repeat(120));
    let found = findings_of(&text);
    assert!(
        found.len() == 1 && found[0].contains("syntax/nesting"),
        "{found:?}"
    );
}

// ---- statements

#[test]
fn reactions_come_in_all_shapes() {
    check("A -> B;", "A -> B; nothing");
    check("-> ; k", "-> ; k");
    check("S1 + S1 -> 2 S2 + n $S3; k", "S1 + S1 -> 2 S2 + n*$S3; k");
    check(
        "J in c: A <==> B; k*A in d",
        "J in c: A -> B; (Times k A) in d",
    );
    check("2A => B; k", "2 A => B; k");
    check("A - B + -2 C => -3 D; k", "A + -1 B + -2 C => -3 D; k");
    check("A -> B; -k*A", "A -> B; (Times (Negate k) A)");
    check("J: sub.A -> sub.B; k", "J: sub.A -> sub.B; k");
}

#[test]
fn declarations_take_values_rules_and_units() {
    check(
        "const substanceOnly species $A in c = 3, B := 2*A, C' = k, D has mM, E",
        "declare const substanceOnly Species $A in c = 3, B := (Times 2 A), C '= k, D has mM, E",
    );
    check("substanceOnly Q", "declare substanceOnly Species Q");
    check("ext k, n = 3 mM", "declare const k, n = 3[mM]");
    check("$S in c", "declare $S in c");
    check(
        "var x = ; reaction J",
        "declare var x = nothing\ndeclare Reaction J",
    );
}

#[test]
fn assignments_may_be_blank_placed_or_reach_into_submodules() {
    check(
        "x = ; y := ; z' = ",
        "x = nothing\ny := nothing\nz '= nothing",
    );
    check("S in c = 5; A.B.x' = -1", "S in c = 5\nA.B.x '= (Negate 1)");
    check("x : = 3", "x := 3");
}

#[test]
fn events_take_delay_options_and_several_lines() {
    check(
        "E in c: at x > 2, priority = p: a = 1,\n\n  b = 2:\n c = a",
        "E in c: at (Greater x 2), priority p: a = 1, b = 2, c = a",
    );
    check("at x > 1: ; y = 2", "at (Greater x 1): \ny = 2");
    check("at x > 1: a = , b = 2", "at (Greater x 1): b = 2");
    check(
        "at 3 minute after x > 2: a = 1",
        "at 3[minute] after (Greater x 2): a = 1",
    );
}

#[test]
fn modules_bind_arguments_and_conversions() {
    check(
        "A in c: m(x, 3, -2.5), timeconv = 60, extentconv = f",
        "A in c: m(x, 3, -2.5), time 60, extent f",
    );
    check("A: m() in c", "A in c: m()");
    check("m(a)", "m(a)");
    check(
        "x.a is y; x.b is y / cf; x.c * cf is y",
        "x.a is y\nx.b is y by cf (divided)\nx.c is y by cf",
    );
    check("delete a, b.c", "delete a, b.c");
}

#[test]
fn units_are_formulas_over_unit_names() {
    check(
        "unit u = 1e-3 mole / litre",
        "unit u = (Divide 0.001[mole] litre)",
    );
    check("unit u = 1/(60 second)", "unit u = (Divide 1 60[second])");
    check(
        "unit u = (2 metre)^2 * min",
        "unit u = (Times (Power 2[metre] 2) min)",
    );
    check("unit u", "unit u = nothing");
    check("x has mole/litre", "x has (Divide mole litre)");
    check_findings("unit u = mole + litre", &["1:10 syntax/unit-expression"]);
    check_findings("unit u = 1/60", &["1:10 syntax/unit-expression"]);
}

#[test]
fn a_model_unit_without_its_keyword_is_seen() {
    check("substance = 1e-3 mole", "unit substance = 0.001[mole]");
    check_findings(
        "volume = litre",
        &["1:1 syntax/model-unit `volume = …` sets a unit"],
    );
    check_findings(
        "volume = 3",
        &["1:1 syntax/model-unit `volume` is the model's unit"],
    );
    check("volume = ", "volume = nothing");
}

#[test]
fn annotations_and_attributes_keep_their_texts() {
    check(
        "x isDescribedBy \"a\",\n \"b\"",
        "x isDescribedBy \"a\", \"b\"",
    );
    check("m notes ```two\nlines```", "m notes \"two\\nlines\"");
    check(
        "model.layout = on; S.position = {1, -2}",
        "model.layout set <on>\nS.position set {1, (Negate 2)}",
    );
    check(
        "S.fillColor = red; S.lineColor = \"#ff0000\"",
        "S.fillColor set <red>\nS.lineColor set \"#ff0000\"",
    );
    check("S.conversionFactor = p", "S.conversionFactor set p");
    check(
        "model.layout.align_top = {A, B}",
        "model.layout.align_top set {<A>, <B>}",
    );
    check("x.sboTerm = 247", "x.sboTerm set 247");
    check("x.distribution is \"uri\"", "x.distribution named \"uri\"");
}

#[test]
fn files_hold_imports_functions_and_models() {
    check(
        "import \"a b.ant\"\nmodel *m\nend\nfunction f() 3 end",
        "import \"a b.ant\"\nmodel *m()\nfunction f() 3",
    );
    check("model m() x = 1; y = 2; end", "model m()\n  x = 1\n  y = 2");
    check("module m($S, k)\nend", "model m($S, k)");
}

#[test]
fn blanks_comments_and_line_ends_are_passed_over() {
    check("", "");
    check(
        "\u{feff}x = 1\r\n;;\n y = 2 // µ\n# é\n/* a\n b */ z = 3",
        "x = 1\ny = 2\nz = 3",
    );
    check("x := a + \\\n  b", "x := (Plus a b)");
    check("x := a /* inside */ + b", "x := (Plus a b)");
}

#[test]
fn algebra_and_constraints_may_be_named() {
    check("r: 0 = x - y", "r: 0 = (Minus x y)");
    check("constraint c1: x > 0", "constraint c1: (Greater x 0)");
}

// ---- warnings

#[test]
fn known_traps_draw_a_warning_and_keep_their_meaning() {
    let warned = |text: &str, code: &str| {
        let (_, findings) = read(text, SourceId(0));
        let found: Vec<_> = findings.0.iter().map(|f| (f.severity, f.code)).collect();
        assert_eq!(found, [(Severity::Warning, code)], "{text}");
    };
    warned("x := a && b || c", "syntax/and-or");
    warned("at x > 2 after 5: a = 1", "syntax/event-order");
    warned("unit u = 1/60 second^-1", "syntax/unit-exponent");
    warned("unit u = 2 metre^2", "syntax/unit-exponent");
    warned("--P1--G1--", "syntax/out-of-scope");
    warned("dna: --P1--G1--", "syntax/out-of-scope");
    warned("maximize J0", "syntax/out-of-scope");
    warned("0 <= J0", "syntax/out-of-scope");
    warned("J0 < 5", "syntax/out-of-scope");
    warned("gene G: -> P; k", "syntax/out-of-scope");
    check("at x > 2 after 5: a = 1", "at (Greater x 2) after 5: a = 1");
}

#[test]
fn plain_units_and_numbers_draw_no_warning() {
    check_findings(
        "unit u = 1 metre^2; unit v = metre^2; unit w = 1/(60 second)",
        &[],
    );
    check_findings("at 5 after time > 3: a = 1", &[]);
    check_findings("x := (a && b) || c", &[]);
}

// ---- mistakes

#[test]
fn typical_mistakes_get_a_message_of_their_own() {
    check_findings("A -> B\nk = 1", &["1:6 syntax/missing-semicolon"]);
    check_findings("A -> B k*A", &["1:8 syntax/missing-semicolon"]);
    check_findings("A <=> B; k", &["1:3 syntax/arrow `<=>` is no arrow"]);
    check_findings(
        "x := a--b",
        &["1:7 syntax/operator `--` is a strand of DNA"],
    );
    check_findings(
        "1/2 A -> B; k",
        &["1:2 syntax/unexpected a number of molecules"],
    );
    check_findings("β_cell = 3", &["1:1 syntax/character the name `β_cell`"]);
    check_findings("k = 3 has mM", &["1:7 syntax/unexpected a value and `has`"]);
    check_findings(
        "species k has mM = 3",
        &["1:18 syntax/unexpected `has` names a unit"],
    );
    check_findings(
        "model m()\n x = 1\n",
        &["3:1 syntax/missing-end the model `m`"],
    );
    check_findings("x = 1\nend", &["2:1 syntax/extra-end"]);
    check_findings(
        "x := (a + b",
        &["1:12 syntax/parenthesis expected `)`, found the end of the file"],
    );
    check_findings("x := a + b)", &["1:11 syntax/parenthesis a `)` has no `(`"]);
    check_findings("x is \"name\ny = 1", &["1:6 syntax/unterminated"]);
    check_findings("y = 1 /* x", &["1:7 syntax/unterminated a comment"]);
    check_findings("x == 3", &["1:3 syntax/unexpected `x == …` compares"]);
    check_findings(
        "x := 2 a b",
        &["1:10 syntax/operator an operator is missing before `b`"],
    );
    check_findings(
        "x := (a) 3",
        &["1:10 syntax/operator an operator is missing before `3`"],
    );
    check_findings("time = 3", &["1:1 syntax/reserved `time` is a constant"]);
    check_findings(
        "species exp",
        &["1:9 syntax/reserved `exp` is a built-in function"],
    );
    check_findings(
        "gamma = 3",
        &["1:1 syntax/reserved `gamma` is a built-in function"],
    );
    check_findings(
        "event E1",
        &["1:1 syntax/unexpected events are not declared"],
    );
    check_findings("model = 3", &["1:7 syntax/unexpected"]);
    check_findings(
        "species model",
        &["1:9 syntax/keyword `model` is a keyword"],
    );
    check_findings("model m() b = 2 end", &["1:17 syntax/missing-semicolon"]);
    check_findings(
        "A: m",
        &["1:1 syntax/arrow `A:` is followed by no reaction"],
    );
    check_findings(
        "x := a +\n b",
        &[
            "1:9 syntax/unexpected expected a value",
            "2:2 syntax/unexpected",
        ],
    );
    check_findings(
        "3 = x",
        &["1:1 syntax/unexpected a number cannot be given a value"],
    );
    check_findings(
        "0 -> A; k",
        &["1:1 syntax/unexpected expected a species behind the number"],
    );
    check_findings("k*A", &["1:1 syntax/unexpected a formula alone"]);
    check_findings("x := 1e999", &["1:6 syntax/number"]);
    check_findings(
        "A -> B; S1 = 10",
        &["1:12 syntax/unexpected what follows the `;`"],
    );
    check_findings("x := y => 3", &["1:8 syntax/unexpected"]);
    check_findings("JNK -| J0\n", &["1:8 syntax/missing-semicolon"]);
    check_findings(
        "at x > 1: a := 2",
        &["1:13 syntax/unexpected an event sets values once"],
    );
    check_findings(
        "function f(x)\n x^2\nmodel m()\nend",
        &["3:1 syntax/missing-end the function `f`"],
    );
    check_findings(
        "x := a → b",
        &["1:8 syntax/character", "1:8 syntax/unexpected"],
    );
}

#[test]
fn misspelt_words_are_answered_with_the_nearest_one() {
    let near = |text: &str, word: &str| {
        let hint = hint_of(text);
        assert!(hint.contains(word), "{text}: {hint}");
    };
    near("specis A, B", "`species`");
    near("compartmnt c = 1", "`compartment`");
    near("at x > 1, persistant = true: a = 1", "`persistent`");
    near("Akt identiti \"urn\"", "`identity`");
    near("A: m(), timconv = 3", "`timeconv`");
    near("β = 3", "`beta`");
    near("x := a − b", "`-`");
    near("x := a ≤ b", "`<=`");
    near("x == 3", "`x := …`");
    near("A: m", "`m()`");
    near("A -> B; S = 3", "`;;`");
}

#[test]
fn several_mistakes_are_all_reported_and_the_rest_is_kept() {
    let text = "species A, B\nx := (1 +\nA -> B\ny = 2; z == 3; w = 4\nE: at A > 1, priorty = 2: q = 1\nJ: A => B; k*A\n";
    check_findings(
        text,
        &[
            "2:10 syntax/unexpected",
            "3:6 syntax/missing-semicolon",
            "4:10 syntax/unexpected",
            "5:14 syntax/option",
        ],
    );
    let (file, _) = read(text, SourceId(0));
    let kept = "declare Species A, B\nA -> B; nothing\ny = 2\nw = 4\nJ: A => B; (Times k A)\n";
    assert_eq!(written(&file), kept);
}

#[test]
fn a_mistake_in_a_reaction_does_not_turn_its_rate_into_a_statement() {
    check_findings("A + -> B; k*A\nx = 1", &["1:5 syntax/unexpected"]);
    check_findings("A -> B; k*\nx = 1", &["1:11 syntax/unexpected"]);
}

#[test]
fn spans_point_at_what_they_name() {
    let text = "model m()\n  uptake: G -> ; k*G/(Km + G)\nend";
    let (file, _) = read(text, SourceId(0));
    let at = |span: insilin::diag::Span| &text[span.start as usize..span.end as usize];
    let tree::Item::Module(module) = &file.items[0] else {
        panic!("no model")
    };
    assert_eq!(at(module.span), text);
    assert_eq!(at(module.name.span), "m");
    assert_eq!(at(module.statements[0].span), "uptake: G -> ; k*G/(Km + G)");
    let tree::StatementKind::Reaction(reaction) = &module.statements[0].kind else {
        panic!("no reaction")
    };
    let rate = reaction.rate.as_ref().unwrap();
    assert_eq!(at(rate.span), "k*G/(Km + G)");
    let ExprKind::Call(_, arguments) = &rate.kind else {
        panic!("no call")
    };
    assert_eq!(at(arguments[0].span), "k*G");
}

// ---- hostile input

#[test]
fn what_is_no_text_is_refused_at_once() {
    check_findings("x = 1\n\0", &["2:1 syntax/not-text"]);
    let huge = " ".repeat(50 * 1024 * 1024 + 1);
    check_findings(&huge, &["0:0 syntax/too-large the text has 50 MB"]);
}

#[test]
fn findings_are_counted_beyond_a_hundred() {
    let found = findings_of(&"x ==\n".repeat(1000));
    assert_eq!(found.len(), 101);
    assert!(
        found[100].contains("900 further findings"),
        "{}",
        found[100]
    );
}

/// A megabyte of anything takes well under a second, so that no input makes the reader wait.
#[test]
fn a_megabyte_of_anything_is_read_quickly() {
    let pieces = [
        "(",
        ")",
        "x = 1\n",
        "x = 1;",
        "a+",
        "a-",
        "a/",
        "a,",
        "f(",
        "at x>1:",
        "\"",
        "`",
        "```",
        "/*",
        "//",
        "--",
        "a.b.",
        "model m\n",
        "end\n",
        "function f(",
        "$",
        "'",
        "x == ",
        "1 ",
        "a ",
        "é",
        "≤",
        "a:b",
        "in ",
        "{",
        "A -> ",
        "1<a<=",
        "!",
        "^",
        "-",
        "\\",
        "x=\"a\"",
        "A.x={",
        "unit u=",
        "at ",
        "volume=",
        "specis a\n",
    ];
    for piece in pieces {
        let text = piece.repeat(1_000_000 / piece.len());
        let start = std::time::Instant::now();
        let (_, findings) = read(&text, SourceId(0));
        let elapsed = start.elapsed();
        assert!(findings.0.len() <= 101);
        assert!(elapsed.as_secs_f64() < 2.0, "{piece:?} took {elapsed:?}");
    }
}

// ---- published models

/// Every listing of the shared literature folder; skipped where that folder is absent.
#[test]
fn published_listings_read_without_a_finding() {
    let Ok(shared) = std::env::var("INSILIN_SHARED") else {
        assert!(
            std::env::var("INSILIN_REQUIRE_SHARED").is_err(),
            "INSILIN_SHARED is not set"
        );
        println!("skipped: INSILIN_SHARED is not set");
        return;
    };
    let path = std::path::Path::new(&shared).join("literature/signalling-model-listings.md");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let listings: Vec<&str> = text.split("```").skip(1).step_by(2).collect();
    assert!(listings.len() >= 10, "{} listings", listings.len());
    for listing in listings {
        let (file, findings) = read(listing, SourceId(0));
        let head: String = listing.chars().take(200).collect();
        assert_eq!(findings, Diagnostics::new(), "{head}");
        assert!(file.items.len() > 10, "{head}");
    }
}
