//! Figures of many runs, made of closed forms with numbers of the right size and shape.

use insilin::math::{exp, log10, pow, sin};
use insilin::render::build::{
    self, Effect, Elementary, Grid, Index, Indices, Member, Sample, Spread,
};
use insilin::render::{Axis, Colour, Figure, Series, SeriesKind, Threshold, frames};

/// Name and figure of every case; those that the gallery shows come first.
pub fn all() -> Vec<(&'static str, Figure)> {
    let mut all = shown();
    all.extend([
        ("family-few", family_of(7, 0)),
        ("family-many", family_of(2000, 3)),
        ("field-lines", contours(false)),
        ("field-log", heat_log()),
        ("field-large", heat_large()),
        (
            "spaghetti-many",
            build::spaghetti("A crowd", &crowd(5000), vec![]),
        ),
        ("scatter-plain", scatter(false)),
        (
            "frame-growing",
            frame(
                build::percentile_bands("Growing", &crowd(60), measured()),
                3,
                5,
            ),
        ),
        ("frame-of-family", frame(family_of(25, 0), 9, 25)),
        ("morris-crowded", morris_crowded()),
    ]);
    all
}

/// The cases that the gallery shows.
pub fn shown() -> Vec<(&'static str, Figure)> {
    vec![
        ("family", family_of(25, 1)),
        ("heat-map", heat_map()),
        ("contour-map", contours(true)),
        ("tornado", tornado()),
        ("morris", morris()),
        ("sobol", sobol()),
        (
            "spaghetti",
            build::spaghetti("One meal, 120 people", &crowd(120), measured()),
        ),
        (
            "percentile-bands",
            build::percentile_bands("One meal, 120 people", &crowd(120), measured()),
        ),
        ("scatter", scatter(true)),
    ]
}

fn frame(figure: Figure, at: usize, n: usize) -> Figure {
    frames(&figure, n)
        .nth(at - 1)
        .expect("there are so many frames")
}

/// Glucose (mmol/L) `t` minutes after a dose (g): absorbed at one rate, used at another (min⁻¹).
pub fn glucose(t: f64, dose: f64, absorbed: f64, used: f64) -> f64 {
    5.0 + 0.12 * dose * absorbed / (absorbed - used) * (exp(-used * t) - exp(-absorbed * t))
}

fn minutes(end: u32, step: u32) -> Vec<f64> {
    (0..=end / step).map(|at| f64::from(at * step)).collect()
}

/// `n` numbers from `low` to `high`, equally far apart or by equal factors.
fn spaced(low: f64, high: f64, n: usize, log: bool) -> Vec<f64> {
    let share = |at: usize| at as f64 / (n - 1).max(1) as f64;
    let place = |at: usize| {
        if log {
            pow(10.0, log10(low) + share(at) * (log10(high) - log10(low)))
        } else {
            low + share(at) * (high - low)
        }
    };
    (0..n).map(place).collect()
}

/// Numbers that look random: of powers of the root of x⁵ = x + 1 (Roberts 2018, the R₄ sequence).
fn scattered(at: usize, which: i32) -> f64 {
    let step = pow(1.167_303_978_261_418_7, -f64::from(which + 1));
    (0.5 + step * (at + 1) as f64).fract()
}

fn family_of(n: usize, failed: usize) -> Figure {
    let time = minutes(240, 2);
    let rates = spaced(0.004, 0.1, n, true);
    let member = |(at, &used): (usize, &f64)| Member {
        value: 1000.0 * used,
        y: (at >= failed).then(|| {
            time.iter()
                .map(|&t| glucose(t, 75.0, 0.0301, used))
                .collect()
        }),
    };
    let axes = (
        Axis::new("time", "min"),
        Axis::new("plasma glucose", "mmol/L"),
    );
    let swept = Axis::new("use of glucose", "10⁻³/min").logarithmic();
    let members: Vec<Member> = rates.iter().enumerate().map(member).collect();
    build::family(
        "75 g glucose, by how fast it is used",
        axes,
        swept,
        &time,
        &members,
    )
}

