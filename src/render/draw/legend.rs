//! The legend: above the plot, in rows, so that it never covers data.

use super::colour_bar::Colours;
use super::geometry::dashes;
use super::scene::{Point, Rect, Scene, Shape, Text};
use super::series::{DOT_RADIUS, ERROR_WIDTH, LINE_WIDTH, dot, fill_opacity, hatch};
use super::text::{width, wrap};
use super::{bundle, field, heat, lanes, sign};
use crate::render::{
    Bundle, Cloud, Colour, ColourBar, HappeningKind, Naming, Panel, Rgb, Series, SeriesKind,
};

const SIZE: f64 = 12.0;
const LINE_HEIGHT: f64 = 16.0;
const SWATCH: f64 = 26.0;
const AFTER_SWATCH: f64 = 6.0;
/// Width of the sample of a heat strip's colours.
const GRADIENT: f64 = 130.0;
const GAP: f64 = 22.0;

/// Where each entry stands, relative to the legend's top left.
pub(super) struct Legend<'a> {
    entries: Vec<Entry<'a>>,
    /// Height in pixels; 0 without entries.
    pub height: f64,
}

struct Entry<'a> {
    sample: Sample<'a>,
    lines: Vec<String>,
    at: Point,
}

/// What an entry explains.
enum Sample<'a> {
    /// A series, and how many ranges lie below it as they do in the plot.
    Series(&'a Series, usize),
    Kind(HappeningKind),
    Colours(&'a ColourBar),
    /// A bundle, and the colours of its samples from bottom to top.
    Bundle(&'a Bundle, [Rgb; 3]),
    Cloud(&'a Cloud, Rgb),
    /// Cells without a value.
    Blank(&'a str),
    /// Dots without a value.
    Crossed(&'a str),
}

impl Sample<'_> {
    fn words(&self) -> &str {
        match self {
            Self::Series(series, _) => &series.label,
            Self::Kind(kind) => kind.word(),
            Self::Colours(bar) => &bar.high,
            Self::Bundle(bundle, _) => &bundle.label,
            Self::Cloud(cloud, _) => &cloud.label,
            Self::Blank(words) | Self::Crossed(words) => words,
        }
    }

    /// Room left of the words.
    fn width(&self) -> f64 {
        match self {
            Self::Colours(bar) => width(&bar.low, SIZE, false) + AFTER_SWATCH + GRADIENT,
            _ => SWATCH,
        }
    }

    fn draw(&self, scene: &mut Scene, at: Point) {
        match self {
            Self::Series(series, below) => {
                for _ in 0..*below {
                    swatch(scene, series, at);
                }
                swatch(scene, series, at);
            }
            Self::Kind(kind) => {
                let rect = Rect {
                    left: at.0,
                    top: at.1 - 6.0,
                    right: at.0 + SWATCH,
                    bottom: at.1 + 6.0,
                };
                lanes::bar(scene, *kind, rect);
                sign::draw(scene, *kind, (at.0 + 0.5 * SWATCH, at.1));
            }
            Self::Colours(bar) => {
                let words = (at.0, at.1 + 0.36 * SIZE);
                scene.push(Shape::Text(Text::new(words, bar.low.as_str(), SIZE)));
                let right = at.0 + self.width();
                let rect = Rect {
                    left: right - GRADIENT,
                    top: at.1 - 6.0,
                    right,
                    bottom: at.1 + 6.0,
                };
                heat::gradient(scene, &rect);
            }
            Self::Bundle(bundle, colours) => threads(scene, bundle, colours, at),
            Self::Cloud(_, colour) => scene.push(Shape::Dots {
                centres: vec![(at.0 + 0.5 * SWATCH, at.1)],
                radius: bundle::DOT,
                colour: *colour,
                alpha: bundle::DOT_ALPHA,
            }),
            Self::Blank(_) => {
                let rect = Rect {
                    left: at.0,
                    top: at.1 - 6.0,
                    right: at.0 + SWATCH,
                    bottom: at.1 + 6.0,
                };
                field::blank(scene, &rect.corners());
            }
            Self::Crossed(_) => bundle::cross(scene, (at.0 + 0.5 * SWATCH, at.1)),
        }
    }
}

/// All that a panel's legend explains, in its order.
fn samples(panel: &Panel) -> impl Iterator<Item = Sample<'_>> {
    let named = panel
        .series
        .iter()
        .filter(|series| !series.label.is_empty());
    let bundles = panel.bundles.iter().filter(|it| !it.label.is_empty());
    let clouds = panel.clouds.iter().filter(|it| !it.label.is_empty());
    let blank = panel.field.iter().filter(|field| field::is_missing(field));
    let crossed = panel.clouds.iter().filter(|it| bundle::is_missing(it));
    let missing = blank
        .map(|field| Sample::Blank(&field.missing))
        .chain(crossed.map(|cloud| Sample::Crossed(&cloud.missing)));
    let missing = missing.filter(|sample| !sample.words().is_empty());
    let kinds = match panel.naming {
        Naming::Legend => lanes::kinds(panel),
        Naming::Lanes | Naming::Nowhere => Vec::new(),
    };
    let kinds = kinds.into_iter().filter(|kind| !kind.word().is_empty());
    bundles
        .map(|bundle| Sample::Bundle(bundle, thread_colours(panel, bundle)))
        .chain(clouds.map(|cloud| Sample::Cloud(cloud, dot_colour(panel, cloud))))
        .chain(named.map(|series| Sample::Series(series, ranges_below(panel, series))))
        .chain(missing)
        .chain(kinds.map(Sample::Kind))
        .chain(panel.colour_bar.iter().map(Sample::Colours))
}

/// Whether the legend of one panel says all that the other's would.
pub(super) fn explains(one: &Panel, other: &Panel) -> bool {
    let looks = |panel: &Panel| -> Vec<_> {
        let series = samples(panel).map(|sample| match sample {
            Sample::Series(s, _) => (
                s.label.clone(),
                Some((s.kind, s.colour, s.dash, s.spread.is_empty())),
            ),
            other => (format!("{} {}", other.width(), other.words()), None),
        });
        series.collect()
    };
    let said = looks(one);
    looks(other).iter().all(|look| said.contains(look))
}

/// Flows all that is to be explained into rows of at most `room` pixels.
pub(super) fn arrange(panel: &Panel, room: f64) -> Legend<'_> {
    let mut entries: Vec<Entry> = Vec::new();
    let (mut x, mut y, mut row_height) = (0.0, 0.0, 0.0_f64);
    for sample in samples(panel) {
        let before = sample.width() + AFTER_SWATCH;
        let lines = wrap(sample.words(), SIZE, false, room - before, 3);
        let widest = lines
            .iter()
            .map(|line| width(line, SIZE, false))
            .fold(0.0, f64::max);
        let extent = before + widest;
        if x > 0.0 && x + extent > room {
            (x, y, row_height) = (0.0, y + row_height, 0.0);
        }
        row_height = row_height.max(LINE_HEIGHT * lines.len() as f64);
        entries.push(Entry {
            sample,
            lines,
            at: (x, y),
        });
        x += extent + GAP;
    }
    let height = if entries.is_empty() {
        0.0
    } else {
        y + row_height + 6.0
    };
    Legend { entries, height }
}

impl Legend<'_> {
    /// A legend without entries.
    pub fn none() -> Self {
        Self {
            entries: Vec::new(),
            height: 0.0,
        }
    }

    /// Draws the entries with the legend's top left at `origin`.
    pub fn draw(&self, scene: &mut Scene, origin: Point) {
        for entry in &self.entries {
            let (x, y) = (origin.0 + entry.at.0, origin.1 + entry.at.1);
            entry.sample.draw(scene, (x, y + 0.5 * LINE_HEIGHT));
            let after = entry.sample.width() + AFTER_SWATCH;
            for (index, line) in entry.lines.iter().enumerate() {
                let baseline = y + LINE_HEIGHT * index as f64 + 0.5 * LINE_HEIGHT + 0.36 * SIZE;
                let at = (x + after, baseline);
                scene.push(Shape::Text(Text::new(at, line.as_str(), SIZE)));
            }
        }
    }
}

/// How many earlier ranges hold all of this one, and so show through it.
fn ranges_below(panel: &Panel, series: &Series) -> usize {
    let earlier = panel.series.iter();
    let earlier = earlier.take_while(|other| !std::ptr::eq(*other, series));
    let holds = |other: &&Series| {
        let inside = |(low, high): (&f64, &f64)| low <= high;
        let alike = other.kind == series.kind && other.x == series.x;
        alike
            && other.colour == series.colour
            && series.y.iter().zip(&other.y).all(inside)
            && other.base.iter().zip(&series.base).all(inside)
    };
    let range = series.kind == SeriesKind::Range;
    earlier.filter(|other| range && holds(other)).count()
}

/// Colours of the sample of a bundle, from bottom to top: that of the curve that stands out alone, if there is one.
fn thread_colours(panel: &Panel, bundle: &Bundle) -> [Rgb; 3] {
    let colours = Colours::new(panel).filter(|_| bundle.colour.is_none());
    let Some(colours) = colours else {
        return [bundle.colour.unwrap_or(Colour::Muted).rgb(); 3];
    };
    let picked = bundle.picked_value().and_then(|value| colours.of(value));
    match picked {
        Some(colour) => [colour; 3],
        None => [0.0, 0.5, 1.0].map(|share| colours.ramp(share)),
    }
}

/// Colour of the sample of a cloud: one in the middle of those it has.
fn dot_colour(panel: &Panel, cloud: &Cloud) -> Rgb {
    let colours = Colours::new(panel).filter(|_| !cloud.value.is_empty());
    colours.map_or(Colour::Series(0).rgb(), |colours| colours.ramp(0.5))
}

/// A few threads of a bundle, one above the other; the curve that stands out alone, if there is one.
fn threads(scene: &mut Scene, bundle: &Bundle, colours: &[Rgb; 3], at: Point) {
    let (width, alpha) = bundle::look(bundle);
    if bundle.picked.is_some() {
        scene.push(Shape::Line {
            points: vec![at, (at.0 + SWATCH, at.1)],
            width: bundle::PICKED,
            colour: colours[0],
        });
        return;
    }
    for (aside, &colour) in [3.0, 0.0, -3.0].into_iter().zip(colours) {
        scene.push(Shape::Thread {
            points: vec![(at.0, at.1 + aside), (at.0 + SWATCH, at.1 + aside)],
            width,
            colour,
            // One alone would hardly show.
            alpha: alpha.max(0.5),
        });
    }
}

/// A sample of the series, its middle left at `at`.
fn swatch(scene: &mut Scene, series: &Series, at: Point) {
    let colour = series.colour.rgb();
    let middle = (at.0 + 0.5 * SWATCH, at.1);
    match series.kind {
        SeriesKind::Area | SeriesKind::Range | SeriesKind::Bars => {
            let (left, right) = (at.0, at.0 + SWATCH);
            let alpha = fill_opacity(series.kind);
            let rect = Rect {
                left,
                top: at.1 - 6.0,
                right,
                bottom: at.1 + 6.0,
            };
            scene.push(rect.fill(colour, alpha));
            if series.kind != SeriesKind::Range {
                hatch(scene, series, &rect.corners());
            }
        }
        SeriesKind::Points => {
            if !series.spread.is_empty() {
                let mut line = |points| {
                    scene.push(Shape::Line {
                        points,
                        width: ERROR_WIDTH,
                        colour,
                    })
                };
                line(vec![(middle.0, at.1 - 7.5), (middle.0, at.1 + 7.5)]);
                for end in [at.1 - 7.5, at.1 + 7.5] {
                    line(vec![(middle.0 - 3.5, end), (middle.0 + 3.5, end)]);
                }
            }
            dot(scene, middle, DOT_RADIUS, colour);
        }
        SeriesKind::Line | SeriesKind::Steps | SeriesKind::LinePoints => {
            for points in dashes(&[at, (at.0 + SWATCH, at.1)], series.dash, LINE_WIDTH) {
                scene.push(Shape::Line {
                    points,
                    width: LINE_WIDTH,
                    colour,
                });
            }
            if series.kind == SeriesKind::LinePoints {
                dot(scene, middle, DOT_RADIUS, colour);
            }
        }
    }
}
