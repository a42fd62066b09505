//! Wrong input, through the program: the message names place and remedy, the exit code says whose fault it is, the answer
//! comes at once, and nothing is written.
#![cfg(feature = "cli")]

mod support;

use std::fs::File;
use std::time::Duration;

use support::command::{Home, decay};

/// What must be said about a file: exit code, place, code, and words of message and remedy.
struct Wanted<'a> {
    code: i32,
    place: &'a str,
    finding: &'a str,
    words: &'a [&'a str],
}

/// Runs and checks a file of a folder.
fn refused(home: &Home, file: &str, wanted: &Wanted<'_>) {
    let before = home.files(".");
    for verb in ["run", "check"] {
        let line = format!("{verb} {file}");
        // The best of three: the machine may be busy with other tests.
        let said = (0..3).map(|_| home.expect(wanted.code, &line));
        let said = said.min_by_key(|said| said.took).expect("three runs");
        assert!(
            said.took < Duration::from_secs(1),
            "{line} took {:?}",
            said.took
        );
        let err = &said.err;
        assert!(
            err.contains("hint:") || err.contains("expected a statement"),
            "{line} names no remedy:\n{err}"
        );
        assert!(said.out.is_empty(), "{line} prints\n{}", said.out);
        for words in [wanted.place, &format!("error[{}", wanted.finding)]
            .iter()
            .chain(wanted.words)
        {
            assert!(err.len() < 20_000, "{line} says {} bytes", err.len());
            assert!(err.contains(words), "{line} does not say `{words}`:\n{err}");
        }
        assert_eq!(home.files("."), before, "{line} writes nothing");
    }
}

/// A model with a line of its own, the fourth.
fn model(line: &str, wanted: &Wanted<'_>) {
    let text = format!(
        "model body()\n  compartment c = 1; species S in c = 1;\n  k = 0.1; J: S -> ; k*S;\n  {line}\nend\n"
    );
    refused(&Home::with(&[("body.ant", &text)]), "body.ant", wanted);
}

/// A scenario with a line of its own in the protocol, the eighth.
fn protocol(entry: &str, wanted: &Wanted<'_>) {
    let home = decay();
    let text = home.read("decay.toml");
    let text = text.replace("protocol = [\n", &format!("protocol = [\n  {entry},\n"));
    home.write("decay.toml", text);
    refused(&home, "decay.toml", wanted);
}

#[test]
fn empty_files() {
    let home = Home::with(&[
        ("empty.ant", ""),
        ("empty.toml", ""),
        ("blank.ant", "\n\n  \n"),
        ("note.ant", "// only a remark\n"),
    ]);
    for file in ["empty.ant", "blank.ant", "note.ant"] {
        let words = [
            "there is no model in this text",
            "hint: write `model name() … end`",
        ];
        refused(
            &home,
            file,
            &Wanted {
                code: 2,
                place: &format!("{file}:1:1"),
                finding: "model/empty",
                words: &words,
            },
        );
    }
    let words = [
        "does not say `model`",
        "does not say `time`",
        "hint: for example `schema = 2`",
    ];
    refused(
        &home,
        "empty.toml",
        &Wanted {
            code: 2,
            place: "empty.toml:1:1",
            finding: "scenario/missing",
            words: &words,
        },
    );
}