/// Glucose two hours after a dose, by dose and by how fast it is used; what is used far too slowly fails.
fn grid(columns: usize, rows: usize) -> Grid {
    let at_x = spaced(10.0, 130.0, columns, false);
    let at_y = spaced(4.0, 60.0, rows, true);
    let value = |dose: f64, rate: f64| glucose(120.0, dose, 0.0301, 0.001 * rate);
    let cells = at_y.iter().flat_map(|&rate| {
        let fails = move |dose: f64| dose > 105.0 && rate < 6.5;
        at_x.iter()
            .map(move |&dose| (!fails(dose)).then(|| value(dose, rate)))
    });
    Grid {
        x: Axis::new("glucose drunk", "g"),
        y: Axis::new("use of glucose", "10⁻³/min").logarithmic(),
        value: Axis::new("glucose after 2 h", "mmol/L"),
        cells: cells.collect(),
        at_x: at_x.clone(),
        at_y: at_y.clone(),
    }
}

fn impaired() -> [Threshold; 1] {
    [Threshold {
        level: 7.8,
        label: "7.8 mmol/L".into(),
    }]
}

fn heat_map() -> Figure {
    build::heat_map("Where normal tolerance ends", &grid(13, 17), 0, &impaired())
}

fn contours(filled: bool) -> Figure {
    build::contour_map(
        "Where normal tolerance ends",
        &grid(25, 25),
        filled,
        7,
        &impaired(),
    )
}

fn heat_log() -> Figure {
    let mut grid = grid(9, 9);
    grid.value = grid.value.logarithmic();
    for (at, cell) in grid.cells.iter_mut().enumerate() {
        *cell = Some(pow(10.0, 0.06 * at as f64 - 2.0));
    }
    build::heat_map("Five decades", &grid, 5, &[])
}

fn heat_large() -> Figure {
    let mut grid = grid(500, 300);
    let (wide, n) = (500, 500 * 300);
    let wave = |at: usize| {
        let (x, y) = ((at % wide) as f64 / 60.0, (at / wide) as f64 / 40.0);
        Some(20.0 + 15.0 * sin(x) * sin(y))
    };
    grid.cells = (0..n).map(wave).collect();
    build::heat_map("Many cells", &grid, 4, &[])
}

fn tornado() -> Figure {
    let effect = |name: &str, low: Option<f64>, high: Option<f64>| Effect {
        name: name.into(),
        ends: ("0.5 ×".into(), "2 ×".into()),
        low,
        high,
    };
    let effects = [
        effect("emptying of the stomach", Some(9.6), Some(12.3)),
        effect("volume of distribution", Some(15.2), Some(8.1)),
        effect("insulin sensitivity of muscle", Some(13.4), Some(8.9)),
        effect("renal threshold", None, Some(11.2)),
        effect("weight", Some(11.9), Some(11.4)),
        effect("insulin sensitivity of the liver", Some(12.1), Some(10.2)),
        effect("gut glucose uptake", Some(10.9), Some(11.0)),
    ];
    let result = Axis::new("peak of plasma glucose", "mmol/L");
    build::tornado(
        "What moves the peak after 75 g of glucose",
        result,
        11.0,
        &effects,
    )
}

fn morris_of(parameters: &[(&str, f64, f64)]) -> Figure {
    let parameter = |&(name, mu_star, sigma): &(&str, f64, f64)| Elementary {
        name: name.into(),
        mu_star,
        mu_star_half: 0.06 * mu_star + 0.04,
        sigma,
        sigma_half: 0.08 * sigma + 0.03,
    };
    let parameters: Vec<Elementary> = parameters.iter().map(parameter).collect();
    let result = Axis::new("peak glucose", "mmol/L");
    build::morris("Which parameters matter", &result, &parameters)
}

