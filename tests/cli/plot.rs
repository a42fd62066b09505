//! `plot`: figures again, from the folder alone.

use std::fs;

use crate::support::command::decay;

#[test]
fn the_figures_of_a_folder_are_drawn_again_as_they_were() {
    let home = decay();
    for (scenario, form) in [
        ("decay", "csv"),
        ("decay", "json"),
        ("family", "csv"),
        ("family", "json"),
    ] {
        home.expect(
            0,
            &format!("run {scenario}.toml -q --format {form} --out made"),
        );
        let before = home.contents("made");
        fs::remove_file(home.path("decay.ant")).expect("ours");
        let said = home.expect(0, "plot made");
        home.write("decay.ant", crate::support::command::DECAY);
        for line in said.out.lines() {
            assert!(home.path(line).is_file(), "`{line}` is said to be written");
        }
        assert!(before == home.contents("made"), "{scenario} as {form}");
        fs::remove_dir_all(home.path("made")).expect("ours");
    }
}

#[test]
fn columns_form_units_and_folder_can_be_chosen() {
    let home = decay();
    home.expect(0, "run decay.toml -q");
    let said = home.expect(
        0,
        "plot results/decay --select A,loss --format svg --out drawn",
    );
    assert_eq!(said.out.trim().replace('\\', "/"), "drawn/selection.svg");
    assert_eq!(home.files("drawn"), ["selection.svg"]);
    let svg = home.read("drawn/selection.svg");
    assert!(svg.contains("substance A") && svg.contains("Simulated average physiology"));
    home.expect(0, "plot results/decay --select A --format png --out drawn");
    assert_eq!(home.files("drawn"), ["selection.png", "selection.svg"]);
    home.expect(
        0,
        "run mixed-meal -q --select G_plasma,I_plasma --no-figures",
    );
    home.expect(
        0,
        "plot results/mixed-meal --select G_plasma --units si --format svg --out si",
    );
    assert!(home.read("si/selection.svg").contains("mmol/L"));
}

#[test]
fn a_family_keeps_its_legend() {
    let home = decay();
    home.expect(0, "run family.toml -q");
    home.expect(0, "plot results/family --select A --format svg --out drawn");
    let svg = home.read("drawn/selection.svg");
    for value in ["0.1 1/min", "0.2 1/min", "0.4 1/min"] {
        assert!(svg.contains(value), "{value} is in the legend");
    }
}

#[test]
fn what_cannot_be_drawn_is_named() {
    let home = decay();
    home.expect(0, "run decay.toml -q");
    let said = home.expect(2, "plot results/decay --select los");
    assert!(said.err.contains("did you mean `loss`?"), "{}", said.err);
    let good = home.read("results/decay/trajectory.csv");
    home.write(
        "results/decay/trajectory.csv",
        good.replace("min],A", "min],B,A"),
    );
    let said = home.expect(2, "plot results/decay");
    assert!(said.err.contains("row 2"), "{}", said.err);
    fs::remove_file(home.path("results/decay/trajectory.csv")).expect("ours");
    home.expect(4, "plot results/decay");
    home.expect(0, "run family.toml -q");
    let path = "results/family/trajectory.csv";
    let lines = home.read(path);
    let lines: Vec<&str> = lines
        .lines()
        .filter(|line| !line.starts_with("0.2,"))
        .collect();
    home.write(path, lines.join("\n") + "\n");
    let said = home.expect(2, "plot results/family");
    assert!(said.err.contains("no rows for k = 0.2"), "{}", said.err);
}

