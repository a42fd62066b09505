//! Every kind of figure, drawn from made-up but realistic numbers, in both formats.
//!
//! The PNG files land in cargo's scratch folder for a look: `target/tmp/figures/`.
#![cfg(feature = "figures")]

#[cfg(test)]
mod figures {
    pub mod cases;
    pub mod png;
}

use figures::{cases, png};
use insilin::render::{DISCLAIMER, to_png, to_svg};

/// Words of an SVG, one per text element.
fn words(svg: &str) -> Vec<String> {
    let texts = svg
        .split("<text ")
        .skip(1)
        .filter_map(|text| text.split_once('>'));
    texts
        .map(|(_, rest)| {
            rest.split("</text>")
                .next()
                .unwrap_or("")
                .trim()
                .to_string()
        })
        .collect()
}

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
            (0.002..0.6).contains(&share),
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
    let paths = svg.split("<path ").skip(1);
    let ours = paths.filter(|path| path.contains("stroke=\"#0072B2\""));
    let data = ours.filter_map(|path| path.split_once("d=\"")?.1.split_once('"'));
    let parts = data.flat_map(|(data, _)| data.split('M').skip(1));
    parts.map(line).collect()
}

/// `X Yl STEP STEP …` in tenths of pixels.
fn line(part: &str) -> Vec<(f64, f64)> {
    let numbers = part
        .split([' ', 'l'])
        .map(|number| number.parse::<f64>().expect("a number"));
    let numbers: Vec<f64> = numbers.collect();
    let mut at = (0.0, 0.0);
    let steps = numbers.chunks_exact(2).map(|step| {
        at = (at.0 + step[0], at.1 + step[1]);
        (at.0 / 10.0, at.1 / 10.0)
    });
    steps.collect()
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
