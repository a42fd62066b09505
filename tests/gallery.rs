//! The gallery in `results/gallery/`: figures of shipped scenarios, and of many runs of closed forms, as this program
//! draws them now.
//!
//! `INSILIN_GALLERY=write` (`just gallery`) draws them anew; without it a picture that is stale fails.
#![cfg(feature = "cli")]

mod support;

#[cfg(test)]
mod figures {
    #[allow(dead_code, reason = "the gallery shows some of the cases")]
    pub mod many;
}

use std::fs;
use std::path::PathBuf;

use figures::many;
use insilin::render::to_svg;
use support::command::decay;
use support::files::package;

/// Shipped scenarios with the figures that the gallery shows.
const SHOWN: [(&str, &[&str]); 6] = [
    ("healthy-day", &["glucose-and-insulin"]),
    ("four-weeks", &["week", "month"]),
    (
        "mixed-meal",
        &["glucose-and-insulin", "where-glucose-comes-from"],
    ),
    ("insulin-pulse", &["activities", "small-multiples"]),
    ("insulin-dose-glut4", &["dose-response"]),
    ("ogtt-type-2-diabetes", &["peaks"]),
];

/// No picture of the gallery is larger.
const MOST_BYTES: usize = 160_000;

fn gallery() -> PathBuf {
    package().join("results/gallery")
}

#[test]
fn pictures_of_the_gallery_are_those_that_the_program_draws() {
    let write = std::env::var("INSILIN_GALLERY").is_ok_and(|word| word == "write");
    let home = decay();
    let mut stale = Vec::new();
    for (scenario, figures) in SHOWN {
        home.expect(0, &format!("run {scenario} -q"));
        for figure in figures {
            let drawn = home.read(&format!("results/{scenario}/{figure}.svg"));
            keep(&format!("{scenario}-{figure}"), &drawn, write, &mut stale);
        }
    }
    for (name, figure) in many::shown() {
        keep(&format!("many-{name}"), &to_svg(&figure), write, &mut stale);
    }
    assert!(stale.is_empty(), "`just gallery` draws anew: {stale:?}");
}

/// Writes one picture, or notes it when the one that is kept is another.
fn keep(name: &str, drawn: &str, write: bool, stale: &mut Vec<String>) {
    assert!(drawn.len() < MOST_BYTES, "{name} has {} bytes", drawn.len());
    let kept = gallery().join(format!("{name}.svg"));
    if write {
        fs::create_dir_all(gallery()).expect("a folder to write to");
        fs::write(&kept, drawn).expect("a picture that can be written");
    } else if fs::read_to_string(&kept).ok().as_deref() != Some(drawn) {
        stale.push(kept.display().to_string());
    }
}

#[test]
fn the_gallery_holds_no_picture_that_nobody_draws() {
    let drawn = SHOWN.iter().flat_map(|(scenario, figures)| {
        let name = move |figure| format!("{scenario}-{figure}.svg");
        figures.iter().map(name)
    });
    let many = many::shown().into_iter();
    let many = many.map(|(name, _)| format!("many-{name}.svg"));
    let drawn: Vec<String> = drawn.chain(many).collect();
    for entry in fs::read_dir(gallery()).into_iter().flatten() {
        let name = entry.expect("a readable entry").file_name();
        let name = name.to_string_lossy().into_owned();
        assert!(drawn.contains(&name), "{name}");
    }
}
