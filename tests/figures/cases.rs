//! Figures of every kind, ordinary and awkward. The numbers are made up, but of the right size and shape.

use insilin::render::build::{self, Arm, Curve, Happenings};
use insilin::render::{Axis, Band, Colour, Dash, Figure, Mark, Panel, Series, SeriesKind};
use insilin::trajectory::{Column, ColumnKind, Measured, SpreadKind, Trajectory};
use ndarray::Array2;

/// Name and figure of every case.
pub fn all() -> Vec<(&'static str, Figure)> {
    vec![
        ("meal", meal()),
        ("fluxes", fluxes()),
        ("stacked", stacked()),
        ("dose-response", dose_response()),
        ("small-multiples", small_multiples()),
        ("arms", arms()),
        ("bars", bars()),
        ("steps", steps()),
        (
            "gaps",
            one_line(&[1.0, 2.0, f64::NAN, 2.0, f64::NAN, 3.0, 2.5]),
        ),
        ("zero", one_line(&[0.0; 50])),
        ("single-point", one_line(&[5.0])),
        ("no-data", one_line(&[])),
        ("huge", one_line(&[0.0, 1.2e12, 3.1e12, 2.2e12])),
        ("tiny", one_line(&[1e-12, 2.5e-12, -1e-12, 3e-12])),
        ("near-constant", one_line(&[5.0, 5.0 + 1e-15, 5.0 - 1e-15])),
        ("long-words", long_words()),
        ("weeks", weeks()),
        ("noisy", noisy()),
        ("clipped", clipped()),
    ]
}

/// A rise and fall of height 1 at `peak` minutes.
fn hump(t: f64, peak: f64) -> f64 {
    let u = (t / peak).max(0.0);
    u * u * insilin::math::exp(2.0 * (1.0 - u))
}

fn minutes() -> Vec<f64> {
    (0..=420).map(f64::from).collect()
}

/// Identifier, label, unit, kind, and value at a time in minutes.
type Curved = (
    &'static str,
    &'static str,
    &'static str,
    ColumnKind,
    fn(f64) -> f64,
);

fn trajectory() -> Trajectory {
    let time = minutes();
    let curves: [Curved; 7] = [
        ("G", "plasma glucose", "mg/dL", ColumnKind::Species, |t| {
            91.8 + 66.0 * hump(t, 66.0)
        }),
        ("I", "plasma insulin", "pmol/L", ColumnKind::Species, |t| {
            25.5 + 229.0 * hump(t, 90.0)
        }),
        (
            "EGP",
            "endogenous production",
            "mg/kg/min",
            ColumnKind::Reaction,
            |t| 1.92 - 1.5 * hump(t, 110.0),
        ),
        (
            "Ra",
            "rate of appearance",
            "mg/kg/min",
            ColumnKind::Reaction,
            |t| 7.5 * hump(t, 45.0),
        ),
        ("U", "utilisation", "mg/kg/min", ColumnKind::Reaction, |t| {
            1.92 + 4.6 * hump(t, 95.0)
        }),
        (
            "E",
            "renal excretion",
            "mg/kg/min",
            ColumnKind::Reaction,
            |_| 0.0,
        ),
        (
            "net",
            "net balance",
            "mg/kg/min",
            ColumnKind::Reaction,
            |t| 4.0 * hump(t, 40.0) - 2.0 * hump(t, 160.0),
        ),
    ];
    let data = Array2::from_shape_fn((time.len(), curves.len()), |(row, column)| {
        curves[column].4(time[row])
    });
    let columns = curves
        .iter()
        .map(|(id, label, unit, kind, _)| Column::new(*id, *unit, *kind).labelled(*label))
        .collect();
    Trajectory::new(time, "min", columns, data)
}

fn measured(observable: &str, unit: &str, base: f64, rise: f64, peak: f64) -> Measured {
    let time: Vec<f64> = [
        0, 6, 10, 15, 20, 29, 40, 51, 60, 74, 89, 121, 150, 179, 209, 239, 259, 279, 300, 360, 420,
    ]
    .map(f64::from)
    .into();
    let value: Vec<f64> = time.iter().map(|&t| base + rise * hump(t, peak)).collect();
    let spread = time
        .iter()
        .map(|&t| 0.08 * base + 0.35 * rise * hump(t, peak))
        .collect();
    Measured {
        observable: observable.into(),
        label: "measured".into(),
        time,
        value,
        spread,
        spread_kind: Some(SpreadKind::StandardDeviation),
        n: Some(204),
        unit: unit.into(),
        source: "Dalla Man 2007 doi:10.1109/TBME.2007.893506".into(),
    }
}