fn morris() -> Figure {
    morris_of(&[
        ("volume of distribution", 4.1, 0.9),
        ("sensitivity of muscle", 3.2, 1.9),
        ("emptying of the stomach", 2.6, 2.9),
        ("sensitivity of the liver", 1.4, 1.2),
        ("first phase of secretion", 1.3, 1.32),
        ("renal threshold", 0.5, 0.9),
        ("weight", 0.25, 0.1),
        ("uptake by the gut", 0.2, 0.12),
        ("clearance of insulin", 0.3, 0.15),
    ])
}

fn morris_crowded() -> Figure {
    let names: Vec<String> = (0..30).map(|at| format!("rate constant k{at}")).collect();
    let parameters: Vec<(&str, f64, f64)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let (a, b) = (scattered(at, 0), scattered(at, 1));
            (name.as_str(), 3.0 * a * a, 3.0 * a * b)
        })
        .collect();
    morris_of(&parameters)
}

fn sobol() -> Figure {
    let index = |value: f64, half: f64| Index {
        value,
        interval: Some((value - half, value + half)),
    };
    let parameter = |name: &str, first: f64, total: f64| Indices {
        name: name.into(),
        first: index(first, 0.03),
        total: index(total, 0.05),
    };
    // The g-function of Sobol with a = 0, 1, 4.5, 9 (Saltelli et al. 2010, Comput Phys Commun 181:259–270), rounded.
    let indices = [
        parameter("x₃", 0.023, 0.034),
        parameter("x₁", 0.716, 0.788),
        parameter("x₄", 0.007, 0.010),
        parameter("x₂", 0.179, 0.242),
    ];
    build::sobol("Who makes the variance", "the g-function", &indices)
}

fn crowd(n: usize) -> Spread {
    let along = minutes(240, 4);
    let run = |at: usize| -> Option<Vec<f64>> {
        let used = 0.008 + 0.022 * scattered(at, 0);
        let absorbed = 0.0301 + 0.03 * scattered(at, 1);
        let size = 55.0 + 45.0 * scattered(at, 2);
        let curve = |&t: &f64| glucose(t, size, absorbed, used) + 0.6 * scattered(at, 3) - 0.3;
        (at % 40 != 7).then(|| along.iter().map(curve).collect())
    };
    Spread {
        x: Axis::new("time", "min"),
        y: Axis::new("plasma glucose", "mmol/L"),
        runs: (0..n).map(run).collect(),
        along: along.clone(),
    }
}

fn measured() -> Vec<Series> {
    let time = vec![0.0, 30.0, 60.0, 90.0, 120.0, 180.0];
    let value: Vec<f64> = time
        .iter()
        .map(|&t| glucose(t, 74.0, 0.05, 0.019))
        .collect();
    let series = Series::new(
        "made up as if measured, mean ± SD, n = 12",
        SeriesKind::Points,
        time,
        value,
        Colour::Measured,
    );
    vec![series.with_spread(vec![0.4, 0.9, 1.2, 1.1, 0.9, 0.6])]
}

fn scatter(coloured: bool) -> Figure {
    let sample = |at: usize| {
        let used = 0.004 + 0.04 * scattered(at, 0);
        let dose = 20.0 + 110.0 * scattered(at, 1);
        let two_hours = glucose(120.0, dose, 0.0301 + 0.02 * scattered(at, 2), used);
        Sample {
            x: 1000.0 * used,
            y: (at % 97 != 5).then_some(two_hours),
            colour: dose,
        }
    };
    let samples: Vec<Sample> = (0..900).map(sample).collect();
    let axes = (
        Axis::new("use of glucose", "10⁻³/min").logarithmic(),
        Axis::new("glucose after 2 h", "mmol/L"),
    );
    let colours = coloured.then(|| Axis::new("glucose drunk", "g"));
    build::scatter("A random design", axes, colours, &samples)
}
