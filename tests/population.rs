//! Populations: people follow what their file says, whoever else is asked for; scenarios and clinical tests on them.
#![cfg(feature = "cli")]

mod support;

use insilin::diag::{Diagnostics, SourceMap, Warned, render_all};
use insilin::ensemble::{People, Points};
use insilin::scenario::population::{self, Population, Shape};
use insilin::scenario::sweep::Value;
use support::command::Home;
use support::files;

const HEALTHY: &str = include_str!("../models/populations/healthy-adults.toml");

/// A population of the text, on the model of its subject; or what is said about it.
fn people(text: &str, count: u64, seed: u64) -> Result<(Population, People), String> {
    let mut map = SourceMap::new();
    let source = map.add("people.toml", text);
    let mut findings = Diagnostics::new();
    let read = population::read(text, source, &mut findings);
    let Some(read) = read else {
        return Err(render_all(&findings, &map));
    };
    let scenario = format!(
        "schema = 1\nname = \"case\"\nsubject = \"{}\"\ntime = {{ unit = \"min\", span = [0, 1], every = 1 }}\n",
        read.subject
    );
    let arm = files::scenario("case.toml", &scenario).arms.remove(0);
    match People::new(&read, &arm, count, seed) {
        Ok(Warned { value, .. }) => Ok((read, value)),
        Err(findings) => Err(render_all(&findings, &map)),
    }
}

fn numbers(people: &People, at: u64) -> Vec<f64> {
    let number = |value: Value| match value {
        Value::Number(number) => number,
        Value::Word(word) => panic!("{word}"),
    };
    people.point(at).into_iter().map(number).collect()
}

fn column(people: &People, name: &str) -> usize {
    let found = people.axes.iter().position(|axis| axis.name == name);
    found.unwrap_or_else(|| panic!("no column {name}"))
}

fn drawn(people: &People, name: &str) -> Vec<f64> {
    let at = column(people, name);
    (0..people.count())
        .map(|run| numbers(people, run)[at])
        .collect()
}

/// A population of one trait line and more text.
fn small(rest: &str) -> String {
    format!("schema = 1\nname = \"few\"\ntitle = \"a few\"\nsubject = \"normal\"\n{rest}")
}

/// A trait of the model with assumed numbers.
fn one(of: &str, rest: &str) -> String {
    format!("[[trait]]\n{of}\nkind = \"assumed\"\nsource = \"the test\"\n{rest}\n")
}

#[test]
fn two_thousand_people_are_distributed_as_the_file_says() {
    let (read, people) = people(HEALTHY, 2_000, 7).unwrap();
    let mut checked = 0;
    for of in read
        .traits
        .iter()
        .filter(|one| one.low.is_none() && one.high.is_none())
    {
        // What the file states, by the fact's own words: a centre and a spread about it.
        let stated = |number: &str| {
            let fact = of.facts.iter().find(|fact| fact.number == number)?;
            let digits: String = fact
                .shown
                .chars()
                .take_while(|c| "0123456789.".contains(*c))
                .collect();
            digits.parse::<f64>().ok()
        };
        let mean = stated("mean").expect("every trait of the file has a mean");
        let cv =
            stated("cv").map_or_else(|| stated("sd").unwrap() / mean, |percent| percent / 100.0);
        // 50 % and 84.13 % of a normal distribution lie below mean and mean + SD, of a log-normal one the same of logarithms.
        let (middle, above) = match of.shape {
            Shape::Normal { .. } => (mean, mean * (1.0 + cv)),
            _ => {
                let variance = insilin::math::ln(1.0 + cv * cv);
                let median = mean / (1.0 + cv * cv).sqrt();
                (median, median * insilin::math::exp(variance.sqrt()))
            }
        };
        let values = drawn(&people, of.role.name());
        let share = |border: f64| values.iter().filter(|x| **x < border).count() as f64 / 2_000.0;
        // Four standard errors of a share: 4 √(p (1 − p) / 2000).
        assert!(
            (share(middle) - 0.5).abs() < 0.0447,
            "{}: {}",
            of.role.name(),
            share(middle)
        );
        assert!(
            (share(above) - 0.8413).abs() < 0.0327,
            "{}: {}",
            of.role.name(),
            share(above)
        );
        checked += 1;
    }
    assert!(checked >= 12, "{checked} traits were looked at");
}