/// Eight days of three meals on the published whole-body model, every kind of figure asked for.
fn every_kind() -> String {
    let meals: String = (0..8 * 3)
        .map(|at| {
            let hours = 24 * (at / 3) + [7, 12, 19][at % 3];
            format!("  {{ meal = \"40 g\", time = \"{hours} h\" }},\n")
        })
        .collect();
    let mut text = format!(
        "schema = 1\nname = \"kinds\"\nmodel = \"published/dalla_man_2007.ant\"\n\
         time = {{ unit = \"min\", span = [0, 11520], every = 10 }}\nprotocol = [\n{meals}]\n\
         [observe]\nG_plasma = [\"mean\"]\n\
         [[arm]]\nlabel = \"lean\"\n[[arm]]\nlabel = \"heavy\"\n\
         [arm.parameters]\nBW = {{ value = \"100 kg\", why = \"a heavier person\" }}\n"
    );
    for (name, keys, panels) in [
        ("course", "kind = \"course\"", "[[\"G_plasma\"]]"),
        (
            "day",
            "kind = \"day\"\nday = 2",
            "[[\"G_plasma\"], [\"I_plasma\"]]",
        ),
        ("stacked", "kind = \"stacked\"", "[[\"Ra\", \"EGP\"]]"),
        (
            "heat",
            "kind = \"heat\"",
            "[[\"G_plasma\", \"I_plasma\", \"EGP\"]]",
        ),
        (
            "given",
            "kind = \"heat\"\nscale = [\"4 mmol/L\", \"9 mmol/L\"]",
            "[[\"G_plasma\"]]",
        ),
        ("week", "kind = \"week\"", "[[\"G_plasma\"]]"),
        (
            "month",
            "kind = \"month\"\nband = \"10-90 %\"",
            "[[\"G_plasma\"]]",
        ),
        (
            "small",
            "kind = \"small-multiples\"\nby = \"arm\"",
            "[[\"G_plasma\"]]",
        ),
        (
            "bars",
            "kind = \"bars\"",
            "[[\"G_plasma.peak\", \"G_plasma.mean\"]]",
        ),
    ] {
        text.push_str(&format!(
            "[[figure]]\nname = \"{name}\"\n{keys}\npanels = {panels}\n"
        ));
    }
    text
}

#[test]
fn every_kind_of_figure_can_be_asked_for_by_name_and_is_drawn_again() {
    let home = decay();
    home.write("kinds.toml", every_kind());
    home.expect(0, "run kinds.toml -q --select G_plasma,I_plasma,Ra,EGP");
    for (name, words) in [
        ("course", &["time (d)", "lean", "heavy"][..]),
        (
            "day",
            &["Plasma glucose (mg/dL)", "Plasma insulin (pmol/L)"],
        ),
        ("stacked", &["mg/kg/min", "lean"]),
        ("heat", &["highest of its row (range at the right)"]),
        ("given", &["72", "162 mg/dL"]),
        ("week", &["day 1 (mg/dL)", "day 7 (mg/dL)"]),
        ("month", &["lean: 10th to 90th percentile of the day"]),
        ("small", &["Plasma glucose, lean", "Plasma glucose, heavy"]),
        ("bars", &["Plasma glucose (mg/dL)", "peak", "mean"]),
    ] {
        let svg = home.read(&format!("results/kinds/{name}.svg"));
        for word in words {
            assert!(svg.contains(word), "{name} does not say `{word}`");
        }
    }
    let before = home.contents("results/kinds");
    home.expect(0, "plot results/kinds");
    assert!(before == home.contents("results/kinds"));
    home.expect(0, "plot results/kinds --projector --format svg --out hall");
    assert!(
        home.read("hall/day.svg")
            .contains("width=\"1280\" height=\"720\"")
    );
}

#[test]
fn a_run_for_the_projector_is_repeated_for_the_projector() {
    let home = decay();
    home.expect(0, "run decay.toml -q --projector --out made");
    let before = home.contents("made");
    home.expect(0, "run made/manifest.json -q");
    assert!(before == home.contents("made"));
    assert!(
        home.read("made/manifest.json")
            .contains("\"projector\": true")
    );
}

#[test]
fn a_day_that_the_run_has_not_is_told() {
    let home = decay();
    home.write("kinds.toml", every_kind().replace("day = 2", "day = 12"));
    let said = home.expect(2, "run kinds.toml -q");
    assert!(
        said.err
            .contains("the run has no day 12: it has days 1 to 8"),
        "{}",
        said.err
    );
    assert!(said.err.contains("change its `day`"), "{}", said.err);
}