fn eaten() -> Happenings {
    Happenings {
        bands: vec![],
        marks: vec![Mark {
            at: 0.0,
            label: "78 g glucose".into(),
        }],
    }
}

pub fn meal() -> Figure {
    let trajectory = trajectory();
    let arms = [Arm {
        label: "",
        trajectory: &trajectory,
    }];
    let measured = [
        measured("G", "mg/dL", 92.0, 88.0, 52.0),
        measured("I", "pmol/L", 26.0, 330.0, 61.0),
    ];
    let mut figure = build::time_course(
        "Mixed meal, 78 g glucose",
        &arms,
        &[vec!["G"], vec!["I"]],
        &measured,
        &eaten(),
    )
    .unwrap();
    figure.subtitle = "Dalla Man 2007 meal model, healthy adult".into();
    figure
}

fn fluxes() -> Figure {
    let trajectory = trajectory();
    let arms = [Arm {
        label: "",
        trajectory: &trajectory,
    }];
    let groups = [vec!["EGP", "Ra", "U", "E"], vec!["net"]];
    let happenings = Happenings {
        bands: vec![
            Band {
                from: 120.0,
                to: 180.0,
                label: "walk, 45 % VO₂max".into(),
            },
            Band {
                from: 300.0,
                to: 420.0,
                label: "sleep".into(),
            },
        ],
        marks: vec![
            Mark {
                at: 0.0,
                label: "meal".into(),
            },
            Mark {
                at: 15.0,
                label: "insulin bolus 4 U".into(),
            },
        ],
    };
    build::time_course("Glucose fluxes", &arms, &groups, &[], &happenings).unwrap()
}

fn stacked() -> Figure {
    let panel = build::stacked_panel(&trajectory(), &["EGP", "Ra"]).unwrap();
    Figure::new("Where the glucose comes from", vec![panel])
}

fn dose_response() -> Figure {
    let dose: Vec<f64> = (0..=20)
        .map(|i| insilin::math::pow(10.0, -3.0 + 0.25 * f64::from(i)))
        .collect();
    let hill = |ec50: f64, top: f64| {
        dose.iter()
            .map(|d| 4.0 + top * d / (ec50 + d))
            .collect::<Vec<f64>>()
    };
    let curves = [
        Curve {
            label: "without feedback".into(),
            dose: dose.clone(),
            response: hill(0.55, 35.0),
            spread: vec![],
            measured: false,
        },
        Curve {
            label: "with feedback".into(),
            dose: dose.clone(),
            response: hill(0.4, 26.0),
            spread: vec![],
            measured: false,
        },
        Curve {
            label: "measured, mean ± SEM, n = 5 (synthetic)".into(),
            dose: vec![1e-3, 0.1, 1.0, 10.0, 100.0],
            response: vec![4.2, 9.0, 26.0, 36.0, 41.0],
            spread: vec![0.8, 1.5, 3.0, f64::NAN, 4.5],
            measured: true,
        },
    ];
    build::dose_response(
        "Surface GLUT4 against insulin",
        Axis::new("insulin", "nmol/L").logarithmic(),
        Axis::new("surface GLUT4", "% of total"),
        &curves,
    )
}

fn small_multiples() -> Figure {
    let trajectory = trajectory();
    let arms = [Arm {
        label: "",
        trajectory: &trajectory,
    }];
    let panel = |id: &&str| {
        let mut panel = build::time_panel(&arms, &[*id], &[]).unwrap();
        panel.title = trajectory.column(id).unwrap().label.clone();
        panel
    };
    build::small_multiples(
        "All observables of the meal",
        ["G", "I", "EGP", "Ra", "U"].iter().map(panel).collect(),
        3,
    )
}

fn arms() -> Figure {
    let trajectory = trajectory();
    let mut tired = trajectory.clone();
    tired.data.mapv_inplace(|value| 1.2 * value);
    let arms = [
        Arm {
            label: "rested",
            trajectory: &trajectory,
        },
        Arm {
            label: "short sleep",
            trajectory: &tired,
        },
    ];
    build::time_course(
        "One night of short sleep",
        &arms,
        &[vec!["G"], vec!["EGP", "Ra"]],
        &[],
        &eaten(),
    )
    .unwrap()
}

