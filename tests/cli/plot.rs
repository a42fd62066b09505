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
