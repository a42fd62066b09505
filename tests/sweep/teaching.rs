//! The shipped sweeps against numbers of their models' published equations, solved apart from this program: Python with the
//! files of `tests/golden/equations`, SciPy 1.17 (Radau, 1e-8 to 1e-9), changed as the sweeps change them.

use super::home::{Row, number, rows};
use crate::support::command::Home;

/// The row with these values.
#[track_caller]
fn row<'a>(rows: &'a [Row], wanted: &[(&str, f64)]) -> &'a Row {
    let is_it = |row: &&Row| {
        let close = |(name, value): &(&str, f64)| (number(row, name) / value - 1.0).abs() < 1e-6;
        wanted.iter().all(close)
    };
    let found = rows.iter().find(is_it);
    found.unwrap_or_else(|| panic!("no row has {wanted:?}"))
}

/// Relative difference of a tenth of a percent: the expected numbers are written down to it.
#[track_caller]
fn near(row: &Row, metric: &str, expected: f64) {
    let found = number(row, metric);
    assert!(
        (found / expected - 1.0).abs() < 1e-3,
        "{metric}: {found} instead of {expected}"
    );
}

fn swept(line: &str) -> Vec<Row> {
    let home = Home::new();
    home.expect(
        0,
        &format!("sweep {line} --no-figures --format csv --quiet --out s"),
    );
    rows(&home, "s")
}

#[test]
fn twice_the_transporters_give_twice_the_answer_at_the_same_dose() {
    let rows = swept("dose-and-transporters --over \"insulin=0.1,1,100 nM\"");
    let uptake = "glucose_uptake.at 15 min";
    for (inside, dose, expected) in [
        (36.738, 0.1, 1252.2),
        (36.738, 100.0, 1462.7),
        (73.476, 1.0, 2515.5),
        (73.476, 100.0, 2573.4),
        (110.214, 100.0, 3684.0),
    ] {
        near(
            row(&rows, &[("GLUT4_in", inside), ("insulin", dose)]),
            uptake,
            expected,
        );
    }
}

#[test]
fn speed_and_amount_of_a_breakfast() {
    let rows = swept(
        "gi-and-grams --over calendar.breakfast.meal.gi=30,70 --over \"calendar.breakfast.meal.carbohydrate=50,100 g\"",
    );
    for (gi, grams, peak, area) in [
        (70.0, 50.0, 134.879, 5276.3),
        (30.0, 50.0, 113.159, 3744.4),
        (70.0, 100.0, 171.722, 8309.4),
        (30.0, 100.0, 132.429, 6615.3),
    ] {
        let of = [
            ("calendar.breakfast.meal.gi", gi),
            ("calendar.breakfast.meal.carbohydrate", grams),
        ];
        let row = row(&rows, &of);
        near(row, "G_plasma.peak", peak);
        near(row, "G_plasma.iauc", area);
    }
}

#[test]
fn tolerance_ends_between_eight_and_ten_tenths_of_the_sensitivity() {
    let rows = swept("ogtt-tolerance --over \"calendar.drink.meal=50,75 g\"");
    let two_hours = "G_plasma.at 120 min";
    for (factor, dose, expected) in [
        (1.0, 75.0, 132.231),
        (0.8, 75.0, 144.167),
        (0.8, 50.0, 133.191),
        (0.4, 50.0, 154.822),
        (1.4, 75.0, 112.484),
    ] {
        let of = [
            ("Vmx", 0.047 * factor),
            ("kp3", 0.009 * factor),
            ("calendar.drink.meal", dose),
        ];
        near(row(&rows, &of), two_hours, expected);
    }
}

#[test]
fn half_of_the_receptors_cost_little_of_the_full_answer() {
    let rows =
        swept("receptors-or-signal --over \"protocol.2.at=1,100 nM\" --over \"IR=100,50,10 %\"");
    let uptake = "glucose_uptake.at 15 min";
    let (whole, defect) = ("whole signal", "defect of type 2 diabetes");
    for (arm, receptors, dose, expected) in [
        (whole, 100.0, 100.0, 2573.46),
        (whole, 50.0, 100.0, 2525.78),
        (whole, 10.0, 1.0, 1553.86),
        (defect, 100.0, 100.0, 2352.76),
        (defect, 50.0, 1.0, 1913.39),
    ] {
        let of_arm: Vec<Row> = rows
            .iter()
            .filter(|row| row["arm"] == arm)
            .cloned()
            .collect();
        near(
            row(&of_arm, &[("IR", receptors), ("protocol.2.at", dose)]),
            uptake,
            expected,
        );
    }
}
