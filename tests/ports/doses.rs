//! Dose-responses of the signalling models.

use insilin::kernel::{LaneJob, with_best_lanes};
use insilin::math::Lane;
use insilin::scenario::Arm;
use insilin::simulate::{Experiment, Options, run_lanes};
use insilin::trajectory::Trajectory;

use crate::cases::{column, golden, points, tight};
use crate::support::files::arm;
use crate::support::table::Table;

/// Runs one experiment at many doses, eight at a time.
struct Doses<'a> {
    experiment: &'a Experiment,
    arm: &'a Arm,
    overrides: Vec<Vec<(usize, f64)>>,
    options: Options,
}

impl LaneJob for Doses<'_> {
    type Output = Vec<Trajectory>;
    fn run<L: Lane>(self) -> Vec<Trajectory> {
        let runs = run_lanes::<L>(self.experiment, self.arm, &self.overrides, &self.options);
        runs.into_iter()
            .map(|run| run.expect("every dose can be run"))
            .collect()
    }
}

/// A trajectory with rows at the given times for each dose, which is there from the start.
fn at_doses(model: &str, times: &[f64], doses: &[f64]) -> Vec<Trajectory> {
    let mut all = vec![0.0];
    all.extend(times);
    let arm = arm(&format!("published/{model}.ant"), &points(&all), &[], &[]);
    let experiment = Experiment::new(&arm)
        .expect("a shipped model compiles")
        .value;
    let insulin = arm
        .model
        .symbol("insulin")
        .expect("every signalling model has the input");
    let overrides = experiment.overrides(&arm, insulin, doses);
    assert!(
        overrides.iter().all(|set| set.len() == 1),
        "insulin is a parameter"
    );
    with_best_lanes(
        8,
        Doses {
            experiment: &experiment,
            arm: &arm,
            overrides,
            options: tight(),
        },
    )
}

fn distinct(table: &Table, column: &str, rows: &[usize]) -> Vec<f64> {
    let at = table.index(column);
    let mut values: Vec<f64> = Vec::new();
    for &row in rows {
        let value = table.number(row, at);
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// Every number of a table within 1e-7 of itself, and of 1e-9 where it is next to nothing.
///
/// The tables were integrated at rtol 1e-9. Small activities at small doses lose a digit in the difference of large pools.
fn check_table(folder: &str, models: [&str; 2]) {
    let table = golden(folder, "table.csv");
    for model in models {
        let rows = table.rows_where("model", model);
        let doses = distinct(&table, "insulin_nM", &rows);
        let times = distinct(&table, "time_min", &rows);
        assert_eq!(
            rows.len(),
            doses.len() * times.len(),
            "{folder}: every dose at every time"
        );
        let runs = at_doses(model, &times, &doses);
        for &row in &rows {
            let dose = table.number(row, table.index("insulin_nM"));
            let time = table.number(row, table.index("time_min"));
            let run = &runs[doses.iter().position(|d| *d == dose).expect("listed above")];
            let at = run
                .time
                .iter()
                .position(|t| *t == time)
                .expect("asked for above");
            for (index, id) in table.header.iter().enumerate().skip(3) {
                let (want, got) = (table.number(row, index), column(run, id)[at]);
                let bound = 1e-7 * want.abs() + 1e-9;
                assert!(
                    (got - want).abs() <= bound,
                    "{model}, {dose} nmol/L, {time} min: {id} {got} for {want}"
                );
            }
        }
    }
}

/// At each half-maximal dose the response lies half way between none and 100 nmol/L.
///
/// The doses were found to 1e-6; the steepest response changes by less than its whole range per tenfold dose, so half way
/// is met within 1e-6 of the range.
fn check_halves(folder: &str, models: [&str; 2], time: f64) {
    let table = golden(folder, "ec50.csv");
    for model in models {
        let rows = table.rows_where("model", model);
        let dose = table.index("ec50_nM");
        let mut doses = vec![0.0, 100.0];
        doses.extend(rows.iter().map(|&row| table.number(row, dose)));
        let runs = at_doses(model, &[time], &doses);
        for (&row, run) in rows.iter().zip(&runs[2..]) {
            let id = &table.rows[row][table.index("observable")];
            let [low, high, half] = [&runs[0], &runs[1], run].map(|run| column(run, id)[1]);
            let share = (half - low) / (high - low);
            assert!(
                (share - 0.5).abs() <= 1e-6,
                "{model}: {id} is at {share} of its range at its half-maximal dose"
            );
        }
    }
}

#[test]
fn sedaghat_dose_responses_are_those_of_the_published_equations() {
    check_table(
        "sedaghat_2002_dose_response",
        ["sedaghat_2002", "sedaghat_2002_feedback"],
    );
}

#[test]
fn brannmark_dose_responses_are_those_of_the_published_equations() {
    check_table(
        "brannmark_2013_dose_response",
        ["brannmark_2013", "brannmark_2013_t2d"],
    );
}

#[test]
fn half_maximal_doses_are_those_of_the_published_equations() {
    check_halves(
        "sedaghat_2002_dose_response",
        ["sedaghat_2002", "sedaghat_2002_feedback"],
        15.0,
    );
    check_halves(
        "brannmark_2013_dose_response",
        ["brannmark_2013", "brannmark_2013_t2d"],
        10.0,
    );
}

/// Half-maximal doses to the two digits with which they are quoted: the response at the lower end of what rounds to the
/// figure is below one half, at the upper end above.
fn check_figure(model: &str, id: &str, time: f64, figure: (f64, f64)) {
    let runs = at_doses(model, &[time], &[0.0, 100.0, figure.0, figure.1]);
    let values: Vec<f64> = runs.iter().map(|run| column(run, id)[1]).collect();
    let half = (values[0] + values[1]) / 2.0;
    assert!(
        values[2] < half && half <= values[3],
        "{model}: {id} is half-maximal outside of {figure:?} nmol/L"
    );
}

#[test]
fn surface_glut4_is_half_maximal_at_the_published_doses() {
    check_figure("sedaghat_2002", "GLUT4_pm", 15.0, (0.545, 0.555));
    check_figure("sedaghat_2002_feedback", "GLUT4_pm", 15.0, (0.285, 0.295));
    check_figure("brannmark_2013", "GLUT4_pm", 10.0, (0.0505, 0.0515));
    check_figure("brannmark_2013_t2d", "GLUT4_pm", 10.0, (0.125, 0.135));
}