/// Spearman's ρ by its definition.
fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let ranks = |values: &[f64]| {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|i, j| values[*i].total_cmp(&values[*j]));
        let mut ranks = vec![0.0; values.len()];
        (0..values.len()).for_each(|rank| ranks[order[rank]] = rank as f64);
        ranks
    };
    let n = a.len() as f64;
    let squares = ranks(a)
        .iter()
        .zip(ranks(b))
        .map(|(a, b)| (a - b) * (a - b))
        .sum::<f64>();
    1.0 - 6.0 * squares / (n * (n * n - 1.0))
}

#[test]
fn ranks_of_two_thousand_people_go_together_as_the_file_says() {
    let (read, people) = people(HEALTHY, 2_000, 7).unwrap();
    let name = |at: usize| read.traits[at].role.name().to_string();
    // Independent ranks have a standard error of 1/√1999 = 0.0224; four of them.
    assert!(read.correlations.len() >= 5);
    for correlation in &read.correlations {
        let (a, b) = (name(correlation.pair.0), name(correlation.pair.1));
        let found = rank_correlation(&drawn(&people, &a), &drawn(&people, &b));
        assert!((found - correlation.rank).abs() < 0.09, "{a}, {b}: {found}");
    }
    let apart = rank_correlation(&drawn(&people, "VG"), &drawn(&people, "kabs"));
    assert!(apart.abs() < 0.09, "{apart}");
}

#[test]
fn nobody_changes_when_others_come_along() {
    let (_, few) = people(HEALTHY, 3, 1).unwrap();
    let (_, many) = people(HEALTHY, 1_000_000, 1).unwrap();
    let (_, others) = people(HEALTHY, 3, 2).unwrap();
    for at in [2, 0, 1] {
        assert_eq!(numbers(&few, at), numbers(&many, at));
        assert_ne!(numbers(&few, at), numbers(&others, at));
    }
    assert_ne!(numbers(&few, 0), numbers(&few, 1));
    assert_eq!(numbers(&many, 999_999), numbers(&many, 999_999));
}

#[test]
fn derived_numbers_keep_the_fasting_state() {
    let (_, people) = people(HEALTHY, 50, 3).unwrap();
    let at = |name: &str| column(&people, name);
    for person in (0..50).map(|run| numbers(&people, run)) {
        let x = |name: &str| person[at(name)];
        // The published balances, by hand: uptake = production less 1 mg/kg/min, and grinding = fastest emptying.
        let uptake = x("Vm0") * x("Gt_fasting") / (x("Km0") + x("Gt_fasting"));
        assert!((uptake - (x("EGP_fasting") - 1.0)).abs() < 1e-9 * x("EGP_fasting"));
        assert_eq!(x("kgri"), x("kmax"));
        assert_eq!(x("BW"), x("mass"));
        assert!(x("mass") >= 40.0 && x("kmin") <= 0.025 && x("b_empty") <= 0.97);
    }
}

#[test]
fn correlations_that_cannot_be_together_name_their_pair() {
    let traits = ["VG", "kabs", "kmax"]
        .map(|id| {
            one(
                &format!("of = \"{id}\""),
                "distribution = \"lognormal\"\nmedian = \"1 1/min\"\ncv = 0.2",
            )
        })
        .concat();
    let pair = |a: &str, b: &str, rank: f64| {
        format!(
            "[[correlation]]\nof = [\"{a}\", \"{b}\"]\nrank = {rank}\nkind = \"assumed\"\nsource = \"the test\"\n"
        )
    };
    let pairs = pair("VG", "kabs", 0.9) + &pair("kabs", "kmax", 0.9) + &pair("VG", "kmax", -0.9);
    let said = people(&small(&(traits.clone() + &pairs)), 3, 1).unwrap_err();
    assert!(said.contains("error[population/correlation]"), "{said}");
    assert!(
        said.contains("`kmax` and `VG`") || said.contains("`kmax` and `kabs`"),
        "{said}"
    );
    let twice = pair("VG", "kabs", 0.1) + &pair("kabs", "VG", 0.2);
    let said = people(&small(&(traits.clone() + &twice)), 3, 1).unwrap_err();
    assert!(said.contains("error[population/twice]"), "{said}");
    let unknown = pair("VG", "kab", 0.1);
    let said = people(&small(&(traits + &unknown)), 3, 1).unwrap_err();
    assert!(
        said.contains("no trait is called `kab`") && said.contains("did you mean `kabs`?"),
        "{said}"
    );
}