fn bars() -> Figure {
    let x = vec![0.0, 1.0, 2.0];
    let series = |label: &str, y: Vec<f64>, colour| {
        Series::new(
            label,
            SeriesKind::Bars,
            x.clone(),
            y,
            Colour::Series(colour),
        )
        .with_spread(vec![0.4, 0.6, 0.5])
    };
    let categories = [
        "lean",
        "insulin resistant",
        "after twelve weeks of training",
    ]
    .map(String::from)
    .to_vec();
    let panel = Panel {
        x: Axis {
            categories,
            ..Axis::default()
        },
        y: Axis::new("glucose uptake in clamp", "mg/kg/min"),
        series: vec![
            series("simulated", vec![7.9, 4.1, 6.2], 0),
            series("measured, mean ± SEM", vec![8.2, -1.9, 5.8], 1),
        ],
        ..Panel::default()
    };
    Figure::new("Clamp before and after training", vec![panel])
}

fn steps() -> Figure {
    let hours: Vec<f64> = (0..=24).map(f64::from).collect();
    let awake = hours
        .iter()
        .map(|hour| f64::from(u8::from((7.0..23.0).contains(hour))))
        .collect();
    let x = Axis::new("time of day", "h");
    let series = vec![Series::new(
        "awake",
        SeriesKind::Steps,
        hours,
        awake,
        Colour::Series(2),
    )];
    Figure::new(
        "Sleep window",
        vec![Panel {
            x,
            y: Axis::new("awake", ""),
            series,
            ..Panel::default()
        }],
    )
}

pub fn one_line(y: &[f64]) -> Figure {
    let x: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
    let series = vec![Series::new(
        "simulated",
        SeriesKind::Line,
        x,
        y.to_vec(),
        Colour::Series(0),
    )];
    let panel = Panel {
        x: Axis::new("time", "min"),
        y: Axis::new("amount", "mmol"),
        series,
        ..Panel::default()
    };
    Figure::new("Awkward data", vec![panel])
}

fn long_words() -> Figure {
    let mut figure = meal();
    figure.title = "A very long title about what happens to the glucose and the insulin of an average person who eats a \
                    mixed meal after a short night and before a long walk on a warm day in late summer"
        .into();
    figure.subtitle = "subtitle ".repeat(40);
    figure.panels[0].y.label =
        "concentration of glucose in the arterialised venous plasma of the forearm".into();
    for index in 0..6 {
        let label = format!(
            "series number {index} with a label that is long enough to need a row of its own, and more words yet"
        );
        let y = vec![100.0 + 10.0 * f64::from(index); 2];
        let series = Series::new(
            label,
            SeriesKind::Line,
            vec![0.0, 420.0],
            y,
            Colour::Series(index as usize + 1),
        );
        figure.panels[1]
            .series
            .push(series.with_dash(Dash::nth(index as usize)));
    }
    figure.panels[1].marks[0].label =
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
            .repeat(2);
    figure
}

fn weeks() -> Figure {
    let days: Vec<f64> = (0..=84).map(f64::from).collect();
    let mass: Vec<f64> = days
        .iter()
        .map(|day| 98.4 - 0.12 * day + 0.3 * insilin::math::sin(day * 0.9))
        .collect();
    let series = vec![Series::new(
        "simulated",
        SeriesKind::LinePoints,
        days,
        mass,
        Colour::Series(0),
    )];
    let panel = Panel {
        x: Axis::new("time", "d"),
        y: Axis::new("body mass", "kg"),
        series,
        ..Panel::default()
    };
    Figure::new("Twelve weeks", vec![panel])
}

fn noisy() -> Figure {
    let x: Vec<f64> = (0..20000).map(|i| f64::from(i) * 0.01).collect();
    let y = x
        .iter()
        .map(|t| 5.0 + insilin::math::sin(t * 3.0) * insilin::math::cos(t * 0.05))
        .collect();
    let series = vec![Series::new(
        "fast oscillation",
        SeriesKind::Line,
        x,
        y,
        Colour::Series(1),
    )];
    let panel = Panel {
        x: Axis::new("time", "s"),
        y: Axis::new("Ca²⁺", "µmol/L"),
        series,
        ..Panel::default()
    };
    Figure::new("Dense data", vec![panel])
}

fn clipped() -> Figure {
    let mut figure = meal();
    figure.panels.truncate(1);
    figure.panels[0].y.range = Some((100.0, 150.0));
    figure.panels[0].x.range = Some((30.0, 200.0));
    figure.size = (420, 300);
    figure
}
