//! Figures of every kind, ordinary and awkward. The numbers are made up, but of the right size and shape.

use insilin::observe::daily::DaySpread;
use insilin::render::build::{self, Arm, Curve, Happenings};
use insilin::render::build::{ClockStart, HeatScale};
use insilin::render::{
    Axis, Band, Colour, Dash, Figure, HappeningKind, Mark, Panel, Series, SeriesKind,
};
use insilin::trajectory::{Column, ColumnKind, Measured, SpreadKind, Trajectory};
use ndarray::Array2;

/// Name and figure of every case.
pub fn all() -> Vec<(&'static str, Figure)> {
    let mut all = vec![
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
        ("day", day()),
        ("day-of-two", day_of_two()),
        ("week", week()),
        ("week-of-two", week_of_two()),
        ("long", long()),
        ("long-of-two", long_of_two()),
        ("heat", heat(HeatScale::Own)),
        ("heat-given", heat(HeatScale::Given(0.0, 60.0))),
        ("stacked-arms", stacked_arms()),
        ("crowded", crowded()),
        ("year", year()),
    ];
    all.extend(super::many::all());
    all
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
            kind: HappeningKind::Meal,
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
                kind: HappeningKind::Bout,
            },
            Band {
                from: 300.0,
                to: 420.0,
                label: "sleep".into(),
                kind: HappeningKind::Sleep,
            },
        ],
        marks: vec![
            Mark {
                at: 0.0,
                label: "meal".into(),
                kind: HappeningKind::Meal,
            },
            Mark {
                at: 15.0,
                label: "insulin bolus 4 U".into(),
                kind: HappeningKind::Dose,
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

/// Twelve weeks in minutes: three meals a day, glucose and insulin after each, less from week to week.
fn life(days: u32, step: u32, factor: f64) -> Trajectory {
    let time: Vec<f64> = (0..=days * 1440 / step)
        .map(|at| f64::from(at * step))
        .collect();
    let after = |t: f64, peak: f64| -> f64 {
        let meals = [(450.0, 1.0), (760.0, 0.8), (1170.0, 1.2)];
        let today = 1440.0 * (t / 1440.0).floor();
        let late = meals.map(|(at, size)| size * hump((t - today - at).max(0.0), peak));
        late.iter().sum()
    };
    let columns = vec![
        Column::new("G", "mmol/L", ColumnKind::Species).labelled("plasma glucose"),
        Column::new("I", "pmol/L", ColumnKind::Species).labelled("plasma insulin"),
    ];
    let data = Array2::from_shape_fn((time.len(), 2), |(row, column)| {
        let t = time[row];
        let trend = factor * (1.0 - 0.2 * t / (84.0 * 1440.0));
        match column {
            0 => 5.0 * trend + 3.2 * factor * after(t, 45.0),
            _ => 30.0 * trend + 280.0 * trend * after(t, 60.0),
        }
    });
    Trajectory::new(time, "min", columns, data)
}

/// What the days of a working person hold.
fn busy(days: u32) -> Happenings {
    let mut happenings = Happenings::default();
    for day in 0..days {
        let at = |hours: f64| f64::from(day) * 1440.0 + 60.0 * hours;
        for (hours, label) in [
            (7.5, "oats, berries, walnuts"),
            (12.67, "lentil salad"),
            (19.5, "salmon, quinoa, broccoli"),
        ] {
            happenings.marks.push(Mark {
                at: at(hours),
                label: label.into(),
                kind: HappeningKind::Meal,
            });
        }
        let mut band = |from: f64, to: f64, label: &str, kind| {
            happenings.bands.push(Band {
                from: at(from),
                to: at(to),
                label: label.into(),
                kind,
            });
        };
        band(-1.0, 6.5, "asleep", HappeningKind::Sleep);
        if day + 1 == days {
            band(23.0, 30.5, "asleep", HappeningKind::Sleep);
        }
        match day % 7 {
            0 | 2 | 4 => band(17.0, 17.75, "cycling, 65 % VO₂max", HappeningKind::Bout),
            1 => band(9.0, 12.0, "exam", HappeningKind::Stress),
            3 => band(20.5, 21.0, "mindfulness", HappeningKind::Practice),
            _ => {}
        }
        if day % 7 == 0 {
            happenings.marks.push(Mark {
                at: at(8.0),
                label: "testosterone 100 mg".into(),
                kind: HappeningKind::Dose,
            });
        }
    }
    happenings
}

const MONDAY: Option<ClockStart> = Some(ClockStart {
    weekday: 0,
    minute: 0.0,
});

pub fn day() -> Figure {
    let trajectory = life(1, 1, 1.0);
    let mut happenings = busy(1);
    happenings.bands.push(Band {
        from: 540.0,
        to: 690.0,
        label: "exam".into(),
        kind: HappeningKind::Stress,
    });
    happenings.bands.push(Band {
        from: 1215.0,
        to: 1245.0,
        label: "breathing".into(),
        kind: HappeningKind::Practice,
    });
    happenings.bands.push(Band {
        from: 780.0,
        to: 960.0,
        label: "cortisol 2 µg/kg/min".into(),
        kind: HappeningKind::Infusion,
    });
    let arms = [Arm {
        label: "",
        trajectory: &trajectory,
    }];
    let groups = [vec!["G"], vec!["I"]];
    let mut figure = build::time_course("A healthy day", &arms, &groups, &[], &happenings).unwrap();
    build::on_the_clock(&mut figure, MONDAY, None).unwrap();
    figure
}

fn two(days: u32, step: u32) -> [Trajectory; 2] {
    [life(days, step, 1.0), life(days, step, 1.25)]
}

fn compared(two: &[Trajectory; 2]) -> [Arm<'_>; 2] {
    [("rested", &two[0]), ("short sleep", &two[1])]
        .map(|(label, trajectory)| Arm { label, trajectory })
}

fn day_of_two() -> Figure {
    let runs = two(2, 5);
    let groups = [vec!["G"], vec!["I"]];
    let mut figure =
        build::time_course("The day after", &compared(&runs), &groups, &[], &busy(2)).unwrap();
    build::on_the_clock(&mut figure, MONDAY, Some(2)).unwrap();
    figure
}

pub fn week() -> Figure {
    let trajectory = life(7, 5, 1.0);
    let arms = [Arm {
        label: "",
        trajectory: &trajectory,
    }];
    build::week("A week", &arms, &[vec!["G"]], &[], &busy(7), (MONDAY, 1)).unwrap()
}

fn week_of_two() -> Figure {
    let runs = two(14, 5);
    let (groups, when) = ([vec!["G"], vec!["I"]], (MONDAY, 2));
    build::week(
        "The second week",
        &compared(&runs),
        &groups,
        &[],
        &busy(14),
        when,
    )
    .unwrap()
}

/// A programme in two parts, and hard weeks at work.
fn programme() -> Happenings {
    let mut happenings = busy(84);
    let weeks = |week: f64| week * 7.0 * 1440.0;
    let spans = [
        (0.0, 4.0, "run-in", HappeningKind::Phase),
        (
            4.0,
            12.0,
            "training, three times a week",
            HappeningKind::Phase,
        ),
        (6.0, 9.0, "deadline at work", HappeningKind::Stress),
    ];
    happenings
        .bands
        .extend(spans.map(|(from, to, label, kind)| Band {
            from: weeks(from),
            to: weeks(to),
            label: label.into(),
            kind,
        }));
    happenings
}

fn long() -> Figure {
    let trajectory = life(84, 10, 1.0);
    let arms = [Arm {
        label: "",
        trajectory: &trajectory,
    }];
    let groups = [vec!["G"], vec!["I"]];
    let spread = DaySpread::Percentiles(10.0, 90.0);
    build::long("Twelve weeks", &arms, &groups, &programme(), MONDAY, spread).unwrap()
}

fn long_of_two() -> Figure {
    let runs = two(28, 10);
    let (happenings, spread) = (Happenings::default(), DaySpread::Extremes);
    let groups = [vec!["G"]];
    build::long(
        "A month",
        &compared(&runs),
        &groups,
        &happenings,
        None,
        spread,
    )
    .unwrap()
}

fn heat(scale: HeatScale) -> Figure {
    let peaks = [
        ("IR_pY", "receptor, phosphorylated", 4.0),
        ("IRS1", "IRS-1 · PI3K", 8.0),
        ("PIP3", "PIP₃", 11.0),
        ("AKT", "Akt, phosphorylated on serine and threonine", 16.0),
        ("AS160", "AS160, phosphorylated", 24.0),
        ("GLUT4", "GLUT4 at the surface", 33.0),
    ];
    let time: Vec<f64> = (0..=600).map(|at| 0.1 * f64::from(at)).collect();
    let columns = peaks
        .iter()
        .map(|(id, label, _)| Column::new(*id, "%", ColumnKind::Species).labelled(*label))
        .collect();
    let data = Array2::from_shape_fn((time.len(), peaks.len()), |(row, column)| {
        let size = 80.0 / (1.0 + column as f64);
        size * hump(time[row], peaks[column].2)
    });
    let trajectory = Trajectory::new(time, "min", columns, data);
    let arms = [Arm {
        label: "",
        trajectory: &trajectory,
    }];
    let ids = peaks.iter().map(|(id, ..)| *id).collect();
    let happenings = Happenings {
        bands: vec![Band {
            from: 0.0,
            to: 15.0,
            label: "insulin 100 nmol/L".into(),
            kind: HappeningKind::Infusion,
        }],
        marks: vec![],
    };
    build::heat(
        "From receptor to transporter",
        &arms,
        &[ids],
        &happenings,
        scale,
    )
    .unwrap()
}

fn stacked_arms() -> Figure {
    let trajectory = trajectory();
    let mut panels: Vec<Panel> = ["rested", "short sleep"]
        .map(|title| {
            let mut panel = build::stacked_panel(&trajectory, &["EGP", "Ra", "U", "E"]).unwrap();
            panel.title = title.into();
            panel
        })
        .into();
    build::share_y(&mut panels);
    Figure::new("Where the glucose comes from", panels)
}

fn crowded() -> Figure {
    let trajectory = life(14, 10, 1.0);
    let arms = [Arm {
        label: "",
        trajectory: &trajectory,
    }];
    build::time_course("Two weeks", &arms, &[vec!["G"]], &[], &busy(14)).unwrap()
}

fn year() -> Figure {
    let trajectory = life(364, 60, 1.0);
    let arms = [Arm {
        label: "",
        trajectory: &trajectory,
    }];
    build::time_course("A year", &arms, &[vec!["G"], vec!["I"]], &[], &busy(364)).unwrap()
}