#[test]
fn mistakes_are_told_with_their_remedy() {
    let normal = "distribution = \"normal\"\nmean = \"1.88 dL/kg\"\n";
    let cases = [
        (
            one("of = \"VG\"", &format!("{normal}sd = \"3 kg\"")),
            "scenario/unit",
            "is not in dL/kg",
        ),
        (
            one("of = \"VG\"", normal),
            "population/distribution",
            "needs `sd` or `cv`",
        ),
        (
            one("of = \"VG\"", &format!("{normal}cv = 0.1\ngsd = 1.2")),
            "population/distribution",
            "takes no `gsd`",
        ),
        (
            one("of = \"VG\"", &format!("{normal}cv = -0.1")),
            "population/distribution",
            "above 0",
        ),
        (
            format!("[[trait]]\nof = \"VG\"\n{normal}cv = 0.1\n"),
            "population/source",
            "kind = ",
        ),
        (
            one("person = \"heigt\"", &format!("{normal}cv = 0.1")),
            "population/trait",
            "did you mean `height`?",
        ),
        (
            one("of = \"VG\"\nname = \"x\"", &format!("{normal}cv = 0.1")),
            "population/trait",
            "several of",
        ),
        (
            one("of = \"VG\"", &format!("{normal}cv = 0.1"))
                + &one("of = \"VG\"", &format!("{normal}cv = 0.1")),
            "population/twice",
            "`VG` is given twice",
        ),
        (
            one("of = \"VG\"", &format!("{normal}cv = 0.1"))
                + "[[derived]]\nof = \"VI\"\nformula = \"0.05 * VGG\"\nunit = \"L/kg\"\nwhy = \"the test\"\n",
            "population/formula",
            "did you mean `VG`?",
        ),
        (
            one("of = \"VG\"", &format!("{normal}cv = 0.1"))
                + "[[spread]]\nof = \"G_plasma.peak\"\ntest = \"ogtt\"\nmean = 3\nsource = \"the test\"\n",
            "population/spread",
            "a standard error is not a spread",
        ),
        (
            one("of = \"VG\"", &format!("{normal}cv = 0.1"))
                + "[[derived]]\nname = \"x\"\nformula = \"2 * y\"\nwhy = \"the test\"\n"
                + "[[derived]]\nname = \"y\"\nformula = \"3 * VG\"\nwhy = \"the test\"\n",
            "population/formula",
            "only later",
        ),
        (String::new(), "population/trait", "at least one"),
    ];
    for (text, code, words) in cases {
        let said = people(&small(&text), 3, 1).expect_err(&text);
        assert!(
            said.contains(&format!("error[{code}]")) && said.contains(words),
            "{text}\n{said}"
        );
    }
}

/// A table written as comma-separated values: its heads and rows.
fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let cells = |line: &str| line.split(',').map(str::to_string).collect::<Vec<_>>();
    let mut lines = text.lines();
    let head = cells(lines.next().expect("a table has heads"));
    (head, lines.map(cells).collect())
}

fn cells(text: &str, name: &str) -> Vec<f64> {
    let (head, rows) = table(text);
    let at = head
        .iter()
        .position(|one| one == name || one.starts_with(&format!("{name} [")));
    let at = at.unwrap_or_else(|| panic!("no column {name} in {head:?}"));
    rows.iter()
        .map(|row| row[at].parse().unwrap_or(f64::NAN))
        .collect()
}

