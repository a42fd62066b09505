//! What the program says, word for word.

use std::path::Path;

use crate::support::command::{Home, decay, words};

/// Runs lines one after another and compares all that is said with the expected dialogue of that name.
fn check(name: &str, home: &Home, lines: &[&str]) {
    let mut said = String::new();
    for line in lines {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let answer = home.run(&words);
        let code = answer.code.expect("no signal ends it");
        said.push_str(&format!("$ insilin {line}\n"));
        for (head, text) in [("", &answer.out), ("--- standard error\n", &answer.err)] {
            if !text.is_empty() {
                let text = home.filtered(text);
                said.push_str(&format!("{head}{}\n", text.trim_end()));
            }
        }
        said.push_str(&format!("--- exit {code}\n\n"));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cli/{name}.expected"));
    if std::env::var_os("INSILIN_BLESS").is_some() {
        std::fs::write(&path, &said).expect("the checkout can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        said == expected,
        "{} says otherwise:\n{said}",
        path.display()
    );
}

#[test]
fn a_run_says_its_numbers_and_where_its_files_are() {
    check(
        "run",
        &decay(),
        &[
            "run decay.toml",
            "run decay.toml --quiet --out elsewhere",
            "run decay.toml --check --set k=\"0.2 1/min\"",
            "run decay.toml --json --end \"0.5 h\" --set \"A=0 mM\"",
            "run family.toml",
            "run results/decay/manifest.json",
        ],
    );
}

#[test]
fn wrong_arguments_are_named_with_what_would_be_accepted() {
    check(
        "arguments",
        &decay(),
        &[
            "",
            "rnu decay.toml",
            "run",
            "run \"\"",
            "run decay.toml --method euler",
            "run decay.toml --rtol 5",
            "run decay.toml --atol tiny",
            "run decay.toml --points 1",
            "run decay.toml --end -5",
            "run decay.toml --end \"5 mM\"",
            "run decay.toml --set k",
            "run decay.toml --set K=1",
            "run decay.toml --set k=fast",
            "run decay.toml --set \"k=1 mM\"",
            "run decay.toml --set k=inf",
            "run decay.toml --select B",
            "run decay.toml --models nowhere",
            "run decay.toml --quiet --verbose",
            "completions tcsh",
            "list everything",
            "list observables",
        ],
    );
}

#[test]
fn files_that_cannot_be_read_are_named_with_the_remedy() {
    let home = decay();
    home.write("other.json", "{\n  \"schema\": 1,\n  oops\n}");
    home.expect(0, "run decay.toml --quiet");
    check(
        "files",
        &home,
        &[
            "run nowhere.toml",
            "run nowhere.ant",
            "run mixed-mael",
            "run results",
            "run results/decay",
            "run other.json",
            "run nowhere/manifest.json",
            "plot nowhere",
            "check nowhere.toml decay.toml nowhere.ant",
            "list inputs nowhere.ant",
            "new decay.toml",
        ],
    );
}

#[test]
fn what_is_wrong_with_several_files_is_said_at_once() {
    let home = decay();
    home.write(
        "typo.toml",
        "schema = 1\nname = \"typo\"\nmodle = \"decay.ant\"\n",
    );
    home.write("loose.ant", "A -> ; k*A\nA = 10\n");
    home.write(
        "unsure.ant",
        "model u()\n A -> ; k*A; A = 10; k = 1; unknown = q;\nend\n",
    );
    check(
        "check",
        &home,
        &[
            "check decay.toml family.toml decay.ant",
            "check typo.toml loose.ant",
            "check unsure.ant",
            "check unsure.ant --strict",
            "check typo.toml --json",
        ],
    );
}

#[test]
fn lists_show_what_can_be_driven_and_read_off() {
    check(
        "list",
        &decay(),
        &[
            "list inputs decay.ant",
            "list observables decay.ant",
            "list inputs decay.ant --json",
            "list observables decay.ant --json",
            "list scenarios --models .",
        ],
    );
}

#[test]
fn runs_are_compared_and_what_cannot_be_is_named_with_the_remedy() {
    let home = decay();
    home.expect(0, "run decay.toml --quiet --set k=0.2 --out fast");
    home.write("empty/notes.txt", "nothing");
    check(
        "compare",
        &home,
        &[
            "compare decay.toml fast",
            "compare decay.toml fast --tolerance 5% --tolerance \"A.at 10 min=2 mM\" --no-figures",
            "compare family.toml --no-figures",
            "compare",
            "compare decay.toml",
            "compare decay.toml empty",
            "compare decay.toml nowhere",
            "compare decay.toml insulin-pulse",
            "compare decay.toml fast --select B",
            "compare decay.toml fast --tolerance=-5%",
            "compare decay.toml fast --tolerance 0.05 --tolerance \"2 mM\" --tolerance A=\"2 mM\"",
            "compare decay.toml fast --tolerance A.pek=5%",
            "compare decay.toml fast --tolerance 5% --tolerance 6%",
            "compare decay.toml fast --tolerance A.final=2 --tolerance \"A.final=2 h\" --tolerance a.final=1%",
            "compare decay.toml fast --out decay.ant",
            "report empty",
            "report decay.toml --out decay.ant/page.html",
        ],
    );
}

#[test]
fn help_names_every_verb_and_option() {
    check(
        "help",
        &Home::new(),
        &[
            "--version",
            "help",
            "help run",
            "help plot",
            "help compare",
            "help report",
            "help check",
            "help convert",
            "help list",
            "help new",
            "help completions",
            "help man",
        ],
    );
}

#[test]
fn numbers_that_fail_are_named_with_time_state_and_rate_law() {
    let home = Home::new();
    home.write(
        "zero.ant",
        "model zero()\n  compartment c = 1; species S in c = 1;\n  k = 0;\n  J: S -> ; S/k;\nend\n",
    );
    home.write(
        "blow.ant",
        "model blow()\n  compartment c = 1; species S in c = 1;\n  J: -> S; S*S;\nend\n",
    );
    check("numbers", &home, &["run zero.ant", "run blow.ant"]);
    let left = home.files(".");
    assert_eq!(left, ["blow.ant", "zero.ant"], "nothing is written");
}

#[test]
fn a_new_scenario_says_what_can_be_changed() {
    let home = decay();
    check(
        "new",
        &home,
        &["new mine.toml --model decay.ant", "run mine.toml --end 10"],
    );
}

#[test]
fn a_clinical_test_says_its_samples_indices_and_ranges_and_what_it_cannot_do() {
    let home = Home::new();
    home.write(
        "subjects/short.toml",
        "schema = 1\nname = \"short\"\nmodel = \"published/dalla_man_2007.ant\"\n[person]\nmass = \"70 kg\"\n",
    );
    check(
        "test",
        &home,
        &[
            "test fasting",
            "test ogtt --subject type-2-diabetes --noise 1 --units si --no-figures",
            "test clamp --subject type-2-diabetes --no-figures",
            "test mixed-meal --no-figures --quiet",
            "test ivgtt --model published/sedaghat_2002.ant",
            "test clamp --model published/bergman_1979.ant",
            "test clamp --subject subjects/short.toml",
            "test clamp --subject nobody",
            "test ogtt --model nowhere.ant",
            "test cgm14 --menu nordic",
            "test clamp --insulin \"40 mg\"",
            "test clamp --target \"5 mM/min\"",
            "test clamp --target \"50 mmol/L\"",
            "test clamp --minutes 5",
            "test ogtt --dose \"-5 g\"",
            "test ogtt --cv-glucose 3",
            "test ogtt --noise 1 --cv-glucose 80",
            "test vo2max",
            "help test",
        ],
    );
}

#[test]
fn a_sweep_says_its_rows_and_what_is_wrong_with_its_axes() {
    check(
        "sweep",
        &decay(),
        &[
            "sweep decay.toml --over \"k=0.1,0.2,0.4 1/min\" --no-figures --quiet",
            "sweep decay.toml --over \"k=0.1,0.2,0.4 1/min\" --no-figures --quiet",
            "sweep decay.toml",
            "sweep decay.toml --over k",
            "sweep decay.toml --over k=",
            "sweep decay.toml --over \"kk=0.1,0.2 1/min\"",
            "sweep decay.toml --over k=0.1,0.2",
            "sweep decay.toml --over \"k=0.1,0.2 mM\"",
            "sweep decay.toml --over \"k=inf,0.1 1/min\"",
            "sweep decay.toml --over \"k=0.1,1e999 1/min\"",
            "sweep decay.toml --over k=fast,slow",
            "sweep decay.toml --over \"k=0..1 1/min:5:log\"",
            "sweep decay.toml --over \"k=0.1..0.2 1/min\"",
            "sweep decay.toml --over \"k=0.1..0.2 1/min:many\"",
            "sweep decay.toml --over \"k=0.1..0.2 1/min:1000000000000\"",
            "sweep decay.toml --over \"k=0.1..0.2 1/min:1000000\" --over input=\"1..2 mM:1000000\"",
            "sweep decay.toml --over \"k=0.1,0.2 1/min\" --over \"k=0.3,0.4 1/min\"",
            "sweep decay.toml --over \"protocol.3.amount=1,2 mmol\"",
            "sweep decay.toml --over \"protocol.1.amuont=1,2 mmol\"",
            "sweep decay.toml --over \"k=0.1,0.2 1/min\" --metric A.peek",
            "sweep decay.toml --over \"k=0.1,0.2 1/min\" --metric B.peak",
            "sweep decay.toml --over \"k=0.1,0.2 1/min\" --runs 7",
            "sweep decay.toml --over \"k=0.1..0.2 1/min\" --design sobol",
            "sweep decay.toml --over \"k=0.1,0.2 1/min\" --every \"0 min\"",
            "sweep decay.toml --over \"k=0.1,0.2 1/min\" --shard 3/2",
            "sweep decay.toml --over \"k=0.1,0.2 1/min\" --resume --overwrite",
            "merge results/decay-sweep results --out whole",
            "merge nowhere --out whole",
        ],
    );
}
