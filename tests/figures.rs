//! Every kind of figure, drawn from made-up but realistic numbers, in both formats.
//!
//! The PNG files land in cargo's scratch folder for a look: `target/tmp/figures/`.
#![cfg(feature = "figures")]

#[cfg(test)]
mod figures {
    pub mod cases;
    pub mod many;
    pub mod png;
    pub mod read;
}

use figures::read::{Scale, fills, strokes, words};
use figures::{cases, many, png};
use insilin::render::{DISCLAIMER, Figure, frames, to_png, to_svg};

#[test]
fn a_figure_carries_its_words_as_text() {
    let svg = to_svg(&cases::meal());
    let words = words(&svg);
    for expected in [
        "Mixed meal, 78 g glucose",
        "plasma glucose (mg/dL)",
        "plasma insulin (pmol/L)",
        "time (min)",
        "simulated",
        "measured, mean ± SD, n = 204 (Dalla Man 2007)",
        "78 g glucose",
        "420",
    ] {
        assert!(
            words.iter().any(|found| found == expected),
            "`{expected}` is missing from {words:?}"
        );
    }
    assert!(words.join(" ").contains(DISCLAIMER));
    assert!(svg.contains("font-family=\"DejaVu Sans, sans-serif\""));
    assert!(
        svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"670\"")
    );
}

#[test]
fn the_same_figure_gives_the_same_bytes() {
    for (name, figure) in cases::all() {
        assert_eq!(to_svg(&figure), to_svg(&figure), "{name} as SVG");
        assert_eq!(to_png(&figure, 1.0), to_png(&figure, 1.0), "{name} as PNG");
    }
}

#[test]
fn every_figure_becomes_a_png_of_its_size_with_ink_on_it() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, figure) in cases::all() {
        let large = to_png(&figure.clone().on_projector(), 1.0);
        std::fs::write(folder.join(format!("{name}-projector.png")), large).unwrap();
        let bytes = to_png(&figure, 1.5);
        std::fs::write(folder.join(format!("{name}.png")), &bytes).unwrap();
        std::fs::write(folder.join(format!("{name}.svg")), to_svg(&figure)).unwrap();
        let image = png::decode(&bytes);
        let grown = |length: u32| (f64::from(length) * 1.5).round() as usize;
        assert_eq!(
            (image.width, image.height),
            (grown(figure.size.0), grown(figure.size.1)),
            "{name}"
        );
        let inked = image
            .rgb
            .chunks(3)
            .filter(|pixel| pixel.iter().any(|&part| part < 200))
            .count();
        let share = inked as f64 / (image.width * image.height) as f64;
        assert!(
            // Dark fields are inked all over.
            (0.002..0.75).contains(&share),
            "{name}: {share} of the page is inked"
        );
    }
}

#[test]
fn no_word_leaves_the_page() {
    let all = cases::all().into_iter();
    for (name, figure) in
        all.flat_map(|(name, figure)| [(name, figure.clone()), (name, figure.on_projector())])
    {
        let image = png::decode(&to_png(&figure, 1.0));
        let white = |x: usize, y: usize| image.rgb[3 * (y * image.width + x)..][..3] == [255; 3];
        let upright = (0..image.height).all(|y| white(0, y) && white(image.width - 1, y));
        let level = (0..image.width).all(|x| white(x, 0) && white(x, image.height - 1));
        assert!(upright && level, "{name} has ink on its edge");
    }
}

#[test]
fn the_decoder_of_these_tests_reads_a_file_of_another_maker() {
    let image = png::decode(&png::FOREIGN);
    assert_eq!((image.width, image.height), (3, 2));
    assert_eq!(image.rgb, png::FOREIGN_PIXELS);
}

#[test]
fn a_gap_in_the_data_splits_the_line() {
    let lines = |figure| lines(&to_svg(&figure)).len();
    assert_eq!(
        lines(cases::one_line(&[1.0, 2.0, 3.0, 2.0, 1.0])),
        2,
        "the curve and its sample in the legend"
    );
    assert_eq!(lines(cases::one_line(&[1.0, 2.0, f64::NAN, 2.0, 1.0])), 3);
}

#[test]
fn awkward_data_never_puts_rounding_noise_on_an_axis() {
    for (name, figure) in cases::all() {
        for word in words(&to_svg(&figure)) {
            assert!(
                !word.contains("0000000") && !word.contains("99999") && !word.contains("NaN"),
                "{name}: {word}"
            );
        }
    }
}

/// The lines of the first series, their points in pixels.
fn lines(svg: &str) -> Vec<Vec<(f64, f64)>> {
    strokes(svg, "#0072B2", 22)
}