#[test]
fn a_scenario_runs_on_everybody_whatever_the_threads() {
    let home = Home::new();
    let run = "population mixed-meal --seed 5 --format csv --no-figures";
    let said = home.expect(0, &format!("{run} --people 30 --jobs 1 --out one"));
    home.expect(0, &format!("{run} --people 30 --jobs 3 --out three"));
    assert_eq!(home.contents("one"), home.contents("three"));
    home.expect(0, &format!("{run} --people 9 --out few"));
    let (all, few) = (home.read("one/runs.csv"), home.read("few/runs.csv"));
    assert_eq!(
        few.lines().collect::<Vec<_>>(),
        all.lines().take(10).collect::<Vec<_>>()
    );
    // What is told of all of them, from their rows by the definitions.
    let values = cells(&all, "G_plasma.at 60 min");
    let mean = values.iter().sum::<f64>() / 30.0;
    let sd = (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 29.0).sqrt();
    let summary = home.json("one/summary.json");
    let metrics = summary["people"].as_array().expect("a list of metrics");
    let told = metrics
        .iter()
        .find(|one| one["metric"] == "G_plasma.at 60 min");
    let told = told.expect("what has a published spread is read off");
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    assert!((number(&told["mean"]) - mean).abs() < 1e-9 * mean);
    assert!((number(&told["sd"]) - sd).abs() < 1e-9 * sd);
    // By how much it misses the published 36.13 mg/dL of 204 adults.
    let beside = &told["beside"][0];
    assert!((number(&beside["sd_ratio"]) - sd / 36.13).abs() < 1e-9);
    assert!((number(&beside["mean_difference"]) - (mean - 178.16)).abs() < 1e-9 * mean);
    assert!(said.out.contains("published 36.1: "), "{}", said.out);
    assert!(
        said.out
            .contains("the population was made from these numbers"),
        "{}",
        said.out
    );
    // Bands are those of the curves.
    let curves = home.read("one/curves.csv");
    let (times, glucose) = (cells(&curves, "time"), cells(&curves, "G_plasma"));
    let start: Vec<f64> = times
        .iter()
        .zip(&glucose)
        .filter(|(t, _)| **t == 0.0)
        .map(|(_, g)| *g)
        .collect();
    let bands = home.read("one/bands.csv");
    let (_, rows) = table(&bands);
    let first = rows
        .iter()
        .find(|row| row[1] == "G_plasma")
        .expect("a band of glucose");
    let mut sorted = start.clone();
    sorted.sort_by(f64::total_cmp);
    // The median of thirty lies between the fifteenth and the sixteenth.
    let median: f64 = first[8].parse().expect("a number");
    assert_eq!(start.len(), 30);
    assert!((median - 0.5 * (sorted[14] + sorted[15])).abs() < 1e-9 * median);
}

#[test]
fn a_person_is_what_run_makes_of_the_same_numbers() {
    let home = Home::new();
    home.expect(
        0,
        "population mixed-meal --people 2 --seed 9 --format csv --no-figures --no-curves --out all",
    );
    let (head, rows) = table(&home.read("all/runs.csv"));
    let mut command = "run mixed-meal --subject normal --no-figures --out person".to_string();
    for (name, value) in head.iter().zip(&rows[1]) {
        let (id, unit) = name
            .split_once(" [")
            .map_or((name.as_str(), ""), |(id, unit)| {
                (id, unit.trim_end_matches(']'))
            });
        let of_model = files::model("published/dalla_man_2007.ant")
            .symbol(id)
            .is_some();
        if of_model {
            command.push_str(&format!(" --set \"{id}={value} {unit}\""));
        }
    }
    assert!(command.matches("--set").count() >= 18, "{command}");
    home.expect(0, &command);
    let curve = home.read("person/trajectory.csv");
    let peak = cells(&curve, "G_plasma").into_iter().fold(0.0, f64::max);
    let told = cells(&home.read("all/runs.csv"), "G_plasma.peak")[1];
    assert!((told - peak).abs() < 1e-6 * peak, "{told} and {peak}");
}

