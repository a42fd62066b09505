//! README.md: every command in it runs, every file that it names is there.
#![cfg(feature = "cli")]

mod support;

use insilin::math::exp;

use support::command::{Home, words};
use support::files::package;

fn readme() -> String {
    std::fs::read_to_string(package().join("README.md")).expect("README.md stands at the top")
}

/// The contents of the code blocks that begin with ```` ```KIND ````.
fn blocks(kind: &str) -> Vec<String> {
    let text = readme();
    // Every other part between fences is a block, its kind on the first line.
    let inside = text.split("```").skip(1).step_by(2);
    let of_kind = inside.filter_map(|block| {
        let (first, rest) = block.split_once('\n')?;
        (first.trim() == kind).then(|| rest.to_string())
    });
    of_kind.collect()
}

/// Command lines of all blocks, without the remark behind `#`.
fn commands(program: &str) -> Vec<String> {
    let blocks = blocks("");
    let lines = blocks.iter().flat_map(|block| block.lines());
    let commands = lines.map(|line| line.split("  #").next().unwrap_or_default().trim());
    let ours = commands.filter(|line| line.split(' ').next() == Some(program));
    ours.map(str::to_string).collect()
}

#[test]
fn the_two_commands_are_there() {
    let lines = commands("cargo");
    assert_eq!(
        lines,
        [
            "cargo run --release -- run models/scenarios/mixed-meal.toml",
            "cargo test"
        ]
    );
}

/// In the order in which they stand, in one folder, with a model for `my-model.ant`.
#[test]
fn every_command_runs() {
    let home = Home::with(&[("my-model.ant", support::command::DECAY)]);
    let mut lines = commands("insilin");
    assert!(lines.len() >= 10, "{lines:?}");
    lines.insert(0, "insilin run mixed-meal".to_string());
    lines.extend(["insilin help", "insilin help run"].map(str::to_string));
    for line in lines {
        let said = home.run(
            &words(&line)
                .iter()
                .skip(1)
                .map(String::as_str)
                .collect::<Vec<_>>(),
        );
        assert_eq!(said.code, Some(0), "{line}\n{}\n{}", said.out, said.err);
    }
    for folder in [
        "half-sensitivity",
        "mixed-meal",
        "ogtt-type-2-diabetes",
        "insulin-dose-glut4",
        "lunch",
        "my-model",
    ] {
        assert!(
            home.path(&format!("results/{folder}/manifest.json"))
                .is_file(),
            "{folder}"
        );
    }
    let text = home.read("results/my-model/trajectory.csv");
    let last = text.lines().last().and_then(|line| line.split(',').nth(1));
    let last: f64 = last.and_then(|cell| cell.parse().ok()).expect("a number");
    assert!((last - 8.0 * exp(-10.0)).abs() < 1e-6, "{last}");
}

#[test]
fn the_scenario_in_it_runs_and_meets_its_expectation() {
    let scenarios = blocks("toml");
    assert_eq!(scenarios.len(), 1);
    let home = Home::with(&[("two-meals.toml", &scenarios[0])]);
    home.expect(0, "check two-meals.toml --strict");
    let said = home.expect(0, "run two-meals.toml --check");
    assert!(
        said.out.contains("met") && !said.err.contains("warning"),
        "{}",
        said.err
    );
}

#[test]
fn the_disclaimer_stands_near_the_top() {
    let place = readme()
        .find(insilin::render::DISCLAIMER)
        .expect("the notice");
    assert!(place < 600, "at {place}");
}

#[test]
fn the_toolchain_in_it_is_the_one_of_the_package() {
    let version = env!("CARGO_PKG_RUST_VERSION");
    assert!(
        readme().contains(&format!("Rust toolchain ({version} or newer)")),
        "{version}"
    );
}

#[test]
fn every_file_that_it_names_is_there() {
    let text = readme();
    let quoted = text.split('`').skip(1).step_by(2);
    // Made by a run, or by the reader.
    let made = ["results/", "lunch.toml", "my-model.ant", "target/"];
    let names = quoted.filter(|name| {
        !name.contains([' ', '\n', '*']) && (name.contains('/') || name.contains(".md"))
    });
    let names: Vec<&str> = names
        .filter(|name| !made.iter().any(|made| name.starts_with(made)))
        .collect();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        assert!(package().join(name).exists(), "README.md names `{name}`");
    }
}