#[test]
fn binary_files() {
    let home = Home::new();
    let bytes: Vec<u8> = (0..4000_u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    for file in ["binary.ant", "binary.toml"] {
        home.write(file, &bytes);
        let words = [
            "is not text",
            "hint: models and scenarios are plain text in UTF-8",
        ];
        refused(
            &home,
            file,
            &Wanted {
                code: 2,
                place: file,
                finding: "cli/not-readable",
                words: &words,
            },
        );
    }
    home.write("zeros.ant", [0; 100]);
    refused(
        &home,
        "zeros.ant",
        &Wanted {
            code: 2,
            place: "zeros.ant",
            finding: "cli/not-readable",
            words: &["is not text"],
        },
    );
}

#[test]
fn a_file_of_a_hundred_megabytes() {
    let home = Home::new();
    for file in ["large.ant", "large.toml"] {
        let made = File::create(home.path(file)).expect("the folder is ours");
        made.set_len(100_000_000)
            .expect("the file has no content, only a length");
        let words = ["too large: 100 MB", "hint: files up to 50 MB are read"];
        refused(
            &home,
            file,
            &Wanted {
                code: 2,
                place: file,
                finding: "cli/not-readable",
                words: &words,
            },
        );
    }
}

#[test]
fn a_large_file_of_nonsense() {
    let home = Home::new();
    home.write("nonsense.ant", "((((((((((a+".repeat(20_000));
    refused(
        &home,
        "nonsense.ant",
        &Wanted {
            code: 2,
            place: "nonsense.ant:1:",
            finding: "syntax/",
            words: &[],
        },
    );
}

#[test]
fn unknown_keyword() {
    model(
        "specis X in c = 2;",
        &Wanted {
            code: 2,
            place: "body.ant:4:3",
            finding: "syntax/unexpected",
            words: &["`specis`", "did you mean `species`?"],
        },
    );
    let home = decay();
    let text = home.read("decay.toml").replace("protocol =", "protocoll =");
    home.write("decay.toml", text);
    refused(
        &home,
        "decay.toml",
        &Wanted {
            code: 2,
            place: "decay.toml:7:1",
            finding: "scenario/unknown-key",
            words: &["did you mean `protocol`?"],
        },
    );
}

#[test]
fn unbalanced_parentheses() {
    model(
        "x := 2*(S + 1;",
        &Wanted {
            code: 2,
            place: "body.ant:4:16",
            finding: "syntax/parenthesis",
            words: &["expected `)`", "opened here"],
        },
    );
    model(
        "x := 2*S + 1);",
        &Wanted {
            code: 2,
            place: "body.ant:4:15",
            finding: "syntax/",
            words: &["`)`"],
        },
    );
    model(
        "x := ((((S));",
        &Wanted {
            code: 2,
            place: "body.ant:4:",
            finding: "syntax/parenthesis",
            words: &["expected `)`"],
        },
    );
}

#[test]
fn cyclic_assignments() {
    model(
        "a := b + 1; b := 2*a;",
        &Wanted {
            code: 2,
            place: "body.ant:4:8",
            finding: "model/rule-cycle",
            words: &["`a` → `b` → `a`"],
        },
    );
    model(
        "a = b + 1; b = 2*a;",
        &Wanted {
            code: 2,
            place: "body.ant:4:",
            finding: "model/value-cycle",
            words: &["`a`", "`b`"],
        },
    );
}

#[test]
fn undefined_symbol() {
    model(
        "J2: S -> ; kk*S;",
        &Wanted {
            code: 2,
            place: "body.ant:4:14",
            finding: "compile/no-value",
            words: &["`kk` has no value", "hint: give it one"],
        },
    );
    model(
        "x := foo(S);",
        &Wanted {
            code: 2,
            place: "body.ant:4:8",
            finding: "model/unknown-function",
            words: &["`foo`", "hint:"],
        },
    );
    protocol(
        "{ hold = \"inputt\", at = \"1 mM\", from = 0, to = 5 }",
        &Wanted {
            code: 2,
            place: "decay.toml:8:12",
            finding: "scenario/unknown",
            words: &["`inputt`", "did you mean `input`?"],
        },
    );
}

#[test]
fn unit_clash() {
    let line = "unit mM = 1e-3 mole/litre; unit mgdl = 1e-3 gram/(0.1 litre); a = 1; a has mM; b = 2; b has mgdl; z := a + b;";
    model(
        line,
        &Wanted {
            code: 2,
            place: "body.ant:4:",
            finding: "units/mismatch",
            words: &["cannot add `a` (mM) and `b` (mg/dL)"],
        },
    );
    protocol(
        "{ hold = \"input\", at = \"1 mg\", from = 0, to = 5 }",
        &Wanted {
            code: 2,
            place: "decay.toml:8:",
            finding: "scenario/unit",
            words: &["`input` takes mM", "hint: write it in mM"],
        },
    );
}

#[test]
fn negative_compartment() {
    model(
        "compartment d = -1; species T in d = 1; K: T -> ; T;",
        &Wanted {
            code: 2,
            place: "body.ant:4:",
            finding: "model/value",
            words: &["size of compartment `d`", "not negative"],
        },
    );
}

#[test]
fn a_meal_after_the_end_of_the_run() {
    let scenario = "schema = 1\nname = \"late\"\nmodel = \"published/dalla_man_2007.ant\"\ntime = { unit = \"min\", span = [0, 60], every = 1 }\nprotocol = [ { meal = \"78 g\", time = 90 } ]\n";
    let home = Home::with(&[("late.toml", scenario)]);
    refused(
        &home,
        "late.toml",
        &Wanted {
            code: 2,
            place: "late.toml:5:",
            finding: "scenario/",
            words: &["60", "hint:"],
        },
    );
}

#[test]
fn an_interval_that_ends_before_it_starts() {
    protocol(
        "{ hold = \"input\", at = \"1 mM\", from = 10, to = 5 }",
        &Wanted {
            code: 2,
            place: "decay.toml:8:",
            finding: "scenario/interval",
            words: &["10", "5", "hint:"],
        },
    );
}

#[test]
fn numbers_that_are_none_or_infinite() {
    for number in ["nan mM", "inf mM", "1e999 mM"] {
        let entry = format!("{{ hold = \"input\", at = \"{number}\", from = 0, to = 5 }}");
        protocol(
            &entry,
            &Wanted {
                code: 2,
                place: "decay.toml:8:",
                finding: "units/number",
                words: &[],
            },
        );
    }
    protocol(
        "{ hold = \"input\", at = \"1 mM\", from = 0, to = inf }",
        &Wanted {
            code: 2,
            place: "decay.toml:8:",
            finding: "scenario/",
            words: &["finite"],
        },
    );
    model(
        "q = 1e999;",
        &Wanted {
            code: 2,
            place: "body.ant:4:7",
            finding: "syntax/number",
            words: &["too large", "hint:"],
        },
    );
    model(
        "compartment d = NaN;",
        &Wanted {
            code: 2,
            place: "body.ant:4:",
            finding: "model/value",
            words: &["finite"],
        },
    );
}

#[test]
fn values_that_only_a_run_can_refuse() {
    // Infinity is a value of the language: it is the rate law that cannot have it.
    let home = Home::with(&[(
        "body.ant",
        "model body()\n  compartment c = 1; species S in c = 1;\n  k = inf;\n  J: S -> ; k*S;\nend\n",
    )]);
    let said = home.expect(3, "run body.ant");
    for words in ["body.ant:4:", "`S`", "`k` is not finite", "time 0", "hint:"] {
        assert!(said.err.contains(words), "`{words}`\n{}", said.err);
    }
    assert_eq!(home.files("."), ["body.ant"]);
}

#[test]
fn a_model_that_asks_for_itself() {
    let home = Home::with(&[
        ("a.ant", "import \"b.ant\"\n"),
        ("b.ant", "import \"a.ant\"\n"),
    ]);
    refused(
        &home,
        "a.ant",
        &Wanted {
            code: 2,
            place: "b.ant:1:8",
            finding: "model/import-cycle",
            words: &[],
        },
    );
}

#[test]
fn a_model_that_is_a_folder() {
    let home = Home::with(&[("folder.ant/inside.txt", "")]);
    let before = home.files(".");
    let said = home.expect(4, "run folder.ant");
    assert!(said.err.contains("folder.ant"), "{}", said.err);
    assert_eq!(home.files("."), before);
}
