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
    let lines = |figure| {
        to_svg(&figure)
            .matches("stroke=\"#0072B2\" stroke-width=\"22\"")
            .count()
    };
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