/// The line with the most points.
fn longest(svg: &str) -> Vec<(f64, f64)> {
    lines(svg)
        .into_iter()
        .max_by_key(Vec::len)
        .expect("a line is drawn")
}

#[test]
fn peaks_of_a_hundred_thousand_points_stand_where_they_are() {
    let n = 120_000;
    let spikes = [(31_415, 9.5), (31_999, 8.0), (90_001, 0.5)];
    let mut y = vec![5.0; n];
    spikes.iter().for_each(|&(at, value)| y[at] = value);
    let mut long = cases::one_line(&y);
    // The same line by its corners alone: too short to be thinned.
    let mut corners = vec![(0.0, 5.0)];
    for (at, value) in spikes {
        let at = at as f64;
        corners.extend([(at - 1.0, 5.0), (at, value), (at + 1.0, 5.0)]);
    }
    corners.push((n as f64 - 1.0, 5.0));
    let mut short = cases::one_line(&[]);
    let series = &mut short.panels[0].series[0];
    (series.x, series.y) = corners.into_iter().unzip();
    for figure in [&mut long, &mut short] {
        figure.panels[0].y.range = Some((0.0, 10.0));
    }
    let (long, short) = (longest(&to_svg(&long)), longest(&to_svg(&short)));
    assert!(long.len() < 4 * 900, "{} points are left", long.len());
    for peak in short.iter().filter(|(_, y)| (y - short[0].1).abs() > 1.0) {
        let near = long
            .iter()
            .any(|point| (point.0 - peak.0).abs() <= 1.0 && (point.1 - peak.1).abs() <= 1.0);
        assert!(near, "the peak at {peak:?} is gone");
    }
}

#[test]
fn what_happens_is_named_in_lanes_and_kinds_in_the_legend() {
    let day = words(&to_svg(&cases::day()));
    for expected in [
        "meals",
        "exercise",
        "sleep",
        "lentil salad",
        "exam",
        "06:00",
        "time of day (h:min)",
    ] {
        assert!(
            day.iter().any(|word| word == expected),
            "`{expected}` is missing from {day:?}"
        );
    }
    let week = words(&to_svg(&cases::week()));
    for expected in [
        "Mon (mmol/L)",
        "Sun (mmol/L)",
        "plasma glucose (mmol/L)",
        "practice",
        "18:00",
    ] {
        assert!(
            week.iter().any(|word| word == expected),
            "`{expected}` is missing from {week:?}"
        );
    }
    assert_eq!(week.iter().filter(|word| *word == "meals").count(), 1);
}

#[test]
fn a_projector_gets_sixteen_to_nine_and_type_of_a_fiftieth_of_the_height() {
    for (name, figure) in cases::all() {
        let figure = figure.on_projector();
        assert_eq!(9 * figure.size.0, 16 * figure.size.1, "{name}");
        let svg = to_svg(&figure);
        let sizes = svg.split("font-size=\"").skip(1).map(|rest| {
            let (size, _) = rest.split_once('"').expect("a size ends");
            size.parse::<f64>().unwrap() / 10.0
        });
        // Small print apart, which is the same everywhere.
        let small = svg.matches("Simulated average").count() + 1;
        let mut sizes: Vec<f64> = sizes.collect();
        sizes.sort_by(f64::total_cmp);
        let least = sizes.get(small).copied().unwrap_or(f64::INFINITY);
        assert!(
            least >= f64::from(figure.size.1) / 50.0,
            "{name}: {least} pixels"
        );
    }
}

/// The case of many runs that is called `name`.
fn of_many(name: &str) -> Figure {
    let found = many::all().into_iter().find(|(other, _)| *other == name);
    found.expect("there is such a case").1
}

#[test]
fn the_threshold_of_a_contour_map_lies_where_the_closed_form_has_it() {
    let figure = of_many("contour-map");
    let svg = to_svg(&figure);
    let (x, y) = (Scale::along(&svg, "20", "120"), Scale::up(&svg, "5", "50"));
    // The thick line: three pixels of ink.
    let thick = strokes(&svg, "#222222", 30);
    let points: Vec<(f64, f64)> = thick.into_iter().flatten().collect();
    assert!(points.len() > 10, "{points:?}");
    for (across, up) in points {
        let (dose, rate) = (x.value(across), y.value_log(up));
        let exact = 2.8 / (many::glucose(120.0, 1.0, 0.0301, 0.001 * rate) - 5.0);
        // Cells are 5 g wide.
        assert!(
            (dose - exact).abs() < 0.15 * 5.0,
            "{dose} g, not {exact} g, at {rate}"
        );
    }
}