#[test]
fn clinical_tests_read_everybody() {
    let home = Home::new();
    let ogtt = "population ogtt --people 4 --seed 2 --format csv --no-figures";
    home.expect(0, &format!("{ogtt} --jobs 2 --out all"));
    let runs = home.read("all/runs.csv");
    // Everybody's fasting state is the one that was drawn: mg/dL over 18.0156 is mmol/L.
    for (drawn, read) in cells(&runs, "G_fasting")
        .iter()
        .zip(cells(&runs, "fasting-glucose"))
    {
        assert!(
            (read - drawn / 18.0156).abs() < 1e-5 * read,
            "{drawn} {read}"
        );
    }
    for (drawn, read) in cells(&runs, "I_fasting")
        .iter()
        .zip(cells(&runs, "fasting-insulin"))
    {
        assert!((read - drawn).abs() < 1e-5 * read, "{drawn} {read}");
    }
    assert!(
        cells(&runs, "matsuda")
            .iter()
            .all(|index| index.is_finite())
    );
    // Assay errors are everybody's own: 2 % of glucose, five of them at most, and not the same for two.
    home.expect(0, &format!("{ogtt} --noise 4 --out noisy"));
    let noisy = cells(&home.read("noisy/runs.csv"), "glucose-2h");
    let ratio: Vec<f64> = noisy
        .iter()
        .zip(cells(&runs, "glucose-2h"))
        .map(|(a, b)| a / b)
        .collect();
    assert!(
        ratio
            .iter()
            .all(|ratio| (ratio - 1.0).abs() < 0.1 && *ratio != 1.0),
        "{ratio:?}"
    );
    assert!((ratio[0] - ratio[1]).abs() > 1e-9);
}

#[test]
fn a_clamp_doses_by_everybodys_own_body() {
    let home = Home::new();
    home.expect(
        0,
        "population clamp --people 2 --seed 2 --format csv --no-figures --no-curves --out all",
    );
    let runs = home.read("all/runs.csv");
    let (mass, m) = (cells(&runs, "mass"), cells(&runs, "m-40"));
    assert!((mass[0] - mass[1]).abs() > 0.1, "{mass:?}");
    assert!(m.iter().all(|m| m.is_finite() && *m > 0.0), "{m:?}");
}

#[test]
fn people_whose_numbers_fail_are_rows_that_say_why() {
    let home = Home::new();
    // A clearance that is no number for everybody below the median of x.
    let text = small(
        &(one(
            "name = \"x\"",
            "distribution = \"normal\"\nmean = 0\nsd = 1",
        ) + "[[derived]]\nof = \"k1\"\nformula = \"0.065 + 0.001 * sqrt(x)\"\nunit = \"1/min\"\nwhy = \"the test\"\n"),
    );
    home.write("few.toml", &text);
    let line = "population mixed-meal --of few.toml --people 12 --format csv --no-figures --no-curves --out all";
    let said = home.expect(3, line);
    let runs = home.read("all/runs.csv");
    let (head, rows) = table(&runs);
    let at = |name: &str| head.iter().position(|one| one == name).expect("a column");
    let mut failed = 0;
    for (x, row) in cells(&runs, "x").iter().zip(&rows) {
        let is_ok = row[at("status")] == "ok";
        assert_eq!(is_ok, *x >= 0.0, "{row:?}");
        failed += usize::from(!is_ok);
    }
    assert!((1..12).contains(&failed), "{failed}");
    assert!(
        said.out.contains(&format!("{failed} of 12 runs failed")),
        "{}",
        said.out
    );
}

#[test]
fn unknown_names_are_told_with_near_ones() {
    let home = Home::new();
    let text = small(&one(
        "of = \"Vmxx\"",
        "distribution = \"lognormal\"\nmean = 0.047\ncv = 0.5",
    ));
    home.write("few.toml", &text);
    let said = home.expect(2, "population mixed-meal --of few.toml --people 3");
    assert!(
        said.err.contains("did you mean `Vmx`?") && said.err.contains("few.toml"),
        "{}",
        said.err
    );
    let said = home.expect(2, "population test ogt --people 3");
    assert!(said.err.contains("did you mean `ogtt`?"), "{}", said.err);
    home.expect(4, "population mixed-meal --of nobody --people 3");
    assert!(
        home.expect(0, "list populations")
            .out
            .contains("healthy-adults")
    );
}
