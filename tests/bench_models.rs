//! The models for timing alone compute what they are meant to: reference trajectories made elsewhere.

mod support;

use std::fs;

use insilin::diag::{MemorySources, SourceFile, SourceMap};
use insilin::model::lower;
use insilin::scenario::{self, Arm};
use insilin::simulate::{Options, run};
use insilin::trajectory::Trajectory;
use support::files::package;
use support::shared;

/// All files of the folder.
fn files() -> MemorySources {
    let folder = package().join("benches/models");
    let entries = fs::read_dir(folder).expect("the folder is part of the package");
    let file = |path: std::path::PathBuf| SourceFile {
        name: path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        text: fs::read_to_string(path).expect("a text"),
    };
    MemorySources(
        entries
            .map(|entry| file(entry.expect("an entry").path()))
            .collect(),
    )
}

fn arm(name: &str) -> Arm {
    let (sources, file) = (files(), format!("{name}.toml"));
    let text = &sources
        .0
        .iter()
        .find(|source| source.name == file)
        .expect("every model has its scenario")
        .text;
    let mut map = SourceMap::new();
    let mut load_model = |path: &str, map: &mut SourceMap| lower::load(path, &sources, map);
    scenario::load(&file, text, &sources, &mut map, &mut load_model)
        .unwrap_or_else(|findings| panic!("{name}: {findings:?}"))
        .value
        .arms
        .remove(0)
}

fn trajectory(name: &str, rtol: f64) -> Trajectory {
    let options = Options {
        rtol,
        atol: 1e-3 * rtol,
        ..Options::default()
    };
    run(&arm(name), &options)
        .unwrap_or_else(|findings| panic!("{name}: {findings:?}"))
        .value
        .trajectory
}

const MEAL: [&str; 12] = [
    "Gp", "Gt", "Il", "Ip", "Qsto1", "Qsto2", "Qgut", "I1", "Id", "X", "Y", "Ipo",
];
const SLOW: [&str; 8] = ["Glgn", "SIa", "Bm", "Wt", "HbA", "GlgX", "FFA", "Lep"];

fn cascade(module: &str, numbers: std::ops::RangeInclusive<u32>) -> Vec<String> {
    numbers.map(|n| format!("{module}_x{n}")).collect()
}

fn meal() -> Vec<String> {
    MEAL.iter().map(|id| format!("body_{id}")).collect()
}

/// The columns of a reference file, in its order.
fn columns(name: &str) -> Vec<String> {
    match name {
        "meal12" => meal(),
        "cascade20" => cascade("cell", 2..=21),
        "coupled60" => {
            let surface = ["muscle_x21", "fat_x21"].map(String::from);
            let slow = SLOW.map(String::from);
            let parts = [
                surface.to_vec(),
                cascade("muscle", 2..=20),
                cascade("fat", 2..=20),
                meal(),
                slow.to_vec(),
            ];
            parts.concat()
        }
        _ => ["A", "B", "C"].map(String::from).to_vec(),
    }
}

/// Holds a run against a reference: |y − r| ÷ max(|r|, 1e-3 · largest |r| of the state), its largest and its rms.
///
/// The references are another integrator's at a relative tolerance of 1e-11, which libRoadRunner at 1e-10 meets to an
/// rms of 1e-8 at worst.
fn check(name: &str, reference: &str, rtol: f64, largest: f64, rms: f64) {
    let Some(folder) = shared::folder("performance/refs") else {
        return;
    };
    let path = folder.join(format!("{reference}.ref"));
    let text = fs::read_to_string(path).expect("a text");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .map(|line| {
            let numbers = line.split_whitespace();
            numbers.map(|n| n.parse().expect("a number")).collect()
        })
        .collect();
    let run = trajectory(name, rtol);
    assert_eq!(run.n_times(), rows.len());
    let (mut worst, mut sum, mut count) = (0.0_f64, 0.0, 0.0);
    for (at, column) in columns(name).iter().enumerate() {
        let ours = run.view(column).expect("every state is a column");
        let size = rows
            .iter()
            .fold(0.0_f64, |size, row| size.max(row[at].abs()));
        for (y, row) in ours.iter().zip(&rows) {
            let off = (y - row[at]).abs() / row[at].abs().max(1e-3 * size);
            worst = worst.max(off);
            sum += off * off;
            count += 1.0;
        }
    }
    let root = f64::sqrt(sum / count);
    assert!(
        worst <= largest && root <= rms,
        "{name}: {worst:e}, rms {root:e}"
    );
}

#[test]
fn the_meal_model_meets_its_reference() {
    check("meal12", "m1", 1e-10, 1e-6, 2e-8);
}

#[test]
fn the_cascade_meets_its_reference() {
    check("cascade20", "m2", 1e-10, 1e-8, 1e-9);
}

#[test]
fn the_coupled_model_meets_its_reference() {
    check("coupled60", "m3", 1e-9, 1e-5, 2e-7);
}

#[test]
fn robertson_meets_its_reference_and_published_numbers() {
    check("robertson3", "m4", 1e-10, 1e-7, 1e-8);
    // As the example cvRoberts_dns of SUNDIALS prints them for t = 4000; its relative tolerance is 1e-4.
    let run = trajectory("robertson3", 1e-8);
    for (id, published) in [("A", 1.8320e-1), ("B", 8.9423e-7), ("C", 8.1680e-1)] {
        let value = run.view(id).expect("a state")[4];
        assert!((value / published - 1.0).abs() < 1e-3, "{id}: {value}");
    }
}