#[test]
fn curves_of_a_family_get_darker_with_their_value() {
    let svg = to_svg(&of_many("family-few"));
    let coloured: Vec<[u32; 3]> = svg
        .split("<path fill=\"none\" stroke=\"#")
        .skip(1)
        .filter(|path| path.contains("stroke-width=\"20\""))
        .map(|path| {
            let part = |at: usize| u32::from_str_radix(&path[at..at + 2], 16).unwrap();
            [part(0), part(2), part(4)]
        })
        .collect();
    // Three lines of the legend first, then seven curves. Weights of Rec. 709 for how light a colour is.
    let light: Vec<u32> = coloured
        .iter()
        .map(|[red, green, blue]| 2126 * red + 7152 * green + 722 * blue)
        .collect();
    assert_eq!(light.len(), 7);
    assert!(light.windows(2).all(|pair| pair[1] < pair[0]), "{light:?}");
}

#[test]
fn thousands_of_runs_make_no_heavy_file() {
    for name in ["family-many", "spaghetti-many", "field-large", "scatter"] {
        let bytes = to_svg(&of_many(name)).len();
        assert!(bytes < 300_000, "{name}: {bytes} bytes");
    }
}

#[test]
fn bars_of_a_tornado_end_at_their_results() {
    let svg = to_svg(&of_many("tornado"));
    let x = Scale::along(&svg, "8", "16");
    let ends = |colour: &str| -> Vec<(f64, f64)> {
        let bars = fills(&svg, colour).into_iter().map(|outline| {
            let x: Vec<f64> = outline.iter().map(|at| x.value(at.0)).collect();
            let low = x.iter().copied().fold(f64::INFINITY, f64::min);
            (low, x.iter().copied().fold(f64::NEG_INFINITY, f64::max))
        });
        bars.collect()
    };
    let near = |found: (f64, f64), low: f64, high: f64| {
        (found.0 - low).abs() < 0.01 && (found.1 - high).abs() < 0.01
    };
    // The sample of the legend comes first, then the largest effect.
    assert!(
        near(ends("#0072B2")[1], 11.0, 15.2),
        "{:?}",
        ends("#0072B2")
    );
    assert!(near(ends("#D55E00")[1], 8.1, 11.0), "{:?}", ends("#D55E00"));
    assert!(words(&svg).contains(&"0.5 × failed".to_string()));
}

#[test]
fn what_failed_is_said_in_the_legend_and_only_then() {
    let said = |name: &str| words(&to_svg(&of_many(name))).join("|");
    assert!(said("heat-map").contains("no value (9 of 221 runs)"));
    assert!(said("contour-map").contains("no value (25 of 625 runs)"));
    assert!(said("scatter").contains("no value (10 of 900 runs)"));
    assert!(said("family").contains("25 runs, 1 of them failed"));
    assert!(said("percentile-bands").contains("median, n = 117 (3 failed)"));
    assert!(!said("field-log").contains("no value"));
}

#[test]
fn colour_bars_say_quantity_and_unit() {
    for (name, expected) in [
        ("family", "use of glucose (10⁻³/min)"),
        ("heat-map", "glucose after 2 h (mmol/L)"),
        ("contour-map", "glucose after 2 h (mmol/L)"),
        ("scatter", "glucose drunk (g)"),
    ] {
        let words = words(&to_svg(&of_many(name)));
        assert!(
            words.iter().any(|word| word == expected),
            "{name}: {words:?}"
        );
    }
}

#[test]
fn frames_keep_their_axes_and_show_the_data_so_far() {
    for name in ["percentile-bands", "family"] {
        let figure = of_many(name);
        let all: Vec<String> = frames(&figure, 4).map(|frame| to_svg(&frame)).collect();
        let numbers = |svg: &String| -> Vec<String> {
            let words = words(svg).into_iter();
            words.filter(|word| word.parse::<f64>().is_ok()).collect()
        };
        assert_eq!(numbers(&all[0]), numbers(&all[3]), "{name}");
        assert_ne!(all[0], all[1], "{name}");
    }
    let figure = of_many("percentile-bands");
    let half = frames(&figure, 2).next().expect("a first frame");
    let svg = to_svg(&half);
    let x = Scale::along(&svg, "0", "240");
    let median = strokes(&svg, "#D55E00", 22);
    let ends = median.iter().flatten().map(|at| x.value(at.0));
    let end = ends.fold(0.0, f64::max);
    assert!((end - 120.0).abs() < 0.5, "the median ends at {end} min");
}
